import { cutLoops } from '../src/link/graph/allowed-loops.ts';
import { effects } from '../src/link/queries/effects.ts';
import { shownChange } from '../src/link/queries/iac-change.ts';
import { markRemovals } from '../src/link/queries/loop-mark.ts';
import { queueOf } from '../src/link/queries/queues.ts';
import { endlessRetry, isDeadLetter, redriveOf } from '../src/link/queries/redrive.ts';
import type { Resource, Trigger } from '../src/model/function.ts';
import type { Location } from '../src/model/location.ts';
import type { FunctionView } from '../src/model/project.ts';
import { defineRule } from '../src/rule.ts';

const template = (queue: string, mapping = ''): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Jobs:\n    Type: AWS::SQS::Queue\n${queue}  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs24.x\n      Timeout: 30\n      Events:\n        Jobs:\n          Type: SQS\n          Properties:\n            Queue: !GetAtt Jobs.Arn\n${mapping}`;
const redrive = `    Properties:\n      RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead', maxReceiveCount: 5 }\n`;
const code = 'export const handler = async (event) => event.Records.length;\n';
const sql = `import { Client } from 'pg';\nexport const handler = async (event) => {\n  const client = new Client();\n  await client.connect();\n  await client.query('insert into jobs values ($1)', [event.Records.length]);\n};\n`;

export default defineRule({
  id: 'no-unbounded-concurrency',
  title: 'Disallow triggers without a bound',
  scope: 'function',
  category: 'exposure',
  preset: 'recommended',
  risk: 'A function scales with its trigger: a message that always fails comes back until it expires, and a thousand invocations at a time take every connection of a database and every place of the account.',
  references: [
    { title: 'Serverless Architecture Overview: a backstop on concurrent executions', document: '004' },
    { title: 'Amazon SQS: dead-letter queues', url: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html' },
    { title: 'AWS Lambda: maximum concurrency of SQS triggers', url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html' },
  ],
  messages: {
    redrive: { severity: 'warning', text: 'The queue {queue} has no redrive policy: a message that always fails comes back until its retention ends.', repair: 'Give the queue a dead-letter queue and a maxReceiveCount of 5 or more, and an alarm on that queue.{change}' },
    lastResort: { severity: 'info', text: 'The queue {queue}, itself a dead-letter queue, has a consumer and no redrive policy: what fails here comes back until its retention ends.', repair: 'Let the consumer keep what it cannot handle, or give the queue a redrive policy of its own.{change}' },
    drops: { severity: 'info', text: 'This queue has no dead-letter queue: Cloudflare drops a message after its retries.', repair: 'Give the consumer a dead-letter queue where a lost message matters.{change}' },
    database: { severity: 'warning', text: 'Nothing bounds how many invocations {trigger} starts at a time, and each of them takes a connection of a database ({service}).', repair: 'Set the mapping\'s maximum concurrency or the function\'s reserved concurrency below what the database takes, or put a proxy in between.{change}' },
    detection: { severity: 'warning', text: 'This takes away the mark by which AWS recognises and stops endless loops.', repair: 'Leave the middleware in; where a loop is meant, set RecursiveLoop: Allow on that one function.' },
    allow: { severity: 'info', text: 'RecursiveLoop: Allow takes away the platform\'s own stop of endless loops, and no loop was found that needs it.', repair: 'Keep it only where a loop is meant and ends by itself.' },
    unguarded: { severity: 'warning', text: 'RecursiveLoop: Allow takes away the platform\'s own stop of a loop that is not known to end.', repair: 'Carry a counter in the payload and compare it, or take the setting away.' },
    forEver: { severity: 'warning', text: 'The state machine {machine} tries a step {attempts} times: it never gives up.', repair: 'Lower MaxAttempts to what makes sense within hours, and catch what still fails.{change}' },
  },
  options: {},
  examples: [
    { title: 'No redrive policy', code, template: template(''), reports: ['redrive'] },
    { title: 'A dead-letter queue', code, template: template(redrive), reports: [] },
    { title: 'Connections without a bound', code: sql, template: template(redrive), reports: ['database'] },
    { title: 'A maximum concurrency', code: sql, template: template(redrive, '            ScalingConfig: { MaximumConcurrency: 5 }\n'), reports: [] },
  ],
  *check({ view }) {
    const { fn, project } = view;
    for (const trigger of fn.triggers) {
      if (trigger.enabled === false) continue;
      const queue = queueOf(project, fn, trigger);
      if (queue && redriveOf(project, queue) === 'none') {
        const { at, key } = placeOf(view, trigger, queue);
        yield { message: isDeadLetter(project, queue) ? 'lastResort' : 'redrive', at, key, data: { queue: queue.logicalId, change: shownChange(fn, queue.location, { set: 'redrive' }, at) }, flow: [{ ...queue.location, message: `queue ${queue.logicalId}` }] };
      }
      const at = trigger.location ?? fn.declaredAt[0];
      if (fn.platform === 'cloudflare' && trigger.kind === 'queue' && at && !fn.destinations.some(({ kind }) => kind === 'deadLetter')) yield { message: 'drops', at, data: { change: shownChange(fn, at, { set: 'deadLetterQueue' }) } };
    }
    const open = fn.platform === 'aws' && !fn.reservedConcurrency ? fn.triggers.find((trigger) => trigger.enabled !== false && trigger.maximumConcurrency === undefined && (trigger.kind === 'bucket' || (trigger.kind === 'queue' && /sqs|queue/i.test(trigger.source)))) : undefined;
    const database = open && effects(view).find(({ effect }) => effect.service === 'sql' && (effect.kind === 'write' || effect.kind === 'delete'));
    if (open && database) {
      const at = open.location ?? fn.declaredAt[0];
      if (at) yield { message: 'database', at, data: { trigger: open.kind === 'bucket' ? 'the bucket' : 'the queue', service: database.effect.detail, change: shownChange(fn, open.kind === 'queue' ? open.writtenAt ?? at : undefined, { set: 'maximumConcurrency', value: 5 }, at) }, flow: [...database.path, { ...view.location(database.place), message: `${database.effect.detail} of a database` }] };
    }
    if (fn.recursiveLoop?.value === 'Allow') {
      const loops = cutLoops(view);
      if (loops === 'none') yield { message: 'allow', at: fn.recursiveLoop.location };
      else if (loops !== 'guarded') yield { message: 'unguarded', at: fn.recursiveLoop.location, flow: loops.steps };
    }
    const endless = endlessRetry(project, fn);
    if (endless) yield { message: 'forEver', at: endless.machine.location, key: `machine:${endless.machine.id}`, data: { machine: endless.machine.logicalId, attempts: endless.attempts, change: shownChange(fn, endless.machine.location, { set: 'maxAttempts', value: 5 }) } };
    const [removal] = markRemovals(view);
    if (removal) yield { message: 'detection', at: removal.place, flow: removal.path, key: `detection:${removal.body.file}` };
  },
});

/** The mapping; the queue itself where a module or construct makes several queues at one place. */
function placeOf(view: FunctionView, trigger: Trigger, queue: Resource): { readonly at: Location; readonly key: string } {
  const { file, line } = queue.location;
  const shared = view.project.infrastructure.resources.some((other) => other.id !== queue.id && other.kind === 'queue' && other.location.file === file && other.location.line === line && redriveOf(view.project, other) === 'none');
  return shared || !trigger.location ? { at: queue.location, key: `queue:${file}:${line}` } : { at: trigger.location, key: `mapping:${trigger.location.file}:${trigger.location.line}:${queue.id}` };
}
