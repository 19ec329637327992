import { limitsOf } from '../src/catalog/limits.ts';
import { longestTimeout, triggerLimit, type TriggerLimit } from '../src/catalog/trigger-limits.ts';
import { codeLimits, openRequests } from '../src/link/queries/client-timeouts.ts';
import { shownChange } from '../src/link/queries/iac-change.ts';
import { showSeconds } from '../src/link/queries/numbers.ts';
import { queueOf, visibilitySeconds } from '../src/link/queries/queues.ts';
import { limitFetches } from '../src/link/queries/repair-waiting.ts';
import { timeoutOf, type Timeout } from '../src/link/queries/sleeps.ts';
import type { FlowStep } from '../src/model/finding.ts';
import type { ServerlessFunction } from '../src/model/function.ts';
import type { Location } from '../src/model/location.ts';
import type { FunctionView } from '../src/model/project.ts';
import { defineRule } from '../src/rule.ts';

const template = (timeout: number, event = ''): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs24.x\n      Timeout: ${timeout}\n${event}`;
const route = '      Events:\n        Get:\n          Type: Api\n          Properties:\n            Method: GET\n            Path: /report\n';
const client = `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst store = new S3Client({ maxAttempts: 4, requestHandler: { requestTimeout: 20000 } });\nexport const handler = async (event) => store.send(new GetObjectCommand({ Bucket: 'reports', Key: event.key }));\n`;

export default defineRule({
  id: 'no-timeout-overrun',
  title: 'Disallow timeouts that cannot hold together',
  scope: 'function',
  category: 'time',
  preset: 'strict',
  risk: 'The shorter time wins: the caller has its error while the function runs on and is paid for, or the function is killed before its own error handling has its turn.',
  references: [
    { title: 'What is Serverless Architecture: asynchronous interaction, possible delays', document: '003' },
    { title: 'Amazon API Gateway quotas', url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html' },
    { title: 'AWS Lambda with Amazon SQS: visibility timeout', url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html' },
  ],
  messages: {
    behind: { severity: 'warning', text: 'The function may run {timeout} behind {limiter}, which gives up after {limit}.', repair: 'Lower the timeout below {limit}, or answer at once and let a queue or an asynchronous invocation do the work.{change}' },
    visibility: { severity: 'warning', text: 'The function may run {timeout}, and its queue ({queue}) shows a message again after {visible}.', repair: 'Raise the queue\'s visibility timeout to six times the function\'s timeout, as AWS advises, or lower the timeout.{change}' },
    client: { severity: 'warning', text: '{what} may take {sum}, function timeout {timeout}.', repair: 'Lower the timeout or the number of attempts so that their product stays below the function\'s timeout.' },
    deadline: { severity: 'warning', text: 'This deadline of {sum} never comes: function timeout {timeout}.', repair: 'Take the deadline from the remaining time of the invocation, or put it below the function\'s timeout.' },
    longest: { severity: 'info', text: 'The timeout is the longest that {where} allows ({timeout}).', repair: 'Set the timeout to a little more than the function needs, so that a hang ends soon.' },
    noTimeout: { severity: 'info', text: 'Requests by {client} have no timeout below the function\'s ({timeout}): a silent server uses up the whole invocation.', repair: 'Give requests a timeout that leaves the function time to handle the error.' },
  },
  options: {},
  examples: [
    { title: 'Longer than the API waits', code: 'export const handler = async () => ({ statusCode: 200 });\n', template: template(60, route), reports: ['behind'] },
    { title: 'Retries beyond the function', code: client, template: template(30), reports: ['client'] },
    { title: 'Retries that fit', code: client, template: template(90), reports: [] },
    { title: 'Shorter than the API waits', code: 'export const handler = async () => ({ statusCode: 200 });\n', template: template(20, route), reports: [] },
  ],
  *check({ view }) {
    const { fn, project } = view;
    const timeout = timeoutOf(fn);
    if (!timeout) return;
    const shown = showSeconds(timeout.seconds);
    const behind = isForOthers(view, timeout) ? undefined : limiterOf(fn, timeout);
    // A streamed answer keeps its caller for as long as it goes on.
    if (behind && !streams(view)) {
      const at = placeOf(view, timeout, (other) => limiterOf(other, timeoutOf(other)) !== undefined);
      yield { message: 'behind', at, ...(behind.goesOn ? { severity: 'info' as const } : {}), data: { timeout: shown, limiter: behind.what, limit: showSeconds(behind.seconds), change: shownChange(fn, at, { set: 'timeoutSeconds', value: behind.seconds }) }, flow: behind.location ? [{ ...behind.location, message: `route of ${fn.name}` }] : [] };
    } else if (!behind && isLongest(fn) && timeout.location) yield { message: 'longest', at: fn.platform === 'azure' ? timeout.location : placeOf(view, timeout, (other) => isLongest(other) && limiterOf(other, timeoutOf(other)) === undefined), data: { timeout: shown, where: fn.platform === 'azure' ? 'the Consumption plan' : 'the platform' } };
    for (const trigger of fn.triggers) {
      const queue = queueOf(project, fn, trigger);
      const visible = queue && visibilitySeconds(queue);
      if (!queue || visible === undefined || visible >= timeout.seconds) continue;
      yield { message: 'visibility', at: trigger.location ?? queue.location, data: { timeout: shown, queue: queue.logicalId, visible: showSeconds(visible), change: shownChange(fn, queue.location, { set: 'visibilitySeconds', value: timeout.seconds * 6 }, trigger.location ?? queue.location) }, flow: [...stepOf(timeout), { ...queue.location, message: `visibility timeout ${showSeconds(visible)}` }] };
    }
    for (const limit of codeLimits(view)) {
      if (limit.seconds <= timeout.seconds) continue;
      const deadline = limit.kind === 'deadline';
      yield { message: deadline ? 'deadline' : 'client', at: limit.place, data: { what: limit.what, sum: limit.sum, timeout: shown }, flow: [...limit.body.path, ...stepOf(timeout)], key: `${limit.place.file}:${limit.place.start}` };
    }
    if (fn.platform === 'cloudflare') return;
    for (const { client: name, call } of openRequests(view, timeout.seconds)) {
      const suggestions = call.callee.module === 'global' && call.callee.path.at(-1) === 'fetch' ? limitFetches(call.body, call.expr, timeout.seconds) : [];
      yield { message: 'noTimeout', suggestions, at: call.place, data: { client: name, timeout: shown }, flow: [...call.path, ...stepOf(timeout)], key: `open:${fn.unit}:${name}:${call.place.file}` };
    }
  },
});

/** One timeout for a whole app of Azure, which some of its functions use that nobody waits for. */
function isForOthers({ fn, project }: FunctionView, timeout: Timeout): boolean {
  if (fn.platform !== 'azure') return false;
  return project.infrastructure.functions.some((other) => other.timeoutSeconds?.location.file === timeout.location?.file && (other.generation === 'durable' || !other.triggers.every((trigger) => trigger.kind === 'http')));
}

/** What cuts the answer off before the function's own timeout. A durable function goes on after its caller is gone. */
function limiterOf(fn: ServerlessFunction, timeout: Timeout | undefined): (TriggerLimit & { readonly location?: Location }) | undefined {
  if (!timeout || fn.generation === 'durable') return undefined;
  for (const trigger of fn.triggers) {
    const limit = triggerLimit(fn, trigger);
    if (limit && timeout.seconds > limit.seconds) return { ...limit, ...(trigger.location ? { location: trigger.location } : {}) };
  }
  return undefined;
}

const streams = (view: FunctionView): boolean => view.calls('init').some(({ callee }) => callee.path.at(-1)?.replace('#', '') === 'streamifyResponse');

/** Azure has a maximum on its Consumption plan alone: the very figure is written by who went to it. */
const isLongest = (fn: ServerlessFunction): boolean => fn.timeoutSeconds !== undefined
  && (fn.platform === 'azure' ? fn.timeoutSeconds.value === limitsOf('azure').timeoutMaxSeconds?.value : fn.timeoutSeconds.value >= (longestTimeout(fn) ?? Infinity));

/** The property; the function's own declaration where the property is a default elsewhere that is right for other functions. */
function placeOf(view: FunctionView, timeout: Timeout, concerns: (fn: ServerlessFunction) => boolean): Location {
  const { fn } = view;
  const declared = fn.declaredAt[0];
  const at = timeout.location ?? declared;
  if (!at) throw new Error(`${fn.id} is declared nowhere`);
  if (!declared || at.file === declared.file) return at;
  const same = view.project.infrastructure.functions.filter((other) => other.timeoutSeconds?.location.file === at.file && other.timeoutSeconds.location.line === at.line);
  return same.every(concerns) ? at : declared;
}

const stepOf = (timeout: Timeout): readonly FlowStep[] => (timeout.location ? [{ ...timeout.location, message: `timeout ${showSeconds(timeout.seconds)}` }] : []);
