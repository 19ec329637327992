import type { Resource, ResourceKind } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { readResource } from './cloudformation-resources.ts';
import type { Service } from './serverless-service.ts';

/** Constructs of the lift plugin that make one resource (lift documentation, "Constructs"). */
const constructs: ReadonlyMap<string, { readonly kind: ResourceKind; readonly type: string }> = new Map([
  ['queue', { kind: 'queue' as const, type: 'AWS::SQS::Queue' }],
  ['storage', { kind: 'bucket' as const, type: 'AWS::S3::Bucket' }],
  ['database/dynamodb-single-table', { kind: 'table' as const, type: 'AWS::DynamoDB::Table' }],
]);

/** Constructs with no function and nothing that events go through. */
const quiet: ReadonlySet<string> = new Set(['webhook', 'server-side-website', 'single-page-app', 'static-website', 'vpc']);

/** Resources that a service declares: its CloudFormation, its step functions, its constructs. */
export function readResources(service: Service): void {
  for (const resource of service.template.resources.values()) {
    if (resource.type === 'AWS::Lambda::Function' || service.stateMachines.some((machine) => machine.logicalId === resource.id)) continue;
    service.context.addResource(readResource(service.template, resource));
  }
  for (const { logicalId, node, location } of service.stateMachines) {
    add(service, logicalId, 'stateMachine', 'AWS::StepFunctions::StateMachine', location, service.value(node), service.valueOf(node.get('name')));
  }
  const declared = service.section('constructs');
  for (const [key, node] of declared?.entries ?? []) {
    const type = service.text(node.get('type')) ?? '';
    const known = constructs.get(type);
    const location = declared?.keyLocation(key) ?? node.location;
    if (known === undefined) {
      if (!quiet.has(type)) service.gap('construct', `construct ${key.slice(0, 100)} of type ${type.slice(0, 100)} is not read`, location);
      continue;
    }
    add(service, key, known.kind, known.type, location, service.value(node), undefined);
    if (type === 'queue') add(service, `${key}Dlq`, 'queue', 'AWS::SQS::Queue', location, { kind: 'object', entries: [], open: true }, undefined);
  }
}

function add(service: Service, logicalId: string, kind: ResourceKind, type: string, location: Resource['location'], properties: Value, physicalName: Value | undefined): void {
  service.context.addResource({
    id: `${service.file}#${logicalId}`, unit: service.file, logicalId, kind, type, location, properties,
    ...(physicalName === undefined ? {} : { physicalName }),
  });
}
