import type { Location } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, literalText, type Value } from '../../model/value.ts';
import type { ReachedEffect } from '../queries/effects.ts';
import { hopTo, type Hop } from './hop.ts';
import type { Wiring } from './wiring.ts';

/** A function of Inngest that a deployed route serves: it runs for each event of a name. */
interface Served {
  readonly event: string;
  readonly file: string;
  readonly fn: number;
}

const kept = new WeakMap<FunctionView, readonly Served[]>();

/** `inngest.createFunction({ id }, { event }, handler)`, in version 4 with the triggers beside the id (Inngest SDK reference, November 2026). */
function servedBy(view: FunctionView): readonly Served[] {
  let list = kept.get(view);
  if (!list) {
    list = view.calls().flatMap((call): readonly Served[] => {
      if (!/^inngest(?:\/|$)/.test(call.callee.module) || call.callee.path.at(-1)?.replace('#', '') !== 'createFunction') return [];
      const args = Array.from({ length: call.argCount }, (_, index) => call.arg(index));
      const handler = args.find((arg) => arg.kind === 'function');
      if (handler?.kind !== 'function') return [];
      return args.slice(0, 2).flatMap((arg) => eventsIn(arg, 0)).map((event) => ({ event, file: handler.file, fn: handler.fn }));
    });
    kept.set(view, list);
  }
  return list;
}

function eventsIn(value: Value, depth: number): readonly string[] {
  if (depth > 2) return [];
  if (value.kind === 'array') return value.items.flatMap((item) => eventsIn(item, depth + 1));
  if (value.kind !== 'object') return [];
  return value.entries.flatMap(([name, one]) => (name === 'event' ? alternatives(one).flatMap((text) => literalText(text) ?? []) : name === 'trigger' || name === 'triggers' ? eventsIn(one, depth + 1) : []));
}

/** An event that is sent from inside the very function that it starts. Loops are judged handler by handler: several served functions are one deployed one. */
export function servedHops(view: FunctionView, wiring: Wiring, item: ReachedEffect, place: Location): readonly Hop[] {
  const { effect, occurrence } = item;
  if (effect.service !== 'inngest' || effect.kind !== 'publish' || !occurrence) return [];
  const inside = new Set([...occurrence.activation.callers.map((step) => step.frame), occurrence.activation.frame].map((frame) => `${frame.file}#${frame.fn}`));
  const names = new Set(item.targets.flatMap(({ value }) => literalText(value) ?? []));
  return servedBy(view).filter((one) => names.has(one.event) && inside.has(`${one.file}#${one.fn}`)).map((one) => hopTo(view, wiring, item, {
    fn: view.fn, trigger: { kind: 'bus', filters: [], source: 'inngest', ...(view.fn.declaredAt[0] ? { location: view.fn.declaredAt[0] } : {}) }, links: [], match: 'yes',
  }, { place, key: `${view.fn.unit}\0inngest:${one.event}`, label: one.event, how: 'event', assumptions: [] }));
}
