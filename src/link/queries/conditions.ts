import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import type { Body } from '../../model/project.ts';
import type { Node } from '../reach.ts';
import type { Item } from '../walk.ts';
import type { Frame } from '../frame.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { ancestorsOf, hops, leaves } from './positions.ts';

/** A test that must have come out one way for control to be at a place. */
export interface Condition {
  readonly test: Expr;
  /** What the test came out as. `case`: the subject of a switch equals the test. */
  readonly outcome: boolean | 'case';
  readonly subject?: Expr;
  readonly node: Node;
  readonly fn: FunctionFact;
}

/** Every condition on the path from the handler to an item: enclosing tests, and earlier tests that leave when they hold. */
export function conditionsOn(body: Body, site: Expr | Stmt, fact: (node: Node) => FunctionFact | undefined): readonly Condition[] {
  return hops(body, site).flatMap((hop) => {
    const fn = fact(hop.node);
    return fn ? within(fn, hop.site).map((condition): Condition => ({ ...condition, node: hop.node, fn })) : [];
  });
}

/** A test on the way, in the activation that it stands in. */
export interface ActiveCondition extends Omit<Condition, 'node'> {
  readonly frame: Frame;
}

/** As `conditionsOn`, along the calls of one activation; what a function says that a test asks (`isRefund(event)`) is a condition as well. */
export function conditionsAlong(view: LinkedFunction, activation: Activation, site: Expr | Stmt): readonly ActiveCondition[] {
  return [...activation.callers, { frame: activation.frame, site }].flatMap(({ frame, site: at }) => {
    const fn = view.evaluator.fact(frame.file, frame.fn);
    return fn ? within(fn, at).flatMap((condition): readonly ActiveCondition[] => [{ ...condition, frame, fn }, ...inAskedFunctions(view, { ...condition, frame, fn }, 0)]) : [];
  });
}

const MAX_ASKED = 3;

/** The expressions behind the calls that a test consists of, each in an activation of its function; of functions that only give one expression. */
function inAskedFunctions(view: LinkedFunction, { test, outcome, frame }: ActiveCondition, depth: number): readonly ActiveCondition[] {
  if (outcome === 'case' || depth >= MAX_ASKED) return [];
  return outcomes(test, outcome).flatMap(([asked, came]): readonly ActiveCondition[] => {
    const call = asked.kind === 'await' ? asked.of : asked;
    if (call.kind !== 'call') return [];
    const target = view.evaluator.value(call.callee, frame);
    const fn = target.kind === 'function' ? view.evaluator.fact(target.file, target.fn) : undefined;
    const answer = fn?.body.length === 1 && fn.body[0]?.kind === 'return' ? fn.body[0].value : undefined;
    if (target.kind !== 'function' || !fn || !answer) return [];
    const inside = view.evaluator.enter(target, call.args.map((expr) => ({ expr, frame })), `${frame.file}:${call.start}`, frame);
    const condition: ActiveCondition = { test: answer, outcome: came, frame: inside, fn };
    return [condition, ...inAskedFunctions(view, condition, depth + 1)];
  });
}

/** The parts of a test that must have come out one way for the whole to come out so. */
function outcomes(test: Expr, outcome: boolean): readonly (readonly [Expr, boolean])[] {
  if (test.kind === 'unary' && test.op === '!') return outcomes(test.of, !outcome);
  if (test.kind === 'logical' && (test.op === '&&') === outcome && test.op !== '??') return [...outcomes(test.left, outcome), ...outcomes(test.right, outcome)];
  return [[test, outcome]];
}

function within(fn: FunctionFact, site: Item): Omit<Condition, 'node' | 'fn'>[] {
  const found: Omit<Condition, 'node' | 'fn'>[] = [];
  const chain = [...ancestorsOf(fn, site), site];
  let statements: readonly Stmt[] = fn.body;
  for (const [index, item] of chain.entries()) {
    const next = chain[index + 1];
    // Statements before this one in the same list that leave when their test holds.
    const position = statements.indexOf(item as Stmt);
    for (const earlier of position > 0 ? statements.slice(0, position) : []) {
      if (earlier.kind !== 'if') continue;
      if (leaves(earlier.then)) found.push({ test: earlier.test, outcome: false });
      else if (earlier.else.length > 0 && leaves(earlier.else)) found.push({ test: earlier.test, outcome: true });
    }
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
