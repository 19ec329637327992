import type { CallExpr, Expr, FunctionFact, LoopStmt, MemberExpr, PatternElement, Target } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import { alternatives, literal, type Value } from '../../model/value.ts';
import { bounds, containerSetter, globalSetters,  isPersistentSetter, isPlatformLibrary, nativeCollection, resetMethods } from '../../catalog/state.ts';
import type { Frame } from '../frame.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { element, externalPath, valueKey } from '../values.ts';
import { walk, type Item } from '../walk.ts';
import { isGivenElsewhere } from './elsewhere.ts';
import { same, selfChange } from './self-change.ts';
import { isSwitchedOff } from './switched-off.ts';
import { exportedProperty, type Place } from './places.ts';
import type { Storage } from './storage.ts';
import { isFixed } from './taint.ts';
import { isBelowFunction, isToldApart } from './told-apart.ts';

/**
 * What is done to a place: `assign` a slot, `lazy` the same only when it is empty, `update` from its old value, `add` to a
 * list or set, `put` under a computed key, `setter` of a package's object, `remove` a part, `clear` all of it.
 */
export type MutationForm = 'assign' | 'lazy' | 'update' | 'add' | 'put' | 'setter' | 'remove' | 'clear';

/** One change of something that outlives the invocation, on one call path. */
export interface Mutation {
  readonly body: LinkedBody;
  readonly frame: Frame;
  readonly path: readonly FlowStep[];
  readonly expr: Expr;
  readonly place: Place;
  readonly form: MutationForm;
  readonly value: Value;
  readonly key?: Value;
  /** The collection throws old entries away by itself. */
  readonly bounded?: boolean;
}

type Candidate = Expr | LoopStmt;

/** Methods that keep the function that they are given for as long as their object lives. */
const listens: ReadonlySet<string> = new Set(['on', 'addListener', 'prependListener', 'addEventListener']);
const unlistens: ReadonlySet<string> = new Set(['off', 'removeListener', 'removeAllListeners', 'removeEventListener']);
/** Methods of packages that set something for the whole process. */
const settles: ReadonlySet<string> = globalSetters;
const grow: ReadonlySet<string> = new Set(['push', 'unshift']);
const shrink: ReadonlySet<string> = new Set(['pop', 'shift', 'delete', 'splice']);
const objectWriters: ReadonlySet<string> = new Set(['Object.assign', 'Object.defineProperty', 'Reflect.set', 'assign', 'assignIn', 'extend', 'merge', 'mergeWith', 'defaultsDeep', 'set']);
const candidateCache = new WeakMap<FunctionFact, readonly Candidate[]>();

/** Every change that the invocation path makes to what outlives it, in order of bodies and places, over the call paths. */
export function mutations(view: LinkedFunction, storage: Storage): readonly Mutation[] {
  const found: Mutation[] = [];
  for (const body of view.bodies('invoke')) {
    const list = candidates(body.fn);
    // The platform's own libraries flush and clear what they keep.
    if (list.length === 0 || isPlatformLibrary(view.evaluator.modules.packageName(body.file) ?? '')) continue;
    const seen = new Set<string>();
    for (const activation of view.activations(body.node)) {
      const { frame, path } = activation;
      for (const candidate of list) {
        for (const item of changes(view, storage, candidate, frame, body.fn)) {
          if (isSwitchedOff(view, activation, item.expr) || isToldApart(view, body.fn, item.expr, item.place) || isBelowFunction(view, item.place)) continue;
          const key = `${item.expr.start}|${item.form}|${item.place.key}|${item.place.path.join('.')}|${valueTag(item)}`;
          if (seen.has(key)) continue;
          seen.add(key);
          found.push({ ...item, body, frame, path });
        }
      }
    }
  }
  return found;
}

/** Different values over different paths are kept apart only as far as verdicts can differ. */
const valueTag = (item: Change): string => `${valueKey(item.value)}|${item.key ? valueKey(item.key) : ''}`;

