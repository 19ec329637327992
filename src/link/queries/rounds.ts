import type { Expr, LoopStmt, ModuleFacts } from '../../model/facts.ts';
import type { Frame } from '../frame.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { changesIn, holderOf, isBeside, outlives, readsOf, type Change, type Holder } from './changes.ts';
import { roundOf, waysOut, type Atom, type Exit } from './loops.ts';
import { bindingKey, Notes, numberAt, testAt, type Assignment } from './numbers.ts';
import { isMovedEachRound } from './every-round.ts';
import type { Sleep } from './waits.ts';

/** What bounds the number of rounds. */
export interface Bound {
  /** `count`: a counter is compared with a limit. `list`: local data that gets shorter. `items`: what is iterated. */
  readonly kind: 'count' | 'list' | 'items';
  readonly exit: Exit;
  /** The holder that counts. */
  readonly holder?: Holder;
}

/** All that counting needs to know of a loop. */
export interface Rounds {
  readonly facts: ModuleFacts;
  readonly loop: LoopStmt;
  readonly exits: readonly Exit[];
  readonly changes: readonly Change[];
  /** Holders that answers from outside reach. */
  readonly answered: ReadonlySet<Holder>;
  /** Calls that ask outside; their answers are no limit. */
  readonly asks: (expr: Expr) => boolean;
  /** Changes after which no round follows: a flag that the header asks is set. */
  readonly ends?: readonly Change[];
}

/** What ends the loop after a number of rounds that no answer from outside decides; `undefined` when nothing does. */
export function boundOf(rounds: Rounds): Bound | undefined {
  const { loop, exits, changes } = rounds;
  if (loop.form === 'of' || loop.form === 'in') return exits[0] ? { kind: 'items', exit: exits[0] } : undefined;
  for (const exit of exits) {
    const ways = waysOut(exit);
    // A way that no count opens leaves the others: of `a || b` on the way out, either alone is enough.
    for (const way of ways) {
      for (const atom of way) {
        const holder = countsIn(rounds, atom);
        // A header that goes on for another reason as well (`while (forever || i < n)`) needs both.
        if (holder !== undefined && (exit.kind !== 'test' || way.length === 1 || way.every((other) => countsIn(rounds, other) !== undefined))) return { kind: 'count', exit, holder };
      }
    }
  }
  for (const exit of exits) {
    for (const atom of waysOut(exit).flat()) {
      const holders = readsThrough(atom.expr, changes);
      const shrunk = changes.find((change) => change.how === 'shrink' && holders.has(change.holder) && !rounds.answered.has(change.holder) && lasts(rounds, change.holder));
      if (shrunk) return { kind: 'list', exit, holder: shrunk.holder };
    }
  }
  return undefined;
}

/** Holders that a test reads, and those that its holders are set from within the round (`const item = queue.shift()`). */
function readsThrough(expr: Expr, changes: readonly Change[]): ReadonlySet<Holder> {
  const found = new Set(readsOf(expr));
  for (let rounds = 0; rounds < 3; rounds++) {
    for (const change of changes) if (found.has(change.holder) && change.value && change.how !== 'grow') for (const holder of readsOf(change.value)) found.add(holder);
  }
  return found;
}

/** The counter that an atom compares with something that stays; `undefined` when it does not. */
function countsIn(rounds: Rounds, atom: Atom): Holder | undefined {
  const { expr } = atom;
  if (expr.kind === 'binary' && /^([<>]=?|[!=]==?)$/.test(expr.op)) {
    for (const [side, other] of [[expr.left, expr.right], [expr.right, expr.left]] as const) {
      const holder = counter(rounds, side);
      if (holder !== undefined && stays(rounds, other, holder)) return holder;
    }
    return undefined;
  }
  // `while (left--)`, `while (tries)`: ends at zero.
  return expr.kind === 'assign' || expr.kind === 'ref' ? counter(rounds, expr) : undefined;
}

/** A holder on this side of a comparison that moves by a step which no answer decides. */
function counter(rounds: Rounds, side: Expr): Holder | undefined {
  for (const holder of side.kind === 'assign' ? [holderOf(side.target)] : readsOf(side)) {
    if (holder === undefined || rounds.answered.has(holder) || !lasts(rounds, holder)) continue;
    const own = rounds.changes.filter((change) => change.holder === holder);
    const last = (rounds.ends ?? []).map((change): Change => ({ ...change, how: 'step' }));
    if (own.some((change) => change.how === 'step' && (change.op.length > 1 || isArithmetic(change.value, holder))) && isMovedEachRound(rounds.loop, [...own, ...last])) return holder;
  }
  return undefined;
}

