import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-self-invocation.ts';
import type { Resource, ResourceKind, ServerlessFunction, Trigger, TriggerFilter } from '../../src/model/function.ts';
import { literal, type Value } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

const imports = `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'; import { DeleteMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'; import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'; import { PutCommand, UpdateCommand, DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'; import { UpdateItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'; import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'; import { again, send, Mailer } from './lib';
const lambda = new LambdaClient({}); const sqs = new SQSClient({}); const s3 = new S3Client({}); const raw = new DynamoDBClient({}); const db = DynamoDBDocumentClient.from(raw); const sns = new SNSClient({});\n`;
const lib = `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'; import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const lambda = new LambdaClient({}); const sqs = new SQSClient({});
export const again = async (context, data) => lambda.send(new InvokeCommand({ FunctionName: context.functionName, InvocationType: 'Event', Payload: JSON.stringify(data) }));
export async function send(url, body) { await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(body) })); }
export class Mailer { constructor(url) { this.url = url; } async mail(body) { await sqs.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: body })); } }
`;

const own = (kind: Trigger['kind'], id: string, filters: readonly TriggerFilter[] = []): Trigger => ({ kind, source: kind, filters, resource: { kind: 'resource', unit: 'template.yaml', id, attribute: 'Arn' } });
const named = (id: string, kind: ResourceKind, properties: Value = { kind: 'object', entries: [], open: false }): Resource => ({ id: `template.yaml#${id}`, unit: 'template.yaml', logicalId: id, kind, type: kind, physicalName: literal(id.toLowerCase()), location: { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 }, properties });
const keySchema: Value = { kind: 'object', open: false, entries: [['KeySchema', { kind: 'array', open: false, items: [{ kind: 'object', open: false, entries: [['AttributeName', literal('id')]] }] }]] };
const resources = [named('Jobs', 'queue'), named('Files', 'bucket'), named('Items', 'table', keySchema), named('Alerts', 'topic')];
const prefixed = (prefix?: string, suffix?: string): TriggerFilter => ({ kind: 'object', events: ['s3:ObjectCreated:*'], rules: [{ ...(prefix === undefined ? {} : { prefix: literal(prefix) }), ...(suffix === undefined ? {} : { suffix: literal(suffix) }) }] });
const inserts: TriggerFilter = { kind: 'records', patterns: [{ kind: 'object', open: false, entries: [['eventName', { kind: 'array', open: false, items: [literal('INSERT')] }]] }] };

/** `message@file:line` of the findings; lines of `a.mjs` count after its head. */
function scan(body: string, triggers: readonly Trigger[] = [], extra: Partial<ServerlessFunction> = {}): readonly string[] {
  const source = `${imports}export const handler = async (event, context) => {\n${body}\n};`;
  const { fn, project: whole } = project({ 'a.mjs': source, 'lib.mjs': lib }, [deployed('F', 'a.mjs', { triggers, physicalName: literal('svc-f'), ...extra })], resources);
  return [...rule.check({ view: fn, options: {} })].map((report) => {
    const { file, line } = 'start' in report.at ? whole.location(report.at) : report.at;
    return `${report.message}@${file === 'a.mjs' ? line - 3 : `${file}:${line}`}`;
  });
}

const record = 'const r = event.Records[0]; const key = r.s3.object.key;';
const invoke = (payload: string, name = 'context.functionName'): string => `await lambda.send(new InvokeCommand({ FunctionName: ${name}, InvocationType: 'Event', Payload: JSON.stringify(${payload}) }));`;

