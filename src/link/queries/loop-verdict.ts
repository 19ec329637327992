import type { Expr, LoopStmt, ModuleFacts, TryStmt } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { Node } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { askerOf, holdsAsk, isOwnMatter, joinWork, workIn, type Work } from './calls-in.ts';
import { outlives, reachedBy, readsOf, type Holder } from './changes.ts';
import { isDeadline } from './deadlines.ts';
import { spelledOut } from './held-tests.ts';
import { isEndlessSource } from './iteration.ts';
import { flagExits, lastFlagExits, stepsOfChange } from './loop-flags.ts';
import { swallowed } from './loop-swallowed.ts';
import { exitsOf, roundOf, waysOut, waysThrough, type Atom, type Exit } from './loops.ts';
import { passesBy } from './passed-by.ts';
import { leaves } from './positions.ts';
import { boundOf, changesOf, totalOf, type Rounds, type Total } from './rounds.ts';
import { sleepsIn, type Sleep } from './waits.ts';

/** What a loop, or a function that runs itself again, does to the time of its invocation. */
export type LoopVerdict =
  /** Nothing in it ever leaves it. */
  | { readonly kind: 'noExit' }
  /** It starts again when something fails, and nothing bounds how often. */
  | { readonly kind: 'retries'; readonly evidence: ReadonlySet<string> }
  /** It waits for one answer; any other keeps it waiting. */
  | { readonly kind: 'untilSuccess'; readonly evidence: ReadonlySet<string> }
  /** It asks again and again until something is so, with no deadline. */
  | { readonly kind: 'polls'; readonly evidence: ReadonlySet<string> }
  /** It asks for the next page or item until there is none, with no deadline. */
  | { readonly kind: 'crawls'; readonly evidence: ReadonlySet<string> }
  /** Its number of rounds is bounded, and its sleeps take this long together. */
  | { readonly kind: 'sums'; readonly evidence: ReadonlySet<string>; readonly totals: readonly { readonly total: Total; readonly path: readonly FlowStep[] }[] };

/** Judges one loop of a body; `undefined` when nothing is to be said of it. */
export function judgeLoop(of: FunctionView, at: Body, loop: LoopStmt): LoopVerdict | undefined {
  const view = of as LinkedFunction;
  const body = at as LinkedBody;
  const { node } = body;
  const frame = node.frame;
  const round = roundOf(loop);
  const exits = exitsOf(loop).map((exit): Exit => ({ ...exit, steps: exit.steps.map((step) => ({ ...step, test: spelledOut(view, step.test, frame, loop) })) }));
  if (exits.length === 0) return workIn(view, node, body.fn.body).runtime ? undefined : { kind: 'noExit' };
  const sleeps = sleepsIn(view, frame, round);
  if (loop.form === 'in' || (loop.form === 'of' && sleeps.length === 0)) return undefined;
  const work = workIn(view, node, round);
  if (sleeps.length === 0 && !work.remote && loop.form !== 'awaitOf') return undefined;
  // In the editor an imported helper may do anything, also wait or look at the clock.
  if (work.durable || (!view.project.whole && work.opaque)) return undefined;
  if (exits.some((exit) => waysOut(exit).flat().some((atom) => isDeadline(view, atom, frame) || (!view.project.whole && leavesFile(view, atom, node))))) return undefined;

  const asks = askerOf(view, node, round);
  const changes = changesOf(loop);
  if (lastFlagExits(loop, exits, changes).some((exit) => waysThrough(exit.steps).flat().some((atom) => isDeadline(view, atom, frame)))) return undefined;
  const answered = reachedBy(changes, (value) => holdsAsk(value, asks));
  const plain: Rounds = { facts: body.facts, loop, exits, changes, answered, asks: (expr) => asks.has(expr) };
  const flags = flagExits(loop, exits, changes);
  const flagged: Rounds | undefined = flags.length > 0 && !boundOf(plain) ? { ...plain, exits: [...exits, ...flags], ends: flags.map(({ change }) => change) } : undefined;
  const rounds = flagged && boundOf(flagged) ? flagged : plain;
  const bound = boundOf(rounds);
  if (loop.form === 'awaitOf') return bound?.kind === 'count' || !isEndlessSource(view, node, loop) ? undefined : { kind: 'crawls', evidence: joinWork([work, ...(loop.iterable ? [workIn(view, node, [loop.iterable])] : [])]).files };
  if (bound) {
    const totals = sleeps.length === 0 ? [] : view.activations(node).flatMap(({ frame: active, path }) => {
      const total = totalOf(view, active, rounds, bound, active === frame ? sleeps : sleepsIn(view, active, round));
      return total ? [{ total, path }] : [];
    });
    return totals.length > 0 ? { kind: 'sums', totals, evidence: new Set([...work.files, ...totals.flatMap(({ total }) => total.files)]) } : undefined;
  }
  return judgeUnbounded(view, body, loop, { rounds, sleeps, work, asks });
}

