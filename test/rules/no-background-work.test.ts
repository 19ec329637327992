import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-background-work.ts';
import { check } from '../../src/check/check.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

const location = { file: 'template.yaml', line: 7, column: 5, endLine: 7, endColumn: 16 };
const runtime = (value: string): Partial<ServerlessFunction> => ({ runtime: { value, location } });
const inline: Partial<ServerlessFunction> = { ...runtime('nodejs18.x'), packaging: { form: 'inline', tool: 'cloudformation', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } };

function findings(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = runtime('nodejs22.x')): readonly Finding[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)]);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings;
}
const spots = (files: Readonly<Record<string, string>>, extra?: Partial<ServerlessFunction>): readonly string[] => findings(files, extra).map((item) => `${item.line} ${item.severity} ${item.messageId}`);

const head = `import { S3 } from 'aws-sdk'; import fs from 'fs'; import { open } from 'unknown-library'; const s3 = new S3(); async function save(x?: any) { await fetch('https://a', { body: x }); } const note = (x: any) => fetch(x);`;
/** Work after which another function is told through what was handed on. */
const answering = `import { finish } from './c';\nconst save = async () => { await fetch('https://a'); };\nexport const run = (talk: any) => {\n  save().then(() => finish(talk));\n};`;
/** The body stands from line 3 on. */
const handler = (body: string, more = '', signature = 'async (event: any, context: any)'): Record<string, string> => ({ 'a.ts': `${head} ${more}\nexport const handler = ${signature} => {\n${body}\n};\n` });

describe('examples of the documentation', () => {
  it.each(rule.examples.map((example) => [example.title, example] as const))('%s', (_title, example) => {
    expect(findings({ 'handler.js': example.code }).map((item) => item.messageId)).toEqual(example.reports);
  });
});

describe('a client that is made when it is first asked for', () => {
  const lazy = (start: string, use: string): readonly string[] => spots({
    'a.ts': `import * as admin from 'firebase-admin';\nlet db: any${start};\nfunction open() { if (!db) { db = admin.firestore(); } return db; }\nexport const handler = async (event: any) => {\n${use}\n};`,
  });
  it.each([['', 'open()'], [' = null', 'open()'], [' = undefined', 'open()'], [' = null', 'db']])('let db%s: %s', (start, of) => {
    expect(lazy(start, `${of}.doc('a').set({ id: event.id });`)).toEqual(['5 error dropped']);
    expect(lazy(start, `await ${of}.doc('a').set({ id: event.id });`)).toEqual([]);
  });
  it('may be nothing for good', () => {
    expect(spots({ 'a.ts': "const db: any = null;\nexport const handler = async (event: any) => {\ndb.doc('a').set({ id: event.id });\n};" })).toEqual([]);
  });
});

describe('a connection', () => {
  const body = (after: string): readonly string[] => spots({ 'a.ts': `import { Client } from 'pg';\nexport const handler = async (event: any) => {\nconst client = new Client(); const other = new Client();\nclient.connect();\n${after}\n};` });
  it('is waited for by the first statement that goes over it', () => {
    expect(body('await client.query("SELECT 1");')).toEqual([]);
    expect(body('await read(client);')).toEqual([]);
  });
  it('that nothing goes over is left behind', () => {
    expect(body('return 1;')).toEqual(['4 error dropped']);
    expect(body('await other.query("SELECT 1");')).toEqual(['4 error dropped']);
  });
});

