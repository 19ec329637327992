import { alternatives, literalText, type Value } from '../../model/value.ts';
import type { Asked } from './comparisons.ts';
import { eventNames, typeTag } from './payload.ts';
import { exampleOf, MAX_SAMPLE, patternOf } from './sample-texts.ts';

/** Stands for what is not known of a text; no name of an object has it. */
const UNKNOWN = '\0';
/** Stands for a word without a slash, where an expression is tried. */
const WORD = '\u0001';

/** Ends of the paths under which events name the object they are about (S3, Cloud Storage, Event Grid; November 2026). */
const keyNames: ReadonlySet<string> = new Set(['key', 'name']);

/**
 * Whether a check of the event's key refuses the key that is written: `if (!key.startsWith('uploads/')) return`, and what is written begins
 * with `thumbs/`.
 *
 * @returns what that rests on, nothing where it is proved; `undefined` where it may pass
 */
export function refusedKey(asked: Asked, key: Value): readonly string[] | undefined {
  return refused(asked, key, keyNames);
}

/** As `refusedKey`, of one field of the message or item that is written: `if (!item.pk.startsWith('ORDER#')) return`. */
export function refusedField(asked: Asked, name: string, value: Value): readonly string[] | undefined {
  return alternatives(value).every((one) => one.kind === 'literal' || one.kind === 'template') ? refused(asked, value, new Set([name])) : undefined;
}

function refused(asked: Asked, key: Value, names: ReadonlySet<string>): readonly string[] | undefined {
  const rests = new Set<string>();
  for (const one of alternatives(key)) {
    const found = refusedText(asked, one, names);
    if (!found) return undefined;
    for (const text of found) rests.add(text);
  }
  return [...rests];
}

const onlyOnce = 'what is replaced is in the key once';
const unlikely = 'what is not known of the key does not let it pass';

function refusedText(asked: Asked, key: Value, names: ReadonlySet<string>): readonly string[] | undefined {
  const text = textOf(key);
  const { left, right, ordered, equal, truthy } = asked;
  if (truthy === undefined) {
    if (ordered || !right) return undefined;
    const [side, other] = left.kind === 'literal' ? [right, left] : [left, right];
    const wanted = literalText(other);
    const is = projected(side, text, names);
    if (wanted === undefined || typeof is !== 'string' || is.includes(UNKNOWN)) return undefined;
    return (is === wanted) === equal ? undefined : [];
  }
  const [only, ...others] = alternatives(left).filter((one) => one.kind !== 'literal');
  return only?.kind === 'derived' && others.length === 0 ? ofCall(only, text, truthy, key, names) : undefined;
}

/** A call that asks a text: `startsWith`, `endsWith`, `includes`, an expression. */
function ofCall({ what, from }: Value & { kind: 'derived' }, text: string, truthy: boolean, key: Value, names: ReadonlySet<string>): readonly string[] | undefined {
  const [first, second] = from;
  if (!first || !second) return undefined;
  const method = /^#(startsWith|endsWith|includes|test|exec|match)$/.exec(what)?.[1];
  if (method === undefined) return undefined;
  const pattern = patternOf(method === 'test' || method === 'exec' ? first : second);
  const receiver = projected(method === 'test' || method === 'exec' ? second : first, text, names);
  if (method === 'includes' && first.kind === 'array') return inList(first, projected(second, text, names), truthy);
  if (typeof receiver !== 'string') return undefined;
  if (pattern !== undefined && method !== 'startsWith' && method !== 'endsWith') {
    const withWords = projected(method === 'test' || method === 'exec' ? second : first, textOf(key, WORD), names);
    return byPattern(pattern, typeof withWords === 'string' ? withWords : receiver, truthy, key);
  }
  const mark = literalText(second);
  if (mark === undefined || mark === '') return undefined;
  const [head = '', tail = ''] = [receiver.split(UNKNOWN)[0], receiver.split(UNKNOWN).at(-1)];
  const isWhole = !receiver.includes(UNKNOWN);
  const holds = method === 'startsWith' ? head.startsWith(mark) : method === 'endsWith' ? tail.endsWith(mark) : receiver.includes(mark);
  if (!truthy) return holds ? [] : undefined;
  const fails = method === 'startsWith' ? !holds && (isWhole || !mark.startsWith(head)) : method === 'endsWith' ? !holds && (isWhole || !mark.endsWith(tail)) : isWhole && !holds;
  return fails ? [] : takenOut(key, mark) ? [onlyOnce] : undefined;
}

