import type { SourcePlace } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import type { Machine } from './program-machine.ts';
import { itemsOf } from './program-stmt.ts';
import { derived, either, joinText, listOf, MAX_LIST, MAX_TEXT, numberOf, same, textOf, truth, type Sym, type SymList, type SymRecord } from './program-values.ts';

const MAX_ITEMS = 1000;

/** A method of a list, a record, a map or a text; `undefined` when the value has no such method that is modelled. */
export function dataMethod(machine: Machine, receiver: Sym, name: string, args: readonly Sym[], place: SourcePlace): Sym | undefined {
  switch (receiver.kind) {
    case 'list': return listMethod(machine, receiver, name, args, place);
    case 'record': return receiver.map ? mapMethod(machine, receiver, name, args, place) : recordMethod(receiver, name, args);
    case 'literal': return typeof receiver.value === 'string' ? textMethod(machine, receiver.value, name, args, place) : typeof receiver.value === 'number' ? numberMethod(receiver.value, name, args) : undefined;
    case 'template': case 'env': return name === 'toString' || name === 'trim' ? receiver : derived(`#${name}`, [receiver, ...args]);
    case 'derived':
      if (receiver.what === 'file' && name === 'toString') return receiver;
      return undefined;
    default: return undefined;
  }
}

function call(machine: Machine, fn: Sym | undefined, args: readonly Sym[], place: SourcePlace): Sym {
  return fn?.kind === 'closure' ? machine.invoke(fn, args, place) : fn?.kind === 'external' && fn.module === 'global' && fn.path[0] === 'Boolean' ? (args[0] ? boolean(truth(args[0]), args[0]) : literal(false)) : fn?.kind === 'external' && fn.path[0] === 'String' ? (args[0] ?? literal('')) : unknown('a callback');
}

const boolean = (value: boolean | undefined, of: Sym): Sym => (value === undefined ? derived('boolean', [of]) : literal(value));

function listMethod(machine: Machine, list: SymList, name: string, args: readonly Sym[], place: SourcePlace): Sym | undefined {
  const [first] = args;
  const items = list.items.slice(0, MAX_ITEMS);
  if (list.items.length > MAX_ITEMS) machine.gap(place, `a list is followed for ${MAX_ITEMS} items only`);
  const each = (work: (item: Sym, index: number) => void): void => {
    items.forEach((item, index) => work(item, index));
    if (list.open) machine.maybe(() => work(unknown('an element of something not known'), items.length));
  };
  const made = (result: readonly Sym[], open = list.open): SymList => listOf(result, machine.branch, open);
  switch (name) {
    case 'forEach': each((item, index) => call(machine, first, [item, literal(index), list], place)); return literal(undefined);
    case 'map': { const out: Sym[] = []; each((item, index) => out.push(call(machine, first, [item, literal(index), list], place))); return made(out); }
    case 'flatMap': {
      const out: Sym[] = [];
      let open = list.open;
      each((item, index) => { const value = call(machine, first, [item, literal(index), list], place); const inner = value.kind === 'list' ? value : undefined; if (inner) { out.push(...inner.items); open ||= inner.open; } else out.push(value); });
      return made(out, open);
    }
    case 'filter': {
      let open = list.open;
      const out = items.filter((item, index) => { const kept = truth(call(machine, first, [item, literal(index), list], place)); if (kept === undefined) open = true; return kept !== false; });
      return made(out, open);
    }
    case 'find': {
      const maybe: Sym[] = [];
      for (const [index, item] of items.entries()) {
        const kept = truth(call(machine, first, [item, literal(index), list], place));
        if (kept === true) { maybe.push(item); return either(maybe); }
        if (kept === undefined) maybe.push(item);
      }
      return list.open ? either([...maybe, unknown('an element of a list')]) : either([...maybe, literal(undefined)]);
    }
    case 'some': case 'every': {
      const results = items.map((item, index) => truth(call(machine, first, [item, literal(index), list], place)));
      const wanted = name === 'some';
      if (results.some((result) => result === wanted)) return literal(wanted);
      return results.some((result) => result === undefined) || list.open ? derived(name, [list]) : literal(!wanted);
    }
    case 'reduce': {
      let value: Sym = args[1] ?? items[0] ?? unknown('an empty list');
      items.slice(args.length > 1 ? 0 : 1).forEach((item, index) => { value = call(machine, first, [value, item, literal(index), list], place); });
      return list.open && value.kind === 'literal' ? unknown('a sum of something not known') : value;
    }
    case 'includes': case 'has': case 'indexOf': {
      if (first?.kind === 'literal' && items.every((item) => item.kind === 'literal') && !list.open) {
        const at = items.findIndex((item) => same(item, first));
        return name === 'indexOf' ? literal(at) : literal(at >= 0);
      }
      return derived(name, [list, ...args]);
    }
    case 'push': case 'unshift': case 'add': {
      if (list.items.length + args.length > MAX_LIST) { list.open = true; return list; }
      list.items = name === 'unshift' ? [...args, ...list.items] : [...list.items, ...args];
      if (machine.branch > list.born) list.open = true;
      return name === 'add' ? list : literal(list.items.length);
    }
    case 'pop': return list.items[list.items.length - 1] ?? literal(undefined);
    case 'shift': return list.items[0] ?? literal(undefined);
    case 'at': { const at = numberOf(first); return at === undefined ? either(items) : (items.at(at) ?? literal(undefined)); }
    case 'concat': { let open = list.open; const more = args.flatMap((arg) => { const inner = arg.kind === 'list' ? arg : undefined; open ||= inner?.open ?? false; return inner ? inner.items : [arg]; }); return made([...items, ...more], open); }
    case 'slice': { const from = numberOf(first) ?? 0; const to = numberOf(args[1]); return args.every((arg) => arg.kind === 'literal') ? made(items.slice(from, to)) : made(items, true); }
    case 'flat': { let open = list.open; const out = items.flatMap((item) => { if (item.kind === 'list') { open ||= item.open; return item.items; } return [item]; }); return made(out, open); }
    case 'reverse': case 'toReversed': return made([...items].reverse());
    case 'sort': case 'toSorted': return made(items);
    case 'values': return made(items);
    case 'keys': return made(items.map((_item, index) => literal(index)));
    case 'entries': return made(items.map((item, index) => listOf([literal(index), item], machine.branch)));
    case 'fill': return made(items.map(() => first ?? literal(undefined)));
    case 'join': {
      const separator = first ? textOf(first) : ',';
      if (separator === undefined || list.open) return derived('join', [list, ...args]);
      return joinText(items.flatMap((item, index) => (index === 0 ? [item] : [literal(separator), item])));
    }
    default: return undefined;
  }
}

