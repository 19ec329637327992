import type { Expr, FunctionFact } from '../../model/facts.ts';
import type { Frame } from '../frame.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { externalPath } from '../values.ts';
import { walk, type Item } from '../walk.ts';
import { conditionsAlong } from './conditions.ts';
import { ancestorsOf } from './positions.ts';
import type { Storage } from './storage.ts';

/** Names of functions and classes that run what they are given once and keep the result, and of the hook that runs at init. */
const keepers = /^(?:once|onInit|memo|memoi[sz]e\w*|pMemoize|mem|lazy\w*|singleton\w*|cached?|cachify|useSingleton|Lazy\w*|Memo\w*|Once|Singleton\w*|registerSingleton|asSingleton|AsyncLazy|LazyValue|getOrCreate|getOrSet|getOrInit)$/;

/**
 * Whether what an expression makes, on one way to it, is made at most once in the life of the process: behind a test of the variable that
 * keeps it, as the fallback of that variable, in the constructor of an object that outlives the invocation, or by a memoising function.
 */
export function isKeptAlong(view: LinkedFunction, storage: Storage, activation: Activation, site: Expr): boolean {
  const { evaluator } = view;
  const steps = [...activation.callers.map(({ frame, site: at, how }) => ({ frame, site: at, how })), { frame: activation.frame, site, how: 'call' as const }];
  for (const [index, step] of steps.entries()) {
    const fn = evaluator.fact(step.frame.file, step.frame.fn);
    if (!fn) continue;
    if (inSurvivor(storage, fn, step.frame) || isGivenToKeeper(view, fn, step.frame)) return true;
    if (step.how === 'callback' && keepers.test(nameOfCallee(view, step.site, step.frame))) return true;
    const chain = [...ancestorsOf(fn, step.site), step.site];
    for (const [at, outer] of chain.entries()) {
      const inner = chain[at + 1];
      if (outer.kind === 'assign' && (outer.op === '??=' || outer.op === '||=') && outer.target.kind !== 'pattern' && survives(view, storage, outer.target, step.frame)) return true;
      if (outer.kind === 'call' && inner && isElseOf(view, storage, outer, inner, fn, step.frame)) return true;
      if (outer.kind === 'logical' && inner === outer.right && outer.op !== '&&' && survives(view, storage, outer.left, step.frame)) return true;
      // A wrapper at this very place: `memoize(() => new Client())`, called where it is handed over.
      if (inner && (outer.kind === 'call' || outer.kind === 'new') && index < steps.length - 1 && outer.args.includes(inner as Expr) && keepers.test(nameOfCallee(view, outer, step.frame))) return true;
    }
  }
  for (const condition of conditionsAlong(view, activation, site)) if (testsKeeper(view, storage, condition.test, condition.fn, condition.frame)) return true;
  return false;
}

/** Steps of a pipeline that run when the one before it gave nothing (fp-ts 2, November 2026). */
const otherwise = /^(?:orElse|alt|getOrElse|fold|match)[A-Z]*$/;

/** `pipe(kept, TE.fromPredicate(isThere), TE.orElse(() => make()), TE.map((made) => (kept = made)))`: made where the variable has nothing. */
function isElseOf(view: LinkedFunction, storage: Storage, pipe: Expr & { kind: 'call' }, inner: Item, fn: FunctionFact, frame: Frame): boolean {
  const at = pipe.args.indexOf(inner as Expr);
  const [head] = pipe.args;
  if (at < 1 || !head || inner.kind !== 'call' || nameOfCallee(view, pipe, frame) !== 'pipe' || !otherwise.test(nameOfCallee(view, inner, frame))) return false;
  // `isFast ? fastClient : safeClient`: each of them is kept.
  const heads = head.kind === 'conditional' ? [head.then, head.else] : [head];
  return heads.every((one) => {
    // What the pipeline hands over to the variable may look like a part of the package that runs it.
    const isOfModule = one.kind === 'ref' && view.evaluator.modules.facts(frame.file)?.bindings[one.binding]?.fn === 0;
    return isOfModule ? isFilledIn(view, one, fn, frame) : testsKeeper(view, storage, one, fn, frame);
  });
}

const THIS: Expr = { kind: 'this', start: 0, end: 0 };

/** A constructor, or a function that it calls for itself, of an object that outlives the invocation. */
function inSurvivor(storage: Storage, fn: FunctionFact, frame: Frame): boolean {
  return fn.kind === 'constructor' && storage.origins(THIS, frame).some((origin) => origin.place !== undefined);
}

/** `const pool = once(() => new Pool())`, `const pool = memoize(connect)`: whoever calls it, the function itself runs once. */
function isGivenToKeeper(view: LinkedFunction, fn: FunctionFact, frame: Frame): boolean {
  if (fn.parent < 0) return false;
  const index = view.evaluator.modules.index(frame.file);
  const isIt = (arg: Expr): boolean => (arg.kind === 'function' ? arg.fn === fn.id : arg.kind === 'ref' && (index?.definitions.get(arg.binding) ?? []).some((one) => one.form === 'function' ? one.id === fn.id : one.expr?.kind === 'function' && one.expr.fn === fn.id));
  // What is kept by something that lives one invocation only is made again in the next.
  return (index?.calls[0] ?? []).some((call) => keepers.test(nameOfCallee(view, call, frame)) && call.args.some(isIt));
}

