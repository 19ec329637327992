import type { Expr, Stmt } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { behind } from './failed-answers.ts';
import { answersIn, saysSuccess, speaksOfError } from './success-answers.ts';
import { isUnused } from './use-of-result.ts';

/**
 * `let response = { statusCode: 200 }; try { response = …; } catch (error) { log(error); } return response;`: the `catch` falls through to an
 * answer that was prepared before the work, and that one says success. Not where the `catch` leaves or sets the answer itself.
 */
export function fallsToSuccess(view: LinkedFunction, body: LinkedBody, stmt: Stmt & { kind: 'try' }): boolean {
  const [answer, ...more] = answersIn(behind(body, stmt));
  if (answer?.kind !== 'ref' || !more.every((one) => one.kind === 'ref' && one.binding === answer.binding)) return false;
  const definitions = view.evaluator.modules.index(body.file)?.definitions.get(answer.binding) ?? [];
  const before = definitions.filter((one) => one.start < stmt.start);
  const [only] = before;
  if (before.length !== 1 || only?.expr === undefined || only.path.length > 0 || only.form !== 'init' || definitions.some((one) => one.start > stmt.end)) return false;
  let left = false;
  walk(stmt.handler ?? [], (item) => {
    if (item.kind === 'throw' || item.kind === 'return') left = true;
    // Set as a whole, in a part, or by somebody who is given it.
    if (item.kind === 'ref' && item.binding === answer.binding) left = true;
  });
  let changed = false;
  walk(behind(body, stmt), (item) => {
    if (item.kind === 'assign' && item.target.kind === 'member' && item.target.object.kind === 'ref' && item.target.object.binding === answer.binding) changed = true;
  });
  return !left && !changed && saysSuccess(view, body, only.expr);
}

/**
 * `catch (error) { log(error); return { success: false }; }` in a task of a state machine, which goes on with what the task gives: the failure is
 * in it, and nothing between the `catch` and the handler throws it away.
 */
export function tellsStateMachine(view: LinkedFunction, body: LinkedBody, { handler, param }: Stmt & { kind: 'try' }): boolean {
  const last = handler?.at(-1);
  // An answer as HTTP gives it (`{ statusCode: 500 }`, `failed(error)`) is none that a machine chooses by.
  if (last?.kind !== 'return' || last.value === undefined || (!isNo(last.value) && (last.value.kind !== 'object' || last.value.properties.some(({ key }) => key === 'statusCode')))) return false;
  return (isNo(last.value) || speaksOfError(last.value) || (param?.kind === 'ref' && mentions(last.value, param.binding))) && !isUnused(view, body, undefined, {});
}

const isNo = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === false;

function mentions(expr: Expr, binding: number): boolean {
  let found = false;
  walk([expr], (item) => { if (item.kind === 'ref' && item.binding === binding) found = true; });
  return found;
}
