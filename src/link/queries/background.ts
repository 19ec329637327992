import { writesFile } from '../../catalog/promises.ts';
import { isPure } from '../../catalog/pure.ts';
import type { CallExpr, Expr, NewExpr } from '../../model/facts.ts';
import type { TextRange } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Node } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { inExecutor, tells, waitingFor, type Waiting } from './answers.ts';
import { calleeOf, edgesOf, targetOf } from './calls-in.ts';
import { isConnectedLater } from './connected-later.ts';
import { ancestorsOf } from './positions.ts';
import { fateOf } from './promises.ts';
import { callbackOf, edgesAt, externalsAt, filesBehind, promiseOf, workOfFunction } from './started.ts';
import { within } from './timers.ts';

/** Work that goes on after the platform takes the function to be done. */
export interface Background {
  readonly kind: 'dropped' | 'forEach' | 'callback' | 'timer' | 'stream' | 'neverAnswers';
  readonly body: LinkedBody;
  readonly at: TextRange;
  readonly what: string;
  readonly files: readonly string[];
  /** Of a promise: what fails in it is taken care of at its end, `work().catch(log)`. */
  readonly isCaught?: boolean;
}

type Call = CallExpr | NewExpr;

/** Everything that a deployed function starts on the invocation path and that nobody waits for. */
export function backgroundOf(of: FunctionView): readonly Background[] {
  const view = of as LinkedFunction;
  const found = new Map<string, Background>();
  const reported = new Set<Expr>();
  for (const body of view.bodies('invoke')) {
    const waiting = waitingFor(view, body.node);
    if (waiting.until === 'everything') continue;
    if (waiting.until === 'never') {
      const one = body.node === waiting.root ? neverAnswers(view, body) : undefined;
      if (one) found.set(`${one.body.file}:${one.at.start}`, one);
      continue;
    }
    for (const call of view.evaluator.modules.index(body.file)?.calls[body.fn.id] ?? []) {
      const one = judge(view, body, call, waiting, reported);
      if (!one) continue;
      reported.add(call);
      const key = `${body.file}:${one.at.start}`;
      if (!found.has(key)) found.set(key, { ...one, body, files: [...new Set([...one.files, ...waiting.files])].sort() });
    }
  }
  return [...found.values()];
}

type Found = Omit<Background, 'body'>;

function judge(view: LinkedFunction, body: LinkedBody, call: Call, waiting: Waiting, reported: ReadonlySet<Expr>): Found | undefined {
  const { node } = body;
  if (call.kind === 'call') {
    const each = forEachOf(view, body, call, waiting) ?? timerOf(view, body, call, waiting) ?? streamOf(view, body, call);
    if (each) return each;
    const what = callbackOf(view, node, call);
    if (what !== undefined) {
      if (isPromisified(view, body, call) || isAlsoPromised(body, call) || isConnectedLater(view, body, call) || isWithin(node, reported) || inExecutor(view, node) || tells(view, node, [...call.args, ...listenersOf(view, body, call)], waiting)) return undefined;
      return { kind: 'callback', at: call, what, files: filesBehind(view, body.file, call.callee) };
    }
  }
  const started = promiseOf(view, node, call);
  if (!started || isConnectedLater(view, body, call)) return undefined;
  const top = chainOf(body, call);
  // The chain on a promise is judged once, at the first call that is known to start one.
  if (top.calls.length > 1 && top.calls.find((one) => promiseOf(view, node, one) !== undefined) !== call) return undefined;
  // Frameworks of the web look into what is returned, and stream it.
  const isAnswer = node === waiting.root && !node.via && !/^(?:vercel|netlify|cloudflare)$/.test(view.fn.platform);
  const fate = fateOf(view, body, call, { isAnswer, tells: (at, handlers) => tells(view, at, handlers, waiting) });
  if (fate.fate !== 'dropped') return undefined;
  const later: Item[] = top.calls.flatMap((one) => [...one.args, ...(one.callee.kind === 'function' ? [one.callee] : []), ...(one.callee.kind === 'ref' ? [one.callee] : [])]);
  if (tells(view, node, later, waiting) || isUsedAsWriter(view, node, top.calls)) return undefined;
  const isCaught = top.calls.some((one) => one.callee.kind === 'member' && one.args.length > (one.callee.property === 'then' ? 1 : 0) && /^(?:then|catch)$/.test(String(one.callee.property))) || catchesItself(view, body, call);
  return { kind: 'dropped', at: fate.at ?? call, what: started.what, files: [...new Set([...started.files, ...fate.files])], isCaught };
}

