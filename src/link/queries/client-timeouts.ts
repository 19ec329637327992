import { httpRequestOf, mayRequest } from '../../catalog/http-clients.ts';
import { property } from '../../catalog/look-up.ts';
import { mayWait, waitOf, type Duration } from '../../catalog/waits.ts';
import type { Expr } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Body, ExternalCall, FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { censusOf } from '../census.ts';
import { contains } from '../values.ts';
import { walk } from '../walk.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { isTime } from './deadlines.ts';
import { Storage } from './storage.ts';
import { numberAt, numberOf, showSeconds } from './numbers.ts';
import { argsOf } from './arguments.ts';

/** A number in code that says how long something may take. */
export interface CodeLimit {
  readonly kind: 'client' | 'request' | 'waiter' | 'process' | 'deadline';
  /** Longest time that the code allows it, in seconds. */
  readonly seconds: number;
  /** How it adds up, for messages: `2 × 29 s = 58 s`. */
  readonly sum: string;
  /** What waits: `S3Client`, `axios`, `waitUntilObjectExists`. */
  readonly what: string;
  /** The property or argument that sets it. */
  readonly place: SourcePlace;
  readonly body: Body;
}

/** A request that nothing ends: the client has no timeout of its own, or one beyond the given number of seconds. */
export interface OpenRequest {
  readonly client: string;
  readonly call: ExternalCall;
}

/** Attempts of the SDK for JavaScript v3 and v2 when nothing is written (AWS SDKs reference, retry behavior, November 2026). */
const DEFAULT_ATTEMPTS = 3;
/** Back-off of the standard retry mode: 0.1 s doubled each time, at most 20 s, times a random number. On average half of it. */
const backoffSeconds = (attempts: number): number => {
  const doubling = Array.from({ length: Math.min(attempts, 9) - 1 }, (_, index) => Math.min(20, 0.1 * 2 ** index)).reduce((sum, one) => sum + one, 0);
  return (doubling + Math.max(0, attempts - 9) * 20) / 2;
};

/** Every time limit that the function's code sets for what it waits for. */
export function codeLimits(view: FunctionView): readonly CodeLimit[] {
  const found: CodeLimit[] = [];
  for (const call of view.calls()) {
    const limit = clientLimit(call) ?? (call.body.phase === 'invoke' ? requestLimit(call) ?? waiterLimit(call) ?? processLimit(call) : undefined);
    if (limit) found.push(limit);
  }
  for (const body of view.bodies('invoke')) found.push(...ownDeadlines(view, body));
  return found;
}

/** `new S3Client({ maxAttempts, requestHandler: { requestTimeout } })`, `new AWS.S3({ maxRetries, httpOptions: { timeout } })`. */
function clientLimit(call: ExternalCall): CodeLimit | undefined {
  const name = call.callee.path.at(-1) ?? '';
  const modern = call.callee.module.startsWith('@aws-sdk/client-') && /^[A-Z]\w*(?:Client)?$/.test(name) && !/(?:Command|Exception)$/.test(name);
  if (call.expr.kind !== 'new' || !(modern || call.callee.module === 'aws-sdk' || call.callee.module.startsWith('aws-sdk/clients/'))) return undefined;
  const config = call.arg(0);
  if (config.kind !== 'object') return undefined;
  const written = numberIn(property(config, modern ? 'maxAttempts' : 'maxRetries'));
  const attempts = written === undefined ? DEFAULT_ATTEMPTS : modern ? written : written + 1;
  const handler = modern ? property(config, 'requestHandler') : property(config, 'httpOptions');
  const options = handler?.kind === 'instance' ? handler.args[0] : handler;
  const names = modern ? ['requestTimeout', 'socketTimeout', 'connectionTimeout'] : ['timeout', 'connectTimeout'];
  const times = [...names.map((one) => numberIn(property(options, one))), modern ? numberIn(property(config, 'requestTimeout')) : undefined].filter((one) => one !== undefined);
  const each = times.length === 0 ? undefined : Math.max(...times) / 1000;
  const what = name.replace('#', '');
  if (each !== undefined && each > 0) {
    const place = propertyPlace(call, times.length > 0 ? ['connectionTimeout', 'connectTimeout', 'requestTimeout', 'socketTimeout', 'timeout'] : []);
    return { kind: 'client', seconds: attempts * each, sum: `${attempts} × ${showSeconds(each)} = ${showSeconds(attempts * each)}`, what, place, body: call.body };
  }
  if (written === undefined || attempts < 4) return undefined;
  const seconds = backoffSeconds(attempts);
  return { kind: 'client', seconds, sum: `${attempts} attempts wait about ${showSeconds(seconds)} in between`, what, place: propertyPlace(call, ['maxAttempts', 'maxRetries']), body: call.body };
}

