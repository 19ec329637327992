import type { LinkedFunction } from '../view.ts';
import type { ActiveCondition } from './asked-functions.ts';
import { conditionsAlong } from './conditions.ts';
import type { ReachedEffect } from './effects.ts';

/**
 * Whether whoever gets to a place has passed another effect, or passes it afterwards: what that one asks for is asked for by the place
 * as well.
 *
 * @param conditions of the place
 */
export function takenWith(view: LinkedFunction, conditions: readonly ActiveCondition[]): (other: ReachedEffect) => boolean {
  const held = new Set(conditions.map(keyOf));
  return ({ call, occurrence }) => call !== undefined && occurrence !== undefined && conditionsAlong(view, occurrence.activation, call.expr).every((condition) => held.has(keyOf(condition)));
}

const keyOf = ({ frame, test, outcome }: ActiveCondition): string => `${frame.file}:${test.start}:${test.end}:${outcome}`;
