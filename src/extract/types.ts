import type { TypeRef } from '../model/facts.ts';
import { child, nodes, text, type Node } from './estree.ts';

/** Reduces a type annotation to names: enough to find the class or the platform type that it speaks of. */
export function typeRef(node: Node | undefined, depth = 0): TypeRef | undefined {
  if (!node || depth > 4) return undefined;
  const each = (key: string): TypeRef[] => nodes(node, key).flatMap((item) => typeRef(item, depth + 1) ?? []);
  switch (node.type) {
    case 'TSTypeAnnotation': return typeRef(child(node, 'typeAnnotation'), depth);
    case 'TSTypeReference': {
      const name = entityName(child(node, 'typeName'));
      const args = child(node, 'typeArguments') ?? child(node, 'typeParameters');
      return name ? { name, args: args ? nodes(args, 'params').flatMap((item) => typeRef(item, depth + 1) ?? []) : [] } : undefined;
    }
    case 'TSExpressionWithTypeArguments': case 'TSInterfaceHeritage': case 'TSClassImplements': {
      const name = entityName(child(node, 'expression'));
      return name ? { name, args: [] } : undefined;
    }
    case 'TSArrayType': { const item = typeRef(child(node, 'elementType'), depth + 1); return { name: 'Array', args: item ? [item] : [] }; }
    case 'TSUnionType': return { name: '|', args: each('types') };
    case 'TSIntersectionType': return { name: '&', args: each('types') };
    case 'TSTypeOperator': return typeRef(child(node, 'typeAnnotation'), depth);
    case 'TSTypeQuery': { const name = entityName(child(node, 'exprName')); return name ? { name: 'typeof', args: [{ name, args: [] }] } : undefined; }
    case 'TSFunctionType': return { name: '=>', args: [] };
    case 'TSTypeLiteral': return { name: '{}', args: [] };
    case 'TSStringKeyword': return { name: 'string', args: [] };
    case 'TSNumberKeyword': return { name: 'number', args: [] };
    case 'TSBooleanKeyword': return { name: 'boolean', args: [] };
    case 'TSLiteralType': return { name: 'literal', args: [] };
    default: return undefined;
  }
}

function entityName(node: Node | undefined): string | undefined {
  const parts: string[] = [];
  let current = node;
  while (current) {
    if (current.type === 'Identifier') { parts.unshift(text(current, 'name') ?? ''); return parts.join('.'); }
    if (current.type === 'TSQualifiedName') {
      const right = child(current, 'right');
      parts.unshift(right ? (text(right, 'name') ?? '') : '');
      current = child(current, 'left');
    } else if (current.type === 'MemberExpression') {
      const property = child(current, 'property');
      parts.unshift(property ? (text(property, 'name') ?? '') : '');
      current = child(current, 'object');
    } else return undefined;
  }
  return undefined;
}
