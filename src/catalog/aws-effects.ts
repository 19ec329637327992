import type { Value } from '../model/value.ts';
import { literal, unknown } from '../model/value.ts';
import { awsServices } from './aws-operations.ts';
import type { OperationRow } from './aws-operations.ts';
import { itemWriteOf } from './dynamo-writes.ts';
import type { AwsOperation, Effect, EffectKind, EffectService, Naming } from './effects.ts';
import { elements, everyWay, headOf, property, select, textOf } from './look-up.ts';

/**
 * From an AWS operation with its parameters to effects: the rows of aws-operations.ts, and the few operations whose
 * targets stand in lists of mixed entries.
 *
 * Sources (November 2026): as aws-operations.ts; Lambda `Invoke`: InvocationType defaults to RequestResponse, DryRun
 * does not run the function (API_Invoke); EventBridge `PutEvents`: no EventBusName means the bus `default`.
 */

const rows: ReadonlyMap<string, { readonly service: EffectService; readonly row: OperationRow }> = new Map(
  awsServices.flatMap(({ service, operations }) => operations.map((row) => [`${service} ${row.operation}`, { service, row }] as const)),
);

/** The effects of one operation; none for an operation that the catalog does not list, and for waiters. */
export function effectsOfOperation(operation: AwsOperation): readonly Effect[] {
  if (operation.form === 'waiter') return [];
  const id = `${operation.service} ${operation.operation}`;
  const effects = (special(operation) ?? tabled(operation)).map((effect): Effect => ({ ...effect, row: id, ...(effect.naming ? {} : { naming: namingOf(effect) }) }));
  if (operation.form !== 'presigned') return effects;
  return effects.map((effect) => ({ ...effect, deferred: true, waits: false, detail: `presigned ${effect.detail}` }));
}

type Plain = Omit<Effect, 'row'>;

/** How AWS operations take their target, by what it is (the parameter's description in the API references, November 2026). */
function namingOf({ service, resourceKind, target }: Plain): readonly Naming[] {
  if (service === 'sqs') return ['url'];
  if (service === 'sns' || service === 'stepfunctions') return ['arn'];
  if (resourceKind === 'function' || resourceKind === 'bucket' || resourceKind === 'table' || resourceKind === 'bus' || resourceKind === 'logGroup' || resourceKind === 'parameter') return ['name', 'arn'];
  return headOf(target).startsWith('arn:') ? ['arn'] : ['name', 'arn'];
}

function tabled(operation: AwsOperation): readonly Plain[] {
  const found = rows.get(`${operation.service} ${operation.operation}`);
  if (!found) return [];
  const { row, service } = found;
  const { params } = operation;
  if (service === 'sns' && row.operation === 'Publish' && isTextMessage(params)) return [textMessage(params)];
  const targets = row.target === '' ? [] : select(params, row.target);
  const waiting = waits(row, params);
  if (waiting === 'dryRun') return [];
  const base = {
    kind: row.kind, service, resourceKind: row.resourceKind, detail: row.operation,
    ...waiting,
    ...optional('attributes', row.attributes ? together(select(params, row.attributes)) : service === 'scheduler' ? scheduledEvent(params) : undefined),
    ...optional('payload', row.payload ? together(select(params, row.payload)) : undefined),
    ...(row.events ? { events: row.events } : {}),
    ...(row.deferred ? { deferred: true as const } : {}),
  };
  const keyed = service === 'transcribe' ? transcriptKey(params) : row.key ? select(params, row.key) : [];
  const places = targets.length > 0 ? targets : [unknown(`${row.operation} without ${row.target}`)];
  const effects = places.flatMap((target): Plain[] => {
    const arn = row.resourceKind === 'other' && row.target.endsWith('Arn') ? kindOfArn(target) : row.resourceKind;
    const one: Plain = { ...base, resourceKind: arn, target };
    return keyed.length > 0 ? keyed.map((key) => ({ ...one, key })) : [one];
  });
  if (service === 'dynamodb' && (row.operation === 'PutItem' || row.operation === 'UpdateItem')) {
    const write = itemWriteOf(params);
    return effects.map(({ payload: _, ...effect }) => ({ ...effect, events: write.events, ...optional('payload', write.item), ...optional('key', write.key) }));
  }
  return row.operation === 'CopyObject' ? [...effects, ...copySource(params)] : effects;
}

/**
 * Key of a transcript: the name of the job and `.json`, alone or under an `OutputKey` that ends in a slash; any other `OutputKey` is
 * the key (Amazon Transcribe API reference, StartTranscriptionJob, November 2026).
 */
