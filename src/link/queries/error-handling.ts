import { effectsOf } from '../../catalog/effects.ts';
import { isPure } from '../../catalog/pure.ts';
import { logSinkOf } from '../../catalog/loggers.ts';
import type { CallExpr, Expr, IfStmt, ModuleFacts, NewExpr, PropertyFact, Target } from '../../model/facts.ts';
import type { Callee } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { Edge, External, Node } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { calleeOf, targetOf } from './calls-in.ts';
import { edgesAt, externalsAt } from './started.ts';
import { saysSuccess, setsSuccess } from './success-answers.ts';

/**
 * What becomes of an error. `handled`: thrown again, answered, stored, sent, listed or kept for later. `reported`: somebody is told, the event is
 * still lost. `logged`, `ignored`: nothing else.
 */
export type Outcome = 'handled' | 'reported' | 'logged' | 'ignored';

export interface HandlerAt {
  readonly param: Target | undefined;
  /** The `try` around it; absent for the function that `.catch` is given. */
  readonly inside: Item | undefined;
  /** It stands in the handler itself: what it returns is the invocation's answer. */
  readonly root: boolean;
}

const tracker = /^(?:captureException|captureMessage|captureEvent|trackException|trackEvent|notifyError|noticeError|recordException|reportError|report|setStatus)$/;
const metric = /metric|counter|increment|putMetric|histogram|gauge|annotation|metadata|segment|span/i;
/** Hand the failure to whoever waits, or the message back to its queue. */
const failing = /^(?:reject|fail|retry|retryAll|abandon|nack|defer|deadLetter|moveToDeadLetter|next|destroy|abort|exit|setFailed|status|sendStatus|json|end|rollback|respond|reply)$/;

/** A connection that is closed on the way out keeps nothing of what failed. */
const closing = /^(?:end|destroy|close|quit|disconnect|release|terminate|shutdown|\$disconnect|closeAllConnections)$/;
const connection = /(?:pool|conn|connection|client|db|database|knex|sequelize|mongoose|redis|prisma|session|browser|page|channel|producer|consumer|driver)$/i;

export function judgeHandler(view: LinkedFunction, body: LinkedBody, items: readonly Item[], at: HandlerAt): Outcome {
  let outcome: Outcome = 'ignored';
  let handled = false;
  const own = at.param ? [...namesIn(at.param)] : [];
  const raise = (next: Outcome): void => { if (next === 'handled') handled = true; else if (next === 'reported' || outcome === 'ignored') outcome = next; };
  walk(items, (item, ancestors) => {
    if (handled) return false;
    // `const failure = error as Error`.
    if (item.kind === 'declare' && item.target.kind === 'ref' && item.value?.kind === 'ref' && own.includes(item.value.binding)) own.push(item.target.binding);
    switch (item.kind) {
      case 'throw': handled = true; break;
      case 'call': case 'new': {
        const next = ofCall(view, body, item, own);
        raise(next);
        // What is put together for a log line is no handling.
        if (next === 'logged') return false;
        break;
      }
      case 'assign': if (keeps(view, body, item, own, at, ancestors)) handled = true; break;
      case 'return': if (item.value && (answersFailure(item.value, body.facts) || tellsMachine(view, body, item.value, at))) handled = true; break;
      case 'function': if ('fn' in item && throwsInside(body.facts, item.fn)) handled = true; break;
      default: break;
    }
    return undefined;
  });
  return handled ? 'handled' : outcome;
}

function throwsInside(facts: ModuleFacts, fn: number): boolean {
  let found = false;
  walk(facts.functions[fn]?.body ?? [], (item) => { if (item.kind === 'throw') found = true; });
  return found;
}

const namesIn = (target: Target): readonly number[] => (target.kind === 'ref' ? [target.binding] : target.kind === 'pattern' ? target.elements.flatMap((element) => (element.target.kind === 'ref' ? [element.target.binding] : [])) : []);

/** `batchItemFailures: failed`; an empty list that stands there says that nothing failed. */
export const listsFailures = ({ key, value }: PropertyFact): boolean => key === 'batchItemFailures' && !(value.kind === 'array' && value.items.length === 0);

/** Batches say which of their records failed; other answers of an event-driven function are read by nobody. */
function answersFailure(value: Expr, facts: ModuleFacts): boolean {
  let found = false;
  walk([value], (item) => {
    if (item.kind === 'object' && item.properties.some((property) => listsFailures(property) || property.key === 'itemIdentifier')) found = true;
    const name = item.kind === 'ref' ? facts.bindings[item.binding]?.name : item.kind === 'member' ? item.property : undefined;
    if (typeof name === 'string' && /fail|reject|invalid/i.test(name)) found = true;
  });
  return found;
}

