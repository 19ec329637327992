import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-unpackaged-dependency.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

const runtime = (value: string): NonNullable<ServerlessFunction['runtime']> => ({ value, location: { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } });
const folder = (path: string, value = 'nodejs22.x'): Partial<ServerlessFunction> => ({ runtime: runtime(value), packaging: { form: 'folder', tool: 'sam', folder: path, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } });

/** What is found in the files; the first one holds the handler. */
function spots(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}, options: { readonly whole?: boolean } = {}): readonly string[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)], [], options);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings.map((item) => `${item.file}:${item.line} ${item.severity} ${item.confidence} ${item.messageId}`);
}

const needs = (name: string): string => `const x = require('${name}');\nexports.handler = async () => x;\n`;
const manifest = (parts: object): string => JSON.stringify(parts);

describe('a zipped folder', () => {
  it('without a manifest has what the runtime brings', () => {
    expect(spots({ 'f/a.js': needs('aws-sdk'), 'package.json': manifest({ dependencies: { 'aws-sdk': '2' } }) }, folder('f'))).toEqual(['f/a.js:1 error proved missing']);
    expect(spots({ 'f/a.js': needs('aws-sdk') }, folder('f', 'nodejs16.x'))).toEqual([]);
    expect(spots({ 'f/a.js': needs('@aws-sdk/client-s3') }, folder('f'))).toEqual([]);
    expect(spots({ 'f/a.js': needs('node:test') }, folder('f'))).toEqual([]);
    expect(spots({ 'f/a.js': needs('fs/promises') }, folder('f'))).toEqual([]);
  });

  it('of Architect without a manifest is given what its handler imports, and shared code in any case', () => {
    const architect = (tool: string): Partial<ServerlessFunction> => { const given = folder('f'); return { ...given, ...(given.packaging ? { packaging: { ...given.packaging, tool } } : {}) }; };
    expect(spots({ 'f/a.js': needs('pg') }, architect('architect'))).toEqual([]);
    // The SDK it leaves to the runtime, or to a build of the project's own.
    expect(spots({ 'f/a.js': needs('aws-sdk') }, architect('architect'))).toEqual([]);
    expect(spots({ 'f/a.js': needs('pg') }, architect('sam'))).toEqual(['f/a.js:1 error proved missing']);
    expect(spots({ 'f/a.js': `${needs('pg')}require('@architect/shared/kit');\n`, 'f/package.json': '{}' }, architect('architect'))).toEqual(['f/a.js:1 error proved missing']);
  });

  it('of an OpenWhisk action has the client of OpenWhisk', () => {
    expect(spots({ 'f/a.js': needs('openwhisk'), 'f/package.json': '{}' }, { ...folder('f', 'nodejs:20'), platform: 'openwhisk' })).toEqual([]);
    expect(spots({ 'f/a.js': needs('request'), 'f/package.json': '{}' }, { ...folder('f', 'nodejs:20'), platform: 'openwhisk' })).toEqual(['f/a.js:1 error proved missing']);
  });

  it('with a manifest has what that lists for production', () => {
    expect(spots({ 'f/a.js': needs('pg'), 'f/package.json': manifest({ dependencies: { pg: '8' } }) }, folder('f'))).toEqual([]);
    expect(spots({ 'f/a.js': needs('pg'), 'f/package.json': manifest({ devDependencies: { pg: '8' } }) }, folder('f'))).toEqual(['f/a.js:1 error proved missing']);
    const lock = (dev: boolean): string => manifest({ packages: { 'node_modules/pg': dev ? { dev: true } : {}, 'node_modules/a/node_modules/other': {} } });
    expect(spots({ 'f/a.js': needs('pg'), 'f/package.json': '{}', 'f/package-lock.json': lock(false) }, folder('f'))).toEqual([]);
    expect(spots({ 'f/a.js': needs('pg'), 'f/package.json': '{}', 'f/package-lock.json': lock(true) }, folder('f'))).toEqual(['f/a.js:1 error proved missing']);
    expect(spots({ 'f/a.js': needs('other'), 'f/package.json': '{}', 'f/package-lock.json': lock(true) }, folder('f'))).toEqual(['f/a.js:1 error proved missing']);
  });

  it('in a helper of the folder; not in a file that nothing reaches', () => {
    expect(spots({ 'f/a.js': `const h = require('./h');\nexports.handler = async () => h;\n`, 'f/h.js': needs('pg'), 'f/test.js': needs('jest') }, folder('f'))).toEqual(['f/h.js:1 error proved missing']);
  });

  it.each<[string, Record<string, string>, Partial<ServerlessFunction>]>([
    ['modules of its own', { 'f/a.js': needs('pg'), 'f/node_modules/pg/index.js': '' }, folder('f')],
    ['optional', { 'f/a.js': `let x; try { x = require('pg'); } catch { x = null; }\nexports.handler = async () => x;\n` }, folder('f')],
    ['on some ways only', { 'f/a.js': `exports.handler = async (e) => (e.x ? require('pg') : 1);\n` }, folder('f')],
    ['a layer of unknown contents', { 'f/a.js': needs('pg') }, { ...folder('f'), layers: [{ kind: 'literal', value: 'arn:aws:lambda:eu-west-1:111122223333:layer:modules:1' }] }],
    ['a runtime that is not known', { 'f/a.js': needs('aws-sdk') }, folder('f', 'provided.al2023')],
    ['packaging that is not known', { 'f/a.js': needs('pg') }, {}],
    ['a broken manifest', { 'f/a.js': needs('toString'), 'f/package.json': '{"dependencies": {"__proto__": "1", "toString": "1"' }, folder('f', 'nodejs22.x')],
  ])('quiet: %s', (_name, files, extra) => {
    expect(spots(files, extra)).toEqual([]);
  });

  it('a layer that holds programs', () => {
    expect(spots({ 'f/a.js': needs('pg') }, { ...folder('f'), layers: [{ kind: 'literal', value: 'arn:aws:lambda:eu-west-1:111122223333:layer:image-magick:1' }] })).toHaveLength(1);
  });

  it('names of the prototype are names like any other', () => {
    expect(spots({ 'f/a.js': needs('constructor'), 'f/package.json': '{}' }, folder('f'))).toEqual(['f/a.js:1 error proved missing']);
  });
});

