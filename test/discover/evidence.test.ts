import { describe, expect, it } from 'vitest';
import { evidenceFunctions, isCandidate } from '../../src/discover/evidence-functions.ts';
import { localEvidence } from '../../src/discover/evidence.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { parseModule } from '../../src/extract/parse.ts';
import type { Infrastructure, ServerlessFunction } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

function shown(code: string, options: { file?: string; depends?: boolean; alone?: boolean } = {}) {
  const parsed = parseModule(options.file ?? 'a.ts', code);
  if (!('facts' in parsed)) throw new Error(parsed.error);
  return localEvidence(parsed.facts, options.depends ?? false, options.alone === true ? { asksAws: false } : undefined);
}
const brief = (code: string, options: { file?: string; depends?: boolean; alone?: boolean } = {}) => shown(code, options).map((one) => `${one.platform} ${one.kind} ${one.name}`);

describe('localEvidence: types', () => {
  it.each([
    ["import type { Handler } from 'aws-lambda'; export const handler: Handler = async () => {};", 'aws typed handler'],
    ["import * as lambda from 'aws-lambda'; export const run: lambda.SQSHandler = async () => {};", 'aws typed run'],
    ["import { APIGatewayProxyEvent, Context } from 'aws-lambda'; export async function createOrder(event: APIGatewayProxyEvent, context: Context) {}", 'aws typed createOrder'],
    ["import { APIGatewayProxyEvent as E, APIGatewayProxyResult } from 'aws-lambda'; export const get = async (event: E): Promise<APIGatewayProxyResult> => ({ statusCode: 200, body: '' });", 'aws typed get'],
    ["import { SQSEvent } from 'aws-lambda'; export const handler = async (event: SQSEvent) => {};", 'aws typed handler'],
    ["import { AzureFunction, Context } from '@azure/functions'; const trigger: AzureFunction = async function (context: Context) {}; export default trigger;", 'azure typed default'],
    ["import { S3Event, Context, Callback } from 'aws-lambda'; export const copy = (event: S3Event, context: Context, answer: Callback) => {};", 'aws typed copy'],
    ["import { S3Event, Context } from 'aws-lambda'; export const copy = (event: S3Event, context: Context, done) => {};", 'aws typed copy'],
    ["import { S3Event, Context } from 'aws-lambda'; export const copy = async (event: S3Event, context: Context, clients = made()) => {};", 'aws typed copy'],
    ["import type { HttpFunction } from '@google-cloud/functions-framework'; export const hello: HttpFunction = (req, res) => {};", 'google typed hello'],
    ["import { Handler } from '@netlify/functions'; const handler: Handler = async () => ({ statusCode: 200 }); export { handler };", 'netlify typed handler'],
    ["import type { VercelRequest, VercelResponse } from '@vercel/node'; export default function (req: VercelRequest, res: VercelResponse) {}", 'vercel typed default'],
    ["import type { InvocationContext } from '@azure/functions'; export const queueHandler = async (message: unknown, context: InvocationContext) => { context.log(message); };", 'azure typed queueHandler'],
    ["export default { async fetch(request: Request, env: Env, ctx: ExecutionContext) {} };", 'cloudflare typed default'],
    ["export const onRequestGet: PagesFunction<Env> = async () => new Response('');", 'cloudflare typed onRequestGet'],
  ])('%s', (code, expected) => expect(brief(code)).toEqual([expected]));

  it('gives a Worker a handler a method', () => {
    expect(shown("export default { async fetch(r, e, ctx: ExecutionContext) {}, async queue(batch: MessageBatch) {}, helper() {} };")[0]?.handlers.map((handler) => [handler.export, handler.kind])).toEqual([['default.fetch', 'fetch'], ['default.queue', 'queue']]);
  });

  it.each([
    ['a helper that reads an event', "import { APIGatewayProxyEvent } from 'aws-lambda'; export const userOf = (event: APIGatewayProxyEvent) => event.headers.user;"],
    ['a function that is not exported', "import { SQSEvent } from 'aws-lambda'; const handler = async (event: SQSEvent) => {}; handler;"],
    ['middleware', "import { APIGatewayProxyEvent, Context } from 'aws-lambda'; export const auth = (event: APIGatewayProxyEvent, context: Context, next: () => void) => next();"],
    ['a helper that is given the answer', "import { CloudFormationCustomResourceEvent, Context } from 'aws-lambda'; export async function send(event: CloudFormationCustomResourceEvent, context: Context, response: Answer) {}"],
    ['a type of the same name from elsewhere', "import { Handler } from './types'; export const handler: Handler = async () => {};"],
    ['an own ExecutionContext', 'interface ExecutionContext { a: 1 } export default { fetch(r: string, e: string, ctx: ExecutionContext) {} };'],
    ['a helper that takes the context of a Worker first', 'export async function info(context: ExecutionContext, registry: string, name: string) {}'],
    ['a helper that takes the context of a function first', "import type { Context } from '@netlify/functions'; export const later = (context: Context, work: Promise<void>) => context.waitUntil(work);"],
    ['what is given the failures of handlers', "import type { InvocationContext } from '@azure/functions'; export const errorHandler = (error: unknown, context: InvocationContext, options?: object) => { context.error(error); };"],
    ['an infrastructure program', "import * as lambda from 'aws-cdk-lib/aws-lambda'; export class A { constructor(f: lambda.Function) {} }"],
    ['a table of handlers', "import type { Handler } from 'aws-lambda'; export const all: Record<string, Handler> = {};"],
    ['a type export', "import type { Handler } from 'aws-lambda'; export type MyHandler = Handler;"],
    ['a skill that is made and not deployed', "const Alexa = require('ask-sdk-core'); exports.skill = Alexa.SkillBuilders.custom().create();"],
  ])('stays quiet on %s', (_, code) => expect(brief(code)).toEqual([]));
});

