import { liesIn, modulesOf, providerUses } from '../src/link/queries/portability.ts';
import { defineRule } from '../src/rule.ts';

const SHOWN = 3;
const list = (names: readonly string[]): string => (names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more` : names.join(', '));
const code = `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';\nconst client = new DynamoDBClient({});\nexport const handler = async (event) => {\n  await client.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: event.id } } }));\n};\n`;

export default defineRule({
  id: 'no-vendor-lock-in',
  title: 'Disallow a provider\'s API outside of the adapter modules',
  scope: 'function',
  category: 'lock-in',
  preset: 'all',
  risk: 'The code of a function moves to another provider in a day; its calls of tables, queues and events do not, and each module that makes them must be changed and tested anew.',
  references: [
    { title: 'What is serverless and when should you use it: vendor lock-in', document: '002' },
    { title: 'What is Serverless Architecture: the vendor lock', document: '003' },
    { title: 'Serverless Architecture Overview: vendor control', document: '004' },
    { title: 'AWS Prescriptive Guidance: hexagonal architecture pattern', url: 'https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/hexagonal-architecture.html' },
  ],
  messages: {
    outside: { severity: 'info', text: 'This module speaks the API of {provider} ({names}) and lies outside of the adapters.', repair: 'Put the call behind a function of an adapter module, named after what it is for, and hand plain data in and out.' },
  },
  options: {
    adapters: { type: 'strings', default: [], description: 'Folders, files or patterns (`*`, `**`), relative to the root, whose modules may speak a provider\'s API: handlers and adapters. None: the rule reports nothing.' },
  },
  examples: [
    { title: 'A handler that is no adapter', code, options: { adapters: ['src/adapters'] }, reports: ['outside'] },
    { title: 'Nothing is configured', code, reports: [] },
    { title: 'The handler is an adapter', code, options: { adapters: ['handler.*'] }, reports: [] },
  ],
  *check({ view, options }) {
    const adapters = options['adapters'];
    if (!Array.isArray(adapters) || adapters.length === 0) return;
    for (const file of modulesOf(view)) {
      const facts = view.project.facts(file);
      const uses = facts && !liesIn(file, adapters) ? providerUses(facts) : [];
      const [first] = uses;
      if (!first) continue;
      const data = { provider: [...new Set(uses.map((use) => use.provider))].sort().join(' and '), names: list(uses.map((use) => use.name)) };
      yield { message: 'outside', at: { file, start: first.start, end: first.end }, key: file, data };
    }
  },
});
