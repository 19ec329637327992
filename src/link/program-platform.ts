import { parse as parseJsonc } from 'jsonc-parser';
import type { SourcePlace } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import { spread } from './program-expr.ts';
import { fromJson, type Machine } from './program-machine.ts';
import { mergeCall } from './program-merge.ts';
import { dataMethod } from './program-methods.ts';
import { itemsOf } from './program-stmt.ts';
import { derived, eachSym, either, joinText, listOf, normalPath, numberOf, record, ROOT, same, textOf, truth, workspacePath, type Sym, type SymExternal, type SymRecord } from './program-values.ts';

/** Functions of the platform and of a few pure packages that programs compute their data with. `undefined`: not one of them. */
export function platformCall(machine: Machine, callee: SymExternal, args: readonly Sym[], place: SourcePlace): Sym | undefined {
  const path = callee.path[0] === 'default' ? callee.path.slice(1) : callee.path;
  const name = path[path.length - 1] ?? '';
  switch (callee.module) {
    case 'global': return globalCall(machine, path.join('.'), args, place);
    case 'process': return globalCall(machine, `process.${path.join('.')}`, args, place);
    case 'path': case 'path/posix': return pathCall(machine, name, args);
    case 'url': return name === 'fileURLToPath' ? fileUrl(args[0]) : undefined;
    case 'os': return name === 'tmpdir' ? literal('/tmp') : undefined;
    case 'fs': return fileCall(machine, name, args);
    case 'lodash': case 'lodash-es': case 'underscore': case 'ramda': {
      const [first, ...rest] = args;
      const merged = mergeCall(machine, callee.module, path, args, place);
      if (merged !== undefined) return merged;
      return first && (first.kind === 'list' || (first.kind === 'record' && /^(?:forEach|map)$/.test(name)))
        ? dataMethod(machine, first.kind === 'list' ? first : listOf([...first.entries.values()].map((slot) => slot.value), machine.branch, first.open), name === 'each' ? 'forEach' : name, rest, place) : undefined;
    }
    default: return mergeCall(machine, callee.module, path, args, place);
  }
}

function globalCall(machine: Machine, name: string, args: readonly Sym[], place: SourcePlace): Sym | undefined {
  const [first = literal(undefined), second] = args;
  switch (name) {
    case 'Object.entries': case 'Object.values': case 'Object.keys': return eachSym(first, (one) => entriesOf(machine, one, name));
    case 'Object.fromEntries': {
      const result: SymRecord = { ...record([], machine.branch), entries: new Map() };
      const items = itemsOf(first);
      result.open = !items || items.open;
      for (const item of items?.items ?? []) {
        const key = item.kind === 'list' ? item.items[0] : undefined;
        const value = item.kind === 'list' ? item.items[1] : undefined;
        if (key?.kind === 'literal' && value) result.entries.set(String(key.value), { value, certain: true }); else result.open = true;
      }
      return result;
    }
    case 'Object.assign': {
      for (const arg of args.slice(1)) if (first.kind === 'record') spread(first, arg);
      return first;
    }
    case 'Object.freeze': case 'Object.seal': case 'structuredClone': case 'Promise.resolve': case 'Promise.all': case 'Promise.allSettled': return first;
    case 'Array.isArray': return first.kind === 'list' ? literal(true) : ['literal', 'record', 'made', 'instance', 'closure', 'template'].includes(first.kind) ? literal(false) : derived(name, [first]);
    case 'Array.of': return listOf(args, machine.branch);
    case 'Array.from': {
      const length = first.kind === 'record' ? numberOf(first.entries.get('length')?.value) : undefined;
      const items = length !== undefined ? Array.from({ length: Math.min(Math.max(length, 0), 300) }, () => literal(undefined)) : itemsOf(first)?.items;
      const list = listOf(items ?? [], machine.branch, items === undefined || (first.kind === 'list' && first.open));
      return second?.kind === 'closure' ? dataMethod(machine, list, 'map', [second], place) : list;
    }
    case 'String': return eachSym(first, (one) => (one.kind === 'literal' ? literal(String(one.value)) : one));
    case 'Number': case 'parseInt': case 'parseFloat': case 'Number.parseInt': case 'Number.parseFloat':
      return eachSym(first, (one) => (one.kind === 'literal' ? literal(name === 'Number' ? Number(one.value) : name.endsWith('Int') ? Number.parseInt(String(one.value), 10) : Number.parseFloat(String(one.value))) : derived(name, [one])));
    case 'Boolean': { const known = truth(first); return known === undefined ? derived(name, [first]) : literal(known); }
    case 'JSON.stringify': return derived('json', [first]);
    case 'JSON.parse': {
      if (first.kind === 'derived' && first.what === 'json') return first.from[0] ?? unknown('JSON');
      const file = first.kind === 'derived' && first.what === 'file' ? workspacePath(first.from[0], machine.options.cwd ?? '') : undefined;
      if (file !== undefined) return machine.jsonFile(file);
      const text = textOf(first);
      return text === undefined || text.length > 100_000 ? derived('parsed', [first]) : fromJson(parseJsonc(text), 0);
    }
    case 'Math.min': case 'Math.max': case 'Math.floor': case 'Math.ceil': case 'Math.round': {
      const numbers = args.map((arg) => numberOf(arg));
      if (!numbers.every((one) => one !== undefined)) return derived(name, args);
      return literal(name === 'Math.min' ? Math.min(...numbers) : name === 'Math.max' ? Math.max(...numbers) : name === 'Math.floor' ? Math.floor(numbers[0] ?? Number.NaN) : name === 'Math.ceil' ? Math.ceil(numbers[0] ?? Number.NaN) : Math.round(numbers[0] ?? Number.NaN));
    }
    case 'encodeURIComponent': case 'encodeURI': return eachSym(first, (one) => { const text = textOf(one); try { return text === undefined ? one : literal(encodeURIComponent(text)); } catch { return one; } });
    case 'process.cwd': return literal(machine.options.cwd ? `${ROOT}/${machine.options.cwd}` : ROOT);
    case 'setTimeout': case 'setImmediate': case 'queueMicrotask': case 'process.nextTick': return first.kind === 'closure' ? machine.invoke(first, args.slice(name === 'setTimeout' ? 2 : 1), place) : literal(undefined);
    case 'require.resolve': {
      const text = textOf(first);
      const target = text === undefined ? undefined : machine.modules.resolve(place.file, text);
      return target && 'file' in target ? literal(`${ROOT}/${target.file}`) : undefined;
    }
    default: return /^(?:console|process\.(?:exit|on|once|stdout|stderr))\b/.test(name) ? literal(undefined) : undefined;
  }
}

