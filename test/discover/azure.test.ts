import { describe, expect, it } from 'vitest';
import { azureReader } from '../../src/discover/convention-azure.ts';
import { bindingText, timeSpan } from '../../src/discover/azure-host.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Record<string, string>) => discoverWith([azureReader], memoryWorkspace(files), { params: new Map() });
const one = (binding: Record<string, unknown>, host: unknown = {}, extra: Record<string, unknown> = {}, others: readonly unknown[] = []) => {
  const result = read({ 'app/host.json': JSON.stringify(host), 'app/job/index.js': 'module.exports = async () => {}', 'app/job/function.json': JSON.stringify({ bindings: [...others, binding], ...extra }) });
  return { fn: result.functions[0], trigger: result.functions[0]?.triggers[0], gaps: result.gaps };
};
const lit = (value: unknown) => ({ kind: 'literal', value });
const env = (name: string) => ({ kind: 'env', name });

describe('Azure triggers of function.json', () => {
  it.each([
    [{ type: 'queueTrigger', queueName: 'in-q', connection: 'Conn' }, { kind: 'queue', resource: lit('in-q'), connection: env('Conn'), batchSize: 1 }],
    [{ type: 'serviceBusTrigger', queueName: '%Q%', connection: 'SB' }, { kind: 'queue', resource: env('Q') }],
    [{ type: 'serviceBusTrigger', topicName: 't1', subscriptionName: 's' }, { kind: 'topic', resource: lit('t1') }],
    [{ type: 'eventHubTrigger', eventHubName: 'hub', cardinality: 'many' }, { kind: 'stream', resource: lit('hub'), batchSize: 100 }],
    [{ type: 'eventHubTrigger', eventHubName: 'hub', cardinality: 'one' }, { kind: 'stream', batchSize: 1 }],
    [{ type: 'cosmosDBTrigger', databaseName: 'shop', containerName: 'orders' }, { kind: 'document', resource: lit('shop/orders') }],
    [{ type: 'cosmosDBTrigger', databaseName: '%DB%', collectionName: 'orders' }, { kind: 'document', resource: { kind: 'template', parts: [env('DB'), lit('/orders')] } }],
    [{ type: 'timerTrigger', schedule: '0 */5 * * * *' }, { kind: 'schedule', schedule: lit('0 */5 * * * *') }],
    [{ type: 'orchestrationTrigger' }, { kind: 'invoke', source: 'orchestrationTrigger' }],
    [{ type: 'warmupTrigger' }, { kind: 'custom' }],
    [{ type: 'someNewTrigger' }, { kind: 'unknown', source: 'someNewTrigger' }],
  ])('%j', (binding, expected) => expect(one(binding).trigger).toMatchObject(expected));

  it('takes a blob path apart: container, head and tail of the name', () => {
    expect(one({ type: 'blobTrigger', path: 'images/raw/{name}.png', connection: 'S' }).trigger).toMatchObject({
      kind: 'bucket', resource: lit('images'), filters: [{ kind: 'object', rules: [{ prefix: lit('raw/'), suffix: lit('.png') }] }],
    });
    expect(one({ type: 'blobTrigger', path: '%BOX%/{name}' }).trigger).toMatchObject({ resource: env('BOX'), filters: [{ rules: [{}] }] });
    expect(one({ type: 'blobTrigger', path: 'images' }).trigger).toMatchObject({ resource: lit('images'), filters: [] });
  });

  it.each<[object, true | undefined]>([
    [{ type: 'sql', commandText: 'DeleteToDo', commandType: 'StoredProcedure' }, true],
    [{ type: 'sql', commandText: '[dbo].[usp_UpdateRow]', commandType: 'StoredProcedure' }, true],
    [{ type: 'sql', commandText: 'GetToDos', commandType: 'StoredProcedure' }, undefined],
    [{ type: 'sql', commandText: 'EXEC dbo.DeleteToDo @Id', commandType: 'Text' }, true],
    [{ type: 'mysql', commandText: 'delete from todo where id = @Id', commandType: 'Text' }, true],
    [{ type: 'sql', commandText: 'select id from dbo.DeletedToDos', commandType: 'Text' }, undefined],
    [{ type: 'table', tableName: 'deleteds' }, undefined],
  ])('an input %j that changes what it asks', (binding, expected) => {
    const { fn } = one({ type: 'httpTrigger', direction: 'in', name: 'req' }, {}, {}, [{ ...binding, direction: 'in', name: 'rows' }]);
    expect(fn?.bindings?.find(({ name }) => name === 'rows')).toMatchObject({ direction: 'in' });
    expect(fn?.bindings?.find(({ name }) => name === 'rows')?.changes).toBe(expected);
  });

  it('says who may call a route, and where', () => {
    const http = (extra: object, host: unknown = {}) => one({ type: 'httpTrigger', ...extra }, host).trigger;
    expect(http({ authLevel: 'anonymous' })?.auth).toMatchObject({ kind: 'none', location: { file: 'app/job/function.json', line: 1 } });
    expect(http({})?.auth).toMatchObject({ kind: 'key' });
    expect(http({ authLevel: 'ADMIN' })?.auth).toMatchObject({ kind: 'identity' });
    expect(http({ authLevel: '%LEVEL%' })?.auth).toBeUndefined();
    expect(http({ methods: ['get', 'post'], route: '/v1/{id}' }, { extensions: { http: { routePrefix: 'svc' } } })?.filters).toEqual([
      { kind: 'route', method: 'GET', path: '/svc/v1/{id}' }, { kind: 'route', method: 'POST', path: '/svc/v1/{id}' },
    ]);
    expect(http({}, { extensions: { http: { routePrefix: '' } } })?.filters).toEqual([{ kind: 'route', method: '*', path: '/job' }]);
  });

  it('takes limits of the host', () => {
    const { fn, trigger } = one({ type: 'queueTrigger', queueName: 'q' }, { functionTimeout: '00:07:30', extensions: { Queues: { batchSize: 8, maxDequeueCount: 3 } } });
    expect(fn).toMatchObject({ timeoutSeconds: { value: 450, location: { file: 'app/host.json' } }, concurrencyPerInstance: 12, generation: 'v3' });
    expect(trigger).toMatchObject({ maximumRetryAttempts: 2 });
    expect(one({ type: 'eventHubTrigger', cardinality: 'many' }, { extensions: { eventHubs: { maxEventBatchSize: 7 } } }, { retry: { maxRetryCount: -1 } }).trigger).toMatchObject({ batchSize: 7, maximumRetryAttempts: -1 });
    expect(one({ type: 'serviceBusTrigger' }, { extensions: { serviceBus: { maxConcurrentCalls: 4 } } }).fn?.concurrencyPerInstance).toBe(4);
    expect(one({ type: 'serviceBusTrigger' }, { concurrency: { dynamicConcurrencyEnabled: true }, extensions: { serviceBus: { maxConcurrentCalls: 4 } } }).fn?.concurrencyPerInstance).toBeUndefined();
    expect(one({ type: 'queueTrigger' }, { functionTimeout: '-1' }).fn?.timeoutSeconds).toBeUndefined();
  });

  it('knows what does not run', () => {
    expect(one({ type: 'queueTrigger' }, {}, { disabled: true }).trigger?.enabled).toBe(false);
    expect(one({ type: 'queueTrigger' }, { functions: ['other'] }).trigger?.enabled).toBe(false);
    expect(one({ type: 'queueTrigger' }, { functions: ['job'] }).trigger?.enabled).toBeUndefined();
    expect(one({ type: 'queueTrigger' }, {}, { excluded: true }).fn).toBeUndefined();
    const files = { 'host.json': '{}', 'demo/index.js': 'module.exports = () => {}', 'demo/function.json': '{"bindings":[{"type":"queueTrigger"}]}' };
    expect(read({ ...files, '.funcignore': '# samples\n/demo/\n' }).functions).toEqual([]);
    expect(read({ ...files, '.funcignore': 'dem*\n!demo\n*.ts\n' }).functions).toHaveLength(1);
  });

  it('knows the server of a custom handler that Node.js runs', () => {
    const app = (handler: unknown, files: Record<string, string> = {}) => read({
      'app/host.json': JSON.stringify({ version: '2.0', customHandler: handler }), 'app/all/function.json': JSON.stringify({ bindings: [{ type: 'httpTrigger', authLevel: 'anonymous', name: 'req' }] }),
      'app/package.json': '{"main":"dist/index.js"}', 'app/src/index.ts': 'start();', 'app/serve.js': 'start();', ...files,
    });
    const node = (args: readonly string[], path = 'node') => app({ description: { defaultExecutablePath: path, arguments: args }, enableForwardingHttpRequest: true });
    expect(node(['.']).functions).toMatchObject([{ id: 'app/host.json#all', generation: 'customHandler', handlers: [{ file: 'app/src/index.ts', kind: 'server' }], triggers: [{ kind: 'http', auth: { kind: 'none' } }] }]);
    expect(node(['--enable-source-maps', 'serve.js'], 'bin\\node.exe').functions).toMatchObject([{ handlers: [{ file: 'app/serve.js' }] }]);
    expect(node(['gone.js'])).toMatchObject({ functions: [{ handlers: [] }], gaps: [{ kind: 'handler', file: 'app/host.json' }] });
    // A program of another language.
    expect(app({ description: { defaultExecutablePath: 'handler' } })).toMatchObject({ functions: [], gaps: [] });
  });
  it('keeps the other bindings', () => {
    const { fn } = one({ type: 'queueTrigger', queueName: 'in' }, {}, {}, [
      { type: 'queue', direction: 'out', name: '$return', queueName: 'in', connection: 'C' }, { type: 'blob', direction: 'inout', name: 'b', path: 'out/{id}.json' }, { type: 'cosmosDB', direction: 'out', name: 'doc', databaseName: 'd', containerName: 'c' },
    ]);
    expect(fn?.bindings).toMatchObject([
      { name: '$return', type: 'queue', direction: 'out', kind: 'queue', resource: lit('in'), connection: env('C') },
      { name: 'b', direction: 'inout', kind: 'bucket', resource: lit('out'), key: { kind: 'template', parts: [{ kind: 'unknown' }, lit('.json')] } },
      { name: 'doc', kind: 'document', resource: lit('d/c') },
    ]);
  });

  it('takes settings that the repository holds', () => {
    const result = read({
      'host.json': '{}', 'local.settings.json': '{"IsEncrypted":false,"Values":{"QUEUE":"orders"}}', 'job/index.js': 'module.exports = () => {}',
      'job/function.json': '{"bindings":[{"type":"queueTrigger","queueName":"%QUEUE%-in"}]}',
    });
    expect(result.functions[0]?.triggers[0]?.resource).toEqual(lit('orders-in'));
    expect(result.files).toContain('local.settings.json');
  });
});