function transcriptKey(params: Value | undefined): readonly Value[] {
  const [key] = select(params, 'OutputKey');
  const [name] = select(params, 'TranscriptionJobName');
  const last = key?.kind === 'template' ? key.parts.at(-1) : key;
  if (key && !(last?.kind === 'literal' && String(last.value).endsWith('/'))) return [key];
  const parts = [...(key ? [key] : []), ...(name ? [name] : []), literal('.json')].flatMap((part) => (part.kind === 'template' ? part.parts : [part]));
  return name ? [{ kind: 'template', parts }] : [];
}

/** A property that is there only when its value is. */
const optional = <K extends string>(name: K, value: Value | undefined): { readonly [P in K]?: Value } =>
  (value ? { [name]: value } : {}) as { readonly [P in K]?: Value };

/** Values of several entries (a batch) as one list. */
function together(values: readonly Value[]): Value | undefined {
  return values.length > 1 ? { kind: 'array', items: values, open: false } : values[0];
}

function isTextMessage(params: Value | undefined): boolean {
  return params?.kind === 'object' && select(params, 'TopicArn|TargetArn').length === 0 && select(params, 'PhoneNumber').length > 0;
}

const textMessage = (params: Value | undefined): Plain => ({
  kind: 'send', service: 'sms', resourceKind: 'person', target: select(params, 'PhoneNumber')[0] ?? unknown('no PhoneNumber'), waits: false, detail: 'Publish', naming: ['name'],
  ...optional('payload', property(params, 'Message')),
});

function waits(row: OperationRow, params: Value | undefined): { readonly waits: boolean; readonly waitsUnknown?: true } | 'dryRun' {
  if (row.waits === 'always') return { waits: true };
  if (row.waits !== 'invocationType') return { waits: false };
  const type = property(params, 'InvocationType');
  if (!type) return { waits: true };
  if (textOf(type) === 'DryRun' || enumMember(type) === 'DryRun') return 'dryRun';
  const answer = everyWay(type, (way) => {
    const text = textOf(way) ?? enumMember(way);
    if (way.kind === 'literal' && way.value === undefined) return true;
    return text === undefined ? undefined : text === 'RequestResponse';
  });
  return answer === undefined ? { waits: false, waitsUnknown: true } : { waits: answer };
}

/** `InvocationType.Event` of @aws-sdk/client-lambda: the member's name is its value. */
function enumMember(value: Value): string | undefined {
  return value.kind === 'external' && value.path.at(-2) === 'InvocationType' ? value.path.at(-1) : undefined;
}

/** The kind of thing that a literal ARN names, by its service. */
function kindOfArn(target: Value): Effect['resourceKind'] {
  const service = /^arn:[^:]*:([^:]*):/.exec(headOf(target))?.[1];
  switch (service) {
    case 'lambda': return 'function';
    case 'sqs': return 'queue';
    case 'sns': return 'topic';
    case 'states': return 'stateMachine';
    case 'kinesis': return 'stream';
    case 'events': return 'bus';
    default: return 'other';
  }
}

