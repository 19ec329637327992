import type { ExternalCall, FunctionView } from '../../model/project.ts';
import { valueKey } from '../values.ts';

/** A function that has taken a connection over runs until that is closed (README of @vercel/functions, `experimental_upgradeWebSocket`, read 2026-11). */
export function takesConnections(view: FunctionView): boolean {
  return view.fn.platform === 'vercel' && view.calls().some(({ callee }) => callee.module === '@vercel/functions' && /upgradeWebSocket$/i.test(callee.path.at(-1) ?? ''));
}

const ends = /^#?(?:p|s)?(?:unsubscribe|disconnect|quit|close|end|stop|destroy|cancel)$/i;

/** Whether the function ends what a call has subscribed: the same object is closed, or taken off, somewhere in it. */
export function isEnded(view: FunctionView, call: ExternalCall): boolean {
  const { receiver } = call.callee;
  if (receiver === undefined || receiver.kind === 'unknown') return false;
  const own = valueKey(receiver);
  return view.calls('invoke').some(({ callee }) => callee.module === call.callee.module && ends.test(callee.path.at(-1) ?? '') && callee.receiver !== undefined && valueKey(callee.receiver) === own);
}
