import type { Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import { eventNames, sentParts } from './payload.ts';

/**
 * Calls and constants that give something else each time (firebase-admin 13: FieldValue, ServerValue, Timestamp; Node.js
 * globals and the usual packages for ids; November 2026).
 */
const freshCall = /(?:^global:(?:Date\.now|Date|performance\.now|Math\.random|crypto\.(?:randomUUID|getRandomValues))$|^crypto:random|^(?:uuid|nanoid|ulid|ksuid|cuid|@paralleldrive\/cuid2)\b|FieldValue\.(?:serverTimestamp|increment)$|ServerValue\.increment$|Timestamp\.now$|[:.](?:serverTimestamp|increment)$)/;

/** Whether a value is another one each time it is made: the time, something random, a step of a counter kept by the store. */
export function isFresh(value: Value): boolean {
  return contains(value, (part) => {
    switch (part.kind) {
      case 'derived': return freshCall.test(part.what);
      case 'instance': return part.of.kind === 'external' && part.args.length === 0 && part.of.path.at(-1) === 'Date';
      case 'external': return /^(?:TIMESTAMP)$/.test(part.path.at(-1) ?? '') && part.path.includes('ServerValue');
      default: return false;
    }
  });
}

/**
 * Whether writing the same thing again and again comes to rest: a store that tells nobody of a write that changes nothing
 * ends a loop whose payload does not change by itself. A part that is made from its own earlier value (`n + 1`, `text + '!'`)
 * does, and so does what is fresh each time.
 */
export function settles(payload: Value | undefined): boolean {
  if (!payload) return true;
  if (isFresh(payload)) return false;
  return !sentParts(payload).some(([name, value]) => eventNames(value).includes(name) && contains(value, (part) => (part.kind === 'derived' && /^(?:\+|-|\+=|-=|\+\+|--|#concat|#push)$/.test(part.what)) || (part.kind === 'template' && part.parts.some((one) => one.kind === 'literal' && one.value !== ''))));
}
