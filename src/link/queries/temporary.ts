import type { CallExpr, Expr, NewExpr } from '../../model/facts.ts';
import type { ExternalCall } from '../../model/project.ts';
import type { LinkedBody } from '../view.ts';
import { walk } from '../walk.ts';

/** Methods by which the result of tmp and tmp-promise removes what it names (tmp 0.2, tmp-promise 3, November 2026). */
const removers: ReadonlySet<string> = new Set(['removeCallback', 'cleanup']);

/** Where the result of a call is kept: the whole of it, and its parts by name. */
interface Kept { readonly whole: number | undefined; readonly parts: ReadonlyMap<number, string> }

function keptIn(call: ExternalCall): Kept | undefined {
  let found: Kept | undefined;
  walk((call.body as LinkedBody).fn.body, (item) => {
    if (item.kind !== 'declare' || !item.value || unawaited(item.value) !== call.expr) return;
    const { target } = item;
    if (target.kind === 'ref') found = { whole: target.binding, parts: new Map() };
    else if (target.kind === 'pattern') found = { whole: undefined, parts: new Map(target.elements.flatMap((element): [number, string][] => (element.target.kind === 'ref' && element.path.length === 1 ? [[element.target.binding, element.path[0] ?? '']] : []))) };
  });
  return found;
}

const unawaited = (expr: Expr): Expr => (expr.kind === 'await' ? unawaited(expr.of) : expr);

/** Calls that remove what `made` made, by the object that it gave: `file.removeCallback()`, `cleanup()`. */
export function ownRemovers(made: ExternalCall, calls: readonly ExternalCall[]): readonly ExternalCall[] {
  const kept = keptIn(made);
  if (!kept) return [];
  return calls.filter((call) => call.body.file === made.body.file && isOwn(kept, call.expr.callee));
}

function isOwn(kept: Kept, callee: Expr): boolean {
  if (callee.kind === 'ref') return removers.has(kept.parts.get(callee.binding) ?? '');
  return callee.kind === 'member' && typeof callee.property === 'string' && removers.has(callee.property) && callee.object.kind === 'ref' && callee.object.binding === kept.whole;
}

/** Whether a call is given the path of what `made` made: `rmdir(folder.name)`, `unlink(path)`. */
export function takesResult(made: ExternalCall, removal: ExternalCall): boolean {
  const kept = removal.body.file === made.body.file ? keptIn(made) : undefined;
  const [path] = (removal.expr as CallExpr | NewExpr).args;
  if (!kept || !path) return false;
  if (path.kind === 'ref') return /^(?:name|path)$/.test(kept.parts.get(path.binding) ?? '');
  return path.kind === 'member' && typeof path.property === 'string' && /^(?:name|path)$/.test(path.property) && path.object.kind === 'ref' && path.object.binding === kept.whole;
}
