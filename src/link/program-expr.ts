import type { Expr, ObjectExpr, ParamFact, PatternTarget, Target } from '../model/facts.ts';
import { literal, unknown } from '../model/value.ts';
import { binaryValue, unaryValue } from './operators.ts';
import { callExpr, newExpr } from './program-calls.ts';
import { instanceMember, staticMember, superValue } from './program-classes.ts';
import type { Machine } from './program-machine.ts';
import {
  derived, eachSym, either, isNullish, joinText, listOf, optionsOf, placeOf, record, ROOT, same, textOf, truth, type Env, type Slot, type Sym, type SymAttribute,
  type SymExternal, type SymRecord,
} from './program-values.ts';
import { itemsOf } from './program-stmt.ts';

const MAX_DEPTH = 350;

/** What an expression gives, doing what it does on the way. */
export function evaluate(machine: Machine, expr: Expr, env: Env): Sym {
  if (!machine.step() || machine.depth > MAX_DEPTH) return unknown('too deep');
  machine.depth++;
  try { return compute(machine, expr, env); } finally { machine.depth--; }
}

function compute(machine: Machine, expr: Expr, env: Env): Sym {
  const inner = (part: Expr): Sym => evaluate(machine, part, env);
  switch (expr.kind) {
    case 'literal': return literal(expr.value);
    case 'regex': return derived('regex', [literal(expr.pattern), literal(expr.flags)]);
    case 'template': return joinText(expr.parts.map(inner).map((part) => (part.kind === 'literal' ? literal(String(part.value)) : part)));
    case 'ref': return machine.read(expr.binding, env);
    case 'global': return machine.options.globals?.get(expr.name) ?? global(expr.name, env);
    case 'this': return machine.self(env);
    case 'super': return superValue(machine, env);
    case 'member': return member(machine, expr, env);
    case 'call': return callExpr(machine, expr, env);
    case 'new': return newExpr(machine, expr, env);
    case 'import': return importValue(machine, inner(expr.source), env, expr.form === 'dynamic');
    case 'function': {
      return { kind: 'closure', file: env.file, fn: expr.fn, env, fields: new Map() };
    }
    case 'class': return machine.classAt(expr.cls, env);
    case 'object': return object(machine, expr, env);
    case 'array': return array(machine, expr.items, env, expr);
    case 'spread': case 'await': return inner(expr.of);
    case 'unary': return unary(machine, expr.op, expr.of, env);
    case 'binary': return binary(expr.op, inner(expr.left), inner(expr.right));
    case 'logical': return logical(machine, expr.op, inner(expr.left), () => inner(expr.right));
    case 'conditional': {
      const test = truth(inner(expr.test));
      if (test !== undefined) return inner(test ? expr.then : expr.else);
      return either([machine.maybe(() => inner(expr.then)), machine.maybe(() => inner(expr.else))]);
    }
    case 'assign': return assign(machine, expr, env);
    case 'sequence': { let last: Sym = literal(undefined); for (const item of expr.items) last = inner(item); return last; }
    case 'yield': if (expr.of) inner(expr.of); return unknown('what the caller sends to a generator');
    case 'opaque': {
      if (expr.what === 'MetaProperty') return record([['url', literal(`file://${ROOT}/${env.file}`)], ['filename', global('__filename', env)], ['dirname', global('__dirname', env)]]);
      return derived(expr.what, expr.parts.map(inner));
    }
  }
}

function global(name: string, env: Env): Sym {
  const folder = env.file.includes('/') ? env.file.slice(0, env.file.lastIndexOf('/')) : '';
  if (name === '__dirname') return literal(folder === '' ? ROOT : `${ROOT}/${folder}`);
  if (name === '__filename') return literal(`${ROOT}/${env.file}`);
  if (name === 'NaN') return literal(Number.NaN);
  if (name === 'Infinity') return literal(Number.POSITIVE_INFINITY);
  if (name === 'exports' || name === 'module') return { kind: 'external', module: 'global', path: [name] };
  return { kind: 'external', module: 'global', path: [name] };
}

