import { createHash } from 'node:crypto';
import { lambdaRuntime } from '../catalog/runtimes.ts';
import type { BundleResult } from '../model/finding.ts';
import type { Packaging, ServerlessFunction } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import type { Workspace } from '../model/workspace.ts';
import { inside, sizeReader } from '../workspace/sizes.ts';
import type { SizeReader } from '../workspace/sizes.ts';
import type { BundleSettings } from './bundle.ts';
import { bundleSizes } from './bundle.ts';
import { whileBundling } from './bundler.ts';
import type { Externals } from './externals.ts';
import { externalsOf, externalTest } from './externals.ts';
import type { FolderContext } from './folder.ts';
import { measureFolder, measureInstalled, measureLayer } from './folder.ts';
import type { ManifestReader } from './manifest.ts';
import { manifestReader } from './manifest.ts';
import { resolver } from './resolve.ts';
import type { Measured, Size } from './result.ts';
import { biggest, notMeasured, oneLine, order } from './result.ts';
import type { CompilerSettings } from './tsconfig.ts';
import { parent, tsconfigReader } from './tsconfig.ts';

export interface MeasureOptions {
  /** Given: packages below both budgets keep their numbers and leave out contributors and duplicates. */
  readonly warnBytes?: number;
  readonly errorBytes?: number;
  /** Folder, relative to the root, of layers that infrastructure declares in the repository, by resource id `unit#logicalId`. */
  readonly layers?: ReadonlyMap<string, string>;
  /** Default 60. What is not measured by then is not measured, and says so. */
  readonly timeLimitSeconds?: number;
}

interface BundlePlan {
  readonly form: 'bundle';
  readonly entries: readonly string[];
  readonly settings: BundleSettings;
  readonly externals: Externals;
  readonly worker: boolean;
  readonly key: string;
}
type Plan = BundlePlan | { readonly form: 'folder'; readonly folder: string; readonly packaging: Packaging; readonly key: string } | { readonly form: 'done'; readonly size: Size };

interface Tools {
  readonly workspace: Workspace;
  readonly sizes: SizeReader;
  readonly manifest: ManifestReader;
  readonly tsconfig: (directory: string) => CompilerSettings | undefined;
  readonly folders: FolderContext;
  readonly left: () => number;
}

/**
 * Sizes of deployment packages, one result a function, in the functions' order. Nothing is executed, written or read
 * outside the root. What cannot be measured has the status `notMeasured` and a reason; it is never counted as zero.
 */
export async function measure(workspace: Workspace, functions: readonly ServerlessFunction[], options: MeasureOptions = {}): Promise<readonly BundleResult[]> {
  const end = performance.now() + (options.timeLimitSeconds ?? 60) * 1000;
  const left = (): number => end - performance.now();
  const sizes = sizeReader(workspace.root);
  const manifest = manifestReader(workspace);
  const folders: FolderContext = { sizes, manifest, late: () => left() <= 0 };
  const tools: Tools = { workspace, sizes, manifest, tsconfig: tsconfigReader(workspace), folders, left };
  const plans = functions.map((fn) => plan(fn, tools));
  const bundled = await whileBundling(() => bundle(plans.filter((item) => item.form === 'bundle'), tools));
  const measuredFolders = new Map<string, Size>();
  const folder = async (key: string, work: () => Promise<Size>): Promise<Size> => {
    let size = measuredFolders.get(key);
    if (size === undefined) measuredFolders.set(key, (size = left() <= 0 ? notMeasured('measuring took longer than its time limit') : await work()));
    return size;
  };
  const results: BundleResult[] = [];
  for (const [index, fn] of functions.entries()) {
    const item = plans[index] ?? { form: 'done', size: notMeasured('not planned') };
    const code = item.form === 'done' ? item.size
      : item.form === 'folder' ? await folder(item.key, () => measureFolder(item.folder, item.packaging, folders))
      : await folder(item.key, () => together(item, bundled, tools));
    const layers = layerFolders(fn.layers, tools, options.layers);
    const parts: Size[] = [code];
    for (const path of code.status === 'measured' ? layers.folders : []) {
      const layer = await folder(`layer ${path}`, () => measureLayer(path, folders));
      parts.push(layer.status === 'measured' ? layer : notMeasured(`layer ${path}: ${layer.reason}`));
    }
    const key = item.form === 'done' ? undefined : createHash('sha256').update(JSON.stringify([item.key, layers])).digest('hex').slice(0, 12);
    results.push(result(fn, parts, { key, notCounted: layers.unknown, assumptions: item.form === 'bundle' ? item.externals.assumptions : [] }, options));
  }
  return results;
}

