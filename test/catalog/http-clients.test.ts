import { describe, expect, it } from 'vitest';
import { httpRequestOf } from '../../src/catalog/http-clients.ts';
import type { Value } from '../../src/model/value.ts';
import { callee, dunno, env, ext, fn, made, open, show, tmpl, val } from './support.ts';
import type { Plain } from './support.ts';

/** `METHOD url [base=…] [body=…] timeout`. */
const request = (module: string, path: string, args: readonly Plain[], receiver?: Value): string => {
  const found = httpRequestOf(callee(module, path, receiver), args.map(val));
  if (!found) return '-';
  const { timeout } = found;
  const time = 'milliseconds' in timeout ? `${timeout.kind}:${show(timeout.milliseconds)}${timeout.idle ? ' idle' : ''}` : timeout.kind;
  return [show(found.method), show(found.url), found.base && `base=${show(found.base)}`, found.body && `body=${show(found.body)}`, time].filter(Boolean).join(' ');
};
const limit: Value = { kind: 'derived', what: 'global:AbortSignal.timeout', from: [val(500)], io: false };

describe('httpRequestOf', () => {
  it.each<readonly [string, string, readonly Plain[], string]>([
    ['global', 'fetch', ['https://a.b/c'], 'GET https://a.b/c default:300000 idle'],
    ['global', 'fetch', [tmpl(env('URL'), '/x'), { method: 'post', body: 'b' }], 'POST `${env:URL}/x` body=b default:300000 idle'],
    ['global', 'fetch', ['u', { signal: limit }], 'GET u given:500'],
    ['global', 'fetch', ['u', open({ method: 'GET' })], 'GET u body=? unknown'],
    ['global', 'fetch', [made('global', 'Request', 'https://a.b', { method: 'PUT' })], 'PUT https://a.b default:300000 idle'],
    ['global', 'fetch', [made('global', 'URL', '/p', env('BASE'))], 'GET `${env:BASE}/p` default:300000 idle'],
    ['global', 'fetchLater', ['u'], '-'],
    ['node-fetch', 'default', ['u', { timeout: 100 }], 'GET u given:100'],
    ['node-fetch', 'default', ['u'], 'GET u none'],
    ['node-fetch', 'Headers', [{}], '-'],
    ['undici', 'request', ['u', { headersTimeout: 5 }], 'GET u given:5 idle'],
    ['undici', 'fetch', ['u'], 'GET u default:300000 idle'],
    ['undici', 'setGlobalDispatcher', [dunno], '-'],
    ['axios', 'get', ['u'], 'GET u none'],
    ['axios', 'default.post', ['u', { a: 1 }, { timeout: 2000 }], 'POST u body={a: 1} given:2000'],
    ['axios', 'default', [{ url: 'u', method: 'delete', baseURL: 'https://a', timeout: 0 }], 'DELETE u base=https://a none'],
    ['axios', 'request', [{ url: 'u' }], 'GET u none'],
    ['axios', 'get', ['u', dunno], 'GET u base=? body=? unknown'],
    ['axios', 'isAxiosError', [dunno], '-'],
    ['axios', 'create', [{}], '-'],
    ['axios', 'interceptors.request.use', [fn], '-'],
    ['got', 'default', ['u', { timeout: { request: 5 } }], 'GET u given:5'],
    ['got', 'post', ['u', { json: { a: 1 } }], 'POST u body={a: 1} none'],
    ['got', 'extend', [{}], '-'],
    ['ky', 'get', ['u'], 'GET u default:10000'],
    ['ky', 'default', ['u', { timeout: false }], 'GET u none'],
    ['@dazn/lambda-powertools-http-client', '', [{ uri: 'u', method: 'GET' }], 'GET u none'],
    ['superagent', 'post', ['u'], 'POST u unknown'],
    ['superagent', 'post.#set', ['a', 'b'], '-'],
    ['https', 'get', ['https://a.b', fn], 'GET https://a.b none'],
    ['node:https', 'request', [{ hostname: 'a.b', path: '/c', method: 'POST', timeout: 10 }, fn], 'POST `//a.b/c` given:10 idle'],
    ['http', 'request', ['http://a.b', { method: 'PUT' }, fn], 'PUT http://a.b none'],
    ['http', 'createServer', [fn], '-'],
    ['https', 'Agent', [{}], '-'],
    ['request', 'default', ['u', fn], 'GET u none'],
    ['request-promise', 'default', [{ uri: 'u', timeout: 5 }], 'GET u given:5'],
    ['express', 'Router.#get', ['/u', fn], '-'],
    ['lodash', 'get', [dunno, 'u'], '-'],
    ['@aws-sdk/client-s3', 'S3.#get', ['u'], '-'],
  ])('%s %s %j: %s', (module, path, args, expected) => expect(request(module, path, args)).toBe(expected));

  it('takes base and timeout of a client that was made with them', () => {
    const client = made('axios', 'AxiosInstance', { baseURL: env('API'), timeout: 3000 });
    expect(request('axios', 'AxiosInstance.#get', ['/x'], client)).toBe('GET /x base=env:API given:3000');
    expect(request('axios', 'AxiosInstance.#get', ['/x'], made('axios', 'AxiosInstance', ext('config', 'axios')))).toBe('GET /x base=config.axios.baseURL unknown');
  });
});
