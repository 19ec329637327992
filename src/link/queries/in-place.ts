import type { AssignExpr } from '../../model/facts.ts';
import type { Value } from '../../model/value.ts';
import { contains, valueKey } from '../values.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';

/**
 * Which way a field of the very message that is sent is moved on the way to the call (`message.tries++`,
 * `message.tries -= 1`): 1 or -1; 0 where it is not, or not known.
 */
export function stepInPlace(view: LinkedFunction, activation: Activation, payload: Value, name: string): 1 | -1 | 0 {
  const ways = new Set<1 | -1 | 0>();
  for (const frame of [...activation.callers.map((step) => step.frame), activation.frame]) {
    const fn = view.evaluator.fact(frame.file, frame.fn);
    if (!fn) continue;
    walk(fn.body, (item) => {
      if (item.kind !== 'assign' || item.target.kind !== 'member' || item.target.property !== name) return;
      const way = stepOf(item);
      if (way === undefined) return;
      const object = valueKey(view.evaluator.value(item.target.object, frame));
      if (contains(payload, (part) => valueKey(part) === object)) ways.add(way);
    });
  }
  const [only] = ways;
  return ways.size === 1 ? (only ?? 0) : 0;
}

/** `++`, `+= 1`, `x.n = x.n + 1`; `undefined` for another kind of assignment. */
function stepOf({ op, value }: AssignExpr): 1 | -1 | 0 | undefined {
  if (op === '++') return 1;
  if (op === '--') return -1;
  if (op === '+=' || op === '-=') return value.kind === 'literal' && typeof value.value === 'number' && value.value > 0 ? (op === '+=' ? 1 : -1) : 0;
  return undefined;
}
