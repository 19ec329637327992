import { describe, expect, it } from 'vitest';
import { isPublicPath, keyedHash, namedLikeCheck, verifiesCaller } from '../../src/catalog/verifications.ts';
import { openRoutes } from '../../src/link/queries/public-routes.ts';
import { verificationOf } from '../../src/link/queries/verification.ts';
import type { RouteAuth, Trigger } from '../../src/model/function.ts';
import rule from '../../rules/no-unauthenticated-endpoint.ts';
import { deployed, project } from '../support/memory.ts';

const location = { file: 'template.yaml', line: 9, column: 1, endLine: 9, endColumn: 9 };
const route = (path: string, kind: RouteAuth['kind'] = 'none', method = 'POST', source = 'Api'): Trigger => ({ kind: 'http', source, filters: [{ kind: 'route', method, path }], auth: { kind }, location });
const writes = "import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';\nconst table = new DynamoDBClient({});\nconst sessions = new Map();\nconst put = (body) => table.send(new PutItemCommand({ TableName: 't', Item: { id: { S: body } } }));\n";

describe('verifications', () => {
  it.each([
    ['crypto', ['timingSafeEqual'], true], ['crypto', ['createHash'], false], ['jsonwebtoken', ['verify'], true], ['jsonwebtoken', ['sign'], false], ['stripe', ['Stripe', '#webhooks', 'constructEvent'], true],
    ['firebase-admin/auth', ['getAuth', '#verifyIdToken'], true], ['global', ['crypto', 'subtle', 'verify'], true], ['global', ['crypto', 'subtle', 'sign'], false], ['@aws-sdk/client-s3', ['S3Client', '#send'], false],
    ['@acme/auth', ['requireUser'], true], ['@acme/auth', ['loginUrl'], false], ['global', ['requireUserSession'], true], ['global', ['useSession'], true], ['global', ['useStorage'], false], ['h3', ['useSession'], true], ['h3', ['readBody'], false], ['passport', ['authenticate'], true], ['@microsoft/teamsfx', ['ConversationBot', '#requestHandler'], true], ['@microsoft/teamsfx', ['TeamsFx', '#getCredential'], false],
  ])('%s %j: %s', (module, path, expected) => {
    expect(verifiesCaller({ module, path })).toBe(expected);
  });

  it('knows keyed hashes, names of checks and public paths', () => {
    expect([keyedHash({ module: 'crypto', path: ['createHmac'] }), keyedHash({ module: 'crypto', path: ['createHash'] })]).toEqual([true, false]);
    expect(['isAuthorized', 'checkAuth', 'verifySignature', 'requireAdmin', 'validateToken', 'requireAccessIdentity', 'getToken', 'refreshCache', 'sendToken', 'keyOf'].map(namedLikeCheck)).toEqual([true, true, true, true, true, true, false, false, false, false]);
    // What is fetched or made for a request of the function's own says nothing of who calls it.
    expect(['getSignature', 'getAccessToken', 'getApiKey', 'checkSignature', 'hasApiKey', 'getAuth'].map(namedLikeCheck)).toEqual([false, false, false, true, true, true]);
    expect(['verifyTriggerAuth', 'checkTenantPermissions', 'enforceOrderItemAuthorization', 'checkOrder', 'verifyResetToken', 'sendTriggerAuth', 'checkoutAuth'].map(namedLikeCheck)).toEqual([true, true, true, false, false, false, false]);
    expect(['/health', '/oauth/callback', '/a/.well-known/jwks.json', '/orders', '/status', '/webhook', '/loginCount'].map(isPublicPath)).toEqual([true, true, true, false, false, false, false]);
    expect(['/api/github-oauth', 'googleOAuth', '/api/save-github-token', '/oauthors'].map(isPublicPath)).toEqual([true, true, false, false]);
  });

  it.each([
    ["if (event.headers['x-key'] !== process.env.API_SECRET) return { statusCode: 401 };", 'proved'],
    ["if (event.headers['x-key'] !== API_KEY) return { statusCode: 401 };", 'proved'],
    ["if (JSON.parse(event.body).key !== API_TOKEN.value()) return { statusCode: 403 };", 'proved'],
    ["if (event.headers['x-key'] !== LANGUAGE) return { statusCode: 401 };", 'none'],
    ["const apiKey = event.headers['x-copy']; if (event.headers['x-key'] !== apiKey) return { statusCode: 401 };", 'none'],
    ["if (JSON.parse(event.body).key !== LIMIT.value()) return { statusCode: 403 };", 'none'],
    ['if (!event.requestContext.authorizer) return { statusCode: 401 };', 'proved'],
    ["const staff = require('kit').getStaffNumberFromRequestContext(event.requestContext); if (!staff) return { statusCode: 401 };", 'proved'],
    ["const stage = require('kit').getStageOf(event.requestContext); if (!stage) return { statusCode: 400 };", 'none'],
    ["const staff = require('kit').getStaffNumberFromRequestContext(event.requestContext); console.log(staff);", 'none'],
    ["if (event.headers['x-key'] !== event.headers['x-copy']) return { statusCode: 401 };", 'none'],
    ["if (event.httpMethod !== 'POST') return { statusCode: 405 };", 'none'],
    ["if (!event.headers.Authorization) return { statusCode: 401 };", 'named'],
    ["if (!event.headers['x-ms-client-principal']) return { statusCode: 401 };", 'named'],
    ["const { Authorization: sent } = event.headers; if (!sent) return { statusCode: 401 };", 'named'],
    ["const { headers: { Authorization } } = event; if (!Authorization) return { statusCode: 401 };", 'named'],
    ["const { headers } = event; if (!headers?.[SESSION]) return { statusCode: 400 };", 'named'],
    ["const { headers } = event; if (!headers?.[LANGUAGE]) return { statusCode: 400 };", 'none'],
    ["if (!event.headers.get(SESSION)) return { statusCode: 400 };", 'named'],
    ["if (!event.headers.get(LANGUAGE)) return { statusCode: 400 };", 'none'],
    ["const found = await session(event.headers['session-id']); if (!found) return { statusCode: 401 };", 'proved'],
    ["const found = await session(event.headers['session-id']); if (found) { return { statusCode: 200 }; } else { return answer(403); }", 'proved'],
    ["const found = await session(event.headers['session-id']); if (!found) return { statusCode: 404 };", 'named'],
    ["const found = await session(event.headers['session-id']); if (!event.body) return { statusCode: 401 };", 'named'],
    ["const found = await session(event.headers.get('cookie')); if (!found) return { statusCode: 401 };", 'proved'],
    ["const found = await session(event.headers.get('accept-language')); if (!found) return { statusCode: 401 };", 'none'],
    ["if (!sessions.get(event.headers.get('cookie'))) return { statusCode: 401 };", 'proved'],
    ["if (!sessions.get(event.pathParameters.id)) return { statusCode: 401 };", 'none'],
    ["if (!new Map(event.body).get(event.headers['x-language'])) return { statusCode: 401 };", 'none'],
    ["const found = await session(event.pathParameters.id); if (!found) return { statusCode: 401 };", 'none'],
    ["const found = await session(event.headers['x-language']); if (!found) return { statusCode: 401 };", 'none'],
    ["const found = await session(event.pathParameters.id); if (found.admin_uuid !== event.queryStringParameters.admin) return { statusCode: 403 };", 'proved'],
    ["const found = await session(event.pathParameters.id); if (found.admin_name !== event.queryStringParameters.admin) return { statusCode: 403 };", 'none'],
    ["if (JSON.parse(event.body).owner_code !== event.queryStringParameters.code) return { statusCode: 403 };", 'none'],
    ["const { authorization } = event.settings; if (!authorization) return { statusCode: 401 };", 'none'],
  ])('%s is %s', (check, expected) => {
    const before = "import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';\nconst table = new DynamoDBClient({});\nconst API_KEY = process.env.SHOP_KEY;\nconst API_TOKEN = defineSecret('SHOP');\nconst LIMIT = defineSecret('LIMIT');\nconst SESSION = 'x-shop-session-id';\nconst LANGUAGE = 'x-language';\nconst session = async (id) => { const found = await table.send(new GetItemCommand({ TableName: 's', Key: { id: { S: id } } })); return found.Item; };\nconst answer = (statusCode) => ({ statusCode });\n";
    const { fn } = project({ 'a.js': `${before}export const handler = async (event) => { ${check} return { statusCode: 200 }; };` });
    expect(verificationOf(fn)).toBe(expected);
  });
});

