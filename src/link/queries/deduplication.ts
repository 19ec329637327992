import { eventIdentity, excludingNames, recognising, recognisingPackages } from '../../catalog/repeats.ts';
import { awsOperationsOf } from '../../catalog/effects.ts';
import { isRefusedTwice } from '../../catalog/dynamo-steps.ts';
import { textOf } from '../../catalog/look-up.ts';
import type { Trigger } from '../../model/function.ts';
import type { Value } from '../../model/value.ts';
import { contains, valueKey } from '../values.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { conditionsOn } from './conditions.ts';
import { effects, type ReachedEffect } from './effects.ts';
import { sentParts } from './payload.ts';
import { hops, ancestorsOf } from './positions.ts';
import { isInsertAnew } from './unrepeatable.ts';

/** Whether anything in a function may recognise an event that it has handled already: judged generously, since its absence is reported. */
export function recognises(view: LinkedFunction, trigger: Trigger): boolean {
  if (view.files().some((file) => view.project.facts(file)?.imports.some((one) => recognisingPackages.test(one.source)))) return true;
  if (view.bodies('invoke').some(namesIt)) return true;
  const all = effects(view);
  if (all.some((item) => keepsMark(view, item) || usesIdentity(view, trigger, item))) return true;
  // What a schedule asks for and marks as done is not asked for again.
  return trigger.kind === 'schedule' && all.some((item) => item.effect.kind === 'read') && all.some((item) => item.effect.kind === 'delete' || (item.effect.kind === 'write' && !isInsertAnew(view, item)));
}

/** A name that says so: of a function that runs, of one that is called. */
function namesIt(body: LinkedBody): boolean {
  if (recognising.test(body.fn.name)) return true;
  let found = false;
  walk(body.fn.body, (item) => {
    if (item.kind !== 'call' && item.kind !== 'new') return undefined;
    const { callee } = item;
    const name = callee.kind === 'member' ? callee.property : callee.kind === 'ref' ? body.facts.bindings[callee.binding]?.name : callee.kind === 'global' ? callee.name : undefined;
    if (typeof name === 'string' && recognising.test(name)) found = true;
    return undefined;
  });
  return found;
}

/** A write that is refused the second time, under a name that is the same then. */
function keepsMark(view: LinkedFunction, item: ReachedEffect): boolean {
  const { effect, occurrence } = item;
  if (effect.kind !== 'write' || !occurrence || isInsertAnew(view, item)) return false;
  const { args } = occurrence;
  switch (effect.service) {
    case 'dynamodb': return awsOperationsOf(occurrence.callee, args).some(({ params }) => isRefusedTwice(params));
    case 'redis': return /^setnx$/i.test(effect.detail) || args.some((arg) => /^nx$/i.test(textOf(arg) ?? '') || sentParts(arg).some(([name]) => name === 'NX' || name === 'nx'));
    case 'firestore': return effect.detail === 'create';
    case 'mongodb': return args.some((arg) => sentParts(arg).some(([name]) => excludingNames.has(name)));
    default: return args.some((arg) => sentParts(arg).some(([name]) => /^(?:ifNoneMatch|ifGenerationMatch|onlyIf|onlyIfNew)$/i.test(name)));
  }
}

/** What is read or stored is told by the event's own id. */
function usesIdentity(view: LinkedFunction, trigger: Trigger, item: ReachedEffect): boolean {
  const { effect, occurrence } = item;
  if (effect.kind !== 'read' && effect.kind !== 'write') return false;
  // Events with an envelope (EventBridge, CloudEvents) say their id at the top; elsewhere that is a name in the message.
  const enveloped = trigger.kind === 'bus' || view.fn.platform === 'google' || view.fn.platform === 'firebase';
  return [effect.target, effect.key, effect.payload, ...(occurrence?.args ?? [])].some((value) => value !== undefined && contains(value, (one) => isIdentity(one, enveloped)));
}

function isIdentity(value: Value, enveloped: boolean): boolean {
  if (value.kind === 'event' || value.kind === 'context') return eventIdentity.has(value.path.at(-1) ?? '') || (enveloped && value.kind === 'event' && value.path.length === 1 && value.path[0] === 'id');
  return value.kind === 'derived' && value.what.startsWith('.') && eventIdentity.has(value.what.slice(1));
}

/** What only says whether there is something: `!rows.length`, `snapshot.exists()`, `tokens.size > 0`. */
const existence = /^(?:!|!!|>|<|>=|<=|===?|!==?|Boolean|global:Boolean|[.#](?:length|size|empty|exists|hasChildren|numChildren|Items?|Count|docs|data|val))$/;

/** Whether a test only asks if what is worked on is there: the rows that were read for it, and that it is then given. */
function asksForInput(test: Value, args: readonly Value[]): boolean {
  let value: Value | undefined = test;
  for (let step = 0; step < 6 && value; step++) {
    const key = valueKey(value);
    if (value.kind === 'derived' && !/^[!<>=]/.test(value.what) && args.some((arg) => contains(arg, (one) => valueKey(one) === key))) return true;
    if (value.kind !== 'derived' || !existence.test(value.what)) return false;
    value = value.from.find((one) => one.kind === 'derived');
  }
  return false;
}

/**
 * Whether a place is reached only when something that was looked up says so, or only after a failure: then a second run may not come
 * to it.
 */
export function isLookedUpFirst(view: LinkedFunction, { body: of, expr, occurrence }: ReachedEffect): boolean {
  const body = of as LinkedBody;
  const fact = (node: LinkedBody['node']) => view.evaluator.fact(node.frame.file, node.frame.fn);
  const asked = conditionsOn(body, expr, fact).some(({ test, node }) => {
    const value = view.evaluator.value(test, node.frame);
    return contains(value, (one) => one.kind === 'derived' && one.io) && !asksForInput(value, occurrence?.args ?? []);
  });
  if (asked) return true;
  return hops(body, expr).some(({ node, site }) => {
    const fn = fact(node);
    const around = fn ? [...ancestorsOf(fn, site), site] : [];
    return around.some((item, index) => item.kind === 'try' && item.handler?.some((one) => one === around[index + 1]) === true);
  });
}

