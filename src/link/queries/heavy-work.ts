import { heavyOf, isHash, mayBeHeavy } from '../../catalog/heavy.ts';
import type { Expr, LoopStmt } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Body, ExternalCall, FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { Node } from '../reach.ts';
import { contains } from '../values.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { calleeOf, edgesOf, targetOf } from './calls-in.ts';
import { runsLocallyOnly } from './local-run.ts';
import { loopsOf } from './loops.ts';
import { numberOf } from './numbers.ts';
import { ancestorsOf } from './positions.ts';
import { filesBehind } from './started.ts';
import { argsOf } from './arguments.ts';

export interface HeavyWork {
  readonly kind: 'derives' | 'compresses' | 'blocks' | 'searches';
  readonly body: Body;
  readonly place: SourcePlace;
  /** Where it is one call. */
  readonly call?: ExternalCall;
  readonly data: Readonly<Record<string, string>>;
  /** Its input has a size that the platform limits. */
  readonly bounded: boolean;
  readonly files: readonly string[];
}

/** From this number of hashes on a loop is heavy: some ten milliseconds of a whole processor. */
const MANY_ROUNDS = 10_000;

/** Synchronous heavy work on the invocation path. What is kept for later invocations (`key ??= …`) is done once and left out. */
export function heavyWorkOf(of: FunctionView): readonly HeavyWork[] {
  const view = of as LinkedFunction;
  const found: HeavyWork[] = [];
  for (const call of view.calls('invoke')) {
    const heavy = mayBeHeavy(call.callee) ? heavyOf(call.callee, argsOf(call)) : undefined;
    if (!heavy || isKept(call.body, call.expr) || runsLocallyOnly(view, call.body, call.expr) === 'local') continue;
    const size = heavy.kind === 'compresses' ? sizeOf(heavy.input) : 'open';
    if (size === 'fixed') continue;
    const argument = call.expr.args[0];
    const evidence = [...filesBehind(view, call.place.file, call.expr.callee), ...(heavy.kind === 'compresses' && argument ? namesBehind(view, call.place.file, argument) : [])];
    if (heavy.kind === 'compresses' && !view.project.whole && argument && leavesFile(view, call.place.file, argument)) continue;
    const data = heavy.kind === 'compresses' ? { what: heavy.what, input: size === 'event' ? 'part of the event' : 'data of any size' } : { what: heavy.what };
    found.push({ kind: heavy.kind, body: call.body, place: call.place, call, data, bounded: size === 'event', files: evidence });
  }
  for (const body of view.bodies('invoke')) {
    for (const loop of loopsOf(body.fn)) {
      const rounds = searchOf(view, body, loop);
      if (rounds) found.push({ kind: 'searches', body, place: { file: body.file, start: loop.start, end: loop.headEnd }, data: { rounds: rounds.text }, bounded: false, files: rounds.files });
    }
  }
  return found;
}

/** How large what is compressed can get: known at scan time, limited with the event, or not limited. */
function sizeOf(input: Value | undefined): 'fixed' | 'event' | 'open' {
  if (!input) return 'fixed';
  const open = contains(input, (value) => (value.kind === 'derived' && value.io) || value.kind === 'unknown' || value.kind === 'param' || value.kind === 'instance');
  if (open) return 'open';
  return contains(input, (value) => value.kind === 'event') ? 'event' : 'fixed';
}

/** Files of the repository that functions and variables named in an expression come from. */
function namesBehind(view: LinkedFunction, file: string, expr: Expr): readonly string[] {
  const found: string[] = [];
  walk([expr], (item) => { if (item.kind === 'ref') found.push(...filesBehind(view, file, item)); });
  return found;
}

