import type { Effect } from '../../catalog/effects.ts';
import type { ProjectView, FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { Occurrence } from '../queries/business.ts';
import { effects, type ReachedEffect } from '../queries/effects.ts';
import { guardOf, toldOf, type Arriving, type FoundGuard } from '../queries/guards.ts';
import { seenOf } from './documents.ts';
import { lastingKey } from './hop.ts';
import { lacksInMachine } from './machines.ts';
import { markedArrival } from './marks.ts';
import { outgoing, type Hop, type Unresolved } from './hops.ts';

export type { Hop, Unresolved } from './hops.ts';
export { cycles, components } from './cycles.ts';

/** Every way in which functions of a project make functions run, and the effects that could not be placed. */
export interface EventGraph {
  readonly hops: readonly Hop[];
  readonly unresolved: readonly Unresolved[];
}

const kept = new WeakMap<ProjectView, EventGraph>();

/** The event graph of a project; worked out function by function, once. */
export function eventGraph(project: ProjectView): EventGraph {
  let graph = kept.get(project);
  if (!graph) {
    const parts = project.functions.map(outgoing);
    graph = { hops: parts.flatMap((part) => part.hops), unresolved: parts.flatMap((part) => part.unresolved) };
    kept.set(project, graph);
  }
  return graph;
}

/** The effects that a hop stands for: one for each path that leads to its call. */
export function effectsOfHop(view: FunctionView, hop: Hop): readonly ReachedEffect[] {
  const { effect } = hop;
  if (!effect) return [];
  const isOfHop = (item: ReachedEffect): boolean => item.index === effect.index && item.effect.row === effect.row && item.place.file === effect.file
    && item.place.start === effect.start && lastingKey(item.effect.target) === effect.target;
  return effects(view).filter(isOfHop).flatMap((item) => [item, ...(item.others ?? [])]).flatMap(onEachPath);
}

/** An effect once more for each further path on which its call has the same arguments. */
function onEachPath(item: ReachedEffect): readonly ReachedEffect[] {
  const { occurrence } = item;
  return [item, ...(occurrence?.also ?? []).map((activation): ReachedEffect => ({ ...item, occurrence: { ...occurrence, activation } as Occurrence }))];
}

/** The guard on the way to the call that a hop starts with. Links the function again: ask for hops of loops only. */
export function guardOfHop(project: ProjectView, hop: Hop): FoundGuard | undefined {
  const view = hop.effect && project.functions.find((item) => item.fn.id === hop.from);
  return view ? guardIn(view, hop) : undefined;
}

/** Fields of the event that EventBridge makes of what is put (its user guide, "Event structure", November 2026). */
const envelope = ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'];

/** What the next function gets from an effect on a hop. */
export function arrivesBy(project: ProjectView, hop: Hop, effect: Effect): Arriving {
  const { payload, attributes } = hop.told ? { payload: undefined, attributes: hop.told } : { payload: hop.seen ? seenOf(effect.payload, hop.seen) : effect.payload, attributes: queueOf(project, hop, effect) ?? toldOf(effect) };
  const fields = hop.arrives === 'records' ? ['Records'] : hop.arrives === 'event' ? envelope : undefined;
  const lacking = hop.byMachine ? lacksInMachine(project, hop, effect.payload) : undefined;
  return { ...(lacking ? { lacking } : {}), ...(payload ? { payload } : {}), ...(attributes ? { attributes } : {}), ...(effect.key ? { key: effect.key } : {}), ...(fields ? { fields } : {}), isWhole: hop.how === 'invoke', isUpdate: isUpdate(effect, hop), exists: existsAround(effect, hop) };
}

/** What a Worker's batch says of the queue that it came through (Cloudflare Queues, "JavaScript APIs", MessageBatch.queue, November 2026). */
function queueOf(project: ProjectView, { through }: Hop, effect: Effect): Value | undefined {
  const [key, ...others] = effect.service === 'cloudflare-queue' ? through.map((thing) => thing.key) : [];
  const name = key === undefined || others.length > 0 ? undefined : project.infrastructure.resources.find(({ id }) => `#${id}` === key)?.physicalName;
  return name && { kind: 'object', open: true, entries: [['queue', name]] };
}

/** Whether the fields that are not named stay as they are. */
function isUpdate(effect: Effect, { seen }: Hop): boolean | 'listed' {
  if (seen) return 'above' in seen;
  return effect.row === 'dynamodb UpdateItem' ? 'listed' : effect.detail === 'update' || effect.merges === true;
}

/** What ends the chain at an effect, given what arrives; also with what the function has written into the document of its event by then. */
export function guardAgainst(view: FunctionView, item: ReachedEffect, arrives: Arriving): FoundGuard | undefined {
  const guard = guardOf(view, item, arrives);
  const marked = guard?.strength === 'ends' ? undefined : markedArrival(view, item, arrives);
  const found = marked && guardOf(view, item, marked);
  return found?.strength === 'ends' ? found : guard;
}

/** Whether a document is there before and after a write to it (firebase-admin 13, `DocumentReference`, November 2026: `update` fails where there is none, `create` where there is one). */
function existsAround(effect: Effect, { own }: Hop): NonNullable<Arriving['exists']> {
  if (effect.service !== 'firestore') return {};
  if (effect.kind === 'delete') return { before: true, after: false };
  if (effect.isNew || /^(?:add|create)$/.test(effect.detail)) return { before: false, after: true };
  return effect.detail === 'update' || effect.exists || own ? { before: true, after: true } : { after: true };
}

/** As `guardOfHop`, of a function at hand. */
export function guardIn(view: FunctionView, hop: Hop): FoundGuard | undefined {
  const guards = effectsOfHop(view, hop).map((item) => guardAgainst(view, item, arrivesBy(view.project, hop, item.effect)));
  return leastOf(guards);
}

/** Of several paths to one line every one must be guarded; the loop is as sure as the path that surely goes on. */
export function leastOf(guards: readonly (FoundGuard | undefined)[]): FoundGuard | undefined {
  const others = guards.filter((guard) => guard?.strength !== 'ends');
  if (others.length === 0) return guards[0];
  const ends = guards.find((guard) => guard?.strength === 'ends');
  const sure = others.filter((guard) => guard?.doubt === undefined);
  if (sure.length === 0) return others[0];
  return ends ? ledAround(ends) : sure.find((guard) => guard?.strength === 'weak');
}

/** A guard that only some of the ways to a line pass. */
const ledAround = (guard: FoundGuard): FoundGuard => ({ ...guard, strength: 'weak', why: `${guard.why}, but another way to this line leads around it` });
