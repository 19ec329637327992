import type { Made } from '../link/program-values.ts';
import type { Resource, ResourceKind } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import type { CdkApp } from './cdk-app.ts';
import { fullName, lastStep, nameOf } from './cdk-names.ts';

/** Constructs that are resources: kind, CloudFormation type, property of the physical name (AWS CDK API reference, read 2026-11). */
const kinds: ReadonlyMap<string, readonly [ResourceKind, string, string]> = new Map<string, readonly [ResourceKind, string, string]>([
  ['aws-s3.Bucket', ['bucket', 'AWS::S3::Bucket', 'bucketName']],
  ['aws-sqs.Queue', ['queue', 'AWS::SQS::Queue', 'queueName']],
  ['aws-sns.Topic', ['topic', 'AWS::SNS::Topic', 'topicName']],
  ['aws-dynamodb.Table', ['table', 'AWS::DynamoDB::Table', 'tableName']],
  ['aws-dynamodb.TableV2', ['table', 'AWS::DynamoDB::GlobalTable', 'tableName']],
  ['aws-kinesis.Stream', ['stream', 'AWS::Kinesis::Stream', 'streamName']],
  ['aws-kinesisfirehose.DeliveryStream', ['stream', 'AWS::KinesisFirehose::DeliveryStream', 'deliveryStreamName']],
  ['aws-events.EventBus', ['bus', 'AWS::Events::EventBus', 'eventBusName']],
  ['aws-events.Rule', ['rule', 'AWS::Events::Rule', 'ruleName']],
  ['aws-stepfunctions.StateMachine', ['stateMachine', 'AWS::StepFunctions::StateMachine', 'stateMachineName']],
  ['aws-apigateway.RestApi', ['api', 'AWS::ApiGateway::RestApi', 'restApiName']],
  ['aws-apigateway.LambdaRestApi', ['api', 'AWS::ApiGateway::RestApi', 'restApiName']],
  ['aws-apigateway.SpecRestApi', ['api', 'AWS::ApiGateway::RestApi', 'restApiName']],
  ['aws-apigateway.StepFunctionsRestApi', ['api', 'AWS::ApiGateway::RestApi', 'restApiName']],
  ['aws-apigatewayv2.HttpApi', ['api', 'AWS::ApiGatewayV2::Api', 'apiName']],
  ['aws-apigatewayv2.WebSocketApi', ['api', 'AWS::ApiGatewayV2::Api', 'apiName']],
  ['aws-appsync.GraphqlApi', ['api', 'AWS::AppSync::GraphQLApi', 'name']],
  ['aws-logs.LogGroup', ['logGroup', 'AWS::Logs::LogGroup', 'logGroupName']],
  ['aws-scheduler.Schedule', ['schedule', 'AWS::Scheduler::Schedule', 'scheduleName']],
  ['aws-ssm.StringParameter', ['parameter', 'AWS::SSM::Parameter', 'parameterName']],
  ['aws-secretsmanager.Secret', ['parameter', 'AWS::SecretsManager::Secret', 'secretName']],
  ['aws-cognito.UserPool', ['other', 'AWS::Cognito::UserPool', 'userPoolName']],
  ['aws-ecs.FargateTaskDefinition', ['other', 'AWS::ECS::TaskDefinition', 'family']],
  ['aws-rds.DatabaseInstance', ['other', 'AWS::RDS::DBInstance', 'instanceIdentifier']],
  ['aws-rds.DatabaseCluster', ['other', 'AWS::RDS::DBCluster', 'clusterIdentifier']],
  ['aws-iot.TopicRule', ['rule', 'AWS::IoT::TopicRule', 'topicRuleName']],
]);

/** `CfnX` constructs are the CloudFormation types themselves. */
const levelOne: ReadonlyMap<string, readonly [ResourceKind, string, string]> = new Map([...kinds.values()].map((item) => [item[1], item]));
const serviceNames: Readonly<Record<string, string>> = {
  s3: 'S3', sqs: 'SQS', sns: 'SNS', dynamodb: 'DynamoDB', kinesis: 'Kinesis', events: 'Events', stepfunctions: 'StepFunctions', apigateway: 'ApiGateway', apigatewayv2: 'ApiGatewayV2',
  logs: 'Logs', ssm: 'SSM', scheduler: 'Scheduler', appsync: 'AppSync', secretsmanager: 'SecretsManager', cognito: 'Cognito', kinesisfirehose: 'KinesisFirehose', pipes: 'Pipes', lambda: 'Lambda',
};

/** CloudFormation type of a `Cfn…` construct. */
function cfnType(made: Made): string | undefined {
  const name = nameOf(made);
  const service = name && serviceNames[name.service.replace(/^aws-/, '')];
  const cls = name && /^Cfn([A-Z]\w*)$/.exec(name.name)?.[1];
  return service === undefined || cls === undefined ? undefined : `AWS::${service}::${cls}`;
}

/** By the end of their name, classes of packages that are not known but plainly say what they make (`MyQueue`). Only for references. */
const suffixes: readonly (readonly [RegExp, ResourceKind, string, string])[] = [
  [/Queue$/, 'queue', 'AWS::SQS::Queue', 'queueName'], [/Bucket$/, 'bucket', 'AWS::S3::Bucket', 'bucketName'], [/(?:Dynamo\w*Table|^\w*DynamoTable)$/, 'table', 'AWS::DynamoDB::Table', 'tableName'],
  [/SnsTopic$/, 'topic', 'AWS::SNS::Topic', 'topicName'], [/KinesisStream$/, 'stream', 'AWS::Kinesis::Stream', 'streamName'],
];

/** The resource that a construct is; `undefined` for other constructs. */
export function readCdkResource(app: CdkApp, made: Made): Resource | undefined {
  if (made.form !== 'new' || made.args.length < 1) return undefined;
  const type = cfnType(made);
  const known = kinds.get(fullName(made)) ?? (type === undefined ? undefined : levelOne.get(type))
    ?? (nameOf(made) || made.module === 'global' ? undefined : suffixes.flatMap(([pattern, ...rest]) => (pattern.test(lastStep(made)) ? [rest] : []))[0]);
  if (!known) return undefined;
  const [kind, declared, property] = known;
  const name = app.prop(made, property) ?? (type?.endsWith('::Stream') ? app.prop(made, 'name') : undefined);
  const id = app.idOf(made);
  return {
    id: `${app.unit}#${id}`, unit: app.unit, logicalId: id, kind, type: type ?? declared, location: app.at(made), properties: { kind: 'object', entries: [], open: true },
    ...(name && !(name.value.kind === 'literal' && name.value.value === undefined) ? { physicalName: app.value(name.value) } : {}),
  };
}

/** Properties are read once all resources are known, so that references among them resolve. */
export function withProperties(app: CdkApp, made: Made, resource: Resource): Resource {
  const props = app.props(made);
  // A queue that is given no properties has the defaults, and nothing adds to them later.
  const plain: Value | undefined = resource.kind === 'queue' && made.form === 'new' && made.args.length === 2 ? { kind: 'object', entries: [], open: false } : undefined;
  const value = props && made.args.length > 1 ? app.value(props) : plain ?? resource.properties;
  const physical = resource.physicalName && kindsName(app, made, resource);
  return { ...resource, properties: value, ...(physical ? { physicalName: physical } : {}) };
}

function kindsName(app: CdkApp, made: Made, resource: Resource): Resource['physicalName'] {
  const property = levelOne.get(resource.type)?.[2] ?? kinds.get(fullName(made))?.[2];
  const found = property === undefined ? undefined : app.prop(made, property);
  return found ? app.value(found.value) : resource.physicalName;
}
