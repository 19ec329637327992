import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/catalog/effects.ts';
import { hears, seenOf } from '../../../src/link/graph/documents.ts';
import { placeOf } from '../../../src/link/queries/document-places.ts';
import type { Trigger } from '../../../src/model/function.ts';
import { literal, type Value } from '../../../src/model/value.ts';

const trigger = (path: string, source: string): Trigger => ({ kind: 'document', source, resource: literal(path), filters: [] });
const event = (...path: readonly string[]): Value => ({ kind: 'event', path });
const context = (...path: readonly string[]): Value => ({ kind: 'context', path });
const template = (...parts: readonly (string | Value)[]): Value => ({ kind: 'template', parts: parts.map((part) => (typeof part === 'string' ? literal(part) : part)) });
const write = (target: Value, detail: string, extra: Partial<Effect> = {}): Effect => ({ kind: /delete|remove/.test(detail) ? 'delete' : 'write', service: 'firestore', resourceKind: 'document', target, waits: false, detail, row: `firestore ${detail}`, ...extra });

function heard(path: string, source: string, effect: Effect): string {
  const own = trigger(path, source);
  const place = placeOf(effect.target, own);
  const result = place && hears(own, place, effect);
  return result ? `${result.match}${result.own ? ' own' : ''}` : 'no';
}

describe('a write to a document', () => {
  it.each([
    ['the document of the event, gen 1', 'users/{id}', 'firestore.onWrite', write(event('after', 'ref'), 'set'), 'yes own'],
    ['the document of the event, gen 2', 'users/{id}', 'onDocumentWritten', write(event('data', 'after', 'ref'), 'update'), 'yes own'],
    ['an update under a trigger of new ones', 'users/{id}', 'firestore.onCreate', write(event('ref'), 'update'), 'no'],
    ['a set under a trigger of new ones', 'users/{id}', 'onDocumentCreated', write(event('data', 'ref'), 'set'), 'no'],
    ['an update under a trigger of updates', 'users/{id}', 'onDocumentUpdated', write(event('data', 'after', 'ref'), 'set'), 'yes own'],
    ['a removal under a trigger of updates', 'users/{id}', 'onDocumentUpdated', write(event('data', 'after', 'ref'), 'delete'), 'no'],
    ['a new document of the collection', 'users/{id}', 'onDocumentCreated', write(literal('users/*'), 'add'), 'yes'],
    ['a new document of another collection', 'users/{id}', 'onDocumentCreated', write(literal('mails/*'), 'add'), 'no'],
    ['a set of some document of the collection', 'users/{id}', 'onDocumentCreated', write(template('users/', event('data', 'owner')), 'set'), 'unknown'],
    ['a document that was not there, under a trigger of updates', 'users/{id}', 'onDocumentUpdated', write(template('users/', event('data', 'owner')), 'set', { isNew: true }), 'no'],
    ['a document that was not there, under a trigger of new ones', 'users/{id}', 'onDocumentCreated', write(template('users/', event('data', 'owner')), 'set', { isNew: true }), 'unknown'],
    ['a document that was there, under a trigger of new ones', 'users/{id}', 'onDocumentCreated', write(template('users/', event('data', 'owner')), 'set', { exists: true }), 'no'],
    ['the same document by its parameter', 'users/{id}', 'onDocumentCreated', write(template('users/', event('params', 'id')), 'set'), 'no'],
    ['the same document by the context', 'users/{id}', 'firestore.onWrite', write(template('users/', context('params', 'id')), 'set'), 'yes own'],
    ['a document below', 'users/{id}', 'onDocumentWritten', write(template(event('data', 'after', 'ref'), '/mails/*'), 'add'), 'no'],
    ['a document of a pattern with a rest', 'users/{path=**}', 'onDocumentWritten', write(literal('users/a/mails/*'), 'add'), 'yes'],
    ['a pattern that goes on behind its rest', '{any}/{path=**}/shards/{id}', 'onDocumentWritten', write(literal('users/a/mails/b/shards/*'), 'add'), 'yes'],
    ['another end than the pattern has', '{any}/{path=**}/shards/{id}', 'onDocumentWritten', write(literal('users/a/mails/*'), 'add'), 'no'],
    ['nothing where the rest stands', 'users/{path=**}/shards/{id}', 'onDocumentWritten', write(literal('users/shards/*'), 'add'), 'no'],
    ['another database', 'users/{id}', 'onDocumentWritten', write(literal('users/a'), 'set', { service: 'rtdb' }), 'no'],
  ] as const)('%s', (_, path, source, effect, expected) => expect(heard(path, source, effect)).toBe(expected));
});

