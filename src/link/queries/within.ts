import type { Expr, FunctionFact, Stmt, SwitchCase } from '../../model/facts.ts';
import { walk, type Item } from '../walk.ts';
import { ancestorsOf, leaves } from './positions.ts';

/** A test that must have come out one way for control to be at a place. */
export interface Test {
  readonly test: Expr;
  /** What the test came out as. `case`: the subject of a switch equals the test. */
  readonly outcome: boolean | 'case';
  readonly subject?: Expr;
}

/** Every test inside one function on the way to an item of it. */
export function within(fn: FunctionFact, site: Item): readonly Test[] {
  const found: Test[] = [];
  const chain = [...ancestorsOf(fn, site), site];
  let statements: readonly Stmt[] = fn.body;
  for (const [index, item] of chain.entries()) {
    const next = chain[index + 1];
    // Statements before this one in the same list that leave when their test holds.
    const position = statements.indexOf(item as Stmt);
    if (position > 0) found.push(...passed(statements.slice(0, position)));
    if (!next) break;
    switch (item.kind) {
      case 'if':
        if ((item.then as readonly Item[]).includes(next)) { found.push({ test: item.test, outcome: true }); statements = item.then; }
        else if ((item.else as readonly Item[]).includes(next)) { found.push({ test: item.test, outcome: false }); statements = item.else; }
        break;
      case 'conditional':
        if (next === item.then) found.push({ test: item.test, outcome: true });
        if (next === item.else) found.push({ test: item.test, outcome: false });
        break;
      case 'logical': if (next === item.right && item.op !== '??') found.push({ test: item.left, outcome: item.op === '&&' }); break;
      case 'switch': {
        const entry = item.cases.find((one) => (one.body as readonly Item[]).includes(next));
        if (entry?.test) found.push({ test: entry.test, outcome: 'case', subject: item.subject });
        else if (entry && isEnteredAlone(item, entry)) found.push(...item.cases.flatMap(({ test }) => (test ? [isEqual(item.subject, test, false)] : [])));
        statements = entry?.body ?? [];
        break;
      }
      case 'loop':
        if ((item.body as readonly Item[]).includes(next)) { if (item.test && item.form !== 'do') found.push({ test: item.test, outcome: true }); statements = item.body; }
        break;
      case 'block': statements = item.body; break;
      case 'try': statements = (item.block as readonly Item[]).includes(next) ? item.block : (item.handler as readonly Item[] | undefined)?.includes(next) ? (item.handler ?? []) : (item.finalizer ?? []); break;
      default: break;
    }
  }
  return found;
}

/** Tests of statements that leave when they hold, for what stands behind them. */
export function passed(statements: readonly Stmt[]): readonly Test[] {
  return statements.flatMap((earlier): readonly Test[] => {
    if (earlier.kind === 'switch') return earlier.cases.flatMap(({ test }, index) => (test && returns(earlier.cases.slice(index)) ? [isEqual(earlier.subject, test, false)] : []));
    if (earlier.kind !== 'if') return [];
    if (leaves(earlier.then)) return [{ test: earlier.test, outcome: false }];
    return earlier.else.length > 0 && leaves(earlier.else) ? [{ test: earlier.test, outcome: true }] : [];
  });
}

/** `subject === test`, which is written nowhere. */
export const isEqual = (subject: Expr, test: Expr, outcome: boolean): Test => ({ test: { kind: 'binary', op: '===', left: subject, right: test, start: test.start, end: test.end }, outcome });

/** Whether the case before another one does not run on into it. */
function isEnteredAlone({ cases }: Stmt & { kind: 'switch' }, entry: SwitchCase): boolean {
  const before = cases[cases.indexOf(entry) - 1];
  return before === undefined || leaves(before.body);
}

/** Whether a case leaves the function: `break` leaves the `switch` alone. */
function returns([first, ...others]: readonly SwitchCase[]): boolean {
  if (!first) return false;
  if (first.body.length === 0) return returns(others);
  let isLeft = false;
  walk(first.body, (item) => { isLeft ||= item.kind === 'break'; });
  return !isLeft && leaves(first.body);
}

/** Whether control surely does not come to the end of a function's body: `leaves`, and a `switch` of which every way returns. */
export function neverFallsOut(body: readonly Stmt[]): boolean {
  const last = body.at(-1);
  if (last?.kind !== 'switch') return leaves(body);
  return last.cases.some(({ test }) => !test) && last.cases.every((_, index) => returns(last.cases.slice(index)));
}
