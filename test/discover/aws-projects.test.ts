import { describe, expect, it } from 'vitest';
import { cloudformation } from '../../src/discover/cloudformation.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import { serverlessReader } from '../../src/discover/serverless.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Record<string, string>) => discoverWith([cloudformation, serverlessReader], memoryWorkspace(files), { params: new Map() });
type Found = ReturnType<typeof read>;
const short = (value: { kind: string; id?: string; value?: unknown; what?: string } | undefined) => value?.id ?? value?.value ?? value?.what ?? value?.kind;
const overview = ({ functions }: Found) => functions.map((fn) => ({
  id: fn.id, handler: fn.handlers.map((handler) => `${handler.file}#${handler.export}`).join(), line: fn.declaredAt[0]?.line,
  timeout: [fn.timeoutSeconds?.value, fn.timeoutSeconds?.location.line], runtime: [fn.runtime?.value, fn.runtime?.location.line],
  triggers: fn.triggers.map((trigger) => [trigger.kind, short(trigger.resource), trigger.auth?.kind ?? short(trigger.schedule), trigger.location?.line]),
}));

describe('a bakery on SAM', () => {
  const template = `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  Oven: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /bakery/oven }
Globals:
  Function:
    Runtime: nodejs20.x
    Timeout: 12
    CodeUri: backend/
  Api:
    Auth: { DefaultAuthorizer: Staff, Authorizers: { Staff: { FunctionArn: !GetAtt Doorman.Arn } } }
Resources:
  Doorman:
    Type: AWS::Serverless::Function
    Properties: { Handler: gate/doorman.letIn }
  TakeOrder:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties: { EntryPoints: [counter/take-order.ts], Minify: false }
    Properties:
      Handler: take-order.take
      Timeout: 29
      Environment: { Variables: { DOUGH: !Ref Dough, OVEN: !Ref Oven, SHELF: !ImportValue warehouse-shelf } }
      Events:
        Ordered: { Type: Api, Properties: { Path: /orders, Method: post } }
        Menu:
          Type: Api
          Properties: { Path: /menu, Method: get, Auth: { Authorizer: NONE } }
  Bake:
    Type: AWS::Serverless::Function
    Properties:
      Handler: kitchen/bake.bake
      Events:
        Dough:
          Type: SQS
          Properties: { Queue: !GetAtt Dough.Arn, BatchSize: 3, FunctionResponseTypes: [ReportBatchItemFailures] }
        Morning: { Type: Schedule, Properties: { Schedule: cron(0 4 * * ? *) } }
  Python:
    Type: AWS::Serverless::Function
    Properties: { Handler: other.main, Runtime: python3.12 }
  Dough:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Burnt.Arn, maxReceiveCount: 4 }
  Burnt: { Type: 'AWS::SQS::Queue' }
  Recipes:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } }
  NewRecipe:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.s3], detail: { bucket: { name: [!Ref Recipes] } } }
      Targets: [{ Id: dough, Arn: !GetAtt Dough.Arn }]
Outputs:
  DoughUrl: { Value: !Ref Dough, Export: { Name: bakery-dough } }
`;
  const found = read({
    'bakery/template.yaml': template, 'bakery/samconfig.toml': '[default.deploy.parameters]\nstack_name = "bakery"\n', 'bakery/backend/gate/doorman.mjs': '', 'bakery/backend/counter/take-order.ts': '',
    'bakery/backend/kitchen/bake.ts': '', 'bakery/backend/other.py': '', 'bakery/scripts/deploy.js': 'exports.handler = () => 1;', 'bakery/backend/take-order.test.ts': '',
  });

  it('has three functions, each with its source, settings and triggers', () => {
    expect(overview(found)).toEqual([
      { id: 'bakery/template.yaml#Bake', handler: 'bakery/backend/kitchen/bake.ts#bake', line: 30, timeout: [12, 8], runtime: ['nodejs20.x', 7], triggers: [['queue', 'Dough', undefined, 35], ['schedule', undefined, 'cron(0 4 * * ? *)', 38]] },
      { id: 'bakery/template.yaml#Doorman', handler: 'bakery/backend/gate/doorman.mjs#letIn', line: 13, timeout: [12, 8], runtime: ['nodejs20.x', 7], triggers: [] },
      { id: 'bakery/template.yaml#TakeOrder', handler: 'bakery/backend/counter/take-order.ts#take', line: 16, timeout: [29, 23], runtime: ['nodejs20.x', 7], triggers: [['http', 'ServerlessRestApi', 'authorizer', 26], ['http', 'ServerlessRestApi', 'none', 27]] },
    ]);
    expect(found.gaps).toEqual([]);
  });

  it('knows what its variables, links and outputs are', () => {
    const order = found.functions.find((fn) => fn.name === 'TakeOrder');
    expect([...(order?.environment ?? [])].map(([name, value]) => [name, value.kind === 'derived' ? [value.what, value.from] : short(value)])).toEqual([
      ['DOUGH', 'Dough'], ['OVEN', ['parameter', [{ kind: 'literal', value: '/bakery/oven' }]]], ['SHELF', ['import', [{ kind: 'literal', value: 'warehouse-shelf' }]]],
    ]);
    expect(order?.triggers[0]?.auth?.authorizer).toMatchObject({ id: 'Doorman', attribute: 'Arn' });
    expect(found.links.map((link) => [link.kind, short(link.from), short(link.to), link.location.line])).toEqual([['redrive', 'Dough', 'Burnt', 45], ['notification', 'Recipes', 'default', 50], ['target', 'default', 'Dough', 55]]);
    expect(found.published.map((value) => [value.scope, short(value.name), short(value.value)])).toEqual([['import', 'bakery-dough', 'Dough'], ['stackOutput', 'bakery.DoughUrl', 'Dough']]);
  });
});

