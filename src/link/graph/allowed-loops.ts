import type { FunctionView } from '../../model/project.ts';
import { cycles, eventGraph, guardIn } from './graph.ts';
import { outgoing } from './hops.ts';
import type { Hop } from './hop.ts';
import { guardOfCycle } from './loop-guard.ts';

/** Services between which AWS recognises a loop and cuts it (Lambda developer guide, "recursive loop detection", November 2026). */
export const watchedServices: ReadonlySet<string> = new Set(['lambda', 'sqs', 'sns', 's3', 'subscription', 'notification', 'redrive']);

const isWatched = (hop: Hop): boolean => hop.services.every((service) => watchedServices.has(service));

/**
 * The loops of a function that the platform would cut: `none`, `guarded` when each of them is known to end by itself, else
 * the first hop of one that is not. Asks for the event graph where the whole repository is in view.
 */
export function cutLoops(view: FunctionView): 'none' | 'guarded' | Hop {
  const own = outgoing(view).hops.filter((hop) => hop.to === hop.from && isWatched(hop));
  const others = view.project.whole ? cycles(eventGraph(view.project).hops).filter((cycle) => cycle.every(isWatched) && cycle.some((hop) => hop.from === view.fn.id)) : [];
  const open = own.find((hop) => guardIn(view, hop)?.strength !== 'ends') ?? others.find((cycle) => guardOfCycle(view.project, cycle)?.strength !== 'ends')?.[0];
  return open ?? (own.length + others.length > 0 ? 'guarded' : 'none');
}
