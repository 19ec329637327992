import { describe, expect, test } from 'vitest';
import rule from '../../rules/no-event-dump.ts';
import { isCredentialName } from '../../src/catalog/loggers.ts';
import type { ServerlessFunction, TriggerKind } from '../../src/model/function.ts';
import { literal } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

/** Message ids that the rule reports of one handler, with their severities. */
function reports(code: string, extra: Partial<ServerlessFunction> = {}): readonly string[] {
  const { fn } = project({ 'handler.ts': code }, [deployed('Function', 'handler.ts', extra)]);
  return [...rule.check({ view: fn, options: {} })].map((report) => `${report.message} ${report.severity ?? rule.messages[report.message as keyof typeof rule.messages].severity}`);
}

const inHandler = (body: string, before = ''): string => `${before}export const handler = async (event, context) => {\n  ${body}\n};\n`;
const http = { triggers: [{ kind: 'http', source: 'Api', filters: [] }] } satisfies Partial<ServerlessFunction>;

describe('no-event-dump', () => {
  /** Lines and messages of what one handler gives back. */
  const lines = (code: string, extra: Partial<ServerlessFunction> = http): readonly string[] => {
    const { fn } = project({ 'handler.ts': code }, [deployed('Function', 'handler.ts', extra)]);
    return [...rule.check({ view: fn, options: {} })].map((report) => `${report.message} ${'start' in report.at ? code.slice(0, report.at.start).split('\n').length : report.at.line}`);
  };

  test('what a wrapper hands on is reported where it is written, once', () => {
    const wrap = 'const wrap = (inner) => async (event, context) => {\n  let answer;\n  try {\n    answer = await inner(event, context);\n    if (!process.env.TRACE) return answer;\n  } catch (error) { throw error; }\n  return answer;\n};\n';
    const handler = (body: string): string => `${wrap}export const handler = wrap(async (event) => {\n  return { statusCode: 200, body: ${body} };\n});\n`;
    expect(lines(handler('JSON.stringify(event)'))).toEqual(['returned 10']);
    expect(lines(handler("'done'"))).toEqual([]);
  });

  test('a header that is asked for by name, and a logger that is a function', () => {
    expect(reports(inHandler("console.log(event.headers.get('authorization'));"), http)).toEqual(['credential error']);
    expect(reports(inHandler("const sent = event.headers.get('Authorization'); console.log(`refused ${sent}`);"), http)).toEqual(['credential error']);
    expect(reports(inHandler("console.log(event.headers.get('accept-language'), event.settings.get('authorization'));"), http)).toEqual([]);
    const head = (from: string) => `import { logger } from '${from}';\n`;
    const call = "const sent = event.headers.get('authorization'); logger('error', ['orders', 'refused', sent]);";
    expect(reports(inHandler(call, head('@acme/logger')), http)).toEqual(['credential error']);
    expect(reports(inHandler(call.replace("'error'", "'debug'"), head('@acme/logger')), http)).toEqual(['credential warning']);
    expect(reports(inHandler(call.replace("'error'", "'orders'"), head('@acme/logger')), http)).toEqual([]);
    expect(reports(inHandler(call, head('@acme/blogger-client')), http)).toEqual([]);
    // Of a value that is only tested nothing is said.
    expect(reports(inHandler('const who = (event.token && event.token.upn) || "nobody"; console.log(who);'), http)).toEqual([]);
    expect(reports(inHandler('const who = event.token || event.other.upn; console.log(who);'), http)).toEqual(['credential error']);
  });

  test('a later step of a pipeline gets what the step before it gave', () => {
    const code = (step: string): string => `import * as H from '@pagopa/handler-kit';\nimport { chainW, map } from 'fp-ts/ReaderTaskEither';\nimport { flow } from 'fp-ts/function';\nconst read = (request) => load(request.path.id);\nexport const handler = H.of(flow(\n${step}\n  map(H.successJson),\n));\n`;
    expect(lines(code('  read,\n  map((items) => ({ items })),'))).toEqual([]);
    expect(lines(code('  read,\n  chainW((item) => { console.log(item); return item; }),'))).toEqual([]);
    expect(lines(code('  (request) => { console.log(request); return request; },'))).toEqual(['whole 6']);
  });

  test('what KMS gives in the clear is a credential, what it says of the key is none', () => {
    const head = "import { DecryptCommand, GenerateDataKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';\nconst client = new KMSClient({});\n";
    const ask = 'const answer = await client.send(new DecryptCommand({ CiphertextBlob: Buffer.from(process.env.CIPHER, "base64") }));';
    expect(reports(inHandler(`${ask} console.log(answer);`, head))).toEqual(['credential error']);
    expect(reports(inHandler(`${ask} const plain = Buffer.from(answer.Plaintext).toString(); console.log(plain);`, head))).toEqual(['credential error']);
    expect(reports(inHandler(`${ask} console.log(answer.KeyId);`, head))).toEqual([]);
    expect(reports(inHandler('const answer = await client.send(new GenerateDataKeyCommand({ KeyId: "k" })); console.log(answer);', head))).toEqual(['credential error']);
    expect(reports(inHandler('const answer = await client.send(new EncryptCommand({ KeyId: "k", Plaintext: event.data })); console.log(answer);', head))).toEqual([]);
    const second = "import AWS from 'aws-sdk';\nconst kms = new AWS.KMS();\n";
    expect(reports(inHandler('const answer = await kms.decrypt({ CiphertextBlob: process.env.CIPHER }).promise(); console.log(answer.Plaintext.toString());', second))).toEqual(['credential error']);
    // Where a queue is, kept in a setting that is encrypted; the address of a database has its password in it.
    const named = (name: string): string => ask.replace('CIPHER', name);
    expect(reports(inHandler(`${named('QUEUE_URL')} console.log(answer.Plaintext);`, head))).toEqual([]);
    expect(reports(inHandler(`${named('DATABASE_URL')} console.log(answer.Plaintext);`, head))).toEqual(['credential error']);
    expect(reports(inHandler(`${named('SLACK_HOOK_URL')} console.log(answer.Plaintext);`, head))).toEqual(['credential error']);
    expect(reports(inHandler(`${ask} const queueUrl = Buffer.from(answer.Plaintext).toString(); console.log(\`sent to \${queueUrl}\`);`, head))).toEqual([]);
    expect(reports(inHandler(`${ask} const plain = Buffer.from(answer.Plaintext).toString(); console.log(\`sent \${plain}\`);`, head))).toEqual(['credential error']);
    // What the caller brought back is no key of the function.
    expect(reports(inHandler('const answer = await client.send(new DecryptCommand({ CiphertextBlob: Buffer.from(event.session, "base64") })); console.log(answer.Plaintext);', head))).toEqual([]);
  });

  test('a function that emits or writes something is reported in itself, one that writes lines where it is called', () => {
    const helper = (name: string): string => `const ${name} = async (event) => {\n  console.log(JSON.stringify(event));\n  await fetch('https://a.example', { method: 'POST' });\n};\nexport const handler = async (event) => {\n  await ${name}(event);\n};\n`;
    expect(lines(helper('emitTerms'))).toEqual(['whole 2']);
    expect(lines(helper('writeRecords'))).toEqual(['whole 2']);
    expect(lines(helper('writeLog'))).toEqual(['whole 6']);
  });

  test('what was deleted before is not written', () => {
    const asked = 'const asked = { client_id: "shop", client_secret: process.env.SECRET }; const data = { ...asked };';
    const shared = "const logError = (name, message) => { console.error(JSON.stringify({ name, message })); };\n";
    expect(reports(inHandler(`${asked} delete data.client_secret; console.log(data);`))).toEqual([]);
    expect(reports(inHandler(`${asked} delete data.client_secret; await fetch("https://a.example").catch(() => { logError("refused", data); });`, shared))).toEqual([]);
    expect(reports(inHandler(`${asked} console.log(data); delete data.client_secret;`))).toEqual(['credential error']);
    expect(reports(inHandler(`${asked} delete data.client_id; console.log(data);`))).toEqual(['credential error']);
    expect(reports(inHandler(`${asked} delete data.client_secret; console.log(asked);`))).toEqual(['credential error']);
  });
  test('headers without what is a credential are masked', () => {
    const log = (before: string): readonly string[] => reports(inHandler(`const headers = { ...event.headers }; ${before} console.log(\`headers \${JSON.stringify(headers)}\`);`), http);
    expect(log('')).toEqual(['whole warning']);
    expect(log("delete headers['authorization'];")).toEqual(['whole info']);
    expect(log('delete headers.host;')).toEqual(['whole warning']);
    expect(log('const other = { ...headers }; delete other.authorization;')).toEqual(['whole warning']);
  });

  test('what a secret is called is none', () => {
    const head = "import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';\nconst client = new SecretsManagerClient({});\n";
    const ask = (id: string): string => `for (const entry of JSON.parse(process.env.KEYS)) { try { await client.send(new GetSecretValueCommand({ SecretId: ${id} })); } catch (error) { console.error(\`no \${entry.secret}\`, error); } }`;
    expect(reports(inHandler(ask('entry.secret'), head))).toEqual([]);
    expect(reports(inHandler(ask('entry.name'), head))).toEqual(['credential error']);
  });

  test('whether there is a credential is none', () => {
    expect(reports(inHandler('const data = { use_webhook_secret_token: event.ResourceProperties.UseSecret }; console.log(`data: ${JSON.stringify(data)}`);'))).not.toContain('credential error');
    expect(reports(inHandler('const data = { user_secret_token: event.ResourceProperties.Secret }; console.log(`data: ${JSON.stringify(data)}`);'))).toEqual(['credential error']);
  });

  test('a part of a name is no credential', () => {
    expect(reports(inHandler('const nameToken = event.headers["x-part"].split("-").pop(); const bucketNameToken = nameToken; console.log({ bucketNameToken });'))).toEqual([]);
    expect(reports(inHandler('const refreshToken = event.headers["x-part"].split("-").pop(); console.log({ refreshToken });'))).toEqual(['credential error']);
  });

  test('what a token says of its holder is no token', () => {
    const head = "import jwt from 'jsonwebtoken';\nimport { jwtVerify } from 'jose';\n";
    expect(reports(inHandler('const claims = jwt.decode(event.headers.authorization); console.log(claims);', head))).toEqual([]);
    expect(reports(inHandler('const claims = jwt.verify(event.headers.authorization, process.env.KEY); console.log(claims);', head))).toEqual([]);
    expect(reports(inHandler('const { payload } = await jwtVerify(event.headers.authorization, process.env.KEY); console.log(payload);', head))).toEqual([]);
    expect(reports(inHandler('const bearer = event.headers.authorization.replace("Bearer ", ""); jwt.decode(bearer); console.log(bearer);', head))).toEqual(['credential error']);
    expect(reports(inHandler('console.log(decodeURIComponent(event.headers.authorization));', head))).toEqual(['credential error']);
  });

  test('parts that are taken by their names', () => {
    const head = "import _ from 'lodash';\nimport pick from 'lodash/pick';\nimport omit from 'lodash/omit';\nconst given = (event) => JSON.parse(event.body);\n";
    expect(reports(inHandler("console.log(_.pick(given(event), ['name', 'city']));", head))).toEqual([]);
    expect(reports(inHandler("console.log(_.pick(given(event), ['name', 'password']));", head))).toEqual(['credential error']);
    expect(reports(inHandler("console.log(pick(given(event), 'password'));", head))).toEqual(['credential error']);
    expect(reports(inHandler("console.log(omit(given(event), ['name']));", head))).toEqual(['body info']);
    expect(reports(inHandler("console.log(_.omit(event, ['headers']));", head))).toEqual(['whole info']);
    expect(reports(inHandler("console.log(_.pick({ password: 'none' }, ['password']));", head))).toEqual([]);
  });

  test('the stack in the answer of a helper, sent by the Response of a package', () => {
    const code = (entry: string): string => `import { Response } from '@adobe/fetch';\nimport { work } from './work.js';\nconst failed = (e) => {\n  return { statusCode: 500, body: { status: 'error', ${entry} } };\n};\nconst run = async (input) => {\n  try { return await work(input); } catch (error) { return failed(error); }\n};\nexport const handler = async (request) => {\n  const result = await run(await request.json());\n  return new Response(result.body, { status: result.statusCode });\n};\n`;
    expect(lines(code("stack: e.stack.split('\\n')"))).toEqual(['returned 4']);
    expect(lines(code('message: e.message'))).toEqual([]);
  });

  test.each<readonly [string, readonly string[]]>([
    ['const error = `failed: ${JSON.stringify(event)}`; console.error(error);', ['whole warning']],
    ['const reason = event.kind ? `known: ${event.kind}` : `failed: ${JSON.stringify(event)}`; console.error(reason);', ['whole warning']],
    ['const error = `failed: ${event.id}`; console.error(error);', []],
    // What is thrown or handed over as an error is no text of the event.
    ['try { await work(event); } catch (error) { console.error(error); }', []],
    ['const error = await find(event); console.error(error);', []],
  ])('a text that is put together under the name of an error: %s', (body, expected) => {
    expect(reports(inHandler(body), http)).toEqual(expected);
  });

  test.each<readonly [string, readonly string[]]>([
    ['const { log } = kit; log.info(event);', ['whole warning']], ['const { log: l } = kit; l.info(event);', ['whole warning']], ['const { store: l } = kit; l.info(event);', []],
  ])('a logger is known by the property that it was taken from: %s', (body, expected) => {
    expect(reports(`export const handler = async (event, kit) => { ${body} };\n`, http)).toEqual(expected);
  });

  test.each<readonly [string, readonly string[]]>([
    ['console.info("received", params.payload);', ['body warning']], ['console.info(params.__ow_body);', ['body warning']], ['console.info(params.__ow_headers);', ['whole warning']],
    ['console.info(params.payload.id);', []], ['console.info(params.name);', []],
  ])('parameters of a web action: %s', (body, expected) => {
    expect(reports(`export const main = async (params) => { ${body} };\n`, { ...http, platform: 'openwhisk', handlers: [{ file: 'handler.ts', export: 'main', kind: 'http' }] })).toEqual(expected);
    const sample = { triggers: [{ kind: 'invoke', source: 'hello', filters: [] }], platform: 'openwhisk' } as const;
    if (body.includes('params.payload)')) expect(reports(`export const main = async (params) => { ${body} };\n`, { ...sample, handlers: [{ file: 'handler.ts', export: 'main', kind: 'action' }] })).toEqual([]);
    if (expected.length > 0 && body.includes('payload')) expect(reports(`export const handler = async (params) => { ${body} };\n`, http)).toEqual([]);
  });

  test.each<readonly [string, readonly string[]]>([
    ['return fail(`bad input: ${JSON.stringify(event)}`);', ['whole warning']],
    ['return fail(`bad input of ${event.id}`);', []],
    ['try { await work(event); } catch (error) { return fail(error); }', []],
  ])('a text that a helper is given as the reason: %s', (body, expected) => {
    expect(reports(`const fail = (reason) => { console.error(reason); return { statusCode: 400 }; };\n${inHandler(body)}`, http)).toEqual(expected);
  });

  test.each<readonly [string, readonly string[]]>([
    ['let token = event.continuationToken; for (const page of pages) { console.info(`at ${token}`); token = (await load(token)).continuationToken; }', []],
    ['let token = event.continuationToken; if (!token) token = event.accessToken; console.info(`at ${token}`);', ['credential error']],
    ['const token = (await signIn(event.id)).accessToken; console.info(`at ${token}`);', ['credential error']],
  ])('a token that is a position in a list: %s', (body, expected) => {
    expect(reports(inHandler(body), http)).toEqual(expected);
  });

  test('what a shared wrapper logs is reported where its caller says what to log', () => {
    const hooks = [
      "import { inspect } from 'node:util';",
      'const emitLog = (text) => console.log(text);',
      'export const wrapFn = (fn, chosen) => async (...args) => {',
      '  const shown = chosen(args);',
      '  emitLog(inspect(shown));',
      '  return fn(...args);',
      '};',
      'export const quietly = (fn, chosen) => async (...args) => {',
      '  emitLog("called");',
      '  return fn(...args, chosen(args));',
      '};',
      '',
    ].join('\n');
    const places = (wrapped: string): readonly string[] => {
      const handler = `import { wrapFn, quietly } from './logger/around.js';\nconst work = async (event) => event.id;\nexport const handler = ${wrapped};\n`;
      const { fn } = project({ 'handler.js': handler, 'logger/around.js': hooks }, [deployed('Function', 'handler.js', http)]);
      return [...rule.check({ view: fn, options: {} })].map(({ at, message }) => `${message} ${at.file}:${'start' in at ? handler.slice(at.start, at.end) : at.line}`);
    };
    expect(places('wrapFn(work, ([event]) => ({ id: event.id, entry: [event] }))')).toEqual(['whole handler.js:[event]']);
    expect(places('wrapFn(work, ([event]) => ({ id: event.id }))')).toEqual([]);
    // What nobody writes, and what the wrapped function gives back.
    expect(places('quietly(work, ([event]) => ({ entry: [event] }))')).toEqual([]);
    expect(places('wrapFn(async (event) => event, () => ({}))')).toEqual([]);
  });

  test.each<readonly [string, readonly string[]]>([
    ['const { request } = event.Records[0].cf; console.log(request);', ['whole warning']], ['console.log(JSON.stringify(event.Records[0].cf.request));', ['whole warning']],
    ['console.log(event.Records[0].cf.request.headers);', ['whole warning']], ['console.log(event.Records[0].cf.request.body);', ['body warning']],
    ['console.log(event.Records[0].cf.request.uri);', []], ['console.log(event.Records[0].cf.config);', []],
  ])('a request at the edge: %s', (body, expected) => expect(reports(inHandler(body))).toEqual(expected));

  test('a body made into an object of a class', () => {
    const code = (logged: string): string => `import { plainToClass } from 'class-transformer';\nclass Order {}\nexport const handler = async (event) => {\n  const order = plainToClass(Order, JSON.parse(event.body));\n  console.log(${logged});\n};\n`;
    expect(reports(code('JSON.stringify(order)'))).toEqual(['body warning']);
    expect(reports(code('order.id'))).toEqual([]);
  });

  test.each<readonly [string, string, readonly string[]]>([
    ["import notes from './utils/log.js';\n", 'notes.error(event);', ['whole warning']],
    ["const notes = require('./my-logger');\n", 'notes.debug(event);', ['whole info']],
    ["import { logger as notes } from './kit.js';\n", 'notes.info(event);', ['whole warning']],
    ["import notes from './catalog.js';\n", 'notes.error(event);', []],
    ["import notes from 'log';\n", 'notes.error(event);', []],
    ["import notes from '@acme/logger';\n", 'notes.info(event);', ['whole warning']],
    ["const notes = require('shop/logging');\n", 'notes.log(event);', ['whole warning']],
    ["import notes from '@acme/catalog';\n", 'notes.info(event);', []],
    ["import { report as notes } from './log.js';\n", 'notes.error(event);', []],
    ["import notes from './log.js';\n", 'notes.find(event);', []],
  ])('a logger of the repository by where it comes from: %j %s', (before, body, expected) => expect(reports(inHandler(body, before))).toEqual(expected));

  test.each([
    ['console.log(event);', ['whole warning']],
    ['console.log({ ...event, at: 1 });', ['whole warning']],
    ['const text = JSON.stringify(event); console.log(text);', ['whole warning']],
    ['const { Records: list } = event; console.log(list);', ['whole warning']],
    ['for (const record of event.Records) console.log(record);', ['record info']],
    ['console.log(event.Records.map((record) => record.body));', ['record info']],
    ['console.log(event.Records.map((record) => record.messageId));', []],
    ['console.log(JSON.parse(event.body));', ['body warning']],
    ['console.log(JSON.parse(event.body).id);', []],
    ['console.log(event.detail);', ['body warning']],
    ['console.log(event.headers.authorization);', ['credential error']],
    ['const messages = event.items.map((item) => ({ token: item.to })); console.log(`no device ${messages[0].token}`);', []],
    ['const session = { token: process.env.TOKEN }; console.log(`signed in with ${session.token}`);', ['credential error']],
    ['const found = await list(event.shop); console.log("page", { items: found.items, token: found.cursor ?? undefined });', []],
    ['const found = await list(event.shop); console.log("page", { token: found.LastEvaluatedKey ? Buffer.from(JSON.stringify({ lastKey: found.LastEvaluatedKey })).toString("base64") : null });', []],
    ['const found = await signIn(event.shop); console.log("signed in", { token: found.session });', ['credential error']],
    ['console.debug(event.headers.authorization);', ['credential warning']],
    ['console.log(process.env);', ['environment error']],
    ['console.log(process.env.TABLE);', []],
    ['console.log(JSON.stringify(event, (key, value) => (key === "body" ? undefined : value)));', ['whole info']],
    ['if (process.env.DEBUG) console.log(event);', ['whole info']],
    ['if (event.id) console.log(event);', ['whole warning']],
    ['console.log(context);', ['context warning'.replace('context', 'whole')]],
    ['logger.info("called", { context });', []],
    ['logger.info("called", { event });', ['whole warning']],
    ['logger.child({ event });', []],
    ['catalog.info("called", { event });', []],
  ])('%s', (body, expected) => {
    expect(reports(inHandler(body))).toEqual(expected);
  });

  test('a switch that the declaration turns on is no switch, one that it turns off writes nothing', () => {
    const code = inHandler("if (process.env.DEBUG === 'yes') console.log(event);");
    expect(reports(code, { environment: new Map([['DEBUG', literal('yes')]]) })).toEqual(['whole warning']);
    expect(reports(code, { environment: new Map([['DEBUG', literal('no')]]) })).toEqual([]);
  });

  test('parameters whose secrets are covered one by one are masked', () => {
    const main = (parts: string): readonly string[] => reports(`const show = (params) => JSON.stringify({ ...params, ${parts} });\nexport const main = async (params) => { console.info(show(params)); };\n`, { ...http, platform: 'openwhisk', handlers: [{ file: 'handler.ts', export: 'main', kind: 'http' }] });
    expect(main("...(params.API_KEY && { API_KEY: '<hidden>' })")).toEqual(['whole info']);
    expect(main("API_KEY: '<hidden>'")).toEqual(['whole info']);
    expect(main("...(params.NAME && { NAME: '<hidden>' })")).toEqual(['whole warning']);
    expect(main('...(params.API_KEY && { API_KEY: params.API_KEY })')).toEqual(['credential error']);
  });

  test('a parameter of Firebase is a credential by its name', () => {
    const before = "import { defineSecret, defineString } from 'firebase-functions/params';\nconst mail = defineSecret('MAIL_API_KEY');\nconst list = defineString('MAIL_LIST_ID');";
    expect(reports(inHandler('console.log(mail.value(), list.value());', before))).toEqual(['credential error']);
    expect(reports(inHandler('console.log(list.value());', before))).toEqual([]);
    expect(reports(inHandler('console.log(event.value());', before))).toEqual([]);
  });

  test('the answer of a secret store is a credential, a field of it is not', () => {
    const before = "import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';\nconst client = new SecretsManagerClient({});\n";
    expect(reports(inHandler("const answer = await client.send(new GetSecretValueCommand({ SecretId: 'x' })); console.log(answer);", before))).toEqual(['credential error']);
    expect(reports(inHandler("const answer = await client.send(new GetSecretValueCommand({ SecretId: 'x' })); console.log(JSON.parse(answer.SecretString).host);", before))).toEqual([]);
  });

  test('one of the constants of a table is no credential, whatever it is called', () => {
    const table = (value: string): string => `const table = { ${Array.from({ length: 20 }, (_, index) => `k${index}: ${value.replace('#', String(index))}`).join(', ')} };\n`;
    const log = 'const cdnToken = table[event.cdn]; if (!cdnToken) return; console.log(cdnToken);';
    expect(reports(inHandler(log, table("'cdn-#'")))).toEqual([]);
    expect(reports(inHandler(log, table('process.env.TOKEN_#')))).toEqual(['credential error']);
  });

  test('what either way of a condition gives is said, what it asks for is not', () => {
    const before = "const password = process.env.DB_PASSWORD || null;\n";
    expect(reports(inHandler('console.log(`db://${password === null ? "" : `:${password}@`}host`);', before))).toEqual(['credential error']);
    expect(reports(inHandler('console.log(`db with ${password ? "a" : "no"} password`);', before))).toEqual([]);
  });

  test('a public key is no credential, whatever it is called', () => {
    const before = "import { KMSClient, GetPublicKeyCommand, DecryptCommand } from '@aws-sdk/client-kms';\nconst client = new KMSClient({});\n";
    const of = (command: string): readonly string[] => reports(inHandler(`const signingKey = await client.send(new ${command}({ KeyId: 'x' })); console.log(JSON.stringify(signingKey));`, before));
    expect(of('GetPublicKeyCommand')).toEqual([]);
    expect(of('DecryptCommand')).toEqual(['credential error']);
  });

  test('says which call a credential comes from', () => {
    const what = (body: string): readonly unknown[] => {
      const before = "import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';\nconst client = new SecretsManagerClient({});\n";
      const { fn } = project({ 'handler.ts': inHandler(`const answer = await client.send(new GetSecretValueCommand({ SecretId: 'x' })); ${body}`, before) }, [deployed('Function', 'handler.ts')]);
      return [...rule.check({ view: fn, options: {} })].map((report) => report.data?.['what']);
    };
    expect(what('console.log(answer);')).toEqual(['the answer of GetSecretValue']);
    expect(what('console.log(answer.SecretString);')).toEqual(['SecretString']);
    expect(what('console.log(JSON.parse(answer.SecretString));')).toEqual(['SecretString']);
  });

  test('what is put after a spread covers that field', () => {
    const before = "import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';\nconst client = new SecretsManagerClient({});\n";
    const secret = "const answer = await client.send(new GetSecretValueCommand({ SecretId: 'x' })); const secret = JSON.parse(answer.SecretString);";
    const of = (shown: string): readonly string[] => reports(inHandler(`${secret} const shownSecret = ${shown}; console.log(shownSecret);`, before));
    expect(of("{ ...secret, password: '****' }")).toEqual(['credential info']);
    expect(of("{ password: '****', ...secret }")).toEqual(['credential error']);
    expect(of("{ ...secret, host: '****' }")).toEqual(['credential error']);
    expect(of('{ ...secret, password: secret.password }')).toEqual(['credential error']);
    expect(reports(inHandler(`${secret} const shownSecret = { ...secret, password: '****' }; console.log(shownSecret, answer.SecretString);`, before))).toEqual(['credential error']);
  });

  test('says what the event of its trigger holds', () => {
    const held = (...kinds: readonly TriggerKind[]): string | undefined => {
      const { fn } = project({ 'handler.ts': inHandler('console.log(event);') }, [deployed('Function', 'handler.ts', { triggers: kinds.map((kind) => ({ kind, source: 'T', filters: [] })) })]);
      return [...rule.check({ view: fn, options: {} })].map(({ data }) => String(data?.['held']))[0];
    };
    expect([held('http'), held(), held('queue', 'http'), held('invoke')].map((text) => text?.includes('tokens'))).toEqual([true, true, true, true]);
    expect([held('queue'), held('bus'), held('bucket'), held('stateMachine'), held('queue', 'bus'), held('schedule')].map((text) => text?.includes('tokens'))).toEqual([false, false, false, false, false, false]);
    expect(held('queue')).toMatch(/message/);
    expect(held('bucket')).toMatch(/name of every object/);
    expect(held('queue', 'bus')).toMatch(/its triggers/);
  });

  test.each<readonly [string, readonly string[]]>([
    ['context.res = { status: 500, body: { stack: error.stack } };', ['returned warning']],
    ['context.res.body = { stack: error.stack };', ['returned warning']],
    ['context.res = { ...context.res, body: bodyOf(error) };', ['returned warning']],
    ['fail(context, error);', ['returned warning']],
    ['context.res = { status: 500, body: { message: error.message } };', []],
    ['context.last = { body: { stack: error.stack } };', []],
    ["if (process.env.STAGE === 'dev') context.res = { body: error.stack };", []],
  ])('an answer that is set on the context of Azure: %s', (body, expected) => {
    const helpers = 'const bodyOf = (error) => { const { message, stack } = error; return { message, stack }; };\nconst fail = (given, error) => { given.res = { status: 500, body: { stack: error.stack } }; };\n';
    const code = `${helpers}export const handler = async (context, req) => { try { context.res = { body: await work() }; } catch (error) { ${body} } };\n`;
    expect(reports(code, { ...http, platform: 'azure', generation: 'v3' })).toEqual(expected);
    expect(reports(code, { ...http, platform: 'aws' })).toEqual([]);
  });

  test.each<readonly [string, readonly string[]]>([
    ['{ key: process.env.DB_SECRET }', ['returnedSecret error']],
    ['{ settings: [{ name: "a", value: `x${process.env.ADMIN_PASSWORD}` }] }', ['returnedSecret error']],
    ['{ key: process.env.SIGNING_PRIVATE_KEY || "none" }', ['returnedSecret error']],
    ['{ key: process.env.MAPS_API_KEY, other: process.env.PUBLIC_SECRET_ID }', []],
    ['{ set: !!process.env.DB_SECRET, same: event.key === process.env.DB_SECRET }', []],
    ['{ signature: sign(event.body, process.env.DB_SECRET) }', []],
    ['{ secret: event.queryStringParameters.secret }', []],
  ])('a secret in an answer: %s', (body, expected) => {
    const code = `import { createHmac } from 'node:crypto';\nconst sign = (text, key) => createHmac('sha256', key).update(text).digest('hex');\n${inHandler(`return { statusCode: 200, headers: { 'x-sent': process.env.DB_SECRET ? 'yes' : 'no' }, body: JSON.stringify(${body}) };`)}`;
    expect(reports(code, http)).toEqual(expected);
    expect(reports(code)).toEqual([]);
  });

  test('an answer over HTTP: the whole event and stacks, nowhere else', () => {
    const code = inHandler('return { statusCode: 200, body: JSON.stringify({ input: event }) };');
    expect(reports(code, http)).toEqual(['returned warning']);
    expect(reports(code)).toEqual([]);
    expect(reports(inHandler('try { return await work(); } catch (error) { return { statusCode: 500, body: error.stack }; }'), http)).toEqual(['returned warning']);
    expect(reports(inHandler('try { return await work(); } catch (error) { return { statusCode: 500, body: error.message }; }'), http)).toEqual([]);
    expect(reports(inHandler("try { return await work(); } catch (error) { return { statusCode: 500, body: process.env.STAGE === 'dev' ? error.stack : 'failed' }; }"), http)).toEqual([]);
  });

  test('an answer that a helper puts together is found once, in the helper', () => {
    const helper = (result: string) => `const answer = (code, data, context) => {\n  const body = { code, data, context };\n  const response = {\n    statusCode: code,\n    body: JSON.stringify(body),\n  };\n  return ${result};\n};\n`;
    const code = (result: string) => inHandler('if (!event.body) return answer(400, {}, context);\n  return answer(200, event.body.id, context);', helper(result));
    const places = (text: string) => [...rule.check({ view: project({ 'a.mjs': text }, [deployed('F', 'a.mjs', http)]).fn, options: {} })].map(({ message, at }) => [message, 'start' in at ? text.slice(0, at.start).split('\n').length : 0]);
    expect(places(code('response'))).toEqual([['returned', 3]]);
    // Something else than the constant is handed on: the answers of the handler are what is known.
    expect(places(code('Object.assign({}, response)')).every(([, line]) => line === 10 || line === 11)).toBe(true);
    expect(places(code('response').replace('data, context }', 'data }'))).toEqual([]);
    // In the answering function itself the answer stays where it is given.
    expect(places(inHandler('const response = { statusCode: 200, body: JSON.stringify({ input: event }) };\n  return response;'))).toEqual([['returned', 3]]);
  });

  test('a logger of the repository that takes parts of what it is given', () => {
    const lines = (logger: string, call: string) => {
      const files = { 'a.ts': `import { logger } from './utils/logger.util';\nexport const handler = async (event) => {\n  ${call}\n};`, 'utils/logger.util.ts': `${logger}\nexport const logger = { info };` };
      return [...rule.check({ view: project(files, [deployed('F', 'a.ts', http)]).fn, options: {} })].map(({ message, at }) => [message, 'file' in at ? at.file : '']);
    };
    const call = "logger.info(event, 'found');";
    expect(lines("const info = (req, text) => { console.info('%s %s', req.requestContext.requestId, text); };", call)).toEqual([]);
    expect(lines('const info = ({ requestContext }, text) => { console.info(requestContext.requestId, text); };', call)).toEqual([]);
    expect(lines('const info = (req, text) => { console.info(text); };', call)).toEqual([]);
    // A part that is worth hiding is found, at the call of the logger.
    expect(lines('const info = (req, text) => { console.info(req.headers, text); };', call)).toEqual([['whole', 'a.ts']]);
    expect(lines('const info = (req, text) => { console.info(req, text); };', call)).toEqual([['whole', 'a.ts']]);
    expect(lines('const info = (...all) => { console.info(all); };', call)).toEqual([['whole', 'a.ts']]);
    expect(lines('const info = function () { console.info.apply(console, arguments); };', call)).toEqual([['whole', 'a.ts']]);
    expect(lines('const info = ({ id, ...rest }, text) => { console.info(rest, text); };', call)).toEqual([['whole', 'a.ts']]);
    expect(lines('const info = (text) => { console.info(text.toString()); };', 'logger.info(JSON.stringify(event));')).toEqual([['whole', 'a.ts']]);
  });

  test('a field of the body that is called as the answer of a check is', () => {
    const taken = (code: string) => `import bourne from '@hapi/bourne';\nimport { z } from 'zod';\nconst shape = z.object({});\n${inHandler(`const { value, data } = ${code}; console.log({ value, data });`)}`;
    expect(reports(taken('bourne.parse(event.body)'), http)).toEqual([]);
    expect(reports(taken('shape.safeParse(JSON.parse(event.body))'), http)).toEqual(['body warning']);
  });

  test('what a store calls back with is no request, what a router does is', () => {
    const stored = (method: string) => `import { DynamoDB } from 'aws-sdk';\nconst db = new DynamoDB.DocumentClient();\nexport const handler = (event, context, callback) => {\n  db.${method}({ TableName: 'x', Key: event.pathParameters }, (error, data) => callback(null, { body: JSON.stringify({ error, data }) }));\n};\n`;
    for (const method of ['get', 'put', 'delete', 'update']) expect(reports(stored(method), http)).toEqual([]);
    const routed = (method: string) => `import express from 'express';\nimport adapter from 'serverless-http';\nconst app = express();\napp.${method}('/x', (request, response) => { console.log(request); response.send('ok'); });\nexport const handler = adapter(app);\n`;
    for (const method of ['get', 'put', 'delete']) expect(reports(routed(method), http)).toEqual(['whole warning']);
  });

  test('a decorator that logs events', () => {
    const code = (options: string): string => `import { Logger } from '@aws-lambda-powertools/logger';\nconst logger = new Logger();\nclass Lambda {\n  @logger.injectLambdaContext(${options})\n  async handler(event, context) { return event.id; }\n}\nconst lambda = new Lambda();\nexport const handler = lambda.handler.bind(lambda);\n`;
    expect(reports(code('{ logEvent: true }'))).toEqual(['setting warning']);
    expect(reports(code('{ logEvent: false }'))).toEqual([]);
  });

  test('constants of messages and what a package makes of a request are no dumps', () => {
    const before = "import NextAuth from 'next-auth';\nimport { LogMessage } from 'messages';\n";
    expect(reports(inHandler('console.error(LogMessage.FAILED_TO_MINT_TOKEN, { id: event.id });', before))).toEqual([]);
    expect(reports(inHandler('return NextAuth(event, context, {});', before), http)).toEqual([]);
    expect(reports(inHandler('console.log(process.env.GITHUB_ACCESS_TOKEN);', before))).toEqual(['credential error']);
  });

  test('names of credentials', () => {
    for (const name of ['token', 'accessToken', 'unlockToken', 'ACCESS_TOKEN', 'password', 'apiKey', 'x-api-key', 'SecretString', 'clientSecret', 'taskToken', 'jwt', 'privateKey', 'authorization', 'passCode']) expect(isCredentialName(name), name).toBe(true);
    for (const name of ['nextToken', 'lockToken', 'NextToken', 'continuationToken', 'maxTokens', 'tokens', 'tokenCount', 'secretArn', 'passwordField', 'pageToken', 'maskedToken', 'bodyWithoutSecrets', 'userWithoutPassword', 'hasPassword', 'key', 'isToken', 'deviceToken', 'csrfToken', 'keyboard', 'clientToken', 'ClientToken']) expect(isCredentialName(name), name).toBe(false);
  });
});

