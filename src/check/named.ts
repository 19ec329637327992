import type { Infrastructure, ServerlessFunction } from '../model/function.ts';

const known = new WeakMap<Infrastructure, ReadonlyMap<string, readonly ServerlessFunction[]>>();

/** Functions of a name, in the order of their declaration: several units may use one name. A table, since every finding asks. */
export function functionsNamed(infrastructure: Infrastructure, name: string): readonly ServerlessFunction[] {
  let byName = known.get(infrastructure);
  if (!byName) {
    const found = new Map<string, ServerlessFunction[]>();
    for (const fn of infrastructure.functions) {
      const same = found.get(fn.name);
      if (same) same.push(fn); else found.set(fn.name, [fn]);
    }
    byName = found;
    known.set(infrastructure, byName);
  }
  return byName.get(name) ?? [];
}
