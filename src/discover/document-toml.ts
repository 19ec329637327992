import { createRequire } from 'node:module';
import type { AST, parseTOML } from 'toml-eslint-parser';
import { LineCounter } from 'yaml';
import { DocNode, Positions } from './document-node.ts';
import type { DocError, PositionedDocument } from './document.ts';

/** Nesting of tables, arrays and dotted keys beyond this is refused. */
const MAX_DEPTH = 100;
/** Real files of this format are small; a megabyte of settings is none. */
const MAX_LENGTH = 1024 * 1024;
/** Broken lines that are put aside before the rest of a file is given up. */
const MAX_REPAIRS = 10;

let library: { readonly parseTOML: typeof parseTOML } | undefined;

/** The parser is loaded with the first TOML file: most repositories have none. */
function parser(): { readonly parseTOML: typeof parseTOML } {
  return (library ??= createRequire(import.meta.url)('toml-eslint-parser') as { readonly parseTOML: typeof parseTOML });
}

/** A table while it is put together; its place is that of the header or key that made it first. */
interface Table {
  readonly kind: 'table';
  readonly start: number;
  end: number;
  readonly entries: Map<string, Part>;
  readonly keys: Map<string, readonly [number, number]>;
}
interface List { readonly kind: 'list'; readonly start: number; readonly end: number; readonly items: Part[] }
interface Leaf { readonly kind: 'leaf'; readonly node: DocNode }
type Part = Table | List | Leaf;

/**
 * Parses TOML into positioned nodes: one root, a map. A broken line is an error of kind `syntax` (`duplicate` for a key that is
 * there twice) and is left out; what is beyond the caps (1 MB, depth 100) gives an error of kind `limit` and no tree. Never throws.
 */
export function parseToml(file: string, text: string): PositionedDocument {
  const failed = (message: string, line = 1): PositionedDocument => ({ file, roots: [], errors: [{ line, message, kind: 'limit' }] });
  if (text.length > MAX_LENGTH) return failed('larger than 1 MB');
  const deep = tooDeepAt(text);
  if (deep !== undefined) return failed('nested too deeply', deep);
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) counter.addNewLine(end + 1);
  const errors: DocError[] = [];
  const program = parse(text, errors);
  if (program === undefined) return { file, roots: [], errors };
  const builder = new Builder(new Positions(file, counter), errors);
  return { file, roots: [builder.root(program, text.length)], errors };
}

/** The library stops at the first error: the line of each is blanked, so that the rest of a half-edited file still counts. */
function parse(text: string, errors: DocError[]): AST.TOMLProgram | undefined {
  let rest = text;
  for (let attempt = 0; attempt <= MAX_REPAIRS; attempt++) {
    try {
      return parser().parseTOML(rest, { tomlVersion: '1.1' });
    } catch (error) {
      const place = errorPlace(error);
      if (place === undefined) {
        errors.push({ line: 1, message: 'not parseable', kind: 'limit' });
        return undefined;
      }
      const duplicate = place.message.startsWith('Defining a key multiple times');
      // What a line lacks is noticed at the start of the next one.
      const { start, end } = brokenLine(rest, place.index, duplicate);
      errors.push({ line: lineOf(rest, start), message: place.message.slice(0, 200), kind: duplicate ? 'duplicate' : 'syntax' });
      if (start === end) return undefined;
      rest = rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end);
    }
  }
  return undefined;
}

function errorPlace(error: unknown): { readonly index: number; readonly message: string } | undefined {
  if (!(error instanceof Error) || !('index' in error) || typeof error.index !== 'number') return undefined;
  return { index: error.index, message: error.message };
}

/** The line that an error stands on; an empty range when there is none that is not blank. */
function brokenLine(text: string, index: number, exact: boolean): { readonly start: number; readonly end: number } {
  let at = Math.min(index, text.length);
  if (!exact && (at === text.length || text.charAt(at - 1) === '\n')) at--;
  for (;;) {
    const start = at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (text.slice(start, end).trim() !== '') return { start, end };
    if (start === 0) return { start: 0, end: 0 };
    at = start - 1;
  }
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** First line on which brackets or the dots of a key nest beyond the cap; brackets in strings and comments are stepped over. */
function tooDeepAt(text: string): number | undefined {
  let line = 1;
  /** Dots that lead to each open bracket. */
  const open: number[] = [];
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\n') {
      line++;
      if (open.length === 0) dots = 0;
    } else if (char === '#') {
      const end = text.indexOf('\n', at);
      if (end < 0) return undefined;
      at = end - 1;
    } else if (char === '"' || char === "'") {
      const end = stringEnd(text, at, char);
      for (let next = text.indexOf('\n', at); next >= 0 && next < end; next = text.indexOf('\n', next + 1)) line++;
      at = end - 1;
    } else if (char === '[' || char === '{') open.push(dots);
    else if (char === ']' || char === '}') dots = open.pop() ?? 0;
    else if (char === ',') dots = open.at(-1) ?? 0;
    else if (char === '.') dots++;
    if (open.length + dots > MAX_DEPTH) return line;
  }
  return undefined;
}

