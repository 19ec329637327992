import type { Expr } from '../model/facts.ts';
import type { Value } from '../model/value.ts';

/** An argument not yet evaluated: an expression in the caller's frame, or a value. */
export type Argument = { readonly expr: Expr; readonly frame: Frame } | { readonly value: Value };

/**
 * One activation of a function along a call path: what its parameters and `this` are there. Interned by `key`, so that
 * equal paths share one frame and what was computed in it.
 */
export interface Frame {
  readonly id: number;
  /** Equal for equal activations. */
  readonly key: string;
  /** The last call sites on the way. */
  readonly calls: readonly string[];
  readonly file: string;
  readonly fn: number;
  /** Absent: nothing is known of the arguments. */
  readonly args?: readonly Argument[];
  readonly self?: Value;
  /** Activation of the lexically enclosing function; absent at module level. */
  readonly parent?: Frame;
  readonly memo: Map<Expr, Value>;
  readonly bindings: Map<number, Value>;
  /** The activation that made this one; absent for handlers, for what a framework calls, and where nothing is known. */
  readonly caller?: Frame;
  /** Set when the platform or a framework makes this activation in an invocation. */
  readonly invoked?: boolean;
}

export const isFrame = (value: unknown): value is Frame => typeof value === 'object' && value !== null && 'memo' in value;
