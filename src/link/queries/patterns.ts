import { alternatives, literalText, type Value } from '../../model/value.ts';
import { valueKey } from '../values.ts';
import { affix, best, both, head, tail, type Match } from './affixes.ts';

/**
 * Patterns of EventBridge, filter criteria of event source mappings and filter policies of SNS against what is written.
 *
 * Sources (November 2026): EventBridge user guide "Comparison operators for use in event patterns", Lambda developer guide
 * "Control which events Lambda sends to your function", SNS developer guide "Amazon SNS subscription filter policies".
 */

/** Where the pattern starts in the event of the function that writes, when that event has passed this very pattern. */
export type Own = readonly string[] | undefined;

/** Fields of an event that the bus fills in itself. */
const envelope: ReadonlySet<string> = new Set(['account', 'region', 'time', 'id', 'version', 'resources', 'replay-name']);

/**
 * Whether what is sent matches a pattern: `no` only when a field surely does not.
 *
 * @param own given when the event at hand came through the same pattern: a field that is handed on unchanged matches again
 */
export function pattern(wanted: Value, sent: Value, own?: Own): Match {
  if (wanted.kind !== 'object') return 'unknown';
  const ways = alternatives(unwrapJson(sent)).map((one) => objectMatch(wanted, unwrapJson(one), own));
  return every(ways);
}

function objectMatch(wanted: Value & { kind: 'object' }, sent: Value, own: Own): Match {
  // The whole of what came in is handed on.
  if (own && isAt(sent, own)) return 'yes';
  let result: Match = 'yes';
  for (const [name, want] of wanted.entries) {
    if (name === '$or') { result = both(result, want.kind === 'array' ? best(want.items.map((item) => pattern(item, sent, own))) : 'unknown'); continue; }
    const inner = own && [...own, name];
    const field = fieldOf(sent, name);
    const isEnvelope = own?.length === 0 && envelope.has(name);
    result = both(result, field === undefined || (isEnvelope && field === 'absent') ? 'unknown' : field === 'absent' ? absent(want) : fieldMatch(want, field, inner));
  }
  return result;
}

function fieldMatch(want: Value, field: Value, own: Own): Match {
  if (own && isAt(unwrapJson(field), own)) return 'yes';
  const ways = alternatives(field).map((one): Match => {
    if (one.kind === 'literal' && one.value === undefined) return absent(want);
    return want.kind === 'object' ? pattern(want, one, own) : oneOfList(want, one);
  });
  return every(ways);
}

/** The field of what is sent: its value, `absent` where there surely is none, `undefined` where that is not known. */
function fieldOf(sent: Value, name: string): Value | 'absent' | undefined {
  if (sent.kind === 'object') {
    const found = sent.entries.findLast(([key]) => key === name || key === '...' || key === '*');
    if (!found) return sent.open ? undefined : 'absent';
    if (found[0] === '*') return undefined;
    return found[0] === name ? found[1] : fieldOf(unwrapJson(found[1]), name);
  }
  if (sent.kind === 'event') return { kind: 'event', path: [...sent.path, name] };
  return sent.kind === 'derived' ? { kind: 'derived', what: `.${name}`, from: [sent], io: sent.io } : undefined;
}

/** Only `exists: false` surely accepts a field that is not there. */
function absent(want: Value): Match {
  if (want.kind === 'object') return want.entries.length === 0 ? 'unknown' : want.entries.map(([name, inner]) => (name === '$or' ? 'unknown' : absent(inner))).reduce(both);
  return best((want.kind === 'array' ? want.items : [want]).map((item): Match => {
    const [name, value] = item.kind === 'object' ? (item.entries[0] ?? []) : [];
    if (name === 'exists') return value?.kind === 'literal' ? (value.value === false ? 'yes' : 'no') : 'unknown';
    return name === 'anything-but' || item.kind === 'unknown' ? 'unknown' : 'no';
  }));
}

