import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-client-in-handler.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';


/** What is found in the files; the first one holds the handler. */
function spots(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}, options: { readonly whole?: boolean } = {}): readonly string[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)], [], options);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings.map((item) => `${item.file}:${item.line} ${item.severity} ${item.confidence} ${item.messageId}`);
}

const head = `import { S3Client } from '@aws-sdk/client-s3'; import { Pool } from 'pg'; import once from 'lodash/once'; let kept; const many = new Map();`;
/** The body stands from line 3 on. */
const handler = (body: string, more = ''): Record<string, string> => ({ 'a.mjs': `${head} ${more}\nexport const handler = async (event, context) => {\n${body}\n};\n` });

describe('a helper of several functions', () => {
  const helper = `import { S3Client } from '@aws-sdk/client-s3';\nexport const open = () => new S3Client({});`;
  const anew = `import { open } from './lib.mjs';\nexport const handler = async () => open().send(1);`;
  const keeps = `import { open } from './lib.mjs';\nlet kept;\nexport const handler = async () => {\n  kept ??= open();\n  return kept.send(1);\n};`;
  const found = (files: Readonly<Record<string, string>>): unknown => {
    const { project: linked } = project({ 'lib.mjs': helper, ...files }, Object.keys(files).map((file) => deployed(file.replace('.mjs', ''), file)), [], {});
    return check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]).findings.map((item) => [`${item.file}:${item.line}`, item.severity, item.functions, item.guard && `${item.guard.file}:${item.guard.line}`]);
  };

  it('is at fault where all of them make a client by it', () => {
    expect(found({ 'first.mjs': anew, 'second.mjs': anew })).toEqual([['lib.mjs:2', 'warning', ['first', 'second'], undefined]]);
  });

  it('is in order where one of them keeps what it makes: a note for the others', () => {
    expect(found({ 'first.mjs': anew, 'second.mjs': keeps, 'third.mjs': anew })).toEqual([['lib.mjs:2', 'info', ['first', 'third'], 'second.mjs:4']]);
  });

  it('is not spoken of where all of them keep what it makes', () => {
    expect(found({ 'first.mjs': keeps, 'second.mjs': keeps })).toEqual([]);
  });

  it('is at fault where the function that keeps it makes another on another way', () => {
    expect(found({ 'first.mjs': `${keeps}\nexport const other = 1;`, 'second.mjs': keeps.replace('return kept.send(1)', 'return open().send(kept)') })).toEqual([['lib.mjs:2', 'info', ['second'], 'first.mjs:4']]);
    expect(found({ 'second.mjs': keeps.replace('return kept.send(1)', 'return open().send(kept)') })).toEqual([['lib.mjs:2', 'warning', ['second'], undefined]]);
  });
});

