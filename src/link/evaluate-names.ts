import { itemMethods } from '../catalog/callbacks.ts';
import type { Expr, MemberExpr, Target } from '../model/facts.ts';
import { alternatives, literal, unknown, type ClassValue, type ObjectValue, type Value } from '../model/value.ts';
import type { Evaluator } from './evaluate.ts';
import { scopes, type Argument, type Frame } from './frame.ts';
import { takenOut, type Addition, type Definition, type MemberWrite } from './module-index.ts';
import { appended } from './texts.ts';
import { each, element, oneOf } from './values.ts';

/** Values of names: variables, parameters, imports and `this`. Part of the evaluator. */
export class NameValues {
  private readonly evaluator: Evaluator;

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  binding(file: string, id: number, frame: Frame): Value {
    const facts = this.evaluator.modules.facts(file);
    const fact = facts?.bindings[id];
    if (!facts || !fact) return unknown('unknown name');
    const home = this.ancestor(frame, fact.fn) ?? this.evaluator.open(file, fact.fn);
    const known = home.bindings?.get(id);
    if (home.scope !== scopes.all) this.evaluator.touch(home.scope);
    if (known) return known;
    const mark = this.evaluator.mark();
    const key = `${id}@${home.id}`;
    // `params = Object.assign({}, params, …)`: what the right side reads is the argument.
    const before = this.evaluator.isBusy(key) && fact.kind === 'param' ? this.param(file, id, home) : undefined;
    const { value, final } = this.evaluator.guarded(key, 'defined through itself', () => this.computeBinding(file, id, home));
    if (before && before.kind !== 'param' && before.kind !== 'unknown') return before;
    if (final && this.evaluator.holdsFor(mark) <= home.scope) (home.bindings ??= new Map()).set(id, value);
    return value;
  }

  private computeBinding(file: string, id: number, home: Frame): Value {
    const fact = this.evaluator.modules.facts(file)?.bindings[id];
    if (!fact) return unknown('unknown name');
    if (fact.kind === 'import') {
      const imported = this.evaluator.modules.imported(file, id);
      return imported ? this.evaluator.imported(file, imported.source, imported.imported) : unknown('import');
    }
    const definitions = this.evaluator.modules.index(file)?.definitions.get(id) ?? [];
    const values: Value[] = [];
    if (fact.kind === 'param') values.push(this.param(file, id, home));
    const given = definitions.filter((definition) => definition.expr !== undefined || definition.id !== undefined || definition.form === 'caught');
    const isMore = (definition: Definition): boolean => definition.form === 'update' && definition.op === '+=' && definition.path.length === 0 && definition.expr !== undefined;
    for (const definition of given) if (!isMore(definition)) values.push(this.definition(file, definition, home));
    const more = given.filter(isMore);
    if (more.length > 0) {
      const text = appended(values, more.map((definition) => (definition.expr ? this.evaluator.value(definition.expr, this.frameFor(file, definition.fn, home)) : literal(undefined))));
      if (text) return text;
      for (const definition of more) values.push(this.definition(file, definition, home));
    }
    // Declared with a type only: the type may name a class.
    if (values.every((value) => value.kind === 'unknown' || value.kind === 'param') && fact.type) {
      const typed = this.evaluator.types.instance(file, fact.type);
      if (typed) return typed;
    }
    const index = this.evaluator.modules.index(file);
    const value = this.withAdditions(index?.additions.get(id), values.length === 0 ? literal(undefined) : oneOf(values), file, home);
    return this.withWrites(index?.memberWrites.get(id), value, (fn) => this.frameFor(file, fn, home));
  }

  /** `const list = []; list.push(a)`: a list that is filled later holds more than it was made with. */
  private withAdditions(additions: readonly Addition[] | undefined, value: Value, file: string, home: Frame): Value {
    if (!additions || !alternatives(value).some((one) => one.kind === 'array')) return value;
    const added = additions.flatMap(({ args, fn }) => args.map((arg) => { const given = this.evaluator.value(arg, this.frameFor(file, fn, home)); return arg.kind === 'spread' ? element(given) : given; }));
    return each(value, (one) => (one.kind === 'array' ? { kind: 'array', items: [...one.items, ...added], open: true } : one));
  }

