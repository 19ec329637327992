import type { Location } from '../model/location.ts';
import type { DocNode } from './document-node.ts';

/** One entry of a pragma: the words of its line, and named properties below it. */
export interface ArcEntry {
  readonly words: readonly string[];
  readonly properties: ReadonlyMap<string, { readonly words: readonly string[]; readonly location: Location }>;
  readonly location: Location;
}

/** Pragmas (`@http`) by name without the sign, in order of the file. */
export type ArcDocument = ReadonlyMap<string, readonly ArcEntry[]>;

const MAX_LENGTH = 1024 * 1024;

/**
 * Reads an Architect manifest (arc.codes, "Project manifest" and "Arc syntax", read 2026-11): `@pragma` lines, entries without indent,
 * properties indented below them, `#` comments, words in quotes. Never throws; a file above 1 MB has no pragmas.
 */
export function parseArc(file: string, text: string): ArcDocument {
  const pragmas = new Map<string, ArcEntry[]>();
  let entries: ArcEntry[] | undefined;
  let properties: Map<string, { words: string[]; location: Location }> | undefined;
  let list: { words: string[] } | undefined;
  for (const [index, raw] of (text.length > MAX_LENGTH ? '' : text).split(/\r?\n/).entries()) {
    const words = wordsOf(raw);
    const [first] = words;
    if (first === undefined) continue;
    const indent = raw.length - raw.trimStart().length;
    const location: Location = { file, line: index + 1, column: indent + 1, endLine: index + 1, endColumn: raw.trimEnd().length + 1 };
    if (indent === 0 && first.startsWith('@') && first.length > 1) {
      entries = pragmas.get(first.slice(1)) ?? [];
      pragmas.set(first.slice(1), entries);
      properties = undefined;
    } else if (indent === 0) {
      properties = new Map();
      list = undefined;
      entries?.push({ words, properties, location });
    } else if (properties !== undefined && (indent < 4 || list === undefined)) {
      list = { words: words.slice(1) };
      properties.set(first, { words: list.words, location });
    } else list?.words.push(...words);
  }
  return pragmas;
}

/** Words of a line; a `#` outside quotes begins a comment. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const char of line.slice(0, 10_000)) {
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' && word === undefined) {
      quote = char;
      word = '';
    } else if (char === '#' && word === undefined) break;
    else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** The same manifest written as JSON, YAML or TOML. */
export function arcOfDocument(root: DocNode): ArcDocument {
  const pragmas = new Map<string, readonly ArcEntry[]>();
  for (const [name, node] of root.entries) {
    const items: readonly ArcEntry[] = node.kind === 'list' ? node.items.flatMap(entriesOf) : node.kind === 'map' ? entriesOf(node) : [entry([node.text()], node)];
    pragmas.set(name.replace(/^@/, ''), items);
  }
  return pragmas;
}

/** A scalar is one word, a list its words, each key of a map an entry with a word or properties. */
function entriesOf(node: DocNode): readonly ArcEntry[] {
  if (node.kind === 'scalar') return [entry([node.text()], node)];
  if (node.kind === 'list') return [entry(node.items.map((item) => item.text()), node)];
  return [...node.entries].map(([key, value]) => {
    const location = node.keyLocation(key);
    if (value.kind !== 'map') return { words: [key, ...texts(value)], properties: new Map(), location };
    return { words: [key], properties: new Map([...value.entries].map(([name, one]) => [name, { words: texts(one), location: value.keyLocation(name) }] as const)), location };
  });
}

function entry(words: readonly (string | undefined)[], node: DocNode): ArcEntry {
  return { words: words.filter((word) => word !== undefined), properties: new Map(), location: node.location };
}

function texts(node: DocNode): string[] {
  return (node.kind === 'list' ? node.items.map((item) => item.text()) : [node.text()]).filter((text) => text !== undefined);
}
