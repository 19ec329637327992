import type { Effect } from '../../catalog/effects.ts';
import type { ResourceLink, ServerlessFunction, Trigger, TriggerKind } from '../../model/function.ts';
import type { ProjectView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { passes, type Match } from '../queries/filters.ts';
import { DocumentTriggers } from './documents.ts';
import { resourceIndex, type Resolution } from '../resources.ts';
import { streamedRecord } from './streamed.ts';
import { shortText } from './labels.ts';

/** Links between resources that one event is followed through. */
const MAX_LINKS = 5;

/** A function that something written to a resource runs, with what stands between. */
export interface Arrival {
  readonly fn: ServerlessFunction;
  readonly trigger: Trigger;
  readonly links: readonly ResourceLink[];
  /** Whether what is written passes the filters on the way. */
  readonly match: Exclude<Match, 'no'>;
}

/** Kinds of resources that a trigger of a kind can stand for. */
const kindsOfTrigger: Readonly<Partial<Record<TriggerKind, readonly string[]>>> = {
  queue: ['queue'], topic: ['topic'], bucket: ['bucket'], bus: ['bus'], stream: ['table', 'stream'], stateMachine: ['stateMachine'], log: ['logGroup'],
  schedule: ['schedule', 'rule'], http: ['api', 'url'], url: ['url', 'function'], document: ['document', 'table'], invoke: ['function'],
};

/** What a trigger that names nothing stands for: a Firebase project has one bucket of its own. */
export const defaultOf = (fn: ServerlessFunction, trigger: Trigger): Value | undefined => (trigger.kind === 'bucket' && fn.platform === 'firebase' ? { kind: 'literal', value: DEFAULT_BUCKET } : undefined);

/** The name under which the default bucket of a project is kept. */
const DEFAULT_BUCKET = 'default bucket';

/**
 * What infrastructure leads where: triggers by the resource behind them, and links between resources. Knows nothing of code.
 * Things are told apart by key: `#unit#logicalId` for what is declared, the unit and the name for what is only named, so that
 * two units that use one undeclared name stay apart.
 */
export class Wiring {
  private readonly project: ProjectView;
  private readonly triggers = new Map<string, { readonly fn: ServerlessFunction; readonly trigger: Trigger }[]>();
  private readonly links = new Map<string, ResourceLink[]>();
  private readonly functions: ReadonlyMap<string, ServerlessFunction>;
  /** Triggers of document databases, by path. */
  readonly documents: DocumentTriggers;

  constructor(project: ProjectView) {
    this.project = project;
    this.functions = new Map(project.infrastructure.functions.map((fn) => [`#${fn.id}`, fn]));
    this.documents = new DocumentTriggers(project.infrastructure.functions);
    for (const fn of project.infrastructure.functions) {
      for (const trigger of fn.triggers) {
        if (trigger.enabled === false) continue;
        const key = this.keyOfTrigger(fn, trigger);
        if (key !== undefined) this.add(this.triggers, key, { fn, trigger });
      }
    }
    for (const link of project.infrastructure.links ?? []) {
      const key = this.key(link.from, unitOf(link.from, link), []);
      if (key !== undefined) this.add(this.links, key, link);
    }
  }

  private add<T>(map: Map<string, T[]>, key: string, item: T): void {
    const list = map.get(key);
    if (list) list.push(item); else map.set(key, [item]);
  }

  /** Key of the thing that a value of the infrastructure names. */
  key(value: Value, unit: string, kinds: readonly string[]): string | undefined {
    return keyOfThing(resourceIndex(this.project).resolve(value, { kinds: new Set(kinds), unit }), unit);
  }

  /** Key of what a trigger listens to. */
  keyOfTrigger(fn: ServerlessFunction, trigger: Trigger): string | undefined {
    const resource = trigger.resource ?? defaultOf(fn, trigger);
    return resource && this.key(resource, fn.unit, kindsOfTrigger[trigger.kind] ?? []);
  }

  /** The function that a key stands for. */
  functionAt(key: string): ServerlessFunction | undefined {
    return this.functions.get(key);
  }

  /** Links that start at a thing. */
  linksFrom(key: string): readonly ResourceLink[] {
    return this.links.get(key) ?? [];
  }

  /** Key of a link's other end. */
  linkedTo(link: ResourceLink): string | undefined {
    return this.key(link.to, unitOf(link.to, link), []);
  }

  /** Triggers that listen to a thing. */
  listeners(key: string): readonly { readonly fn: ServerlessFunction; readonly trigger: Trigger }[] {
    return this.triggers.get(key) ?? [];
  }

  /**
   * Functions that run when something is written to a thing, directly or through links between resources. What the filters
   * provably keep out does not arrive.
   *
   * @param written what is written, for the filters; absent: nothing is known of it
   * @param keyNames attributes of the key, when the thing is a table
   * @param writer the function that writes: what it hands on of an event that came through its only trigger passes there again
   */
  arrivals(key: string, written?: Effect, keyNames: readonly string[] = [], writer?: ServerlessFunction): readonly Arrival[] {
    const found: Arrival[] = [];
    const seen = new Set([key]);
    const queue: { readonly key: string; readonly links: readonly ResourceLink[]; readonly match: Match }[] = [{ key, links: [], match: 'yes' }];
    for (let at = queue.shift(); at; at = queue.shift()) {
      for (const { fn, trigger } of this.listeners(at.key)) {
        const match = and(at.match, this.through(trigger, at.links, written, keyNames, fn === writer && fn.triggers.length === 1 && at.links.length === 0));
        if (match !== 'no') found.push({ fn, trigger, links: at.links, match });
      }
      if (at.links.length >= MAX_LINKS) continue;
      for (const link of this.linksFrom(at.key)) {
        // What leaves a queue for its dead-letter queue has failed in the function that listens: that is a way of its own.
        if (link.kind === 'redrive' && this.listeners(at.key).length > 0) continue;
        const next = this.linkedTo(link);
        if (next === undefined || seen.has(next)) continue;
        const match = link.kind === 'redrive' ? and(at.match, 'unknown') : and(at.match, this.through(link, at.links, written, keyNames));
        if (match === 'no') continue;
        seen.add(next);
        queue.push({ key: next, links: [...at.links, link], match });
      }
    }
    return found;
  }

  /** What a delivery stream puts into its bucket: objects under its prefix, by default under the time (Data Firehose developer guide, "Custom S3 prefixes", November 2026). */
  private delivery(link: ResourceLink): Effect | undefined {
    const from = link.from.kind === 'resource' ? this.project.resources.get(`${link.from.unit}#${link.from.id}`) : undefined;
    if (!from || !/firehose/i.test(from.type)) return undefined;
    const prefixes = from.properties.kind === 'object' ? from.properties.entries.flatMap(([name, value]) => (/S3.*Configuration$|^extended_s3_configuration$/.test(name) ? prefixIn(value) : [])) : [];
    const time: Value = { kind: 'unknown', reason: 'time of the delivery' };
    const [prefix] = prefixes;
    const key: Value = prefix ? { kind: 'template', parts: [...(prefix.kind === 'template' ? prefix.parts : [prefix]), time] } : time;
    return { kind: 'write', service: 's3', resourceKind: 'bucket', target: link.to, key, waits: false, detail: 'delivery', row: 's3 delivery', events: ['ObjectCreated:Put'] };
  }

  /** The filters of one step. Behind a link the message has another shape: what is left of it is not known. */
  private through(step: Pick<Trigger, 'filters'> | ResourceLink, before: readonly ResourceLink[], written: Effect | undefined, keyNames: readonly string[], isOwn = false): Match {
    // A pattern without a word lets everything through (CloudWatch Logs user guide, "Filter pattern syntax", November 2026).
    if (step.filters.every((filter) => filter.kind === 'pattern' && filter.pattern.kind === 'literal' && filter.pattern.value === '')) return 'yes';
    const [first] = before;
    if (!written) return 'unknown';
    if (!first) return passes(step, ('from' in step && step.kind === 'notification' && objectNotice(written, step.from)) || written, keyNames, isOwn);
    const notice = before.length === 1 && first.kind === 'notification' ? objectNotice(written, first.from) : undefined;
    if (notice) return passes(step, notice);
    // A bus hands an event on to the next one as it came (EventBridge user guide, "Sending events between buses", November 2026).
    if (written.service === 'eventbridge' && before.every((link) => link.kind === 'target') && step.filters.every((filter) => filter.kind === 'pattern')) return passes(step, written, keyNames);
    const told = toldByTask(before);
    if (told && step.filters.every((filter) => filter.kind === 'pattern')) return and('unknown', passes(step, told));
    const streamed = step.filters.every((filter) => filter.kind === 'pattern') ? streamedRecord(written, before, keyNames) : undefined;
    if (streamed) return passes(step, streamed);
    const delivered = before.at(-1)?.kind === 'destination' ? this.delivery(before.at(-1) as ResourceLink) : undefined;
    return delivered ? passes(step, delivered) : 'unknown';
  }
}

const and = (a: Match, b: Match): Match => (a === 'no' || b === 'no' ? 'no' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes');

const prefixIn = (value: Value): readonly Value[] => (value.kind === 'array' ? value.items.flatMap(prefixIn) : value.kind === 'object' ? value.entries.flatMap(([name, one]) => (/^prefix$/i.test(name) ? [one] : [])) : []);

const unitOf = (value: Value, link: ResourceLink): string => (value.kind === 'resource' ? value.unit : link.location.file);

/** The event that a task of a state machine puts on a bus, as far as the edge says it, while it is handed from bus to bus. */
function toldByTask(before: readonly ResourceLink[]): Effect | undefined {
  const task = before.findLast((link) => link.kind !== 'target');
  const [filter] = task?.kind === 'task' ? task.filters : [];
  if (!task || filter?.kind !== 'pattern' || filter.pattern.kind !== 'object') return undefined;
  const said = filter.pattern.entries.map(([name, values]): readonly [string, Value] => [name, values.kind === 'array' && values.items.length === 1 ? (values.items[0] ?? values) : values]);
  return { kind: 'publish', service: 'eventbridge', resourceKind: 'bus', target: task.to, waits: false, detail: 'task', row: 'eventbridge task', attributes: { kind: 'object', entries: said, open: true } };
}

/** What a bucket tells the event bus about a written object (Amazon S3 user guide, "EventBridge event message structure", November 2026). */
function objectNotice(written: Effect, bucket: Value): Effect | undefined {
  if (written.service !== 's3') return undefined;
  const text = (value: string): Value => ({ kind: 'literal', value });
  const object = (entries: readonly (readonly [string, Value])[], open: boolean): Value => ({ kind: 'object', entries, open });
  const detail = object([['bucket', object([['name', bucket]], false)], ...(written.key ? [['object', object([['key', written.key]], true)] as const] : [])], true);
  const { payload: _, ...rest } = written;
  return { ...rest, service: 'eventbridge', attributes: object([['source', text('aws.s3')], ['detail-type', text(written.kind === 'delete' ? 'Object Deleted' : 'Object Created')], ['detail', detail]], true) };
}

/** Equal for two names of one thing; `undefined` when it is not known what is named. */
export function keyOfThing(resolution: Resolution, unit: string): string | undefined {
  switch (resolution.kind) {
    case 'resource': case 'function': return `#${resolution.id}`;
    case 'name': return `${unit}\0${resolution.key}`;
    default: return undefined;
  }
}

/** People's name of a thing. */
export function labelOf(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'resource': return resolution.resource?.logicalId ?? resolution.id.slice(resolution.id.indexOf('#') + 1);
    case 'function': return resolution.fn.name;
    case 'name': return resolution.name.kind === 'literal' ? String(resolution.name.value) : shortText(resolution.name);
    case 'event': return 'what the event names';
    case 'unknown': return resolution.reason;
  }
}

const wirings = new WeakMap<object, Wiring>();

/** The wiring of a project, made once. */
export function wiringOf(project: ProjectView): Wiring {
  let wiring = wirings.get(project);
  if (!wiring) {
    wiring = new Wiring(project);
    wirings.set(project, wiring);
  }
  return wiring;
}
