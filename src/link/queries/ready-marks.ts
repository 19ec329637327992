import type { Stmt } from '../../model/facts.ts';
import type { LinkedBody } from '../view.ts';
import { walk } from '../walk.ts';

/**
 * `try { this.db = await open(); this.isReady = true; } catch { log(); }`, and `if (this.isReady)` in another function: where something
 * could not be reached is told apart where it is used. Marks are fields of the object and variables of the module.
 */
export function marksReady(body: LinkedBody, stmt: Stmt & { kind: 'try' }): boolean {
  const marks = new Set<string | number>();
  for (const item of stmt.block) {
    const one = item.kind === 'expr' && item.expr.kind === 'assign' && item.expr.op === '=' ? item.expr : undefined;
    if (one?.value.kind !== 'literal' || one.value.value !== true) continue;
    if (one.target.kind === 'ref' && body.facts.bindings[one.target.binding]?.fn === 0) marks.add(one.target.binding);
    if (one.target.kind === 'member' && one.target.object.kind === 'this' && typeof one.target.property === 'string') marks.add(one.target.property);
  }
  if (marks.size === 0) return false;
  let asked = false;
  for (const fn of body.facts.functions) {
    if (asked || fn.id === body.fn.id) continue;
    walk(fn.body, (item, ancestors) => {
      const mark = item.kind === 'ref' ? item.binding : item.kind === 'member' && item.object.kind === 'this' ? item.property : undefined;
      if ((typeof mark !== 'string' && typeof mark !== 'number') || !marks.has(mark)) return;
      const parent = ancestors.findLast((one) => one.kind !== 'unary' && one.kind !== 'logical');
      if ((parent?.kind === 'if' || parent?.kind === 'conditional') && !(parent.kind === 'if' && [...parent.then, ...parent.else].includes(item as Stmt))) asked = true;
    });
  }
  return asked;
}
