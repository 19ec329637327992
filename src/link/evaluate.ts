import type { Expr, FunctionFact } from '../model/facts.ts';
import { literal, unknown, type ClassValue, type ExternalValue, type FunctionValue, type InstanceValue, type Value } from '../model/value.ts';
import { Activations } from './activations.ts';
import { ClassValues } from './evaluate-classes.ts';
import { NameValues } from './evaluate-names.ts';
import { scopes, type Argument, type Frame } from './frame.ts';
import { callExternal } from './builtins.ts';
import type { Modules } from './modules.ts';
import { binaryValue, logicalValue, unaryValue } from './operators.ts';
import { spreadEither } from './spread.ts';
import { TypeResolver } from './type-names.ts';
import { each, element, externalInstance, isMissing, oneOf, present, template, truthiness } from './values.ts';

const MAX_DEPTH = 60;
const MAX_CALL_DEPTH = 4;
const MAX_STEPS = 1_500;

/**
 * The one evaluator: gives the symbolic value of an expression in a frame, on demand, across modules. It runs nothing and
 * loops over nothing: a name with several definitions is one of their values.
 *
 * Work is bounded by counted steps a query. What was computed under a cut-off or inside an unfinished cycle is not kept,
 * so that the order of questions never shows in the answers; what the bound of calls cut off is kept for questions as many calls deep.
 */
export class Evaluator extends Activations {
  readonly types: TypeResolver;
  readonly names = new NameValues(this);
  readonly classes = new ClassValues(this);
  /** Environment of the deployed function; a name it lacks stays symbolic. */
  private readonly environment: ReadonlyMap<string, Value>;
  /** What is being worked out, with its place on the stack. */
  private readonly busy = new Map<string, number>();
  private depth = 0;
  private callDepth = 0;
  private steps = 0;
  /** The lowest place on the stack that the answer at hand depends on without it being finished; Infinity: on none. */
  private cutAt = Number.POSITIVE_INFINITY;
  /** Whether the answer at hand would be another one, had fewer calls led to it. */
  private cutByCalls = false;

  constructor(modules: Modules, environment: ReadonlyMap<string, Value>, universe: () => readonly string[]) {
    super(modules, environment);
    this.environment = environment;
    let files: readonly string[] | undefined;
    this.types = new TypeResolver(modules, () => { this.touch(scopes.function); return (files ??= universe()); });
  }

  /** Symbolic value of an expression; the entry point of every question. */
  value(expr: Expr, frame: Frame): Value {
    if (this.depth === 0) { this.steps = 0; this.cutAt = Number.POSITIVE_INFINITY; this.cutByCalls = false; }
    if (frame.scope !== scopes.all) this.touch(frame.scope);
    const known = frame.memo?.get(expr) ?? (frame.scope === scopes.function ? undefined : this.narrowed(expr, frame));
    if (known) return known;
    const partial = this.partial(expr, frame, this.callDepth);
    if (partial) { this.cutByCalls = true; return partial; }
    if (this.depth >= MAX_DEPTH || ++this.steps > MAX_STEPS) { this.cutAt = -1; return unknown('too deep'); }
    const outerCut = this.cutAt;
    const outerByCalls = this.cutByCalls;
    this.cutAt = Number.POSITIVE_INFINITY;
    this.cutByCalls = false;
    this.depth++;
    const mark = this.mark();
    let value: Value;
    try { value = this.compute(expr, frame); } finally { this.depth--; }
    if (this.cutAt === Number.POSITIVE_INFINITY) {
      if (this.cutByCalls) this.keepPartial(expr, frame, value, this.holdsFor(mark), this.callDepth);
      else this.keep(expr, frame, value, this.holdsFor(mark));
    }
    this.cutAt = Math.min(this.cutAt, outerCut);
    this.cutByCalls ||= outerByCalls;
    return value;
  }

  /**
   * Works out what may turn out to depend on itself. Inside an unfinished cycle nothing is kept; its head, once finished, is
   * an answer like any other.
   */
  isBusy(key: string): boolean {
    return this.busy.has(key);
  }

