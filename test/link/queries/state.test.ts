import { describe, expect, it } from 'vitest';
import { createFactsLoader } from '../../../src/extract/load.ts';
import { link } from '../../../src/link/link.ts';
import { mutations } from '../../../src/link/queries/mutations.ts';
import { keptState } from '../../../src/link/queries/state.ts';
import { Storage } from '../../../src/link/queries/storage.ts';
import { inputsOf, isFixed, taintOf } from '../../../src/link/queries/taint.ts';
import type { LinkedFunction } from '../../../src/link/view.ts';
import type { Value } from '../../../src/model/value.ts';
import { deployed, memoryWorkspace, project } from '../../support/memory.ts';

const event: Value = { kind: 'event', path: ['body'] };
const lit = (value: string | number): Value => ({ kind: 'literal', value });

describe('taint', () => {
  it.each<[string, Value, string | undefined]>([
    ['event', event, 'direct'],
    ['text made of it', { kind: 'template', parts: [lit('a'), event] }, 'direct'],
    ['what was fetched for it', { kind: 'derived', what: 'fetch', from: [event], io: true }, 'fetched'],
    ['both', { kind: 'array', items: [{ kind: 'derived', what: 'fetch', from: [event], io: true }, event], open: false }, 'direct'],
    ['request id', { kind: 'context', path: ['awsRequestId'] }, 'direct'],
    ['function name', { kind: 'context', path: ['functionName'] }, undefined],
    ['setting that middleware put into the context', { kind: 'context', path: ['SEARCH_API_KEY'] }, undefined],
    ['user that middleware put into the context', { kind: 'context', path: ['user'] }, 'direct'],
    ['what a look-up by it finds', { kind: 'derived', what: '#get', from: [lit('map'), event], io: false }, undefined],
    ['literal', lit('a'), undefined],
    ['unknown', { kind: 'unknown', reason: '?' }, undefined],
    ['parameter typed by the platform', { kind: 'instance', of: { kind: 'external', module: '@azure/functions', path: ['Context'] }, args: [] }, 'direct'],
    ['client made by a package', { kind: 'instance', of: { kind: 'external', module: '@aws-sdk/client-s3', path: ['S3Client'] }, args: [], site: { file: 'a', start: 0, end: 1, fn: 0 } }, undefined],
  ])('%s', (_name, value, expected) => {
    expect(taintOf(value, 'aws')).toBe(expected);
  });

  it('takes the bindings of a Worker for configuration', () => {
    const env: Value = { kind: 'context', path: ['env', 'KEY'] };
    expect(taintOf(env, 'cloudflare')).toBeUndefined();
  });

  it('names the inputs of a value', () => {
    expect(inputsOf({ kind: 'array', items: [event, { kind: 'derived', what: 'fetch', from: [{ kind: 'event', path: ['id'] }], io: true }], open: false })).toEqual(['event.body']);
  });

  it('tells what the code spells out', () => {
    expect(isFixed({ kind: 'oneOf', options: [lit(1), { kind: 'env', name: 'A' }] })).toBe(true);
    expect(isFixed({ kind: 'array', items: [event], open: false })).toBe(false);
    expect(isFixed({ kind: 'unknown', reason: '?' })).toBe(false);
  });
});

