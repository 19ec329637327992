import { describe, expect, it } from 'vitest';
import { brief, declared, lit, named } from './code-support.ts';

const library = '{ "peerDependencies": { "aws-cdk-lib": "^2" }, "devDependencies": { "aws-cdk-lib": "2.1.0" } }';
const head = "import { App, Stack, Duration } from 'aws-cdk-lib'; import * as lambda from 'aws-cdk-lib/aws-lambda'; import { Construct } from 'constructs'; import * as path from 'node:path';\n";
const construct = `${head}import { PruneFunction } from './prune-function';
export class Shelf extends Construct { constructor(scope: Construct, id: string) { super(scope, id); new PruneFunction(this, 'Prune', { timeout: Duration.minutes(3) }); } }`;
const generated = `${head}export class PruneFunction extends lambda.Function { constructor(scope: Construct, id: string, props?: lambda.FunctionOptions) {
  super(scope, id, { ...props, runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromAsset(path.join(__dirname, '/prune.lambda.bundle')) }); } }`;
const files = {
  'package.json': library, 'src/shelf.ts': construct, 'src/prune-function.ts': generated, 'src/prune.lambda.ts': 'export const handler = async () => 1;',
};
const tried = `${head}import { Shelf } from '../../shelf'; const stack = new Stack(new App(), 'dev'); new Shelf(stack, 'Shelf');
new lambda.Function(stack, 'Stub', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'stub.handler', code: lambda.Code.fromAsset(path.join(__dirname, 'code')) });`;
const one = 'src/__tests__/devapp/main.ts#dev/Shelf/Prune src/prune.lambda.ts:handler ';

describe('a package of constructs without an app of its own', () => {
  it('is read through the app that tries it, without what that makes of its own', () => {
    const found = declared({ ...files, 'src/__tests__/devapp/main.ts': tried, 'src/__tests__/devapp/code/stub.ts': 'export const handler = async () => 2;' });
    expect(brief(found)).toEqual([one]);
    expect(named(found, 'Prune')).toMatchObject({ timeoutSeconds: { value: 180, location: { file: 'src/shelf.ts' } }, declaredAt: [{ file: 'src/shelf.ts' }, { file: 'src/prune-function.ts' }] });
  });

  it('counts a construct once, however often it is tried', () => {
    const other = tried.replace("'dev'", "'more'").replace('../../shelf', '../src/shelf');
    expect(brief(declared({ ...files, 'src/__tests__/devapp/main.ts': tried, 'test/integ.a.ts': other, 'test/integ.b.ts': other }))).toEqual([one]);
  });

  it('does not take tests, nor apps that try a package which has an app or is none of constructs', () => {
    expect(brief(declared({ ...files, 'src/__tests__/shelf.test.ts': tried }))).toEqual([]);
    const own = `${head}new Stack(new App(), 'real');`;
    expect(brief(declared({ ...files, 'bin/app.ts': own, 'src/__tests__/devapp/main.ts': tried }))).toEqual([]);
    expect(brief(declared({ ...files, 'package.json': '{ "devDependencies": { "aws-cdk-lib": "2" } }', 'src/__tests__/devapp/main.ts': tried }))).toEqual([]);
  });

  it('does not take a construct that is called an app for one', () => {
    const site = `${head}import { WebApp } from 'web-kit'; export class Site extends Construct { constructor(scope: Construct, id: string) { super(scope, id); new WebApp(this, 'Web'); } }`;
    expect(brief(declared({ ...files, 'src/site.ts': site, 'src/__tests__/devapp/main.ts': tried }))).toEqual([one]);
  });
});

