// Measures real starts of Node.js and fits the costs of `src/catalog/cold-start.ts`:
//   node bench/cold-start.mjs [--rounds N] [--packages DIR] [--write]     installs, builds, starts, prints; --write: bench/cold-start.json
//   node bench/cold-start.mjs --fit                                        fits the stored measurement again
// A start is a process of its own that evaluates one program and leaves. What is counted is its user and system time, not the clock: the
// machine may be shared. Programs take turns, the order moves on each round, medians are taken, and the time of an empty program is
// subtracted. The costs are fitted to the programs that are not held out, and the error is told of those that are.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, stop, transform } from 'esbuild';
import { programs } from './cold-start-bundles.mjs';
import { fit, judge } from './cold-start-fit.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const store = join(here, 'cold-start.json');
const args = process.argv.slice(2);
const option = (name, fallback) => { const at = args.indexOf(name); return at < 0 ? fallback : args[at + 1]; };

/** The product's own reading of a build, straight from source. */
async function product() {
  const { outputFiles } = await build({ entryPoints: [join(here, '../src/measure/cold-start.ts')], bundle: true, write: false, format: 'esm', platform: 'node' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const model = await product();
if (args.includes('--fit')) {
  report(JSON.parse(readFileSync(store, 'utf8')));
} else {
  const scratch = mkdtempSync(join(tmpdir(), 'faaslint-start-'));
  try {
    const measured = await measure(scratch);
    report(measured);
    if (args.includes('--write')) writeFileSync(store, `${JSON.stringify(measured, null, 1).replace(/\n {3,}/g, ' ').replace(/\n {2}\}/g, ' }')}\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
await stop();

async function measure(scratch) {
  const rounds = Number(option('--rounds', 15));
  const root = option('--packages', scratch);
  if (root === scratch) install(root);
  const work = join(root, 'starts');
  mkdirSync(work, { recursive: true });
  const all = [{ name: 'empty', form: 'bundle', packages: [], code: '' }, { name: 'empty module', form: 'modules', packages: [], code: '' }, ...programs];
  const starts = [];
  for (const [index, program] of all.entries()) starts.push({ ...(await prepare(program, work, index)), runs: [] });
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < starts.length; turn++) {
      const one = starts[(turn + round * 7) % starts.length];
      one.runs.push(start(one, work));
      // Every other time is compared with the empty ones: they are started more often, spread over the round.
      if (turn % 20 === 10) for (const empty of starts.slice(0, 2)) empty.runs.push(start(empty, work));
    }
  }
  rmSync(work, { recursive: true, force: true });
  const [empty, emptyModule, ...rest] = starts;
  return {
    date: new Date().toISOString().slice(0, 10), node: process.versions.node, machine: `${process.arch} server, 2 cores, shared`, rounds,
    baseMs: round(median(empty.runs)), baseModuleMs: round(median(emptyModule.runs)),
    programs: rest.map(({ name, form, heldOut, packages, parts, plainBytes, runs, esm }) => ({
      name, form, ...(heldOut ? { heldOut } : {}), packages, parts, ...(plainBytes ? { plainBytes } : {}),
      ms: round(median(runs) - median((esm ? emptyModule : empty).runs)), minMs: round(Math.min(...runs) - Math.min(...(esm ? emptyModule : empty).runs)),
    })),
  };
}

function install(root) {
  writeFileSync(join(root, 'package.json'), '{"name":"starts","private":true}');
  const packages = [...new Set(programs.flatMap((program) => program.packages))];
  const done = spawnSync('npm', ['install', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages], { cwd: root, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
}

/** Writes what is started, and tells its parts as the analyzer would. */
async function prepare(program, work, index) {
  const { form, code } = program;
  const bundled = form === 'bundle' || form === 'minified';
  const esm = form === 'modules';
  const entry = join(work, `in${index}.${form === 'files' ? 'cjs' : 'mjs'}`);
  const text = form === 'files' ? (await transform(code, { format: 'cjs', platform: 'node' })).code : code;
  writeFileSync(entry, text);
  const settings = { entryPoints: [entry], bundle: true, write: false, metafile: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'silent', external: ['pg-hstore'], outfile: join(work, 'x.cjs') };
  // What Node.js itself would load: no fields and conditions that only bundlers know.
  const { metafile, outputFiles } = await build(bundled ? { ...settings, minify: form === 'minified' } : { ...settings, mainFields: ['main'], conditions: ['node'] });
  const output = Object.values(metafile.outputs)[0];
  const file = join(work, `out${index}.${esm ? 'mjs' : 'cjs'}`);
  writeFileSync(file, `${bundled ? outputFiles[0].text : text}\n;${ending(esm)}`);
  const minified = form === 'bundle' && code !== '' ? (await build({ ...settings, minify: true })).outputFiles[0].contents.length : undefined;
  const parts = bundled ? model.partsOfBundle(output, form === 'minified') : model.partsOfFiles(metafile.inputs, Object.keys(metafile.inputs));
  const packages = program.packages.map((name) => name.replace(/(?<=.)@.*$/, '')).map((name) => `${name}@${JSON.parse(readFileSync(join(work, '..', 'node_modules', name, 'package.json'), 'utf8')).version}`);
  return { ...program, packages, file, esm, parts, ...(minified ? { plainBytes: [output.bytes, minified] } : {}) };
}

/** Says what the process has used so far, and leaves at once: timers and sockets of clients keep nothing alive. */
function ending(esm) {
  return `{const{writeSync}=${esm ? "await import('node:fs')" : "require('node:fs')"};const{user,system}=process.cpuUsage();writeSync(1,'\\nused '+(user+system));process.exit(0);}`;
}

function start({ name, file }, cwd) {
  const child = spawnSync(process.execPath, [file], { cwd, encoding: 'utf8', env: { PATH: process.env.PATH } });
  const used = /\nused (\d+)$/.exec(child.stdout ?? '');
  if (used === null) throw new Error(`${name} did not start: ${(child.stderr ?? '').slice(0, 1_000)}`);
  return Number(used[1]) / 1_000;
}

function report({ programs: rows, date, node, rounds }) {
  const costs = fit(rows, model.startCosts, model.startMs);
  console.log(`${date}, Node.js ${node}, ${rows.length} programs, ${rounds} rounds`);
  console.log(Object.entries(costs).filter(([key]) => /^ms|Factor$/.test(key)).map(([key, value]) => `${key} ${value}`).join(', '));
  for (const [title, kept] of [['fitted', rows.filter((row) => !row.heldOut)], ['held out', rows.filter((row) => row.heldOut)]]) {
    const { medianError, rankCorrelation, worst } = judge(kept, (parts) => model.startMs(parts, costs));
    console.log(`${title}: ${kept.length} programs, median error ${(medianError * 100).toFixed(0)} %, rank correlation ${rankCorrelation.toFixed(3)}, worst ${worst.name} (factor ${worst.factor.toFixed(1)})`);
  }
  for (const row of [...rows].sort((a, b) => a.ms - b.ms)) console.log(`${row.heldOut ? '*' : ' '} ${row.name.padEnd(32)} ${row.form.padEnd(9)} ${row.ms.toFixed(1).padStart(7)} ms, estimated ${model.startMs(row.parts, costs).toFixed(1).padStart(7)}`);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
