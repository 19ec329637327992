import type { ServerlessFunction, TriggerKind } from '../../model/function.ts';
import type { Node } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';

/** Triggers that start a function and wait for no answer: a failure is theirs to try again, a success is the end of the event. */
const asynchronous: ReadonlySet<TriggerKind> = new Set(['queue', 'topic', 'stream', 'bucket', 'bus', 'schedule', 'document', 'log', 'custom', 'stateMachine']);
const synchronous: ReadonlySet<TriggerKind> = new Set(['http', 'url', 'auth']);
/** Handlers of one unit with several, by the events that they are for (Workers runtime handlers, November 2026). */
const asynchronousHandlers = /^(?:queue|scheduled|email|tail|trace|alarm)$/;

/** Triggers of Azure whose caller is given what the function returns (Azure Functions, "MCP bindings", read 2026-11). */
const asksForAnswer = /^mcp(?:Tool|Resource|Prompt)Trigger$/i;

/** Netlify answers for a background function at once and runs it again when it throws (docs.netlify.com, "Background functions", November 2026). */
const inBackground = (fn: ServerlessFunction): boolean => fn.platform === 'netlify' && fn.triggers.some(({ kind, source }) => kind === 'http' && source === 'background');

/** Whether nobody waits for what a function answers; with `root`, the one of its handlers that a path starts from. */
export function runsForNobody(fn: ServerlessFunction, root?: Node, view?: LinkedFunction): boolean {
  if (inBackground(fn)) return true;
  const kinds = fn.triggers.map((trigger) => (asksForAnswer.test(trigger.source) ? 'http' : trigger.kind));
  // Events of a kind that the code does not tell (CloudEvents of the Functions Framework).
  const events = fn.triggers.some((trigger) => trigger.kind === 'unknown' && /event/i.test(trigger.source) && (fn.platform === 'google' || fn.platform === 'firebase'));
  if (!events && !kinds.some((kind) => asynchronous.has(kind))) return false;
  if (!kinds.some((kind) => synchronous.has(kind))) return true;
  if (!root || !view) return true;
  const name = view.evaluator.fact(root.frame.file, root.frame.fn)?.name ?? '';
  return fn.platform === 'cloudflare' && asynchronousHandlers.test(name);
}

/**
 * Whether a process goes on between invocations: elsewhere it is frozen, or has no processor (platforms' pages on the life of
 * an instance, November 2026). A Durable Object lives on while it has something to do.
 */
export const keepsRunning = (fn: ServerlessFunction): boolean => fn.generation === 'durableObject' || fn.platform === 'azure' || fn.platform === 'openwhisk';

/** Whether somebody waits for an answer over HTTP. */
export const isAnswered = (fn: ServerlessFunction): boolean => !inBackground(fn) && fn.triggers.some((trigger) => trigger.kind === 'http' || trigger.kind === 'url');

/** The handler from which the shortest path to a body starts; `undefined` for what a framework registered. */
export function rootOf(body: LinkedBody): Node | undefined {
  let node = body.node;
  for (let count = 0; node.via && count < 200; count++) {
    if (node.via.from.phase === 'init') return undefined;
    node = node.via.from;
  }
  return node;
}