/** A state machine reads what its task gives: an object that says what went wrong is an answer, a response of HTTP is not. */
function tellsMachine(view: LinkedFunction, body: LinkedBody, value: Expr, at: HandlerAt): boolean {
  if (!at.root || !view.fn.triggers.every((trigger) => trigger.kind === 'stateMachine')) return false;
  const given = view.value(value, body);
  return value.kind === 'object' && given.kind === 'object' && !given.entries.some(([key]) => key === 'statusCode');
}

/** Whom a log call is asked of: a package, or what the platform hands over (`context.error`). */
function loggedBy(first: External | undefined, method: string): Callee | undefined {
  if (first?.callee.kind === 'external') return calleeOf(first);
  return first?.receiver ? { module: 'unknown', path: [method], receiver: first.receiver } : undefined;
}

function ofCall(view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr, own: readonly number[]): Outcome {
  const { callee } = call;
  const owner = callee.kind === 'member' ? nameOf(callee.object, body.facts) : undefined;
  const method = callee.kind === 'member' && typeof callee.property === 'string' ? callee.property : nameOf(callee, body.facts) ?? '';
  const edges = edgesAt(view, body.node, call).filter((edge) => edge.how === 'call' || edge.how === 'new');
  const externals = externalsAt(body.node, call);
  const first = externals[0];
  if (tracker.test(method)) return 'reported';
  if (logSinkOf(loggedBy(first, method), { method, owner }, () => []) || /^(?:log|logger|debug|warn)$/.test(method)) return 'logged';
  if (metric.test(method) || (owner !== undefined && /metric|span|tracer|segment/i.test(owner))) return 'ignored';
  if (closing.test(method) && owner !== undefined && connection.test(owner)) return 'ignored';
  // An answer that says that all went well tells nobody of the failure.
  if (failing.test(method) && call.kind === 'call') return saysSuccess(view, body, call) || setsSuccess(view, body, call) ? 'ignored' : 'handled';
  // `respond('FAILED', reason)`.
  if (call.args.some((arg) => saysFailed(view, body, arg))) return 'handled';
  // A callback that is given the error.
  const isParam = callee.kind === 'ref' && body.facts.bindings[callee.binding]?.kind === 'param';
  if (isParam) return call.args[0] && !(call.args[0].kind === 'literal' && (call.args[0].value === null || call.args[0].value === undefined)) ? 'handled' : 'ignored';
  // What answers is handed to a helper together with the error: `fail(error, callback)`.
  if (call.args.some((arg) => arg.kind === 'ref' && body.facts.bindings[arg.binding]?.kind === 'param' && /^(?:callback|cb|done|res|resp|response|reply|reject|next)$/.test(body.facts.bindings[arg.binding]?.name ?? ''))) return 'handled';
  // Kept in a list or map around it.
  if (/^(?:push|unshift|add|set|append)$/.test(method) && callee.kind === 'member') return 'handled';
  if (edges.length > 0) {
    let told: Outcome = 'ignored';
    for (const edge of edges) {
      const node = targetOf(view, edge);
      const inner = node && outcomeBelow(view, node, 0);
      if (inner === undefined || inner === 'handled') return 'handled';
      if (inner === 'reported' || told === 'ignored') told = inner;
    }
    return told;
  }
  if (!first) return 'ignored';
  if (first.callee.kind === 'external') {
    const named = calleeOf(first);
    if (isPure(named) || named.module === 'global' || call.kind === 'new') return /^(?:fetch)$/.test(named.path[0] ?? '') ? 'handled' : 'ignored';
    return effectsOf(named, call.args.map((arg) => view.value(arg, body))).some((effect) => effect.kind === 'read' || effect.service === 'cloudwatch') ? 'ignored' : 'handled';
  }
  // A method of the error itself, of a text, of a message that is taken as done.
  const root = rootName(callee);
  if (root !== undefined && own.includes(root)) return 'ignored';
  return dataMethods.test(method) || /^(?:ack|ackAll|complete|deleteMessage)$/.test(method) ? 'ignored' : 'handled';
}

/** `'FAILED'`, a constant that is that, or one of a package: `response.FAILED`. */
function saysFailed(view: LinkedFunction, body: LinkedBody, arg: Expr): boolean {
  const value = arg.kind === 'literal' ? arg.value : arg.kind === 'ref' || arg.kind === 'member' ? constantOf(view.value(arg, body)) : undefined;
  return typeof value === 'string' && /^(?:FAILED|FAILURE|ERROR|failed|failure|error)$/.test(value);
}

