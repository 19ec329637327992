import type { ClassFact } from '../model/facts.ts';
import type { ClassValue } from '../model/value.ts';
import type { Evaluator } from './evaluate.ts';

/** What the runtime of Cloudflare Workers calls by name on a Durable Object (documentation, "Durable Object base class", read 2026-11). */
export const objectEvents: ReadonlySet<string> = new Set(['fetch', 'alarm', 'webSocketMessage', 'webSocketClose', 'webSocketError']);
/** What it calls on a worker's default export or entry point (documentation, "Handlers", read 2026-11). */
export const workerEvents: ReadonlySet<string> = new Set(['fetch', 'scheduled', 'queue', 'email', 'tail', 'tailStream', 'trace']);

/**
 * Methods of a class that can be called from outside of it, inherited ones too: the events, and every public method where the
 * class extends another one (calls by stubs need the runtime's base class). Names with `#` or a leading underscore are not public.
 */
export function publicMethods(evaluator: Evaluator, cls: ClassValue, events: ReadonlySet<string>): readonly string[] {
  const { classes } = evaluator.heritage(cls);
  const facts = (one: ClassValue): ClassFact | undefined => evaluator.modules.facts(one.file)?.classes[one.cls];
  const last = classes.at(-1);
  const extended = last !== undefined && facts(last)?.superClass !== undefined;
  const names = new Set<string>();
  for (const one of classes) {
    for (const member of facts(one)?.members ?? []) {
      if (member.static || member.name === '' || /^[#_]/.test(member.name)) continue;
      const event = events.has(member.name);
      const callable = member.kind === 'method' || (member.kind === 'field' && member.value?.kind === 'function' && event);
      if (callable && (extended || event)) names.add(member.name);
    }
  }
  return [...names];
}
