import { canAct, effectsOf, mayAct, type Effect } from '../../catalog/effects.ts';
import { declaresTable } from '../../catalog/effects-databases.ts';
import type { Expr } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { Gap } from '../../model/function.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Body, ExternalCall, FunctionView } from '../../model/project.ts';
import { alternatives, literal, literalText, type Value } from '../../model/value.ts';
import { reasonOf, resourceIndex, type Resolution } from '../resources.ts';
import { valueKey } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { bindingEffectsOf, bindingWrites } from './bindings.ts';
import { businessSite, occurrencesOf, type Occurrence } from './business.ts';
import { namesFunction } from './identity.ts';
import { possible } from './possible.ts';
import { promiseFate } from './promises.ts';
import { asSought } from './sought-documents.ts';
import { soundOf } from './sound-values.ts';
import { sqlReadOf } from './sql-statements.ts';
import { asChildren } from './transactions.ts';
import { asAddress, isUrlLike } from './address.ts';
import { argsOf } from './arguments.ts';
import { withEdits } from './edits.ts';
import { variantsOf } from './variants.ts';
import { isWaking } from './wakes.ts';

/** One value that a target can have, and what it names. */
export interface NamedTarget {
  readonly value: Value;
  readonly names: Resolution;
}

/** One effect that a deployed function reaches, along one call path from its handler. */
export interface ReachedEffect {
  /** What the catalog says of it, with target, key, payload as they are on this path. */
  readonly effect: Effect;
  /** The call that has it; absent where an assignment has it (output bindings). */
  readonly call?: ExternalCall;
  readonly occurrence?: Occurrence;
  /** Which of the call's effects. */
  readonly index: number;
  readonly body: Body;
  readonly expr: Expr;
  /** The call as its author wrote it: the business call where a wrapper hides the package. */
  readonly place: SourcePlace;
  /** handler → … → the body that it stands in. */
  readonly path: readonly FlowStep[];
  /** What the target names: one entry when it is sure, several when it is one of them. */
  readonly targets: readonly NamedTarget[];
  /** The caller gets the other side's answer and waits for it. */
  readonly waits: boolean;
  /** The same effect on the same thing, as it comes about on other paths: with another message, or under other tests. */
  readonly others?: readonly ReachedEffect[];
}

const kept = new WeakMap<object, readonly ReachedEffect[]>();

/**
 * Every effect on the invocation path, evaluated on each call path that leads to it, in order of the bodies. Effects of
 * wrappers around the handler count as well. The same effect on the same target from one line is listed once.
 */
export function effects(view: FunctionView): readonly ReachedEffect[] {
  const graph = (view as LinkedFunction).reach();
  let found = kept.get(graph);
  if (!found) {
    found = collect(view);
    kept.set(graph, found);
  }
  return found;
}

function collect(view: FunctionView): readonly ReachedEffect[] {
  const all: ReachedEffect[] = [];
  for (const call of view.calls('invoke')) all.push(...ofCall(view, call));
  for (const call of view.calls('init')) if (mayAct(call.callee)) all.push(...ofCall(view, call).filter((item) => item.effect.wraps));
  for (const write of bindingWrites(view)) {
    const targets = resolved(view, write.effect);
    all.push({ effect: write.effect, index: 0, body: write.body, expr: write.expr, place: { file: write.body.file, start: write.expr.start, end: write.expr.end }, path: write.body.path, targets, waits: false });
  }
  const distinct = new Map<string, ReachedEffect[]>();
  for (const item of all) {
    const key = `${item.place.file}:${item.place.start}:${item.expr.start}:${item.index}:${item.effect.row}:${valueKey(item.effect.target)}:${item.effect.key ? valueKey(item.effect.key) : ''}:${item.occurrence?.chosen?.start ?? ''}:${item.effect.exists ? 'there' : item.effect.isNew ? 'new' : ''}`;
    const known = distinct.get(key);
    if (known) known.push(item); else distinct.set(key, [item]);
  }
  return [...distinct.values()].flatMap(([first, ...others]) => (first ? [others.length > 0 ? { ...first, others } : first] : []));
}

function ofCall(view: FunctionView, call: ExternalCall): readonly ReachedEffect[] {
  const ofBinding = bindingEffectsOf(view, call.callee, () => argsOf(call));
  if (!ofBinding && !(mayAct(call.callee) && canAct(call.callee, () => (call.argCount > 0 ? call.arg(0) : undefined)))) return [];
  const acts = (callee: ExternalCall['callee'], args: readonly Value[]): readonly Effect[] => (ofBinding ? (bindingEffectsOf(view, callee, () => args) ?? []) : effectsOf(callee, args));
  const first = acts(call.callee, argsOf(call));
  if (first.length === 0) return [];
  const fate = first.some((effect) => effect.waits) ? promiseFate(view, call.body, call.expr) : 'unknown';
  const occurrences = first.some(isWaking) ? occurrencesOf(view, call).flatMap((one) => variantsOf(view as LinkedFunction, call, one.activation, one.args).map((variant): Occurrence => ({ ...one, ...variant }))) : occurrencesOf(view, call);
  return occurrences.flatMap((occurrence) => acts(occurrence.callee, occurrence.args).map((given) => asSent(view, call, occurrence, asRead(given))).map((effect, index): ReachedEffect => ({
    effect, call, occurrence, index, body: call.body, expr: call.expr,
    place: namesKey(view, call, acts, index) ? call.place : businessSite(view, call, occurrence, (args, callee) => decidedBy(acts(callee, args)[index])),
    path: occurrence.activation.path, targets: resolved(view, effect), waits: effect.waits && (fate !== 'dropped' || answersCallback(view, call)),
  })));
}

