import { mayWait, waitOf } from '../../catalog/waits.ts';
import type { CallExpr, Expr, NewExpr, Stmt } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import { alternatives, type FunctionValue } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { externalPath } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { stepsTo } from './loops.ts';
import { numberAt, testAt, type Assignment, type Notes } from './numbers.ts';

/** A call that makes the function wait for a time. */
export interface Sleep {
  /** The call in the code that was searched: of the timer itself, or of the helper that sleeps. */
  readonly site: CallExpr | NewExpr;
  /** Seconds that it takes, given what the round sets; `undefined` when it cannot be told. Jitter counts as nothing. */
  seconds(assign?: Assignment, notes?: Notes): number | undefined;
  /** Whether, in a round with these numbers, a test on the way surely keeps control from it. */
  skipped(assign: Assignment): boolean;
  /** The helper does nothing but sleep, so that the call as written is the sleep. */
  readonly plain: boolean;
  /** Where the timer stands. */
  readonly place: SourcePlace;
}

const MAX_DEPTH = 4;
const unitSeconds: Readonly<Record<string, number>> = { ms: 1 / 1000, s: 1, us: 1 / 1_000_000, min: 60 };
const quietMethods = /^(?:log|info|warn|error|debug|trace|addContext|appendKeys|stringify|max|min|floor|ceil|round|random|pow|toFixed|toString|String|Number|parseInt)$/;

/** Every sleep in some code of a body, helpers of the repository seen through. Sleeps that nobody waits for are left out. */
export function sleepsIn(view: LinkedFunction, frame: Frame, roots: readonly Item[], depth = 0): readonly Sleep[] {
  const found: Sleep[] = [];
  walk(roots, (item, ancestors) => {
    if (item.kind !== 'call' && item.kind !== 'new') return;
    if (!isTaken(ancestors)) return;
    const sleeps = sleepsOfCall(view, frame, item, depth);
    if (sleeps.length === 0) return;
    const steps = stepsTo(roots as readonly Stmt[], [...ancestors, item]);
    const blocked = (assign: Assignment): boolean => steps.some((step) => step.outcome !== 'case' && testAt(view.evaluator, step.test, frame, assign) === !step.outcome);
    for (const sleep of sleeps) found.push({ ...sleep, skipped: (assign) => blocked(assign) || sleep.skipped(assign) });
  });
  return found;
}

/** Not one of several promises that race, and waited for, returned or chained. */
function isTaken(ancestors: readonly Item[]): boolean {
  let kept = false;
  for (let index = ancestors.length - 1; index >= 0; index--) {
    const outer = ancestors[index] as Item;
    if (outer.kind === 'call' && outer.callee.kind === 'member' && (outer.callee.property === 'race' || outer.callee.property === 'any')) return false;
    if (outer.kind === 'await' || outer.kind === 'return' || outer.kind === 'yield') kept = true;
    if (outer.kind === 'member' && outer.property === 'then') kept = true;
    if (outer.kind === 'expr' || outer.kind === 'declare' || outer.kind === 'return') break;
  }
  return kept;
}

/** The sleeps that one call makes. */
function sleepsOfCall(view: LinkedFunction, frame: Frame, expr: CallExpr | NewExpr, depth = 0): readonly Sleep[] {
  const place: SourcePlace = { file: frame.file, start: expr.start, end: expr.end };
  const timed = (delay: Expr, at: Frame, unit: string, where: SourcePlace): Sleep => ({
    site: expr, skipped: () => false, plain: true, place: where,
    seconds: (assign, notes) => { const value = numberAt(view.evaluator, delay, at, assign, notes); return value === undefined ? undefined : Math.max(0, value * (unitSeconds[unit] ?? 1 / 1000)); },
  });
  const callee = view.evaluator.value(expr.callee, frame);
  const found: Sleep[] = [];
  for (const option of alternatives(callee)) {
    if (option.kind === 'external') {
      const named = { module: option.module, path: externalPath(option) };
      if (expr.kind === 'new' && option.module === 'global' && option.path.join('.') === 'Promise') { found.push(...promiseAroundTimer(view, frame, expr, timed)); continue; }
      if (!mayWait(named)) continue;
      const wait = waitOf(named, expr.args.map((arg) => view.evaluator.value(arg, frame)));
      if (wait?.kind !== 'sleep') continue;
      const delay = expr.args[named.path[0] === 'Atomics' ? 3 : 0];
      if (delay) found.push(timed(delay, frame, wait.delay.unit, place));
    } else if (option.kind === 'derived' && /:promisify$|\.promisify$/.test(option.what) && option.from.some((one) => one.kind === 'external' && one.path.at(-1) === 'setTimeout')) {
      const [delay] = expr.args;
      if (delay) found.push(timed(delay, frame, 'ms', place));
    } else if (option.kind === 'function' && expr.kind === 'call' && depth < MAX_DEPTH) {
      found.push(...throughHelper(view, frame, expr, option, depth));
    }
  }
  return found;
}

