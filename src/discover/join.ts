import type { Handler, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { samBuiltFrom } from './sam-build.ts';

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const isSame = (a: Location, b: Location): boolean => a.file === b.file && a.line === b.line && a.column === b.column;
const directory = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const handlerKey = (handlers: readonly Handler[]): string => handlers.map((handler) => `${handler.file}#${handler.export}`).sort(byCodeUnit).join('|');

/**
 * One handler declared in several formats of one directory is one function with several declarations. Functions of one
 * unit are never joined: there the same handler deployed twice is two functions.
 */
export function joinFunctions(functions: readonly ServerlessFunction[]): ServerlessFunction[] {
  const groups = new Map<string, ServerlessFunction[]>();
  for (const fn of joinSynthesised(joinInline(joinCopies(withoutBuilt(functions))))) {
    const key = fn.handlers.length === 0 ? `#${fn.id}` : `${directory(fn.unit)}\n${fn.platform}\n${handlerKey(fn.handlers)}`;
    groups.set(key, [...(groups.get(key) ?? []), fn]);
  }
  const joined: ServerlessFunction[] = [];
  for (const group of groups.values()) {
    // A packaged template, whose code was taken elsewhere, speaks after the one that it was made from.
    const taken = (unit: string): number => (group.every((fn) => fn.unit !== unit || fn.packaging?.form === 'unknown') ? 1 : 0);
    const units = [...new Set(group.map((fn) => fn.unit))].sort((a, b) => taken(a) - taken(b) || byCodeUnit(a, b));
    const first = group.filter((fn) => fn.unit === units[0]);
    const rest = group.filter((fn) => fn.unit !== units[0]);
    const partners = new Map<string, ServerlessFunction[]>();
    for (const other of rest) {
      const lone = first.length === 1 && rest.filter((fn) => fn.unit === other.unit).length === 1 ? first[0] : undefined;
      const partner = first.find((fn) => fn.name === other.name) ?? lone;
      if (partner) partners.set(partner.id, [...(partners.get(partner.id) ?? []), other]);
      else joined.push(other);
    }
    for (const fn of first) joined.push((partners.get(fn.id) ?? []).reduce(merge, fn));
  }
  return joined.sort((a, b) => byCodeUnit(a.id, b.id));
}

/**
 * A template that only builds: a program deploys the folder that `sam build` made of one of its functions. What is deployed is the program's; the
 * runtime, the time limit and the events of the template are for trying it out.
 */
function withoutBuilt(functions: readonly ServerlessFunction[]): readonly ServerlessFunction[] {
  const deployed = new Map<string, ServerlessFunction>();
  for (const fn of functions) {
    const built = fn.packaging?.folder === undefined ? undefined : samBuiltFrom(fn.packaging.folder);
    if (built) deployed.set(`${built.home}\n${built.name}`, fn);
  }
  if (deployed.size === 0) return functions;
  return functions.filter((fn) => {
    const other = deployed.get(`${directory(fn.unit)}\n${fn.name}`);
    return other === undefined || other === fn || other.unit === fn.unit || handlerKey(other.handlers) !== handlerKey(fn.handlers);
  });
}

/**
 * A description of a service whose handlers lead nowhere (`serverless.yml` that a build copies beside its output) and a template above or below
 * it that declares every one of its functions by the same name: one service. Two functions at least, so that a name alone proves nothing.
 */
function joinCopies(functions: readonly ServerlessFunction[]): readonly ServerlessFunction[] {
  const units = new Map<string, ServerlessFunction[]>();
  for (const fn of functions) units.set(fn.unit, [...(units.get(fn.unit) ?? []), fn]);
  const joined = new Map<ServerlessFunction, ServerlessFunction | undefined>();
  for (const [unit, copies] of units) {
    if (copies.length < 2 || copies.some((fn) => fn.handlers.length > 0 || fn.foundBy !== 'infrastructure' || fn.platform !== 'aws')) continue;
    const originals = [...units].flatMap(([other, list]) => {
      const names = new Map(list.filter((fn) => fn.handlers.length > 0 && fn.platform === 'aws').map((fn) => [fn.name, fn]));
      return other !== unit && isWithin(unit, other) && copies.every((fn) => names.has(fn.name)) ? [names] : [];
    });
    const [only] = originals;
    if (originals.length !== 1 || only === undefined) continue;
    for (const copy of copies) {
      const original = only.get(copy.name);
      if (original === undefined || joined.has(original)) continue;
      // What is deployed says how; the copy only what for.
      joined.set(original, { ...original, triggers: mergeTriggers(original.triggers, copy.triggers), declaredAt: [...original.declaredAt, ...copy.declaredAt] });
      joined.set(copy, undefined);
    }
  }
  return joined.size === 0 ? functions : functions.flatMap((fn) => (joined.has(fn) ? joined.get(fn) ?? [] : [fn]));
}

/** Whether one of two units lies in the folder of the other, or below it. */
function isWithin(one: string, other: string): boolean {
  const [a, b] = [directory(one), directory(other)];
  return a === b || a === '' || b === '' || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/**
 * Code that stands in a template has no file of its own to tell that it is the same: a template that a service takes in declares a function at the
 * same place twice, a packaged copy beside its template under the same name with the same code. The unit that takes in, or that has the most
 * functions, speaks first.
 */
function joinInline(functions: readonly ServerlessFunction[]): readonly ServerlessFunction[] {
  const groups = new Map<string, ServerlessFunction[]>();
  const size = new Map<string, number>();
  for (const fn of functions) {
    size.set(fn.unit, (size.get(fn.unit) ?? 0) + 1);
    const place = fn.declaredAt[0];
    if (place === undefined || fn.packaging?.form !== 'inline' || fn.handlers.some((handler) => handler.kind !== 'inline')) continue;
    const { inlineCode } = fn.packaging;
    const keys = [`${place.file}\n${place.line}\n${place.column}\n${fn.name}`, ...(inlineCode === undefined ? [] : [`${directory(place.file)}\n\n${fn.name}\n${inlineCode}`])];
    const key = keys.find((one) => groups.has(one)) ?? keys[0] ?? '';
    const group = groups.get(key) ?? [];
    if (group.some((other) => other.unit === fn.unit)) continue;
    group.push(fn);
    for (const one of keys) groups.set(one, group);
  }
  const rank = (fn: ServerlessFunction): number => (fn.declaredAt[0]?.file === fn.unit ? 1 : 0);
  const joined = new Map<ServerlessFunction, ServerlessFunction | undefined>();
  for (const group of new Set(groups.values())) {
    const [first, ...rest] = [...group].sort((a, b) => rank(a) - rank(b) || (size.get(b.unit) ?? 0) - (size.get(a.unit) ?? 0) || byCodeUnit(a.unit, b.unit));
    if (first === undefined || rest.length === 0) continue;
    for (const other of rest) joined.set(other, undefined);
    joined.set(first, rest.reduce(merge, first));
  }
  return joined.size === 0 ? functions : functions.flatMap((fn) => (joined.has(fn) ? joined.get(fn) ?? [] : [fn]));
}

/**
 * A template that the CDK made of a program, kept beside it (`template.yaml` of `cdk synth`), declares the program's functions once more.
 * Its logical ids tell: the path of construct ids below the stack without signs, then eight hexadecimal digits (CDK, "Logical IDs", read 2026-11).
 */
function joinSynthesised(functions: readonly ServerlessFunction[]): readonly ServerlessFunction[] {
  const programs = new Map<string, ServerlessFunction[]>();
  for (const fn of functions) {
    const path = /\.[cm]?[jt]s$/.test(fn.unit) && fn.foundBy === 'infrastructure' && fn.handlers.length > 0 && fn.id.startsWith(`${fn.unit}#`) ? fn.id.slice(fn.unit.length + 1) : '';
    if (!path.includes('/')) continue;
    const key = `${path.slice(path.indexOf('/') + 1).replace(/[^A-Za-z0-9]/g, '')}\n${handlerKey(fn.handlers)}`;
    programs.set(key, [...(programs.get(key) ?? []), fn]);
  }
  if (programs.size === 0) return functions;
  const merged = new Map<ServerlessFunction, ServerlessFunction>();
  const gone = new Set<ServerlessFunction>();
  for (const fn of functions) {
    const stem = /\.(?:ya?ml|json|template)$/.test(fn.unit) ? /^([A-Za-z0-9]{1,240})[0-9A-F]{8}$/.exec(fn.name)?.[1] : undefined;
    if (stem === undefined) continue;
    const folder = directory(fn.unit);
    const source = (programs.get(`${stem}\n${handlerKey(fn.handlers)}`) ?? []).find((one) => folder === '' || one.unit.startsWith(`${folder}/`));
    if (source === undefined) continue;
    gone.add(fn);
    merged.set(source, merge(merged.get(source) ?? source, fn));
  }
  return gone.size === 0 ? functions : functions.flatMap((fn) => (gone.has(fn) ? [] : [merged.get(fn) ?? fn]));
}

/** The first declaration's settings hold; the other fills in what the first leaves open. */
function merge(a: ServerlessFunction, b: ServerlessFunction): ServerlessFunction {
  return {
    ...b, ...a,
    triggers: mergeTriggers(a.triggers, b.triggers),
    declaredAt: [...a.declaredAt, ...b.declaredAt.filter((place) => !a.declaredAt.some((one) => isSame(one, place)))],
    environment: new Map([...b.environment, ...a.environment]),
    layers: a.layers.length > 0 ? a.layers : b.layers,
    mounts: [...new Set([...a.mounts, ...b.mounts])],
    destinations: a.destinations.length > 0 ? a.destinations : b.destinations,
  };
}

/** Both formats describe one deployment: a kind of trigger that the first one has is not repeated. */
function mergeTriggers(a: readonly Trigger[], b: readonly Trigger[]): readonly Trigger[] {
  const kinds = new Set(a.map((trigger) => trigger.kind));
  return [...a, ...b.filter((trigger) => !kinds.has(trigger.kind))];
}
