import { isPure } from '../../catalog/pure.ts';
import type { BindingFact, Expr, FunctionFact, ModuleFacts } from '../../model/facts.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { Node } from '../reach.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { calleeOf, targetOf } from './calls-in.ts';
import { ancestorsOf } from './positions.ts';
import { edgesAt, externalsAt } from './started.ts';
import { within } from './timers.ts';

/** What becomes of a promise. `settled`: awaited, or handed to the caller; `dropped`: nobody waits for it. */
export type PromiseFate = 'settled' | 'dropped' | 'unknown';

export interface Fate {
  readonly fate: PromiseFate;
  /** Of a dropped one: the call around it that nobody waits for, such as a `Promise.all` that gathers several. */
  readonly at?: Expr;
  /** Further files that show it. */
  readonly files: ReadonlySet<string>;
}

const MAX_DEPTH = 8;

/** Follows a promise from the expression that makes it: through variables, lists and helpers, to whoever awaits it. */
export function promiseFate(view: FunctionView, body: Body, expr: Expr): PromiseFate {
  return fateOf(view as LinkedFunction, body as LinkedBody, expr).fate;
}

export interface FateOptions {
  /** What the body returns is the platform's answer, which nobody looks into. */
  readonly isAnswer?: boolean;
  /** Whether what is done when a promise has settled tells somebody who waits. */
  readonly tells?: (node: Node, handlers: readonly Expr[]) => boolean;
}

/** The same, with where it ends. */
export function fateOf(view: LinkedFunction, body: LinkedBody, expr: Expr, options: FateOptions = {}): Fate {
  const files = new Set<string>();
  const follow = new Follow(view, files, options.isAnswer ? body.fn : undefined, options.tells ?? (() => false));
  const { fate, at } = follow.expr({ facts: body.facts, fn: body.fn, node: body.node }, expr, 0);
  return { fate, files, ...(at ? { at } : {}) };
}

interface Place { readonly facts: ModuleFacts; readonly fn: FunctionFact; readonly node: Node | undefined }
interface End { readonly fate: PromiseFate; readonly at?: Expr }

const dropped: End = { fate: 'dropped' };
const settled: End = { fate: 'settled' };
const unknown: End = { fate: 'unknown' };
const chains: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);
const listMethods: ReadonlySet<string> = new Set(['map', 'filter', 'slice', 'concat', 'flat', 'flatMap', 'reverse', 'values', 'splice', 'at', 'reduce', 'pop', 'shift']);
const additions: ReadonlySet<string> = new Set(['push', 'unshift', 'add']);
const loggers = /^(?:log|info|warn|error|debug|trace|stringify)$/;
/** Hand a promise to the platform, which waits for it. */
const handsOver: ReadonlySet<string> = new Set(['waitUntil', 'after', 'respondWith', 'unstable_after']);

/** Whether a function gives a variable of its own to the platform, which waits for it. */
function handedOver(fn: FunctionFact, binding: number): boolean {
  let found = false;
  walk(fn.body, (item) => {
    if (item.kind !== 'call' || !item.args.some((arg) => arg.kind === 'ref' && arg.binding === binding)) return;
    const { callee } = item;
    if (callee.kind === 'member' && typeof callee.property === 'string' && handsOver.has(callee.property)) found = true;
  });
  return found;
}

class Follow {
  private readonly view: LinkedFunction;
  private readonly files: Set<string>;
  private readonly answer: FunctionFact | undefined;
  private readonly tells: NonNullable<FateOptions['tells']>;
  /** What became of a variable; while that is worked out, a way back to it settles nothing. */
  private readonly seen = new Map<string, End>();

  constructor(view: LinkedFunction, files: Set<string>, answer: FunctionFact | undefined, tells: NonNullable<FateOptions['tells']>) {
    this.tells = tells;
    this.view = view;
    this.files = files;
    this.answer = answer;
  }

