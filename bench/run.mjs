// Compares processor time: `npm run bench -- [--root DIR] [--rounds N] [--files N] [--no-eslint]`.
// Without --root a generated corpus is measured. Every tool is a process of its own, the tools take turns, and medians are
// printed; nothing is asserted, since absolute times depend on the machine and on what else it does.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const option = (name, fallback) => { const at = args.indexOf(name); return at < 0 ? fallback : args[at + 1]; };
const rounds = Number(option('--rounds', 5));
const given = option('--root', undefined);

if (!existsSync(join(here, '..', 'dist', 'src', 'analyze.js'))) {
  process.stderr.write('faaslint is not built: run "npm run build"\n');
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'faaslint-bench-'));
try {
  const root = given === undefined ? join(scratch, 'corpus') : resolve(given);
  if (given === undefined) generate(root, { files: Number(option('--files', 5_000)) });
  const { openWorkspace } = await import('../dist/src/workspace/workspace.js');
  const files = openWorkspace(root, { root }).files.filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  const list = join(scratch, 'files.json');
  writeFileSync(list, JSON.stringify(files));
  const tools = ['faaslint', 'f', ...(args.includes('--no-eslint') ? [] : ['eslint'])];
  const runs = new Map(tools.map((tool) => [tool, []]));
  for (let round = 0; round < rounds; round++) {
    // Another tool goes first each round, so that none always meets a cold file cache.
    for (let turn = 0; turn < tools.length; turn++) {
      const tool = tools[(turn + round) % tools.length];
      const child = spawnSync(process.execPath, [join(here, 'tools', `${tool}.mjs`), root, list], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
      const line = child.stdout.trim().split('\n').at(-1);
      if (child.status !== 0 || !line) throw new Error(`${tool} failed: ${child.stderr.slice(0, 2_000)}`);
      runs.get(tool).push(JSON.parse(line));
    }
  }
  print(root, files.length, runs);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function print(root, fileCount, runs) {
  console.log(`${given === undefined ? 'generated corpus' : root}: ${fileCount} source files, ${rounds} rounds, Node ${process.versions.node}`);
  const base = median(runs.get('f'), 'cpuSeconds');
  console.log(['tool'.padEnd(10), 'cpu s'.padStart(8), 'wall s'.padStart(8), 'peak MB'.padStart(9), 'cpu / F'.padStart(9)].join(' '));
  for (const [tool, results] of runs) {
    const cpu = median(results, 'cpuSeconds');
    const extra = tool === 'faaslint' ? `  ${results[0].functions} functions, ${results[0].findings} findings, ${results[0].discovered} files needed` : tool === 'eslint' && results[0].failed > 0 ? `  ${results[0].failed} files do not parse` : '';
    console.log([(tool === 'f' ? 'F' : tool).padEnd(10), cpu.toFixed(2).padStart(8), median(results, 'wallSeconds').toFixed(2).padStart(8), median(results, 'peakMegabytes').toFixed(0).padStart(9), (cpu / base).toFixed(2).padStart(9)].join(' ') + extra);
  }
}

function median(results, key) {
  const sorted = results.map((result) => result[key]).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
