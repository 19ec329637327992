import { filesReached, mayLieElsewhere } from '../src/link/queries/elsewhere.ts';
import { shownChange } from '../src/link/queries/iac-change.ts';
import { failureOf } from '../src/link/queries/record-failures.ts';
import { answersFailures, batchesOf, recordLoops, type Batch } from '../src/link/queries/records.ts';
import { defineRule } from '../src/rule.ts';

const template = (properties: string): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead', maxReceiveCount: 5 }\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs24.x\n      Timeout: 30\n      Events:\n        Jobs:\n          Type: SQS\n          Properties:\n            Queue: !GetAtt Jobs.Arn\n${properties}`;
const head = `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';\nconst table = new DynamoDBClient({});\nconst put = (record) => table.send(new PutItemCommand({ TableName: 'jobs', Item: { id: { S: record.messageId } } }));\n`;
const loop = `${head}export const handler = async (event) => {\n  for (const record of event.Records) {\n    await put(record);\n  }\n};\n`;
const collecting = `${head}export const handler = async (event) => {\n  const batchItemFailures = [];\n  for (const record of event.Records) {\n    try {\n      await put(record);\n    } catch {\n      batchItemFailures.push({ itemIdentifier: record.messageId });\n    }\n  }\n  return { batchItemFailures };\n};\n`;

export default defineRule({
  id: 'require-partial-batch-response',
  title: 'Require batches to say which of their records failed',
  scope: 'function',
  category: 'chains',
  preset: 'strict',
  risk: 'One record that fails makes the platform hand over the whole batch again: what succeeded is done twice, and a record that always fails holds up all others.',
  references: [
    { title: 'Serverless Architecture Overview: transactionality', document: '004' },
    { title: 'AWS Lambda: reporting batch item failures', url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html' },
  ],
  messages: {
    throws: { severity: 'warning', text: 'A record that fails here fails the whole batch of {size}: the mapping does not ask which records failed.', repair: 'Catch failures record by record, return them as batchItemFailures, and set ReportBatchItemFailures on the mapping; or set the batch size to 1.{change}' },
    ignored: { severity: 'warning', text: 'The handler returns batchItemFailures, and this mapping does not ask for them: a record that failed counts as done.', repair: 'Ask for ReportBatchItemFailures on the mapping.{change}' },
  },
  options: {},
  examples: [
    { title: 'Throws out of the loop', code: loop, template: template(''), reports: ['throws'] },
    { title: 'Failures that nobody asks for', code: collecting, template: template(''), reports: ['ignored'] },
    { title: 'Failures that are asked for', code: collecting, template: template('            FunctionResponseTypes: [ReportBatchItemFailures]\n'), reports: [] },
    { title: 'One record at a time', code: loop, template: template('            BatchSize: 1\n'), reports: [] },
  ],
  *check({ view }) {
    const { fn } = view;
    const asking = (one: { readonly partialBatchResponse?: boolean }): boolean => one.partialBatchResponse === true;
    const mapped = fn.triggers.filter((trigger) => fn.platform === 'aws' && trigger.enabled !== false && /^(?:@queues|@tables-streams|sqs|kinesis|dynamodb|stream|queue)/i.test(trigger.source) && (trigger.kind === 'queue' || trigger.kind === 'stream'));
    if (mapped.length === 0 || mayLieElsewhere(view)) return;
    const answers = answersFailures(view);
    if (answers) {
      // A trigger that only the code shows has a mapping that nobody here wrote: it may well ask.
      for (const trigger of fn.foundBy === 'evidence' ? [] : mapped) {
        const at = trigger.location ?? fn.declaredAt[0];
        if (asking(trigger) || !at) continue;
        yield { message: 'ignored', at, data: { change: shownChange(fn, trigger.writtenAt ?? at, { set: 'partialBatchResponse' }, at) }, flow: answers.body ? [{ ...view.location({ file: answers.body.file, start: answers.start ?? 0, end: answers.end ?? 0 }), message: 'returns batchItemFailures' }] : [] };
      }
      return;
    }
    const batch: Batch | undefined = batchesOf(view, true).find(({ trigger }) => !asking(trigger));
    if (!batch) return;
    // One finding a handler: the loop that talks to something outside, else the first that can fail.
    const failing = recordLoops(view).flatMap((loop) => { const failure = failureOf(view, loop); return failure ? [{ loop, failure }] : []; });
    const worst = failing.find(({ failure }) => failure.outside) ?? failing[0];
    if (!worst) return;
    const { loop, failure } = worst;
    yield {
      message: 'throws', at: { file: loop.body.file, start: loop.at.start, end: loop.end },
      data: {
        size: batch.written ? batch.size : `${batch.size} (the default)`,
        change: shownChange(fn, batch.trigger.writtenAt ?? batch.trigger.location, { set: 'partialBatchResponse' }, view.location({ file: loop.body.file, start: loop.at.start, end: loop.end })),
      },
      flow: [...(batch.trigger.location ? [{ ...batch.trigger.location, message: `mapping of ${fn.name}` }] : []), ...loop.body.path, { ...view.location(failure.place), message: failure.what }],
      key: `${loop.body.file}:${loop.at.start}`, evidence: filesReached(view),
    };
  },
});
