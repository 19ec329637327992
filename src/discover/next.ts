import type { Handler, ServerlessFunction, TriggerFilter } from '../model/function.ts';
import { nextConfig, nextConfigNames } from './next-config.ts';
import type { NextConfig } from './next-config.ts';
import { serverActions } from './next-actions.ts';
import type { ReadContext } from './reader.ts';
import { below, folderOf } from './source-path-names.ts';
import { addRouteFunction } from './vercel-api.ts';
import type { WebProject } from './vercel-api.ts';
import { httpMethods, openTo, routePath } from './web-function.ts';
import { exportedNames, exportedSetting } from './web-module.ts';
import { filesBelow, firstIn, firstLine, inFolder, manifestOf, notDeployed, script } from './web-project.ts';

/** Whether a folder holds a Next.js application. */
export function isNext(context: ReadContext, folder: string): boolean {
  return manifestOf(context.workspace, folder)?.dependencies.has('next') === true || firstIn(context.workspace, folder, nextConfigNames) !== undefined;
}

/**
 * Functions of a Next.js application (Next.js 16 documentation, "Route Handlers", "API Routes", "Proxy" and "Server Actions", read 2026-11):
 * `app/**` files named `route`, files of `pages/api`, `middleware` or `proxy`, modules with `'use server'`. Pages that are rendered on
 * the server run too; they are counted as a gap.
 */
export function nextFunctions(project: WebProject, context: ReadContext): void {
  const config = nextConfig(context.workspace, project.folder);
  if (config.static) return;
  const own = ownFiles(context, project.folder);
  // A folder beside `src` wins, as in Next.js itself.
  const folderOfKind = (kind: string): string | undefined => [inFolder(project.folder, kind), inFolder(project.folder, `src/${kind}`)].find((folder) => own.some((file) => file.startsWith(`${folder}/`)));
  const app = folderOfKind('app');
  const pages = folderOfKind('pages');
  if (app === undefined && pages === undefined) return;
  let rendered: string | undefined;
  let count = 0;
  for (const file of own) {
    const inApp = app === undefined ? undefined : below(file, app);
    const inPages = pages === undefined ? undefined : below(file, pages);
    if (inApp !== undefined) routeHandler(project, config, file, inApp, context);
    else if (inPages !== undefined) {
      apiRoute(project, config, file, inPages, context);
      if (!inPages.startsWith('api/') && /\bexport\b[^\n]{0,100}\bgetServerSideProps\b/.test(context.workspace.read(file) ?? '')) {
        rendered ??= file;
        count++;
      }
    }
  }
  if (rendered !== undefined) context.gap({ kind: 'function', file: rendered, line: 1, message: `${count} page${count === 1 ? '' : 's'} of ${project.folder === '' ? 'this application' : project.folder} rendered on the server (getServerSideProps) ${count === 1 ? 'is' : 'are'} not read as functions` });
  middleware(project, config, context);
  serverActions(project, own, context);
}

/** Files of the application itself: other packages below it are their own. */
function ownFiles(context: ReadContext, folder: string): readonly string[] {
  const own = new Map<string, boolean>([[folder, true]]);
  const isOwn = (at: string): boolean => {
    let known = own.get(at);
    if (known === undefined) {
      known = !context.workspace.has(inFolder(at, 'package.json')) && isOwn(folderOf(at));
      own.set(at, known);
    }
    return known;
  };
  return filesBelow(context.workspace, folder).filter((file) => script.test(file) && !notDeployed.test(file) && isOwn(folderOf(file)));
}

/** File name without one of the extensions that the application gives to routes. */
function stem(path: string, config: NextConfig): string | undefined {
  const extension = config.extensions.find((one) => path.endsWith(`.${one}`));
  return extension === undefined ? undefined : path.slice(0, -extension.length - 1);
}

function routeHandler(project: WebProject, config: NextConfig, file: string, rest: string, context: ReadContext): void {
  const segments = stem(rest, config)?.split('/');
  if (segments?.at(-1) !== 'route' || segments.some((segment) => segment.startsWith('_'))) return;
  const handlers = exportedNames(context, file, httpMethods).map((name): Handler => ({ file, export: name, kind: 'route' }));
  if (handlers.length === 0) return;
  // Groups and slots are not part of the address.
  const visible = segments.slice(0, -1).filter((segment) => !/^\([^.)][^)]*\)$/.test(segment) && !segment.startsWith('@'));
  addRouteFunction(context, project, file, nameOf(project, file, config), `${config.basePath}${routePath(visible)}`, handlers);
}

function apiRoute(project: WebProject, config: NextConfig, file: string, rest: string, context: ReadContext): void {
  const segments = stem(rest, config)?.split('/');
  if (segments === undefined) return;
  // Next.js 12.0 and 12.1 had middleware beside pages.
  if (segments.at(-1) === '_middleware') {
    addMiddleware(project, config, file, exportedNames(context, file, ['middleware', 'default'])[0], [`${routePath(segments.slice(0, -1))}*`], context);
    return;
  }
  if (segments[0] !== 'api' || segments.length < 2 || exportedNames(context, file, ['default']).length === 0) return;
  const visible = segments.at(-1) === 'index' ? segments.slice(0, -1) : segments;
  addRouteFunction(context, project, file, nameOf(project, file, config), `${config.basePath}${routePath(visible)}`, [{ file, export: 'default', kind: 'handler' }]);
}

/** `middleware` (at the edge unless it says `nodejs`) or `proxy` (Node.js) at the root or in `src`. */
function middleware(project: WebProject, config: NextConfig, context: ReadContext): void {
  for (const base of ['middleware', 'src/middleware', 'proxy', 'src/proxy']) {
    const file = firstIn(context.workspace, project.folder, config.extensions.map((extension) => `${base}.${extension}`));
    if (file === undefined) continue;
    const name = base.endsWith('proxy') ? 'proxy' : 'middleware';
    addMiddleware(project, config, file, exportedNames(context, file, [name, 'default'])[0], undefined, context);
  }
}

/** Middleware of an application or, on Vercel, of any project: the paths that its `config.matcher` names, else all. */
export function addMiddleware(project: WebProject, config: Pick<NextConfig, 'extensions'>, file: string, exported: string | undefined, paths: readonly string[] | undefined, context: ReadContext): void {
  if (exported === undefined) return;
  const matcher = exportedSetting(context, file, 'config')?.get('matcher');
  const written = (matcher?.items() ?? []).map((item) => item.text() ?? item.get('source')?.text()).filter((path) => path !== undefined);
  const location = firstLine(file);
  const filters: TriggerFilter[] = (written.length > 0 ? written : paths ?? ['/*']).map((path) => ({ kind: 'route', method: '*', path }));
  const runtime = exportedSetting(context, file, 'config')?.get('runtime')?.text();
  const edge: Partial<ServerlessFunction> = /(?:^|\/)proxy\.[a-z.]+$/.test(file) || runtime === 'nodejs' ? {} : { generation: 'edge' };
  addRouteFunction(context, project, file, nameOf(project, file, config), '/*', [{ file, export: exported, kind: 'middleware' }], {
    ...edge, triggers: [{ kind: 'http', source: 'middleware', filters, auth: openTo(location), location: matcher?.location ?? location }],
  });
}

function nameOf(project: WebProject, file: string, config: Pick<NextConfig, 'extensions'>): string {
  const path = below(file, project.folder) ?? file;
  const extension = config.extensions.find((one) => path.endsWith(`.${one}`));
  return extension === undefined ? path : path.slice(0, -extension.length - 1);
}
