import type { Picture, PictureEdge, PictureNode, PictureNodeKind } from '../model/picture.ts';
import { escapeMermaid } from './escape.ts';
import { endlessLoops, kindColors, loopStateOf, palette, summaryOf, type GraphContext } from './graph-context.ts';
import { shrink } from './graph-shrink.ts';
import { tidy } from './graph-tidy.ts';

/** Mermaid refuses more arrows than 500 and texts over 50,000 characters unless configured (its schema of configuration, November 2026). */
const room = { nodes: 300, edges: 490 };
const MAX_TEXT = 49_000;

/** Brackets of the shape of each kind. */
const shapes: Readonly<Record<PictureNodeKind, readonly [string, string]>> = {
  function: ['[', ']'], queue: ['[[', ']]'], topic: ['>', ']'], bucket: ['[\\', '/]'], table: ['[(', ')]'], stream: ['[/', '/]'], bus: ['{{', '}}'], schedule: ['(', ')'],
  route: ['([', '])'], stateMachine: ['[/', '\\]'], document: ['[(', ')]'], external: ['[', ']'],
};

/** The picture as a Mermaid flowchart; arrows of loops thick and red, of what is not resolved dotted. */
export function graphMermaid(whole: Picture, context: GraphContext): string {
  const picture = shrink(tidy(whole), room);
  const text = draw(picture, context, true);
  return text.length <= MAX_TEXT ? text : draw(picture, context, false);
}

function draw(picture: Picture, context: GraphContext, labels: boolean): string {
  const endless = endlessLoops(picture);
  const names = new Map(picture.nodes.map((node, index) => [node.id, `n${index}`]));
  const lines = ['---', `title: "${yamlText(`Event graph of ${context.title}`)}"`, '---', 'flowchart LR', `  %% ${commentText(summaryOf(picture))}`, ...picture.notes.map((note) => `  %% ${commentText(note)}`)];
  const units = new Map<string, PictureNode[]>();
  for (const node of picture.nodes) {
    const unit = node.unit ?? '';
    const list = units.get(unit);
    if (list) list.push(node); else units.set(unit, [node]);
  }
  [...units].forEach(([unit, nodes], index) => {
    const indent = unit === '' ? '  ' : '    ';
    if (unit !== '') lines.push(`  subgraph u${index} ["${escapeMermaid(unit)}"]`);
    for (const node of nodes) {
      const [open, close] = shapes[node.kind];
      lines.push(`${indent}${names.get(node.id) ?? ''}${open}"${labelText(node.label)}"${close}:::${classOf(node, picture, endless)}`);
    }
    if (unit !== '') lines.push('  end');
  });
  for (const edge of picture.edges) lines.push(`  ${names.get(edge.from) ?? ''} ${arrow(edge, endless, labels)} ${names.get(edge.to) ?? ''}`);
  lines.push(...styles(picture, endless));
  return `${lines.join('\n')}\n`;
}

function arrow(edge: PictureEdge, endless: ReadonlySet<number>, labels: boolean): string {
  const shape = edge.certainty === 'unresolved' ? '-.->' : loopStateOf(edge, endless) === undefined ? '-->' : '==>';
  return edge.label === undefined || !labels ? shape : `${shape}|"${labelText(edge.label)}"|`;
}

const labelText = (label: string): string => (label === '' ? ' ' : label.split('\n').map(escapeMermaid).join('<br/>'));

/** The front matter is YAML: a text in double quotes of which only harmless characters are left. */
const yamlText = (text: string): string => text.replace(/[^\p{L}\p{N} ._/@()-]/gu, '_');
/** A comment ends with its line, and `%%{` would be a directive. */
const commentText = (text: string): string => text.replace(/[\r\n{}%]/g, ' ');

const classOf = (node: PictureNode, picture: Picture, endless: ReadonlySet<number>): string => {
  const state = loopStateOf(node, endless);
  return state !== undefined ? `${state}Loop` : picture.focus.includes(node.id) ? 'focus' : node.unknown ? 'unknown' : node.unheard ? 'unheard' : node.kind;
};

function styles(picture: Picture, endless: ReadonlySet<number>): readonly string[] {
  const used = new Set(picture.nodes.map((node) => classOf(node, picture, endless)));
  const classes: readonly (readonly [string, string])[] = [
    ...Object.entries(kindColors).map(([kind, { fill, line }]) => [kind, `fill:${fill},stroke:${line},color:${palette.ink}`] as const),
    ['endlessLoop', `fill:#fde7e7,stroke:${palette.loop},stroke-width:3px,color:${palette.ink}`],
    ['endedLoop', `fill:#fff4e0,stroke:${palette.ended},stroke-width:3px,color:${palette.ink}`],
    ['focus', `fill:#e0e9ff,stroke:${palette.focus},stroke-width:3px,color:${palette.ink}`],
    ['unheard', `fill:#ffffff,stroke:${palette.faint},stroke-width:1px,color:${palette.muted}`],
    ['unknown', `fill:#ffffff,stroke:${palette.faint},stroke-dasharray:2 3,color:${palette.muted}`],
  ];
  const indexes = (wanted: (edge: PictureEdge) => boolean): string => picture.edges.flatMap((edge, index) => (wanted(edge) ? [index] : [])).join(',');
  const links: readonly (readonly [string, string])[] = [
    [indexes((edge) => loopStateOf(edge, endless) === 'endless'), `stroke:${palette.loop},stroke-width:3px`],
    [indexes((edge) => loopStateOf(edge, endless) === 'ended'), `stroke:${palette.ended},stroke-width:3px`],
    [indexes((edge) => edge.certainty === 'possible'), 'stroke-dasharray:7 4'],
  ];
  return [
    ...classes.filter(([name]) => used.has(name)).map(([name, style]) => `  classDef ${name} ${style}`),
    ...links.filter(([list]) => list !== '').map(([list, style]) => `  linkStyle ${list} ${style}`),
  ];
}