describe('localEvidence: wrappers and registrations', () => {
  it.each([
    ["import middy from '@middy/core'; const base = async () => {}; export const handler = middy(base).use(x());", 'aws wrapped handler'],
    ["import middy from '@middy/core'; export const handler = middy().use(a).handler(async () => {});", 'aws wrapped handler'],
    ["import middy from '@middy/core'; export const newHandler = (params) => { const made = middy((event) => work(params, event)).use(x()); return made; }; export const handler = newHandler({});", 'aws wrapped handler'],
    ["import middy from '@middy/core'; function make(fn) { return middy(fn); } export const handler = make(async () => {});", 'aws wrapped handler'],
    ["const Sentry = require('@sentry/serverless'); exports.run = Sentry.AWSLambda.wrapHandler(async () => {});", 'aws wrapped run'],
    ["const { datadog } = require('datadog-lambda-js'); module.exports.handler = datadog(async () => {});", 'aws wrapped handler'],
    ["const serverless = require('serverless-http'); const app = require('express')(); module.exports.handler = serverless(app);", 'aws wrapped handler'],
    ["import middy from '@middy/core'; import { logged } from './logged'; export const handler = logged(middy(async () => {}));", 'aws wrapped handler'],
    ["const Alexa = require('ask-sdk-core'); exports.handler = Alexa.SkillBuilders.custom().addRequestHandlers(A, B).lambda();", 'aws wrapped handler'],
    ["const Alexa = require('ask-sdk'); const skillBuilder = Alexa.SkillBuilders.standard(); exports.handler = skillBuilder.addRequestHandlers(A).lambda();", 'aws wrapped handler'],
    ["import { handle } from 'hono/aws-lambda'; export const handler = handle(app);", 'aws wrapped handler'],
    ["import { onRequest } from 'firebase-functions/v2/https'; export const api = onRequest({ region: 'x' }, (req, res) => {});", 'firebase registered api'],
    ["const functions = require('firebase-functions'); exports.made = functions.region('x').firestore.document('a/{id}').onCreate(async () => {});", 'firebase registered made'],
    ["const { onSchedule } = require('firebase-functions').scheduler; exports.nightly = onSchedule('x', async () => {});", 'firebase registered nightly'],
    ["import { app } from '@azure/functions'; app.http('orders', { methods: ['GET'], handler: async () => ({}) });", 'azure registered orders'],
    ["const { app } = require('@azure/functions'); async function run() {} app.storageQueue('work', { queueName: 'q', handler: run });", 'azure registered work'],
    ["import * as ff from '@google-cloud/functions-framework'; ff.cloudEvent('onFile', (e) => {});", 'google registered onFile'],
    ["const functions = require('@google-cloud/functions-framework'); functions.http('hello', hello); function hello(req, res) {}", 'google registered hello'],
  ])('%s', (code, expected) => expect(brief(code)).toEqual([expected]));

  it('counts a registered export once and names it', () => {
    const [only, ...rest] = shown("import { app, HttpRequest, InvocationContext } from '@azure/functions'; export async function orders(request: HttpRequest, context: InvocationContext) {} app.http('orders-api', { handler: orders });");
    expect([only?.name, only?.handlers, only?.trigger, rest]).toEqual(['orders-api', [{ file: 'a.ts', export: 'orders', kind: 'v4' }], 'http', []]);
  });
  it('gives the range of an inline handler, and where an imported one comes from', () => {
    const code = "import { app } from '@azure/functions'; app.timer('t', { handler: async () => 1 });";
    const at = shown(code)[0]?.handlers[0]?.at;
    expect(code.slice(at?.start, at?.end)).toBe('async () => 1');
    expect(shown("import { app } from '@azure/functions'; import { run } from './run'; app.http('x', { handler: run });")[0]).toMatchObject({ handlers: [], from: { source: './run', imported: 'run' } });
    const made = shown("import { app } from '@azure/functions'; import { make } from './run'; app.http('x', { handler: make() });")[0];
    expect([made?.from, made?.handlers.map((handler) => handler.export)]).toEqual([undefined, ['x']]);
  });

  it.each([
    ['Astro middleware', "import { defineMiddleware } from 'astro:middleware'; export const onRequest = defineMiddleware((context, next) => next());"],
    ['gatsby-node', 'exports.onCreateNode = ({ node, actions }) => {}; exports.createPages = async () => {};'],
    ['a story', "import type { Meta } from '@storybook/react'; export default { title: 'A' }; export const Primary = { args: {} };"],
    ['a web server', "const express = require('express'); const app = express(); app.http('x', () => {}); module.exports = app;"],
    ['a Firebase client', "import { onSnapshot } from 'firebase/firestore'; export const stop = onSnapshot(ref, () => {});"],
    ['a Firebase option', "import { setGlobalOptions } from 'firebase-functions/v2'; setGlobalOptions({ region: 'x' }); export const config = 1;"],
    ['a private onRequest', "import { onRequest } from 'firebase-functions/v2/https'; const api = onRequest(() => {}); api;"],
    ['middleware of middy', "export const logger = () => ({ before: async (request) => {}, after: async (request) => {} });"],
  ])('stays quiet on %s', (_, code) => expect(brief(code, { depends: true })).toEqual([]));
});

