import { describe, expect, it } from 'vitest';
import { cloudformation } from '../../src/discover/cloudformation.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import type { Trigger } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const arn = { 'Fn::GetAtt': ['F', 'Arn'] };
const uri = { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations' };
const other = { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${G.Arn}/invocations' };
const resource = (type: string, properties: unknown) => ({ Type: type, Properties: properties });
const plain = resource('AWS::Lambda::Function', { Code: 'src', Handler: 'a.handler', Runtime: 'nodejs22.x' });
const sam = (properties: Record<string, unknown> = {}) => resource('AWS::Serverless::Function', { CodeUri: 'src/', Handler: 'a.handler', Runtime: 'nodejs22.x', ...properties });

/** Triggers of function F over HTTP; the text of the template is JSON with one property a line. */
function routes(resources: Record<string, unknown>, top: Record<string, unknown> = {}): Trigger[] {
  const text = JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', ...top, Resources: { F: plain, G: plain, ...resources } }, null, 1);
  const { functions } = discoverWith([cloudformation], memoryWorkspace({ 't.json': text, 'src/a.js': '' }), { params: new Map() });
  lines = text.split('\n');
  return (functions.find((fn) => fn.name === 'F')?.triggers ?? []).filter((trigger) => trigger.kind === 'http' || trigger.kind === 'url');
}

let lines: string[] = [];
/** `kind` of each route's check, with the text of the line that decides. */
const checks = (found: readonly Trigger[]) => found.map(({ auth }) => [auth?.kind, lines[(auth?.location?.line ?? 0) - 1]?.trim().replace(/,$/, '')]);
const kinds = (found: readonly Trigger[]) => found.map(({ auth }) => auth?.kind);

describe('REST methods', () => {
  const method = (properties: Record<string, unknown>, api: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => routes({
    Api: resource('AWS::ApiGateway::RestApi', api), M: resource('AWS::ApiGateway::Method', { RestApiId: { Ref: 'Api' }, HttpMethod: 'GET', Integration: { Uri: uri }, ...properties }), ...more,
  });
  it.each<[Record<string, unknown>, string | undefined, string | undefined]>([
    [{}, 'none', '"M": {'],
    [{ AuthorizationType: 'NONE' }, 'none', '"AuthorizationType": "NONE"'],
    [{ AuthorizationType: 'NONE', ApiKeyRequired: true }, 'key', '"ApiKeyRequired": true'],
    [{ AuthorizationType: 'NONE', ApiKeyRequired: false }, 'none', '"AuthorizationType": "NONE"'],
    [{ AuthorizationType: 'AWS_IAM' }, 'identity', '"AuthorizationType": "AWS_IAM"'],
    [{ AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: 'x', ApiKeyRequired: true }, 'identity', '"AuthorizationType": "COGNITO_USER_POOLS"'],
    [{ AuthorizationType: { Ref: 'Nothing' } }, undefined, undefined],
  ])('%j', (properties, kind, line) => {
    expect(checks(method(properties))).toEqual([[kind, line]]);
  });

  it('names the function behind a custom authorizer', () => {
    const found = method({ AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'A' } }, {}, { A: resource('AWS::ApiGateway::Authorizer', { Type: 'TOKEN', AuthorizerUri: other }) });
    expect(found[0]?.auth).toMatchObject({ kind: 'authorizer', authorizer: { kind: 'resource', unit: 't.json', id: 'G', attribute: 'Arn' } });
    expect(method({ AuthorizationType: 'CUSTOM', AuthorizerId: 'abc' })[0]?.auth).toMatchObject({ kind: 'authorizer', authorizer: { kind: 'literal', value: 'abc' } });
  });

  const statement = (more: Record<string, unknown>) => ({ Policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*', ...more }] } });
  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['private endpoint', { EndpointConfiguration: { Types: ['PRIVATE'] } }, 'private'],
    ['regional endpoint', { EndpointConfiguration: { Types: ['REGIONAL'] } }, 'none'],
    ['open policy', statement({}), 'none'],
    ['policy of addresses', statement({ Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } } }), 'private'],
    ['policy of every address', statement({ Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/0'] } } }), undefined],
    ['policy of an account', statement({ Principal: { AWS: '123456789012' } }), 'identity'],
    ['policy of an unknown condition', statement({ Condition: { StringEquals: { 'x:y': 'z' } } }), undefined],
    ['all others denied', { Policy: { Statement: [{ Effect: 'Allow', Principal: '*' }, { Effect: 'Deny', Principal: '*', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }] } }, 'private'],
  ])('%s', (_, api, kind) => {
    expect(kinds(method({}, api))).toEqual([kind]);
  });

  it('keeps an identity behind a private endpoint', () => {
    expect(kinds(method({ AuthorizationType: 'AWS_IAM' }, { EndpointConfiguration: { Types: ['PRIVATE'] } }))).toEqual(['identity']);
  });
});

describe('HTTP and WebSocket routes', () => {
  const api = (protocol: string, list: Record<string, unknown>[]) => checks(routes({
    Api: resource('AWS::ApiGatewayV2::Api', { ProtocolType: protocol }), I: resource('AWS::ApiGatewayV2::Integration', { ApiId: { Ref: 'Api' }, IntegrationUri: arn }),
    ...Object.fromEntries(list.map((properties, index) => [`R${index}`, resource('AWS::ApiGatewayV2::Route', { ApiId: { Ref: 'Api' }, Target: { 'Fn::Sub': 'integrations/${I}' }, ...properties })])),
  }));
  it('reads the type of each route', () => {
    expect(api('HTTP', [{ RouteKey: 'GET /a' }, { RouteKey: 'GET /b', AuthorizationType: 'JWT', AuthorizerId: 'x' }])).toEqual([['none', '"R0": {'], ['identity', '"AuthorizationType": "JWT"']]);
  });

  it('lets $connect decide for all routes of a WebSocket API', () => {
    expect(api('WEBSOCKET', [{ RouteKey: '$connect', AuthorizationType: 'AWS_IAM' }, { RouteKey: 'send' }]).map(([kind]) => kind)).toEqual(['identity', 'identity']);
    expect(api('WEBSOCKET', [{ RouteKey: '$connect' }, { RouteKey: 'send' }])).toEqual([['none', '"R0": {'], ['none', '"R1": {']]);
  });

  it('takes client certificates for a check where they are the only way in', () => {
    const api = (off: unknown, domain: Record<string, unknown>) => checks(routes({
      Api: resource('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP', Target: arn, DisableExecuteApiEndpoint: off }), D: resource('AWS::ApiGatewayV2::DomainName', { DomainName: 'a.example.com', ...domain }),
      M: resource('AWS::ApiGatewayV2::ApiMapping', { ApiId: { Ref: 'Api' }, DomainName: 'a.example.com', Stage: '$default' }),
    })).map(([kind]) => kind);
    const certificates = { MutualTlsAuthentication: { TruststoreUri: 's3://b/t.pem' } };
    expect([api(true, certificates), api(false, certificates), api(true, {})]).toEqual([['identity'], ['none'], ['none']]);
    // A switch of the deployment.
    const either = (value: unknown) => ({ 'Fn::If': ['WithCertificates', value, { Ref: 'AWS::NoValue' }] });
    expect([api(either(true), certificates), api(either(false), certificates), api(either(true), {})]).toEqual([['identity'], ['none'], ['none']]);
    const sam1 = routes({ F: sam({ Events: { E: { Type: 'HttpApi', Properties: { Path: '/', Method: 'get', ApiId: { Ref: 'A' } } } } }), A: resource('AWS::Serverless::HttpApi', { DisableExecuteApiEndpoint: true, Domain: { DomainName: 'a', ...certificates } }) });
    expect(kinds(sam1)).toEqual(['identity']);
  });

  it('knows that a quick-created API is open', () => {
    expect(kinds(routes({ Api: resource('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP', Target: arn }) }))).toEqual(['none']);
  });
});

describe('OpenAPI definitions', () => {
  const body = (operation: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    paths: { '/o': { post: { 'x-amazon-apigateway-integration': { uri }, ...operation } } },
    components: { securitySchemes: {
      key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
      iam: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
      pool: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'cognito_user_pools', 'x-amazon-apigateway-authorizer': { type: 'cognito_user_pools' } },
      fn: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: other } },
      oauth: { type: 'oauth2' },
    } },
    ...more,
  });
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string | undefined]>([
    ['nothing', {}, {}, 'none'],
    ['empty', { security: [] }, { security: [{ iam: [] }] }, 'none'],
    ['key', { security: [{ key: [] }] }, {}, 'key'],
    ['all of several', { security: [{ key: [], iam: [] }] }, {}, 'identity'],
    ['any of several', { security: [{ key: [] }, { iam: [] }] }, {}, 'key'],
    ['for the whole definition', {}, { security: [{ pool: [] }] }, 'identity'],
    ['a function', { security: [{ fn: [] }] }, {}, 'authorizer'],
    ['a scheme that is not enforced', { security: [{ oauth: [] }] }, {}, undefined],
    ['x-amazon-apigateway-auth', { 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } }, {}, 'identity'],
    ['a private policy', {}, { 'x-amazon-apigateway-policy': { Statement: [{ Effect: 'Allow', Principal: '*', Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }] } }, 'private'],
  ])('%s', (_, operation, more, kind) => {
    expect(kinds(routes({ Api: resource('AWS::ApiGateway::RestApi', { Body: body(operation, more) }) }))).toEqual([kind]);
  });

  it('fills in the default authorizer of a SAM API where an operation has no security', () => {
    const api = (operation: Record<string, unknown>) => kinds(routes({ Api: resource('AWS::Serverless::Api', { DefinitionBody: body(operation), Auth: { DefaultAuthorizer: 'AWS_IAM' } }) }));
    expect([api({}), api({ security: [] })]).toEqual([['identity'], ['none']]);
  });
});

