import type { CallExpr, Expr, ModuleFacts, NewExpr, Stmt } from '../../model/facts.ts';
import type { LinkedBody } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { ancestorsOf } from './positions.ts';

/** Calls that add something to what is there already: a reason, a label, a mark. */
const adds = /^(?:update|patch|set|put|add|tag|label|annotate|comment|note|mark|edit|append|touch|record)(?![a-z])/;

/**
 * Whether the acting calls of a `try` only add to a thing that an earlier statement has changed with the same client: `await cancel(client, id);
 * try { await update(client, id, reason) } catch { log() }`. The earlier statement runs on every way to the `try`, is awaited, and its
 * failure is not caught before the `try` is reached; nothing behind the `try` reads what it gives.
 *
 * @param acts whether a call changes or sends something
 */
export function isFurtherTouch(body: LinkedBody, site: Stmt & { kind: 'try' }, acts: (call: CallExpr | NewExpr) => boolean): boolean {
  const calls = callsIn(site.block, acts);
  if (calls.length === 0 || givesOut(body, site)) return false;
  const before = ahead(body, site).flatMap((stmt) => awaited(stmt));
  return calls.every((call) => adds.test(called(call, body.facts).name) && before.some((one) => isSameThing(one, call, body.facts) && acts(one)));
}

function callsIn(items: readonly Item[], acts: (call: CallExpr | NewExpr) => boolean): readonly (CallExpr | NewExpr)[] {
  const found: (CallExpr | NewExpr)[] = [];
  walk(items, (item) => {
    if (item.kind !== 'call' || !acts(item)) return undefined;
    found.push(item);
    return false;
  });
  return found;
}

/** A variable of the function around it is set in it. */
function givesOut(body: LinkedBody, site: Stmt): boolean {
  let found = false;
  walk([site], (item) => {
    if (item.kind === 'return' && item.value) found = true;
    if (item.kind !== 'assign') return;
    const fact = item.target.kind === 'ref' ? body.facts.bindings[item.target.binding] : undefined;
    if (!fact || fact.start < site.start || fact.end > site.end) found = true;
  });
  return found;
}

/** Statements of the same function that have run, and have not failed, when a statement is reached. */
function ahead(body: LinkedBody, site: Stmt): readonly Stmt[] {
  const found: Stmt[] = [];
  let list: readonly Stmt[] = body.fn.body;
  for (const item of [...ancestorsOf(body.fn, site), site]) {
    const position = list.findIndex((one) => one === item);
    if (position < 0) continue;
    found.push(...list.slice(0, position));
    list = inside(item).find((one) => one.some((stmt) => stmt.start <= site.start && stmt.end >= site.end)) ?? [];
  }
  return found;
}

function inside(item: Item): readonly (readonly Stmt[])[] {
  switch (item.kind) {
    case 'if': return [item.then, item.else];
    case 'block': case 'loop': return [item.body];
    case 'try': return [item.block];
    case 'switch': return item.cases.map((one) => one.body);
    default: return [];
  }
}

/** Calls of a statement whose failure leaves the function: awaited at its top, with no `catch` of their own. */
function awaited(stmt: Stmt): readonly CallExpr[] {
  if (stmt.kind === 'if' || stmt.kind === 'try' || stmt.kind === 'loop' || stmt.kind === 'switch') return [];
  const found: CallExpr[] = [];
  walk([stmt], (item, ancestors) => {
    if (item.kind === 'await' && item.of.kind === 'call' && !ancestors.some((one) => one.kind === 'logical' || one.kind === 'conditional')) found.push(item.of);
  });
  return found;
}

/** The same client, asked about the same thing: `orders.close(id)` and `orders.update(id, …)`, `cancelOrder(client, id)` and `updateOrder(client, id, …)`. */
function isSameThing(first: CallExpr, second: CallExpr | NewExpr, facts: ModuleFacts): boolean {
  const one = called(first, facts);
  const other = called(second, facts);
  if (one.noun !== other.noun || (one.client === undefined) !== (other.client === undefined)) return false;
  if (one.client && other.client && !isSame(one.client, other.client)) return false;
  const { given, things } = shared(first, second, facts);
  // A function is given its client, and its name says what it changes.
  return things > 0 && (one.client !== undefined || (one.noun !== '' && given > 1));
}

interface Called {
  readonly name: string;
  /** What the name says after its verb: `Order` of `updateOrder`. */
  readonly noun: string;
  /** What the method is called on. */
  readonly client: Expr | undefined;
}

function called({ callee }: CallExpr | NewExpr, facts: ModuleFacts): Called {
  const name = callee.kind === 'member' && typeof callee.property === 'string' ? callee.property : callee.kind === 'ref' ? facts.bindings[callee.binding]?.name ?? '' : '';
  return { name, noun: /^[a-z]+((?:[A-Z][a-z0-9]*)+)$/.exec(name)?.[1] ?? '', client: callee.kind === 'member' ? callee.object : undefined };
}

/** How many variables two calls are both given, and how many of them are no constants of the module; none where one property has two values. */
function shared(first: CallExpr, second: CallExpr | NewExpr, facts: ModuleFacts): { readonly given: number; readonly things: number } {
  let given = 0;
  let things = 0;
  const count = (expr: Expr): void => {
    if (expr.kind === 'ref' || expr.kind === 'member') given++;
    if (isThing(expr, facts)) things++;
  };
  for (const [index, arg] of first.args.entries()) {
    const other = second.args[index];
    if (!other) continue;
    if (arg.kind !== 'object' || other.kind !== 'object') {
      if (isSame(arg, other)) count(arg);
      continue;
    }
    for (const property of arg.properties) {
      const twin = other.properties.find((one) => typeof one.key === 'string' && one.key === property.key);
      if (!twin) continue;
      if (!isSame(property.value, twin.value)) return { given: 0, things: 0 };
      count(property.value);
    }
  }
  return { given, things };
}

/** A variable, or a property of one, that is no constant of the module. */
const isThing = (expr: Expr, facts: ModuleFacts): boolean => (expr.kind === 'ref' ? facts.bindings[expr.binding]?.fn !== 0 : expr.kind === 'member' && typeof expr.property === 'string' ? isThing(expr.object, facts) : expr.kind === 'object' && expr.properties.some((property) => isThing(property.value, facts)));

/** The same text with the same variables. */
function isSame(one: Expr, other: Expr): boolean {
  switch (one.kind) {
    case 'ref': return other.kind === 'ref' && other.binding === one.binding;
    case 'global': return other.kind === 'global' && other.name === one.name;
    case 'this': return other.kind === 'this';
    case 'literal': return other.kind === 'literal' && other.value === one.value;
    case 'member': return other.kind === 'member' && typeof one.property === 'string' && one.property === other.property && isSame(one.object, other.object);
    case 'object': return other.kind === 'object' && one.properties.length === other.properties.length && one.properties.every((property, index) => { const twin = other.properties[index]; return twin !== undefined && typeof property.key === 'string' && twin.key === property.key && isSame(property.value, twin.value); });
    default: return false;
  }
}
