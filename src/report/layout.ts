import { Graph, layout } from '@dagrejs/dagre';

/** Pixels between boxes of one rank, and between ranks. */
const nodeGap = 26;
const rankGap = 46;

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Group that it lies in. */
  readonly group?: string;
}

export interface Arrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Size of its label; 0 without one. */
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Centres of boxes and labels, corners of arrows, in pixels from the top left. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Point>;
  readonly groups: ReadonlyMap<string, Point & { readonly width: number; readonly height: number }>;
  readonly arrows: ReadonlyMap<string, { readonly points: readonly Point[]; readonly label?: Point }>;
}

/**
 * Lays boxes out in ranks from left to right. The one user of the layout library, which the build packs into this module:
 * import it only where a layout is drawn.
 */
export function layered(boxes: readonly Box[], arrows: readonly Arrow[]): Layout {
  const graph = new Graph({ directed: true, multigraph: true, compound: true });
  graph.setGraph({ rankdir: 'LR', nodesep: nodeGap, edgesep: 14, ranksep: rankGap, marginx: 0, marginy: 0 });
  // Names are our own numbers: nothing of a scanned repository is a key of the library's objects.
  const names = new Map(boxes.map((box, index) => [box.id, `n${index}`]));
  const groupNames = new Map([...new Set(boxes.flatMap((box) => box.group ?? []))].map((group, index) => [group, `g${index}`]));
  for (const name of groupNames.values()) graph.setNode(name, {});
  for (const box of boxes) {
    const name = names.get(box.id) ?? '';
    graph.setNode(name, { width: box.width, height: box.height });
    if (box.group !== undefined) graph.setParent(name, groupNames.get(box.group) ?? '');
  }
  arrows.forEach((arrow, index) => graph.setEdge(names.get(arrow.from) ?? '', names.get(arrow.to) ?? '', { width: arrow.width, height: arrow.height, labelpos: 'c', minlen: 1 }, `e${index}`));
  layout(graph);
  const point = (value: unknown): Point => ({ x: numberOf(value, 'x'), y: numberOf(value, 'y') });
  const size = graph.graph();
  return {
    width: numberOf(size, 'width'), height: numberOf(size, 'height'),
    boxes: new Map(boxes.map((box) => [box.id, point(graph.node(names.get(box.id) ?? ''))])),
    groups: new Map([...groupNames].map(([group, name]) => {
      const node: unknown = graph.node(name);
      return [group, { ...point(node), width: numberOf(node, 'width'), height: numberOf(node, 'height') }];
    })),
    arrows: new Map(arrows.map((arrow, index) => {
      const edge: unknown = graph.edge(names.get(arrow.from) ?? '', names.get(arrow.to) ?? '', `e${index}`);
      const points = typeof edge === 'object' && edge !== null && 'points' in edge && Array.isArray(edge.points) ? edge.points.map(point) : [];
      return [arrow.id, { points, ...(arrow.width > 0 ? { label: point(edge) } : {}) }];
    })),
  };
}

function numberOf(value: unknown, name: 'x' | 'y' | 'width' | 'height'): number {
  const found: unknown = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  return typeof found === 'number' && Number.isFinite(found) ? found : 0;
}
