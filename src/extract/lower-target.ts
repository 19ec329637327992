import type { Expr, GlobalExpr, MemberExpr, OpaqueExpr, PatternElement, RefExpr, Target } from '../model/facts.ts';
import { child, endOf, flag, list, nodes, startOf, text, unwrap, type Node } from './estree.ts';
import { lowerExpr } from './lower-expr.ts';
import { propertyName, type Lowering } from './lower.ts';

/** Lowers what stands on the left of an assignment, a declaration or a parameter. */
export function lowerTarget(low: Lowering, pattern: Node): Target {
  const node = unwrap(pattern);
  if (node.type === 'ObjectPattern' || node.type === 'ArrayPattern') {
    const elements: PatternElement[] = [];
    flatten(low, node, [], undefined, elements);
    return { kind: 'pattern', elements, start: startOf(node), end: endOf(node) };
  }
  if (node.type === 'AssignmentPattern' || node.type === 'RestElement') {
    const inner = child(node, node.type === 'RestElement' ? 'argument' : 'left');
    return inner ? lowerTarget(low, inner) : { kind: 'opaque', what: node.type, parts: [], start: startOf(node), end: endOf(node) };
  }
  return simple(low, node);
}

function simple(low: Lowering, node: Node): RefExpr | GlobalExpr | MemberExpr | OpaqueExpr {
  const expr = lowerExpr(low, node);
  if (expr.kind === 'ref' || expr.kind === 'global' || expr.kind === 'member' || expr.kind === 'opaque') return expr;
  return { kind: 'opaque', what: node.type, parts: [expr], start: startOf(node), end: endOf(node) };
}

function flatten(low: Lowering, pattern: Node, path: readonly string[], fallback: Expr | undefined, into: PatternElement[]): void {
  let node = unwrap(pattern);
  let init = fallback;
  if (node.type === 'AssignmentPattern') {
    const right = child(node, 'right');
    if (right) init = lowerExpr(low, right);
    node = unwrap(child(node, 'left') ?? node);
  }
  if (node.type === 'ObjectPattern') {
    for (const property of nodes(node, 'properties')) {
      if (property.type === 'RestElement' || property.type === 'ExperimentalRestProperty') {
        const argument = child(property, 'argument');
        if (argument) flatten(low, argument, [...path, '...'], undefined, into);
        continue;
      }
      const key = child(property, 'key');
      const value = child(property, 'value');
      const name = key ? propertyName(key, flag(property, 'computed')) : undefined;
      if (value) flatten(low, value, [...path, name ?? '*'], undefined, into);
    }
    return;
  }
  if (node.type === 'ArrayPattern') {
    list(node, 'elements').forEach((item, index) => {
      if (!item) return;
      if (item.type === 'RestElement') {
        const argument = child(item, 'argument');
        if (argument) flatten(low, argument, [...path, '...'], undefined, into);
      } else flatten(low, item, [...path, String(index)], undefined, into);
    });
    return;
  }
  if (node.type === 'Identifier' || node.type === 'MemberExpression') into.push({ path, target: simple(low, node), ...(init ? { default: init } : {}) });
  else if (text(node, 'type')) into.push({ path, target: { kind: 'opaque', what: node.type, parts: [], start: startOf(node), end: endOf(node) } });
}
