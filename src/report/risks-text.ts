import { styleText } from 'node:util';
import type { RisksPage } from '../model/risks.ts';
import { escapeTerminal } from './escape.ts';
import { wordsOf, type RisksTable } from './risks-words.ts';

const colors = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

/** The page for a terminal. */
export function risksText(page: RisksPage, options: { readonly title: string; readonly color: boolean }): string {
  const words = wordsOf(page);
  const paint = (style: Parameters<typeof styleText>[0], text: string): string => (options.color ? styleText(style, text, { validateStream: false }) : text);
  const lines = [paint('bold', `Risks of ${escapeTerminal(options.title)}`), words.summary, ''];
  for (const { exposure, heading, ways } of words.exposed) {
    lines.push(`${paint(colors[exposure.severity], exposure.severity.padEnd(7))}  ${paint('bold', escapeTerminal(heading))}`);
    for (const { head, worst } of ways) lines.push(`         ${escapeTerminal(head)}`, `           ${escapeTerminal(worst)}`);
    lines.push('');
  }
  for (const table of words.tables) lines.push(paint('bold', table.title), ...table.lines.map((line) => `  ${escapeTerminal(line)}`), ...columns(table), '');
  lines.push(...words.last.map(escapeTerminal));
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Columns side by side; a column of numbers keeps to the right. */
function columns({ head, rows, more }: RisksTable): readonly string[] {
  if (rows.length === 0) return [];
  const all = [head, ...rows].map((row) => row.map(escapeTerminal));
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const toRight = head.map((_, column) => rows.every((row) => /^[$\d]/.test(row[column] ?? '')));
  return [...all.map((row) => `    ${row.map((cell, column) => (toRight[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd()), ...(more > 0 ? [`    and ${more} more`] : [])];
}
