import { selector } from '../../catalog/web-frameworks.ts';
import type { Expr, Stmt } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import { alternatives } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';

/** A way that a hand-written router takes: the values that were compared on the way to it, outermost first. */
export interface WrittenRoute {
  readonly labels: readonly string[];
  /** The switch, condition or table that starts the router. */
  readonly place: SourcePlace;
}

const MAX_DEPTH = 24;
const MAX_ROUTES = 500;

/** Routes that a body tells apart by comparing a path, a method or the name of an action of its input. */
export function writtenRoutes(view: LinkedFunction, body: LinkedBody): readonly WrittenRoute[] {
  const found: WrittenRoute[] = [];
  inStatements(body.fn.body, [], undefined, 0);
  // `table[event.routeKey]`: the keys of the table.
  walk(body.fn.body, (item) => {
    if (item.kind !== 'member' || typeof item.property === 'string' || !isSelector(view, body, item.property)) return;
    const table = view.value(item.object, body);
    if (table.kind !== 'object' || table.open) return;
    for (const [key, value] of table.entries) if (key !== '*' && value.kind === 'function') found.push({ labels: [key], place: placeOf(item) });
  });
  return found.slice(0, MAX_ROUTES);

  function placeOf(item: { readonly start: number; readonly end: number }): SourcePlace {
    return { file: body.file, start: item.start, end: item.end };
  }

  /** Adds the routes below a list of statements; whether there were any. */
  function inStatements(statements: readonly Stmt[], labels: readonly string[], place: SourcePlace | undefined, depth: number): boolean {
    if (depth > MAX_DEPTH || found.length > MAX_ROUTES) return false;
    let any = false;
    for (const statement of statements) {
      switch (statement.kind) {
        case 'switch': any = inSwitch(statement, labels, place, depth) || any; break;
        case 'if': any = inChain(statement, labels, place, depth) || any; break;
        case 'block': any = inStatements(statement.body, labels, place, depth + 1) || any; break;
        case 'loop': any = inStatements(statement.body, labels, place, depth + 1) || any; break;
        case 'try': any = inStatements(statement.block, labels, place, depth + 1) || any; break;
        default: break;
      }
    }
    return any;
  }

  function inSwitch(statement: Stmt & { readonly kind: 'switch' }, labels: readonly string[], place: SourcePlace | undefined, depth: number): boolean {
    // `switch (true)` compares in its cases.
    const open = statement.subject.kind === 'literal' && statement.subject.value === true;
    const routes = open || isSelector(view, body, statement.subject);
    const at = place ?? placeOf(statement);
    let any = false;
    let waiting: string | undefined;
    for (const one of statement.cases) {
      const label = !routes || !one.test ? undefined : open ? labelOf(one.test) : textOf(one.test);
      waiting ??= label;
      // Cases that fall through to one body are one route.
      if (one.body.length === 0) continue;
      const below = waiting === undefined ? labels : [...labels, waiting];
      if (inStatements(one.body, below, waiting === undefined ? place : at, depth + 1)) any = true;
      else if (waiting !== undefined) { found.push({ labels: below, place: at }); any = true; }
      waiting = undefined;
    }
    return any;
  }

  function inChain(first: Stmt & { readonly kind: 'if' }, labels: readonly string[], place: SourcePlace | undefined, depth: number): boolean {
    let any = false;
    let next: (Stmt & { readonly kind: 'if' }) | undefined = first;
    let last: readonly Stmt[] = [];
    while (next) {
      const branches = straight(next);
      const label = labelOf(branches.test);
      const at: SourcePlace = place ?? placeOf(first);
      const below: readonly string[] = label === undefined ? labels : [...labels, label];
      // A switch inside is what people call the router; a condition inside belongs to this one.
      if (inStatements(branches.then, below, label === undefined || branches.then.some((one) => one.kind === 'switch') ? place : at, depth + 1)) any = true;
      else if (label !== undefined) { found.push({ labels: below, place: at }); any = true; }
      last = branches.else;
      const only: Stmt | undefined = last.length === 1 ? last[0] : undefined;
      next = only?.kind === 'if' ? only : undefined;
    }
    return inStatements(last, labels, place, depth + 1) || any;
  }

  /** What a condition asks of the selector: `path === '/orders' && method === 'GET'`, `path.startsWith('/orders')`, `/^\/orders/.test(path)`. */
  function labelOf(test: Expr): string | undefined {
    const parts: string[] = [];
    const stack: Expr[] = [test];
    for (let count = 0; count < 40; count++) {
      const item = stack.pop();
      if (!item) break;
      if (item.kind === 'logical' && item.op === '&&') stack.push(item.right, item.left);
      // Either way leads to the same code.
      else if (item.kind === 'logical') stack.push(item.left);
      else {
        const one = comparison(item);
        if (one !== undefined) parts.push(one);
      }
    }
    // A method says what is done, a path what with.
    return parts.length === 0 ? undefined : parts.sort((a, b) => Number(b.includes('/')) - Number(a.includes('/'))).reverse().join(' ');
  }

  function comparison(item: Expr): string | undefined {
    if (item.kind === 'binary' && (item.op === '===' || item.op === '==')) {
      if (isSelector(view, body, item.left)) return textOf(item.right);
      return isSelector(view, body, item.right) ? textOf(item.left) : undefined;
    }
    if (item.kind !== 'call' || item.callee.kind !== 'member' || typeof item.callee.property !== 'string') return undefined;
    const [arg] = item.args;
    const { object, property } = item.callee;
    if (arg && /^(?:startsWith|endsWith|match|includes)$/.test(property) && isSelector(view, body, object)) return named(arg.kind === 'regex' ? plain(arg.pattern) : textOf(arg));
    if (arg && (property === 'test' || property === 'exec') && object.kind === 'regex' && isSelector(view, body, arg)) return named(plain(object.pattern));
    return undefined;
  }

  function textOf(expr: Expr): string | undefined {
    const value = view.value(expr, body);
    return value.kind === 'literal' && typeof value.value === 'string' && value.value !== '' ? value.value : undefined;
  }
}

