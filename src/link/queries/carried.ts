import type { Value } from '../../model/value.ts';
import { contains, valueKey } from '../values.ts';
import { eventNames, sentParts } from './payload.ts';

/** What a message carries from round to round: a counter, a cursor, a deadline. */

export type Sent = readonly (readonly [string, Value])[];

/** A value that moves with each round: arithmetic on part of the event. */
export const moves = (value: Value): boolean => contains(value, (one) => one.kind === 'derived' && /^(\+|-|\+=|-=|\+\+|--)$/.test(one.what)) && contains(value, (one) => one.kind === 'event' || one.kind === 'derived');

const isMessage = (value: Value): boolean => value.kind === 'event'
  || (value.kind === 'derived' && !value.io && contains(value, (part) => part.kind === 'event') && !contains(value, (part) => part.kind === 'object'));

/** Whether a message has a part of that name, or is the message that came in. */
export const handsOn = (payload: Value, name: string): boolean => isMessage(payload) || sentParts(payload).some(([key, value]) => key === name || (key === '...' && isMessage(value)));

/**
 * The part of a message that says where the next round goes on: what is tested was asked for with the part of that name of this
 * round's message, and the next one carries what came back, or the number behind it.
 */
export function cursorIn(tested: Value, sent: Sent): string | undefined {
  let found: string | undefined;
  contains(tested, (one) => {
    if (found !== undefined || one.kind !== 'derived' || !one.io) return false;
    const asked = new Set(one.from.flatMap(eventNames));
    const key = valueKey(one);
    found = sent.find(([name, part]) => asked.has(name) && ((moves(part) && eventNames(part).includes(name)) || contains(part, (value) => valueKey(value) === key)))?.[0];
    return false;
  });
  return found;
}

/** Words for where a reading of pages goes on, and for what is left of a list (names in the APIs of the catalogued SDKs, November 2026). */
const cursorWord = /cursor|token|marker|next|continu|evaluated|offset|remain|rest$|left|more|pending|after|page|(?:start|last).?(?:key|id|at)/i;

/** Whether a tested value that the payload carries is called as a place to go on at is. */
export const isCursorName = (tested: Value, name: string | undefined): boolean => (name !== undefined && cursorWord.test(name)) || (tested.kind === 'derived' && cursorWord.test(tested.what));

const clocks: ReadonlySet<string> = new Set(['global:Date.now', 'global:performance.now', 'dayjs:default', 'moment:default', 'luxon:DateTime.now', 'luxon:DateTime.utc']);

/** What the clock says at that moment. */
export const isNow = (value: Value): boolean => (value.kind === 'derived' && clocks.has(value.what) && value.from.length === 0)
  || (value.kind === 'instance' && value.of.kind === 'external' && value.of.module === 'global' && value.of.path.at(-1) === 'Date' && value.args.length === 0);

/** Whether a side of a comparison gets smaller as time goes by (`deadline - now`); `undefined`: it does not ask the clock. */
function falls(side: Value): boolean | undefined {
  if (!contains(side, isNow)) return undefined;
  const taken = side.kind === 'derived' && side.what === '-' ? side.from[1] : undefined;
  return taken !== undefined && contains(taken, isNow);
}

/**
 * The part of a message that the clock is compared with and that is handed on as it is: a deadline, or the time that the chain began at.
 *
 * @param goesOn where the left side is while the chain goes on
 */
export function deadlineIn(left: Value, right: Value, goesOn: 'below' | 'above', payload: Value, sent: Sent): string | undefined {
  const [first, second] = [falls(left), falls(right)];
  if ((first === undefined) === (second === undefined)) return undefined;
  // Time has to lead out of what goes on.
  const leadsOut = first !== undefined ? first === (goesOn === 'above') : second === (goesOn === 'below');
  if (!leadsOut) return undefined;
  const isKept = (name: string): boolean => sent.every(([key, part]) => key !== name || (eventNames(part).includes(name) && !moves(part) && !contains(part, isNow)));
  return [...eventNames(left), ...eventNames(right)].find((name) => handsOn(payload, name) && isKept(name));
}