describe('examples beside a package of constructs', () => {
  const used = tried.replace('../../shelf', 'shelf-kit');
  const example = (name: string) => ({ [`examples/${name}/app.ts`]: used.replace("'dev'", `'${name}'`), [`examples/${name}/package.json`]: '{ "dependencies": { "aws-cdk-lib": "2", "shelf-kit": "*" } }', [`examples/${name}/cdk.json`]: '{ "app": "npx ts-node app.ts" }', [`examples/${name}/code/stub.ts`]: 'export const handler = 1;' });
  const kit = { ...files, 'package.json': library.replace('{', '{ "name": "shelf-kit", "main": "lib/index.js",'), 'src/index.ts': "export * from './shelf';" };

  it('show its functions once, with the code that lies beside the package, and what they make themselves', () => {
    const found = declared({ ...kit, ...example('small'), ...example('large'), 'src/prune-function.ts': generated.replace("'/prune.lambda.bundle'", "'../assets/prune.lambda'") });
    expect(brief(found)).toEqual([
      'examples/large/app.ts#large/Shelf/Prune src/prune.lambda.ts:handler ', 'examples/large/app.ts#large/Stub examples/large/code/stub.ts:handler ', 'examples/small/app.ts#small/Stub examples/small/code/stub.ts:handler ',
    ]);
  });

  it('leave apps that are deployed as they are', () => {
    const own = Object.fromEntries(Object.entries({ ...example('small'), ...example('large') }).map(([file, text]) => [file.replace('examples/', 'services/'), text]));
    expect(brief(declared({ ...kit, ...own })).filter((line) => line.includes('Prune'))).toHaveLength(2);
  });
});

describe('programs that a variable of the command chooses', () => {
  const program = (id: string) => `import { createApp } from 'company-kit'; import { Home } from '../stack'; const { app } = createApp(); new Home(app, '${id}');`;
  const home = `${head}export class Home extends Stack { constructor(scope: Construct, id: string) { super(scope, id); new lambda.Function(this, 'One', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.handler', code: lambda.Code.fromAsset(path.join(__dirname, 'code')) }); } }`;
  const all = (script: string) => brief(declared({ 'package.json': JSON.stringify({ dependencies: { 'aws-cdk-lib': '2' }, scripts: { deploy: script } }), 'bin/one.ts': program('a'), 'bin/one.test.ts': program('t'), 'other/two.ts': program('b'), 'stack.ts': home, 'code/one.ts': 'export const handler = 1;' }));

  it('are those of its folder', () => {
    expect(all('cdk deploy --app "npm run tsx -- bin/${APP_NAME}.ts" --all')).toEqual(['bin/one.ts#a/One code/one.ts:handler ']);
    expect(all('cdk deploy --app "npm run tsx -- other/$APP.ts"')).toEqual(['other/two.ts#b/One code/one.ts:handler ']);
    expect(all('cdk deploy --app "npm run tsx -- ${APP_NAME}"')).toEqual([]);
  });
});

/** A program with one stack that holds `body`. */
const stack = (body: string, more: Readonly<Record<string, string>> = {}, imports = '') => declared({
  'cdk.json': '{ "app": "node program.js" }', 'code/one.js': 'exports.run = async () => 1;',
  'program.js': `const cdk = require('aws-cdk-lib'); const lambda = require('aws-cdk-lib/aws-lambda'); ${imports}
class S extends cdk.Stack { constructor(scope, id) { super(scope, id); ${body} } } new S(new cdk.App(), 's');`, ...more,
});

describe('constructs of packages', () => {
  const gu = "const { GuLambdaFunction, GuStack } = require('@guardian/cdk/lib/constructs/lambda'); const { OtherLambda } = require('other-kit');";

  it('have the settings that they set by themselves, where these are known', () => {
    const found = stack(`
      new GuLambdaFunction(this, 'plain', { app: 'one', fileName: 'one.zip', runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run' });
      new GuLambdaFunction(this, 'given', { app: 'one', fileName: 'one.zip', runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', timeout: cdk.Duration.seconds(9), memorySize: 128 });
      new OtherLambda(this, 'other', { app: 'one', fileName: 'one.zip', runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run' });`, {}, gu);
    expect(found.functions.map((fn) => [fn.name, fn.timeoutSeconds?.value, fn.memoryMb?.value, fn.timeoutUnknown ?? false])).toEqual([
      ['given', 9, 128, false], ['other', undefined, undefined, true], ['plain', 30, 512, false],
    ]);
    expect(named(found, 'plain').timeoutSeconds?.location.line).toBe(3);
  });

  it('have the code that a build program of the package of their name makes', () => {
    const made = (build: string) => stack("new GuLambdaFunction(this, 'f', { app: 'publisher', fileName: 'index.zip', runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler' });", {
      'lambdas/publisher/package.json': '{}', 'lambdas/publisher/typescript/index.ts': 'export const handler = 1;', 'lambdas/publisher/typescript/other.ts': 'export const handler = 2;',
      'lambdas/publisher/esbuild.config.mjs': build,
    }, gu).functions[0]?.handlers.map((handler) => handler.file);
    expect(made("build({ entryPoints: ['typescript/index.ts'], outfile: 'target/typescript/index.js' });")).toEqual(['lambdas/publisher/typescript/index.ts']);
    expect(made("build({ entryPoints: ['typescript/index.ts'], outfile: 'target/main.js' });")).toEqual([]);
    expect(made("build({ entryPoints: ['typescript/index.ts'], outfile: 'a/index.js' }); build({ entryPoints: ['typescript/other.ts'], outfile: 'b/index.js' });")).toEqual([]);
  });

  it('are followed through the packages that put their settings together', () => {
    const found = stack(`
      const own = (user) => deepmerge({ runtime: lambda.Runtime.NODEJS_22_X, environment: { A: 'default', B: 'default' }, timeout: cdk.Duration.seconds(5) }, user);
      new lambda.Function(this, 'f', own({ handler: 'one.run', code: lambda.Code.fromAsset('code'), environment: { B: 'user' } }));`, {}, "const deepmerge = require('deepmerge');");
    expect(named(found, 'f')).toMatchObject({ handlers: [{ file: 'code/one.js', export: 'run' }], timeoutSeconds: { value: 5 } });
    expect([...named(found, 'f').environment]).toEqual([['A', lit('default')], ['B', lit('user')]]);
  });
});