/** It lives across rounds, and no round sets it back. */
function lasts(rounds: Rounds, holder: Holder): boolean {
  const [first] = rounds.loop.body;
  return outlives(rounds.facts, holder, first?.start ?? rounds.loop.end, rounds.loop.end)
    && !rounds.changes.some((change) => change.holder === holder && change.how === 'set' && !change.part && rounds.loop.body.some((stmt) => stmt.kind === 'expr' && stmt.expr === change.at));
}

const isArithmetic = (value: Expr | undefined, holder: Holder): boolean => value?.kind === 'binary' && /^[-+*/]$/.test(value.op) && readsOf(value).has(holder);

function stays(rounds: Rounds, limit: Expr, holder: Holder): boolean {
  let asks = false;
  walk([limit], (item) => { if ((item.kind === 'call' || item.kind === 'new') && rounds.asks(item)) asks = true; });
  if (asks) return false;
  const reads = readsOf(limit);
  const isLength = limit.kind === 'member' && limit.property === 'length';
  const isTouched = (one: Holder): boolean => limit.kind !== 'member' || holderOf(limit) !== one || rounds.changes.some((change) => change.holder === one && !isBeside(change, limit));
  return ![...reads].some((one) => one !== holder && isTouched(one) && ((rounds.answered.has(one) && !(isLength && rounds.changes.every((change) => change.holder !== one || change.part))) || rounds.changes.some((change) => change.holder === one && change.how === 'grow')));
}

/** The sum of a bounded loop's sleeps, when every round fails. */
export interface Total {
  readonly seconds: number;
  /** How many sleeps. */
  readonly count: number;
  /** Shortest and longest single one. */
  readonly least: number;
  readonly most: number;
  /** The first sleep that counts, for its place. */
  readonly sleep: Sleep;
  /** What it rests on: defaults that may be configured otherwise. */
  readonly assumptions: readonly string[];
  /** Other files that say the numbers. */
  readonly files: readonly string[];
}

const MAX_ROUNDS = 20_000;

/**
 * Plays a counted loop through and adds up its sleeps, in one activation; `undefined` where start, step, limit or every
 * delay is not known. A sleep of unknown length counts as nothing: the sum is a lower bound.
 */
export function totalOf(view: LinkedFunction, frame: Frame, rounds: Rounds, bound: Bound, sleeps: readonly Sleep[]): Total | undefined {
  const { holder } = bound;
  if (bound.kind === 'items') return overItems(view, frame, rounds.loop, sleeps);
  if (bound.kind !== 'count' || holder === undefined || !holder.startsWith('b')) return undefined;
  const binding = Number(holder.slice(1));
  const notes = new Notes();
  const start = startOf(view, frame, rounds.loop, binding, notes);
  if (start === undefined) return undefined;
  const key = bindingKey(frame.file, binding);
  const steps = rounds.changes.filter((change) => change.holder === holder);
  const moves: { readonly at: number; readonly move: (value: number) => number | undefined }[] = steps.map((change) => ({
    at: change.at.start,
    move: (value) => {
      const amount = change.value ? numberAt(view.evaluator, change.value, frame, new Map([[key, value]])) : undefined;
      if (amount === undefined) return undefined;
      switch (change.op) {
        case '++': return value + 1;
        case '--': return value - 1;
        case '+=': return value + amount;
        case '-=': return value - amount;
        case '*=': return value * amount;
        case '=': return amount;
        default: return undefined;
      }
    },
  }));
  const inTest = (at: number): boolean => rounds.loop.test !== undefined && at >= rounds.loop.test.start && at < rounds.loop.test.end;
  const inUpdate = (at: number): boolean => rounds.loop.update !== undefined && at >= rounds.loop.update.start && at < rounds.loop.update.end;
  const ways = waysOut(bound.exit).flatMap((way) => way.filter((atom) => countsIn(rounds, atom) === holder));
  const leaves = (assign: Assignment): boolean => ways.some((atom) => testAt(view.evaluator, atom.expr, frame, assign) === atom.outcome);
  if (!ways.some((atom) => testAt(view.evaluator, atom.expr, frame, new Map([[key, start]])) !== undefined)) return undefined;
  ways.forEach((atom) => { walk([atom.expr], (item) => { if (item.kind === 'ref' && item.binding !== binding) numberAt(view.evaluator, item, frame, new Map(), notes); if (item.kind === 'call') numberAt(view.evaluator, item, frame, new Map(), notes); }); });
  const exitAt = bound.exit.kind === 'test' ? (rounds.loop.form === 'do' ? Infinity : -1) : bound.exit.at.start;
  const order = [
    ...moves.map((move) => ({ at: inTest(move.at) ? (rounds.loop.form === 'do' ? 1e15 : -0.5) : inUpdate(move.at) ? 1e14 : move.at, move })),
    { at: exitAt === Infinity ? 1e15 - 1 : exitAt, leave: true as const },
    ...sleeps.map((sleep) => ({ at: sleep.site.start, sleep })),
  ].sort((a, b) => a.at - b.at);
  const sum = new Sum();
  let value = start;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = value;
    for (const event of order) {
      const assign: Assignment = new Map([[key, value]]);
      if ('leave' in event) { if (leaves(assign)) return sum.result(notes); }
      else if ('move' in event) { const next = event.move.move(value); if (next === undefined) return undefined; value = next; }
      else sum.add(event.sleep, assign, notes);
    }
    if (value === before) return undefined;
  }
  return sum.result(notes);
}