interface Judged { readonly rounds: Rounds; readonly sleeps: readonly Sleep[]; readonly work: Work; readonly asks: ReadonlyMap<Item, Work> }

function judgeUnbounded(view: LinkedFunction, body: LinkedBody, loop: LoopStmt, { rounds, sleeps, work, asks }: Judged): LoopVerdict | undefined {
  const { exits, answered } = rounds;
  const evidence = work.files;
  if (work.streams && !work.remote) return undefined;
  if (sleeps.length === 0 && endsWithStream(exits, asks, rounds)) return undefined;
  if (work.remote && retriesOnError(loop, exits, asks, rounds, (stmt) => givesUp(view, body, stmt.handler ?? [], rounds) || passesBy(view, body, stmt))) return { kind: 'retries', evidence };
  const fromAnswer = (expr: Expr): boolean => holdsAsk(expr, asks) || [...readsOf(expr)].some((holder) => answered.has(holder));
  const atoms = decidingAtoms(loop, exits, rounds);
  const decided = atoms.some((atom) => fromAnswer(atom.expr));
  const feeds = isFedBack(body, loop, rounds, asks);
  if (sleeps.length > 0) {
    if (!decided && exits.every((exit) => waysOut(exit).flat().every((atom) => isLocal(atom, rounds)))) return undefined;
    if (feeds && (!work.asksStatus || atoms.some((atom) => fromAnswer(atom.expr) && namesCursor(atom.expr, body.facts)))) return { kind: 'crawls', evidence };
    return waitsForSuccess(exits, fromAnswer) ? { kind: 'untilSuccess', evidence } : { kind: 'polls', evidence };
  }
  if (!decided) return undefined;
  if (feeds) return isRefused(rounds) ? { kind: 'polls', evidence } : { kind: 'crawls', evidence };
  if (work.drains || takesNext(loop) || atoms.some((atom) => fromAnswer(atom.expr) && isEmptiness(atom))) return { kind: 'crawls', evidence };
  // The cursor may be kept by the helper that asks.
  if ([...asks.keys()].some((call) => !body.node.externals.some((external) => external.expr === call)) && atoms.some((atom) => namesCursor(atom.expr))) return { kind: 'crawls', evidence };
  return work.asksStatus && waitsForSuccess(exits, fromAnswer) ? { kind: 'untilSuccess', evidence } : { kind: 'polls', evidence };
}

/** The atoms of every way out, and of the tests under which a flag that they read is set. */
function decidingAtoms(loop: LoopStmt, exits: readonly Exit[], rounds: Rounds): readonly Atom[] {
  const atoms = exits.flatMap((exit) => waysOut(exit).flat());
  const flags = new Set(atoms.flatMap((atom) => [...readsOf(atom.expr)]));
  const setting = rounds.changes.filter((change) => change.how === 'set' && change.value?.kind === 'literal' && flags.has(change.holder));
  return [...atoms, ...setting.flatMap((change) => waysThrough(stepsOfChange(loop, change)).flat())];
}

/** It leaves when a stream has come to its end, whatever else a round asks for: each chunk is data that flows in. */
function endsWithStream(exits: readonly Exit[], asks: ReadonlyMap<Item, Work>, rounds: Rounds): boolean {
  const reads = new Map([...asks].filter(([, work]) => work.streams && !work.remote));
  if (reads.size === 0) return false;
  const read = reachedBy(rounds.changes, (value) => holdsAsk(value, reads));
  return exits.some((exit) => waysOut(exit).flat().some((atom) => holdsAsk(atom.expr, reads) || [...readsOf(atom.expr)].some((holder) => read.has(holder))));
}

/** It leaves when a list is empty: what is asked for has come to its end. */
export function isEmptiness({ expr, outcome }: Atom): boolean {
  const isSize = (side: Expr): boolean => side.kind === 'member' && typeof side.property === 'string' && /^(?:length|size|count|empty)$/i.test(side.property);
  if (expr.kind === 'binary') {
    const zero = expr.right.kind === 'literal' && (expr.right.value === 0 || expr.right.value === 1);
    if (!zero) return false;
    return (/^===?$/.test(expr.op) && outcome) || (/^(?:!==?|>=?)$/.test(expr.op) && !outcome) || (/^<=?$/.test(expr.op) && outcome);
  }
  return isSize(expr) && (!outcome || (expr.kind === 'member' && expr.property === 'empty'));
}

const cursorName = /token|cursor|next|lastEvaluatedKey|has_?more|truncated|continuation/i;

