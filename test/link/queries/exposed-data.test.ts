import { describe, expect, it } from 'vitest';
import { exposedDataOf } from '../../../src/link/queries/exposed-data.ts';
import { deployed, project } from '../../support/memory.ts';

const head = "import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';\nimport { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst table = new DynamoDBClient({});\nconst queue = new SQSClient({});\n";
const calls = {
  get: "await table.send(new GetItemCommand({ TableName: 't', Key: {} }));",
  put: "await table.send(new PutItemCommand({ TableName: 't', Item: {} }));",
  update: "await table.send(new UpdateItemCommand({ TableName: 't', Key: {} }));",
  send: "await queue.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'm' }));",
};
const told = (...names: readonly (keyof typeof calls)[]): string => {
  const { fn } = project({ 'a.js': `${head}export const handler = async () => { ${names.map((name) => calls[name]).join(' ')} };\n` }, [deployed('A', 'a.js')]);
  const data = exposedDataOf(fn);
  return `${data?.verb ?? ''} ${data?.what ?? ''}`;
};

describe('what a message names of several effects', () => {
  it.each<[readonly (keyof typeof calls)[], string]>([
    [['get', 'put'], 'writes dynamodb (PutItem)'],
    [['put', 'update'], 'writes dynamodb (PutItem)'],
    [['send', 'put'], 'writes dynamodb (PutItem)'],
    [['get', 'send'], 'sends to sqs (SendMessage)'],
  ])('%j: %s, in whatever order they stand', (names, expected) => {
    expect(told(...names)).toBe(expected);
    expect(told(...[...names].reverse())).toBe(expected);
  });
});

describe('a Worker with several handlers', () => {
  const of = (fetch: string): string => {
    const code = `${head}const keep = async () => { ${calls.put} };\nexport default {\n  async fetch(request) { ${fetch} return new Response('ok'); },\n  async scheduled() { await keep(); },\n};\n`;
    const handlers = ['fetch', 'scheduled'].map((kind) => ({ file: 'a.js', export: `default.${kind}`, kind }));
    const { fn } = project({ 'a.js': code }, [deployed('W', 'a.js', { platform: 'cloudflare', handlers })]);
    const data = exposedDataOf(fn);
    return `${data?.verb ?? ''} ${data?.what ?? ''}`;
  };
  it('does for callers what its handler of requests leads to', () => {
    expect(of('await keep();')).toBe('writes dynamodb (PutItem)');
    expect(of('')).toBe(' ');
  });
});

describe('inputs of Azure Functions', () => {
  const binding = { name: 'rows', type: 'sql', direction: 'in', kind: 'document' } as const;
  it.each([[binding, 'reads'], [{ ...binding, changes: true as const }, 'writes']] as const)('%j', (one, verb) => {
    const { fn } = project({ 'a.js': 'module.exports = async () => {};' }, [deployed('A', 'a.js', { platform: 'azure', bindings: [one] })]);
    expect(exposedDataOf(fn)).toEqual({ verb, what: 'sql (binding)' });
  });
});
