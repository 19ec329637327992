import { platformLimits } from '../../catalog/limits.ts';
import { longestTimeout } from '../../catalog/trigger-limits.ts';
import { maySleep, mayWait, waitOf, type Duration } from '../../catalog/waits.ts';
import type { CallExpr, FunctionFact, NewExpr } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import type { Location } from '../../model/location.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { Node, Reach } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { calleeOf, edgesOf, targetOf } from './calls-in.ts';
import { loopsOf } from './loops.ts';
import { Notes, numberOf } from './numbers.ts';
import { sleepsIn } from './waits.ts';

/** A sleep that stands in no loop of its body, with the shortest time that it takes on each path. */
export interface FixedSleep {
  readonly call: CallExpr | NewExpr;
  readonly times: readonly { readonly seconds: number; readonly path: readonly FlowStep[]; readonly assumptions: readonly string[]; readonly files: readonly string[] }[];
}

/** The sleeps of a body that no loop repeats: in helpers that only sleep they belong to the caller. */
export function fixedSleepsOf(of: FunctionView, at: Body): readonly FixedSleep[] {
  const view = of as LinkedFunction;
  const body = at as LinkedBody;
  if (!sleepyNodes(view).has(body.node)) return [];
  const looped = new Set<Item>();
  if (loopsOf(body.fn).length > 0) walk(body.fn.body, (item, ancestors) => { if (ancestors.some((one) => one.kind === 'loop' && one.form !== 'of' && one.form !== 'in')) looped.add(item); });
  const sites = new Map<CallExpr | NewExpr, { seconds: number; path: readonly FlowStep[]; assumptions: readonly string[]; files: readonly string[] }[]>();
  for (const { frame, path } of view.activations(body.node)) {
    for (const sleep of sleepsIn(view, frame, body.fn.body)) {
      if (!sleep.plain || looped.has(sleep.site) || isHelper(view, body) || isToldThere(view, body, sleep.site)) continue;
      const notes = new Notes();
      const seconds = sleep.seconds(new Map(), notes);
      if (seconds === undefined) continue;
      const list = sites.get(sleep.site) ?? [];
      sites.set(sleep.site, list);
      list.push({ seconds, path, assumptions: notes.list(), files: [...notes.files, sleep.place.file].sort() });
    }
  }
  return [...sites].map(([call, times]) => ({ call, times }));
}

const sleepy = new WeakMap<Reach, ReadonlySet<Node>>();

/** Bodies that can sleep at all: those with a timer or a sleeping package, and all that lead to them. Few, so that the rest costs nothing. */
function sleepyNodes(view: LinkedFunction): ReadonlySet<Node> {
  const graph = view.reach();
  let found = sleepy.get(graph);
  if (!found) {
    const set = new Set(graph.nodes.filter((node) => node.externals.some((external) => {
      const callee = calleeOf(external);
      const { module, path } = callee;
      return module === 'global' ? /^(?:Promise|setTimeout|setImmediate|setInterval|Atomics)$/.test(path[0] ?? '') : (module !== 'unknown' && maySleep(callee)) || /timers|promisify/.test(module + path.join());
    })));
    for (const node of set) for (const edge of node.incoming) set.add(edge.from);
    found = set;
    sleepy.set(graph, found);
  }
  return found;
}

/** A body that does nothing but sleep, for as long as it is told, and that other code of the repository calls. */
const isHelper = (view: LinkedFunction, body: LinkedBody): boolean => isHelperNode(view, body.node, body.fn);

function isHelperNode(view: LinkedFunction, node: Node, fn: FunctionFact): boolean {
  return node.incoming.length > 0 && fn.params.length > 0 && fn.body.length === 1 && usesParameters(view, node.frame.file, fn) && sleepsIn(view, node.frame, fn.body).length > 0;
}

/** Whether a function, or one inside it, reads what it is given. */
function usesParameters(view: LinkedFunction, file: string, fn: FunctionFact): boolean {
  const facts = view.evaluator.modules.facts(file);
  const given = new Set(facts?.bindings.flatMap((binding, index) => (binding.kind === 'param' && binding.fn === fn.id ? [index] : [])));
  const pending = [fn];
  let found = false;
  for (let one = pending.pop(); one && !found; one = pending.pop()) {
    walk(one.body, (item) => {
      if (item.kind === 'ref' && given.has(item.binding)) found = true;
      const inner = item.kind === 'function' ? facts?.functions[item.fn] : undefined;
      if (inner) pending.push(inner);
    });
  }
  return found;
}

/** The call leads to a function that reports the sleep as its own. */
function isToldThere(view: LinkedFunction, body: LinkedBody, site: CallExpr | NewExpr): boolean {
  return (edgesOf(view).get(body.node) ?? []).some((edge) => {
    const target = edge.site === site && edge.how === 'call' ? targetOf(view, edge) : undefined;
    const fn = target && view.evaluator.fact(target.frame.file, target.frame.fn);
    return target !== undefined && fn !== undefined && !isHelperNode(view, target, fn);
  });
}

