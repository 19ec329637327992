import type { Guard } from '../../model/finding.ts';
import type { Expr } from '../../model/facts.ts';
import type { ExternalCall, FunctionView } from '../../model/project.ts';
import { alternatives, type EventValue, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { LinkedFunction } from '../view.ts';
import { contains } from '../values.ts';
import { conditionsOn, type Condition } from './conditions.ts';

/** A guard found on the way to a call that makes its own function run again. */
export interface FoundGuard extends Guard {
  /** The chain provably ends after the next round: the message sent takes another branch. */
  readonly oneHop: boolean;
  /** The literal that a counter is compared with: an upper bound of the rounds. */
  readonly rounds?: number;
}

/**
 * What, on the path to a call, ends a chain of invocations: a counter or cursor carried in the payload and compared, or a
 * marker that the payload sets and the path checks.
 *
 * @param payload what the next invocation gets as its event, or a part of it
 * @param key object key that is written, for checks of the event's key
 */
export function guardOf(view: FunctionView, call: ExternalCall, payload: Value | undefined, key?: Value): FoundGuard | undefined {
  const linked = view as LinkedFunction;
  const conditions = conditionsOn(call.body, call.expr, (node) => linked.evaluator.fact(node.frame.file, node.frame.fn));
  let weak: FoundGuard | undefined;
  for (const condition of conditions) {
    const found = judge(linked, condition, payload, key);
    if (found?.strength === 'ends') return found;
    weak ??= found;
  }
  return weak;
}

function judge(view: LinkedFunction, condition: Condition, payload: Value | undefined, key: Value | undefined): FoundGuard | undefined {
  const { node } = condition;
  const place = view.location({ file: node.frame.file, start: condition.test.start, end: condition.test.end });
  const guard = (strength: Guard['strength'], why: string, oneHop = false, rounds?: number): FoundGuard => ({ strength, why, oneHop, file: place.file, line: place.line, ...(rounds === undefined ? {} : { rounds }) });
  const test = condition.subject ?? condition.test;
  const sent = payload ? flatten(payload) : [];
  for (const comparison of comparisons(test, condition.outcome)) {
    if (key && comparison.truthy !== undefined && refusesKey(view, comparison.left, comparison.truthy, key, node.frame)) return guard('ends', 'the key that is written is refused by this check', true);
    const left = view.evaluator.value(comparison.left, node.frame);
    const right = comparison.right ? view.evaluator.value(comparison.right, node.frame) : condition.subject ? view.evaluator.value(condition.test, node.frame) : undefined;
    for (const [one, other] of [[left, right], [right, left]] as const) {
      const from = one ? eventPaths(one) : [];
      if (from.length === 0) continue;
      const names = from.flatMap((path) => path.path.slice(-3));
      const carried = sent.filter(([name]) => names.includes(name));
      if (carried.length === 0) continue;
      if (comparison.ordered) {
        const bound = other ? alternatives(other).map((value) => (value.kind === 'literal' ? Number(value.value) : Number.NaN)) : [];
        if (carried.some(([, value]) => counts(value))) return guard('ends', 'a counter carried in the payload is compared before the next round', false, bound.length > 0 && bound.every((value) => Number.isFinite(value)) ? Math.max(...bound) : undefined);
        continue;
      }
      // A marker: the payload sets what the check refuses.
      const wanted = other ? alternatives(other).flatMap((value) => (value.kind === 'literal' ? [value.value] : [])) : [];
      const set = carried.flatMap(([, value]) => (value.kind === 'literal' ? [value.value] : []));
      if (set.length === 0) continue;
      if (comparison.truthy !== undefined) {
        if (set.every((value) => Boolean(value) !== comparison.truthy)) return guard('ends', 'the payload sets a marker that this check refuses', true);
      } else if (wanted.length > 0) {
        const same = set.every((value) => wanted.includes(value));
        const different = set.every((value) => !wanted.includes(value));
        if (comparison.equal ? different : same) return guard('ends', 'the payload takes another branch in the next round', true);
      }
    }
    // A cursor: the next round goes on only while there is one, and the payload carries it.
    if (comparison.truthy === true && payload && shares(left, payload) && !isEvent(left)) return guard('ends', 'a cursor carried in the payload ends the chain when nothing is left');
  }
  return undefined;
}

const texts = (value: Value): readonly string[] => alternatives(value).flatMap((one) => (one.kind === 'literal' ? [String(one.value)] : []));

/** `if (key.startsWith('thumb-')) return`, and what is written begins so: the check refuses the next round. */
function refusesKey(view: LinkedFunction, test: Expr, outcome: boolean, key: Value, frame: Frame): boolean {
  if (test.kind !== 'call' || test.callee.kind !== 'member' || typeof test.callee.property !== 'string' || outcome) return false;
  const receiver = view.evaluator.value(test.callee.object, frame);
  const first = test.args[0];
  if (!first || !contains(receiver, (one) => one.kind === 'event')) return false;
  const wanted = texts(view.evaluator.value(first, frame));
  if (wanted.length === 0) return false;
  const parts = (value: Value): readonly string[] => (value.kind === 'literal' ? [String(value.value)] : value.kind === 'template' ? value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '\0')) : ['\0']);
  return alternatives(key).every((one) => {
    const text = parts(one).join('');
    const name = test.callee.kind === 'member' ? test.callee.property : '';
    // A check of the base name sees the part after the last slash.
    const ends = (mark: string): boolean => (name === 'startsWith' ? text.startsWith(mark) || text.slice(text.lastIndexOf('/') + 1).startsWith(mark) : name === 'endsWith' ? text.endsWith(mark) : name === 'includes' ? text.includes(mark) : false);
    return wanted.some(ends);
  });
}

