import { awsOperationsOf } from '../../catalog/effects.ts';
import { chainOf } from '../../catalog/effect-chain.ts';
import { dynamoStep, isRefusedTwice } from '../../catalog/dynamo-steps.ts';
import { property, textOf } from '../../catalog/look-up.ts';
import { appendingCalls, appendingNames, countingCalls, countingNames, countingValue, excludingNames, idNames, requestIdentity } from '../../catalog/repeats.ts';
import { sqlRepeat } from '../../catalog/sql-texts.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import type { ReachedEffect } from './effects.ts';
import { freshness } from './fresh-ids.ts';
import { keyNamesOf } from './item-keys.ts';
import { sentParts } from './payload.ts';
import { statementIn } from './sql-statements.ts';

/** What takes place once more when the same event is handled a second time. */
export type Repeat = 'charge' | 'increment' | 'append' | 'mail' | 'message' | 'insert';

/** What an effect does once more on a second run by itself; `undefined` where the second run leaves things as they are, or that is not known. */
export function repeatOf(view: LinkedFunction, item: ReachedEffect): Repeat | undefined {
  const { effect } = item;
  if (effect.deferred) return undefined;
  if (isNamed(item)) return undefined;
  // What is confirmed or captured has its own id, and that once.
  if (effect.kind === 'charge' && /^(?:confirm|capture|pay|execute)$/.test(effect.detail)) return undefined;
  if (effect.kind === 'charge') return effect.key && freshness(effect.key) === undefined ? undefined : 'charge';
  if (effect.service === 'mail' || effect.service === 'ses') return effect.kind === 'send' || effect.kind === 'publish' ? 'mail' : undefined;
  if (effect.kind === 'send') return effect.service === 'sms' || effect.service === 'fcm' ? 'message' : undefined;
  if (effect.kind !== 'write') return undefined;
  if (effect.service === 'dynamodb') {
    const told = ofDynamo(view, item);
    if (told !== undefined) return told === 'refused' ? undefined : told;
  }
  if (countingCalls.get(effect.service)?.test(effect.detail)) return 'increment';
  if (appendingCalls.get(effect.service)?.test(effect.detail)) return 'append';
  if (effect.service === 'sql' || effect.service === 'd1') {
    const told = ofSql(item);
    if (told !== undefined) return told === 'onceOnly' ? undefined : told;
  }
  const args = argumentsOf(item);
  if (effect.service === 'mongodb' && args[0] && sentParts(args[0]).some(([name]) => excludingNames.has(name))) return undefined;
  const parts = [...(effect.payload ? sentParts(effect.payload) : []), ...args.flatMap((arg) => sentParts(arg))];
  if (parts.some(([name]) => countingNames.has(name)) || parts.some(([name, value]) => name === 'op' && textOf(value) === 'incr')) return 'increment';
  if (parts.some(([, value]) => isStep(value)) || [effect.payload, ...args].some((value) => value !== undefined && isStep(value))) return 'increment';
  if (effect.service === 'rtdb' && effect.detail === 'transaction' && countsOn(view, args[0])) return 'increment';
  if (parts.some(([name]) => appendingNames.has(name))) return 'append';
  return isInsertAnew(view, item) ? 'insert' : undefined;
}

/** The request says by what it is recognised when it comes again, and that is not made anew. */
function isNamed(item: ReachedEffect): boolean {
  return argumentsOf(item).some((arg) => sentParts(arg).some(([name, value]) => requestIdentity.test(name) && freshness(value) === undefined && !(value.kind === 'literal' && value.value === undefined)));
}

const argumentsOf = (item: ReachedEffect): readonly Value[] => item.occurrence?.args.flatMap((arg) => (arg.kind === 'instance' ? arg.args : [arg])) ?? [];

function ofDynamo(view: LinkedFunction, item: ReachedEffect): Repeat | 'refused' | undefined {
  if (!item.occurrence) return undefined;
  for (const { operation, params } of awsOperationsOf(item.occurrence.callee, item.occurrence.args)) {
    if (operation === 'UpdateItem') {
      if (isRefusedTwice(params)) return 'refused';
      return dynamoStep(params);
    }
    if (operation === 'PutItem' && isRefusedTwice(params)) return isInsertAnew(view, item) ? 'insert' : 'refused';
    if (operation !== 'TransactWriteItems') continue;
    const entries = property(params, 'TransactItems');
    const items = entries?.kind === 'array' ? entries.items : [];
    const updates = items.map((entry) => property(entry, 'Update'));
    // One entry that is refused takes all of them back.
    if (items.some((entry) => ['Put', 'Update', 'ConditionCheck'].some((name) => { const part = property(entry, name); return part !== undefined && isRefusedTwice(part); }))) return 'refused';
    return updates.map((update) => dynamoStep(update)).find((step) => step !== undefined);
  }
  return undefined;
}

