import { alternatives, literal, type Value } from '../../model/value.ts';
import { binaryValue } from '../operators.ts';
import { contains, template, truthiness, valueKey } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { isNow, type Sent } from './carried.ts';
import type { ActiveCondition } from './conditions.ts';
import { isWithout } from './filters.ts';
import type { Arriving } from './guards.ts';
import { isFresh } from './settles.ts';
import { isRead, Written } from './kept-places.ts';
import { mirrorOf, names, type Mirror } from './mirrors.ts';
import { eventNames, plainAttribute, typeTag } from './payload.ts';
import { OTHER, refolded } from './refolded.ts';
import { inputsOf } from './test-inputs.ts';
import { definitionOf, type Asking, type Change } from './unchanged.ts';

/** What is known of the next round when this one has come to its end. */
export interface NextRound {
  readonly arrives: Arriving;
  readonly sent: Sent;
  readonly change: Change;
}

const MAX_DEPTH = 24;

/**
 * The first condition of which it is not known that it comes out in the next round as it has in this one. A condition does
 * where all that it looks at comes again (what a write leaves as it is, what a message hands on, what is configured), or where
 * what comes instead passes it. A check that cannot be told so may be the end of the loop.
 */
export function openUnder(view: LinkedFunction, conditions: readonly ActiveCondition[], round: NextRound): ActiveCondition | undefined {
  const next = new Next(round, new Written(view, round.arrives.others));
  return conditions.find((condition) => !passesAgain(view, condition, next, 0));
}

/** How a test comes out in the next round; `same`: as it did. */
type Truth = boolean | 'same' | undefined;

function passesAgain(view: LinkedFunction, condition: Asking, next: Next, depth: number): boolean {
  const { outcome, test } = condition;
  const truth = truthOf(view, condition, next, depth);
  if (truth === 'same' || truth === (outcome === 'case' ? true : outcome)) return true;
  const sides = sidesOf(view, condition);
  // Of `a && b` that held, and of `a || b` that did not, each has come out so.
  const isEach = sides.length === 1 || (test.kind === 'logical' && (test.op === '&&') === outcome);
  return isEach && sides.length > 0 && depth < MAX_DEPTH && sides.every((side) => passesAgain(view, side, next, depth + 1));
}

/** The tests that a test is made of. */
function sidesOf(view: LinkedFunction, condition: Asking): readonly Asking[] {
  const { test, outcome, frame } = condition;
  if (outcome === 'case') return [];
  if (test.kind === 'unary' && test.op === '!') return [{ ...condition, test: test.of, outcome: !outcome }];
  if (test.kind === 'logical' && test.op !== '??') return [{ ...condition, test: test.left }, { ...condition, test: test.right }];
  const meant = definitionOf(view, test, frame);
  return meant ? [{ ...condition, test: meant }] : [];
}

function truthOf(view: LinkedFunction, condition: Asking, next: Next, depth: number): Truth {
  const { test } = condition;
  const sides = depth < MAX_DEPTH ? sidesOf(view, condition) : [];
  if (sides.length === 0) return truthOfOne(view, condition, next);
  const [first, ...others] = sides.map((side) => truthOf(view, side, next, depth + 1));
  if (test.kind === 'unary') return typeof first === 'boolean' ? !first : first;
  if (test.kind !== 'logical') return first;
  const all = [first, ...others];
  const decides = test.op === '||';
  if (all.includes(decides)) return decides;
  return all.every((one) => one === first) ? first : undefined;
}

function truthOfOne(view: LinkedFunction, { test, outcome, subject, frame }: Asking, next: Next): Truth {
  const valueOf = (expr: typeof test): Value => view.evaluator.value(expr, frame);
  const asked = test.kind === 'await' ? test.of : test;
  const callee = asked.kind === 'call' ? valueOf(asked.callee) : undefined;
  // A promise that nobody awaits is true. A function of the repository says the same of the same; what it asks on the way are conditions of their own.
  if (test.kind === 'call' && callee?.kind === 'function' && view.evaluator.fact(callee.file, callee.fn)?.async) return 'same';
  const value = outcome === 'case' ? (subject ? binaryValue('===', valueOf(subject), valueOf(test)) : undefined) : valueOf(test);
  // A list that something was put into since it was made, for one: control came here all the same.
  if (value && outcome !== 'case' && truthiness(value) === !outcome) return undefined;
  // What a callback reads is no part of the value that it decides.
  const again = value && !contains(value, takesCallback) ? next.of(value) : undefined;
  if (!value || !again) {
    const inputs = inputsOf(view, test, frame)?.concat((subject && inputsOf(view, subject, frame)) ?? []);
    if (inputs) return inputs.every((one) => next.isSame(one)) ? 'same' : undefined;
    return asked.kind === 'call' && callee?.kind === 'function' && asked.args.every((arg) => next.isSame(valueOf(arg))) ? 'same' : undefined;
  }
  if (valueKey(again) === valueKey(value) || contains(again, isAnswer) || (outcome !== 'case' && goesFurther(value, again, outcome))) return 'same';
  return truthiness(again);
}

