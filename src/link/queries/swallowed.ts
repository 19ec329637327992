import type { CallExpr, Expr, IfStmt, NewExpr, Stmt, Target } from '../../model/facts.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { Node } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { targetOf, workIn } from './calls-in.ts';
import { isInAnswer, isLogMethod, judgeHandler, type Outcome } from './error-handling.ts';
import { answersForHandler } from './chains.ts';
import { actsIn, filesBelow, isMainWork } from './main-work.ts';
import { isAnswered, rootOf, runsForNobody } from './asynchronous.ts';
import { ancestorsOf } from './positions.ts';
import { promiseFate } from './promises.ts';
import { edgesAt, externalsAt } from './started.ts';
import { settledLists } from './settled-lists.ts';
import { skippedRecords } from './skipped-records.ts';
import { leavesBatchOnError } from './dropped-records.ts';
import { fallsToSuccess, tellsStateMachine } from './default-answers.ts';
import { behind, refusedAnswer } from './failed-answers.ts';
import { isToldErrors, neverFails } from './error-callbacks.ts';
import { staysListed } from './left-in-list.ts';
import { passesBy } from './passed-by.ts';
import { marksReady } from './ready-marks.ts';
import { answersIn, saysSuccess, speaksOfError } from './success-answers.ts';
import { isUnused } from './use-of-result.ts';

/** A failure that ends in a log line, while the platform takes the invocation for a success. */
export interface Swallowed {
  /** `catch`, `.catch(…)`, `Promise.allSettled`, a return in the middle of a batch, a request that was refused, a record that does not parse. */
  readonly form: 'catch' | 'method' | 'settled' | 'leaves' | 'refused' | 'skipped';
  readonly outcome: Outcome;
  /** Somebody waits for the function's answer, which says success. */
  readonly answered: boolean;
  readonly body: LinkedBody;
  readonly place: SourcePlace;
  /** Other files that show what the work is. */
  readonly files: readonly string[];
}

/**
 * Failures of the main work that a function drops: logged, ignored, counted or reported, and never tried again. Of a function that somebody
 * waits for only those that its answer does not show; `sent`: who starts it does so with events, as the event graph says.
 */
export function swallowedIn(of: FunctionView, sent = false): readonly Swallowed[] {
  const view = of as LinkedFunction;
  if (pollsByHand(view)) return [];
  const found = new Map<string, Swallowed>();
  const add = (item: Swallowed): void => {
    const key = `${item.place.file}:${item.place.start}`;
    if (!found.has(key)) found.set(key, item);
  };
  const bodies = view.bodies('invoke');
  // Beside a handler that is registered with the platform stand those of other functions.
  const inline = view.fn.handlers.some((handler) => handler.at !== undefined);
  for (const body of bodies) {
    const root = rootOf(body);
    const answered = !(root && (sent || runsForNobody(view.fn, root, view)));
    if (answered && (!isAnswered(view.fn) || (!root && inline))) continue;
    if (isEveryInterval(body)) continue;
    const scope: Scope = { view, body, root: answered ? undefined : root, answered };
    const place = (at: { readonly start: number; readonly end: number }): SourcePlace => ({ file: body.file, start: at.start, end: at.end });
    walk(body.fn.body, (item) => {
      if (item.kind === 'try' && item.handler) {
        const outcome = ofTry(scope, item);
        if (outcome) add({ form: 'catch', outcome, answered, body, place: place({ start: item.handlerStart ?? item.start, end: item.end }), files: filesBelow(view, body, [item]) });
      } else if (item.kind === 'if') {
        const outcome = answered ? ofRefusalAnswered(scope, item) : ofRefusal(scope, item);
        if (outcome) add({ form: 'refused', outcome, answered, body, place: place({ start: item.start, end: item.test.end }), files: filesBelow(view, body, [item]) });
      } else if (item.kind === 'call') {
        const caught = ofCatch(scope, item) ?? (answered ? undefined : ofCallback(scope, item)) ?? ofLeft(scope, item);
        if (caught) add({ form: 'method', outcome: caught.outcome, answered, body, place: place(caught.at), files: filesBelow(view, body, [item]) });
      }
    });
    if (!answered) for (const { call, outcome } of settledLists(view, body, readsAnswer(view.fn) ? undefined : root)) add({ form: 'settled', outcome, answered, body, place: place(call), files: filesBelow(view, body, body.fn.body) });
  }
  for (const { at, around, body } of leavesBatchOnError(view)) {
    if (!found.has(`${body.file}:${around.handlerStart ?? around.start}`)) add({ form: 'leaves', outcome: 'ignored', answered: false, body, place: { file: body.file, start: at.start, end: at.end }, files: [] });
  }
  for (const { at, outcome, body, files } of sent || runsForNobody(view.fn) ? skippedRecords(view) : []) {
    add({ form: 'skipped', outcome, answered: false, body, place: { file: body.file, start: at.start, end: at.end }, files });
  }
  return [...found.values()];
}