function survives(view: LinkedFunction, storage: Storage, expr: Expr | Item, frame: Frame): boolean {
  if (expr.kind !== 'ref' && expr.kind !== 'member' && expr.kind !== 'global' && expr.kind !== 'call') return false;
  // `cache.get(key) ?? make()`
  if (expr.kind === 'call') return expr.callee.kind === 'member' && expr.callee.property === 'get' && survives(view, storage, expr.callee.object, frame);
  if (expr.kind === 'member' && expr.object.kind === 'member' && expr.object.object.kind === 'global' && expr.object.object.name === 'process') return false;
  return storage.origins(expr, frame).some((origin) => origin.place !== undefined && origin.place.kind !== 'env' && origin.place.kind !== 'package');
}

/** Whether a test asks for a variable that outlives the invocation and that the same function fills. */
function testsKeeper(view: LinkedFunction, storage: Storage, test: Expr, fn: FunctionFact, frame: Frame): boolean {
  let found = false;
  walk([test], (item) => {
    if (found) return false;
    if ((item.kind === 'ref' || item.kind === 'member') && isFilledIn(view, item, fn, frame) && survives(view, storage, item, frame)) found = true;
    const variable = environmentAt(view, item, frame);
    if (variable && isFilledIn(view, variable, fn, frame)) found = true;
    return undefined;
  });
  return found;
}

/** `process.env.KEYS`, or the constant that holds it: the environment of the process outlives the invocation as a variable of the module does. */
function environmentAt(view: LinkedFunction, item: Item, frame: Frame): Expr | undefined {
  if (item.kind === 'member') return item.object.kind === 'member' && item.object.property === 'env' && item.object.object.kind === 'global' && item.object.object.name === 'process' ? item : undefined;
  if (item.kind !== 'ref') return undefined;
  const [only, ...more] = view.evaluator.modules.index(frame.file)?.definitions.get(item.binding) ?? [];
  return only?.expr?.kind === 'member' && only.path.length === 0 && more.length === 0 ? environmentAt(view, only.expr, frame) : undefined;
}

const fills = /^(?:set|push|add|put|store|save)$/;

function isFilledIn(view: LinkedFunction, tested: Expr, fn: FunctionFact, frame: Frame): boolean {
  const name = nameOf(tested);
  if (name === undefined) return false;
  const facts = view.evaluator.modules.facts(frame.file);
  let found = false;
  for (const inner of facts?.functions ?? []) {
    if (inner.start < fn.start || inner.end > fn.end) continue;
    walk(inner.body, (item) => {
      if (item.kind === 'assign' && item.target.kind !== 'pattern' && (nameOf(item.target) === name || (item.target.kind === 'member' && nameOf(item.target.object) === name))) found = true;
      if (item.kind === 'assign' && item.target.kind === 'pattern' && item.target.elements.some((element) => nameOf(element.target) === name)) found = true;
      if (item.kind === 'call' && item.callee.kind === 'member' && typeof item.callee.property === 'string' && fills.test(item.callee.property) && nameOf(item.callee.object) === name) found = true;
      return !found;
    });
    if (found) return true;
  }
  return false;
}

/** A text that is equal for mentions of one variable or field. */
function nameOf(item: Item): string | undefined {
  switch (item.kind) {
    case 'ref': return `#${item.binding}`;
    case 'global': return item.name;
    case 'this': return 'this';
    case 'member': {
      const object = nameOf(item.object);
      return object === undefined ? undefined : `${object}.${typeof item.property === 'string' ? item.property : '*'}`;
    }
    default: return undefined;
  }
}

function nameOfCallee(view: LinkedFunction, site: Item, frame: Frame): string {
  if (site.kind !== 'call' && site.kind !== 'new') return '';
  const { callee } = site;
  if (callee.kind === 'member') return typeof callee.property === 'string' ? callee.property : '';
  if (callee.kind === 'ref') return importedName(view, callee, frame) ?? view.evaluator.modules.facts(frame.file)?.bindings[callee.binding]?.name ?? '';
  return callee.kind === 'global' ? callee.name : '';
}

/** What a package calls what stands at a name: its export, or the last part of a module that is one function (`lodash/once`). */
function importedName(view: LinkedFunction, callee: Expr, frame: Frame): string | undefined {
  const value = view.evaluator.value(callee, frame);
  if (value.kind !== 'external' || value.module === 'global') return undefined;
  const name = externalPath(value).filter((part) => part !== 'default').at(-1);
  return name ?? /[^/.]+(?=(?:\.[cm]?js)?$)/.exec(value.module)?.[0];
}
