import type { Hop } from './hop.ts';

export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Node of the graph of handlers: a function, or one handler of a function that has several. */
export const nodeOf = (id: string, handler: string | undefined): string => (handler === undefined ? id : `${id}@${handler}`);

/** Hops by the handler that they start at, and the handlers that they may end at. */
export interface HandlerGraph {
  /** Sorted by code unit. */
  readonly nodes: readonly string[];
  readonly from: ReadonlyMap<string, readonly Hop[]>;
  targets(hop: Hop): readonly string[];
  next(node: string): readonly string[];
}

/** The graph of hops between two functions; equal whatever the order of the hops. */
export function handlerGraph(hops: readonly Hop[]): HandlerGraph {
  const from = new Map<string, Hop[]>();
  const nodes = new Set<string>();
  for (const hop of [...hops].sort(order)) {
    if (hop.from === hop.to) continue;
    const start = nodeOf(hop.from, hop.fromHandler);
    nodes.add(start);
    const list = from.get(start);
    if (list) list.push(hop); else from.set(start, [hop]);
    nodes.add(nodeOf(hop.to, hop.toHandler));
  }
  const handlers = new Map<string, string[]>();
  for (const node of nodes) {
    const at = node.lastIndexOf('@');
    const list = at > 0 ? handlers.get(node.slice(0, at)) : undefined;
    if (list) list.push(node); else if (at > 0) handlers.set(node.slice(0, at), [node]);
  }
  // A trigger that names no handler may run any of them, and a call reached from no known handler belongs to all.
  const targets = (hop: Hop): readonly string[] => (hop.toHandler === undefined ? [hop.to, ...(handlers.get(hop.to) ?? [])] : [nodeOf(hop.to, hop.toHandler), ...(nodes.has(hop.to) ? [hop.to] : [])]);
  return { nodes: [...nodes].sort(byCodeUnit), from, targets, next: (node) => (from.get(node) ?? []).flatMap(targets) };
}

/** Sure hops first, so that a loop or chain rests on as little as it can. */
const order = (a: Hop, b: Hop): number => byCodeUnit(a.from, b.from) || a.assumptions.length - b.assumptions.length || byCodeUnit(a.to, b.to)
  || byCodeUnit(a.place.file, b.place.file) || a.place.line - b.place.line || a.place.column - b.place.column;
