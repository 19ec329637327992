import type { FunctionView } from '../../model/project.ts';
import { eventGraph } from './graph.ts';

/**
 * Where functions of the project start a function that has no trigger, if none of them waits for it (`InvocationType: 'Event'`): the
 * platform keeps such an event and tries again when the invocation fails. Files; none where somebody waits or nobody is known to
 * start it. Asks for the event graph, where the whole repository is in view.
 */
export function sendersOfEvents(view: FunctionView): readonly string[] {
  if (!view.project.whole || view.fn.triggers.length > 0 || view.fn.platform !== 'aws') return [];
  const ways = eventGraph(view.project).hops.filter((hop) => hop.to === view.fn.id && hop.from !== view.fn.id);
  return ways.every((hop) => !hop.waits && hop.how === 'invoke' && hop.assumptions.length === 0) ? [...new Set(ways.map((hop) => hop.place.file))] : [];
}
