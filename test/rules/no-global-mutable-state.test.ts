import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-global-mutable-state.ts';
import { check } from '../../src/check/check.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

function findings(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}): readonly Finding[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)]);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings;
}
const spots = (files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}): readonly string[] => findings(files, extra).map((item) => `${item.file}:${item.line} ${item.messageId}`);
const handler = (body: string, head = ''): Record<string, string> => ({ 'a.ts': `${head}\nexport const handler = async (event: any, context: any) => {\n${body}\n};\n` });

const work = "import { mkdtemp } from 'node:fs/promises'; import { login } from 'registry';";

describe('a client that some invocations make and others read', () => {
  const of = (value: string, platform: ServerlessFunction['platform'] = 'cloudflare'): readonly string[] => findings({
    'a.ts': `import search from 'algoliasearch';\nimport { REST } from '@discordjs/rest';\nlet rest: any;\nconst command = {\n  start(env: any, request: any) {\n    rest = ${value};\n    return true;\n  },\n  run: () => rest.get('/x'),\n};\nexport default { async fetch(request: any, env: any) { if (request.method === 'POST') command.start(env, request); return command.run(); } };\n`,
  }, { platform, handlers: [{ file: 'a.ts', export: 'default.fetch', kind: 'fetch' }] }).map((item) => item.messageId ?? '');
  it('is the same whoever makes it of the settings', () => {
    expect(of("new REST({ version: '10' }).setToken(env.TOKEN)")).toEqual([]);
    expect(of('search(env.APP, env.KEY).initIndex(env.NAME)')).toEqual([]);
  });
  it('differs when it is asked for something, or made of the request', () => {
    expect(of('search(env.APP, env.KEY).search(env.NAME)')).toEqual(['sometimes']);
    expect(of("new REST({ version: '10' }).setToken(request.headers.get('token'))")).not.toEqual([]);
    expect(of('Date.now()')).toEqual(['sometimes']);
  });
});

describe('what a setter of a package is given', () => {
  const head = "import { setContext, setTimeoutOf } from 'some-kit';\nimport express from 'express';\nconst app = express();\nconst LIMIT = 5000;";
  it('is kept by an object, not by a number', () => {
    expect(spots(handler('setContext(app, context);', head))).toEqual(['a.ts:6 caller']);
    expect(spots(handler('return setTimeoutOf(LIMIT, context);', head))).toEqual([]);
  });
});

describe('examples of the documentation', () => {
  it.each(rule.examples.map((example) => [example.title, example] as const))('%s', (_title, example) => {
    expect(findings({ 'handler.js': example.code }).map((item) => item.messageId)).toEqual(example.reports);
  });
});

describe('connections that leave one by one', () => {
  const sockets = (leave: string, name = 'connections'): Record<string, string> => handler(`${name}.set(event.requestContext.connectionId, Date.now());\n${leave}`, `const ${name} = new Map();`);
  it.each<[string, Record<string, string>, readonly string[]]>([
    ['deleted on close', sockets('if (event.requestContext.eventType === "DISCONNECT") connections.delete(event.requestContext.connectionId);'), []],
    ['emptied as a whole', sockets('connections.clear();'), ['a.ts:3 clearedAtEnd']],
    ['never deleted', sockets(''), ['a.ts:3 growth']],
    ['no connections', handler('if (menus.size > 100) menus.delete(event.old);\nmenus.set(event.id, Date.now());', 'const menus = new Map();'), ['a.ts:4 bounded']],
  ])('%s', (_name, files, expected) => {
    expect(spots(files)).toEqual(expected);
  });
});

describe('clients that are defaults beside an event that is spread', () => {
  const kept = (read: string): Record<string, string> => ({
    'a.ts': `import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
const ssm = new SSMClient({});
let kept: any = null;
const get = async (client: any, id: string) => {
  if (kept) return kept;
  const found = ${read};
  kept = { limit: Number(found.Parameter.Value) };
  return kept;
};
const work = async ({ id, client = ssm }: any) => (await get(client, id)).limit;
export const handler = async (event: any) => work({ ...event, more: 1 });
`,
  });
  it.each<[string, string, readonly string[]]>([
    ['what a command gave', 'await client.send(new GetParameterCommand({ Name: process.env.LIMITS }))', []],
    ['a command that names the caller', 'await client.send(new GetParameterCommand({ Name: id }))', ['a.ts:7 memoised']],
    ['no command', 'client.send(id)', ['a.ts:7 memoised']],
  ])('%s', (_name, read, expected) => {
    expect(spots(kept(read)).filter((spot) => spot.endsWith('caller') || spot.endsWith('memoised'))).toEqual(expected);
  });
});

describe('variables of the platform through Hono', () => {
  const kept = (value: string): Record<string, string> => ({
    'a.ts': `import { Hono } from 'hono';
import { env } from 'hono/adapter';
let last: string | undefined;
const app = new Hono();
const setting = (c: any, key: string) => { const value = env(c)[key]; if (value !== undefined) return value; return ''; };
app.get('/', (c: any) => { const value = ${value}; if (value === last) return c.text('same'); last = value; return c.text('new'); });
export default app;
`,
  });
  it.each<[string, string, readonly string[]]>([
    ['a variable', 'setting(c, "LIMITS")', []],
    ['what the caller says', 'c.req.query("limits")', ['a.ts:6 memoised']],
  ])('%s', (_name, value, expected) => {
    const shown = spots(kept(value), { platform: 'cloudflare', handlers: [{ file: 'a.ts', export: 'default', kind: 'fetch' }] });
    expect(shown.filter((spot) => spot.endsWith('caller') || spot.endsWith('memoised'))).toEqual(expected);
  });
});

describe('a point in time that an answer names', () => {
  const paused = (value: string): Record<string, string> => handler(`const answer = await fetch(\`https://a.example/\${event.id}\`);\nif (answer.status === 429) until = ${value};\nif (Date.now() < until) return 'later';\nreturn 'now';`, 'let until: any = 0;');
  it.each<[string, string, readonly string[]]>([
    ['the time of day and the wait that the service asks for', 'Date.now() + Number(answer.headers.get("retry-after")) * 1000', []],
    ['what the answer says', 'answer.headers.get("x-user")', ['a.ts:4 caller']],
    ['the wait that the caller asks for', 'Date.now() + event.wait', ['a.ts:4 caller']],
  ])('%s', (_name, value, expected) => {
    expect(spots(paused(value))).toEqual(expected);
  });
});

