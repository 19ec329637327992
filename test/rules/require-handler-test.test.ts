import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { listProjects, readAnnotations } from '../support/fixture.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const made: string[] = [];
afterEach(() => { for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true }); });

async function found(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), 'faaslint-tested-'));
  made.push(root);
  const all = { 'serverless.yml': 'service: s\nprovider:\n  name: aws\n  runtime: nodejs22.x\nfunctions:\n  a: { handler: src/a.handler }\n', 'src/a.js': 'exports.handler = async () => 1;\n', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return scan(root);
}

async function scan(root: string): Promise<readonly string[]> {
  const result = await analyze({ root, paths: [root], preset: 'all', rules: ['require-handler-test'], bundles: false, date: '2026-11-21', config: false });
  return result.findings.map((finding) => `${finding.file}:${finding.line}`);
}

describe('require-handler-test', () => {
  it.each<[string, Readonly<Record<string, string>>, string[]]>([
    ['no tests', {}, []],
    ['a test of something else', { 'test/b.test.js': "test('b', () => {});" }, ['src/a.js:1']],
    ['a test that loads it', { 'test/a.test.js': "const a = require('../src/a'); test('a', a.handler);" }, []],
    ['by import() in its body', { 'test/a.test.js': "test('a', async () => { await import('../src/a.js'); });" }, []],
    ['through a helper', { 'test/a.test.js': "require('./load'); test('a', () => {});", 'test/load.js': "module.exports = require('../src/a');" }, []],
    ['a helper alone is no test', { 'test/load.js': "module.exports = require('../src/a');" }, []],
    ['a test by its folder', { 'test/a.js': "const a = require('../src/a'); describe('a', () => { it('runs', a.handler); });" }, []],
    ['a name that is worked out', { 'test/a.test.js': "const name = process.env.NAME; test('a', () => require(`../src/${name}`));" }, []],
    ['a name that a helper works out', { 'tests/a.test.js': "const steps = require('./steps'); test('a', () => steps.run('a'));", 'tests/steps.js': 'exports.run = (name) => require(`../src/${name}`).handler();' }, []],
    ['a sample that nothing deploys, beside a function that is deployed', { 'test/a.test.js': "const a = require('../src/a'); test('a', a.handler);", 'samples/log.ts': "import type { SQSHandler } from 'aws-lambda';\nexport const handler: SQSHandler = async (event) => { console.log(event.Records.length); };" }, []],
    ['the same where nothing is deployed', { 'serverless.yml': 'service: s\n', 'test/b.test.js': "test('b', () => {});", 'samples/log.ts': "import type { SQSHandler } from 'aws-lambda';\nexport const handler: SQSHandler = async (event) => { console.log(event.Records.length); };" }, ['samples/log.ts:2']],
    ['a fixture is no test', { 'test/fixtures/b.test.js': "test('b', () => {});" }, []],
  ])('%s', async (_title, files, expected) => { expect(await found(files)).toEqual(expected); });

  it.each(listProjects(fixtures).filter((one) => one.rule === 'require-handler-test'))('$name: near misses have no finding at all', async ({ dir }) => {
    const quiet = readAnnotations(dir).filter((one) => one.expect === 'quiet').map((one) => `${one.file}:${one.line}`);
    expect((await scan(dir)).filter((place) => quiet.includes(place))).toEqual([]);
  });
});
