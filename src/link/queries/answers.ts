import { lambdaRuntime } from '../../catalog/runtimes.ts';
import type { Expr, FunctionFact, ModuleFacts } from '../../model/facts.ts';
import { censusOf } from '../census.ts';
import type { Frame } from '../frame.ts';
import type { Node, Reach } from '../reach.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { callsBackAtEnd, isLibraryWithCallback } from './answers-by-callback.ts';
import { returnsPromise } from './started.ts';
import { within } from './timers.ts';

/**
 * What a platform waits for before it takes a function to be done. `everything`: until nothing is left to do. `promise`: what the
 * handler returns. `answer`: until the response is sent or the callback is called. `never`: the platform refuses the handler.
 * Facts: platforms.md, section 7 (AWS Lambda runtime environment and Node.js handler pages, Cloud Run tips, November 2026).
 */
export interface Waiting {
  readonly until: 'everything' | 'promise' | 'answer' | 'never';
  /** The handler, or the function that a framework calls with the request. */
  readonly root: Node;
  readonly files: readonly string[];
}

const memo = new WeakMap<Reach, Map<Node, Waiting>>();

/** What the platform waits for while a body runs, by the handler that leads to it. */
export function waitingFor(view: LinkedFunction, node: Node): Waiting {
  let root = node;
  for (let count = 0; root.via && root.via.from.phase === 'invoke' && count < 200; count++) root = root.via.from;
  const known = memo.get(view.reach()) ?? new Map<Node, Waiting>();
  memo.set(view.reach(), known);
  let waiting = known.get(root);
  if (!waiting) {
    waiting = judge(view, root);
    known.set(root, waiting);
  }
  return waiting;
}

function judge(view: LinkedFunction, root: Node): Waiting {
  const fact = view.evaluator.fact(root.frame.file, root.frame.fn);
  const { fn } = view;
  const as = (until: Waiting['until'], files: readonly string[] = []): Waiting => ({ until, root, files });
  // Called by a framework that a module registered it with: an old handler goes on until nothing is left to do all the same.
  if (!fact || root.via) return as(fact && goesOn(view) ? 'everything' : 'answer');
  const params = fact.params.length;
  const http = fn.triggers.some((trigger) => trigger.kind === 'http' || trigger.kind === 'url');
  const asPromise = (): Waiting | undefined => {
    if (fact.async) return as('promise');
    const returned = returnsPromise(view, root);
    return returned && as('promise', returned.files);
  };
  switch (fn.platform) {
    case 'aws': case 'netlify': {
      const runtime = fn.runtime ? lambdaRuntime(fn.runtime.value) : undefined;
      if (runtime && !runtime.callbacks && !fact.async && params >= 3) return as(isExported(view, root) ? 'never' : 'everything');
      // The old way out is made to settle the promise: whoever is given the context may be waited for.
      if (assigns(view, root, /^(?:done|succeed|fail)$/)) return as('answer');
      const promised = asPromise();
      if (promised && fn.platform === 'aws' && (!runtime || runtime.callbacks) && callsBackAtEnd(fact) && stopsWaiting(view) === undefined) return as('everything');
      if (promised) return promised;
      if (runtime && !runtime.callbacks) return as('promise');
      const off = stopsWaiting(view);
      return off ? as('answer', [off]) : as('everything');
    }
    case 'azure': {
      if (fn.generation === 'v4' || fn.handlers.some((handler) => handler.at !== undefined || handler.kind === 'v4') || fact.async) return as('promise');
      return as(!returnsPromise(view, root) && endsLater(view) ? 'everything' : 'answer');
    }
    case 'vercel': return params >= 2 ? as('answer') : as('promise');
    case 'google': case 'firebase': {
      const second = params >= 2 ? nameOf(view, root.frame.file, fact, 1) : '';
      if (http || /^(?:res|resp|response|reply)$/.test(second)) return as('answer');
      return asPromise() ?? (/^(?:cb|callback|done|next)$/.test(nameOf(view, root.frame.file, fact, params - 1)) ? as('answer') : as('promise'));
    }
    default: return as('promise');
  }
}

/** Whether every handler of a function of AWS is of the kind for which the platform waits until nothing is left to do. */
function goesOn(view: LinkedFunction): boolean {
  if (view.fn.platform !== 'aws') return false;
  const roots = view.reach().nodes.filter((node) => node.phase === 'invoke' && !node.via && view.fn.handlers.some(({ file }) => file === node.frame.file));
  if (roots.length > 0) return roots.every((root) => judge(view, root).until === 'everything');
  const runtime = view.fn.runtime ? lambdaRuntime(view.fn.runtime.value) : undefined;
  return (!runtime || runtime.callbacks) && isLibraryWithCallback(view) && stopsWaiting(view) === undefined;
}

