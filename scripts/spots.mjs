import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Every place in a repository at which a deployed function invokes, sends, publishes or writes, for reading what the loop rules say
 * of it: tab-separated function, place, what is done, what the target resolves to, where it leads, and the findings of no-self-invocation
 * and no-invocation-cycle there. The last lines count what resolved, and why the rest did not.
 *
 *     node scripts/spots.mjs --root DIR
 */
const at = process.argv.indexOf('--root');
const dir = at < 0 ? undefined : process.argv[at + 1];
if (dir === undefined) { console.error('node scripts/spots.mjs --root DIR'); process.exit(2); }

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}node_modules/.cache/spots`;
mkdirSync(out, { recursive: true });
const contents = `export { analyze } from './src/analyze.ts';
export { openWorkspace } from './src/workspace/workspace.ts';
export { createFactsLoader } from './src/extract/load.ts';
export { discoverAll } from './src/discover/all.ts';
export { link } from './src/link/link.ts';
export { effects } from './src/link/queries/effects.ts';
export { isWaking } from './src/link/queries/wakes.ts';
export { outgoing } from './src/link/graph/hops.ts';`;
await build({ stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm', outdir: out, logLevel: 'error' });
const { analyze, openWorkspace, createFactsLoader, discoverAll, link, effects, isWaking, outgoing } = await import(`${out}/stdin.js`);

const { findings } = await analyze({ root: dir, paths: [dir], preset: 'all', rules: ['no-self-invocation', 'no-invocation-cycle'], bundles: false, config: false });
const workspace = openWorkspace(dir, { root: dir });
const loader = createFactsLoader(workspace);
const project = link({ workspace, infrastructure: discoverAll(workspace, loader, { params: new Map() }), loader, sizes: new Map(), date: '2026-01-01', whole: true, bundles: [] });
const said = (file, line) => findings.filter((one) => one.flow.concat(one).some((step) => step.file === file && step.line === line)).map((one) => `${one.rule} ${one.severity}`);

const counts = { spots: 0, data: 0, resolved: 0 };
const reasons = new Map();
for (const view of project.functions) {
  const { hops } = outgoing(view);
  for (const item of effects(view)) {
    if (!isWaking(item.effect)) continue;
    const { file, line } = view.location(item.place);
    const names = item.targets.map(({ names: one }) => one.kind === 'unknown' ? `? ${one.reason}` : one.kind === 'event' ? 'the event says' : one.id ?? one.key);
    const leads = hops.filter((hop) => hop.place.file === file && hop.place.line === line).map((hop) => `${hop.to}${hop.assumptions.length > 0 ? ' (possible)' : ''}`);
    counts.spots++;
    if (item.targets.every(({ names: one }) => one.kind === 'event' || (one.kind === 'unknown' && one.reason === 'event data'))) counts.data++;
    else if (item.targets.every(({ names: one }) => one.kind !== 'unknown')) counts.resolved++;
    else for (const reason of new Set(item.targets.flatMap(({ names: one }) => (one.kind === 'unknown' ? [one.reason] : [])))) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    console.log([view.fn.id, `${file}:${line}`, `${item.effect.kind} ${item.effect.row}`, names.join(' | ') || '?', [...new Set(leads)].join(' | ') || '-', [...new Set(said(file, line))].join(' | ') || '-'].join('\t'));
  }
  view.release();
}
const asked = counts.spots - counts.data;
console.log(`# ${counts.spots} spots; ${counts.data} whose target is event data; of the other ${asked} ${counts.resolved} resolve (${asked === 0 ? 100 : Math.round(1000 * counts.resolved / asked) / 10} %)`);
for (const [reason, count] of [...reasons].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))) console.log(`# ${count}\t${reason}`);
