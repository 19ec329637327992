import type { Expr } from '../../model/facts.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains, element, truthiness } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import type { ActiveCondition } from './asked-functions.ts';
import { comparisons, unfolded } from './comparisons.ts';
import { withEdits } from './edits.ts';
import { filledUnder } from './filled-lists.ts';
import { fillingOf } from './fillings.ts';
import { heldIn } from './held-tests.ts';
import { mirrorOf, names, type Mirror, type Side } from './mirrors.ts';
import { settles } from './settles.ts';
import { inputsOf } from './test-inputs.ts';

/** What is known of a change before the event of it is looked at. */
export interface Change {
  /** Paths of the fields of the document that it writes; absent: any. */
  readonly written?: ReadonlySet<string>;
  /** What it writes into them, by their names. */
  readonly values?: ReadonlyMap<string, Value>;
  /** Whether the document is there before and after it, where that is known. */
  readonly exists: Readonly<Partial<Record<Side, boolean>>>;
}

/** What the message of a write says of the change that it makes. */
export function changeOf({ payload, isUpdate, exists }: { readonly payload?: Value; readonly isUpdate?: boolean | 'listed'; readonly exists?: Change['exists'] }): Change {
  const known = exists ?? {};
  if (!isUpdate || payload?.kind !== 'object' || payload.entries.length === 0 || (payload.open && isUpdate !== 'listed')) return { exists: known };
  const names = payload.entries.map(([name]) => name);
  // Of an update expression that is not known only the names of its values are.
  if (names.some((name) => name === '*' || name === '...' || name.startsWith(':'))) return { exists: known };
  return { exists: known, written: new Set(names.map((name) => name.replaceAll('/', '.'))), values: new Map(payload.entries) };
}

/** Something that has to be so for control to come to a place. */
interface Claim {
  readonly mirror: Mirror;
  readonly is?: { readonly value: unknown };
  readonly not?: { readonly value: unknown };
  readonly truthy?: boolean;
}

export type Asking = Pick<ActiveCondition, 'test' | 'outcome' | 'subject' | 'frame' | 'fn'>;

const MAX_DEPTH = 8;

/**
 * The condition that no event of a change can meet: it wants a field to have changed that the change leaves as it is (also by two tests:
 * `before.state !== 'done' && after.state === 'done'`), or a document to be new that was there.
 */
export function refusesChange<C extends Asking>(view: LinkedFunction, conditions: readonly C[], change: Change): C | undefined {
  const claims: Claim[] = [];
  for (const condition of conditions) if (isImpossible(view, [condition], change, claims, 0)) return condition;
  return undefined;
}

/** Whether conditions cannot all hold, with what is claimed already; adds what they claim. */
function isImpossible(view: LinkedFunction, conditions: readonly Asking[], change: Change, claims: Claim[], depth: number): boolean {
  const pending = [...conditions];
  const either: (readonly (readonly Asking[])[])[] = [];
  for (let one = pending.pop(); one; one = pending.pop()) {
    const { test, outcome } = one;
    if (outcome === true || outcome === false) {
      if (test.kind === 'unary' && test.op === '!') { pending.push({ ...one, test: test.of, outcome: !outcome }); continue; }
      if (test.kind === 'logical' && test.op !== '??') {
        const sides = [{ ...one, test: test.left }, { ...one, test: test.right }];
        if ((test.op === '&&') === outcome) pending.push(...sides); else either.push(sides.map((side) => [side]));
        continue;
      }
      const meant = definitionOf(view, test, one.frame);
      if (meant) { pending.push({ ...one, test: meant }); continue; }
      const ways = filledUnder(view, one);
      if (ways) { either.push(ways.map(({ tests }) => tests)); continue; }
      if (wantsDifference(view, test, outcome, one.frame, change)) return true;
    } else {
      const ways = filledUnder(view, one);
      if (ways) { either.push(ways.map(({ tests }) => tests)); continue; }
    }
    for (const claim of claimsOf(view, one, change)) {
      if (claim === 'impossible') return true;
      if (claims.some((other) => contradict(claim, other, change))) return true;
      claims.push(claim);
    }
  }
  return depth < MAX_DEPTH && either.some((ways) => ways.length > 0 && ways.every((way) => isImpossible(view, way, change, [...claims], depth + 1)));
}

/** `const isNew = !before && after; if (isNew) …`: the test that a name stands for. */
export function definitionOf(view: LinkedFunction, test: Expr, frame: Frame): Expr | undefined {
  const held = heldIn(view, test, frame);
  return held !== test && (held.kind === 'logical' || held.kind === 'unary' || held.kind === 'binary' || held.kind === 'call' || held.kind === 'await') ? held : undefined;
}

