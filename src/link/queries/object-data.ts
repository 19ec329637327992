import { sqlRead } from '../../catalog/sql-texts.ts';
import type { CallExpr, Expr } from '../../model/facts.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import { walk } from '../walk.ts';
import { statementIn } from './sql-statements.ts';

/** Calls of a Durable Object's storage that keep no data: alarms and waiting (Cloudflare, Durable Object storage API, November 2026). */
const noData = /^(?:getAlarm|setAlarm|deleteAlarm|sync|onNextSessionRestoreBookmark)$/;
const reading = /^(?:get|list)$/;

/** What the class of a Durable Object does with its storage: that of the platform, or of the agents SDK (`setState`, ``this.sql`…` ``). `undefined`: nothing. */
export function storageUse(view: FunctionView): 'writes' | 'reads' | undefined {
  const uses = view.bodies().flatMap((body) => usesOf(view, body));
  return uses.includes('writes') ? 'writes' : uses.includes('reads') ? 'reads' : undefined;
}

function usesOf(view: FunctionView, body: Body): readonly ('writes' | 'reads')[] {
  const found: ('writes' | 'reads')[] = [];
  walk(body.fn.body, (item, ancestors) => {
    if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.object.kind === 'this' && (item.callee.property === 'setState' || (item.callee.property === 'sql' && item.tagged === true))) found.push('writes');
    if (item.kind !== 'member' || item.property !== 'storage') return;
    const call = calledOn(item, ancestors);
    // Handed on: whoever has it may write.
    const use = call ? useOf(view, body, call) : 'writes';
    if (use) found.push(use);
  });
  return found;
}

/** The call at the end of the chain that begins with an expression. */
function calledOn(start: Expr, ancestors: readonly unknown[]): CallExpr | undefined {
  let current: Expr = start;
  for (const item of (ancestors as readonly Expr[]).toReversed()) {
    if (item.kind === 'member' && item.object === current) current = item;
    else return item.kind === 'call' && item.callee === current && current !== start ? item : undefined;
  }
  return undefined;
}

function useOf(view: FunctionView, body: Body, call: CallExpr): 'writes' | 'reads' | undefined {
  const name = call.callee.kind === 'member' ? String(call.callee.property) : '';
  if (noData.test(name)) return undefined;
  if (reading.test(name)) return 'reads';
  const [first] = call.args;
  const text = name === 'exec' && first ? statementIn(view.value(first, body)) : undefined;
  const read = text === undefined ? undefined : sqlRead(text);
  return read === undefined ? 'writes' : read === 'rows' ? 'reads' : undefined;
}