/** Whether a value is the part of the event at hand that stands at a path; list positions and parsing left aside. */
function isAt(value: Value, path: readonly string[]): boolean {
  const steps = stepsOf(value, 0);
  return steps !== undefined && steps.length === path.length && steps.every((step, index) => step === path[index]);
}

function stepsOf(value: Value, depth: number): readonly string[] | undefined {
  if (value.kind === 'event') return value.path.map((step) => (/^\d+$/.test(step) ? '*' : step));
  const [from] = value.kind === 'derived' && depth < 12 ? value.from : [];
  if (value.kind !== 'derived' || !from) return undefined;
  if (value.what === 'global:JSON.parse' || /#toString$/.test(value.what)) return stepsOf(from, depth + 1);
  const base = value.what === 'element' || /^\.[^.]/.test(value.what) ? stepsOf(from, depth + 1) : undefined;
  return base && [...base, value.what === 'element' || /^\.\d+$/.test(value.what) ? '*' : value.what.slice(1)];
}

/** A list of wanted values and conditions against one field: any of them lets it through. */
export function oneOfList(want: Value, sent: Value): Match {
  const wanted = want.kind === 'array' ? want.items : [want];
  // Of a list that is sent, one element that matches is enough.
  const values = sent.kind === 'array' && !sent.open && sent.items.length > 0 ? sent.items : undefined;
  if (values) return best(values.map((value) => oneOfList(want, value)));
  return every(alternatives(sent).map((value) => best(wanted.map((item) => itemMatch(item, value)))));
}

function itemMatch(item: Value, value: Value): Match {
  if (item.kind === 'resource' && value.kind === 'resource') return item.unit === value.unit && item.id === value.id ? 'yes' : 'no';
  if (item.kind === 'literal') return value.kind !== 'literal' ? literalOfText(item, value) : String(item.value) === String(value.value) ? 'yes' : 'no';
  if (item.kind !== 'object') return valueKey(item) === valueKey(value) && (item.kind === 'env' || item.kind === 'template') ? 'yes' : 'unknown';
  const [name, given] = item.entries[0] ?? [];
  if (name === 'exists') return given?.kind !== 'literal' ? 'unknown' : isLeaf(value) ? (given.value === true ? 'yes' : 'no') : 'unknown';
  return value.kind === 'literal' ? matcher(name, given, value.value) : ofTemplate(name, given, value);
}

/** A text of which only a part is known is not a text that begins or ends otherwise. */
function literalOfText(item: Value & { kind: 'literal' }, value: Value): Match {
  if (value.kind !== 'template' || typeof item.value !== 'string') return 'unknown';
  const [front, back] = [head(value).text, tail(value).text];
  return item.value.startsWith(front) && item.value.endsWith(back) && item.value.length >= front.length + back.length ? 'unknown' : 'no';
}

/** Something that is surely there, and is no object with fields of its own. */
function isLeaf(value: Value): boolean {
  switch (value.kind) {
    case 'literal': return value.value !== undefined;
    case 'template': case 'resource': return true;
    case 'instance': return value.of.kind === 'external' && value.of.path.at(-1) === 'Date';
    case 'derived': return /^(?:[-+*/%]|[<>!=]=*)$|^global:(?:Date\.now|Math\.\w+|String|Number|Boolean|crypto\.randomUUID)$|#(?:toISOString|toString|getTime|toLowerCase|toUpperCase)$|^(?:crypto|node:crypto):randomUUID$|^uuid:/.test(value.what);
    default: return false;
  }
}

/** Of a text whose head or tail is known, whether it can have the wanted prefix or suffix. */
function ofTemplate(name: string | undefined, wanted: Value | undefined, value: Value): Match {
  if (name !== 'prefix' && name !== 'suffix') return 'unknown';
  // Unlike the trigger of a bucket, a pattern is not known to have let this very text through.
  const found = affix(value, wanted, name === 'prefix' ? 'head' : 'tail');
  const edge = name === 'prefix' ? head(value) : tail(value);
  return found === 'yes' && edge.text === '' ? 'unknown' : found;
}

/** `{ prefix: 'a' }`, `{ 'anything-but': […] }`, `{ numeric: ['>', 5] }` and their kin against a known value. */
function matcher(name: string | undefined, wanted: Value | undefined, value: string | number | boolean | null | undefined): Match {
  const text = String(value);
  switch (name) {
    case 'prefix': case 'suffix': case 'equals-ignore-case': case 'wildcard': {
      const inner = wanted?.kind === 'object' ? wanted.entries.find(([key]) => key === 'equals-ignore-case')?.[1] : undefined;
      const given = literalText(inner ?? wanted);
      if (given === undefined) return 'unknown';
      if (typeof value !== 'string') return 'no';
      const [one, other] = inner || name === 'equals-ignore-case' ? [text.toLowerCase(), given.toLowerCase()] : [text, given];
      const fits = name === 'prefix' ? one.startsWith(other) : name === 'suffix' ? one.endsWith(other) : name === 'wildcard' ? isLike(one, other) : one === other;
      return fits ? 'yes' : 'no';
    }
    case 'anything-but': {
      if (wanted?.kind === 'object') {
        const [inner, list] = wanted.entries[0] ?? [];
        return not(best((list?.kind === 'array' ? list.items : [list]).map((one) => matcher(inner, one, value))));
      }
      const refused = wanted?.kind === 'array' ? wanted.items : [wanted];
      return not(best(refused.map((one): Match => (one?.kind === 'literal' ? (String(one.value) === text ? 'yes' : 'no') : 'unknown'))));
    }
    case 'numeric': return wanted?.kind === 'array' ? numeric(wanted.items, value) : 'unknown';
    default: return 'unknown';
  }
}

/** `['>', 0, '<=', 5]`; attributes of SNS are texts, also numbers. */
function numeric(parts: readonly Value[], value: string | number | boolean | null | undefined): Match {
  const number = typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) return 'no';
  let result: Match = 'yes';
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [op, bound] = [literalText(parts[index]), parts[index + 1]];
    if (bound?.kind !== 'literal' || typeof bound.value !== 'number') return 'unknown';
    const fits = op === '=' ? number === bound.value : op === '<' ? number < bound.value : op === '<=' ? number <= bound.value : op === '>' ? number > bound.value : op === '>=' ? number >= bound.value : undefined;
    if (fits === undefined) return 'unknown';
    if (!fits) result = 'no';
  }
  return result;
}