/** `void (async () => { try { … } catch (error) { log(error); } })()`: what is called takes care of its own failures. */
function catchesItself(view: LinkedFunction, { node }: LinkedBody, call: Call): boolean {
  const called = edgesAt(view, node, call).filter((edge) => edge.how === 'call').map((edge) => view.evaluator.fact(edge.target.file, edge.target.fn));
  return called.length > 0 && called.every((fact) => fact?.async === true && fact.body.some((stmt) => stmt.kind === 'try') && fact.body.every((stmt) => {
    let asks = false;
    walk(stmt.kind === 'try' ? (stmt.handler ?? []) : [stmt], (item) => { asks ||= item.kind === 'await' || item.kind === 'throw' || (stmt.kind !== 'try' && item.kind === 'call'); });
    return !asks && (stmt.kind !== 'try' || stmt.handler !== undefined);
  }));
}

/** `const read = promisify(fs.readFile)`: what it gives is a promise, whatever the name behind it takes. */
function isPromisified(view: LinkedFunction, body: LinkedBody, call: CallExpr): boolean {
  const root = call.callee.kind === 'member' ? call.callee.object : call.callee;
  if (root.kind !== 'ref') return root.kind === 'call';
  return (view.evaluator.modules.index(body.file)?.definitions.get(root.binding) ?? []).some((one) => one.expr?.kind === 'call' && (root === call.callee || /promisif/i.test(calledName(one.expr))));
}

/** `await client.putItem(item, report).promise()`: whoever waits for the promise waits for the callback, which was told of first (AWS SDK v2, Request, November 2026). */
function isAlsoPromised(body: LinkedBody, call: CallExpr): boolean {
  const [around, outer, member] = ancestorsOf(body.fn, call).slice(-3) as readonly (Item | undefined)[];
  return member?.kind === 'member' && member.object === call && member.property === 'promise' && outer?.kind === 'call' && (around?.kind === 'await' || around?.kind === 'return');
}

const calledName = (call: CallExpr): string => (call.callee.kind === 'member' && typeof call.callee.property === 'string' ? call.callee.property : call.callee.kind === 'global' ? call.callee.name : '');

/** Reached only through work that is reported already. */
function isWithin(node: Node, reported: ReadonlySet<Expr>): boolean {
  for (let at: Node | undefined = node, count = 0; at?.via && count < 40; at = at.via.from, count++) if (at.via.how === 'callback' && reported.has(at.via.site)) return true;
  return false;
}

/** The chain that a call stands in, innermost call first: `send()`, `send().then(…)`, `send().then(…).catch(…)`. */
function chainOf(body: LinkedBody, call: Call): { readonly calls: readonly Call[] } {
  const ancestors = ancestorsOf(body.fn, call);
  const calls: Call[] = [call];
  let inner: Item = call;
  for (let index = ancestors.length - 1; index > 0; index -= 2) {
    const member = ancestors[index] as Item;
    const outer = ancestors[index - 1] as Item;
    if (member.kind !== 'member' || member.object !== inner || typeof member.property !== 'string' || !/^(?:then|catch|finally)$/.test(member.property) || outer.kind !== 'call' || outer.callee !== member) break;
    calls.push(outer);
    inner = outer;
  }
  // Links below this call belong to it as well.
  let below: Expr = call;
  while (below.kind === 'call' && below.callee.kind === 'member' && typeof below.callee.property === 'string' && /^(?:then|catch|finally)$/.test(below.callee.property)) {
    below = below.callee.object;
    if (below.kind === 'call' || below.kind === 'new') calls.unshift(below);
  }
  return { calls };
}