describe('targets of rules that a program writes itself', () => {
  it('are what they bind to; a schedule that goes elsewhere is no trigger', () => {
    const events = "const events = require('aws-cdk-lib/aws-events');";
    const body = (arn: string): string => `
      const fn = new lambda.Function(this, 'f', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code') });
      new events.Rule(this, 'r', { schedule: events.Schedule.rate(cdk.Duration.minutes(1)), targets: [{ bind: () => ({ id: '', arn: ${arn} }) }] });`;
    expect(named(stack(body('fn.functionArn'), {}, events), 'f').triggers.map((trigger) => trigger.kind)).toEqual(['schedule']);
    expect(named(stack(body("'arn:aws:sqs:eu-west-1:1:q'"), {}, events), 'f').triggers).toEqual([]);
  });

  it('are told by what the program asks of the ids of its constructs', () => {
    const found = stack(`
      class Store extends Construct { constructor(scope, id) { super(scope, id); this.table = new Table(this, 'Table', { stream: 'NEW_IMAGE' }); } }
      const stores = [new Store(this, 'Orders'), new Store(this, 'Parcels')];
      const fn = new lambda.Function(this, 'f', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code'),
        environment: Object.fromEntries(stores.map((one) => [one.node.id + 'Table', one.table.tableName])) });
      for (const one of stores.filter((store) => ['Orders'].includes(store.node.id))) {
        new lambda.CfnEventSourceMapping(this, one.node.id + 'Mapping', { functionName: fn.functionArn, eventSourceArn: one.table.tableStreamArn });
      }
      new lambda.CfnEventSourceMapping(this, 'kafka', { functionName: fn.functionArn, selfManagedEventSource: { endpoints: { kafkaBootstrapServers: ['a'] } }, topics: ['t'] });`,
    {}, "const { Construct } = require('constructs'); const { Table } = require('aws-cdk-lib/aws-dynamodb');");
    expect([...named(found, 'f').environment.keys()]).toEqual(['OrdersTable', 'ParcelsTable']);
    expect(named(found, 'f').triggers).toMatchObject([{ kind: 'stream', resource: { id: 's/Orders/Table' } }, { kind: 'stream', source: 'SelfManagedKafka' }]);
  });
});

describe('constructs whose ids are not known', () => {
  const queues = "const sqs = require('aws-cdk-lib/aws-sqs'); const { SqsEventSource } = require('aws-cdk-lib/aws-lambda-event-sources'); const { name } = require('elsewhere');";
  it('are not one: what goes to another is no loop', () => {
    const found = stack(`
      const dead = new sqs.Queue(this, name('dead')); const jobs = new sqs.Queue(this, name('jobs'), { deadLetterQueue: { queue: dead, maxReceiveCount: 3 } });
      const one = new lambda.Function(this, name('one'), { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code'), environment: { DEAD: dead.queueUrl } });
      one.addEventSource(new SqsEventSource(jobs));
      new lambda.Function(this, undefined, { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code') });`, {}, queues);
    expect(found.resources.map((one) => one.logicalId)).toEqual(['s/Queue*', 's/Queue*~2']);
    expect(found.functions.map((fn) => [fn.id, fn.triggers.map((one) => one.resource), fn.environment.get('DEAD')])).toMatchObject([
      ['program.js#s/Function*', [{ id: 's/Queue*~2' }], { id: 's/Queue*' }], ['program.js#s/Function*~2', [], undefined],
    ]);
  });

  it('that one condition makes in two ways are one', () => {
    const found = stack(`
      let fn; const code = lambda.Code.fromAsset('code');
      if (process.env.BIG) fn = new lambda.Function(this, name('one'), { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code, memorySize: 512 });
      else fn = new lambda.Function(this, name('one'), { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code });`, {}, queues);
    expect(found.functions).toHaveLength(1);
  });
});

