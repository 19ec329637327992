import type { Picture, PictureEdge, PictureNodeKind } from '../model/picture.ts';
import { plural } from './context.ts';

/** What a drawing needs beside the picture. */
export interface GraphContext {
  /** Name of the repository. */
  readonly title: string;
}

/** Colours of the drawings: light fills and dark lines, legible on their own white ground. */
export const palette = {
  ground: '#ffffff', ink: '#1f2933', muted: '#5b6770', line: '#52606d', faint: '#9aa5b1', unit: '#f5f7fa', unitLine: '#cbd2d9', loop: '#c62828', ended: '#b26a00', focus: '#1d4ed8',
} as const;

/** Fill and outline by kind. */
export const kindColors: Readonly<Record<PictureNodeKind, { readonly fill: string; readonly line: string }>> = {
  function: { fill: '#fff4e0', line: '#b7791f' },
  queue: { fill: '#fde8f1', line: '#b0357a' },
  topic: { fill: '#fbe4fb', line: '#8e3fa8' },
  bucket: { fill: '#e5f4e3', line: '#3b7d32' },
  table: { fill: '#e3ecfb', line: '#2f5fb3' },
  stream: { fill: '#e9e5fb', line: '#5b45b8' },
  bus: { fill: '#fde5e0', line: '#b4472f' },
  schedule: { fill: '#e2f4f4', line: '#237a7a' },
  route: { fill: '#eef0f2', line: '#52606d' },
  stateMachine: { fill: '#fbe3e6', line: '#a83246' },
  document: { fill: '#fff9d6', line: '#8d7a1d' },
  external: { fill: '#ffffff', line: '#7b8794' },
};

export const kindNames: Readonly<Record<PictureNodeKind, string>> = {
  function: 'function', queue: 'queue', topic: 'topic', bucket: 'bucket', table: 'table', stream: 'stream', bus: 'bus or rule', schedule: 'schedule', route: 'route',
  stateMachine: 'state machine', document: 'document', external: 'other',
};

/** Numbers of the loops that nothing ends. */
export const endlessLoops = (picture: Picture): ReadonlySet<number> => new Set(picture.loops.flatMap((loop) => (loop.ends ? [] : [loop.number])));

/** How an arrow is drawn: as part of a loop without an end, of one that ends, or of none. */
export function loopStateOf(item: Pick<PictureEdge, 'loops'>, endless: ReadonlySet<number>): 'endless' | 'ended' | undefined {
  return item.loops.length === 0 ? undefined : item.loops.some((number) => endless.has(number)) ? 'endless' : 'ended';
}

/** One line on what the picture holds. */
export function summaryOf(picture: Picture): string {
  const functions = picture.nodes.reduce((sum, node) => sum + (node.kind === 'function' ? (node.count ?? 1) : 0), 0);
  const unresolved = picture.edges.filter((edge) => edge.certainty === 'unresolved').length;
  const endless = picture.loops.filter((loop) => !loop.ends).length;
  const parts = [plural(functions, 'function'), plural(picture.nodes.filter((node) => node.kind !== 'function').length, 'resource'), plural(picture.edges.length, 'connection')];
  if (unresolved > 0) parts.push(`${unresolved} not resolved`);
  parts.push(picture.loops.length === 0 ? 'no loop' : `${plural(picture.loops.length, 'loop')}${endless === picture.loops.length ? '' : ` (${picture.loops.length - endless} with an end)`}`);
  return parts.join(', ');
}
