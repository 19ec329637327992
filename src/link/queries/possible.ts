import type { FunctionView } from '../../model/project.ts';
import { alternatives, type ParamValue, type Value } from '../../model/value.ts';
import type { Node } from '../reach.ts';
import { oneOf, template } from '../values.ts';
import type { LinkedFunction } from '../view.ts';

const MAX_OPTIONS = 12;
const MAX_HOPS = 4;

/**
 * The values that a value can have in this deployed function, as options of one level: choices inside texts are drawn out, and
 * a parameter that the path at hand leaves open (a singleton's constructor, a callback) takes what any of its callers give it.
 */
export function possible(view: FunctionView, value: Value): Value {
  return options(view as LinkedFunction, value, 0);
}

function options(view: LinkedFunction, value: Value, hops: number): Value {
  const found = alternatives(value).flatMap((one): readonly Value[] => {
    switch (one.kind) {
      case 'param': return hops < MAX_HOPS ? alternatives(given(view, one, hops)) : [one];
      case 'template': return texts(one.parts.map((part) => alternatives(options(view, part, hops + 1)))) ?? [one];
      case 'derived': {
        const [first] = one.from;
        // `client.queuePath(project, location, queue)` is about its last argument.
        const last = one.from.at(-1);
        if (last && /[#.]\w+Path$/.test(one.what)) return alternatives(options(view, last, hops + 1)).map((way) => ({ ...one, what: one.what, from: [...one.from.slice(0, -1), way] }));
        // Text work on one value leaves what it is about.
        if (!first || one.io || !/^#(?:trim|replace|toString|toLowerCase)$/.test(one.what)) return [one];
        const inner = alternatives(options(view, first, hops + 1));
        return inner.length === 1 && inner[0] === first ? [one] : inner.map((way) => ({ ...one, what: one.what, from: [way, ...one.from.slice(1)] }));
      }
      default: return [one];
    }
  });
  return found.length > MAX_OPTIONS ? value : oneOf(found);
}

/** Every text that parts with several values make; `undefined` when they are too many. */
function texts(parts: readonly (readonly Value[])[]): readonly Value[] | undefined {
  let all: readonly (readonly Value[])[] = [[]];
  for (const part of parts) {
    all = all.flatMap((head) => part.map((value) => [...head, value]));
    if (all.length > MAX_OPTIONS) return undefined;
  }
  return all.map((list) => template(list));
}

/** What the callers of a function give for one of its parameters. */
function given(view: LinkedFunction, param: ParamValue, hops: number): Value {
  const found: Value[] = [];
  for (const node of nodesOf(view).get(`${param.file}#${param.fn}`) ?? []) {
    for (const edge of node.incoming) {
      // A call that hands the function on says nothing of its arguments.
      const argument = edge.args?.[param.index];
      if (!edge.args || edge.from === node) continue;
      const value = argument ? view.evaluator.at(view.evaluator.resolveArgument(argument), param.path) : undefined;
      if (value && !(value.kind === 'param' && value.file === param.file && value.fn === param.fn)) found.push(options(view, value, hops + 1));
    }
  }
  return found.length === 0 ? param : oneOf(found);
}

const kept = new WeakMap<object, ReadonlyMap<string, readonly Node[]>>();

function nodesOf(view: LinkedFunction): ReadonlyMap<string, readonly Node[]> {
  const graph = view.reach();
  let map = kept.get(graph);
  if (!map) {
    const made = new Map<string, Node[]>();
    for (const node of graph.nodes) {
      const key = `${node.frame.file}#${node.frame.fn}`;
      made.set(key, [...(made.get(key) ?? []), node]);
    }
    map = made;
    kept.set(graph, map);
  }
  return map;
}