/**
 * Whether code that runs later says `context.done()`: model v3 goes on until then, whatever a handler that is not `async` has returned by that
 * time (Azure Functions Node.js developer guide v3, "context.done method", November 2026).
 */
function endsLater(view: LinkedFunction): boolean {
  return view.bodies('invoke').some(({ file, fn, node }) => {
    const isDone = (view.evaluator.modules.index(file)?.calls[fn.id] ?? []).some(({ callee, args }) => callee.kind === 'member' && callee.property === 'done' && args.length < 3);
    for (let at: Node | undefined = isDone ? node : undefined, count = 0; at?.via && count < 200; at = at.via.from, count++) if (at.via.how === 'callback') return true;
    return false;
  });
}

/** Whether the platform calls this very function: a wrapper around it may answer for it in its own way. */
function isExported(view: LinkedFunction, root: Node): boolean {
  const { file, fn } = root.frame;
  const facts = view.evaluator.modules.facts(file);
  const index = view.evaluator.modules.index(file);
  const isIt = (expr: Expr | undefined): boolean => {
    if (expr?.kind === 'function') return expr.fn === fn;
    return expr?.kind === 'ref' && isBound(expr.binding);
  };
  const isBound = (binding: number): boolean => (index?.definitions.get(binding) ?? []).some((one) => (one.form === 'function' ? one.id === fn : one.expr?.kind === 'function' && one.expr.fn === fn));
  return view.fn.handlers.some((handler) => handler.file === file && (facts?.exports ?? []).some((one) => {
    if (one.name === handler.export) return isIt(one.value) || (one.binding !== undefined && isBound(one.binding));
    return one.name === '=' && one.value?.kind === 'object' && one.value.properties.some((property) => property.key === handler.export && isIt(property.value));
  }));
}

/** Whether the handler, or a function in it, puts a function of its own under a name of the context. */
function assigns(view: LinkedFunction, root: Node, names: RegExp): boolean {
  const facts = view.evaluator.modules.facts(root.frame.file);
  let found = false;
  for (const fn of facts?.functions ?? []) {
    if (!facts || !within(facts, fn.id, root.frame.fn)) continue;
    for (const name of censusOf(fn).assigned) found ||= names.test(name);
  }
  return found;
}

function nameOf(view: LinkedFunction, file: string, fact: FunctionFact, index: number): string {
  const target = fact.params[index]?.target;
  return target?.kind === 'ref' ? (view.evaluator.modules.facts(file)?.bindings[target.binding]?.name ?? '') : '';
}

/** The file that sets `context.callbackWaitsForEmptyEventLoop = false`. */
function stopsWaiting(view: LinkedFunction): string | undefined {
  for (const body of view.bodies('invoke')) {
    if (!censusOf(body.fn).assigned.has('callbackWaitsForEmptyEventLoop')) continue;
    let found = false;
    walk(body.fn.body, (item) => {
      if (item.kind === 'assign' && item.target.kind === 'member' && item.target.property === 'callbackWaitsForEmptyEventLoop' && item.value.kind === 'literal' && item.value.value === false) found = true;
    });
    if (found) return body.file;
  }
  return undefined;
}

/** Settle a promise, feed the stream of an answer, tell a listener. */
const tellers: ReadonlySet<string> = new Set(['resolve', 'reject', 'emit', 'enqueue', 'terminate', 'respondWith', 'waitUntil', 'getWriter', 'callback']);
/** Methods by which an answer is given through a parameter of the handler. */
const answers: ReadonlySet<string> = new Set([
  'send', 'json', 'end', 'status', 'sendStatus', 'redirect', 'render', 'write', 'writeHead', 'jsonp', 'sendFile', 'download', 'type', 'set', 'header', 'done', 'succeed', 'fail', 'next', 'contentType', 'setHeader', 'close', 'ack', 'code', 'reply',
]);
const answerNames = /^(?:res|resp|response|reply|cb|callback|next|done|resolve|reject|controller|writer|stream|fulfill|accept)$/;

/**
 * Whether code that runs later tells somebody who waits: it settles a promise whose executor stands around it, calls a callback
 * that it was given, or sends the response that the platform waits for. `roots`: the expressions that hold that code.
 */
export function tells(view: LinkedFunction, node: Node, roots: readonly Item[], waiting: Waiting): boolean {
  const facts = view.evaluator.modules.facts(node.frame.file);
  return facts !== undefined && new Teller(view, facts, node, waiting).inItems(roots, 0);
}

class Teller {
  private readonly view: LinkedFunction;
  private readonly facts: ModuleFacts;
  private readonly node: Node;
  private readonly waiting: Waiting;
  /** Functions whose code is part of what runs later. */
  private readonly inside = new Set<number>();

  constructor(view: LinkedFunction, facts: ModuleFacts, node: Node, waiting: Waiting) {
    this.view = view;
    this.facts = facts;
    this.node = node;
    this.waiting = waiting;
  }