describe('what a dependency is known to bring', () => {
  it.each<[string, string, number]>([['@aws-crypto/client-node', '^3.2.1', 0], ['@aws-crypto/client-node', '^4.0.0', 1], ['dynamoose', '2.8.1', 0], ['dynamoose', '^4', 1], ['pg', '8', 1]])('%s %s', (name, version, count) => {
    expect(spots({ 'f/a.js': needs('aws-sdk'), 'f/package.json': manifest({ dependencies: { [name]: version } }) }, folder('f'))).toHaveLength(count);
    const layer: Partial<ServerlessFunction> = { ...folder('f'), layers: [{ kind: 'literal', value: 'layer' }] };
    expect(spots({ 'f/a.js': needs('aws-sdk'), 'f/package.json': '{}', 'layer/package.json': manifest({ dependencies: { [name]: version } }) }, layer)).toHaveLength(count);
  });
});

describe('what other dependencies bring', () => {
  const own = (parts: object): Record<string, string> => ({ 'apps/f/a.js': needs('deep'), 'apps/f/package.json': manifest({ name: 'f', ...parts }) });
  const asked = { dependencies: { top: '^1.0.0' } };
  const npm = (needed: object): string => manifest({ packages: {
    '': { name: 'root', workspaces: ['apps/*'] }, 'apps/f': { name: 'f', dependencies: { top: '^1.0.0' } },
    'node_modules/top': { dependencies: needed }, 'node_modules/middle': { dependencies: { deep: '2' } }, 'node_modules/deep': {},
  } });

  it('is weighed where no lock file tells', () => {
    const spot = (name: string, parts: object): readonly string[] => spots({ 'apps/f/a.js': needs(name), 'apps/f/package.json': manifest(parts) }, folder('apps/f'));
    expect(spot('deep', asked)).toEqual(['apps/f/a.js:1 info possible untold']);
    expect(spot('deep', { ...asked, devDependencies: { deep: '2' } })).toEqual(['apps/f/a.js:1 warning possible likely']);
    expect(spot('lodash', { ...asked, devDependencies: { lodash: '4' } })).toEqual(['apps/f/a.js:1 info possible untold']);
    expect(spot('aws-sdk', asked)).toEqual(['apps/f/a.js:1 warning possible likely']);
    expect(spot('aws-sdk', { devDependencies: { 'aws-sdk': '2' } })).toEqual(['apps/f/a.js:1 error proved missing']);
  });

  it.each<[string, string, string, string]>([
    ["npm's lock file of a workspace", 'package-lock.json', npm({ middle: '1' }), npm({})],
    ["npm's lock file of version 1", 'package-lock.json', manifest({ dependencies: { top: { requires: { middle: '1' }, dependencies: { middle: { requires: { deep: '2' } } } }, deep: {} } }), manifest({ dependencies: { top: {}, deep: { dev: true } } })],
    ['yarn.lock', 'yarn.lock', '# yarn lockfile v1\n\n"@s/x@^1", top@^1.0.0:\n  version "1.0.0"\n\ntop@^1.0.0:\n  version "1.0.0"\n  dependencies:\n    deep "2"\n\ndeep@2:\n  version "2.0.0"\n', 'top@^1.0.0:\n  version "1.0.0"\n\nother@1:\n  version "1.0.0"\n  dependencies:\n    deep "2"\n\ndeep@2:\n  version "2.0.0"\n'],
    ['yarn.lock of Yarn 4', 'yarn.lock', '"top@npm:^1.0.0":\n  version: 1.0.0\n  dependencies:\n    deep: "npm:2"\n  languageName: node\n\n"deep@npm:2":\n  version: 2.0.0\n', '"top@npm:^1.0.0":\n  version: 1.0.0\n  bin:\n    deep: ./bin\n\n"deep@npm:2":\n  version: 2.0.0\n'],
    ['pnpm-lock.yaml', 'pnpm-lock.yaml', "importers:\n\n  apps/f:\n    dependencies:\n      top:\n        version: 1.0.0\n\npackages:\n\n  top@1.0.0:\n    resolution: {integrity: x}\n\nsnapshots:\n\n  top@1.0.0(peer@2.0.0):\n    dependencies:\n      deep: 2.0.0\n\n  deep@2.0.0: {}\n", 'packages:\n\n  /top/1.0.0:\n    resolution: {integrity: x}\n\n  /deep/2.0.0:\n    dev: true\n'],
    ['bun.lock', 'bun.lock', '{ "packages": { "top": ["top@1.0.0", "", { "dependencies": { "deep": "2" } }, "x"], "deep": ["deep@2.0.0", "", {}, "x"], } }', '{ "packages": { "top": ["top@1.0.0", "", {}, "x"], "deep": ["deep@2.0.0", "", {}, "x"], } }'],
  ])('is told by %s', (_name, file, brings, without) => {
    expect(spots({ ...own(asked), [file]: brings }, folder('apps/f'))).toEqual([]);
    expect(spots({ ...own(asked), [`apps/f/${file}`]: brings }, folder('apps/f'))).toEqual([]);
    if (!without.includes('"dev":true')) expect(spots({ ...own(asked), [file]: without }, folder('apps/f'))).toEqual(['apps/f/a.js:1 error proved missing']);
    if (!without.includes('workspaces')) expect(spots({ ...own(asked), [`apps/f/${file}`]: without }, folder('apps/f'))).toEqual(['apps/f/a.js:1 error proved missing']);
  });

  it('is not told by a lock file that lacks what the manifest asks for, or is broken', () => {
    expect(spots({ ...own({ dependencies: { other: '1' } }), 'yarn.lock': 'top@1:\n  version "1"\n' }, folder('apps/f'))).toEqual(['apps/f/a.js:1 info possible untold']);
    expect(spots({ ...own(asked), 'package-lock.json': '{' }, folder('apps/f'))).toEqual(['apps/f/a.js:1 info possible untold']);
  });
});