/** Whether a text is like one with `*` for any characters. */
function isLike(text: string, like: string): boolean {
  const parts = like.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return text === like;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

const not = (match: Match): Match => (match === 'yes' ? 'no' : match === 'no' ? 'yes' : 'unknown');
const every = (results: readonly Match[]): Match => (results.every((result) => result === 'no') ? 'no' : results.every((result) => result === 'yes') ? 'yes' : 'unknown');

/** The value that a JSON text, or the bytes of one, was made from. */
export function unwrapJson(value: Value): Value {
  let current = value;
  for (let step = 0; step < 4 && current.kind === 'derived'; step++) {
    const of: Value | undefined = /JSON\.stringify$|^global:Buffer\.from$|:(?:toUint8Array|fromUtf8)$/.test(current.what) ? current.from[0] : /TextEncoder\.#?encode$|^#encode$/.test(current.what) ? current.from.at(-1) : undefined;
    if (!of) break;
    current = of;
  }
  return current;
}

/** Whether a message, known to its last field, has none of that name. */
export const isWithout = (payload: Value, name: string): boolean => alternatives(payload).every((one) => {
  const message = unwrapJson(one);
  return message.kind === 'object' && !message.open && message.entries.length > 0 && message.entries.every(([key]) => key !== name && key !== '*' && key !== '...');
});
