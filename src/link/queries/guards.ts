import type { Effect } from '../../catalog/effects.ts';
import type { Expr } from '../../model/facts.ts';
import type { Guard } from '../../model/finding.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains, oneOf, truthiness, valueKey } from '../values.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { cursorIn, deadlineIn, isCursorName, moves, type Sent } from './carried.ts';
import { comparisons, isPresence, unfolded, type Asked, type Comparison } from './comparisons.ts';
import { conditionsAlong, type ActiveCondition } from './conditions.ts';
import { choiceRefuses, choicesAlong } from './dispatched.ts';
import { filledUnder, type Filling } from './filled-lists.ts';
import { fillingsEnd, refills } from './fill-rounds.ts';
import { filtersAlong } from './filtered.ts';
import type { ReachedEffect } from './effects.ts';
import { comesBefore, mayWrite, writesOnEvent } from './answer-shapes.ts';
import { isWithout } from './filters.ts';
import { stepInPlace } from './in-place.ts';
import { markedBy } from './marked-documents.ts';
import { mirrorOf } from './mirrors.ts';
import { eventNames, sentParts } from './payload.ts';
import { fillingOf, isMissing, isTakenAway } from './fillings.ts';
import { refusedField, refusedKey } from './key-checks.ts';
import { refusesKey, refusesType } from './refusals.ts';
import { storedCounter } from './stored-counters.ts';
import { isFresh } from './settles.ts';
import { changeOf, comparesStates, definitionOf, refusesChange, type Change } from './unchanged.ts';
import { neverPassed, standsBehindExit } from './unreached.ts';
import { openUnder } from './next-round.ts';
import { weakGuard } from './weak-guards.ts';

/** A guard found on the way to a call that makes its own function run again. */
export interface FoundGuard extends Guard {
  /** The chain provably ends after the next round: the message sent takes another branch. */
  readonly oneHop: boolean;
  /** The literal that a counter is compared with: an upper bound of the rounds. */
  readonly rounds?: number;
  /** What it rests on; empty: proved. */
  readonly rests?: readonly string[];
  /** Of a weak one: what has to be so for the chain to go on all the same. */
  readonly doubt?: string;
  /** Name of the part of the payload that a counter, cursor or list is carried in. */
  readonly carried?: string;
  /** The rounds are counted in a store: no function has to hand the count on. */
  readonly stored?: true;
}

/**
 * What, on the path to a call, ends a chain of invocations: a counter or cursor carried in the payload and compared, a list
 * in it that gets shorter, or a marker that the payload sets and the path checks.
 *
 * @param item the effect that makes the next round
 */
