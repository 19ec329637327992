import type { Hop } from './hop.ts';
import { byCodeUnit, handlerGraph } from './nodes.ts';

/** More shortest cycles than this in one knot of functions say nothing new. */
const MAX_CYCLES = 20;

/** Ways back that are looked for in one knot: most hops of a large one lie on the loops that were found first. */
const MAX_SEARCHES = 60;

/**
 * The loops of two or more functions: strongly connected components, and in each the shortest cycles that together use every
 * hop of it. A cycle starts at the function that comes first by code unit, so that no order of files shows.
 *
 * @param ends whether a hop of a function to itself is known to end
 */
export function cycles(hops: readonly Hop[], ends: (own: Hop) => boolean = () => false): readonly (readonly Hop[])[] {
  const { nodes, from, targets, next } = handlerGraph(hops);
  const component = components(nodes, next);
  const searches = new Map<number, number>();
  const found = new Map<string, readonly Hop[]>();
  const counts = new Map<number, number>();
  const covered = new Set<Hop>();
  const splits = shortcuts(hops, ends);
  for (const node of nodes) {
    for (const hop of from.get(node) ?? []) {
      const home = component.get(node) ?? -1;
      if (covered.has(hop) || (counts.get(home) ?? 0) >= MAX_CYCLES || !targets(hop).some((target) => component.get(target) === home)) continue;
      const count = (searches.get(home) ?? 0) + 1;
      if (count > MAX_SEARCHES) continue;
      searches.set(home, count);
      const rest = wayBack(hop, node, from, targets, component, splits);
      if (!rest) continue;
      const cycle = rotated([hop, ...rest]);
      for (const item of cycle) covered.add(item);
      if (cycle.some((one, index) => cycle.slice(index + 1).some((other) => splits(one, other)))) continue;
      const key = cycle.map((item) => `${item.from}>${item.to}:${item.place.file}:${item.place.line}:${item.place.column}`).join('|');
      if (!found.has(key)) { found.set(key, cycle); counts.set(home, (counts.get(home) ?? 0) + 1); }
    }
  }
  return [...found.values()];
}

/** The shortest way from the end of a hop to its start, inside one component; of equally short ones the first. */
function wayBack(hop: Hop, start: string, from: ReadonlyMap<string, readonly Hop[]>, targets: (hop: Hop) => readonly string[], component: ReadonlyMap<string, number>, splits: (a: Hop, b: Hop) => boolean): readonly Hop[] | undefined {
  const home = component.get(start);
  const via = new Map<string, { readonly node: string; readonly hop: Hop } | undefined>(targets(hop).map((target) => [target, undefined]));
  const queue = [...via.keys()];
  // The list grows while it is walked.
  for (const node of queue) {
    if (node === start) {
      const path: Hop[] = [];
      for (let step = via.get(node); step; step = via.get(step.node)) path.push(step.hop);
      return path.reverse();
    }
    for (const next of from.get(node) ?? []) {
      if (splits(hop, next)) continue;
      for (const target of targets(next)) {
        if (via.has(target) || component.get(target) !== home) continue;
        via.set(target, { node, hop: next });
        queue.push(target);
      }
    }
  }
  return undefined;
}

/**
 * Whether two hops of a loop come through one thing such that each could end where the other does: the loop is then made of
 * two shorter ones, each of which is reported. Where filters keep the ends apart it is a loop of its own, and where the shorter ones
 * end by themselves, the long one may still go on.
 */
function shortcuts(hops: readonly Hop[], ends: (own: Hop) => boolean): (a: Hop, b: Hop) => boolean {
  const known = new Map<string, Hop[]>();
  for (const hop of hops) {
    for (const thing of hop.through) {
      const key = `${hop.from}\0${thing.key}\0${hop.to}`;
      const list = known.get(key);
      if (list) list.push(hop); else known.set(key, [hop]);
    }
  }
  const open = new Map<string, boolean>();
  const isOpen = (from: string, thing: string, to: string): boolean => {
    const key = `${from}\0${thing}\0${to}`;
    let answer = open.get(key);
    if (answer === undefined) { answer = (known.get(key) ?? []).some((hop) => from !== to || !ends(hop)); open.set(key, answer); }
    return answer;
  };
  return (a, b) => a.through.some(({ key }) => b.through.some((thing) => thing.key === key) && known.has(`${a.from}\0${key}\0${b.to}`) && known.has(`${b.from}\0${key}\0${a.to}`)
    && (isOpen(a.from, key, b.to) || isOpen(b.from, key, a.to)));
}

function rotated(cycle: readonly Hop[]): readonly Hop[] {
  let first = 0;
  for (const [index, hop] of cycle.entries()) if (byCodeUnit(hop.from, cycle[first]?.from ?? '') < 0) first = index;
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

/** Number of each node's strongly connected component (Tarjan), without recursion: chains may be long. */
export function components(nodes: readonly string[], next: (node: string) => readonly string[]): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const result = new Map<string, number>();
  let count = 0;
  for (const root of nodes) {
    if (index.has(root)) continue;
    const work: { readonly node: string; readonly targets: readonly string[]; at: number }[] = [];
    const open = (node: string): void => {
      index.set(node, index.size);
      low.set(node, index.get(node) ?? 0);
      stack.push(node);
      onStack.add(node);
      work.push({ node, targets: next(node), at: 0 });
    };
    open(root);
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const target = top.targets[top.at++];
      if (target !== undefined) {
        if (!index.has(target)) open(target);
        else if (onStack.has(target)) low.set(top.node, Math.min(low.get(top.node) ?? 0, index.get(target) ?? 0));
        continue;
      }
      work.pop();
      const below = work.at(-1);
      if (below) low.set(below.node, Math.min(low.get(below.node) ?? 0, low.get(top.node) ?? 0));
      if (low.get(top.node) !== index.get(top.node)) continue;
      for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
        onStack.delete(node);
        result.set(node, count);
        if (node === top.node) break;
      }
      count++;
    }
  }
  return result;
}
