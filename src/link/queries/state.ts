import type { SourcePlace } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import { alternatives, type ParamValue, type Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { Reach } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { isBalanced } from './balanced.ts';
import { keptFields } from './class-fields.ts';
import { filesBehindArguments } from './clients.ts';
import { isMadeForKey } from './keyed-slot.ts';
import { isLeftBehind } from './left-behind.ts';
import { mutations, type Mutation } from './mutations.ts';
import { cleanupOf, empties, endsEmpty, fillsOnce, isFirstWrite, isReset, isRestored, precedes, surelySets } from './resets.ts';
import type { Origin } from './places.ts';
import { Storage } from './storage.ts';
import { restsOnOtherFiles } from './open-file.ts';
import { hops } from './positions.ts';
import { resolver } from './parameters.ts';
import { inputsOf, isFixed, isInvocationId, isNewEachTime, taintOf, type Taint } from './taint.ts';

/**
 * `caller`: data of the caller is kept. `memoised`: kept from the first caller on. `growth`: a collection without eviction.
 * `counter`: counts on from invocation to invocation. `cleared-at-end`: emptied, but not before use nor on every exit.
 * `environment`: process.env is rewritten. `sometimes`: set in some invocations and read in all. `bounded`: a cache that throws old entries away. `rewrite`: an imported constant
 * gets the same value again.
 */
export type StateKind = 'caller' | 'memoised' | 'growth' | 'counter' | 'cleared-at-end' | 'environment' | 'sometimes' | 'bounded' | 'rewrite';

/** What outlives the invocation in one variable: the worst that is done to it, with every other place that does as much. */
export interface KeptState {
  readonly kind: StateKind;
  readonly mutation: Mutation;
  readonly others: readonly Mutation[];
  readonly taint?: Taint;
  /** What the verdict takes for granted. */
  readonly assumed?: string;
  /** Files beyond its own that the verdict rests on. */
  readonly evidence?: readonly string[];
}

const rank: Readonly<Record<StateKind, number>> = { caller: 8, memoised: 7, growth: 6, counter: 5, environment: 4, 'cleared-at-end': 3, sometimes: 2, bounded: 1, rewrite: 0 };
const MAX_ROUNDS = 3;

/** Whether several invocations run in one process at the same time. Defaults by platform: vendor pages, November 2026. */
export function isConcurrent(fn: ServerlessFunction): boolean {
  if (fn.concurrencyPerInstance !== undefined) return fn.concurrencyPerInstance > 1;
  return fn.platform === 'azure' || fn.platform === 'cloudflare' || fn.platform === 'vercel';
}

/** Every variable in which an invocation leaves something for a later one, in order of the first place. */
export function keptState(given: FunctionView): readonly KeptState[] {
  const view = given as LinkedFunction;
  const graph = view.reach();
  let found = kept.get(graph);
  if (!found) {
    found = keptIn(view);
    kept.set(graph, found);
  }
  return found;
}

const kept = new WeakMap<Reach, readonly KeptState[]>();

/** Every change of what outlives an invocation, whatever is said of it. */
export function stateChanges(view: LinkedFunction): { readonly all: readonly Mutation[]; readonly storage: Storage } {
  const graph = view.reach();
  const known = changes.get(graph);
  if (known) return known;
  const storage = new Storage(view);
  let all: readonly Mutation[] = [];
  for (let round = 0; round < MAX_ROUNDS && view.bodies('invoke').length > 0; round++) {
    all = mutations(view, storage);
    const before = storage.retained.size;
    retain(view, storage, all);
    if (storage.retained.size === before) break;
  }
  changes.set(graph, { all, storage });
  return { all, storage };
}

const changes = new WeakMap<Reach, { readonly all: readonly Mutation[]; readonly storage: Storage }>();

function keptIn(view: LinkedFunction): readonly KeptState[] {
  const { all, storage } = stateChanges(view);
  if (all.length === 0) return [];
  const byKey = new Map<string, Mutation[]>();
  for (const item of all) {
    const list = byKey.get(item.place.key);
    if (list) list.push(item); else byKey.set(item.place.key, [item]);
  }
  const concurrent = isConcurrent(view.fn);
  const cleared = clearedLoggers(view, storage);
  const found: KeptState[] = [];
  for (const [, items] of byKey) {
    const judged: { readonly kind: StateKind; readonly item: Mutation; readonly taint?: Taint; readonly assumed?: string }[] = [];
    for (const item of items) {
      if (item.form === 'setter' && cleared.has(item.place.key) && !keepsThroughReset(item)) continue;
      const verdict = judge(view, item, items, all, concurrent, storage);
      if (verdict) judged.push({ ...verdict, item });
    }
    let worst = judged[0];
    for (const one of judged) if (worst && rank[one.kind] > rank[worst.kind]) worst = one;
    if (!worst) continue;
    const wider = restsOnOtherFiles(view, items, worst.item);
    if (wider && !view.project.whole) continue;
    const seen = new Set([`${worst.item.body.file}:${worst.item.expr.start}`]);
    const others = judged.filter((one) => rank[one.kind] > 1 && !seen.has(`${one.item.body.file}:${one.item.expr.start}`) && seen.add(`${one.item.body.file}:${one.item.expr.start}`)).map((one) => one.item);
    found.push({ kind: worst.kind, mutation: worst.item, others, ...(worst.taint ? { taint: worst.taint } : {}), ...(worst.assumed ? { assumed: worst.assumed } : {}), evidence: wider ? view.files().filter((file) => file !== worst?.item.body.file) : worst.kind === 'caller' ? behind(view, worst.item) : [] });
  }
  return found;
}

/** Other files that what is kept comes from, through the callers of the function that keeps it. */
function behind(view: LinkedFunction, { body, frame, expr }: Mutation): readonly string[] {
  const activation = view.activations(body.node).find((one) => one.frame === frame);
  return activation ? filesBehindArguments(view, activation, [expr]).filter((file) => file !== body.file) : [];
}

/**
 * Loggers whose keys a middleware or decorator drops after each invocation, also after an error: `injectLambdaContext` with
 * `resetKeys` or `clearState` (Powertools for AWS Lambda (TypeScript), Logger, November 2026).
 */
function clearedLoggers(view: LinkedFunction, storage: Storage): ReadonlySet<string> {
  const found = new Set<string>();
  const clears = (options: Value | undefined): boolean => options?.kind === 'object' && options.entries.some(([name, value]) => (name === 'resetKeys' || name === 'clearState') && value.kind === 'literal' && value.value === true);
  for (const call of view.calls()) {
    const [logger] = call.expr.args;
    if (logger && call.callee.path.at(-1) === 'injectLambdaContext' && clears(call.arg(1))) add(storage.origins(logger, (call.body as LinkedBody).node.frame));
  }
  for (const body of view.bodies()) {
    for (const decorator of body.fn.decorators) {
      if (decorator.kind !== 'call' || decorator.callee.kind !== 'member' || decorator.callee.property !== 'injectLambdaContext') continue;
      const home = view.evaluator.open(body.file, 0);
      const [options] = decorator.args;
      if (options && clears(view.evaluator.value(options, home))) add(storage.origins(decorator.callee.object, home));
    }
  }
  function add(origins: readonly Origin[]): void { for (const origin of origins) if (origin.place) found.add(`${origin.place.key}()`); }
  return found;
}

/** Persistent keys are meant to survive a reset of the others. */
const keepsThroughReset = (item: Mutation): boolean => item.expr.kind === 'call' && item.expr.callee.kind === 'member' && typeof item.expr.callee.property === 'string' && item.expr.callee.property.includes('Persistent');

/**
 * Where a change is reported: its own line, or, when an object of a package of the repository keeps it, the call by which
 * another package asks for it. To its user a workspace package is a library.
 */
export function reportedAt(given: FunctionView, item: Mutation): SourcePlace | undefined {
  const { modules } = (given as LinkedFunction).evaluator;
  const own = modules.packageOf(item.body.file);
  if (own === undefined || item.place.kind !== 'instance') return undefined;
  // A package that only calls back what it was given asks for nothing.
  const asks = (file: string): boolean => (modules.facts(file)?.imports ?? []).some(({ source }) => {
    const target = modules.resolve(file, source);
    return 'file' in target && modules.packageOf(target.file) === own;
  });
  const hop = hops(item.body, item.expr).findLast(({ node: { phase, frame } }) => phase === 'invoke' && modules.packageOf(frame.file) !== own && asks(frame.file));
  return hop ? { file: hop.node.frame.file, start: hop.site.start, end: hop.site.end } : undefined;
}

/** Objects made in an invocation and kept by the process: their fields are state too, unless what is kept is already reported. */
function retain(view: LinkedFunction, storage: Storage, all: readonly Mutation[]): void {
  for (const item of all) {
    if (item.form === 'remove' || item.form === 'clear' || item.form === 'setter' || taint(view, item.value)) continue;
    for (const one of alternatives(item.value)) {
      if (one.kind === 'instance' && one.of.kind === 'class' && one.site) storage.retained.add(`${one.site.file}:${one.site.start}`);
    }
  }
}

/** What an OpenWhisk action is bound to comes with each event and is a setting all the same. */
function taint(view: LinkedFunction, value: Value): Taint | undefined {
  const bound = view.fn.boundParameters;
  return taintOf(value, view.fn.platform, { ...resolver(view), fields: (made) => keptFields(view, made), ...(bound === undefined ? {} : { settings: new Set(bound) }) });
}

function judge(view: LinkedFunction, item: Mutation, items: readonly Mutation[], all: readonly Mutation[], concurrent: boolean, storage: Storage): { readonly kind: StateKind; readonly taint?: Taint; readonly assumed?: string } | undefined {
  const raw = kindOf(view, item, all) ?? (isLeftBehind(view, storage, item, all) ? { kind: 'sometimes' as const } : undefined);
  if (!raw || raw.kind === 'bounded' || raw.kind === 'rewrite') return raw;
  if (endsEmpty(item)) return undefined;
  const caller = raw.kind === 'caller' || raw.kind === 'memoised';
  if (isRestored(view, item, all)) return concurrent && caller ? raw : undefined;
  const covers = (other: Mutation): boolean => other !== item && other.place.path.every((name, index) => item.place.path[index] === name);
  // At the same time in one process, a reset protects nobody from the data of another caller.
  // What a logger writes with each line: the id of the invocation says nothing of its caller, and each invocation sets its own (`logger.defaultMeta = { requestId: context.awsRequestId }`).
  if (caller && !concurrent && (item.form === 'setter' || (item.form === 'assign' && item.place.path.length > 0)) && isInvocationId(item.value) && surelySets(view, item)) return undefined;
  if (caller && !concurrent && item.form === 'assign' && isMadeForKey(view, item)) return { kind: 'bounded' };
  const fresh = items.some((other) => covers(other) && (isReset(other) || empties(other) || (other.form === 'assign' && (item.form !== 'assign' || (caller && !taint(view, other.value))) && item.form !== 'lazy')) && precedes(view, other, item));
  if (fresh) return concurrent && caller ? raw : undefined;
  if (item.form === 'assign' && isReset(item)) return raw;
  const cleanup = cleanupOf(view, item, items.filter((other) => covers(other) || isAlike(other.place.path, item.place.path)));
  if (cleanup === 'finally') return concurrent && caller ? raw : undefined;
  if (cleanup === 'bounded' && (raw.kind === 'growth' || item.form === 'add' || item.form === 'put')) return { kind: 'bounded' };
  if (cleanup === 'end') return { ...raw, kind: 'cleared-at-end' };
  return raw;
}

/** The same property, as far as both names are known. */
const isAlike = (one: readonly string[], two: readonly string[]): boolean => one.length === two.length && one.every((name, index) => name === two[index] || name === '*' || two[index] === '*');

function kindOf(view: LinkedFunction, item: Mutation, all: readonly Mutation[]): { readonly kind: StateKind; readonly taint?: Taint; readonly assumed?: string } | undefined {
  const kept = taint(view, item.value);
  const as = (kind: StateKind): { readonly kind: StateKind; readonly taint?: Taint; readonly assumed?: string } => ({ kind, ...(kept ? { taint: kept } : {}) });
  switch (item.form) {
    case 'lazy': return kept ? as('memoised') : undefined;
    case 'setter': return kept ? as('caller') : undefined;
    case 'update': return isBalanced(view, item) ? undefined : as('counter');
    case 'add': {
      if (kept) return as('caller');
      if (item.key && isFixed(item.key)) return undefined;
      return fillsOnce(view, item, all) ? undefined : as('growth');
    }
    case 'put': {
      if (item.key && isFixed(item.key)) return slot(view, item, kept, as, all);
      const byCaller = item.key ? taint(view, item.key) : undefined;
      if (item.bounded) return { kind: 'bounded' };
      if (kept === 'direct' && !memo(item)) return as('caller');
      if (kept || byCaller) return as('growth');
      // Under a key that no other invocation has, nothing is ever found again.
      if (item.key && isNewEachTime(item.key)) return as('growth');
      return item.key && contains(item.key, (one) => one.kind === 'unknown' || (one.kind === 'param' && !isAlwaysFixed(view, one))) && !fillsOnce(view, item, all) ? { kind: 'growth', assumed: 'the keys are not a fixed few' } : undefined;
    }
    case 'assign': return slot(view, item, kept, as, all);
    default: return undefined;
  }
}

function slot(view: LinkedFunction, item: Mutation, kept: Taint | undefined, as: (kind: StateKind) => { readonly kind: StateKind; readonly taint?: Taint; readonly assumed?: string }, all: readonly Mutation[]): { readonly kind: StateKind; readonly taint?: Taint; readonly assumed?: string } | undefined {
  if (kept) return as(fillsOnce(view, item, all.filter((other) => other.place.key === item.place.key)) ? 'memoised' : 'caller');
  if (item.place.kind === 'env') {
    const several = all.filter((other) => other.place.key === item.place.key).length > 1 || item.value.kind === 'oneOf';
    return isFixed(item.value) && !several ? { kind: 'rewrite' } : several && !isFirstWrite(view, item) ? as('environment') : undefined;
  }
  const elsewhere = item.place.kind === 'package' || (item.place.file !== undefined && item.place.file !== item.body.file && item.place.path.length > 0 && item.place.kind === 'module');
  return elsewhere && isFixed(item.value) && !fillsOnce(view, item, all) ? { kind: 'rewrite' } : undefined;
}

/** On every way to it a parameter is given what the code itself spells out. */
function isAlwaysFixed(view: LinkedFunction, value: ParamValue): boolean {
  const given = resolver(view).param(value);
  return given.length > 0 && given.every((one) => isFixed(one));
}

/** An entry that is worked out, or made, from its own key is the same for whoever asks. */
function memo(item: Mutation): boolean {
  if (!item.key) return false;
  const key = inputsOf(item.key);
  const value = inputsOf(item.value);
  return key.length > 0 && value.every((input) => key.includes(input)) && (item.value.kind === 'derived' || (item.value.kind === 'instance' && item.value.of.kind === 'external'));
}
