import type { Expr, Stmt } from '../../model/facts.ts';
import type { LinkedBody } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { listsFailures } from './error-handling.ts';

const takesOut: ReadonlySet<string> = new Set(['pop', 'shift', 'splice', 'delete']);

/**
 * `const open = ids(records); …; try { await work(record); open.pop(); } catch { … } …; return { batchItemFailures: open.map(…) }`: the list starts full, and
 * who fails is not taken out of it.
 */
export function staysListed(body: LinkedBody, stmt: Stmt & { readonly kind: 'try' }): boolean {
  const lists = new Set<number>();
  walk(stmt.block, (item) => {
    if (item.kind === 'call' && item.callee.kind === 'member' && takesOut.has(String(item.callee.property)) && item.callee.object.kind === 'ref') lists.add(item.callee.object.binding);
    if (item.kind === 'assign' && item.target.kind === 'ref' && isFiltered(item.value, item.target.binding)) lists.add(item.target.binding);
  });
  return lists.size > 0 && body.facts.functions.some((fn) => {
    let listed = false;
    walk(fn.body, (item) => { if (item.kind === 'object' && item.properties.some((property) => listsFailures(property) && mentions(property.value, lists))) listed = true; });
    return listed;
  });
}

const isFiltered = (value: Expr, list: number): boolean => value.kind === 'call' && value.callee.kind === 'member' && value.callee.property === 'filter' && value.callee.object.kind === 'ref' && value.callee.object.binding === list;

function mentions(value: Item, lists: ReadonlySet<number>): boolean {
  let found = false;
  walk([value], (item) => { if (item.kind === 'ref' && lists.has(item.binding)) found = true; });
  return found;
}
