import type { Effect } from '../../catalog/effects.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { ResourceLink, ServerlessFunction, Trigger } from '../../model/function.ts';
import type { Location } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { effects, type ReachedEffect } from '../queries/effects.ts';
import { keyNames } from '../queries/identity.ts';
import { handlerOf } from './handlers.ts';
import { routeMatch } from './routes.ts';
import { keyOfThing, labelOf, wiringOf, type Arrival, type Wiring } from './wiring.ts';

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
  /** Finds the effect again: offset of the call, and which of its effects. */
  readonly effect?: { readonly file: string; readonly start: number; readonly index: number };
}

/** An effect whose target could not be told, counted by reason. */
export interface Unresolved {
  readonly function: string;
  readonly place: Location;
  readonly reason: string;
  readonly detail: string;
}

export interface Outgoing {
  readonly hops: readonly Hop[];
  readonly unresolved: readonly Unresolved[];
  /** Things that the function writes to or sends to, whether anybody listens or not. */
  readonly writes: readonly { readonly key: string; readonly label: string; readonly kind: string; readonly place: Location }[];
}

const kept = new WeakMap<ServerlessFunction, Outgoing>();

/** What one function makes run, by its code and by its declaration. Kept after the view is released. */
export function outgoing(view: FunctionView): Outgoing {
  let found = kept.get(view.fn);
  if (!found) {
    found = collect(view);
    kept.set(view.fn, found);
  }
  return found;
}

function collect(view: FunctionView): Outgoing {
  const wiring = wiringOf(view.project);
  const hops: Hop[] = [];
  const unresolved: Unresolved[] = [];
  const writes = new Map<string, Outgoing['writes'][number]>();
  for (const item of effects(view)) {
    if (!wakes(item.effect)) continue;
    const place = view.location(item.place);
    for (const target of item.targets) {
      const { names } = target;
      const own = names.kind === 'event' ? triggerNamed(view, wiring, target.value, item.effect) : undefined;
      if (names.kind === 'unknown') unresolved.push({ function: view.fn.name, place, reason: names.reason, detail: item.effect.row });
      const key = own ?? keyOfThing(names, view.fn.unit);
      if (key === undefined) continue;
      if (names.kind !== 'function') writes.set(key, { key, label: labelOf(names), kind: item.effect.resourceKind, place });
      hops.push(...hopsOf(view, wiring, item, place, key, target.value, labelOf(names)));
    }
  }
  hops.push(...destinationHops(view, wiring));
  return { hops, unresolved, writes: [...writes.values()] };
}

/** Deletions that somebody is told of: objects, items and documents. A message that is taken from its queue wakes nobody. */
const toldOfDeletion: ReadonlySet<string> = new Set(['bucket', 'table', 'document']);

/** Whether an effect can make a function run. */
export function wakes(effect: Effect): boolean {
  return effect.kind !== 'read' && effect.kind !== 'subscribe' && (effect.kind !== 'delete' || toldOfDeletion.has(effect.resourceKind));
}

/** The event names the very thing that it came from (`event.Records[0].s3.bucket.name`). */
function triggerNamed(view: FunctionView, wiring: Wiring, value: Value, effect: Effect): string | undefined {
  if (value.kind !== 'event') return undefined;
  const path = value.path.join('.');
  const kind = /(?:^|\.)s3\.bucket\.(?:name|arn)$|detail\.bucket\.name$/.test(path) ? 'bucket' : /Sns\.TopicArn$/.test(path) ? 'topic' : /eventSourceARN$/.test(path) ? effect.resourceKind : undefined;
  const triggers = view.fn.triggers.filter((trigger) => trigger.kind === kind && trigger.resource);
  const [only] = triggers;
  return only?.resource && triggers.length === 1 && kind === effect.resourceKind ? wiring.key(only.resource, view.fn.unit, [kind]) : undefined;
}

