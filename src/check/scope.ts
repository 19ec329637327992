import type { Finding } from '../model/finding.ts';
import type { Infrastructure, ServerlessFunction } from '../model/function.ts';
import { relativeTo } from '../workspace/paths.ts';
import { UsageError } from './usage-error.ts';

/** What the user asked to hear about. */
export interface Scope {
  /** The whole root. */
  readonly whole: boolean;
  /** Relative paths of files and folders. */
  readonly paths: readonly string[];
}

/** @throws UsageError when a path lies outside the root */
export function scopeOf(root: string, paths: readonly string[]): Scope {
  const relative = paths.map((path) => {
    const found = relativeTo(root, path);
    if (found === undefined) throw new UsageError(`${path} does not lie below the root. Give paths of one repository, or set --root.`);
    return found;
  });
  return { whole: relative.includes(''), paths: relative };
}

const inside = (scope: Scope, file: string): boolean => scope.whole || scope.paths.some((path) => file === path || file.startsWith(`${path}/`));

/** Functions that the scope holds: declared there, or with a handler there. */
export function functionsInScope(infrastructure: Infrastructure, scope: Scope): readonly ServerlessFunction[] {
  return infrastructure.functions.filter((fn) => scope.whole || fn.declaredAt.some((place) => inside(scope, place.file)) || fn.handlers.some((handler) => inside(scope, handler.file)));
}

export { inside as isInScope };

/**
 * Findings whose place or flow touches the scope. A changed infrastructure file stands for all functions that it declares,
 * so their findings count wherever they lie.
 */
export function inScope(findings: readonly Finding[], infrastructure: Infrastructure, scope: Scope): readonly Finding[] {
  if (scope.whole) return findings;
  const declared = new Set(infrastructure.functions.filter((fn) => fn.declaredAt.some((place) => scope.paths.includes(place.file))).map((fn) => fn.name));
  return findings.filter((finding) => inside(scope, finding.file) || finding.flow.some((step) => inside(scope, step.file)) || finding.functions.some((name) => declared.has(name)));
}
