// Compiles src/ and rules/ to dist/. `--silent` prints nothing on success: package managers read what `prepare` prints.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const silent = process.argv.includes('--silent');
const started = Date.now();
// A folder of its own, swapped in when whole: no stale file of an earlier build stays, and nobody sees half of one.
const fresh = join(root, `dist.${process.pid}.tmp`);
const old = join(root, `dist.${process.pid}.old.tmp`);

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
    if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
    renameSync(fresh, join(root, 'dist'));
    // npx keeps its link to the launcher: without this bit a second `npm ci` ends in "Permission denied".
    chmodSync(join(root, 'bin', 'faaslint.js'), 0o755);
    if (!silent) console.log(`built dist in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
} finally {
  remove();
}
