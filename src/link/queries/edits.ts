import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import { literal, type Value } from '../../model/value.ts';
import { contains, oneOf, valueKey } from '../values.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { ancestorsOf } from './positions.ts';

/** One change of a field in place: `delete o.a`, `o.a = 1`, `Object.assign(o, { a: 1 })`. */
interface Edit {
  readonly object: Expr;
  readonly name: string;
  /** Absent: the field is taken away. */
  readonly value?: Expr;
  /** Of `Object.assign`: the value is the object that holds the field. */
  readonly within?: true;
  readonly item: Item;
  readonly isSure: boolean;
}

/** A change with its object and new value worked out. */
interface Applied {
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly name: string;
  readonly value: Value;
  readonly isSure: boolean;
}

/**
 * What is sent, with the changes that were made in place on the way to the call: to the event, or to a message read from it
 * (`delete event.detail.enrich`, `message.done = true`). Values alone hold what things were, not what was done to them. A
 * changed part is an object that holds the part itself as `...` and then the changed fields; a removed field is `undefined`.
 */
export function withEdits(view: LinkedFunction, activation: Pick<Activation, 'callers' | 'frame'>, site: Expr, value: Value): Value {
  const edits = editsBefore(view, activation, site);
  return edits.length === 0 ? value : rewritten(value, edits, 0);
}

/** Changes before a call, in order, in the bodies that lead to it. */
function editsBefore(view: LinkedFunction, activation: Pick<Activation, 'callers' | 'frame'>, site: Expr): readonly Applied[] {
  return [...activation.callers, { frame: activation.frame, site }].flatMap(({ frame, site: at }) => {
    const fn = view.evaluator.fact(frame.file, frame.fn);
    const all = fn ? editsIn(fn) : [];
    if (!fn || all.length === 0) return [];
    const certain = before(fn, at);
    return all.flatMap((edit): readonly Applied[] => {
      const isSure = certain.get(edit.item);
      if (isSure === undefined) return [];
      const object = view.evaluator.value(edit.object, frame);
      const keys = chain(object);
      if (keys.size === 0) return [];
      const given = edit.value ? view.evaluator.value(edit.value, frame) : literal(undefined);
      return [{ keys, name: edit.name, value: edit.within ? view.evaluator.member(given, edit.name) : given, isSure: isSure && edit.isSure }];
    });
  });
}

/** Statements that run before a place, with whether they surely did. */
function before(fn: FunctionFact, site: Item): ReadonlyMap<Item, boolean> {
  const found = new Map<Item, boolean>();
  const on = [...ancestorsOf(fn, site), site];
  let lists: readonly (readonly Stmt[])[] = [fn.body];
  for (const item of on) {
    const list = lists.find((one) => (one as readonly Item[]).includes(item));
    for (const earlier of list?.slice(0, (list as readonly Item[]).indexOf(item)) ?? []) {
      walk([earlier], (inner, above) => { found.set(inner, above.every((one) => one.kind === 'expr' || one.kind === 'block' || one.kind === 'sequence')); });
    }
    lists = listsOf(item);
  }
  return found;
}

function listsOf(item: Item): readonly (readonly Stmt[])[] {
  switch (item.kind) {
    case 'if': return [item.then, item.else];
    case 'switch': return item.cases.map((entry) => entry.body);
    case 'loop': case 'block': return [item.body];
    case 'try': return [item.block, item.handler ?? [], item.finalizer ?? []];
    default: return [];
  }
}

const kept = new WeakMap<FunctionFact, readonly Edit[]>();

