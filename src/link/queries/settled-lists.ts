import type { CallExpr } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { targetOf, workIn } from './calls-in.ts';
import { isChain } from './chains.ts';
import { isLog, type Outcome } from './error-handling.ts';
import { ancestorsOf } from './positions.ts';
import { edgesAt } from './started.ts';

/** `Promise.allSettled` of a body whose rejections nobody acts on: the answer is thrown away (`ignored`), or only counted and logged. */
export function settledLists(view: LinkedFunction, body: LinkedBody): readonly { readonly call: CallExpr; readonly outcome: Outcome }[] {
  const found: { call: CallExpr; outcome: Outcome }[] = [];
  walk(body.fn.body, (item) => {
    if (item.kind !== 'call' || item.callee.kind !== 'member' || item.callee.property !== 'allSettled') return;
    if (!workIn(view, body.node, item.args.some((arg) => arg.kind === 'ref') ? body.fn.body : [item]).remote || neverRejects(view, body, item)) return;
    const outcome = fate(view, body, item);
    if (outcome) found.push({ call: item, outcome });
  });
  return found;
}

function fate(view: LinkedFunction, body: LinkedBody, call: CallExpr): Outcome | undefined {
  const around = ancestorsOf(body.fn, call);
  let binding: number | undefined;
  for (let index = around.length - 1; index >= 0; index--) {
    const outer = around[index] as Item;
    if (outer.kind === 'await') continue;
    const link = around[index - 1];
    if (outer.kind === 'member' && isChain(link) && link.callee === outer && link.callee.property === 'then' && link.args[0]?.kind === 'function') return fateIn(view, body, link.args[0].fn);
    if (outer.kind === 'expr') return 'ignored';
    if ((outer.kind === 'declare' || outer.kind === 'assign') && outer.target.kind === 'ref') { binding = outer.target.binding; break; }
    return undefined;
  }
  return binding === undefined ? undefined : isOnlyLogged(view, body, new Set([binding])) ? 'logged' : undefined;
}

/** What a function that `then` is given does with the answer. */
function fateIn(view: LinkedFunction, body: LinkedBody, fn: number): Outcome | undefined {
  const inner = view.bodies('invoke').find((one) => one.file === body.file && one.fn.id === fn);
  const target = inner?.fn.params[0]?.target;
  if (!inner) return undefined;
  if (!target) return 'ignored';
  return target.kind === 'ref' && isOnlyLogged(view, inner, new Set([target.binding])) ? 'logged' : undefined;
}

/** Whether names, and what is made of them by filtering and counting, end in nothing but log lines and tests around log lines. */
function isOnlyLogged(view: LinkedFunction, body: LinkedBody, names: Set<number>): boolean {
  for (let round = 0; round < 4; round++) {
    const before = names.size;
    let acted = false;
    for (const fn of body.facts.functions.filter((one) => one.id === body.fn.id || one.parent === body.fn.id)) {
      walk(fn.body, (item, ancestors) => {
        if (item.kind !== 'ref' || !names.has(item.binding)) return;
        const parent = ancestors.at(-1);
        if ((parent?.kind === 'declare' || parent?.kind === 'assign') && parent.target === item) return;
        const holder = ancestors.findLast((one) => one.kind === 'declare' || one.kind === 'assign');
        if (ancestors.some((one) => (one.kind === 'call' || one.kind === 'new') && isLog(view, body, one))) return;
        if (holder && holder.target.kind === 'ref') { names.add(holder.target.binding); return; }
        const test = ancestors.findLast((one) => one.kind === 'if');
        if (test && test.test.start <= item.start && test.test.end >= item.end) { if (!logsOnly(view, body, [...test.then, ...test.else])) acted = true; return; }
        // `for (const result of results) if (…) log`, `results.forEach(…)`.
        const loop = ancestors.findLast((one) => one.kind === 'loop');
        if (loop?.iterable && loop.iterable.start <= item.start && loop.iterable.end >= item.end) { if (!logsOnly(view, body, loop.body)) acted = true; return; }
        const each = ancestors.findLast((one) => one.kind === 'call');
        if (each?.kind === 'call' && each.callee.kind === 'member' && each.callee.property === 'forEach') {
          const [callback] = each.args;
          const inner = callback?.kind === 'function' ? body.facts.functions[callback.fn]?.body : undefined;
          if (!inner || !logsOnly(view, body, inner)) acted = true;
          return;
        }
        acted = true;
      });
    }
    if (acted) return false;
    if (names.size === before) return true;
  }
  return false;
}

function logsOnly(view: LinkedFunction, body: LinkedBody, items: readonly Item[]): boolean {
  let only = true;
  walk(items, (item) => {
    if (item.kind === 'throw' || item.kind === 'return') only = false;
    if (item.kind === 'call' && !isLog(view, body, item) && !(item.callee.kind === 'member' && /^(?:stringify|map|filter|join|toString|forEach)$/.test(String(item.callee.property)))) only = false;
    return only;
  });
  return only;
}

/** Every function that is mapped over has all that it does inside a `try` that handles it. */
function neverRejects(view: LinkedFunction, body: LinkedBody, call: CallExpr): boolean {
  let targets = 0;
  let safe = 0;
  walk(call.args, (item) => {
    if (item.kind !== 'call') return;
    for (const edge of edgesAt(view, body.node, item)) {
      const node = targetOf(view, edge);
      const fact = node && view.evaluator.fact(node.frame.file, node.frame.fn);
      if (!fact || edge.how !== 'callback') continue;
      targets++;
      const last = fact.body.filter((one) => one.kind !== 'declare' || one.value?.kind === 'literal');
      if (last.length > 0 && last.every((one) => (one.kind === 'try' && one.handler !== undefined && !throws(one.handler)) || one.kind === 'expr' && one.expr.kind === 'call' && isLog(view, body, one.expr))) safe++;
    }
  });
  return targets > 0 && safe === targets;
}

function throws(items: readonly Item[]): boolean {
  let found = false;
  walk(items, (item) => { if (item.kind === 'throw') found = true; });
  return found;
}