describe('a record in a field', () => {
  const cache = (trim: string): Record<string, string> => handler('pages.set(event.id, Date.now());', `class Pages {
  private readonly entries: Record<string, { value: number; at: number }> = {};
  set(key: string, value: number) { this.trim(); this.entries[key] = { value, at: Date.now() }; }
  private trim() { ${trim} }
}
const pages = new Pages();`);
  it.each<[string, string, readonly string[]]>([
    ['old entries go', 'for (const key of Object.keys(this.entries)) if (Date.now() - this.entries[key].at > 1000) delete this.entries[key];', ['a.ts:3 bounded']],
    ['too many go', 'const keys = Object.keys(this.entries); if (keys.length > 10) { for (let i = 0; i < keys.length - 10; i++) delete this.entries[keys[i]]; }', ['a.ts:3 bounded']],
    ['nothing goes', 'console.log(Object.keys(this.entries).length);', ['a.ts:3 growth']],
    ['what goes is of another record', 'const other: any = {}; for (const key of Object.keys(this.entries)) if (key.length > 10) delete other[key];', ['a.ts:3 growth']],
  ])('%s', (_name, trim, expected) => {
    expect(spots(cache(trim))).toEqual(expected);
  });
});

describe('data of the caller', () => {
  it.each<[string, Record<string, string>, readonly string[]]>([
    ['reassigned variable', handler('user = event.user;', 'let user: any;'), ['a.ts:3 caller']],
    ['property of a constant', handler('state.user = event.user;', 'const state: any = {};'), ['a.ts:3 caller']],
    ['list', handler('seen.push(event.id);', 'const seen: any[] = [];'), ['a.ts:3 caller']],
    ['undeclared name', handler('user = event.user;'), ['a.ts:3 caller']],
    ['undeclared name, until a loop is left', handler('while ((match = /@\\w+/g.exec(event.text)) !== null) {\nif (match[0] === "@all") break;\n}'), ['a.ts:3 caller']],
    ['while other code runs', handler('while ((match = words.exec(event.text)) !== null) {\nawait use(match);\n}', `import { use, words } from 'kit';`), ['a.ts:3 caller']],
    ['compared with something else', handler('while ((match = words.exec(event.text)) !== "end") {\nuse(match);\n}', `import { use, words } from 'kit';`), ['a.ts:3 caller']],
    ['global object', handler('globalThis.user = event.user;'), ['a.ts:3 caller']],
    ['environment', handler('process.env.USER_ID = event.user;'), ['a.ts:3 caller']],
    ['environment, whatever it was', handler("let host = await read();\nif (host) host = new URL(host).hostname;\nprocess.env.HOST = host;", `import { read } from 'config';`), ['a.ts:5 environment']],
    ['environment, put back on success only', handler("const before = process.env.HOME; const own = await mkdtemp('/tmp/x');\nprocess.env.HOME = own; await login();\nprocess.env.HOME = before;", work), ['a.ts:5 environment']],
    ['environment, another variable put back', handler("const before = process.env.HOME; const own = await mkdtemp('/tmp/x');\ntry { process.env.PATH = own; await login(); } finally { process.env.PATH = before; }", work), ['a.ts:4 environment']],
    ['static field', handler('Session.user = event.user;', 'class Session { static user: any; }'), ['a.ts:3 caller']],
    ['awsRequestId of the context', handler('id = context.awsRequestId;', 'let id: any;'), ['a.ts:3 caller']],
    ['what was fetched for the caller', handler('profile = await (await fetch(`https://x/${event.id}`)).json();', 'let profile: any;'), ['a.ts:3 caller']],
    ['through a helper', { 'a.ts': `import { keep } from './b';\nexport const handler = async (event: any) => { keep(event.id); };`, 'b.ts': `let last: any;\nexport function keep(id: any) {\n  last = id;\n}` }, ['b.ts:3 caller']],
    ['parameter that aliases a module list', { 'a.ts': `import { add } from './b';\nconst all: any[] = [];\nexport const handler = async (event: any) => { add(all, event.id); };`, 'b.ts': `export function add(list: any[], id: any) {\n  list.push(id);\n}` }, ['b.ts:2 caller']],
    ['what a kept object of our own gives, asked with an object', handler('const row = await rows.get({ id: event.id });\nrow.seen = event.at;', 'const found: any[] = [];\nconst rows = { get: async (query: any) => found[0] };'), ['a.ts:5 caller']],
    ['what a map holds, waited for', handler('const row = await rows.get(event.id);\nrow.seen = event.at;', 'const rows = new Map();'), ['a.ts:4 caller']],
    ['destructured reference', handler('const { items } = store;\nitems.push(event.id);', 'const store = { items: [] as any[] };'), ['a.ts:4 caller']],
    ['imported constant', { 'a.ts': `import { config } from './b';\nexport const handler = async (event: any) => {\n  config.tenant = event.tenant;\n};`, 'b.ts': `export const config: any = { tenant: 'x' };` }, ['a.ts:3 caller']],
    ['imported constant of CommonJS', { 'a.js': `const config = require('./b');\nexports.handler = async (event) => {\n  config.tenant = event.tenant;\n};`, 'b.js': `module.exports = { tenant: 'x' };` }, ['a.js:3 caller']],
    ['property of a package', handler('axios.defaults.headers.common.Authorization = event.headers.authorization;', `import axios from 'axios';`), ['a.ts:3 caller']],
    ['instance made at init', { 'a.ts': `import { Service } from './b';\nconst service = new Service();\nexport const handler = async (event: any) => service.run(event.user);`, 'b.ts': `export class Service {\n  user: any;\n  run(user: any) {\n    this.user = user;\n  }\n}` }, ['b.ts:4 caller']],
    ['object of a class written as a function', { 'a.js': `const Store = require('./b');\nconst store = new Store();\nexports.handler = async (event) => store.keep(event.user);`, 'b.js': `function Store() {\n  this.users = [];\n}\nStore.prototype.keep = function keep(user) {\n  this.users.push(user);\n};\nmodule.exports = Store;` }, ['b.js:5 caller']],
    ['the same, extended', { 'a.js': `const util = require('util');\nfunction Base() { this.users = []; }\nBase.prototype = { keep: function (user) {\n  this.users.push(user);\n} };\nfunction Store() { Base.call(this); }\nutil.inherits(Store, Base);\nStore.prototype.run = function (event) { this.keep(event.user); };\nconst store = new Store();\nexports.handler = async (event) => store.run(event);` }, ['a.js:4 caller']],
    ['object injected into an instance made at init', { 'a.ts': `import { Service } from './b';\nimport { Store } from './c';\nconst service = new Service(new Store());\nexport const handler = async (event: any) => service.run(event.user);`, 'b.ts': `import { Store } from './c';\nexport class Service {\n  constructor(private store: Store) {}\n  run(user: any) { this.store.keep(user); }\n}`, 'c.ts': `export class Store {\n  private users: any[] = [];\n  keep(user: any) {\n    this.users.push(user);\n  }\n}` }, ['c.ts:4 caller']],
    ['lazily created singleton keeps data', { 'a.ts': `import { Service } from './b';\nexport const handler = async (event: any) => Service.get().run(event.user);`, 'b.ts': `export class Service {\n  static instance: any;\n  user: any;\n  static get(): Service {\n    if (!Service.instance) Service.instance = new Service();\n    return Service.instance;\n  }\n  run(user: any) {\n    this.user = user;\n  }\n}` }, ['b.ts:9 caller']],
    ['closure of a factory called at init', handler('track.identify(event.user);', `function make() {\n  let user: any;\n  return { identify(u: any) {\n    user = u;\n  } };\n}\nconst track = make();`), ['a.ts:4 caller']],
    ['shallow copy', handler('const options = { ...defaults };\noptions.headers.auth = event.headers.auth;', 'const defaults: any = { headers: {} };'), ['a.ts:4 caller']],
    ['persistent logger keys', handler('logger.appendKeys({ user: event.user });', `import { Logger } from '@aws-lambda-powertools/logger';\nconst logger = new Logger();`), ['a.ts:4 caller']],
    ['cleared in the catch and at one of two ends', handler('try {\nlist.push(event.id);\nif (event.quick) return 1;\nawait send(list); list.length = 0; return 1; } catch (error) { list.length = 0; return 2; }', `import { send } from 'bus';\nconst list: any[] = [];`), ['a.ts:5 clearedAtEnd']],
    ['cleared in the catch and under a condition', handler('try {\nlist.push(event.id);\nawait send(list); if (event.last) list.length = 0; return 1; } catch (error) { list.length = 0; return 2; }', `import { send } from 'bus';\nconst list: any[] = [];`), ['a.ts:5 clearedAtEnd']],
    ['language of the process', handler('moment.locale(event.language);', `import moment from 'moment';`), ['a.ts:3 caller']],
    ['configuration of the SDK', handler('AWS.config.update({ region: event.region });', `import AWS from 'aws-sdk';`), ['a.ts:3 caller']],
    ['a function in a file of its own', handler(`set(state, 'user', event.user);`, `import set from 'lodash/set';\nconst state = {};`), ['a.ts:4 caller']],
    ['what a reduction starts with', handler('event.items.reduce((all, item) => {\n  all[item.name] = item.value;\n  return all;\n}, totals);', 'const totals: any = {};'), ['a.ts:4 caller']],
    ['setter of a client', handler('api.setAccessToken(event.token);', `import Api from 'spotify-web-api-node';\nconst api = new Api();`), ['a.ts:4 caller']],
    ['memoised with the credentials of the caller', handler('client ??= new Client({ token: event.token });', `import { Client } from 'some-client';\nlet client: any;`), ['a.ts:4 memoised']],
    ['the same with a test', handler('if (!client) {\n  client = new Client({ token: event.token });\n}', `import { Client } from 'some-client';\nlet client: any;`), ['a.ts:5 memoised']],
    ['callback of a package', handler('api.get(event.id, (error: any, data: any) => {\n  last = data;\n});', `import api from 'some-api';\nlet last: any;`), ['a.ts:5 caller']],
  ])('%s', (_name, files, expected) => {
    expect(spots(files)).toEqual(expected);
  });
});

