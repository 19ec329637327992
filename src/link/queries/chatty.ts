import { counterpartOf, regionalServices, type Counterpart } from '../../catalog/batch-counterparts.ts';
import { chainOf } from '../../catalog/effect-chain.ts';
import { awsOperationsOf } from '../../catalog/effects.ts';
import type { CallExpr, Expr, LoopStmt, NewExpr } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Callee, FunctionView } from '../../model/project.ts';
import type { InstanceValue, Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { argsOf } from './arguments.ts';
import { waitAt } from './calls-in.ts';
import { isReadForWrite, mayCrossPartitions } from './chatty-limits.ts';
import { filesBehindNames } from './clients.ts';
import { effects, type ReachedEffect } from './effects.ts';
import { filesBehindEffect } from './evidence.ts';
import { argumentAt, listSize } from './list-size.ts';
import { ancestorsOf } from './positions.ts';
import { batchesOf, isRecords } from './records.ts';

/** Code that runs once for each item of a list, in one activation. */
interface Round {
  /** Which of the steps to the call stands in it. */
  readonly step: number;
  readonly frame: Frame;
  /** What stands in the round and leads to the call, or is it. */
  readonly site: CallExpr | NewExpr;
  /** The list, and the loop or call around the round. */
  readonly list: Expr;
  readonly listFrame: Frame;
  readonly range: { readonly start: number; readonly end: number };
  /** Names that are another thing in each round by themselves. */
  readonly seeds: readonly number[];
}

/** A call on the way to the request, or the request itself. */
interface Step {
  readonly frame: Frame;
  readonly site: Expr;
  readonly how: string;
}

/** A request for each item of a list, or the same request for each. */
export interface Chatty {
  readonly kind: 'perItem' | 'same';
  readonly effect: ReachedEffect;
  readonly counterpart?: Counterpart;
  readonly place: SourcePlace;
  /** Files beside that of the place which it rests on: where the request stands, and where names in it, its client and the list come from. */
  readonly files: readonly string[];
}

const eachMethods = /^(?:map|forEach|flatMap|filter|reduce|some|every)$/;
/** Reads that give something else each time: they take, or they ask for the state of something. */
const changing: ReadonlySet<string> = new Set(['ReceiveMessage', 'GetRecords', 'pull', 'receiveMessages', 'lpop', 'rpop']);

/** Requests that a loop over a list repeats although one would do. */
export function chattyRequests(of: FunctionView): readonly Chatty[] {
  const view = of as LinkedFunction;
  const found = new Map<string, Chatty>();
  for (const one of effects(view)) {
    const { call, occurrence, effect } = one;
    if (!call || !occurrence || effect.deferred || effect.wraps) continue;
    const steps: readonly Step[] = [...occurrence.activation.callers, { frame: occurrence.activation.frame, site: call.expr, how: 'call' }];
    const round = innermost(view, steps);
    if (!round || isShort(view, round)) continue;
    // The business call, unless the loop stands inside what it calls.
    const at = steps.findLastIndex(({ frame, site }) => frame.file === one.place.file && site.start === one.place.start);
    const place = at >= round.step ? one.place : { file: round.frame.file, start: round.site.start, end: round.site.end };
    const key = `${place.file}:${place.start}`;
    if (found.has(key)) continue;
    const counterpart = counterpartOf(effect, undefined) && dependsOnItem(view, round, steps) ? single(view, one, call.expr, occurrence.activation.frame) : undefined;
    // Of something that the round then changes, none is asked for before the loop.
    if (counterpart && isReadForWrite(view, one, round)) continue;
    if (counterpart) { found.set(key, { kind: 'perItem', effect: one, counterpart, place, files: filesBehindRound(view, one, round, place) }); continue; }
    if (effect.kind !== 'read' || effect.service === 'http' || changing.has(effect.detail) || round.frame !== occurrence.activation.frame) continue;
    const names = varyingIn(view, round.frame.file, round.range, new Set(round.seeds), true);
    if (![...round.site.args, receiverOf(round.site)].some((part) => part && varies(part, names, true)) && isPlain(view, one, round)) found.set(key, { kind: 'same', effect: one, place, files: filesBehindRound(view, one, round, place) });
  }
  return [...found.values()];
}

function filesBehindRound(view: LinkedFunction, one: ReachedEffect, { list, listFrame }: Round, place: SourcePlace): readonly string[] {
  const { call } = one;
  const files = [...filesBehindEffect(view, one), listFrame.file, ...filesBehindNames(view, listFrame.file, [list]), ...(call ? [call.place.file, ...filesBehindNames(view, call.place.file, [call.expr.callee])] : [])];
  return [...new Set(files)].filter((file) => file !== place.file).sort();
}

/** The innermost round that leads to the call. */
function innermost(view: LinkedFunction, steps: readonly Step[]): Round | undefined {
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index];
    const fn = step && view.evaluator.fact(step.frame.file, step.frame.fn);
    if (!step || !fn || (step.site.kind !== 'call' && step.site.kind !== 'new')) continue;
    const { site, frame } = step;
    const loop = ancestorsOf(fn, site).findLast((item): item is LoopStmt => item.kind === 'loop' && item.body.some((stmt) => stmt.start <= site.start && site.end <= stmt.end));
    // Other loops go on while something is so: they page, poll and drain.
    if (loop) return loop.form === 'of' && loop.iterable && loop.target ? { step: index, frame, site, list: loop.iterable, listFrame: frame, range: { start: loop.headEnd, end: loop.end }, seeds: bindingsIn([loop.target]) } : indexed(index, frame, site, loop);
    const before = steps[index - 1];
    const given = before?.site;
    if (before?.how === 'callback' && given?.kind === 'call' && given.callee.kind === 'member' && eachMethods.test(String(given.callee.property))) {
      return { step: index, frame, site, list: given.callee.object, listFrame: before.frame, range: fn, seeds: bindingsIn(fn.params.map((param) => param.target)) };
    }
  }
  return undefined;
}