export function guardOf(view: FunctionView, item: Pick<ReachedEffect, 'call' | 'occurrence'>, arrives: Arriving): FoundGuard | undefined {
  const { call, occurrence } = item;
  if (!call || !occurrence) return undefined;
  const linked = view as LinkedFunction;
  const { activation, chosen } = occurrence;
  const parts = [arrives.payload, arrives.attributes].flatMap((value) => (value ? sentParts(value) : []));
  // `update({ 'delivery.state': 'DONE' })` writes a field of a field.
  const sent = arrives.isUpdate ? parts.map(([name, value]) => [name.slice(name.lastIndexOf('.') + 1), value] as const) : parts;
  const conditions = [
    ...conditionsAlong(linked, activation, call.expr), ...(chosen ? conditionsAlong(linked, activation, chosen) : []),
    ...filtersAlong(linked, activation, call.expr), ...choicesAlong(linked, activation),
  ];
  const unmet = neverPassed(linked, conditions);
  if (unmet || standsBehindExit(linked, activation, call.expr)) {
    const { file, line } = linked.location(unmet ? { file: unmet.frame.file, start: unmet.test.start, end: unmet.test.end } : call.place);
    return { strength: 'ends', why: unmet ? 'what is given here does not pass this check' : 'control does not come to this line', oneHop: true, file, line };
  }
  const marked = markedBy(linked, conditions, call.expr, sent);
  if (marked) {
    const { file, line } = linked.location({ file: marked.frame.file, start: marked.test.start, end: marked.test.end });
    return { strength: 'ends', why: 'the document that is written says so, and this check leaves it alone', oneHop: false, file, line };
  }
  const change = changeOf(arrives);
  for (const condition of conditions) {
    const found = judgeEach(linked, condition, arrives, sent, activation);
    if (found) return found;
  }
  const refused = refusesChange(linked, conditions, change);
  if (refused) {
    const { file, line } = linked.location({ file: refused.frame.file, start: refused.test.start, end: refused.test.end });
    return { strength: 'ends', why: 'the check wants a change that this write does not make', oneHop: true, file, line };
  }
  for (const condition of conditions) {
    const ways = filledUnder(linked, condition);
    const filled = ways && wayEnds(linked, ways, condition, conditions.filter((one) => one !== condition), arrives, sent, activation, 2);
    if (filled) return filled;
  }
  const counter = storedCounter(linked, conditions);
  if (counter) {
    const { condition: { frame, test }, field, rounds } = counter;
    const { file, line } = linked.location({ file: frame.file, start: test.start, end: test.end });
    return {
      strength: 'ends', why: `each round adds to ${field} in a store, and this check stops the chain at a limit`, oneHop: false, stored: true, file, line,
      rests: [`${field} is counted in the same item in every round`], ...(rounds === undefined ? {} : { rounds }),
    };
  }
  const compared = comparesStates(linked, conditions, change);
  if (compared) {
    const { file, line } = linked.location({ file: compared.frame.file, start: compared.test.start, end: compared.test.end });
    return { strength: 'ends', why: 'the check compares what was there before with what is there now', oneHop: true, file, line, rests: ['this write changes nothing that the check looks for'] };
  }
  const weak = weakGuard(linked, conditions, sent, change, call);
  const open = weak?.doubt === undefined ? openUnder(linked, conditions, { arrives, sent, change }) : undefined;
  if (!open) return weak;
  const { file, line } = linked.location({ file: open.frame.file, start: open.test.start, end: open.test.end });
  return { strength: 'weak', why: 'whether this check lets the next round through is not known', doubt: 'the check lets the next round through', oneHop: false, file, line };
}

/** What the next invocation gets. */
export interface Arriving {
  /** The message itself. */
  readonly payload?: Value;
  /** Object key that is written, for checks of the event's key. */
  readonly key?: Value;
  /** What is sent beside the payload: attributes of a message, detail type of an event. */
  readonly attributes?: Value;
  /** The fields at the top of the whole event, where they are known to the last one. */
  readonly fields?: readonly string[];
  /** Of a task of a state machine: whether it is surely given no field of that name, and what that rests on. */
  readonly lacking?: (field: string) => readonly string[] | undefined;
  /** The payload is the whole event. */
  readonly isWhole?: boolean;
  /** A document or item of which the other fields stay; `listed`: the payload names every field that is written. */
  readonly isUpdate?: boolean | 'listed';
  /** Functions that run on the way from this round to the next. */
  readonly others?: readonly FunctionView[];
  /** Whether the document that is written is there before and after, where that is known. */
  readonly exists?: Change['exists'];
}

/** What a record says of the write behind it, beside the payload: the name of its event, where there is only one that it can be. */
export function toldOf(effect: Effect): Value | undefined {
  const [only] = effect.events ?? [];
  if (effect.service !== 'dynamodb' || only === undefined || effect.events?.length !== 1) return effect.attributes;
  return { kind: 'object', open: true, entries: [['eventName', { kind: 'literal', value: only }]] };
}

/** `switch (true) { case test: … }` */
const isTrue = (subject: Expr): boolean => subject.kind === 'literal' && subject.value === true;

/** Of `a || b` that held either may have: each has to be refused. */
function judgeEach(view: LinkedFunction, condition: ActiveCondition, arrives: Arriving, sent: Sent, activation: Activation, depth = 0): FoundGuard | undefined {
  const { test, outcome } = condition;
  if (typeof outcome === 'boolean' && depth < 8) {
    const meant = definitionOf(view, test, condition.frame);
    if (meant?.kind === 'logical') return judgeEach(view, { ...condition, test: meant }, arrives, sent, activation, depth + 1);
    if (test.kind === 'unary' && test.op === '!') return judgeEach(view, { ...condition, test: test.of, outcome: !outcome }, arrives, sent, activation, depth + 1);
    if (test.kind === 'logical' && (test.op === '||') === outcome && test.op !== '??' && !(test.op === '&&' && isPresence(test.left, test.right))) {
      const first = judgeEach(view, { ...condition, test: test.left }, arrives, sent, activation, depth + 1);
      return first && judgeEach(view, { ...condition, test: test.right }, arrives, sent, activation, depth + 1) ? first : undefined;
    }
    // A list that is not empty was filled on one of several ways: each has to be refused.
    const ways = filledUnder(view, condition);
    const filled = ways && wayEnds(view, ways, condition, [], arrives, sent, activation, depth + 1);
    if (filled) return filled;
  }
  return judge(view, condition, arrives, sent, activation);
}

