import type { Expr, FunctionFact, LoopStmt, Stmt } from '../../model/facts.ts';
import { censusOf } from '../census.ts';
import { walk, type Item } from '../walk.ts';
import { leaves } from './positions.ts';

/** A test on the way from a loop's header to a place in it, and how it must have come out to get there. */
export interface Step {
  readonly test: Expr;
  readonly outcome: boolean | 'case';
  readonly subject?: Expr;
}

/** One way out of a loop. */
export interface Exit {
  readonly kind: 'test' | 'break' | 'return' | 'throw' | 'stop';
  /** Tests that must hold (with their outcome) to leave here; empty: nothing stands in the way. */
  readonly steps: readonly Step[];
  readonly at: Item;
  /** It stands in a catch block inside the loop: a failure leads to it. */
  readonly inHandler: boolean;
  /** The innermost `try` of the loop whose block it stands in. */
  readonly within: Item | undefined;
}

/** Loops of a function's own body, outermost first; bodies of nested functions are other functions. */
export const loopsOf = (fn: FunctionFact): readonly LoopStmt[] => censusOf(fn).loops;

/** What runs every round: test, body, update. */
export const roundOf = (loop: LoopStmt): readonly Item[] => [...(loop.test ? [loop.test] : []), ...loop.body, ...(loop.update ? [loop.update] : [])];

/** A test that cannot come out false: absent, or a true literal. */
const always = (test: Expr | undefined): boolean => test === undefined || (test.kind === 'literal' && Boolean(test.value))
  || (test.kind === 'unary' && test.op === '!' && test.of.kind === 'literal' && !test.of.value);
const never = (test: Expr): boolean => test.kind === 'literal' && !test.value;

/**
 * Every reachable way out of a loop. Jumps of inner loops, returns of inner functions and throws that the loop itself
 * catches are none; a labelled jump to an outer statement is one.
 */
export function exitsOf(loop: LoopStmt): readonly Exit[] {
  const exits: Exit[] = [];
  if (loop.form === 'of' || loop.form === 'in' || loop.form === 'awaitOf') exits.push({ kind: 'test', steps: [], at: loop, inHandler: false, within: undefined });
  else if (!always(loop.test) && loop.test) exits.push({ kind: 'test', steps: [{ test: loop.test, outcome: false }], at: loop.test, inHandler: false, within: undefined });
  walk(loop.body, (item, ancestors) => {
    const kind = exitKind(item, ancestors, loop.label);
    if (!kind) return;
    const chain = [...ancestors, item];
    if (kind === 'throw' && caught(chain)) return;
    const steps = stepsTo(loop.body, chain);
    if (steps.some((step) => (step.outcome === true && never(step.test)) || (step.outcome === false && always(step.test)))) return;
    const tries = chain.filter((one) => one.kind === 'try');
    exits.push({
      kind, steps, at: item,
      inHandler: tries.some((one) => (one.handler as readonly Item[] | undefined)?.some((stmt) => chain.includes(stmt)) ?? false),
      within: tries.findLast((one) => one.block.some((stmt) => chain.includes(stmt))),
    });
  });
  return exits;
}

function exitKind(item: Item, ancestors: readonly Item[], ownLabel: string | undefined): Exit['kind'] | undefined {
  switch (item.kind) {
    case 'return': return 'return';
    case 'throw': return 'throw';
    case 'break': case 'continue': {
      if (item.label !== undefined) {
        const inside = ancestors.some((one) => (one.kind === 'loop' || one.kind === 'block') && one.label === item.label);
        return inside || (item.label === ownLabel && item.kind === 'continue') ? undefined : 'break';
      }
      if (item.kind === 'continue') return undefined;
      return ancestors.some((one) => one.kind === 'loop' || one.kind === 'switch') ? undefined : 'break';
    }
    case 'call': return item.callee.kind === 'member' && item.callee.property === 'exit' && item.callee.object.kind === 'global' && item.callee.object.name === 'process' ? 'stop' : undefined;
    default: return undefined;
  }
}

