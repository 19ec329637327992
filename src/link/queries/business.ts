import type { Expr } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Callee, ExternalCall, FunctionView } from '../../model/project.ts';
import { alternatives, type FunctionValue, type Value } from '../../model/value.ts';
import type { Evaluator } from '../evaluate.ts';
import type { Argument, Frame } from '../frame.ts';
import { contains, element, valueKey } from '../values.ts';
import type { Activation, CallerStep, LinkedBody, LinkedFunction } from '../view.ts';

/** A call along one of the paths that lead to it. */
export interface Occurrence {
  readonly args: readonly Value[];
  /** What is called, with the receiver as it is on this path. */
  readonly callee: Callee;
  readonly activation: Activation;
  /** Of several values that a variable may have been given before the call: the one that these arguments were made with. */
  readonly chosen?: Expr;
  /** Further paths on which the call has the same arguments. */
  readonly also?: readonly Activation[];
}

/** The distinct argument lists of a call over the paths that lead to it, the shortest first. */
export function occurrencesOf(view: FunctionView, call: ExternalCall): readonly Occurrence[] {
  const linked = view as LinkedFunction;
  const found = new Map<string, Occurrence & { also?: Activation[] }>();
  for (const activation of linked.activations((call.body as LinkedBody).node)) {
    const args = call.expr.args.map((arg) => linked.evaluator.value(arg, activation.frame));
    const callee = calleeIn(linked.evaluator, call, activation.frame);
    const key = [...args.map(valueKey), callee.receiver ? valueKey(callee.receiver) : ''].join('\0');
    const known = found.get(key);
    if (known) (known.also ??= []).push(activation); else found.set(key, { args, callee, activation });
  }
  return [...found.values()];
}

/** The callee of a call in an activation: the same function, on the object that it has there. */
function calleeIn(evaluator: Evaluator, call: ExternalCall, frame: Frame): Callee {
  const { callee } = call.expr;
  if (callee.kind !== 'member' || !call.callee.receiver || callee.object.kind === 'super') return call.callee;
  return { ...call.callee, receiver: evaluator.value(callee.object, frame) };
}

/**
 * The business call: where the author decides what the call works on. That is the call itself when its target is known
 * there whoever calls it; else the caller's call, as far up as the target comes in as a parameter or by the constructor.
 *
 * @param targetOf the target, from the call's arguments and callee
 */
export function businessSite(view: FunctionView, call: ExternalCall, occurrence: Occurrence, targetOf: (args: readonly Value[], callee: Callee) => Value | undefined): SourcePlace {
  const { evaluator } = view as LinkedFunction;
  const { callers, frame } = occurrence.activation;
  const actual = targetOf(occurrence.args, occurrence.callee);
  // What the event names nobody in the code decides.
  if (!actual || callers.length === 0 || isOfEvent(actual)) return call.place;
  const wanted = valueKey(actual);
  if (doesItself(view, call, callers, frame, targetOf)) return call.place;
  for (let from = callers.length; from >= 0; from--) {
    const top = from < callers.length ? callers[from] : undefined;
    const start = top?.frame ?? frame;
    // What the handler itself gets is known: no caller stands above it.
    const base = from === 0 ? start : evaluator.open(start.file, start.fn);
    const active = descend(evaluator, base, callers.slice(from), frame);
    if (!active) continue;
    const target = targetOf(call.expr.args.map((arg) => evaluator.value(arg, active)), calleeIn(evaluator, call, active));
    if (target && (valueKey(target) === wanted || isKnown(target) || isOwnName(actual, target) || isAsVague(actual, target) || (isSetting(actual) && isFromBag(evaluator, target, start, callers[from - 1])))) return placeAt(call, outOf(evaluator, callers, from, frame));
  }
  return call.place;
}

const isOfEvent = (value: Value): boolean => alternatives(value).every((one) => one.kind === 'event' || (one.kind === 'derived' && !one.io && one.what === 'element' && one.from.every(isOfEvent)));

/** Of a callback written where it is handed over the call inside is what the author wrote, not the handing over, nor the call of whatever was handed over. */
function outOf(evaluator: Evaluator, callers: readonly CallerStep[], from: number, last: Frame): CallerStep | undefined {
  for (let index = from; index < callers.length; index++) {
    const step = callers[index];
    const next = callers[index + 1]?.frame ?? last;
    if (step && ((step.how === 'callback' && (isChained(step) || isWrittenIn(evaluator, step, next))) || callsWhatItWasGiven(evaluator, step))) continue;
    return step;
  }
  return undefined;
}

/** `.then(send)`: a step of a chain gets what the one before it gave, and the chain decides nothing of it. */
const isChained = ({ site }: CallerStep): boolean => site.kind === 'call' && site.callee.kind === 'member' && (site.callee.property === 'then' || site.callee.property === 'catch' || site.callee.property === 'finally');

