import { clientsPerInvocation } from '../src/link/queries/clients.ts';
import { hoisted } from '../src/link/queries/hoist.ts';
import { defineRule } from '../src/rule.ts';

const costs = {
  connection: 'a new connection each time, and the database or service counts them',
  agent: 'a new pool of connections each time, with its TLS handshakes',
  keys: 'its cache of keys never serves, so that the keys are fetched again each time',
  session: 'a new connection and sign-in each time',
  client: 'credentials, connection and TLS handshake start over each time',
  google: 'its sign-in and its connections start over each time',
  rest: 'what it sets up and keeps for later requests is thrown away each time',
} as const;

export default defineRule({
  id: 'no-client-in-handler',
  title: 'Disallow clients that are made anew in every invocation',
  scope: 'function',
  category: 'size',
  preset: 'strict',
  risk: 'What stands outside the handler is made once and serves every later invocation; inside, each invocation pays for connection, TLS handshake and credentials again, and leaves sockets behind.',
  references: [
    { title: 'Serverless Architecture Overview: cold start latency', document: '004' },
    { title: 'AWS Lambda: best practices for function code', url: 'https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html' },
    { title: 'Azure Functions: manage connections', url: 'https://learn.microsoft.com/azure/azure-functions/manage-connections' },
    { title: 'Cloud Run functions: use global variables to reuse objects', url: 'https://cloud.google.com/functions/docs/bestpractices/tips' },
  ],
  messages: {
    made: { severity: 'warning', text: "Each invocation makes a new '{what}': {cost}.", repair: 'Make it at module level, or on first use and keep it in a variable of the module.' },
  },
  options: {},
  examples: [
    { title: 'Made in the handler', code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nexport const handler = async (event) => {\n  const s3 = new S3Client({});\n  return s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));\n};\n`, reports: ['made'] },
    { title: 'Made by a helper', code: `import { Pool } from 'pg';\nconst connect = () => new Pool({ connectionString: process.env.DATABASE_URL });\nexport const handler = async (event) => connect().query('select name from users where id = $1', [event.id]);\n`, reports: ['made'] },
    { title: 'Made at module level', code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\nexport const handler = async (event) => s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));\n`, reports: [] },
    { title: 'Made on first use and kept', code: `import { MongoClient } from 'mongodb';\nlet client;\nexport const handler = async () => {\n  client ??= await new MongoClient(process.env.MONGO_URL).connect();\n  return client.db().collection('users').countDocuments();\n};\n`, reports: [] },
    { title: 'A client of the caller', code: `import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3';\nexport const handler = async (event) => {\n  const s3 = new S3Client({ region: event.region });\n  return s3.send(new ListBucketsCommand({}));\n};\n`, reports: [] },
  ],
  *check({ view }) {
    for (const { place, what, cost, path, files, certain, kept } of clientsPerInvocation(view)) {
      const key = `${place.file}:${place.start}`;
      const caller = path.findLast((step) => step.file !== place.file) ?? path.at(-1);
      if (kept && caller) yield { message: 'made', at: place, key, counterexample: true, guard: { strength: 'weak', file: caller.file, line: caller.line, why: `${view.fn.name} comes this way and keeps what is made` } };
      if (kept) continue;
      yield {
        message: 'made', at: place, key, flow: path, evidence: files, data: { what, cost: costs[cost] }, suggestions: hoisted(view, place),
        ...(certain ? {} : { assumptions: ['the call that leads here is one of several possible ones'] }),
      };
    }
  },
});
