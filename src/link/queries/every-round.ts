import type { LoopStmt, Stmt } from '../../model/facts.ts';
import { walk, type Item } from '../walk.ts';
import { roundOf } from './loops.ts';
import type { Change } from './changes.ts';

/**
 * Whether every round that goes on passes one of some changes: a counter that one path leaves out bounds nothing. Failures
 * are taken to happen at the start of a `try`; an inner loop counts as entered.
 */
export function isMovedEachRound(loop: LoopStmt, changes: readonly Change[]): boolean {
  const moves = new Set<Item>(changes.filter((change) => change.how === 'step').map((change) => change.at));
  const inHeader = roundOf(loop).filter((item) => !(loop.body as readonly Item[]).includes(item));
  if (inHeader.some((item) => holdsAny(item, moves))) return true;
  const { falls, goesOn } = flow(loop.body, moves);
  return !falls && !goesOn;
}

/** How control may get through some statements without a move: past their end, or by `continue`. */
interface Flow { readonly falls: boolean; readonly goesOn: boolean }

function flow(body: readonly Stmt[], moves: ReadonlySet<Item>, inSwitch = false): Flow {
  let goesOn = false;
  for (const stmt of body) {
    const one = step(stmt, moves, inSwitch);
    goesOn ||= one.goesOn;
    if (!one.falls) return { falls: false, goesOn };
  }
  return { falls: true, goesOn };
}

const stops: Flow = { falls: false, goesOn: false };

function step(stmt: Stmt, moves: ReadonlySet<Item>, inSwitch: boolean): Flow {
  switch (stmt.kind) {
    case 'return': case 'throw': return stops;
    case 'break': return { falls: inSwitch && stmt.label === undefined, goesOn: false };
    case 'continue': return { falls: false, goesOn: true };
    case 'if': {
      if (holdsAny(stmt.test, moves)) return stops;
      const then = flow(stmt.then, moves, inSwitch);
      const other = flow(stmt.else, moves, inSwitch);
      return { falls: then.falls || other.falls, goesOn: then.goesOn || other.goesOn };
    }
    case 'block': return flow(stmt.body, moves, inSwitch);
    case 'switch': {
      const flows = stmt.cases.map((entry) => flow(entry.body, moves, true));
      return { falls: flows.some((one) => one.falls) || !stmt.cases.some((entry) => !entry.test), goesOn: flows.some((one) => one.goesOn) };
    }
    case 'try': {
      if (stmt.finalizer && !flow(stmt.finalizer, moves, inSwitch).falls) return stops;
      const block = flow(stmt.block, moves, inSwitch);
      const firstMoves = stmt.block[0] !== undefined && holdsAny(stmt.block[0], moves);
      const handler = stmt.handler && !firstMoves ? flow(stmt.handler, moves, inSwitch) : stops;
      return { falls: block.falls || handler.falls, goesOn: block.goesOn || handler.goesOn };
    }
    default: return { falls: !holdsAny(stmt, moves), goesOn: false };
  }
}

function holdsAny(root: Item, items: ReadonlySet<Item>): boolean {
  let found = false;
  walk([root], (item) => { if (items.has(item)) found = true; return !found; });
  return found;
}
