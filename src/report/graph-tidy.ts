import type { Picture, PictureEdge, PictureNode } from '../model/picture.ts';
import { plural } from './context.ts';

/** Names that stand in one box. */
const maxNames = 3;

/**
 * What every drawing leaves out or draws together, whatever its size: resources that no function has to do with, and what
 * lies outside: one box for each function, or a mail service would tie half of the functions to one knot.
 */
export function tidy(picture: Picture): Picture {
  return gathered(withFunctions(picture));
}

function withFunctions(picture: Picture): Picture {
  const next = new Map<string, string[]>();
  for (const { from, to } of picture.edges) for (const [a, b] of [[from, to], [to, from]] as const) {
    const list = next.get(a);
    if (list) list.push(b); else next.set(a, [b]);
  }
  const reached = new Set(picture.nodes.filter((node) => node.kind === 'function').map((node) => node.id));
  const open = [...reached];
  for (let id = open.pop(); id !== undefined; id = open.pop()) for (const other of next.get(id) ?? []) if (!reached.has(other)) { reached.add(other); open.push(other); }
  const count = picture.nodes.length - reached.size;
  if (count === 0) return picture;
  return {
    ...picture, nodes: picture.nodes.filter((node) => reached.has(node.id)), edges: picture.edges.filter((edge) => reached.has(edge.from) && reached.has(edge.to)),
    notes: [...picture.notes, `${plural(count, 'resource')} that no function has to do with ${count === 1 ? 'is' : 'are'} left out (--format json has all)`],
  };
}

/** Ends outside the repository, and ends that are not known: each function gets one box of its own for either. */
function gathered(picture: Picture): Picture {
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  const outgoing = new Set(picture.edges.map((edge) => edge.from));
  const kindOf = (edge: PictureEdge): 'outside' | 'unknown' | undefined => {
    const from = nodes.get(edge.from);
    const to = nodes.get(edge.to);
    if (from?.kind !== 'function' || !to || outgoing.has(to.id) || to.loops.length > 0 || to.kind === 'function') return undefined;
    return to.unknown ? 'unknown' : to.kind === 'external' && to.unheard ? 'outside' : undefined;
  };
  const groups = new Map<string, { readonly from: string; readonly kind: 'outside' | 'unknown'; readonly edges: PictureEdge[] }>();
  for (const edge of picture.edges) {
    const kind = kindOf(edge);
    if (kind === undefined) continue;
    const id = `${edge.from}|${kind}`;
    const group = groups.get(id);
    if (group) group.edges.push(edge); else groups.set(id, { from: edge.from, kind, edges: [edge] });
  }
  const made: PictureNode[] = [];
  const arrows: PictureEdge[] = [];
  const taken = new Set<PictureEdge>();
  for (const [id, { from, kind, edges }] of groups) {
    for (const edge of edges) taken.add(edge);
    const names = [...new Set(edges.map((edge) => nodes.get(edge.to)?.label ?? ''))].sort((a, b) => (a < b ? -1 : 1));
    const lines = names.length > maxNames ? [...names.slice(0, maxNames - 1), `… ${names.length - maxNames + 1} more`] : names;
    const own = nodes.get(from);
    const kinds = new Set(edges.map((edge) => nodes.get(edge.to)?.kind));
    const [only] = kinds;
    made.push({ id, kind: kinds.size === 1 && only !== undefined ? only : 'external', label: lines.join('\n'), ...(own?.unit === undefined ? {} : { unit: own.unit }), loops: [], ...(kind === 'unknown' ? { unknown: true as const } : { unheard: true as const }) });
    arrows.push({
      from, to: id, kind: 'write', certainty: kind === 'unknown' ? 'unresolved' : edges.some((edge) => edge.certainty === 'proved') ? 'proved' : 'possible', loops: [],
      reasons: [...new Set(edges.flatMap((edge) => edge.reasons))], places: edges.flatMap((edge) => edge.places),
      ...(kind === 'outside' && edges.length === 1 && edges[0]?.label !== undefined ? { label: edges[0].label } : {}),
    });
  }
  const edges = [...picture.edges.filter((edge) => !taken.has(edge)), ...arrows];
  const used = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const gone = new Set([...taken].map((edge) => edge.to));
  return { ...picture, nodes: [...picture.nodes.filter((node) => !gone.has(node.id) || used.has(node.id)), ...made], edges };
}