function candidates(fn: FunctionFact): readonly Candidate[] {
  let list = candidateCache.get(fn);
  if (!list) {
    const found: Candidate[] = [];
    walk(fn.body, (item: Item) => {
      if (item.kind === 'assign' || (item.kind === 'call' && item.callee.kind === 'member' && mayChange(item.callee.property)) || (item.kind === 'unary' && item.op === 'delete')) found.push(item);
      if (item.kind === 'call' && item.callee.kind === 'ref' && item.args.length > 1) found.push(item);
      if (item.kind === 'loop' && item.target) found.push(item);
    });
    list = found;
    candidateCache.set(fn, list);
  }
  return list;
}

/** By its name alone: most methods change nothing, and their receivers need not be worked out. */
const mayChange = (name: string | Expr): boolean => typeof name === 'string' && (mutates(name) || writerNames.has(name));
const mutates = (method: string): boolean => grow.has(method) || shrink.has(method) || method === 'set' || method === 'add' || method === 'put' || method === 'clear' || listens.has(method) || unlistens.has(method) || method === 'use' || settles.has(method) || resetMethods.has(method) || /^(set|append|add)[A-Z]/.test(method);
const writerNames: ReadonlySet<string> = new Set([...objectWriters].map((path) => path.split('.').pop() ?? path));

type Change = Omit<Mutation, 'body' | 'frame' | 'path'>;

function changes(view: LinkedFunction, storage: Storage, item: Candidate, frame: Frame, fn: FunctionFact): readonly Change[] {
  if (item.kind === 'assign') return assignment(view, storage, item, frame, fn);
  if (item.kind === 'call') return call(view, storage, item, frame, fn);
  if (item.kind === 'unary') return item.of.kind === 'member' ? holders(storage, item.of.object, frame).map((place): Change => ({ expr: item, place, form: 'remove', value: literal(undefined) })) : [];
  if (item.kind === 'loop' && item.target && item.iterable) {
    const { target, iterable } = item;
    if (target.kind === 'pattern' || target.kind === 'opaque') return [];
    return write(view, storage, target, target, 'assign', () => element(view.evaluator.value(iterable, frame)), frame, fn);
  }
  return [];
}

function holders(storage: Storage, object: Expr, frame: Frame): readonly Place[] {
  return storage.origins(object, frame).flatMap((origin) => (origin.place ? [origin.place] : []));
}

// ------------------------------------------------------------- assignments

function assignment(view: LinkedFunction, storage: Storage, item: Expr & { kind: 'assign' }, frame: Frame, fn: FunctionFact): readonly Change[] {
  const value = (): Value => view.evaluator.value(item.value, frame);
  const { target } = item;
  if (target.kind === 'opaque') return [];
  if (target.kind === 'pattern') {
    return target.elements.flatMap((part: PatternElement): readonly Change[] => (part.target.kind === 'opaque' ? [] : write(view, storage, part.target, item, 'assign', () => view.evaluator.at(value(), part.path), frame, fn)));
  }
  if (item.op === '??=' || item.op === '||=') return write(view, storage, target, item, 'lazy', value, frame, fn);
  if (item.op !== '=' && item.op !== '&&=') return write(view, storage, target, item, 'update', value, frame, fn);
  const change = selfChange(target, namedBefore(view, item.value, frame));
  if (!change) return write(view, storage, target, item, 'assign', value, frame, fn);
  const parts = change.values;
  return write(view, storage, target, item, change.form, () => (parts.length === 1 && parts[0] ? view.evaluator.value(parts[0], frame) : { kind: 'array', items: parts.map((part) => view.evaluator.value(part, frame)), open: false }), frame, fn, change.key ? view.evaluator.value(change.key, frame) : undefined);
}

/** `const next = count + 1; count = next;`: what the constant stands for. */
function namedBefore(view: LinkedFunction, value: Expr, frame: Frame): Expr {
  if (value.kind !== 'ref' || view.evaluator.modules.facts(frame.file)?.bindings[value.binding]?.kind !== 'const') return value;
  const [definition] = view.evaluator.modules.index(frame.file)?.definitions.get(value.binding) ?? [];
  return definition?.expr && definition.path.length === 0 && definition.fn === frame.fn ? definition.expr : value;
}

