import type { Effect } from '../../catalog/effects.ts';
import { contains } from '../values.ts';
import type { Value } from '../../model/value.ts';
import { plainAttribute } from './payload.ts';
import { isFresh } from './settles.ts';

/**
 * The stream records that a write to a table can make, one by one, each as a write that makes that record only.
 *
 * Source (November 2026): Amazon DynamoDB developer guide, "Change data capture for DynamoDB Streams": INSERT for a new item, MODIFY for one
 * that is there; "Working with items": an update of an item that is not there makes one of its key and what it sets.
 *
 * @param keyNames attributes of the table's key; empty when its declaration does not tell
 */
export function recordsOf(effect: Effect, keyNames: readonly string[]): readonly Effect[] {
  return eventsOf(effect, keyNames).map((event) => ({ ...effect, events: [event], ...(event === 'INSERT' ? { ...optional(madeBy(effect)) } : {}) }));
}

const optional = (payload: Value | undefined): { readonly payload?: Value } => (payload ? { payload } : {});

/** An item with the key of the record at hand is there already (MODIFY), one whose key is made anew is not (INSERT). */
function eventsOf({ events = [], key, payload }: Effect, keyNames: readonly string[]): readonly string[] {
  const whole = key ?? payload;
  if (events.length < 2 || whole?.kind !== 'object') return events;
  const parts = whole.entries.filter(([name]) => key !== undefined || keyNames.includes(name)).map(([, value]) => plainAttribute(value));
  if (parts.length > 0 && parts.some(isFresh)) return ['INSERT'];
  return parts.length > 0 && (key !== undefined || parts.length === keyNames.length) && parts.every(isRecordKey) ? ['MODIFY'] : events;
}

const isRecordKey = (value: Value): boolean => contains(value, (part) => part.kind === 'event' && part.path.some((step) => step === 'Keys' || step === 'NewImage'));

/** The item that an update makes where none is; `undefined` of any other write, and where some of its names are not known. */
function madeBy({ row, key, payload }: Effect): Value | undefined {
  if (!/^dynamodb (?:UpdateItem|TransactWriteItems)$/.test(row) || key?.kind !== 'object' || key.open || payload?.kind !== 'object') return undefined;
  const entries = [...key.entries, ...payload.entries];
  return entries.some(([name]) => name === '*' || name === '...' || name.startsWith(':')) ? undefined : { kind: 'object', entries, open: false };
}