function editsIn(fn: FunctionFact): readonly Edit[] {
  let edits = kept.get(fn);
  if (!edits) {
    const found: Edit[] = [];
    walk(fn.body, (item) => {
      if (item.kind === 'unary' && item.op === 'delete' && item.of.kind === 'member' && typeof item.of.property === 'string') found.push({ object: item.of.object, name: item.of.property, item, isSure: true });
      else if (item.kind === 'assign' && item.op === '=' && item.target.kind === 'member' && typeof item.target.property === 'string') found.push({ object: item.target.object, name: item.target.property, value: item.value, item, isSure: true });
      else if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'assign' && item.callee.object.kind === 'global' && item.callee.object.name === 'Object' && item.args[0]) {
        for (const given of item.args.slice(1)) {
          for (const { key } of given.kind === 'object' ? given.properties : []) if (typeof key === 'string') found.push({ object: item.args[0], name: key, value: given, within: true, item, isSure: true });
        }
      }
    });
    edits = found;
    kept.set(fn, edits);
  }
  return edits;
}

/** Keys of a value and of what it is a part of, each with the steps that lead from it to the value; empty for what is no message. */
function chain(object: Value): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  let steps: readonly string[] = [];
  let current: Value | undefined = object;
  while (current && keys.size < 12) {
    // `url.pathname = '/x'`: objects of the platform that are made here and changed before they are used.
    if (current.kind === 'instance' && current.of.kind === 'external' && (current.of.module === 'global' || current.of.module === 'url')) { keys.set(valueKey(current), steps); break; }
    // `{ ...after }`: a copy.
    if (current.kind === 'object' && current.entries[0]?.[0] === '...') { keys.set(valueKey(current), steps); break; }
    if (current.kind !== 'event' && current.kind !== 'derived') break;
    keys.set(valueKey(current), steps);
    const name: string | undefined = current.kind === 'event' ? current.path.at(-1) : /^\.[^.]/.test(current.what) ? current.what.slice(1) : undefined;
    if (name === undefined || name === '*') break;
    steps = [name, ...steps];
    current = current.kind === 'event' ? { kind: 'event', path: current.path.slice(0, -1) } : current.from[0];
  }
  return keys;
}

function rewritten(value: Value, edits: readonly Applied[], depth: number): Value {
  if (depth > 8 || !contains(value, (part) => edits.some((edit) => edit.keys.has(valueKey(part))))) return value;
  const key = valueKey(value);
  const own = edits.flatMap((edit) => { const steps = edit.keys.get(key); return steps ? [{ edit, steps }] : []; });
  if (own.length > 0) return changed(value, own);
  const inner = (one: Value): Value => rewritten(one, edits, depth + 1);
  switch (value.kind) {
    case 'object': return { ...value, entries: value.entries.map(([name, one]) => [name, inner(one)]) };
    case 'array': return { ...value, items: value.items.map(inner) };
    case 'oneOf': return oneOf(value.options.map(inner));
    case 'derived': return value.what.endsWith('JSON.stringify') ? { kind: 'derived', what: value.what, io: value.io, from: value.from.map(inner) } : value;
    default: return value;
  }
}

/** A part with its changed fields. */
function changed(value: Value, edits: readonly { readonly edit: Applied; readonly steps: readonly string[] }[]): Value {
  const entries: (readonly [string, Value])[] = value.kind === 'object' ? [...value.entries] : [['...', value]];
  const names = new Set(edits.map(({ edit, steps }) => steps[0] ?? edit.name));
  for (const name of names) {
    const old: Value = value.kind === 'event' ? { kind: 'event', path: [...value.path, name] } : { kind: 'derived', what: `.${name}`, from: [value], io: value.kind === 'derived' && value.io };
    let now: Value = old;
    const deeper: { readonly edit: Applied; readonly steps: readonly string[] }[] = [];
    for (const { edit, steps } of edits) {
      if (steps[0] === name) deeper.push({ edit, steps: steps.slice(1) });
      else if (steps.length === 0 && edit.name === name) now = edit.isSure ? edit.value : oneOf([now, edit.value]);
    }
    entries.push([name, deeper.length > 0 && now === old ? changed(old, deeper) : now]);
  }
  return { kind: 'object', entries, open: true };
}
