import { describe, expect, it } from 'vitest';
import type { Trigger } from '../../../src/model/function.ts';
import { literal } from '../../../src/model/value.ts';
import { guardIn } from '../../../src/link/graph/graph.ts';
import { outgoing } from '../../../src/link/graph/hops.ts';
import { deployed, project } from '../../support/memory.ts';

const head = `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'; import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'; import * as lib from './lib.mjs';
const sqs = new SQSClient({}); const db = new DynamoDBClient({});
const raw = (text) => sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111111111111/jobs', MessageBody: text }));
const send = (message) => raw(JSON.stringify(message));
`;
const jobs: Trigger = { kind: 'queue', source: 'queue', filters: [], resource: literal('arn:aws:sqs:eu-west-1:111111111111:jobs') };

/** `strength: why` of the guard of the only hop, `none` without a guard. */
function guard(body: string, lib = ''): string {
  const source = `${head}export const handler = async (event) => { const m = JSON.parse(event.Records[0].body); ${body} };`;
  const { fn } = project({ 'a.mjs': source, 'lib.mjs': lib }, [deployed('F', 'a.mjs', { triggers: [jobs] })]);
  const hops = outgoing(fn).hops.map((hop) => guardIn(fn, hop));
  expect(new Set(hops.map((one) => one?.strength)).size, 'hops with one verdict').toBe(1);
  const [found] = hops;
  return found ? `${found.strength}: ${found.why}` : 'none';
}

const open = 'weak: whether this check lets the next round through is not known';
const branch = 'ends: the payload takes another branch in the next round';
const marker = 'ends: the payload sets a marker that this check refuses';
const cursor = 'ends: a cursor carried in the payload ends the chain when nothing is left';
const clock = 'ends: the time that the payload carries is compared with the clock';
const outside = 'weak: the check rests on what is kept outside the chain, not on what the chain carries';
const done = `await send({ kind: 'done' });`;

describe('functions that a test asks', () => {
  it.each<[string, string, string, string]>([
    ['one expression', `if (lib.skip(m)) return; ${done}`, `export const skip = (m) => m.kind === 'done';`, branch],
    ['several statements', `if (lib.skip(m)) return; ${done}`, `export function skip(m) { const { kind } = m; return kind === 'done'; }`, branch],
    ['an early answer', `if (lib.skip(m)) return; ${done}`, `export function skip(m) { if (m.kind === 'done') return true; return false; }`, branch],
    ['an early answer of several', `if (lib.skip(m)) return; await send({ id: 1, kind: 'done' });`, `export function skip(m) { if (!m.id) return true; if (m.kind === 'done') return true; return false; }`, branch],
    ['nothing at the end', `if (lib.skip(m)) return; ${done}`, `export function skip(m) { if (m.kind === 'done') return true; }`, branch],
    ['a switch', `if (lib.skip(m)) return; ${done}`, `export function skip(m) { switch (m.kind) { case 'late': case 'done': return true; default: return false; } }`, branch],
    ['two functions deep', `if (lib.skip(m)) return; ${done}`, `const is = (m, kind) => m.kind === kind; export const skip = (m) => is(m, 'done');`, branch],
    ['negated', `if (!lib.isNew(m)) return; ${done}`, `export const isNew = (m) => !(m.kind === 'done');`, branch],
    ['awaited', `if (!(await lib.isNew(m))) return; ${done}`, `export async function isNew(m) { return m.kind !== 'done'; }`, branch],
    ['held in a variable', `const isNew = await lib.isNew(m); if (isNew) ${done}`, `export async function isNew(m) { if (m.kind === 'done') return false; return true; }`, branch],
    ['given by a promise', `return lib.isNew(m).then(async (isNew) => { if (!isNew) return; ${done} });`, `export async function isNew(m) { return m.kind !== 'done'; }`, branch],
    ['given by another promise', `return lib.isNew(m).then(() => lib.other()).then(async (isNew) => { if (!isNew) return; ${done} });`, `export async function isNew(m) { return m.kind !== 'done'; } export async function other() { return Date.now() > 5; }`, 'none'],
    ['a variable that is given another value', `let isNew = lib.isNew(m); if (m.id) isNew = true; if (isNew) ${done}`, `export function isNew(m) { if (m.kind === 'done') return false; return true; }`, open],
    ['what a transaction gives', `const isNew = await lib.db().runTransaction(async (t) => { if (m.kind === 'done') return false; return true; }); if (isNew) ${done}`, '', branch],
    ['a promise that nobody awaits is always true', `if (!lib.isNew(m)) return; ${done}`, `export async function isNew(m) { return m.kind !== 'done'; }`, 'none'],
    ['either of two answers', `if (lib.skip(m)) return; ${done}`, `export function skip(m) { if (m.id) return m.kind === 'late'; return m.kind === 'done'; }`, open],
    ['either part of an answer', `if (lib.skip(m)) return; ${done}`, `export const skip = (m) => m.kind === 'done' && m.id;`, open],
    ['both parts of an answer', `if (lib.isNew(m)) ${done}`, `export const isNew = (m) => m.kind !== 'done' && m.id;`, branch],
    ['another kind', `if (lib.skip(m)) return; ${done}`, `export const skip = (m) => m.kind === 'late';`, 'none'],
    ['what refuses', `lib.check(m); ${done}`, `export function check(m) { if (m.kind === 'done') throw new Error('done'); }`, branch],
    ['what refuses, awaited', `const known = await lib.check(m); ${done}`, `export async function check(m) { if (m.kind === 'done') throw new Error('done'); return 1; }`, branch],
    ['a refusal that nobody awaits', `lib.check(m); ${done}`, `export async function check(m) { if (m.kind === 'done') throw new Error('done'); }`, 'none'],
    ['a refusal that is caught', `try { lib.check(m); } catch {} ${done}`, `export function check(m) { if (m.kind === 'done') throw new Error('done'); }`, 'none'],
    ['a refusal in one branch', `if (m.id) lib.check(m); ${done}`, `export function check(m) { if (m.kind === 'done') throw new Error('done'); }`, 'none'],
    ['what is left behind a refusal', `${done} lib.check(m);`, `export function check(m) { if (m.kind === 'done') throw new Error('done'); }`, 'none'],
  ])('%s', (_name, body, lib, expected) => expect(guard(body, lib)).toBe(expected));

  it.each<[string, string, string]>([
    ['of two ways to one line both', `if (m.kind === 'done') return; if (m.id) return go(m); await go(m);`, branch],
    ['of two ways to one line one', `if (m.id) return go(m); if (lib.isNew(m)) await go(m);`, `weak: the payload takes another branch in the next round, but another way to this line leads around it`],
    ['of two ways to one line the second', `if (lib.isNew(m)) return go(m); if (m.id) await go(m);`, `weak: the payload takes another branch in the next round, but another way to this line leads around it`],
  ])('%s', (_name, body, expected) => expect(guard(`const go = (x) => send({ ...x, kind: 'done' }); ${body}`, `export const isNew = (m) => m.kind !== 'done';`)).toBe(expected));
});

