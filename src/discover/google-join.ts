import type { Handler, ServerlessFunction } from '../model/function.ts';
import { below, folderOf } from './source-path-names.ts';

/**
 * A Google function that infrastructure deploys by the name under which code registers it (`entry_point = "x"`,
 * `functions.http('x', …)`) is one function: what infrastructure declares, with the handler that the code registers.
 * Deployment scripts for such a function add nothing. Where infrastructure deploys a module's functions, the targets that package scripts
 * start of it (`functions-framework --target`) are ways to try the code out and no functions of their own.
 */
export function joinRegistrations(functions: readonly ServerlessFunction[]): readonly ServerlessFunction[] {
  const others = functions.filter((fn) => fn.platform === 'google' && fn.foundBy !== 'infrastructure');
  if (others.length === 0 || others.length === functions.length) return functions;
  const dropped = new Set<string>();
  const modules = new Set(functions.flatMap((fn) => (fn.platform === 'google' && fn.foundBy === 'infrastructure' ? fn.handlers.map((handler) => handler.file) : [])));
  for (const fn of others) if (isScriptTarget(fn) && fn.handlers.every((handler) => modules.has(handler.file))) dropped.add(fn.id);
  const handlers = new Map<string, Handler[]>();
  for (const fn of functions) {
    if (fn.platform !== 'google' || fn.foundBy !== 'infrastructure') continue;
    handlers.set(fn.id, fn.handlers.map((handler) => {
      const other = others.find((one) => entryOf(one) === handler.export && (one.handlers.some((own) => own.file === handler.file) || below(handler.file, folderOf(one.unit)) !== undefined && folderOf(one.unit) !== ''));
      if (other === undefined) return handler;
      dropped.add(other.id);
      return other.handlers[0] ?? handler;
    }));
  }
  if (dropped.size === 0) return functions;
  return functions.filter((fn) => !dropped.has(fn.id)).map((fn) => { const own = handlers.get(fn.id); return own === undefined ? fn : { ...fn, handlers: own }; });
}

/** What only a script of a package starts by name; a function that a script deploys has a name on the platform. */
const isScriptTarget = (fn: ServerlessFunction): boolean => fn.foundBy === 'evidence' && fn.handlers.length > 0 && fn.physicalName === undefined
  && fn.declaredAt.length > 0 && fn.declaredAt.every((place) => place.file === fn.unit);

/** The name that a deployment calls the function by: what stands in its id after the unit. */
const entryOf = (fn: ServerlessFunction): string => fn.id.slice(fn.unit.length + 1);
