import { parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { LineCounter } from 'yaml';
import { DocNode, Positions } from './document-node.ts';
import type { DocError, PositionedDocument } from './document.ts';

const MAX_DEPTH = 100;
const MAX_LENGTH = 5 * 1024 * 1024;
const MAX_ERRORS = 50;

/**
 * Parses JSON with comments and trailing commas (`strict`: without) into positioned nodes. Never throws; what is beyond the caps
 * (5 MB, depth 100) gives an error of kind `limit` and no tree. Broken text gives what could be read of it, with errors of kind `syntax`.
 */
export function parseJsonc(file: string, text: string, strict = false): PositionedDocument {
  const failed = (message: string, line = 1): PositionedDocument => ({ file, roots: [], errors: [{ line, message, kind: 'limit' }] });
  if (text.length > MAX_LENGTH) return failed('larger than 5 MB');
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) counter.addNewLine(end + 1);
  const positions = new Positions(file, counter);
  const deep = tooDeepAt(text);
  if (deep !== undefined) return failed('nested too deeply', positions.line(deep));
  const found: ParseError[] = [];
  const tree = parseTree(text, found, { allowTrailingComma: !strict, disallowComments: strict });
  const errors: DocError[] = found.slice(0, MAX_ERRORS).map((error) => ({ line: positions.line(error.offset), message: printParseErrorCode(error.error), kind: 'syntax' }));
  return { file, roots: tree === undefined ? [] : [node(tree, text, positions, errors)], errors };
}

/** Offset at which brackets nest beyond the cap; those in strings and comments are stepped over. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') {
      at++;
      while (at < text.length && text.charAt(at) !== '"' && text.charAt(at) !== '\n') at += text.charAt(at) === '\\' ? 2 : 1;
    } else if (char === '/' && (text.charAt(at + 1) === '/' || text.charAt(at + 1) === '*')) {
      const end = text.charAt(at + 1) === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
      if (end < 0) return undefined;
      at = text.charAt(at + 1) === '/' ? end : end + 1;
    } else if (char === '[' || char === '{') {
      if (++depth > MAX_DEPTH) return at;
    } else if (char === ']' || char === '}') depth = Math.max(0, depth - 1);
  }
  return undefined;
}

function node(from: Node, text: string, positions: Positions, errors: DocError[]): DocNode {
  const start = from.offset;
  const end = from.offset + from.length;
  if (from.type === 'array') return new DocNode(positions, start, end, { items: (from.children ?? []).map((item) => node(item, text, positions, errors)) });
  if (from.type === 'object') {
    const entries = new Map<string, DocNode>();
    const keys = new Map<string, readonly [number, number]>();
    for (const property of from.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined || typeof key.value !== 'string') continue;
      if (entries.has(key.value) && errors.length < MAX_ERRORS) {
        errors.push({ line: positions.line(key.offset), message: `key "${key.value.slice(0, 100)}" is there twice, the last one counts`, kind: 'duplicate' });
      }
      entries.set(key.value, node(value, text, positions, errors));
      keys.set(key.value, [key.offset, key.offset + key.length]);
    }
    return new DocNode(positions, start, end, { entries, keys });
  }
  const value: unknown = from.value;
  if (typeof value === 'string') return new DocNode(positions, start, end, { scalar: value, raw: value });
  return new DocNode(positions, start, end, typeof value === 'number' || typeof value === 'boolean' ? { scalar: value, raw: text.slice(start, end) } : { scalar: null });
}
