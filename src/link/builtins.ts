import { temporaryPathOf } from '../catalog/file-system.ts';
import { valueChain } from '../catalog/effect-chain.ts';
import { isPure } from '../catalog/pure.ts';
import { returnsOf, wrapperOf } from '../catalog/wrappers.ts';
import type { Callee } from '../model/project.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import { convictValue } from './convict.ts';
import type { Evaluator } from './evaluate.ts';
import type { Argument, Frame } from './frame.ts';
import { concatenated, parsedJson } from './texts.ts';
import { callResult, each, element, externalInstance, externalPath, oneOf, template } from './values.ts';

/** What a call gives whose target is not a function of the repository: the platform's own functions, packages, methods of data. */
export function callExternal(
  evaluator: Evaluator, callee: Value, method: string | undefined, receiver: Value | undefined, args: readonly Argument[],
  site: { readonly file: string; readonly start: number; readonly end: number; readonly fn: number }, frame: Frame,
): Value {
  const arg = (index: number): Value => { const argument = args[index]; return argument ? evaluator.resolveArgument(argument) : literal(undefined); };
  const all = (): Value[] => args.map((argument) => evaluator.resolveArgument(argument));
  const identity = `${site.file}:${site.start}^${frame.id}`;
  if (callee.kind === 'external') {
    const path = externalPath(callee);
    const folded = platform(callee.module, path, arg, args.length);
    if (folded) return folded;
    const listed = callee.module === 'global' && path.length === 2 && path[0] === 'Object' ? each(arg(0), (one) => membersOf(one, path[1] ?? '', evaluator) ?? missing) : missing;
    if (listed !== missing && listed.kind === 'array') return listed;
    // `Netlify.env.get('X')`, `Deno.env.get('X')`: the environment under another name (their documentation, November 2026).
    // Firebase: a parameter of the deployment is one of its environment variables ("Configure your environment", November 2026).
    const isVariable = callee.module === 'global' ? /^(?:Netlify|Deno)\.env\.get$/ : /^firebase-functions(?:\/|$)/.test(callee.module) ? /^(?:params\.)?define(?:String|Secret|Int|Float|Boolean)$/ : undefined;
    const variable = isVariable?.test(path.filter((step) => step !== 'default').join('.')) ? arg(0) : undefined;
    if (variable?.kind === 'literal') return evaluator.member({ kind: 'external', module: 'global', path: ['process', 'env'] }, String(variable.value));
    const entry = callee.module === 'global' && path.join('.') === 'Map.#get' ? entryOf(receiver, arg(0)) : undefined;
    if (entry) return entry;
    const named: Callee = { module: callee.module, path, ...(receiver ? { receiver } : {}) };
    const { handler, returns, temporary, pure } = lookUp(named);
    if (handler) return evaluator.at(arg(handler.index), handler.path);
    if (returns?.kind === 'argument' || returns?.kind === 'callback') return arg(returns.index);
    const path_ = temporary ? temporaryPathOf(named, all()) : undefined;
    if (path_) return path_;
    // Injection containers (tsyringe, typedi, inversify, Nest): asked for a class, they give an object of it.
    // Nest's factory is given the root module and gives the application.
    const first = method !== undefined && containerMethods.has(method) && path[0] !== 'NestFactory' ? arg(0) : undefined;
    if (first?.kind === 'class') return { kind: 'instance', of: first, args: [], site };
    if (returns?.kind === 'receiver') return receiver ?? unknown('receiver');
    if (returns?.kind === 'instance') return externalInstance({ kind: 'external', module: returns.module ?? callee.module, path: returns.path }, site, identity, all);
    return callResult(`${callee.module}:${path.join('.')}`, !pure, identity, () => [...(receiver && receiver.kind !== 'external' ? [receiver] : []), ...all()]);
  }
  if (method !== undefined && receiver) {
    // What a durable orchestration or entity was started with (durable-functions 3, `DurableOrchestrationContext`, November 2026).
    if (method === 'getInput' && receiver.kind === 'context' && receiver.path.join('.') === 'df') return { kind: 'event', path: [] };
    // typed-inject 5 (README): an injector, which calls of its own make, gives an object of the class.
    const injected = method === 'injectClass' ? arg(0) : undefined;
    if (injected?.kind === 'class') return { kind: 'instance', of: injected, args: [], site };
    // `defineString('X').value()`
    if (method === 'value' && args.length === 0 && (receiver.kind === 'env' || receiver.kind === 'literal')) return receiver;
    const configured = convictValue(receiver, method, args.length > 0 ? arg(0) : undefined, (name) => evaluator.member({ kind: 'external', module: 'global', path: ['process', 'env'] }, name));
    if (configured) return configured;
    const bound = functionMethod(method, receiver, args, evaluator, site, frame);
    if (bound) return bound;
    const data = dataMethod(method, receiver, args, evaluator, frame, site);
    if (data) return data;
    return callResult(`#${method}`, receiver.kind === 'unknown' || receiver.kind === 'param' || (receiver.kind === 'derived' && receiver.io && !dataMethods.has(method)), identity, () => [receiver, ...all()]);
  }
  return callResult('call', true, identity, () => [callee, ...all()]);
}

