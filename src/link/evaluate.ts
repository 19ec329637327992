import type { ClassFact, Expr, FunctionFact, Target } from '../model/facts.ts';
import { literal, unknown, type ClassValue, type ExternalValue, type FunctionValue, type InstanceValue, type Value } from '../model/value.ts';
import { isFrame, Pool, scopes, type Argument, type Frame, type FrameSpec, type Scope } from './frame.ts';
import { callExternal } from './builtins.ts';
import type { Modules } from './modules.ts';
import type { Definition } from './module-index.ts';
import { binaryValue, logicalValue, unaryValue } from './operators.ts';
import { TypeResolver } from './type-names.ts';
import { each, element, externalInstance, oneOf, template, truthiness } from './values.ts';

const MAX_DEPTH = 60;
const MAX_CALL_DEPTH = 4;
const MAX_STEPS = 1_500;
const CALL_STRING = 3;
const noCalls: readonly string[] = [];
/** Sites of activations that no code of the repository makes. */
const INVOKED = /^(?:handler of|registered) /;

/**
 * The one evaluator: gives the symbolic value of an expression in a frame, on demand, across modules. It runs nothing and
 * loops over nothing: a name with several definitions is one of their values.
 *
 * Work is bounded by counted steps a query. What was computed under a cut-off or inside an unfinished cycle is not kept,
 * so that the order of questions never shows in the answers.
 */
export class Evaluator {
  readonly modules: Modules;
  readonly types: TypeResolver;
  /** Environment of the deployed function; a name it lacks stays symbolic. */
  private readonly environment: ReadonlyMap<string, Value>;
  /** Activations by their scope: of all functions, of those with this environment, of this one. */
  private readonly pools: readonly [Pool, Pool, Pool];
  /** What is being worked out, with its place on the stack. */
  private readonly busy = new Map<string, number>();
  private depth = 0;
  private callDepth = 0;
  private steps = 0;
  /** The lowest place on the stack that the answer at hand depends on without it being finished; Infinity: on none. */
  private cutAt = Number.POSITIVE_INFINITY;
  /** How often an answer rested on the environment or on what only this function has, and how often on the latter. */
  private environmentUses = 0;
  private ownUses = 0;

  constructor(modules: Modules, environment: ReadonlyMap<string, Value>, universe: () => readonly string[]) {
    this.modules = modules;
    this.environment = environment;
    let files: readonly string[] | undefined;
    this.pools = [modules.shared.all, modules.shared.of(environment), new Pool()];
    this.types = new TypeResolver(modules, () => { this.touch(scopes.function); return (files ??= universe()); });
  }