describe('mutations', () => {
  const forms = (body: string, head: string): readonly string[] => {
    const { fn } = project({ 'a.ts': `${head}\nexport const handler = async (event: any) => { ${body} };` });
    return mutations(fn, new Storage(fn)).map((item) => `${item.form} ${item.place.label}${item.place.path.map((name) => `.${name}`).join('')}`);
  };
  it.each<[string, string, readonly string[]]>([
    ['x = 1;', 'let x: any;', ['assign x']],
    ['x ??= 1;', 'let x: any;', ['lazy x']],
    ['x = x || 1;', 'let x: any;', ['lazy x']],
    ['x += 1;', 'let x = 0;', ['update x']],
    ['x = x + 1;', 'let x = 0;', ['update x']],
    ['x = [...x, 1];', 'let x: any[] = [];', ['add x']],
    ['x = x.concat(event.list);', 'let x: any[] = [];', ['add x']],
    ['x.n = (x.n ?? 0) + 1;', 'const x: any = {};', ['update x.n']],
    ['const next = x + 1; x = next;', 'let x = 0;', ['update x']],
    ['x = [1].concat(x);', 'let x: any[] = [];', ['add x']],
    ['add(x, []);', 'const x: any[] = []; const add = (...lists: any[]) => lists.forEach((list) => { list.push(1); });', ['add x']],
    ['x = { ...x, [event.id]: 1 };', 'let x: any = {};', ['put x']],
    ['x = x.slice(-9);', 'let x: any[] = [];', ['remove x']],
    ['x.a.b = 1;', 'const x: any = { a: {} };', ['assign x.a.b']],
    ['x[event.id] = 1;', 'const x: any = {};', ['put x.*']],
    [`x['id'] = 1;`, 'const x: any = {};', ['assign x.id']],
    ['delete x[event.id];', 'const x: any = {};', ['remove x']],
    ['x.length = 0;', 'const x: any[] = [];', ['clear x']],
    ['x.splice(0);', 'const x: any[] = [];', ['clear x']],
    ['x.push(1); x.shift();', 'const x: any[] = [];', ['add x', 'remove x']],
    ['x.set(1, 2); x.delete(1); x.clear();', 'const x = new Map();', ['put x', 'remove x', 'clear x']],
    ['Object.assign(x, event);', 'const x: any = {};', ['assign x']],
    ['Object.assign(x, { [event.id]: 1, at: 2 });', 'const x: any = {};', ['put x.*']],
    ['Object.assign(process.env, { A: event.a });', '', ['assign process.env.A']],
    ['Object.assign(globalThis, { a: event.a });', '', ['assign globalThis.a']],
    ['x[x.length] = 1;', 'const x: any[] = [];', ['add x']],
    ['x.list[x.list.length] = 1;', 'const x: any = { list: [] };', ['add x.list']],
    ['for (x of event.list) { console.log(x); }', 'let x: any;', ['assign x']],
    ['({ id: x } = event);', 'let x: any;', ['assign x']],
    ['const y = x; y.id = 1;', 'const x: any = {};', ['assign x.id']],
    ['x.forEach((item: any) => { item.count = 1; });', 'const x: any[] = [{}];', ['assign x.*.count']],
    ['for (const item of x) item.count = 1;', 'const x: any[] = [{}];', ['assign x.*.count']],
    ['const x: any = {}; x.id = 1;', '', []],
    ['const x = { ...y }; x.id = 1;', 'const y = { id: 0 };', []],
    ['event.id = 1;', '', []],
    ['process.env.A = event.a;', '', ['assign process.env.A']],
    ['x.save(event);', 'const x = { save(_e: any) {} };', []],
  ])('%s', (body, head, expected) => {
    expect(forms(body, head)).toEqual(expected);
  });
});

