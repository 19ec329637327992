import type { Packaging, ServerlessFunction } from '../model/function.ts';
import { inside } from '../workspace/sizes.ts';
import { conventional } from './conventional.ts';
import type { Tools } from './tools.ts';
import type { Externals } from './externals.ts';
import type { Size } from './result.ts';
import { notMeasured, order } from './result.ts';
import type { BundleSettings } from './settings.ts';
import { settingsOf } from './settings.ts';
import { parent } from './tsconfig.ts';

/** What is done to a package to see what it would save. */
export interface Change {
  /** A package that is left out. */
  readonly without?: string;
  /** One copy of a package stands for all: name and folder. */
  readonly one?: { readonly name: string; readonly folder: string };
}

interface EntryPlan {
  readonly entries: readonly string[];
  readonly settings: BundleSettings;
  readonly externals: Externals;
  /** Folder and patterns of files that ship beside it. */
  readonly extras: { readonly folder: string; readonly include: readonly string[]; readonly exclude: readonly string[] };
  readonly assumptions: readonly string[];
  readonly packaging: Packaging;
  readonly key: string;
  readonly change?: Change;
}

/** One output for each entry. */
export interface BundlePlan extends EntryPlan { readonly form: 'bundle' }
/** The files that the entries reach. */
export interface TracePlan extends EntryPlan { readonly form: 'trace' }
export interface FolderPlan { readonly form: 'folder'; readonly folder: string; readonly packaging: Packaging; readonly assumptions: readonly string[]; readonly key: string }
export type Plan = BundlePlan | TracePlan | FolderPlan | { readonly form: 'done'; readonly size: Size };

/** How a function's package is measured, or why it is not. */
export function planOf(fn: ServerlessFunction, tools: Tools): Plan {
  const done = (reason: string): Plan => ({ form: 'done', size: notMeasured(reason) });
  const runtime = fn.runtime?.value;
  const usual = fn.packaging === undefined ? conventional(fn, tools) : { packaging: fn.packaging, assumptions: [] };
  if ('reason' in usual) return done(usual.reason);
  const { packaging, assumptions } = usual;
  if (packaging.form === 'unknown') return done('how its package is made is not known');
  if (packaging.form === 'image') return done('container image');
  if (packaging.form === 'inline') return inline(fn, packaging);
  if (fn.platform === 'aws' && runtime !== undefined && /^(?:python|java|dotnet|ruby|go)\d/.test(runtime)) return done(`packages of runtime ${runtime} are not measured`);
  if (packaging.form === 'folder') {
    const folder = packaging.folder === undefined ? undefined : inside(packaging.folder);
    if (folder === undefined) return done(packaging.folder === undefined ? 'which folder is packaged is not known' : `folder ${packaging.folder} lies outside the repository`);
    return { form: 'folder', folder, packaging, assumptions, key: JSON.stringify(['folder', folder, packaging.tool, packaging.include, packaging.exclude]) };
  }
  return entryPlan(fn, packaging, tools);
}

/** The plan of a function that is bundled or traced from its handlers. */
export function entryPlan(fn: ServerlessFunction, packaging: Packaging, tools: Tools): Plan {
  const done = (reason: string): Plan => ({ form: 'done', size: notMeasured(reason) });
  const found = new Set<string>();
  for (const { file } of fn.handlers) {
    const real = tools.sizes.real(file);
    if (real.kind === 'outside') return done(`handler file ${file} lies outside the repository`);
    if (real.kind !== 'file') return done(`handler file ${file} is not found`);
    found.add(real.path);
  }
  const [first] = found;
  if (first === undefined) return done('the handler’s source file is not known');
  const entries = [...found].sort(order);
  const { settings, externals } = settingsOf(fn, packaging, (file) => (file === undefined ? tools.tsconfig.of(parent(first)) : tools.tsconfig.file(file) ?? tools.tsconfig.of(parent(first))));
  const extras = { folder: packaging.build?.folder ?? packaging.folder ?? parent(fn.unit), include: fn.platform === 'cloudflare' ? [] : packaging.include, exclude: packaging.exclude };
  const tracer = tracerOf(fn, packaging, first, tools);
  if (tracer === undefined) return { form: 'bundle', packaging, entries, settings, externals, extras, assumptions: externals.assumptions, key: JSON.stringify(['bundle', entries, settings, externals, extras]) };
  const plain: BundleSettings = { ...settings, minify: false, sourceMap: false, conditions: ['node'], mainFields: ['main'] };
  return { form: 'trace', packaging, entries, settings: plain, externals, extras, assumptions: [...externals.assumptions, tracer], key: JSON.stringify(['trace', entries, plain, externals, extras]) };
}