function ofSql(item: ReachedEffect): Repeat | 'onceOnly' | undefined {
  const { call, occurrence } = item;
  if (!call || !occurrence) return undefined;
  const chain = chainOf(occurrence.callee, occurrence.args);
  const links = chain?.links ?? [];
  const texts = [...links.filter((link) => link.name === 'prepare' || link.name === 'raw').flatMap((link) => link.args?.slice(0, 1) ?? []), ...occurrence.args.slice(0, 1)];
  for (const value of texts.flatMap(alternatives)) {
    const text = statementIn(value);
    const repeat = text === undefined ? undefined : sqlRepeat(text);
    if (!repeat) continue;
    if (repeat.kind === 'step') return 'increment';
    if (repeat.kind === 'onceOnly') return 'onceOnly';
    const at = repeat.columns.findIndex((name) => idNames.has(name) || name === 'guid');
    const bound = links.find((link) => link.name === 'bind')?.args ?? valuesOf(value.kind === 'object' ? property(value, 'values') : occurrence.args[1]);
    const given = at < 0 ? undefined : value.kind === 'template' ? undefined : bound[at];
    return given && freshness(given) !== undefined ? 'insert' : 'onceOnly';
  }
  return undefined;
}

const valuesOf = (value: Value | undefined): readonly Value[] => (value?.kind === 'array' && !value.open ? value.items : []);

/** `FieldValue.increment(1)`; a number that a store gave, and one more, also as a text. */
function isStep(value: Value): boolean {
  if (value.kind === 'oneOf') return value.options.some(isStep);
  if (value.kind !== 'derived') return false;
  if (countingValue.test(value.what)) return true;
  if (/(?:^|[:.#])(?:String|toString)$/.test(value.what)) return value.from.some(isStep);
  return (value.what === '+' || value.what === '-') && value.from.some((part) => part.kind === 'literal' && typeof part.value === 'number') && value.from.some(isStored);
}

/** A property of what a call out of the process gave. */
const isStored = (value: Value): boolean => (value.kind === 'derived' && value.io && value.what.startsWith('.')) || (value.kind === 'oneOf' && value.options.some(isStored));

/** `ref.transaction((current) => (current || 0) + 1)`. */
function countsOn(view: LinkedFunction, update: Value | undefined): boolean {
  const fact = update?.kind === 'function' ? view.evaluator.fact(update.file, update.fn) : undefined;
  let counts = false;
  walk(fact?.body ?? [], (one) => {
    if ((one.kind === 'binary' && (one.op === '+' || one.op === '-')) || (one.kind === 'assign' && /^[-+]=$/.test(one.op))) counts = true;
  });
  return counts;
}

/** Something is stored under a name that is another one each time. */
export function isInsertAnew(view: LinkedFunction, item: ReachedEffect): boolean {
  const { effect } = item;
  if (effect.resourceKind === 'document') {
    const last = effect.target.kind === 'template' ? effect.target.parts.at(-1) : effect.target;
    // `add`, `push`, `doc()`: the database makes a new id.
    if ((effect.service === 'firestore' || effect.service === 'rtdb') && last?.kind === 'literal' && String(last.value).endsWith('/*')) return true;
    if (freshness(effect.target) !== undefined) return true;
  }
  // Objects named after the time are reports and logs.
  if ((effect.resourceKind === 'bucket' || effect.service === 'kv') && effect.key) return freshness(effect.key) === 'random';
  const rows = effect.payload ? alternatives(effect.payload).flatMap((one) => (one.kind === 'array' ? one.items : [one])) : [];
  if (effect.resourceKind !== 'table' && effect.resourceKind !== 'document' && effect.resourceKind !== 'database') return false;
  const names = keyNamesOf(view, item);
  return rows.length > 0 && rows.every((row) => {
    if (row.kind !== 'object') return false;
    return row.entries.some(([name, value]) => (names ? names.has(name) : idNames.has(name)) && freshness(value) !== undefined);
  });
}
