import { describe, expect, it } from 'vitest';
import { askOf, deadlineCheckOf, mayAsk, signalLimit } from '../../src/catalog/asks.ts';
import { mayWait, waitOf } from '../../src/catalog/waits.ts';
import type { Value } from '../../src/model/value.ts';
import { callee, context, dunno, env, event, ext, fn, made, open, show, val } from './support.ts';
import type { Plain } from './support.ts';

const wait = (module: string, path: string, args: readonly Plain[], receiver?: Value): string => {
  const found = waitOf(callee(module, path, receiver), args.map(val));
  // The gate that stands before arguments are worked out.
  if (found) expect(mayWait(callee(module, path, receiver)), `${module} ${path}`).toBe(true);
  switch (found?.kind) {
    case undefined: return '-';
    case 'sleep': return `sleep ${show(found.delay.value)} ${found.delay.unit}${found.blocking ? ' blocking' : ''}`;
    case 'timer': return `timer ${show(found.delay.value)} ${found.delay.unit}${found.repeats ? ' repeats' : ''}`;
    case 'retry': return `retry ${found.attempts ?? '?'} tries, ${found.totalDelayMilliseconds ?? '?'} ms${found.limitMilliseconds === undefined ? '' : `, at most ${found.limitMilliseconds}`}`;
    case 'poll': return `poll every ${show(found.interval.value)} ${found.interval.unit}${found.limit ? `, at most ${show(found.limit.value)} ${found.limit.unit}` : ''}`;
    case 'durable': return 'durable';
  }
};

describe('waitOf', () => {
  it.each<readonly [string, string, readonly Plain[], string]>([
    ['timers/promises', 'setTimeout', [5000], 'sleep 5000 ms'],
    ['node:timers/promises', 'scheduler.wait', [100], 'sleep 100 ms'],
    ['timers/promises', 'setImmediate', [], '-'],
    ['delay', 'default', [env('MS')], 'sleep env:MS ms'],
    ['sleep-promise', 'default', [10], 'sleep 10 ms'],
    ['sleep', 'sleep', [2], 'sleep 2 s blocking'],
    ['sleep', 'usleep', [2], 'sleep 2 us blocking'],
    ['global', 'Atomics.wait', [dunno, 0, 0, 1000], 'sleep 1000 ms blocking'],
    ['global', 'Bun.sleep', [10], 'sleep 10 ms'],
    ['global', 'setTimeout', [fn, 1000], 'timer 1000 ms'],
    ['global', 'setTimeout', [fn], 'timer 0 ms'],
    ['global', 'globalThis.setTimeout', [fn, 5], 'timer 5 ms'],
    // promisify(setTimeout) behaves as setTimeout with the delay alone
    ['global', 'setTimeout', [1000], 'sleep 1000 ms'],
    ['global', 'setInterval', [fn, 500], 'timer 500 ms repeats'],
    ['global', 'setImmediate', [fn], '-'],
    ['global', 'clearTimeout', [dunno], '-'],
    ['jquery', 'delay', [100], '-'],
    ['lodash', 'delay', [fn, 100], '-'],
    ['p-retry', 'default', [fn], 'retry 11 tries, 1023000 ms'],
    ['p-retry', 'default', [fn, { retries: 3 }], 'retry 4 tries, 7000 ms'],
    ['p-retry', 'default', [fn, { retries: 3, minTimeout: 100, factor: 1 }], 'retry 4 tries, 300 ms'],
    ['p-retry', 'default', [fn, { retries: 5, maxTimeout: 2000 }], 'retry 6 tries, 9000 ms'],
    ['p-retry', 'default', [fn, { retries: env('N') }], 'retry ? tries, ? ms'],
    ['p-retry', 'default', [fn, open({})], 'retry ? tries, ? ms'],
    ['p-retry', 'AbortError', ['x'], '-'],
    ['async-retry', 'default', [fn, { forever: true }], 'retry Infinity tries, Infinity ms'],
    ['async-retry', 'default', [fn, { retries: ext('global', 'Infinity') }], 'retry Infinity tries, Infinity ms'],
    ['retry', 'operation', [{ retries: 2 }], 'retry 3 tries, 3000 ms'],
    ['exponential-backoff', 'backOff', [fn], 'retry 10 tries, 51100 ms'],
    ['exponential-backoff', 'backOff', [fn, { numOfAttempts: 3 }], 'retry 3 tries, 300 ms'],
    ['ts-retry-promise', 'retry', [fn], 'retry 11 tries, 1000 ms, at most 60000'],
    ['async', 'retry', [3, fn], 'retry 3 tries, 0 ms'],
    ['async', 'retry', [fn], 'retry 5 tries, 0 ms'],
    ['async', 'retry', [{ times: 4, interval: 100 }, fn], 'retry 4 tries, 300 ms'],
    ['async', 'each', [dunno, fn], '-'],
    ['cockatiel', 'retry', [dunno, { maxAttempts: 3 }], 'retry 4 tries, 0 ms'],
    ['cockatiel', 'retry', [dunno], 'retry Infinity tries, Infinity ms'],
    ['p-wait-for', 'default', [fn], 'poll every 20 ms'],
    ['p-wait-for', 'default', [fn, { interval: 100, timeout: 3000 }], 'poll every 100 ms, at most 3000 ms'],
    ['p-wait-for', 'default', [fn, { timeout: { milliseconds: 3000 } }], 'poll every 20 ms, at most 3000 ms'],
    ['async-wait-until', 'default', [fn], 'poll every 50 ms, at most 5000 ms'],
    ['@aws-sdk/client-s3', 'waitUntilObjectExists', [{ maxWaitTime: 60 }, {}], 'poll every 2 s, at most 60 s'],
    ['@aws-sdk/client-ecs', 'waitUntilTasksRunning', [{ maxWaitTime: 600, minDelay: 6 }, {}], 'poll every 6 s, at most 600 s'],
    ['@aws-sdk/client-s3', 'waitUntilObjectExists', [{}, {}], 'poll every 2 s'],
    ['aws-sdk', 'S3.#waitFor', ['objectExists', { Bucket: 'b' }], 'poll every 5 s, at most 100 s'],
    ['aws-sdk', 'S3.#waitFor', ['objectExists', { Bucket: 'b', $waiter: { maxAttempts: 2, delay: 3 } }], 'poll every 3 s, at most 6 s'],
    ['aws-sdk', 'Glacier.#waitFor', ['vaultExists', {}], 'poll every ? s, at most ? s'],
    ['my-lib', 'waitUntilReady', [{ maxWaitTime: 1 }], '-'],
    ['cloudflare:workers', 'WorkflowStep.#sleep', ['x', '1 day'], 'durable'],
    ['@aws/durable-execution-sdk-js', 'DurableContext.#wait', [{ seconds: 5 }], 'durable'],
    ['@aws/durable-execution-sdk-js', 'DurableContext.#step', [fn], '-'],
    ['@temporalio/workflow', 'sleep', ['1d'], 'durable'],
    ['@aws-sdk/client-s3', 'S3Client.#send', [made('@aws-sdk/client-s3', 'GetObjectCommand', {})], '-'],
  ])('%s %s %j: %s', (module, path, args, expected) => expect(wait(module, path, args)).toBe(expected));

  it('knows Azure durable timers by the context they hang on', () => {
    expect(wait('unknown', 'createTimer', [dunno], context('df'))).toBe('durable');
    expect(wait('unknown', 'createTimer', [dunno], event('df'))).toBe('-');
  });
});

