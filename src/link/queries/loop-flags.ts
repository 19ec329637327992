import type { Expr, LoopStmt } from '../../model/facts.ts';
import { walk, type Item } from '../walk.ts';
import { holderOf, type Change } from './changes.ts';
import { stepsTo, type Exit } from './loops.ts';

/** The tests that lead from the start of a round to one of its changes. */
export function stepsOfChange(loop: LoopStmt, change: Change): ReturnType<typeof stepsTo> {
  let chain: readonly Item[] = [];
  walk(loop.body, (item, ancestors) => { if (item === change.at) chain = [...ancestors, item]; });
  return chain.length === 0 ? [] : stepsTo(loop.body, chain);
}

/**
 * The places where a round sets the flag that its header asks, `while (!done) { if (n > 9) done = true; else n++; }`: ways out of their
 * own. None where a round may set the flag back.
 */
export function flagExits(loop: LoopStmt, exits: readonly Exit[], changes: readonly Change[]): readonly (Exit & { readonly change: Change })[] {
  return settings(loop, exits, changes, (own, isSetting) => (own.every(isSetting) ? own : []));
}

/** As `flagExits`, of flags that a round may set back as well: the places after which it no longer does. */
export function lastFlagExits(loop: LoopStmt, exits: readonly Exit[], changes: readonly Change[]): readonly Exit[] {
  return settings(loop, exits, changes, (own, isSetting) => own.filter((one) => isSetting(one) && own.every((other) => isSetting(other) || other.at.end <= one.at.start)));
}

function settings(loop: LoopStmt, exits: readonly Exit[], changes: readonly Change[], pick: (own: readonly Change[], isSetting: (change: Change) => boolean) => readonly Change[]): readonly (Exit & { readonly change: Change })[] {
  return exits.flatMap((exit) => {
    const [step, more] = exit.steps;
    if (exit.kind !== 'test' || !step || more || step.outcome === 'case') return [];
    return alone(step.test, step.outcome).flatMap((test) => {
      const { flag, wanted } = asked(test, step.outcome === true);
      const holder = holderOf(flag);
      const own = holder === undefined ? [] : changes.filter((change) => change.holder === holder);
      const isSetting = ({ how, part, value }: Change): boolean => how === 'set' && !part && value?.kind === 'literal' && Boolean(value.value) === wanted;
      return pick(own, isSetting).map((change) => ({ kind: 'break' as const, steps: stepsOfChange(loop, change), at: change.at, inHandler: false, within: undefined, change }));
    });
  });
}

/** The parts of a header each of which ends the loop alone: of `!done && tries < 5` either that does not hold. */
function alone(test: Expr, outcome: boolean | 'case'): readonly Expr[] {
  if (test.kind !== 'logical' || test.op !== (outcome === true ? '||' : '&&')) return [test];
  return [...alone(test.left, outcome), ...alone(test.right, outcome)];
}

/** `!done` that comes out false asks for `done` to be true. */
function asked(test: Expr, outcome: boolean): { readonly flag: Expr; readonly wanted: boolean } {
  return test.kind === 'unary' && test.op === '!' ? asked(test.of, !outcome) : { flag: test, wanted: outcome };
}
