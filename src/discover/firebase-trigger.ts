import type { RouteAuth, Trigger, TriggerFilter } from '../model/function.ts';
import { literalText, type Value } from '../model/value.ts';
import { Options, type MadeView } from './code-made.ts';
import type { FirebaseCall } from './firebase-call.ts';

/**
 * Options of a function: what is written for it, before what is written for all functions. `undefined` and `null` reset to
 * the default and are read as not written.
 */
export class FirebaseOptions {
  readonly #sources: readonly Options[];

  constructor(sources: readonly Options[]) {
    this.#sources = sources;
  }

  /** Something else than what is told here may be among them. */
  get open(): boolean {
    return this.#sources.some((source) => source.open);
  }

  /** The options that write a property, nearest first. */
  from(name: string): Options | undefined {
    return this.#sources.find((source) => source.value(name) !== undefined);
  }

  value(name: string): Value | undefined { return this.from(name)?.value(name); }
  number(name: string): number | undefined { return this.from(name)?.number(name); }
  text(name: string): string | undefined { return this.from(name)?.text(name); }
  boolean(name: string): boolean | undefined { return this.from(name)?.boolean(name); }
}

/** What invokes the function that a call makes (firebase-functions 3 to 7 and firebase-tools, read 2026-11). */
export function firebaseTrigger(call: FirebaseCall, options: FirebaseOptions, view: MadeView): Trigger {
  const location = view.location(call.made.place);
  const source = call.provider === '' ? call.method : `${call.provider}.${call.method}`;
  const base = { source, location, filters: [] };
  const step = (name: string): Value | undefined => view.value(call.steps.get(name)?.[0]);
  // The second generation writes the resource as the first argument or among the options.
  const own = view.value(call.first);
  const written = (...names: readonly string[]): Value | undefined => (own !== undefined && own.kind !== 'object' ? own : names.map((name) => options.value(name)).find((value) => value !== undefined));
  switch (call.kind) {
    case 'http': {
      const auth = authOf(call, options, location);
      return { ...base, kind: 'http', filters: [{ kind: 'route', method: '*', path: '*' }], auth };
    }
    case 'schedule': {
      const schedule = step('schedule') ?? written('schedule');
      const retries = options.number('retryCount') ?? countOf(step('retryConfig'));
      return { ...base, kind: 'schedule', ...(schedule === undefined ? {} : { schedule }), ...(retries === undefined ? {} : { maximumRetryAttempts: retries }) };
    }
    case 'queue': {
      const settings = view.value(call.steps.get('taskQueue')?.[0]);
      const most = numberAt(settings, 'rateLimits', 'maxConcurrentDispatches') ?? numberAt(options.value('rateLimits'), 'maxConcurrentDispatches');
      const attempts = numberAt(settings, 'retryConfig', 'maxAttempts') ?? numberAt(options.value('retryConfig'), 'maxAttempts');
      return { ...base, kind: 'queue', ...(most === undefined ? {} : { maximumConcurrency: most }), ...(attempts === undefined ? {} : { maximumRetryAttempts: attempts < 0 ? -1 : Math.max(0, attempts - 1) }) };
    }
    default: {
      const resource = resourceOf(call, options, step, written);
      const retry = options.boolean('retry') === true || retries(options.value('failurePolicy'));
      return { ...base, kind: call.kind, filters: filtersOf(call, options, written), ...(resource === undefined ? {} : { resource }), ...(retry ? { maximumRetryAttempts: -1 } : {}) };
    }
  }
}

function resourceOf(call: FirebaseCall, options: FirebaseOptions, step: (name: string) => Value | undefined, written: (...names: readonly string[]) => Value | undefined): Value | undefined {
  switch (call.kind) {
    case 'document': return step('document') ?? step('ref') ?? written('document', 'ref');
    case 'bucket': return step('bucket') ?? written('bucket');
    case 'topic': return step('topic') ?? written('topic');
    case 'bus': return options.value('channel');
    default: return undefined;
  }
}

function filtersOf(call: FirebaseCall, options: FirebaseOptions, written: (...names: readonly string[]) => Value | undefined): TriggerFilter[] {
  if (call.kind === 'bucket') {
    const event = /^on(?:Object)?(Finalize|Archive|Delete|MetadataUpdate)d?$/.exec(call.method)?.[1];
    return event === undefined ? [] : [{ kind: 'object', events: [event.charAt(0).toLowerCase() + event.slice(1)], rules: [] }];
  }
  if (call.kind !== 'bus') return [];
  const type = written('eventType');
  const filters = options.value('filters');
  return type === undefined ? [] : [{ kind: 'pattern', pattern: { kind: 'object', entries: [['type', type], ...(filters?.kind === 'object' ? filters.entries : [])], open: false } }];
}

/** HTTP functions may be called by anybody unless they say otherwise: firebase-tools makes them public at deployment. */
function authOf(call: FirebaseCall, options: FirebaseOptions, location: Trigger['location'] & object): RouteAuth {
  const ingress = options.from('ingressSettings');
  if (ingress?.text('ingressSettings') === 'ALLOW_INTERNAL_ONLY') return { kind: 'private', location: ingress.place('ingressSettings') };
  const callable = call.method !== 'onRequest';
  const invoker = callable ? undefined : options.from('invoker');
  if (invoker !== undefined) {
    const value = invoker.value('invoker');
    const names = value?.kind === 'array' ? value.items : value === undefined ? [] : [value];
    if (!names.some((name) => literalText(name) === 'public')) return { kind: 'identity', location: invoker.place('invoker') };
    return { kind: 'none', location: invoker.place('invoker') };
  }
  // App Check refuses callers that are not the application itself.
  const check = callable && options.boolean('enforceAppCheck') === true ? options.from('enforceAppCheck') : undefined;
  if (check !== undefined) return { kind: 'identity', location: check.place('enforceAppCheck') };
  const policy = callable ? options.from('authPolicy') : undefined;
  return policy === undefined ? { kind: 'none', location } : { kind: 'identity', location: policy.place('authPolicy') };
}

function retries(policy: Value | undefined): boolean {
  return policy?.kind === 'object' ? policy.entries.some(([key]) => key === 'retry') : policy?.kind === 'literal' && policy.value === true;
}

const countOf = (value: Value | undefined): number | undefined => numberAt(value, 'retryCount');

/** A literal number at a path of objects. */
export function numberAt(value: Value | undefined, ...path: readonly string[]): number | undefined {
  let at: Value | undefined = value;
  for (const name of path) at = at?.kind === 'object' ? at.entries.findLast(([key]) => key === name)?.[1] : undefined;
  return at?.kind === 'literal' && typeof at.value === 'number' ? at.value : undefined;
}

/** Megabytes of `256MiB`, `1GB`, or a plain number. */
export function megabytes(value: Value | undefined): number | undefined {
  if (value?.kind !== 'literal') return undefined;
  if (typeof value.value === 'number') return value.value;
  const parts = typeof value.value === 'string' ? /^(\d{1,6})\s?(M|G)i?B?$/i.exec(value.value) : null;
  return parts === null ? undefined : Number(parts[1]) * (parts[2]?.toUpperCase() === 'G' ? 1024 : 1);
}
