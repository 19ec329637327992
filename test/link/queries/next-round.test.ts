import { describe, expect, it } from 'vitest';
import type { Trigger } from '../../../src/model/function.ts';
import { literal } from '../../../src/model/value.ts';
import { guardIn } from '../../../src/link/graph/graph.ts';
import { outgoing } from '../../../src/link/graph/hops.ts';
import { deployed, project } from '../../support/memory.ts';

const jobs: Trigger = { kind: 'queue', source: 'queue', filters: [], resource: literal('arn:aws:sqs:eu-west-1:111111111111:jobs') };
const users: Trigger = { kind: 'document', source: 'onDocumentUpdated', filters: [], resource: literal('users/{id}') };
const dogs: Trigger = { kind: 'stream', source: 'stream', filters: [], resource: literal('arn:aws:dynamodb:eu-west-1:111111111111:table/dogs/stream/2026-01-01T00:00:00.000') };
const files: Trigger = { kind: 'bucket', source: 'bucket', filters: [], resource: literal('files') };

const imports = `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'; import { PutObjectCommand, GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3'; import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { extname } from 'node:path'; import * as valid from 'validators'; import { getFirestore } from 'firebase-admin/firestore'; import { getDatabase } from 'firebase-admin/database';
const sqs = new SQSClient({}); const s3 = new S3Client({}); const db = new DynamoDBClient({});
const send = (message) => sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111111111111/jobs', MessageBody: JSON.stringify(message) }));
const put = (Key) => s3.send(new PutObjectCommand({ Bucket: 'files', Key, Body: 'x' }));
const store = getFirestore(); const tree = getDatabase(); const kinds = [{ name: 'a' }, { name: 'b' }]; const prices = { a: 1, b: 2 }; const seen = new Set(); const marks = {};
const hasName = (one) => { if (one.kind === 'x') return Boolean(one.name); return one.name !== ''; }; const hasScore = (one) => { if (one.kind === 'x') return one.score > 3; return one.score > 1; };
const onTeam = async (id) => { const team = await store.doc("teams/" + id).get(); if (!team.exists) return false; return team.data().isOn === true; }; const isSeen = async (id) => { const one = await store.doc("users/" + id).get(); if (!one.exists) return false; return one.data().seen > 3; };
const isOpen = (one) => one.state.length > 3; async function isLate() { return false; }
`;

/** `open`: a check may be the end of the loop; `sure`: none is. */
function verdict(head: string, body: string, trigger: Trigger, platform: 'aws' | 'firebase' = 'aws'): string {
  const { fn } = project({ 'a.mjs': `${imports}export const handler = async (event) => { ${head} ${body} };` }, [deployed('F', 'a.mjs', { platform, triggers: [trigger] })]);
  const [found, ...others] = outgoing(fn).hops.map((hop) => guardIn(fn, hop));
  expect(others).toEqual([]);
  return found === undefined ? 'sure' : found.strength === 'ends' ? found.why : found.doubt === undefined ? 'sure' : 'open';
}

const ofQueue = (body: string): string => verdict('const m = JSON.parse(event.Records[0].body);', body, jobs);
const ofDocument = (body: string): string => verdict('const before = event.data.before.data(); const after = event.data.after.data(); const own = event.data.after.ref;', body, users, 'firebase');
const ofStream = (body: string): string => verdict("const image = event.Records[0].dynamodb.NewImage; const own = (names) => db.send(new UpdateItemCommand({ TableName: 'dogs', Key: { id: image.id }, UpdateExpression: 'SET #a = :a', ExpressionAttributeNames: { '#a': 'seen' }, ExpressionAttributeValues: { ':a': { N: String(Date.now()) } } }));", body, dogs);
const ofBucket = (body: string): string => verdict("const key = decodeURIComponent(event.Records[0].s3.object.key.replace(/\\+/g, ' '));", body, files);

