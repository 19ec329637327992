import type { Expr } from '../../model/facts.ts';
import type { Edge, Node } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { isChain } from './chains.ts';
import { ancestorsOf } from './positions.ts';
import { edgesAt } from './started.ts';

const MAX_DEPTH = 8;

/**
 * Whether nobody looks at what comes out where an error was caught: the function gives nothing anyway, its callers throw
 * away what it gives, or it is the handler, whose answer an event-driven platform does not read.
 */
export function isUnused(view: LinkedFunction, body: LinkedBody, root: Node | undefined, of: { readonly expr?: Expr }): boolean {
  if (of.expr) return isDiscarded(view, body.node, of.expr, root, 0);
  const gives = (view.evaluator.modules.index(body.file)?.returns[body.fn.id] ?? []).some((expr) => !(expr.kind === 'literal' && (expr.value === undefined || expr.value === null)));
  return !gives || isResultUnused(view, body.node, root, 0);
}

function isResultUnused(view: LinkedFunction, node: Node, root: Node | undefined, depth: number): boolean {
  if (root !== undefined && node === root) return true;
  if (depth > MAX_DEPTH || node.incoming.length === 0) return false;
  return node.incoming.every((edge) => {
    if (edge.from === node) return true;
    if (edge.how === 'callback') return isCalledThere(view, node, edge) || isCallbackUnused(view, edge.from, edge.site, root, depth + 1);
    return edge.how === 'call' && isDiscarded(view, edge.from, edge.site, root, depth + 1);
  });
}

/** `await each(send, list)`: a function of the repository is given it and calls it itself, which is looked at for its own sake. */
const isCalledThere = (view: LinkedFunction, node: Node, given: Edge): boolean =>
  edgesAt(view, given.from, given.site).some((edge) => edge.how === 'call') && node.incoming.some((edge) => edge !== given && edge.how === 'call');

/** `Promise.all(list.map(fn))` as a statement, `list.forEach(fn)`. */
function isCallbackUnused(view: LinkedFunction, node: Node, site: Expr, root: Node | undefined, depth: number): boolean {
  if (site.kind !== 'call' || site.callee.kind !== 'member') return false;
  const method = site.callee.property;
  if (method === 'forEach') return true;
  return (method === 'map' || method === 'flatMap' || method === 'then') && isDiscarded(view, node, site, root, depth);
}

/** Whether the value of an expression is thrown away, or given to a caller who does. */
function isDiscarded(view: LinkedFunction, node: Node, expr: Expr, root: Node | undefined, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const fact = view.evaluator.fact(node.frame.file, node.frame.fn);
  if (!fact) return false;
  const around = ancestorsOf(fact, expr);
  let inner: Item = expr;
  for (let index = around.length - 1; index >= 0; index--) {
    const outer = around[index] as Item;
    switch (outer.kind) {
      case 'expr': return true;
      case 'return': return isResultUnused(view, node, root, depth + 1);
      case 'await': case 'spread': case 'array': case 'logical': case 'conditional': case 'sequence': break;
      // `promises.push(work())`, `Promise.all([work()])`, `work().then(next)`.
      case 'call': {
        if (outer.callee.kind === 'member' && (outer.callee.property === 'all' || outer.callee.property === 'allSettled' || outer.callee.property === 'push' || outer.callee.property === 'waitUntil')) { if (outer.callee.property === 'push') return true; break; }
        return false;
      }
      case 'member': {
        // `work().catch(log).then(next)`: `next` goes on with it; the other links pass it on.
        const link = around[index - 1];
        if (!isChain(link) || link.callee !== outer) return false;
        if (link.callee.property === 'then') return isLeftOut(view, node, link.args[0], root, depth);
        index--;
        inner = link;
        continue;
      }
      case 'unary': return outer.op === 'void';
      case 'declare': return outer.target.kind === 'ref' && !isRead(view, node, outer.target.binding, root, depth);
      case 'assign': return outer.target.kind === 'ref' && !isRead(view, node, outer.target.binding, root, depth);
      default: return !(outer.kind === 'if' && outer.test === inner) && outer.kind !== 'object' && outer.kind !== 'binary' && outer.kind !== 'template' && outer.kind !== 'throw' && outer.kind !== 'loop' && outer.kind !== 'switch';
    }
    inner = outer;
  }
  // An arrow function without braces gives what it is.
  return isResultUnused(view, node, root, depth + 1);
}

/** Whether a function that `then` is given does without what it is called with. */
function isLeftOut(view: LinkedFunction, node: Node, next: Expr | undefined, root: Node | undefined, depth: number): boolean {
  const fact = next?.kind === 'function' ? view.evaluator.fact(node.frame.file, next.fn) : undefined;
  const [param] = fact?.params ?? [];
  return fact !== undefined && (!param || (param.target.kind === 'ref' && !param.rest && !isRead(view, node, param.target.binding, root, depth)));
}

/** Whether anything but a log line, or what waits for it, reads a variable. */
function isRead(view: LinkedFunction, node: Node, binding: number, root: Node | undefined, depth: number): boolean {
  const facts = view.evaluator.modules.facts(node.frame.file);
  let found = false;
  for (const fn of facts?.functions ?? []) {
    walk(fn.body, (item, ancestors) => {
      if (item.kind !== 'ref' || item.binding !== binding) return;
      const parent = ancestors.at(-1);
      if ((parent?.kind === 'declare' || parent?.kind === 'assign') && parent.target === item) return;
      if (ancestors.some((one) => one.kind === 'call' && one.callee.kind === 'member' && /^(?:log|info|warn|error|debug)$/.test(String(one.callee.property)))) return;
      if (fn.id === node.frame.fn && isDiscarded(view, node, item, root, depth + 1)) return;
      found = true;
    });
    if (found) return true;
  }
  return found;
}
