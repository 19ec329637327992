import { describe, expect, it } from 'vitest';
import { settles } from '../../../src/link/queries/settles.ts';
import { literal, type Value } from '../../../src/model/value.ts';

const object = (entries: Readonly<Record<string, Value>>): Value => ({ kind: 'object', open: false, entries: Object.entries(entries) });
const derived = (what: string, ...from: readonly Value[]): Value => ({ kind: 'derived', what, from, io: false });
const event = (...path: readonly string[]): Value => ({ kind: 'event', path });

describe('a write that is made again and again', () => {
  it.each([
    ['a literal', object({ state: literal('done') })],
    ['text made from another field', object({ upper: derived('#toUpperCase', event('after', 'text')) })],
    ['a sum of other fields', object({ total: derived('+', event('a'), event('b')) })],
    ['a date from the event', object({ at: { kind: 'instance', of: { kind: 'external', module: 'global', path: ['Date'] }, args: [event('at')] } })],
  ])('comes to rest: %s', (_, payload) => expect(settles(payload)).toBe(true));
  it.each([
    ['the time', object({ at: derived('global:Date.now') })],
    ['a date of now', object({ at: { kind: 'instance', of: { kind: 'external', module: 'global', path: ['Date'] }, args: [] } })],
    ['the time of the store', object({ at: derived('firebase-admin/firestore:FieldValue.serverTimestamp') })],
    ['a counter of the store', object({ n: derived('firebase-admin:firestore.FieldValue.increment', literal(1)) })],
    ['a counter of its own', object({ n: derived('+', event('after', 'n'), literal(1)) })],
    ['text that grows', object({ text: { kind: 'template', parts: [event('after', 'text'), literal('!')] } })],
    ['something random', object({ id: derived('crypto:randomUUID') })],
  ])('never comes to rest: %s', (_, payload) => expect(settles(payload)).toBe(false));
});
