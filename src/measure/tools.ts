import type { Workspace } from '../model/workspace.ts';
import { sizeReader } from '../workspace/sizes.ts';
import type { SizeReader } from '../workspace/sizes.ts';
import type { BundleContext, Resolve } from './build.ts';
import { bundleSizes, traceEntries, type Traced } from './bundle.ts';
import { externalTest } from './externals.ts';
import type { FolderContext } from './folder.ts';
import { extraFiles, measureContent, measureFolder, measureInstalled, measureLayer } from './folder.ts';
import type { ManifestReader } from './manifest.ts';
import { manifestReader } from './manifest.ts';
import type { BundlePlan, Change, Plan, TracePlan } from './plan.ts';
import { resolver } from './resolve.ts';
import type { Measured, NotMeasured, Size } from './result.ts';
import { biggest, joinParts, notMeasured, order, packageOf, total } from './result.ts';
import { addParts } from './cold-start.ts';
import { measureTraced } from './trace.ts';
import type { CompilerReader } from './tsconfig.ts';
import { tsconfigReader } from './tsconfig.ts';
import type { Deflated } from './zip.ts';
import { END_BYTES } from './zip.ts';

/** What measuring works with; one set for everything that one run measures, so that what is shared is read once. */
export interface Tools {
  readonly workspace: Pick<Workspace, 'root'>;
  readonly sizes: SizeReader;
  readonly manifest: ManifestReader;
  readonly tsconfig: CompilerReader;
  readonly folders: FolderContext;
  readonly left: () => number;
  readonly deflated: Deflated;
  readonly detail: boolean;
}

export function toolsFor(workspace: Workspace, options: { readonly timeLimitSeconds?: number | undefined; readonly detail?: boolean }): Tools {
  const end = performance.now() + (options.timeLimitSeconds ?? 60) * 1000;
  const left = (): number => end - performance.now();
  const sizes = sizeReader(workspace.root);
  const manifest = manifestReader(workspace);
  const deflated: Deflated = new Map();
  const detail = options.detail === true;
  return { workspace, sizes, manifest, tsconfig: tsconfigReader(workspace), folders: { sizes, manifest, late: () => left() <= 0, deflated, detail }, left, deflated, detail };
}

type EntryPlan = BundlePlan | TracePlan;

/** Plans with equal keys are bundled in one run. */
const runKey = (plan: EntryPlan): string => JSON.stringify([plan.form, plan.settings, plan.externals.patterns, plan.change ?? null]);

/**
 * Sizes of plans, by their keys. Plans whose bundler has equal settings share one run, whatever function they belong to.
 */
export async function sizesOf(plans: readonly Plan[], tools: Tools): Promise<ReadonlyMap<string, Size>> {
  const sizes = new Map<string, Size>();
  const groups = new Map<string, EntryPlan[]>();
  const wanted = new Map(plans.flatMap((plan) => (plan.form === 'done' ? [] : [[keyOf(plan), plan] as const])));
  for (const plan of wanted.values()) {
    if (plan.form === 'folder') continue;
    const group = groups.get(runKey(plan));
    if (group === undefined) groups.set(runKey(plan), [plan]);
    else group.push(plan);
  }
  for (const group of groups.values()) {
    const first = group[0];
    if (first === undefined) continue;
    const entries = [...new Set(group.flatMap((plan) => plan.entries))].sort(order);
    const context: BundleContext = { root: tools.workspace.root, sizes: tools.sizes, resolve: resolverFor(first, tools), left: tools.left, deflated: tools.deflated, detail: tools.detail };
    if (first.form === 'bundle') {
      const bundled = await bundleSizes(entries, first.settings, context);
      for (const plan of group) sizes.set(keyOf(plan), await together(plan, bundled, tools));
    } else {
      const traced = await traceEntries(entries, first.settings, context);
      for (const plan of group) sizes.set(keyOf(plan), await tracedTogether(plan, traced, tools));
    }
  }
  for (const [key, plan] of wanted) {
    if (plan.form === 'folder') sizes.set(key, tools.left() <= 0 ? notMeasured('measuring took longer than its time limit') : await measureFolder(plan.folder, { ...plan.packaging, tool: plan.packaging.tool }, tools.folders));
  }
  return sizes;
}

/** Identity of a plan with its change. */
export const keyOf = (plan: Exclude<Plan, { readonly form: 'done' }>): string => (plan.form === 'folder' || plan.change === undefined ? plan.key : JSON.stringify([plan.key, plan.change]));

