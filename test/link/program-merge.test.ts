import { describe, expect, it } from 'vitest';
import { createFactsLoader } from '../../src/extract/load.ts';
import { Modules } from '../../src/link/modules.ts';
import { runProgram } from '../../src/link/program.ts';
import { toValue } from '../../src/link/program-values.ts';
import { Resolver } from '../../src/link/resolve.ts';
import type { Value } from '../../src/model/value.ts';
import { memoryWorkspace } from '../support/memory.ts';

/** What `body` hands to `show(…)` of a package, as plain data; `?` for what is not known. */
function shown(body: string): unknown {
  const workspace = memoryWorkspace({ 'a.ts': `import { show } from 'kit'; ${body}` });
  const program = runProgram(new Modules(createFactsLoader(workspace), new Resolver(workspace)), 'a.ts', { read: (file) => workspace.read(file) });
  const made = program?.made.find((one) => one.path.at(-1) === 'show');
  return plain(made?.args[0] === undefined ? undefined : toValue(made.args[0], () => undefined));
}

function plain(value: Value | undefined): unknown {
  switch (value?.kind) {
    case 'literal': return value.value;
    case 'object': return { ...Object.fromEntries(value.entries.map(([key, one]) => [key, plain(one)])), ...(value.open ? { '?': true } : {}) };
    case 'array': return value.items.map(plain);
    case 'oneOf': return { either: value.options.map(plain) };
    default: return '?';
  }
}

const one = '{ a: 1, in: { x: 1, y: 2 }, l: [1] }';
const two = '{ b: 2, in: { y: 3 }, l: [2], a: undefined }';

describe('packages that put objects together', () => {
  it.each([
    ["import deepmerge from 'deepmerge'; show(deepmerge(", { a: undefined, b: 2, in: { x: 1, y: 3 }, l: [1, 2] }],
    ["import * as deepmerge from 'deepmerge'; show(deepmerge.all([", { a: undefined, b: 2, in: { x: 1, y: 3 }, l: [1, 2] }],
    ["import _ from 'lodash'; show(_.merge(", { a: 1, b: 2, in: { x: 1, y: 3 }, l: [2] }],
    ["import merge from 'lodash/merge'; show(merge(", { a: 1, b: 2, in: { x: 1, y: 3 }, l: [2] }],
    ["import { defaultsDeep } from 'lodash'; show(defaultsDeep(", { a: 1, b: 2, in: { x: 1, y: 2 }, l: [1] }],
    ["import { defaults } from 'lodash'; show(defaults(", { a: 1, b: 2, in: { x: 1, y: 2 }, l: [1] }],
    ["import assign from 'object-assign'; show(assign(", { a: undefined, b: 2, in: { y: 3 }, l: [2] }],
    ["import { merge } from 'ts-deepmerge'; show(merge(", { a: undefined, b: 2, in: { x: 1, y: 3 }, l: [1, 2] }],
  ])('%s…)', (code, expected) => expect(shown(`${code}${one}, ${two}${code.endsWith('[') ? ']' : ''}));`)).toEqual(expected));

  it('leaves the objects of deepmerge as they are, and puts lists together as it is told', () => {
    expect(shown(`import deepmerge from 'deepmerge'; const first = ${one}; deepmerge(first, ${two}); show(first);`)).toEqual({ a: 1, in: { x: 1, y: 2 }, l: [1] });
    expect(shown(`import deepmerge from 'deepmerge'; show(deepmerge(${one}, ${two}, { arrayMerge: (there, given) => given }));`)).toMatchObject({ l: [2] });
  });

  it('knows what may be there from what is', () => {
    expect(shown("import deepmerge from 'deepmerge'; const more: any = {}; if (process.env.X) more.a = 2; show(deepmerge({ a: 1 }, more));")).toEqual({ a: { either: [1, 2] } });
    expect(shown("import deepmerge from 'deepmerge'; import { more } from 'elsewhere'; show(deepmerge({ a: 1 }, more));")).toMatchObject({ '?': true });
  });

  it.each(["import deepmerge from './own'; show(deepmerge(", "import { merge } from 'rxjs'; show(merge("])('does not take another function for one: %s', (code) => {
    expect(shown(`${code}${one}, ${two}));`)).toBe('?');
  });
});