describe('a connection that tells a callback when it stands', () => {
  const opened = (use: string, end = 'return client;', inside = 'if (error) console.log(error.stack);'): readonly string[] => spots({
    'a.ts': [
      "import mysql from 'mysql'; import { ask } from './b';",
      'const open = () => { const client = mysql.createConnection({ host: process.env.HOST });',
      `client.connect((error: any) => { ${inside} });`,
      `${end} };`,
      `export const handler = async (event: any) => {\n${use}\n};`,
    ].join('\n'),
    'b.ts': "export const ask = (client: any, sql: string) => new Promise((done, fail) => { client.query(sql, (error: any, rows: any) => { if (error) fail(error); else done(rows); }); });",
  });
  it('is quiet where what goes over it is waited for, also by the caller', () => {
    expect(opened("const client = open();\nconst rows = await ask(client, 'SELECT 1');\nclient.end();\nreturn rows;")).toEqual([]);
  });
  it('is left behind where nothing is waited for, or what it comes with is not given back', () => {
    expect(opened('const client = open(); return 1;')).toEqual(['3 error callback']);
    expect(opened("const client = open(); ask(client, 'SELECT 1'); return 1;")).toContain('3 error callback');
    expect(opened("open(); await ask(undefined, 'SELECT 1');", 'return 1;')).toEqual(['3 error callback']);
  });
  it('says of what the callback starts that nobody waits for it', () => {
    const inside = "client.query('SELECT 1', (failed: any, rows: any) => { console.log(rows); });";
    expect(opened("const client = open(); await ask(client, 'SELECT 2');", undefined, inside)).toEqual(['3 error callback']);
  });
});

describe('a promise that nobody waits for', () => {
  it.each<[string, string]>([
    ['an async function', 'save();'],
    ['one that returns a promise', 'note(1);'],
    ['void', 'void save();'],
    ['its failure handled', 'save().catch(() => {});'],
    ['a chain on an unknown call', 'open().then((x: any) => x.go());'],
    ['a variable that is only shown', 'const p = save(); console.log(p);'],
    ['overwritten before it is awaited', 'let p = save(); p = 1 as any; await p;'],
    ['gathered and forgotten', 'Promise.all([save(), save()]);'],
    ['a list that is counted', 'const l = event.list.map((x: any) => save(x)); console.log(l.length);'],
    ['a list in a chain that is forgotten', 'const l = []; l.push(save()); Promise.all(l).catch(console.error);'],
    ['at once and called', '(async () => { await save(); })();'],
    ['the middle of an expression', 'if (save()) { return 1; }'],
    ['bodies that are taken for values', 'const l = await Promise.all([open(), open()]); const b = l.map((r: any) => r.json()); const x = b[0]; const y = b[1]; const z = [x, y]; console.log(z);'],
    ['in the answer', 'return { statusCode: 200, body: save() };'],
    ['a method of a class', 'new (class { async go() { await save(); } })().go();'],
    ['in a conditional', 'event.x ? save() : 0;'],
    ['after &&', 'event.x && save();'],
    ['more work behind a promise that is awaited', 'const job = save(); job.then(() => save()).catch(() => {}); await job;'],
    ['a settled promise in between', 'Promise.resolve().then(() => save()); save();'],
  ])('%s', (_name, body) => {
    expect(spots(handler(body)).slice(0, 1)).toEqual(['3 error dropped']);
  });

  it.each<[string, string]>([
    ['told of a promise that is awaited', 'const job = save(); job.then(() => console.log(1)).catch(() => {}); await job;'],
    ['told of a promise that is raced', 'const job = save(); job.then(() => console.log(1)).catch(() => {}); await Promise.race([job, sleep(10)]);'],
    ['awaited', 'await save();'],
    ['returned', 'return save();'],
    ['returned in a list that is gathered', 'return Promise.all([save(), note(1)]);'],
    ['awaited later', 'const p = save(); console.log(1); await p;'],
    ['destructured from a list', 'const [a, b] = [save(), save()]; await a; await b;'],
    ['a list', 'const l = []; for (const x of event.list) l.push(save(x)); await Promise.all(l);'],
    ['awaited one by one', 'const l = event.list.map(save); for (const p of l) await p;'],
    ['for await', 'const l = event.list.map(save); for await (const p of l) console.log(p);'],
    ['a helper that awaits', 'await wait([save()]);'],
    ['a helper that hands on', 'await pass(save());'],
    ['an object whose values are awaited', 'const o = { a: save() }; await o.a;'],
    ['a conditional that is awaited', 'await (event.x ? save() : note(1));'],
    ['race', 'await Promise.race([save(), note(1)]);'],
    ['reduce', 'await event.list.reduce((p: any, x: any) => p.then(() => save(x)), Promise.resolve());'],
    ['waitUntil', 'context.waitUntil(save());'],
    ['handed to something unknown', 'open(save());'],
    ['an async function with nothing to wait for', 'quick();'],
    ['an async function that awaits what is no work', 'quicker();'],
    ['settled from the start', 'Promise.resolve(1); Promise.resolve().then(() => console.log(1));'],
    ['settles a promise around it', 'await new Promise((resolve, reject) => { save().then(resolve, reject); });'],
    ['settles it under another name', 'await new Promise((a, b) => { save().then(a, b); });'],
    ['settles it later under another name', 'await new Promise((a, b) => { setTimeout(() => { save().then(a, b); }, 10); });'],
    ['settles it in a variable', 'await new Promise<void>((resolve) => { const p = save(); p.then(() => resolve()); });'],
    ['settles it after a list', 'await new Promise<void>((resolve) => { const l: any[] = []; l.push(save()); Promise.all(l).then(() => resolve()); });'],
    ['yielded', 'const g = (function* () { yield save(); })(); await g.next().value;'],
    ['an unknown call', 'open();'],
    ['a catch of something that is no promise', 'open().catch("x");'],
    ['a request of version 2 that is never sent', 's3.putObject({});'],
    ['feeds the stream of the answer', 'const { readable, writable } = new TransformStream(); (async () => { const w = writable.getWriter(); await w.write(1); await w.close(); })(); return readable;'],
  ])('quiet: %s', (_name, body) => {
    expect(spots(handler(body, 'async function wait(l: any[]) { await Promise.all(l); } function pass(p: any) { return p; } const quick = async () => 1; const quicker = async () => { await quick(); };'))).toEqual([]);
  });

  it('one finding for promises that one forgotten call gathers', () => {
    expect(spots(handler('const l = [];\nfor (const x of event.list) l.push(save(x));\nl.push(note(1));\nPromise.all(l);'))).toEqual(['6 error dropped']);
  });
});

