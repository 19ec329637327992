import type { Expr } from '../model/facts.ts';
import type { InstanceValue, Value } from '../model/value.ts';
import type { Outgoing } from './reach.ts';

/** An argument not yet evaluated: an expression in the caller's frame, or a value. */
export type Argument = { readonly expr: Expr; readonly frame: Frame } | { readonly value: Value };

/**
 * One activation of a function along a call path: what its parameters and `this` are there. Interned by `key`, so that
 * equal paths share one frame and what was computed in it.
 */
export interface Frame extends FrameSpec {
  readonly id: number;
  /** Values of expressions in this activation, once they are worked out. */
  memo?: Map<Expr, Value>;
  /** Values of names that this activation declares. */
  bindings?: Map<number, Value>;
}

export interface FrameSpec {
  /** Equal for equal activations. */
  readonly key: string;
  /** The last call sites on the way. */
  readonly calls: readonly string[];
  readonly file: string;
  readonly fn: number;
  /** Absent: nothing is known of the arguments. */
  readonly args: readonly Argument[] | undefined;
  readonly self: Value | undefined;
  /** Activation of the lexically enclosing function; absent at module level. */
  readonly parent: Frame | undefined;
  /** The phase that makes this activation; absent where nothing is known of the way to it. */
  readonly phase: 'init' | 'invoke' | undefined;
  /** The same for every deployed function: evaluation of a module that reads no environment variable, and what it calls. */
  readonly shared: boolean;
}

/** Shared activations by key, and the counter that gives every activation its number. */
export class SharedFrames {
  readonly frames = new Map<string, Frame>();
  readonly instances = new Map<string, InstanceValue>();
  /** What shared activations call. */
  readonly outgoing = new WeakMap<Frame, Outgoing>();
  private count = 0;

  nextId(): number {
    return this.count++;
  }
}

export const isFrame = (value: unknown): value is Frame => typeof value === 'object' && value !== null && 'calls' in value && 'shared' in value;