function entriesOf(machine: Machine, value: Sym, name: string): Sym {
  const slots = value.kind === 'record' ? value.entries : value.kind === 'instance' ? value.fields : undefined;
  if (value.kind === 'namespace') {
    const names = (machine.modules.facts(value.file)?.exports ?? []).filter((item) => !item.typeOnly && item.name !== '*' && item.name !== '=').map((item) => item.name);
    return listOf(names.map((key) => (name === 'Object.keys' ? literal(key) : name === 'Object.values' ? machine.exported(value.file, key) : listOf([literal(key), machine.exported(value.file, key)], machine.branch))), machine.branch);
  }
  if (value.kind === 'list') return dataMethod(machine, value, name === 'Object.entries' ? 'entries' : name === 'Object.keys' ? 'keys' : 'values', [], { file: '', start: 0, end: 0 }) ?? value;
  if (!slots) return value.kind === 'literal' ? listOf([], machine.branch) : listOf([], machine.branch, true);
  const known = [...slots].filter(([key]) => !key.startsWith('*'));
  const open = (value.kind === 'record' && value.open) || known.length < slots.size;
  return listOf(known.map(([key, slot]) => (name === 'Object.keys' ? literal(key) : name === 'Object.values' ? slot.value : listOf([literal(key), slot.value], machine.branch))), machine.branch, open);
}

/** `new Map(…)`, `new Set(…)`, `new URL(…)`, `new Array(…)`, errors and dates. */
export function platformNew(machine: Machine, path: readonly string[], args: readonly Sym[]): Sym | undefined {
  const [first] = args;
  switch (path.join('.')) {
    case 'Map': {
      const map: SymRecord = { kind: 'record', map: true, entries: new Map(), open: false, born: machine.branch };
      const items = first ? itemsOf(first) : { items: [], open: false };
      map.open = !items || items.open;
      for (const item of items?.items ?? []) {
        const [key, value] = item.kind === 'list' ? item.items : [];
        if (key?.kind === 'literal' && value) map.entries.set(String(key.value), { value, certain: true }); else map.open = true;
      }
      return map;
    }
    case 'Set': {
      const items = first ? itemsOf(first) : { items: [], open: false };
      const distinct: Sym[] = [];
      for (const item of items?.items ?? []) if (!distinct.some((known) => same(known, item))) distinct.push(item);
      return listOf(distinct, machine.branch, !items || items.open);
    }
    case 'Array': { const length = numberOf(first); return args.length === 1 && length !== undefined ? listOf(Array.from({ length: Math.min(Math.max(length, 0), 300) }, () => literal(undefined)), machine.branch) : listOf(args, machine.branch); }
    case 'URL': {
      const text = textOf(first);
      const base = textOf(args[1]);
      if (text === undefined || !base?.startsWith('file://')) return derived('URL', args);
      const full = normalPath(`${base.slice(7).replace(/\/[^/]*$/, '')}/${text}`);
      return record([['href', literal(`file://${full}`)], ['pathname', literal(full)]], machine.branch);
    }
    case 'Date': case 'Error': case 'TypeError': case 'RegExp': case 'AbortController': case 'WeakMap': case 'WeakSet': return derived(`new ${path.join('.')}`, args);
    case 'Promise': return first?.kind === 'closure' ? promised(machine, first) : undefined;
    default: return undefined;
  }
}

