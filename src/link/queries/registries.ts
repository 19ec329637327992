import { isSharedChannel } from '../../catalog/memory-stores.ts';
import type { Expr } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { LinkedFunction } from '../view.ts';
import { contains } from '../values.ts';
import { walk, type Item } from '../walk.ts';
import { conditionsOn } from './conditions.ts';
import type { MemoryUse } from './memory-use.ts';
import type { Mutation } from './mutations.ts';
import { restsOnOtherFiles } from './open-file.ts';
import { resolver } from './parameters.ts';
import { cleanupOf, isCutToSize, isReset, precedes } from './resets.ts';
import { reportedAt, stateChanges } from './state.ts';
import { taintOf } from './taint.ts';

/** Names of variables that say that they keep something for callers. */
const sharedNames = /(?:connection|socket|session|subscriber|listener|room|channel|peer|participant|viewer|player|rate_?limit|throttle|lock|attempt|presence|online|client|conversation|chat|cart|otp|refresh_?token|transport)(?:s|es|Map|Set|List|Ids?|ById|Store|ByUser|Registry|Count|Counts)*$/i;
const open = /^(?:#|\.)?(?:connection|socket|conn)_?Id$/i;
const identities = /^(?:#|\.)?(?:connection|socket|session|conn|chat|conversation|mcp-session-|mcpSession)_?Id$|^(?:sid|sessid|session|connect\.sid|mcp-session-id)$/i;
/** Objects that are one open connection: WebSocket of browsers and of `ws`, transports of MCP servers (SDK 1, November 2026), controllers of streams. */
const connections = /(?:WebSocket|WebSocketPair|Socket|Transport|EventSource|StreamDefaultController)$/;
/** Names under which a request says who calls. */
const callers = /(?:^|[.#_-])(?:ip|source_?ip|client_?ip|remote_?ip|remote_?address|user_?id|email|phone)$|forwarded-for$|connection-ip$|connecting-ip$|real-ip$|client-ip$/i;
/** Names of what keeps counts, and of what keeps who is told. */
const limits = /rate_?limit|throttl|attempt/i;
const handlers = /listener|subscriber|handler/i;
const counters = /limit|rate|attempt|throttl|tries/i;

/** Collections of the process in which a function keeps connections, sessions, counts or locks of its callers. One finding a collection. */
export function* registriesOf(view: LinkedFunction): Iterable<MemoryUse> {
  const { all } = stateChanges(view);
  let channel: boolean | undefined;
  const hasChannel = (): boolean => (channel ??= listens(view));
  const byKey = new Map<string, Mutation[]>();
  for (const item of all) {
    const list = byKey.get(item.place.key);
    if (list) list.push(item); else byKey.set(item.place.key, [item]);
  }
  for (const items of byKey.values()) {
    for (const item of items) {
      const kind = item.form === 'put' || item.form === 'add' ? kindOf(view, item, items) : undefined;
      if (!kind || (kind === 'sockets' && hasChannel())) continue;
      const wider = restsOnOtherFiles(view, items, item);
      if (wider && !view.project.whole) break;
      const at = reportedAt(view, item) ?? { file: item.body.file, start: item.expr.start, end: item.expr.end };
      yield { kind, what: item.place.label, place: at, path: item.path, files: wider ? view.files().filter((file) => file !== item.body.file) : [] };
      break;
    }
  }
}

/**
 * Keys of the places in which a function keeps connections or sessions one by one, whether or not a channel passes messages on:
 * what leaves when a caller leaves makes no cache of them, and no buffer, which is emptied as a whole.
 */
export function registryKeysOf(given: FunctionView): ReadonlySet<string> {
  const view = given as LinkedFunction;
  const { all } = stateChanges(view);
  const found = new Set<string>();
  for (const item of all) {
    if ((item.form !== 'put' && item.form !== 'add') || found.has(item.place.key)) continue;
    const items = all.filter((other) => other.place.key === item.place.key);
    if (!items.some(isReset) && kindOf(view, item, items) === 'sockets') found.add(item.place.key);
  }
  return found;
}

/** A file of the function that names such a package, if only for its types, and listens to a channel. */
function listens(view: LinkedFunction): boolean {
  return view.files().some((file) => {
    const sources = (view.evaluator.modules.facts(file)?.imports ?? []).map((item) => item.source);
    return (view.evaluator.modules.index(file)?.calls ?? []).some((calls) => calls.some(({ callee }) => callee.kind === 'member' && typeof callee.property === 'string' && sources.some((source) => isSharedChannel(source, callee.property as string))));
  });
}

function kindOf(view: LinkedFunction, item: Mutation, items: readonly Mutation[]): 'sockets' | 'limit' | 'lock' | undefined {
  const { place } = item;
  if (item.bounded !== undefined || place.kind === 'env' || place.kind === 'package') return undefined;
  if (items.some((other) => other !== item && isReset(other) && precedes(view, other, item))) return undefined;
  const byCaller = item.key !== undefined && taint(view, item.key) !== undefined;
  if (cleanupOf(view, item, items) === 'finally') return byCaller && isTestedFirst(view, item) ? 'lock' : undefined;
  if (byCaller && countsOn(item) && (counters.test(place.label) || answersTooMany(view, item))) return 'limit';
  if (byCaller && keepsTally(item.value) && (counters.test(place.label) || limits.test(item.body.fn.name) || answersTooMany(view, item))) return 'limit';
  if (byCaller && item.key !== undefined && isTime(item.value) && namesConnection(view, item.key, callers) && isTestedFirst(view, item)) return 'limit';
  if (isConnection(item.value)) return 'sockets';
  const isNamed = sharedNames.test(place.label);
  // A list that is cut when it is too long remembers what was; nobody is found in it.
  if (!isNamed && item.key === undefined && isCutToSize(item, items)) return undefined;
  const named = [item.value, ...(item.key ? [item.key] : [])];
  if (named.some((value) => namesConnection(view, value, open)) || (!isFetched(item.value) && named.some((value) => namesConnection(view, value, identities)))) return 'sockets';
  if (!isNamed || !isOwnData(view, item.value) || keepsFunctions(view, item)) return undefined;
  return limits.test(place.label) ? 'limit' : 'sockets';
}

/**
 * What a collection of listeners is filled with are functions of the code: `listeners.set(type, all = new Set()); all.add(handler)`.
 * They are given again wherever the modules are loaded again, and belong to nobody who calls.
 */
function keepsFunctions(view: LinkedFunction, item: Mutation): boolean {
  if (!handlers.test(item.place.label) || item.expr.kind !== 'call') return false;
  const list = item.expr.args.at(-1);
  if (list?.kind === 'new' && list.args.length === 0 && addsFunctions(view, item)) return true;
  let found = false;
  walk(item.body.fn.body, (part) => {
    if (part.kind !== 'call' || part.callee.kind !== 'member' || !/^(?:add|push)$/.test(String(part.callee.property))) return !found;
    const { object } = part.callee;
    const isSame = list?.kind === 'ref' && object.kind === 'ref' ? object.binding === list.binding : object.kind === 'call' && object.callee.kind === 'member' && object.callee.property === 'get' && sameObject(object.callee.object, item);
    const [given] = part.args;
    if (isSame && given) found = alternatives(view.evaluator.value(given, item.frame)).some((one) => one.kind === 'function');
    return !found;
  });
  return found;
}

/** Somewhere in the same file a function is added to a list: `listeners.get(event)?.add(callback)`. */
function addsFunctions(view: LinkedFunction, item: Mutation): boolean {
  const facts = view.evaluator.modules.facts(item.body.file);
  return (view.evaluator.modules.index(item.body.file)?.calls ?? []).some((calls) => calls.some(({ callee, args }) => {
    const [given] = args;
    if (callee.kind !== 'member' || !/^(?:add|push)$/.test(String(callee.property)) || !given) return false;
    if (given.kind === 'ref' && (view.evaluator.modules.index(item.body.file)?.definitions.get(given.binding) ?? []).some(({ expr }) => isFunction(expr))) return true;
    return isFunction(given) || (given.kind === 'ref' && /^(?:cb|fn|func|callback|handler|listener|subscriber)$|(?:Callback|Handler|Listener|Fn)$/.test(facts?.bindings[given.binding]?.name ?? ''));
  }));
}

const isFunction = (expr: Expr | undefined): boolean => expr?.kind === 'function' || (expr?.kind === 'conditional' && isFunction(expr.then));

const taint = (view: LinkedFunction, value: Value): string | undefined => taintOf(value, view.fn.platform, resolver(view));

/** `{ count: 0, reset: now + window }`, `{ tokens: 9, at: now }`: how often somebody has come. */
function keepsTally(value: Value): boolean {
  return alternatives(value).some((one) => one.kind === 'object' && one.entries.some(([name]) => /^(?:counts?|counter|hits|tokens|requests|attempts|tries|remaining|points)$/i.test(name)));
}

/** When somebody came last: `seen[ip] = Date.now()`. */
const isTime = (value: Value): boolean => alternatives(value).every((one) => isToday(one) || (one.kind === 'derived' && (one.what === 'global:Date.now'
  || (/(?:^|[.:])#(?:getTime|valueOf)$/.test(one.what) && (/^global:Date\./.test(one.what) || (one.from[0] !== undefined && isToday(one.from[0])))))));

/** `new Date()` */
const isToday = (value: Value): boolean => value.kind === 'instance' && value.of.kind === 'external' && value.of.module === 'global' && value.of.path.join('.') === 'Date' && value.args.length === 0;

/** An id of a connection or a session: of the event, of a parameter that was given one, or of an object that is one. */
function namesConnection(view: LinkedFunction, value: Value, names: RegExp, depth = 0): boolean {
  return contains(value, (one) => {
    if (one.kind === 'event') return one.path.some((step) => names.test(step));
    if (one.kind === 'derived') return names.test(one.what);
    if (one.kind === 'external') return one.path.some((step) => names.test(step));
    if (one.kind === 'param' && depth < 2) return one.path.some((step) => names.test(step)) || resolver(view).param(one).some((given) => namesConnection(view, given, names, depth + 1));
    return false;
  });
}

/** A copy of what lies elsewhere. */
const isFetched = (value: Value): boolean => contains(value, (one) => (one.kind === 'derived' && one.io && !madeHere.test(one.what)) || (one.kind === 'instance' && one.of.kind === 'external' && one.of.module !== 'global'));
/** Clocks and random numbers. */
const madeHere = /\b(?:Date|now|random\w*|uuid\w*|v4|nanoid|ulid|hrtime|performance)\b/i;

/** The value, or a part of it, is an open connection. */
function isConnection(value: Value): boolean {
  return contains(value, (one) => (one.kind === 'instance' && one.of.kind === 'external' && connections.test(one.of.path.at(-1) ?? '')) || (one.kind === 'external' && connections.test(one.path[0] ?? '')));
}

/** What the caller sent or what is made here; a client, or what was fetched, is a copy of something that lies elsewhere. */
function isOwnData(view: LinkedFunction, value: Value): boolean {
  const copied = isFetched(value) || contains(value, (one) => (one.kind === 'instance' && one.of.kind === 'class') || one.kind === 'function');
  return !copied || taint(view, value) === 'direct' && !alternatives(value).some((one) => one.kind === 'instance' || (one.kind === 'derived' && one.io));
}

/** `hits[ip] = (hits[ip] || 0) + 1`, `hits.set(ip, n + 1)`: the entry goes on from its old value. */
function countsOn(item: Mutation): boolean {
  if (item.expr.kind === 'assign') return item.expr.op === '+=' || isStep(item.expr.value);
  return item.expr.kind === 'call' && item.expr.args[1] !== undefined && (isStep(item.expr.args[1]) || contains(item.value, (one) => one.kind === 'derived' && one.what === '+' && one.from.some((part) => part.kind === 'literal' && part.value === 1)));
}

const isStep = (expr: Expr): boolean => expr.kind === 'binary' && expr.op === '+' && ((expr.right.kind === 'literal' && typeof expr.right.value === 'number') || (expr.left.kind === 'literal' && typeof expr.left.value === 'number'));

const tooMany = 429;

/** A test of the count, itself or through a variable, that leads to the answer 429. */
function answersTooMany(view: LinkedFunction, item: Mutation): boolean {
  const definitions = view.evaluator.modules.index(item.body.file)?.definitions;
  const counts = (expr: Expr, depth: number): boolean => {
    let found = false;
    walk([expr], (part) => {
      if (part.kind === 'member' || part.kind === 'ref') found ||= sameObject(part, item) || (part.kind === 'member' && sameObject(part.object, item));
      if (part.kind === 'ref' && depth < 2) found ||= (definitions?.get(part.binding) ?? []).some((one) => one.expr !== undefined && counts(one.expr, depth + 1));
      return !found;
    });
    return found;
  };
  let found = false;
  walk(item.body.fn.body, (part) => {
    if (part.kind === 'if' && holds(part.then, tooMany)) found ||= counts(part.test, 0);
    return !found;
  });
  return found;
}

function holds(items: readonly Item[], value: number): boolean {
  let found = false;
  walk(items, (part) => { if (part.kind === 'literal' && part.value === value) found = true; return !found; });
  return found;
}

/** `if (running.has(id)) return; running.add(id);` */
function isTestedFirst(view: LinkedFunction, item: Mutation): boolean {
  return conditionsOn(item.body, item.expr, (node) => view.evaluator.fact(node.frame.file, node.frame.fn)).some((condition) => {
    let found = false;
    walk([condition.test], (part) => {
      if (part.kind === 'call' && part.callee.kind === 'member' && part.callee.property === 'has') found ||= sameObject(part.callee.object, item);
      if (part.kind === 'member' && typeof part.property !== 'string') found ||= sameObject(part.object, item);
    });
    return found && condition.outcome === false;
  });
}

function sameObject(object: Expr, item: Mutation): boolean {
  return item.place.binding !== undefined ? object.kind === 'ref' && object.binding === item.place.binding : object.kind === 'member' && typeof object.property === 'string' && item.place.key.endsWith(`.${object.property}`);
}
