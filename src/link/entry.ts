import { isLaterStep } from '../catalog/callbacks.ts';
import type { Expr } from '../model/facts.ts';
import type { Handler, ServerlessFunction } from '../model/function.ts';
import { alternatives, type FunctionValue, type InstanceValue, type Value } from '../model/value.ts';
import { objectEvents, publicMethods, workerEvents } from './class-methods.ts';
import type { Evaluator } from './evaluate.ts';
import { isFrame, type Argument, type Frame } from './frame.ts';
import { walk, type Item } from './walk.ts';

export interface Root {
  readonly target: FunctionValue;
  readonly args: readonly Argument[];
  /** The activation of a constructor that the platform runs before any handler. */
  readonly frame?: Frame;
}

/** The functions that run when the platform calls a handler, through wrappers, with what the platform passes to them. */
export function handlerRoots(fn: ServerlessFunction, handler: Handler, evaluator: Evaluator): readonly Root[] {
  if (fn.platform === 'cloudflare' && classKinds.has(handler.kind)) return classRoots(fn, handler, evaluator);
  const value = handlerValue(handler, evaluator);
  const own = handler.at ? [] : methodRoots(fn, handler, evaluator);
  const found = own.length > 0 ? own : callable(value, evaluator, 0);
  const targets = found.length > 0 || fn.platform !== 'openwhisk' ? found : callable(globalFunction(handler, evaluator), evaluator, 0);
  const later = laterSteps(value, false, 0);
  return targets.flatMap((target) => {
    const args = later.has(`${target.file}#${target.fn}`) ? [] : platformArguments(fn, handler);
    return madeBy(target, evaluator).map((made) => ({ target: made, args }));
  });
}

/** Functions among what a wrapper was given that get what a step before them gave, not the request. */
function laterSteps(value: Value, later: boolean, depth: number): ReadonlySet<string> {
  if (depth > 6) return new Set();
  return new Set(alternatives(value).flatMap((one): string[] => {
    if (one.kind === 'function') return later ? [`${one.file}#${one.fn}`] : [];
    if (one.kind !== 'derived') return [];
    const [module = '', name = ''] = one.what.split(':');
    return one.from.flatMap((item, index) => [...laterSteps(item, later || isLaterStep({ module, path: name.split('.') }, index), depth + 1)]);
  }));
}

/** What stands where a handler is: the export, or what a registration call was given. */
export function handlerValue(handler: Handler, evaluator: Evaluator): Value {
  return handler.at ? inlineHandler(handler, evaluator) : evaluator.exportValue(handler.file, handler.export);
}

/**
 * The only function that a file exports, for a handler that it has no export for: the setting names it wrongly (the platform refuses
 * every invocation until it is mended, and then this is what runs).
 */
export function onlyExport(fn: ServerlessFunction, handler: Handler, evaluator: Evaluator): readonly Root[] {
  const facts = evaluator.modules.facts(handler.file);
  if (!facts || handler.at || handler.kind !== 'handler') return [];
  const names = [...new Set(facts.exports.filter((item) => !item.typeOnly).map((item) => item.name))];
  const [only, more] = names;
  if (only === undefined || more !== undefined || only === '*' || only === '=') return [];
  return handlerRoots(fn, { ...handler, export: only }, evaluator);
}

/** A function that gives nothing but a function is a wrapper's (`metricScope((metrics) => async (event) => …)`): what it gives is what runs. */
function madeBy(target: FunctionValue, evaluator: Evaluator): readonly FunctionValue[] {
  const fact = evaluator.fact(target.file, target.fn);
  const returns = evaluator.modules.index(target.file)?.returns[target.fn] ?? [];
  if (!fact || fact.async || fact.generator || returns.length === 0 || !returns.every((expr) => expr.kind === 'function')) return [target];
  const given = alternatives(evaluator.result(target, undefined, `${target.file}:${fact.start}`, undefined)).filter((one) => one.kind === 'function');
  return given.length > 0 ? given : [target];
}

/** `name.method` where the export is a class, an object of one, or what a wrapper made of one: the method itself. */
function methodRoots(fn: ServerlessFunction, handler: Handler, evaluator: Evaluator): readonly FunctionValue[] {
  const [first = '', method, ...rest] = handler.export.split('.');
  if (method === undefined || rest.length > 0) return [];
  return methodOf(evaluator.exportValue(handler.file, first), method, fn, evaluator, 0);
}

