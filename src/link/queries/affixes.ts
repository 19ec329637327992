import { literalText, type Value } from '../../model/value.ts';

/** Whether what is written can pass a filter: `no` only when that is proved. */
export type Match = 'yes' | 'no' | 'unknown';

/** Any of several is enough. */
export const best = (results: readonly Match[]): Match => (results.includes('yes') ? 'yes' : results.includes('unknown') ? 'unknown' : 'no');
/** Both are needed. */
export const both = (a: Match, b: Match): Match => (a === 'no' || b === 'no' ? 'no' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes');

/** A literal head or tail that contradicts the filter excludes; a key taken from the event is the one that passed. */
export function affix(key: Value, wanted: Value | undefined, side: 'head' | 'tail'): Match {
  if (!wanted) return 'yes';
  const text = literalText(wanted);
  if (text === undefined) return 'unknown';
  const moved = replacedAffix(key, text, side);
  if (moved) return moved;
  const known = side === 'head' ? head(key) : tail(key);
  const part = side === 'head' ? known.text.slice(0, text.length) : known.text.slice(-text.length);
  if (known.whole || known.text.length >= text.length) return part === text ? 'yes' : 'no';
  if (side === 'head' ? !text.startsWith(known.text) : !text.endsWith(known.text)) return 'no';
  return known.next?.kind === 'event' && known.text === '' ? 'yes' : 'unknown';
}

/** `key.replace('raw/', 'thumbs/')` of a key that has the filter's prefix (or suffix) gives one without it. */
function replacedAffix(key: Value, text: string, side: 'head' | 'tail'): Match | undefined {
  const parts = key.kind === 'template' ? key.parts : [key];
  const edge = side === 'head' ? parts[0] : parts.at(-1);
  if (edge?.kind !== 'derived' || !/^#replace(?:All)?$/.test(edge.what)) return undefined;
  const [from, search, put] = edge.from;
  if (!from || source(from).kind !== 'event') return undefined;
  const given = literalText(put);
  const mark = literalText(search) ?? literalPattern(search);
  if (given === undefined || mark === undefined || mark === '' || !text.includes(mark)) return undefined;
  const result = text.replace(mark, () => given);
  if (side === 'head') return result.startsWith(text) ? 'yes' : text.startsWith(result) ? 'unknown' : 'no';
  return result.endsWith(text) ? 'yes' : text.endsWith(result) ? 'unknown' : 'no';
}

/** The text that a regular expression without operators but its anchors looks for. */
function literalPattern(value: Value | undefined): string | undefined {
  const pattern = value?.kind === 'derived' && value.what === 'regex' ? literalText(value.from[0]) : undefined;
  const inner = pattern?.replace(/^\^/, '').replace(/\$$/, '');
  return inner !== undefined && /^(?:[\w\-/ ]|\\[./\-])+$/.test(inner) ? inner.replaceAll('\\', '') : undefined;
}

/** What is known at one end of a text; `next`: what follows there. */
export interface Known { readonly text: string; readonly whole: boolean; readonly next?: Value }

/** The known beginning of a text. */
export function head(value: Value): Known {
  const parts = value.kind === 'template' ? value.parts : [value];
  const first = parts[0];
  if (first?.kind === 'literal') return { text: String(first.value), whole: parts.length === 1, ...(parts[1] ? { next: parts[1] } : {}) };
  return { text: '', whole: false, ...(first ? { next: source(first) } : {}) };
}

/** The known end of a text. */
export function tail(value: Value): Known {
  const parts = value.kind === 'template' ? value.parts : [value];
  const last = parts[parts.length - 1];
  if (last?.kind === 'literal') return { text: String(last.value), whole: parts.length === 1, ...(parts.length > 1 ? { next: parts[parts.length - 2] as Value } : {}) };
  return { text: '', whole: false, ...(last ? { next: source(last) } : {}) };
}

/** Decoding a key (`decodeURIComponent(key.replace(/\+/g, ' '))`) leaves it the same key. */
function source(value: Value): Value {
  let current = value;
  while (current.kind === 'derived' && /decodeURI|unescape|#replace|#toString|#trim|String$/.test(current.what) && current.from[0]) current = current.from[0];
  return current;
}
