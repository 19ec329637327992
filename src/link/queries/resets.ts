import type { Expr, FunctionFact, LoopStmt } from '../../model/facts.ts';
import type { Value } from '../../model/value.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import type { Node } from '../reach.ts';
import { walk, type Item } from '../walk.ts';
import { keepsRunning } from './asynchronous.ts';
import { conditionsOn } from './conditions.ts';
import type { Mutation } from './mutations.ts';
import { ancestorsOf, hops } from './positions.ts';
import { runsOnEveryExit } from './removal.ts';
import { isFixed } from './taint.ts';
import { within } from './within.ts';

const MAX_DEPTH = 5;

/** Whether a change leaves the place empty or with a value that the code spells out. */
export function isReset(item: Mutation): boolean {
  if (item.form === 'clear') return true;
  // `logger.setPersistentLogAttributes({})`
  if (item.form === 'setter') return item.expr.kind === 'call' && item.expr.callee.kind === 'member' && typeof item.expr.callee.property === 'string' && item.expr.callee.property.startsWith('set') && isFixed(item.value);
  if (item.form !== 'assign') return false;
  return isFixed(item.value) || isPutBack(item) || (item.value.kind === 'instance' && item.value.of.kind === 'external' && item.value.of.module === 'global' && item.value.args.length === 0);
}

/** `while ((match = pattern.exec(text)) !== null) …`: the loop goes on until the place is empty, and neither leaves it otherwise nor lets other code run. */
export function endsEmpty({ body, expr }: Mutation): boolean {
  if (expr.kind !== 'assign' || expr.op !== '=') return false;
  const isNothing = (side: Expr): boolean => side.kind === 'literal' && (side.value === null || side.value === undefined);
  return ancestorsOf(body.fn, expr).some((loop) => {
    if (loop.kind !== 'loop' || !loop.test) return false;
    const { test } = loop;
    const untilEmpty = test === expr || (test.kind === 'binary' && /^!==?$/.test(test.op) && ((test.left === expr && isNothing(test.right)) || (test.right === expr && isNothing(test.left))));
    let leaves = false;
    walk(loop.body, (item) => { if (item.kind === 'break' || item.kind === 'return' || item.kind === 'throw' || item.kind === 'await') leaves = true; });
    return untilEmpty && !leaves;
  });
}

/** `process.env.HOME = before`, where `before` is what the platform gave. */
const isPutBack = (item: Mutation): boolean => item.form === 'assign' && item.place.kind === 'env' && item.value.kind === 'env' && item.place.key === `env:${item.value.name}`;

/** Whether a change of an environment variable is put back on every exit, or puts back every other change so. */
export function isRestored(view: LinkedFunction, item: Mutation, all: readonly Mutation[]): boolean {
  if (item.place.kind !== 'env') return false;
  const own = all.filter((other) => other.place.key === item.place.key);
  const backs = own.filter(isPutBack);
  const changes = isPutBack(item) ? own.filter((other) => !isPutBack(other)) : [item];
  return changes.length > 0 && changes.every((change) => backs.some((back) => back.body === change.body
    && runsOnEveryExit(view, { body: change.body, expr: change.expr }, { body: back.body, expr: back.expr })));
}

/** Whether `reset` surely ran before `item` on the way from the handler: directly, in a helper, a wrapper or a `before` hook. */
export function precedes(view: LinkedFunction, reset: Mutation, item: Mutation): boolean {
  if (reset.expr === item.expr && reset.body === item.body) return false;
  const way = hops(item.body, item.expr);
  for (const [index, hop] of way.entries()) {
    if (runsBefore(view, reset.body.node, reset.expr, hop.node, hop.site, MAX_DEPTH, way[index + 1]?.node)) return true;
  }
  // A middleware's `before` runs ahead of the handler.
  return inHook(view, 'before', reset.body.node, reset.expr, MAX_DEPTH);
}

/** Whether every invocation makes this change, in the body of the handler itself. */
export function surelySets(view: LinkedFunction, item: Mutation): boolean {
  const { node } = item.body as LinkedBody;
  const fn = hops(item.body, item.expr).length === 1 ? factOf(view, node) : undefined;
  return fn !== undefined && within(fn, item.expr).length === 0 && unconditional(fn, item.expr, undefined);
}

