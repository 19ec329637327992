import type { Expr } from '../../model/facts.ts';
import type { Body, ExternalCall, FunctionView } from '../../model/project.ts';
import type { LinkedFunction } from '../view.ts';
import type { Item } from '../walk.ts';
import { ancestorsOf, hops } from './positions.ts';

/**
 * Whether `later` runs on every way out after `earlier`: it stands in the `finally` of a `try` that holds `earlier`, or that
 * follows it in the same list of statements, in the function where the two paths part.
 */
export function runsOnEveryExit(view: FunctionView, earlier: { readonly body: Body; readonly expr: Expr }, later: { readonly body: Body; readonly expr: Expr }): boolean {
  const first = hops(earlier.body, earlier.expr);
  const second = hops(later.body, later.expr);
  for (let index = 0; index < Math.min(first.length, second.length); index++) {
    const a = first[index];
    const b = second[index];
    if (!a || !b || a.node !== b.node) return false;
    if (a.site === b.site) continue;
    const fn = (view as LinkedFunction).evaluator.fact(a.node.frame.file, a.node.frame.fn);
    if (!fn) return false;
    const before: readonly Item[] = [...ancestorsOf(fn, a.site), a.site];
    const after: readonly Item[] = [...ancestorsOf(fn, b.site), b.site];
    for (const [depth, item] of after.entries()) {
      const inside = after[depth + 1];
      if (item.kind === 'try' && inside && item.finalizer?.some((statement) => statement === inside)) {
        if (before.includes(item) && !before.some((step) => item.finalizer?.some((statement) => statement === step))) return true;
        // `write(); try { use(); } finally { remove(); }`: nothing between can leave.
        const parent = after[depth - 1];
        const siblings = listAround(parent, item, fn.body);
        const at = siblings.indexOf(item);
        const from = siblings.findIndex((statement) => before.includes(statement));
        if (from >= 0 && from === at - 1) return true;
      }
    }
    return false;
  }
  return false;
}

function listAround(parent: Item | undefined, item: Item, top: readonly Item[]): readonly Item[] {
  if (!parent) return top;
  switch (parent.kind) {
    case 'block': case 'loop': return parent.body;
    case 'if': return (parent.then as readonly Item[]).includes(item) ? parent.then : parent.else;
    case 'try': return [parent.block, parent.handler ?? [], parent.finalizer ?? []].find((list) => (list as readonly Item[]).includes(item)) ?? [];
    case 'switch': return parent.cases.find((one) => (one.body as readonly Item[]).includes(item))?.body ?? [];
    default: return [];
  }
}

/** Bodies and expressions of calls, as `runsOnEveryExit` wants them. */
export const placeOf = (call: ExternalCall): { readonly body: Body; readonly expr: Expr } => ({ body: call.body, expr: call.expr });
