import type { ResourceLink, ResourceLinkKind, TriggerFilter } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { objectFilter, parsed } from './cloudformation-triggers.ts';
import { isNothing } from './cloudformation-values.ts';
import type { Draft, Wiring } from './cloudformation-wiring.ts';
import { DocNode } from './document.ts';
import type { ReadContext } from './reader.ts';

/** The bus that every account and region has. */
export const defaultBus: Value = literal('default');

/** Adds an edge between two resources, unless an end is not known or is a function (that is a trigger). */
export function link(context: ReadContext, wiring: Wiring, kind: ResourceLinkKind, from: Value | undefined, to: Value | undefined, location: Location, filters: readonly TriggerFilter[] = [], message?: Value): void {
  if (!from || !to || !names(from) || !names(to) || wiring.functions(to).length > 0) return;
  const edge: ResourceLink = { kind, from, to, filters, location, ...(message ? { message } : {}) };
  context.addLink(edge);
}

/** A value that can tell one resource from another: a reference, a text with something written in it, a published name. */
function names(value: Value): boolean {
  switch (value.kind) {
    case 'resource': case 'env': case 'derived': return true;
    case 'literal': return typeof value.value === 'string' && value.value !== '';
    case 'template': return value.parts.some((part) => part.kind !== 'unknown');
    case 'oneOf': return value.options.every(names);
    default: return false;
  }
}

/** What EventBridge delivers of one bucket (S3 user guide, "Using EventBridge", read 2026-11). */
function bucketEvents(bucket: Value): TriggerFilter {
  const list = (item: Value): Value => ({ kind: 'array', items: [item], open: false });
  const object = (name: string, value: Value): Value => ({ kind: 'object', entries: [[name, value]], open: false });
  const detail = object('bucket', object('name', list(bucket)));
  return { kind: 'pattern', pattern: { kind: 'object', entries: [['source', list(literal('aws.s3'))], ['detail', detail]], open: false } };
}

type Linked = (link: LinkSource) => void;

interface LinkSource {
  readonly template: Template;
  readonly resource: TemplateResource;
  readonly properties: DocNode;
  readonly self: Value;
  add(kind: ResourceLinkKind, from: Value, to: DocNode | Value | undefined, location: Location, filters?: readonly TriggerFilter[]): void;
}

const special: ReadonlyMap<string, Linked> = new Map<string, Linked>([
  ['AWS::S3::Bucket', bucket],
  ['AWS::SQS::Queue', redrive],
  ['AWS::SNS::Subscription', subscription],
  ['AWS::SNS::Topic', topic],
  ['AWS::DynamoDB::Table', table],
  ['AWS::Logs::SubscriptionFilter', ({ template, properties, add, resource }) => add('subscription', template.value(properties.get('LogGroupName')), properties.get('DestinationArn'), resource.location)],
  ['AWS::KinesisFirehose::DeliveryStream', delivery],
  ['AWS::IoT::TopicRule', iot],
]);

/** Edges from one resource to others that pass no function. */
export function linkResource(template: Template, wiring: Wiring, resource: TemplateResource, context: ReadContext): void {
  const properties = resource.properties;
  const read = special.get(resource.type);
  if (!properties || !read) return;
  read({
    template, resource, properties, self: template.reference(resource.id, 'Ref'),
    add: (kind, from, to, location, filters) => link(context, wiring, kind, from, to instanceof DocNode ? template.value(to) : to, location, filters),
  });
}

