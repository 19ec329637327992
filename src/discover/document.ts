import { Composer, Document as YamlDocument, isAlias, isMap, isPair, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';
import type { CST, DocumentOptions as YamlDocumentOptions, ParseOptions, Scalar, ScalarTag, SchemaOptions } from 'yaml';
import { joinFlowLines } from './document-layout.ts';
import { parseJsonc } from './document-jsonc.ts';
import { DocNode, Positions } from './document-node.ts';
import { parsePlain } from './document-plain.ts';
import type { PlainRules } from './document-flow.ts';
import { parseToml } from './document-toml.ts';
import type { NodeParts } from './document-node.ts';

export { DocNode } from './document-node.ts';

/** Files above this many UTF-16 units are not parsed. */
const MAX_DOCUMENT_LENGTH = 5 * 1024 * 1024;
/**
 * Nesting beyond this is refused; no real template comes near it. The library's recursion overflows the stack from about 700 levels
 * on, and an overflow inside the engine's compiler of regular expressions ends the process, so it must never come to it.
 */
const MAX_DEPTH = 150;
/** Nodes of one file with every alias and merge written out; above it the file counts as hostile. */
const MAX_EXPANDED_NODES = 1_000_000;
const MAX_ERRORS = 50;

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
  /** What the text is where the name does not say so (`.toml`, `.jsonc`); `jsonc`: JSON with comments and trailing commas. */
  readonly format?: 'yaml' | 'jsonc' | 'toml';
  /** YAML version of the reading tool: 1.1 for CloudFormation (default), 1.2 for those built on js-yaml 4. */
  readonly version?: '1.1' | '1.2';
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
 * Parses YAML, JSON or TOML into positioned nodes. Never throws; takes time linear in the text; what is beyond the caps (5 MB,
 * depth 200, a million nodes with aliases written out) gives an error of kind `limit` and no or a cut tree.
 */
export function parseDocument(file: string, text: string, options: DocumentOptions = {}): PositionedDocument {
  const format = options.format ?? (file.endsWith('.toml') ? 'toml' : file.endsWith('.jsonc') ? 'jsonc' : 'yaml');
  if (format !== 'yaml') return format === 'toml' ? parseToml(file, text) : parseJsonc(file, text);
  // What is JSON is read as such, at a tenth of the cost; anything else of that name is YAML to the tools that read it.
  if (options.format === undefined && file.endsWith('.json')) {
    const json = parseJsonc(file, text, true);
    if (!json.errors.some((error) => error.kind !== 'duplicate')) return json;
  }
  if (text.length <= MAX_DOCUMENT_LENGTH) {
    const rules = rulesOf(options.version ?? '1.1');
    const positions = positionsOf(file, text);
    let quick = parsePlain(text, positions, rules);
    // As below: of both readings the one with fewer errors counts, and this one has none.
    const joined = quick === 'layout' ? joinFlowLines(text) : text;
    if (joined !== text) quick = parsePlain(joined, positions, rules);
    if (typeof quick === 'object') return { file, ...quick };
  }
  return parseFully(file, text, options);
}

function positionsOf(file: string, text: string): Positions {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) counter.addNewLine(end + 1);
  return new Positions(file, counter);
}

/** As `parseDocument` for YAML, without the quick reader: what that one gives up on, and what its results are measured by. */
export function parseFully(file: string, text: string, options: DocumentOptions = {}): PositionedDocument {
  const fail = (message: string, line = 1): PositionedDocument => ({ file, roots: [], errors: [{ line, message, kind: 'limit' }] });
  if (text.length > MAX_DOCUMENT_LENGTH) return fail('larger than 5 MB');
  let documents: readonly YamlDocument[];
  // The library makes an error object for every tag it does not know, and each would record a stack.
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = 0;
    documents = compose(text, options);
    if (documents.some((document) => document.errors.some((error) => layoutErrors.has(error.code)))) {
      const joined = joinFlowLines(text);
      const second = joined === text ? documents : compose(joined, options);
      if (errorCount(second) < errorCount(documents)) documents = second;
    }
  } catch (error) {
    return error instanceof TooDeep ? fail('nested too deeply', error.line) : fail('not parseable');
  } finally {
    Error.stackTraceLimit = limit;
  }
  const positions = positionsOf(file, text);
  const errors: DocError[] = [];
  const roots: DocNode[] = [];
  for (const document of documents) {
    for (const error of document.errors) {
      if (errors.length < MAX_ERRORS) errors.push({ line: positions.line(error.pos[0]), message: firstLine(error.message), kind: 'syntax' });
    }
    if (document.contents === null) continue;
    const builder = new Builder(positions, errors);
    const root = builder.build(document.contents, 0);
    if (builder.overflow) return { file, roots: [], errors: [...errors, { line: 1, message: 'too many nodes, aliases written out', kind: 'limit' }] };
    roots.push(root);
  }
  return { file, roots, errors };
}

/** What badly indented continuation lines and closing brackets give. */
const layoutErrors: ReadonlySet<string> = new Set(['BAD_INDENT', 'MISSING_CHAR', 'MULTILINE_IMPLICIT_KEY', 'UNEXPECTED_TOKEN', 'BLOCK_AS_IMPLICIT_KEY']);