describe('what packages and regions call by names of their own', () => {
  const fn = "const code = lambda.Code.fromAsset('code'); const fn = new lambda.Function(this, 'f', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code });";
  it.each([["'logs.eu-west-1.amazonaws.com'", ['log']], ['`logs.${region()}.amazonaws.com`', ['log']], ["'logs.amazonaws.com'", ['log']], ["'logs.example.com'", []], ['`${region()}.amazonaws.com`', []]])('a principal of one region: %s', (principal, expected) => {
    const found = stack(`${fn} fn.addPermission('P', { principal: new iam.ServicePrincipal(${principal}) });`, {}, "const iam = require('aws-cdk-lib/aws-iam'); const { region } = require('elsewhere');");
    expect(named(found, 'f').triggers.map((one) => one.kind)).toEqual(expected);
  });

  it('integrations in the properties of an API', () => {
    const found = stack(`${fn} new WebSocketApiToQueue(this, 'Api', { webSocketApiProps: { connectRouteOptions: { integration: new WebSocketLambdaIntegration('Connect', fn) } } });`, {},
      "const { WebSocketLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations'); const { WebSocketApiToQueue } = require('kit');");
    expect(named(found, 'f').triggers).toMatchObject([{ kind: 'http', source: 'WebSocket' }]);
  });

  it('a folder of handlers by its index', () => {
    const made = (more: Readonly<Record<string, string>>) => stack("new GuLambdaFunction(this, 'f', { app: 'ship', fileName: 'ship.zip', runtime: lambda.Runtime.NODEJS_22_X, handler: 'handlers.run' });", {
      'app/src/handlers/index.ts': 'export const run = 1;', ...more,
    }, "const { GuLambdaFunction } = require('@guardian/cdk');").functions[0]?.handlers.map((handler) => handler.file);
    expect(made({})).toEqual(['app/src/handlers/index.ts']);
    expect(made({ 'other/handlers/index.ts': 'export const run = 2;' })).toEqual([]);
  });
});

describe('context of an app', () => {
  it('may be data, chosen by name', () => {
    const body = `const all = this.node.tryGetContext('stages'); const own = all[this.node.getContext('stage')];
      new lambda.Function(this, 'f', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code'), timeout: cdk.Duration.seconds(own.seconds), environment: { LOST: String(this.node.tryGetContext('none')) } });`;
    const context = { stage: 'prod', stages: { prod: { seconds: 25 }, dev: { seconds: 5 } } };
    const found = stack(body, { 'cdk.json': JSON.stringify({ app: 'node program.js', context }) });
    expect(named(found, 'f').timeoutSeconds?.value).toBe(25);
  });
});