/**
 * What ends a chain that goes on only while something is filled: each way to fill it is refused, in the end.
 *
 * @param around tests on the way that do not ask for what is filled
 */
function wayEnds(view: LinkedFunction, ways: readonly Filling[], { test, frame }: ActiveCondition, around: readonly ActiveCondition[], whole: Arriving, all: Sent, activation: Activation, depth: number): FoundGuard | undefined {
  // What a helper fills the message with is not seen in the message.
  const seen = whole.payload?.kind === 'object' && whole.payload.entries.length === 0 ? fieldsOf(view, ways) : undefined;
  const [arrives, sent] = seen && whole.payload?.kind === 'object' ? [{ ...whole, payload: { ...whole.payload, entries: seen, open: false } }, seen] : [whole, all];
  const refuses = (way: Filling, written: Sent): FoundGuard | undefined => {
    const { file, line } = view.location({ file: frame.file, start: test.start, end: test.end });
    const given = written === sent ? arrives : withParts(arrives, written);
    const tests = [...way.tests, ...around];
    for (const one of tests) {
      const found = judgeEach(view, one, given, written, activation, depth);
      if (found?.strength === 'ends') return found;
    }
    if (refusesChange(view, tests, changeOf(given))) return { strength: 'ends', why: 'the check wants a change that this write does not make', oneHop: true, file, line };
    const rests = refills(view, way, ways, sent);
    return rests && { strength: 'ends', why: 'what is written is what the check compares it with', oneHop: true, file, line, rests };
  };
  const found = fillingsEnd(view, ways, sent, refuses);
  const [first] = found ?? [];
  return first && { ...first, rests: [...new Set(found?.flatMap(({ rests }) => rests ?? []))] };
}

/** The fields that are filled, with what they are filled with; `undefined` where one of them is not known. */
function fieldsOf(view: LinkedFunction, ways: readonly Filling[]): Sent | undefined {
  const byName = new Map<string, Value[]>();
  for (const { fields, frame } of ways) {
    if (fields.length === 0) return undefined;
    for (const { name, value } of fields) {
      if (typeof name !== 'string') return undefined;
      byName.set(name, [...(byName.get(name) ?? []), view.evaluator.value(value, frame)]);
    }
  }
  return [...byName].map(([name, values]) => [name, oneOf(values)] as const);
}

/** What arrives when only some parts of a message are written. */
function withParts(arrives: Arriving, written: Sent): Arriving {
  const { payload } = arrives;
  if (payload?.kind !== 'object') return arrives;
  const byName = new Map<string, Value[]>();
  for (const [name, value] of written) byName.set(name, [...(byName.get(name) ?? []), value]);
  const entries = payload.entries.flatMap(([name]): readonly (readonly [string, Value])[] => {
    const values = byName.get(arrives.isUpdate ? name.slice(name.lastIndexOf('.') + 1) : name);
    return values ? [[name, oneOf(values)]] : [];
  });
  return { ...arrives, payload: { ...payload, entries } };
}