interface Scope {
  readonly view: LinkedFunction;
  readonly body: LinkedBody;
  /** The handler whose answer nobody reads; absent where somebody does. */
  readonly root: Node | undefined;
  readonly answered: boolean;
}

/** What only an interval runs belongs to no event: nobody waits for it, and the next round does it again. */
function isEveryInterval(body: LinkedBody): boolean {
  const seen = new Set([body.node]);
  for (const node of seen) {
    if (node.incoming.length === 0) return false;
    for (const { site, from } of node.incoming) {
      if (!(site.kind === 'call' && site.callee.kind === 'global' && site.callee.name === 'setInterval')) seen.add(from);
    }
  }
  return true;
}

const isReceive = (value: Value): boolean => value.kind === 'external' && value.path.at(-1) === 'ReceiveMessageCommand';

/** A scheduled function that takes messages itself: one that failed stays in its queue. */
function pollsByHand(view: LinkedFunction): boolean {
  if (!view.fn.triggers.every((trigger) => trigger.kind === 'schedule')) return false;
  return view.calls('invoke').some((call) => /^(?:receiveMessages?|peekMessages|pull|receive)$/i.test(call.callee.path.at(-1)?.replace('#', '') ?? '') || call.expr.args.some((arg) => arg.kind === 'new' && isReceive(view.value(arg.callee, call.body))));
}

function ofTry({ view, body, root, answered }: Scope, stmt: Stmt & { kind: 'try' }): Outcome | undefined {
  const handler = stmt.handler ?? [];
  const outcome = judgeHandler(view, body, handler, { param: stmt.param, inside: stmt, root: body.node === root || (root !== undefined && answersForHandler(view, body.node)) });
  if (outcome === 'handled') return undefined;
  if ((stmt.finalizer && throwsOrReturns(stmt.finalizer)) || onlyHandsOver(stmt.block) || staysListed(body, stmt)) return undefined;
  if (givesUp({ view, body, root, answered }, stmt)) return outcome;
  const prepared = answered && answersForHandler(view, body.node) && fallsToSuccess(view, body, stmt);
  if (marksReady(body, stmt) || (!prepared && setsForLater(body, stmt, answered, body.node === root && !readsAnswer(view.fn))) || passesBy(view, body, stmt)) return undefined;
  if (!isMainWork(view, body, stmt, stmt.block, answered)) return undefined;
  if (prepared) return outcome;
  if (!answered && readsAnswer(view.fn) && tellsStateMachine(view, body, stmt)) return undefined;
  // Neither way out says which one it was: what comes after is the same.
  const same = !throwsOrReturns(handler) && !throwsOrReturns(stmt.block, true);
  if (answered) {
    const answers = answersForHandler(view, body.node);
    if (same) return answers && isLast(body, stmt) ? undefined : outcome;
    return (answers || isRoute(body)) && answersSuccess(view, body, handler, stmt.param) ? outcome : undefined;
  }
  return same || isUnused(view, body, root, {}) ? outcome : undefined;
}

/** `try { ctx.waitUntil(work()) } catch { … }`: what fails later is no matter of the `catch`; the platform sees it. */
function onlyHandsOver(block: readonly Stmt[]): boolean {
  let [handed, waits] = [false, false];
  walk(block, (item, ancestors) => {
    if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'waitUntil') handed = true;
    if (item.kind === 'await' && !ancestors.some((one) => one.kind === 'function')) waits = true;
  });
  return handed && !waits;
}

/** `try { config = await load() } catch { log(); return }`: nothing that the function is there for is done, and the event counts as handled. */
function givesUp({ view, body, root, answered }: Scope, stmt: Stmt & { kind: 'try' }): boolean {
  const last = stmt.handler?.at(-1);
  if (last?.kind !== 'return' || !workIn(view, body.node, stmt.block).remote || onlyReadsRequest(view, body, stmt.block)) return false;
  const rest = behind(body, stmt);
  if (answered) return !last.value && isListener(body) && workIn(view, body.node, rest).remote;
  if (body.node === root ? last.value && readsAnswer(view.fn) : !isUnused(view, body, root, {})) return false;
  return actsIn(view, body, rest);
}