it('knows a check by another name of it', () => {
  const code = (made: string): string => `import { Cloud } from '@microsoft/teamsfx';\nimport Bot = Cloud.ConversationBot;\nconst bot = new ${made}({});\nexport const handler = async (request: unknown) => bot.requestHandler(request, {});\n`;
  expect(['Bot', 'Cloud.ConversationBot', 'Other'].map((made) => verificationOf(project({ 'a.ts': code(made) }).fn))).toEqual(['proved', 'proved', 'none']);
});

describe('what is set up while modules are loaded', () => {
  const files = {
    'index.js': "export * from './chat.js';\nexport { save } from './save.js';\n",
    'chat.js': "import { createEventAdapter } from '@slack/events-api';\nconst adapter = createEventAdapter(process.env.SECRET);\nexport const chat = async (event) => adapter.requestListener()(event);\n",
    'save.js': 'export const save = async (event) => event;\n',
  };
  const of = (name: string, extra: Record<string, string> = {}): string | undefined => {
    const fns = ['chat', 'save'].map((one) => deployed(one, `${one}.js`, { id: `index.js#${one}`, unit: 'index.js', export: one, platform: 'firebase' }));
    const view = project({ ...files, ...extra }, fns).project.functions.find(({ fn }) => fn.name === name);
    return view && verificationOf(view);
  };
  it('is a check of the function whose module it is', () => {
    expect(of('chat')).toBe('proved');
    expect(of('save')).toBe('none');
    expect(of('save', { 'save.js': "import './chat.js';\nexport const save = async (event) => event;\n" })).toBe('none');
    expect(of('save', { 'save.js': "import { guard } from './guard.js';\nexport const save = guard(async (event) => event);\n", 'guard.js': "import { createEventAdapter } from '@slack/events-api';\ncreateEventAdapter('x');\nexport const guard = (inner) => async (event) => inner(event);\n" })).toBe('proved');
  });
});

