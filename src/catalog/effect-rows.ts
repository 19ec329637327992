import { unknown, type Value } from '../model/value.ts';
import { chainOf, type Chain, type Link } from './effect-chain.ts';
import type { Callee } from '../model/project.ts';
import type { Effect, EffectKind, EffectService, EffectTarget, Naming } from './effects.ts';
import { elements, keys, property, textOf, words } from './look-up.ts';

/**
 * One operation of a package that is not an AWS API: how a call of it looks, and what it does to what.
 *
 * `calls`: names of the chain (see effect-chain.ts) in order, the last one the call itself; others may stand between.
 * Places (`target`, `key`, …): `[0].a.b` an argument of the call, `topic[0]` one of an earlier link of that name, `a|b` the
 * first that is there, `a+b` a path of both. In a place `[]` means every element, `{}` the names of the properties, `new[0]` an argument of the
 * constructor, `=text` a fixed text.
 */
export interface CallRow {
  readonly id: string;
  /** Import specifiers; one that ends in `*` stands for all that begin so. */
  readonly modules: readonly string[];
  readonly calls: readonly (readonly string[])[];
  readonly kind: EffectKind;
  readonly service: EffectService;
  readonly resourceKind: EffectTarget;
  readonly target: string;
  readonly key?: string;
  readonly payload?: string;
  readonly attributes?: string;
  readonly waits?: true;
  readonly deferred?: true;
  readonly events?: readonly string[];
  readonly naming?: readonly Naming[];
  /** The row holds only where the value at a place has one of these names: a literal text, or the last name of what a package provides or answers. */
  readonly when?: { readonly at: string; readonly is: readonly string[] };
  /** Wraps a handler when the module is evaluated; takes place in every invocation. */
  readonly wraps?: true;
}

export interface Family {
  readonly name: string;
  /** Documents and day that the rows were read from. */
  readonly source: string;
  readonly rows: readonly CallRow[];
}

type Extra = Partial<Pick<CallRow, 'key' | 'payload' | 'attributes' | 'waits' | 'deferred' | 'events' | 'naming' | 'when' | 'wraps'>>;

/** Rows of one service, several calls of which do the same. */
export const rowsOf = (service: EffectService, modules: string) =>
  (calls: string, kind: EffectKind, resourceKind: EffectTarget, target: string, extra: Extra = {}): CallRow => {
    const names = words(calls);
    return { id: `${service} ${names[0] ?? ''}`, service, modules: words(modules), calls: names.map((name) => name.split('.')), kind, resourceKind, target, ...extra };
  };

/** Rows by the name of the call itself, so that most calls are left at once. */
export class RowIndex {
  private readonly byName = new Map<string, CallRow[]>();

  constructor(families: readonly Family[]) {
    for (const row of families.flatMap((family) => family.rows)) {
      for (const name of new Set(row.calls.map((path) => path.at(-1) ?? ''))) this.byName.set(name, [...(this.byName.get(name) ?? []), row]);
    }
  }

  /** Whether any row has calls of this name. */
  has(name: string): boolean {
    return this.byName.has(name);
  }

  private rowsFor(callee: Callee): readonly CallRow[] {
    const last = callee.path.at(-1)?.replace('#', '') ?? '()';
    return this.byName.get(last === 'default' ? '()' : last) ?? [];
  }

  /** Whether a row can fit a call that stands on this chain, whatever its arguments are. */
  mayFit(callee: Callee, chain: Chain): boolean {
    return this.rowsFor(callee).some((row) => names(row, chain));
  }

  effects(callee: Callee, args: readonly Value[]): readonly Effect[] {
    const rows = this.rowsFor(callee);
    if (rows.length === 0) return [];
    const chain = chainOf(callee, args);
    if (!chain) return [];
    const row = rows.find((one) => fits(one, chain));
    return row ? effectsOfRow(row, chain) : [];
  }
}

const names = (row: CallRow, chain: Chain): boolean => row.modules.some((name) => (name.endsWith('*') ? chain.module.startsWith(name.slice(0, -1)) : chain.module === name)) && row.calls.some((path) => inOrder(path, chain.links));

function fits(row: CallRow, chain: Chain): boolean {
  if (!names(row, chain)) return false;
  if (!row.when) return true;
  const found = placesOf(row.when.at, chain);
  const { is } = row.when;
  return found.some((value) => is.includes(value.kind === 'literal' ? String(value.value) : value.kind === 'external' ? (value.path.at(-1) ?? '') : value.kind === 'derived' ? lastName(value.what) : (textOf(value) ?? '')));
}

