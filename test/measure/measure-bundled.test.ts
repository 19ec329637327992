import { describe, expect, it } from 'vitest';
import { measure } from '../../src/measure/measure.ts';
import type { BundleResult } from '../../src/model/finding.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { code, fn, link, pack, project } from './tree.ts';
import type { Tree } from './tree.ts';

const handler = (body: string): string => `${body}\nexport const handler = async () => used;\n`;
const uses = (name: string): string => handler(`import * as used from ${JSON.stringify(name)};`);

async function one(tree: Tree, target: ServerlessFunction = fn('app'), outside: Tree = {}): Promise<BundleResult> {
  const results = await measure(project(tree, outside).workspace, [target]);
  expect(results).toHaveLength(1);
  const [result] = results;
  if (result === undefined) throw new Error('no result');
  return result;
}

/** Projects that are measured: at least and at most so many bytes. */
const measured: readonly (readonly [string, Tree, ServerlessFunction, number, number])[] = [
  ['own code alone', { 'src/app.ts': handler('const used = 1;') }, fn('app'), 100, 2_000],
  ['a big package', { 'src/app.ts': uses('big'), ...pack('big', 400_000) }, fn('app'), 400_000, 405_000],
  ['minified', { 'src/app.ts': uses('big'), ...pack('big', 1_000, {}), 'node_modules/big/index.js': `/* ${'c'.repeat(200_000)} */\n${code(1_000)}` }, fn('app', {}, { minify: true }), 1_000, 4_000],
  ['with source map', { 'src/app.ts': uses('big'), ...pack('big', 100_000) }, fn('app', {}, { sourceMap: true }), 200_000, 260_000],
  ['two packages', { 'src/app.ts': `import a from 'a'; import b from 'b'; export const handler = () => [a, b];`, ...pack('a', 50_000), ...pack('b', 70_000) }, fn('app'), 120_000, 125_000],
  ['a transitive package', { 'src/app.ts': uses('a'), 'node_modules/a/package.json': { name: 'a', main: 'm' }, 'node_modules/a/m.js': `module.exports = require('b')`, ...pack('b', 90_000) }, fn('app'), 90_000, 95_000],
  ['exports with conditions', { 'src/app.ts': uses('e/sub'), 'node_modules/e/package.json': { name: 'e', exports: { './sub': { browser: './no.js', import: './yes.mjs', require: './no.js' } } }, 'node_modules/e/yes.mjs': `export const v = ${JSON.stringify('v'.repeat(30_000))};` }, fn('app'), 30_000, 33_000],
  ['exports with a pattern', { 'src/app.ts': uses('e/lib/deep/a.js'), 'node_modules/e/package.json': { name: 'e', exports: { './lib/*': './dist/*' } }, 'node_modules/e/dist/deep/a.js': code(20_000) }, fn('app'), 20_000, 23_000],
  ['subpath imports', { 'package.json': { name: 'x', imports: { '#db': './src/db.js' } }, 'src/app.ts': uses('#db'), 'src/db.js': code(15_000) }, fn('app'), 15_000, 18_000],
  ['tsconfig paths', { 'tsconfig.json': '{ // comment\n "compilerOptions": { "paths": { "@lib/*": ["./lib/*"], } } }', 'src/app.ts': uses('@lib/a'), 'lib/a.ts': `export const a = ${JSON.stringify('a'.repeat(25_000))};` }, fn('app'), 25_000, 28_000],
  ['tsconfig paths through extends', { 'tsconfig.json': { extends: './base' }, 'base.json': { compilerOptions: { baseUrl: 'lib' } }, 'src/app.ts': uses('a'), 'lib/a.ts': `export const a = ${JSON.stringify('a'.repeat(25_000))};` }, fn('app'), 25_000, 28_000],
  ['.js specifier of a .ts file', { 'src/app.ts': uses('./b.js'), 'src/b.ts': `export const b = ${JSON.stringify('b'.repeat(12_000))};` }, fn('app'), 12_000, 15_000],
  ['a workspace package by link', { 'src/app.ts': uses('@ws/core'), 'node_modules/@ws/core': link('../../packages/core'), 'packages/core/package.json': { name: '@ws/core', main: 'src/index.ts' }, 'packages/core/src/index.ts': `export const c = ${JSON.stringify('c'.repeat(18_000))};` }, fn('app'), 18_000, 21_000],
  ['parameter decorators', { 'src/app.ts': `const Inject = () => (t: unknown, k: unknown, i: number) => {}; class A { constructor(@Inject() private readonly b: string) {} } const used = new A('x'); export const handler = async () => used;` }, fn('app'), 200, 5_000],
  ['an optional require that is not installed', { 'src/app.ts': handler(`let used; try { used = require('pg-native') } catch { used = undefined }`) }, fn('app'), 100, 3_000],
  ['external by the declaration, not installed', { 'src/app.ts': uses('big') }, fn('app', {}, { external: ['big'] }), 100, 3_000],
  ['CDK leaves the SDK out on node 22', { 'src/app.ts': uses('@aws-sdk/client-s3') }, fn('app', {}, { tool: 'cdk' }), 100, 3_000],
  ['serverless-esbuild leaves SDK v2 out', { 'src/app.ts': uses('aws-sdk/clients/s3') }, fn('app', {}, { tool: 'serverless-esbuild' }), 100, 3_000],
  ['serverless-esbuild installs its externals', { 'src/app.ts': uses('big'), ...pack('big', 60_000) }, fn('app', {}, { tool: 'serverless-esbuild', external: ['big'] }), 60_000, 65_000],
  ['built-in modules', { 'src/app.ts': `import fs from 'fs'; import { join } from 'node:path'; import 'fs/promises'; export const handler = () => [fs, join];` }, fn('app'), 100, 4_000],
  ['a type-only import of what is not installed', { 'src/app.ts': `import type { Handler } from 'aws-lambda'; const used = 1; export const handler: Handler = async () => used;` }, fn('app'), 50, 2_000],
  ['esm output', { 'src/app.ts': uses('./b'), 'src/b.ts': `export const b = ${JSON.stringify('b'.repeat(12_000))};` }, fn('app', {}, { format: 'esm' }), 12_000, 13_000],
  ['a json file', { 'src/app.ts': handler(`import used from './data.json';`), 'src/data.json': { text: 'j'.repeat(40_000) } }, fn('app'), 40_000, 42_000],
  ['data: URL', { 'src/app.ts': handler(`import used from 'data:text/javascript,export default 1';`) }, fn('app'), 50, 2_000],
  ['a hostile target is not passed on', { 'src/app.ts': handler('const used = 1;') }, fn('app', {}, { target: '--bogus' }), 100, 2_000],
  ['a file named __proto__', { 'src/app.ts': uses('./__proto__'), 'src/__proto__.ts': `export const p = ${JSON.stringify('p'.repeat(10_000))};` }, fn('app'), 10_000, 12_000],
  ['a cycle of imports', { 'src/app.ts': `import './b'; export const handler = () => 1;`, 'src/b.ts': `import './app'; globalThis.x = ${JSON.stringify('b'.repeat(9_000))};` }, fn('app'), 9_000, 12_000],
  ['side-effect-free barrel is shaken', { 'src/app.ts': handler(`import { used } from 'barrel';`), 'node_modules/barrel/package.json': { name: 'barrel', sideEffects: false, module: 'i.js', main: 'i.js' }, 'node_modules/barrel/i.js': `export * from './a.js'; export * from './b.js';`, 'node_modules/barrel/a.js': 'export const used = 1;', 'node_modules/barrel/b.js': `globalThis.b = ${JSON.stringify('b'.repeat(50_000))}; export const other = 2;` }, fn('app'), 100, 3_000],
];