/** What an expression of a test is when it is asked: `delete after.seenAt; if (isEqual(before, after)) …` asks all fields but one. */
const asAsked = (view: LinkedFunction, frame: Frame, test: Expr) => (expr: Expr): Value => withEdits(view, { callers: [], frame }, test, view.evaluator.value(expr, frame));

const isKept = ({ fields }: Mirror, { written }: Change): boolean => written !== undefined && fields.length > 0 && fields.every((field) => ![...written].some((one) => names(field, one)));

/** Whether two values are one function of what a change leaves as it is, on the state before and after it. */
function isSame(left: Value, right: Value, change: Change): boolean {
  const [one, other] = [mirrorOf(left), mirrorOf(right)];
  return one?.side !== undefined && other?.side !== undefined && one.side !== other.side && one.key === other.key && isKept(one, change);
}

/** One field of one state on both sides: `change.after.data()` taken for the state before by mistake. */
function isItself(left: Value, right: Value): boolean {
  const [one, other] = [mirrorOf(left), mirrorOf(right)];
  return one?.side !== undefined && one.whole === undefined && one.side === other?.side && one.key === other.key && one.fields.length === 1 && one.key === `@.${one.fields[0]}`;
}

/** A function by whose name two values are told to be equal, or not. */
const equalNames = /equal|same/i;
const differentNames = /differ|changed/i;

/** Whether a call has to find a difference between the two states where there is none: `!isEqual(before.tags, after.tags)`, `names.some((name) => before[name] !== after[name])`. */
function wantsDifference(view: LinkedFunction, test: Expr, outcome: boolean, frame: Frame, change: Change): boolean {
  if (test.kind !== 'call') return false;
  const { callee, args } = test;
  const name = callee.kind === 'member' ? String(callee.property) : callee.kind === 'ref' ? (view.evaluator.modules.facts(frame.file)?.bindings[callee.binding]?.name ?? '') : '';
  const wanted = equalNames.test(name) ? !outcome : differentNames.test(name) && outcome;
  const valueOf = asAsked(view, frame, test);
  if (wanted) {
    const [left, right] = callee.kind === 'member' && args.length === 1 ? [callee.object, args[0]] : args;
    if (left && right && isSame(valueOf(left), valueOf(right), change)) return true;
  }
  return callee.kind === 'member' && (callee.property === 'some' ? outcome : callee.property === 'every' && !outcome) && everyItem(view, test, frame, change);
}

/** `names.some((name) => before[name] !== after[name])`, for each name. */
function everyItem(view: LinkedFunction, call: Expr & { kind: 'call' }, frame: Frame, change: Change): boolean {
  const [callback] = call.args;
  const target = callback && view.evaluator.value(callback, frame);
  const fn = target?.kind === 'function' ? view.evaluator.fact(target.file, target.fn) : undefined;
  const [returned, ...others] = target?.kind === 'function' ? (view.evaluator.modules.index(target.file)?.returns[target.fn] ?? []) : [];
  if (target?.kind !== 'function' || !fn || !returned || others.length > 0 || call.callee.kind !== 'member') return false;
  const list = view.evaluator.value(call.callee.object, frame);
  const inner = view.evaluator.enter(target, [{ value: element(list) }], `${frame.file}:${call.start}`, frame);
  return isImpossible(view, [{ test: returned, outcome: call.callee.property === 'some', frame: inner, fn }], change, [], MAX_DEPTH - 1);
}

/**
 * The first condition that asks for a field which the write changes, and of which it is not known whether it holds in the next round: a
 * value that is worked out may be what the check refuses. What changes with each round, and a field that has to have changed, let it through.
 */
export function doubtfulUnder<C extends Asking>(view: LinkedFunction, conditions: readonly C[], change: Change): C | undefined {
  return conditions.find((condition) => parts(view, condition, 0).some((part) => isDoubtful(view, part, change)));
}

/**
 * The first condition that asks a helper what is different in the two states (`if (!hasNews(before, after)) return`): what it looks for is
 * not known, and there is no other reason to give it both.
 */
