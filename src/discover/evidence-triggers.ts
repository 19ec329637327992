import type { FunctionFact, ModuleFacts, TypeRef } from '../model/facts.ts';
import type { TriggerKind } from '../model/function.ts';

/** What hands a function its events, as far as its code shows: never the name of a mapping, whose settings are not known. */
export interface ShownTrigger {
  readonly kind: TriggerKind;
  /** For messages: `S3 event`. */
  readonly source: string;
}

/** Types of @types/aws-lambda 8 whose events nobody waits for (read 2026-11). */
const types: readonly (readonly [RegExp, ShownTrigger])[] = [
  [/^SQS(?:Event|Handler|Record)$/, { kind: 'queue', source: 'SQS event' }],
  [/^SNS(?:Event|Handler)$/, { kind: 'topic', source: 'SNS event' }],
  [/^SES(?:Event|Handler)$/, { kind: 'topic', source: 'SES event' }],
  [/^S3(?:Event|Handler)$/, { kind: 'bucket', source: 'S3 event' }],
  [/^(?:DynamoDB|Kinesis)Stream(?:Event|Handler)$/, { kind: 'stream', source: 'stream event' }],
  [/^EventBridge(?:Event|Handler)$/, { kind: 'bus', source: 'EventBridge event' }],
  [/^Scheduled(?:Event|Handler)$/, { kind: 'schedule', source: 'schedule' }],
  [/^CloudWatchLogs(?:Event|Handler)$/, { kind: 'log', source: 'log event' }],
];

/** What a declared type says of a handler's events: of a variable that holds it, or of its first parameter. */
export function triggerOfType(type: TypeRef | undefined): ShownTrigger | undefined {
  const name = type?.name.slice(type.name.lastIndexOf('.') + 1) ?? '';
  return types.find(([pattern]) => pattern.test(name))?.[1];
}

/** Keys inside `Records` that tell the sender (AWS Lambda developer guide, "Integrating other services", read 2026-11). */
const recordKeys: readonly (readonly [string, ShownTrigger])[] = [
  ['s3', { kind: 'bucket', source: 'S3 event' }], ['Sns', { kind: 'topic', source: 'SNS event' }], ['ses', { kind: 'topic', source: 'SES event' }],
  ['dynamodb', { kind: 'stream', source: 'stream event' }], ['kinesis', { kind: 'stream', source: 'stream event' }], ['receiptHandle', { kind: 'queue', source: 'SQS event' }],
];

const maximumNodes = 5_000;

/** What a handler reads of its event says who sends it: `event.Records[0].s3`, `record.Sns` of `event.Records`. */
export function triggerOfReads(fn: FunctionFact, facts: ModuleFacts): ShownTrigger | undefined {
  const names = namesIn(fn, facts);
  if (names.has('awslogs')) return { kind: 'log', source: 'log event' };
  return names.has('Records') ? recordKeys.find(([key]) => names.has(key))?.[1] : undefined;
}

/** Names of properties that a function reads or takes apart in its own body and parameters, and in the callbacks that stand in it. */
function namesIn(fn: FunctionFact, facts: ModuleFacts): ReadonlySet<string> {
  const names = new Set<string>();
  const pending: unknown[] = [fn.params, fn.body];
  for (let steps = 0; steps < maximumNodes && pending.length > 0; steps++) {
    const node = pending.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { kind, property, path, fn: inner } = node as { readonly kind?: unknown; readonly property?: unknown; readonly path?: unknown; readonly fn?: unknown };
    const callback = kind === 'function' && typeof inner === 'number' ? facts.functions[inner] : undefined;
    if (callback !== undefined) pending.push(callback.params, callback.body);
    if (kind === 'member' && typeof property === 'string') names.add(property);
    if (Array.isArray(path)) for (const step of path) if (typeof step === 'string') names.add(step);
    pending.push(...Object.values(node));
  }
  return names;
}
