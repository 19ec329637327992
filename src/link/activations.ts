import type { Expr, FunctionFact } from '../model/facts.ts';
import type { FunctionValue, Value } from '../model/value.ts';
import { isFrame, Pool, scopes, type Argument, type Frame, type FrameSpec, type Scope } from './frame.ts';
import type { Modules } from './modules.ts';

const CALL_STRING = 3;
const noCalls: readonly string[] = [];
/** Sites of activations that no code of the repository makes. */
const INVOKED = /^(?:handler of|registered) /;

/** A moment of the evaluation: what was touched after it shows whom an answer holds for. */
export interface Mark {
  readonly environmentUses: number;
  readonly ownUses: number;
}

/** The activations of one deployed function, as far as they can be shared with others, and what is kept in them. */
export abstract class Activations {
  readonly modules: Modules;
  /** Activations by their scope: of all functions, of those with this environment, of this one. */
  private readonly pools: readonly [Pool, Pool, Pool];
  /** How often an answer rested on the environment or on what only this function has, and how often on the latter. */
  private environmentUses = 0;
  private ownUses = 0;
  /** Answers that the bound of calls cut off, by the number of calls that led to them, with whom they hold for. */
  private readonly partials: Map<Frame, Map<Expr, { readonly value: Value; readonly scope: Scope }>>[] = [];

  constructor(modules: Modules, environment: ReadonlyMap<string, Value>) {
    this.modules = modules;
    this.pools = [modules.shared.all, modules.shared.of(environment), new Pool()];
  }

  /** Gives back the memory of what only this function has; values that others share may still ask. */
  release(): void {
    const own = this.pools[scopes.function];
    own.frames.clear();
    own.memo.clear();
    own.instances.clear();
    this.partials.length = 0;
  }

  /** The activation of which nothing is known but where it stands. */
  open(file: string, fn: number): Frame {
    const key = `${file}#${fn}`;
    const scope = this.scopeOf(file);
    const known = this.pools[scope].frames.get(key);
    if (known) return known;
    const fact = this.fact(file, fn);
    return this.frame({ key, calls: noCalls, file, fn, args: undefined, self: undefined, parent: fact && fact.parent > 0 ? this.open(file, fact.parent) : undefined, phase: fn === 0 ? 'init' : undefined, scope });
  }

  /** The activation of a function written inside another one, of which nothing is known but that one's. */
  inside(file: string, fn: number, home: Frame): Frame {
    const parent = this.fact(file, fn)?.parent ?? -1;
    if (home.fn <= 0 || home.file !== file || parent <= 0) return this.open(file, fn);
    const outer = parent === home.fn ? home : this.inside(file, parent, home);
    // Nothing is known of the way to it either.
    if (outer.args === undefined && outer.parent === undefined) return this.open(file, fn);
    const scope = Math.max(this.scopeOf(file), outer.scope) as Scope;
    return this.frame({ key: `${file}#${fn}{${outer.id}}`, calls: noCalls, file, fn, args: undefined, self: undefined, parent: outer, phase: undefined, scope });
  }

  /** The widest scope that evaluation of a module can have. */
  private scopeOf(file: string): Scope {
    return this.modules.readsEnvironment(file) ? scopes.environment : scopes.all;
  }

  touch(scope: Scope): void {
    if (scope !== scopes.all) this.environmentUses++;
    if (scope === scopes.function) this.ownUses++;
  }

  frame(spec: FrameSpec): Frame {
    const { frames } = this.pools[spec.scope];
    let frame = frames.get(spec.key);
    if (!frame) {
      const { key, calls, file, fn, args, self, parent, phase, scope } = spec;
      frame = { id: this.modules.shared.nextId(), key, calls, file, fn, args, self, parent, phase, scope };
      frames.set(key, frame);
    }
    return frame;
  }

