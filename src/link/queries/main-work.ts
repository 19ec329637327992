import type { Stmt, Expr } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { isCacheFill } from './cache-fills.ts';
import { edgesOf, targetOf, workIn, workOfNode } from './calls-in.ts';
import { filesBehindNames } from './clients.ts';
import { effects, type ReachedEffect } from './effects.ts';
import { ancestorsOf, hops, leaves } from './positions.ts';
import { isChain, isInFront } from './chains.ts';
import { isLog } from './error-handling.ts';
import { isFurtherTouch } from './further-touch.ts';
import { edgesAt } from './started.ts';
import type { Node } from '../reach.ts';

/** Names of work that a function can do without: caches, cookies renewed on the way, figures, tidying up. */
const optional = /cache|cookie|metric|clean|purge|invalidat|telemetr|analytic|heartbeat|warm|unlock|release|rollback|temp|tmp|prefetch|beacon|tracing|disconnect|teardown|close/i;
/** Figures for the maker of the software, which no deployment of it needs: `sendAnonymizedMetric`, `sendAnonymousData`. */
const forMaker = /^(?:send|report|post|publish|emit)\w{0,20}anonym(?:i[sz]ed|ous)(?:\w{0,20}(?:metric|data|usage|stat)\w{0,10})$/i;
/** Where the answer is what counts, telling people about it is side work. */
const sideWork = new RegExp(`${optional.source}|notif|mail|slack|discord|webhook|track|log`, 'i');
/** Files of code that keeps figures, by the last parts of their paths. */
const figuresFile = /(?:^|\/)(?:metrics?|telemetry|analytics)(?:\/index)?\.[cm]?[jt]sx?$|(?:^|\/)(?:metrics?|telemetry|analytics)\/[\w.-]{1,40}$/i;
const acting: ReadonlySet<string> = new Set(['write', 'publish', 'start', 'invoke', 'send', 'charge', 'request', 'delete', 'subscribe']);
/** Services that keep figures and logs. */
const figures: ReadonlySet<string> = new Set(['cloudwatch', 'logs']);

/**
 * Whether a piece of code is what the function is there for: everything that leaves the process does so in it, or it changes or
 * sends something and is neither a cache, a figure, nor the tidying up or the notice after other work.
 */
export function isMainWork(view: LinkedFunction, body: LinkedBody, site: Stmt | Expr, items: readonly Item[], answered = false): boolean {
  if (isAfterFailure(view, body, site) || namesOptional(body, items, forMaker)) return false;
  const all = effectsIn(view, body, items);
  const whole = isWhole(view, body, site);
  // Tidying up is optional beside other work; of a function that does nothing else it is what the function is there for.
  const isBeside = (): boolean => !whole || effects(view).some((item) => acting.has(item.effect.kind) && !figures.has(item.effect.service) && !all.includes(item));
  if (answered ? namesOptional(body, items, sideWork) && !onlyTells(view, body, items, all) : namesOptional(body, items, optional) && (isBeside() || !(all.some(changes) || isAllOutside(view, body, site, items)))) return false;
  if (all.length === 0 && !workIn(view, body.node, items).remote) return whole && doesSomething(view, body, items) && !isInHelper(body) && (answered || isWhole(view, body, site, true));
  // Where somebody waits for the answer, a read that fails shows in it.
  if (whole && !answered) return true;
  const inside = all.filter((item) => changes(item) && !figures.has(item.effect.service) && !(answered && (item.effect.kind === 'delete' || isCacheFill(view, item))));
  if (inside.length === 0) return false;
  const others = effects(view).filter((item) => !inside.includes(item) && acting.has(item.effect.kind) && !figures.has(item.effect.service));
  if (others.length === 0) return true;
  if (site.kind === 'try' && isFurtherTouch(body, site, (call) => actsIn(view, body, [call]))) return false;
  // Tidying up after other work; telling somebody about it.
  if (inside.every((item) => item.effect.kind === 'delete')) return false;
  if (inside.every((item) => item.effect.kind === 'write' || item.effect.kind === 'delete' || isUpdate(item) || isNotice(item)) && isTail(view, body, site)) return false;
  return !inside.every((item) => isNotice(item)) || others.every((item) => isNotice(item));
}