describe('growth, counters, environment', () => {
  it.each<[string, Record<string, string>, readonly string[]]>([
    ['list of times', handler('times.push(Date.now());', 'const times: number[] = [];'), ['a.ts:3 growth']],
    ['map by key of the caller', handler('if (!cache.has(event.id)) cache.set(event.id, await load(event.id));', `import { load } from 'db';\nconst cache = new Map();`), ['a.ts:4 growth']],
    ['object by key of the caller', handler('cache[event.id] ??= await load(event.id);', `import { load } from 'db';\nconst cache: any = {};`), ['a.ts:4 growth']],
    ['list made anew from itself', handler('times = [...times, Date.now()];', 'let times: number[] = [];'), ['a.ts:3 growth']],
    ['map by a key that a field of the caller gives', { 'a.js': `const Reader = require('./b');\nexports.handler = async (event) => new Reader(event).id(event.path);`, 'b.js': `const ids = {};\nmodule.exports = class Reader {\n  constructor(params) { this.config = { payload: {} }; this.fill(params); }\n  fill(params) { this.config.site = params.site; }\n  async id(path) {\n    const key = this.config.site + path;\n    ids[key] = ids[key] || (await fetch(key)).json;\n    return ids[key];\n  }\n};` }, ['b.js:7 growth']],
    ['one listener more each time', handler(`bus.on('done', () => console.log(event.id));`, `import { EventEmitter } from 'events';\nconst bus = new EventEmitter();`), ['a.ts:4 growth']],
    ['of the process', handler(`process.on('unhandledRejection', (error) => console.log(error));`), ['a.ts:3 growth']],
    ['an interceptor', handler('axios.interceptors.request.use((config) => config);', `import axios from 'axios';`), ['a.ts:3 growth']],
    ['counter', handler('count++;', 'let count = 0;'), ['a.ts:3 counter']],
    ['spelled out', handler('count = count + 1;', 'let count = 0;'), ['a.ts:3 counter']],
    ['counter in an object', handler('stats.count += 1;', 'const stats = { count: 0 };'), ['a.ts:3 counter']],
    ['emptied at the end', handler('times.push(Date.now());\nawait send(times);\ntimes.length = 0;', `import { send } from 'bus';\nconst times: number[] = [];`), ['a.ts:4 clearedAtEnd']],
    ['a field emptied at the end', { 'a.js': `import { send } from 'bus';\nclass Buffer { items = []; add(x) {\n    this.items.push(x);\n  }\n  async flush() { await send(this.items); this.items.length = 0; } }\nconst buffer = new Buffer();\nexport const handler = async (event) => { buffer.add(event.id); await buffer.flush(); };` }, ['a.js:3 clearedAtEnd']],
    ['emptied at the end, of the caller', handler('times.push(event.id);\nawait send(times);\ntimes = [];', `import { send } from 'bus';\nlet times: any[] = [];`), ['a.ts:4 clearedAtEnd']],
    ['set for some callers, read for all', handler('if (event.trace) tracer = open();\nawait work();\nif (tracer) tracer.end();', `import { open, work } from 'trace';\nlet tracer: any;`), ['a.ts:4 sometimes']],
    ['a flag that only some callers set', handler('if (event.body.verbose) verbose = true;\nif (verbose) console.log(event.id);', 'let verbose = false;'), ['a.ts:3 sometimes']],
    ['a timer or a flag in one variable', handler('if (event.keep) idle = setTimeout(close, 1000);\nif (event.flag) idle = open();\nif (idle) use(idle);', `import { close, open, use } from 'pool';\nlet idle: any;`), ['a.ts:4 sometimes']],
    ['by chance', handler('if (Math.random() < 0.01) sampled = begin();\nreturn sampled?.id;', `import { begin } from 'trace';\nlet sampled: any;`), ['a.ts:4 sometimes']],
    ['a field of an object of the process', { 'a.js': `import { open } from 'trace';\nclass Tracer { start(event) {\n    if (event.trace) this.span = open();\n    return this.span;\n  } }\nconst tracer = new Tracer();\nexport const handler = async (event) => tracer.start(event);` }, ['a.js:3 sometimes']],
    ['in hooks of a middleware', { 'a.js': `import middy from '@middy/core';\nimport { sampling } from './b.js';\nexport const handler = middy(async () => 1).use(sampling());`, 'b.js': `import { raise } from 'levels';\nexport const sampling = () => {\n  let undo;\n  return {\n    before: (request) => {\n      if (request.event.debug) undo = raise();\n    },\n    after: () => { if (undo) undo(); },\n  };\n};` }, ['b.js:6 sometimes']],
    ['bounded cache', handler('cache.set(event.id, event.body);', `import { LRUCache } from 'lru-cache';\nconst cache = new LRUCache({ max: 100, ttl: 1000 });`), ['a.ts:4 bounded']],
    ['imported constant, same value', { 'a.ts': `import { config } from './b';\nexport const handler = async () => {\n  config.stage = process.env.STAGE;\n};`, 'b.ts': `export const config: any = {};` }, ['a.ts:3 rewrite']],
  ])('%s', (_name, files, expected) => {
    expect(spots(files)).toEqual(expected);
  });
});

