import type { Picture } from '../model/picture.ts';
import type { ReportContext } from './context.ts';
import { toJson } from './escape.ts';
import { head } from './json.ts';

/** The picture as the published contract says (`schema/graph.json`): whole, whatever its size. */
export function graphJson(picture: Picture, context: ReportContext): string {
  return toJson({
    ...head(context),
    focus: picture.focus,
    nodes: picture.nodes.map(({ id, kind, label, unit, place, loops, unheard, unknown }) => ({ id, kind, label, unit, place, loops, unheard, unknown })),
    edges: picture.edges.map(({ from, to, kind, label, certainty, reasons, places, loops }) => ({ from, to, kind, label, certainty, reasons, places, loops })),
    loops: picture.loops.map(({ number, nodes, certainty, assumptions, ends }) => ({ number, nodes, certainty, assumptions, ends })),
  });
}
