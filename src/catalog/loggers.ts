import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { literalText } from '../model/value.ts';
import { normalName, wordSet } from './look-up.ts';

/**
 * Where logs go in, and at which level. Sources (November 2026): Node.js 24 console; README of pino 10, winston 3, bunyan 1,
 * log4js 6, loglevel 1, debug 4, lambda-log 3; AWS Lambda Powertools for TypeScript 2, logger; @middy/input-output-logger 6;
 * firebase-functions 7 (`logger`); Azure Functions Node.js developer guide (`context.log`); Sentry 10; Application Insights 3.
 */

/** `debug`: not written in production unless somebody asks for it. */
export type LogLevel = 'debug' | 'info';

export interface LogSink {
  readonly level: LogLevel;
  /** Index of the first argument that is written out. */
  readonly from: number;
  /** Properties of the arguments that are kept, where not all are: `extra` of Sentry's second argument. */
  readonly console: boolean;
}

const debugLevels = wordSet('debug trace verbose silly debugLog finer finest fine');
const levels = wordSet('log info warn warning error fatal critical alert emerg emergency notice crit http dir table write success event dependency request security audit metric print output raw json message');
/** What a logger does besides writing. */
const notWriting = /^(?:child|bind|init|flush|with|set|get|is|add|append|remove|reset|create|start|stop|use|on|off|once|close|end|capture|register|wrap|enable|disable|configure|inject|refresh|should|clear|count|time|group|level|assert|for|fork|clone|pipe|trackMetric|then|catch)(?:$|[A-Z])/;
/** Names of loggers, as their authors call them: `log`, `logger`, `requestLogger`, `this._log`. */
const loggerName = /^_{0,2}(?:log|logger|logging|[a-zA-Z]{1,40}(?:Logger|Log)|LOG|LOGGER)$/;
const consoleMethods = wordSet('log info warn error debug trace dir dirxml table');

/** Packages whose objects and functions, named after a level, write a log. */
const loggerModules = /^(?:pino|winston|bunyan|log4js|loglevel|lambda-log|tslog|signale|consola|npmlog|@aws-lambda-powertools\/logger|@dazn\/lambda-powertools-logger|firebase-functions(?:\/v[12])?(?:\/logger)?)$/;
/** Packages that are called like what they do, and that are given the level first. */
const functionModules = /^(?:@[\w.-]{1,60}\/)?(?:[\w.]{1,40}-)?logg(?:er|ing)$/;
/** Methods of Azure's invocation context that write a log. */
const contextLevels = wordSet('log error warn info debug trace verbose');

/** What keeps an error's or a request's surroundings with a tracker of errors: method, index of the first argument that is kept. */
const trackers: ReadonlyMap<string, number> = new Map([
  ['setContext', 1], ['setExtra', 1], ['setExtras', 0], ['setUser', 9], ['captureException', 1], ['captureMessage', 1], ['captureEvent', 0], ['addBreadcrumb', 0], ['withScope', 9],
  ['trackEvent', 0], ['trackTrace', 0], ['trackException', 0], ['trackDependency', 0], ['trackRequest', 0],
]);
const trackerModules = /^(?:@sentry\/|applicationinsights$|rollbar$|@bugsnag\/|bugsnag$|@honeybadger-io\/)/;

/** How a call is written: the name of the function or method, and of what the method belongs to. */
export interface WrittenCall {
  readonly method: string;
  readonly owner: string | undefined;
}

/**
 * Whether a call writes its arguments to a log. Known packages by their names; anything else by the way it is written: a
 * method that names a level, of something that is called a logger.
 */
export function logSinkOf(callee: Callee | undefined, written: WrittenCall, args: () => readonly Value[]): LogSink | undefined {
  const name = callee ? normalName(callee) : undefined;
  if (name?.module === 'global') {
    if (name.path[0] === 'console' || (name.path[0] === 'globalThis' && name.path[1] === 'console')) return consoleMethods.has(name.method) ? { level: debugLevels.has(name.method) ? 'debug' : 'info', from: 0, console: true } : undefined;
    const path = name.path.join('.');
    if (path === 'process.stdout.write' || path === 'process.stderr.write') return { level: 'info', from: 0, console: true };
  }
  // `import * as console from 'node:console'`.
  if (name?.module === 'console' && consoleMethods.has(name.method)) return { level: debugLevels.has(name.method) ? 'debug' : 'info', from: 0, console: true };
  if (name && trackerModules.test(name.module)) {
    const from = trackers.get(name.method);
    return from === undefined ? undefined : { level: 'info', from, console: false };
  }
  // `const log = debug('orders')`: silent until DEBUG names it.
  if (name?.module === 'debug') return name.path.length > 0 ? { level: 'debug', from: 0, console: false } : undefined;
  // A package that is one function: `logger('error', [prefix, request])`.
  if (name && functionModules.test(name.module) && (name.path.length === 0 || (name.path.length === 1 && /^(?:default|log|logger)$/.test(name.method)))) {
    const level = literalText(args()[0])?.toLowerCase() ?? '';
    if (debugLevels.has(level) || levels.has(level)) return { level: debugLevels.has(level) ? 'debug' : 'info', from: 1, console: false };
  }
  const { owner } = written;
  // `logger.logDependency(…)`, `logger.logError(…)`.
  const method = written.method.replace(/^log([A-Z])/, (_, head: string) => head.toLowerCase());
  const isContext = contextLevels.has(method) && (callee?.receiver?.kind === 'context' ? callee.receiver.path.length === 0 || callee.receiver.path.join() === 'log' : owner !== undefined && /^(?:context|ctx)$/.test(owner));
  const isKnown = name !== undefined && loggerModules.test(name.module);
  if (!isContext && !isKnown && (owner === undefined || !loggerName.test(owner))) return undefined;
  if (notWriting.test(method)) return undefined;
  if (debugLevels.has(method)) return { level: 'debug', from: 0, console: false };
  if (!levels.has(method)) return undefined;
  // `logger.log('debug', …)`, `logger.log({ level: 'debug', … })`.
  if (method === 'log') {
    const level = literalText(args()[0]);
    if (level !== undefined && debugLevels.has(level.toLowerCase())) return { level: 'debug', from: 1, console: false };
  }
  return { level: 'info', from: 0, console: false };
}

