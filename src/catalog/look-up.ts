import type { Callee } from '../model/project.ts';
import { alternatives, literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';

/**
 * What the look-ups of the catalog share: names of callees in one normal form, and reading of arguments.
 */

/** A callee reduced to what tables are keyed by. */
export interface NormalName {
  readonly module: string;
  readonly path: readonly string[];
  /** Last part of the path without `#`; '' when the module itself is called. */
  readonly method: string;
}

/**
 * Normal form of a callee: no `node:`, `npm:` or version in the module, no leading `default` in the path (how a default
 * export and `module.exports` are told apart does not matter to the catalog). A method of something that a package's call
 * gave (`sharp(x).resize().toFile`) has that package as its module.
 */
export function normalName(callee: Callee): NormalName {
  // Every table asks for the name of every call: kept at the callee itself, since a map of that many weak keys costs more than all the names.
  const named: Callee & { name?: NormalName } = callee;
  return (named.name ??= interned(nameOf(callee)));
}

/** Names in use, each once. */
const names = new Map<string, NormalName>();
const MAX_NAMES = 20_000;

/** The one object that stands for a name, however many calls have it. */
function interned(name: NormalName): NormalName {
  const key = `${name.module}\0${name.path.join('\0')}`;
  const known = names.get(key);
  if (known) return known;
  if (names.size >= MAX_NAMES) names.clear();
  names.set(key, name);
  return name;
}

/** A question about the name of a callee alone, answered once for each name. Gates are such questions: they stand before arguments are worked out. */
export function byName(test: (name: NormalName) => boolean): (callee: Callee) => boolean {
  const answers = new WeakMap<NormalName, boolean>();
  return (callee) => {
    const name = normalName(callee);
    let answer = answers.get(name);
    if (answer === undefined) {
      answer = test(name);
      answers.set(name, answer);
    }
    return answer;
  };
}

function nameOf(callee: Callee): NormalName {
  const origin = callee.module === 'unknown' ? originOf(callee.receiver) : undefined;
  const module = plainModule(origin?.module ?? callee.module);
  const path = origin ? [...origin.path, ...callee.path.map((part) => (part.startsWith('#') ? part : `#${part}`))] : callee.path;
  let skip = 0;
  while (path[skip] === 'default') skip++;
  const rest = plainPath(module, path.slice(skip));
  return { module, path: rest, method: (rest.at(-1) ?? '').replace('#', '') };
}

/** Packages of callbacks that have no methods of their own called so, and Lambda's one that is (`invokeAsync`). */
const callbacksOnly = /^(?:aws-sdk(?:\/clients\/\w{1,40})?|redis|mysql|memcached|nodemailer)$/;

/** `s3.getObjectAsync`: what `promisifyAll` makes of a method (bluebird 3, "Promise.promisifyAll", read 2026-11). */
function plainPath(module: string, path: readonly string[]): readonly string[] {
  const last = path.at(-1) ?? '';
  return isPromisified(last) && callbacksOnly.test(module) ? [...path.slice(0, -1), last.slice(0, -5)] : path;
}

const isPromisified = (name: string): boolean => name.length > 5 && name.endsWith('Async') && name !== '#invokeAsync';

/** Whether a callee is such a method, which gives a promise whatever the one without `Async` gives. */
export function givesPromiseByName(callee: Callee): boolean {
  return isPromisified(callee.path.at(-1) ?? '') && callbacksOnly.test(normalName(callee).module);
}

/** The package call at the root of a chain of methods; its value is named `module:path` by the evaluator. */
function originOf(receiver: Value | undefined): { readonly module: string; readonly path: readonly string[] } | undefined {
  const chain: string[] = [];
  let value = receiver;
  for (let step = 0; step < 32 && value; step++) {
    if (value.kind === 'external') return { module: value.module, path: [...value.path, ...chain] };
    if (value.kind === 'instance') return value.of.kind === 'external' ? { module: value.of.module, path: [...value.of.path, ...chain] } : undefined;
    if (value.kind !== 'derived') return undefined;
    const link = value.what;
    if (link.startsWith('#') || link.startsWith('.')) {
      chain.unshift(`#${link.slice(1)}`);
      value = value.from[0];
    } else {
      const colon = link.lastIndexOf(':');
      if (colon < 1 || link.startsWith('repo:')) return undefined;
      return { module: link.slice(0, colon), path: [...link.slice(colon + 1).split('.').filter((part) => part !== ''), ...chain] };
    }
  }
  return undefined;
}

function plainModule(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier.slice(5);
  if (!specifier.startsWith('npm:')) return specifier;
  // npm:@scope/name@1.2.3/sub
  const name = specifier.slice(4).replace(/^\//, '');
  const version = name.indexOf('@', 1);
  if (version < 0) return name;
  const rest = name.indexOf('/', version);
  return name.slice(0, version) + (rest < 0 ? '' : name.slice(rest));
}

/** Key of a table row: `module path.in.module`; a module that is called itself has the key `module `. */
export function nameKey(name: NormalName): string {
  return `${name.module} ${name.path.join('.')}`;
}

/** Whether `#` marks the last part as a method of an instance. */
export function isMethod(name: NormalName): boolean {
  return name.path.at(-1)?.startsWith('#') ?? false;
}

/**
 * Value of a property. `undefined` (absent) only when it is proved that there is none; `unknown` where it cannot be told.
 * Event, context, parameter and external values are followed by their path.
 */
export function property(value: Value | undefined, name: string): Value | undefined {
  if (!value) return undefined;
  switch (value.kind) {
    case 'object': {
      for (let i = value.entries.length - 1; i >= 0; i--) {
        const entry = value.entries[i];
        if (entry?.[0] === name) return entry[1];
        // The key `...` holds a spread value.
        const spread = entry?.[0] === '...' ? property(entry[1], name) : undefined;
        if (spread && !(spread.kind === 'literal' && spread.value === undefined)) return spread;
      }
      return value.open ? unknown(`property ${name} of an object that is not fully known`) : undefined;
    }
    case 'oneOf': {
      const options: Value[] = [];
      for (const option of value.options) options.push(property(option, name) ?? literal(undefined));
      return options.every((o) => o.kind === 'literal' && o.value === undefined) ? undefined : { kind: 'oneOf', options };
    }
    case 'event':
      return { kind: 'event', path: [...value.path, name] };
    case 'context':
      return { kind: 'context', path: [...value.path, name] };
    case 'param':
      return { ...value, path: [...value.path, name] };
    case 'external':
      return { kind: 'external', module: value.module, path: [...value.path, name] };
    case 'derived':
      return { kind: 'derived', what: `.${name}`, from: [value], io: value.io };
    case 'array': {
      const item = /^\d+$/.test(name) ? value.items[Number(name)] : undefined;
      return item ?? (value.open ? unknown('element of an array that is not fully known') : undefined);
    }
    case 'literal':
      return undefined;
    default:
      return unknown(`property ${name} of a ${value.kind}`);
  }
}

/** Elements of a list. An open or unknown list ends with an unknown element; nothing is dropped silently. */
export function elements(value: Value | undefined): readonly Value[] {
  if (!value) return [];
  switch (value.kind) {
    case 'array':
      return value.open && !value.uniform ? [...value.items, unknown('further elements')] : value.items;
    case 'oneOf':
      return value.options.flatMap((option) => elements(option));
    case 'event':
      return [{ kind: 'event', path: [...value.path, '*'] }];
    case 'literal':
      return [];
    default:
      return [unknown(`elements of a ${value.kind}`)];
  }
}

/** Names of an object's own properties as values; an open or unknown object gives an unknown name too. */
export function keys(value: Value | undefined): readonly Value[] {
  if (!value) return [];
  if (value.kind === 'oneOf') return value.options.flatMap((option) => keys(option));
  if (value.kind !== 'object') return value.kind === 'literal' ? [] : [unknown(`keys of a ${value.kind}`)];
  const spreads = value.entries.filter(([name]) => name === '...').flatMap(([, entry]) => keys(entry));
  const names = [...[...new Set(value.entries.map(([name]) => name))].filter((name) => name !== '...').map((name) => literal(name)), ...spreads];
  const plain = names.filter((name) => !(name.kind === 'literal' && name.value === '*'));
  if (value.computed) return [...plain, ...value.computed];
  return value.open && spreads.length === 0 ? [...plain, unknown('further keys')] : plain;
}

/**
 * Follows a short path expression: `A.B` properties, `A[]` every element, `A{}` the names of the properties, `A|B` the first
 * of several that is there. An empty expression is the value itself.
 */
export function select(value: Value | undefined, expression: string): readonly Value[] {
  if (expression.includes('|')) {
    for (const choice of expression.split('|')) {
      const found = select(value, choice);
      if (found.length > 0) return found;
    }
    return [];
  }
  let current: readonly Value[] = value ? [value] : [];
  for (const step of expression === '' ? [] : expression.split('.')) {
    const name = step.replace(/(\[\]|\{\})$/, '');
    const suffix = step.slice(name.length);
    current = current.flatMap((v) => {
      const found = name === '' ? v : property(v, name);
      if (!found || (found.kind === 'literal' && found.value === undefined)) return [];
      if (suffix === '[]') return elements(found);
      if (suffix === '{}') return keys(found);
      return [found];
    });
  }
  return current;
}

/** A literal string, of one literal or of a template whose parts are all literal. */
export function textOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'literal') return typeof value.value === 'string' ? value.value : undefined;
  if (value?.kind !== 'template') return undefined;
  let text = '';
  for (const part of value.parts) {
    const piece = part.kind === 'literal' ? String(part.value) : textOf(part);
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}

/** The literal text that a value starts with; '' when nothing is known of its beginning. */
export function headOf(value: Value | undefined): string {
  const whole = textOf(value);
  if (whole !== undefined) return whole;
  if (value?.kind !== 'template') return '';
  let head = '';
  for (const part of value.parts) {
    const piece = textOf(part) ?? (part.kind === 'literal' ? String(part.value) : undefined);
    if (piece === undefined) return head + headOf(part);
    head += piece;
  }
  return head;
}

/** Three-valued test over every way that a value can turn out; `undefined` when it cannot be told. */
export function everyWay(value: Value, test: (v: Value) => boolean | undefined): boolean | undefined {
  let seen: boolean | undefined;
  for (const way of alternatives(value)) {
    const result = test(way);
    if (result === undefined || (seen !== undefined && seen !== result)) return undefined;
    seen = result;
  }
  return seen;
}

/** Words of a table cell. */
export const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** A set of names written as words; rows may be grouped over lines. */
export const wordSet = (text: string): ReadonlySet<string> => new Set(words(text));
