import type { Expr, FunctionFact, Stmt } from '../../model/facts.ts';
import type { Body } from '../../model/project.ts';
import type { Edge, Node } from '../reach.ts';
import type { LinkedBody } from '../view.ts';
import { walk, type Item } from '../walk.ts';

/** The items around one expression or statement of a function body, outermost first; empty when it is not in the body. */
export function ancestorsOf(fn: FunctionFact, target: Item): readonly Item[] {
  let found: readonly Item[] = [];
  walk(fn.body, (item, ancestors) => {
    if (item === target) found = [...ancestors];
    return !(item.end <= target.start || item.start >= target.end);
  });
  return found;
}

/** One step of the path to a place: the body, and the expression in it where the path goes on (or the place itself). */
export interface Hop {
  readonly node: Node;
  readonly site: Expr | Stmt;
}

/** The path from the handler to an item of a body, handler first; each hop with the call site that leads on. */
export function hops(body: Body, site: Expr | Stmt): readonly Hop[] {
  const list: Hop[] = [];
  let node: Node | undefined = (body as LinkedBody).node;
  let at: Expr | Stmt = site;
  while (node && list.length < 40) {
    list.unshift({ node, site: at });
    const via: Edge | undefined = node.via;
    if (via) at = via.site;
    node = via?.from;
  }
  return list;
}

/** Whether control surely leaves the function (or the loop around it) at the end of these statements. */
export function leaves(body: readonly Stmt[]): boolean {
  const last = body[body.length - 1];
  if (!last) return false;
  switch (last.kind) {
    case 'return': case 'throw': case 'continue': case 'break': return true;
    case 'block': return leaves(last.body);
    case 'if': return last.else.length > 0 && leaves(last.then) && leaves(last.else);
    case 'try': return (last.finalizer !== undefined && leaves(last.finalizer)) || (leaves(last.block) && last.handler !== undefined && leaves(last.handler));
    case 'expr': return isExit(last.expr);
    default: return false;
  }
}

function isExit(expr: Expr): boolean {
  return expr.kind === 'call' && expr.callee.kind === 'member' && expr.callee.property === 'exit' && expr.callee.object.kind === 'global' && expr.callee.object.name === 'process';
}
