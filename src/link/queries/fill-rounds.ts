import type { Expr } from '../../model/facts.ts';
import { alternatives, unknown, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains, valueKey } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import type { Sent } from './carried.ts';
import { comparisons } from './comparisons.ts';
import type { FilledField, Filling } from './filled-lists.ts';
import { mirrorOf, names } from './mirrors.ts';
import { eventNames } from './payload.ts';
import { same } from './self-change.ts';
import { isFresh, settles } from './settles.ts';

/** More ways than this are not tried two by two. */
const MAX_WAYS = 12;

/**
 * Whether what is filled (`if (!user.slug) changes.slug = …; if (user.name !== name) changes.name = name;`) stays empty in the end: no way
 * to fill it can follow on itself for ever, not by way of the others either. A way that its own write refuses for good is gone once.
 *
 * @param refuses what refuses a way after a round that wrote these parts of the message
 * @returns what the ways are refused by, one for each way that is; `undefined`: they may go on
 */
export function fillingsEnd<G>(view: LinkedFunction, ways: readonly Filling[], sent: Sent, refuses: (way: Filling, written: Sent) => G | undefined): readonly G[] | undefined {
  const reasons: G[] = [];
  const rest = ways.filter((way) => {
    const found = refuses(way, writtenOn(view, way, ways, sent, () => true));
    if (found) reasons.push(found);
    return !found;
  });
  if (rest.length === 0) return reasons;
  if (rest.length > MAX_WAYS) return undefined;
  const next = new Map(rest.map((way) => {
    const from = ways.indexOf(way);
    // What comes after it in the same round writes over it.
    const written = writtenOn(view, way, ways, sent, (other) => ways.indexOf(other) >= from);
    return [way, rest.filter((other) => {
      const found = refuses(other, written);
      if (found) reasons.push(found);
      return !found && !excludes(view, way, other, sent);
    })] as const;
  }));
  return isAcyclic(rest, next) ? reasons : undefined;
}

const hasField = ({ fields }: Filling, name: string): boolean => fields.some((field) => field.name === name);

/**
 * What a round writes that goes one way: its own fields with the values that it gives them, and those of others that may come after it;
 * what only other ways fill may be written or not.
 */
function writtenOn(view: LinkedFunction, way: Filling, ways: readonly Filling[], sent: Sent, counts: (other: Filling) => boolean): Sent {
  return sent.flatMap(([name, value]): Sent => {
    const fillers = ways.filter((one) => hasField(one, name));
    if (fillers.length === 0) return [[name, value]];
    const values = (some: readonly Filling[]): readonly Value[] => some.flatMap((one) => one.fields.flatMap((field) => (field.name === name ? alternatives(view.evaluator.value(field.value, one.frame)) : [])));
    // A part of the message that has the name of a field by chance is what it is.
    const known = new Set(alternatives(value).map(valueKey));
    if (!values(fillers).every((one) => known.has(valueKey(one)))) return [[name, value]];
    const possible = fillers.filter((one) => one === way || !excludes(view, one, way, sent));
    const given = hasField(way, name) ? values(possible.filter(counts)) : [...values(possible), unknown('not written')];
    return given.map((one) => [name, one] as const);
  });
}

/** Whether two ways cannot both be gone, in one round or one after the other: they ask the same thing, which stays as it is, for opposite answers. */
function excludes(view: LinkedFunction, one: Filling, other: Filling, sent: Sent): boolean {
  if (one === other) return false;
  const written = new Set(sent.map(([name]) => name));
  return one.tests.some((test) => typeof test.outcome === 'boolean' && other.tests.some((opposite) => opposite.test === test.test && opposite.frame === test.frame && opposite.outcome === !test.outcome)
    && staysSame(view.evaluator.value(test.test, test.frame), written));
}

/** Whether a value is the same in the next round: it is worked out from what the round does not write. */
function staysSame(value: Value, written: ReadonlySet<string>): boolean {
  const mirror = mirrorOf(value);
  if (mirror) return !isFresh(value) && !mirror.fields.some((field) => [...written].some((name) => names(field, name)));
  return !contains(value, (part) => part.kind === 'unknown' || (part.kind === 'derived' && part.io)) && !isFresh(value) && !eventNames(value).some((name) => written.has(name));
}

function isAcyclic<T>(nodes: readonly T[], next: ReadonlyMap<T, readonly T[]>): boolean {
  const left = new Set(nodes);
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const node of left) if (!(next.get(node) ?? []).some((other) => left.has(other))) left.delete(node);
  }
  return left.size === 0;
}

/** A function by whose name two values are told to be equal, or not. */
const equalNames = /equal|same/i;
const differentNames = /differ|changed/i;

/**
 * `if (JSON.stringify(user[key]) !== JSON.stringify(value)) changes[key] = value`: a way that is taken only while a field is not what it
 * is filled with there; what that rests on. `undefined`: it may be taken again.
 */