const factOf = (view: LinkedFunction, node: Node): FunctionFact | undefined => view.evaluator.fact(node.frame.file, node.frame.fn);

function runsBefore(view: LinkedFunction, from: Node, expr: Item, node: Node, site: Item, depth: number, inner: Node | undefined): boolean {
  const fn = factOf(view, from);
  if (!fn) return false;
  if (from === node) {
    if (expr === site) return inner !== undefined && inner.via?.how === 'callback' && from === node;
    return expr.start < site.start && expr.end <= site.start && unconditional(fn, expr, site, outcomeIn(view, from));
  }
  if (depth === 0 || !unconditional(fn, expr, undefined, outcomeIn(view, from))) return false;
  return from.incoming.some((edge) => edge.from !== from && (edge.how !== 'callback' || !edge.certain || edge.from.phase === 'invoke') && runsBefore(view, edge.from, edge.site, node, site, depth - 1, edge.how === 'callback' ? undefined : inner));
}

type Hook = 'before' | 'after' | 'onError';

/** Whether an item surely runs in such a function of a middleware object, or one handed to a method of that name. */
function inHook(view: LinkedFunction, hook: Hook, node: Node, expr: Item, depth: number): boolean {
  const fn = factOf(view, node);
  if (!fn || depth === 0 || !unconditional(fn, expr, undefined)) return false;
  if (node.incoming.length > 0 && node.incoming.every((edge) => edge.from.phase === 'init' && (fn.name === hook || handsTo(edge.site, hook)))) return true;
  return node.incoming.some((edge) => edge.from !== node && inHook(view, hook, edge.from, edge.site, depth - 1));
}

/** `middy(handler).onError(…)` */
const handsTo = (site: Item, hook: Hook): boolean => site.kind === 'call' && site.callee.kind === 'member' && site.callee.property === hook;

/** How a test comes out in one call of a function, where what the function was given says so: `wrap(handler, true)`. */
const outcomeIn = (view: LinkedFunction, node: Node) => (test: Expr): boolean | undefined => {
  const value = view.evaluator.value(test, node.frame);
  return value.kind === 'literal' && typeof value.value === 'boolean' ? value.value : undefined;
};

/** Whether an item of a function runs whenever the function gets as far as `site` (or to its end). */
function unconditional(fn: FunctionFact, item: Item, site: Item | undefined, outcome: (test: Expr) => boolean | undefined = () => undefined): boolean {
  const around = new Set<Item>(site ? ancestorsOf(fn, site) : []);
  const own = [...ancestorsOf(fn, item), item];
  for (const [index, outer] of own.entries()) {
    const inner = own[index + 1];
    if (!inner || around.has(outer)) {
      // The other branch of the same condition does not run.
      if (inner && site && outer.kind === 'if') {
        const branch = (list: readonly Item[]): boolean => list.includes(inner);
        const other = branch(outer.then) ? outer.else : branch(outer.else) ? outer.then : [];
        if (other.some((statement) => statement.start <= site.start && site.end <= statement.end)) return false;
      }
      continue;
    }
    switch (outer.kind) {
      case 'if': if (inner !== outer.test && outcome(outer.test) !== (outer.then as readonly Item[]).includes(inner)) return false; break;
      case 'conditional': if (inner !== outer.test) return false; break;
      case 'logical': if (inner !== outer.left) return false; break;
      case 'switch': return false;
      case 'loop': if (!(outer.init as readonly Item[]).includes(inner) && inner !== outer.iterable && !isEmptiedBy(outer, item)) return false; break;
      case 'try': if ((outer.handler as readonly Item[] | undefined)?.includes(inner)) return false; break;
      default: break;
    }
  }
  return true;
}

/** `while (lines.length > 0) { write(lines.shift()); }`: behind the loop nothing is left, whether it had a round or not. */
export function isEmptiedBy(loop: LoopStmt, item: Item): boolean {
  if (item.kind !== 'call' || item.callee.kind !== 'member' || !/^(?:shift|pop)$/.test(String(item.callee.property)) || loop.test === undefined || !saysThereIsSome(loop.test, true)) return false;
  const { object } = item.callee;
  let own = false;
  walk([loop.test], (part) => { if (part.kind === 'member' && isSize(part) && isSamePlace(part.object, object)) own = true; });
  let leaves = false;
  walk(loop.body, (part) => { if (part.kind === 'break' || part.kind === 'return' || part.kind === 'continue') leaves = true; });
  return own && !leaves;
}

