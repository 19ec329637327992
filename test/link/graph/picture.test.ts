import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analyze.ts';
import { around } from '../../../src/link/graph/around.ts';
import type { ScanResult } from '../../../src/model/finding.ts';
import type { Picture } from '../../../src/model/picture.ts';

const roots: string[] = [];
afterAll(() => { for (const root of roots) rmSync(root, { recursive: true, force: true }); });

async function scanned(files: Readonly<Record<string, string>>, options: { readonly graph?: boolean; readonly rules?: readonly string[]; readonly stats?: boolean } = { graph: true, rules: [] }): Promise<ScanResult> {
  const root = mkdtempSync(join(tmpdir(), 'faaslint-graph-'));
  roots.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return analyze({ root, paths: [root], config: false, bundles: false, ...options });
}

async function drawn(files: Readonly<Record<string, string>>): Promise<Picture> {
  return (await scanned(files)).graph ?? { nodes: [], edges: [], loops: [], focus: [], notes: [] };
}

const short = (id: string): string => id.replaceAll('template.yaml#', '').replaceAll('template.yaml|', '');
const arrows = (picture: Picture): readonly string[] => picture.edges.map((edge) => `${short(edge.from)} ${edge.kind} ${short(edge.to)}${edge.label === undefined ? '' : ` [${edge.label.replaceAll('\n', '; ')}]`}${edge.certainty === 'proved' ? '' : ` ${edge.certainty}`}${edge.loops.length > 0 ? ` loop ${edge.loops.join()}` : ''}`);

const template = (resources: string): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n${resources}`;
const fn = (name: string, events: string, more = ''): string => `  ${name}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: ${name.toLowerCase()}.handler\n      Runtime: nodejs22.x\n${more}      Events: { ${events} }\n`;
const send = (variable: string): string => `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const handler = async (event) => {\n  await sqs.send(new SendMessageCommand({ QueueUrl: ${variable}, MessageBody: event.body }));\n};\n`;
const quiet = 'export const handler = async () => ({ statusCode: 200 });\n';

const ring = {
  'template.yaml': template(`  Inbox: { Type: AWS::SQS::Queue }\n  Outbox: { Type: AWS::SQS::Queue }\n${fn('Sort', 'In: { Type: SQS, Properties: { Queue: !GetAtt Inbox.Arn, BatchSize: 5 } }, Get: { Type: Api, Properties: { Path: /sort, Method: get } }', '      Environment: { Variables: { NEXT: !Ref Outbox } }\n')}${fn('Retry', 'In: { Type: SQS, Properties: { Queue: !GetAtt Outbox.Arn } }', '      Environment: { Variables: { NEXT: !Ref Inbox } }\n')}`),
  'sort.mjs': send('process.env.NEXT'), 'retry.mjs': send('process.env.NEXT'),
};

describe('the picture of a project', () => {
  it('shows routes, queues, batches and a loop of two functions', async () => {
    const picture = await drawn(ring);
    expect(arrows(picture)).toEqual([
      'Inbox trigger Sort [batch 5] loop 1', 'Outbox trigger Retry loop 1', 'Retry write Inbox [SendMessage] loop 1', 'Sort write Outbox [SendMessage] loop 1', expect.stringMatching(/^Sort\|route.* trigger Sort$/),
    ]);
    expect(picture.loops).toEqual([{ number: 1, nodes: ['template.yaml#Retry', 'template.yaml#Inbox', 'template.yaml#Sort', 'template.yaml#Outbox'], certainty: 'proved', assumptions: [] }]);
    expect(picture.edges.find((edge) => edge.kind === 'write')?.places).toEqual([{ file: 'retry.mjs', line: 4 }]);
    const route = picture.nodes.find((node) => node.kind === 'route');
    expect([route?.label, route?.loops]).toEqual(['GET /sort', []]);
  });

  it('shows no loop where one name differs', async () => {
    const picture = await drawn({ ...ring, 'template.yaml': ring['template.yaml'].replace('NEXT: !Ref Inbox', 'NEXT: !Ref Archive').replace('Resources:\n', 'Resources:\n  Archive: { Type: AWS::SQS::Queue }\n') });
    expect(picture.loops).toEqual([]);
    expect(picture.nodes.filter((node) => node.unheard).map((node) => node.label)).toEqual(['Archive']);
    expect(picture.edges.some((edge) => edge.loops.length > 0)).toBe(false);
  });

  it('shows what ends a loop of one function, and links between resources with their filters', async () => {
    const picture = await drawn({
      'template.yaml': template(`  News: { Type: AWS::SNS::Topic }\n  Inbox: { Type: AWS::SQS::Queue }\n  Sub: { Type: AWS::SNS::Subscription, Properties: { Protocol: sqs, TopicArn: !Ref News, Endpoint: !GetAtt Inbox.Arn, FilterPolicy: { kind: [order, refund] } } }\n${fn('Sort', 'In: { Type: SQS, Properties: { Queue: !GetAtt Inbox.Arn } }', '      Environment: { Variables: { NEXT: !Ref Inbox } }\n')}`),
      'sort.mjs': "import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const handler = async (event) => {\n  const { attempt } = JSON.parse(event.Records[0].body);\n  if (attempt >= 3) return;\n  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.NEXT, MessageBody: JSON.stringify({ attempt: attempt + 1 }) }));\n};\n",
    });
    expect(arrows(picture)).toEqual(['Inbox trigger Sort loop 1', 'News link Inbox [kind: order | refund; subscription]', 'Sort write Inbox [SendMessage] loop 1']);
    expect(picture.loops.map((loop) => [loop.nodes.map(short), loop.ends?.file, loop.ends?.line])).toEqual([[['Sort', 'Inbox'], 'sort.mjs', 5]]);
  });

  it('shows what ends a loop of two functions', async () => {
    const forward = (check: string, message: string): string => `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const sqs = new SQSClient({});
