import type { Expr, FunctionFact } from '../../model/facts.ts';
import type { LinkedFunction } from '../view.ts';
import type { Place } from './places.ts';
import { walk } from '../walk.ts';
import { within } from './within.ts';

/**
 * Whether an earlier test keeps a variable that may be one of several objects from being the one at a place:
 * `const answer = check(); if (answer.statusCode) return answer; answer.ip = ip;` never writes to `const refused = { statusCode: 400 }`.
 */
export function isToldApart(view: LinkedFunction, fn: FunctionFact, site: Expr, place: Place): boolean {
  if (place.kind !== 'module' || place.binding === undefined || place.file === undefined) return false;
  const binding = site.kind === 'assign' && site.target.kind === 'member' ? rootOf(site.target) : undefined;
  if (binding === undefined || binding === place.binding) return false;
  const { file, binding: own } = place;
  return within(fn, site).some(({ test, outcome }) => {
    if (outcome === 'case') return false;
    const { asked, wanted } = plain(test, outcome);
    if (asked.kind !== 'member' || typeof asked.property !== 'string' || asked.object.kind !== 'ref' || asked.object.binding !== binding) return false;
    const object = view.evaluator.value({ kind: 'ref', binding: own, start: 0, end: 0 }, view.evaluator.open(file, 0));
    const held = object.kind === 'object' ? object.entries.findLast(([name]) => name === asked.property)?.[1] : undefined;
    return held?.kind === 'literal' && Boolean(held.value) !== wanted;
  });
}

/**
 * `body.messages[0] = x` where `body` may also be a function that another callee is given: a function that is given no such property has none
 * to write below.
 */
export function isBelowFunction(view: LinkedFunction, place: Place): boolean {
  const { kind, binding, file, path } = place;
  if (kind !== 'module' || binding === undefined || file === undefined || path.length < 2) return false;
  if (view.evaluator.value({ kind: 'ref', binding, start: 0, end: 0 }, view.evaluator.open(file, 0)).kind !== 'function') return false;
  let given = false;
  for (const fn of view.evaluator.modules.facts(file)?.functions ?? []) {
    walk(fn.body, (item) => {
      if (item.kind === 'assign' && item.target.kind === 'member' && item.target.property === path[0] && item.target.object.kind === 'ref' && item.target.object.binding === binding) given = true;
      return !given;
    });
  }
  return !given;
}

/** The variable whose property is written. */
function rootOf(target: Expr & { readonly kind: 'member' }): number | undefined {
  let at: Expr = target;
  while (at.kind === 'member') at = at.object;
  return at.kind === 'ref' ? at.binding : undefined;
}

/** `!answer.ok` that came out false asks for `answer.ok` to be true. */
function plain(test: Expr, outcome: boolean): { readonly asked: Expr; readonly wanted: boolean } {
  return test.kind === 'unary' && test.op === '!' ? plain(test.of, !outcome) : { asked: test, wanted: outcome };
}
