import { callbackRole, isImmediateCallback, isLaterStep } from '../catalog/callbacks.ts';
import { servesClasses } from '../catalog/class-frameworks.ts';
import { returnsOf } from '../catalog/wrappers.ts';
import { valueChain } from '../catalog/effect-chain.ts';
import type { CallExpr, Expr, NewExpr } from '../model/facts.ts';
import type { Platform, ServerlessFunction } from '../model/function.ts';
import type { Callee, Phase } from '../model/project.ts';
import { alternatives, type FunctionValue, type Value } from '../model/value.ts';
import { madeAt } from './applications.ts';
import { contextKey, keeps } from './contexts.ts';
import type { Evaluator } from './evaluate.ts';
import { handedMethods } from './handed-classes.ts';
import { scopes, type Argument, type Frame } from './frame.ts';
import type { MemberWrite, ModuleIndex } from './module-index.ts';
import { neverRuns } from './platform-branches.ts';
import type { Receivers } from './types/receivers.ts';
import { element, externalPath, present } from './values.ts';

/** Nodes of one deployed function beyond this are a counted gap. */
export const MAX_NODES = 2_000;

/** A call that leaves the repository, in the activation where it stands. */
export interface External {
  readonly expr: CallExpr | NewExpr;
  readonly callee: Value;
  readonly receiver?: Value;
}

export interface Edge {
  readonly from: Node;
  readonly site: Expr;
  /** `call`: the function is called here. `callback`: it is handed to something that calls it. */
  readonly how: 'call' | 'callback' | 'new';
  readonly certain: boolean;
  readonly args: readonly Argument[] | undefined;
  readonly target: FunctionValue;
}

/** One function body reached by one deployed function in one phase, in the activation of its first (shortest) path. */
export interface Node {
  readonly id: string;
  readonly frame: Frame;
  readonly phase: Phase;
  /** How it was first reached; absent for handlers and modules. */
  readonly via?: Edge;
  readonly incoming: Edge[];
  readonly externals: External[];
  readonly certain: boolean;
}

export interface Reach {
  readonly nodes: readonly Node[];
  /** True when the bound was hit: what lies beyond is not known. */
  readonly cut: boolean;
}

/** What belongs to other functions only: places of their applications, and the text that their handlers are written with. */
export interface Elsewhere {
  applications(): ReadonlySet<string>;
  handlers(file: string, start: number): boolean;
}

/**
 * The call graph of one deployed function, breadth first from its handlers and from the modules that a cold start
 * evaluates. A function handed to another one counts as called from where it is handed over.
 */
export function reach(fn: ServerlessFunction, evaluator: Evaluator, roots: readonly { readonly target: FunctionValue; readonly args: readonly Argument[]; readonly frame?: Frame }[], modules: readonly string[], receivers?: Receivers, elsewhere?: Elsewhere): Reach {
  const nodes = new Map<string, Node>();
  const queue: Node[] = [];
  let cut = false;

  const add = (frame: Frame, phase: Phase, via: Edge | undefined, certain: boolean): void => {
    const id = `${phase}|${contextKey(frame, evaluator)}`;
    const known = nodes.get(id);
    if (known) { if (via) known.incoming.push(via); return; }
    if (nodes.size >= MAX_NODES) { cut = true; return; }
    const node: Node = { id, frame, phase, incoming: via ? [via] : [], externals: [], certain, ...(via ? { via } : {}) };
    nodes.set(id, node);
    queue.push(node);
  };

  // A constructor that the platform runs before handlers has its activation already.
  for (const root of roots) if (root.frame) add(root.frame, 'init', undefined, true); else add(evaluator.enter(root.target, root.args, `handler of ${fn.id}`, undefined), 'invoke', undefined, true);
  for (const file of modules) add(evaluator.open(file, 0), 'init', undefined, true);

  for (let node = queue.shift(); node; node = queue.shift()) {
    const current = node;
    for (const edge of edges(current, evaluator, fn.platform, receivers)) {
      // What a module hands to a framework at init (routes, listeners) runs in invocations.
      const registered = current.phase === 'init' && edge.how === 'callback' && !immediate(edge, current);
      // `co.wrap(f)` runs f where its result is called. Routes of a Worker are not those of an object declared beside them.
      if (registered && (isWrapped(edge, current) || fn.generation === 'durableObject')) continue;
      // Nor are routes of the application of another function of the module this function's.
      if (registered && elsewhere !== undefined && isElsewhere(edge, current, elsewhere)) continue;
      const phase = registered ? 'invoke' : current.phase;
      add(activate(evaluator, edge, current.frame, phase), phase, edge, current.certain && edge.certain);
    }
  }
  return { nodes: [...nodes.values()], cut };
}