function write(
  view: LinkedFunction, storage: Storage, target: Exclude<Target, { kind: 'pattern' | 'opaque' }>, expr: Expr, form: MutationForm, value: () => Value, frame: Frame, fn: FunctionFact, key?: Value,
): readonly Change[] {
  if (target.kind === 'ref') {
    const place = storage.variable(frame.file, target.binding, frame);
    return place && place.binding !== undefined ? [{ expr, place, form, value: value(), ...(key ? { key } : {}) }] : [];
  }
  if (target.kind === 'global') {
    if (target.name === 'exports' || target.name === 'module') return [];
    return [{ expr, place: { key: `g:${target.name}`, label: target.name, kind: 'global', path: [] }, form, value: value(), ...(key ? { key } : {}) }];
  }
  // What a constructor writes into its own object makes it; that is no change of it.
  if (fn.kind === 'constructor' && rootOf(target).kind === 'this') return [];
  const name = typeof target.property === 'string' ? literal(target.property) : view.evaluator.value(target.property, frame);
  const text = name.kind === 'literal' ? String(name.value) : '*';
  // `list[list.length] = item` is a push.
  const appends = form === 'assign' && typeof target.property !== 'string' && target.property.kind === 'member' && target.property.property === 'length' && same(target.object, target.property.object);
  return storage.origins(target.object, frame).flatMap((origin): readonly Change[] => {
    if (appends) return origin.place ? [{ expr, place: origin.place, form: 'add', value: value() }] : [];
    // A property that is itself a variable of the process, such as a static field or an environment variable.
    const own = origin.holder ? origin.member(text).flatMap((part) => part.place ?? []) : [];
    const part = origin.place?.kind === 'instance' && origin.place.path.length === 0 && !(isOfWhole(text, target, form) && isFieldOf(origin.place)) ? fieldPlace(origin.place, text) : undefined;
    const place = part ?? (origin.place ? exportedProperty(origin.place, text) : undefined);
    return [...own, ...(place ? [place] : [])].map((at): Change => {
      if (text === 'length' && form === 'assign') return { expr, place: { ...at, path: at.path.slice(0, -1) }, form: name.kind === 'literal' && isZero(value()) ? 'clear' : 'remove', value: literal(undefined) };
      const keyed = typeof target.property !== 'string' && !isFixed(name);
      return { expr, place: at, form: keyed && (form === 'assign' || form === 'update' || form === 'lazy') ? 'put' : form, value: value(), ...(keyed ? { key: name } : key ? { key } : {}) };
    });
  });
}

/** A field of a process-lived object is a variable of its own. */
const fieldPlace = (place: Place, field: string): Place => ({ ...place, key: `${place.key}.${field}`, ...(place.field?.(field) ?? { label: `${place.label}.${field}` }) });
/** A write that is one of the whole collection: its length, an entry under a computed key (`delete this.entries[key]` speaks of the same). */
const isOfWhole = (text: string, target: MemberExpr, form: MutationForm): boolean => (text === 'length' && form === 'assign') || (text === '*' && typeof target.property !== 'string');
/** A field of such an object, not the object itself. */
const isFieldOf = (place: Place): boolean => place.key.slice(place.key.lastIndexOf('@')).includes('.') && place.label.includes('.');
const isZero = (value: Value): boolean => value.kind === 'literal' && value.value === 0;

function rootOf(expr: Expr): Expr {
  let current = expr;
  while (current.kind === 'member') current = current.object;
  return current;
}

// ------------------------------------------------------------- calls

