import type { Effect } from '../../catalog/effects.ts';
import type { ResourceLink } from '../../model/function.ts';
import { alternatives, literal, unknown, type Value } from '../../model/value.ts';
import { plainAttribute } from '../queries/payload.ts';
import { recordsOf } from '../queries/stream-records.ts';
import { oneOf } from '../values.ts';

/**
 * What a bus gets of a write to a table: a pipe puts the stream's record on it as the detail of an event.
 *
 * Sources (November 2026): EventBridge user guide, "Amazon EventBridge Pipes" (without an input template the record is handed on as it
 * came; source and detail type are the target's parameters) and "Amazon DynamoDB stream as a source"; DynamoDB API reference, Record.
 *
 * @param before the links on the way: the pipe, then rules that hand on from bus to bus
 * @param keyNames attributes of the table's key
 */
export function streamedRecord(written: Effect, before: readonly ResourceLink[], keyNames: readonly string[]): Effect | undefined {
  const [pipe, ...others] = before;
  if (written.service !== 'dynamodb' || pipe?.kind !== 'pipe' || pipe.message?.kind !== 'object' || !others.every((link) => link.kind === 'target')) return undefined;
  const { message } = pipe;
  const events = recordsOf(written, keyNames).map((record) => object([...message.entries, ['detail', detailOf(record)]], true));
  if (events.length === 0) return undefined;
  return { kind: 'publish', service: 'eventbridge', resourceKind: 'bus', target: pipe.to, waits: false, detail: 'pipe', row: 'eventbridge pipe', attributes: oneOf(events) };
}

function detailOf({ payload, events = [] }: Effect): Value {
  const isRemoval = events.includes('REMOVE');
  const image = payload?.kind === 'object' && !isRemoval ? object(payload.entries.map(([name, value]) => [name, typed(value)]), payload.open) : unknown('item');
  return object([['eventSource', literal('aws:dynamodb')], ...events.map((event): readonly [string, Value] => ['eventName', literal(event)]), ['dynamodb', object([['NewImage', image]], true)]], true);
}

const object = (entries: readonly (readonly [string, Value])[], open: boolean): Value => ({ kind: 'object', entries, open });

/** The value of an attribute as the stream has it; what type it has is known of texts, numbers and truth values that are written out. */
function typed(value: Value): Value {
  const plain = plainAttribute(value);
  const tags = new Set(alternatives(plain).map((one) => (one.kind === 'template' ? 'S' : one.kind === 'literal' ? tagOf(one.value) : undefined)));
  const [tag] = tags;
  if (tags.size > 1 || tag === undefined) return unknown('type of an attribute');
  // Numbers travel as texts.
  return object([[tag, plain.kind === 'literal' && tag === 'N' ? literal(String(plain.value)) : plain]], false);
}

function tagOf(value: unknown): string | undefined {
  return typeof value === 'string' ? 'S' : typeof value === 'number' ? 'N' : typeof value === 'boolean' ? 'BOOL' : undefined;
}
