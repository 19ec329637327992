import type { CallExpr, FunctionFact, NewExpr } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';

/**
 * Whether a connection that nobody waits for is used by something that is waited for: `client.connect(); await client.query(…)`, or the
 * function gives the connection back and its callers do so. What is asked before the connection stands waits for it, the callback of
 * `connect` included (node-postgres 8, mysql 2 and mysql2 3, "Client", "Establishing connections", November 2026).
 */
export function isConnectedLater(view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr): boolean {
  if (call.callee.kind !== 'member' || call.callee.property !== 'connect' || call.callee.object.kind !== 'ref') return false;
  const { binding } = call.callee.object;
  if (isAwaited(body.fn, binding, call.end)) return true;
  let given = 0;
  let others = 0;
  walk(body.fn.body, (item) => {
    if (item.kind !== 'return' || item.start < call.end) return;
    if (item.value?.kind === 'ref' && item.value.binding === binding) given += 1; else others += 1;
  });
  const callers = body.node.incoming.filter((edge) => edge.how === 'call');
  if (given === 0 || others > 0 || callers.length === 0 || callers.length < body.node.incoming.length) return false;
  return callers.every(({ from, site }) => {
    const fact = view.evaluator.fact(from.frame.file, from.frame.fn);
    if (fact === undefined) return false;
    const held: number[] = [];
    walk(fact.body, (item) => {
      if (item.kind !== 'declare' || item.target.kind !== 'ref') return;
      if (item.value === site || (item.value?.kind === 'await' && item.value.of === site)) held.push(item.target.binding);
    });
    return held.some((one) => isAwaited(fact, one, site.end));
  });
}

/** Whether something that mentions a variable is waited for below a place. */
function isAwaited(fn: FunctionFact, binding: number, after: number): boolean {
  let found = false;
  walk(fn.body, (item) => {
    if (found || item.kind !== 'await' || item.start < after) return;
    walk([item.of], (inner) => { found ||= inner.kind === 'ref' && inner.binding === binding; });
  });
  return found;
}
