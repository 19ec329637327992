import type { Expr } from '../../model/facts.ts';
import type { Frame } from '../frame.ts';
import type { LinkedFunction } from '../view.ts';

/** `const isNew = await check(message); if (isNew) …`: what the variable holds. */
export function heldIn(view: LinkedFunction, test: Expr, frame: Frame): Expr {
  if (test.kind !== 'ref') return test;
  const definitions: readonly { readonly expr?: Expr; readonly path: readonly unknown[]; readonly fn: number }[] = view.evaluator.modules.index(frame.file)?.definitions.get(test.binding) ?? [];
  const [only] = definitions;
  return definitions.length === 1 && only?.path.length === 0 && only.fn === frame.fn && only.expr ? only.expr : test;
}

const MAX_NAMES = 4;

/**
 * `const again = failed && attempt <= most; if (!again) throw error;`: the comparison is what the name stands for.
 *
 * @param round the code that runs each time the test is asked: what a name was given before it is not worked out again
 */
export function spelledOut(view: LinkedFunction, test: Expr, frame: Frame, round: { readonly start: number; readonly end: number }, depth = 0): Expr {
  const inner = (expr: Expr): Expr => spelledOut(view, expr, frame, round, depth + 1);
  if (depth > MAX_NAMES) return test;
  if (test.kind === 'unary' && test.op === '!') return { ...test, of: inner(test.of) };
  if (test.kind === 'logical') return { ...test, left: inner(test.left), right: inner(test.right) };
  const held = heldIn(view, test, frame);
  const isTest = held.kind === 'logical' || held.kind === 'binary' || (held.kind === 'unary' && held.op === '!');
  return held !== test && isTest && held.start >= round.start && held.end <= round.end ? inner(held) : test;
}
