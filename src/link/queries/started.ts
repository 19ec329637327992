import { mayStartCallback, mayStartPromise, platformPromise, startsAlone, startsCallback, startsPromise } from '../../catalog/promises.ts';
import type { CallExpr, Expr, NewExpr } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type FunctionValue } from '../../model/value.ts';
import { censusOf } from '../census.ts';
import type { Edge, External, Node, Reach } from '../reach.ts';
import type { LinkedFunction } from '../view.ts';
import { calleeOf, edgesOf, targetOf } from './calls-in.ts';
import { ancestorsOf } from './positions.ts';

/** What a call starts that goes on after the call has returned. */
export interface Started {
  /** A promise, or a list of them. */
  readonly what: string;
  readonly list: boolean;
  /** Files of the repository that show it. */
  readonly files: readonly string[];
}

const MAX_DEPTH = 8;
const sites = new WeakMap<Reach, Map<Node, Map<Expr, Edge[]>>>();
const memo = new WeakMap<Reach, Map<string, Started | null>>();
const leaving = new WeakMap<Node, Map<Expr, readonly External[]>>();

/** The calls of a body that leave the repository, by their expression. */
export function externalsAt(node: Node, expr: Expr): readonly External[] {
  let map = leaving.get(node);
  if (!map) {
    map = new Map();
    for (const external of node.externals) map.set(external.expr, [...(map.get(external.expr) ?? []), external]);
    leaving.set(node, map);
  }
  return map.get(expr) ?? [];
}

/** The edges that leave a body at one expression. */
export function edgesAt(view: LinkedFunction, node: Node, site: Expr): readonly Edge[] {
  const all = sites.get(view.reach()) ?? new Map<Node, Map<Expr, Edge[]>>();
  sites.set(view.reach(), all);
  let own = all.get(node);
  if (!own) {
    own = new Map();
    for (const edge of edgesOf(view).get(node) ?? []) {
      const list = own.get(edge.site);
      if (list) list.push(edge); else own.set(edge.site, [edge]);
    }
    all.set(node, own);
  }
  return own.get(site) ?? [];
}

const hasFunction = (expr: CallExpr | NewExpr, view: LinkedFunction, node: Node): boolean => expr.args.some((arg) => arg.kind === 'function' || (arg.kind !== 'object' && alternatives(view.evaluator.value(arg, node.frame)).some((one) => one.kind === 'function'))) || expr.args.some((arg) => arg.kind === 'ref' && isOuterParameter(view, node, arg.binding));

/** A parameter handed on: `client.send(command, callback)`. */
function isOuterParameter(view: LinkedFunction, node: Node, binding: number): boolean {
  const fact = view.evaluator.modules.facts(node.frame.file)?.bindings[binding];
  return fact?.kind === 'param' && /^(?:cb|callback|done|next|resolve|reject)$/.test(fact.name);
}

const itemCalls: ReadonlySet<string> = new Set(['map', 'flatMap']);

