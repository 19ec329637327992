import type { Effect } from '../../catalog/effects.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import type { Location } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { effects, type ReachedEffect } from '../queries/effects.ts';
import { isWaking } from '../queries/wakes.ts';
import { keyNames, standsApart } from '../queries/identity.ts';
import { placeOf } from '../queries/document-places.ts';
import { called, hopTo, type Hop, type Unresolved } from './hop.ts';
import { shortText } from './labels.ts';
import { asAddress } from '../queries/address.ts';
import { ownAddresses } from './own-address.ts';
import { routeMatch } from './routes.ts';
import { servedHops } from './served.ts';
import { destinationHops, documentHops, logHops, statusHops } from './ways.ts';
import { defaultOf, keyOfThing, labelOf, wiringOf, type Arrival, type Wiring } from './wiring.ts';

export type { Hop, Unresolved } from './hop.ts';

export interface Outgoing {
  readonly hops: readonly Hop[];
  readonly unresolved: readonly Unresolved[];
  /** Things that the function writes to or sends to, whether anybody listens or not. */
  readonly writes: readonly Write[];
}

/** One call that writes or sends to one thing. */
export interface Write {
  readonly key: string;
  readonly label: string;
  /** What the catalog says the target is. */
  readonly kind: string;
  readonly place: Location;
  /** Name of the operation. */
  readonly detail: string;
  /** What it rests on; empty: proved. */
  readonly assumptions: readonly string[];
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
  const writes = new Map<string, Write>();
  for (const item of effects(view)) {
    if (!isWaking(item.effect)) continue;
    const place = view.location(item.place);
    if (item.effect.resourceKind === 'document') {
      const heard = documentHops(view, wiring, item, place);
      hops.push(...heard);
      if (heard.length === 0) for (const write of unheardDocuments(view, item, place)) writes.set(`${write.key}\0${place.file}:${place.line}:${place.column}`, write);
      continue;
    }
    const ways = item.targets.map((target): readonly Hop[] => {
      const { names } = target;
      const home = item.effect.resourceKind === 'url' ? ownHops(view, wiring, item, place, target.value) : [];
      if (home.length > 0) return home;
      const own = names.kind === 'event' ? triggerNamed(view, wiring, target.value, item.effect) : undefined;
      if (names.kind === 'unknown') unresolved.push({ function: view.fn.name, place, reason: names.reason, detail: item.effect.row });
      const key = own ?? keyOfThing(names, view.fn.unit);
      if (key === undefined) return [];
      if (names.kind !== 'function') writes.set(`${key}\0${place.file}:${place.line}:${place.column}:${item.effect.detail}`, { key, label: labelOf(names), kind: item.effect.resourceKind, place, detail: item.effect.detail, assumptions: assumptionsOf(item) });
      return hopsOf(view, wiring, item, place, key, target.value, own === undefined ? labelOf(names) : (own.split(/[#\0]/).pop() ?? own).replace(/^(?:name:)?string:/, ''));
    });
    hops.push(...merged(ways));
    hops.push(...statusHops(view, wiring, item, place), ...servedHops(view, wiring, item, place));
  }
  hops.push(...destinationHops(view, wiring), ...logHops(view, wiring));
  return { hops, unresolved, writes: [...writes.values()] };
}

/** Of a target that is one of several a hop is sure only when each of them leads there. */
function merged(ways: readonly (readonly Hop[])[]): readonly Hop[] {
  if (ways.length < 2) return ways.flat();
  return ways.flatMap((way) => way.map((hop): Hop => (ways.every((other) => other.some(({ to }) => to === hop.to)) ? hop : { ...hop, assumptions: ['the target is one of several possible ones', ...hop.assumptions] })));
}

/** Documents that are written and that no trigger listens to. */
function unheardDocuments(view: FunctionView, item: ReachedEffect, place: Location): readonly Write[] {
  const documents = view.fn.triggers.filter((trigger) => trigger.kind === 'document');
  return item.targets.flatMap(({ value }) => {
    const label = placeOf(value, documents.length === 1 ? documents[0] : undefined)?.steps.join('/');
    return label === undefined ? [] : [{ key: `${view.fn.unit}\0document:${label}`, label, kind: 'document', place, detail: item.effect.detail, assumptions: assumptionsOf(item) }];
  });
}

/** What a write rests on, whoever listens. */
function assumptionsOf(item: ReachedEffect): readonly string[] {
  return [
    ...(item.targets.length > 1 ? ['the target is one of several possible ones'] : []),
    ...(item.body.certain ? [] : ['the call that leads here is one of several possible ones']),
    ...(item.effect.deferred && item.effect.kind !== 'start' ? ['what was prepared is used'] : []),
  ];
}

/** The event names the very thing that it came from (`event.Records[0].s3.bucket.name`, a storage event's `bucket`). */
function triggerNamed(view: FunctionView, wiring: Wiring, value: Value, effect: Effect): string | undefined {
  if (value.kind !== 'event') return undefined;
  const path = value.path.join('.');
  const { fn } = view;
  const isGoogle = fn.platform === 'firebase' || fn.platform === 'google';
  const isBucket = /(?:^|\.)s3\.bucket\.(?:name|arn)$|detail\.bucket\.name$/.test(path) || (isGoogle && effect.service === 'gcs' && /^(?:data\.)?bucket$/.test(path));
  const kind = isBucket ? 'bucket' : /Sns\.TopicArn$/.test(path) ? 'topic' : /eventSourceARN$/.test(path) ? effect.resourceKind : undefined;
  const triggers = fn.triggers.flatMap((trigger) => (trigger.kind === kind ? [trigger.resource ?? defaultOf(fn, trigger)] : []));
  const [only] = triggers;
  return only && triggers.length === 1 && kind === effect.resourceKind ? wiring.key(only, fn.unit, [kind]) : undefined;
}

/** Ways to functions of the same application by its own address; a function that answers before it works is not waited for. */
function ownHops(view: FunctionView, wiring: Wiring, item: ReachedEffect, place: Location, target: Value): readonly Hop[] {
  const address = asAddress(target);
  return ownAddresses(view.fn, view.project.infrastructure.functions, address).flatMap(({ fn, trigger, byRoute }): readonly Hop[] => {
    if (byRoute && routeMatch(address, item.effect, trigger) !== 'yes') return [];
    const answering = trigger.source === 'background' ? { ...item, waits: false } : item;
    return [hopTo(view, wiring, answering, { fn, trigger, links: [], match: 'yes' }, { place, key: `own:${fn.id}`, label: shortText(address), how: 'request', assumptions: [] })];
  });
}

function hopsOf(view: FunctionView, wiring: Wiring, item: ReachedEffect, place: Location, key: string, target: Value, label: string): readonly Hop[] {
  const { effect } = item;
  const direct = wiring.functionAt(key);
  const arrivals: readonly Arrival[] = direct && effect.resourceKind !== 'url'
    ? [{ fn: direct, trigger: called(direct), links: [], match: 'yes' }]
    // A function that is not known here: what leads on from it is no way of the one that invokes it.
    : effect.resourceKind === 'function' ? [] : wiring.arrivals(key, effect, keyNames(view, key.replace(/^#/, '')), view.fn);
  return arrivals.flatMap((arrival): readonly Hop[] => {
    if (arrival.links.length === 0 && arrival.trigger.resource && standsApart(target, arrival.trigger.resource)) return [];
    const request = arrival.trigger.kind === 'http' || arrival.trigger.kind === 'url';
    // An API has many routes: a request belongs to the one that its path names, else to none.
    if (request && !direct && routeMatch(target, effect, arrival.trigger) !== 'yes') return [];
    return [hopTo(view, wiring, item, arrival, { place, key, label, how: request ? 'request' : direct ? 'invoke' : 'event', assumptions: arrival.match === 'unknown' && !request ? ['what is written passes the filters on the way'] : [] })];
  });
}
