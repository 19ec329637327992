import type { CallExpr, Expr, FunctionFact, NewExpr } from '../../model/facts.ts';
import type { LiteralValue } from '../../model/value.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { Edge, Node } from '../reach.ts';
import type { Frame } from '../frame.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { askerOf, holdsAsk, isWaitedFor, joinWork, waitAt, workIn, workOfNode, type Work } from './calls-in.ts';
import { changesIn, reachedBy, readsOf, type Change, type Holder } from './changes.ts';
import { isDeadline } from './deadlines.ts';
import { spelledOut } from './held-tests.ts';
import { isEmptiness, type LoopVerdict } from './loop-verdict.ts';
import { stepsTo, waysThrough, type Atom, type Step } from './loops.ts';
import { bindingKey, Notes, numberAt, testAt, type Assignment } from './numbers.ts';
import { countsInObject, counterOf, givenFor, isStepped, type Counter } from './recursion-counter.ts';
import type { Total } from './rounds.ts';
import { within } from './timers.ts';
import { sleepsIn, type Sleep } from './waits.ts';

/** A function that calls itself, or has itself called by a timer, at one place. */
export interface Recursion {
  /** The call that starts the next round. */
  readonly at: Item;
  readonly verdict: LoopVerdict | { readonly kind: 'timer' };
}

/** The places where a function runs itself again, from its own code or from closures in it, with a verdict on each. */
export function recursionsOf(of: FunctionView, at: Body): readonly Recursion[] {
  const view = of as LinkedFunction;
  const body = at as LinkedBody;
  const found: Recursion[] = [];
  const seen = new Set<Item>();
  for (const edge of body.node.incoming) {
    const { from } = edge;
    if (from.frame.file !== body.file || !within(body.facts, from.frame.fn, body.fn.id) || seen.has(edge.site) || edge.how === 'new') continue;
    if (edge.how === 'callback' && !isTimer(view, edge)) continue;
    seen.add(edge.site);
    const verdict = judge(view, body, edge);
    if (verdict) found.push({ at: edge.site, verdict });
  }
  return found;
}

function isTimer(view: LinkedFunction, edge: Edge): boolean {
  return timerOf(view, edge.from, edge.site) !== undefined;
}

/** A call of `setTimeout`, and its delay. */
function timerOf(view: LinkedFunction, node: Node, site: Expr): CallExpr | NewExpr | undefined {
  const external = node.externals.find((item) => item.expr === site);
  if (!external) return undefined;
  const wait = waitAt(view, node.frame, external);
  return wait?.kind === 'timer' && !wait.repeats ? external.expr : undefined;
}

/** A body of the recursive function or of a closure in it, with where the next round starts in it. */
interface Layer { readonly fn: FunctionFact; readonly frame: Frame; readonly node: Node | undefined; readonly site: Item }

/** From the recursive call outwards to the function itself: the call, then each function expression around it. */
function layersOf(view: LinkedFunction, body: LinkedBody, edge: Edge): readonly Layer[] {
  const layers: Layer[] = [];
  let site: Item = edge.site;
  let frame: Frame | undefined = edge.from.frame;
  for (let count = 0; frame && count < 16; count++) {
    const fn: FunctionFact | undefined = body.facts.functions[frame.fn];
    if (!fn) break;
    const at = frame;
    layers.push({ fn, frame, site, node: view.reach().nodes.find((node) => node.frame === at) });
    if (fn.id === body.fn.id) break;
    const parent: FunctionFact | undefined = body.facts.functions[fn.parent];
    let expr: Item | undefined;
    if (parent) walk(parent.body, (item) => { if (item.kind === 'function' && 'fn' in item && item.fn === fn.id) expr = item; });
    frame = frame.parent ?? (fn.parent > 0 ? view.evaluator.open(body.file, fn.parent) : undefined);
    if (!expr) break;
    site = expr;
  }
  return layers;
}

