import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { brief, declared, lit, named } from './code-support.ts';

const unit = 'sst.config.ts';
const ref = (id: string, attribute = 'Ref') => ({ kind: 'resource', unit, id, attribute });

describe('a whole SST v2 project', () => {
  const root = 'fixtures/discover/sst-v2';
  const workspace = openWorkspace(root, { root });
  const found = discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });

  it('finds the functions of all stacks', () => {
    const code = 'backend/lambdas';
    expect(brief(found)).toEqual([
      `${unit}#books/index ${code}/loans.ts:index stream`, `${unit}#clerk ${code}/gate.ts:clerk auth`, `${unit}#covers/scale ${code}/loans.ts:scale bucket`,
      `${unit}#gate/GET /books ${code}/gate.ts:list http`, `${unit}#gate/GET /hours ${code}/gate.ts:hours http`, `${unit}#gate/POST /books ${code}/gate.ts:add http`,
      `${unit}#loans/consumer ${code}/loans.ts:lend queue`, `${unit}#nightly/job ${code}/gate.ts:nightly schedule`, `${unit}#told/mail ${code}/loans.ts:mail topic`, `${unit}#town/moved/note ${code}/gate.ts:note bus`,
    ]);
    expect(found.gaps).toEqual([]);
  });

  it('gives defaults of the application to all, those of a stack to its own, those of an API to its routes', () => {
    expect(named(found, 'loans/consumer')).toMatchObject({ timeoutSeconds: { value: 40, location: { file: 'stacks/store.ts', line: 4 } }, runtime: { value: 'nodejs20.x', location: { file: unit, line: 10 } } });
    expect(named(found, 'books/index')).toMatchObject({ memoryMb: { value: 512 } });
    expect(named(found, 'nightly/job')).toMatchObject({ timeoutSeconds: { value: 10 }, memoryMb: { value: 1024 } });
    expect(named(found, 'gate/POST /books')).toMatchObject({ timeoutSeconds: { value: 20, location: { file: 'stacks/gate.ts', line: 8 } } });
    expect([...named(found, 'gate/POST /books').environment]).toEqual([['STAGE', { kind: 'env', name: 'sst:stage' }], ['BOOKS', ref('books', 'Ref')], ['LOANS', ref('loans', 'QueueUrl')]]);
  });

  it('reads triggers and who may call', () => {
    expect(named(found, 'loans/consumer').triggers).toMatchObject([{ resource: ref('loans'), batchSize: 3, partialBatchResponse: true }]);
    expect(named(found, 'books/index').triggers).toMatchObject([{ resource: ref('books', 'StreamArn'), filters: [{ kind: 'records', patterns: [{ entries: [['eventName', { items: [lit('MODIFY')] }]] }] }] }]);
    expect(named(found, 'covers/scale').triggers).toMatchObject([{ filters: [{ events: ['s3:ObjectCreated:*'], rules: [{ prefix: lit('raw/') }] }] }]);
    expect(named(found, 'nightly/job').triggers).toMatchObject([{ schedule: lit('cron(0 3 * * ? *)') }]);
    expect(['GET /books', 'POST /books', 'GET /hours'].map((route) => named(found, `gate/${route}`).triggers[0]?.auth?.kind)).toEqual(['identity', 'authorizer', 'none']);
    expect(named(found, 'gate/POST /books').triggers[0]?.auth).toMatchObject({ authorizer: ref('clerk') });
  });

  it('knows physical names and links', () => {
    expect(found.resources.find((resource) => resource.logicalId === 'loans')).toMatchObject({ kind: 'queue', physicalName: lit('library-loans'), location: { file: 'stacks/store.ts', line: 6 } });
    expect(found.resources.find((resource) => resource.logicalId === 'dead')?.physicalName).toBeUndefined();
    expect(found.links.map((link) => [link.kind, link.from, link.to])).toEqual([['target', ref('town'), ref('loans')], ['redrive', ref('loans', 'Arn'), ref('dead')], ['subscription', ref('told'), ref('loans')]]);
  });
});

