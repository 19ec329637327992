import type { Callee } from '../model/project.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { awsOperationsOf } from './effects.ts';
import { byName, nameKey, normalName, property, select, words, wordSet } from './look-up.ts';
import type { NormalName } from './look-up.ts';

/**
 * What waits: sleeps, timers, retries, waiters; what asks for the state of something started earlier or for the next page;
 * what bounds a wait; and durable waits, which suspend the function and cost no time. Ordinary I/O is no wait.
 *
 * Sources (November 2026): Node.js 24 documentation (timers, timers/promises, Atomics, AbortSignal.timeout); READMEs: delay 6,
 * p-retry 7, async-retry 1.3, retry 0.13, promise-retry 2, exponential-backoff 3, cockatiel 3, ts-retry-promise 0.8, async 3,
 * p-wait-for 5, async-wait-until 2; AWS SDK v3 waiters (seconds; @smithy/util-waiter) and SDK v2 `waitFor` (docs of each
 * service's waiters); Lambda durable functions SDK (docs.aws.amazon.com/durable-execution), Azure durable-functions, Cloudflare
 * Workflows, Restate, Inngest, Temporal, Trigger.dev, Upstash Workflow documentation.
 */

/** A time in the unit that the argument is written in. */
export interface Duration {
  readonly value: Value;
  readonly unit: 'ms' | 's' | 'us' | 'min';
}

export type Wait =
  /** Waits for a fixed time. `blocking`: nothing else runs meanwhile. */
  | { readonly kind: 'sleep'; readonly delay: Duration; readonly blocking: boolean; readonly detail: string }
  /** Runs a callback later; a wait only when something awaits the callback. `repeats`: until it is cleared. */
  | { readonly kind: 'timer'; readonly delay: Duration; readonly callback: number; readonly repeats: boolean; readonly detail: string }
  | Retry
  /** Asks again and again until something is so. `limit`: the longest time; `undefined` when there is none. */
  | { readonly kind: 'poll'; readonly task?: number; readonly interval: Duration; readonly limit: Duration | undefined; readonly detail: string }
  /** Suspends the function: no time is billed, so it is no wait. */
  | { readonly kind: 'durable'; readonly detail: string };

/** Runs a task again when it fails. Times in milliseconds; `undefined` where the call's options are not known. */
export interface Retry {
  readonly kind: 'retry';
  /** Which argument is the function that is retried; -1 when it is handed over later. */
  readonly task: number;
  /** How often the task runs in all; `Infinity` when nothing bounds it. */
  readonly attempts: number | undefined;
  /** Sum of the waits between attempts without jitter, when every attempt fails. */
  readonly totalDelayMilliseconds: number | undefined;
  /** Upper bound of the whole, where the library has one. */
  readonly limitMilliseconds?: number;
  readonly detail: string;
}

/** Sleep helpers: key of the callee, index of the delay, unit, whether it blocks the process. */
const sleeps: ReadonlyMap<string, readonly [number, Duration['unit'], boolean]> = new Map([
  ...sleepRows('timers/promises', 'setTimeout scheduler.wait', 'ms'),
  ...sleepRows('timers', 'promises.setTimeout promises.scheduler.wait', 'ms'),
  ...sleepRows('delay', '() delay', 'ms'),
  ...sleepRows('sleep-promise promise-sleep await-sleep p-sleep es7-sleep thread-sleep-promise @daohoangson/sleep await-delay node-delay', '() sleep delay', 'ms'),
  ...sleepRows('bluebird', 'delay', 'ms'),
  ...sleepRows('es-toolkit radash', 'delay sleep', 'ms'),
  ...sleepRows('es-toolkit/promise', 'delay', 'ms'),
  ...sleepRows('sleep', 'sleep', 's', true),
  ...sleepRows('sleep', 'msleep', 'ms', true),
  ...sleepRows('sleep', 'usleep', 'us', true),
  ...sleepRows('system-sleep atomic-sleep', '() sleep', 'ms', true),
  ...sleepRows('thread-sleep', '()', 'ms', true),
  ...sleepRows('deasync', 'sleep', 'ms', true),
  ...sleepRows('global', 'Bun.sleep', 'ms'),
  ...sleepRows('global', 'Bun.sleepSync', 'ms', true),
  ['global Atomics.wait', [3, 'ms', true]],
  ['global Atomics.waitAsync', [3, 'ms', false]],
]);

