import { chains, functionsOf } from '../src/link/graph/chains.ts';
import { eventGraph, type Hop } from '../src/link/graph/graph.ts';
import type { ServerlessFunction } from '../src/model/function.ts';
import { defineRule, type Report } from '../src/rule.ts';

/** What rests on a guess is no link of a chain that anybody should have to shorten. */
const isSure = (hop: Hop): boolean => hop.assumptions.length === 0;

export default defineRule({
  id: 'no-long-call-chain',
  title: 'Disallow long chains of functions',
  scope: 'project',
  category: 'chains',
  preset: 'strict',
  needs: 'eventGraph',
  risk: 'Each function of a chain adds its cold start, its failures and its bill; nobody sees from one of them what the whole does, and the first one waits for all of them or never learns what came of its event.',
  references: [
    { title: 'What is Serverless Architecture: a dozen of functions', document: '003' },
    { title: 'AWS Lambda: synchronous invocation', url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-sync.html' },
    { title: 'AWS Lambda operator guide: anti-patterns, Lambda functions calling Lambda functions', url: 'https://docs.aws.amazon.com/lambda/latest/operatorguide/functions-calling-functions.html' },
  ],
  messages: {
    waits: { severity: 'warning', text: '{path}: {count} functions wait for each other.', repair: 'Call the code as modules, or let a state machine call the functions one after the other.' },
    deep: { severity: 'warning', text: '{path}: an event passes through {count} functions.', repair: 'Join the steps that always follow each other, or let a state machine hold the order.' },
  },
  options: {
    maxSynchronous: { type: 'number', default: 3, description: 'Functions that may wait for each other in one chain.' },
    maxAsynchronous: { type: 'number', default: 6, description: 'Functions that an event may pass through.' },
  },
  examples: [
    {
      title: 'Four functions that wait for each other',
      template: template(['Order', 'Price', 'Tax', 'Rates']),
      code: `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';\nconst lambda = new LambdaClient({});\nconst ask = async (name) => (await lambda.send(new InvokeCommand({ FunctionName: name }))).Payload;\nexport const Order = async () => ask('chain-Price');\nexport const Price = async () => ask('chain-Tax');\nexport const Tax = async () => ask('chain-Rates');\nexport const Rates = async () => 0.2;\n`,
      reports: ['waits'],
    },
    {
      title: 'Three of them',
      template: template(['Order', 'Price', 'Tax']),
      code: `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';\nconst lambda = new LambdaClient({});\nconst ask = async (name) => (await lambda.send(new InvokeCommand({ FunctionName: name }))).Payload;\nexport const Order = async () => ask('chain-Price');\nexport const Price = async () => ask('chain-Tax');\nexport const Tax = async () => 0.2;\n`,
      reports: [],
    },
  ],
  *check({ project, options }) {
    const functions = new Map(project.infrastructure.functions.map((fn) => [fn.id, fn]));
    const hops = eventGraph(project).hops.filter(isSure);
    const said = new Set<string>();
    // Workers are billed for the time of the processor, not for waiting (Workers pricing, November 2026).
    const waiting = hops.filter((hop) => hop.waits && functions.get(hop.from)?.platform !== 'cloudflare');
    for (const chain of chains(waiting, Number(options['maxSynchronous']))) {
      said.add(functionsOf(chain).join('>'));
      yield report('waits', chain, functions);
    }
    // A failure that is handed to a queue is the end of a chain, not a link of it.
    for (const chain of chains(hops.filter((hop) => hop.how !== 'destination'), Number(options['maxAsynchronous']))) if (!said.has(functionsOf(chain).join('>'))) yield report('deep', chain, functions);
  },
});

function report(message: 'waits' | 'deep', chain: readonly Hop[], functions: ReadonlyMap<string, ServerlessFunction>): Report {
  const [first] = chain as readonly [Hop];
  const name = (id: string): string => functions.get(id)?.name ?? id;
  const ids = functionsOf(chain);
  const path = [name(first.from), ...chain.flatMap((hop) => [...hop.through.map((thing) => thing.label), name(hop.to)])].join(' → ');
  return { message, at: first.place, flow: chain.flatMap((hop) => hop.steps), functions: ids.map(name), key: `${message}:${chain.map((hop) => `${hop.from}:${hop.place.file}:${hop.place.line}`).join('>')}`, data: { path, count: ids.length } };
}

/** The template of an example: functions by name, in one file. */
function template(names: readonly string[]): string {
  return `Transform: AWS::Serverless-2016-10-31\nResources:\n${names.map((name) => `  ${name}:\n    Type: AWS::Serverless::Function\n    Properties: { FunctionName: chain-${name}, Handler: handler.${name}, Runtime: nodejs22.x }\n`).join('')}`;
}