  guarded(key: string, reason: string, compute: () => Value): { readonly value: Value; readonly final: boolean } {
    const place = this.busy.get(key);
    if (place !== undefined) { this.cutAt = Math.min(this.cutAt, place); return { value: unknown(reason), final: false }; }
    const outerCut = this.cutAt;
    const outerByCalls = this.cutByCalls;
    const own = this.busy.size;
    this.cutAt = Number.POSITIVE_INFINITY;
    this.cutByCalls = false;
    this.busy.set(key, own);
    let value: Value;
    try { value = compute(); } finally { this.busy.delete(key); }
    if (this.cutAt >= own) this.cutAt = Number.POSITIVE_INFINITY;
    const final = this.cutAt === Number.POSITIVE_INFINITY && !this.cutByCalls;
    this.cutAt = Math.min(this.cutAt, outerCut);
    this.cutByCalls ||= outerByCalls;
    return { value, final };
  }

  private compute(expr: Expr, frame: Frame): Value {
    switch (expr.kind) {
      case 'literal': return literal(expr.value);
      case 'regex': return { kind: 'derived', what: 'regex', from: [literal(expr.pattern)], io: false };
      case 'template': return template(expr.parts.map((part) => this.value(part, frame)));
      case 'ref': return this.names.binding(frame.file, expr.binding, frame);
      // `const self = exports`
      case 'global': return isOwnExports(expr) ? this.namespace(frame.file) : { kind: 'external', module: 'global', path: [expr.name] };
      case 'this': return this.names.self(frame);
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

  resolveArgument(argument: Argument): Value {
    return this.names.resolveArgument(argument);
  }


  // ------------------------------------------------------------- modules

  private importValue(source: Expr, frame: Frame): Value {
    const value = this.value(source, frame);
    if (value.kind === 'template') {
      const [first, last] = [value.parts[0], value.parts.at(-1)];
      const files = first?.kind === 'literal' ? this.modules.matching(frame.file, String(first.value), last?.kind === 'literal' ? String(last.value) : '') : [];
      return files.length > 0 ? oneOf(files.map((file) => this.namespace(file))) : unknown('import of a computed name');
    }
    if (value.kind !== 'literal' || typeof value.value !== 'string') return unknown('import of a computed name');
    const target = this.modules.resolve(frame.file, value.value);
    if ('external' in target) return platformModule(target.external, []);
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

  imported(file: string, source: string, name: string): Value {
    const found = this.modules.lookup(file, source, name);
    switch (found.kind) {
      case 'external': return platformModule(found.module, found.path);
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
    const value = fact.value ? this.value(fact.value, frame) : fact.binding !== undefined ? this.names.binding(file, fact.binding, frame) : unknown('export');
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
        else if (!(value.kind === 'literal') && !spreadEither(this.spread(property.value, value, frame), entries)) { open = true; entries.push(['...', value]); }
        continue;
      }
      const key = typeof property.key === 'string' ? literal(property.key) : this.value(property.key, frame);
      if (key.kind === 'literal') entries.push([String(key.value), property.accessor === 'get' ? unknown('getter') : value]);
      else { computed.push(key); entries.push(['*', value]); }
    }
    return { kind: 'object', entries, open: open || computed.length > 0, ...(computed.length > 0 && !open ? { computed } : {}) };
  }

  /** Of `...(a && b)` what is not `b` is falsy, and has no fields. */
  private spread(expr: Expr, value: Value, frame: Frame): Value {
    return expr.kind === 'logical' && expr.op === '&&' ? oneOf([literal(false), this.value(expr.right, frame)]) : value;
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
    // `const self = module.exports`
    if (isOwnExports(expr)) return this.namespace(frame.file);
    if (expr.object.kind === 'super') return this.classes.superMember(frame, typeof expr.property === 'string' ? expr.property : '*');
    const given = this.value(expr.object, frame);
    const object = expr.optional ? given : present(given);
    const { property } = expr;
    if (typeof property === 'string') return expr.optional ? each(object, (one) => (isMissing(one) ? literal(undefined) : this.member(one, property))) : this.member(object, property);
    const key = this.value(property, frame);
    if (key.kind === 'literal') return this.member(object, String(key.value));
    // `process.env[kind === 'a' ? 'QUEUE_A' : 'QUEUE_B']`
    if (key.kind === 'oneOf' && key.options.every((one) => one.kind === 'literal')) return oneOf(key.options.map((one) => this.member(object, one.kind === 'literal' ? String(one.value) : '*')));
    return each(object, (one) => {
      if (one.kind === 'object') return one.entries.length === 0 ? { kind: 'derived', what: 'property', from: [one, key], io: false } : oneOf([...one.entries.map(([, value]) => value), ...(one.open ? [unknown('computed property')] : [])]);
      if (one.kind === 'array') return element(one);
      // A module as a dispatch table: `actions[event.action]`.
      if (one.kind === 'external' && one.module.startsWith('repo:')) {
        const members = this.exportsOf(one.module.slice(5));
        return members.length === 0 ? unknown('computed export') : oneOf(members.map(([, value]) => value));
      }
      if (one.kind === 'external' && one.module === 'global' && one.path.join('.') === 'process.env') return { kind: 'derived', what: 'environment', from: [key], io: false };
      return this.member(one, '*');
    });
  }

  /** The exports of a module by their names, without those that it hands on from another. */
  exportsOf(file: string): readonly (readonly [string, Value])[] {
    const names = new Set((this.modules.facts(file)?.exports ?? []).flatMap((item) => (item.typeOnly || item.name === '*' || item.name === '=' ? [] : [item.name])));
    return [...names].map((name) => [name, this.exportValue(file, name)]);
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
        case 'instance': return this.classes.instanceMember(one, name);
        case 'class': return this.classes.staticMember(one, name);
        case 'derived': return { kind: 'derived', what: `.${name}`, from: [one], io: one.io };
        case 'env': case 'template': case 'literal': return one.kind === 'literal' && one.value === undefined ? unknown(`property ${name} of undefined`) : { kind: 'derived', what: `.${name}`, from: [one], io: false };
        case 'function': return this.functionMember(one, name);
        default: return one.kind === 'unknown' ? one : { kind: 'derived', what: `.${name}`, from: [one], io: false };
      }
    });
  }

  private externalMember(value: ExternalValue, name: string): Value {
    // Amplify writes this module when it deploys (Amplify documentation, "Environment variables and secrets", read 2026-11).
    const generated = value.module.startsWith('$amplify/env/') && value.path.length === 1 && value.path[0] === 'env';
    if (generated || (value.module === 'global' && value.path.length === 2 && value.path[0] === 'process' && value.path[1] === 'env')) {
      this.touch(scopes.environment);
      return each(this.environment.get(name) ?? { kind: 'env', name }, asText);
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

  /** The class itself and the classes that it extends, as far as they are in the repository; then the external base. */
  heritage(value: ClassValue): { readonly classes: readonly ClassValue[]; readonly external?: ExternalValue } {
    return this.classes.heritage(value);
  }

  // ------------------------------------------------------------- calls

  private call(callee: Expr, args: readonly Expr[], expr: Expr, frame: Frame): Value {
    const target = this.value(callee, frame);
    const receiver = callee.kind === 'member' ? present(this.value(callee.object, frame)) : undefined;
    const thunks = args.map((arg): Argument => ({ expr: arg, frame }));
    return each(target, (one): Value => {
      const own = one.kind === 'class' ? this.classes.asFunction(one) : one;
      if (own?.kind === 'function') return this.result(own, thunks, `${frame.file}:${expr.start}`, frame);
      const site = { file: frame.file, start: expr.start, end: expr.end, fn: frame.fn };
      return callExternal(this, one, callee.kind === 'member' && typeof callee.property === 'string' ? callee.property : undefined, receiver, thunks, site, frame);
    });
  }

  /** What a call of a function of the repository gives: any of its return values. */
  result(callee: FunctionValue, args: readonly Argument[] | undefined, site: string, caller: Frame | undefined): Value {
    const fact = this.fact(callee.file, callee.fn);
    if (!fact) return unknown('function');
    if (this.callDepth >= MAX_CALL_DEPTH) { this.cutByCalls = true; return unknown('calls too deep'); }
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
  instance(cls: ClassValue, args: readonly Argument[], site: NonNullable<InstanceValue['site']>, caller: Frame): InstanceValue {
    return this.classes.instance(cls, args, site, caller);
  }
}


const isOwnExports = (expr: Expr): boolean => (expr.kind === 'global' && expr.name === 'exports') || (expr.kind === 'member' && expr.property === 'exports' && expr.object.kind === 'global' && expr.object.name === 'module');

/** A process is given text: `true` or `30` of a template read as 'true' and '30'. */
const asText = (value: Value): Value => (value.kind === 'literal' && (typeof value.value === 'number' || typeof value.value === 'boolean') ? literal(String(value.value)) : value);

/** A name of a package. The module `process` is the global of that name. */
function platformModule(module: string, path: readonly string[]): ExternalValue {
  return module === 'process' ? { kind: 'external', module: 'global', path: ['process', ...(path[0] === 'default' ? path.slice(1) : path)] } : { kind: 'external', module, path };
}
