import type { Effect } from '../../catalog/effects.ts';

/** Deletions that somebody is told of: objects, items and documents. A message that is taken from its queue wakes nobody. */
const toldOfDeletion: ReadonlySet<string> = new Set(['bucket', 'table', 'document']);

/** Whether an effect can make a function run. */
export function isWaking(effect: Effect): boolean {
  return effect.kind !== 'read' && effect.kind !== 'subscribe' && (effect.kind !== 'delete' || toldOfDeletion.has(effect.resourceKind));
}
