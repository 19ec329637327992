import { keepingServices, sideline, tellingServices, together } from '../../catalog/lasting.ts';
import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Frame } from '../frame.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { rootOf } from './asynchronous.ts';
import { effects, resolutionKey, type ReachedEffect } from './effects.ts';
import { mayLieElsewhere } from './elsewhere.ts';
import { isHandedOut } from './passed-by.ts';
import { ancestorsOf, hops, leaves } from './positions.ts';
import { redeliveredBy } from './redelivery.ts';

/** Two writes of one path, the second of which can fail when the first is done. */
export interface Uncompensated {
  readonly first: ReachedEffect;
  readonly second: ReachedEffect;
  /** Further writes of the same body that follow. */
  readonly more: number;
}

const MAX_WRITES = 60;

/**
 * Writes to different resources one after the other, with nothing that makes them one or takes the first back. Only where nobody runs
 * the function again for the same event: a second run by the platform would make good what the first left out.
 */
export function uncompensated(of: FunctionView): readonly Uncompensated[] {
  if (!isAskedOnce(of) || mayLieElsewhere(of)) return [];
  const view = of as LinkedFunction;
  const writes = effects(view).filter((item) => isLasting(item) && isRunOnce(view, item)).slice(0, MAX_WRITES);
  if (writes.length < 2 || view.bodies('invoke').some(writesTogether)) return [];
  const found = new Map<string, (Uncompensated & { readonly at: number })[]>();
  for (const second of writes) {
    for (const first of writes) {
      if (first === second || !differ(first, second) || isHarmless(first, second)) continue;
      const meeting = meet(view, first, second);
      if (!meeting || isHandled(view, first, second)) continue;
      const here = found.get(meeting.key) ?? [];
      if (!here.some((one) => one.second === second)) found.set(meeting.key, [...here, { first, second, at: meeting.at, more: 0 }]);
      break;
    }
  }
  // One finding a body: the second write that comes first; the others are counted.
  return [...found.values()].flatMap((here) => {
    const [earliest] = [...here].sort((a, b) => a.at - b.at);
    return earliest ? [{ first: earliest.first, second: earliest.second, more: here.length - 1 }] : [];
  });
}

/** Somebody waits for the answer, or a schedule that is not tried again runs it; no state machine, which has its own ways to catch. */
function isAskedOnce(view: FunctionView): boolean {
  const { fn } = view;
  if (fn.triggers.some((trigger) => trigger.kind === 'stateMachine' || trigger.kind === 'custom')) return false;
  const several = fn.platform === 'cloudflare';
  if (!several && redeliveredBy(view)) return false;
  return fn.triggers.some((trigger) => trigger.enabled !== false && (trigger.kind === 'http' || trigger.kind === 'url' || trigger.kind === 'auth' || trigger.kind === 'schedule'));
}

/** Of a unit with several handlers: not the one of the queue. */
function isRunOnce(view: LinkedFunction, item: ReachedEffect): boolean {
  if (view.fn.platform !== 'cloudflare') return true;
  const root = rootOf(item.body as LinkedBody);
  return root !== undefined && view.evaluator.fact(root.frame.file, root.frame.fn)?.name !== 'queue';
}

function isLasting({ effect, call, targets }: ReachedEffect): boolean {
  if (effect.deferred || effect.wraps || !call) return false;
  const keeps = keepingServices.has(effect.service) && (effect.kind === 'write' || effect.kind === 'delete' || effect.kind === 'charge');
  const tells = tellingServices.has(effect.service) && (effect.kind === 'publish' || effect.kind === 'start');
  // A statement of which the text is not known may as well read.
  if (effect.service === 'sql' && /^(?:query|execute|raw|sql|one|many|any|none|oneOrNone|manyOrNone|exec|\$queryRaw\w*)$/.test(effect.detail)) return false;
  if (effect.service === 'payment' && effect.kind !== 'charge') return false;
  return (keeps || tells) && !targets.some((target) => sideline.test(resolutionKey(target.names)));
}

