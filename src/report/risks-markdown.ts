import type { RisksPage } from '../model/risks.ts';
import { ruleUrl } from './context.ts';
import { escapeMarkdown } from './escape.ts';
import { wordsOf } from './risks-words.ts';

/** The page as GitHub's Markdown, to put into a wiki or a review. */
export function risksMarkdown(page: RisksPage, options: { readonly title: string }): string {
  const words = wordsOf(page);
  const lines = [`# Risks of ${escapeMarkdown(options.title)}`, '', escapeMarkdown(words.summary), ''];
  for (const { exposure, heading, ways } of words.exposed) {
    lines.push(`## ${escapeMarkdown(heading)}`, '', `**${exposure.severity}**`, '');
    for (const [index, { head, worst }] of ways.entries()) {
      const rule = exposure.ways[index]?.rule ?? '';
      lines.push(`- [${rule}](${ruleUrl(rule)}): ${escapeMarkdown(head.slice(rule.length).trim())}<br>${escapeMarkdown(worst)}`);
    }
    lines.push('');
  }
  for (const { title, lines: before, head, rows, more } of words.tables) {
    lines.push(`## ${escapeMarkdown(title)}`, '', ...before.flatMap((line) => [escapeMarkdown(line), '']));
    if (rows.length > 0) lines.push(row(head), row(head.map(() => '---')), ...rows.map((cells) => row(cells.map(escapeMarkdown))), '');
    if (more > 0) lines.push(`and ${more} more`, '');
  }
  lines.push(...words.last.flatMap((line) => [escapeMarkdown(line), '']));
  return `${lines.join('\n').trimEnd()}\n`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
