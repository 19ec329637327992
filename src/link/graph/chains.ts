import { components } from './cycles.ts';
import type { Hop } from './hop.ts';
import { byCodeUnit, handlerGraph } from './nodes.ts';

/**
 * The longest chains of functions that are longer than a number of functions. Hops inside a loop are no chain: a loop counts
 * as one of its functions. Of chains that end in the same functions the longest is given, of equally long ones the first.
 *
 * @param limit functions that a chain may have
 */
export function chains(hops: readonly Hop[], limit: number): readonly (readonly Hop[])[] {
  const graph = handlerGraph(hops);
  const component = components(graph.nodes, graph.next);
  // Components are numbered from the ends of the graph on: what a node leads to is worked out before it.
  const order = [...graph.nodes].sort((a, b) => (component.get(a) ?? 0) - (component.get(b) ?? 0) || byCodeUnit(a, b));
  const best = new Map<string, { readonly length: number; readonly hop: Hop; readonly next: string }>();
  const isEntered = new Set<string>();
  for (const node of order) {
    for (const hop of graph.from.get(node) ?? []) {
      for (const target of graph.targets(hop)) {
        if (component.get(target) === component.get(node)) continue;
        isEntered.add(target);
        const length = 1 + (best.get(target)?.length ?? 0);
        if (length > (best.get(node)?.length ?? 0)) best.set(node, { length, hop, next: target });
      }
    }
  }
  const found = new Map<string, readonly Hop[]>();
  for (const start of graph.nodes) {
    if (isEntered.has(start) || (best.get(start)?.length ?? 0) < limit) continue;
    const path: Hop[] = [];
    for (let step = best.get(start); step; step = best.get(step.next)) path.push(step.hop);
    if (functionsOf(path).length <= limit) continue;
    const tail = path.slice(-limit).map((hop) => hop.to).join('>');
    const known = found.get(tail);
    if (!known || known.length < path.length) found.set(tail, path);
  }
  return [...found.values()];
}

/** Ids of the functions of a chain, each once. */
export function functionsOf(chain: readonly Hop[]): readonly string[] {
  return [...new Set(chain.flatMap((hop) => [hop.from, hop.to]))];
}
