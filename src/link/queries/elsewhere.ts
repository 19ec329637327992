import type { FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { LinkedFunction } from '../view.ts';

/** In the editor a module of the project that is imported may do anything with what it is given: what is not seen may lie there. JSON is data. */
export function mayLieElsewhere(view: FunctionView): boolean {
  if (view.project.whole) return false;
  const { modules } = (view as LinkedFunction).evaluator;
  return view.bodies('invoke').some((body) => body.facts.imports.some((one) => !one.typeOnly && !/\.json5?$/.test(one.source) && 'missing' in modules.resolve(body.file, one.source)));
}

const MAX_DEPTH = 12;

/** Whether code that is not seen gives a value: an import that leads nowhere in the view, what calls of it give, and parts and methods of that. */
export function isGivenElsewhere(value: Value): boolean {
  let current: Value | undefined = value;
  for (let depth = 0; current && depth < MAX_DEPTH; depth++) {
    if (current.kind === 'unknown') return current.reason.startsWith('import of');
    if (current.kind !== 'derived' || !/^(?:call|new|element|property)$|^[#.]/.test(current.what)) return false;
    current = current.from[0];
  }
  return false;
}

/** Files that a finding rests on which says that something is nowhere on the invocation path: those that run, and those that are only loaded. */
export function filesReached(view: FunctionView): readonly string[] {
  return [...new Set([...view.bodies('invoke').map((body) => body.file), ...view.files()])].sort();
}