function leavesFile(view: LinkedFunction, file: string, expr: Expr): boolean {
  const imports = view.evaluator.modules.facts(file)?.imports ?? [];
  let leaves = false;
  walk([expr], (item) => { if (item.kind === 'ref' && imports.some((one) => /^(?:\.|\/|#|~|@\/)/.test(one.source) && one.names.some((name) => name.binding === item.binding))) leaves = true; });
  return leaves;
}

/** `key ??= derive()`, `if (!key) key = derive()` with a variable of the module: done once. */
function isKept(body: Body, expr: Expr): boolean {
  const ancestors = ancestorsOf(body.fn, expr);
  for (let index = ancestors.length - 1; index >= 0; index--) {
    const item = ancestors[index] as Item;
    if (item.kind !== 'assign' || item.target.kind !== 'ref') continue;
    const { binding } = item.target;
    if (body.facts.bindings[binding]?.fn !== 0) return false;
    if (item.op === '??=' || item.op === '||=') return true;
    return ancestors.slice(0, index).some((outer) => outer.kind === 'if' && names(outer.test, binding));
  }
  return false;
}

function names(expr: Expr, binding: number): boolean {
  let found = false;
  walk([expr], (item) => { if (item.kind === 'ref' && item.binding === binding) found = true; });
  return found;
}

/** A loop that makes a hash in each round: until it looks right, or very many times. */
function searchOf(view: LinkedFunction, body: LinkedBody, loop: LoopStmt): { readonly text: string; readonly files: readonly string[] } | undefined {
  if (loop.form === 'of' || loop.form === 'in' || loop.form === 'awaitOf') return undefined;
  const files: string[] = [];
  const made = new Set<Item>();
  let waits = false;
  walk([...loop.body, ...(loop.test ? [loop.test] : [])], (item) => {
    if (item.kind === 'await') waits = true;
    if (item.kind !== 'call') return;
    const shown = hashes(view, body.node, item, 0);
    if (shown) { made.add(item); files.push(...shown); }
  });
  if (made.size === 0 || waits) return undefined;
  const bound = boundOf(view, body, loop);
  if (bound !== undefined) return bound >= MANY_ROUNDS ? { text: `${bound.toLocaleString('en-US')} times`, files } : undefined;
  return looksAtHash(view, body, loop, made) ? { text: 'until one looks right', files } : undefined;
}

/** The files that show that a call makes a hash, helpers included. */
function hashes(view: LinkedFunction, node: Node, call: Expr, depth: number): readonly string[] | undefined {
  if (depth > 3) return undefined;
  if (node.externals.some((external) => external.expr === call && isHash(calleeOf(external)))) return [node.frame.file];
  for (const edge of edgesOf(view).get(node) ?? []) {
    if (edge.site !== call || edge.how !== 'call') continue;
    const target = targetOf(view, edge);
    if (!target) continue;
    for (const inner of view.evaluator.modules.index(target.frame.file)?.calls[target.frame.fn] ?? []) {
      const shown = hashes(view, target, inner, depth + 1);
      if (shown) return [node.frame.file, ...shown];
    }
  }
  return undefined;
}

/** `for (let i = 0; i < N; i++)` with a number: N. */
function boundOf(view: LinkedFunction, body: LinkedBody, loop: LoopStmt): number | undefined {
  const { test } = loop;
  if (test?.kind !== 'binary' || !/^[<>]=?$|^!==?$/.test(test.op)) return undefined;
  for (const side of [test.right, test.left]) {
    const value = numberOf(view.evaluator.value(side, body.node.frame));
    if (value !== undefined && value > 0) return value;
  }
  // A list or a number that is not known: not a search.
  return loop.form === 'for' && loop.update ? 0 : undefined;
}

/** The test of the loop, or of a way out of it, reads the hash. */
function looksAtHash(view: LinkedFunction, body: LinkedBody, loop: LoopStmt, made: ReadonlySet<Item>): boolean {
  const holders = new Set<number>();
  for (const [binding, definitions] of view.evaluator.modules.index(body.file)?.definitions ?? []) {
    if (definitions.some((one) => one.fn === body.fn.id && one.expr && holds(one.expr, made))) holders.add(binding);
  }
  const reads = (test: Expr): boolean => {
    let found = false;
    walk([test], (item) => { if (made.has(item) || (item.kind === 'ref' && holders.has(item.binding))) found = true; });
    return found;
  };
  if (loop.test && reads(loop.test)) return true;
  let found = false;
  walk(loop.body, (item) => { if (item.kind === 'if' && reads(item.test)) found = true; });
  return found;
}

function holds(expr: Expr, made: ReadonlySet<Item>): boolean {
  let found = false;
  walk([expr], (item) => { if (made.has(item)) found = true; });
  return found;
}
