import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { brief, declared, lit, named } from './code-support.ts';

const ref = (unit: string, id: string, attribute = 'Ref') => ({ kind: 'resource', unit, id, attribute });

describe('a whole CDK project', () => {
  const root = 'fixtures/discover/cdk';
  const workspace = openWorkspace(root, { root });
  const found = discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });
  const unit = 'infra/programs/warehouse.ts';
  const prod = (id: string, attribute = 'Ref') => ref(unit, `warehouse-prod/${id}`, attribute);

  it('finds each function once, from the instance of production, and no other language', () => {
    expect(brief(found)).toEqual([
      `${unit}#archive/pack-month infra/parts/archive.pack-month.ts:handler url,stateMachine`,
      `${unit}#warehouse-prod/Mailer services/mail/code/send.js:deliver bucket`,
      `${unit}#warehouse-prod/OrderApi services/orders/src/take-order.ts:handler http,http,http`,
      `${unit}#warehouse-prod/Worker services/orders/src/pack.ts:packOrders queue,stream,schedule`,
    ]);
    expect(found.gaps).toEqual([]);
    expect(found.problems).toEqual([]);
  });

  it('reads settings through an own construct of a workspace package, each at its place', () => {
    expect(named(found, 'OrderApi')).toMatchObject({
      runtime: { value: 'nodejs22.x', location: { file: 'kit/src/service.ts', line: 12 } }, timeoutSeconds: { value: 20 }, tracing: { value: true },
      memoryMb: { value: 1024, location: { file: 'infra/parts/warehouse.ts', line: 25 } },
      declaredAt: [{ file: 'infra/parts/warehouse.ts', line: 23 }, { file: 'kit/src/service.ts', line: 11 }],
    });
    expect(named(found, 'Worker').timeoutSeconds).toMatchObject({ value: 300, location: { file: 'infra/parts/warehouse.ts', line: 31 } });
    expect([...named(found, 'OrderApi').environment]).toEqual([['TABLE', prod('Orders', 'Name')], ['JOBS', prod('Jobs', 'QueueUrl')], ['STAGE', lit('prod')]]);
    expect([...named(found, 'Mailer').environment]).toEqual([['SENDER', lit('noreply@example.com')]]);
    expect([...named(found, 'pack-month').environment]).toEqual([['SOURCE', lit('warehouse-uploads')]]);
    expect(named(found, 'Mailer').packaging).toMatchObject({ form: 'folder', folder: 'services/mail' });
    expect(named(found, 'pack-month').packaging).toMatchObject({ form: 'bundled', tool: 'esbuild', minify: true, sourceMap: true, format: 'esm', target: 'node22', external: ['sharp'] });
  });

  it('reads triggers with resource, filter, batch and authentication', () => {
    const [queue, stream, schedule] = named(found, 'Worker').triggers;
    expect(queue).toMatchObject({ source: 'SQS', resource: prod('Jobs'), batchSize: 7, partialBatchResponse: true, maximumConcurrency: 3, location: { file: 'infra/parts/warehouse.ts', line: 32 } });
    expect(stream).toMatchObject({ source: 'DynamoDB', resource: prod('Orders', 'StreamArn'), filters: [{ kind: 'records', patterns: [{ entries: [['eventName', { kind: 'array', items: [lit('INSERT')] }]] }] }] });
    expect(schedule).toMatchObject({ source: 'EventBridgeRule', schedule: lit('cron(30 2 * * ? *)') });
    expect(named(found, 'Mailer').triggers[0]).toMatchObject({ resource: prod('Uploads'), filters: [{ kind: 'object', events: ['s3:ObjectCreated:Put'], rules: [{ prefix: lit('in/'), suffix: lit('.eml') }] }] });
    expect(named(found, 'Mailer').destinations).toMatchObject([{ kind: 'deadLetter', target: prod('Jobs') }]);
    expect(named(found, 'OrderApi').triggers.map((trigger) => [trigger.filters, trigger.auth?.kind])).toEqual([
      [[{ kind: 'route', method: 'GET', path: '/orders' }], 'none'], [[{ kind: 'route', method: 'POST', path: '/orders' }], 'none'], [[{ kind: 'route', method: '*', path: '/admin' }], 'identity'],
    ]);
    expect(named(found, 'pack-month').triggers).toMatchObject([{ kind: 'url', auth: { kind: 'none', location: { line: 18 } } }, { kind: 'stateMachine', resource: ref(unit, 'archive/Monthly') }]);
  });

  it('knows resources, links and published names', () => {
    expect(found.resources.map((resource) => `${resource.logicalId} ${resource.kind}`)).toEqual([
      'archive/Monthly stateMachine', 'archive/Told queue', 'warehouse-prod/Http api', 'warehouse-prod/Jobs queue', 'warehouse-prod/JobsDead queue', 'warehouse-prod/Nightly rule',
      'warehouse-prod/Orders table', 'warehouse-prod/Spilled rule', 'warehouse-prod/Uploads bucket',
    ]);
    expect(found.resources.find((resource) => resource.logicalId === 'warehouse-prod/Jobs')).toMatchObject({ physicalName: lit('jobs-prod.fifo'), type: 'AWS::SQS::Queue', location: { file: 'infra/parts/queues/index.ts', line: 6 } });
    expect(found.links.map((link) => [link.kind, link.from, link.to])).toEqual([
      ['task', ref(unit, 'archive/Monthly'), ref(unit, 'archive/Told')],
      ['redrive', prod('Jobs'), prod('JobsDead')],
      ['target', lit('default'), prod('Jobs')],
    ]);
    expect(found.published.map((item) => [item.scope, item.name, item.value])).toEqual([['import', lit('orders-table'), prod('Orders', 'Name')]]);
  });

  it('takes the asked stage', () => {
    const test = discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map(), stage: 'test' });
    expect(named(test, 'OrderApi')).toMatchObject({ id: `${unit}#warehouse-test/OrderApi`, memoryMb: { value: 256 } });
  });
});

