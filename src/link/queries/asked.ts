import type { Expr } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { callsBefore } from './asked-functions.ts';
import { conditionsAlong } from './conditions.ts';
import type { ReachedEffect } from './effects.ts';
import { isGivenElsewhere } from './elsewhere.ts';

/** Who is asked by the tests on the way to a call, beside the code around them: a loop may end there. */
export interface Asked {
  /** Files of the functions that the tests call. */
  readonly files: ReadonlySet<string>;
  /** In the editor: a test calls code of the project that is not seen. */
  readonly isUnseen: boolean;
}

/** What the tests on the way to the effects of a function ask of other functions. */
export function askedOnTheWay(view: FunctionView, items: readonly Pick<ReachedEffect, 'call' | 'occurrence'>[]): Asked {
  const linked = view as LinkedFunction;
  const files = new Set<string>();
  let isUnseen = false;
  for (const { call, occurrence } of items) {
    if (!call || !occurrence) continue;
    const hear = (callee: Value): void => {
      if (callee.kind === 'function') files.add(callee.file);
      else if (!view.project.whole && isGivenElsewhere(callee)) isUnseen = true;
    };
    for (const { test, frame } of conditionsAlong(linked, occurrence.activation, call.expr)) {
      files.add(frame.file);
      walk([test], (item) => { if (item.kind === 'call') hear(linked.evaluator.value(item.callee, frame)); });
    }
    for (const callee of mayRefuse(linked, occurrence.activation, call.expr)) hear(callee);
  }
  return { files, isUnseen };
}

/** The functions that statements on the way hand part of the event to: they may throw. */
function mayRefuse(view: LinkedFunction, activation: Activation, site: Expr): readonly Value[] {
  return [...activation.callers, { frame: activation.frame, site }].flatMap((step) => {
    const fn = view.evaluator.fact(step.frame.file, step.frame.fn);
    return (fn ? callsBefore(fn, step.site) : []).flatMap((asked): readonly Value[] => {
      const call = asked.kind === 'await' ? asked.of : asked;
      // A method of an object that is not seen is a client's more often than a check.
      if (call.kind !== 'call' || call.callee.kind !== 'ref' || !call.args.some((arg) => contains(view.evaluator.value(arg, step.frame), (one) => one.kind === 'event'))) return [];
      return [view.evaluator.value(call.callee, step.frame)];
    });
  });
}
