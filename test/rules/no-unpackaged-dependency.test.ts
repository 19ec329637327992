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
    expect(spots({ 'f/a.js': needs('pg') }, architect('sam'))).toEqual(['f/a.js:1 error proved missing']);
    expect(spots({ 'f/a.js': `${needs('pg')}require('@architect/shared/kit');\n`, 'f/package.json': '{}' }, architect('architect'))).toEqual(['f/a.js:1 error possible missing']);
  });

  it('of an OpenWhisk action has the client of OpenWhisk', () => {
    expect(spots({ 'f/a.js': needs('openwhisk'), 'f/package.json': '{}' }, { ...folder('f', 'nodejs:20'), platform: 'openwhisk' })).toEqual([]);
    expect(spots({ 'f/a.js': needs('request'), 'f/package.json': '{}' }, { ...folder('f', 'nodejs:20'), platform: 'openwhisk' })).toEqual(['f/a.js:1 error possible missing']);
  });

  it('with a manifest has what that lists for production; without a lock file that is possible only', () => {
    expect(spots({ 'f/a.js': needs('pg'), 'f/package.json': manifest({ dependencies: { pg: '8' } }) }, folder('f'))).toEqual([]);
    expect(spots({ 'f/a.js': needs('pg'), 'f/package.json': manifest({ devDependencies: { pg: '8' } }) }, folder('f'))).toEqual(['f/a.js:1 error possible missing']);
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
    expect(spots({ 'f/a.js': needs('constructor'), 'f/package.json': '{}' }, folder('f'))).toEqual(['f/a.js:1 error possible missing']);
  });
});

describe('what a dependency is known to bring', () => {
  it.each<[string, string, number]>([['@aws-crypto/client-node', '^3.2.1', 0], ['@aws-crypto/client-node', '^4.0.0', 1], ['dynamoose', '2.8.1', 0], ['dynamoose', '^4', 1], ['pg', '8', 1]])('%s %s', (name, version, count) => {
    expect(spots({ 'f/a.js': needs('aws-sdk'), 'f/package.json': manifest({ dependencies: { [name]: version } }) }, folder('f'))).toHaveLength(count);
    const layer: Partial<ServerlessFunction> = { ...folder('f'), layers: [{ kind: 'literal', value: 'layer' }] };
    expect(spots({ 'f/a.js': needs('aws-sdk'), 'f/package.json': '{}', 'layer/package.json': manifest({ dependencies: { [name]: version } }) }, layer)).toHaveLength(count);
  });
});
