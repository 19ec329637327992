import type { Stmt } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { targetOf } from './calls-in.ts';
import { isLog } from './error-handling.ts';
import { edgesAt, externalsAt, promiseOf } from './started.ts';

/**
 * Whether what fails in a `try` never comes to its `catch`: nothing is done in it but to start work and hand out its promise unsettled,
 * `try { return save(item); } catch (error) { … }`. Who is given the promise sees the failure, the `catch` does not.
 */
export function passesBy(view: LinkedFunction, body: LinkedBody, stmt: Stmt & { kind: 'try' }): boolean {
  let given = 0;
  let kept = 0;
  const names = returnedNames(stmt);
  walk(stmt.block, (item, ancestors) => {
    if (item.kind !== 'call' && item.kind !== 'new') return undefined;
    const isPromise = isJoined(item) || promiseOf(view, body.node, item) !== undefined;
    if (isPromise && !ancestors.some(settles)) {
      const named = ancestors.at(-1);
      if (isHandedOut(item, ancestors) || (named?.kind === 'declare' && named.target.kind === 'ref' && names.has(named.target.binding))) given++; else kept++;
      return false;
    }
    if (ancestors.some(settles) || mayFail(view, body, item)) kept++;
    return undefined;
  });
  return given > 0 && kept === 0;
}

/** Names of a block that nothing is done with but to return them: `const job = save(item); return job;`. */
function returnedNames(stmt: Stmt & { kind: 'try' }): ReadonlySet<number> {
  const all = new Map<number, boolean>();
  walk([stmt], (item, ancestors) => {
    if (item.kind !== 'ref' || ancestors.at(-1)?.kind === 'declare') return;
    all.set(item.binding, all.get(item.binding) !== false && ancestors.at(-1)?.kind === 'return');
  });
  return new Set([...all].flatMap(([binding, only]) => (only ? [binding] : [])));
}

/** `Promise.all(…)` and the like. */
const isJoined = (item: Item): boolean => item.kind === 'call' && item.callee.kind === 'member' && item.callee.object.kind === 'global' && item.callee.object.name === 'Promise';

/** What may fail there and then, and is the catch's: a function of the repository, what reads a text that came in, work that is done where it stands. */
function mayFail(view: LinkedFunction, body: LinkedBody, item: Item & { kind: 'call' | 'new' }): boolean {
  if (item.kind === 'call' && isLog(view, body, item)) return false;
  const own = edgesAt(view, body.node, item).filter((edge) => edge.how === 'call' || edge.how === 'new');
  if (own.some((edge) => targetOf(view, edge) !== undefined)) return true;
  return externalsAt(body.node, item).some(({ callee }) => callee.kind === 'external' && (/^(?:node:)?(?:fs|child_process|fs-extra|graceful-fs)$/.test(callee.module) || parses.test(`${callee.module}:${callee.path.join('.')}`)));
}

/** Readers of texts, which throw at one that is none of theirs. */
const parses = /^(?:global:(?:JSON\.parse|URL|decodeURIComponent)|(?:node:)?url:(?:default\.)?(?:parse|URL))$/;

const settles = (item: Item): boolean => item.kind === 'await' || item.kind === 'yield' || (item.kind === 'loop' && item.form === 'awaitOf');

/**
 * `return work()`, `return cond ? work() : other()`, `return cond && work()`: what the function gives back is the promise itself.
 *
 * @param ancestors what stands around the call, outermost first
 */
export function isHandedOut(call: Item, ancestors: readonly Item[]): boolean {
  let inner = call;
  for (const outer of ancestors.toReversed()) {
    if (outer.kind === 'return') return true;
    const goesThrough = (outer.kind === 'conditional' && outer.test !== inner) || (outer.kind === 'logical' && outer.right === inner);
    if (!goesThrough) return false;
    inner = outer;
  }
  return false;
}