describe('forEach, timers, callbacks and streams', () => {
  it.each<[string, string, string]>([
    ['forEach', 'forEach', 'event.list.forEach(async (x: any) => { await save(x); });'],
    ['forEach over a named function', 'forEach', 'event.list.forEach(save);'],
    ['forEach that collects something else', 'forEach', 'const l: any[] = []; event.list.forEach((x: any) => { const p = save(x); l.push(x); return p; }); await Promise.all(l);'],
    ['forEach that collects one of two', 'forEach', 'const l: any[] = []; event.list.forEach((x: any) => { if (x.b) return note(x); const p = save(x); l.push(p); return p; }); await Promise.all(l);'],
    ['forEach whose callback returns a promise', 'forEach', 'event.list.forEach((x: any) => save(x));'],
    ['setTimeout', 'timer', 'setTimeout(() => save(), 100);'],
    ['setTimeout of a named function', 'timer', 'setTimeout(save, 100);'],
    ['setImmediate', 'timer', 'setImmediate(() => save());'],
    ['queueMicrotask', 'timer', 'queueMicrotask(() => save());'],
    ['process.nextTick', 'timer', 'process.nextTick(() => save());'],
    ['fs', 'callback', 'fs.readFile("a", (e, d) => console.log(d));'],
    ['SDK version 2', 'callback', 's3.putObject({}, (e: any) => console.log(e));'],
    ['pipe into a file', 'stream', 'fs.createReadStream("a").pipe(fs.createWriteStream("/tmp/a"));'],
  ])('%s', (_name, message, body) => {
    expect(spots(handler(body))).toEqual([`3 error ${message}`]);
  });

  it.each<[string, string]>([
    ['forEach with a synchronous callback', 'event.list.forEach((x: any) => console.log(x));'],
    ['forEach that collects and gives back', 'const l: any[] = []; event.list.forEach((x: any) => { if (!x) return; const p = save(x); l.push(p); return p; }); await Promise.all(l);'],
    ['forEach that collects', 'const l: any[] = []; event.list.forEach((x: any) => l.push(save(x))); await Promise.all(l);'],
    ['a sleep', 'await new Promise((resolve) => setTimeout(resolve, 10));'],
    ['a timer that is cleared', 'const t = setTimeout(() => save(), 10); await save(); clearTimeout(t);'],
    ['a timer that only aborts', 'const c = new AbortController(); setTimeout(() => c.abort(), 10); await fetch("x", { signal: c.signal });'],
    ['a callback that settles a promise', 'await new Promise((resolve) => fs.readFile("a", (e, d) => resolve(d)));'],
    ['a callback that calls what settles it', 'await new Promise<void>((resolve) => { const done = () => resolve(); s3.putObject({}, (e: any) => { if (e) console.log(e); done(); }); });'],
    ['a promisified function', 'const read = promisify(fs.readFile); await read("a", () => 1);'],
    ['a synchronous function', 'fs.readFileSync("a");'],
    ['a pipe that is awaited', 'await new Promise((resolve) => fs.createReadStream("a").pipe(fs.createWriteStream("/tmp/a")).on("finish", resolve));'],
  ])('quiet: %s', (_name, body) => {
    expect(spots(handler(body, "import { promisify } from 'util';"))).toEqual([]);
  });

  it('a callback in a callback is one finding', () => {
    expect(spots(handler('s3.getObject({}, () => {\ns3.putObject({}, () => console.log(1));\n});'))).toEqual(['3 error callback']);
  });
});