describe('SST v1', () => {
  it('starts at the module that sst.json names, with stacks as functions and classes and handlers below srcPath', () => {
    const found = declared({
      'sst.json': '{ "name": "old", "main": "infra/start.js" }',
      'infra/start.js': `import * as sst from "@serverless-stack/resources"; import Own from "./own"; import { Second } from "./second";\nexport default function main(app) { app.setDefaultFunctionProps({ runtime: "nodejs16.x", srcPath: "server" }); new Own(app, "own"); app.stack(Second); }`,
      'infra/own.js': `import * as sst from "@serverless-stack/resources";\nexport default class Own extends sst.Stack { constructor(scope, id, props) { super(scope, id, props); new sst.Function(this, "one", { handler: "fns/one.run", timeout: 30 }); } }`,
      'infra/second.js': `import { Api } from "@serverless-stack/resources";\nexport function Second({ stack }) { new Api(stack, "api", { routes: { "GET /": { function: "fns/two.run" } } }); }`,
      'server/fns/one.js': 'export const run = async () => 1;', 'server/fns/two.js': 'export const run = async () => 2;',
    });
    expect(brief(found)).toEqual(['sst.json#api/GET / server/fns/two.js:run http', 'sst.json#one server/fns/one.js:run ']);
    expect(named(found, 'one')).toMatchObject({ timeoutSeconds: { value: 30 }, runtime: { value: 'nodejs16.x' } });
  });

  it('runs a stack once that several others use, whatever it returns', () => {
    const found = declared({
      'sst.config.ts': 'import { Bus } from "./stacks/bus"; import { Front } from "./stacks/front"; import { Back } from "./stacks/back";\nexport default { config() { return { name: "mill" }; }, stacks(app) { app.stack(Bus).stack(Front).stack(Back); } };',
      'stacks/bus.ts': 'import { EventBus } from "sst/constructs";\nexport function Bus({ stack }) { const bus = new EventBus(stack, "bus"); return bus; }',
      'stacks/front.ts': 'import { Function, use } from "sst/constructs"; import { Bus } from "./bus";\nexport function Front({ stack }) { return new Function(stack, "grind", { handler: "src/a.grind", bind: [use(Bus)] }); }',
      'stacks/back.ts': [
        'import { use, Function } from "sst/constructs"; import { Auth } from "sst/constructs/future"; import { Bus } from "./bus"; import { Front } from "./front";',
        'export function Back({ stack }) { const bus = use(Bus); use(Front);',
        'bus.subscribe("flour.ready", { handler: "src/a.pack", timeout: "2 minutes" });',
        'bus.subscribe(stack, ["flour.sold", "bran.sold"], "src/a.bill", { retries: 2 });',
        'Function.fromDefinition(stack, "weigh", { handler: "src/a.weigh" });',
        'new Auth(stack, "door", { authenticator: { handler: "src/a.door" } }); }',
      ].join('\n'),
      'src/a.ts': ['grind', 'pack', 'bill', 'weigh', 'door'].map((name) => `export const ${name} = async () => 1;`).join('\n'),
    });
    expect(brief(found)).toEqual([
      'sst.config.ts#bus/flour.ready src/a.ts:pack bus', 'sst.config.ts#bus/flour.sold,bran.sold src/a.ts:bill bus', 'sst.config.ts#door/authenticator src/a.ts:door http', 'sst.config.ts#grind src/a.ts:grind ', 'sst.config.ts#weigh src/a.ts:weigh ',
    ]);
    expect(named(found, 'bus/flour.ready')).toMatchObject({ timeoutSeconds: { value: 120 }, declaredAt: [{ file: 'stacks/back.ts', line: 3 }], triggers: [{ resource: ref('bus'), filters: [{ kind: 'pattern', pattern: { entries: [['detail-type', { items: [lit('flour.ready')] }]] } }] }] });
    expect(named(found, 'bus/flour.sold,bran.sold').triggers[0]?.filters).toMatchObject([{ pattern: { entries: [['detail-type', { items: [lit('flour.sold'), lit('bran.sold')] }]] } }]);
    expect(named(found, 'door/authenticator').triggers[0]?.auth?.kind).toBe('none');
  });

  it('runs stacks that a condition chooses, and takes functions that routes are given through `cdk`', () => {
    const found = declared({
      'sst.config.ts': 'import { Front, Other } from "./stacks/front";\nexport default { config() { return { name: "mill" }; }, stacks(app) { app.stack(Front).stack(Other); } };',
      'stacks/front.ts': [
        'import { Api, Function, use } from "sst/constructs";',
        'function Real({ stack }) { const fn = new Function(stack, "grind", { handler: "src/a.grind" });',
        'const api = new Api(stack, "api", { routes: { "GET /flour": { authorizer: "none", cdk: { function: fn } } } }); return { api }; }',
        'export const Front = process.env.SKIP === "true" ? () => Promise.resolve() : Real;',
        'export function Other({ stack }) { const { api } = use(Front); api.addRoutes(stack, { "POST /flour": "src/a.pack" }); }',
      ].join('\n'),
      'src/a.ts': 'export const grind = async () => 1;\nexport const pack = async () => 1;',
    });
    expect(brief(found)).toEqual(['sst.config.ts#api/POST /flour src/a.ts:pack http', 'sst.config.ts#grind src/a.ts:grind http']);
    expect(found.gaps).toEqual([]);
  });

  it('knows an API key that a route or the API asks for, under the options of the CDK', () => {
    const kinds = (api: string, routes: string): readonly (string | undefined)[] => {
      const found = declared({
        'sst.config.ts': 'import { Front } from "./stacks/front";\nexport default { config() { return { name: "mill" }; }, stacks(app) { app.stack(Front); } };',
        'stacks/front.ts': [
          'import { ApiGatewayV1Api } from "sst/constructs";',
          'const route = ({ key, handler }) => ({ authorizer: "none", cdk: { method: { apiKeyRequired: key } }, function: { handler } });',
          `export function Front({ stack }) { new ApiGatewayV1Api(stack, "api", { ${api} routes: { ${routes} } }); }`,
        ].join('\n'),
        'src/a.ts': 'export const grind = async () => 1;\nexport const pack = async () => 1;',
      });
      return found.functions.map((fn) => fn.triggers[0]?.auth?.kind);
    };
    const routes = '"GET /a": route({ key: true, handler: "src/a.grind" }), "GET /b": route({ handler: "src/a.pack" })';
    expect(kinds('', routes)).toEqual(['key', 'none']);
    expect(kinds('', '"GET /a": "src/a.grind", "GET /b": { function: "src/a.pack", cdk: { method: { apiKeyRequired: false } } }')).toEqual(['none', 'none']);
    const all = 'cdk: { restApi: { defaultMethodOptions: { apiKeyRequired: true } } },';
    expect(kinds(all, '"GET /a": "src/a.grind", "GET /b": { function: "src/a.pack", authorizer: "iam" }')).toEqual(['key', 'identity']);
  });

  it('leaves an sst.json of something else alone', () => {
    expect(declared({ 'sst.json': '{ "main": "a.js" }', 'a.js': 'export default function main(app) { app.stack(() => 1); }' })).toMatchObject({ functions: [], gaps: [], problems: [] });
  });
});