/** The activation that an edge makes in a phase; one that leads from init into an invocation has no caller. */
export function activate(evaluator: Evaluator, edge: Edge, caller: Frame, phase: Phase): Frame {
  const site = `${edge.from.frame.file}:${edge.site.start}`;
  return edge.from.phase === phase ? evaluator.enter(edge.target, edge.args, site, caller) : evaluator.enter(edge.target, edge.args, `registered ${site}`, undefined);
}

const immediate = (edge: Edge, node: Node): boolean => {
  // What stands in a table waits to be called.
  if (edge.site.kind !== 'call' && edge.site.kind !== 'new') return false;
  const callee = calleeAt(edge, node);
  return !callee || isImmediateCallback(callee, methodName(edge.site));
};

/** A function of functions that gives back what it was given: nothing runs until somebody calls that. */
const isWrapped = (edge: Edge, node: Node): boolean => {
  const callee = calleeAt(edge, node);
  return callee !== undefined && callee.module !== 'unknown' && /^(?:co|util|bluebird|lodash|underscore)$/.test(callee.module) && returnsOf(callee)?.kind === 'callback';
};

/** Whether something is registered with an object that only other functions serve, or where only their handlers are written. */
function isElsewhere(edge: Edge, node: Node, elsewhere: Elsewhere): boolean {
  const place = madeAt(node.externals.find((item) => item.expr === edge.site)?.receiver);
  if (place !== undefined) return elsewhere.applications().has(place);
  let [{ start }, from] = [edge.site, node];
  while (from.frame.fn !== 0 && from.via?.from.phase === 'init') [{ start }, from] = [from.via.site, from.via.from];
  return from.frame.fn === 0 && elsewhere.handlers(from.frame.file, start);
}

function calleeAt(edge: Edge, node: Node): Callee | undefined {
  const call = node.externals.find((item) => item.expr === edge.site);
  return call && (call.callee.kind === 'external' ? { module: call.callee.module, path: externalPath(call.callee) } : { module: 'unknown', path: [] });
}

function methodName(site: Expr): string | undefined {
  return (site.kind === 'call' || site.kind === 'new') && site.callee.kind === 'member' && typeof site.callee.property === 'string' ? site.callee.property : undefined;
}

/** What one activation calls, whoever asks: the edges still lack the node that they start from. */
export interface Outgoing {
  readonly externals: readonly External[];
  readonly edges: readonly Omit<Edge, 'from'>[];
}

function edges(node: Node, evaluator: Evaluator, platform: Platform, receivers?: Receivers): Edge[] {
  const { frame } = node;
  const cache = node.phase === 'init' && frame.scope !== scopes.function && !asksPlatform(evaluator, frame) ? evaluator.pool.outgoing : undefined;
  let out = cache?.get(frame);
  if (!out) {
    const { value, own } = evaluator.tracked(() => outgoing(node, evaluator, platform, receivers));
    out = value;
    if (!own) cache?.set(frame, out);
  }
  node.externals.push(...out.externals);
  return out.edges.map((edge) => ({ ...edge, from: node }));
}

/** Whether the platform may decide what a body calls: functions of other platforms share its module. */
function asksPlatform(evaluator: Evaluator, frame: Frame): boolean {
  const index = evaluator.modules.index(frame.file);
  return index !== undefined && index.guards.size > 0 && (index.calls[frame.fn] ?? []).some((call) => index.guards.has(call));
}