/** A program of one stack around the given body, with the modules that its names come from. */
function stack(body: string, more: Readonly<Record<string, string>> = {}, head = ''): ReturnType<typeof declared> {
  return declared({
    'cdk.json': '{ "app": "node program.js" }',
    'program.js': `const cdk = require('aws-cdk-lib'); const lambda = require('aws-cdk-lib/aws-lambda'); const nodejs = require('aws-cdk-lib/aws-lambda-nodejs'); ${head}
class S extends cdk.Stack { constructor(scope, id) { super(scope, id);
${body}
} } new S(new cdk.App(), 's');`,
    'code/one.js': 'exports.run = async () => {};', 'code/two.js': 'exports.run = async () => {};', ...more,
  });
}
const fn = (id: string, file = 'one'): string => `new lambda.Function(this, '${id}', { runtime: lambda.Runtime.NODEJS_20_X, code: lambda.Code.fromAsset('code'), handler: '${file}.run' })`;
const kinds = (found: ReturnType<typeof declared>, name: string): readonly string[] => named(found, name).triggers.map((trigger) => `${trigger.kind} ${trigger.source}`);

describe('CDK triggers', () => {
  it.each([
    ['v1 modules', `const sns = require('@aws-cdk/aws-sns'); const subs = require('@aws-cdk/aws-sns-subscriptions'); new sns.Topic(this, 'T').addSubscription(new subs.LambdaSubscription(f, { filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: ['a'] }) } }));`, ['topic SNS']],
    ['aliases', `const targets = require('aws-cdk-lib/aws-events-targets'); const events = require('aws-cdk-lib/aws-events'); const live = new lambda.Alias(this, 'A', { aliasName: 'live', version: f.currentVersion }); new events.Rule(this, 'R', { eventPattern: { source: ['x'] } }).addTarget(new targets.LambdaFunction(live));`, ['bus EventBridgeRule']],
    ['a scheduler', `const s = require('@aws-cdk/aws-scheduler-alpha'); const t = require('@aws-cdk/aws-scheduler-targets-alpha'); new s.Schedule(this, 'S', { schedule: s.ScheduleExpression.rate(cdk.Duration.hours(2)), target: new t.LambdaInvoke(f, {}) });`, ['schedule Scheduler']],
    ['a REST API with a default integration', `const g = require('aws-cdk-lib/aws-apigateway'); const api = new g.LambdaRestApi(this, 'Api', { handler: f, proxy: false }); api.root.addResource('a').addResource('{id}').addMethod('GET');`, ['http Api']],
    ['a web socket', `const g = require('aws-cdk-lib/aws-apigatewayv2'); const i = require('aws-cdk-lib/aws-apigatewayv2-integrations'); const api = new g.WebSocketApi(this, 'Api', { connectRouteOptions: { integration: new i.WebSocketLambdaIntegration('c', f) } }); api.addRoute('say', { integration: new i.WebSocketLambdaIntegration('d', f) });`, ['http WebSocketApi', 'http WebSocketApi']],
    ['an authorizer', `const g = require('aws-cdk-lib/aws-apigateway'); new g.TokenAuthorizer(this, 'Auth', { handler: f });`, ['auth Authorizer']],
    ['Cognito', `const c = require('aws-cdk-lib/aws-cognito'); const pool = new c.UserPool(this, 'P', { lambdaTriggers: { preSignUp: f } }); pool.addTrigger(c.UserPoolOperation.CUSTOM_MESSAGE, f);`, ['auth Cognito', 'auth Cognito']],
    ['Cognito, what it does not wait for', `const c = require('aws-cdk-lib/aws-cognito'); const pool = new c.UserPool(this, 'P', { lambdaTriggers: { customEmailSender: f } }); pool.addTrigger(c.UserPoolOperation.CUSTOM_SMS_SENDER, f);`, ['auth CognitoSender', 'auth CognitoSender']],
    ['a custom resource', `const cr = require('aws-cdk-lib/custom-resources'); new cr.Provider(this, 'P', { onEventHandler: f });`, ['custom CustomResource']],
    ['a log filter', `const logs = require('aws-cdk-lib/aws-logs'); const d = require('aws-cdk-lib/aws-logs-destinations'); new logs.LogGroup(this, 'L').addSubscriptionFilter('x', { destination: new d.LambdaDestination(f), filterPattern: logs.FilterPattern.allEvents() });`, ['log CloudWatchLogs']],
    ['a destination', `const d = require('aws-cdk-lib/aws-lambda-destinations'); new lambda.Function(this, 'first', { runtime: lambda.Runtime.NODEJS_20_X, code: lambda.Code.fromAsset('code'), handler: 'two.run', onFailure: new d.LambdaDestination(f) });`, ['invoke Destination']],
    ['a mapping by ARN', `new lambda.EventSourceMapping(this, 'M', { target: f, eventSourceArn: 'arn:aws:kinesis:eu-west-1:1:stream/x', startingPosition: lambda.StartingPosition.LATEST, batchSize: 9 });`, ['stream Kinesis']],
    ['a pipe', `const p = require('aws-cdk-lib/aws-pipes'); const sqs = require('aws-cdk-lib/aws-sqs'); const q = new sqs.Queue(this, 'Q'); new p.CfnPipe(this, 'P', { source: q.queueArn, target: f.functionArn, roleArn: 'r' });`, ['queue Pipe']],
    ['a definition in a file', `const sfn = require('aws-cdk-lib/aws-stepfunctions'); new sfn.StateMachine(this, 'M', { definitionBody: sfn.DefinitionBody.fromFile('m.asl.json'), definitionSubstitutions: { fn: f.functionArn } });`, ['stateMachine StepFunctions']],
    ['a permission that nothing else explains', `const iam = require('aws-cdk-lib/aws-iam'); f.addPermission('p', { principal: new iam.ServicePrincipal('lexv2.amazonaws.com') });`, ['invoke Permission']],
    ['nothing', `const iam = require('aws-cdk-lib/aws-iam'); f.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:*'], resources: [f.functionArn] })); f.grantInvoke(new iam.ServicePrincipal('unheard.amazonaws.com'));`, []],
  ])('%s', (_name, code, expected) => {
    const found = stack(`const f = ${fn('f')}; ${code}`);
    expect(kinds(found, 'f')).toEqual(expected);
    expect(found.gaps).toEqual([]);
  });

  it.each<[string, string, unknown]>([
    ['with what its target says', "targetParameters: { eventBridgeEventBusParameters: { source: 'orders', detailType: 'record' } }", { kind: 'object', open: true, entries: [['source', lit('orders')], ['detail-type', lit('record')]] }],
    ['without a word', '', { kind: 'object', open: true, entries: [] }],
    ['in another shape', "targetParameters: { inputTemplate: '{}' }", undefined],
    ['by way of a function', 'enrichment: f.functionArn', undefined],
  ])('a pipe hands records on %s', (_name, more, expected) => {
    const found = stack(`const f = ${fn('f')}; const p = require('aws-cdk-lib/aws-pipes'); const sqs = require('aws-cdk-lib/aws-sqs'); const events = require('aws-cdk-lib/aws-events');
      const q = new sqs.Queue(this, 'Q'); const bus = new events.EventBus(this, 'B'); new p.CfnPipe(this, 'P', { source: q.queueArn, target: bus.eventBusArn, ${more} });`);
    expect(found.links.map(({ kind, message }) => [kind, message])).toEqual([['pipe', expected]]);
  });

  it('a rotation is started by the clock: what the function writes to the secret starts nothing', () => {
    const found = stack(`const f = ${fn('f')}; const secrets = require('aws-cdk-lib/aws-secretsmanager'); const secret = new secrets.Secret(this, 'Key');
      secret.addRotationSchedule('Plan', { rotationLambda: f, automaticallyAfter: cdk.Duration.hours(24) });`);
    expect(named(found, 'f').triggers).toMatchObject([{ kind: 'schedule', source: 'RotationSchedule' }]);
    expect(named(found, 'f').triggers[0]).not.toHaveProperty('resource');
  });

  it.each([
    ['open', '', '', 'none'], ['a key', '', '{ apiKeyRequired: true }', 'key'], ['IAM', '', '{ authorizationType: g.AuthorizationType.IAM }', 'identity'],
    ['a default of the API', 'defaultMethodOptions: { authorizationType: g.AuthorizationType.COGNITO }', '', 'identity'],
    ['private', 'endpointTypes: [g.EndpointType.PRIVATE]', '', 'private'], ['a policy', 'policy: new iam.PolicyDocument()', '', undefined],
    ['an authorizer', '', "{ authorizer: new g.RequestAuthorizer(this, 'A', { handler: other }) }", 'authorizer'],
  ])('REST authentication: %s', (_name, api, method, expected) => {
    const found = stack(`const f = ${fn('f')}; const other = ${fn('other', 'two')}; const g = require('aws-cdk-lib/aws-apigateway'); const iam = require('aws-cdk-lib/aws-iam');
      new g.RestApi(this, 'Api', { ${api} }).root.addResource('x').addMethod('POST', new g.LambdaIntegration(f), ${method || 'undefined'});`);
    expect(named(found, 'f').triggers.map((trigger) => [trigger.filters, trigger.auth?.kind])).toEqual([[[{ kind: 'route', method: 'POST', path: '/x' }], expected]]);
    expect(kinds(found, 'other')).toEqual(expected === 'authorizer' ? ['auth Authorizer'] : []);
  });

  it.each([
    ["routeKey: '$connect', authorizationType: 'NONE'", 'WebSocket', 'none'], ["routeKey: 'send'", 'WebSocket', 'none'], ["routeKey: 'POST /x', authorizationType: 'JWT'", 'Api', 'identity'],
    ["routeKey: '$connect', authorizationType: 'CUSTOM', authorizerId: 'a'", 'WebSocket', 'authorizer'], ["routeKey: 'POST /x', authorizationType: process.env.AUTH", 'Api', undefined],
  ])('a route of level one: %s', (route, source, expected) => {
    const found = stack(`const f = ${fn('f')}; const g = require('aws-cdk-lib/aws-apigatewayv2'); const api = new g.CfnApi(this, 'Api', {});
      const integration = new g.CfnIntegration(this, 'I', { apiId: api.ref, integrationType: 'AWS_PROXY', integrationUri: f.functionArn }); new g.CfnRoute(this, 'R', { apiId: api.ref, ${route}, target: 'integrations/' + integration.ref });`);
    expect(named(found, 'f').triggers.map((trigger) => [trigger.source, trigger.auth?.kind])).toEqual([[source, expected]]);
  });

  it('knows that a queue without properties has the defaults', () => {
    const found = stack("const sqs = require('aws-cdk-lib/aws-sqs'); new sqs.Queue(this, 'Plain'); new sqs.Queue(this, 'Given', props);");
    const properties = (id: string) => found.resources.find((resource) => resource.logicalId.endsWith(id))?.properties;
    expect(properties('Plain')).toEqual({ kind: 'object', entries: [], open: false });
    expect(properties('Given')).not.toMatchObject({ kind: 'object', open: false });
  });

  it('writes schedules as CloudFormation does', () => {
    const body = ['rate(cdk.Duration.days(1))', "cron({ weekDay: 'MON-FRI', hour: '8', minute: '0' })", "expression('rate(5 minutes)')"].map((text, index) => `new events.Rule(this, 'R${index}', { schedule: events.Schedule.${text}, targets: [new targets.LambdaFunction(f)] });`).join('\n');
    const found = stack(`const f = ${fn('f')}; const events = require('aws-cdk-lib/aws-events'); const targets = require('aws-cdk-lib/aws-events-targets'); ${body}`);
    expect(named(found, 'f').triggers.map((trigger) => trigger.schedule)).toEqual([lit('rate(1 day)'), lit('cron(0 8 ? * MON-FRI *)'), lit('rate(5 minutes)')]);
  });
});

