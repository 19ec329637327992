import type { LineCounter } from 'yaml';
import type { Location } from '../model/location.ts';

export type ScalarValue = string | number | boolean | null;

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

/** What a node is made of; one of `scalar`, `entries`, `items`. */
export interface NodeParts {
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

  /** Offsets of the first character and behind the last one. */
  get range(): readonly [number, number] {
    return [this.#start, this.#end];
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