describe('SAM events', () => {
  const event = (type: string, properties: Record<string, unknown>, more: Record<string, unknown> = {}, globals: Record<string, unknown> = {}) =>
    routes({ F: sam({ Events: { E: { Type: type, Properties: { Path: '/', Method: 'get', ...properties } } } }), ...more }, { Globals: globals });
  const pool = { Authorizers: { Users: { UserPoolArn: 'arn:x' }, Check: { FunctionArn: { 'Fn::GetAtt': ['G', 'Arn'] } }, Jwt: { JwtConfiguration: { issuer: 'https://x' } } } };

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string | undefined, string]>([
    ['Api', {}, {}, 'none', '"E": {'],
    ['HttpApi', {}, {}, 'none', '"E": {'],
    ['Api', { Auth: { ApiKeyRequired: true } }, {}, 'key', '"ApiKeyRequired": true'],
    ['Api', { Auth: { Authorizer: 'AWS_IAM' } }, {}, 'identity', '"Authorizer": "AWS_IAM"'],
    ['Api', {}, { Api: { Auth: { DefaultAuthorizer: 'Users', ...pool } } }, 'identity', '"DefaultAuthorizer": "Users"'],
    ['Api', { Auth: { Authorizer: 'NONE' } }, { Api: { Auth: { DefaultAuthorizer: 'Users', ...pool } } }, 'none', '"Authorizer": "NONE"'],
    ['Api', {}, { Api: { Auth: { ApiKeyRequired: true } } }, 'key', '"ApiKeyRequired": true'],
    ['Api', {}, { Api: { EndpointConfiguration: 'PRIVATE' } }, 'private', '"EndpointConfiguration": "PRIVATE"'],
    ['Api', { Auth: { ResourcePolicy: { IpRangeWhitelist: ['10.0.0.0/8'] } } }, {}, 'private', '"ResourcePolicy": {'],
    ['Api', { Auth: { ResourcePolicy: { IpRangeBlacklist: ['10.0.0.0/8'] } } }, {}, 'none', '"E": {'],
    ['HttpApi', { Auth: { Authorizer: 'Jwt' } }, { HttpApi: { Auth: pool } }, 'identity', '"Authorizer": "Jwt"'],
    ['HttpApi', {}, { Api: { Auth: { DefaultAuthorizer: 'AWS_IAM' } } }, 'none', '"E": {'],
  ])('%s %j under %j', (type, properties, globals, kind, line) => {
    expect(checks(event(type, properties, {}, globals))).toEqual([[kind, line]]);
  });

  it('takes the defaults of the API that an event names', () => {
    const api = { Api: resource('AWS::Serverless::Api', { StageName: 'x', Auth: { DefaultAuthorizer: 'Check', ...pool } }) };
    expect(event('Api', { RestApiId: { Ref: 'Api' } }, api)[0]?.auth).toMatchObject({ kind: 'authorizer', authorizer: { id: 'G' } });
    expect(kinds(event('Api', {}, api))).toEqual(['none']);
  });

  it('takes the defaults of an API that a parent hands down', () => {
    const child = JSON.stringify({ Parameters: { ApiId: { Type: 'String' } }, Resources: { F: sam({ Events: { E: { Type: 'Api', Properties: { Path: '/', Method: 'get', RestApiId: { Ref: 'ApiId' } } } } }) } });
    const parent = (auth: unknown) => JSON.stringify({ Resources: { Api: resource('AWS::Serverless::Api', { StageName: 'x', Auth: auth }), C: resource('AWS::Serverless::Application', { Location: './child.json', Parameters: { ApiId: { Ref: 'Api' } } }) } });
    const kind = (auth: unknown) => discoverWith([cloudformation], memoryWorkspace({ 'child.json': child, 'template.json': parent(auth), 'src/a.js': '' }), { params: new Map() }).functions[0]?.triggers[0]?.auth;
    expect([kind({ DefaultAuthorizer: 'AWS_IAM' })?.kind, kind({ DefaultAuthorizer: 'AWS_IAM' })?.location?.file, kind({})?.kind]).toEqual(['identity', 'template.json', 'none']);
  });

  it('count a route once that an included definition also has', () => {
    const body = (path: string) => JSON.stringify({ paths: { [path]: { get: { 'x-amazon-apigateway-integration': { uri }, 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } } } } });
    const template = JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', Resources: {
      F: sam({ Events: { E: { Type: 'Api', Properties: { Path: '/', Method: 'get', RestApiId: { Ref: 'Api' } } } } }),
      Api: resource('AWS::Serverless::Api', { DefinitionBody: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 'api.json' } } } }),
    } });
    const found = (path: string) => kinds(discoverWith([cloudformation], memoryWorkspace({ 't.json': template, 'api.json': body(path), 'src/a.js': '' }), { params: new Map() }).functions[0]?.triggers ?? []);
    expect([found('/'), found('/other')]).toEqual([['identity'], ['identity', 'none']]);
  });

  it('does not know the defaults of an API that another template declares', () => {
    const elsewhere = { RestApiId: { 'Fn::ImportValue': 'api' } };
    expect(kinds(event('Api', elsewhere))).toEqual([undefined]);
    expect(kinds(event('Api', { ...elsewhere, Auth: { Authorizer: 'AWS_IAM' } }))).toEqual(['identity']);
    expect(kinds(event('Api', { ...elsewhere, Auth: { Authorizer: 'NONE' } }))).toEqual(['none']);
  });
});

