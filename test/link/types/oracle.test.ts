import { describe, expect, it } from 'vitest';
import { deployed, project } from '../../support/memory.ts';

const service = 'export class Service { run() { return 1; } }\n';

/** Names of the function bodies that an invocation reaches, and whether each surely runs. */
function reached(files: Readonly<Record<string, string>>, options: { readonly typeOracle?: boolean; readonly whole?: boolean } = {}): { names: readonly string[]; possible: readonly string[]; questions: number; gaps: readonly string[] } {
  const { project: linked, fn } = project(files, undefined, [], options);
  const bodies = fn.bodies('invoke').filter((body) => body.fn.kind === 'method');
  const name = (body: (typeof bodies)[number]): string => `${body.facts.classes[body.fn.cls ?? -1]?.name ?? '?'}.${body.fn.name}`;
  return {
    names: bodies.map(name).sort(), possible: bodies.filter((body) => !body.certain).map(name).sort(), questions: linked.typeOracle.questions,
    gaps: linked.gaps.filter((gap) => gap.kind === 'types').map((gap) => `${gap.file}: ${gap.message}`),
  };
}

describe('the class behind a receiver', () => {
  const factory = {
    'handler.ts': `import { make } from './registry';\nexport const handler = async () => { const one = await make('a'); return one.run(); };`,
    'registry.ts': `import { Service } from './service';\nconst made = new Map<string, Service>();\nexport async function make(name: string) { return made.get(name)!; }`,
    'service.ts': service,
  };

  it('is what a factory with an inferred return type gives', () => {
    expect(reached(factory)).toMatchObject({ names: ['Service.run'], possible: [], questions: 1 });
  });

  it('is not found without the oracle', () => {
    expect(reached(factory, { typeOracle: false })).toMatchObject({ names: [], questions: 0 });
  });

  it('is what a generic container is asked for', () => {
    expect(reached({
      'handler.ts': `import { resolve } from './container';\nimport { Service } from './service';\nexport const handler = () => resolve(Service).run();`,
      'container.ts': `const made = new Map<unknown, unknown>();\nexport function resolve<T>(cls: new () => T): T { return made.get(cls) as T; }`,
      'service.ts': service,
    }).names).toEqual(['Service.run']);
  });

  it('follows the overload that the arguments choose', () => {
    const answer = reached({
      'handler.ts': `import { pick } from './pick';\nexport const handler = () => pick('b').run();`,
      'pick.ts': `import { A, B } from './both';\nconst made = new Map<string, unknown>();\nexport function pick(kind: 'a'): A;\nexport function pick(kind: 'b'): B;\nexport function pick(kind: string): any { return made.get(kind); }`,
      'both.ts': 'export class A { a = 1; run() {} }\nexport class B { b = 1; run() {} }',
    });
    expect(answer.names).toEqual(['B.run']);
  });

  it('may be a class expression', () => {
    expect(reached({
      'handler.ts': `import { made } from './service';\nexport const handler = () => made.get('a').run();`,
      'service.ts': 'const Service = class Named { run() {} };\nexport const made = new Map<string, InstanceType<typeof Service>>();',
    }).names).toEqual(['Named.run']);
  });

  it('is chosen by a conditional type', () => {
    expect(reached({
      'handler.ts': `import { of } from './kinds';\nexport const handler = () => of('b').run();`,
      'kinds.ts': `export class A { a = 1; run() {} }\nexport class B { b = 1; run() {} }\ntype Kind<K> = K extends 'a' ? A : B;\nconst made = new Map<string, any>();\nexport function of<K extends string>(kind: K) { return made.get(kind) as Kind<K>; }`,
    }).names).toEqual(['B.run']);
  });

  it('is nothing that the files do not say', () => {
    for (const source of ['const made = new Map();', 'const made = new Map<string, any>();', `import { Thing } from 'package';\nconst made = new Map<string, Thing>();`]) {
      expect(reached({ 'handler.ts': `import './service';\n${source}\nexport const handler = () => made.get('a').run();`, 'service.ts': service }).names).toEqual([]);
    }
  });

  it('is nothing in untyped JavaScript', () => {
    expect(reached({ 'handler.js': `import './service';\nconst made = new Map();\nexport const handler = () => made.get('a').run();`, 'service.js': service }).names).toEqual([]);
  });

  it('keeps the union of a type possible', () => {
    const answer = reached({
      'handler.ts': `import { A, B } from './both';\nconst made = new Map<string, A | B>();\nexport const handler = () => made.get('a').run();`,
      'both.ts': 'export class A { a = 1; run() {} }\nexport class B { b = 1; run() {} }',
    });
    expect(answer).toMatchObject({ names: ['A.run', 'B.run'], possible: ['A.run', 'B.run'] });
  });
});