/** `handler(input)` of a wrapper that was given the handler: who wrote it knows nothing of what the call does. */
function callsWhatItWasGiven(evaluator: Evaluator, { site, frame }: CallerStep): boolean {
  return site.kind === 'call' && site.callee.kind === 'ref' && alternatives(evaluator.value(site.callee, evaluator.open(frame.file, frame.fn))).some((one) => one.kind === 'param');
}

const placeAt = (call: ExternalCall, step: CallerStep | undefined): SourcePlace => (step ? { file: step.frame.file, start: step.site.start, end: step.site.end } : call.place);

const isKnown = (target: Value): boolean => !alternatives(target).some((one) => contains(one, (part) => part.kind === 'param' || part.kind === 'unknown'));

/**
 * A method that works with what its object was made with and wraps no call for others: another method of the object calls it, or it asks
 * other services too. Who made the object says nothing of which line has the effect.
 */
function doesItself(view: FunctionView, call: ExternalCall, callers: readonly CallerStep[], frame: Frame, targetOf: (args: readonly Value[], callee: Callee) => Value | undefined): boolean {
  const { evaluator } = view as LinkedFunction;
  let at = callers.length - 1;
  const open = [frame.fn];
  // Callbacks written inside the method are the method.
  for (; at >= 0 && isWrittenIn(evaluator, callers[at], callers[at + 1]?.frame ?? frame); at--) open.push(callers[at]?.frame.fn ?? -1);
  const site = callers[at]?.site;
  if (site?.kind !== 'call' || site.callee.kind !== 'member') return false;
  if (site.callee.object.kind !== 'this' && !asksMore(view, call)) return false;
  const alone = evaluator.open(frame.file, frame.fn);
  const target = targetOf(call.expr.args.map((arg) => evaluator.value(arg, alone)), calleeIn(evaluator, call, alone));
  const isMade = (part: Value): boolean => isField(part) || (part.kind === 'param' && part.file === frame.file && !open.includes(part.fn));
  return target !== undefined && contains(target, isMade) && !contains(target, (part) => part.kind === 'param' && !isMade(part));
}

/** Whether the body of a call asks a service of a package by another call as well, with a client that is not this one's. */
function asksMore(view: FunctionView, call: ExternalCall): boolean {
  const client = receiverText(call);
  return view.calls('invoke').some((other) => other.body === call.body && other.expr !== call.expr && isAsked(other) && receiverText(other) !== client);
}

/** A method of a package's instance, or of what the object was made with. */
function isAsked(call: ExternalCall): boolean {
  const { module, path } = call.callee;
  return module !== 'global' && module !== 'unknown' && call.expr.callee.kind === 'member' && (path.some((name) => name.startsWith('#')) || receiverText(call).endsWith('.this'));
}

/** The client that is asked, as it is written: `s3`, `this.db`. */
function receiverText({ expr }: ExternalCall): string {
  const parts: string[] = [];
  let at: Expr = expr.callee;
  for (; at.kind === 'member' && typeof at.property === 'string'; at = at.object) parts.push(at.property);
  return [...parts.slice(1), at.kind === 'ref' ? String(at.binding) : at.kind].join('.');
}

/** Whether what a step leads to is a function written in the arguments of its call. */
function isWrittenIn(evaluator: Evaluator, step: CallerStep | undefined, next: Frame): boolean {
  const fn = evaluator.fact(next.file, next.fn);
  return step !== undefined && fn !== undefined && step.frame.file === next.file && step.site.start <= fn.start && fn.end <= step.site.end;
}

// A parameter whose type names a class stands for any object of it: its fields are the caller's.
const isField = (value: Value): boolean => value.kind === 'unknown' && /^property .* of a instance$/.test(value.reason);

/** Nothing that the caller hands over decides what the target is, and its caller knows no more. */
function isAsVague(actual: Value, target: Value): boolean {
  const has = (value: Value, kind: Value['kind']): boolean => alternatives(value).some((one) => contains(one, (part) => part.kind === kind));
  return has(actual, 'unknown') && !has(target, 'param') && !(contains(target, isField) && !contains(actual, isField));
}

/** `context.functionName` of a context that was handed on: the helper decides, whatever it is called with. */
function isOwnName(actual: Value, target: Value): boolean {
  return actual.kind === 'context' && target.kind === 'param' && target.path.length > 0 && target.path.join('.') === actual.path.join('.');
}

/** What a deployment decides: no data of the event. */
const isSetting = (value: Value): boolean => !contains(value, (part) => part.kind === 'event' || part.kind === 'param' || part.kind === 'unknown' || part.kind === 'derived');

