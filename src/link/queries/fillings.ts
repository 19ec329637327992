import { alternatives, type Value } from '../../model/value.ts';
import { truthiness } from '../values.ts';
import type { Sent } from './carried.ts';
import { eventNames } from './payload.ts';

/** `undefined` or `null`: what a field is that was never written. */
export const isMissing = (value: Value | undefined): boolean => value !== undefined && alternatives(value).every((one) => one.kind === 'literal' && (one.value === undefined || one.value === null));

/** Times and ids, which are never empty (firebase-admin 13: FieldValue, ServerValue, Timestamp; Node.js globals and the usual packages for ids; November 2026). */
const neverEmpty = /(?:^global:(?:Date\.now|Date|crypto\.randomUUID)$|^crypto:randomUUID|^(?:uuid|nanoid|ulid|ksuid|cuid|@paralleldrive\/cuid2)\b|serverTimestamp$|Timestamp\.(?:now|fromDate)$)/;
/** Whether a field is written with what takes it away. */
export const isTakenAway = (value: Value): boolean => value.kind === 'derived' && /(?:FieldValue\.delete|deleteField)$/.test(value.what);
/** Takes a field away, or works on what it holds. */
const takesAway = /(?:FieldValue\.(?:delete|increment|arrayRemove)|deleteField|arrayRemove)$/;

/**
 * Whether parts of a message fill a field that a check wants empty (`if (!user.slug) await user.ref.update({ slug: slugOf(user) })`): what
 * that rests on, nothing where they are surely not empty; `undefined` where they may leave it as it is.
 */
export function fillingOf(carried: Sent): readonly string[] | undefined {
  const rests = new Set<string>();
  for (const [name, value] of carried) {
    const options = alternatives(value);
    for (const one of options) {
      const truth = truthiness(one);
      // One of several answers of a function may be an empty text: that it is another one is said.
      if (truth === false && one.kind === 'literal' && one.value === '' && options.length > 1) { rests.add(`what is written into ${name} is not empty`); continue; }
      if (truth === false || (one.kind === 'derived' && takesAway.test(one.what)) || eventNames(one).includes(name) || one.kind === 'unknown' || one.kind === 'param') return undefined;
      if (truth === true || (one.kind === 'derived' && neverEmpty.test(one.what)) || (one.kind === 'external' && one.path.at(-1) === 'TIMESTAMP')) continue;
      rests.add(`what is written into ${name} is not empty`);
    }
  }
  return carried.length === 0 ? undefined : [...rests];
}
