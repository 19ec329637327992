import type { BundleDetail } from '../model/bundle.ts';
import type { BundleChange } from './bundle-compare.ts';
import { distinctPackages, treemapSize, treemapSvg } from './bundle-svg.ts';
import { archiveText, bySize, madeBy, noteTexts, startText, title, verdict, way } from './bundle-text.ts';
import { bytesText, changeText, shareText } from './bytes.ts';
import { plural } from './context.ts';
import { escapeXml } from './escape.ts';

const style = `body{font:15px/1.5 system-ui,sans-serif;color:#1c2733;background:#fff;max-width:1200px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2.2rem 0 .2rem}table{border-collapse:collapse;margin:.6rem 0}th,td{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}
th{border-bottom:1px solid #9aa5b1;font-weight:600}td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}.m{color:#52606d}.bad{color:#b3261e;font-weight:600}.good{color:#1a6b3c}code{background:#eef1f4;padding:.1em .3em;border-radius:3px}
svg{width:100%;height:auto;display:block;margin:.5rem 0}summary{cursor:pointer;color:#52606d}`;

const cell = (text: string): string => `<td>${escapeXml(text)}</td>`;
const number = (text: string): string => `<td class="n">${escapeXml(text)}</td>`;
const table = (head: readonly string[], rows: readonly string[]): string => `<table><thead><tr>${head.map((item) => `<th>${escapeXml(item)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row}</tr>`).join('')}</tbody></table>`;

/** Packages as one page that needs nothing else: no script, no network. */
export function bundleHtml(details: readonly BundleDetail[], changes: readonly BundleChange[] | undefined, context: { readonly title: string }): string {
  const measured = details.filter(({ result }) => result.status === 'measured').sort(bySize);
  const unmeasured = details.filter(({ result }) => result.status === 'notMeasured');
  const distinct = distinctPackages(details);
  const fixes = [...new Set(unmeasured.flatMap(({ result }) => result.fix ?? []))];
  const name = `Packages of ${context.title}`;
  return [
    '<!doctype html>', '<html lang="en">', '<head>', '<meta charset="utf-8">', '<meta name="viewport" content="width=device-width">',
    // What a repository is named could otherwise load something, were an escape ever forgotten.
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>${escapeXml(name)}</title>`, `<style>${style}</style>`, '</head>', '<body>', `<h1>${escapeXml(name)}</h1>`,
    table(['Function', 'Unpacked', 'Archive', 'Of limit', '', 'Made by'], measured.map(summaryRow)),
    ...(changes === undefined ? [] : [comparison(changes)]),
    ...(unmeasured.length === 0 ? [] : [`<h2>Not measured</h2><ul>${unmeasured.map(({ result }) => `<li>${escapeXml(result.function)}: ${escapeXml(result.reason ?? 'no reason given')}</li>`).join('')}</ul>${fixes.map((fix) => `<p>Run at the root, then measure again: <code>${escapeXml(fix)}</code></p>`).join('')}`]),
    ...distinct.map((detail) => section(detail, measured)),
    '</body>', '</html>',
  ].join('\n') + '\n';
}

function summaryRow(detail: BundleDetail): string {
  const { result, limits } = detail;
  const limit = limits.find(({ of }) => of === 'unpacked');
  return `${cell(result.function)}${number(bytesText(result.bytes ?? 0))}${number(result.zippedBytes === undefined ? '' : bytesText(result.zippedBytes))}${number(limit === undefined ? '' : shareText(limit.usedBytes, limit.bytes))}<td class="bad">${escapeXml(verdict(detail))}</td>${cell(madeBy(detail))}`;
}

function section(detail: BundleDetail, all: readonly BundleDetail[]): string {
  const { result, parts, notes, savings, limits } = detail;
  const twins = all.filter((other) => other !== detail && result.package !== undefined && other.result.package === result.package);
  const whole = result.bytes ?? 0;
  return [
    `<h2>${escapeXml(result.function)}</h2>`,
    `<p class="m">${escapeXml(detail.unit)}${twins.length === 0 ? '' : `; the same package: ${escapeXml(twins.slice(0, 10).map((twin) => twin.result.function).join(', '))}${twins.length > 10 ? ` and ${twins.length - 10} more` : ''}`}</p>`,
    `<ul>${limits.map((limit) => `<li>${limit.of === 'unpacked' ? 'Unpacked' : 'Archive'}: ${bytesText(limit.usedBytes)} of ${bytesText(limit.bytes)}, ${shareText(limit.usedBytes, limit.bytes)}${limit.condition === undefined ? '' : ` (${escapeXml(limit.condition)})`} <span class="m">${escapeXml(limit.source)}, ${escapeXml(limit.date)}</span></li>`).join('')}</ul>`,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${treemapSize.width} ${treemapSize.height}" role="img" aria-label="${escapeXml(`Treemap of ${result.function}`)}" font-family="Helvetica, Arial, sans-serif">${treemapSvg(detail)}</svg>`,
    ...(savings.length === 0 ? [] : [`<h3>What changes would save</h3>`, table(['Change', 'Unpacked', 'Archive'], savings.map((saving) => `${cell(saving.action)}${number(bytesText(saving.savedBytes))}${number(archiveText(saving))}`)), '<p class="m">Each is built again with the change alone; savings of several changes do not add up.</p>']),
    ...(detail.savingsLeftOut === undefined ? [] : [`<p class="m">${escapeXml(detail.savingsLeftOut)}</p>`]),
    ...(detail.start === undefined ? [] : [`<p>Cold start: ${escapeXml(startText(detail.start))}</p>`]),
    ...(notes.length === 0 ? [] : [`<ul>${noteTexts(notes).map((text) => `<li>${escapeXml(text)}</li>`).join('')}</ul>`]),
    `<details><summary>${plural(parts.length, 'part')}</summary>${table(['Part', 'Size', 'Share', 'Brought in by'], parts.map((part) => `${cell(title(part))}${number(bytesText(part.bytes))}${number(shareText(part.bytes, whole))}${cell(way(part))}`))}</details>`,
  ].join('\n');
}

function comparison(changes: readonly BundleChange[]): string {
  const different = changes.filter(({ change }) => change !== 'same');
  const rows = different.map((item) => `${cell(item.function)}<td class="n ${(item.bytes ?? 0) > 0 ? 'bad' : 'good'}">${item.bytes === undefined ? 'not measured in both' : changeText(item.bytes)}</td>${number(item.zippedBytes === undefined ? '' : changeText(item.zippedBytes))}${cell(item.change === 'changed' ? item.parts.slice(0, 4).map((part) => `${part.name} ${changeText(part.bytes)}`).join(', ') : item.change)}`);
  return `<h2>Since the earlier result</h2>${rows.length === 0 ? '' : table(['Function', 'Unpacked', 'Archive', 'What'], rows)}<p class="m">${plural(changes.length - different.length, 'function')} unchanged</p>`;
}
