import { endpointNames } from '../src/catalog/endpoints.ts';
import { hardcodedEndpoints } from '../src/link/queries/endpoints.ts';
import { defineRule } from '../src/rule.ts';

export default defineRule({
  id: 'no-hardcoded-endpoint',
  title: 'Disallow endpoints that are spelled out in function code',
  scope: 'function',
  category: 'lock-in',
  preset: 'strict',
  risk: 'The code works in one account, region and stage only: a copy of the stack for tests writes to production, and a move needs new code.',
  references: [
    { title: 'Serverless Architecture Overview: service discovery', document: '004' },
    { title: 'The Twelve-Factor App: config', url: 'https://12factor.net/config' },
    { title: 'AWS Lambda: environment variables', url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html' },
  ],
  messages: {
    endpoint: { severity: 'warning', text: "The code spells out {what}: '{text}'.", repair: 'Hand it in as an environment variable that the infrastructure sets from the resource itself.' },
    fallback: { severity: 'info', text: "{unless}, the code uses {what}: '{text}'.", repair: 'Require {required} and fail without it: the function then says what is missing instead of using another deployment’s resource.' },
    region: { severity: 'info', text: "The region '{text}' is given to a client as a literal.", repair: 'Leave it out: the SDK takes the region that the function runs in.' },
    regionFallback: { severity: 'info', text: "{unless}, a client is given the region '{text}'.", repair: 'Leave it out: the SDK takes the region that the function runs in.' },
  },
  options: {},
  examples: [
    { title: 'A queue URL in the code', code: `import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const handler = async (event) => {\n  await sqs.send(new SendMessageCommand({\n    QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders',\n    MessageBody: event.body,\n  }));\n};\n`, reports: ['endpoint'] },
    { title: 'A default', code: `const api = process.env.API_URL ?? 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod';\nexport const handler = async (event) => (await fetch(api + '/orders/' + event.id)).json();\n`, reports: ['fallback'] },
    { title: 'A region', code: `import { S3Client } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({ region: 'eu-west-1' });\nexport const handler = async (event) => s3.send(event.command);\n`, reports: ['region'] },
    { title: 'From the environment', code: `import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const handler = async (event) => {\n  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: event.body }));\n};\n`, reports: [] },
    { title: 'A public API', code: `export const handler = async () => (await fetch('https://api.github.com/zen')).text();\n`, reports: [] },
  ],
  *check({ view }) {
    for (const { kind, text, place, fallback, variable, path, files } of hardcodedEndpoints(view)) {
      const shown = text.length > 80 ? `${text.slice(0, 77)}…` : text;
      const message = kind === 'region' ? (fallback ? 'regionFallback' : 'region') : fallback ? 'fallback' : 'endpoint';
      yield { message, at: place, key: `${place.file}:${place.start}`, flow: path, evidence: files, data: { what: kind === 'region' ? 'a region' : endpointNames[kind], text: shown, unless: variable === undefined ? 'Where nothing else is given' : `Where ${variable} is not set`, required: variable ?? 'the value' } };
    }
  },
});
