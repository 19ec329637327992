import type { Binding, RouteAuth, ServerlessFunction, Trigger, TriggerFilter, TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal, literalText, type Value } from '../model/value.ts';
import { template } from '../link/values.ts';
import { bindingText, type AzureHost } from './azure-host.ts';

/** One binding as it is written, in `function.json` or in code. */
export interface BindingSource {
  /** `queueTrigger`, `queue`, `httpTrigger`. */
  readonly type: string;
  readonly name: string;
  readonly direction: 'in' | 'out' | 'inout';
  /** What is written for a property; texts may hold settings and binding expressions. */
  property(name: string): Value | undefined;
  readonly location: Location;
  /** Where a property is written; the binding itself where it is not. */
  place(name: string): Location;
  /** The registering code stands for the programming model v4, whose defaults differ. */
  readonly model: 'v3' | 'v4';
}

type Kind = Binding['kind'] & (TriggerKind | 'table' | 'other');

/** Kinds by type in lower case without `trigger`, with the properties that can name the resource (Azure Functions, "Triggers and bindings", read 2026-11). */
const known: ReadonlyMap<string, readonly [Kind, ...string[]]> = new Map<string, readonly [Kind, ...string[]]>([
  ['http', ['http']], ['timer', ['schedule']], ['queue', ['queue', 'queueName']], ['blob', ['bucket', 'path']], ['table', ['table', 'tableName']],
  ['cosmosdb', ['document', 'containerName', 'collectionName']], ['documentdb', ['document', 'collectionName']], ['eventhub', ['stream', 'eventHubName', 'path']],
  ['eventgrid', ['bus', 'topicEndpointUri']], ['servicebus', ['queue', 'queueName']], ['kafka', ['stream', 'topic']], ['rabbitmq', ['queue', 'queueName']],
  ['sql', ['document', 'tableName', 'commandText']], ['mysql', ['document', 'tableName', 'commandText']],
  ['redispubsub', ['topic', 'channel']], ['redislist', ['queue', 'key']], ['redisstream', ['stream', 'key']],
  ['signalr', ['custom', 'hubName']], ['webpubsub', ['custom', 'hub']], ['warmup', ['custom']], ['mcptool', ['custom']], ['mcpresource', ['custom']], ['mcpprompt', ['custom']],
  ['orchestration', ['invoke']], ['activity', ['invoke']], ['entity', ['invoke']],
]);

const baseOf = (type: string): string => type.toLowerCase().replace(/trigger$/, '');
export const isTriggerType = (type: string): boolean => /trigger$/i.test(type);

/** A trigger of the platform from its binding. `name`: the function's, which is its route where none is written. */
export function azureTrigger(binding: BindingSource, name: string, host: AzureHost): Trigger {
  const base = baseOf(binding.type);
  const { kind, resource: written, key } = target(binding, host);
  // Durable functions are called by their own names.
  const resource = /^(?:orchestration|activity|entity)$/.test(base) ? literal(name) : written;
  const schedule = base === 'timer' ? text(binding.property('schedule'), host) : undefined;
  const connection = connectionOf(binding);
  const batchSize = batchOf(binding, base, host);
  const auth = base === 'http' ? authOf(binding) : undefined;
  const dequeues = base === 'queue' ? host.number('queues', 'maxDequeueCount') : undefined;
  const retries = dequeues !== undefined ? dequeues - 1 : host.retries;
  return {
    kind: !known.has(base) ? 'unknown' : kind === 'table' || kind === 'other' ? 'custom' : kind, source: binding.type, location: binding.location,
    filters: base === 'http' ? routes(binding, name, host) : base === 'blob' && key !== undefined ? [objectFilter(key)] : [],
    ...(resource === undefined ? {} : { resource }), ...(schedule === undefined ? {} : { schedule }), ...(connection === undefined ? {} : { connection }),
    ...(batchSize === undefined ? {} : { batchSize }), ...(auth === undefined ? {} : { auth }),
    ...(retries === undefined || base === 'http' || base === 'servicebus' || retries < -1 ? {} : { maximumRetryAttempts: retries }),
  };
}

/** Where messages go that fail too often, without being declared: the storage queue's own poison queue (Azure Functions, "Queue storage trigger", read 2026-11). */
export function azureDestinations(triggers: readonly Trigger[]): ServerlessFunction['destinations'] {
  return triggers.flatMap((trigger) => (trigger.source.toLowerCase() !== 'queuetrigger' || trigger.resource === undefined ? [] : [{ kind: 'deadLetter' as const, target: template([trigger.resource, literal('-poison')]), ...(trigger.location === undefined ? {} : { location: trigger.location }) }]));
}

