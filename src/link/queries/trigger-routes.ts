import type { ServerlessFunction } from '../../model/function.ts';
import { valueKey } from '../values.ts';
import { resourceOf } from './route-names.ts';

/** What a declaration starts a function for: every route by name, and what they are about, by code unit. Left out: what is switched off, preflight requests and routes that stand for any path. */
export function triggerRoutes(fn: ServerlessFunction): { readonly routes: readonly string[]; readonly resources: readonly string[] } {
  const routes = new Set<string>();
  const resources = new Set<string>();
  for (const trigger of fn.triggers) {
    if (trigger.enabled === false) continue;
    const paths = trigger.filters.flatMap((filter) => (filter.kind === 'route' ? [filter] : []));
    if (paths.length > 0) {
      for (const { method, path } of paths) {
        const resource = resourceOf(path.startsWith('/') || path.startsWith('$') ? path : `/${path}`);
        if (method.toUpperCase() === 'OPTIONS' || resource === '') continue;
        routes.add(`${method} ${path}`);
        resources.add(`/${resource}`);
      }
    } else if (trigger.kind !== 'http' && trigger.kind !== 'url' && trigger.kind !== 'unknown' && trigger.kind !== 'invoke' && trigger.kind !== 'custom') {
      routes.add(`${trigger.kind} ${trigger.resource ? valueKey(trigger.resource) : ''} ${trigger.schedule ? valueKey(trigger.schedule) : ''}`);
      resources.add(trigger.kind);
    }
  }
  return { routes: [...routes], resources: [...resources].sort() };
}
