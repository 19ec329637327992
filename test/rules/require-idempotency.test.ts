import { describe, expect, test } from 'vitest';
import rule from '../../rules/require-idempotency.ts';
import { sqlRepeat } from '../../src/catalog/sql-texts.ts';
import type { ServerlessFunction, Trigger } from '../../src/model/function.ts';
import { silentNearMisses } from '../support/near-misses.ts';
import { deployed, project } from '../support/memory.ts';

const head = `import { DynamoDBClient, UpdateItemCommand, PutItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';\nimport { randomUUID } from 'crypto';\nconst client = new DynamoDBClient({});\nconst count = (extra) => client.send(new UpdateItemCommand({ TableName: 't', Key: { id: { S: 'x' } }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } }, ...extra }));\nconst put = (id) => client.send(new PutItemCommand({ TableName: 't', Item: { id: { S: id } } }));\n`;
const queue: Trigger = { kind: 'queue', source: 'SQS', filters: [] };

/** Message ids that the rule reports of a handler's body. */
function reports(body: string, trigger: Partial<Trigger> = {}, extra: Partial<ServerlessFunction> = {}, whole = true): readonly string[] {
  const { fn } = project({ 'handler.js': `${head}export const handler = async (event, context) => {\n${body}\n};\n` }, [deployed('F', 'handler.js', { triggers: [{ ...queue, ...trigger }], ...extra })], [], { whole });
  return [...rule.check({ view: fn, options: {} })].map((report) => report.message);
}

describe('require-idempotency', () => {
  test.each<[string, readonly string[]]>([
    ['await count();', ['increment']],
    ['if (event.counts) await count();', ['increment']],
    ['await put(randomUUID());', ['insert']],
    ['await put(`${event.id}-${Date.now()}`);', ['insert']],
    ['await put(event.id ?? randomUUID());', []],
    ['await put(event.id);', []],
    ['await put(new Date().toISOString().slice(0, 10));', []],
    ['await put("fixed");', []],
    ['const seen = await client.send(new GetItemCommand({ TableName: "s" })); if (seen.Item) return; await count();', []],
    ['const rows = await client.send(new GetItemCommand({ TableName: "s" })); if (!rows.Item) return; await put(`${rows.Item.id}-${randomUUID()}`);', ['insert']],
    ['const rows = await client.send(new GetItemCommand({ TableName: "s" })); if (rows.Item.sent) return; await put(`${rows.Item.id}-${randomUUID()}`);', []],
    ['try { await put(event.id); } catch (error) { await count(); throw error; }', []],
    ['await put(event.Records[0].messageId); await count();', []],
    ['if (await wasProcessedBefore(event)) return; await count();', []],
    ['await markProcessed(event); await count();', []],
  ])('%s', (body, expected) => {
    expect(reports(body)).toEqual(expected);
  });

  test.each<[string, Partial<Trigger>, Partial<ServerlessFunction>, boolean]>([
    ['a topic', { kind: 'topic' }, {}, true],
    ['a stream', { kind: 'stream' }, {}, true],
    ['a bucket', { kind: 'bucket' }, {}, true],
    ['a schedule of AWS', { kind: 'schedule' }, {}, true],
    ['a schedule of AWS without retries', { kind: 'schedule', maximumRetryAttempts: 0 }, {}, false],
    ['a timer of Azure', { kind: 'schedule' }, { platform: 'azure' }, false],
    ['a schedule of Firebase', { kind: 'schedule' }, { platform: 'firebase' }, false],
    ['a schedule of Firebase with retries', { kind: 'schedule', maximumRetryAttempts: 2 }, { platform: 'firebase' }, true],
    ['a trigger that is off', { enabled: false }, {}, false],
    ['HTTP', { kind: 'http' }, {}, false],
    ['a state machine', { kind: 'stateMachine' }, {}, false],
    ['sign-up, asked for an answer', { kind: 'auth', source: 'auth.beforeCreate' }, { platform: 'firebase' }, false],
    ['sign-up, told about', { kind: 'auth', source: 'auth.onCreate' }, { platform: 'firebase' }, true],
    ['a trigger of OpenWhisk', { kind: 'bus' }, { platform: 'openwhisk' }, false],
  ])('%s', (_name, trigger, extra, loud) => {
    expect(reports('await count();', trigger, extra)).toEqual(loud ? ['increment'] : []);
  });

  test('what an imported file of the repository may do is not known in the editor', () => {
    const files = { 'handler.js': `import { check } from './check';\n${head}export const handler = async (event) => { check(event); await count(); };\n`, 'check.js': 'export const check = () => undefined;\n' };
    const fns = [deployed('F', 'handler.js', { triggers: [queue] })];
    expect([...rule.check({ view: project(files, fns).fn, options: {} })]).toHaveLength(1);
    expect([...rule.check({ view: project(files, fns, [], { whole: false }).fn, options: {} })]).toEqual([]);
  });

  test('nothing is said on the lines of near misses', async () => {
    expect(await silentNearMisses('require-idempotency')).toEqual([]);
  }, 60_000);
});

test.each<[string, string | undefined]>([
  ['UPDATE a SET n = n + 1 WHERE id = ?', 'step'],
  ['update a set "n" = "n" - $1', 'step'],
  ['UPDATE a SET n = COALESCE(n, 0) + 1', 'step'],
  ['INSERT INTO a (id, n) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET n = a.n + 1', 'step'],
  ['UPDATE a SET n = n + 1 WHERE id = ? AND last <> ?', 'onceOnly'],
  ['UPDATE a SET n = ? WHERE id = ?', undefined],
  ['INSERT INTO a (id) VALUES (?) ON CONFLICT DO NOTHING', 'onceOnly'],
  ['INSERT IGNORE INTO a (id) VALUES (?)', 'onceOnly'],
  ['INSERT INTO a (id, b) VALUES (?, ?)', 'insert'],
  ['SELECT n + 1 FROM a', undefined],
  ['DELETE FROM a', undefined],
])('%s', (text, kind) => {
  expect(sqlRepeat(text)?.kind).toBe(kind);
});