describe('messages through one helper', () => {
  const send = `const again = (message) => sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111111111111/jobs', MessageBody: JSON.stringify(message) }));`;
  it.each<[string, string, string]>([
    ['each takes another branch', `if (m.kind === 'done') return; await again({ kind: 'done', id: 1 }); await again({ kind: 'done', id: 2 });`, branch],
    ['one of them does not', `if (m.kind === 'done') return; await again({ kind: 'done', id: 1 }); await again(m);`, `weak: the payload takes another branch in the next round, but another way to this line leads around it`],
  ])('%s', (_name, body, expected) => expect(guard(`${send} ${body}`)).toBe(expected));
});

describe('tests', () => {
  it.each<[string, string, string]>([
    ['a case that returns in front', `switch (m.kind) { case 'done': return; case 'late': break; } ${done}`, branch],
    ['a case that only breaks', `switch (m.kind) { case 'done': break; } ${done}`, 'none'],
    ['a case that may break', `switch (m.kind) { case 'done': if (m.id) break; return; } ${done}`, 'none'],
    ['the default beside a case', `switch (m.kind) { case 'done': return; default: ${done} }`, branch],
    ['the default that a case runs on into', `switch (m.kind) { case 'done': m.seen = 1; default: ${done} }`, 'none'],
    ['a default of what is missing', `if (m.done ?? m.other) return; await send({ ...m, done: true });`, 'ends: the payload sets a marker that this check refuses'],
    ['what is asked only where something is missing', `if (m.other ?? m.done) return; await send({ ...m, done: true });`, open],
    ['the answer of a comparison', `const isDone = m.kind === 'done'; if (isDone) return; ${done}`, branch],
    ['the answer of another comparison', `const isLate = m.kind === 'late'; if (isLate) return; ${done}`, 'none'],
    ['the answer of a comparison of numbers', `const isOver = (m.tries ?? 0) >= 3; if (isOver) return; await send({ tries: (m.tries ?? 0) + 1 });`, 'ends: a counter carried in the payload is compared before the next round'],
    ['a marker with a default', `const { done = false } = m; if (done) return; await send({ ...m, done: true });`, marker],
    ['what is worked out of a field', `if (m.kind.toUpperCase() === 'DONE') ${done}`, open],
    ['a kind that is not known in part', `if (m.kind === (m.id ? 'late' : m.other)) ${done}`, open],
    ['a part that is there and marked', `if (m.state && m.state.done) return; await send({ state: { done: true } });`, marker],
    ['a part that is there and another that is marked', `if (m.other && m.state.done) return; await send({ ...m, state: { done: true } });`, open],
    ['each of two kinds', `if (m.kind === 'new' || m.kind === 'late') ${done}`, branch],
    ['one of two kinds', `if (m.kind === 'new' || m.kind === 'done') ${done}`, 'none'],
    ['one of two kinds, and another field', `if (m.kind === 'new' || m.id) await send({ ...m, kind: 'done' });`, open],
    ['both of two are the reason', `if (!(m.kind !== 'new' && m.kind !== 'late')) ${done}`, branch],
    ['one kind of two is sent', `if (m.kind === 'new') await send({ kind: m.id ? 'done' : 'late' });`, branch],
    ['one kind of two is sent, and one comes back', `if (m.kind !== 'done') await send({ kind: m.id ? 'done' : 'late' });`, open],
    ['an object is there', `if (!m.state) await send({ state: { step: 1 } });`, marker],
    ['a list that may be empty is there', `if (m.list) await send({ list: [] });`, 'none'],
    ['a table that has what is sent', `const actions = { step: () => 1 }; if (typeof actions[m.kind] === 'function') return actions[m.kind](m); await send({ kind: 'step' });`, branch],
    ['a table that has it, asked by name', `const actions = { step: () => 1 }; if (m.kind in actions) return actions[m.kind](m); await send({ kind: 'step' });`, branch],
    ['a table that lacks what is sent', `const actions = { step: () => 1 }; if (typeof actions[m.kind] === 'function') return actions[m.kind](m); await send({ kind: 'start' });`, 'none'],
    ['a table that has to have what is sent', `const actions = { step: () => 1 }; if (!actions[m.kind]) return; await send({ kind: 'start' });`, branch],
    ['a table of functions', `const actions = { start: () => send({ kind: 'step' }), step: () => 1 }; await actions[m.kind](m);`, branch],
    ['a table through a variable', `const actions = { start: () => send({ kind: 'step' }), step: () => 1 }; const action = actions[m.kind]; if (action) await action(m);`, branch],
    ['a table that leads to the same function', `const start = () => send({ kind: 'step' }); const actions = { start, step: start }; await actions[m.kind](m);`, 'none'],
    ['a table and the same kind', `const actions = { start: () => send({ kind: 'start' }), step: () => 1 }; await actions[m.kind](m);`, 'none'],
    ['a text', 'if (m.kind === "done") return; await raw(`{"kind":"done","id":"${m.id}"}`);', branch],
    ['a text of another kind', 'if (m.kind === "done") return; await raw(`{"kind":"${m.kind}","id":"${m.id}"}`);', 'none'],
    ['a name in a text that is not known', 'if (m.kind === "done") return; await raw(`{"${m.id}":"done"}`);', open],
  ])('%s', (_name, body, expected) => expect(guard(body)).toBe(expected));
});

