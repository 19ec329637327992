import type { CallExpr, Expr, LoopStmt, MemberExpr } from '../../model/facts.ts';
import type { Trigger } from '../../model/function.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type FunctionValue, type Value } from '../../model/value.ts';
import { censusOf } from '../census.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { listsFailures } from './error-handling.ts';
import { staysSettled } from './settled-batch.ts';

/** Most records that a trigger hands over at a time where nothing is written (platforms' event source pages, November 2026). */
const defaultBatch: ReadonlyMap<string, number> = new Map([['queue', 10], ['stream', 100]]);

/** What a trigger that hands over several records at a time is called: AWS event source mappings of SQS, Kinesis and DynamoDB, Architect's pragmas. */
const mappings = /^(?:@queues|@tables-streams|sqs|queue|kinesis|kinesisStream|dynamodb|dynamoDb|dynamodbStream|stream|table)$/i;

/** A trigger that hands over batches, with the number of records in one. */
export interface Batch {
  readonly trigger: Trigger;
  readonly size: number;
  /** Whether the size is written, or the platform's default. */
  readonly written: boolean;
}

/** Triggers of a function that hand over more than one record at a time. `mapping`: only those that can ask for failed records. */
export function batchesOf(view: FunctionView, mapping: boolean): readonly Batch[] {
  const { fn } = view;
  return fn.triggers.flatMap((trigger): readonly Batch[] => {
    if (trigger.enabled === false || (trigger.kind !== 'queue' && trigger.kind !== 'stream')) return [];
    const known = fn.platform === 'aws' ? mappings.test(trigger.source) : !mapping && (fn.platform === 'cloudflare' || (fn.platform === 'azure' && trigger.batchSize !== undefined));
    const size = trigger.batchSize ?? defaultBatch.get(trigger.kind) ?? 1;
    return known && size > 1 ? [{ trigger, size, written: trigger.batchSize !== undefined }] : [];
  });
}

/** A piece of code that runs once for each record of the batch. */
export interface RecordLoop {
  readonly body: LinkedBody;
  /** The loop, or the call that is given a callback (`records.map(…)`). */
  readonly at: LoopStmt | CallExpr;
  readonly end: number;
  /** What runs for a record: statements of the body itself, or the callback. */
  readonly round: readonly Item[] | FunctionValue;
  /** `settled`: failures of a round go no further (`Promise.allSettled`). */
  readonly settled: boolean;
}

const eachNames: readonly string[] = ['map', 'forEach', 'flatMap', 'reduce', 'some', 'every'];
const each: ReadonlySet<string> = new Set(eachNames);
const listMethods = /^#(?:filter|map|flatMap|flat|slice|concat|sort|toSorted|reverse|reduce|entries|values|toArray|from|keys)$/;

/** The batch itself, or a list made of it record by record. */
export function isRecords(view: FunctionView, value: Value, depth = 0): boolean {
  if (depth > 6) return false;
  if (value.kind === 'event') return isBatchPath(view, value.path);
  if (value.kind === 'oneOf') return value.options.some((one) => isRecords(view, one, depth + 1));
  if (value.kind === 'array') return value.items.some((item) => item.kind === 'derived' && item.from.some((part) => part.kind === 'event' && isBatchPath(view, part.path.slice(0, 1)) && part.path.length > 1)) || (value.uniform === true && value.items.some((item) => ofRecord(view, item, depth)));
  return value.kind === 'derived' && !value.io && (listMethods.test(value.what) || /Array\.from$/.test(value.what)) && value.from[0] !== undefined && isRecords(view, value.from[0], depth + 1);
}

function ofRecord(view: FunctionView, item: Value, depth: number): boolean {
  if (depth > 10) return false;
  if (item.kind === 'event') return isBatchPath(view, item.path.slice(0, 1)) && item.path[1] === '*';
  if (item.kind === 'array') return item.items.some((part) => ofRecord(view, part, depth + 1));
  if (item.kind === 'derived') return item.from.some((part) => ofRecord(view, part, depth + 1));
  return item.kind === 'object' && item.entries.some(([, value]) => ofRecord(view, value, depth + 1));
}

function isBatchPath(view: FunctionView, path: readonly string[]): boolean {
  if (path.length !== 1) return view.fn.platform === 'azure' && path.length === 0;
  return path[0] === (view.fn.platform === 'cloudflare' ? 'messages' : 'Records');
}

const kept = new WeakMap<object, readonly RecordLoop[]>();

/** Every loop over the records of the batch on the invocation path, in order of the bodies. */
export function recordLoops(of: FunctionView): readonly RecordLoop[] {
  const graph = (of as LinkedFunction).reach();
  let found = kept.get(graph);
  if (!found) {
    found = loopsIn(of as LinkedFunction);
    kept.set(graph, found);
  }
  return found;
}

