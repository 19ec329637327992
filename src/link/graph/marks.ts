import type { FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { conditionsAlong } from '../queries/conditions.ts';
import { effects, type ReachedEffect } from '../queries/effects.ts';
import type { Arriving } from '../queries/guards.ts';
import { takenWith } from '../queries/taken.ts';
import type { LinkedFunction } from '../view.ts';
import { placeOf } from '../queries/document-places.ts';
import { hears } from './documents.ts';

/**
 * What arrives in the next round when the function marks the document of its own event in every round that gets to an effect
 * (`batch.update(snapshot.ref, { saved: true })`), and the write that comes back leaves the mark as it is; `undefined` without such a mark.
 */
export function markedArrival(view: FunctionView, item: ReachedEffect, arrives: Arriving): Arriving | undefined {
  const { payload, isUpdate } = arrives;
  if (!isUpdate || payload?.kind !== 'object' || payload.open) return undefined;
  const marks = ownMarks(view as LinkedFunction, item).filter(([name]) => payload.entries.every(([key]) => key.split(/[./]/)[0] !== name.split(/[./]/)[0]));
  return marks.length === 0 ? undefined : { ...arrives, payload: { ...payload, entries: [...marks, ...payload.entries] } };
}

/** Fields of the event's own document that are written whenever an effect is. */
function ownMarks(view: LinkedFunction, { call, occurrence }: ReachedEffect): readonly (readonly [string, Value])[] {
  const documents = view.fn.triggers.filter((trigger) => trigger.kind === 'document');
  const [trigger] = documents;
  if (!trigger || documents.length > 1 || !call || !occurrence) return [];
  const { activation, chosen } = occurrence;
  const isTaken = takenWith(view, [...conditionsAlong(view, activation, call.expr), ...(chosen ? conditionsAlong(view, activation, chosen) : [])]);
  return effects(view).flatMap((one) => [one, ...(one.others ?? [])]).flatMap((one) => {
    const { effect } = one;
    if (effect.kind !== 'write' || effect.resourceKind !== 'document' || effect.payload?.kind !== 'object' || effect.payload.open) return [];
    const place = placeOf(effect.target, trigger);
    const isOwn = place !== undefined && hears(trigger, place, effect)?.own === true;
    return isOwn && isTaken(one) ? effect.payload.entries : [];
  });
}