function judge(view: LinkedFunction, condition: ActiveCondition, arrives: Arriving, sent: Sent, activation: Activation): FoundGuard | undefined {
  const { frame } = condition;
  const { payload, key } = arrives;
  const place = view.location({ file: frame.file, start: condition.test.start, end: condition.test.end });
  const guard = (strength: Guard['strength'], why: string, oneHop = false, rounds?: number, carried?: string): FoundGuard => ({ strength, why, oneHop, file: place.file, line: place.line, ...(rounds === undefined ? {} : { rounds }), ...(carried === undefined ? {} : { carried }) });
  const valueOf = (expr: Expr): Value => view.evaluator.value(expr, frame);
  for (const comparison of comparisons(condition.subject && !isTrue(condition.subject) ? condition.subject : condition.test, condition.outcome, condition.subject)) {
    if (key && comparison.truthy !== undefined && refusesKey(view, comparison.left, comparison.truthy, key, frame)) return guard('ends', 'the key that is written is refused by this check', true);
    if (comparison.whole && refusesType(view, comparison.whole, comparison.came ?? true, key, sent.find(([name]) => /^content-?type$/i.test(name))?.[1], frame)) return guard('ends', 'the media type of what is written is refused by this check', true);
    if (isPromise(view, comparison.left, frame)) continue;
    const sentFor = (asked: Value): readonly Value[] => (isField(asked) ? sent.filter(([name]) => name === eventNames(asked)[0]).map(([, value]) => value) : []);
    if (comparison.whole && choiceRefuses(view, comparison.whole, comparison.came ?? true, frame, sentFor)) return guard('ends', 'the payload takes another branch in the next round', true);
    const asked = unfolded(valueOf(comparison.left), comparison.right ? valueOf(comparison.right) : condition.subject && !isTrue(condition.subject) ? valueOf(condition.test) : undefined, comparison);
    const { left, right, ordered, equal, truthy, goesOn } = asked;
    const keyRests = key && refusedKey(asked, key);
    const isAsked = contains(left, (one) => one.kind === 'derived' && one.io);
    const fields = isAsked || mirrorOf(left)?.side === 'before' ? [] : [...sent, ...(key?.kind === 'object' ? sentParts(key) : [])].filter(([name]) => eventNames(left).includes(name));
    const [told, ...others] = fields.map(([name, value]) => refusedField(asked, name, value));
    if (told && others.every((one) => one !== undefined)) return { ...guard('ends', 'the payload takes another branch in the next round', true), ...(told.length > 0 ? { rests: told } : {}) };
    if (keyRests) return { ...guard('ends', 'the key that is written is refused by this check', true), ...(keyRests.length > 0 ? { rests: keyRests } : {}) };
    if (payload && shrinks(view, comparison, sent, frame)) return guard('ends', 'a list carried in the payload gets shorter each round, and an empty one ends the chain', false, undefined, sent.find(([, part]) => contains(part, (one) => one === left || valueKey(one) === valueKey(valueOf(comparison.left.kind === 'member' ? comparison.left.object : comparison.left))))?.[0]);
    for (const [one, other, side] of [[left, right, 'left'], [right, left, 'right']] as const) {
      // What was there before the write is not what the write says.
      const names = one && mirrorOf(one)?.side !== 'before' ? eventNames(one) : [];
      const goesUp = goesOn !== undefined && (goesOn === 'below') === (side === 'left');
      if (ordered && payload) {
        const moved = names.find((name) => stepInPlace(view, activation, payload, name) === (goesUp ? 1 : -1));
        if (moved !== undefined) return guard('ends', 'a counter carried in the payload is compared before the next round', false, undefined, moved);
      }
      // What was read last of all (`.kind` of `.list` of the body) is what is compared.
      const read = sent.filter(([name]) => name === names[0]);
      const carried = read.length > 0 ? read : sent.filter(([name]) => names.includes(name));
      if (carried.length === 0) continue;
      if (ordered) {
        const bounds = other ? alternatives(other).map((value) => (value.kind === 'literal' ? Number(value.value) : Number.NaN)) : [];
        if (carried.some(([name, value]) => moves(value) && eventNames(value).includes(name) && !(direction(value) === (goesUp ? -1 : 1)))) {
          return guard('ends', 'a counter carried in the payload is compared before the next round', false, goesUp && bounds.length > 0 && bounds.every((value) => Number.isFinite(value)) ? Math.max(...bounds) : undefined, carried[0]?.[0]);
        }
        continue;
      }
      // What was asked of a store is asked of the object that is written.
      if (key && key.kind !== 'object' && one?.kind === 'derived' && one.io && !contains(one, (part) => valueKey(part) === valueKey(key))) continue;
      const refused = one ? refusedMarker(asked, one, other, carried, key !== undefined) : undefined;
      if (refused !== undefined) return guard('ends', refused, true);
      // `if (after.slug !== slug) await own.update({ slug })`
      const again = one && other && !equal && isField(one) && !isFresh(other) && !isMade(other) && carried.every(([, value]) => valueKey(value) === valueKey(other))
        && !eventNames(other).some((name) => name !== carried[0]?.[0] && sent.some(([written]) => written === name));
      if (again) return { ...guard('ends', 'the payload has the value that this check refuses', true), rests: [`${carried[0]?.[0] ?? 'it'} comes out as the same again`] };
      const filled = one && (truthy === false || (equal && isMissing(other))) && alternatives(one).every((part) => part.kind === 'literal' || isField(part)) ? fillingOf(carried) : undefined;
      if (filled) return { ...guard('ends', 'the payload sets a marker that this check refuses', true), ...(filled.length > 0 ? { rests: filled } : {}) };
    }
    // A field that the check wants, and that the message, which is known to its last field, does not have.
    const isThere = truthy === true || (!ordered && !equal && right?.kind === 'literal' && (right.value === undefined || right.value === null));
    const wants = isThere || (equal && !ordered && right?.kind === 'literal' && right.value !== undefined && right.value !== null);
    const taken = isThere && isField(left) && mirrorOf(left)?.side !== 'before' ? sent.filter(([name]) => name === eventNames(left)[0]) : [];
    if (taken.length > 0 && taken.every(([, value]) => isTakenAway(value))) return guard('ends', 'the write takes away the field that this check wants', true);
    const without = wants ? lacks(arrives, left) : undefined;
    if (without && !isWritten(view, condition, left)) return { ...guard('ends', arrives.lacking ? 'what the machine hands to its task has no such field, and without it this line is not reached' : 'the message that is sent has no such field, and without it this line is not reached', true), rests: without };
    // `if (!('Records' in event)) …`: what comes the same way has it again.
    const hasIt = truthy === false && left.kind === 'event' && left.path.length === 1 && arrives.fields?.includes(left.path[0] ?? '') === true;
    if (hasIt && !isWritten(view, condition, left)) return guard('ends', 'the message that is sent has the field without which this line is reached', true);
    const deadline = goesOn && right && payload ? deadlineIn(left, right, goesOn, payload, sent) : undefined;
    if (deadline !== undefined) return guard('ends', 'the time that the payload carries is compared with the clock', false, undefined, deadline);
    // A cursor: the next round goes on only while there is one, and the payload carries it.
    const cursor = payload ? (cursorIn(left, sent) ?? (isThere ? namedCursor(left, sent) : undefined)) : undefined;
    if (cursor !== undefined) return guard('ends', 'a cursor carried in the payload ends the chain when nothing is left', false, undefined, cursor);
  }
  return refusesChange(view, [condition], changeOf(arrives)) ? guard('ends', 'the check wants a change that this write does not make', true) : undefined;
}

