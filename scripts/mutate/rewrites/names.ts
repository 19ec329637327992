import type { TSESTree } from '@typescript-eslint/types';
import { around, isFunction, source, type Node, type Tree } from '../tree.ts';
import type { Rewrite } from './kit.ts';

/** Stands in front of new names, so that they can be told from old ones in messages. */
export const prefix = 'q9_';

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
    const taken: { readonly node: Node; readonly at: number }[] = [];
    let length = 0;
    for (const node of tree.nodes) {
      if (!isText(node) || !around(node) || declared.length >= 20) continue;
      const { parent } = node;
      const inCall = (parent.type === 'CallExpression' || parent.type === 'NewExpression') && parent.arguments.includes(node);
      const inObject = parent.type === 'Property' && parent.value === node && parent.parent.type === 'ObjectExpression' && (parent.parent.parent.type === 'CallExpression' || parent.parent.parent.type === 'NewExpression');
      if ((!inCall && !inObject) || (inCall && parent.type === 'CallExpression' && parent.callee.type === 'Identifier' && parent.callee.name === 'require')) continue;
      const name = `${prefix}Constant${declared.length}`;
      if (!edits.replace(node.range[0], node.range[1], name)) continue;
      taken.push({ node, at: length + `const ${name} = `.length });
      declared.push(`const ${name} = ${source(tree, node)};\n`);
      length += declared.at(-1)?.length ?? 0;
    }
    if (declared.length === 0) return false;
    const start = head(tree);
    edits.insert(start, declared.join(''));
    const edited = edits.apply();
    return { text: edited.text, map: (offset) => { const one = taken.find(({ node }) => offset >= node.range[0] && offset < node.range[1]); return one ? edited.map(start) - length + one.at : edited.map(offset); } };
  },
};

/** A constant that is named once is written where it is named. */
export const inlineConstant: Rewrite = {
  id: 'inline', title: 'inline a constant',
  apply(tree, edits) {
    const moves: { readonly from: Node; readonly to: Node }[] = [];
    for (const scope of tree.scopes.scopes) {
      for (const variable of scope.variables) {
        const [def] = variable.defs;
        if (variable.defs.length !== 1 || def?.node.type !== 'VariableDeclarator' || def.node.id.type !== 'Identifier' || def.node.parent.type !== 'VariableDeclaration' || def.node.parent.kind !== 'const' || def.node.parent.declarations.length !== 1 || !def.node.init || !isText(def.node.init)) continue;
        const [reference, another] = variable.references.filter((one) => one.init !== true);
        const identifier = reference?.identifier;
        const parent = identifier?.parent;
        if (!identifier || another || !parent || identifier.type !== 'Identifier' || def.node.parent.parent.type === 'ExportNamedDeclaration' || parent.type === 'ExportSpecifier' || parent.type.startsWith('TSType') || parent.type === 'ExportDefaultDeclaration') continue;
        const text = source(tree, def.node.init);
        const isObject = parent.type === 'MemberExpression' && parent.object === identifier;
        edits.replace(identifier.range[0], identifier.range[1], isShorthand(identifier) ? `${variable.name}: ${text}` : isObject ? `(${text})` : text);
        edits.remove(def.node.parent.range[0], def.node.parent.range[1]);
        moves.push({ from: def.node.init, to: identifier });
      }
    }
    if (moves.length === 0) return false;
    const edited = edits.apply();
    return { text: edited.text, map: (offset) => { const move = moves.find(({ from }) => offset >= from.range[0] && offset < from.range[1]); return edited.map(move ? move.to.range[0] : offset); } };
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
