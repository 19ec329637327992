import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { fit, judge } from '../../bench/cold-start-fit.mjs';
import { nodeInternals, processorShare, startCosts, startError } from '../../src/catalog/cold-start.ts';
import { coldStart, partsOfBundle, partsOfFiles, startMs } from '../../src/measure/cold-start.ts';
import { measureInDetail } from '../../src/measure/detail.ts';
import type { StartParts } from '../../src/model/bundle.ts';
import { startText } from '../../src/report/bundle-text.ts';
import { fn, folderFn, pack, project } from './tree.ts';

interface Row { readonly name: string; readonly form: string; readonly heldOut?: true; readonly parts: StartParts; readonly plainBytes?: readonly [number, number]; readonly ms: number }
const measured = JSON.parse(readFileSync(new URL('../../bench/cold-start.json', import.meta.url), 'utf8')) as { readonly date: string; readonly node: string; readonly rounds: number; readonly programs: readonly Row[] };
const heldOut = measured.programs.filter((row) => row.heldOut === true);

describe('the stored measurement', () => {
  it('has thirty programs and ten held out of several forms, over many rounds', () => {
    expect(measured.programs.length - heldOut.length).toBeGreaterThanOrEqual(30);
    expect(heldOut.length).toBeGreaterThanOrEqual(10);
    expect(new Set(heldOut.map((row) => row.form)).size).toBeGreaterThanOrEqual(3);
    expect(measured.rounds).toBeGreaterThanOrEqual(15);
    expect(measured.date).toBe(startCosts.date);
    expect(measured.node.startsWith(startCosts.node)).toBe(true);
  });

  it('the estimate may be shown: on what was held out its median error is at most 30 % and it ranks starts', () => {
    const { medianError, rankCorrelation, worst } = judge(heldOut, startMs);
    expect(medianError).toBeLessThanOrEqual(0.3);
    expect(rankCorrelation).toBeGreaterThanOrEqual(0.85);
    expect(Math.round(medianError * 100)).toBe(startError.medianPercent);
    expect(Number(rankCorrelation.toFixed(3))).toBe(startError.rankCorrelation);
    expect(Number(worst.factor.toFixed(1))).toBe(startError.largestFactor);
    expect(heldOut).toHaveLength(startError.programs);
  });

  it('the costs are those that the fit gives, and the fit does not look at what is held out', () => {
    const costs = fit(measured.programs, startCosts, startMs);
    expect(costs).toEqual(startCosts);
    expect(fit(measured.programs.map((row) => (row.heldOut === true ? { ...row, ms: 1e6 } : row)), startCosts, startMs)).toEqual(costs);
  });
});

const none: StartParts = { bytes: 0, minified: false, modules: 0, files: 1, nodeModules: 0, lexedBytes: 0 };

describe('parts', () => {
  it('of a bundle: its bytes, the modules in it, what Node.js loads for it', async () => {
    const { metafile } = await build({ stdin: { contents: "import http from 'node:http'; import { one } from './m.js'; export const handler = () => [http, one];", resolveDir: '/' }, bundle: true, write: false, metafile: true, platform: 'node', format: 'cjs', outfile: 'out.js', plugins: [{ name: 'm', setup: (plugin) => { plugin.onResolve({ filter: /m\.js$/ }, () => ({ path: 'm.js', namespace: 'm' })); plugin.onLoad({ filter: /.*/, namespace: 'm' }, () => ({ contents: 'export const one = 1; export const two = 2;' })); } }] });
    const output = Object.values(metafile.outputs)[0];
    if (!output) throw new Error('no output');
    expect(partsOfBundle(output, false)).toEqual({ bytes: output.bytes, minified: false, modules: 2, files: 1, lexedBytes: 0, nodeModules: nodeInternals(['http']) });
  });

  it('of files: only those that are reached; CommonJS that an ES module imports is looked through first', () => {
    const inputs = {
      'a.mjs': { bytes: 100, format: 'esm' as const, imports: [{ path: 'b.cjs', kind: 'import-statement' as const }, { path: 'crypto', kind: 'import-statement' as const, external: true }] },
      'b.cjs': { bytes: 2_000, format: 'cjs' as const, imports: [{ path: 'c.cjs', kind: 'require-call' as const }] },
      'c.cjs': { bytes: 300, format: 'cjs' as const, imports: [] },
      'd.cjs': { bytes: 9_000, format: 'cjs' as const, imports: [] },
    };
    expect(partsOfFiles(inputs, ['a.mjs', 'b.cjs', 'c.cjs'])).toEqual({ bytes: 2_400, minified: false, modules: 3, files: 3, lexedBytes: 2_000, nodeModules: nodeInternals(['crypto']) });
  });

  it('modules of Node.js are counted once, whoever brings them', () => {
    expect(nodeInternals(['https'])).toBe(nodeInternals(['node:https', 'http', 'tls', 'net', 'stream']));
    expect(nodeInternals(['http2'])).toBeGreaterThan(nodeInternals(['https']));
    expect(nodeInternals(['fs', 'path', 'left-pad'])).toBe(0);
  });
});