export function refills(view: LinkedFunction, way: Filling, ways: readonly Filling[], sent: Sent): readonly string[] | undefined {
  const [field, ...others] = way.fields;
  if (!field) return undefined;
  // All fields of one place are written together: one of them has to be what keeps it from being written again.
  for (const one of [field, ...others]) {
    if (!isComparedFirst(view, way, one)) continue;
    const value = view.evaluator.value(one.value, way.frame);
    const rivals = ways.filter((other) => other !== way && other.fields.some(({ name }) => isSameName(name, one.name)) && !excludes(view, other, way, sent));
    const isAlone = rivals.every((other) => other.fields.every(({ name, value: given }) => !isSameName(name, one.name) || valueKey(view.evaluator.value(given, other.frame)) === valueKey(value)));
    if (isAlone && !isFresh(value) && settles({ kind: 'object', entries: [[typeof one.name === 'string' ? one.name : '*', value]], open: false }) && !isRound(view, one, ways)) {
      return [`${typeof one.name === 'string' ? one.name : 'it'} comes out as the same again`];
    }
  }
  return undefined;
}

const isSameName = (one: string | Expr, other: string | Expr): boolean => (typeof one === 'string' || typeof other === 'string' ? one === other : same(one, other));

/** Whether fields are worked out from one another in a circle: `if (a !== b) changes.a = b; if (b !== a) changes.b = a`. */
function isRound(view: LinkedFunction, field: FilledField, ways: readonly Filling[]): boolean {
  const { name } = field;
  if (typeof name !== 'string') return false;
  const sources = new Map<string, Set<string>>();
  for (const way of ways) {
    for (const one of way.fields) {
      if (typeof one.name !== 'string') continue;
      const known = sources.get(one.name) ?? new Set<string>();
      sources.set(one.name, known);
      for (const from of eventNames(view.evaluator.value(one.value, way.frame))) if (from !== one.name) known.add(from);
    }
  }
  const reached = new Set(sources.get(name));
  // The set grows while it is walked.
  for (const one of reached) for (const from of sources.get(one) ?? []) reached.add(from);
  return reached.has(name);
}

/** Whether a test in front of a filling wants the field to be something else than what it is filled with. */
function isComparedFirst(view: LinkedFunction, way: Filling, field: FilledField): boolean {
  return way.tests.some(({ test, outcome, subject, frame }) => {
    if (frame !== way.frame) return false;
    const pairs = comparisons(test, outcome, subject).flatMap(({ left, right, equal, ordered, truthy }): readonly (readonly [Expr, Expr, boolean])[] => {
      if (right && !ordered && !equal && truthy === undefined) return [[left, right, false]];
      if (left.kind !== 'call' || truthy === undefined) return [];
      const { callee, args } = left;
      const name = callee.kind === 'member' ? String(callee.property) : callee.kind === 'ref' ? (view.evaluator.modules.facts(frame.file)?.bindings[callee.binding]?.name ?? '') : '';
      const [first, second] = callee.kind === 'member' && args.length === 1 ? [callee.object, args[0]] : args;
      const isOther = (equalNames.test(name) && !truthy) || (differentNames.test(name) && truthy);
      return first && second && isOther ? [[first, second, true]] : [];
    });
    return pairs.some(([left, right, isDeep]) => [[left, right] as const, [right, left] as const].some(([one, other]) => {
      const [asked, given, deep] = textOf(one) && textOf(other) ? [textOf(one) ?? one, textOf(other) ?? other, true] : [one, other, isDeep];
      if (!isFieldOf(view, withoutDefault(asked), field.name, frame)) return false;
      const value = view.evaluator.value(field.value, frame);
      if (!isSameValue(given, field.value) && valueKey(view.evaluator.value(given, frame)) !== valueKey(value)) return false;
      // Two objects are never one another, however equal they are.
      return deep || alternatives(value).every((part) => part.kind !== 'object' && part.kind !== 'array' && part.kind !== 'instance');
    }));
  });
}

/** Whether an expression is a field of the document that the event tells of, as it is now. */
function isFieldOf(view: LinkedFunction, expr: Expr, name: string | Expr, frame: Frame): boolean {
  const [mirror, key] = typeof name === 'string' ? [mirrorOf(view.evaluator.value(expr, frame)), `@.${name}`]
    : expr.kind === 'member' && isSameName(expr.property, name) ? [mirrorOf(view.evaluator.value(expr.object, frame)), '@'] : [];
  return mirror !== undefined && mirror.side === 'after' && mirror.key === key;
}

/** `JSON.stringify(x)` */
function textOf(expr: Expr): Expr | undefined {
  const { callee, args } = expr.kind === 'call' ? expr : { callee: undefined, args: [] };
  return callee?.kind === 'member' && callee.property === 'stringify' && callee.object.kind === 'global' && callee.object.name === 'JSON' ? withoutDefault(args[0] ?? expr) : undefined;
}

const withoutDefault = (expr: Expr): Expr => (expr.kind === 'logical' && (expr.op === '??' || expr.op === '||') && expr.right.kind === 'literal' ? expr.left : expr);

const isSameValue = (one: Expr, other: Expr): boolean => (one.kind === 'literal' && other.kind === 'literal' ? one.value === other.value : same(withoutDefault(one), withoutDefault(other)));
