import type { FunctionView } from '../../model/project.ts';
import type { LinkedFunction } from '../view.ts';

/** In the editor a module of the project that is imported may do anything with what it is given: what is not seen may lie there. */
export function mayLieElsewhere(view: FunctionView): boolean {
  if (view.project.whole) return false;
  const { modules } = (view as LinkedFunction).evaluator;
  return view.bodies('invoke').some((body) => body.facts.imports.some((one) => !one.typeOnly && 'missing' in modules.resolve(body.file, one.source)));
}

/** Files that a finding rests on which says that something is nowhere on the invocation path: those that run, and those that are only loaded. */
export function filesReached(view: FunctionView): readonly string[] {
  return [...new Set([...view.bodies('invoke').map((body) => body.file), ...view.files()])].sort();
}