function importValue(machine: Machine, source: Sym, env: Env, runs: boolean): Sym {
  const text = textOf(source);
  if (text === undefined) return unknown('import of a computed name');
  const inRoot = text.startsWith(`${ROOT}/`) ? text.slice(ROOT.length + 1) : undefined;
  const target = inRoot === undefined ? machine.modules.resolve(env.file, text) : machine.modules.resolve('x.js', `./${inRoot}`);
  if ('external' in target) return { kind: 'external', module: target.external, path: [] };
  if ('missing' in target) return { kind: 'external', module: `missing:${text}`, path: [] };
  // `await import('./infra')` runs the module, whether its names are asked for or not.
  if (runs && !target.file.endsWith('.json')) machine.module(target.file);
  return machine.namespace(target.file);
}

// ---------------------------------------------------------------- objects

function object(machine: Machine, expr: ObjectExpr, env: Env): Sym {
  const result: SymRecord = { kind: 'record', entries: new Map(), open: false, born: machine.branch, place: placeOf(env.file, expr) };
  for (const property of expr.properties) {
    const value = evaluate(machine, property.value, env);
    if (property.key === undefined) { spread(result, value); continue; }
    const key = typeof property.key === 'string' ? literal(property.key) : evaluate(machine, property.key, env);
    const place = placeOf(env.file, property);
    if (key.kind !== 'literal') {
      // A name that is computed from something not known still holds its value: it is kept under its own key.
      result.open = true;
      result.entries.set(`*${result.entries.size}`, { value, place, certain: false });
      continue;
    }
    if (property.accessor === 'set') continue;
    if (property.accessor === 'get' && value.kind === 'closure') result.entries.set(String(key.value), { value: unknown('getter'), place, certain: true, get: value });
    else put(result, String(key.value), { value, place, certain: true });
  }
  return result;
}

/** Later properties of one name win, and stand last. */
function put(into: SymRecord, key: string, slot: Slot): void {
  const old = into.entries.get(key);
  into.entries.delete(key);
  into.entries.set(key, slot.certain || !old ? slot : { ...slot, value: either([old.value, slot.value]), certain: old.certain });
}

/** `{...value}`. What may or may not be there is there uncertainly. */
export function spread(into: SymRecord, value: Sym): void {
  const options = optionsOf(value);
  for (const option of options) {
    if (option.kind === 'record') {
      for (const [key, slot] of [...option.entries]) put(into, key, options.length === 1 ? slot : { ...slot, certain: false });
      into.open ||= option.open;
    } else if (option.kind === 'instance') {
      for (const [key, slot] of option.fields) put(into, key, options.length === 1 ? slot : { ...slot, certain: false });
    } else if (option.kind === 'list') {
      option.items.forEach((item, index) => put(into, String(index), { value: item, certain: true }));
    } else if (option.kind !== 'literal') into.open = true;
  }
}

/** `process.env`, also of the module of that name. */
function isEnvironment(of: SymExternal): boolean {
  const path = of.path.join('.');
  return of.module === 'global' ? path === 'process.env' : of.module === 'process' && (path === 'env' || path === 'default.env');
}

function array(machine: Machine, items: readonly (Expr | null)[], env: Env, expr: Expr): Sym {
  const result: Sym[] = [];
  let open = false;
  for (const item of items) {
    if (!item) result.push(literal(undefined));
    else if (item.kind === 'spread') {
      const value = evaluate(machine, item.of, env);
      const options = optionsOf(value);
      for (const option of options) {
        const inner = itemsOf(option);
        result.push(...(inner?.items ?? []));
        open ||= !inner || inner.open || (options.length > 1 && inner.items.length > 0);
      }
    } else result.push(evaluate(machine, item, env));
  }
  return { ...listOf(result, machine.branch, open), place: placeOf(env.file, expr) };
}

