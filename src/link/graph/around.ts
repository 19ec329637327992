import type { Picture } from '../../model/picture.ts';

/**
 * The part of a picture around some functions: what leads to them and what they lead to, at most `depth` arrows away, each
 * way followed in its own direction; loops that they are part of are whole.
 */
export function around(picture: Picture, focus: readonly string[], depth: number): Picture {
  const forward = new Map<string, string[]>();
  const back = new Map<string, string[]>();
  for (const { from, to } of picture.edges) {
    add(forward, from, to);
    add(back, to, from);
  }
  const near = new Set([...reached(focus, forward, depth), ...reached(focus, back, depth)]);
  for (const loop of picture.loops) if (loop.nodes.some((id) => focus.includes(id))) for (const id of loop.nodes) near.add(id);
  // Two neighbours may be tied by an arrow that no way from the focus takes: it is part of the surroundings.
  const loops = picture.loops.filter((loop) => loop.nodes.every((id) => near.has(id)));
  const kept = new Set(loops.map((loop) => loop.number));
  const own = (numbers: readonly number[]): readonly number[] => numbers.filter((number) => kept.has(number));
  return {
    ...picture, loops, focus: [...focus],
    nodes: picture.nodes.filter((node) => near.has(node.id)).map((node) => ({ ...node, loops: own(node.loops) })),
    edges: picture.edges.filter((edge) => near.has(edge.from) && near.has(edge.to)).map((edge) => ({ ...edge, loops: own(edge.loops) })),
  };
}

function add(map: Map<string, string[]>, from: string, to: string): void {
  const list = map.get(from);
  if (list) list.push(to); else map.set(from, [to]);
}

function reached(starts: readonly string[], next: ReadonlyMap<string, readonly string[]>, depth: number): ReadonlySet<string> {
  const seen = new Set(starts);
  let edge: readonly string[] = starts;
  for (let step = 0; step < depth && edge.length > 0; step++) {
    const found: string[] = [];
    for (const id of edge) for (const to of next.get(id) ?? []) if (!seen.has(to)) { seen.add(to); found.push(to); }
    edge = found;
  }
  return seen;
}
