import type { Picture, PictureEdge, PictureNode } from '../model/picture.ts';
import { plural } from './context.ts';

/** What a drawing can hold. */
export interface Room {
  readonly nodes: number;
  readonly edges: number;
}

/**
 * A picture that fits the room, with a note of each thing done to it: first ends of ways go, then functions of a unit are
 * drawn together, then what is farthest from loops is cut off. Loops and the functions asked for stay.
 */
export function shrink(picture: Picture, room: Room): Picture {
  let current = picture;
  for (const step of [withoutEnds, byUnit]) if (!fits(current, room)) current = step(current);
  return fits(current, room) ? current : cutOff(current, room);
}

const fits = (picture: Picture, room: Room): boolean => picture.nodes.length <= room.nodes && picture.edges.length <= room.edges;

function withoutEnds(picture: Picture): Picture {
  const gone = new Set(picture.nodes.filter((node) => node.loops.length === 0 && (node.unheard || node.unknown)).map((node) => node.id));
  return without(picture, gone, `${plural(gone.size, 'thing')} that nothing leads on from ${gone.size === 1 ? 'is' : 'are'} left out`);
}

function without(picture: Picture, gone: ReadonlySet<string>, note: string): Picture {
  if (gone.size === 0) return picture;
  return {
    ...picture, nodes: picture.nodes.filter((node) => !gone.has(node.id)), edges: picture.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
    notes: [...picture.notes, `${note} (--format json has all)`],
  };
}

/** Functions of one unit become one node, but for those of loops and those asked for; routes and schedules of what is drawn together go. */
function byUnit(picture: Picture): Picture {
  const stays = (node: PictureNode): boolean => node.loops.length > 0 || picture.focus.includes(node.id);
  const merged = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const node of picture.nodes) {
    if (node.kind !== 'function' || node.unknown || stays(node)) continue;
    const id = `${node.unit ?? ''}#*`;
    merged.set(node.id, id);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const trimmed = new Set(picture.nodes.filter((node) => (node.kind === 'route' || node.kind === 'schedule') && !stays(node)).map((node) => node.id));
  const units: readonly PictureNode[] = [...counts].map(([id, count]) => ({ id, kind: 'function', label: plural(count, 'function'), unit: id.slice(0, -2), loops: [], count }));
  const edges = new Map<string, PictureEdge>();
  for (const edge of picture.edges) {
    if (trimmed.has(edge.from) || trimmed.has(edge.to)) continue;
    const from = merged.get(edge.from) ?? edge.from;
    const to = merged.get(edge.to) ?? edge.to;
    if (from === to && edge.from !== edge.to) continue;
    const key = `${from}\n${to}\n${edge.kind}`;
    const known = edges.get(key);
    const { label: _, ...rest } = edge;
    const plain: PictureEdge = from === edge.from && to === edge.to ? edge : { ...rest, from, to };
    if (!known) edges.set(key, plain);
    else edges.set(key, { ...known, certainty: known.certainty === 'proved' || edge.certainty === 'proved' ? 'proved' : known.certainty === 'possible' ? 'possible' : edge.certainty });
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return {
    ...picture, nodes: [...picture.nodes.filter((node) => !merged.has(node.id) && !trimmed.has(node.id)), ...units], edges: [...edges.values()],
    notes: [...picture.notes, `${plural(total, 'function')} of ${plural(counts.size, 'deployment unit')} drawn together, without routes and schedules (--function NAME shows one)`],
  };
}

/** Keeps loops and what was asked for, then what has most arrows. */
function cutOff(picture: Picture, room: Room): Picture {
  const degree = new Map<string, number>();
  for (const edge of picture.edges) for (const id of [edge.from, edge.to]) degree.set(id, (degree.get(id) ?? 0) + 1);
  const weight = (node: PictureNode): number => (picture.focus.includes(node.id) ? 2e9 : node.loops.length > 0 ? 1e9 : 0) + (degree.get(node.id) ?? 0);
  const ranked = [...picture.nodes].sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
  const gone = new Set(ranked.slice(room.nodes).map((node) => node.id));
  const cut = without(picture, gone, `${plural(gone.size, 'node')} with the fewest connections cut off`);
  if (cut.edges.length <= room.edges) return cut;
  const kept = new Set([...cut.edges].map((edge, index) => ({ edge, index })).sort((a, b) => b.edge.loops.length - a.edge.loops.length || a.index - b.index).slice(0, room.edges).map(({ edge }) => edge));
  return { ...cut, edges: cut.edges.filter((edge) => kept.has(edge)), notes: [...cut.notes, `${plural(cut.edges.length - kept.size, 'connection')} cut off (--format json has all)`] };
}
