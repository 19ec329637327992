import type { CallExpr, Expr } from '../../model/facts.ts';
import type { Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { contains } from '../values.ts';
import { walk } from '../walk.ts';
import { conditionsOn, type Condition } from './conditions.ts';
import type { Mutation } from './mutations.ts';
import { resolver } from './parameters.ts';
import { ancestorsOf, hops } from './positions.ts';
import { precedes } from './resets.ts';
import type { Storage } from './storage.ts';
import { taintOf } from './taint.ts';

/**
 * Whether a slot is filled in some invocations only, for a reason of the invocation at hand, and read where this one may not
 * have filled it: what an earlier one left decides there. A slot whose own state (or that of what is kept beside it) decides
 * is a cache; one that every way fills anew keeps nothing.
 */
export function isLeftBehind(view: LinkedFunction, storage: Storage, item: Mutation, all: readonly Mutation[]): boolean {
  if (item.form !== 'assign' || item.place.kind === 'env' || item.place.kind === 'package' || item.place.path.includes('*')) return false;
  const same = all.filter((other) => other.place.key === item.place.key && other.place.path.join('.') === item.place.path.join('.'));
  if (isTimers(same) || same.every((one) => isOwnClient(view, one.value))) return false;
  const conditions = conditionsOf(view, item);
  if (!conditions.some((condition) => isOfInvocation(view, condition))) return false;
  const asks = (test: Expr, frame: Frame): boolean => asksForState(view, storage, test, frame, all);
  if (conditions.some(({ test, subject, node }) => asks(test, node.frame) || (subject !== undefined && asks(subject, node.frame))) || fallbacks(view, item).some(({ test, frame }) => asks(test, frame))) return false;
  if (same.some((other) => other.expr !== item.expr && (isOtherWay(conditions, conditionsOf(view, other)) || isOtherCase(item, other)))) return false;
  return reads(view, storage, item).some((read) => ![item, ...same].some((write) => precedes(view, write, { ...item, ...read })));
}

const isTimer = ({ value }: Mutation): boolean => value.kind === 'derived' && /^global:set(?:Timeout|Interval|Immediate)$/.test(value.what);
const isNothing = ({ value }: Mutation): boolean => value.kind === 'literal' && (value.value === null || value.value === undefined);

/** What a timer is cancelled by: nobody reads anything else of it. */
const isTimers = (writes: readonly Mutation[]): boolean => writes.some(isTimer) && writes.every((write) => isTimer(write) || isNothing(write));

/**
 * A client that is made of the deployment's own settings, with its sign-in: the same in every invocation, whichever made it
 * (`rest = new REST().setToken(env.TOKEN)`).
 */
function isOwnClient(view: LinkedFunction, value: Value): boolean {
  if (taintOf(value, view.fn.platform, resolver(view)) !== undefined) return false;
  let base: Value | undefined = value;
  for (let step = 0; step < 8 && base?.kind === 'derived' && /(?:^|\.)#(?:set|with|init|use|auth|create)(?:[A-Z]\w*)?$/.test(base.what); step++) base = base.from[0];
  if (base?.kind === 'instance') return base.of.kind === 'external' && base.of.module !== 'global';
  // A package that is called makes its client; a method of an object of it asks.
  return base?.kind === 'derived' && /^(?!global:)[^#]{1,200}:(?:default|create\w{0,40})?$/.test(base.what);
}

const conditionsOf = (view: LinkedFunction, item: Mutation): readonly Condition[] => conditionsOn(item.body, item.expr, (node) => view.evaluator.fact(node.frame.file, node.frame.fn));

const isChance = (value: Value): boolean => (value.kind === 'external' && value.path.at(-1) === 'random') || (value.kind === 'derived' && /\brandom\b/.test(value.what));

/** A test of the event, the request, the context or of chance. */
function isOfInvocation(view: LinkedFunction, condition: Condition): boolean {
  const { frame } = condition.node;
  const value = view.evaluator.value(condition.subject ?? condition.test, frame);
  if (taintOf(value, view.fn.platform, resolver(view)) === 'direct' || contains(value, isChance)) return true;
  let chance = false;
  // What a comparison gives is `true` or `false`: its operands tell.
  walk([condition.test], (part) => {
    if (chance || part === condition.test || (part.kind !== 'ref' && part.kind !== 'member' && part.kind !== 'call')) return !chance;
    const inner = view.evaluator.value(part, frame);
    chance = taintOf(inner, view.fn.platform, resolver(view)) === 'direct' || contains(inner, isChance);
    return !chance;
  });
  return chance;
}

/** What `a ?? b()` and `a || b()` on the way look at first. */
function fallbacks(view: LinkedFunction, item: Mutation): readonly { readonly test: Expr; readonly frame: Frame }[] {
  return hops(item.body, item.expr).flatMap(({ node, site }) => {
    const fn = view.evaluator.fact(node.frame.file, node.frame.fn);
    const chain = fn ? [...ancestorsOf(fn, site), site] : [];
    return chain.flatMap((outer, index) => (outer.kind === 'logical' && outer.op === '??' && chain[index + 1] === outer.right ? [{ test: outer.left, frame: node.frame }] : []));
  });
}

/** Whether a test looks, itself or through a variable of its function, at anything that the process keeps and invocations change. */
function asksForState(view: LinkedFunction, storage: Storage, test: Expr, frame: Frame, all: readonly Mutation[], depth = 0): boolean {
  let found = false;
  walk([test], (part) => {
    if (found) return false;
    if (part.kind === 'call') { found = depth < 2 && asksInside(view, storage, part, frame, all, depth); return found ? false : undefined; }
    if (part.kind !== 'ref' && part.kind !== 'member' && part.kind !== 'global') return undefined;
    const binding = part.kind === 'ref' ? storage.variable(frame.file, part.binding, frame) : undefined;
    const places = [...(binding ? [binding] : []), ...storage.origins(part, frame).flatMap((origin) => origin.place ?? [])];
    found = places.some((place) => all.some((other) => other.place.key === place.key));
    if (part.kind === 'ref' && !binding && depth < 2) found ||= (view.evaluator.modules.index(frame.file)?.definitions.get(part.binding) ?? []).some((one) => one.expr !== undefined && one.fn === frame.fn && asksForState(view, storage, one.expr, frame, all, depth + 1));
    return undefined;
  });
  return found;
}

/** `if (this.isOpen())`: what a short function of the code's own gives back looks at the state. */
function asksInside(view: LinkedFunction, storage: Storage, call: CallExpr, frame: Frame, all: readonly Mutation[], depth: number): boolean {
  const target = view.evaluator.value(call.callee, frame);
  const fn = target.kind === 'function' ? view.evaluator.fact(target.file, target.fn) : undefined;
  if (target.kind !== 'function' || !fn) return false;
  const given = fn.body.flatMap((stmt) => (stmt.kind === 'return' && stmt.value ? [stmt.value] : []));
  if (given.length === 0) return false;
  const inside = view.evaluator.enter(target, call.args.map((expr) => ({ expr, frame })), `${frame.file}:${call.start}`, frame);
  return given.some((expr) => asksForState(view, storage, expr, inside, all, depth + 1));
}

/** The other branch of one of the same tests. */
function isOtherWay(own: readonly Condition[], other: readonly Condition[]): boolean {
  return own.some((condition) => other.some((one) => one.test === condition.test && one.outcome !== condition.outcome));
}

/** Another case of the same `switch`. */
function isOtherCase(item: Mutation, other: Mutation): boolean {
  if (item.body !== other.body) return false;
  const own = ancestorsOf(item.body.fn, item.expr);
  return ancestorsOf(other.body.fn, other.expr).some((outer) => outer.kind === 'switch' && own.includes(outer));
}

/** Where the invocation path reads what a slot holds. */
function reads(view: LinkedFunction, storage: Storage, item: Mutation): readonly { readonly body: LinkedBody; readonly expr: Expr }[] {
  const { place } = item;
  const field = place.path.at(-1) ?? (place.binding === undefined ? place.key.slice(place.key.lastIndexOf('.') + 1) : undefined);
  const found: { readonly body: LinkedBody; readonly expr: Expr }[] = [];
  for (const body of view.bodies('invoke')) {
    if (place.binding !== undefined && place.path.length === 0 && body.file !== place.file) continue;
    walk(body.fn.body, (part, ancestors) => {
      const outer = ancestors.at(-1);
      if (outer?.kind === 'pattern' || (outer?.kind === 'assign' && outer.target === part)) return undefined;
      if (place.binding !== undefined && place.path.length === 0) {
        // What a function that ran at init as well declares is another variable each time that it runs.
        if (part.kind === 'ref' && part.binding === place.binding && storage.variable(body.file, part.binding, body.node.frame)) found.push({ body, expr: part });
        return undefined;
      }
      if (part.kind !== 'member' || part.property !== field) return undefined;
      if (storage.origins(part, body.node.frame).some((origin) => origin.place?.key === place.key)) found.push({ body, expr: part });
      return undefined;
    });
  }
  return found;
}