/** What a call of a body starts and answers for with a promise: its own callee's work, or that of functions that it maps over. */
export function promiseOf(view: LinkedFunction, node: Node, expr: CallExpr | NewExpr, depth = 0): Started | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const method = expr.callee.kind === 'member' && typeof expr.callee.property === 'string' ? expr.callee.property : undefined;
  if (expr.kind === 'new') return isGlobal(expr.callee, 'Promise') && expr.args[0] ? { what: 'the promise', list: false, files: [] } : undefined;
  const edges = edgesAt(view, node, expr);
  const called = edges.filter((edge) => edge.how === 'call');
  if (called.length > 0) {
    const works = called.map((edge) => workOfFunction(view, targetOf(view, edge), edge.target, depth + 1));
    const first = works.find((work) => work !== undefined);
    return first && works.every((work) => work !== undefined) ? { ...first, what: nameAt(view, node, expr), files: [...new Set(works.flatMap((work) => work?.files ?? []))] } : undefined;
  }
  // A chain on something whose nature is not known: `then` says that it is a promise.
  if (method !== undefined && (method === 'then' || method === 'catch' || method === 'finally') && expr.callee.kind === 'member' && expr.args.length > 0) {
    const base = expr.callee.object;
    if (isSettledPromise(base)) return undefined;
    const inner = base.kind === 'call' || base.kind === 'new' ? promiseOf(view, node, base, depth + 1) : undefined;
    if (inner) return { ...inner, list: false };
    if (base.kind !== 'call' && base.kind !== 'new') return undefined;
    if (edgesAt(view, node, base).some((edge) => edge.how === 'call')) return undefined;
    if (method !== 'then' && !(base.kind === 'call' && base.callee.kind === 'member' && base.callee.property === 'then')) return undefined;
    if (onlyListens(view, node, expr, depth)) return undefined;
    return expr.args.some((arg) => arg.kind === 'function' || arg.kind === 'ref' || arg.kind === 'member') ? { what: shortName(base) ?? 'the promise', list: false, files: [] } : undefined;
  }
  if ((method !== undefined && itemCalls.has(method) && expr.callee.kind === 'member') || isArrayFrom(expr)) {
    const mapped = edges.filter((edge) => edge.how === 'callback');
    const external = externalsAt(node, expr)[0];
    // `rxjs`, streams and the like map later; lists map now.
    if (external?.callee.kind === 'external' && !external.callee.module.startsWith('repo:') && !isArrayFrom(expr)) return undefined;
    for (const edge of mapped) {
      const work = workOfFunction(view, targetOf(view, edge), edge.target, depth + 1);
      if (work) return { ...work, what: `the promises of ${method ?? 'from'}`, list: true };
    }
    return undefined;
  }
  for (const external of externalsAt(node, expr)) {
    const callee = calleeOf(external);
    if (isFlushed(view, callee.module)) continue;
    const what = platformPromise(external.callee, view.fn.platform)
      ?? (mayStartPromise(callee) ? startsPromise(callee, expr.args.map((arg) => view.evaluator.value(arg, node.frame)), hasFunction(expr, view, node)) : undefined);
    if (what !== undefined) return { what, list: false, files: filesBehind(view, node.frame.file, expr.callee) };
  }
  return undefined;
}