/** `for (let i = 0; i < list.length; i++)`. */
function indexed(step: number, frame: Frame, site: CallExpr | NewExpr, loop: LoopStmt): Round | undefined {
  if (loop.form !== 'for' || loop.test?.kind !== 'binary') return undefined;
  const { left, right } = loop.test;
  const length = [left, right].find((side) => side.kind === 'member' && side.property === 'length');
  const index = [left, right].find((side) => side.kind === 'ref');
  // Steps of more than one take pieces.
  if (length?.kind !== 'member' || index?.kind !== 'ref' || loop.update?.kind !== 'assign' || loop.update.op !== '++') return undefined;
  return { step, frame, site, list: length.object, listFrame: frame, range: { start: loop.headEnd, end: loop.end }, seeds: [index.binding] };
}

function bindingsIn(items: readonly Item[]): readonly number[] {
  const found: number[] = [];
  walk(items, (item) => { if (item.kind === 'ref') found.push(item.binding); });
  return found;
}

/** Rounds over one record, over two or three things that are spelled out, over pieces of a list. */
function isShort(view: LinkedFunction, { list, listFrame }: Round): boolean {
  const value = view.evaluator.value(list, listFrame);
  if (isRecords(view, value) || (value.kind === 'event' && value.path.at(-1) === 'Records')) return batchesOf(view, false).length === 0;
  if (value.kind === 'literal' || (value.kind === 'array' && !value.open && value.items.length > 0 && value.items.length <= 3)) return true;
  const size = listSize(view, { expr: list, frame: listFrame });
  if (size?.kind === 'exact') return size.count <= 3;
  // In the editor a list of another file may be a short one.
  if (!view.project.whole && contains(value, (one) => one.kind === 'unknown' || one.kind === 'param')) return true;
  return list.kind === 'call' && list.args.some((arg) => arg.kind === 'literal' && typeof arg.value === 'number') && !/^(?:slice|flat)$/.test(list.callee.kind === 'member' ? String(list.callee.property) : '');
}

const receiverOf = (site: CallExpr | NewExpr): Expr | undefined => (site.callee.kind === 'member' ? site.callee.object : undefined);

