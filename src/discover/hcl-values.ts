import { literal, unknown } from '../model/value.ts';
import type { ArrayValue, ObjectValue, Value } from '../model/value.ts';

const MAX_ITEMS = 2_000;
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const array = (items: readonly Value[], open = false): ArrayValue => ({ kind: 'array', items: items.slice(0, MAX_ITEMS), open: open || items.length > MAX_ITEMS });

/** Later entries of one name win, as in Terraform; none is kept twice. */
export function object(entries: readonly (readonly [string, Value])[], open = false): ObjectValue {
  const unique = new Map<string, Value>();
  for (const [name, value] of entries.slice(0, MAX_ITEMS)) unique.set(name, value);
  return { kind: 'object', entries: [...unique], open: open || entries.length > MAX_ITEMS };
}

export function entryOf(value: ObjectValue, name: string): Value | undefined {
  for (let index = value.entries.length - 1; index >= 0; index--) {
    const entry = value.entries[index];
    if (entry?.[0] === name) return entry[1];
  }
  return undefined;
}

export function sortedEntries(value: ObjectValue): readonly (readonly [string, Value])[] {
  return [...value.entries].sort(([a], [b]) => byCodeUnit(a, b));
}

/** A reference to a resource with all its attributes, before one is picked. */
export function isWhole(value: Value): value is Value & { readonly kind: 'resource' } {
  return value.kind === 'resource' && value.attribute === '';
}

/** Absent or null: Terraform takes both for "not set". */
export function isUnset(value: Value): boolean {
  return value.kind === 'literal' && (value.value === undefined || value.value === null);
}

/** A known text; numbers and booleans as Terraform writes them. */
export function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'literal' && value.value !== null && value.value !== undefined ? String(value.value) : undefined;
}

export function numberOf(value: Value | undefined): number | undefined {
  const text = textOf(value);
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Terraform's JSON text of a value without references: keys in order, `<`, `>` and `&` escaped; `undefined` for any other. */
export function jsonText(value: Value): string | undefined {
  const plain = plainOf(value, 0);
  if (plain === undefined) return undefined;
  return JSON.stringify(plain.data).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function plainOf(value: Value, depth: number): { readonly data: unknown } | undefined {
  if (depth > 50) return undefined;
  if (value.kind === 'literal') return { data: value.value ?? null };
  if (value.kind === 'array' && !value.open) {
    const items: unknown[] = [];
    for (const item of value.items) {
      const plain = plainOf(item, depth + 1);
      if (!plain) return undefined;
      items.push(plain.data);
    }
    return { data: items };
  }
  if (value.kind !== 'object' || value.open) return undefined;
  const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of sortedEntries(value)) {
    const plain = plainOf(item, depth + 1);
    if (!plain) return undefined;
    data[name] = plain.data;
  }
  return { data };
}

/** Data of a parsed JSON or YAML text as a value. */
export function fromData(data: unknown, depth = 0): Value {
  if (depth > 100) return unknown('nested too deeply');
  if (Array.isArray(data)) return array(data.map((item) => fromData(item, depth + 1)));
  if (typeof data === 'object' && data !== null) return object(Object.entries(data).map(([name, item]) => [name, fromData(item, depth + 1)]));
  return literal(typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean' ? data : null);
}

const MAX_WEIGHT = 20_000;
const weights = new WeakMap<object, number>();

/** The value, or unknown when it is too large to be looked through: values that are built of each other double with every step. */
export function sized(value: Value): Value {
  return weightOf(value, 0) > MAX_WEIGHT ? unknown('too large') : value;
}

function weightOf(value: Value, depth: number): number {
  if (value.kind === 'literal') return typeof value.value === 'string' ? 1 + value.value.length / 100 : 1;
  const known = weights.get(value);
  if (known !== undefined) return known;
  if (depth > 200) return MAX_WEIGHT + 1;
  const weight = childrenOf(value).reduce((sum, child) => sum + weightOf(child, depth + 1), 1);
  weights.set(value, weight);
  return weight;
}

function childrenOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'array': return value.items;
    case 'object': return value.entries.map(([, item]) => item);
    case 'template': return value.parts;
    case 'oneOf': return value.options;
    case 'derived': return value.from;
    default: return [];
  }
}