function chainTo(fn: FunctionFact, target: Item): readonly Item[] {
  let found: readonly Item[] = [];
  walk(fn.body, (item, ancestors) => { if (item === target) found = [...ancestors, item]; });
  return found;
}

function judge(view: LinkedFunction, body: LinkedBody, edge: Edge): Recursion['verdict'] | undefined {
  const layers = layersOf(view, body, edge);
  if (layers.at(-1)?.fn.id !== body.fn.id || body.fn.generator) return undefined;
  const chains = layers.map((layer) => chainTo(layer.fn, layer.site));
  const guards = layers.flatMap((layer, index) => stepsTo(layer.fn.body, chains[index] ?? []).map((step) => ({ step: { ...step, test: spelledOut(view, step.test, layer.frame, layer.fn) }, frame: layer.frame })));
  const atoms = guards.flatMap(({ step, frame }) => waysThrough([step]).flat().map((atom) => ({ atom, frame })));
  if (atoms.some(({ atom, frame }) => isDeadline(view, atom, frame))) return undefined;
  const timer = layers.map((layer, index) => (layer.node ? (chains[index] ?? []).map((item) => (item.kind === 'call' && layer.node ? timerOf(view, layer.node, item) : undefined)).find((one) => one) : undefined)).find((one) => one);
  if (timer && guards.length === 0) return { kind: 'timer' };
  const work = joinWork([workOfNode(view, body.node), ...layers.map((layer) => workIn(view, layer.node ?? body.node, layer.fn.body))]);
  if (work.durable || (!view.project.whole && work.opaque)) return undefined;
  const sleeps = layers.flatMap((layer) => sleepsIn(view, layer.frame, layer.fn.body));
  const tests = atoms.map(({ atom }) => atom.expr);
  const counter = counterOf(body.fn, edge, layers.map((layer) => layer.fn.body), tests);
  if (counter) {
    const total = totalOf(view, body, edge, guards, counter, sleeps, timer);
    return total ? { kind: 'sums', totals: [total], evidence: new Set([...work.files, ...total.total.files]) } : undefined;
  }
  if (isCountedOutside(body, layers, tests) || isCountedByTimer(body, edge, layers, tests)) return undefined;
  if (edge.how === 'call' && edge.site.kind === 'call' && countsInObject(body.fn, edge.site, tests)) return undefined;
  if (layers.length === 1 && guards.some(({ step, frame }) => isSwitchedOff(view, body, edge, chains[0] ?? [], step, frame))) return undefined;
  return unbounded(view, body, edge, { layers, chains, atoms: atoms.map(({ atom }) => atom), guarded: guards.length > 0, work, waits: sleeps.length > 0 || timer !== undefined, timer: timer !== undefined });
}

/**
 * Whether the next round cannot come here again, since a test on the way asks for one value of a parameter and the call gives another one:
 * `if (kind === 'rich') send(item, 'plain')`, `if (!again) load(key, true)`.
 */
function isSwitchedOff(view: LinkedFunction, body: LinkedBody, edge: Edge, chain: readonly Item[], step: Step, frame: Frame): boolean {
  const ways = waysThrough([step]);
  const { site } = edge;
  if (edge.how !== 'call' || site.kind !== 'call' || ways.length !== 1) return false;
  const plain = (expr: Expr): LiteralValue['value'] | undefined => {
    const value = view.evaluator.value(expr, frame);
    return value.kind === 'literal' ? value.value : undefined;
  };
  return (ways[0] ?? []).some(({ expr, outcome }) => {
    for (const [index, param] of body.fn.params.entries()) {
      if (param.target.kind !== 'ref') continue;
      const { binding } = param.target;
      const isIt = (side: Expr): boolean => side.kind === 'ref' && side.binding === binding;
      const given = site.args[index];
      const next = given === undefined ? undefined : isIt(given) ? setBefore(chain, binding) : given;
      const value = next === undefined ? undefined : plain(next);
      if (value === undefined) continue;
      if (isIt(expr)) return Boolean(value) !== outcome;
      if (expr.kind !== 'binary' || !/^[!=]==?$/.test(expr.op) || (!isIt(expr.left) && !isIt(expr.right))) continue;
      const asked = plain(isIt(expr.left) ? expr.right : expr.left);
      if (asked !== undefined) return (asked === value) !== (outcome === expr.op.startsWith('='));
    }
    return false;
  });
}

