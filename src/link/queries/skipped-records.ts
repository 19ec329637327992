import type { Expr, IfStmt, Stmt, TryStmt } from '../../model/facts.ts';
import type { TextRange } from '../../model/location.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { contains } from '../values.ts';
import { walk, type Item } from '../walk.ts';
import { targetOf } from './calls-in.ts';
import { effects } from './effects.ts';
import { judgeHandler, type Outcome } from './error-handling.ts';
import { actsIn, filesBelow } from './main-work.ts';
import { ancestorsOf } from './positions.ts';
import { recordLoops } from './records.ts';
import { edgesAt } from './started.ts';

/** A record that does not parse, and of which nothing remains but at best a log line. */
export interface Skipped {
  readonly at: TextRange;
  readonly outcome: Outcome;
  readonly body: LinkedBody;
  /** Other files that show what is left undone. */
  readonly files: readonly string[];
}

/** What a record carries, by the event sources' own names (AWS, Google and Cloudflare pages on their events, November 2026). */
const carries = /^(?:body|data|Message|message|value|detail|Body)$/;

/**
 * `try { message = JSON.parse(record.body); } catch { continue; }` in a round over the records: the record counts as done. Also in the function that
 * the records are mapped with, where what does not parse is left out, and behind a helper that gives nothing (`if (!message) continue`).
 */
export function skippedRecords(view: LinkedFunction): readonly Skipped[] {
  const found: Skipped[] = [];
  for (const loop of recordLoops(view)) {
    const { round } = loop;
    if (!('kind' in round)) { found.push(...inRound(view, loop.body, round, undefined)); continue; }
    const edge = edgesAt(view, loop.body.node, loop.at as Expr).find((one) => one.how === 'callback');
    const node = edge && targetOf(view, edge);
    const body = node && view.bodies('invoke').find((one) => one.node === node);
    if (body) found.push(...inRound(view, body, body.fn.body, isSifted(loop.body, loop.at as Expr)));
  }
  return found;
}

/** @param sifted of a callback: whether the list that it makes is rid of what it gives nothing for */
function inRound(view: LinkedFunction, body: LinkedBody, round: readonly Item[], sifted: boolean | undefined): readonly Skipped[] {
  const found: Skipped[] = [];
  walk(round, (item, around) => {
    if (item.kind === 'loop') return false;
    if (item.kind !== 'try' && item.kind !== 'if') return undefined;
    const branch = item.kind === 'try' ? item.handler : item.then;
    if (!branch || !givesUp(branch, sifted !== undefined)) return undefined;
    const list = around.length === 0 ? round : listAround(around.at(-1));
    const rest = list.slice(list.indexOf(item) + 1);
    const elsewhere = sifted ? effects(view).filter(({ effect }) => /^(?:write|publish|start|invoke|send)$/.test(effect.kind)) : [];
    if (elsewhere.length === 0 && !(rest.length > 0 && actsIn(view, body, rest))) return undefined;
    const outcome = item.kind === 'try' ? ofTry(view, body, item, branch) : ofHelper(view, body, item, list);
    if (outcome === undefined || outcome === 'handled') return undefined;
    const at = item.kind === 'try' ? { start: item.handlerStart ?? item.start, end: item.end } : { start: item.start, end: item.test.end };
    const files = new Set([...filesBelow(view, body, [...list]), ...elsewhere.map((one) => one.body.file)]);
    found.push({ at, outcome, body, files: [...files].filter((file) => file !== body.file).sort() });
    return undefined;
  });
  return found;
}

const listAround = (item: Item | undefined): readonly Item[] => (item?.kind === 'block' ? item.body : []);

/** Whether a branch ends the round with nothing to show. */
function givesUp(branch: readonly Stmt[], inCallback: boolean): boolean {
  const last = branch.at(-1);
  return last?.kind === 'continue' || (inCallback && last?.kind === 'return' && isNothing(last.value));
}

const isNothing = (expr: Expr | undefined): boolean => expr === undefined || (expr.kind === 'literal' && !expr.value) || (expr.kind === 'array' && expr.items.length === 0) || (expr.kind === 'unary' && expr.op === 'void');

