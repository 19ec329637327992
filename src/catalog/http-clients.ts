import type { Callee } from '../model/project.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { signalLimit } from './asks.ts';
import { byName, normalName, property, select, textOf, wordSet } from './look-up.ts';
import type { NormalName } from './look-up.ts';

/**
 * Requests over HTTP: where they go, with which method and body, and how long they may take.
 *
 * Sources (November 2026): Node.js 24 documentation (http, https, global fetch); undici 7 (headersTimeout and bodyTimeout
 * 300 s), axios 1 (no timeout), got 14 (none), ky 1 (10 s), node-fetch 3 (none; version 2 has `timeout`), superagent 10
 * (none), needle 3 (opens within 10 s, else none), request 2 (none), ofetch 1, wretch 2 READMEs; fetch in Cloudflare Workers.
 */
export interface HttpRequest {
  /** The address as given: text, a URL object's value, or parts put together; `undefined` when the call has none. */
  readonly url: Value | undefined;
  /** Address that `url` is relative to (`baseURL`, `prefixUrl`). */
  readonly base?: Value;
  /** Upper-case literal where it is known. */
  readonly method: Value;
  /** Header fields as they are written in the call. */
  readonly headers?: Value;
  readonly body?: Value;
  /**
   * How long the call may take, in milliseconds: a value given by the call, the client's default, or none at all.
   * `idle`: counts silence on the connection only. `unknown`: options that are not known may set it.
   */
  readonly timeout:
    | { readonly kind: 'given' | 'default'; readonly milliseconds: Value; readonly idle: boolean }
    | { readonly kind: 'none' | 'unknown' };
  /** Client name, for messages. */
  readonly client: string;
}

type Style =
  /** `f(url | Request, options)` with `method`, `body`, `signal`. */
  | 'fetch'
  /** `f(url | options, options)`, `.get(url, options)`, `.post(url, body, options)` with `timeout`. */
  | 'axios'
  /** `f(url, options)`, `.get(url, options)`, body among the options. */
  | 'options'
  /** `http.request(url | options, options | callback)`. */
  | 'node'
  /** `.get(url)` and a chain of calls that sets the rest. */
  | 'chain';

interface Client {
  readonly style: Style;
  /** Names of the functions that send; '' is the module itself. Verbs (`get`, `post`, …) always count. */
  readonly functions: ReadonlySet<string>;
  readonly timeoutOptions: readonly string[];
  readonly defaultMilliseconds: number | undefined;
  readonly idle: boolean;
  readonly baseOption?: string;
}

const client = (style: Style, functions: string, timeouts: string, defaultMilliseconds?: number, isIdle = false, baseOption?: string): Client => ({
  style, functions: new Set(functions.split(' ').map((name) => (name === '()' ? '' : name))), timeoutOptions: timeouts === '' ? [] : timeouts.split(' '),
  defaultMilliseconds, idle: isIdle, ...(baseOption ? { baseOption } : {}),
});

const undiciIdle = 300_000;
const clients: ReadonlyMap<string, Client> = new Map([
  ['global', client('fetch', 'fetch globalThis.fetch self.fetch window.fetch', '', undiciIdle, true)],
  ['undici', client('options', 'fetch request stream pipeline', 'headersTimeout bodyTimeout', undiciIdle, true)],
  ['node-fetch', client('fetch', '() fetch', 'timeout')],
  ['cross-fetch', client('fetch', '() fetch', 'timeout')],
  ['isomorphic-fetch', client('fetch', '() fetch', 'timeout')],
  ['isomorphic-unfetch', client('fetch', '() fetch', '')],
  ['node-fetch-native', client('fetch', '() fetch', '')],
  ['@adobe/fetch', client('fetch', 'fetch', '')],
  ['make-fetch-happen', client('fetch', '()', 'timeout')],
  ['ofetch', client('options', 'ofetch $fetch', 'timeout', undefined, false, 'baseURL')],
  ['axios', client('axios', '() request', 'timeout', undefined, false, 'baseURL')],
  ['got', client('options', '() stream', 'timeout.request timeout', undefined, false, 'prefixUrl')],
  ['ky', client('options', '()', 'timeout', 10_000, false, 'prefixUrl')],
  ['ky-universal', client('options', '()', 'timeout', 10_000, false, 'prefixUrl')],
  ['superagent', client('chain', '()', '')],
  ['needle', client('axios', '() request', 'response_timeout timeout', undefined)],
  ['request', client('axios', '()', 'timeout', undefined, false, 'baseUrl')],
  ['request-promise', client('axios', '()', 'timeout', undefined, false, 'baseUrl')],
  ['request-promise-native', client('axios', '()', 'timeout', undefined, false, 'baseUrl')],
  // A wrapper of superagent with correlation ids: `uri`, `method`, `timeout` (its README, November 2026).
  ...['@dazn/lambda-powertools-http-client', '@perform/lambda-powertools-http-client'].map((name): [string, Client] => [name, client('axios', '()', 'timeout')]),
  ['phin', client('axios', '()', 'timeout')],
  ['wretch', client('chain', '()', '')],
  ['http', client('node', 'request', 'timeout', undefined, true)],
  ['https', client('node', 'request', 'timeout', undefined, true)],
  ['follow-redirects', client('node', 'http.request https.request', 'timeout', undefined, true)],
]);
/** Packages whose calls may be requests; `global` for fetch. */
export const httpClients: ReadonlySet<string> = new Set(clients.keys());
const verbs = wordSet('get post put patch delete del head options');
const bodyVerbs = wordSet('post put patch');

