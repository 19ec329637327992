import type { Picture, PictureEdge, PictureNode } from '../model/picture.ts';
import { fitted, textWidth } from './graph-metrics.ts';
import { inset } from './graph-shapes.ts';
import { kindNames } from './graph-context.ts';
import { layered, type Point } from './layout.ts';

/** Sizes of fonts, in pixels. */
export const fonts = { name: 12, kind: 9, label: 10, unit: 11, title: 18, text: 11 } as const;
const maxText = 210;
const maxLabel = 170;
const maxLabelLines = 3;
const pad = 16;
const unitHead = 22;
const gap = 22;

export interface PlacedNode extends Rectangle {
  readonly node: PictureNode;
  /** The kind in small letters above the name; '' for kinds that need no word. */
  readonly caption: string;
  readonly lines: readonly string[];
}

export interface PlacedEdge {
  readonly edge: PictureEdge;
  readonly points: readonly Point[];
  readonly label?: Point & { readonly lines: readonly string[]; readonly width: number; readonly height: number };
}

/** Top left corner and size. */
export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedUnit extends Rectangle {
  readonly unit: string;
  readonly text: string;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly units: readonly PlacedUnit[];
}

/**
 * Gives everything its place: parts that no arrow joins are laid out on their own, those of one deployment unit stand together
 * in its box, and the boxes stand in rows.
 */
export function place(picture: Picture): Placed {
  const boxes = new Map(picture.nodes.map((node) => [node.id, sized(node)]));
  const groups = new Map<string, Placed[]>();
  parts(picture).forEach((part, index) => {
    const units = new Set(part.nodes.map((node) => node.unit ?? ''));
    const [only = ''] = units;
    const key = units.size === 1 ? `unit:${only}` : `part:${index}`;
    const placed = placePart(part, boxes, units.size > 1);
    const list = groups.get(key);
    if (list) list.push(placed); else groups.set(key, [placed]);
  });
  const blocks = [...groups].map(([key, members]): Placed => {
    const packed = pack(members, key.startsWith('unit:') ? 14 : gap, 1.7);
    return key.startsWith('unit:') && key !== 'unit:' ? boxed(packed, key.slice('unit:'.length)) : packed;
  });
  return pack(blocks, gap, 1.5);
}

function sized(node: PictureNode): Omit<PlacedNode, 'x' | 'y'> {
  const lines = node.label.split('\n').map((line) => fitted(line, fonts.name, maxText));
  const caption = node.kind === 'function' || node.kind === 'route' || node.kind === 'external' ? '' : kindNames[node.kind];
  const around = inset[node.kind];
  const width = Math.max(60, ...lines.map((line) => textWidth(line, fonts.name)), textWidth(caption, fonts.kind)) + around.x;
  return { node, caption, lines, width: Math.ceil(width), height: Math.ceil(lines.length * 15 + (caption === '' ? 0 : 11) + around.y) };
}

interface Part {
  readonly nodes: PictureNode[];
  readonly edges: PictureEdge[];
}

/** The parts that arrows hold together, in order of their first node. */
function parts(picture: Picture): readonly Part[] {
  const home = new Map(picture.nodes.map((node) => [node.id, node.id]));
  const find = (id: string): string => {
    let root = id;
    for (let next = home.get(root) ?? root; next !== root; next = home.get(root) ?? root) root = next;
    for (let at = id; at !== root;) { const next = home.get(at) ?? root; home.set(at, root); at = next; }
    return root;
  };
  for (const edge of picture.edges) home.set(find(edge.from), find(edge.to));
  const found = new Map<string, Part>();
  for (const node of picture.nodes) {
    const part = found.get(find(node.id));
    if (part) part.nodes.push(node); else found.set(find(node.id), { nodes: [node], edges: [] });
  }
  for (const edge of picture.edges) found.get(find(edge.from))?.edges.push(edge);
  return [...found.values()];
}

