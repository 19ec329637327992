import { literal, unknown } from '../model/value.ts';
import type { ArrayValue, ObjectValue, Value } from '../model/value.ts';
import { template, valueKey } from './cloudformation-values.ts';
import type { HclFunction } from './hcl-functions.ts';
import { array, entryOf, fromData, isUnset, numberOf, object, sortedEntries, textOf } from './hcl-values.ts';

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const MAX_RANGE = 1_000;

const isArray = (value: Value | undefined): value is ArrayValue => value?.kind === 'array';
const isObject = (value: Value | undefined): value is ObjectValue => value?.kind === 'object';

/** Keeps one of equal values, the first. */
function unique(items: readonly Value[]): readonly Value[] {
  const seen = new Map<string, Value>();
  for (const item of items) if (!seen.has(valueKey(item))) seen.set(valueKey(item), item);
  return [...seen.values()];
}

/** A function of one list. */
function onList(work: (list: ArrayValue) => Value | undefined): HclFunction {
  return ([value]) => (isArray(value) ? work(value) : undefined);
}

/** A function of sets or lists that are all known. */
function onLists(work: (lists: readonly (readonly Value[])[]) => readonly Value[]): HclFunction {
  return (args) => (args.every((arg) => isArray(arg) && !arg.open) ? array(work(args.map((arg) => (isArray(arg) ? arg.items : [])))) : undefined);
}

/** Functions of lists, sets and maps (Terraform language reference, "Collection Functions", read 2026-11). */
export const collectionFunctions: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ['join', join],
  ['lookup', ([map, key, fallback]) => {
    const name = textOf(key);
    if (!isObject(map) || name === undefined) return undefined;
    return entryOf(map, name) ?? (map.open ? undefined : fallback ?? unknown(`no attribute ${name}`));
  }],
  ['merge', (args) => {
    const present = args.filter((arg) => !isUnset(arg));
    if (present.length > 0 && !present.some(isObject)) return undefined;
    return object(present.flatMap((arg) => (isObject(arg) ? arg.entries : [])), present.some((arg) => !isObject(arg) || arg.open));
  }],
  ['concat', (args) => (args.some(isArray) ? array(args.flatMap((arg) => (isArray(arg) ? arg.items : [])), args.some((arg) => !isArray(arg) || arg.open)) : undefined)],
  ['flatten', onList((list) => flatten(list, 0))],
  ['distinct', onList((list) => array(unique(list.items), list.open))],
  ['compact', onList((list) => array(list.items.filter((item) => !isUnset(item) && !(item.kind === 'literal' && item.value === '')), list.open))],
  ['reverse', onList((list) => (list.open ? undefined : array([...list.items].reverse())))],
  ['sort', onList(sorted)],
  ['toset', onList((list) => {
    const set = array(unique(list.items), list.open);
    return sorted(set) ?? set;
  })],
  ['tolist', ([value]) => value],
  ['tomap', ([value]) => value],
  ['keys', ([map]) => (isObject(map) ? array(sortedEntries(map).map(([name]) => literal(name)), map.open) : undefined)],
  ['values', ([map]) => (isObject(map) ? array(sortedEntries(map).map(([, value]) => value), map.open) : undefined)],
  ['length', ([value]) => {
    if ((isArray(value) || isObject(value)) && !value.open) return literal(isArray(value) ? value.items.length : value.entries.length);
    const text = value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
    return text === undefined ? undefined : literal([...text].length);
  }],
  ['element', ([list, index]) => {
    const at = numberOf(index);
    if (!isArray(list) || list.open || at === undefined || list.items.length === 0) return undefined;
    return list.items[((at % list.items.length) + list.items.length) % list.items.length];
  }],
  ['slice', ([list, start, end]) => {
    const [from, to] = [numberOf(start), numberOf(end)];
    return isArray(list) && !list.open && from !== undefined && to !== undefined ? array(list.items.slice(from, to)) : undefined;
  }],
  ['contains', ([list, value]) => {
    if (!isArray(list) || value?.kind !== 'literal') return undefined;
    if (list.items.some((item) => item.kind === 'literal' && item.value === value.value)) return literal(true);
    return !list.open && list.items.every((item) => item.kind === 'literal') ? literal(false) : undefined;
  }],
  ['index', ([list, value]) => {
    if (!isArray(list) || list.open || value?.kind !== 'literal') return undefined;
    const at = list.items.findIndex((item) => item.kind === 'literal' && item.value === value.value);
    return at >= 0 && list.items.slice(0, at).every((item) => item.kind === 'literal') ? literal(at) : undefined;
  }],
  ['one', onList((list) => (list.open ? list.items[0] : list.items[0] ?? literal(null)))],
  ['alltrue', onList((list) => truth(list, true))],
  ['anytrue', onList((list) => truth(list, false))],
  ['coalescelist', (args) => args.find((arg) => isArray(arg) && arg.items.length > 0)],
  ['zipmap', ([names, values]) => {
    if (!isArray(names) || !isArray(values) || names.open || values.open) return undefined;
    const texts = names.items.map(textOf);
    return texts.some((text) => text === undefined) ? undefined : object(texts.map((text, index) => [text ?? '', values.items[index] ?? unknown('no value')]));
  }],
  ['range', range],
  ['setunion', onLists((lists) => unique(lists.flat()))],
  ['setintersection', onLists(([first = [], ...rest]) => first.filter((item) => rest.every((list) => list.some((other) => valueKey(other) === valueKey(item)))))],
  ['setsubtract', onLists(([first = [], second = []]) => first.filter((item) => !second.some((other) => valueKey(other) === valueKey(item))))],
  ['setproduct', onLists((lists) => product(lists))],
  ['formatlist', ([pattern, list]) => {
    const text = textOf(pattern);
    if (text === undefined || !isArray(list) || text.split('%s').length !== 2) return undefined;
    const [head = '', tail = ''] = text.split('%s');
    return array(list.items.map((item) => template([literal(head), item, literal(tail)])), list.open);
  }],
]);

