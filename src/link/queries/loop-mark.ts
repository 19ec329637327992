import type { ExternalCall, FunctionView } from '../../model/project.ts';

/** Name of the middleware of the AWS SDK for JavaScript v3 by which Lambda recognises loops (@aws-sdk/middleware-recursion-detection, November 2026). */
const detection = 'recursionDetectionMiddleware';

/** The calls that take that middleware out of a client's stack. */
export function markRemovals(view: FunctionView): readonly ExternalCall[] {
  return view.calls().filter((call) => {
    if ((call.callee.path.at(-1) ?? '').replace('#', '') !== 'remove' || call.expr.callee.kind !== 'member') return false;
    const name = call.arg(0);
    return name.kind === 'literal' && name.value === detection;
  });
}

/** Whether a call is made with a client, named in the same file, that no longer has the middleware. */
export function lacksMark(view: FunctionView, sent: ExternalCall): boolean {
  const client = sent.expr.callee.kind === 'member' ? sent.expr.callee.object : undefined;
  if (client?.kind !== 'ref') return false;
  return markRemovals(view).some(({ body, expr }) => {
    const stack = expr.callee.kind === 'member' ? expr.callee.object : undefined;
    const owner = stack?.kind === 'member' && stack.property === 'middlewareStack' ? stack.object : undefined;
    return body.file === sent.body.file && owner?.kind === 'ref' && owner.binding === client.binding;
  });
}