function outgoing(node: Pick<Node, 'frame' | 'phase'>, evaluator: Evaluator, platform: Platform, receivers?: Receivers): Outgoing {
  const { frame } = node;
  const index = evaluator.modules.index(frame.file);
  const found: Omit<Edge, 'from'>[] = [];
  const externals: External[] = [];
  for (const expr of index?.calls[frame.fn] ?? []) {
    const guards = index?.guards.get(expr);
    if (guards && neverRuns(guards, platform, (test) => evaluator.value(test, frame))) continue;
    if (expr.callee.kind === 'super') { superCall(frame, expr, evaluator, found); continue; }
    const callee = evaluator.value(expr.callee, frame);
    const receiver = expr.callee.kind === 'member' ? present(evaluator.value(expr.callee.object, frame)) : undefined;
    const typed = receivers && receiver && node.phase === 'invoke' && expr.kind === 'call' && expr.callee.kind === 'member' && typeof expr.callee.property === 'string' ? receivers.method(expr.callee.object, expr.callee.property, receiver, frame) : undefined;
    const options = typed ?? alternatives(callee);
    const args = expr.args.map((arg): Argument => ({ expr: arg, frame }));
    let internal = false;
    for (const given of options) {
      const option = given.kind === 'class' && expr.kind === 'call' ? evaluator.classes.asFunction(given) ?? given : given;
      if (option.kind === 'function' && expr.kind === 'call') {
        internal = true;
        found.push({ site: expr, how: 'call', certain: options.length === 1, args, target: option });
      } else if (option.kind === 'class' && expr.kind === 'new') {
        internal = true;
        construction(frame, expr, option, evaluator, found);
      } else externals.push({ expr, callee: option, ...(receiver ? { receiver } : {}) });
    }
    // `Base.call(this, …)` of a class that is written as a function makes a part of the same object.
    const called = receiver?.kind === 'class' ? evaluator.classes.asFunction(receiver, frame.self) : receiver;
    if (called?.kind === 'function' && expr.callee.kind === 'member' && (expr.callee.property === 'call' || expr.callee.property === 'apply')) {
      found.push({ site: expr, how: 'call', certain: true, args: expr.callee.property === 'call' ? args.slice(1) : undefined, target: called });
      continue;
    }
    callbacks(node, expr, callee, receiver, internal, evaluator, found);
  }
  if (node.phase === 'init' && frame.fn !== 0) keptInTables(frame, evaluator, found);
  return { externals, edges: found };
}

const tables = new WeakMap<ModuleIndex, ReadonlyMap<number, readonly MemberWrite[]>>();

/** Writes under a computed key, by the function that holds them. */
function tableWrites(index: ModuleIndex, fn: number): readonly MemberWrite[] {
  let known = tables.get(index);
  if (known === undefined) {
    const found = new Map<number, MemberWrite[]>();
    for (const writes of [...index.memberWrites.values(), ...[...index.fieldParts.values()].flatMap((fields) => [...fields.values()])]) {
      for (const write of writes) if (write.path.at(-1) === '*' && write.op === '=') found.set(write.fn, [...(found.get(write.fn) ?? []), write]);
    }
    known = found;
    tables.set(index, known);
  }
  return known.get(fn) ?? [];
}

/** A router of the repository keeps what it is given: `get(path, handler) { this.handlers[path] = handler }`. */
function keptInTables(frame: Frame, evaluator: Evaluator, into: Omit<Edge, 'from'>[]): void {
  const index = evaluator.modules.index(frame.file);
  for (const write of index === undefined ? [] : tableWrites(index, frame.fn)) {
    if (!mayHoldFunction(write.expr, frame, evaluator, true, 0)) continue;
    for (const target of functionsIn(evaluator.value(write.expr, frame), 0)) {
      into.push({ site: write.expr, how: 'callback', certain: true, args: [{ value: { kind: 'event', path: [] } }], target });
    }
  }
}

function superCall(frame: Frame, expr: CallExpr | NewExpr, evaluator: Evaluator, into: Omit<Edge, 'from'>[]): void {
  const self = frame.self;
  if (self?.kind !== 'instance' || self.of.kind !== 'class') return;
  const { classes } = evaluator.heritage(self.of);
  const own = evaluator.fact(frame.file, frame.fn)?.cls;
  const from = classes.findIndex((cls) => cls.file === frame.file && cls.cls === own);
  for (const cls of classes.slice(from + 1)) {
    const ctor = evaluator.modules.facts(cls.file)?.classes[cls.cls]?.members.find((member) => member.kind === 'constructor')?.fn;
    if (ctor === undefined) continue;
    into.push({ site: expr, how: 'new', certain: true, args: expr.args.map((arg): Argument => ({ expr: arg, frame })), target: { kind: 'function', file: cls.file, fn: ctor, self } });
    return;
  }
}

function construction(frame: Frame, expr: NewExpr, cls: Value & { kind: 'class' }, evaluator: Evaluator, into: Omit<Edge, 'from'>[]): void {
  const instance = evaluator.value(expr, frame);
  const self = alternatives(instance).find((item) => item.kind === 'instance' && item.of.kind === 'class' && item.of.file === cls.file && item.of.cls === cls.cls);
  for (const item of evaluator.heritage(cls).classes) {
    const ctor = evaluator.modules.facts(item.file)?.classes[item.cls]?.members.find((member) => member.kind === 'constructor')?.fn;
    if (ctor === undefined) continue;
    into.push({ site: expr, how: 'new', certain: true, args: expr.args.map((arg): Argument => ({ expr: arg, frame })), target: { kind: 'function', file: item.file, fn: ctor, ...(self ? { self } : {}) } });
    return;
  }
}