describe('what the platform waits for', () => {
  const callbackHandler = (body: string): Record<string, string> => handler(body, '', '(event: any, context: any, callback: any)');
  it.each<[string, Record<string, string>, Partial<ServerlessFunction>, readonly string[]]>([
    ['a callback handler', callbackHandler('save(); s3.putObject({}, callback);'), runtime('nodejs18.x'), []],
    ['that asks not to be waited for', callbackHandler('context.callbackWaitsForEmptyEventLoop = false; save(); s3.putObject({}, callback);'), runtime('nodejs18.x'), ['3 error dropped']],
    ...(['(event, context, callback) => { answer(event).then((said) => callback(null, said)); }', 'async (event) => answer(event)'] as const).map((code, index): [string, Record<string, string>, Partial<ServerlessFunction>, readonly string[]] => [
      `what a framework calls behind ${index === 0 ? 'a callback' : 'an async'} handler`,
      { 'a.js': `import { graphql } from 'graphql';\nimport { mutationWithClientMutationId } from 'graphql-relay';\nimport { DynamoDB } from '@aws-sdk/client-dynamodb';\nconst db = new DynamoDB({});\nconst type = mutationWithClientMutationId({ name: 'Put', mutateAndGetPayload: (args) => {\ndb.putItem({ TableName: 'a' }); return 1; } });\nconst answer = (event) => graphql({ schema: type, source: event.body });\nexport const handler = ${code};\n` },
      runtime('nodejs18.x'), index === 0 ? [] : ['6 error dropped'],
    ]),
    ['that asks, with its work told', callbackHandler('context.callbackWaitsForEmptyEventLoop = false; save().then(() => callback(null));'), runtime('nodejs18.x'), []],
    ['on nodejs24.x', callbackHandler('s3.putObject({}, callback);'), runtime('nodejs24.x'), ['3 error neverAnswers']],
    ['behind a wrapper on nodejs24.x, which may take callbacks', { 'a.ts': `import middy from '@middy/core';\nexport const handler = middy((event: any, context: any, callback: any) => { callback(null, 1); });\n` }, runtime('nodejs24.x'), []],
    ['as a property of what a module exports', { 'a.js': `const fs = require('fs');\nmodule.exports = { handler: (event, context, callback) => {\nfs.readFile('a', callback); } };\n` }, runtime('nodejs24.x'), ['3 error neverAnswers']],
    ['a declared function', { 'a.js': `const fs = require('fs');\nfunction handler(event, context, callback) {\nfs.readFile('a', callback); }\nexports.handler = handler;\n` }, runtime('nodejs24.x'), ['3 error neverAnswers']],
    ['with no parameter for it on nodejs24.x', handler('s3.putObject({}, () => context.succeed());', '', '(event: any, context: any)'), runtime('nodejs24.x'), ['3 error callback']],
    ['an async handler calls back', handler('s3.putObject({}, callback);', '', 'async (event: any, context: any, callback: any)'), runtime('nodejs18.x'), ['3 error callback']],
    ['cfn-response in an async handler', handler('cfn.send(event, context, "SUCCESS");', 'import cfn from "cfn-response";'), runtime('nodejs18.x'), ['3 error callback']],
    ['cfn-response of a template, waited for', handler('await cfn.send(event, context, "SUCCESS");', 'import cfn from "cfn-response";'), inline, []],
    ['cfn-response of a template, not waited for', handler('cfn.send(event, context, "SUCCESS");', 'import cfn from "cfn-response";'), inline, ['3 error callback']],
    ['cfn-response of a package, waited for', handler('await cfn.send(event, context, "SUCCESS");', 'import cfn from "cfn-response";'), runtime('nodejs18.x'), ['3 error callback']],
    ['an answer without a body', { 'a.ts': `import express from 'express';\nimport serverless from 'serverless-http';\nconst app = express();\napp.get('/a', async (req, res) => {\nawait req.work();\nres.json(); });\nexport const handler = serverless(app);\n` }, runtime('nodejs18.x'), []],
    ['the body of an answer', handler('const answer = await fetch("https://a.example");\nanswer.json();'), runtime('nodejs18.x'), ['4 error dropped']],
    ['cfn-response in a callback handler', handler('cfn.send(event, context, "SUCCESS");', 'import cfn from "cfn-response";', '(event: any, context: any)'), runtime('nodejs18.x'), []],
    ['Vercel, promises in what is returned', handler('return { later: save() };'), { platform: 'vercel' }, []],
    ['a handler that returns a promise', handler('save(); return note(1);', '', '(event: any)'), runtime('nodejs18.x'), ['3 error dropped']],
    ['the old way out settles a promise', handler('return new Promise((resolve) => { context.done = (e: any, r: any) => resolve(r); go(event, context); });', 'async function go(e: any, context: any) { await save(); context.done(null, 1); }'), runtime('nodejs18.x'), []],
    ['OpenWhisk pauses later', handler('save();'), { platform: 'openwhisk' }, ['3 warning dropped']],
    ['Azure goes on', handler('save();'), { platform: 'azure' }, ['3 warning dropped']],
    ['Azure goes on, and somebody notices a failure', handler('save().catch(console.error);'), { platform: 'azure' }, []],
    ['Azure goes on, the last step has no catch', handler('save().then(() => save());'), { platform: 'azure' }, ['3 warning dropped']],
    ['Azure v3 goes on until code that runs later says that it is done', handler('s3.getObject({}, () => { save().then(() => finish(context)); });', 'function finish(context: any) { context.done(); }', '(context: any, event: any)'), { platform: 'azure' }, []],
    ['Azure v3, done before', handler('s3.getObject({}, () => { save(); }); context.done();', '', '(context: any, event: any)'), { platform: 'azure' }, ['3 warning callback', '3 warning dropped']],
    ['Azure v3, an async handler is done when it returns', handler('save().then(() => context.done());', '', 'async (context: any, event: any)'), { platform: 'azure' }, ['3 warning dropped']],
    ['Azure v3, a promise is waited for', handler('s3.getObject({}, () => { save(); }); return note(1).then(() => context.done());', '', '(context: any, event: any)'), { platform: 'azure' }, ['3 warning callback', '3 warning dropped']],
    ['OpenWhisk pauses, caught or not', handler('save().catch(console.error);'), { platform: 'openwhisk' }, ['3 warning dropped']],
    ['Lambda freezes, caught or not', handler('save().catch(console.error);'), {}, ['3 error dropped']],
    ['a Durable Object goes on', handler('save().then(() => 1, console.error);'), { platform: 'cloudflare', generation: 'durableObject' }, []],
    ['Vercel, over a connection, caught', { 'a.ts': `import { experimental_upgradeWebSocket } from '@vercel/functions';\n${head}\nexport const handler = () => experimental_upgradeWebSocket((ws: any) => {\n  ws.on('message', (text: any) => { save(text).catch(console.error); });\n});` }, { platform: 'vercel' }, []],
    ['Vercel, with no connection, caught', handler('save().catch(console.error);'), { platform: 'vercel' }, ['3 error dropped']],
    ['Vercel, over a connection', { 'a.ts': `import { experimental_upgradeWebSocket } from '@vercel/functions';\n${head}\nexport const handler = () => experimental_upgradeWebSocket((ws: any) => {\n  ws.on('message', (text: any) => { save(text); });\n});` }, { platform: 'vercel' }, ['4 warning dropped']],
    ['Vercel, over nothing of that name', { 'a.ts': `import { experimental_upgradeWebSocket } from 'functions';\n${head}\nexport const handler = () => experimental_upgradeWebSocket((ws: any) => {\n  ws.on('message', (text: any) => { save(text); });\n});` }, { platform: 'vercel' }, ['4 error dropped']],
    ['Vercel, with the response sent when it is done', handler('save().then(() => res.json({}));', '', '(req: any, res: any)'), { platform: 'vercel' }, []],
    ['Vercel, with the response sent before', handler('save(); res.json({});', '', '(req: any, res: any)'), { platform: 'vercel' }, ['3 error dropped']],
    ['a response handed on in an object', { 'a.ts': `${head}\nimport { run } from './b';\nexport const handler = (req: any, res: any) => run({ req, res });`, 'b.ts': answering }, { platform: 'vercel' }, []],
    ['a response handed on in an object with a name', { 'a.ts': `${head}\nimport { run } from './b';\nexport const handler = (request: any, out: any) => { const talk = { request, res: out }; return run(talk); };`, 'b.ts': answering }, { platform: 'vercel' }, []],
    ['an object without the response', { 'a.ts': `${head}\nimport { run } from './b';\nexport const handler = (req: any, res: any) => { const talk = { req, log: console }; run(talk); res.json({}); };`, 'b.ts': answering }, { platform: 'vercel' }, ['4 error dropped']],
    ['Google, an event', handler('save();'), { platform: 'google' }, ['3 error dropped']],
    ['Cloudflare, a binding', handler('env.STORE.put("a", "b");', '', 'async (request: any, env: any, ctx: any)'), { platform: 'cloudflare' }, ['3 error dropped']],
    ['a Durable Object lives on', handler('save();'), { platform: 'cloudflare', generation: 'durableObject' }, ['3 info dropped']],
    ['Azure v4 by its generation', handler('save();', '', '(request: any, context: any)'), { platform: 'azure', generation: 'v4' }, ['3 warning dropped']],
    ['a helper that gives it to the platform where it can, and back elsewhere', handler('later(ctx, save());', 'import { getRuntimeKey } from "hono/adapter";\nfunction later(ctx: any, p: Promise<unknown>) {\nif (ctx.wait) return p;\nif (getRuntimeKey() === "workerd") { ctx.waitUntil(p); return Promise.resolve(null); }\nreturn p;\n}', 'async (request: any, env: any, ctx: any)'), { platform: 'cloudflare' }, []],
    ['a helper that gives it back', handler('later(ctx, save());', 'function later(ctx: any, p: Promise<unknown>) {\nif (ctx.wait) return p;\nreturn p.catch(console.error);\n}', 'async (request: any, env: any, ctx: any)'), { platform: 'cloudflare' }, ['6 error dropped']],
    ['a helper that gives something else to the platform', handler('later(ctx, save());', 'function later(ctx: any, p: Promise<unknown>) {\nctx.waitUntil(fetch("https://a"));\nreturn p;\n}', 'async (request: any, env: any, ctx: any)'), { platform: 'cloudflare' }, ['6 error dropped']],
    ['Cloudflare, ctx.waitUntil', handler('ctx.waitUntil(env.STORE.put("a", "b"));', '', 'async (request: any, env: any, ctx: any)'), { platform: 'cloudflare' }, []],
  ])('%s', (_name, files, extra, expected) => {
    expect(spots(files, extra)).toEqual(expected);
  });

  it('a route of an application behind an adapter waits for its response', () => {
    const code = `import express from 'express'; import serverless from 'serverless-http';\nconst app = express();\nasync function save() { await fetch('https://a'); }\napp.get('/a', (req, res) => { save().then(() => res.json({})); });\napp.get('/b', (req, res) => { save(); res.json({}); });\nexport const handler = serverless(app);\n`;
    expect(spots({ 'a.ts': code })).toEqual(['5 error dropped']);
  });
});

