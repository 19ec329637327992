import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

/** Something with a size, made of smaller things. A thing that has `children` is as big as they are together. */
export interface Area {
  readonly name: string;
  /** What it is, for its colour. */
  readonly kind: string;
  readonly bytes: number;
  /** Text of the tooltip. */
  readonly hint: string;
  readonly children?: readonly Area[];
}

export interface PlacedArea {
  readonly area: Area;
  /** 1: directly below the whole. */
  readonly depth: number;
  /** Position among its siblings at depth 1, of itself or of the one it is in. */
  readonly branch: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Height of the line with the name above what a thing is made of, in pixels. */
export const captionHeight = 18;

/** Rectangles whose areas are as the sizes, biggest first, outer ones before what is in them. The one module that lays out treemaps. */
export function placeAreas(root: Area, width: number, height: number): readonly PlacedArea[] {
  const tree = hierarchy<Area>(root, (area) => (area.children !== undefined && area.children.length > 0 ? [...area.children] : undefined))
    .sum((area) => (area.children !== undefined && area.children.length > 0 ? 0 : Math.max(0, area.bytes)))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || (a.data.name < b.data.name ? -1 : 1));
  const placed = treemap<Area>().tile(treemapSquarify.ratio(1.4)).size([width, height]).round(true).paddingInner(2).paddingTop((node) => (node.depth === 0 ? 0 : captionHeight)).paddingRight((node) => (node.depth === 0 ? 0 : 2)).paddingBottom((node) => (node.depth === 0 ? 0 : 2)).paddingLeft((node) => (node.depth === 0 ? 0 : 2))(tree);
  const branches = new Map((placed.children ?? []).map((child, index) => [child, index]));
  return placed.descendants().filter((node) => node.depth > 0).map((node) => {
    const branch = node.ancestors().find((ancestor) => ancestor.depth === 1);
    return { area: node.data, depth: node.depth, branch: (branch === undefined ? undefined : branches.get(branch)) ?? 0, x: node.x0, y: node.y0, width: node.x1 - node.x0, height: node.y1 - node.y0 };
  }).filter((item) => item.width > 0 && item.height > 0);
}
