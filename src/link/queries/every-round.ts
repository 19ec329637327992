import type { Expr, IfStmt, LoopStmt, Stmt } from '../../model/facts.ts';
import { walk, type Item } from '../walk.ts';
import { roundOf } from './loops.ts';
import { changesIn, readsOf, type Change } from './changes.ts';
import { same } from './self-change.ts';

/**
 * Whether every round that goes on passes one of some changes: a counter that one path leaves out bounds nothing. Failures
 * are taken to happen at the start of a `try`; an inner loop counts as entered.
 */
export function isMovedEachRound(loop: LoopStmt, changes: readonly Change[]): boolean {
  const moves = new Set<Item>(changes.filter((change) => change.how === 'step').map((change) => change.at));
  const inHeader = roundOf(loop).filter((item) => !(loop.body as readonly Item[]).includes(item));
  if (inHeader.some((item) => holdsAny(item, moves))) return true;
  const { falls, goesOn } = flow(loop.body, { loop, moves });
  return !falls && !goesOn;
}

/** How control may get through some statements without a move: past their end, or by `continue`. */
interface Flow { readonly falls: boolean; readonly goesOn: boolean }

interface Round { readonly loop: LoopStmt; readonly moves: ReadonlySet<Item> }

function flow(body: readonly Stmt[], round: Round, inSwitch = false): Flow {
  let goesOn = false;
  for (const stmt of body) {
    const one = step(stmt, round, inSwitch);
    goesOn ||= one.goesOn;
    if (!one.falls) return { falls: false, goesOn };
  }
  return { falls: true, goesOn };
}

const stops: Flow = { falls: false, goesOn: false };

function step(stmt: Stmt, round: Round, inSwitch: boolean): Flow {
  const { moves } = round;
  switch (stmt.kind) {
    case 'return': case 'throw': return stops;
    case 'break': return { falls: inSwitch && stmt.label === undefined, goesOn: false };
    case 'continue': return { falls: false, goesOn: true };
    case 'if': {
      if (holdsAny(stmt.test, moves)) return stops;
      const then = flow(stmt.then, round, inSwitch);
      const other = endsWithout(stmt, round.loop) ? stops : flow(stmt.else, round, inSwitch);
      return { falls: then.falls || other.falls, goesOn: then.goesOn || other.goesOn };
    }
    case 'block': return flow(stmt.body, round, inSwitch);
    case 'switch': {
      const flows = stmt.cases.map((entry) => flow(entry.body, round, true));
      return { falls: flows.some((one) => one.falls) || !stmt.cases.some((entry) => !entry.test), goesOn: flows.some((one) => one.goesOn) };
    }
    case 'try': {
      if (stmt.finalizer && !flow(stmt.finalizer, round, inSwitch).falls) return stops;
      const block = flow(stmt.block, round, inSwitch);
      const firstMoves = stmt.block[0] !== undefined && holdsAny(stmt.block[0], moves);
      const handler = stmt.handler && !firstMoves ? flow(stmt.handler, round, inSwitch) : stops;
      return { falls: block.falls || handler.falls, goesOn: block.goesOn || handler.goesOn };
    }
    default: return { falls: !holdsAny(stmt, moves), goesOn: false };
  }
}

/** `if (left.length > 0) tries++` in a loop whose header asks the same: where it does not hold, and nothing it reads is set after it, no round follows. */
function endsWithout(stmt: IfStmt, { test, body }: LoopStmt): boolean {
  if (stmt.else.length > 0 || !test || !conjuncts(stmt.test).every((one) => conjuncts(test).some((other) => sameTest(one, other)))) return false;
  const reads = readsOf(stmt.test);
  return !changesIn(body).some((change) => change.at.start >= stmt.end && reads.has(change.holder));
}

const conjuncts = (test: Expr): readonly Expr[] => (test.kind === 'logical' && test.op === '&&' ? [...conjuncts(test.left), ...conjuncts(test.right)] : [test]);

const sameTest = (one: Expr, other: Expr): boolean => same(one, other)
  || (one.kind === 'literal' && other.kind === 'literal' && one.value === other.value)
  || (one.kind === 'binary' && other.kind === 'binary' && one.op === other.op && sameTest(one.left, other.left) && sameTest(one.right, other.right));

function holdsAny(root: Item, items: ReadonlySet<Item>): boolean {
  let found = false;
  walk([root], (item) => { if (items.has(item)) found = true; return !found; });
  return found;
}
