import type { TSESTree } from '@typescript-eslint/types';
import { around, isFunction, source, type Node, type Tree } from '../tree.ts';
import type { Rewrite } from './kit.ts';

/** Stands in front of new names, so that they can be told from old ones in messages. */
export const prefix = 'q9';

const isShorthand = (node: Node): boolean => {
  const parent = node.parent?.type === 'AssignmentPattern' && node.parent.left === node ? node.parent.parent : node.parent;
  return parent?.type === 'Property' && parent.shorthand;
};

/** Variables and parameters get other names. */
export const renameLocals: Rewrite = {
  id: 'rename', title: 'rename variables and parameters',
  apply(tree, edits) {
    for (const scope of tree.scopes.scopes) {
      for (const variable of scope.variables) {
        const [def] = variable.defs;
        if (!def || (def.type !== 'Variable' && def.type !== 'Parameter') || variable.name === 'this') continue;
        const places = new Map<number, Node>();
        for (const one of variable.identifiers) places.set(one.range[0], one);
        for (const reference of variable.references) places.set(reference.identifier.range[0], reference.identifier);
        const nodes = [...places.values()];
        if (nodes.some((node) => node.type !== 'Identifier' || node.parent?.type === 'TSParameterProperty' || node.parent?.parent?.type === 'TSParameterProperty' || isExported(node))) continue;
        if (variable.defs.some((item) => item.name.type === 'Identifier' && item.node.type === 'VariableDeclarator' && item.node.parent.type === 'VariableDeclaration' && item.node.parent.parent.type === 'ExportNamedDeclaration')) continue;
        for (const node of nodes) edits.insert(node.range[0], isShorthand(node) ? `${variable.name}: ${prefix}` : prefix);
      }
    }
    return undefined;
  },
};

const isExported = (node: Node): boolean => node.parent?.type === 'ExportSpecifier' || node.parent?.type === 'TSModuleDeclaration' || node.parent?.type === 'TSTypePredicate';

const isText = (node: Node): node is TSESTree.StringLiteral | TSESTree.NumberLiteral => node.type === 'Literal' && (typeof node.value === 'string' || typeof node.value === 'number');

/** Where new declarations of a file go: after directives, in front of everything else. */
export function head(tree: Tree): number {
  const first = tree.program.body.find((item) => !(item.type === 'ExpressionStatement' && typeof item.directive === 'string'));
  return first?.range[0] ?? tree.text.length;
}

/** Constants in calls get names. */
export const extractConstant: Rewrite = {
  id: 'extract', title: 'extract a constant',
  apply(tree, edits) {
    const declared: string[] = [];
    for (const node of tree.nodes) {
      if (!isText(node) || !around(node) || declared.length >= 20) continue;
      const { parent } = node;
      const inCall = (parent.type === 'CallExpression' || parent.type === 'NewExpression') && parent.arguments.includes(node);
      const inObject = parent.type === 'Property' && parent.value === node && parent.parent.type === 'ObjectExpression' && (parent.parent.parent.type === 'CallExpression' || parent.parent.parent.type === 'NewExpression');
      if ((!inCall && !inObject) || (inCall && parent.type === 'CallExpression' && parent.callee.type === 'Identifier' && parent.callee.name === 'require')) continue;
      const name = `${prefix}Constant${declared.length}`;
      declared.push(`const ${name} = ${source(tree, node)};\n`);
      edits.replace(node.range[0], node.range[1], name);
    }
    if (declared.length > 0) edits.insert(head(tree), declared.join(''));
    return undefined;
  },
};

/** Names of constants are replaced by what they stand for. */
export const inlineConstant: Rewrite = {
  id: 'inline', title: 'inline a constant',
  apply(tree, edits) {
    for (const scope of tree.scopes.scopes) {
      for (const variable of scope.variables) {
        const [def] = variable.defs;
        if (variable.defs.length !== 1 || def?.node.type !== 'VariableDeclarator' || def.node.id.type !== 'Identifier' || def.node.parent.kind !== 'const' || !def.node.init || !isText(def.node.init)) continue;
        const text = source(tree, def.node.init);
        for (const { identifier, init } of variable.references) {
          const { parent } = identifier;
          if (init === true || !parent || identifier.type !== 'Identifier' || parent.type === 'ExportSpecifier' || parent.type.startsWith('TSType') || (parent.type === 'ExportDefaultDeclaration')) continue;
          const isObject = parent.type === 'MemberExpression' && parent.object === identifier;
          edits.replace(identifier.range[0], identifier.range[1], isShorthand(identifier) ? `${variable.name}: ${text}` : isObject ? `(${text})` : text);
        }
      }
    }
    return undefined;
  },
};

/** `const { a } = b` for `const a = b.a` and the other way round, and parameters that are taken apart in the body. */
export const destructure: Rewrite = {
  id: 'destructure', title: 'destructuring or member access',
  apply(tree, edits) {
    let count = 0;
    for (const node of tree.nodes) {
      if (isFunction(node) && node.body?.type === 'BlockStatement') {
        const { body } = node;
        for (const param of node.params) {
          if (param.type !== 'ObjectPattern') continue;
          const parts = simpleParts(tree, param);
          if (!parts) continue;
          const name = `${prefix}given${count++}`;
          edits.replace(param.range[0], param.typeAnnotation?.range[0] ?? param.range[1], name);
          edits.insert(body.range[0] + 1, parts.map(([key, local]) => ` const ${local} = ${name}.${key};`).join(''));
        }
      }
      if (node.type !== 'VariableDeclaration' || node.declarations.length !== 1 || /^For/.test(node.parent.type) || node.declare) continue;
      const { id, init } = node.declarations[0];
      if (!init) continue;
      if (id.type === 'ObjectPattern' && !id.typeAnnotation) {
        const parts = simpleParts(tree, id);
        if (!parts || parts.length === 0) continue;
        const isPlain = init.type === 'Identifier' || init.type === 'ThisExpression';
        if (!isPlain && node.parent.type === 'ExportNamedDeclaration') continue;
        const object = isPlain ? source(tree, init) : `${prefix}whole${count++}`;
        const list = parts.map(([key, local]) => `${local} = ${object}.${key}`).join(', ');
        if (isPlain) edits.replace(id.range[0], init.range[1], list);
        else { edits.replace(id.range[0], id.range[1], object); edits.insert(node.declarations[0].range[1], `, ${list}`); }
      } else if (id.type === 'Identifier' && !id.typeAnnotation && init.type === 'MemberExpression' && !init.computed && !init.optional && init.property.type === 'Identifier' && init.object.type !== 'Super') {
        edits.replace(id.range[0], id.range[1], `{ ${init.property.name === id.name ? id.name : `${init.property.name}: ${id.name}`} }`);
        edits.remove(init.object.range[1], init.range[1]);
      }
    }
    return undefined;
  },
};

/** Keys and local names of a pattern without defaults, rest or nesting. */
function simpleParts(tree: Tree, pattern: TSESTree.ObjectPattern): readonly (readonly [string, string])[] | undefined {
  const parts: [string, string][] = [];
  for (const property of pattern.properties) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier' || property.value.type !== 'Identifier') return undefined;
    parts.push([property.key.name, source(tree, property.value)]);
  }
  return parts;
}