const platformPackage = /^(?:firebase-functions(?:\/|$)|@google-cloud\/functions-framework$|@azure\/functions$|durable-functions$)/;
/** What a platform's package is given that is no function of its own: it runs before or after those of the process. */
const hooks: ReadonlySet<string> = new Set(['onInit', 'appStart', 'appTerminate', 'preInvocation', 'postInvocation']);

/**
 * What declares a function that another platform runs, on machines of its own: `task({ id, run })` (Trigger.dev documentation 3 and 4,
 * "Tasks", read 2026-11: tasks are deployed to Trigger.dev; version 2 ran them in a route of the application).
 */
const isRunElsewhere = (callee: Value): boolean => callee.kind === 'external' && /^@trigger\.dev\/sdk(?:\/v[34])?$/.test(callee.module) && /^(?:task|schemaTask)$/.test(externalPath(callee).at(-1) ?? '');

/** What declares a component: `memo(View)`, `dynamic(() => import('./view'))`. It runs where it is rendered, which the call graph sees there (React 19, Next.js 16, read 2026-11). */
const isForRendering = (callee: Value): boolean => callee.kind === 'external' && (callee.module === 'next/dynamic' || (callee.module === 'react' && /^(?:memo|forwardRef|lazy)$/.test(externalPath(callee).at(-1) ?? '')));

/** The package whose object a call stands on, through fluent calls. */
function rootModule(callee: Value, receiver: Value | undefined): string {
  return callee.kind === 'external' ? callee.module : (receiver ? valueChain(receiver)?.module : undefined) ?? '';
}

/** Functions among the arguments: called by whatever they are handed to. */
function callbacks(node: Pick<Node, 'frame' | 'phase'>, expr: CallExpr | NewExpr, callee: Value, receiver: Value | undefined, internal: boolean, evaluator: Evaluator, into: Omit<Edge, 'from'>[]): void {
  // A closure given to a function of the repository at init is called when that function's result is: through its frame.
  if (internal && node.phase === 'init') return;
  // What a platform's package is given is a deployed function of its own: its handler is a root, not a step of another one.
  if (node.phase === 'init' && !hooks.has(methodName(expr) ?? '') && platformPackage.test(rootModule(callee, receiver))) return;
  if (node.phase === 'init' && (isRunElsewhere(callee) || isForRendering(callee))) return;
  if (callee.kind === 'external' && servesClasses({ module: callee.module, path: externalPath(callee) })) {
    for (const { target, args } of expr.args.flatMap((arg) => handedMethods(evaluator.value(arg, node.frame), callee.module, evaluator))) into.push({ site: expr, how: 'callback', certain: true, args, target });
  }
  // A router of the repository keeps what it is given (`add(route, handler) { this.routes.push({ route, handler }) }`).
  const kept = node.phase === 'init' && node.frame.fn !== 0 && !internal && keeps.has(methodName(expr) ?? '');
  for (const [index, arg] of expr.args.entries()) {
    // At init a call makes what is registered: `.use(middleware())`, `.get(path, ...handlers.map(wrapped))`.
    const made = node.phase === 'init' && (arg.kind === 'call' || (arg.kind === 'spread' && arg.of.kind === 'call'));
    if (!made && !mayHoldFunction(arg, node.frame, evaluator, kept, 0)) continue;
    const value = evaluator.value(arg, node.frame);
    for (const target of functionsIn(value, 0)) {
      const args = internal ? undefined : callbackArgs(callee, receiver, expr, index, node.phase) ?? handedOn(callee, expr, index, target, node, evaluator);
      into.push({ site: expr, how: 'callback', certain: true, args, target });
    }
  }
}

/** `wrapper(handle, context, message)`: a package's function that is given a function and what the platform handed over calls the one with the other. */
function handedOn(callee: Value, expr: CallExpr | NewExpr, index: number, target: FunctionValue, node: Pick<Node, 'frame' | 'phase'>, evaluator: Evaluator): readonly Argument[] | undefined {
  const rest = expr.args.slice(1);
  if (callee.kind !== 'external' || callee.module === 'global' || index !== 0 || rest.length === 0 || node.phase !== 'invoke') return undefined;
  if (evaluator.fact(target.file, target.fn)?.params.length !== rest.length) return undefined;
  const isInput = (value: Value): boolean => (value.kind === 'event' || value.kind === 'context') && value.path.length === 0;
  return rest.every((arg) => isInput(evaluator.value(arg, node.frame))) ? rest.map((arg): Argument => ({ expr: arg, frame: node.frame })) : undefined;
}