function placePart(part: Part, boxes: ReadonlyMap<string, Omit<PlacedNode, 'x' | 'y'>>, withUnits: boolean): Placed {
  const labels = part.edges.map(labelOf);
  const isOwn = (edge: PictureEdge): boolean => edge.from === edge.to;
  const below = new Map<string, number>();
  part.edges.forEach((edge, index) => { if (isOwn(edge)) below.set(edge.from, Math.max(below.get(edge.from) ?? 0, ownDepth + (labels[index]?.height ?? 0))); });
  const layout = layered(
    part.nodes.map((node) => ({ id: node.id, width: Math.max(boxes.get(node.id)?.width ?? 0, ownWidth(part, labels, node)), height: (boxes.get(node.id)?.height ?? 0) + 2 * (below.get(node.id) ?? 0), ...(withUnits && node.unit !== undefined ? { group: node.unit } : {}) })),
    part.edges.flatMap((edge, index) => (isOwn(edge) ? [] : [{ id: String(index), from: edge.from, to: edge.to, width: labels[index]?.width ?? 0, height: labels[index]?.height ?? 0 }])),
  );
  const nodes = part.nodes.flatMap((node): readonly PlacedNode[] => {
    const box = boxes.get(node.id);
    const at = layout.boxes.get(node.id);
    return box && at ? [{ ...box, x: at.x - box.width / 2, y: at.y - box.height / 2 }] : [];
  });
  const edges = part.edges.map((edge, index): PlacedEdge => {
    if (isOwn(edge)) return ownArrow(edge, nodes.find((item) => item.node.id === edge.from), labels[index]);
    const arrow = layout.arrows.get(String(index));
    const label = labels[index];
    return { edge, points: arrow?.points ?? [], ...(arrow?.label && label ? { label: { ...label, x: arrow.label.x, y: arrow.label.y } } : {}) };
  });
  const units = [...layout.groups].map(([unit, box]): PlacedUnit => {
    const inside = nodes.filter((item) => item.node.unit === unit);
    const left = Math.min(...inside.map((item) => item.x)) - 10;
    const top = Math.min(...inside.map((item) => item.y)) - unitHead;
    const right = Math.max(...inside.map((item) => item.x + item.width)) + 10;
    const bottom = Math.max(...inside.map((item) => item.y + item.height)) + 8;
    const fromLayout = { left: box.x - box.width / 2, right: box.x + box.width / 2 };
    const x = Math.min(left, Math.max(fromLayout.left, left - 20));
    const width = Math.max(right, Math.min(fromLayout.right, right + 20)) - x;
    return { unit, text: fitted(unit, fonts.unit, width - 12), x, y: top, width, height: bottom - top };
  });
  return atOrigin({ width: layout.width, height: layout.height, nodes, edges, units });
}

/** How far an arrow from a box to itself hangs below it. */
const ownDepth = 22;

type Label = ReturnType<typeof labelOf>;

const ownWidth = (part: Part, labels: readonly Label[], node: PictureNode): number => Math.max(0, ...part.edges.map((edge, index) => (edge.from === node.id && edge.to === node.id ? (labels[index]?.width ?? 0) : 0)));

/** From a box to itself: the layout library leaves such arrows apart from their box. */
function ownArrow(edge: PictureEdge, box: PlacedNode | undefined, label: Label | undefined): PlacedEdge {
  if (!box) return { edge, points: [] };
  const bottom = box.y + box.height;
  const [left, right] = [box.x + box.width * 0.28, box.x + box.width * 0.72];
  return {
    edge, points: [{ x: right, y: bottom }, { x: right, y: bottom + ownDepth + 6 }, { x: left, y: bottom + ownDepth + 6 }, { x: left, y: bottom }],
    ...(label && label.width > 0 ? { label: { ...label, x: box.x + box.width / 2, y: bottom + ownDepth - 4 + label.height / 2 } } : {}),
  };
}

function labelOf(edge: PictureEdge): { readonly lines: readonly string[]; readonly width: number; readonly height: number } {
  const all = (edge.label ?? '').split('\n').filter((line) => line !== '');
  const shown = all.length > maxLabelLines ? [...all.slice(0, maxLabelLines - 1), `… ${all.length - maxLabelLines + 1} more`] : all;
  const lines = shown.map((line) => fitted(line, fonts.label, maxLabel));
  return { lines, width: lines.length === 0 ? 0 : Math.ceil(Math.max(...lines.map((line) => textWidth(line, fonts.label)))) + 8, height: lines.length * 12 + (lines.length > 0 ? 2 : 0) };
}

