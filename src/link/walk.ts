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
  // `undefined` stands behind the parts of an item: they are over, and it is no ancestor of what follows.
  const stack: (Item | undefined)[] = [];
  push(stack, roots);
  while (stack.length > 0) {
    const item = stack.pop();
    if (item === undefined) { ancestors.pop(); continue; }
    if (enter(item, ancestors) === false) continue;
    const before = stack.push(undefined);
    pushParts(stack, item);
    if (stack.length === before) stack.pop(); else ancestors.push(item);
  }
}

/** Puts items on a stack, the last one first. */
function push(stack: (Item | undefined)[], items: readonly (Item | null)[]): void {
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index];
    if (item) stack.push(item);
  }
}

/** Puts the parts of an item on a stack: what `parts` gives, last first, without a list of its own for each item of a program. */
function pushParts(stack: (Item | undefined)[], item: Item): void {
  switch (item.kind) {
    case 'ref': case 'literal': case 'global': case 'this': case 'function': return;
    case 'member':
      if (typeof item.property !== 'string') stack.push(item.property);
      stack.push(item.object);
      return;
    case 'call': case 'new':
      push(stack, item.args);
      stack.push(item.callee);
      return;
    case 'expr': stack.push(item.expr); return;
    case 'spread': case 'unary': case 'await': stack.push(item.of); return;
    case 'binary': case 'logical': stack.push(item.right, item.left); return;
    case 'conditional': stack.push(item.else, item.then, item.test); return;
    case 'assign': stack.push(item.value, item.target); return;
    case 'declare':
      stack.push(item.target);
      if (item.value) stack.push(item.value);
      return;
    case 'return': if (item.value) stack.push(item.value); return;
    case 'object':
      for (let index = item.properties.length - 1; index >= 0; index--) {
        const property = item.properties[index];
        if (!property) continue;
        stack.push(property.value);
        if (typeof property.key === 'object') stack.push(property.key);
      }
      return;
    case 'if':
      push(stack, item.else);
      push(stack, item.then);
      stack.push(item.test);
      return;
    default: push(stack, parts(item));
  }
}
