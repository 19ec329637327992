import type { Resource, ResourceKind } from '../model/function.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { isNothing } from './cloudformation-values.ts';

/** Kinds of resources and the property that holds the physical name (CloudFormation resource reference, read 2026-11). */
const kinds: ReadonlyMap<string, readonly [ResourceKind, string]> = new Map<string, readonly [ResourceKind, string]>([
  ['AWS::S3::Bucket', ['bucket', 'BucketName']],
  ['AWS::SQS::Queue', ['queue', 'QueueName']],
  ['AWS::AmazonMQ::Broker', ['queue', 'BrokerName']],
  ['AWS::SNS::Topic', ['topic', 'TopicName']],
  ['AWS::DynamoDB::Table', ['table', 'TableName']],
  ['AWS::DynamoDB::GlobalTable', ['table', 'TableName']],
  ['AWS::Serverless::SimpleTable', ['table', 'TableName']],
  ['AWS::Kinesis::Stream', ['stream', 'Name']],
  ['AWS::KinesisFirehose::DeliveryStream', ['stream', 'DeliveryStreamName']],
  ['AWS::MSK::Cluster', ['stream', 'ClusterName']],
  ['AWS::MSK::ServerlessCluster', ['stream', 'ClusterName']],
  ['AWS::Events::EventBus', ['bus', 'Name']],
  ['AWS::Events::Rule', ['rule', 'Name']],
  ['AWS::StepFunctions::StateMachine', ['stateMachine', 'StateMachineName']],
  ['AWS::Serverless::StateMachine', ['stateMachine', 'Name']],
  ['AWS::ApiGateway::RestApi', ['api', 'Name']],
  ['AWS::ApiGatewayV2::Api', ['api', 'Name']],
  ['AWS::Serverless::Api', ['api', 'Name']],
  ['AWS::Serverless::HttpApi', ['api', 'Name']],
  ['AWS::AppSync::GraphQLApi', ['api', 'Name']],
  ['AWS::Serverless::GraphQLApi', ['api', 'Name']],
  ['AWS::Logs::LogGroup', ['logGroup', 'LogGroupName']],
  ['AWS::Scheduler::Schedule', ['schedule', 'Name']],
  ['AWS::SSM::Parameter', ['parameter', 'Name']],
]);

/** A resource of a template as the model has it. `Properties` are folded to values. */
export function readResource(template: Template, resource: TemplateResource): Resource {
  const [kind, property] = kinds.get(resource.type) ?? ['other', undefined];
  const named = property === undefined ? undefined : template.value(resource.properties?.get(property));
  return {
    id: `${template.unit}#${resource.id}`, unit: template.unit, logicalId: resource.id, kind, type: resource.type, location: resource.location,
    properties: resource.properties ? template.value(resource.properties) : { kind: 'object', entries: [], open: false },
    ...(named && !isNothing(named) ? { physicalName: named } : {}),
  };
}
