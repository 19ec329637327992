import { judgeLoop, type LoopVerdict } from '../src/link/queries/loop-verdict.ts';
import { loopsOf } from '../src/link/queries/loops.ts';
import { showSeconds } from '../src/link/queries/numbers.ts';
import { recursionsOf } from '../src/link/queries/recursion.ts';
import { fixedSleepsOf, isBatchJob, libraryWaitsOf, timeoutOf, type Timeout } from '../src/link/queries/sleeps.ts';
import { intervalsOf } from '../src/link/queries/timers.ts';
import { addDeadline } from '../src/link/queries/repair-waiting.ts';
import type { FlowStep } from '../src/model/finding.ts';
import type { SourcePlace } from '../src/model/location.ts';
import type { Body, FunctionView } from '../src/model/project.ts';
import type { Suggestion } from '../src/model/suggestion.ts';
import { defineRule, type Report } from '../src/rule.ts';

/** Where no timeout is known, a sleep of more than this is reported. */
const unknownTimeoutSeconds = 5;

const sleep = `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n`;

export default defineRule({
  id: 'no-long-running-loop',
  title: 'Disallow loops that wait without a deadline',
  scope: 'function',
  category: 'time',
  preset: 'core',
  risk: 'A function is billed while it waits and is killed at its timeout, in the middle of whatever it was doing; waiting is what a platform can do for nothing.',
  references: [
    { title: 'What is Serverless Architecture: long-running tasks', document: '003' },
    { title: 'AWS Lambda: configure the timeout', url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html' },
  ],
  messages: {
    noExit: { severity: 'error', text: 'Nothing ends this loop: it has no reachable break, return or throw.', repair: 'Give the loop a condition that ends it, or a deadline from the remaining time of the invocation.' },
    retries: { severity: 'error', text: '{what} starts again whenever it fails, and nothing bounds how often.', repair: 'Count the attempts and throw after a few, so that the platform’s own retry and dead-letter queue take over.' },
    untilSuccess: { severity: 'error', text: '{what} ends on success only: what fails is waited for until the timeout.', repair: 'Leave on every final state and after a deadline; better, let an event or a state machine start the next step.' },
    polls: { severity: 'warning', text: '{what} asks again and again until something is so, with no deadline.', repair: 'Stop after a number of attempts or when the remaining time is short; better, let an event or a state machine’s wait start the next step.' },
    overrun: { severity: 'error', text: '{what} waits {sum}, function timeout {timeout}.', repair: 'Lower the number of rounds or the delay so that the sum stays below the timeout, raise the timeout, or let a queue delay or a state machine wait.' },
    interval: { severity: 'error', text: 'This interval is never cleared.', repair: 'Clear it on every way out of the handler, or leave it out: nothing runs between invocations.' },
    timer: { severity: 'error', text: 'This function has a timer start it again for ever.', repair: 'Bound the number of rounds, or let a schedule invoke the function.' },
    sleeps: { severity: 'warning', text: 'Sleeps {seconds}, {limit}.', repair: 'Let a queue delay, a schedule or a state machine wait instead of a function that is billed for it.' },
    crawls: { severity: 'info', text: '{what} asks for page after page with no deadline: the number of rounds is the data’s.', repair: 'Stop when the remaining time is short and hand the cursor on to the next invocation.' },
    crawlsInBatch: { severity: 'warning', text: '{what} asks for page after page with no deadline, in a batch job ({job}): as the data grows it meets the timeout.', repair: 'Stop when the remaining time is short and hand the cursor on to the next invocation, or split the work over a queue.' },
  },
  options: {},
  examples: [
    { title: 'Polls until it is done', code: `import { jobState } from 'jobs-client';\n${sleep}export const handler = async (event) => {\n  let state = await jobState(event.id);\n  while (state === 'PENDING') {\n    await sleep(1000);\n    state = await jobState(event.id);\n  }\n  return state;\n};\n`, reports: ['polls'] },
    { title: 'More than the timeout', code: `import { jobState } from 'jobs-client';\n${sleep}export const handler = async (event) => {\n  for (let poll = 0; poll < 60; poll++) {\n    if ((await jobState(event.id)) === 'DONE') return;\n    await sleep(1000);\n  }\n};\n`, reports: ['overrun'] },
    { title: 'A deadline', code: `import { jobState } from 'jobs-client';\n${sleep}export const handler = async (event, context) => {\n  while (context.getRemainingTimeInMillis() > 5000) {\n    if ((await jobState(event.id)) === 'DONE') return;\n    await sleep(1000);\n  }\n};\n`, reports: [] },
    { title: 'No way out', code: `export const handler = async () => {\n  while (true) {\n    console.log('alive');\n  }\n};\n`, reports: ['noExit'] },
  ],
  *check({ view }) {
    const timeout = timeoutOf(view.fn);
    for (const body of view.bodies('invoke')) {
      if (!body.fn.generator) {
        for (const loop of loopsOf(body.fn)) {
          const verdict = judgeLoop(view, body, loop);
          if (verdict) yield* reportsOf(view, body, { file: body.file, start: loop.start, end: loop.headEnd }, verdict, 'This loop', timeout, addDeadline(body, loop, timeout?.seconds));
        }
      }
      for (const { at, verdict } of recursionsOf(view, body)) {
        const place = { file: body.file, start: at.start, end: at.end };
        if (verdict.kind === 'timer') yield { message: 'timer', at: place, flow: body.path };
        else yield* reportsOf(view, body, place, verdict, 'This recursion', timeout);
      }
      for (const interval of intervalsOf(view, body)) {
        const at = { file: body.file, start: interval.call.start, end: interval.call.end };
        if (interval.fate === 'endless') yield { message: 'interval', at, flow: body.path };
        else if (interval.fate === 'polls') yield { message: 'polls', at, data: { what: 'This interval' }, flow: body.path };
        else if (timeout && interval.seconds !== undefined && interval.rounds !== undefined && interval.seconds * interval.rounds > timeout.seconds) {
          yield { message: 'overrun', at, data: { what: 'This interval', sum: product(interval.rounds, interval.seconds), timeout: showSeconds(timeout.seconds) }, flow: [...body.path, ...timeoutStep(timeout)] };
        }
      }
      for (const wait of libraryWaitsOf(view, body)) {
        const at = { file: body.file, start: wait.call.start, end: wait.call.end };
        if (wait.kind !== 'sum') yield { message: wait.kind, at, data: { what: wait.detail }, flow: body.path };
        else if (timeout && wait.seconds !== undefined && wait.seconds > timeout.seconds) yield { message: 'overrun', at, data: { what: wait.detail, sum: showSeconds(wait.seconds), timeout: showSeconds(timeout.seconds) }, flow: [...body.path, ...timeoutStep(timeout)] };
      }
      for (const fixed of fixedSleepsOf(view, body)) {
        const long = fixed.times.find(({ seconds }) => (timeout ? seconds >= timeout.seconds : seconds > unknownTimeoutSeconds));
        if (!long) continue;
        const limit = timeout ? `function timeout ${showSeconds(timeout.seconds)}` : 'and no timeout is known';
        yield { message: 'sleeps', at: { file: body.file, start: fixed.call.start, end: fixed.call.end }, data: { seconds: showSeconds(long.seconds), limit }, flow: [...long.path, ...timeoutStep(timeout)], evidence: long.files, ...assuming(long.assumptions) };
      }
    }
  },
});

function* reportsOf(view: FunctionView, body: Body, at: SourcePlace, verdict: LoopVerdict, what: string, timeout: Timeout | undefined, suggestions: readonly Suggestion[] = []): Iterable<Report> {
  // One loop is one finding, whatever each of the functions that share it makes of it.
  const key = `${at.file}:${at.start}`;
  const base = { at, key, data: { what }, flow: body.path, suggestions };
  switch (verdict.kind) {
    case 'noExit': yield { message: 'noExit', at, key, flow: body.path, suggestions }; return;
    case 'retries': case 'untilSuccess': case 'polls': yield { ...base, message: verdict.kind, evidence: [...verdict.evidence].sort() }; return;
    case 'crawls': {
      const evidence = [...verdict.evidence].sort();
      const batch = isBatchJob(view.fn);
      if (!batch) { yield { ...base, message: 'crawls', evidence }; return; }
      const job = timeout && batch === 'timeout' ? `timeout ${showSeconds(timeout.seconds)}` : 'started by a schedule';
      yield { ...base, message: 'crawlsInBatch', data: { what, job }, flow: [...body.path, ...timeoutStep(timeout)], evidence };
      return;
    }
    case 'sums': {
      const long = timeout && verdict.totals.find(({ total }) => total.seconds > timeout.seconds);
      if (!timeout || !long) return;
      const { total } = long;
      const even = total.most - total.least < 0.001;
      const sum = even ? product(total.count, total.most) : `${total.count} × ${showSeconds(total.least)} to ${showSeconds(total.most)} = ${showSeconds(total.seconds)}`;
      const step: FlowStep = { ...view.location(total.sleep.place), message: even ? `sleeps ${showSeconds(total.most)}` : `sleeps up to ${showSeconds(total.most)}` };
      yield { message: 'overrun', at, key, suggestions, data: { what, sum, timeout: showSeconds(timeout.seconds) }, flow: [...long.path, step, ...timeoutStep(timeout)], evidence: [...verdict.evidence].sort(), ...assuming(total.assumptions) };
    }
  }
}

const product = (count: number, seconds: number): string => `${count} × ${showSeconds(seconds)} = ${showSeconds(count * seconds)}`;
const timeoutStep = (timeout: Timeout | undefined): readonly FlowStep[] => (timeout?.location ? [{ ...timeout.location, message: `timeout ${showSeconds(timeout.seconds)}` }] : []);
const assuming = (assumptions: readonly string[]): { assumptions?: readonly string[] } => (assumptions.length > 0 ? { assumptions } : {});
