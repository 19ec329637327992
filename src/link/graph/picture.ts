import type { ServerlessFunction, Trigger } from '../../model/function.ts';
import type { Picture, PictureLoop, PictureNodeKind } from '../../model/picture.ts';
import type { ProjectView } from '../../model/project.ts';
import type { FoundGuard } from '../queries/guards.ts';
import { cycles } from './cycles.ts';
import { Draft, kindOfResource, kindOfTrigger } from './draft.ts';
import { pathOfTrigger } from '../queries/document-places.ts';
import { eventGraph } from './graph.ts';
import { outgoing, type Hop } from './hops.ts';
import { filterText, shortText, triggerLabel } from './labels.ts';
import { verdictOf } from './loop-guard.ts';
import { wiringOf, type Wiring } from './wiring.ts';

/** Loops whose guards are looked for; beyond them that there is none is an assumption. */
const MAX_GUARDED = 60;

/**
 * The whole event graph of a project as a picture: every function, everything that triggers it and that it writes to, links
 * between resources, loops. What is neither written to nor listened to is left out. Works function by function and gives back
 * each call graph before the next one.
 */
export function pictureOf(project: ProjectView): Picture {
  const wiring = wiringOf(project);
  const draft = new Draft(project);
  const names = new Map<string, number>();
  for (const fn of project.infrastructure.functions) names.set(`${fn.unit}\0${fn.name}`, (names.get(`${fn.unit}\0${fn.name}`) ?? 0) + 1);
  // Names may repeat in one unit; what the id says behind the unit does not.
  for (const fn of project.infrastructure.functions) draft.node(`#${fn.id}`, { kind: 'function', label: (names.get(`${fn.unit}\0${fn.name}`) ?? 0) > 1 && fn.id.startsWith(`${fn.unit}#`) ? fn.id.slice(fn.unit.length + 1) : fn.name, unit: fn.unit, place: fn.declaredAt[0] });
  for (const fn of project.infrastructure.functions) triggers(draft, wiring, fn);
  links(draft, wiring, project);
  for (const view of project.functions) {
    const { hops, writes, unresolved } = outgoing(view);
    view.release();
    hopEdges(draft, wiring, hops, view.fn.unit);
    const answered = new Set(hops.flatMap((hop) => (hop.how === 'request' ? (hop.through[0]?.key ?? []) : [])));
    for (const write of writes) {
      if (answered.has(write.key)) continue;
      draft.node(write.key, { kind: kindOfResource(write.kind), label: shortName(write.label), unit: view.fn.unit });
      draft.edge(`#${view.fn.id}`, write.key, 'write', { label: write.detail, place: write.place, reasons: write.assumptions });
    }
    for (const item of unresolved) {
      const key = `${view.fn.id}\0?${item.detail}`;
      draft.node(key, { kind: kindOfService(item.detail), label: `${item.detail} ?`, unit: view.fn.unit, unknown: true });
      draft.edge(`#${view.fn.id}`, key, 'write', { place: item.place, reasons: [item.reason], unresolved: true });
    }
    for (const { kind, target, location } of view.fn.destinations) {
      const key = wiring.key(target, view.fn.unit, []) ?? `${view.fn.id}\0?${kind}`;
      const unresolvedTarget = key.endsWith(`?${kind}`);
      draft.node(key, { kind: 'external', label: unresolvedTarget ? `${kind} ?` : shortName(shortText(target)), unit: view.fn.unit, ...(unresolvedTarget ? { unknown: true } : {}) });
      draft.edge(`#${view.fn.id}`, key, 'destination', { label: kind, place: location, ...(unresolvedTarget ? { unresolved: true, reasons: ['the target is not known'] } : {}) });
    }
  }
  return draft.picture(loopsOf(project, draft));
}