function member(machine: Machine, expr: Expr & { kind: 'member' }, env: Env): Sym {
  if (typeof expr.property === 'string' && isOwnExports(expr.object)) return machine.exported(env.file, expr.property);
  const object_ = evaluate(machine, expr.object, env);
  if (isNullish(object_)) return expr.optional ? literal(undefined) : object_.kind === 'literal' && object_.value === undefined ? literal(undefined) : unknown('property of nothing');
  if (typeof expr.property === 'string') return memberOf(machine, object_, expr.property);
  const key = evaluate(machine, expr.property, env);
  return eachSym(key, (one) => (one.kind === 'literal' ? memberOf(machine, object_, String(one.value)) : anyMember(machine, object_, one)));
}

const isOwnExports = (expr: Expr): boolean => (expr.kind === 'global' && expr.name === 'exports') || (expr.kind === 'member' && expr.property === 'exports' && expr.object.kind === 'global' && expr.object.name === 'module');

/** A property whose name is not known: any of them. */
function anyMember(_machine: Machine, value: Sym, key: Sym): Sym {
  return eachSym(value, (one): Sym => {
    if (one.kind === 'record' && one.entries.size > 0) return either([...one.entries.values()].map((slot) => slot.value));
    if (one.kind === 'list' && one.items.length > 0) return either(one.items);
    if (one.kind === 'made') return { kind: 'attribute', of: one, path: ['*'] };
    if (one.kind === 'attribute') return { ...one, path: [...one.path, '*'] };
    return one.kind === 'unknown' ? one : derived('property', [one, key]);
  });
}

/** The named property of a value. */
/** `construct.node.id` (constructs, "Node", read 2026-11): the id that a construct was made with, its second argument. */
function constructId(of: SymAttribute, name: string): Sym | undefined {
  if (name !== 'id' || of.of.form !== 'new' || of.path.length !== 1 || of.path[0] !== 'node') return undefined;
  const id = of.of.args[1];
  return id?.kind === 'literal' || id?.kind === 'template' ? id : undefined;
}

export function memberOf(machine: Machine, value: Sym, name: string): Sym {
  return eachSym(value, (one): Sym => {
    switch (one.kind) {
      case 'record': {
        const slot = one.entries.get(name);
        if (slot?.get) return machine.invoke(slot.get, [], { file: slot.get.file, start: 0, end: 0 }, one);
        if (slot) return slot.certain ? slot.value : either([slot.value, literal(undefined)]);
        if (one.map && name === 'size' && !one.open) return literal(one.entries.size);
        return one.open ? unknown(`property ${name}`) : literal(undefined);
      }
      case 'list': {
        if (/^\d+$/.test(name)) return one.items[Number(name)] ?? (one.open ? unknown('an element of a list') : literal(undefined));
        return (name === 'length' || name === 'size') && !one.open ? literal(one.items.length) : derived(name, [one]);
      }
      case 'made': return { kind: 'attribute', of: one, path: [name] };
      case 'attribute': return constructId(one, name) ?? { kind: 'attribute', of: one.of, path: [...one.path, name] };
      case 'instance': return instanceMember(machine, one, name);
      case 'class': return staticMember(machine, one, name);
      case 'namespace': return machine.exported(one.file, name);
      case 'external': {
        if (isEnvironment(one)) return machine.options.env?.get(name) ?? { kind: 'env', name };
        const given = one.module === 'global' ? machine.options.globals?.get(`${one.path.join('.')}.${name}`) : undefined;
        if (given) return given;
        return { kind: 'external', module: one.module, path: name === 'default' && one.path.length === 0 ? ['default'] : [...one.path, name] };
      }
      case 'closure': return one.fields.get(name)?.value ?? literal(undefined);
      case 'literal': return typeof one.value === 'string' && name === 'length' ? literal(one.value.length) : typeof one.value === 'string' && /^\d+$/.test(name) ? literal(one.value[Number(name)]) : literal(undefined);
      case 'unknown': return one;
      default: return derived(`.${name}`, [one]);
    }
  });
}