/** Whether a change is the round of a loop that empties its collection. */
export const empties = (item: Mutation): boolean => item.form === 'remove' && ancestorsOf(item.body.fn, item.expr).some((outer) => outer.kind === 'loop' && isEmptiedBy(outer, item.expr));

export type Cleanup = 'finally' | 'bounded' | 'end' | 'none';

/** How what a change leaves behind goes away again in the same invocation. */
export function cleanupOf(view: LinkedFunction, item: Mutation, others: readonly Mutation[]): Cleanup {
  let found: Cleanup = 'none';
  let passing = false;
  let failing = false;
  for (const other of others) {
    if (other === item || !(other.form === 'remove' || isReset(other))) continue;
    if (other.expr === item.expr || (!keepsRunning(view.fn) && isPutOff(other))) continue;
    if (runsOnEveryExit(view, { body: item.body, expr: item.expr }, { body: other.body, expr: other.expr })) return 'finally';
    if (isReset(other)) {
      // A middleware's `after` runs when the handler succeeds, its `onError` when it does not.
      passing ||= inHook(view, 'after', other.body.node, other.expr, MAX_DEPTH);
      failing ||= inHook(view, 'onError', other.body.node, other.expr, MAX_DEPTH);
      // So do the end of a `try` and its `catch`.
      const end = endOfTry(view, item, other);
      passing ||= end === 'passing';
      failing ||= end === 'failing';
      if (passing && failing) return 'finally';
    }
    const conditions = conditionsOn(other.body, other.expr, (node) => factOf(view, node)).filter((condition) => condition.outcome === 'case' || !saysThereIsSome(condition.test, condition.outcome));
    if (conditions.some((condition) => asksForSize(condition.test))) found = 'bounded';
    else if (found === 'none' && (other.form !== 'assign' || conditions.length === 0)) found = other.form === 'remove' && conditions.length > 0 ? 'bounded' : 'end';
  }
  return found;
}

/** Which end of a `try` around a change clears it for certain: that of its block, with no way out before, or its `catch`. */
function endOfTry(view: LinkedFunction, item: Mutation, other: Mutation): 'passing' | 'failing' | undefined {
  const fn = factOf(view, other.body.node);
  // The change itself, or the call on the way to it.
  const site = hops(item.body, item.expr).find((hop) => hop.node === other.body.node)?.site;
  if (!fn || !site) return undefined;
  const around = ancestorsOf(fn, site);
  for (const [index, outer] of around.entries()) {
    const inner = around[index + 1] ?? site;
    if (outer.kind !== 'try' || !(outer.block as readonly Item[]).includes(inner)) continue;
    const chain = [...ancestorsOf(fn, other.expr), other.expr];
    const at = chain.indexOf(outer);
    const next = chain[at + 1];
    if (at < 0 || !next) continue;
    // Only its own statement may stand between the list and what clears.
    if (chain.slice(at + 1, -1).some((part) => /^(?:if|conditional|logical|switch|loop|try)$/.test(part.kind))) continue;
    if ((outer.handler as readonly Item[] | undefined)?.includes(next)) return leavesBefore(outer.handler ?? [], -1, other.expr.start) ? undefined : 'failing';
    if ((outer.block as readonly Item[]).includes(next) && other.expr.start > site.end && !leavesBefore(outer.block, site.end, other.expr.start)) return 'passing';
  }
  return undefined;
}

/** Whether a `return` stands between two places of a list of statements. */
function leavesBefore(statements: readonly Item[], from: number, to: number): boolean {
  let found = false;
  walk(statements, (part) => { if (part.kind === 'return' && part.start > from && part.start < to) found = true; });
  return found;
}

/** Whether a timer makes a change: one that runs only while some later invocation does. */
const isPutOff = (item: Mutation): boolean => hops(item.body, item.expr).some(({ site }, index, way) => index < way.length - 1 && site.kind === 'call' && site.callee.kind === 'global' && /^set(?:Interval|Timeout)$/.test(site.callee.name));

