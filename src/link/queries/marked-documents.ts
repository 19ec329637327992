import type { Expr } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, literalText, type Value } from '../../model/value.ts';
import { contains, truthiness } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import type { Sent } from './carried.ts';
import { comparisons } from './comparisons.ts';
import type { ActiveCondition } from './conditions.ts';
import type { ReachedEffect } from './effects.ts';
import { heldIn } from './held-tests.ts';
import { isFixed } from './taint.ts';

/** `doc` of `doc.ref.set(…)` and `batch.update(doc.ref, …)`: the name of a snapshot whose own document is written. */
function snapshotOf(write: Expr): number | undefined {
  if (write.kind !== 'call' && write.kind !== 'new') return undefined;
  const owner = write.callee.kind === 'member' ? write.callee.object : undefined;
  return refOf(owner) ?? refOf(write.args[0]);
}

const refOf = (expr: Expr | undefined): number | undefined => (expr?.kind === 'member' && expr.property === 'ref' && expr.object.kind === 'ref' ? expr.object.binding : undefined);

/** `doc.get('sent')`, `doc.data().sent`: the snapshot and the field. */
function fieldOf(asked: Expr, valueOf: (expr: Expr) => Value, heldBy: (expr: Expr) => Expr): { readonly snapshot: number; readonly field: string } | undefined {
  if (asked.kind === 'call' && asked.callee.kind === 'member' && asked.callee.property === 'get' && asked.callee.object.kind === 'ref') {
    const [name] = asked.args;
    const field = name && literalText(valueOf(name));
    return field === undefined ? undefined : { snapshot: asked.callee.object.binding, field };
  }
  if (asked.kind !== 'member' || typeof asked.property !== 'string') return undefined;
  const object = heldBy(asked.object);
  const isData = object.kind === 'call' && object.callee.kind === 'member' && object.callee.property === 'data' && object.callee.object.kind === 'ref';
  return isData && object.callee.kind === 'member' && object.callee.object.kind === 'ref' ? { snapshot: object.callee.object.binding, field: asked.property } : undefined;
}

/**
 * `if (doc.get('sent')) continue; await doc.ref.update({ sent: true });`: the very document that is written says that it was, and is left
 * alone from then on. The condition that asks; firebase-admin 13, `DocumentSnapshot`, November 2026.
 */
export function markedBy(view: LinkedFunction, conditions: readonly ActiveCondition[], write: Expr, sent: Sent): ActiveCondition | undefined {
  const snapshot = snapshotOf(write);
  if (snapshot === undefined) return undefined;
  return conditions.find(({ test, outcome, subject, frame }) => comparisons(test, outcome, subject).some(({ left, right, truthy, equal, ordered }) => {
    const valueOf = (expr: Expr): Value => view.evaluator.value(expr, frame);
    const asked = fieldOf(left, valueOf, (expr) => heldIn(view, expr, frame));
    const carried = sent.filter(([name]) => name === asked?.field);
    if (asked?.snapshot !== snapshot || carried.length === 0) return false;
    const every = (test: (one: Value) => boolean): boolean => carried.every(([, value]) => alternatives(value).every(test));
    if (truthy !== undefined) return every((one) => truthiness(one) === !truthy);
    const wanted = right && valueOf(right);
    return !equal && !ordered && wanted?.kind === 'literal' && every((one) => one.kind === 'literal' && one.value === wanted.value);
  }));
}

/** A document that was read in this invocation gets what the code spells out: the second time that changes nothing. */
export function writesSameAgain(view: FunctionView, { call, effect }: Pick<ReachedEffect, 'call' | 'effect'>): boolean {
  const write = call?.expr;
  const snapshot = write && snapshotOf(write);
  if (!call || !write || snapshot === undefined || write.kind !== 'call' || write.callee.kind !== 'member' || write.callee.object.kind !== 'member') return false;
  const read = view.value(write.callee.object.object, call.body);
  return effect.payload?.kind === 'object' && isFixed(effect.payload) && contains(read, (one) => one.kind === 'derived' && one.io);
}
