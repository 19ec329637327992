import { describe, expect, it } from 'vitest';
import { createFactsLoader } from '../../src/extract/load.ts';
import { Modules } from '../../src/link/modules.ts';
import { runProgram, type Program, type ProgramOptions } from '../../src/link/program.ts';
import { madeOf, slot, textOf, toValue, workspacePath, type Made, type Sym } from '../../src/link/program-values.ts';
import { Resolver } from '../../src/link/resolve.ts';
import { memoryWorkspace } from '../support/memory.ts';

function run(files: Readonly<Record<string, string>>, options: ProgramOptions = {}, entry = Object.keys(files)[0] ?? ''): Program {
  const workspace = memoryWorkspace(files);
  const program = runProgram(new Modules(createFactsLoader(workspace), new Resolver(workspace)), entry, { read: (file) => workspace.read(file), ...options });
  if (!program) throw new Error('no program');
  return program;
}

const named = (program: Program, name: string): readonly Made[] => program.made.filter((made) => made.path[made.path.length - 1] === name);
const texts = (list: readonly Made[], index: number): readonly (string | undefined)[] => list.map((made) => textOf(made.args[index]));
const prop = (made: Made | undefined, index: number, name: string): Sym | undefined => slot(made?.args[index], name)?.value;

describe('a program that is followed', () => {
  it('says where it stops with an error, as far as that is certain', () => {
    const stops = (test: string): readonly string[] => run({ 'main.ts': `import { Fn, app } from 'kit';\nconst stage: string = 'dev';\nif (${test}) throw new Error('no');\nnew Fn('a');\n` }).gaps().map((gap) => gap.message);
    expect(stops("stage !== 'prod'")).toEqual(['the program stops with an error here: what comes after it is not read']);
    expect(stops("stage === 'prod'")).toEqual([]);
    expect(stops("app.get('stage') !== 'prod'")).toEqual([]);
  });

  it('gives a method to another object, once', () => {
    const program = run({ 'main.ts': `import { Fn } from 'kit';
      class Owner { name = 'owner'; of(head: string) { return head + this.name; } alone = () => this.name; }
      class Guest { name = 'guest'; of: any; again: any; alone: any; constructor(owner: Owner) { this.of = owner.of.bind(this); this.again = this.of.bind(owner); this.alone = owner.alone.bind(this); } }
      const owner = new Owner(); const guest = new Guest(owner);
      new Fn(guest.of('a '), guest.again('b '), guest.alone(), owner.of('c '), owner.of.call(guest, 'd '), owner.of.apply(guest, ['e ']));` });
    expect(named(program, 'Fn')[0]?.args.map((arg) => textOf(arg))).toEqual(['a guest', 'b guest', 'owner', 'c owner', 'd guest', 'e guest']);
  });

  it.each(["import { cwd, env } from 'node:process';", "import process from 'process'; const { cwd, env } = process;", 'const { cwd, env } = process;'])('knows the process: %s', (head) => {
    const program = run({ 'apps/shop/main.ts': `import { Fn } from 'kit'; ${head} new Fn(__dirname.split(cwd())[1], env.STAGE);` }, { cwd: 'apps' });
    expect(named(program, 'Fn')[0]?.args).toEqual([{ kind: 'literal', value: '/shop' }, { kind: 'env', name: 'STAGE' }]);
  });

  it('makes one thing a construction of an own class, with its props on that path', () => {
    const program = run({
      'bin/main.ts': `import { App } from 'kit'; import { Shop } from '../lib/shop'; const app = new App(); for (const stage of ['dev', 'prod']) new Shop(app, \`shop-\${stage}\`, { stage, size: stage === 'prod' ? 10 : 1 });`,
      'lib/shop.ts': `import * as kit from 'kit'; import { defaults } from './defaults';
        interface P { stage: string; size?: number; extra?: string }
        export class Shop extends kit.Stack {
          private readonly queue: kit.Queue;
          constructor(scope: any, id: string, { stage, size = 3, extra = 'none', ...rest }: P) {
            super(scope, id, rest);
            this.queue = new kit.Queue(this, 'Queue', { ...defaults, name: \`q-\${stage}\`, size, extra });
            this.wire();
          }
          private wire() { new kit.Fn(this, 'Fn', { env: { URL: this.queue.url } }).listen(this.queue); }
        }`,
      'lib/defaults.ts': `export const defaults = { retention: 4, name: 'x' };`,
    });
    const queues = named(program, 'Queue');
    expect(queues.map((made) => textOf(prop(made, 2, 'name')))).toEqual(['q-dev', 'q-prod']);
    expect(queues.map((made) => prop(made, 2, 'size'))).toEqual([{ kind: 'literal', value: 1 }, { kind: 'literal', value: 10 }]);
    expect(textOf(prop(queues[0], 2, 'extra'))).toBe('none');
    expect(prop(queues[0], 2, 'retention')).toEqual({ kind: 'literal', value: 4 });
    expect(texts(named(program, 'Stack'), 1)).toEqual(['shop-dev', 'shop-prod']);
    // The property's own place, also of a spread one.
    expect(slot(queues[0]?.args[2], 'retention')?.place?.file).toBe('lib/defaults.ts');
    expect(program.location(queues[0]?.place ?? { file: '', start: 0, end: 0 })).toMatchObject({ file: 'lib/shop.ts', line: 7 });
    // Identity: the listener of the second function got the second queue.
    const listens = named(program, '#listen');
    expect(listens.map((made) => madeOf(made.args[0]))).toEqual(queues);
    expect(listens.map((made) => madeOf(made.receiver)?.path)).toEqual([['Fn'], ['Fn']]);
    const url = slot(prop(named(program, 'Fn')[1], 2, 'env'), 'URL')?.value;
    expect(url).toMatchObject({ kind: 'attribute', path: ['url'] });
    expect(url?.kind === 'attribute' && url.of).toBe(queues[1]);
    // The scope of the queue is the object whose base the stack is.
    expect(madeOf(queues[1]?.args[0])).toBe(named(program, 'Stack')[1]);
    expect(program.gaps()).toEqual([]);
  });

  it('follows a chain of own classes, getters, statics and methods of the base', () => {
    const program = run({
      'main.ts': `import { Fn, Bucket } from 'kit';
        class Base extends Fn { static readonly prefix = 'p-'; constructor(s: any, id: string, props: any) { super(s, Base.prefix + id, { memory: 128, ...props }); } allow(b: any) { b.grant(this); return this; } get label() { return 'l'; } }
        class Child extends Base { constructor(s: any, private readonly name: string) { super(s, name, { label: 'c' }); this.addEnv('N', this.name + this.label); } }
        const fn = new Child(undefined, 'one'); fn.allow(new Bucket()).timeout = 5;`,
    });
    const [fn] = named(program, 'Fn');
    expect(textOf(fn?.args[1])).toBe('p-one');
    expect(prop(fn, 2, 'memory')).toEqual({ kind: 'literal', value: 128 });
    expect(fn?.instance?.base).toBe(fn);
    expect(program.location(fn?.place ?? { file: '', start: 0, end: 0 }).line).toBe(4);
    expect(program.location(fn?.written ?? { file: '', start: 0, end: 0 }).line).toBe(2);
    expect(texts(named(program, '#addEnv'), 1)).toEqual(['onel']);
    expect(madeOf(named(program, '#grant')[0]?.args[0])).toBe(fn);
    expect(named(program, '#timeout')[0]).toMatchObject({ form: 'set', args: [{ kind: 'literal', value: 5 }] });
  });

  it('runs loops and list methods an element, and decides what it can', () => {
    const program = run({
      'main.ts': `import { Fn } from 'kit'; import table from './table.json';
        const all: Record<string, { memory: number }> = {}; all.late = { memory: 2 };
        for (const [name, { memory }] of Object.entries({ ...all, early: { memory: 1 } })) new Fn(name, memory);
        ['a', 'b', 'c'].filter((x) => x !== 'b').forEach((x, i) => new Fn(x, i));
        for (let i = 0; i < 2; i++) new Fn(\`n\${i}\`, i);
        table.items.map(({ id }) => new Fn(id, 0));
        if (process.env.X) new Fn('maybe', 0); else new Fn('else', 0);
        if (table.items.length > 5) new Fn('never', 0);
        const made = [1, 2].reduce((acc, n) => ({ ...acc, ['k' + n]: new Fn('r' + n, n) }), {} as any);
        new Fn('uses', made.k2);`,
      'table.json': '{ "items": [{ "id": "j1" }, { "id": "j2" }] }',
    });
    const fns = named(program, 'Fn');
    expect(texts(fns, 0)).toEqual(['late', 'early', 'a', 'c', 'n0', 'n1', 'j1', 'j2', 'maybe', 'else', 'r1', 'r2', 'uses']);
    expect(fns.filter((made) => !made.certain).map((made) => textOf(made.args[0]))).toEqual(['maybe', 'else']);
    expect(madeOf(fns[12]?.args[1])).toBe(fns[11]);
  });

  it('keeps what is not decided as possibilities, and says where it does not know', () => {
    const program = run({
      'main.ts': `import { Fn, names } from 'kit';
        let size = 1; if (process.env.BIG) size = 2;
        new Fn('a', { size, stage: process.env.STAGE ?? 'dev', ...(process.env.V ? { vpc: 1 } : {}) });
        for (const name of names()) new Fn(name, {});`,
    });
    const [first, second] = named(program, 'Fn');
    expect(prop(first, 1, 'size')).toEqual({ kind: 'oneOf', options: [{ kind: 'literal', value: 1 }, { kind: 'literal', value: 2 }] });
    expect(prop(first, 1, 'stage')).toEqual({ kind: 'oneOf', options: [{ kind: 'env', name: 'STAGE' }, { kind: 'literal', value: 'dev' }] });
    expect(slot(first?.args[1], 'vpc')?.certain).toBe(false);
    expect(second?.certain).toBe(false);
    expect(program.gaps().map((gap) => program.location(gap.place).line)).toEqual([4]);
  });

  it('folds paths to the workspace, CommonJS and workspace modules included', () => {
    const program = run({
      'infra/bin/app.js': `const path = require('path'); const { make } = require('../lib'); make('x', path.join(__dirname, '..', '..', 'src')); make('y', 'lambda'); make('z', '../../../out');`,
      'infra/lib/index.js': `const { Fn } = require('kit'); exports.make = (id, code) => new Fn(id, code);`,
    }, { cwd: 'infra' });
    expect(named(program, 'Fn').map((made) => workspacePath(made.args[1], 'infra'))).toEqual(['src', 'infra/lambda', undefined]);
  });

  it('calls callbacks of packages as the reader says, and otherwise once and uncertainly', () => {
    const source = { 'main.ts': `import { app, Fn } from 'kit'; app.stack(function Api({ stack }) { return { fn: new Fn(stack, 'one') }; }); app.other((x) => { new Fn(x, 'two'); });` };
    const made = run(source, {
      onMade(item, machine) {
        const [callback] = item.args;
        if (item.path.join('.') !== 'app.#stack' && item.path.join('.') !== 'app.stack') return undefined;
        return callback?.kind === 'closure' ? machine.invoke(callback, [{ kind: 'record', entries: new Map([['stack', { value: item, certain: true }]]), open: false, born: 0 }], item.place) : undefined;
      },
    });
    const fns = named(made, 'Fn');
    expect(fns.map((fn) => [textOf(fn.args[1]), fn.certain])).toEqual([['one', true], ['two', false]]);
    expect(madeOf(fns[0]?.args[0])?.path).toEqual(['app', 'stack']);
  });

  it('gives model values', () => {
    const program = run({ 'main.ts': `import { Fn, Table } from 'kit'; const t = new Table('t'); new Fn({ name: \`x-\${t.name}\`, list: [t.arn, 1] });` });
    const value = toValue(named(program, 'Fn')[0]?.args[0] ?? { kind: 'literal', value: 0 }, (made, path) => ({ kind: 'resource', unit: 'u', id: String(made.index), attribute: path[0] ?? 'Ref' }));
    expect(value).toEqual({
      kind: 'object', open: false, entries: [
        ['name', { kind: 'template', parts: [{ kind: 'literal', value: 'x-' }, { kind: 'resource', unit: 'u', id: '0', attribute: 'name' }] }],
        ['list', { kind: 'array', open: false, items: [{ kind: 'resource', unit: 'u', id: '0', attribute: 'arn' }, { kind: 'literal', value: 1 }] }],
      ],
    });
  });

  it('ends with hostile programs', () => {
    const program = run({
      'main.ts': `import { Fn } from 'kit'; import './other'; class A { constructor(n: number) { new A(n + 1); } } new A(0);
        function f(n: number): any { return f(n + 1); } f(0); while (true) { new Fn('w'); }
        let s = 'ab'; let l: any[] = [1, 2]; let deep: any = {}; for (let i = 0; i < 200; i++) { s += s; l = [...l, ...l]; deep = { a: deep, b: deep }; } new Fn(s, l, deep); deep.self = deep; new Fn('loop', deep);
        const o: any = {}; o.__proto__ = { polluted: true }; new Fn(o.polluted); 'a'.repeat(1e9);`,
      'other.ts': `import './main'; export const x = 1;`,
    });
    const loop = named(program, 'Fn').find((made) => textOf(made.args[0]) === 'loop');
    expect(JSON.stringify(toValue(loop?.args[1] ?? { kind: 'literal', value: 0 }, () => undefined)).length).toBeLessThan(5_000_000);
    expect(program.gaps().length).toBeGreaterThan(2);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(named(program, 'Fn').length).toBeLessThan(1000);
  });
});
