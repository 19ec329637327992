import { isAddressName, isCredentialName, isCredentialSource } from '../../catalog/loggers.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import type { DerivedValue, Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import { isGivenElsewhere } from './elsewhere.ts';

/**
 * What of its caller's data a value gives away as a whole, worst first. `record`: one of several records, or what is in it.
 * `context` is what the platform says of the invocation, `environment` the variables of the process.
 */
export type ExposureKind = 'credential' | 'environment' | 'event' | 'headers' | 'context' | 'body' | 'record';

export interface Exposure {
  readonly kind: ExposureKind;
  /** What it is, for people: `the whole event`, `headers.authorization`. */
  readonly what: string;
  /** Parts of it were taken out or covered. */
  readonly masked: boolean;
  /** It stands there as text (`JSON.stringify`), not as an object that some sink may drop. */
  readonly text: boolean;
}

const order: readonly ExposureKind[] = ['credential', 'environment', 'event', 'headers', 'context', 'body', 'record'];
const labels: Readonly<Record<ExposureKind, string>> = {
  credential: 'a credential', environment: 'the whole environment', event: 'the whole event', headers: 'all headers', context: 'the whole context', body: 'the whole body', record: 'one record',
};

/** The worse of two: by kind, then the one of which nothing is covered. */
export function worse(a: Exposure | undefined, b: Exposure | undefined): Exposure | undefined {
  if (!a || !b) return a ?? b;
  if (a.masked !== b.masked) return a.masked ? b : a;
  return order.indexOf(b.kind) < order.indexOf(a.kind) ? b : a;
}

const MAX_DEPTH = 24;
const MAX_VISITS = 400;

/**
 * What a value gives away; `undefined` when it holds nothing as a whole, or nothing is known of it. `whole`: false in the editor, where what
 * code that is not seen makes of its arguments is not known, whatever it is called.
 */
export function exposureOf(value: Value, fn: ServerlessFunction, whole: boolean): Exposure | undefined {
  return new Search(fn, whole).visit(value, 0, false);
}