describe('localEvidence: one export made of another', () => {
  const head = "import * as Sentry from '@sentry/aws-serverless'; import type { SQSEvent, Context, Handler } from 'aws-lambda'; ";
  it.each([
    ['the outer one is the function', 'export async function processor(event: SQSEvent, context: Context) {} export const handler = Sentry.wrapHandler(processor);', ['aws wrapped handler']],
    ['through a second wrapper', 'export async function inner(event: SQSEvent, context: Context) {} export const handler = Sentry.wrapHandler(logged(inner));', ['aws wrapped handler']],
    ['a typed result', 'export async function inner(event: SQSEvent, context: Context) {} export const handler: Handler = logged(inner);', ['aws typed handler']],
    ['a second name for it', 'export const handler: Handler = async () => {}; export default handler;', ['aws typed handler']],
    ['the default export alone', 'const handler: Handler = async () => {}; export default handler;', ['aws typed default']],
    ['two that do not know each other', 'export async function one(event: SQSEvent, context: Context) {} export const two = Sentry.wrapHandler(async () => {});', ['aws typed one', 'aws wrapped two']],
    ['a wrapper that shows nothing', 'export async function one(event: SQSEvent, context: Context) {} export const two = wrap(one);', ['aws typed one']],
  ])('%s', (_, code, expected) => expect(brief(head + code)).toEqual(expected));
});

