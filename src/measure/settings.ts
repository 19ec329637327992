import type { BuildOptions } from 'esbuild';
import { externalsOf, type Externals } from '../catalog/externals.ts';
import { lambdaRuntime } from '../catalog/runtimes.ts';
import type { BuildOption, Packaging, ServerlessFunction } from '../model/function.ts';
import { inside } from '../workspace/sizes.ts';
import { isPackageName } from './manifest.ts';
import type { CompilerSettings } from './tsconfig.ts';

/** Settings shared by all entries of one run; plain data, so that equal settings are equal text. */
export interface BundleSettings {
  readonly minify: boolean;
  readonly sourceMap: 'linked' | 'external' | 'inline' | 'both' | false;
  readonly format: 'cjs' | 'esm';
  readonly target: string | undefined;
  /** `compilerOptions` that change the output. */
  readonly emit: Readonly<Record<string, string | boolean>>;
  /** Further options of the bundler, by its own names. */
  readonly options: ReadonlyOptions;
  /** Loaders by extension, without the dot. */
  readonly loaders: Readonly<Record<string, string>>;
  /** Replacements of import specifiers. */
  readonly alias: Readonly<Record<string, string>>;
  /** Files that go into every bundle, relative to the root. */
  readonly inject: readonly string[];
  readonly conditions: readonly string[];
  readonly mainFields: readonly string[];
}

type ReadonlyOptions = Readonly<Pick<BuildOptions, 'keepNames' | 'charset' | 'sourcesContent' | 'define' | 'banner' | 'footer' | 'treeShaking' | 'legalComments' | 'drop' | 'pure' | 'ignoreAnnotations' | 'minifyWhitespace' | 'minifyIdentifiers' | 'minifySyntax' | 'platform' | 'supported' | 'lineLimit' | 'jsx' | 'jsxFactory' | 'jsxFragment' | 'jsxImportSource'>>;

export interface FunctionSettings {
  readonly settings: BundleSettings;
  readonly externals: Externals;
}

/** What tools tell esbuild by themselves (their sources, read 2026-11; `catalog/externals.ts` has the versions). */
interface ToolDefaults {
  readonly target?: (nodeMajor: number | undefined) => string | undefined;
  readonly keepNames?: true;
  readonly mainFields?: readonly string[];
  readonly conditions?: readonly string[];
  readonly loaders?: Readonly<Record<string, string>>;
  /** A source map is written, and does not count against the limit. */
  readonly mapApart?: true;
}

const byRuntime = (major: number | undefined): string | undefined => (major === undefined ? undefined : `node${major}`);
const jsx = { js: 'jsx', mjs: 'jsx', cjs: 'jsx' };

const defaults: ReadonlyMap<string, ToolDefaults> = new Map<string, ToolDefaults>([
  ['cdk', { target: byRuntime }],
  ['amplify', { target: byRuntime }],
  ['sam', { target: () => 'es2020' }],
  // Two plugins: the community's takes the provider's runtime, the framework's own sets no target.
  ['serverless-esbuild', { target: (major) => byRuntime(major) ?? 'node12' }],
  ['serverless', { target: () => undefined }],
  ['sst', { target: () => 'esnext', keepNames: true, mainFields: ['module', 'main'] }],
  ['wrangler', { target: () => 'es2024', conditions: ['workerd', 'worker', 'browser'], mainFields: ['browser', 'module', 'main'], loaders: { ...jsx, wasm: 'copy', bin: 'copy', txt: 'copy', html: 'copy', sql: 'copy' }, mapApart: true }],
  ['netlify', { target: byRuntime }],
]);

/** How the function's bundler is told to bundle, or why that is not known. */
export function settingsOf(fn: ServerlessFunction, packaging: Packaging, compiler: (file: string | undefined) => CompilerSettings | undefined): FunctionSettings {
  const build = packaging.build?.options ?? new Map<string, BuildOption>();
  const worker = fn.platform === 'cloudflare';
  const tool = worker ? 'wrangler' : packaging.by ?? packaging.tool;
  const tuned = defaults.get(tool) ?? { target: byRuntime };
  const runtime = fn.runtime?.value;
  const target = targetOf(packaging.target) ?? (tuned.target ?? byRuntime)(runtime === undefined ? undefined : lambdaRuntime(runtime)?.nodeMajor);
  const folder = packaging.build?.folder ?? '';
  const at = (path: string): string | undefined => (path.startsWith('/') ? inside(path.slice(1)) : inside(folder, path));
  const tsconfig = textOption(build, 'tsconfig');
  const { alias, inject } = replacements(build, at);
  const platform = textOption(build, 'platform');
  const mode = textOption(build, 'sourceMapMode');
  const externals = externalsOf(packaging, runtime);
  return {
    externals: { ...externals, installed: externals.installed.filter(isPackageName) },
    settings: {
      minify: packaging.minify, format: packaging.format, target,
      sourceMap: !packaging.sourceMap || tuned.mapApart ? false : mode === 'inline' || mode === 'external' || mode === 'both' ? mode : 'linked',
      emit: compiler(tsconfig === undefined ? undefined : at(tsconfig))?.emit ?? {},
      options: optionsOf(build, tuned, worker ? 'browser' : platform === 'browser' || platform === 'neutral' ? platform : 'node'),
      loaders: { ...tuned.loaders, ...loadersOf(build) }, alias, inject,
      conditions: [...(tuned.conditions ?? ['node', 'module']), ...(listOption(build, 'conditions') ?? [])],
      mainFields: listOption(build, 'mainFields') ?? (tool === 'sst' && packaging.format === 'cjs' ? ['main'] : tuned.mainFields ?? (platform === 'browser' ? ['browser', 'module', 'main'] : ['main', 'module'])),
    },
  };
}