/** A statement of SQL whose text is known to change nothing is a read. */
const asRead = (effect: Effect): Effect => (sqlReadOf(effect) === undefined ? effect : { ...effect, kind: 'read' });

/** An effect whose message has the changes that were made to it in place. */
function asSent(view: FunctionView, call: ExternalCall, occurrence: Occurrence, given: Effect): Effect {
  const linked = view as LinkedFunction;
  const effect = asSought(linked, call.expr, occurrence, asChildren(linked, occurrence.activation.frame, call.expr, given));
  if (!isWaking(effect) || !(effect.payload || effect.attributes || effect.resourceKind === 'url')) return effect;
  const now = (value: Value): Value => soundOf(withEdits(linked, occurrence.activation, call.expr, value));
  return { ...effect, ...(effect.resourceKind === 'url' ? { target: asAddress(isUrlLike(occurrence.args[0]) ? now(occurrence.args[0]) : effect.target) } : {}), ...(effect.payload ? { payload: now(effect.payload) } : {}), ...(effect.attributes ? { attributes: now(effect.attributes) } : {}) };
}

/** What the author of a call decides: where it goes; of a bus or topic also the kind of message, by which the listeners are chosen. */
function decidedBy(effect: Effect | undefined): Value | undefined {
  if (!effect || !(effect.resourceKind === 'bus' || effect.resourceKind === 'topic') || effect.attributes?.kind !== 'object') return effect?.target;
  const kinds = effect.attributes.entries.filter(([name]) => name !== 'detail' && name !== 'source');
  return kinds.length === 0 ? effect.target : { kind: 'array', items: [effect.target, { kind: 'object', entries: kinds, open: effect.attributes.open }], open: false };
}

/** A call of the AWS SDK v2 in a function without promises, whose callback takes the answer: the platform waits until it is called. */
function answersCallback(view: FunctionView, call: ExternalCall): boolean {
  if (!/^aws-sdk(?:\/|$)/.test(call.callee.module) || call.body.fn.async) return false;
  const callback = call.argCount > 1 ? call.arg(call.argCount - 1) : undefined;
  const fact = callback?.kind === 'function' ? (view as LinkedFunction).evaluator.fact(callback.file, callback.fn) : undefined;
  return fact !== undefined && fact.params.length > 1;
}

/** The function around a call decides under which prefix it writes, whoever calls it: it does the work, it hides no package. */
function namesKey(view: FunctionView, call: ExternalCall, acts: (callee: ExternalCall['callee'], args: readonly Value[]) => readonly Effect[], index: number): boolean {
  const { evaluator } = view as LinkedFunction;
  const open = evaluator.open(call.body.file, call.body.fn.id);
  const key = acts(call.callee, call.expr.args.map((arg) => evaluator.value(arg, open)))[index]?.key;
  const head = key?.kind === 'template' ? key.parts[0] : undefined;
  return head?.kind === 'literal' && String(head.value).length > 1;
}

/** What the target of an effect may name, each possibility once. */
export function resolved(view: FunctionView, effect: Effect): readonly NamedTarget[] {
  const found = new Map<string, NamedTarget>();
  for (const value of namedTargets(possible(view, effect.target))) {
    const names = resolveOne(view, effect, value);
    const key = resolutionKey(names);
    if (!found.has(key)) found.set(key, { value, names });
  }
  return [...found.values()];
}

/** Equal for two resolutions of one thing. */
export function resolutionKey(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'resource': case 'function': return `#${resolution.id}`;
    case 'name': return resolution.key;
    case 'event': return `event:${valueKey(resolution.value)}`;
    case 'unknown': return `?${resolution.reason}`;
  }
}

/** An empty name (`process.env.QUEUE ?? ''`) is never a target while there is another one. */
function namedTargets(target: Value): readonly Value[] {
  // `${bucket}` is the bucket.
  const all = alternatives(target).flatMap(listed).map((one) => (one.kind === 'template' && one.parts.length === 1 ? (one.parts[0] ?? one) : one));
  const named = all.filter((one) => !isNothing(one));
  return named.length > 0 ? named : all;
}

/** Each of a list of targets: the addresses of a mail. */
const listed = (target: Value): readonly Value[] => (target.kind === 'array' && target.items.length > 0 ? target.items.flatMap(alternatives) : [target]);