/** Whether telling somebody is all that the function does: `POST /contact`. */
const onlyTells = (view: LinkedFunction, body: LinkedBody, items: readonly Item[], all: readonly ReachedEffect[]): boolean => all.some((item) => isNotice(item)) && !namesOptional(body, items, optional)
  // A write in it may be that of a helper which writes elsewhere as well.
  && all.every((item) => isNotice(item) || !changes(item) || figures.has(item.effect.service))
  && effects(view).every((item) => all.includes(item) || !changes(item) || figures.has(item.effect.service));

/** Whether everything that the function waits for outside the process is in a piece of code, whatever it does there. */
const isAllOutside = (view: LinkedFunction, body: LinkedBody, site: Stmt | Expr, items: readonly Item[]): boolean => workIn(view, body.node, items).remote && isWhole(view, body, site, true);

/**
 * Whether a piece of code is side work, by what surrounds it: it runs only because something else has failed, it is a cache or a figure or
 * tidies up by its name, or takes away what is left while other work changes or sends something.
 */
export function isSideWork(view: LinkedFunction, body: LinkedBody, site: Stmt | Expr, items: readonly Item[]): boolean {
  if (isAfterFailure(view, body, site)) return true;
  const inside = effectsIn(view, body, items).filter(changes);
  const isBeside = effects(view).some((item) => changes(item) && !figures.has(item.effect.service) && !inside.includes(item));
  return isBeside && (namesOptional(body, items, optional) || (inside.length > 0 && inside.every((item) => item.effect.kind === 'delete')));
}

/** Whether a piece of code does nothing that is known to change or send something, while the function does something else outside the process. */
export const onlyLooksUp = (view: LinkedFunction, body: LinkedBody, site: Stmt | Expr, items: readonly Item[]): boolean => !effectsIn(view, body, items).some(changes) && !isWhole(view, body, site, true);

/** A request that only reads changes nothing. */
const changes = (item: ReachedEffect): boolean => acting.has(item.effect.kind) && !(item.effect.kind === 'request' && item.effect.method?.kind === 'literal' && /^(?:GET|HEAD|OPTIONS)$/i.test(String(item.effect.method.value)));

const isUpdate = (item: ReachedEffect): boolean => item.effect.kind === 'request' && item.effect.method?.kind === 'literal' && /^(?:PUT|PATCH)$/i.test(String(item.effect.method.value));

const isNotice = (item: ReachedEffect): boolean => item.effect.kind === 'send' || item.effect.resourceKind === 'person' || item.effect.service === 'chat' || item.effect.service === 'mail' || item.effect.service === 'ses' || item.effect.service === 'sms' || item.effect.service === 'fcm';

const isInHelper = (body: LinkedBody): boolean => body.node.via?.how === 'call';

/** Methods of texts, lists, dates and logs: what work is called says what else stands there. */
const plain = /^(?:log|info|warn|error|debug|stringify|parse|toString|join|push|split|trim|slice|replace|replaceAll|concat|includes|startsWith|endsWith|toLowerCase|toUpperCase|toISOString|getTime|now|keys|values|entries|round|floor)$/;

/** Names of the function around it and of what it calls. */
function namesOptional(body: LinkedBody, items: readonly Item[], optional: RegExp): boolean {
  if (optional.test(body.fn.name) || (optional !== forMaker && figuresFile.test(body.file))) return true;
  let calls = 0;
  let named = 0;
  walk(items, (item) => {
    if (item.kind !== 'call') return;
    const { callee } = item;
    const name = callee.kind === 'member' ? callee.property : callee.kind === 'ref' ? body.facts.bindings[callee.binding]?.name : undefined;
    const owner = callee.kind === 'member' && callee.object.kind === 'ref' ? body.facts.bindings[callee.object.binding]?.name ?? '' : '';
    if (typeof name !== 'string' || plain.test(name)) return;
    calls++;
    if (optional.test(name) || optional.test(owner)) named++;
  });
  return named > 0 && named * 2 >= calls;
}

