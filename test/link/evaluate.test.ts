import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

/** Value of the first argument of the call of `probe` in the project. */
function probe(files: Record<string, string>, environment: Record<string, Value> = {}): Value {
  const { fn } = project(files, [deployed('F', Object.keys(files)[0] as string, { environment: new Map(Object.entries(environment)) })]);
  const call = fn.calls('invoke').find((item) => item.callee.path.at(-1) === 'probe');
  if (!call) throw new Error('no call of probe is reached');
  return call.arg(0);
}
const lit = (value: unknown) => ({ kind: 'literal', value });

describe('values across modules', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['constant', { 'a.ts': `const x = 'q'; export const handler = async () => { probe(x); };` }, lit('q')],
    ['an empty text in front', { 'a.ts': `export const handler = async () => { probe('' + process.env.URL + '/x'); };` }, { kind: 'template', parts: [{ kind: 'env', name: 'URL' }, lit('/x')] }],
    ['template', { 'a.ts': `const x = 'q'; export const handler = async () => { probe(\`a-\${x}-b\`); };` }, lit('a-q-b')],
    ['import', { 'a.ts': `import { name as n } from './b'; export const handler = async () => { probe(n); };`, 'b.ts': `export const name = 'q';` }, lit('q')],
    ['re-export', { 'a.ts': `import { name } from './b'; export const handler = async () => { probe(name); };`, 'b.ts': `export * from './c';`, 'c.ts': `export const name = 'q';` }, lit('q')],
    ['CommonJS', { 'a.js': `const { name } = require('./b'); exports.handler = async () => { probe(name); };`, 'b.js': `module.exports = { name: 'q' };` }, lit('q')],
    ['CommonJS by property', { 'a.js': `const b = require('./b'); exports.handler = async () => { probe(b.name); };`, 'b.js': `exports.name = 'q';` }, lit('q')],
    ['CommonJS, its own exports', { 'a.js': `exports.name = 'q'; exports.handler = async () => { probe(exports.name); };` }, lit('q')],
    ['CommonJS, its own exports under another name', { 'a.js': `const self = exports; exports.name = 'q'; exports.handler = async () => { probe(self.name); };` }, lit('q')],
    ['what a settled value is kept in', { 'a.js': `exports.handler = async () => { let kept; await Promise.resolve('q').then((got) => { kept = got; probe(kept); }); };` }, lit('q')],
    ['parameter of a helper', { 'a.ts': `import { send } from './b'; export const handler = async () => { await send('q'); };`, 'b.ts': `export async function send(name: string) { probe(name); }` }, lit('q')],
    ['default parameter', { 'a.ts': `const send = (name = 'q') => probe(name); export const handler = async () => { send(); };` }, lit('q')],
    ['destructured parameter', { 'a.ts': `const send = ({ name }: { name: string }) => probe(name); export const handler = async () => { send({ name: 'q' }); };` }, lit('q')],
    ['return value', { 'a.ts': `const get = () => ({ name: 'q' }); export const handler = async () => { probe(get().name); };` }, lit('q')],
    ['field by constructor', { 'a.ts': `class A { constructor(private readonly name: string) {} go() { probe(this.name); } } const a = new A('q'); export const handler = async () => a.go();` }, lit('q')],
    ['field by assignment', { 'a.js': `class A { constructor(o) { this.name = o.name; } go() { probe(this.name); } } exports.handler = async () => new A({ name: 'q' }).go();` }, lit('q')],
    ['base class', { 'a.ts': `class B { constructor(protected n: string) {} } class A extends B { constructor() { super('q'); } go() { probe(this.n); } } export const handler = async () => new A().go();` }, lit('q')],
    ['member of a namespace of another file', { 'a.ts': `import { Names } from './n'; export const handler = async () => { probe(Names.topic()); };`, 'n.ts': `export namespace Names { const prefix = 'order'; export const queue = \`\${prefix}s\`; export function topic() { return queue; } }` }, lit('orders')],
    ['namespace that adds to a function', { 'a.ts': `function table() { return 'orders'; } namespace table { export const key = 'id'; } export const handler = async () => { probe(table()); };` }, lit('orders')],
    ['what a namespace keeps to itself', { 'a.ts': `namespace Names { const queue = 'a'; export const topic = 'b'; } export const handler = async () => { probe(Names.queue); };` }, lit(undefined)],
    ['entry of a map', { 'a.ts': `const queues = new Map([['a', 'x'], ['b', 'y']]); export const handler = async () => { probe(queues.get('b')); };` }, lit('y')],
    ['entry of a map under a key that is not known', { 'a.ts': `const queues = new Map([['a', 'x'], ['b', 'y']]); export const handler = async (event) => { probe(queues.get(event.kind)); };` }, { kind: 'oneOf', options: [lit('x'), lit('y'), { kind: 'unknown', reason: 'another entry of a map' }] }],
    ['a list that is filled later', { 'a.ts': `export const handler = async (event) => { const list = []; for (const item of event.items) list.push(item.id, 'q'); probe(list); };` }, { kind: 'array', items: [{ kind: 'event', path: ['items', '*', 'id'] }, lit('q')], open: true }],
    ['a list that is filled in a callback', { 'a.ts': `export const handler = async (event) => { const list = ['p']; event.items.forEach((item) => { list.push('q'); }); probe(list); };` }, { kind: 'array', items: [lit('p'), lit('q')], open: true }],
    ['a list beside one that is filled', { 'a.ts': `export const handler = async () => { const list = ['p']; const other = []; other.push('q'); probe(list); };` }, { kind: 'array', items: [lit('p')], open: false }],
    ['a list that takes itself in', { 'a.ts': `export const handler = async () => { const list = []; list.push(...list, 'q'); probe(list); };` }, expect.objectContaining({ kind: 'array', open: true })],
    ['enum', { 'a.ts': `enum T { Q = 'q' } export const handler = async () => { probe(T.Q); };` }, lit('q')],
    ['property written later', { 'a.ts': `export const handler = async () => { const p: any = {}; p.name = 'q'; probe(p.name); };` }, lit('q')],
    ['an object in which a number is raised', { 'a.ts': `export const handler = async () => { const p = { n: 'q', sum: 0, part: {} as any }; p.sum += 1; p.part.x = 1; probe(p.other ?? p.n); };` }, lit('q')],
    ['a parameter of Firebase', { 'a.js': `const { defineString } = require('firebase-functions/params'); const queue = defineString('QUEUE'); exports.handler = async () => { probe(queue.value()); };` }, { kind: 'env', name: 'QUEUE' }],
    ['a parameter of Firebase under its namespace', { 'a.js': `const functions = require('firebase-functions'); const key = functions.params.defineSecret('KEY'); exports.handler = async () => { probe('x-' + key.value()); };` }, { kind: 'template', parts: [lit('x-'), { kind: 'env', name: 'KEY' }] }],
    ['a part that is one of two objects and written into', { 'a.ts': `export const handler = async (e) => { const p = { part: e.x ? { y: 'a' } : {} as any }; p.part.x = 'q'; probe(p.part.x); };` }, lit('q')],
    ['a property that is written in part', { 'a.ts': `export const handler = async () => { const p = { part: {} as any }; p.part.x = 1; probe(p.part.y); };` }, lit(undefined)],
    ['part of a field written later', { 'a.js': `class A { constructor() { this.map = { inner: {} }; this.set('q'); } set(n) { this.map.name = n; } go() { probe(this.map.name); } } exports.handler = async () => new A().go();` }, { kind: 'param', file: 'a.js', fn: 2, index: 0, path: [] }],
    ['what may fill an empty object of a field', { 'a.js': `class A { constructor() { this.map = { inner: {} }; } inner() { return this.map.inner; } go() { const i = this.inner(); i.name = 'q'; probe(this.map.inner.name); } } exports.handler = async () => new A().go();` }, { kind: 'unknown', reason: 'property name' }],
    ['conditional', { 'a.ts': `export const handler = async (e) => { probe(e.x ? 'a' : 'b'); };` }, { kind: 'oneOf', options: [lit('a'), lit('b')] }],
    ['path.join', { 'a.ts': `import path from 'node:path'; export const handler = async () => { probe(path.join('/tmp', 'a', '../b.txt')); };` }, lit('/tmp/b.txt')],
    ['tmpdir', { 'a.ts': `import { tmpdir } from 'os'; export const handler = async () => { probe(\`\${tmpdir()}/x\`); };` }, lit('/tmp/x')],
    ['event path', { 'a.ts': `export const handler = async (event) => { for (const { body } of event.Records) probe(body); };` }, { kind: 'event', path: ['Records', '*', 'body'] }],
    ['callback item', { 'a.ts': `export const handler = async (event) => { await Promise.all(event.Records.map(async (r) => { probe(r.s3.bucket); })); };` }, { kind: 'event', path: ['Records', '*', 's3', 'bucket'] }],
    ['a module by a computed name', { 'a.js': `exports.handler = async (event) => { probe(require(\`./actions/\${event.a}.js\`).name); };`, 'actions/one.js': `exports.name = 'q';`, 'actions/one.test.js': `exports.name = 'x';`, 'actions/deep/two.js': `exports.name = 'x';`, 'other/three.js': `exports.name = 'x';` }, lit('q')],
    ['a text with a part put in', { 'a.ts': `export const handler = async (event) => { probe('q/{id}/x'.replace('{id}', event.id)); };` }, { kind: 'template', parts: [lit('q/'), { kind: 'event', path: ['id'] }, lit('/x')] }],
    ['the environment of Netlify', { 'a.ts': `export const handler = async () => { probe(Netlify.env.get('Q')); };` }, { kind: 'env', name: 'Q' }],
    ['the rest of a literal', { 'a.ts': `const { a, ...rest } = { a: 1, b: 'q' }; export const handler = async () => { probe(rest); };` }, { kind: 'object', open: false, entries: [['b', lit('q')]] }],
    ['the rest of the event', { 'a.ts': `export const handler = async (event) => { const { a, ...rest } = event.detail; probe(rest); };` }, { kind: 'object', open: true, entries: [['...', { kind: 'event', path: ['detail'] }], ['a', lit(undefined)]] }],
    ['a field of the rest', { 'a.ts': `export const handler = async ({ a, ...rest }) => { probe(rest.b); };` }, { kind: 'event', path: ['b'] }],
    ['a field that the rest does not have', { 'a.ts': `export const handler = async ({ a, ...rest }) => { probe(rest.a); };` }, lit(undefined)],
    ['unset environment', { 'a.ts': `export const handler = async () => { probe(process.env.Q); };` }, { kind: 'env', name: 'Q' }],
    ['environment default', { 'a.ts': `export const handler = async () => { probe(process.env.Q || 'q'); };` }, { kind: 'oneOf', options: [{ kind: 'env', name: 'Q' }, lit('q')] }],
    ['computed enum member', { 'a.ts': `const names = { a: 'x', b: 'y' }; export const handler = async (e) => { probe(names[e.k]); };` }, { kind: 'oneOf', options: [lit('x'), lit('y')] }],
    ['keys of a literal', { 'a.ts': `export const handler = async () => { for (const k of Object.keys({ a: 1, b: 2 })) probe(k); };` }, { kind: 'oneOf', options: [lit('a'), lit('b')] }],
    ['values of the event', { 'a.ts': `export const handler = async (event) => { for (const v of Object.values({ ...event.a })) probe(v.b); };` }, expect.objectContaining({ kind: 'derived', what: '.b' })],
    ['type that only repeats', { 'a.ts': `const x = ('q' as string)!; export const handler = async () => { probe(x satisfies string); };` }, lit('q')],
  ])('%s', (_name, files, expected) => {
    expect(probe(files)).toEqual(expected);
  });

  it('takes the environment of the deployed function', () => {
    expect(probe({ 'a.ts': `const { Q } = process.env; export const handler = async () => { probe(Q ?? 'z'); };` }, { Q: { kind: 'resource', unit: 't', id: 'Queue', attribute: 'Ref' } }))
      .toEqual({ kind: 'resource', unit: 't', id: 'Queue', attribute: 'Ref' });
  });

  it('keeps two functions that share a helper apart', () => {
    const files = { 'a.ts': `import { s } from './h'; export const one = async () => s(); export const two = async () => s();`, 'h.ts': `export const s = () => probe(process.env.Q);` };
    const env = (name: string): ReadonlyMap<string, Value> => new Map([['Q', lit(name) as Value]]);
    const { project: linked } = project(files, [deployed('One', 'a.ts', { export: 'one', environment: env('q1') }), deployed('Two', 'a.ts', { export: 'two', environment: env('q2') })]);
    expect(linked.functions.map((fn) => fn.calls('invoke').find((call) => call.callee.path.at(-1) === 'probe')?.arg(0))).toEqual([lit('q1'), lit('q2')]);
  });

  it('gives every value over the call paths of a helper', () => {
    const { fn } = project({ 'a.ts': `const s = (q: string) => probe(q); export const handler = async (e) => { if (e.a) s('q1'); else s('q2'); };` });
    const call = fn.calls('invoke').find((item) => item.callee.path.at(-1) === 'probe');
    expect(call && fn.values(call.expr.args[0] as never, call.body).map((item) => item.value)).toEqual([lit('q1'), lit('q2')]);
  });

  it('ends on definitions through themselves', () => {
    expect(probe({ 'a.ts': `let a: string = b; let b: string = a; function f(n) { return n ? f(n - 1) : 'q'; } export const handler = async () => { probe(a + f(3)); };` }).kind).not.toBe('literal');
  });
});

