import type { Expr } from '../../model/facts.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import type { ActiveCondition } from './asked-functions.ts';
import { saysThereIsSome } from './resets.ts';
import { within, type Test } from './within.ts';

/**
 * A test that wants something in a list (`if (changes.length === 0) return`) which starts empty in the same function: for each
 * call that puts something in, the tests on the way to it. One of these calls has run. `undefined`: the test asks something
 * else, or the list may be filled elsewhere.
 */
export function filledUnder(view: LinkedFunction, { test, outcome, frame, fn }: ActiveCondition): readonly (readonly Test[])[] | undefined {
  if (outcome === 'case' || !saysThereIsSome(test, outcome)) return undefined;
  let list: (Expr & { kind: 'ref' }) | undefined;
  walk([test], (item) => { if (item.kind === 'member' && item.property === 'length' && item.object.kind === 'ref') list ??= item.object; });
  const binding = list?.binding;
  const facts = view.evaluator.modules.facts(frame.file);
  const definitions = binding === undefined ? [] : (view.evaluator.modules.index(frame.file)?.definitions.get(binding) ?? []);
  const [only] = definitions;
  if (!facts || definitions.length !== 1 || only?.expr?.kind !== 'array' || only.expr.items.length > 0 || only.fn !== fn.id) return undefined;
  const isList = (expr: Expr): boolean => expr.kind === 'ref' && expr.binding === binding;
  const found: (readonly Test[])[] = [];
  let elsewhere = false;
  for (const one of facts.functions) {
    walk(one.body, (item) => {
      if (item.kind !== 'call') return;
      if (item.args.some(isList)) elsewhere = true;
      if (item.callee.kind !== 'member' || !isList(item.callee.object) || !/^(?:push|unshift|splice)$/.test(String(item.callee.property))) return;
      if (one.id !== fn.id) elsewhere = true;
      else found.push(within(fn, item));
    });
  }
  return elsewhere || found.length === 0 ? undefined : found;
}
