import type { Expr, FunctionFact } from '../../model/facts.ts';
import type { Body, ExternalCall, FunctionView } from '../../model/project.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { ancestorsOf, hops } from './positions.ts';

export interface Spot { readonly body: Body; readonly expr: Expr }

/** Two spots in the function where their paths part: the chain of items around each, outermost first, itself last. */
interface Parting { readonly fn: FunctionFact; readonly before: readonly Item[]; readonly after: readonly Item[]; readonly first: Item; readonly second: Item; readonly atStart?: true }

function partingOf(view: FunctionView, earlier: Spot, later: Spot): Parting | undefined {
  const one = hops(earlier.body, earlier.expr);
  const two = hops(later.body, later.expr);
  for (let index = 0; index < Math.min(one.length, two.length); index++) {
    const a = one[index];
    const b = two[index];
    if (!a || !b || a.node !== b.node) return undefined;
    if (a.site === b.site) continue;
    const { evaluator } = view as LinkedFunction;
    const next = two[index + 1];
    // `write().then(() => { … })`: the write comes right before whatever the callback does.
    if (next && b.site.kind === 'call' && b.site.callee.kind === 'member' && b.site.callee.property === 'then' && a.site.start >= b.site.callee.object.start && a.site.end <= b.site.callee.object.end) {
      const callback = evaluator.fact(next.node.frame.file, next.node.frame.fn);
      return callback && { fn: callback, before: [], after: [...ancestorsOf(callback, next.site), next.site], first: a.site, second: next.site, atStart: true };
    }
    const fn = evaluator.fact(a.node.frame.file, a.node.frame.fn);
    return fn && { fn, before: [...ancestorsOf(fn, a.site), a.site], after: [...ancestorsOf(fn, b.site), b.site], first: a.site, second: b.site };
  }
  return undefined;
}

/**
 * Whether `later` runs on every way out after `earlier`: it stands in the `finally` of a `try` that holds `earlier` or that
 * follows it with nothing between that can leave, or in the `.finally(…)` of the promise chain, in the function where the
 * two paths part.
 */
export function runsOnEveryExit(view: FunctionView, earlier: Spot, later: Spot): boolean {
  const parting = partingOf(view, earlier, later);
  if (!parting) return false;
  const { fn, before, after, first, second, atStart } = parting;
  if (second.kind === 'call' && second.callee.kind === 'member' && second.callee.property === 'finally') {
    if (first.start >= second.callee.start && first.end <= second.callee.end) return true;
    const statement = after.find((item) => isStatement(item) && listAround(after[after.indexOf(item) - 1], item, fn.body).some((other) => other !== item && before.includes(other)));
    if (statement && follows(before, statement, listAround(after[after.indexOf(statement) - 1], statement, fn.body))) return true;
  }
  for (const [depth, item] of after.entries()) {
    const inside = after[depth + 1];
    if (item.kind !== 'try' || !inside || !item.finalizer?.some((statement) => statement === inside)) continue;
    if (before.includes(item) && !before.some((step) => item.finalizer?.some((statement) => statement === step))) return true;
    // `write(); try { use(); } finally { remove(); }`: nothing between can leave.
    if (follows(before, item, listAround(after[depth - 1], item, fn.body), atStart && depth === 0)) return true;
  }
  return false;
}

/**
 * Whether two calls together cover every way out after `earlier`: one in the `catch` of a `try`, the other after that `try`
 * or at the end of its block.
 */
export function runAfterBoth(view: FunctionView, earlier: Spot, onFailure: Spot, onSuccess: Spot): boolean {
  const failing = partingOf(view, earlier, onFailure);
  const passing = partingOf(view, earlier, onSuccess);
  if (!failing || !passing || failing.fn !== passing.fn) return false;
  for (const [depth, item] of failing.after.entries()) {
    const inside = failing.after[depth + 1];
    if (item.kind !== 'try' || !inside || !item.handler?.some((statement) => statement === inside)) continue;
    const siblings = listAround(failing.after[depth - 1], item, failing.fn.body);
    const within = item.block.findIndex((statement) => failing.before.includes(statement));
    if (within < 0 && !follows(failing.before, item, siblings, failing.atStart && depth === 0)) continue;
    const place = passing.after;
    const after = siblings.findIndex((statement) => place.includes(statement));
    if (after > siblings.indexOf(item) && isPlain(place, siblings[after]) && siblings.slice(siblings.indexOf(item) + 1, after).every(cannotLeave) && !item.block.some(mayReturn)) return true;
    const ending = item.block.findIndex((statement) => place.includes(statement));
    if (ending >= 0 && isPlain(place, item.block[ending]) && !item.block.slice(Math.max(within, 0), ending).some(mayReturn)) return true;
  }
  return false;
}

/** The statement holds the call under no condition. */
const isPlain = (chain: readonly Item[], statement: Item | undefined): boolean => statement !== undefined && !chain.slice(chain.indexOf(statement)).some((item) => /^(?:if|switch|loop|try|conditional|logical|function)$/.test(item.kind));

const isStatement = (item: Item): boolean => /^(?:expr|declare|return)$/.test(item.kind);

/** Whether a statement comes right after the one with the write, or at the start of what follows the write, but for statements that cannot leave. */
function follows(before: readonly Item[], statement: Item, siblings: readonly Item[], atStart = false): boolean {
  const at = siblings.indexOf(statement);
  if (atStart) return at >= 0 && siblings.slice(0, at).every(cannotLeave);
  const from = siblings.findIndex((one) => before.includes(one));
  const held = siblings[from];
  return from >= 0 && from < at && held !== undefined && isStatement(held) && siblings.slice(from + 1, at).every(cannotLeave);
}

function cannotLeave(statement: Item): boolean {
  let leaves = false;
  walk([statement], (item) => { leaves ||= /^(?:call|new|await|yield|return|throw|break|continue|loop)$/.test(item.kind) && !isLogging(item); });
  return !leaves;
}

/** `console.log(…)`, `logger.info(…)`: nothing that a file is lost by. What its arguments call counts for itself. */
const isLogging = (item: Item): boolean => item.kind === 'call' && item.callee.kind === 'member' && typeof item.callee.property === 'string' && /^(?:log|trace|debug|info|warn|error)$/.test(item.callee.property) && /^(?:ref|global|this|member)$/.test(item.callee.object.kind);

function mayReturn(statement: Item): boolean {
  let found = false;
  walk([statement], (item) => { found ||= /^(?:return|break|continue)$/.test(item.kind); });
  return found;
}

function listAround(parent: Item | undefined, item: Item, top: readonly Item[]): readonly Item[] {
  if (!parent) return top;
  switch (parent.kind) {
    case 'block': case 'loop': return parent.body;
    case 'if': return (parent.then as readonly Item[]).includes(item) ? parent.then : parent.else;
    case 'try': return [parent.block, parent.handler ?? [], parent.finalizer ?? []].find((list) => (list as readonly Item[]).includes(item)) ?? [];
    case 'switch': return parent.cases.find((one) => (one.body as readonly Item[]).includes(item))?.body ?? [];
    default: return [];
  }
}

/** Bodies and expressions of calls, as `runsOnEveryExit` wants them. */
export const placeOf = (call: ExternalCall): Spot => ({ body: call.body, expr: call.expr });
