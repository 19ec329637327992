import type { Effect } from '../../catalog/effects.ts';
import type { Trigger, TriggerFilter } from '../../model/function.ts';
import { alternatives, literalText, type Value } from '../../model/value.ts';
import { affix, best, both, type Match } from './affixes.ts';
import { oneOfList, pattern } from './patterns.ts';
import { plainAttribute } from './payload.ts';
import { recordsOf } from './stream-records.ts';

export type { Match } from './affixes.ts';
export { isWithout, unwrapJson } from './patterns.ts';

/**
 * Whether what is written passes the filters of a trigger.
 *
 * @param keyNames attributes of the key, when a table is written
 * @param isOwn the event that the writing function works on came through this very trigger: what it hands on unchanged passes again
 */
export function passes(trigger: Pick<Trigger, 'filters'>, written: Effect, keyNames: readonly string[] = [], isOwn = false): Match {
  const ways = written.service === 'dynamodb' && written.events?.length ? recordsOf(written, keyNames) : [written];
  const results = ways.map((way) => trigger.filters.map((filter) => one(filter, way, isOwn)).reduce(both, 'yes'));
  return results.every((result) => result === 'no') ? 'no' : results.every((result) => result === 'yes') ? 'yes' : 'unknown';
}

/** Where messages stand in the events of Lambda's sources (event formats of its developer guide, November 2026). */
const recordBody = ['Records', '*', 'body'];
const topicMessage = ['Records', '*', 'Sns', 'Message'];
const topicAttributes = ['Records', '*', 'Sns', 'MessageAttributes'];

function one(filter: TriggerFilter, effect: Effect, isOwn: boolean): Match {
  switch (filter.kind) {
    case 'object': return object(filter, effect);
    case 'pattern': return asksProvider(filter.pattern) && isPut(effect) ? 'no' : effect.attributes ? pattern(filter.pattern, effect.attributes, isOwn ? [] : undefined) : 'unknown';
    case 'attributes': return filter.scope === 'attributes' ? attributes(filter.policy, effect.attributes, isOwn) : effect.payload ? pattern(filter.policy, effect.payload, isOwn ? topicMessage : undefined) : 'unknown';
    case 'records': return records(filter.patterns, effect, isOwn);
    default: return 'unknown';
  }
}

/** Put by code on a bus, not told by the platform itself (what is told has a row of its own). */
const isPut = ({ service, kind, row }: Effect): boolean => service === 'eventbridge' && kind === 'publish' && row !== 'eventbridge status' && row !== 'eventbridge task';

/**
 * Whether a pattern wants events of AWS services alone: nobody else's may begin with `aws.` (EventBridge API reference, PutEventsRequestEntry,
 * NotAuthorizedForSourceException; November 2026).
 */
function asksProvider(wanted: Value): boolean {
  const source = wanted.kind === 'object' ? wanted.entries.findLast(([name]) => name === 'source')?.[1] : undefined;
  const items = source?.kind === 'array' ? (source.open ? [] : source.items) : source ? [source] : [];
  const textOf = (item: Value): string | undefined => literalText(item.kind === 'object' && item.entries.length === 1 && item.entries[0]?.[0] === 'prefix' ? item.entries[0][1] : item);
  return items.length > 0 && items.every((item) => textOf(item)?.startsWith('aws.') === true);
}

/** S3's and Azure's names without the service; Google's by their last word, in which its generations differ (`finalize`, `…object.v1.finalized`). */
const eventWord = (event: string): string => (event.includes(':') || event.includes('*') ? event.replace(/^s3:/, '') : (/(finaliz|delet|archiv|metadataupdat)/i.exec(event)?.[1]?.toLowerCase() ?? event.replace(/^Microsoft\.Storage\./, '')));

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

/** SNS: every attribute of the policy must be sent with one of its values. */
function attributes(policy: Value, sent: Value | undefined, isOwn: boolean): Match {
  if (policy.kind !== 'object') return 'unknown';
  if (!sent) return policy.entries.some(([, want]) => !asksExists(want)) ? 'no' : 'unknown';
  const plain: Value = sent.kind === 'object' ? { kind: 'object', open: sent.open, entries: sent.entries.map(([name, value]) => [name, plainText(value)]) } : sent;
  return pattern(policy, plain, isOwn ? topicAttributes : undefined);
}

/** The text of an attribute; one that is read from the event at hand is that attribute of it. */
function plainText(value: Value): Value {
  const text = value.kind === 'object' ? (value.entries.find(([key]) => key === 'StringValue')?.[1] ?? value) : value;
  return text.kind === 'event' && text.path.at(-1) === 'Value' ? { kind: 'event', path: text.path.slice(0, -1) } : text;
}

const asksExists = (want: Value): boolean => (want.kind === 'array' ? want.items : [want]).some((item) => item.kind === 'object' && item.entries.some(([name]) => name === 'exists' || name === 'anything-but'));

/** Filter criteria of an event source mapping: any pattern lets the record through. */
function records(patterns: readonly Value[], effect: Effect, isOwn: boolean): Match {
  return best(patterns.map((item): Match => {
    if (item.kind !== 'object') return 'unknown';
    let result: Match = 'yes';
    for (const [name, want] of item.entries) {
      if (name === 'eventName') {
        const wanted = want.kind === 'array' ? want.items.map(literalText) : [];
        if (!effect.events || wanted.includes(undefined)) result = both(result, 'unknown');
        else if (!effect.events.some((event) => wanted.includes(event))) result = 'no';
        else if (effect.events.length > 1 && !effect.events.every((event) => wanted.includes(event))) result = both(result, 'unknown');
      } else if ((name === 'body' || name === 'data' || name === 'value') && effect.payload) result = both(result, want.kind === 'object' ? pattern(want, effect.payload, isOwn && name === 'body' ? recordBody : undefined) : oneOfList(want, effect.payload));
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