const takesCallback = (value: Value): boolean => value.kind === 'derived' && value.what !== 'typeof' && value.from.some(({ kind }) => kind === 'function');

/** `level < 0` of a level that gets lower: what has come out so once does from then on. */
function goesFurther(value: Value, again: Value, outcome: boolean): boolean {
  if (value.kind !== 'derived' || again.kind !== 'derived' || !/^[<>]=?$/.test(value.what)) return false;
  const [was, limit] = value.from;
  const [now, then] = again.from;
  const [old, step] = now?.kind === 'derived' && /^[-+]$/.test(now.what) ? now.from : [];
  if (!was || !limit || !then || !old || step?.kind !== 'literal' || valueKey(old) !== valueKey(was) || valueKey(limit) !== valueKey(then)) return false;
  const isDown = (now?.kind === 'derived' && now.what === '-') === Number(step.value) > 0;
  return (value.what.startsWith('<') === isDown) === outcome;
}

/** What is no constant of the code. */
const isWorkedOut = ({ kind }: Value): boolean => kind !== 'literal' && kind !== 'object' && kind !== 'array' && kind !== 'template';

/** Whether two lists are of the same values, one by one. */
const areSame = (list: readonly Value[], other: readonly Value[]): boolean => list.every((one, index) => one === other[index] || (other[index] !== undefined && valueKey(one) === valueKey(other[index])));

/** Values of one round as they are in the next one. */
class Next {
  private readonly round: NextRound;
  /** What a round puts somewhere, where it, or the next one, may read it. */
  private readonly written: Written;

  constructor(round: NextRound, written: Written) {
    this.round = round;
    this.written = written;
  }

  isSame(value: Value): boolean {
    const again = this.of(value);
    return again !== undefined && valueKey(again) === valueKey(value);
  }