/** `Get` of `faunadb:query.Get`, the answer of that call. */
const lastName = (what: string): string => what.split(/[.:#]/).at(-1) ?? '';

/** The names stand in the chain in this order, the last one at its end. */
function inOrder(path: readonly string[], links: readonly Link[]): boolean {
  if (path.at(-1) !== links.at(-1)?.name) return false;
  let at = 0;
  for (const name of path.slice(0, -1)) {
    while (at < links.length - 1 && links[at]?.name !== name) at++;
    if (at >= links.length - 1) return false;
    at++;
  }
  return true;
}

function effectsOfRow(row: CallRow, chain: Chain): readonly Effect[] {
  const targets = row.target === '' ? [] : placesOf(row.target, chain);
  const many = (place: string | undefined): Value | undefined => {
    const found = place === undefined ? [] : placesOf(place, chain);
    return found.length > 1 ? { kind: 'array', items: found, open: false } : found[0];
  };
  const [key, payload, attributes] = [many(row.key), many(row.payload), many(row.attributes)];
  return (targets.length > 0 ? targets : [unknown(`target of ${chain.links.at(-1)?.name ?? 'the call'} is not in the call`)]).map((target) => ({
    kind: row.kind, service: row.service, resourceKind: row.resourceKind, target, waits: row.waits === true, detail: chain.links.at(-1)?.name ?? '', row: row.id,
    ...(key ? { key } : {}), ...(payload ? { payload } : {}), ...(attributes ? { attributes } : {}),
    ...(row.events ? { events: row.events } : {}), ...(row.deferred ? { deferred: true as const } : {}), ...(row.naming ? { naming: row.naming } : {}),
    ...(row.wraps ? { wraps: true as const } : {}),
  }));
}

/** Values at a place of a chain; none where nothing stands there. */
export function placesOf(place: string, chain: Chain): readonly Value[] {
  for (const choice of place.split('|')) {
    const found = choice.includes('+') ? joined(choice.split('+').map((part) => at(part, chain)[0])) : at(choice, chain);
    if (found.length > 0) return found;
  }
  return [];
}

/** `database/container`: one path, where every part is there. */
function joined(parts: readonly (Value | undefined)[]): readonly Value[] {
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) return [];
  if (known.every((part) => part.kind === 'literal')) return [{ kind: 'literal', value: known.map((part) => String(part.value)).join('/') }];
  return [{ kind: 'template', parts: known.flatMap((part, index): readonly Value[] => (index === 0 ? [part] : [{ kind: 'literal', value: '/' }, part])) }];
}

function at(place: string, chain: Chain): readonly Value[] {
  if (place.startsWith('=')) return [{ kind: 'literal', value: place.slice(1) }];
  const parsed = /^([\w$]+|\(\))?\[(\d+)\](.*)$/.exec(place);
  if (!parsed) return [];
  const [, name, index, rest = ''] = parsed;
  const links = name === undefined ? chain.links.slice(-1) : chain.links.filter((link) => link.name === name && link.args);
  // The link nearest to the call speaks; a call of the package itself may stand before it under the same name.
  const value = links.at(-1)?.args?.[Number(index)];
  return value ? follow([value], rest.split('.').filter((step) => step !== '')) : [];
}

/** Follows steps of a place from values. */
function follow(values: readonly Value[], steps: readonly string[]): readonly Value[] {
  let current = values.filter((value) => !isAbsent(value));
  for (const step of steps) {
    const suffix = /(\[\]|\{\}|\[\d+\])$/.exec(step)?.[1] ?? '';
    const name = step.slice(0, step.length - suffix.length);
    current = current.flatMap((value): readonly Value[] => {
      if (name === 'new') return value.kind === 'instance' ? [value.args[Number(suffix.slice(1, -1))]].filter((arg) => arg !== undefined) : [];
      const found = name === '' ? value : value.kind === 'instance' ? undefined : property(value, name);
      if (!found || isAbsent(found)) return [];
      return suffix === '[]' ? elements(found) : suffix === '{}' ? keys(found) : [found];
    });
  }
  return current;
}

const isAbsent = (value: Value): boolean => value.kind === 'literal' && value.value === undefined;
