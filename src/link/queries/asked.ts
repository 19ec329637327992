import type { FunctionView } from '../../model/project.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
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
    for (const { test, frame } of call && occurrence ? conditionsAlong(linked, occurrence.activation, call.expr) : []) {
      files.add(frame.file);
      walk([test], (item) => {
        if (item.kind !== 'call') return;
        const callee = linked.evaluator.value(item.callee, frame);
        if (callee.kind === 'function') files.add(callee.file);
        else if (!view.project.whole && isGivenElsewhere(callee)) isUnseen = true;
      });
    }
  }
  return { files, isUnseen };
}
