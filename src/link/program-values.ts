import type { SourcePlace } from '../model/location.ts';
import { literal, unknown, type DerivedValue, type EnvValue, type LiteralValue, type UnknownValue, type Value } from '../model/value.ts';
import type { Expr } from '../model/facts.ts';

/**
 * What a program holds while it is followed: the symbolic values of the model where nothing is made, and things with an
 * identity where something is (records, lists, instances, what packages make). Unlike `Value` these are mutable: a program
 * builds its objects step by step.
 */
export type Sym =
  | LiteralValue | EnvValue | UnknownValue | SymTemplate | SymDerived | SymOneOf | SymRecord | SymList | Made | SymAttribute | SymExternal
  | SymNamespace | SymClosure | SymClass | SymInstance;

export interface SymTemplate { readonly kind: 'template'; readonly parts: readonly Sym[] }
export interface SymDerived { readonly kind: 'derived'; readonly what: string; readonly from: readonly Sym[] }
export interface SymOneOf { readonly kind: 'oneOf'; readonly options: readonly Sym[] }

/** A property: its value, the place that wrote it, and whether it is surely there. `get`: an accessor. */
export interface Slot { readonly value: Sym; readonly place?: SourcePlace; readonly certain: boolean; readonly get?: SymClosure }

/** An object literal (or `Map`). `open`: it may have further properties. */
export interface SymRecord { readonly kind: 'record'; readonly entries: Map<string, Slot>; open: boolean; readonly born: number; readonly place?: SourcePlace; readonly map?: boolean }
/** An array (or `Set`). `open`: it may have further items. */
export interface SymList { readonly kind: 'list'; items: Sym[]; open: boolean; readonly born: number; readonly place?: SourcePlace }

/**
 * Something that a package made for the program: `new X(…)`, a call `f(…)` or `x.m(…)`, or a property written on such a
 * thing (`set`). Each evaluation makes one, so two rounds of a loop give two, at one place.
 */
export interface Made {
  readonly kind: 'made';
  /** Position in the order of making; its identity. */
  readonly index: number;
  readonly form: 'new' | 'call' | 'set';
  /** Import specifier, without `node:`; `global` for the platform's own; `missing:SPEC` for an import that leads nowhere. */
  readonly module: string;
  /**
   * Path inside the module: `['aws_lambda', 'Function']`, `['Code', 'fromAsset']`; of a method of something made, the path of
   * that thing, the attributes on the way and the method, each with `#`: `['Bucket', '#addEventNotification']`.
   */
  readonly path: readonly string[];
  /** What a method is called on, or a property is written on. */
  readonly receiver?: Sym;
  readonly args: readonly Sym[];
  readonly argPlaces: readonly SourcePlace[];
  /** The `new` or call that people see: for a class of the repository that extends a package's, the `new` of that class. */
  readonly place: SourcePlace;
  /** The expression itself: for such a class the `super(…)` call (or the class, when it has no constructor). */
  readonly written: SourcePlace;
  /** Places of the calls and constructions that lead here, innermost last. */
  readonly stack: readonly SourcePlace[];
  /** False under a condition that could not be decided, or in a loop over something unknown. */
  readonly certain: boolean;
  /** The object of a class of the repository whose external base this is. */
  readonly instance?: SymInstance;
}

/** `bucket.bucketName`: a property of something that a package made. */
export interface SymAttribute { readonly kind: 'attribute'; readonly of: Made; readonly path: readonly string[] }
/** A name of a package or of the platform (`module` is then 'global'). */
export interface SymExternal { readonly kind: 'external'; readonly module: string; readonly path: readonly string[] }
/** A module of the repository as an object. */
export interface SymNamespace { readonly kind: 'namespace'; readonly file: string }
export interface SymClosure { readonly kind: 'closure'; readonly file: string; readonly fn: number; readonly env: Env; readonly self?: Sym; readonly home?: SymClass; readonly bound?: readonly Sym[]; readonly fields: Map<string, Slot> }
export interface SymClass { readonly kind: 'class'; readonly file: string; readonly cls: number; readonly env: Env; statics?: Map<string, Slot>; base?: Sym | null }
/** An object of a class of the repository; `base` is what its external base class makes of it. */
export interface SymInstance { readonly kind: 'instance'; readonly cls: SymClass; readonly fields: Map<string, Slot>; readonly born: number; readonly place: SourcePlace; base?: Made }

