import { describe, expect, test } from 'vitest';
import rule from '../../rules/no-uncompensated-writes.ts';
import type { Trigger } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';
import { silentNearMisses } from '../support/near-misses.ts';

const head = `import { DynamoDBClient, PutItemCommand, DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const table = new DynamoDBClient({});
const queue = new SQSClient({});
const put = (name) => table.send(new PutItemCommand({ TableName: name, Item: { id: { S: 'x' } } }));
const drop = (name) => table.send(new DeleteItemCommand({ TableName: name, Key: { id: { S: 'x' } } }));
const send = (url) => queue.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
`;

/** Lines, counted in the body, at which the rule reports. */
function lines(body: string, trigger: Partial<Trigger> = {}, before = ''): readonly number[] {
  const code = `${head}${before}export const handler = async (event) => {\n${body}\n};\n`;
  const first = code.slice(0, code.indexOf(body)).split('\n').length;
  const { fn } = project({ 'handler.js': code }, [deployed('F', 'handler.js', { triggers: [{ kind: 'http', source: 'HttpApi', filters: [], ...trigger }] })]);
  return [...rule.check({ view: fn, options: {} })].map((report) => ('line' in report.at ? report.at.line : fn.location(report.at).line) - first + 1);
}

describe('no-uncompensated-writes', () => {
  test.each<[string, readonly number[]]>([
    ["await put('a');\nawait send('q');", [2]],
    ["await put('a');\nawait put('b');", [2]],
    ["await put('a');\nawait put('a');", []],
    ["await put(event.a);\nawait put(event.b);", []],
    ["await send('q');\nawait put('a');", [2]],
    ["await put('a').then(() =>\nsend('q'));", [2]],
    ["await put('a');\nif (event.b) await send('q');", [2]],
    ["if (event.b) await put('a');\nawait send('q');", [2]],
    ["if (event.b) await put('a');\nif (!event.b) await send('q');", []],
    ["if (event.b) { await put('a'); return; }\nawait send('q');", []],
    ["if (event.b) await put('a');\nelse await send('q');", []],
    ["event.b ? await put('a') :\nawait send('q');", []],
    ["switch (event.b) { case 1: await put('a'); break;\ncase 2: await send('q'); }", []],
    ["for (const one of event.list) await put('a');\nawait send('q');", [2]],
    ["try { await put('a'); } catch (error) {\nawait send('q'); }", []],
    ["await put('a');\ntry { await send('q'); } catch (error) { await drop('a'); throw error; }", []],
    ["await put('a');\ntry { await send('q'); } catch (error) { console.error(error); }", []],
    ["await put('a');\ntry { await send('q'); } catch (error) { console.error(error); throw error; }", [2]],
    // The catch never sees what is handed out unsettled.
    ["await put('a');\ntry { return send('q'); } catch (error) { await drop('a'); throw error; }", [2]],
    ["await put('a');\ntry { return await send('q'); } catch (error) { await drop('a'); throw error; }", []],
    ["try { await put('a');\nawait send('q'); } catch (error) { console.error(error); }", [2]],
    ["await put('a');\nawait send('q').catch(() => drop('a'));", []],
    ["await Promise.all([put('a'),\nsend('q')]);", [2]],
    ["await Promise.allSettled([put('a'),\nsend('q')]);", []],
    ["await put('cache');\nawait send('q');", []],
    ["await drop('a');\nawait drop('b');", []],
    ["await drop('a');\nawait put('b');", [2]],
    ["await put('a');\nawait send('q');\nawait put('b');", [2]],
  ])('%s', (body, expected) => {
    expect(lines(body)).toEqual(expected);
  });

  test.each<[string, Partial<Trigger>, boolean]>([
    ['HTTP', {}, true],
    ['a function URL', { kind: 'url' }, true],
    ['a queue, which runs both again', { kind: 'queue' }, false],
    ['a schedule that is tried again', { kind: 'schedule' }, false],
    ['a schedule that is not', { kind: 'schedule', maximumRetryAttempts: 0 }, true],
    ['a state machine', { kind: 'stateMachine' }, false],
    ['a custom resource', { kind: 'custom' }, false],
    ['a route that is off', { enabled: false }, false],
  ])('%s', (_name, trigger, loud) => {
    expect(lines("await put('a');\nawait send('q');", trigger)).toEqual(loud ? [2] : []);
  });

  test('a name that says that the writes are one', () => {
    expect(lines("await withTransaction(async () => { await put('a');\nawait send('q'); });", {}, 'const withTransaction = (run) => run();\n')).toEqual([]);
  });

  test('nothing is said on the lines of near misses', async () => {
    expect(await silentNearMisses('no-uncompensated-writes')).toEqual([]);
  }, 60_000);
});