/** Whether the item of a round has a part in what the call at the end of the steps asks for. */
function dependsOnItem(view: LinkedFunction, round: Round, steps: readonly Step[]): boolean {
  const names = new Map<string, ReadonlySet<number>>();
  const add = (file: string, more: Iterable<number>, range: Round['range']): void => { names.set(file, varyingIn(view, file, range, new Set([...(names.get(file) ?? []), ...more]), false)); };
  add(round.frame.file, round.seeds, round.range);
  let itself = false;
  for (const [index, { frame, site }] of steps.entries()) {
    if (index < round.step || (site.kind !== 'call' && site.kind !== 'new')) continue;
    const known = names.get(frame.file) ?? new Set<number>();
    const isVaried = (part: Expr): boolean => varies(part, known, false) || (itself && mentionsThis(part));
    const object = receiverOf(site);
    const next = steps[index + 1]?.frame;
    if (!next) return site.args.some(isVaried) || (object !== undefined && isVaried(object));
    const fn = view.evaluator.fact(next.file, next.fn);
    if (!fn) return false;
    const isCallback = steps[index]?.how === 'callback';
    const given = fn.params.flatMap((param, at) => (isCallback ? site.args.some(isVaried) || (object !== undefined && isVaried(object)) : site.args.some((arg, place) => (place === at || arg.kind === 'spread' || (param.rest && place >= at)) && isVaried(arg))) ? bindingsIn([param.target]) : []);
    itself = (object !== undefined && isVaried(object)) || (site.kind === 'new' && given.length > 0);
    add(next.file, given, fn);
  }
  return false;
}

function mentionsThis(expr: Expr): boolean {
  let found = false;
  walk([expr], (item) => { if (item.kind === 'this') found = true; return !found; });
  return found;
}

/**
 * Whether an expression names something that is another thing in each round. `open`: what a call gives counts too, for it is not
 * known to be the same.
 */
function varies(expr: Item, names: ReadonlySet<number>, open: boolean): boolean {
  let found = false;
  walk([expr], (item) => {
    if (item.kind === 'ref' && names.has(item.binding)) found = true;
    if (open && (item.kind === 'yield' || item.kind === 'assign' || item.kind === 'function' || item.kind === 'call')) found = true;
    return !found;
  });
  return found;
}

/** Names in a range of a file that are another thing in each round, from some that are. */
function varyingIn(view: LinkedFunction, file: string, range: Round['range'], seeds: ReadonlySet<number>, open: boolean): ReadonlySet<number> {
  const facts = view.evaluator.modules.facts(file);
  const names = new Set(seeds);
  const inside = (item: { readonly start: number; readonly end: number }): boolean => item.start >= range.start && item.end <= range.end;
  const put = (items: readonly Item[]): void => { for (const name of bindingsIn(items)) names.add(name); };
  for (let round = 0; facts && round < 4; round++) {
    const before = names.size;
    for (const fn of facts.functions) {
      if (fn.end <= range.start || fn.start >= range.end) continue;
      walk(fn.body, (item) => {
        if (!inside(item)) return;
        if (item.kind === 'declare' && item.value && varies(item.value, names, open)) put([item.target]);
        if (item.kind === 'assign' && (open || varies(item.value, names, open))) put(item.target.kind === 'member' ? [item.target.object] : [item.target]);
        if (item.kind === 'loop' && item.target && item.iterable && (open || varies(item.iterable, names, open))) put([item.target]);
        if (open && item.kind === 'try' && item.param) put([item.param]);
      });
      if (open && inside(fn)) put(fn.params.map((param) => param.target));
    }
    if (names.size === before) break;
  }
  return names;
}

/** The batch call for a request that is for one thing. */
function single(view: LinkedFunction, { effect, occurrence, call, index }: ReachedEffect, expr: CallExpr | NewExpr, frame: Frame): Counterpart | undefined {
  if (!call || !occurrence || index > 0) return undefined;
  const [operation] = awsOperationsOf(occurrence.callee, occurrence.args);
  const found = counterpartOf(effect, operation?.params);
  if (!found || mayCrossPartitions(effect, occurrence.args)) return undefined;
  const list = effect.service === 'eventbridge' ? 'Entries' : effect.service === 'cloudwatch' ? 'MetricData' : undefined;
  if (list) {
    const entries = argumentAt(view, { expr, frame }, [list]);
    const size = entries && listSize(view, entries);
    return size?.kind === 'exact' && size.count === 1 ? found : undefined;
  }
  // One call for a list, already.
  const [first] = occurrence.args;
  if (first?.kind === 'array' && effect.service !== 'sql') return undefined;
  if (effect.service !== 'firestore') return found;
  return isQuery(occurrence.callee, occurrence.args) || isCollected(occurrence.callee.receiver, call.expr) ? undefined : found;
}

const queries = new Set(['collection', 'listCollections', 'collectionGroup', 'where', 'orderBy', 'limit', 'limitToLast', 'offset', 'select', 'startAt', 'startAfter', 'endAt', 'endBefore', 'count', 'CollectionReference', 'CollectionGroup', 'Query']);