/** What a map that is made with its entries holds under a key: `new Map([['a', first], ['b', second]]).get(kind)`. */
function entryOf(map: Value | undefined, key: Value): Value | undefined {
  const [list] = map?.kind === 'instance' ? map.args : [];
  if (list?.kind !== 'array' || list.items.length === 0) return undefined;
  const pairs = list.items.flatMap((item) => (item.kind === 'array' && !item.open && item.items.length === 2 ? [item.items as readonly [Value, Value]] : []));
  if (pairs.length !== list.items.length) return undefined;
  const same = key.kind === 'literal' ? pairs.filter(([name]) => name.kind === 'literal' && name.value === key.value) : pairs;
  // What is put in later is not looked at.
  return same.length === 0 ? undefined : oneOf([...same.map(([, value]) => value), ...(key.kind === 'literal' && !list.open ? [] : [unknown('another entry of a map')])]);
}

const missing: Value = unknown('no list of members');

/** What `Object.keys`, `values` and `entries` make of an object or a module of the repository whose members are all known. */
function membersOf(of: Value, name: string, evaluator: Evaluator): Value | undefined {
  if (name !== 'keys' && name !== 'values' && name !== 'entries') return undefined;
  const members = of.kind === 'object' ? of.entries : of.kind === 'external' && of.module.startsWith('repo:') && of.path.length === 0 ? evaluator.exportsOf(of.module.slice(5)) : [];
  if (members.length === 0 || members.some(([key]) => key === '*' || key === '...')) return undefined;
  const items = members.map(([key, value]): Value => (name === 'keys' ? literal(key) : name === 'values' ? value : { kind: 'array', items: [literal(key), value], open: false }));
  return { kind: 'array', items, open: of.kind === 'object' && of.open };
}

interface Known {
  readonly handler: { readonly index: number; readonly path: readonly string[] } | undefined;
  readonly returns: ReturnType<typeof returnsOf>;
  readonly temporary: boolean;
  readonly pure: boolean;
}

/** What the catalog says of a name, asked once a name. */
const known = new Map<string, Known>();

function lookUp(callee: Callee): Known {
  const key = callee.module === 'unknown' ? undefined : `${callee.module}\0${callee.path.join('.')}`;
  const found = key === undefined ? undefined : known.get(key);
  if (found) return found;
  const parts = wrapperOf(callee)?.handler?.split('.');
  const answer: Known = {
    handler: parts ? { index: Number(parts[0]), path: parts.slice(1) } : undefined,
    returns: returnsOf(callee), temporary: temporaryPathOf(callee, []) !== undefined, pure: isPure(callee),
  };
  if (key !== undefined && known.size < 10_000) known.set(key, answer);
  return answer;
}

const containerMethods: ReadonlySet<string> = new Set(['get', 'resolve', 'getAsync', 'resolveAsync', 'build', 'create']);