describe('one of several objects', () => {
  const alias = (test: string, refused = '{ statusCode: 400 }'): Record<string, string> => ({ 'a.js': `const refused = ${refused};\nconst look = (event) => (event.id ? { id: event.id } : refused);\nexport const handler = async (event) => {\n  const found = look(event);\n  ${test}\n  found.ip = event.ip;\n  return found;\n};` });
  it.each<[string, Record<string, string>, readonly string[]]>([
    ['told apart by a property', alias('if (found.statusCode) return found;'), []],
    ['told apart by one that is not there', alias('if (!found.ok) return found;', '{ ok: false, statusCode: 400 }'), []],
    ['told apart by nothing', alias(''), ['a.js:6 caller']],
    ['a property of neither', alias('if (found.other) return found;'), ['a.js:6 caller']],
    ['the other way round', alias('if (!found.statusCode) return found;'), ['a.js:6 caller']],
    ['another variable', alias('if (event.statusCode) return found;'), ['a.js:6 caller']],
    ['a function that another callee is given', { 'a.js': `const config = async () => 1;\nconst first = async (get, body) => body;\nconst second = async (body) => {\n  const data = { ...body };\n  data.messages = put(data.messages, 'x');\n  return data;\n};\nconst put = (messages, text) => {\n  const at = messages.findIndex((one) => one.user);\n  messages[at] = { text };\n  return messages;\n};\nconst all = { first, second };\nexport const handler = async (event) => {\n  const run = all[event.kind];\n  return event.plain ? run({ messages: [], first: event.id }) : run(config, { messages: [] });\n};` }, []],
    ['a function that keeps a list of its own', { 'a.js': `const config = async () => 1;\nconfig.messages = [];\nexport const handler = async (event) => {\n  config.messages[0] = event.id;\n  return config.messages;\n};` }, ['a.js:4 caller']],
  ])('%s', (_name, files, expected) => {
    expect(spots(files)).toEqual(expected);
  });
});

describe('what a method looks at', () => {
  const client = (test: string): Record<string, string> => ({ 'a.js': `import { open, address } from 'things';\nclass Things {\n  isEmpty() { return this.endpoint === undefined || this.endpoint === ''; }\n  isFirst(event) { return event.first; }\n  async init() { this.endpoint = await address(); this.data = open(this.endpoint); }\n  async tell(event) { if (${test}) await this.init(); return this.data.tell('x'); }\n}\nconst things = new Things();\nexport const handler = async (event) => { if (event.quiet) return 1; return things.tell(event); };` });
  it('decides as a test that stands there itself', () => {
    expect(spots(client('this.isEmpty()'))).toEqual([]);
    expect(spots(client('this.isFirst(event)'))).toEqual(['a.js:5 sometimes']);
  });
});

describe('parameters that a deployment binds', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['AWS.config.update({ secretAccessKey: event.secretKey });', ['secretKey'], []],
    ['AWS.config.update({ secretAccessKey: event.secretKey });', ['other'], ['a.ts:3 caller']],
    ['AWS.config.update({ secretAccessKey: event.secretKey });', [], ['a.ts:3 caller']],
  ])('%s with %j', (body, boundParameters, expected) => {
    expect(spots(handler(body, `import AWS from 'aws-sdk';`), { platform: 'openwhisk', ...(boundParameters.length > 0 ? { boundParameters } : {}) })).toEqual(expected);
  });
});

