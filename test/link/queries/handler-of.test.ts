import { expect, it } from 'vitest';
import { handlerOf } from '../../../src/link/queries/handler-of.ts';
import { effects } from '../../../src/link/queries/effects.ts';
import type { Resource } from '../../../src/model/function.ts';
import { deployed, project } from '../../support/memory.ts';

const location = { file: 'wrangler.toml', line: 1, column: 1, endLine: 1, endColumn: 2 };
const queue: Resource = { id: 'wrangler.toml#Queue:q', unit: 'wrangler.toml', logicalId: 'Queue:q', kind: 'queue', type: 'Cloudflare::Queue', location, properties: { kind: 'object', entries: [], open: false } };
const environment = new Map([['QUEUE', { kind: 'resource' as const, unit: 'wrangler.toml', id: 'Queue:q', attribute: 'binding' }]]);

it('tells the handler of what a function and what an application sends', () => {
  const source = "import { Hono } from 'hono';\nconst app = new Hono();\napp.post('/', async (c) => { await c.env.QUEUE.send(1); });\nexport default { fetch: app.fetch, async queue(batch, env) { await again(env); } };\nasync function again(env) { await env.QUEUE.send(2); }\n";
  const { fn } = project({ 'a.js': source }, [deployed('F', 'a.js', { platform: 'cloudflare', environment, handlers: [{ file: 'a.js', export: 'default.fetch', kind: 'fetch' }, { file: 'a.js', export: 'default.queue', kind: 'queue' }] })], [queue]);
  expect(effects(fn).map((item) => [source.slice(0, item.place.start).split('\n').length, handlerOf(fn, item)])).toEqual([[4, 'default.queue'], [3, 'default.fetch']]);
});