describe('a path that a setting of the deployment gives', () => {
  const setting = (name: string): Value => ({ kind: 'env', name });
  const listens = (resource: Value): Trigger => ({ kind: 'document', source: 'onDocumentWritten', filters: [], resource });
  const mails = listens(template(setting('MAILS'), '/{id}'));
  it.each<[string, Trigger, Value, string]>([
    ['the document of the event', mails, event('data', 'after', 'ref'), 'yes own'],
    ['a document of that collection', mails, template(setting('MAILS'), '/', event('data', 'next')), 'yes'],
    ['the document of the event, by its name', mails, template(setting('MAILS'), '/', event('data', 'after', 'id')), 'yes own'],
    ['of another setting', mails, template(setting('USERS'), '/', event('data', 'next')), 'no'],
    ['of a name of its own', mails, template('users/', event('data', 'next')), 'no'],
    ['under any collection', listens(literal('{any}/{id}')), template(setting('MAILS'), '/', event('data', 'next')), 'unknown'],
    ['further down', listens(template('users/{id}/', setting('MAILS'))), template('users/', event('data', 'next'), '/mails'), 'unknown'],
  ])('%s', (_name, own, target, expected) => {
    const place = placeOf(target, own);
    const result = place && hears(own, place, write(target, 'set'));
    expect(result ? `${result.match}${result.own ? ' own' : ''}` : 'no').toBe(expected);
  });
});

describe('a write to a tree', () => {
  const rtdb = { service: 'rtdb' } as const;
  it.each([
    ['below the place', '/mails/{id}', 'database.onWrite', write(template('/mails/', context('params', 'id'), '/read'), 'set', rtdb), 'yes own'],
    ['below a place, new ones only', '/mails/{id}', 'database.onCreate', write(template(event('ref'), '/read'), 'set', rtdb), 'no'],
    ['a sibling', '/mails/{id}/text', 'onValueWritten', write(template(event('data', 'after', 'ref', 'parent'), '/upper'), 'set', rtdb), 'no'],
    ['a sibling by update of the parent', '/mails/{id}/text', 'onValueWritten', write(event('data', 'after', 'ref', 'parent'), 'update', { payload: { kind: 'object', open: false, entries: [['upper', literal('X')]] } }), 'no'],
    ['the place itself by update of the parent', '/mails/{id}/text', 'onValueWritten', write(event('data', 'after', 'ref', 'parent'), 'update', { payload: { kind: 'object', open: false, entries: [['text', literal('X')]] } }), 'yes own'],
    ['above the place', '/mails/{id}/text', 'onValueWritten', write(literal('mails'), 'set', rtdb), 'unknown'],
    ['a sibling by a transaction that gives back the parent', '/mails/{id}/text', 'onValueWritten', write(event('data', 'after', 'ref', 'parent'), 'transaction', { merges: true, payload: { kind: 'object', open: false, entries: [['upper', literal('X')]] } }), 'no'],
    ['any child by update of the parent', '/mails/{id}/text', 'onValueWritten', write(event('data', 'after', 'ref', 'parent'), 'update', { payload: { kind: 'object', open: true, entries: [['upper', literal('X')]] } }), 'unknown own'],
    ['what is spread by update of the parent', '/mails/{id}/text', 'onValueWritten', write(event('data', 'after', 'ref', 'parent'), 'update', { payload: { kind: 'object', open: false, entries: [['...', event('data')]] } }), 'unknown own'],
    ['below another place, changes only', '/mails/{id}', 'onValueUpdated', write(template('/mails/', event('data', 'next'), '/read'), 'set', rtdb), 'unknown'],
    ['siblings of the place', '/mails/{id}', 'database.onWrite', write(event('after', 'ref', 'parent'), 'update', { payload: { kind: 'object', open: true, entries: [['*', literal(null)]] } }), 'yes'],
  ] as const)('%s', (_, path, source, effect, expected) => expect(heard(path, source, effect)).toBe(expected));
  it('above the root of the event is nowhere', () => expect(placeOf(event('after', 'ref', 'parent', 'parent', 'parent'), trigger('/mails/{id}', 'database.onWrite'))).toBeUndefined());
});

describe('what a trigger gets to see of a tree', () => {
  const object = (name: string, value: Value): Value => ({ kind: 'object', open: false, entries: [[name, value]] });
  it.each<[string, Value | undefined, Parameters<typeof seenOf>[1], Value | undefined]>([
    ['the child that it listens to', object('state', literal('done')), { below: ['state'] }, object('after', literal('done'))],
    ['a child with children', object('state', object('at', literal(1))), { below: ['state'] }, object('at', literal(1))],
    ['a child that is not written', object('name', literal('x')), { below: ['state'] }, undefined],
    ['of a value that is not known', undefined, { above: ['state'] }, undefined],
    ['the parent of what is written', literal('done'), { above: ['state', 'now'] }, object('state', object('now', literal('done')))],
  ])('%s', (_name, payload, seen, expected) => expect(seenOf(payload, seen)).toEqual(expected));
});
