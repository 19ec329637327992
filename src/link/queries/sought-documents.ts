import { documentOfSnapshot } from '../../catalog/effects-firebase.ts';
import type { Effect } from '../../catalog/effects.ts';
import type { Value } from '../../model/value.ts';
import { contains, valueKey } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import type { Occurrence } from './business.ts';
import { comparisons, unfolded } from './comparisons.ts';
import { conditionsAlong } from './conditions.ts';
import type { Expr } from '../../model/facts.ts';

/**
 * A `set` of a document that was looked for before: where it was not there the write makes it (`if (!snapshot.exists) ref.set(…)`), where it
 * was there the write changes it (`if (!snapshot.exists) return; ref.set(…)`).
 *
 * Source: Cloud Firestore documentation, "Cloud Firestore triggers" and DocumentSnapshot.exists (November 2026).
 */
export function asSought(view: LinkedFunction, site: Expr, { activation, chosen }: Occurrence, effect: Effect): Effect {
  if (effect.service !== 'firestore' || effect.detail !== 'set' || effect.exists || contains(effect.target, isVague)) return effect;
  const key = valueKey(effect.target);
  for (const { test, outcome, subject, frame } of [...conditionsAlong(view, activation, site), ...(chosen ? conditionsAlong(view, activation, chosen) : [])]) {
    for (const comparison of comparisons(test, outcome, subject)) {
      const valueOf = (expr: Expr): Value => view.evaluator.value(expr, frame);
      const { left, right, equal, ordered, truthy } = unfolded(valueOf(comparison.left), comparison.right && valueOf(comparison.right), comparison);
      const isThere = truthy ?? (!ordered && right?.kind === 'literal' && typeof right.value === 'boolean' ? right.value === equal : undefined);
      const sought = isThere === undefined ? undefined : soughtBy(left);
      if (sought && valueKey(sought) === key) return { ...effect, ...(isThere ? { exists: true as const } : { isNew: true as const }) };
    }
  }
  return effect;
}

/** A step that the database makes, or that is not known: two of them are not the same one. */
const isVague = (part: Value): boolean => part.kind === 'unknown' || (part.kind === 'literal' && String(part.value).includes('*'));

/** `snapshot.exists`, `snapshot.data()`: the document that is asked for. */
function soughtBy(asked: Value): Value | undefined {
  const [snapshot] = asked.kind === 'derived' && /^(?:[.#]exists|#data)$/.test(asked.what) ? asked.from : [];
  return snapshot && documentOfSnapshot(snapshot);
}
