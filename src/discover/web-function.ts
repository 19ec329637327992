import type { Handler, Packaging, Platform, RouteAuth, ServerlessFunction, Trigger, TriggerFilter } from '../model/function.ts';
import type { Location } from '../model/location.ts';

/** What a reader of a convention says of a function; everything else is empty. */
export type WebFunction =
  Pick<ServerlessFunction, 'name' | 'unit' | 'platform' | 'handlers' | 'triggers' | 'declaredAt'> & Partial<ServerlessFunction>;

/** A function found by where its file lies. */
export function webFunction(parts: WebFunction): ServerlessFunction {
  return { id: `${parts.unit}#${parts.name}`, foundBy: 'convention', environment: new Map(), layers: [], mounts: [], destinations: [], ...parts };
}

/** The methods that a web framework's route modules export a function for. */
export const httpMethods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];

/** Routes of these platforms are open to anybody: a check is for code to make. */
export function openTo(location: Location): RouteAuth {
  return { kind: 'none', location };
}

/** An HTTP trigger for all methods of some paths, or for the one that a handler is exported under. */
function routeTrigger(source: string, paths: readonly string[], location: Location, method = '*', handlerExport?: string): Trigger {
  const filters: TriggerFilter[] = paths.map((path) => ({ kind: 'route', method, path }));
  return { kind: 'http', source, filters, auth: openTo(location), location, ...(handlerExport === undefined ? {} : { handlerExport }) };
}

/** One trigger for a handler that takes every method, or one for each handler that is exported under a method's name. */
export function routeTriggers(source: string, paths: readonly string[], location: Location, handlers: readonly Handler[]): Trigger[] {
  const methods = handlers.filter((handler) => httpMethods.includes(handler.export));
  if (methods.length === 0) return [routeTrigger(source, paths, location)];
  return methods.map((handler) => routeTrigger(source, paths, location, handler.export, handler.export));
}

/**
 * A route as these frameworks spell it in file names, in the spelling of the model: `[id]` is `{id}`, `[...rest]` and `[[...rest]]`
 * are `{rest+}`.
 */
export function routePath(segments: readonly string[]): string {
  return `/${segments.map((segment) => segment.replace(/^\[{1,2}\.{3}([^\]]{1,200})\]{1,2}$/, '{$1+}').replaceAll(/\[([^\]]{1,200})\]/g, '{$1}')).join('/')}`;
}

/** Segments of a path, without its query. */
export function pathParts(path: string): readonly string[] {
  return (path.split(/[?#]/)[0] ?? '').split('/').filter((part) => part !== '');
}

/** Whether the segments of a path that is written out belong to those of a route. */
export function matchesRoute(route: readonly string[], path: readonly string[]): boolean {
  for (const [index, part] of route.entries()) {
    if (part.startsWith('{') && part.endsWith('+}')) return true;
    const given = path[index];
    if (given === undefined || (part !== given && !(part.startsWith('{') && part.endsWith('}')))) return false;
  }
  return route.length === path.length;
}

/** A package that the platform's own builder traces or bundles from one entry. */
export function builtBy(platform: Platform, include: readonly string[] = [], exclude: readonly string[] = [], external: readonly string[] = []): Packaging {
  return { form: 'bundled', tool: platform, include, exclude, external, minify: false, sourceMap: false, format: 'esm' };
}