/** Global functions and small pure modules, folded. */
function platform(module: string, path: readonly string[], arg: (index: number) => Value, count: number): Value | undefined {
  const name = path.join('.');
  if (module === 'global') {
    switch (name) {
      case 'String': return each(arg(0), (one) => (one.kind === 'literal' ? literal(String(one.value)) : one));
      case 'Number': case 'parseInt': case 'parseFloat': case 'Number.parseInt': case 'Number.parseFloat':
        return each(arg(0), (one) => (one.kind === 'literal' ? literal(name === 'Number' ? Number(one.value) : name.endsWith('Int') ? parseInt(String(one.value), 10) : parseFloat(String(one.value))) : { kind: 'derived', what: name, from: [one], io: false }));
      case 'Boolean': return { kind: 'derived', what: name, from: [arg(0)], io: false };
      case 'Object.freeze': case 'Object.seal': case 'structuredClone': case 'Promise.resolve': return arg(0);
      case 'Object.assign': {
        const parts = Array.from({ length: count }, (_, index) => arg(index));
        return { kind: 'object', open: parts.some((part) => part.kind !== 'object' || part.open), entries: parts.flatMap((part): (readonly [string, Value])[] => (part.kind === 'object' ? [...part.entries] : [['...', part]])) };
      }
      case 'JSON.parse': return count === 1 ? parsedJson(arg(0)) : undefined;
      case 'Promise.all': case 'Promise.allSettled': return arg(0);
      case 'Promise.race': case 'Promise.any': return element(arg(0));
      case 'Array.from': { const of = arg(0); return of.kind === 'array' ? of : { kind: 'array', items: [element(of)], open: true }; }
      case 'Math.min': case 'Math.max': {
        const values = Array.from({ length: count }, (_, index) => arg(index));
        const numbers = values.map((value) => (value.kind === 'literal' ? Number(value.value) : Number.NaN));
        return numbers.every((value) => !Number.isNaN(value)) ? literal(name === 'Math.min' ? Math.min(...numbers) : Math.max(...numbers)) : { kind: 'derived', what: name, from: values, io: false };
      }
      default: return undefined;
    }
  }
  // A copy: what is written to it later belongs to the copy.
  if (/^(?:lodash|underscore|lodash-es)$/.test(module) && /^(?:clone|cloneDeep|extend|assign|merge|defaults)$/.test(name)) {
    const parts = Array.from({ length: count }, (_, index) => arg(index));
    return { kind: 'object', open: parts.some((part) => part.kind !== 'object' || part.open), entries: parts.flatMap((part): (readonly [string, Value])[] => (part.kind === 'object' ? [...part.entries] : [['...', part]])) };
  }
  if (module === 'os' && name === 'tmpdir') return literal('/tmp');
  // The bindings and variables of the platform (Hono documentation, "Adapter Helper", read 2026-11).
  if (module === 'hono/adapter' && name === 'env') return each(arg(0), (one) => (one.kind === 'event' || one.kind === 'context' ? { kind: one.kind, path: [...one.path, 'env'] } : { kind: 'derived', what: '.env', from: [one], io: false }));
  if ((module === 'path' || module === 'path/posix') && /^(posix\.)?(join|resolve|normalize)$/.test(name)) {
    const parts = Array.from({ length: count }, (_, index) => arg(index));
    // `path.resolve` starts anew at each absolute part.
    const root = name.endsWith('resolve') ? parts.findLastIndex((part) => part.kind === 'literal' && String(part.value).startsWith('/')) : 0;
    return joined(parts.slice(Math.max(root, 0)));
  }
  return undefined;
}

/** `path.join`: the parts with slashes between, `.` and `..` folded only while everything is literal. */
function joined(parts: readonly Value[]): Value {
  if (parts.some((part) => part.kind === 'oneOf')) {
    const index = parts.findIndex((part) => part.kind === 'oneOf');
    const choice = parts[index];
    if (choice?.kind === 'oneOf' && choice.options.length <= 4) return oneOf(choice.options.map((option) => joined(parts.map((part, at) => (at === index ? option : part)))));
  }
  const pieces: Value[] = [];
  parts.forEach((part, index) => {
    if (index > 0) pieces.push(literal('/'));
    pieces.push(part);
  });
  const value = template(pieces);
  if (value.kind !== 'literal') {
    const parts_ = value.kind === 'template' ? value.parts : [value];
    return template(parts_.map((part) => (part.kind === 'literal' ? literal(String(part.value).replace(/\/{2,}/g, '/')) : part)));
  }
  const out: string[] = [];
  const text = String(value.value);
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out[out.length - 1] !== '..') out.pop();
    else out.push(part);
  }
  return literal((text.startsWith('/') ? '/' : '') + out.join('/'));
}

