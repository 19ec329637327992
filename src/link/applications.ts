import type { Handler, ServerlessFunction } from '../model/function.ts';
import { alternatives, type Value } from '../model/value.ts';
import { handlerRoots, handlerValue } from './entry.ts';
import type { Evaluator } from './evaluate.ts';
import type { Modules } from './modules.ts';
import { walk } from './walk.ts';

/** Methods by which a web application or router takes in another one. */
const mounts: ReadonlySet<string> = new Set(['use', 'route', 'register', 'mount', 'routes']);

/** Places where the handlers of one module make or name objects of packages, by handler: the same for every function that asks. */
const known = new WeakMap<Modules, Map<string, ReadonlySet<string>>>();

/** Platforms on which every function of a package loads the modules of all of them. */
const loadsAll: ReadonlySet<string> = new Set(['firebase', 'google', 'azure']);

/**
 * The places where web applications, routers and sources of events were made that only other functions serve. One module often holds
 * the handlers of many functions, each with its application, or loads the modules of all: what is registered with another one's never
 * runs in this function.
 */
export function othersApplications(fn: ServerlessFunction, all: readonly ServerlessFunction[], evaluator: Evaluator, files: readonly string[]): ReadonlySet<string> {
  const own = new Set(fn.handlers.map((handler) => handler.file));
  const loaded = loadsAll.has(fn.platform) ? new Set([...own, ...files]) : own;
  const others = all.filter((other) => other !== fn && other.handlers.some((handler) => loaded.has(handler.file)));
  const theirs = new Set(others.flatMap((other) => other.handlers.flatMap((handler) => [...made(other, handler, evaluator)])));
  if (theirs.size === 0) return theirs;
  const mine = new Set(fn.handlers.flatMap((handler) => [...made(fn, handler, evaluator)]));
  // Helpers that the function shares may serve for it.
  const homes = new Set(others.flatMap((other) => other.handlers.map((handler) => handler.file)));
  if (loaded !== own) for (const file of files) if (!homes.has(file)) for (const place of namedIn(file, evaluator)) mine.add(place);
  for (const one of mine) theirs.delete(one);
  if (theirs.size === 0) return theirs;
  const within = mounted(evaluator, files);
  const reached = closure(mine, within);
  return new Set([...closure(theirs, within)].filter((one) => !reached.has(one)));
}

/**
 * Whether a place in a module's own text lies in what only another function's handler is written with (`handler: wrap(options)(run)` of a
 * registration, `const entry = pipe(run, map(show))` that only its handler names): what is handed over there runs in that function.
 */
export function othersHandlers(fn: ServerlessFunction, all: readonly ServerlessFunction[], evaluator: Evaluator): (file: string, start: number) => boolean {
  const home = new Set(fn.handlers.map(({ file }) => file));
  const mine = new Set(fn.handlers.flatMap((handler) => [...writtenWith(handler, evaluator).keys()]));
  const theirs = new Map<string, Text>();
  for (const other of all) {
    if (other === fn || other.platform !== fn.platform) continue;
    for (const handler of other.handlers) {
      if (!home.has(handler.file) && !loadsAll.has(fn.platform)) continue;
      for (const [key, text] of writtenWith(handler, evaluator)) if (!mine.has(key) && (!text.shared || home.has(handler.file))) theirs.set(key, text);
    }
  }
  const ranges = [...theirs.values()];
  return (file, at) => ranges.some((text) => text.file === file && text.start <= at && at < text.end);
}

interface Text {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Exported: other files may use it. */
  readonly shared: boolean;
}

const texts = new WeakMap<Modules, Map<string, ReadonlyMap<string, Text>>>();

/** What a handler is written with in its file: its expression, or where its export gets its value, and the definitions that these name. */
function writtenWith(handler: Handler, evaluator: Evaluator): ReadonlyMap<string, Text> {
  const { file, at } = handler;
  const key = `${file}#${handler.export}${at ? `@${at.start}` : ''}`;
  const cache = cached(texts, evaluator.modules);
  const known = cache.get(key);
  if (known) return known;
  const found = new Map<string, Text>();
  cache.set(key, found);
  const facts = evaluator.modules.facts(file);
  const index = evaluator.modules.index(file);
  if (!facts || !index) return found;
  const pending: Text[] = [];
  const add = (start: number, end: number, shared: boolean): void => {
    if (found.has(`${file}:${start}`)) return;
    const text: Text = { file, start, end, shared };
    found.set(`${file}:${start}`, text);
    pending.push(text);
  };
  const define = (binding: number, shared: boolean): void => {
    for (const { fn, expr, form, id } of index.definitions.get(binding) ?? []) {
      const range = fn !== 0 ? undefined : form === 'function' && id !== undefined ? facts.functions[id] : expr;
      if (range) add(range.start, range.end, shared);
    }
  };
  if (at) add(at.start, at.end, false);
  const exported = at ? undefined : facts.exports.find((item) => item.name === handler.export && item.from === undefined);
  if (exported?.binding !== undefined) define(exported.binding, false);
  else if (exported?.value) add(exported.value.start, exported.value.end, false);
  const shared = new Set(facts.exports.map(({ binding }) => binding));
  for (const text of pending) for (const [start, binding] of namesIn(file, evaluator)) if (text.start <= start && start < text.end) define(binding, shared.has(binding));
  return found;
}