/** Surely not one resource: other services, or other definite names of one. A database of SQL is known by its tables only. */
function differ(a: ReachedEffect, b: ReachedEffect): boolean {
  if (a.effect.service !== b.effect.service) return !(storeOf(a) !== undefined && storeOf(a) === storeOf(b));
  const [one, other] = [definite(a), definite(b)];
  return one !== undefined && other !== undefined && one !== other;
}

const storeOf = ({ effect }: ReachedEffect): string | undefined => (effect.service === 'sql' || effect.service === 'd1' ? 'sql' : undefined);

function definite({ targets, effect }: ReachedEffect): string | undefined {
  const [only] = targets;
  if (!only || targets.length > 1) return undefined;
  const { names } = only;
  if (names.kind !== 'resource' && names.kind !== 'name') return undefined;
  const key = resolutionKey(names);
  // Documents of one collection are one resource.
  return effect.resourceKind === 'document' && (effect.service === 'firestore' || effect.service === 'rtdb') ? key.split('/')[0] : key;
}

/** An object that no row names, deletions that can be done again, messages without a store. */
function isHarmless(first: ReachedEffect, second: ReachedEffect): boolean {
  if (first.effect.resourceKind === 'bucket') return true;
  if (first.effect.kind === 'delete' && second.effect.kind === 'delete') return true;
  return tellingServices.has(first.effect.service) && tellingServices.has(second.effect.service);
}

function writesTogether(body: LinkedBody): boolean {
  if (together.test(body.fn.name)) return true;
  let found = false;
  walk(body.fn.body, (item) => {
    if (item.kind !== 'call' && item.kind !== 'new') return undefined;
    const { callee } = item;
    const name = callee.kind === 'member' ? callee.property : callee.kind === 'ref' ? body.facts.bindings[callee.binding]?.name : undefined;
    if (typeof name === 'string' && together.test(name)) found = true;
    const [command] = item.args;
    if (command?.kind === 'new' && command.callee.kind === 'ref' && together.test(body.facts.bindings[command.callee.binding]?.name ?? '')) found = true;
    return undefined;
  });
  return found;
}

/** A call on the way to a place, in the activation that it stands in; the place itself is the last. */
interface Step {
  readonly frame: Frame;
  readonly site: Expr | Stmt;
}

/** The way to an effect on its own call path: a helper that two lines call is two ways. */
function stepsOf({ occurrence, body, expr }: ReachedEffect): readonly Step[] {
  if (!occurrence) return hops(body, expr).map(({ node, site }) => ({ frame: node.frame, site }));
  const { callers, frame } = occurrence.activation;
  return [...callers, { frame, site: expr }];
}

/** The activation in which the ways to two places part, when the first comes before the second on one path. */
function meet(view: LinkedFunction, first: ReachedEffect, second: ReachedEffect): { readonly key: string; readonly at: number } | undefined {
  const [a, b] = [stepsOf(first), stepsOf(second)];
  let depth = 0;
  while (depth < a.length - 1 && depth < b.length - 1 && a[depth]?.frame.key === b[depth]?.frame.key && a[depth]?.site === b[depth]?.site) depth++;
  const [one, other] = [a[depth], b[depth]];
  if (!one || !other || one.frame.key !== other.frame.key || one.site === other.site) return undefined;
  const fn = view.evaluator.fact(one.frame.file, one.frame.fn);
  return fn && isBefore(fn, one.site, other.site) ? { key: one.frame.key, at: other.site.end } : undefined;
}

