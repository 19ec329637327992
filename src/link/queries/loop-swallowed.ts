import type { Expr, FunctionFact, ModuleFacts } from '../../model/facts.ts';
import { walk, type Item } from '../walk.ts';
import { holdsAsk, type Work } from './calls-in.ts';
import { holderOf, readsOf, type Change, type Holder } from './changes.ts';
import { roundOf, waysOut, waysThrough, type Exit } from './loops.ts';
import type { Rounds } from './rounds.ts';

/**
 * Whether a failure keeps the loop from leaving here: `result = await ask().catch(() => undefined)`, and the loop goes on while there is
 * none. Where the loop leaves with what the failure gives (`do … while (page?.nextToken)`), it starts no round.
 */
export function swallowed(exit: Exit, asks: ReadonlyMap<Item, Work>, rounds: Rounds): boolean {
  const ways = waysOut(exit);
  const holders = new Set(ways.flat().flatMap((atom) => [...readsOf(atom.expr)]));
  return rounds.changes.some((change) => {
    if (!holders.has(change.holder) || change.value === undefined || change.how !== 'set') return false;
    const found = swallowing(change.value, asks);
    if (found === undefined) return false;
    const given = found.whole ? givenBy(rounds.facts, found.handler, change) : something;
    const tests = testsAbove(rounds, change);
    return !waysThrough(exit.steps.filter(({ test, outcome }) => tests.get(test) !== outcome)).some((way) => way.every((atom) => {
      const said = under(atom.expr, change.holder, given);
      return said !== something && Boolean(said) === atom.outcome;
    }));
  });
}

/** The tests below which a value is set, with their outcome: an exit below the same test has it as well (`if (paged) { page = await ask().catch(…); if (!page) break; }`). */
function testsAbove({ loop }: Rounds, change: Change): ReadonlyMap<Expr, boolean> {
  const found = new Map<Expr, boolean>();
  walk(roundOf(loop), (item, ancestors) => {
    if (item !== change.at) return;
    for (const above of ancestors) if (above.kind === 'if') found.set(above.test, above.then.some((stmt) => stmt.start <= item.start && item.end <= stmt.end));
  });
  return found;
}

/** The function that takes a failure of what is asked for, and whether its answer is the whole value. */
function swallowing(value: Expr, asks: ReadonlyMap<Item, Work>): { readonly handler: number; readonly whole: boolean } | undefined {
  let found: { readonly handler: number; readonly whole: boolean } | undefined;
  const whole = value.kind === 'await' ? value.of : value;
  walk([value], (item) => {
    if (item.kind !== 'call' || item.callee.kind !== 'member' || item.callee.property !== 'catch') return;
    const [handler] = item.args;
    if (handler?.kind === 'function' && holdsAsk(item.callee.object, asks)) found = { handler: handler.fn, whole: item === whole };
  });
  return found;
}

/** A value that is not known, but is no failure's: it may be anything. */
const something = Symbol('something');
/** An object with no fields, or a list with no items. */
const empty = Symbol('empty');
type Given = typeof something | typeof empty | string | number | boolean | null | undefined;

/** What a handler of failures gives on every way: one literal or an empty object. */
function givenBy(facts: ModuleFacts, handler: number, change: Change): Given {
  const fn = facts.functions[handler];
  if (fn === undefined || fn.generator) return something;
  const given = new Set<Given>();
  walk(fn.body, (item) => { if (item.kind === 'return') given.add(item.value === undefined ? undefined : plain(item.value)); });
  if (!endsWithReturn(fn)) given.add(undefined);
  const [only] = given;
  if (given.size !== 1 || only === something) return something;
  // `{ token } = await ask().catch(() => ({}))`: a field of nothing is nothing.
  const isPattern = 'target' in change.at && change.at.target?.kind === 'pattern';
  return !isPattern ? only : only === empty ? undefined : something;
}

const endsWithReturn = (fn: FunctionFact): boolean => fn.body.at(-1)?.kind === 'return';

function plain(expr: Expr): Given {
  if (expr.kind === 'literal') return expr.value;
  if ((expr.kind === 'object' && expr.properties.length === 0) || (expr.kind === 'array' && expr.items.length === 0)) return empty;
  return something;
}

/** A test's value where a holder has what the failure gives; `something` where more would have to be known. */
function under(expr: Expr, holder: Holder, given: Given): Given {
  switch (expr.kind) {
    case 'literal': case 'object': case 'array': return plain(expr);
    case 'ref': case 'global': return holderOf(expr) === holder ? given : something;
    case 'member': {
      if (expr.object.kind === 'this') return holderOf(expr) === holder ? given : something;
      const object = under(expr.object, holder, given);
      // A field of `undefined` throws without `?.`, which leaves the loop as well; only the quiet outcome is told.
      if (object === undefined || object === null) return undefined;
      if (object !== empty || typeof expr.property !== 'string') return something;
      return expr.property === 'length' ? something : undefined;
    }
    case 'unary': {
      const of = under(expr.of, holder, given);
      return expr.op !== '!' || of === something ? something : !of;
    }
    case 'logical': {
      const left = under(expr.left, holder, given);
      if (left === something) return something;
      const right = expr.op === '&&' ? Boolean(left) : expr.op === '||' ? !left : left === undefined || left === null;
      return right ? under(expr.right, holder, given) : left;
    }
    case 'binary': {
      const [left, right] = [under(expr.left, holder, given), under(expr.right, holder, given)];
      if (left === something || right === something || left === empty || right === empty) return something;
      if (expr.op === '===' || expr.op === '!==') return (left === right) === (expr.op === '===');
      const loose = left === right || (left === undefined && right === null) || (left === null && right === undefined);
      const nullish = left === undefined || left === null || right === undefined || right === null;
      return (expr.op === '==' || expr.op === '!=') && (nullish || typeof left === typeof right) ? loose === (expr.op === '==') : something;
    }
    default: return something;
  }
}