/** `new Promise((resolve) => setTimeout(resolve, ms))`, the callback calling `resolve` itself or handing it over. */
function promiseAroundTimer(view: LinkedFunction, frame: Frame, expr: NewExpr, timed: (delay: Expr, at: Frame, unit: string, where: SourcePlace) => Sleep): readonly Sleep[] {
  const executor = expr.args[0] ? view.evaluator.value(expr.args[0], frame) : undefined;
  if (executor?.kind !== 'function') return [];
  const fact = view.evaluator.fact(executor.file, executor.fn);
  const target = fact?.params[0]?.target;
  if (!fact || target?.kind !== 'ref') return [];
  const inside = view.evaluator.enter(executor, [], `${frame.file}:${expr.start}`, frame);
  const found: Sleep[] = [];
  walk(fact.body, (item, ancestors) => {
    if (item.kind !== 'call' || !isSetTimeout(item.callee)) return;
    // Under a test it is one way out of several.
    if (ancestors.some((one) => one.kind === 'if' || one.kind === 'try' || one.kind === 'loop' || one.kind === 'conditional')) return;
    const [callback, delay] = item.args;
    if (callback && delay && settles(view, executor.file, callback, target.binding)) found.push(timed(delay, inside, 'ms', { file: executor.file, start: item.start, end: item.end }));
  });
  // Another call in the executor that gets `resolve` may settle first.
  const uses = countUses(view, executor.file, fact.body, target.binding);
  return uses > 1 ? [] : found;
}

function isSetTimeout(callee: Expr): boolean {
  if (callee.kind === 'global') return callee.name === 'setTimeout';
  return callee.kind === 'member' && callee.property === 'setTimeout' && callee.object.kind === 'global';
}

/** Whether a timer's callback is `resolve`, or a function that calls it. */
function settles(view: LinkedFunction, file: string, callback: Expr, resolve: number): boolean {
  if (callback.kind === 'ref') return callback.binding === resolve;
  if (callback.kind === 'call' && callback.callee.kind === 'member' && callback.callee.property === 'bind') return settles(view, file, callback.callee.object, resolve);
  const fn = callback.kind === 'function' ? view.evaluator.fact(file, callback.fn) : undefined;
  let calls = false;
  if (fn) walk(fn.body, (item) => { if (item.kind === 'call' && item.callee.kind === 'ref' && item.callee.binding === resolve) calls = true; });
  return calls;
}

function countUses(view: LinkedFunction, file: string, body: readonly Item[], binding: number, depth = 0): number {
  let uses = 0;
  walk(body, (item) => {
    if (item.kind === 'ref' && item.binding === binding) uses++;
    const fn = item.kind === 'function' && 'fn' in item ? view.evaluator.fact(file, item.fn) : undefined;
    if (fn && depth < 4) uses += countUses(view, file, fn.body, binding, depth + 1);
  });
  return uses;
}

/** The sleeps of a function of the repository, as far as each call makes them. */
function throughHelper(view: LinkedFunction, frame: Frame, expr: CallExpr, target: FunctionValue, depth: number): readonly Sleep[] {
  const fact = view.evaluator.fact(target.file, target.fn);
  if (!fact || fact.generator || target.fn === frame.fn && target.file === frame.file) return [];
  const inside = view.evaluator.enter(target, expr.args.map((arg) => ({ expr: arg, frame })), `${frame.file}:${expr.start}`, frame);
  const sleeps = sleepsIn(view, inside, fact.body, depth + 1);
  if (sleeps.length === 0) return [];
  const plain = isPlain(view, inside, fact.body, sleeps);
  // Inside a loop of the helper the number of sleeps is that loop's affair.
  const looping = new Set<Item>();
  walk(fact.body, (item, ancestors) => { if (ancestors.some((one) => one.kind === 'loop')) looping.add(item); });
  return sleeps.filter((sleep) => !looping.has(sleep.site)).map((sleep) => ({ ...sleep, site: expr, plain }));
}

/** Nothing but the sleep happens in a helper: apart from logging and arithmetic it calls nothing. */
function isPlain(view: LinkedFunction, frame: Frame, body: readonly Item[], sleeps: readonly Sleep[]): boolean {
  let plain = sleeps.every((sleep) => sleep.plain);
  walk(body, (item) => {
    if (item.kind === 'loop') plain = false;
    if ((item.kind !== 'call' && item.kind !== 'new') || sleeps.some((sleep) => sleep.site === item)) return;
    const name = item.callee.kind === 'member' ? item.callee.property : item.callee.kind === 'global' ? item.callee.name : undefined;
    if (typeof name !== 'string' || !quietMethods.test(name)) plain = plain && view.evaluator.value(item.callee, frame).kind === 'param';
  });
  return plain;
}