describe('an estimate', () => {
  const parts: StartParts = { ...none, bytes: 1_000_000, modules: 100, nodeModules: 56 };

  it('grows with each of its parts', () => {
    for (const more of [{ bytes: 2_000_000 }, { minified: true }, { files: 50 }, { nodeModules: 70 }, { lexedBytes: 1_000 }, { modules: 400 }]) expect(startMs({ ...parts, ...more })).toBeGreaterThan(startMs(parts));
  });

  it('is told in two digits, for the processor and for what the memory gives of one', () => {
    const one = coldStart(parts, { platform: 'aws', memoryMb: 512 }, 2);
    expect(one.processorMs).toBe(Number(startMs(parts).toPrecision(2)));
    expect(one.atMemoryMs).toBe(Number((startMs(parts) / (512 / 1_769)).toPrecision(2)));
    expect(one).toMatchObject({ memoryMb: 512, waits: 2, errorPercent: startError.medianPercent, bytes: 1_000_000 });
  });

  it('takes no share that nobody documents, and none where the memory is not known', () => {
    expect(coldStart(parts, { platform: 'aws' })).not.toHaveProperty('atMemoryMs');
    expect(coldStart(parts, { platform: 'azure', memoryMb: 1_536 })).not.toHaveProperty('atMemoryMs');
    expect(processorShare('google', 'gen2', 256)).toBe(0.167);
    expect(processorShare('aws', undefined, 10_240)).toBe(1);
    expect(processorShare('vercel', 'edge', 128)).toBeUndefined();
  });

  it.each([{ platform: 'cloudflare' }, { platform: 'vercel', generation: 'edge' }] as const)('isolates start no Node.js: parts only (%o)', (place) => {
    const one = coldStart(parts, place);
    expect(one).not.toHaveProperty('processorMs');
    expect(one).not.toHaveProperty('atMemoryMs');
    expect(one.bytes).toBe(1_000_000);
  });
});

describe('of functions', () => {
  const tree = {
    'src/a.ts': "import https from 'node:https';\nimport big from 'big';\nexport const handler = async () => [https, big];\n", ...pack('big', 50_000),
    'plain/package.json': { dependencies: { big: '1' } }, 'plain/index.js': "const big = require('big');\nexports.handler = async () => big;\n", ...pack('big', 50_000, {}, 'plain/node_modules'), ...pack('idle', 90_000, {}, 'plain/node_modules'),
  };
  const at = (memory: number) => ({ memoryMb: { value: memory, location: { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } } });

  it('of a bundle: one file; of a folder: what the handler reaches and not what only lies there', async () => {
    const { workspace } = project(tree);
    const plain = { ...folderFn('plain', 'plain', at(1_769)), handlers: [{ file: 'plain/index.js', export: 'handler', kind: 'lambda' }] };
    const [bundle, folder] = await measureInDetail(workspace, [fn('a', at(512)), plain], { savings: false });
    expect(bundle?.start).toMatchObject({ files: 1, modules: 2, nodeModules: nodeInternals(['https']), lexedBytes: 0, minified: false, memoryMb: 512 });
    expect(bundle?.start?.bytes).toBe(bundle?.result.bytes);
    expect(bundle?.start).not.toHaveProperty('waits');
    expect(folder?.start).toMatchObject({ files: 2, modules: 2, nodeModules: 0, lexedBytes: 0 });
    expect(folder?.start?.bytes).toBeLessThan(60_000);
    expect(folder?.start?.atMemoryMs).toBe(folder?.start?.processorMs);
  });

  it('has the platform’s default memory where none is written, and none where what is written cannot be told', async () => {
    const { workspace } = project(tree);
    const [byDefault, set] = await measureInDetail(workspace, [fn('a'), fn('a', { memoryUnknown: true })], { savings: false });
    expect(byDefault?.start?.memoryMb).toBe(128);
    expect(set?.start).not.toHaveProperty('memoryMb');
    expect(set?.start?.processorMs).toBeGreaterThan(0);
  });

  it('code whose imports are missing has no size and no estimate', async () => {
    const { workspace } = project({ 'src/a.ts': "import gone from 'gone';\nexport const handler = async () => gone;\n" });
    const [detail] = await measureInDetail(workspace, [fn('a')], { savings: false });
    expect(detail?.result.status).toBe('notMeasured');
    expect(detail).not.toHaveProperty('start');
  });

  it('is told with its error and its parts', () => {
    const one: StartParts = { ...none, bytes: 1_000_000, modules: 100, nodeModules: 56 };
    expect(startText(coldStart(one, { platform: 'aws', memoryMb: 512 }))).toBe('about 34 ms of processor time, 120 ms at 512 MB (median error 18 %): 1.0 MB of code in 1 file, 100 modules, 56 of Node.js');
    expect(startText(coldStart(one, { platform: 'azure' }))).toBe('about 34 ms of processor time (median error 18 %): 1.0 MB of code in 1 file, 100 modules, 56 of Node.js');
    expect(startText(coldStart(one, { platform: 'azure' }, 1))).toBe('about 34 ms of processor time (median error 18 %): 1.0 MB of code in 1 file, 100 modules, 56 of Node.js; waits for 1 thing besides (no-slow-init)');
    expect(startText(coldStart(one, { platform: 'cloudflare' }))).toBe('1.0 MB of code in 1 file, 100 modules, 56 of Node.js');
  });
});
