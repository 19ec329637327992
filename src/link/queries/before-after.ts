import { alternatives, literalText, type Value } from '../../model/value.ts';

/** A field of a document or item as it was before or after the change that an event tells of. */
interface Side {
  readonly side: 'before' | 'after';
  /** Name of the field at the top of the document. */
  readonly name: string;
}

/** Where events hold the two states (Cloud Firestore and Realtime Database triggers, DynamoDB StreamRecord; November 2026). */
const sides: ReadonlyMap<string, Side['side']> = new Map([['before', 'before'], ['OldImage', 'before'], ['after', 'after'], ['NewImage', 'after']]);

/**
 * Whether two values are one field before and after a change, and an update with this message leaves the field as it is: the
 * event of that update says that the field did not change.
 *
 * @param isListed the message names every field that is written, also where the item has others
 */
export function leavesEqual(left: Value, right: Value, payload: Value, isListed: boolean): boolean {
  if (payload.kind === 'object' && payload.open && !isListed) return false;
  const [one, other] = [sideOf(left), sideOf(right)];
  if (!one || !other || one.side === other.side || one.name !== other.name || payload.kind !== 'object' || payload.entries.length === 0) return false;
  // Of an update expression that is not known only the names of its values are.
  return payload.entries.every(([key]) => key !== '*' && !key.startsWith(':') && key !== '...' && key !== one.name && !key.startsWith(`${one.name}.`) && !key.startsWith(`${one.name}/`));
}

/** `image ?? {}`: an empty object stands for none. */
function present(value: Value): Value {
  const [only, ...others] = alternatives(value).filter((one) => !(one.kind === 'object' && one.entries.length === 0));
  return only && others.length === 0 ? only : value;
}

function sideOf(value: Value): Side | undefined {
  const names: string[] = [];
  let current: Value | undefined = value;
  for (let step = 0; step < 12 && current?.kind === 'derived'; step++) {
    const [from, name]: readonly Value[] = current.from;
    if (/^\.[^.]/.test(current.what)) names.unshift(current.what.slice(1));
    else if (/^#(?:get|child)$/.test(current.what)) { const text = literalText(name); if (text === undefined) return undefined; names.unshift(text); }
    else if (!/^#(?:data|val|toJSON)$|unmarshall$|JSON\.stringify$/.test(current.what)) return undefined;
    current = from && present(from);
  }
  if (current?.kind !== 'event') return undefined;
  const at = current.path.findIndex((step) => sides.has(step));
  const side = at < 0 ? undefined : sides.get(current.path[at] ?? '');
  const name = [...current.path.slice(at + 1), ...names][0];
  return side && name !== undefined ? { side, name } : undefined;
}
