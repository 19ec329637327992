import { isPublicPath } from '../../catalog/verifications.ts';
import type { RouteAuth, ServerlessFunction, Trigger } from '../../model/function.ts';

/** An HTTP trigger that anybody may call, or anybody with an API key. */
export interface OpenRoute {
  readonly trigger: Trigger;
  readonly auth: RouteAuth;
  /** `GET /orders`, `$connect`, `the function's own URL`. */
  readonly label: string;
}

/**
 * Routes of a function with no check of the caller in front of them, in order of declaration. Left out: preflight requests, paths
 * that are public by nature, routes of a WebSocket API other than `$connect`, where alone it can authorize, and what is switched off.
 */
export function openRoutes(fn: ServerlessFunction): readonly OpenRoute[] {
  return fn.triggers.flatMap((trigger): readonly OpenRoute[] => {
    const { auth } = trigger;
    if ((trigger.kind !== 'http' && trigger.kind !== 'url') || trigger.enabled === false || (auth?.kind !== 'none' && auth?.kind !== 'key')) return [];
    // The key of OpenWhisk is the namespace's own credential.
    if (fn.platform === 'openwhisk' && auth.kind === 'key') return [];
    const routes = trigger.filters.flatMap((filter) => (filter.kind === 'route' ? [filter] : []));
    const asked = routes.filter(({ method, path }) => method.toUpperCase() !== 'OPTIONS' && !isPublicPath(path) && !(path.startsWith('$') && path !== '$connect' && path !== '$default') && !(isSocket(trigger) && path !== '$connect'));
    if (routes.length > 0 && asked.length === 0) return [];
    const label = asked.map(({ method, path }) => (method === '*' ? path : `${method} ${path}`)).join(', ');
    return [{ trigger, auth, label: label === '' || label === '*' ? 'its URL' : label }];
  });
}

const isSocket = (trigger: Trigger): boolean => /websocket/i.test(trigger.source);
