import type { Expr } from '../../model/facts.ts';
import { alternatives, type Value } from '../../model/value.ts';

/** One comparison of a test, as it must have come out. */
export interface Comparison {
  readonly left: Expr;
  readonly right?: Expr;
  readonly ordered: boolean;
  readonly equal: boolean;
  readonly truthy?: boolean;
  /** The test itself, and what it came out as. */
  readonly whole?: Expr;
  readonly came?: boolean;
  /** Of an ordered one: where the left side is while the chain goes on. */
  readonly goesOn?: 'below' | 'above';
  /** Of an ordered one: whether equal sides are refused. */
  readonly strict?: boolean;
}

/** Whether an expression is what another one reads a field of, as it stands. */
export function isPresence(left: Expr, right: Expr): boolean {
  const tested = right.kind === 'binary' ? right.left : right;
  for (let current: Expr = tested; current.kind === 'member'; current = current.object) if (isSame(current.object, left)) return true;
  return false;
}

function isSame(a: Expr, b: Expr): boolean {
  if (a.kind === 'member' && b.kind === 'member') return typeof a.property === 'string' && a.property === b.property && isSame(a.object, b.object);
  return a.kind === 'ref' && b.kind === 'ref' && a.binding === b.binding;
}

/** The comparisons that a test makes, as they must have come out. */
export function comparisons(test: Expr, outcome: boolean | 'case', subject?: Expr): readonly Comparison[] {
  if (outcome === 'case' && subject?.kind === 'literal' && typeof subject.value === 'boolean') return comparisons(test, subject.value);
  if (outcome === 'case') return [{ left: test, ordered: false, equal: true }];
  switch (test.kind) {
    case 'unary': return test.op === '!' ? comparisons(test.of, !outcome) : [];
    case 'logical': {
      // Of `a ?? b` that did not hold, `a` may have been false, and `b` never have been asked.
      if (test.op === '??') return outcome ? [] : comparisons(test.left, outcome);
      // Of `a && b` that held, both held; of one that did not, either may be the reason.
      if ((test.op === '&&') === outcome) return [...comparisons(test.left, outcome), ...comparisons(test.right, outcome)];
      // `a && a.b` is `a?.b`: the first asks only whether there is anything to ask.
      return test.op === '&&' && isPresence(test.left, test.right) ? comparisons(test.right, outcome) : [];
    }
    case 'binary': {
      if (/^[<>]=?$/.test(test.op)) return [{ left: test.left, right: test.right, ordered: true, equal: false, goesOn: test.op.startsWith('<') === outcome ? 'below' : 'above', strict: (test.op.length === 1) === outcome }];
      // `'Records' in event`
      if (test.op === 'in' && isName(test.left)) return [{ left: field(test.right, test.left, test), ordered: false, equal: outcome, truthy: outcome, whole: test, came: outcome }];
      if (test.op === 'in') return [{ left: test, ordered: false, equal: outcome, truthy: outcome, whole: test, came: outcome }];
      if (/^[!=]==?$/.test(test.op)) return [{ left: test.left, right: test.right, ordered: false, equal: test.op.startsWith('=') === outcome, whole: test, came: outcome }];
      return [];
    }
    case 'call': {
      // `event.hasOwnProperty('Records')`, `Object.hasOwn(event, 'Records')`: the field is there.
      const { callee, args } = test;
      const asked = callee.kind === 'member' && callee.property === 'hasOwnProperty' ? [callee.object, args[0]] as const : callee.kind === 'member' && callee.property === 'hasOwn' ? [args[0], args[1]] as const : undefined;
      const [object, name] = asked ?? [];
      if (callee.kind === 'member' && callee.property === 'isArray' && args[0]) return [{ left: args[0], ordered: false, equal: outcome, truthy: outcome }];
      if (object && name && isName(name)) return [{ left: field(object, name, test), ordered: false, equal: outcome, truthy: outcome }];
      return [{ left: test, ordered: false, equal: outcome, truthy: outcome, whole: test, came: outcome }];
    }
    default: return [{ left: test, ordered: false, equal: outcome, truthy: outcome, whole: test, came: outcome }];
  }
}

/** What can name a field that is asked for: a text, or a constant. */
const isName = (expr: Expr): boolean => (expr.kind === 'literal' ? typeof expr.value === 'string' : expr.kind === 'ref' || expr.kind === 'member');

/** `object[name]` where a test asks whether it is there. */
function field(object: Expr, name: Expr, { start, end }: Expr): Expr {
  return { kind: 'member', object, property: name.kind === 'literal' ? String(name.value) : name, optional: false, start, end };
}

/** What a comparison says of two values. */
export interface Asked extends Pick<Comparison, 'ordered' | 'equal' | 'truthy' | 'goesOn' | 'strict'> {
  readonly left: Value;
  readonly right: Value | undefined;
}

/** A value that is itself what a comparison came out as (`const isLate = kind === 'late'; if (isLate) …`) is that comparison. */
export function unfolded(left: Value, right: Value | undefined, { ordered, equal, truthy, goesOn, strict }: Comparison): Asked {
  let asked: Asked = { left, right, ordered, equal, ...(truthy === undefined ? {} : { truthy }), ...(goesOn ? { goesOn } : {}), ...(strict === undefined ? {} : { strict }) };
  for (let step = 0; step < 4 && asked.truthy !== undefined; step++) {
    const [only, ...others] = alternatives(asked.left).filter((one) => one.kind !== 'literal');
    if (only?.kind !== 'derived' || others.length > 0) break;
    const [first, second] = only.from;
    const came = asked.truthy;
    if (!first) break;
    if (only.what === '!') asked = { left: first, right: undefined, ordered: false, equal: !came, truthy: !came };
    else if (second && /^[!=]==?$/.test(only.what)) asked = { left: first, right: second, ordered: false, equal: only.what.startsWith('=') === came };
    else if (second && /^[<>]=?$/.test(only.what)) asked = { left: first, right: second, ordered: true, equal: false, goesOn: only.what.startsWith('<') === came ? 'below' : 'above', strict: (only.what.length === 1) === came };
    else break;
  }
  return asked;
}
