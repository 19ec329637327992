import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Time of the event graph's own step (loops and chains over given hops) against its size, over generated graphs of functions
 * and queues. Prints one line a size; exits with 1 when the largest takes longer than 0.5 s.
 *
 *     node bench/graph.mjs
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}node_modules/.cache/bench`;
mkdirSync(out, { recursive: true });
await build({ stdin: { contents: "export { cycles } from './src/link/graph/cycles.ts'; export { chains } from './src/link/graph/chains.ts';", resolveDir: root, loader: 'ts' }, bundle: true, platform: 'node', format: 'esm', outfile: `${out}/graph.mjs`, logLevel: 'error' });
const { cycles, chains } = await import(`${out}/graph.mjs`);

const LIMIT_MS = 500;
const sizes = [[625, 2_500], [1_250, 5_000], [2_500, 10_000], [5_000, 20_000]];

/** A repeatable sequence of numbers between 0 and 1. */
function random(seed) {
  let state = seed;
  return () => { state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; return state / 2 ** 32; };
}

/** `tangled`: any function may wake any other. `layered`: functions wake later ones, but for one hop in two hundred. */
function hopsOf(functions, edges, shape) {
  const next = random(functions + edges);
  return Array.from({ length: edges }, (_, index) => {
    const from = Math.floor(next() * functions);
    const isBack = shape === 'tangled' || next() < 0.005;
    const to = isBack ? Math.floor(next() * functions) : Math.min(functions - 1, from + 1 + Math.floor(next() * 40));
    const place = { file: `src/f${from}.ts`, line: 1 + (index % 90), column: 1, endLine: 1 + (index % 90), endColumn: 9 };
    return { from: `app#f${from}`, to: `app#f${to}`, place, steps: [], through: [{ key: `q${index}`, label: `q${index}` }], services: ['sqs'], how: 'event', waits: next() < 0.3, assumptions: [] };
  });
}

let worst = 0;
console.log('shape     functions  hops    loops  chains  ms');
for (const shape of ['layered', 'tangled']) {
  for (const [functions, edges] of sizes) {
    const hops = hopsOf(functions, edges, shape);
    const times = [];
    let loops = 0;
    let long = 0;
    for (let round = 0; round < 3; round++) {
      // Processor time: a busy machine must not change the answer.
      const start = process.cpuUsage();
      loops = cycles(hops).length;
      long = chains(hops, 6).length + chains(hops.filter((hop) => hop.waits), 3).length;
      const used = process.cpuUsage(start);
      times.push((used.user + used.system) / 1_000);
    }
    const ms = Math.min(...times);
    if (functions === sizes.at(-1)[0]) worst = Math.max(worst, ms);
    console.log(`${shape.padEnd(9)} ${String(functions).padStart(9)}  ${String(edges).padStart(6)}  ${String(loops).padStart(5)}  ${String(long).padStart(6)}  ${ms.toFixed(0)}`);
  }
}
process.exitCode = worst > LIMIT_MS ? 1 : 0;
