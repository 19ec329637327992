import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tsParser from '@typescript-eslint/parser';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/extract/estree.ts';
import { extractFacts, type CommentNode } from '../../src/extract/extract.ts';
import { parseModule } from '../../src/extract/parse.ts';

const require = createRequire(import.meta.url);
// ESLint's own parser; resolved through ESLint, as it is no dependency of ours.
const espree = createRequire(require.resolve('eslint'))('espree') as { parse(text: string, options: object): Node & { comments: CommentNode[] } };

function* sources(dir: string, pattern: RegExp, depth = 0): Generator<string> {
  for (const name of readdirSync(dir).sort()) {
    const path = join(dir, name);
    const stat = statSync(path);
    if (stat.isDirectory() && name !== 'node_modules' && depth < 8) yield* sources(path, pattern, depth + 1);
    else if (stat.isFile() && pattern.test(name) && stat.size < 200_000) yield path;
  }
}

const text = (file: string): string => readFileSync(file, 'utf8').replace(/^\uFEFF/, '');

/** What ESLint hands to its parsers: a hashbang is a comment there. */
const forEslint = (source: string): string => source.replace(/^#!/, '//');

function viaTypescript(file: string, source: string): unknown {
  const { ast } = tsParser.parseForESLint(forEslint(source), { filePath: file, range: true, comment: true, ecmaFeatures: { jsx: !/\.[mc]?ts$/.test(file) }, sourceType: 'module' });
  return extractFacts(file, source, ast as unknown as Node, (ast.comments ?? []) as unknown as CommentNode[]);
}

function viaEspree(file: string, source: string): unknown {
  const ast = espree.parse(forEslint(source), { range: true, comment: true, ecmaVersion: 'latest', sourceType: 'module', ecmaFeatures: { jsx: true, globalReturn: true } });
  return extractFacts(file, source, ast, ast.comments);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Files that one parser refuses are not compared: in ESLint the rules do not run on them. */
function compare(files: Iterable<string>, parse: (file: string, source: string) => unknown): { compared: number; different: string[] } {
  let compared = 0;
  const different: string[] = [];
  for (const file of files) {
    const source = text(file);
    const ours = parseModule(file, source);
    if (!('facts' in ours)) continue;
    let theirs: unknown;
    try { theirs = parse(file, source); } catch { continue; }
    compared++;
    try { expect(plain(ours.facts)).toEqual(plain(theirs)); } catch (error) { different.push(`${file}: ${String((error as Error).message).slice(0, 400)}`); }
  }
  return { compared, different };
}

describe('facts do not depend on the parser', () => {
  it('fixtures, TypeScript parser', () => {
    const { compared, different } = compare(sources('fixtures', /\.[mc]?[jt]sx?$/), viaTypescript);
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(30);
  });
  it('fixtures, ESLint parser', () => {
    const { compared, different } = compare(sources('fixtures', /\.[mc]?jsx?$/), viaEspree);
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(10);
  });
  it('published sources, both parsers', () => {
    const js = [...sources('node_modules/eslint/lib/rules', /\.js$/)].filter((_, index) => index % 6 === 0);
    const ts = [...sources('node_modules/@typescript-eslint', /\.d\.ts$/)].filter((_, index) => index % 12 === 0);
    expect(compare(js, viaEspree).different).toEqual([]);
    expect(compare([...js, ...ts], viaTypescript).different).toEqual([]);
    expect(js.length).toBeGreaterThan(40);
  });
  it.each<[string, string, string]>([
    ['CRLF and byte order mark removed', 'a.ts', "const a = 1;\r\nexport const b = `x\r\n${a}`;\r\n"],
    ['hashbang', 'a.js', '#!/usr/bin/env node\nmodule.exports = { a: 1 };\n'],
    ['non-BMP characters', 'a.ts', "const face = '😀'; export const after = face + '漢';"],
    ['JSX', 'a.tsx', 'export const A = (p: { x: string }) => <Foo.Bar x={p.x} {...p}>&gt;{call(p)}</Foo.Bar>; const Foo: any = {};'],
    ['parentheses and casts', 'a.ts', 'export const x = (((a as any))!).b?.(c)?.[0] satisfies unknown; declare const a: unknown, c: unknown;'],
    ['decorators', 'a.ts', '@Injectable() export class A { constructor(@Inject("x") private readonly q: Queue, b = 1) {} @Get() m(@Body() body: Dto) { return this.q.send(body, b2); } } declare const b2: number;'],
    ['exported namespace with a type, a function and a nested one', 'a.ts', 'export namespace N { export interface P { a: string } export const run = async (p: P) => p; export namespace M { export class C { x = 1 } } } export type T = N.P; namespace N.Q { export const z = 1; }'],
    ['enums, namespaces, import equals', 'a.ts', 'import fs = require("fs"); enum A { X, Y = "y", Z = 3 } namespace N { export const n = fs.readFileSync("a"); } export = A;'],
    ['import equals of a name', 'a.ts', 'import * as sdk from "sdk"; import Bot = sdk.Cloud.Bot; import Again = Bot; export import Type = sdk.Type; export const bot = new Bot(Again);'],
    ['classes', 'a.ts', 'export default class extends B { static s = 1; #p = 2; accessor q = 3; static { this.s++; } get g() { return this.#p; } set g(v) { this.#p = v; } [computed]() {} abstractless?(): void } declare const B: any, computed: string;'],
    ['destructuring', 'a.js', 'const { a: { b = 1, ...c }, ["d"]: [e, , ...f] } = g(); ({ x: y.z, w: [v.u] } = h); for (const { i } of j) k(i); var y, v, h, j; function g() {} function k() {}'],
    ['labels, switch, try', 'a.js', 'outer: for (;;) { switch (a()) { case 1: { break outer; } default: continue outer; } } try { a(); } catch { b(); } finally { c(); } function a() {} function b() {} function c() {}'],
    ['type-only imports', 'a.ts', 'import type { A } from "a"; import { type B, c } from "b"; export type { A } from "a"; export { type D } from "d"; export * as ns from "e"; export const x: A | B = c;'],
  ])('%s', (_name, file, source) => {
    const ours = parseModule(file, source);
    expect('facts' in ours && plain(ours.facts)).toEqual(plain(viaTypescript(file, source)));
    if (!file.endsWith('.js')) return;
    expect('facts' in ours && plain(ours.facts)).toEqual(plain(viaEspree(file, source)));
  });
});

describe('a file that does not parse', () => {
  it.each([
    ['a module', 'a.js', "import { a } from 'a';\nexport const handler = (", { error: 'syntax error: Expected `)` but found `EOF`', line: 2 }],
    ['a script', 'a.cjs', "const a = require('a');\n\nexports.handler = () => { a( };", { error: 'syntax error: Unexpected token', line: 3 }],
  ])('says what is wrong with %s, not which kind it is', (_name, file, text, expected) => {
    expect(parseModule(file, text)).toEqual(expected);
  });
});
