import { literal, literalText, type Value } from '../../model/value.ts';
import { binaryValue, unaryValue } from '../operators.ts';
import { valueKey } from '../values.ts';

/** What stands for any value but one. */
export const OTHER = 'other than';

/** What an operation makes of other values than it had. */
export function refolded(value: Value & { kind: 'derived' }, from: readonly Value[]): Value {
  const { what } = value;
  const [first, second] = from;
  if (first?.kind === 'derived' && first.what === OTHER && second && /^[!=]==?$/.test(what) && first.from[0] && valueKey(first.from[0]) === valueKey(second)) return literal(what.startsWith('!'));
  if (first?.kind === 'template' && second?.kind === 'literal' && /^[!=]==?$/.test(what) && asksText('#startsWith', [literalText(first.parts[0] ?? first)], String(second.value)) === false) return literal(what.startsWith('!'));
  if (first && second && /^(?:[!=]==?|[<>]=?|[-+*/%])$/.test(what)) return binaryValue(what, first, second);
  if (first && what === '!') return unaryValue('!', first);
  if (first && /(?:decodeURIComponent|#(?:toString|trim|replace|replaceAll|toLowerCase))$/.test(what) && first.kind !== 'event') return first;
  const [old] = value.from;
  if (first && old && isSameText(what, first, old)) return value;
  const wanted = second && literalText(second);
  if (first && wanted !== undefined && what.startsWith('#')) {
    const parts = first.kind === 'template' ? first.parts : [first];
    const holds = asksText(what, parts.map((part) => literalText(part)), wanted);
    if (holds !== undefined) return literal(holds);
  }
  const { kind, io } = value;
  return { kind, what, io, from };
}

/** Whether a question about one end of a text has the answer that it had: `framed/${key}` ends as the key does. */
function isSameText(what: string, now: Value, old: Value): boolean {
  const parts = now.kind === 'template' ? now.parts : [];
  const isOld = (part: Value | undefined): boolean => part !== undefined && valueKey(part) === valueKey(old);
  if (what === '#endsWith' || /extname$/.test(what)) return isOld(parts.at(-1));
  if (what === '#startsWith') return isOld(parts[0]);
  // `key.split('.').pop()`
  const [text, was] = what === '#pop' && now.kind === 'derived' && now.what === '#split' && old.kind === 'derived' ? [now.from[0], old.from[0]] : [];
  const end = text?.kind === 'template' ? text.parts.at(-1) : undefined;
  return end !== undefined && was !== undefined && valueKey(end) === valueKey(was);
}

/** Whether a text, of which some parts are not known, begins with, ends with or holds another one; `undefined`: not known. */
function asksText(what: string, parts: readonly (string | undefined)[], wanted: string): boolean | undefined {
  const [first, last] = [parts[0], parts.at(-1)];
  const isWhole = parts.every((part) => part !== undefined);
  switch (what) {
    case '#startsWith': return first === undefined ? undefined : first.startsWith(wanted) ? true : isWhole || !wanted.startsWith(first) ? false : undefined;
    case '#endsWith': return last === undefined ? undefined : last.endsWith(wanted) ? true : isWhole || !wanted.endsWith(last) ? false : undefined;
    case '#includes': return parts.some((part) => part?.includes(wanted)) ? true : isWhole ? false : undefined;
    default: return undefined;
  }
}
