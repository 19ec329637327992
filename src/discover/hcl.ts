import type { Location, TextRange } from '../model/location.ts';
import type { HclAttribute, HclBlock, HclBody, HclExpression, HclFile, HclProblem } from './hcl-ast.ts';
import { HclCursor, HclError } from './hcl-cursor.ts';
import { expression } from './hcl-expression.ts';
import { templateText } from './hcl-template.ts';

const MAX_PROBLEMS = 100;
const MAX_BLOCK_DEPTH = 50;

/** A line that can only start a block of a file's top level: what is still open there was not closed. */
const topLevel = /^(?:(?:resource|data|ephemeral)[ \t]+"?[\w-]+"?[ \t]+"?[\w-]+"?|(?:module|variable|output|provider|dependency|include)[ \t]+"?[\w.-]+"?|(?:locals|terraform|inputs|moved|import|removed))[ \t]*(?:\{|=[ \t]*\{)/;

/**
 * Parses HCL's native syntax. Synchronous and linear in the text. A block that is broken costs that block: it is left out, with
 * a problem that names its line, and reading goes on at the next line that starts a block of the top level.
 */
export function parseHcl(file: string, text: string): HclFile {
  const lines = lineStarts(text);
  const cursor = new HclCursor(text);
  const attributes = new Map<string, HclAttribute>();
  const blocks: HclBlock[] = [];
  const problems: HclProblem[] = [];
  let again = 0;
  for (;;) {
    let start = cursor.at;
    try {
      cursor.skip(true);
      start = cursor.at;
      if (start >= cursor.end) break;
      item(cursor, attributes, blocks, 0);
    } catch (error) {
      if (!(error instanceof HclError)) throw error;
      const line = lineAt(lines, error.offset);
      if (problems.length < MAX_PROBLEMS) problems.push({ line, message: error.message });
      // What a broken block swallowed is read again, but only so often: here-documents may swallow the rest of the file.
      const next = recovery(text, lines, again > 3 * text.length ? cursor.at : start + 1);
      if (next < 0) break;
      again += Math.max(0, cursor.at - next);
      cursor.reset(next);
    }
  }
  return { file, body: { attributes, blocks }, problems, lines };
}

/** Parses one expression, such as the value of a command line parameter; `undefined` when the text is none. */
export function parseHclExpression(text: string): HclExpression | undefined {
  return attempt(() => {
    const cursor = new HclCursor(text);
    cursor.newlines = false;
    const value = expression(cursor);
    cursor.skip(true);
    return cursor.at < cursor.end ? undefined : value;
  });
}

/** Parses a text as a template: strings of JSON syntax and files of `templatefile`. */
export function parseHclTemplate(text: string): HclExpression | undefined {
  if (!text.includes('${') && !text.includes('%{')) return { kind: 'literal', value: text, start: 0, end: text.length };
  return attempt(() => templateText(text, expression));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof HclError) return undefined;
    throw error;
  }
}

/** Place of a range of a file, lines and columns from 1. */
export function hclLocation(file: Pick<HclFile, 'file' | 'lines'>, range: TextRange): Location {
  const line = lineAt(file.lines, range.start);
  const endLine = lineAt(file.lines, range.end);
  return { file: file.file, line, column: range.start - (file.lines[line - 1] ?? 0) + 1, endLine, endColumn: range.end - (file.lines[endLine - 1] ?? 0) + 1 };
}

function item(cursor: HclCursor, attributes: Map<string, HclAttribute>, blocks: HclBlock[], depth: number): void {
  const start = cursor.at;
  const name = cursor.name() ?? (cursor.peek() === '"' ? label(cursor) : undefined);
  if (name === undefined) cursor.fail('expected a name');
  cursor.skip();
  if (cursor.text.charAt(cursor.at) === '=' && cursor.text.charAt(cursor.at + 1) !== '=') {
    cursor.at++;
    const value = expression(cursor);
    // The first one counts: Terraform refuses a second.
    if (!attributes.has(name)) attributes.set(name, { name, value, start, end: value.end });
    endOfLine(cursor);
    return;
  }
  const labels: string[] = [];
  while (cursor.peek() !== '{') {
    if (labels.length > 20) cursor.fail('too many labels');
    const text = cursor.peek() === '"' ? label(cursor) : cursor.name();
    if (text === undefined) cursor.fail('expected "=" or "{"');
    labels.push(text);
  }
  cursor.at++;
  const found = cursor.nested(true, () => body(cursor, start, depth + 1));
  blocks.push({ type: name, labels, body: found, start, end: cursor.at });
  endOfLine(cursor);
}

function label(cursor: HclCursor): string {
  const start = cursor.at;
  const close = cursor.text.indexOf('"', start + 1);
  if (close < 0 || close > cursor.lineEnd(start)) cursor.fail('a label is not closed');
  cursor.at = close + 1;
  return cursor.text.slice(start + 1, close);
}

function body(cursor: HclCursor, opened: number, depth: number): HclBody {
  if (depth > MAX_BLOCK_DEPTH) cursor.fail('nested too deeply');
  const attributes = new Map<string, HclAttribute>();
  const blocks: HclBlock[] = [];
  for (;;) {
    cursor.skip(true);
    if (cursor.at >= cursor.end) cursor.fail('a block is not closed', opened);
    if (cursor.text.charAt(cursor.at) === '}') break;
    if (cursor.text.charAt(cursor.at - 1) === '\n' && startsTopLevel(cursor.text, cursor.at)) cursor.fail('a block is not closed', opened);
    item(cursor, attributes, blocks, depth);
  }
  cursor.at++;
  return { attributes, blocks };
}

function endOfLine(cursor: HclCursor): void {
  cursor.skip(false);
  const char = cursor.text.charAt(cursor.at);
  // Several items on a line happen in one-line blocks only; a comma is a slip that costs nothing.
  if (char === ',') cursor.at++;
  else if (cursor.at < cursor.end && char !== '\n' && char !== '}') cursor.fail('expected the end of the line');
}

function startsTopLevel(text: string, at: number): boolean {
  return /[a-z]/.test(text.charAt(at)) && topLevel.test(text.slice(at, at + 300));
}

/** Start of the next line after an offset that opens a block of the top level, or -1. */
function recovery(text: string, lines: readonly number[], after: number): number {
  for (let line = lineAt(lines, after); line < lines.length; line++) {
    const at = lines[line] ?? text.length;
    if (startsTopLevel(text, at)) return at;
  }
  return -1;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line of an offset, from 1. */
export function lineAt(lines: readonly number[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
