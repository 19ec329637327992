import type { Handler, ServerlessFunction } from '../model/function.ts';
import { alternatives, type FunctionValue, type Value } from '../model/value.ts';
import type { Evaluator } from './evaluate.ts';
import type { Argument } from './frame.ts';

export interface Root {
  readonly target: FunctionValue;
  readonly args: readonly Argument[];
}

/** The functions that run when the platform calls a handler, through wrappers, with what the platform passes to them. */
export function handlerRoots(fn: ServerlessFunction, handler: Handler, evaluator: Evaluator): readonly Root[] {
  const value = handler.at ? inlineHandler(handler, evaluator) : evaluator.exportValue(handler.file, handler.export);
  return callable(value, evaluator, 0).map((target) => ({ target, args: platformArguments(fn, handler) }));
}

/** The functions behind an exported value: itself, what a wrapper from a package wraps, the methods of an exported object. */
function callable(value: Value, evaluator: Evaluator, depth: number): FunctionValue[] {
  if (depth > 4) return [];
  return alternatives(value).flatMap((one): FunctionValue[] => {
    switch (one.kind) {
      case 'function': return [one];
      // A wrapper that the catalog does not know: what it was given is what runs.
      case 'derived': return one.from.flatMap((item) => callable(item, evaluator, depth + 1));
      case 'instance': {
        if (one.of.kind !== 'class') return one.args.flatMap((item) => callable(item, evaluator, depth + 1));
        const named = ['handler', 'handle', 'execute', 'run'].map((name) => evaluator.member(one, name)).find((member) => member.kind === 'function');
        return named?.kind === 'function' ? [named] : [];
      }
      case 'object': {
        const handler = one.entries.findLast(([key]) => key === 'handler' || key === 'default' || key === 'fetch');
        return handler ? callable(handler[1], evaluator, depth + 1) : one.entries.flatMap(([, item]) => (item.kind === 'function' ? [item] : []));
      }
      default: return [];
    }
  });
}

/** An inline function of a registration call: the innermost function that the range names. */
function inlineHandler(handler: Handler, evaluator: Evaluator): Value {
  const at = handler.at;
  const fact = evaluator.modules.facts(handler.file)?.functions.find((item) => at && item.start === at.start && item.end === at.end);
  return fact ? { kind: 'function', file: handler.file, fn: fact.id } : evaluator.exportValue(handler.file, handler.export);
}

const event: Argument = { value: { kind: 'event', path: [] } };
const context: Argument = { value: { kind: 'context', path: [] } };

/** What the platform passes, by its documented handler signatures. */
function platformArguments(fn: ServerlessFunction, handler: Handler): readonly Argument[] {
  switch (fn.platform) {
    // Programming model v3 passes the context first; v4 (registered handlers) the trigger's data.
    case 'azure': return handler.at || handler.kind === 'v4' ? [event, context] : [context, event, event, event];
    case 'cloudflare': return [event, { value: { kind: 'context', path: ['env'] } }, context];
    case 'openwhisk': return [event];
    default: return [event, context, { value: literalCallback }];
  }
}

const literalCallback: Value = { kind: 'derived', what: 'callback', from: [], io: false };
