import { describe, expect, it } from 'vitest';
import { cloudformation } from '../../src/discover/cloudformation.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import type { Trigger } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const fn = '  F:\n    Type: AWS::Lambda::Function\n    Properties: { Code: src, Handler: a.handler, Runtime: nodejs22.x, FunctionName: !Sub "${AWS::StackName}-f" }\n';
const text = (value: unknown) => ({ kind: 'literal', value });
const ref = (id: string, attribute = 'Ref') => ({ kind: 'resource', unit: 't.yaml', id, attribute });

/** Triggers of the function beside the given resources, without places and empty filters. */
function triggers(resources: Record<string, unknown>, files: Record<string, string> = {}): unknown[] {
  const body = Object.entries(resources).map(([id, node]) => `  ${id}: ${JSON.stringify(node)}\n`).join('');
  const { functions, gaps } = discoverWith([cloudformation], memoryWorkspace({ 't.yaml': `Resources:\n${fn}${body}`, 'src/a.js': '', ...files }), { params: new Map() });
  expect(gaps).toEqual([]);
  return (functions.find((found) => found.name === 'F')?.triggers ?? []).map(({ location, filters, auth: _auth, ...rest }: Trigger) => {
    expect(location?.line).toBeGreaterThan(4);
    return { ...rest, ...(filters.length > 0 ? { filters } : {}) };
  });
}

const arn = { 'Fn::GetAtt': ['F', 'Arn'] };
const resource = (type: string, properties: unknown) => ({ Type: type, Properties: properties });
const queue = resource('AWS::SQS::Queue', {});