/** What a binding is set to for certain on the way to the last item of a chain, in a statement before one that holds it. */
function setBefore(chain: readonly Item[], binding: number): Expr | undefined {
  let found: Expr | undefined;
  for (const [index, item] of chain.entries()) {
    for (const list of statementLists(chain[index - 1])) {
      const position = list.indexOf(item);
      for (const earlier of position > 0 ? list.slice(0, position) : []) {
        const expr = earlier.kind === 'expr' ? earlier.expr : undefined;
        if (expr?.kind === 'assign' && expr.op === '=' && expr.target.kind === 'ref' && expr.target.binding === binding) found = expr.value;
      }
    }
  }
  return found;
}

function statementLists(item: Item | undefined): readonly (readonly Item[])[] {
  switch (item?.kind) {
    case 'if': return [item.then, item.else];
    case 'try': return [item.block, item.handler ?? [], item.finalizer ?? []];
    case 'loop': return [item.body];
    default: return [];
  }
}

/** A variable around the function that an answer moves on, and that the next round asks with: `query.token = page.next; again();`. */
function movesAround(view: LinkedFunction, body: LinkedBody, layers: readonly Layer[], asks: ReadonlyMap<Item, Work>, moved: readonly Change[]): boolean {
  if (moved.length === 0) return false;
  const inside = new Set(layers.map((layer) => layer.fn.id));
  const definitions = view.evaluator.modules.index(body.file)?.definitions;
  const asked = new Set([...asks.keys()].flatMap((call) => (call.kind === 'call' || call.kind === 'new' ? call.args.flatMap((arg) => [...readsOf(arg)]) : [])));
  const isAround = (holder: Holder): boolean => holder.startsWith('b') && (definitions?.get(Number(holder.slice(1))) ?? []).some((one) => one.form === 'init' && !inside.has(one.fn));
  return moved.some(({ holder }) => asked.has(holder) && isAround(holder));
}

interface Facts {
  readonly layers: readonly Layer[];
  readonly chains: readonly (readonly Item[])[];
  readonly atoms: readonly Atom[];
  readonly guarded: boolean;
  readonly work: Work;
  readonly waits: boolean;
  readonly timer: boolean;
}

function unbounded(view: LinkedFunction, body: LinkedBody, edge: Edge, facts: Facts): Recursion['verdict'] | undefined {
  const { layers, chains, work } = facts;
  const evidence = work.files;
  const inCatch = chains.some((chain) => chain.some((item) => item.kind === 'try' && item.handler?.some((stmt) => chain.includes(stmt)))) || layers.some((layer, index) => index > 0 && isCatchCallback(chains[index] ?? []));
  const changes: readonly Change[] = layers.flatMap((layer) => changesIn(layer.fn.body));
  const asks = new Map<Item, Work>(layers.flatMap((layer) => (layer.node ? [...askerOf(view, layer.node, layer.fn.body)] : [])));
  asks.delete(edge.site);
  const isAsk = (expr: Item): boolean => holdsAsk(expr, asks);
  const callbackParams = new Set<Holder>(layers.filter((layer) => layer.fn.id !== body.fn.id).flatMap((layer) => bindingsOf(layer.fn).map((id) => `b${id}`)));
  const answered = reachedBy(changes, isAsk, callbackParams);
  const reads = (expr: Item): boolean => isAsk(expr) || [...readsOf(expr)].some((holder) => answered.has(holder));
  const params = bindingsOf(body.fn).map((id): Holder => `b${id}`);
  const args = edge.site.kind === 'call' || edge.site.kind === 'new' ? edge.site.args : [];
  const feeds = (edge.how === 'call' && args.some((arg) => reads(arg))) || changes.some((change) => change.value !== undefined && params.includes(change.holder) && change.how === 'set' && reads(change.value)) || movesAround(view, body, layers, asks, changes.filter((change) => change.value !== undefined && change.how === 'set' && reads(change.value)));
  const decided = facts.atoms.some((atom) => reads(atom.expr));
  if (inCatch && (work.remote || facts.timer) && !handsOnError(body, edge, changes)) return { kind: 'retries', evidence };
  if (facts.waits) {
    if (!decided && facts.guarded && !facts.timer) return undefined;
    return feeds && !work.asksStatus ? { kind: 'crawls', evidence } : { kind: 'polls', evidence };
  }
  if (asks.size === 0 || !decided) return undefined;
  if (feeds || work.drains || facts.atoms.some((atom) => reads(atom.expr) && isEmptiness({ ...atom, outcome: !atom.outcome }))) return { kind: 'crawls', evidence };
  const sameAgain = edge.how === 'call' && args.every((arg, index) => arg.kind === 'ref' && bindingsOf(body.fn)[index] === arg.binding);
  return sameAgain && args.length === body.fn.params.length ? { kind: 'polls', evidence } : undefined;
}

