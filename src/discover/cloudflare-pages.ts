import type { Handler, RouteAuth, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { environmentOf } from './cloudflare-bindings.ts';
import { environments } from './cloudflare-config.ts';
import type { WorkerConfig } from './cloudflare-config.ts';
import { workerMain } from './cloudflare-main.ts';
import { workerHandlers } from './cloudflare-module.ts';
import { exportsOf } from './convention-exports.ts';
import type { ReadContext, Reader } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { below, folderOf, joinInRoot, withoutExtension } from './source-path-names.ts';

const scripts = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const notDeployed = /\.d\.[cm]?ts$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:node_modules|__tests__)\//;
/** Exports that Pages calls, with the method of each (Pages documentation, "Functions", "API reference", read 2026-11). */
const methods: ReadonlyMap<string, string> = new Map([
  ['onRequest', '*'], ...['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options'].map((name): [string, string] => [`onRequest${name}`, name.toUpperCase()]),
]);
/** Firebase and Astro have functions of the same name. */
const others = /firebase-functions|astro:middleware|['"]astro['"]/;
/** Packages whose build writes the worker of a Pages project. */
const adapters = /^(?:@sveltejs\/adapter-(?:cloudflare|auto)|@astrojs\/cloudflare|@cloudflare\/next-on-pages|@opennextjs\/cloudflare|nuxt|nitropack|@builder\.io\/qwik-city|@remix-run\/cloudflare-pages|@solidjs\/start)$/;

interface Project {
  readonly context: ReadContext;
  readonly unit: string;
  readonly folder: string;
  readonly environment: ReadonlyMap<string, Value>;
  readonly declaredAt?: Location;
}

/** A Pages project whose Wrangler file names its output folder. */
export function readPagesProject(context: ReadContext, unit: string, folder: string, configs: readonly WorkerConfig[]): void {
  const [config] = configs;
  if (config === undefined) return;
  const project: Project = { context, unit, folder, environment: merged(context, unit, configs), declaredAt: config.locationOf('pages_build_output_dir') };
  const output = joinInRoot(folder, config.text('pages_build_output_dir') ?? '') ?? folder;
  const advanced = [output, joinInRoot(folder, 'public') ?? folder, folder].flatMap((base) => ['_worker.js', '_worker.ts', '_worker.js/index.js', '_worker.ts/index.ts'].map((name) => joinInRoot(base, name) ?? ''))
    .find((path) => context.workspace.has(path));
  if (advanced !== undefined) {
    addWorkerFile(project, advanced);
    return;
  }
  const base = joinInRoot(folder, 'functions') ?? 'functions';
  if (addRoutes(project, context.workspace.files.filter((file) => below(file, base) !== undefined), base) > 0) return;
  const manifest = readJson(context.workspace, joinInRoot(folder, 'package.json') ?? '');
  const made = ['dependencies', 'devDependencies'].flatMap((key) => {
    const names = manifest?.[key];
    return typeof names === 'object' && names !== null ? Object.keys(names).filter((name) => adapters.test(name)) : [];
  })[0];
  if (made !== undefined) context.gap({ kind: 'handler', file: unit, line: config.locationOf('pages_build_output_dir').line, message: `the worker of this Pages project is made by the build of ${made}; its source is not one file` });
}

/**
 * Pages projects that are configured elsewhere: a `functions` folder beside the manifest or the site, with files that export
 * `onRequest…`, or a `_worker.js` in the folder of the site.
 */
export const pagesReader: Reader = {
  name: 'cloudflare-pages',
  about: {
    format: 'Cloudflare Pages', platform: 'Cloudflare', files: '`functions/`, `_worker.js`',
    reads: 'routes, `_middleware`, bindings of the Wrangler file beside it',
    not: "workers that a framework's adapter makes in its build",
  },
  matches: (file) => /(?:^|\/)(?:functions\/.+|_worker(?:\.[jt]s\/index)?)\.(?:[cm]?[jt]s|[jt]sx)$/.test(file) && !notDeployed.test(file),
  sniff: (text) => /\bonRequest(?:Get|Post|Put|Patch|Delete|Head|Options)?\b|\bASSETS\b/.test(text) && !others.test(text),
  read(file, context) {
    if (/(?:^|\/)_worker(?:\.[jt]s\/index)?\.\w+$/.test(file)) {
      const folder = folderOf(file).replace(/(?:^|\/)_worker\.[jt]s$/, '');
      const site = [folder, folderOf(folder)].find((one) => belongsToPages(context, one));
      if (site === undefined || wranglerOf(context, folder) !== undefined || wranglerOf(context, folderOf(folder)) !== undefined) return;
      addWorkerFile({ context, unit: file, folder, environment: new Map() }, file);
      return;
    }
    const segments = file.split('/');
    for (let at = segments.indexOf('functions'); at >= 0; at = segments.indexOf('functions', at + 1)) {
      const folder = segments.slice(0, at).join('/');
      if (!belongsToPages(context, folder)) continue;
      const base = segments.slice(0, at + 1).join('/');
      const wrangler = wranglerOf(context, folder);
      const configs = wrangler === undefined ? [] : configsOf(context, wrangler);
      if (configs[0] !== undefined && !servesFolder(context, folder, configs[0])) return;
      addRoutes({ context, unit: wrangler ?? base, folder, environment: wrangler === undefined ? new Map() : merged(context, wrangler, configs) }, [file], base);
      return;
    }
  },
};

/** Variables and bindings of the first environment, filled in from the others. */
function merged(context: ReadContext, unit: string, configs: readonly WorkerConfig[]): ReadonlyMap<string, Value> {
  return new Map(configs.map((each) => [...environmentOf(context, unit, each)]).reverse().flat());
}

function configsOf(context: ReadContext, file: string): readonly WorkerConfig[] {
  const root = context.document(file, { format: file.endsWith('.toml') ? 'toml' : 'jsonc' })?.roots[0];
  return root?.kind === 'map' ? environments(root, context.stage) : [];
}

/**
 * Whether the folder is deployed although the Wrangler file beside it does not name an output folder: older projects have one
 * for local use only. A project that names its output folder is read with its file; a worker has no such folder.
 */
function servesFolder(context: ReadContext, folder: string, config: WorkerConfig): boolean {
  if (config.get('pages_build_output_dir') !== undefined) return false;
  const main = workerMain(context, folder, config);
  if (main === undefined || 'gap' in main) return true;
  return /\bwrangler\s{1,5}pages\b/.test(context.workspace.read(joinInRoot(folder, 'package.json') ?? '') ?? '');
}

const projectFiles: readonly string[] = ['package.json', '_routes.json', 'public/_routes.json'];
const siteFiles: readonly string[] = ['_headers', '_redirects', 'index.html', 'public/index.html', 'static/index.html', 'dist/index.html'];

function belongsToPages(context: ReadContext, folder: string): boolean {
  const at = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  if (['firebase.json', 'netlify.toml', 'host.json'].some((name) => context.workspace.has(at(name)))) return false;
  if (wranglerOf(context, folder) !== undefined || projectFiles.some((name) => context.workspace.has(at(name)))) return true;
  // Pages and rules of a site are of no kind that is listed.
  return siteFiles.some((name) => context.workspace.read(at(name)) !== undefined);
}

function wranglerOf(context: ReadContext, folder: string): string | undefined {
  return ['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'].map((name) => (folder === '' ? name : `${folder}/${name}`)).find((name) => context.workspace.has(name));
}

/** Adds a function for each file with a handler; gives their number. */
function addRoutes(project: Project, files: readonly string[], base: string): number {
  let count = 0;
  for (const file of files) {
    const rest = below(file, base);
    if (rest === undefined || rest === '' || !scripts.test(file) || notDeployed.test(file)) continue;
    const text = project.context.workspace.read(file);
    if (text === undefined || others.test(text)) continue;
    const names = exportsOf(text, [...methods.keys()]);
    if (names.length === 0) continue;
    count++;
    const location: Location = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
    const segments = withoutExtension(rest).split('/');
    const last = segments.at(-1);
    const middleware = last === '_middleware';
    const path = routePath(middleware || last === 'index' ? segments.slice(0, -1) : segments);
    const auth = authOf(project, base, segments.slice(0, -1), middleware, location);
    const triggers = names.map((name): Trigger => ({
      kind: 'http', source: middleware ? 'middleware' : 'pages', auth, location, handlerExport: name,
      filters: [{ kind: 'route', method: methods.get(name) ?? '*', path: middleware ? `${path === '/' ? '' : path}/*` : path }],
    }));
    addFunction(project, `functions/${withoutExtension(rest)}`, names.map((name): Handler => ({ file, export: name, kind: 'pages' })), triggers, location);
  }
  return count;
}

/** What stands before a route: the nearest `_middleware` of its folder or one above decides who gets through. */
function authOf(project: Project, base: string, folders: readonly string[], middleware: boolean, location: Location): RouteAuth {
  for (let length = middleware ? folders.length - 1 : folders.length; length >= 0; length--) {
    const name = [...folders.slice(0, length), '_middleware'].join('/');
    if (['.js', '.ts', '.jsx', '.tsx', '.mjs'].some((extension) => project.context.workspace.has(`${base}/${name}${extension}`))) {
      return { kind: 'authorizer', authorizer: { kind: 'resource', unit: project.unit, id: `functions/${name}`, attribute: 'middleware' }, location };
    }
  }
  return { kind: 'none', location };
}

/** `[id]` is one segment, `[[path]]` is all that follows. */
function routePath(segments: readonly string[]): string {
  return `/${segments.map((segment) => segment.replace(/^\[\[([^\]]{1,100})\]\]$/, '{$1+}').replace(/^\[([^\]]{1,100})\]$/, '{$1}')).join('/')}`;
}

function addWorkerFile(project: Project, file: string): void {
  const handlers = workerHandlers(project.context, file);
  if (handlers.length === 0) return;
  const location: Location = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  addFunction(project, '_worker', handlers, [{ kind: 'http', source: 'pages', filters: [{ kind: 'route', method: '*', path: '/*' }], auth: { kind: 'none', location }, location }], location);
}

function addFunction(project: Project, name: string, handlers: ServerlessFunction['handlers'], triggers: readonly Trigger[], location: Location): void {
  project.context.addFunction({
    id: `${project.unit}#${name}`, name, unit: project.unit, platform: 'cloudflare', handlers, triggers, declaredAt: [location, ...(project.declaredAt === undefined ? [] : [project.declaredAt])],
    foundBy: 'convention', environment: project.environment, layers: [], mounts: [], destinations: [],
    packaging: { form: 'bundled', tool: 'esbuild', include: [], exclude: [], external: ['cloudflare:*', 'node:*'], minify: false, sourceMap: false, format: 'esm' },
  });
}
