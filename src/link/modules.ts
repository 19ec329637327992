import type { FactsLoader } from '../extract/load.ts';
import type { Specifiers } from '../extract/specifiers.ts';
import type { ExportFact, ImportFact, ModuleFacts } from '../model/facts.ts';
import type { Gap } from '../model/function.ts';
import type { AutoImports } from './auto-imports.ts';
import { indexModule, type ModuleIndex } from './module-index.ts';
import { SharedFrames } from './frame.ts';
import type { Resolution, Resolver } from './resolve.ts';

/** Names through which code reaches its environment variables. */
const processNames: ReadonlySet<string> = new Set(['process', 'globalThis', 'global', 'self', 'Deno', 'Bun']);

/** Where a name of a module leads in the end. */
export type Exported =
  | { readonly kind: 'local'; readonly file: string; readonly fact: ExportFact }
  | { readonly kind: 'namespace'; readonly file: string }
  | { readonly kind: 'external'; readonly module: string; readonly path: readonly string[] }
  | { readonly kind: 'missing'; readonly reason: string };

/** The modules that have been asked for, with their facts, look-ups and the links between them. */
export class Modules {
  private readonly loader: FactsLoader;
  private readonly resolver: Resolver | undefined;
  /** In the editor's view: what lies in the repository, beyond the open file. */
  private readonly outside: Resolver | undefined;
  private readonly automatic: AutoImports | undefined;
  private readonly indexes = new Map<string, ModuleIndex>();
  private readonly importNames = new Map<string, ReadonlyMap<number, { readonly source: string; readonly imported: string; readonly typeOnly: boolean }>>();
  private readonly closures = new Map<string, readonly string[]>();
  /** What type names mean, by file and name: the same for every function. */
  readonly typeNames = new Map<string, unknown>();
  readonly gaps = new Map<string, Gap>();
  /** Activations that are the same for every function, and what was worked out in them. */
  readonly shared = new SharedFrames();
  private readonly environmentReaders = new Map<string, boolean>();

  /** Without a resolver only the one module is known: what it imports from files is unknown (the editor's view). */
  constructor(loader: FactsLoader, resolver: Resolver | undefined, outside?: Resolver, automatic?: AutoImports) {
    this.loader = loader;
    this.automatic = automatic;
    this.outside = outside;
    this.resolver = resolver;
  }

  facts(file: string): ModuleFacts | undefined {
    const facts = this.loader.facts(file);
    return facts && this.automatic ? this.automatic.apply(facts) : facts;
  }

  text(file: string): string | undefined {
    return this.loader.text(file);
  }

  /** What a file loads, told from its text alone; `undefined` when there is no such source file. */
  specifiers(file: string): Specifiers | undefined {
    return this.loader.specifiers(file);
  }

  index(file: string): ModuleIndex | undefined {
    let index = this.indexes.get(file);
    if (!index) {
      const facts = this.facts(file);
      if (!facts) return undefined;
      index = indexModule(facts);
      this.indexes.set(file, index);
    }
    return index;
  }

  /** The folder of the package that a file belongs to; `undefined` in the editor's view. */
  packageOf(file: string): string | undefined {
    return this.resolver?.packageOf(file);
  }

  /** The name of the package that a file belongs to. */
  packageName(file: string): string | undefined {
    return this.resolver?.packageName(file);
  }

  resolve(from: string, source: string): Resolution {
    if (this.resolver) return this.resolver.resolve(from, source);
    const local = source.startsWith('.') || source.startsWith('/') || source.startsWith('#') || source.startsWith('~') || source.startsWith('@/');
    // A package of the repository is not what its name says elsewhere: its code is beyond the editor's view.
    const own = local || !('external' in (this.outside?.resolve(from, source) ?? { external: source }));
    return own ? { missing: 'outside the open file' } : { external: source.startsWith('node:') ? source.slice(5) : source };
  }

  /** Paths that the compiler is told to look a name up at; empty where it is not, or without a resolver. */
  mapped(from: string, source: string): readonly string[] {
    return (this.resolver ?? this.outside)?.mapped(from, source) ?? [];
  }

  /** Files that an import by a computed name may lead to; none in the editor's view. */
  matching(from: string, head: string, tail: string): readonly string[] {
    return this.resolver?.matching(from, head, tail) ?? [];
  }

  imported(file: string, binding: number): { readonly source: string; readonly imported: string; readonly typeOnly: boolean } | undefined {
    let names = this.importNames.get(file);
    if (!names) {
      const map = new Map<number, { source: string; imported: string; typeOnly: boolean }>();
      for (const item of this.facts(file)?.imports ?? []) for (const name of item.names) map.set(name.binding, { source: item.source, imported: name.imported, typeOnly: name.typeOnly });
      this.importNames.set(file, map);
      names = map;
    }
    return names.get(binding);
  }

  /** What `import { name } from source` in `file` gives, through re-exports. */
  lookup(file: string, source: string, name: string): Exported {
    const target = this.resolve(file, source);
    if ('external' in target) return { kind: 'external', module: target.external, path: name === '*' || name === '=' ? [] : [name] };
    if ('missing' in target) {
      this.gap(file, source, target.missing);
      return { kind: 'missing', reason: `import of ${source}` };
    }
    return this.exported(target.file, name, new Set());
  }