/** `['png', 'jpg'].includes(extension)` */
function inList(list: Value & { kind: 'array' }, asked: Projected, truthy: boolean): readonly string[] | undefined {
  const texts = list.items.map(literalText);
  if (list.open || texts.includes(undefined) || typeof asked !== 'string' || asked.includes(UNKNOWN)) return undefined;
  return texts.includes(asked) === truthy ? undefined : [];
}

/** Tried with what is not known as a plain word, and as a text that the expression takes. */
function byPattern(pattern: string, text: string, truthy: boolean, key: Value): readonly string[] | undefined {
  const example = exampleOf(pattern);
  if (text.length * (example?.length ?? 1) > MAX_SAMPLE && text.split(UNKNOWN).join(example ?? 'a/b.c').length > MAX_SAMPLE) return undefined;
  const fill = (word: string): string => text.split(UNKNOWN).join(word).split(WORD).join('x');
  const matches = (word: string, flags: string): boolean => new RegExp(pattern, flags).test(fill(word));
  if (!truthy) return matches('x', '') && matches('a/b.c', '') ? [] : undefined;
  if (!text.includes(UNKNOWN)) return matches('', 'i') ? undefined : [];
  if (example === undefined) return undefined;
  if (takenOut(key, example)) return [onlyOnce];
  return !matches('x', 'i') && !matches(example, 'i') && !matches(`a/${example}`, 'i') ? [unlikely] : undefined;
}