function optionsOf(build: ReadonlyMap<string, BuildOption>, tuned: ToolDefaults, platform: 'node' | 'browser' | 'neutral'): ReadonlyOptions {
  const options: { -readonly [K in keyof ReadonlyOptions]: ReadonlyOptions[K] } = { platform };
  if (tuned.keepNames) options.keepNames = true;
  for (const name of ['keepNames', 'sourcesContent', 'treeShaking', 'ignoreAnnotations', 'minifyWhitespace', 'minifyIdentifiers', 'minifySyntax'] as const) {
    const value = flagOption(build, name);
    if (value !== undefined) options[name] = value;
  }
  const charset = textOption(build, 'charset');
  if (charset === 'utf8' || charset === 'ascii') options.charset = charset;
  const legal = textOption(build, 'legalComments');
  if (legal === 'none' || legal === 'inline' || legal === 'eof') options.legalComments = legal;
  const define = tableOption(build, 'define');
  if (define !== undefined) options.define = Object.fromEntries(define);
  for (const name of ['banner', 'footer'] as const) {
    const text = textOption(build, name);
    if (text !== undefined && text !== '') options[name] = { js: text };
  }
  const drop = listOption(build, 'drop')?.filter((item) => item === 'console' || item === 'debugger');
  if (drop !== undefined) options.drop = drop;
  const pure = listOption(build, 'pure');
  if (pure !== undefined) options.pure = [...pure];
  const jsx = textOption(build, 'jsx');
  if (jsx === 'transform' || jsx === 'preserve' || jsx === 'automatic') options.jsx = jsx;
  for (const name of ['jsxFactory', 'jsxFragment', 'jsxImportSource'] as const) {
    const text = textOption(build, name);
    if (text !== undefined) options[name] = text;
  }
  return options;
}

const loaderNames = new Set(['base64', 'binary', 'copy', 'css', 'dataurl', 'empty', 'file', 'global-css', 'js', 'json', 'jsx', 'local-css', 'text', 'ts', 'tsx']);

function loadersOf(build: ReadonlyMap<string, BuildOption>): Record<string, string> {
  const pairs = [...(tableOption(build, 'loader') ?? [])].filter(([extension, name]) => extension.startsWith('.') && loaderNames.has(name));
  return Object.fromEntries(pairs.map(([extension, name]) => [extension.slice(1), name]));
}

function replacements(build: ReadonlyMap<string, BuildOption>, at: (path: string) => string | undefined): { readonly alias: Record<string, string>; readonly inject: readonly string[] } {
  // A path of the repository is looked up from its root, whatever file imports it.
  const alias = [...(tableOption(build, 'alias') ?? [])].flatMap(([from, to]) => { const path = /^[./]/.test(to) ? at(to) : undefined; return path === undefined ? (/^[./]/.test(to) ? [] : [[from, to] as const]) : [[from, `/${path}`] as const]; });
  const inject = (listOption(build, 'inject') ?? []).flatMap((path) => at(path) ?? []);
  return { alias: Object.fromEntries(alias), inject };
}

/** A target that the bundler may reject would cost every function of the run: only plain ones are passed on. */
function targetOf(declared: string | undefined): string | undefined {
  return declared !== undefined && /^(?:es(?:5|6|20\d\d|next)|node\d{1,2}(?:\.\d{1,3}){0,2})(?:,(?:es20\d\d|node\d{1,2}))?$/i.test(declared) ? declared.toLowerCase() : undefined;
}

const textOption = (build: ReadonlyMap<string, BuildOption>, name: string): string | undefined => { const value = build.get(name); return typeof value === 'string' ? value : undefined; };
const flagOption = (build: ReadonlyMap<string, BuildOption>, name: string): boolean | undefined => { const value = build.get(name); return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined; };
const tableOption = (build: ReadonlyMap<string, BuildOption>, name: string): ReadonlyMap<string, string> | undefined => { const value = build.get(name); return value instanceof Map ? value : undefined; };

function listOption(build: ReadonlyMap<string, BuildOption>, name: string): readonly string[] | undefined {
  const value = build.get(name);
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : undefined;
}
