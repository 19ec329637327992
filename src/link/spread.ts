import { literal, type Value } from '../model/value.ts';
import { oneOf } from './values.ts';

/** More fields or kinds of objects than this are not told apart. */
const MAX_FIELDS = 60;
const MAX_KINDS = 8;

/**
 * `{ a, ...(known ? { b } : {}) }`: a spread of one of several objects whose fields are all known. Adds each field with the values that it
 * may have; what it was before, or nothing, where one of the objects lacks it.
 *
 * @param entries of the object so far
 * @returns false where the fields are not known; nothing is added then
 */
export function spreadEither(spread: Value, entries: [string, Value][]): boolean {
  if (spread.kind !== 'oneOf' || spread.options.length > MAX_KINDS || entries.some(([name]) => name === '...' || name === '*')) return false;
  const kinds: (readonly (readonly [string, Value])[])[] = [];
  for (const one of spread.options) {
    if (one.kind === 'literal' && (one.value === undefined || one.value === null || typeof one.value === 'boolean')) kinds.push([]);
    else if (one.kind === 'object' && !one.open && !one.entries.some(([name]) => name === '...' || name === '*')) kinds.push(one.entries);
    else return false;
  }
  const names = new Set(kinds.flatMap((fields) => fields.map(([name]) => name)));
  if (names.size > MAX_FIELDS) return false;
  for (const name of names) {
    const before = entries.findLast(([known]) => known === name)?.[1] ?? literal(undefined);
    entries.push([name, oneOf(kinds.map((fields) => fields.findLast(([known]) => known === name)?.[1] ?? before))]);
  }
  return true;
}
