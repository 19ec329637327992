import { expect, it } from 'vitest';
import { mayKeepInMemory, memoryStoreOf } from '../../src/catalog/memory-stores.ts';
import { callee, dunno, made, open, val } from './support.ts';
import type { Plain } from './support.ts';

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
  if (expected !== undefined) expect(mayKeepInMemory(callee(module, path))).toBe(true);
});