/** One scope of one activation. */
export interface Env {
  readonly file: string;
  readonly vars: Map<number, Sym>;
  readonly parent?: Env;
  /** Depth of undecided conditions when it was made: a write from deeper is only a possibility. */
  readonly born: number;
  /** Present on the scope of a function that is no arrow. */
  readonly self?: Sym;
  readonly home?: SymClass;
  readonly activation: Activation;
}

/** One call of one function. */
export interface Activation { readonly born: number; readonly returns: Sym[]; readonly key: string }

const MAX_OPTIONS = 10;
/** Bounds of what a program may build: texts and lists that double in a loop must not. */
export const MAX_TEXT = 200_000;
const MAX_PARTS = 500;
export const MAX_LIST = 5_000;
const MAX_NODES = 20_000;

export const isNullish = (sym: Sym): boolean => sym.kind === 'literal' && (sym.value === undefined || sym.value === null);
export const textOf = (sym: Sym | undefined): string | undefined => (sym?.kind === 'literal' && typeof sym.value === 'string' ? sym.value : undefined);
export const numberOf = (sym: Sym | undefined): number | undefined => (sym?.kind === 'literal' && typeof sym.value === 'number' ? sym.value : undefined);
export const derived = (what: string, from: readonly Sym[]): Sym => ({ kind: 'derived', what, from });
export const record = (entries: Iterable<readonly [string, Sym]>, born = 0, open = false): SymRecord => ({ kind: 'record', entries: new Map([...entries].map(([key, value]) => [key, { value, certain: true }])), open, born });
export const listOf = (items: readonly Sym[], born = 0, open = false): SymList => ({ kind: 'list', items: items.slice(0, MAX_LIST), open: open || items.length > MAX_LIST, born });

/** Whether two values are surely the same thing: equal literals or one identity. */
export function same(a: Sym, b: Sym): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'literal' && b.kind === 'literal') return Object.is(a.value, b.value);
  if (a.kind === 'env' && b.kind === 'env') return a.name === b.name;
  if (a.kind === 'unknown' && b.kind === 'unknown') return a.reason === b.reason;
  if (a.kind === 'attribute' && b.kind === 'attribute') return a.of === b.of && a.path.join('.') === b.path.join('.');
  if (a.kind === 'external' && b.kind === 'external') return a.module === b.module && a.path.join('.') === b.path.join('.');
  if (a.kind === 'template' && b.kind === 'template') return a.parts.length === b.parts.length && a.parts.every((part, index) => same(part, b.parts[index] as Sym));
  return false;
}

/** The join of several possibilities, flat and without repeats. */
export function either(values: readonly Sym[]): Sym {
  const options: Sym[] = [];
  for (const value of values) {
    for (const option of value.kind === 'oneOf' ? value.options : [value]) if (!options.some((known) => same(known, option))) options.push(option);
    if (options.length > MAX_OPTIONS) break;
  }
  const [first] = options;
  if (options.length === 1 && first) return first;
  if (options.length === 0) return unknown('no value');
  return options.length > MAX_OPTIONS ? { kind: 'derived', what: 'one of many', from: options.slice(0, MAX_OPTIONS) } : { kind: 'oneOf', options };
}

export const optionsOf = (sym: Sym): readonly Sym[] => (sym.kind === 'oneOf' ? sym.options : [sym]);
export const eachSym = (sym: Sym, operation: (one: Sym) => Sym): Sym => (sym.kind === 'oneOf' ? either(sym.options.map(operation)) : operation(sym));

/** `Duration.minutes(5)`, `Code.fromAsset('a')`: what a class of a package makes under such a name is a thing, never nothing. */
const factory = (made: Made): true | undefined => (/^[A-Z]/.test(made.path[made.path.length - 2] ?? '') && /^(?:from[A-Z]|of$|millis$|seconds$|minutes$|hours$|days$|cron$|rate$|kibibytes$|mebibytes$|gibibytes$)/.test(made.path[made.path.length - 1] ?? '') ? true : undefined);

/** Whether a value surely counts as true or false; `undefined` when that is not known. */
export function truth(sym: Sym): boolean | undefined {
  switch (sym.kind) {
    case 'literal': return Boolean(sym.value);
    case 'record': case 'list': case 'made': case 'closure': case 'class': case 'instance': case 'namespace': return sym.kind === 'made' && sym.form === 'call' ? factory(sym) : true;
    case 'template': return sym.parts.some((part) => part.kind === 'literal' && part.value !== '') ? true : undefined;
    case 'oneOf': { const all = sym.options.map(truth); return all.every((one) => one === true) ? true : all.every((one) => one === false) ? false : undefined; }
    default: return undefined;
  }
}