/** CopySource is `bucket/key` or `/bucket/key`: the bucket is known when the literal head holds the slash after it. */
function copySource(params: Value | undefined): readonly Plain[] {
  const source = property(params, 'CopySource');
  if (!source) return [];
  const head = headOf(source).replace(/^\//, '');
  const slash = head.indexOf('/');
  let target: Value = unknown('bucket of CopySource');
  if (slash > 0) target = literal(head.slice(0, slash));
  else if (source.kind === 'template') {
    const [first, second, third] = source.parts;
    const [bucket, next] = textOf(first) === '/' ? [second, third] : [first, second];
    if (bucket && bucket.kind !== 'literal' && textOf(next)?.startsWith('/')) target = bucket;
  }
  return [{ kind: 'read', service: 's3', resourceKind: 'bucket', target, waits: false, detail: 'CopyObject' }];
}

function special(operation: AwsOperation): readonly Plain[] | undefined {
  const { params } = operation;
  switch (`${operation.service} ${operation.operation}`) {
    case 'eventbridge PutEvents':
      return putEvents(params);
    case 'eventbridge PutTargets':
      return atLeastOne(select(params, 'Targets[]')).map((target) => {
        const arn = property(target, 'Arn') ?? unknown('target without Arn');
        return { kind: 'start', service: 'eventbridge', resourceKind: kindOfArn(arn), target: arn, waits: false, deferred: true, detail: 'PutTargets' };
      });
    case 'dynamodb TransactWriteItems':
      return atLeastOne(select(params, 'TransactItems[]')).flatMap(transactItem);
    case 'dynamodb ExecuteStatement':
      return [statement(property(params, 'Statement'), operation.operation)];
    case 'dynamodb BatchExecuteStatement':
      return atLeastOne(select(params, 'Statements[]')).map((entry) => statement(property(entry, 'Statement'), operation.operation));
    case 'dynamodb ExecuteTransaction':
      return atLeastOne(select(params, 'TransactStatements[]')).map((entry) => statement(property(entry, 'Statement'), operation.operation));
    default:
      return undefined;
  }
}

const atLeastOne = (values: readonly Value[]): readonly Value[] => (values.length > 0 ? values : [unknown('entries are not known')]);

function putEvents(params: Value | undefined): readonly Plain[] {
  return atLeastOne(elements(property(params, 'Entries'))).map((entry) => {
    const entries: [string, Value][] = [];
    for (const [from, to] of [['Source', 'source'], ['DetailType', 'detail-type'], ['Detail', 'detail']] as const) {
      const value = property(entry, from);
      if (value) entries.push([to, value]);
    }
    const bus = property(entry, 'EventBusName');
    const payload = property(entry, 'Detail');
    return {
      kind: 'publish', service: 'eventbridge', resourceKind: 'bus', waits: false, detail: 'PutEvents',
      target: !bus || (bus.kind === 'literal' && (bus.value === undefined || bus.value === '')) ? literal('default') : bus,
      attributes: { kind: 'object', entries, open: entry.kind !== 'object' || entry.open },
      ...optional('payload', payload),
    };
  });
}

/** A schedule with an event bus as its target puts an event of the source and type that it is given; nothing for another target. */
function scheduledEvent(params: Value | undefined): Value | undefined {
  const target = property(params, 'Target');
  const event = property(target, 'EventBridgeParameters');
  if (!event) return undefined;
  const parts: readonly (readonly [string, Value | undefined])[] = [['source', property(event, 'Source')], ['detail-type', property(event, 'DetailType')], ['detail', property(target, 'Input')]];
  return { kind: 'object', entries: parts.flatMap(([key, value]): (readonly [string, Value])[] => (value ? [[key, value]] : [])), open: event.kind !== 'object' || event.open };
}

const transactKinds: readonly (readonly [string, EffectKind, readonly string[]])[] = [
  ['Put', 'write', ['INSERT', 'MODIFY']], ['Update', 'write', ['INSERT', 'MODIFY']], ['Delete', 'delete', ['REMOVE']], ['ConditionCheck', 'read', []],
];

function transactItem(item: Value): readonly Plain[] {
  const base = { service: 'dynamodb', resourceKind: 'table', waits: false, detail: 'TransactWriteItems' } as const;
  const found: Plain[] = [];
  if (item.kind === 'object') {
    for (const [name, kind, events] of transactKinds) {
      const part = item.entries.some(([key]) => key === name) ? property(item, name) : undefined;
      if (!part) continue;
      const write = itemWriteOf(part);
      const made = events.includes('INSERT') ? write.events : events;
      found.push({ ...base, kind, target: property(part, 'TableName') ?? unknown('no TableName'), ...(made.length > 0 ? { events: made } : {}), ...optional('payload', write.item), ...optional('key', write.key) });
    }
  }
  return found.length > 0 ? found : [{ ...base, kind: 'write', target: unknown('an entry of TransactItems') }];
}

/** PartiQL: the first word tells what it does, the word after INTO, UPDATE or FROM its table. */
function statement(text: Value | undefined, detail: string): Plain {
  const verb = /^\s*([a-z]+)/i.exec(headOf(text))?.[1]?.toUpperCase() ?? '';
  const kind: EffectKind = verb === 'SELECT' || verb === 'EXISTS' ? 'read' : verb === 'DELETE' ? 'delete' : 'write';
  return { kind, service: 'dynamodb', resourceKind: 'table', target: tableOf(text) ?? unknown('table of a PartiQL statement'), waits: false, detail };
}

/** A table that is written out, or one value in the place of its name. */
function tableOf(text: Value | undefined): Value | undefined {
  const parts = text?.kind === 'template' ? text.parts : text ? [text] : [];
  for (const [index, part] of parts.entries()) {
    const piece = textOf(part);
    const written = piece === undefined ? undefined : /\b(?:INTO|UPDATE|FROM)\s+(?:"([\w.-]{1,255})"|([\w-]{1,255}))/i.exec(piece);
    if (written) return literal(written[1] ?? written[2]);
    if (piece !== undefined && /\b(?:INTO|UPDATE|FROM)\s+"?$/i.test(piece)) return parts[index + 1];
  }
  return undefined;
}
