import type { RouteAuth, Trigger, TriggerFilter, TriggerKind } from '../model/function.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { parsed, trigger } from './cloudformation-triggers.ts';
import { isUnset, numberOf } from './hcl-values.ts';
import type { TerraformNode } from './terraform-node.ts';
import type { TerraformWiring } from './terraform-wiring.ts';

/** Kinds of event sources, by resource type and by the service in an ARN. */
const sources: readonly { readonly type: RegExp; readonly service: string; readonly kind: TriggerKind; readonly source: string }[] = [
  { type: /^aws_sqs_queue$/, service: 'sqs', kind: 'queue', source: 'SQS' },
  { type: /^aws_dynamodb_table$/, service: 'dynamodb', kind: 'stream', source: 'DynamoDB' },
  { type: /^aws_kinesis_stream(?:_consumer)?$/, service: 'kinesis', kind: 'stream', source: 'Kinesis' },
  { type: /^aws_msk_/, service: 'kafka', kind: 'stream', source: 'MSK' },
  { type: /^aws_mq_broker$/, service: 'mq', kind: 'queue', source: 'MQ' },
  { type: /^aws_docdb_cluster$/, service: 'rds', kind: 'stream', source: 'DocumentDB' },
];

/** What kind of event source a value is; by the mapping's other arguments when the value does not say. */
export function sourceKind(wiring: TerraformWiring, value: Value, mapping: TerraformNode): { readonly kind: TriggerKind; readonly source: string } {
  const type = wiring.instanceOf(value)?.type;
  const parts = value.kind === 'template' ? value.parts : [value];
  const head = parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('');
  const service = /^arn:[^:]*:([a-z0-9-]+):/.exec(head)?.[1];
  const known = sources.find((source) => (type !== undefined && source.type.test(type)) || source.service === service);
  if (known) return known;
  if (mapping.block('self_managed_event_source') ?? mapping.block('self_managed_kafka_event_source_config')) return { kind: 'stream', source: 'SelfManagedKafka' };
  if (mapping.block('amazon_managed_kafka_event_source_config') !== undefined || !isUnset(mapping.value('topics'))) return { kind: 'stream', source: 'MSK' };
  if (!isUnset(mapping.value('queues'))) return { kind: 'queue', source: 'MQ' };
  if (mapping.block('document_db_event_source_config')) return { kind: 'stream', source: 'DocumentDB' };
  if (!isUnset(mapping.value('starting_position')) || !isUnset(mapping.value('parallelization_factor'))) return { kind: 'stream', source: 'stream' };
  const queue = mapping.block('scaling_config') ?? (['function_response_types', 'batch_size'].some((name) => !isUnset(mapping.value(name))) || undefined);
  return queue ? { kind: 'queue', source: 'SQS' } : { kind: 'unknown', source: 'EventSourceMapping' };
}

