import type { Trigger } from '../../model/function.ts';
import type { FunctionView } from '../../model/project.ts';
import { rootOf } from './asynchronous.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';

/**
 * The trigger that may run a function twice for one event; `undefined` where each event comes once, or somebody waits for the answer
 * and decides himself whether to ask again.
 *
 * Sources (November 2026): AWS Lambda "Invocation retries" and "Asynchronous invocation" (two more tries, duplicates without any error),
 * event source mappings (at least once); Cloud Run functions "Retrying event-driven functions", Firestore triggers (at least once);
 * Azure Functions "Reliable event processing"; Cloudflare Queues "Delivery guarantees"; Netlify background functions (two more tries).
 * Timers of Azure, Cloudflare, Vercel and Netlify, and triggers of OpenWhisk, are not tried again; Cloud Scheduler only with a retry count.
 */
export function redeliveredBy(of: FunctionView): Trigger | undefined {
  return of.fn.triggers.find((trigger) => trigger.enabled !== false && comesAgain(of, trigger));
}

function comesAgain({ fn }: FunctionView, trigger: Trigger): boolean {
  const { platform } = fn;
  const attempts = fn.maximumRetryAttempts?.value ?? trigger.maximumRetryAttempts;
  if (platform === 'openwhisk') return false;
  switch (trigger.kind) {
    case 'queue': case 'stream': case 'topic': case 'bucket': case 'document': case 'bus': return true;
    case 'log': return platform === 'aws';
    case 'schedule': return platform === 'aws' ? attempts !== 0 : (attempts ?? 0) !== 0;
    case 'auth': return platform === 'firebase' && /\.on(?:Create|Delete)$/.test(trigger.source);
    case 'http': return platform === 'netlify' && trigger.source === 'background';
    case 'invoke': return trigger.source === 'Destination';
    case 'unknown': return (platform === 'google' || platform === 'firebase') && /event/i.test(trigger.source);
    default: return false;
  }
}

/** Whether a body runs for such a trigger: in a unit with several handlers each has its own. */
export function runsAgain(view: LinkedFunction, body: LinkedBody): boolean {
  if (view.fn.platform !== 'cloudflare') return true;
  const root = rootOf(body);
  return root !== undefined && view.evaluator.fact(root.frame.file, root.frame.fn)?.name === 'queue';
}