describe('functions of constructs and helpers of packages', () => {
  it('name their entry by other properties, where exactly one file of the repository is meant', () => {
    const company = "const { TypescriptLambdaFunction, LambdaEndpoint } = require('@nhsdigital/eps-cdk-constructs'); const { ServiceLambda, Table } = require('other-kit'); const path = require('path');";
    const more = { 'packages/a/src/handler.ts': 'export const handler = 1;', 'packages/b/src/handler.ts': 'export const handler = 1;' };
    const found = stack(`
      const status = new TypescriptLambdaFunction(this, 'Status', { projectBaseDir: path.resolve(__dirname), packageBasePath: 'packages/a', entryPoint: 'src/handler.ts', environmentVariables: { A: 'x' } });
      new LambdaEndpoint(this, 'StatusEndpoint', { parentResource: api.root, resourceName: '_status', method: 'GET', lambdaFunction: status });
      new ServiceLambda(this, 'Timed', { packagePath: 'packages/b', entryPoint: 'src/handler.ts', timeoutInSeconds: 9, memorySizeInMb: 512 });
      new ServiceLambda(this, 'Nowhere', { packagePath: 'packages/c', entryPoint: 'src/handler.ts' });
      new ServiceLambda(this, 'Open', { entryPoint: 'handler.ts' });
      new Table(this, 'Table', { packagePath: 'packages/b', entryPoint: 'src/handler.ts' });`, more, `${company} const api = require('other-kit').api;`);
    expect(found.functions.map((fn) => [fn.name, fn.handlers[0]?.file, fn.timeoutSeconds?.value, fn.memoryMb?.value, fn.runtime?.value])).toEqual([
      ['Status', 'packages/a/src/handler.ts', 50, 256, 'nodejs24.x'], ['Timed', 'packages/b/src/handler.ts', 9, 512, undefined],
    ]);
    expect([...named(found, 'Status').environment]).toEqual([['A', lit('x')]]);
    expect(named(found, 'Status').triggers).toMatchObject([{ kind: 'http', source: 'Api', location: { line: 4 } }]);
  });

  it('are made by the helpers of the patterns too', () => {
    const found = stack(`
      const made = buildLambdaFunction(this, { lambdaFunctionProps: { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code'), timeout: cdk.Duration.seconds(9) } });
      new Rule(this, 'Often', { schedule: Schedule.rate(cdk.Duration.minutes(5)), targets: [new LambdaFunction(made)] });
      deployLambdaFunction(this, { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code') }, 'Second');
      buildLambdaFunction(this, { existingLambdaObj: made });
      other(this, { lambdaFunctionProps: { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code') } });`, {},
    "const { buildLambdaFunction, deployLambdaFunction } = require('@aws-solutions-constructs/core'); const { other } = require('other-kit'); const { Rule, Schedule } = require('aws-cdk-lib/aws-events'); const { LambdaFunction } = require('aws-cdk-lib/aws-events-targets');");
    expect(brief(found)).toEqual(['program.js#s/LambdaFunction code/one.js:run schedule', 'program.js#s/Second code/one.js:run ']);
    expect(named(found, 'LambdaFunction').timeoutSeconds?.value).toBe(9);
  });

  it('have beside them what a pattern makes or is given, by the property of the pattern', () => {
    const fn = "lambdaFunctionProps: { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code')";
    const found = stack(`
      const work = new SqsToLambda(this, 'Work', { ${fn} }, sqsEventSourceProps: { batchSize: 1 } });
      const table = new LambdaToDynamoDB(this, 'Keep', { ${fn}, environment: { QUEUE: work.sqsQueue.queueUrl } } });
      work.lambdaFunction.addEnvironment('TABLE', table.dynamoTable.tableName);
      work.lambdaFunction.addEnvironment('PEER', table.lambdaFunction.functionName);
      const own = new Queue(this, 'Own');
      const given = new SqsToLambda(this, 'Given', { ${fn} }, existingQueueObj: own });
      given.lambdaFunction.addEnvironment('QUEUE', given.sqsQueue.queueUrl);`, {}, "const { SqsToLambda } = require('@aws-solutions-constructs/aws-sqs-lambda'); const { LambdaToDynamoDB } = require('@aws-solutions-constructs/aws-lambda-dynamodb'); const { Queue } = require('aws-cdk-lib/aws-sqs');");
    const named_ = (name: string) => [...named(found, name).environment].map(([key, value]) => [key, value.kind === 'resource' ? `${value.id} ${value.attribute}` : value.kind]);
    expect(named_('Work')).toEqual([['TABLE', 's/Keep/dynamoTable Name'], ['PEER', 's/Keep Name']]);
    expect(named_('Keep')).toEqual([['QUEUE', 's/Work/sqsQueue QueueUrl']]);
    expect(named_('Given')).toEqual([['QUEUE', 's/Own QueueUrl']]);
    expect(found.functions.map((one) => one.triggers.map((trigger) => [trigger.kind, trigger.batchSize, trigger.resource?.kind === 'resource' ? trigger.resource.id : undefined]))).toEqual([[['queue', undefined, 's/Own']], [], [['queue', 1, 's/Work/sqsQueue']]]);
    expect(found.resources.map((one) => `${one.logicalId} ${one.kind}`).sort()).toEqual(['s/Keep/dynamoTable table', 's/Own queue', 's/Work/deadLetterQueue queue', 's/Work/sqsQueue queue']);
  });
});
