import type { CallExpr, Expr } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { Definition } from '../module-index.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { isChain } from './chains.ts';
import { numberAt } from './numbers.ts';
import { batchesOf, isRecords } from './records.ts';

/**
 * How long a list can be. `exact`: its entries are spelled out. `upTo`: it is cut into pieces of that length. `records`: one entry
 * for each record of the trigger's batch. `unbounded`: as long as somebody else's data; `why` says whose.
 */
export type ListSize =
  | { readonly kind: 'exact' | 'upTo' | 'records'; readonly count: number }
  | { readonly kind: 'unbounded'; readonly why: string };

/** An expression and the activation that it stands in. */
export interface Written {
  readonly expr: Expr;
  readonly frame: Frame;
}

const MAX_DEPTH = 10;

/** The length of a list; `undefined` where it is not known. `names` gets the names that the list has on its way: `file#binding`. */
export function listSize(of: FunctionView, written: Written, names: Set<string> = new Set()): ListSize | undefined {
  return size({ view: of as LinkedFunction, seen: names }, written, 0);
}

interface Scope { readonly view: LinkedFunction; readonly seen: Set<string> }

function size(scope: Scope, { expr, frame }: Written, depth: number): ListSize | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const inner = (one: Expr): ListSize | undefined => size(scope, { expr: one, frame }, depth + 1);
  switch (expr.kind) {
    case 'await': return inner(expr.of);
    case 'array': {
      const [first] = expr.items;
      if (expr.items.length === 1 && first?.kind === 'spread') return inner(first.of);
      return expr.items.some((item) => item?.kind === 'spread') ? undefined : { kind: 'exact', count: expr.items.length };
    }
    case 'logical': return expr.op === '&&' ? undefined : inner(expr.left);
    case 'call': return ofCall(scope, expr, frame, depth) ?? ofValue(scope, { expr, frame });
    case 'ref': return ofName(scope, expr.binding, frame, depth) ?? ofValue(scope, { expr, frame });
    default: return ofValue(scope, { expr, frame });
  }
}

const sameLength = /^(?:map|sort|reverse|toSorted|toReversed)$/;

function ofCall(scope: Scope, call: CallExpr, frame: Frame, depth: number): ListSize | undefined {
  const { callee, args: [first, second] } = call;
  const { evaluator } = scope.view;
  if (callee.kind !== 'member' || typeof callee.property !== 'string') return undefined;
  if (callee.object.kind === 'global') return (callee.object.name === 'Promise' && /^all/.test(callee.property)) || (callee.object.name === 'Array' && callee.property === 'from') ? first && size(scope, { expr: first, frame }, depth + 1) : undefined;
  const object = (): ListSize | undefined => size(scope, { expr: callee.object, frame }, depth + 1);
  if (sameLength.test(callee.property)) return object();
  if (callee.property === 'filter') { const whole = object(); return whole?.kind === 'exact' ? undefined : whole; }
  if (callee.property === 'splice' && first && second) return upTo(numberAt(evaluator, second, frame));
  if (callee.property !== 'slice' || !first) return undefined;
  return second ? upTo(piece(scope.view, first, second, frame)) : undefined;
}

const upTo = (count: number | undefined): ListSize | undefined => (count !== undefined && count > 0 && Number.isFinite(count) ? { kind: 'upTo', count } : undefined);

/** `slice(i, i + 25)`, `slice(0, 25)`, `slice(i, Math.min(i + 25, n))`. */
function piece(view: LinkedFunction, from: Expr, to: Expr, frame: Frame): number | undefined {
  if (to.kind === 'call') return to.args.map((arg) => piece(view, from, arg, frame)).find((one) => one !== undefined);
  const [start, end] = [numberAt(view.evaluator, from, frame), numberAt(view.evaluator, to, frame)];
  if (view.evaluator.value(from, frame).kind === 'literal' && start !== undefined && end !== undefined) return end - start;
  if (to.kind !== 'binary' || to.op !== '+') return undefined;
  const own = (one: Expr): boolean => one.kind === 'ref' && from.kind === 'ref' && one.binding === from.binding;
  return own(to.left) ? numberAt(view.evaluator, to.right, frame) : own(to.right) ? numberAt(view.evaluator, to.left, frame) : undefined;
}

function ofName(scope: Scope, binding: number, frame: Frame, depth: number): ListSize | undefined {
  const { evaluator } = scope.view;
  const facts = evaluator.modules.facts(frame.file);
  const fact = facts?.bindings[binding];
  if (!facts || !fact) return undefined;
  const key = `${frame.file}#${binding}`;
  if (scope.seen.has(key)) return undefined;
  scope.seen.add(key);
  const owner = ownerOf(frame, fact.fn);
  if (fact.kind === 'param') {
    const argument = givenFor(scope.view, binding, frame);
    return argument && size(scope, argument, depth + 1);
  }
  const definitions = (evaluator.modules.index(frame.file)?.definitions.get(binding) ?? []).filter(({ expr }) => expr !== undefined);
  const [only] = definitions;
  if (!only?.expr || !owner || only.path.length > 0) return undefined;
  const isEmpty = (one: Definition): boolean => one.expr?.kind === 'array' && one.expr.items.length === 0;
  if (definitions.every(isEmpty)) return definitions.length === 1 ? collected(scope, binding, owner, depth) : undefined;
  if (definitions.length > 1) return undefined;
  return only.form === 'iterate' ? pieces(scope, only.expr, owner) : size(scope, { expr: only.expr, frame: owner }, depth + 1);
}

