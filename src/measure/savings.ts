import { runtimePackages, matchesPackage } from '../catalog/runtime-modules.ts';
import type { BundleSaving } from '../model/bundle.ts';
import type { Packaging } from '../model/function.ts';
import type { Measurement } from './measure.ts';
import { entryPlan, type BundlePlan, type Plan, type TracePlan } from './plan.ts';
import type { Measured, Part } from './result.ts';
import { order } from './result.ts';
import { keyOf, sizesOf, type Tools } from './tools.ts';

/** A change of one function's package, with the plan that has it. */
interface Variant {
  readonly plan: Exclude<Plan, { readonly form: 'done' }>;
  readonly saving: Pick<BundleSaving, 'change' | 'subject' | 'action'>;
}

/** Packages of a function whose absence is tried out. */
const MAX_PACKAGES = 6;
const MAX_COPIES = 4;
/** A package that brings less than this share of the whole is not worth a build. */
const LEAST_SHARE = 0.02;
/** A change that saves less is not shown. */
const LEAST_BYTES = 1_000;

/**
 * What changes would save, by measurement: each is built again with the change made. Variants of all functions are built
 * together, so that functions that share a bundler's settings share its runs. The changes are those a project can make: leave out a
 * package (with everything that only it brings), one copy of a package for several, ES modules instead of CommonJS builds,
 * minify, leave to the runtime what it provides, no source map, bundle what ships as a folder.
 */
export async function savingsOf(measurements: readonly Measurement[], tools: Tools): Promise<ReadonlyMap<Measurement, readonly BundleSaving[]>> {
  const plain: Tools = { ...tools, detail: false, folders: { ...tools.folders, detail: false } };
  const variants = new Map(measurements.map((one) => [one, variantsOf(one, plain)]));
  const sizes = await sizesOf([...variants.values()].flat().map(({ plan }) => plan), plain);
  return new Map([...variants].map(([one, list]) => {
    const before = one.parts[0];
    return [one, before?.status === 'measured' ? list.flatMap((variant) => savingOf(variant, before, sizes)).sort(bySaving) : []];
  }));
}

function savingOf({ plan, saving }: Variant, before: Measured, sizes: Awaited<ReturnType<typeof sizesOf>>): readonly BundleSaving[] {
  const after = sizes.get(keyOf(plan));
  if (after?.status !== 'measured' || before.bytes - after.bytes < LEAST_BYTES) return [];
  const zipped = before.zippedBytes === undefined || after.zippedBytes === undefined ? undefined : before.zippedBytes - after.zippedBytes;
  return [{ ...saving, savedBytes: before.bytes - after.bytes, ...(zipped === undefined ? {} : { savedZippedBytes: zipped }) }];
}

export const bySaving = (a: BundleSaving, b: BundleSaving): number => b.savedBytes - a.savedBytes || order(a.subject, b.subject) || order(a.change, b.change);

function variantsOf(one: Measurement, tools: Tools): readonly Variant[] {
  const { plan } = one;
  const code = one.parts[0];
  if (code?.status !== 'measured' || code.parts === undefined) return [];
  if (plan.form === 'bundle' || plan.form === 'trace') return entryVariants(one, plan, code, code.parts, tools);
  return plan.form === 'folder' ? folderVariants(one, tools) : [];
}

