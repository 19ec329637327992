import { describe, expect, it } from 'vitest';
import { brief, declared, env, lit, named } from './code-support.ts';

const app = (code: string, more: Record<string, string> = {}, host: unknown = {}) => declared({
  'svc/host.json': JSON.stringify(host), 'svc/package.json': '{"main":"start.js","dependencies":{"@azure/functions":"^4.5.0"}}', 'svc/start.js': code, ...more,
});
const head = "const { app, output, input, trigger } = require('@azure/functions');\n";

describe('Azure programming model v4', () => {
  it.each([
    ["app.http('job', { methods: ['GET'], authLevel: 'function', route: 'items/{id}', handler: run })", { kind: 'http', filters: [{ method: 'GET', path: '/api/items/{id}' }], auth: { kind: 'key', location: { line: 3 } } }],
    ["app.http('job', { handler: run })", { filters: [{ method: 'GET', path: '/api/job' }, { method: 'POST', path: '/api/job' }], auth: { kind: 'none' } }],
    ["app.deleteRequest('job', run)", { filters: [{ method: 'DELETE', path: '/api/job' }], auth: { kind: 'none' } }],
    ["app.post('job', { authLevel: 'admin', handler: run })", { filters: [{ method: 'POST' }], auth: { kind: 'identity' } }],
    ["app.storageQueue('job', { queueName: 'in-q', connection: 'Conn', handler: run })", { kind: 'queue', source: 'queueTrigger', resource: lit('in-q'), connection: env('Conn') }],
    ["app.storageBlob('job', { path: 'raw/{name}.csv', connection: 'C', handler: run })", { kind: 'bucket', resource: lit('raw'), filters: [{ rules: [{ suffix: lit('.csv') }] }] }],
    ["app.serviceBusQueue('job', { queueName: '%Q%', connection: 'C', handler: run })", { kind: 'queue', source: 'serviceBusTrigger', resource: env('Q') }],
    ["app.serviceBusTopic('job', { topicName: 'news', subscriptionName: 's', connection: 'C', handler: run })", { kind: 'topic', resource: lit('news') }],
    ["app.eventHub('job', { eventHubName: 'hub', cardinality: 'many', connection: 'C', handler: run })", { kind: 'stream', resource: lit('hub'), batchSize: 100 }],
    ["app.eventGrid('job', { handler: run })", { kind: 'bus' }],
    ["app.cosmosDB('job', { databaseName: 'd', containerName: 'c', connection: 'C', handler: run })", { kind: 'document', resource: lit('d/c') }],
    ["app.timer('job', { schedule: '0 0 * * * *', retry: { strategy: 'fixedDelay', maxRetryCount: 4 }, handler: run })", { kind: 'schedule', schedule: lit('0 0 * * * *'), maximumRetryAttempts: 4 }],
    ["app.warmup('job', { handler: run })", { kind: 'custom' }],
    ["app.mcpTool('job', { toolName: 't', handler: run })", { kind: 'custom', source: 'mcpToolTrigger' }],
    ["app.mcpResource('job', { uri: 'ui://t', handler: run })", { kind: 'custom', source: 'mcpResourceTrigger' }],
    ["app.mcpPrompt('job', { promptName: 'p', handler: run })", { kind: 'custom', source: 'mcpPromptTrigger' }],
    ["app.generic('job', { trigger: trigger.generic({ type: 'queueTrigger', queueName: 'g' }), handler: run })", { kind: 'queue', resource: lit('g') }],
  ])('%s', (code, expected) => {
    const fn = named(app(`${head}async function run(item, context) {}\n${code};`), 'job');
    expect(fn.triggers[0]).toMatchObject(expected);
    expect(fn).toMatchObject({ id: 'svc/host.json#job', generation: 'v4', foundBy: 'convention', handlers: [{ file: 'svc/start.js', kind: 'v4' }], declaredAt: [{ file: 'svc/start.js', line: 3 }] });
    expect(fn.triggers).toHaveLength(1);
  });

  it('reads durable functions and leaves hooks out', () => {
    const result = app("const df = require('durable-functions');\nconst { app } = require('@azure/functions');\ndf.app.orchestration('flow', function* (context) {});\ndf.app.activity('step', { handler: () => 1 });\ndf.app.entity('count', () => {});\ndf.app.client.http('begin', { route: 'begin', handler: async () => {} });\napp.hook.appStart(() => {});\napp.setup({ enableHttpStream: true });\n");
    expect(brief(result)).toEqual(['svc/host.json#begin svc/start.js:begin http', 'svc/host.json#count svc/start.js:count invoke', 'svc/host.json#flow svc/start.js:flow invoke', 'svc/host.json#step svc/start.js:step invoke']);
  });

  it('keeps outputs and inputs', () => {
    const fn = named(app(`${head}const copy = output.storageBlob({ path: 'out/{name}-copy', connection: 'S' });\napp.storageQueue('job', {\n  queueName: 'q', connection: 'C',\n  return: output.serviceBusQueue({ queueName: 'next', connection: 'B' }),\n  extraOutputs: [copy], extraInputs: [input.cosmosDB({ databaseName: 'd', containerName: 'c', connection: 'D' })], handler: () => {} });`), 'job');
    expect(fn.bindings).toMatchObject([
      { name: '$return', type: 'serviceBus', direction: 'out', kind: 'queue', resource: lit('next'), connection: env('B'), location: { file: 'svc/start.js', line: 5 } },
      { type: 'blob', direction: 'out', kind: 'bucket', resource: lit('out'), key: { kind: 'template' }, location: { line: 2 } },
      { type: 'cosmosDB', direction: 'in', kind: 'document', resource: lit('d/c') },
    ]);
  });

  it('follows constants, loops, helpers and modules', () => {
    const result = app("import './register/orders.js';\nimport { add } from './lib/add.js';\nconst routes = { list: 'GET', save: 'POST' };\nfor (const [name, method] of Object.entries(routes)) add(name, method, async () => {});\n", {
      'svc/lib/add.js': "import { app } from '@azure/functions';\nexport function add(name, method, handler) { app.http(`${name}Item`, { methods: [method], route: `items/${name}`, handler }); }",
      'svc/register/orders.js': "import { app } from '@azure/functions';\nimport { orders } from '../lib/orders.js';\nimport { queue } from '../lib/names.js';\napp.storageQueue('orders', { queueName: queue, connection: 'C', handler: orders });",
      'svc/lib/orders.js': 'export const orders = async (message, context) => {};', 'svc/lib/names.js': "const stage = process.env.STAGE;\nexport const queue = `orders-${stage}`;",
      'svc/dead.js': "import { app } from '@azure/functions';\napp.http('dead', { handler: () => {} });",
    });
    expect(brief(result)).toEqual(['svc/host.json#listItem svc/start.js:listItem http', 'svc/host.json#orders svc/lib/orders.js:orders queue', 'svc/host.json#saveItem svc/start.js:saveItem http']);
    expect(named(result, 'saveItem').triggers[0]?.filters).toEqual([{ kind: 'route', method: 'POST', path: '/api/items/save' }]);
    expect(named(result, 'orders').triggers[0]?.resource).toEqual({ kind: 'template', parts: [lit('orders-'), env('STAGE')] });
    expect(named(result, 'orders').handlers[0]?.at).toBeUndefined();
    expect(named(result, 'listItem').handlers[0]?.at).toBeDefined();
  });

  it.each([
    ['dist/{boot.js,jobs/*.js}', ['boot', 'one', 'two']], ['dist/jobs/*.js', ['one', 'two']], ['dist/**/*.js', ['boot', 'one', 'two']], ['dist/boot.js', ['boot']], ['./dist/jobs/two.js', ['two']],
  ])('finds the sources of main %s', (main, expected) => {
    const one = (name: string): string => `import { app } from '@azure/functions';\napp.timer('${name}', { schedule: '0 0 * * * *', handler: async () => {} });`;
    const result = declared({
      'host.json': '{"functionTimeout":"00:02:00"}', 'package.json': JSON.stringify({ main, dependencies: { '@azure/functions': '4.0.0' } }), 'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
      'src/boot.ts': one('boot'), 'src/jobs/one.ts': one('one'), 'src/jobs/two.ts': one('two'), 'src/jobs/two.test.ts': one('test'), 'dist/boot.js': '', 'dist/jobs/one.js': '',
    });
    expect(result.functions.map((fn) => fn.name)).toEqual(expected);
    expect(result.functions[0]?.timeoutSeconds).toMatchObject({ value: 120, location: { file: 'host.json', line: 1 } });
  });

  it('finds the sources of a project whose compiler starts further up', () => {
    const files = (main: string): Readonly<Record<string, string>> => ({
      'apps/shop/host.json': '{}', 'apps/shop/package.json': JSON.stringify({ main, dependencies: { '@azure/functions': '4.0.0' } }), 'apps/shop/tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"../.."}}',
      'apps/shop/src/buy.ts': `${head}app.http('buy', { handler: async () => ({ status: 204 }) });`, 'apps/shop/shop/src/other.ts': `${head}app.http('other', { handler: () => {} });`,
    });
    expect(declared(files('dist/apps/shop/src/*.js')).functions.map((fn) => fn.name)).toEqual(['buy']);
    expect(declared(files('dist/apps/other/src/*.js')).functions).toEqual([]);
  });

  it('says what it does not know', () => {
    expect(app(`${head}app.http(process.env.NAME, { handler: () => {} });`).gaps).toMatchObject([{ kind: 'name', file: 'svc/start.js', line: 2 }]);
    expect(app(`${head}app.http('a', { methods: ['GET'] });`).gaps).toMatchObject([{ kind: 'handler', line: 2 }]);
    expect(declared({ 'host.json': '{}', 'package.json': '{"main":"dist/gone.js","dependencies":{"@azure/functions":"^4.0.0"}}' }).gaps).toMatchObject([{ kind: 'handler', file: 'package.json' }]);
    expect(declared({ 'host.json': '{}', 'package.json': '{"main":"index.js","dependencies":{"@azure/functions":"^3.0.0"}}' }).gaps).toEqual([]);
    // Without host.json nothing is deployed from here.
    expect(declared({ 'package.json': '{"main":"start.js","dependencies":{"@azure/functions":"4"}}', 'start.js': `${head}app.http('a', { handler: () => {} });` }).functions).toEqual([]);
  });
});

describe('function.json beside a source with several exports', () => {
  const binding = '{"bindings":[{"type":"httpTrigger","name":"req","direction":"in"}]}';
  it.each([
    ['export class Input {}\nexport async function list(input: Input) {}\nexport async function listFunc(context: any) { await list(new Input()); }', 'listFunc'],
    ["import { Context } from '@azure/functions';\nexport const helper = (n: number) => n;\nexport const start = async (host: Context) => {};", 'start'],
    ['export const helper = (n) => n;\nexport const run = async (c) => {};\nexport const other = async (context) => {};', 'run'],
    ['export const a = async (context) => {};\nexport const b = async (context) => {};', 'default'],
    ['export const a = async (request) => {};\nexport const b = 1;', 'default'],
  ])('takes the one that gets the context of the host: %s', (code, expected) => {
    expect(declared({ 'app/host.json': '{}', 'app/job/function.json': binding, 'app/job/index.ts': code }).functions[0]?.handlers).toMatchObject([{ file: 'app/job/index.ts', export: expected }]);
  });
});
