import type { Effect } from '../../catalog/effects.ts';
import type { Trigger } from '../../model/function.ts';
import type { Value } from '../../model/value.ts';
import { literalText } from '../../model/value.ts';
import type { Match } from '../queries/filters.ts';

/** Whether a request goes to the route of a trigger: by its path and method. `unknown` where the address does not tell. */
export function routeMatch(target: Value, effect: Effect, trigger: Trigger): Match {
  const routes = trigger.filters.flatMap((filter) => (filter.kind === 'route' ? [filter] : []));
  // A function URL has one function behind every path.
  if (routes.length === 0) return trigger.kind === 'url' ? 'yes' : 'unknown';
  const path = pathOf(target);
  if (path === undefined) return 'unknown';
  const method = effect.method ? literalText(effect.method)?.toUpperCase() : 'GET';
  return routes.some((route) => methodFits(route.method, method) && pathFits(route.path, path)) ? 'yes' : 'no';
}

const methodFits = (route: string, sent: string | undefined): boolean => sent === undefined || route === '' || /^(?:any|all|\*)$/i.test(route) || route.toUpperCase().split(/[,| ]+/).includes(sent);

/** Segments of the path in an address; a segment that is not known is `undefined`. */
function pathOf(target: Value): readonly (string | undefined)[] | undefined {
  const parts = target.kind === 'template' ? target.parts : [target];
  // What is not known stands as a mark that no path contains.
  const text = parts.map((part) => (part.kind === 'literal' ? String(part.value) : '\u0000')).join('');
  const path = /^(?:(?:[a-z]+:)?\/\/[^/?#]+|\u0000[^/?#]*)?(\/[^?#]*)/i.exec(text)?.[1];
  if (path === undefined) return /^(?:(?:[a-z]+:)?\/\/[^/?#]+|\u0000)$/i.test(text) ? [] : undefined;
  return path.split('/').filter((segment) => segment !== '').map((segment) => (segment.includes('\u0000') ? undefined : segment));
}

/** `{id}`, `:id`, `[id]` and `*` stand for any segment, `{proxy+}`, `[...all]` and a last `*` for any rest. The address may have a stage in front. */
function pathFits(route: string, path: readonly (string | undefined)[]): boolean {
  const wanted = route.split('/').filter((segment) => segment !== '');
  return fits(wanted, path) || (path.length > 0 && fits(wanted, path.slice(1)));
}

function fits(wanted: readonly string[], path: readonly (string | undefined)[]): boolean {
  for (const [index, segment] of wanted.entries()) {
    if (/^\{.*\+\}$|^\[{1,2}\.\.\.|^\*+$/.test(segment) && index === wanted.length - 1) return true;
    if (index >= path.length) return false;
    const actual = path[index];
    if (/^[{:[*]/.test(segment)) continue;
    if (actual === undefined || actual !== segment) return false;
  }
  return path.length === wanted.length;
}
