import type { Picture } from '../model/picture.ts';
import { escapeXml } from './escape.ts';
import { endlessLoops, kindColors, loopStateOf, palette, summaryOf, type GraphContext } from './graph-context.ts';
import { footer } from './graph-legend.ts';
import { fitted, textWidth } from './graph-metrics.ts';
import { fonts, place, type PlacedEdge, type PlacedNode, type PlacedUnit } from './graph-place.ts';
import { n, outline, textShift } from './graph-shapes.ts';
import { shrink } from './graph-shrink.ts';
import { tidy } from './graph-tidy.ts';
import type { Point } from './layout.ts';

/** More boxes than this take seconds to lay out, and nobody reads them. */
export const room = { nodes: 300, edges: 600 };
const margin = 24;
const minWidth = 640;

/** The picture as a drawing of its own: no script, no style sheet, no reference to anything outside; white ground, so that it reads on any page. */
export function graphSvg(whole: Picture, context: GraphContext): string {
  const picture = shrink(tidy(whole), room);
  const endless = endlessLoops(picture);
  const placed = place(picture);
  const head = [summaryOf(picture), ...picture.notes];
  const title = `Event graph of ${context.title}`;
  const width = Math.ceil(Math.max(minWidth, placed.width + margin * 2, ...head.map((line) => textWidth(line, fonts.text) + margin * 2)));
  const top = margin + 22 + head.length * 16 + 14;
  const below = footer(picture, { x: margin, y: top + placed.height + 26, width: width - margin * 2 });
  const height = Math.ceil(below.bottom + margin);
  const shift = `translate(${margin} ${n(top)})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}" font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(head.join('. '))}</desc>`,
    `<defs>${[['line', palette.line], ['endless', palette.loop], ['ended', palette.ended]].map(([id, color]) => `<marker id="arrow-${id ?? ''}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.8L10 5L0 9.2Z" fill="${color ?? ''}"/></marker>`).join('')}</defs>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${palette.ground}" stroke="${palette.unitLine}"/>`,
    `<text x="${margin}" y="${margin + 14}" font-size="${fonts.title}" font-weight="bold" fill="${palette.ink}">${escapeXml(fitted(title, fonts.title * 1.1, width - margin * 2))}</text>`,
    ...head.map((line, index) => `<text x="${margin}" y="${margin + 34 + index * 16}" font-size="${fonts.text}" fill="${palette.muted}">${escapeXml(line)}</text>`),
    `<g transform="${shift}">`,
    ...placed.units.map(unitBox),
    // Loops last, so that nothing lies over them.
    ...[...placed.edges].sort((a, b) => Number(a.edge.loops.length > 0) - Number(b.edge.loops.length > 0)).map((item) => arrow(item, endless)),
    ...placed.nodes.map((item) => box(item, picture, endless)),
    ...placed.edges.map((item) => label(item, endless)).filter((text) => text !== ''),
    '</g>',
    ...below.lines,
    '</svg>',
  ].join('\n') + '\n';
}

function unitBox(unit: PlacedUnit): string {
  return `<g><rect x="${n(unit.x)}" y="${n(unit.y)}" width="${n(unit.width)}" height="${n(unit.height)}" rx="8" fill="${palette.unit}" stroke="${palette.unitLine}"/><text x="${n(unit.x + 10)}" y="${n(unit.y + 15)}" font-size="${fonts.unit}" font-weight="bold" fill="${palette.muted}">${escapeXml(unit.text)}</text></g>`;
}

