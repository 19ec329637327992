import type { Expr, Target } from '../../model/facts.ts';

/** How `target = value` rests on the target's own old value. */
export interface SelfChange {
  readonly form: 'update' | 'add' | 'put' | 'remove' | 'lazy';
  /** What comes from elsewhere. */
  readonly values: readonly Expr[];
  readonly key?: Expr;
}

/** Recognises `x = x + n`, `x = [...x, y]`, `x = x.concat(y)`, `x = { ...x, [k]: v }`, `x = x.slice(-9)` and `x = x || y`. */
export function selfChange(target: Target, value: Expr): SelfChange | undefined {
  switch (value.kind) {
    case 'binary': {
      if (!['+', '-', '*', '**', '|', '&'].includes(value.op)) return undefined;
      const [first, rest] = leftmost(value);
      if (isOld(target, first)) return { form: 'update', values: rest };
      return isOld(target, value.right) ? { form: 'update', values: [value.left] } : undefined;
    }
    case 'array': {
      const own = value.items.some((item) => item?.kind === 'spread' && same(target, item.of));
      return own ? { form: 'add', values: value.items.flatMap((item) => (!item || (item.kind === 'spread' && same(target, item.of)) ? [] : item.kind === 'spread' ? [item.of] : [item])) } : undefined;
    }
    case 'object': {
      if (!value.properties.some((item) => item.key === undefined && same(target, item.value))) return undefined;
      const others = value.properties.filter((item) => !(item.key === undefined && same(target, item.value)));
      const keyed = others.find((item) => typeof item.key === 'object');
      return typeof keyed?.key === 'object' ? { form: 'put', values: others.map((item) => item.value), key: keyed.key } : undefined;
    }
    case 'call': {
      if (value.callee.kind !== 'member') return undefined;
      const { object } = value.callee;
      // `list = [item].concat(list)`
      if (value.callee.property === 'concat' && object.kind === 'array' && value.args.some((arg) => same(target, arg))) return { form: 'add', values: object.items.filter((item) => item !== null) };
      if (!same(target, object)) return undefined;
      if (value.callee.property === 'concat') return { form: 'add', values: value.args };
      return value.callee.property === 'slice' || value.callee.property === 'filter' || value.callee.property === 'splice' ? { form: 'remove', values: [] } : undefined;
    }
    case 'logical': return (value.op === '||' || value.op === '??') && same(target, value.left) ? { form: 'lazy', values: [value.right] } : undefined;
    case 'conditional': return same(target, value.then) && same(target, value.test) ? { form: 'lazy', values: [value.else] } : undefined;
    case 'await': return selfChange(target, value.of);
    default: return undefined;
  }
}

/** The old value, or what stands for it while there is none: `(count ?? 0)`. */
const isOld = (target: Target, expr: Expr): boolean => same(target, expr) || (expr.kind === 'logical' && (expr.op === '??' || expr.op === '||') && same(target, expr.left));

/** The first operand of a chain of `+`, and the others. */
function leftmost(value: Expr & { kind: 'binary' }): readonly [Expr, readonly Expr[]] {
  const rest: Expr[] = [];
  let current: Expr = value;
  while (current.kind === 'binary') { rest.unshift(current.right); current = current.left; }
  return [current, rest];
}

/** Whether two expressions name the same variable or property. */
export function same(a: Expr | Target, b: Expr | Target): boolean {
  if (a.kind === 'ref') return b.kind === 'ref' && a.binding === b.binding;
  if (a.kind === 'global') return b.kind === 'global' && a.name === b.name;
  if (a.kind === 'this') return b.kind === 'this';
  if (a.kind === 'member' && b.kind === 'member') {
    const name = typeof a.property === 'string' || typeof b.property === 'string' ? a.property === b.property : same(a.property, b.property);
    return name && same(a.object, b.object);
  }
  return false;
}