const numberIn = (value: Value | undefined): number | undefined => (value === undefined ? undefined : numberOf(value));

/** The first property of one of these names among the arguments as they are written; the call where there is none. */
function propertyPlace(call: ExternalCall, names: readonly string[]): SourcePlace {
  let found: Expr | undefined;
  let place = call.place;
  walk(call.expr.args, (item) => {
    if (found || item.kind !== 'object') return undefined;
    for (const entry of item.properties) {
      if (!found && typeof entry.key === 'string' && names.includes(entry.key)) {
        found = entry.value;
        place = { file: call.body.file, start: entry.start, end: entry.end };
      }
    }
    return undefined;
  });
  return place;
}

function requestLimit(call: ExternalCall): CodeLimit | undefined {
  const request = mayRequest(call.callee) ? httpRequestOf(call.callee, argsOf(call)) : undefined;
  if (request?.timeout.kind !== 'given') return undefined;
  const milliseconds = numberOf(request.timeout.milliseconds);
  if (milliseconds === undefined) return undefined;
  const retries = request.client === 'got' ? retriesIn(call) : 0;
  const total = (milliseconds / 1000) * (retries + 1);
  if (retries > 0) return { kind: 'request', seconds: total, sum: `${retries + 1} × ${showSeconds(milliseconds / 1000)} = ${showSeconds(total)}`, what: request.client, place: propertyPlace(call, ['timeout']), body: call.body };
  return { kind: 'request', seconds: milliseconds / 1000, sum: showSeconds(milliseconds / 1000), what: request.client, place: propertyPlace(call, ['timeout', 'signal', 'response_timeout', 'headersTimeout']), body: call.body };
}

/** `retry: 4`, `retry: { limit: 4 }` among the options of a call (README of got 14, November 2026: each attempt has the whole timeout). */
function retriesIn(call: ExternalCall): number {
  for (const arg of argsOf(call)) {
    const retry = arg.kind === 'object' ? property(arg, 'retry') : undefined;
    const count = numberIn(retry) ?? (retry?.kind === 'object' ? numberIn(property(retry, 'limit')) : undefined);
    if (count !== undefined && Number.isFinite(count) && count > 0) return count;
  }
  return 0;
}

const factor: Readonly<Record<Duration['unit'], number>> = { ms: 1 / 1000, s: 1, us: 1 / 1_000_000, min: 60 };

function waiterLimit(call: ExternalCall): CodeLimit | undefined {
  if (call.callee.module === 'global' || call.callee.module === 'unknown' || !mayWait(call.callee)) return undefined;
  const wait = waitOf(call.callee, argsOf(call));
  if (wait?.kind !== 'poll' || !wait.limit) return undefined;
  const amount = numberOf(wait.limit.value);
  if (amount === undefined || !Number.isFinite(amount)) return undefined;
  const seconds = amount * factor[wait.limit.unit];
  return { kind: 'waiter', seconds, sum: showSeconds(seconds), what: wait.detail, place: propertyPlace(call, ['maxWaitTime', 'timeout']), body: call.body };
}

function processLimit(call: ExternalCall): CodeLimit | undefined {
  if (!/^(?:node:)?child_process$/.test(call.callee.module)) return undefined;
  for (let index = 1; index < call.argCount; index++) {
    const milliseconds = numberIn(property(call.arg(index), 'timeout'));
    if (milliseconds !== undefined && milliseconds > 0) return { kind: 'process', seconds: milliseconds / 1000, sum: showSeconds(milliseconds / 1000), what: call.callee.path.at(-1) ?? 'child process', place: propertyPlace(call, ['timeout']), body: call.body };
  }
  return undefined;
}