describe('other ways in', () => {
  it('reads function URLs, plain and SAM', () => {
    const url = (type: string) => checks(routes({ U: resource('AWS::Lambda::Url', { AuthType: type, TargetFunctionArn: arn }) }));
    expect([url('NONE'), url('AWS_IAM')]).toEqual([[['none', '"AuthType": "NONE"']], [['identity', '"AuthType": "AWS_IAM"']]]);
    expect(kinds(routes({ F: sam({ FunctionUrlConfig: { AuthType: 'NONE' } }) }))).toEqual(['none']);
  });

  it('takes the GraphQL API of a data source', () => {
    const source = (type: string, more = {}) => kinds(routes({ Api: resource('AWS::AppSync::GraphQLApi', { AuthenticationType: type, ...more }), D: resource('AWS::AppSync::DataSource', { ApiId: { 'Fn::GetAtt': ['Api', 'ApiId'] }, LambdaConfig: { LambdaFunctionArn: arn } }) }));
    expect([source('API_KEY'), source('AWS_IAM'), source('AWS_LAMBDA'), source('API_KEY', { Visibility: 'PRIVATE' })]).toEqual([['key'], ['identity'], ['authorizer'], ['private']]);
  });

  it('follows a load balancer from listener to target group', () => {
    const balancer = (scheme: string, actions: unknown[]) => routes({
      B: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: scheme }), L: resource('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: { Ref: 'B' }, DefaultActions: [{ Type: 'fixed-response' }] }),
      R: resource('AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: { Ref: 'L' }, Conditions: [{ Field: 'path-pattern', Values: ['/x'] }], Actions: [...actions, { Type: 'forward', TargetGroupArn: { Ref: 'T' } }] }),
      T: resource('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'lambda', Targets: [{ Id: arn }] }),
    });
    expect(kinds(balancer('internet-facing', []))).toEqual(['none']);
    expect(kinds(balancer('internet-facing', [{ Type: 'authenticate-oidc' }]))).toEqual(['identity']);
    expect(balancer('internal', [])).toMatchObject([{ auth: { kind: 'private' }, filters: [{ kind: 'route', method: '*', path: '/x' }] }]);
    expect(kinds(routes({ T: resource('AWS::ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: arn }] }) }))).toEqual([undefined]);
  });

  it('tells open from signed behaviours of a distribution', () => {
    const found = (more = {}) => kinds(routes({ D: resource('AWS::CloudFront::Distribution', { DistributionConfig: { DefaultCacheBehavior: { LambdaFunctionAssociations: [{ EventType: 'viewer-request', LambdaFunctionARN: arn }], ...more } } }) }));
    expect([found(), found({ TrustedKeyGroups: ['k'] })]).toEqual([['none'], ['identity']]);
  });
});