/** Functions and methods that write the same data in another form: everything that goes in comes out. */
const carrier = /(?:^|[#.:])(?:stringify|parse|parseAsync|safeParse|inspect|format|unmarshall|unmarshallItem|marshall|output|from|entries|values|fromEntries|gunzip|gunzipSync|unzip|unzipSync|inflateSync|decode|decodeURIComponent|unescape|atob|safeStringify|fastSafeStringify|configure|cloneDeep|clone|deepClone|merge|assign|defaults|plainToInstance|plainToClass|deserialize|load|json|text|formData|arrayBuffer|bytes|blob|data|raw|toString|toJSON|trim|replace|replaceAll|join|concat|valid|valueOf|promise|serialize|flatten|validateSync|camelcaseKeys)$|(?:stringify|inspect|serialize-error|flatted|superjson)[^:]*:(?:default)?$/;
/** Read a token, with a check or without (jsonwebtoken 9, jwt-decode 4, jose 6, aws-jwt-verify 5, November 2026). */
const tokenReaders = /^(?:jsonwebtoken|jwt-decode|jwt-simple|jose|aws-jwt-verify(?:\/\w{1,20})?|@tsndr\/cloudflare-worker-jwt):(?:\w{1,40}\.)*#?(?:decode|verify|jwtDecode|jwt_decode|default|decodeJwt|jwtVerify|decodeProtectedHeader)$/;
/** Take parts of an object by their names (lodash 4, underscore 1, radash 12, November 2026). */
const partTakers = /^(?:lodash(?:-es)?|underscore|radash)\b.{0,40}\b(pick|omit)(?::default)?$/;
/** Checks by a schema: the data is their argument. */
const checks = /^#(?:parse|parseAsync|safeParse|decode|validate|validateSync|unmarshall|deserialize|load)$/;
/** Methods by which a request gives its body. */
const bodyMethods = /^#(?:json|text|formData|arrayBuffer|bytes|blob|valid|parseBody)$/;

class Search {
  private readonly fn: ServerlessFunction;
  private readonly whole: boolean;
  private left = MAX_VISITS;

  constructor(fn: ServerlessFunction, whole: boolean) {
    this.fn = fn;
    this.whole = whole;
  }

  visit(value: Value, depth: number, text: boolean): Exposure | undefined {
    if (this.left-- <= 0 || depth > MAX_DEPTH || (!this.whole && value.kind === 'derived' && isGivenElsewhere(value))) return undefined;
    const any = (list: readonly Value[], asText: boolean): Exposure | undefined => {
      let found: Exposure | undefined;
      for (const item of list) found = worse(found, this.visit(item, depth + 1, asText));
      return found;
    };
    // A form whose one field holds all that is sent, as text.
    const form = value.kind === 'derived' ? formOf(value) : undefined;
    if (form) return this.visit(form, depth + 1, text);
    const source = sourceOf(value);
    if (source) {
      const kind = kindOf(source, this.fn);
      return kind && { kind, what: kind === 'credential' ? (source.path.join('.') || labels[kind]) : labels[kind], masked: false, text };
    }
    switch (value.kind) {
      case 'external': return value.module === 'global' && /^(?:process\.env|Deno\.env|globalThis\.process\.env)$/.test(value.path.join('.')) ? { kind: 'environment', what: labels.environment, masked: false, text } : undefined;
      // An object in a text is `[object Object]`.
      case 'template': return any(value.parts.filter((part) => !isObjectInText(part, this.fn)), true);
      case 'object': return this.object(value.entries, depth, text);
      case 'array': return any(value.items, text);
      case 'oneOf': return any(value.options.filter((one) => !isOnlyTested(one, value.options)), text);
      case 'instance': {
        if (value.of.kind !== 'external') return undefined;
        const name = value.of.path.at(-1) ?? '';
        return /^(?:Error|\w{1,40}Error|Map|Set|Headers|Buffer)$/.test(name) ? any(value.args.slice(0, 2), text) : undefined;
      }
      case 'derived': {
        const [first, second] = value.from;
        if (value.what === 'one of many') return any(value.from, text);
        const given = givenCredential(value);
        if (given !== undefined) return { kind: 'credential', what: given, masked: false, text };
        const chosen = first && this.part(value, first, depth);
        if (chosen !== undefined) return chosen === 'none' ? undefined : chosen;
        if (!first || !carrier.test(value.what) || value.what.startsWith('.')) return value.what === '+' ? any(value.from, true) : undefined;
        if (/assign|merge|defaults|concat|format/.test(value.what)) return any(value.from, text);
        const inner = this.visit(dataOf(value) ?? first, depth + 1, true);
        // `JSON.stringify(event, replacer)`, `JSON.stringify(event, ['id'])`.
        const filtered = value.what.endsWith('stringify') && second !== undefined && (second.kind === 'function' || (second.kind === 'array' && second.items.length > 0));
        return inner && filtered ? { ...inner, masked: true } : inner;
      }
      default: return undefined;
    }
  }

  /** What a token says of its holder lets nobody in; `pick(body, ['name', 'password'])`, `omit(event, ['headers'])` take parts by name. */
  private part(value: DerivedValue, first: Value, depth: number): Exposure | 'none' | undefined {
    if (tokenReaders.test(value.what)) return 'none';
    const taken = partTakers.exec(value.what)?.[1];
    if (taken === undefined) return undefined;
    const inner = this.visit(first, depth + 1, true);
    if (taken === 'omit') return inner ? { ...inner, masked: true } : 'none';
    const names = value.from.slice(1).flatMap((one) => (one.kind === 'array' ? one.items : [one])).flatMap((one) => (one.kind === 'literal' ? [String(one.value)] : []));
    const named = names.find(isCredentialName);
    return inner && named !== undefined ? { kind: 'credential', what: named, masked: false, text: true } : 'none';
  }

  /** `{ event }`, `{ ...event, at }`; what stands after a spread and covers a part of it masks it. */
  private object(entries: readonly (readonly [string, Value])[], depth: number, text: boolean): Exposure | undefined {
    let found: Exposure | undefined;
    for (const [at, [key, given]] of entries.entries()) {
      const later = entries.slice(at + 1);
      if (key !== '...' && isTaken(key, later)) continue;
      const item = key === '...' ? withoutTaken(spread(given), later) : given;
      const here = holdsCredential(key, item) ? { kind: 'credential' as const, what: key, masked: false, text } : this.visit(item, depth + 1, text);
      if (key !== '...' && here && found && found.kind !== 'record' && /^(?:headers|body|authorization|cookie)$/i.test(key) && here.masked) continue;
      found = worse(found, here);
      if (key !== '...' && found && !here && found.kind === 'event' && /^(?:headers|multiValueHeaders|body|authorization|requestContext)$/i.test(key)) found = { ...found, masked: true };
      // `{ ...secret, password: '***' }`.
      if (key !== '...' && found?.kind === 'credential' && item.kind === 'literal' && isCredentialName(key)) found = { ...found, masked: true };
      // `{ ...params, API_KEY: '***' }`: who covers what is secret in it has gone through the rest.
      if (found?.kind === 'event' && (key === '...' ? coversOne(item) : isCredentialName(key) && item.kind === 'literal')) found = { ...found, masked: true };
      // `event.headers.authorization = '***'`.
      if (key !== '...' && found?.kind === 'headers' && !here && /^(?:authorization|cookie|x-api-key)$/i.test(key)) found = { ...found, masked: true };
    }
    return found;
  }
}

/** `querystring.parse(event.body).payload`, `new URLSearchParams(event.body).get('payload')`: how Slack and GitHub post JSON in a form (their documentation, November 2026). */
function formOf(value: DerivedValue): Value | undefined {
  const { what } = value;
  if (what !== '.payload' && what !== 'global:URLSearchParams.#get') return undefined;
  const [form, name] = value.from;
  if (what === '.payload') return form?.kind === 'derived' && /^(?:node:)?(?:querystring|qs):(?:default\.)?(?:parse|decode)$/.test(form.what) ? form : undefined;
  return name?.kind === 'literal' && name.value === 'payload' && form?.kind === 'instance' ? form.args[0] : undefined;
}

/** `request.token && request.token.upn`: what is asked for is there only when it is nothing. */
const isOnlyTested = (one: Value, all: readonly Value[]): boolean => one.kind === 'event' && one.path.length > 0 && isCredentialName(one.path.at(-1) ?? '')
  && all.some((other) => other.kind === 'event' && other.path.length > one.path.length && one.path.every((step, index) => step === other.path[index]));

/** `{ ...params, context: undefined }`: what is written over with nothing is gone. */
const isTaken = (name: string, later: readonly (readonly [string, Value])[]): boolean => later.some(([key, item]) => key === name && item.kind === 'literal' && (item.value === undefined || item.value === null));

function withoutTaken(value: Value, later: readonly (readonly [string, Value])[]): Value {
  if (value.kind === 'oneOf') return { ...value, options: value.options.map((one) => withoutTaken(one, later)) };
  return value.kind === 'object' ? { ...value, entries: value.entries.filter(([key]) => !isTaken(key, later)) } : value;
}

const coversOne = (value: Value): boolean => value.kind === 'object' && value.entries.some(([key, item]) => isCredentialName(key) && item.kind === 'literal');

/** `...(params.KEY && { KEY: '***' })`: the object, or what is there instead of it, which is nothing that can be spread. */
function spread(value: Value): Value {
  if (value.kind !== 'oneOf') return value;
  const objects = value.options.filter((one) => one.kind === 'object');
  const rest = value.options.filter((one) => one.kind !== 'object' && !(one.kind === 'event' && one.path.length > 0 && isCredentialName(one.path.at(-1) ?? '')));
  return objects.length === 1 && rest.length === 0 ? objects[0] ?? value : value;
}

/** What people call the answer of a call that gives a credential, as it is, parsed, or the one text that it is about: `access_token`, `the answer of GetSecretValue`. */
function givenCredential(value: Value, depth = 0): string | undefined {
  if (value.kind !== 'derived' || depth > 6) return undefined;
  const [first] = value.from;
  const inner = (): string | undefined => first && givenCredential(first, depth + 1);
  const part = /^\.(SecretString|access_token|accessToken|token|Credentials|Plaintext)$/.exec(value.what)?.[1];
  if (part !== undefined) return inner() === undefined ? undefined : part;
  if (/(?:JSON\.parse|#promise|#toString|Buffer\.from|TextDecoder#decode)$/.test(value.what)) return inner();
  if (value.what.startsWith('.')) return undefined;
  if (isCredentialSource(value.what)) return isRoundTrip(value.what, value.from) ? undefined : answerOf(value.what);
  const command = /#send$/.test(value.what) ? value.from.find((item) => item.kind === 'instance' && item.of.kind === 'external' && isCredentialSource(item.of.path.at(-1) ?? '')) : undefined;
  if (command?.kind !== 'instance' || command.of.kind !== 'external') return undefined;
  const name = command.of.path.at(-1) ?? '';
  return isRoundTrip(name, command.args) ? undefined : answerOf(name);
}

/** What is decrypted for a caller who sent it is data that the function gave away before, and no key of its own; nor is an address of its settings. */
const isRoundTrip = (call: string, args: readonly Value[]): boolean =>
  /decrypt(?:Command)?$/i.test(call) && args.some((arg) => contains(arg, (one) => one.kind === 'event' || (one.kind === 'env' && isAddressName(one.name))));

const answerOf = (call: string): string => `the answer of ${call.split(/[.#:]/).at(-1)?.replace(/Command$/, '') ?? call}`;

/** `{ Authorization: `Bearer ${token}` }`: a credential by the name it is kept under, when it is worked out and not written there. */
function holdsCredential(key: string, value: Value): boolean {
  if (!isCredentialName(key) || isPlaceInList(value)) return false;
  return value.kind === 'oneOf' ? value.options.some((one) => holdsCredential(key, one)) : value.kind === 'env' || (value.kind === 'event' && value.path.length > 0) || value.kind === 'template' || (value.kind === 'derived' && !/^(?:!|[=<>!]==?|>=|<=|typeof)$/.test(value.what) && !covers.test(value.what));
}

const place = /^(?:cursor|(?:next|last|prev|previous|continuation|exclusive_?start)\w*(?:key|token|page|cursor)|\w*(?:page_?token|cursor))$/i;

/** Where a list goes on, as the answer that has it calls it (`cursor`, `LastEvaluatedKey`, `nextToken`), packed or not: `{ items, token: cursor }`. */
function isPlaceInList(value: Value, depth = 0): boolean {
  if (depth > 8) return false;
  if (value.kind === 'object') return value.entries.some(([key, item]) => place.test(key) && isPlaceInList(item, depth + 1));
  if (value.kind !== 'derived') return false;
  return value.what.startsWith('.') ? place.test(value.what.slice(1)) : value.from.slice(0, 2).some((item) => isPlaceInList(item, depth + 1));
}

/** Calls whose answer no longer shows what went in. */
const covers = /mask|redact|hash|digest|obfuscat|sanitiz|scrub|anonymi|encrypt|length|slice|substr|includes|startsWith|endsWith|has$|test$|Boolean|verify|valid|compare|Arn$|Name$|[iI]d$/;

interface Source {
  readonly root: 'event' | 'context';
  readonly path: readonly string[];
}

/** Steps of checks that answer with an object, and the field of it that holds what they were given: zod 4, Joi 18, io-ts 2 (November 2026). A parser's own answer is the data. */
const sameData: ReadonlyMap<string, RegExp> = new Map([['data', /safeParse|validate|decode|valid/], ['value', /validate|decode|valid/], ['right', /safeParse|validate|parse|decode|valid/]]);

/** What goes through a carrier: its argument, of a method that is no check what it is a method of. */
function dataOf(value: DerivedValue): Value | undefined {
  const [first, second] = value.from;
  return second !== undefined && (first?.kind === 'external' || first?.kind === 'class' || checks.test(value.what)) ? second : first;
}

/** Methods that give one entry of a table, and the tables of a request (Fetch standard, `Headers`; cookies of Next.js and Hono; November 2026). */
const asks = /(?:^|[.:])#(?:get|getAll)$/;
const tables = /^(?:headers|cookies|query)$/;

/** The part of event or context that a value is: itself, or a named part of one in another form. */
function sourceOf(value: Value, depth = 0): Source | undefined {
  if (depth > 12) return undefined;
  switch (value.kind) {
    case 'event': return { root: 'event', path: value.path };
    case 'context': return { root: 'context', path: value.path };
    // Parameters of middleware that a framework calls: `({ event }) => …`.
    case 'param': return value.path.length === 1 && value.path[0] === 'event' ? { root: 'event', path: [] } : undefined;
    case 'instance': return value.site === undefined && value.of.kind === 'external' && platformTypes.test(value.of.module) && /(?:Event|EventV2|Handler|HttpRequest)$/.test(value.of.path.at(-1) ?? '') ? { root: 'event', path: [] } : undefined;
    case 'derived': {
      const [first] = value.from;
      if (!first) return undefined;
      if (value.what === 'element') { const inner = sourceOf(first, depth + 1); return inner && { ...inner, path: [...inner.path, '*'] }; }
      if (bodyMethods.test(value.what)) { const inner = sourceOf(first, depth + 1); return inner?.path.length === 0 ? { ...inner, path: ['body'] } : undefined; }
      const asked = asks.test(value.what) && value.from[1]?.kind === 'literal' ? String(value.from[1].value) : undefined;
      if (asked !== undefined) {
        // `request.headers.get('authorization')`
        const inner = sourceOf(first, depth + 1);
        return inner && tables.test(inner.path.at(-1) ?? '') ? { ...inner, path: [...inner.path, asked] } : undefined;
      }
      if (!value.what.startsWith('.')) return undefined;
      const name = value.what.slice(1);
      if (first.kind === 'derived' && !first.what.startsWith('.') && carrier.test(first.what)) {
        const inner = throughCarriers(first, depth + 1);
        return inner && { ...inner, path: sameData.get(name)?.test(first.what) === true && !/JSON/.test(first.what) ? inner.path : [...inner.path, name] };
      }
      const inner = sourceOf(first, depth + 1);
      return inner && { ...inner, path: [...inner.path, name] };
    }
    default: return undefined;
  }
}

function throughCarriers(value: Value, depth: number): Source | undefined {
  let current: Value | undefined = value;
  for (let step = 0; step < 8 && current; step++) {
    const source = sourceOf(current, depth + step);
    if (source) return source;
    if (current.kind !== 'derived' || !carrier.test(current.what)) return undefined;
    current = dataOf(current);
  }
  return undefined;
}

const platformTypes = /^(?:aws-lambda|@types\/aws-lambda|@azure\/functions|@netlify\/functions|@vercel\/node|firebase-functions(?:\/.*)?)$/;
const recordLists = /^(?:Records|records|messages|rmqMessagesByQueue)$/;
/** What is in a record as a whole, by the names of the platforms' record types (AWS, Cloudflare, Google; November 2026). */
const recordContents = /^(?:body|Body|Sns|Message|message|kinesis|data|Data|dynamodb|NewImage|OldImage|value|s3|detail|payload|attributes)$/;
const bodies = /^(?:body|rawBody|detail|arguments|requestPayload|isBase64Decoded)$/;
/** Where the parameters of an action hold the body: as it came, or under the name that senders of events give it (OpenWhisk, web actions; Adobe Commerce, webhooks and events; November 2026). */
const whiskBodies = { came: '__ow_body', sent: /^(?:payload|data)$/ };
/* The one record of Lambda@Edge is a request, under `cf` (CloudFront developer guide, "Lambda@Edge event structure", November 2026). */
const credentialHeaders = /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-auth-token|x-amz-security-token|x-functions-key)$/i;

/** Of an action that no web request and no sender of events runs, `payload` is a parameter like any other. */
function isWhiskBody(name: string, fn: ServerlessFunction): boolean {
  return fn.platform === 'openwhisk' && (name === whiskBodies.came || (whiskBodies.sent.test(name) && fn.triggers.some(({ kind }) => kind === 'http' || kind === 'bus')));
}

function kindOf(source: Source, fn: ServerlessFunction): ExposureKind | undefined {
  let { path } = source;
  // Middleware is given an envelope around event and context (middy's request).
  if (source.root === 'event' && path[0] === 'event') path = path.slice(1);
  if (source.root === 'context') {
    // Azure's first model and web frameworks keep the request in the context.
    if (path[0] === 'req' || path[0] === 'request') path = path.slice(1);
    else if (path[0] === 'bindings') return path.length === 2 ? 'body' : path.length === 1 ? 'event' : undefined;
    else if (path[0] === 'env') return path.length === 1 ? 'environment' : isCredentialName(path.at(-1) ?? '') ? 'credential' : undefined;
    else return path.length === 0 ? 'context' : undefined;
  }
  // Methods of a Durable Object or of an entry point for other Workers are called with arguments, not with an event.
  if (path.length === 0) return fn.generation === 'durableObject' || fn.handlers.some((handler) => handler.kind === 'rpc' || handler.kind === 'entrypoint') ? undefined : 'event';
  const last = path[path.length - 1] as string;
  const header = path.findIndex((step) => step === 'headers' || step === 'multiValueHeaders' || step === 'rawHeaders' || step === '__ow_headers');
  if (header >= 0) return header === path.length - 1 ? 'headers' : credentialHeaders.test(last) ? 'credential' : undefined;
  if (isCredentialName(last) && path.length <= 6 && !/^(?:cookies?)$/i.test(last)) return 'credential';
  const edge = path[0] === 'Records' ? path.indexOf('cf') : -1;
  if (edge > 0) return path.length === edge + 1 || (path.length === edge + 2 && last === 'request') ? 'event' : path.length === edge + 3 && last === 'body' ? 'body' : undefined;
  const list = path.findIndex((step) => recordLists.test(step) || step === '*');
  if (list >= 0) {
    const rest = path.slice(path[list] === '*' ? list : list + 1);
    if (rest.length === 0) return 'event';
    const inside = rest.filter((step) => step !== '*' && !/^\d+$/.test(step));
    return inside.length <= 3 && inside.every((step) => recordContents.test(step)) ? 'record' : undefined;
  }
  if (path.length === 1 && /^\d+$/.test(last)) return 'record';
  if (path.length === 1 && (bodies.test(last) || isWhiskBody(last, fn))) return 'body';
  if (path[0] === 'data' && path.length <= 3 && dataEvents.has(fn.platform) && path.slice(1).every((step) => /^(?:message|data|json|payload|after|before)$/.test(step))) {
    // A changed document is one record; a message or a call has nothing but its data.
    return fn.triggers.some((trigger) => trigger.kind === 'document' || trigger.kind === 'bucket') ? 'record' : 'body';
  }
  return undefined;
}

/** Platforms whose events are an envelope around `data` (CloudEvents, Pub/Sub messages, callable functions, Event Grid). */
const dataEvents: ReadonlySet<string> = new Set(['google', 'firebase', 'azure']);
/** Platforms whose request body is an object, not a text. */
const parsedBodies: ReadonlySet<string> = new Set(['azure', 'google', 'firebase', 'vercel']);

function isObjectInText(value: Value, fn: ServerlessFunction): boolean {
  if (value.kind === 'oneOf') return value.options.every((one) => one.kind === 'literal' || isObjectInText(one, fn));
  const source = value.kind === 'event' || value.kind === 'context' ? value : undefined;
  if (!source && value.kind === 'derived' && !/stringify|inspect/.test(value.what) && throughCarriers(value, 0)?.path[0] === 'data') return true;
  if (!source) return value.kind === 'object' || (value.kind === 'external' && value.path.join('.') === 'process.env');
  const last = source.path.at(-1);
  if (last === undefined) return fn.triggers.some((trigger) => trigger.kind !== 'queue') || fn.platform !== 'azure';
  if (last === 'headers' || last === 'multiValueHeaders' || last === '*' || recordLists.test(last) || last === 'detail' || last === 'data') return true;
  return parsedBodies.has(fn.platform) && (last === 'body' || last === 'data');
}
