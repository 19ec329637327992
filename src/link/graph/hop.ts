import type { Effect } from '../../catalog/effects.ts';
import type { ModuleFacts } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { ResourceLink, ServerlessFunction, Trigger } from '../../model/function.ts';
import type { Location } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { ReachedEffect } from '../queries/effects.ts';
import type { Value } from '../../model/value.ts';
import { conditionsAlong } from '../queries/conditions.ts';
import { contains, valueKey } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { handlerOf } from '../queries/handler-of.ts';
import type { Seen } from './documents.ts';
import type { Arrival, Wiring } from './wiring.ts';

/**
 * One way in which a function makes another one (or itself) run. Plain data: it outlives the call graph that it was read from.
 */
export interface Hop {
  /** Ids of functions. */
  readonly from: string;
  readonly to: string;
  /** Exports of the handlers at both ends, where a function has several. */
  readonly fromHandler?: string;
  readonly toHandler?: string;
  /** The call that starts it, as its author wrote it; of a destination the line that declares it. */
  readonly place: Location;
  /** handler → … → the call → the things on the way → the next handler. */
  readonly steps: readonly FlowStep[];
  /** Keys and names of the things on the way; empty for a direct invocation. */
  readonly through: readonly { readonly key: string; readonly label: string }[];
  /** Services on the way (`sqs`, `lambda`), for what the platform's own loop protection sees. */
  readonly services: readonly string[];
  /** `invoke` is a direct call of the function, `request` one of its route. */
  readonly how: 'invoke' | 'request' | 'event' | 'destination';
  /** The caller waits for the answer. */
  readonly waits: boolean;
  /** What it rests on; empty: proved. */
  readonly assumptions: readonly string[];
  /** Only what the function fails on goes this way. */
  readonly onFailure?: true;
  /** A document database: the very document of the event is written. */
  readonly own?: true;
  /** Of a tree of data: where the trigger listens, seen from the place that is written. */
  readonly seen?: Seen;
  /** What the next function gets: `records` under one field, an `event` of EventBridge; absent: another form. */
  readonly arrives?: 'records' | 'event';
  /** It arrives as one of several tasks of a state machine. */
  readonly byMachine?: true;
  /** A task whose way to the effect asks what its event is. */
  readonly asks?: true;
  /** Of a status event that the effect causes: what the event says. */
  readonly told?: Value;
  /** Finds the effect again: offset of the call, which of its effects, and on what. */
  readonly effect?: { readonly file: string; readonly start: number; readonly index: number; readonly row: string; readonly target: string };
}

/** An effect whose target could not be told, counted by reason. */
export interface Unresolved {
  readonly function: string;
  readonly place: Location;
  readonly reason: string;
  readonly detail: string;
}

/** The hop that an effect of a function makes towards what it wakes. */
export function hopTo(view: FunctionView, wiring: Wiring, item: ReachedEffect, arrival: Arrival, given: {
  readonly place: Location; readonly key: string; readonly label: string; readonly how: Hop['how']; readonly assumptions: readonly string[];
}): Hop {
  const { effect } = item;
  const { place, key, label, how } = given;
  const from = handlerOf(view, item);
  // A Worker is asked for by its `fetch`, never for what its schedule or queue runs (Cloudflare Workers, "Service bindings - HTTP", November 2026).
  const isFetch = effect.service === 'service-binding' && effect.detail === 'fetch' && arrival.fn.handlers.some((handler) => handler.export === 'default.fetch');
  const to = arrival.trigger.handlerExport ?? (isFetch ? 'default.fetch' : lacksConsumer(arrival) ? 'default.queue' : undefined);
  const isDirect = how === 'invoke' && arrival.links.length === 0;
  const things = isDirect ? [] : [{ key, label }, ...arrival.links.map((link) => ({ key: wiring.linkedTo(link) ?? '', label: linkLabel(link) }))];
  const assumptions = [...given.assumptions, ...restsOnGiven(view, item), ...(item.body.certain ? [] : ['the call that leads here is one of several possible ones']), ...(effect.deferred && effect.kind === 'write' ? ['what was prepared is used'] : [])];
  return {
    from: view.fn.id, to: arrival.fn.id, ...(from === undefined ? {} : { fromHandler: from }), ...(to === undefined ? {} : { toHandler: to }),
    ...arrivesAs(arrival), ...(isLaterTask(wiring, arrival) ? { byMachine: true as const } : {}), ...(view.fn.triggers.some((trigger) => trigger.kind === 'stateMachine') && asksEvent(view as LinkedFunction, item) ? { asks: true as const } : {}), place, through: things, services: [effect.service, ...arrival.links.map(serviceOf)], how, waits: item.waits, assumptions,
    effect: { file: item.place.file, start: item.place.start, index: item.index, row: effect.row, target: lastingKey(effect.target) },
    steps: [...item.path, { ...place, message: `${verb(effect)} ${isDirect ? arrival.fn.name : label}` }, ...arrivalSteps(arrival, things.at(-1)?.label ?? label)],
  };
}