function functionMethod(method: string, receiver: Value, args: readonly Argument[], evaluator: Evaluator, site: { readonly file: string; readonly start: number }, frame: Frame): Value | undefined {
  if (receiver.kind !== 'function') return undefined;
  // Middleware hung on a wrapped handler: the handler stays what runs.
  if (method === 'use' || method === 'before' || method === 'after' || method === 'onError') return receiver;
  if (method === 'bind') {
    const [self, ...rest] = args;
    const value = self ? evaluator.resolveArgument(self) : undefined;
    return { ...receiver, ...(value && value.kind !== 'literal' && !receiver.self ? { self: value } : {}), bound: [...(receiver.bound ?? []), ...rest.map((argument) => evaluator.resolveArgument(argument))] };
  }
  if (method === 'call') return evaluator.result(receiver, args.slice(1), `${site.file}:${site.start}`, frame);
  if (method === 'apply') return evaluator.result(receiver, undefined, `${site.file}:${site.start}`, frame);
  return undefined;
}

const schemas: ReadonlySet<string> = new Set(['zod', 'zod/v3', 'zod/v4', 'zod/mini', 'valibot', 'yup']);

/** A schema checks what it is given and gives it back. */
const isSchema = (receiver: Value): boolean => receiver.kind === 'derived' && schemas.has(valueChain(receiver)?.module ?? '');

const MAX_FOLDED = 32;

/** `names.reduce((all, name) => …, {})` over a list of known texts, name by name. */
function folded(receiver: Value, fn: Value, start: Value, evaluator: Evaluator, site: string, frame: Frame): Value | undefined {
  if (receiver.kind !== 'array' || receiver.open || receiver.items.length > MAX_FOLDED || fn.kind !== 'function' || start.kind !== 'object' || !receiver.items.every((item) => item.kind === 'literal')) return undefined;
  let all: Value = start;
  for (const [index, item] of receiver.items.entries()) all = evaluator.result(fn, [{ value: all }, { value: item }], `${site}[${index}]`, frame);
  return all.kind === 'object' ? all : undefined;
}

/** Methods that only make data from data. */
const dataMethods: ReadonlySet<string> = new Set([
  'map', 'filter', 'slice', 'splice', 'concat', 'flat', 'flatMap', 'sort', 'toSorted', 'reverse', 'toReversed', 'join', 'split', 'trim', 'trimStart', 'trimEnd', 'toLowerCase',
  'toUpperCase', 'toString', 'replace', 'replaceAll', 'substring', 'substr', 'padStart', 'padEnd', 'repeat', 'match', 'includes', 'startsWith', 'endsWith', 'indexOf', 'charAt', 'find',
  'findLast', 'findIndex', 'some', 'every', 'reduce', 'at', 'pop', 'shift', 'push', 'unshift', 'keys', 'values', 'entries', 'toFixed', 'toISOString', 'getTime', 'valueOf', 'get', 'has', 'forEach',
  'then', 'catch', 'finally', 'json', 'text', 'toJSON', 'normalize', 'codePointAt', 'charCodeAt', 'lastIndexOf', 'fill', 'next',
]);

/** An address or path without a slash at its end; what is not known of it is taken to have none. */
const withoutSlash = (value: Value): Value => (value.kind === 'literal' && typeof value.value === 'string' ? literal(value.value.replace(/\/$/, '')) : value.kind === 'env' || value.kind === 'template' ? value : { kind: 'derived', what: '#replace', from: [value], io: false });