/** A loop or call that is no parsing and no logging. */
function doesSomething(view: LinkedFunction, body: LinkedBody, items: readonly Item[]): boolean {
  let found = false;
  walk(items, (item) => {
    if (item.kind === 'throw') found = true;
    if (item.kind === 'call' && item.callee.kind !== 'global' && !(item.callee.kind === 'member' && /^(?:push|toString|get|trim|split|join|now|floor|match|test|map|filter|find|stringify|parse)$/.test(String(item.callee.property)))) found ||= true;
    if (item.kind === 'call' && isLog(view, body, item)) return;
  });
  return found;
}

/**
 * Whether no step of the way to a place does anything else outside the process.
 *
 * @param waits with what is waited for elsewhere, whatever it is; otherwise only with what is known to ask for something
 */
function isWhole(view: LinkedFunction, body: LinkedBody, site: Stmt | Expr, waits = false): boolean {
  return hops(body, site).every(({ node, site: step }) => {
    const fact = view.evaluator.fact(node.frame.file, node.frame.fn);
    if (!fact) return false;
    // What stands in front of `then` comes before what it is given.
    const at = step !== site && isChain(step) ? { start: step.callee.object.end, end: step.end } : step;
    const rest: Item[] = [];
    let goesOn = false;
    walk(fact.body, (item) => {
      if (isChain(item) && isInFront(item, step)) goesOn ||= behind(view, node, item).some((one) => workOfNode(view, one.node).remote);
      if (item.start >= at.start && item.end <= at.end) return false;
      const isStep = item.kind === 'call' || item.kind === 'new' || (waits && (item.kind === 'await' || item.kind === 'return'));
      if (isStep && !(item.start <= at.start && item.end >= at.end)) { rest.push(item); return false; }
      return undefined;
    });
    return !goesOn && (rest.length === 0 || !workIn(view, node, rest).remote);
  });
}

/** The bodies that a link of a chain is given. */
const behind = (view: LinkedFunction, node: Node, chain: Expr): readonly LinkedBody[] => edgesAt(view, node, chain).flatMap((edge) => { const next = edge.how === 'callback' ? targetOf(view, edge) : undefined; return view.bodies('invoke').filter((one) => one.node === next); });

/** Whether it runs only because something else has failed: in a `catch` on the way to it. */
function isAfterFailure(view: LinkedFunction, body: LinkedBody, site: Stmt | Expr): boolean {
  return hops(body, site).some(({ node, site: at }) => {
    const fact = view.evaluator.fact(node.frame.file, node.frame.fn);
    const around = fact ? [...ancestorsOf(fact, at), at] : [];
    // The error is thrown after it: `await tell(error); throw error;`.
    const throwsNext = around.some((item, index) => { const outer = around[index - 1]; return throwsAfter(outer === undefined ? fact?.body ?? [] : listsOf(outer), item); });
    return throwsNext || around.some((item, index) => item.kind === 'try' && (item.handler as readonly Item[] | undefined)?.includes(around[index + 1] as Item));
  });
}

const listsOf = (item: Item): readonly Item[] => (item.kind === 'if' ? [...item.then, ...item.else] : item.kind === 'block' || item.kind === 'loop' ? item.body : item.kind === 'try' ? item.block : []);

function throwsAfter(list: readonly Item[], item: Item): boolean {
  const position = list.indexOf(item);
  return position >= 0 && list.slice(position + 1).some((one) => one.kind === 'throw');
}

