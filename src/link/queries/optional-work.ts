import type { Expr, Stmt, TryStmt } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { isLog } from './error-handling.ts';
import { actsIn, isSideWork, onlyLooksUp } from './main-work.ts';
import { behind } from './failed-answers.ts';

/** Reading the rest of a request or an answer that is there already (Fetch API, "Body"; `text` and `json` of clients that follow it). */
const bodyReaders: ReadonlySet<string> = new Set(['json', 'text', 'formData', 'arrayBuffer', 'blob', 'bytes']);

/**
 * Whether nothing is lost when a `catch` keeps its error to itself, because the failure is expected or shows in another way:
 * the body of a message that cannot be read, a question whose answer is *no*, side work, a look-up that only refines what is there
 * already, something else that is done instead, a mark that is logged or thrown later.
 */
export function isExpectedFailure(view: LinkedFunction, body: LinkedBody, item: TryStmt): boolean {
  const handler = item.handler ?? [];
  return onlyReadsBody(item) || isQuestion(item.block, handler) || isToldLater(view, body, item, handler)
    || refines(view, body, item, handler) || isSideWork(view, body, item, item.block) || actsIn(view, body, handler);
}

/** Everything that the block waits for is the body of a message. */
function onlyReadsBody(item: TryStmt): boolean {
  let other = false;
  walk(item.block, (one) => {
    if (one.kind === 'loop' && one.form === 'awaitOf') other = true;
    if (one.kind === 'await' && !readsBody(one.of)) other = true;
    return !other;
  });
  return !other;
}

/** Of a message that is at hand: the object of `client.get(url).json()` is a request that is sent just then. */
function readsBody(expr: Expr): boolean {
  if (expr.kind !== 'call' || expr.args.length > 0 || expr.callee.kind !== 'member' || typeof expr.callee.property !== 'string' || !bodyReaders.has(expr.callee.property)) return false;
  const { object } = expr.callee;
  return object.kind === 'ref' || object.kind === 'member' || (object.kind === 'call' && object.callee.kind === 'member' && object.callee.property === 'clone');
}

/** `try { await access(path); return true; } catch { return false; }`: the answer says what there is to say. */
function isQuestion(block: readonly Stmt[], handler: readonly Stmt[]): boolean {
  const [only] = handler;
  if (handler.length !== 1 || only?.kind !== 'return' || !isBoolean(only.value, false)) return false;
  const last = block.at(-1);
  return last?.kind === 'return' && last.value !== undefined && (isBoolean(last.value, true) || isTest(last.value));
}

const isBoolean = (expr: Expr | undefined, value: boolean): boolean => (expr?.kind === 'literal' && expr.value === value) || (expr?.kind === 'unary' && expr.op === '!' && expr.of.kind === 'literal' && Boolean(expr.of.value) !== value);

/** `answer.ok`, `stats.isDirectory()`, `count > 0`, `!row`. */
function isTest(expr: Expr): boolean {
  if (expr.kind === 'unary') return expr.op === '!';
  if (expr.kind === 'binary') return /^(?:[<>]=?|[!=]==?|in|instanceof)$/.test(expr.op);
  if (expr.kind === 'call') return expr.callee.kind === 'member' && /^(?:is|has)[A-Z]/.test(String(expr.callee.property));
  return expr.kind === 'member' && /^(?:ok|(?:is|has)[A-Z]\w*)$/.test(String(expr.property));
}

/** `catch { marked = false }`, and what comes after logs the mark or throws because of it. */
function isToldLater(view: LinkedFunction, body: LinkedBody, item: TryStmt, handler: readonly Stmt[]): boolean {
  const set = assignedIn(handler);
  if (set.size === 0) return false;
  const speaks = (one: Item): boolean => one.kind === 'throw' || (one.kind === 'call' && isLog(view, body, one));
  let told = false;
  walk(behind(body, item), (one) => {
    if (one.kind === 'if' && mentions(one.test, set)) walk([...one.then, ...one.else], (inner) => { if (speaks(inner)) told = true; });
    if (one.kind === 'call' && isLog(view, body, one) && one.args.some((arg) => mentions(arg, set))) told = true;
    return !told;
  });
  return told;
}

/** A look-up beside the work, after whose failure nothing is done but to set it back: all that it would have set has a value without it. */
function refines(view: LinkedFunction, body: LinkedBody, item: TryStmt, handler: readonly Stmt[]): boolean {
  if (!handler.every((stmt) => stmt.kind === 'expr' && stmt.expr.kind === 'assign' && stmt.expr.op === '=' && stmt.expr.value.kind === 'literal')) return false;
  const set = assignedIn(item.block);
  if (set.size === 0 || ![...set].every((binding) => hasValueBefore(body, binding, item))) return false;
  return onlyLooksUp(view, body, item, item.block);
}

/** Variables of outside that some statements assign to; an object whose field is set counts with its own name. */
function assignedIn(items: readonly Item[]): ReadonlySet<number> {
  const set = new Set<number>();
  walk(items, (one) => {
    if (one.kind !== 'assign') return;
    const targets = one.target.kind === 'pattern' ? one.target.elements.map((element) => element.target) : [one.target];
    for (const target of targets) {
      if (target.kind === 'ref') set.add(target.binding);
      else if (target.kind === 'member' && target.object.kind === 'ref') set.add(target.object.binding);
    }
  });
  walk(items, (one) => { if (one.kind === 'declare' && one.target.kind === 'ref') set.delete(one.target.binding); });
  return set;
}

function hasValueBefore(body: LinkedBody, binding: number, item: TryStmt): boolean {
  if (body.facts.bindings[binding]?.kind === 'param') return true;
  let found = false;
  walk(body.fn.body, (one) => {
    if (one.start >= item.start) return false;
    if ((one.kind === 'declare' && one.value !== undefined) || one.kind === 'assign') {
      const targets = one.target.kind === 'pattern' ? one.target.elements.map((element) => element.target) : [one.target];
      if (targets.some((target) => target.kind === 'ref' && target.binding === binding)) found = true;
    }
    return undefined;
  });
  return found;
}

function mentions(expr: Expr, bindings: ReadonlySet<number>): boolean {
  let found = false;
  walk([expr], (one) => { if (one.kind === 'ref' && bindings.has(one.binding)) found = true; return !found; });
  return found;
}