/** `key.replace('raw/', 'done/')`: what a check wants is no longer there. */
function takenOut(key: Value, mark: string): boolean {
  if (key.kind !== 'derived' || !/^#replace(?:All)?$/.test(key.what)) return false;
  const [, from, to] = key.from;
  const pattern = from && patternOf(from);
  const taken = from && (literalText(from) ?? (pattern === undefined ? undefined : exampleOf(pattern)));
  const put = to && literalText(to);
  return taken !== undefined && taken !== '' && put !== undefined && mark.includes(taken) && !put.includes(mark) && !put.includes(taken);
}

/**
 * The known parts of a text; what is not known stands as a mark that no text contains.
 *
 * @param word what stands for a step of a path that an expression took (`/^uploads\/([^/]+)$/`)
 */
export function textOf(value: Value, word = UNKNOWN): string {
  if (value.kind === 'literal') return String(value.value);
  if (value.kind === 'template') return value.parts.map((part) => textOf(part, word)).join('');
  if (value.kind !== 'derived') return UNKNOWN;
  const [first] = value.from;
  if (/^path:(?:posix\.)?format$/.test(value.what) && first?.kind === 'object') {
    const part = (name: string): string => { const found = first.entries.findLast(([key]) => key === name)?.[1]; return found ? textOf(found, word) : ''; };
    return `${UNKNOWN}${part('base') || `${part('name')}${part('ext')}`}`;
  }
  if (/^path:(?:posix\.)?join$/.test(value.what)) return value.from.map((part) => textOf(part, word)).join('/').replace(/\/{2,}/g, '/');
  if (/^\.\d$/.test(value.what) && first?.kind === 'derived' && /^#(?:match|exec)$/.test(first.what)) return first.from.some((one) => /^[^()]*(?:\(\[\^\/\]\+\)[^()]*)+$/.test(patternOf(one) ?? '')) ? word : UNKNOWN;
  return first && passedOn.test(value.what) ? textOf(first, word) : UNKNOWN;
}

/** Gives back the text as it is, or nearly so. */
const passedOn = /^path:(?:posix\.)?normalize$|decodeURI|^#(?:trim|toString|normalize)$/;

/** A text that is worked out of the event's key, or its pieces. */
type Projected = string | readonly string[] | undefined;

/** What a function of the event's key is for another key. */
function projected(value: Value, key: string, names: ReadonlySet<string>, depth = 0): Projected {
  if (depth > 8) return undefined;
  if (value.kind === 'event') return names.has(value.path.findLast((step) => !typeTag.test(step)) ?? '') ? key : undefined;
  // `record.Keys?.PK?.S ?? ''`: what is written is there.
  if (value.kind === 'oneOf') {
    const [only, ...others] = value.options.filter((one) => one.kind !== 'literal');
    return only && others.length === 0 ? projected(only, key, names, depth + 1) : undefined;
  }
  if (value.kind !== 'derived') return undefined;
  const [first, second] = value.from;
  const { what } = value;
  // `unmarshall(record.NewImage).pk`
  if (/^\.[^.\d]/.test(what) && names !== keyNames && names.has(what.slice(1)) && eventNames(value).includes(what.slice(1))) return key;
  const of = first && projected(first, key, names, depth + 1);
  if (of === undefined) return undefined;
  if (typeof of !== 'string') return pieceOf(of, what, second);
  if (passedOn.test(what)) return of;
  // `key.replace(/\+/g, ' ')`: how names come in events.
  if (/^#replace(?:All)?$/.test(what)) return second && patternOf(second) === '\\+' ? of : undefined;
  if (what === '#toLowerCase') return of.toLowerCase();
  const cut = Math.max(of.lastIndexOf('/'), of.lastIndexOf(UNKNOWN));
  const last = of.slice(cut + 1);
  if (what === '.name' && first?.kind === 'derived' && /^path:(?:posix\.)?parse$/.test(first.what)) {
    const dot = of.lastIndexOf('.');
    return dot > Math.max(cut, of.lastIndexOf('/')) ? of.slice(of.lastIndexOf('/') + 1, dot) : undefined;
  }
  if (what === 'path:extname' || (what === '.ext' && first?.kind === 'derived')) return last.includes('.') ? last.slice(last.lastIndexOf('.')) : undefined;
  // Of an end whose step is not known in whole what is known of it: nothing says where the step begins.
  if (what === 'path:basename' && value.from.length === 1) return of.charAt(cut) === UNKNOWN ? `${UNKNOWN}${last}` : last;
  if (what === 'path:parse') return of;
  const separator = what === '#split' && second ? literalText(second) : undefined;
  if (separator !== undefined && separator !== '') return of.split(separator);
  if (/^#(?:match|exec)$/.test(what)) return groupsOf(of, second && patternOf(second));
  return undefined;
}

/** A piece of a text that was split, where it is sure which one. */
function pieceOf(pieces: readonly string[], what: string, second: Value | undefined): Projected {
  const index = /^\.\d+$/.test(what) ? Number(what.slice(1)) : what === '#pop' || (what === '#at' && second?.kind === 'literal' && second.value === -1) ? -1 : undefined;
  if (index === undefined) return undefined;
  const before = index < 0 ? [] : pieces.slice(0, index);
  const piece = pieces.at(index);
  return before.some((one) => one.includes(UNKNOWN)) || piece?.includes(UNKNOWN) ? undefined : piece;
}

/** The groups of a match at the known end of a text. */
function groupsOf(text: string, pattern: string | undefined): Projected {
  if (pattern === undefined || !pattern.endsWith('$') || pattern.startsWith('^')) return undefined;
  const known = text.split(UNKNOWN).at(-1) ?? '';
  return known.length > MAX_SAMPLE ? undefined : (new RegExp(pattern).exec(known) ?? undefined);
}
