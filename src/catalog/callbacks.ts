import type { Callee } from '../model/project.ts';

/**
 * What happens to a function that is handed to something outside the repository. Names are those of Node.js, ECMAScript
 * and the frameworks' own documentation (November 2026).
 */

/** `request`: called for each invocation with its request or event. `init`: called once at a cold start. */
export type CallbackRole = 'request' | 'init';

/** Methods and functions that call what they are given at once, or for the promise at hand. */
const immediateMethods: ReadonlySet<string> = new Set([
  'map', 'forEach', 'filter', 'find', 'findLast', 'findIndex', 'some', 'every', 'flatMap', 'reduce', 'reduceRight', 'sort', 'toSorted', 'replace', 'replaceAll', 'then', 'catch', 'finally', 'from',
]);

/** Methods whose callback is given one item of the list after the other. */
export const itemMethods: ReadonlySet<string> = new Set(['map', 'forEach', 'filter', 'find', 'findLast', 'findIndex', 'some', 'every', 'flatMap', 'sort']);

const immediateGlobals: ReadonlySet<string> = new Set(['Promise', 'Array.from', 'queueMicrotask', 'Object.fromEntries']);

/** Registrations whose function runs once a process, not once an invocation. */
const initRegistrations: ReadonlySet<string> = new Set(['onInit', 'core.onInit', 'v2.onInit', 'v1.onInit']);

export function isImmediateCallback(callee: Callee, method: string | undefined): boolean {
  if (callee.module === 'global' && immediateGlobals.has(callee.path.join('.'))) return true;
  if (method !== undefined && immediateMethods.has(method)) return true;
  if (callee.module === 'global' && callee.path[0] === 'process') return true; // process.on('exit'): no invocation
  return callee.module.startsWith('firebase-functions') && initRegistrations.has(callee.path.join('.'));
}

/**
 * Packages that call functions among their settings with queries, lines of a log or entries of their own, never with a request (Drizzle, Knex 3, Kysely, Sequelize 6,
 * TypeORM, Prisma, mongoose 8, pg 8, pino 9, winston 3, bunyan, lru-cache 11, node-cache 5; November 2026).
 */
const hooked = /^(?:drizzle-orm|knex|kysely|sequelize|typeorm|@prisma\/client|mongoose|pg|pino|winston|bunyan|lru-cache|node-cache)(?:$|\/)/;

/**
 * Whether what stands at that place gets something else than the request: it is a later step of a pipeline, which gets what a step before it gave
 * (`flow(read, map((items) => …))`: fp-ts 2, November 2026), or a hook of a store or logger (`drizzle(client, { logger: { logQuery } })`).
 */
export function isLaterStep(callee: Callee, index: number): boolean {
  if (hooked.test(callee.module)) return true;
  return /^fp-ts(?:\/|$)/.test(callee.module) && (index > 0 || !/^(?:flow|pipe)$/.test(callee.path.at(-1) ?? ''));
}

/** Verbs by which web frameworks register what serves a request (Express, Koa, Hono, Fastify, Nest's adapters, Lambda API, itty-router). */
const routeMethods: ReadonlySet<string> = new Set(['get', 'post', 'put', 'delete', 'patch', 'head', 'options', 'all', 'use', 'route', 'param']);

/**
 * Packages whose objects ask a store or a service by methods of the same names, and whose callbacks get an error first, then the answer (AWS SDK for
 * JavaScript 2, redis 3, ioredis 5, memcached 2, memjs 1, node-cache 4, lru-cache, request 2, superagent 10, needle 3, level 10; November 2026).
 */
const asking = /^(?:aws-sdk|dynamodb|dynamodb-doc-client|redis|ioredis|memcached|memjs|node-cache|lru-cache|request|superagent|needle|level|levelup|nano|couchbase|nedb|mongodb|mongoose|@google-cloud|@azure|aws-xray-sdk)(?:$|[-/])|^@aws-sdk\//;

export function callbackRole(callee: Callee, method: string | undefined, index: number): CallbackRole | undefined {
  if (isImmediateCallback(callee, method)) return callee.module.startsWith('firebase-functions') ? 'init' : undefined;
  if (method !== undefined && routeMethods.has(method) && callee.module !== 'global' && !asking.test(callee.module) && callee.path.some((part) => part.startsWith('#')) && index >= (method === 'use' ? 0 : 1)) return 'request';
  return undefined;
}
