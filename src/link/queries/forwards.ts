import type { ExternalCall, FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { conditionsAlong } from './conditions.ts';
import { effects, type ReachedEffect } from './effects.ts';
import { filtersAlong } from './filtered.ts';
import { isWaking } from './wakes.ts';

/** What can be handed on: something that runs a function, or keeps a message until one runs. */
const receivers: ReadonlySet<string> = new Set(['function', 'queue', 'topic', 'stream', 'bus']);
/** Packages whose calls say or measure something and change nothing. */
const sayers = /^(?:pino|winston|bunyan|loglevel|debug|log4js|lambda-log|signale|@aws-lambda-powertools\/(?:logger|tracer|metrics)(?:\/.*)?|aws-xray-sdk(?:-core)?|firebase-functions\/logger|node:console|console|dotenv|source-map-support(?:\/register)?|@sentry\/[\w-]+)$/;
/** Globals that only put data into another form, and methods of data (ECMAScript, Node.js). */
const formers = /^(?:console|Response|Headers|URL|URLSearchParams|JSON|Promise|Object|Array|Buffer|String|Number|Boolean|Error|Date|TextEncoder|TextDecoder|Symbol|structuredClone|decodeURIComponent|atob|btoa)\b/;
const formMethods: ReadonlySet<string> = new Set(['map', 'forEach', 'promise', 'then', 'catch', 'finally', 'toString', 'push', 'log', 'info', 'debug', 'warn', 'error', 'trace', 'done', 'succeed', 'send', 'status', 'json', 'end', 'sendStatus', 'text', 'entries', 'values', 'keys']);

/**
 * The one call by which a function does nothing but hand on what it was given, unchanged, to one other function, queue, topic,
 * stream or bus; `undefined` when it does anything else, decides anything, or when that cannot be told.
 */
export function forwardOf(view: FunctionView): ReachedEffect | undefined {
  if (view.fn.generation === 'durableObject' || view.fn.generation === 'workflow' || view.fn.handlers.length > 1) return undefined;
  // An orchestrator may do no I/O itself: an activity that does it for it has its reason.
  if (view.fn.triggers.some((trigger) => /activity/i.test(trigger.source))) return undefined;
  const all = effects(view);
  const [first] = all;
  if (!first || all.some((item) => item.expr !== first.expr || !isWaking(item.effect))) return undefined;
  if (all.length > 1 || !receivers.has(first.effect.resourceKind) || first.effect.service === 'service-binding' || first.targets.length !== 1) return undefined;
  const [target] = first.targets;
  if (!target || target.names.kind === 'event' || target.names.kind === 'unknown' || (target.names.kind === 'function' && target.names.id === view.fn.id)) return undefined;
  if (!isUnchanged(first.effect.payload)) return undefined;
  const { call, occurrence } = first;
  const linked = view as LinkedFunction;
  if (call && occurrence) {
    const asked = [...conditionsAlong(linked, occurrence.activation, call.expr), ...filtersAlong(linked, occurrence.activation, call.expr)];
    if (asked.some((condition) => contains(linked.evaluator.value(condition.test, condition.frame), isInput))) return undefined;
  }
  return view.calls('invoke').every((one) => one === call || isSilent(one, call)) ? first : undefined;
}

const isInput = (value: Value): boolean => value.kind === 'event' || value.kind === 'param';

/** The event or a part of it, at most put into text. */
function isUnchanged(payload: Value | undefined): boolean {
  return payload !== undefined && alternatives(payload).every((one) => isSame(one, 0));
}

function isSame(value: Value, depth: number): boolean {
  if (depth > 6) return false;
  switch (value.kind) {
    case 'event': return true;
    case 'derived': return /^(?:global:)?(?:JSON\.(?:stringify|parse)|Buffer\.from|String)$|^#(?:toString|text|json)$/.test(value.what) && value.from[0] !== undefined && isSame(value.from[0], depth + 1);
    case 'array': return value.items.length === 1 && value.items[0] !== undefined && isSame(value.items[0], depth + 1);
    case 'object': return value.entries.length === 1 && value.entries[0]?.[0] === '...' && isSame(value.entries[0][1], depth + 1);
    default: return false;
  }
}

/** A call that does no work of its own: it says something, puts data into another form, or belongs to the client that sends. */
function isSilent(call: ExternalCall, sender: ExternalCall | undefined): boolean {
  const { module, path } = call.callee;
  if (module === 'global') return formers.test(path.join('.'));
  if (module === 'unknown') return formMethods.has(path.at(-1)?.replace('#', '') ?? '');
  return sayers.test(module) || module === sender?.callee.module || /^@aws-sdk\/(?:client-|lib-)|^@google-cloud\/(?:pubsub|tasks)$|^@azure\/(?:service-bus|storage-queue|event-hubs|eventgrid)$/.test(module);
}