function isBefore(fn: FunctionFact, first: Expr | Stmt, second: Expr | Stmt): boolean {
  // `put().then(() => send())`: the first stands inside the second.
  if (second.start <= first.start && second.end >= first.end) return !(second.kind === 'call' && second.callee.kind === 'member' && second.callee.property === 'catch');
  if (first.start >= second.start) return false;
  const [before, after] = [[...ancestorsOf(fn, first), first], [...ancestorsOf(fn, second), second]];
  let shared = 0;
  while (before[shared] !== undefined && before[shared] === after[shared]) shared++;
  const around = before[shared - 1];
  const [inFirst, inSecond] = [before[shared], after[shared]];
  if (around && inFirst && inSecond && areApart(around, inFirst, inSecond)) return false;
  // The way on from the first does not come to the second.
  if (before.slice(shared).some((item) => (item.kind === 'if' && armOf(item, before) !== undefined && leaves(armOf(item, before) ?? [])))) return false;
  // Two tests, of which one may exclude the other.
  const isAsked = (list: readonly Item[]): boolean => list.slice(shared).some((item) => item.kind === 'if' || item.kind === 'conditional' || item.kind === 'switch');
  if (isAsked(before) && isAsked(after)) return false;
  return !after.slice(shared - 1 < 0 ? 0 : shared - 1).some((item, index, list) => item.kind === 'try' && item.handler?.some((one) => one === list[index + 1]) === true);
}

function armOf(item: Item, chain: readonly Item[]): readonly Stmt[] | undefined {
  if (item.kind !== 'if') return undefined;
  return [item.then, item.else].find((arm) => arm.some((one) => chain.includes(one)));
}

/** Two parts of one item of which only one runs. */
function areApart(around: Item, one: Item, other: Item): boolean {
  const within = (list: readonly Item[] | undefined, item: Item): boolean => list?.includes(item) === true;
  switch (around.kind) {
    case 'if': return !(within(around.then, one) && within(around.then, other)) && !(within(around.else, one) && within(around.else, other));
    case 'switch': return around.cases.findIndex((entry) => within(entry.body, one)) !== around.cases.findIndex((entry) => within(entry.body, other));
    case 'conditional': case 'logical': return true;
    case 'try': return within(around.block, one) && within(around.handler, other);
    default: return false;
  }
}

/**
 * Something is done when the second fails: a `catch` that waits for something, `.catch(…)`, `Promise.allSettled`; or the function can do
 * without it: a `catch` of its own that lets the function go on.
 */
function isHandled(view: LinkedFunction, first: ReachedEffect, second: ReachedEffect): boolean {
  const sites = new Set(stepsOf(first).map((step) => step.site));
  return stepsOf(second).some(({ frame, site }, step, steps) => {
    // Itself what is done about a failure.
    if (step < steps.length - 1 && site.kind === 'call' && site.callee.kind === 'member' && site.callee.property === 'catch') return true;
    const fn = view.evaluator.fact(frame.file, frame.fn);
    const around = fn ? [...ancestorsOf(fn, site), site] : [];
    return around.some((item, index) => {
      const inner = around[index + 1];
      if (item.kind === 'try') return inner !== undefined && (item.block as readonly Item[]).includes(inner) && item.handler !== undefined && !isHandedOut(site, around.slice(index + 1, -1)) && (acts(item.handler) || (!holdsAny(item.block, sites) && goesOn(item.handler)));
      if (item.kind !== 'call' || item.callee.kind !== 'member') return false;
      return item.callee.property === 'allSettled' || (item.callee.property === 'catch' && item.callee === inner) || (item.callee.property === 'then' && item.args.length > 1 && item.callee === inner);
    });
  });
}

function holdsAny(block: readonly Stmt[], sites: ReadonlySet<Item>): boolean {
  let found = false;
  walk(block, (item) => { if (sites.has(item)) found = true; });
  return found;
}

function goesOn(handler: readonly Stmt[]): boolean {
  let leavesIt = false;
  walk(handler, (item) => { if (item.kind === 'throw' || item.kind === 'return') leavesIt = true; });
  return !leavesIt;
}

function acts(handler: readonly Stmt[]): boolean {
  let found = false;
  walk(handler, (item) => { if (item.kind === 'await' || item.kind === 'loop') found = true; });
  return found;
}