// ---------------------------------------------------------------- operators

function unary(machine: Machine, op: string, of: Expr, env: Env): Sym {
  if (op === 'delete' && of.kind === 'member' && typeof of.property === 'string') {
    const holder = evaluate(machine, of.object, env);
    if (holder.kind === 'record' && machine.branch <= holder.born) holder.entries.delete(of.property);
    return literal(true);
  }
  const value = evaluate(machine, of, env);
  return eachSym(value, (one): Sym => {
    if (op === '!') { const known = truth(one); return known === undefined ? derived(op, [one]) : literal(!known); }
    if (one.kind === 'literal') { const folded = unaryValue(op, one); return folded.kind === 'literal' ? folded : derived(op, [one]); }
    if (op === 'typeof') {
      if (one.kind === 'closure' || one.kind === 'class') return literal('function');
      if (one.kind === 'record' || one.kind === 'list' || one.kind === 'instance' || one.kind === 'made' || one.kind === 'namespace') return literal('object');
      if (one.kind === 'template') return literal('string');
    }
    return derived(op, [one]);
  });
}

const solid: ReadonlySet<Sym['kind']> = new Set(['record', 'list', 'made', 'closure', 'class', 'instance', 'template', 'namespace']);

/** What surely equals no text or number: a thing. What a call of a package gives (`app.node.tryGetContext('stage')`) may be anything. */
const isNoText = (one: Sym): boolean => one.kind !== 'template' && (one.kind !== 'made' || truth(one) === true);

function binary(op: string, left: Sym, right: Sym): Sym {
  if (left.kind === 'oneOf' && left.options.length <= 6) return either(left.options.map((option) => binary(op, option, right)));
  if (right.kind === 'oneOf' && right.options.length <= 6) return either(right.options.map((option) => binary(op, left, option)));
  if (left.kind === 'literal' && right.kind === 'literal') {
    if ((op === '==' || op === '!=') && isNullish(left) && isNullish(right)) return literal(op === '==');
    if (op === '+' && (typeof left.value === 'string' || typeof right.value === 'string')) return joinText([literal(String(left.value)), literal(String(right.value))]);
    const folded = binaryValue(op, left, right);
    return folded.kind === 'literal' ? folded : derived(op, [left, right]);
  }
  if (op === '+' && [left, right].some((side) => side.kind === 'template' || side.kind === 'env' || textOf(side) !== undefined)) return joinText([left, right]);
  if (/^[!=]==?$/.test(op)) {
    const equal = same(left, right) && left.kind !== 'unknown' ? true : solid.has(left.kind) && solid.has(right.kind) && left.kind !== 'template' ? false
      : (solid.has(left.kind) && (isNullish(right) || isNoText(left) && right.kind === 'literal')) || (solid.has(right.kind) && (isNullish(left) || isNoText(right) && left.kind === 'literal')) ? false : undefined;
    if (equal !== undefined) return literal(op.startsWith('!') ? !equal : equal);
  }
  if (op === 'in' && right.kind === 'record' && textOf(left) !== undefined && !right.open) return literal(right.entries.has(textOf(left) ?? ''));
  if (op === 'instanceof') {
    const known = isInstance(left, right);
    if (known !== undefined) return literal(known);
  }
  return derived(op, [left, right]);
}

/** Whether a value is of a class of a package: what that class or its factory (`Schedule.rate()`) made is, plain data is not. */
function isInstance(value: Sym, of: Sym): boolean | undefined {
  if (of.kind !== 'external') return undefined;
  if (value.kind === 'record' || value.kind === 'list' || value.kind === 'literal') return of.module === 'global' ? undefined : false;
  if (value.kind !== 'made' || value.module !== of.module) return undefined;
  const path = value.form === 'call' && truth(value) === true ? value.path.slice(0, -1) : value.form === 'new' ? value.path : [];
  return path.length === of.path.length && path.every((step, index) => step === of.path[index]) ? true : undefined;
}

