import type { CallExpr, Expr } from '../../model/facts.ts';
import type { Node } from '../reach.ts';
import type { LinkedFunction } from '../view.ts';
import type { Item } from '../walk.ts';

/** A link of a chain of promises: `p.then(next)`, `p.catch(next)`, `p.finally(next)`. */
export interface ChainCall extends CallExpr {
  readonly callee: Expr & { readonly kind: 'member'; readonly property: 'then' | 'catch' | 'finally' };
}

const links: ReadonlySet<unknown> = new Set(['then', 'catch', 'finally']);

/** Whether an item hands what comes next to a promise. */
export const isChain = (item: Item | undefined): item is ChainCall => item?.kind === 'call' && item.callee.kind === 'member' && links.has(item.callee.property) && item.args.length > 0;

/** Whether an item stands in the promise that a chain goes on from. */
export const isInFront = (chain: ChainCall, item: Item): boolean => chain.callee.start <= item.start && chain.callee.end >= item.end;

/**
 * Whether what a body returns is what the handler answers: it is the handler, or goes on from it in a `then` whose chain the
 * handler returns, as the rest of a function goes on after an `await`.
 */
export function answersForHandler(view: LinkedFunction, node: Node): boolean {
  let current = node;
  for (let count = 0; current.via && count < 20; count++) {
    const { how, site, from } = current.via;
    if (how !== 'callback' || !isChain(site) || site.callee.property !== 'then' || !(view.evaluator.modules.index(from.frame.file)?.returns[from.frame.fn] ?? []).some((expr) => isEndOf(expr, site))) return false;
    current = from;
  }
  return current.via === undefined;
}

/** Whether an expression is a link of a chain, or that chain with failures or a last step behind it. */
function isEndOf(expr: Expr, link: ChainCall): boolean {
  let current = expr.kind === 'await' ? expr.of : expr;
  while (current !== link && isChain(current) && current.callee.property !== 'then') current = current.callee.object;
  return current === link;
}
