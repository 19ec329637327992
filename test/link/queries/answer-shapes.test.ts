import { describe, expect, it } from 'vitest';
import { answerShapes, cannotBe } from '../../../src/link/queries/answer-shapes.ts';
import { literal, type Value } from '../../../src/model/value.ts';
import { project } from '../../support/memory.ts';

function shapes(body: string): unknown {
  const { fn } = project({ 'a.mjs': `export const handler = async (event) => {\n${body}\n};` });
  return answerShapes(fn)?.map(({ names, computed, passes, written }) => ({ names, ...(computed.length > 0 ? { computed: computed.length } : {}), ...(passes ? { passes } : {}), ...(written.length > 0 ? { written } : {}) }));
}

describe('fields of an answer', () => {
  it.each<[string, string, unknown]>([
    ['an object', 'return { a: 1, b: event.b };', [{ names: ['a', 'b'] }]],
    ['one that is filled later', 'const o = { a: 1 }; o.b = 2; o.a += 1; o.c = {}; o.c.d = 1; return o;', [{ names: ['a', 'b', 'c'] }]],
    ['a computed key', 'const o = { a: 1 }; for (const key of event.keys) o[key] = 1; return o;', [{ names: ['a'], computed: 1 }]],
    ['two answers', 'if (event.x) return { a: 1 }; return null;', [{ names: ['a'] }, { names: [] }]],
    ['the event', 'return event;', [{ names: [], passes: true }]],
    ['the event with more in it', 'event.more = 1; return event;', [{ names: [], passes: true, written: ['more'] }]],
    ['a copy of the event', 'return { ...event, a: 1 };', [{ names: ['a'], passes: true }]],
    ['the event with something merged into it', 'Object.assign(event, event.other); return event;', undefined],
    ['part of the event', 'return event.part;', undefined],
    ['a copy of something else', 'return { ...event.part, a: 1 };', undefined],
    ['what is fetched', 'const r = await fetch("https://example.com"); return r.json();', undefined],
    ['no answer', 'console.log(1);', undefined],
  ])('%s', (_name, body, expected) => expect(shapes(body)).toEqual(expected));
});

describe('a computed key', () => {
  const of = (what: string, ...from: Value[]): Value => ({ kind: 'derived', what, from, io: false });
  const key: Value = { kind: 'event', path: ['key'] };
  it.each<[string, Value, boolean]>([
    ['another literal', literal('records'), true],
    ['the same literal', literal('Records'), false],
    ['anything', key, false],
    ['another beginning', { kind: 'template', parts: [literal('x-'), key] }, true],
    ['the same beginning', { kind: 'template', parts: [literal('Rec'), key] }, false],
    ['another end', of('+', key, literal('_id')), true],
    ['lower case', of('#toLowerCase', key), true],
    ['a small first letter', of('+', of('#toLowerCase', of('#charAt', key, literal(0))), of('#slice', key, literal(1))), true],
    ['a large first letter', of('+', of('#toUpperCase', of('#charAt', key, literal(0))), of('#slice', key, literal(1))), false],
  ])('%s', (_name, value, expected) => expect(cannotBe(value, 'Records')).toBe(expected));
});
