import type { LoopStmt } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { holdsAsk, type Work } from './calls-in.ts';
import { outlives, reachedBy, readsOf, type Holder } from './changes.ts';
import { freshness } from './fresh-ids.ts';
import { roundOf } from './loops.ts';
import type { Rounds } from './rounds.ts';

/**
 * Whether each round makes a random id, asks whether it is taken, and the loop keeps the one that is not: a second round is an
 * accident, no waiting. An id that only marks the request, and that nothing reads later, says nothing.
 */
export function triesNames(view: LinkedFunction, body: LinkedBody, loop: LoopStmt, rounds: Rounds, asks: ReadonlyMap<Item, Work>): boolean {
  const { frame } = body.node;
  const drawn = reachedBy(rounds.changes.filter((change) => change.how === 'set'), (value) => !holdsAsk(value, asks) && freshness(view.evaluator.value(value, frame)) === 'random');
  if (drawn.size === 0) return false;
  const asked = [...asks.keys()].flatMap((call) => (call.kind === 'call' || call.kind === 'new' ? call.args : [])).flatMap((arg) => [...readsOf(arg)]).filter((holder) => drawn.has(holder));
  const start = loop.body[0]?.start ?? loop.start;
  return asked.some((holder) => !rounds.answered.has(holder) && (outlives(body.facts, holder, start, loop.end) || isGivenBack(loop, holder)));
}

/** `if (!(await isTaken(id))) return id;` */
function isGivenBack(loop: LoopStmt, holder: Holder): boolean {
  let found = false;
  walk(roundOf(loop), (item) => { if (item.kind === 'return' && item.value && readsOf(item.value).has(holder)) found = true; return !found; });
  return found;
}