/** Arrows from what triggers a function. A route belongs to one function, so that an API does not tie all of its functions together. */
function triggers(draft: Draft, wiring: Wiring, fn: ServerlessFunction): void {
  for (const trigger of fn.triggers) {
    if (trigger.enabled === false) continue;
    if (trigger.kind === 'http' || trigger.kind === 'url') {
      const api = wiring.keyOfTrigger(fn, trigger);
      const key = `${fn.id}\0route${api === undefined || wiring.functionAt(api) ? '' : `\0${api}`}`;
      draft.node(key, { kind: 'route', label: '', unit: fn.unit, place: trigger.location, lines: routeLines(trigger) });
      draft.edge(key, `#${fn.id}`, 'trigger', { place: trigger.location });
      if (api !== undefined && !wiring.functionAt(api)) draft.belongsTo(key, api);
      continue;
    }
    const label = triggerLabel(trigger);
    const named = sourceKey(wiring, fn, trigger);
    // What has its own name for its source (a workflow class, an object) is run by whoever calls it, and that is drawn there.
    if ((named === undefined && trigger.kind === 'invoke') || (named !== undefined && wiring.functionAt(named) === fn)) continue;
    const isUnknown = named === undefined && trigger.resource !== undefined;
    const key = named ?? `${fn.id}\0trigger:${trigger.source}:${trigger.location?.line ?? 0}`;
    const text = trigger.kind === 'schedule' && trigger.schedule ? shortText(trigger.schedule) : named !== undefined && trigger.resource ? shortName(shortText(trigger.resource)) : isUnknown ? `${trigger.source} ?` : trigger.source;
    draft.node(key, { kind: kindOfTrigger(trigger), label: text, unit: fn.unit, place: trigger.location, ...(isUnknown ? { unknown: true } : {}), ...(trigger.kind === 'schedule' && trigger.schedule ? { lines: [text] } : {}) });
    draft.edge(key, `#${fn.id}`, 'trigger', { label, place: trigger.location, ...(isUnknown ? { unresolved: true, reasons: ['the source is not known'] } : {}) });
  }
}

function sourceKey(wiring: Wiring, fn: ServerlessFunction, trigger: Trigger): string | undefined {
  const document = pathOfTrigger(trigger);
  return document === undefined ? wiring.keyOfTrigger(fn, trigger) : `${fn.unit}\0document:${document}`;
}

function routeLines(trigger: Trigger): readonly string[] {
  const routes = trigger.filters.flatMap((filter) => (filter.kind === 'route' ? [`${/^(?:\*|all|)$/i.test(filter.method) ? 'ANY' : filter.method.toUpperCase()} ${filter.path}`.trim()] : []));
  return routes.length > 0 ? routes : [trigger.kind === 'url' ? 'function URL' : 'HTTP'];
}

/** Links whose source is known; where they lead may be unknown. */
function links(draft: Draft, wiring: Wiring, project: ProjectView): void {
  for (const link of project.infrastructure.links ?? []) {
    const unit = link.from.kind === 'resource' ? link.from.unit : link.location.file;
    const from = wiring.key(link.from, unit, []);
    if (from === undefined) continue;
    const known = wiring.linkedTo(link);
    const to = known ?? `${from}\0?${link.kind}`;
    draft.node(from, { kind: 'external', label: shortName(shortText(link.from)), unit });
    draft.node(to, { kind: 'external', label: known === undefined ? `${link.kind} ?` : shortName(shortText(link.to)), unit: link.to.kind === 'resource' ? link.to.unit : unit, ...(known === undefined ? { unknown: true } : {}) });
    // Some formats say a function's destination as a link.
    const isDestination = wiring.functionAt(from) !== undefined && link.kind === 'destination';
    const label = [isDestination ? '' : link.kind, ...link.filters.map(filterText)].filter((text) => text !== '').join('\n');
    draft.edge(from, to, isDestination ? 'destination' : 'link', { label, place: link.location, ...(known === undefined ? { unresolved: true, reasons: ['the target is not known'] } : {}) });
  }
}

/** Calls from function to function, and the ends of ways that no single write or trigger shows. */
function hopEdges(draft: Draft, wiring: Wiring, hops: readonly Hop[], unit: string): void {
  for (const hop of hops) {
    const from = `#${hop.from}`;
    const to = `#${hop.to}`;
    if (hop.how === 'invoke' || hop.how === 'request') {
      if (hop.how === 'invoke' && hop.through.length > 1) chain(draft, hop);
      else draft.edge(from, to, hop.how, { label: hop.how === 'invoke' ? (hop.waits ? 'invokes, waits' : 'invokes') : 'HTTP request', place: hop.place, reasons: hop.assumptions });
      continue;
    }
    if (hop.through.length === 0) {
      draft.edge(from, to, hop.how === 'destination' ? 'destination' : 'write', { place: hop.place, reasons: hop.assumptions });
      continue;
    }
    for (const { key, label } of hop.through) if (key !== '' && !wiring.functionAt(key)) draft.node(key, { kind: key.includes('\0document:') ? 'document' : 'external', label: shortName(label), unit });
    chain(draft, hop);
  }
}

