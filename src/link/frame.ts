import type { Expr } from '../model/facts.ts';
import type { InstanceValue, Value } from '../model/value.ts';
import type { Outgoing } from './reach.ts';
import { valueKey } from './values.ts';

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
  readonly scope: Scope;
}

/**
 * Whom an activation is the same for: all functions (evaluation of a module that reads no environment variable, and what it
 * calls), those with equal environments (evaluation of any other module), or one function (its handler, and what that calls).
 */
export type Scope = typeof scopes[keyof typeof scopes];
export const scopes = { all: 0, environment: 1, function: 2 } as const;

/** Activations of one scope by key, and what was worked out in them. */
export class Pool {
  readonly frames = new Map<string, Frame>();
  readonly instances = new Map<string, InstanceValue>();
  /** Answers in activations of a wider scope that hold in this one only. */
  readonly memo = new Map<Frame, Map<Expr, Value>>();
  /** What activations call at init. */
  readonly outgoing = new WeakMap<Frame, Outgoing>();
}

/** The pools that functions share, and the counter that gives every activation its number. */
export class SharedFrames {
  readonly all = new Pool();
  private readonly byEnvironment = new Map<string, Pool>();
  private count = 0;

  nextId(): number {
    return this.count++;
  }

  /** The pool of functions with equal environments. */
  of(environment: ReadonlyMap<string, Value>): Pool {
    const key = [...environment].map(([name, value]) => `${name}=${valueKey(value)}`).sort().join('\n');
    let pool = this.byEnvironment.get(key);
    if (!pool) {
      pool = new Pool();
      this.byEnvironment.set(key, pool);
    }
    return pool;
  }
}

export const isFrame = (value: unknown): value is Frame => typeof value === 'object' && value !== null && 'calls' in value && 'scope' in value;
