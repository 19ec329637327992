import { describe, expect, it } from 'vitest';
import { applyBaseline, baselineText, parseBaseline } from '../../src/check/baseline.ts';
import { parseDirective, plainDirectives, suppress } from '../../src/check/suppress.ts';
import type { Finding } from '../../src/model/finding.ts';

const finding = (extra: Partial<Finding> = {}): Finding => ({
  file: 'a.ts', line: 5, column: 1, endLine: 5, endColumn: 9, rule: 'no-disk-writes', severity: 'error', confidence: 'proved', assumptions: [], message: 'm', risk: 'r', repair: 'p',
  functions: ['F'], flow: [], references: [], fingerprint: 'aaa.fff', messageId: 'x', data: {}, evidence: ['a.ts'], ...extra,
});

describe('baseline', () => {
  const saved = parseBaseline('b.json', baselineText([finding(), finding({ fingerprint: 'bbb.fff', file: 'old.ts' })]));
  it('tells what is new from what was there', () => {
    const { findings, stale } = applyBaseline([finding({ line: 90 }), finding({ fingerprint: 'ccc.fff' })], saved);
    expect(findings.map((item) => item.state)).toEqual(['preexisting', 'introduced']);
    expect(stale).toEqual(['no-disk-writes in old.ts (bbb.fff)']);
  });
  it('keeps the findings of a renamed file', () => {
    const { findings, stale } = applyBaseline([finding(), finding({ fingerprint: 'bbb.ggg', file: 'new.ts' })], saved);
    expect(findings.map((item) => item.state)).toEqual(['preexisting', 'preexisting']);
    expect(stale).toEqual([]);
  });
  it('does not let one entry stand for two findings', () => {
    const { findings } = applyBaseline([finding({ fingerprint: 'bbb.ggg' }), finding({ fingerprint: 'bbb.hhh' })], saved);
    expect(findings.map((item) => item.state)).toEqual(['preexisting', 'introduced']);
  });
  it.each(['', '[]', '{ "findings": 1 }', '{'])('refuses %s', (text) => expect(() => parseBaseline('b.json', text)).toThrow(/not a baseline/));
  it('leaves suppressed findings out', () => expect(baselineText([finding({ suppressed: { by: 'source' } })])).not.toContain('aaa'));
});

describe('suppression', () => {
  it.each<[string, object | undefined]>([
    [' faaslint-disable-next-line no-disk-writes -- why', { kind: 'next-line', rules: ['no-disk-writes'], reason: 'why', eslint: false }],
    ['faaslint-disable-line a, b', { kind: 'line', rules: ['a', 'b'], eslint: false }],
    [' faaslint-disable', { kind: 'disable', rules: [], eslint: false }],
    [' faaslint-enable no-disk-writes', { kind: 'enable', rules: ['no-disk-writes'], eslint: false }],
    [' eslint-disable-next-line faaslint/no-disk-writes, semi', { kind: 'next-line', rules: ['no-disk-writes'], eslint: true }],
    [' eslint-disable-next-line semi', undefined],
    [' eslint-disable', undefined],
    [' see faaslint-disable-next-line in the docs', undefined],
  ])('%s', (text, expected) => expect(parseDirective(text)).toEqual(expected));

  const directive = (text: string, line: number) => ({ ...(parseDirective(text) as object), file: 'a.ts', line }) as never;
  it('silences the named rule on its line only', () => {
    const { findings, unused } = suppress([finding(), finding({ line: 6 }), finding({ rule: 'other' })], [directive('faaslint-disable-next-line no-disk-writes -- x', 4)]);
    expect(findings.map((item) => item.suppressed)).toEqual([{ by: 'source', reason: 'x' }, undefined, undefined]);
    expect(unused).toEqual([]);
  });
  it('silences a range', () => {
    const { findings } = suppress([finding({ line: 2 }), finding({ line: 5 }), finding({ line: 9 })], [directive('faaslint-disable', 3), directive('faaslint-enable', 8)]);
    expect(findings.map((item) => Boolean(item.suppressed))).toEqual([false, true, false]);
  });
  it('reports what silences nothing', () => expect(suppress([finding()], [directive('faaslint-disable-next-line no-disk-writes', 40)]).unused).toHaveLength(1));
  it('reads # comments', () => expect(plainDirectives('t.yaml', 'a: 1\n# faaslint-disable-next-line no-oversized-bundle -- ok\nb: 2')).toEqual([{ file: 't.yaml', line: 2, kind: 'next-line', rules: ['no-oversized-bundle'], reason: 'ok', eslint: false }]));
});
