import type { Effect } from '../../catalog/effects.ts';
import { property, textOf } from '../../catalog/look-up.ts';
import { sqlRead } from '../../catalog/sql-texts.ts';
import { alternatives, type Value } from '../../model/value.ts';

/** The text of a statement, with `?` for what is put in where it runs; `undefined` where it is not known. */
export function statement(value: Value | undefined): string | undefined {
  const whole = textOf(value);
  if (whole !== undefined || value?.kind !== 'template') return whole;
  return value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '?')).join('');
}

/** The text in what a driver is given: itself, or a record that holds it (`{ text, values }` of pg, `{ sql, args }` of others). */
export const statementIn = (value: Value): string | undefined => statement(value.kind === 'object' ? property(value, 'text') ?? property(value, 'sql') : value);

/**
 * What an effect on a relational database reads, where its statement is known and changes nothing: rows, or only what the server says
 * of itself. `undefined` where it changes something, or that is not known.
 */
export function sqlReadOf(effect: Effect): 'rows' | 'server' | undefined {
  if (effect.service !== 'sql' || (effect.kind !== 'write' && effect.kind !== 'read') || !effect.payload) return undefined;
  const reads = alternatives(effect.payload).map((one) => { const text = statementIn(one); return text === undefined ? undefined : sqlRead(text); });
  if (reads.length === 0 || reads.includes(undefined)) return undefined;
  return reads.includes('rows') ? 'rows' : 'server';
}