/** What a catch block hands on is what its function works on: the next round deals with another error and repeats nothing. */
function handsOnError(body: LinkedBody, edge: Edge, changes: readonly Change[]): boolean {
  if (edge.how !== 'call' || edge.site.kind !== 'call') return false;
  const { args } = edge.site;
  let hands = false;
  walk(body.fn.body, (item) => {
    if (item.kind !== 'try' || item.param?.kind !== 'ref') return;
    const { binding } = item.param;
    const target = body.fn.params[args.findIndex((arg) => arg.kind === 'ref' && arg.binding === binding)]?.target;
    if (target?.kind !== 'ref') return;
    const worked = reachedBy(changes, () => false, new Set<Holder>([`b${target.binding}`]));
    walk(item.block, (part, ancestors) => { if ((part.kind === 'call' || part.kind === 'new') && isWaitedFor(part, ancestors) && [part.callee, ...part.args].some((one) => [...readsOf(one)].some((holder) => worked.has(holder)))) hands = true; });
  });
  return hands;
}

/** Inside the callback of `.catch(…)`. */
function isCatchCallback(chain: readonly Item[]): boolean {
  const call = chain[chain.length - 2];
  return call?.kind === 'call' && call.callee.kind === 'member' && call.callee.property === 'catch';
}

function bindingsOf(fn: FunctionFact): readonly number[] {
  return fn.params.flatMap((param) => (param.target.kind === 'ref' ? [param.target.binding] : param.target.kind === 'pattern' ? param.target.elements.flatMap((element) => (element.target.kind === 'ref' ? [element.target.binding] : [])) : []));
}

/** A counter that lives around the function (a closure's variable, a field) is moved each round and compared on the way. */
function isCountedOutside(body: LinkedBody, layers: readonly Layer[], tests: readonly Expr[]): boolean {
  const moved = layers.flatMap((layer) => changesIn(layer.fn.body)).filter((change) => change.how === 'step' && change.op !== '=');
  return tests.some((test) => test.kind === 'binary' && /^([<>]=?|[!=]==?)$/.test(test.op) && moved.some((change) => readsOf(test).has(change.holder) && !isOwn(body, change.holder)));
}

const isOwn = (body: LinkedBody, holder: Holder): boolean => holder.startsWith('b') && within(body.facts, body.facts.bindings[Number(holder.slice(1))]?.fn ?? 0, body.fn.id);

/** `setTimeout(load, 500, items, index)` behind `index < items.length`, with `index` moved on before: one item of a list after the other. */
function isCountedByTimer(body: LinkedBody, edge: Edge, layers: readonly Layer[], tests: readonly Expr[]): boolean {
  const { site } = edge;
  if (edge.how !== 'callback' || site.kind !== 'call') return false;
  return body.fn.params.some(({ target }, index) => {
    const given = site.args[index + 2];
    if (target.kind !== 'ref' || given?.kind !== 'ref' || given.binding !== target.binding || !isStepped(layers.map((layer) => layer.fn.body), target.binding)) return false;
    return tests.some((test) => test.kind === 'binary' && /^([<>]=?|[!=]==?)$/.test(test.op) && readsOf(test).has(`b${target.binding}`));
  });
}

