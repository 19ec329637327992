import { expect, it } from 'vitest';
import { literal } from '../../src/model/value.ts';
import { effects } from '../../src/link/queries/effects.ts';
import { deployed, project } from '../support/memory.ts';

const schema = `import convict from 'convict'; const config = convict({ aws: { queue: { env: 'QUEUE_URL', format: String, default: '' }, other: { env: 'OTHER', default: 'https://sqs.eu-west-1.amazonaws.com/111111111111/spare' } } });`;

/** Target of the only message that is sent. */
function target(code: string): unknown {
  const source = `${schema} import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'; const sqs = new SQSClient({});
export const handler = async () => { ${code} };`;
  const { fn } = project({ 'a.mjs': source }, [deployed('F', 'a.mjs', { environment: new Map([['QUEUE_URL', literal('https://sqs.eu-west-1.amazonaws.com/111111111111/jobs')]]) })]);
  const [only, ...others] = effects(fn);
  expect(others).toEqual([]);
  return only?.targets.map(({ value, names }) => (value.kind === 'literal' ? value.value : names.kind));
}

const send = (url: string): string => `await sqs.send(new SendMessageCommand({ QueueUrl: ${url}, MessageBody: 'x' }));`;

it.each<[string, string, unknown]>([
  ['as a whole', send('config.getProperties().aws.queue'), ['https://sqs.eu-west-1.amazonaws.com/111111111111/jobs']],
  ['by its path', send("config.get('aws.queue')"), ['https://sqs.eu-west-1.amazonaws.com/111111111111/jobs']],
  ['a group by its path', send("config.get('aws').queue"), ['https://sqs.eu-west-1.amazonaws.com/111111111111/jobs']],
  ['a default, where nothing sets the variable', send("config.get('aws.other')"), expect.arrayContaining(['https://sqs.eu-west-1.amazonaws.com/111111111111/spare'])],
  ['nothing that the schema lacks', send("config.get('aws.third')"), ['unknown']],
  ['nothing by a path that is not known', send('config.get(process.argv[2])'), ['unknown']],
])('convict: %s', (_name, code, expected) => expect(target(code)).toEqual(expected));