  exported(file: string, name: string, seen: Set<string>): Exported {
    const key = `${file}\0${name}`;
    if (seen.has(key) || seen.size > 200) return { kind: 'missing', reason: 'cyclic re-export' };
    seen.add(key);
    if (name === '*') return { kind: 'namespace', file };
    const facts = this.facts(file);
    if (!facts) return { kind: 'missing', reason: `module ${file} could not be read` };
    const own = facts.exports.filter((item) => !item.typeOnly);
    if (name === '=') {
      const whole = own.find((item) => item.name === '=');
      return whole ? { kind: 'local', file, fact: whole } : { kind: 'namespace', file };
    }
    // Of several CommonJS assignments to one name the last one stands.
    const direct = own.findLast((item) => item.name === name);
    if (direct) {
      if (!direct.from) return { kind: 'local', file, fact: direct };
      return this.follow(file, direct.from, seen);
    }
    for (const star of own) {
      if (star.name !== '*' || !star.from || name === 'default') continue;
      const found = this.follow(file, { source: star.from.source, imported: name }, seen);
      if (found.kind !== 'missing' && !(found.kind === 'external' && own.filter((item) => item.name === '*').length > 1)) return found;
    }
    // `import x from` a CommonJS module gives `module.exports`.
    const whole = own.find((item) => item.name === '=');
    if (name === 'default') return whole ? { kind: 'local', file, fact: whole } : own.some((item) => item.value) ? { kind: 'namespace', file } : { kind: 'missing', reason: `no default export in ${file}` };
    return whole ? { kind: 'local', file, fact: whole } : { kind: 'missing', reason: `no export ${name} in ${file}` };
  }

  private follow(file: string, from: { readonly source: string; readonly imported: string }, seen: Set<string>): Exported {
    const target = this.resolve(file, from.source);
    if ('external' in target) return { kind: 'external', module: target.external, path: from.imported === '*' ? [] : [from.imported] };
    if ('missing' in target) { this.gap(file, from.source, target.missing); return { kind: 'missing', reason: `import of ${from.source}` }; }
    return this.exported(target.file, from.imported, seen);
  }

  /** Files that evaluating a module evaluates too, itself first: static imports and re-exports, `require` at module level. */
  closure(file: string): readonly string[] {
    let files = this.closures.get(file);
    if (!files) {
      files = this.closureOf(file);
      this.closures.set(file, files);
    }
    return files;
  }

  private closureOf(file: string): readonly string[] {
    const seen = new Set([file]);
    const order = [file];
    for (let index = 0; index < order.length; index++) {
      const from = order[index] as string;
      for (const item of this.facts(from)?.imports ?? []) {
        if (item.typeOnly || item.form === 'dynamic' || item.fn !== 0) continue;
        const target = this.resolve(from, item.source);
        if ('file' in target && !seen.has(target.file) && this.facts(target.file)) { seen.add(target.file); order.push(target.file); }
        if ('missing' in target) this.gap(from, item.source, target.missing, item);
      }
    }
    return order;
  }

  /**
   * Whether a module, or one that it can load, mentions what differs from function to function: the process and the global
   * object. Type-only imports count for nothing.
   */
  readsEnvironment(file: string): boolean {
    const known = this.environmentReaders.get(file);
    if (known !== undefined) return known;
    const seen = new Set([file]);
    let found = false;
    for (const from of seen) {
      const facts = this.facts(from);
      if (!facts) continue;
      if (this.environmentReaders.get(from) === true || facts.globals.some((name) => processNames.has(name))) { found = true; break; }
      if (this.environmentReaders.get(from) === false) continue;
      for (const item of facts.imports) {
        if (item.typeOnly) continue;
        if (processNames.has(item.source.replace(/^node:/, ''))) { found = true; break; }
        const target = this.resolve(from, item.source);
        if ('file' in target) seen.add(target.file);
      }
      if (found) break;
      for (const item of facts.exports) {
        const target = item.from && !item.typeOnly ? this.resolve(from, item.from.source) : undefined;
        if (target && 'file' in target) seen.add(target.file);
      }
    }
    this.environmentReaders.set(file, found);
    // What a module without it can load is without it too.
    if (!found) for (const other of seen) this.environmentReaders.set(other, false);
    return found;
  }

  private gap(file: string, source: string, reason: string, item?: ImportFact): void {
    if (!this.resolver) return;
    const key = `${file}\0${source}`;
    if (this.gaps.has(key) && !item) return;
    const line = item ? lineOf(this.facts(file), item.start) : undefined;
    this.gaps.set(key, { kind: 'import', file, message: `import of '${source}' does not lead to a file of the repository${reason === source ? '' : ` (${reason})`}`, ...(line !== undefined ? { line } : {}) });
  }
}

/** 1-based line of an offset. */
export function lineOf(facts: ModuleFacts | undefined, offset: number): number | undefined {
  if (!facts) return undefined;
  let low = 0;
  let high = facts.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((facts.lineStarts[middle] as number) <= offset) low = middle; else high = middle - 1;
  }
  return low + 1;
}
