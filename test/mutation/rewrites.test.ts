import { describe, expect, it } from 'vitest';
import { Edits, lineAt, offsetAt } from '../../scripts/mutate/edits.ts';
import { rewrites } from '../../scripts/mutate/rewrites/all.ts';
import type { Surroundings } from '../../scripts/mutate/rewrites/kit.ts';
import { parseTree } from '../../scripts/mutate/tree.ts';

const alone: Surroundings = { isEntry: false, isKnownByTypes: false, all: true, resolve: () => undefined };

/** The text after a rewrite, spaces made one; the same text where there is nothing to rewrite. */
function rewritten(id: string, text: string, file = 'a.ts'): string {
  const tree = parseTree(file, text);
  const rewrite = rewrites.find((item) => item.id === id);
  if (!tree || !rewrite) throw new Error(`no ${id}`);
  const edits = new Edits(text);
  const given = rewrite.apply(tree, edits, alone);
  const result = typeof given === 'object' ? given.text : given === false ? text : edits.apply().text;
  expect(parseTree(file, result)).toBeDefined();
  return result.replace(/\s+/g, ' ').trim();
}

describe('rewrites', () => {
  it.each<[string, string, string]>([
    ['rename', 'const a = 1; export const f = ({ b }) => a + b;', 'const q9_a = 1; export const f = ({ b: q9_b }) => q9_a + q9_b;'],
    ['extract', "'use strict'; const f = () => g('x', { n: 2 });", "'use strict'; const q9_Constant0 = 'x'; const q9_Constant1 = 2; const f = () => g(q9_Constant0, { n: q9_Constant1 });"],
    ['inline', 'const n = 3; const f = () => g(n);', 'const f = () => g(3);'],
    ['inline', 'const n = 3; const f = () => g(n, n);', 'const n = 3; const f = () => g(n, n);'],
    ['arrow', 'const f = async (a) => a.b; const g = function (a) { return a; };', 'const f = async function (a) { return ( a.b); }; const g = (a) => { return a; };'],
    ['arrow', 'const f = () => this.x; const g = function () { return this; };', 'const f = () => this.x; const g = function () { return this; };'],
    ['arrow', 'export async function handler(e) { return e; }', 'export const handler = async (e) => { return e; };'],
    ['destructure', 'const { a, b: c } = x; const d = y.d;', 'const a = x.a, c = x.b; const { d } = y;'],
    ['destructure', "const { a } = require('x'); const f = ({ b }) => { g(b); };", "const q9_whole0 = require('x'), a = q9_whole0.a; const f = (q9_given1) => { const b = q9_given1.b; g(b); };"],
    ['await', 'const f = async () => { const a = await g(); return h(a); };', 'const f = async () => { return g().then(async (a) => { return h(a); }); };'],
    ['await', 'const f = async () => { return g().then((a) => h(a)); };', 'const f = async () => { const a = await g(); return h(a); };'],
    ['modules', "import a, { b as c } from 'x'; export const f = a; export default c;", "const a = require(\"x\"); const { b: c } = require(\"x\"); const f = a; exports.f = f; exports.default = c;"],
    ['modules', "const { b: c } = require('x'); const y = require('y'); exports.f = c; exports.g = () => y;", "import { b as c } from \"x\"; import y from \"y\"; export { c as f }; export const g = () => y;"],
    ['modules', "const a = () => 1; module.exports = { a, b: a }; require('x');", 'const a = () => 1; export { a, a as b }; import "x";'],
    ['types', "import type { T } from 't'; import { U, v } from 'u'; const f = (a: T, b?: U): T => v(a as T, b!);", "import { v } from 'u'; const f = (a , b ) => v(a , b );"],
    ['reorder', "function a() {} let x = a(); function b() {}", 'function b() {} let x = a(); function a() {}'],
    ['reorder', "const a = 1; const b = 2; let c;", 'const b = 2; const a = 1; let c;'],
    ['parentheses', 'const a = f(b); if (a) g(a + 1);', 'const a = (f((b))); if ((a)) g((a + (1)));'],
    ['block', 'const f = (a) => a; const g = () => { return 1; };', 'const f = (a) => { return ( a); }; const g = () => (1);'],
    ['template', "const a = `x${b}`; const c = 'x' + b + 'y';", 'const a = ("x" + (b) + ""); const c = `x${b}y`;'],
    ['invert', 'if (a) { b(); } else c();', 'if (!(a)) { c(); } else { { b(); } }'],
    ['braces', 'if (a) b(); for (;;) c();', 'if (a) { b(); } for (;;) { c(); }'],
    ['format', "a('x');\nb();", '/* next */ a("x"); /* next */ b();'],
  ])('%s: %s', (id, text, expected) => {
    expect(rewritten(id, text, id === 'types' ? 'a.ts' : 'a.js')).toBe(expected);
  });

  it('moves a module behind another one', () => {
    const tree = parseTree('lib/a.ts', 'export const a = 1;\nexport default a;\n');
    expect(tree && rewrites.find((item) => item.id === 'reexport')?.move?.(tree, alone)).toEqual({ name: 'a-q9.ts', stub: "export * from './a-q9';\nexport { default } from './a-q9';\n" });
  });

  it('are fourteen at least', () => {
    expect(new Set(rewrites.map((item) => item.id)).size).toBeGreaterThanOrEqual(14);
  });
});

describe('edits', () => {
  it('nest, and tell where an old place is', () => {
    const edits = new Edits('a(b)\nc');
    edits.wrap({ range: [0, 4] }, '<', '>');
    edits.wrap({ range: [2, 3] }, '(', ')');
    edits.replace(5, 6, 'new\nc');
    edits.insert(5, '\n');
    const { text, map } = edits.apply();
    expect(text).toBe('<a((b))>\n\nnew\nc');
    expect([map(0), map(2), map(3), map(5)]).toEqual([1, 4, 6, 10]);
    expect(lineAt(text, map(5))).toBe(3);
    expect(offsetAt(text, 3, 1)).toBe(10);
  });
  it('leave out what overlaps', () => {
    const edits = new Edits('abcd');
    expect([edits.replace(0, 2, 'x'), edits.replace(1, 3, 'y'), edits.replace(2, 3, 'z')]).toEqual([true, false, true]);
    expect(edits.apply().text).toBe('xzd');
  });
});
