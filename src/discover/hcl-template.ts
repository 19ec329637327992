import type { HclExpression, HclPart } from './hcl-ast.ts';
import { HclCursor } from './hcl-cursor.ts';

type ParseExpression = (cursor: HclCursor) => HclExpression;

/** A piece of a template before `%{ if }` and `%{ for }` are matched with their ends. */
type Token =
  | HclPart
  | { readonly kind: 'open'; readonly word: 'if' | 'for'; readonly names: readonly string[]; readonly value: HclExpression; readonly at: number }
  | { readonly kind: 'else'; readonly at: number }
  | { readonly kind: 'close'; readonly word: 'if' | 'for'; readonly at: number };

const escapes: ReadonlyMap<string, string> = new Map([['n', '\n'], ['r', '\r'], ['t', '\t'], ['"', '"'], ['\\', '\\']]);
const MAX_DIRECTIVES = 100;

/** A quoted template; the cursor stands on the opening quote. */
export function quoted(cursor: HclCursor, expression: ParseExpression): HclExpression {
  const start = cursor.at;
  cursor.at++;
  const tokens: Token[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') tokens.push({ kind: 'text', text });
    text = '';
  };
  for (;;) {
    const from = cursor.at;
    cursor.at = plainEnd(cursor);
    text += cursor.text.slice(from, cursor.at);
    const char = cursor.at < cursor.end ? cursor.text.charAt(cursor.at) : '';
    if (char === '"') break;
    if (char === '' || char === '\n') cursor.fail('a string is not closed', start);
    if (char === '\\') text += escape(cursor);
    else if (marks(cursor, char)) {
      flush();
      const token = sequence(cursor, expression);
      if (token.trimLeft) trimEnd(tokens);
      tokens.push(token.token);
    } else {
      const literal = cursor.text.startsWith(`${char}${char}{`, cursor.at);
      text += literal ? `${char}{` : char;
      cursor.at += literal ? 3 : 1;
    }
  }
  flush();
  cursor.at++;
  return finished(tokens, start, cursor);
}

/** End of the text in quotes that stands for itself. */
function plainEnd({ text, at, end }: HclCursor): number {
  for (let index = at; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === 34 || code === 92 || code === 36 || code === 37 || code === 10) return index;
  }
  return end;
}

/** `<<WORD` or `<<-WORD`; the cursor stands on it. The text is taken line by line up to the word alone on a line. */
export function hereDocument(cursor: HclCursor, expression: ParseExpression): HclExpression {
  const start = cursor.at;
  const lineEnd = cursor.lineEnd(start);
  const match = lineEnd - start > 150 ? undefined : /^<<(-?)([\p{L}_][\p{L}\p{N}_-]{0,99})[ \t]*\r?$/u.exec(cursor.text.slice(start, lineEnd));
  if (!match) cursor.fail('a here-document names no end');
  const close = cursor.markerLine(match[2] ?? '', lineEnd + 1);
  if (close < 0 || close >= cursor.end) cursor.fail('a here-document is not closed', start);
  const inside = new HclCursor(cursor.text, lineEnd + 1, close);
  const tokens = raw(inside, expression);
  cursor.at = cursor.lineEnd(close);
  return finished(match[1] === '-' ? unindented(tokens) : tokens, start, cursor);
}

/** The whole text as a template, as a file that `templatefile` reads. Offsets are those of the text. */
export function templateText(text: string, expression: ParseExpression): HclExpression {
  const cursor = new HclCursor(text);
  const tokens = raw(cursor, expression);
  return finished(tokens, 0, cursor);
}

/** Template text without quotes: only `$${` and `%%{` are escapes. */
function raw(cursor: HclCursor, expression: ParseExpression): Token[] {
  const tokens: Token[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') tokens.push({ kind: 'text', text });
    text = '';
  };
  while (cursor.at < cursor.end) {
    const from = cursor.at;
    while (cursor.at < cursor.end && cursor.text.charAt(cursor.at) !== '$' && cursor.text.charAt(cursor.at) !== '%') cursor.at++;
    text += cursor.text.slice(from, cursor.at);
    if (cursor.at >= cursor.end) break;
    const char = cursor.text.charAt(cursor.at);
    if (marks(cursor, char)) {
      flush();
      const token = sequence(cursor, expression);
      if (token.trimLeft) trimEnd(tokens);
      tokens.push(token.token);
    } else {
      const literal = cursor.text.startsWith(`${char}${char}{`, cursor.at);
      text += literal ? `${char}{` : char;
      cursor.at += literal ? 3 : 1;
    }
  }
  flush();
  return tokens;
}

/** Whether `${` or `%{` starts here. */
function marks(cursor: HclCursor, char: string): boolean {
  return (char === '$' || char === '%') && cursor.text.charAt(cursor.at + 1) === '{' && cursor.at + 1 < cursor.end;
}

/** `${…}` or `%{…}` with its trim marks; what follows a `~}` loses its leading space. */
function sequence(cursor: HclCursor, expression: ParseExpression): { readonly token: Token; readonly trimLeft: boolean } {
  const at = cursor.at;
  const directive = cursor.text.charAt(at) === '%';
  cursor.at += 2;
  const trimLeft = cursor.text.charAt(cursor.at) === '~';
  if (trimLeft) cursor.at++;
  return cursor.nested(false, () => {
    const token: Token = directive ? control(cursor, expression, at) : { kind: 'value', value: expression(cursor) };
    const trimRight = cursor.take('~');
    cursor.expect('}');
    if (trimRight) while (cursor.at < cursor.end && ' \t\r\n'.includes(cursor.text.charAt(cursor.at))) cursor.at++;
    return { token, trimLeft };
  });
}