/** Joins strings; folds what is literal. */
export function joinText(parts: readonly Sym[]): Sym {
  const index = parts.findIndex((part) => part.kind === 'oneOf');
  const choice = parts[index];
  if (choice?.kind === 'oneOf' && choice.options.length <= 4 && parts.filter((part) => part.kind === 'oneOf').length <= 2) {
    return either(choice.options.map((option) => joinText(parts.map((part, at) => (at === index ? option : part)))));
  }
  const flat: Sym[] = [];
  for (const part of parts.flatMap((item) => (item.kind === 'template' ? item.parts : [item]))) {
    const last = flat[flat.length - 1];
    const plain = part.kind === 'literal' ? literal(String(part.value)) : part;
    if (plain.kind === 'literal' && last?.kind === 'literal') {
      if (String(last.value).length + String(plain.value).length > MAX_TEXT) return unknown('too long a text');
      flat[flat.length - 1] = literal(String(last.value) + String(plain.value));
    } else flat.push(plain);
  }
  if (flat.length > MAX_PARTS) return unknown('too long a text');
  const [first] = flat;
  return flat.length === 0 ? literal('') : flat.length === 1 && first?.kind === 'literal' ? first : { kind: 'template', parts: flat };
}

/** What a package made behind a value: the thing itself, or the external base of an object of the repository's class. */
export function madeOf(sym: Sym | undefined): Made | undefined {
  return sym?.kind === 'made' ? sym : sym?.kind === 'instance' ? sym.base : undefined;
}

/** A property of a record, as it stands. */
export function slot(sym: Sym | undefined, name: string): Slot | undefined {
  return sym?.kind === 'record' ? sym.entries.get(name) : undefined;
}

/**
 * The model's value of what a program holds. `refer` says what something made, or a property of it, is; without an answer
 * it is unknown.
 */
export function toValue(sym: Sym, refer: (made: Made, path: readonly string[]) => Value | undefined, depth = 0, budget = { left: MAX_NODES }): Value {
  if (depth > 24 || budget.left-- <= 0) return unknown('nested too deeply');
  const inner = (one: Sym): Value => toValue(one, refer, depth + 1, budget);
  switch (sym.kind) {
    case 'literal': case 'env': case 'unknown': return sym;
    case 'template': return { kind: 'template', parts: sym.parts.map(inner) };
    case 'derived': return { kind: 'derived', what: sym.what, from: sym.from.map(inner), io: false } satisfies DerivedValue;
    case 'oneOf': return { kind: 'oneOf', options: sym.options.map(inner) };
    case 'record': return { kind: 'object', entries: [...sym.entries].map(([key, item]): [string, Value] => [key, inner(item.value)]), open: sym.open };
    case 'list': return { kind: 'array', items: sym.items.map(inner), open: sym.open };
    case 'made': return refer(sym, []) ?? unknown(`what ${sym.path.join('.')} of ${sym.module} gives`);
    case 'attribute': return refer(sym.of, sym.path) ?? unknown(`${sym.path.join('.')} of ${sym.of.path.join('.')}`);
    case 'instance': return (sym.base ? refer(sym.base, []) : undefined) ?? unknown('an object');
    case 'external': return { kind: 'external', module: sym.module, path: sym.path };
    case 'namespace': return unknown('a module');
    case 'closure': return { kind: 'function', file: sym.file, fn: sym.fn };
    case 'class': return { kind: 'class', file: sym.file, cls: sym.cls };
  }
}

/** Folder that stands for the root of the workspace in paths that a program computes (`__dirname`). */
export const ROOT = '/~';

/** A path that a program computed, as a path in the workspace; `undefined` when it is not known to lie there. `base`: folder of relative paths. */
export function workspacePath(sym: Sym | undefined, base: string): string | undefined {
  const text = textOf(sym);
  if (text === undefined) return undefined;
  const absolute = normalPath(text.startsWith('/') ? text : `${ROOT}/${base}/${text}`);
  return absolute === ROOT ? '' : absolute.startsWith(`${ROOT}/`) ? absolute.slice(ROOT.length + 1) : undefined;
}

/** `.` and `..` folded; a relative path keeps the `..` at its head. */
export function normalPath(text: string): string {
  const out: string[] = [];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out[out.length - 1] !== '..') out.pop();
    else if (part !== '..' || !text.startsWith('/')) out.push(part);
  }
  return (text.startsWith('/') ? '/' : '') + out.join('/');
}

export const placeOf = (file: string, expr: Pick<Expr, 'start' | 'end'>): SourcePlace => ({ file, start: expr.start, end: expr.end });
