import { pictureNodeKinds, type Picture } from '../model/picture.ts';
import { escapeXml } from './escape.ts';
import { kindColors, kindNames, palette } from './graph-context.ts';
import { fitted, textWidth } from './graph-metrics.ts';
import { fonts, type Rectangle } from './graph-place.ts';
import { n, outline } from './graph-shapes.ts';

/** Loops that are written out. */
const maxLoops = 12;

/** What stands below the drawing: the loops as text, and a legend of what is used. `bottom`: where it ends. */
export function footer(picture: Picture, area: Omit<Rectangle, 'height'>): { readonly lines: readonly string[]; readonly bottom: number } {
  const lines: string[] = [];
  let { y } = area;
  const text = (x: number, at: number, content: string, more = ''): string => `<text x="${n(x)}" y="${n(at)}" font-size="${fonts.text}" fill="${palette.ink}"${more}>${escapeXml(content)}</text>`;
  const names = new Map(picture.nodes.map((node) => [node.id, node.label.split('\n')[0] ?? '']));
  for (const loop of picture.loops.slice(0, maxLoops)) {
    const color = loop.ends ? palette.ended : palette.loop;
    const way = [...loop.nodes, loop.nodes[0] ?? ''].map((id) => names.get(id) ?? id).join(' → ');
    const says = loop.ends ? `ends: ${loop.ends.why} (${loop.ends.file}:${loop.ends.line})` : loop.certainty === 'proved' ? 'nothing ends it' : `possible, if ${loop.assumptions.join(' and ')}`;
    lines.push(`<circle cx="${n(area.x + 9)}" cy="${n(y - 4)}" r="9" fill="${color}"/><text x="${n(area.x + 9)}" y="${n(y - 0.5)}" text-anchor="middle" font-size="10" font-weight="bold" fill="#ffffff">${loop.number}</text>`);
    lines.push(text(area.x + 26, y, fitted(`${way}: ${says}`, fonts.text, area.width - 26)));
    y += 22;
  }
  if (picture.loops.length > maxLoops) {
    lines.push(text(area.x + 26, y, `… ${picture.loops.length - maxLoops} more loops (--format json lists all)`));
    y += 22;
  }
  y += 6;
  let x = area.x;
  /** Places one entry of the legend, on the next line where this one is full. */
  const entry = (name: string, draw: (x: number, y: number) => string): void => {
    const width = 40 + textWidth(name, fonts.text) + 18;
    if (x > area.x && x + width > area.x + area.width) {
      x = area.x;
      y += 26;
    }
    lines.push(`<g>${draw(x, y)}${text(x + 38, y + 4, name)}</g>`);
    x += width;
  };
  const used = new Set(picture.nodes.filter((node) => !node.unknown).map((node) => node.kind));
  for (const kind of pictureNodeKinds) {
    if (!used.has(kind)) continue;
    entry(kindNames[kind], (left, middle) => {
      const shape = outline(kind, left, middle - 9, 30, 18);
      return `<path d="${shape.d}" fill="${kindColors[kind].fill}" stroke="${kindColors[kind].line}" stroke-width="1.2"${shape.dashed ? ' stroke-dasharray="5 3"' : ''}/>`;
    });
  }
  const stroke = (color: string, width: number, dash = ''): ((left: number, middle: number) => string) => (left, middle) => `<path d="M${n(left)} ${n(middle)}H${n(left + 30)}" stroke="${color}" stroke-width="${width}"${dash}/>`;
  if (picture.edges.some((edge) => edge.certainty === 'possible')) entry('possible', stroke(palette.line, 1.2, ' stroke-dasharray="7 4"'));
  if (picture.edges.some((edge) => edge.certainty === 'unresolved')) entry('not resolved', stroke(palette.line, 1.6, ' stroke-dasharray="1.5 4" stroke-linecap="round"'));
  if (picture.loops.some((loop) => !loop.ends)) entry('loop without an end', stroke(palette.loop, 2.8));
  if (picture.loops.some((loop) => loop.ends)) entry('loop that ends', stroke(palette.ended, 2.8));
  if (picture.nodes.some((node) => node.unheard)) entry('thin: nobody listens', (left, middle) => `<rect x="${n(left)}" y="${n(middle - 9)}" width="30" height="18" fill="${palette.ground}" stroke="${palette.faint}" stroke-width="0.9"/>`);
  return { lines, bottom: y + 14 };
}