function plan(fn: ServerlessFunction, tools: Tools): Plan {
  const done = (reason: string): Plan => ({ form: 'done', size: notMeasured(reason) });
  const packaging = fn.packaging;
  const runtime = fn.runtime?.value;
  if (packaging === undefined || packaging.form === 'unknown') return done('how its package is made is not known');
  if (packaging.form === 'image') return done('container image');
  if (packaging.form === 'inline') return inline(fn, packaging);
  if (fn.platform === 'aws' && runtime !== undefined && /^(?:python|java|dotnet|ruby|go)\d/.test(runtime)) return done(`packages of runtime ${runtime} are not measured`);
  if (packaging.form === 'folder') {
    const folder = packaging.folder === undefined ? undefined : inside(packaging.folder);
    if (folder === undefined) return done(packaging.folder === undefined ? 'which folder is packaged is not known' : `folder ${packaging.folder} lies outside the repository`);
    return { form: 'folder', folder, packaging, key: JSON.stringify(['folder', folder, packaging.include, packaging.exclude]) };
  }
  const entries = new Set<string>();
  for (const { file } of fn.handlers) {
    const real = tools.sizes.real(file);
    if (real.kind === 'outside') return done(`handler file ${file} lies outside the repository`);
    if (real.kind !== 'file') return done(`handler file ${file} is not found`);
    entries.add(real.path);
  }
  const [first] = entries;
  if (first === undefined) return done('the handler’s source file is not known');
  const externals = externalsOf(packaging.tool, runtime, packaging.external);
  const settings: BundleSettings = {
    minify: packaging.minify, sourceMap: packaging.sourceMap, format: packaging.format,
    target: targetOf(packaging.target, runtime), emit: tools.tsconfig(parent(first))?.emit ?? {},
  };
  const worker = fn.platform === 'cloudflare';
  return { form: 'bundle', entries: [...entries].sort(order), settings, externals, worker, key: JSON.stringify(['bundle', [...entries].sort(order), settings, externals, worker]) };
}

function inline(fn: ServerlessFunction, packaging: Packaging): Plan {
  const at = fn.handlers.find((handler) => handler.at !== undefined);
  if (packaging.inlineCode === undefined) return { form: 'done', size: notMeasured('inline code, its text is not known') };
  const bytes = Buffer.byteLength(packaging.inlineCode);
  const file = at?.file ?? fn.declaredAt[0]?.file ?? fn.unit;
  return { form: 'done', size: { status: 'measured', bytes, contributors: [{ name: file, bytes, chain: [file] }], duplicates: [] } };
}

/** A target that the bundler may reject would cost every function of the run: only plain ones are passed on. */
function targetOf(declared: string | undefined, runtime: string | undefined): string | undefined {
  if (declared !== undefined && /^(?:es(?:5|6|20\d\d|next)|node\d{1,2}(?:\.\d{1,3}){0,2})(?:,(?:es20\d\d|node\d{1,2}))?$/i.test(declared)) return declared.toLowerCase();
  const major = runtime === undefined ? undefined : lambdaRuntime(runtime)?.nodeMajor;
  return major === undefined ? undefined : `node${major}`;
}

const runKey = ({ settings, externals, worker }: BundlePlan): string => JSON.stringify([settings, externals.patterns, worker]);

