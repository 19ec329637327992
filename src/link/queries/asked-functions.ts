import type { Expr, FunctionFact, ReturnStmt, Stmt } from '../../model/facts.ts';
import type { FunctionValue } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { truthiness } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { heldIn } from './held-tests.ts';
import { ancestorsOf } from './positions.ts';
import { neverFallsOut, passed, within, type Test } from './within.ts';

/** A test on the way to a place, in the activation that it stands in. */
export interface ActiveCondition extends Test {
  readonly fn: FunctionFact;
  readonly frame: Frame;
}

/** Calls inside calls further than this are not asked. */
const MAX_ASKED = 3;
/** A function with more ways out than this is no check. */
const MAX_RETURNS = 24;

/**
 * What the calls that a test consists of ask for themselves (`if (isRefund(event)) return`): the tests on the one way through the
 * called function that gives such an answer, each in an activation of that function.
 */
export function inAskedFunctions(view: LinkedFunction, { test, outcome, frame }: Pick<ActiveCondition, 'test' | 'outcome' | 'frame'>, depth = 0): readonly ActiveCondition[] {
  if (outcome === 'case' || depth >= MAX_ASKED) return [];
  return outcomes(test, outcome).flatMap(([asked, came]) => inCalled(view, asked, frame, came, depth));
}

/** What calls in front of a place ask that only come back when it is so: `assertNew(message);`. */
export function checksBefore(view: LinkedFunction, fn: FunctionFact, site: Expr | Stmt, frame: Frame): readonly ActiveCondition[] {
  return callsBefore(fn, site).flatMap((asked) => inCalled(view, asked, frame, undefined, 0));
}

/** What whole statements work out that control has come through on the way to a place: `check(x);`, `const y = await check(x);`. */
export function callsBefore(fn: FunctionFact, site: Expr | Stmt): readonly Expr[] {
  const chain: readonly unknown[] = [...ancestorsOf(fn, site), site];
  const found: Expr[] = [];
  let statements: readonly Stmt[] = fn.body;
  for (let position = at(statements, chain); position >= 0; position = at(statements, chain)) {
    for (const earlier of statements.slice(0, position)) {
      const asked = earlier.kind === 'expr' ? earlier.expr : earlier.kind === 'declare' ? earlier.value : undefined;
      if (asked?.kind === 'call' || asked?.kind === 'await') found.push(asked);
    }
    const inner = statements[position];
    statements = inner ? (listsOf(inner).find((list) => at(list, chain) >= 0) ?? []) : [];
  }
  return found;
}

const at = (statements: readonly Stmt[], chain: readonly unknown[]): number => statements.findIndex((one) => chain.includes(one));

function listsOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.kind) {
    case 'block': case 'loop': return [stmt.body];
    case 'try': return [stmt.block];
    case 'if': return [stmt.then, stmt.else];
    default: return [];
  }
}

/** @param came how the call came out; `undefined`: it came back */
function inCalled(view: LinkedFunction, test: Expr, frame: Frame, came: boolean | undefined, depth: number): readonly ActiveCondition[] {
  const given = givenByThen(view, test, frame);
  const asked = given?.promise ?? heldIn(view, test, frame);
  const home = given?.frame ?? frame;
  const call = asked.kind === 'await' ? asked.of : asked;
  if (call.kind !== 'call') return [];
  // What the callback of a transaction gives back is what the transaction gives.
  const inner = call.callee.kind === 'member' && transactions.has(String(call.callee.property)) ? call.args.find((arg) => arg.kind === 'function') : undefined;
  const target = view.evaluator.value(inner ?? call.callee, home);
  const fn = target.kind === 'function' ? view.evaluator.fact(target.file, target.fn) : undefined;
  // A promise that nobody awaits is true whatever it gives, and keeps its failure to itself.
  if (target.kind !== 'function' || !fn || fn.generator || (fn.async && asked.kind !== 'await' && !given)) return [];
  if (came === undefined && !throws(fn)) return [];
  const inside = view.evaluator.enter(target, inner ? undefined : call.args.map((expr) => ({ expr, frame: home })), `${home.file}:${call.start}`, home);
  return wayThrough(view, target, fn, inside, came).flatMap((one): readonly ActiveCondition[] => {
    const condition: ActiveCondition = { ...one, frame: inside, fn };
    return [condition, ...inAskedFunctions(view, condition, depth + 1)];
  });
}

/** `check(message).then((isNew) => { if (isNew) … })`: what the parameter is given comes of that promise. */
function givenByThen(view: LinkedFunction, test: Expr, { file, fn: id, parent }: Frame): { readonly promise: Expr; readonly frame: Frame } | undefined {
  const facts = view.evaluator.modules.facts(file);
  const [first] = facts?.functions[id]?.params ?? [];
  const around = parent && facts?.functions[parent.fn];
  if (test.kind !== 'ref' || first?.target.kind !== 'ref' || first.target.binding !== test.binding || !around) return undefined;
  let promise: Expr | undefined;
  walk(around.body, (item) => {
    const [callback] = item.kind === 'call' ? item.args : [];
    if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'then' && callback?.kind === 'function' && callback.fn === id) promise = item.callee.object;
  });
  return promise && { promise, frame: parent };
}

/** Methods that run a callback in a transaction and give what it gives (Firestore, Sequelize, Prisma, TypeORM, Knex, Mongoose; November 2026). */
const transactions: ReadonlySet<string> = new Set(['runTransaction', 'transaction', '$transaction', 'withTransaction']);

/** The tests on the only way through a function that ends as was seen; nothing where there are several. */
function wayThrough(view: LinkedFunction, { file, fn: id }: FunctionValue, fn: FunctionFact, frame: Frame, came: boolean | undefined): readonly Test[] {
  if ((view.evaluator.modules.index(file)?.returns[id]?.length ?? 0) > MAX_RETURNS) return [];
  const ways: (readonly Test[])[] = [];
  for (const one of returnsOf(fn)) {
    const truth = one.value ? truthiness(view.evaluator.value(one.value, frame)) : false;
    if (came === undefined) ways.push(within(fn, one));
    else if (truth === undefined || truth === came) ways.push([...within(fn, one), ...(one.value && truth === undefined ? [{ test: one.value, outcome: came }] : [])]);
  }
  if (!neverFallsOut(fn.body) && came !== true) ways.push(passed(fn.body));
  const [only] = ways;
  return only && ways.length === 1 ? only : [];
}

function returnsOf(fn: FunctionFact): readonly ReturnStmt[] {
  const found: ReturnStmt[] = [];
  walk(fn.body, (item) => { if (item.kind === 'return') found.push(item); });
  return found;
}

/** Whether a function refuses at the top of its body: `if (…) throw …`. */
const throws = (fn: FunctionFact): boolean => fn.body.some((stmt) => stmt.kind === 'if' && [stmt.then.at(-1), stmt.else.at(-1)].some((one) => one?.kind === 'throw'));

/** The parts of a test that must have come out one way for the whole to come out so. */
function outcomes(test: Expr, outcome: boolean): readonly (readonly [Expr, boolean])[] {
  if (test.kind === 'unary' && test.op === '!') return outcomes(test.of, !outcome);
  if (test.kind === 'logical' && (test.op === '&&') === outcome && test.op !== '??') return [...outcomes(test.left, outcome), ...outcomes(test.right, outcome)];
  return [[test, outcome]];
}