export function comparesStates<C extends Asking>(view: LinkedFunction, conditions: readonly C[], { exists }: Change): C | undefined {
  if (exists.after === undefined) return undefined;
  const isOfChange = view.fn.triggers.every((trigger) => trigger.kind !== 'document' || /updat|writ/i.test(trigger.source));
  /** What a helper was asked of one state, by what it is called: how it came out. */
  const given = new Map<string, Map<Side, unknown>>();
  return conditions.find((condition) => parts(view, condition, 0).some(({ test, outcome, frame }) => {
    const asked = callBehind(view, test, frame);
    const args = asked ? asked.args.map((arg) => view.evaluator.value(arg, frame)) : [];
    if (isBothStates(args) || (isOfChange && args.some(isWholeChange)) || contains(view.evaluator.value(test, frame), (one) => one.kind === 'derived' && isBothStates(one.from))) return true;
    // `hasAddress(after) && !hasAddress(before)`
    if (asked?.callee.kind !== 'ref') return false;
    const helper = `${frame.file}#${asked.callee.binding}`;
    const sides = given.get(helper) ?? new Map<Side, unknown>();
    given.set(helper, sides);
    for (const arg of args) { const { whole, side } = mirrorOf(arg) ?? {}; if (whole && side) sides.set(side, outcome); }
    return sides.size === 2 && sides.get('before') !== sides.get('after');
  }));
}

/** Both states of the document of the event. */
const isBothStates = (values: readonly Value[]): boolean => new Set(values.flatMap((value) => { const { whole, side } = mirrorOf(value) ?? {}; return whole && side ? [side] : []; })).size === 2;

/** The event, or the change that it tells of. */
const isWholeChange = (value: Value): boolean => value.kind === 'event' && (value.path.length === 0 || value.path.join('.') === 'data');

/** The call that a test asks, or a part of whose answer: `const { added } = diff(before, after); if (added.length > 0) …`. */
function callBehind(view: LinkedFunction, test: Expr, frame: Frame): (Expr & { kind: 'call' }) | undefined {
  let current: Expr = test;
  for (let step = 0; step < MAX_DEPTH; step++) {
    if (current.kind === 'call') return current;
    if (current.kind === 'await') current = current.of;
    else if (current.kind === 'member') current = current.object;
    else if (current.kind === 'binary') current = current.left;
    else if (current.kind === 'ref') {
      const [only, ...others]: readonly { readonly expr?: Expr; readonly fn: number }[] = view.evaluator.modules.index(frame.file)?.definitions.get(current.binding) ?? [];
      if (!only?.expr || others.length > 0 || only.fn !== frame.fn) return undefined;
      current = only.expr;
    } else return undefined;
  }
  return undefined;
}

/** The single tests that a condition is made of. */
function parts(view: LinkedFunction, condition: Asking, depth: number): readonly Asking[] {
  const { test, frame } = condition;
  const inner = test.kind === 'logical' ? [test.left, test.right] : test.kind === 'unary' && test.op === '!' ? [test.of] : [definitionOf(view, test, frame)];
  const [first] = inner;
  if (!first || depth >= MAX_DEPTH || condition.outcome === 'case') return [condition];
  const outcome = test.kind === 'unary' ? !condition.outcome : condition.outcome;
  return inner.flatMap((one) => (one ? parts(view, { ...condition, test: one, outcome }, depth + 1) : []));
}

function isDoubtful(view: LinkedFunction, { test, outcome, subject, frame }: Asking, change: Change): boolean {
  const { written, values, exists } = change;
  const valueOf = (expr: Expr): Value => view.evaluator.value(expr, frame);
  // What a function makes of a whole state is not known.
  const asked = test.kind === 'await' ? test.of : test;
  if (asked.kind === 'call' && exists.after !== undefined && asked.args.some((arg) => mirrorOf(valueOf(arg))?.whole !== undefined)) return !asksKept(view, test, frame, change);
  if (!written) return false;
  return comparisons(test, outcome, subject).some((comparison) => {
    const sides = [comparison.left, ...(comparison.right ? [comparison.right] : []), ...(outcome === 'case' && subject ? [subject] : [])].flatMap((expr) => mirrorOf(valueOf(expr)) ?? []);
    if (sides.some(({ side }) => side === 'before')) return false;
    const fields = sides.flatMap((one) => (one.side ? one.fields : []));
    const isOpen = (name: string, value: Value): boolean => !alternatives(value).every(isLiteral) && settles({ kind: 'object', entries: [[name, value]], open: false });
    return fields.some((field) => [...values ?? []].some(([name, value]) => names(field, name.replaceAll('/', '.')) && isOpen(name, value)));
  });
}

/** Whether a test reads single fields of the state after the change that the change leaves as they are, and nothing of the whole of it. */
function asksKept(view: LinkedFunction, test: Expr, frame: Frame, change: Change): boolean {
  return inputsOf(view, test, frame)?.every((value) => {
    const mirror = mirrorOf(value);
    return mirror !== undefined && mirror.side !== 'before' && mirror.whole === undefined && (mirror.side === undefined || isKept(mirror, change));
  }) ?? false;
}