/** Two objects are never one another, however equal they are. */
const isMade = (value: Value): boolean => alternatives(value).some((one) => one.kind === 'object' || one.kind === 'array' || one.kind === 'instance');

/** A promise that is asked for its truth without being awaited: it is always true. */
function isPromise(view: LinkedFunction, asked: Expr, frame: Frame): boolean {
  const callee = asked.kind === 'call' ? view.evaluator.value(asked.callee, frame) : undefined;
  return callee?.kind === 'function' && view.evaluator.fact(callee.file, callee.fn)?.async === true;
}

/** Whether the payload sets what a check refuses, and the words for it. */
function refusedMarker({ truthy, equal }: Asked, one: Value, other: Value | undefined, carried: Sent, isObject: boolean): string | undefined {
  // A value that is worked out of the field may be anything, one that stands in for a missing one does not come up.
  if (!alternatives(one).every((part) => part.kind === 'literal' || isField(part))) return undefined;
  if (truthy !== undefined) return carried.every(([, value]) => alternatives(value).every((part) => truthiness(part) === !truthy)) ? 'the payload sets a marker that this check refuses' : undefined;
  const values = carried.flatMap(([, value]) => alternatives(value));
  const set = values.flatMap((value) => (value.kind === 'literal' ? [value.value] : []));
  if (set.length < values.length) return undefined;
  const wanted = other ? alternatives(other) : [];
  if (wanted.length === 0 || !wanted.every((value) => value.kind === 'literal')) return undefined;
  // What is written beside an object comes back as text (S3 "User-defined object metadata", Cloud Storage "Custom metadata", November 2026).
  const isAmong = (value: unknown): boolean => wanted.some((one) => one.kind === 'literal' && (one.value === value || (isObject && String(one.value) === String(value))));
  const isOut = equal ? set.every((value) => !isAmong(value)) : wanted.length === 1 && set.every(isAmong);
  return isOut ? 'the payload takes another branch in the next round' : undefined;
}