/** Kinds of triggers whose handler is known: nothing but it runs for them. */
const toHandler: ReadonlySet<Trigger['kind']> = new Set(['queue', 'topic', 'bucket', 'stream', 'bus', 'document', 'schedule']);

/**
 * What a way to an effect rests on that leads through a function that somebody is given to call later: a constructor (`new Service({ send })`),
 * whose object may never call it, or what a module registers while it loads (`flows.define(name, run)`), in a function that only events run.
 */
function restsOnGiven(view: FunctionView, { occurrence }: ReachedEffect): readonly string[] {
  if (!occurrence) return [];
  const { callers, frame } = occurrence.activation;
  const facts = (file: string): ModuleFacts | undefined => (view as LinkedFunction).evaluator.modules.facts(file);
  const isKept = callers.some(({ site }, index) => {
    const next = callers[index + 1]?.frame ?? frame;
    if (site.kind !== 'new' || site.callee.kind === 'global' || facts(next.file)?.functions[next.fn]?.kind === 'constructor') return false;
    return site.args.some((arg) => arg.kind === 'object') && !site.args.some((arg) => arg.kind === 'function' && arg.fn === next.fn);
  });
  const { triggers } = view.fn;
  const [first] = callers;
  const isRegistered = first?.frame.fn === 0 && triggers.length > 0 && triggers.every(({ kind }) => toHandler.has(kind));
  return [...(isKept ? ['the object that is given a function to call calls it'] : []), ...(isRegistered ? ['what is registered while the module loads is run'] : [])];
}

/** A Worker that is told to consume a queue and whose default export has no `queue`: its messages run nothing of it (Cloudflare Queues, "JavaScript APIs", November 2026). */
const lacksConsumer = ({ fn, trigger }: Arrival): boolean => fn.platform === 'cloudflare' && trigger.kind === 'queue' && fn.handlers.length > 0
  && fn.handlers.every(({ export: name, kind }) => name.startsWith('default.') && (kind === 'fetch' || kind === 'scheduled' || kind === 'email'));

/** Sources whose events are lists of records under `Records` (event formats of Lambda's sources, November 2026). */
const recordKinds: ReadonlySet<string> = new Set(['queue', 'topic', 'bucket', 'stream']);

/** The form of what a function gets through one of its triggers. */
export function arrivesAs({ fn, trigger }: Arrival): Pick<Hop, 'arrives'> {
  if (fn.platform !== 'aws') return {};
  if (trigger.kind === 'bus') return { arrives: 'event' };
  return recordKinds.has(trigger.kind) && !/kafka|msk|mq|documentdb/i.test(trigger.source) ? { arrives: 'records' } : {};
}

/** A task of a machine that runs several functions: what it gets comes from the others. The only function of a machine gets what the machine was started with. */
function isLaterTask(wiring: Wiring, { fn, trigger }: Arrival): boolean {
  const machine = trigger.kind === 'stateMachine' ? wiring.keyOfTrigger(fn, trigger) : undefined;
  return machine !== undefined && new Set(wiring.listeners(machine).map((one) => one.fn)).size > 1;
}