describe('openRoutes', () => {
  it('leaves out preflight, public paths, sockets beyond $connect, closed and disabled routes', () => {
    const paths = (triggers: readonly Trigger[]) => openRoutes(deployed('F', 'a.js', { triggers })).map(({ label }) => label);
    expect(paths([route('/a'), route('/a', 'none', 'OPTIONS'), route('/health'), route('/b', 'identity'), route('/c', 'key'), { ...route('/d'), enabled: false }])).toEqual(['POST /a', 'POST /c']);
    expect(paths([route('$connect', 'none', '*', 'WebSocket'), route('send', 'none', '*', 'WebSocket'), route('$disconnect', 'none', '*', 'WebSocket')])).toEqual(['$connect']);
    expect(paths([{ kind: 'http', source: 'Api', filters: [] }])).toEqual([]);
  });
});

describe('no-unauthenticated-endpoint', () => {
  const report = (code: string, triggers: readonly Trigger[], whole = true) => {
    const { fn } = project({ 'a.js': code, 'help.js': 'export const help = () => 1;' }, [deployed('F', 'a.js', { triggers })], [], { whole });
    return [...rule.check({ view: fn, options: {} })].map(({ message, data }) => [message, data?.['routes']]);
  };
  const handler = 'export const handler = async (event) => { await put(event.body); };';

  it('is one finding a function, with its routes', () => {
    expect(report(writes + handler, [route('/a'), route('/b', 'none', 'GET')])).toEqual([['open', 'POST /a, GET /b']]);
  });

  it('weighs what is done', () => {
    expect(report('export const handler = async () => 1;', [route('/a')])).toEqual([['openIdle', 'POST /a']]);
    expect(report(writes + handler, [route('/a', 'key')])).toEqual([['keyOnly', 'POST /a']]);
  });

  it.each([
    ['await db.query("SELECT NOW()")', undefined],
    ['await db.query("SELECT 1")', undefined],
    ['await db.query(`SELECT version()`)', undefined],
    ['await db.query({ text: "SELECT current_database()" })', undefined],
    ['await db.query("SELECT close_month()")', 'writes'],
    ['await db.query("SELECT * FROM orders WHERE id = $1", [event.body])', 'reads'],
    ['await db.query({ text: "select * from orders" })', 'reads'],
    ['await db.query(`SELECT * FROM orders WHERE id = ${event.body}`)', 'reads'],
    ['await db.query("WITH last AS (SELECT * FROM orders) SELECT id FROM last")', 'reads'],
    ['await db.query("SELECT * FROM close_month(2)")', 'writes'],
    ['await db.query("SELECT * INTO kept FROM orders")', 'writes'],
    ['await db.query("SELECT * FROM orders; DROP TABLE orders")', 'writes'],
    ['await db.query("WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone")', 'writes'],
    ['await db.query(event.body)', 'writes'],
    ['await db.query(event.body ? "SELECT NOW()" : "INSERT INTO calls VALUES (1)")', 'writes'],
    ['await db.query("SELECT NOW()"); await db.query("UPDATE calls SET at = 1")', 'writes'],
  ])('%s: %s', (statement, verb) => {
    const { fn } = project({ 'a.js': `import { Client } from 'pg';\nconst db = new Client();\nexport const handler = async (event) => { ${statement}; };` }, [deployed('F', 'a.js', { triggers: [route('/a')] })]);
    expect([...rule.check({ view: fn, options: {} })].map(({ message, data }) => [message, data?.['verb']])).toEqual([[verb ? 'open' : 'openIdle', verb]]);
  });

  it('knows the statement of a connection that a callback keeps', () => {
    const verbOf = (module: string): unknown => {
      const code = `const mysql = require('${module}');\nexports.handler = async (event) => { let db; await mysql.createConnection({}).then(function (found) { db = found; return db.query('INSERT INTO calls VALUES (1)'); }); };`;
      const { fn } = project({ 'a.js': code }, [deployed('F', 'a.js', { triggers: [route('/a')] })]);
      return [...rule.check({ view: fn, options: {} })].map(({ data }) => data?.['verb']);
    };
    expect(['mysql2/promise', 'promise-mysql', 'some-other'].map(verbOf)).toEqual([['writes'], ['writes'], [undefined]]);
  });

  it.each([
    ["import { drizzle } from 'drizzle-orm/node-postgres';\nimport { orders } from './schema.js';\nconst db = drizzle(process.env.URL);", 'db.select().from(orders)', 'reads'],
    ["import { drizzle } from 'drizzle-orm/node-postgres';\nconst db = drizzle(process.env.URL);", 'db.query.orders.findMany()', 'reads'],
    ["import { Kysely } from 'kysely';\nconst db = new Kysely({});", "db.selectFrom('orders').selectAll().execute()", 'reads'],
    ["import { Kysely } from 'kysely';\nconst db = new Kysely({});", "db.insertInto('orders').values({}).execute()", 'writes'],
    ["import { QldbDriver } from 'amazon-qldb-driver-nodejs';\nconst db = new QldbDriver('orders');", 'db.executeLambda(async (txn) => txn.execute(event.body))', 'writes'],
    ["import { Client } from 'cassandra-driver';\nconst db = new Client({});", "db.execute('INSERT INTO orders (id) VALUES (?)', [event.body])", 'writes'],
    ["import neo4j from 'neo4j-driver';\nconst db = neo4j.driver(process.env.URL);", "db.session().run('CREATE (n) RETURN n')", 'writes'],
    ["import memjs from 'memjs';\nconst db = memjs.Client.create();", "db.set('order', event.body, {})", 'writes'],
    ["import { GlideClient } from '@valkey/valkey-glide';", "(await GlideClient.createClient({})).set('order', event.body)", 'writes'],
    ["import { Kysely } from 'kysely';\nconst db = new Kysely({});", 'db.destroy()', undefined],
    ["import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});", "s3.send(new GetObjectCommand({ Bucket: 'pages', Key: event.path }))", undefined],
    ["import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});", "s3.send(new PutObjectCommand({ Bucket: 'pages', Key: event.path, Body: event.body }))", 'writes'],
    ["import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nimport { getSignedUrl } from '@aws-sdk/s3-request-presigner';\nconst s3 = new S3Client({});", "getSignedUrl(s3, new GetObjectCommand({ Bucket: 'pages', Key: event.path }))", 'reads'],
  ])('%s %s: %s', (before, call, verb) => {
    const { fn } = project({ 'a.js': `${before}\nexport const handler = async (event) => { await ${call}; };` }, [deployed('F', 'a.js', { triggers: [route('/a')] })]);
    expect([...rule.check({ view: fn, options: {} })].map(({ message, data }) => [message, data?.['verb']])).toEqual([[verb ? 'open' : 'openIdle', verb]]);
  });

  it('a wrapper of the project that is named like a check is a reason not to be loud', () => {
    const code = (name: string): string => `${writes}const ${name} = (inner) => () => { if (state.nobody) throw new Error('no'); return inner(); };\nexport const handler = ${name}(async () => put('a'));\n`;
    const said = (name: string): unknown => {
      const { fn } = project({ 'a.js': code(name) }, [deployed('F', 'a.js', { triggers: [route('/a')] })]);
      return [...rule.check({ view: fn, options: {} })].map(({ message }) => message);
    };
    expect(['withApiAuth', 'requireUser', 'withRetries', 'tokenless'].map(said)).toEqual([['openNamed'], ['open'], ['open'], ['open']]);
  });

  it('tells inputs that hold data from those that compute', () => {
    const verbOf = (made: string): unknown => {
      const code = `import { input } from '@azure/functions';\nconst given = ${made};\nexport const handler = async (request, context) => ({ jsonBody: context.extraInputs.get(given) });\n`;
      const { fn } = project({ 'a.js': code }, [deployed('a', 'a.js', { platform: 'azure', triggers: [route('/a')] })]);
      return [...rule.check({ view: fn, options: {} })].map(({ data }) => data?.['verb'])[0];
    };
    expect(verbOf("input.cosmosDB({ containerName: 'orders' })")).toBe('reads');
    expect(verbOf("input.generic({ type: 'mysql', commandText: 'select * from orders' })")).toBe('reads');
    expect(verbOf("input.generic({ type: 'embeddings', input: '{text}' })")).toBeUndefined();
  });

  it.each<[string, 'document' | 'other', string]>([
    ['cosmosDB', 'document', 'open'], ['OpeningHours', 'other', 'openIdle'], ['TeamsFx', 'other', 'openNamed'],
  ])('an input binding of type %s', (type, kind, expected) => {
    const location = { file: 'f/function.json', line: 4, column: 1, endLine: 4, endColumn: 2 };
    const binding = { name: 'given', type, direction: 'in', kind, location } as const;
    const { fn } = project({ 'a.js': 'exports.handler = async (context, req, given) => ({ body: given });' }, [deployed('F', 'a.js', { platform: 'azure', generation: 'v3', triggers: [route('/a')], bindings: [binding] })]);
    expect([...rule.check({ view: fn, options: {} })].map(({ message }) => message)).toEqual([expected]);
  });

  it.each<[string, string, string | undefined]>([
    ['a document made', "const faunadb = require('faunadb');\nconst q = faunadb.query;\nconst db = new faunadb.Client({});", 'await db.query(q.Create(q.Ref("classes/todos"), { data: event.body }))'],
    ['a document read', "const faunadb = require('faunadb');\nconst q = faunadb.query;\nconst db = new faunadb.Client({});", 'await db.query(q.Get(q.Ref("classes/todos/1")))'],
    ['rows of a base', "const Airtable = require('airtable');\nconst base = new Airtable({ apiKey: 'k' }).base('app1');", 'await base("Orders").create({ name: event.body })'],
    ['rows of a base read', "const Airtable = require('airtable');\nconst base = new Airtable({ apiKey: 'k' }).base('app1');", 'await base("Orders").select({}).firstPage()'],
    ['rows of something else', "const base = require('./base');", 'await base("Orders").create({ name: event.body })'],
  ].map(([name = '', head = '', call = '']) => [name, `${head}\nexports.handler = async (event) => { ${call}; };`, name.endsWith('read') ? 'reads' : name.endsWith('else') ? undefined : 'writes']))('%s', (_name, code, verb) => {
    const { fn } = project({ 'a.js': code }, [deployed('F', 'a.js', { triggers: [route('/a')] })]);
    expect([...rule.check({ view: fn, options: {} })].map(({ data }) => data?.['verb'])).toEqual([verb]);
  });

  it('reads a tagged statement', () => {
    const verbOf = (text: string) => {
      const { fn } = project({ 'a.js': `import { neon } from '@neondatabase/serverless';\nconst sql = neon(process.env.URL);\nexport const handler = async (event) => sql\`${text}\`;` }, [deployed('F', 'a.js', { triggers: [route('/a')] })]);
      return [...rule.check({ view: fn, options: {} })].map(({ data }) => data?.['verb']);
    };
    expect([verbOf('SELECT now()'), verbOf('SELECT id FROM orders WHERE id = ${event.id}'), verbOf('INSERT INTO orders VALUES (${event.id})')]).toEqual([[undefined], ['reads'], ['writes']]);
  });

  describe('requests handed to a Durable Object', () => {
    const unit = 'wrangler.toml';
    const said = (object: string, worker = 'export default { async fetch(request, env) { return env.ROOM.get(env.ROOM.idFromName("a")).fetch(request); } };', before = '') => {
      const files = { 'a.js': `import { DurableObject } from 'cloudflare:workers';\n${before}export class Room extends DurableObject {\n${object}\n}\n${worker}\n` };
      const binding = { kind: 'resource', unit, id: 'Room', attribute: 'binding' } as const;
      const { fn } = project(files, [
        deployed('W', 'a.js', { id: `${unit}#W`, unit, platform: 'cloudflare', handlers: [{ file: 'a.js', export: 'default.fetch', kind: 'fetch' }], triggers: [{ kind: 'http', source: 'workers.dev', filters: [], auth: { kind: 'none' }, location }], environment: new Map([['ROOM', binding]]) }),
        deployed('Room', 'a.js', { id: `${unit}#Room`, unit, platform: 'cloudflare', generation: 'durableObject', handlers: [{ file: 'a.js', export: 'Room', kind: 'durableObject' }], triggers: [{ kind: 'invoke', source: 'durableObject', filters: [], resource: binding }] }),
      ]);
      return [...rule.check({ view: fn, options: {} })].map(({ message, data }) => [message, data?.['verb']]);
    };

    it.each<[string, string, string | undefined]>([
      ['keeps nothing', 'async fetch() { return new Response("ok"); }', undefined],
      ['sets an alarm', 'async fetch() { await this.ctx.storage.setAlarm(1); }', undefined],
      ['asks the engine', 'async fetch() { return this.ctx.storage.sql.exec("SELECT 1").one(); }', undefined],
      ['reads', 'async fetch() { return this.ctx.storage.get("count"); }', 'reads'],
      ['reads rows', 'async fetch() { return this.ctx.storage.sql.exec("SELECT * FROM rooms").toArray(); }', 'reads'],
      ['writes', 'async fetch() { await this.ctx.storage.put("count", 1); }', 'writes'],
      ['writes rows', 'async fetch() { this.ctx.storage.sql.exec("INSERT INTO rooms VALUES (1)"); }', 'writes'],
      ['hands its storage on', 'async fetch() { return keep(this.ctx.storage); }', 'writes'],
    ])('that %s', (_what, object, verb) => {
      expect(said(object)).toEqual([[verb ? 'open' : 'openIdle', verb]]);
    });

    it('by a router of objects', () => {
      const worker = 'export default { async fetch(request, env) { return (await routePartykitRequest(request, env)) ?? new Response("none"); } };';
      const before = "import { routePartykitRequest } from 'partyserver';\n";
      expect(said('onMessage(connection, text) { this.ctx.storage.put("last", text); }', worker, before)).toEqual([['open', 'writes']]);
      expect(said('onMessage(connection, text) { connection.send(text); }', worker, before)).toEqual([['openIdle', undefined]]);
    });
  });

  const table = "import { DynamoDBClient, PutItemCommand, GetItemCommand, DeleteItemCommand } from '@aws-sdk/client-dynamodb';\nconst table = new DynamoDBClient({});\n";
  const reads = `${table}export const handler = async (event) => table.send(new GetItemCommand({ TableName: 't', Key: { id: { S: event.id } } }));`;
  it.each<[string, string, string, string]>([
    ['PublicCollections', 'get.js', reads, 'openIdle'], ['Collections', 'public.js', reads, 'openIdle'], ['ocsp-query', 'get.js', reads, 'openIdle'],
    ['Collections', 'get.js', reads, 'open'], ['Publications', 'republic.js', reads, 'open'], ['crlf-query', 'get.js', reads, 'open'],
    ['PublicCollections', 'public.js', writes + handler, 'open'],
  ])('reading under a name that says public is meant: %s in %s', (name, file, code, message) => {
    const { fn } = project({ [file]: code }, [deployed(name, file, { triggers: [route('/a', 'none', 'GET')] })]);
    expect([...rule.check({ view: fn, options: {} })].map((one) => one.message)).toEqual([message]);
  });

  it('a handler that sends who calls on to a login has to be open; another one of the same module has not', () => {
    const client = "import { google } from 'googleapis';\nimport { getFirestore } from 'firebase-admin/firestore';\nconst client = new google.auth.OAuth2();\nclient.on('tokens', async (tokens) => getFirestore().collection('t').doc('x').set(tokens));\n";
    const messages = (body: string): readonly string[] => {
      const { fn } = project({ 'a.js': `${client}export const handler = async (request, response) => { ${body} };` }, [deployed('start', 'a.js', { platform: 'firebase', triggers: [route('/a')] })]);
      return [...rule.check({ view: fn, options: {} })].map((one) => one.message);
    };
    expect(messages("response.redirect(client.generateAuthUrl({ scope: ['email'] }))")).toEqual([]);
    expect(messages("await client.request({ url: 'https://example.com' }); response.send('ok')")).toEqual(['open']);
  });

  it('speaks of what the function is there for, before what a package of the repository does on the way', () => {
    const forgets = `${table}export const once = async (fn, key) => { try { return await fn(); } catch { await table.send(new DeleteItemCommand({ TableName: 'seen', Key: key })); } };`;
    const details = (at: string): unknown => {
      const files = { 'app/a.js': `import { once } from '${at === 'kit' ? '@shop/kit' : './kit.js'}';\n${writes}export const handler = async (event) => once(() => put(event.body), event.id);`, 'app/package.json': '{ "name": "@shop/app" }' };
      const { fn } = project({ ...files, ...(at === 'kit' ? { 'kit/index.js': forgets, 'kit/package.json': '{ "name": "@shop/kit", "main": "index.js" }' } : { 'app/kit.js': forgets }) }, [deployed('F', 'app/a.js', { triggers: [route('/a')] })]);
      return [...rule.check({ view: fn, options: {} })].map(({ data }) => data?.['what']);
    };
    expect(details('kit')).toEqual(['dynamodb (PutItem)']);
    expect(details('own')).toEqual(['dynamodb (DeleteItem)']);
  });

  it.each<[string, string, string]>([
    ['sls offline start', '/poll', 'openIdle'], ['serverless offline', '/poll', 'openIdle'], ['sls offline', '/orders', 'open'], ['sls offline', '/orders/poll', 'open'], ['sls deploy', '/poll', 'open'], ['tsc', '/poll', 'open'],
  ])('a service that its manifest only runs by %s, with the route %s: %s', (script, path, message) => {
    const trigger = { ...route(path), location: { ...location, file: 'serverless.yml' } };
    const { fn } = project({ 'a.js': writes + handler, 'serverless.yml': '', 'package.json': JSON.stringify({ scripts: { start: script } }) }, [deployed('poll', 'a.js', { triggers: [trigger] })]);
    expect([...rule.check({ view: fn, options: {} })].map((one) => one.message)).toEqual([message]);
  });

  it('says nothing in the editor where an import may verify', () => {
    expect(report(`import { help } from './help.js';\n${writes}${handler}`, [route('/a')], false)).toEqual([]);
    expect(report(writes + handler, [route('/a')], false)).toEqual([['open', 'POST /a']]);
  });
});