interface Comparison { readonly left: Expr; readonly right?: Expr; readonly ordered: boolean; readonly equal: boolean; readonly truthy?: boolean }

/** The comparisons that a test makes, as they must have come out. */
function comparisons(test: Expr, outcome: boolean | 'case'): readonly Comparison[] {
  if (outcome === 'case') return [{ left: test, ordered: false, equal: true }];
  switch (test.kind) {
    case 'unary': return test.op === '!' ? comparisons(test.of, !outcome) : [];
    // Of `a && b` that held, both held; of one that did not, either may be the reason.
    case 'logical': return (test.op === '&&') === outcome ? [...comparisons(test.left, outcome), ...comparisons(test.right, outcome)] : [];
    case 'binary': {
      if (/^[<>]=?$/.test(test.op)) return [{ left: test.left, right: test.right, ordered: true, equal: false }];
      if (/^[!=]==?$/.test(test.op)) return [{ left: test.left, right: test.right, ordered: false, equal: test.op.startsWith('=') === outcome }];
      return [];
    }
    default: return [{ left: test, ordered: false, equal: outcome, truthy: outcome }];
  }
}

/** Named parts of what is sent, through objects, lists and JSON texts. */
function flatten(value: Value, depth = 0): readonly (readonly [string, Value])[] {
  if (depth > 5) return [];
  switch (value.kind) {
    case 'object': return value.entries.flatMap(([name, item]): readonly (readonly [string, Value])[] => [[name, item], ...flatten(item, depth + 1)]);
    case 'array': return value.items.flatMap((item) => flatten(item, depth + 1));
    case 'oneOf': return value.options.flatMap((item) => flatten(item, depth + 1));
    case 'derived': return value.from.flatMap((item) => flatten(item, depth + 1));
    case 'instance': return value.args.flatMap((item) => flatten(item, depth + 1));
    default: return [];
  }
}

/** Parts of the event that a value is, or is parsed or defaulted from. */
function eventPaths(value: Value): readonly EventValue[] {
  const paths: EventValue[] = [];
  contains(value, (one) => { if (one.kind === 'event' && one.path.length > 0) paths.push(one); return false; });
  // `JSON.parse(record.body).attempt`: the property read last is the name that counts.
  contains(value, (one) => { if (one.kind === 'derived' && one.what.startsWith('.') && contains(one, (item) => item.kind === 'event')) paths.push({ kind: 'event', path: [one.what.slice(1)] }); return false; });
  return paths;
}

const isEvent = (value: Value): boolean => value.kind === 'event';

/** A value that moves with each round: arithmetic on part of the event. */
const counts = (value: Value): boolean => contains(value, (one) => one.kind === 'derived' && /^(\+|-|\+=|-=|\+\+|--)$/.test(one.what)) && contains(value, (one) => one.kind === 'event' || one.kind === 'derived');

/** Whether the payload carries the very value that was tested. */
function shares(tested: Value, payload: Value): boolean {
  if (tested.kind !== 'derived') return false;
  return contains(payload, (one) => one === tested);
}