describe('stays quiet', () => {
  it.each<[string, Record<string, string>]>([
    ['undeclared name that the loop leaves empty', handler('while ((match = words.exec(event.text)) !== null) {\nuse(match[0]);\n}', `import { words } from 'kit';`)],
    ['variable of the module that the loop leaves empty', handler('const found: string[] = [];\nwhile ((match = words.exec(event.text))) {\nfound.push(match[0]);\n}\nreturn found;', `import { words } from 'kit'; let match: any;`)],
    ['a timer that closes what is kept', handler('if (event.keep) {\n  if (idle) clearTimeout(idle);\n  idle = setTimeout(() => { idle = null; close(); }, 600000);\n  idle.unref();\n}\nreturn use(event);', `import { close, use } from 'pool';\nlet idle: any = null;`)],
    ['what a binding of a kept object answers', { 'a.js': `const store = (env) => ({ load: async (key) => { const row = await env.ROWS.get(key, 'json'); row.at = new Date(row.at); return row; } });\nlet kept;\nexport default { async fetch(request, env) { kept ??= store(env); return Response.json(await kept.load(request.url)); } };`, 'wrangler.toml': 'name = "a"\nmain = "a.js"' }],
    ['what a client of an extended class answers', { 'a.ts': `import { Octokit } from '@octokit/rest';\nimport { retry } from '@octokit/plugin-retry';\nconst Api = Octokit.plugin(retry);\nclass Hub {\n  api: any;\n  constructor() { this.api = new Api({}); }\n  async load(repo: string) { const res = await this.api.repos.get({ repo }); return res.data; }\n}\nconst hub = new Hub();\nexport const handler = async (event: any) => {\n  const repo = await hub.load(event.repo);\n  repo.issues = event.issues;\n  return repo;\n};` }],
    ['what a helper library goes through', handler('return _.map(event.items, (item: any) => _.assign(item, { by: event.user })).concat(_.map((other: any) => _.assign(other, { by: event.user })));', `import _ from 'lodash';`)],
    ['what a client answers', handler('const [row] = await db.get(event.id);\nrow.seen = event.at;\nObject.assign(row, { by: event.user });', `import { Datastore } from '@google-cloud/datastore';\nconst db = new Datastore();`)],
    ['??=', handler('client ??= new S3Client({});', `import { S3Client } from '@aws-sdk/client-s3';\nlet client: any;`)],
    ['a fallback of what is kept', { 'a.js': `import { load } from 'rates';\nclass Lazy {\n  get() { return this.value ?? this.start(); }\n  start() { return (this.value = load().catch((error) => { this.value = undefined; throw error; })); }\n}\nconst rates = new Lazy();\nexport const handler = async (event) => { if (event.body) return rates.get(); return 1; };` }],
    ['by the age of what is kept', handler('if (event.skip) return 1;\nconst fresh = cert && cert.until > Date.now();\nif (!fresh) cert = await load();\nreturn check(cert);', `import { load, check } from 'certs';\nlet cert: any;`)],
    ['a listener added with its object', handler(`if (!client) { client = new Redis(); client.on('error', () => 1); }\nreturn client.get(event.id);`, `import Redis from 'ioredis';\nlet client: any;`)],
    ['a listener taken off on every exit', handler(`bus.on('x', () => 1);\ntry { await event.run(); } finally { bus.removeAllListeners(); }`, `import { EventEmitter } from 'events';\nconst bus = new EventEmitter();`)],
    ['listeners of the request', { 'a.ts': `export const handler = async (req: any, res: any) => { req.on('data', () => 1); res.on('close', () => 2); };` }],
    ['the same language for all', handler(`moment.locale('de');`, `import moment from 'moment';`)],
    ['set on both ways', handler('if (event.trace) tracer = open(); else tracer = undefined;\nif (tracer) tracer.end();', `import { open } from 'trace';\nlet tracer: any;`)],
    ['set by each case', handler('switch (event.kind) { case "a": rate = load("a"); break; default: rate = load("b"); }\nreturn rate;', `import { load } from 'rates';\nlet rate: any;`)],
    ['reset first', handler('tracer = undefined;\nif (event.trace) tracer = open();\nif (tracer) tracer.end();', `import { open } from 'trace';\nlet tracer: any;`)],
    ['read only where it was set', handler('if (event.trace) { tracer = open(); await tracer.run(); }', `import { open } from 'trace';\nlet tracer: any;`)],
    ['after an early answer', handler('if (!event.id) return;\nrates = await load();\nreturn rates.a;', `import { load } from 'rates';\nlet rates: any;`)],
    ['by what the process holds itself', handler('if (event.force || Date.now() > until) { rates = await load(); until = Date.now() + 1000; }\nreturn rates.a;', `import { load } from 'rates';\nlet rates: any; let until = 0;`)],
    ['set and never read', handler('if (event.warm) { warmed = true; return; }\nreturn 1;', `let warmed = false;`)],
    ['||=', handler('client ||= new S3Client({});', `import { S3Client } from '@aws-sdk/client-s3';\nlet client: any;`)],
    ['x = x || y', handler('client = client || new S3Client({});', `import { S3Client } from '@aws-sdk/client-s3';\nlet client: any;`)],
    ['promise memo', handler('pool ??= connect();\nawait pool;', `import { connect } from 'db';\nlet pool: any;`)],
    ['try and catch', handler('if (!secret) { try { secret = await read(); } catch { secret = undefined; } }', `import { read } from 'secrets';\nlet secret: any;`)],
    ['time to live', handler('if (cached && Date.now() < expiry) return cached;\ncached = await read();\nexpiry = Date.now() + 60000;', `import { read } from 'config';\nlet cached: any; let expiry = 0;`)],
    ['list filled once', handler('if (list.length === 0) list.push(await read());', `import { read } from 'config';\nconst list: any[] = [];`)],
    ['a variable that is put back in `finally`', handler("const before = process.env.HOME; const own = await mkdtemp('/tmp/x');\ntry { process.env.HOME = own; await login(); } finally { process.env.HOME = before; }", work)],
    ['the same, in a helper', { 'a.ts': `import { inHome } from './b';\nexport const handler = async (event: any) => inHome(event.id);`, 'b.ts': `${work}\nexport async function inHome(id: any) {\nconst before = process.env.HOME; const own = await mkdtemp(id);\ntry { process.env.HOME = '/tmp/own'; await login(own); } finally { process.env.HOME = before; } }` }],
    ['setting that is missing, from what is fetched', handler("const put = (name: string, value: any) => { if (!process.env[name] && value) process.env[name] = value; };\nlet host = await read();\nif (host) host = new URL(host).hostname;\nput('HOST', host);", `import { read } from 'config';`)],
    ['cold start flag', handler('cold = false;', 'let cold = true;')],
    ['map with fixed keys', handler(`cache.set('config', await read());`, `import { read } from 'config';\nconst cache = new Map();`)],
    ['function name of the context', handler('name = context.functionName;', 'let name: any;')],
    ['event', handler('event.seen = true;\nevent.list.push(event.id);')],
    ['objects of the invocation', handler('const list: any[] = [];\nlist.push(event.id);\nconst map = new Map();\nmap.set(event.id, 1);')],
    ['made by a helper', { 'a.ts': `import { make } from './b';\nexport const handler = async (event: any) => { const state = make(); state.list.push(event.id); };`, 'b.ts': `export const make = () => ({ list: [] as any[] });` }],
    ['instance of the invocation', { 'a.ts': `class Request { id: any; set(id: any) { this.id = id; } }\nexport const handler = async (event: any) => { const request = new Request(); request.set(event.id); };` }],
    ['copy of a constant', handler('const options = { ...defaults };\noptions.user = event.user;', 'const defaults: any = { user: 1 };')],
    ['closure of a factory called in the invocation', handler('const track = make();\ntrack.identify(event.user);', `function make() { let user: any; return { identify(u: any) { user = u; } }; }`)],
    ['init', { 'a.ts': `const all: any = {};\nfor (const name of ['a', 'b']) all[name] = 1;\nlet count = 0;\ncount++;\nexport const handler = async () => all;` }],
    ['cleared first', handler('list.length = 0;\nlist.push(event.id);', 'const list: any[] = [];')],
    ['cleared first in a helper', { 'a.ts': `import { reset, keep } from './b';\nexport const handler = async (event: any) => { reset(); keep(event.id); };`, 'b.ts': `let list: any[] = [];\nexport const reset = () => { list = []; };\nexport const keep = (id: any) => { list.push(id); };` }],
    ['cleared by a middleware', { 'a.ts': `import middy from '@middy/core';\nconst list: any[] = [];\nconst clear = () => ({ before: () => { list.length = 0; } });\nexport const handler = middy(async (event: any) => { list.push(event.id); }).use(clear());` }],
    ['cleared in finally', handler('try { list.push(event.id); await send(list); } finally { list.length = 0; }', `import { send } from 'bus';\nconst list: any[] = [];`)],
    ['cleared at the end and in the catch', handler('try { list.push(event.id); await send(list); list.length = 0; return 1; } catch (error) { list.length = 0; return 2; }', `import { send } from 'bus';\nconst list: any[] = [];`)],
    ['cleared by the function around it, at both ends', handler('try { await add(event); list.length = 0; } catch (error) { console.error(error); list.length = 0; }', `import { send } from 'bus';\nconst list: any[] = [];\nconst add = async (event: any) => { list.push(event.id); await send(list); };`)],
    ['loop counter that starts anew', handler('for (i = 0; i < 3; i++) { console.log(i); }', 'let i = 0;')],
    ['cleared first by a wrapper that is told to', handler('return run(event);', `const names: any[] = [];\nconst wrap = (fn: any, first?: boolean) => async (event: any) => {\nif (first) names.length = 0;\nreturn fn(event);\n};\nconst run = wrap(async (event: any) => { names.push(event.id); }, true);`)],
    ['a cache by a key that all callers spell out', handler('return keys.of(event.token, `${process.env.ISSUER}/keys`);', `import { load } from 'net';\nclass Keys {\nheld: Record<string, any> = {};\nconstructor(private deps = { get: (url: string, token: any) => this.from(url) }) {}\nasync from(url: string) { this.held[url] = await load(url); return this.held[url]; }\nasync of(token: any, url: string) { return check({ token }, this.deps, url); }\n}\nconst check = async (given: any, deps: any, url: string) => deps.get(url, given.token);\nconst keys = new Keys();`)],
    ['WeakMap', handler('cache.set(event, 1);', 'const cache = new WeakMap();')],
    ['logger that a middleware clears', { 'a.ts': `import middy from '@middy/core';\nimport { Logger } from '@aws-lambda-powertools/logger';\nimport { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';\nconst logger = new Logger();\nexport const handler = middy(async (event: any) => { logger.appendKeys({ id: event.id }); }).use(injectLambdaContext(logger, { resetKeys: true }));` }],
    ['remote store', handler('await redis.set(event.id, event.body);\nawait queue.add(event.body);', `import Redis from 'ioredis';\nimport { Queue } from 'bullmq';\nconst redis = new Redis();\nconst queue = new Queue('q');`)],
    ['route parameters of an app made at init', { 'a.ts': `import express from 'express';\nimport serverless from 'serverless-http';\nconst app = express();\napp.get('/x', (req: any, res: any) => { const found: any[] = []; found.push(req.query.id); req.seen = true; res.json(found); });\nexport const handler = serverless(app);` }],
    ['counter of one map entry made in the invocation', handler('const counts: any = {};\nfor (const r of event.Records) counts[r.id] = (counts[r.id] || 0) + 1;')],
  ])('%s', (_name, files) => {
    expect(spots(files)).toEqual([]);
  });
});

