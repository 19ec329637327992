import { describe, expect, it } from 'vitest';
import { discoverWith } from '../../src/discover/discover.ts';
import { serverlessReader } from '../../src/discover/serverless.ts';
import { memoryWorkspace } from './memory-workspace.ts';
import { declared, named } from './code-support.ts';

const ref = (id: string, attribute = 'Ref') => ({ kind: 'resource', unit: 'serverless.yml', id, attribute });
const text = (value: unknown) => ({ kind: 'literal', value });
const derived = (what: string, name: unknown) => ({ kind: 'derived', what, from: [name], io: false });

/** A service with the functions `place-order` and `check`, and more below. */
function read(more: string, { settings = '', provider = '', files = {} }: { settings?: string; provider?: string; files?: Record<string, string> } = {}) {
  const source = `service: shop\nprovider:\n  name: aws\n  runtime: nodejs22.x\n${provider}functions:\n  place-order:\n    handler: lib/orders.place\n${settings}  check:\n    handler: lib/check.run\n${more}`;
  const result = discoverWith([serverlessReader], memoryWorkspace({ 'serverless.yml': source, 'lib/orders.ts': '', 'lib/check.js': '', 'lib/jobs.js': '', ...files }), { params: new Map() });
  return { ...result, fn: result.functions.find((fn) => fn.name === 'place-order'), lines: source.split('\n') };
}

const resources = (body: Record<string, unknown>) => `resources:\n  Resources: ${JSON.stringify(body)}\n`;
const fnArn = { 'Fn::GetAtt': ['PlaceDashorderLambdaFunction', 'Arn'] };
const resource = (type: string, properties: unknown = {}) => ({ Type: type, Properties: properties });

