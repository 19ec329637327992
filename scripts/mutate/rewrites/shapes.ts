import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, own, source, type FunctionNode, type Node, type Tree } from '../tree.ts';
import { assemble, type Piece, type Rewrite } from './kit.ts';

/** What a function that is no arrow binds anew. */
const bindsNothing = (tree: Tree, fn: FunctionNode): boolean => own(tree, fn, true).every((node) => node.type !== 'ThisExpression' && node.type !== 'Super' && node.type !== 'MetaProperty' && !(node.type === 'Identifier' && node.name === 'arguments'));

/** Between the parameters and the body. */
function arrowAt(tree: Tree, fn: TSESTree.ArrowFunctionExpression): number {
  const from = fn.returnType?.range[1] ?? fn.params.at(-1)?.range[1] ?? fn.range[0];
  return tree.text.indexOf('=>', from);
}

/** Arrow functions for functions and the other way round, where neither `this` nor `arguments` tells them apart. */
export const arrowFunction: Rewrite = {
  id: 'arrow', title: 'arrow function or function',
  apply(tree, edits) {
    for (const node of tree.nodes) {
      if (!isFunction(node) || !node.body || !bindsNothing(tree, node)) continue;
      if (node.type === 'ArrowFunctionExpression') {
        const arrow = arrowAt(tree, node);
        if (node.parent.type === 'PropertyDefinition' || arrow < 0 || arrow > node.body.range[0]) continue;
        const [param] = node.params;
        const isBare = node.params.length === 1 && param && !tree.text.slice(node.range[0], param.range[0]).includes('(');
        if (node.async) edits.replace(node.range[0], node.range[0] + 'async'.length, 'async function ');
        else edits.insert(node.range[0], 'function ');
        if (isBare) edits.wrap(param, '(', ')');
        if (node.body.type === 'BlockStatement') edits.remove(arrow, arrow + 2);
        else { edits.replace(arrow, arrow + 2, '{ return ('); edits.wrap({ range: [arrow + 2, node.range[1]] }, '', '); }'); }
      } else if (node.type === 'FunctionExpression' && !node.generator && (node.id === null || node.id === undefined) && mayBeArrow(node)) {
        const start = tree.text.indexOf('function', node.range[0]);
        edits.remove(start, start + 'function'.length);
        edits.insert(node.body.range[0], '=> ');
      } else if (node.type === 'FunctionDeclaration' && node.id && !node.generator && node.parent.type === 'ExportNamedDeclaration' && !isUsedAtInit(tree, node)) {
        const start = tree.text.indexOf('function', node.range[0]);
        edits.replace(node.range[0], node.id.range[1], `const ${node.id.name} = ${node.async ? 'async ' : ''}`);
        if (start < 0) continue;
        edits.insert(node.body.range[0], '=> ');
        edits.insert(node.range[1], ';');
      }
    }
    return undefined;
  },
};

function mayBeArrow(node: TSESTree.FunctionExpression): boolean {
  const { parent } = node;
  if (parent.type === 'VariableDeclarator' || parent.type === 'ReturnStatement') return true;
  if (parent.type === 'AssignmentExpression') return parent.right === node;
  if (parent.type === 'Property') return !parent.method && parent.kind === 'init';
  return (parent.type === 'CallExpression' || parent.type === 'NewExpression') && parent.callee !== node;
}

/** Whether a module names a function of its own outside all functions, or has several of the name. */
function isUsedAtInit(tree: Tree, node: TSESTree.FunctionDeclaration): boolean {
  const variable = tree.scopes.getDeclaredVariables(node).find((one) => one.name === node.id?.name);
  if (!variable || variable.defs.length !== 1) return true;
  return variable.references.some(({ identifier }) => { for (let up: Node | undefined = identifier.parent; up; up = up.parent) if (isFunction(up)) return false; return true; });
}

/** `x => e` for `x => { return e; }` and the other way round. */
export const blockBody: Rewrite = {
  id: 'block', title: 'block or expression as the body of an arrow function',
  apply(tree, edits) {
    for (const node of tree.nodes) {
      if (node.type !== 'ArrowFunctionExpression') continue;
      const { body } = node;
      const arrow = arrowAt(tree, node);
      if (arrow < 0 || arrow > body.range[0]) continue;
      if (body.type !== 'BlockStatement') { edits.insert(arrow + 2, ' { return ('); edits.wrap({ range: [arrow + 2, node.range[1]] }, '', '); }'); continue; }
      const [only] = body.body;
      if (body.body.length !== 1 || only?.type !== 'ReturnStatement' || !only.argument || isInCall(node)) continue;
      edits.replace(body.range[0], only.argument.range[0], '(');
      edits.replace(only.argument.range[1], body.range[1], ')');
    }
    return undefined;
  },
};

/** `f(() => {…})()`: what is called at once. */
const isInCall = (node: Node): boolean => node.parent?.type === 'CallExpression' && node.parent.callee === node;

