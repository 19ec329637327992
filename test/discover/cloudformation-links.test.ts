import { describe, expect, it } from 'vitest';
import { cloudformation } from '../../src/discover/cloudformation.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const arn = { 'Fn::GetAtt': ['F', 'Arn'] };
const resource = (type: string, properties: unknown = {}) => ({ Type: type, Properties: properties });
const lambda = (more: Record<string, unknown> = {}) => resource('AWS::Lambda::Function', { Code: 'src', Handler: 'a.handler', Runtime: 'nodejs22.x', ...more });
const common = {
  F: lambda(), Q: resource('AWS::SQS::Queue'), Dead: resource('AWS::SQS::Queue'), T: resource('AWS::SNS::Topic'), Bus: resource('AWS::Events::EventBus', { Name: 'b' }),
  Table: resource('AWS::DynamoDB::Table'), S: resource('AWS::Kinesis::Stream'), Flow: resource('AWS::StepFunctions::StateMachine', { DefinitionString: '{}' }), Api: resource('AWS::ApiGateway::RestApi'),
};

const text = (value: unknown) => ({ kind: 'literal', value });
const short = (value: { kind: string; id?: string; value?: unknown }) => value.id ?? value.value ?? value.kind;

function read(resources: Record<string, unknown>, files: Record<string, string> = {}, top: Record<string, unknown> = {}) {
  return discoverWith([cloudformation], memoryWorkspace({ 't.json': JSON.stringify({ ...top, Resources: { ...common, ...resources } }, null, 1), 'src/a.js': '', ...files }), { params: new Map() });
}

/** `kind from to` of each link. */
const links = (resources: Record<string, unknown>, files: Record<string, string> = {}) => read(resources, files).links.map((link) => `${link.kind} ${short(link.from)} ${short(link.to)}`);
const queueArn = { 'Fn::GetAtt': ['Q', 'Arn'] };