function stringEnd(text: string, start: number, quote: string): number {
  const triple = quote.repeat(3);
  const long = text.startsWith(triple, start);
  for (let at = start + (long ? 3 : 1); at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && quote === '"') at++;
    else if (long ? text.startsWith(triple, at) : char === quote) return at + (long ? 3 : 1);
    else if (char === '\n' && !long) return at;
  }
  return text.length;
}

class Builder {
  readonly #positions: Positions;
  readonly #errors: DocError[];

  constructor(positions: Positions, errors: DocError[]) {
    this.#positions = positions;
    this.#errors = errors;
  }

  root(program: AST.TOMLProgram, length: number): DocNode {
    const root: Table = { kind: 'table', start: 0, end: length, entries: new Map(), keys: new Map() };
    for (const item of program.body[0].body) {
      if (item.type === 'TOMLKeyValue') this.#assign(root, item);
      else {
        const table = this.#header(root, item);
        for (const pair of item.body) this.#assign(table, pair);
      }
    }
    return this.#node(root);
  }

  /** The table that a header opens; `[[name]]` adds one to the list of that name. */
  #header(root: Table, header: AST.TOMLTable): Table {
    const keys = header.key.keys;
    const parent = this.#descend(root, keys.slice(0, -1), header.range);
    const last = keys.at(-1);
    if (last === undefined) return parent;
    const name = textOf(last);
    const table: Table = { kind: 'table', start: header.range[0], end: header.range[1], entries: new Map(), keys: new Map() };
    if (header.kind === 'array') {
      const known = parent.entries.get(name);
      if (known?.kind === 'list') known.items.push(table);
      else this.#put(parent, name, last.range, { kind: 'list', start: header.range[0], end: header.range[1], items: [table] });
      return table;
    }
    // `[a]` after `[a.b]`: the table is there already.
    return this.#descend(parent, [last], header.range);
  }

  #assign(table: Table, pair: AST.TOMLKeyValue): void {
    const keys = pair.key.keys;
    const last = keys.at(-1);
    if (last === undefined) return;
    const parent = this.#descend(table, keys.slice(0, -1), pair.range);
    this.#put(parent, textOf(last), last.range, this.#content(pair.value));
  }

  #descend(table: Table, keys: readonly (AST.TOMLBare | AST.TOMLQuoted)[], range: readonly [number, number]): Table {
    let current = table;
    for (const key of keys) {
      const name = textOf(key);
      const known = current.entries.get(name);
      const last = known?.kind === 'list' ? known.items.at(-1) : known;
      if (last?.kind === 'table') {
        last.end = Math.max(last.end, range[1]);
        current = last;
        continue;
      }
      const made: Table = { kind: 'table', start: range[0], end: range[1], entries: new Map(), keys: new Map() };
      this.#put(current, name, key.range, made);
      current = made;
    }
    return current;
  }

  #put(table: Table, name: string, place: readonly [number, number], part: Part): void {
    if (table.entries.has(name)) this.#errors.push({ line: this.#positions.line(place[0]), message: `key "${name.slice(0, 100)}" is there twice, the last one counts`, kind: 'duplicate' });
    table.entries.set(name, part);
    table.keys.set(name, place);
  }

  #content(value: AST.TOMLContentNode): Part {
    const [start, end] = value.range;
    if (value.type === 'TOMLArray') return { kind: 'list', start, end, items: value.elements.map((item) => this.#content(item)) };
    if (value.type === 'TOMLInlineTable') {
      const table: Table = { kind: 'table', start, end, entries: new Map(), keys: new Map() };
      for (const pair of value.body) this.#assign(table, pair);
      return table;
    }
    if (value.kind === 'string' || value.kind === 'boolean') return { kind: 'leaf', node: new DocNode(this.#positions, start, end, { scalar: value.value }) };
    const raw = 'number' in value ? value.number : value.datetime;
    const scalar = typeof value.value === 'number' && Number.isFinite(value.value) ? value.value : raw;
    return { kind: 'leaf', node: new DocNode(this.#positions, start, end, { scalar, raw }) };
  }

  #node(part: Part): DocNode {
    if (part.kind === 'leaf') return part.node;
    if (part.kind === 'list') return new DocNode(this.#positions, part.start, part.end, { items: part.items.map((item) => this.#node(item)) });
    const entries = new Map([...part.entries].map(([name, item]): [string, DocNode] => [name, this.#node(item)]));
    return new DocNode(this.#positions, part.start, part.end, { entries, keys: part.keys });
  }
}

const textOf = (key: AST.TOMLBare | AST.TOMLQuoted): string => (key.type === 'TOMLBare' ? key.name : key.value);
