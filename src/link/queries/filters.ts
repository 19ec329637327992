import type { Effect } from '../../catalog/effects.ts';
import type { Trigger, TriggerFilter } from '../../model/function.ts';
import { alternatives, literalText, type Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import { plainAttribute } from './payload.ts';
import { isFresh } from './settles.ts';

/** Whether what is written can pass a trigger's filters: `no` only when that is proved. */
export type Match = 'yes' | 'no' | 'unknown';

export function passes(trigger: Trigger, written: Effect, keyNames: readonly string[] = []): Match {
  const effect = written.service === 'dynamodb' && written.events ? { ...written, events: recordEvents(written, keyNames) } : written;
  const results = trigger.filters.map((filter) => one(filter, effect));
  return results.includes('no') ? 'no' : results.includes('unknown') ? 'unknown' : 'yes';
}

/**
 * Which stream records a write makes: an item with the key of the record at hand is there already (MODIFY), one whose key is
 * made anew is not (INSERT).
 *
 * @param keyNames attributes of the table's key; empty when its declaration does not tell
 */
function recordEvents(effect: Effect, keyNames: readonly string[]): readonly string[] {
  const events = effect.events ?? [];
  if (events.length < 2) return events;
  const { key, payload } = effect;
  const whole = key ?? payload;
  if (whole?.kind !== 'object') return events;
  const parts = whole.entries.filter(([name]) => key !== undefined || keyNames.includes(name)).map(([, value]) => plainAttribute(value));
  if (parts.length > 0 && parts.some(isFresh)) return ['INSERT'];
  return parts.length > 0 && (key !== undefined || parts.length === keyNames.length) && parts.every(isRecordKey) ? ['MODIFY'] : events;
}

const isRecordKey = (value: Value): boolean => contains(value, (part) => part.kind === 'event' && part.path.some((step) => step === 'Keys' || step === 'NewImage'));

function one(filter: TriggerFilter, effect: Effect): Match {
  switch (filter.kind) {
    case 'object': return object(filter, effect);
    case 'pattern': return effect.attributes ? pattern(filter.pattern, effect.attributes) : 'unknown';
    case 'attributes': return filter.scope === 'attributes' ? attributes(filter.policy, effect.attributes) : effect.payload ? pattern(filter.policy, unwrapJson(effect.payload)) : 'unknown';
    case 'records': return records(filter.patterns, effect);
    default: return 'unknown';
  }
}

/** S3's names without the service; Google's by their last word, in which its generations differ (`finalize`, `…object.v1.finalized`). */
const eventWord = (event: string): string => (event.includes(':') || event.includes('*') ? event.replace(/^s3:/, '') : (/(finaliz|delet|archiv|metadataupdat)/i.exec(event)?.[1]?.toLowerCase() ?? event));

function object(filter: TriggerFilter & { kind: 'object' }, effect: Effect): Match {
  if (effect.events && filter.events.length > 0) {
    const wanted = filter.events.map(eventWord);
    const sent = effect.events.map(eventWord);
    const fits = wanted.some((name) => name === '*' || sent.some((event) => (name.endsWith('*') ? event.startsWith(name.slice(0, -1)) : event === name)));
    if (!fits) return 'no';
  }
  if (filter.rules.length === 0) return 'yes';
  if (!effect.key) return 'unknown';
  const results = alternatives(effect.key).map((key): Match => best(filter.rules.map((rule) => both(affix(key, rule.prefix, 'head'), affix(key, rule.suffix, 'tail')))));
  return results.every((result) => result === 'no') ? 'no' : results.every((result) => result === 'yes') ? 'yes' : 'unknown';
}

const best = (results: readonly Match[]): Match => (results.includes('yes') ? 'yes' : results.includes('unknown') ? 'unknown' : 'no');
const both = (a: Match, b: Match): Match => (a === 'no' || b === 'no' ? 'no' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes');

/** A literal head or tail that contradicts the filter excludes; a key taken from the event is the one that passed. */
function affix(key: Value, wanted: Value | undefined, side: 'head' | 'tail'): Match {
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

interface Known { readonly text: string; readonly whole: boolean; readonly next?: Value }

function head(value: Value): Known {
  const parts = value.kind === 'template' ? value.parts : [value];
  const first = parts[0];
  if (first?.kind === 'literal') return { text: String(first.value), whole: parts.length === 1, ...(parts[1] ? { next: parts[1] } : {}) };
  return { text: '', whole: false, ...(first ? { next: source(first) } : {}) };
}

function tail(value: Value): Known {
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

/** EventBridge and filter-criteria patterns: a field whose known value is not among the wanted ones excludes. */
function pattern(wanted: Value, sent: Value): Match {
  if (wanted.kind !== 'object') return 'unknown';
  let result: Match = 'yes';
  for (const [name, want] of wanted.entries) {
    if (name.startsWith('$or')) { result = both(result, 'unknown'); continue; }
    const found = sent.kind === 'object' ? sent.entries.findLast(([key]) => key === name) : undefined;
    if (!found) {
      // A field that the sent object surely lacks: only `exists: false` would accept that.
      const absent = sent.kind === 'object' && !sent.open && !sent.entries.some(([key]) => key === '*' || key === '...');
      result = both(result, absent && !asksExists(want) ? 'no' : 'unknown');
      continue;
    }
    result = both(result, want.kind === 'object' ? pattern(want, unwrapJson(found[1])) : oneOfList(want, found[1]));
  }
  return result;
}

function oneOfList(want: Value, sent: Value): Match {
  const wanted = want.kind === 'array' ? want.items : [want];
  const results = alternatives(sent).map((value): Match => {
    const text = literalText(value);
    return best(wanted.map((item): Match => {
      if (item.kind === 'resource' && value.kind === 'resource') return item.unit === value.unit && item.id === value.id ? 'yes' : 'no';
      if (item.kind === 'literal') return text === undefined ? 'unknown' : String(item.value) === text ? 'yes' : 'no';
      if (item.kind === 'object' && text === undefined) return ofTemplate(item, value);
      if (item.kind !== 'object' || text === undefined) return 'unknown';
      return matcher(item, text);
    }));
  });
  return results.every((result) => result === 'no') ? 'no' : results.every((result) => result === 'yes') ? 'yes' : 'unknown';
}

/** Of a text whose head or tail is known, whether it can have the wanted prefix or suffix. */
function ofTemplate(item: Value & { kind: 'object' }, value: Value): Match {
  const [name, wanted] = item.entries[0] ?? [];
  if (name !== 'prefix' && name !== 'suffix') return 'unknown';
  // Unlike the trigger of a bucket, a pattern is not known to have let this very text through.
  const found = affix(value, wanted, name === 'prefix' ? 'head' : 'tail');
  const edge = name === 'prefix' ? head(value) : tail(value);
  return found === 'yes' && edge.text === '' ? 'unknown' : found;
}

/** `{ prefix: 'a' }`, `{ 'anything-but': […] }` and their kin. */
function matcher(item: Value & { kind: 'object' }, text: string): Match {
  const [name, value] = item.entries[0] ?? [];
  const given = value ? literalText(value) : undefined;
  if (name === 'prefix' && given !== undefined) return text.startsWith(given) ? 'yes' : 'no';
  if (name === 'suffix' && given !== undefined) return text.endsWith(given) ? 'yes' : 'no';
  if (name === 'exists') return value?.kind === 'literal' && value.value === true ? 'yes' : 'no';
  if (name === 'anything-but' && value) {
    const not = (value.kind === 'array' ? value.items : [value]).map(literalText);
    return not.includes(undefined) ? 'unknown' : not.includes(text) ? 'no' : 'yes';
  }
  return 'unknown';
}

const asksExists = (want: Value): boolean => (want.kind === 'array' ? want.items : [want]).some((item) => item.kind === 'object' && item.entries.some(([name]) => name === 'exists' || name === 'anything-but'));

/** SNS: every attribute of the policy must be sent with one of its values. */
function attributes(policy: Value, sent: Value | undefined): Match {
  if (policy.kind !== 'object') return 'unknown';
  if (!sent) return policy.entries.some(([, want]) => !asksExists(want)) ? 'no' : 'unknown';
  const plain: Value = sent.kind === 'object' ? { kind: 'object', open: sent.open, entries: sent.entries.map(([name, value]) => [name, value.kind === 'object' ? (value.entries.find(([key]) => key === 'StringValue')?.[1] ?? value) : value]) } : sent;
  return pattern(policy, plain);
}

/** Filter criteria of an event source mapping: any pattern lets the record through. */
function records(patterns: readonly Value[], effect: Effect): Match {
  return best(patterns.map((item): Match => {
    if (item.kind !== 'object') return 'unknown';
    let result: Match = 'yes';
    for (const [name, want] of item.entries) {
      if (name === 'eventName') {
        const wanted = want.kind === 'array' ? want.items.map(literalText) : [];
        if (!effect.events || wanted.includes(undefined)) result = both(result, 'unknown');
        else if (!effect.events.some((event) => wanted.includes(event))) result = 'no';
        else if (effect.events.length > 1 && !effect.events.every((event) => wanted.includes(event))) result = both(result, 'unknown');
      } else if (name === 'body' && effect.payload) result = both(result, want.kind === 'object' ? pattern(want, unwrapJson(effect.payload)) : oneOfList(want, effect.payload));
      else if (name === 'dynamodb' && want.kind === 'object' && effect.payload) result = both(result, image(want, effect.payload));
      else result = both(result, 'unknown');
    }
    return result;
  }));
}

/** `dynamodb.NewImage.<attribute>.<type>` against the item that is written. */
function image(want: Value & { kind: 'object' }, item: Value): Match {
  const wanted = want.entries.find(([name]) => name === 'NewImage')?.[1];
  if (wanted?.kind !== 'object' || want.entries.length > 1) return 'unknown';
  const plain: Value = { kind: 'object', open: wanted.open, entries: wanted.entries.map(([name, typed]) => [name, plainAttribute(typed)]) };
  const sent: Value = item.kind === 'object' ? { kind: 'object', open: item.open, entries: item.entries.map(([name, value]) => [name, plainAttribute(value)]) } : item;
  return pattern(plain, sent);
}

/** The value that a JSON text was made from. */
export function unwrapJson(value: Value): Value {
  return value.kind === 'derived' && value.what.endsWith('JSON.stringify') && value.from[0] ? value.from[0] : value;
}
