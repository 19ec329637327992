import { expect, test } from 'vitest';
import { pattern } from '../../../src/link/queries/patterns.ts';
import { literal, type Value } from '../../../src/model/value.ts';

/** Plain data as a value; `'$name'` is the event's part of that path, `'?'` is not known. */
function value(data: unknown): Value {
  if (data === '?') return { kind: 'unknown', reason: 'test' };
  if (typeof data === 'string' && data.startsWith('$')) return { kind: 'event', path: data.slice(1).split('.') };
  if (Array.isArray(data)) return { kind: 'array', open: false, items: data.map(value) };
  if (typeof data === 'object' && data !== null) return { kind: 'object', open: '...' in data, entries: Object.entries(data).map(([key, one]) => [key, value(one)]) };
  return literal(data as string | number | boolean | null | undefined);
}

test.each([
  ['a field among the wanted values', { kind: ['a', 'b'] }, { kind: 'b' }, 'yes'],
  ['another value', { kind: ['a', 'b'] }, { kind: 'c' }, 'no'],
  ['a boolean', { done: [false] }, { done: true }, 'no'],
  ['null', { done: [null] }, { done: null }, 'yes'],
  ['a value that is not known', { kind: ['a'] }, { kind: '?' }, 'unknown'],
  ['a field that is missing', { kind: ['a'] }, { other: 1 }, 'no'],
  ['a field that may be in what is spread', { kind: ['a'] }, { '...': '?', other: 1 }, 'unknown'],
  ['a removed field', { kind: [{ exists: true }] }, { '...': '$detail', kind: undefined }, 'no'],
  ['a removed field that must be away', { kind: [{ exists: false }] }, { '...': '$detail', kind: undefined }, 'yes'],
  ['a field spread over', { kind: ['a'] }, { kind: 'b', '...': '$detail' }, 'unknown'],
  ['anything but, of a missing field', { kind: [{ 'anything-but': ['a'] }] }, { other: 1 }, 'unknown'],
  ['anything but a prefix', { kind: [{ 'anything-but': { prefix: 'x' } }] }, { kind: 'xy' }, 'no'],
  ['anything but several suffixes', { kind: [{ 'anything-but': { suffix: ['x', 'y'] } }] }, { kind: 'ay' }, 'no'],
  ['a range', { n: [{ numeric: ['>', 0, '<=', 5] }] }, { n: 5 }, 'yes'],
  ['out of a range', { n: [{ numeric: ['>', 0, '<=', 5] }] }, { n: 6 }, 'no'],
  ['a range of an attribute', { n: [{ numeric: ['=', 3] }] }, { n: '3' }, 'yes'],
  ['a range with a bound that is not known', { n: [{ numeric: ['=', '?'] }] }, { n: 3 }, 'unknown'],
  ['equal but for case', { kind: [{ 'equals-ignore-case': 'Paid' }] }, { kind: 'paid' }, 'yes'],
  ['a prefix but for case', { kind: [{ prefix: { 'equals-ignore-case': 'PA' } }] }, { kind: 'paid' }, 'yes'],
  ['a wildcard', { kind: [{ wildcard: '*b*d' }] }, { kind: 'abcd' }, 'yes'],
  ['a wildcard whose ends overlap', { kind: [{ wildcard: 'ab*ba' }] }, { kind: 'aba' }, 'no'],
  ['one of a list that is sent', { kind: ['a'] }, { kind: ['b', 'a'] }, 'yes'],
  ['none of a list that is sent', { kind: ['a'] }, { kind: ['b', 'c'] }, 'no'],
  ['one of two patterns', { $or: [{ a: [1] }, { b: [1] }] }, { a: 2, b: 1 }, 'yes'],
  ['neither of two patterns', { $or: [{ a: [1] }, { b: [1] }] }, { a: 2, b: 2 }, 'no'],
  ['nested fields', { a: { b: [1] } }, { a: { b: 2 } }, 'no'],
  ['a nested field of what is no object', { a: { b: [1] } }, { a: '?' }, 'unknown'],
])('%s', (_, wanted, sent, expected) => {
  expect(pattern(value(wanted), value(sent))).toBe(expected);
});

test.each([
  ['the field itself', { kind: '$detail.kind' }, 'yes'],
  ['another field', { kind: '$detail.other' }, 'unknown'],
  ['the whole', '$detail', 'yes'],
  ['the whole and more', { '...': '$detail', more: 1 }, 'yes'],
  ['the whole, changed', { '...': '$detail', kind: 'b' }, 'no'],
])('what passed before and is handed on: %s', (_, sent, expected) => {
  const wanted = value({ detail: { kind: ['a'] } });
  const event = (detail: unknown): Value => value({ detail });
  expect(pattern(wanted, event(sent), [])).toBe(expected);
  expect(pattern(wanted, event(sent))).toBe(expected === 'yes' ? 'unknown' : expected);
});

test('what the bus fills in itself is not missing', () => {
  expect(pattern(value({ account: ['1'], source: ['x'] }), value({ source: 'x' }), [])).toBe('unknown');
  expect(pattern(value({ detail: { account: ['1'] } }), value({ detail: {} }), [])).toBe('no');
});