describe('triggers that stand below resources', () => {
  const wired = (body: Record<string, unknown>) => read(resources({ Q: resource('AWS::SQS::Queue'), T: resource('AWS::SNS::Topic'), ...body })).fn?.triggers.map(({ location: _location, ...rest }) => rest);
  it.each<[string, Record<string, unknown>, unknown]>([
    ['mapping', resource('AWS::Lambda::EventSourceMapping', { FunctionName: fnArn, EventSourceArn: { 'Fn::GetAtt': ['Q', 'Arn'] }, BatchSize: 7 }), { kind: 'queue', source: 'SQS', batchSize: 7, resource: ref('Q', 'Arn') }],
    ['rule', resource('AWS::Events::Rule', { EventPattern: { source: ['x'] }, Targets: [{ Id: '1', Arn: fnArn }] }), { kind: 'bus', resource: text('default') }],
    ['scheduled rule', resource('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)', Targets: [{ Id: '1', Arn: fnArn }] }), { kind: 'schedule', schedule: text('rate(1 hour)') }],
    ['subscription', resource('AWS::SNS::Subscription', { Protocol: 'lambda', TopicArn: { Ref: 'T' }, Endpoint: fnArn }), { kind: 'topic', resource: ref('T') }],
    ['notification', resource('AWS::S3::Bucket', { NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: fnArn }] } }), { kind: 'bucket', resource: ref('X') }],
    ['name in an ARN', resource('AWS::Logs::SubscriptionFilter', { LogGroupName: '/g', DestinationArn: 'arn:aws:lambda:eu-west-1:1:function:${self:service}-${sls:stage}-place-order' }), { kind: 'log', resource: text('/g') }],
    ['method', resource('AWS::ApiGateway::Method', { RestApiId: { Ref: 'ApiGatewayRestApi' }, HttpMethod: 'POST', AuthorizationType: 'AWS_IAM', Integration: { Uri: { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${PlaceDashorderLambdaFunction.Arn}/invocations' } } }), { kind: 'http', resource: ref('ApiGatewayRestApi'), auth: { kind: 'identity' } }],
    ['permission alone', resource('AWS::Lambda::Permission', { FunctionName: fnArn, Principal: 's3.amazonaws.com' }), { kind: 'bucket', source: 'Permission' }],
  ])('%s', (_, node, expected) => {
    expect(wired({ X: node })).toMatchObject([expected]);
  });

  it('leaves other functions and roles alone', () => {
    expect(wired({ X: resource('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: 'CheckLambdaFunction' }, EventSourceArn: 'arn:aws:sqs:x:1:q' }) })).toEqual([]);
    expect(wired({ X: resource('AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Resource: fnArn }] } }) })).toEqual([]);
  });

  it('wires plain functions and links of the service, and unites parts of resources', () => {
    const queue = { 'Fn::GetAtt': ['Q', 'Arn'] };
    const more = `resources:\n  - Resources: ${JSON.stringify({ Q: resource('AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['D', 'Arn'] } } }), D: resource('AWS::SQS::Queue'), P: resource('AWS::Lambda::Function', { Code: 'lib', Handler: 'jobs.run', Runtime: 'nodejs22.x' }) })}\n    Outputs: { A: { Value: !Ref Q } }\n`
      + `  - Resources: ${JSON.stringify({ M: resource('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: 'P' }, EventSourceArn: queue }), S: resource('AWS::SNS::Subscription', { Protocol: 'sqs', TopicArn: 'arn:aws:sns:x:1:t', Endpoint: queue }) })}\n    Outputs: { B: { Value: !Ref D, Export: { Name: "\${self:service}-dead" } } }\n`;
    const { functions, links, published, resources: declared } = read(more);
    expect(functions.find((fn) => fn.name === 'P')).toMatchObject({ handlers: [{ file: 'lib/jobs.js', export: 'run' }], triggers: [{ kind: 'queue', resource: ref('Q', 'Arn') }] });
    expect(links.map((link) => [link.kind, link.from, link.to])).toEqual([['redrive', ref('Q'), ref('D', 'Arn')], ['subscription', text('arn:aws:sns:x:1:t'), ref('Q', 'Arn')]]);
    const stack = (output: string) => ({ kind: 'template', parts: [text('shop-'), { kind: 'env', name: 'sls:stage' }, text(`.${output}`)] });
    expect(published.map(({ scope, name, value }) => [scope, name, value])).toEqual([['stackOutput', stack('A'), ref('Q')], ['import', text('shop-dead'), ref('D')], ['stackOutput', stack('B'), ref('D')]]);
    expect(declared.map((one) => one.logicalId)).not.toContain('P');
  });

  it('joins state machines with their functions, events and targets', () => {
    const more = 'plugins: [serverless-step-functions]\nstepFunctions:\n  stateMachines:\n    flow:\n      name: flow-${sls:stage}\n      id: Flow\n      events:\n        - http: { path: go, method: post }\n        - eventBridge: { event: { source: [a] } }\n      definition:\n        StartAt: A\n        States:\n          A: { Type: Task, Resource: !GetAtt [place-order, Arn], Next: B }\n          B: { Type: Task, Resource: "arn:aws:states:::sqs:sendMessage", Parameters: { QueueUrl: !Ref Q }, End: true }\n          C: { Type: Pass, Result: !GetAtt [check, Arn] }\nresources:\n  Resources:\n    Q: { Type: AWS::SQS::Queue }\n';
    const { functions, links } = read(more);
    expect(functions.map((fn) => [fn.name, fn.triggers.map((trigger) => [trigger.kind, trigger.resource])])).toEqual([['check', []], ['place-order', [['stateMachine', ref('Flow')]]]]);
    expect(links.map((link) => [link.kind, link.from, link.to])).toEqual([['integration', ref('ApiGatewayRestApi'), ref('Flow')], ['target', text('default'), ref('Flow')], ['task', ref('Flow'), ref('Q')]]);
  });
});

describe('authentication of routes', () => {
  const checks = (event: string, provider = '', more = '') => {
    const { fn, lines } = read(more, { settings: `    events:\n      - ${event}\n`, provider });
    return fn?.triggers.map(({ auth }) => [auth?.kind, auth?.authorizer, lines[(auth?.location?.line ?? 0) - 1]?.trim()]);
  };
  it.each<[string, string, string, unknown, string | undefined]>([
    ['http: GET a', '', 'none', undefined, '- http: GET a'],
    ['http: { path: a, method: get, private: true }', '', 'key', undefined, undefined],
    ['http: { path: a, method: get, private: false }', '', 'none', undefined, undefined],
    ['http: { path: a, method: get, authorizer: aws_iam }', '', 'identity', undefined, undefined],
    ['http: { path: a, method: get, authorizer: check }', '', 'authorizer', ref('check', 'Arn'), undefined],
    ['http: { path: a, method: get, authorizer: { name: check, resultTtlInSeconds: 0 } }', '', 'authorizer', ref('check', 'Arn'), undefined],
    ['http: { path: a, method: get, authorizer: { arn: "arn:aws:cognito-idp:x:1:userpool/y" } }', '', 'identity', undefined, undefined],
    ['http: { path: a, method: get, authorizer: { arn: !GetAtt Pool.Arn } }', '', 'identity', undefined, undefined],
    ['http: { path: a, method: get, authorizer: { type: COGNITO_USER_POOLS, authorizerId: !Ref A } }', '', 'identity', undefined, undefined],
    ['http: { path: a, method: get, authorizer: "arn:aws:lambda:x:1:function:y" }', '', 'authorizer', text('arn:aws:lambda:x:1:function:y'), undefined],
    ['http: GET a', '  endpointType: PRIVATE\n', 'private', undefined, 'endpointType: PRIVATE'],
    ['http: GET a', '  apiGateway:\n    resourcePolicy:\n      - { Effect: Allow, Principal: "*", Condition: { IpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } } }\n', 'private', undefined, 'resourcePolicy:'],
    ['http: GET a', '  apiGateway:\n    resourcePolicy:\n      - { Effect: Allow, Principal: "*", Action: "execute-api:Invoke" }\n', 'none', undefined, '- http: GET a'],
    ['httpApi: GET /a', '', 'none', undefined, '- httpApi: GET /a'],
    ['httpApi: { path: /a, method: get, authorizer: { name: users } }', '  httpApi: { authorizers: { users: { identitySource: x, issuerUrl: y } } }\n', 'identity', undefined, undefined],
    ['httpApi: { path: /a, method: get, authorizer: users }', '  httpApi: { authorizers: { users: { type: request, functionName: check } } }\n', 'authorizer', ref('check', 'Arn'), undefined],
    ['httpApi: { path: /a, method: get, authorizer: { type: aws_iam } }', '', 'identity', undefined, undefined],
    ['websocket: { route: $connect, authorizer: check }', '', 'authorizer', ref('check', 'Arn'), undefined],
    ['websocket: send', '', 'none', undefined, '- websocket: send'],
    ['cloudFront: { eventType: viewer-request, origin: s3://b.s3.amazonaws.com/ }', '', 'none', undefined, undefined],
  ])('%s with %j', (event, provider, kind, authorizer, line) => {
    const [found, ...rest] = checks(event, provider, resources({ Pool: resource('AWS::Cognito::UserPool') })) ?? [];
    expect([found?.[0], found?.[1], rest]).toEqual([kind, authorizer, []]);
    if (line !== undefined) expect(found?.[2]).toBe(line);
  });

  it('lets the authorizer of $connect count for all routes', () => {
    const { fn } = read('', { settings: '    events:\n      - websocket: { route: $connect, authorizer: check }\n      - websocket: send\n' });
    expect(fn?.triggers.map((trigger) => trigger.auth?.kind)).toEqual(['authorizer', 'authorizer']);
  });

  it('reads function URLs', () => {
    const url = (value: string) => read('', { settings: `    url: ${value}\n` }).fn?.triggers.map((trigger) => [trigger.kind, trigger.auth?.kind]);
    expect([url('true'), url('{ authorizer: aws_iam }'), url('{ cors: true }')]).toEqual([[['url', 'none']], [['url', 'identity']], [['url', 'none']]]);
  });

  it('does not know a load balancer that is declared elsewhere', () => {
    const alb = (listener: string, more = '') => checks(`alb: { listenerArn: ${listener}, priority: 1, conditions: { path: /a }${more} }`, '', resources({ L: resource('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: { Ref: 'B' } }), B: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }) }))?.map(([kind]) => kind);
    expect([alb('arn:x'), alb('!Ref L'), alb('arn:x', ', authorizer: users')]).toEqual([[undefined], ['private'], ['identity']]);
  });
});

describe('events and settings', () => {
  it('makes a schedule of every rate, with its state', () => {
    const { fn } = read('', { settings: '    events:\n      - schedule: { rate: [rate(1 hour), "cron(0 12 * * ? *)"], enabled: false }\n      - schedule: rate(1 day)\n' });
    expect(fn?.triggers.map((trigger) => [trigger.kind, trigger.schedule, trigger.enabled])).toEqual([['schedule', text('rate(1 hour)'), false], ['schedule', text('cron(0 12 * * ? *)'), false], ['schedule', text('rate(1 day)'), undefined]]);
  });

  it('reads retries, failures and dead letters of events', () => {
    const { fn, links } = read(resources({ T: resource('AWS::SNS::Topic'), D: resource('AWS::SQS::Queue') }), {
      settings: '    events:\n      - stream: { arn: !Ref S, maximumRetryAttempts: 2, destinations: { onFailure: arn:aws:sqs:x:1:f } }\n      - sns: { arn: !Ref T, topicName: t, redrivePolicy: { deadLetterTargetRef: D } }\n      - cloudwatchLog: [/a, /b]\n      - kafka: { topic: t, bootstrapServers: [x], batchSize: 3 }\n',
    });
    expect(fn?.triggers.map((trigger) => [trigger.kind, trigger.maximumRetryAttempts, trigger.batchSize])).toEqual([['stream', 2, undefined], ['topic', undefined, undefined], ['log', undefined, undefined], ['log', undefined, undefined], ['stream', undefined, 3]]);
    expect(fn?.destinations.map(({ kind, target }) => [kind, target])).toEqual([['onFailure', text('arn:aws:sqs:x:1:f')]]);
    expect(links.map((link) => [link.kind, link.from, link.to])).toEqual([['destination', ref('place-order', 'Arn'), text('arn:aws:sqs:x:1:f')], ['redrive', ref('T'), ref('D', 'Arn')]]);
  });

  it('reads settings with their places, the function’s before the provider’s', () => {
    const { fn, functions } = read('', { provider: '  region: eu-west-1\n  tracing: { lambda: true }\n', settings: '    provisionedConcurrency: 3\n    ephemeralStorageSize: 2048\n    maximumRetryAttempts: 0\n    tracing: PassThrough\n' });
    expect(fn).toMatchObject({
      provisionedConcurrency: { value: 3, location: { line: 10 } }, ephemeralStorageMb: { value: 2048, location: { line: 11 } }, maximumRetryAttempts: { value: 0, location: { line: 12 } },
      tracing: { value: false, location: { line: 13 } }, region: text('eu-west-1'),
    });
    const other = functions.find((one) => one.name === 'check');
    expect(other).toMatchObject({ tracing: { value: true, location: { line: 6 } }, runtime: { value: 'nodejs22.x', location: { line: 4 } } });
    expect(other).not.toHaveProperty('provisionedConcurrency');
  });

  it('invokes a function that is a destination', () => {
    const { functions } = read('', { settings: '    destinations: { onSuccess: check }\n' });
    expect(functions.find((fn) => fn.name === 'check')?.triggers).toMatchObject([{ kind: 'invoke', source: 'Destination', resource: ref('place-order', 'Arn') }]);
  });

  it('marks functions at the edge', () => {
    expect(read('', { settings: '    events: [{ cloudFront: { eventType: viewer-request, origin: x } }]\n' }).fn?.generation).toBe('edge');
    expect(read('', { settings: '    events: [{ http: GET a }]\n' }).fn).not.toHaveProperty('generation');
  });

  it('keeps the order of patterns, a function’s own only when packed alone', () => {
    const settings = '    package: { patterns: ["!data/x/**"] }\n';
    expect(read('package: { individually: true, patterns: ["!**", "data/**"] }\n', { settings }).fn?.packaging).toMatchObject({ include: ['!**', 'data/**', '!data/x/**'], exclude: [] });
    expect(read('package: { patterns: ["data/**"] }\n', { settings }).fn?.packaging).toMatchObject({ include: ['data/**'], exclude: [] });
  });
});

describe('packages', () => {
  const tool = (more: string, provider = '') => {
    const { form, tool: name, minify, external, target, sourceMap, format } = read(more, { provider }).fn?.packaging ?? { form: undefined };
    return { form, name, minify, external, target, sourceMap, format };
  };
  it.each<[string, string, Record<string, unknown>]>([
    ['nothing', '', { form: 'folder', name: 'serverless' }],
    ['version 3', 'frameworkVersion: "3"\n', { form: 'folder', name: 'serverless' }],
    ['version 4 and TypeScript', 'frameworkVersion: "^4.1"\n', { form: 'bundled', name: 'esbuild', minify: false }],
    ['settings of version 4', 'build: { esbuild: { minify: true, target: node22, format: esm, external: [sharp], sourcemap: { type: linked } } }\n', { form: 'bundled', name: 'esbuild', minify: true, target: 'node22', format: 'esm', external: ['sharp'], sourceMap: true }],
    ['version 4 switched off', 'frameworkVersion: "4"\nbuild: { esbuild: false }\n', { form: 'folder', name: 'serverless' }],
    ['no bundle', 'plugins: [serverless-esbuild]\ncustom: { esbuild: { bundle: false } }\n', { form: 'folder', name: 'esbuild' }],
    ['webpack', 'plugins: [serverless-webpack]\ncustom: { webpack: webpack.config.js }\n', { form: 'bundled', name: 'webpack' }],
    ['serverless-bundle', 'plugins: [serverless-bundle]\n', { form: 'bundled', name: 'webpack' }],
    ['typescript', 'plugins: [serverless-plugin-typescript]\n', { form: 'folder', name: 'typescript' }],
    ['artifact', 'package: { artifact: build/x.zip }\n', { form: 'unknown', name: 'artifact' }],
  ])('%s', (_, more, expected) => {
    expect(tool(more)).toMatchObject(expected);
  });
});

describe('composed services and programs', () => {
  const other = 'service: stock\nprovider: { name: aws, stage: live }\nfunctions: {}\n';
  const variable = (compose: string, files: Record<string, string> = {}) => {
    const source = 'service: shop\nprovider: { name: aws }\nfunctions:\n  f: { handler: app.run, environment: { Q: "${param:queue}" } }\n';
    const all = { 'shop/serverless.yml': source, 'shop/app.js': '', 'stock/serverless.yml': other, 'serverless-compose.yml': compose, ...files };
    return discoverWith([serverlessReader], memoryWorkspace(all), { params: new Map() }).functions[0]?.environment.get('Q');
  };
  it('take parameters from the services beside them', () => {
    expect(variable('services:\n  shop: { path: shop, params: { queue: "${stock.QueueUrl}" } }\n  stock: { path: stock }\n')).toEqual(derived('stackOutput', text('stock-live.QueueUrl')));
    expect(variable('services:\n  shop: { path: ./shop, params: { queue: fixed } }\n')).toEqual(text('fixed'));
  });

  it('do not take what is meant for others or not known', () => {
    expect(variable('services:\n  stock: { path: stock, params: { queue: other } }\n')).toEqual({ kind: 'env', name: 'param:queue' });
    expect(variable('services:\n  shop: { path: shop, params: { queue: "${gone.QueueUrl}" } }\n')).toMatchObject({ kind: 'unknown' });
    expect(variable('services:\n  shop: { path: ../../etc, params: { queue: x } }\n')).toEqual({ kind: 'env', name: 'param:queue' });
  });

  it('end on stacks that are named after each other', () => {
    const cyclic = 'service: "${param:name}"\nprovider: { name: aws }\nfunctions: {}\n';
    expect(variable('services:\n  shop: { path: shop, params: { queue: "${stock.Q}" } }\n  stock: { path: stock, params: { name: "${stock.Q}" } }\n', { 'stock/serverless.yml': cyclic })).toBeDefined();
  });

  it('read the object that a program exports, through the evaluator', () => {
    const object = { kind: 'object', entries: [['table', text('orders')]], open: false } as const;
    const source = 'service: shop\nprovider: { name: aws }\nfunctions:\n  f: { handler: app.run, environment: { T: "${file(conf.js):table}", N: "${file(conf.js):none, \'x\'}" } }\n';
    const { functions } = discoverWith([serverlessReader], memoryWorkspace({ 'serverless.yml': source, 'conf.js': '', 'app.js': '' }), {
      params: new Map(), evaluateExport: (file, name) => (file === 'conf.js' && name === 'default' ? object as never : { kind: 'unknown', reason: '' }),
    });
    expect([functions[0]?.environment.get('T'), functions[0]?.environment.get('N')]).toEqual([text('orders'), text('x')]);
  });
});

describe('plugins', () => {
  it('takes workers of queue constructs for functions', () => {
    const more = 'plugins: [serverless-lift]\nconstructs:\n  jobs:\n    type: queue\n    batchSize: 5\n    worker:\n      handler: lib/jobs.work\n      timeout: 20\n  photos: { type: storage }\n';
    const { functions, resources: declared, links, fn } = read(more, { settings: '    environment: { URL: "${construct:jobs.queueUrl}", BUCKET: "${construct:photos.bucketName}" }\n' });
    expect(functions.find((one) => one.name === 'jobsWorker')).toMatchObject({
      handlers: [{ file: 'lib/jobs.js', export: 'work' }], timeoutSeconds: { value: 20 }, triggers: [{ kind: 'queue', resource: ref('jobs', 'Arn'), batchSize: 5, partialBatchResponse: true }],
    });
    expect(declared.map((one) => [one.logicalId, one.kind])).toEqual([['jobs', 'queue'], ['jobsDlq', 'queue'], ['photos', 'bucket']]);
    expect(links).toMatchObject([{ kind: 'redrive', from: ref('jobs'), to: ref('jobsDlq', 'Arn') }]);
    expect([fn?.environment.get('URL'), fn?.environment.get('BUCKET')]).toEqual([ref('jobs', 'QueueUrl'), ref('photos')]);
  });

  it('runs a pipe’s enrichment on its source', () => {
    const more = `plugins: [serverless-pipes]\npipes:\n  p:\n    source: { sqs: { arn: !GetAtt Q.Arn } }\n    enrichment: { name: place-order }\n    target: { sqs: { arn: !GetAtt D.Arn } }\n${resources({ Q: resource('AWS::SQS::Queue'), D: resource('AWS::SQS::Queue') })}`;
    const { fn, links } = read(more);
    expect(fn?.triggers).toMatchObject([{ kind: 'queue', source: 'PipeEnrichment', resource: ref('Q', 'Arn') }]);
    expect(links).toMatchObject([{ kind: 'pipe', from: ref('Q', 'Arn'), to: ref('D', 'Arn') }]);
    expect(read(more.replace('plugins: [serverless-pipes]\n', '')).fn?.triggers).toEqual([]);
  });

  it('names outputs of other stacks', () => {
    expect(read('', { settings: '    environment: { Q: "${cf:stock-${sls:stage}.QueueUrl}" }\n' }).fn?.environment.get('Q')).toEqual(derived('stackOutput', { kind: 'template', parts: [text('stock-'), { kind: 'env', name: 'sls:stage' }, text('.QueueUrl')] }));
  });
});

it('gives the function that routes name as their authorizer a trigger of its own, once', () => {
  const found = declared({
    'serverless.yml': 'service: s\nprovider:\n  name: aws\n  runtime: nodejs24.x\nfunctions:\n  a:\n    handler: a.handler\n    events:\n      - http: { method: get, path: a, authorizer: guard }\n      - http: { method: post, path: a, authorizer: guard }\n  guard:\n    handler: guard.handler\n',
    'a.js': 'exports.handler = async () => 1;', 'guard.js': 'exports.handler = async () => 1;',
  });
  expect(named(found, 'guard').triggers).toMatchObject([{ kind: 'auth', source: 'Authorizer', location: { line: 9 } }]);
});
