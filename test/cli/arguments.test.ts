import { expect, test } from 'vitest';
import { exitCode } from '../../src/cli/exit-code.ts';
import { run } from '../../src/cli/program.ts';
import { progressLine, wantsColor } from '../../src/cli/terminal.ts';
import { finding, result } from '../report/sample.ts';
import { clean, tree } from './support.ts';

async function cli(args: readonly string[], cwd = '/'): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const code = await run({
    argv: args, env: {}, cwd, stdout: { write: (text) => { out += text; } }, stderr: { write: (text) => { err += text; } },
    now: () => 0, usage: () => ({ cpuMilliseconds: 0, peakBytes: 0 }),
  }, '9.8.7');
  return { code, out, err };
}

test('help and version are no errors and go to the standard output', async () => {
  expect(await cli(['--version'])).toEqual({ code: 0, out: '9.8.7\n', err: '' });
  for (const args of [['--help'], ['help', 'scan'], ['scan', '--help'], ['functions', '--help']]) {
    const { code, out, err } = await cli(args);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Usage: faaslint');
  }
});

test('every option of the command is in its help', async () => {
  const { out } = await cli(['scan', '--help']);
  for (const option of ['--format', '--output-file', '--fail-on', '--preset', '--rule', '--config', '--no-config', '--root', '--stage', '--param', '--quiet', '--gaps', '--stats', '--debug', '--date', '--allow-incomplete', '--baseline', '--update-baseline']) expect(out).toContain(` ${option}`);
});

