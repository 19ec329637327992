import { describe, expect, it } from 'vitest';
import { appended, concatenated, parsedJson } from '../../src/link/texts.ts';
import { template } from '../../src/link/values.ts';
import { literal, type Value } from '../../src/model/value.ts';

const id: Value = { kind: 'event', path: ['id'] };
const kind: Value = { kind: 'event', path: ['kind'] };
const object = (entries: readonly (readonly [string, Value])[], more: object = {}): Value => ({ kind: 'object', open: false, entries, ...more });

describe('what is parsed of a text', () => {
  it.each<[string, Value, Value | undefined]>([
    ['a literal', literal('{"a":1,"b":[true,null]}'), object([['a', literal(1)], ['b', { kind: 'array', items: [literal(true), literal(null)], open: false }]])],
    ['a part in quotes', template([literal('{"id":"'), id, literal('"}')]), object([['id', id]])],
    ['a part inside a text', template([literal('{"id":"a-'), id, literal('-b"}')]), object([['id', template([literal('a-'), id, literal('-b')])]])],
    ['two parts', template([literal('{"id":"'), id, literal('","kind":"'), kind, literal('"}')]), object([['id', id], ['kind', kind]])],
    ['a name that is not known', template([literal('{"'), id, literal('":1}')]), object([['*', literal(1)]], { open: true, computed: [id] })],
    ['a name that is a trap', literal('{"__proto__":{"a":1}}'), object([['__proto__', object([['a', literal(1)]])]])],
    ['a part without quotes', template([literal('{"id":'), id, literal('}')]), undefined],
    ['no JSON', literal('{not json}'), undefined],
    ['plain words', literal('hello'), undefined],
    ['a text that holds a mark', literal('{"a":"\u00010\u0001"}'), undefined],
    ['what was made a text of an object', { kind: 'derived', what: 'json', from: [object([['a', id]])], io: false }, object([['a', id]])],
    ['what was made a text of something else', { kind: 'derived', what: 'json', from: [id], io: false }, undefined],
    ['one of two texts', { kind: 'oneOf', options: [literal('{"a":1}'), literal('{"a":2}')] }, { kind: 'oneOf', options: [object([['a', literal(1)]]), object([['a', literal(2)]])] }],
  ])('%s', (_name, text, expected) => expect(parsedJson(text)).toEqual(expected));

  it('ends at a depth', () => expect(JSON.stringify(parsedJson(literal(`${'['.repeat(3000)}${']'.repeat(3000)}`))).length).toBeLessThan(4000));
  it('ends at a number of parts', () => expect(JSON.stringify(parsedJson(literal(`[${'1,'.repeat(40_000)}1]`)))).toContain('a large JSON text'));
});

describe('what is put behind a text', () => {
  it('is joined', () => expect(concatenated(literal('a'), [id, literal('/b')])).toEqual(template([literal('a'), id, literal('/b')])));
  it('is not known of what may be a list', () => expect(concatenated(id, [literal('b')])).toBeUndefined());
  it('may be there or not', () => expect(appended([literal('a')], [literal('/b')])).toEqual({ kind: 'oneOf', options: [literal('a'), literal('a/b')] }));
  it('stands in an order that is not known', () => expect(appended([literal('a')], [literal('/b'), id])).toEqual({
    kind: 'oneOf', options: [literal('a'), template([literal('a'), { kind: 'derived', what: '+=', from: [literal('/b'), id], io: false }])],
  }));
  it('of a number is nothing', () => expect(appended([literal(1)], [literal(2)])).toBeUndefined());
});
