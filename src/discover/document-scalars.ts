/** Thrown inside the quick YAML reader where a text is not of the subset that it reads: the full parser has to look at it. */
export class Unusual extends Error {
  /** The full parser is certain to find fault with the layout here. */
  readonly isLayout: boolean;

  constructor(isLayout = false) {
    super();
    this.isLayout = isLayout;
  }
}

/** Throws `Unusual`, where a value is wanted. */
export function unusual(): never {
  throw new Unusual();
}

/** Text of a scalar and the offset behind it. */
export interface ScalarText {
  readonly text: string;
  readonly end: number;
}

const [TAB, LINE_FEED, RETURN, SPACE, HASH, COLON] = [9, 10, 13, 32, 35, 58];

/** Offset of the next character that is no space. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

/** End of a line or of the text (`NaN`). */
export const isLineEnd = (code: number): boolean => code === LINE_FEED || code === RETURN || Number.isNaN(code);

/** White space, or the end of the text (`NaN`). */
export const isBlank = (code: number): boolean => code === SPACE || code === TAB || isLineEnd(code);

/** One of `,[]{}`. */
export const isFlowIndicator = (code: number): boolean => code === 44 || code === 91 || code === 93 || code === 123 || code === 125;

/** As the column that further lines of a scalar need: it may have none. */
export const ONE_LINE = Number.POSITIVE_INFINITY;

/**
 * A plain scalar in block context, from its first character on. Its further lines stand at column `indent` or further right;
 * a comment ends it. Throws `Unusual` where it holds what looks like a key.
 */
export function readPlainText(text: string, start: number, indent: number): ScalarText {
  let end = plainLineEnd(text, start);
  let value = text.slice(start, end);
  for (;;) {
    const next = continuedAt(text, end, indent);
    if (next === undefined) return { text: value, end };
    end = plainLineEnd(text, next.at);
    value += (next.empty === 0 ? ' ' : '\n'.repeat(next.empty)) + text.slice(next.at, end);
  }
}

/** Offset behind the last character of a plain scalar on this line. */
function plainLineEnd(text: string, start: number): number {
  let end = start;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === RETURN) break;
    if (code === TAB || (code === COLON && isBlank(text.charCodeAt(at + 1)))) throw new Unusual();
    if (code === SPACE) continue;
    if (code === HASH && at > start && text.charCodeAt(at - 1) === SPACE) break;
    end = at + 1;
  }
  return end;
}

/** Where a plain scalar that reached `end` goes on, and how many empty lines are between. */
function continuedAt(text: string, end: number, indent: number): { readonly at: number; readonly empty: number } | undefined {
  let at = skipSpaces(text, end);
  if (indent === ONE_LINE || text.charCodeAt(at) === HASH) return undefined;
  for (let empty = -1; ; empty++) {
    if (text.charCodeAt(at) === RETURN) at++;
    if (text.charCodeAt(at) !== LINE_FEED) return undefined;
    const line = at + 1;
    at = skipSpaces(text, line);
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === RETURN) continue;
    if (code === TAB) throw new Unusual();
    return Number.isNaN(code) || code === HASH || at - line < indent ? undefined : { at, empty: empty + 1 };
  }
}

/** A plain scalar inside a flow collection, on one line. */
export function readFlowText(text: string, start: number): ScalarText {
  let end = start;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === RETURN || isFlowIndicator(code)) break;
    if (code === TAB) throw new Unusual();
    if (code === COLON && (isBlank(text.charCodeAt(at + 1)) || isFlowIndicator(text.charCodeAt(at + 1)))) break;
    if (code === SPACE) continue;
    if (code === HASH && text.charCodeAt(at - 1) === SPACE) break;
    end = at + 1;
  }
  return { text: text.slice(start, end), end };
}

/** A scalar in single quotes; `undefined` when it does not end, or not as `indent` wants it. */
export function readSingleQuoted(text: string, start: number, indent: number): ScalarText | undefined {
  let close = text.indexOf("'", start + 1);
  while (close >= 0 && text.charCodeAt(close + 1) === 39) close = text.indexOf("'", close + 2);
  if (close < 0) return undefined;
  const inner = text.slice(start + 1, close);
  const folded = inner.includes('\n') ? fold(inner, indent) : inner;
  return folded === undefined ? undefined : { text: folded.includes("'") ? folded.replaceAll("''", "'") : folded, end: close + 1 };
}

/** A scalar in double quotes; `undefined` as above. */
export function readDoubleQuoted(text: string, start: number, indent: number): ScalarText | undefined {
  let isEscaped = false;
  let close = start + 1;
  for (; ; close++) {
    const code = text.charCodeAt(close);
    if (code === 34) break;
    if (code === 92) {
      isEscaped = true;
      close++;
    } else if (Number.isNaN(code) || (code === LINE_FEED && indent === ONE_LINE)) return undefined;
  }
  const inner = text.slice(start + 1, close);
  if (!inner.includes('\n')) return { text: isEscaped ? unescaped(inner) : inner, end: close + 1 };
  const folded = fold(inner, indent, isEscaped);
  return folded === undefined ? undefined : { text: folded, end: close + 1 };
}

