import { describe, expect, it } from 'vitest';
import { effectGaps, effects } from '../../../src/link/queries/effects.ts';
import type { Binding, Resource, ResourceKind, ServerlessFunction } from '../../../src/model/function.ts';
import { literal, type Value } from '../../../src/model/value.ts';
import { deployed, project } from '../../support/memory.ts';

const location = { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 };
const resource = (logicalId: string, kind: ResourceKind, type = kind as string): Resource => ({ id: `template.yaml#${logicalId}`, unit: 'template.yaml', logicalId, kind, type, physicalName: literal(logicalId.toLowerCase()), location, properties: { kind: 'object', entries: [], open: false } });
const resources = [resource('Jobs', 'queue'), resource('Other', 'queue'), resource('Files', 'bucket'), resource('Items', 'table'), resource('Bus', 'bus'), resource('Cache', 'table', 'Cloudflare::KVNamespace'), resource('Out', 'queue', 'Cloudflare::Queue'), resource('Store', 'bucket', 'Cloudflare::R2Bucket')];
const ref = (id: string): Value => ({ kind: 'resource', unit: 'template.yaml', id, attribute: 'Ref' });
const environment = new Map<string, Value>([['JOBS', ref('Jobs')], ['OTHER', ref('Other')], ['TABLE', ref('Items')], ['BUS', ref('Bus')], ['CACHE', ref('Cache')], ['OUT', ref('Out')], ['STORE', ref('Store')]]);

const sdk = `import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'; import { DynamoDBDocumentClient, BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb'; import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'; const sqs = new SQSClient({}); const db = DynamoDBDocumentClient.from({}); const eb = new EventBridgeClient({});\n`;

/** `kind service target[ | target]@file:line`, targets by logical id, name or reason. */
function seen(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}): readonly string[] {
  const [first = ''] = Object.keys(files);
  const { fn } = project(files, [deployed('F', first, { environment, ...extra })], resources);
  return effects(fn).map((item) => {
    const at = fn.location(item.place);
    const targets = item.targets.map(({ names }) => (names.kind === 'resource' || names.kind === 'function' ? names.id.split('#')[1] : names.kind === 'name' ? names.key : names.kind === 'event' ? 'event' : `?${names.reason}`)).join(' | ');
    return `${item.effect.kind} ${item.effect.service} ${targets}${item.waits ? ' waits' : ''}@${at.file}:${at.line}`;
  });
}

const send = (url: string): string => `await sqs.send(new SendMessageCommand({ QueueUrl: ${url}, MessageBody: 'x' }));`;

describe('messages', () => {
  /** The payload of the only effect, parts of the event as `$path`. */
  const sent = (body: string): unknown => {
    const { fn } = project({ 'a.mjs': `${sdk}export const handler = async (event) => {\n${body}\n${send('process.env.JOBS').replace("'x'", 'JSON.stringify(event.detail)')}\n};` }, [deployed('F', 'a.mjs', { environment })], resources);
    const plain = (value: Value | undefined): unknown => {
      switch (value?.kind) {
        case 'object': return Object.fromEntries(value.entries.map(([name, one]) => [name, plain(one)]));
        case 'event': return `$${value.path.join('.')}`;
        case 'derived': return plain(value.from[0]);
        case 'oneOf': return value.options.map(plain);
        case 'literal': return value.value;
        default: return value?.kind;
      }
    };
    return plain(effects(fn)[0]?.effect.payload);
  };
  it.each<[string, string, unknown]>([
    ['as they came', '', '$detail'],
    ['without a field that was taken away', 'delete event.detail.a;', { '...': '$detail', a: undefined }],
    ['with a field below that was set', 'event.detail.meta.done = true;', { '...': '$detail', meta: { '...': '$detail.meta', done: true } }],
    ['with fields that were assigned', 'Object.assign(event.detail, { a: 1, b: 2 });', { '...': '$detail', a: 1, b: 2 }],
    ['with a field that may have been taken away', 'if (event.x) delete event.detail.a;', { '...': '$detail', a: ['$detail.a', undefined] }],
    ['of which another part was changed', 'delete event.other.a;', '$detail'],
  ])('%s', (_, body, expected) => expect(sent(body)).toEqual(expected));
});