describe('made anew', () => {
  it.each<[string, string, string?]>([
    ['an SDK client', 'const s3 = new S3Client({});'],
    ['under a condition of the event', 'if (event.retry) new S3Client({});'],
    ['in a variable of the invocation', 'let own; own ??= new S3Client({});'],
    ['the other way of a pipeline that keeps nothing', 'await open(event)();', `import * as TE from 'fp-ts/TaskEither'; import { pipe } from 'fp-ts/function'; const open = (event) => pipe(kept, TE.fromPredicate((one) => one !== undefined, () => 0), TE.orElseW(() => TE.tryCatch(async () => new Pool(), String)));`],
    ['the other way of a pipeline that keeps one of two', 'await open()();', `import * as TE from 'fp-ts/TaskEither'; import { pipe } from 'fp-ts/function'; let other; const far = process.env.FAR === 'yes'; const made = () => TE.tryCatch(async () => new Pool(), String); const open = () => pipe(TE.of(1), TE.chainW(() => pipe(far ? kept : other, TE.fromPredicate((one) => one !== undefined, () => 0), TE.orElseW(() => made()), TE.map((one) => (kept = one)))));`],
    ['in a helper', 'const pool = connect();', 'const connect = () => new Pool();'],
    ['settings of the environment', 'const pool = new Pool({ host: process.env.HOST, ssl: true });'],
    ['of keys that are the same for everybody', 'const found = await db.get({ TableName: "keys", Key: { user: "all" } }).promise(); const s3 = new S3Client({ credentials: new Credentials(found.Item.id, found.Item.secret) });', `import { Credentials, DynamoDB } from 'aws-sdk'; const db = new DynamoDB.DocumentClient();`],
    ['in a function that a catch and others call', 'await report(1); try { await event(); } catch (error) { await report(error); }', 'const report = async (error) => new S3Client({}).send(error);'],
    ['signs and sends', 'const s3 = new S3Client({}); await s3.send(1);\nreturn getSignedUrl(s3, event);', `import { getSignedUrl } from '@aws-sdk/s3-request-presigner';`],
    ['checks a signature and asks', 'const stripe = new Stripe(process.env.KEY); stripe.webhooks.constructEvent(event.body, event.sig, process.env.SECRET);\nreturn stripe.customers.retrieve(event.id);', `import Stripe from 'stripe';`],
    ['kept nowhere, though a variable is tested', 'if (!kept) new S3Client({});'],
  ])('%s', (_name, body, more) => {
    expect(spots(handler(body, more)).map((item) => item.split(' ').slice(1).join(' '))).toEqual(['warning proved made']);
  });

  it('behind a variable that nobody declares, where nothing is declared; not where a declaration leaves it out', () => {
    const files = handler('if (!process.env.BUCKET) throw new Error("no bucket");\nnew S3Client({});');
    expect(spots(files, { foundBy: 'evidence' })).toEqual(['a.mjs:4 warning possible made']);
    expect(spots(files)).toEqual([]);
    expect(spots(handler('if (process.env.IS_OFFLINE) new S3Client({});'), { foundBy: 'evidence' })).toEqual([]);
  });

  it('a function among the settings may make the client one of the caller', () => {
    const signing = (code: string) => handler('return open(event).send(1);', `const names = ["X-Signature"]; const open = (args) => new S3Client({ signer: { sign: async (request) => { ${code} return request; } } });`);
    expect(spots(signing('if (args.signature) request.query = args;'))).toEqual([]);
    expect(spots(signing('names.forEach((name) => { request.query[name] = args[name]; });'))).toEqual([]);
    expect(spots(signing('delete request.headers[names[0]];'))).toEqual(['a.mjs:1 warning proved made']);
    expect(spots(signing('const args = names; request.headers[args[0]] = 1;'))).toEqual(['a.mjs:1 warning proved made']);
  });

  it('one finding for the two sides of a choice; two for two clients', () => {
    expect(spots(handler('const s3 = event.far ? new S3Client({ region: "eu-west-1" })\n  : new S3Client({});'))).toEqual(['a.mjs:3 warning proved made']);
    expect(spots(handler('const s3 = event.db ? new Pool()\n  : new S3Client({});'))).toEqual(['a.mjs:3 warning proved made', 'a.mjs:4 warning proved made']);
    expect(spots(handler('const all = [new S3Client({}),\n  new S3Client({ region: "eu-west-1" })];'))).toHaveLength(2);
  });

  it('while a variable of the environment is not filled, which the same function fills', () => {
    const made = (code: string): number => spots({ 'a.mjs': `import { S3Client } from '@aws-sdk/client-s3';\nexport const handler = async () => {\n${code}\n};` }).length;
    expect(made('const sites = process.env.SITES;\nif (sites) return sites;\nconst s3 = new S3Client({});\nprocess.env.SITES = await s3.send(1);')).toBe(0);
    expect(made('if (!process.env.DONE) {\nconst s3 = new S3Client({});\nprocess.env.KEY = await s3.send(1);\nprocess.env.DONE = "true";\n}')).toBe(0);
    expect(made('if (!process.env.DONE) {\nconst s3 = new S3Client({});\nprocess.env.KEY = await s3.send(1);\n}')).toBe(1);
  });

  it('once where the client itself is called', () => {
    const uses = (code: string): readonly string[] => spots({ 'a.mjs': `import postgres from 'postgres'; import knex from 'knex';\n${code}` }).map((item) => item.split(' ')[0] ?? '');
    expect(uses('const sql = postgres(); export const handler = async (event) => { await sql`select ${sql(event.ids)}`; };')).toEqual([]);
    expect(uses('const db = knex({}); export const handler = async (event) => db("orders").where({ id: event.id });')).toEqual([]);
    expect(uses('export const handler = async (event) => {\nconst sql = postgres();\nawait sql`select ${sql(event.ids)}`; };')).toEqual(['a.mjs:3']);
  });

  it('in the constructor of an object of the invocation, at the constructor inside', () => {
    expect(spots({ 'a.mjs': `import { Store } from './store.mjs';\nexport const handler = async (event) => new Store().read(event.id);\n`, 'store.mjs': `import { Pool } from 'pg';\nexport class Store {\n  constructor() {\n    this.pool = new Pool();\n  }\n  read(id) { return this.pool.query(id); }\n}\n` })).toEqual(['store.mjs:4 warning proved made']);
  });

  it('in a field of an object of the invocation; not of one that is made at init or kept', () => {
    const files = (made: string): Record<string, string> => ({ 'a.mjs': `import { Store } from './store.mjs';\n${made}\n`, 'store.mjs': `import { Pool } from 'pg';\nexport class Store {\n  pool = new Pool();\n  read(id) { return this.pool.query(id); }\n}\n` });
    expect(spots(files('export const handler = async (event) => new Store().read(event.id);'))).toEqual(['store.mjs:3 warning proved made']);
    expect(spots(files('const store = new Store();\nexport const handler = async (event) => store.read(event.id);'))).toEqual([]);
    expect(spots(files('let store;\nexport const handler = async (event) => { store ??= new Store(); return store.read(event.id); };'))).toEqual([]);
  });

  it('in a helper of many functions: named are those that come there every time, not those that keep what it gives', () => {
    const files = {
      'each.mjs': `import { settings } from './shared/settings.mjs';\nconst services = async () => ({ table: (await settings()).table });\nexport const handler = async () => (await services()).table;\n`,
      'lazily.mjs': `import { Lazy } from './shared/lazy.mjs';\nimport { settings } from './shared/settings.mjs';\nconst kept = new Lazy(async () => settings());\nexport const handler = async () => (await kept.get()).table;\n`,
      'wrapped.mjs': `import { wrap } from './shared/wrap.mjs';\nexport const handler = wrap(async (event, { table }) => table);\n`,
      'memo.mjs': `import { settings } from './shared/settings.mjs';\nlet promise;\nconst get = () => { if (!promise) promise = settings(); return promise; };\nexport const handler = async () => (await get()).table;\n`,
      'start.mjs': `import { settings } from './shared/settings.mjs';\nconst promise = settings();\nexport const handler = async () => (await promise).table;\n`,
      'shared/lazy.mjs': `export class Lazy {\n  constructor(make) { this.make = make; }\n  get() { return this.value ?? this.initialise(); }\n  initialise() { return (this.value = this.make()); }\n  then(next) { return new Lazy(() => this.get().then(next)); }\n}\n`,
      'shared/wrap.mjs': `import { Lazy } from './lazy.mjs';\nimport { settings } from './settings.mjs';\nexport const wrap = (handler) => {\n  const stage = new Lazy(async () => process.env.STAGE);\n  const services = stage.then(async () => settings());\n  return async (event) => handler(event, await services.get());\n};\n`,
      'shared/settings.mjs': `import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';\nexport const settings = async () => {\n  const ssm = new SSMClient({});\n  return JSON.parse((await ssm.send(new GetParameterCommand({ Name: process.env.NAME }))).Parameter.Value);\n};\n`,
    };
    const { project: linked } = project(files, ['each', 'lazily', 'wrapped', 'memo', 'start'].map((name) => deployed(name, `${name}.mjs`)));
    const { findings } = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
    expect(findings.map((item) => [item.file, item.line, item.severity, item.functions])).toEqual([['shared/settings.mjs', 3, 'info', ['each']]]);
  });

  it('once where an agent is made for a client', () => {
    expect(spots({ 'a.mjs': `import { S3Client } from '@aws-sdk/client-s3';\nimport { NodeHttpHandler } from '@smithy/node-http-handler';\nexport const handler = async () => new S3Client({ requestHandler: new NodeHttpHandler({}) });\n` })).toEqual(['a.mjs:3 warning proved made']);
  });
});