function box({ node, caption, lines, x, y, width, height }: PlacedNode, picture: Picture, endless: ReadonlySet<number>): string {
  const shape = outline(node.kind, x, y, width, height);
  const state = loopStateOf(node, endless);
  const thin = node.unheard === true || node.unknown === true;
  const asked = picture.focus.includes(node.id);
  const { fill, line } = kindColors[node.kind];
  const stroke = state === 'endless' ? palette.loop : state === 'ended' ? palette.ended : asked ? palette.focus : thin ? palette.faint : line;
  const strokeWidth = state !== undefined || asked ? 2.6 : thin ? 0.9 : 1.3;
  const dash = node.unknown ? ' stroke-dasharray="2 3"' : shape.dashed ? ' stroke-dasharray="5 3"' : '';
  const shift = textShift[node.kind] ?? { x: 0, y: 0 };
  const middle = x + width / 2 + shift.x;
  const textHeight = lines.length * 15 + (caption === '' ? 0 : 11);
  let baseline = y + height / 2 + shift.y - textHeight / 2 + 8;
  const texts: string[] = [];
  if (caption !== '') {
    texts.push(`<text x="${n(middle)}" y="${n(baseline)}" text-anchor="middle" font-size="${fonts.kind}" fill="${palette.muted}">${escapeXml(caption)}</text>`);
    baseline += 11;
  }
  baseline += 3;
  for (const text of lines) {
    texts.push(`<text x="${n(middle)}" y="${n(baseline)}" text-anchor="middle" font-size="${fonts.name}" fill="${thin ? palette.muted : palette.ink}">${escapeXml(text)}</text>`);
    baseline += 15;
  }
  const hint = [`${node.kind}: ${node.label.replaceAll('\n', ', ')}`, node.place ? `${node.place.file}:${node.place.line}` : '', node.unheard ? 'nobody in this repository listens' : ''].filter((part) => part !== '').join('\n');
  const badge = node.kind === 'function' && node.loops.length > 0 ? badges(node.loops, x + width, y, endless) : '';
  return `<g><title>${hint.split('\n').map(escapeXml).join('\n')}</title><path d="${shape.d}" fill="${node.unknown ? palette.ground : fill}"${thin && !node.unknown ? ' fill-opacity="0.45"' : ''} stroke="${stroke}" stroke-width="${strokeWidth}"${dash}/>${shape.lines === undefined ? '' : `<path d="${shape.lines}" fill="none" stroke="${stroke}" stroke-width="${node.kind === 'function' ? 3 : 1}"/>`}${texts.join('')}${badge}</g>`;
}

/** Numbers of loops, at the top right corner. */
function badges(loops: readonly number[], right: number, y: number, endless: ReadonlySet<number>): string {
  return loops.slice(0, 3).map((number, index) => {
    const x = right - 4 - index * 19;
    return `<circle cx="${n(x)}" cy="${n(y)}" r="9" fill="${endless.has(number) ? palette.loop : palette.ended}"/><text x="${n(x)}" y="${n(y + 3.5)}" text-anchor="middle" font-size="10" font-weight="bold" fill="#ffffff">${number}</text>`;
  }).join('');
}

function arrow({ edge, points }: PlacedEdge, endless: ReadonlySet<number>): string {
  const state = loopStateOf(edge, endless);
  const color = state === 'endless' ? palette.loop : state === 'ended' ? palette.ended : palette.line;
  const dash = edge.certainty === 'unresolved' ? ' stroke-dasharray="1.5 4" stroke-linecap="round"' : edge.certainty === 'possible' ? ' stroke-dasharray="7 4"' : '';
  const hint = [edge.kind, ...(edge.label ?? '').split('\n').filter((line) => line !== ''), ...edge.reasons, ...edge.places.slice(0, 5).map((at) => `${at.file}:${at.line}`)];
  return `<g><title>${hint.map(escapeXml).join('\n')}</title><path d="${curve(points)}" fill="none" stroke="${color}" stroke-width="${state === undefined ? 1.2 : 2.8}"${dash} marker-end="url(#arrow-${state ?? 'line'})"/></g>`;
}

/** A smooth line along the corners that ends in a straight piece. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const parts = [`M${n(first.x)} ${n(first.y)}`];
  rest.slice(0, -1).forEach((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 2 ? { x: point.x * 0.35 + last.x * 0.65, y: point.y * 0.35 + last.y * 0.65 } : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    parts.push(`Q${n(point.x)} ${n(point.y)} ${n(end.x)} ${n(end.y)}`);
  });
  parts.push(`L${n(last.x)} ${n(last.y)}`);
  return parts.join('');
}

function label({ edge, label: at }: PlacedEdge, endless: ReadonlySet<number>): string {
  if (!at) return '';
  const state = loopStateOf(edge, endless);
  const color = state === 'endless' ? palette.loop : state === 'ended' ? palette.ended : palette.muted;
  const top = at.y - at.height / 2;
  return `<g><rect x="${n(at.x - at.width / 2)}" y="${n(top)}" width="${n(at.width)}" height="${n(at.height)}" rx="3" fill="${palette.ground}"/>${at.lines.map((line, index) => `<text x="${n(at.x)}" y="${n(top + 10 + index * 12)}" text-anchor="middle" font-size="${fonts.label}" fill="${color}">${escapeXml(line)}</text>`).join('')}</g>`;
}