function sleepRows(modules: string, paths: string, unit: Duration['unit'], isBlocking = false): readonly (readonly [string, readonly [number, Duration['unit'], boolean]])[] {
  return words(modules).flatMap((module) => words(paths).map((path) => [`${module} ${path === '()' ? '' : path}`, [0, unit, isBlocking]] as const));
}

/** How a retry library reads its options. Names of options; defaults of the library. */
interface RetryRow {
  readonly task: number;
  readonly options: number;
  /** Option with the number of attempts, and whether it counts the first try (`tries`) or only repetitions (`retries`). */
  readonly count: string;
  readonly counts: 'tries' | 'retries';
  readonly times: number;
  readonly delay: string;
  readonly delayMilliseconds: number;
  readonly factor: number;
  /** Option with the factor; absent: the delay stays the same. */
  readonly factorName?: string;
  readonly maximum?: string;
  /** The number itself may stand in place of the options. */
  readonly plainCount?: true;
  readonly limitMilliseconds?: number;
}

const nodeRetry: RetryRow = { task: 0, options: 1, count: 'retries', counts: 'retries', times: 10, delay: 'minTimeout', delayMilliseconds: 1000, factor: 2, factorName: 'factor', maximum: 'maxTimeout' };
const retries: ReadonlyMap<string, RetryRow> = new Map<string, RetryRow>([
  ['p-retry ', nodeRetry], ['p-retry pRetry', nodeRetry], ['async-retry ', nodeRetry], ['promise-retry ', nodeRetry], ['retry operation', { ...nodeRetry, task: -1, options: 0 }],
  ['exponential-backoff backOff', { task: 0, options: 1, count: 'numOfAttempts', counts: 'tries', times: 10, delay: 'startingDelay', delayMilliseconds: 100, factor: 2, factorName: 'timeMultiple', maximum: 'maxDelay' }],
  ['ts-retry-promise retry', { task: 0, options: 1, count: 'retries', counts: 'retries', times: 10, delay: 'delay', delayMilliseconds: 100, factor: 1, limitMilliseconds: 60_000 }],
  ['async retry', { task: 1, options: 0, count: 'times', counts: 'tries', times: 5, delay: 'interval', delayMilliseconds: 0, factor: 1, plainCount: true }],
  ['async-es retry', { task: 1, options: 0, count: 'times', counts: 'tries', times: 5, delay: 'interval', delayMilliseconds: 0, factor: 1, plainCount: true }],
  ['ts-retry retry', { task: 0, options: 1, count: 'maxTry', counts: 'tries', times: 5, delay: 'delay', delayMilliseconds: 250, factor: 1 }],
  ['ts-retry retryAsync', { task: 0, options: 1, count: 'maxTry', counts: 'tries', times: 5, delay: 'delay', delayMilliseconds: 250, factor: 1 }],
  ['radash retry', { task: 1, options: 0, count: 'times', counts: 'tries', times: 3, delay: 'delay', delayMilliseconds: 0, factor: 1 }],
]);

/** Polling helpers: interval and limit options, in milliseconds. */
const polls: ReadonlyMap<string, { readonly options: number; readonly interval: string; readonly every: number; readonly limit: string; readonly longest: number }> = new Map([
  ['p-wait-for ', { options: 1, interval: 'interval', every: 20, limit: 'timeout', longest: Infinity }],
  ['async-wait-until ', { options: 1, interval: 'intervalBetweenAttempts', every: 50, limit: 'timeout', longest: 5_000 }],
  ['async-wait-until waitUntil', { options: 1, interval: 'intervalBetweenAttempts', every: 50, limit: 'timeout', longest: 5_000 }],
]);

const durable: readonly (readonly [packages: RegExp, methods: ReadonlySet<string>])[] = [
  [/^@aws\/durable-execution-sdk-js$/, wordSet('wait waitForCallback waitForCondition createCallback invoke')],
  [/^durable-functions$/, wordSet('createTimer waitForExternalEvent callActivity callActivityWithRetry callSubOrchestrator')],
  [/^cloudflare:workers$/, wordSet('sleep sleepUntil waitForEvent')],
  [/^@restatedev\/restate-sdk(?:\/.*)?$/, wordSet('sleep awakeable')],
  [/^inngest(?:\/.*)?$/, wordSet('sleep sleepUntil waitForEvent waitForSignal')],
  [/^@temporalio\/workflow$/, wordSet('sleep condition')],
  [/^@trigger\.dev\/sdk(?:\/v[34])?$/, wordSet('for until forToken forRequest')],
  [/^@upstash\/workflow(?:\/.*)?$/, wordSet('sleep sleepUntil waitForEvent')],
  [/^workflow$/, wordSet('sleep')],
  [/^sst\/aws\/workflow$/, wordSet('wait sleep waitUntil waitForCallback')],
];