describe('links between resources', () => {
  it.each<[string, unknown, string[]]>([
    ['topic to queue', resource('AWS::SNS::Subscription', { Protocol: 'sqs', TopicArn: { Ref: 'T' }, Endpoint: queueArn }), ['subscription T Q']],
    ['topic to address', resource('AWS::SNS::Subscription', { Protocol: 'email', TopicArn: { Ref: 'T' }, Endpoint: 'a@example.com' }), []],
    ['topic to function', resource('AWS::SNS::Subscription', { Protocol: 'lambda', TopicArn: { Ref: 'T' }, Endpoint: arn }), []],
    ['inline subscription', resource('AWS::SNS::Topic', { Subscription: [{ Protocol: 'sqs', Endpoint: queueArn }] }), ['subscription X Q']],
    ['dead letters of a subscription', resource('AWS::SNS::Subscription', { Protocol: 'lambda', TopicArn: { Ref: 'T' }, Endpoint: arn, RedrivePolicy: { deadLetterTargetArn: queueArn } }), ['redrive T Q']],
    ['dead letters of a queue', resource('AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: queueArn, maxReceiveCount: 3 } }), ['redrive X Q']],
    ['dead letters as a text', resource('AWS::SQS::Queue', { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:x:1:d"}' }), ['redrive X arn:aws:sqs:x:1:d']],
    ['queue without', resource('AWS::SQS::Queue', { VisibilityTimeout: 30 }), []],
    ['rule to queue and function', resource('AWS::Events::Rule', { EventBusName: { Ref: 'Bus' }, EventPattern: { source: ['a'] }, Targets: [{ Id: '1', Arn: queueArn }, { Id: '2', Arn: arn }] }), ['target Bus Q']],
    ['rule of the default bus', resource('AWS::Events::Rule', { EventPattern: { source: ['a'] }, Targets: [{ Id: '1', Arn: { Ref: 'Flow' } }] }), ['target default Flow']],
    ['disabled rule', resource('AWS::Events::Rule', { State: 'DISABLED', EventPattern: {}, Targets: [{ Id: '1', Arn: queueArn }] }), []],
    ['schedule to queue', resource('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: '1', Arn: queueArn }] }), ['target X Q']],
    ['scheduler to topic', resource('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 day)', Target: { Arn: { Ref: 'T' } } }), ['target X T']],
    ['bucket to queue', resource('AWS::S3::Bucket', { NotificationConfiguration: { QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: queueArn }], TopicConfigurations: [{ Event: 's3:ObjectRemoved:*', Topic: { Ref: 'T' } }] } }), ['notification X Q', 'notification X T']],
    ['bucket to bus', resource('AWS::S3::Bucket', { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } }), ['notification X default']],
    ['bucket not to bus', resource('AWS::S3::Bucket', { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: false } } }), []],
    ['replication', resource('AWS::S3::Bucket', { ReplicationConfiguration: { Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::copy' } }, { Status: 'Disabled', Destination: { Bucket: 'arn:aws:s3:::no' } }] } }), ['replication X arn:aws:s3:::copy']],
    ['pipe', resource('AWS::Pipes::Pipe', { Source: queueArn, Target: { Ref: 'Flow' } }), ['pipe Q Flow']],
    ['stopped pipe', resource('AWS::Pipes::Pipe', { DesiredState: 'STOPPED', Source: queueArn, Target: { Ref: 'Flow' } }), []],
    ['pipe to function', resource('AWS::Pipes::Pipe', { Source: queueArn, Target: arn }), []],
    ['table to stream', resource('AWS::DynamoDB::Table', { KinesisStreamSpecification: { StreamArn: { 'Fn::GetAtt': ['S', 'Arn'] } } }), ['replication X S']],
    ['logs to stream', resource('AWS::Logs::SubscriptionFilter', { LogGroupName: '/g', DestinationArn: { 'Fn::GetAtt': ['S', 'Arn'] } }), ['subscription /g S']],
    ['function destination', resource('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: 'F' }, DestinationConfig: { OnFailure: { Destination: queueArn } } }), ['destination F Q']],
    ['function dead letters', lambda({ DeadLetterConfig: { TargetArn: queueArn } }), ['destination X Q']],
    ['topic rule', resource('AWS::IoT::TopicRule', { TopicRulePayload: { Sql: 'x', Actions: [{ Sqs: { QueueUrl: { Ref: 'Q' } } }] } }), ['target X Q']],
  ])('%s', (_, node, expected) => {
    expect(links({ X: node })).toEqual(expected);
  });

  it('carries filters and places', () => {
    const { links: found } = read({ X: resource('AWS::SNS::Subscription', { Protocol: 'sqs', TopicArn: { Ref: 'T' }, Endpoint: queueArn, FilterPolicy: { a: ['b'] } }) });
    expect(found).toMatchObject([{ filters: [{ kind: 'attributes', scope: 'attributes', policy: { entries: [['a', {}]] } }], location: { file: 't.json' } }]);
    const bucket = read({ X: resource('AWS::S3::Bucket', { NotificationConfiguration: { EventBridgeConfiguration: {} } }) }).links[0];
    expect(bucket?.filters).toMatchObject([{ kind: 'pattern', pattern: { entries: [['source', { items: [text('aws.s3')] }], ['detail', {}]] } }]);
  });

  const method = (integration: Record<string, unknown>) => resource('AWS::ApiGateway::Method', { RestApiId: { Ref: 'Api' }, HttpMethod: 'POST', Integration: { Type: 'AWS', ...integration } });
  const apigateway = (tail: string) => ({ 'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:${tail}` });
  it.each<[string, unknown, string[]]>([
    ['queue in the path', method({ Uri: apigateway('sqs:path/${AWS::AccountId}/${Q.QueueName}') }), ['integration Api Q']],
    ['table in the template', method({ Uri: apigateway('dynamodb:action/PutItem'), RequestTemplates: { 'application/json': { 'Fn::Sub': '{"TableName":"${Table}"}' } } }), ['integration Api Table']],
    ['table that is read', method({ Uri: apigateway('dynamodb:action/Query'), RequestTemplates: { 'application/json': { 'Fn::Sub': '{"TableName":"${Table}"}' } } }), []],
    ['written name', method({ Uri: apigateway('dynamodb:action/PutItem'), RequestTemplates: { 'application/json': '{"TableName": "orders"}' } }), ['integration Api orders']],
    ['state machine', method({ Uri: apigateway('states:action/StartExecution'), RequestTemplates: { 'application/json': { 'Fn::Sub': '{"stateMachineArn":"${Flow.Arn}"}' } } }), ['integration Api Flow']],
    ['events', method({ Uri: apigateway('events:action/PutEvents') }), ['integration Api default']],
    ['mock', method({ Type: 'MOCK' }), []],
  ])('API to %s', (_, node, expected) => {
    expect(links({ X: node })).toEqual(expected);
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['with what its target says', { TargetParameters: { EventBridgeEventBusParameters: { Source: 'orders', DetailType: 'record' } } }, { kind: 'object', open: true, entries: [['source', text('orders')], ['detail-type', text('record')]] }],
    ['without a word', {}, { kind: 'object', open: true, entries: [] }],
    ['in another shape', { TargetParameters: { InputTemplate: '{}' } }, undefined],
    ['by way of a function', { Enrichment: 'arn:aws:lambda:eu-west-1:123456789012:function:enrich' }, undefined],
  ])('a pipe hands records on %s', (_name, more, expected) => {
    expect(read({ P: resource('AWS::Pipes::Pipe', { Source: queueArn, Target: 'arn:aws:events:eu-west-1:123456789012:event-bus/main', ...more }) }).links.find((link) => link.kind === 'pipe')?.message).toEqual(expected);
  });

  it('joins HTTP routes with integrations of services', () => {
    const found = read({
      H: resource('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }), I: resource('AWS::ApiGatewayV2::Integration', { ApiId: { Ref: 'H' }, IntegrationSubtype: 'SQS-SendMessage', RequestParameters: { QueueUrl: { Ref: 'Q' }, MessageBody: '$request.body' } }),
      R: resource('AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'H' }, RouteKey: 'POST /in', Target: { 'Fn::Sub': 'integrations/${I}' } }),
    }).links;
    expect(found).toMatchObject([{ kind: 'integration', from: { id: 'H' }, to: { id: 'Q' }, filters: [{ kind: 'route', method: 'POST', path: '/in' }] }]);
  });

  const states = (name: string, given: Record<string, unknown>) => ({ StartAt: 'A', States: { A: { Type: 'Task', Resource: `arn:aws:states:::${name}`, Parameters: given, End: true } } });
  it.each<[string, Record<string, unknown>, string[]]>([
    ['sqs:sendMessage', { QueueUrl: { Ref: 'Q' } }, ['task X Q']],
    ['sqs:sendMessage.waitForTaskToken', { QueueUrl: { Ref: 'Q' } }, ['task X Q']],
    ['sqs:sendMessage', { 'QueueUrl.$': '$.queue' }, []],
    ['dynamodb:putItem', { TableName: { Ref: 'Table' } }, ['task X Table']],
    ['dynamodb:getItem', { TableName: { Ref: 'Table' } }, []],
    ['sns:publish', { TopicArn: { Ref: 'T' } }, ['task X T']],
    ['states:startExecution.sync:2', { StateMachineArn: { Ref: 'Flow' } }, ['task X Flow']],
    ['aws-sdk:s3:putObject', { Bucket: 'b' }, ['task X b']],
    ['events:putEvents', { Entries: [{ Source: 'a', Detail: {} }, { EventBusName: { Ref: 'Bus' } }] }, ['task X default', 'task X Bus']],
  ])('state machine with %s %j', (name, given, expected) => {
    expect(links({ X: resource('AWS::Serverless::StateMachine', { Definition: states(name, given) }) })).toEqual(expected);
  });

  it('reads tasks from texts and files', () => {
    const given = states('sqs:sendMessage', { QueueUrl: '${Q}' });
    expect(links({ X: resource('AWS::StepFunctions::StateMachine', { DefinitionString: { 'Fn::Sub': JSON.stringify(given) } }) })).toEqual(['task X Q']);
    expect(links({ X: resource('AWS::Serverless::StateMachine', { DefinitionUri: 'x.asl.json', DefinitionSubstitutions: { Q: { Ref: 'Q' } } }) }, { 'x.asl.json': JSON.stringify(given) })).toEqual(['task X Q']);
    const joined = { 'Fn::Join': ['', ['{"States":{"A":{"Type":"Task","Resource":"arn:', { Ref: 'AWS::Partition' }, ':states:::sns:publish","Parameters":{"TopicArn":"', { Ref: 'T' }, '"}}}}']] };
    expect(links({ X: resource('AWS::StepFunctions::StateMachine', { DefinitionString: joined }) })).toEqual(['task X T']);
  });

  it('joins events of SAM state machines and subscriptions through queues', () => {
    const events = { A: { Type: 'EventBridgeRule', Properties: { EventBusName: { Ref: 'Bus' }, Pattern: { source: ['s'] } } }, B: { Type: 'Api', Properties: { Path: '/go', Method: 'post' } }, C: { Type: 'Schedule', Properties: { Schedule: 'rate(1 day)' } } };
    expect(links({ X: resource('AWS::Serverless::StateMachine', { Definition: {}, Events: events }) })).toEqual(['target Bus X', 'integration ServerlessRestApi X']);
    const fn = (more: Record<string, unknown>) => resource('AWS::Serverless::Function', { CodeUri: 'src', Handler: 'a.handler', Runtime: 'nodejs22.x', Events: { E: { Type: 'SNS', Properties: { Topic: { Ref: 'T' }, ...more } } } });
    expect([links({ X: fn({ SqsSubscription: { QueueArn: queueArn, QueueUrl: { Ref: 'Q' } } }) }), links({ X: fn({}) })]).toEqual([['subscription T Q'], []]);
  });
});

describe('published values', () => {
  const published = (top: Record<string, unknown>, resources: Record<string, unknown> = {}) => read(resources, {}, top).published.map(({ scope, name, value }) => [scope, name, short(value)]);
  it('are exports and parameters, not every output', () => {
    expect(published({ Outputs: { A: { Value: { Ref: 'Q' }, Export: { Name: 'shop-queue' } }, B: { Value: { Ref: 'T' } } } })).toEqual([['import', text('shop-queue'), 'Q']]);
    expect(published({}, { P: resource('AWS::SSM::Parameter', { Name: '/shop/queue', Value: { Ref: 'Q' } }), Nameless: resource('AWS::SSM::Parameter', { Value: 'x' }) })).toEqual([['parameter', text('/shop/queue'), 'Q']]);
  });

  const variable = (value: unknown, top: Record<string, unknown> = {}) => read({ X: lambda({ Environment: { Variables: { V: value } } }) }, {}, top).functions.find((fn) => fn.name === 'X')?.environment.get('V');
  const derived = (what: string, from: unknown) => ({ kind: 'derived', what, from: [from], io: false });
  it.each<[unknown, unknown]>([
    [{ 'Fn::ImportValue': 'other-queue' }, derived('import', text('other-queue'))],
    ['{{resolve:ssm:/a/b:3}}', derived('parameter', text('/a/b'))],
    ['{{resolve:ssm-secure:/a/b}}', derived('parameter', text('/a/b'))],
    ['{{resolve:secretsmanager:shop:SecretString:password}}', derived('secret', text('shop'))],
    ['{{resolve:secretsmanager:arn:aws:secretsmanager:x:1:secret:shop-1:SecretString:password}}', derived('secret', text('arn:aws:secretsmanager:x:1:secret:shop-1'))],
    [{ 'Fn::Sub': '{{resolve:ssm:/${AWS::Region}/b}}' }, derived('parameter', { kind: 'template', parts: [text('/'), { kind: 'env', name: 'AWS::Region' }, text('/b')] })],
    ['https://{{resolve:ssm:/host}}/x', { kind: 'template', parts: [text('https://'), derived('parameter', text('/host')), text('/x')] }],
    ['{{resolve:ssm:/open', text('{{resolve:ssm:/open')],
    ['{{handlebars}}', text('{{handlebars}}')],
  ])('%j', (value, expected) => {
    expect(variable(value)).toEqual(expected);
  });

  it('SSM parameter types', () => {
    expect(variable({ Ref: 'P' }, { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a' } } })).toEqual(derived('parameter', text('/a')));
    expect(variable({ Ref: 'P' }, { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } } })).toEqual({ kind: 'env', name: 'param:P' });
  });
});
