import { describe, expect, it } from 'vitest';
import type { BundleResult } from '../../src/model/finding.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { packagingFilter } from '../../src/measure/folder.ts';
import { measure } from '../../src/measure/measure.ts';
import type { MeasureOptions } from '../../src/measure/measure.ts';
import { code, fn, folderFn, link, literal, pack, project } from './tree.ts';
import type { Tree } from './tree.ts';

async function one(tree: Tree, target: ServerlessFunction, outside: Tree = {}, options: MeasureOptions = {}): Promise<BundleResult> {
  const [result] = await measure(project(tree, outside).workspace, [target], options);
  if (result === undefined) throw new Error('no result');
  return result;
}

const needs = (...names: string[]): object => ({ name: 'app', dependencies: Object.fromEntries(names.map((name) => [name, '*'])) });
const text = (bytes: number): string => 'x'.repeat(bytes);

const measured: readonly (readonly [string, Tree, ServerlessFunction, number])[] = [
  ['files of the folder, and no others', { 'f/a.js': text(100), 'f/sub/b.bin': text(50), 'other.js': text(7) }, folderFn('app', 'f'), 150],
  ['the root folder', { 'a.js': text(10), 'b/c.js': text(5) }, folderFn('app', '.'), 15],
  ['no version control, no build output of the tool', { 'a.js': text(10), '.git/objects/big': text(900), '.aws-sam/build/a.js': text(900), '.serverless/x.zip': text(900) }, folderFn('app', ''), 10],
  ['production packages only', { 'f/package.json': JSON.stringify({ name: 'x', dependencies: { a: '1' }, devDependencies: { dev: '1' } }), 'f/i.js': '', 'f/node_modules/a/index.js': text(200), 'f/node_modules/dev/index.js': text(9_000) }, folderFn('app', 'f'), 200 + 67],
  ['what a package needs in turn, once', { 'package.json': '{"dependencies":{"a":"1","b":"1"}}', 'node_modules/a/package.json': '{"dependencies":{"c":"1"}}', 'node_modules/b/package.json': '{"dependencies":{"c":"1"}}', 'node_modules/c/index.js': text(300) }, folderFn('app', ''), 34 + 26 * 2 + 300],
  ['packages hoisted above the folder', { 'fns/a/package.json': '{"dependencies":{"h":"1"}}', 'node_modules/h/index.js': text(70) }, folderFn('app', 'fns/a'), 26 + 70],
  ['an optional dependency that is not there as nothing', { 'package.json': '{"optionalDependencies":{"o":"1"}}' }, folderFn('app', ''), 34],
  ['a peer that is there', { 'package.json': '{"dependencies":{"a":"1"}}', 'node_modules/a/package.json': '{"peerDependencies":{"p":"1"}}', 'node_modules/p/index.js': text(400) }, folderFn('app', ''), 26 + 30 + 400],
  ['node_modules without a manifest as it stands', { 'f/i.js': text(3), 'f/node_modules/any/index.js': text(77) }, folderFn('app', 'f'), 80],
  ['exclude patterns', { 'a.js': text(10), 'test/t.js': text(500), 'docs/deep/d.md': text(500) }, folderFn('app', '', {}, { exclude: ['test/**', '**/*.md'] }), 10],
  ['patterns in order', { 'a.js': text(10), 'src/b.js': text(20), 'src/c.test.js': text(40) }, folderFn('app', '', {}, { exclude: ['**'], include: ['src/**', '!src/**/*.test.js'] }), 20],
  ['an excluded package that is not installed', { 'package.json': '{"dependencies":{"aws-sdk":"2"}}', 'i.js': text(6) }, folderFn('app', '', {}, { exclude: ['node_modules/aws-sdk/**'] }), 32 + 6],
  ['a linked file as nothing', { 'f/a.js': text(10), 'f/b.js': link('../big.js'), 'big.js': text(9_000) }, folderFn('app', 'f'), 10],
  ['a loop of links', { 'f/a.js': text(10), 'f/loop': link('.') }, folderFn('app', 'f'), 10],
  ['a link out of the root as nothing', { 'f/a.js': text(10), 'f/far': link('../../far') }, folderFn('app', 'f'), 10],
  ['a layer of the repository', { 'f/a.js': text(10), 'layers/common/nodejs/x.js': text(600) }, folderFn('app', 'f', { layers: [literal('layers/common')] }), 610],
  ['an installed layer', { 'f/a.js': text(10), 'l/nodejs/package.json': '{"dependencies":{"a":"1"}}', 'l/nodejs/node_modules/a/index.js': text(600) }, folderFn('app', 'f', { layers: [literal('./l/')] }), 10 + 26 + 600],
  ['inline code by its text', {}, fn('app', {}, { form: 'inline', inlineCode: 'exports.é = 1' }), 14],
  ['an empty folder by its one file', { 'f/.keep': '' }, folderFn('app', 'f'), 0],
];

