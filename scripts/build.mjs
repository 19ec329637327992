// Compiles src/ and rules/ to dist/, and packs into it what only few commands need of other packages, with their licences. `--silent` prints nothing on success: package managers read what `prepare` prints.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** Modules that hold the package they use, each the only one that imports it. */
const packed = [{ module: 'src/report/layout.js', packages: ['@dagrejs/dagre', '@dagrejs/graphlib'] }];

/** Bundles those modules in place, and writes the licences of what is now in them beside the code. */
async function pack(folder) {
  const notices = [];
  for (const { module, packages } of packed) {
    const file = join(folder, module);
    const { metafile } = await build({ entryPoints: [file], outfile: file, allowOverwrite: true, bundle: true, format: 'esm', platform: 'node', target: 'node20', minifySyntax: true, minifyWhitespace: true, legalComments: 'none', metafile: true, logLevel: 'error', absWorkingDir: root });
    const own = Object.keys(metafile.inputs).map((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1]).filter((name) => name !== undefined);
    const missing = own.find((name) => !packages.includes(name));
    if (missing !== undefined) throw new Error(`${module} now holds ${missing}, whose licence is not listed in scripts/build.mjs`);
    for (const name of packages) {
      const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
      notices.push(`${name} ${version}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`);
    }
  }
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