function call(view: LinkedFunction, storage: Storage, item: CallExpr, frame: Frame, fn: FunctionFact): readonly Change[] {
  const { evaluator } = view;
  const args = item.args;
  const all = (from = 0): Value => ({ kind: 'array', items: args.slice(from).map((arg) => evaluator.value(arg, frame)), open: false });
  const callee = evaluator.value(item.callee, frame);
  const named = alternatives(callee).find((one) => one.kind === 'external');
  const path = named?.kind === 'external' ? externalPath(named) : [];
  // `import set from 'lodash/set'`: the file is the function.
  const writer = named?.kind === 'external' && /^lodash(?:-es)?\//.test(named.module) && path.join('.').replace('default', '') === '' ? named.module.replace(/^lodash(?:-es)?\//, '') : path.join('.');
  if (named?.kind === 'external' && args[0] && objectWriters.has(writer) && (named.module === 'global' || /^(lodash|underscore)/.test(named.module))) {
    if (fn.kind === 'constructor' && args[0].kind === 'this') return [];
    return merged(view, storage, item, args[0], frame, fn) ?? holders(storage, args[0], frame).map((place): Change => ({ expr: item, place, form: 'assign', value: all(1) }));
  }
  // `setContext(app, context)` of a package: the object at hand keeps what it is given. A number or a text keeps nothing.
  if (named?.kind === 'external' && named.module !== 'global' && path.length === 1 && args[0] && args.length > 1 && /^set[A-Z]/.test(path[0] ?? '')) {
    if (alternatives(evaluator.value(args[0], frame)).every((one) => one.kind === 'literal')) return [];
    return holders(storage, args[0], frame).map((place): Change => ({ expr: item, place, form: 'setter', value: all(1) }));
  }
  if (item.callee.kind !== 'member' || typeof item.callee.property !== 'string') return [];
  const method = item.callee.property;
  const object = item.callee.object;
  const isFunction = alternatives(callee).some((one) => one.kind === 'function');
  if (isFunction) return [];
  if (fn.kind === 'constructor' && rootOf(object).kind === 'this') return [];
  if (unlistens.has(method)) return listeners(storage, object, frame).map((place): Change => ({ expr: item, place, form: method === 'removeAllListeners' ? 'clear' : 'remove', value: literal(undefined) }));
  if (listens.has(method) || method === 'use') return listener(view, storage, item, object, method, frame);
  if (!mutates(method) && !settles.has(method)) return [];
  const receiver = evaluator.value(object, frame);
  const known = nativeCollection(receiver);
  // `rooms.get(name).add(id)`: what a map holds and can be added to is a collection.
  const kind = known === 'unknown' && object.kind === 'call' && object.callee.kind === 'member' && object.callee.property === 'get' && nativeCollection(evaluator.value(object.callee.object, frame)) === 'keyed' ? 'keyed' : known;
  if (kind === 'foreign') return packageCall(view, storage, item, object, method, receiver, frame);
  const places = holders(storage, object, frame);
  if (places.length === 0 || kind === 'weak') return [];
  const change = (form: MutationForm, value: Value, key?: Value): readonly Change[] => places.map((place): Change => ({ expr: item, place, form, value, ...(key ? { key } : {}) }));
  if (grow.has(method)) return change('add', spreadArgs(evaluator, args, frame));
  if (method === 'splice') return change(args.length > 2 ? 'add' : isWhole(args, view, frame) ? 'clear' : 'remove', args.length > 2 ? all(2) : literal(undefined));
  if (shrink.has(method)) return kind === 'unknown' && method === 'delete' ? [] : change('remove', literal(undefined));
  if (method === 'clear' && kind !== 'unknown') return change('clear', literal(undefined));
  if (kind === 'keyed' && method === 'set' && args[0] && args[1]) return change('put', evaluator.value(args[1], frame), evaluator.value(args[0], frame));
  if (kind === 'keyed' && method === 'add' && args[0]) return change('add', evaluator.value(args[0], frame), evaluator.value(args[0], frame));
  return [];
}

