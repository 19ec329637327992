import { memoryOf, wholeReads } from '../src/link/queries/whole-reads.ts';
import { defineRule } from '../src/rule.ts';

const template = (memory: number): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs22.x\n      MemorySize: ${memory}\n`;

export default defineRule({
  id: 'no-memory-overrun',
  title: 'Disallow reading objects of any size into memory as a whole',
  scope: 'function',
  category: 'exposure',
  preset: 'strict',
  risk: 'An object larger than what is left of the function’s memory ends the process in the middle of its work, and the event is tried again and ends it again.',
  references: [
    { title: 'What is serverless and when should you use it: limit how much memory', document: '002' },
    { title: 'AWS Lambda: configure function memory', url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html' },
    { title: 'Cloudflare Workers: limits (memory), and streaming instead of buffering', url: 'https://developers.cloudflare.com/workers/platform/limits/#memory' },
  ],
  messages: {
    whole: { severity: 'info', text: '{what} is read into memory as a whole, whatever its size; the function has {memory}.', repair: 'Stream it, read it in ranges, or refuse what is larger than a limit of your own (ContentLength, HeadObject).' },
  },
  options: {
    enoughMegabytes: { type: 'number', default: 3_008, description: 'Functions with at least this much memory are taken as sized for what they read. 0: none is.' },
  },
  examples: [
    { title: 'All of an object that the event names', code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\nexport const handler = async (event) => {\n  const { Body } = await s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));\n  return (await Body.transformToString()).length;\n};\n`, reports: ['whole'] },
    { title: 'Streamed', code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nimport { createInterface } from 'node:readline';\nconst s3 = new S3Client({});\nexport const handler = async (event) => {\n  const { Body } = await s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));\n  let lines = 0;\n  for await (const line of createInterface({ input: Body })) lines += line.length > 0 ? 1 : 0;\n  return lines;\n};\n`, reports: [] },
    { title: 'Refused when it is too large', code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\nexport const handler = async (event) => {\n  const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));\n  if (ContentLength > 5_000_000) throw new Error('too large');\n  return (await Body.transformToString()).length;\n};\n`, reports: [] },
    { title: 'Memory for it', code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\nexport const handler = async (event) => {\n  const { Body } = await s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));\n  return (await Body.transformToByteArray()).length;\n};\n`, template: template(4_096), reports: [] },
  ],
  *check({ view, options }) {
    const memory = memoryOf(view.fn);
    const enough = typeof options['enoughMegabytes'] === 'number' ? options['enoughMegabytes'] : 3_008;
    if (memory !== undefined && enough > 0 && memory >= enough) return;
    const given = memory === undefined ? 'memory that is not known' : `${memory} MB${view.fn.memoryMb ? '' : ' by default'}`;
    for (const { place, what, path } of wholeReads(view)) {
      yield { message: 'whole', at: place, flow: path, key: `${place.file}:${place.start}`, data: { what: what.charAt(0).toUpperCase() + what.slice(1), memory: given } };
    }
  },
});