describe('the editor', () => {
  const alone = (code: string): readonly string[] => {
    const { project: linked } = project({ 'a.ts': code }, [deployed('F', 'a.ts')], [], { whole: false });
    return check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]).findings.map((item) => item.messageId);
  };
  it.each<[string, string, readonly string[]]>([
    ['an imported helper may do its work at once', `import { go } from './go';\nexport const handler = async (event) => { event.list.forEach(async (x) => { await go(x); }); };\n`, []],
    ['an imported helper may wait', `import { go } from './go';\nexport const handler = async () => { go(fetch('https://a')); };\n`, []],
    ['a package is known', `export const handler = async () => { fetch('https://a'); };\n`, ['dropped']],
  ])('%s', (_name, code, expected) => {
    expect(alone(code)).toEqual(expected);
  });
});

describe('a file whose removal nobody waits for', () => {
  it.each<[string, string, readonly string[]]>([
    ['with a callback', `fs.unlink('/tmp/a', () => {});`, []],
    ['with a callback that shows the failure', `fs.unlink('/tmp/a', (error) => { if (error) console.error(error); });`, []],
    ['with a promise', `fs.promises.unlink('/tmp/a').catch(() => {});`, []],
    ['with more to do afterwards', `fs.unlink('/tmp/a', () => { s3.putObject({ Bucket: 'b', Key: 'k' }, () => {}); });`, ['3 error callback']],
    ['beside the code', `fs.promises.unlink('./a');`, ['3 error dropped']],
    ['another work on it', `fs.promises.copyFile('/tmp/a', '/tmp/b');`, ['3 error dropped']],
  ])('%s', (_name, body, expected) => {
    expect(spots(handler(body))).toEqual(expected);
  });
});

