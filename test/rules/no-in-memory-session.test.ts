import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-in-memory-session.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

/** What is found in the files; the first one holds the handler. */
function spots(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}, options: { readonly whole?: boolean } = {}): readonly string[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)], [], options);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings.map((item) => `${item.line} ${item.severity} ${item.messageId}`);
}

describe('examples of the documentation', () => {
  it.each(rule.examples.map((example) => [example.title, example] as const))('%s', (_title, example) => {
    expect(spots({ 'handler.js': example.code }).map((item) => item.split(' ')[2])).toEqual(example.reports);
  });
});

describe('libraries', () => {
  const app = (code: string, more = ''): Record<string, string> => ({ 'a.mjs': `import express from 'express'; import serverless from 'serverless-http'; import session from 'express-session'; import { rateLimit } from 'express-rate-limit'; ${more} const app = express();\n${code}\nexport const handler = serverless(app);\n` });
  it.each<[string, string, string]>([
    ['no options', 'app.use(session());', 'session'],
    ['no store', 'app.use(session({ secret: "s" }));', 'session'],
    ['a memory store', 'app.use(session({ store: new session.MemoryStore() }));', 'session'],
    ['options in a constant', 'const options = { secret: "s" }; app.use(session(options));', 'session'],
    ['a limit', 'app.use(rateLimit({ max: 5 }));', 'limit'],
  ])('%s', (_name, code, message) => {
    expect(spots(app(code))).toEqual([`2 warning ${message}`]);
  });
  it.each<[string, string]>([
    ['a store', 'app.use(session({ store: new RedisStore({}) }));'],
    ['a store that is not known', 'app.use(session({ store: make() }));'],
    ['options that are not known', 'app.use(session(make()));'],
    ['options that are spread', 'app.use(session({ ...make() }));'],
    ['on the own machine', 'if (process.env.IS_OFFLINE) app.use(session({}));'],
  ])('quiet: %s', (_name, code) => {
    expect(spots(app(code, `import { RedisStore } from 'connect-redis'; import { make } from 'settings';`))).toEqual([]);
  });
});

describe('locks, caches, rooms', () => {
  const file = (top: string, body: string): Record<string, string> => ({ 'a.mjs': `import { Mutex } from 'async-mutex'; import NodeCache from 'node-cache'; import { Server } from 'socket.io';\n${top}\nexport const handler = async (event) => {\n${body}\n};\n` });
  it.each<[string, string, string, readonly string[]]>([
    ['a lock', 'const m = new Mutex();', 'await m.acquire();', ['2 warning lock']],
    ['a lock of this invocation', '', 'const m = new Mutex(); await m.acquire();', []],
    ['a lock that nobody takes', 'const m = new Mutex();', 'return m.isLocked();', []],
    ['the only store', 'const c = new NodeCache();', 'c.set(event.id, event.body);', ['2 warning store']],
    ['the only store, with the time', 'const c = new NodeCache();', 'c.set(event.id, { at: Date.now(), id: crypto.randomUUID(), body: event.body });', ['2 warning store']],
    ['a copy', 'const c = new NodeCache();', 'c.set(event.id, await fetch(event.url));', []],
    ['both', 'const c = new NodeCache();', 'c.set(event.id, event.body); c.set(event.url, await fetch(event.url));', []],
    ['rooms', 'const io = new Server(3000);', 'io.to(event.room).emit("a");', ['2 warning rooms']],
    ['rooms with an adapter', 'const io = new Server(3000, { adapter: event => event });', 'io.to(event.room).emit("a");', []],
  ])('%s', (_name, top, body, expected) => {
    expect(spots(file(top, body))).toEqual(expected);
  });

  it('a lock of another file, taken in a helper', () => {
    expect(spots({ 'a.mjs': `import { take } from './b.mjs';\nexport const handler = async () => take();\n`, 'b.mjs': `import { lock } from './c.mjs';\nexport const take = () => lock.runExclusive(() => 1);\n`, 'c.mjs': `import { Mutex } from 'async-mutex';\n\nexport const lock = new Mutex();\n` })).toEqual(['3 warning lock']);
  });
});