/** Whether a call sends a request, by its name. Pure. */
export const mayRequest = byName((name) => httpRequestOf(name, []) !== undefined);

/** The request that a call sends; `undefined` when it sends none that the catalog knows. Pure. */
export function httpRequestOf(callee: Callee, args: readonly Value[]): HttpRequest | undefined {
  const name = normalName(callee);
  const known = clients.get(name.module);
  if (!known) return undefined;
  const verb = verbOf(name, known);
  if (verb === undefined) return undefined;
  const [url, options, body] = split(known, verb, args);
  const instance = callee.receiver?.kind === 'instance' ? callee.receiver.args[0] : undefined;
  const [base] = known.baseOption ? [...select(options, known.baseOption), ...select(instance, known.baseOption)] : [];
  const headers = property(options, 'headers');
  const given = property(options, 'method');
  const text = textOf(given);
  const method = verb !== '' ? literal(verb) : given ? (text === undefined ? given : literal(text.toUpperCase())) : literal('GET');
  return {
    url: addressOf(url, options), method, client: name.module === 'global' ? 'fetch' : name.module, timeout: timeoutOf(known, options, instance),
    ...(base ? { base } : {}), ...(body ? { body } : {}), ...(headers ? { headers } : {}),
  };
}

/** The HTTP method that a function's name says, '' when its options say it, `undefined` when the call sends nothing. */
function verbOf({ module, path, method }: NormalName, { style, functions }: Client): string | undefined {
  const isInstance = path.length === 2 && path[1]?.startsWith('#') && path[0] !== undefined && /^(?:AxiosInstance|AxiosStatic|Axios|Client|Got|KyInstance|Pool|Agent|Client|Wretch)$/.test(path[0]);
  const plain = path.join('.');
  if (functions.has(plain) || (isInstance && functions.has(method))) return '';
  const isOwn = path.length === 1 || isInstance || (module === 'follow-redirects' && path.length === 2);
  if (!isOwn || style === 'fetch' || !verbs.has(method) || (module === 'undici' && !isInstance)) return undefined;
  // `http.get` has a sibling for no other verb.
  if (style === 'node' && method !== 'get') return undefined;
  return method === 'del' ? 'DELETE' : method.toUpperCase();
}

/** Address, options and body of a call. */
function split({ style }: Client, verb: string, args: readonly Value[]): readonly [url: Value | undefined, options: Value | undefined, body: Value | undefined] {
  const [first, second, third] = args;
  switch (style) {
    case 'chain':
      return [first, undefined, undefined];
    case 'node': {
      const options = second?.kind === 'function' ? undefined : second;
      return first?.kind === 'object' ? [undefined, first, undefined] : [first, options, undefined];
    }
    case 'axios': {
      if (verb !== '' && bodyVerbs.has(verb.toLowerCase())) return [first, third, second];
      const options = first?.kind === 'object' ? first : second?.kind === 'function' ? undefined : second;
      return [first?.kind === 'object' ? undefined : first, options, property(options, 'data')];
    }
    default: {
      const options = second ?? (first?.kind === 'object' || first?.kind === 'instance' ? requestOptions(first) : undefined);
      return [first, options, property(options, 'body') ?? property(options, 'json')];
    }
  }
}

/** `new Request(url, options)` carries its options. */
function requestOptions(value: Value): Value | undefined {
  if (value.kind !== 'instance') return value;
  return value.of.kind === 'external' && value.of.path.at(-1) === 'Request' ? value.args[1] : undefined;
}

/** A `Request` or `URL` object by what it was made of; Node's options by protocol, host and path. */
function addressOf(url: Value | undefined, options: Value | undefined): Value | undefined {
  if (url?.kind === 'instance' && url.of.kind === 'external' && /^(?:URL|Request)$/.test(url.of.path.at(-1) ?? '')) {
    const [address, base] = url.args;
    // `new URL('/path', base)`
    return base && url.of.path.at(-1) === 'URL' && address ? { kind: 'template', parts: [base, address] } : addressOf(address, undefined);
  }
  if (url && url.kind !== 'object') return url;
  const whole = property(url ?? options, 'url') ?? property(url ?? options, 'uri');
  if (whole) return whole;
  const host = property(options, 'hostname') ?? property(options, 'host');
  if (!host) return undefined;
  const path = property(options, 'path') ?? literal('/');
  return { kind: 'template', parts: [literal('//'), host, path] };
}

function timeoutOf(known: Client, options: Value | undefined, instance: Value | undefined): HttpRequest['timeout'] {
  for (const source of [options, instance]) {
    if (!source || source.kind === 'literal') continue;
    if (source.kind !== 'object') return { kind: 'unknown' };
    const signal = signalLimit(source);
    if (signal && signal.kind !== 'unknown') return { kind: 'given', milliseconds: signal, idle: false };
    for (const name of known.timeoutOptions) {
      const [found] = select(source, name);
      if (!found) continue;
      if (found.kind === 'unknown') return { kind: 'unknown' };
      if (found.kind === 'literal' && (found.value === 0 || found.value === false)) return { kind: 'none' };
      return { kind: 'given', milliseconds: found, idle: known.idle };
    }
    if (source.open) return { kind: 'unknown' };
  }
  if (known.style === 'chain') return { kind: 'unknown' };
  return known.defaultMilliseconds === undefined ? { kind: 'none' } : { kind: 'default', milliseconds: literal(known.defaultMilliseconds), idle: known.idle };
}