  /** Gives back the memory of what only this function has; values that others share may still ask. */
  release(): void {
    const own = this.pools[scopes.function];
    own.frames.clear();
    own.memo.clear();
    own.instances.clear();
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

  /** The widest scope that evaluation of a module can have. */
  private scopeOf(file: string): Scope {
    return this.modules.readsEnvironment(file) ? scopes.environment : scopes.all;
  }

  private touch(scope: Scope): void {
    if (scope !== scopes.all) this.environmentUses++;
    if (scope === scopes.function) this.ownUses++;
  }

  private frame(spec: FrameSpec): Frame {
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

  /** Symbolic value of an expression; the entry point of every question. */
  value(expr: Expr, frame: Frame): Value {
    if (this.depth === 0) { this.steps = 0; this.cutAt = Number.POSITIVE_INFINITY; }
    if (frame.scope !== scopes.all) this.touch(frame.scope);
    const known = frame.memo?.get(expr) ?? (frame.scope === scopes.function ? undefined : this.narrowed(expr, frame));
    if (known) return known;
    if (this.depth >= MAX_DEPTH || ++this.steps > MAX_STEPS) { this.cutAt = -1; return unknown('too deep'); }
    const outerCut = this.cutAt;
    this.cutAt = Number.POSITIVE_INFINITY;
    this.depth++;
    const [environmentUses, ownUses] = [this.environmentUses, this.ownUses];
    let value: Value;
    try { value = this.compute(expr, frame); } finally { this.depth--; }
    if (this.cutAt === Number.POSITIVE_INFINITY) this.keep(expr, frame, value, this.holdsFor(environmentUses, ownUses));
    this.cutAt = Math.min(this.cutAt, outerCut);
    return value;
  }

  /** Whom an answer holds for, by what it touched since. */
  private holdsFor(environmentUses: number, ownUses: number): Scope {
    return ownUses !== this.ownUses ? scopes.function : environmentUses !== this.environmentUses ? scopes.environment : scopes.all;
  }

  private keep(expr: Expr, frame: Frame, value: Value, scope: Scope): void {
    if (scope <= frame.scope) { (frame.memo ??= new Map()).set(expr, value); return; }
    const { memo } = this.pools[scope];
    const known = memo.get(frame);
    if (known) known.set(expr, value); else memo.set(frame, new Map([[expr, value]]));
  }

  /** An answer that is kept for a narrower scope than the activation has. */
  private narrowed(expr: Expr, frame: Frame): Value | undefined {
    for (const scope of [scopes.environment, scopes.function] as const) {
      const value = scope > frame.scope ? this.pools[scope].memo.get(frame)?.get(expr) : undefined;
      if (value) { this.touch(scope); return value; }
    }
    return undefined;
  }

  /**
   * Works out what may turn out to depend on itself. Inside an unfinished cycle nothing is kept; its head, once finished, is
   * an answer like any other.
   */
  private guarded(key: string, reason: string, compute: () => Value): { readonly value: Value; readonly final: boolean } {
    const place = this.busy.get(key);
    if (place !== undefined) { this.cutAt = Math.min(this.cutAt, place); return { value: unknown(reason), final: false }; }
    const outerCut = this.cutAt;
    const own = this.busy.size;
    this.cutAt = Number.POSITIVE_INFINITY;
    this.busy.set(key, own);
    let value: Value;
    try { value = compute(); } finally { this.busy.delete(key); }
    if (this.cutAt >= own) this.cutAt = Number.POSITIVE_INFINITY;
    const final = this.cutAt === Number.POSITIVE_INFINITY;
    this.cutAt = Math.min(this.cutAt, outerCut);
    return { value, final };
  }

  private compute(expr: Expr, frame: Frame): Value {
    switch (expr.kind) {
      case 'literal': return literal(expr.value);
      case 'regex': return { kind: 'derived', what: 'regex', from: [literal(expr.pattern)], io: false };
      case 'template': return template(expr.parts.map((part) => this.value(part, frame)));
      case 'ref': return this.binding(frame.file, expr.binding, frame);
      case 'global': return { kind: 'external', module: 'global', path: [expr.name] };
      case 'this': return this.self(frame);
      case 'member': return this.memberExpr(expr, frame);
      case 'call': return this.call(expr.callee, expr.args, expr, frame);
      case 'new': return this.construct(this.value(expr.callee, frame), expr.args, expr, frame);
      case 'import': return this.importValue(expr.source, frame);
      case 'function': return { kind: 'function', file: frame.file, fn: expr.fn, frame, ...(this.fact(frame.file, expr.fn)?.kind === 'arrow' && frame.self ? { self: frame.self } : {}) };
      case 'class': return { kind: 'class', file: frame.file, cls: expr.cls, frame };
      case 'object': return this.object(expr.properties, frame);
      case 'array': return this.array(expr.items, frame);
      case 'spread': case 'await': return this.value(expr.of, frame);
      case 'unary': return unaryValue(expr.op, this.value(expr.of, frame));
      case 'binary': return binaryValue(expr.op, this.value(expr.left, frame), this.value(expr.right, frame));
      case 'logical': return logicalValue(expr.op, this.value(expr.left, frame), () => this.value(expr.right, frame));
      case 'conditional': {
        const test = truthiness(this.value(expr.test, frame));
        if (test !== undefined) return this.value(test ? expr.then : expr.else, frame);
        return oneOf([this.value(expr.then, frame), this.value(expr.else, frame)]);
      }
      case 'assign': return expr.op === '=' ? this.value(expr.value, frame) : { kind: 'derived', what: expr.op, from: [this.value(expr.value, frame)], io: false };
      case 'sequence': { const last = expr.items[expr.items.length - 1]; return last ? this.value(last, frame) : unknown('empty'); }
      case 'yield': return unknown('what the caller sends to a generator');
      case 'opaque': return { kind: 'derived', what: expr.what, from: expr.parts.map((part) => this.value(part, frame)), io: false };
      case 'super': return unknown('super');
    }
  }

  // ------------------------------------------------------------- names

  private binding(file: string, id: number, frame: Frame): Value {
    const facts = this.modules.facts(file);
    const fact = facts?.bindings[id];
    if (!facts || !fact) return unknown('unknown name');
    const home = this.ancestor(frame, fact.fn) ?? this.open(file, fact.fn);
    const known = home.bindings?.get(id);
    if (home.scope !== scopes.all) this.touch(home.scope);
    if (known) return known;
    const [environmentUses, ownUses] = [this.environmentUses, this.ownUses];
    const key = `${id}@${home.id}`;
    // `params = Object.assign({}, params, …)`: what the right side reads is the argument.
    const before = this.busy.has(key) && fact.kind === 'param' ? this.param(file, id, home) : undefined;
    const { value, final } = this.guarded(key, 'defined through itself', () => this.computeBinding(file, id, home));
    if (before && before.kind !== 'param' && before.kind !== 'unknown') return before;
    if (final && this.holdsFor(environmentUses, ownUses) <= home.scope) (home.bindings ??= new Map()).set(id, value);
    return value;
  }

  private computeBinding(file: string, id: number, home: Frame): Value {
    const fact = this.modules.facts(file)?.bindings[id];
    if (!fact) return unknown('unknown name');
    if (fact.kind === 'import') {
      const imported = this.modules.imported(file, id);
      return imported ? this.imported(file, imported.source, imported.imported) : unknown('import');
    }
    const definitions = this.modules.index(file)?.definitions.get(id) ?? [];
    const values: Value[] = [];
    if (fact.kind === 'param') values.push(this.param(file, id, home));
    const given = definitions.filter((definition) => definition.expr !== undefined || definition.id !== undefined || definition.form === 'caught');
    for (const definition of given) values.push(this.definition(file, definition, home));
    // Declared with a type only: the type may name a class.
    if (values.every((value) => value.kind === 'unknown' || value.kind === 'param') && fact.type) {
      const typed = this.types.instance(file, fact.type);
      if (typed) return typed;
    }
    return this.withWrites(file, id, values.length === 0 ? literal(undefined) : oneOf(values), home);
  }

  /** `const o = {}; o.a = 1`: properties written later belong to the object. */
  private withWrites(file: string, id: number, value: Value, home: Frame): Value {
    const writes = this.modules.index(file)?.memberWrites.get(id);
    if (!writes || value.kind !== 'object') return value;
    const entries = [...value.entries];
    const computed = [...(value.computed ?? [])];
    let open = value.open && !value.computed;
    for (const write of writes) {
      if (write.path.length !== 1 || write.op !== '=') { open = true; continue; }
      const frame = this.frameFor(file, write.fn, home);
      const key = typeof write.target.property === 'string' ? literal(write.target.property) : this.value(write.target.property, frame);
      const written = this.value(write.expr, frame);
      if (key.kind !== 'literal') { computed.push(key); entries.push(['*', written]); continue; }
      const name = String(key.value);
      const index = entries.findIndex(([key]) => key === name);
      if (index < 0) entries.push([name, written]);
      else entries[index] = [name, oneOf([(entries[index] as readonly [string, Value])[1], written])];
    }
    return { kind: 'object', entries, open: open || computed.length > 0, ...(computed.length > 0 && !open ? { computed } : {}) };
  }

  private definition(file: string, definition: Definition, home: Frame): Value {
    const frame = this.frameFor(file, definition.fn, home);
    if (definition.form === 'function') return { kind: 'function', file, fn: definition.id ?? 0, frame };
    if (definition.form === 'class') return { kind: 'class', file, cls: definition.id ?? 0, frame };
    if (definition.form === 'caught') return { kind: 'derived', what: 'caught error', from: [], io: true };
    if (!definition.expr) return literal(undefined);
    let value = this.value(definition.expr, frame);
    if (definition.form === 'iterate') value = definition.op === 'in' ? { kind: 'derived', what: 'key', from: [value], io: false } : element(value);
    if (definition.form === 'update') return { kind: 'derived', what: definition.op, from: [value], io: false };
    value = this.at(value, definition.path);
    if (definition.default && (value.kind === 'unknown' || (value.kind === 'literal' && value.value === undefined) || value.kind === 'param')) {
      const fallback = this.value(definition.default, frame);
      return value.kind === 'literal' ? fallback : oneOf([value, fallback]);
    }
    return definition.default && value.kind === 'env' ? oneOf([value, this.value(definition.default, frame)]) : value;
  }

  /** The frame for code of `fn` seen from `home`: the activation on the lexical chain, or one of which nothing is known. */
  private frameFor(file: string, fn: number, home: Frame): Frame {
    return this.ancestor(home, fn) ?? this.open(file, fn);
  }

  private ancestor(frame: Frame, fn: number): Frame | undefined {
    for (let current: Frame | undefined = frame; current; current = current.parent) if (current.fn === fn) return current;
    return undefined;
  }

  private param(file: string, id: number, frame: Frame): Value {
    const params = this.fact(file, frame.fn)?.params ?? [];
    for (const [index, param] of params.entries()) {
      const path = targetPath(param.target, id);
      if (!path) continue;
      let value = this.argument(frame, index, param.rest);
      if (param.default && ((value?.kind === 'literal' && value.value === undefined) || !value)) {
        const fallback = this.value(param.default, frame);
        value = value ? fallback : oneOf([{ kind: 'param', file, fn: frame.fn, index, path: [] }, fallback]);
      }
      if (!value || value.kind === 'unknown' || value.kind === 'param') {
        const typed = param.type ? this.types.instance(file, param.type) : undefined;
        if (typed) value = typed;
      }
      value = this.at(value ?? { kind: 'param', file, fn: frame.fn, index, path: [] }, path.path);
      if (path.default && value.kind === 'literal' && value.value === undefined) return this.value(path.default, frame);
      return path.default && (value.kind === 'param' || value.kind === 'unknown') ? oneOf([value, this.value(path.default, frame)]) : value;
    }
    return unknown('parameter');
  }

  private argument(frame: Frame, index: number, rest: boolean): Value | undefined {
    if (!frame.args) return undefined;
    if (rest) return { kind: 'array', items: frame.args.slice(index).map((argument) => this.resolveArgument(argument)), open: false };
    const spread = frame.args.findIndex((argument) => 'expr' in argument && argument.expr.kind === 'spread');
    if (spread >= 0 && spread <= index) {
      const argument = frame.args[spread];
      return argument ? this.at(this.resolveArgument(argument), [String(index - spread)]) : undefined;
    }
    const argument = frame.args[index];
    return argument ? this.resolveArgument(argument) : literal(undefined);
  }

  resolveArgument(argument: Argument): Value {
    return 'value' in argument ? argument.value : this.value(argument.expr, argument.frame);
  }

  private self(frame: Frame): Value {
    for (let current: Frame | undefined = frame; current; current = current.parent) {
      if (current.self) return current.self;
      const fact = this.fact(current.file, current.fn);
      if (fact?.cls !== undefined) {
        const cls: ClassValue = { kind: 'class', file: current.file, cls: fact.cls };
        return fact.static ? cls : { kind: 'instance', of: cls, args: [] };
      }
      if (fact?.kind !== 'arrow') break;
    }
    return unknown('this');
  }

  // ------------------------------------------------------------- modules

  private importValue(source: Expr, frame: Frame): Value {
    const value = this.value(source, frame);
    if (value.kind !== 'literal' || typeof value.value !== 'string') return unknown('import of a computed name');
    const target = this.modules.resolve(frame.file, value.value);
    if ('external' in target) return { kind: 'external', module: target.external, path: [] };
    if ('missing' in target) return unknown(`import of ${value.value}`);
    return this.namespace(target.file);
  }

  /** `module.exports`, or the namespace object of an ES module. */
  private namespace(file: string): Value {
    const whole = this.modules.exported(file, '=', new Set());
    if (whole.kind === 'local' && whole.fact.value) {
      const value = this.value(whole.fact.value, this.open(file, 0));
      const named = (this.modules.facts(file)?.exports ?? []).filter((item) => item.name !== '=' && item.value);
      if (named.length === 0 || value.kind !== 'object') return value;
      return { kind: 'object', open: value.open, entries: [...value.entries, ...named.map((item): [string, Value] => [item.name, this.exportValue(file, item.name)])] };
    }
    return { kind: 'external', module: `repo:${file}`, path: [] };
  }

  private imported(file: string, source: string, name: string): Value {
    const found = this.modules.lookup(file, source, name);
    switch (found.kind) {
      case 'external': return { kind: 'external', module: found.module, path: found.path };
      case 'missing': return unknown(found.reason);
      case 'namespace': return this.namespace(found.file);
      case 'local': return this.localExport(found.file, found.fact.name === '=' && name !== '=' && name !== 'default' ? name : undefined, found.fact);
    }
  }

  /** Value of an exported name of a module; a dotted name goes into the export (`api.handler`). */
  exportValue(file: string, name: string): Value {
    const [first = name, ...rest] = name.split('.');
    const found = this.modules.exported(file, first, new Set());
    let value: Value;
    if (found.kind === 'local') value = this.localExport(found.file, found.fact.name === '=' && first !== '=' ? first : undefined, found.fact);
    else if (found.kind === 'external') value = { kind: 'external', module: found.module, path: found.path };
    else if (found.kind === 'namespace') value = this.namespace(found.file);
    else value = unknown(found.reason);
    // `exports.default` seen through by tools; `module.exports = fn` serves any name that it lacks.
    return this.at(value, rest);
  }

  private localExport(file: string, member: string | undefined, fact: { readonly value?: Expr; readonly binding?: number }): Value {
    const frame = this.open(file, 0);
    const value = fact.value ? this.value(fact.value, frame) : fact.binding !== undefined ? this.binding(file, fact.binding, frame) : unknown('export');
    return member === undefined ? value : this.member(value, member);
  }

  // ------------------------------------------------------------- objects

  private object(properties: readonly { readonly key: string | Expr | undefined; readonly value: Expr; readonly accessor?: string }[], frame: Frame): Value {
    const entries: [string, Value][] = [];
    const computed: Value[] = [];
    let open = false;
    for (const property of properties) {
      const value = this.value(property.value, frame);
      if (property.key === undefined) {
        if (value.kind === 'object') { entries.push(...value.entries.map(([key, item]): [string, Value] => [key, item])); open ||= value.open; }
        else if (!(value.kind === 'literal')) { open = true; entries.push(['...', value]); }
        continue;
      }
      const key = typeof property.key === 'string' ? literal(property.key) : this.value(property.key, frame);
      if (key.kind === 'literal') entries.push([String(key.value), property.accessor === 'get' ? unknown('getter') : value]);
      else { computed.push(key); entries.push(['*', value]); }
    }
    return { kind: 'object', entries, open: open || computed.length > 0, ...(computed.length > 0 && !open ? { computed } : {}) };
  }

  private array(items: readonly (Expr | null)[], frame: Frame): Value {
    const values: Value[] = [];
    let open = false;
    let uniform = true;
    for (const item of items) {
      if (!item) values.push(literal(undefined));
      else if (item.kind === 'spread') {
        const inner = this.value(item.of, frame);
        if (inner.kind === 'array') { values.push(...inner.items); open ||= inner.open; uniform &&= !inner.open || inner.uniform === true; } else { values.push(element(inner)); open = true; }
      } else values.push(this.value(item, frame));
    }
    return { kind: 'array', items: values, open, ...(open && uniform ? { uniform } : {}) };
  }

  private memberExpr(expr: Expr & { kind: 'member' }, frame: Frame): Value {
    // A CommonJS module reads its own exports.
    if (typeof expr.property === 'string' && isOwnExports(expr.object)) return this.exportValue(frame.file, expr.property);
    if (expr.object.kind === 'super') return this.superMember(frame, typeof expr.property === 'string' ? expr.property : '*');
    const object = present(this.value(expr.object, frame), expr.optional);
    const { property } = expr;
    if (typeof property === 'string') return expr.optional ? each(object, (one) => (isMissing(one) ? literal(undefined) : this.member(one, property))) : this.member(object, property);
    const key = this.value(property, frame);
    if (key.kind === 'literal') return this.member(object, String(key.value));
    return each(object, (one) => {
      if (one.kind === 'object') return one.entries.length === 0 ? { kind: 'derived', what: 'property', from: [one, key], io: false } : oneOf([...one.entries.map(([, value]) => value), ...(one.open ? [unknown('computed property')] : [])]);
      if (one.kind === 'array') return element(one);
      // A module as a dispatch table: `actions[event.action]`.
      if (one.kind === 'external' && one.module.startsWith('repo:')) {
        const file = one.module.slice(5);
        const names = new Set((this.modules.facts(file)?.exports ?? []).flatMap((item) => (item.typeOnly || item.name === '*' || item.name === '=' ? [] : [item.name])));
        return names.size === 0 ? unknown('computed export') : oneOf([...names].map((name) => this.exportValue(file, name)));
      }
      if (one.kind === 'external' && one.module === 'global' && one.path.join('.') === 'process.env') return { kind: 'derived', what: 'environment', from: [key], io: false };
      return this.member(one, '*');
    });
  }

  at(value: Value, path: readonly string[]): Value {
    let current = value;
    for (const step of path) current = step === '...' ? current : step === '*' ? element(current) : this.member(current, step);
    return current;
  }

  /** The named property of a value. */
  member(value: Value, name: string): Value {
    return each(value, (one): Value => {
      switch (one.kind) {
        case 'object': {
          const found = one.entries.findLast(([key]) => key === name || key === '...');
          if (found && found[0] === name) return found[1];
          if (found) return this.member(found[1], name);
          return one.open ? unknown(`property ${name}`) : literal(undefined);
        }
        case 'array': return /^\d+$/.test(name) ? (one.items[Number(name)] ?? (one.open ? element(one) : literal(undefined))) : name === 'length' && !one.open ? literal(one.items.length) : { kind: 'derived', what: name, from: [one], io: false };
        case 'event': return { kind: 'event', path: [...one.path, name] };
        case 'context': return { kind: 'context', path: [...one.path, name] };
        case 'param': return { ...one, path: [...one.path, name] };
        case 'external': return this.externalMember(one, name);
        case 'instance': return this.instanceMember(one, name);
        case 'class': return this.staticMember(one, name);
        case 'derived': return { kind: 'derived', what: `.${name}`, from: [one], io: one.io };
        case 'env': case 'template': case 'literal': return one.kind === 'literal' && one.value === undefined ? unknown(`property ${name} of undefined`) : { kind: 'derived', what: `.${name}`, from: [one], io: false };
        case 'function': return this.functionMember(one, name);
        default: return one.kind === 'unknown' ? one : { kind: 'derived', what: `.${name}`, from: [one], io: false };
      }
    });
  }

  private externalMember(value: ExternalValue, name: string): Value {
    if (value.module === 'global' && value.path.length === 2 && value.path[0] === 'process' && value.path[1] === 'env') {
      this.touch(scopes.environment);
      return this.environment.get(name) ?? { kind: 'env', name };
    }
    if (value.module.startsWith('repo:')) return this.exportValue(value.module.slice(5), name);
    // Interop wrappers of compilers: the default of a namespace is the module.
    return { kind: 'external', module: value.module, path: [...value.path, name] };
  }

  /** `handler.use = …`: properties hung on a function, as far as its module writes them. */
  private functionMember(value: FunctionValue, name: string): Value {
    const facts = this.modules.facts(value.file);
    const index = this.modules.index(value.file);
    for (const [id, writes] of index?.memberWrites ?? []) {
      if (!index?.definitions.get(id)?.some((definition) => definition.id === value.fn || (definition.expr?.kind === 'function' && definition.expr.fn === value.fn))) continue;
      const write = writes.findLast((item) => item.path.length === 1 && item.path[0] === name);
      if (write && facts) return this.value(write.expr, this.open(value.file, write.fn));
    }
    return { kind: 'derived', what: `.${name}`, from: [value], io: false };
  }

  // ------------------------------------------------------------- classes

  private classFact(value: ClassValue): ClassFact | undefined {
    return this.modules.facts(value.file)?.classes[value.cls];
  }

  /** The class itself and the classes that it extends, as far as they are in the repository; then the external base. */
  heritage(value: ClassValue): { readonly classes: readonly ClassValue[]; readonly external?: ExternalValue } {
    const classes: ClassValue[] = [];
    for (let current: Value | undefined = value; current?.kind === 'class' && classes.length < 12;) {
      const cls: ClassValue = current;
      if (classes.some((known) => known.file === cls.file && known.cls === cls.cls)) break;
      classes.push(cls);
      const base: Expr | undefined = this.classFact(cls)?.superClass;
      current = base ? this.value(base, isFrame(cls.frame) ? cls.frame : this.open(cls.file, this.classFact(cls)?.fn ?? 0)) : undefined;
      if (current?.kind === 'external') return { classes, external: current };
    }
    return { classes };
  }

  private instanceMember(instance: InstanceValue, name: string): Value {
    if (instance.of.kind === 'external') return { kind: 'external', module: instance.of.module, path: [...instance.of.path, `#${name}`] };
    const key = `${instance.of.file}#${instance.of.cls}.${name}^${instance.site ? `${instance.site.file}:${instance.site.start}` : ''}`;
    const of = instance.of;
    return this.guarded(key, 'defined through itself', () => {
      const { classes, external } = this.heritage(of);
      for (const cls of classes) {
        const found = this.ownMember(instance, cls, name);
        if (found) return found;
      }
      return external ? { kind: 'external', module: external.module, path: [...external.path, `#${name}`] } : unknown(`member ${name}`);
    }).value;
  }

  private ownMember(instance: InstanceValue, cls: ClassValue, name: string): Value | undefined {
    const fact = this.classFact(cls);
    if (!fact) return undefined;
    const home = isFrame(cls.frame) ? cls.frame : this.open(cls.file, fact.fn);
    const members = fact.members.filter((member) => member.name === name && !member.static);
    const method = members.find((member) => member.kind === 'method');
    if (method?.fn !== undefined) return { kind: 'function', file: cls.file, fn: method.fn, self: instance, ...(fact.fn > 0 ? { frame: home } : {}) };
    const getter = members.find((member) => member.kind === 'get');
    if (getter?.fn !== undefined) return this.result({ kind: 'function', file: cls.file, fn: getter.fn, self: instance }, [], `${cls.file}:get ${name}`, undefined);
    const values: Value[] = [];
    const field = members.find((member) => member.kind === 'field');
    if (field?.value) values.push(this.value(field.value, this.frame({ ...home, key: `${home.key}^${instance.site ? `${instance.site.file}:${instance.site.start}` : 'this'}`, self: instance, scope: Math.max(home.scope, scopeOfObject(instance)) as Scope })));
    const ctor = fact.members.find((member) => member.kind === 'constructor')?.fn;
    const open = (fn: number, site: string): Frame => {
      const frame = this.open(cls.file, fn);
      return this.frame({ ...frame, key: `${cls.file}#${fn}^${site}`, self: instance, scope: Math.max(frame.scope, scopeOfObject(instance)) as Scope });
    };
    const ctorFrame = ctor === undefined ? undefined : this.constructorFrame(instance, cls, ctor);
    for (const definition of this.modules.index(cls.file)?.fieldWrites.get(cls.cls)?.get(name) ?? []) {
      if (!definition.expr) continue;
      const frame = definition.fn === ctor && ctorFrame ? ctorFrame : open(definition.fn, instance.site ? `${instance.site.file}:${instance.site.start}` : 'this');
      values.push(definition.form === 'update' ? { kind: 'derived', what: definition.op, from: [this.value(definition.expr, frame)], io: false } : this.at(this.value(definition.expr, frame), definition.path));
    }
    if (ctor !== undefined && ctorFrame) {
      for (const param of this.fact(cls.file, ctor)?.params ?? []) {
        if (param.property && param.target.kind === 'ref' && this.modules.facts(cls.file)?.bindings[param.target.binding]?.name === name) values.push(this.value(param.target, ctorFrame));
      }
    }
    if (values.length === 0 && !field) return undefined;
    const value = values.length === 0 ? unknown(`field ${name}`) : oneOf(values);
    // An object that is known by its declared type only was injected: it lives as long as its owner.
    const owned = (one: Value | undefined): Value | undefined => (one?.kind === 'instance' && !one.site && instance.site ? { ...one, site: instance.site } : one);
    const vague = (one: Value): boolean => one.kind === 'unknown' || one.kind === 'param' || (one.kind === 'literal' && one.value === undefined);
    if (field?.type && (value.kind === 'oneOf' ? value.options.every(vague) : vague(value))) return owned(this.types.instance(cls.file, field.type)) ?? value;
    return owned(value) ?? value;
  }

  private constructorFrame(instance: InstanceValue, cls: ClassValue, ctor: number): Frame {
    const own = instance.of;
    if (own.kind === 'class' && own.file === cls.file && own.cls === cls.cls) return isFrame(instance.frame) ? instance.frame : this.frame({ ...this.open(cls.file, ctor), key: `${cls.file}#${ctor}^this`, self: instance, scope: scopes.function });
    // A base class: its constructor gets what `super(…)` of the class below passes.
    const below = own.kind === 'class' ? this.heritage(own).classes : [];
    const index = below.findIndex((item) => item.file === cls.file && item.cls === cls.cls);
    const derived = below[index - 1];
    const derivedCtor = derived ? this.classFact(derived)?.members.find((member) => member.kind === 'constructor')?.fn : undefined;
    if (derived && derivedCtor === undefined && isFrame(instance.frame)) return instance.frame;
    if (!derived || derivedCtor === undefined) return this.open(cls.file, ctor);
    const call = this.modules.index(derived.file)?.calls[derivedCtor]?.find((item) => item.kind === 'call' && item.callee.kind === 'super');
    const frame = this.constructorFrame(instance, derived, derivedCtor);
    return this.enter({ kind: 'function', file: cls.file, fn: ctor, self: instance }, call?.args.map((expr) => ({ expr, frame })), `${derived.file}:super`, frame);
  }

  private staticMember(value: ClassValue, name: string): Value {
    for (const cls of this.heritage(value).classes) {
      const fact = this.classFact(cls);
      const member = fact?.members.find((item) => item.static && item.name === name);
      if (!fact || !member) continue;
      if (member.kind === 'method' && member.fn !== undefined) return { kind: 'function', file: cls.file, fn: member.fn, self: value };
      if (member.kind === 'get' && member.fn !== undefined) return this.result({ kind: 'function', file: cls.file, fn: member.fn, self: value }, [], `${cls.file}:get ${name}`, undefined);
      const home = isFrame(cls.frame) ? cls.frame : this.open(cls.file, fact.fn);
      const written = (this.modules.index(cls.file)?.fieldWrites.get(cls.cls)?.get(name) ?? []).flatMap((definition) => (definition.expr ? [this.value(definition.expr, this.open(cls.file, definition.fn))] : []));
      // `Service.instance = …`, written under the name of the class.
      for (const [id, writes] of this.modules.index(cls.file)?.memberWrites ?? []) {
        if (!this.modules.index(cls.file)?.definitions.get(id)?.some((item) => item.form === 'class' && item.id === cls.cls)) continue;
        for (const write of writes) if (write.path.length === 1 && write.path[0] === name) written.push(this.value(write.expr, this.open(cls.file, write.fn)));
      }
      const initial = member.value ? [this.value(member.value, home)] : [];
      const value_ = oneOf([...initial, ...written]);
      return member.type && initial.length + written.length === 0 ? (this.types.instance(cls.file, member.type) ?? unknown(`static ${name}`)) : value_;
    }
    return name === 'prototype' ? { kind: 'instance', of: value, args: [] } : unknown(`static ${name}`);
  }

  private superMember(frame: Frame, name: string): Value {
    const self = this.self(frame);
    const own = self.kind === 'instance' && self.of.kind === 'class' ? self.of : self.kind === 'class' ? self : undefined;
    if (!own) return unknown('super');
    const fact = this.fact(frame.file, frame.fn);
    const { classes, external } = this.heritage(own);
    const from = classes.findIndex((cls) => cls.file === frame.file && cls.cls === fact?.cls);
    for (const cls of classes.slice(from + 1)) {
      const found = self.kind === 'instance' ? this.ownMember(self, cls, name) : this.staticMember(cls, name);
      if (found) return found;
    }
    return external ? { kind: 'external', module: external.module, path: [...external.path, `#${name}`] } : unknown('super');
  }

  // ------------------------------------------------------------- calls

  private call(callee: Expr, args: readonly Expr[], expr: Expr, frame: Frame): Value {
    const target = this.value(callee, frame);
    const receiver = callee.kind === 'member' ? this.value(callee.object, frame) : undefined;
    const thunks = args.map((arg): Argument => ({ expr: arg, frame }));
    return each(target, (one): Value => {
      if (one.kind === 'function') return this.result(one, thunks, `${frame.file}:${expr.start}`, frame);
      const site = { file: frame.file, start: expr.start, end: expr.end, fn: frame.fn };
      return callExternal(this, one, callee.kind === 'member' && typeof callee.property === 'string' ? callee.property : undefined, receiver, thunks, site, frame);
    });
  }

  /** What a call of a function of the repository gives: any of its return values. */
  result(callee: FunctionValue, args: readonly Argument[] | undefined, site: string, caller: Frame | undefined): Value {
    const fact = this.fact(callee.file, callee.fn);
    if (!fact) return unknown('function');
    if (this.callDepth >= MAX_CALL_DEPTH) { this.cutAt = -1; return unknown('calls too deep'); }
    const frame = this.enter(callee, args, site, caller);
    const key = `call ${frame.file}#${frame.fn}`;
    this.callDepth++;
    try {
      return this.guarded(key, 'recursion', () => this.returned(callee, fact, args, frame)).value;
    } finally { this.callDepth--; }
  }

  private returned(callee: FunctionValue, fact: FunctionFact, args: readonly Argument[] | undefined, frame: Frame): Value {
    if (fact.generator) return { kind: 'derived', what: 'generator', from: (args ?? []).map((argument) => this.resolveArgument(argument)), io: true };
    const returns = this.modules.index(callee.file)?.returns[callee.fn] ?? [];
    if (returns.length === 0) return literal(undefined);
    const value = oneOf(returns.map((expr) => this.value(expr, frame)));
    return value.kind === 'unknown' && fact.returnType ? (this.types.instance(callee.file, fact.returnType) ?? value) : value;
  }

  private construct(callee: Value, args: readonly Expr[], expr: Expr, frame: Frame): Value {
    const site = { file: frame.file, start: expr.start, end: expr.end, fn: frame.fn };
    return each(callee, (one): Value => {
      if (one.kind === 'external') return externalInstance(one, site, `${site.file}:${site.start}^${frame.id}`, () => args.map((arg) => this.value(arg, frame)));
      if (one.kind === 'class') return this.instance(one, args.map((arg): Argument => ({ expr: arg, frame })), site, frame);
      if (one.kind === 'function') return { kind: 'derived', what: 'new', from: args.map((arg) => this.value(arg, frame)), io: false };
      return { kind: 'derived', what: 'new', from: [one, ...args.map((arg) => this.value(arg, frame))], io: one.kind === 'unknown' };
    });
  }

  /** An object of a class of the repository, with the activation of its constructor. */
  instance(cls: ClassValue, args: readonly Argument[], site: { file: string; start: number; end: number; fn: number }, caller: Frame): InstanceValue {
    const key = `${cls.file}#${cls.cls}@${site.file}:${site.start}<${caller.id}`;
    const { instances } = this.pools[caller.scope];
    const known = instances.get(key);
    if (known) return known;
    const instance: { -readonly [K in keyof InstanceValue]: InstanceValue[K] } = { kind: 'instance', of: cls, args: [], site };
    instances.set(key, instance);
    for (const item of this.heritage(cls).classes) {
      const ctor = this.classFact(item)?.members.find((member) => member.kind === 'constructor')?.fn;
      if (ctor === undefined) continue;
      instance.frame = this.enter({ kind: 'function', file: item.file, fn: ctor, self: instance }, args, `${site.file}:${site.start}`, caller);
      break;
    }
    return instance;
  }
}

/** Whom the construction of an object is the same for. */
const scopeOfObject = (self: Value | undefined): Scope => (self?.kind === 'instance' && isFrame(self.frame) ? self.frame.scope : scopes.all);

const isOwnExports = (expr: Expr): boolean => (expr.kind === 'global' && expr.name === 'exports') || (expr.kind === 'member' && expr.property === 'exports' && expr.object.kind === 'global' && expr.object.name === 'module');

const isMissing = (value: Value): boolean => value.kind === 'literal' && (value.value === undefined || value.value === null);

/** Of an object that may be missing: a property is read only where it is there (`?.` gives nothing otherwise, `.` throws). */
function present(object: Value, optional: boolean): Value {
  if (optional || object.kind !== 'oneOf') return object;
  const there = object.options.filter((option) => !isMissing(option));
  return there.length === 0 || there.length === object.options.length ? object : oneOf(there);
}

/** Where in a parameter's pattern a binding stands. */
function targetPath(target: Target, binding: number): { readonly path: readonly string[]; readonly default?: Expr } | undefined {
  if (target.kind === 'ref') return target.binding === binding ? { path: [] } : undefined;
  if (target.kind !== 'pattern') return undefined;
  const found = target.elements.find((element) => element.target.kind === 'ref' && element.target.binding === binding);
  return found ? { path: found.path, ...(found.default ? { default: found.default } : {}) } : undefined;
}
