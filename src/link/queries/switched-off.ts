import type { Expr, ModuleFacts } from '../../model/facts.ts';
import { truthiness } from '../values.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { conditionsAlong } from './conditions.ts';

/**
 * Whether the declared environment of the function decides that a place never runs: `if (ASYNC) … else here`, where `ASYNC` is made of
 * `process.env` and literals alone. What else a test reads may change while the process lives, whatever it was at first.
 */
export function isSwitchedOff(view: LinkedFunction, activation: Activation, site: Expr): boolean {
  return conditionsAlong(view, activation, site).some(({ test, outcome, frame }) => {
    const facts = view.evaluator.modules.facts(frame.file);
    if (outcome === 'case' || !facts || !isSwitch(view, facts, test, 0)) return false;
    const known = truthiness(view.evaluator.value(test, frame));
    return known !== undefined && known !== outcome;
  });
}

/** An expression over variables of the environment and literals, by way of constants of the same module. */
function isSwitch(view: LinkedFunction, facts: ModuleFacts, expr: Expr, depth: number): boolean {
  let fixed = depth < 3;
  let named = false;
  walk([expr], (item) => {
    if (item.kind === 'member' && item.object.kind === 'member' && item.object.property === 'env' && item.object.object.kind === 'global' && item.object.object.name === 'process' && typeof item.property === 'string') { named = true; return false; }
    if (item.kind === 'ref') {
      const [only, ...more] = view.evaluator.modules.index(facts.file)?.definitions.get(item.binding) ?? [];
      const value = facts.bindings[item.binding]?.kind === 'const' && more.length === 0 && only?.path.length === 0 ? only.expr : undefined;
      if (value && isSwitch(view, facts, value, depth + 1)) named = true; else fixed = false;
      return false;
    }
    if (item.kind !== 'literal' && item.kind !== 'binary' && item.kind !== 'logical' && item.kind !== 'unary') fixed = false;
    return fixed;
  });
  return fixed && named;
}