  inItems(roots: readonly Item[], depth: number): boolean {
    if (depth > 6) return false;
    let found = false;
    const functions: number[] = [];
    walk(roots, (item, ancestors) => {
      if (found) return false;
      if (item.kind === 'function' && 'fn' in item) functions.push(item.fn);
      // A named function of the module, handed over or called.
      if (item.kind === 'ref') functions.push(...this.functionsOf(item));
      if (item.kind === 'call' || item.kind === 'new') found = this.inCall(item);
      // Handed on where it stands: `.then(resolve)`, `respond(response)`.
      if (item.kind === 'ref' && (depth === 0 || ancestors.some((one) => one.kind === 'call' || one.kind === 'new')) && this.isGiven(item)) found = true;
      return undefined;
    });
    if (found) return true;
    for (const fn of functions) {
      if (this.inside.has(fn)) continue;
      this.inside.add(fn);
      const fact = this.facts.functions[fn];
      if (fact && this.inItems(fact.body, depth + 1)) return true;
    }
    return false;
  }

  private functionsOf(expr: Expr & { kind: 'ref' }): number[] {
    return (this.view.evaluator.modules.index(this.facts.file)?.definitions.get(expr.binding) ?? []).flatMap((one) => {
      if (one.form === 'function' && one.id !== undefined) return [one.id];
      return one.expr?.kind === 'function' ? [one.expr.fn] : [];
    });
  }

  private inCall(call: Expr & { kind: 'call' | 'new' }): boolean {
    const { callee } = call;
    if (callee.kind === 'ref') return this.isOuter(callee.binding) && this.functionsOf(callee).length === 0 && this.facts.bindings[callee.binding]?.kind !== 'import' && this.facts.bindings[callee.binding]?.fn !== 0;
    if (callee.kind !== 'member' || typeof callee.property !== 'string') return false;
    if (tellers.has(callee.property) && !(callee.object.kind === 'global' && callee.object.name === 'Promise')) return true;
    let root: Expr = callee.object;
    let named = false;
    while (root.kind === 'member' || root.kind === 'call') {
      if (root.kind === 'member' && typeof root.property === 'string' && /^(?:res|resp|response|reply)$/.test(root.property)) named = true;
      root = root.kind === 'member' ? root.object : root.callee;
    }
    if (root.kind === 'ref' && /^(?:write|end|close|push|abort)$/.test(callee.property) && this.isPlumbing(root.binding)) return true;
    if (this.waiting.until !== 'answer' || !answers.has(callee.property)) return false;
    return named || (root.kind === 'ref' && this.facts.bindings[root.binding]?.kind === 'param' && this.isOuter(root.binding));
  }

  /** A writer of a stream that was made around here. */
  private isPlumbing(binding: number): boolean {
    return (this.view.evaluator.modules.index(this.facts.file)?.definitions.get(binding) ?? []).some((one) => {
      const expr = one.expr;
      if (expr?.kind === 'call' && expr.callee.kind === 'member' && expr.callee.property === 'getWriter') return true;
      const callee = expr?.kind === 'new' ? expr.callee : undefined;
      const name = callee?.kind === 'member' ? callee.property : callee?.kind === 'ref' ? this.facts.bindings[callee.binding]?.name : callee?.kind === 'global' ? callee.name : undefined;
      return typeof name === 'string' && /^(?:PassThrough|TransformStream|Readable|Duplex|Transform|ReadableStream)$/.test(name);
    });
  }

  /** A name of a function around the code that runs later, not of that code itself. */
  private isOuter(binding: number): boolean {
    const fact = this.facts.bindings[binding];
    if (!fact) return false;
    for (const fn of this.inside) if (within(this.facts, fact.fn, fn)) return false;
    if (this.waiting.until === 'promise' && fact.kind === 'param' && this.isCallbackOfHandler(binding)) return false;
    return true;
  }

  /** What an `async` handler is given as its callback: nobody listens to it. */
  private isCallbackOfHandler(binding: number): boolean {
    const { file, fn } = this.waiting.root.frame;
    const params = file === this.facts.file ? this.facts.functions[fn]?.params ?? [] : [];
    return params.slice(2).some((param) => param.target.kind === 'ref' && param.target.binding === binding);
  }

