import { labelOf } from '../src/link/graph/wiring.ts';
import { forwardOf } from '../src/link/queries/forwards.ts';
import { defineRule } from '../src/rule.ts';

const kinds: Readonly<Record<string, string>> = { function: 'function', queue: 'queue', topic: 'topic', stream: 'stream', bus: 'event bus' };

export default defineRule({
  id: 'no-pass-through-function',
  title: 'Disallow functions that only hand on what they are given',
  scope: 'function',
  category: 'granularity',
  preset: 'strict',
  needs: 'eventGraph',
  risk: 'A function that only forwards is one more cold start, one more time-out and one more bill on the way, and does nothing that the platform could not do itself.',
  references: [
    { title: 'Serverless Architecture explained: a challenge with granularity', document: '001' },
    { title: 'Amazon API Gateway: integrations with AWS services', url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-integration-types.html' },
    { title: 'Amazon EventBridge Pipes', url: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html' },
  ],
  messages: {
    forwards: { severity: 'info', text: '{function} does nothing but hand its input on to the {kind} {target}.', repair: 'Connect the two directly: a subscription, a rule, a pipe or an integration of the API.' },
  },
  options: {},
  examples: [
    { title: 'From a topic to a queue', code: `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const handler = async (event) => {\n  await sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs', MessageBody: JSON.stringify(event) }));\n};\n`, reports: ['forwards'] },
    { title: 'It makes a message of its own', code: `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const handler = async (event) => {\n  await sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs', MessageBody: JSON.stringify({ id: event.id, at: Date.now() }) }));\n};\n`, reports: [] },
  ],
  *check({ view }) {
    const found = forwardOf(view);
    const [target] = found?.targets ?? [];
    if (!found || !target) return;
    const evidence = [...new Set(view.bodies('invoke').map((body) => body.file))].filter((file) => file !== found.place.file);
    yield { message: 'forwards', at: found.place, flow: found.path, ...(evidence.length > 0 ? { evidence } : {}), data: { function: view.fn.name, kind: kinds[found.effect.resourceKind] ?? 'thing', target: labelOf(target.names).split('/').at(-1) ?? '' } };
  },
});