const TRACED = 'files that code opens by name are not traced';

/**
 * Whether the platform's builder ships files as they are instead of one bundle, and what the estimate rests on. Vercel traces
 * (`@vercel/nft`). Netlify traces functions of its second generation and ES modules, bundles TypeScript of the first with
 * esbuild, and ships whole packages for CommonJS (zip-it-and-ship-it, src/runtimes/node/bundlers, read 2026-11).
 */
function tracerOf(fn: ServerlessFunction, packaging: Packaging, entry: string, tools: Tools): string | undefined {
  if (fn.generation === 'edge') return undefined;
  if (packaging.tool === 'vercel') return TRACED;
  if (packaging.tool !== 'netlify') return undefined;
  const second = fn.handlers.some((handler) => handler.export === 'default');
  if (!second && /\.(?:mjs|[cm]?tsx?)$/.test(entry)) return undefined;
  if (second || isModule(entry, tools)) return TRACED;
  return 'traced by imports; Netlify ships whole packages for functions in CommonJS';
}

function isModule(file: string, tools: Tools): boolean {
  for (let at = parent(file); ; at = parent(at)) {
    const manifest = tools.manifest(at);
    if (manifest !== undefined && manifest !== 'broken') return manifest.isModule;
    if (at === '') return false;
  }
}

function inline(fn: ServerlessFunction, packaging: Packaging): Plan {
  const at = fn.handlers.find((handler) => handler.at !== undefined);
  if (packaging.inlineCode === undefined) return { form: 'done', size: notMeasured('inline code, its text is not known') };
  const bytes = Buffer.byteLength(packaging.inlineCode);
  const file = at?.file ?? fn.declaredAt[0]?.file ?? fn.unit;
  const part = { kind: 'own' as const, name: 'own code', bytes, commonJsBytes: 0, chain: [], files: [{ path: file, bytes }] };
  return { form: 'done', size: { status: 'measured', bytes, contributors: [{ name: file, bytes, chain: [file] }], duplicates: [], parts: [part] } };
}

/** Functions of one unit whose bundles ship in one archive get the entries of all of them. */
export function inOneArchive(functions: readonly ServerlessFunction[], plans: readonly Plan[]): readonly Plan[] {
  const groups = new Map<string, Set<string>>();
  const keyOf = (index: number, plan: Plan): string | undefined => {
    const fn = functions[index];
    return plan.form === 'bundle' && fn?.packaging?.oneArchive ? JSON.stringify([fn.unit, plan.settings, plan.externals, plan.extras]) : undefined;
  };
  plans.forEach((plan, index) => {
    const key = keyOf(index, plan);
    if (key === undefined || plan.form !== 'bundle') return;
    const group = groups.get(key) ?? new Set<string>();
    groups.set(key, group);
    for (const entry of plan.entries) group.add(entry);
  });
  return plans.map((plan, index) => {
    const key = keyOf(index, plan);
    const entries = key === undefined ? undefined : groups.get(key);
    if (entries === undefined || plan.form !== 'bundle' || entries.size === plan.entries.length) return plan;
    const all = [...entries].sort(order);
    return { ...plan, entries: all, key: JSON.stringify(['bundle', all, plan.settings, plan.externals, plan.extras]) };
  });
}