const constantOf = (value: Value): unknown => (value.kind === 'literal' ? value.value : value.kind === 'external' ? value.path.at(-1) : undefined);

const dataMethods = /^(?:toString|slice|replace|join|map|filter|includes|split|trim|indexOf|startsWith|endsWith|match|test|find|some|concat|toISOString|getTime|substring|toJSON|stringify|keys|values|entries|get|has|then|catch|finally)$/;

/** What a helper does with the error: throws, stores or sends it, or nothing but log. */
function outcomeBelow(view: LinkedFunction, node: Node, depth: number): Outcome {
  const fact = view.evaluator.fact(node.frame.file, node.frame.fn);
  const body = view.bodies().find((one) => one.node === node);
  if (!fact || !body || depth > 3) return 'handled';
  let outcome: Outcome = 'ignored';
  let handled = false;
  walk(fact.body, (item) => {
    if (item.kind === 'throw') handled = true;
    if (item.kind === 'call' || item.kind === 'new') {
      const inner = ofCallBelow(view, body, item, depth);
      if (inner === 'handled') handled = true;
      else if (inner === 'reported' || outcome === 'ignored') outcome = inner;
    }
    return !handled;
  });
  return handled ? 'handled' : outcome;
}

function ofCallBelow(view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr, depth: number): Outcome {
  const every = edgesAt(view, body.node, call);
  // What runs in a callback, of a `new Promise` for one.
  if (every.some((edge) => edge.how === 'callback' && isHandledBelow(view, edge, depth))) return 'handled';
  const edges = every.filter((edge) => edge.how === 'call' || edge.how === 'new');
  if (edges.length === 0) return fillsOwnList(view, body, call) ? 'ignored' : ofCall(view, body, call, []);
  let outcome: Outcome = 'ignored';
  for (const edge of edges) {
    const node = targetOf(view, edge);
    const inner = node ? outcomeBelow(view, node, depth + 1) : 'handled';
    if (inner === 'handled') return inner;
    if (inner === 'reported' || outcome === 'ignored') outcome = inner;
  }
  return outcome;
}

/** `figures.push(one)`: a list that a helper makes, and does not give back, is gone when it ends; who is given it is judged by itself. */
function fillsOwnList(view: LinkedFunction, body: LinkedBody, { callee }: CallExpr | NewExpr): boolean {
  if (callee.kind !== 'member' || callee.object.kind !== 'ref' || !/^(?:push|unshift|add|set|append)$/.test(String(callee.property))) return false;
  const { binding } = callee.object;
  const fact = body.facts.bindings[binding];
  if (fact?.fn !== body.fn.id || fact.kind === 'param') return false;
  let given = false;
  walk(view.evaluator.modules.index(body.file)?.returns[body.fn.id] ?? [], (item) => { if (item.kind === 'ref' && item.binding === binding) given = true; });
  return !given;
}

function isHandledBelow(view: LinkedFunction, edge: Edge, depth: number): boolean {
  const node = targetOf(view, edge);
  return node !== undefined && outcomeBelow(view, node, depth + 1) === 'handled';
}

/** Whether an assignment keeps the failure for what comes later: a flag, a state, a list that something other than a log line reads. */
function keeps(view: LinkedFunction, body: LinkedBody, item: Expr & { kind: 'assign' }, own: readonly number[], at: HandlerAt, _ancestors: readonly Item[]): boolean {
  const { target } = item;
  if (target.kind === 'member') {
    const root = rootName(target);
    return root === undefined || !own.includes(root);
  }
  return namesIn(target).some((binding) => {
    const fact = body.facts.bindings[binding];
    if (!fact || own.includes(binding)) return false;
    if (at.inside && fact.start >= at.inside.start && fact.end <= at.inside.end) return false;
    return (item.op === '=' && item.value.kind === 'literal' && typeof item.value.value === 'boolean') || isActedOn(view, body, binding, at.inside ?? item, at.root && !isStepOfMachine(view));
  });
}

const isStepOfMachine = (view: LinkedFunction): boolean => view.fn.triggers.some(({ kind }) => kind === 'stateMachine');

