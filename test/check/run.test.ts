import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyze, type AnalyzeOptions } from '../../src/analyze.ts';
import type { ScanResult } from '../../src/model/finding.ts';

let root = '';
beforeEach(() => { root = realpathSync(mkdtempSync(join(tmpdir(), 'faaslint-'))); });
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src/, Handler: a.handler, Runtime: nodejs22.x, Timeout: 10 }
  B:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src/, Handler: b.handler, Runtime: nodejs22.x, Timeout: 10 }
`;
/** Writes outside the temporary folder: an error. */
const writes = (before = ''): string => `import fs from 'node:fs';\nexport const handler = async () => {\n${before}  fs.writeFileSync('/var/out.txt', 'x');\n};\n`;
/** Written, used and removed within the invocation: info, which \`recommended\` does not show. */
const tidy = (before = ''): string => `import fs from 'node:fs';\nexport const handler = async () => {\n  try {\n${before}    fs.writeFileSync('/tmp/x', 'x');\n  } finally {\n    fs.unlinkSync('/tmp/x');\n  }\n};\n`;

const scan = (options: AnalyzeOptions = {}): Promise<ScanResult> => analyze({ root, bundles: false, date: '2026-11-21', ...options });
const places = (result: ScanResult): readonly string[] => result.findings.filter((item) => item.rule === 'no-disk-writes').map((item) => `${item.file}:${item.line} ${item.severity}${item.suppressed ? ' suppressed' : ''}${item.state ? ` ${item.state}` : ''}`);

describe('suppression over a run', () => {
  it('a comment that silences what the preset does not show is in use', async () => {
    put({ 'template.yaml': template, 'src/a.js': tidy('    // faaslint-disable-next-line no-disk-writes -- removed below\n'), 'src/b.js': writes() });
    const result = await scan();
    expect(places(result)).toEqual(['src/b.js:3 error']);
    expect(result.notices).toEqual([]);
    expect(places(await scan({ preset: 'strict' }))).toEqual(['src/a.js:5 info suppressed', 'src/b.js:3 error']);
  });

  it('a comment for a rule that does not run is not called unused', async () => {
    put({
      'template.yaml': template, 'src/a.js': writes('  // faaslint-disable-next-line no-disk-writes -- rule is off here\n'), 'src/b.js': 'export const handler = async () => 1;\n',
      'faaslint.config.json': '{ "rules": { "no-disk-writes": "off" } }',
    });
    const result = await scan();
    expect(places(result)).toEqual([]);
    expect(result.notices).toEqual([]);
  });

  it('names what is unused, unknown and unexplained', async () => {
    put({
      'template.yaml': `# faaslint-disable-next-line no-disk-writes -- nothing here\n${template}`,
      'src/a.js': writes('  // faaslint-disable-next-line no-disk-writes\n'),
      'src/b.js': '// faaslint-disable-line no-disk-write -- mistyped\nexport const handler = async () => 1;\n',
    });
    const result = await scan();
    expect(places(result)).toEqual(['src/a.js:4 error suppressed']);
    expect(result.notices).toEqual([
      "1 finding is suppressed without a reason. Add one after '--'.",
      'src/b.js:1: suppression of the unknown rule no-disk-write. Did you mean no-disk-writes?',
      'template.yaml:1: unused suppression of no-disk-writes. Remove it.',
    ]);
  });
});