describe('findings', () => {
  it('gives one finding for a variable, at its first change, the others in the flow', () => {
    const [finding, ...rest] = findings(handler('user = event.a;\nuser = event.b;', 'let user: any;'));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ line: 3, severity: 'error', data: { name: 'user' } });
    expect(finding?.flow.map((step) => step.line)).toContain(4);
  });

  it.each<[Partial<ServerlessFunction>, string]>([
    [{ platform: 'aws' }, 'leak to the next caller'], [{ platform: 'openwhisk' }, 'leak to the next caller'], [{ platform: 'cloudflare' }, 'race between callers'], [{ platform: 'vercel' }, 'race between callers'],
    [{ platform: 'google', concurrencyPerInstance: 80 }, 'race between callers'], [{ platform: 'aws', concurrencyPerInstance: 64 }, 'race between callers'],
  ])('names the consequence on %o', (extra, consequence) => {
    expect(findings({ 'a.ts': `let last: any;\nexport const handler = async (request: any) => {\n  last = request.url;\n};` }, extra)[0]?.data.consequence).toBe(consequence);
  });

  it('does not take a reset that is switched off for one', () => {
    expect(spots(handler('return run(event);', `const names: any[] = [];\nconst wrap = (fn: any, first?: boolean) => async (event: any) => {\nif (first) names.length = 0;\nreturn fn(event);\n};\nconst run = wrap(async () => { names.push(Date.now()); }, false);`))).toHaveLength(1);
  });

  it('does not trust a reset where callers race', () => {
    const files = handler('list.length = 0;\nlist.push(event.id);', 'const list: any[] = [];');
    expect(spots(files, { platform: 'vercel' })).toEqual(['a.ts:4 caller']);
  });

  it('is reported at the call where an object of a workspace package keeps it', () => {
    const files = {
      'app/a.ts': `import { Logger } from '@shop/logger';\nconst logger = new Logger();\nexport const handler = async (event: any) => {\n  logger.add(event.id);\n};`,
      'app/package.json': '{ "name": "@shop/app" }', 'logger/package.json': '{ "name": "@shop/logger", "main": "index.ts" }',
      'logger/index.ts': `export class Logger {\n  private prefix: any[] = [];\n  add(id: any) {\n    this.prefix.push(id);\n  }\n}`,
    };
    expect(spots(files)).toEqual(['app/a.ts:4 caller']);
    expect(spots({ ...files, 'logger/package.json': '{ "name": "@aws-lambda-powertools/logger", "main": "index.ts" }', 'app/a.ts': files['app/a.ts'].replace('@shop/logger', '@aws-lambda-powertools/logger') })).toEqual([]);
  });

  it('is reported at its own line where another package only calls back', () => {
    expect(spots({
      'app/a.ts': `import { route } from '@shop/routing';\nclass Store {\n  last: any;\n  use(item: any) {\n    this.last = item;\n  }\n}\nconst store = new Store();\nexport const handler = route(async (event: any) => store.use(event));`,
      'app/package.json': '{ "name": "@shop/app" }', 'routing/package.json': '{ "name": "@shop/routing", "main": "index.ts" }',
      'routing/index.ts': `export const route = (work: any) => async (event: any) => {\n  return await work(event);\n};`,
    })).toEqual(['app/a.ts:5 caller']);
  });

  it('names the path from the handler', () => {
    const [finding] = findings({ 'a.ts': `import { keep } from './b';\nexport const handler = async (event: any) => {\n  keep(event.id);\n};`, 'b.ts': `let last: any;\nexport function keep(id: any) {\n  last = id;\n}` });
    expect(finding?.flow.map((step) => `${step.file}:${step.line}`)).toEqual(['a.ts:2', 'a.ts:3', 'b.ts:3']);
  });
});

describe('emptied by a helper or a middleware', () => {
  const metrics = `let counts = {};\nexports.count = (name) => {\n  counts[name] += 1;\n};\nconst drain = () => {\n  const names = Object.keys(counts);\n  if (names.length === 0) return [];\n  counts = {};\n  return names;\n};\nexports.flush = async () => console.log(drain());`;
  const hooks = (list: string): Record<string, string> => ({
    'a.js': `const { wrap } = require('./wrap');\nconst hook = require('./hook');\nconst metrics = require('./metrics');\nexports.handler = wrap(async () => metrics.count('calls')).use(hook);`,
    'wrap.js': `const middy = require('@middy/core');\nexports.wrap = (inner) => middy(inner).use({ before: async () => console.log('start') });`,
    'hook.js': `const metrics = require('./metrics');\nmodule.exports = { ${list} };`, 'metrics.js': metrics,
  });
  const flush = '() => metrics.flush()';
  const list = (use: string): Record<string, string> => handler(use, `import { send } from 'bus';\nlet times: number[] = [];\nconst flush = async () => { if (!times.length) return; await send(times); times = []; };`);
  it.each<[string, Record<string, string>, readonly string[]]>([
    ['after success and after failure', hooks(`after: ${flush}, onError: ${flush}`), []],
    ['after success alone', hooks(`after: ${flush}`), ['metrics.js:3 clearedAtEnd']],
    ['after failure alone', hooks(`onError: ${flush}`), ['metrics.js:3 clearedAtEnd']],
    ['ahead of the handler', hooks(`before: ${flush}`), []],
    ['never', hooks(''), ['metrics.js:3 counter']],
    ['unless there is nothing', list('times.push(Date.now());\nawait flush();'), ['a.ts:5 clearedAtEnd']],
    ['in finally, unless there is nothing', list('try { times.push(Date.now()); } finally { await flush(); }'), []],
    ['once there are many', list('times.push(Date.now());\nif (times.length > 20) await flush();'), ['a.ts:5 bounded']],
  ])('%s', (_name, files, expected) => {
    expect(spots(files)).toEqual(expected);
  });
});

