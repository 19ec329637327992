import { providerGlobals, providerOf, providerTypes, type Provider } from '../../catalog/providers.ts';
import type { Expr, ModuleFacts, TypeRef } from '../../model/facts.ts';
import type { TextRange } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import { walk } from '../walk.ts';

/** A place where a module speaks a provider's API. */
export interface ProviderUse extends TextRange {
  readonly provider: Provider;
  /** The package, type or global. */
  readonly name: string;
}

/** How a function's own modules depend on a provider. */
export interface Portability {
  /** Files that a cold start evaluates or an invocation runs, sorted. */
  readonly modules: readonly { readonly file: string; readonly characters: number; readonly providers: readonly Provider[]; readonly packages: readonly string[] }[];
  /** Part of the code, by its characters, that speaks no provider's API: 0 to 1; 1 for no code at all. */
  readonly portableShare: number;
}

const kept = new WeakMap<ModuleFacts, readonly ProviderUse[]>();

/** Where a module speaks a provider's API, by imports (also of types only), declared types and globals; in source order, each name once. */
export function providerUses(facts: ModuleFacts): readonly ProviderUse[] {
  let found = kept.get(facts);
  if (!found) {
    found = collect(facts);
    kept.set(facts, found);
  }
  return found;
}

function collect(facts: ModuleFacts): readonly ProviderUse[] {
  const found = new Map<string, ProviderUse>();
  const add = (name: string, provider: Provider | undefined, { start, end }: TextRange): void => {
    const known = found.get(name);
    if (provider !== undefined && (!known || start < known.start)) found.set(name, { provider, name, start, end });
  };
  for (const one of facts.imports) add(one.source, providerOf(one.source), one);
  const types = (type: TypeRef | undefined, at: TextRange, depth = 0): void => {
    if (!type || depth > 4) return;
    add(type.name, providerTypes.get(type.name), at);
    for (const inner of type.args) types(inner, at, depth + 1);
  };
  // A name that the file declares itself is not the runtime's.
  const own = new Set([...facts.types.map((type) => type.name), ...facts.classes.map((cls) => cls.name), ...facts.bindings.filter((one) => one.kind === 'import').map((one) => one.name)]);
  for (const binding of facts.bindings) if (binding.type && !own.has(binding.type.name)) types(binding.type, binding);
  const wanted = facts.globals.filter((name) => providerGlobals.has(name));
  if (wanted.length > 0) {
    const visit = (roots: readonly Expr[] | ModuleFacts['functions'][number]['body']): void => {
      walk(roots, (item) => { if (item.kind === 'global') add(item.name, providerGlobals.get(item.name), item); });
    };
    for (const fn of facts.functions) visit(fn.body);
  }
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Files of the repository that are a function's code, sorted. */
export function modulesOf(view: FunctionView): readonly string[] {
  return [...new Set([...view.files(), ...view.bodies().map((body) => body.file)])].sort();
}

export function portabilityOf(view: FunctionView): Portability {
  const modules = modulesOf(view).flatMap((file) => {
    const facts = view.project.facts(file);
    if (!facts) return [];
    const uses = providerUses(facts);
    return [{ file, characters: facts.length, providers: [...new Set(uses.map((use) => use.provider))].sort(), packages: [...new Set(uses.map((use) => use.name))].sort() }];
  });
  const all = modules.reduce((sum, one) => sum + one.characters, 0);
  const tied = modules.reduce((sum, one) => sum + (one.providers.length > 0 ? one.characters : 0), 0);
  return { modules, portableShare: all === 0 ? 1 : (all - tied) / all };
}

/** Whether a file lies in one of the folders, or matches one of the patterns (`*` within a folder, `**` across). */
export function liesIn(file: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const plain = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
    if (plain === '') return false;
    if (!plain.includes('*')) return file === plain || file.startsWith(`${plain}/`);
    return matches(plain.split('/'), file.split('/'));
  });
}

/** Segment by segment; what is left of the path once the pattern is used up lies below it. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  // Positions in the pattern that the path so far can have led to.
  let open = new Set([0]);
  const spread = (at: number, into: Set<number>): void => {
    into.add(at);
    if (pattern[at] === '**') spread(at + 1, into);
  };
  const start = new Set<number>();
  for (const at of open) spread(at, start);
  open = start;
  for (const segment of path) {
    if (open.has(pattern.length)) return true;
    const next = new Set<number>();
    for (const at of open) {
      const wanted = pattern[at];
      if (wanted === undefined) continue;
      if (wanted === '**') spread(at, next);
      else if (fits(wanted, segment)) spread(at + 1, next);
    }
    open = next;
  }
  return open.has(pattern.length);
}

/** `*` stands for any part of a name. */
function fits(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  const [head = '', ...rest] = pieces;
  const tail = rest.pop();
  if (tail === undefined) return pattern === name;
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  let at = head.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > name.length - tail.length) return false;
    at = found + piece.length;
  }
  return true;
}
