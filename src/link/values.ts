import { literal, unknown, type DerivedValue, type ExternalValue, type InstanceValue, type TemplateValue, type Value } from '../model/value.ts';

/** Pure operations on symbolic values. */

const MAX_OPTIONS = 12;
/** What runs is told apart as far as a table of actions goes: beyond the cap on data lie routers of dozens of routes. */
const MAX_CODE = 64;

const keys = new WeakMap<Value, string>();

/** A short text that is equal for equal values; what makes `oneOf` a set and call strings distinct. Kept with each value. */
export function valueKey(value: Value): string {
  // There are far more of these than of all others together: a field is cheaper than an entry of a weak map.
  if (value instanceof CallResult || value instanceof ExternalInstance) return value.key;
  // What has no parts is told again sooner than an entry of a weak map is found, and collected.
  if (isLeaf(value)) return short(keyOf(value));
  let key = keys.get(value);
  if (key === undefined) {
    key = short(keyOf(value));
    keys.set(value, key);
  }
  return key;
}

/** Long texts are hashed: values share parts, and their texts would grow without bound. */
const short = (key: string): string => (key.length > 80 ? digest(key) : key);

function isLeaf(value: Value): boolean {
  switch (value.kind) {
    case 'literal': case 'env': case 'unknown': case 'class': return true;
    case 'function': return value.self === undefined;
    case 'event': case 'context': case 'external': return value.path.length < 2;
    default: return false;
  }
}

/**
 * What a call gives that is not modelled. Its inputs are worked out only when somebody looks at them: most calls are only
 * passed through. `identity` names the call and its activation, and stands for the inputs when values are compared.
 */
class CallResult implements DerivedValue {
  readonly kind = 'derived';
  readonly what: string;
  readonly io: boolean;
  readonly key: string;
  private inputs: (() => readonly Value[]) | readonly Value[];
  constructor(what: string, io: boolean, key: string, inputs: () => readonly Value[]) {
    this.what = what;
    this.io = io;
    this.key = key;
    this.inputs = inputs;
  }
  get from(): readonly Value[] {
    if (typeof this.inputs === 'function') {
      const compute = this.inputs;
      this.inputs = [];
      this.inputs = compute();
    }
    return this.inputs;
  }
}

/** An object of a package's class, its arguments worked out when somebody looks at them. */
class ExternalInstance implements InstanceValue {
  readonly kind = 'instance';
  readonly of: ExternalValue;
  readonly site: NonNullable<InstanceValue['site']>;
  readonly key: string;
  private inputs: (() => readonly Value[]) | readonly Value[];
  constructor(of: ExternalValue, site: NonNullable<InstanceValue['site']>, key: string, inputs: () => readonly Value[]) {
    this.of = of;
    this.site = site;
    this.key = key;
    this.inputs = inputs;
  }
  get args(): readonly Value[] {
    if (typeof this.inputs === 'function') {
      const compute = this.inputs;
      this.inputs = [];
      this.inputs = compute();
    }
    return this.inputs;
  }
}

export function externalInstance(of: ExternalValue, site: NonNullable<InstanceValue['site']>, identity: string, inputs: () => readonly Value[]): InstanceValue {
  return new ExternalInstance(of, site, `new:${identity}`, inputs);
}

export function callResult(what: string, io: boolean, identity: string, inputs: () => readonly Value[]): DerivedValue {
  return new CallResult(what, io, `call:${identity}`, inputs);
}

function keyOf(value: Value): string {
  const inner = (list: readonly Value[]): string => list.map(valueKey).join(',');
  switch (value.kind) {
    case 'literal': return `${typeof value.value}:${String(value.value)}`;
    case 'template': return `t(${inner(value.parts)})`;
    case 'env': return `env:${value.name}`;
    case 'resource': return `res:${value.unit}#${value.id}.${value.attribute}`;
    case 'event': return `event:${value.path.join('.')}`;
    case 'context': return `context:${value.path.join('.')}`;
    case 'param': return `param:${value.file}#${value.fn}.${value.index}.${value.path.join('.')}`;
    case 'object': return `{${value.entries.map(([name, item]) => `${name}=${valueKey(item)}`).join(',')}${value.open ? ',…' : ''}${value.computed ? inner(value.computed) : ''}}`;
    case 'array': return `[${inner(value.items)}${value.open ? (value.uniform ? ',*' : ',…') : ''}]`;
    case 'external': return `ext:${value.module}:${value.path.join('.')}`;
    case 'instance': return `new ${valueKey(value.of)}(${inner(value.args)})@${value.site ? `${value.site.file}:${value.site.start}` : ''}`;
    case 'function': return `fn:${value.file}#${value.fn}${value.self ? `<${valueKey(value.self)}` : ''}`;
    case 'class': return `class:${value.file}#${value.cls}`;
    case 'oneOf': return `(${value.options.map(valueKey).join('|')})`;
    case 'derived': return `${value.what}(${inner(value.from)})`;
    case 'unknown': return `?${value.reason}`;
  }
}

/** 96 bits of three multiplicative hashes, and the length. */
function digest(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  let c = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
    c = Math.imul(c ^ code, 2246822507);
  }
  return `#${text.length}.${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}.${(c >>> 0).toString(36)}`;
}