describe('one field, one finding', () => {
  const base = `export class Base {\n  last: any;\n  keep(user: any) {\n    this.last = user;\n  }\n}\nexport class A extends Base {}\nexport class B extends Base {\n  other: any;\n  note(user: any) {\n    this.other = user;\n  }\n}`;
  const use = (calls: string): Record<string, string> => ({ 'a.ts': `import { A, B } from './s';\nconst a = new A();\nconst b = new B();\nexport const handler = async (event: any) => { ${calls} };`, 's.ts': base });
  it.each<[string, string, readonly string[]]>([
    ['of two subclasses', 'a.keep(event.user); b.keep(event.user);', ['s.ts:4 Base.last']],
    ['beside a field of the subclass', 'a.keep(event.user); b.note(event.user);', ['s.ts:4 Base.last', 's.ts:11 B.other']],
  ])('%s', (_name, calls, expected) => {
    expect(findings(use(calls)).map((item) => `${item.file}:${item.line} ${String(item.data['name'])}`)).toEqual(expected);
  });

  it.each<[string, Record<string, string>, readonly string[]]>([
    ['of an exported object', { 'a.js': `const { state } = require('./b');\nexports.handler = async (event) => {\n  state.user = event.user;\n  state.tenant = event.tenant;\n};`, 'b.js': 'exports.state = { parts: {} };' }, ['a.js:3 state']],
    ['of a whole module', { 'a.js': `const settings = require('./b');\nexports.handler = async (event) => {\n  settings.user = event.user;\n  settings.tenant = event.tenant;\n};`, 'b.js': 'module.exports = { user: "", tenant: "" };' }, ['a.js:3 user', 'a.js:4 tenant']],
    ['of a package, one set from the caller and one not', handler('i18n.locale = event.lang;\ni18n.fallbacks = true;', `import i18n from 'i18n-js';`), ['a.ts:3 i18n-js']],
  ])('%s', (_name, files, expected) => {
    expect(findings(files).map((item) => `${item.file}:${item.line} ${String(item.data['name'])}`)).toEqual(expected);
  });
  it('a property of a package that is set anew is not another one emptied', () => {
    expect(spots(handler('i18n.locale = event.lang;\ni18n.fallbacks = true;', `import i18n from 'i18n-js';`))).toEqual(['a.ts:3 caller']);
  });

  it('of two functions', () => {
    const files = { 'a.ts': `import { A } from './s';\nconst a = new A();\nexport const handler = async (event: any) => a.keep(event.user);`, 'b.ts': `import { B } from './s';\nconst b = new B();\nexport const handler = async (event: any) => b.keep(event.user);`, 's.ts': base };
    const { project: linked } = project(files, [deployed('F', 'a.ts'), deployed('G', 'b.ts')]);
    const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
    expect(result.findings.map((item) => [item.line, item.functions])).toEqual([[4, ['F', 'G']]]);
  });
});

describe('emptied by a timer', () => {
  const swept = (how: string): Record<string, string> => handler('seen.set(event.id, { until: Date.now() + 1000 });', `const seen = new Map<string, any>();const sweep = () => { for (const [id, one] of seen) if (one.until < Date.now()) seen.delete(id); };${how}`);
  it.each<[string, Record<string, string>, Partial<ServerlessFunction>, string]>([
    ['that is frozen with the process', swept('setInterval(sweep, 60000);'), {}, 'growth'],
    ['where the process goes on', swept('setInterval(sweep, 60000);'), { platform: 'azure' }, 'bounded'],
    ['never', swept(''), {}, 'growth'],
    ['in the invocation', handler('sweep();\nseen.set(event.id, { until: Date.now() + 1000 });', 'const seen = new Map<string, any>();const sweep = () => { for (const [id, one] of seen) if (one.until < Date.now()) seen.delete(id); };'), {}, 'bounded'],
    ['of each entry', handler('seen.set(event.id, 1);\nsetTimeout(() => seen.delete(event.id), 60000);', 'const seen = new Map<string, any>();'), {}, 'growth'],
  ])('%s', (_name, files, extra, expected) => {
    expect(findings(files, extra).map((item) => item.messageId)).toEqual([expected]);
  });
});

describe('branches that the environment decides', () => {
  const code = (test: string): Record<string, string> => ({ 'a.js': `const times = {};\nconst direct = (process.env.DIRECT || 'false') === 'true';\nlet busy = false;\nexports.handler = async (event) => {\n  if (${test}) console.log('direct');\n  else times[event.name] = 1;\n  busy = Date.now() > 1;\n};\n` });
  it.each<[string, Readonly<Record<string, string | number | boolean>>, boolean]>([
    ['direct', { DIRECT: 'true' }, false],
    ['direct', { DIRECT: 'false' }, true],
    ['direct', {}, true],
    ['process.env.DIRECT === "true"', { DIRECT: 'true' }, false],
    ['busy || direct', { DIRECT: 'true' }, true],
    // A template may say `DIRECT: true` or `MODE: 1`; the process is given text.
    ['direct', { DIRECT: true }, false],
    ['direct', { DIRECT: false }, true],
    ['process.env.DIRECT === true', { DIRECT: true }, true],
    ['process.env.MODE === "1"', { MODE: 1 }, false],
    ['process.env.MODE == 1', { MODE: 1 }, false],
    ['process.env.MODE == 2', { MODE: 1 }, true],
  ])('%s with %o', (test, environment, isFound) => {
    const found = findings(code(test), { environment: new Map(Object.entries(environment).map(([name, value]) => [name, { kind: 'literal', value }])) });
    expect(found.some((item) => item.line === 6)).toBe(isFound);
  });
});

describe('the id of an invocation on a logger', () => {
  const head = "import { createLogger } from 'winston';\nconst logger = createLogger({});";
  it('is set anew by every invocation', () => {
    expect(spots(handler('logger.defaultMeta = { requestId: context.awsRequestId, service: process.env.SERVICE };\nlogger.info(1);', head))).toEqual([]);
  });
  it('stays where some invocations set it only, where it comes with data of the caller, and where invocations run side by side', () => {
    const set = 'logger.defaultMeta = { requestId: context.awsRequestId };';
    expect(spots(handler(`if (event.traced) ${set}\nlogger.info(1);`, head))).toEqual(['a.ts:4 caller']);
    expect(spots(handler('logger.defaultMeta = { requestId: context.awsRequestId, user: event.user };\nlogger.info(1);', head))).toEqual(['a.ts:4 caller']);
    expect(spots(handler(set, head), { concurrencyPerInstance: 8 })).toEqual(['a.ts:4 caller']);
  });
});