function dataMethod(method: string, receiver: Value, args: readonly Argument[], evaluator: Evaluator, frame: Frame, site: { readonly file: string; readonly start: number }): Value | undefined {
  const arg = (index: number): Value => { const argument = args[index]; return argument ? evaluator.resolveArgument(argument) : literal(undefined); };
  const callback = (params: readonly Value[]): Value | undefined => {
    const fn = arg(0);
    return fn.kind === 'function' ? evaluator.result(fn, params.map((value) => ({ value })), `${site.file}:${site.start}`, frame) : undefined;
  };
  const text = receiver.kind === 'literal' && typeof receiver.value === 'string' ? receiver.value : undefined;
  if (method === 'concat' && receiver.kind !== 'array') return concatenated(receiver, args.map((argument) => evaluator.resolveArgument(argument)));
  switch (method) {
    case 'map': {
      const item = callback([element(receiver)]);
      return item && { kind: 'array', items: [item], open: true, uniform: true };
    }
    case 'reduce': return folded(receiver, arg(0), arg(1), evaluator, `${site.file}:${site.start}`, frame);
    case 'parse': case 'parseAsync': return isSchema(receiver) ? arg(0) : undefined;
    case 'safeParse': case 'safeParseAsync': return isSchema(receiver) ? { kind: 'object', open: true, entries: [['data', arg(0)]] } : undefined;
    case 'flatMap': { const item = callback([element(receiver)]); return item ? { kind: 'array', items: [element(item)], open: true } : undefined; }
    case 'filter': case 'slice': case 'sort': case 'reverse': case 'toSorted': case 'toReversed': case 'flat': case 'concat': case 'splice':
      return receiver.kind === 'array' ? { kind: 'array', items: method === 'concat' ? [...receiver.items, element(arg(0))] : receiver.items, open: true, ...(method !== 'concat' && (!receiver.open || receiver.uniform) ? { uniform: true as const } : {}) } : text === undefined && receiver.kind !== 'template' ? (method === 'filter' || method === 'slice' ? receiver : undefined) : undefined;
    case 'find': case 'findLast': case 'at': case 'pop': case 'shift': return receiver.kind === 'array' || receiver.kind === 'event' ? element(receiver) : undefined;
    case 'then': return callback([receiver]) ?? receiver;
    case 'catch': case 'finally': return receiver;
    case 'trim': return text === undefined ? (receiver.kind === 'env' ? receiver : undefined) : literal(text.trim());
    // `'https://x/{id}'.replace('{id}', id)`
    case 'replace': case 'replaceAll': {
      const [search, put] = [arg(0), arg(1)];
      // `url.replace(/\/$/, '')`: the same address without the slash at its end.
      const [pattern] = search.kind === 'derived' && search.what === 'regex' ? search.from : [];
      if (pattern?.kind === 'literal' && /^\\?\/[+*]?\$$/.test(String(pattern.value)) && put.kind === 'literal' && put.value === '') return each(receiver, withoutSlash);
      if (text === undefined || search.kind !== 'literal' || typeof search.value !== 'string' || search.value === '' || !text.includes(search.value)) return undefined;
      if (put.kind === 'function' || put.kind === 'unknown' || (put.kind === 'literal' && String(put.value).includes('$'))) return undefined;
      const pieces = method === 'replaceAll' ? text.split(search.value) : [text.slice(0, text.indexOf(search.value)), text.slice(text.indexOf(search.value) + search.value.length)];
      return template(pieces.flatMap((piece, index) => (index === 0 ? [literal(piece)] : [put, literal(piece)])));
    }
    case 'toLowerCase': return text === undefined ? undefined : literal(text.toLowerCase());
    case 'toUpperCase': return text === undefined ? undefined : literal(text.toUpperCase());
    case 'toString': return receiver.kind === 'literal' ? literal(String(receiver.value)) : receiver.kind === 'env' || receiver.kind === 'template' ? receiver : undefined;
    case 'promise': return undefined;
    case 'concatenate': return undefined;
    case 'join': {
      const separator = arg(0);
      if (receiver.kind !== 'array' || receiver.open || separator.kind !== 'literal') return undefined;
      return template(receiver.items.flatMap((item, index) => (index === 0 ? [item] : [literal(separator.value === undefined ? ',' : String(separator.value)), item])));
    }
    default: return undefined;
  }
}
