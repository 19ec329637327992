import type { Value } from '../model/value.ts';
import type { DocNode } from './document-node.ts';
import type { ServiceFunction } from './serverless-service.ts';

/** Attributes of constructs and what CloudFormation calls them (serverless-lift documentation, read 2026-11). */
const attributes: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['queueUrl', ['', 'QueueUrl']], ['queueArn', ['', 'Arn']], ['dlqUrl', ['Dlq', 'QueueUrl']], ['dlqArn', ['Dlq', 'Arn']],
  ['bucketName', ['', 'Ref']], ['bucketArn', ['', 'Arn']], ['tableName', ['', 'Ref']], ['tableArn', ['', 'Arn']], ['tableStreamArn', ['', 'StreamArn']],
]);

/** Value of `${construct:ID.PROPERTY}`: the resource of the construct goes by its key. */
export function constructValue(unit: string, id: string, property: string): Value {
  const known = attributes.get(property);
  if (known === undefined || id === '') return { kind: 'unknown', reason: `\${construct:${id.slice(0, 100)}.${property.slice(0, 100)}}` };
  return { kind: 'resource', unit, id: `${id}${known[0]}`, attribute: known[1] };
}

/** Functions that constructs make: the worker of a queue, the authorizer of a webhook. */
export function constructFunctions(constructs: DocNode | undefined): ServiceFunction[] {
  const found: ServiceFunction[] = [];
  for (const [id, node] of constructs?.entries ?? []) {
    const type = node.get('type')?.text();
    for (const [of, key, suffix] of [['queue', 'worker', 'Worker'], ['webhook', 'authorizer', 'Authorizer']] as const) {
      const fn = node.get(key);
      if (type === of && fn?.kind === 'map') found.push({ name: `${id}${suffix}`, node: fn, location: node.keyLocation(key), construct: { id, node, key } });
    }
  }
  return found;
}