describe('connections', () => {
  const file = (top: string, body: string): Record<string, string> => ({ 'a.mjs': `${top}\nexport const handler = async (event) => {\n${body}\n};\n` });
  it.each<[string, string, string, readonly string[]]>([
    ['by what is stored', 'const all = new Map();', 'all.set(event.requestContext.connectionId, 1);', ['3 warning sockets']],
    ['by the name', 'const sessions = {};', 'sessions[event.id] = event.body;', ['3 warning sockets']],
    ['a list', 'const clients = [];', 'clients.push(event.id);', ['3 warning sockets']],
    ['other data', 'const rows = new Map();', 'rows.set(event.id, event.body);', []],
    ['of this invocation', '', 'const sessions = new Map(); sessions.set(event.id, 1);', []],
    ['constants', 'const sessions = new Map([["a", 1]]);', 'return sessions.get(event.id);', []],
  ])('%s', (_name, top, body, expected) => {
    expect(spots(file(top, body))).toEqual(expected);
  });
  it.each<[string, string, string, readonly string[]]>([
    ['functions that are told of events', 'const listeners = new Map();\nfunction on(type, handler) { let all = listeners.get(type); if (!all) { all = new Set(); listeners.set(type, all); } all.add(handler); }', 'on(event.type, () => console.log("told"));', []],
    ['who is told of events', 'const listeners = new Map();\nfunction on(type, caller) { let all = listeners.get(type); if (!all) { all = new Set(); listeners.set(type, all); } all.add(caller); }', 'on(event.type, event.from);', ['2 warning sockets']],
    ['a history that is cut', 'const past = [];', 'past.push({ sessionId: event.sessionId }); if (past.length > 100) past.shift();', []],
    ['a list that grows', 'const past = [];', 'past.push({ sessionId: event.sessionId });', ['3 warning sockets']],
    ['connections, at most a hundred', 'const clients = [];', 'clients.push(event.id); if (clients.length > 100) clients.shift();', ['3 warning sockets']],
    ['a limit by its name', 'const rateLimits = new Map();', 'const one = rateLimits.get(event.ip) || { times: [] }; one.times.push(Date.now()); rateLimits.set(event.ip, one);', ['3 warning limit']],
  ])('%s', (_name, top, body, expected) => {
    expect(spots(file(top, body))).toEqual(expected);
  });
  it('a Durable Object has one address', () => {
    expect(spots(file('const sessions = new Map();', 'sessions.set(event.id, 1);'), { platform: 'cloudflare', generation: 'durableObject' })).toEqual([]);
  });
});

describe('when somebody came last', () => {
  const handler = (before: string, after: string, key = "event.headers['x-nf-client-connection-ip']"): Record<string, string> => ({
    'a.mjs': `const seen = {};\nexport const handler = async (event) => {\n  const now = Date.now();\n  const who = ${key};\n  ${before}\n  seen[who] = ${after};\n  return { statusCode: 200 };\n};\n`,
  });
  const refuses = 'if (seen[who] && now - seen[who] < 1000) return { statusCode: 401 };';
  it('is a limit where those who come again too soon are refused', () => {
    expect(spots(handler(refuses, 'now'))).toEqual(['6 warning limit']);
    expect(spots(handler(refuses, 'new Date().getTime()', 'event.requestContext.identity.sourceIp'))).toEqual(['6 warning limit']);
  });
  it.each<[string, Record<string, string>]>([
    ['nobody is refused', handler('console.log(now - seen[who]);', 'now')],
    ['the key says nothing of who calls', handler(refuses, 'now', 'event.queryStringParameters.city')],
    ['what is kept is no time', handler(refuses, "'berlin'")],
  ])('is none where %s', (_, files) => expect(spots(files)).toEqual([]));
});