  /** `undefined`: not known. */
  of(value: Value, depth = 0): Value | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const all = (list: readonly Value[]): readonly Value[] | undefined => {
      const found = list.flatMap((one) => this.of(one, depth + 1) ?? []);
      return found.length === list.length ? found : undefined;
    };
    switch (value.kind) {
      case 'literal': case 'env': case 'resource': case 'external': case 'function': case 'class': case 'context': case 'instance': return value;
      case 'unknown': case 'param': return undefined;
      case 'event': return this.ofEvent(value, value.path);
      case 'template': { const found = all(value.parts); return found && (areSame(found, value.parts) ? value : template(found)); }
      case 'array': { const items = all(value.items); return items && { ...value, items }; }
      case 'object': {
        // `const { seen, ...rest } = after`
        const mirror = mirrorOf(value);
        if (mirror?.side) return mirror.side === 'after' && this.isKept(mirror.fields) ? value : undefined;
        const items = all(value.entries.map(([, item]) => item));
        return items && { ...value, entries: value.entries.map(([name], index) => [name, items[index] as Value] as const) };
      }
      case 'oneOf': {
        // Which of several texts, flags or constant objects it is was decided by a branch.
        const options = value.options.some((one) => contains(one, isWorkedOut)) ? all(value.options) : undefined;
        return options && (areSame(options, value.options) ? value : undefined);
      }
      case 'derived': return this.ofDerived(value, depth);
    }
  }

  private ofDerived(value: Value & { kind: 'derived' }, depth: number): Value | undefined {
    // What lies where no round writes is there again.
    const source = this.written.some ? this.written.source(value) : undefined;
    if (source) return this.isSame(source) ? value : undefined;
    if (this.written.some && isRead(value)) return undefined;
    const mirror = mirrorOf(value);
    if (mirror?.side && (mirror.exists || mirror.whole || mirror.key.startsWith('@.'))) return this.ofState(value, mirror);
    // What is worked out of fields that the write leaves as they are: `String(after.customer?.mail || '').trim()`.
    if (mirror?.side === 'after' && this.isKept(mirror.fields)) return value;
    // A field of a document that is new.
    if (/^\.[^.]/.test(value.what) && value.from[0] && isNewData(value.from[0])) return this.ofField(value, value.what.slice(1), value.from[0]);
    // `JSON.parse(record.body).kind`
    if (value.what.startsWith('.') && value.from.length === 1 && value.from[0] && eventNames(value.from[0]).length > 0 && !contains(value.from[0], isAsked) && !value.what.startsWith('.length')) {
      const field = this.ofField(value, value.what.slice(1), value.from[0]);
      if (field) return field;
    }
    // What is left of a batch: a round that sends something is one in which there was something.
    if (/^\.?length$/.test(value.what) && value.from[0] && isBatch(value.from[0])) return value;
    if (value.io && !isNow(value) && !(this.written.some && this.written.isPart(value))) return this.written.some && !isAnswer(value) ? undefined : value;
    const from: Value[] = [];
    for (const one of value.from) {
      const found = this.of(one, depth + 1);
      if (!found) return undefined;
      from.push(found);
    }
    return areSame(from, value.from) ? value : refolded(value, from);
  }

  /** Whether a write leaves the fields of a state as they are. */
  private isKept(fields: readonly string[]): boolean {
    const { written } = this.round.change;
    return written !== undefined && fields.length > 0 && fields.every((field) => ![...written].some((one) => names(field, one)));
  }

  /** A part of the event. */
  private ofEvent(value: Value & { kind: 'event' }, path: readonly string[]): Value | undefined {
    const mirror = mirrorOf(value);
    if (mirror?.side) return this.ofState(value, mirror);
    const { key } = this.round.arrives;
    if (path.at(-1) === 'length') {
      const list: Value = { kind: 'event', path: path.slice(0, -1) };
      return this.isSame(list) ? value : undefined;
    }
    const name = path.findLast((step) => step !== '*' && !/^\d+$/.test(step));
    if (key && key.kind !== 'object' && (name === 'key' || name === 'name')) return key;
    const at = path.findIndex((step) => messageParts.has(step));
    if (name === undefined || (at < 0 && !this.round.arrives.isWhole && !ofObject.has(name))) return value;
    if (at === path.length - 1 && !this.round.arrives.isWhole) return this.isHandedOn(value) ? value : undefined;
    return this.ofField(value, name, { kind: 'event', path: path.slice(0, path.lastIndexOf(name)) });
  }

  /** A field of the message: what is sent under its name, or the same where the whole message is sent again. */
  private ofField(value: Value, name: string, of: Value): Value | undefined {
    const found = new Map(this.round.sent.filter(([sent]) => sent === name).map(([, one]) => [valueKey(one), one]));
    const [only] = found.values();
    if (only) return found.size === 1 ? only : undefined;
    if (this.isHandedOn(of)) return value;
    const { payload } = this.round.arrives;
    return payload && isWithout(payload, name) ? literal(undefined) : undefined;
  }

  /** Whether the message is sent on as it is, or with all of its fields. */
  private isHandedOn(message: Value): boolean {
    const isIt = (one: Value | undefined): boolean => one !== undefined && alternatives(one).every((option) => isPartOf(message, option, this.round.arrives.isWhole === true) || (option.kind === 'object' && option.entries.some(([name, item]) => name === '...' && isIt(item))));
    return isIt(this.round.arrives.payload) || this.round.sent.some(([name, one]) => (name === '...' || messageParts.has(name)) && isIt(one));
  }

  /** A part of the document before or after the write. */
  private ofState(value: Value, { side, fields, exists, whole, key }: Mirror): Value | undefined {
    const { arrives, change, sent } = this.round;
    const isThere = side && change.exists[side];
    if (exists) return isThere === undefined ? undefined : literal(isThere);
    // A leaf of a tree is what is written there.
    if (whole) return (whole === 'data' && side === 'after' ? leafOf(arrives.payload) : undefined) ?? (isThere === true ? value : undefined);
    const [field] = fields;
    if (field === undefined) return undefined;
    const put = putInto(change, key);
    // What was there before is known of what is written to be another: a write that changes nothing raises no event.
    if (side === 'before') return put && (isFresh(put) || (put.kind === 'literal' && change.values?.size === 1)) ? { kind: 'derived', what: OTHER, from: [put], io: false } : undefined;
    if (change.written) {
      if (this.isKept(fields)) return value;
      return put;
    }
    const [top = '', tag] = key.slice(2).split('.');
    const [written, ...others] = sent.filter(([name]) => name === top);
    return written && others.length === 0 && (tag === undefined || typeTag.test(tag)) ? written[1] : undefined;
  }
}