/** Whether a value is a field of the event as it is, or read as the type that it has. */
function isField(value: Value): boolean {
  if (value.kind !== 'derived') return value.kind === 'event' || value.kind === 'param' || value.kind === 'context' || value.kind === 'oneOf';
  return /^(?:\.|#(?:get|data|val|toString|trim|toJSON)$|global:(?:Boolean|Number|String|parseInt|JSON\.parse)$|element$|property$)/.test(value.what) || /unmarshall$/.test(value.what);
}

/** The part of the payload that carries a tested value, where that is called as a cursor is. */
function namedCursor(tested: Value, sent: Sent): string | undefined {
  if (tested.kind !== 'derived') return undefined;
  const key = valueKey(tested);
  return sent.find(([name, part]) => contains(part, (one) => valueKey(one) === key) && isCursorName(tested, name))?.[0];
}

/** Whether a value is in a field at the top of the event or of its message, and what arrives surely lacks it: what that rests on. */
function lacks({ payload, fields, isWhole, lacking }: Arriving, asked: Value): readonly string[] | undefined {
  const proved = (isSo: boolean): readonly string[] | undefined => (isSo ? [] : undefined);
  const [top] = asked.kind === 'event' ? asked.path : [];
  if (top !== undefined && top !== '*') {
    if (fields && !fields.includes(top)) return [];
    const found = lacking?.(top) ?? proved(isWhole === true && payload !== undefined && isWithout(payload, top));
    if (found) return found;
  }
  const name = topField(asked);
  return proved(name !== undefined && payload !== undefined && isWithout(payload, name));
}

/** Whether the function itself may put something into that field of its event before it asks. */
function isWritten(view: LinkedFunction, { frame, fn, test }: ActiveCondition, asked: Value): boolean {
  if (asked.kind !== 'event') return false;
  const [top = ''] = asked.path;
  const writes = writesOnEvent(view);
  return !writes || writes.some((write) => mayWrite(write, top) && comesBefore(write, frame.file, fn, test));
}

/** Parts of events that hold the message itself (event formats of Lambda's sources, November 2026). */
const bodies: ReadonlySet<string> = new Set(['body', 'detail', 'Message']);

function topField(value: Value): string | undefined {
  if (value.kind === 'event') return bodies.has(value.path.at(-2) ?? '') ? value.path.at(-1) : undefined;
  const [from] = value.kind === 'derived' ? value.from : [];
  return value.kind === 'derived' && value.what.startsWith('.') && from?.kind === 'derived' && /JSON\.parse$|unmarshall$/.test(from.what) ? value.what.slice(1) : undefined;
}

/** Which way a counter goes each round: 1 or -1; 0 when it cannot be told. */
function direction(value: Value): 1 | -1 | 0 {
  const signs = new Set<number>();
  contains(value, (one) => {
    if (one.kind !== 'derived' || !/^[+-]$/.test(one.what)) return false;
    const step = (one.what === '-' ? one.from.slice(1) : one.from).find((part) => part.kind === 'literal' && typeof part.value === 'number');
    signs.add(step?.kind === 'literal' ? Math.sign(Number(step.value)) * (one.what === '-' ? -1 : 1) : 0);
    return false;
  });
  const [only] = signs;
  return signs.size === 1 && (only === 1 || only === -1) ? only : 0;
}

/** `if (rest.length > 0)` where `rest` is a list of the event without its first items, and the payload carries it. */
function shrinks(view: LinkedFunction, comparison: Comparison, sent: Sent, frame: Frame): boolean {
  const test = comparison.left;
  if (test.kind !== 'member' || test.property !== 'length' || !(comparison.truthy ?? comparison.goesOn === 'above')) return false;
  const list = test.object;
  if (list.kind !== 'ref') return false;
  const value = valueKey(view.evaluator.value(list, frame));
  if (!sent.some(([, part]) => valueKey(part) === value)) return false;
  const index = view.evaluator.modules.index(frame.file);
  const isTaken = (expr: Expr | undefined): boolean => expr?.kind === 'call' && expr.callee.kind === 'member' && /^(?:slice|splice)$/.test(String(expr.callee.property)) && !(expr.args[0]?.kind === 'literal' && expr.args[0].value === 0 && expr.args.length === 1);
  if ((index?.definitions.get(list.binding) ?? []).some((definition) => definition.path.at(-1) === '...' || isTaken(definition.expr))) return true;
  return (index?.calls[frame.fn] ?? []).some((call) => call.callee.kind === 'member' && /^(?:shift|pop|splice)$/.test(String(call.callee.property)) && call.callee.object.kind === 'ref' && call.callee.object.binding === list.binding);
}
