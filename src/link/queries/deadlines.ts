import { deadlineCheckOf } from '../../catalog/asks.ts';
import type { Expr } from '../../model/facts.ts';
import type { Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains, externalPath } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { holderOf, readsOf } from './changes.ts';
import type { Atom } from './loops.ts';

/**
 * Whether a value comes from looking at the clock, at the time that is left, or at a signal that time sets. What an answer
 * from outside was asked with (`fetch(url, { signal: AbortSignal.timeout(2000) })`) does not make the answer a time.
 */
export function isTime(value: Value, budget: { left: number } = { left: 400 }): boolean {
  if (budget.left-- <= 0) return false;
  if (isLookAtTime(value)) return true;
  const any = (list: readonly Value[]): boolean => list.some((item) => isTime(item, budget));
  switch (value.kind) {
    case 'derived': return !isAsked(value) && any(value.from);
    case 'template': return any(value.parts);
    case 'oneOf': return any(value.options);
    case 'instance': return value.of.kind === 'external' && value.of.module === 'global' && any(value.args);
    case 'object': return value.entries.some(([, item]) => isTime(item, budget));
    default: return false;
  }
}

function isLookAtTime(value: Value): boolean {
  if (value.kind === 'instance' && value.of.kind === 'external') return deadlineCheckOf({ module: value.of.module, path: externalPath(value.of) }, value.args) !== undefined;
  if (value.kind !== 'derived') return false;
  if (value.what === '#getRemainingTimeInMillis' || value.what === '.getRemainingTimeInMillis') return true;
  const split = value.what.lastIndexOf(':');
  if (split < 0) return false;
  const path = value.what.slice(split + 1).split('.').filter((part) => part !== '');
  return deadlineCheckOf({ module: value.what.slice(0, split), path }, value.from) !== undefined || path.at(-1) === '#getRemainingTimeInMillis';
}

/** What a call that leaves the process gave back. */
const isAsked = (value: Value): boolean => value.kind === 'derived' && value.io && !isLookAtTime(value) && !value.what.startsWith('.') && (!value.what.startsWith('#') || value.from[0]?.kind === 'unknown');
/** An answer from outside the process: a time in it is data, no deadline. */
const isAnswer = (value: Value): boolean => contains(value, isAsked);

/**
 * Whether an atom of a loop's exit is a deadline: it compares the time, or reads a flag that a timer sets. A comparison of
 * data that was fetched with the time is none.
 */
export function isDeadline(view: LinkedFunction, atom: Atom, frame: Frame): boolean {
  const { expr } = atom;
  const value = view.evaluator.value(expr, frame);
  if (isTime(value) && !isAnswer(value)) return true;
  if (expr.kind === 'binary') {
    const left = view.evaluator.value(expr.left, frame);
    const right = view.evaluator.value(expr.right, frame);
    if ((isTime(left) && !isAnswer(right)) || (isTime(right) && !isAnswer(left))) return true;
  }
  return isSetByTimer(view, expr, frame);
}

/** A flag, or a controller, that the callback of a `setTimeout` writes or calls. */
function isSetByTimer(view: LinkedFunction, expr: Expr, frame: Frame): boolean {
  const facts = view.evaluator.modules.facts(frame.file);
  const index = view.evaluator.modules.index(frame.file);
  if (!facts || !index) return false;
  const reads = readsOf(expr);
  // `const { signal } = controller`: the signal's controller counts as well.
  for (const holder of [...reads]) {
    if (!holder.startsWith('b')) continue;
    for (const definition of index.definitions.get(Number(holder.slice(1))) ?? []) if (definition.expr && definition.form === 'init') for (const other of readsOf(definition.expr)) if (reads.size < 50) (reads as Set<string>).add(other);
  }
  for (const calls of index.calls) {
    for (const call of calls) {
      if (call.callee.kind !== 'global' || call.callee.name !== 'setTimeout') continue;
      const [callback] = call.args;
      const fn = callback?.kind === 'function' ? facts.functions[callback.fn] : undefined;
      if (!fn) continue;
      let touches = false;
      walk(fn.body, (item) => {
        const holder = item.kind === 'assign' ? holderOf(item.target) : item.kind === 'call' && item.callee.kind === 'member' ? holderOf(item.callee.object) : undefined;
        if (holder !== undefined && reads.has(holder)) touches = true;
      });
      if (touches) return true;
    }
  }
  return false;
}