describe('askOf', () => {
  const send = (pkg: string, command: string): readonly [string, string, readonly Plain[]] => [`@aws-sdk/client-${pkg}`, 'C.#send', [made(`@aws-sdk/client-${pkg}`, `${command}Command`, {})]];
  it.each<readonly [string, string, readonly Plain[], string]>([
    [...send('sfn', 'DescribeExecution'), 'status'],
    [...send('athena', 'GetQueryExecution'), 'status'],
    [...send('transcribe', 'GetTranscriptionJob'), 'status'],
    ['aws-sdk', 'Glue.#getJobRun', [{}], 'status'],
    [...send('s3', 'ListObjectsV2'), 'page'],
    ['aws-sdk', 'DynamoDB.DocumentClient.#scan', [{}], 'page'],
    ['@aws-sdk/lib-dynamodb', 'DynamoDBDocument.#query', [{}], 'page'],
    ['@aws-sdk/client-s3', 'paginateListObjectsV2', [{}, {}], 'page all'],
    [...send('sqs', 'ReceiveMessage'), 'item'],
    ['stripe', 'Stripe.#customers.list', [{}], 'page'],
    ['@octokit/rest', 'Octokit.#paginate', [dunno], 'page all'],
    ['@azure/service-bus', 'ServiceBusReceiver.#receiveMessages', [10], 'item'],
    [...send('s3', 'GetObject'), '-'],
    [...send('s3', 'HeadObject'), '-'],
    [...send('dynamodb', 'GetItem'), '-'],
    [...send('sqs', 'SendMessage'), '-'],
    ['@aws-sdk/client-s3', 'waitUntilObjectExists', [{}, {}], '-'],
    ['./job', 'getJob', [], '-'],
    ['bull', 'Queue.#getJob', ['1'], '-'],
    ['left-pad', 'list', [], '-'],
  ])('%s %s %j: %s', (module, path, args, expected) => {
    const found = askOf(callee(module, path), args.map(val));
    if (found) expect(mayAsk(callee(module, path))).toBe(true);
    expect(found ? `${found.kind}${found.iterates ? ' all' : ''}` : '-').toBe(expected);
  });
});

describe('deadlineCheckOf', () => {
  it.each<readonly [string, string, readonly Plain[], string | undefined]>([
    ['global', 'Date.now', [], 'clock'], ['global', 'performance.now', [], 'clock'], ['global', 'Date', [], 'clock'], ['global', 'Date', [event('time')], undefined], ['global', 'Date.#getTime', [], undefined],
    ['perf_hooks', 'performance.now', [], 'clock'], ['global', 'process.hrtime.bigint', [], 'clock'], ['moment', 'default', [], 'clock'], ['moment', 'default', [event('t')], undefined], ['luxon', 'DateTime.now', [], 'clock'],
    ['global', 'AbortSignal.timeout', [1000], 'signal'], ['unknown', 'getRemainingTimeInMillis', [], 'remaining'], ['unknown', 'getFunctionName', [], undefined], ['lodash', 'now', [1], undefined],
  ])('%s %s %j: %s', (module, path, args, expected) => expect(deadlineCheckOf(callee(module, path), args.map(val))).toBe(expected));

  it('reads the limit of a signal', () => {
    expect(show(signalLimit(val({ signal: { kind: 'derived', what: 'global:AbortSignal.timeout', from: [val(500)], io: false } as Value })))).toBe('500');
    expect(signalLimit(val({}))).toBeUndefined();
  });
});

describe('gates', () => {
  it('let nothing through that is no wait and asks for nothing', () => {
    for (const [module, path] of [['global', 'console.log'], ['axios', 'get'], ['unknown', '#map'], ['fs', 'readFileSync']] as const) expect([mayWait(callee(module, path)), mayAsk(callee(module, path))], `${module} ${path}`).toEqual([false, false]);
  });
});
