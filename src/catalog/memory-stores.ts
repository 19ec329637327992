import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { byName, normalName, property, wordSet } from './look-up.ts';

/**
 * Packages that keep sessions, counters, locks or rooms in the process unless they are given a store.
 *
 * Sources (November 2026), READMEs: express-session 1.18 ("MemoryStore is purposely not designed for a production environment"),
 * memorystore, session-memory-store, @fastify/session 11, next-session, iron-session (a cookie, so not here), cookie-session (a cookie),
 * express-rate-limit 8, express-slow-down 3, rate-limiter-flexible 7, hono-rate-limiter, @fastify/rate-limit 10, koa-ratelimit 6,
 * express-brute 1; async-mutex 0.5, async-lock 1.4, await-lock, semaphore-async-await; node-cache 5, lru-cache 11, memory-cache,
 * quick-lru, flat-cache; socket.io 4 (adapters); telegraf 4 and grammy 1 (sessions live in memory by default), LangGraph.js 1
 * (`MemorySaver`), Bot Framework SDK 4 (`MemoryStorage` is for tests).
 */
export interface MemoryStore {
  /** `session`, `limit`: kept by the call itself. `lock`, `store`, `rooms`: an object that keeps, judged by its use. */
  readonly kind: 'session' | 'limit' | 'lock' | 'store' | 'rooms';
  readonly what: string;
}

interface Row { readonly kind: 'session' | 'limit'; readonly names: ReadonlySet<string>; readonly options: number; readonly stores: readonly string[] }
const calls: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['express-session', { kind: 'session', names: new Set(['', 'session']), options: 0, stores: ['store'] }],
  ['next-session', { kind: 'session', names: new Set(['', 'session', 'nextSession']), options: 0, stores: ['store'] }],
  ['koa-generic-session', { kind: 'session', names: new Set(['', 'session']), options: 0, stores: ['store'] }],
  ['express-rate-limit', { kind: 'limit', names: new Set(['', 'rateLimit']), options: 0, stores: ['store'] }],
  ['express-slow-down', { kind: 'limit', names: new Set(['', 'slowDown']), options: 0, stores: ['store'] }],
  ['hono-rate-limiter', { kind: 'limit', names: new Set(['rateLimiter']), options: 0, stores: ['store', 'binding'] }],
  ['telegraf', { kind: 'session', names: new Set(['session']), options: 0, stores: ['store'] }],
  ['grammy', { kind: 'session', names: new Set(['session']), options: 0, stores: ['storage'] }],
]);
/** Plugins that an application is given with their options: `app.register(plugin, options)`. */
const plugins: ReadonlyMap<string, { readonly kind: 'session' | 'limit'; readonly stores: readonly string[] }> = new Map([
  ['@fastify/session', { kind: 'session', stores: ['store'] }],
  ['fastify-session', { kind: 'session', stores: ['store'] }],
  ['@fastify/rate-limit', { kind: 'limit', stores: ['redis', 'store'] }],
  ['fastify-rate-limit', { kind: 'limit', stores: ['redis', 'store'] }],
]);
const classes: ReadonlyMap<string, readonly [kind: MemoryStore['kind'], names: ReadonlySet<string>]> = new Map([
  ['rate-limiter-flexible', ['limit', wordSet('RateLimiterMemory')]],
  ['async-mutex', ['lock', wordSet('Mutex Semaphore')]],
  ['async-lock', ['lock', new Set(['', 'default', 'AsyncLock'])]],
  ['await-lock', ['lock', new Set(['', 'default', 'AwaitLock'])]],
  ['await-semaphore', ['lock', wordSet('Mutex Semaphore')]],
  ['semaphore-async-await', ['lock', new Set(['', 'default', 'Lock', 'Semaphore'])]],
  ['node-cache', ['store', new Set(['', 'default', 'NodeCache'])]],
  ['lru-cache', ['store', new Set(['', 'default', 'LRUCache', 'LRU'])]],
  ['quick-lru', ['store', new Set(['', 'default', 'QuickLRU'])]],
  ['tiny-lru', ['store', wordSet('LRU')]],
  ['@isaacs/ttlcache', ['store', new Set(['', 'default', 'TTLCache'])]],
  ['socket.io', ['rooms', wordSet('Server')]],
  ['@langchain/langgraph', ['session', wordSet('MemorySaver')]],
  ['@langchain/langgraph-checkpoint', ['session', wordSet('MemorySaver')]],
  ['botbuilder', ['session', wordSet('MemoryStorage')]],
]);
const memoryClass = /^(?:MemoryStore|MemoryRateLimiter)$/;