export function resolverFor(plan: EntryPlan, tools: Tools): Resolve {
  const { settings, externals } = plan;
  const resolve = resolver({
    sizes: tools.sizes, manifest: tools.manifest, tsconfig: (directory) => tools.tsconfig.of(directory), isExternal: externalTest(externals.patterns),
    conditions: settings.conditions, mainFields: settings.mainFields,
  });
  return plan.change === undefined ? resolve : changed(resolve, plan.change, tools.sizes);
}

/** A look-up of imports in which a package is left out, or all copies of one are the same. */
function changed(resolve: Resolve, { without, one }: Change, sizes: SizeReader): Resolve {
  return (specifier, importer, form) => {
    const found = resolve(specifier, importer, form);
    if (found.kind !== 'file') return found;
    const place = packageOf(found.path);
    if (place.folder === undefined) return found;
    if (place.name === without) return { kind: 'external' };
    if (place.name !== one?.name || place.folder === one.folder) return found;
    const same = sizes.real(one.folder + found.path.slice(place.folder.length));
    return same.kind === 'file' ? { ...found, path: same.path } : found;
  };
}

/** All entries of one plan, what its tool installs beside them, and what is copied in. */
async function together(plan: BundlePlan | TracePlan, bundled: ReadonlyMap<string, Size>, tools: Tools): Promise<Size> {
  const parts: Size[] = plan.entries.map((entry) => bundled.get(entry) ?? notMeasured('it was not bundled'));
  return add([...parts, ...(await beside(plan, tools))]);
}

async function tracedTogether(plan: TracePlan | BundlePlan, traced: ReadonlyMap<string, Traced | NotMeasured>, tools: Tools): Promise<Size> {
  const traces: Traced[] = [];
  for (const entry of plan.entries) {
    const trace = traced.get(entry) ?? notMeasured('it was not traced');
    if (trace.status === 'notMeasured') return trace;
    traces.push(trace);
  }
  const own = await measureTraced(traces, extraFiles(plan.extras.folder, plan.extras, tools.folders), tools.folders);
  return plan.externals.installed.length === 0 ? own : add([own, await measureInstalled(plan.externals.installed, plan.entries[0] ?? '', tools.folders)]);
}

async function beside({ externals, extras, entries }: BundlePlan | TracePlan, tools: Tools): Promise<readonly Size[]> {
  const files = extraFiles(extras.folder, extras, tools.folders);
  return [
    ...(externals.installed.length === 0 ? [] : [await measureInstalled(externals.installed, entries[0] ?? '', tools.folders)]),
    ...(files.length === 0 ? [] : [await measureContent({ files, packages: [] }, extras.folder, tools.folders, () => [])]),
  ];
}

/** Several things that ship in one archive. */
export function add(parts: readonly Size[]): Size {
  const missing = parts.find((part) => part.status === 'notMeasured');
  if (missing !== undefined) return missing;
  const measured = parts.filter((part): part is Measured => part.status === 'measured');
  const zipped = measured.map((part) => part.zippedBytes);
  const known = zipped.filter((item) => item !== undefined);
  const start = addParts(measured.flatMap((part) => part.start ?? []));
  return {
    status: 'measured', ...(start === undefined ? {} : { start }),
    bytes: total(measured.map((part) => part.bytes)),
    ...(known.length === zipped.length && known.length > 0 ? { zippedBytes: total(known) - END_BYTES * (known.length - 1) } : {}),
    contributors: biggest(measured.flatMap((part) => part.contributors)),
    duplicates: measured.length === 1 ? measured[0]?.duplicates ?? [] : merged(measured),
    ...(measured.every((part) => part.parts !== undefined) ? { parts: joinParts(measured.flatMap((part) => part.parts ?? [])) } : {}),
  };
}

/** Copies of one package that several bundles of an archive have, each counted where it is the biggest. */
function merged(measured: readonly Measured[]): Measured['duplicates'] {
  const byName = new Map<string, Measured['duplicates'][number]>();
  for (const item of measured.flatMap((part) => part.duplicates)) if ((byName.get(item.name)?.savedBytes ?? -1) < item.savedBytes) byName.set(item.name, item);
  return [...byName.values()].sort((a, b) => b.savedBytes - a.savedBytes || order(a.name, b.name));
}

export { measureLayer };