describe('what is carried', () => {
  const scan = `const r = await db.send(new ScanCommand({ TableName: 't', ExclusiveStartKey: m.at }));`;
  const pages = `const r = await fetch('https://api.example.com/list?page=' + m.page).then((one) => one.json());`;
  it.each<[string, string, string]>([
    ['a cursor', `${scan} if (r.LastEvaluatedKey) await send({ at: r.LastEvaluatedKey });`, cursor],
    ['a cursor under a name of its own', `const { LastEvaluatedKey: next } = await db.send(new ScanCommand({ TableName: 't', ExclusiveStartKey: m.at })); if (!next) return; await send({ at: next });`, cursor],
    ['a cursor that another field announces', `${pages} if (r.truncated) await send({ page: r.following });`, cursor],
    ['the number of a page', `${pages} if (r.items.length > 0) await send({ page: m.page + 1 });`, cursor],
    ['a page that stays', `${pages} if (r.items.length > 0) await send({ page: m.page });`, outside],
    ['what was read, which is no cursor', `const r = await db.send(new GetItemCommand({ TableName: 't', Key: m.key })); if (r.Item) await send({ key: m.key, item: r.Item });`, outside],
    ['the time that it began at', `if (Date.now() - m.began > 60000) return; await send({ began: m.began });`, clock],
    ['a deadline', `if (Date.now() > m.until) return; await send(m);`, clock],
    ['a deadline as a date', `const now = new Date(); if (now < new Date(m.until)) await send(m);`, clock],
    ['time that is left', `if (m.until - Date.now() < 0) return; await send(m);`, clock],
    ['a deadline that time leads into', `if (Date.now() < m.until) return; await send(m);`, 'none'],
    ['a deadline that is put off', `if (Date.now() > m.until) return; await send({ until: Date.now() + 1000 });`, open],
    ['a deadline that is not handed on', `if (Date.now() > m.until) return; await send({ id: m.id });`, open],
    ['a counter that nobody stops', `await send({ ...m, tries: (m.tries ?? 0) + 1 });`, 'weak: tries is carried in the payload and moves each round, but nothing on the way stops it at a limit'],
    ['a switch', `if (process.env.STOPPED) return; await send(m);`, outside],
    ['an answer that failed', `const r = await fetch('https://api.example.com'); if (!r.ok) throw new Error('down'); await send(m);`, 'none'],
  ])('%s', (_name, body, expected) => expect(guard(body)).toBe(expected));
});