function loopsIn(view: LinkedFunction): readonly RecordLoop[] {
  const own = collected(view);
  return view.bodies('invoke').flatMap((body) => {
    const { loops, names } = censusOf(body.fn);
    if (loops.length === 0 && !eachNames.some((name) => names.has(name))) return [];
    const isList = (expr: Expr): boolean => isRecords(view, view.value(expr, body)) || (expr.kind === 'ref' && own.has(`${body.file}#${expr.binding}`));
    const found: RecordLoop[] = [];
    walk(body.fn.body, (item, ancestors) => {
      if (item.kind === 'loop') {
        const list = item.iterable ?? indexed(item);
        if (list && isList(list)) found.push({ body, at: item, end: item.headEnd, round: item.body, settled: false });
      } else if (item.kind === 'call' && item.callee.kind === 'member' && typeof item.callee.property === 'string' && each.has(item.callee.property) && isList(item.callee.object)) {
        const callback = item.args[0] && alternatives(view.value(item.args[0], body)).find((one): one is FunctionValue => one.kind === 'function');
        const settled = staysSettled(view, body, ancestors) || item.callee.property === 'forEach' && isAsync(view, callback);
        if (callback) found.push({ body, at: item, end: item.end, round: callback, settled });
      }
      return undefined;
    });
    return found;
  });
}

/** Lists that a round over the records fills: `event.Records.map((record) => { messages.push(…) })`. */
function collected(view: LinkedFunction): ReadonlySet<string> {
  const found = new Set<string>();
  for (const body of view.bodies('invoke')) {
    if (!censusOf(body.fn).names.has('push')) continue;
    walk(body.fn.body, (item, ancestors) => {
      if (item.kind !== 'call' || item.callee.kind !== 'member' || item.callee.property !== 'push' || item.callee.object.kind !== 'ref' || item.args.length !== 1 || !item.args[0]) return undefined;
      const inRound = ancestors.some((one) => one.kind === 'loop' && one.iterable && isRecords(view, view.value(one.iterable, body)));
      if (inRound || ofRecord(view, view.value(item.args[0], body), 0)) found.add(`${body.file}#${item.callee.object.binding}`);
      return undefined;
    });
  }
  return found;
}

/** `for (let i = 0; i < event.Records.length; i++)`: the list whose length bounds the loop. */
function indexed(loop: LoopStmt): MemberExpr['object'] | undefined {
  const test = loop.form === 'for' && loop.test?.kind === 'binary' ? [loop.test.left, loop.test.right] : [];
  for (const side of test) if (side.kind === 'member' && side.property === 'length') return side.object;
  return undefined;
}

const isAsync = (view: LinkedFunction, callback: FunctionValue | undefined): boolean => callback !== undefined && view.evaluator.fact(callback.file, callback.fn)?.async === true;

/** Packages that answer with the failed records by themselves (READMEs, November 2026). */
const partialPackages = /^(?:@aws-lambda-powertools\/batch(?:\/.*)?|@middy\/(?:sqs|event-batch)-(?:partial-batch-failure|response)|@middy\/event-batch-response|@dazn\/lambda-powertools-pattern-basic)$/;

/** Whether the handler answers with the records that failed: `{ batchItemFailures }`, or a package that does. */
export function answersFailures(view: FunctionView): { readonly body?: LinkedBody; readonly start?: number; readonly end?: number } | undefined {
  for (const call of view.calls()) if (partialPackages.test(call.callee.module)) return {};
  let found: { body: LinkedBody; start: number; end: number } | undefined;
  for (const body of (view as LinkedFunction).bodies('invoke')) {
    if (!censusOf(body.fn).names.has('batchItemFailures')) continue;
    walk(body.fn.body, (item) => {
      if (!found && item.kind === 'object') {
        const property = item.properties.find(listsFailures);
        if (property) found = { body, start: property.start, end: property.end };
      }
      if (!found && addsFailure(item)) found = { body, start: item.start, end: item.end };
      return undefined;
    });
  }
  return found;
}

/** `response.batchItemFailures.push({ itemIdentifier })`, `response.batchItemFailures = failed`: an answer that began with an empty list. */
function addsFailure(item: Item): boolean {
  const isList = (one: Item): boolean => one.kind === 'member' && one.property === 'batchItemFailures';
  if (item.kind === 'call') return item.callee.kind === 'member' && /^(?:push|unshift)$/.test(String(item.callee.property)) && isList(item.callee.object) && item.args.length > 0;
  return item.kind === 'assign' && item.target.kind === 'member' && isList(item.target) && !(item.value.kind === 'array' && item.value.items.length === 0);
}
