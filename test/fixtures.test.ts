import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe as suite, expect, test } from 'vitest';
import { parseSync } from 'oxc-parser';
import { parseAllDocuments } from 'yaml';
import type { ScanResult } from '../src/model/finding.ts';
import { compare, describe, listFiles, listProjects, readAnnotations } from './support/fixture.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const projects = listProjects(fixtures);
/** Rules whose fixtures are more than examples: design asks for 20 hits and 20 near misses each. */
const complete = ['no-disk-writes', 'no-global-mutable-state', 'no-invocation-cycle', 'no-long-running-loop', 'no-self-invocation', 'no-sync-invoke'];
/** Dated facts must not change these tests by the calendar. */
const date = '2026-11-21';

type Analyze = (options: {
  readonly root: string;
  readonly paths: readonly string[];
  readonly preset: 'all';
  readonly bundles: boolean;
  readonly date: string;
}) => ScanResult | Promise<ScanResult>;

/** Imported on use, so that a missing analyzer fails each scan and not the checks of the fixtures themselves. */
async function scan(root: string): Promise<ScanResult> {
  const { analyze } = (await import('../src/analyze.ts')) as unknown as { readonly analyze: Analyze };
  return await analyze({ root, paths: [root], preset: 'all', bundles: false, date });
}

suite('fixtures', () => {
  test.each(projects.filter(({ dir }) => readAnnotations(dir).length > 0))('$name', { timeout: 60_000 }, async ({ dir, rule }) => {
    const result = await scan(dir);
    expect(describe(compare(readAnnotations(dir), result.findings, new Set(rule === undefined ? [] : [rule])))).toBe('');
  });

  test('shop', { timeout: 60_000 }, async () => {
    const dir = join(fixtures, 'shop');
    const annotations = readAnnotations(dir);
    const result = await scan(dir);
    expect(describe(compare(annotations, result.findings, new Set(annotations.map((each) => each.rule))))).toBe('');
    expect(result.incomplete).toEqual([]);
  });
});

suite('fixtures cover their rule', () => {
  const counts = new Map<string, { hits: number; near: number; projects: number }>();
  for (const { dir, rule } of projects) {
    if (rule === undefined) continue;
    const count = counts.get(rule) ?? { hits: 0, near: 0, projects: 0 };
    counts.set(rule, count);
    count.projects++;
    for (const annotation of readAnnotations(dir)) {
      if (annotation.rule !== rule) continue;
      if (annotation.expect === 'quiet') count.near++;
      else count.hits++;
    }
  }

  test.each([...counts])('%s has at least as many near misses as hits', (_rule, { hits, near }) => {
    expect(near).toBeGreaterThanOrEqual(hits);
  });

  test.each(complete)('%s has 20 hits, 24 near misses and 6 projects', (rule) => {
    const count = counts.get(rule);
    expect(count?.hits).toBeGreaterThanOrEqual(20);
    expect(count?.near).toBeGreaterThanOrEqual(24);
    expect(count?.projects).toBeGreaterThanOrEqual(6);
  });

  test('the shop has hits and near misses of several rules', () => {
    const annotations = readAnnotations(join(fixtures, 'shop'));
    expect(annotations.filter((each) => each.expect === 'finding').length).toBeGreaterThanOrEqual(8);
    expect(annotations.filter((each) => each.expect === 'quiet').length).toBeGreaterThanOrEqual(8);
    expect(new Set(annotations.map((each) => each.rule)).size).toBeGreaterThanOrEqual(4);
  });
});

suite('fixtures are whole', () => {
  const dirs = [...projects, { name: 'shop', dir: join(fixtures, 'shop') }];
  test.each(dirs)('$name parses', ({ dir }) => {
    const broken: string[] = [];
    for (const file of listFiles(dir)) {
      const text = readFileSync(join(dir, file), 'utf8');
      if (/\.[cm]?[jt]sx?$/.test(file) && parseSync(file, text).errors.length > 0) broken.push(file);
      if (/\.ya?ml$/.test(file) && parseAllDocuments(text).some((document) => document.errors.length > 0)) broken.push(file);
      if (file.endsWith('.json')) JSON.parse(text);
    }
    expect(broken).toEqual([]);
  });
});

/** `expected.json` of a broken project: what a scan of damaged input must still do. */
interface Expected {
  /** What is broken, for people. */
  readonly about: string;
  /** Findings that must be there. */
  readonly findings: readonly { readonly rule: string; readonly severity: string; readonly file: string; readonly line: number }[];
  /** Functions that must be listed, by name. */
  readonly functions: readonly string[];
  /** Files that could not be used; the reason must match the pattern (case does not matter). */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** How many files were used in part. */
  readonly partial?: number;
  /** Files that make the run incomplete. */
  readonly incomplete: readonly string[];
  /** Gaps that must be told, by file and a pattern for the message. */
  readonly gaps: readonly { readonly file: string; readonly message: string }[];
}

suite('broken input costs its file, never the run', () => {
  const broken = join(fixtures, 'broken');
  test.each(readdirSync(broken).sort())('%s', { timeout: 60_000 }, async (name) => {
    const dir = join(broken, name);
    expect(existsSync(join(dir, 'expected.json'))).toBe(true);
    const expected = JSON.parse(readFileSync(join(dir, 'expected.json'), 'utf8')) as Expected;
    const result = await scan(dir);

    const found = result.findings.map(({ rule, severity, file, line }) => ({ rule, severity, file, line }));
    for (const finding of expected.findings) expect(found).toContainEqual(finding);
    const names = result.functions.map((fn) => fn.name);
    for (const fn of expected.functions) expect(names).toContain(fn);
    expect(result.files.skipped.map((each) => each.file).sort()).toEqual(expected.skipped.map((each) => each.file).sort());
    for (const { file, reason } of expected.skipped) {
      expect(result.files.skipped.find((each) => each.file === file)?.reason).toMatch(new RegExp(reason, 'i'));
    }
    if (expected.partial !== undefined) expect(result.files.partial).toBe(expected.partial);
    expect(result.incomplete.map((each) => each.file).sort()).toEqual([...expected.incomplete].sort());
    for (const { file, message } of expected.gaps) {
      expect(result.gaps.some((gap) => gap.file === file && new RegExp(message, 'i').test(gap.message)), `a gap in ${file} about ${message}`).toBe(true);
    }
    const { discovered, analysed, partial, skipped } = result.files;
    expect(analysed + partial + skipped.length).toBe(discovered);
  });
});
