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
  /** The phase that makes this activation; absent where nothing is known of the way to it. */
  readonly phase?: 'init' | 'invoke';
}

export const isFrame = (value: unknown): value is Frame => typeof value === 'object' && value !== null && 'memo' in value;