const names = new WeakMap<Modules, Map<string, readonly (readonly [start: number, binding: number])[]>>();

/** Where the text of a file names what its module defines. */
function namesIn(file: string, { modules }: Evaluator): readonly (readonly [start: number, binding: number])[] {
  const cache = cached(names, modules);
  let found = cache.get(file);
  if (found === undefined) {
    const list: [number, number][] = [];
    const facts = modules.facts(file);
    for (const fact of facts?.functions ?? []) walk(fact.body, (item) => { if (item.kind === 'ref' && facts?.bindings[item.binding]?.fn === 0) list.push([item.start, item.binding]); return true; });
    cache.set(file, found = list);
  }
  return found;
}

function cached<T>(store: WeakMap<Modules, Map<string, T>>, modules: Modules): Map<string, T> {
  let found = store.get(modules);
  if (found === undefined) store.set(modules, found = new Map<string, T>());
  return found;
}

/** The place of an object that a package made; `undefined` for any other value. */
export function madeAt(value: Value | undefined): string | undefined {
  return value?.kind === 'instance' && value.of.kind === 'external' && value.site ? `${value.site.file}:${value.site.start}` : undefined;
}

function kept(key: string, { modules }: Evaluator, compute: () => Iterable<string>): ReadonlySet<string> {
  let list = known.get(modules);
  if (list === undefined) known.set(modules, list = new Map<string, ReadonlySet<string>>());
  let found = list.get(key);
  if (found === undefined) list.set(key, found = new Set(compute()));
  return found;
}

/** Objects that a handler is, was made of, or names in its own text. */
function made(fn: ServerlessFunction, handler: Handler, evaluator: Evaluator): ReadonlySet<string> {
  return kept(`${handler.file}#${handler.export}${handler.at ? `@${handler.at.start}` : ''}`, evaluator, () => [
    ...objectsIn(handlerValue(handler, evaluator), 0),
    ...handlerRoots(fn, handler, evaluator).flatMap(({ target }) => named(target.file, target.fn, evaluator)),
  ]);
}

/** Objects of packages that the functions of a file name. */
function namedIn(file: string, evaluator: Evaluator): ReadonlySet<string> {
  return kept(file, evaluator, () => named(file, 0, evaluator));
}

/** Objects of packages that the text of a function names, in itself or in a function written inside it; of a module, that its functions name. */
function named(file: string, id: number, evaluator: Evaluator): string[] {
  const facts = evaluator.modules.facts(file);
  const fact = facts?.functions[id];
  if (!facts || !fact) return [];
  const bindings = new Set<number>();
  for (const inner of facts.functions) {
    if (inner.kind === 'module' || inner.start < fact.start || inner.end > fact.end) continue;
    walk(inner.body, (item) => { if (item.kind === 'ref') bindings.add(item.binding); return true; });
  }
  const frame = evaluator.open(file, 0);
  return [...bindings].filter((binding) => facts.bindings[binding]?.fn === 0).flatMap((binding) => objectsIn(evaluator.value({ kind: 'ref', binding, start: 0, end: 0 }, frame), 0));
}

function objectsIn(value: Value, depth: number): string[] {
  if (depth > 4) return [];
  return alternatives(value).flatMap((one): string[] => {
    const place = madeAt(one);
    if (place !== undefined) return [place];
    if (one.kind === 'derived') return one.from.flatMap((item) => objectsIn(item, depth + 1));
    if (one.kind === 'array') return one.items.flatMap((item) => objectsIn(item, depth + 1));
    return [];
  });
}

/** What was mounted on what, by the statements of modules. */
function mounted(evaluator: Evaluator, files: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of files) {
    const frame = evaluator.open(file, 0);
    for (const call of evaluator.modules.index(file)?.calls[0] ?? []) {
      if (call.kind !== 'call' || call.callee.kind !== 'member' || typeof call.callee.property !== 'string' || !mounts.has(call.callee.property)) continue;
      const inner = call.args.flatMap((arg) => (arg.kind === 'spread' || arg.kind === 'function' ? [] : objectsIn(evaluator.value(arg, frame), 0)));
      if (inner.length === 0) continue;
      for (const outer of objectsIn(evaluator.value(call.callee.object, frame), 0)) found.set(outer, new Set([...(found.get(outer) ?? []), ...inner]));
    }
  }
  return found;
}

function closure(from: ReadonlySet<string>, within: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reached = new Set(from);
  for (const one of reached) for (const inner of within.get(one) ?? []) reached.add(inner);
  return reached;
}