class Sum {
  private seconds = 0;
  private count = 0;
  private least = Infinity;
  private most = 0;
  private first: Sleep | undefined;

  add(sleep: Sleep, assign: Assignment, notes: Notes): void {
    if (sleep.skipped(assign)) return;
    const seconds = sleep.seconds(assign, this.count === 0 ? notes : undefined);
    if (seconds === undefined || seconds <= 0) return;
    this.seconds += seconds;
    this.count++;
    this.least = Math.min(this.least, seconds);
    this.most = Math.max(this.most, seconds);
    this.first ??= sleep;
  }

  result(notes: Notes): Total | undefined {
    return this.first ? { seconds: this.seconds, count: this.count, least: this.least, most: this.most, sleep: this.first, assumptions: notes.list(), files: [...notes.files].sort() } : undefined;
  }
}

/** Over a list whose length is known. */
function overItems(view: LinkedFunction, frame: Frame, loop: LoopStmt, sleeps: readonly Sleep[]): Total | undefined {
  const list = loop.iterable ? view.evaluator.value(loop.iterable, frame) : undefined;
  if (list?.kind !== 'array' || list.open) return undefined;
  const sum = new Sum();
  const notes = new Notes();
  for (let index = 0; index < list.items.length; index++) for (const sleep of sleeps) sum.add(sleep, new Map(), notes);
  return sum.result(notes);
}

/** The counter's value before the first round: its only assignment outside the rounds. */
function startOf(view: LinkedFunction, frame: Frame, loop: LoopStmt, binding: number, notes: Notes): number | undefined {
  const body = roundOf(loop);
  const inRound = (at: number): boolean => body.some((item) => at >= item.start && at < item.end);
  const outside = (view.evaluator.modules.index(frame.file)?.definitions.get(binding) ?? []).filter((definition) => !inRound(definition.start) && definition.expr && definition.op === '=');
  const fact = view.evaluator.modules.facts(frame.file)?.bindings[binding];
  if (fact?.kind === 'param' && outside.length === 0) {
    const fn = view.evaluator.fact(frame.file, frame.fn);
    const index = fn?.params.findIndex((param) => param.target.kind === 'ref' && param.target.binding === binding) ?? -1;
    const argument = frame.args?.[index];
    const given = argument && 'expr' in argument ? numberAt(view.evaluator, argument.expr, argument.frame, new Map(), notes) : undefined;
    const fallback = fn?.params[index]?.default;
    return given ?? (!argument && fallback ? numberAt(view.evaluator, fallback, frame, new Map(), notes) : undefined);
  }
  // Declared before the loop and set once: nested loops set their counter anew each time.
  const last = outside.findLast((definition) => definition.start < (body[0]?.start ?? loop.end));
  return last?.expr && outside.length === 1 && last.path.length === 0 ? numberAt(view.evaluator, last.expr, frame, new Map(), notes) : undefined;
}

/** Changes of one round, header included. */
export const changesOf = (loop: LoopStmt): readonly Change[] => changesIn([...roundOf(loop), ...(loop.target && loop.iterable ? [{ ...loop, body: [], init: [] }] : [])]);