describe('an async handler that answers by its callback', () => {
  const signature = 'async (event: any, context: any, callback: any)';
  const old = runtime('nodejs18.x');
  it.each<[string, string, readonly string[]]>([
    ['on its only way', 'save(event);\ncallback(null, 1);', []],
    ['on every way', 'save(event);\nif (event.a) { callback(null, 1); return; }\ncallback(null, 2);', []],
    ['returned', 'save(event);\nreturn callback(null, 1);', []],
    ['in a try and its catch', 'try { save(event); callback(null, 1); } catch (error) { callback(error); }', []],
    ['one way answers by a promise', 'save(event);\nif (event.a) return 1;\ncallback(null, 2);', ['3 error dropped']],
    ['one way leaves without an answer', 'save(event);\nif (event.a) return;\ncallback(null, 2);', ['3 error dropped']],
    ['never', 'save(event);\nreturn 1;', ['3 error dropped']],
    ['and does not wait', 'context.callbackWaitsForEmptyEventLoop = false;\nsave(event);\ncallback(null, 2);', ['4 error dropped']],
  ])('%s', (_name, body, expected) => {
    expect(spots(handler(body, '', signature), old)).toEqual(expected);
  });
  it('has none on nodejs24.x', () => {
    expect(spots(handler('save(event);\ncallback(null, 1);', '', signature), runtime('nodejs24.x'))).toEqual(['3 error dropped']);
  });
  const skill = (made: string): Record<string, string> => ({ 'a.ts': `import * as Alexa from 'ask-sdk-core'; import { GraphQLServerLambda } from 'graphql-yoga'; import { Client } from 'pg';\nconst user = async () => { const db = new Client(); await db.query('select 1');\ndb.end();\nreturn 1; };\n${made}` });
  it.each<[string, string, readonly string[]]>([
    ['of a library', 'const lambda = new GraphQLServerLambda({ resolvers: { Query: { user } } });\nexports.handler = lambda.graphqlHandler;', []],
    ['its own', 'export const handler = async () => user();', ['3 error dropped']],
  ])('%s', (_name, made, expected) => {
    expect(spots(skill(made), old)).toEqual(expected);
  });
});