/** Whether a call can be a wait, by its name. Pure. */
export const mayWait = (callee: Callee): boolean => callee.receiver?.kind === 'context' || namesWait(callee);
const namesWait = byName((name) => {
  const key = nameKey(name);
  return (timerModules.has(name.module) && /^set(?:Timeout|Interval)$/.test(name.method)) || sleeps.has(key) || retries.has(key) || polls.has(key) || name.module === 'cockatiel' || /^wait/.test(name.method) || isDurableName(name);
});

/** Whether a call of a package sleeps, by its name. Pure. */
export const maySleep = byName((name) => waitOf(name, [])?.kind === 'sleep');

/** What kind of wait a call is; `undefined` when it is none that the catalog knows. Pure. */
export function waitOf(callee: Callee, args: readonly Value[]): Wait | undefined {
  const name = normalName(callee);
  const detail = name.module === 'global' ? name.path.join('.') : name.method === '' ? name.module : name.method;
  if (isDurable(callee, name)) return { kind: 'durable', detail };
  const key = nameKey(name);
  const sleep = sleeps.get(key);
  if (sleep) return { kind: 'sleep', delay: { value: args[sleep[0]] ?? literal(key.includes('Atomics') ? Infinity : 0), unit: sleep[1] }, blocking: sleep[2], detail };
  const timer = timerOf(name, args, detail);
  if (timer) return timer;
  const row = retries.get(key);
  if (row) return retryOf(row, args, detail);
  if (name.module === 'cockatiel' && (key === 'cockatiel retry' || key === 'cockatiel Policy.#retry')) return cockatiel(args, detail);
  const poll = polls.get(key);
  if (poll) {
    const limit = property(args[poll.options], poll.limit);
    return {
      kind: 'poll', task: 0, detail,
      interval: { value: property(args[poll.options], poll.interval) ?? literal(poll.every), unit: 'ms' },
      limit: limit ? { value: select(limit, 'milliseconds')[0] ?? limit, unit: 'ms' } : poll.longest === Infinity ? undefined : { value: literal(poll.longest), unit: 'ms' },
    };
  }
  return waiterOf(callee, args);
}

const timerModules = wordSet('global timers');

function timerOf({ module, path }: NormalName, args: readonly Value[], detail: string): Wait | undefined {
  if (!timerModules.has(module)) return undefined;
  const function_ = path[0] === 'globalThis' || path[0] === 'window' || path[0] === 'self' ? path.slice(1).join('.') : path.join('.');
  if (function_ !== 'setTimeout' && function_ !== 'setInterval') return undefined;
  const [first] = args;
  // `promisify(setTimeout)` takes the delay alone.
  if (function_ === 'setTimeout' && first?.kind === 'literal' && typeof first.value === 'number') return { kind: 'sleep', delay: { value: first, unit: 'ms' }, blocking: false, detail };
  return { kind: 'timer', delay: { value: args[1] ?? literal(0), unit: 'ms' }, callback: 0, repeats: function_ === 'setInterval', detail };
}

// `context.df.createTimer` of Azure: `df` hangs on the platform's context.
const isDurable = (callee: Callee, name: NormalName): boolean => (callee.receiver?.kind === 'context' && callee.receiver.path[0] === 'df') || isDurableName(name);

function isDurableName({ module, method }: NormalName): boolean {
  return durable.some(([packages, methods]) => packages.test(module) && methods.has(method));
}

/** A literal number; Infinity also by its global name. `undefined` when it is not known. */
function numberOf(value: Value | undefined): number | undefined {
  if (value?.kind === 'literal' && typeof value.value === 'number') return value.value;
  if (value?.kind === 'external' && value.module === 'global' && ['Infinity', 'Number.POSITIVE_INFINITY', 'Number.MAX_VALUE', 'Number.MAX_SAFE_INTEGER'].includes(value.path.join('.'))) return Infinity;
  return undefined;
}

