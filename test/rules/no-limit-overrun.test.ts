import { describe, expect, test } from 'vitest';
import rule from '../../rules/no-limit-overrun.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { literal, type Value } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

const at = (line: number) => ({ file: 'template.yaml', line, column: 1, endLine: line, endColumn: 2 });
const run = (code: string, extra: Partial<ServerlessFunction> = {}) => {
  const { fn } = project({ 'h.ts': code }, [deployed('F', 'h.ts', extra)]);
  return [...rule.check({ view: fn, options: {} })].map((one) => `${one.message}${one.severity ? `:${one.severity}` : ''} ${'line' in one.at ? one.at.line : code.slice(0, one.at.start).split('\n').length}`);
};
const idle = 'export const handler = async () => {};\n';
const http: Partial<ServerlessFunction> = { triggers: [{ kind: 'http', source: 'httpApi', filters: [] }] };

describe('settings', () => {
  test.each<readonly [string, Partial<ServerlessFunction>, readonly string[]]>([
    ['memory above', { memoryMb: { value: 10_241, location: at(3) } }, ['setting 3']],
    ['memory at the top', { memoryMb: { value: 10_240, location: at(3) } }, []],
    ['edge functions have thirty seconds', { generation: 'edge', timeoutSeconds: { value: 60, location: at(4) } }, ['setting 4']],
    ['durable functions last', { generation: 'durable', timeoutSeconds: { value: 86_400, location: at(4) } }, []],
    ['five layers', { layers: Array.from({ length: 5 }, (_, index) => literal(`l${index}`)), layersAt: at(5) }, []],
    ['six layers', { layers: Array.from({ length: 6 }, (_, index) => literal(`l${index}`)), layersAt: at(5) }, ['layers 5']],
    ['a Worker has memory of its own', { platform: 'cloudflare', memoryMb: { value: 9_999, location: at(3) } }, []],
    ['OpenWhisk may be configured', { platform: 'openwhisk', memoryMb: { value: 9_999, location: at(3) } }, ['setting:warning 3']],
    ['first generation', { platform: 'google', generation: 'gen1', memoryMb: { value: 16_384, location: at(3) } }, ['setting 3']],
    ['second generation', { platform: 'google', generation: 'gen2', memoryMb: { value: 16_384, location: at(3) } }, []],
    ['minutes of Vercel', { platform: 'vercel', timeoutSeconds: { value: 3_600, location: at(4) } }, ['setting 4']],
  ])('%s', (_, extra, expected) => expect(run(idle, extra)).toEqual(expected));

  test('the environment counts names and known values, in bytes', () => {
    const environment = (text: string, more: Value = literal('')): ReadonlyMap<string, Value> => new Map<string, Value>([['A', literal(text)], ['B', more]]);
    expect(run(idle, { environment: environment('x'.repeat(4_094)), environmentAt: at(7) })).toEqual([]);
    expect(run(idle, { environment: environment('x'.repeat(4_095)), environmentAt: at(7) })).toEqual(['environment 7']);
    expect(run(idle, { environment: environment('ß'.repeat(2_048)), environmentAt: at(7) })).toEqual(['environment 7']);
    expect(run(idle, { environment: environment('x'.repeat(4_000), { kind: 'env', name: 'LONG' }), environmentAt: at(7) })).toEqual([]);
    expect(run(idle, { platform: 'cloudflare', environment: environment('x'.repeat(5_001)), environmentAt: at(7) })).toEqual(['variable 7']);
  });
});

const sqs = "import { SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';\nconst q = new SQSClient({});\n";
const send = (entries: string): string => `await q.send(new SendMessageBatchCommand({ QueueUrl: 'q', Entries: ${entries} }));`;

describe('batches', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['spread of a longer list', `${sqs}const all = [1,2,3,4,5,6,7,8,9,10,11];\nexport const handler = async () => { ${send('[...all]')} };`, ['batch 4']],
    ['a list with more than one spread is not counted', `${sqs}export const handler = async ({ a, b }) => { ${send('[...a, ...b]')} };`, []],
    ['a filtered list is not counted', `${sqs}export const handler = async () => { ${send('[1,2,3,4,5,6,7,8,9,10,11].filter(Boolean)')} };`, []],
    ['the end of a slice is clamped', `${sqs}export const handler = async ({ l }) => { for (let i = 0; i < l.length; i += 20) { ${send('l.slice(i, Math.min(i + 20, l.length))')} } };`, ['batch 3']],
    ['a slice of fixed bounds that have names', `${sqs}const from = 5;\nconst to = 15;\nexport const handler = async ({ l }) => { ${send('l.slice(from, to)')} };`, []],
    ['a slice of fixed bounds', `${sqs}export const handler = async ({ l }) => { ${send('l.slice(5, 15)')} };`, []],
    ['the size is a parameter of a helper', `${sqs}const send = async (list, n) => { while (list.length) { ${send('list.splice(0, n)')} } };\nexport const handler = async ({ l }) => send(l, 30);`, ['batch 3']],
    ['pieces under a name', `${sqs}import chunk from 'lodash.chunk';\nexport const handler = async ({ l }) => { const parts = chunk(l, 11); for (const part of parts) { ${send('part')} } };`, ['batch 4']],
    ['somebody looks at the length', `${sqs}export const handler = async (event) => { const e = []; for (const x of event.items) e.push(x); if (e.length > 10) throw new Error(); ${send('e')} };`, []],
    ['one entry is no batch', `${sqs}export const handler = async (event) => { ${send("[{ Id: '1', MessageBody: event.text }]")} };`, []],
    ['a list from elsewhere', `${sqs}import { entries } from './nowhere';\nexport const handler = async () => { ${send('entries')} };`, []],
  ])('%s', (_, code, expected) => expect(run(code)).toEqual(expected));
});