describe('effects', () => {
  it.each<[string, string, readonly string[]]>([
    ['by the environment', `export const handler = async () => {\n${send('process.env.JOBS')}\n};`, ['publish sqs Jobs@a.mjs:3']],
    ['of a command that was built before', `export const handler = async () => {\nconst command = new SendMessageCommand({ QueueUrl: process.env.JOBS });\nawait sqs.send(command);\n};`, ['publish sqs Jobs@a.mjs:4']],
    ['of a list that is mapped', `export const handler = async (event) => {\nawait Promise.all(event.Records.map((r) => sqs.send(new SendMessageCommand({ QueueUrl: process.env.JOBS, MessageBody: r.body }))));\n};`, ['publish sqs Jobs@a.mjs:3']],
    ['of mapped entries: one, and none that is not known', `export const handler = async (event) => {\nconst Entries = event.Records.map((r) => ({ EventBusName: process.env.BUS, Detail: r.body }));\nawait eb.send(new PutEventsCommand({ Entries }));\n};`, ['publish eventbridge Bus@a.mjs:4']],
    ['of a list that grows by entries of a call: one more', `export const handler = async (event) => {\nawait eb.send(new PutEventsCommand({ Entries: [{ EventBusName: process.env.BUS }, ...load()] }));\n};`, ['publish eventbridge Bus@a.mjs:3', 'publish eventbridge ?result of global:load@a.mjs:3']],
    ['whose table is a computed key', `export const handler = async () => {\nawait db.send(new BatchWriteCommand({ RequestItems: { [process.env.TABLE]: [] } }));\n};`, ['write dynamodb Items@a.mjs:3']],
    ['in one of several ways', `export const handler = async (event) => {\nawait sqs.send(new SendMessageCommand({ QueueUrl: event.fast ? process.env.JOBS : process.env.OTHER }));\n};`, ['publish sqs Jobs | Other@a.mjs:3']],
    ['with a text of several ways', `const stage = globalThis.x ? 'dev' : 'prod';\nexport const handler = async (event) => {\nawait sqs.send(new SendMessageCommand({ QueueUrl: \`jobs-\${stage}\` }));\n};`, ['publish sqs name:string:jobs-dev | name:string:jobs-prod@a.mjs:4']],
    ['with an empty default', `export const handler = async () => {\n${send("process.env.JOBS ?? ''")}\n};`, ['publish sqs Jobs@a.mjs:3']],
    ['with work on an empty default', `let url = '';\nexport const handler = async (event) => {\nif (event.x) url = process.env.JOBS;\n${send("url.replace('{id}', 'x')")}\n};`, ['publish sqs Jobs@a.mjs:5']],
    ['of parameters that each branch makes for itself', `export const handler = async (event) => {\nlet params = {};\nif (event.x) params = { QueueUrl: process.env.JOBS, MessageBody: 'a' };\nelse params = { QueueUrl: process.env.OTHER, MessageBody: 'b' };\nawait sqs.send(new SendMessageCommand(params));\n};`, ['publish sqs Jobs@a.mjs:6', 'publish sqs Other@a.mjs:6']],
    ['that the event decides, as a text', `export const handler = async (event) => {\n${send('`${event.url}`')}\n};`, ['publish sqs event@a.mjs:3']],
    ['that the event decides', `export const handler = async (event) => {\n${send('event.url')}\n};`, ['publish sqs event@a.mjs:3']],
    ['of a variable that is not declared', `export const handler = async () => {\n${send('process.env.NOWHERE')}\n};`, ['publish sqs ?environment variable not declared@a.mjs:3']],
    ['through a parameter that is assigned to itself', `function put(params) {\nparams = Object.assign({}, params, { MessageBody: 'y' });\nreturn sqs.send(new SendMessageCommand(params));\n}\nexport const handler = async () => {\nawait put({ QueueUrl: process.env.JOBS });\n};`, ['publish sqs Jobs@a.mjs:7']],
    ['through a configuration that a list of names makes', `const read = (names) => names.reduce((all, name) => { all[name] = process.env[name]; return all; }, {});\nexport const handler = async () => {\nconst config = read(['JOBS', 'OTHER']);\n${send('config.OTHER')}\n};`, ['publish sqs Other@a.mjs:5']],
    ['through a schema', `import { z } from 'zod';\nconst env = z.object({ JOBS: z.string() }).parse(process.env);\nexport const handler = async () => {\n${send('env.JOBS')}\n};`, ['publish sqs Jobs@a.mjs:5']],
    ['through options that may be missing', `class Box {\nconstructor(options) { options = { ...{ url: process.env.JOBS }, ...options }; this.url = options.url; }\nasync put() { ${send('this.url')} }\n}\nconst box = new Box();\nexport const handler = async () => { await box.put(); };`, ['publish sqs Jobs@a.mjs:7']],
    ['through options that are asked for carefully', `async function put(options) {\n${send('options?.url ?? process.env.JOBS')}\n}\nexport const handler = async () => { await put(); };`, ['publish sqs Jobs@a.mjs:5']],
    ['through a singleton', `class Queue {\nstatic instance; constructor(url) { this.url = url; }\nstatic get(url) { if (!Queue.instance) Queue.instance = new Queue(url); return Queue.instance; }\nasync put(body) { ${send('this.url')} }\n}\nexport const handler = async () => { const queue = Queue.get(process.env.JOBS);\nawait queue.put('x'); };`, ['publish sqs Jobs@a.mjs:8']],
    ['not of a local function named send', `function send(x) { return x; }\nexport const handler = async () => { await send({ QueueUrl: process.env.JOBS }); };`, []],
    ['not in code that is only declared', `export const never = async () => { ${send('process.env.JOBS')} };\nexport const handler = async () => {};`, []],
  ])('%s', (_, code, expected) => expect(seen({ 'a.mjs': sdk + code })).toEqual(expected));

  it('on each path of a helper in another file, at the business call', () => {
    const lib = `${sdk}export async function put(url, body) {\n  ${send('url')}\n}\nexport class Mailer { constructor(url) { this.url = url; } async mail() { ${send('this.url')} } }`;
    const main = `import { put, Mailer } from './lib.mjs';\nconst mailer = new Mailer(process.env.OTHER);\nexport const handler = async () => {\n  await put(process.env.JOBS, 'a');\n  await put(process.env.OTHER, 'b');\n  await mailer.mail();\n};`;
    expect([...seen({ 'a.mjs': main, 'lib.mjs': lib })].sort()).toEqual(['publish sqs Jobs@a.mjs:4', 'publish sqs Other@a.mjs:5', 'publish sqs Other@a.mjs:6']);
  });

  it('in the handler that a wrapper was given, not where the wrapper calls what it was given', () => {
    const wrap = `export function wrap(inner, tell) {\n  return async (event) => {\n    await tell();\n    return inner(event);\n  };\n}`;
    const lib = `import { pathOf } from 'paths';\nexport const load = async (item) => {\n  await fetch('https://api.example.org/' + pathOf(item.id));\n};`;
    const main = `import { wrap } from './wrap.mjs';\nimport { load } from './lib.mjs';\nexport const handler = wrap(async ({ item }) => {\n  await load(item);\n}, () => {});`;
    expect(seen({ 'a.mjs': main, 'wrap.mjs': wrap, 'lib.mjs': lib })).toEqual(['request http url:api.example.org waits@a.mjs:4']);
    const direct = `import { load } from './lib.mjs';\nexport const handler = async ({ item }) => {\n  await load(item);\n};`;
    expect(seen({ 'a.mjs': direct, 'lib.mjs': lib })).toEqual(['request http url:api.example.org waits@a.mjs:3']);
  });

  it('where a setting is taken by name out of those that are handed on as a whole', () => {
    const settings = `const settings = { jobs: process.env.JOBS, other: process.env.OTHER };`;
    const run = `${sdk}export async function run(event, { config }) {\n  ${send('config.jobs')}\n}\nexport async function put(message) {\n  ${send('message.url')}\n}`;
    const of = (call: string): string => `import { run, put } from './lib.mjs';\n${settings}\nexport const handler = async (event) => {\n  ${call}\n};`;
    expect(seen({ 'a.mjs': of('await run(event, { config: settings });'), 'lib.mjs': run })).toEqual(['publish sqs Jobs@lib.mjs:3']);
    // Spelled out where it is handed over, or put together just before: the caller decides.
    expect(seen({ 'a.mjs': of('await run(event, { config: { jobs: process.env.OTHER } });'), 'lib.mjs': run })).toEqual(['publish sqs Other@a.mjs:4']);
    expect(seen({ 'a.mjs': of('const message = { url: process.env.OTHER };\n  await put(message);'), 'lib.mjs': run })).toEqual(['publish sqs Other@a.mjs:5']);
    expect(seen({ 'a.mjs': of('await put({ url: settings.other });'), 'lib.mjs': run })).toEqual(['publish sqs Other@a.mjs:4']);
    expect(seen({ 'a.mjs': `${of('const message = made(event);\n  await put(message);')}\nconst made = (event) => ({ url: process.env.OTHER, id: event.id });`, 'lib.mjs': run })).toEqual(['publish sqs Other@a.mjs:5']);
  });

  it('in the object that does the work, not where it is made or asked for', () => {
    const own = `  async #tell(body) {\n    ${send('this.url')}\n  }\n  async order(id) { await this.#tell(id); }`;
    const both = `  async order(id) {\n    await this.store.send(new PutCommand({ TableName: process.env.TABLE, Item: { id } }));\n    ${send('this.url')}\n  }`;
    const shop = (body: string): string => `${sdk}\nexport class Shop {\n  constructor(url, store) { this.url = url; this.store = store; }\n${body}\n}`;
    const main = `import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';\nimport { Shop } from './lib.mjs';\nconst shop = new Shop(process.env.JOBS, DynamoDBDocumentClient.from({}));\nexport const handler = async () => {\n  await shop.order('a');\n};`;
    expect(seen({ 'a.mjs': main, 'lib.mjs': shop(own.replaceAll('#tell', 'tell')) })).toEqual(['publish sqs Jobs@lib.mjs:6']);
    expect(seen({ 'a.mjs': main, 'lib.mjs': shop(both) }).filter((one) => one.includes('sqs'))).toEqual(['publish sqs Jobs@lib.mjs:7']);
    expect(seen({ 'a.mjs': main, 'lib.mjs': shop(`  async order(id) {\n    ${send('this.url')}\n  }`) })).toEqual(['publish sqs Jobs@a.mjs:5']);
  });

  it('one helper, two functions, two queues: each its own', () => {
    const lib = `${sdk}export const put = async () => { ${send('process.env.QUEUE')} };`;
    const handler = `import { put } from './lib.mjs'; export const handler = async () => { await put(); };`;
    const files = { 'a.mjs': handler, 'b.mjs': handler, 'lib.mjs': lib };
    const { project: whole } = project(files, [deployed('A', 'a.mjs', { environment: new Map([['QUEUE', ref('Jobs')]]) }), deployed('B', 'b.mjs', { environment: new Map([['QUEUE', ref('Other')]]) })], resources);
    const targets = whole.functions.map((fn) => effects(fn).flatMap((item) => item.targets.map(({ names }) => (names.kind === 'resource' ? names.id : names.kind))));
    expect(targets).toEqual([['template.yaml#Jobs'], ['template.yaml#Other']]);
  });

  it('of a fluent client whose target comes with a parameter', () => {
    const code = `import { PubSub } from '@google-cloud/pubsub';\nconst pubsub = new PubSub();\nconst tell = (name, json) => pubsub.topic(name).publishMessage({ json });\nexport const handler = async () => {\n  await tell('orders', {});\n  await tell('refunds', {});\n};`;
    expect(seen({ 'a.mjs': code })).toEqual(['publish pubsub name:string:orders@a.mjs:5', 'publish pubsub name:string:refunds@a.mjs:6']);
  });

  it.each<[string, string, string]>([
    ['awaited', 'await fetch("https://api.example.org/x");', 'request http url:api.example.org waits@a.mjs:2'],
    ['dropped', 'void fetch("https://api.example.org/x");', 'request http url:api.example.org@a.mjs:2'],
  ])('waits where the answer is %s', (_, code, expected) => {
    expect(seen({ 'a.mjs': `export const handler = async () => {\n${code}\n};` })).toEqual([expected]);
  });

  it('of another function that the same module registers are not its own', () => {
    const code = `const functions = require('firebase-functions'); const { PubSub } = require('@google-cloud/pubsub'); const pubsub = new PubSub();\nexports.other = functions.runWith({ memory: '1GB' }).https.onRequest(async () => {\nawait pubsub.topic('orders').publishMessage({});\n});\nexports.handler = functions.https.onRequest(async () => {\nawait pubsub.topic('refunds').publishMessage({});\n});`;
    expect(seen({ 'a.js': code }, { platform: 'firebase' })).toEqual(['publish pubsub name:string:refunds@a.js:6']);
  });

  it.each<[string, ServerlessFunction['platform'], string]>([
    ['its own action', 'openwhisk', 'invoke openwhisk F@a.js:3'],
    ['no action of another platform', 'google', 'invoke openwhisk ?environment variable not declared@a.js:3'],
  ])('invoke %s by the name that the platform gives', (_, platform, expected) => {
    const code = `const openwhisk = require('openwhisk');\nfunction main(params) { const ow = openwhisk();\nreturn ow.actions.invoke({ name: process.env.__OW_ACTION_NAME }); }\nexports.handler = main;`;
    expect(seen({ 'a.js': code }, { platform })).toEqual([expected]);
  });

  it('of wrappers around the handler', () => {
    const code = `import { makeIdempotent } from '@aws-lambda-powertools/idempotency';\nimport { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';\nexport const handler = makeIdempotent(async () => {}, { persistenceStore: new DynamoDBPersistenceLayer({ tableName: process.env.TABLE }) });`;
    expect(seen({ 'a.mjs': code })).toEqual(['write dynamodb Items@a.mjs:3']);
  });
});

