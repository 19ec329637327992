import type { ExposureKind } from '../src/link/queries/exposure.ts';
import { isForDevelopersOnly } from '../src/link/queries/local-run.ts';
import { loggerSettingsOf } from '../src/link/queries/logger-settings.ts';
import { dumpsOf, type Dump } from '../src/link/queries/logged.ts';
import { givenBack } from '../src/link/queries/returned.ts';
import type { ServerlessFunction, TriggerKind } from '../src/model/function.ts';
import { defineRule } from '../src/rule.ts';

const messages: Readonly<Record<ExposureKind, string>> = { credential: 'credential', environment: 'environment', event: 'whole', headers: 'whole', context: 'whole', body: 'body', record: 'record' };
const pick = 'Log the few fields that a search needs (an id, a count, a type), or have the logger leave out or cover the rest.';

/** Platforms whose environment variables hold the credentials of the function's role (AWS Lambda, "Defined runtime environment variables", November 2026). */
const roleInEnvironment = new Set(['aws', 'netlify']);

export default defineRule({
  id: 'no-event-dump',
  title: 'Disallow logging or returning whole events, requests, contexts and credentials',
  scope: 'function',
  category: 'observability',
  preset: 'strict',
  risk: 'Logs are read by more people, kept longer and copied further than the data they are about: a whole event takes tokens, addresses and personal data there.',
  references: [
    { title: 'Serverless Scales: flaws in your application that allow it to leak data', document: '000' },
    { title: 'OWASP Logging Cheat Sheet: data to exclude', url: 'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude' },
    { title: 'AWS Lambda: defined runtime environment variables', url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html' },
  ],
  messages: {
    credential: { severity: 'error', text: 'Logs a credential: {what}.', repair: 'Leave it out, or log that it is there and nothing of it. What has been logged counts as known: replace it.' },
    environment: { severity: 'error', text: 'Logs the whole environment{role}.', repair: 'Log the names of the variables that matter, never their values.' },
    whole: { severity: 'warning', text: 'Logs {what}: {held} is in the log.', repair: pick },
    body: { severity: 'warning', text: 'Logs the whole body of what came in.', repair: pick },
    record: { severity: 'info', text: 'Logs a whole record of the event.', repair: pick },
    setting: { severity: 'warning', text: '{what} writes every event to the log.', repair: 'Switch it on while looking for a fault only, or list what it must leave out.' },
    returned: { severity: 'warning', text: 'Gives {what} to whoever asked.', repair: 'Answer with what the caller needs; keep the rest in the log, under an id that the answer names.' },
    returnedSecret: { severity: 'error', text: 'Gives the secret {what} to whoever asked.', repair: 'Leave it out of the answer. What has been given away counts as known: replace it.' },
  },
  options: {},
  examples: [
    { title: 'The first line of many handlers', code: `export const handler = async (event) => {\n  console.log('event', JSON.stringify(event, null, 2));\n  return { statusCode: 204 };\n};\n`, reports: ['whole'] },
    { title: 'A token', code: `export const handler = async (event) => {\n  console.log('called with', event.headers.authorization);\n  return { statusCode: 204 };\n};\n`, reports: ['credential'] },
    { title: 'At debug level', code: `import { Logger } from '@aws-lambda-powertools/logger';\nconst logger = new Logger();\nexport const handler = async (event) => {\n  logger.debug('event', { event });\n};\n`, reports: ['whole'] },
    { title: 'Chosen fields', code: `export const handler = async (event) => {\n  console.log('order', { id: event.pathParameters.id, items: event.Records?.length });\n};\n`, reports: [] },
  ],
  *check({ view }) {
    for (const dump of dumpsOf(view)) {
      const { kind, what } = dump.exposure;
      const quiet = isQuiet(dump);
      const severity = kind === 'credential' && !dump.exposure.masked ? (dump.optIn && isForDevelopersOnly(view, dump.body, dump.place) ? 'info' as const : dump.sink.level === 'debug' ? 'warning' as const : undefined) : quiet ? 'info' as const : kind === 'environment' && !roleInEnvironment.has(view.fn.platform) ? 'warning' as const : undefined;
      yield {
        message: messages[kind], at: dump.place, flow: dump.path, key: `${dump.place.file}:${dump.place.start}`,
        data: { what, held: heldIn(view.fn, kind), role: roleInEnvironment.has(view.fn.platform) ? ', the session token of the function’s role in it' : '' },
        ...(severity ? { severity } : {}),
        evidence: [dump.body.file, ...dump.files].filter((file) => file !== dump.place.file),
        ...(dump.body.certain ? {} : { assumptions: ['the call that leads here is one of several possible ones'] }),
      };
    }
    for (const setting of loggerSettingsOf(view)) {
      yield { message: 'setting', at: setting.place, flow: setting.path, data: { what: setting.what }, key: `${setting.place.file}:${setting.place.start}`, ...(setting.optIn ? { severity: 'info' as const } : {}) };
    }
    for (const item of givenBack(view)) {
      const what = item.what === 'stack' ? 'the stack of an error' : item.what === 'secret' ? item.name ?? 'a secret' : `the whole ${item.what}`;
      yield { message: item.what === 'secret' ? 'returnedSecret' : 'returned', at: item.place, flow: item.path, data: { what }, key: `${item.place.file}:${item.place.start}` };
    }
  },
});

const fromCaller = 'whatever a caller sends, tokens and personal data included,';

/** What the events of triggers hold that have no headers and no caller (AWS Lambda, Cloud Functions and Azure Functions, event formats, November 2026). */
const heldBy: Readonly<Partial<Record<TriggerKind, string>>> = {
  queue: 'all that a message holds, personal data included,', topic: 'all that a message holds, personal data included,', stream: 'all that a record holds, personal data included,',
  bus: 'all that the detail of an event holds, personal data included,', bucket: 'the name of every object, with what its uploader put there,', document: 'the whole document, personal data included,',
  stateMachine: 'all that the steps before this one gave, personal data included,', schedule: 'the input of the schedule', log: 'every line of the log that it reads',
};

/** What of the event is in the log: of a request also tokens; `context` is what the platform says of the invocation. */
function heldIn(fn: ServerlessFunction, kind: ExposureKind): string {
  const held = [...new Set(fn.triggers.map((trigger) => heldBy[trigger.kind]))];
  if (held.length === 0 || held.includes(undefined)) return fromCaller;
  if (kind === 'context') return 'what the platform says of the invocation';
  return held.length === 1 ? held[0] ?? fromCaller : 'all that its triggers send, personal data included,';
}

/** Written at debug level only, when asked for, or with parts of it covered. */
const isQuiet = (dump: Dump): boolean => dump.sink.level === 'debug' || dump.optIn || dump.exposure.masked;