/** Moves everything so that it starts at 0, 0, and takes its real size: arrows to themselves and boxes of units reach beyond the layout. */
function atOrigin(placed: Placed): Placed {
  const corners = [
    ...[...placed.nodes, ...placed.units].flatMap((item) => [item, { x: item.x + item.width, y: item.y + item.height }]),
    ...placed.edges.flatMap((item) => [...item.points, ...(item.label ? [{ x: item.label.x - item.label.width / 2, y: item.label.y - item.label.height / 2 }, { x: item.label.x + item.label.width / 2, y: item.label.y + item.label.height / 2 }] : [])]),
  ];
  const range = (values: readonly number[]): readonly [number, number] => values.reduce<readonly [number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const [left, right] = range(corners.map((corner) => corner.x));
  const [top, bottom] = range(corners.map((corner) => corner.y));
  if (!Number.isFinite(left)) return placed;
  return { ...moved(placed, -left, -top), width: right - left, height: bottom - top };
}

function moved(placed: Placed, dx: number, dy: number): Placed {
  const shift = <T extends Point>(item: T): T => ({ ...item, x: item.x + dx, y: item.y + dy });
  return {
    ...placed, nodes: placed.nodes.map(shift), units: placed.units.map(shift),
    edges: placed.edges.map((item) => ({ ...item, points: item.points.map(shift), ...(item.label ? { label: shift(item.label) } : {}) })),
  };
}

function boxed(placed: Placed, unit: string): Placed {
  const text = fitted(unit, fonts.unit, 340);
  const width = Math.max(placed.width + pad * 2, textWidth(text, fonts.unit) * 1.1 + pad * 2);
  const height = placed.height + pad + unitHead + 6;
  const inner = moved(placed, pad, unitHead + 6);
  return { ...inner, width, height, units: [{ unit, text, x: 0, y: 0, width, height }, ...inner.units] };
}

/** In rows, the tallest first, about `ratio` times as wide as high. */
function pack(blocks: readonly Placed[], space: number, ratio: number): Placed {
  const hasLoop = (block: Placed): boolean => block.nodes.some((item) => item.node.loops.length > 0);
  const sorted = blocks.map((block, index) => ({ block, index })).sort((a, b) => Number(hasLoop(b.block)) - Number(hasLoop(a.block)) || b.block.height - a.block.height || b.block.width - a.block.width || a.index - b.index).map(({ block }) => block);
  const area = sorted.reduce((sum, block) => sum + (block.width + space) * (block.height + space), 0);
  const limit = Math.max(...sorted.map((block) => block.width), Math.sqrt(area * ratio), 0);
  const columns: { x: number; width: number; y: number }[] = [];
  const placed: Placed[] = [];
  let row = 0;
  let x = 0;
  let rowHeight = 0;
  for (const block of sorted) {
    // Under a lower block of the same row there may be room.
    const column = columns.find((one) => block.width <= one.width && one.y + block.height <= row + rowHeight);
    if (column) {
      placed.push(moved(block, column.x, column.y));
      column.y += block.height + space;
      continue;
    }
    if (x > 0 && x + block.width > limit) {
      row += rowHeight + space;
      x = 0;
      rowHeight = 0;
      columns.length = 0;
    }
    placed.push(moved(block, x, row));
    columns.push({ x, width: block.width, y: row + block.height + space });
    x += block.width + space;
    rowHeight = Math.max(rowHeight, block.height);
  }
  return {
    width: Math.max(0, ...placed.flatMap((item, index) => [edgeOf(item, sorted[index])])), height: row + rowHeight,
    nodes: placed.flatMap((item) => item.nodes), edges: placed.flatMap((item) => item.edges), units: placed.flatMap((item) => item.units),
  };
}

/** Right edge of a block that was moved; its size is the one it had. */
function edgeOf(item: Placed, block: Placed | undefined): number {
  const first = (one: Placed | undefined): Point | undefined => one?.nodes[0] ?? one?.units[0];
  return (first(item)?.x ?? 0) - (first(block)?.x ?? 0) + (block?.width ?? 0);
}