function control(cursor: HclCursor, expression: ParseExpression, at: number): Token {
  const word = cursor.name();
  if (word === 'else') return { kind: word, at };
  if (word === 'endif' || word === 'endfor') return { kind: 'close', word: word === 'endif' ? 'if' : 'for', at };
  if (word === 'if') return { kind: 'open', word, names: [], value: expression(cursor), at };
  if (word !== 'for') cursor.fail('a template directive is not known', at);
  const names = [cursor.name() ?? ''];
  if (cursor.take(',')) names.push(cursor.name() ?? '');
  if (cursor.name() !== 'in') cursor.fail('expected "in"');
  return { kind: 'open', word, names, value: expression(cursor), at };
}

function trimEnd(tokens: Token[]): void {
  const last = tokens.at(-1);
  if (last?.kind !== 'text') return;
  let end = last.text.length;
  while (end > 0 && ' \t\r\n'.includes(last.text.charAt(end - 1))) end--;
  tokens[tokens.length - 1] = { kind: 'text', text: last.text.slice(0, end) };
}

function finished(tokens: readonly Token[], start: number, cursor: HclCursor): HclExpression {
  const parts = tree(tokens, cursor);
  const [only] = parts;
  if (parts.length === 0) return { kind: 'literal', value: '', start, end: cursor.at };
  if (parts.length === 1 && only?.kind === 'text') return { kind: 'literal', value: only.text, start, end: cursor.at };
  return { kind: 'template', parts, start, end: cursor.at };
}

interface Open { readonly word: 'if' | 'for'; readonly names: readonly string[]; readonly value: HclExpression; readonly parts: HclPart[]; then?: readonly HclPart[] }

/** Matches directives with their ends, with a stack of its own. */
function tree(tokens: readonly Token[], cursor: HclCursor): readonly HclPart[] {
  const top: HclPart[] = [];
  const stack: Open[] = [];
  let parts = top;
  for (const token of tokens) {
    if (token.kind === 'open') {
      if (stack.length >= MAX_DIRECTIVES) cursor.fail('nested too deeply', token.at);
      stack.push({ word: token.word, names: token.names, value: token.value, parts: [] });
      parts = stack.at(-1)?.parts ?? top;
    } else if (token.kind === 'else') {
      const open = stack.at(-1);
      if (open?.word !== 'if' || open.then) cursor.fail('"else" without "if"', token.at);
      open.then = open.parts.splice(0);
    } else if (token.kind === 'close') {
      const open = stack.pop();
      if (open?.word !== token.word) cursor.fail(`"end${token.word}" without its start`, token.at);
      parts = stack.at(-1)?.parts ?? top;
      parts.push(open.word === 'for' ? { kind: 'for', names: open.names, collection: open.value, body: open.parts }
        : { kind: 'if', condition: open.value, then: open.then ?? open.parts, otherwise: open.then ? open.parts : [] });
    } else parts.push(token);
  }
  if (stack.length > 0) cursor.fail('a template directive is not closed');
  return top;
}

/** `<<-`: the smallest indentation of all lines is taken off (HCL specification, "Flush Heredoc"). */
function unindented(tokens: readonly Token[]): Token[] {
  let smallest = Infinity;
  let lineStart = true;
  for (const token of tokens) {
    if (token.kind !== 'text') {
      if (lineStart) smallest = 0;
      lineStart = false;
      continue;
    }
    for (const [index, line] of token.text.split('\n').entries()) {
      if ((index > 0 || lineStart) && line.trim() !== '') smallest = Math.min(smallest, line.length - line.trimStart().length);
      else if ((index > 0 || lineStart) && line !== '' && token.text.endsWith(line) && !token.text.endsWith('\n')) smallest = Math.min(smallest, line.length);
    }
    lineStart = token.text.endsWith('\n');
  }
  const cut = Number.isFinite(smallest) ? smallest : 0;
  lineStart = true;
  return tokens.map((token) => {
    if (token.kind !== 'text') {
      lineStart = false;
      return token;
    }
    const lines = token.text.split('\n').map((line, index) => (index > 0 || lineStart ? line.slice(Math.min(cut, line.length - line.trimStart().length)) : line));
    lineStart = token.text.endsWith('\n');
    return { kind: 'text', text: lines.join('\n') };
  });
}

function escape(cursor: HclCursor): string {
  const char = cursor.text.charAt(cursor.at + 1);
  const known = escapes.get(char);
  if (known !== undefined) {
    cursor.at += 2;
    return known;
  }
  const length = char === 'u' ? 4 : char === 'U' ? 8 : 0;
  const digits = cursor.text.slice(cursor.at + 2, cursor.at + 2 + length);
  if (length === 0 || !/^[0-9a-fA-F]+$/.test(digits) || digits.length !== length || Number.parseInt(digits, 16) > 0x10ffff) cursor.fail('an escape in a string is not known');
  cursor.at += 2 + length;
  return String.fromCodePoint(Number.parseInt(digits, 16));
}
