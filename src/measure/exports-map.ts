import { isRecord } from './manifest.ts';

/**
 * Node.js package `exports` and `imports` (documentation "Modules: Packages", resolution algorithm, 2026-08): subpaths,
 * patterns with `*`, nested conditions, arrays, `null`. The first matching condition in the file's order wins.
 */
const MAX_DEPTH = 20;

/** What a key such as `.` or `./sub` stands for: a path that starts with `./`, or (for `imports`) a bare specifier. */
export function matchExports(exports: unknown, key: string, conditions: ReadonlySet<string>): string | undefined {
  const map = isSubpathMap(exports) ? exports : key === '.' ? { '.': exports } : {};
  return matchMap(map, key, conditions);
}

export function matchImports(imports: unknown, key: string, conditions: ReadonlySet<string>): string | undefined {
  return isRecord(imports) ? matchMap(imports, key, conditions) : undefined;
}

function isSubpathMap(exports: unknown): exports is Record<string, unknown> {
  return isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
}

function matchMap(map: Record<string, unknown>, key: string, conditions: ReadonlySet<string>): string | undefined {
  if (Object.hasOwn(map, key) && !key.includes('*')) return target(map[key], '', conditions, 0);
  let best: { readonly pattern: string; readonly middle: string } | undefined;
  for (const pattern of Object.keys(map)) {
    const star = pattern.indexOf('*');
    const slash = star < 0 && pattern.endsWith('/');
    if (star < 0 && !slash) continue;
    const head = slash ? pattern : pattern.slice(0, star);
    const tail = slash ? '' : pattern.slice(star + 1);
    if (!key.startsWith(head) || !key.endsWith(tail) || key.length < head.length + tail.length) continue;
    if (best === undefined || head.length > best.pattern.replace(/\*.*$/, '').length) best = { pattern, middle: key.slice(head.length, key.length - tail.length) };
  }
  if (best === undefined) return undefined;
  const found = target(map[best.pattern], best.middle, conditions, 0);
  return found !== undefined && best.pattern.endsWith('/') ? found + best.middle : found;
}

function target(value: unknown, middle: string, conditions: ReadonlySet<string>, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === 'string') return value.split('*').join(middle);
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = target(item, middle, conditions, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  for (const [condition, inner] of Object.entries(value)) {
    if (!conditions.has(condition)) continue;
    const found = target(inner, middle, conditions, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
