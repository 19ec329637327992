import { cappedAnswers, cappedMessages, overfullBatches, wrongNumbers } from '../src/link/queries/capacity.ts';
import { wrongSettings } from '../src/link/queries/setting-limits.ts';
import { defineRule } from '../src/rule.ts';

const batch = `import { SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';\nconst queue = new SQSClient({});\nexport const handler = async ({ orders }) => {\n  for (let at = 0; at < orders.length; at += SIZE) {\n    const Entries = orders.slice(at, at + SIZE).map((order) => ({ Id: order.id, MessageBody: JSON.stringify(order) }));\n    await queue.send(new SendMessageBatchCommand({ QueueUrl: process.env.QUEUE_URL, Entries }));\n  }\n};\n`;
const message = (sent: string): string => `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nimport { SNSClient, PublishCommand } from '@aws-sdk/client-sns';\nconst store = new S3Client({});\nconst topic = new SNSClient({});\nexport const handler = async ({ bucket, key }) => {\n  const report = await store.send(new GetObjectCommand({ Bucket: bucket, Key: key }));\n  await topic.send(new PublishCommand({ TopicArn: process.env.TOPIC_ARN, Message: ${sent} }));\n};\n`;
const plain = 'export const handler = async () => ({ statusCode: 204 });\n';
const template = (memory: number): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs24.x\n      Timeout: 30\n      MemorySize: ${memory}\n`;

export default defineRule({
  id: 'no-limit-overrun',
  title: 'Disallow sizes and numbers beyond what the platform takes',
  scope: 'function',
  category: 'size',
  preset: 'strict',
  risk: 'Limits of a platform are met in production: the deployment is refused, or the call fails on the day when the data has grown.',
  references: [
    { title: 'Serverless Architecture Overview: loss of control, unexpected limits', document: '004' },
    { title: 'AWS Lambda quotas', url: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html' },
    { title: 'Amazon SQS message quotas', url: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html' },
  ],
  messages: {
    setting: { severity: 'error', text: '{what} is {value}, and the platform takes {range}.', repair: 'Set it to a value of that range.{change}' },
    layers: { severity: 'error', text: '{count} layers, and a function takes {most}.', repair: 'Join layers, or put what they hold into the package.' },
    environment: { severity: 'error', text: 'The environment holds {bytes} bytes or more, and a function takes {most}.', repair: 'Keep long values in a parameter store or a file of the package, and only their names in the environment.' },
    variable: { severity: 'error', text: 'The variable {name} holds {bytes} bytes, and one takes {most}.', repair: 'Keep the value in a file of the package or in a store.' },
    batch: { severity: 'error', text: '{operation} is given up to {count} entries and takes {most}.', repair: 'Cut the list into pieces of {most}.' },
    records: { severity: 'warning', text: '{operation} is given an entry for each record of a batch of up to {count}, and takes {most}.', repair: 'Cut the list into pieces of {most}, or lower the batch size of the trigger to that.' },
    unbounded: { severity: 'warning', text: '{operation} takes {most} entries, and nothing bounds the list that it is given: {why}.', repair: 'Cut the list into pieces of {most}.' },
    number: { severity: 'error', text: '{parameter} is {value}, and {operation} takes {range}.', repair: 'Set it to a value of that range.' },
    tooBig: { severity: 'error', text: '{what} has {bytes} bytes and goes through {channel}, which takes {most}.', repair: 'Put it into a store and send its address.' },
    whole: { severity: 'warning', text: '{what}, as a whole, goes through {channel}, which takes {most}: nothing bounds its size.', repair: 'Send the key or a signed URL of the object instead of what it holds.' },
    pages: { severity: 'warning', text: 'All pages of a store go through {channel}, which takes {most}: nothing bounds how many there are.', repair: 'Hand on page by page, with a cursor; or put the list into a store and send its address.' },
  },
  options: {},
  examples: [
    { title: 'Pieces that are too long', code: batch.replaceAll('SIZE', '25'), reports: ['batch'] },
    { title: 'Pieces that fit', code: batch.replaceAll('SIZE', '10'), reports: [] },
    { title: 'A whole object in a message', code: message('await report.Body.transformToString()'), reports: ['whole'] },
    { title: 'The address of the object', code: message('JSON.stringify({ bucket, key })'), reports: [] },
    { title: 'More memory than there is', code: plain, template: template(12288), reports: ['setting'] },
    { title: 'As much memory as there is', code: plain, template: template(10240), reports: [] },
  ],
  *check({ view }) {
    yield* wrongSettings(view);
    yield* overfullBatches(view);
    yield* wrongNumbers(view);
    yield* cappedMessages(view);
    yield* cappedAnswers(view);
  },
});