function entryVariants(one: Measurement, plan: BundlePlan | TracePlan, code: Measured, parts: readonly Part[], tools: Tools): readonly Variant[] {
  const variants: Variant[] = [];
  const packages = parts.filter((part) => part.kind === 'package');
  const names = heaviest(packages, code.bytes);
  for (const name of names) variants.push({ plan: { ...plan, change: { without: name } }, saving: { change: 'without', subject: name, action: `without ${name} and what only it brings` } });
  for (const name of duplicated(packages).slice(0, MAX_COPIES)) {
    const newest = newestCopy(packages.filter((part) => part.name === name), tools);
    if (newest?.folder !== undefined) variants.push({ plan: { ...plan, change: { one: { name, folder: newest.folder } } }, saving: { change: 'oneCopy', subject: name, action: `one copy of ${name} (${newest.version}) for all` } });
  }
  if (plan.form === 'trace') return variants;
  const { settings, externals } = plan;
  const withSettings = (change: Partial<typeof settings>): BundlePlan => ({ ...plan, settings: { ...settings, ...change }, key: JSON.stringify([plan.key, change]) });
  if (!settings.minify) variants.push({ plan: withSettings({ minify: true }), saving: { change: 'minify', subject: 'minify', action: 'minify' } });
  if (settings.sourceMap !== false) variants.push({ plan: withSettings({ sourceMap: false }), saving: { change: 'noSourceMap', subject: 'source map', action: 'no source map in the package' } });
  const builds = packages.filter((part) => part.commonJsBytes > part.bytes / 2 && hasModuleBuild(part, tools)).map((part) => part.name);
  if (builds.length > 0 && settings.mainFields[0] !== 'module') {
    variants.push({ plan: withSettings({ mainFields: ['module', 'main'] }), saving: { change: 'moduleBuild', subject: builds.slice(0, 3).join(', '), action: `mainFields: module,main takes the ES modules of ${listed(builds)}, which can be shaken` } });
  }
  const provided = runtimePackages(one.fn.platform, one.fn.runtime?.value);
  const there = [...new Set(packages.filter((part) => matchesPackage(part.name, provided)).map((part) => part.name))].sort(order);
  if (there.length > 0) {
    variants.push({ plan: { ...plan, externals: { ...externals, patterns: [...externals.patterns, ...provided] }, key: JSON.stringify([plan.key, 'runtime']) }, saving: { change: 'runtime', subject: listed(there), action: `leave out what the runtime provides: ${listed(there)}` } });
  }
  return variants;
}

/** Packages by what they weigh with those that come in through them. */
function heaviest(packages: readonly Part[], whole: number): readonly string[] {
  const weights = new Map<string, number>(packages.map(({ name }) => [name, 0]));
  for (const { name, chain, bytes } of packages) for (const step of new Set([...chain, name])) if (weights.has(step)) weights.set(step, (weights.get(step) ?? 0) + bytes);
  return [...weights].filter(([, bytes]) => bytes >= whole * LEAST_SHARE).sort((a, b) => b[1] - a[1] || order(a[0], b[0])).slice(0, MAX_PACKAGES).map(([name]) => name);
}

/** What the same handler is when it is bundled. */
function folderVariants({ fn, sharers }: Measurement, tools: Tools): readonly Variant[] {
  const packaging: Packaging = { form: 'bundled', tool: 'esbuild', include: [], exclude: [], external: [...runtimePackages(fn.platform, fn.runtime?.value)], minify: true, sourceMap: false, format: 'cjs' };
  const plan = entryPlan({ ...fn, packaging }, packaging, tools);
  return plan.form === 'bundle' ? [{ plan, saving: { change: 'bundle', subject: 'bundling', action: `bundle and minify with esbuild${sharers.length === 0 ? '' : `, ${fn.name} by itself`}` } }] : [];
}

/** Names of packages that are there in several copies, by what all but the biggest weigh. */
export function duplicated(packages: readonly Part[]): readonly string[] {
  const byName = new Map<string, number[]>();
  for (const part of packages) byName.set(part.name, [...(byName.get(part.name) ?? []), part.bytes]);
  const extra = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0) - Math.max(...sizes);
  return [...byName].filter(([, sizes]) => sizes.length > 1).sort((a, b) => extra(b[1]) - extra(a[1]) || order(a[0], b[0])).map(([name]) => name);
}

function newestCopy(copies: readonly Part[], tools: Tools): { readonly folder: string | undefined; readonly version: string } | undefined {
  const known = copies.map((part) => ({ folder: part.folder, version: versionOf(part.folder, tools) ?? '0' }));
  return known.sort((a, b) => compareVersions(b.version, a.version))[0];
}

export function versionOf(folder: string | undefined, tools: Tools): string | undefined {
  const manifest = folder === undefined ? undefined : tools.manifest(folder);
  return manifest === undefined || manifest === 'broken' ? undefined : manifest.version;
}

export function hasModuleBuild(part: Part, tools: Tools): boolean {
  const manifest = part.folder === undefined ? undefined : tools.manifest(part.folder);
  return manifest !== undefined && manifest !== 'broken' && manifest.entries.has('module');
}

function compareVersions(a: string, b: string): number {
  const [first, second] = [a, b].map((text) => text.split(/[.+-]/).slice(0, 3).map((part) => Number.parseInt(part, 10) || 0));
  for (let index = 0; index < 3; index++) {
    const difference = (first?.[index] ?? 0) - (second?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const listed = (names: readonly string[]): string => (names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', '));
