import { filesReached } from '../src/link/queries/elsewhere.ts';
import { uncompensated } from '../src/link/queries/uncompensated.ts';
import type { ReachedEffect } from '../src/link/queries/effects.ts';
import { defineRule } from '../src/rule.ts';

const template = `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs24.x\n      CodeUri: .\n      Timeout: 30\n      Events:\n        Route:\n          Type: HttpApi\n          Properties: { Path: /orders, Method: post }\n`;
const head = `import { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';\nimport { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst table = new DynamoDBClient({});\nconst queue = new SQSClient({});\nexport const handler = async (event) => {\n`;
const name = ({ effect }: ReachedEffect): string => `${effect.detail} (${effect.service})`;

export default defineRule({
  id: 'no-uncompensated-writes',
  title: 'Disallow writes to several resources of which one can fail alone',
  scope: 'function',
  category: 'chains',
  preset: 'strict',
  risk: 'No transaction spans a table and a queue: when the second write fails or the function is killed between the two, the first stays, nobody runs the rest, and the two disagree until somebody notices.',
  references: [
    { title: 'Serverless Architecture Overview: transactionality', document: '004' },
    { title: 'AWS Prescriptive Guidance: transactional outbox pattern', url: 'https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/transactional-outbox.html' },
    { title: 'Azure Architecture Center: compensating transaction pattern', url: 'https://learn.microsoft.com/azure/architecture/patterns/compensating-transaction' },
  ],
  messages: {
    stays: { severity: 'info', text: '{first} in line {line} stays done when {second} fails here: no transaction, outbox or compensation{more}.', repair: 'Write both in one transaction; or store the message with the data and let the table\'s stream, or a second step, send it; or take the first write back when the second fails; or let a state machine or a queue with retries run the two steps.' },
  },
  options: {},
  examples: [
    { title: 'Stored, and perhaps never sent', code: `${head}  await table.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: event.body } } }));\n  await queue.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders', MessageBody: event.body }));\n};\n`, template, reports: ['stays'] },
    { title: 'An outbox', code: `${head}  await table.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: 'orders', Item: { id: { S: event.body } } } }, { Put: { TableName: 'outbox', Item: { id: { S: event.body } } } }] }));\n};\n`, template, reports: [] },
  ],
  *check({ view }) {
    for (const { first, second, more } of uncompensated(view)) {
      // One business call for both: the calls themselves tell them apart.
      const isOne = first.place.file === second.place.file && first.place.start === second.place.start;
      const [before, place] = isOne ? [first.call?.place ?? first.place, second.call?.place ?? second.place] : [first.place, second.place];
      const at = view.location(before);
      const sure = first.body.certain && second.body.certain;
      yield {
        message: 'stays', at: place, flow: [...second.path, { ...at, message: `${name(first)} is done` }], evidence: filesReached(view),
        data: { first: name(first), second: name(second), line: at.file === place.file ? at.line : `${at.line} of ${at.file}`, more: more === 0 ? '' : `; ${more} more ${more === 1 ? 'write follows' : 'writes follow'}` },
        ...(sure ? {} : { assumptions: ['a call that leads here is one of several possible ones'] }),
      };
    }
  },
});