/** `try { payload = await request.json() } catch { … }`: what came in is no better the next time. */
function onlyReadsRequest(view: LinkedFunction, body: LinkedBody, block: readonly Stmt[]): boolean {
  let other = false;
  walk(block, (item) => {
    if (item.kind === 'call' && !(item.callee.kind === 'member' && /^(?:json|text|formData|arrayBuffer|blob|parse)$/.test(String(item.callee.property)) && !(isIo(view.value(item.callee.object, body))))) other = true;
  });
  return !other;
}

const isIo = (value: Value): boolean => value.kind === 'derived' && value.io === true;

/** A state machine goes on with what its task gives. */
const readsAnswer = (fn: ServerlessFunction): boolean => fn.triggers.some(({ kind }) => kind === 'stateMachine');

/** `app.on('issues.opened', async (context) => …)`: what is registered for events answers nobody; only what it throws is a failure. */
function isListener({ node: { via } }: LinkedBody): boolean {
  if (via?.how !== 'callback' || via.site.kind !== 'call' || via.site.callee.kind !== 'member' || via.site.callee.property !== 'on') return false;
  const [named] = via.site.args;
  const first = named?.kind === 'array' ? named.items[0] : named;
  return first?.kind === 'literal' && typeof first.value === 'string' && !ofStreams.test(first.value);
}

/** `app.post('/orders', async (c) => …)`: what a framework runs for a route answers for it. */
function isRoute({ node: { via } }: LinkedBody): boolean {
  if (via?.how !== 'callback' || via.site.kind !== 'call' || via.site.callee.kind !== 'member' || !/^(?:get|post|put|patch|delete|all)$/.test(String(via.site.callee.property))) return false;
  const [path] = via.site.args;
  return path?.kind === 'literal' && typeof path.value === 'string' && path.value.startsWith('/');
}

/** Events of Node's own streams, sockets and processes. */
const ofStreams = /^(?:data|end|error|close|finish|readable|drain|pipe|open|ready|connect|connection|message|exit|line|request|response|upgrade|timeout|abort|aborted|listening|file|field|entry)$/;

/** `if (!answer.ok) console.error(answer.status)` around a request that the function is there for. */
function ofRefusal({ view, body, root }: Scope, stmt: IfStmt): Outcome | undefined {
  const refused = refusedAnswer(view, body, stmt);
  if (!refused || !isUnused(view, body, root, {})) return undefined;
  const outcome = judgeHandler(view, body, refused.branch, { param: undefined, inside: stmt, root: body.node === root });
  if (outcome !== 'logged') return undefined;
  // Without it, nothing of what comes after is done.
  const stops = refused.branch.at(-1)?.kind === 'return' && actsIn(view, body, behind(body, stmt));
  return stops || isMainWork(view, refused.home, refused.request, [refused.request]) ? outcome : undefined;
}

/** The same of a change that somebody waits for: what comes after does not ask how it went, and answers that all is well. */
function ofRefusalAnswered({ view, body }: Scope, stmt: IfStmt): Outcome | undefined {
  const refused = refusedAnswer(view, body, stmt, true);
  if (!refused || refused.branch.at(-1)?.kind === 'return' || !/^(?:POST|PUT|PATCH|DELETE)$/.test(refused.method ?? '')) return undefined;
  if (judgeHandler(view, body, refused.branch, { param: undefined, inside: stmt, root: false }) !== 'logged' || !isMainWork(view, refused.home, refused.request, [refused.request], true)) return undefined;
  const rest = behind(body, stmt);
  const answers = answersIn(rest);
  let asked = false;
  walk(rest, (item) => { if (item.kind === 'ref' && item.binding === refused.answer) asked = true; });
  return !asked && answers.length > 0 && answers.every((answer) => saysSuccess(view, body, answer) && !speaksOfError(answer)) ? 'logged' : undefined;
}

/** Nothing comes after it in its function: nothing is answered. */
const isLast = (body: LinkedBody, stmt: Stmt): boolean => body.fn.body.at(-1) === stmt;