/** `if (!(path === '/orders')) rest; else orders;` the other way round, as it is mostly written. */
function straight({ test, then, else: other }: Stmt & { readonly kind: 'if' }): { readonly test: Expr; readonly then: readonly Stmt[]; readonly else: readonly Stmt[] } {
  if (other.length === 0) return { test, then, else: other };
  if (test.kind === 'unary' && test.op === '!') return { test: test.of, then: other, else: then };
  return test.kind === 'binary' && (test.op === '!==' || test.op === '!=') ? { test: { ...test, op: test.op.replace('!', '=') }, then: other, else: then } : { test, then, else: other };
}

/** A test for `/api/` tells the API from the pages, and no route from another. */
const named = (text: string | undefined): string | undefined => (text !== undefined && /^\/?(?:(?:api|rest|v\d{1,3}|rpc|ajax|trpc)(?:\/|$))*$/i.test(text) ? undefined : text);

/** The start of a pattern as a path. */
const plain = (pattern: string): string => pattern.replaceAll('\\/', '/').replace(/^\^/, '').replace(/\$$/, '');

/** Whether an expression is a field of the input that names the task. */
function isSelector(view: LinkedFunction, body: LinkedBody, expr: Expr): boolean {
  const names = [writtenName(view, body, expr)];
  const value = view.value(expr, body);
  for (const one of alternatives(value)) if (one.kind === 'event') names.push(one.path.at(-1));
  if (!names.some((name) => name !== undefined && selector.test(name))) return false;
  return value.kind === 'param' || isInput(view, body, expr, 6);
}

/** Whether an expression is made of the input; a field of a parsed address has no trace of it, so what it is read from is asked. */
function isInput(view: LinkedFunction, body: LinkedBody, expr: Expr, depth: number): boolean {
  if (contains(view.value(expr, body), (part) => part.kind === 'event')) return true;
  if (depth === 0) return false;
  if (expr.kind === 'member') return isInput(view, body, expr.object, depth - 1);
  if (expr.kind === 'call' && expr.callee.kind === 'member') return isInput(view, body, expr.callee.object, depth - 1);
  if (expr.kind !== 'ref') return false;
  return (view.evaluator.modules.index(body.file)?.definitions.get(expr.binding) ?? []).some((one) => one.expr !== undefined && isInput(view, body, one.expr, depth - 1));
}

function writtenName(view: LinkedFunction, body: LinkedBody, expr: Expr): string | undefined {
  let inner = expr;
  // `event.path.toLowerCase()`, `(event.path || '')`.
  for (let step = 0; step < 6; step++) {
    if (inner.kind === 'call' && inner.callee.kind === 'member' && inner.args.length === 0) inner = inner.callee.object;
    else if (inner.kind === 'logical') inner = inner.left;
    else break;
  }
  if (inner.kind === 'member') return typeof inner.property === 'string' ? inner.property : undefined;
  if (inner.kind !== 'ref') return undefined;
  // `const { pathname } = new URL(request.url)`: the name that it has there.
  const [definition] = view.evaluator.modules.index(body.file)?.definitions.get(inner.binding) ?? [];
  return definition?.path.at(-1) ?? body.facts.bindings[inner.binding]?.name;
}