/** An input or output of a function. */
export function azureBinding(binding: BindingSource, host: AzureHost): Binding {
  const { kind, resource, key } = target(binding, host);
  const connection = connectionOf(binding);
  return {
    name: binding.name, type: binding.type, direction: binding.direction, kind, location: binding.location,
    ...(resource === undefined ? {} : { resource }), ...(key === undefined ? {} : { key }), ...(connection === undefined ? {} : { connection }),
    ...(binding.direction === 'in' && changesByStatement(binding) ? { changes: true as const } : {}),
  };
}

/**
 * An input of SQL runs its statement whatever it is (Azure Functions, "Azure SQL input binding", `commandText` and `commandType`, read 2026-11);
 * of a procedure only the name is known.
 */
function changesByStatement(binding: BindingSource): boolean {
  if (!/^(?:sql|mysql)$/.test(baseOf(binding.type))) return false;
  const written = literalText(binding.property('commandText')) ?? '';
  const isProcedure = literalText(binding.property('commandType'))?.toLowerCase() === 'storedprocedure';
  const named = isProcedure ? written : /^\s*(?:exec(?:ute)?|call)\s+([\w.[\]`]{1,200})/i.exec(written)?.[1];
  if (named === undefined) return /^\s*(?:insert|update|delete|merge|truncate|replace)\b/i.test(written);
  const procedure = named.replace(/[[\]`]/g, '').split('.').at(-1) ?? '';
  return /^(?:usp_?|sp_?|proc_?)?(?:delete|remove|insert|add|create|update|upsert|save|merge|purge|truncate|clear)/i.test(procedure);
}

/** Most invocations in one process that `host.json` allows for a trigger, where it says. */
export function azureConcurrency(type: string, host: AzureHost): number | undefined {
  if (host.dynamicConcurrency) return undefined;
  switch (baseOf(type)) {
    case 'queue': {
      const batch = host.number('queues', 'batchSize');
      const threshold = host.number('queues', 'newBatchThreshold');
      // The next batch is fetched when this many are left: both run together. Half the batch unless written.
      return batch === undefined ? undefined : batch + (threshold ?? Math.floor(batch / 2));
    }
    case 'servicebus': return host.number('serviceBus', 'maxConcurrentCalls') ?? host.number('serviceBus', 'messageHandlerOptions', 'maxConcurrentCalls');
    case 'http': { const most = host.number('http', 'maxConcurrentRequests'); return most === undefined || most < 1 ? undefined : most; }
    case 'activity': return host.number('durableTask', 'maxConcurrentActivityFunctions');
    case 'orchestration': return host.number('durableTask', 'maxConcurrentOrchestratorFunctions');
    default: return undefined;
  }
}

function text(value: Value | undefined, host: AzureHost): Value | undefined {
  const written = literalText(value);
  return written === undefined ? (value?.kind === 'literal' ? undefined : value) : bindingText(written, host);
}

function connectionOf(binding: BindingSource): Value | undefined {
  const written = binding.property('connection') ?? binding.property('connectionStringSetting') ?? binding.property('topicEndpointUri');
  const name = literalText(written);
  if (name !== undefined && name !== '') return { kind: 'env', name: name.replace(/^%|%$/g, '') };
  // Storage has a setting of its own for whoever names none.
  return (written === undefined || name === '') && /^(?:queue|blob|table)$/.test(baseOf(binding.type)) ? { kind: 'env', name: 'AzureWebJobsStorage' } : undefined;
}

function target(binding: BindingSource, host: AzureHost): { readonly kind: Kind; readonly resource?: Value; readonly key?: Value } {
  const base = baseOf(binding.type);
  const [kind, ...properties] = known.get(base) ?? (['other'] as const);
  const topic = base === 'servicebus' ? text(binding.property('topicName'), host) : undefined;
  if (topic !== undefined) return { kind: 'topic', resource: topic };
  // The endpoint is itself a setting.
  if (base === 'eventgrid') { const connection = connectionOf(binding); return { kind, ...(connection === undefined ? {} : { resource: connection }) }; }
  const written = properties.map((property) => text(binding.property(property), host)).find((value) => value !== undefined);
  if (written === undefined) return { kind };
  if (base === 'blob') return { kind, ...containerAndKey(written) };
  if (kind === 'document') {
    const database = text(binding.property('databaseName'), host);
    return { kind, resource: database === undefined ? written : template([database, literal('/'), written]) };
  }
  return { kind, resource: written };
}

