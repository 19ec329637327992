import type { CallExpr, Expr, FunctionFact, ModuleFacts } from '../../model/facts.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { waitAt } from './calls-in.ts';
import { changesIn, readsOf } from './changes.ts';
import { isDeadline } from './deadlines.ts';
import { stepsTo, waysThrough } from './loops.ts';
import { numberAt } from './numbers.ts';

/** A `setInterval` and what becomes of it. `bounded`: after so many rounds it is cleared; `polls`: cleared when an answer says so. */
export interface Interval {
  readonly call: CallExpr;
  readonly fate: 'endless' | 'polls' | 'bounded';
  readonly seconds?: number;
  readonly rounds?: number;
}

/** The intervals that a body starts, other than those that something outside the callback clears. */
export function intervalsOf(of: FunctionView, at: Body): readonly Interval[] {
  const view = of as LinkedFunction;
  const body = at as LinkedBody;
  const found: Interval[] = [];
  for (const external of body.node.externals) {
    const { expr } = external;
    if (expr.kind !== 'call') continue;
    const wait = waitAt(view, body.node.frame, external);
    if (wait?.kind !== 'timer' || !wait.repeats) continue;
    const interval = judge(view, body, expr);
    if (interval) found.push(interval);
  }
  return found;
}

function judge(view: LinkedFunction, body: LinkedBody, call: CallExpr): Interval | undefined {
  const kept = handleOf(body.fn, call);
  if (kept === 'elsewhere') return undefined;
  if (kept === undefined) return { call, fate: 'endless' };
  const callback = callbackOf(view, body, call);
  const clears = clearsOf(body.facts, kept);
  if (clears.length === 0) return isGivenAway(body.facts, kept) ? undefined : { call, fate: 'endless' };
  const inside = clears.filter((clear) => callback !== undefined && within(body.facts, clear.fn, callback));
  if (inside.length < clears.length || inside.length === 0) return undefined;
  const frame = view.bodies('invoke').find((other) => other.file === body.file && other.fn.id === callback)?.node.frame ?? body.node.frame;
  const delay = call.args[1] ? numberAt(view.evaluator, call.args[1], body.node.frame) : 0;
  for (const clear of inside) {
    const fact = body.facts.functions[clear.fn];
    if (!fact) continue;
    const steps = stepsTo(fact.body, clear.chain);
    if (steps.length === 0 && clear.fn === callback) return undefined;
    const atoms = waysThrough(steps).flat();
    if (atoms.some((atom) => isDeadline(view, atom, frame))) return undefined;
    // A counter that every tick moves and that is compared here.
    const moved = changesIn(fact.body).filter((change) => change.how === 'step').map((change) => change.holder);
    const counted = atoms.find((atom) => atom.expr.kind === 'binary' && /^([<>]=?|===?)$/.test(atom.expr.op) && [...readsOf(atom.expr)].some((holder) => moved.includes(holder)));
    if (counted?.expr.kind === 'binary') {
      const limit = numberAt(view.evaluator, counted.expr.right, frame) ?? numberAt(view.evaluator, counted.expr.left, frame);
      return { call, fate: 'bounded', ...(delay !== undefined && limit !== undefined ? { seconds: delay / 1000, rounds: limit } : {}) };
    }
  }
  return { call, fate: 'polls' };
}

interface Handle { readonly binding?: number; readonly member?: string }

/** What holds the timer's handle: a variable or property; `elsewhere` when it is handed on at once; `undefined` when nothing does. */
function handleOf(fn: FunctionFact, call: CallExpr): Handle | 'elsewhere' | undefined {
  let result: Handle | 'elsewhere' | undefined;
  walk(fn.body, (item, ancestors) => {
    if (item !== call) return;
    const outer = ancestors[ancestors.length - 1];
    if (!outer || outer.kind === 'expr') return;
    result = 'elsewhere';
    const target = outer.kind === 'declare' || outer.kind === 'assign' ? outer.target : undefined;
    if (target?.kind === 'ref') result = { binding: target.binding };
    if (target?.kind === 'member' && typeof target.property === 'string') result = { member: target.property };
  });
  return result;
}

function names(expr: Expr | undefined, handle: Handle): boolean {
  if (expr?.kind === 'ref') return expr.binding === handle.binding;
  return expr?.kind === 'member' && handle.member !== undefined && expr.property === handle.member;
}

/** Every `clearInterval` of the handle in the module, with the items around it. */
function clearsOf(facts: ModuleFacts, handle: Handle): readonly { readonly fn: number; readonly chain: readonly Item[] }[] {
  const found: { fn: number; chain: readonly Item[] }[] = [];
  for (const fact of facts.functions) {
    walk(fact.body, (item, ancestors) => {
      if (item.kind !== 'call' || !item.args.some((arg) => names(arg, handle))) return;
      const name = item.callee.kind === 'global' ? item.callee.name : item.callee.kind === 'member' ? item.callee.property : '';
      if (name === 'clearInterval' || name === 'clearTimeout') found.push({ fn: fact.id, chain: [...ancestors, item] });
    });
  }
  return found;
}

/** The handle is returned, passed on, exported or `unref`ed: others may clear it. */
function isGivenAway(facts: ModuleFacts, handle: Handle): boolean {
  if (handle.member !== undefined) return true;
  if (facts.exports.some((item) => item.binding === handle.binding)) return true;
  let given = false;
  for (const fact of facts.functions) {
    walk(fact.body, (item, ancestors) => {
      if (item.kind !== 'ref' || item.binding !== handle.binding) return;
      const outer = ancestors[ancestors.length - 1];
      if (outer && ((outer.kind !== 'declare' && outer.kind !== 'assign' && outer.kind !== 'unary' && outer.kind !== 'if') || (outer.kind === 'assign' && outer.value === item))) given = true;
    });
  }
  return given;
}

function callbackOf(view: LinkedFunction, body: LinkedBody, call: CallExpr): number | undefined {
  const [callback] = call.args;
  const value = callback ? view.evaluator.value(callback, body.node.frame) : undefined;
  return value?.kind === 'function' && value.file === body.file ? value.fn : undefined;
}

/** Whether a function is another one or stands in it. */
export function within(facts: ModuleFacts, fn: number, outer: number): boolean {
  for (let id = fn, count = 0; id > 0 && count < 64; id = facts.functions[id]?.parent ?? -1, count++) if (id === outer) return true;
  return false;
}
