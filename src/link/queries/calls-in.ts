import { askOf, mayAsk } from '../../catalog/asks.ts';
import { isPure } from '../../catalog/pure.ts';
import { mayWait, waitOf, type Wait } from '../../catalog/waits.ts';
import type { CallExpr, NewExpr } from '../../model/facts.ts';
import type { Callee } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { Edge, External, Node, Reach } from '../reach.ts';
import { externalPath } from '../values.ts';
import { calleeOf as calleeOfCall, type LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';

/** What a piece of code does to the world, its helpers and callbacks included. */
export interface Work {
  /** It asks something outside the process and waits for the answer. */
  readonly remote: boolean;
  /** It asks how something is that was started earlier. */
  readonly asksStatus: boolean;
  /** It takes messages from a queue, or takes away what it lists. */
  readonly drains: boolean;
  readonly asksPage: boolean;
  /** It waits in a way that suspends the function. */
  readonly durable: boolean;
  /** It takes the next piece of a stream. */
  readonly streams: boolean;
  /** It calls something of which nothing is known. */
  readonly opaque: boolean;
  /** It asks the platform's runtime for the next invocation. */
  readonly runtime: boolean;
  readonly files: ReadonlySet<string>;
}

const nothing: Work = { remote: false, asksStatus: false, drains: false, asksPage: false, durable: false, streams: false, opaque: false, runtime: false, files: new Set() };

export function joinWork(list: readonly Work[]): Work {
  return list.reduce<Work>((a, b) => ({
    remote: a.remote || b.remote, asksStatus: a.asksStatus || b.asksStatus, drains: a.drains || b.drains, asksPage: a.asksPage || b.asksPage, durable: a.durable || b.durable,
    streams: a.streams || b.streams, opaque: a.opaque || b.opaque, runtime: a.runtime || b.runtime, files: b.files.size === 0 ? a.files : new Set([...a.files, ...b.files]),
  }), nothing);
}

/** Modules whose calls stay on the machine, or tell nothing that a loop waits for. */
const localModules = /^(?:fs|fs\/promises|graceful-fs|fs-extra|os|crypto|util|stream|stream\/promises|events|zlib|readline|readline\/promises|worker_threads|path|perf_hooks|async_hooks|timers|timers\/promises|uuid|nanoid|ulid|winston|pino|bunyan|loglevel|debug|log4js|@aws-lambda-powertools\/.*|aws-xray-sdk.*|@sentry\/.*|dotenv|chalk|sharp|archiver|yazl|unzipper|jszip|tar)$/;
/** What lists and texts do by themselves. */
const listMethods: ReadonlySet<string> = new Set(['map', 'forEach', 'filter', 'find', 'findLast', 'findIndex', 'some', 'every', 'flatMap', 'reduce', 'slice', 'concat', 'join', 'flat', 'includes', 'indexOf', 'sort', 'reverse', 'split', 'replace', 'trim', 'toString']);
/** Those of them, and more of texts, that no client of a service has: whatever they are called on, it is data by then. */
const dataMethods: ReadonlySet<string> = new Set([
  'slice', 'concat', 'join', 'flat', 'includes', 'indexOf', 'lastIndexOf', 'split', 'replace', 'replaceAll', 'trim', 'trimStart', 'trimEnd', 'toString', 'substring', 'substr', 'startsWith', 'endsWith',
  'toLowerCase', 'toUpperCase', 'padStart', 'padEnd', 'charAt', 'charCodeAt', 'codePointAt', 'localeCompare', 'toFixed', 'map', 'some', 'every', 'flatMap', 'reduce',
]);
const drainMethods = /^(?:delete|remove|ack|acknowledge|complete|settle|destroy|purge|receive|dequeue|lpop|rpop|pop|mark|archive)(?:$|[A-Z_])/;
const durableMethods: ReadonlySet<string> = new Set(['sleep', 'sleepUntil', 'wait', 'waitForEvent', 'waitForCallback', 'waitForCondition', 'createTimer', 'waitForExternalEvent']);

/** Edges that leave each body, by the expression they leave at. */
export function edgesOf(view: LinkedFunction): ReadonlyMap<Node, readonly Edge[]> {
  const graph = view.reach();
  let map = outgoing.get(graph);
  if (!map) {
    const edges = new Map<Node, Edge[]>();
    const ends = new Map<Edge, Node>();
    for (const node of graph.nodes) {
      for (const edge of node.incoming) {
        const list = edges.get(edge.from);
        if (list) list.push(edge); else edges.set(edge.from, [edge]);
        ends.set(edge, node);
      }
    }
    map = edges;
    outgoing.set(graph, map);
    targets.set(graph, ends);
  }
  return map;
}

// By graph, not by view: a view gives its graph back and makes another one when it is asked again.
const outgoing = new WeakMap<Reach, Map<Node, Edge[]>>();
const targets = new WeakMap<Reach, Map<Edge, Node>>();
const works = new WeakMap<Reach, Map<Node, Work>>();

/** The body that an edge leads to. */
export function targetOf(view: LinkedFunction, edge: Edge): Node | undefined {
  edgesOf(view);
  return targets.get(view.reach())?.get(edge);
}

/** What a whole body does, its helpers included; recursion counts once. */
export function workOfNode(view: LinkedFunction, node: Node, depth = 0): Work {
  const memo = works.get(view.reach()) ?? new Map<Node, Work>();
  works.set(view.reach(), memo);
  const known = memo.get(node);
  if (known) return known;
  if (depth > 12) return nothing;
  memo.set(node, nothing);
  const fn = view.evaluator.fact(node.frame.file, node.frame.fn);
  const work = fn ? joinWork([{ ...nothing, files: new Set([node.frame.file]) }, workIn(view, node, fn.body, depth + 1)]) : nothing;
  memo.set(node, work);
  return work;
}

/** What some code of a body does: its own calls, and those of the functions that it calls or hands over. */
export function workIn(view: LinkedFunction, node: Node, roots: readonly Item[], depth = 0): Work {
  const list: Work[] = [];
  walk(roots, (item, ancestors) => {
    if (item.kind === 'call' || item.kind === 'new') list.push(workOfCall(view, node, item, isWaitedFor(item, ancestors), depth));
    if (item.kind === 'literal' && typeof item.value === 'string' && /\/runtime\/invocation|AWS_LAMBDA_RUNTIME_API/.test(item.value)) list.push({ ...nothing, runtime: true });
    if (item.kind === 'member' && item.property === 'AWS_LAMBDA_RUNTIME_API') list.push({ ...nothing, runtime: true });
  });
  return joinWork(list);
}

/** What one call does. */
function workOfCall(view: LinkedFunction, node: Node, expr: CallExpr | NewExpr, waited: boolean, depth = 0): Work {
  const list: Work[] = [];
  for (const external of node.externals) if (external.expr === expr) list.push(workOfExternal(view, node, external, waited));
  for (const edge of edgesOf(view).get(node) ?? []) {
    if (edge.site !== expr) continue;
    const target = targetOf(view, edge);
    if (!target) continue;
    const work = workOfNode(view, target, depth);
    const name = view.evaluator.fact(target.frame.file, target.frame.fn)?.name ?? '';
    list.push(work.remote && edge.how === 'call' && drainMethods.test(name) ? { ...work, drains: true } : work);
  }
  return joinWork(list);
}

/** The callee of an external call as the catalog names it, which keeps what it knows of a name by its callee. */
export function calleeOf(external: External): Callee {
  const kept: External & { catalogued?: Callee } = external;
  return (kept.catalogued ??= namedCallee(external));
}

function namedCallee(external: External): Callee {
  // Most are called alike in the lists of calls: one object, of which the catalog works out a name once.
  const listed = calleeOfCall(external);
  if (listed.receiver === external.receiver) return listed;
  const method = external.expr.callee.kind === 'member' && typeof external.expr.callee.property === 'string' ? [external.expr.callee.property] : [];
  return external.callee.kind === 'external'
    ? { module: external.callee.module, path: externalPath(external.callee), ...(external.receiver ? { receiver: external.receiver } : {}) }
    : { module: 'unknown', path: method, ...(external.receiver ? { receiver: external.receiver } : {}) };
}

/** What kind of wait a call is; most are none by their name, and their arguments are never worked out. */
export function waitAt(view: LinkedFunction, frame: Frame, external: External): Wait | undefined {
  const callee = calleeOf(external);
  return mayWait(callee) ? waitOf(callee, external.expr.args.map((arg) => view.evaluator.value(arg, frame))) : undefined;
}

/** Unknown for a reason that the code at hand gives, not because it lies elsewhere. */
export const isOwnMatter = (reason: string): boolean => /^(?:defined through itself|recursion|no value|element of)/.test(reason);

/** Data of this process: literals, what the event says, and what is worked out of them. */
const isInMemory = (value: Value | undefined): boolean => value !== undefined && (/^(?:array|object|literal|template|event)$/.test(value.kind) || (value.kind === 'derived' && !value.io) || (value.kind === 'oneOf' && value.options.every(isInMemory)));

function workOfExternal(view: LinkedFunction, node: Node, external: External, waited: boolean): Work {
  const callee = calleeOf(external);
  const args = (): readonly Value[] => external.expr.args.map((arg) => view.evaluator.value(arg, node.frame));
  const wait = waitAt(view, node.frame, external);
  if (wait?.kind === 'durable') return { ...nothing, durable: true };
  if (wait && wait.kind !== 'poll' && wait.kind !== 'retry') return nothing;
  const method = callee.path.at(-1)?.replace('#', '') ?? '';
  if (callee.module === 'unknown' && durableMethods.has(method) && waited) return { ...nothing, durable: true };
  if (callee.module === 'unknown' && (dataMethods.has(method) || (listMethods.has(method) && isInMemory(external.receiver)))) return nothing;
  if (method === 'read' && waited) return { ...nothing, streams: true };
  if (callee.module === 'global') {
    const [first] = callee.path;
    return first === 'fetch' && waited ? { ...nothing, remote: true } : nothing;
  }
  const ask = mayAsk(callee) ? askOf(callee, args()) : undefined;
  const remote = ask !== undefined || (waited && (callee.module === 'unknown' ? method !== '' : !localModules.test(callee.module) && !isPure(callee)));
  const opaque = external.callee.kind === 'unknown' && !isOwnMatter(external.callee.reason);
  if (!remote) return opaque ? { ...nothing, opaque } : nothing;
  const drains = ask?.kind === 'item' || (waited && drainMethods.test(method));
  const sent = args().map((arg) => (arg.kind === 'instance' && arg.of.kind === 'external' ? (arg.of.path.at(-1) ?? '') : '')).find((name) => name.endsWith('Command')) ?? '';
  const takesAway = /^(?:Delete|BatchDelete|Receive|Purge)/.test(sent);
  return { ...nothing, remote: true, asksStatus: ask?.kind === 'status', asksPage: ask?.kind === 'page', drains: drains || takesAway, opaque };
}

/** Whether a call's answer is waited for, returned, or followed by `then`: what only starts something asks for nothing. */
export function isWaitedFor(call: Item, ancestors: readonly Item[]): boolean {
  let inner = call;
  for (let index = ancestors.length - 1; index >= 0; index--) {
    const outer = ancestors[index] as Item;
    switch (outer.kind) {
      case 'await': case 'return': case 'yield': return true;
      case 'member': if (outer.property === 'then' || outer.property === 'promise') return true; break;
      case 'call': case 'new': case 'array': case 'spread': case 'conditional': case 'logical': case 'object': case 'sequence': break;
      // `const p = send(); … await p`: started here, waited for later.
      case 'declare': case 'assign': return false;
      case 'loop': return outer.form === 'awaitOf' && outer.iterable === inner;
      default: return false;
    }
    inner = outer;
  }
  return false;
}

/** Calls in a round that ask something outside, helpers included. */
export function askerOf(view: LinkedFunction, node: Node, round: readonly Item[]): ReadonlyMap<Item, Work> {
  const asks = new Map<Item, Work>();
  walk(round, (item, ancestors) => {
    if (item.kind !== 'call' && item.kind !== 'new') return;
    const work = workOfCall(view, node, item, isWaitedFor(item, ancestors));
    if (work.remote || work.streams) asks.set(item, work);
  });
  return asks;
}

export function holdsAsk(expr: Item, asks: ReadonlyMap<Item, Work>): boolean {
  let found = false;
  walk([expr], (item) => { if (asks.has(item)) found = true; return !found; });
  return found;
}
