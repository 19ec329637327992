import type { Log, Result, Run } from 'sarif';
import { expect, test } from 'vitest';
import { escapeMessage, escapeUri } from '../../src/report/escape.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import type { ScanResult } from '../../src/model/finding.ts';
import { finding, plain, result, rich } from './sample.ts';

function runOf(one: ScanResult): Run {
  const [run] = (JSON.parse(sarifReport(one, plain)) as Log).runs;
  if (!run) throw new Error('no run');
  return run;
}

function firstResult(one: ScanResult): Result {
  const [found] = runOf(one).results ?? [];
  if (!found) throw new Error('no result');
  return found;
}

test('the SARIF log of one of everything', async () => {
  await expect(sarifReport(rich, plain)).toMatchFileSnapshot('snapshots/result.sarif');
});

test('rules have their index, level and page', () => {
  const run = runOf(rich);
  expect(run.tool.driver.rules?.map((rule) => [rule.id, rule.defaultConfiguration?.level, rule.helpUri])).toEqual([
    ['no-disk-writes', 'error', 'https://github.com/faaslint/faaslint/blob/main/docs/rules/no-disk-writes.md'],
    ['no-self-invocation', 'warning', 'https://github.com/faaslint/faaslint/blob/main/docs/rules/no-self-invocation.md'],
  ]);
  for (const one of run.results ?? []) expect(run.tool.driver.rules?.[one.ruleIndex ?? -1]?.id).toBe(one.ruleId);
  expect(run.results?.map((one) => one.level)).toEqual(['error', 'warning', 'error', 'error']);
  expect(firstResult(result({ findings: [finding({ severity: 'info' })] })).level).toBe('note');
});

test('places are relative, percent-encoded and based on the root', () => {
  const found = firstResult(result({ findings: [finding({ file: 'src/a b#c?%41/[id]/é:😀\ud800.ts' })] }));
  expect(found.locations?.[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: 'src/a%20b%23c%3F%2541/%5Bid%5D/%C3%A9%3A%F0%9F%98%80%EF%BF%BD.ts', uriBaseId: '%SRCROOT%' },
    region: { startLine: 12, startColumn: 3, endLine: 12, endColumn: 8 },
  });
  expect(runOf(rich).columnKind).toBe('utf16CodeUnits');
  expect(escapeUri('C:/x')).toBe('C%3A/x');
});

test('the flow is a code flow, the guard a related location', () => {
  const [first, second] = runOf(rich).results ?? [];
  expect(first?.codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => [location?.physicalLocation?.artifactLocation?.uri, location?.physicalLocation?.region?.startLine, location?.message?.text])).toEqual([
    ['src/orders.ts', 3, 'handler'], ['src/orders.ts', 8, 'calls save'], ['src/lib/store.ts', 12, 'writeFile writes to ./out.json.'],
  ]);
  expect(second?.codeFlows).toBeUndefined();
  expect(second?.relatedLocations?.[0]?.message?.text).toBe('Guard: the switch lies outside the chain');
});

test('suppressions say who accepted what; without any the key is absent', () => {
  expect(runOf(rich).results?.map((one) => one.suppressions)).toEqual([
    [], [], [{ kind: 'external', status: 'accepted', justification: 'accepted until March' }], [{ kind: 'external', status: 'accepted', justification: 'Accepted in the baseline.' }],
  ]);
  expect(runOf(rich).results?.map((one) => one.baselineState)).toEqual([undefined, 'new', undefined, 'unchanged']);
  expect(firstResult(result()).suppressions).toBeUndefined();
  expect(firstResult(result()).partialFingerprints).toEqual({ 'faaslint/v1': 'aa.bb' });
});

test('an incomplete run is not successful and names the files', () => {
  const [invocation] = runOf(rich).invocations ?? [];
  expect(invocation?.executionSuccessful).toBe(false);
  expect(invocation?.toolExecutionNotifications?.[0]).toMatchObject({ level: 'error', message: { text: 'line 3: unexpected token' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'src/broken.ts' } } }] });
  expect(runOf(result()).invocations?.[0]?.executionSuccessful).toBe(true);
});

test('text that looks like a placeholder or a link is escaped', () => {
  expect(escapeMessage('writes {0} to `${name}`')).toBe('writes {{0}} to `${{name}}`');
  expect(escapeMessage('see [here](0) and [x]')).toBe('see \\[here\\](0) and \\[x\\]');
  expect(escapeMessage('items[0] of event')).toBe('items[0] of event');
  expect(firstResult(result({ findings: [finding({ message: 'Key {1} [a](1).' })] })).message.text).toContain('Key {{1}} \\[a\\](1).');
  expect(escapeMessage('['.repeat(200_000))).toHaveLength(200_000);
});

test('neither the path of the machine nor raw control characters are in the log', () => {
  const text = sarifReport(result({ findings: [finding({ message: 'a\x1b\u202eb' })] }), plain);
  expect(text).not.toContain('/machine/checkout');
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});