/** The test reads something that is named like a cursor: a field of an answer or, with `facts`, a variable. */
function namesCursor(expr: Expr, facts?: ModuleFacts): boolean {
  let names = false;
  walk([expr], (item) => {
    const name = item.kind === 'member' ? item.property : item.kind === 'ref' ? facts?.bindings[item.binding]?.name : undefined;
    if (typeof name === 'string' && cursorName.test(name)) names = true;
  });
  return names;
}

/** A test on memory alone whose holders the round changes: it is left to the data. */
const isLocal = (atom: Atom, rounds: Rounds): boolean => { const reads = readsOf(atom.expr); return rounds.changes.some((change) => reads.has(change.holder) && (change.how === 'step' || change.how === 'shrink')); };

/** Whether what is asked depends on an earlier round: on its answer, or on a value that moves. */
function isFedBack(body: LinkedBody, loop: LoopStmt, rounds: Rounds, asks: ReadonlyMap<Item, Work>): boolean {
  const range = loop.body[0] ? { start: loop.body[0].start, end: loop.end } : loop;
  const carried = new Set<Holder>();
  for (const change of rounds.changes) {
    if (!outlives(body.facts, change.holder, range.start, range.end)) continue;
    if (rounds.answered.has(change.holder) || change.how === 'step') carried.add(change.holder);
  }
  const derived = reachedBy(rounds.changes, () => false, carried);
  for (const call of asks.keys()) {
    if (call.kind !== 'call' && call.kind !== 'new') continue;
    // `retry(() => upload(chunk, start))` asks for the chunk at `start`.
    const parts: readonly Item[] = [...call.args, ...(call.callee.kind === 'member' ? [call.callee.object] : [])].flatMap((part): readonly Item[] => (part.kind === 'function' ? body.facts.functions[part.fn]?.body ?? [] : [part]));
    if (parts.some((part) => [...readsOf(part)].some((holder) => carried.has(holder) || derived.has(holder)))) return true;
  }
  return false;
}

const refusedName = /^(?:unprocessed|failed|refused|rejected)/i;

/** What is sent again is what the other side did not take. */
function isRefused(rounds: Rounds): boolean {
  let refused = false;
  for (const change of rounds.changes) if (change.value && change.how === 'set') walk([change.value], (item) => { if (item.kind === 'member' && typeof item.property === 'string' && refusedName.test(item.property)) refused = true; });
  return refused;
}

const cursorMethods: ReadonlySet<string> = new Set(['next', 'hasNext', 'fetchNext', 'shift', 'pop', 'nextPage', 'getNextPage', 'readNext', 'take']);

/** It takes the next item of a cursor each round. */
function takesNext(loop: LoopStmt): boolean {
  let takes = false;
  walk(roundOf(loop), (item) => { if (item.kind === 'call' && item.callee.kind === 'member' && typeof item.callee.property === 'string' && cursorMethods.has(item.callee.property)) takes = true; });
  return takes;
}

/**
 * Whether a failure starts the next round: every way out other than through a catch block rests on a `try` whose catch may
 * go on, or on an answer whose failure is swallowed where it is asked for.
 */
function retriesOnError(loop: LoopStmt, exits: readonly Exit[], asks: ReadonlyMap<Item, Work>, rounds: Rounds, isGivenUp: (stmt: TryStmt) => boolean): boolean {
  const plain = exits.filter((exit) => !exit.inHandler);
  if (plain.length === 0) return false;
  const tries: TryStmt[] = [];
  walk(loop.body, (item, ancestors) => {
    if (item.kind === 'try' && item.handler && !leavesLoop(item.handler) && !isGivenUp(item) && !ancestors.some((one) => one.kind === 'loop') && holdsAny(item.block, asks)) tries.push(item);
  });
  return plain.every((exit) => tries.some((one) => one === exit.within || restsOn(exit, one, rounds)) || swallowed(exit, asks, rounds));
}

/**
 * Whether a catch block asks a function of the repository, with a value that every round moves, that throws under some condition:
 * `catch { nextKey(attempt); attempt += 1; }`, of which the third has no key.
 */
function givesUp(view: LinkedFunction, body: LinkedBody, handler: readonly Item[], rounds: Rounds): boolean {
  const stepped = new Set(rounds.changes.flatMap((change) => (change.how === 'step' ? [change.holder] : [])));
  let gives = false;
  walk(handler, (item, ancestors) => {
    if (item.kind !== 'call' || ancestors.some((one) => one.kind === 'try')) return;
    if (!item.args.some((arg) => [...readsOf(arg)].some((holder) => stepped.has(holder)))) return;
    const callee = view.evaluator.value(item.callee, body.node.frame);
    const fact = callee.kind === 'function' ? view.evaluator.fact(callee.file, callee.fn) : undefined;
    // The promise of an async function that nobody waits for takes its failure along.
    const waited = fact?.async !== true || ancestors.at(-1)?.kind === 'await';
    if (fact !== undefined && waited) walk(fact.body, (inner, around) => { if (inner.kind === 'throw' && !around.some((one) => one.kind === 'try')) gives = true; });
  });
  return gives;
}

