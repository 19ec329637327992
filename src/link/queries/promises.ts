import type { Expr } from '../../model/facts.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { ancestorsOf } from './positions.ts';

/** What becomes of a promise. `settled`: awaited, or handed to the caller; `dropped`: nobody waits for it. */
export type PromiseFate = 'settled' | 'dropped' | 'unknown';

/** Follows a promise from the expression that makes it: through variables, lists and helpers, to whoever awaits it. */
export function promiseFate(view: FunctionView, body: Body, expr: Expr): PromiseFate {
  return fate(view, body, expr, 0);
}

function fate(view: FunctionView, body: Body, expr: Expr, depth: number): PromiseFate {
  if (depth > 6) return 'unknown';
  const chain = ancestorsOf(body.fn, expr);
  let inner: Item = expr;
  for (let index = chain.length - 1; index >= 0; index--) {
    const outer = chain[index] as Item;
    switch (outer.kind) {
      case 'await': case 'return': case 'throw': case 'yield': return 'settled';
      case 'array': case 'spread': case 'conditional': case 'logical': case 'object': case 'sequence': case 'member': break;
      case 'unary': if (outer.op === 'void') return 'dropped'; break;
      case 'call': {
        if (outer.callee === inner) break;
        const list = pushedInto(outer);
        if (list !== undefined) return bindingFate(view, body, list, depth + 1);
        const handed = handedTo(view, body, outer, inner, depth);
        if (handed) return handed;
        break; // `Promise.all([…])` and the like: what becomes of its result
      }
      case 'assign': case 'declare': return outer.target.kind === 'ref' ? bindingFate(view, body, outer.target.binding, depth + 1) : 'unknown';
      case 'expr': return 'dropped';
      default: return 'unknown';
    }
    inner = outer;
  }
  return chain.length === 0 ? 'unknown' : 'dropped';
}

/** `list.push(promise)`: the list. */
function pushedInto(call: Item & { kind: 'call' }): number | undefined {
  const { callee } = call;
  return callee.kind === 'member' && (callee.property === 'push' || callee.property === 'add' || callee.property === 'unshift') && callee.object.kind === 'ref' ? callee.object.binding : undefined;
}

/** Any use of the variable that waits for it settles the promise. */
function bindingFate(view: FunctionView, body: Body, binding: number, depth: number): PromiseFate {
  let result: PromiseFate = 'dropped';
  walk(body.fn.body, (item) => {
    if (item.kind !== 'ref' || item.binding !== binding || result === 'settled') return;
    const chain = ancestorsOf(body.fn, item);
    const parent = chain[chain.length - 1];
    if (parent?.kind === 'declare' || (parent?.kind === 'assign' && parent.target === item)) return;
    if (parent?.kind === 'member' && (parent.property === 'push' || parent.property === 'length')) return;
    const one = fate(view, body, item, depth);
    if (one === 'settled' || (one === 'unknown' && result === 'dropped')) result = one;
  });
  // A variable of an outer function can be awaited there.
  return result === 'dropped' && body.facts.bindings[binding]?.fn !== body.fn.id ? 'unknown' : result;
}

/** A helper of the repository that takes the promise: what becomes of the parameter there. */
function handedTo(view: FunctionView, body: Body, call: Item & { kind: 'call' }, argument: Item, depth: number): PromiseFate | undefined {
  const index = call.args.findIndex((arg) => arg === argument);
  const linked = view as LinkedFunction;
  const own = linked.bodies().find((candidate) => candidate.file === body.file && candidate.fn === body.fn)?.node;
  const callee = linked.bodies().find((candidate) => candidate.node.incoming.some((edge) => edge.from === own && edge.site === call && edge.how === 'call'));
  const param = callee?.fn.params[index];
  if (!callee || !param) return undefined;
  return param.target.kind === 'ref' ? bindingFate(view, callee, param.target.binding, depth + 1) : 'unknown';
}