describe('an app of programming model v3', () => {
  it('is read as a whole', () => {
    const code = 'export const helper = 1;';
    const result = read({
      'app/host.json': '{ // comment\n "version": "2.0", "functionTimeout": "00:04:00" }', 'app/.funcignore': 'drafts\n', 'app/package.json': '{"main":"index.js"}', 'app/tsconfig.json': '{"compilerOptions":{"outDir":"build","rootDir":"."}}',
      'app/ship-orders/function.json': '{\n  "bindings": [\n    { "type": "queueTrigger", "name": "m", "direction": "in", "queueName": "orders", "connection": "Store" },\n    { "type": "eventHub", "name": "$return", "direction": "out", "eventHubName": "shipped", "connection": "Hub" }\n  ],\n  "scriptFile": "../build/src/jobs/ship.js",\n  "entryPoint": "shipAll"\n}',
      'app/src/jobs/ship.ts': 'export const shipAll = async () => {};\nexport const shipOne = 1;', 'app/step-one/function.json': '{"bindings":[{"type":"activityTrigger","name":"n"}]}', 'app/step-one/index.ts': 'export default async () => {};',
      'app/drafts/function.json': '{"bindings":[{"type":"queueTrigger"}]}', 'app/drafts/index.js': code, 'app/lib/index.js': code, 'app/docs/sample/function.json': '{"bindings":[{"type":"queueTrigger"}]}', 'app/docs/sample/index.js': code,
      'app/py/function.json': '{"scriptFile":"main.py","bindings":[{"type":"queueTrigger"}]}', 'other/function.json': '{"name":"not azure","bindings":[{"type":"x"}]}',
    });
    expect(result.functions).toMatchObject([
      {
        id: 'app/host.json#ship-orders', handlers: [{ file: 'app/src/jobs/ship.ts', export: 'shipAll' }], timeoutSeconds: { value: 240, location: { file: 'app/host.json', line: 2 } }, declaredAt: [{ file: 'app/ship-orders/function.json', line: 1 }],
        triggers: [{ kind: 'queue', location: { line: 3 } }], bindings: [{ type: 'eventHub', kind: 'stream', resource: lit('shipped'), location: { line: 4 } }], destinations: [{ kind: 'deadLetter', target: lit('orders-poison'), location: { line: 3 } }],
      },
      { id: 'app/host.json#step-one', handlers: [{ file: 'app/step-one/index.ts', export: 'default' }], triggers: [{ kind: 'invoke', resource: lit('step-one') }], destinations: [] },
    ]);
    expect(result.gaps).toEqual([]);
    expect(result.problems).toEqual([]);
  });
});

