import type { Resource, ResourceKind } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { namePropertyOf } from './serverless-events.ts';
import { FunctionProperties } from './cloudformation-properties.ts';
import { readFunction } from './cloudformation-function.ts';
import type { Service } from './serverless-service.ts';

const kinds: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::S3::Bucket', 'bucket'], ['AWS::SQS::Queue', 'queue'], ['AWS::SNS::Topic', 'topic'], ['AWS::DynamoDB::Table', 'table'],
  ['AWS::DynamoDB::GlobalTable', 'table'], ['AWS::Kinesis::Stream', 'stream'], ['AWS::Events::EventBus', 'bus'], ['AWS::Events::Rule', 'rule'],
  ['AWS::StepFunctions::StateMachine', 'stateMachine'], ['AWS::ApiGateway::RestApi', 'api'], ['AWS::ApiGatewayV2::Api', 'api'],
  ['AWS::Logs::LogGroup', 'logGroup'], ['AWS::Scheduler::Schedule', 'schedule'], ['AWS::SSM::Parameter', 'parameter'],
]);

/** Constructs of the lift plugin that make one resource (lift documentation, "Constructs"). */
const constructs: ReadonlyMap<string, { readonly kind: ResourceKind; readonly type: string }> = new Map([
  ['queue', { kind: 'queue' as const, type: 'AWS::SQS::Queue' }],
  ['storage', { kind: 'bucket' as const, type: 'AWS::S3::Bucket' }],
  ['database/dynamodb-single-table', { kind: 'table' as const, type: 'AWS::DynamoDB::Table' }],
]);

/** Resources that a service declares: its CloudFormation, its step functions, its constructs. */
export function readResources(service: Service): void {
  for (const resource of service.template.resources.values()) {
    if (service.functionOf(resource.id) !== undefined || service.stateMachines.some((machine) => machine.logicalId === resource.id)) continue;
    if (resource.type === 'AWS::Lambda::Function') {
      plainFunction(service, resource.id);
      continue;
    }
    const property = namePropertyOf(resource.type) ?? (resource.type === 'AWS::StepFunctions::StateMachine' ? 'StateMachineName' : undefined);
    const name = property === undefined ? undefined : service.valueOf(resource.properties?.get(property));
    add(service, resource.id, kinds.get(resource.type) ?? 'other', resource.type, resource.location, service.value(resource.properties), name);
  }
  for (const { logicalId, node, location } of service.stateMachines) {
    add(service, logicalId, 'stateMachine', 'AWS::StepFunctions::StateMachine', location, service.value(node), service.valueOf(node.get('name')));
  }
  const declared = service.section('constructs');
  for (const [key, node] of declared?.entries ?? []) {
    const type = service.text(node.get('type')) ?? '';
    const known = constructs.get(type);
    const location = declared?.keyLocation(key) ?? node.location;
    if (known !== undefined) add(service, key, known.kind, known.type, location, service.value(node), undefined);
    else service.gap('construct', `construct ${key.slice(0, 100)} of type ${type.slice(0, 100)} is not read`, location);
  }
}

function add(service: Service, logicalId: string, kind: ResourceKind, type: string, location: Resource['location'], properties: Value, physicalName: Value | undefined): void {
  service.context.addResource({
    id: `${service.file}#${logicalId}`, unit: service.file, logicalId, kind, type, location, properties,
    ...(physicalName === undefined ? {} : { physicalName }),
  });
}

/** A Lambda function written as plain CloudFormation below `resources`. */
function plainFunction(service: Service, id: string): void {
  const resource = service.template.resources.get(id);
  const draft = resource === undefined ? undefined : readFunction(new FunctionProperties(service.template, resource, undefined), service.context);
  if (draft === undefined) return;
  const environment = new Map([...draft.fn.environment].map(([name, value]): [string, Value] => [name, service.decode(value)]));
  const physicalName = draft.fn.physicalName;
  service.context.addFunction({
    ...draft.fn, environment, triggers: draft.triggers, destinations: draft.destinations,
    ...(physicalName === undefined ? {} : { physicalName: service.decode(physicalName) }),
  });
}