function ofTry(view: LinkedFunction, body: LinkedBody, stmt: TryStmt, handler: readonly Stmt[]): Outcome | undefined {
  return onlyParses(stmt.block, (arg) => isCarried(view, arg, body)) ? judgeHandler(view, body, handler, { param: stmt.param, inside: stmt, root: false }) : undefined;
}

/** `const message = parse(record.body); if (!message) continue;` */
function ofHelper(view: LinkedFunction, body: LinkedBody, stmt: IfStmt, list: readonly Item[]): Outcome | undefined {
  const binding = missing(stmt.test);
  const made = list.find((one) => one.kind === 'declare' && one.target.kind === 'ref' && one.target.binding === binding);
  const value = made?.kind === 'declare' ? made.value : undefined;
  const call = value?.kind === 'await' ? value.of : value;
  if (binding === undefined || call?.kind !== 'call' || !call.args.some((arg) => isCarried(view, arg, body))) return undefined;
  const [edge, second] = edgesAt(view, body.node, call);
  const node = edge && second === undefined ? targetOf(view, edge) : undefined;
  const inner = node && view.bodies('invoke').find((one) => one.node === node);
  const tried = inner?.fn.body.find((one) => one.kind === 'try');
  if (!inner || tried?.kind !== 'try' || !tried.handler || !onlyParses(tried.block, (arg) => isCarried(view, arg, inner))) return undefined;
  const last = tried.handler.at(-1);
  if (last !== undefined && last.kind === 'return' && !isNothing(last.value)) return undefined;
  const first = judgeHandler(view, inner, tried.handler, { param: tried.param, inside: tried, root: false });
  const then = judgeHandler(view, body, stmt.then, { param: undefined, inside: stmt, root: false });
  return first === 'handled' || then === 'handled' ? 'handled' : [first, then].find((one) => one === 'reported') ?? [first, then].find((one) => one === 'logged') ?? 'ignored';
}

/** The name that a test finds without a value. */
function missing(test: Expr): number | undefined {
  if (test.kind === 'unary' && test.op === '!' && test.of.kind === 'ref') return test.of.binding;
  const isEmpty = test.kind === 'binary' && /^===?$/.test(test.op) && test.right.kind === 'literal' && (test.right.value === null || test.right.value === undefined);
  return isEmpty && test.left.kind === 'ref' ? test.left.binding : undefined;
}

const decodes = /^(?:parse|toString|from|decode|trim|replace|atob|decodeURIComponent|fromUtf8|toUtf8|gunzipSync|inflateSync|String)$/;

/** Whether a block does nothing but parse what a record carries. */
function onlyParses(block: readonly Stmt[], isRecord: (arg: Expr) => boolean): boolean {
  let parses = false;
  let other = false;
  walk(block, (item) => {
    if (item.kind !== 'call' && item.kind !== 'new') return;
    const { callee } = item;
    const name = callee.kind === 'member' ? String(callee.property) : callee.kind === 'global' ? callee.name : '';
    if (!decodes.test(name)) other = true;
    if (callee.kind === 'member' && callee.property === 'parse' && callee.object.kind === 'global' && callee.object.name === 'JSON') parses ||= item.args[0] !== undefined && isRecord(item.args[0]);
  });
  return parses && !other;
}

const isCarried = (view: LinkedFunction, arg: Expr, body: LinkedBody): boolean => contains(view.value(arg, body), (value) => value.kind === 'event' && value.path.length > 1 && value.path.some((part) => carries.test(part)) && !value.path.some((part) => /attribute/i.test(part)));

/** `records.map(parse).filter(Boolean)`, `records.flatMap(parse)`: what gives nothing is left out of the list. */
function isSifted(body: LinkedBody, call: Expr): boolean {
  if (call.kind !== 'call' || call.callee.kind !== 'member') return false;
  if (call.callee.property === 'flatMap') return true;
  const [outer, link] = [ancestorsOf(body.fn, call).at(-2), ancestorsOf(body.fn, call).at(-1)];
  return link?.kind === 'member' && link.property === 'filter' && outer?.kind === 'call' && outer.callee === link;
}