describe('the change that a repair shows', () => {
  const at = (file: string, line: number) => ({ file, line, column: 1, endLine: line, endColumn: 9 });
  const change = (platform: 'aws' | 'azure', file: string, source: string, authLine: number, writtenAt?: ReturnType<typeof at>): unknown => {
    const trigger: Trigger = { kind: 'http', source, location: at(file, 4), filters: [{ kind: 'route', method: 'POST', path: '/orders' }], auth: { kind: 'none', location: at(file, authLine) }, ...(writtenAt ? { writtenAt } : {}) };
    const { fn } = project({ 'a.js': `${writes}export const handler = async (event) => put(event.body);\n` }, [deployed('A', 'a.js', { platform, triggers: [trigger], declaredAt: [at(file, 1)] })]);
    return [...rule.check({ view: fn, options: {} })].filter((report) => report.message === 'open').map((report) => report.data?.['change']);
  };

  it.each<['aws' | 'azure', string, string, number, string]>([
    ['azure', 'job/function.json', 'httpTrigger', 6, ' Change: `"authLevel": "function"`.'],
    ['azure', 'a.js', 'httpTrigger', 6, " Change: `authLevel: 'function'`."],
    ['aws', 'api.tf', 'Api', 6, ' Change at api.tf:6: `authorization = "AWS_IAM"`.'],
    // The place is that of a module: which of its words it is is not known.
    ['aws', 'api.tf', 'Api', 4, ''],
    ['aws', 'template.json', 'Api', 6, ''],
  ])('%s %s %s %i', (platform, file, source, line, expected) => expect(change(platform, file, source, line)).toEqual([expected]));

  it('goes into the module that has the method', () => {
    expect(change('aws', 'api.tf', 'Api', 4, at('gateway/main.tf', 12))).toEqual([' Change at gateway/main.tf:12: `authorization = "AWS_IAM"`.']);
  });
});

describe('a step that asks who calls, put in front where the handler is made', () => {
  const of = (step: string): string => {
    const source = `import { wrap, TenantAuthMiddleware, ContextMiddleware } from '@acme/kit';\nconst guarded = (run) => {\n  const steps = [ContextMiddleware(), TenantAuthMiddleware(['orders'])];\n  return wrap(steps, (...args) => run(args[0]));\n};\nconst open = (run) => wrap([ContextMiddleware()], (...args) => run(args[0]));\nconst read = async (id) => id;\nexport const other = guarded(read);\nexport const handler = ${step}(read);\n`;
    return verificationOf(project({ 'a.ts': source }, [deployed('F', 'a.ts', { platform: 'azure', handlers: [{ file: 'a.ts', export: 'handler', kind: 'v4' }] })]).fn);
  };
  it('is named like a check', () => expect(of('guarded')).toBe('named'));
  it('says nothing of another handler', () => expect(of('open')).toBe('none'));
});