function recordMethod(record: SymRecord, name: string, args: readonly Sym[]): Sym | undefined {
  const key = textOf(args[0]);
  if (name === 'hasOwnProperty' && key !== undefined) return record.entries.has(key) ? literal(true) : record.open ? derived(name, [record]) : literal(false);
  return undefined;
}

function mapMethod(machine: Machine, map: SymRecord, name: string, args: readonly Sym[], place: SourcePlace): Sym | undefined {
  const [key, value] = args;
  const text = key?.kind === 'literal' ? String(key.value) : undefined;
  const all = itemsOf(map)?.items ?? [];
  switch (name) {
    case 'get': return text === undefined ? either([...map.entries.values()].map((slot) => slot.value)) : (map.entries.get(text)?.value ?? (map.open ? unknown('an entry') : literal(undefined)));
    case 'set': if (text === undefined) map.open = true; else map.entries.set(text, { value: value ?? literal(undefined), certain: machine.branch <= map.born }); return map;
    case 'has': return text === undefined ? derived(name, [map]) : map.entries.has(text) ? literal(true) : map.open ? derived(name, [map]) : literal(false);
    case 'delete': if (text !== undefined && machine.branch <= map.born) map.entries.delete(text); return literal(true);
    case 'forEach': for (const item of all) if (item.kind === 'list') call(machine, key, [item.items[1] ?? literal(undefined), item.items[0] ?? literal(undefined)], place); return literal(undefined);
    case 'values': return listOf([...map.entries.values()].map((slot) => slot.value), machine.branch, map.open);
    case 'keys': return listOf([...map.entries.keys()].map((one) => literal(one)), machine.branch, map.open);
    case 'entries': return listOf(all, machine.branch, map.open);
    default: return undefined;
  }
}

function numberMethod(value: number, name: string, args: readonly Sym[]): Sym | undefined {
  if (name === 'toString' && args.length === 0) return literal(String(value));
  if (name === 'toFixed') { const digits = args.length === 0 ? 0 : numberOf(args[0]); return digits !== undefined && digits >= 0 && digits <= 20 ? literal(value.toFixed(digits)) : undefined; }
  return undefined;
}

