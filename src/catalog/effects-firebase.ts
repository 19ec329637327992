import type { Callee } from '../model/project.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import { chainOf, valueChain, type Chain } from './effect-chain.ts';
import { rowsOf, type Family } from './effect-rows.ts';
import type { Effect, EffectKind } from './effects.ts';

/**
 * Firestore and the Realtime Database by path, and the other services of firebase-admin by rows.
 *
 * Sources (November 2026): firebase-admin 13 and @google-cloud/firestore 7 references (DocumentReference set, update, create,
 * delete; CollectionReference add; WriteBatch, Transaction, BulkWriter; Reference set, update, push, remove, transaction);
 * firebase-functions 6 trigger references (`change.after.ref`, `event.data.after.ref`, `snapshot.ref`).
 */

const auth = rowsOf('firebase-auth', 'firebase-admin firebase-admin/auth');
const fcm = rowsOf('fcm', 'firebase-admin firebase-admin/messaging');
const queue = rowsOf('cloudtasks', 'firebase-admin firebase-admin/functions');

export const firebaseFamilies: readonly Family[] = [
  {
    name: 'Firebase Auth, Messaging, task queues',
    source: 'firebase-admin 13: Auth, Messaging, TaskQueue.enqueue (November 2026)',
    rows: [
      auth('auth.createUser getAuth.createUser auth.updateUser getAuth.updateUser auth.importUsers getAuth.importUsers auth.setCustomUserClaims getAuth.setCustomUserClaims', 'write', 'other', '=firebase auth users', { events: ['user.create'] }),
      auth('auth.deleteUser getAuth.deleteUser auth.deleteUsers getAuth.deleteUsers', 'delete', 'other', '=firebase auth users', { events: ['user.delete'] }),
      auth('auth.getUser getAuth.getUser auth.getUserByEmail getAuth.getUserByEmail auth.listUsers getAuth.listUsers', 'read', 'other', '=firebase auth users'),
      fcm('messaging.send getMessaging.send messaging.sendToDevice messaging.sendMulticast messaging.sendEach getMessaging.sendEach messaging.sendEachForMulticast getMessaging.sendEachForMulticast messaging.sendAll messaging.sendToTopic', 'send', 'person', '[0].topic|[0].token|[0].tokens|[0]', { payload: '[0]' }),
      queue('taskQueue.enqueue', 'start', 'queue', 'taskQueue[0]', { payload: '[0]', deferred: true, naming: ['name', 'path'] }),
    ],
  },
];

const firestoreModules = new Set(['firebase-admin', 'firebase-admin/firestore', '@google-cloud/firestore']);
const rtdbModules = new Set(['firebase-admin', 'firebase-admin/database', 'firebase-admin/lib/database']);

const documentVerbs: ReadonlyMap<string, EffectKind> = new Map([['set', 'write'], ['update', 'write'], ['create', 'write'], ['add', 'write'], ['delete', 'delete'], ['get', 'read'], ['onSnapshot', 'subscribe']]);
const treeVerbs: ReadonlyMap<string, EffectKind> = new Map([['set', 'write'], ['update', 'write'], ['push', 'write'], ['transaction', 'write'], ['remove', 'delete'], ['once', 'read'], ['get', 'read'], ['on', 'subscribe']]);
export const documentVerb = (name: string): boolean => documentVerbs.has(name) || treeVerbs.has(name);
/** What a path is made of; `ref` and `child` of the Realtime Database among them. */
const steps = new Set(['collection', 'doc', 'collectionGroup', 'ref', 'child', 'CollectionReference', 'DocumentReference', 'Reference']);
/** Names that lead from one place of a tree to another one by no argument. */
const upwards = new Set(['parent', 'root', 'after', 'before', 'snapshot', 'data']);