describe('who writes the log, whatever it is called', () => {
  test.each<[string, string, Partial<ServerlessFunction>]>([
    ['a logger of a known package', `import { Logger } from '@aws-lambda-powertools/logger';\nconst x = new Logger();\nexport const handler = async (event) => { x.info('in', event); };\n`, {}],
    ['a function of a known package', `const { logger: x } = require('firebase-functions');\nexports.handler = async (event) => { x.log(event); };\n`, { platform: 'firebase' }],
    ['the context of Azure', `module.exports.handler = async (x, item) => { x.log.info(item); };\n`, { platform: 'azure', generation: 'v3' }],
  ])('%s', (_name, code, extra) => {
    expect(reports(code, extra)).toEqual(['whole warning']);
  });
  test('the response of a platform that hands one over', () => {
    expect(reports('export const handler = async (a, b) => { try { await fetch(a.url); } catch (e) { b.status(500).send(e.stack); } };\n', { ...http, platform: 'google' })).toEqual(['returned warning']);
  });
});

describe('what is no credential, or is in no log', () => {
  test('the token of a lock says who holds it', () => {
    const of = (name: string, given: string): string => inHandler(`const token = event.id; return ${name}(event.topic, token);`, `async function ${name}(${given}, token) {\n  console.log(`+'`got ${token}`'+`);\n}\n`);
    expect(reports(of('getLock', 'id'))).toEqual([]);
    expect(reports(of('register', 'lockId'))).toEqual([]);
    expect(reports(of('register', 'id'))).toEqual(['credential error']);
    expect(reports(inHandler('const lock = await find(event.id); console.log(`had ${lock.token}`);', "import { find } from 'elsewhere';\n"))).toEqual([]);
    expect(reports(of('unblockUser', 'id'))).toEqual(['credential error']);
  });
  test('a token is written on the machine of a developer only', () => {
    const of = (test: string): string => inHandler(`const token = event.headers.authorization; if (${test}) console.log(\`invite: \${token}\`);`);
    expect(reports(of("process.env.NODE_ENV === 'development'"))).toEqual(['credential info']);
    expect(reports(of('process.env.VERBOSE'))).toEqual(['credential error']);
    expect(reports(of("process.env.NODE_ENV !== 'development'"))).toEqual(['credential error']);
  });
  test('what is written over with nothing is gone', () => {
    const of = (last: string): string => inHandler(`const params = { id: event.id, context: { token: event.headers.authorization } }; console.log('asked', { ...params${last} });`);
    expect(reports(of(''))).toEqual(['credential error']);
    expect(reports(of(', context: undefined'))).toEqual([]);
    expect(reports(of(', id: undefined'))).toEqual(['credential error']);
  });
  test('a form whose one field holds the whole message', () => {
    const of = (given: string): string => inHandler(`const payload = JSON.parse(${given}); console.log(payload);`, "import querystring from 'querystring';\n");
    expect(reports(of('querystring.parse(event.body).payload'), http)).toEqual(['body warning']);
    expect(reports(of("new URLSearchParams(event.body).get('payload')"), http)).toEqual(['body warning']);
    expect(reports(of('querystring.parse(event.body).order'), http)).toEqual([]);
  });
});

describe('what a store or a logger calls functions of its settings with', () => {
  const db = (setting: string): string => `import { drizzle } from 'drizzle-orm/neon-http';\nimport { serve } from 'server-kit';\nconst db = ${setting};\nexport const handler = async () => db.select();\n`;
  test('is no request', () => {
    expect(reports(db('drizzle(process.env.URL, { logger: { logQuery(query) { console.log({ query }); } } })'))).toEqual([]);
    expect(reports(db('serve(process.env.URL, { onRequest(query) { console.log({ query }); } })'))).toEqual(['whole warning']);
  });
});