test.each([
  [['--formt', 'json'], /unknown option '--formt'.*--format/],
  [['--format', 'xml'], /text, json, sarif/],
  [['functions', '--format', 'sarif'], /text, json/],
  [['--fail-on', 'fatal'], /error, warning, info, never/],
  [['--preset', 'best'], /core, recommended, strict, all/],
  [['--rule', 'no-disc-writes'], /unknown rule "no-disc-writes"\. Did you mean "no-disk-writes"\?/],
  [['--rule', 'no-disk-writes,zzz'], /unknown rule "zzz"\. Run "faaslint rules"/],
  [['--date', '2026-02-30x'], /YYYY-MM-DD/],
  [['--param', 'novalue'], /name=value/],
  [['--param', '=x'], /name=value/],
  [['--update-baseline'], /--baseline FILE/],
  [['explain', 'no-disk-write'], /Did you mean "no-disk-writes"/],
  [['explain'], /missing required argument/],
  [['--output-file'], /argument missing/],
  [['no-such-folder'], /no-such-folder/],
  [['scna'], /there is no file or folder "scna"\. Did you mean the command "faaslint scan"\?/],
])('%j is a usage error of one line', async (args, message) => {
  const { code, out, err } = await cli(args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
  expect(err).toMatch(/^faaslint: [^\n]+\n$/);
  expect(err).not.toContain('internal error');
});

test('no command takes a folder without functions, or one that could not be read, for a clean one', async () => {
  const empty = tree({ 'readme.txt': 'nothing to deploy' });
  const broken = tree({ 'template.yaml': 'Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Function\n   Properties: {}\n' });
  for (const args of [['--format', 'json'], ['--format', 'sarif'], ['functions'], ['graph'], ['bundle'], ['risks']]) {
    const [command = ''] = args;
    const nothing = await cli([...args, ...(command === 'bundle' ? ['--root', empty] : [empty])]);
    expect(nothing, args.join(' ')).toMatchObject({ code: 0, err: expect.stringMatching(/^faaslint: no function was found: [^\n]+\n$/) });
    const lost = await cli([...args, ...(command === 'bundle' ? ['--root', broken] : [broken])]);
    expect(lost.code, args.join(' ')).toBe(2);
    expect(`${lost.out}${lost.err}`.match(/not read: template\.yaml  line 5: /g), args.join(' ')).toHaveLength(1);
    expect(lost.err).not.toContain('no function was found');
  }
  expect((await cli([empty])).out).toContain('No function was found');
  // A hook gives files: that one of them is no handler says nothing of the project.
  expect((await cli([`${tree({ ...clean, 'lib/help.mjs': 'export const one = 1;' })}/lib/help.mjs`])).out).not.toContain('No function was found');
  expect((await cli([broken])).out).not.toContain('No function was found');
  expect((await cli(['risks', empty])).out).not.toContain('Nothing found');
});

test('hostile names in arguments do not reach the terminal raw', async () => {
  for (const args of [['--\x1b[31mx'], ['explain', '\x1b]0;x\x07'], ['--rule', '\u202ex'], ['\x1b[2J']]) {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  }
});

test('--debug shows the stack, nothing else does', async () => {
  expect((await cli(['explain', 'zzz', '--debug'])).err).toMatch(/\n {4}at /);
  expect((await cli(['explain', 'zzz'])).err).not.toMatch(/\n {4}at /);
});

test('rules are listed with preset and severity; explain prints examples and the page', async () => {
  const { out } = await cli(['rules']);
  expect(out).toMatch(/^no-disk-writes +core +error +\S/m);
  const list = JSON.parse((await cli(['rules', '--format', 'json'])).out) as { id: string }[];
  expect(list.map((rule) => rule.id)).toEqual(out.trim().split('\n').map((line) => line.split(' ')[0]));
  const explained = (await cli(['explain', 'no-disk-writes'])).out;
  for (const part of ['Incorrect', 'Correct', 'References', 'writeFileSync', 'docs/rules/no-disk-writes.md', 'faaslint-disable-next-line no-disk-writes']) expect(explained).toContain(part);
});

test('explain names messages as the page does, and shows of an example what sets it apart', async () => {
  expect((await cli(['explain', 'no-disk-writes'])).out).toMatch(/^ {2}error +readOnly: /m);
  const callbacks = (await cli(['explain', 'no-deprecated-api'])).out;
  expect(callbacks).toMatch(/Runtime: nodejs24\.x[\s\S]*Runtime: nodejs22\.x/);
  expect((await cli(['explain', 'no-mini-monolith'])).out).toContain('options: {"maxRoutes":2,"maxResources":2}');
});

test('the root is shown relative to the working directory', async () => {
  const root = tree(clean);
  const shown = async (cwd: string): Promise<string> => (JSON.parse((await cli(['--format', 'json', root], cwd)).out) as { root: string }).root;
  expect(await shown(root)).toBe('.');
  expect(await shown(`${root}/src`)).toBe('..');
  expect(await shown(root.slice(0, root.lastIndexOf('/')))).toBe(root.slice(root.lastIndexOf('/') + 1));
});

test('exit codes', () => {
  const warning = result({ findings: [finding({ severity: 'warning' })] });
  expect(exitCode(warning, 'error', false)).toBe(0);
  expect(exitCode(warning, 'warning', false)).toBe(1);
  expect(exitCode(warning, 'info', false)).toBe(1);
  expect(exitCode(result(), 'error', false)).toBe(1);
  expect(exitCode(result(), 'never', false)).toBe(0);
  expect(exitCode(result({ findings: [finding({ suppressed: { by: 'source' } })] }), 'info', false)).toBe(0);
  expect(exitCode(result({ findings: [finding({ state: 'preexisting' })] }), 'info', false)).toBe(0);
  expect(exitCode(result({ findings: [finding({ state: 'introduced' })] }), 'error', false)).toBe(1);
  const incomplete = { incomplete: [{ file: 'a.ts', reason: 'too big' }] };
  expect(exitCode(result({ findings: [], ...incomplete }), 'never', false)).toBe(2);
  expect(exitCode(result(incomplete), 'error', false)).toBe(2);
  expect(exitCode(result(incomplete), 'error', true)).toBe(1);
  expect(exitCode(result({ findings: [], ...incomplete }), 'error', true)).toBe(0);
  const gaps = { gaps: [{ kind: 'import', file: 'a.ts', message: 'x' }], files: { discovered: 2, analysed: 1, partial: 0, skipped: [{ file: 'b.ts', reason: 'binary' }] } };
  expect(exitCode(result({ findings: [], ...gaps, bundles: [{ function: 'f', status: 'notMeasured' }] }), 'info', false)).toBe(0);
});

test('colour: FORCE_COLOR, then NO_COLOR, then the terminal', () => {
  expect(wantsColor({ isTTY: true }, {})).toBe(true);
  expect(wantsColor({}, {})).toBe(false);
  expect(wantsColor({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
  expect(wantsColor({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
  expect(wantsColor({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  expect(wantsColor({}, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(true);
  expect(wantsColor({ isTTY: true }, { FORCE_COLOR: '0' })).toBe(false);
});

test('progress only on a terminal, outside of CI, and once the scan is long', () => {
  const texts = (stream: { isTTY?: boolean }, env: Record<string, string>, at: number): string => {
    let written = '';
    let now = 0;
    const line = progressLine(stream, env, (text) => { written += text; }, () => now);
    now = at;
    line.show('reading');
    line.clear();
    return written;
  };
  expect(texts({ isTTY: true }, {}, 2000)).toBe('\r\x1b[2Kreading\r\x1b[2K');
  expect(texts({ isTTY: true }, {}, 100)).toBe('');
  expect(texts({}, {}, 2000)).toBe('');
  expect(texts({ isTTY: true }, { CI: 'true' }, 2000)).toBe('');
});
