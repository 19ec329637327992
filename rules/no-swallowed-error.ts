import { sendersOfEvents } from '../src/link/graph/invoked.ts';
import { swallowedIn, type Swallowed } from '../src/link/queries/swallowed.ts';
import type { FunctionView } from '../src/model/project.ts';
import { defineRule, type Report } from '../src/rule.ts';

const repair = 'Throw the error again after logging it, list the record in batchItemFailures, or store or send what failed so that something tries it again.';

export default defineRule({
  id: 'no-swallowed-error',
  title: 'Disallow errors that are caught and dropped while the event counts as done',
  scope: 'function',
  category: 'chains',
  preset: 'strict',
  risk: 'The platform tries again and fills the dead-letter queue only when an invocation fails: an error that ends in a log line loses the event for good.',
  references: [
    { title: 'What is Serverless Architecture: a dozen of functions', document: '003' },
    { title: 'AWS Lambda: how Lambda handles errors and retries with asynchronous invocation', url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html' },
    { title: 'Cloud Run functions: retrying event-driven functions', url: 'https://cloud.google.com/functions/docs/bestpractices/retries' },
  ],
  messages: {
    caught: { severity: 'warning', text: 'The error of the main work is {what} here, and the invocation succeeds: {trigger} does not try again.', repair },
    answered: { severity: 'warning', text: 'The error is {what} here, and the caller is told that all went well.', repair: 'Throw it, answer with a failure, or store what failed so that something tries it again.' },
    settled: { severity: 'warning', text: 'Nobody looks for rejected results of Promise.allSettled: what fails is dropped, and {trigger} does not try again.', repair: 'Look for rejected results and throw, or list their records in batchItemFailures; where one failure may fail all, use Promise.all.' },
    counted: { severity: 'info', text: 'Rejections of Promise.allSettled are only logged, and {trigger} does not try again.', repair: 'Throw when one was rejected, or list the records in batchItemFailures.' },
    leaves: { severity: 'warning', text: 'This return after an error ends the invocation in the middle of a batch: the records behind it are acknowledged with it.', repair: 'Go on with the next record, throw, or list what is left in batchItemFailures.' },
    refused: { severity: 'warning', text: 'A request that was refused is {what} here, and the invocation succeeds: {trigger} does not try again.', repair: 'Throw when the answer is no success: fetch does not. Or store what failed so that something tries it again.' },
    skipped: { severity: 'warning', text: 'A record that does not parse is {what} here and counts as done: {trigger} does not hand it over again, and no dead-letter queue keeps it.', repair: 'List it in batchItemFailures, throw, or put it aside where somebody finds it (a queue, a bucket).' },
    reported: { severity: 'info', text: 'The error is reported here and the invocation succeeds: somebody knows, and {trigger} still does not try again.', repair },
  },
  options: {},
  examples: [
    { title: 'Logged, and gone', code: `import { PutItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({});\nexport const handler = async (event) => {\n  try {\n    await client.send(new PutItemCommand({ TableName: 'orders', Item: event.detail }));\n  } catch (error) {\n    console.error(error);\n  }\n};\n`, template: `AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Function:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs22.x\n      CodeUri: .\n      Timeout: 30\n      Events:\n        Bus:\n          Type: EventBridgeRule\n          Properties:\n            Pattern: { source: [orders] }\n`, reports: ['caught'] },
    { title: 'Thrown again', code: `import { PutItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({});\nexport const handler = async (event) => {\n  try {\n    await client.send(new PutItemCommand({ TableName: 'orders', Item: event.detail }));\n  } catch (error) {\n    console.error(error);\n    throw error;\n  }\n};\n`, template: `AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Function:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs22.x\n      CodeUri: .\n      Timeout: 30\n      Events:\n        Bus:\n          Type: EventBridgeRule\n          Properties:\n            Pattern: { source: [orders] }\n`, reports: [] },
  ],
  check: ({ view }) => reports(view, []),
  // Whether somebody waits for a function that nothing declares a trigger of is told by those who start it.
  last: {
    wants: (view) => view.project.whole && view.fn.platform === 'aws' && view.fn.triggers.length === 0 && swallowedIn(view, true).length > 0,
    check({ view }) {
      const senders = sendersOfEvents(view);
      return senders.length > 0 ? reports(view, senders) : [];
    },
  },
});

function* reports(view: FunctionView, senders: readonly string[]): Generator<Report> {
  const trigger = senders.length > 0 ? 'an asynchronous invocation' : (view.fn.triggers.find((one) => one.kind !== 'http' && one.kind !== 'url')?.source ?? 'the platform');
  for (const item of swallowedIn(view, senders.length > 0)) {
    yield {
      message: messageOf(item), at: item.place, flow: item.body.path, key: `${item.place.file}:${item.place.start}`, data: { what: item.outcome === 'logged' ? 'only logged' : 'dropped', trigger: `the trigger (${trigger})` },
      ...(item.form === 'skipped' && item.outcome === 'logged' ? { severity: 'info' as const } : {}),
      ...(item.files.length + senders.length > 0 ? { evidence: [...item.files, ...senders] } : {}),
      ...(item.body.certain ? {} : { assumptions: ['the call that leads here is one of several possible ones'] }),
    };
  }
}

function messageOf(item: Swallowed): 'caught' | 'answered' | 'settled' | 'counted' | 'reported' | 'leaves' | 'refused' | 'skipped' {
  if (item.form === 'leaves' || (item.form === 'refused' && !item.answered)) return item.form;
  if (item.outcome === 'reported') return 'reported';
  if (item.form === 'skipped') return item.form;
  if (item.form !== 'settled') return item.answered ? 'answered' : 'caught';
  return item.outcome === 'logged' ? 'counted' : 'settled';
}