describe('event source mappings', () => {
  it('reads kind, batch, filter, partial responses and concurrency', () => {
    expect(triggers({
      Q: queue,
      M: resource('AWS::Lambda::EventSourceMapping', {
        FunctionName: { Ref: 'F' }, EventSourceArn: { 'Fn::GetAtt': 'Q.Arn' }, BatchSize: 5, Enabled: false, FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 3 }, FilterCriteria: { Filters: [{ Pattern: '{"body":{"a":[1]}}' }] },
      }),
    })).toEqual([{
      kind: 'queue', source: 'SQS', resource: ref('Q', 'Arn'), batchSize: 5, batchSizeAt: { file: 't.yaml', line: 6, column: 129, endLine: 6, endColumn: 140 }, enabled: false, partialBatchResponse: true,
      maximumConcurrency: 3, maximumConcurrencyAt: { file: 't.yaml', line: 6, column: 228, endLine: 6, endColumn: 248 },
      filters: [{ kind: 'records', patterns: [{ kind: 'object', open: false, entries: [['body', { kind: 'object', open: false, entries: [['a', { kind: 'array', open: false, items: [text(1)] }]] }]] }] }],
    }]);
  });

  it.each<[unknown, string, string]>([
    [{ 'Fn::GetAtt': ['T', 'StreamArn'] }, 'stream', 'DynamoDB'],
    ['arn:aws:kinesis:eu-west-1:1:stream/s', 'stream', 'Kinesis'],
    [{ 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:1:q' }, 'queue', 'SQS'],
    ['arn:aws:kafka:eu-west-1:1:cluster/c', 'stream', 'MSK'],
    [{ Ref: 'Unknown' }, 'unknown', 'EventSourceMapping'],
  ])('%j', (source, kind, name) => {
    expect(triggers({ T: resource('AWS::DynamoDB::Table', {}), M: resource('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: 'F' }, EventSourceArn: source }) }))
      .toMatchObject([{ kind, source: name }]);
  });
});

describe('ways to name a function', () => {
  const mapped = (name: unknown, more = {}) => triggers({ Q: queue, ...more, M: resource('AWS::Lambda::EventSourceMapping', { FunctionName: name, EventSourceArn: { 'Fn::GetAtt': 'Q.Arn' } }) }).length;
  it.each<[string, unknown, number]>([
    ['reference', { Ref: 'F' }, 1], ['attribute', arn, 1], ['declared name', { 'Fn::Sub': '${AWS::StackName}-f' }, 1],
    ['ARN of the declared name', { 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-f:live' }, 1],
    ['join', { 'Fn::Join': ['', ['arn:aws:lambda:x:1:function:', { Ref: 'F' }]] }, 1],
    ['either of two', { 'Fn::If': ['C', arn, { Ref: 'AWS::NoValue' }] }, 1],
    ['another name', { 'Fn::Sub': '${AWS::StackName}-f2' }, 0], ['the bare name tail', 'f', 0], ['another resource', { Ref: 'Q' }, 0],
  ])('%s', (_, name, count) => {
    expect(mapped(name)).toBe(count);
  });

  it('goes through aliases and versions', () => {
    const more = { V: resource('AWS::Lambda::Version', { FunctionName: { Ref: 'F' } }), A: resource('AWS::Lambda::Alias', { FunctionName: { Ref: 'F' }, Name: 'live' }) };
    expect(mapped({ Ref: 'A' }, more)).toBe(1);
    expect(mapped({ Ref: 'V' }, more)).toBe(1);
  });
});

describe('notifications and subscriptions', () => {
  it('reads bucket notifications with their filter', () => {
    const rules = [{ Name: 'prefix', Value: 'in/' }, { Name: 'Suffix', Value: '.csv' }];
    expect(triggers({ B: resource('AWS::S3::Bucket', { NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arn, Filter: { S3Key: { Rules: rules } } }] } }) }))
      .toEqual([{ kind: 'bucket', source: 'S3', resource: ref('B'), filters: [{ kind: 'object', events: ['s3:ObjectCreated:*'], rules: [{ prefix: text('in/'), suffix: text('.csv') }] }] }]);
  });

  it('reads subscriptions, inline and with filter policies', () => {
    expect(triggers({
      T: resource('AWS::SNS::Topic', { Subscription: [{ Protocol: 'lambda', Endpoint: arn }] }),
      S: resource('AWS::SNS::Subscription', { Protocol: 'lambda', TopicArn: { Ref: 'T' }, Endpoint: arn, FilterPolicy: { kind: ['a'] }, FilterPolicyScope: 'MessageBody' }),
    })).toMatchObject([{ kind: 'topic', resource: ref('T') }, { kind: 'topic', resource: ref('T'), filters: [{ kind: 'attributes', scope: 'body', policy: { entries: [['kind', {}]] } }] }]);
  });

  it('tells rules with a schedule from rules with a pattern', () => {
    expect(triggers({
      S: resource('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', State: 'DISABLED', Targets: [{ Id: 'x', Arn: arn }] }),
      P: resource('AWS::Events::Rule', { EventBusName: 'orders', EventPattern: { source: ['shop'] }, Targets: [{ Id: 'x', Arn: arn }, { Id: 'y', Arn: 'arn:aws:sqs:x:1:q' }] }),
      D: resource('AWS::Events::Rule', { EventPattern: { source: ['other'] }, Targets: [{ Id: 'x', Arn: arn }] }),
    })).toMatchObject([{ kind: 'schedule', enabled: false }, { kind: 'bus', resource: text('orders'), filters: [{ kind: 'pattern' }] }, { kind: 'bus', resource: text('default') }]);
  });

  it.each<[string, string, unknown, string]>([
    ['log', 'AWS::Logs::SubscriptionFilter', { LogGroupName: '/aws/lambda/x', FilterPattern: 'ERROR', DestinationArn: arn }, 'CloudWatchLogs'],
    ['schedule', 'AWS::Scheduler::Schedule', { Target: { Arn: arn } }, 'Scheduler'],
    ['auth', 'AWS::Cognito::UserPool', { LambdaConfig: { PreSignUp: arn } }, 'Cognito'],
    ['custom', 'Custom::Thing', { ServiceToken: arn }, 'CustomResource'],
    ['url', 'AWS::Lambda::Url', { TargetFunctionArn: arn, AuthType: 'NONE' }, 'FunctionUrl'],
    ['http', 'AWS::AppSync::DataSource', { LambdaConfig: { LambdaFunctionArn: arn } }, 'AppSync'],
    ['http', 'AWS::ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: arn }] }, 'ALB'],
    ['topic', 'AWS::IoT::TopicRule', { TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: arn } }] } }, 'IoTRule'],
    ['auth', 'AWS::ApiGateway::Authorizer', { AuthorizerUri: { 'Fn::Sub': 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${F.Arn}/invocations' } }, 'Authorizer'],
  ])('%s from %s', (kind, type, properties, source) => {
    expect(triggers({ R: resource(type, properties) })).toMatchObject([{ kind, source }]);
  });

  it('does not take roles, outputs or permissions of explained functions for triggers', () => {
    expect(triggers({
      P: resource('AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Resource: arn }] } }),
      S: resource('AWS::Scheduler::Schedule', { Target: { Arn: arn } }),
      L: resource('AWS::Lambda::Permission', { FunctionName: { Ref: 'F' }, Principal: 'apigateway.amazonaws.com' }),
    })).toMatchObject([{ kind: 'schedule' }]);
  });

  it('takes a permission as the only trace of a trigger that is set up elsewhere, without a resource', () => {
    expect(triggers({ L: resource('AWS::Lambda::Permission', { FunctionName: { Ref: 'F' }, Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::b' }) })).toEqual([{ kind: 'bucket', source: 'Permission' }]);
    expect(triggers({ L: resource('AWS::Lambda::Permission', { FunctionName: { Ref: 'F' }, Principal: '123456789012' }) })).toEqual([]);
  });

  it('runs a pipe’s enrichment and target on its source', () => {
    expect(triggers({ Q: queue, P: resource('AWS::Pipes::Pipe', { Source: { 'Fn::GetAtt': 'Q.Arn' }, SourceParameters: { SqsQueueParameters: { BatchSize: 2 } }, Enrichment: arn, Target: 'arn:aws:states:x' }) }))
      .toEqual([{ kind: 'queue', source: 'PipeEnrichment', resource: ref('Q', 'Arn'), batchSize: 2 }]);
  });
});

describe('APIs', () => {
  const uri = { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations' };
  it('puts a REST path together from its resources', () => {
    expect(triggers({
      Api: resource('AWS::ApiGateway::RestApi', {}),
      A: resource('AWS::ApiGateway::Resource', { RestApiId: { Ref: 'Api' }, ParentId: { 'Fn::GetAtt': 'Api.RootResourceId' }, PathPart: 'orders' }),
      B: resource('AWS::ApiGateway::Resource', { RestApiId: { Ref: 'Api' }, ParentId: { Ref: 'A' }, PathPart: '{id}' }),
      M: resource('AWS::ApiGateway::Method', { RestApiId: { Ref: 'Api' }, ResourceId: { Ref: 'B' }, HttpMethod: 'any', Integration: { Uri: uri } }),
    })).toEqual([{ kind: 'http', source: 'Api', resource: ref('Api'), filters: [{ kind: 'route', method: '*', path: '/orders/{id}' }] }]);
  });

  it('joins routes with their integration, HTTP and WebSocket', () => {
    const api = (protocol: string, key: string) => triggers({
      Api: resource('AWS::ApiGatewayV2::Api', { ProtocolType: protocol }), I: resource('AWS::ApiGatewayV2::Integration', { ApiId: { Ref: 'Api' }, IntegrationUri: arn }),
      R: resource('AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'Api' }, RouteKey: key, Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'I' }]] } }),
      Other: resource('AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'Api' }, RouteKey: 'GET /x', Target: 'integrations/abc' }),
    });
    expect(api('HTTP', 'GET /a')).toEqual([{ kind: 'http', source: 'HttpApi', resource: ref('Api'), filters: [{ kind: 'route', method: 'GET', path: '/a' }] }]);
    expect(api('WEBSOCKET', '$connect')).toEqual([{ kind: 'http', source: 'WebSocket', resource: ref('Api'), filters: [{ kind: 'route', method: '*', path: '$connect' }] }]);
  });

  const paths = { '/o': { post: { 'x-amazon-apigateway-integration': { uri } }, get: { responses: {} } } };
  it('reads integrations of OpenAPI bodies, inline and included', () => {
    const expected = [{ kind: 'http', source: 'Api', resource: ref('Api'), filters: [{ kind: 'route', method: 'POST', path: '/o' }] }];
    expect(triggers({ Api: resource('AWS::ApiGateway::RestApi', { Body: { paths } }) })).toEqual(expected);
    const include = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: './api.json' } } };
    const { functions } = discoverWith([cloudformation], memoryWorkspace({ 't.yaml': `Resources:\n${fn}  Api: ${JSON.stringify(resource('AWS::Serverless::Api', { DefinitionBody: include }))}\n`, 'api.json': JSON.stringify({ paths }), 'src/a.js': '' }), { params: new Map() });
    expect(functions[0]?.triggers).toMatchObject([{ ...expected[0], location: { file: 'api.json' } }]);
  });
});

describe('state machines', () => {
  const task = (name: string) => JSON.stringify({ States: { A: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: name } } } });
  const machine = [{ kind: 'stateMachine', source: 'StepFunctions', resource: ref('S') }];
  it('reads tasks from a text, a tree and a file with substitutions', () => {
    expect(triggers({ S: resource('AWS::StepFunctions::StateMachine', { DefinitionString: { 'Fn::Sub': task('${F}') } }) })).toEqual(machine);
    expect(triggers({ S: resource('AWS::StepFunctions::StateMachine', { DefinitionString: task('${Fn}'), DefinitionSubstitutions: { Fn: arn } }) })).toEqual(machine);
    expect(triggers({ S: resource('AWS::Serverless::StateMachine', { Definition: { States: { A: { Type: 'Task', Resource: arn } } } }) })).toEqual(machine);
    const file = `{ "TimeoutSeconds": \${T}, ${task('${Fn}').slice(1)}`;
    expect(triggers({ S: resource('AWS::Serverless::StateMachine', { DefinitionUri: 'sm/x.asl.json', DefinitionSubstitutions: { Fn: arn, T: 3 } }) }, { 'sm/x.asl.json': file })).toEqual(machine);
  });

  it('does not take a function that is only mentioned', () => {
    expect(triggers({ S: resource('AWS::Serverless::StateMachine', { Definition: { Comment: 'x', States: { A: { Type: 'Pass', Result: arn } } } }) })).toEqual([]);
  });
});