  /** `const o = {}; o.a = 1`: properties written later belong to the object. `frameOf`: the activation of the function that writes. */
  withWrites(writes: readonly MemberWrite[] | undefined, value: Value, frameOf: (fn: number) => Frame): Value {
    if (!writes || value.kind !== 'object') return value;
    return writes.reduce<ObjectValue>((object, write) => this.written(object, keysOf(write.target).slice(-write.path.length), write, frameOf(write.fn)), value);
  }

  /** An object after one write into it. What was there may be there still: the write may stand behind a condition. */
  private written(object: ObjectValue, [key, ...below]: readonly (string | Expr)[], write: MemberWrite, frame: Frame): ObjectValue {
    const name = key === undefined ? unknown('key') : typeof key === 'string' ? literal(key) : this.evaluator.value(key, frame);
    const { entries, computed } = object;
    const open = object.open && !computed;
    if (name.kind !== 'literal') {
      if (below.length > 0) return { kind: 'object', entries, open: true };
      return { kind: 'object', entries: [...entries, ['*', this.evaluator.value(write.expr, frame)]], open: true, ...(open ? {} : { computed: [...(computed ?? []), name] }) };
    }
    const at = entries.findLastIndex(([other]) => other === String(name.value));
    const before = entries[at]?.[1];
    let after: Value;
    if (below.length > 0) {
      // `o.part.x = 1` where `part` is not known.
      if (!before) return { kind: 'object', entries, open: true };
      if (!alternatives(before).some((one) => one.kind === 'object')) return object;
      after = each(before, (one) => (one.kind === 'object' ? this.written(one, below, write, frame) : one));
    } else {
      const value = this.evaluator.value(write.expr, frame);
      // `o.sum += 1`
      after = write.op === '=' ? value : { kind: 'derived', what: write.op, from: [...(before ? [before] : []), value], io: false };
      if (before) after = oneOf([before, after]);
    }
    const next: (readonly [string, Value])[] = [...entries];
    if (at < 0) next.push([String(name.value), after]); else next[at] = [String(name.value), after];
    return { kind: 'object', entries: next, open: object.open, ...(computed ? { computed } : {}) };
  }

  private definition(file: string, definition: Definition, home: Frame): Value {
    const frame = this.frameFor(file, definition.fn, home);
    if (definition.form === 'function') return { kind: 'function', file, fn: definition.id ?? 0, frame };
    if (definition.form === 'class') return { kind: 'class', file, cls: definition.id ?? 0, frame };
    if (definition.form === 'caught') return { kind: 'derived', what: 'caught error', from: [], io: true };
    if (!definition.expr) return literal(undefined);
    let value = this.evaluator.value(definition.expr, frame);
    if (definition.form === 'iterate') value = definition.op === 'in' ? { kind: 'derived', what: 'key', from: [value], io: false } : element(value);
    if (definition.form === 'update') return { kind: 'derived', what: definition.op, from: [value], io: false };
    value = without(this.evaluator.at(value, definition.path), definition.without);
    if (definition.default && (value.kind === 'unknown' || (value.kind === 'literal' && value.value === undefined) || value.kind === 'param')) {
      const fallback = this.evaluator.value(definition.default, frame);
      return value.kind === 'literal' ? fallback : oneOf([value, fallback]);
    }
    return definition.default && value.kind === 'env' ? oneOf([value, this.evaluator.value(definition.default, frame)]) : value;
  }

  /** The frame for code of `fn` seen from `home`: the activation on the lexical chain, or one of which nothing is known. */
  private frameFor(file: string, fn: number, home: Frame): Frame {
    return this.ancestor(home, fn) ?? this.evaluator.inside(file, fn, home);
  }

  private ancestor(frame: Frame, fn: number): Frame | undefined {
    for (let current: Frame | undefined = frame; current; current = current.parent) if (current.fn === fn) return current;
    return undefined;
  }

  private param(file: string, id: number, frame: Frame): Value {
    const params = this.evaluator.fact(file, frame.fn)?.params ?? [];
    for (const [index, param] of params.entries()) {
      const path = targetPath(param.target, id);
      if (!path) continue;
      let value = this.argument(frame, index, param.rest);
      if (param.default && ((value?.kind === 'literal' && value.value === undefined) || !value)) {
        const fallback = this.evaluator.value(param.default, frame);
        value = value ? fallback : oneOf([{ kind: 'param', file, fn: frame.fn, index, path: [] }, fallback]);
      }
      if (!value || value.kind === 'unknown' || value.kind === 'param') {
        const typed = param.type ? this.evaluator.types.instance(file, param.type) : undefined;
        if (typed) value = typed;
      }
      value = without(this.evaluator.at(value ?? { kind: 'param', file, fn: frame.fn, index, path: [] }, path.path), path.without);
      if (path.default && value.kind === 'literal' && value.value === undefined) return this.evaluator.value(path.default, frame);
      return path.default && (value.kind === 'param' || value.kind === 'unknown') ? oneOf([value, this.evaluator.value(path.default, frame)]) : value;
    }
    return unknown('parameter');
  }