/** Effects on documents: a call on a reference, or a batch or transaction that is given one. Pure. */
export function firestoreEffects(callee: Callee, args: readonly Value[]): readonly Effect[] {
  const name = callee.path.at(-1)?.replace('#', '') ?? '';
  if (!documentVerbs.has(name) && !treeVerbs.has(name)) return [];
  const chain = chainOf(callee, args);
  // `batch.set(ref, data)`, `transaction.update(ref, data)`: the reference is an argument.
  const given = args[0] ? valueChain(args[0]) : undefined;
  if (given && given.links.length > 1 && isReference(given) && documentVerbs.has(name) && name !== 'add' && name !== 'get' && !isItself(chain)) return [effect(given, name, 'firestore', args[1], args[2])];
  if (!chain || !isItself(chain)) return [];
  const before: Chain = { ...chain, links: chain.links.slice(0, -1) };
  const isTree = before.links.some((link) => (link.name === 'ref' || link.name === 'child') && link.args) && !before.links.some((link) => link.name === 'doc' || link.name === 'collection');
  if (isTree || (chain.module === 'event' && !documentVerbs.has(name))) return treeVerbs.has(name) ? [effect(before, name, 'rtdb', args[0])] : [];
  return documentVerbs.has(name) ? [effect(before, name, 'firestore', args[0], args[1])] : [];
}

/** Whether a call can work on a document: it stands on a reference, or takes one first. */
export function mayTouchDocument(callee: Callee, chain: Chain | undefined, first: () => Value | undefined): boolean {
  const name = callee.path.at(-1)?.replace('#', '') ?? '';
  if (!documentVerb(name)) return false;
  if (isItself(chain)) return true;
  const given = documentVerbs.has(name) && name !== 'add' && name !== 'get' ? first() : undefined;
  const reference = given && valueChain(given);
  return reference !== undefined && isReference(reference);
}

/** The call stands on a reference itself. */
function isItself(chain: Chain | undefined): boolean {
  return chain !== undefined && isReference({ ...chain, links: chain.links.slice(0, -1) });
}

function isReference(chain: Chain): boolean {
  const names = chain.links.map((link) => link.name);
  // Of the event: the record's own reference, or a place found from it.
  if (chain.module === 'event') return names.includes('ref');
  if (!firestoreModules.has(chain.module) && !rtdbModules.has(chain.module)) return false;
  return chain.links.some((link) => link.args && (link.name === 'collection' || link.name === 'doc' || link.name === 'collectionGroup' || (link.name === 'ref' && !names.includes('bucket')) || link.name === 'child')) || names.some((name) => /^(?:CollectionReference|DocumentReference|Reference)$/.test(name));
}

function effect(reference: Chain, verb: string, service: 'firestore' | 'rtdb', payload: Value | undefined, options?: Value): Effect {
  const kind = (service === 'rtdb' ? treeVerbs : documentVerbs).get(verb) ?? 'write';
  return { kind, service, resourceKind: 'document', target: pathOf(reference, verb), waits: false, detail: verb, row: `${service} ${verb}`, naming: ['path'], ...(payload && kind === 'write' ? { payload } : {}), ...(isFound(reference) ? { exists: true } : {}), ...(verb === 'set' && merges(options) ? { merges: true } : {}) };
}

/** `query.get()` gives documents that are there; `doc.get()` and `listDocuments()` also tell of such as are not. */
function isFound({ links }: Chain): boolean {
  const at = links.findLastIndex((link) => link.args !== undefined && link.name === 'get');
  if (at < 0 || !links.slice(at).some((link) => link.name === 'ref')) return false;
  const last = links.slice(0, at).findLast((link) => link.args !== undefined && steps.has(link.name))?.name;
  return (last === 'collection' || last === 'collectionGroup') && !links.slice(at).some((link) => link.args !== undefined && steps.has(link.name));
}

/**
 * The path of the document that a snapshot tells of: `ref.get()`, `transaction.get(ref)`. `undefined` of what a query finds, and of what
 * is no snapshot. Pure.
 */
export function documentOfSnapshot(snapshot: Value): Value | undefined {
  const given = snapshot.kind === 'derived' && /(?:^|\.)#get$/.test(snapshot.what) && snapshot.from[1] ? valueChain(snapshot.from[1]) : undefined;
  const chain = given ?? asRead(valueChain(snapshot));
  const last = chain?.links.findLast((link) => link.args !== undefined && steps.has(link.name));
  return chain && last?.name === 'doc' && chain.links.at(-1) === last && isReference(chain) ? pathOf(chain, 'get') : undefined;
}

