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