describe('what the wrapper of Sentry sends', () => {
  const told = (made: string, more = ''): Record<string, string> => ({ 'a.ts': `import * as Sentry from '@sentry/aws-serverless';\nconst tell = async (error: any) => { Sentry.captureException(error); await Sentry.flush(2500);${more} };\nconst run = async (event: any) => { try { JSON.parse(event.body); } catch (error) {\ntell(error); } return 1; };\n${made}` });
  it.each<[string, string, string, readonly string[]]>([
    ['under the wrapper', 'export const handler = Sentry.wrapHandler(run);', '', []],
    ['under the wrapper, with other work', 'export const handler = Sentry.wrapHandler(run);', " await fetch('https://a');", ['4 error dropped']],
    ['alone', 'export const handler = run;', '', ['4 error dropped']],
  ])('%s', (_name, made, more, expected) => {
    expect(spots(told(made, more))).toEqual(expected);
  });
});

describe('a callback beside a promise', () => {
  it.each<[string, string, readonly string[]]>([
    ['the promise is awaited', 'await s3.putObject({ Bucket: "b", Key: "k" }, (error: any) => console.log(error)).promise();', []],
    ['the promise is dropped', 's3.putObject({ Bucket: "b", Key: "k" }, (error: any) => console.log(error)).promise();', ['3 error dropped']],
    ['there is none', 'await s3.putObject({ Bucket: "b", Key: "k" }, (error: any) => console.log(error));', ['3 error callback']],
  ])('%s', (_name, body, expected) => {
    expect(spots(handler(body))).toEqual(expected);
  });
});