/**
 * `config.queueUrl` of a `config` that the caller hands on as a whole: which of the settings is taken is decided here, by name. A caller
 * that spells the object out decides itself.
 */
function isFromBag(evaluator: Evaluator, target: Value, { file, fn }: Frame, step: CallerStep | undefined): boolean {
  if (step?.site.kind !== 'call' || step.how === 'callback') return false;
  const { site, frame } = step;
  let found = false;
  const other = contains(target, (part) => {
    if (part.kind === 'unknown') return true;
    if (part.kind !== 'param') return false;
    const arg = site.args[part.index];
    if (part.file !== file || part.fn !== fn || !arg || !isHandedOn(evaluator, arg, part.path, frame, 0)) return true;
    found = true;
    return false;
  });
  return found && !other;
}

/** Whether an argument, or the part of it that a path leads to, is an object that was not written where it is handed over. */
function isHandedOn(evaluator: Evaluator, arg: Expr, path: readonly string[], frame: Frame, depth: number): boolean {
  const [name, ...rest] = path;
  if (name === undefined || depth > 8) return false;
  if (arg.kind === 'object') {
    const property = arg.properties.findLast((one) => one.key === name);
    return property !== undefined && isHandedOn(evaluator, property.value, rest, frame, depth + 1);
  }
  // A message that somebody made of the event is no set of settings.
  if (contains(evaluator.value(arg, frame), (part) => part.kind === 'event')) return false;
  if (arg.kind !== 'ref') return arg.kind === 'member';
  const definitions = evaluator.modules.index(frame.file)?.definitions.get(arg.binding) ?? [];
  // Put together in the caller: `const message = { QueueUrl, … }; await send(message);`
  const isOwn = definitions.some((one) => one.fn === frame.fn && one.path.length === 0 && one.expr?.kind !== 'call' && one.expr?.kind !== 'await');
  return !isOwn;
}

/** The activation of the last function when the first one stands in `base`; `undefined` when a call on the way leads elsewhere there. */
function descend(evaluator: Evaluator, base: Frame, steps: readonly CallerStep[], last: Frame): Frame | undefined {
  let current = base;
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1]?.frame ?? last;
    const entered = enter(evaluator, current, step, next);
    if (!entered) return undefined;
    current = entered;
  }
  return current;
}

function enter(evaluator: Evaluator, current: Frame, step: CallerStep, next: Frame): Frame | undefined {
  const { site } = step;
  if (site.kind !== 'call' && site.kind !== 'new') return undefined;
  const isNext = (value: Value): value is FunctionValue => value.kind === 'function' && value.file === next.file && value.fn === next.fn;
  const key = `${current.file}:${site.start}`;
  if (step.how === 'callback') {
    const target = site.args.map((arg) => functionIn(evaluator.value(arg, current), isNext, 0)).find((found) => found !== undefined);
    return target ? evaluator.enter(target, itemArguments(evaluator, site, current), key, current) : undefined;
  }
  const args = site.args.map((expr): Argument => ({ expr, frame: current }));
  if (step.how === 'new') {
    const self = alternatives(evaluator.value(site, current)).find((value) => value.kind === 'instance');
    return evaluator.enter({ kind: 'function', file: next.file, fn: next.fn, ...(self ? { self } : {}) }, args, key, current);
  }
  const callees = alternatives(evaluator.value(site.callee, current));
  const target = callees.find(isNext);
  if (target) return evaluator.enter(target, args, key, current);
  // An object that the caller was given has the method that this path calls: what it is called with does not depend on the object.
  const isOpen = site.callee.kind === 'member' && callees.every((one) => one.kind === 'param' || one.kind === 'unknown' || (one.kind === 'derived' && !one.io));
  return isOpen ? evaluator.enter({ kind: 'function', file: next.file, fn: next.fn, ...(next.self ? { self: next.self } : {}) }, args, key, current) : undefined;
}

function functionIn(value: Value, test: (value: Value) => value is FunctionValue, depth: number): FunctionValue | undefined {
  if (test(value)) return value;
  const inner = depth > 2 ? [] : value.kind === 'oneOf' ? value.options : value.kind === 'object' ? value.entries.map(([, item]) => item) : value.kind === 'array' ? value.items : [];
  for (const item of inner) {
    const found = functionIn(item, test, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** What `list.map(callback)` gives its callback. */
function itemArguments(evaluator: Evaluator, site: Expr, frame: Frame): readonly Argument[] | undefined {
  if (site.kind !== 'call' || site.callee.kind !== 'member') return undefined;
  return /^(?:map|forEach|filter|find|some|every|flatMap)$/.test(String(site.callee.property)) ? [{ value: element(evaluator.value(site.callee.object, frame)) }] : undefined;
}
