import type { Platform } from '../../model/function.ts';
import type { DerivedValue, InstanceValue, ParamValue, Value } from '../../model/value.ts';
import type { Argument } from '../frame.ts';
import { isFrame } from '../frame.ts';
import { isGivenElsewhere } from './elsewhere.ts';

/**
 * How a value depends on the caller: `direct` (it is or is computed from event, request or context), `fetched` (what a call
 * out of the process gave for them), or not at all.
 */
export type Taint = 'direct' | 'fetched';

/** Parts of the context that are the same for all invocations of a function (AWS Lambda Node.js context object, November 2026). */
const sharedContext: ReadonlySet<string> = new Set(['functionName', 'functionVersion', 'invokedFunctionArn', 'memoryLimitInMB', 'logGroupName', 'logStreamName', 'callbackWaitsForEmptyEventLoop', 'executionContext', 'functionDirectory', 'env']);

/** Lambda's context has no such names: middleware put a setting there (`@middy/ssm` with `setToContext`, middy.js.org, read 2026-11). */
const setting = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** `map.get(key)`, `cache[key]`. */
const lookUp = /#(?:get|has|includes|indexOf|find\w*)$|^property$/;
/** Packages that type what a platform hands to a handler: their events, requests and contexts are the caller's. */
const platformTypes = /^(?:aws-lambda|@types\/aws-lambda|@azure\/functions|@netlify\/functions|@vercel\/node|@google-cloud\/functions-framework|firebase-functions(?:\/.*)?|@cloudflare\/workers-types)$/;

/** A parameter that is known by such a declared type only. */
function isPlatformInput(value: InstanceValue): boolean {
  return value.site === undefined && value.of.kind === 'external' && platformTypes.test(value.of.module) && /(?:Event|EventV2|Request|Context|Record)$/.test(value.of.path.at(-1) ?? '');
}

/** `client.send(new GetParameterCommand(…))` of a client that reads as a part of the event. */
function isSent({ what, from: [client, command] }: DerivedValue): boolean {
  return what === '#send' && client?.kind === 'event' && command?.kind === 'instance' && command.of.kind === 'external' && command.of.module.startsWith('@aws-sdk/') && command.of.path.at(-1)?.endsWith('Command') === true;
}

const MAX_VISITS = 500;

/** How to go on where a value ends: at an argument that is not evaluated yet, at a parameter of which the path says nothing. */
export interface Resolve {
  argument(argument: Argument): Value;
  param(value: ParamValue): readonly Value[];
  /** One file of several is seen: what the others give may be the same for every caller, whatever they are given. */
  readonly partial?: boolean;
  /** Names in the event that the deployment sets, the same for every caller. */
  readonly settings?: ReadonlySet<string>;
  /** What an object keeps of what it was made with, where that can be told. */
  fields?(value: InstanceValue): readonly Value[] | undefined;
}

export function taintOf(value: Value, platform: Platform, resolve?: Resolve): Taint | undefined {
  let left = MAX_VISITS;
  const seen = new Set<unknown>();
  const visit = (one: Value, depth: number): Taint | undefined => {
    if (left-- <= 0 || depth > 30) return undefined;
    switch (one.kind) {
      case 'event': return (platform === 'cloudflare' && one.path[0] === 'env') || one.path[0] === 'stageVariables'
        || (one.path[0] !== undefined && resolve?.settings?.has(one.path[0])) ? undefined : 'direct';
      case 'context': return sharedContext.has(one.path[0] ?? '') || (platform === 'aws' && setting.test(one.path[0] ?? '')) ? undefined : 'direct';
      case 'template': return any(one.parts, depth);
      case 'object': return any(one.entries.map(([, item]) => item), depth);
      case 'array': return any(one.items, depth);
      case 'oneOf': return any(one.options, depth);
      case 'derived': {
        // What a look-up finds depends on what was kept, not on who asks.
        if (!one.io && lookUp.test(one.what)) return any(one.from.slice(0, 1), depth);
        // What takes a command is a client, which no event brings: `work({ ...event })` beside a client that is a default.
        if (isSent(one)) return any(one.from.slice(1), depth) && 'fetched';
        const inner = any(one.from, depth);
        // `Date.now() + answer.retryAfter * 1000`: a point in time, whoever it was that asked.
        if (inner === 'fetched' && isMoment(one)) return undefined;
        if (inner && resolve?.partial && isGivenElsewhere(one)) return undefined;
        return inner && one.io ? 'fetched' : inner;
      }
      case 'instance': {
        if (isPlatformInput(one)) return 'direct';
        const kept = resolve?.fields?.(one);
        if (kept) {
          if (seen.has(one.frame)) return undefined;
          seen.add(one.frame);
          return any(kept, depth);
        }
        const inner = any(one.args, depth);
        if (inner || !resolve || !isFrame(one.frame) || seen.has(one.frame)) return inner;
        seen.add(one.frame);
        return any((one.frame.args ?? []).map((argument) => resolve.argument(argument)), depth);
      }
      case 'param': {
        const key = `${one.file}#${one.fn}.${one.index}`;
        if (!resolve || seen.has(key)) return undefined;
        seen.add(key);
        return any(resolve.param(one), depth);
      }
      case 'function': return one.bound ? any(one.bound, depth) : undefined;
      default: return undefined;
    }
  };
  const any = (list: readonly Value[], depth: number): Taint | undefined => {
    let found: Taint | undefined;
    for (const item of list) {
      const taint = visit(item, depth + 1);
      if (taint === 'direct') return taint;
      found ??= taint;
    }
    return found;
  };
  return visit(value, 0);
}