/** `container/folder/{name}.png`: the first part is the container. */
function containerAndKey(path: Value): { readonly resource?: Value; readonly key?: Value } {
  const parts = path.kind === 'template' ? path.parts : [path];
  const container: Value[] = [];
  for (const [index, part] of parts.entries()) {
    const written = part.kind === 'literal' ? String(part.value).replace(container.length === 0 ? /^\/+/ : /^$/, '') : undefined;
    const slash = written?.indexOf('/') ?? -1;
    if (written === undefined || slash < 0) { container.push(written === undefined ? part : literal(written)); continue; }
    container.push(literal(written.slice(0, slash)));
    return { resource: joined(container), key: joined([literal(written.slice(slash + 1)), ...parts.slice(index + 1)]) };
  }
  return { resource: joined(container) };
}

/** Parts of a text as one value, empty ones left out. */
function joined(parts: readonly Value[]): Value {
  const filled = parts.filter((part) => part.kind !== 'literal' || part.value !== '');
  const [only] = filled;
  return filled.length === 1 && only !== undefined ? only : template(filled);
}

/** What blob names a trigger's path lets through: the text before its first and after its last expression. */
function objectFilter(key: Value): TriggerFilter {
  const parts = key.kind === 'template' ? key.parts : [key];
  const head = parts[0];
  const tail = parts.at(-1);
  const rule = { ...(head?.kind === 'literal' && head.value !== '' ? { prefix: head } : {}), ...(tail?.kind === 'literal' && tail.value !== '' ? { suffix: tail } : {}) };
  return { kind: 'object', events: ['BlobCreated'], rules: [rule] };
}

function routes(binding: BindingSource, name: string, host: AzureHost): TriggerFilter[] {
  const methods = binding.property('methods');
  const listed = methods?.kind === 'array' && !methods.open ? methods.items.map((item) => literalText(item)?.toUpperCase() ?? '*') : [];
  // Without `methods` version 3 answers to all, version 4 to GET and POST.
  const effective = listed.length > 0 ? listed : methods === undefined && binding.model === 'v4' ? ['GET', 'POST'] : ['*'];
  const written = binding.property('route');
  const route = written === undefined ? name : literalText(written);
  const path = route === undefined ? '*' : `/${[host.routePrefix, route.replace(/^\/+/, '')].filter((part) => part !== '').join('/')}`;
  return [...new Set(effective)].map((method) => ({ kind: 'route', method, path }));
}

function authOf(binding: BindingSource): RouteAuth | undefined {
  const written = binding.property('authLevel');
  const level = written === undefined ? (binding.model === 'v4' ? 'anonymous' : 'function') : literalText(written)?.toLowerCase();
  const kind = level === 'anonymous' ? 'none' : level === 'admin' ? 'identity' : level === 'function' ? 'key' : undefined;
  return kind === undefined ? undefined : { kind, location: binding.place('authLevel') };
}

/** Events per invocation; documented defaults where the binding asks for batches and `host.json` gives no size. */
function batchOf(binding: BindingSource, base: string, host: AzureHost): number | undefined {
  const many = literalText(binding.property('cardinality'))?.toLowerCase() === 'many' || literalOf(binding.property('isBatched')) === true;
  switch (base) {
    case 'queue': return 1;
    case 'eventhub': return many ? host.number('eventHubs', 'maxEventBatchSize') ?? host.number('eventHubs', 'eventProcessorOptions', 'maxBatchSize') ?? 100 : 1;
    case 'servicebus': return many ? host.number('serviceBus', 'maxMessageBatchSize') ?? host.number('serviceBus', 'batchOptions', 'maxMessageCount') ?? 1000 : 1;
    case 'kafka': return many ? host.number('kafka', 'maxBatchSize') ?? 64 : 1;
    case 'cosmosdb': { const most = literalOf(binding.property('maxItemsPerInvocation')); return typeof most === 'number' ? most : undefined; }
    default: return undefined;
  }
}

const literalOf = (value: Value | undefined): unknown => (value?.kind === 'literal' ? value.value : undefined);
