import { rowsOf, type Family } from './effect-rows.ts';
import type { Effect } from './effects.ts';
import type { Chain } from './effect-chain.ts';
import type { Value } from '../model/value.ts';

/**
 * Cloudflare bindings: properties of `env` whose meaning the wrangler file gives.
 *
 * Source (November 2026): developers.cloudflare.com/workers/runtime-apis/bindings and the pages of KV, R2, Queues, D1,
 * Durable Objects, Workflows, service bindings (RPC and fetch), Email, Analytics Engine, Vectorize, Hyperdrive.
 */

/** What a binding is, as far as infrastructure says it. */
export type BindingKind = 'kv' | 'r2' | 'queue' | 'd1' | 'durable-object' | 'service' | 'workflow' | 'email' | 'analytics' | 'other';

interface BindingRow {
  /** Bindings that have the method; where the declaration is not known, the method alone must tell. */
  readonly bindings: readonly BindingKind[];
  /** Names after the binding, in order; the last is the call. `*`: any method. */
  readonly calls: readonly string[];
  readonly kind: Effect['kind'];
  /** Index of the argument that is the key, or the payload. */
  readonly key?: number;
  readonly payload?: number;
  readonly waits?: true;
}

const row = (bindings: readonly BindingKind[], calls: string, kind: Effect['kind'], extra: Partial<BindingRow> = {}): BindingRow => ({ bindings, calls: calls.split(' '), kind, ...extra });

/** The first row that fits speaks. */
const bindingRows: readonly BindingRow[] = [
  row(['queue'], 'send sendBatch', 'publish', { payload: 0 }),
  row(['email'], 'send', 'send', { payload: 0 }),
  row(['kv', 'r2'], 'put createMultipartUpload', 'write', { key: 0, payload: 1 }),
  row(['kv', 'r2'], 'delete', 'delete', { key: 0 }),
  row(['kv', 'r2'], 'get getWithMetadata list head', 'read', { key: 0 }),
  row(['d1'], 'prepare.run prepare.all prepare.first prepare.raw exec batch withSession.batch', 'write', { payload: 0 }),
  row(['workflow'], 'create createBatch', 'start', { payload: 0 }),
  row(['durable-object'], 'get.fetch getByName.fetch idFromName.fetch', 'invoke', { waits: true, payload: 0 }),
  row(['durable-object'], 'get.* getByName.*', 'invoke', { waits: true, payload: 0 }),
  row(['service'], 'fetch', 'invoke', { waits: true, payload: 0 }),
  row(['service'], '*', 'invoke', { waits: true, payload: 0 }),
  row(['analytics'], 'writeDataPoint', 'write', { payload: 0 }),
];

const verbs = new Set(bindingRows.flatMap((one) => one.calls.map((call) => call.split('.').at(-1) ?? '')));
/** Whether a binding may have a method of this name; of services and objects any, which is asked for by `env` alone. */
export const bindingVerb = (name: string): boolean => verbs.has(name);

const services: Readonly<Record<BindingKind, readonly [Effect['service'], Effect['resourceKind']]>> = {
  kv: ['kv', 'table'], r2: ['r2', 'bucket'], queue: ['cloudflare-queue', 'queue'], d1: ['d1', 'database'], 'durable-object': ['durable-object', 'function'],
  service: ['service-binding', 'function'], workflow: ['cloudflare-workflow', 'stateMachine'], email: ['mail', 'person'], analytics: ['cloudflare', 'other'], other: ['cloudflare', 'other'],
};
/** Methods that tell the kind of a binding of which no declaration is known. */
const telling = new Set(['sendBatch', 'prepare.run', 'prepare.all', 'prepare.first', 'prepare.raw', 'get.fetch', 'getByName.fetch', 'idFromName.fetch', 'writeDataPoint', 'withSession.batch']);

/**
 * Effects of a call on a binding. Pure.
 *
 * @param chain the links after `env`, the binding's name first
 * @param declared what the infrastructure says the binding is; `undefined` where it does not say
 * @param target what the binding stands for: a resource, or its name
 */
export function bindingEffects(chain: Chain, declared: BindingKind | undefined, target: Value): readonly Effect[] {
  const [binding, ...links] = chain.links;
  const last = links.at(-1);
  if (!binding || !last?.args) return [];
  for (const one of bindingRows) {
    const kind = declared ?? one.bindings[0];
    if (!kind || (declared && !one.bindings.includes(declared))) continue;
    const name = one.calls.find((call) => fits(call.split('.'), links.map((link) => link.name)) && (declared !== undefined || telling.has(call)));
    if (name === undefined) continue;
    const [service, resourceKind] = services[kind];
    const read = service === 'd1' && isQuery(links.find((link) => link.name === 'prepare')?.args?.[0]);
    const [key, payload] = [one.key, one.payload].map((at) => (at === undefined ? undefined : last.args?.[at]));
    return [{
      kind: read ? 'read' : one.kind, service, resourceKind, target, waits: one.waits === true, detail: last.name, row: `${service} ${name}`, naming: ['name'],
      ...(key ? { key } : {}), ...(payload ? { payload } : {}),
    }];
  }
  return [];
}

const isQuery = (text: Value | undefined): boolean => text?.kind === 'literal' && /^\s*(?:select|with|pragma)\b/i.test(String(text.value));

function fits(call: readonly string[], names: readonly string[]): boolean {
  if (call.length === 1) return names.length === 1 && (call[0] === '*' || call[0] === names[0]);
  const [first, last] = [call[0], call.at(-1)];
  return names.length >= 2 && names.slice(0, -1).includes(first ?? '') && (last === '*' || last === names.at(-1));
}

/** The part of a chain that begins with a binding's name; `undefined` when it does not go through `env`. */
export function bindingChain(chain: Chain): Chain | undefined {
  if (chain.module === 'resource') return { ...chain, links: [{ name: '' }, ...chain.links] };
  const names = chain.links.map((link) => link.name);
  const at = chain.module === 'cloudflare:workers' || chain.module === 'context' || chain.module === 'event' ? names.indexOf('env') : -1;
  return at >= 0 && at + 2 < names.length ? { ...chain, links: chain.links.slice(at + 1) } : undefined;
}

const sdk = rowsOf('cloudflare', 'cloudflare');
export const cloudflareFamilies: readonly Family[] = [
  {
    name: 'Cloudflare REST client',
    source: 'cloudflare 5 (npm) resources queues.messages, kv.namespaces.values, r2 (November 2026)',
    rows: [
      sdk('queues.messages.push queues.messages.bulkPush', 'publish', 'queue', '[0]', { payload: '[1].body', naming: ['id'] }),
      sdk('namespaces.values.update', 'write', 'table', '[0]', { key: '[1]', naming: ['id'] }),
      sdk('namespaces.values.delete', 'delete', 'table', '[0]', { key: '[1]', naming: ['id'] }),
    ],
  },
];