/** Paths of event and context that a value rests on, without what calls out of the process gave. Sorted. */
export function inputsOf(value: Value): readonly string[] {
  const found = new Set<string>();
  let left = MAX_VISITS;
  const visit = (one: Value, depth: number): void => {
    if (left-- <= 0 || depth > 30) return;
    switch (one.kind) {
      case 'event': case 'context': found.add(`${one.kind}.${one.path.join('.')}`); break;
      case 'template': one.parts.forEach((item) => visit(item, depth + 1)); break;
      case 'object': one.entries.forEach(([, item]) => visit(item, depth + 1)); break;
      case 'array': one.items.forEach((item) => visit(item, depth + 1)); break;
      case 'oneOf': one.options.forEach((item) => visit(item, depth + 1)); break;
      case 'instance': one.args.forEach((item) => visit(item, depth + 1)); break;
      case 'derived': if (!one.io) one.from.forEach((item) => visit(item, depth + 1)); break;
      default: break;
    }
  };
  visit(value, 0);
  return [...found].sort();
}

/** Numbers that platforms give to one invocation (AWS Lambda context object, Azure invocation context, OpenWhisk activation; November 2026). */
const invocationIds: ReadonlySet<string> = new Set(['awsRequestId', 'invocationId', 'activationId']);

/** Whether a value depends on nothing of the caller but the number of the invocation. */
export function isInvocationId(value: Value, depth = 0): boolean {
  if (depth > 8) return false;
  switch (value.kind) {
    case 'context': return value.path.length === 1 && invocationIds.has(value.path[0] ?? '');
    case 'template': return value.parts.every((item) => isInvocationId(item, depth + 1));
    case 'oneOf': return value.options.every((item) => isInvocationId(item, depth + 1));
    case 'object': return !value.open && value.entries.every(([, item]) => isInvocationId(item, depth + 1));
    default: return isFixed(value, depth);
  }
}

/** Whether a value is one of few that the code itself spells out: a flag, a constant, an environment variable. */
export function isFixed(value: Value, depth = 0): boolean {
  if (depth > 8) return false;
  switch (value.kind) {
    case 'literal': case 'env': case 'resource': return true;
    case 'template': return value.parts.every((item) => isFixed(item, depth + 1));
    case 'oneOf': return value.options.every((item) => isFixed(item, depth + 1));
    case 'array': return !value.open && value.items.every((item) => isFixed(item, depth + 1));
    case 'object': return !value.open && value.entries.every(([, item]) => isFixed(item, depth + 1));
    default: return false;
  }
}

/** What is added to or taken from the time of day. */
const isMoment = (value: DerivedValue): boolean => /^[-+]$/.test(value.what) && value.from.some((one) => one.kind === 'derived' && one.what === 'global:Date.now');

/** Clocks and sources of random numbers: they leave the process, and what they give is fetched from nowhere and new each time. */
const newEachTime = /^(?:global:(?:Date\.now|Math\.random|performance\.now|process\.hrtime(?:\.bigint)?|crypto\.(?:randomUUID|getRandomValues))|crypto:(?:randomUUID|randomBytes|randomInt)|uuid:\w+|nanoid:\w+|ulid:\w+|cuid:\w*)$/;

/** A value, or part of a text, that is another one in every invocation. */
export const isNewEachTime = (value: Value): boolean => value.kind === 'derived' ? newEachTime.test(value.what) : value.kind === 'template' && value.parts.some(isNewEachTime);