describe('what an application of SST makes with the CDK', () => {
  const files = (body: string, head = ''): Readonly<Record<string, string>> => ({
    'sst.config.ts': "import { stack } from './stack'; export default { config: () => ({ name: 'shop' }), stacks(app) { app.stack(stack); } };",
    'stack.ts': `import { Api, Function, Queue } from 'sst/constructs'; import * as cdk from 'aws-cdk-lib'; import * as lambda from 'aws-cdk-lib/aws-lambda'; import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'; import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'; import * as sqs from 'aws-cdk-lib/aws-sqs'; ${head}
export function stack({ stack }) { ${body} }`,
    'code/one.ts': 'export const run = async () => 1;',
  });

  it('gives functions of SST their triggers and their environment', () => {
    const found = declared(files(`
      const topic = new sns.Topic(stack, 'Told'); const jobs = new sqs.Queue(stack, 'Jobs');
      const one = new Function(stack, 'one', { handler: 'code/one.run', environment: { TOPIC: topic.topicArn } });
      topic.addSubscription(new LambdaSubscription(one));
      one.addEventSource(new SqsEventSource(jobs, { batchSize: 3 }));`));
    expect(brief(found)).toEqual([`${unit}#one code/one.ts:run topic,queue`]);
    expect(named(found, 'one').triggers).toMatchObject([{ resource: ref('Told') }, { resource: ref('Jobs'), batchSize: 3 }]);
    expect([...named(found, 'one').environment]).toEqual([['TOPIC', ref('Told', 'Arn')]]);
    expect(found.resources.map((one) => one.logicalId)).toEqual(['Jobs', 'Told']);
  });

  it('is read with the functions that the CDK makes, which know what SST makes', () => {
    const found = declared(files(`
      const jobs = new Queue(stack, 'jobs');
      new lambda.Function(stack, 'plain', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code'), timeout: cdk.Duration.seconds(9), environment: { JOBS: jobs.queueUrl } });`));
    expect(brief(found)).toEqual([`${unit}#plain code/one.ts:run `]);
    expect(named(found, 'plain').timeoutSeconds?.value).toBe(9);
    expect([...named(found, 'plain').environment]).toEqual([['JOBS', ref('jobs', 'QueueUrl')]]);
    expect(found.gaps).toEqual([]);
  });

  it("leaves constructs of SST to SST's own reading, however they are called", () => {
    const found = declared(files("new Api(stack, 'Api', { routes: { 'GET /a': { function: { handler: 'code/one.run', runtime: 'nodejs20.x' } } } });"));
    expect(found.functions.map((fn) => [fn.name, fn.triggers.map((one) => one.kind)])).toEqual([['Api/GET /a', ['http']]]);
  });
});