/** The activation that a name belongs to. */
export function ownerOf(frame: Frame, fn: number): Frame | undefined {
  let current: Frame | undefined = frame;
  for (let count = 0; current && count < 20; count++) {
    if (current.fn === fn) return current;
    current = current.parent;
  }
  return undefined;
}

/** What the caller gives for a parameter, or for a part of one that is taken apart. */
export function givenFor(of: FunctionView, binding: number, frame: Frame): Written | undefined {
  const facts = (of as LinkedFunction).evaluator.modules.facts(frame.file);
  const fact = facts?.bindings[binding];
  const owner = fact && ownerOf(frame, fact.fn);
  for (const [index, { target }] of (facts?.functions[fact?.fn ?? -1]?.params ?? []).entries()) {
    const given = owner?.args?.[index];
    const argument = given && 'expr' in given ? given : owner && index === 0 ? awaitedFor(of as LinkedFunction, owner) : undefined;
    if (!argument) continue;
    if (target.kind === 'ref' && target.binding === binding) return argument;
    const element = target.kind === 'pattern' ? target.elements.find((one) => one.target.kind === 'ref' && one.target.binding === binding) : undefined;
    if (element) return argumentAt(of, argument, element.path);
  }
  return undefined;
}

/** What a function gets that `then` is given: what the promise in front of it comes to. */
function awaitedFor(view: LinkedFunction, { file, fn }: Frame): Written | undefined {
  const via = view.reach().nodes.find((one) => one.frame.file === file && one.frame.fn === fn)?.via;
  if (via?.how !== 'callback' || !isChain(via.site) || via.site.callee.property !== 'then' || via.site.args[0]?.kind !== 'function' || via.site.args[0].fn !== fn) return undefined;
  const of = via.site.callee.object;
  return { expr: { kind: 'await', of, start: of.start, end: of.end }, frame: via.from.frame };
}

const chunkModules = /^(?:lodash|lodash-es|underscore|ramda|remeda|radash|es-toolkit|lodash\.chunk|lodash\/chunk|chunk|just-split)$/;

/** Elements of `chunk(list, 25)`: a package's, or a function of the repository whose name says so. */
function pieces(scope: Scope, list: Expr, frame: Frame): ListSize | undefined {
  const { evaluator } = scope.view;
  if (list.kind === 'ref') {
    const [only, more] = evaluator.modules.index(frame.file)?.definitions.get(list.binding) ?? [];
    const fact = evaluator.modules.facts(frame.file)?.bindings[list.binding];
    const owner = fact && ownerOf(frame, fact.fn);
    return only?.expr && !more && owner && only.form === 'init' && only.path.length === 0 && only.expr.kind === 'call' ? pieces(scope, only.expr, owner) : undefined;
  }
  if (list.kind !== 'call') return undefined;
  const callee = evaluator.value(list.callee, frame);
  const numbers = list.args.map((arg) => numberAt(evaluator, arg, frame)).filter((one) => one !== undefined);
  const named = callee.kind === 'external' ? chunkModules.test(callee.module) && /chunk|splitEvery|split|default/.test(callee.path.at(-1) ?? 'chunk') : callee.kind === 'function' && /chunk|split|batches|partition|group|slices/i.test(evaluator.fact(callee.file, callee.fn)?.name ?? '');
  return named && numbers.length === 1 ? upTo(numbers[0]) : undefined;
}

/** A list that starts empty and is filled in loops. Where its length is compared or it is emptied, somebody takes care. */
function collected(scope: Scope, binding: number, frame: Frame, depth: number): ListSize | undefined {
  const facts = scope.view.evaluator.modules.facts(frame.file);
  if (!facts) return undefined;
  let cared = false;
  const rounds: { readonly list: Expr; readonly paged: boolean }[] = [];
  const isIt = (item: Item): boolean => item.kind === 'ref' && item.binding === binding;
  for (const fn of facts.functions) {
    walk(fn.body, (item, ancestors) => {
      if (item.kind === 'member' && isIt(item.object) && item.property === 'length' && isCompared(ancestors)) cared = true;
      if (item.kind !== 'call' || item.callee.kind !== 'member' || !isIt(item.callee.object)) return;
      if (item.callee.property === 'splice' || item.callee.property === 'shift' || item.callee.property === 'pop') cared = true;
      if (item.callee.property !== 'push') return;
      const loop = ancestors.findLast((one) => one.kind === 'loop');
      if (loop?.kind === 'loop' && loop.iterable) rounds.push({ list: loop.iterable, paged: false });
      else if (loop?.kind === 'loop') cared = true;
      else {
        // `list.forEach((item) => entries.push(…))`
        const each = callbackOf(facts.functions, fn.id);
        if (each) rounds.push({ list: each, paged: false });
      }
    });
  }
  const [round] = rounds;
  if (cared || !round || rounds.length > 1) return undefined;
  const found = size(scope, { expr: round.list, frame }, depth + 1);
  return found?.kind === 'exact' ? undefined : found;
}

