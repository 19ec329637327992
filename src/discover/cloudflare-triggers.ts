import type { Handler, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import { queueNamed } from './cloudflare-bindings.ts';
import type { WorkerConfig } from './cloudflare-config.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext } from './reader.ts';

/** Defaults of a queue's consumer (Queues documentation, "Configure Queues", read 2026-11). */
const defaultBatchSize = 10;
const defaultRetries = 3;

/**
 * What invokes a worker. The first environment's triggers hold; a kind of trigger that only another environment has is
 * taken from there, because the code is deployed there too.
 */
export function workerTriggers(context: ReadContext, unit: string, configs: readonly WorkerConfig[], handlers: readonly Handler[], location: Location): readonly Trigger[] {
  const triggers: Trigger[] = [];
  for (const config of configs) {
    const here = [...queues(context, unit, config), ...crons(config)];
    const missing = here.filter((trigger) => config === configs[0] || !triggers.some((one) => one.kind === trigger.kind));
    triggers.push(...missing);
  }
  const [config] = configs;
  if (config !== undefined && handlers.some((handler) => handler.kind === 'fetch' || handler.export === 'fetch')) triggers.push(...routes(config, configs, location));
  // Consumers and schedules can be set outside of the file, when it says nothing of them.
  const silent = (key: string, part: string): boolean => configs.every((one) => one.get(key)?.get(part) === undefined);
  if (silent('queues', 'consumers') && has(handlers, 'queue')) triggers.push({ kind: 'queue', source: 'queue', filters: [], location });
  if (silent('triggers', 'crons') && has(handlers, 'scheduled')) triggers.push({ kind: 'schedule', source: 'cron', filters: [], location });
  // Mail routes and the workers that are tailed are set elsewhere; that the handler is there says what invokes it.
  if (has(handlers, 'email')) triggers.push({ kind: 'custom', source: 'email', filters: [], location });
  const tail = handlers.find((handler) => handler.kind === 'tail' || handler.kind === 'tailStream' || handler.kind === 'trace');
  if (tail !== undefined) triggers.push({ kind: 'log', source: tail.kind, filters: [], location });
  return triggers.map((trigger) => withHandler(trigger, handlers));
}

const has = (handlers: readonly Handler[], event: string): boolean => handlers.some((handler) => handler.kind === event || (handler.kind === 'listener' && handler.export === event));

const handlerOf: Readonly<Record<string, string>> = { queue: 'queue', cron: 'scheduled', email: 'email', tail: 'tail', tailStream: 'tailStream', trace: 'trace' };

/** The handler that a trigger runs, where the worker shows it. */
function withHandler(trigger: Trigger, handlers: readonly Handler[]): Trigger {
  const wanted = trigger.kind === 'http' ? 'fetch' : handlerOf[trigger.source];
  const found = handlers.find((handler) => handler.kind === wanted || (handler.kind === 'listener' && handler.export === wanted));
  return found === undefined ? trigger : { ...trigger, handlerExport: found.export };
}

function routes(config: WorkerConfig, configs: readonly WorkerConfig[], location: Location): readonly Trigger[] {
  const found: Trigger[] = [];
  const open = (source: string, path: string, at: Location): void => {
    found.push({ kind: 'http', source, filters: [{ kind: 'route', method: '*', path }], auth: { kind: 'none', location: at }, location: at });
  };
  for (const node of config.routes()) {
    const pattern = node.kind === 'map' ? node.get('pattern')?.text() : node.text();
    if (pattern === undefined) continue;
    open(node.get('custom_domain')?.boolean() === true ? 'customDomain' : 'route', pattern, node.location);
  }
  const onWorkersDev = config.get('workers_dev')?.boolean() ?? found.length === 0;
  if (onWorkersDev) open('workers.dev', '*', config.get('workers_dev') === undefined ? location : config.locationOf('workers_dev'));
  if (found.length > 0) return found;
  const other = configs.slice(1).find((one) => one.routes().length > 0);
  if (other !== undefined) return routes(other, [], location);
  // Neither a route nor the shared domain: only other workers reach it.
  return [{ kind: 'http', source: 'service', filters: [], auth: { kind: 'private', location: config.locationOf('workers_dev') }, location: config.locationOf('workers_dev') }];
}

function crons(config: WorkerConfig): readonly Trigger[] {
  const items = config.get('triggers')?.get('crons')?.items ?? [];
  return items.flatMap((item): Trigger[] => (item.text() === undefined ? [] : [{ kind: 'schedule', source: 'cron', filters: [], schedule: literal(item.text()), location: item.location }]));
}

function consumers(config: WorkerConfig): readonly DocNode[] {
  // A consumer of type `http_pull` is somebody else's client, not this worker.
  return (config.get('queues')?.get('consumers')?.items ?? []).filter((item) => item.get('queue')?.text() !== undefined && item.get('type')?.text() !== 'http_pull');
}

function queues(context: ReadContext, unit: string, config: WorkerConfig): readonly Trigger[] {
  return consumers(config).map((item): Trigger => {
    const most = item.get('max_concurrency')?.number();
    const batchSize = item.get('max_batch_size')?.number();
    return {
      kind: 'queue', source: 'queue', filters: [], resource: queueNamed(context, unit, item.get('queue')?.text() ?? '', item), location: item.location,
      batchSize: batchSize ?? defaultBatchSize, ...(batchSize === undefined ? {} : { batchSizeAt: item.keyLocation('max_batch_size') }), maximumRetryAttempts: item.get('max_retries')?.number() ?? defaultRetries,
      ...(most === undefined ? {} : { maximumConcurrency: most }),
    };
  });
}

/** Queues that take what a consumer could not handle; each is also a link between the two queues. */
export function deadLetters(context: ReadContext, unit: string, configs: readonly WorkerConfig[]): ServerlessFunction['destinations'] {
  const found: ServerlessFunction['destinations'][number][] = [];
  for (const config of configs) {
    for (const item of consumers(config)) {
      const node = item.get('dead_letter_queue');
      const name = node?.text();
      if (node === undefined || name === undefined) continue;
      const target = queueNamed(context, unit, name, node);
      const from = queueNamed(context, unit, item.get('queue')?.text() ?? '', item);
      context.addLink({ kind: 'redrive', from, to: target, filters: [], location: node.location });
      found.push({ kind: 'deadLetter', target, location: node.location });
    }
  }
  return found;
}
