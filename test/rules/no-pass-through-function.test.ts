import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-pass-through-function.ts';
import { deployed, project } from '../support/memory.ts';

const head = `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'; import axios from 'axios'; import pino from 'pino'; const sqs = new SQSClient({}); const log = pino();
const send = (body) => sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs', MessageBody: body }));\n`;

function scan(body: string): readonly string[] {
  const { fn } = project({ 'a.mjs': `${head}export const handler = async (event, context) => {\n${body}\n};` }, [deployed('F', 'a.mjs')]);
  return [...rule.check({ view: fn, options: {} })].map((report) => report.message);
}

describe('a function that hands its input on', () => {
  it.each([
    ['as it is', `await send(JSON.stringify(event));`],
    ['in part', `await send(event.Records[0].body);`],
    ['with a log', `log.info('got one'); await send(JSON.stringify(event));`],
    ['in a loop', `for (const record of event.Records) await send(record.body);`],
    ['with an answer', `await send(event.body); return { statusCode: 202, body: JSON.stringify({ ok: true }) };`],
  ])('%s', (_, body) => expect(scan(body)).toEqual(['forwards']));
  it.each([
    ['after a choice', `if (event.kind === 'a') await send(JSON.stringify(event));`],
    ['after a request', `const { data } = await axios.get('https://example.com/list'); await send(JSON.stringify(event)); return data;`],
    ['changed', `await send(JSON.stringify({ ...event, at: Date.now() }));`],
    ['to itself', `await send(JSON.stringify(context));`],
    ['twice', `await send(JSON.stringify(event)); await sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/log', MessageBody: event.body }));`],
  ])('is left alone: %s', (_, body) => expect(scan(body)).toEqual([]));
});
