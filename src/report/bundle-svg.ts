import type { BundleDetail } from '../model/bundle.ts';
import { areasOf } from './bundle-areas.ts';
import { bySize, verdict } from './bundle-text.ts';
import { bytesText, shareText } from './bytes.ts';
import { plural } from './context.ts';
import { escapeXml } from './escape.ts';
import { fitted, textWidth } from './graph-metrics.ts';
import { n } from './graph-shapes.ts';
import { captionHeight, placeAreas, type PlacedArea } from './treemap.ts';

const margin = 20;
const width = 1_160;
const mapHeight = 440;
const headHeight = 48;
/** Packages that are drawn; the rest is counted. */
const MAX_MAPS = 12;

/** Fills that black text can be read on, told apart by people who see no red or green; one a package, in turn. */
const fills = ['#9ec9e8', '#f5d58a', '#b8dba8', '#e8b7c8', '#c9bde6', '#9fd8cf', '#f0bd98', '#cfd7e3'];
const kindFills: ReadonlyMap<string, string> = new Map([['own', '#6fb3e0'], ['bundler', '#e3e3de'], ['sourceMap', '#d0cfc8'], ['rest', '#e3e3de'], ['asset', '#f2c14e'], ['layer', '#b79fd8']]);
const ink = '#1c2733';
const muted = '#52606d';
const font = "font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\"";

/** Packages as treemaps, one below the other, the biggest first. */
export function bundleSvg(details: readonly BundleDetail[], context: { readonly title: string }): string {
  const distinct = distinctPackages(details);
  const shown = distinct.slice(0, MAX_MAPS);
  const blocks = shown.map((detail, index) => `<g transform="translate(${margin} ${margin + 30 + index * (mapHeight + headHeight + 24)})">${heading(detail, details)}<g transform="translate(0 ${headHeight})">${treemapSvg(detail)}</g></g>`);
  const unmeasured = details.filter(({ result }) => result.status === 'notMeasured').length;
  const foot = [distinct.length > shown.length ? `${plural(distinct.length - shown.length, 'smaller package')} not drawn` : '', unmeasured > 0 ? `${plural(unmeasured, 'function')} not measured` : ''].filter((text) => text !== '').join(', ');
  const height = margin + 30 + shown.length * (mapHeight + headHeight + 24) + (foot === '' ? 0 : 20) + margin;
  const name = `Packages of ${context.title}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width + margin * 2}" height="${height}" viewBox="0 0 ${width + margin * 2} ${height}" role="img" aria-label="${escapeXml(name)}" ${font}>`,
    `<title>${escapeXml(name)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${margin}" y="${margin + 12}" font-size="17" font-weight="bold" fill="${ink}">${escapeXml(fitted(name, 19, width))}</text>`,
    ...blocks,
    ...(foot === '' ? [] : [`<text x="${margin}" y="${height - margin}" font-size="12" fill="${muted}">${escapeXml(foot)}</text>`]),
    '</svg>',
  ].join('\n') + '\n';
}

/** One function for each package that ships, biggest first. */
export function distinctPackages(details: readonly BundleDetail[]): readonly BundleDetail[] {
  const seen = new Set<string>();
  return details.filter(({ result }) => result.status === 'measured').sort(bySize).filter(({ result }) => { const key = result.package ?? result.id ?? result.function; return !seen.has(key) && seen.add(key); });
}

function heading(detail: BundleDetail, all: readonly BundleDetail[]): string {
  const { result, limits } = detail;
  const twins = all.filter((other) => other !== detail && result.package !== undefined && other.result.package === result.package).length;
  const name = `${result.function}${twins === 0 ? '' : ` and ${plural(twins, 'other')} with the same package`}`;
  const limit = limits.find(({ of }) => of === 'unpacked');
  const wrong = verdict(detail);
  const facts = [`${bytesText(result.bytes ?? 0)} unpacked`, result.zippedBytes === undefined ? '' : `${bytesText(result.zippedBytes)} zipped`, limit === undefined ? '' : `${shareText(limit.usedBytes, limit.bytes)} of ${bytesText(limit.bytes)}`, wrong].filter((text) => text !== '').join(' · ');
  return `<text x="0" y="14" font-size="14" font-weight="bold" fill="${wrong === '' ? ink : '#b3261e'}">${escapeXml(fitted(name, 15.5, width))}</text><text x="0" y="33" font-size="12" fill="${muted}">${escapeXml(facts)}</text>`;
}

/** The treemap of one package, without its heading. */
export function treemapSvg(detail: BundleDetail): string {
  const placed = placeAreas(areasOf(detail), width, mapHeight);
  return placed.map((item) => rectangle(item)).join('');
}

export const treemapSize = { width, height: mapHeight };

function rectangle(item: PlacedArea): string {
  const { area, depth, branch, x, y } = item;
  const fill = kindFills.get(area.kind) ?? fills[branch % fills.length] ?? '#cfd7e3';
  const box = `<rect x="${n(x)}" y="${n(y)}" width="${n(item.width)}" height="${n(item.height)}" rx="${depth === 1 ? 3 : 1.5}" fill="${fill}"${depth > 1 ? ' stroke="#ffffff" stroke-opacity="0.75" fill-opacity="0.78"' : ''}/>`;
  const hint = area.hint.split('\n').map(escapeXml).join('\n');
  return `<g><title>${hint}</title>${box}${labels(item)}</g>`;
}

/** As much of a name as there is room for: without its folder or scope, then without a version, before anything is cut out. */
function shortened(name: string, points: number, room: number): string {
  const last = name.slice(name.lastIndexOf('/', name.length - 2) + 1);
  const bare = last.replace(/ \d\S*$/, '');
  return [name, last, bare].find((item) => textWidth(item, points) <= room) ?? fitted(bare, points, room);
}

/** Name and size, where there is room for them to be read. */
function labels({ area, x, y, width: wide, height: tall }: PlacedArea): string {
  const room = wide - 8;
  const size = bytesText(area.bytes);
  const text = (content: string, at: number, weight: string, color: string, points: number): string => `<text x="${n(x + 4)}" y="${n(at)}" font-size="${points}"${weight} fill="${color}">${escapeXml(content)}</text>`;
  if (area.children !== undefined) {
    if (tall < captionHeight || room < 30) return '';
    const line = `${area.name}  ${size}`;
    return text(textWidth(line, 12.5) <= room ? line : shortened(area.name, 12.5, room), y + 13, ' font-weight="bold"', ink, 12);
  }
  if (tall < 14 || room < 26) return '';
  const name = shortened(area.name, 11, room);
  if (name.length < Math.min(4, area.name.length)) return '';
  const second = tall >= 30 && textWidth(size, 10.5) <= room ? text(size, y + 26, '', muted, 10.5) : '';
  return text(name, y + 12.5, '', ink, 11) + second;
}