/** `if (Date.now() - start >= 720_000)`: a deadline of the function's own, in milliseconds since it started. */
function ownDeadlines(of: FunctionView, body: Body): readonly CodeLimit[] {
  const view = of as LinkedFunction;
  const { frame } = (body as LinkedBody).node;
  const found: CodeLimit[] = [];
  for (const item of censusOf(body.fn).binaries) {
    if (!/^[<>]=?$/.test(item.op)) continue;
    const [elapsed, limit] = item.op.startsWith('>') ? [item.left, item.right] : [item.right, item.left];
    // Only what is reached by waiting: `elapsed > limit` leaves, `elapsed < limit` goes on.
    const [left, right] = item.op.startsWith('<') ? [limit, elapsed] : [elapsed, limit];
    const value = view.evaluator.value(left, frame);
    // Since `event.startedAt ?? Date.now()`: it began in another invocation.
    if (!isElapsed(value) || !isTime(value) || contains(value, (one) => one.kind === 'event')) continue;
    const milliseconds = numberAt(view.evaluator, right, frame);
    if (milliseconds === undefined || milliseconds < 1_000 || milliseconds > 86_400_000 || isAge(view, body as LinkedBody, item.left)) continue;
    found.push({ kind: 'deadline', seconds: milliseconds / 1000, sum: showSeconds(milliseconds / 1000), what: 'deadline', place: { file: body.file, start: item.start, end: item.end }, body });
  }
  return found;
}

/** `Date.now() - loadedAt` of what outlives the invocation is an age: it goes on between invocations. */
function isAge(view: LinkedFunction, body: LinkedBody, elapsed: Expr, depth = 0): boolean {
  const { facts, node } = body;
  if (elapsed.kind === 'ref' && depth < 2) {
    const [only, ...more] = view.evaluator.modules.index(body.file)?.definitions.get(elapsed.binding) ?? [];
    return only?.expr !== undefined && more.length === 0 && isAge(view, body, only.expr, depth + 1);
  }
  if (elapsed.kind !== 'binary' || elapsed.op !== '-') return false;
  let kept = false;
  const storage = new Storage(view);
  walk([elapsed.right], (item, ancestors) => {
    const outer = ancestors.at(-1);
    const isCalled = outer?.kind === 'call' && outer.callee === item;
    if (item.kind === 'ref' && !isCalled && facts.bindings[item.binding]?.fn === 0) kept = true;
    // Of an entry of what is kept as well: `cache.get(key).createdAt`.
    if (item.kind === 'member' && isRenewed(body, item)) kept = true;
    if ((item.kind === 'this' || (item.kind === 'ref' && !isCalled)) && storage.origins(item, node.frame).some((origin) => origin.place)) kept = true;
    return !kept;
  });
  return kept;
}

/** `this.loadedAt` that a method sets anew, `async load() { …; this.loadedAt = Date.now(); }`: since when something is fresh, not since when work goes on. */
function isRenewed({ facts, fn }: LinkedBody, { object, property }: Expr & { kind: 'member' }): boolean {
  if (object.kind !== 'this' || typeof property !== 'string' || fn.cls === undefined) return false;
  const made = facts.classes[fn.cls]?.members.find((member) => member.kind === 'constructor')?.fn;
  return facts.functions.some((other) => {
    if (other.cls !== fn.cls || other.id === made || other.id === fn.id) return false;
    let set = false;
    walk(other.body, (item) => {
      if (item.kind === 'assign' && item.op === '=' && item.target.kind === 'member' && item.target.object.kind === 'this' && item.target.property === property) set = true;
    });
    return set;
  });
}

/** One look at the clock less another one: a time that has passed since. */
const isElapsed = (value: Value): boolean => (value.kind === 'oneOf' ? value.options.some(isElapsed) : value.kind === 'derived' && value.what === '-' && value.from.length === 2 && value.from.every((part) => isTime(part)));

/** Requests whose client would wait longer than the function may run; the first of each client. */
export function openRequests(view: FunctionView, timeoutSeconds: number): readonly OpenRequest[] {
  const found = new Map<string, OpenRequest>();
  for (const call of view.calls('invoke')) {
    const request = mayRequest(call.callee) ? httpRequestOf(call.callee, argsOf(call)) : undefined;
    if (!request || found.has(request.client)) continue;
    const { timeout } = request;
    const beyond = timeout.kind === 'default' && (numberOf(timeout.milliseconds) ?? 0) / 1000 > timeoutSeconds;
    if (timeout.kind === 'none' || beyond) found.set(request.client, { client: request.client, call });
  }
  return [...found.values()];
}
