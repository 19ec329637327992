import { madeOf, numberOf, optionsOf, slot, textOf, type Made, type Sym } from '../link/program-values.ts';
import type { ResourceLinkKind, Trigger, TriggerFilter, TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import type { CdkApp, CdkDraft } from './cdk-app.ts';
import { functionOf, listOf } from './cdk-functions.ts';
import { lastStep, memberName, nameOf } from './cdk-names.ts';

/** Gives the function behind a value a trigger; true when there is one. */
export function attach(app: CdkApp, target: Sym | undefined, trigger: Trigger): boolean {
  const made = functionOf(app, target);
  const draft = made && app.drafts.get(made);
  if (!draft) return false;
  // What another instance of its stack has, it has.
  if (!app.standsFor.has(draft.made)) {
    const { resource, ...rest } = trigger;
    draft.triggers.push(resource && resource.kind !== 'unknown' && !isNothing(resource) ? trigger : rest);
  }
  return true;
}

export function draftOf(app: CdkApp, sym: Sym | undefined): CdkDraft | undefined {
  const made = functionOf(app, sym);
  return made && app.drafts.get(made);
}

const isNothing = (value: Value): boolean => value.kind === 'literal' && value.value === undefined;

export function link(app: CdkApp, kind: ResourceLinkKind, from: Value, to: Value, location: Location, filters: readonly TriggerFilter[] = [], message?: Value): void {
  if (isNothing(from) || isNothing(to) || to.kind === 'unknown') return;
  app.links.push({ kind, from, to, filters, location, ...(message ? { message } : {}) });
}

/** Event sources of `aws-lambda-event-sources`: what they listen to, by class. */
const eventSources: ReadonlyMap<string, readonly [TriggerKind, string]> = new Map<string, readonly [TriggerKind, string]>([
  ['SqsEventSource', ['queue', 'SQS']], ['DynamoEventSource', ['stream', 'DynamoDB']], ['KinesisEventSource', ['stream', 'Kinesis']], ['KinesisConsumerEventSource', ['stream', 'Kinesis']],
  ['S3EventSource', ['bucket', 'S3']], ['S3EventSourceV2', ['bucket', 'S3']], ['SnsEventSource', ['topic', 'SNS']], ['ApiEventSource', ['http', 'Api']],
  ['ManagedKafkaEventSource', ['stream', 'MSK']], ['SelfManagedKafkaEventSource', ['stream', 'SelfManagedKafka']],
]);

/** `fn.addEventSource(source)` and `events: [source]`. */
export function eventSource(app: CdkApp, target: Sym | undefined, source: Sym, location: Location): void {
  for (const one of optionsOf(source)) {
    const made = madeOf(one);
    const known = made && (eventSources.get(lastStep(made)) ?? otherSource(lastStep(made)));
    if (!made || !known) { attach(app, target, { kind: 'unknown', source: made ? lastStep(made) : 'EventSource', filters: [], location }); continue; }
    const [kind, name] = known;
    const settings = made.args.find((arg) => arg.kind === 'record');
    if (kind === 'http') {
      attach(app, target, { kind, source: name, location, filters: [{ kind: 'route', method: (textOf(made.args[0]) ?? '*').toUpperCase(), path: textOf(made.args[1]) ?? '*' }] });
      continue;
    }
    const resource = name === 'MSK' ? slot(settings, 'clusterArn')?.value : name === 'MQ' ? slot(settings, 'broker')?.value : name === 'SelfManagedKafka' || made.args[0]?.kind === 'record' ? undefined : made.args[0];
    attach(app, target, {
      kind, source: name, location, filters: sourceFilters(app, kind, settings),
      ...(resource ? { resource: streamed(app.value(resource), name) } : {}), ...mapping(app, settings),
    });
    const failure = madeOf(slot(settings, 'onFailure')?.value);
    const draft = draftOf(app, target);
    if (failure && draft) draft.destinations.push({ kind: 'onFailure', target: app.value(failure.args[0]), location: app.location(failure.place) });
  }
}

/** What the settings of an event source let through. */
export function sourceFilters(app: CdkApp, kind: TriggerKind, settings: Sym | undefined): readonly TriggerFilter[] {
  return [...objectFilters(app, kind, settings), ...recordFilters(app, settings), ...policyFilters(app, settings)];
}

/** Event sources of other packages, by what their name says. */
function otherSource(name: string): readonly [TriggerKind, string] | undefined {
  if (!name.endsWith('EventSource')) return undefined;
  return /Rabbit|ActiveMq|AmazonMq/i.test(name) ? ['queue', 'MQ'] : /Sqs|Queue/.test(name) ? ['queue', 'SQS'] : /Kafka|Msk/i.test(name) ? ['stream', 'MSK'] : /Dynamo/.test(name) ? ['stream', 'DynamoDB'] : /Kinesis/.test(name) ? ['stream', 'Kinesis'] : undefined;
}

/** A table is a trigger by its stream. */
export const streamed = (value: Value, source: string): Value => (source === 'DynamoDB' && value.kind === 'resource' && value.attribute === 'Ref' ? { ...value, attribute: 'StreamArn' } : value);

/** Settings that event source mappings share. */
export function mapping(app: CdkApp, settings: Sym | undefined): Partial<Pick<Trigger, 'batchSize' | 'batchSizeAt' | 'enabled' | 'partialBatchResponse' | 'maximumConcurrency' | 'maximumConcurrencyAt' | 'maximumRetryAttempts'>> {
  const at = (holder: Sym | undefined, name: string): Location | undefined => { const place = slot(holder, name)?.place; return place && app.location(place); };
  const batchSize = numberOf(slot(settings, 'batchSize')?.value);
  const batchSizeAt = at(settings, 'batchSize');
  const maximumConcurrencyAt = at(settings, 'maxConcurrency') ?? at(slot(settings, 'scalingConfig')?.value, 'maximumConcurrency');
  const enabled = slot(settings, 'enabled')?.value;
  const partial = slot(settings, 'reportBatchItemFailures')?.value;
  const types = listOf(slot(settings, 'functionResponseTypes')?.value).some((item) => textOf(item) === 'ReportBatchItemFailures');
  const most = numberOf(slot(settings, 'maxConcurrency')?.value) ?? numberOf(slot(slot(settings, 'scalingConfig')?.value, 'maximumConcurrency')?.value);
  const retries = numberOf(slot(settings, 'retryAttempts')?.value) ?? numberOf(slot(settings, 'maximumRetryAttempts')?.value);
  return {
    ...(batchSize === undefined ? {} : { batchSize, ...(batchSizeAt ? { batchSizeAt } : {}) }),
    ...(enabled?.kind === 'literal' && typeof enabled.value === 'boolean' ? { enabled: enabled.value } : {}),
    ...(types || (partial?.kind === 'literal' && partial.value === true) ? { partialBatchResponse: true } : {}),
    ...(most === undefined ? {} : { maximumConcurrency: most, ...(maximumConcurrencyAt ? { maximumConcurrencyAt } : {}) }),
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
  };
}

/** `filters: [FilterCriteria.filter({…})]`, with `FilterRule.isEqual(x)` and the like as the patterns that they stand for. */
function recordFilters(app: CdkApp, settings: Sym | undefined): readonly TriggerFilter[] {
  const patterns = listOf(slot(settings, 'filters')?.value).flatMap((item) => {
    const made = madeOf(item);
    if (made && lastStep(made) === 'filter') return [ruled(app, made.args[0], 0)];
    const pattern = slot(item, 'pattern')?.value;
    return pattern ? [app.value(pattern)] : [];
  });
  return patterns.length === 0 ? [] : [{ kind: 'records', patterns }];
}

function ruled(app: CdkApp, sym: Sym | undefined, depth: number): Value {
  if (sym === undefined || depth > 12 || !app.spend()) return unknown('a pattern');
  if (sym.kind === 'record') return { kind: 'object', open: sym.open, entries: [...sym.entries].map(([name, item]): [string, Value] => [name, ruled(app, item.value, depth + 1)]) };
  if (sym.kind === 'list') return { kind: 'array', open: sym.open, items: sym.items.map((item) => ruled(app, item, depth + 1)) };
  const made = madeOf(sym);
  if (!made) return app.value(sym);
  const [first] = made.args;
  const array = (item: Value): Value => ({ kind: 'array', items: [item], open: false });
  const object = (name: string, item: Value): Value => array({ kind: 'object', entries: [[name, item]], open: false });
  switch (lastStep(made)) {
    case 'isEqual': case 'exactString': return array(app.value(first));
    case 'exists': return object('exists', literal(true));
    case 'doesNotExist': case 'notExists': return object('exists', literal(false));
    case 'beginsWith': case 'prefix': return object('prefix', app.value(first));
    case 'notEquals': return object('anything-but', array(app.value(first)));
    case 'or': return { kind: 'array', items: made.args.map((arg) => app.value(arg)), open: false };
    case 'null': case 'empty': return array(literal(lastStep(made) === 'null' ? null : ''));
    default: return unknown(`${lastStep(made)} in a pattern`);
  }
}

/** `filterPolicy` of a subscription. */
export function policyFilters(app: CdkApp, settings: Sym | undefined): readonly TriggerFilter[] {
  const policy = slot(settings, 'filterPolicy')?.value;
  const body = slot(settings, 'filterPolicyWithMessageBody')?.value;
  const filters: TriggerFilter[] = [];
  if (policy?.kind === 'record') filters.push({ kind: 'attributes', scope: 'attributes', policy: policyOf(app, policy, 0) });
  if (body?.kind === 'record') filters.push({ kind: 'attributes', scope: 'body', policy: policyOf(app, body, 0) });
  return filters;
}

/** `SubscriptionFilter.stringFilter({ allowlist: […] })` as SNS writes it. */
function policyOf(app: CdkApp, sym: Sym, depth: number): Value {
  if (depth > 8 || !app.spend()) return unknown('a policy');
  if (sym.kind === 'record') return { kind: 'object', open: sym.open, entries: [...sym.entries].map(([name, item]): [string, Value] => [name, policyOf(app, item.value, depth + 1)]) };
  const made = madeOf(sym);
  if (!made) return app.value(sym);
  if (lastStep(made) === 'filter' || lastStep(made) === 'policy') return made.args[0] ? policyOf(app, made.args[0], depth + 1) : unknown('a policy');
  const options = made.args[0];
  const items: Value[] = [...listOf(slot(options, 'allowlist')?.value), ...listOf(slot(options, 'whitelist')?.value)].map((item) => app.value(item));
  const wrapped = (name: string, list: readonly Sym[]): Value[] => list.map((item) => ({ kind: 'object', entries: [[name, app.value(item)]], open: false }));
  items.push(...wrapped('prefix', listOf(slot(options, 'matchPrefixes')?.value)));
  const deny = listOf(slot(options, 'denylist')?.value);
  if (deny.length > 0) items.push({ kind: 'object', entries: [['anything-but', { kind: 'array', items: deny.map((item) => app.value(item)), open: false }]], open: false });
  if (lastStep(made) === 'existsFilter') items.push({ kind: 'object', entries: [['exists', literal(true)]], open: false });
  return items.length === 0 ? unknown(`${lastStep(made)} in a policy`) : { kind: 'array', items, open: false };
}

/** `EventType.OBJECT_CREATED_PUT` → `s3:ObjectCreated:Put`. */
function objectEvent(sym: Sym): string {
  const name = memberName(sym, 'EventType');
  const match = name === undefined ? undefined : /^(OBJECT_[A-Z]+|REDUCED_REDUNDANCY|REPLICATION|LIFECYCLE_[A-Z]+|INTELLIGENT_TIERING)(?:_(.+))?$/.exec(name);
  if (!match) return textOf(sym) ?? '*';
  const camel = (text: string): string => text.split('_').map((part) => part.charAt(0) + part.slice(1).toLowerCase()).join('');
  return `s3:${camel(match[1] ?? '')}:${match[2] === undefined ? '*' : camel(match[2])}`;
}

function keyRules(app: CdkApp, filters: readonly Sym[]): readonly { readonly prefix?: Value; readonly suffix?: Value }[] {
  return filters.flatMap((item) => {
    const prefix = slot(item, 'prefix')?.value;
    const suffix = slot(item, 'suffix')?.value;
    return prefix || suffix ? [{ ...(prefix ? { prefix: app.value(prefix) } : {}), ...(suffix ? { suffix: app.value(suffix) } : {}) }] : [];
  });
}

function objectFilters(app: CdkApp, kind: TriggerKind, settings: Sym | undefined): readonly TriggerFilter[] {
  if (kind !== 'bucket') return [];
  return [{ kind: 'object', events: listOf(slot(settings, 'events')?.value).map(objectEvent), rules: keyRules(app, listOf(slot(settings, 'filters')?.value)) }];
}

/** `bucket.addEventNotification(event, destination, ...filters)` and its shorter forms. */
export function notification(app: CdkApp, made: Made): void {
  const step = lastStep(made);
  const short = step === 'addObjectCreatedNotification' ? 's3:ObjectCreated:*' : step === 'addObjectRemovedNotification' ? 's3:ObjectRemoved:*' : undefined;
  const event = short ?? (made.args[0] ? objectEvent(made.args[0]) : '*');
  const destination = madeOf(made.args[short === undefined ? 1 : 0]);
  const filters: TriggerFilter[] = [{ kind: 'object', events: [event], rules: keyRules(app, made.args.slice(short === undefined ? 2 : 1)) }];
  const location = app.location(made.place);
  const resource = app.value(made.receiver);
  if (!destination) return;
  if (attach(app, destination.args[0], { kind: 'bucket', source: 'S3', resource, filters, location })) return;
  link(app, 'notification', resource, app.value(destination.args[0]), location, filters);
}

/** `topic.addSubscription(subscription)`, `new Subscription(scope, id, { topic, endpoint })`. */
export function subscription(app: CdkApp, topic: Sym | undefined, sub: Sym | undefined, location: Location): void {
  for (const one of sub ? optionsOf(sub) : []) {
    const made = madeOf(one);
    if (!made) continue;
    const filters = policyFilters(app, made.args[1]);
    const resource = app.value(topic);
    if (attach(app, made.args[0], { kind: 'topic', source: 'SNS', resource, filters, location })) continue;
    if (/^(?:Sqs|Firehose)/.test(lastStep(made))) link(app, 'subscription', resource, app.value(made.args[0]), location, filters);
  }
}

/** Destinations and dead-letter queues of a function's own properties. */
export function destinations(app: CdkApp, draft: CdkDraft, settings: Sym | undefined, location: (name: string) => Location): void {
  for (const name of ['onSuccess', 'onFailure'] as const) {
    const made = madeOf(slot(settings, name)?.value);
    if (!made) continue;
    draft.destinations.push({ kind: name, target: app.value(made.args[0]), location: location(name) });
    attach(app, made.args[0], { kind: 'invoke', source: 'Destination', resource: app.value(draft.made), filters: [], location: location(name) });
  }
  for (const name of ['deadLetterQueue', 'deadLetterTopic']) {
    const target = slot(settings, name)?.value;
    if (target && madeOf(target)) draft.destinations.push({ kind: 'deadLetter', target: app.value(target), location: location(name) });
  }
  const retries = numberOf(slot(settings, 'retryAttempts')?.value);
  if (retries !== undefined) draft.late = { ...draft.late, maximumRetryAttempts: { value: retries, location: location('retryAttempts') } };
}

/** Kind of a source that an ARN or a construct says. */
export function sourceKind(app: CdkApp, sym: Sym | undefined, settings: Sym | undefined): readonly [TriggerKind, string] {
  const value = app.value(sym);
  const resource = value.kind === 'resource' ? [...app.resources.values()].find((item) => item.logicalId === value.id) : undefined;
  const type = resource?.type ?? '';
  const made = sym?.kind === 'attribute' ? sym.of : madeOf(sym);
  const service = made && nameOf(made)?.service;
  const arn = value.kind === 'literal' ? String(value.value) : value.kind === 'template' && value.parts[0]?.kind === 'literal' ? String(value.parts[0].value) : '';
  const text = `${type} ${service ?? ''} ${/^arn:[^:]*:([a-z0-9-]+):/.exec(arn)?.[1] ?? ''} ${sym?.kind === 'attribute' ? sym.path.join('.') : ''}`.toLowerCase();
  if (/sqs|queuearn/.test(text)) return ['queue', 'SQS'];
  if (/dynamodb|tablestream/.test(text)) return ['stream', 'DynamoDB'];
  if (/kinesis/.test(text)) return ['stream', 'Kinesis'];
  if (/kafka|msk/.test(text) || slot(settings, 'kafkaTopic')) return ['stream', 'MSK'];
  if (/amazonmq|:mq| mq/.test(text)) return ['queue', 'MQ'];
  if (slot(settings, 'kafkaBootstrapServers') ?? slot(settings, 'selfManagedEventSource') ?? slot(settings, 'selfManagedKafkaEventSourceConfig')) return ['stream', 'SelfManagedKafka'];
  if (/docdb|rds/.test(text)) return ['stream', 'DocumentDB'];
  if (slot(settings, 'queues')) return ['queue', 'MQ'];
  if (slot(settings, 'startingPosition')) return ['stream', 'stream'];
  return slot(settings, 'reportBatchItemFailures') || slot(settings, 'batchSize') ? ['queue', 'SQS'] : ['unknown', 'EventSourceMapping'];
}

/** `fn.addEventSourceMapping`, `new EventSourceMapping`, `new CfnEventSourceMapping`. */
export function sourceMapping(app: CdkApp, target: Sym | undefined, settings: Sym | undefined, location: Location): void {
  const source = slot(settings, 'eventSourceArn')?.value;
  const [kind, name] = sourceKind(app, source, settings);
  const patterns = listOf(slot(slot(settings, 'filterCriteria')?.value, 'filters')?.value).flatMap((item) => { const pattern = slot(item, 'pattern')?.value; return pattern ? [app.value(pattern)] : []; });
  attach(app, target, {
    kind, source: name, location, ...(source ? { resource: app.value(source) } : {}), ...mapping(app, settings),
    filters: patterns.length > 0 ? [{ kind: 'records', patterns }] : recordFilters(app, settings),
  });
}