function methodOf(value: Value, method: string, fn: ServerlessFunction, evaluator: Evaluator, depth: number): FunctionValue[] {
  if (depth > 4) return [];
  return alternatives(value).flatMap((one): FunctionValue[] => {
    switch (one.kind) {
      case 'class': return callable(evaluator.member(objectOf(one, fn, evaluator), method), evaluator, 0);
      case 'instance':
        if (one.of.kind === 'external') return one.args.flatMap((item) => methodOf(item, method, fn, evaluator, depth + 1));
        return callable(evaluator.member(one, method), evaluator, 0);
      case 'object': {
        const entry = one.entries.findLast(([key]) => key === method);
        return entry === undefined ? [] : callable(entry[1], evaluator, 0);
      }
      case 'derived': return one.from.flatMap((item) => methodOf(item, method, fn, evaluator, depth + 1));
      default: return [];
    }
  });
}

/** Handlers that are a whole class: the runtime makes the object and calls its methods. */
const classKinds: ReadonlySet<string> = new Set(['durableObject', 'workflow', 'entrypoint', 'rpc']);

function classRoots(fn: ServerlessFunction, handler: Handler, evaluator: Evaluator): readonly Root[] {
  const find = (value: Value, depth: number): readonly (Value & { kind: 'class' })[] => alternatives(value).flatMap((one) => {
    if (one.kind === 'class') return [one];
    return one.kind === 'derived' && depth < 4 ? one.from.flatMap((item) => find(item, depth + 1)) : [];
  });
  const [cls] = find(evaluator.exportValue(handler.file, handler.export), 0);
  if (cls === undefined) return [];
  const self = objectOf(cls, fn, evaluator);
  const events = handler.kind === 'durableObject' ? objectEvents : handler.kind === 'workflow' ? new Set(['run']) : workerEvents;
  const names = publicMethods(evaluator, cls, events).filter((name) => (handler.kind === 'workflow' ? events.has(name) : handler.kind !== 'rpc' || !events.has(name)));
  const methods = names.flatMap((name) => callable(evaluator.member(self, name), evaluator, 0).map((target): Root => ({ target, args: methodArguments(fn, handler.kind, name) })));
  const made = self.frame;
  if (methods.length === 0 || !isFrame(made)) return methods;
  return [...methods, { target: { kind: 'function', file: made.file, fn: made.fn, self }, args: made.args ?? [], frame: made }];
}

/** In place of the function that constructs an object. */
const MADE_BY_PLATFORM = -1;

/** The one object of a class that the runtime makes; its constructor gets the context and the bindings. */
function objectOf(cls: Value & { kind: 'class' }, fn: ServerlessFunction, evaluator: Evaluator): InstanceValue {
  const fact = evaluator.modules.facts(cls.file)?.classes[cls.cls];
  // No function of the repository makes it: its fields live as long as the request, or are what a Durable Object is there to keep.
  const site = { file: cls.file, start: fact?.start ?? 0, end: fact?.end ?? 0, fn: MADE_BY_PLATFORM };
  return evaluator.instance(cls, [context, { value: bindings(fn) }], site, evaluator.open(cls.file, 0));
}

/** A script without exports: the platform calls the function of that name in its global scope. */
function globalFunction(handler: Handler, evaluator: Evaluator): Value {
  const facts = evaluator.modules.facts(handler.file);
  const binding = facts?.bindings.findIndex((item) => item.name === handler.export && item.fn === 0) ?? -1;
  if (binding < 0) return { kind: 'unknown', reason: 'no such function' };
  return evaluator.value({ kind: 'ref', binding, start: 0, end: 0 }, evaluator.open(handler.file, 0));
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
      // A chain of middleware (Pages Functions).
      case 'array': return one.items.flatMap((item) => callable(item, evaluator, depth + 1));
      default: return [];
    }
  });
}

/** Whether a handler is an object that a package made, or what one made of it: a web application, to which functions were given before. */
export function isApplication(handler: Handler, evaluator: Evaluator): boolean {
  const made = (value: Value, depth: number): boolean => alternatives(value).some((one) => {
    if (one.kind === 'instance') return one.of.kind === 'external';
    // A method of such an object.
    if (one.kind === 'external') return one.path.some((part) => part.startsWith('#'));
    // `serverless(createExpressServer({ controllers }))`: what a package's call gives.
    return one.kind === 'derived' && depth < 4 && (/^(?!global:)[^:]+:/.test(one.what) || one.from.length === 0 || one.from.some((item) => made(item, depth + 1) || item.kind === 'external'));
  });
  // `{ fetch: app.fetch }` as well as the application itself.
  return [handler.export, handler.export.split('.')[0] ?? handler.export].some((name) => made(evaluator.exportValue(handler.file, name), 0));
}

