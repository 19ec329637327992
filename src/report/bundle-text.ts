import { styleText } from 'node:util';
import type { BundleDetail, BundleNote, BundlePart, BundleSaving, ColdStart } from '../model/bundle.ts';
import type { BundleChange } from './bundle-compare.ts';
import { bytesText, changeText, shareText } from './bytes.ts';
import { plural } from './context.ts';
import { escapeTerminal } from './escape.ts';

export interface BundleTextOptions {
  readonly color: boolean;
  /** Functions were named: each is written out. */
  readonly named: boolean;
}

type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green', text: string) => string;

/** Packages that are written out where no function is named. */
export const writtenOut = 5;

const MAX_PARTS = 8;
const MAX_SAVINGS = 6;
const MAX_NOTES = 8;
/** Functions that are named with one reason for no size. */
const MAX_NAMES = 6;

/** What functions ship, for people: a table of all, then the biggest (or those asked for) written out. */
export function bundleText(details: readonly BundleDetail[], options: BundleTextOptions): string {
  const paint: Paint = options.color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
  const measured = details.filter(({ result }) => result.status === 'measured').sort(bySize);
  const lines: string[] = [];
  if (measured.length > 0) lines.push(...table(measured, paint), '');
  const seen = new Set<string>();
  // Functions that ship one package are written out once.
  const distinct = measured.filter(({ result }) => { const key = result.package ?? result.id ?? result.function; return !seen.has(key) && seen.add(key); });
  const shown = options.named ? distinct : distinct.slice(0, writtenOut);
  for (const detail of shown) lines.push(...written(detail, measured.filter((other) => other !== detail && detail.result.package !== undefined && other.result.package === detail.result.package), paint), '');
  const rest = distinct.length - shown.length;
  if (rest > 0) lines.push(paint('dim', `${plural(rest, 'smaller package')} not written out: name a function, or use --format html or json`), '');
  lines.push(...missing(details, paint));
  lines.push(`${plural(details.length, 'function')}: ${measured.length} measured, ${details.length - measured.length} not`);
  return `${lines.join('\n')}\n`;
}

export const bySize = (a: BundleDetail, b: BundleDetail): number => (b.result.bytes ?? -1) - (a.result.bytes ?? -1) || ((a.result.id ?? '') < (b.result.id ?? '') ? -1 : 1);

