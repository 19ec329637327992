import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { analyze } from '../src/analyze.ts';
import { pageFrames } from './support/page-frames.ts';
import { blocksOf, project, type Block } from './support/rule-pages.ts';
import { temporaryFolder } from './support/temporary.ts';

/** The findings of one rule over a project whose files have these texts. */
async function findings(rule: string, files: Readonly<Record<string, string>>, options: Readonly<Record<string, unknown>>) {
  const root = temporaryFolder('page');
  const config = JSON.stringify({ rules: { [rule]: ['error', options] } });
  for (const [name, text] of Object.entries({ ...files, 'faaslint.config.json': config })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const result = await analyze({ root, paths: [root], preset: 'all', rules: [rule], bundles: rule === 'no-oversized-bundle', date: '2026-11-20' });
  expect(result.incomplete).toEqual([]);
  expect(result.functions.length, 'functions').toBeGreaterThan(0);
  return result.findings.filter((finding) => finding.rule === rule);
}

/** Messages that comments of a block name, with the texts of their lines: the comment's own or the one below it. */
function named({ code }: Block, messages: readonly string[]): readonly (readonly [message: string, line: string])[] {
  const lines = code.split('\n');
  return lines.flatMap((line, index) => {
    const [, before = '', word = ''] = /^(.*)(?:\/\/|#) (\w+)/.exec(line) ?? [];
    if (!messages.includes(word)) return [];
    return [[word, (before.trim() === '' ? lines[index + 1] ?? '' : line).trim()] as const];
  });
}

describe.each(rules.map((rule) => ({ id: rule.id, rule })))('code on the page of $id', ({ id, rule }) => {
  const text = readFileSync(join('docs/rules', `${id}.md`), 'utf8');
  const frames = pageFrames(id);
  const cases = (['Bad', 'Good'] as const).flatMap((section) => {
    const blocks = blocksOf(text, section);
    return blocks.map((block, index) => ({ title: `${section} ${index + 1}`, section, block, at: index, frame: frames[section]?.[index] ?? {}, beside: blocks }));
  });

  it('has a frame for no block that is not there', () => {
    for (const section of ['Bad', 'Good'] as const) {
      expect((frames[section] ?? []).length).toBeLessThanOrEqual(blocksOf(text, section).length);
    }
  });

  it.each(cases)('$title', async ({ section, at, block, frame, beside }) => {
    if (frame.with !== undefined || block.language === 'sh') return;
    const files = project(block, { ...frames.all, ...frame }, beside.filter((_, index) => frames[section]?.[index]?.with === at));
    const found = await findings(id, files, { ...frames.all?.options, ...frame.options });
    const seen = found.map(({ messageId, file, line }) => [messageId, files[file]?.split('\n')[line - 1]?.trim()]);
    if (section === 'Good') {
      expect(found.map(({ messageId }) => messageId)).toEqual(frame.notes ?? []);
      return;
    }
    expect(found.map(({ messageId }) => messageId), JSON.stringify(files, undefined, 1)).not.toEqual([]);
    for (const pair of named(block, Object.keys(rule.messages))) expect(seen).toContainEqual(pair);
  });
});