describe('an interface', () => {
  const files = (implementations: string): Record<string, string> => ({
    'handler.ts': `import type { Store } from './store';\nimport './sql';\nconst stores = new Map<string, Store>();\nexport const handler = () => stores.get('a').save();`,
    'store.ts': 'export interface Store { save(): void }',
    'sql.ts': `import type { Store } from './store';\n${implementations}`,
  });

  it('with one implementation stands for it', () => {
    expect(reached(files('export class Sql implements Store { save() {} }'))).toMatchObject({ names: ['Sql.save'], possible: [] });
  });

  it('with two implementations is possibly either', () => {
    const answer = reached(files('export class Sql implements Store { save() {} }\nexport class Memory implements Store { save() {} }'));
    expect(answer).toMatchObject({ names: ['Memory.save', 'Sql.save'], possible: ['Memory.save', 'Sql.save'] });
  });

  it('that no class of the function implements stands for nothing', () => {
    expect(reached(files('export class Other { save() {} }')).names).toEqual([]);
  });
});

describe('bounds', () => {
  const typed = (head: string, type = 'Service'): Record<string, string> => ({
    'handler.ts': `import { Service } from './service';\n${head}\nconst made = new Map<string, ${type}>();\nexport const handler = () => made.get('a').run();`, 'service.ts': service,
  });

  it('asks nothing about a file that is nested too deeply, and says so', () => {
    const answer = reached(typed(`type Deep = ${'['.repeat(200)}1${']'.repeat(200)};`));
    expect(answer.names).toEqual([]);
    expect(answer.gaps).toEqual([expect.stringMatching(/^handler\.ts: .*nested/)]);
  });

  it('asks nothing about nested text that the parser would try both ways', () => {
    const began = performance.now();
    expect(reached(typed(`const slow = ${'async(a=>('.repeat(25)}1${'))'.repeat(25)};`)).gaps).toEqual([expect.stringMatching(/^handler\.ts: .*nested/)]);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it('gives up what takes too much work, and says so', () => {
    const answer = reached(typed(`type Grow<T extends unknown[]> = T['length'] extends 100000 ? Service : Grow<[...T, 1]>;`, 'Grow<[]>'));
    expect(answer.names).toEqual([]);
    expect(answer.gaps).toEqual([expect.stringMatching(/^handler\.ts: .*too much work/)]);
  });

  it('survives types that never end', () => {
    const began = performance.now();
    const answer = reached(typed(`type Grow<T extends unknown[]> = T['length'] extends 100000 ? Service : Grow<[...T, 1]>;\ntype Twice<T> = { a: Twice<[T, T]>; b: Twice<{ t: T }> };`, `Grow<[]> & Twice<1>`));
    expect(answer.names).toEqual([]);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it('asks nothing when the imports lead to too many files, and says so', () => {
    const files = typed(Array.from({ length: 301 }, (_, index) => `import './many/m${index}';`).join('\n'));
    for (let index = 0; index < 301; index++) files[`many/m${index}.ts`] = 'export {};';
    const answer = reached(files);
    expect(answer.names).toEqual([]);
    expect(answer.gaps).toEqual([expect.stringMatching(/^handler\.ts: .*300 files/)]);
  });

  it.each([[2, ['Service.run']], [3, []]])('looks three imports far, by the shortest way: %i files between', (between, names) => {
    const files: Record<string, string> = { 'handler.ts': `import './long';\nimport { made } from './m1';\nimport './other';\nexport const handler = () => made.get('a').run();` };
    for (let index = 1; index < between; index++) files[`m${index}.ts`] = `export * from './m${index + 1}';`;
    files[`m${between}.ts`] = `import { Service } from './service';\nexport const made = new Map<string, Service>();`;
    files['long.ts'] = `import './longer';`;
    files['longer.ts'] = `import './m1';`;
    files['other.ts'] = service.replace('Service', 'Other');
    files['service.ts'] = service;
    expect(reached(files).names).toEqual(names);
  });

  it('asks no more than forty questions a function', () => {
    const calls = Array.from({ length: 50 }, (_, index) => `made.get('${index}').run();`).join('\n');
    expect(reached({ 'handler.ts': `import { Service } from './service';\nconst made = new Map<string, Service>();\nexport const handler = () => {\n${calls}\n};`, 'service.ts': service }).questions).toBe(40);
  });

  it('asks once for all functions', () => {
    const files = typed('');
    const { project: linked } = project(files, [deployed('One', 'handler.ts'), deployed('Two', 'handler.ts')]);
    for (const view of linked.functions) {
      expect(view.bodies('invoke').map((body) => body.fn.name)).toContain('run');
      view.release();
    }
    expect(linked.typeOracle).toMatchObject({ questions: 1, files: 2 });
  });
});
