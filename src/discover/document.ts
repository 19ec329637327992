import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document as YamlDocument, Scalar } from 'yaml';
import type { Location } from '../model/location.ts';

/** Files above this many UTF-16 units are not parsed. */
export const MAX_DOCUMENT_LENGTH = 5 * 1024 * 1024;
/** Nesting beyond this is cut; no real template comes near it. */
const MAX_DEPTH = 200;
/** Nodes of one file with every alias and merge written out; above it the file counts as hostile. */
const MAX_EXPANDED_NODES = 1_000_000;
const MAX_ERRORS = 50;

export type ScalarValue = string | number | boolean | null;

export interface DocError {
  readonly line: number;
  readonly message: string;
  /** `syntax`: the text is broken, what parsed is used. `duplicate`: a key is there twice, the last one counts. `limit`: something was cut. */
  readonly kind: 'syntax' | 'duplicate' | 'limit';
}

/** One parsed YAML or JSON file. `roots`: its documents, in order; empty when nothing could be used. */
export interface PositionedDocument {
  readonly file: string;
  readonly roots: readonly DocNode[];
  readonly errors: readonly DocError[];
}

export interface DocumentOptions {
  /** YAML version of the reading tool: 1.1 for CloudFormation (default), 1.2 for those built on js-yaml 4. */
  readonly version?: '1.1' | '1.2';
}

/** Offsets of line starts, shared by all nodes of one file; locations are worked out on demand. */
export class Positions {
  readonly file: string;
  readonly #counter: LineCounter;

  constructor(file: string, counter: LineCounter) {
    this.file = file;
    this.#counter = counter;
  }

  line(offset: number): number {
    return Math.max(1, this.#counter.linePos(offset).line);
  }

  location(start: number, end: number): Location {
    const from = this.#counter.linePos(start);
    const to = this.#counter.linePos(Math.max(start, end));
    return { file: this.file, line: Math.max(1, from.line), column: Math.max(1, from.col), endLine: Math.max(1, to.line), endColumn: Math.max(1, to.col) };
  }
}

interface NodeParts {
  readonly scalar?: ScalarValue;
  readonly raw?: string;
  readonly entries?: ReadonlyMap<string, DocNode>;
  readonly keys?: ReadonlyMap<string, readonly [number, number]>;
  readonly items?: readonly DocNode[];
  readonly tag?: string;
}

const noEntries: ReadonlyMap<string, DocNode> = new Map();
const noItems: readonly DocNode[] = [];

/**
 * One node of a YAML or JSON file with its place: a scalar, a map (in order of the file) or a list. Aliases share nodes, merge keys
 * are applied, CloudFormation's short tags are in their long form (`!Sub x` is the map `{ 'Fn::Sub': 'x' }`). The tree
 * has no cycles, and written out it has at most a million nodes, so plain walks are safe.
 */
export class DocNode {
  readonly kind: 'scalar' | 'map' | 'list';
  /** Value of a scalar; `null` for maps and lists. */
  readonly scalar: ScalarValue;
  /** Entries of a map; empty for others. */
  readonly entries: ReadonlyMap<string, DocNode>;
  /** Items of a list; empty for others. */
  readonly items: readonly DocNode[];
  /** A local tag that is none of CloudFormation's (`!Include`): the value is not what stands there. */
  readonly tag: string | undefined;
  /** Number of nodes below and including this one, aliases written out. */
  readonly weight: number;
  readonly #raw: string | undefined;
  readonly #keys: ReadonlyMap<string, readonly [number, number]> | undefined;
  readonly #positions: Positions;
  readonly #start: number;
  readonly #end: number;

  constructor(positions: Positions, start: number, end: number, parts: NodeParts) {
    this.#positions = positions;
    this.#start = start;
    this.#end = end;
    this.kind = parts.entries ? 'map' : parts.items ? 'list' : 'scalar';
    this.scalar = parts.scalar ?? null;
    this.entries = parts.entries ?? noEntries;
    this.items = parts.items ?? noItems;
    this.tag = parts.tag;
    this.#raw = parts.raw;
    this.#keys = parts.keys;
    let weight = 1;
    for (const child of this.entries.values()) weight += child.weight;
    for (const child of this.items) weight += child.weight;
    this.weight = weight;
  }

  get location(): Location {
    return this.#positions.location(this.#start, this.#end);
  }

  get line(): number {
    return this.#positions.line(this.#start);
  }

  /** Value of a map's key. */
  get(name: string): DocNode | undefined {
    return this.entries.get(name);
  }

  /** Value at a path of keys and list indexes. */
  at(...path: readonly (string | number)[]): DocNode | undefined {
    let node: DocNode | undefined = this;
    for (const step of path) node = typeof step === 'number' ? node?.items[step] : node?.entries.get(step);
    return node;
  }

  /** Place of a map's key; the place of the map itself when there is no such key. */
  keyLocation(name: string): Location {
    const range = this.#keys?.get(name);
    return range ? this.#positions.location(range[0], range[1]) : this.location;
  }

