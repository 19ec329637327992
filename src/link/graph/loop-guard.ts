import type { FunctionView, ProjectView } from '../../model/project.ts';
import { handsOn } from '../queries/carried.ts';
import type { FoundGuard } from '../queries/guards.ts';
import type { ReachedEffect } from '../queries/effects.ts';
import { settles } from '../queries/settles.ts';
import { arrivesBy, effectsOfHop, guardAgainst, guardOfHop, leastOf, type Hop } from './graph.ts';
import { restsOn } from './hop.ts';

/** More pairs of paths than this in one hop are not compared. */
const MAX_PATHS = 32;

/** What ends a loop of one function or of several, and what the loop rests on. Links functions again. */
export function verdictOf(project: ProjectView, loop: readonly Hop[]): { readonly guard: FoundGuard | undefined; readonly assumptions: readonly string[] } {
  const [only] = loop;
  const guard = only && loop.length === 1 ? guardOfHop(project, only) : guardOfCycle(project, loop);
  // What has to be so for a line to be reached again matters where nothing ends the loop.
  const given = guard?.strength === 'ends' ? (guard.rests ?? []) : loop.flatMap((hop, index) => restsOn(hop, loop[(index + 1) % loop.length] ?? hop));
  const doubts = guard?.strength === 'weak' && guard.doubt ? [guard.doubt] : [];
  return { guard, assumptions: [...new Set([...loop.flatMap((hop) => hop.assumptions), ...given, ...doubts])] };
}

/**
 * What ends a loop through several functions: a check in one of them that refuses what the hop before it writes, or a counter
 * that a function compares, that is moved somewhere on the way, and that every hop hands on. Links functions again: ask for
 * loops only.
 */
export function guardOfCycle(project: ProjectView, cycle: readonly Hop[]): FoundGuard | undefined {
  const sent = cycle.map((hop): Sent | undefined => {
    const view = hop.effect && project.functions.find((one) => one.fn.id === hop.from);
    return view ? { hop, view, items: effectsOfHop(view, hop).slice(0, MAX_PATHS) } : undefined;
  });
  const others = project.functions.filter(({ fn }) => cycle.some((hop) => hop.from === fn.id));
  const carries = (name: string): boolean => sent.every((part) => !part || part.items.every(({ effect }) => effect.payload !== undefined && handsOn(effect.payload, name)));
  let weak: FoundGuard | undefined;
  for (const [index, here] of sent.entries()) {
    if (!here) continue;
    const before = sent[(index + cycle.length - 1) % cycle.length];
    for (const [from, other] of [...sent.entries()].sort(([a], [b]) => Number(b === (index + cycle.length - 1) % cycle.length) - Number(a === (index + cycle.length - 1) % cycle.length))) {
      if (!other) continue;
      const found = everyPath(here, other, others);
      if (!found) continue;
      if (found.strength === 'weak') {
        // What a check may say of a write it says of the hop before it.
        if (found.doubt !== undefined && other !== before) continue;
        if (!weak || (found.doubt && !weak.doubt)) weak = found;
        continue;
      }
      // A branch of one function is taken by what reaches it, not by what is written elsewhere on the way.
      if (found.oneHop) { if (other === before) return found; continue; }
      if (found.stored || (found.carried !== undefined && carries(found.carried))) return found;
      if (from === index || other === before) weak ??= { ...found, strength: 'weak', why: `${found.why}, but not every function on the way hands it on` };
    }
  }
  return weak;
}

/**
 * Whether a loop of writes to several documents comes to rest: each document is written with what the one before says, and a write
 * that changes nothing raises no event. Links functions again: ask for loops only.
 */
export function cycleSettles(project: ProjectView, cycle: readonly Hop[]): boolean {
  const things = cycle.map((hop) => hop.through.map(({ key }) => key).join());
  return new Set(things).size === cycle.length && cycle.every((hop) => {
    const view = hop.effect && project.functions.find((one) => one.fn.id === hop.from);
    const items = view ? effectsOfHop(view, hop) : [];
    return items.length > 0 && items.every(({ effect }) => effect.resourceKind === 'document' && effect.kind === 'write' && effect.payload !== undefined && settles(effect.payload));
  });
}

interface Sent {
  readonly hop: Hop;
  readonly view: FunctionView;
  readonly items: readonly ReachedEffect[];
}

function everyPath(here: Sent, sent: Sent, others: readonly FunctionView[]): FoundGuard | undefined {
  return leastOf(here.items.flatMap((item) => sent.items.map(({ effect }) => guardAgainst(here.view, item, { ...arrivesBy(here.view.project, sent.hop, effect), others }))));
}
