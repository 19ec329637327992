import type { AssignExpr, Expr } from '../../model/facts.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import type { Mutation } from './mutations.ts';

/**
 * Whether a counter that goes up by one goes down by one as well, in the same file: it counts what is in use at the moment (references to a
 * shared object, work in flight), and is meant to be of this process.
 */
export function isBalanced(view: LinkedFunction, { expr, body }: Mutation): boolean {
  const step = expr.kind === 'assign' ? stepOf(expr) : undefined;
  if (expr.kind !== 'assign' || step === undefined) return false;
  let back = false;
  for (const fn of view.evaluator.modules.facts(body.file)?.functions ?? []) {
    walk(fn.body, (item) => {
      if (item.kind === 'assign' && stepOf(item) === -step && isSame(item.target as Expr, expr.target as Expr)) back = true;
      return !back;
    });
    if (back) return true;
  }
  return false;
}

/** By how much a count changes, where it is one. */
function stepOf({ op, value }: AssignExpr): 1 | -1 | undefined {
  if (value.kind !== 'literal' || value.value !== 1) return undefined;
  return op === '++' || op === '+=' ? 1 : op === '--' || op === '-=' ? -1 : undefined;
}

const isSame = (one: Expr, other: Expr): boolean => one.kind === 'ref' ? other.kind === 'ref' && other.binding === one.binding
  : one.kind === 'member' ? other.kind === 'member' && typeof one.property === 'string' && other.property === one.property && isSame(one.object, other.object)
    : one.kind === 'this' && other.kind === 'this';