describe('what comes out in the next round as in this one', () => {
  it.each<[string, string]>([
    ['no check', 'await send({ id: 1 });'],
    ['the whole message', "if (m.kind !== 'scan') return; await send(m);"],
    ['the whole message, taken apart', "if (m.kind !== 'scan') return; await send({ ...m, at: Date.now() });"],
    ['a field that is handed on', "if (m.kind !== 'scan') return; await send({ kind: m.kind });"],
    ['a field that is sent as it is wanted', "if (m.kind !== 'scan') return; await send({ kind: 'scan' });"],
    ['a field that is lacking, and was not wanted', "if (m.kind === 'scan') return; await send({ id: m.id });"],
    ['a configuration', "if (process.env.MODE !== 'on') return; await send(m);"],
    ['an envelope', "if (event.Records[0].eventSource !== 'aws:sqs') return; await send({ id: 1 });"],
    ['a batch with something in it', 'const all = event.Records.map((r) => r.body).filter((text) => text); if (all.length === 0) return; await send(m);'],
    ['the answer of a function about what is handed on', 'if (!isOpen(m)) return; await send(m);'],
    ['a promise that nobody awaits', 'if (!isLate(m.id)) return; await send({ id: 1 });'],
    ['a switch', "const { on } = m; switch (on) { case 'a': await send({ on: 'a' }); }"],
    ['one of two reasons', "if (m.kind === 'scan' || m.kind === 'late') await send({ kind: 'late' });"],
    ['a level that sinks below a limit', 'if (m.level >= 0) return; await send({ level: m.level - 1 });'],
    ['what a service answers', "const r = await fetch('https://api.example.com/state'); const { state } = await r.json(); if (state === 'open') await send({ id: 1 });"],
  ])('a queue: %s', (_name, body) => expect(ofQueue(body)).toBe('sure'));

  it.each<[string, string]>([
    ['a field that stays', "if (after.kind !== 'open') return; await own.update({ seen: Date.now() });"],
    ['a document that is there', 'if (!event.data.after.exists) return; await own.update({ seen: Date.now() });'],
    ['what it writes', "if (after.state === 'done') return; await own.update({ state: 'open', seen: Date.now() });"],
    ['a parameter of the path', "if (event.params.id === 'root') return; await own.update({ seen: Date.now() });"],
    ['another value than before', "if (before.turn === 'a') return; await own.update({ turn: 'a' });"],
    ['what is worked out of fields that stay', "const mail = String((after.customer || {}).mail || '').trim(); const id = after.owner || (mail ? `mail:${mail}` : null); if (!id) return; await own.update({ seen: Date.now() });"],
    ['all fields but the one that is written', "const { seen: _, ...rest } = after; if (JSON.stringify(rest) === '{}') return; await own.update({ seen: Date.now() });"],
    ['a time, which is never the same', 'if (before.seen === after.seen) return; await own.update({ seen: Date.now() });'],
    ['a constant that is looked for by a field that stays', "if (!kinds.find((one) => one.name === after.kind)) return; await own.update({ seen: Date.now() });"],
    ['a constant by a field that stays', 'if (!prices[after.kind]) return; await own.update({ seen: Date.now() });'],
    ['the answer of a function that reads fields that stay', 'if (!hasName(after)) return; await own.update({ seen: Date.now() });'],
    ['the answer of a package about a field that stays', 'if (!valid.isEmail(after.mail)) return; await own.update({ seen: Date.now() });'],
    ['a list of the document, with the clock', 'if (!after.items.some((one) => one.due < Date.now())) return; await own.update({ seen: Date.now() });'],
    ['another document', "if (!(await store.doc('config/x').get()).data().isOn) return; await own.update({ seen: Date.now() });"],
    ['another document, named by a field that stays', "const user = await store.collection('teams').doc(after.team).get(); if (!user.exists) return; await own.update({ seen: Date.now() });"],
    ['another document, in a transaction', "await store.runTransaction(async (t) => { const team = await t.get(store.doc(`teams/${after.team}`)); if (!team.data().isOn) return; t.update(own, { seen: Date.now() }); });"],
    ['documents that a query finds elsewhere', "const found = await store.collection('teams').where('open', '==', true).get(); if (found.empty) return; await own.update({ seen: Date.now() });"],
    ['what a helper reads of another document', 'if (!(await onTeam(after.team))) return; await own.update({ seen: Date.now() });'],
    ['a document below its own', "const last = await store.doc(`users/${event.params.id}/logs/last`).get(); if (!last.exists) return; await own.update({ seen: Date.now() });"],
    ['a place of the other database', "const flag = await tree.ref('flags/x').once('value'); if (!flag.val()) return; await own.update({ seen: Date.now() });"],
  ])('a document: %s', (_name, body) => expect(ofDocument(body)).toBe('sure'));

  it.each<[string, string]>([
    ['the same key', "if (!key.includes('/in/')) return; await put(key);"],
    ['a key with the same end', "if (!key.endsWith('.csv')) return; await put(`copy/${key}`);"],
    ['a key of the same type', "if (extname(key) !== '.csv') return; await put(`copy/${key}`);"],
    ['a key of the same type, by its parts', "if (key.split('.').pop() !== 'csv') return; await put(`copy/${key}`);"],
    ['a key with a beginning that is wanted', "if (!key.startsWith('in/')) return; await put(`in/done/${key}`);"],
    ['a key with a beginning that is not refused', "if (key.startsWith('out/')) return; await put(`in/${key}`);"],
  ])('a bucket: %s', (_name, body) => expect(ofBucket(body)).toBe('sure'));
});

