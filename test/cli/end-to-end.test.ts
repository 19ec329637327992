import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary.ts';
import { clean, cleanEnvironment, faaslint, launcher, oneError, oneWarning, projectRoot, tree } from './support.ts';

const findingsOf = (text: string): readonly { readonly rule: string; readonly file: string; readonly line: number; readonly severity: string; readonly state?: string }[] =>
  (JSON.parse(text) as { findings: { rule: string; file: string; line: number; severity: string; state?: string }[] }).findings;

describe('scan', () => {
  test('finds, prints and exits 1; the command alone scans the working directory', () => {
    const root = tree(oneError);
    const scanned = faaslint(root, ['scan', '.']);
    expect(scanned).toMatchObject({ code: 1, stderr: '' });
    expect(scanned.stdout).toMatch(/^src\/orders\.mjs\n {2}3:3 {2}error {2}.*no-disk-writes$/m);
    expect(scanned.stdout).toContain('1 finding: 1 error, 0 warnings, 0 info');
    expect(scanned.stdout).not.toContain('\x1b');
    expect(faaslint(root, [])).toEqual(scanned);
    expect(faaslint(tmpdir(), ['scan', root]).stdout).toBe(scanned.stdout);
  });

  test('the shop of the README has the findings that the README shows', () => {
    const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
    const [, count, shown] = /These are two of its (\d+) findings:\n\n```\n([^`]+)```/.exec(readme) ?? [];
    const { code, stdout } = faaslint(projectRoot, ['scan', 'fixtures/shop', '--no-config']);
    expect(code).toBe(1);
    expect(stdout).toContain(`\n${count} findings: `);
    const blocks = (shown ?? '').trimEnd().split('\n\n');
    expect(blocks).toHaveLength(2);
    for (const block of blocks) {
      const [file, ...lines] = block.split('\n');
      expect(stdout.split('\n')).toContain(file);
      expect(stdout).toContain(`\n${lines.join('\n')}\n`);
    }
  });

  test('a clean project exits 0', () => {
    expect(faaslint(tree(clean), [])).toMatchObject({ code: 0, stdout: expect.stringContaining('0 findings') as string, stderr: '' });
  });

  test('--fail-on moves the threshold', () => {
    const error = tree(oneError);
    const warning = tree(oneWarning);
    expect(faaslint(error, ['--fail-on', 'never']).code).toBe(0);
    expect(faaslint(warning, []).code).toBe(0);
    expect(faaslint(warning, ['--fail-on', 'error']).code).toBe(0);
    expect(faaslint(warning, ['--fail-on', 'warning']).code).toBe(1);
    expect(faaslint(warning, ['--fail-on', 'info']).code).toBe(1);
  });

  test('JSON fits the published schema, names the root relative, and is equal in another copy', () => {
    const first = faaslint(tree(oneError), ['--format', 'json']);
    const second = faaslint(tree(oneError), ['--format', 'json']);
    expect(first.code).toBe(1);
    expect(first.stdout).toBe(second.stdout);
    const data = JSON.parse(first.stdout) as { root: string };
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(projectRoot, 'schema/result.json'), 'utf8')) as object);
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
    expect(data.root).toBe('.');
    expect(findingsOf(first.stdout)).toMatchObject([{ rule: 'no-disk-writes', file: 'src/orders.mjs', line: 3, severity: 'error' }]);
  });

  test('SARIF of a scan', () => {
    const log = JSON.parse(faaslint(tree(oneError), ['--format', 'sarif']).stdout) as Log;
    expect(log.version).toBe('2.1.0');
    expect(log.runs[0]?.results?.map((item) => [item.ruleId, item.locations?.[0]?.physicalLocation?.artifactLocation?.uri])).toEqual([['no-disk-writes', 'src/orders.mjs']]);
  });

  test('--rule narrows; a preset without the finding is quiet about it', () => {
    const root = tree(oneError);
    expect(findingsOf(faaslint(root, ['--format', 'json', '--rule', 'no-disk-writes']).stdout)).toHaveLength(1);
    expect(findingsOf(faaslint(root, ['--format', 'json', '--rule', 'no-self-invocation']).stdout)).toHaveLength(0);
  });

  test('--quiet is one line a finding and silence without any', () => {
    expect(faaslint(tree(oneError), ['--quiet']).stdout.split('\n')).toHaveLength(2);
    expect(faaslint(tree(clean), ['--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('--stats goes to the error output', () => {
    const run = faaslint(tree(clean), ['--stats', '--format', 'json']);
    expect(run.stderr).toMatch(/^peakMegabytes: \d+$/m);
    expect(() => JSON.parse(run.stdout) as unknown).not.toThrow();
  });

  test('a file that a function needs and that can not be parsed makes the run incomplete', () => {
    const root = tree({ ...oneError, 'src/orders.mjs': 'export const handler = async ( => {};\n' });
    const run = faaslint(root, []);
    expect(run.code).toBe(2);
    expect(run.stdout).toContain('Incomplete: 1 file that functions need could not be used\n  src/orders.mjs');
    expect(faaslint(root, ['--quiet']).stdout).toContain('src/orders.mjs');
    expect(faaslint(root, ['--allow-incomplete']).code).toBe(0);
  });

  test('a file argument limits the report, not the analysis', () => {
    const root = tree({ ...oneError, 'src/other.mjs': 'export const x = 1;\n' });
    expect(findingsOf(faaslint(root, ['--format', 'json', 'src/other.mjs', '--root', '.']).stdout)).toHaveLength(0);
    expect(findingsOf(faaslint(root, ['--format', 'json', 'src/orders.mjs', '--root', '.']).stdout)).toHaveLength(1);
    expect(findingsOf(faaslint(root, ['--format', 'json', 'template.yaml', '--root', '.']).stdout)).toHaveLength(1);
  });
});

describe('baseline', () => {
  test('what it accepts is counted and does not fail; what is new does', () => {
    const root = tree(oneError);
    const update = faaslint(root, ['--baseline', 'accepted.json', '--update-baseline']);
    expect(update).toMatchObject({ code: 0, stderr: 'faaslint: the baseline now holds 1 finding\n' });
    const run = faaslint(root, ['--baseline', 'accepted.json']);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('0 findings (1 in the baseline)');
    writeFileSync(join(root, 'src/orders.mjs'), `${oneError['src/orders.mjs'].replace('\n};', "\n  writeFileSync('./second.json', '');\n};")}`);
    const later = faaslint(root, ['--baseline', 'accepted.json', '--format', 'json']);
    expect(later.code).toBe(1);
    expect(findingsOf(later.stdout).map((item) => [item.line, item.state])).toEqual([[3, 'preexisting'], [4, 'introduced']]);
  });

  test('a baseline that can not be written is one line, not an internal error', () => {
    const run = faaslint(tree(clean), ['--baseline', 'missing/accepted.json', '--update-baseline']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/^faaslint: can not write "missing\/accepted\.json"[^\n]*\n$/);
  });

  test('a file that is missing or no baseline is a usage error', () => {
    const root = tree({ ...clean, 'bad.json': '{' });
    for (const file of ['missing.json', 'bad.json']) {
      const run = faaslint(root, ['--baseline', file]);
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(new RegExp(`^faaslint: .*${file}.*\n$`));
    }
  });
});

describe('output', () => {
  test('--output-file is written whole and beside nothing else', () => {
    const root = tree(oneError);
    const run = faaslint(root, ['--format', 'json', '--output-file', 'out.json']);
    expect(run).toEqual({ code: 1, stdout: '', stderr: 'faaslint: 1 error, 0 warnings, 0 info, report written\n' });
    expect(readFileSync(join(root, 'out.json'), 'utf8')).toBe(faaslint(root, ['--format', 'json']).stdout);
    expect(readdirSync(root).sort()).toEqual(['out.json', 'src', 'template.yaml']);
  });

  test('a missing folder, a folder and a symbolic link are refused in one line', () => {
    const root = tree({ ...clean, 'kept.txt': 'as it was' });
    symlinkSync('kept.txt', join(root, 'link.json'));
    for (const file of ['missing/out.json', 'src', 'link.json']) {
      const run = faaslint(root, ['--output-file', file]);
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(/^faaslint: --output-file [^\n]* was not written [^\n]*\n$/);
    }
    expect(readFileSync(join(root, 'kept.txt'), 'utf8')).toBe('as it was');
  });

  test('a reader that goes away is no error', () => {
    const root = tree(oneError);
    const run = spawnSync('bash', ['-c', `"${process.execPath}" "${launcher}" --format json | head -c 1; exit "\${PIPESTATUS[0]}"`], { cwd: root, encoding: 'utf8', env: cleanEnvironment() });
    expect(run).toMatchObject({ status: 1, stdout: '{', stderr: '' });
  });

  test.skipIf(!existsSync('/dev/full'))('a report that could not be written is an error', () => {
    const run = spawnSync('bash', ['-c', `"${process.execPath}" "${launcher}" --format json > /dev/full`], { cwd: tree(clean), encoding: 'utf8', env: cleanEnvironment() });
    expect(run.status).toBe(2);
    expect(run.stderr).toBe('faaslint: the report could not be written (ENOSPC).\n');
  });

  test('a slow reader of a pipe gets every byte', async () => {
    const files: Record<string, string> = { ...oneError };
    files['src/orders.mjs'] = `import { writeFileSync } from 'node:fs';\nexport const handler = async () => {\n${Array.from({ length: 400 }, (_, index) => `  writeFileSync('./f${index}', '');`).join('\n')}\n};\n`;
    const root = tree(files);
    const child = spawn(process.execPath, [launcher, '--format', 'json'], { cwd: root, env: cleanEnvironment() });
    const chunks: Buffer[] = [];
    setTimeout(() => child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk)), 1500);
    const code = await new Promise((resolve) => child.on('close', resolve));
    const text = Buffer.concat(chunks).toString('utf8');
    expect(code).toBe(1);
    expect(text.length).toBeGreaterThan(300_000);
    expect(findingsOf(text)).toHaveLength(400);
  });

  test('FORCE_COLOR colours a pipe, NO_COLOR does not', () => {
    const root = tree(oneError);
    expect(faaslint(root, [], { FORCE_COLOR: '1' }).stdout).toContain('\x1b[31merror');
    expect(faaslint(root, [], { NO_COLOR: '1' }).stdout).not.toContain('\x1b');
  });

  test('an interrupt ends the scan; a shell sees 130', async () => {
    const root = tree(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`s${index}/template.yaml`, oneError['template.yaml']])));
    const child = spawn(process.execPath, [launcher], { cwd: root, env: cleanEnvironment(), stdio: 'ignore' });
    setTimeout(() => child.kill('SIGINT'), 250);
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => child.on('exit', (...ended) => resolve(ended)));
    expect(signal === 'SIGINT' || code === 130).toBe(true);
  });
});

describe('functions', () => {
  test('lists what is deployed, as text and as JSON', () => {
    const root = tree(oneError);
    const text = faaslint(root, ['functions']);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toBe('template.yaml\n  Orders  aws, nodejs22.x, 30 s\n    handler   src/orders.mjs (handler)\n    declared  template.yaml:4\n\n1 function in 1 deployment unit\n');
    const data = JSON.parse(faaslint(root, ['functions', '--format', 'json']).stdout) as { functions: unknown[] };
    expect(data.functions).toMatchObject([{ name: 'Orders', unit: 'template.yaml', timeoutSeconds: 30, handlers: [{ file: 'src/orders.mjs', export: 'handler' }], foundBy: 'infrastructure' }]);
  });
});

describe('what loads nothing heavy', () => {
  /** Source files that a run evaluated, told by the engine's own coverage record. */
  function loaded(args: readonly string[]): readonly string[] {
    const folder = temporaryFolder('coverage');
    expect(faaslint(tree({}), args, { NODE_V8_COVERAGE: folder }).code).toBe(0);
    return readdirSync(folder).flatMap((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] }).result.map((item) => item.url)).filter((url) => url.startsWith('file:'));
  }

  const parsers = /node_modules\/(?:oxc-parser|@oxc-|typescript|ts-morph|@ts-morph|esbuild|yaml|jsonc-parser|globby|@typescript-eslint)\b/;

  test.each([[['--version']], [['--help']], [['scan', '--help']], [['rules']], [['rules', '--format', 'json']], [['explain', 'no-disk-writes']]])('%j', (args) => {
    const files = loaded(args);
    expect(files.some((url) => url.endsWith('/dist/src/cli.js'))).toBe(true);
    expect(files.filter((url) => parsers.test(url))).toEqual([]);
  });

  test('the check sees a parser where there is one', () => {
    expect(loaded(['functions']).some((url) => parsers.test(url))).toBe(true);
  });
});

test('a launcher without a build says what to run', () => {
  const root = tree({ 'package.json': '{ "type": "module" }' });
  mkdirSync(join(root, 'bin'));
  copyFileSync(launcher, join(root, 'bin/faaslint.js'));
  const run = spawnSync(process.execPath, [join(root, 'bin/faaslint.js')], { encoding: 'utf8' });
  expect(run).toMatchObject({ status: 2, stdout: '', stderr: 'faaslint is not built: run "npm run build"\n' });
});
