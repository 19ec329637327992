import type { Platform } from '../model/function.ts';

/**
 * What a start of Node.js costs, fitted to measured starts of programs over public packages (`bench/cold-start.json`, made by
 * `bench/cold-start.mjs`; docs/cold-start.md explains formula and error). Milliseconds of processor time on the machine of the measurement.
 */
export interface StartCosts {
  /** Day of the measurement, Node.js version and kind of machine. */
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  readonly msBase: number;
  /** Per megabyte (1,000,000 bytes) of code that is read, as if it were not minified. */
  readonly msPerMegabyte: number;
  /** Per module that is evaluated, beyond its bytes: next to nothing in a bundle. */
  readonly msPerModule: number;
  /** Per file that is found and opened, beyond the first. */
  readonly msPerFile: number;
  /** Per module of Node.js itself that the code makes it load. */
  readonly msPerInternal: number;
  /** Per megabyte of CommonJS that an ES module imports: Node.js looks through it for its exports first. */
  readonly msPerLexedMegabyte: number;
  /** How much longer code is before it is minified: median over the bundles of the measurement. */
  readonly minifiedFactor: number;
}

export const startCosts: StartCosts = {
  date: '2026-11-21', node: '20.20', machine: 'x64 server, 2 cores',
  msBase: 0.001, msPerMegabyte: 24.8, msPerModule: 0.00163, msPerFile: 0.215, msPerInternal: 0.153, msPerLexedMegabyte: 75, minifiedFactor: 2.17,
};

/** Error over the programs that were held out while the costs were fitted. `test/measure/cold-start.test.ts` works both out again. */
export const startError = { medianPercent: 18, rankCorrelation: 0.956, programs: 14, largestFactor: 3.4 } as const;

/**
 * Modules of Node.js 20.20 that a public one loads beyond those of a bare start, without those of the modules that it brings with it
 * (counted in `process.moduleLoadList`, 2026-11-21). What is not listed loads one or none.
 */
const internals: ReadonlyMap<string, { readonly own: number; readonly brings: readonly string[] }> = new Map([
  ['stream', { own: 19, brings: [] }], ['stream/promises', { own: 0, brings: ['stream'] }], ['stream/web', { own: 8, brings: ['stream'] }],
  ['net', { own: 5, brings: ['stream'] }], ['tty', { own: 2, brings: ['net'] }], ['dgram', { own: 3, brings: [] }], ['dns', { own: 4, brings: [] }], ['dns/promises', { own: 0, brings: ['dns'] }],
  ['crypto', { own: 16, brings: ['stream'] }], ['tls', { own: 6, brings: ['net', 'crypto'] }], ['http', { own: 9, brings: ['net'] }],
  ['https', { own: 1, brings: ['http', 'tls'] }], ['http2', { own: 15, brings: ['https'] }], ['zlib', { own: 1, brings: ['stream'] }],
  ['child_process', { own: 5, brings: ['net'] }], ['assert', { own: 29, brings: [] }], ['fs/promises', { own: 9, brings: [] }],
  ['worker_threads', { own: 7, brings: ['stream'] }], ['v8', { own: 4, brings: ['stream'] }], ['perf_hooks', { own: 11, brings: [] }], ['readline', { own: 8, brings: [] }],
]);

/** How many modules of Node.js itself a program loads that asks for these (`http`, `node:http`). */
export function nodeInternals(names: Iterable<string>): number {
  const loaded = new Set<string>();
  const open = [...names].map((name) => name.replace(/^node:/, ''));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const entry = internals.get(name);
    if (entry === undefined || loaded.has(name)) continue;
    loaded.add(name);
    open.push(...entry.brings);
  }
  return [...loaded].reduce((sum, name) => sum + (internals.get(name)?.own ?? 0), 0);
}

/**
 * Processors that a function has for its memory, at most one counted, since a start runs on one; `undefined` where it is not known or
 * where no process of Node.js is started (isolates).
 *
 * Sources: AWS Lambda documentation, "Configure Lambda function memory" (one vCPU at 1,769 MB, in proportion below, read 2026-11); Google Cloud
 * documentation, "Configure memory limits" (.083 vCPU at 128 MiB to 1 vCPU at 2 GiB, read 2026-11). Netlify runs on Lambda.
 */
export function processorShare(platform: Platform, generation: string | undefined, memoryMb: number): number | undefined {
  if (generation === 'edge') return undefined;
  if (platform === 'aws' || platform === 'netlify') return Math.min(1, memoryMb / 1_769);
  if (platform === 'google' || platform === 'firebase') return generation === 'run' ? undefined : googleShares.find(([megabytes]) => memoryMb <= megabytes)?.[1] ?? 1;
  return undefined;
}

const googleShares: readonly (readonly [number, number])[] = [[128, 0.083], [256, 0.167], [512, 0.333], [1_024, 0.583]];