/** What one read of a database gets: a document, each of a collection (`*` at its end), or a place of a tree with all below it. */
export interface DocumentRead {
  readonly service: 'firestore' | 'rtdb';
  readonly path: Value;
}

/** The place that a value was read from: `ref.get()`, `transaction.get(ref)`, `query.get()`, `ref.once('value')`. Pure. */
export function readOf(value: Value): DocumentRead | undefined {
  if (value.kind !== 'derived' || !/(?:^|\.)#(?:get|once)$/.test(value.what)) return undefined;
  const document = documentOfSnapshot(value);
  if (document) return { service: 'firestore', path: document };
  const given = /(?:^|\.)#get$/.test(value.what) && value.from[1] ? valueChain(value.from[1]) : undefined;
  const chain = given && isReference(given) ? given : asRead(valueChain(value));
  const last = chain?.links.findLast((link) => link.args !== undefined && steps.has(link.name));
  if (!chain || !last || chain.module === 'event' || !isReference(chain) || chain.links.some((link) => upwards.has(link.name) || link.name === 'get')) return undefined;
  if (last.name === 'collection') return { service: 'firestore', path: pathOf(chain, 'add') };
  return last.name === 'ref' || last.name === 'child' ? { service: 'rtdb', path: pathOf(chain, 'get') } : undefined;
}

const asRead = (chain: Chain | undefined): Chain | undefined => (/^(?:get|once)$/.test(chain?.links.at(-1)?.name ?? '') && chain?.links.at(-1)?.args ? { ...chain, links: chain.links.slice(0, -1) } : undefined);

/** `{ merge: true }` of `set` (DocumentReference.set, SetOptions); with `mergeFields` some fields are left out as well. */
function merges(options: Value | undefined): boolean {
  const merge = options?.kind === 'object' ? options.entries.findLast(([key]) => key === 'merge')?.[1] : undefined;
  return merge?.kind === 'literal' && merge.value === true;
}

/** The path of a reference, its parts joined by slashes; `*` stands for an id that the database makes. */
function pathOf(chain: Chain, verb: string): Value {
  const parts: Value[] = [];
  const put = (value: Value): void => {
    if (parts.length > 0) parts.push(literal('/'));
    parts.push(...(value.kind === 'template' ? value.parts : [value]));
  };
  const own = chain.root?.kind === 'event' ? chain.root.path.length : 0;
  if (chain.root?.kind === 'event') put(chain.root);
  for (const link of chain.links.slice(own)) {
    if (!steps.has(link.name)) {
      // `ref.parent`: a place above; the path so far is no head of the new one.
      if (parts.length > 0 && !link.args && upwards.has(link.name) && link.name === 'parent') { const up = { kind: 'derived', what: '.parent', from: [...parts], io: false } as const; parts.length = 0; parts.push(up); }
      // Documents found by a query: some of the collection.
      if (link.args && (link.name === 'get' || link.name === 'listDocuments') && chain.links.some((later) => later.name === 'ref')) put(literal('*'));
      continue;
    }
    if (!link.args) continue;
    const [first] = link.args;
    if (first && !(first.kind === 'literal' && first.value === undefined)) put(first);
    else if (link.name === 'doc') put(literal('*'));
  }
  if (verb === 'add' || verb === 'push') put(literal('*'));
  if (parts.length === 0) return unknown('path of the document is not in the call');
  return parts.length === 1 && parts[0] ? parts[0] : folded(parts);
}

function folded(parts: readonly Value[]): Value {
  const flat: Value[] = [];
  for (const part of parts) {
    const last = flat.at(-1);
    if (part.kind === 'literal' && last?.kind === 'literal') flat[flat.length - 1] = literal(String(last.value) + String(part.value));
    else flat.push(part);
  }
  const [only] = flat;
  return flat.length === 1 && only ? only : { kind: 'template', parts: flat };
}