/** What a single test claims of the two states. */
function claimsOf(view: LinkedFunction, { test, outcome, subject, frame }: Asking, change: Change): readonly (Claim | 'impossible')[] {
  const valueOf = asAsked(view, frame, test);
  return comparisons(test, outcome, subject).flatMap((comparison): readonly (Claim | 'impossible')[] => {
    const given = comparison.right ? valueOf(comparison.right) : outcome === 'case' && subject ? valueOf(subject) : undefined;
    const { left, right, ordered, equal, truthy, goesOn, strict } = unfolded(valueOf(comparison.left), given, comparison);
    if (right && !equal && (!ordered || strict) && truthy === undefined && (isSame(left, right, change) || isItself(left, right))) return ['impossible'];
    if (isNoDifference(left, change) && (truthy === true || (right && isZero(right) && (ordered ? goesOn === 'above' && strict === true : !equal)))) return ['impossible'];
    const [said, other] = right && isLiteral(left) ? [right, left] : [left, right];
    const mirror = mirrorOf(said);
    if (!mirror?.side || ordered) return [];
    if (truthy !== undefined && includesWritten(said, change) === !truthy) return ['impossible'];
    const claim: Claim | undefined = truthy !== undefined ? { mirror, truthy } : other && isLiteral(other) ? { mirror, ...(equal ? { is: { value: other.value } } : { not: { value: other.value } }) } : undefined;
    return !claim ? [] : contradictsExistence(claim, change) || isFilled(claim, change) ? ['impossible'] : [claim];
  });
}

const isLiteral = (value: Value): value is Value & { kind: 'literal' } => value.kind === 'literal';
const isZero = (value: Value): boolean => value.kind === 'literal' && value.value === 0;

/** `difference(after.ids, before.ids).length` of lists that are equal. */
function isNoDifference(value: Value, change: Change): boolean {
  const [list] = value.kind === 'derived' && /^[.#](?:length|size)$/.test(value.what) ? value.from : [];
  if (list?.kind !== 'derived' || !/(?:difference|xor|without)(?:By|With)?$/i.test(list.what)) return false;
  const [left, right] = list.from;
  return left !== undefined && right !== undefined && isSame(left, right, change);
}

/** Whether a list of known texts includes what is written: `['paid', 'lost'].includes(after.state)`. */
function includesWritten(said: Value, { values }: Change): boolean | undefined {
  if (said.kind !== 'derived' || !/#includes$/.test(said.what)) return undefined;
  const [list, asked] = said.from;
  const of = asked && mirrorOf(asked);
  const [name] = of?.fields ?? [];
  const written = of?.side === 'after' && name !== undefined && of.key === `@.${name}` ? values?.get(name) : undefined;
  if (!written || list?.kind !== 'array' || list.open || !list.items.every(isLiteral)) return undefined;
  const texts = list.items.map((item) => (isLiteral(item) ? item.value : undefined));
  const found = new Set(alternatives(written).map((one) => (isLiteral(one) ? texts.includes(one.value) : undefined)));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

/** `before` is falsy, `before.exists` is false: of a document that is there. */
function contradictsExistence({ mirror, is, not, truthy }: Claim, { exists }: Change): boolean {
  const known = mirror.side && exists[mirror.side];
  if (known === undefined || !(mirror.exists || mirror.whole === 'data')) return false;
  const isMissing = (value: unknown): boolean => value === undefined || value === null || value === false;
  const claimed = truthy ?? (is ? !isMissing(is.value) : not && isMissing(not.value) ? true : undefined);
  return claimed !== undefined && claimed !== known;
}

/** `!after.slug`, of a field that the write fills. */
function isFilled({ mirror, is, truthy }: Claim, { values }: Change): boolean {
  const [name] = mirror.fields;
  const value = mirror.side === 'after' && name !== undefined && mirror.key === `@.${name}` ? values?.get(name) : undefined;
  if (value === undefined || name === undefined || !(truthy === false || (is && (is.value === undefined || is.value === null)))) return false;
  return fillingOf([[name, value]])?.length === 0;
}

/** Whether two claims of the same thing before and after cannot both hold where it stays as it is. */
function contradict(one: Claim, other: Claim, change: Change): boolean {
  if (one.mirror.side === other.mirror.side || one.mirror.key !== other.mirror.key || !isKept(one.mirror, change)) return false;
  return against(one, other) || against(other, one);
}

function against(one: Claim, other: Claim): boolean {
  if (one.truthy !== undefined && other.truthy !== undefined) return one.truthy !== other.truthy;
  if (!one.is) return false;
  const { value } = one.is;
  if (other.is) return (other.is.value ?? null) !== (value ?? null);
  if (other.not) return (other.not.value ?? null) === (value ?? null);
  return other.truthy !== undefined && truthiness({ kind: 'literal', value } as Value) !== other.truthy;
}