describe('CDK functions', () => {
  it('keeps two functions of one handler in one stack, and names computed in loops', () => {
    const found = stack(`for (const name of ['a', 'b']) ${fn('X').replace("'X'", '`job-${name}`')};`);
    expect(found.functions.map((one) => one.name)).toEqual(['job-a', 'job-b']);
  });

  it('reads a runtime that is put over the construct’s', () => {
    const made = (name: string, override: string): string => `const ${name} = new lambda.Function(this, '${name}', { runtime: lambda.Runtime.NODEJS_20_X, handler: 'one.run', code: lambda.Code.fromAsset('code') }); const c${name} = ${name}.node.defaultChild as lambda.CfnFunction; c${name}.${override};`;
    const found = stack(`${made('a', "addOverride('Properties.Runtime', 'nodejs24.x')")} ${made('b', "addPropertyOverride('Runtime', 'nodejs22.x')")} ${made('c', "addOverride('Properties.Layers', ['x'])")} ${made('d', "addOverride('Runtime', 'nodejs24.x')")}`);
    expect(found.functions.map((one) => [one.name, one.runtime?.value])).toEqual([['a', 'nodejs24.x'], ['b', 'nodejs22.x'], ['c', 'nodejs20.x'], ['d', 'nodejs20.x']]);
  });

  it('reads where file systems are mounted', () => {
    const mounted = (name: string, system: string): string => `new lambda.Function(this, '${name}', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'one.run', code: lambda.Code.fromAsset('code'), filesystem: lambda.FileSystem.${system} });`;
    const found = stack(`const point = { accessPointArn: 'a' }; ${mounted('efs', "fromEfsAccessPoint(point, '/mnt/a')")} ${mounted('s3', "fromS3FilesAccessPoint(point, '/mnt/b')")}`);
    expect(found.functions.map((one) => [one.name, one.mounts])).toEqual([['efs', ['/mnt/a']], ['s3', ['/mnt/b']]]);
  });

  it('reads inline code, text of a file as inline code, and files that a bundler builds', () => {
    const found = stack(`
      new lambda.Function(this, 'inline', { runtime: lambda.Runtime.NODEJS_20_X, handler: 'index.run', code: lambda.Code.fromInline('exports.run = 1') });
      new lambda.Function(this, 'file', { runtime: lambda.Runtime.NODEJS_20_X, handler: 'index.run', code: lambda.Code.fromInline(require('fs').readFileSync('code/two.js', 'utf8')) });
      new nodejs.NodejsFunction(this, 'built', { entry: require('path').join(__dirname, 'code/one.js'), handler: 'code/one.run' });`);
    expect(brief(found)).toEqual(['program.js#s/built code/one.js:run ', 'program.js#s/file code/two.js:run ', 'program.js#s/inline program.js:run ']);
    expect(named(found, 'inline').packaging).toMatchObject({ form: 'inline', inlineCode: 'exports.run = 1' });
  });

  it('reads images built in the repository, and leaves those of other languages', () => {
    const image = (id: string, folder: string): string => `new lambda.DockerImageFunction(this, '${id}', { code: lambda.DockerImageCode.fromImageAsset(require('path').join(__dirname, '${folder}')) });`;
    const found = stack(image('web', 'img') + image('py', 'snake'), {
      'img/Dockerfile': 'FROM node:20 AS build\nRUN npm ci\nFROM public.ecr.aws/lambda/nodejs:20 AS final\nCOPY --from=build /app .\nCOPY src ./\nCMD ["entry.serve"]\n', 'img/src/entry.ts': 'export const serve = 1;',
      'snake/Dockerfile': 'FROM public.ecr.aws/lambda/python:3.12\nCMD ["app.handler"]\n', 'snake/app.py': '',
    });
    expect(brief(found)).toEqual(['program.js#s/web img/src/entry.ts:serve ']);
    expect(found.gaps).toEqual([]);
  });

  it('finds the part of a path that was added before', () => {
    const found = stack(`
      const api = new (require('aws-cdk-lib/aws-apigateway').RestApi)(this, 'api');
      const apigateway = require('aws-cdk-lib/aws-apigateway');
      const add = (fn, path, verb) => {
        let at = api.root;
        path.split('/').filter((part) => part).forEach((part) => { at = at.getResource(part) || at.addResource(part); });
        at.addMethod(verb, new apigateway.LambdaIntegration(fn));
      };
      const one = ${fn('one')};
      const two = ${fn('two', 'two')};
      add(one, '/orders/{id}/lines/{line}/notes', 'GET'); add(two, '/orders/{id}', 'PUT'); add(two, '/', 'GET');`);
    const routes = (name: string) => named(found, name).triggers.map((trigger) => trigger.filters);
    expect(routes('one')).toEqual([[{ kind: 'route', method: 'GET', path: '/orders/{id}/lines/{line}/notes' }]]);
    expect(routes('two')).toEqual([[{ kind: 'route', method: 'PUT', path: '/orders/{id}' }], [{ kind: 'route', method: 'GET', path: '/' }]]);
  });

  it('reads images that are built at deployment, and what a stage of theirs bundles', () => {
    const docker = (run: string) => `FROM public.ecr.aws/lambda/nodejs:24 AS builder\nCOPY . .\n${run}\nFROM public.ecr.aws/lambda/nodejs:24\nCOPY --from=builder /out/job.mjs ./\nCMD ["job.run"]\n`;
    const found = (run: string, file = 'jobs/Dockerfile') => brief(stack(`
      const { ContainerImageBuild } = require('@cdklabs/deploy-time-build');
      const built = new ContainerImageBuild(this, 'built', { directory: '.', file: '${file}' });
      new lambda.DockerImageFunction(this, 'job', { code: built.toLambdaDockerImageCode() });`, { 'jobs/Dockerfile': docker(run), 'jobs/code/start.ts': 'export const run = 1;', 'jobs/code/other.ts': '' }));
    const known = ['program.js#s/job jobs/code/start.ts:run '];
    expect(found('RUN npx esbuild jobs/code/start.ts --bundle --outfile=out/job.mjs --platform=node')).toEqual(known);
    expect(found('RUN npm ci && pnpm exec esbuild jobs/code/start.ts \\\n  --bundle \\\n  --outfile=out/job.mjs')).toEqual(known);
    const unknown: string[] = [];
    expect(found('RUN npx esbuild jobs/code/start.ts --bundle --outfile=out/mail.mjs')).toEqual(unknown);
    expect(found('RUN npx esbuild jobs/code/start.ts jobs/code/other.ts --bundle --outfile=out/job.mjs')).toEqual(unknown);
    expect(found('RUN npx esbuild jobs/code/start.ts --bundle --outfile=out/job.mjs', 'absent/Dockerfile')).toEqual(unknown);
  });

  it('takes constructs of packages for functions only when their properties plainly are', () => {
    const found = stack(`
      new kit.Job(this, 'yes', { app: 'mail', runtime: lambda.Runtime.NODEJS_22_X, handler: 'send.run', fileName: 'mail.zip' });
      new kit.Alarm(this, 'no', { handler: 'somebody', entry: 'x' });
      new kit.Site(this, 'site', { entry: 'code/one.js' });`, { 'workers/mail/package.json': '{}', 'workers/mail/src/send.ts': 'export const run = 1;', 'other/src/send.ts': '' }, "const kit = require('house-kit');");
    expect(brief(found)).toEqual(['program.js#s/yes workers/mail/src/send.ts:run ']);
    // Its package may give it a timeout of its own: the platform's default is not known to hold.
    expect(found.functions[0]).toMatchObject({ timeoutUnknown: true, memoryUnknown: true });
  });

  it('finds the package behind an archive in its output folder, and behind a key whose end is known', () => {
    const found = stack(`
      const fn = (id, code) => new lambda.Function(this, id, { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.run', code });
      fn('built', lambda.Code.fromAsset(require('path').join(__dirname, 'services/poller/dist/poller-code.zip')));
      fn('stored', lambda.Code.fromBucket(process.env.BUCKET, \`\${process.env.PREFIX}/mailer.zip\`));
      fn('other', lambda.Code.fromAsset(require('path').join(__dirname, 'loose/dist/x.zip')));`, {
      'services/poller/package.json': '{}', 'services/poller/index.ts': 'export const run = 1;', 'source/mailer/index.js': 'exports.run = 1;', 'loose/index.ts': 'export const run = 1;',
    });
    expect(brief(found)).toEqual(['program.js#s/built services/poller/index.ts:run ', 'program.js#s/other  ', 'program.js#s/stored source/mailer/index.js:run ']);
  });

  it('finds the code in a folder that sam build makes of a template beside it, which then declares nothing more', () => {
    const template = (name: string) => `Transform: AWS::Serverless-2016-10-31\nResources:\n  ${name}:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/\n      Handler: App.run\n      Runtime: nodejs14.x\n`;
    const found = stack(`
      const fn = (id, folder) => new lambda.Function(this, id, { runtime: lambda.Runtime.NODEJS_22_X, handler: 'app.run', code: lambda.Code.fromAsset(require('path').resolve(__dirname, folder)) });
      fn('orders', 'lambda/orders/.aws-sam/build/OrdersFunction');
      fn('other', 'lambda/parcels/.aws-sam/build/NotThere');`, {
      'lambda/orders/template.yaml': template('OrdersFunction'), 'lambda/orders/src/App.ts': 'export const run = 1;', 'lambda/orders/package.json': '{}',
      'lambda/parcels/template.yaml': template('ParcelsFunction'), 'lambda/parcels/src/App.ts': 'export const run = 1;',
    });
    expect(brief(found)).toEqual(['lambda/parcels/template.yaml#ParcelsFunction lambda/parcels/src/App.ts:run ', 'program.js#s/orders lambda/orders/src/App.ts:run ', 'program.js#s/other  ']);
    expect(named(found, 'orders').runtime).toMatchObject({ value: 'nodejs22.x' });
  });

  it('finds the package behind an archive in a folder that is only looked for at deployment', () => {
    const found = stack(`
      const path = require('path'); const findUp = require('find-up');
      const packed = (name) => path.join(findUp('dist', { cwd: __dirname }), name);
      const fn = (id, code) => new lambda.Function(this, id, { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.run', code: lambda.Code.fromAsset(code) });
      fn('named', packed('@lambda/orders-code.zip'));
      fn('unpacked', packed('@lambda/parcels-code.zip'));
      fn('folder', packed('index'));`, {
      'src/orders/@lambda/package.json': '{"name": "@lambda/orders-code", "scripts": {"build": "zip -qr ../../../dist/$npm_package_name.zip *"}}', 'src/orders/@lambda/index.js': 'exports.run = 1;',
      'src/parcels/@lambda/package.json': '{"name": "@lambda/parcels", "scripts": {"build": "zip -qr ../../../dist/$npm_package_name.zip *"}}', 'src/parcels/@lambda/index.js': 'exports.run = 1;',
    });
    expect(brief(found)).toEqual(['program.js#s/folder  ', 'program.js#s/named src/orders/@lambda/index.js:run ', 'program.js#s/unpacked  ']);
  });

  it.each([
    ["const stage = this.node.tryGetContext('stage'); if (stage !== 'dev' && stage !== 'prod') throw new Error('which stage?');"],
    ["const stage = this.node.tryGetContext('stage'); if (stage === 'none') { } else if (stage !== 'dev') { throw new Error('which stage?'); }"],
    ["for (const source of [this.node.tryGetContext('source')]) { if (source !== 'a' && source !== 'b') throw new Error(); }"],
  ])('a value that the command line may give is not known to differ: %s', (check) => {
    expect(stack(`${check} ${fn('f')};`).functions.map((one) => one.name)).toEqual(['f']);
  });

  it('a thing of a package is no text', () => {
    expect(stack(`const t = cdk.Duration.seconds(3); if (t !== 'dev') throw new Error(); ${fn('f')};`).functions).toEqual([]);
  });

  it('follows what a wrapper does with the settings that it is given', () => {
    const found = stack(`
      class Own extends Construct { constructor(scope, id, props) { super(scope, id);
        const fn = new nodejs.NodejsFunction(this, id + 'Fn', { entry: 'code/one.js', handler: 'run', timeout: props.timeout ? props.timeout : cdk.Duration.seconds(60) });
        new events.Rule(this, 'rule', { targets: [new targets.LambdaFunction(fn)],
          schedule: props.when instanceof events.Schedule ? props.when : undefined, eventPattern: !(props.when instanceof events.Schedule) ? props.when : undefined }); } }
      new Own(this, 'Nightly', { when: events.Schedule.rate(cdk.Duration.days(1)), timeout: cdk.Duration.minutes(15) });
      new Own(this, 'Paid', { when: { source: ['shop'] } });`, {}, "const { Construct } = require('constructs'); const events = require('aws-cdk-lib/aws-events'); const targets = require('aws-cdk-lib/aws-events-targets');");
    expect(found.functions.map((fn) => [fn.name, fn.timeoutSeconds?.value, fn.triggers.map((trigger) => trigger.kind)])).toEqual([['NightlyFn', 900, ['schedule']], ['PaidFn', 60, ['bus']]]);
  });

  it('names functions that a wrapper calls alike after the wrapper', () => {
    const found = stack(`
      class Own extends Construct { constructor(scope, id) { super(scope, id); new nodejs.NodejsFunction(this, 'Function', { entry: 'code/one.js', handler: 'run' }); } }
      new Own(this, 'Orders'); new Own(this, 'Parcels'); new nodejs.NodejsFunction(this, 'Lambda', { entry: 'code/one.js', handler: 'run' });`, {}, "const { Construct } = require('constructs');");
    expect(found.functions.map((fn) => fn.name).sort()).toEqual(['Lambda', 'Orders', 'Parcels']);
  });

  it('fills in from an earlier synthesis what the program does not show, and adds nothing', () => {
    const template = { Resources: { A: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs18.x', Timeout: 9, MemorySize: 512 }, Metadata: { 'aws:cdk:path': 's/f/Resource' } }, B: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs18.x' }, Metadata: { 'aws:cdk:path': 's/old/Resource' } } } };
    const found = stack(`new nodejs.NodejsFunction(this, 'f', { entry: 'code/one.js', handler: 'run', timeout: cdk.Duration.seconds(4) });`, {
      'cdk.out/manifest.json': JSON.stringify({ artifacts: { s: { type: 'aws:cloudformation:stack', properties: { templateFile: 's.template.json' } } } }), 'cdk.out/s.template.json': JSON.stringify(template),
    });
    expect(found.functions).toHaveLength(1);
    expect(named(found, 'f')).toMatchObject({ timeoutSeconds: { value: 4 }, memoryMb: { value: 512, location: { file: 'cdk.out/s.template.json' } }, runtime: { value: 'nodejs18.x' } });
    expect(found.gaps.map((gap) => gap.message)).toEqual(['s/old of an earlier synthesis is not shown by the program']);
  });

  it('says what it does not find', () => {
    const found = stack(`new lambda.Function(this, 'lost', { runtime: lambda.Runtime.NODEJS_20_X,
      code: lambda.Code.fromAsset('../outside'), handler: 'x.run' });
      new nodejs.NodejsFunction(this, 'gone', { entry: 'code/none.ts' });`);
    expect(found.functions.map((one) => [one.name, one.handlers])).toEqual([['gone', []], ['lost', []]]);
    expect(found.gaps.map((gap) => [gap.kind, gap.line])).toEqual([['handler', 3], ['handler', 5]]);
  });

  it('reads a program without cdk.json, and leaves tests and programs of other languages alone', () => {
    const app = "import { App, Stack } from 'aws-cdk-lib'; import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'; const s = new Stack(new App(), 's'); new NodejsFunction(s, 'f', { entry: 'fns/f.ts' });";
    const found = declared({ 'p/package.json': '{ "devDependencies": { "aws-cdk-lib": "2" } }', 'p/deploy/main.ts': app, 'p/test/app.test.ts': app.replace("'f',", "'t',"), 'p/fns/f.ts': 'export const handler = 1;', 'py/cdk.json': '{ "app": "python3 app.py" }', 'py/app.ts': app });
    expect(brief(found)).toEqual(['p/deploy/main.ts#s/f p/fns/f.ts:handler ']);
  });
});