describe('a stream of a table', () => {
  it.each<[string, string, string]>([
    ['a field that stays', "if (image.kind.S !== 'a') return; await own();", 'sure'],
    ['an item of another table', "const r = await db.send(new GetItemCommand({ TableName: 'owners', Key: { id: image.owner } })); if (!r.Item) return; await own();", 'sure'],
    ['a field of an item of another table', "const r = await db.send(new GetItemCommand({ TableName: 'owners', Key: { id: image.owner } })); if (r.Item.state.S !== 'on') return; await own();", 'sure'],
    ['an item of the same table', "const r = await db.send(new GetItemCommand({ TableName: 'dogs', Key: { id: image.mother } })); if (r.Item.state.S !== 'on') return; await own();", 'open'],
    ['an item of another table that is written as well', "const r = await db.send(new GetItemCommand({ TableName: 'owners', Key: { id: image.owner } })); if (r.Item.state.S !== 'on') return; await db.send(new PutItemCommand({ TableName: 'owners', Item: { id: image.owner } })); await own();", 'open'],
    ['an item of a table that is not known', "const r = await db.send(new GetItemCommand({ TableName: valid.table(image), Key: { id: image.owner } })); if (r.Item.state.S !== 'on') return; await own();", 'open'],
  ])('%s', (_name, body, expected) => expect(ofStream(body)).toBe(expected));
});

describe('a new document', () => {
  const made: Trigger = { kind: 'document', source: 'onDocumentCreated', filters: [], resource: literal('jobs/{id}') };
  const ofNew = (body: string): string => verdict('const job = event.data.data();', body, made, 'firebase');
  it.each<[string, string, string]>([
    ['a field that is handed on', "if (job.kind === 'last') return; await store.collection('jobs').add({ kind: job.kind });", 'sure'],
    ['all fields', "if (job.kind === 'last') return; await store.collection('jobs').add({ ...job, at: Date.now() });", 'sure'],
    ['a field that may be missing', "if (job.winners !== undefined) await store.collection('jobs').add({ ...valid.user(job), at: Date.now() });", 'open'],
  ])('%s', (_name, body, expected) => expect(ofNew(body)).toBe(expected));
});

describe('two states without the field that is written', () => {
  it.each<[string, string, string]>([
    ['taken out of both', 'delete before.seen; delete after.seen; if (JSON.stringify(before) === JSON.stringify(after)) return; await own.update({ seen: Date.now() });', 'the check wants a change that this write does not make'],
    ['taken out of copies', 'const [a, b] = [1, 2]; const was = { ...before }; const is = { ...after }; delete was.seen; delete is.seen; if (valid.isEqual(was, is)) return; await own.update({ seen: Date.now() });', 'the check wants a change that this write does not make'],
    ['another field is taken out', 'delete before.name; delete after.name; if (JSON.stringify(before) === JSON.stringify(after)) return; await own.update({ seen: Date.now() });', 'sure'],
    ['one field of one state, compared with itself', 'const again = event.data.after.data(); if (after.code === again.code) return; await own.update({ seen: Date.now() });', 'the check wants a change that this write does not make'],
  ])('%s', (_name, body, expected) => expect(ofDocument(body)).toBe(expected));
});