describe('effects through bindings', () => {
  const worker = (body: string): readonly string[] => seen({ 'a.mjs': `export default { async fetch(request, env, ctx) {\n${body}\n} };` }, { platform: 'cloudflare', handlers: [{ file: 'a.mjs', export: 'default', kind: 'fetch' }] });

  it.each<[string, string, readonly string[]]>([
    ['KV put', "await env.CACHE.put('k', 'v');", ['write kv Cache@a.mjs:2']],
    ['R2 put', "await env.STORE.put('k', 'v');", ['write r2 Store@a.mjs:2']],
    ['a queue', 'await env.OUT.sendBatch([]);', ['publish cloudflare-queue Out@a.mjs:2']],
    ['a queue that nothing declares', 'await env.NOWHERE.sendBatch([]);', ['publish cloudflare-queue name:string:NOWHERE@a.mjs:2']],
    ['put of a binding that nothing declares', "await env.NOWHERE.put('k', 'v');", []],
    ['a method that KV lacks', 'await env.CACHE.send({});', []],
    ['put of a map', "const cache = new Map(); cache.set('k', 'v');", []],
  ])('%s of Cloudflare', (_, body, expected) => expect(worker(body)).toEqual(expected));

  const azure = (code: string, bindings: readonly Binding[]): readonly string[] => seen({ 'a.js': code }, { platform: 'azure', bindings });
  const output = (name: string, type = 'queue'): Binding => ({ name, type, direction: 'out', kind: 'queue', resource: literal('out-queue') });

  it('context.bindings, the returned value, and none for inputs or the response', () => {
    const code = `module.exports.handler = async function (context, item) {\n  context.bindings.out = item;\n  context.bindings.res = {};\n  context.res = {};\n  return item;\n};`;
    expect(azure(code, [output('out')])).toEqual(['publish azure-queue name:string:out-queue@a.js:2']);
    expect(azure(code, [output('out'), output('$return')])).toEqual(['publish azure-queue name:string:out-queue@a.js:2', 'publish azure-queue name:string:out-queue@a.js:5']);
    expect(azure(code, [output('$return', 'http')])).toEqual(['publish azure-binding binding:out@a.js:2']);
  });
});

describe('gaps', () => {
  it('are listed with place and reason', () => {
    const code = `${sdk}export const handler = async () => {\n${send('process.env.NOWHERE')}\n${send('process.env.JOBS')}\n${send('process.env.ELSEWHERE')}\n};`;
    const { fn } = project({ 'a.mjs': code }, [deployed('F', 'a.mjs', { environment })], resources);
    expect(effectGaps(fn).map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
      'a.mjs:3 F: what SendMessage (sqs) works on is not known: environment variable not declared', 'a.mjs:5 F: what SendMessage (sqs) works on is not known: environment variable not declared',
    ]);
  });
});