  /** The activation that a call makes. `site` names the call, `caller` the activation it stands in. */
  enter(callee: FunctionValue, args: readonly Argument[] | undefined, site: string, caller: Frame | undefined): Frame {
    const parent = isFrame(callee.frame) ? callee.frame : this.parentFrame(callee.file, callee.fn);
    const calls = caller ? [site, ...caller.calls.slice(0, CALL_STRING - 1)] : [site];
    const phase = caller ? caller.phase : INVOKED.test(site) ? 'invoke' : undefined;
    const self = callee.self;
    const selfKey = self?.kind === 'instance' && self.site ? `^${self.site.file}:${self.site.start}` : '';
    const scope = this.entered(callee, args, site, caller, parent);
    const key = `${callee.file}#${callee.fn}${selfKey}${parent && (parent.calls.length > 0 || parent.self) ? `{${parent.id}}` : ''}<${calls.join('<')}${phase === 'init' ? '!' : ''}`;
    const known = this.pools[scope].frames.get(key);
    if (known) return known;
    const bound = args && callee.bound ? callee.bound.map((value): Argument => ({ value })) : undefined;
    return this.frame({ key, calls, file: callee.file, fn: callee.fn, args: bound && args ? [...bound, ...args] : args, self, parent, phase, scope });
  }

  /** Scope of a call's activation: the narrowest of everything that decides what it is. */
  private entered(callee: FunctionValue, args: readonly Argument[] | undefined, site: string, caller: Frame | undefined, parent: Frame | undefined): Scope {
    if (callee.bound || (caller ? caller.scope === scopes.function : INVOKED.test(site))) return scopes.function;
    let scope: Scope = Math.max(this.scopeOf(callee.file), caller?.scope ?? 0, parent?.scope ?? 0, scopeOfObject(callee.self)) as Scope;
    for (const argument of args ?? []) scope = Math.max(scope, 'expr' in argument ? argument.frame.scope : scopes.function) as Scope;
    return scope;
  }

  private parentFrame(file: string, fn: number): Frame | undefined {
    const parent = this.fact(file, fn)?.parent ?? -1;
    return parent > 0 ? this.open(file, parent) : undefined;
  }

  fact(file: string, fn: number): FunctionFact | undefined {
    return this.modules.facts(file)?.functions[fn];
  }

  /** The pool that an activation belongs to. */
  poolOf(frame: Frame): Pool {
    return this.pools[frame.scope];
  }

  /** What `compute` gives, and whether it rests on something that only this function has. */
  tracked<T>(compute: () => T): { readonly value: T; readonly own: boolean } {
    const before = this.ownUses;
    const value = compute();
    return { value, own: this.ownUses !== before };
  }

  /** The pool of activations that functions with this environment share. */
  get pool(): Pool {
    return this.pools[scopes.environment];
  }

  mark(): Mark {
    return { environmentUses: this.environmentUses, ownUses: this.ownUses };
  }

  /** Whom an answer holds for, by what it touched since. */
  holdsFor(mark: Mark): Scope {
    return mark.ownUses !== this.ownUses ? scopes.function : mark.environmentUses !== this.environmentUses ? scopes.environment : scopes.all;
  }

  protected keep(expr: Expr, frame: Frame, value: Value, scope: Scope): void {
    if (scope <= frame.scope) { (frame.memo ??= new Map()).set(expr, value); return; }
    const { memo } = this.pools[scope];
    const known = memo.get(frame);
    if (known) known.set(expr, value); else memo.set(frame, new Map([[expr, value]]));
  }

  /** Keeps an answer for questions that as many calls led to. */
  protected keepPartial(expr: Expr, frame: Frame, value: Value, scope: Scope, callDepth: number): void {
    const kept = (this.partials[callDepth] ??= new Map());
    let ofFrame = kept.get(frame);
    if (!ofFrame) kept.set(frame, (ofFrame = new Map()));
    ofFrame.set(expr, { value, scope });
  }

  protected partial(expr: Expr, frame: Frame, callDepth: number): Value | undefined {
    const known = this.partials[callDepth]?.get(frame)?.get(expr);
    if (known) this.touch(known.scope);
    return known?.value;
  }

  /** An answer that is kept for a narrower scope than the activation has. */
  protected narrowed(expr: Expr, frame: Frame): Value | undefined {
    for (const scope of [scopes.environment, scopes.function] as const) {
      const value = scope > frame.scope ? this.pools[scope].memo.get(frame)?.get(expr) : undefined;
      if (value) { this.touch(scope); return value; }
    }
    return undefined;
  }
}

/** Whom the construction of an object is the same for. */
export const scopeOfObject = (self: Value | undefined): Scope => (self?.kind === 'instance' && isFrame(self.frame) ? self.frame.scope : scopes.all);