function retryOf(row: RetryRow, args: readonly Value[], detail: string): Retry {
  const given = args[row.options];
  const isPlain = row.plainCount && numberOf(given) !== undefined;
  // `async.retry(task)`: the task stands in the options' place.
  const isTaskFirst = row.options < row.task && (given?.kind === 'function' || given?.kind === 'external');
  const options = isPlain || isTaskFirst ? undefined : given;
  const read = (name: string, otherwise: number): number | undefined => {
    const value = property(options, name);
    return value ? numberOf(value) : otherwise;
  };
  const forever = property(options, 'forever');
  const isForever = forever?.kind === 'literal' && forever.value === true;
  const count = isForever ? Infinity : isPlain ? numberOf(given) : read(row.count, row.times);
  const attempts = count === undefined ? undefined : row.counts === 'tries' ? count : count + 1;
  const factor = row.factorName ? read(row.factorName, row.factor) : row.factor;
  const total = totalDelay(attempts, read(row.delay, row.delayMilliseconds), factor, row.maximum ? read(row.maximum, Infinity) : Infinity);
  return {
    kind: 'retry', task: isTaskFirst ? row.options : row.task, attempts, totalDelayMilliseconds: total, detail,
    ...(row.limitMilliseconds === undefined ? {} : { limitMilliseconds: read('timeout', row.limitMilliseconds) ?? row.limitMilliseconds }),
  };
}

function totalDelay(attempts: number | undefined, first: number | undefined, factor: number | undefined, maximum: number | undefined): number | undefined {
  if (attempts === undefined || first === undefined || factor === undefined || maximum === undefined) return undefined;
  if (attempts > 10_000) return Infinity;
  let sum = 0;
  for (let i = 0, delay = first; i < attempts - 1; i++, delay *= factor) sum += Math.min(delay, maximum);
  return sum;
}

/** `retry(policy, { maxAttempts, backoff })`: without maxAttempts there is no bound; without backoff no delay. */
function cockatiel(args: readonly Value[], detail: string): Retry {
  const maximum = property(args[1], 'maxAttempts');
  const attempts = maximum ? numberOf(maximum) : Infinity;
  const backoff = property(args[1], 'backoff');
  return { kind: 'retry', task: -1, attempts: attempts === undefined ? undefined : attempts + 1, totalDelayMilliseconds: backoff ? undefined : attempts === Infinity ? Infinity : 0, detail };
}

/** SDK v2 waiters: seconds between questions and number of them, from the services' waiter definitions. */
const v2Waiters: Readonly<Record<string, readonly [delaySeconds: number, attempts: number]>> = {
  ObjectExists: [5, 20], ObjectNotExists: [5, 20], BucketExists: [5, 20], BucketNotExists: [5, 20], TableExists: [20, 25], TableNotExists: [20, 25],
  StackCreateComplete: [30, 120], StackUpdateComplete: [30, 120], StackDeleteComplete: [30, 120], StackExists: [5, 20],
  FunctionExists: [1, 20], FunctionActive: [5, 60], FunctionUpdated: [5, 60], InstanceRunning: [15, 40], InstanceStopped: [15, 40],
  TasksRunning: [6, 100], TasksStopped: [6, 100], ServicesStable: [15, 40], StreamExists: [10, 18], DBInstanceAvailable: [30, 60],
};

function waiterOf(callee: Callee, args: readonly Value[]): Wait | undefined {
  const operation = awsOperationsOf(callee, args).find(({ form }) => form === 'waiter');
  if (!operation) return undefined;
  const detail = operation.operation;
  if (operation.sdk === 3) {
    const limit = property(operation.options, 'maxWaitTime');
    return { kind: 'poll', detail, interval: { value: property(operation.options, 'minDelay') ?? literal(2), unit: 's' }, limit: limit ? { value: limit, unit: 's' } : undefined };
  }
  const [delay, times] = v2Waiters[operation.operation] ?? [undefined, undefined];
  const interval = numberOf(property(operation.options, 'delay')) ?? delay;
  const attempts = numberOf(property(operation.options, 'maxAttempts')) ?? times;
  // SDK v2 always has a bound, even where it is not listed here.
  const limit: Value = interval !== undefined && attempts !== undefined ? literal(interval * attempts) : { kind: 'unknown', reason: 'bound of an SDK v2 waiter' };
  return { kind: 'poll', detail, interval: { value: interval === undefined ? { kind: 'unknown', reason: 'delay of an SDK v2 waiter' } : literal(interval), unit: 's' }, limit: { value: limit, unit: 's' } };
}