/** An inline function of a registration call: the innermost function that the range names. */
function inlineHandler(handler: Handler, evaluator: Evaluator): Value {
  const at = handler.at;
  const fact = evaluator.modules.facts(handler.file)?.functions.find((item) => at && item.start === at.start && item.end === at.end);
  return fact ? { kind: 'function', file: handler.file, fn: fact.id } : writtenAt(handler, evaluator) ?? evaluator.exportValue(handler.file, handler.export);
}

/** What stands at the range when it is no function: a call of the repository that gives the handler (`handler: wrap(run)`), a name. */
function writtenAt(handler: Handler, evaluator: Evaluator): Value | undefined {
  const { at } = handler;
  const facts = evaluator.modules.facts(handler.file);
  if (at === undefined || facts === undefined) return undefined;
  for (const fact of facts.functions) {
    if (fact.kind !== 'module' && (at.start < fact.start || at.end > fact.end)) continue;
    let found: Expr | undefined;
    walk(fact.body, (item) => {
      if (item.start === at.start && item.end === at.end && isExpr(item)) found ??= item;
      return found === undefined && item.start <= at.start && item.end >= at.end;
    });
    if (found !== undefined) return evaluator.value(found, evaluator.open(handler.file, fact.id));
  }
  return undefined;
}

/** Statements with the range of their one expression are looked into. */
function isExpr(item: Item): item is Expr {
  return item.kind === 'call' || item.kind === 'new' || item.kind === 'ref' || item.kind === 'member' || item.kind === 'object' || item.kind === 'conditional' || item.kind === 'logical';
}

const event: Argument = { value: { kind: 'event', path: [] } };
const context: Argument = { value: { kind: 'context', path: [] } };

/** What the platform passes, by its documented handler signatures. */
function platformArguments(fn: ServerlessFunction, handler: Handler): readonly Argument[] {
  switch (fn.platform) {
    // Programming model v3 passes the context first; v4 (registered handlers) the trigger's data, which orchestrators and entities have to ask for.
    case 'azure':
      if (fn.triggers.some(({ source }) => /^(?:orchestration|entity)(?:Trigger)?$/i.test(source))) return [context];
      return handler.at || handler.kind === 'v4' ? [event, context] : [context, event, event, event];
    case 'cloudflare': {
      if (handler.kind === 'pages') return [{ value: pagesContext(fn) }];
      return handler.kind === 'listener' ? [event] : [event, { value: bindings(fn) }, context];
    }
    // Next.js: route handlers get the route's parameters, Server Actions whatever the client passed.
    case 'vercel': case 'netlify':
      if (handler.kind === 'action') return Array.from({ length: 8 }, () => event);
      return handler.kind === 'route' || handler.kind === 'event' ? [event, event] : [event, context, { value: literalCallback }];
    case 'openwhisk': return [event];
    default: return [event, context, { value: literalCallback }];
  }
}

const literalCallback: Value = { kind: 'derived', what: 'callback', from: [], io: false };

/** What `env` holds: the variables and bindings of the declaration; a name that it lacks (a secret) stays part of the context. */
function bindings(fn: ServerlessFunction): Value {
  return { kind: 'object', entries: [['...', { kind: 'context', path: ['env'] }], ...fn.environment], open: true };
}

/** The one argument of a Pages function (Pages documentation, "Functions", "API reference", read 2026-11). */
function pagesContext(fn: ServerlessFunction): Value {
  return {
    kind: 'object', open: true,
    entries: [['...', { kind: 'context', path: [] }], ['request', { kind: 'event', path: [] }], ['params', { kind: 'event', path: ['params'] }], ['env', bindings(fn)]],
  };
}

/** What the runtime, or a stub, passes to a method of a class that it made an object of. */
function methodArguments(fn: ServerlessFunction, kind: string, name: string): readonly Argument[] {
  if (kind === 'workflow') return [event, { value: { kind: 'context', path: ['step'] } }];
  if (name.startsWith('webSocket')) return [{ value: { kind: 'context', path: ['webSocket'] } }, event, event, event];
  return workerEvents.has(name) && kind !== 'durableObject' ? [event, { value: bindings(fn) }, context] : [event, event, event, event];
}