/** `writer.write(…)` of a stream: the reader on the other side is whom one waits for. */
function isUsedAsWriter(view: LinkedFunction, node: Node, calls: readonly Call[]): boolean {
  return calls.some((call) => call.callee.kind === 'member' && (call.callee.property === 'pipeTo' || call.callee.property === 'getWriter') && tells(view, node, [call], { until: 'answer', root: node, files: [] })) || calls.some((call) => call.callee.kind === 'member' && call.callee.property === 'pipeTo');
}

function forEachOf(view: LinkedFunction, body: LinkedBody, call: CallExpr, waiting: Waiting): Found | undefined {
  if (call.callee.kind !== 'member' || call.callee.property !== 'forEach') return undefined;
  for (const edge of edgesAt(view, body.node, call)) {
    if (edge.how !== 'callback') continue;
    const work = workOfFunction(view, targetOf(view, edge), edge.target);
    if (!work || inExecutorThatTells(view, body, call, waiting) || putsAside(view, edge.target)) continue;
    return { kind: 'forEach', at: call, what: 'the callback', files: work.files };
  }
  return undefined;
}

/** `jobs.push(job); return job;` in a callback that is not `async`: what becomes of the promise is judged at the list. */
function putsAside(view: LinkedFunction, { file, fn }: { readonly file: string; readonly fn: number }): boolean {
  const fact = view.evaluator.fact(file, fn);
  if (!fact || fact.async) return false;
  const aside = new Set<number>();
  for (const { callee, args } of view.evaluator.modules.index(file)?.calls[fn] ?? []) {
    if (callee.kind === 'member' && callee.property === 'push') for (const arg of args) if (arg.kind === 'ref') aside.add(arg.binding);
  }
  const given = (view.evaluator.modules.index(file)?.returns[fn] ?? []).filter((expr) => expr.kind !== 'literal');
  return given.length > 0 && given.every((expr) => expr.kind === 'ref' && aside.has(expr.binding));
}

const inExecutorThatTells = (view: LinkedFunction, body: LinkedBody, call: CallExpr, waiting: Waiting): boolean => tells(view, body.node, call.args, waiting);

/** What runs a function when the one at hand is done. */
const later: ReadonlySet<string> = new Set(['setTimeout', 'setImmediate', 'queueMicrotask', 'nextTick']);

/** Work that a timer starts when the function has answered. Timers that somebody keeps and clears are limits, not work. */
function timerOf(view: LinkedFunction, body: LinkedBody, call: CallExpr, waiting: Waiting): Found | undefined {
  const external = externalsAt(body.node, call)[0];
  const callee = external && calleeOf(external);
  const name = callee && (callee.module === 'global' || callee.module === 'timers') ? callee.path.at(-1) : undefined;
  if (name === undefined || !later.has(name)) return undefined;
  if (isKept(view, body, call) || tells(view, body.node, call.args, waiting)) return undefined;
  for (const edge of edgesAt(view, body.node, call)) {
    const files = edge.how === 'callback' ? workFiles(view, targetOf(view, edge), 0) : undefined;
    if (files) return { kind: 'timer', at: call, what: name, files };
  }
  return undefined;
}

/** The timer's handle goes somewhere: to `clearTimeout`, to the caller, to a field. */
function isKept(view: LinkedFunction, body: LinkedBody, call: CallExpr): boolean {
  const parent = ancestorsOf(body.fn, call).at(-1);
  if (!parent || parent.kind === 'expr') return false;
  const target = parent.kind === 'declare' || parent.kind === 'assign' ? parent.target : undefined;
  if (target?.kind !== 'ref') return true;
  let used = false;
  for (const fn of body.facts.functions) {
    walk(fn.body, (item, ancestors) => {
      if (item.kind === 'ref' && item.binding === target.binding && ancestors.some((one) => one.kind === 'call' || one.kind === 'return')) used = true;
    });
  }
  return used;
}