const holdsAny = (list: readonly Item[], asks: ReadonlyMap<Item, Work>): boolean => list.some((item) => holdsAsk(item, asks));

/** A catch block that surely leaves the loop; `continue` does not. */
function leavesLoop(body: readonly Item[]): boolean {
  const last = body[body.length - 1];
  if (!last) return false;
  if (last.kind === 'return' || last.kind === 'throw' || last.kind === 'break') return true;
  if (last.kind === 'if') return last.else.length > 0 && leavesLoop(last.then) && leavesLoop(last.else);
  if (last.kind === 'block') return leavesLoop(last.body);
  return last.kind === 'expr' && leaves([last]);
}

/** Everything that the exit tests is set in the block of the `try` and nowhere else. */
function restsOn(exit: Exit, one: TryStmt, rounds: Rounds): boolean {
  const holders = new Set(waysOut(exit).flat().flatMap((atom) => [...readsOf(atom.expr)]));
  const start = one.block[0]?.start ?? one.start;
  const end = one.block[one.block.length - 1]?.end ?? one.start;
  const changing = rounds.changes.filter((change) => holders.has(change.holder));
  const nested = (at: Item): boolean => { let inside = false; walk(one.block, (item, ancestors) => { if (item === at && ancestors.some((outer) => outer.kind === 'loop')) inside = true; }); return inside; };
  return changing.length > 0 && changing.every((change) => change.at.start >= start && change.at.end <= end && !nested(change.at));
}

const successWord = /^(?:.*_)?(?:succe\w*|completed?|ready|active|available|ok|done|finished|running|healthy|created|deployed|in_?service|passed|approved|200|true)$/i;
const finalName = /(?:done|finish|complete|ended|stopped|terminal|settled|closed|cancel|abort)/i;

/** The only way out is one answer that means success. */
function waitsForSuccess(exits: readonly Exit[], fromAnswer: (expr: Expr) => boolean): boolean {
  if (exits.length !== 1 || !exits[0]) return false;
  const ways = waysOut(exits[0]);
  return ways.length === 1 && (ways[0]?.length ?? 0) > 0 && (ways[0] ?? []).every((atom) => isSuccess(atom, fromAnswer)) ;
}

function isSuccess({ expr, outcome }: Atom, fromAnswer: (expr: Expr) => boolean): boolean {
  if (!fromAnswer(expr)) return false;
  if (expr.kind === 'binary') {
    const { left, right, op } = expr;
    const literal = right.kind === 'literal' ? right : left.kind === 'literal' ? left : undefined;
    if (/^[!=]==?$/.test(op)) {
      const equal = op.startsWith('=') === outcome;
      if (!literal || literal.value === null || literal.value === undefined || literal.value === false || literal.value === 0) return !equal && literal !== undefined;
      return equal && successWord.test(String(literal.value));
    }
    return op === '>' && outcome && literal?.value === 0;
  }
  const name = expr.kind === 'member' && typeof expr.property === 'string' ? expr.property : expr.kind === 'call' && expr.callee.kind === 'member' && typeof expr.callee.property === 'string' ? expr.callee.property : '';
  return outcome && expr.kind !== 'call' && expr.kind !== 'await' && !finalName.test(name);
}

/** Whether a test rests on something that the open file does not show: it may be a deadline. */
function leavesFile(view: LinkedFunction, atom: Atom, node: Node): boolean {
  let leaves = false;
  walk([atom.expr], (item) => { if ((item.kind === 'call' || item.kind === 'ref' || item.kind === 'member') && isElsewhere(view.evaluator.value(item, node.frame), { left: 400 })) leaves = true; });
  return leaves;
}

/** An imported name that is not followed, or what a call of one gives. Answers of packages are known to be no time. */
function isElsewhere(value: Value, budget: { left: number }): boolean {
  if (budget.left-- <= 0) return true;
  const any = (list: readonly Value[]): boolean => list.some((item) => isElsewhere(item, budget));
  switch (value.kind) {
    case 'unknown': return !isOwnMatter(value.reason);
    case 'derived': return (!value.io || value.what === 'call' || value.what.startsWith('.') || value.what.startsWith('#')) && any(value.from);
    case 'oneOf': return any(value.options);
    case 'template': return any(value.parts);
    default: return false;
  }
}
