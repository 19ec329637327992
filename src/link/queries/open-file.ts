import type { CallExpr, Expr, NewExpr } from '../../model/facts.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import type { Mutation } from './mutations.ts';

const MAX_DEPTH = 4;
/** How the editor's view tells an import of a file from one of a package: by its spelling. */
const local = /^(?:\.|\/|#|~|@\/)/;

/**
 * Whether what is said of a variable rests on files beyond the one that changes it, judged by that file alone so that editor
 * and analyzer agree: other files could clear the variable, are given it, or make the value that is kept. The editor then
 * keeps quiet; the analyzer names the files as evidence.
 */
export function restsOnOtherFiles(view: LinkedFunction, items: readonly Mutation[], worst: Mutation): boolean {
  const { file } = worst.body;
  const { modules } = view.evaluator;
  const facts = modules.facts(file);
  if (!facts) return true;
  const imports = new Set(facts.imports.flatMap((item) => (local.test(item.source) && !item.typeOnly ? item.names.map((name) => name.binding) : [])));
  // CommonJS: `const { list } = require('./state')`.
  for (const [binding, definitions] of modules.index(file)?.definitions ?? []) {
    if (definitions.some((item) => item.expr?.kind === 'import' && item.expr.source.kind === 'literal' && local.test(String(item.expr.source.value)))) imports.add(binding);
  }
  const here = view.fn.handlers.every((handler) => handler.file === file);
  // No other file of the repository is loaded with this one.
  if (here && !facts.imports.some((item) => !item.typeOnly && local.test(item.source))) return false;
  if (!here) return true;
  const { place } = worst;
  if (place.kind === 'env' || place.kind === 'global' || place.kind === 'package' || place.file !== file) return true;
  if (place.binding !== undefined && imports.has(place.binding)) return true;
  if (items.some((item) => item.body.file !== file)) return true;
  if (facts.exports.some((item) => place.binding === undefined ? !view.fn.handlers.some((handler) => handler.export === item.name) : item.binding === place.binding || (item.value?.kind === 'ref' && item.value.binding === place.binding))) return true;
  const calls = facts.functions.flatMap((fn) => modules.index(file)?.calls[fn.id] ?? []);
  if (place.binding !== undefined && calls.some((call) => callsInto(call, imports) && call.args.some((arg) => mentions(arg, place.binding as number)))) return true;
  return madeElsewhere(view, file, worst.expr, imports, MAX_DEPTH, new Set());
}

const callsInto = (call: CallExpr | NewExpr, imports: ReadonlySet<number>): boolean => {
  let root: Expr = call.callee;
  while (root.kind === 'member' || root.kind === 'call' || root.kind === 'new') root = root.kind === 'member' ? root.object : root.callee;
  return root.kind === 'ref' && imports.has(root.binding);
};

function mentions(expr: Expr, binding: number): boolean {
  let found = false;
  walk([expr], (item) => { if (item.kind === 'ref' && item.binding === binding) found = true; });
  return found;
}

/** Whether a call of another file takes part in making a value. */
function madeElsewhere(view: LinkedFunction, file: string, expr: Item, imports: ReadonlySet<number>, depth: number, seen: Set<number>): boolean {
  const names: number[] = [];
  let found = false;
  walk([expr], (item) => {
    if ((item.kind === 'call' || item.kind === 'new') && callsInto(item, imports)) found = true;
    if (item.kind === 'ref') names.push(item.binding);
  });
  if (found || depth === 0) return found;
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const definition of view.evaluator.modules.index(file)?.definitions.get(name) ?? []) {
      if (definition.expr && madeElsewhere(view, file, definition.expr, imports, depth - 1, seen)) return true;
    }
  }
  return false;
}