  expr(place: Place, expr: Expr, depth: number): End {
    if (depth > MAX_DEPTH) return unknown;
    const chain = ancestorsOf(place.fn, expr);
    let inner: Item = expr;
    /** Inside an object, which awaiting does not look into. */
    let held = false;
    /** Index in the list around it. */
    let index = -1;
    /** What is done when it has settled. */
    const handlers: Expr[] = [];
    const end = (): End => {
      if (handlers.length > 0 && place.node && this.tells(place.node, handlers)) return settled;
      return inner !== expr && inner.kind === 'call' ? { fate: 'dropped', at: inner } : dropped;
    };
    for (let level = chain.length - 1; level >= 0; level--) {
      const outer = chain[level] as Item;
      switch (outer.kind) {
        case 'await': case 'yield': return settled;
        case 'return': if (!held) return settled; return place.fn === this.answer ? dropped : unknown;
        case 'array': index = outer.items.indexOf(inner as Expr); break;
        case 'object': held = true; break;
        case 'spread': case 'logical': break;
        case 'conditional': if (outer.test === inner) return end(); break;
        case 'sequence': if (outer.items.at(-1) !== inner) return end(); break;
        case 'unary': case 'binary': case 'template': case 'if': case 'switch': case 'expr': return end();
        case 'member': {
          if (outer.object !== inner) return unknown;
          const call = chain[level - 1];
          const isCallee = call?.kind === 'call' && call.callee === outer;
          if (typeof outer.property !== 'string' || /^\d+$/.test(outer.property)) break;
          if (!isCallee && outer.property === 'length') return dropped;
          if (isCallee && !chains.has(outer.property) && !listMethods.has(outer.property)) return unknown;
          break;
        }
        case 'call': {
          if (outer.callee === inner) { if (inner.kind === 'member' && chains.has(String(inner.property))) handlers.push(...outer.args); break; }
          const given = this.given(place, outer, inner as Expr, depth);
          if (given) return given;
          break;
        }
        case 'assign': {
          if (outer.value !== inner) return unknown;
          const stored = this.stored(place, outer.target, outer, depth);
          if (stored.fate === 'settled' || chain[level - 1]?.kind === 'expr') return stored;
          break;
        }
        case 'declare': {
          if (outer.target.kind === 'pattern' && index >= 0) {
            const element = outer.target.elements.find((one) => one.path.length === 1 && one.path[0] === String(index))?.target;
            return element?.kind === 'ref' ? this.binding(place, element.binding, outer, depth + 1) : unknown;
          }
          return this.stored(place, outer.target, outer, depth);
        }
        case 'loop': {
          if (outer.iterable !== inner) return unknown;
          if (outer.form === 'awaitOf') return settled;
          return outer.target?.kind === 'ref' ? this.binding(place, outer.target.binding, outer.target, depth + 1) : unknown;
        }
        default: return unknown;
      }
      inner = outer;
    }
    return unknown;
  }

  private stored(place: Place, target: Item, at: Item, depth: number): End {
    if (target.kind === 'ref') return this.binding(place, target.binding, at, depth + 1);
    if (target.kind !== 'member') return unknown;
    let root: Expr = target;
    while (root.kind === 'member') root = root.object;
    return root.kind === 'ref' ? this.binding(place, root.binding, at, depth + 1) : unknown;
  }

