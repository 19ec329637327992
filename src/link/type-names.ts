import type { TypeRef } from '../model/facts.ts';
import { type ClassValue, type Value } from '../model/value.ts';
import type { Modules } from './modules.ts';
import { oneOf } from './values.ts';

type Named = { readonly kind: 'class'; readonly file: string; readonly cls: number } | { readonly kind: 'interface'; readonly file: string; readonly name: string } | { readonly kind: 'external'; readonly module: string; readonly path: readonly string[] };

/** Finds the class behind a declared type, by name: what constructor injection and typed fields need. */
export class TypeResolver {
  private readonly modules: Modules;
  /** The files of the deployed function, asked for each time that the answer rests on them. */
  private readonly universe: () => readonly string[];
  private implementers: Map<string, ClassValue[]> | undefined;

  constructor(modules: Modules, universe: () => readonly string[]) {
    this.modules = modules;
    this.universe = universe;
  }

  /** An instance of the class that the type names; of the one class reachable that implements the interface it names. */
  instance(file: string, type: TypeRef): Value | undefined {
    if (type.name === '|' || type.name === '&' || type.name === 'Promise' || type.name === 'Readonly' || type.name === 'Partial') {
      const named = type.args.flatMap((arg) => this.instance(file, arg) ?? []);
      return named.length === 1 ? named[0] : undefined;
    }
    const found = this.find(file, type.name, 0);
    if (!found) return undefined;
    if (found.kind === 'class') return { kind: 'instance', of: { kind: 'class', file: found.file, cls: found.cls }, args: [] };
    if (found.kind === 'external') return { kind: 'instance', of: { kind: 'external', module: found.module, path: found.path }, args: [] };
    const classes = this.implementing(found.file, found.name);
    return classes.length === 0 ? undefined : oneOf(classes.map((cls): Value => ({ kind: 'instance', of: cls, args: [] })));
  }

  /** What a type name means in a file. */
  find(file: string, name: string, depth: number): Named | undefined {
    const key = `${file}\0${name}`;
    if (this.modules.typeNames.has(key)) return this.modules.typeNames.get(key) as Named | undefined;
    const found = this.search(file, name, depth);
    // Beyond the depth that a search may go nothing is known, which must not be kept as an answer.
    if (depth === 0) this.modules.typeNames.set(key, found);
    return found;
  }

  private search(file: string, name: string, depth: number): Named | undefined {
    const facts = this.modules.facts(file);
    if (!facts || depth > 10) return undefined;
    const [first = name, ...rest] = name.split('.');
    const cls = facts.classes.find((item) => item.name === first && item.fn === 0);
    if (cls) return { kind: 'class', file, cls: cls.id };
    const type = facts.types.find((item) => item.name === first);
    if (type) {
      const target = type.form === 'alias' ? type.extends[0] : undefined;
      if (target && /^[A-Z]/.test(target.name) && target.name !== first) return this.find(file, target.name, depth + 1);
      return { kind: 'interface', file, name: first };
    }
    for (const item of facts.imports) {
      for (const imported of item.names) {
        if (facts.bindings[imported.binding]?.name !== first) continue;
        return this.through(file, item.source, imported.imported === '*' || imported.imported === '=' ? (rest.shift() ?? '*') : imported.imported, rest, depth + 1);
      }
    }
    return undefined;
  }

  private through(file: string, source: string, name: string, rest: readonly string[], depth: number): Named | undefined {
    const target = this.modules.resolve(file, source);
    if ('external' in target) return { kind: 'external', module: target.external, path: [name, ...rest] };
    if ('missing' in target || depth > 10) return undefined;
    const facts = this.modules.facts(target.file);
    for (const item of facts?.exports ?? []) {
      if (item.name === name && item.from) return this.through(target.file, item.from.source, item.from.imported, rest, depth + 1);
      if (item.name === name) {
        const local = item.binding !== undefined ? facts?.bindings[item.binding]?.name : item.value?.kind === 'class' ? facts?.classes[item.value.cls]?.name : item.value?.kind === 'ref' ? facts?.bindings[item.value.binding]?.name : name;
        return this.find(target.file, local ?? name, depth + 1);
      }
    }
    for (const item of facts?.exports ?? []) {
      if (item.name !== '*' || !item.from) continue;
      const found = this.through(target.file, item.from.source, name, rest, depth + 1);
      if (found && found.kind !== 'external') return found;
    }
    return undefined;
  }

  private implementing(file: string, name: string): readonly ClassValue[] {
    const files = this.universe();
    if (!this.implementers) {
      this.implementers = new Map();
      for (const source of files) {
        for (const cls of this.modules.facts(source)?.classes ?? []) {
          for (const type of cls.implements) {
            const found = this.find(source, type.name, 0);
            if (found?.kind !== 'interface') continue;
            const key = `${found.file}#${found.name}`;
            this.implementers.set(key, [...(this.implementers.get(key) ?? []), { kind: 'class', file: source, cls: cls.id }]);
          }
        }
      }
    }
    return this.implementers.get(`${file}#${name}`) ?? [];
  }
}
