import type { Handler } from '../model/function.ts';
import { exportsOf } from './convention-exports.ts';
import type { ReadContext } from './reader.ts';
import { addMiddleware } from './next.ts';
import { below, withoutExtension } from './source-path-names.ts';
import { addRouteFunction } from './vercel-api.ts';
import type { WebProject } from './vercel-api.ts';
import { httpMethods, routePath } from './web-function.ts';
import { exportedNames, exportedSetting } from './web-module.ts';
import { filesBelow, firstIn, inFolder, manifestOf, notDeployed, script } from './web-project.ts';

/** Frameworks whose server code is deployed as functions and not read: the folder of their routes, and what marks such code. */
const unread: readonly (readonly [dependency: RegExp, name: string, files: RegExp, mark: RegExp])[] = [
  [/^(?:@remix-run\/(?:dev|react)|@react-router\/dev)$/, 'React Router', /(?:^|\/)app\/routes\//, /\bexport\b[^\n]{0,60}\b(?:loader|action)\b/],
  [/^@solidjs\/start$/, 'SolidStart', /(?:^|\/)src\/routes\//, /\bexport\b[^\n]{0,60}\b(?:GET|POST|PUT|PATCH|DELETE)\b|['"]use server['"]/],
  [/^@analogjs\/platform$/, 'Analog', /(?:^|\/)src\/server\/routes\//, /defineEventHandler|eventHandler/],
  [/^@redwoodjs\/(?:core|api)$/, 'RedwoodJS', /(?:^|\/)api\/src\/functions\//, /\bexport\b[^\n]{0,60}\bhandler\b/],
  [/^@builder\.io\/qwik-city$|^@qwik\.dev\/router$/, 'Qwik City', /(?:^|\/)src\/routes\//, /\bexport\b[^\n]{0,60}\bon(?:Get|Post|Put|Delete|Patch|Request)\b/],
];

/**
 * Server routes of other frameworks where the platform's adapter or the platform's own build deploys them (documentation of SvelteKit 2,
 * Nitro 2, Nuxt 4, Astro 5 and Vercel's "Backends", read 2026-11). Frameworks that are not read are a gap.
 */
export function frameworkFunctions(project: WebProject, context: ReadContext): void {
  const { workspace } = context;
  const has = (name: string): boolean => manifestOf(workspace, project.folder)?.dependencies.has(name) === true;
  const adapter = (name: string): boolean => has(name.replace('*', project.platform));
  if (has('@sveltejs/kit') && (adapter('@sveltejs/adapter-*') || has('@sveltejs/adapter-auto'))) svelteKit(project, context);
  else if (has('nuxt') || has('nitropack') || has('nitro') || has('nuxt3')) nitro(project, context);
  else if (has('astro') && adapter('@astrojs/*')) astro(project, context);
  else if (has('gatsby') && project.platform === 'netlify') filesAsRoutes(project, 'src/api', '/api', context);
  else if (project.platform === 'vercel') backend(project, context);
  for (const [dependency, name, files, mark] of unread) {
    if (![...manifestOf(workspace, project.folder)?.dependencies ?? []].some((one) => dependency.test(one))) continue;
    const routes = filesBelow(workspace, project.folder).filter((file) => script.test(file) && !notDeployed.test(file) && files.test(below(file, project.folder) ?? '') && mark.test(workspace.read(file) ?? ''));
    const [file] = routes;
    if (file !== undefined) context.gap({ kind: 'function', file, line: 1, message: `${routes.length} server routes of ${name} are not read as functions` });
  }
}

function methodsOf(context: ReadContext, file: string, more: readonly string[]): readonly Handler[] {
  return exportedNames(context, file, [...httpMethods, ...more]).map((name) => ({ file, export: name, kind: 'route' }));
}

/** `src/routes/…/+server.ts`; the other server files of a route are counted as a gap. */
function svelteKit(project: WebProject, context: ReadContext): void {
  const root = inFolder(project.folder, 'src/routes');
  let others: string | undefined;
  let count = 0;
  for (const file of filesBelow(context.workspace, root)) {
    const rest = below(file, root) ?? '';
    if (/(?:^|\/)\+(?:page|layout)\.server\.[jt]s$/.test(rest)) {
      others ??= file;
      count++;
    }
    // Rendered when the site is built, and a file from then on; `prerender = 'auto'` keeps the function (SvelteKit documentation, "Page options", read 2026-11).
    if (!/(?:^|\/)\+server\.[jt]s$/.test(rest) || exportedSetting(context, file, 'prerender')?.boolean() === true) continue;
    const handlers = methodsOf(context, file, ['fallback']);
    const segments = rest.split('/').slice(0, -1).filter((segment) => !/^\(.+\)$/.test(segment));
    if (handlers.length > 0) addRouteFunction(context, project, file, withoutExtension(below(file, project.folder) ?? file), routePath(segments), handlers);
  }
  if (others !== undefined) context.gap({ kind: 'function', file: others, line: 1, message: `${count} files of load functions and form actions of SvelteKit are not read as functions` });
}

const nitroRoutes: readonly (readonly [folder: string, prefix: string])[] = [
  ['server/api', '/api'], ['server/routes', ''], ['src/server/api', '/api'], ['src/server/routes', ''], ['api', '/api'], ['routes', ''],
];

/** `server/api/name.get.ts`: a default export a file, the method in its name. */
function nitro(project: WebProject, context: ReadContext): void {
  const nuxt = manifestOf(context.workspace, project.folder)?.dependencies.has('nuxt') === true;
  for (const [folder, prefix] of nitroRoutes) if (!nuxt || folder.startsWith('server/')) filesAsRoutes(project, folder, prefix, context);
}

/** A folder of which every file is a route with a default export (Nitro; functions of Gatsby). */
function filesAsRoutes(project: WebProject, folder: string, prefix: string, context: ReadContext): void {
  const root = inFolder(project.folder, folder);
  for (const file of filesBelow(context.workspace, root)) {
    if (!script.test(file) || notDeployed.test(file) || exportedNames(context, file, ['default']).length === 0) continue;
    const segments = withoutExtension(below(file, root) ?? '').replace(/\.(?:get|head|post|put|delete|patch|options)$/, '').split('/');
    const visible = segments.at(-1) === 'index' ? segments.slice(0, -1) : segments;
    addRouteFunction(context, project, file, withoutExtension(below(file, project.folder) ?? file), `${prefix}${routePath(visible)}`, [{ file, export: 'default', kind: 'route' }]);
  }
}

/** Endpoints of `src/pages` that are not rendered when the site is built, and nothing of `onRequest`, which runs inside of them. */
function astro(project: WebProject, context: ReadContext): void {
  const root = inFolder(project.folder, 'src/pages');
  const config = firstIn(context.workspace, project.folder, ['astro.config.mjs', 'astro.config.ts', 'astro.config.js', 'astro.config.mts']);
  const server = /\boutput\s{0,20}:\s{0,20}['"](?:server|hybrid)['"]/.test(config === undefined ? '' : context.workspace.read(config) ?? '');
  for (const file of filesBelow(context.workspace, root)) {
    const rest = below(file, root) ?? '';
    if (!/\.[cm]?[jt]s$/.test(file) || notDeployed.test(file) || rest.split('/').some((part) => part.startsWith('_'))) continue;
    const prerender = exportedSetting(context, file, 'prerender')?.boolean();
    if (prerender ?? !server) continue;
    const handlers = methodsOf(context, file, ['ALL']);
    const segments = withoutExtension(rest).split('/');
    if (handlers.length > 0) addRouteFunction(context, project, file, withoutExtension(below(file, project.folder) ?? file), routePath(segments.at(-1) === 'index' ? segments.slice(0, -1) : segments), handlers);
  }
}

const backends: readonly string[] = ['express', 'hono', 'fastify', 'elysia', 'h3', 'koa', '@nestjs/core'];

/** A server at one of the names that Vercel looks at becomes one function; beside it, middleware at the project's root. */
function backend(project: WebProject, context: ReadContext): void {
  const { workspace } = context;
  const extensions = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'];
  const entry = firstIn(workspace, project.folder, extensions.map((extension) => `middleware.${extension}`));
  if (entry !== undefined && (project.config !== undefined || manifestOf(workspace, project.folder)?.dependencies.has('@vercel/edge') === true || manifestOf(workspace, project.folder)?.dependencies.has('@vercel/functions') === true)) {
    addMiddleware(project, { extensions }, entry, exportsOf(workspace.read(entry) ?? '', ['default', 'middleware'])[0], undefined, context);
  }
  const framework = backends.find((name) => manifestOf(workspace, project.folder)?.dependencies.has(name) === true);
  if (framework === undefined || project.routes.some((route) => route.startsWith('/api')) || project.config?.builds !== undefined) return;
  const candidates = ['app', 'index', 'server', 'src/app', 'src/index', 'src/server', 'src/main'].flatMap((name) => extensions.map((extension) => `${name}.${extension}`));
  for (const name of candidates) {
    const file = inFolder(project.folder, name);
    const text = workspace.has(file) ? workspace.read(file) ?? '' : '';
    if (!text.includes(framework)) continue;
    if (exportsOf(text, ['default']).length > 0) addRouteFunction(context, project, file, withoutExtension(name), '/{path+}', [{ file, export: 'default', kind: 'handler' }]);
    else context.gap({ kind: 'function', file, line: 1, message: `a server of ${framework} that exports nothing is not read as a function` });
    return;
  }
}