describe('localEvidence: names alone', () => {
  it.each([
    ['export const handler = async (event, context) => {};', ['aws signature handler']],
    ['module.exports.main = (event, context, callback) => callback();', ['aws signature main']],
    ['exports.handler = async function ({ name }, _context) {};', ['aws signature handler']],
    ['export const handler = async (event) => {};', []],
    ['export const handler = (req, res) => {};', []],
    ['export async function main(argv, env) {}', []],
    ['export async function main() {}', []],
    ['export const other = async (event, context) => {};', []],
    ['exports.handler = function (event, context, callback, overrides) {};', ['aws signature handler']],
    ['exports.handler = function (event, context, next, overrides) {};', []],
    ['module.exports = { handler: (lambdaEvent, context) => proxy(lambdaEvent, context) };', ['aws signature handler']],
    ['export const handler = (event, context, emit) => {};', []],
  ])('%s', (code, expected) => {
    expect(brief(code, { depends: true })).toEqual(expected);
    expect(brief(code)).toEqual([]);
  });
});

describe('localEvidence: the event alone', () => {
  it.each([
    ['exports.handler = (event) => { for (const record of event.Records) save(record); };', ['aws signature handler']],
    ["exports.handler = (event) => save(event['body-json'].id);", ['aws signature handler']],
    ['exports.handler = ({ Records }) => save(Records);', ['aws signature handler']],
    ['exports.handler = (event) => { const { pathParameters: { id } } = event; return load(id); };', ['aws signature handler']],
    ['exports.handler = async (event) => remove(event);', ['aws signature handler']],
    ['exports.main = async (event) => save(event.Records);', []],
    ['export const handler = (event) => { event.preventDefault(); };', []],
    ['export const handler = async (argv) => save(argv);', []],
    ['export const handler = ({ name }) => save(name);', []],
    ['export const handler = (event) => save(other.Records);', []],
    ['export const handler = (args) => save(args.Records);', []],
  ])('%s', (code, expected) => {
    expect(brief(code, { depends: true, alone: true })).toEqual(expected);
    expect(brief(code, { depends: true })).toEqual([]);
    expect(brief(code, { alone: true })).toEqual([]);
  });
});

describe('localEvidence: an event of Lambda without any package', () => {
  it.each([
    ['exports.handler = function (event, context, callback) { const text = event.awslogs.data; callback(null, text); };', ['aws signature handler']],
    ['exports.handler = (event, context) => { event.Records.forEach((record) => use(record)); };', ['aws signature handler']],
    ['exports.handler = async function ({ Records }, _context) {};', ['aws signature handler']],
    // The name alone, what another platform has as well, another name, and one parameter prove nothing.
    ['exports.handler = (event, context) => ({ ok: event.name });', []],
    ['exports.handler = async (event, context) => ({ statusCode: 200, body: event.queryStringParameters.name });', []],
    ['exports.main = (event, context) => event.Records;', []],
    ['exports.handler = (event) => event.Records;', []],
    ['exports.handler = (request, context) => request.Records;', []],
  ])('%s', (code, expected) => expect(brief(code)).toEqual(expected));
});

describe('localEvidence: who sends the events', () => {
  it('reads callbacks of the handler, and what only log events have', () => {
    expect(senders('exports.handler = (event, context) => { event.Records.forEach((record) => use(record.kinesis.data)); };')).toEqual(['stream stream event']);
    expect(senders('exports.handler = (event, context) => use(event.awslogs.data);')).toEqual(['log log event']);
    expect(senders('exports.handler = (event, context) => { event.Records.forEach((record) => use(record.other)); };')).toEqual(['unknown -']);
  });
  const senders = (code: string): readonly string[] => shown(code, { depends: true, alone: true }).map((one) => `${one.trigger} ${one.source ?? '-'}`);
  it.each([
    ["import type { SQSEvent } from 'aws-lambda'; export const handler = async (event: SQSEvent) => {};", 'queue SQS event'],
    ["import type { S3Handler } from 'aws-lambda'; export const handler: S3Handler = async () => {};", 'bucket S3 event'],
    ["import type { APIGatewayProxyEvent } from 'aws-lambda'; export const handler = async (event: APIGatewayProxyEvent) => {};", 'unknown -'],
    ["exports.handler = (event, context) => { const key = event.Records[0].s3.object.key; };", 'bucket S3 event'],
    ["exports.handler = async (event) => { for (const record of event.Records) { const { Message } = record.Sns; await save(Message); } };", 'topic SNS event'],
    ["exports.handler = async ({ Records }, context) => Promise.all(Records.map(save));", 'unknown -'],
    ["exports.handler = async (event, context) => load(event.s3.key);", 'unknown -'],
  ])('%s', (code, expected) => expect(senders(code)).toEqual([expected]));
});