/** A test, or a sum that a test is made of. */
function isCompared(ancestors: readonly Item[]): boolean {
  const parent = ancestors.at(-1);
  return parent?.kind === 'binary' || parent?.kind === 'logical' || parent?.kind === 'unary' || parent?.kind === 'if' || parent?.kind === 'conditional' || parent?.kind === 'loop';
}

/** The list whose `forEach` or `map` is given a function. */
function callbackOf(functions: readonly { readonly body: readonly Item[] }[], fn: number): Expr | undefined {
  let found: Expr | undefined;
  for (const one of functions) {
    walk(one.body, (item) => {
      if (item.kind === 'call' && item.callee.kind === 'member' && /^(?:forEach|map)$/.test(String(item.callee.property)) && item.args.some((arg) => arg.kind === 'function' && arg.fn === fn)) found = item.callee.object;
    });
  }
  return found;
}

function ofValue({ view }: Scope, { expr, frame }: Written): ListSize | undefined {
  const value = view.evaluator.value(expr, frame);
  if (isRecords(view, value)) {
    const [batch] = batchesOf(view, false);
    return batch && { kind: 'records', count: batch.size };
  }
  return ofData(value, 0);
}

/** A list of the event, of a page of a store, of its listing. */
function ofData(value: Value, depth: number): ListSize | undefined {
  if (depth > 6) return undefined;
  if (value.kind === 'event') return value.path.length > 0 && value.path[0] !== 'Records' && value.path.at(-1) !== '*' && !value.path.includes('Records') ? { kind: 'unbounded', why: 'a list of the event' } : undefined;
  if (value.kind !== 'derived') return undefined;
  const [first] = value.from;
  if (value.what === '.Items' && first) {
    const limit = limitOf(first);
    return limit === 'none' ? { kind: 'unbounded', why: 'the items that a query finds' } : limit === undefined ? undefined : upTo(limit);
  }
  if (value.io || !first) return undefined;
  if (value.what === 'global:JSON.parse' || value.what.startsWith('.')) return ofData(first, depth + 1);
  return undefined;
}

/** The `Limit` of a `Query` or `Scan` whose answer a value is; `none` where it has none. */
function limitOf(answer: Value): number | 'none' | undefined {
  let current: Value | undefined = answer;
  for (let step = 0; step < 4 && current?.kind === 'derived'; step++) {
    const command: Value | undefined = current.from.find((one) => one.kind === 'instance' && one.of.kind === 'external' && /^(?:Query|Scan)Command$/.test(one.of.path.at(-1) ?? ''));
    const params = command?.kind === 'instance' ? command.args[0] : /#(?:query|scan)$/.test(current.what) ? current.from.find((one) => one.kind === 'object') : undefined;
    if (params?.kind === 'object') {
      const limit = params.entries.findLast(([name]) => name === 'Limit')?.[1];
      return limit === undefined ? (params.open ? undefined : 'none') : limit.kind === 'literal' && typeof limit.value === 'number' ? limit.value : undefined;
    }
    current = current.from[0];
  }
  return undefined;
}

/** The expression at a path of properties of a call's arguments, through commands, names and spreads that are written out. */
export function argumentAt(of: FunctionView, { expr, frame }: Written, path: readonly string[], depth = 0): Written | undefined {
  const { evaluator } = of as LinkedFunction;
  if (depth > 6) return undefined;
  const [name, ...rest] = path;
  switch (expr.kind) {
    case 'object': {
      if (name === undefined) return { expr, frame };
      const property = expr.properties.findLast(({ key }) => (name === '*' ? key !== undefined : key === name));
      return property ? argumentAt(of, { expr: property.value, frame }, rest, depth + 1) : undefined;
    }
    case 'new': case 'call': {
      if (name === undefined) return { expr, frame };
      for (const arg of expr.args) {
        const found = argumentAt(of, { expr: arg, frame }, path, depth + 1);
        if (found) return found;
      }
      return undefined;
    }
    case 'ref': {
      if (name === undefined) return { expr, frame };
      const facts = evaluator.modules.facts(frame.file);
      const fact = facts?.bindings[expr.binding];
      const owner = fact && ownerOf(frame, fact.fn);
      if (fact?.kind === 'param') {
        const argument = givenFor(of, expr.binding, frame);
        return argument && argumentAt(of, argument, path, depth + 1);
      }
      const [only, more] = evaluator.modules.index(frame.file)?.definitions.get(expr.binding) ?? [];
      return only?.expr && !more && only.form === 'init' && only.path.length === 0 && owner ? argumentAt(of, { expr: only.expr, frame: owner }, path, depth + 1) : undefined;
    }
    default: return name === undefined ? { expr, frame } : undefined;
  }
}