/** A throw in a block whose catch belongs to the loop too. */
function caught(chain: readonly Item[]): boolean {
  return chain.some((item) => item.kind === 'try' && item.handler !== undefined && item.block.some((stmt) => chain.includes(stmt)));
}

/** The tests that lead from the start of some statements to an item in them; `chain` are the items around it, and itself. */
export function stepsTo(start: readonly Stmt[], chain: readonly Item[]): readonly Step[] {
  const steps: Step[] = [];
  let statements = start;
  for (const [index, item] of chain.entries()) {
    const position = statements.indexOf(item as Stmt);
    // Earlier statements that leave (or start the next round) when their test holds.
    for (const earlier of position > 0 ? statements.slice(0, position) : []) {
      if (earlier.kind !== 'if') continue;
      if (leaves(earlier.then)) steps.push({ test: earlier.test, outcome: false });
      else if (earlier.else.length > 0 && leaves(earlier.else)) steps.push({ test: earlier.test, outcome: true });
    }
    const next = chain[index + 1];
    if (!next) break;
    const holds = (list: readonly Item[] | undefined): boolean => list?.includes(next) ?? false;
    switch (item.kind) {
      case 'if':
        if (holds(item.then)) { steps.push({ test: item.test, outcome: true }); statements = item.then; }
        else if (holds(item.else)) { steps.push({ test: item.test, outcome: false }); statements = item.else; }
        break;
      case 'conditional':
        if (next === item.then) steps.push({ test: item.test, outcome: true });
        if (next === item.else) steps.push({ test: item.test, outcome: false });
        break;
      case 'logical': if (next === item.right && item.op !== '??') steps.push({ test: item.left, outcome: item.op === '&&' }); break;
      case 'switch': {
        const entry = item.cases.find((one) => holds(one.body));
        if (entry?.test) steps.push({ test: entry.test, outcome: 'case', subject: item.subject });
        statements = entry?.body ?? [];
        break;
      }
      case 'loop': statements = holds(item.body) ? item.body : []; break;
      case 'block': statements = item.body; break;
      case 'try': statements = holds(item.block) ? item.block : holds(item.handler) ? (item.handler ?? []) : (item.finalizer ?? []); break;
      default: break;
    }
  }
  return steps;
}

/** One comparison or truth that a test is made of, as it must come out. */
export interface Atom {
  readonly expr: Expr;
  readonly outcome: boolean;
}

/**
 * What must hold together for a test to come out so, as alternatives of conjunctions: `!(a && b)` is `!a` or `!b`.
 * Bounded: beyond 32 alternatives the test counts as one atom.
 */
export function alternativesOf(test: Expr, outcome: boolean): readonly (readonly Atom[])[] {
  if (test.kind === 'unary' && test.op === '!') return alternativesOf(test.of, !outcome);
  if (test.kind === 'logical' && test.op !== '??') {
    const left = alternativesOf(test.left, outcome);
    const right = alternativesOf(test.right, outcome);
    if ((test.op === '||') === outcome) return [...left, ...right];
    return left.length * right.length > 32 ? [[{ expr: test, outcome }]] : left.flatMap((one) => right.map((other) => [...one, ...other]));
  }
  return [[{ expr: test, outcome }]];
}

/** Every way in which an exit can be taken: each a conjunction of atoms. */
export function waysOut(exit: Exit): readonly (readonly Atom[])[] {
  return waysThrough(exit.steps);
}

export function waysThrough(steps: readonly Step[]): readonly (readonly Atom[])[] {
  let ways: readonly (readonly Atom[])[] = [[]];
  for (const step of steps) {
    const choices: readonly (readonly Atom[])[] = step.outcome === 'case'
      ? [[{ expr: { kind: 'binary', op: '===', left: step.subject ?? step.test, right: step.test, start: step.test.start, end: step.test.end }, outcome: true }]]
      : alternativesOf(step.test, step.outcome);
    if (ways.length * choices.length > 64) continue;
    ways = ways.flatMap((way) => choices.map((choice) => [...way, ...choice]));
  }
  return ways;
}