/** No text at all, what is made of one, and a field of what is not there yet (`let config;`). */
function isNothing(value: Value): boolean {
  switch (value.kind) {
    // `${undefined}/x`: what one way of several leaves out.
    case 'literal': return value.value === '' || value.value === undefined || value.value === null || (typeof value.value === 'string' && /^(?:undefined|null)(?:\/|$)/.test(value.value));
    case 'unknown': return /^property \S+ of undefined$/.test(value.reason);
    case 'derived': return /^#(?:replace|replaceAll|trim|toString|toLowerCase|concat)$/.test(value.what) && value.from[0] !== undefined && isNothing(value.from[0]);
    case 'template': return value.parts[0] !== undefined && value.parts[0].kind === 'unknown' && isNothing(value.parts[0]);
    default: return false;
  }
}

function resolveOne(view: FunctionView, effect: Effect, target: Value): Resolution {
  if (effect.resourceKind === 'function' && namesFunction(target, view.fn) === 'self') return { kind: 'function', id: view.fn.id, fn: view.fn };
  const queue = effect.row === 'cloudtasks taskQueue.enqueue' ? queueOfFunction(target) : undefined;
  if (queue !== undefined) return resolveOne(view, effect, literal(queue));
  if (effect.resourceKind === 'document' && target.kind !== 'resource') return documentOf(target);
  const [first] = effect.resourceKind === 'database' && target.kind === 'derived' && declaresTable(target.what) ? target.from : [];
  if (first) return resolveOne(view, effect, first);
  if (nominal.has(effect.resourceKind) && target.kind === 'literal') return { kind: 'name', key: `${effect.resourceKind}:${String(target.value)}`, name: target };
  return resourceIndex(view.project).resolve(target, { kinds: kindsOf(effect), unit: view.fn.unit });
}

/** `locations/l/functions/f`: the queue of a function by its resource name (Firebase Admin SDK reference, Functions.taskQueue, November 2026). */
function queueOfFunction(target: Value): string | undefined {
  const last = target.kind === 'template' ? target.parts.at(-1) : target;
  return /\/functions\/([\w-]{1,100})$/.exec(literalText(last) ?? '')?.[1];
}

/** Targets that no declaration of infrastructure stands behind: their own name is all there is. */
const nominal: ReadonlySet<string> = new Set(['database', 'person', 'payment', 'binding']);

/** A path of a document database: known steps as they are, any other as `*`. */
function documentOf(target: Value): Resolution {
  const parts = target.kind === 'template' ? target.parts : [target];
  const [first] = parts;
  if (first?.kind === 'event' || (first?.kind === 'derived' && first.what === '.parent')) return { kind: 'event', value: target };
  if (first?.kind !== 'literal' || !/\w/.test(String(first.value))) return { kind: 'unknown', reason: first ? reasonOf(first) : 'path of a document' };
  // `{id}` of a trigger's pattern stands for any step.
  const path = parts.map((part) => (part.kind === 'literal' ? String(part.value).replace(/\{[^{}/]{1,255}\}/g, '*') : '*')).join('').replace(/^\/|\/$/g, '').replace(/[^/]*\*[^/]*/g, '*');
  return { kind: 'name', key: `document:${path}`, name: { kind: 'literal', value: path } };
}

/** Which kinds of declared things an effect's target can be. */
function kindsOf(effect: Effect): ReadonlySet<string> {
  switch (effect.resourceKind) {
    case 'other': case 'binding': return new Set();
    case 'url': return new Set(['url', 'api', 'function']);
    // A sender of Service Bus takes a queue or a topic.
    case 'queue': return new Set(effect.service === 'azure-servicebus' ? ['queue', 'topic'] : ['queue']);
    case 'api': return new Set(['url', 'api']);
    case 'table': return new Set(['table', 'other']);
    // Triggers of OpenWhisk, which a feed may fire as well.
    case 'bus': return new Set(effect.service === 'openwhisk' ? ['bus', 'other', 'schedule'] : ['bus']);
    default: return new Set([effect.resourceKind]);
  }
}

/** What was seen and names nothing: one gap for each effect of the function and reason. */
export function effectGaps(view: FunctionView): readonly Gap[] {
  return effects(view).flatMap((item) => item.targets.flatMap(({ names }): readonly Gap[] => {
    if (names.kind !== 'unknown') return [];
    const { file, line } = view.location(item.place);
    return [{ kind: 'effect target', file, line, message: `${view.fn.name}: what ${item.effect.detail} (${item.effect.service}) works on is not known: ${names.reason}` }];
  }));
}

/** The key of what infrastructure names, such as a trigger's resource; `undefined` where that is not known. */
export function keyOf(view: FunctionView, value: Value, kind: string): string | undefined {
  const names = kind === 'document' && value.kind !== 'resource' ? documentOf(value) : resourceIndex(view.project).resolve(value, { kinds: new Set([kind]), unit: view.fn.unit });
  return names.kind === 'resource' || names.kind === 'function' || names.kind === 'name' ? resolutionKey(names) : undefined;
}

export type { Resolution };