const errorCount = (documents: readonly YamlDocument[]): number => documents.reduce((sum, document) => sum + document.errors.length, 0);

/** The library's documents. Throws `TooDeep`. */
function compose(text: string, options: DocumentOptions): readonly YamlDocument[] {
  return [...new Composer(settings(options.version ?? '1.1')).compose(tokens(text))];
}

type Settings = ParseOptions & YamlDocumentOptions & SchemaOptions;

const settings = (version: '1.1' | '1.2'): Settings => ({
  version, merge: true, uniqueKeys: false, prettyErrors: false, strict: false, logLevel: 'silent',
  // Dates, binaries, sets and ordered maps are no data of templates: their text is.
  customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !/:(?:timestamp|binary|set|omap|pairs)$/.test(tag.tag)),
});

const knownRules = new Map<string, PlainRules>();

/** How scalars and tags of a version stand in the tree; plain scalars are typed by the library's own tests. */
function rulesOf(version: '1.1' | '1.2'): PlainRules {
  const known = knownRules.get(version);
  if (known) return known;
  const options = settings(version);
  const tags = new YamlDocument(null, options).schema.tags.filter((tag) => tag.default === true && 'test' in tag && tag.test !== undefined);
  const rules: PlainRules = {
    typed(text) {
      const tag = mayBeTyped(text) ? tags.find((one) => 'test' in one && one.test?.test(text)) : undefined;
      if (!tag) return { scalar: text, raw: text };
      const resolved: unknown = (tag as ScalarTag).resolve(text, () => undefined, options);
      return scalar(isScalar(resolved) ? resolved.value : resolved, text);
    },
    longName: (tag) => longNames.get(tag),
  };
  knownRules.set(version, rules);
  return rules;
}

/** Words of truth and nothing are short; numbers begin with a digit, a sign or a point. */
const mayBeTyped = (text: string): boolean => text.length <= 5 || text.charCodeAt(0) < 58;

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
    if (isScalar(node)) return new DocNode(this.#positions, start, end, { ...scalar(node.value, node.source), ...mark });
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

function scalar(value: unknown, source: string | undefined): NodeParts {
  const raw = source === undefined ? {} : { raw: source };
  if (typeof value === 'string' || typeof value === 'boolean') return { scalar: value, ...raw };
  if (typeof value === 'number') return Number.isFinite(value) ? { scalar: value, ...raw } : { scalar: source ?? null };
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

/** Offsets of a node. A block collection ends with its last value, not with the comments and line breaks after it. */
function range(node: unknown): readonly [number, number] {
  const [start, end] = written(node);
  let last: unknown = node;
  while ((isMap(last) || isSeq(last)) && last.flow !== true && last.items.length > 0) {
    const item: unknown = last.items[last.items.length - 1];
    last = isPair(item) ? item.value ?? item.key : item;
  }
  return last === node ? [start, end] : [start, written(last)[1]];
}

function written(node: unknown): readonly [number, number] {
  const place = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(place) && typeof place[0] === 'number' && typeof place[1] === 'number' ? [place[0], place[1]] : [0, 0];
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message;

class TooDeep extends Error {
  readonly line: number;

  constructor(line: number) {
    super('nested too deeply');
    this.line = line;
  }
}

/** The concrete syntax tokens of a text. Throws `TooDeep` before a recursive step could see more than `MAX_DEPTH` levels. */
function* tokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  const depth = new DepthGauge();
  for (const lexeme of new Lexer().lex(text)) {
    if (depth.after(lexeme) > MAX_DEPTH) throw new TooDeep(depth.line);
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

/** Counts open flow collections and block levels (by indentation) over the lexer's tokens. Never less than the real nesting. */
class DepthGauge {
  line = 1;
  #column = 0;
  #flow = 0;
  #blocks: number[] = [];
  #scalarNext = false;

  after(lexeme: string): number {
    const column = this.#column;
    this.#column = column + lexeme.length;
    for (let end = lexeme.indexOf('\n'); end >= 0; end = lexeme.indexOf('\n', end + 1)) {
      this.line++;
      this.#column = lexeme.length - end - 1;
    }
    if (this.#scalarNext) {
      this.#scalarNext = false;
      this.#open(column);
    } else if (lexeme === '\u001f') {
      this.#scalarNext = true;
      this.#column = column;
    } else if (lexeme === '[' || lexeme === '{') this.#flow++;
    else if (lexeme === ']' || lexeme === '}') this.#flow = Math.max(0, this.#flow - 1);
    else if (lexeme === '---' || lexeme === '...') this.#blocks = [];
    else if (lexeme === '-' || lexeme === '?' || lexeme === ':') this.#open(column);
    return this.#flow + this.#blocks.length;
  }

  #open(column: number): void {
    if (this.#flow > 0) return;
    while (this.#blocks.length > 0 && (this.#blocks[this.#blocks.length - 1] ?? 0) >= column) this.#blocks.pop();
    this.#blocks.push(column);
  }
}
