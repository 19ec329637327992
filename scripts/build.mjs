// Compiles src/ and rules/ to dist/, and bundles it, together with what only few commands need of other packages. `--silent` prints nothing on success: package managers read what `prepare` prints.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const silent = process.argv.includes('--silent');
const started = Date.now();
// A folder of its own, swapped in when whole: no stale file of an earlier build stays, and nobody sees half of one.
const fresh = join(root, `dist.${process.pid}.tmp`);
const old = join(root, `dist.${process.pid}.old.tmp`);

/** What starts on its own: the launcher, the two exports, the child that parses what may kill a process. */
const entries = ['src/cli.js', 'src/api.js', 'src/eslint/plugin.js', 'src/extract/child-main.js'];
/** What bench/ and scripts/ look at on its own. */
const measured = ['src/analyze.js', 'src/workspace/workspace.js', 'src/discover/all.js', 'src/discover/hcl.js', 'src/extract/admission.js', 'src/extract/extract.js', 'src/extract/load.js', 'src/extract/parse.js', 'src/measure/bundler.js', 'src/measure/measure.js', 'src/report/layout.js', 'rules/index.js'];
/** Packages that only few commands need: their code is in the bundle, their licences beside it. */
const packed = ['@dagrejs/dagre', '@dagrejs/graphlib', 'd3-hierarchy'];

/** Bundles what tsc wrote, in place: some 400 modules cost 0.2 s of processor time to load, their bundle a quarter of it. Types stay as they are. */
async function pack(folder) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const external = Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`]);
  const { metafile } = await build({
    entryPoints: [...entries, ...measured].map((file) => join(folder, file)), outdir: folder, outbase: folder, allowOverwrite: true, bundle: true, splitting: true, chunkNames: 'chunks/[hash]', external,
    format: 'esm', platform: 'node', target: 'node20', legalComments: 'none', metafile: true, logLevel: 'error', absWorkingDir: root,
  });
  const own = new Set(Object.keys(metafile.inputs).map((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1]).filter((name) => name !== undefined));
  const missing = [...own].find((name) => !packed.includes(name));
  if (missing !== undefined) throw new Error(`the bundle now holds ${missing}, whose licence is not listed in scripts/build.mjs`);
  const written = new Set(Object.keys(metafile.outputs).map((name) => join(root, name)));
  for (const name of readdirSync(folder, { recursive: true })) if (name.endsWith('.js') && !written.has(join(folder, name))) rmSync(join(folder, name));
  // One of them comes inside another one's file: licences of all.
  const notices = packed.map((name) => {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    return `${name} ${version}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`;
  });
  writeFileSync(join(folder, 'THIRD_PARTY_NOTICES'), `The code in this folder holds parts of these packages.\n\n${notices.join(`\n${'-'.repeat(72)}\n\n`)}`);
}

function remove() {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
}

try {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.json'), '--outDir', fresh], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout}${run.stderr}`);
    process.exitCode = 1;
  } else {
    await pack(fresh);
    if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
    renameSync(fresh, join(root, 'dist'));
    // npx keeps its link to the launcher: without this bit a second `npm ci` ends in "Permission denied".
    chmodSync(join(root, 'bin', 'faaslint.js'), 0o755);
    if (!silent) console.log(`built dist in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
} finally {
  remove();
}
