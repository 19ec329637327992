import { describe, expect, it } from 'vitest';
import { dayAfter, monthsBefore, runtimeFact } from '../../src/catalog/runtime-ends.ts';
import type { Platform } from '../../src/model/function.ts';
import type { FunctionView } from '../../src/model/project.ts';
import rule from '../../rules/no-deprecated-runtime.ts';
import { deployed, project } from '../support/memory.ts';

/** Messages for one function with this runtime, on this day. */
function messages(platform: Platform, runtime: string, date: string): readonly string[] {
  const location = { file: 'template.yaml', line: 5, column: 1, endLine: 5, endColumn: 9 };
  const { fn } = project({ 'a.js': 'exports.handler = async () => 1;' }, [deployed('A', 'a.js', { platform, runtime: { value: runtime, location } })]);
  const view: FunctionView = { fn: fn.fn, project: { ...fn.project, date } } as FunctionView;
  return [...rule.check({ view, options: {} })].map((report) => report.message);
}

describe('no-deprecated-runtime', () => {
  it.each<[Platform, string, string, string[]]>([
    ['aws', 'nodejs22.x', '2026-10-29', []],
    ['aws', 'nodejs22.x', '2026-10-30', ['told']],
    ['aws', 'nodejs22.x', '2027-01-29', ['told']],
    ['aws', 'nodejs22.x', '2027-01-30', ['ending']],
    ['aws', 'nodejs22.x', '2027-04-30', ['deprecated']],
    ['aws', 'nodejs22.x', '2027-06-30', ['deprecated']],
    ['aws', 'nodejs22.x', '2027-07-01', ['blocked']],
    ['aws', 'provided', '2026-11-21', ['deprecated']],
    ['aws', 'provided.al2023', '2026-11-21', []],
    ['aws', 'nodejs20', '2026-11-21', ['unknown']],
    ['aws', 'nodejs30.x', '2026-11-21', []],
    ['google', 'nodejs20', '2026-10-29', ['deprecated']],
    ['google', 'nodejs20', '2026-11-21', ['blocked']],
    ['firebase', 'nodejs22', '2026-11-21', ['told']],
    ['firebase', '24', '2026-11-21', []],
    ['azure', '~18', '2026-11-21', ['deprecated']],
    ['azure', '20-lts', '2026-11-21', ['deprecated']],
    ['vercel', '20.x', '2026-11-21', ['blocked']],
    ['vercel', '>=22', '2026-11-21', []],
    ['openwhisk', 'nodejs:16', '2026-11-21', ['deprecated']],
    ['openwhisk', 'nodejs:default', '2026-11-21', []],
    ['netlify', 'nodejs22.x', '2026-11-21', ['told']],
    ['cloudflare', '18', '2026-11-21', []],
  ])('%s %s on %s', (platform, runtime, date, expected) => {
    expect(messages(platform, runtime, date)).toEqual(expected);
  });

  it('counts days and months over the ends of months', () => {
    expect(dayAfter('2027-04-30', -90)).toBe('2027-01-30');
    expect(monthsBefore('2027-04-30', 6)).toBe('2026-10-30');
    expect(monthsBefore('2026-08-31', 6)).toBe('2026-02-28');
    expect(monthsBefore('2028-01-31', 2)).toBe('2027-11-30');
  });

  it('knows what a name means, and what it does not know', () => {
    expect(runtimeFact('aws', 'nodejs12.x')).toMatchObject({ kind: 'known', end: { blocked: '2023-04-30' } });
    expect(runtimeFact('aws', '${Runtime}')).toEqual({ kind: 'notJudged' });
    expect(runtimeFact('google', 'nodejs26')).toEqual({ kind: 'notJudged' });
  });
});