/** `new Promise((resolve) => …)`: what it resolves to is what the callback hands on; its work is followed. */
function promised(machine: Machine, executor: Sym & { kind: 'closure' }): Sym {
  machine.invoke(executor, [unknown('resolve'), unknown('reject')], { file: executor.file, start: 0, end: 0 });
  return unknown('a promise');
}

function pathCall(machine: Machine, name: string, args: readonly Sym[]): Sym | undefined {
  const [first] = args;
  const text = textOf(first);
  switch (name) {
    case 'join': case 'normalize': return folded(args);
    case 'resolve': {
      const from = args.findLastIndex((arg) => textOf(arg)?.startsWith('/') === true);
      return folded(from >= 0 ? args.slice(from) : [literal(machine.options.cwd ? `${ROOT}/${machine.options.cwd}` : ROOT), ...args]);
    }
    case 'dirname': return text === undefined ? derived(name, args) : literal(text.includes('/') ? text.slice(0, text.lastIndexOf('/')) || '/' : '.');
    case 'basename': { const end = textOf(args[1]) ?? ''; const base = text?.slice(text.lastIndexOf('/') + 1); return base === undefined ? derived(name, args) : literal(end !== '' && base.endsWith(end) ? base.slice(0, -end.length) : base); }
    case 'extname': { const base = text?.slice(text.lastIndexOf('/') + 1); return base === undefined ? derived(name, args) : literal(base.lastIndexOf('.') > 0 ? base.slice(base.lastIndexOf('.')) : ''); }
    case 'parse': return text === undefined ? derived(name, args) : record([['base', literal(text.slice(text.lastIndexOf('/') + 1))], ['name', literal(text.slice(text.lastIndexOf('/') + 1).replace(/(.)\.[^.]*$/, '$1'))], ['dir', literal(text.slice(0, Math.max(text.lastIndexOf('/'), 0)))]], machine.branch);
    default: return undefined;
  }
}

function folded(args: readonly Sym[]): Sym {
  const choice = args.findIndex((arg) => arg.kind === 'oneOf');
  const several = args[choice];
  if (several?.kind === 'oneOf' && several.options.length <= 4) return either(several.options.map((option) => folded(args.map((arg, index) => (index === choice ? option : arg)))));
  const value = joinText(args.flatMap((arg, index) => (index === 0 ? [arg] : [literal('/'), arg])));
  return value.kind === 'literal' ? literal(normalPath(String(value.value)) || '.') : value;
}

function fileUrl(value: Sym | undefined): Sym {
  const text = textOf(value) ?? (value?.kind === 'record' ? textOf(value.entries.get('href')?.value) : undefined);
  return text?.startsWith('file://') === true ? literal(text.slice(7)) : derived('fileURLToPath', value ? [value] : []);
}

/** The files of the workspace as a program sees them. What it reads of a file stays the name of that file. */
function fileCall(machine: Machine, name: string, args: readonly Sym[]): Sym | undefined {
  const [first = literal(undefined)] = args;
  const path = workspacePath(first, machine.options.cwd ?? '');
  switch (name) {
    case 'readFileSync': case 'readFile': return eachSym(first, (one) => derived('file', [one]));
    case 'existsSync': return path !== undefined && (machine.options.read?.(path) !== undefined || machine.options.list?.(path) !== undefined) ? literal(true) : derived(name, args);
    case 'readdirSync': case 'readdir': {
      const names = path === undefined ? undefined : machine.options.list?.(path);
      if (!names) return listOf([], machine.branch, true);
      const typed = args[1]?.kind === 'record' && args[1].entries.has('withFileTypes');
      return typed ? listOf([], machine.branch, true) : listOf(names.slice(0, 300).map((one) => literal(one)), machine.branch);
    }
    default: return undefined;
  }
}