describe('no-self-invocation reports', () => {
  it.each<[string, string, readonly Trigger[], readonly string[]]>([
    ['a qualified own name', invoke('event', "'svc-f:live'"), [], ['invokes@1']],
    ['an own name with an empty default', invoke('event', "process.env.AWS_LAMBDA_FUNCTION_NAME ?? ''"), [], ['invokes@1']],
    ['the helper that reads the name from the context', 'await again(context, event);', [], ['invokes@lib.mjs:3']],
    ['the caller that names the queue', "await send('jobs', event);", [own('queue', 'Jobs')], ['feeds@1']],
    ['each caller once', "await send('jobs', 1);\nawait send('jobs', 2);", [own('queue', 'Jobs')], ['feeds@1', 'feeds@2']],
    ['a wrapper whose constructor gets the queue', "const mailer = new Mailer('jobs');\nawait mailer.mail('x');", [own('queue', 'Jobs')], ['feeds@2']],
    ['a helper in a loop of callbacks', "await Promise.all(event.Records.map((r) => send('jobs', r)));", [own('queue', 'Jobs')], ['feeds@1']],
    ['a counter that nobody compares', invoke('{ n: event.n + 1 }'), [], ['invokes@1']],
    ['a counter that moves away from its limit', `if (event.n > 10) return;\n${invoke('{ n: event.n - 1 }')}`, [], ['invokes@2']],
    ['a counter in the wrong direction, enclosed', `if (event.n > 0) {\n${invoke('{ n: event.n + 1 }')} }`, [], ['invokes@2']],
    ['a compared value carried unchanged', `if (event.n > 10) return;\n${invoke('{ n: event.n }')}`, [], ['invokes@2']],
    ['a marker that another branch sets', `if (event.done) return;\n${invoke('{ done: false }')}`, [], ['invokes@2']],
    ['a counter cut by the platform', `if (event.n >= 100) return;\n${invoke('{ n: event.n + 1 }')}`, [], ['cut@2']],
    ['a counter with a client that leaves no mark', `lambda.middlewareStack.remove('recursionDetectionMiddleware'); if (event.n >= 100) return;\n${invoke('{ n: event.n + 1 }')}`, [], ['unmarked@2']],
    ['a counter where only another client leaves no mark', `sqs.middlewareStack.remove('recursionDetectionMiddleware'); if (event.n >= 100) return;\n${invoke('{ n: event.n + 1 }')}`, [], ['cut@2']],
    ['no counter, and no mark', `lambda.middlewareStack.remove('recursionDetectionMiddleware');\n${invoke('event')}`, [], ['invokes@2']],
    ['a list that gets shorter', `const rest = event.ids.slice(10);\nif (rest.length > 0) ${invoke('{ ids: rest }')}`, [], ['cut@2']],
    ['a list that stays as long as it is', `const rest = event.ids;\nif (rest.length > 0) ${invoke('{ ids: rest }')}`, [], ['invokes@2']],
    ['a copy in its own bucket', `${record}\nawait s3.send(new CopyObjectCommand({ Bucket: 'files', Key: \`\${key}.bak\`, CopySource: 'x/y' }));`, [own('bucket', 'Files')], ['feeds@2']],
    ['a key that keeps the prefix', `${record}\nawait s3.send(new PutObjectCommand({ Bucket: 'files', Key: key.replace('.csv', '.json') }));`, [own('bucket', 'Files', [prefixed('in/')])], ['feeds@2']],
    ['an update by the key of the record', "await db.send(new UpdateCommand({ TableName: 'items', Key: { id: event.Records[0].dynamodb.Keys.id.S }, UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': 1 } }));", [own('stream', 'Items')], ['feeds@1']],
    ['a marker of another attribute of the same type', "if (event.Records[0].dynamodb.NewImage.seen.BOOL) return;\nawait raw.send(new UpdateItemCommand({ TableName: 'items', Key: { id: { S: 'a' } }, UpdateExpression: 'SET done = :d', ExpressionAttributeValues: { ':d': { BOOL: true } } }));", [own('stream', 'Items')], ['feeds@2']],
    ['a new item where only new items pass', "await db.send(new PutCommand({ TableName: 'items', Item: { id: crypto.randomUUID(), n: 1 } }));", [own('stream', 'Items', [inserts])], ['feeds@1']],
    ['a field that is written before it is asked for', `event.items = await load(); if (event.items) ${invoke('{ n: 1 }')}`, [], ['doubtful@1']],
    ['a field of any name that is written before', `for (const k of keys()) event[k] = 1; if (event.items) ${invoke('{ n: 1 }')}`, [], ['doubtful@1']],
    ['a field that the next round writes in a loop', `for (const k of keys()) { if (event.items) ${invoke('{ n: 1 }')} event.items = k; }`, [], ['doubtful@1']],
    ['a kind that the message has', `if (event.kind === 'go') ${invoke("{ kind: 'go' }")}`, [], ['invokes@1']],
    ['its own topic', "await sns.send(new PublishCommand({ TopicArn: event.Records[0].Sns.TopicArn, Message: 'x' }));", [own('topic', 'Alerts')], ['feeds@1']],
  ])('%s', (_name, body, triggers, expected) => expect(scan(body, triggers)).toEqual(expected));

  it.each<[string, string, readonly Trigger[], Partial<ServerlessFunction>]>([
    ['a check that may end a chain that is allowed', `event.items = await load(); if (event.items) ${invoke('{ n: 1 }')}`, [], { recursiveLoop: { value: 'Allow', location: { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } } }],
    ['a check of a key that is not known', `${record}\nif (await load(key)) await s3.send(new PutObjectCommand({ Bucket: 'files', Key: make(key) }));`, [own('bucket', 'Files')], {}],
  ])('possible: %s', (_name, body, triggers, extra) => expect(scan(body, triggers, extra).map((spot) => spot.replace(/@\d+$/, ''))).toEqual(['possible']));

  it.each<[string, string, readonly Trigger[], Partial<ServerlessFunction>]>([
    ['a counter with RecursiveLoop: Allow', `if (event.n >= 100) return; ${invoke('{ n: event.n + 1 }')}`, [], { recursiveLoop: { value: 'Allow', location: { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } } }],
    ['a counter with a low limit', `if (event.n >= 3) return; ${invoke('{ n: event.n + 1 }')}`, [], {}],
    ['a kind that the message lacks', `if (event.kind === 'go') ${invoke('{ n: 1 }')}`, [], {}],
    ['a deep field that the message lacks', `if (event.batch?.items) ${invoke('{ n: 1 }')}`, [], {}],
    ['a list that the message lacks', `if (Array.isArray(event.items)) ${invoke('{ n: 1 }')}`, [], {}],
    ['a field that is asked for by name', `if ('items' in event) ${invoke('{ n: 1 }')}`, [], {}],
    ['a field that is written in the other branch', `if (event.first) event.items = []; else if (event.items) ${invoke('{ n: 1 }')}`, [], {}],
    ['a marker in the item', "if (event.Records[0].dynamodb.NewImage.done?.BOOL) return; await raw.send(new UpdateItemCommand({ TableName: 'items', Key: { id: { S: 'a' } }, UpdateExpression: 'SET #d = :d', ExpressionAttributeNames: { '#d': 'done' }, ExpressionAttributeValues: { ':d': { BOOL: true } } }));", [own('stream', 'Items')], {}],
  ])('ends: %s', (_name, body, triggers, extra) => expect(scan(body, triggers, extra)).toEqual(['ends@1']));
});

