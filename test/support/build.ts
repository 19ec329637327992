import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Newest change of any file below a folder, in milliseconds. */
function newest(folder: string): number {
  return Math.max(...readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

/** Global setup of the tests that run the compiled tool: builds it unless what is there is newer than its sources. A failure is told to `built.ts`: thrown here, it would end all other tests too. */
export default function setup(project: TestProject): void {
  project.provide('buildFailure', '');
  const made = statSync(join(root, 'dist/src/cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (made > Math.max(newest(join(root, 'src')), newest(join(root, 'rules')), statSync(join(root, 'tsconfig.json')).mtimeMs)) return;
  const run = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--silent'], { encoding: 'utf8' });
  if (run.status !== 0) project.provide('buildFailure', run.stderr || 'it gave no reason');
}

declare module 'vitest' {
  export interface ProvidedContext {
    buildFailure: string;
  }
}