describe('queues of SST v2', () => {
  it('have what their `cdk.queue` says, in the words of Terraform', () => {
    const found = declared({
      'sst.config.ts': 'import { Mail } from "./stacks/mail";\nexport default { config: () => ({ name: "post" }), stacks(app) { app.stack(Mail); } };',
      'stacks/mail.ts': `import { Queue, toCdkDuration } from "sst/constructs"; import { Duration } from "aws-cdk-lib"; import { Queue as Sqs } from "aws-cdk-lib/aws-sqs";
export function Mail({ stack }) {
  const queue = (id, queue) => new Queue(stack, id, { consumer: "src/mail.send", cdk: { queue } });
  queue("written", { visibilityTimeout: toCdkDuration("5 minute"), fifo: true });
  queue("counted", { visibilityTimeout: Duration.seconds(180) });
  queue("made", new Sqs(stack, "sqs", { visibilityTimeout: Duration.minutes(2) }));
  queue("given", Sqs.fromQueueArn(stack, "other", process.env.OTHER));
  new Queue(stack, "plain", { consumer: "src/mail.send" });
}`,
      'src/mail.ts': 'export const send = async () => 1;',
    });
    const visible = (id: string): unknown => {
      const { properties } = found.resources.find((resource) => resource.logicalId === id) ?? {};
      const entry = properties?.kind === 'object' ? properties.entries.find(([key]) => key === 'visibility_timeout_seconds')?.[1] : undefined;
      return entry?.kind === 'literal' ? entry.value : entry?.kind;
    };
    expect(['written', 'counted', 'made', 'given', 'plain'].map(visible)).toEqual([300, 180, 120, 'unknown', undefined]);
  });
});
