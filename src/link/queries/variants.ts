import type { Expr } from '../../model/facts.ts';
import type { ExternalCall } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { contains, valueKey } from '../values.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';

/** The arguments of a call as one of several assignments to a variable makes them, and what that assignment assigns. */
export interface Variant {
  readonly args: readonly Value[];
  readonly chosen?: Expr;
}

/**
 * `params = A` in one branch and `params = B` in another, then `send(params)`: the argument lists that belong together, each with the
 * expression that was assigned. Otherwise what A says of the target and what B says of the message would mix.
 */
export function variantsOf(view: LinkedFunction, call: ExternalCall, activation: Activation, args: readonly Value[]): readonly Variant[] {
  const { evaluator } = view;
  const { frame } = activation;
  const index = evaluator.modules.index(frame.file);
  const facts = evaluator.modules.facts(frame.file);
  let found: readonly Variant[] | undefined;
  walk(call.expr.args, (item) => {
    if (found || item.kind !== 'ref' || facts?.bindings[item.binding]?.fn !== frame.fn || index?.memberWrites.has(item.binding)) return;
    const made = (index?.definitions.get(item.binding) ?? []).filter((one) => one.expr !== undefined && !isEmpty(one.expr));
    if (made.length < 2 || made.some((one) => one.path.length > 0 || one.op !== '=' || one.fn !== frame.fn || (one.form !== 'init' && one.form !== 'assign'))) return;
    const whole = evaluator.value(item, frame);
    if (whole.kind !== 'oneOf') return;
    const key = valueKey(whole);
    if (!args.some((arg) => contains(arg, (part) => valueKey(part) === key))) return;
    found = made.flatMap(({ expr }) => (expr ? [{ args: args.map((arg) => replaced(arg, key, evaluator.value(expr, frame), 0)), chosen: expr }] : []));
  });
  return found ?? [{ args }];
}

/** `let params = {}`, `let params = null`: there until something is assigned. */
const isEmpty = (expr: Expr): boolean => (expr.kind === 'object' && expr.properties.length === 0) || (expr.kind === 'literal' && (expr.value === null || expr.value === undefined || expr.value === ''));

function replaced(value: Value, key: string, by: Value, depth: number): Value {
  if (valueKey(value) === key) return by;
  if (depth > 5) return value;
  const inner = (one: Value): Value => replaced(one, key, by, depth + 1);
  switch (value.kind) {
    case 'object': return { ...value, entries: value.entries.map(([name, one]) => [name, inner(one)]) };
    case 'array': return { ...value, items: value.items.map(inner) };
    case 'instance': return contains(value, (part) => part !== value && valueKey(part) === key) ? { kind: 'instance', of: value.of, args: value.args.map(inner), ...(value.site ? { site: value.site } : {}) } : value;
    case 'template': return { kind: 'template', parts: value.parts.map(inner) };
    case 'derived': return value.what.endsWith('JSON.stringify') ? { kind: 'derived', what: value.what, io: value.io, from: value.from.map(inner) } : value;
    default: return value;
  }
}
