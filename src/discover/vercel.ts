import { isNext, nextFunctions } from './next.ts';
import { nextConfig, nextConfigNames } from './next-config.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf } from './source-path-names.ts';
import { apiFunctions, builtFunctions } from './vercel-api.ts';
import type { WebProject } from './vercel-api.ts';
import { vercelConfig } from './vercel-config.ts';
import { frameworkFunctions } from './web-frameworks.ts';
import { buttonOf, hostOf, platformRoute } from './vercel-platform.ts';
import type { Host } from './vercel-platform.ts';
import { matchesRoute, pathParts } from './web-function.ts';
import { firstIn, inFolder, manifestOf } from './web-project.ts';

const names = /(?:^|\/)(?:vercel\.json|now\.json|package\.json|next\.config\.(?:[cm]?js|m?ts))$/;

const relevant = /vercel|@now\/|next|@sveltejs\/kit|nuxt|nitro|astro|@solidjs\/start|remix-run|react-router|analogjs|redwoodjs|qwik|gatsby/;

/**
 * Projects on Vercel, and applications of web frameworks on Vercel or Netlify: read once for each folder, from the first of
 * `vercel.json`, `now.json`, `package.json` and Next.js's configuration that it has.
 */
export const vercelReader: Reader = {
  name: 'vercel',
  about: {
    format: 'Vercel, and web frameworks on Vercel or Netlify', platform: 'Vercel, Netlify', files: '`vercel.json`, `now.json`, `package.json`, `next.config.*`, `api/`',
    reads: 'functions of `api/`, Next.js route handlers, API routes, middleware and Server Actions, SvelteKit, Nuxt and Nitro, Astro and Gatsby endpoints, `maxDuration`, memory, crons, rewrites',
    not: 'configuration written as a program; pages rendered on the server; Server Actions inside components; Remix, SolidStart, Analog, RedwoodJS and Qwik (counted as gaps)',
  },
  matches: (file) => names.test(file),
  read(file, context) {
    const folder = folderOf(file);
    // Most packages of a repository have nothing to do with the web.
    if (file.endsWith('package.json') && !relevant.test(context.workspace.read(file) ?? '') && firstIn(context.workspace, folder, nextConfigNames) === undefined && !context.workspace.isDirectory(inFolder(folder, 'api'))) return;
    const first = firstIn(context.workspace, folder, ['vercel.json', 'now.json', 'package.json', ...nextConfigNames]);
    if (first === file) readProject(folder, file, context);
  },
};

function readProject(folder: string, unit: string, context: ReadContext): void {
  const { workspace } = context;
  const config = vercelConfig(context, folder);
  const next = isNext(context, folder);
  const said = hostOf(workspace, folder) ?? buttonOf(workspace, folder);
  const route = next ? platformRoute(workspace, folder, said) : undefined;
  // A product is often both: deployed by its authors, packed into a container for others.
  const host: Host | undefined = route === undefined ? said : { kind: 'vercel', file: route };
  // A folder that nothing says anything about is an application on Vercel only when it is one of Vercel's own framework.
  const platform = host?.kind === 'netlify' ? 'netlify' : 'vercel';
  const project: WebProject = { folder, unit: host?.kind === 'netlify' ? host.file : unit, platform, config, routes: [] };
  if (host?.kind === 'vercel') {
    const direct = host.file !== undefined && folderOf(host.file) === folder;
    if (config?.builds !== undefined) builtFunctions(project, config, context);
    // Redwood's `api` is its server, which its own command builds.
    else if (direct && manifestOf(workspace, folder)?.dependencies.has('@redwoodjs/core') !== true) apiFunctions(project, context);
  }
  const program = config === undefined ? firstIn(workspace, folder, ['vercel.ts', 'vercel.mts', 'vercel.js', 'vercel.mjs']) : undefined;
  if (program !== undefined) context.gap({ kind: 'configuration', file: program, line: 1, message: 'a configuration of Vercel that is written as a program is not read' });
  if (host?.kind === 'other') {
    if (next && !nextConfig(workspace, folder).static) context.gap({ kind: 'platform', file: host.file, line: 1, message: `the Next.js application in ${folder === '' ? 'this folder' : folder} is deployed to ${host.name}: its routes are not read` });
  } else if (next) {
    if (config?.builds === undefined || config.builds.some((build) => /^@(?:vercel|now)\/next(?:@.*)?$/.test(build.use))) nextFunctions(project, context);
  } else if (host !== undefined) frameworkFunctions(project, context);
  const routes = project.routes.map(pathParts);
  for (const cron of config?.crons ?? []) {
    if (config === undefined || routes.some((route) => matchesRoute(route, cron.parts))) continue;
    context.gap({ kind: 'trigger', file: config.file, line: cron.location.line, message: `no function found at the path ${cron.path.slice(0, 200)} of a cron job` });
  }
}
