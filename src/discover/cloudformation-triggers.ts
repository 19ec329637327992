import type { RouteAuth, Trigger, TriggerFilter, TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { parsedJson } from '../link/texts.ts';
import type { Template } from './cloudformation-template.ts';
import { isNothing } from './cloudformation-values.ts';
import type { DocNode } from './document.ts';
import type { Wiring } from './cloudformation-wiring.ts';

/** Settings of an event source mapping, named alike in SAM events and in `AWS::Lambda::EventSourceMapping`. */
export function mappingSettings(template: Template, node: DocNode | undefined): Pick<Trigger, 'batchSize' | 'batchSizeAt' | 'enabled' | 'partialBatchResponse' | 'maximumConcurrency' | 'maximumConcurrencyAt' | 'maximumRetryAttempts'> & { readonly filters: readonly TriggerFilter[] } {
  const batchSize = template.number(node?.get('BatchSize'));
  const enabled = template.boolean(node?.get('Enabled'));
  const scaling = node?.get('ScalingConfig');
  const maximumConcurrency = template.number(scaling?.get('MaximumConcurrency'));
  const retries = template.number(node?.get('MaximumRetryAttempts'));
  const partial = (node?.get('FunctionResponseTypes')?.items ?? []).some((item) => item.text() === 'ReportBatchItemFailures');
  return {
    filters: recordFilters(template, node?.get('FilterCriteria')),
    ...(batchSize === undefined || !node ? {} : { batchSize, batchSizeAt: node.keyLocation('BatchSize') }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(partial ? { partialBatchResponse: true } : {}),
    ...(maximumConcurrency === undefined || !scaling ? {} : { maximumConcurrency, maximumConcurrencyAt: scaling.keyLocation('MaximumConcurrency') }),
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
  };
}

function recordFilters(template: Template, criteria: DocNode | undefined): readonly TriggerFilter[] {
  const patterns = (criteria?.get('Filters')?.items ?? []).map((item) => parsed(template.value(item.get('Pattern'))));
  return patterns.length === 0 ? [] : [{ kind: 'records', patterns }];
}

/** A JSON text as the value that it describes; any other value as it is. */
export function parsed(value: Value): Value {
  // A text with gaps: `{"source": ["${var.env}.orders"]}`.
  if (value.kind === 'template') return parsedJson(value) ?? value;
  if (value.kind !== 'literal' || typeof value.value !== 'string' || value.value.length > 100_000) return value;
  try {
    return fromJson(JSON.parse(value.value), 0);
  } catch {
    return value;
  }
}

function fromJson(data: unknown, depth: number): Value {
  if (depth > 100) return { kind: 'unknown', reason: 'nested too deeply' };
  if (Array.isArray(data)) return { kind: 'array', items: data.map((item) => fromJson(item, depth + 1)), open: false };
  if (typeof data === 'object' && data !== null) {
    return { kind: 'object', entries: Object.entries(data).map(([name, item]): [string, Value] => [name, fromJson(item, depth + 1)]), open: false };
  }
  return { kind: 'literal', value: typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean' ? data : null };
}

/** `Filter.S3Key.Rules` of an S3 notification, in SAM and CloudFormation. */
export function objectFilter(template: Template, events: DocNode | undefined, filter: DocNode | undefined): TriggerFilter {
  const value = template.value(events);
  const names = value.kind === 'array' ? value.items : [value];
  let rule: { prefix?: Value; suffix?: Value } = {};
  for (const item of filter?.at('S3Key', 'Rules')?.items ?? []) {
    const name = item.get('Name')?.text()?.toLowerCase();
    if (name === 'prefix' || name === 'suffix') rule = { ...rule, [name]: template.value(item.get('Value')) };
  }
  return {
    kind: 'object',
    events: names.map((item) => (item.kind === 'literal' && typeof item.value === 'string' ? item.value : '*')),
    rules: rule.prefix || rule.suffix ? [rule] : [],
  };
}

/** `FilterPolicy` and its scope of an SNS subscription. */
export function attributeFilter(template: Template, node: DocNode | undefined): readonly TriggerFilter[] {
  const policy = node?.get('FilterPolicy');
  if (!policy) return [];
  return [{ kind: 'attributes', policy: parsed(template.value(policy)), scope: template.text(node?.get('FilterPolicyScope')) === 'MessageBody' ? 'body' : 'attributes' }];
}

/** Kinds of event sources, by resource type and by the service in an ARN. */
const sources: readonly { readonly type: RegExp; readonly service: string; readonly kind: TriggerKind; readonly source: string }[] = [
  { type: /^AWS::SQS::Queue$/, service: 'sqs', kind: 'queue', source: 'SQS' },
  { type: /^AWS::(?:DynamoDB::(?:Global)?Table|Serverless::SimpleTable)$/, service: 'dynamodb', kind: 'stream', source: 'DynamoDB' },
  { type: /^AWS::Kinesis::Stream(?:Consumer)?$/, service: 'kinesis', kind: 'stream', source: 'Kinesis' },
  { type: /^AWS::MSK::/, service: 'kafka', kind: 'stream', source: 'MSK' },
  { type: /^AWS::AmazonMQ::Broker$/, service: 'mq', kind: 'queue', source: 'MQ' },
  { type: /^AWS::DocDB::DBCluster$/, service: 'rds', kind: 'stream', source: 'DocumentDB' },
  { type: /^AWS::SNS::Topic$/, service: 'sns', kind: 'topic', source: 'SNS' },
  { type: /^AWS::S3::Bucket$/, service: 's3', kind: 'bucket', source: 'S3' },
];

/** What kind of event source a value is; by the mapping's other properties when the value does not say. */
export function sourceKind(wiring: Wiring, value: Value, mapping: DocNode | undefined): { readonly kind: TriggerKind; readonly source: string } {
  const type = wiring.typeOf(value);
  const head = value.kind === 'literal' ? value.value : value.kind === 'template' && value.parts[0]?.kind === 'literal' ? literalText(value.parts) : undefined;
  const service = typeof head === 'string' ? /^arn:[^:]*:([a-z0-9-]+):/.exec(head)?.[1] : undefined;
  const known = sources.find((source) => (type !== undefined && source.type.test(type)) || source.service === service);
  if (known) return known;
  if (mapping?.get('SelfManagedEventSource') || mapping?.get('SelfManagedKafkaEventSourceConfig')) return { kind: 'stream', source: 'SelfManagedKafka' };
  if (mapping?.get('AmazonManagedKafkaEventSourceConfig') || mapping?.get('Topics')) return { kind: 'stream', source: 'MSK' };
  if (mapping?.get('Queues')) return { kind: 'queue', source: 'MQ' };
  if (mapping?.get('DocumentDBEventSourceConfig')) return { kind: 'stream', source: 'DocumentDB' };
  if (mapping?.get('StartingPosition')) return { kind: 'stream', source: 'stream' };
  return mapping?.get('FunctionResponseTypes') || mapping?.get('BatchSize') || mapping?.get('ScalingConfig') ? { kind: 'queue', source: 'SQS' } : { kind: 'unknown', source: 'EventSourceMapping' };
}

/** Literal text of a template with its unknown parts as `*`. */
function literalText(parts: readonly Value[]): string {
  return parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('');
}

/** `RetryPolicy` of a rule's or schedule's target. */
export function retryPolicy(template: Template, holder: DocNode | undefined): Pick<Trigger, 'maximumRetryAttempts'> {
  const attempts = template.number(holder?.at('RetryPolicy', 'MaximumRetryAttempts'));
  return attempts === undefined ? {} : { maximumRetryAttempts: attempts };
}

type Loose = Omit<Partial<Trigger>, 'resource' | 'filters' | 'schedule' | 'auth'>
  & { readonly resource?: Value | undefined; readonly filters?: readonly TriggerFilter[]; readonly schedule?: Value | undefined; readonly auth?: RouteAuth | undefined };

/** A trigger without what is not there. */
export function trigger(kind: TriggerKind, source: string, location: Location, rest: Loose = {}): Trigger {
  const { resource, filters, schedule, auth, ...others } = rest;
  return {
    kind, source, location, filters: filters ?? [], ...others,
    ...(resource && !isNothing(resource) ? { resource } : {}), ...(schedule && !isNothing(schedule) ? { schedule } : {}), ...(auth ? { auth } : {}),
  };
}
