import type { Picture, PictureEdge, PictureNode, PictureNodeKind } from '../model/picture.ts';
import { escapeDot } from './escape.ts';
import { endlessLoops, kindColors, loopStateOf, palette, summaryOf, type GraphContext } from './graph-context.ts';
import { shrink } from './graph-shrink.ts';
import { tidy } from './graph-tidy.ts';

/** Graphviz draws thousands of nodes; nobody reads them. */
const room = { nodes: 2000, edges: 6000 };

/** Shapes of Graphviz (its documentation, "Node shapes", November 2026). */
const shapes: Readonly<Record<PictureNodeKind, string>> = {
  function: 'box', queue: 'cds', topic: 'house', bucket: 'invtrapezium', table: 'cylinder', stream: 'parallelogram', bus: 'hexagon', schedule: 'tab', route: 'oval',
  stateMachine: 'octagon', document: 'note', external: 'component',
};

/** The picture for Graphviz: clusters by deployment unit, loops bold and red, what is not resolved dotted. */
export function graphDot(whole: Picture, context: GraphContext): string {
  const picture = shrink(tidy(whole), room);
  const endless = endlessLoops(picture);
  const names = new Map(picture.nodes.map((node, index) => [node.id, `n${index}`]));
  const lines = [
    'digraph events {',
    `  graph [rankdir=LR, bgcolor="${palette.ground}", fontname="Helvetica", labelloc=t, label=${quoted([`Event graph of ${context.title}`, summaryOf(picture), ...picture.notes].join('\n'))}];`,
    `  node [fontname="Helvetica", fontsize=11, style=filled, fontcolor="${palette.ink}"];`,
    `  edge [fontname="Helvetica", fontsize=9, color="${palette.line}", fontcolor="${palette.muted}"];`,
  ];
  const units = new Map<string, PictureNode[]>();
  for (const node of picture.nodes) {
    const list = units.get(node.unit ?? '');
    if (list) list.push(node); else units.set(node.unit ?? '', [node]);
  }
  [...units].forEach(([unit, nodes], index) => {
    const indent = unit === '' ? '  ' : '    ';
    if (unit !== '') lines.push(`  subgraph cluster_${index} {`, `    label=${quoted(unit)}; style="rounded,filled"; color="${palette.unitLine}"; fillcolor="${palette.unit}"; fontsize=10;`);
    for (const node of nodes) lines.push(`${indent}${names.get(node.id) ?? ''} [${nodeStyle(node, picture, endless)}];`);
    if (unit !== '') lines.push('  }');
  });
  for (const edge of picture.edges) lines.push(`  ${names.get(edge.from) ?? ''} -> ${names.get(edge.to) ?? ''}${edgeStyle(edge, endless)};`);
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

const quoted = (text: string): string => `"${text.split('\n').map(escapeDot).join('\\n')}"`;

function nodeStyle(node: PictureNode, picture: Picture, endless: ReadonlySet<number>): string {
  const { fill, line } = kindColors[node.kind];
  const state = loopStateOf(node, endless);
  const thin = node.unheard === true || node.unknown === true;
  const color = state === 'endless' ? palette.loop : state === 'ended' ? palette.ended : picture.focus.includes(node.id) ? palette.focus : thin ? palette.faint : line;
  return [
    `label=${quoted(node.label)}`, `shape=${shapes[node.kind]}`, `fillcolor="${thin ? palette.ground : fill}"`, `color="${color}"`,
    ...(state !== undefined || picture.focus.includes(node.id) ? ['penwidth=2.5'] : []), ...(node.unknown ? ['style="filled,dotted"'] : []),
  ].join(', ');
}

function edgeStyle(edge: PictureEdge, endless: ReadonlySet<number>): string {
  const state = loopStateOf(edge, endless);
  const parts = [
    ...(edge.label === undefined ? [] : [`label=${quoted(edge.label)}`]),
    ...(state === undefined ? [] : [`color="${state === 'endless' ? palette.loop : palette.ended}"`, 'penwidth=2.5']),
    ...(edge.certainty === 'proved' ? [] : [`style=${edge.certainty === 'unresolved' ? 'dotted' : 'dashed'}`]),
  ];
  return parts.length === 0 ? '' : ` [${parts.join(', ')}]`;
}