  private argument(frame: Frame, index: number, rest: boolean): Value | undefined {
    if (!frame.args) return index === 0 && !rest ? this.given(frame) : undefined;
    if (rest) return this.list(frame.args.slice(index));
    const spread = frame.args.findIndex((argument) => 'expr' in argument && argument.expr.kind === 'spread');
    if (spread >= 0 && spread <= index) {
      const argument = frame.args[spread];
      return argument ? this.evaluator.at(this.resolveArgument(argument), [String(index - spread)]) : undefined;
    }
    const argument = frame.args[index];
    return argument ? this.resolveArgument(argument) : literal(undefined);
  }

  /** What a callback that stands in a call is given, where the activation does not say: `connect().then((connection) => …)`, `list.forEach((item) => …)`. */
  private given({ file, fn, parent }: Frame): Value | undefined {
    const handed = this.evaluator.modules.index(file)?.handed.get(fn);
    if (handed?.at !== 0 || handed.call.kind !== 'call' || handed.call.callee.kind !== 'member') return undefined;
    const { object, property } = handed.call.callee;
    if (typeof property !== 'string' || !(property === 'then' || itemMethods.has(property))) return undefined;
    const receiver = this.evaluator.value(object, parent ?? this.evaluator.open(file, 0));
    return property === 'then' ? receiver : element(receiver);
  }

  /** `(first, ...rest)`: what is left of the arguments, those of a list that is spread among them one by one. */
  private list(args: readonly Argument[]): Value {
    const items: Value[] = [];
    let open = false;
    for (const argument of args) {
      const value = this.resolveArgument(argument);
      if (!('expr' in argument) || argument.expr.kind !== 'spread') items.push(value);
      else if (value.kind === 'array') { items.push(...value.items); open ||= value.open; }
      else { items.push(element(value)); open = true; }
    }
    return { kind: 'array', items, open };
  }

  resolveArgument(argument: Argument): Value {
    return 'value' in argument ? argument.value : this.evaluator.value(argument.expr, argument.frame);
  }

  self(frame: Frame): Value {
    for (let current: Frame | undefined = frame; current; current = current.parent) {
      if (current.self) return current.self;
      const fact = this.evaluator.fact(current.file, current.fn);
      if (fact?.cls !== undefined) {
        const cls: ClassValue = { kind: 'class', file: current.file, cls: fact.cls };
        return fact.static ? cls : { kind: 'instance', of: cls, args: [] };
      }
      if (fact?.kind !== 'arrow') break;
    }
    return unknown('this');
  }
}

/** The keys on the way from the root of `o.a[k].b` to what is written, outermost first. */
function keysOf(target: MemberExpr): readonly (string | Expr)[] {
  const keys: (string | Expr)[] = [];
  for (let current: Expr = target; current.kind === 'member'; current = current.object) keys.unshift(current.property);
  return keys;
}

/** Where in a parameter's pattern a binding stands. */
function targetPath(target: Target, binding: number): { readonly path: readonly string[]; readonly default?: Expr; readonly without?: readonly string[] } | undefined {
  if (target.kind === 'ref') return target.binding === binding ? { path: [] } : undefined;
  if (target.kind !== 'pattern') return undefined;
  const found = target.elements.find((element) => element.target.kind === 'ref' && element.target.binding === binding);
  return found ? { path: found.path, ...(found.default ? { default: found.default } : {}), ...takenOut(target, found.path) } : undefined;
}

/** `const { secret, ...rest } = o`: what is left of a value without some of its fields. */
function without(value: Value, names: readonly string[] | undefined): Value {
  if (!names) return value;
  return each(value, (one) => {
    if (one.kind === 'object') return { ...one, entries: [...one.entries.filter(([name]) => !names.includes(name)), ...(one.open ? names.map((name): [string, Value] => [name, literal(undefined)]) : [])] };
    return one.kind === 'event' || one.kind === 'derived' ? { kind: 'object', open: true, entries: [['...', one], ...names.map((name): [string, Value] => [name, literal(undefined)])] } : one;
  });
}