describe('baseline over a run', () => {
  const baseline = (): string => join(root, 'baseline.json');
  const accepted = (): readonly string[] => (JSON.parse(readFileSync(baseline(), 'utf8')) as { findings: { rule: string; file: string }[] }).findings.filter((item) => item.rule === 'no-disk-writes').map((item) => item.file);

  it('a run over one file says nothing of the others, and updating keeps theirs', async () => {
    put({ 'template.yaml': template, 'src/a.js': writes(), 'src/b.js': writes() });
    await scan({ baseline: baseline(), updateBaseline: true });
    expect(accepted()).toEqual(['src/a.js', 'src/b.js']);
    const narrow = await scan({ paths: [join(root, 'src/a.js')], baseline: baseline() });
    expect(places(narrow)).toEqual(['src/a.js:3 error preexisting']);
    expect(narrow.notices).toEqual([]);
    put({ 'src/a.js': 'export const handler = async () => 1;\n' });
    await scan({ paths: [join(root, 'src/a.js')], baseline: baseline(), updateBaseline: true });
    expect(accepted()).toEqual(['src/b.js']);
  });

  it('a run with one rule or a smaller preset does not call the rest gone', async () => {
    put({ 'template.yaml': template, 'src/a.js': tidy(), 'src/b.js': writes() });
    await scan({ preset: 'strict', baseline: baseline(), updateBaseline: true });
    expect(accepted()).toEqual(['src/a.js', 'src/b.js']);
    expect((await scan({ baseline: baseline() })).notices).toEqual([]);
    expect((await scan({ rules: ['no-long-running-loop'], baseline: baseline() })).notices).toEqual([]);
    put({ 'src/a.js': 'export const handler = async () => 1;\n' });
    expect((await scan({ baseline: baseline() })).notices).toEqual([expect.stringMatching(/^baseline: no-disk-writes in src\/a\.js \(.*\) is no longer found/)]);
  });

  it('fingerprints do not depend on the preset', async () => {
    const both = `import fs from 'node:fs';\nexport const handler = async () => {\n  try {\n    fs.writeFileSync('/tmp/x', 'x');\n  } finally {\n    fs.unlinkSync('/tmp/x');\n  }\n  fs.writeFileSync('/var/a', 'x');\n  fs.writeFileSync('/var/a', 'x');\n};\n`;
    put({ 'template.yaml': template, 'src/a.js': both, 'src/b.js': writes() });
    const all = new Map((await scan({ preset: 'strict' })).findings.map((item) => [`${item.file}:${item.line}`, item.fingerprint]));
    const some = await scan();
    expect(some.findings.length).toBeGreaterThanOrEqual(3);
    for (const item of some.findings) expect(all.get(`${item.file}:${item.line}`)).toBe(item.fingerprint);
    expect(new Set(all.values()).size).toBe(all.size);
  });

  it('a renamed file keeps its findings', async () => {
    put({ 'template.yaml': template, 'src/a.js': writes(), 'src/b.js': writes() });
    await scan({ baseline: baseline(), updateBaseline: true });
    rmSync(join(root, 'src/a.js'));
    put({ 'template.yaml': template.replace('a.handler', 'renamed.handler'), 'src/renamed.js': writes('\n\n  const more = 1;\n') });
    expect(places(await scan({ baseline: baseline() }))).toEqual(['src/b.js:3 error preexisting', 'src/renamed.js:6 error preexisting']);
  });

  it('a copy of a file that is still there is new', async () => {
    put({ 'template.yaml': template, 'src/a.js': writes(), 'src/b.js': 'export const handler = async () => 1;\n' });
    await scan({ baseline: baseline(), updateBaseline: true });
    put({ 'src/b.js': writes() });
    expect(places(await scan({ baseline: baseline() }))).toEqual(['src/a.js:3 error preexisting', 'src/b.js:3 error introduced']);
  });
});

it('a folder that can not be listed is a gap', async () => {
  put({ 'template.yaml': template, 'src/a.js': writes(), 'src/b.js': 'export const handler = async () => 1;\n' });
  const back = process.cwd();
  const name = 'd'.repeat(200);
  try {
    // Deeper than a path may be long: every system refuses to list it by its full path, whoever asks.
    process.chdir(root);
    for (let depth = 0; depth < 25; depth++) {
      mkdirSync(name);
      process.chdir(name);
    }
  } finally {
    process.chdir(back);
  }
  try {
    const result = await scan();
    expect(places(result)).toEqual(['src/a.js:3 error']);
    const [gap, ...more] = result.gaps.filter((item) => item.kind === 'folder');
    expect(gap?.file.startsWith(name)).toBe(true);
    expect(gap?.message).toBe('folder not readable (ENAMETOOLONG)');
    expect(more).toEqual([]);
  } finally {
    // Node's own removal builds full paths.
    execFileSync('rm', ['-rf', join(root, name)]);
  }
});