function hopsOf(view: FunctionView, wiring: Wiring, item: ReachedEffect, place: Location, key: string, target: Value, label: string): readonly Hop[] {
  const { effect } = item;
  const direct = wiring.functionAt(key);
  const arrivals: readonly Arrival[] = direct && effect.resourceKind !== 'url'
    ? [{ fn: direct, trigger: called(direct), links: [], match: 'yes' }]
    : wiring.arrivals(key, effect, keyNames(view, key.replace(/^#/, '')));
  const from = handlerOf(view, item);
  return arrivals.flatMap((arrival): readonly Hop[] => {
    const request = arrival.trigger.kind === 'http' || arrival.trigger.kind === 'url';
    // An API has many routes: a request belongs to the one that its path names, else to none.
    if (request && !direct && routeMatch(target, effect, arrival.trigger) !== 'yes') return [];
    const assumptions = [
      ...(item.targets.length > 1 ? ['the target is one of several possible ones'] : []),
      ...(arrival.match === 'unknown' && !request ? ['what is written passes the filters on the way'] : []),
      ...(item.body.certain ? [] : ['the call that leads here is one of several possible ones']),
      ...(effect.deferred ? ['what was prepared is used'] : []),
    ];
    const things = direct && arrival.links.length === 0 && !request ? [] : [{ key, label }, ...arrival.links.map((link) => ({ key: wiring.linkedTo(link) ?? '', label: linkLabel(link) }))];
    return [{
      from: view.fn.id, to: arrival.fn.id, ...(from === undefined ? {} : { fromHandler: from }), ...(arrival.trigger.handlerExport === undefined ? {} : { toHandler: arrival.trigger.handlerExport }),
      place, through: things, services: [effect.service, ...arrival.links.map(serviceOf)], how: request ? 'request' : direct ? 'invoke' : 'event',
      waits: item.waits, assumptions, effect: { file: item.place.file, start: item.place.start, index: item.index },
      steps: [...item.path, { ...place, message: `${verb(effect)} ${direct && !request ? arrival.fn.name : label}` }, ...arrivalSteps(arrival, things.at(-1)?.label ?? label)],
    }];
  });
}

const called = (fn: ServerlessFunction): Trigger => ({ kind: 'invoke', filters: [], source: 'call', ...(fn.declaredAt[0] ? { location: fn.declaredAt[0] } : {}) });

function arrivalSteps(arrival: Arrival, label: string): readonly FlowStep[] {
  const steps = arrival.links.map((link): FlowStep => ({ ...link.location, message: `${link.kind} to ${linkLabel(link)}` }));
  const { location } = arrival.trigger;
  return location ? [...steps, { ...location, message: arrival.trigger.source === 'call' ? `${arrival.fn.name} runs` : `${label} triggers ${arrival.fn.name}` }] : steps;
}

function linkLabel(link: ResourceLink): string {
  const { to } = link;
  return to.kind === 'resource' ? to.id : to.kind === 'literal' ? String(to.value).split(/[:/]/).at(-1) ?? String(to.value) : 'a resource';
}

/** The service that a link leads into, by the words of the reference or address. */
function serviceOf(link: ResourceLink): string {
  const text = link.to.kind === 'literal' ? String(link.to.value) : link.kind;
  return /^arn:[^:]*:([a-z0-9-]+):/.exec(text)?.[1] ?? link.kind;
}

/** Destinations and dead-letter queues: the platform hands the result on. */
function destinationHops(view: FunctionView, wiring: Wiring): readonly Hop[] {
  const { fn } = view;
  return fn.destinations.flatMap(({ kind, target, location }) => {
    const key = wiring.key(target, fn.unit, []);
    const place = location ?? fn.declaredAt[0];
    if (key === undefined || !place) return [];
    const direct = wiring.functionAt(key);
    const label = direct?.name ?? key.slice(key.lastIndexOf('#') + 1);
    const arrivals: readonly Arrival[] = direct ? [{ fn: direct, trigger: called(direct), links: [], match: 'yes' }] : wiring.arrivals(key);
    return arrivals.map((arrival): Hop => ({
      from: fn.id, to: arrival.fn.id, ...(arrival.trigger.handlerExport === undefined ? {} : { toHandler: arrival.trigger.handlerExport }), place,
      through: direct ? [] : [{ key, label }, ...arrival.links.map((link) => ({ key: wiring.linkedTo(link) ?? '', label: linkLabel(link) }))],
      services: ['lambda', ...arrival.links.map(serviceOf)], how: 'destination', waits: false,
      assumptions: [...(kind === 'onSuccess' ? [] : ['the function fails each time']), ...(arrival.match === 'unknown' ? ['the result passes the filters on the way'] : [])],
      steps: [{ ...place, message: `${kind === 'onSuccess' ? 'a result' : 'a failure'} of ${fn.name} goes to ${label}` }, ...arrivalSteps(arrival, label)],
    }));
  });
}

function verb(effect: Effect): string {
  switch (effect.kind) {
    case 'invoke': return 'invokes';
    case 'start': return 'starts';
    case 'request': return 'requests';
    case 'delete': return 'deletes from';
    case 'publish': return 'publishes to';
    case 'send': return 'sends to';
    default: return effect.service === 'sqs' ? 'sends to' : 'writes to';
  }
}
