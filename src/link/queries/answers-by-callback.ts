import { answersThroughCallback } from '../../catalog/callbacks-of-handlers.ts';
import type { CallExpr, Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import { alternatives } from '../../model/value.ts';
import { handlerValue } from '../entry.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { valueChain } from '../../catalog/effect-chain.ts';

/**
 * Whether an `async` handler of Lambda gives its answer through its callback on every way to its end and returns nothing of its
 * own. The first answer counts, and the callback's is sent when the event loop is empty: what was started goes on until then.
 * Source: aws-lambda-nodejs-runtime-interface-client 3.3, CallbackContext (`onlyAllowFirstCall`) and Runtime, read 2026-11.
 */
export function callsBackAtEnd(fact: FunctionFact): boolean {
  const target = fact.async ? fact.params[2]?.target : undefined;
  if (target?.kind !== 'ref') return false;
  const { binding } = target;
  let ownAnswer = false;
  walk(fact.body, (item) => { if (item.kind === 'return' && item.value && !isSuccess(item.value, binding) && !isFailure(item.value, binding)) ownAnswer = true; });
  return !ownAnswer && ends(fact.body, binding) && leavesTold(fact.body, binding);
}

/** Whether the end of a list of statements is only reached through a call of the callback, or not at all. */
function ends(body: readonly Stmt[], binding: number): boolean {
  const last = body.at(-1);
  if (!last) return false;
  if (isTold(last, binding)) return true;
  switch (last.kind) {
    case 'throw': return true;
    case 'return': return last.value === undefined && ends(body.slice(0, -1), binding);
    case 'block': return ends(last.body, binding);
    case 'if': return ends(last.then, binding) && ends(last.else, binding);
    case 'try': return ends(last.block, binding) && (last.handler === undefined || ends(last.handler, binding));
    default: return false;
  }
}

/** Whether every `return` without a value stands behind a call of the callback in the same list. */
function leavesTold(body: readonly Stmt[], binding: number): boolean {
  return body.every((stmt, index) => {
    switch (stmt.kind) {
      case 'return': return stmt.value !== undefined || ends(body.slice(0, index), binding);
      case 'block': return leavesTold(stmt.body, binding);
      case 'if': return leavesTold(stmt.then, binding) && leavesTold(stmt.else, binding);
      case 'try': return leavesTold(stmt.block, binding) && leavesTold(stmt.handler ?? [], binding) && leavesTold(stmt.finalizer ?? [], binding);
      case 'loop': return leavesTold(stmt.body, binding);
      case 'switch': return stmt.cases.every((one) => leavesTold(one.body, binding));
      default: return true;
    }
  });
}

function isTold(stmt: Stmt, binding: number): boolean {
  const expr = stmt.kind === 'expr' ? stmt.expr : stmt.kind === 'return' ? stmt.value : undefined;
  return expr !== undefined && (isSuccess(expr, binding) || isFailure(expr, binding));
}

const called = (expr: Expr, binding: number): CallExpr | undefined => (expr.kind === 'await' ? called(expr.of, binding) : expr.kind === 'call' && expr.callee.kind === 'ref' && expr.callee.binding === binding ? expr : undefined);

/** `callback(null, answer)`. */
function isSuccess(expr: Expr, binding: number): boolean {
  const call = called(expr, binding);
  const [error] = call?.args ?? [];
  return call !== undefined && (error === undefined || (error.kind === 'literal' && (error.value === null || error.value === undefined)) || (error.kind === 'global' && error.name === 'undefined'));
}

/** `callback(error)`: a failure is sent at once, and what was started is lost with it as with any failure. */
const isFailure = (expr: Expr, binding: number): boolean => called(expr, binding) !== undefined && !isSuccess(expr, binding);

/** Whether every handler of a function is one that a library made and that answers through the callback of the platform. */
export function isLibraryWithCallback(view: LinkedFunction): boolean {
  return view.fn.handlers.length > 0 && view.fn.handlers.every((handler) => alternatives(handlerValue(handler, view.evaluator)).every((one) => {
    const chain = valueChain(one);
    return chain !== undefined && answersThroughCallback(chain.module, chain.links.map((link) => link.name));
  }));
}