/** The files that show that a body does something outside the process, or leaves something unfinished; `undefined` when it does not. */
function workFiles(view: LinkedFunction, node: Node | undefined, depth: number): readonly string[] | undefined {
  if (!node || depth > 4) return undefined;
  const { file, fn } = node.frame;
  for (const call of view.evaluator.modules.index(file)?.calls[fn] ?? []) {
    const started = promiseOf(view, node, call);
    if (started) return [file, ...started.files];
    if (callbackOf(view, node, call) !== undefined) return [file, ...filesBehind(view, file, call.callee)];
  }
  for (const external of node.externals) {
    const callee = calleeOf(external);
    const method = callee.path.at(-1)?.replace('#', '') ?? '';
    if (callee.module === 'global' || callee.module === 'unknown' || isPure(callee) || external.expr.callee.kind !== 'member' || /^(?:log|info|warn|error|debug|trace|abort|destroy|end|close|kill|unref)$/.test(method)) continue;
    return [file, ...filesBehind(view, file, external.expr.callee)];
  }
  for (const edge of edgesOf(view).get(node) ?? []) {
    const inner = edge.how === 'call' ? workFiles(view, targetOf(view, edge), depth + 1) : undefined;
    if (inner) return [file, ...inner];
  }
  return undefined;
}

/** `source.pipe(fs.createWriteStream(…))` as a statement of its own. */
function streamOf(view: LinkedFunction, body: LinkedBody, call: CallExpr): Found | undefined {
  if (call.callee.kind !== 'member' || call.callee.property !== 'pipe' || !call.args[0] || inExecutor(view, body.node)) return undefined;
  if (ancestorsOf(body.fn, call).at(-1)?.kind !== 'expr' || !writesFile(view.evaluator.value(call.args[0], body.node.frame))) return undefined;
  const [target] = call.args;
  if (target.kind === 'ref') {
    let uses = 0;
    for (const fn of body.facts.functions) walk(fn.body, (item) => { if (item.kind === 'ref' && item.binding === target.binding) uses++; });
    if (uses > 2) return undefined;
  }
  return { kind: 'stream', at: call, what: 'pipe', files: [] };
}

/** Listeners on what a callback-style call gives: `const request = https.get(…); request.on('error', reject)`. */
function listenersOf(view: LinkedFunction, body: LinkedBody, call: CallExpr): readonly Item[] {
  const ancestors = ancestorsOf(body.fn, call);
  const found: Item[] = [];
  let inner: Item = call;
  for (let index = ancestors.length - 1; index >= 0; index--) {
    const outer = ancestors[index] as Item;
    if (outer.kind === 'call' && outer.callee.kind === 'member' && outer.callee.object === inner) found.push(...outer.args);
    else if (outer.kind === 'declare' && outer.target.kind === 'ref') {
      const { binding } = outer.target;
      for (const fn of body.facts.functions) {
        if (!within(body.facts, fn.id, body.fn.id)) continue;
        walk(fn.body, (item) => { if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'on' && item.callee.object.kind === 'ref' && item.callee.object.binding === binding) found.push(...item.args); });
      }
    } else if (outer.kind !== 'member') break;
    inner = outer;
  }
  return found;
}

/** A callback handler on a runtime that has none: the first call that is given a callback, or the handler itself. */
function neverAnswers(view: LinkedFunction, body: LinkedBody): Background {
  const calls = view.evaluator.modules.index(body.file)?.calls[body.fn.id] ?? [];
  const started = calls.find((call) => callbackOf(view, body.node, call) !== undefined) ?? calls.find((call) => call.args.length > 1 && call.args.at(-1)?.kind === 'function');
  const at = started ?? { start: body.fn.start, end: body.fn.params.at(-1)?.end ?? body.fn.end };
  return { kind: 'neverAnswers', body, at, what: view.fn.runtime?.value ?? '', files: [] };
}