function bucket({ template, properties, self, add }: LinkSource): void {
  const notifications = properties.get('NotificationConfiguration');
  for (const [list, name] of [['QueueConfigurations', 'Queue'], ['TopicConfigurations', 'Topic']] as const) {
    for (const item of notifications?.get(list)?.items ?? []) add('notification', self, item.get(name), item.location, [objectFilter(template, item.get('Event'), item.get('Filter'))]);
  }
  const bridge = notifications?.get('EventBridgeConfiguration');
  if (notifications && bridge && template.boolean(bridge.get('EventBridgeEnabled')) !== false && !isNothing(template.value(bridge))) {
    add('notification', self, defaultBus, notifications.keyLocation('EventBridgeConfiguration'), [bucketEvents(self)]);
  }
  for (const rule of properties.at('ReplicationConfiguration', 'Rules')?.items ?? []) {
    if (template.text(rule.get('Status')) === 'Disabled') continue;
    const prefix = rule.get('Prefix') ?? rule.at('Filter', 'Prefix') ?? rule.at('Filter', 'And', 'Prefix');
    const rules = prefix && template.text(prefix) !== '' ? [{ prefix: template.value(prefix) }] : [];
    add('replication', self, rule.at('Destination', 'Bucket'), rule.location, [{ kind: 'object', events: ['s3:ObjectCreated:*'], rules }]);
  }
}

/** `RedrivePolicy` is a map or a JSON text. */
function redrive({ template, properties, self, add }: LinkSource): void {
  add('redrive', self, deadLetterOf(template, properties), properties.keyLocation('RedrivePolicy'));
}

function deadLetterOf(template: Template, properties: DocNode): Value | undefined {
  const policy = properties.get('RedrivePolicy');
  const value = policy && parsed(template.value(policy));
  return value?.kind === 'object' ? value.entries.findLast(([name]) => name === 'deadLetterTargetArn')?.[1] : undefined;
}

function subscription({ template, properties, resource, add }: LinkSource): void {
  const from = template.value(properties.get('TopicArn'));
  const policy = properties.get('FilterPolicy');
  const filters: TriggerFilter[] = policy ? [{ kind: 'attributes', policy: parsed(template.value(policy)), scope: template.text(properties.get('FilterPolicyScope')) === 'MessageBody' ? 'body' : 'attributes' }] : [];
  if (/^(?:sqs|firehose)$/.test(template.text(properties.get('Protocol')) ?? '')) add('subscription', from, properties.get('Endpoint'), resource.location, filters);
  add('redrive', from, deadLetterOf(template, properties), properties.keyLocation('RedrivePolicy'));
}

function topic({ template, properties, self, add }: LinkSource): void {
  for (const item of properties.get('Subscription')?.items ?? []) {
    if (/^(?:sqs|firehose)$/.test(template.text(item.get('Protocol')) ?? '')) add('subscription', self, item.get('Endpoint'), item.location);
  }
}

function table({ properties, self, add }: LinkSource): void {
  add('replication', self, properties.at('KinesisStreamSpecification', 'StreamArn'), properties.keyLocation('KinesisStreamSpecification'));
}

/** A delivery stream reads from a stream and writes to a bucket. */
function delivery({ template, properties, self, add }: LinkSource): void {
  const source = properties.at('KinesisStreamSourceConfiguration', 'KinesisStreamARN');
  if (source) add('pipe', template.value(source), self, source.location);
  for (const name of ['ExtendedS3DestinationConfiguration', 'S3DestinationConfiguration']) add('destination', self, properties.at(name, 'BucketARN'), properties.keyLocation(name));
}

const actions: readonly (readonly [string, ...string[]])[] = [
  ['Sqs', 'QueueUrl'], ['Sns', 'TargetArn'], ['Kinesis', 'StreamName'], ['S3', 'BucketName'], ['DynamoDBv2', 'PutItem', 'TableName'], ['DynamoDB', 'TableName'], ['StepFunctions', 'StateMachineName'],
];

function iot({ template, properties, self, add }: LinkSource): void {
  if (template.boolean(properties.at('TopicRulePayload', 'RuleDisabled')) === true) return;
  for (const item of properties.at('TopicRulePayload', 'Actions')?.items ?? []) for (const path of actions) add('target', self, item.at(...path), item.location);
}

/** Edges from a function to its destinations and dead-letter queue. */
export function linkDestinations(draft: Draft, wiring: Wiring, context: ReadContext): void {
  for (const { target, location } of draft.destinations) link(context, wiring, 'destination', draft.template.reference(draft.id, 'Arn'), target, location ?? draft.fn.declaredAt[0] ?? nowhere(draft));
}

const nowhere = (draft: Draft): Location => ({ file: draft.fn.unit, line: 1, column: 1, endLine: 1, endColumn: 1 });