/** Whether the work has been done before it and nothing of it comes after: keeping books, a reason, a mark. */
function isTail(view: LinkedFunction, body: LinkedBody, site: Stmt | Expr): boolean {
  let before = false;
  for (const { node, site: at } of hops(body, site)) {
    const fact = view.evaluator.fact(node.frame.file, node.frame.fn);
    const own = view.bodies('invoke').find((one) => one.node === node);
    if (!fact || !own) return false;
    const around = [...ancestorsOf(fact, at), at];
    const inLoop = around.some((item) => item.kind === 'loop');
    let list: readonly Item[] = fact.body;
    for (const [index, item] of around.entries()) {
      const position = list.indexOf(item);
      if (position >= 0) {
        if (actsIn(view, own, list.slice(position + 1).filter((one) => !(one.kind === 'return' && !one.value) && !dropsErrors(one)))) return false;
        if (actsIn(view, own, list.slice(0, position).filter((one) => !dropsErrors(one)))) before = true;
      }
      const next = around[index + 1];
      if (isChain(item) && item !== site) {
        const isFront = next !== undefined && isInFront(item, next);
        if (isFront && behind(view, node, item).some((one) => actsIn(view, one, one.fn.body))) return false;
        if (!isFront && actsIn(view, own, [item.callee.object])) before = true;
      }
      list = item.kind === 'if' ? (next && (item.then as readonly Item[]).includes(next) ? item.then : item.else) : item.kind === 'try' ? (next && (item.block as readonly Item[]).includes(next) ? item.block : []) : item.kind === 'loop' || item.kind === 'block' ? item.body : item.kind === 'switch' ? item.cases.find((one) => next && (one.body as readonly Item[]).includes(next))?.body ?? [] : [];
    }
    if (inLoop && before) continue;
  }
  return before;
}

/** A `try` that goes on whatever fails in it. */
const dropsErrors = (stmt: Item): boolean => stmt.kind === 'try' && stmt.handler !== undefined && !leaves(stmt.handler);

/** Whether a piece of code changes or sends something that is neither a figure, tidying up nor a notice. */
export const actsIn = (view: LinkedFunction, body: LinkedBody, items: readonly Item[]): boolean => items.length > 0 && effectsIn(view, body, items).some((item) => acting.has(item.effect.kind) && item.effect.kind !== 'delete' && !figures.has(item.effect.service) && !isNotice(item));

/** The effects of a piece of code, its helpers and callbacks included. */
function effectsIn(view: LinkedFunction, body: LinkedBody, items: readonly Item[]): readonly ReachedEffect[] {
  const { nodes, sites } = below(view, body, items);
  return effects(view).filter((item) => (nodes.has((item.body as LinkedBody).node)) || ((item.body as LinkedBody).node === body.node && sites.has(item.expr)));
}

/** Other files whose code a piece of code runs. Sorted. */
export function filesBelow(view: LinkedFunction, body: LinkedBody, items: readonly Item[]): readonly string[] {
  const { nodes, sites } = below(view, body, items);
  const callees = [...sites].flatMap((site) => (site.kind === 'call' || site.kind === 'new' ? [site.callee, ...site.args.filter((arg) => arg.kind === 'new')] : []));
  return [...new Set([...[...nodes].map((node) => node.frame.file), ...filesBehindNames(view, body.file, callees)])].filter((file) => file !== body.file).sort();
}

/** Bodies that a piece of code runs, and the calls that stand in it. */
function below(view: LinkedFunction, body: LinkedBody, items: readonly Item[]): { readonly nodes: ReadonlySet<Node>; readonly sites: ReadonlySet<Item> } {
  const nodes = new Set<Node>();
  const queue: Node[] = [];
  const sites = new Set<Item>();
  walk(items, (item) => { if (item.kind === 'call' || item.kind === 'new' || item.kind === 'assign') sites.add(item); });
  const follow = (node: Node, only?: ReadonlySet<Item>): void => {
    for (const edge of edgesOf(view).get(node) ?? []) {
      if (only && !only.has(edge.site)) continue;
      const target = targetOf(view, edge);
      if (target && !nodes.has(target) && nodes.size < 400) { nodes.add(target); queue.push(target); }
    }
  };
  follow(body.node, sites);
  for (let node = queue.shift(); node; node = queue.shift()) follow(node);
  return { nodes, sites };
}
