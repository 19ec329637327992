import { Lexer } from 'yaml';

/** A comment of a file that is not source: its text without marks, and the line on which it ends, from 1. */
export interface PlainComment {
  readonly text: string;
  readonly line: number;
}

/** Comments of YAML, TOML, HCL and JSON with comments. Other kinds of files have none. Never what stands inside a string or a block of text. */
export function plainComments(file: string, text: string): readonly PlainComment[] {
  if (/\.ya?ml$/.test(file) || (file.endsWith('.template') && !/^\s*\{/.test(text))) return yamlComments(text);
  if (file.endsWith('.toml')) return scan(text, { hash: true, slashes: false, toml: true });
  if (/\.(?:tf|tofu|tfvars|hcl)$/.test(file)) return scan(text, { hash: true, slashes: true, toml: false });
  if (/\.jsonc?$/.test(file)) return scan(text, { hash: false, slashes: true, toml: false });
  return [];
}

/** Tokens of the lexer that stand for no text: start of a document, of a scalar, end of a flow collection. */
const marks: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);

/** The lexer tells a comment from a `#` in a scalar, in time linear to the text. */
function yamlComments(text: string): readonly PlainComment[] {
  const comments: PlainComment[] = [];
  let line = 1;
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    if (token.startsWith('#') && !scalar) comments.push({ text: token.slice(1), line });
    scalar = token === '\u001f';
    if (!marks.has(token)) line += lineBreaks(token);
  }
  return comments;
}

interface Syntax {
  /** `#` starts a comment. */
  readonly hash: boolean;
  /** `//` and block comments. */
  readonly slashes: boolean;
  /** Strings in single and in three quotes, as TOML has them; else here-documents, as HCL has them. */
  readonly toml: boolean;
}

/** One pass over the text that steps over strings. */
function scan(text: string, syntax: Syntax): readonly PlainComment[] {
  const comments: PlainComment[] = [];
  let line = 1;
  let counted = 0;
  // An interpolation that never ends would be looked through again for every string.
  let open = false;
  const add = (comment: string, end: number): void => {
    line += lineBreaks(text.slice(counted, end));
    counted = end;
    comments.push({ text: comment, line });
  };
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at);
    if ((syntax.hash && char === '#') || (syntax.slashes && text.startsWith('//', at))) {
      const end = lineEnd(text, at);
      add(text.slice(at + (char === '#' ? 1 : 2), end), end);
      at = end;
    } else if (syntax.slashes && text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      const end = close < 0 ? text.length : close + 2;
      add(text.slice(at + 2, close < 0 ? end : close), end);
      at = end;
    } else if (!syntax.toml && syntax.hash && char === '"' && !open) {
      const end = templateEnd(text, at);
      open = end === undefined;
      at = end ?? stringEnd(text, at, syntax);
    } else if (char === '"' || (syntax.toml && char === "'")) at = stringEnd(text, at, syntax);
    else if (!syntax.toml && text.startsWith('<<', at)) at = hereDocumentEnd(text, at);
    else at++;
  }
  return comments;
}

function stringEnd(text: string, start: number, syntax: Syntax): number {
  const quote = text.charAt(start);
  const triple = quote.repeat(3);
  if (syntax.toml && text.startsWith(triple, start)) {
    const close = text.indexOf(triple, start + 3);
    return close < 0 ? text.length : close + 3;
  }
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && quote === '"') at++;
    else if (char === quote) return at + 1;
    else if (char === '\n') return at;
  }
  return text.length;
}

/** HCL: end of a quoted template with the strings inside its `${…}`; `undefined` when an interpolation never ends. */
function templateEnd(text: string, start: number): number | undefined {
  const nested: ('"' | '{')[] = ['"'];
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    const inString = nested.at(-1) === '"';
    if (inString && char === '\\') at++;
    else if (inString && char === '\n') return at;
    else if (inString && (char === '$' || char === '%') && text.charAt(at + 1) === '{' && text.charAt(at - 1) !== char) {
      nested.push('{');
      at++;
    } else if (!inString && char === '{') nested.push('{');
    else if (char === '"' && !inString) nested.push('"');
    else if (char === (inString ? '"' : '}')) {
      nested.pop();
      if (nested.length === 0) return at + 1;
    }
  }
  return undefined;
}

/** HCL: `<<WORD` or `<<-WORD` at the end of a line, up to a line that holds only the word. */
function hereDocumentEnd(text: string, start: number): number {
  const word = /^<<-?([A-Za-z_]\w{0,99})\s*$/.exec(text.slice(start, Math.min(lineEnd(text, start), start + 200)))?.[1];
  if (word === undefined) return start + 2;
  for (let line = lineEnd(text, start) + 1; line < text.length; line = lineEnd(text, line) + 1) {
    if (text.slice(line, lineEnd(text, line)).trim() === word) return lineEnd(text, line);
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Line feeds, and carriage returns that stand alone. */
function lineBreaks(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\n' || (char === '\r' && text.charAt(at + 1) !== '\n')) count++;
  }
  return count;
}