describe('folder packages', () => {
  it.each(measured)('counts %s', async (_title, tree, target, bytes) => {
    const result = await one(tree, target, { 'far/big.js': text(5_000) });
    expect(result).toMatchObject({ function: 'app', status: 'measured', bytes });
  });

  const unmeasured: readonly (readonly [string, Tree, ServerlessFunction, string, Tree?])[] = [
    ['a dependency that is not installed', { 'package.json': needs('left-pad') }, folderFn('app', ''), 'package left-pad is not installed'],
    ['a dependency of a dependency', { 'package.json': needs('a'), 'node_modules/a/package.json': needs('b') }, folderFn('app', ''), 'package b is not installed (needed by a)'],
    ['a folder that is not there', {}, folderFn('app', 'dist'), 'folder dist is not in the repository'],
    ['an archive that a build makes', {}, folderFn('app', 'out/job.zip'), 'archive out/job.zip is not there: what makes it has not run, and how it does is not declared'],
    ['a folder above the root', {}, folderFn('app', '../far'), 'folder ../far lies outside the repository', { 'far/a.js': '1' }],
    ['an absolute folder', {}, folderFn('app', '/etc'), 'folder /etc lies outside the repository'],
    ['a folder linked out of the root', { f: link('../far') }, folderFn('app', 'f'), 'folder f lies outside the repository', { 'far/a.js': '1' }],
    ['an archive', { 'code.zip': 'PK' }, folderFn('app', 'code.zip'), 'code.zip is a file: its contents are not measured'],
    ['a package linked out of the root', { 'package.json': needs('far'), 'node_modules/far': link('../../far') }, folderFn('app', ''), 'package far lies outside the repository', { 'far/index.js': code(100) }],
    ['a broken manifest', { 'package.json': '{"dependencies":' }, folderFn('app', ''), 'package.json cannot be read'],
    ['an unknown folder', {}, fn('app', {}, { form: 'folder' }), 'which folder is packaged is not known'],
    ['inline code that is not known', {}, fn('app', {}, { form: 'inline' }), 'inline code, its text is not known'],
    ['another language', { 'f/a.py': '1' }, folderFn('app', 'f', { runtime: { value: 'python3.12', location: { file: 't', line: 1, column: 1, endLine: 1, endColumn: 2 } } }), 'packages of runtime python3.12 are not measured'],
    ['a layer whose packages are not installed', { 'f/a.js': '1', 'l/nodejs/package.json': needs('a') }, folderFn('app', 'f', { layers: [literal('l')] }), 'layer l: package a is not installed'],
  ];

  it.each(unmeasured)('does not measure %s', async (_title, tree, target, reason, outside) => {
    expect(await one(tree, target, outside)).toEqual({ function: 'app', id: 'template.yaml#app', status: 'notMeasured', reason, ...(/package .* is not installed/.test(reason) ? { fix: expect.stringMatching(/^npm install/) } : {}) });
  });

  it('names packages with the chain of dependencies, and own files by path', async () => {
    const result = await one({
      'f/package.json': needs('express'), 'f/data.bin': text(5_000),
      'f/node_modules/express/package.json': { dependencies: { 'body-parser': '1' } }, 'f/node_modules/express/i.js': text(2_000),
      'f/node_modules/body-parser/i.js': text(9_000),
    }, folderFn('app', 'f'));
    expect(result.contributors?.slice(0, 3)).toEqual([
      { name: 'body-parser', bytes: 9_000, chain: ['f/package.json', 'express', 'body-parser'] },
      { name: 'f/data.bin', bytes: 5_000, chain: ['f/data.bin'] },
      { name: 'express', bytes: 2_036, chain: ['f/package.json', 'express'] },
    ]);
  });

  it('counts copies of one package', async () => {
    const result = await one({
      'package.json': needs('a', 'd'), ...pack('d', 1_000), 'node_modules/a/package.json': needs('d'), ...pack('d', 400, {}, 'node_modules/a/node_modules'),
    }, folderFn('app', ''));
    expect(result.duplicates).toMatchObject([{ name: 'd', copies: 2 }]);
    expect(result.duplicates?.[0]?.savedBytes).toBeLessThan(600);
  });

  it('says which layers are not counted', async () => {
    const layers = [literal('arn:aws:lambda:eu-west-1:1:layer:x:3'), { kind: 'resource', unit: 'template.yaml', id: 'Shared', attribute: 'Ref' } as const];
    const result = await one({ 'f/a.js': text(10), 'shared/b.js': text(30) }, folderFn('app', 'f', { layers }));
    expect(result).toMatchObject({ bytes: 10, notCounted: ['layer arn:aws:lambda:eu-west-1:1:layer:x:3', 'layer Shared'] });
    const told = await one({ 'f/a.js': text(10), 'shared/b.js': text(30) }, folderFn('app', 'f', { layers }), {}, { layers: new Map([['template.yaml#Shared', 'shared']]) });
    expect(told).toMatchObject({ bytes: 40, notCounted: ['layer arn:aws:lambda:eu-west-1:1:layer:x:3'] });
  });

  it('gives functions of one folder one package, and measures it once', async () => {
    const { workspace } = project({ 'f/a.js': text(10) });
    const results = await measure(workspace, [folderFn('one', 'f'), folderFn('two', './f/'), folderFn('three', 'f', {}, { exclude: ['a.js'] })]);
    expect(results[0]?.package).toBe(results[1]?.package);
    expect(results[2]?.package).not.toBe(results[0]?.package);
  });

  it('estimates the archive', async () => {
    const result = await one({ 'f/a.js': text(100_000) }, folderFn('app', 'f'));
    expect(result.zippedBytes).toBeGreaterThan(100);
    expect(result.zippedBytes).toBeLessThan(1_000);
  });
});