/** What Sentry has to send, where its wrapper around the handler waits for that (@sentry/aws-serverless 10, `wrapHandler`, `flushTimeout`, November 2026). */
function isFlushed(view: LinkedFunction, module: string): boolean {
  return module.startsWith('@sentry/') && view.calls('init').some(({ callee }) => callee.module.startsWith('@sentry/') && /^#?wrap(?:Handler|HttpFunction|EventFunction|CloudEventFunction)$/.test(callee.path.at(-1) ?? ''));
}

/** `job.then(() => log('sent')).catch(log)` of a promise that has a name: it is judged where it was made, and nothing is started by what is told of it. */
function onlyListens(view: LinkedFunction, node: Node, expr: CallExpr, depth: number): boolean {
  let link: Expr = expr;
  while (link.kind === 'call' && link.callee.kind === 'member' && /^(?:then|catch|finally)$/.test(String(link.callee.property))) {
    for (const edge of edgesAt(view, node, link)) if (edge.how === 'callback' && workOfFunction(view, targetOf(view, edge), edge.target, depth + 1)) return false;
    if (link.args.some((arg) => arg.kind !== 'function')) return false;
    link = link.callee.object;
  }
  return link.kind === 'ref' && (view.evaluator.modules.index(node.frame.file)?.definitions.get(link.binding) ?? []).some((one) => one.expr?.kind === 'call' && promiseOf(view, node, one.expr, depth + 1) !== undefined);
}

const MAX_NAMES = 4;

/** Files of the repository that a called name comes from: `queue` of `import { queue } from './queue'`. */
export function filesBehind(of: FunctionView, file: string, callee: Expr, depth = 0): readonly string[] {
  const view = of as LinkedFunction;
  let root: Expr = callee;
  while (root.kind === 'member' || root.kind === 'call' || root.kind === 'new' || root.kind === 'await') root = root.kind === 'member' ? root.object : root.kind === 'await' ? root.of : root.callee;
  if (root.kind !== 'ref' || depth > MAX_NAMES) return [];
  const { modules } = view.evaluator;
  const imported = modules.imported(file, root.binding);
  if (imported) {
    const target = modules.resolve(file, imported.source);
    return 'file' in target ? [target.file] : [];
  }
  return (modules.index(file)?.definitions.get(root.binding) ?? []).flatMap((one) => {
    if (!one.expr) return [];
    if (one.expr.kind === 'import') {
      const target = one.expr.source.kind === 'literal' ? modules.resolve(file, String(one.expr.source.value)) : undefined;
      return target && 'file' in target ? [target.file] : [];
    }
    return one.expr.kind === 'ref' || one.expr.kind === 'member' || one.expr.kind === 'call' || one.expr.kind === 'new' || one.expr.kind === 'await' ? filesBehind(view, file, one.expr, depth + 1) : [];
  });
}

/** Whether a called name comes from a file that the editor's view does not hold. */
function isBeyondView(view: LinkedFunction, file: string, callee: Expr): boolean {
  if (view.project.whole) return false;
  let root: Expr = callee;
  while (root.kind === 'member' || root.kind === 'call' || root.kind === 'new' || root.kind === 'await') root = root.kind === 'member' ? root.object : root.kind === 'await' ? root.of : root.callee;
  if (root.kind !== 'ref') return false;
  const { modules } = view.evaluator;
  const source = modules.imported(file, root.binding)?.source ?? (modules.index(file)?.definitions.get(root.binding) ?? []).flatMap((one) => (one.expr?.kind === 'import' && one.expr.source.kind === 'literal' ? [String(one.expr.source.value)] : []))[0];
  return source !== undefined && 'missing' in modules.resolve(file, source);
}

/**
 * The `cfn-response` that CloudFormation gives code in a template answers an async handler with a promise, which is waited for here (CloudFormation
 * user guide, "cfn-response module", source code for asynchronous handlers, read 2026-11); the package of that name does not.
 */
function isPromiseInTemplates(view: LinkedFunction, node: Node, expr: Expr): boolean {
  if (view.fn.packaging?.form !== 'inline') return false;
  const fact = view.evaluator.fact(node.frame.file, node.frame.fn);
  const around = fact && ancestorsOf(fact, expr).at(-1)?.kind;
  return around === 'await' || around === 'return';
}

/** Name of what a call starts whose answer comes through a callback. */
export function callbackOf(view: LinkedFunction, node: Node, expr: CallExpr | NewExpr): string | undefined {
  if (expr.kind !== 'call') return undefined;
  const external = externalsAt(node, expr)[0];
  if (!external) return undefined;
  const callee = calleeOf(external);
  const alone = startsAlone(callee);
  if (alone !== undefined && isPromiseInTemplates(view, node, expr)) return undefined;
  if (alone === undefined && !mayStartCallback(callee)) return undefined;
  if (!hasFunction(expr, view, node)) return alone;
  return startsCallback(callee, expr.args.map((arg) => view.evaluator.value(arg, node.frame)));
}

/**
 * What a function of the repository leaves unfinished when it returns, and answers for with a promise: it is `async` and waits
 * for something, or it returns a promise. `undefined`: all its work is done when it returns, or that is not known.
 */
export function workOfFunction(view: LinkedFunction, node: Node | undefined, target: FunctionValue, depth = 0): Started | undefined {
  const fact = view.evaluator.fact(target.file, target.fn);
  if (!fact || fact.generator || depth > MAX_DEPTH) return undefined;
  const cache = memo.get(view.reach()) ?? new Map<string, Started | null>();
  memo.set(view.reach(), cache);
  const key = `${target.file}#${target.fn}|${node?.id ?? ''}`;
  const known = cache.get(key);
  if (known !== undefined) return known ?? undefined;
  cache.set(key, null);
  const found = work(view, node, target, depth);
  cache.set(key, found ?? null);
  return found;
}

function work(view: LinkedFunction, node: Node | undefined, target: FunctionValue, depth: number): Started | undefined {
  const fact = view.evaluator.fact(target.file, target.fn);
  if (!fact) return undefined;
  const own: Started = { what: fact.name, list: false, files: [target.file] };
  const pending = (expr: Expr, awaited: boolean): Started | undefined => {
    switch (expr.kind) {
      case 'call': case 'new': {
        if (!node) return awaited ? own : undefined;
        if (externalsAt(node, expr).some((external) => isFlushed(view, calleeOf(external).module))) return undefined;
        const inner = promiseOf(view, node, expr, depth + 1);
        if (inner) return { ...inner, what: own.what === '' ? inner.what : own.what, files: [...new Set([...own.files, ...inner.files])] };
        if (expr.kind === 'call' && expr.callee.kind === 'member' && isGlobal(expr.callee.object, 'Promise')) {
          if (expr.callee.property === 'resolve' || expr.callee.property === 'reject') return undefined;
          return own;
        }
        // What is awaited and not known may wait; what the repository shows to be done at once does not.
        return awaited && edgesAt(view, node, expr).every((edge) => edge.how !== 'call') && !isBeyondView(view, target.file, expr.callee) ? own : undefined;
      }
      case 'conditional': return pending(expr.then, awaited) ?? pending(expr.else, awaited);
      case 'logical': return pending(expr.right, awaited) ?? pending(expr.left, awaited);
      case 'ref': {
        if (awaited) return own;
        const definitions = view.evaluator.modules.index(target.file)?.definitions.get(expr.binding) ?? [];
        return definitions.map((item) => (item.form === 'init' && item.path.length === 0 && item.fn === target.fn && item.expr && item.expr.kind !== 'ref' ? pending(item.expr, false) : undefined)).find((one) => one !== undefined);
      }
      case 'await': return pending(expr.of, true);
      case 'literal': case 'object': case 'function': case 'template': case 'binary': case 'unary': return undefined;
      default: return awaited ? own : undefined;
    }
  };
  let found: Started | undefined;
  const returned = view.evaluator.modules.index(target.file)?.returns[target.fn] ?? [];
  if (fact.async) {
    for (const item of censusOf(fact).waits) found ??= item.kind === 'await' ? pending(item.of, true) : own;
  }
  for (const expr of returned) found ??= pending(expr, false);
  // A declared promise whose making is not seen; one that is settled from the start is no work.
  if (!found && !fact.async && /^(?:Promise|PromiseLike|Bluebird)$/.test(fact.returnType?.name ?? '') && returned.some((expr) => expr.kind === 'call' && !isSettledPromise(expr) && node !== undefined && edgesAt(view, node, expr).every((edge) => edge.how !== 'call'))) found = own;
  return found;
}

/** Whether a function that is not `async` answers with a promise, as far as its code shows. */
export function returnsPromise(view: LinkedFunction, node: Node): Started | undefined {
  return workOfFunction(view, node, { kind: 'function', file: node.frame.file, fn: node.frame.fn });
}

const isGlobal = (expr: Expr, name: string): boolean => expr.kind === 'global' && expr.name === name;
const isArrayFrom = (expr: CallExpr): boolean => expr.callee.kind === 'member' && expr.callee.property === 'from' && isGlobal(expr.callee.object, 'Array') && expr.args.length > 1;
const isSettledPromise = (expr: Expr): boolean => expr.kind === 'call' && expr.callee.kind === 'member' && (expr.callee.property === 'resolve' || expr.callee.property === 'reject') && isGlobal(expr.callee.object, 'Promise');

/** The called name as it is written. */
function nameAt(view: LinkedFunction, node: Node, expr: CallExpr): string {
  const name = expr.callee.kind === 'ref' ? view.evaluator.modules.facts(node.frame.file)?.bindings[expr.callee.binding]?.name : shortName(expr);
  return name === undefined || name === '' ? 'an async function' : name;
}

/** Last name of what is called: `post` of `axios.post(…)`. */
export function shortName(expr: Expr): string | undefined {
  if (expr.kind !== 'call' && expr.kind !== 'new') return undefined;
  const { callee } = expr;
  if (callee.kind === 'member' && typeof callee.property === 'string') return callee.property === 'then' || callee.property === 'catch' || callee.property === 'finally' ? shortName(callee.object) : callee.property;
  return callee.kind === 'global' ? callee.name : undefined;
}
