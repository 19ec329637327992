#!/usr/bin/env node
// Plain JavaScript, so that it runs, and says what is missing, before anything is compiled.
import { existsSync } from 'node:fs';

const cli = new URL('../dist/src/cli.js', import.meta.url);
if (existsSync(cli)) {
  const { waitBeforeOptimising } = await import('./engine.js');
  waitBeforeOptimising();
  await import(cli.href);
} else {
  process.stderr.write('faaslint is not built: run "npm run build"\n');
  process.exitCode = 2;
}
