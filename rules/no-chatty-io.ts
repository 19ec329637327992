import { chattyRequests, farClients } from '../src/link/queries/chatty.ts';
import { defineRule } from '../src/rule.ts';

const head = `import { DynamoDBClient, GetItemCommand, BatchGetItemCommand } from '@aws-sdk/client-dynamodb';\nconst table = new DynamoDBClient({});\n`;
const secrets = `import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';\nconst secrets = new SecretsManagerClient({});\nconst read = new GetSecretValueCommand({ SecretId: 'mail' });\n`;

export default defineRule({
  id: 'no-chatty-io',
  title: 'Disallow a request for each item where one would do',
  scope: 'function',
  category: 'time',
  preset: 'strict',
  risk: 'Each request is paid for and takes a journey over the network, while the function is billed for waiting.',
  references: [
    { title: 'What is Serverless Architecture: AWS charges a fee for all this', document: '003' },
    { title: 'Amazon SQS: batch actions', url: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html' },
    { title: 'Amazon DynamoDB: batch operations', url: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html' },
  ],
  messages: {
    perItem: { severity: 'info', text: 'One {operation} for each item of a list: {batch} does it for {most} at a time.', repair: 'Collect the items and call {batch}.' },
    same: { severity: 'info', text: 'The same {operation} in each round of a loop: nothing in it changes.', repair: 'Read once before the loop.' },
    region: { severity: 'info', text: 'This client works in {region}, its function in {own}.', repair: 'Use what lies in the function\'s own region, or move the function to where its data is.' },
  },
  options: {},
  examples: [
    { title: 'An item at a time', code: `${head}export const handler = async ({ ids }) =>\n  Promise.all(ids.map((id) => table.send(new GetItemCommand({ TableName: 'books', Key: { id: { S: id } } }))));\n`, reports: ['perItem'] },
    { title: 'All at once', code: `${head}export const handler = async ({ ids }) =>\n  table.send(new BatchGetItemCommand({ RequestItems: { books: { Keys: ids.map((id) => ({ id: { S: id } })) } } }));\n`, reports: [] },
    { title: 'The same secret again', code: `${secrets}export const handler = async ({ mails }) => {\n  for (const mail of mails) {\n    const secret = await secrets.send(read);\n    await fetch('https://mail.example.com', { method: 'POST', headers: { authorization: secret.SecretString }, body: mail });\n  }\n};\n`, reports: ['same'] },
    { title: 'Read before the loop', code: `${secrets}export const handler = async ({ mails }) => {\n  const secret = await secrets.send(read);\n  for (const mail of mails) {\n    await fetch('https://mail.example.com', { method: 'POST', headers: { authorization: secret.SecretString }, body: mail });\n  }\n};\n`, reports: [] },
  ],
  *check({ view }) {
    for (const { kind, effect, counterpart, place, files } of chattyRequests(view)) {
      const operation = effect.effect.detail;
      const key = `${place.file}:${place.start}`;
      if (kind === 'same') yield { message: 'same', at: place, key, flow: effect.path, evidence: files, data: { operation } };
      else yield { message: 'perItem', at: place, key, flow: effect.path, evidence: files, data: { operation, batch: counterpart?.batch ?? 'a batch call', most: counterpart?.most === undefined ? 'many' : `up to ${counterpart.most}` } };
    }
    for (const { place, region, own, effect, files } of farClients(view)) {
      yield { message: 'region', at: place, key: `${place.file}:${place.start}:region`, data: { region, own }, evidence: files, flow: [...effect.path, { ...view.location(effect.place), message: `${effect.effect.service} ${effect.effect.detail}` }] };
    }
  },
});
