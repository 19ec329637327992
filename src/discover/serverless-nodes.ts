import { LineCounter } from 'yaml';
import { toValue, type Slot, type Sym } from '../link/program-values.ts';
import type { Location, SourcePlace } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { DocNode, Positions } from './document-node.ts';
import type { ScalarValue } from './document-node.ts';
import { template } from './cloudformation-values.ts';

const open = '\uE000';
const close = '\uE001';
const maximumDepth = 60;

/** Places taken from other nodes: an "offset" is an index of this table. */
class PlaceTable extends Positions {
  readonly #places: Location[] = [];

  constructor(file: string) {
    super(file, new LineCounter());
  }

  add(location: Location): number {
    return this.#places.push(location) - 1;
  }

  override line(index: number): number {
    return this.#places[index]?.line ?? 1;
  }

  override location(index: number): Location {
    return this.#places[index] ?? { file: this.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  }
}

/**
 * Makes document nodes for what variables resolve to. A part that is known symbolically only (the stage, an SSM
 * parameter) stands in a scalar as a private mark, so that resolved services and CloudFormation's own intrinsic
 * functions can be read by the same code; `decode` turns marks in a finished value back into symbolic values.
 */
export class NodeFactory {
  readonly #places: PlaceTable;
  readonly #symbols: Value[] = [];
  readonly #known = new Map<string, string>();

  constructor(file: string) {
    this.#places = new PlaceTable(file);
  }

  scalar(value: ScalarValue, at: Location): DocNode {
    const index = this.#places.add(at);
    return new DocNode(this.#places, index, index, { scalar: value });
  }

  map(entries: ReadonlyMap<string, DocNode>, at: Location, keyPlace: (key: string) => Location): DocNode {
    const index = this.#places.add(at);
    const keys = new Map<string, readonly [number, number]>();
    for (const key of entries.keys()) {
      const place = this.#places.add(keyPlace(key));
      keys.set(key, [place, place]);
    }
    return new DocNode(this.#places, index, index, { entries, keys });
  }

  list(items: readonly DocNode[], at: Location): DocNode {
    const index = this.#places.add(at);
    return new DocNode(this.#places, index, index, { items });
  }

  /** Text that stands for a symbolic value. */
  mark(value: Value): string {
    const key = JSON.stringify(value);
    let mark = this.#known.get(key);
    if (mark === undefined) {
      mark = `${open}${this.#symbols.push(value) - 1}${close}`;
      this.#known.set(key, mark);
    }
    return mark;
  }

  symbol(value: Value, at: Location): DocNode {
    return value.kind === 'literal' && value.value !== undefined ? this.scalar(value.value, at) : this.scalar(this.mark(value), at);
  }

  /** A text with marks as a value: literal, symbolic, or a template of both. */
  text(text: string): Value {
    if (!text.includes(open)) return pseudo(text);
    const parts: Value[] = [];
    let from = 0;
    for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, from)) {
      const end = text.indexOf(close, at);
      const symbol = end < 0 ? undefined : this.#symbols[Number(text.slice(at + 1, end))];
      if (end < 0) break;
      parts.push(pseudo(text.slice(from, at)), symbol ?? unknown('unknown mark'));
      from = end + 1;
    }
    parts.push(pseudo(text.slice(from)));
    const filled = parts.filter((part) => !(part.kind === 'literal' && part.value === ''));
    const [only] = filled;
    return filled.length === 1 && only !== undefined ? only : template(filled);
  }

  /** Replaces marks everywhere in a value; `rename` may redirect references. */
  decode(value: Value, rename: (value: Value) => Value, depth = 0): Value {
    if (depth > maximumDepth) return unknown('nested too deeply');
    const next = (inner: Value): Value => this.decode(inner, rename, depth + 1);
    switch (value.kind) {
      case 'literal': return typeof value.value === 'string' ? this.text(value.value) : value;
      case 'template': return template(value.parts.map(next));
      case 'object': return { ...value, entries: value.entries.map(([key, item]): readonly [string, Value] => [key.includes(open) ? 'unknown' : key, next(item)]) };
      case 'array': return { ...value, items: value.items.map(next) };
      case 'oneOf': return { ...value, options: value.options.map(next) };
      case 'derived': return { ...value, from: value.from.map(next) };
      case 'env': return value.name.includes(open) ? unknown('name of a parameter is not known') : value;
      default: return rename(value);
    }
  }

  /** A value of the evaluator as a node, so that `serverless.ts` is read like `serverless.yml`. */
  fromValue(value: Value, at: Location, depth = 0): DocNode {
    if (depth > maximumDepth) return this.symbol(unknown('nested too deeply'), at);
    switch (value.kind) {
      case 'literal': return this.scalar(value.value ?? null, at);
      case 'template': return this.scalar(value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : this.mark(part))).join(''), at);
      case 'array': return this.list(value.items.map((item) => this.fromValue(item, at, depth + 1)), at);
      case 'object': return this.map(new Map(value.entries.map(([key, item]): [string, DocNode] => [key, this.fromValue(item, at, depth + 1)])), at, () => at);
      default: return this.symbol(value, at);
    }
  }

  /** What a followed program exports as a node, each property at the place that wrote it. */
  fromSym(sym: Sym, at: Location, locate: (place: SourcePlace) => Location, depth = 0): DocNode {
    if (depth > maximumDepth) return this.symbol(unknown('nested too deeply'), at);
    // What is written elsewhere and only named here (`functions: { hello }`) stands where it is written.
    const placeOf = (slot: Slot | undefined): Location => {
      const own = slot?.value.kind === 'record' ? slot.value.place : undefined;
      const place = own && !(slot?.place && slot.place.file === own.file && slot.place.start <= own.start && own.end <= slot.place.end) ? own : slot?.place;
      return place ? locate(place) : at;
    };
    switch (sym.kind) {
      case 'record': {
        const slots = [...sym.entries].filter(([key]) => !key.startsWith('*'));
        const known = new Map(slots);
        return this.map(new Map(slots.map(([key, slot]): [string, DocNode] => [key, this.fromSym(slot.value, placeOf(slot), locate, depth + 1)])), sym.place ? locate(sym.place) : at, (key) => placeOf(known.get(key)));
      }
      case 'list': {
        const own = sym.place ? locate(sym.place) : at;
        return this.list(sym.items.map((item) => this.fromSym(item, (item.kind === 'record' || item.kind === 'list') && item.place ? locate(item.place) : own, locate, depth + 1)), own);
      }
      default: return this.fromValue(toValue(sym, () => undefined), at, depth);
    }
  }
}

/** `#{AWS::Region}` of the pseudo-parameters plugin and of old services. */
function pseudo(text: string): Value {
  if (!text.includes('#{AWS::')) return literal(text);
  const pieces = text.split(/#\{(AWS::[A-Za-z]{1,40})\}/);
  return template(pieces.map((piece, index): Value => (index % 2 === 1 ? { kind: 'env', name: piece } : literal(piece))).filter((part) => !(part.kind === 'literal' && part.value === '')));
}

export function hasMark(text: string): boolean {
  return text.includes(open);
}

/** The texts around the first and last mark of a text. */
export function aroundMarks(text: string): { readonly head: string; readonly tail: string } {
  return { head: text.slice(0, text.indexOf(open)), tail: text.slice(text.lastIndexOf(close) + 1) };
}
