import type { Located, Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { isNothing } from './cloudformation-values.ts';
import type { DocNode } from './document.ts';

/**
 * Properties of one function with SAM's `Globals` behind them: a scalar of the resource wins, maps are merged key by key,
 * lists are the global items followed by the resource's (SAM specification, "Globals section", read 2026-11).
 */
export class FunctionProperties {
  readonly template: Template;
  readonly resource: TemplateResource;
  readonly #globals: DocNode | undefined;

  constructor(template: Template, resource: TemplateResource, globals: DocNode | undefined) {
    this.template = template;
    this.resource = resource;
    this.#globals = globals;
  }

  /** The node that counts for a scalar or a whole property. */
  node(name: string): DocNode | undefined {
    return this.resource.properties?.get(name) ?? this.#globals?.get(name);
  }

  /** Place of the property where it is written, else of the function. */
  location(name: string): Location {
    const own = this.resource.properties;
    if (own?.get(name)) return own.keyLocation(name);
    return this.#globals?.get(name) ? this.#globals.keyLocation(name) : this.resource.location;
  }

  text(name: string): string | undefined {
    return this.template.text(this.node(name));
  }

  number(name: string): Located<number> | undefined {
    const value = this.template.number(this.node(name));
    return value === undefined ? undefined : { value, location: this.location(name) };
  }

  /** A number inside a property that is a map; the resource's own wins. */
  below(name: string, field: string): Located<number> | undefined {
    for (const level of [this.resource.properties, this.#globals]) {
      const holder = level?.get(name);
      const value = this.template.number(holder?.get(field));
      if (holder && value !== undefined) return { value, location: holder.keyLocation(field) };
    }
    return undefined;
  }

  /** Declared value, `undefined` where there is none. */
  value(name: string): Value | undefined {
    const node = this.node(name);
    const value = node && this.template.value(node);
    return value && !isNothing(value) ? value : undefined;
  }

  /** Entries of a map at a path of keys, global ones first. */
  entries(...path: readonly string[]): ReadonlyMap<string, DocNode> {
    const merged = new Map<string, DocNode>();
    for (const level of [this.#globals, this.resource.properties]) {
      for (const [name, node] of level?.at(...path)?.entries ?? []) merged.set(name, node);
    }
    return merged;
  }

  /** Items of a list, global ones first. */
  items(name: string): readonly DocNode[] {
    return [...(this.#globals?.get(name)?.items ?? []), ...(this.resource.properties?.get(name)?.items ?? [])];
  }
}