function table(details: readonly BundleDetail[], paint: Paint): readonly string[] {
  const rows = details.map((detail) => {
    const { result, limits } = detail;
    const limit = limits.find(({ of }) => of === 'unpacked');
    return [escapeTerminal(result.function), bytesText(result.bytes ?? 0), result.zippedBytes === undefined ? '' : bytesText(result.zippedBytes), limit === undefined ? '' : shareText(limit.usedBytes, limit.bytes), verdict(detail), madeBy(detail)];
  });
  const head = ['function', 'unpacked', 'archive', 'of limit', '', 'made by'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => (column >= 1 && column <= 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd();
  return [paint('bold', line(head)), ...rows.map((row) => { const text = line(row); return row[4] === '' ? text : paint(row[4] === 'over budget' ? 'yellow' : 'red', text); })];
}

/** What is wrong with a size, in two words. */
export function verdict({ result, limits }: BundleDetail): string {
  const bytes = result.bytes ?? 0;
  const limit = limits.find(({ of }) => of === 'unpacked');
  if (limit !== undefined && bytes > limit.bytes) return 'over limit';
  const { warnBytes = 0, errorBytes = 0 } = result.budget ?? {};
  return (errorBytes > 0 && bytes > errorBytes) || (warnBytes > 0 && bytes > warnBytes) ? 'over budget' : '';
}

export const madeBy = ({ form, tool }: BundleDetail): string => escapeTerminal(form === 'folder' ? `${tool}, folder` : form === 'inline' ? 'template' : tool);

function written(detail: BundleDetail, twins: readonly BundleDetail[], paint: Paint): readonly string[] {
  const { result, parts, notes, savings, limits } = detail;
  const whole = result.bytes ?? 0;
  const also = twins.length === 0 ? '' : `  ${paint('dim', `(and ${twins.slice(0, 3).map((twin) => escapeTerminal(twin.result.function)).join(', ')}${twins.length > 3 ? `, ${twins.length - 3} more` : ''}: the same package)`)}`;
  const lines = [`${paint('bold', escapeTerminal(result.function))}  ${bytesText(whole)}${result.zippedBytes === undefined ? '' : `, ${bytesText(result.zippedBytes)} zipped`}  ${paint('dim', escapeTerminal(detail.unit))}${also}`];
  for (const limit of limits.filter(({ usedBytes, bytes }) => usedBytes > bytes / 5)) lines.push(paint('dim', `  ${limit.of === 'unpacked' ? 'limit unpacked' : 'limit of the archive'}: ${bytesText(limit.bytes)}, ${shareText(limit.usedBytes, limit.bytes)} used${limit.condition === undefined ? '' : ` (${limit.condition})`}  ${limit.source}, ${limit.date}`));
  if (detail.start !== undefined) lines.push(`  cold start: ${startText(detail.start)}`);
  const shown = parts.slice(0, MAX_PARTS);
  const width = Math.max(...shown.map((part) => title(part).length), 0);
  for (const part of shown) lines.push(`  ${escapeTerminal(title(part)).padEnd(width)}  ${bytesText(part.bytes).padStart(8)}  ${shareText(part.bytes, whole).padStart(5)}  ${paint('dim', escapeTerminal(way(part)))}`.trimEnd());
  if (parts.length > shown.length) lines.push(paint('dim', `  … ${parts.length - shown.length} more, ${bytesText(parts.slice(shown.length).reduce((sum, part) => sum + part.bytes, 0))}`));
  const texts = noteTexts(notes);
  for (const text of texts.slice(0, MAX_NOTES)) lines.push(`  ${paint('yellow', 'note')}  ${escapeTerminal(text)}`);
  if (texts.length > MAX_NOTES) lines.push(paint('dim', `  … ${texts.length - MAX_NOTES} more notes`));
  for (const saving of savings.slice(0, MAX_SAVINGS)) lines.push(`  ${paint('green', `saves ${bytesText(saving.savedBytes)}`)}${saving.savedZippedBytes === undefined ? '' : ` (${archiveText(saving)} zipped)`}  ${escapeTerminal(saving.action)}`);
  if (savings.length > MAX_SAVINGS) lines.push(paint('dim', `  … ${savings.length - MAX_SAVINGS} more changes`));
  if (detail.savingsLeftOut !== undefined) lines.push(paint('dim', `  ${detail.savingsLeftOut}`));
  return lines;
}

/** What a change does to the archive: it may grow where the code shrinks, by a bigger source map for one. */
export const archiveText = ({ savedZippedBytes: saved }: BundleSaving): string => (saved === undefined ? '' : saved < 0 ? `${bytesText(-saved)} more` : bytesText(saved));

/** An estimate never stands without its parts and its error. */
export function startText({ processorMs, atMemoryMs, memoryMb, errorPercent, bytes, minified, modules, files, nodeModules, waits = 0 }: ColdStart): string {
  const parts = `${bytesText(bytes)} of code${minified ? ' (minified)' : ''} in ${plural(files, 'file')}, ${plural(modules, 'module')}${nodeModules === 0 ? '' : `, ${nodeModules} of Node.js`}${waits === 0 ? '' : `; waits for ${plural(waits, 'thing')} besides (no-slow-init)`}`;
  if (processorMs === undefined) return parts;
  return `about ${processorMs} ms of processor time${atMemoryMs === undefined || atMemoryMs === processorMs ? '' : `, ${atMemoryMs} ms at ${memoryMb} MB`} (median error ${errorPercent} %): ${parts}`;
}

/** Notes as lines; several packages of CommonJS are one. */
export function noteTexts(notes: readonly BundleNote[]): readonly string[] {
  const commonJs = notes.filter(({ kind, text }) => kind === 'commonJs' && !text.includes(';'));
  const joined = commonJs.length < 2 ? undefined : `CommonJS, which no bundler takes apart, so that all that is required ships: ${commonJs.map(({ subject, bytes }) => `${subject} (${bytesText(bytes)})`).join(', ')}`;
  return notes.flatMap((note) => {
    if (joined !== undefined && commonJs.includes(note)) return note === commonJs[0] ? [joined] : [];
    return [`${note.text}${note.bytes > 0 ? ` (${bytesText(note.bytes)})` : ''}`];
  });
}

/** Name and version of a part. */
export const title = (part: BundlePart): string => (part.version === undefined ? part.name : `${part.name} ${part.version}`);

/** How a part comes in. */
export function way(part: BundlePart): string {
  if (part.unreached) return 'no import leads to it';
  return part.chain.length > 1 ? part.chain.join(' → ') : '';
}

function missing(details: readonly BundleDetail[], paint: Paint): readonly string[] {
  const unmeasured = details.filter(({ result }) => result.status === 'notMeasured');
  if (unmeasured.length === 0) return [];
  const lines = [paint('bold', 'Not measured')];
  const byReason = new Map<string, string[]>();
  for (const { result } of unmeasured) {
    const reason = result.reason ?? 'no reason given';
    const names = byReason.get(reason);
    if (names) names.push(result.function); else byReason.set(reason, [result.function]);
  }
  for (const [reason, names] of byReason) lines.push(`  ${names.slice(0, MAX_NAMES).map(escapeTerminal).join(', ')}${names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''}  ${escapeTerminal(reason)}`);
  const fixes = [...new Set(unmeasured.flatMap(({ result }) => result.fix ?? []))];
  for (const fix of fixes) lines.push(`  run at the root, then measure again: ${paint('bold', escapeTerminal(fix))}`);
  return [...lines, ''];
}

/** What has changed since an earlier result, as a table that a pull request can show. */
export function comparisonText(changes: readonly BundleChange[], options: { readonly color: boolean }): string {
  const paint: Paint = options.color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
  const different = changes.filter(({ change }) => change !== 'same');
  const lines = [paint('bold', 'Since the earlier result')];
  for (const item of different) {
    const size = item.bytes === undefined ? 'not measured in both' : `${changeText(item.bytes)}${item.zippedBytes === undefined ? '' : `, ${changeText(item.zippedBytes)} zipped`}`;
    lines.push(`  ${paint((item.bytes ?? 0) > 0 ? 'red' : 'green', size)}  ${escapeTerminal(item.function)}${item.change === 'changed' ? '' : ` (${item.change})`}`);
    for (const part of item.parts.slice(0, 5)) lines.push(paint('dim', `      ${changeText(part.bytes)}  ${escapeTerminal(part.name)}${part.change === 'changed' ? '' : ` ${part.change}`}`));
  }
  const same = changes.length - different.length;
  lines.push(`  ${plural(same, 'function')} unchanged`, '');
  return `${lines.join('\n')}\n`;
}
