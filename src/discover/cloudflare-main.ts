import type { Location } from '../model/location.ts';
import type { WorkerConfig } from './cloudflare-config.ts';
import type { ReadContext } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { joinInRoot, withoutExtension } from './source-path-names.ts';
import { remixServer } from './remix-server.ts';

/** The module that a worker starts with; a reason where it has none that can be read; nothing for a worker of assets only. */
export type WorkerMain = { readonly file: string; readonly location: Location } | { readonly gap: string; readonly location: Location } | undefined;

/** Output that a framework's adapter makes and no file of the repository is the source of. */
const generated = /(?:^|\/)(?:\.svelte-kit|\.open-next|\.output|\.vercel|\.vinxi|\.nuxt|\.next|\.astro|\.solid|node_modules)\/|(?:^|\/)_worker\.js(?:\/|$)|(?:^|\/)(?:dist|build)\/(?:server|client)\//;

/** The entry point of a worker, through what builds it. */
export function workerMain(context: ReadContext, folder: string, config: WorkerConfig): WorkerMain {
  const written = mainOf(context, folder, config);
  if (written === undefined) {
    const assets = config.get('assets') ?? config.get('site') ?? config.get('pages_build_output_dir');
    return assets === undefined ? { gap: 'the file names no main module', location: config.locationOf('name') } : undefined;
  }
  const { path, location, base } = written;
  if (!/\.(?:[cm]?[jt]s|[jt]sx)$/.test(path)) {
    // Python and others have their own entry files.
    if (/\.\w+$/.test(path) && !path.startsWith('@')) return undefined;
    return { gap: `main ${show(path)} is a module of a package, which a framework provides`, location };
  }
  const target = joinInRoot(base, path);
  if (target === undefined) return { gap: `main ${show(path)} lies outside the repository`, location };
  if (context.workspace.has(target) && !generated.test(target)) return builtFrom(context, folder, base, path, location) ?? { file: target, location };
  if (generated.test(target)) {
    if (context.workspace.has(target)) return { file: target, location };
    return { gap: `main ${show(path)} is made by a framework's build; its source is not one file`, location };
  }
  const bundled = fromCommands(context, folder, config, target) ?? remixServer(context.workspace, folder, target);
  if (bundled !== undefined) return { file: bundled, location };
  if (isPackagePath(context, folder, path)) return { gap: `main ${show(path)} is a module of a package, which a framework provides`, location };
  const source = context.sourceOf(folder, base, withoutExtension(path.replace(/^(?:\.\/)+/, '')));
  return 'file' in source ? { file: source.file, location } : { gap: source.gap, location };
}

/** A listed file can still be built output with a source beside it. */
function builtFrom(context: ReadContext, folder: string, base: string, path: string, location: Location): WorkerMain {
  const source = context.sourceOf(folder, base, withoutExtension(path.replace(/^(?:\.\/)+/, '')));
  return 'file' in source ? { file: source.file, location } : undefined;
}

function mainOf(context: ReadContext, folder: string, config: WorkerConfig): { readonly path: string; readonly location: Location; readonly base: string } | undefined {
  const main = config.get('main');
  if (main?.text() !== undefined) return { path: main.text() ?? '', location: main.location, base: folder };
  // Wrangler 1: `[build.upload]`, `[site]`, or the manifest's main.
  const upload = config.get('build')?.at('upload', 'main');
  if (upload?.text() !== undefined) {
    const dir = config.get('build')?.at('upload', 'dir')?.text() ?? 'dist';
    return { path: upload.text() ?? '', location: upload.location, base: joinInRoot(folder, dir) ?? folder };
  }
  const site = config.get('site');
  const entry = site === undefined ? undefined : site.get('entry-point')?.text() ?? 'workers-site';
  if (site !== undefined && entry !== undefined && context.workspace.isDirectory(joinInRoot(folder, entry) ?? '\0')) {
    return { path: 'index.js', location: site.location, base: joinInRoot(folder, entry) ?? folder };
  }
  const manifest = readJson(context.workspace, joinInRoot(folder, 'package.json') ?? '');
  const packaged = config.get('build')?.at('upload', 'format')?.text() === 'modules' ? manifest?.['module'] ?? manifest?.['main'] : manifest?.['main'];
  const old = ['type', 'build'].find((key) => (key === 'type' ? config.get(key) : config.get(key)?.get('upload')) !== undefined);
  if (old !== undefined && typeof packaged === 'string') return { path: packaged, location: config.locationOf(old), base: folder };
  // `wrangler deploy src/index.ts`
  for (const script of scriptsOf(manifest)) {
    const path = /\bwrangler\s{1,5}(?:deploy|publish|dev)\s{1,5}((?!-)[^\s&|;]{1,200}\.[cm]?[jt]sx?)\b/.exec(script)?.[1];
    if (path !== undefined) return { path, location: config.locationOf('name'), base: folder };
  }
  return undefined;
}

function scriptsOf(manifest: Readonly<Record<string, unknown>> | undefined): string[] {
  const scripts = manifest?.['scripts'];
  return typeof scripts === 'object' && scripts !== null ? Object.values(scripts).filter((script): script is string => typeof script === 'string' && script.length < 5_000) : [];
}

/**
 * The one source that a build command turns into the output: `esbuild src/a.ts --outfile=dist/b.js`, `cp src/a.js dist/b.js`. Looked for
 * in the worker's own build command and in the scripts of its package.
 */
function fromCommands(context: ReadContext, folder: string, config: WorkerConfig, target: string): string | undefined {
  const own = config.get('build')?.get('command')?.text();
  const scripts = scriptsOf(readJson(context.workspace, joinInRoot(folder, 'package.json') ?? ''));
  const found = new Set<string>();
  for (const script of [...(own === undefined ? [] : [own.slice(0, 5_000)]), ...scripts]) {
    for (const command of script.split(/&&|\|\||;|\n/).slice(0, 100)) {
      const paths = command.split(/[\s=]+/).map((word) => joinInRoot(folder, word.replace(/^["']|["']$/g, '').replace(/^(?:\.\/)+/, '')));
      if (!paths.some((path) => path === target)) continue;
      const sources = paths.filter((path) => path !== undefined && path !== target && /\.[cm]?[jt]sx?$/.test(path) && context.workspace.has(path));
      if (sources.length === 1 && sources[0] !== undefined) found.add(sources[0]);
    }
  }
  return found.size === 1 ? [...found][0] : undefined;
}

function isPackagePath(context: ReadContext, folder: string, path: string): boolean {
  const [first = '', second = ''] = path.split('/');
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  const manifest = readJson(context.workspace, joinInRoot(folder, 'package.json') ?? '');
  return ['dependencies', 'devDependencies'].some((key) => {
    const names = manifest?.[key];
    return typeof names === 'object' && names !== null && Object.hasOwn(names, name);
  });
}

const show = (path: string): string => `"${path.length > 200 ? `${path.slice(0, 200)}…` : path}"`;