/** Whether a call or `new` can keep something in the process, by its name. Pure. */
export const mayKeepInMemory = byName((name) => name.method === 'register' || memoryStoreOf(name, [], false) !== undefined || memoryStoreOf(name, [], true) !== undefined);

/** What a call or `new` keeps in the process; `undefined` when it keeps nothing, has a store, or its options are not known. Pure. */
export function memoryStoreOf(callee: Callee, args: readonly Value[], constructs: boolean): MemoryStore | undefined {
  const { module, path, method } = normalName(callee);
  const row = calls.get(module);
  const name = path.join('.');
  if (row && !constructs && row.names.has(name)) {
    const options = args[row.options];
    if (options && options.kind !== 'object' && !(options.kind === 'literal' && options.value === undefined)) return undefined;
    const stores = row.stores.map((key) => property(options, key)).filter((one) => one !== undefined);
    if (stores.length === 0) return { kind: row.kind, what: method === '' ? module : method };
    return stores.some((one) => one !== undefined && isMemory(one)) ? { kind: row.kind, what: 'MemoryStore' } : undefined;
  }
  const [plugin] = args;
  const registered = !constructs && path.at(-1)?.replace('#', '') === 'register' && plugin?.kind === 'external' ? plugins.get(plugin.module) : undefined;
  if (registered && plugin?.kind === 'external') {
    const options = args[1];
    if (options && (options.kind !== 'object' || options.open) && !(options.kind === 'literal' && options.value === undefined)) return undefined;
    return registered.stores.every((key) => property(options, key) === undefined) ? { kind: registered.kind, what: plugin.module } : undefined;
  }
  if (!constructs) return undefined;
  const known = classes.get(module);
  if (!known?.[1].has(name)) return undefined;
  if (known[0] === 'rooms' && args.some((arg) => arg.kind === 'object' && (arg.open || property(arg, 'adapter') !== undefined))) return undefined;
  return { kind: known[0], what: name === '' || name === 'default' ? module : name };
}

/** A store of the process by its class: `session.MemoryStore`, packages `memorystore` and `session-memory-store`. */
function isMemory(value: Value): boolean {
  if (value.kind === 'instance' && value.of.kind === 'external') return memoryClass.test(value.of.path.at(-1) ?? '') || /^(?:session-memory-store|memorystore)$/.test(value.of.module);
  if (value.kind === 'derived' && value.what === 'new') return value.from.some((one) => one.kind === 'derived' && /^(?:memorystore|session-memory-store):/.test(one.what));
  return false;
}

/**
 * Channels by which instances tell each other what to send on: where one is listened to, each instance rightly keeps its own
 * connections. READMEs of the packages, November 2026.
 */
export function isSharedChannel(module: string, method: string): boolean {
  return /^(?:redis|ioredis|@redis\/client|@upstash\/redis|@vercel\/kv|nats|mqtt|async-mqtt|ably|pusher|amqplib|kafkajs|@google-cloud\/pubsub|graphql-redis-subscriptions)$/.test(module) && /^(?:p|s)?(?:subscribe|consume)$/i.test(method);
}

/** Methods that take a lock. */
export const takesLock: ReadonlySet<string> = wordSet('acquire runExclusive waitForUnlock lock wait acquireAsync tryAcquire use');
/** Methods that put something into a cache. */
export const puts: ReadonlySet<string> = wordSet('set put mset add');