/** `Object.assign(target, { a: x, [key]: y })` into variables of the process, or under a computed key: what each property alone would do. */
function merged(view: LinkedFunction, storage: Storage, item: CallExpr, object: Expr, frame: Frame, fn: FunctionFact): readonly Change[] | undefined {
  const properties = item.args.slice(1).flatMap((arg) => (arg.kind === 'object' ? arg.properties : []));
  const isHolder = storage.origins(object, frame).some((origin) => origin.holder);
  if (!isHolder && !properties.some((property) => typeof property.key === 'object')) return undefined;
  return properties.flatMap((property) => (property.key === undefined || (!isHolder && typeof property.key === 'string') ? [] : write(view, storage, { kind: 'member', object, property: property.key, optional: false, start: item.start, end: item.end }, item, 'assign', () => view.evaluator.value(property.value, frame), frame, fn)));
}

const isWhole = (args: readonly Expr[], view: LinkedFunction, frame: Frame): boolean => args.length === 1 && args[0] !== undefined && isZero(view.evaluator.value(args[0], frame));

function spreadArgs(evaluator: LinkedFunction['evaluator'], args: readonly Expr[], frame: Frame): Value {
  const items = args.map((arg) => (arg.kind === 'spread' ? element(evaluator.value(arg.of, frame)) : evaluator.value(arg, frame)));
  return items.length === 1 && items[0] ? items[0] : { kind: 'array', items, open: false };
}

/** `bus.on('done', () => …)`, `axios.interceptors.request.use(…)`, `process.on(…)` in each invocation: one function more each time. */
function listener(view: LinkedFunction, storage: Storage, item: CallExpr, object: Expr, method: string, frame: Frame): readonly Change[] {
  const given = item.args.find((arg) => arg.kind === 'function');
  if (!given || (method === 'use' && !(object.kind === 'member' && object.object.kind === 'member' && object.object.property === 'interceptors'))) return [];
  return listeners(storage, object, frame).map((place): Change => ({ expr: item, place, form: 'add', value: view.evaluator.value(given, frame) }));
}

/** The listeners of an object of the process. */
function listeners(storage: Storage, object: Expr, frame: Frame): readonly Place[] {
  const process: readonly Place[] = object.kind === 'global' && object.name === 'process' ? [{ key: 'g:process', label: 'process', kind: 'global', path: [] }] : [];
  return [...process, ...holders(storage, object, frame)].filter((place) => place.kind !== 'env').map((place): Place => ({ ...place, key: `${place.key}.on()`, label: `${place.label}: its listeners` }));
}

/** Methods of packages' objects that keep what they are given. */
function packageCall(view: LinkedFunction, storage: Storage, item: CallExpr, object: Expr, method: string, receiver: Value, frame: Frame): readonly Change[] {
  const values = item.args.map((arg) => view.evaluator.value(arg, frame));
  const value: Value = { kind: 'array', items: values, open: false };
  const places = holders(storage, object, frame);
  const at = (form: MutationForm, suffix: string): readonly Change[] => places.map((place): Change => ({ expr: item, place: { ...place, key: `${place.key}${suffix}` }, form, value }));
  const bounded = bounds(receiver);
  if (bounded !== undefined && (method === 'set' || method === 'put' || method === 'add')) {
    return places.map((place): Change => ({ expr: item, place, form: 'put', value: values[1] ?? literal(undefined), ...(values[0] ? { key: values[0] } : {}), bounded }));
  }
  if (resetMethods.has(method)) return at('clear', '()');
  // In the editor an object of another file may keep nothing, whatever the method is called.
  if (isPersistentSetter(receiver, method)) return !view.project.whole && alternatives(receiver).some(isGivenElsewhere) ? [] : at('setter', '()');
  if (containerSetter(receiver, method)) {
    const name = values[0]?.kind === 'literal' ? String(values[0].value) : '';
    const external = alternatives(receiver).find((one) => one.kind === 'external');
    const place: Place | undefined = places[0] ?? (external?.kind === 'external' ? { key: `x:${external.module}`, label: external.path.at(-1) ?? external.module, kind: 'package', path: [] } : undefined);
    return place ? [{ expr: item, place: { ...place, key: `${place.key}:${name}` }, form: 'setter', value: { kind: 'array', items: values.slice(1), open: false } }] : [];
  }
  return [];
}