describe('reach', () => {
  const reached = (files: Record<string, string>, phase: 'init' | 'invoke' = 'invoke') =>
    [...new Set(project(files).fn.calls(phase).filter((call) => call.callee.path.at(-1)?.startsWith('probe')).map((call) => call.callee.path.at(-1)))].sort();

  it('finds the class behind a typed constructor parameter', () => {
    expect(reached({
      'a.ts': `import { Service } from './service'; import { container } from 'tsyringe'; const s = container.resolve(Service); export const handler = async () => s.run();`,
      'service.ts': `import { QueueClient } from './queue'; export class Service { constructor(private readonly queue: QueueClient) {} async run() { await this.queue.push(); } }`,
      'queue.ts': `export class QueueClient { async push() { probeQueue(); } }`,
    })).toEqual(['probeQueue']);
  });
  it('finds the class behind an injector that is asked for a class', () => {
    expect(reached({
      'a.ts': `import { createInjector } from 'typed-inject'; import { Controller } from './controller'; const controller = createInjector().provideValue('log', console).injectClass(Controller); export const handler = controller.invoke;`,
      'controller.ts': `export class Controller { invoke = async () => { probeInjected(); }; }`,
    })).toEqual(['probeInjected']);
  });
  it('finds the one implementation of an interface', () => {
    expect(reached({
      'a.ts': `import { run } from './run'; import { Sqs } from './sqs'; export const handler = async () => run(new Sqs());`,
      'run.ts': `import type { Queue } from './types'; export const run = async (q: Queue) => q.push();`,
      'types.ts': `export interface Queue { push(): Promise<void> }`,
      'sqs.ts': `import type { Queue } from './types'; export class Sqs implements Queue { async push() { probeSqs(); } }`,
    })).toEqual(['probeSqs']);
  });
  it('goes through wrappers of the repository and of packages', () => {
    expect(reached({
      'a.ts': `import middy from '@middy/core'; import { log } from './log'; const main = async (e) => { probeMain(e); }; export const handler = middy(log(main)).use(x());`,
      'log.ts': `export const log = (inner) => async (event, context) => { probeLog(event); return inner(event, context); };`,
    })).toEqual(['probeLog', 'probeMain']);
  });
  it('keeps init and invocation apart', () => {
    const files = { 'a.ts': `import './b'; probeInit(); export const handler = async () => { probeInvoke(); };`, 'b.ts': `probeOther(); export const never = () => probeNever();` };
    expect(reached(files, 'init')).toEqual(['probeInit', 'probeOther']);
    expect(reached(files)).toEqual(['probeInvoke']);
  });
  it('goes through dispatch tables, callbacks, promises and methods passed on', () => {
    expect(reached({
      'a.ts': `const table = { a: () => probeA(), b: async () => probeB() };
        class C { m = async () => probeC(); n() { return this.m(); } }
        export const handler = async (e) => { await table[e.k](); e.Records.forEach((r) => probeD(r)); await Promise.resolve().then(() => probeE()); new C().n(); setTimeout(later, 1); };
        function later() { probeF(); }`,
    })).toEqual(['probeA', 'probeB', 'probeC', 'probeD', 'probeE', 'probeF']);
  });
  it('goes through a module that serves as a dispatch table', () => {
    expect(reached({ 'a.js': `const actions = require('./actions'); exports.handler = async (e) => actions[e.action](e);`, 'actions/index.js': `exports.build = require('./build'); exports.stop = () => probeStop();`, 'actions/build.js': `module.exports = async () => probeBuild();` })).toEqual(['probeBuild', 'probeStop']);
  });
  it('goes through tables of many actions, and what Object.entries and values make of them', () => {
    const many = `const table = { ${Array.from({ length: 20 }, (_, at) => `k${at}: { path: '/${at}', run: () => probe${at}() }`).join(', ')} };`;
    const rows = `const rows = [${Array.from({ length: 20 }, (_, at) => `{ path: '/${at}', run: () => probe${at}() }`).join(', ')}];`;
    const all = Array.from({ length: 20 }, (_, at) => `probe${at}`).sort();
    expect(reached({ 'a.js': `${many} exports.handler = async (e) => table[e.action].run();` })).toEqual(all);
    expect(reached({ 'a.js': `${rows} exports.handler = async (e) => rows.find((row) => row.path === e.path).run();` })).toEqual(all);
    expect(reached({ 'a.js': `${many} exports.handler = async () => { for (const [name, action] of Object.entries(table)) action.run(name); };` })).toEqual(all);
    expect(reached({ 'a.js': `const steps = require('./steps'); exports.handler = async () => { for (const step of Object.values(steps)) await step.run(); };`, 'steps.js': `exports.one = { run: () => probeOne() }; exports.two = { run: () => probeTwo() };` })).toEqual(['probeOne', 'probeTwo']);
  });
  it('goes through a switch over many actions, one of which is none', () => {
    const files = (other: string): Record<string, string> => ({
      'a.js': `const routes = require('./routes'); exports.handler = async (e) => { const { run } = routes(e); if (run) await run(e); };`,
      'routes.js': `module.exports = (e) => { let run; switch (e.path) { ${Array.from({ length: 20 }, (_, at) => `case '${at}': run = require('./m${at}'); break;`).join(' ')} default: run = ${other}; } return { run }; };`,
      ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`m${at}.js`, `module.exports = async () => probe${at}();`])),
    });
    expect(reached(files('null'))).toEqual(Array.from({ length: 20 }, (_, at) => `probe${at}`).sort());
    expect(reached(files(`e.path + '!'`))).toEqual([]);
    // One of the modules has nothing in it yet.
    expect(reached({ ...files('null'), 'm7.js': '' })).toHaveLength(19);
  });
  it('knows what a callback keeps outside of it', () => {
    const kept = (inner: string): string[] => reached({ 'a.js': `class Db { save() { probeSave(); } } const connect = async () => new Db(); exports.handler = async () => { let db; ${inner} };` });
    expect(kept(`await connect().then(function (found) { db = found; db.save(); });`)).toEqual(['probeSave']);
    expect(kept(`[new Db()].forEach((one) => { db = one; }); db.save();`)).toEqual(['probeSave']);
    // What failed is no connection, and who calls the callback of an unknown function is not known.
    expect(kept(`await connect().catch((error) => { db = error; }); db.save();`)).toEqual([]);
    expect(kept(`later((found) => { db = found; }); db.save();`)).toEqual([]);
  });
  it('goes through the own exports of a module under another name', () => {
    expect(reached({ 'a.js': `const self = exports; exports.later = async () => probeLater(); exports.handler = async () => self.later();` })).toEqual(['probeLater']);
    expect(reached({ 'a.js': `const self = module.exports; module.exports.later = async () => probeLater(); module.exports.handler = async () => self.later();` })).toEqual(['probeLater']);
  });
  it('runs what a framework was given at init', () => {
    expect(reached({
      'a.ts': `import express from 'express'; import serverless from 'serverless-http'; const app = express(); app.get('/x', async (req, res) => { probeRoute(req.params.id); }); export const handler = serverless(app);`,
    })).toEqual(['probeRoute']);
  });
});