/** Every answer that a `catch` gives is a success, and none says what went wrong. */
function answersSuccess(view: LinkedFunction, body: LinkedBody, handler: readonly Stmt[], param: Target | undefined): boolean {
  const answers = answersIn(handler);
  const own = param ? names(param) : [];
  return answers.length > 0 && answers.every((expr) => !own.some((binding) => mentions(expr, binding)) && saysSuccess(view, body, expr));
}

/** `work().catch((error) => log(error))`, `.then(done, log)`. */
function ofCatch({ view, body, root, answered }: Scope, call: CallExpr | NewExpr): { readonly outcome: Outcome; readonly at: Expr } | undefined {
  if (call.callee.kind !== 'member') return undefined;
  const { property, object } = call.callee;
  const handler = property === 'catch' ? call.args[0] : property === 'then' ? call.args[1] : undefined;
  if (!handler || (object.kind !== 'call' && object.kind !== 'ref' && object.kind !== 'new')) return undefined;
  const targets = edgesAt(view, body.node, call).filter((edge) => edge.how === 'callback').flatMap((edge) => { const node = targetOf(view, edge); return node ? [node] : []; });
  const value = view.value(handler, body);
  const own = targets.filter((node) => alternatives(value).some((one) => one.kind === 'function' && one.file === node.frame.file && one.fn === node.frame.fn));
  let outcome: Outcome = 'logged';
  if (own.length > 0) {
    const [node] = own as [Node];
    const inner = view.bodies('invoke').find((one) => one.node === node);
    if (!inner) return undefined;
    const [param] = inner.fn.params;
    outcome = judgeHandler(view, inner, inner.fn.body, { param: param?.target, inside: undefined, root: false });
    if (outcome === 'handled') return undefined;
    // What stands in for the answer is somebody's to use.
    const returns = view.evaluator.modules.index(inner.file)?.returns[inner.fn.id] ?? [];
    const gives = returns.some((expr) => expr.kind !== 'call' && !(expr.kind === 'literal' && (expr.value === null || expr.value === undefined)));
    if (gives && !isUnused(view, body, root, { expr: call })) return undefined;
  } else if (!isLogMethod(body, handler, value)) return undefined;
  if (!isMainWork(view, body, call, [object], answered) && !changesByName(object)) return undefined;
  if (!isUnused(view, body, root, { expr: call })) return undefined;
  // Work that is let go beside an answer is another fact, and the answer is not about it.
  if (answered && promiseFate(view, body, call) === 'dropped') return undefined;
  return { outcome, at: handler };
}

/** `client.send(command, (error, data) => { if (error) log(error); })`. */
function ofCallback({ view, body, root }: Scope, call: CallExpr | NewExpr): { readonly outcome: Outcome; readonly at: Stmt } | undefined {
  const last = call.args.at(-1);
  if (call.args.length < 2 || last?.kind !== 'function') return undefined;
  const fact = body.facts.functions[last.fn];
  const target = fact?.params[0]?.target;
  if (!fact || target?.kind !== 'ref' || !(/^(?:e|err|error)$/.test(body.facts.bindings[target.binding]?.name ?? '') || isToldErrors(body, call))) return undefined;
  const inner = view.bodies('invoke').find((one) => one.file === body.file && one.fn.id === last.fn);
  const test = fact.body.find((one) => one.kind === 'if' && one.test.kind === 'ref' && one.test.binding === target.binding);
  if (!inner || test?.kind !== 'if') return undefined;
  const outcome = judgeHandler(view, inner, test.then, { param: target, inside: test, root: false });
  if (outcome === 'handled' || neverFails(view, body, call) || !isMainWork(view, body, call, [call])) return undefined;
  // The same error is handed on beside the test.
  let handedOn = false;
  walk(fact.body.filter((one) => one !== test), (item) => { if (item.kind === 'ref' && item.binding === target.binding) handedOn = true; });
  if (handedOn) return undefined;
  return isUnused(view, body, root, { expr: call }) ? { outcome, at: test } : undefined;
}

/** `octokit.issues.updateLabel(…)`: a change at some service, by its name. */
const changesByName = (call: Expr): boolean => call.kind === 'call' && call.callee.kind === 'member' && call.callee.property === 'then' ? changesByName(call.callee.object) : call.kind === 'call' && call.callee.kind === 'member' && call.callee.object.kind === 'member' && /^(?:create|update|delete|publish|send|upload|insert)[A-Z]/.test(String(call.callee.property));