const MAX_ROUNDS = 10_000;

/** Plays the rounds of a counted recursion through for the first call from outside, and adds up what is slept. */
function totalOf(view: LinkedFunction, body: LinkedBody, edge: Edge, guards: readonly { readonly step: Step; readonly frame: Frame }[], counter: Counter, sleeps: readonly Sleep[], timer: CallExpr | NewExpr | undefined): { readonly total: Total; readonly path: readonly FlowStep[] } | undefined {
  // Nothing that could add up to a time.
  if (sleeps.length === 0 && !timer) return undefined;
  for (const entry of body.node.incoming) {
    if (entry.from.frame.file === body.file && within(body.facts, entry.from.frame.fn, body.fn.id)) continue;
    const notes = new Notes();
    const argument = entry.args?.[counter.index];
    const given = argument && 'expr' in argument ? givenFor(argument.expr, counter) : undefined;
    // A field that the object does not spell out may be in what is spread into it.
    const isLeftOut = argument === undefined || ('expr' in argument && given === undefined && argument.expr.kind === 'object' && argument.expr.properties.every(({ key }) => key !== undefined));
    let value = argument && 'expr' in argument && given ? numberAt(view.evaluator, given, argument.frame, new Map(), notes)
      : isLeftOut && counter.fallback ? numberAt(view.evaluator, counter.fallback, body.node.frame, new Map(), notes) : undefined;
    if (value === undefined) continue;
    const key = bindingKey(body.file, counter.binding);
    let seconds = 0; let count = 0; let least = Infinity; let most = 0; let first: Sleep | undefined;
    for (let round = 0; round < MAX_ROUNDS && value !== undefined; round++) {
      const assign: Assignment = new Map([[key, value]]);
      const known = guards.map(({ step, frame }) => passes(view, step, frame, assign));
      if (known.includes('no')) break;
      if (round === 0 && !known.includes('yes')) return undefined;
      for (const sleep of sleeps) {
        const time = sleep.skipped(assign) ? undefined : sleep.seconds(assign, notes);
        if (time === undefined || time <= 0) continue;
        seconds += time; count++; least = Math.min(least, time); most = Math.max(most, time); first ??= sleep;
        break;
      }
      const delay = timer?.args[1] ? numberAt(view.evaluator, timer.args[1], edge.from.frame, assign, notes) : undefined;
      if (timer && delay !== undefined && delay > 0) {
        const time = delay / 1000;
        seconds += time; count++; least = Math.min(least, time); most = Math.max(most, time);
        first ??= { site: timer, seconds: () => time, skipped: () => false, plain: true, place: { file: edge.from.frame.file, start: timer.start, end: timer.end } };
      }
      const next: number | undefined = numberAt(view.evaluator, counter.next, edge.from.frame, assign);
      if (next === value) return undefined;
      value = next;
    }
    if (first) return { total: { seconds, count, least, most, sleep: first, assumptions: notes.list(), files: [...notes.files].sort() }, path: body.path };
  }
  return undefined;
}

/** Whether a test lets control pass: `yes` when its numbers say so, whatever else it asks for; `open` when they say nothing. */
function passes(view: LinkedFunction, step: Step, frame: Frame, assign: Assignment): 'yes' | 'no' | 'open' {
  if (step.outcome === 'case') return 'open';
  const ways = waysThrough([step]).map((way) => way.map((atom) => { const test = testAt(view.evaluator, atom.expr, frame, assign); return test === undefined ? undefined : test === atom.outcome; }));
  if (ways.every((way) => way.includes(false))) return 'no';
  return ways.some((way) => way.includes(true)) ? 'yes' : 'open';
}
