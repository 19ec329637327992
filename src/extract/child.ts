import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Parsed } from './parse.ts';

const TIMEOUT_MS = 10_000;

/**
 * Parses a file that the admission scan refused, in a process of our own that may die or hang without taking the scan
 * along. In it a worker with a large stack survives what is merely deep.
 */
export function parseInChild(file: string, text: string, reason: string): Parsed {
  if (text.length > 1_000_000) return { error: 'larger than 1 MB' };
  // The built entry, also for sources that a test runner loads: a plain child process cannot load TypeScript.
  const main = join(dirname(createRequire(import.meta.url).resolve('faaslint/package.json')), 'dist', 'src', 'extract', 'child-main.js');
  const child = spawnSync(process.execPath, [main], {
    input: JSON.stringify({ file, text }), encoding: 'utf8', timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 256 * 1024 * 1024,
    env: {}, windowsHide: true,
  });
  if (child.status !== 0 || child.stdout === '') return { error: `cannot be parsed: ${reason}` };
  try {
    return JSON.parse(child.stdout) as Parsed;
  } catch {
    return { error: `cannot be parsed: ${reason}` };
  }
}
