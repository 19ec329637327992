// Compares what finding the functions costs with reading and parsing every file once: `node bench/functions.mjs ROOT… [--rounds N]`.
// Both sides list the files in the same way; each runs in a process of its own, in turns; medians of processor time are printed,
// and nothing is asserted, since absolute times depend on the machine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const at = args.indexOf('--rounds');
const rounds = at < 0 ? 3 : Number(args[at + 1]);
const roots = args.filter((arg, index) => !arg.startsWith('--') && (at < 0 || index !== at + 1));
const fail = (text) => { process.stderr.write(`${text}\n`); process.exit(2); };
if (roots.length === 0 || !(rounds >= 1)) fail('usage: node bench/functions.mjs ROOT… [--rounds N]');
if (!existsSync(join(here, '..', 'dist', 'src', 'analyze.js'))) fail('faaslint is not built: run "npm run build"');

const { openWorkspace } = await import('../dist/src/workspace/workspace.js');
const tools = ['discover', 'parse'];
const columns = ['repository'.padEnd(44), 'files'.padStart(6), 'functions'.padStart(9), 'discover s'.padStart(10), 'parse s'.padStart(8), 'ratio'.padStart(6), 'without start-up'.padStart(22)];
console.log(`processor time, median of ${rounds}, Node ${process.versions.node}\n${columns.join(' ')}`);
for (const given of roots) measure(resolve(given));

function measure(root) {
  const { files } = openWorkspace(root, { root });
  const runs = new Map(tools.map((tool) => [tool, []]));
  for (let round = 0; round < rounds; round++) {
    // Another tool goes first each round, so that none always meets a cold file cache.
    for (let turn = 0; turn < tools.length; turn++) {
      const tool = tools[(turn + round) % tools.length];
      const child = spawnSync(process.execPath, [join(here, 'tools', `${tool}.mjs`), root], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
      const line = child.stdout.trim().split('\n').at(-1);
      if (child.status !== 0 || !line) throw new Error(`${tool} failed: ${child.stderr.slice(0, 2_000)}`);
      runs.get(tool).push(JSON.parse(line));
    }
  }
  const [found, parsed] = tools.map((tool) => runs.get(tool));
  const [whole, wholeParse, own, ownParse] = [median(found, 'cpuSeconds'), median(parsed, 'cpuSeconds'), median(found, 'ownSeconds'), median(parsed, 'ownSeconds')];
  console.log([
    basename(root).padEnd(44), String(files.length).padStart(6), String(found[0].functions).padStart(9), whole.toFixed(2).padStart(10), wholeParse.toFixed(2).padStart(8),
    (whole / wholeParse).toFixed(2).padStart(6), `${own.toFixed(2)} / ${ownParse.toFixed(2)} = ${(own / ownParse).toFixed(2)}`.padStart(22),
  ].join(' ') + (parsed[0].failed > 0 ? `  (${parsed[0].failed} files do not parse)` : ''));
}

function median(results, key) {
  const sorted = results.map((result) => result[key]).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
