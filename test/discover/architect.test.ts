import { describe, expect, it } from 'vitest';
import { parseArc } from '../../src/discover/arc-document.ts';
import { brief, discovered, find, triggersOf } from './web-support.ts';

const handler = 'export async function handler(event) {}';

describe('the manifest as text', () => {
  it('reads pragmas, words, quotes, comments, properties and lists, with places', () => {
    const document = parseArc('app.arc', '# shop\n@app\nshop # here\n\n@http\nget /\n/orders/:id\n  method post\n  src "code/with space"\n@aws\nlayers\n  arn:a\n    arn:b\n');
    expect([...document.keys()]).toEqual(['app', 'http', 'aws']);
    expect(document.get('app')?.[0]?.words).toEqual(['shop']);
    expect(document.get('http')?.[1]).toMatchObject({ words: ['/orders/:id'], location: { line: 7, column: 1 } });
    expect(document.get('http')?.[1]?.properties.get('src')).toMatchObject({ words: ['code/with space'], location: { line: 9, column: 3 } });
  });
});

describe('Architect', () => {
  const project = {
    'svc/app.arc': [
      '@app', 'shop', '@aws', 'runtime nodejs22.x', 'timeout 20', '@http', 'get /', 'post /orders/:id', 'get /files/*', '/any', '  method get', '  src code/any', '@events', 'placed',
      '@queues', 'work', '@scheduled', 'nightly cron(0 3 * * ? *)', 'hourly', '  rate 1 hour', '@tables', 'orders', '  id *String', '  stream true', '@ws', '@plugins', 'architect/plugin-x', '@http', 'get /gone',
    ].join('\n'),
    'svc/src/http/get-index/index.mjs': handler, 'svc/src/http/post-orders-000id/index.js': handler, 'svc/src/http/get-files-catchall/index.js': handler, 'svc/code/any/index.ts': handler,
    'svc/src/events/placed/index.js': handler, 'svc/src/events/placed/helper.js': handler, 'svc/src/queues/work/index.js': handler, 'svc/src/queues/work/config.arc': '@aws\ntimeout 60\nmemory 256\nconcurrency 1\n',
    'svc/src/scheduled/nightly/index.js': handler, 'svc/src/scheduled/hourly/index.js': handler, 'svc/src/tables-streams/orders/index.js': handler,
    'svc/prefs.arc': '@env\ntesting\n  KEY no\nproduction\n  KEY yes\n',
  };
  it('finds the folder of each entry', () => {
    expect(brief(project)).toEqual([
      'svc/app.arc#events/placed aws svc/src/events/placed/index.js:handler', 'svc/app.arc#http/get / aws svc/src/http/get-index/index.mjs:handler',
      'svc/app.arc#http/get /any aws svc/code/any/index.ts:handler', 'svc/app.arc#http/get /files/* aws svc/src/http/get-files-catchall/index.js:handler',
      'svc/app.arc#http/post /orders/:id aws svc/src/http/post-orders-000id/index.js:handler', 'svc/app.arc#queues/work aws svc/src/queues/work/index.js:handler',
      'svc/app.arc#scheduled/hourly aws svc/src/scheduled/hourly/index.js:handler', 'svc/app.arc#scheduled/nightly aws svc/src/scheduled/nightly/index.js:handler',
      'svc/app.arc#tables-streams/orders aws svc/src/tables-streams/orders/index.js:handler',
    ]);
  });
  it('finds the server that Remix builds', () => {
    const of = (config: string): readonly string[] => brief({ 'app.arc': '@app\nsite\n@http\n/*\n  method any\n  src build/server\n', 'server.ts': handler, 'remix.config.js': config });
    expect(of("export default {\n  server: './server.ts',\n  serverBuildPath: 'build/server/index.cjs',\n};\n")).toEqual(['app.arc#http/any /* aws server.ts:handler']);
    expect(of("export default {\n  server: './server.ts',\n  serverBuildPath: 'build/other/index.cjs',\n};\n")).toEqual([]);
  });
  it('gives triggers, settings, resources, and what it does not read', () => {
    const found = discovered(project);
    expect(triggersOf(found, 'http/post /orders/:id')).toEqual(['http POST /orders/{id}']);
    expect(triggersOf(found, 'http/get /files/*')).toEqual(['http GET /files/{proxy+}']);
    expect(triggersOf(found, 'scheduled/nightly')).toEqual(['schedule cron(0 3 * * ? *)']);
    expect(triggersOf(found, 'scheduled/hourly')).toEqual(['schedule rate(1 hour)']);
    expect(find(found, 'tables-streams/orders').triggers).toMatchObject([{ kind: 'stream', batchSize: 10, resource: { kind: 'resource', unit: 'svc/app.arc', id: 'tables/orders' } }]);
    expect(find(found, 'queues/work')).toMatchObject({
      timeoutSeconds: { value: 60, location: { file: 'svc/src/queues/work/config.arc', line: 2 } }, memoryMb: { value: 256 }, reservedConcurrency: { value: 1 },
      runtime: { value: 'nodejs22.x', location: { file: 'svc/app.arc', line: 4 } }, packaging: { folder: 'svc/src/queues/work' }, triggers: [{ kind: 'queue', batchSize: 1, resource: { id: 'queues/work' } }],
    });
    expect(find(found, 'events/placed')).toMatchObject({ timeoutSeconds: { value: 20, location: { line: 5 } }, memoryMb: { value: 1_152 }, declaredAt: [{ line: 14 }] });
    expect(find(found, 'events/placed').environment.get('KEY')).toEqual({ kind: 'literal', value: 'yes' });
    expect(found.resources.map((resource) => [resource.logicalId, resource.kind])).toEqual([['events/placed', 'topic'], ['queues/work', 'queue'], ['tables/orders', 'table']]);
    expect(found.gaps).toMatchObject([{ kind: 'plugin', line: 27 }, { kind: 'handler', line: 29 }]);
  });
  it('reads the manifest as JSON and YAML, and leaves others of the name alone', () => {
    const code = { 'src/http/get-index/index.js': handler, 'src/events/placed/index.js': handler, 'src/http/post-a/index.js': handler };
    const names = ['#events/placed', '#http/get /', '#http/post /a'];
    for (const [file, text] of [
      ['arc.json', '{"app":"x","http":[["get","/"],{"/a":{"method":"post"}}],"events":["placed"]}'],
      ['arc.yaml', 'app: x\nhttp:\n- get: /\n- /a:\n    method: post\nevents:\n- placed\n'],
    ] as const) expect(discovered({ [file]: text, ...code }).functions.map((fn) => fn.id)).toEqual(names.map((name) => file + name));
    expect(brief({ 'arc.json': '{"http":[["get","/"]]}', ...code })).toEqual([]);
  });
  it('adds the standard routes of web sockets that have code', () => {
    expect(brief({ 'app.arc': '@app\nx\n@ws\naction\n', 'src/ws/action/index.js': handler, 'src/ws/connect/index.js': handler })).toEqual(['app.arc#ws/action aws src/ws/action/index.js:handler', 'app.arc#ws/connect aws src/ws/connect/index.js:handler']);
  });
  it('says which functions of plugins it does not read, and takes those whose `src` stands there', () => {
    const files = { 'app.arc': '@app\nx\n@plugins\na/b\nc\n@bundles\nx y\n@mail\nin\n  src mail/in\ngone\n  src mail/gone\n', 'mail/in/index.js': handler };
    expect(brief(files)).toEqual(['app.arc#mail/in aws mail/in/index.js:handler']);
    expect(discovered(files).gaps).toMatchObject([{ kind: 'plugin', line: 4, message: expect.stringContaining('a/b, c') as unknown }, { kind: 'trigger', line: 9, message: expect.stringContaining('@mail') as unknown }, { kind: 'handler', line: 11 }]);
  });
  it('finds what a build fills a folder from', () => {
    expect(brief({ 'app.arc': '@app\nx\n@http\n/*\n  src server\n@scheduled\nads\n  rate 1 day\n  src build/jobs/ads\n', 'server.ts': handler, 'app/jobs/ads/index.ts': handler }))
      .toEqual(['app.arc#http/any /* aws server.ts:handler', 'app.arc#scheduled/ads aws app/jobs/ads/index.ts:handler']);
  });
  it('has nothing to do with other languages', () => {
    expect(brief({ 'app.arc': '@app\nx\n@http\nget /\n', 'src/http/get-index/index.js': handler, 'src/http/get-index/config.arc': '@aws\nruntime python3.12\n' })).toEqual([]);
  });
});
