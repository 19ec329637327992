import type { Expr, Target } from '../model/facts.ts';
import { alternatives, type Value } from '../model/value.ts';
import type { Evaluator } from './evaluate.ts';
import { isFrame, type Argument, type Frame } from './frame.ts';
import type { ModuleIndex } from './module-index.ts';

/** How far closures in closures tell activations apart. */
const MAX_DEPTH = 3;
/** Alternatives of one argument beyond which it tells nothing apart. */
const MAX_OPTIONS = 8;

const keys = new WeakMap<Evaluator, WeakMap<Frame, string>>();
const actedOn = new WeakMap<ModuleIndex, Acted>();

/**
 * What tells two activations of one function apart in the call graph: closure, receiver, and the functions and objects it is
 * given to call. Data does not: the paths along which it comes are followed when a rule asks.
 */
export function contextKey(frame: Frame, evaluator: Evaluator, depth = 0): string {
  const known = depth === 0 ? keys.get(evaluator)?.get(frame) : undefined;
  if (known !== undefined) return known;
  const self = frame.self?.kind === 'instance' && frame.self.site ? `^${frame.self.site.file}:${frame.self.site.start}` : '';
  const parent = frame.parent ? `{${contextKey(frame.parent, evaluator, depth)}}` : '';
  const key = `${frame.file}#${frame.fn}${self}${given(frame, evaluator, depth)}${parent}`;
  if (depth === 0) {
    let own = keys.get(evaluator);
    if (!own) { own = new WeakMap(); keys.set(evaluator, own); }
    own.set(frame, key);
  }
  return key;
}

/** The functions and objects among the arguments that the function, or one written in it, calls or hands on. */
function given(frame: Frame, evaluator: Evaluator, depth: number): string {
  if (!frame.args?.length || depth >= MAX_DEPTH) return '';
  const params = evaluator.fact(frame.file, frame.fn)?.params ?? [];
  const { acted, chosen } = actedIn(frame.file, evaluator);
  const parts: string[] = [];
  for (const [index, param] of params.entries()) {
    const bindings = bindingsOf(param.target);
    const argument = frame.args[index];
    // The name of what is called tells two calls apart as the function itself would.
    if (argument && param.target.kind === 'ref' && chosen.has(param.target.binding)) {
      const name = evaluator.resolveArgument(argument);
      if (name.kind === 'literal') parts.push(`${index}=${JSON.stringify(name.value)}`);
      continue;
    }
    if (!bindings.some((id) => acted.has(id))) continue;
    for (const argument of param.rest ? frame.args.slice(index) : frame.args.slice(index, index + 1)) {
      const part = mayAct(argument) ? identity(evaluator.resolveArgument(argument), evaluator, depth) : '';
      if (part !== '') parts.push(`${index}=${part}`);
    }
  }
  return parts.length > 0 ? `(${parts.join()})` : '';
}

function identity(value: Value, evaluator: Evaluator, depth: number): string {
  const options = alternatives(value);
  return options.length > MAX_OPTIONS ? '' : [...new Set(options.map((one) => identityOf(one, evaluator, depth)))].filter((text) => text !== '').join('|');
}

function identityOf(value: Value, evaluator: Evaluator, depth: number): string {
  switch (value.kind) {
    case 'function': return `${value.file}#${value.fn}${isFrame(value.frame) ? `{${contextKey(value.frame, evaluator, depth + 1)}}` : ''}`;
    case 'class': return `${value.file}#c${value.cls}`;
    // An object of a package runs no code of the repository, whichever it is.
    case 'instance': return value.of.kind === 'class' ? `${value.of.file}#c${value.of.cls}${value.site ? `^${value.site.file}:${value.site.start}` : ''}` : '';
    case 'object': return value.entries.length > 20 ? '' : value.entries.map(([name, item]) => (item.kind === 'function' || item.kind === 'instance' ? `${name}:${identityOf(item, evaluator, depth + 1)}` : '')).join('');
    case 'array': return value.items.length > 20 ? '' : value.items.map((item) => (item.kind === 'function' || item.kind === 'instance' || item.kind === 'oneOf' ? identity(item, evaluator, depth + 1) : '')).join('');
    default: return '';
  }
}