describe('bundled packages', () => {
  it.each(measured)('measures %s', async (_title, tree, target, least, most) => {
    const result = await one(tree, target);
    expect(result).toMatchObject({ function: 'app', id: 'template.yaml#app', status: 'measured' });
    expect(result.bytes).toBeGreaterThanOrEqual(least);
    expect(result.bytes).toBeLessThanOrEqual(most);
    expect(result.zippedBytes).toBeGreaterThan(0);
  });

  const unmeasured: readonly (readonly [string, Tree, ServerlessFunction, RegExp, Tree?])[] = [
    ['a package that is not installed', { 'src/app.ts': uses('lodash/get') }, fn('app'), /^package lodash is not installed \(imported by src\/app\.ts\)$/],
    ['a scoped package deep in the graph', { 'src/app.ts': uses('./b'), 'src/b.ts': `export * from '@scope/deep';` }, fn('app'), /^package @scope\/deep is not installed \(imported by src\/b\.ts\)$/],
    ['the SDK where nothing leaves it out', { 'src/app.ts': uses('@aws-sdk/client-s3') }, fn('app', {}, { tool: 'sam' }), /^package @aws-sdk\/client-s3 is not installed/],
    ['SDK v2 on node 22 under CDK', { 'src/app.ts': uses('aws-sdk') }, fn('app', {}, { tool: 'cdk' }), /^package aws-sdk is not installed/],
    ['an installed external that is missing', { 'src/app.ts': uses('sharp') }, fn('app', {}, { tool: 'serverless-esbuild', external: ['sharp'] }), /^package sharp is not installed$/],
    ['a missing file', { 'src/app.ts': uses('./gone') }, fn('app'), /^\.\/gone is not found \(imported by src\/app\.ts\)$/],
    ['a subpath that exports hide', { 'src/app.ts': uses('e/private'), 'node_modules/e/package.json': { name: 'e', exports: { '.': './i.js' } }, 'node_modules/e/i.js': '', 'node_modules/e/private.js': '' }, fn('app'), /^e\/private is not found/],
    ['a syntax error', { 'src/app.ts': uses('./b'), 'src/b.ts': 'export const a = ;' }, fn('app'), /^src\/b\.ts:1: Unexpected ";"$/],
    ['a syntax error in the handler', { 'src/app.ts': 'export const handler = (' }, fn('app'), /^src\/app\.ts:1: /],
    ['an import that the module does not export', { 'src/app.ts': handler(`import { used } from './b';`), 'src/b.js': 'export const other = 1;' }, fn('app'), /^src\/app\.ts:1: No matching export/],
    ['a native addon', { 'src/app.ts': uses('native'), 'node_modules/native/package.json': { main: 'a.node' }, 'node_modules/native/a.node': 'ELF' }, fn('app'), /^no loader is known for node_modules\/native\/a\.node$/],
    ['a package linked out of the root', { 'src/app.ts': uses('far'), 'node_modules/far': link('../../far') }, fn('app'), /^far lies outside the repository/, { 'far/index.js': code(10, 'canary') }],
    ['a file linked out of the root', { 'src/app.ts': uses('./far'), 'src/far.ts': link('../../far.ts') }, fn('app'), /^\.\/far lies outside the repository/, { 'far.ts': 'export const canary = 1;' }],
    ['an import above the root', { 'src/app.ts': uses('../../far') }, fn('app'), /^\.\.\/\.\.\/far lies outside the repository/, { 'far.ts': 'export const canary = 1;' }],
    ['an absolute import', { 'src/app.ts': uses('/etc/passwd') }, fn('app'), /^\/etc\/passwd lies outside the repository/],
    ['tsconfig paths above the root', { 'tsconfig.json': { compilerOptions: { paths: { '@far/*': ['../far/*'] } } }, 'src/app.ts': uses('@far/a') }, fn('app'), /^package @far\/a is not installed/, { 'far/a.ts': 'export const canary = 1;' }],
    ['main above the root', { 'src/app.ts': uses('m'), 'node_modules/m/package.json': { main: '../../../far.js' } }, fn('app'), /^package m is not installed/, { 'far.js': code(10, 'canary') }],
    ['node_modules beside the root', { 'src/app.ts': uses('far') }, fn('app'), /^package far is not installed/, pack('far', 100)],
    ['a handler that is not there', {}, fn('app'), /^handler file src\/app\.ts is not found$/],
    ['a handler linked out of the root', { 'src/app.ts': link('../../far.ts') }, fn('app'), /^handler file src\/app\.ts lies outside the repository$/, { 'far.ts': 'export const canary = 1;' }],
    ['no handler', { 'src/app.ts': '' }, fn('app', { handlers: [] }), /^the handler’s source file is not known$/],
    ['a container image', {}, fn('app', {}, { form: 'image' }), /^container image$/],
    ['unknown packaging', {}, fn('app', {}, { form: 'unknown' }), /^how its package is made is not known$/],
    ['brackets that nest too deep', { 'src/app.ts': `export const handler = ${'['.repeat(30_000)}${']'.repeat(30_000)};` }, fn('app'), /^src\/app\.ts nests too deep/],
    ['a name that would start a line of its own', { 'src/app.ts': uses('a\n::error::pwn') }, fn('app'), /^a\?::error::pwn is not found \(imported by src\/app\.ts\)$/],
    ['binary under a source name', { 'src/app.ts': new Uint8Array([0, 1, 2, 255, 254]) }, fn('app'), /^src\/app\.ts:1: /],
  ];

  it.each(unmeasured)('does not measure %s', async (_title, tree, target, reason, outside) => {
    const result = await one(tree, target, outside);
    expect(result).toMatchObject({ function: 'app', status: 'notMeasured' });
    expect(result.reason).toMatch(reason);
    expect(result.reason).not.toMatch(/[\n\r]/);
    expect(result.bytes).toBeUndefined();
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  it('gives each function of one run its own answer, as if it were alone', async () => {
    const tree: Tree = {
      'src/a.ts': uses('./shared'), 'src/b.ts': uses('big'), 'src/c.ts': uses('missing'), 'src/d.ts': 'broken(', 'src/shared.ts': `export const s = ${JSON.stringify('s'.repeat(5_000))};`,
      ...pack('big', 30_000),
    };
    const { workspace } = project(tree);
    const functions = ['a', 'b', 'c', 'd'].map((name) => fn(name));
    const joint = await measure(workspace, functions);
    expect(joint.map((item) => item.status)).toEqual(['measured', 'measured', 'notMeasured', 'notMeasured']);
    for (const [index, target] of functions.entries()) expect(await measure(workspace, [target])).toEqual([joint[index]]);
  });

  it('names the biggest packages with the shortest chain from the handler', async () => {
    const result = await one({
      'src/app.ts': `import './far'; import './near'; export const handler = () => 1;`,
      'src/far.ts': `import './farther';`, 'src/farther.ts': `import 'big';`, 'src/near.ts': `import 'wrap';`,
      'node_modules/wrap/package.json': { name: 'wrap', main: 'a.js' }, 'node_modules/wrap/a.js': `require('./b')`, 'node_modules/wrap/b.js': `require('inner')`,
      ...pack('big', 60_000), ...pack('inner', 40_000),
    });
    expect(result.contributors?.slice(0, 2)).toEqual([
      { name: 'big', bytes: expect.any(Number), chain: ['src/app.ts', 'src/far.ts', 'src/farther.ts', 'big'] },
      { name: 'inner', bytes: expect.any(Number), chain: ['src/app.ts', 'src/near.ts', 'wrap', 'inner'] },
    ]);
    expect(result.contributors?.[0]?.bytes).toBeGreaterThan(60_000);
  });

  it('counts copies of one package', async () => {
    const result = await one({
      'src/app.ts': `import 'twice'; import 'wrap'; export const handler = () => 1;`,
      'node_modules/wrap/package.json': { name: 'wrap', main: 'a.js' }, 'node_modules/wrap/a.js': `require('twice')`,
      ...pack('twice', 30_000), ...pack('twice', 20_000, { version: '2.0.0' }, 'node_modules/wrap/node_modules'),
    });
    expect(result.duplicates).toEqual([{ name: 'twice', copies: 2, bytes: expect.any(Number), savedBytes: expect.any(Number) }]);
    expect(result.duplicates?.[0]?.savedBytes).toBeLessThan(21_000);
  });

  it('says when the size is an estimate', async () => {
    const result = await one({ 'src/app.ts': handler('const used = 1;') }, fn('app', {}, { tool: 'webpack' }));
    expect(result.assumptions).toEqual(['measured with esbuild; webpack may give another size']);
  });

  it('shares one package between functions with the same entry and settings, and no other', async () => {
    const { workspace } = project({ 'src/a.ts': handler('const used = 1;') });
    const same = { handlers: [{ file: 'src/a.ts', export: 'handler', kind: 'lambda' }] };
    const results = await measure(workspace, [fn('one', same), fn('two', same), fn('three', same, { minify: true })]);
    expect(results[0]?.package).toBe(results[1]?.package);
    expect(results[2]?.package).not.toBe(results[0]?.package);
  });

  it('leaves contributors out below the budgets', async () => {
    const { workspace } = project({ 'src/app.ts': handler('const used = 1;') });
    const [small] = await measure(workspace, [fn('app')], { warnBytes: 1_000_000 });
    const [over] = await measure(workspace, [fn('app')], { warnBytes: 10 });
    expect(small?.contributors).toBeUndefined();
    expect(over?.contributors).toHaveLength(1);
  });

  it('stops at its time limit and says so', async () => {
    const { workspace } = project({ 'src/app.ts': handler('const used = 1;'), 'folder/a.js': '1' });
    const results = await measure(workspace, [fn('app')], { timeLimitSeconds: 0 });
    expect(results[0]).toMatchObject({ status: 'notMeasured', reason: 'measuring took longer than its time limit' });
  });
});