/** One character or class of characters, perhaps repeated: what can be matched without running an expression of the repository at a cost. */
const simplePattern = /^(?:\[(?:[^\]\\[]|\\.){1,60}\]|\\[^bBdDkpPuxc1-9]|\\[dDwWsS]|[^\\^$.*+?()[\]{}|])\+?$/;

function patternOf(sym: Sym | undefined): string | RegExp | undefined {
  const text = textOf(sym);
  if (text !== undefined) return text;
  if (sym?.kind !== 'derived' || sym.what !== 'regex') return undefined;
  const pattern = textOf(sym.from[0]) ?? '';
  const flags = textOf(sym.from[1]) ?? '';
  if (!simplePattern.test(pattern) || !/^[gi]*$/.test(flags)) return undefined;
  try { return new RegExp(pattern, flags); } catch { return undefined; }
}

function textMethod(machine: Machine, text: string, name: string, args: readonly Sym[], place: SourcePlace): Sym | undefined {
  const [first, second] = args;
  const a = first?.kind === 'literal' ? first.value : undefined;
  const plain = args.every((arg) => arg.kind === 'literal');
  switch (name) {
    case 'toString': case 'valueOf': return literal(text);
    case 'trim': return literal(text.trim());
    case 'toLowerCase': case 'toLocaleLowerCase': return literal(text.toLowerCase());
    case 'toUpperCase': case 'toLocaleUpperCase': return literal(text.toUpperCase());
    case 'startsWith': return typeof a === 'string' ? literal(text.startsWith(a)) : derived(name, [literal(text), ...args]);
    case 'endsWith': return typeof a === 'string' ? literal(text.endsWith(a)) : derived(name, [literal(text), ...args]);
    case 'includes': return typeof a === 'string' ? literal(text.includes(a)) : derived(name, [literal(text), ...args]);
    case 'indexOf': return typeof a === 'string' ? literal(text.indexOf(a)) : undefined;
    case 'lastIndexOf': return typeof a === 'string' ? literal(text.lastIndexOf(a)) : undefined;
    case 'charAt': return plain ? literal(text.charAt(Number(a ?? 0))) : undefined;
    case 'at': return plain ? literal(text.at(Number(a ?? 0))) : undefined;
    case 'slice': return plain ? literal(text.slice(Number(a ?? 0), numberOf(second))) : undefined;
    case 'substring': case 'substr': return plain ? literal(name === 'substr' ? text.slice(Number(a ?? 0), second ? Number(a ?? 0) + Number(numberOf(second) ?? 0) : undefined) : text.substring(Number(a ?? 0), numberOf(second))) : undefined;
    case 'repeat': return typeof a === 'number' && a >= 0 && a * text.length < 10_000 ? literal(text.repeat(a)) : undefined;
    case 'padStart': case 'padEnd': return typeof a === 'number' && a < 1000 && plain ? literal(name === 'padStart' ? text.padStart(a, textOf(second)) : text.padEnd(a, textOf(second))) : undefined;
    case 'concat': return joinText([literal(text), ...args]);
    case 'split': {
      const pattern = patternOf(first);
      return pattern === undefined ? derived(name, [literal(text), ...args]) : listOf(text.split(pattern).slice(0, MAX_ITEMS).map((part) => literal(part)), machine.branch);
    }
    case 'replace': case 'replaceAll': {
      const pattern = patternOf(first);
      if (pattern === undefined || !second) return derived(name, [literal(text), ...args]);
      const to = textOf(second);
      if (to !== undefined && (text.length + 1) * (to.length + 1) > MAX_TEXT * 10) return unknown('too long a text');
      if (to !== undefined) return literal(name === 'replaceAll' && typeof pattern === 'string' ? text.split(pattern).join(to) : text.replace(pattern, to.replace(/\$/g, '$$$$')));
      if (second.kind !== 'closure') return derived(name, [literal(text), ...args]);
      let failed = false;
      const result = text.replace(pattern, (match) => { const value = textOf(machine.invoke(second, [literal(match)], place)); failed ||= value === undefined; return value ?? ''; });
      return failed ? derived(name, [literal(text), ...args]) : literal(result);
    }
    case 'match': case 'test': case 'localeCompare': return derived(name, [literal(text), ...args]);
    default: return undefined;
  }
}