describe('mail', () => {
  it('opens a session, or makes the client that it is sent through', () => {
    expect(spots(handler("createTransport({ host: 'mail' });", `import { createTransport } from 'nodemailer';`))).toEqual(['a.mjs:3 warning proved made']);
    expect(spots(handler('createTransport({\nSES: new SES({}) });', `import { createTransport } from 'nodemailer'; import { SES } from '@aws-sdk/client-ses';`))).toEqual(['a.mjs:4 warning proved made']);
  });
});

describe('quiet', () => {
  it.each<[string, string, string?]>([
    ['only signs a URL', 'const s3 = new S3Client({});\nreturn getSignedUrl(s3, event);', `import { getSignedUrl } from '@aws-sdk/s3-request-presigner';`],
    ['only signs a form', 'return createPresignedPost(new S3Client({}), event);', `import { createPresignedPost } from '@aws-sdk/s3-presigned-post';`],
    ['of the event', 'const s3 = new S3Client({ region: event.region });'],
    ['fetched for the event', 'const s3 = new S3Client({ credentials: await (await fetch(event.url)).json() });'],
    ['of keys that are kept for the user', 'const found = await db.get({ TableName: "keys", Key: { user: event.user } }).promise(); const keys = new Credentials(found.Item.id, found.Item.secret);\nconst s3 = new S3Client({ credentials: keys });', `import { Credentials, DynamoDB } from 'aws-sdk'; const db = new DynamoDB.DocumentClient();`],
    ['kept with ??=', 'kept ??= new S3Client({});'],
    ['kept behind a test', 'if (!kept) { kept = new S3Client({}); }'],
    ['kept by an early return', 'if (kept) return kept; const made = new S3Client({}); kept = made; return made;'],
    ['kept in a map', 'if (!many.has("a")) many.set("a", new S3Client({}));'],
    ['once under another name', 'const pool = open();', "const one = require('lodash/once'); const open = one(() => new Pool());"],
    ['once', 'const pool = open();', 'const open = once(() => new Pool());'],
    ['the other way of a pipeline', 'await open()();', `import * as TE from 'fp-ts/TaskEither'; import { pipe } from 'fp-ts/function'; const made = () => TE.tryCatch(async () => new Pool(), String); const open = () => pipe(TE.of(1), TE.chainW(() => pipe(kept, TE.fromPredicate((one) => one !== undefined, () => 0), TE.orElseW(() => made()), TE.map((one) => (kept = one)))));`],
    ['the other way of a pipeline that keeps two', 'await open()();', `import * as TE from 'fp-ts/TaskEither'; import { pipe } from 'fp-ts/function'; let other; const far = process.env.FAR === 'yes'; const made = () => TE.tryCatch(async () => new Pool(), String); const open = () => pipe(TE.of(1), TE.chainW(() => pipe(far ? kept : other, TE.fromPredicate((one) => one !== undefined, () => 0), TE.orElseW(() => made()), TE.map((one) => (far ? (kept = one) : (other = one))))));`],
    ['made at init', 'return pool;', 'const pool = new Pool();'],
    ['settings that cannot be told', 'const s3 = new S3Client(settings());', 'import { settings } from "./nowhere.mjs";'],
    ['on the own machine', 'if (process.env.IS_OFFLINE) new S3Client({});'],
    ['a class of the repository with that name', 'new Own();', 'class Own { }'],
    ['mail through a client that is kept', 'return createTransport({ SES: { ses, aws: {} } }).sendMail(event.mail);', `import { createTransport } from 'nodemailer'; import { SES } from '@aws-sdk/client-ses'; const ses = new SES({});`],
    ['mail through a program', 'return createTransport({ sendmail: true }).sendMail(event.mail);', `import { createTransport } from 'nodemailer';`],
  ])('%s', (_name, body, more) => {
    expect(spots(handler(body, more))).toEqual([]);
  });

  it('on Workers and at the edge', () => {
    expect(spots(handler('const pool = new Pool();'), { platform: 'cloudflare' })).toEqual([]);
    expect(spots(handler('const pool = new Pool();'), { platform: 'vercel', generation: 'edge' })).toEqual([]);
    expect(spots(handler('const pool = new Pool();'), { platform: 'vercel' })).toHaveLength(1);
  });

  it('in the constructor of an object that is made at init', () => {
    expect(spots({ 'a.mjs': `import { Pool } from 'pg';\nclass Store { constructor() { this.pool = new Pool(); } }\nconst store = new Store();\nexport const handler = async () => store.pool;\n` })).toEqual([]);
  });
});

describe('credentials of a role', () => {
  const of = (role: string): readonly string[] => spots({ 'a.mjs': `import { S3Client } from '@aws-sdk/client-s3'; import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts'; import { Pool } from 'pg';\nconst sts = new STSClient({}); const db = new Pool();\nexport const handler = async () => {\n  const { rows } = await db.query('select number from accounts');\n  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: ${role} }));\n  const s3 = new S3Client({ credentials: { accessKeyId: Credentials.AccessKeyId } });\n  return s3.send(1);\n};` });
  it('that is looked up for each invocation are those of whoever it is for', () => {
    expect(of('`arn:aws:iam::${rows[0].number}:role/reader`')).toEqual([]);
    expect(of('process.env.ROLE')).toEqual(['a.mjs:6 warning proved made']);
  });
});
