import type { CallExpr, FunctionFact } from '../../model/facts.ts';
import { alternatives } from '../../model/value.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';

/**
 * Whether the failures of what is gathered below some calls go no further: `Promise.allSettled` stands around it, itself or in a helper that is given
 * the list, and nobody throws because of what it gives.
 */
export function staysSettled(view: LinkedFunction, body: LinkedBody, ancestors: readonly Item[]): boolean {
  return ancestors.some((one) => {
    if (one.kind !== 'call') return false;
    if (isAllSettled(one)) return !throwsBecause(body.fn, one);
    return alternatives(view.value(one.callee, body)).some((callee) => {
      const fact = callee.kind === 'function' ? view.evaluator.fact(callee.file, callee.fn) : undefined;
      let inner: CallExpr | undefined;
      walk(fact?.body ?? [], (item) => { if (item.kind === 'call' && isAllSettled(item) && item.args.some((arg) => arg.kind === 'ref')) inner ??= item; });
      return fact !== undefined && inner !== undefined && !throwsBecause(fact, inner);
    });
  });
}

const isAllSettled = (call: CallExpr): boolean => call.callee.kind === 'member' && call.callee.property === 'allSettled';

/** `const results = await Promise.allSettled(…); const failed = results.filter(…); if (failed.length > 0) throw failed;` */
function throwsBecause(fn: FunctionFact, call: CallExpr): boolean {
  const from = new Set<number>();
  const speaksOf = (items: readonly Item[]): boolean => {
    let found = false;
    walk(items, (item) => { if (item === call || (item.kind === 'ref' && from.has(item.binding))) found = true; return !found; });
    return found;
  };
  let throws = false;
  walk(fn.body, (item, ancestors) => {
    if (item.kind === 'declare' && item.value && speaksOf([item.value])) walk([item.target], (part) => { if (part.kind === 'ref') from.add(part.binding); });
    if (item.kind === 'throw' && item.start > call.end) throws ||= speaksOf([item, ...ancestors.flatMap((outer) => (outer.kind === 'if' ? [outer.test] : outer.kind === 'loop' && outer.iterable ? [outer.iterable] : []))]);
  });
  return throws;
}