describe('checks of how the message comes', () => {
  it('only what comes some other way is sent', () => expect(guard(`const isBatch = (one) => 'Records' in one; if (!isBatch(event)) { await send({ id: 1 }); return; }`)).toBe('ends: the message that is sent has the field without which this line is reached'));
  it('what comes so is sent again', () => expect(guard(`const isBatch = (one) => 'Records' in one; if (isBatch(event)) await send({ id: 1 });`)).not.toContain('ends'));
  it('a function that puts the field there itself', () => expect(guard(`if (m.late) event.Records = undefined; if (!event.Records) await send({ id: 1 });`)).not.toContain('ends'));
});

describe('lines that are not reached', () => {
  const emit = `${head.replace(/import \* as lib.*/, '')} const planned = new Set(['plan', 'merge']);
export const emit = (kind) => { if (planned.has(kind)) return send({ kind }); }; export const relay = (kind) => { if (kind === 'plan') return send({ kind }); };`;
  const unmet = 'ends: what is given here does not pass this check';
  it.each<[string, string, string]>([
    ['what a caller spells out is not in a set', `await lib.emit('done');`, unmet],
    ['a text with a known end is not in a set', 'await lib.emit(`${m.kind}_task`);', unmet],
    ['what a caller spells out is another text', `await lib.relay('done');`, unmet],
    ['behind a return', `return { ok: true }; await send({ id: 1 });`, 'ends: control does not come to this line'],
    ['behind a throw in a block', `{ throw new Error('later'); await send({ id: 1 }); }`, 'ends: control does not come to this line'],
  ])('%s', (_name, body, expected) => expect(guard(body, emit)).toBe(expected));

  it.each<[string, string]>([
    ['it is in the set', `await lib.emit('plan');`],
    ['it may be in the set', `await lib.emit(m.name);`],
    ['a text with an end that may be one of them', 'await lib.emit(`${m.name}n`);'],
    ['it is that text', `await lib.relay('plan');`],
    ['behind a return in a branch', `if (m.late) { return; } await send({ id: 1 });`],
  ])('not where %s', (_name, body) => expect(guard(body, emit)).not.toMatch(/does not pass|does not come/));
});

describe('functions that somebody is given', () => {
  const rests = (body: string, more = ''): readonly string[] => {
    const source = `${head}${more} export const handler = async (event) => { const m = JSON.parse(event.Records[0].body); ${body} };`;
    const { fn } = project({ 'a.mjs': source, 'lib.mjs': '' }, [deployed('F', 'a.mjs', { triggers: [jobs] })]);
    const { hops } = outgoing(fn);
    expect(hops.length).toBeGreaterThan(0);
    return hops.flatMap((hop) => hop.assumptions);
  };
  const service = `class Service { constructor(options) { this.start = options.start; } async process(m) { return m; } async begin(m) { await this.start(m); } }`;
  it('a constructor keeps one, and may never call it', () => {
    expect(rests(`await new Service({ start: (one) => send(one) }).process(m);`, service)).toEqual(['the object that is given a function to call calls it']);
  });
  it('a constructor is given one and nothing else', () => expect(rests(`new Promise((resolve) => { send(m).then(resolve); });`)).toEqual([]));
  it('a function that calls it', () => expect(rests(`await begin({ start: (one) => send(one) });`, `const begin = async ({ start }) => start(1);`)).toEqual([]));
  it('a package keeps one while the module loads', () => {
    expect(rests(`return m;`, `import { flows } from 'flows'; flows.define('again', async (m) => { await send(m); });`)).toEqual(['what is registered while the module loads is run']);
  });
});