describe('an object that is made of the first caller\'s context and kept', () => {
  const base = 'export abstract class Base {\n  protected address: string;\n  constructor(context: any, name: string) {\n    const { address } = context.settings;\n    this.address = address + name;\n  }\n}\n';
  const of = (store: string, over: Record<string, string> = {}): readonly string[] => spots({
    'a.ts': "import { Store } from './store';\nlet store: Store;\nexport const handler = async (event: any) => {\n  const context = { settings: { address: process.env.DB_URL }, user: event.user };\n  if (!store) store = new Store(context);\n  return store;\n};\n",
    'base.ts': base, 'store.ts': store, ...over,
  });
  it('keeps nothing of the caller when its constructors read settings of it', () => {
    expect(of("import { Base } from './base';\nexport class Store extends Base {\n  constructor(context: any) { super(context, 'orders'); }\n}\n")).toEqual([]);
    expect(of("import { Base } from './base';\nexport class Store extends Base {}\n")).toEqual([]);
  });
  it('keeps what it puts into a field, hands to a base that does, or may hand on', () => {
    expect(of('export class Store { constructor(private readonly context: any) {} }\n')).toEqual(['a.ts:5 memoised']);
    expect(of('export class Store { user: any;\n  constructor(context: any) { this.user = context.user; } }\n')).toEqual(['a.ts:5 memoised']);
    expect(of("import { Base } from './base';\nexport class Store extends Base {\n  constructor(context: any) { super(context, 'orders'); }\n}\n", { 'base.ts': 'export class Base { who: any;\n  constructor(context: any, name: string) { this.who = [name, context.user]; } }\n' })).toEqual(['a.ts:5 memoised']);
    expect(of('export class Store { constructor(context: any) { Object.assign(this, context); } }\n')).toEqual(['a.ts:5 memoised']);
    expect(of('export class Store { who: any;\n  constructor(context: any) { this.who = () => context.user; } }\n')).toEqual(['a.ts:5 memoised']);
    expect(of("import { Outer } from 'elsewhere';\nexport class Store extends Outer { constructor(context: any) { super(context); } }\n")).toEqual(['a.ts:5 memoised']);
  });
});

describe('a list of an object that may be of another kind', () => {
  const of = (field: string, before = ''): readonly string[] => spots({
    'a.ts': `class Store {\n  static instance = new Store();\n${field}}\nfunction later(all: any, item: any) {\n${before}  if ('items' in all) all.items.push(item);\n}\nexport const handler = async (event: any) => {\n  later(Store.instance, event.user);\n};\n`,
  });
  it('grows where objects of the class have it', () => expect(of('  items: any[] = [];\n')).toEqual(['a.ts:6 caller']));
  it('does not where they have none', () => expect(of('')).toEqual([]));
  it('may grow where somebody gives them one', () => expect(of('', '  all.items ??= [];\n')).toContain('a.ts:6 caller'));
});

describe('a counter that goes up and down', () => {
  const of = (down: string): readonly string[] => spots({
    'a.ts': `class Store {\n  static users = 0;\n  static take() { Store.users++; return new Store(); }\n  release() { ${down} }\n}\nexport const handler = async (event: any) => {\n  const store = Store.take();\n  await event.work(store);\n  store.release();\n};\n`,
  });
  it('counts what is in use', () => expect(of('Store.users -= 1;')).toEqual([]));
  it('counts on where nothing brings it back', () => {
    expect(of('')).toEqual(['a.ts:3 counter']);
    expect(of('Store.users -= 2;')).not.toEqual([]);
  });
});

describe('a list that a loop empties', () => {
  const lines = (flush: string): Record<string, string> => handler('start();\nlines.push(event.id);\nflush();', `const lines: any[] = [];\nfunction flush() { while (lines.length > 0) { ${flush} } }\nconst start = flush;`);
  it('holds nothing of the invocation before where that comes first', () => {
    expect(spots(lines('console.log(lines.shift());'))).toEqual([]);
    expect(spots(lines('if (lines.shift() === 0) break;'))).not.toEqual([]);
    expect(spots(handler('lines.push(event.id);\nflush();', 'const lines: any[] = [];\nfunction flush() { while (lines.length > 0) { console.log(lines.shift()); } }'))).not.toEqual([]);
  });
});

describe('what stands in for a service on the machine of a developer', () => {
  const files = (test: string): Record<string, string> => ({
    'a.ts': "import { queue } from './queue.ts';\nexport const handler = async (event: any) => {\n  await queue.send(event.body);\n};\n",
    'queue.ts': `import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nimport { mode } from './settings.ts';\nclass Kept { sent: string[] = []; async send(body: string) { this.sent.push(body); } }\nclass Sqs { client = new SQSClient({}); async send(body: string) { await this.client.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: body })); } }\nexport const queue = ${test} ? new Kept() : new Sqs();\n`,
    'settings.ts': "const stage = (process.env.STAGE ?? 'dev').toLowerCase();\nexport const mode = stage;\n",
  });
  it('is made by nothing that is deployed', () => {
    expect(spots(files("mode === 'dev'"))).toEqual([]);
    expect(spots(files("mode === 'buffered'"))).toEqual(['queue.ts:3 caller']);
  });
});

describe('a slot that says whom it is for', () => {
  const of = (test: string, made: string, extra: Partial<ServerlessFunction> = {}): readonly string[] => findings(handler(`const use = async (account: string) => {\n  if (${test}) client = ${made};\n  return client.api;\n};\nreturn use(event.account);`, "import { open } from 'ledger';\nlet client: any;"), extra).map((item) => `${item.severity} ${item.messageId}`);
  it('is filled anew for anybody else', () => {
    expect(of('client?.account !== account', '{ account, api: await open(account) }')).toEqual(['info bounded']);
    expect(of('!client || client.account !== account', '{ account, api: await open(account) }')).toEqual(['info bounded']);
    expect(of('client?.account !== account', '{ account, api: await open(account) }', { concurrencyPerInstance: 8 })).toEqual(['error memoised']);
  });
  it('is not where nobody asks, or another thing is asked', () => {
    expect(of('!client', '{ account, api: await open(account) }')).toEqual(['error memoised']);
    expect(of('client?.account !== account', '{ api: await open(account) }')).not.toEqual(['info bounded']);
    expect(of('client?.age !== account', '{ account, api: await open(account) }')).not.toEqual(['info bounded']);
  });
});

describe('a variable of a function that runs at init and in invocations', () => {
  const of = (declared: string, own: string): readonly string[] => spots({
    'a.ts': `import { start } from 'kit';\n${declared}\nasync function probe(of: any) {\n  ${own}\n  await new Promise((resolve) => setTimeout(() => { if (of.slow) late = true; resolve(0); }, 10));\n  return late ? 'late' : 'there';\n}\nvoid probe(start());\nexport const handler = async (event: any) => probe(event);\n`,
  });
  it('is another one each time', () => expect(of('', 'let late = false;')).toEqual([]));
  it('is one where the module has it', () => expect(of('let late = false;', '')).toEqual(['a.ts:5 sometimes']));
});