/** `db.collection('a').where(…).get()`: asks for many documents already; getAll takes references of single ones. */
function isQuery(callee: Callee, args: readonly Value[]): boolean {
  const [query, last] = (chainOf(callee, args)?.links ?? []).slice(-2).map(({ name }) => name.replace('#', ''));
  return last === 'get' && queries.has(query ?? '');
}

/** `batch.set(ref, …)`, `transaction.get(ref)`: collected, and sent at once. */
function isCollected(receiver: Value | undefined, expr: CallExpr | NewExpr): boolean {
  if (receiver && contains(receiver, (one) => one.kind === 'derived' && /#(?:batch|bulkWriter)$/.test(one.what))) return true;
  const object = expr.callee.kind === 'member' ? expr.callee.object : undefined;
  return receiver?.kind === 'param' || (object?.kind === 'ref' && receiver?.kind === 'unknown');
}

/** The read stands in every round, nothing is waited for and nothing of the kind is written there. */
function isPlain(view: LinkedFunction, one: ReachedEffect, { frame, range, site }: Round): boolean {
  const fn = view.evaluator.fact(frame.file, frame.fn);
  if (!fn || !one.occurrence) return false;
  const around = ancestorsOf(fn, site).filter((item) => item.start >= range.start && item.end <= range.end);
  if (around.some((item) => item.kind === 'if' || item.kind === 'conditional' || item.kind === 'logical' || item.kind === 'switch' || (item.kind === 'try' && !item.block.some((stmt) => stmt.start <= site.start && site.end <= stmt.end)))) return false;
  if (effects(view).some(({ effect, place }) => effect.service === one.effect.service && effect.kind !== 'read' && place.file === frame.file && place.start >= range.start && place.end <= range.end)) return false;
  const node = view.reach().nodes.find((item) => item.frame.file === frame.file && item.frame.fn === frame.fn);
  return !(node?.externals ?? []).some((external) => external.expr.start >= range.start && external.expr.end <= range.end && waitAt(view, frame, external) !== undefined);
}

/** A client that works in another region than its function. */
export interface FarClient {
  readonly place: SourcePlace;
  readonly region: string;
  readonly own: string;
  readonly service: string;
  readonly effect: ReachedEffect;
  /** Files beside that of the place where what the client is given comes from. */
  readonly files: readonly string[];
}

export function farClients(view: FunctionView): readonly FarClient[] {
  const own = view.fn.region;
  if (view.fn.platform !== 'aws' || view.fn.generation === 'edge' || own?.kind !== 'literal' || typeof own.value !== 'string') return [];
  const found = new Map<string, FarClient>();
  for (const effect of effects(view)) {
    const { call } = effect;
    if (!call || !regionalServices.has(effect.effect.service)) continue;
    const client = clientIn(call.callee.receiver) ?? argsOf(call).map(clientIn).find((one) => one !== undefined);
    const region = client && regionOf(client);
    if (!client?.site || region === undefined || region === own.value) continue;
    const { file, start, end } = client.site;
    const key = `${file}:${start}`;
    if (!found.has(key)) found.set(key, { place: { file, start, end }, region, own: own.value, service: effect.effect.service, effect, files: filesBehindClient(view as LinkedFunction, client.site) });
  }
  return [...found.values()];
}

function filesBehindClient(view: LinkedFunction, { file, start, end }: SourcePlace): readonly string[] {
  const made: Expr[] = [];
  for (const fn of view.evaluator.modules.facts(file)?.functions ?? []) walk(fn.body, (item) => { if ((item.kind === 'new' || item.kind === 'call') && item.start === start && item.end === end) made.push(item); });
  return filesBehindNames(view, file, made).filter((one) => one !== file);
}

function clientIn(value: Value | undefined): InstanceValue | undefined {
  if (value?.kind === 'instance') return value.of.kind === 'external' && /^(?:@aws-sdk\/client-|aws-sdk)/.test(value.of.module) ? value : value.args.map(clientIn).find((one) => one !== undefined);
  return value?.kind === 'derived' && /DocumentClient/.test(value.what) ? value.from.map(clientIn).find((one) => one !== undefined) : undefined;
}

function regionOf(client: InstanceValue): string | undefined {
  const [options] = client.args;
  const region = options?.kind === 'object' ? options.entries.findLast(([name]) => name === 'region')?.[1] : undefined;
  return region?.kind === 'literal' && typeof region.value === 'string' ? region.value : undefined;
}

