import { literal } from '../model/value.ts';
import { spread } from './program-expr.ts';
import type { Machine } from './program-machine.ts';
import { either, isNullish, listOf, optionsOf, record, slot, type Slot, type Sym, type SymRecord } from './program-values.ts';
import type { SourcePlace } from '../model/location.ts';

/** How a package puts objects together. */
interface Manner {
  /** Into the first argument (lodash), or into a new object. */
  readonly inPlace: boolean;
  /** Objects inside are put together as well. */
  readonly deep: boolean;
  /** What stands first stays (`defaults`). */
  readonly keeps: boolean;
  /** `undefined` of a later object is a value. */
  readonly clears: boolean;
  readonly lists: 'later' | 'both';
}

const lodash: ReadonlyMap<string, Manner> = new Map([
  ['merge', { inPlace: true, deep: true, keeps: false, clears: false, lists: 'later' }],
  ['defaults', { inPlace: true, deep: false, keeps: true, clears: false, lists: 'later' }],
  ['defaultsDeep', { inPlace: true, deep: true, keeps: true, clears: false, lists: 'later' }],
  ['assign', { inPlace: true, deep: false, keeps: false, clears: true, lists: 'later' }],
]);

const deepmerge: Manner = { inPlace: false, deep: true, keeps: false, clears: true, lists: 'both' };
const MAX_DEPTH = 12;

/**
 * What packages give that put objects together (lodash 4 documentation, "merge", "defaults", "assign"; readmes of deepmerge 4,
 * ts-deepmerge 7 and object-assign 4, read 2026-11). Lists of `merge` of lodash, which go item by item, are taken from the
 * later object. `undefined`: none of them.
 */
export function mergeCall(machine: Machine, module: string, path: readonly string[], args: readonly Sym[], place: SourcePlace): Sym | undefined {
  const own = /^(?:lodash(?:-es)?[/.])(merge|defaults|defaultsDeep|assign)$/i.exec(module)?.[1];
  const name = path.join('.');
  if (own !== undefined || module === 'lodash' || module === 'lodash-es') {
    const manner = [...lodash].find(([key]) => key.toLowerCase() === (own ?? name).toLowerCase())?.[1];
    return manner === undefined ? undefined : all(machine, args, manner, undefined, place);
  }
  if (module === 'object-assign' && name === '') return all(machine, args, lodash.get('assign') ?? deepmerge, undefined, place);
  if (module === 'ts-deepmerge' && name === 'merge') return all(machine, args, deepmerge, undefined, place);
  if (module !== 'deepmerge') return undefined;
  if (name === '') return all(machine, args.slice(0, 2), deepmerge, args[2], place);
  return name === 'all' && args[0]?.kind === 'list' && !args[0].open ? all(machine, args[0].items, deepmerge, args[1], place) : undefined;
}

function all(machine: Machine, args: readonly Sym[], manner: Manner, options: Sym | undefined, place: SourcePlace): Sym | undefined {
  const [first, ...rest] = args;
  if (first?.kind !== 'record' || first.map === true) return undefined;
  const result = manner.inPlace ? first : copied(machine, first);
  const lists = slot(options, 'arrayMerge')?.value;
  const work: Work = { machine, manner, lists, place };
  for (const one of rest) into(work, result, one, 0);
  return result;
}

interface Work { readonly machine: Machine; readonly manner: Manner; readonly lists: Sym | undefined; readonly place: SourcePlace }

const copied = (machine: Machine, from: SymRecord): SymRecord => ({ ...record([], machine.branch, from.open), entries: new Map(from.entries) });

function into(work: Work, result: SymRecord, source: Sym, depth: number): void {
  if (isNullish(source)) return;
  if (source.kind !== 'record') { spread(result, source); return; }
  result.open ||= source.open;
  for (const [key, given] of [...source.entries]) {
    const there = result.entries.get(key);
    const value = there === undefined ? given : together(work, there, given, depth);
    if (value !== undefined && value !== there) result.entries.set(key, value);
  }
}

function together(work: Work, there: Slot, given: Slot, depth: number): Slot | undefined {
  const { machine, manner } = work;
  const [one, other] = [there.value, given.value];
  if (manner.deep && depth < MAX_DEPTH && one.kind === 'record' && other.kind === 'record' && !one.map && !other.map) {
    const both = copied(machine, one);
    into(work, both, other, depth + 1);
    return { ...there, value: both };
  }
  if (manner.keeps) return there.certain && !isLeftOut(one) ? there : isLeftOut(one) ? given : { ...there, value: either([one, other]), certain: given.certain };
  if (isLeftOut(other) && !manner.clears) return there;
  if (manner.deep && one.kind === 'list' && other.kind === 'list') {
    const lists = work.lists;
    const value = lists?.kind === 'closure' ? machine.invoke(lists, [one, other, literal(undefined)], work.place)
      : manner.lists === 'both' ? listOf([...one.items, ...other.items], machine.branch, one.open || other.open) : other;
    return { ...given, value };
  }
  return given.certain ? given : { ...given, value: either([...optionsOf(one), ...optionsOf(other)]), certain: there.certain };
}

const isLeftOut = (sym: Sym): boolean => sym.kind === 'literal' && sym.value === undefined;
