import type { Metafile } from 'esbuild';
import { isBuiltin } from '../catalog/runtime-modules.ts';
import { nodeInternals, processorShare, startCosts, startError } from '../catalog/cold-start.ts';
import type { ColdStart, StartParts } from '../model/bundle.ts';
import type { Platform } from '../model/function.ts';

/** Where the start runs. */
export interface StartPlace {
  readonly platform: Platform;
  readonly generation?: string;
  /** Declared or given by default; absent: not known. */
  readonly memoryMb?: number;
}

/** The parts of one output of a bundler run. */
export function partsOfBundle(output: Metafile['outputs'][string], minified: boolean): StartParts {
  return {
    bytes: output.bytes, minified,
    modules: Object.values(output.inputs).filter(({ bytesInOutput }) => bytesInOutput > 0).length,
    files: 1, lexedBytes: 0,
    nodeModules: nodeInternals(output.imports.filter(({ external, path }) => external === true && isBuiltin(path)).map(({ path }) => path)),
  };
}

/** The parts of a start that loads its modules from where they lie, by the inputs of a bundler run and those that the handler reaches. */
export function partsOfFiles(inputs: Metafile['inputs'], reached: Iterable<string>): StartParts {
  const known = new Map(Object.entries(inputs));
  const lexed = new Set<string>();
  const builtins = new Set<string>();
  let bytes = 0;
  let files = 0;
  for (const key of reached) {
    const input = known.get(key);
    if (input === undefined) continue;
    bytes += input.bytes;
    files++;
    for (const { path, kind, external } of input.imports) {
      if (external === true && isBuiltin(path)) builtins.add(path);
      if (kind === 'import-statement' && input.format === 'esm' && known.get(path)?.format === 'cjs') lexed.add(path);
    }
  }
  let lexedBytes = 0;
  for (const key of lexed) lexedBytes += known.get(key)?.bytes ?? 0;
  return { bytes, minified: false, modules: files, files, lexedBytes, nodeModules: nodeInternals(builtins) };
}

/** Processor time in milliseconds of a start with these parts, on the machine of the measurement. */
export function startMs(parts: StartParts, costs = startCosts): number {
  const megabytes = (parts.bytes * (parts.minified ? costs.minifiedFactor : 1)) / 1_000_000;
  return costs.msBase + costs.msPerMegabyte * megabytes + costs.msPerModule * parts.modules + costs.msPerFile * Math.max(0, parts.files - 1)
    + costs.msPerInternal * parts.nodeModules + costs.msPerLexedMegabyte * (parts.lexedBytes / 1_000_000);
}

/** Parts of several entries that one start loads. */
export function addParts(parts: readonly StartParts[]): StartParts | undefined {
  const [first, ...more] = parts;
  return first && more.reduce((sum, one): StartParts => ({
    bytes: sum.bytes + one.bytes, minified: sum.minified && one.minified, modules: sum.modules + one.modules, files: sum.files + one.files,
    nodeModules: Math.max(sum.nodeModules, one.nodeModules), lexedBytes: sum.lexedBytes + one.lexedBytes,
  }), first);
}

/** An estimate for one function: `waits` is how many findings of `no-slow-init` it has. Isolates start no Node.js and get their parts only. */
export function coldStart(parts: StartParts, place: StartPlace, waits?: number): ColdStart {
  const { platform, generation, memoryMb } = place;
  const plain = { ...parts, ...(waits === undefined ? {} : { waits }), errorPercent: startError.medianPercent };
  if (platform === 'cloudflare' || generation === 'edge') return plain;
  const processorMs = startMs(parts);
  const share = memoryMb === undefined ? undefined : processorShare(platform, generation, memoryMb);
  return {
    ...plain, processorMs: rounded(processorMs),
    ...(memoryMb === undefined ? {} : { memoryMb }),
    ...(share === undefined ? {} : { atMemoryMs: rounded(processorMs / share) }),
  };
}

/** Two digits: more would pretend to know. */
const rounded = (value: number): number => Number(value.toPrecision(2));