  /** Text of a scalar as written (`010` stays `010`); `undefined` for null, maps, lists and foreign tags. */
  text(): string | undefined {
    if (this.kind !== 'scalar' || this.scalar === null || this.tag !== undefined) return undefined;
    return typeof this.scalar === 'string' ? this.scalar : this.#raw ?? String(this.scalar);
  }

  /** A finite number, also one written as a string of digits. */
  number(): number | undefined {
    if (typeof this.scalar === 'number') return Number.isFinite(this.scalar) ? this.scalar : undefined;
    if (typeof this.scalar !== 'string' || !/^\s*[-+]?\d{1,15}(\.\d{1,15})?\s*$/.test(this.scalar)) return undefined;
    return Number(this.scalar);
  }

  boolean(): boolean | undefined {
    if (typeof this.scalar === 'boolean') return this.scalar;
    const text = typeof this.scalar === 'string' ? this.scalar.toLowerCase() : '';
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }
}

/**
 * Short tags of intrinsic functions with their long names (CloudFormation user guide, "Intrinsic function reference", read 2026-11).
 */
const longNames: ReadonlyMap<string, string> = new Map(
  ['Base64', 'Cidr', 'And', 'Equals', 'If', 'Not', 'Or', 'FindInMap', 'GetAtt', 'GetAZs', 'GetStackOutput', 'ImportValue', 'Join', 'Length', 'Select', 'Split',
    'Sub', 'ToJsonString', 'Transform', 'ForEach', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'RefAll', 'ValueOf', 'ValueOfAll']
    .map((name): [string, string] => [`!${name}`, `Fn::${name}`]).concat([['!Ref', 'Ref'], ['!Condition', 'Condition']]),
);

/**
 * Parses YAML or JSON into positioned nodes. Never throws; takes time linear in the text; what is beyond the caps (5 MB,
 * depth 200, a million nodes with aliases written out) gives an error of kind `limit` and no or a cut tree.
 */
export function parseDocument(file: string, text: string, options: DocumentOptions = {}): PositionedDocument {
  const fail = (message: string, line = 1): PositionedDocument => ({ file, roots: [], errors: [{ line, message, kind: 'limit' }] });
  if (text.length > MAX_DOCUMENT_LENGTH) return fail('larger than 5 MB');
  const deep = tooDeep(text);
  if (deep !== undefined) return fail('nested too deeply', deep);
  const counter = new LineCounter();
  let documents: readonly YamlDocument[];
  try {
    const parsed = parseAllDocuments(text, {
      version: options.version ?? '1.1', merge: true, uniqueKeys: false, prettyErrors: false, strict: false, logLevel: 'silent', lineCounter: counter,
      // Dates, binaries, sets and ordered maps are no data of templates: their text is.
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !/:(?:timestamp|binary|set|omap|pairs)$/.test(tag.tag)),
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    // A native overflow of the parser's own recursion arrives here as a RangeError.
    return fail(error instanceof RangeError ? 'nested too deeply' : 'not parseable');
  }
  const positions = new Positions(file, counter);
  const errors: DocError[] = [];
  const roots: DocNode[] = [];
  for (const document of documents) {
    for (const error of document.errors) {
      if (errors.length < MAX_ERRORS) errors.push({ line: positions.line(error.pos[0]), message: firstLine(error.message), kind: 'syntax' });
    }
    if (document.contents === null) continue;
    const builder = new Builder(positions, errors);
    const root = builder.build(document.contents, 0);
    if (builder.overflow) return { file, roots: [], errors: [...errors, { line: 1, message: 'aliases expand to too many nodes', kind: 'limit' }] };
    roots.push(root);
  }
  return { file, roots, errors };
}

/** Turns the library's tree into ours: aliases shared, merges applied, everything counted. */
class Builder {
  overflow = false;
  readonly #positions: Positions;
  readonly #errors: DocError[];
  /** Finished anchors; `null` while the anchored node is being built, which makes an alias to it a cycle. */
  readonly #anchors = new Map<string, DocNode | null>();
  #merged = 0;

  constructor(positions: Positions, errors: DocError[]) {
    this.#positions = positions;
    this.#errors = errors;
  }

  build(node: unknown, depth: number): DocNode {
    if (isAlias(node)) return this.#alias(node.source, range(node));
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const built = this.#long(node, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, built);
    if (built.weight > MAX_EXPANDED_NODES) this.overflow = true;
    return built;
  }

  /** A tagged node: intrinsic functions become `{ 'Fn::X': value }`. */
  #long(node: unknown, depth: number): DocNode {
    const tag = (isScalar(node) || isMap(node) || isSeq(node)) && typeof node.tag === 'string' && node.tag.startsWith('!') ? node.tag : undefined;
    const name = tag === undefined ? undefined : longNames.get(tag);
    const [start, end] = range(node);
    const value = this.#plain(node, depth + (name === undefined ? 0 : 1), name === undefined && tag !== '!' ? tag : undefined);
    return name === undefined ? value : new DocNode(this.#positions, start, end, { entries: new Map([[name, value]]), keys: new Map([[name, [start, end]]]) });
  }

  #plain(node: unknown, depth: number, tag: string | undefined): DocNode {
    const [start, end] = range(node);
    const mark = tag === undefined ? {} : { tag };
    if (this.overflow) return new DocNode(this.#positions, start, end, {});
    if (depth > MAX_DEPTH) {
      this.#error(start, 'nested too deeply', 'limit');
      return new DocNode(this.#positions, start, end, { tag: '!too-deep' });
    }
    if (isMap(node)) return this.#map(node.items, start, end, depth, mark);
    if (isSeq(node)) return new DocNode(this.#positions, start, end, { items: node.items.map((item) => this.build(isPair(item) ? item.value : item, depth + 1)), ...mark });
    if (isScalar(node)) return new DocNode(this.#positions, start, end, { ...scalar(node), ...mark });
    return new DocNode(this.#positions, start, end, {});
  }

  #map(pairs: readonly unknown[], start: number, end: number, depth: number, mark: { tag?: string }): DocNode {
    const entries = new Map<string, DocNode>();
    const keys = new Map<string, readonly [number, number]>();
    const merges: DocNode[] = [];
    for (const pair of pairs) {
      if (!isPair(pair)) continue;
      const key: unknown = pair.key;
      const place = range(key);
      if (isMerge(key)) {
        const value = this.build(pair.value, depth + 1);
        merges.push(...(value.kind === 'list' ? value.items : [value]));
        continue;
      }
      const name = isScalar(key) ? keyText(key) : undefined;
      if (name === undefined) {
        this.#error(place[0], 'a key that is no text is left out', 'syntax');
        continue;
      }
      if (entries.has(name)) this.#error(place[0], `key "${name.slice(0, 100)}" is there twice, the last one counts`, 'duplicate');
      entries.set(name, this.build(pair.value, depth + 1));
      keys.set(name, place);
    }
    for (const merge of merges) {
      this.#merged += merge.entries.size;
      if (this.#merged > MAX_EXPANDED_NODES) this.overflow = true;
      if (this.overflow) break;
      for (const [name, value] of merge.entries) if (!entries.has(name)) entries.set(name, value);
    }
    return new DocNode(this.#positions, start, end, { entries, keys, ...mark });
  }

  #alias(name: string, [start, end]: readonly [number, number]): DocNode {
    const target = this.#anchors.get(name);
    if (target) return target;
    this.#error(start, target === null ? `alias *${name.slice(0, 100)} contains itself` : `alias *${name.slice(0, 100)} has no anchor`, 'syntax');
    return new DocNode(this.#positions, start, end, { tag: '!unresolved-alias' });
  }

  #error(offset: number, message: string, kind: DocError['kind']): void {
    if (this.#errors.length < MAX_ERRORS) this.#errors.push({ line: this.#positions.line(offset), message, kind });
  }
}

function scalar(node: Scalar): NodeParts {
  const value: unknown = node.value;
  const raw = typeof node.source === 'string' ? { raw: node.source } : {};
  if (typeof value === 'string' || typeof value === 'boolean') return { scalar: value, ...raw };
  if (typeof value === 'number') return Number.isFinite(value) ? { scalar: value, ...raw } : { scalar: node.source ?? null };
  return { scalar: null };
}

function isMerge(key: unknown): boolean {
  return isScalar(key) && (typeof key.value === 'symbol' || (key.value === '<<' && key.type === 'PLAIN'));
}

/** Keys are names: `on:` and `010:` stay what was written, whatever YAML 1.1 makes of them. */
function keyText(key: Scalar): string | undefined {
  if (typeof key.value === 'string') return key.value;
  return typeof key.source === 'string' && key.value !== null ? key.source : undefined;
}

function range(node: unknown): readonly [number, number] {
  const place = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(place) && typeof place[0] === 'number' && typeof place[1] === 'number' ? [place[0], place[1]] : [0, 0];
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message;

/**
 * Line at which brackets or compact block items nest beyond any real file, before a recursive parser sees them.
 * Brackets in strings and comments count too, which only ever matters beyond a thousand unbalanced ones.
 */
function tooDeep(text: string): number | undefined {
  const limit = 1000;
  let depth = 0;
  let dashes = 0;
  let line = 1;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) line++;
    if (c === 91 || c === 123) depth++;
    else if ((c === 93 || c === 125) && depth > 0) depth--;
    // `- - - x` and `? ? x` nest one level an item.
    if ((c === 45 || c === 63) && text.charCodeAt(i + 1) === 32) dashes++;
    else if (c !== 32) dashes = 0;
    if (depth > limit || dashes > limit) return line;
  }
  return undefined;
}