/** What two hops of a loop, one after the other, rest on: a task gets what its machine hands it, not what the machine was started with. */
export function restsOn(hop: Hop, next: Hop): readonly string[] {
  return hop.byMachine && next.asks ? ['the machine gives its task an event with which the next line is reached'] : [];
}

/** Whether the way to an effect asks what the event is. */
function asksEvent(view: LinkedFunction, { call, occurrence }: ReachedEffect): boolean {
  if (!call || !occurrence) return false;
  const { activation, chosen } = occurrence;
  const conditions = [...conditionsAlong(view, activation, call.expr), ...(chosen ? conditionsAlong(view, activation, chosen) : [])];
  return conditions.some(({ test, subject, frame }) => [test, ...(subject ? [subject] : [])].some((expr) => contains(view.evaluator.value(expr, frame), (part) => part.kind === 'event')));
}

/** The trigger of a direct call. */
export const called = (fn: ServerlessFunction): Trigger => ({ kind: 'invoke', filters: [], source: 'call', ...(fn.declaredAt[0] ? { location: fn.declaredAt[0] } : {}) });

/** The steps of a finding from a thing to the function that it runs. */
export function arrivalSteps(arrival: Arrival, label: string): readonly FlowStep[] {
  const steps = arrival.links.map((link): FlowStep => ({ ...link.location, message: `${link.kind} to ${linkLabel(link)}` }));
  const { location } = arrival.trigger;
  return location ? [...steps, { ...location, message: arrival.trigger.source === 'call' ? `${arrival.fn.name} runs` : `${label} triggers ${arrival.fn.name}` }] : steps;
}

/** People's name of what a link leads to. */
export function linkLabel(link: ResourceLink): string {
  const { to } = link;
  return to.kind === 'resource' ? to.id : to.kind === 'literal' ? String(to.value).split(/[:/]/).at(-1) ?? String(to.value) : 'a resource';
}

/** The service that a link leads into, by the words of the reference or address. */
export function serviceOf(link: ResourceLink): string {
  const text = link.to.kind === 'literal' ? String(link.to.value) : link.kind;
  return /^arn:[^:]*:([a-z0-9-]+):/.exec(text)?.[1] ?? link.kind;
}

/** What an effect does to the thing it names, as people say it. */
export function verb(effect: Effect): string {
  switch (effect.kind) {
    case 'invoke': return 'invokes';
    case 'start': return effect.resourceKind === 'bucket' ? 'writes to' : 'starts';
    case 'request': return 'requests';
    case 'delete': return effect.resourceKind === 'document' ? 'deletes' : 'deletes from';
    case 'publish': return 'publishes to';
    case 'send': return 'sends to';
    default: return effect.resourceKind === 'document' ? 'writes' : effect.service === 'sqs' ? 'sends to' : 'writes to';
  }
}

/** A value deeper than this is told apart by what is above. */
const MAX_KEY_DEPTH = 5;

/**
 * A text for a value that is the same whenever its function is linked: `valueKey` names calls by their activations, which are
 * counted anew each time.
 */
export function lastingKey(value: Value, depth = 0): string {
  const list = (of: readonly Value[]): string => (depth > MAX_KEY_DEPTH ? '' : of.map((one) => lastingKey(one, depth + 1)).join(','));
  switch (value.kind) {
    case 'derived': return `${value.what}(${list(value.from)})`;
    case 'template': return `\`${list(value.parts)}\``;
    case 'oneOf': return `one(${[...value.options.map((one) => (depth > MAX_KEY_DEPTH ? '' : lastingKey(one, depth + 1)))].sort().join(',')})`;
    // Names and paths are told apart without what else a call is given.
    case 'array': return `[${value.items.length}]`;
    case 'object': return `{${value.entries.map(([key]) => key).join(',')}}`;
    case 'instance': return `new ${value.of.kind === 'external' ? `${value.of.module}:${value.of.path.join('.')}` : `${value.of.file}:${value.of.cls}`}`;
    case 'function': return `${value.file}:${value.fn}`;
    case 'class': return `${value.file}:${value.cls}`;
    default: return valueKey(value);
  }
}
