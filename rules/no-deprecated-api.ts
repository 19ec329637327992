import { dayAfter } from '../src/catalog/runtime-ends.ts';
import { deprecatedUses } from '../src/link/queries/deprecated-apis.ts';
import { defineRule } from '../src/rule.ts';

/** A warning from so many days before an announced end: half a year to move. */
const WARN_DAYS = 180;
const template = (runtime: string): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: ${runtime}\n`;

export default defineRule({
  id: 'no-deprecated-api',
  title: 'Disallow SDKs, calls and programming models with an announced end',
  scope: 'function',
  category: 'lock-in',
  preset: 'recommended',
  risk: 'What has ended gets no fixes, and one day the platform does without it: the upgrade is then forced, all at once, at a time that somebody else chose.',
  references: [
    { title: 'Serverless Architecture Overview: forced API upgrades', document: '004' },
    { title: 'AWS SDK for JavaScript v2: end of support', url: 'https://aws.amazon.com/blogs/developer/announcing-end-of-support-for-aws-sdk-for-javascript-v2/' },
    { title: 'Firebase: migrate from functions.config()', url: 'https://firebase.google.com/docs/functions/config-env#migrate-config' },
    { title: 'AWS Lambda: Node.js handlers', url: 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html' },
  ],
  messages: {
    refused: { severity: 'error', text: '{name} is refused by {runtime}: the function fails when it is called.', repair: '{instead}' },
    ended: { severity: 'warning', text: '{name} ended on {ends}: it {says}.', repair: '{instead}' },
    ending: { severity: 'warning', text: '{name} ends on {ends}: it {says}.', repair: '{instead}' },
    deprecated: { severity: 'warning', text: '{name} {says}.', repair: '{instead}' },
    told: { severity: 'info', text: '{name} {says}{when}.', repair: '{instead}' },
  },
  options: {},
  examples: [
    { title: 'AWS SDK v2', code: `const { DynamoDB } = require('aws-sdk');\nconst table = new DynamoDB.DocumentClient();\nexports.handler = async (event) => table.get({ TableName: 'orders', Key: { id: event.id } }).promise();\n`, reports: ['ended'] },
    { title: 'A callback where there are none', code: `exports.handler = (event, context, callback) => {\n  callback(null, { statusCode: 204 });\n};\n`, template: template('nodejs24.x'), reports: ['refused'] },
    { title: 'A callback that will be refused', code: `exports.handler = (event, context, callback) => {\n  callback(null, { statusCode: 204 });\n};\n`, template: template('nodejs22.x'), reports: ['told'] },
    { title: 'The current SDK', code: `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({});\nexport const handler = async (event) => client.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: event.id } } }));\n`, reports: [] },
  ],
  *check({ view }) {
    const { date } = view.project;
    for (const { api, at, flow, refused, evidence } of deprecatedUses(view)) {
      const { name, says, instead, ends } = api;
      const report = { at, evidence, data: { name, says, instead, ends: ends ?? '', when: '', runtime: refused ?? '' }, ...(flow ? { flow } : {}) };
      if (refused !== undefined) yield { ...report, message: 'refused' };
      else if (api.level === 'told') yield { ...report, message: 'told' };
      else if (ends === undefined) yield { ...report, message: 'deprecated' };
      else if (date >= ends) yield { ...report, message: 'ended' };
      else if (date >= dayAfter(ends, -WARN_DAYS)) yield { ...report, message: 'ending' };
      else yield { ...report, message: 'told', data: { ...report.data, when: `; the end is ${ends}, and this becomes a warning on ${dayAfter(ends, -WARN_DAYS)}` } };
    }
  },
});
