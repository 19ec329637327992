import type { Stmt } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { isLog } from './error-handling.ts';
import { promiseOf } from './started.ts';

/**
 * Whether what fails in a `try` never comes to its `catch`: nothing is done in it but to start work and hand out its promise unsettled,
 * `try { return save(item); } catch (error) { … }`. Who is given the promise sees the failure, the `catch` does not.
 */
export function passesBy(view: LinkedFunction, body: LinkedBody, stmt: Stmt & { kind: 'try' }): boolean {
  let given = 0;
  let kept = 0;
  walk(stmt.block, (item, ancestors) => {
    if (item.kind !== 'call' && item.kind !== 'new') return undefined;
    if (!ancestors.some(settles) && isReturned(item, ancestors) && promiseOf(view, body.node, item) !== undefined) given++;
    else if (item.kind === 'new' || !isLog(view, body, item)) kept++;
    return false;
  });
  return given > 0 && kept === 0;
}

const settles = (item: Item): boolean => item.kind === 'await' || item.kind === 'yield' || (item.kind === 'loop' && item.form === 'awaitOf');

/** `return work()`, `return cond ? work() : other()`, `return cond && work()`. */
function isReturned(call: Item, ancestors: readonly Item[]): boolean {
  let inner = call;
  for (const outer of ancestors.toReversed()) {
    if (outer.kind === 'return') return true;
    const goesThrough = (outer.kind === 'conditional' && outer.test !== inner) || (outer.kind === 'logical' && outer.right === inner);
    if (!goesThrough) return false;
    inner = outer;
  }
  return false;
}