export const handler = async (event) => {
  const m = JSON.parse(event.Records[0].body);
  ${check}
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.NEXT, MessageBody: JSON.stringify(${message}) }));
};
`;
    const ends = async (retry: string): Promise<readonly unknown[]> => (await drawn({ ...ring, 'sort.mjs': forward("if (m.kind === 'again') return;", 'm'), 'retry.mjs': retry })).loops.map((loop) => [loop.certainty, loop.ends?.file, loop.ends?.line]);
    expect(await ends(forward('', "{ kind: 'again' }"))).toEqual([['proved', 'sort.mjs', 5]]);
    expect(await ends(forward('', "{ kind: 'first' }"))).toEqual([['proved', undefined, undefined]]);
  });

  it('shows one loop of several lines as endless where one of them is not guarded', async () => {
    const twice = (second: string): Promise<Picture> => drawn({
      ...ring, 'template.yaml': template(`  Inbox: { Type: AWS::SQS::Queue }\n${fn('Sort', 'In: { Type: SQS, Properties: { Queue: !GetAtt Inbox.Arn } }', '      Environment: { Variables: { NEXT: !Ref Inbox } }\n')}`),
      'sort.mjs': `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const sqs = new SQSClient({});
export const handler = async (event) => {
  const m = JSON.parse(event.Records[0].body);
  if (m.kind !== 'again') await sqs.send(new SendMessageCommand({ QueueUrl: process.env.NEXT, MessageBody: JSON.stringify({ kind: 'again' }) }));
  ${second}
};
`,
    });
    const loops = (picture: Picture): readonly unknown[] => picture.loops.map((loop) => [loop.nodes.map(short), loop.ends?.line]);
    expect(loops(await twice(''))).toEqual([[['Sort', 'Inbox'], 5]]);
    expect(loops(await twice('await sqs.send(new SendMessageCommand({ QueueUrl: process.env.NEXT, MessageBody: event.Records[0].body }));'))).toEqual([[['Sort', 'Inbox'], undefined]]);
  });

  it('shows invocations, destinations, schedules, things outside and what is not resolved', async () => {
    const picture = await drawn({
      'template.yaml': template(`  Dead: { Type: AWS::SQS::Queue }\n${fn('Caller', 'Tick: { Type: Schedule, Properties: { Schedule: rate(5 minutes) } }', '      Environment: { Variables: { CALLEE: !Ref Callee } }\n      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Dead.Arn } } }\n')}${fn('Callee', '')}`),
      'caller.mjs': "import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';\nimport { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst lambda = new LambdaClient({});\nexport const handler = async () => {\n  await lambda.send(new InvokeCommand({ FunctionName: process.env.CALLEE }));\n  await fetch('https://api.example.com/v1/mail', { method: 'POST' });\n  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.NOWHERE, MessageBody: 'x' }));\n};\n",
      'callee.mjs': quiet,
    });
    expect(arrows(picture)).toEqual(expect.arrayContaining(['Caller invoke Callee [invokes, waits]', 'Caller destination Dead [onFailure]']));
    const outside = picture.nodes.find((node) => node.kind === 'external');
    expect([outside?.label, outside?.unheard]).toEqual(['api.example.com/v1/mail', true]);
    expect(picture.nodes.filter((node) => node.kind === 'schedule').map((node) => node.label)).toEqual(['rate(5 minutes)']);
    const open = picture.edges.filter((edge) => edge.certainty === 'unresolved');
    expect(open.map((edge) => [short(edge.from), edge.reasons, edge.places])).toEqual([['Caller', ['environment variable not declared'], [{ file: 'caller.mjs', line: 7 }]]]);
    expect(picture.nodes.find((node) => node.id === open[0]?.to)).toMatchObject({ kind: 'queue', unknown: true });
  });

  it('keeps functions of one name in one unit apart, and does not depend on the order of declarations', async () => {
    const [head = '', ...parts] = ring['template.yaml'].split(/(?=^ {2}\w)/m);
    const forward = await drawn(ring);
    const backward = await drawn({ 'retry.mjs': ring['retry.mjs'], 'sort.mjs': ring['sort.mjs'], 'template.yaml': [head, ...parts.reverse()].join('') });
    const plain = (picture: Picture): string => JSON.stringify({ ...picture, nodes: picture.nodes.map(({ place: _, ...node }) => ({ ...node, id: node.id.replace(/:\d+/g, '') })), edges: picture.edges.map(({ places: _, ...edge }) => edge) });
    expect(plain(backward)).toBe(plain(forward));
  });
});

describe('the part around a function', () => {
  const chain: Picture = {
    nodes: ['a', 'b', 'c', 'd', 'e', 'x'].map((id) => ({ id, kind: 'function', label: id, loops: id === 'x' || id === 'e' ? [1] : [] })),
    edges: [['a', 'b'], ['b', 'c'], ['c', 'd'], ['d', 'e'], ['b', 'x'], ['x', 'e'], ['e', 'x']].map(([from = '', to = '']) => ({ from, to, kind: 'invoke', certainty: 'proved', reasons: [], places: [], loops: from === 'x' || from === 'e' ? [1] : [] })),
    loops: [{ number: 1, nodes: ['e', 'x'], certainty: 'proved', assumptions: [] }], focus: [], notes: [],
  };
  const ids = (picture: Picture): string => picture.nodes.map((node) => node.id).join('');

  it('follows each direction so many arrows', () => {
    expect(ids(around(chain, ['c'], 1))).toBe('bcd');
    expect(ids(around(chain, ['c'], 2))).toBe('abcde');
    expect(ids(around(chain, ['c'], 0))).toBe('c');
  });
  it('does not go on to what only a neighbour leads to', () => { expect(ids(around(chain, ['c'], 2))).not.toContain('x'); });
  it('keeps the loops of the function whole, and forgets those that are cut', () => {
    expect(around(chain, ['e'], 0)).toMatchObject({ focus: ['e'], loops: [{ number: 1 }] });
    expect(ids(around(chain, ['e'], 0))).toBe('ex');
    expect(around(chain, ['d'], 1).nodes.find((node) => node.id === 'e')?.loops).toEqual([]);
  });
});

describe('effects that are not resolved', () => {
  const files = { 'template.yaml': template(fn('Sort', '')), 'sort.mjs': send('process.env.NOWHERE') };
  const effectGaps = (result: ScanResult): readonly unknown[] => result.gaps.filter((gap) => gap.kind === 'effect').map(({ file, line, message }) => [file, line, message]);

  it('are gaps with their place and reason, and counted, where the event graph is known', async () => {
    const result = await scanned(files, { rules: ['no-invocation-cycle'], stats: true });
    expect(effectGaps(result)).toEqual([['sort.mjs', 4, 'target of sqs SendMessage is not known: environment variable not declared']]);
    expect(result.stats).toMatchObject({ effectsUnresolved: 1, 'effectsUnresolved: environment variable not declared': 1 });
    expect(result.graph).toBeUndefined();
  });
  it('are not asked for where no rule needs the graph', async () => {
    const result = await scanned(files, { rules: ['no-disk-writes'], stats: true });
    expect(effectGaps(result)).toEqual([]);
    expect(result.stats).not.toHaveProperty('effectsUnresolved');
  });
  it('are none where every target is known', async () => {
    expect(effectGaps(await scanned(ring, { rules: ['no-invocation-cycle'] }))).toEqual([]);
  });
});
