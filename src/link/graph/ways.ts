import type { Effect } from '../../catalog/effects.ts';
import { statusEvents } from '../../catalog/status-events.ts';
import type { ServerlessFunction, Trigger } from '../../model/function.ts';
import type { Location } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import { literal, literalText, type Value } from '../../model/value.ts';
import type { ReachedEffect } from '../queries/effects.ts';
import { pathOfTrigger, placeOf } from '../queries/document-places.ts';
import { hears } from './documents.ts';
import { arrivalSteps, arrivesAs, called, hopTo, linkLabel, serviceOf, type Hop } from './hop.ts';
import type { Arrival, Wiring } from './wiring.ts';

/** Ways on which functions make functions run that do not go through the target of a call. */

/** Writes to a document database: triggers by path. */
export function documentHops(view: FunctionView, wiring: Wiring, item: ReachedEffect, at: Location): readonly Hop[] {
  const documents = view.fn.triggers.filter((trigger) => trigger.kind === 'document');
  const own = documents.length === 1 ? documents[0] : undefined;
  return item.targets.flatMap(({ value }) => {
    const place = placeOf(value, own);
    if (!place) return [];
    return wiring.documents.near(view.fn.unit, place).flatMap(({ fn, trigger }): readonly Hop[] => {
      const heard = hears(trigger, place, item.effect);
      if (!heard) return [];
      const label = pathOfTrigger(trigger) ?? place.steps.join('/');
      const hop = hopTo(view, wiring, item, { fn, trigger, links: [], match: heard.match }, { place: at, key: `${fn.unit}\0document:${label}`, label, how: 'event', assumptions: heard.match === 'yes' ? [] : ['the document that is written is one that the trigger listens to'] });
      return [{ ...hop, ...(heard.own && fn.id === view.fn.id ? { own: true as const } : {}), ...(heard.seen ? { seen: heard.seen } : {}) }];
    });
  });
}

/** Things whose change of status AWS tells the default event bus of: what was started comes back as an event. */
export function statusHops(view: FunctionView, wiring: Wiring, item: ReachedEffect, place: Location): readonly Hop[] {
  const { effect } = item;
  const row = effect.kind === 'start' || effect.kind === 'write' ? statusEvents.get(effect.row) : undefined;
  const key = row ? wiring.key(literal('default'), view.fn.unit, ['bus']) : undefined;
  if (!row || key === undefined) return [];
  const detail: readonly (readonly [string, Value])[] = row.names !== undefined && effect.target.kind !== 'unknown' ? [[row.names, effect.target]] : [];
  const told = (more: readonly (readonly [string, Value])[]): Effect => ({
    kind: 'publish', service: 'eventbridge', resourceKind: 'bus', target: literal('default'), waits: false, detail: 'status event', row: 'eventbridge status',
    attributes: { kind: 'object', open: true, entries: [['source', literal(row.source)], ['detail-type', literal(row.detailType)], ['detail', { kind: 'object', open: true, entries: [...detail, ...more] }]] },
  });
  const any = told([]);
  const isSure = (arrival: Arrival): boolean => {
    // What was told of is started again: whatever the rule asks of it, it asks the same thing.
    if (effect.target.kind === 'event' && effect.target.path[0] === 'detail' && arrival.fn === view.fn && view.fn.triggers.length === 1) return true;
    // Each status that the rule asks for comes about again, as it did before; starting alone is a change of status.
    const statuses = [...(row.first === undefined ? [] : [row.first]), ...wantedIn(arrival.links[0] ?? arrival.trigger, row.status)];
    return statuses.some((status) => wiring.arrivals(key, told([[row.status, literal(status)]])).some((one) => one.match === 'yes' && one.fn === arrival.fn && one.trigger === arrival.trigger));
  };
  return wiring.arrivals(key, any).filter((arrival) => asksFor(arrival.links[0] ?? arrival.trigger, row.source)).map((arrival) => {
    const hop = hopTo(view, wiring, item, arrival, { place, key, label: row.detailType, how: 'event', assumptions: isSure(arrival) ? [] : ['the status of what was started is one that the rule asks for'] });
    return { ...hop, services: [effect.service, 'eventbridge', ...arrival.links.map(serviceOf)], ...(any.attributes ? { told: any.attributes } : {}) };
  });
}

/** The texts that a rule wants of one field of `detail`. */
function wantedIn(step: Pick<Trigger, 'filters'>, field: string): readonly string[] {
  return step.filters.flatMap((filter) => {
    const detail = filter.kind === 'pattern' && filter.pattern.kind === 'object' ? filter.pattern.entries.find(([name]) => name === 'detail')?.[1] : undefined;
    const wanted = detail?.kind === 'object' ? detail.entries.find(([name]) => name === field)?.[1] : undefined;
    return (wanted?.kind === 'array' ? wanted.items : wanted ? [wanted] : []).flatMap((one) => literalText(one) ?? []);
  });
}

/** A rule that names the source; one without says nothing of what it is for. */
function asksFor(step: Pick<Trigger, 'filters'>, source: string): boolean {
  return step.filters.some((filter) => {
    const wanted = filter.kind === 'pattern' && filter.pattern.kind === 'object' ? filter.pattern.entries.find(([name]) => name === 'source')?.[1] : undefined;
    return wanted !== undefined && (wanted.kind === 'array' ? wanted.items : [wanted]).some((one) => literalText(one) === source);
  });
}