describe('patterns of packages', () => {
  const cases: readonly (readonly [readonly string[], readonly string[], string, boolean])[] = [
    [[], [], 'a.js', true],
    [['a.js'], [], 'a.js', false],
    [['*.js'], [], 'sub/a.js', true],
    [['**/*.js'], [], 'a.js', false],
    [['./src/**'], [], 'src/a/b.js', false],
    [['src/'], [], 'src/a/b.js', false],
    [['src/{a,b}/*'], [], 'src/b/x', false],
    [['src/{a,b}/*'], [], 'src/c/x', true],
    [['a?.[jt]s'], [], 'ab.ts', false],
    [['a?.[!jt]s'], [], 'ab.ts', true],
    [['**'], ['**/keep/**'], 'x/keep/y.js', true],
    [['**'], [], 'anything/at/all', false],
    [['src/test/**'], ['src/**'], 'src/test/a.js', false],
    [['src/test/**'], ['src/**'], 'src/a.js', true],
    [['node_modules/**'], ['node_modules/pg/**'], 'node_modules/pg/i.js', true],
    [['node_modules/**'], ['node_modules/pg/**'], 'node_modules/qs/i.js', false],
    [['!a.js', 'b.js'], [], 'a.js', true],
    [[], ['!**/*.map'], 'x/a.js.map', false],
    [['*'.repeat(40) + 'z'], [], 'a'.repeat(5_000), true],
    [['**/'.repeat(60) + 'z'], [], 'a/'.repeat(2_000) + 'b', true],
    [['{'.repeat(500)], [], 'a', true],
  ];
  it.each(cases.map(([exclude, include, path, kept]) => ({ title: `${exclude} ${include} ${path}`.slice(0, 60), exclude, include, path, kept })))('$title: $kept', ({ exclude, include, path, kept }) => {
    const start = performance.now();
    expect(packagingFilter({ exclude, include })(path)).toBe(kept);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
