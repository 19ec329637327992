import type { FunctionView } from '../../model/project.ts';
import { walk } from '../walk.ts';
import { mayLieElsewhere } from './elsewhere.ts';
import { verificationOf } from './verification.ts';

/**
 * Whether an authorizer never refuses: its code is known, verifies nothing, throws nothing, and holds no word of a denial (`Deny`,
 * `Unauthorized`, `isAuthorized: false`, an answer that depends on a test).
 */
export function answersWithoutAsking(view: FunctionView): boolean {
  const bodies = view.bodies('invoke');
  if (mayLieElsewhere(view) || bodies.length === 0 || verificationOf(view) !== 'none') return false;
  let refuses = false;
  let allows = false;
  for (const body of bodies) {
    walk(body.fn.body, (item) => {
      if (item.kind === 'throw' || item.kind === 'if' || item.kind === 'switch' || item.kind === 'conditional' || item.kind === 'binary') refuses = true;
      if (item.kind === 'literal' && (item.value === false || (typeof item.value === 'string' && /^(?:deny|unauthori[sz]ed|forbidden)$/i.test(item.value)))) refuses = true;
      if (item.kind === 'literal' && (item.value === true || item.value === 'Allow' || item.value === 'allow')) allows = true;
      return undefined;
    });
  }
  return allows && !refuses;
}

/** Whether the function decides for a route who may call it. */
export const isAuthorizer = (view: FunctionView): boolean => view.fn.triggers.some((trigger) => trigger.kind === 'auth' && /authori[sz]er/i.test(trigger.source));