/** One run for all plans with equal settings; sizes by run and entry. */
async function bundle(plans: readonly BundlePlan[], tools: Tools): Promise<ReadonlyMap<string, ReadonlyMap<string, Size>>> {
  const groups = new Map<string, BundlePlan[]>();
  for (const item of plans) {
    const key = runKey(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  const sizes = new Map<string, ReadonlyMap<string, Size>>();
  for (const [key, group] of groups) {
    const first = group[0];
    if (first === undefined) continue;
    const resolve = resolver({
      sizes: tools.sizes, manifest: tools.manifest, tsconfig: tools.tsconfig, isExternal: externalTest(first.externals.patterns),
      conditions: first.worker ? ['workerd', 'worker', 'browser'] : ['node', 'module'],
      mainFields: first.worker ? ['browser', 'module', 'main'] : ['main', 'module'],
    });
    const entries = [...new Set(group.flatMap((item) => item.entries))].sort(order);
    sizes.set(key, await bundleSizes(entries, first.settings, { root: tools.workspace.root, sizes: tools.sizes, resolve, left: tools.left }));
  }
  return sizes;
}

/** All entries of one function, and what its tool installs beside them. */
async function together(item: BundlePlan, bundled: ReadonlyMap<string, ReadonlyMap<string, Size>>, tools: Tools): Promise<Size> {
  const parts = item.entries.map((entry) => bundled.get(runKey(item))?.get(entry) ?? notMeasured('it was not bundled'));
  const first = item.entries[0] ?? '';
  if (item.externals.installed.length > 0) parts.push(await measureInstalled(item.externals.installed, first, tools.folders));
  return add(parts);
}

function add(parts: readonly Size[]): Size {
  const missing = parts.find((part) => part.status === 'notMeasured');
  if (missing !== undefined) return missing;
  const measured = parts.filter((part): part is Measured => part.status === 'measured');
  const zipped = measured.map((part) => part.zippedBytes);
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, item) => sum + item, 0);
  const known = zipped.filter((item) => item !== undefined);
  return {
    status: 'measured',
    bytes: total(measured.map((part) => part.bytes)),
    ...(known.length === zipped.length ? { zippedBytes: total(known) } : {}),
    contributors: biggest(measured.flatMap((part) => part.contributors)),
    duplicates: measured.flatMap((part) => part.duplicates),
  };
}

/** Layers as folders of the repository where they are; the others by name. */
function layerFolders(layers: readonly Value[], tools: Tools, declared: MeasureOptions['layers']): { readonly folders: readonly string[]; readonly unknown: readonly string[] } {
  const folders: string[] = [];
  const unknown: string[] = [];
  for (const layer of layers) {
    const text = layer.kind === 'literal' && typeof layer.value === 'string' ? layer.value : undefined;
    const path = layer.kind === 'resource' ? declared?.get(`${layer.unit}#${layer.id}`) : text;
    const folder = path === undefined ? undefined : inside(path);
    if (folder !== undefined && tools.sizes.real(folder).kind === 'directory') folders.push(folder);
    else unknown.push(oneLine(`layer ${text ?? (layer.kind === 'resource' ? layer.id : 'of unknown name')}`));
  }
  return { folders, unknown };
}

function result(fn: ServerlessFunction, parts: readonly Size[], notes: { readonly key: string | undefined; readonly notCounted: readonly string[]; readonly assumptions: readonly string[] }, options: MeasureOptions): BundleResult {
  const size = add(parts);
  const named = { function: fn.name, id: fn.id, status: size.status };
  if (size.status === 'notMeasured') return { ...named, reason: size.reason };
  // The archive holds the code alone: layers are uploaded by themselves.
  const zippedBytes = parts[0]?.status === 'measured' ? parts[0].zippedBytes : undefined;
  const budget = Math.min(options.warnBytes ?? 0, options.errorBytes ?? Infinity);
  return {
    ...named,
    bytes: size.bytes,
    ...(zippedBytes === undefined ? {} : { zippedBytes }),
    ...(notes.key === undefined ? {} : { package: notes.key }),
    ...(size.bytes < budget ? {} : { contributors: size.contributors }),
    ...(size.bytes < budget || size.duplicates.length === 0 ? {} : { duplicates: size.duplicates }),
    ...(notes.assumptions.length === 0 ? {} : { assumptions: notes.assumptions }),
    ...(notes.notCounted.length === 0 ? {} : { notCounted: notes.notCounted }),
  };
}