describe('kept state', () => {
  it('follows an argument only on the path that passes it', () => {
    const { fn } = project({ 'a.ts': `const all: any[] = [];\nconst add = (list: any[], item: any) => { list.push(item); };\nexport const handler = async (event: any) => { add([], event.id); add(all, 'x'); };` });
    expect(keptState(fn).map((state) => [state.kind, state.mutation.place.label])).toEqual([['growth', 'all']]);
  });

  it.each<[string, readonly string[]]>([
    ['all[Date.now()] = 1;', ['growth all']],
    ['all[`${event.id}-${Math.random()}`] = 1;', ['growth all']],
    ['Object.assign(all, { [String(Date.now())]: true });', ['growth all']],
    ['all[new Date().getDay()] = 1;', []],
    ["all['last'] = Date.now();", []],
  ])('keys that are new each time: %s', (body, expected) => {
    const { fn } = project({ 'a.js': `const all = {};\nexport const handler = async (event) => { ${body} };` });
    expect(keptState(fn).map((state) => `${state.kind} ${state.mutation.place.label}`)).toEqual(expected);
  });

  it('takes the properties of an exported object for variables, however the module is loaded', () => {
    const places = (text: string): readonly string[] => keptState(project({ 'a.js': text, 'b.js': `module.exports = { list: [], user: '', seen: [] };`, 'c.js': `module.exports = require('./b');` }).fn).map((state) => `${state.kind} ${state.mutation.place.label}`);
    const body = (object: string): string => `async (event) => { ${object}list.push('x'); ${object}seen.length = 0; ${object}seen.push(event.id); };`;
    expect(places(`const b = require('./b');\nexports.handler = ${body('b.')}`)).toEqual(['growth list']);
    expect(places(`const { list, seen } = require('./b');\nexports.handler = ${body('')}`)).toEqual(['growth list']);
    expect(places(`const b = require('./c');\nexports.handler = ${body('b.')}`)).toEqual(['growth list']);
    expect(places(`import b from './b';\nexport const handler = ${body('b.')}`)).toEqual(['growth list']);
    expect(places(`import { list, seen } from './b';\nexport const handler = ${body('')}`)).toEqual(['growth list']);
    expect(places(`const b = require('./b');\nexports.handler = async (event) => { b.user = event.user; };`)).toEqual(['caller user']);
    expect(places(`const b = require('./b');\nexports.handler = async (event) => { const sent = JSON.parse(event.body); if (sent.user) b.user = sent.user; };`)).toEqual(['caller user']);
    expect(places(`const b = require('./b');\nexports.handler = async (event) => { const sent = JSON.parse(event.body); if (!b.user) b.user = sent.user; };`)).toEqual(['memoised user']);
    expect(places(`import b from './b';\nexport const handler = async (event) => { b.user = event.user; };`)).toEqual(['caller user']);
  });

  it('ends on cycles of aliases, factories and injected objects', () => {
    const { fn } = project({ 'a.ts': `class A { b: any; constructor(b: any) { this.b = b; } go(x: any) { this.b.a.go(x); this.b.x = x; } }\nlet a: any = b; let b: any = a;\nconst one = new A(null); const two = new A(one); one.b = two;\nconst f = (x: any): any => f(x);\nexport const handler = async (event: any) => { two.go(event.id); f(a).x = event.x; };` });
    expect(keptState(fn).length).toBeLessThan(4);
  });
});

describe('the open file alone', () => {
  const alone = (text: string): readonly string[] => {
    const workspace = memoryWorkspace({ 'a.ts': text });
    const linked = link({ workspace, infrastructure: { functions: [deployed('F', 'a.ts')], resources: [], gaps: [], files: [], problems: [] }, loader: createFactsLoader(workspace), date: '2026-11-21', whole: false });
    return linked.functions.flatMap((fn) => keptState(fn as LinkedFunction).map((state) => `${state.kind} ${state.mutation.place.label}`));
  };
  it('finds what no other file can undo', () => {
    expect(alone(`let user: any;\nexport const handler = async (event: any) => { user = event.user; };`)).toEqual(['caller user']);
  });
  it('finds an exported collection where nothing else is loaded', () => {
    expect(alone(`export const users: any[] = [];\nexport const handler = async (event: any) => { users.push(event.user); };`)).toEqual(['caller users']);
  });
  it('leaves an exported collection to the analyzer where other files are loaded', () => {
    expect(alone(`import { log } from './log';\nexport const users: any[] = [];\nexport const handler = async (event: any) => { users.push(event.user); };`)).toEqual([]);
  });
  it('leaves a value that another file makes to the analyzer', () => {
    expect(alone(`import { decode } from './decode';\nlet user: any;\nexport const handler = async (event: any) => { const decoded = decode(event.token); user = decoded; };`)).toEqual([]);
  });
  it('leaves a collection that another file could clear to the analyzer', () => {
    expect(alone(`import { reset } from './reset';\nconst users: any[] = [];\nexport const handler = async (event: any) => { reset(users); users.push(event.user); };`)).toEqual([]);
  });
  it('is not led astray by other imports', () => {
    expect(alone(`import { log } from './log';\nconst users: any[] = [];\nexport const handler = async (event: any) => { log('x'); users.push(event.user); };`)).toEqual(['caller users']);
  });
  it('claims nothing of what an unknown helper is given', () => {
    expect(alone(`import { keep } from './keep';\nconst users: any[] = [];\nexport const handler = async (event: any) => { keep(users, event.user); };`)).toEqual([]);
  });
});
