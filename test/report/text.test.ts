import { expect, test } from 'vitest';
import { brief } from '../../src/report/brief.ts';
import { escapeTerminal } from '../../src/report/escape.ts';
import { functionsText } from '../../src/report/functions.ts';
import { textReport } from '../../src/report/text.ts';
import type { Finding } from '../../src/model/finding.ts';
import { at, finding, plain, result, rich } from './sample.ts';

test('the prose of the text report', async () => {
  await expect(textReport(rich, plain)).toMatchFileSnapshot('snapshots/text.txt');
});

test('the prose of the functions report', async () => {
  await expect(functionsText(rich, { color: false })).toMatchFileSnapshot('snapshots/functions.txt');
});

test('control, ANSI, bidirectional and invisible characters are shown, not obeyed', () => {
  expect(escapeTerminal('a\x1b[31mb\u202ec\u200bd\ne\x9bf\u2028g\ud800h\u{e0041}')).toBe('a\\x1b[31mb\\u202ec\\u200bd\\x0ae\\x9bf\\u2028g\\ud800h\\u{e0041}');
  expect(escapeTerminal('plain é 日本 😀 {0} \\x1b')).toBe('plain é 日本 😀 {0} \\x1b');
});

test('no text of the repository reaches the terminal raw', () => {
  const evil = '\x1b]0;owned\x07\u202e\n::error::x';
  const hostile = result({
    functions: [], findings: [finding({ file: `src/${evil}.ts`, message: evil, risk: evil, repair: evil, functions: [evil], assumptions: [evil], flow: [{ ...finding(), file: evil, message: evil }, { ...finding(), file: evil, message: evil }], guard: { strength: 'ends', file: evil, line: 1, why: evil } })],
    gaps: [{ kind: evil, file: evil, message: evil }], bundles: [{ function: evil, status: 'notMeasured', reason: evil }], incomplete: [{ file: evil, reason: evil }], notices: [evil],
  });
  for (const quiet of [false, true]) {
    const text = textReport(hostile, { ...plain, gaps: true, quiet });
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(text).not.toMatch(/^::error/m);
    expect(text).toContain('\\x1b]0;owned\\x07\\u202e\\x0a::error::x');
  }
});

const step = (file: string, line: number, message: string): Finding['flow'][number] => ({ ...at(file, line), message });

test('a path that comes back is drawn as a loop, one step a line', () => {
  const send = step('src/sort.ts', 9, 'sends to Outbox');
  const flow = [step('src/sort.ts', 3, 'handler of Sort'), send, step('template.yaml', 12, 'Outbox triggers Retry'), step('src/retry.ts', 8, 'sends to Inbox'), step('template.yaml', 7, 'Inbox triggers Sort'), { ...send, message: 'It loops.' }];
  const text = textReport(result({ findings: [finding({ ...at('src/sort.ts', 9), rule: 'no-invocation-cycle', message: 'It loops.', flow })] }), { ...plain, rules: plain.rules.map((rule) => ({ ...rule, id: 'no-invocation-cycle', category: 'loops' })) });
  expect(text).toContain([
    '      path:',
    '          1. src/sort.ts:3     handler of Sort',
    '      ┌▶  2. src/sort.ts:9     sends to Outbox',
    '      │   3. template.yaml:12  Outbox triggers Retry',
    '      │   4. src/retry.ts:8    sends to Inbox',
    '      └─  5. template.yaml:7   Inbox triggers Sort',
    '',
  ].join('\n'));
  expect(text).not.toContain('here');
});

test('only findings about loops have paths that come back', () => {
  const flow = [step('src/one.ts', 3, 'calls save'), step('src/save.ts', 8, 'calls write'), { ...step('src/one.ts', 3, ''), message: 'It writes.' }];
  const text = textReport(result({ findings: [finding({ ...at('src/one.ts', 3), message: 'It writes.', flow })] }), plain);
  expect(text).toContain('        1. src/one.ts:3  calls save\n        2. src/save.ts:8  calls write\n        3. src/one.ts:3  here\n');
});

