// Damages real functions and looks whether the rules see it; rewrites them without a change of meaning and looks whether they say the
// same: `node scripts/mutate.mjs --root DIR [--seed TEXT] [--functions N] [--only OPERATOR|RULE] [--out DIR]`.
// DIR is a folder of repositories. Nothing in it is run or written.
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const out = fileURLToPath(new URL('../node_modules/.cache/faaslint-mutate/', import.meta.url));
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)), entryPoints: ['scripts/mutate/main.ts'], bundle: true, packages: 'external', platform: 'node', format: 'esm', outfile: `${out}main-${process.pid}.mjs`, logLevel: 'error',
});
try {
  await import(pathToFileURL(`${out}main-${process.pid}.mjs`).href);
} finally {
  rmSync(`${out}main-${process.pid}.mjs`, { force: true });
}