const text = String.raw;
/** The last words of a name that holds something which lets its holder in. */
const credentialWords = new RegExp(text`(?:^|_)(?:passwords?|passwd|passphrase|pass_?code|secrets?|secret_?string|client_secret|credentials|jwt|otp|pin_code|token|bearer|authorization|authorization_token|cookie|set_cookie|(?:x_)?api_?keys?|access_key|secret_(?:access_)?key|private_key|signing_key|auth_(?:code|header|key)|authorization_code|signing_secret|connection_string|signed_url|presigned_url)$`);
/**
 * Tokens that are positions in a list, parts of a text, marks of a request (`clientToken` of AWS APIs makes a request idempotent) or of who
 * holds a lock (`lockToken` of Service Bus), what makes a name unique (`bucketNameToken`), and answers about credentials.
 */
const notCredential = new RegExp(text`(?:^|_)(?:next|page|paging|pagination|continuation|continue|start|starting|sync|cancel|cancellation|stop|last|resume|resumption|sequence|client_request|request|idempotency|idempotent|change|upload|previous|prev|cursor|lookup|marker|list|parse|parsed|lexer|current|max|min|total|csrf|xsrf|device|push|registration|fcm|scroll|page_state|invalid|missing|without|sans|has|is|no|num|new_line|scanner|html|text|word|input|output|prompt|completion|expired|masked|redacted|hashed|encrypted|truncated|execution|correlation|tracking|decoded|parsed|verified|obfuscated|mask|redact|obfuscate)_(?:[a-z]+_)?(?:token|secrets?|passwords?|key|credentials?|pass_?code|jwt|authorization)$|^client_token$|(?:^|_)(?:lock|lease|fencing|name)_token$`);

/** `useWebhookSecret`, `requires_password`: whether there is one. */
const isSwitch = /^(?:uses?|enabled?|disabled?|requires?|should|allows?|supports?|needs?)_/;

/** Whether a variable or property of this name holds a token, a password or another thing that lets its holder in. */
export function isCredentialName(name: string): boolean {
  if (name.length > 60) return false;
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2').replace(/[-.\s]+/g, '_').toLowerCase();
  return credentialWords.test(words) && !notCredential.test(words) && !isSwitch.test(words);
}

/**
 * Whether a variable of the environment of this name holds where something is, not what lets its holder in: `QUEUE_URL`, `TOPIC_ARN`. Addresses
 * of databases and of webhooks have the credential in them.
 */
export function isAddressName(name: string): boolean {
  return /(?:^|_)(?:URL|URI|ARN|HOST|ENDPOINT|QUEUE|TOPIC|BUCKET|TABLE)(?:_NAME)?$/i.test(name) && !/DATABASE|DB|MONGO|REDIS|POSTGRES|PG_|MYSQL|AMQP|CONN|HOOK|SLACK|SIGNED|DSN/i.test(name);
}

/** Calls that give a credential: package call or command, by its last name (AWS SDK 2 and 3, Firebase Admin 13, simple-oauth2 5, googleapis, jsonwebtoken 9). */
const givesCredential = wordSet('GetSecretValueCommand getSecretValue createCustomToken getAccessToken fetchAccessToken refreshAccessToken AssumeRoleCommand assumeRole GetSessionTokenCommand getSessionToken GenerateDataKeyCommand generateDataKey');

export const isCredentialSource = (call: string): boolean => givesCredential.has(call.replace(/^.*[#.:]/, '')) || /oauth2?\b.*[#.:]getToken$/i.test(call) || call === 'DecryptCommand' || /\bKMS\.#?decrypt$/.test(call);