describe('texts of bindings', () => {
  const host = { setting: () => undefined };
  it.each([
    ['a', lit('a')], ['%A%', env('A')], ['x-%A%', { kind: 'template', parts: [lit('x-'), env('A')] }], ['100%', lit('100%')], ['', lit('')],
  ])('%s', (text, expected) => expect(bindingText(text, host)).toEqual(expected));
  it.each([['00:05:00', 300], ['1.00:00:01', 86_401], ['-1', undefined], ['x', undefined], ['10:00', undefined]])('time span %s', (text, expected) => expect(timeSpan(text)).toBe(expected));
});

describe('an app without host.json', () => {
  const code = 'module.exports = async () => {}';
  const job = (queueName: string): string => JSON.stringify({ bindings: [{ type: 'queueTrigger', name: 'm', queueName }] });
  it.each<[string, Record<string, string>, readonly string[]]>([
    ['is the folder above its functions', { 'app/b/function.json': job('b'), 'app/b/index.js': code, 'app/a/function.json': job('a'), 'app/a/index.js': code }, ['app/a/function.json#a', 'app/a/function.json#b']],
    ['is called by its manifest', { 'app/package.json': '{}', 'app/a/function.json': job('a'), 'app/a/index.js': code }, ['app/package.json#a']],
    ['lies at the root', { 'b/function.json': job('b'), 'b/index.js': code, 'a/function.json': job('a'), 'a/index.js': code }, ['a/function.json#a', 'a/function.json#b']],
    ['of a single function is that function', { 'app/a/function.json': job('a'), 'app/a/index.js': code, 'app/other/function.json': '{"name":"of another tool"}' }, ['app/a/function.json#a']],
    ['has no functions further down', { 'app/a/function.json': job('a'), 'app/a/index.js': code, 'app/more/b/function.json': job('b'), 'app/more/b/index.js': code }, ['app/a/function.json#a', 'app/more/b/function.json#b']],
  ])('%s', (_name, files, expected) => expect(read(files).functions.map(({ id }) => id).sort()).toEqual(expected));
});