describe('what catches its own failures, where the process goes on', () => {
  const azure: Partial<ServerlessFunction> = { platform: 'azure', generation: 'v4' };
  it.each<[string, string, readonly string[]]>([
    ['all of it', 'void (async () => { try { await save(event); } catch (error) { console.log(error); } })();', []],
    ['not all of it', 'void (async () => { try { await save(event); } catch (error) { console.log(error); }\nawait save(); })();', ['3 warning dropped']],
    ['and fails again', 'void (async () => { try { await save(event); } catch (error) { throw error; } })();', ['3 warning dropped']],
  ])('%s', (_name, body, expected) => {
    expect(spots(handler(body), azure)).toEqual(expected);
  });
});

describe('on a developer\'s machine', () => {
  const client = "class Client { local = process.env.IS_OFFLINE || process.env.IS_LOCAL ? true : false; run() { if (this.local) { save(); return 1; } return save(); } } const client = new Client();";
  it.each([
    ['a field that says so', '  await client.run();', client],
    ['a variable that says so', '  if (process.env.IS_OFFLINE) save();', ''],
    ['the other way round', '  if (!process.env.IS_OFFLINE) return await save();\n  save();', ''],
  ])('is quiet behind %s', (_, body, more) => expect(spots(handler(body, more))).toEqual([]));

  it.each([
    ['the deployed side of it', '  if (process.env.IS_OFFLINE) return;\n  save();', ['4 error dropped']],
    ['a switch that production may set', '  if (process.env.METRICS) save();', ['3 error dropped']],
    ['a debug switch', '  if (process.env.DEBUG) save();', ['3 error dropped']],
    ['a language', '  if (event.locale) save();', ['3 error dropped']],
  ])('is loud behind %s', (_, body, expected) => expect(spots(handler(body))).toEqual(expected));
});
