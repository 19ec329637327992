import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/catalog/effects.ts';
import { streamedRecord } from '../../../src/link/graph/streamed.ts';
import { soundOf } from '../../../src/link/queries/sound-values.ts';
import { recordsOf } from '../../../src/link/queries/stream-records.ts';
import type { ResourceLink } from '../../../src/model/function.ts';
import { literal, unknown, type Value } from '../../../src/model/value.ts';

const object = (entries: Record<string, Value>, open = false): Value => ({ kind: 'object', entries: Object.entries(entries), open });
const write = (extra: Partial<Effect>): Effect => ({ kind: 'write', service: 'dynamodb', resourceKind: 'table', target: literal('t'), waits: false, detail: 'x', row: 'dynamodb UpdateItem', events: ['INSERT', 'MODIFY'], ...extra });
const brief = (effects: readonly Effect[]): unknown => effects.map(({ events, payload }) => [...(events ?? []), payload?.kind === 'object' ? `${payload.entries.map(([name]) => name).join()}${payload.open ? ' open' : ''}` : '?']);

describe('the records of a write to a table', () => {
  const sets = object({ n: literal(1) }, true);
  it.each<[string, Effect, readonly (readonly string[])[]]>([
    ['an update', write({ key: object({ id: literal('a') }), payload: sets }), [['INSERT', 'id,n'], ['MODIFY', 'n open']]],
    ['an update of a key that is not known', write({ key: unknown('key'), payload: sets }), [['INSERT', 'n open'], ['MODIFY', 'n open']]],
    ['an update that is not known to its last name', write({ key: object({ id: literal('a') }), payload: object({ '*': literal(1) }, true) }), [['INSERT', '* open'], ['MODIFY', '* open']]],
    ['an update of the item of the record', write({ key: object({ id: { kind: 'event', path: ['Keys', 'id'] } }), payload: sets }), [['MODIFY', 'n open']]],
    ['a put', write({ row: 'dynamodb PutItem', payload: object({ id: literal('a') }) }), [['INSERT', 'id'], ['MODIFY', 'id']]],
  ])('%s', (_name, effect, expected) => expect(brief(recordsOf(effect, []))).toEqual(expected));
});

describe('what a pipe puts on a bus', () => {
  const location = { file: 't.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
  const pipe = (extra: Partial<ResourceLink>): ResourceLink => ({ kind: 'pipe', from: literal('t'), to: literal('b'), filters: [], location, ...extra });
  const put = write({ row: 'dynamodb PutItem', events: ['INSERT'], payload: object({ kind: literal('a'), count: literal(2), at: unknown('time') }) });
  it('is the record as it came, with the types of its attributes where they are known', () => {
    const image = object({ kind: object({ S: literal('a') }), count: object({ N: literal('2') }), at: unknown('type of an attribute') });
    expect(streamedRecord(put, [pipe({ message: object({ source: literal('s') }, true) })], [])?.attributes).toEqual(object({
      source: literal('s'), detail: object({ eventSource: literal('aws:dynamodb'), eventName: literal('INSERT'), dynamodb: object({ NewImage: image }, true) }, true),
    }, true));
  });
  it.each<[string, Effect, readonly ResourceLink[]]>([
    ['is not known of a pipe that changes it', put, [pipe({})]],
    ['is not known of another source', { ...put, service: 'sqs' }, [pipe({ message: object({}, true) })]],
    ['is not known behind something else', put, [pipe({ message: object({}, true) }), pipe({ kind: 'subscription' })]],
  ])('%s', (_name, effect, links) => expect(streamedRecord(effect, links, [])).toBeUndefined());
});

describe('what is sent', () => {
  const fails = unknown('property name of undefined');
  it.each<[string, Value, Value]>([
    ['is not what nobody gets to', { kind: 'oneOf', options: [fails, literal('a')] }, literal('a')],
    ['also inside of something', object({ x: { kind: 'template', parts: [literal('n-'), { kind: 'oneOf', options: [fails, literal('a')] }] } }), object({ x: { kind: 'template', parts: [literal('n-'), literal('a')] } })],
    ['is not known where nothing else is left', fails, fails],
    ['may be what is not known for another reason', { kind: 'oneOf', options: [unknown('import'), literal('a')] }, { kind: 'oneOf', options: [unknown('import'), literal('a')] }],
  ])('%s', (_name, value, expected) => expect(soundOf(value)).toEqual(expected));
});
