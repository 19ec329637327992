import { describe, expect, it } from 'vitest';
import { memoryUseOf } from '../../../src/link/queries/memory-use.ts';
import type { ServerlessFunction } from '../../../src/model/function.ts';
import { deployed, project } from '../../support/memory.ts';

function uses(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}): readonly string[] {
  const { fn } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)]);
  return memoryUseOf(fn).map((use) => `${use.kind} ${use.what}`);
}
const handler = (top: string, body: string): Record<string, string> => ({ 'a.ts': `${top}\nexport const handler = async (event: any, context: any) => {\n${body}\n};\n` });
const id = 'event.requestContext.connectionId';

describe('collections of callers', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a map by connection', handler('const peers = new Map();', `peers.set(${id}, 1);`), 'sockets peers'],
    ['under another name', handler('const peers = new Map();', `const { connectionId: key } = event.requestContext; peers.set(key, 1);`), 'sockets peers'],
    ['an object', handler('const peers: any = {};', `peers[${id}] = { name: event.body.name };`), 'sockets peers'],
    ['a set', handler('const peers = new Set();', `peers.add(${id});`), 'sockets peers'],
    ['a list made anew', handler('let peers: any[] = [];', `peers = [...peers, ${id}];`), 'sockets peers'],
    ['emptied when it closes', handler('const peers = new Map();', `if (event.requestContext.routeKey === '$connect') peers.set(${id}, 1); else peers.delete(${id});`), 'sockets peers'],
    ['of a class in another file', { 'a.ts': `import { Rooms } from './b';\nconst rooms = new Rooms();\nexport const handler = async (event: any) => rooms.join(event.room, ${id});`, 'b.ts': `export class Rooms {\n  private all = new Map<string, Set<string>>();\n  join(room: string, key: string) {\n    if (!this.all.has(room)) this.all.set(room, new Set());\n    this.all.get(room)!.add(key);\n  }\n}` }, 'sockets Rooms.all'],
    ['by the session cookie', handler('const seen = new Map();', 'seen.set(event.cookies.sid, Date.now());'), 'sockets seen'],
    ['by the name of the list', handler('const sessions: any = {};', 'sessions[event.token] = { user: event.user };'), 'sockets sessions'],
    ['listeners that are told by name', handler('const listeners = new Map();\nconst open = (name: string) => { listeners.set(name, new Set()); };\nconst on = (name: string, who: any) => { listeners.get(name).add(who); };', 'open(event.name); on(event.name, event.user);'), 'sockets listeners'],
    ['answers that stay open', handler('const subscribers = new Set();', 'subscribers.add(event); context.on("close", () => subscribers.delete(event));'), 'sockets subscribers'],
    ['a limit', handler('const hits = new Map();', 'const n = (hits.get(event.ip) || 0) + 1; hits.set(event.ip, n); if (n > 10) return { statusCode: 429 };'), 'limit hits'],
    ['a limit in an object', handler('const attempts: any = {};', 'attempts[event.user] = (attempts[event.user] ?? 0) + 1;'), 'limit attempts'],
    ['a limit by windows', handler('const buckets = new Map();\nfunction checkRateLimit(key: string) { let bucket = buckets.get(key); if (!bucket) { bucket = { count: 0, reset: Date.now() }; buckets.set(key, bucket); } bucket.count += 1; return bucket.count > 20; }', 'if (checkRateLimit(event.ip)) return { statusCode: 403 };'), 'limit buckets'],
    ['a lock', handler('const running = new Set();', 'if (running.has(event.job)) return; running.add(event.job); try { await fetch(event.url); } finally { running.delete(event.job); }'), 'lock running'],
  ])('%s', (_name, files, expected) => {
    expect(uses(files)).toEqual([expected]);
  });

  const worker: Partial<ServerlessFunction> = { platform: 'cloudflare', handlers: [{ file: 'a.ts', export: 'default.fetch', kind: 'fetch' }] };
  it('sockets of a Worker, also under an id made here', () => {
    const code = (line: string): Record<string, string> => ({ 'a.ts': `const live: any = new Map(), all: any = new Set();\nexport default { async fetch(request: Request) {\n  const pair = new WebSocketPair();\n  ${line}\n  return new Response(null, { status: 101, webSocket: pair[0] });\n} };` });
    expect(uses(code('live.set(crypto.randomUUID(), pair[1]);'), worker)).toEqual(['sockets live']);
    expect(uses(code('const [, server] = Object.values(pair); all.add(server);'), worker)).toEqual(['sockets all']);
  });

  it.each<[string, Record<string, string>]>([
    ['of one invocation', handler('', `const sessions = new Map(); sessions.set(${id}, 1);`)],
    ['taken out on every exit', handler('const sessions = new Map();', 'sessions.set(event.id, 1); try { await fetch(event.url); } finally { sessions.delete(event.id); }')],
    ['emptied first', handler('const peers = new Set();', `peers.clear(); peers.add(${id});`)],
    ['weak', handler('const sessions = new WeakMap();', 'sessions.set(event, 1);')],
    ['clients of a service by region', handler(`import { S3Client } from '@aws-sdk/client-s3';\nconst clients = new Map();`, 'if (!clients.has(event.region)) clients.set(event.region, new S3Client({ region: event.region }));')],
    ['connections to databases', handler(`import mongoose from 'mongoose';\nconst connections = new Map();`, 'if (!connections.has(event.tenant)) connections.set(event.tenant, await mongoose.createConnection(event.tenant));')],
    ['copies of sessions', handler('const cache = new Map();', 'if (!cache.has(event.sid)) cache.set(event.sid, await (await fetch(event.sid)).json());')],
    ['figures by the path', handler('const buckets = new Map();\nfunction note(key: string) { let bucket = buckets.get(key); if (!bucket) { bucket = { count: 0, first: Date.now() }; buckets.set(key, bucket); } bucket.count += 1; }', 'note(event.path);')],
    ['listeners that are functions', handler('const listeners = new Map();\nconst on = (name: string, callback: () => void) => { if (!listeners.has(name)) return; listeners.get(name).add(callback); };\nconst open = (name: string) => { listeners.set(name, new Set()); };', 'open(event.name); on(event.name, () => {});')],
    ['counts that limit nothing', handler('const requests: any = {};', 'requests[event.path] = (requests[event.path] || 0) + 1;')],
    ['where instances tell each other', handler(`import Redis from 'ioredis';\nconst sub = new Redis();\nconst peers = new Map();`, `peers.set(${id}, event); await sub.subscribe('room'); sub.on('message', (_, text) => { for (const peer of peers.values()) peer.send(text); });`)],
    ['a fixed few', handler('const rooms: any = {};', 'rooms.main = 1;')],
  ])('quiet: %s', (_name, files) => {
    expect(uses(files)).toEqual([]);
  });

  it('leaves to a Durable Object what is its own', () => {
    expect(uses({ 'a.ts': `const peers = new Set();\nexport class Room { async fetch(request: any) { peers.add(request.connectionId); } }` }, { platform: 'cloudflare', generation: 'durableObject', handlers: [{ file: 'a.ts', export: 'Room', kind: 'fetch' }] })).toEqual([]);
  });
});
