import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Every place in a repository at which a deployed function invokes, sends, publishes or writes, for reading what the loop rules say
 * of it: tab-separated function, place, what is done, what the target resolves to, where it leads, and the findings of no-self-invocation
 * and no-invocation-cycle there. The last lines count the distinct places that resolved, and why the rest did not.
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

/** What is known of each place: one call in a helper of many functions counts once, and resolves when it does so in all of them. */
const places = new Map();
for (const view of project.functions) {
  const { hops } = outgoing(view);
  for (const item of effects(view)) {
    if (!isWaking(item.effect)) continue;
    const { file, line, column } = view.location(item.place);
    const names = item.targets.map(({ names: one }) => one.kind === 'unknown' ? `? ${one.reason}` : one.kind === 'event' ? 'the event says' : one.id ?? one.key);
    const leads = hops.filter((hop) => hop.place.file === file && hop.place.line === line).map((hop) => `${hop.to}${hop.assumptions.length > 0 ? ' (possible)' : ''}`);
    const key = `${file}:${line}:${column} ${item.effect.row}`;
    const place = places.get(key) ?? { isRequest: item.effect.kind === 'request', ways: new Set(), reasons: new Set() };
    places.set(key, place);
    const isData = item.targets.every(({ names: one }) => one.kind === 'event' || (one.kind === 'unknown' && one.reason === 'event data'));
    place.ways.add(isData ? 'data' : item.targets.every(({ names: one }) => one.kind !== 'unknown') ? 'resolved' : 'unknown');
    if (!isData) for (const { names: one } of item.targets) if (one.kind === 'unknown') place.reasons.add(one.reason);
    console.log([view.fn.id, `${file}:${line}`, `${item.effect.kind} ${item.effect.row}`, names.join(' | ') || '?', [...new Set(leads)].join(' | ') || '-', [...new Set(said(file, line))].join(' | ') || '-'].join('\t'));
  }
  view.release();
}

function count(list, what) {
  const data = list.filter(({ ways }) => !ways.has('unknown') && !ways.has('resolved')).length;
  const resolved = list.filter(({ ways }) => !ways.has('unknown') && ways.has('resolved')).length;
  const asked = list.length - data;
  console.log(`# ${list.length} ${what}; ${data} whose target is event data; of the other ${asked} ${resolved} resolve (${asked === 0 ? 100 : Math.round(1000 * resolved / asked) / 10} %)`);
}
count([...places.values()], 'places');
count([...places.values()].filter(({ isRequest }) => !isRequest), 'places without HTTP');
const reasons = new Map();
for (const place of places.values()) if (place.ways.has('unknown')) for (const reason of place.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
for (const [reason, times] of [...reasons].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))) console.log(`# ${times}\t${reason}`);
