import type { Expr } from '../../model/facts.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { conditionsOn } from './conditions.ts';
import type { Mutation } from './mutations.ts';

/**
 * `if (client?.account !== account) client = { account, api: await open(account) };`: what is kept says whom it is for, and who is somebody else gets
 * another one. Invocations that run one after the other find nothing of each other's there.
 */
export function isMadeForKey(view: LinkedFunction, item: Mutation): boolean {
  const { binding } = item.place;
  const made = item.expr.kind === 'assign' && item.expr.op === '=' && item.expr.value.kind === 'object' ? item.expr.value : undefined;
  if (binding === undefined || made === undefined || item.place.path.length > 0) return false;
  const holds = (key: Expr, property: Expr): boolean => property.kind === 'member' && property.object.kind === 'ref' && property.object.binding === binding && key.kind === 'ref'
    && made.properties.some((one) => one.key === property.property && one.value.kind === 'ref' && one.value.binding === key.binding);
  return conditionsOn(item.body, item.expr, (node) => view.evaluator.fact(node.frame.file, node.frame.fn)).some(({ test, outcome, node }) => {
    let asks = false;
    if (node === item.body.node) walk([test], (part) => {
      if (part.kind === 'logical' && part.op === '&&') return false;
      if (part.kind === 'binary' && (outcome === true ? /^!==?$/ : /^===?$/).test(part.op) && (holds(part.left, part.right) || holds(part.right, part.left))) asks = true;
      return part.kind === 'logical' || undefined;
    });
    return asks;
  });
}
