import type { Trigger } from '../../model/function.ts';
import type { FunctionView } from '../../model/project.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { isLookedUpFirst, recognises } from './deduplication.ts';
import { effects, type ReachedEffect } from './effects.ts';
import { mayLieElsewhere } from './elsewhere.ts';
import { redeliveredBy, runsAgain } from './redelivery.ts';
import { repeatOf, type Repeat } from './unrepeatable.ts';

/** An effect that takes place once more when its event comes again. */
export interface Repeated {
  readonly item: ReachedEffect;
  readonly repeat: Repeat;
}

const weight: readonly Repeat[] = ['charge', 'increment', 'append', 'mail', 'message', 'insert'];

/**
 * What a function does once more for an event that is delivered a second time, the heaviest first, with the trigger that may deliver it
 * so; nothing where anything may recognise the event.
 */
export function repeatedEffects(of: FunctionView): { readonly trigger: Trigger; readonly found: readonly Repeated[] } | undefined {
  const trigger = redeliveredBy(of);
  if (!trigger || mayLieElsewhere(of)) return undefined;
  const view = of as LinkedFunction;
  const found = effects(view).flatMap((item): readonly Repeated[] => {
    const body = item.body as LinkedBody;
    const repeat = repeatOf(view, item);
    return repeat === undefined || !runsAgain(view, body) || isLookedUpFirst(view, item) ? [] : [{ item, repeat }];
  });
  if (found.length === 0 || recognises(view, trigger)) return undefined;
  return { trigger, found: [...found].sort((a, b) => weight.indexOf(a.repeat) - weight.indexOf(b.repeat)) };
}
