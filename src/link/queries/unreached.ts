import type { Expr, Stmt } from '../../model/facts.ts';
import { alternatives, literalText, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { cannotBe } from './answer-shapes.ts';
import { comparisons, unfolded } from './comparisons.ts';
import type { ActiveCondition } from './conditions.ts';
import { ancestorsOf } from './positions.ts';

/**
 * A test on the way to a place that what its function is given on this very path does not pass: `emit('stored')` of
 * `function emit(kind) { if (retried.has(kind)) await queue.send(kind); }`. Only what a caller spells out is believed.
 */
export function neverPassed(view: LinkedFunction, conditions: readonly ActiveCondition[]): ActiveCondition | undefined {
  return conditions.find(({ test, outcome, subject, frame }) => {
    if (!readsGiven(view, test, frame) && !(subject && readsGiven(view, subject, frame))) return false;
    const valueOf = (expr: Expr): Value => view.evaluator.value(expr, frame);
    return comparisons(test, outcome, subject).some((comparison) => {
      const given = comparison.right ? valueOf(comparison.right) : outcome === 'case' && subject ? valueOf(subject) : undefined;
      const { left, right, ordered, equal, truthy } = unfolded(valueOf(comparison.left), given, comparison);
      if (ordered) return false;
      if (truthy === undefined) return right !== undefined && (equal ? neverEqual(left, right) : alwaysEqual(left, right));
      const listed = left.kind === 'derived' && /(?:^|\.)#(?:has|includes)$/.test(left.what) ? left.from : [];
      const [list, asked] = listed;
      const items = list && asked && truthy ? itemsOf(list) : undefined;
      return items !== undefined && asked !== undefined && items.every((item) => neverEqual(asked, item));
    });
  });
}

/** Whether an expression reads a parameter whose argument is known on this path. */
function readsGiven(view: LinkedFunction, expr: Expr, frame: Frame): boolean {
  if (!frame.args) return false;
  const bindings = view.evaluator.modules.facts(frame.file)?.bindings;
  let found = false;
  walk([expr], (item) => {
    const binding = item.kind === 'ref' ? bindings?.[item.binding] : undefined;
    found ||= binding?.kind === 'param' && binding.fn === frame.fn;
    return !found;
  });
  return found;
}

/** `[a, b]`, `new Set([a, b])` */
function itemsOf(list: Value): readonly Value[] | undefined {
  const [only] = list.kind === 'instance' && list.of.kind === 'external' && list.of.module === 'global' && list.of.path.at(-1) === 'Set' ? list.args : [list];
  return only?.kind === 'array' && !only.open ? only.items : undefined;
}

function neverEqual(one: Value, other: Value): boolean {
  return alternatives(one).every((a) => alternatives(other).every((b) => {
    const [text, left] = b.kind === 'literal' ? [literalText(b), a] : [literalText(a), b];
    if (text === undefined || !(left.kind === 'template' || (left.kind === 'literal' && typeof left.value === 'string'))) return false;
    return cannotBe(left, text);
  }));
}

function alwaysEqual(one: Value, other: Value): boolean {
  const texts = new Set([...alternatives(one), ...alternatives(other)].map((value) => (value.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined)));
  return texts.size === 1 && !texts.has(undefined);
}

/** Whether control cannot come to a place: it stands behind a `return` or `throw` of its own block, in one of the functions on the way. */
export function standsBehindExit(view: LinkedFunction, { callers, frame }: Activation, site: Expr): boolean {
  return [...callers, { frame, site }].some((step) => {
    const fn = view.evaluator.fact(step.frame.file, step.frame.fn);
    if (!fn) return false;
    const chain: readonly Item[] = [...ancestorsOf(fn, step.site), step.site];
    return listsAround(fn.body, chain).some((list) => {
      const at = list.findIndex((one) => chain.includes(one));
      return at > 0 && list.slice(0, at).some((one) => one.kind === 'return' || one.kind === 'throw');
    });
  });
}

/** The lists of statements that the items of a chain stand in; cases of a `switch` left aside, which control may enter in the middle. */
function listsAround(body: readonly Stmt[], chain: readonly Item[]): readonly (readonly Stmt[])[] {
  return [body, ...chain.flatMap((item): readonly (readonly Stmt[])[] => {
    switch (item.kind) {
      case 'if': return [item.then, item.else];
      case 'loop': case 'block': return [item.body];
      case 'try': return [item.block, item.handler ?? [], item.finalizer ?? []];
      default: return [];
    }
  })];
}
