import { describe, expect, it } from 'vitest';
import { ownAddresses } from '../../../src/link/graph/own-address.ts';
import { asAddress } from '../../../src/link/queries/address.ts';
import type { Platform, ServerlessFunction, Trigger } from '../../../src/model/function.ts';
import { literal, type Value } from '../../../src/model/value.ts';

const route = (path: string, source = 'http'): Trigger => ({ kind: 'http', source, filters: [{ kind: 'route', method: '*', path }] });
const fn = (platform: Platform, name: string, triggers: readonly Trigger[], unit = 'app'): ServerlessFunction => ({ id: `${unit}#${name}`, name, unit, platform, triggers, environment: new Map(), physicalName: literal(name) }) as unknown as ServerlessFunction;
const text = (...parts: readonly (string | { readonly env: string })[]): Value => ({ kind: 'template', parts: parts.map((part): Value => (typeof part === 'string' ? literal(part) : { kind: 'env', name: part.env })) });
const names = (asking: ServerlessFunction, functions: readonly ServerlessFunction[], target: Value): readonly string[] => ownAddresses(asking, functions, target).map((one) => one.fn.name);

describe('an application\'s own address', () => {
  const a = fn('vercel', 'a', [route('/api/a')]);
  const b = fn('vercel', 'b', [route('/api/b')]);
  const other = fn('vercel', 'b', [route('/api/b')], 'other');

  it.each<[string, Platform, Value, number]>([
    ['Vercel', 'vercel', text('https://', { env: 'VERCEL_URL' }, '/api/b'), 1],
    ['Vercel, another variable', 'vercel', text('https://', { env: 'PARTNER_URL' }, '/api/b'), 0],
    ['Vercel, own host as a part of another', 'vercel', text('https://', { env: 'VERCEL_URL' }, '.example.com/api/b'), 0],
    ['Netlify', 'netlify', text({ env: 'URL' }, '/api/b'), 1],
    ['Netlify, behind another host', 'netlify', text('https://proxy.example/', { env: 'URL' }), 0],
    ['Azure', 'azure', text('https://', { env: 'WEBSITE_HOSTNAME' }, '/api/b'), 1],
    ['a literal host', 'vercel', literal('https://partner.example/api/b'), 0],
  ])('%s', (_, platform, target, count) => {
    expect(names(fn(platform, 'a', []), [fn(platform, 'b', [route('/api/b')])], target)).toHaveLength(count);
  });

  it.each<[string, readonly Trigger[], Value, readonly string[]]>([
    ['the host that the request names', [route('/a')], { kind: 'template', parts: [literal('https://'), { kind: 'event', path: ['headers', 'Host'] }, literal('/dev/b')] }, ['b']],
    ['the domain of the request', [route('/a')], { kind: 'template', parts: [literal('https://'), { kind: 'event', path: ['requestContext', 'domainName'] }, literal('/'), { kind: 'event', path: ['requestContext', 'stage'] }, literal('/b')] }, ['b']],
    ['a host that the body names', [route('/a')], { kind: 'template', parts: [literal('https://'), { kind: 'event', path: ['body', 'host'] }, literal('/dev/b')] }, []],
    ['no request', [{ kind: 'queue', source: 'sqs', filters: [] }], { kind: 'template', parts: [literal('https://'), { kind: 'event', path: ['headers', 'Host'] }, literal('/dev/b')] }, []],
  ])('API Gateway: %s', (_, triggers, target, expected) => {
    const b = fn('aws', 'b', [route('/b')]);
    const url = fn('aws', 'u', [{ kind: 'url', source: 'url', filters: [] }]);
    expect(names(fn('aws', 'a', triggers), [b, url, fn('aws', 'c', [route('/b')], 'other')], asAddress(target))).toEqual(expected);
  });

  const made = (path: Value, base?: Value): Value => ({ kind: 'instance', of: { kind: 'external', module: 'global', path: ['URL'] }, args: base ? [path, base] : [path] });
  const event = (...path: readonly string[]): Value => ({ kind: 'event', path });
  const set = (of: Value, entries: Readonly<Record<string, Value>>): Value => ({ kind: 'object', open: true, entries: [['...', of], ...Object.entries(entries)] });
  it.each<[string, Value, number]>([
    ['a path against the request', made(literal('/api/b'), event('url')), 1],
    ['a path against another header', made(literal('/api/b'), event('headers', 'x-partner')), 0],
    ['the request itself', event('url'), 0],
    ['an absolute address against the request', made(literal('https://partner.example/api/b'), event('url')), 0],
    ['a path set on the address of the request', set(made(event('url')), { pathname: literal('/api/b') }), 1],
    ['a path set on a clone', set({ kind: 'derived', what: '#clone', from: [event('nextUrl')], io: false }, { pathname: literal('/api/b') }), 1],
    ['a host set as well', set(made(event('url')), { pathname: literal('/api/b'), host: literal('partner.example') }), 0],
    ['a path set on a literal address', set(made(literal('https://partner.example/x')), { pathname: literal('/api/b') }), 0],
    ['the host of the request', { kind: 'template', parts: [literal('https://'), event('headers', 'host'), literal('/api/b')] }, 1],
    ['another header as host', { kind: 'template', parts: [literal('https://'), event('headers', 'x-target'), literal('/api/b')] }, 0],
    ['the origin of the request as a text', { kind: 'template', parts: [{ kind: 'derived', what: '.origin', from: [made(event('url'))], io: false }, literal('/api/b')] }, 1],
  ])('by the request: %s', (_, target, count) => {
    const found = names(a, [b], asAddress(target));
    expect(found).toHaveLength(count);
  });

  it('is not that of what stands in front of all pages, but for itself', () => {
    const front = fn('netlify', 'front', [route('/*', 'edge')]);
    const hello = fn('netlify', 'hello', [route('/hello', 'edge')]);
    const site = text({ env: 'URL' }, '/data.csv');
    expect(names(fn('netlify', 'a', []), [front, hello], site)).toEqual(['hello']);
    expect(names(front, [front, hello], site)).toEqual(['front', 'hello']);
    expect(names(a, [fn('vercel', 'middleware', [route('/{path+}', 'middleware')]), b], text('https://', { env: 'VERCEL_URL' }, '/api/b'))).toEqual(['b']);
  });

  it('stays in the unit', () => expect(names(a, [b, other], text('https://', { env: 'VERCEL_URL' }, '/api/b'))).toEqual(['b']));

  it('of a Worker is its custom domain or its name under workers.dev, never a route', () => {
    const domain = fn('cloudflare', 'mirror', [route('mirror.example.com', 'customDomain')]);
    const dev = fn('cloudflare', 'mirror', [route('*', 'workers.dev')]);
    const zone = fn('cloudflare', 'mirror', [route('mirror.example.com/*', 'route')]);
    expect(names(domain, [domain], literal('https://mirror.example.com/x'))).toEqual(['mirror']);
    expect(names(domain, [domain], literal('https://mirror.example.com.evil.example/x'))).toEqual([]);
    expect(names(dev, [dev], literal('https://mirror.acme.workers.dev'))).toEqual(['mirror']);
    expect(names(dev, [dev], literal('https://mirrors.acme.workers.dev'))).toEqual([]);
    expect(names(zone, [zone], literal('https://mirror.example.com/x'))).toEqual([]);
  });

  it('of a Google function has the project of the environment', () => {
    const price = fn('firebase', 'price', [route('*')]);
    expect(names(price, [price], text('https://europe-west1-', { env: 'GCLOUD_PROJECT' }, '.cloudfunctions.net/price'))).toEqual(['price']);
    expect(names(price, [price], text('https://europe-west1-', { env: 'GCLOUD_PROJECT' }, '.cloudfunctions.net/prices'))).toEqual([]);
    expect(names(price, [price], literal('https://europe-west1-acme.cloudfunctions.net/price'))).toEqual([]);
  });

  it('reads new URL(path, base)', () => {
    const url: Value = { kind: 'instance', of: { kind: 'external', module: 'global', path: ['URL'] }, args: [literal('/api/b'), { kind: 'env', name: 'URL' }] } as unknown as Value;
    expect(asAddress(url)).toEqual(text({ env: 'URL' }, '/api/b'));
  });
});