describe('evidenceFunctions', () => {
  const nothing: Infrastructure = { functions: [], resources: [], gaps: [], files: [], problems: [] };
  const find = (files: Record<string, string>, infrastructure = nothing) => {
    const workspace = memoryWorkspace(files);
    return evidenceFunctions(workspace, infrastructure, createFactsLoader(workspace)).map((fn) => [fn.id, fn.foundBy, fn.handlers[0]?.file, fn.declaredAt[0]?.line]);
  };
  const typed = "import type { Handler } from 'aws-lambda';\nexport const handler: Handler = async () => {};\n";

  it('finds functions, an imported handler in its own file', () => {
    expect(find({ 'src/a.ts': typed, 'src/register.ts': "import { app } from '@azure/functions';\nimport { run } from './run.js';\napp.http('x', { handler: run });\n", 'src/run.ts': 'export const run = async () => ({});' })).toEqual([
      ['src/a.ts#handler', 'evidence', 'src/a.ts', 2], ['src/register.ts#x', 'evidence', 'src/run.ts', 3],
    ]);
  });
  it('leaves out what a compiler made of a source beside it', () => {
    const made = "const functions = require('firebase-functions');\nexports.sync = functions.firestore.document('a/{id}').onWrite(async () => {});\n";
    const source = "import * as functions from 'firebase-functions';\nexport const sync = functions.firestore.document('a/{id}').onWrite(async () => {});\n";
    expect(find({ 'fn/package.json': '{"main":"lib/index.js"}', 'fn/lib/index.js': made, 'fn/src/index.ts': source }).map(([id]) => id)).toEqual(['fn/src/index.ts#sync']);
    expect(find({ 'fn/package.json': '{"main":"lib/index.js"}', 'fn/lib/index.js': made, 'fn/src/other.ts': source }).map(([id]) => id)).toEqual(['fn/lib/index.js#sync', 'fn/src/other.ts#sync']);
    expect(find({ 'fn/package.json': '{"main":"lib/index.js"}', 'fn/lib/index.js': made, 'fn/src/index.js': made }).map(([id]) => id)).toEqual(['fn/lib/index.js#sync', 'fn/src/index.js#sync']);
  });
  it('takes names only below a manifest with a platform package', () => {
    const code = 'exports.handler = async (event, context) => {};\n';
    expect(find({ 'a/package.json': '{"dependencies":{"@aws-sdk/client-s3":"3"}}', 'a/src/x.js': code, 'b/package.json': '{"dependencies":{"react":"18"}}', 'b/x.js': code }).map(([id]) => id)).toEqual(['a/src/x.js#handler']);
  });
  it('leaves a unit to its infrastructure, for its own platform', () => {
    const fn: ServerlessFunction = {
      id: 'svc/template.yaml#A', name: 'A', unit: 'svc/template.yaml', platform: 'aws', handlers: [{ file: 'svc/app.ts', export: 'handler', kind: 'handler' }], triggers: [],
      declaredAt: [], foundBy: 'infrastructure', environment: new Map(), layers: [], mounts: [], destinations: [],
    };
    const files = { 'svc/app.ts': typed, 'svc/old.ts': typed, 'other/app.ts': typed, 'svc/fire.ts': "import { onRequest } from 'firebase-functions/v2/https'; export const api = onRequest(() => {});" };
    expect(find(files, { ...nothing, functions: [fn] }).map(([id]) => id)).toEqual(['other/app.ts#handler', 'svc/fire.ts#api']);
    expect(find(files, { ...nothing, functions: [{ ...fn, handlers: [] }] }).map(([id]) => id)).toContain('svc/old.ts#handler');
  });
  it('takes no Firebase function that the deployed main module does not load', () => {
    const files = { 'app/src/index.ts': "export { api } from './api';", 'app/src/api.ts': "import { onRequest } from 'firebase-functions/v2/https'; export const api = onRequest(() => {});", 'app/src/retired.ts': "import { onRequest } from 'firebase-functions/v2/https'; import './api'; export const old = onRequest(() => {});", 'app/src/instead.ts': "import { onRequest } from 'firebase-functions/v2/https'; export const whole = onRequest(() => {});", 'other/fire.ts': "import { onRequest } from 'firebase-functions/v2/https'; export const more = onRequest(() => {});" };
    const fn: ServerlessFunction = {
      id: 'app/firebase.json#api', name: 'api', unit: 'app/firebase.json', platform: 'firebase', handlers: [{ file: 'app/src/api.ts', export: 'api', kind: 'http' }], triggers: [],
      declaredAt: [], foundBy: 'convention', environment: new Map(), layers: [], mounts: [], destinations: [],
    };
    expect(find(files, { ...nothing, functions: [fn], files: ['app/src/index.ts', 'app/src/api.ts'] }).map(([id]) => id)).toEqual(['app/src/instead.ts#whole', 'other/fire.ts#more']);
  });
  it('leaves the neighbours of declared handlers to the infrastructure, wherever that stands', () => {
    const fn = (file: string): ServerlessFunction => ({
      id: 'infra/template.yaml#A', name: 'A', unit: 'infra/template.yaml', platform: 'aws', handlers: [{ file, export: 'handler', kind: 'handler' }], triggers: [],
      declaredAt: [], foundBy: 'infrastructure', environment: new Map(), layers: [], mounts: [], destinations: [],
    });
    const files = { 'src/handlers/create.ts': typed, 'src/handlers/create-work.ts': typed, 'src/jobs/nightly.ts': typed };
    expect(find(files, { ...nothing, functions: [fn('src/handlers/create.ts')] }).map(([id]) => id)).toEqual(['src/jobs/nightly.ts#handler']);
    expect(find({ 'create.ts': typed, 'src/jobs/nightly.ts': typed }, { ...nothing, functions: [fn('create.ts')] }).map(([id]) => id)).toEqual(['src/jobs/nightly.ts#handler']);
  });
  it('takes a handler by its signature where the file asks a platform itself', () => {
    const code = (name: string) => `const sdk = require('${name}');\nexports.handler = function (event, context) { sdk.run(event, context); };`;
    expect(find({ 'f/index.js': code('aws-sdk'), 'g/index.js': code('@aws-sdk/client-s3'), 'h/index.js': code('aws-sdk/clients/s3') }).map(([id]) => id)).toEqual(['f/index.js#handler', 'g/index.js#handler', 'h/index.js#handler']);
    expect(find({ 'f/index.js': code('events'), 'g/index.js': code('./aws-sdk') })).toEqual([]);
  });

  it('takes a handler of the event alone where the file asks AWS itself', () => {
    const code = (name: string, params: string) => `import sdk from '${name}';\nexport const handler = async (${params}) => { await sdk.run(); };`;
    expect(find({ 'f/index.js': code('@aws-sdk/client-sns', 'event'), 'g/index.js': code('aws-sdk', '') }).map(([id]) => id)).toEqual(['f/index.js#handler', 'g/index.js#handler']);
    const fn: ServerlessFunction = {
      id: 'svc/template.yaml#A', name: 'A', unit: 'svc/template.yaml', platform: 'aws', handlers: [{ file: 'svc/app.ts', export: 'handler', kind: 'handler' }], triggers: [],
      declaredAt: [], foundBy: 'infrastructure', environment: new Map(), layers: [], mounts: [], destinations: [],
    };
    // Where infrastructure says what is deployed, what it leaves out is not.
    expect(find({ 'f/index.js': code('@aws-sdk/client-sns', 'event') }, { ...nothing, functions: [fn] })).toEqual([]);
    expect(find({ 'f/index.js': code('@aws-sdk/client-sns', 'argv'), 'g/index.js': code('events', 'event') })).toEqual([]);
    const command = "const sdk = require('aws-sdk');\nexports.command = 'run';\nexports.describe = 'Runs it';\nexports.handler = async () => sdk.run();";
    expect(find({ 'f/index.js': command })).toEqual([]);
  });

  it('takes what is built beside handlers that the infrastructure names', () => {
    const declared = (file: string): ServerlessFunction => ({
      id: `serverless.yml#${file}`, name: file, unit: 'serverless.yml', platform: 'aws', handlers: [{ file, export: 'handler', kind: 'handler' }], triggers: [],
      declaredAt: [], foundBy: 'infrastructure', environment: new Map(), layers: [], mounts: [], destinations: [],
    });
    const code = 'export const handler = async () => run();';
    const files = { 'package.json': '{"devDependencies":{"@types/aws-lambda":"8"}}', 'src/a.ts': code, 'src/b.ts': code, 'src/c/index.ts': code, 'src/d/index.ts': code, 'src/e.ts': 'export const run = async (event) => event;' };
    const ids = (build: string, functions = ['src/a.ts', 'src/b.ts']) => find({ ...files, 'build.js': build }, { ...nothing, functions: functions.map(declared) }).map(([id]) => id);
    const list = (...entries: string[]) => `require('esbuild').build({ entryPoints: [${entries.map((entry) => `'${entry}'`).join(', ')}], outdir: 'build' });`;
    expect(ids(list('src/a.ts', 'src/b.ts', './src/c/index.ts', 'src/e.ts'))).toEqual(['src/c/index.ts#handler']);
    expect(ids(list('src/a.ts', 'src/c/index.ts'))).toEqual([]);
    expect(ids(list('src/a.ts', 'src/b.ts').replace('entryPoints', 'files') + "\n// 'src/c/index.ts'")).toEqual([]);
    expect(ids('')).toEqual([]);
  });

  it('takes what a program may name that was followed a part of the way only', () => {
    const fn: ServerlessFunction = {
      id: 'src/main.ts#A', name: 'A', unit: 'src/main.ts', platform: 'aws', handlers: [{ file: 'src/a/index.ts', export: 'handler', kind: 'handler' }], triggers: [],
      declaredAt: [], foundBy: 'infrastructure', environment: new Map(), layers: [], mounts: [], destinations: [],
    };
    const code = "import type { Context } from 'aws-lambda';\nexport const handler = async (event: unknown, context: Context) => event;";
    const files = { 'src/main.ts': '', 'src/a/index.ts': code, 'src/a/other.ts': code, 'src/b/index.ts': code };
    const gap = (message: string) => ({ kind: 'program' as const, file: 'src/main.ts', line: 1, message });
    const ids = (message: string) => find(files, { ...nothing, functions: [fn], gaps: [gap(message)] }).map(([id]) => id);
    expect(ids('the program is too large to be followed to its end')).toEqual(['src/b/index.ts#handler']);
    expect(ids('a list is followed for 1000 items only')).toEqual([]);
  });

  it('takes no part of a handler of another file for one', () => {
    const types = "import type { APIGatewayProxyEventV2, APIGatewayProxyResult } from 'aws-lambda';\n";
    const part = `${types}export async function beacon(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResult> { return { statusCode: 200, body: '' }; }`;
    const whole = (imported: string) => `${types}${imported}\nexport const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResult> => beacon(event);`;
    const ids = (imported: string) => find({ 'api/index.ts': whole(imported), 'api/track/index.ts': part }).map(([id]) => id);
    expect(ids("import { beacon } from './track';")).toEqual(['api/index.ts#handler']);
    expect(ids("import { other } from './track';")).toEqual(['api/index.ts#handler', 'api/track/index.ts#beacon']);
    expect(ids("import type { beacon } from './track';")).toEqual(['api/index.ts#handler', 'api/track/index.ts#beacon']);
    // Of a handler that the infrastructure names, in another package of the repository.
    const declared: ServerlessFunction = {
      id: 'svc/template.yaml#A', name: 'A', unit: 'svc/template.yaml', platform: 'aws', handlers: [{ file: 'svc/app.ts', export: 'handler', kind: 'handler' }], triggers: [],
      declaredAt: [], foundBy: 'infrastructure', environment: new Map(), layers: [], mounts: [], destinations: [],
    };
    const packages = { 'parts/package.json': '{"name":"@acme/parts"}', 'parts/src/track.ts': part };
    const through = (source: string) => find({ ...packages, 'svc/app.ts': `import { beacon } from '${source}';\nexport const handler = beacon;` }, { ...nothing, functions: [declared] }).map(([id]) => id);
    expect(through('@acme/parts/lib/track')).toEqual([]);
    expect(through('@acme/parts/src/track')).toEqual([]);
    expect(through('@acme/parts/lib/other')).toEqual(['parts/src/track.ts#beacon']);
    // What comes second is the context: another thing is what a helper takes.
    const answer = (second: string) => find({ 'a.ts': `${types}export const answer = async (event: APIGatewayProxyEventV2${second}): Promise<APIGatewayProxyResult> => ({ statusCode: 200, body: '' });` }).map(([id]) => id);
    expect(answer(', body: unknown')).toEqual([]);
    for (const second of ['', ', ctx: any', ', _unused: unknown', ', info: LambdaContext']) expect(answer(second)).toEqual(['a.ts#answer']);
    // Lambda does not look at what is given back at once.
    const given = (how: string) => find({ 'a.ts': `${types}export ${how} { return { statusCode: 204, body: '' }; }` }).map(([id]) => id);
    expect(given('function answer(event: APIGatewayProxyEventV2): APIGatewayProxyResult')).toEqual([]);
    expect(given('async function answer(event: APIGatewayProxyEventV2): APIGatewayProxyResult')).toEqual(['a.ts#answer']);
    expect(given('function answerHandler(event: APIGatewayProxyEventV2): APIGatewayProxyResult')).toEqual(['a.ts#answerHandler']);
    // A handler that another one delegates to is deployed by its own name.
    const own = find({ 'a.ts': `${types}import { handler as other } from './b';\nexport const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResult> => other(event);`, 'b.ts': part.replace('beacon', 'handler') });
    expect(own.map(([id]) => id)).toEqual(['a.ts#handler', 'b.ts#handler']);
  });

  it('takes a handler by its signature where the manifest has an adapter of a web framework', () => {
    const code = "const adapter = require('aws-serverless-express');\nconst server = adapter.createServer(require('./app'));\nmodule.exports = { handler: (lambdaEvent, context) => adapter.proxy(server, lambdaEvent, context) };";
    expect(find({ 'lambda.js': code }).map(([id]) => id)).toEqual(['lambda.js#handler']);
    expect(find({ 'lambda.js': code.replaceAll('adapter', 'other').replace('aws-serverless-express', 'express') })).toEqual([]);
  });

  it('takes a handler by its signature where the manifest has a package of skills or of Kinesis', () => {
    const code = 'exports.handler = function (event, context) { run(event, context); };';
    for (const name of ['alexa-sdk', 'ask-sdk-core', 'aws-kinesis-agg']) {
      expect(find({ 'package.json': `{"dependencies":{"${name}":"1"}}`, 'index.js': code }).map(([id]) => id)).toEqual(['index.js#handler']);
    }
    expect(find({ 'package.json': '{"dependencies":{"ask":"1"}}', 'index.js': code })).toEqual([]);
  });

  it.each(['test/a.ts', 'src/a.test.ts', 'src/__tests__/a.ts', 'scripts/a.ts', 'bin/a.js', 'dist/a.js', 'a.d.ts', 'a.stories.tsx', 'gatsby-node.js', 'vite.config.ts', 'a.json'])('%s is no candidate', (file) => expect(isCandidate(file)).toBe(false));
  it.each(['src/a.ts', 'latest/a.ts', 'src/contest.ts', 'functions/testing.js', 'lib/a.mjs', 'handler.js'])('%s is a candidate', (file) => expect(isCandidate(file)).toBe(true));
});

it('reads who may call a route that is registered with Azure', () => {
  const auth = (level: string) => shown(`import { app } from '@azure/functions'; app.http('a', { ${level} handler: async () => ({}) });`)[0]?.auth;
  expect(auth("authLevel: 'anonymous',")).toMatchObject({ kind: 'none', start: "import { app } from '@azure/functions'; app.http('a', { ".length, end: "import { app } from '@azure/functions'; app.http('a', { authLevel: 'anonymous'".length });
  expect(auth("authLevel: 'function',")?.kind).toBe('key');
  expect(auth('authLevel: level,')).toBeUndefined();
  expect(auth('')).toBeUndefined();
});
