import type { CallExpr, NewExpr } from '../../model/facts.ts';
import type { ParamValue, Value } from '../../model/value.ts';
import type { Node, Reach } from '../reach.ts';
import type { LinkedFunction } from '../view.ts';
import type { Resolve } from './taint.ts';

type Call = CallExpr | NewExpr;

/** `wrap(handler)(event)`, `run(wrap(handler), event)`: the calls that a call's result goes into. */
function around(calls: readonly Call[], site: Call): readonly Call[] {
  const found: Call[] = [];
  for (let inner: Call | undefined = site; inner && found.length < 3;) {
    const current: Call = inner;
    inner = calls.find((call) => call.callee === current || call.args.includes(current));
    if (inner) found.push(inner);
  }
  return found;
}

const MAX_CALLERS = 8;
// By graph: a view that gave its graph back has new bodies.
const known = new WeakMap<Reach, Resolve>();

/**
 * What a parameter can be over all calls on the invocation path, for values that were worked out without a path: what a
 * variable of the module is given in the handler is the handler's event, whoever asks. What a package hands to a callback
 * rests on what the package was given.
 */
export function resolver(view: LinkedFunction): Resolve {
  let resolve = known.get(view.reach());
  if (!resolve) {
    resolve = make(view);
    known.set(view.reach(), resolve);
  }
  return resolve;
}

function make(view: LinkedFunction): Resolve {
  const { evaluator } = view;
  const nodes = new Map<string, Node[]>();
  for (const node of view.reach().nodes) {
    if (node.phase !== 'invoke') continue;
    const key = `${node.frame.file}#${node.frame.fn}`;
    const list = nodes.get(key);
    if (list) list.push(node); else nodes.set(key, [node]);
  }
  return {
    partial: !view.project.whole,
    argument: (argument) => evaluator.resolveArgument(argument),
    param(value: ParamValue): readonly Value[] {
      return (nodes.get(`${value.file}#${value.fn}`) ?? []).flatMap((node): readonly Value[] => {
        if (node.incoming.length === 0) return node.frame.args?.[value.index] ? [evaluator.at(evaluator.resolveArgument(node.frame.args[value.index] as never), value.path)] : [];
        return node.incoming.slice(0, MAX_CALLERS).flatMap((edge): readonly Value[] => {
          const argument = edge.args?.[value.index];
          if (argument) return [evaluator.at(evaluator.resolveArgument(argument), value.path)];
          if (edge.how !== 'callback' || (edge.site.kind !== 'call' && edge.site.kind !== 'new')) return [];
          // A function of the repository calls what it is given itself: those calls are edges of their own.
          if (!edge.from.externals.some((external) => external.expr === edge.site)) return [];
          const { callee } = edge.site;
          const args = [...edge.site.args, ...around(evaluator.modules.index(edge.from.frame.file)?.calls[edge.from.frame.fn] ?? [], edge.site).flatMap((call) => call.args)];
          const from = args.filter((arg) => arg.kind !== 'function' && arg.kind !== 'call').map((arg) => evaluator.value(arg, edge.from.frame));
          if (callee.kind === 'member') from.push(evaluator.value(callee.object, edge.from.frame));
          return [{ kind: 'derived', what: 'callback', from, io: true }];
        });
      });
    },
  };
}
