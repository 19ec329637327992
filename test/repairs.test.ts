import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/analyze.ts';
import { applyRepair } from './support/apply-repair.ts';
import type { Finding, ScanResult } from '../src/model/finding.ts';
import { listProjects } from './support/fixture.ts';

const scan = (dir: string, rules?: readonly string[]): Promise<ScanResult> => analyze({ root: dir, paths: [dir], preset: 'all', bundles: false, config: false, date: '2026-11-21', ...(rules ? { rules } : {}) });
/** What a finding says, whatever line it has come to stand on. */
const fact = (finding: Finding): string => `${finding.file} ${finding.messageId} ${JSON.stringify(finding.data)}`;
const count = (findings: readonly Finding[], one: Finding): number => findings.filter((other) => other.rule === one.rule && fact(other) === fact(one)).length;
const loud = (findings: readonly Finding[], one: Finding): number => findings.filter((other) => other.rule === one.rule && other.file === one.file && other.severity !== 'info').length;

/** Every suggestion over every fixture: it takes the finding away, brings no louder one, the text parses, and nothing is left to repair there. */
describe('suggestions repair', () => {
  let folder = '';
  let tried = 0;
  const rules = new Map<string, number>();
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'faaslint-repairs-')); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); }, 60_000);

  it.each(listProjects(resolve('fixtures')).filter(({ dir }) => !dir.includes('/broken/')))('$name', { timeout: 120_000 }, async ({ name, dir: origin }) => {
    const dir = join(folder, name);
    cpSync(origin, dir, { recursive: true });
    const before = await scan(dir);
    const problems: string[] = [];
    const seen = new Map<string, number>();
    for (const finding of before.findings) {
      // Two of a kind in a project tell.
      const kind = `${finding.rule} ${finding.messageId}`;
      if (!finding.suggestions || (seen.get(kind) ?? 0) >= 2) continue;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      const path = join(dir, finding.file);
      for (const repair of finding.suppressed ? [] : finding.suggestions) {
        const text = readFileSync(path, 'utf8');
        const repaired = applyRepair(text, repair);
        const say = (what: string): void => { problems.push(`${finding.file}:${finding.line} ${finding.rule} ${finding.messageId} '${repair.title}' ${what}`); };
        tried++;
        rules.set(finding.rule, (rules.get(finding.rule) ?? 0) + 1);
        if (repaired === text) say('changes nothing');
        if (/\.[cm]?[jt]sx?$/.test(finding.file) && parseSync(finding.file, repaired).errors.length > parseSync(finding.file, text).errors.length) { say('does not parse'); continue; }
        writeFileSync(path, repaired);
        const after = await scan(dir, [finding.rule]);
        writeFileSync(path, text);
        if (count(after.findings, finding) >= count(before.findings, finding)) say('leaves the finding');
        if (loud(after.findings, finding) > loud(before.findings, finding)) say('brings another finding');
      }
    }
    rmSync(dir, { recursive: true, force: true });
    expect(problems).toEqual([]);
  });

  it('has been tried', () => {
    expect([...rules.keys()].sort()).toEqual(['no-background-work', 'no-client-in-handler', 'no-cpu-bound-work', 'no-disk-writes', 'no-global-mutable-state', 'no-heavy-import', 'no-long-running-loop', 'no-server-listen', 'no-timeout-overrun']);
    expect(tried).toBeGreaterThan(80);
  });
});