  /** As an argument: `undefined` when what becomes of the call's result decides. */
  private given(place: Place, call: Expr & { kind: 'call' }, argument: Expr, depth: number): End | undefined {
    const { callee } = call;
    const name = callee.kind === 'member' ? (typeof callee.property === 'string' ? callee.property : '') : callee.kind === 'ref' ? (place.facts.bindings[callee.binding]?.name ?? '') : callee.kind === 'global' ? callee.name : '';
    if (handsOver.has(name)) return settled;
    if (callee.kind === 'member') {
      if (additions.has(name) || name === 'set') {
        let root: Expr = callee.object;
        while (root.kind === 'member') root = root.object;
        return root.kind === 'ref' ? this.binding(place, root.binding, call, depth + 1) : unknown;
      }
      if (callee.object.kind === 'global' && (callee.object.name === 'Promise' || callee.object.name === 'Object' || (callee.object.name === 'Array' && name === 'from'))) return undefined;
    }
    if (!place.node) return unknown;
    const targets = edgesAt(this.view, place.node, call).filter((edge) => edge.how === 'call');
    if (targets.length > 0) return this.parameter(place, call, argument, depth);
    const external = externalsAt(place.node, call)[0];
    if (!external) return unknown;
    const known = calleeOf(external);
    if (known.module === 'global' && (known.path[0] === 'console' || known.path[0] === 'JSON')) return dropped;
    if (callee.kind === 'member' && loggers.test(name) && call.args.includes(argument)) return dropped;
    // A function of data neither waits nor keeps: its result stands for what it was given.
    return known.module !== 'global' && isPure(known) ? undefined : unknown;
  }

  /** A helper of the repository that takes the promise: what becomes of the parameter there. */
  private parameter(place: Place, call: Expr & { kind: 'call' }, argument: Expr, depth: number): End {
    const index = call.args.indexOf(argument);
    let result: End = dropped;
    for (const edge of place.node ? edgesAt(this.view, place.node, call) : []) {
      if (edge.how !== 'call') continue;
      const node = targetOf(this.view, edge);
      const facts = this.view.evaluator.modules.facts(edge.target.file);
      const fn = facts?.functions[edge.target.fn];
      const param = fn?.params[index] ?? fn?.params.find((one) => one.rest);
      if (!facts || !fn || !param || param.target.kind !== 'ref' || call.args.slice(0, index).some((one) => one.kind === 'spread')) return unknown;
      this.files.add(edge.target.file);
      const one = this.binding({ facts, fn, node }, param.target.binding, param.target, depth + 1);
      if (one.fate === 'settled') {
        // A helper that hands the promise on: its own answer counts, but where it also gives it to the platform (`waitUntil` where there is one).
        if (!fn.async && this.returns(fn, param.target.binding) && !handedOver(fn, param.target.binding)) return this.expr(place, call, depth + 1);
        return one;
      }
      if (one.fate === 'unknown') result = unknown;
    }
    return result;
  }

  private returns(fn: FunctionFact, binding: number): boolean {
    let found = false;
    walk(fn.body, (item, ancestors) => { if (item.kind === 'ref' && item.binding === binding && ancestors.some((one) => one.kind === 'return')) found = true; });
    return found;
  }

  /** Any use of the variable that waits for it settles the promise. `from`: where it is stored. */
  binding(place: Place, binding: number, from: Item, depth: number): End {
    const fact = place.facts.bindings[binding];
    const key = `${place.facts.file}:${binding}:${from.start}`;
    if (!fact || depth > MAX_DEPTH) return unknown;
    const known = this.seen.get(key);
    if (known) return known;
    this.seen.set(key, dropped);
    const end = this.uses(place, binding, fact, from, depth);
    this.seen.set(key, end);
    return end;
  }