/** What is subscribed to a function's log group, the function itself or another one: every invocation writes lines to it. */
export function logHops(view: FunctionView, wiring: Wiring): readonly Hop[] {
  const { fn } = view;
  if (fn.platform !== 'aws') return [];
  const own: Value = { kind: 'resource', unit: fn.unit, id: fn.id.slice(fn.id.indexOf('#') + 1), attribute: 'Ref' };
  const names: readonly Value[] = [own, ...(fn.physicalName ? [fn.physicalName] : [])];
  const keys = new Set(names.map((name) => wiring.key({ kind: 'template', parts: [literal('/aws/lambda/'), name] }, fn.unit, ['logGroup'])));
  const place = fn.declaredAt[0];
  return [...keys].flatMap((key) => (key === undefined || !place ? [] : wiring.arrivals(key)).map((arrival): Hop => {
    const at = arrival.trigger.location ?? place ?? { file: fn.unit, line: 1, column: 1, endLine: 1, endColumn: 1 };
    const label = 'its own log group';
    return {
      from: fn.id, to: arrival.fn.id, place: at, through: [{ key: key ?? '', label }, ...arrival.links.map((link) => ({ key: wiring.linkedTo(link) ?? '', label: linkLabel(link) }))],
      services: ['logs', ...arrival.links.map(serviceOf)], how: arrival.fn.id === fn.id ? 'event' : 'destination', waits: false,
      assumptions: arrival.match === 'unknown' ? ['what is logged passes the filter'] : [],
      steps: [...(place ? [{ ...place, message: `${fn.name} writes lines to ${label} whenever it runs` }] : []), ...arrivalSteps(arrival, label)],
    };
  }));
}

/** Destinations and dead-letter queues: the platform hands the result on. */
export function destinationHops(view: FunctionView, wiring: Wiring): readonly Hop[] {
  return [...ofDestinations(view, wiring), ...ofRedrives(view, wiring)];
}

/** What a function fails on for good leaves its queue for the dead-letter queue (Amazon SQS developer guide, "Dead-letter queues", November 2026). */
function ofRedrives({ fn }: FunctionView, wiring: Wiring): readonly Hop[] {
  return fn.triggers.flatMap((trigger) => {
    const key = trigger.enabled === false || trigger.kind !== 'queue' ? undefined : wiring.keyOfTrigger(fn, trigger);
    return (key === undefined ? [] : wiring.linksFrom(key)).flatMap((link): readonly Hop[] => {
      const next = link.kind === 'redrive' ? wiring.linkedTo(link) : undefined;
      if (next === undefined) return [];
      const label = linkLabel(link);
      // A function that works off both queues runs once more, unless the second one leads back to the first.
      const isRound = wiring.linksFrom(next).some((back) => back.kind === 'redrive' && wiring.linkedTo(back) === key);
      return wiring.arrivals(next).filter((arrival) => arrival.fn !== fn || isRound).map((arrival): Hop => ({
        from: fn.id, to: arrival.fn.id, ...(arrival.trigger.handlerExport === undefined ? {} : { toHandler: arrival.trigger.handlerExport }), place: link.location, ...arrivesAs(arrival),
        through: [{ key: next, label }, ...arrival.links.map((one) => ({ key: wiring.linkedTo(one) ?? '', label: linkLabel(one) }))],
        services: ['sqs', link.kind, ...arrival.links.map(serviceOf)], how: 'destination', waits: false, onFailure: true,
        assumptions: arrival.match === 'unknown' && arrival.trigger.filters.length > 0 ? ['the message passes the filters on the way'] : [],
        steps: [{ ...link.location, message: `what ${fn.name} fails on goes to ${label}` }, ...arrivalSteps(arrival, label)],
      }));
    });
  });
}

const isRedriven = (fn: ServerlessFunction, wiring: Wiring, key: string): boolean => fn.triggers.some((trigger) => {
  const from = trigger.kind === 'queue' ? wiring.keyOfTrigger(fn, trigger) : undefined;
  return from !== undefined && wiring.linksFrom(from).some((link) => link.kind === 'redrive' && wiring.linkedTo(link) === key);
});

function ofDestinations(view: FunctionView, wiring: Wiring): readonly Hop[] {
  const { fn } = view;
  return fn.destinations.flatMap(({ kind, target, location }) => {
    const key = wiring.key(target, fn.unit, []);
    const place = location ?? fn.declaredAt[0];
    // The dead-letter queue of a queue that the function works off: a way of its own.
    if (key === undefined || !place || (kind === 'deadLetter' && isRedriven(fn, wiring, key))) return [];
    const direct = wiring.functionAt(key);
    const label = direct?.name ?? key.slice(key.lastIndexOf('#') + 1);
    const arrivals: readonly Arrival[] = direct ? [{ fn: direct, trigger: called(direct), links: [], match: 'yes' }] : wiring.arrivals(key);
    return arrivals.map((arrival): Hop => ({
      from: fn.id, to: arrival.fn.id, ...(arrival.trigger.handlerExport === undefined ? {} : { toHandler: arrival.trigger.handlerExport }), place,
      through: direct ? [] : [{ key, label }, ...arrival.links.map((link) => ({ key: wiring.linkedTo(link) ?? '', label: linkLabel(link) }))],
      services: ['lambda', ...arrival.links.map(serviceOf)], how: 'destination', waits: false, ...(kind === 'onSuccess' ? {} : { onFailure: true as const }),
      assumptions: [...(arrival.match === 'unknown' && (arrival.trigger.filters.length > 0 || arrival.links.length > 0) ? ['the result passes the filters on the way'] : [])],
      steps: [{ ...place, message: `${kind === 'onSuccess' ? 'a result' : 'a failure'} of ${fn.name} goes to ${label}` }, ...arrivalSteps(arrival, label)],
    }));
  });
}