/** The rest of a function waits in `then` instead of after `await`, and the other way round. */
export const awaitThen: Rewrite = {
  id: 'await', title: 'await or then',
  apply(tree, edits) {
    for (const fn of tree.nodes) {
      if (!isFunction(fn) || !fn.async || fn.generator || fn.body?.type !== 'BlockStatement') continue;
      const statements = fn.body.body;
      const index = statements.findIndex((one) => waited(one) !== undefined);
      const statement = statements[index];
      const rest = statements.slice(index + 1);
      if (!statement || rest.some((one) => one.type === 'FunctionDeclaration' || (one.type === 'VariableDeclaration' && one.kind === 'var'))) continue;
      const call = waited(statement);
      if (!call || own(tree, fn, true).some((node) => node.type === 'Identifier' && node.name === 'arguments') || statements.some((one) => one.type === 'VariableDeclaration' && one.kind === 'var')) continue;
      const given = statement.type === 'VariableDeclaration' ? source(tree, statement.declarations[0].id) : '';
      if (!edits.isUntouched(statement.range[0], fn.body.range[1])) continue;
      edits.replace(statement.range[0], call.range[0], 'return ');
      edits.replace(call.range[1], statement.range[1], `.then(async (${given}) => {`);
      edits.insert(fn.body.range[1] - 1, '});\n');
    }
    for (const node of tree.nodes) {
      if (node.type !== 'ReturnStatement' || node.argument?.type !== 'CallExpression' || node.argument.arguments.length !== 1 || node.parent.type !== 'BlockStatement') continue;
      const { callee, arguments: [callback] } = node.argument;
      const fn = node.parent.parent;
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.property.name !== 'then' || callee.optional || callback?.type !== 'ArrowFunctionExpression' || callback.body.type === 'BlockStatement' || callback.async) continue;
      const [param] = callback.params;
      if (!isFunction(fn) || !fn.async || param?.type !== 'Identifier' || callback.params.length !== 1 || !edits.isUntouched(node.range[0], node.range[1])) continue;
      if (own(tree, fn, false).some((one) => one.type === 'Identifier' && one.name === param.name)) continue;
      edits.replace(node.range[0], callee.object.range[0], `const ${source(tree, param)} = await `);
      edits.replace(callee.object.range[1], callback.body.range[0], '; return ');
      edits.replace(callback.body.range[1], node.range[1], ';');
    }
    return undefined;
  },
};

/** The call that a statement waits for. */
function waited(statement: Node): Node | undefined {
  const expression = statement.type === 'ExpressionStatement' ? statement.expression : statement.type === 'VariableDeclaration' && statement.declarations.length === 1 ? statement.declarations[0].init : undefined;
  if (statement.type === 'VariableDeclaration' && statement.kind === 'var') return undefined;
  return expression?.type === 'AwaitExpression' && expression.argument.type === 'CallExpression' ? expression.argument : undefined;
}

/** Functions and constants that need not stand in this order stand in the other. */
export const reorder: Rewrite = {
  id: 'reorder', title: 'reorder independent declarations',
  apply(tree) {
    const moves: (readonly Node[])[] = [];
    const hoisted = tree.program.body.filter((item) => (item.type === 'FunctionDeclaration' && item.body) || (item.type === 'ExportNamedDeclaration' && item.declaration?.type === 'FunctionDeclaration'));
    if (hoisted.length > 1) moves.push(hoisted);
    for (const node of tree.nodes) {
      if (node.type !== 'Program' && node.type !== 'BlockStatement') continue;
      let run: Node[] = [];
      for (const item of [...node.body, undefined]) {
        if (item && isStill(item)) { run.push(item); continue; }
        if (run.length > 1) moves.push(run);
        run = [];
      }
    }
    const flat = moves.filter((list, index) => !moves.some((other, at) => at < index && other.some((outer) => list.some((inner) => inner.range[0] >= outer.range[0] && inner.range[1] <= outer.range[1]))));
    if (flat.length === 0) return false;
    const slots = flat.flatMap((list) => list.map((node, index) => ({ at: node.range, put: (list[list.length - 1 - index] ?? node).range }))).sort((a, b) => a.at[0] - b.at[0]);
    const pieces: Piece[] = [];
    let from = 0;
    for (const { at, put } of slots) { pieces.push([from, at[0]], put); from = at[1]; }
    return assemble(tree.text, [...pieces, [from, tree.text.length]]);
  },
};

/** A constant that nothing is computed for. */
const isStill = (node: Node): boolean => node.type === 'VariableDeclaration' && node.kind === 'const' && node.declarations.every(({ id, init }) => id.type === 'Identifier' && (init?.type === 'Literal' || isFunction(init)));

/** The other branch first, under the opposite condition. */
export const invertIf: Rewrite = {
  id: 'invert', title: 'if and else the other way round',
  apply(tree) {
    const found = tree.nodes.filter((node): node is TSESTree.IfStatement => node.type === 'IfStatement' && node.alternate !== null && node.alternate !== undefined && node.parent.type !== 'IfStatement');
    const innermost = found.filter((node) => !found.some((other) => other !== node && other.range[0] >= node.range[0] && other.range[1] <= node.range[1]));
    if (innermost.length === 0) return false;
    const pieces: Piece[] = [];
    let from = 0;
    for (const { range, test, consequent, alternate } of innermost) {
      if (!alternate) continue;
      pieces.push([from, range[0]], [range[0], test.range[0]], '!(', test.range, ')', [test.range[1], consequent.range[0]], '{ ', alternate.range, ' } else { ', consequent.range, ' }');
      from = range[1];
    }
    return assemble(tree.text, [...pieces, [from, tree.text.length]]);
  },
};

/** Statements under `if`, `else` and loops get braces. */
export const braces: Rewrite = {
  id: 'braces', title: 'braces around single statements',
  apply(tree, edits) {
    for (const node of tree.nodes) {
      const bodies: (Node | null | undefined)[] = node.type === 'IfStatement' ? [node.consequent, node.alternate] : node.type === 'WhileStatement' || node.type === 'ForStatement' || node.type === 'ForOfStatement' || node.type === 'ForInStatement' || node.type === 'DoWhileStatement' ? [node.body] : [];
      for (const body of bodies) if (body && body.type !== 'BlockStatement') edits.wrap(body, '{ ', ' }');
    }
    return undefined;
  },
};