  private uses(place: Place, binding: number, fact: BindingFact, from: Item, depth: number): End {
    // Kept beyond the invocation, or a list of the caller's: others may wait for it.
    const isOwn = fact.kind === 'param' && place.fn.params.some((param) => param.target === from);
    if (fact.fn === 0 || (fact.kind === 'param' && !isOwn) || fact.kind === 'import' || place.facts.exports.some((one) => one.binding === binding)) return unknown;
    let result: End = dropped;
    for (const fn of place.facts.functions) {
      if (!within(place.facts, fn.id, fact.fn)) continue;
      const refs: { readonly item: Expr; readonly chain: readonly Item[] }[] = [];
      walk(fn.body, (item, ancestors) => { if (item.kind === 'ref' && item.binding === binding) refs.push({ item, chain: [...ancestors] }); });
      for (const { item, chain } of refs) {
        if (isWritten(item, chain) || isOverwritten(this.view, place.facts, fn, binding, item, from, chain)) continue;
        const parent = chain[chain.length - 1];
        const grand = chain[chain.length - 2];
        if (parent?.kind === 'member' && parent.object === item && typeof parent.property === 'string' && additions.has(parent.property) && grand?.kind === 'call') continue;
        const node = fn === place.fn ? place.node : nodeOf(this.view, place.facts.file, fn.id);
        const one = this.expr({ facts: place.facts, fn, node }, item, depth + 1);
        if (one.fate === 'settled') return one;
        if (one.fate === 'unknown') result = unknown;
        if (result.fate === 'dropped' && one.at && isGathering(one.at)) result = one;
      }
    }
    return result;
  }
}

/** `Promise.all(list)`, also with a chain on it. */
function isGathering(expr: Expr): boolean {
  let base = expr;
  while (base.kind === 'call' && base.callee.kind === 'member' && chains.has(String(base.callee.property))) base = base.callee.object;
  return base.kind === 'call' && base.callee.kind === 'member' && base.callee.object.kind === 'global' && base.callee.object.name === 'Promise';
}

/** The name stands where something is written to: `x = …`, `x.y = …`, `const x = …`. */
function isWritten(item: Item, chain: readonly Item[]): boolean {
  let inner = item;
  for (let index = chain.length - 1; index >= 0; index--) {
    const outer = chain[index] as Item;
    if (outer.kind === 'assign' || outer.kind === 'declare') return outer.target === inner;
    if (outer.kind === 'loop') return outer.target === inner;
    if (outer.kind === 'member' && outer.object === inner) { inner = outer; continue; }
    if (outer.kind === 'pattern') { inner = outer; continue; }
    return false;
  }
  return false;
}

/** Between the place where the promise is stored and this use, the variable surely gets another value. */
function isOverwritten(view: LinkedFunction, facts: ModuleFacts, fn: FunctionFact, binding: number, use: Item, from: Item, chain: readonly Item[]): boolean {
  const definitions = view.evaluator.modules.index(facts.file)?.definitions.get(binding) ?? [];
  return definitions.some((one) => {
    if (one.fn !== fn.id || (one.start >= from.start && one.end <= from.end) || one.end > use.start || one.op !== '=' || one.form === 'iterate' || !one.expr) return false;
    const inSame = from.start >= fn.start && from.end <= fn.end;
    if (inSame && one.start < from.start) return false;
    // A statement of a block around the use.
    const lists = [fn.body, ...chain.flatMap((item) => blocksOf(item))];
    return lists.some((list) => list.some((stmt) => stmt.start <= use.start && stmt.end >= use.end) && list.some((stmt) => stmt.start <= one.start && stmt.end >= one.end && (stmt.kind === 'expr' || stmt.kind === 'declare')));
  });
}

function blocksOf(item: Item): readonly (readonly Item[])[] {
  switch (item.kind) {
    case 'if': return [item.then, item.else];
    case 'loop': case 'block': return [item.body];
    case 'try': return [item.block, item.handler ?? [], item.finalizer ?? []];
    default: return [];
  }
}

const byPlace = new WeakMap<object, Map<string, Node>>();

/** The body of a function as this deployed function first reaches it. */
export function nodeOf(view: LinkedFunction, file: string, fn: number): Node | undefined {
  const graph = view.reach();
  let map = byPlace.get(graph);
  if (!map) {
    map = new Map();
    for (const node of graph.nodes) {
      const key = `${node.frame.file}#${node.frame.fn}`;
      if (!map.has(key) || node.phase === 'invoke') map.set(key, map.get(key)?.phase === 'invoke' ? (map.get(key) as Node) : node);
    }
    byPlace.set(graph, map);
  }
  return map.get(`${file}#${fn}`);
}
