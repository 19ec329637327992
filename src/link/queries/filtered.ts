import type { Expr } from '../../model/facts.ts';
import type { Frame } from '../frame.ts';
import { element } from '../values.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import type { ActiveCondition } from './conditions.ts';
import { ancestorsOf } from './positions.ts';

/** Steps from a list back to what it was made from. */
const MAX_STEPS = 12;

/**
 * Conditions that the items on the way to a place have passed: `for (const x of list.filter(test))` and
 * `list.filter(test).map(…)`, also through variables that hold the list.
 */
export function filtersAlong(view: LinkedFunction, activation: Activation, site: Expr): readonly ActiveCondition[] {
  const steps = [...activation.callers.map(({ frame, site: at, how }) => ({ frame, at, how })), { frame: activation.frame, at: site, how: 'call' as const }];
  return steps.flatMap(({ frame, at, how }) => {
    const fn = view.evaluator.fact(frame.file, frame.fn);
    if (!fn) return [];
    const lists: Expr[] = [];
    for (const item of ancestorsOf(fn, at)) if (item.kind === 'loop' && item.iterable && (item.body as readonly unknown[]).some((one) => isAround(one as Expr, at))) lists.push(item.iterable);
    if (how === 'callback' && at.kind === 'call' && at.callee.kind === 'member') lists.push(at.callee.object);
    if (at === site) lists.push(...batchesOf(at));
    return lists.flatMap((list) => testsOf(view, list, frame));
  });
}

/** Lists of messages that a call sends; the services refuse empty ones (SQS, SNS, EventBridge and Kinesis API references, November 2026). */
function batchesOf(site: Expr): readonly Expr[] {
  const args = site.kind === 'call' || site.kind === 'new' ? site.args : [];
  return args.flatMap((arg) => (arg.kind === 'new' ? arg.args : [arg])).flatMap((arg) => (arg.kind === 'object' ? arg.properties : [])).flatMap(({ key, value }) => (key === 'Entries' || key === 'PublishBatchRequestEntries' || key === 'Records' ? [value] : []));
}

const isAround = (outer: { readonly start: number; readonly end: number }, inner: { readonly start: number; readonly end: number }): boolean => outer.start <= inner.start && inner.end <= outer.end;

function testsOf(view: LinkedFunction, list: Expr, frame: Frame): readonly ActiveCondition[] {
  const found: ActiveCondition[] = [];
  let current: Expr | undefined = list;
  for (let step = 0; current && step < MAX_STEPS; step++) {
    switch (current.kind) {
      case 'await': case 'spread': current = current.of; break;
      case 'ref': {
        const definitions: readonly { readonly expr?: Expr; readonly path: readonly unknown[]; readonly fn: number }[] = view.evaluator.modules.index(frame.file)?.definitions.get(current.binding) ?? [];
        const [only] = definitions;
        current = definitions.length === 1 && only?.path.length === 0 && only.fn === frame.fn ? only.expr : undefined;
        break;
      }
      case 'call': {
        const { callee } = current;
        if (callee.kind !== 'member') return found;
        if (callee.property === 'filter' && current.args[0]) found.push(...testOf(view, current.args[0], callee.object, frame));
        current = callee.object;
        break;
      }
      default: return found;
    }
  }
  return found;
}

/** What a callback gives back, as a condition that held, in an activation of its own. */
function testOf(view: LinkedFunction, callback: Expr, list: Expr, frame: Frame): readonly ActiveCondition[] {
  const { evaluator } = view;
  const value = evaluator.value(callback, frame);
  if (value.kind !== 'function') return [];
  const fn = evaluator.fact(value.file, value.fn);
  const returns = evaluator.modules.index(value.file)?.returns[value.fn] ?? [];
  const [test] = returns;
  if (!fn || !test || returns.length !== 1) return [];
  const inner = evaluator.enter(value, [{ value: element(evaluator.value(list, frame)) }], `filter ${frame.file}:${callback.start}`, frame);
  return [{ test, outcome: true, fn, frame: inner }];
}
