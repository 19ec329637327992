import type { TSESTree } from '@typescript-eslint/types';
import { source, type Node, type Tree } from '../tree.ts';
import type { Rewrite } from './kit.ts';

const isString = (node: Node): node is TSESTree.StringLiteral => node.type === 'Literal' && typeof node.value === 'string';

/** Parentheses that change nothing. */
export const parentheses: Rewrite = {
  id: 'parentheses', title: 'redundant parentheses',
  apply(tree, edits) {
    const wrap = (node: Node | null | undefined): void => { if (node && node.type !== 'SpreadElement' && !node.type.startsWith('JSX')) edits.wrap(node, '(', ')'); };
    for (const node of tree.nodes) {
      if (node.type === 'VariableDeclarator') wrap(node.init);
      if (node.type === 'CallExpression' || node.type === 'NewExpression') {
        const isImport = node.callee.type === 'Identifier' && node.callee.name === 'require';
        if (!isImport) node.arguments.forEach(wrap);
      }
      if (node.type === 'AwaitExpression') wrap(node.argument);
      if (node.type === 'ReturnStatement') wrap(node.argument);
      if (node.type === 'AssignmentExpression') wrap(node.right);
      if (node.type === 'BinaryExpression') wrap(node.right);
      if (node.type === 'Property' && node.parent.type === 'ObjectExpression' && !node.shorthand && !node.method && node.kind === 'init') wrap(node.value);
      if (node.type === 'IfStatement' || node.type === 'WhileStatement') wrap(node.test);
    }
    return undefined;
  },
};

/** Texts put together with `+` instead of a template, and the other way round. */
export const templates: Rewrite = {
  id: 'template', title: 'template or concatenation',
  apply(tree, edits) {
    for (const node of tree.nodes) {
      if (node.type === 'TemplateLiteral' && node.parent.type !== 'TaggedTemplateExpression' && node.parent.type !== 'ImportExpression' && node.expressions.length > 0) {
        const parts = node.quasis.flatMap((quasi, index) => [JSON.stringify(quasi.value.cooked ?? ''), node.expressions[index] ? `(${source(tree, node.expressions[index])})` : undefined].filter((part) => part !== undefined));
        edits.replace(node.range[0], node.range[1], `(${parts.join(' + ')})`);
      } else if (node.type === 'BinaryExpression' && node.operator === '+' && !(node.parent.type === 'BinaryExpression' && node.parent.operator === '+' && node.parent.left === node)) {
        const leaves: Node[] = [];
        let left: Node = node;
        while (left.type === 'BinaryExpression' && left.operator === '+') { leaves.unshift(left.right); left = left.left; }
        leaves.unshift(left);
        if (!leaves[0] || !isString(leaves[0]) || leaves.every(isString) || leaves.some((leaf) => isString(leaf) && /[`$\\\n]/.test(leaf.value))) continue;
        edits.replace(node.range[0], node.range[1], `\`${leaves.map((leaf) => (isString(leaf) ? leaf.value : `\${${source(tree, leaf)}}`)).join('')}\``);
      }
    }
    return undefined;
  },
};

/** Other quotes, comments and empty lines between statements. */
export const format: Rewrite = {
  id: 'format', title: 'quotes and formatting',
  apply(tree, edits) {
    for (const node of tree.nodes) {
      if (isString(node) && node.parent.type !== 'JSXAttribute') {
        const text = source(tree, node);
        const inner = text.slice(1, -1);
        if (!/['"\\\n]/.test(inner)) edits.replace(node.range[0], node.range[1], text.startsWith("'") ? `"${inner}"` : `'${inner}'`);
      }
      if ((node.type === 'BlockStatement' || node.type === 'Program') && node.parent?.type !== 'ArrowFunctionExpression') for (const item of node.body) if (!(item.type === 'ExpressionStatement' && typeof item.directive === 'string') && isOwnLine(tree, item)) edits.insert(item.range[0], '/* next */\n\n\t');
    }
    return undefined;
  },
};

/** First on its line, and no comment in front of it that speaks of it. */
function isOwnLine(tree: Tree, node: Node): boolean {
  const start = tree.text.lastIndexOf('\n', node.range[0] - 1) + 1;
  return tree.text.slice(start, node.range[0]).trim() === '' && !/(?:\*\/|^\s*\/\/[^\n]*)\s*$/.test(tree.text.slice(tree.text.lastIndexOf('\n', start - 2) + 1, start));
}
