import type { Expr, Stmt, Target } from '../model/facts.ts';

/** Anything that stands in a function body. */
export type Item = Expr | Stmt | Target;

/** Parts of an item in source order. Bodies of nested functions and classes are not parts: they are functions of their own. */
export function parts(item: Item): readonly Item[] {
  switch (item.kind) {
    case 'template': case 'opaque': return item.parts;
    case 'member': return typeof item.property === 'string' ? [item.object] : [item.object, item.property];
    case 'call': case 'new': return [item.callee, ...item.args];
    case 'import': return [item.source];
    case 'object': return item.properties.flatMap((property) => (typeof property.key === 'object' ? [property.key, property.value] : [property.value]));
    case 'array': return item.items.filter((entry): entry is Expr => entry !== null);
    case 'spread': case 'unary': case 'await': return [item.of];
    case 'binary': case 'logical': return [item.left, item.right];
    case 'conditional': return [item.test, item.then, item.else];
    case 'assign': return [item.target, item.value];
    case 'yield': return item.of ? [item.of] : [];
    case 'sequence': return item.items;
    case 'pattern': return item.elements.flatMap((element) => (element.default ? [element.target, element.default] : [element.target]));
    case 'expr': return [item.expr];
    case 'declare': return item.value ? [item.value, item.target] : [item.target];
    case 'if': return [item.test, ...item.then, ...item.else];
    case 'switch': return [item.subject, ...item.cases.flatMap((entry): readonly Item[] => (entry.test ? [entry.test, ...entry.body] : entry.body))];
    case 'loop': return [...item.init, ...(item.iterable ? [item.iterable] : []), ...(item.target ? [item.target] : []), ...(item.test ? [item.test] : []), ...item.body, ...(item.update ? [item.update] : [])];
    case 'try': return [...item.block, ...(item.param ? [item.param] : []), ...(item.handler ?? []), ...(item.finalizer ?? [])];
    case 'return': return item.value ? [item.value] : [];
    case 'throw': return [item.value];
    case 'block': return item.body;
    default: return [];
  }
}

/**
 * Visits items depth first in source order, without recursion. `enter` gets the chain of enclosing items, outermost
 * first (a live array: copy it to keep it); returning false leaves the parts of that item out.
 */
export function walk(roots: readonly Item[], enter: (item: Item, ancestors: readonly Item[]) => boolean | void): void {
  const ancestors: Item[] = [];
  const stack: { readonly item: Item; readonly depth: number }[] = [];
  for (let index = roots.length - 1; index >= 0; index--) stack.push({ item: roots[index] as Item, depth: 0 });
  for (let next = stack.pop(); next; next = stack.pop()) {
    ancestors.length = next.depth;
    if (enter(next.item, ancestors) === false) continue;
    ancestors.push(next.item);
    const inner = parts(next.item);
    for (let index = inner.length - 1; index >= 0; index--) stack.push({ item: inner[index] as Item, depth: next.depth + 1 });
  }
}