  /** A function or response that this code was given and hands on. */
  private isGiven(expr: Expr & { kind: 'ref' }): boolean {
    const fact = this.facts.bindings[expr.binding];
    if (fact?.kind !== 'param' || !this.isOuter(expr.binding)) return false;
    if (this.waiting.until === 'answer' && /^(?:context|ctx)$/.test(fact.name)) return true;
    if (isToldThrough(this.view, this.node.frame, expr.binding, this.waiting, 0)) return true;
    if (answerNames.test(fact.name)) return this.waiting.until === 'answer' || !/^(?:res|resp|response|reply|stream)$/.test(fact.name) || this.node.frame.fn !== this.waiting.root.frame.fn;
    // The second parameter of a handler that is given the response or the old-style context.
    const { file, fn } = this.waiting.root.frame;
    const params = file === this.facts.file ? this.facts.functions[fn]?.params ?? [] : [];
    const index = params.findIndex((param) => param.target.kind === 'ref' && param.target.binding === expr.binding);
    return this.waiting.until === 'answer' && (index === 1 || (index === 0 && this.view.fn.platform === 'azure'));
  }
}

/**
 * Whether a parameter is a way to tell who waits, whatever it is called: what an executor is given, the callback of a handler that answers by
 * one, or a parameter that is given such a thing or a function that calls it.
 */
function isToldThrough(view: LinkedFunction, frame: Frame, binding: number, waiting: Waiting, depth: number): boolean {
  const facts = view.evaluator.modules.facts(frame.file);
  const fact = facts?.bindings[binding];
  if (!facts || !fact || depth > 8) return false;
  if (fact.kind !== 'param') {
    if ((view.evaluator.modules.index(frame.file)?.definitions.get(binding) ?? []).some(({ expr }) => holdsResponse(view, frame, expr, waiting))) return true;
    const made = (view.evaluator.modules.index(frame.file)?.definitions.get(binding) ?? []).flatMap((one) => (one.expr?.kind === 'function' ? [one.expr.fn] : one.form === 'function' && one.id !== undefined ? [one.id] : []));
    return made.some((fn) => (view.evaluator.modules.index(frame.file)?.calls[fn] ?? []).some((call) => call.callee.kind === 'ref' && isToldThrough(view, frame, call.callee.binding, waiting, depth + 1)));
  }
  const index = facts.functions[fact.fn]?.params.findIndex((param) => param.target.kind === 'ref' && param.target.binding === binding) ?? -1;
  if (index < 0) return false;
  if (index < 2 && executorsOf(view, facts).has(fact.fn)) return true;
  const { root } = waiting;
  if (frame.file === root.frame.file && fact.fn === root.frame.fn) return index === 2 && waiting.until === 'answer';
  for (let owner: Frame | undefined = frame; owner; owner = owner.parent) {
    const argument = owner.fn === fact.fn ? owner.args?.[index] : undefined;
    if (argument && 'expr' in argument && holdsResponse(view, argument.frame, argument.expr, waiting)) return true;
    if (argument && 'expr' in argument && argument.expr.kind === 'ref') return isToldThrough(view, argument.frame, argument.expr.binding, waiting, depth + 1);
  }
  return false;
}

/** `{ req, res }`: an object in which the response is handed on. */
function holdsResponse(view: LinkedFunction, frame: Frame, expr: Expr | undefined, { until, root }: Waiting): boolean {
  if (until !== 'answer' || expr?.kind !== 'object') return false;
  const facts = view.evaluator.modules.facts(frame.file);
  const isResponse = (id: number): boolean => {
    const fact = facts?.bindings[id];
    if (!facts || fact?.kind !== 'param') return false;
    const params = frame.file === root.frame.file && fact.fn === root.frame.fn ? facts.functions[fact.fn]?.params ?? [] : [];
    return /^(?:res|resp|response|reply)$/.test(fact.name) || params.findIndex(({ target }) => target.kind === 'ref' && target.binding === id) === 1;
  };
  return expr.properties.some(({ value }) => value.kind === 'ref' && isResponse(value.binding));
}

/** Whether a body stands in the function that `new Promise` is given: what it starts is told through `resolve`. */
export function inExecutor(view: LinkedFunction, node: Node): boolean {
  const facts = view.evaluator.modules.facts(node.frame.file);
  for (let id = node.frame.fn, count = 0; facts && id > 0 && count < 40; id = facts.functions[id]?.parent ?? -1, count++) {
    if (executorsOf(view, facts).has(id)) return true;
  }
  return false;
}

const executors = new WeakMap<ModuleFacts, ReadonlySet<number>>();

function executorsOf(view: LinkedFunction, facts: ModuleFacts): ReadonlySet<number> {
  let found = executors.get(facts);
  if (!found) {
    const list = new Set<number>();
    for (const calls of view.evaluator.modules.index(facts.file)?.calls ?? []) {
      for (const call of calls) {
        const name = call.callee.kind === 'global' ? call.callee.name : call.callee.kind === 'ref' ? facts.bindings[call.callee.binding]?.name : '';
        const [first] = call.args;
        if (call.kind === 'new' && (name === 'Promise' || name === 'Bluebird') && first?.kind === 'function') list.add(first.fn);
      }
    }
    found = list;
    executors.set(facts, found);
  }
  return found;
}