/** The join of several possible values: flat, without repeats, in order of appearance. */
export function oneOf(values: readonly Value[]): Value {
  const [only] = values;
  // Most joins are of one value: no need to know what it is.
  if (only && values.every((value) => value === only)) return only;
  const seen = new Map<string, Value>();
  for (const value of values) {
    for (const option of value.kind === 'oneOf' ? value.options : [value]) {
      const key = valueKey(option);
      if (!seen.has(key)) seen.set(key, option);
    }
  }
  const options = [...seen.values()];
  if (options.length === 1) return options[0] as Value;
  if (options.length === 0) return unknown('no value');
  return options.length > MAX_OPTIONS && (options.length > MAX_CODE || !options.every((option) => isCode(option) || isMissing(option))) ? { kind: 'derived', what: 'one of many', from: options.slice(0, MAX_OPTIONS), io: false } : { kind: 'oneOf', options };
}

/** What a name is that no branch has set. */
export const isMissing = (value: Value): boolean => value.kind === 'literal' && (value.value === undefined || value.value === null);

/** A function, a module of the repository, what has methods, or a row of a table with one of them in it: `{ path: '/orders', run: () => … }`. */
function isCode(value: Value, depth = 0): boolean {
  if (value.kind === 'external') return value.module.startsWith('repo:');
  if (value.kind === 'object') return depth === 0 && value.entries.some(([, item]) => isCode(item, 1));
  return value.kind === 'function' || value.kind === 'instance' || value.kind === 'class';
}

/**
 * An object that is asked for a property or a method: it is there, or nothing goes on (`let db = null; … db ??= open(); db.put()`; `.` throws
 * on nothing). Values that can only be nothing stay.
 */
export function present(object: Value): Value {
  if (object.kind !== 'oneOf') return object;
  const there = object.options.filter((option) => !isMissing(option));
  return there.length === 0 || there.length === object.options.length ? object : oneOf(there);
}

/** Applies an operation to each possibility. */
export function each(value: Value, operation: (value: Value) => Value): Value {
  return value.kind === 'oneOf' ? oneOf(value.options.map(operation)) : operation(value);
}

/** Joins strings; folds what is literal. */
export function template(parts: readonly Value[]): Value {
  const flat: Value[] = [];
  for (const part of parts.flatMap((item) => (item.kind === 'template' ? item.parts : [item]))) {
    const last = flat[flat.length - 1];
    const plain = part.kind === 'literal' ? literal(String(part.value)) : part;
    // `'' + url` is as much known at its start as `${url}` is.
    if (plain.kind === 'literal' && plain.value === '') continue;
    if (plain.kind === 'literal' && last?.kind === 'literal') flat[flat.length - 1] = literal(String(last.value) + String(plain.value));
    else flat.push(plain);
  }
  if (flat.length === 0) return literal('');
  if (flat.length === 1 && flat[0]?.kind === 'literal') return flat[0];
  return { kind: 'template', parts: flat } satisfies TemplateValue;
}

/** What iterating a value gives each time. */
export function element(value: Value): Value {
  return each(value, (one) => {
    switch (one.kind) {
      case 'array': return one.items.length === 0 && !one.open ? unknown('element of an empty list') : oneOf([...one.items, ...(one.open && !one.uniform ? [unknown('element of a list')] : [])]);
      case 'event': return { kind: 'event', path: [...one.path, '*'] };
      case 'context': return { kind: 'context', path: [...one.path, '*'] };
      case 'param': return { ...one, path: [...one.path, '*'] };
      case 'derived': case 'instance': case 'object': return { kind: 'derived', what: 'element', from: [one], io: false };
      case 'unknown': return one;
      default: return { kind: 'derived', what: 'element', from: [one], io: false };
    }
  });
}

/** Whether a value surely counts as true or false in a condition; `undefined` when that is not known. */
export function truthiness(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'literal': return Boolean(value.value);
    case 'object': case 'array': case 'instance': case 'function': case 'class': case 'resource': return true;
    case 'template': return value.parts.some((part) => part.kind === 'literal' && part.value !== '') ? true : undefined;
    default: return undefined;
  }
}

/** Known package names have several spellings of one place: the default import's members are the module's. */
export function externalPath(value: ExternalValue): readonly string[] {
  const [first, second] = value.path;
  if (first === 'default' && second !== undefined && !second.startsWith('#')) return value.path.slice(1);
  if (first === undefined || first.startsWith('#')) return ['default', ...value.path];
  return value.path;
}

/** Calls `visit` for a value and everything it is made of, bounded. */
export function contains(value: Value, test: (value: Value) => boolean, budget = { left: 400 }): boolean {
  if (budget.left-- <= 0) return false;
  if (test(value)) return true;
  const any = (list: readonly Value[]): boolean => list.some((item) => contains(item, test, budget));
  switch (value.kind) {
    case 'template': return any(value.parts);
    case 'object': return value.entries.some(([, item]) => contains(item, test, budget));
    case 'array': return any(value.items);
    case 'instance': return any(value.args);
    case 'oneOf': return any(value.options);
    case 'derived': return any(value.from);
    case 'function': return value.bound ? any(value.bound) : false;
    default: return false;
  }
}
