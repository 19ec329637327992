import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import type { Infrastructure, ServerlessFunction } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Record<string, string>, stage?: string): Infrastructure => {
  const workspace = memoryWorkspace(files);
  return discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map(), ...(stage === undefined ? {} : { stage }) });
};
const brief = (fn: ServerlessFunction): string => `${fn.id} ${fn.handlers.map((handler) => `${handler.file}:${handler.export}`).join(' ')}`;
const briefs = (files: Record<string, string>): string[] => read(files).functions.map(brief);
const named = (result: Infrastructure, name: string): ServerlessFunction => {
  const found = result.functions.find((fn) => fn.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
};
const bound = (unit: string, id: string) => ({ kind: 'resource', unit, id, attribute: 'binding' });

/** A whole project: a shop's worker in TOML with two environments, and the worker in JSON that takes what it queues. */
const shop = {
  'shop/wrangler.toml': [
    'name = "shop"', 'main = "source/entry.ts"', 'compatibility_date = "2025-09-01"', 'compatibility_flags = [ "nodejs_compat" ]', '', 'workers_dev = true', 'routes = [ { pattern = "dev.shop.example/*", zone_name = "shop.example" } ]',
    '', '[vars]', 'STAGE = "dev"', '', '[[queues.producers]]', 'binding = "ORDERS"', 'queue = "orders-dev"', '',
    '[env.production]', 'routes = [', '  "shop.example/api/*",', '  { pattern = "pay.shop.example", custom_domain = true },', ']', 'workers_dev = false', '',
    '[env.production.vars]', 'STAGE = "production"', 'LIMITS = { daily = 5 }', '', '[[env.production.queues.producers]]', 'binding = "ORDERS"', 'queue = "orders"', '',
    '[[env.production.durable_objects.bindings]]', 'name = "BASKET"', 'class_name = "Basket"', '', '[[env.production.services]]', 'binding = "MAIL"', 'service = "mailer"', 'entrypoint = "Admin"', '',
    '[[env.production.r2_buckets]]', 'binding = "PICTURES"', 'bucket_name = "shop-pictures"', '', '[triggers]', 'crons = [ "*/5 * * * *" ]', '', '[build]', 'command = "npm run build"', '', '[[migrations]]', 'tag = "v1"', 'new_classes = [ "Basket", "Old" ]', '',
    '[[migrations]]', 'tag = "v2"', 'deleted_classes = [ "Old" ]',
  ].join('\n'),
  'shop/source/entry.ts': "import { withSentry } from '@sentry/cloudflare';\nimport { nightly } from './nightly';\nexport { Basket } from './basket';\nexport default withSentry((env) => ({ dsn: env.DSN }), { async fetch(request, env) { await env.ORDERS.send({}); return new Response(''); }, scheduled: nightly });\n",
  'shop/source/nightly.ts': 'export async function nightly(controller, env) {}\n',
  'shop/source/basket.ts': "import { DurableObject } from 'cloudflare:workers';\nexport class Basket extends DurableObject { constructor(ctx, env) { super(ctx, env); } async add(item) {} async alarm() {} _hidden() {} #secret() {} static of() {} }\n",
  'mailer/wrangler.jsonc': `{
  // what the shop queues
  "name": "mailer",
  "main": "./lib/mail.js",
  "no_bundle": true,
  "rules": [{ "type": "Text", "globs": ["**/*.html"] }],
  "queues": { "consumers": [
    { "queue": "orders", "max_batch_size": 50, "max_retries": 5, "max_concurrency": 3, "dead_letter_queue": "orders-lost" },
    { "queue": "news" },
    { "queue": "polled", "type": "http_pull" },
  ] },
  "workers_dev": false,
}`,
  'mailer/lib/mail.js': "import { WorkerEntrypoint } from 'cloudflare:workers';\nexport class Admin extends WorkerEntrypoint { async send(to) {} }\nexport const helper = 1;\nexport default { async queue(batch, env) {}, async email(message) {}, test() {} };\n",
};

describe('Wrangler files', () => {
  it('gives the functions of a whole project, from their true source', () => {
    const result = read(shop);
    expect(result.problems).toEqual([]);
    expect(result.gaps).toEqual([]);
    expect(result.functions.map(brief)).toEqual([
      'mailer/wrangler.jsonc#mailer mailer/lib/mail.js:default.queue mailer/lib/mail.js:default.email mailer/lib/mail.js:Admin',
      'shop/wrangler.toml#Basket shop/source/basket.ts:Basket',
      'shop/wrangler.toml#shop shop/source/entry.ts:default.fetch shop/source/entry.ts:default.scheduled',
    ]);
    expect(named(result, 'Basket')).toMatchObject({ generation: 'durableObject', triggers: [{ kind: 'invoke', resource: bound('shop/wrangler.toml', 'DurableObject:Basket'), auth: { kind: 'private' } }, { kind: 'schedule', source: 'alarm' }], declaredAt: [{ line: 33 }] });
    expect(named(result, 'shop')).toMatchObject({ platform: 'cloudflare', foundBy: 'infrastructure', physicalName: { value: 'shop-production' }, declaredAt: [{ line: 2 }], packaging: { form: 'bundled', tool: 'esbuild' } });
  });

  it('reads routes, schedules and what they run', () => {
    expect(named(read(shop), 'shop').triggers.map((trigger) => [trigger.kind, trigger.source, trigger.handlerExport, trigger.filters[0], trigger.auth?.kind, trigger.location?.line])).toEqual([
      ['http', 'route', 'default.fetch', { kind: 'route', method: '*', path: 'shop.example/api/*' }, 'none', 18],
      ['http', 'customDomain', 'default.fetch', { kind: 'route', method: '*', path: 'pay.shop.example' }, 'none', 19],
      ['schedule', 'cron', 'default.scheduled', undefined, undefined, 45],
    ]);
  });

  it('reads queues with their batches, retries and dead letters', () => {
    const result = read(shop);
    expect(named(result, 'mailer').triggers).toMatchObject([
      { kind: 'custom', source: 'email', handlerExport: 'default.email' }, { kind: 'invoke', source: 'entrypoint', handlerExport: 'Admin', auth: { kind: 'private' } },
      { kind: 'queue', resource: bound('mailer/wrangler.jsonc', 'Queue:orders'), batchSize: 50, maximumRetryAttempts: 5, maximumConcurrency: 3, handlerExport: 'default.queue', location: { line: 8 } },
      { kind: 'queue', resource: bound('mailer/wrangler.jsonc', 'Queue:news'), batchSize: 10, maximumRetryAttempts: 3, location: { line: 9 } },
    ]);
    expect(named(result, 'mailer').destinations).toMatchObject([{ kind: 'deadLetter', target: bound('mailer/wrangler.jsonc', 'Queue:orders-lost'), location: { line: 8 } }]);
    expect(result.links).toMatchObject([{ kind: 'redrive', from: bound('mailer/wrangler.jsonc', 'Queue:orders'), to: bound('mailer/wrangler.jsonc', 'Queue:orders-lost') }]);
    expect(named(result, 'mailer').packaging).toMatchObject({ form: 'folder', folder: 'mailer/lib', include: ['**/*.html'] });
  });

  it('gives variables and bindings of the environment that is read, and fills in from the others', () => {
    const env = Object.fromEntries(named(read(shop), 'shop').environment);
    const unit = 'shop/wrangler.toml';
    expect(env).toEqual({
      STAGE: { kind: 'literal', value: 'production' }, LIMITS: { kind: 'object', entries: [['daily', { kind: 'literal', value: 5 }]], open: false }, ORDERS: bound(unit, 'Queue:orders'),
      BASKET: bound(unit, 'DurableObject:Basket'), MAIL: bound(unit, 'Service:mailer#Admin'), PICTURES: bound(unit, 'R2Bucket:shop-pictures'),
    });
    const dev = Object.fromEntries(named(read(shop, 'dev'), 'shop').environment);
    expect([dev['STAGE'], dev['ORDERS']]).toEqual([{ kind: 'literal', value: 'dev' }, bound(unit, 'Queue:orders-dev')]);
  });

  it('declares resources under the names that other units know', () => {
    const found = read(shop).resources.map((resource) => [resource.id, resource.kind, resource.physicalName?.kind === 'literal' ? resource.physicalName.value : undefined]);
    expect(found).toEqual([
      ['mailer/wrangler.jsonc#Queue:news', 'queue', 'news'], ['mailer/wrangler.jsonc#Queue:orders', 'queue', 'orders'], ['mailer/wrangler.jsonc#Queue:orders-lost', 'queue', 'orders-lost'],
      ['mailer/wrangler.jsonc#Worker:mailer', 'other', 'mailer'], ['shop/wrangler.toml#DurableObject:Basket', 'other', 'Basket'], ['shop/wrangler.toml#Queue:orders', 'queue', 'orders'],
      ['shop/wrangler.toml#Queue:orders-dev', 'queue', 'orders-dev'], ['shop/wrangler.toml#R2Bucket:shop-pictures', 'bucket', 'shop-pictures'], ['shop/wrangler.toml#Service:mailer#Admin', 'other', 'mailer#Admin'],
      ['shop/wrangler.toml#Worker:shop-production', 'other', 'shop-production'],
    ]);
  });
});

describe('shapes of workers', () => {
  const one = (source: string, extra: Record<string, string> = {}) => ({ 'wrangler.jsonc': '{ "name": "w", "main": "in.js" }', 'in.js': source, ...extra });
  it.each([
    ['an object', 'export default { fetch() {} }', 'in.js:default.fetch'],
    ['a variable', 'const worker = { fetch: (r) => new Response(), tail(events) {} };\nexport default worker;', 'in.js:default.fetch in.js:default.tail'],
    ['an application of a framework', "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/', (c) => c.text(''));\nexport default app;", 'in.js:default'],
    ['handlers beside an application', "import { Hono } from 'hono';\nconst app = new Hono();\nexport default { fetch: app.fetch, queue: async () => {} };", 'in.js:default.fetch in.js:default.queue'],
    ['a class of the runtime', "import { WorkerEntrypoint } from 'cloudflare:workers';\nexport default class extends WorkerEntrypoint { fetch() {} add(a) {} }", 'in.js:default.fetch in.js:default'],
    ['an object of a class', 'class App { fetch() {} other() {} }\nexport default new App();', 'in.js:default.fetch'],
    ['a router spread out', "import { AutoRouter } from 'itty-router';\nconst router = AutoRouter();\nexport default { ...router };", 'in.js:default'],
    ['a re-export', "export { default } from './other.js';", 'other.js:default.scheduled'],
  ])('%s', (_, source, expected) => {
    expect(briefs(one(source, { 'other.js': 'export default { scheduled() {} }' }))).toEqual([`wrangler.jsonc#w ${expected}`]);
  });

  it('listeners of the older syntax, with their places', () => {
    const [fn] = read(one("addEventListener('fetch', (event) => { event.respondWith(handle(event.request)); });\nself.addEventListener('scheduled', tick);\naddEventListener('message', tick);\nasync function handle(request) {}\nfunction tick(event) {}\n")).functions;
    expect(fn?.handlers.map((handler) => [handler.export, handler.kind, handler.at?.start])).toEqual([['fetch', 'listener', 26], ['scheduled', 'listener', 196]]);
    expect(fn?.triggers.map((trigger) => [trigger.kind, trigger.handlerExport])).toEqual([['http', 'fetch'], ['schedule', 'scheduled']]);
  });

  it('listeners that are methods, or functions of another module, at what is written in the main one', () => {
    const source = "import { Router } from './other.js';\nimport { tick } from './tick.js';\nconst router = new Router();\naddEventListener('fetch', router.listen.bind(router));\naddEventListener('scheduled', tick);\n";
    const result = read(one(source, { 'other.js': 'export class Router { listen(event) {} }', 'tick.js': 'export function tick(event) {}' }));
    expect(result.functions[0]?.handlers.map((handler) => [handler.file, source.slice(handler.at?.start, handler.at?.end)])).toEqual([['in.js', 'router.listen.bind(router)'], ['in.js', 'tick']]);
  });

  it('workflows, objects of wrapped classes, and classes of packages', () => {
    const result = read({
      'wrangler.json': '{ "name": "w", "main": "in.js", "workflows": [{ "name": "sign-up", "binding": "FLOW", "class_name": "SignUp" }],\n "durable_objects": { "bindings": [{ "name": "R", "class_name": "Room" },\n { "name": "X", "class_name": "Elsewhere", "script_name": "other" },\n { "name": "P", "class_name": "Packed" }] } }',
      'in.js': "import * as Sentry from '@sentry/cloudflare';\nimport { SignUp } from './flow.js';\nexport { Packed } from 'somewhere';\nclass RoomBase { async fetch() {} helper() {} }\nexport const Room = Sentry.instrumentDurableObjectWithSentry(() => ({}), RoomBase);\nexport { SignUp };\nexport default { fetch() {} };\n",
      'flow.js': "import { WorkflowEntrypoint } from 'cloudflare:workers';\nexport class SignUp extends WorkflowEntrypoint { async run(event, step) {} }\n",
    });
    expect(result.functions.map((fn) => `${brief(fn)} ${fn.generation ?? ''}`)).toEqual(['wrangler.json#Room in.js:Room durableObject', 'wrangler.json#SignUp flow.js:SignUp workflow', 'wrangler.json#w in.js:default.fetch ']);
    expect(named(result, 'SignUp').triggers).toMatchObject([{ kind: 'invoke', resource: bound('wrangler.json', 'Workflow:sign-up') }]);
    expect(result.gaps).toEqual([{ kind: 'handler', file: 'wrangler.json', line: 4, message: 'Packed: class Packed comes from the package somewhere' }]);
  });
});

describe('main modules', () => {
  const worker = 'export default { fetch() {} };';
  it('through builds', () => {
    expect(briefs({ 'wrangler.toml': 'name = "w"\nmain = "dist/worker.js"\n[build]\ncommand = "esbuild code/start.ts --bundle --outfile=dist/worker.js"\n', 'code/start.ts': worker })).toEqual(['wrangler.toml#w code/start.ts:default.fetch']);
    expect(briefs({ 'wrangler.toml': 'name = "w"\nmain = "dist/worker.js"\n', 'src/worker.ts': worker, 'package.json': '{}' })).toEqual(['wrangler.toml#w src/worker.ts:default.fetch']);
    expect(briefs({ 'wrangler.toml': 'name = "w"\ntype = "javascript"\n', 'go.js': worker, 'package.json': '{"main":"go.js"}' })).toEqual(['wrangler.toml#w go.js:default.fetch']);
    expect(briefs({ 'wrangler.toml': 'name = "w"\n[build.upload]\nformat = "modules"\n', 'go.mjs': worker, 'package.json': '{"main":"no.js","module":"go.mjs"}' })).toEqual(['wrangler.toml#w go.mjs:default.fetch']);
    expect(briefs({ 'wrangler.toml': 'name = "w"\n[site]\nbucket = "./public"\nentry-point = "workers-site"\n', 'workers-site/index.js': worker })).toEqual(['wrangler.toml#w workers-site/index.js:default.fetch']);
    expect(briefs({ 'wrangler.toml': 'name = "w"\ncompatibility_date = "2024-01-01"\n', 'a/b.ts': worker, 'package.json': '{"scripts":{"deploy":"wrangler deploy a/b.ts --minify"}}' })).toEqual(['wrangler.toml#w a/b.ts:default.fetch']);
  });
  it.each([
    ['dist/worker.js', 'bundled'],
    ['code/start.ts', 'folder'],
  ])('packs what it uploads as it is: %s is %s', (main, form) => {
    const files = { 'wrangler.toml': `name = "w"\nmain = "${main}"\nno_bundle = true\n[build]\ncommand = "scripts/cli.js build"\n`, 'scripts/cli.js': "build({ entryPoints: [path.join(__dirname, '../code/start.ts')], outfile: 'dist/worker.js' })", 'code/start.ts': worker, 'package.json': '{}' };
    expect(read(files).functions.map((fn) => [fn.handlers[0]?.file, fn.packaging?.form])).toEqual([['code/start.ts', form]]);
  });
  it('through the compiler of Remix', () => {
    const built = (config: string, main = './build/index.js'): string[] => briefs({ 'wrangler.toml': `name = "w"\nmain = "${main}"\n`, 'server.ts': worker, 'package.json': '{"scripts":{"build":"remix build"}}', 'remix.config.js': config });
    expect(built("module.exports = {\n\tserver: './server.ts',\n\t// serverBuildPath: 'other/index.js',\n};\n")).toEqual(['wrangler.toml#w server.ts:default.fetch']);
    expect(built("export default {\n  serverBuildPath: 'out/worker.js',\n  server: 'server.ts',\n};\n", 'out/worker.js')).toEqual(['wrangler.toml#w server.ts:default.fetch']);
    expect(built("module.exports = {\n  server: './gone.ts',\n};\n")).toEqual([]);
    expect(built("module.exports = {\n  server: './server.ts',\n};\n", 'other/index.js')).toEqual([]);
    expect(built("module.exports = {\n  // server: './server.ts',\n};\n")).toEqual([]);
  });
  it.each([
    ['.svelte-kit/cloudflare/_worker.js'], ['.open-next/worker.js'], ['dist/_worker.js/index.js'], ['@astrojs/cloudflare/entrypoints/server'], ['dist/none.js'], ['../out.js'],
  ])('says that %s has no source here', (main) => {
    const result = read({ 'wrangler.toml': `name = "w"\nmain = "${main}"\n`, 'src/index.ts': worker, 'package.json': '{}' });
    expect(result.functions).toEqual([]);
    expect(result.gaps.map((gap) => [gap.kind, gap.file, gap.line])).toEqual([['handler', 'wrangler.toml', 2]]);
  });
  it('takes neither sites of assets only, nor Python, nor other files of that name', () => {
    for (const text of ['{ "name": "w", "assets": { "directory": "public" } }', '{ "name": "w", "main": "src/entry.py" }', '{ "$ref": "#/definitions/main" }', '[ "main" ]']) {
      const result = read({ 'wrangler.json': text, 'src/index.ts': worker });
      expect([result.functions, result.gaps, result.problems]).toEqual([[], [], []]);
    }
  });
  it('is one function in several files of a folder', () => {
    expect(briefs({ 'wrangler.jsonc': '{"name":"w","main":"src/a.js"}', 'wrangler.e2e.jsonc': '{"name":"w-e2e","main":"./src/a.js"}', 'wrangler.other.jsonc': '{"name":"o","main":"src/b.js"}', 'src/a.js': worker, 'src/b.js': worker }))
      .toEqual(['wrangler.jsonc#w src/a.js:default.fetch', 'wrangler.other.jsonc#o src/b.js:default.fetch']);
    expect(named(read({ 'wrangler.toml': 'name="w"\nmain="a.js"\n', 'wrangler.production.toml': 'name="w"\nmain="a.js"\n[triggers]\ncrons=["0 0 * * *"]\n', 'a.js': 'export default { scheduled() {} }' }), 'w').triggers)
      .toMatchObject([{ kind: 'schedule', location: { file: 'wrangler.production.toml', line: 4 } }]);
  });
  it('leaves alone what tests deploy', () => {
    expect(briefs({ 'wrangler.e2e.jsonc': '{"name":"w","main":"a.js"}', 'e2e/double.wrangler.jsonc': '{"name":"w","main":"../a.js"}', 'test/fixtures/x/wrangler.toml': 'name="w"\nmain="../../../a.js"\n', 'a.js': worker })).toEqual([]);
    expect(briefs({ 'latest/wrangler.testing-ground.jsonc': '{"name":"w","main":"../a.js"}', 'a.js': worker })).toEqual(['latest/wrangler.testing-ground.jsonc#w a.js:default.fetch']);
  });
  it('is read from a template where the file itself is not kept', () => {
    expect(briefs({ 'worker/wrangler.toml.template': 'name = "w"\nmain = "src/a.js"\n', 'worker/src/a.js': worker })).toEqual(['worker/wrangler.toml.template#w worker/src/a.js:default.fetch']);
    expect(briefs({ 'wrangler.toml.template': 'name = "x"\nmain = "a.js"\n', 'wrangler.toml': 'name = "w"\nmain = "a.js"\n', 'a.js': worker })).toEqual(['wrangler.toml#w a.js:default.fetch']);
  });
  it('says what is broken, once', () => {
    expect(read({ 'wrangler.toml': 'name = "w"\nmain = "a.js"\nbroken\n', 'a.js': worker }).problems).toEqual([{ file: 'wrangler.toml', reason: expect.stringMatching(/^line 3: /) as string }]);
    expect(read({ 'wrangler.json': `{"main":${'['.repeat(500)}` }).problems).toEqual([{ file: 'wrangler.json', reason: 'line 1: nested too deeply' }]);
  });
  it('takes handlers that are bound outside of the file, unless the file says what is bound', () => {
    const handlers = 'export default { queue() {}, scheduled() {} };';
    const kinds = (extra: string) => named(read({ 'wrangler.toml': `name = "w"\nmain = "a.js"\n${extra}`, 'a.js': handlers }), 'w').triggers.map((trigger) => [trigger.kind, trigger.handlerExport, trigger.resource === undefined]);
    expect(kinds('')).toEqual([['queue', 'default.queue', true], ['schedule', 'default.scheduled', true]]);
    expect(kinds('[triggers]\ncrons = []\n[[queues.consumers]]\nqueue = "q"\n')).toEqual([['queue', 'default.queue', false]]);
  });
  it('names the workers that get its logs', () => {
    expect(read({ 'wrangler.toml': 'name = "w"\nmain = "a.js"\ntail_consumers = [{ service = "logs" }]\n', 'a.js': worker }).links).toMatchObject([{ kind: 'destination', from: bound('wrangler.toml', 'Worker:w'), to: { value: 'logs' }, location: { line: 3 } }]);
  });
  it('keeps hostile names as data', () => {
    const result = read({ 'wrangler.json': '{"name":"__proto__","main":"a.js","vars":{"__proto__":1,"constructor":"x"},"env":{"__proto__":{"vars":{"toString":2}}},"durable_objects":{"bindings":[{"name":"hasOwnProperty","class_name":"constructor"}]}}', 'a.js': worker });
    expect([...(result.functions[0]?.environment.keys() ?? [])]).toEqual(['toString', '__proto__', 'constructor', 'hasOwnProperty']);
    expect(result.gaps).toMatchObject([{ message: 'constructor: a.js exports no class constructor that can be followed' }]);
  });
  it('says that a main module has no handler', () => {
    expect(read({ 'wrangler.toml': 'name = "w"\nmain = "a.js"\n', 'a.js': 'export const x = 1;' }).gaps).toMatchObject([{ kind: 'handler', line: 2, message: 'w: a.js has neither a default export nor a listener' }]);
  });
});