/** Whether a test came out as it does of a collection that is not empty: what is emptied under no other condition is always emptied. */
export function saysThereIsSome(test: Expr, outcome: boolean): boolean {
  if (test.kind === 'unary' && test.op === '!') return saysThereIsSome(test.of, !outcome);
  if (isSize(test)) return outcome;
  if (test.kind !== 'binary' || test.right.kind !== 'literal' || !isSize(test.left)) return false;
  const least = test.right.value;
  switch (test.op) {
    case '===': case '==': case '<=': return least === 0 && !outcome;
    case '!==': case '!=': case '>': return least === 0 && outcome;
    case '<': return least === 1 && !outcome;
    case '>=': return least === 1 && outcome;
    default: return false;
  }
}

const isSize = (expr: Item): boolean => expr.kind === 'member' && (expr.property === 'length' || expr.property === 'size');

/** Whether the function that adds to a collection also takes something out when there is too much of it. */
export function isCutToSize(item: Mutation, others: readonly Mutation[]): boolean {
  const { fn } = item.body;
  return others.some((other) => other.form === 'remove' && other.body.fn === fn && ancestorsOf(fn, other.expr).some((outer) => (outer.kind === 'if' || outer.kind === 'loop' || outer.kind === 'conditional') && outer.test !== undefined && asksForSize(outer.test)));
}

/** Whether a test looks at how much there is, or how old it is. */
function asksForSize(test: Expr): boolean {
  let found = false;
  walk([test], (item) => {
    if (item.kind === 'member' && typeof item.property === 'string' && /^(?:size|length|byteLength|count|expires\w*|expiry|expiresAt|timestamp|ttl)$/i.test(item.property)) found = true;
  });
  return found;
}

/** Whether a change is made only while its own place is still empty, or before a flag says that it was made. */
export function fillsOnce(view: LinkedFunction, item: Mutation, all: readonly Mutation[]): boolean {
  const conditions = conditionsOn(item.body, item.expr, (node) => factOf(view, node));
  return conditions.some((condition) => {
    let mine = false;
    let byKey = false;
    walk([condition.test], (part) => {
      if (part.kind === 'call' && part.callee.kind === 'member' && typeof part.callee.property === 'string' && ['has', 'get', 'includes', 'indexOf', 'find', 'some', 'findIndex'].includes(part.callee.property)) byKey = true;
      if (part.kind === 'member' && typeof part.property !== 'string') byKey = true;
      const binding = part.kind === 'ref' ? part.binding : undefined;
      // A field of the same name of what the caller sent is no look at what is kept.
      const field = part.kind === 'member' && typeof part.property === 'string' && !isSent(view.evaluator.value(part.object, condition.node.frame)) ? part.property : undefined;
      if (all.some((other) => (other.form === 'assign' || other.form === 'lazy' || other.place.key === item.place.key) && ((binding !== undefined && other.place.binding === binding && other.place.file === condition.node.frame.file) || (field !== undefined && other.place.key.endsWith(`.${field}`))))) mine = true;
    });
    return mine && !byKey;
  });
}

/** `if (!process.env[name]) process.env[name] = value`: only where nothing is set yet. */
export function isFirstWrite(view: LinkedFunction, item: Mutation): boolean {
  const written = item.expr.kind === 'assign' ? item.expr.target : undefined;
  if (written?.kind !== 'member') return false;
  return conditionsOn(item.body, item.expr, (node) => factOf(view, node)).some(({ test, node }) => {
    let asked = false;
    if (node === item.body.node) walk([test], (part) => { if (part.kind === 'member' && isSamePlace(part, written)) asked = true; });
    return asked;
  });
}

function isSamePlace(one: Expr, other: Expr): boolean {
  if (one.kind === 'ref' && other.kind === 'ref') return one.binding === other.binding;
  if (one.kind === 'global' && other.kind === 'global') return one.name === other.name;
  if (one.kind !== 'member' || other.kind !== 'member' || !isSamePlace(one.object, other.object)) return false;
  const [first, second] = [one.property, other.property];
  return typeof first === 'string' || typeof second === 'string' ? first === second : isSamePlace(first, second);
}

const isSent = (value: Value): boolean => value.kind === 'event' || (value.kind === 'derived' && value.from.some(isSent));