function logical(machine: Machine, op: '&&' | '||' | '??', left: Sym, right: () => Sym): Sym {
  const possible = (): Sym => machine.maybe(right);
  if (op === '??') {
    const kept = optionsOf(left).filter((one) => !isNullish(one));
    if (kept.length === 0) return right();
    if (left.kind !== 'oneOf' && (left.kind === 'literal' || solid.has(left.kind))) return left;
    return either([...kept, possible()]);
  }
  const known = truth(left);
  if (op === '||') return known === true ? left : known === false ? right() : either([...optionsOf(left).filter((one) => truth(one) !== false), possible()]);
  return known === true ? right() : known === false ? left : either([possible(), literal(false)]);
}

// ---------------------------------------------------------------- names

/** Gives the names of a target their parts of a value. `fresh`: they are declared here. */
export function bindTarget(machine: Machine, target: Target, value: Sym, env: Env, fresh: boolean): void {
  if (target.kind === 'pattern') { bindPattern(machine, target, value, env, fresh); return; }
  if (target.kind === 'ref' && fresh) machine.declare(target.binding, value, env);
  else assignTo(machine, target, value, env);
}

function bindPattern(machine: Machine, pattern: PatternTarget, value: Sym, env: Env, fresh: boolean): void {
  for (const element of pattern.elements) {
    let current = value;
    element.path.forEach((step, index) => {
      if (step === '...') {
        const siblings = pattern.elements.flatMap((item) => (item !== element && item.path.length > index && item.path.slice(0, index).join('\0') === element.path.slice(0, index).join('\0') ? [item.path[index] as string] : []));
        current = rest(current, siblings);
      } else current = step === '*' ? anyMember(machine, current, unknown('a key')) : memberOf(machine, current, step);
    });
    if (element.default) current = withDefault(machine, current, element.default, env);
    if (element.target.kind === 'ref' && fresh) machine.declare(element.target.binding, current, env);
    else assignTo(machine, element.target, current, env);
  }
}

function rest(value: Sym, taken: readonly string[]): Sym {
  return eachSym(value, (one): Sym => {
    if (one.kind === 'record') return { ...one, entries: new Map([...one.entries].filter(([key]) => !taken.includes(key))) };
    if (one.kind === 'list') return listOf(one.items.slice(taken.length), one.born, one.open);
    return one;
  });
}

function withDefault(machine: Machine, value: Sym, fallback: Expr, env: Env): Sym {
  const options = optionsOf(value);
  const kept = options.filter((one) => !(one.kind === 'literal' && one.value === undefined));
  if (kept.length === 0) return evaluate(machine, fallback, env);
  const open = kept.length < options.length || kept.some((one) => one.kind === 'unknown' || one.kind === 'derived' || one.kind === 'env');
  return open ? either([...kept, machine.maybe(() => evaluate(machine, fallback, env))]) : value;
}

export function bindParameters(machine: Machine, params: readonly ParamFact[], args: readonly Sym[], env: Env): void {
  params.forEach((param, index) => {
    let value: Sym = param.rest ? listOf(args.slice(index), machine.branch) : (args[index] ?? literal(undefined));
    if (param.default) value = withDefault(machine, value, param.default, env);
    bindTarget(machine, param.target, value, env, true);
  });
}

// ---------------------------------------------------------------- writes

