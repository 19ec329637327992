import type { Packaging, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Located, Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { DocNode } from './document-node.ts';
import { pathGlob } from './path-glob.ts';
import type { ReadContext } from './reader.ts';
import { builtBy, matchesRoute, pathParts } from './web-function.ts';
import { inFolder } from './web-project.ts';

interface Pattern { readonly matches: (path: string) => boolean; readonly node: DocNode; readonly location: Location }

/** A `cron` of `vercel.json`: the platform requests `path` at each time. */
export interface Cron { readonly path: string; readonly parts: readonly string[]; readonly schedule: string; readonly location: Location }

/** An entry of the older `builds`: which builder makes what of which files. */
export interface Build { readonly matches: (path: string) => boolean; readonly use: string; readonly source: string; readonly location: Location }

/** A service of a project with several (`services`, `experimentalServices`). */
export interface Service { readonly root: string; readonly framework: string | undefined }

/** The platform takes 2,048 routes and 100 crons a deployment (Vercel documentation, "Limits", read 2026-11): beyond that nothing is deployed. */
const maximumRules = 2_048;

/** What `vercel.json` (or `now.json`) says about functions. Vercel documentation, "Static configuration with vercel.json", read 2026-11. */
export class VercelConfig {
  readonly file: string;
  readonly crons: readonly Cron[];
  /** Present: nothing else is built. */
  readonly builds: readonly Build[] | undefined;
  readonly services: readonly Service[];
  readonly framework: string | undefined;
  readonly #functions: readonly Pattern[];
  readonly #rewrites: readonly { readonly source: string; readonly parts: readonly string[] }[];
  readonly #regions: readonly string[];

  constructor(file: string, root: DocNode) {
    this.file = file;
    const list = (name: string): readonly DocNode[] => root.get(name)?.items ?? [];
    this.crons = list('crons').slice(0, maximumRules).flatMap((item) => {
      const path = item.get('path')?.text();
      const schedule = item.get('schedule')?.text();
      return path === undefined || schedule === undefined ? [] : [{ path, parts: pathParts(path), schedule, location: item.location }];
    });
    this.builds = root.get('builds')?.kind !== 'list' ? undefined : list('builds').flatMap((item) => {
      const source = item.get('src')?.text();
      const use = item.get('use')?.text();
      return source === undefined || use === undefined ? [] : [{ source, use, matches: pathGlob(source), location: item.location }];
    });
    this.services = [...(root.get('services') ?? root.get('experimentalServices'))?.entries.values() ?? []].flatMap((service) => {
      const folder = service.get('root')?.text() ?? service.get('entrypoint')?.text();
      return folder === undefined ? [] : [{ root: folder.replace(/^\/+|\/+$/g, ''), framework: service.get('framework')?.text() }];
    });
    this.framework = root.get('framework')?.text();
    const functions = root.get('functions');
    this.#functions = [...(functions?.entries ?? [])].slice(0, maximumRules).map(([pattern, node]) => ({ matches: pathGlob(pattern), node, location: functions?.keyLocation(pattern) ?? node.location }));
    this.#rewrites = [...list('rewrites'), ...list('routes')].slice(0, maximumRules).flatMap((item) => {
      const source = item.get('source')?.text() ?? item.get('src')?.text();
      const destination = item.get('destination')?.text() ?? item.get('dest')?.text();
      return source === undefined || destination === undefined || /^[a-z][a-z+.-]{0,20}:/i.test(destination) ? [] : [{ source, parts: pathParts(destination.replace(/\.[cm]?[jt]s$/, '')) }];
    });
    this.#regions = list('regions').map((item) => item.text()).filter((text) => text !== undefined);
  }

  /** Settings of the function in a file, its path relative to the project: those of the first pattern that matches. */
  settingsOf(path: string): Partial<ServerlessFunction> {
    const found = this.#functions.find((pattern) => pattern.matches(path));
    const region = found?.node.get('regions')?.items[0]?.text() ?? this.#regions[0];
    const base: Partial<ServerlessFunction> = region === undefined ? {} : { region: literal(region) };
    if (!found) return base;
    const number = (name: string): Located<number> | undefined => {
      const value = found.node.get(name)?.number();
      return value === undefined ? undefined : { value, location: found.node.keyLocation(name) };
    };
    const timeout = number('maxDuration');
    const memory = number('memory');
    const runtime = found.node.get('runtime')?.text();
    const include = found.node.get('includeFiles')?.text();
    const exclude = found.node.get('excludeFiles')?.text();
    const packaging: Packaging | undefined = include === undefined && exclude === undefined ? undefined : builtBy('vercel', include === undefined ? [] : [include], exclude === undefined ? [] : [exclude]);
    return {
      ...base,
      ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
      ...(memory === undefined ? {} : { memoryMb: memory }),
      ...(runtime === undefined || !/^(?:edge|nodejs)/.test(runtime) ? {} : { runtime: { value: runtime, location: found.node.keyLocation('runtime') } }),
      ...(packaging === undefined ? {} : { packaging }),
    };
  }

  /** Where the pattern for a file stands, as one more place that declares it. */
  declarationOf(path: string): readonly Location[] {
    const found = this.#functions.find((pattern) => pattern.matches(path));
    return found ? [found.location] : [];
  }

  /** Queues that a function consumes (`experimentalTriggers`). */
  queuesOf(path: string): readonly Trigger[] {
    const found = this.#functions.find((pattern) => pattern.matches(path));
    return (found?.node.get('experimentalTriggers')?.items ?? []).map((item): Trigger => {
      const topic = item.get('topic')?.text();
      return { kind: item.get('type')?.text()?.startsWith('queue') ? 'queue' : 'unknown', source: item.get('type')?.text() ?? 'trigger', filters: [], location: item.location, ...(topic === undefined ? {} : { resource: literal(topic) }) };
    });
  }

  /** The schedules that request a route. */
  schedulesOf(route: string, exports: readonly string[]): readonly Trigger[] {
    const parts = pathParts(route);
    // The platform asks with GET.
    const handler = exports.includes('GET') ? { handlerExport: 'GET' } : {};
    return this.crons.filter((cron) => matchesRoute(parts, cron.parts))
      .map((cron): Trigger => ({ ...handler, kind: 'schedule', source: 'cron', filters: [{ kind: 'route', method: 'GET', path: cron.path }], schedule: literal(cron.schedule), location: cron.location }));
  }

  /** Other paths that lead to a route. */
  aliasesOf(route: string): readonly string[] {
    const own = pathParts(route);
    return this.#rewrites.filter(({ parts }) => matchesRoute(own, parts) || (parts.at(-1) === 'index' && matchesRoute(own, parts.slice(0, -1)))).map(({ source }) => source);
  }
}

/** The configuration of a folder; a broken one is a problem of the run. */
export function vercelConfig(context: ReadContext, folder: string): VercelConfig | undefined {
  for (const name of ['vercel.json', 'now.json']) {
    const file = inFolder(folder, name);
    if (!context.workspace.has(file)) continue;
    const document = context.document(file, { format: 'jsonc' });
    const broken = document?.errors.find((error) => error.kind !== 'duplicate');
    if (broken !== undefined) context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
    const root = document?.roots[0];
    if (root?.kind === 'map') return new VercelConfig(file, root);
  }
  return undefined;
}
