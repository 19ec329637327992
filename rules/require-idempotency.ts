import { filesReached } from '../src/link/queries/elsewhere.ts';
import { repeatedEffects } from '../src/link/queries/repeated-effects.ts';
import { defineRule } from '../src/rule.ts';

const template = (events: string): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs24.x\n      CodeUri: .\n      Timeout: 30\n      Events:\n        Source:\n${events}`;
const queue = template(`          Type: SQS\n          Properties: { Queue: 'arn:aws:sqs:eu-west-1:123456789012:orders' }\n`);
const http = template(`          Type: HttpApi\n          Properties: { Path: /orders, Method: post }\n`);
const head = `import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({});\n`;
const count = (condition: string): string => `${head}export const handler = async (event) => {\n  for (const record of event.Records) {\n    const { id, customer, amount } = JSON.parse(record.body);\n    await client.send(new UpdateItemCommand({\n      TableName: 'totals', Key: { customer: { S: customer } },\n      UpdateExpression: 'SET spent = spent + :amount, lastOrder = :id',${condition}\n      ExpressionAttributeValues: { ':amount': { N: amount }, ':id': { S: id } },\n    }));\n  }\n};\n`;
const again = 'when {trigger} delivers its event a second time, and nothing in the function recognises that{more}.';

export default defineRule({
  id: 'require-idempotency',
  title: 'Require that an event which comes twice is recognised',
  scope: 'function',
  category: 'chains',
  preset: 'strict',
  risk: 'Queues, topics, streams and storage events deliver at least once: what counts, charges, mails or inserts does so twice, without any error that somebody could see.',
  references: [
    { title: 'Serverless Architecture Overview: transactionality', document: '004' },
    { title: 'AWS Lambda: retries and idempotency', url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html' },
    { title: 'Cloud Run functions: retrying event-driven functions', url: 'https://cloud.google.com/functions/docs/bestpractices/retries' },
    { title: 'Azure Functions: designing for identical input', url: 'https://learn.microsoft.com/azure/azure-functions/functions-idempotent' },
  ],
  messages: {
    charge: { severity: 'info', text: `{call} moves the money again ${again}`, repair: 'Give the request an idempotency key that is made from the event.' },
    increment: { severity: 'info', text: `{call} counts again ${again}`, repair: 'Store the id of the event with the count and make the write conditional on it, or wrap the handler with an idempotency utility.' },
    append: { severity: 'info', text: `{call} appends again ${again}`, repair: 'Append only on the condition that the entry is not there, or store it under the id of the event.' },
    mail: { severity: 'info', text: `{call} sends the mail again ${again}`, repair: 'Before it is sent, store a mark under the id of the event on the condition that there is none.' },
    message: { severity: 'info', text: `{call} sends the message again ${again}`, repair: 'Before it is sent, store a mark under the id of the event on the condition that there is none.' },
    insert: { severity: 'info', text: `{call} stores another item ${again}`, repair: 'Make the id from the event instead of at random or from the time, so that the second write meets the first.' },
  },
  options: {},
  examples: [
    { title: 'Counts a message twice', code: count(''), template: queue, reports: ['increment'] },
    { title: 'Refuses what it has counted', code: count(`\n      ConditionExpression: 'lastOrder <> :id',`), template: queue, reports: [] },
    { title: 'A new id each time', code: `import { randomUUID } from 'node:crypto';\nimport { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({});\nexport const handler = async (event) => {\n  await client.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: randomUUID() }, text: { S: event.Records[0].body } } }));\n};\n`, template: queue, reports: ['insert'] },
    { title: 'The caller decides whether to ask again', code: count(''), template: http, reports: [] },
  ],
  *check({ view }) {
    const repeated = repeatedEffects(view);
    const [first] = repeated?.found ?? [];
    if (!repeated || !first) return;
    const others = new Set(repeated.found.map(({ item }) => `${item.place.file}:${item.place.start}`)).size - 1;
    const { item, repeat } = first;
    yield {
      message: repeat, at: item.place, flow: item.path, evidence: filesReached(view),
      data: { call: item.effect.detail, trigger: repeated.trigger.source, more: others === 0 ? '' : ` (nor with ${others} more such ${others === 1 ? 'call' : 'calls'})` },
      ...(item.body.certain ? {} : { assumptions: ['the call that leads here is one of several possible ones'] }),
    };
  },
});