/** `pipe(work(), TE.mapLeft((error) => log(error)))`, `E.fold((error) => log(error), next)`: fp-ts 2. */
function ofLeft({ view, body, answered, root }: Scope, call: CallExpr | NewExpr): { readonly outcome: Outcome; readonly at: Expr } | undefined {
  const external = externalsAt(body.node, call)[0];
  if (external?.callee.kind !== 'external' || !/^fp-ts\b/.test(external.callee.module)) return undefined;
  const method = external.callee.path.at(-1) ?? '';
  const [first] = call.args;
  if (first?.kind !== 'function' || !/^(?:mapLeft|fold|match|orElse|getOrElse|foldW|matchW)$/.test(method) || (answered && method !== 'mapLeft')) return undefined;
  const inner = view.bodies('invoke').find((one) => one.file === body.file && one.fn.id === first.fn);
  if (!inner) return undefined;
  const outcome = judgeHandler(view, inner, inner.fn.body, { param: inner.fn.params[0]?.target, inside: undefined, root: false });
  if (outcome !== 'logged' && outcome !== 'reported') return undefined;
  const returns = view.evaluator.modules.index(inner.file)?.returns[inner.fn.id] ?? [];
  if (!returns.every((expr) => expr.kind === 'call' || (expr.kind === 'literal' && (expr.value === undefined || expr.value === null)) || (expr.kind === 'unary' && expr.op === 'void'))) return undefined;
  // What the chain gives is thrown away; of a function that nobody waits for it is the end of the event.
  if (answered || method === 'mapLeft') {
    const around = ancestorsOf(body.fn, call);
    if (!around.some((item) => item.kind === 'expr') || around.some((item) => item.kind === 'return' || item.kind === 'declare')) return undefined;
  }
  return root || answered ? { outcome, at: first } : undefined;
}

const throwsOrReturns = (items: readonly Item[], withValue = false): boolean => {
  let found = false;
  walk(items, (item) => { if ((item.kind === 'throw' && !withValue) || (item.kind === 'return' && (!withValue || item.value))) found = true; });
  return found;
};

/**
 * `try { row = await get(id) } catch { log() }`: what reads the name after it meets what is missing.
 *
 * @param unread nobody reads what the function gives back: what only its answer says is said to nobody
 */
function setsForLater(body: LinkedBody, stmt: Stmt & { kind: 'try' }, answered: boolean, unread: boolean): boolean {
  const set = new Set<number>();
  const inLoop = !answered && ancestorsOf(body.fn, stmt).some((item) => item.kind === 'loop');
  walk(stmt.block, (item, ancestors) => {
    // A list or sum that grows is as good without one more.
    if (item.kind !== 'assign' || item.op !== '=' || names(item.target).some((binding) => mentions(item.value, binding))) return;
    if (ancestors.some((one) => one.kind === 'function')) return;
    // `result.place = work()`: what reads the object meets what is missing there.
    const holder = item.target.kind === 'member' && item.target.object.kind === 'ref' ? [item.target.object.binding] : [];
    for (const binding of [...names(item.target), ...holder]) if (isOuter(body, binding, stmt)) set.add(binding);
  });
  // `list.push(…)`: what is missing in the list is missing later.
  walk(stmt.block, (item) => {
    if (item.kind === 'call' && item.callee.kind === 'member' && /^(?:push|set|add|unshift)$/.test(String(item.callee.property)) && item.callee.object.kind === 'ref' && isOuter(body, item.callee.object.binding, stmt) && !inLoop) set.add(item.callee.object.binding);
  });
  if (set.size === 0) return false;
  let read = false;
  walk(body.fn.body, (item, ancestors) => {
    if (item.kind !== 'ref' || !set.has(item.binding) || item.start <= stmt.end || (unread && isInAnswer(ancestors))) return;
    if (!ancestors.some((one) => one.kind === 'assign' && one.target === item)) read = true;
  });
  return read;
}

function mentions(expr: Expr, binding: number): boolean {
  let found = false;
  walk([expr], (item) => { if (item.kind === 'ref' && item.binding === binding) found = true; });
  return found;
}

const names = (target: Target): readonly number[] => (target.kind === 'ref' ? [target.binding] : target.kind === 'pattern' ? target.elements.flatMap((element) => (element.target.kind === 'ref' ? [element.target.binding] : [])) : []);

function isOuter(body: LinkedBody, binding: number, stmt: Item): boolean {
  const fact = body.facts.bindings[binding];
  return fact !== undefined && !(fact.start >= stmt.start && fact.end <= stmt.end);
}
