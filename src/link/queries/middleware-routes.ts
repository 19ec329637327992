import type { ServerlessFunction } from '../../model/function.ts';

/**
 * Whether middleware runs for every route of a function, by the paths that both are declared for; what the patterns do not tell counts
 * as running. Patterns are those of a Next.js `matcher` (documentation, "Middleware", read 2026-11) and `*` at the end.
 */
export function runsBefore(middleware: ServerlessFunction, fn: ServerlessFunction): boolean {
  const patterns = pathsOf(middleware);
  if (patterns.length === 0) return true;
  return pathsOf(fn).every((path) => patterns.some((pattern) => mayMatch(pattern, path)));
}

const pathsOf = (fn: ServerlessFunction): string[] => fn.triggers.flatMap((trigger) => trigger.filters.flatMap((filter) => (filter.kind === 'route' ? [filter.path] : [])));

/** False only when the pattern surely leaves the path out. */
function mayMatch(pattern: string, path: string): boolean {
  if (!path.startsWith('/') || !pattern.startsWith('/')) return true;
  const head = literalHead(pattern, /[:(*{[\\]/);
  const known = literalHead(path, /[:(*{[]/);
  const length = Math.min(head.length, known.length);
  // `/api/:path*` takes `/api` as well.
  if (head.slice(0, length) !== known.slice(0, length) || (known.length === path.length && path.length < head.replace(/\/$/, '').length)) return false;
  if (head.length === pattern.length) return known.length < path.length || path === head;
  const rest = known.slice(head.length);
  return !(known.length >= head.length && leftOut(pattern.slice(head.length)).some((start) => rest === start || rest.startsWith(start)));
}

const literalHead = (text: string, special: RegExp): string => { const at = text.search(special); return at < 0 ? text : text.slice(0, at); };

/** Beginnings that `((?!api|_next/static).*)` leaves out; alternatives that are more than text are not looked at. */
function leftOut(pattern: string): string[] {
  const open = '((?!';
  if (!pattern.startsWith(open) || pattern.length > 2_000) return [];
  const found: string[] = [];
  let depth = 0;
  let start = open.length;
  for (let at = start; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (char === '(') depth++;
    else if (char === ')' && depth > 0) depth--;
    else if ((char === '|' && depth === 0) || char === ')') {
      found.push(pattern.slice(start, at));
      start = at + 1;
      if (char === ')') break;
    }
  }
  return found.map((one) => one.replaceAll(/\\([./-])/g, '$1')).filter((one) => /^[\w./-]+$/.test(one) && (!one.includes('.') || /\.\w+$/.test(one)));
}
