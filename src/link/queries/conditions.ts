import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import type { Body } from '../../model/project.ts';
import type { Node } from '../reach.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { checksBefore, inAskedFunctions, type ActiveCondition } from './asked-functions.ts';
import { walk, type Item } from '../walk.ts';
import { ancestorsOf, hops } from './positions.ts';
import { within, type Test } from './within.ts';

export type { ActiveCondition } from './asked-functions.ts';

/** A test that must have come out one way for control to be at a place, with the body that asks it. */
export interface Condition extends Test {
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

/** As `conditionsOn`, along the calls of one activation; what a function says that a test asks (`isRefund(event)`) is a condition as well. */
export function conditionsAlong(view: LinkedFunction, activation: Activation, site: Expr | Stmt): readonly ActiveCondition[] {
  return [...activation.callers, { frame: activation.frame, site }].flatMap(({ frame, site: at }) => {
    const fn = view.evaluator.fact(frame.file, frame.fn);
    if (!fn) return [];
    const here = [...within(fn, at), ...beforeCatch(fn, at)].map((condition): ActiveCondition => ({ ...condition, frame, fn }));
    return [...here.flatMap((condition) => [condition, ...inAskedFunctions(view, condition)]), ...checksBefore(view, fn, at, frame)];
  });
}

/** Reads what is at hand, or only tells somebody: nothing that fails. */
const cannotFail = /^(?:data|val|log|info|debug|warn|error|exists)$/;

/** What must have held for a `catch` around a place to be reached: the tests in front of everything in its `try` that can fail. */
function beforeCatch(fn: FunctionFact, site: Expr | Stmt): readonly Test[] {
  const around = [...ancestorsOf(fn, site), site];
  return around.flatMap((outer, index): readonly Test[] => {
    const inner = around[index + 1];
    if (outer.kind !== 'try' || !inner || !(outer.handler as readonly Item[] | undefined)?.includes(inner)) return [];
    const failing: Item[] = [];
    walk(outer.block, (item) => {
      if (item.kind === 'throw' || item.kind === 'new' || (item.kind === 'await' && item.of.kind !== 'call') || (item.kind === 'call' && !(item.callee.kind === 'member' && cannotFail.test(String(item.callee.property))))) failing.push(item);
    });
    const [first, ...others] = failing.map((item) => within(fn, item));
    return (first ?? []).filter((one) => others.every((tests) => tests.some((test) => test.test === one.test && test.outcome === one.outcome)));
  });
}
