import type { CallExpr, Expr, NewExpr } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { externalsAt } from './started.ts';

/** Packages whose last callback gets an error only from a callback that the given functions call (async 3, neo-async 2; November 2026). */
const relays = /^(?:async|neo-async)(?:\/.{1,40})?$/;

/** Whether the last callback of a call gets an error first, whatever its author calls it: of a relay, of a client of an AWS SDK. */
export const isToldErrors = (body: LinkedBody, call: CallExpr | NewExpr): boolean => externalsAt(body.node, call).some(({ callee }) => callee.kind === 'external' && (relays.test(callee.module) || /^(?:@aws-sdk\/client-|aws-sdk$)/.test(callee.module)));

/**
 * `async.each(list, (item, done) => { …; done(); }, (error) => …)`: every call of `done` is without an error, so none ever reaches
 * the last callback. False where a function is not written there, hands its callback on, or may be a promise that rejects.
 */
export function neverFails(view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr): boolean {
  if (!externalsAt(body.node, call).some(({ callee }) => callee.kind === 'external' && relays.test(callee.module))) return false;
  const steps = call.args.slice(0, -1).filter((arg) => arg.kind === 'function');
  return steps.length === 1 && steps.every((step) => step.kind === 'function' && callsWithoutError(body, step.fn));
}

function callsWithoutError(body: LinkedBody, id: number): boolean {
  const fact = body.facts.functions[id];
  const last = fact?.params.at(-1)?.target;
  if (!fact || fact.async || last?.kind !== 'ref') return false;
  let calls = 0;
  let uses = 0;
  // Nested functions are facts of their own.
  for (const one of body.facts.functions) {
    walk(one.body, (item) => {
      if (item.kind === 'ref' && item.binding === last.binding) uses++;
      if (item.kind === 'call' && item.callee.kind === 'ref' && item.callee.binding === last.binding && !hasError(item.args[0])) calls++;
    });
  }
  return calls > 0 && uses === calls;
}

const hasError = (first: Expr | undefined): boolean => first !== undefined && !(first.kind === 'literal' && (first.value === null || first.value === undefined));
