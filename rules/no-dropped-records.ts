import { droppedRecords } from '../src/link/queries/dropped-records.ts';
import { filesReached, mayLieElsewhere } from '../src/link/queries/elsewhere.ts';
import { answersFailures, batchesOf } from '../src/link/queries/records.ts';
import { defineRule } from '../src/rule.ts';

const template = (properties = ''): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs24.x\n      Timeout: 30\n      Events:\n        Jobs:\n          Type: SQS\n          Properties:\n            Queue: arn:aws:sqs:eu-west-1:123456789012:jobs\n${properties}`;
const store = `import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';\nconst store = new S3Client({});\nconst save = (record) => store.send(new PutObjectCommand({ Bucket: 'jobs', Key: record.messageId, Body: record.body }));\n`;
const first = `${store}export const handler = async (event) => {\n  await save(event.Records[0]);\n};\n`;

export default defineRule({
  id: 'no-dropped-records',
  title: 'Disallow handlers that look at a part of their batch only',
  scope: 'function',
  category: 'chains',
  preset: 'recommended',
  risk: 'The platform takes a batch for done when the handler returns: records that nobody looked at are deleted with it, without an error and without a trace.',
  references: [
    { title: 'Serverless Architecture Overview: transactionality', document: '004' },
    { title: 'AWS Lambda: batching behavior', url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html' },
  ],
  messages: {
    first: { severity: 'error', text: 'Only the first record is read, of up to {size}: the others are acknowledged and lost.', repair: 'Go through all records, or set the batch size to 1.' },
    leaves: { severity: 'error', text: 'This return ends the invocation in the middle of a batch of up to {size}: the records behind it are acknowledged and lost.', repair: 'Go on with the next record (continue), or set the batch size to 1.' },
  },
  options: {},
  examples: [
    { title: 'The first record only', code: first, template: template(), reports: ['first'] },
    { title: 'One record a batch', code: first, template: template('            BatchSize: 1\n'), reports: [] },
    { title: 'All records', code: `${store}export const handler = async (event) => {\n  for (const record of event.Records) await save(record);\n};\n`, template: template(), reports: [] },
  ],
  *check({ view }) {
    const [batch] = batchesOf(view, false);
    if (!batch || mayLieElsewhere(view) || answersFailures(view)) return;
    for (const { kind, place, body } of droppedRecords(view)) {
      yield { message: kind, at: place, data: { size: batch.written ? batch.size : `${batch.size} (the default)` }, flow: [...(batch.trigger.location ? [{ ...batch.trigger.location, message: `batches of ${view.fn.name}` }] : []), ...body.path], key: `${place.file}:${place.start}`, evidence: filesReached(view) };
    }
  },
});
