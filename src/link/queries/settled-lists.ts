import type { CallExpr, Expr, FunctionFact } from '../../model/facts.ts';
import type { Node } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { targetOf, workIn } from './calls-in.ts';
import { isChain } from './chains.ts';
import { isLog, type Outcome } from './error-handling.ts';
import { isMainWork } from './main-work.ts';
import { passesBy } from './passed-by.ts';
import { SettledUses } from './settled-uses.ts';
import { edgesAt, promiseOf } from './started.ts';
import { isUnused } from './use-of-result.ts';

/**
 * `Promise.allSettled` of a body whose rejections nobody acts on: nobody looks for them (`ignored`), or they are only counted and logged.
 *
 * @param root the handler that the body belongs to, when nobody reads its answer
 */
export function settledLists(view: LinkedFunction, body: LinkedBody, root: Node | undefined): readonly { readonly call: CallExpr; readonly outcome: Outcome }[] {
  const found: { call: CallExpr; outcome: Outcome }[] = [];
  walk(body.fn.body, (item) => {
    if (item.kind !== 'call' || item.callee.kind !== 'member' || item.callee.property !== 'allSettled') return;
    if (!isRemote(view, body, item) || neverRejects(view, body, item.args)) return;
    const uses = new SettledUses(view, body, (expr) => root !== undefined && isUnused(view, body, root, { expr }));
    const outcome = uses.of(item);
    // What is gathered from those that answer may do without the others; a change that is the function's purpose may not.
    const isGathered = outcome === 'unseen' && uses.readsValues && !isMainWork(view, body, item, item.args.some(isName) ? body.fn.body : [item]);
    if (outcome === 'acted' || isGathered) return;
    found.push({ call: item, outcome: outcome === 'logged' ? 'logged' : 'ignored' });
  });
  return found;
}

const isName = (arg: Expr): boolean => arg.kind === 'ref' || (arg.kind === 'array' && arg.items.some((one) => one?.kind === 'ref' || (one?.kind === 'spread' && one.of.kind === 'ref')));

/** Whether what is waited for leaves the process: in the call, or where the promises in its list were started. */
function isRemote(view: LinkedFunction, body: LinkedBody, call: CallExpr): boolean {
  if (!call.args.some(isName)) return workIn(view, body.node, [call]).remote;
  if (workIn(view, body.node, body.fn.body).remote) return true;
  let started = false;
  walk(body.fn.body, (item) => { if ((item.kind === 'call' || item.kind === 'new') && item !== call) started ||= promiseOf(view, body.node, item) !== undefined; return !started; });
  return started;
}

/** Whether every promise that is made in a list deals with its own failure: inside a `try`, or in a `.catch(…)` at its end. */
function neverRejects(view: LinkedFunction, body: LinkedBody, args: readonly Expr[]): boolean {
  let targets = 0;
  let safe = 0;
  walk(args, (item) => {
    if (item.kind !== 'call') return undefined;
    if (catches(view, body, item)) { targets++; safe++; return false; }
    for (const edge of edgesAt(view, body.node, item)) {
      const node = targetOf(view, edge);
      const fact = node && view.evaluator.fact(node.frame.file, node.frame.fn);
      const own = node && view.bodies('invoke').find((one) => one.node === node);
      if (!fact || !own || edge.how !== 'callback') continue;
      targets++;
      if (dealsWith(view, own, fact)) safe++;
    }
    return undefined;
  });
  return targets > 0 && safe === targets;
}

/** `work().catch((error) => log(error))`. */
function catches(view: LinkedFunction, body: LinkedBody, expr: Expr): boolean {
  const call = expr.kind === 'await' ? expr.of : expr;
  if (!isChain(call) || call.callee.property !== 'catch') return false;
  const [handler] = call.args;
  const fact = handler?.kind === 'function' ? body.facts.functions[handler.fn] : undefined;
  return fact ? !throws(fact.body) : handler?.kind === 'member' && handler.object.kind === 'global' && handler.object.name === 'console';
}

function dealsWith(view: LinkedFunction, body: LinkedBody, fact: FunctionFact): boolean {
  const last = fact.body.filter((one) => one.kind !== 'declare' || one.value?.kind === 'literal');
  return last.length > 0 && last.every((one) => {
    if (one.kind === 'try') return one.handler !== undefined && !throws(one.handler) && !passesBy(view, body, one);
    const expr = one.kind === 'expr' ? one.expr : one.kind === 'return' ? one.value : undefined;
    return expr !== undefined && ((expr.kind === 'call' && isLog(view, body, expr)) || catches(view, body, expr));
  });
}

function throws(items: readonly Item[]): boolean {
  let found = false;
  walk(items, (item) => { if (item.kind === 'throw') found = true; });
  return found;
}
