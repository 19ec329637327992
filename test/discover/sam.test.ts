import { describe, expect, it } from 'vitest';
import { cloudformation } from '../../src/discover/cloudformation.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const text = (value: unknown) => ({ kind: 'literal', value });
const ref = (id: string, attribute = 'Ref', unit = 'template.yaml') => ({ kind: 'resource', unit, id, attribute });
const fn = (properties: Record<string, unknown> = {}, metadata?: unknown) => ({ Type: 'AWS::Serverless::Function', ...(metadata ? { Metadata: metadata } : {}), Properties: { CodeUri: 'src/', Handler: 'a.handler', Runtime: 'nodejs22.x', ...properties } });

function read(resources: Record<string, unknown>, top: Record<string, unknown> = {}, files: Record<string, string> = {}) {
  const template = JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', ...top, Resources: resources }, null, 1);
  return discoverWith([cloudformation], memoryWorkspace({ 'template.yaml': template, 'src/a.ts': '', ...files }), { params: new Map() });
}

const event = (type: string, properties: Record<string, unknown> = {}) => read({ F: fn({ Events: { E: { Type: type, Properties: properties } } }) }).functions[0]?.triggers.map(({ location: _location, auth: _auth, ...rest }) => rest);

describe('events', () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ['Api', { Path: '/a', Method: 'get' }, { kind: 'http', source: 'Api', resource: ref('ServerlessRestApi'), filters: [{ kind: 'route', method: 'GET', path: '/a' }] }],
    ['Api', { Path: '/a', Method: 'any', RestApiId: { Ref: 'Api' } }, { kind: 'http', source: 'Api', resource: { kind: 'unknown', reason: 'no resource or parameter Api' }, filters: [{ kind: 'route', method: '*', path: '/a' }] }],
    ['HttpApi', {}, { kind: 'http', source: 'HttpApi', resource: ref('ServerlessHttpApi'), filters: [{ kind: 'route', method: '*', path: '*' }] }],
    ['SQS', { Queue: 'arn:aws:sqs:x:1:q', BatchSize: 10 }, { kind: 'queue', source: 'SQS', resource: text('arn:aws:sqs:x:1:q'), batchSize: 10, batchSizeAt: { file: 'template.yaml', line: 15, column: 8, endLine: 15, endColumn: 19 }, filters: [] }],
    ['SNS', { Topic: { Ref: 'F' }, FilterPolicy: { a: ['b'] } }, { kind: 'topic', source: 'SNS', resource: ref('F'), filters: [{ kind: 'attributes', scope: 'attributes', policy: { kind: 'object', open: false, entries: [['a', { kind: 'array', open: false, items: [text('b')] }]] } }] }],
    ['S3', { Bucket: { Ref: 'F' }, Events: ['s3:ObjectCreated:Put'] }, { kind: 'bucket', source: 'S3', resource: ref('F'), filters: [{ kind: 'object', events: ['s3:ObjectCreated:Put'], rules: [] }] }],
    ['DynamoDB', { Stream: 'arn:s', StartingPosition: 'LATEST' }, { kind: 'stream', source: 'DynamoDB', resource: text('arn:s'), filters: [] }],
    ['Kinesis', { Stream: 'arn:s' }, { kind: 'stream', source: 'Kinesis', resource: text('arn:s'), filters: [] }],
    ['MSK', { Stream: 'arn:s' }, { kind: 'stream', source: 'MSK', resource: text('arn:s'), filters: [] }],
    ['SelfManagedKafka', { Topics: ['t'] }, { kind: 'stream', source: 'SelfManagedKafka', filters: [] }],
    ['MQ', { Broker: 'arn:b' }, { kind: 'queue', source: 'MQ', resource: text('arn:b'), filters: [] }],
    ['EventBridgeRule', { Pattern: { source: 'x' } }, { kind: 'bus', source: 'EventBridgeRule', resource: text('default'), filters: [{ kind: 'pattern', pattern: { kind: 'object', open: false, entries: [['source', text('x')]] } }] }],
    ['CloudWatchEvent', { EventBusName: 'b', State: 'DISABLED' }, { kind: 'bus', source: 'CloudWatchEvent', resource: text('b'), enabled: false, filters: [] }],
    ['Schedule', { Schedule: 'rate(1 hour)', Enabled: false }, { kind: 'schedule', source: 'Schedule', schedule: text('rate(1 hour)'), enabled: false, filters: [] }],
    ['ScheduleV2', { ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' }, { kind: 'schedule', source: 'ScheduleV2', schedule: text('rate(1 hour)'), enabled: true, filters: [] }],
    ['CloudWatchLogs', { LogGroupName: 'g', FilterPattern: 'E' }, { kind: 'log', source: 'CloudWatchLogs', resource: text('g'), filters: [{ kind: 'pattern', pattern: text('E') }] }],
    ['IoTRule', { Sql: 'SELECT *' }, { kind: 'topic', source: 'IoTRule', filters: [{ kind: 'pattern', pattern: text('SELECT *') }] }],
    ['Cognito', { UserPool: { Ref: 'F' }, Trigger: 'PreSignUp' }, { kind: 'auth', source: 'Cognito', resource: ref('F'), filters: [] }],
    ['AlexaSkill', {}, { kind: 'invoke', source: 'AlexaSkill', filters: [] }],
    ['SomethingNew', {}, { kind: 'unknown', source: 'SomethingNew', filters: [] }],
  ])('%s %j', (type, properties, expected) => {
    expect(event(type, properties)).toEqual([expected]);
  });

  it('shows a topic subscribed through a queue as both', () => {
    expect(event('SNS', { Topic: 't', SqsSubscription: { QueueArn: 'arn:q', BatchSize: 2 } })).toMatchObject([{ kind: 'topic' }, { kind: 'queue', resource: text('arn:q'), batchSize: 2 }]);
  });

  it('points at the event', () => {
    expect(read({ F: fn({ Events: { Work: { Type: 'SQS', Properties: { Queue: 'q' } } } }) }).functions[0]?.triggers[0]?.location).toMatchObject({ file: 'template.yaml', line: 11, column: 6 });
  });
});

