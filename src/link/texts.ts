import { literal, type Value } from '../model/value.ts';
import { each, oneOf, template } from './values.ts';

/** Pure work on texts whose parts are known: what is parsed of them, and what is put behind them. */

/** More text than this is not parsed. */
const MAX_TEXT = 100_000;
const MAX_NODES = 5_000;
/** Lists in lists further than this are not looked into: what holds them is walked by recursion elsewhere. */
const MAX_DEPTH = 40;
/** Stands for a part that is not known while a text is parsed; a text that holds one already is not looked at. */
const MARK = '\u0001';
const marked = new RegExp(`${MARK}(\\d{1,4})${MARK}`);

/**
 * What `JSON.parse` gives of a text: of a literal one, of one with parts in it that are not known (they stand in quotes), and of
 * what `JSON.stringify` made (a copy). `undefined` where nothing is known of it.
 */
export function parsedJson(value: Value): Value | undefined {
  if (value.kind === 'oneOf') {
    const options = value.options.map(parsedJson);
    return options.some((one) => one !== undefined) ? oneOf(options.map((one, index): Value => one ?? { kind: 'derived', what: 'global:JSON.parse', from: [value.options[index] as Value], io: false })) : undefined;
  }
  if (value.kind === 'derived' && (value.what === 'json' || value.what === 'global:JSON.stringify')) {
    const [of] = value.from;
    return of?.kind === 'object' || of?.kind === 'array' ? { ...of } : undefined;
  }
  const parts = value.kind === 'template' ? value.parts : [value];
  const whole = parts.map((part, index) => (part.kind === 'literal' ? (typeof part.value === 'string' ? part.value : '') : `${MARK}${index}${MARK}`)).join('');
  if (!parts.some((part) => part.kind === 'literal') || whole.length > MAX_TEXT || !/^\s*[[{]/.test(whole) || parts.some((part) => part.kind === 'literal' && String(part.value).includes(MARK))) return undefined;
  let data: unknown;
  // A mark is no character of a JSON text: it is written as its escape.
  try { data = JSON.parse(whole.replaceAll(MARK, '\\u0001')); } catch { return undefined; }
  const budget = { left: MAX_NODES };
  return fromData(data, parts, budget);
}

function fromData(data: unknown, parts: readonly Value[], budget: { left: number }, depth = 0): Value {
  if (budget.left-- <= 0 || depth > MAX_DEPTH) return { kind: 'unknown', reason: 'a large JSON text' };
  const inner = (item: unknown): Value => fromData(item, parts, budget, depth + 1);
  if (Array.isArray(data)) return { kind: 'array', items: data.map(inner), open: false };
  if (typeof data === 'object' && data !== null) {
    const all = Object.entries(data).map(([name, item]) => ({ name: textWith(name, parts), item: inner(item) }));
    const computed = all.flatMap(({ name }) => (name.kind === 'literal' ? [] : [name]));
    const entries = all.map(({ name, item }): readonly [string, Value] => [name.kind === 'literal' ? String(name.value) : '*', item]);
    return { kind: 'object', open: computed.length > 0, entries, ...(computed.length > 0 ? { computed } : {}) };
  }
  return typeof data === 'string' ? textWith(data, parts) : literal(data as number | boolean | null);
}

/** A text with its marks taken for the parts that they stand for. */
function textWith(text: string, parts: readonly Value[]): Value {
  if (!marked.test(text)) return literal(text);
  const pieces = text.split(marked);
  const part = (index: string | undefined): Value => parts[Number(index)] ?? literal('');
  return pieces.length === 3 && pieces[0] === '' && pieces[2] === '' ? part(pieces[1]) : template(pieces.map((piece, index) => (index % 2 === 0 ? literal(piece) : part(piece))));
}

const isText = (value: Value): boolean => value.kind === 'template' || value.kind === 'env' || (value.kind === 'literal' && typeof value.value === 'string');

/** `text.concat(more)`; `undefined` where it is not known to be a text. */
export function concatenated(receiver: Value, more: readonly Value[]): Value | undefined {
  const options = receiver.kind === 'oneOf' ? receiver.options : [receiver];
  return options.every(isText) ? each(receiver, (one) => template([one, ...more])) : undefined;
}

/**
 * `let url = base; url += '/x'`: one of the texts that it begins as, or one of these with something behind it. How often and in which
 * order that is put there is not known. `undefined` where it does not begin as a text.
 */
export function appended(beginnings: readonly Value[], more: readonly Value[]): Value | undefined {
  const texts = beginnings.flatMap((one) => (one.kind === 'oneOf' ? one.options : [one]));
  if (texts.length === 0 || !texts.every(isText)) return undefined;
  const [only] = more;
  const rest: Value = more.length === 1 && only ? only : { kind: 'derived', what: '+=', from: more, io: false };
  return oneOf([...texts, ...texts.map((text) => template([text, rest]))]);
}
