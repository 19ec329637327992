import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-slow-init.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';


/** What is found in the files; the first one holds the handler. */
function spots(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}, options: { readonly whole?: boolean } = {}): readonly string[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)], [], options);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings.map((item) => `${item.file}:${item.line} ${item.severity} ${item.confidence} ${item.messageId}`);
}

const end = `\nexport const handler = async () => 1;\n`;

describe('waits at init', () => {
  it.each<[string, string, string]>([
    ['a request', `const a = await fetch('https://a.example.com');`, 'warning proved network'],
    ['a client', `import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3'; const a = await new S3Client({}).send(new ListBucketsCommand({}));`, 'warning proved network'],
    ['a query behind a connection that has a time limit', `import mysql from 'mysql2/promise'; const c = await mysql.createConnection({}); const a = await c.query('select 1');`, 'warning proved network'],
    ['a package of which only the name tells', `import { fetchSettings } from 'unknown-package'; const a = await fetchSettings();`, 'warning possible network'],
    ['another program', `import { execSync } from 'child_process'; execSync('ls');`, 'warning proved blocks'],
    ['a key', `import { scryptSync } from 'crypto'; scryptSync('a', 'b', 64);`, 'warning proved derives'],
    ['a file of a name that is not known', `import { readFileSync } from 'fs'; readFileSync(process.env.FILE);`, 'warning proved unknownFile'],
    ['a model', `import * as tf from '@tensorflow/tfjs-node'; const a = await tf.loadLayersModel('file://m');`, 'warning proved model'],
  ])('%s', (_name, code, expected) => {
    expect(spots({ 'a.mjs': code + end })).toEqual([`a.mjs:1 ${expected}`]);
  });

  it.each<[string, string]>([
    ['a time limit of the call', `const a = await fetch('https://a.example.com', { signal: AbortSignal.timeout(500) });`],
    ['a time limit of the client', `import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3'; const a = await new S3Client({ requestHandler: { requestTimeout: 500 } }).send(new ListBucketsCommand({}));`],
    ['a package of which nothing is known', `import { loadConfig } from 'unknown-package'; const a = await loadConfig({ url: process.env.URL });`],
    ['a package that gives a function', `import { httpAzureFunction } from 'unknown-package'; const a = await httpAzureFunction(() => 1);`],
    ['a connection that gives up by itself', `import mysql from 'mysql2/promise'; const a = await mysql.createConnection({ host: process.env.HOST });`],
    ['started and not awaited', `const a = fetch('https://a.example.com');`],
    ['a module', `const a = await import('./b.mjs');`],
    ['the file system', `import { readFile } from 'fs/promises'; const a = await readFile('a.json');`],
    ['a small kind of file', `import { readFileSync } from 'fs'; readFileSync('/opt/root.pem');`],
    ['asynchronous', `import { exec } from 'child_process'; exec('ls');`],
    ['on the own machine', `import { execSync } from 'child_process'; if (process.env.IS_OFFLINE) execSync('ls');`],
  ])('quiet: %s', (_name, code) => {
    expect(spots({ 'a.mjs': code + end })).toEqual([]);
  });

  it('in the invocation it is the matter of other rules', () => {
    expect(spots({ 'a.mjs': `import { execSync } from 'child_process';\nexport const handler = async () => [execSync('ls'), await fetch('https://a.example.com')];\n` })).toEqual([]);
  });

  it('judges files and JSON modules by their size', () => {
    const large = `"${'x'.repeat(600_000)}"`;
    const files = (content: string): Record<string, string> => ({ 'src/a.mjs': `import { readFileSync } from 'fs';\nimport { join } from 'path';\nimport b from './b.json';\nconst a = readFileSync(join(import.meta.dirname, 'c.bin'));${end}`, 'src/b.json': content, 'src/c.bin': content });
    expect(spots(files(large))).toEqual(['src/a.mjs:3 warning proved json', 'src/a.mjs:4 warning proved largeFile']);
    expect(spots(files('1'))).toEqual([]);
  });

  it('in a helper, at the await of the module', () => {
    expect(spots({ 'a.mjs': `import './b.mjs';${end}`, 'b.mjs': `import { ask } from './c.mjs';\nexport const x = await ask();\n`, 'c.mjs': `export const ask = async () => fetch('https://a.example.com');\n` })).toEqual(['b.mjs:2 warning proved network']);
  });

  it('the editor keeps quiet about what comes from another file', () => {
    expect(spots({ 'a.mjs': `import { ask } from './c.mjs';\nconst x = await ask.now();${end}` }, {}, { whole: false })).toEqual([]);
  });
});