describe('what may come out in another way', () => {
  it.each<[string, string]>([
    ['a field that is worked out', 'if (m.kind !== valid.kind()) return; await send({ kind: valid.next(m) });'],
    ['a field of which another value is sent', 'if (m.kind.size > 2) await send({ kind: valid.next(m) });'],
    ['a message that is not known', "if (m.kind !== 'scan') return; await send(valid.next(m));"],
    ['the answer of a function about what is not handed on', 'if (!isOpen(m)) return; await send({ state: valid.next(m) });'],
    ['one of two reasons, of which the other is sent', "if (m.kind === 'scan' || m.isOpen) await send({ ...m, kind: 'late' });"],
    ['a variable that a branch sets', 'let isDue = false; for (const one of m.items) { if (valid.due(one)) isDue = true; } if (isDue) await send(m);'],
    ['what the round itself has stored', "const r = await db.send(new GetItemCommand({ TableName: 't', Key: { id: m.id } })); if (!r.Item) { await db.send(new PutItemCommand({ TableName: 't', Item: valid.item(m) })); await send(m); }"],
  ])('a queue: %s', (_name, body) => expect(ofQueue(body)).toBe('open'));

  it.each<[string, string]>([
    ['what is worked out of both states', 'if (JSON.stringify(valid.of(before)) === JSON.stringify(valid.of(after, 1))) return; await own.update({ seen: Date.now() });'],
    ['what was there before', "if (before.kind === 'new') await own.update({ seen: Date.now() });"],
    ['a field that it writes', 'if (after.score > 3) await own.update({ score: valid.score(after), seen: Date.now() });'],
    ['a field, where it is not known what is written', 'if (after.score > 3) await own.update(valid.patch());'],
    ['another document', "const other = await own.firestore.doc('a/b').get(); if (other.data().isOn) await own.update({ seen: Date.now() });"],
    ['a constant that is looked for by a field that is written', "if (!kinds.find((one) => one.name === after.kind)) return; await own.update({ kind: valid.next(after), seen: Date.now() });"],
    ['a constant by a field that is written', 'if (!prices[after.kind]) return; await own.update({ kind: valid.next(after), seen: Date.now() });'],
    ['the answer of a function that reads a field that is written', 'if (!hasScore(after)) return; await own.update({ score: valid.score(after), seen: Date.now() });'],
    ['a list that is looked for in the state before', 'if (!after.items.find((one) => !before.items.includes(one))) return; await own.update({ seen: Date.now() });'],
    ['any field but the one that is written, in both states', "if (!Object.keys(after).some((key) => key !== 'seen' && before[key] !== after[key])) return; await own.update({ seen: Date.now() });"],
    ['what is remembered in memory', 'if (kinds.find(() => seen.has(after.kind))) return; seen.add(after.kind); await own.update({ seen: Date.now() });'],
    ['an object that is changed in place', 'if (kinds.some(() => marks[after.kind])) return; marks[after.kind] = true; await own.update({ seen: Date.now() });'],
    ['another document that is written as well', "const team = await store.collection('teams').doc(after.team).get(); if (!team.data().isOn) return; await store.doc(`teams/${valid.team()}`).update({ isOn: false }); await own.update({ seen: Date.now() });"],
    ['another document, named by a field that is written', "const team = await store.collection('teams').doc(after.team).get(); if (!team.data().isOn) return; await own.update({ team: valid.team(after), seen: Date.now() });"],
    ['what a helper reads of its own document', 'if (await isSeen(event.params.id)) return; await own.update({ seen: Date.now() });'],
    ['a document of the same collection', "const other = await store.collection('users').doc(after.friend).get(); if (!other.data().isOn) return; await own.update({ seen: Date.now() });"],
    ['documents of the same collection', "const found = await store.collection('users').where('seen', '==', null).get(); if (found.empty) return; await own.update({ seen: Date.now() });"],
    ['documents of collections of one name', "const found = await store.collectionGroup('teams').where('seen', '==', null).get(); if (found.empty) return; await own.update({ seen: Date.now() });"],
    ['a document that a field refers to', 'const other = await after.owner.get(); if (!other.data().isOn) return; await own.update({ seen: Date.now() });'],
    ['a list that was filled by what a store says', "const due = []; for (const one of (await store.collection('users').get()).docs) { if (one.get('due')) due.push(one.id); } if (due.length > 0) await own.update({ seen: Date.now() });"],
    ['what is worked out of a field that is written', "const mail = String((after.customer || {}).mail || '').trim(); if (!mail) return; await own.update({ customer: valid.next(after) });"],
    ['one of some constant objects that a branch chooses', "let next = null; for (const one of [{ level: 2, least: 10 }, { level: 1, least: 5 }]) { if (after.count >= one.least && one.level > (after.level || 0)) { next = one; break; } } if (next) await own.update({ level: next.level, at: Date.now() });"],
    ['all fields but another one', "const { name: _, ...rest } = after; if (JSON.stringify(rest).length < 100) return; await own.update({ seen: Date.now() });"],
  ])('a document: %s', (_name, body) => expect(ofDocument(body)).toBe('open'));

  it.each<[string, string]>([
    ['a key of which the beginning is not known', "if (key.startsWith('out/')) return; await put(valid.key(key));"],
    ['a key with something at its end', "if (!valid.test(key)) return; await put(`${key}.bak`);"],
    ['a mark beside the object', "const tags = await s3.send(new GetObjectTaggingCommand({ Bucket: 'files', Key: key })); if (tags.TagSet.length > 0) return; await put(key);"],
  ])('a bucket: %s', (_name, body) => expect(ofBucket(body)).toBe('open'));
});
