import { expect, it } from 'vitest';
import { heavyOf, isHash } from '../../src/catalog/heavy.ts';
import { memoryStoreOf } from '../../src/catalog/memory-stores.ts';
import { serverOf } from '../../src/catalog/servers.ts';
import { callee, dunno, fn, made, open, val } from './support.ts';
import type { Plain } from './support.ts';

it.each<[string, string, readonly Plain[], boolean, string | undefined]>([
  ['express', 'Router.#listen', [3000], false, 'listens'],
  ['http', 'createServer.#listen', [3000], false, 'listens'],
  ['@nestjs/core', 'NestFactory.create.#listen', [3000], false, 'listens'],
  ['@hapi/hapi', 'server.#start', [], false, 'listens'],
  ['global', 'Bun.serve', [{}], false, 'listens'],
  ['express', 'Router.#get', ['/', fn], false, undefined],
  ['redis', 'createClient.#listen', [], false, undefined],
  ['ws', 'WebSocketServer', [{ port: 1 }], true, 'sockets'],
  ['ws', 'WebSocketServer', [{ noServer: true }], true, undefined],
  ['ws', 'default', ['wss://a'], true, undefined],
  ['kafkajs', 'Kafka.#consumer.#run', [{}], false, 'consumes'],
  ['kafkajs', 'Kafka.#producer.#send', [{}], false, undefined],
  ['bullmq', 'Worker', ['q', fn], true, 'consumes'],
  ['bullmq', 'Worker', ['q', fn, { autorun: false }], true, undefined],
  ['bullmq', 'Queue', ['q'], true, undefined],
  ['node-cron', 'schedule', ['* * * * *', fn], false, 'schedules'],
  ['node-cron', 'validate', ['* * * * *'], false, undefined],
  ['croner', 'Cron', ['* * * * *', { paused: true }, fn], true, undefined],
])('serverOf %s %s', (module, path, args, constructs, expected) => {
  expect(serverOf(callee(module, path), args.map(val), constructs)?.kind).toBe(expected);
});

it.each<[string, string, readonly Plain[], string | undefined]>([
  ['crypto', 'scryptSync', ['a', 'b', 64], 'derives'],
  ['crypto', 'pbkdf2Sync', ['a', 'b', 999, 64], undefined],
  ['crypto', 'pbkdf2Sync', ['a', 'b', dunno, 64], 'derives'],
  ['crypto', 'createHash', ['md5'], undefined],
  ['bcrypt', 'hashSync', ['a', 10], 'derives'],
  ['bcrypt', 'hash', ['a', 10], undefined],
  ['zlib', 'gzipSync', [dunno], 'compresses'],
  ['zlib', 'gunzipSync', [dunno], undefined],
  ['child_process', 'execSync', ['ls'], 'blocks'],
  ['child_process', 'exec', ['ls'], undefined],
])('heavyOf %s %s', (module, path, args, expected) => {
  expect(heavyOf(callee(module, path), args.map(val))?.kind).toBe(expected);
});

it.each<[string, string, boolean]>([['crypto', 'createHash.#digest', true], ['js-sha256', 'sha256', true], ['crypto', 'randomBytes', false], ['lodash', 'hash', false]])('isHash %s %s', (module, path, expected) => {
  expect(isHash(callee(module, path))).toBe(expected);
});

it.each<[string, string, readonly Plain[], boolean, string | undefined]>([
  ['express-session', '', [], false, 'session'],
  ['express-session', '', [{ store: made('connect-redis', 'RedisStore') }], false, undefined],
  ['express-session', '', [{ store: made('express-session', 'MemoryStore') }], false, 'session'],
  ['express-session', '', [open({})], false, undefined],
  ['express-session', '', [dunno], false, undefined],
  ['express-rate-limit', 'rateLimit', [{}], false, 'limit'],
  ['hono-rate-limiter', 'rateLimiter', [{ binding: dunno }], false, undefined],
  ['rate-limiter-flexible', 'RateLimiterMemory', [{}], true, 'limit'],
  ['rate-limiter-flexible', 'RateLimiterRedis', [{}], true, undefined],
  ['async-mutex', 'Mutex', [], true, 'lock'],
  ['node-cache', 'default', [], true, 'store'],
  ['socket.io', 'Server', [{ adapter: dunno }], true, undefined],
])('memoryStoreOf %s %s', (module, path, args, constructs, expected) => {
  expect(memoryStoreOf(callee(module, path), args.map(val), constructs)?.kind).toBe(expected);
});