test('a loop that ends on the line of its first step, elsewhere on it, is drawn as a path', () => {
  const flow = [step('src/one.ts', 3, 'handler of One'), { ...at('src/one.ts', 3, 20), message: 'calls save' }, { ...at('src/one.ts', 3, 30), message: 'It writes.' }];
  const loops = { ...plain, rules: plain.rules.map((rule) => ({ ...rule, category: 'loops' })) };
  expect(textReport(result({ findings: [finding({ ...at('src/one.ts', 3, 30), message: 'It writes.', flow })] }), loops)).toContain('        1. src/one.ts:3  handler of One\n        2. src/one.ts:3  calls save\n        3. src/one.ts:3  here\n');
});

test('a path is left out that says no more than the place; what a rule is about stands once', () => {
  const one = (line: number, from: string): Finding => finding({ ...at('src/one.ts', line), message: 'It writes.', flow: [step(from, 3, 'handler of One'), step('src/one.ts', line, 'It writes.')] });
  expect(textReport(result({ findings: [one(5, 'src/one.ts')] }), plain)).not.toContain('path:');
  const text = textReport(result({ findings: [one(5, 'src/handler.ts'), one(9, 'src/handler.ts')] }), plain);
  expect(text.match(/path:\n {8}1\. src\/handler\.ts:3 {2}handler of One\n {8}2\. src\/one\.ts:\d {2}here/g)).toHaveLength(2);
  expect(text.split('The file is lost.')).toHaveLength(2);
});

test('colour only when asked for', () => {
  expect(textReport(rich, plain)).not.toContain('\x1b');
  const colored = textReport(rich, { ...plain, color: true });
  expect(colored).toContain('\x1b[31merror\x1b[39m');
  expect(colored.replace(/\x1b\[\d+m/g, '')).toBe(textReport(rich, plain));
});

test('gaps and sizes that are not measured are counted, and listed with --gaps', () => {
  const counted = textReport(rich, plain);
  expect(counted).toContain('1 gap: seen and not resolved (--gaps lists them)');
  expect(counted).toContain('1 size not measured (--gaps says why)');
  expect(counted).not.toContain('require of a variable');
  const listed = textReport(rich, { ...plain, gaps: true });
  expect(listed).toContain('src/orders.ts:2  require of a variable');
  expect(listed).toContain('Orders  the package "left-pad" is not installed');
});

test('suppressed and accepted findings are counted, not shown', () => {
  const text = textReport(rich, plain);
  expect(text).toContain('2 findings: 1 error, 1 warning, 0 info (1 suppressed, 1 in the baseline)');
  expect(text).not.toMatch(/^ {2}(?:30|40):/m);
});

test('quiet prints one line a finding and nothing when there is none', () => {
  expect(textReport(result(), { ...plain, quiet: true })).toBe('src/orders.ts:12:3: error: writeFile writes to ./out.json. (no-disk-writes)\n');
  expect(textReport(result({ findings: [] }), { ...plain, quiet: true })).toBe('');
  expect(textReport(result({ findings: [], incomplete: [{ file: 'a.ts', reason: 'too big' }] }), { ...plain, quiet: true })).toContain('a.ts  too big');
});

test('a report without functions says what to do', () => {
  expect(textReport(result({ functions: [], findings: [] }), plain)).toContain('No function was found');
});

test('beyond three findings of one rule in one function the rest is counted, the heaviest are shown', () => {
  const many = [1, 2, 3, 4, 5].map((line) => finding({ line, severity: line === 5 ? 'error' : 'warning' }));
  const shown = brief(many);
  expect(shown.map((item) => [item.finding.line, item.more])).toEqual([[1, 0], [2, 0], [5, 2]]);
  const text = textReport(result({ findings: many }), plain);
  expect(text).toContain('… and 2 more findings of no-disk-writes in Orders');
  expect(text).toContain('5 findings: 1 error, 4 warnings, 0 info');
});

test('three findings, other functions, other rules and functions of one name in other files are not merged', () => {
  expect(brief([1, 2, 3].map((line) => finding({ line }))).every((item) => item.more === 0)).toBe(true);
  expect(brief([1, 2, 3, 4].map((line) => finding({ line, functions: [`F${line % 2}`] })))).toHaveLength(4);
  expect(brief([1, 2, 3, 4].map((line) => finding({ line, rule: `rule-${line % 2}` })))).toHaveLength(4);
  expect(brief([1, 2, 3, 4].map((line) => finding({ line, file: `f${line % 2}.ts` })))).toHaveLength(4);
  expect(brief([1, 2, 3, 4].map((line) => finding({ line, functions: [] })))).toHaveLength(4);
});