/** Whether an argument can be something to call, by its shape: what cannot need not be worked out. */
function mayAct(argument: Argument): boolean {
  if (!('expr' in argument)) return argument.value.kind !== 'event' && argument.value.kind !== 'literal';
  const { expr } = argument;
  switch (expr.kind) {
    case 'function': case 'class': case 'new': case 'ref': case 'this': case 'member': case 'spread': case 'call': case 'logical': case 'conditional': return true;
    case 'object': return expr.properties.some(({ value }) => value.kind === 'function' || value.kind === 'ref' || value.kind === 'new');
    case 'array': return expr.items.some((item) => item !== null && (item.kind === 'function' || item.kind === 'ref' || item.kind === 'new'));
    default: return false;
  }
}

function bindingsOf(target: Target): readonly number[] {
  if (target.kind === 'ref') return [target.binding];
  return target.kind === 'pattern' ? target.elements.flatMap((element) => bindingsOf(element.target)) : [];
}

/** Methods by which a collection keeps what it is given. */
export const keeps: ReadonlySet<string> = new Set(['push', 'unshift', 'set', 'add']);

/** `chosen`: names by which a module picks what it calls, `table[name](…)`, `const run = table[name]`. */
interface Acted { readonly acted: ReadonlySet<number>; readonly chosen: ReadonlySet<number> }

/** Names of a module that it calls, of which it calls something, which it hands on by name, or which a collection or a table keeps. */
function actedIn(file: string, evaluator: Evaluator): Acted {
  const index = evaluator.modules.index(file);
  if (!index) return { acted: new Set(), chosen: new Set() };
  let found = actedOn.get(index);
  if (!found) { const names = acted(index); found = { acted: names, chosen: chosenIn(index, names) }; actedOn.set(index, found); }
  return found;
}

/** A value and what stands in it where it is written as an object or a list. */
function parts(expr: Expr, each: (part: Expr) => void): void {
  each(expr);
  if (expr.kind === 'object') for (const { value } of expr.properties) if (value.kind === 'ref') each(value);
  if (expr.kind === 'array') for (const item of expr.items) if (item?.kind === 'ref') each(item);
}

function acted(index: ModuleIndex): ReadonlySet<number> {
  const found = new Set<number>();
  const root = (expr: Expr): void => {
    let current = expr;
    while (current.kind === 'member' || current.kind === 'spread') current = current.kind === 'member' ? current.object : current.of;
    if (current.kind === 'ref') found.add(current.binding);
  };
  for (const calls of index.calls) for (const call of calls) {
    root(call.callee);
    for (const arg of call.args) if (arg.kind === 'ref' || arg.kind === 'spread') root(arg);
    const kept = call.callee.kind === 'member' && typeof call.callee.property === 'string' && keeps.has(call.callee.property);
    if (kept) for (const arg of call.args) parts(arg, root);
  }
  for (const writes of [...index.memberWrites.values(), ...[...index.fieldParts.values()].flatMap((fields) => [...fields.values()])]) {
    for (const write of writes) if (write.path.at(-1) === '*') parts(write.expr, root);
  }
  return found;
}

function chosenIn(index: ModuleIndex, called: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set<number>();
  const key = (expr: Expr | undefined): void => {
    if (expr?.kind === 'member' && typeof expr.property === 'object' && expr.property.kind === 'ref') found.add(expr.property.binding);
  };
  for (const calls of index.calls) for (const { callee } of calls) {
    key(callee);
    // `table[name].run(…)`
    if (callee.kind === 'member') key(callee.object);
  }
  for (const binding of called) for (const { expr } of index.definitions.get(binding) ?? []) key(expr);
  return found;
}
