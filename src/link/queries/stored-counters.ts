import type { Value } from '../../model/value.ts';
import { alternatives } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { moves } from './carried.ts';
import { comparisons } from './comparisons.ts';
import type { ActiveCondition } from './conditions.ts';
import { effects, type ReachedEffect } from './effects.ts';
import { plainAttribute, sentParts } from './payload.ts';
import { takenWith } from './taken.ts';
import { repeatOf } from './unrepeatable.ts';

/** A count in a store that a line on the way compares, and that the same round moves. */
export interface StoredCounter {
  readonly condition: ActiveCondition;
  /** Field that the count is kept in. */
  readonly field: string;
  /** What it is compared with, where that is known: an upper bound of the rounds. */
  readonly rounds?: number;
}

/**
 * `if (row.tries < 3) { await bump(row.id, 'tries'); await send(…) }`: the count of the rounds lies in a store. It ends a chain
 * where each round that gets as far as the send has counted as well: the write that counts asks for nothing that the send does not.
 *
 * @param conditions of the send
 */
export function storedCounter(view: LinkedFunction, conditions: readonly ActiveCondition[]): StoredCounter | undefined {
  const asked = conditions.flatMap((condition) => comparedCounts(view, condition));
  if (asked.length === 0) return undefined;
  const isTaken = takenWith(view, conditions);
  const writes = effects(view).filter(({ effect }) => effect.kind === 'write').flatMap((write) => [write, ...(write.others ?? [])]);
  return asked.find(({ field }) => writes.some((write) => countsUp(view, write, field) && isTaken(write)));
}

/** The fields of what a store answers that a test wants to be below a number. */
function comparedCounts(view: LinkedFunction, condition: ActiveCondition): readonly StoredCounter[] {
  const { frame } = condition;
  if (condition.subject) return [];
  return comparisons(condition.test, condition.outcome).flatMap(({ left, right, ordered, goesOn }): readonly StoredCounter[] => {
    if (!ordered || !goesOn || !right) return [];
    const [count, limit] = goesOn === 'below' ? [left, right] : [right, left];
    const bounds = alternatives(view.evaluator.value(limit, frame)).map((one) => (one.kind === 'literal' && one.value !== '' ? Number(one.value) : Number.NaN));
    const isEnv = contains(view.evaluator.value(limit, frame), (one) => one.kind === 'env');
    if (!isEnv && !(bounds.length > 0 && bounds.every(Number.isFinite))) return [];
    return storedFields(view.evaluator.value(count, frame)).map((field) => ({ condition, field, ...(isEnv ? {} : { rounds: Math.max(...bounds) }) }));
  });
}

/** What carries a stored item or its value in the answer of a store, and is no field of the item (DynamoDB API reference, November 2026). */
const shells: ReadonlySet<string> = new Set(['Item', 'Items', 'Attributes', 'N', 'S', 'data', 'body', 'value', 'rows', 'length']);

/** Names under which a value lies in what a store answered, the innermost first. */
function storedFields(value: Value): readonly string[] {
  const fields: string[] = [];
  contains(value, (one) => {
    if (one.kind === 'derived' && one.io && one.what.startsWith('.') && !shells.has(one.what.slice(1))) fields.push(one.what.slice(1));
    return false;
  });
  return [...new Set(fields)];
}

/** Whether a write adds to the field of that name: by itself (`ADD tries :one`), or with what was read and one more. */
function countsUp(view: LinkedFunction, write: ReachedEffect, field: string): boolean {
  const { effect, occurrence } = write;
  if (/decrement/i.test(effect.detail)) return false;
  if (effect.payload && sentParts(effect.payload).some(([name, value]) => name === field && moves(plainAttribute(value)))) return true;
  if (repeatOf(view, write) !== 'increment') return false;
  const isNamed = (text: unknown): boolean => typeof text === 'string' && text.slice(0, 4_000).split(/\W+/).includes(field);
  return (occurrence?.args ?? []).some((arg) => contains(arg, (one) => (one.kind === 'literal' && isNamed(one.value)) || (one.kind === 'object' && one.entries.some(([name]) => name === field))));
}