/** Settings of `aws_lambda_event_source_mapping`. */
export function mappingSettings(node: TerraformNode): Omit<Partial<Trigger>, 'resource' | 'filters'> & { readonly filters: readonly TriggerFilter[] } {
  const types = node.value('function_response_types');
  const partial = types.kind === 'array' && types.items.some((item) => item.kind === 'literal' && item.value === 'ReportBatchItemFailures');
  const [batchSize, enabled, retries] = [node.number('batch_size'), node.boolean('enabled'), node.number('maximum_retry_attempts')];
  const scaling = node.block('scaling_config');
  const concurrency = scaling?.number('maximum_concurrency');
  return {
    filters: recordFilters(node),
    ...(batchSize === undefined ? {} : { batchSize, batchSizeAt: node.locationOf('batch_size') }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(partial ? { partialBatchResponse: true } : {}),
    ...(concurrency === undefined || !scaling ? {} : { maximumConcurrency: concurrency, maximumConcurrencyAt: scaling.locationOf('maximum_concurrency') }),
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
  };
}

/** `filter_criteria { filter { pattern = … } }`, also of a pipe. */
export function recordFilters(node: TerraformNode): readonly TriggerFilter[] {
  const patterns = node.blocks('filter_criteria').flatMap((criteria) => {
    const blocks = criteria.blocks('filter').map((filter) => filter.value('pattern'));
    const list = criteria.value('filter');
    return blocks.length > 0 ? blocks : list.kind === 'array' ? list.items.map((item) => (item.kind === 'object' ? item.entries.find(([name]) => name === 'pattern')?.[1] ?? literal(undefined) : item)) : [];
  }).filter((pattern) => !isUnset(pattern));
  return patterns.length === 0 ? [] : [{ kind: 'records', patterns: patterns.map(decoded) }];
}

/** A JSON text, or a value that is encoded as one, as the value that it says. */
export function decoded(value: Value): Value {
  return value.kind === 'derived' && value.what === 'json' && value.from[0] ? value.from[0] : parsed(value);
}

/** Events and key filter of one part of `aws_s3_bucket_notification`. */
export function objectFilter(node: TerraformNode): TriggerFilter {
  const events = node.value('events');
  const items = events.kind === 'array' ? events.items : [events];
  const [prefix, suffix] = [node.value('filter_prefix'), node.value('filter_suffix')];
  const set = (value: Value): boolean => !isUnset(value) && !(value.kind === 'literal' && value.value === '');
  const rule = { ...(set(prefix) ? { prefix } : {}), ...(set(suffix) ? { suffix } : {}) };
  return { kind: 'object', events: items.map((item) => (item.kind === 'literal' && typeof item.value === 'string' ? item.value : '*')), rules: 'prefix' in rule || 'suffix' in rule ? [rule] : [] };
}

/** `filter_policy` and its scope of a subscription. */
export function attributeFilter(node: TerraformNode): readonly TriggerFilter[] {
  const policy = node.value('filter_policy');
  return isUnset(policy) ? [] : [{ kind: 'attributes', policy: decoded(policy), scope: node.text('filter_policy_scope') === 'MessageBody' ? 'body' : 'attributes' }];
}

/** `authorization_type` of a function URL. */
export function urlAuth(node: TerraformNode): RouteAuth | undefined {
  const type = node.text('authorization_type');
  const location = node.locationOf('authorization_type');
  return type === 'NONE' ? { kind: 'none', location } : type === 'AWS_IAM' ? { kind: 'identity', location } : undefined;
}

/** Triggers of a rule for one of its targets: its schedule, its pattern, or both. */
export function ruleTriggers(rule: TerraformNode, self: Value | undefined): readonly Trigger[] {
  const enabled = rule.text('state') === 'DISABLED' || rule.boolean('is_enabled') === false ? { enabled: false } : {};
  const [schedule, pattern, bus] = [rule.value('schedule_expression'), rule.value('event_pattern'), rule.value('event_bus_name')];
  const found: Trigger[] = [];
  if (!isUnset(schedule)) found.push(trigger('schedule', 'EventBridgeRule', rule.location, { schedule, ...enabled }));
  if (!isUnset(pattern)) found.push(trigger('bus', 'EventBridgeRule', rule.location, { resource: isUnset(bus) ? literal('default') : bus, filters: [{ kind: 'pattern', pattern: decoded(pattern) }], ...enabled }));
  if (found.length === 0) found.push(trigger('bus', 'EventBridgeRule', rule.location, { resource: self, ...enabled }));
  return found;
}

/** Size of a batch as a pipe gives it, below the part of its source. */
export function pipeBatch(node: TerraformNode): { readonly batchSize?: number } {
  for (const type of ['sqs_queue_parameters', 'kinesis_stream_parameters', 'dynamodb_stream_parameters']) {
    for (const block of node.blocks('source_parameters')) {
      const size = numberOf(block.block(type)?.value('batch_size'));
      if (size !== undefined) return { batchSize: size };
    }
  }
  return {};
}
