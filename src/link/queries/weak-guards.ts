import type { Expr } from '../../model/facts.ts';
import type { Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { isNow, moves, type Sent } from './carried.ts';
import type { ActiveCondition } from './conditions.ts';
import type { ReachedEffect } from './effects.ts';
import type { FoundGuard } from './guards.ts';
import { eventNames } from './payload.ts';
import { doubtfulUnder, type Change } from './unchanged.ts';

/** What looks like an end of the chain and is none. */
export function weakGuard(view: LinkedFunction, conditions: readonly ActiveCondition[], sent: Sent, change: Change, call: NonNullable<ReachedEffect['call']>): FoundGuard | undefined {
  const guard = (at: { readonly file: string; readonly start: number; readonly end: number }, why: string): FoundGuard => {
    const { file, line } = view.location(at);
    return { strength: 'weak', why, oneHop: false, file, line };
  };
  const doubtful = doubtfulUnder(view, conditions, change);
  if (doubtful) {
    const at = { file: doubtful.frame.file, start: doubtful.test.start, end: doubtful.test.end };
    return { ...guard(at, 'the check asks for what the write changes, and may let it through'), doubt: 'the check of what is written lets the next round through' };
  }
  const counter = sent.find(([name, part]) => moves(part) && eventNames(part).includes(name));
  if (counter) return guard(call.place, `${counter[0]} is carried in the payload and moves each round, but nothing on the way stops it at a limit`);
  const outside = conditions.findLast(({ test, subject, frame }) => [test, ...(subject ? [subject] : [])].some((expr) => isOutside(view, expr, frame)));
  return outside && guard({ file: outside.frame.file, start: outside.test.start, end: outside.test.end }, 'the check rests on what is kept outside the chain, not on what the chain carries');
}

/** Whether a test asks what a service answers, or a switch in the environment. */
function isOutside(view: LinkedFunction, expr: Expr, frame: Frame): boolean {
  const isState = (one: Value): boolean => one.kind === 'env' || (one.kind === 'derived' && one.io && !isNow(one));
  return comparedIn(expr).some((part) => contains(view.evaluator.value(part, frame), isState));
}

/** The sides of a comparison with a literal, or what is asked for its truth; failures (`catch`, `!response.ok`) aside. */
function comparedIn(test: Expr): readonly Expr[] {
  switch (test.kind) {
    case 'unary': return test.op === '!' ? comparedIn(test.of) : [];
    case 'logical': return [...comparedIn(test.left), ...comparedIn(test.right)];
    case 'binary': return [test.left, test.right];
    case 'member': return test.property === 'ok' ? [] : [test];
    default: return [test];
  }
}