describe('what puts a package into the folder', () => {
  const root = (script: string): Record<string, string> => ({ 'app/f/a.js': needs('sharp'), 'app/package.json': manifest({ scripts: { prebuild: script } }) });
  it.each<[string, number]>([
    ['npm install sharp --os=linux --prefix f', 0], ['npm i sharp@0.34 --prefix=./f/', 0], ['cd f && npm install --omit=dev sharp', 0], ['yarn --cwd f add sharp', 0],
    ['npm install sharp --prefix g', 1], ['npm install pg --prefix f', 1], ['npm install sharp', 1], ['npm run sharp --prefix f', 1],
  ])('a script: %s', (script, count) => {
    expect(spots(root(script), folder('app/f'))).toHaveLength(count);
  });

  it.each<[string, number]>([
    ['npm install && npm install --prefix ./f ./ && npm run deploy', 0], ['cd f && npm install ..', 0], ['cp -r node_modules f/', 0], ['mv ./node_modules f/node_modules', 0], ['rsync -a node_modules/* f/node_modules/ && npm run deploy', 0],
    ['npm install --prefix ./g ./', 1], ['npm install --prefix ./f', 1], ['cp -r node_modules g/', 1], ['rm -rf node_modules f/', 1],
  ])('a script that brings what the folder above lists: %s', (script, count) => {
    const files = (dependencies: object): Record<string, string> => ({ 'app/f/a.js': needs('sharp'), 'app/package.json': manifest({ dependencies, scripts: { predeploy: script } }) });
    expect(spots(files({ sharp: '1' }), folder('app/f'))).toHaveLength(count);
    expect(spots(files({ pg: '8' }), folder('app/f'))).toHaveLength(1);
  });

  it('a layer that the compiler is told to look in', () => {
    const config = (at: string): string => manifest({ compilerOptions: { baseUrl: '.', paths: { sharp: [at] } } });
    const files = (at: string): Record<string, string> => ({ 'f/a.js': needs('sharp'), 'f/package.json': '{}', 'f/tsconfig.json': config(at) });
    expect(spots(files('../layers/images/node_modules/sharp'), folder('f'))).toEqual([]);
    expect(spots(files('../layers/images/dist'), folder('f'))).toEqual([]);
    expect(spots(files('./node_modules/sharp'), folder('f'))).toHaveLength(1);
    expect(spots(files('./images/dist'), folder('f'))).toHaveLength(1);
    expect(spots(files('../types/sharp.d.ts'), folder('f'))).toHaveLength(1);
  });

  it('a build whose output is packaged under the name of its source, unless it leaves imports as they are', () => {
    const library = (build: string, main = 'lib/index.js'): Record<string, string> => ({ 'k/src/lambdas/f/index.ts': `import x from 'sharp';\nexport const handler = async () => x;\n`, 'k/package.json': manifest({ main, scripts: { build } }) });
    expect(spots(library('kit build'), folder('k/src/lambdas/f'))).toEqual([]);
    expect(spots(library('tsc -p .'), folder('k/src/lambdas/f'))).toHaveLength(1);
    expect(spots(library('kit build', 'src/index.ts'), folder('k/src/lambdas/f'))).toHaveLength(1);
    expect(spots(library('kit lint'), folder('k/src/lambdas/f'))).toHaveLength(1);
  });
});

it('an alias of a folder is no package', () => {
  const files = (aliases: object): Record<string, string> => ({ 'f/a.js': needs('@keys/account.json'), 'f/package.json': manifest({ _moduleAliases: aliases }) });
  expect(spots(files({ '@keys': 'keys' }), folder('f'))).toEqual([]);
  expect(spots(files({ '@other': 'keys' }), folder('f'))).toHaveLength(1);
  expect(spots(files({ '@keys': 'node_modules/@real/keys' }), folder('f'))).toHaveLength(1);
});
