import type { CallExpr, Expr, PatternElement } from '../../model/facts.ts';
import type { Item } from '../walk.ts';

/**
 * What a value has of the results: all of them, with their indexes, one of them (or its status), what fulfilled ones gave, what tells of a
 * rejection (true, or more than none, where there was one), a sign that may stand for either.
 */
export type Kind = 'list' | 'pairs' | 'one' | 'good' | 'bad' | 'sign';

/** Of a test, whether all is well where a value is true. */
export const isWell = (kind: Kind): boolean | undefined => (kind === 'sign' ? undefined : kind !== 'bad');

/** What stands in an object or text with something else. */
export const asPart = (kind: Kind): Kind => (kind === 'good' || kind === 'bad' ? kind : 'sign');

/** `list.concat(results)`. */
export const isJoined = (call: CallExpr, inner: Item): boolean => call.callee.kind === 'member' && call.callee.property === 'concat' && (call.args as readonly Item[]).includes(inner);

/** What `filter`, `find`, `some` and `every` give by a test, with `holds` where it is true of what was fulfilled. */
export const picked = (method: string, holds: boolean): Kind => (!holds ? 'bad' : method === 'every' ? 'sign' : 'good');

/** Whether a comparison that holds says that all is well; `undefined` where it may say either. */
export function compared(expr: Expr & { kind: 'binary' }, inner: Item, kind: Kind): boolean | undefined {
  const other = expr.left === inner ? expr.right : expr.left;
  const value = other.kind === 'literal' ? other.value : undefined;
  const equal = /^===?$/.test(expr.op);
  if (kind === 'one' && /^[!=]==?$/.test(expr.op) && (value === 'fulfilled' || value === 'rejected')) return (value === 'fulfilled') === equal;
  if ((kind !== 'good' && kind !== 'bad') || expr.left !== inner) return undefined;
  const isEmpty = (value === 0 && (equal || expr.op === '<=')) || (value === 1 && expr.op === '<');
  const isFull = (value === 0 && /^(?:>|!==?)$/.test(expr.op)) || (value === 1 && expr.op === '>=');
  return isEmpty || isFull ? isFull === (kind === 'good') : undefined;
}

/** What a part of a value says. */
export function partOf(kind: Kind, { path }: PatternElement): Kind | undefined {
  const [first = ''] = path;
  const second = path[1] ?? '';
  if (kind === 'pairs') return first === '1' ? ofOne(second) : undefined;
  if (kind === 'list') return first === 'length' ? undefined : first === '...' ? 'list' : ofOne(second);
  return kind === 'one' ? ofOne(first) : kind;
}

const ofOne = (part: string): Kind => (part === '' || part === 'status' ? 'one' : part === 'value' ? 'good' : 'bad');

/** Nothing that tells of a failure: no value, an empty list. */
export const isNothing = (expr: Expr): boolean => (expr.kind === 'literal' && !expr.value) || (expr.kind === 'array' && expr.items.length === 0) || (expr.kind === 'unary' && expr.op === 'void');

/** What puts texts and lists together, and counts them. */
export const isText = (call: CallExpr): boolean => (call.callee.kind === 'member' && /^(?:stringify|toString|join|map|filter|keys|values|entries|slice|trim|split|toISOString|now|floor|round|max|min)$/.test(String(call.callee.property)))
  || (call.callee.kind === 'global' && /^(?:String|Number|Boolean)$/.test(call.callee.name));
