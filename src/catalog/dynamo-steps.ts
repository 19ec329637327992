import { property, textOf } from './look-up.ts';
import type { Value } from '../model/value.ts';

/** What a DynamoDB update does to an attribute each time that it runs. */
export type DynamoStep = 'increment' | 'append';

/**
 * Of the parameters of UpdateItem, or the `Update` of a transaction: whether it counts on (`ADD n :one`, `SET n = n + :one`) or
 * appends (`list_append`). A set that gets what it holds already stays the same.
 *
 * Source (November 2026): DynamoDB developer guide, "Update expressions": "the update is not idempotent".
 */
export function dynamoStep(params: Value | undefined): DynamoStep | undefined {
  const expression = expressionOf(property(params, 'UpdateExpression'));
  if (expression === undefined) return undefined;
  const values = property(params, 'ExpressionAttributeValues');
  for (const clause of expression.slice(0, 4_000).split(/\b(?=(?:SET|REMOVE|ADD|DELETE)\s)/i)) {
    const added = /^\s*ADD\s+(.*)$/is.exec(clause)?.[1];
    if (added !== undefined && added.split(',').some((part) => !isSet(values, /(:\w{1,255})\s*$/.exec(part)?.[1]))) return 'increment';
    if (!/^\s*SET\s/i.test(clause)) continue;
    if (/\blist_append\s*\(/i.test(clause)) return 'append';
    if (/(#?[\w.]{1,255})\s{0,9}=\s{0,9}(?:if_not_exists\s{0,3}\(\s{0,3})?\1\s{0,9}(?:,\s{0,9}:\w{1,255}\s{0,3}\)\s{0,9})?[-+]/i.test(clause)) return 'increment';
  }
  return undefined;
}

/** Whether the write is refused when it has taken place already: a condition other than that the item is there or holds enough. */
export function isRefusedTwice(params: Value | undefined): boolean {
  const condition = property(params, 'ConditionExpression');
  if (!condition || (condition.kind === 'literal' && condition.value === undefined)) return property(params, 'Expected') !== undefined;
  const text = expressionOf(condition);
  if (text === undefined) return true;
  const rest = text.replace(/\battribute_exists\s*\([^()]*\)/gi, '').replace(/[#\w.]+\s*[<>]=?(?!\s*>)\s*:\w+/g, '').replace(/\b(?:AND|OR)\b|[\s()]/gi, '');
  return /attribute_not_exists/i.test(text) || rest !== '';
}

/** The expression with what is not known left out as `?`. */
function expressionOf(value: Value | undefined): string | undefined {
  const whole = textOf(value);
  if (whole !== undefined || value?.kind !== 'template') return whole;
  return value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '?')).join('');
}

/** `{ SS: [...] }`, `new Set(...)`. */
function isSet(values: Value | undefined, name: string | undefined): boolean {
  const value = name === undefined ? undefined : property(values, name);
  if (value?.kind === 'object') return value.entries.some(([key]) => /^[SNB]S$/.test(key));
  if (value?.kind === 'instance') return value.of.kind === 'external' && value.of.path.at(-1) === 'Set';
  return value?.kind === 'derived' && /createSet$/.test(value.what);
}
