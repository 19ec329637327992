import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-heavy-import.ts';
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

const use = (name: string): string => `export const handler = async () => ${name};\n`;

describe('whole packages', () => {
  it.each<[string, string]>([
    ['a default import', `import _ from 'lodash';\n${use('_')}`],
    ['a namespace', `import * as fns from 'date-fns';\n${use('fns.format')}`],
    ['require', `const moment = require('moment');\nexports.handler = async () => moment();\n`],
    ['a side effect', `import 'moment/min/moment-with-locales';\n${use('1')}`],
  ])('%s', (_name, code) => {
    expect(spots({ 'a.mjs': code })).toEqual(['a.mjs:1 warning proved whole']);
  });

  it.each<[string, string]>([
    ['a subpath', `import merge from 'lodash/merge';\n${use('merge')}`],
    ['another package of that name', `import a from 'lodash.merge';\n${use('a')}`],
    ['on some ways only', `export const handler = async (event) => { if (event.x) return import('googleapis'); return 1; };\n`],
  ])('quiet: %s', (_name, code) => {
    expect(spots({ 'a.mjs': code })).toEqual([]);
  });

  it('erased imports of TypeScript, in helpers too', () => {
    expect(spots({ 'a.ts': `import { Moment } from 'moment';\nimport { B } from './b';\nexport const handler = async (event: { at: Moment; b: B }) => event;\n`, 'b.ts': `import _ from 'lodash';\nexport class B { x = _.now(); }\n` })).toEqual([]);
    expect(spots({ 'a.js': `import { Moment } from 'moment';\nexport const handler = async (event) => event;\n` })).toHaveLength(1);
  });

  it.each<[string, string, number]>([
    ['a script of its package that bundles', '{"scripts":{"build":"npx esbuild --bundle --minify src/a.ts"}}', 0],
    ['a bundler above it', '{"devDependencies":{"@nx/esbuild":"19"}}', 0],
    ['a compiler alone', '{"scripts":{"build":"tsc"},"devDependencies":{"typescript":"5"}}', 1],
  ])('what is shaken off an archive that is made elsewhere: %s', (_name, manifest, count) => {
    const elsewhere: Partial<ServerlessFunction> = { packaging: { form: 'unknown', tool: 'terraform', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } };
    expect(spots({ 'f/a.ts': `import { format } from 'date-fns';\n${use('format')}`, 'f/package.json': manifest }, elsewhere)).toHaveLength(count);
    expect(spots({ 'f/a.ts': `import * as fns from 'date-fns';\n${use('fns')}`, 'f/package.json': manifest }, elsewhere)).toHaveLength(1);
    expect(spots({ 'f/src/a.ts': `import { format } from 'date-fns';\n${use('format')}`, 'f/package.json': manifest }, folder('f/dist'))).toHaveLength(count);
    expect(spots({ 'f/src/a.ts': `import { format } from 'date-fns';\n${use('format')}`, 'f/package.json': manifest }, folder('f'))).toHaveLength(1);
  });

  it('what a bundler shakes off', () => {
    const bundled: Partial<ServerlessFunction> = { packaging: { form: 'bundled', tool: 'esbuild', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } };
    expect(spots({ 'a.ts': `import { format } from 'date-fns';\n${use('format')}` }, bundled)).toEqual([]);
    expect(spots({ 'a.ts': `import * as fns from 'date-fns';\n${use('fns')}` }, bundled)).toHaveLength(1);
    expect(spots({ 'a.ts': `import { pick } from 'lodash';\n${use('pick')}` }, bundled)).toHaveLength(1);
  });
});