const s3 = "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s = new S3Client({});\nconst get = () => s.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));\n";

describe('answers', () => {
  test.each<readonly [string, string, Partial<ServerlessFunction>, readonly string[]]>([
    ['a whole object', `${s3}export const handler = async () => { const o = await get(); return { statusCode: 200, body: await o.Body.transformToString() }; };`, http, ['whole 4']],
    ['nobody asks', `${s3}export const handler = async () => { const o = await get(); return { statusCode: 200, body: await o.Body.transformToString() }; };`, {}, []],
    ['a header of it', `${s3}export const handler = async () => { const o = await get(); return { statusCode: 200, headers: { etag: o.ETag }, body: '' }; };`, http, []],
    ['answered by what then is given', `${s3}export const handler = async () => get().then(async (o) => {\n  return { statusCode: 200, body: await o.Body.transformToString() };\n});`, http, ['whole 5']],
    ['a chain that nobody waits for answers nothing', `${s3}export const handler = async () => { get().then(async (o) => ({ statusCode: 200, body: await o.Body.transformToString() })); return { statusCode: 204 }; };`, http, []],
    ['behind a load balancer parsed text is too much', `${s3}export const handler = async () => { const o = await get(); return { statusCode: 200, body: JSON.stringify(JSON.parse(await o.Body.transformToString())) }; };`, { triggers: [{ kind: 'http', source: 'alb', filters: [] }] }, ['whole 4']],
    ['a part of it', `${s3}export const handler = async () => { const o = await get(); return { statusCode: 200, body: (await o.Body.transformToString()).slice(0, 100) }; };`, http, []],
    ['a helper compares it with what an answer takes', `${s3}class Images {\n  PAYLOAD_LIMIT = 6 * 1024 * 1024;\n  async read() { const o = await get(); const text = await o.Body.transformToString(); if (text.length > this.PAYLOAD_LIMIT) throw new Error('too large'); return text; }\n}\nexport const handler = async () => ({ statusCode: 200, body: await new Images().read() });`, http, []],
    ['a helper compares it with something else', `${s3}class Images {\n  SHORT = 10;\n  async read() { const o = await get(); const text = await o.Body.transformToString(); if (text.length < this.SHORT) throw new Error('too short'); return text; }\n}\nexport const handler = async () => ({ statusCode: 200, body: await new Images().read() });`, http, ['whole 8']],
    ['streamed', `${s3}export const handler = awslambda.streamifyResponse(async () => { const o = await get(); return { statusCode: 200, body: await o.Body.transformToString() }; });`, http, []],
    ['at the edge of Vercel', `${s3}export const handler = async () => { const o = await get(); return new Response(await o.Body.transformToString()); };`, { ...http, platform: 'vercel', generation: 'edge' }, []],
  ])('%s', (_, code, extra, expected) => expect(run(code, extra)).toEqual(expected));
});

describe('what somebody takes care of', () => {
  const dynamo = "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport { DynamoDBDocumentClient, BatchWriteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';\nimport { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst db = DynamoDBDocumentClient.from(new DynamoDBClient({}));\nconst s3 = new S3Client({});\n";
  const save = 'const save = async (ids) => { await db.send(new BatchWriteCommand({ RequestItems: { users: ids.map((id) => ({ PutRequest: { Item: { id } } })) } })); };\n';
  const guarded = (guard: string): string => `${dynamo}${save}export const handler = async (event) => {\n  const users = event.users.filter(Boolean);\n  ${guard}\n  await save(users);\n};\n`;
  test.each<readonly [string, string, readonly string[]]>([
    ['the caller refuses longer lists', 'if (users.length >= 25) throw new Error("too many");', []],
    ['the caller turns round who is compared', 'if (25 < users.length) throw new Error("too many");', []],
    ['the caller takes more than the call', 'if (users.length >= 50) throw new Error("too many");', ['unbounded 6']],
    ['the caller asks for another list', 'if (event.groups.length >= 25) throw new Error("too many");', ['unbounded 6']],
    ['the caller refuses shorter lists', 'if (users.length < 25) throw new Error("too few");', ['unbounded 6']],
  ])('%s', (_, guard, expected) => expect(run(guarded(guard))).toEqual(expected));

  const put = (cut: string): string => `${dynamo}export const handler = async (event) => {\n  const read = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: event.key }));\n  const report = { id: event.id, fields: await read.Body.transformToString() };\n  ${cut}\n  await db.send(new PutCommand({ TableName: 't', Item: { ...report, open: true } }));\n};\n`;
  test.each<readonly [string, string, readonly string[]]>([
    ['the part of the store is taken out before', 'delete report.fields;', []],
    ['another part is taken out', 'delete report.id;', ['whole 10']],
  ])('%s', (_, cut, expected) => expect(run(put(cut))).toEqual(expected));

  const pages = (given: string): string => `${dynamo}const find = async (query, onePage = true) => {\n  let all = [];\n  let page = {};\n  do {\n    page = await db.send(new QueryCommand({ ...query, ExclusiveStartKey: page.LastEvaluatedKey }));\n    all = all.concat(page.Items);\n  } while (page.LastEvaluatedKey && !onePage);\n  return all;\n};\nexport const handler = async (event) => {\n  const found = await find({ TableName: 't' }${given});\n  return { statusCode: 200, body: JSON.stringify(found) };\n};\n`;
  test.each<readonly [string, string, readonly string[]]>([
    ['one page by default', '', []],
    ['one page as asked', ', true', []],
    ['all of them as asked', ', false', ['pages 17']],
  ])('%s', (_, given, expected) => expect(run(pages(given), http)).toEqual(expected));
});