describe('functions', () => {
  it('merges Globals: maps key by key, lists appended, scalars overridden, with the place of each', () => {
    const globals = { Function: { Timeout: 5, MemorySize: 512, Runtime: 'nodejs18.x', Layers: ['arn:l1'], Environment: { Variables: { A: '1', B: '1' } } } };
    const found = read({ F: fn({ Timeout: 9, Layers: ['arn:l2'], Environment: { Variables: { B: '2' } } }) }, { Globals: globals }).functions[0];
    expect(found).toMatchObject({ timeoutSeconds: { value: 9 }, memoryMb: { value: 512, location: { line: 6 } }, runtime: { value: 'nodejs22.x' }, layers: [text('arn:l1'), text('arn:l2')] });
    expect([...(found?.environment ?? [])]).toEqual([['A', text('1')], ['B', text('2')]]);
  });

  it('does not apply Globals to plain Lambda functions', () => {
    const plain = { Type: 'AWS::Lambda::Function', Properties: { Code: 'src', Handler: 'a.handler', Runtime: 'nodejs22.x' } };
    expect(read({ F: plain }, { Globals: { Function: { Timeout: 5 } } }).functions[0]).not.toHaveProperty('timeoutSeconds');
  });

  it('takes the source from esbuild’s entry points', () => {
    const metadata = { BuildMethod: 'esbuild', BuildProperties: { EntryPoints: ['other.ts', 'nested/orders.ts'], External: ['sharp'], Minify: false, Format: 'esm', Target: 'es2022' } };
    expect(read({ F: fn({ Handler: 'orders.handler' }, metadata) }, {}, { 'src/nested/orders.ts': '', 'src/other.ts': '' }).functions[0]).toMatchObject({
      handlers: [{ file: 'src/nested/orders.ts', export: 'handler' }],
      packaging: { form: 'bundled', tool: 'esbuild', folder: 'src', external: ['sharp'], minify: false, format: 'esm', target: 'es2022' },
    });
  });

  it('takes entry points and CodeUri from a folder above the template, as a build with a base folder does', () => {
    const one = (properties: Record<string, unknown>, metadata: unknown, files: Record<string, string>, isPart = false) => {
      const text = JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', ...(isPart ? {} : { Transform: 'AWS::Serverless-2016-10-31' }), Resources: { F: { Type: 'AWS::Serverless::Function', Metadata: metadata, Properties: { Handler: 'pay.handler', Runtime: 'nodejs22.x', ...properties } } } });
      return discoverWith([cloudformation], memoryWorkspace({ 'package.json': '{}', 'parts/infra/template.yaml': text, ...files }), { params: new Map() }).functions[0];
    };
    const entry = { BuildMethod: 'esbuild', BuildProperties: { EntryPoints: ['parts/core/src/pay.ts'] } };
    expect(one({}, entry, { 'parts/core/src/pay.ts': '' })).toMatchObject({ handlers: [{ file: 'parts/core/src/pay.ts' }], packaging: { folder: '' } });
    expect(one({}, entry, { 'parts/infra/parts/core/src/pay.ts': '', 'parts/core/src/pay.ts': '' })?.handlers[0]?.file).toBe('parts/infra/parts/core/src/pay.ts');
    expect(one({ CodeUri: 'parts/front/dist' }, { BuildMethod: 'makefile' }, { 'parts/front/src/pay.ts': '' })).toMatchObject({ handlers: [{ file: 'parts/front/src/pay.ts' }], packaging: { folder: 'parts/front/dist' } });
    expect(one({ CodeUri: 'parts/front/dist' }, { BuildMethod: 'makefile' }, { 'parts/back/src/pay.ts': '' })?.handlers).toEqual([]);
    expect(one({}, { BuildMethod: 'esbuild' }, { 'pay.ts': '' })?.handlers).toEqual([]);
    // A part that a script puts into a template is no template of its own.
    expect(one({}, entry, { 'parts/core/src/pay.ts': '' }, true)?.handlers).toEqual([]);
  });

  it('takes the template’s folder without CodeUri, and a folder spelled in another case', () => {
    const files = { 'svc/Producer/app.js': '', 'svc/index.js': '', 'svc/template.yml': `Transform: AWS::Serverless-2016-10-31\nResources:\n${['{ Handler: index.handler, Runtime: nodejs22.x }', '{ CodeUri: producer/, Handler: app.handler, Runtime: nodejs22.x }'].map((properties, i) => `  F${i}:\n    Type: AWS::Serverless::Function\n    Properties: ${properties}\n`).join('')}` };
    expect(discoverWith([cloudformation], memoryWorkspace(files), { params: new Map() }).functions.map((found) => found.handlers[0]?.file)).toEqual(['svc/index.js', 'svc/Producer/app.js']);
  });

  it('looks beside an archive that a build makes, but not for generic names in other folders', () => {
    expect(read({ F: fn({ CodeUri: 'build/x.zip', Handler: 'index.handler' }) }, {}, { 'index.js': '' }).functions[0]?.handlers[0]?.file).toBe('index.js');
    expect(read({ F: fn({ CodeUri: 'gone/', Handler: 'index.handler' }) }, {}, { 'elsewhere/index.js': '' }).functions[0]?.handlers).toEqual([]);
    expect(read({ F: fn({ CodeUri: 'gone/', Handler: 'order-created.handler' }) }, {}, { 'lib/order-created.js': '' }).functions[0]?.handlers[0]?.file).toBe('lib/order-created.js');
  });

  it('finds the source of a package in a folder of output that is named after it', () => {
    const file = (properties: Record<string, unknown>, files: Record<string, string>) => read({ F: fn(properties) }, {}, files).functions[0]?.handlers[0]?.file;
    expect(file({ CodeUri: 'dist/createOrder/', Handler: 'handler.run' }, { 'src/lambdas/createOrder/handler.ts': '', 'src/lambdas/payOrder/handler.ts': '' })).toBe('src/lambdas/createOrder/handler.ts');
    // Two folders of that name, and a folder of output that is named after nothing.
    expect(file({ CodeUri: 'dist/createOrder/', Handler: 'handler.run' }, { 'a/createOrder/handler.ts': '', 'b/createOrder/handler.ts': '' })).toBeUndefined();
    expect(file({ CodeUri: 'dist/build/', Handler: 'handler.run' }, { 'tools/build/handler.ts': '' })).toBeUndefined();
  });

  it('looks for code beside the declaration from the folder that both share', () => {
    const files = { 'infra/web/template.yml': 'Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: { CodeUri: ../../dist/web, Handler: web-handler.handler, Runtime: nodejs22.x }\n', 'src/handlers/web-handler.ts': '', 'src/handlers/web-handler.test.ts': '' };
    expect(discoverWith([cloudformation], memoryWorkspace(files), { params: new Map() }).functions[0]?.handlers[0]?.file).toBe('src/handlers/web-handler.ts');
  });

  it('reads the entries that a bundler’s configuration names', () => {
    const uri = (key: string) => ({ Bucket: 'b', Key: { 'Fn::Sub': `\${Stage}/\${App}/${key}.zip` } });
    const files = {
      'webpack.config.js': 'const entries = { "pay-order": "./src/orders/pay.ts", ship: "./src/gone.ts", index: "./src/all.ts" };\nmodule.exports = { entry: entries };\n', 'src/orders/pay.ts': '', 'src/all.ts': '',
      'jobs/esbuild.config.js': "const path = require('path');\nconst entryPoints = {\n  nightly:\n    path.join(__dirname, 'src/nightlyJob.ts'),\n};\n", 'jobs/src/nightlyJob.ts': '',
      'src/table.js': "module.exports = { input: 1, 'other-name': './orders/pay.ts' };\n",
    };
    const file = (key: string, handler: string) => read({ F: fn({ CodeUri: uri(key), Handler: handler }) }, {}, files).functions[0]?.handlers[0]?.file;
    expect([file('pay-order', 'pay-order.run'), file('nightly', 'nightly.handler'), file('nightly', 'index.handler')]).toEqual(['src/orders/pay.ts', 'jobs/src/nightlyJob.ts', 'jobs/src/nightlyJob.ts']);
    // An entry whose file is not there, a generic name, a table that is no configuration.
    expect([file('ship', 'ship.handler'), file('some', 'index.handler'), file('other-name', 'other-name.handler')]).toEqual([undefined, undefined, undefined]);
  });

  it('names layers of the repository by their folder', () => {
    const layer = { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: './layers/deps' } };
    expect(read({ F: fn({ Layers: [{ Ref: 'L' }, 'arn:x'] }), L: layer }, {}, { 'layers/deps/nodejs/index.js': '' }).functions[0]?.layers).toEqual([text('layers/deps'), text('arn:x')]);
  });

  it('reads URLs, destinations and dead-letter queues; a destination function is invoked', () => {
    const { functions } = read({
      F: fn({
        FunctionUrlConfig: { AuthType: 'NONE' }, DeadLetterQueue: { Type: 'SQS', TargetArn: 'arn:dlq' },
        EventInvokeConfig: { DestinationConfig: { OnSuccess: { Type: 'Lambda', Destination: { 'Fn::GetAtt': ['G', 'Arn'] } }, OnFailure: { Type: 'SQS', Destination: 'arn:q' } } },
      }),
      G: fn(),
    });
    expect(functions[0]?.triggers).toMatchObject([{ kind: 'url', source: 'FunctionUrl' }]);
    expect(functions[0]?.destinations.map(({ kind, target }) => [kind, target])).toEqual([['deadLetter', text('arn:dlq')], ['onSuccess', ref('G', 'Arn')], ['onFailure', text('arn:q')]]);
    expect(functions[1]?.triggers).toMatchObject([{ kind: 'invoke', source: 'Destination', resource: ref('F', 'Arn') }]);
  });

  it('knows the aliases and versions that SAM makes', () => {
    const mapping = (name: unknown) => read({ F: fn({ AutoPublishAlias: 'live' }), M: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: name, EventSourceArn: 'arn:aws:sqs:x:1:q' } } }).functions[0]?.triggers.length;
    expect([{ Ref: 'FAliaslive' }, { Ref: 'F.Alias' }, { Ref: 'F.Version' }, { Ref: 'Fother' }].map(mapping)).toEqual([1, 1, 1, 0]);
  });

  it('says that a loop over resources is not expanded', () => {
    expect(read({ F: fn(), 'Fn::ForEach::X': ['N', ['a'], {}] }).gaps).toMatchObject([{ kind: 'transform', file: 'template.yaml' }]);
  });
});