function assign(machine: Machine, expr: Expr & { kind: 'assign' }, env: Env): Sym {
  const { op, target } = expr;
  if (op === '=') {
    const value = evaluate(machine, expr.value, env);
    if (machine.exportValues.has(expr.value)) machine.exportValues.set(expr.value, value);
    bindTarget(machine, target, value, env, false);
    return value;
  }
  const old = target.kind === 'ref' || target.kind === 'member' ? evaluate(machine, target, env) : unknown('target');
  const right = (): Sym => evaluate(machine, expr.value, env);
  const value = op === '??=' || op === '||=' || op === '&&=' ? logical(machine, op.slice(0, 2) as '??' | '||' | '&&', old, right)
    : op === '++' || op === '--' ? binary(op === '++' ? '+' : '-', old, literal(1)) : binary(op.slice(0, -1), old, right());
  // `x ??= y` writes nothing where there is something: the place of what was there stays.
  if (!(value === old && /^(?:\?\?|\|\||&&)=$/.test(op))) assignTo(machine, target, value, env);
  return value;
}

/** `target = value` for a target that is no pattern. */
function assignTo(machine: Machine, target: Target, value: Sym, env: Env): void {
  if (target.kind === 'ref') { machine.assign(target.binding, value, env, (old, next) => (old.kind === 'literal' && old.value === undefined ? next : either([old, next]))); return; }
  if (target.kind !== 'member') return;
  if (isOwnExports(target)) return;
  const key = typeof target.property === 'string' ? literal(target.property) : evaluate(machine, target.property, env);
  const place = placeOf(env.file, target);
  if (isOwnExports(target.object)) {
    // Names that are written as such are exports of the module; computed ones are known only here.
    if (typeof target.property !== 'string') machine.make({ form: 'set', module: 'global', path: ['exports', `#${key.kind === 'literal' ? String(key.value) : '*'}`], args: [value], argPlaces: [place], place, written: place });
    return;
  }
  const holder = evaluate(machine, target.object, env);
  for (const one of optionsOf(holder)) {
    const certain = holder.kind !== 'oneOf';
    if (one.kind === 'made' || one.kind === 'attribute' || (one.kind === 'instance' && one.base && isForeign(machine, one, key))) {
      const base = one.kind === 'made' ? one : one.kind === 'attribute' ? one.of : one.base;
      if (base) machine.make({ form: 'set', module: base.module, path: [...base.path, ...(one.kind === 'attribute' ? one.path : []).map((step) => `#${step}`), `#${key.kind === 'literal' ? String(key.value) : '*'}`], receiver: one, args: [value], argPlaces: [place], place, written: place });
      if (one.kind !== 'instance') continue;
    }
    const name = key.kind === 'literal' ? String(key.value) : undefined;
    if (one.kind === 'list' && name !== undefined && /^\d{1,4}$/.test(name)) { one.items[Number(name)] = value; continue; }
    const slots = one.kind === 'record' ? one.entries : one.kind === 'instance' || one.kind === 'closure' ? one.fields : one.kind === 'class' ? (one.statics ??= new Map<string, Slot>()) : undefined;
    if (!slots) continue;
    if (name === undefined) { if (one.kind === 'record') { one.open = true; one.entries.set(`*${one.entries.size}`, { value, place, certain: false }); } continue; }
    const born = one.kind === 'record' || one.kind === 'instance' ? one.born : 0;
    const old = slots.get(name);
    const strong = certain && machine.branch <= born;
    if (strong) slots.set(name, { value, place, certain: true });
    else slots.set(name, { value: old ? either([old.value, value].filter((item, index) => index > 0 || !isNullish(item))) : value, place, certain: old?.certain ?? one.kind === 'instance' });
  }
}

/** A property that the repository's class does not declare, on an object of a package's class: `this.node.x`, `fn.role = …`. */
function isForeign(machine: Machine, instance: Sym & { kind: 'instance' }, key: Sym): boolean {
  if (key.kind !== 'literal') return false;
  const fact = machine.modules.facts(instance.cls.file)?.classes[instance.cls.cls];
  return fact !== undefined && !fact.members.some((item) => item.name === String(key.value)) && !instance.fields.has(String(key.value));
}