describe('the SDK', () => {
  const v2 = `const AWS = require('aws-sdk');\nexports.handler = async () => new AWS.S3();\n`;
  it('version 2 where the runtime has it, where it is packaged, and not where it is missing', () => {
    expect(spots({ 'f/a.js': v2 }, folder('f', 'nodejs16.x'))).toEqual(['f/a.js:1 warning proved whole']);
    expect(spots({ 'f/a.js': v2, 'f/package.json': '{"dependencies":{"aws-sdk":"2"}}' }, folder('f'))).toEqual(['f/a.js:1 warning proved whole']);
    expect(spots({ 'f/a.js': v2 }, folder('f'))).toEqual([]);
  });

  const v3 = `const { S3Client } = require('@aws-sdk/client-s3');\nexports.handler = async () => S3Client;\n`;
  it('version 3 under a tool whose default runtime has it', () => {
    const bundled = (tool: string): Partial<ServerlessFunction> => ({ packaging: { form: 'bundled', tool, include: [], exclude: [], external: [], minify: true, sourceMap: false, format: 'esm' } });
    expect(spots({ 'a.js': v3 }, bundled('sst'))).toEqual(['a.js:1 info proved bundledSdk']);
    expect(spots({ 'a.js': v3 }, bundled('esbuild'))).toEqual([]);
  });

  it('version 3 is left to the runtime by Architect, unless the folder lists it', () => {
    const given = folder('f');
    const architect: Partial<ServerlessFunction> = { ...given, ...(given.packaging ? { packaging: { ...given.packaging, tool: 'architect' } } : {}) };
    expect(spots({ 'f/a.js': v3, 'package.json': '{"dependencies":{"@aws-sdk/client-s3":"3"}}' }, architect)).toEqual([]);
    expect(spots({ 'f/a.js': v3, 'f/package.json': '{"dependencies":{"@aws-sdk/client-s3":"3"}}' }, architect)).toEqual(['f/a.js:1 info proved bundledSdk']);
  });

  it('version 3 is said only where it is packaged although the runtime has it', () => {
    expect(spots({ 'f/a.js': v3, 'f/package.json': '{"dependencies":{"@aws-sdk/client-s3":"3"}}' }, folder('f'))).toEqual(['f/a.js:1 info proved bundledSdk']);
    expect(spots({ 'f/a.js': v3, 'f/package.json': '{"devDependencies":{"@aws-sdk/client-s3":"3"}}' }, folder('f'))).toEqual([]);
    expect(spots({ 'f/a.js': v3, 'f/package.json': '{"dependencies":{"@aws-sdk/client-s3":"3"}}' }, folder('f', 'nodejs16.x'))).toEqual([]);
  });

  it('a build script that leaves it out', () => {
    const unknown: Partial<ServerlessFunction> = { ...folder('f'), packaging: { form: 'unknown', tool: 'cdk', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } };
    const scripts = (build: string): string => JSON.stringify({ scripts: { build }, dependencies: { '@aws-sdk/client-s3': '3' } });
    expect(spots({ 'f/a.js': v3, 'f/package.json': scripts('esbuild a.js --bundle --outdir=out') }, unknown)).toHaveLength(1);
    expect(spots({ 'f/a.js': v3, 'f/package.json': scripts('esbuild a.js --bundle --external:@aws-sdk/* --outdir=out') }, unknown)).toEqual([]);
    expect(spots({ 'f/a.js': v3, 'f/package.json': scripts('tsc') }, unknown)).toEqual([]);
  });
});

describe('versions and packages that are not there', () => {
  const admin = `const admin = require('firebase-admin');\nexports.handler = async () => admin.auth();\n`;
  it.each<[string, number]>([['^11.5.0', 1], ['13', 1], ['latest', 1], ['^14.0.0', 1]])('firebase-admin %s', (version, count) => {
    expect(spots({ 'f/a.js': admin, 'f/package.json': JSON.stringify({ dependencies: { 'firebase-admin': version } }) }, folder('f'))).toHaveLength(count);
  });

  it('says with which version the cost was measured', () => {
    const { project: linked } = project({ 'f/a.js': admin, 'f/package.json': '{"dependencies":{"firebase-admin":"^11.5.0"}}' }, [deployed('F', 'f/a.js', folder('f'))], [], {});
    expect(check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]).findings[0]?.message).toContain('(version 14, 2026-11-21)');
  });
});
