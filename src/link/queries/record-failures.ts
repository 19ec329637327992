import { effectsOf, mayAct } from '../../catalog/effects.ts';
import { isPure } from '../../catalog/pure.ts';
import type { CallExpr, NewExpr, Stmt } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Callee, FunctionView } from '../../model/project.ts';
import type { Node } from '../reach.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { calleeOf, targetOf } from './calls-in.ts';
import { isHandedOut } from './passed-by.ts';
import { nodeOf } from './promises.ts';
import type { RecordLoop } from './records.ts';
import { edgesAt, externalsAt } from './started.ts';

/** Something in a round over the records that can fail and take the whole batch with it. */
export interface Failure {
  /** For messages: `JSON.parse`, `throw`, `SendMessage`. */
  readonly what: string;
  readonly place: SourcePlace;
  /** Talks to something outside, rather than reading what came in. */
  readonly outside: boolean;
}

const MAX_DEPTH = 6;

/** The first thing in a round that can fail with nothing around it that keeps the failure inside the round. */
export function failureOf(of: FunctionView, loop: RecordLoop): Failure | undefined {
  const view = of as LinkedFunction;
  if (loop.settled || isKept(loop.body.fn.body, loop.at)) return undefined;
  const { round } = loop;
  const isList = (one: RecordLoop['round']): one is readonly Item[] => Array.isArray(one);
  if (isList(round)) return inItems(view, loop.body.node, round, new Set());
  const node = nodeOf(view, round.file, round.fn);
  const fact = view.evaluator.fact(round.file, round.fn);
  return node && fact ? inItems(view, node, fact.body, new Set([node])) : undefined;
}

function inItems(view: LinkedFunction, node: Node, roots: readonly Item[], seen: Set<Node>, depth = 0): Failure | undefined {
  let parse: Failure | undefined;
  let found: Failure | undefined;
  const file = node.frame.file;
  const take = (one: Failure | undefined): void => {
    if (one?.outside) found ??= one;
    else parse ??= one;
  };
  walk(roots, (item, ancestors) => {
    if (found) return false;
    if (item.kind !== 'throw' && item.kind !== 'call' && item.kind !== 'new') return undefined;
    if (keptBy(ancestors, item)) return undefined;
    const place = { file, start: item.start, end: item.end };
    if (item.kind === 'throw') { take({ what: 'throw', place, outside: false }); return undefined; }
    if (item.kind === 'call' && item.callee.kind === 'ref' && view.evaluator.modules.facts(file)?.bindings[item.callee.binding]?.name === 'reject') take({ what: 'a rejected promise', place, outside: true });
    const awaited = ancestors.at(-1)?.kind === 'await' || ancestors.at(-1)?.kind === 'yield';
    for (const external of externalsAt(node, item)) {
      const callee = calleeOf(external);
      take(ofCallee(view, node, item, callee, awaited, place));
    }
    if (depth < MAX_DEPTH) {
      for (const edge of edgesAt(view, node, item)) {
        const target = targetOf(view, edge);
        const fact = target && view.evaluator.fact(target.frame.file, target.frame.fn);
        if (!target || !fact || seen.has(target)) continue;
        seen.add(target);
        const inner = inItems(view, target, fact.body, seen, depth + 1);
        if (inner) take({ ...inner, place });
      }
    }
    return undefined;
  });
  return found ?? parse;
}

/** Logging, metrics and tracing: they do not fail. */
const quiet = /log|metric|trac|xray|sentry|datadog|newrelic|console|pino|winston|bunyan/i;

function ofCallee(view: LinkedFunction, node: Node, expr: CallExpr | NewExpr, callee: Callee, awaited: boolean, place: SourcePlace): Failure | undefined {
  const name = callee.path.filter((part) => part !== 'default').map((part) => part.replace('#', '')).slice(-2).join('.');
  if (callee.module === 'global') {
    if (name === 'JSON.parse') return { what: 'JSON.parse', place, outside: false };
    return name === 'fetch' ? { what: 'fetch', place, outside: true } : undefined;
  }
  if (quiet.test(callee.module)) return undefined;
  if (/^(?:node:)?assert(?:\/strict)?$/.test(callee.module)) return { what: 'assert', place, outside: false };
  if (/unmarshall$/.test(name)) return { what: 'unmarshall', place, outside: false };
  if (mayAct(callee)) {
    const [effect] = effectsOf(callee, expr.args.map((arg) => view.evaluator.value(arg, node.frame)));
    if (effect && !effect.wraps && expr.kind === 'call') return { what: effect.detail, place, outside: true };
  }
  if (!awaited || callee.module === 'unknown' || isPure(callee) || /^(?:timers|events|util|stream|crypto|zlib|path)(?:\/|$)/.test(callee.module.replace(/^node:/, ''))) return undefined;
  return { what: name === '' ? callee.module : name, place, outside: true };
}

const isKept = (body: readonly Stmt[], at: Item): boolean => {
  let kept = false;
  walk(body, (item, ancestors) => {
    // Whether a call below `Promise.allSettled` is settled is asked before.
    if (item === at) kept = keptBy(ancestors, item, at.kind !== 'call');
    return undefined;
  });
  return kept;
};

/** Something around an item catches its failure and goes on: a `catch` that throws nothing, `.catch(…)`, `Promise.allSettled`. */
function keptBy(ancestors: readonly Item[], item: Item, settles = true): boolean {
  for (let index = ancestors.length - 1; index >= 0; index--) {
    const around = ancestors[index];
    const inner = ancestors[index + 1] ?? item;
    if (around?.kind === 'try' && around.handler && (around.block as readonly Item[]).includes(inner) && !throwsOn(around.handler) && !isHandedOut(item, ancestors)) return true;
    if (around?.kind === 'call' && around.callee.kind === 'member') {
      if (around.callee === inner && around.callee.property === 'catch') return true;
      if (settles && around.callee.property === 'allSettled' && around.callee !== inner) return true;
    }
    // `promise.catch(…)`: the member stands between.
    if (around?.kind === 'member' && around.property === 'catch') return true;
  }
  return false;
}

/** A handler of a `catch` that lets the failure out again. */
function throwsOn(handler: readonly Stmt[]): boolean {
  let found = false;
  walk(handler, (item, ancestors) => {
    if (item.kind === 'throw' && !ancestors.some((one) => one.kind === 'try' && one.handler !== undefined && !(one.handler as readonly Item[]).some((part) => part === item))) found = true;
    if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'reject') found = true;
    return undefined;
  });
  return found;
}