/** What a library's retry or poll adds up to. */
export interface LibraryWait {
  readonly call: CallExpr | NewExpr;
  readonly kind: 'retries' | 'polls' | 'sum';
  readonly seconds?: number;
  readonly detail: string;
}

const factor: Readonly<Record<Duration['unit'], number>> = { ms: 1 / 1000, s: 1, us: 1 / 1_000_000, min: 60 };

/** Calls of retry and poll libraries and of SDK waiters that wait without a bound, or for a known time. */
export function libraryWaitsOf(of: FunctionView, at: Body): readonly LibraryWait[] {
  const view = of as LinkedFunction;
  const body = at as LinkedBody;
  return body.node.externals.flatMap((external): LibraryWait[] => {
    const callee = calleeOf(external);
    if (callee.module === 'global' || !mayWait(callee) || !waitOf(callee, [])) return [];
    const wait = waitOf(callee, external.expr.args.map((arg) => view.evaluator.value(arg, body.node.frame)));
    const call = external.expr;
    if (wait?.kind === 'retry') {
      if (wait.limitMilliseconds !== undefined) return [];
      if (wait.attempts === Infinity) return [{ call, kind: 'retries', detail: wait.detail }];
      return wait.totalDelayMilliseconds === undefined ? [] : [{ call, kind: 'sum', seconds: wait.totalDelayMilliseconds / 1000, detail: wait.detail }];
    }
    // A waiter's own limit against the timeout is a matter of numbers in the declaration: another rule's.
    if (wait?.kind === 'poll' && !wait.limit) return [{ call, kind: 'polls', detail: wait.detail }];
    if (wait?.kind === 'poll' && wait.limit && numberOf(wait.limit.value) === Infinity && factor[wait.limit.unit] > 0) return [{ call, kind: 'polls', detail: wait.detail }];
    return [];
  });
}

/** How long an invocation may take, and where that is said; `declared` is false for a platform's default. */
export interface Timeout {
  readonly seconds: number;
  readonly location?: Location;
}

/** The timeout of a function: declared, or the default of a platform whose declaration leaves it out; else not known. */
export function timeoutOf(fn: ServerlessFunction): Timeout | undefined {
  if (fn.timeoutSeconds) return { seconds: fn.timeoutSeconds.value, location: fn.timeoutSeconds.location };
  // Functions of Firebase are declared in code, options and all.
  const isDeclared = fn.foundBy === 'infrastructure' || (fn.platform === 'firebase' && fn.foundBy === 'convention');
  if (fn.timeoutUnknown === true || !isDeclared || (fn.platform !== 'aws' && fn.platform !== 'firebase' && fn.platform !== 'openwhisk')) return undefined;
  const limit = platformLimits.get(fn.platform)?.timeoutDefaultSeconds;
  return limit ? { seconds: limit.value } : undefined;
}

/** developer.adobe.com, App Builder runtime system settings: non-blocking actions (2026). */
const WHISK_VENDOR_MAXIMUM_SECONDS = 10_800;

/** The function is a batch job: it may run as long as the platform lets any function run, or only a schedule of once a day or less starts it. */
export function isBatchJob(fn: ServerlessFunction): 'timeout' | 'schedule' | undefined {
  const maximum = longestTimeout(fn) ?? platformLimits.get(fn.platform)?.timeoutMaxSeconds?.value;
  const declared = fn.timeoutSeconds?.value;
  // A vendor of OpenWhisk sets its own maximum (Adobe I/O Runtime: three hours); a time above the default one only says that it did.
  const isRaised = fn.platform === 'openwhisk' && declared !== undefined && maximum !== undefined && declared > maximum && declared < WHISK_VENDOR_MAXIMUM_SECONDS;
  if (fn.platform !== 'netlify' && !isRaised && declared !== undefined && maximum !== undefined && declared >= maximum) return 'timeout';
  const daily = fn.triggers.length > 0 && fn.triggers.every((trigger) => {
    const at = trigger.schedule ?? trigger.resource;
    return trigger.kind === 'schedule' && at?.kind === 'literal' && isDaily(String(at.value));
  });
  return daily ? 'schedule' : undefined;
}

/** `every friday 09:00`, `every day 05:00`, `1st monday of month 09:00` (App Engine, "Cron jobs: schedule format", read 2026-11). */
const daysInWords = /^(?:every|(?:\d+(?:st|nd|rd|th)?|first|second|third|fourth|fifth)(?:,\S+)*)\s+(?:day|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?:,\w+)*)\b(?!.*\bfrom\b)|^every (?:2[4-9]|[3-9]\d|\d{3,}) hours\b/i;

/** `rate(1 day)`, or a cron expression with fixed minutes and hours (AWS: six fields, elsewhere five). */
function isDaily(expression: string): boolean {
  const rate = /^rate\((\d+) (hour|day)s?\)$/.exec(expression.trim());
  if (rate) return rate[2] === 'day' || Number(rate[1]) >= 24;
  if (daysInWords.test(expression.trim())) return true;
  const fields = expression.trim().replace(/^cron\((.*)\)$/, '$1').split(/\s+/);
  return fields.length >= 5 && /^\d+$/.test(fields[0] ?? '') && /^\d+$/.test(fields[1] ?? '');
}