describe('a library of two services of the Serverless Framework', () => {
  const loans = `service: loans
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs20.x
  stage: \${opt:stage, 'test'}
  timeout: 15
plugins: [serverless-esbuild]
custom: \${file(../shared/custom.yml)}
functions:
  - \${file(functions/desk.yml)}
  - remind-readers:
      handler: jobs/remind.everybody
      timeout: \${self:custom.slow}
      events:
        - schedule: { rate: [rate(1 day), cron(0 9 ? * MON *)] }
resources:
  Resources:
    Returned: { Type: AWS::SNS::Topic, Properties: { TopicName: "returned-\${self:provider.stage}" } }
    OnReturn:
      Type: AWS::SNS::Subscription
      Properties: { Protocol: lambda, TopicArn: !Ref Returned, Endpoint: !GetAtt RemindDashreadersLambdaFunction.Arn, FilterPolicy: { late: ["yes"] } }
  Outputs:
    ReturnedTopic: { Value: !Ref Returned }
`;
  const desk = `lend:
  handler: http/lend.lend
  events:
    - http: { method: post, path: loans, authorizer: aws_iam }
    - http: GET loans/{id}
`;
  const catalogue = `service: catalogue
provider: { name: aws, runtime: nodejs22.x, stage: test }
functions:
  shelve:
    handler: app/shelve.put
    environment: { TOPIC: "\${cf:loans-\${sls:stage}.ReturnedTopic}" }
    events:
      - sns: { arn: "\${cf:loans-\${sls:stage}.ReturnedTopic}" }
`;
  const found = read({
    'loans/serverless.yml': loans, 'loans/functions/desk.yml': desk, 'shared/custom.yml': 'slow: 300\n', 'catalogue/serverless.yml': catalogue,
    'loans/http/lend.ts': '', 'loans/jobs/remind.js': '', 'catalogue/app/shelve.ts': '', 'loans/test/handler.js': 'exports.handler = () => 1;',
  });

  it('has three functions, each with its source, settings and triggers', () => {
    expect(overview(found)).toEqual([
      { id: 'catalogue/serverless.yml#shelve', handler: 'catalogue/app/shelve.ts#put', line: 4, timeout: [6, 4], runtime: ['nodejs22.x', 2], triggers: [['topic', 'stackOutput', undefined, 8]] },
      { id: 'loans/serverless.yml#lend', handler: 'loans/http/lend.ts#lend', line: 1, timeout: [15, 7], runtime: ['nodejs20.x', 5], triggers: [['http', 'ApiGatewayRestApi', 'identity', 4], ['http', 'ApiGatewayRestApi', 'none', 5]] },
      {
        id: 'loans/serverless.yml#remind-readers', handler: 'loans/jobs/remind.js#everybody', line: 12, timeout: [300, 14], runtime: ['nodejs20.x', 5],
        triggers: [['schedule', undefined, 'rate(1 day)', 16], ['schedule', undefined, 'cron(0 9 ? * MON *)', 16], ['topic', 'Returned', undefined, 20]],
      },
    ]);
    expect(found.gaps).toEqual([]);
  });

  it('publishes under the name by which the other service asks', () => {
    const asked = found.functions.find((fn) => fn.name === 'shelve')?.environment.get('TOPIC');
    expect(asked).toEqual({ kind: 'derived', what: 'stackOutput', from: [{ kind: 'literal', value: 'loans-test.ReturnedTopic' }], io: false });
    expect(found.published).toMatchObject([{ scope: 'stackOutput', name: { kind: 'literal', value: 'loans-test.ReturnedTopic' }, value: { id: 'Returned' }, unit: 'loans/serverless.yml' }]);
  });
});

describe('size', () => {
  it('costs in proportion: the guard of an API is worked out once, not for every route', () => {
    const statements = Array.from({ length: 2000 }, () => ({ Effect: 'Allow', Principal: { AWS: '123456789012' } }));
    const uri = { 'Fn::Sub': 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${F.Arn}/invocations' };
    const resources: Record<string, unknown> = { F: { Type: 'AWS::Lambda::Function', Properties: { Code: 'src', Handler: 'a.handler', Runtime: 'nodejs22.x' } }, Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Policy: { Statement: statements } } } };
    for (let i = 0; i < 2000; i++) resources[`M${i}`] = { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId: { Ref: 'Api' }, HttpMethod: 'GET', ResourceId: `x${i}`, Integration: { Uri: uri } } };
    const before = process.cpuUsage();
    const triggers = read({ 'big.json': JSON.stringify({ Resources: resources }), 'src/a.js': '' }).functions[0]?.triggers ?? [];
    const { user, system } = process.cpuUsage(before);
    expect(triggers.map((trigger) => trigger.auth?.kind)).toEqual(Array.from({ length: 2000 }, () => 'identity'));
    expect((user + system) / 1e6).toBeLessThan(8);
  });
});