function join([separator, ...lists]: readonly Value[]): Value | undefined {
  const between = textOf(separator);
  if (between === undefined || lists.some((list) => !isArray(list) || list.open)) return undefined;
  const items = lists.flatMap((list) => (isArray(list) ? list.items : []));
  if (items.some((item) => item.kind === 'array' || item.kind === 'object')) return undefined;
  return template(items.flatMap((item, index) => (index === 0 ? [item] : [literal(between), item])));
}

function flatten(list: ArrayValue, depth: number): ArrayValue {
  if (depth > 50) return array([], true);
  let open = list.open;
  const items = list.items.flatMap((item) => {
    if (!isArray(item)) {
      // What is not known may be a list of any length.
      if (item.kind === 'unknown' || item.kind === 'derived') open = true;
      return [item];
    }
    const inner = flatten(item, depth + 1);
    open ||= inner.open;
    return inner.items;
  });
  return array(items, open);
}

function sorted(list: ArrayValue): Value | undefined {
  const texts = list.items.map((item) => (item.kind === 'literal' ? textOf(item) : undefined));
  if (list.open || texts.some((text) => text === undefined)) return undefined;
  return array([...list.items].sort((a, b) => byCodeUnit(textOf(a) ?? '', textOf(b) ?? '')));
}

function truth(list: ArrayValue, all: boolean): Value | undefined {
  if (list.items.some((item) => item.kind === 'literal' && (item.value === true) !== all)) return literal(!all);
  return !list.open && list.items.every((item) => item.kind === 'literal') ? literal(all) : undefined;
}

function range(args: readonly Value[]): Value | undefined {
  const numbers = args.map(numberOf);
  if (numbers.some((number) => number === undefined)) return undefined;
  const [start, limit, step] = numbers.length === 1 ? [0, numbers[0] ?? 0, 1] : [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? ((numbers[0] ?? 0) <= (numbers[1] ?? 0) ? 1 : -1)];
  const found: number[] = [];
  if (step === 0) return undefined;
  for (let value = start; (step > 0 ? value < limit : value > limit) && found.length <= MAX_RANGE; value += step) found.push(value);
  return found.length > MAX_RANGE ? undefined : fromData(found);
}

function product(lists: readonly (readonly Value[])[]): readonly Value[] {
  let rows: Value[][] = [[]];
  for (const list of lists) {
    if (rows.length * list.length > MAX_RANGE) return [unknown('too many combinations')];
    rows = rows.flatMap((row) => list.map((item) => [...row, item]));
  }
  return rows.map((row) => array(row));
}