/** The arrows of a way, where they are not drawn yet. */
function chain(draft: Draft, hop: Hop): void {
  const way = wayOf(hop);
  way.forEach((key, index) => {
    const next = way[index + 1];
    if (next === undefined || draft.has(key, next)) return;
    draft.edge(key, next, index === 0 ? (hop.how === 'destination' ? 'destination' : 'write') : index === way.length - 2 ? 'trigger' : 'link', { place: hop.place, reasons: hop.assumptions });
  });
}

/** Keys of what a hop comes through, both functions included. */
function wayOf(hop: Hop): readonly string[] {
  const things = hop.how === 'request' ? [] : hop.through.map((thing) => thing.key).filter((key) => key !== '');
  return [`#${hop.from}`, ...things, `#${hop.to}`];
}

/** Loops of one function and of several, with what ends them; each is marked in the draft by its place in the result. */
function loopsOf(project: ProjectView, draft: Draft): readonly PictureLoop[] {
  const { hops } = eventGraph(project);
  const own = hops.filter((hop) => hop.from === hop.to && (hop.fromHandler === undefined || hop.toHandler === undefined || hop.fromHandler === hop.toHandler));
  const found = new Map<string, { readonly ways: (readonly Hop[])[]; readonly keys: readonly string[] }>();
  for (const way of [...own.map((hop) => [hop]), ...cycles(hops)]) {
    const keys = way.flatMap((hop) => wayOf(hop).slice(0, -1));
    const name = keys.join('\n');
    const known = found.get(name);
    if (known) known.ways.push(way); else found.set(name, { ways: [way], keys });
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
  let left = MAX_GUARDED;
  const loops = sorted.map(({ ways, keys }, index): PictureLoop => {
    const verdicts = ways.map((way) => (left-- > 0 ? verdictOf(project, way) : { guard: undefined, assumptions: [...assumed(way), 'no condition on the way ends it'] }));
    // Where several lines make one loop, the one that nothing ends is told, and of these the surest.
    const [told] = verdicts.sort((a, b) => Number(endsIt(a.guard)) - Number(endsIt(b.guard)) || a.assumptions.length - b.assumptions.length);
    draft.loop(index + 1, [...keys, keys[0] ?? '']);
    const { guard, assumptions = [] } = told ?? {};
    return {
      number: index + 1, nodes: keys.map((key) => draft.id(key)), certainty: assumptions.length > 0 ? 'possible' : 'proved', assumptions,
      ...(guard && endsIt(guard) ? { ends: { file: guard.file, line: guard.line, why: guard.why } } : {}),
    };
  });
  for (const view of project.functions) view.release();
  return loops;
}

const endsIt = (guard: FoundGuard | undefined): boolean => guard?.strength === 'ends';
const assumed = (way: readonly Hop[]): readonly string[] => [...new Set(way.flatMap((hop) => hop.assumptions))];

/** Kind of the thing that an effect of a catalog row would name, by its service. */
function kindOfService(row: string): PictureNodeKind {
  const service = row.split(' ')[0] ?? '';
  return serviceKinds.get(service) ?? 'external';
}

const serviceKinds: ReadonlyMap<string, PictureNodeKind> = new Map([
  ['lambda', 'function'], ['sqs', 'queue'], ['cloudtasks', 'queue'], ['azure-queue', 'queue'], ['azure-servicebus', 'queue'], ['cloudflare-queue', 'queue'], ['qstash', 'queue'],
  ['sns', 'topic'], ['pubsub', 'topic'], ['azure-eventgrid', 'topic'], ['s3', 'bucket'], ['gcs', 'bucket'], ['azure-blob', 'bucket'], ['azure-files', 'bucket'], ['r2', 'bucket'],
  ['dynamodb', 'table'], ['azure-table', 'table'], ['azure-cosmos', 'table'], ['kinesis', 'stream'], ['firehose', 'stream'], ['azure-eventhubs', 'stream'],
  ['eventbridge', 'bus'], ['stepfunctions', 'stateMachine'], ['scheduler', 'schedule'], ['firestore', 'document'], ['rtdb', 'document'],
]);

/** People's name of a thing in an address, an ARN or a path. */
function shortName(text: string): string {
  const bare = text.replace(/^[a-z]+:\/\//i, '').replace(/[?#].*$/s, '');
  return bare.startsWith('arn:') ? bare.split(':').slice(5).join(':') || bare : bare;
}
