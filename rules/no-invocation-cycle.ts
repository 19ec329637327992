import { dollarsPerHour } from '../src/catalog/prices.ts';
import { watchedServices } from '../src/link/graph/allowed-loops.ts';
import { cycles, eventGraph, guardOfHop, type Hop } from '../src/link/graph/graph.ts';
import { cycleSettles, verdictOf } from '../src/link/graph/loop-guard.ts';
import type { ServerlessFunction } from '../src/model/function.ts';
import type { ProjectView } from '../src/model/project.ts';
import { defineRule, type Report } from '../src/rule.ts';

/** AWS cuts a chain after about so many rounds (Lambda developer guide, "recursive loop detection", November 2026). */
const CUT_AFTER_ROUNDS = 16;
/** Hops between Workers after which Cloudflare answers error 1019 (platforms.md section 4, October 2026). */
const CLOUDFLARE_HOPS = 16;

export default defineRule({
  id: 'no-invocation-cycle',
  title: 'Disallow functions that run each other in a circle',
  scope: 'project',
  category: 'loops',
  preset: 'strict',
  needs: 'eventGraph',
  risk: 'Functions that trigger each other run for ever: the bill grows by the second, and the account runs out of concurrency for everything else.',
  references: [
    { title: 'Serverless Architecture Overview: ability to DoS yourself by mistake', document: '004' },
    { title: 'AWS Lambda: recursive loop detection', url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html' },
  ],
  messages: {
    cycle: { severity: 'error', text: '{path}: nothing ends this loop{while}. {protection} An hour of it costs about ${dollars} at 1,000 invocations at a time of 0.1 s each.', repair: 'Break the loop at one hop: write to another resource, let a filter keep out what is written there, or carry a counter that every function passes on and compares.' },
    possible: { severity: 'info', text: '{path}: this may be a loop without an end. {protection}', repair: 'Make one of the targets or filters such that the two ends cannot meet.' },
    settles: { severity: 'warning', text: '{path}: only that a write that changes nothing raises no event ends this loop.', repair: 'Leave when the value is already what would be written, or write to another path.' },
    cut: { severity: 'warning', text: '{path}: the loop ends by itself, but AWS cuts it silently after about 16 rounds.', repair: 'Set RecursiveLoop: Allow on its functions if the chain is meant, or move it to a state machine.' },
    ends: { severity: 'info', text: '{path}: the loop ends by itself.', repair: 'Keep the guard; a test of it is worth having.' },
  },
  options: {},
  examples: [
    {
      title: 'Two functions and two queues',
      template: `Transform: AWS::Serverless-2016-10-31
Resources:
  Inbox: { Type: AWS::SQS::Queue }
  Outbox: { Type: AWS::SQS::Queue }
  Sort:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler.sort
      Runtime: nodejs22.x
      Environment: { Variables: { OUTBOX: !Ref Outbox } }
      Events: { In: { Type: SQS, Properties: { Queue: !GetAtt Inbox.Arn } } }
  Retry:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler.retry
      Runtime: nodejs22.x
      Environment: { Variables: { INBOX: !Ref Inbox } }
      Events: { In: { Type: SQS, Properties: { Queue: !GetAtt Outbox.Arn } } }
`,
      code: `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const sort = async (event) => {\n  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.OUTBOX, MessageBody: event.Records[0].body }));\n};\nexport const retry = async (event) => {\n  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.INBOX, MessageBody: event.Records[0].body }));\n};\n`,
      reports: ['cycle'],
    },
    {
      title: 'A chain with an end',
      template: `Transform: AWS::Serverless-2016-10-31
Resources:
  Inbox: { Type: AWS::SQS::Queue }
  Outbox: { Type: AWS::SQS::Queue }
  Sort:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler.sort
      Runtime: nodejs22.x
      Environment: { Variables: { OUTBOX: !Ref Outbox } }
      Events: { In: { Type: SQS, Properties: { Queue: !GetAtt Inbox.Arn } } }
  Store:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler.store
      Runtime: nodejs22.x
      Events: { In: { Type: SQS, Properties: { Queue: !GetAtt Outbox.Arn } } }
`,
      code: `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const sort = async (event) => {\n  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.OUTBOX, MessageBody: event.Records[0].body }));\n};\nexport const store = async (event) => console.log(event.Records[0].messageId);\n`,
      reports: [],
    },
  ],
  *check({ project }) {
    const functions = new Map(project.infrastructure.functions.map((fn) => [fn.id, fn]));
    // One loop of functions and things is one finding, whichever of several lines it goes through: the loudest way.
    const ways = new Map<string, Report>();
    for (const cycle of cycles(eventGraph(project).hops, (own) => guardOfHop(project, own)?.strength === 'ends')) {
      const found = report(project, functions, cycle);
      // Two stacks may give their functions the same names.
      const key = cycle.map((hop) => [hop.from, ...hop.through.map((thing) => thing.key)].join('>')).join('|');
      const known = ways.get(key);
      if (!known || loudness.indexOf(found.message) > loudness.indexOf(known.message)) ways.set(key, found);
    }
    yield* ways.values();
  },
});

const loudness: readonly string[] = ['ends', 'cut', 'settles', 'possible', 'cycle'];

function report(project: ProjectView, functions: ReadonlyMap<string, ServerlessFunction>, cycle: readonly Hop[]): Report {
  const fns = cycle.flatMap((hop) => functions.get(hop.from) ?? []);
  const [first] = cycle as readonly [Hop];
  const { guard, assumptions } = verdictOf(project, cycle);
  const common = {
    at: first.place, flow: cycle.flatMap((hop) => hop.steps), functions: fns.map((fn) => fn.name), key: cycle.map((hop) => `${hop.from}:${hop.place.file}:${hop.place.line}:${hop.place.column}`).join('>'),
    data: { path: pathText(functions, cycle), while: failing(functions, cycle), protection: protection(fns, cycle), dollars: Math.round(dollarsPerHour(cycle.map((hop, index) => ({ services: hop.services, ...(fns[index]?.memoryMb ? { memoryMb: fns[index].memoryMb.value } : {}) })))) },
    ...(assumptions.length > 0 ? { assumptions } : {}),
    ...(guard ? { guard: { strength: guard.strength, file: guard.file, line: guard.line, why: guard.why } } : {}),
  };
  if (guard?.strength === 'ends') {
    const few = guard.oneHop || (guard.rounds !== undefined && guard.rounds < CUT_AFTER_ROUNDS);
    return { ...common, message: !few && isWatched(fns, cycle) && fns.some((fn) => fn.recursiveLoop?.value !== 'Allow') ? 'cut' : 'ends' };
  }
  return { ...common, message: assumptions.length > 0 ? 'possible' : cycleSettles(project, cycle) ? 'settles' : 'cycle' };
}

/** What has to fail for the loop to go on. */
function failing(functions: ReadonlyMap<string, ServerlessFunction>, cycle: readonly Hop[]): string {
  const names = cycle.flatMap((hop) => (hop.onFailure ? [functions.get(hop.from)?.name ?? hop.from] : []));
  return names.length === 0 ? '' : ` while ${names.join(' and ')} ${names.length === 1 ? 'fails' : 'fail'}`;
}

/** A → queue → B → A, as it is drawn in the terminal. */
function pathText(functions: ReadonlyMap<string, ServerlessFunction>, cycle: readonly Hop[]): string {
  const name = (id: string): string => functions.get(id)?.name ?? id;
  return [...cycle.flatMap((hop) => [name(hop.from), ...hop.through.map((thing) => thing.label)]), name(cycle[0]?.from ?? '')].join(' → ');
}

const isWatched = (fns: readonly ServerlessFunction[], cycle: readonly Hop[]): boolean => fns.every((fn) => fn.platform === 'aws') && cycle.every((hop) => hop.services.every((service) => watchedServices.has(service)));

function protection(fns: readonly ServerlessFunction[], cycle: readonly Hop[]): string {
  if (fns.every((fn) => fn.platform === 'cloudflare')) return `Cloudflare stops a chain of Workers after ${CLOUDFLARE_HOPS} hops, queues excepted.`;
  if (!fns.every((fn) => fn.platform === 'aws')) return 'The platform has no protection against it.';
  if (!isWatched(fns, cycle)) return `AWS does not see loops through ${[...new Set(cycle.flatMap((hop) => hop.services.filter((service) => !watchedServices.has(service))))].join(', ')}.`;
  return fns.some((fn) => fn.recursiveLoop?.value === 'Allow') ? 'Its protection is switched off by RecursiveLoop: Allow.' : 'AWS cuts it after about 16 rounds if the SDK is recent (v2 2.1147.0, v3 3.105.0), and the messages are lost.';
}