/**
 * Whether an argument can hold a function, by its shape: data need not be worked out to know that it holds none. A
 * parameter of the function itself is left out, as what it holds was counted where it was handed over, but where a collection
 * keeps it (`kept`): what the repository's own functions are given at init is not counted.
 */
function mayHoldFunction(expr: Expr, frame: Frame, evaluator: Evaluator, kept: boolean, depth: number): boolean {
  if (depth > 4) return false;
  const any = (list: readonly (Expr | null)[]): boolean => list.some((item) => item !== null && mayHoldFunction(item, frame, evaluator, kept, depth + 1));
  switch (expr.kind) {
    case 'function': return true;
    case 'member': return typeof expr.property === 'string' && (expr.object.kind === 'this' || expr.object.kind === 'ref' || (expr.object.kind === 'member' && expr.object.object.kind === 'this'));
    case 'object': return any(expr.properties.map((property) => property.value));
    case 'array': return any(expr.items);
    case 'conditional': return any([expr.then, expr.else]);
    case 'logical': return any([expr.left, expr.right]);
    case 'import': return true;
    case 'spread': case 'await': return mayHoldFunction(expr.of, frame, evaluator, kept, depth + 1);
    case 'call': return expr.callee.kind === 'member' && expr.callee.property === 'bind';
    case 'ref': {
      const binding = evaluator.modules.facts(frame.file)?.bindings[expr.binding];
      if (!binding || binding.kind === 'class' || binding.kind === 'catch' || binding.kind === 'enum') return false;
      if (binding.kind === 'function' || binding.kind === 'import') return true;
      if (binding.kind === 'param') return kept || binding.fn !== frame.fn;
      return (evaluator.modules.index(frame.file)?.definitions.get(expr.binding) ?? []).some((definition) => {
        if (definition.form === 'function') return true;
        if (definition.form === 'iterate' || definition.form === 'update' || !definition.expr) return false;
        // A part of something: of a module or an object it can be a function, of an awaited answer or the event hardly.
        if (definition.path.length > 0) return definition.expr.kind === 'import' || definition.expr.kind === 'ref' || definition.expr.kind === 'this' || definition.expr.kind === 'member' || definition.expr.kind === 'call' || definition.expr.kind === 'new';
        return definition.expr.kind === 'call' || mayHoldFunction(definition.expr, frame, evaluator, kept, depth + 1);
      });
    }
    default: return false;
  }
}

function functionsIn(value: Value, depth: number): readonly FunctionValue[] {
  switch (value.kind) {
    case 'function': return [value];
    case 'oneOf': return value.options.flatMap((option) => functionsIn(option, depth));
    // Resolvers of GraphQL servers lie below their types.
    case 'object': return depth < 2 ? value.entries.flatMap(([key, item]) => functionsIn(item, key === 'resolvers' && depth === 0 ? -2 : depth + 1)) : [];
    case 'array': return depth < 2 ? value.items.flatMap((item) => functionsIn(item, depth + 1)) : [];
    default: return [];
  }
}

const itemMethods: ReadonlySet<string> = new Set(['map', 'forEach', 'filter', 'find', 'findLast', 'findIndex', 'some', 'every', 'flatMap', 'sort']);

/** What a callback gets, as far as its role says: items of a list, a settled value, a request. */
function callbackArgs(callee: Value, receiver: Value | undefined, expr: CallExpr | NewExpr, index: number, phase: Phase): readonly Argument[] | undefined {
  const method = methodName(expr);
  if (receiver && method !== undefined) {
    if (itemMethods.has(method)) return [{ value: element(receiver) }];
    if (method === 'then' && index === 0) return [{ value: receiver }];
    if (method === 'reduce') return [{ value: { kind: 'derived', what: 'accumulator', from: [receiver], io: false } }, { value: element(receiver) }];
  }
  const named = callee.kind === 'external' ? { module: callee.module, path: externalPath(callee) } : { module: 'unknown', path: [] };
  const role = callbackRole(named, method, index);
  if (role === 'request' || (phase === 'init' && role === undefined && !isImmediateCallback(named, method) && !isLaterStep(named, index))) return [{ value: { kind: 'event', path: [] } }];
  return undefined;
}