/** Lines of a quoted text as one: a line break is a space, an empty line a line break. */
function fold(inner: string, indent: number, isEscaped = false): string | undefined {
  if (indent === ONE_LINE) return undefined;
  const lines = inner.split('\n');
  let value = '';
  let [empty, wasJoined] = [0, false];
  for (const [index, raw] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.includes('\t')) throw new Unusual();
    const from = index === 0 ? 0 : skipSpaces(line, 0);
    if (index > 0 && from < indent && (isLast || from < line.length)) throw new Unusual(true);
    let content = line.slice(from, isLast ? undefined : trimmedEnd(line, from));
    // A backslash at the end of a line takes the break away.
    const isJoined = isEscaped && !isLast && hasOddBackslashes(content);
    if (isJoined && content.length < line.length - from) throw new Unusual();
    if (isEscaped) content = unescaped(isJoined ? content.slice(0, -1) : content);
    if (wasJoined && line.length === from && !isLast) throw new Unusual();
    if (index === 0 || wasJoined) value += content;
    else if (content === '' && !isLast && !isJoined) empty++;
    else {
      value += (empty === 0 ? ' ' : '\n'.repeat(empty)) + content;
      empty = 0;
    }
    wasJoined = isJoined;
  }
  return value;
}

function hasOddBackslashes(content: string): boolean {
  let from = content.length;
  while (content.charCodeAt(from - 1) === 92) from--;
  return (content.length - from) % 2 === 1;
}

function trimmedEnd(line: string, from: number): number {
  let end = line.length;
  while (end > from && line.charCodeAt(end - 1) === SPACE) end--;
  return end;
}

const escapes: ReadonlyMap<string, string> = new Map([['n', '\n'], ['t', '\t'], ['r', '\r'], ['b', '\b'], ['f', '\f'], ['"', '"'], ['\\', '\\'], ['/', '/'], [' ', ' ']]);

/** The escapes of JSON, and `\xNN`; others are rare. */
function unescaped(inner: string): string {
  return inner.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|(.))/gs, (_all, byte: string | undefined, unit: string | undefined, char: string | undefined) => {
    const code = byte ?? unit;
    return code === undefined ? escapes.get(char ?? '') ?? unusual() : String.fromCharCode(Number.parseInt(code, 16));
  });
}

/**
 * A literal (`|`) or folded (`>`) block scalar, from its indicator on; its lines stand at column `indent` or further right.
 * `end`: start of the line after it. Indentation indicators, kept line ends and empty ones are left to the full parser.
 */
export function readBlockScalar(text: string, start: number, indent: number): ScalarText {
  const strip = text.charCodeAt(start + 1) === 45;
  let at = skipSpaces(text, start + (strip ? 2 : 1));
  if (text.charCodeAt(at) === HASH && text.charCodeAt(at - 1) === SPACE) at = lineEnd(text, at);
  if (text.charCodeAt(at) === RETURN) at++;
  if (text.charCodeAt(at) !== LINE_FEED) throw new Unusual();
  const lines: string[] = [];
  let column = -1;
  let [end, kept] = [at + 1, 0];
  for (let line = at + 1; line < text.length;) {
    const content = skipSpaces(text, line);
    const stop = lineEnd(text, content);
    const isWhite = content === stop || (text.charCodeAt(content) === RETURN && content + 1 === stop);
    if (isWhite && (stop === text.length || (column < 0 && content - line > indent))) throw new Unusual();
    // A line of more spaces than the text is indented by has the others for its content.
    const isEmpty = isWhite && (column < 0 || content - line <= column);
    if (!isEmpty) {
      if (column < 0 && content - line >= indent) column = content - line;
      if (content - line < Math.max(column, indent)) {
        if (text.charCodeAt(content) === TAB) throw new Unusual();
        break;
      }
      end = Math.min(stop + 1, text.length);
      kept = lines.length + 1;
    }
    lines.push(isEmpty ? '' : text.slice(line + column, text.charCodeAt(stop - 1) === RETURN ? stop - 1 : stop));
    line = stop + 1;
  }
  if (kept === 0) throw new Unusual();
  lines.length = kept;
  const value = text.charCodeAt(start) === 124 ? lines.join('\n') : folded(lines);
  return { text: strip ? value : `${value}\n`, end };
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

/** Lines of a folded scalar: those indented further keep their breaks. */
function folded(lines: readonly string[]): string {
  const first = lines.findIndex((line) => line !== '');
  let value = '\n'.repeat(first);
  let [empty, wasIndented] = [0, true];
  for (const [index, line] of lines.slice(first).entries()) {
    if (line === '') {
      empty++;
      continue;
    }
    const isIndented = line.startsWith(' ') || line.startsWith('\t');
    if (index > 0) value += isIndented || wasIndented ? '\n'.repeat(empty + 1) : empty === 0 ? ' ' : '\n'.repeat(empty);
    value += line;
    [empty, wasIndented] = [0, isIndented];
  }
  return value;
}
