import type { Handler, ServerlessFunction } from '../model/function.ts';
import { literal } from '../model/value.ts';
import type { ReadContext } from './reader.ts';
import { below, withoutExtension } from './source-path-names.ts';
import type { Build, VercelConfig } from './vercel-config.ts';
import { httpMethods, routePath, routeTriggers, webFunction } from './web-function.ts';
import { exportedNames, exportedSetting } from './web-module.ts';
import { filesBelow, firstLine, inFolder, manifestOf, notDeployed, placeIn, script } from './web-project.ts';

/** A web project: its folder, the file that names it, who runs it, its configuration if there is one. */
export interface WebProject {
  readonly folder: string;
  readonly unit: string;
  readonly platform: 'vercel' | 'netlify';
  readonly config: VercelConfig | undefined;
  /** Routes of the functions found so far. */
  readonly routes: string[];
}

/**
 * Functions without a framework (Vercel documentation, "Using the Node.js runtime" and "Advanced Node.js usage", read 2026-11): files below
 * `api/` of a project, names with a leading `_` or `.` and declarations aside. A file exports a default handler or web server, or
 * functions named after HTTP methods.
 */
export function apiFunctions(project: WebProject, context: ReadContext): void {
  const root = inFolder(project.folder, 'api');
  for (const file of filesBelow(context.workspace, root)) {
    const rest = below(file, root) ?? '';
    if (!script.test(file) || notDeployed.test(file) || rest.split('/').some((part) => part.startsWith('_') || part.startsWith('.'))) continue;
    const handlers = handlersOf(context, file);
    if (handlers.length === 0) continue;
    const segments = `api/${withoutExtension(rest)}`.split('/');
    const route = routePath(segments.at(-1) === 'index' ? segments.slice(0, -1) : segments);
    addRouteFunction(context, project, file, segments.join('/'), route, handlers);
  }
}

/** Builds of the older `builds` list that make functions of script files. */
const nodeBuilders = /^@(?:vercel|now)\/(?:node|node-server|build-utils)(?:@.*)?$/;

/** With `builds` nothing is found by convention: each entry says what is made of its files (Vercel documentation, "builds", legacy, read 2026-11). */
export function builtFunctions(project: WebProject, config: VercelConfig, context: ReadContext): void {
  for (const build of config.builds ?? []) {
    if (!nodeBuilders.test(build.use)) continue;
    for (const { file, path } of builtFrom(project, build, context)) {
      const handlers = handlersOf(context, file);
      // An old-style entry starts a server and exports nothing: the module is what runs.
      const main = handlers.length > 0 ? handlers : [{ file, export: 'default', kind: 'handler' }];
      const name = withoutExtension(path);
      addRouteFunction(context, project, file, name, routePath(name.split('/')), main, { declaredAt: [build.location] });
    }
  }
}

/** The files that an entry of `builds` names, with their paths in the project; of output that the project's own build makes (`dist/main.js`) the source. */
function builtFrom(project: WebProject, build: Build, context: ReadContext): readonly { readonly file: string; readonly path: string }[] {
  const listed = filesBelow(context.workspace, project.folder).flatMap((file) => {
    const path = below(file, project.folder) ?? file;
    return script.test(file) && !notDeployed.test(file) && build.matches(path) ? [{ file, path }] : [];
  });
  const path = build.source.replace(/^(?:\.?\/)+/, '');
  if (listed.length > 1 || !script.test(path) || /[*{}[\]!]/.test(path)) return listed;
  const source = context.sourceOf(project.folder, project.folder, withoutExtension(path));
  if ('file' in source) return [{ file: source.file, path }];
  if (listed.length === 0) context.gap({ kind: 'handler', file: build.location.file, line: build.location.line, message: `${path.slice(0, 200)}: ${source.gap}` });
  return listed;
}

function handlersOf(context: ReadContext, file: string): readonly Handler[] {
  const exported = exportedNames(context, file, ['default', ...httpMethods, 'fetch']);
  const main = exported.find((name) => name === 'default');
  const names = main !== undefined ? [main] : exported.filter((name) => httpMethods.includes(name) || name === 'fetch');
  return names.map((name) => ({ file, export: name, kind: 'handler' }));
}

/** Adds a function with what `vercel.json`, the module's own `config` and the manifest say about it. */
export function addRouteFunction(context: ReadContext, project: WebProject, file: string, name: string, route: string, handlers: readonly Handler[], extra: Partial<ServerlessFunction> = {}): void {
  const location = firstLine(file);
  const { config } = project;
  const path = below(file, project.folder) ?? file;
  const settings = moduleSettings(context, project, file);
  project.routes.push(route);
  if (config) context.used(config.file);
  context.addFunction(webFunction({
    name, unit: project.unit, platform: project.platform, handlers,
    ...config?.settingsOf(path), ...settings, ...extra,
    declaredAt: [...(extra.declaredAt ?? [location]), ...(config?.declarationOf(path) ?? [])],
    triggers: [
      ...(extra.triggers ?? routeTriggers(project.platform, [route, ...(config?.aliasesOf(route) ?? [])], location, handlers)),
      ...(config?.schedulesOf(route, handlers.map((handler) => handler.export)) ?? []), ...(config?.queuesOf(path) ?? []),
    ],
  }));
}

/** `export const config = { runtime, maxDuration, regions }`, `export const maxDuration`, `runtime`, `preferredRegion`, and `engines.node`. */
function moduleSettings(context: ReadContext, project: WebProject, file: string): Partial<ServerlessFunction> {
  const config = exportedSetting(context, file, 'config');
  const runtime = config?.get('runtime') ?? exportedSetting(context, file, 'runtime');
  const edge = /^(?:experimental-)?edge$/.test(runtime?.text() ?? '');
  const timeout = (config?.get('maxDuration') ?? exportedSetting(context, file, 'maxDuration'))?.number();
  const region = (config?.get('regions') ?? exportedSetting(context, file, 'preferredRegion'))?.texts()[0];
  const node = project.platform === 'vercel' ? nodeOf(context, project.folder) : undefined;
  return {
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    ...(region === undefined || region === 'auto' ? {} : { region: literal(region) }),
    ...(edge ? { generation: 'edge', ...(runtime === undefined ? {} : { runtime: { value: 'edge', location: runtime.location } }) } : node === undefined ? {} : { runtime: node }),
  };
}

/**
 * The one major version that `engines.node` admits; an open range takes the platform's newest and says nothing (Vercel documentation,
 * "Supported Node.js versions", read 2026-11).
 */
function nodeOf(context: ReadContext, folder: string): ServerlessFunction['runtime'] | undefined {
  const manifest = manifestOf(context.workspace, folder);
  const major = /^\s*[~^]?v?(\d{1,3})(?:\.(?:x|\*|\d+))*\s*$/.exec(manifest?.node ?? '')?.[1];
  if (manifest === undefined || major === undefined) return undefined;
  return { value: `nodejs${major}.x`, location: placeIn(manifest.file, context.workspace.read(manifest.file) ?? '', /"node"\s{0,20}:/) };
}
