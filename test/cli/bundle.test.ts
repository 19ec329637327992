import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { faaslint, projectRoot, tree } from './support.ts';

async function cli(args: readonly string[], cwd: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const code = await run({
    argv: args, env: {}, cwd, stdout: { write: (text) => { out += text; } }, stderr: { write: (text) => { err += text; } },
    now: () => 0, usage: () => ({ cpuMilliseconds: 0, peakBytes: 0 }),
  }, '9.8.7');
  return { code, out, err };
}

const fn = (name: string): string => `  ${name}:\n    Type: AWS::Serverless::Function\n    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [${name.toLowerCase()}.js] } }\n    Properties: { Handler: ${name.toLowerCase()}.handler, Runtime: nodejs22.x }\n`;
const files = {
  'package.json': '{"name":"shop","private":true,"dependencies":{"big":"1","gone":"1"}}', 'package-lock.json': '{}',
  'template.yaml': `Transform: AWS::Serverless-2016-10-31\nResources:\n${fn('Orders')}${fn('Small')}${fn('Missing')}`,
  'orders.js': "const big = require('big');\nexports.handler = async () => big;\n", 'small.js': 'exports.handler = async () => 1;\n', 'missing.js': "const gone = require('gone');\nexports.handler = async () => gone;\n",
  'node_modules/big/package.json': '{"name":"big","version":"1.2.3","main":"index.js"}', 'node_modules/big/index.js': `module.exports = ${JSON.stringify('b'.repeat(40_000))};\n`,
};

describe('faaslint bundle', () => {
  const root = tree(files);
  const at = (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => cli(['bundle', '--root', root, '--no-config', ...args], root);

  it('is a table, with what is biggest written out, and ends with 0', async () => {
    const { code, out, err } = await at();
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^function {2}unpacked {2}archive {2}of limit {4}made by\nOrders {5}40\.\d kB {4}\d+ B {5}0\.0 % {4}sam\nSmall /);
    expect(out).toMatch(/ {2}big 1\.2\.3 +40\.\d kB +\d+ % {2}orders\.js → big\n/);
    expect(out).toMatch(/saves 40\.\d kB \(\d+ B zipped\) {2}without big and what only it brings/);
    expect(out).toContain('Missing  package gone is not installed (imported by missing.js)\n  run at the root, then measure again: npm ci\n');
    expect(out).toContain('3 functions: 2 measured, 1 not\n');
  });

  it('takes functions by name or id, and knows what it does not know', async () => {
    expect((await at('Small')).out).toMatch(/1 function: 1 measured, 0 not\n$/);
    expect((await at('template.yaml#Orders', 'Small')).out).toMatch(/2 functions: 2 measured/);
    const wrong = await at('Order');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('there is no function "Order". Did you mean "Orders"?') as string]);
  });

  it('says what a folder is asked for, and what could not be read', async () => {
    const folder = await at('.');
    expect([folder.code, folder.err]).toEqual([2, expect.stringContaining('"." is a folder, and bundle takes names of functions.') as string]);
    const broken = tree({ 'template.yaml': `Transform: AWS::Serverless-2016-10-31\nResources:\n${fn('Small')}`, 'small.js': 'exports.handler = async () => 1;\n', 'serverless.yml': 'service: shop\nprovider: [\n' });
    const { code, out, err } = await cli(['bundle', '--root', broken, '--no-config'], broken);
    expect(code).toBe(2);
    expect(err).toMatch(/^not read: serverless\.yml {2}\S/);
    expect(out).toContain('1 function: 1 measured, 0 not');
  });

  it('gives JSON that its schema knows, without a path of the machine', async () => {
    const { out } = await at('--format', 'json');
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(projectRoot, 'schema/bundle.json'), 'utf8')) as object);
    expect(validate(JSON.parse(out)), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.parse(out)).toMatchObject({ root: '.', tool: { version: '9.8.7' }, packages: [{ function: 'Missing', status: 'notMeasured', fix: 'npm ci' }, { function: 'Orders', tool: 'sam', form: 'bundled' }, { function: 'Small' }] });
    expect(out).not.toContain(root);
  });

  it('counts what a start waits for beside the estimate, for the function that waits', async () => {
    const own = tree({
      'template.yaml': `Transform: AWS::Serverless-2016-10-31\nResources:\n${fn('Waits')}${fn('Quick')}`,
      'waits.js': "const { execSync } = require('child_process');\nconst version = execSync('git rev-parse HEAD').toString();\nexports.handler = async () => version;\n",
      'quick.js': "const { execSync } = require('child_process');\nexports.handler = async () => execSync('git rev-parse HEAD').toString();\n",
    });
    const { out } = await cli(['bundle', '--root', own, '--no-config', '--format', 'json'], own);
    expect((JSON.parse(out) as { packages: readonly { function: string; coldStart: { waits: number } }[] }).packages.map((one) => [one.function, one.coldStart.waits])).toEqual([['Quick', 0], ['Waits', 1]]);
    expect((await cli(['bundle', '--root', own, '--no-config', 'Waits'], own)).out).toContain('; waits for 1 thing besides (no-slow-init)');
  });

  it.each([['svg', /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /], ['html', /^<!doctype html>\n/]])('draws %s', async (format, start) => {
    const { code, out, err } = await at('--format', format);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(start);
    expect(out).toContain('big 1.2.3');
    expect(out).not.toContain(root);
  });

  it('compares with an earlier result, for a pull request', async () => {
    const before = tree({ ...files, 'node_modules/big/index.js': "module.exports = 'small';\n" });
    const old = await cli(['bundle', '--root', before, '--no-config', '--format', 'json', '--no-savings'], before);
    writeFileSync(join(root, 'old.json'), old.out);
    const { code, out } = await at('--compare', 'old.json', '--no-savings');
    expect(code).toBe(0);
    expect(out).toMatch(/^Since the earlier result\n {2}\+40\.0 kB, \+\d+ B zipped {2}Orders\n {6}\+40\.0 kB {2}big\n/);
    expect(out).toContain('1 function unchanged');
    expect((JSON.parse((await at('--compare', 'old.json', '--format', 'json')).out) as { comparison: object[] }).comparison[0]).toMatchObject({ function: 'Orders', change: 'changed', parts: [{ name: 'big', change: 'changed' }] });
  });

  it.each([['package.json', /is no result of "faaslint bundle --format json"/], ['absent.json', /The earlier result .*absent\.json cannot be read \(ENOENT\)/]])('refuses to compare with %s', async (file, message) => {
    const { code, err } = await at('--compare', file);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('reads budgets from the configuration', async () => {
    const own = tree({ ...files, 'faaslint.config.json': '{ "bundle": { "functions": { "Ord*": { "warnBytes": 1000 } } } }' });
    const { out } = await cli(['bundle', '--root', own, '--no-savings'], own);
    expect(out).toMatch(/^Orders .* over budget {2}sam$/m);
    expect(out).not.toMatch(/^Small .* over budget/m);
  });

  it('works as it is installed, and says so in its help', () => {
    const { code, stdout } = faaslint(root, ['bundle', 'Small', '--no-config', '--format', 'svg']);
    expect([code, stdout.slice(0, 4)]).toEqual([0, '<svg']);
    expect(faaslint(root, ['bundle', '--help']).stdout).toContain('--compare <file>');
  });
});