describe('no-self-invocation stays quiet', () => {
  it.each<[string, string, readonly Trigger[]]>([
    ['a message that is taken off the own queue', "await sqs.send(new DeleteMessageCommand({ QueueUrl: 'jobs', ReceiptHandle: event.Records[0].receiptHandle }));", [own('queue', 'Jobs')]],
    ['the own name in a log', 'console.log(context.functionName, context.invokedFunctionArn);', []],
    ['the own name in a payload for another function', invoke('{ from: context.functionName }', "'other'"), []],
    ['a name that begins like the own one', invoke('event', "'svc-f2'"), []],
    ['a name from the event', invoke('event', 'event.target'), []],
    ['a name from the environment that nobody declares', invoke('event', 'process.env.NEXT'), []],
    ['a dry run', "await lambda.send(new InvokeCommand({ FunctionName: context.functionName, InvocationType: 'DryRun' }));", []],
    ['a command that nobody sends', 'const c = new InvokeCommand({ FunctionName: context.functionName }); console.log(c.input);', []],
    ['plain recursion', 'const f = (n) => (n > 0 ? f(n - 1) : 0); return f(event.n);', []],
    ['another queue through the same helper', "await send('other', event);", [own('queue', 'Jobs')]],
    ['a wrapper for another queue', "await new Mailer('other').mail('x');", [own('queue', 'Jobs')]],
    ['a queue of another account', "await send('https://sqs.eu-west-1.amazonaws.com/222222222222/jobs', event);", [{ ...own('queue', 'Jobs'), resource: literal('arn:aws:sqs:eu-west-1:111111111111:jobs') }]],
    ['a queue of another region', "await send('https://sqs.us-east-1.amazonaws.com/111111111111/jobs', event);", [{ ...own('queue', 'Jobs'), resource: literal('arn:aws:sqs:eu-west-1:111111111111:jobs') }]],
    ['a disabled trigger', "await send('jobs', event);", [{ ...own('queue', 'Jobs'), enabled: false }]],
    ['a read of its own bucket', `${record} await s3.send(new GetObjectCommand({ Bucket: 'files', Key: key }));`, [own('bucket', 'Files')]],
    ['a removal from its own bucket', `${record} await s3.send(new DeleteObjectCommand({ Bucket: 'files', Key: key }));`, [own('bucket', 'Files', [prefixed('in/')])]],
    ['another prefix', `${record} await s3.send(new PutObjectCommand({ Bucket: 'files', Key: \`out/\${key}\` }));`, [own('bucket', 'Files', [prefixed('in/')])]],
    ['another suffix', `${record} await s3.send(new PutObjectCommand({ Bucket: 'files', Key: \`\${key}.json\` }));`, [own('bucket', 'Files', [prefixed(undefined, '.csv')])]],
    ['the prefix replaced', `${record} await s3.send(new PutObjectCommand({ Bucket: 'files', Key: key.replace('in/', 'out/') }));`, [own('bucket', 'Files', [prefixed('in/')])]],
    ['the prefix replaced by a pattern', `${record} await s3.send(new PutObjectCommand({ Bucket: 'files', Key: key.replace(/^in\\//, 'out/') }));`, [own('bucket', 'Files', [prefixed('in/')])]],
    ['the suffix replaced', `${record} await s3.send(new PutObjectCommand({ Bucket: 'files', Key: key.replace('.csv', '.json') }));`, [own('bucket', 'Files', [prefixed(undefined, '.csv')])]],
    ['an update where only new items pass', "await db.send(new UpdateCommand({ TableName: 'items', Key: { id: event.Records[0].dynamodb.Keys.id.S }, UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': 1 } }));", [own('stream', 'Items', [inserts])]],
    ['a put over the record where only new items pass', "const { id } = event.Records[0].dynamodb.Keys; await db.send(new PutCommand({ TableName: 'items', Item: { id: id.S, seen: true } }));", [own('stream', 'Items', [inserts])]],
    ['an update under attribute_exists where only new items pass', "await db.send(new UpdateCommand({ TableName: 'items', Key: { id: 'total' }, UpdateExpression: 'SET n = :n', ConditionExpression: 'attribute_exists(id)', ExpressionAttributeValues: { ':n': 1 } }));", [own('stream', 'Items', [inserts])]],
    ['a removal where only new items pass', "await db.send(new DeleteCommand({ TableName: 'items', Key: { id: 'a' } }));", [own('stream', 'Items', [inserts])]],
    ['another table', "await db.send(new PutCommand({ TableName: 'audit', Item: { id: 'a' } }));", [own('stream', 'Items')]],
  ])('%s', (_name, body, triggers) => expect(scan(body, triggers)).toEqual([]));
});