/** What a write to a tree puts where the trigger listens, where that is no object. */
function leafOf(payload: Value | undefined): Value | undefined {
  const [only, ...others] = payload?.kind === 'object' && !payload.open ? payload.entries : [];
  const value = only && others.length === 0 && only[0] === 'after' ? only[1] : payload;
  return value && (value.kind === 'literal' || value.kind === 'template' || isNow(value)) ? value : undefined;
}

/** What a write puts into the field of a state that a key names, with or without the tag of its type. */
function putInto({ values }: Change, key: string): Value | undefined {
  const [top = '', tag, ...more] = key.slice(2).split('.');
  const value = more.length === 0 && (tag === undefined || typeTag.test(tag)) ? values?.get(top) : undefined;
  return value && plainAttribute(value);
}

/** Parts of events that hold the message itself (event formats of Lambda's sources, of Pub/Sub, Event Grid and Cloudflare Queues; November 2026). */
const messageParts: ReadonlySet<string> = new Set(['body', 'detail', 'Message', 'dynamodb', 'data', 'message', 'json', 'kinesis', 'queryStringParameters']);
/** What an event of an object says of the object beside its name. */
const ofObject: ReadonlySet<string> = new Set(['contentType', 'metadata', 'eventName', 'eventType', 'size']);

/** Whether something is the same part of the event as another value, packed in another way, or of the event as a whole. */
function isPartOf(message: Value, whole: Value, isDeep: boolean): boolean {
  const [inner, outer] = [unpacked(message), unpacked(whole)];
  if (!inner || !outer || (!isDeep && inner.length !== outer.length)) return false;
  return outer.every((step, index) => step === inner[index]);
}

/** The path of the part of the event that a text or an object holds: `JSON.stringify(JSON.parse(record.body))`. */
function unpacked(value: Value): readonly string[] | undefined {
  let current: Value | undefined = value;
  for (let step = 0; current && step < MAX_DEPTH; step++) {
    if (current.kind === 'event') return current.path.map((part) => (/^\d+$/.test(part) ? '*' : part));
    current = current.kind === 'derived' && packing.test(current.what) ? current.from[0] : undefined;
  }
  return undefined;
}

const packing = /(?:JSON\.(?:parse|stringify)|Buffer\.from|(?:un)?marshall|atob|btoa|#toString|#trim|#data|#val)$/;

/** What is in the snapshot of a trigger that hears of new documents only: `snapshot.data()`, `event.data.data()`. */
const isNewData = (value: Value): boolean => value.kind === 'derived' && /^#(?:data|val)$/.test(value.what) && value.from[0]?.kind === 'event' && mirrorOf(value.from[0])?.side === undefined;

/** What somebody is asked for: no part of the message, whatever of it is in the question. */
const isAsked = (value: Value): boolean => value.kind === 'derived' && !isNow(value) && (value.io || isRead(value));

/** The records of the event, or some of them. */
function isBatch(list: Value): boolean {
  if (list.kind === 'array') return list.open && contains(list, (one) => one.kind === 'event' && one.path[0] === 'Records' && one.path[1] === '*');
  if (list.kind === 'event') return list.path.length === 1 && /^(?:Records|messages)$/.test(list.path[0] ?? '');
  return list.kind === 'derived' && /^#(?:map|filter|flatMap|slice)$/.test(list.what) && list.from[0] !== undefined && isBatch(list.from[0]);
}

/** What a request over the network answers: nothing that a round has put there. */
function isAnswer(value: Value): boolean {
  return value.kind === 'derived' && (/^(?:global:)?fetch$|(?:^|:)(?:axios|got|undici|node-fetch|superagent|ky)\b/.test(value.what) || (value.from[0] !== undefined && isAnswer(value.from[0])));
}
