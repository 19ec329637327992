import type { Gap } from '../../model/function.ts';
import type { ProjectView } from '../../model/project.ts';
import { outgoing } from './hops.ts';

/** A gap that says which effect could not be placed, and why. */
export interface EffectGap extends Gap {
  readonly kind: 'effect';
  readonly reason: string;
}

/** Distinct reasons that are counted one by one; what is rarer counts together. */
const MAX_REASONS = 20;

/** Effects whose target could not be told, one for each place and reason. Asks for the event graph: only where it is known anyway. */
export function effectGaps(project: ProjectView): readonly EffectGap[] {
  const found = new Map<string, EffectGap>();
  for (const view of project.functions) {
    for (const { place, detail, reason } of outgoing(view).unresolved) {
      const message = `target of ${detail} is not known: ${reason}`;
      found.set(`${place.file}\n${place.line}\n${message}`, { kind: 'effect', file: place.file, line: place.line, message, reason });
    }
  }
  return [...found.values()];
}

/** Number of unresolved effects, and of each reason, most frequent first, for the statistics of a run. */
export function reasonCounts(gaps: readonly EffectGap[]): Readonly<Record<string, number>> {
  if (gaps.length === 0) return {};
  const counts = new Map<string, number>();
  for (const { reason } of gaps) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : a > b ? 1 : 0));
  const rest = sorted.slice(MAX_REASONS).reduce((sum, [, count]) => sum + count, 0);
  const shown = sorted.slice(0, MAX_REASONS).map(([reason, count]) => [`effectsUnresolved: ${reason}`, count] as const);
  return Object.fromEntries([['effectsUnresolved', gaps.length], ...shown, ...(rest > 0 ? [['effectsUnresolved: other reasons', rest] as const] : [])]);
}
