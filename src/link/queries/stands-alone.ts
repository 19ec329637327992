import type { FunctionView } from '../../model/project.ts';

/** How an import of a file of the repository is spelled. */
const local = /^(?:\.|\/|#|~|@\/)/;

/** Whether all that a function loads of its repository is in view: always for the analyzer, in an editor where the open file loads no other. */
export function standsAlone(view: FunctionView): boolean {
  if (view.project.whole) return true;
  const [first] = view.fn.handlers;
  if (!first || view.fn.handlers.some((handler) => handler.file !== first.file)) return false;
  const facts = view.project.facts(first.file);
  return facts !== undefined && !facts.imports.some((one) => !one.typeOnly && local.test(one.source)) && !facts.exports.some((one) => one.from !== undefined && !one.typeOnly && local.test(one.from.source));
}