/** As it is in what a function returns, and not as its failure: asking what is not there for a part fails, and OpenWhisk takes an answer with `error` for one ("Actions", November 2026). */
export function isInAnswer(ancestors: readonly Item[]): boolean {
  const at = ancestors.findLastIndex((one) => one.kind === 'return' || one.kind === 'function');
  const answer = ancestors[at];
  if (ancestors.slice(at).some((one) => one.kind === 'member' || one.kind === 'call' || one.kind === 'new' || one.kind === 'await')) return false;
  return answer?.kind === 'return' && !(answer.value?.kind === 'object' && answer.value.properties.some(({ key }) => key === 'error'));
}

/** Whether a variable is read, outside of an item, by anything but a log line or its own count. */
function isActedOn(view: LinkedFunction, body: LinkedBody, binding: number, outside: Item, unread: boolean): boolean {
  let found = false;
  const fact = body.facts.bindings[binding];
  const functions = body.facts.functions.filter((fn) => fn.start <= (fact?.start ?? 0) || fn.parent === fact?.fn || fn.id === fact?.fn);
  for (const fn of functions) {
    walk(fn.body, (item, ancestors) => {
      if (item.kind !== 'ref' || item.binding !== binding || isWithin(item, outside)) return;
      const parent = ancestors.at(-1);
      if (parent?.kind === 'assign' && parent.target === item) return;
      if (ancestors.some((one) => (one.kind === 'call' || one.kind === 'new') && isLog(view, body, one))) return;
      if (ancestors.some((one) => one.kind === 'if' && isForNoneDone(one, outside))) return;
      if (parent?.kind === 'declare' || (unread && fn.id === body.fn.id && isInAnswer(ancestors))) return;
      found = true;
    });
  }
  return found;
}

/** `if (done === 0 && failed > 0) throw …` behind a loop whose `try` counts what is done: of a batch of which some is done, nothing that failed is told. */
function isForNoneDone(stmt: IfStmt, outside: Item): boolean {
  if (outside.kind !== 'try' || stmt.else.length > 0 || stmt.test.kind !== 'logical' || stmt.test.op !== '&&') return false;
  const counted = new Set<number>();
  walk(outside.block, (item) => { if (item.kind === 'assign' && item.op.length > 1 && item.target.kind === 'ref') counted.add(item.target.binding); });
  const isZero = (one: Expr): boolean => (one.kind === 'logical' && one.op === '&&' && (isZero(one.left) || isZero(one.right)))
    || (one.kind === 'unary' && one.op === '!' && one.of.kind === 'ref' && counted.has(one.of.binding))
    || (one.kind === 'binary' && /^={2,3}$/.test(one.op) && one.left.kind === 'ref' && counted.has(one.left.binding) && one.right.kind === 'literal' && one.right.value === 0);
  return isZero(stmt.test);
}

/** Inside of it; what `finally` does comes after the `catch` and sees what that has set. */
const isWithin = (item: Item, outside: Item): boolean => item.start >= outside.start && item.end <= outside.end
  && !(outside.kind === 'try' && outside.finalizer?.some((one) => item.start >= one.start && item.end <= one.end));

export function isLog(_view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr): boolean {
  const { callee } = call;
  const owner = callee.kind === 'member' ? nameOf(callee.object, body.facts) : undefined;
  const method = callee.kind === 'member' && typeof callee.property === 'string' ? callee.property : nameOf(callee, body.facts) ?? '';
  return owner === 'console' || /^log$/.test(method) || metric.test(method) || logSinkOf(undefined, { method, owner }, () => []) !== undefined;
}

/** Whether what `.catch` is given is a log's own method: `.catch(console.error)`, `.catch(functions.logger.error)`. */
export function isLogMethod({ facts }: LinkedBody, handler: Expr, value: Value): boolean {
  if (handler.kind !== 'member' || typeof handler.property !== 'string') return value.kind === 'external' && value.module === 'global' && value.path[0] === 'console';
  const callee = value.kind === 'external' ? { module: value.module, path: value.path } : undefined;
  return logSinkOf(callee, { method: handler.property, owner: nameOf(handler.object, facts) }, () => []) !== undefined;
}

function nameOf(expr: Expr, facts: ModuleFacts): string | undefined {
  switch (expr.kind) {
    case 'ref': return facts.bindings[expr.binding]?.name;
    case 'global': return expr.name;
    case 'member': return typeof expr.property === 'string' ? expr.property : undefined;
    default: return undefined;
  }
}

function rootName(expr: Expr): number | undefined {
  let current: Expr = expr;
  while (current.kind === 'member' || current.kind === 'call') current = current.kind === 'member' ? current.object : current.callee;
  return current.kind === 'ref' ? current.binding : undefined;
}
