import { posix } from 'node:path';
import type { TSESTree } from '@typescript-eslint/types';
import { around, type Node, type Tree } from '../tree.ts';
import type { Rewrite, Surroundings } from './kit.ts';

const isRelative = (specifier: string): boolean => specifier.startsWith('.');

/** CommonJS for modules and the other way round. */
export const moduleSystem: Rewrite = {
  id: 'modules', title: 'modules or CommonJS',
  // A bundler leaves out what is not used of an `import`, and takes all of a `require`.
  concerns: ['no-heavy-import'],
  apply(tree, edits, surroundings) {
    if (/\.[cm][jt]s$/.test(tree.file)) return false;
    if (tree.isModule) return isPlainModule(tree) ? toCommonJs(tree, edits) : false;
    const parts = isPlainCommonJs(tree) ? exportsOf(tree) : undefined;
    return parts ? toModule(tree, edits, surroundings, parts) : false;
  },
};

// ------------------------------------------------------------- to CommonJS

function isPlainModule(tree: Tree): boolean {
  return tree.nodes.every((node) => {
    // What a container injects it finds by types, which `require` does not bring.
    if (node.type === 'Decorator') return false;
    if (node.type === 'AwaitExpression' || node.type === 'ForOfStatement') return around(node) !== undefined || (node.type === 'ForOfStatement' && !node.await);
    return node.type !== 'MetaProperty' && node.type !== 'TSExportAssignment' && node.type !== 'TSImportEqualsDeclaration' && !(node.type === 'ExportNamedDeclaration' && (node.declaration?.type === 'VariableDeclaration' && (node.declaration.kind !== 'const' || node.declaration.declarations.some((item) => item.id.type !== 'Identifier'))));
  });
}

function toCommonJs(tree: Tree, edits: Parameters<Rewrite['apply']>[1]): boolean | undefined {
  const late: string[] = [];
  for (const item of tree.program.body) {
    if (item.type === 'ImportDeclaration') {
      if (item.importKind === 'type') continue;
      edits.replace(item.range[0], item.range[1], required(tree, item));
    } else if (item.type === 'ExportNamedDeclaration' && item.exportKind !== 'type') {
      if (item.source) {
        const from = JSON.stringify(item.source.value);
        edits.replace(item.range[0], item.range[1], item.specifiers.map((one) => `exports.${nameOf(one.exported)} = require(${from}).${nameOf(one.local)};`).join(' '));
      } else if (item.declaration) {
        if (item.declaration.type.startsWith('TS')) continue;
        edits.remove(item.range[0], item.declaration.range[0]);
        const names = item.declaration.type === 'VariableDeclaration' ? item.declaration.declarations.map((one) => (one.id.type === 'Identifier' ? one.id.name : '')) : 'id' in item.declaration && item.declaration.id?.type === 'Identifier' ? [item.declaration.id.name] : [];
        edits.insert(item.range[1], names.map((name) => `\nexports.${name} = ${name};`).join(''));
      } else {
        late.push(...item.specifiers.filter((one) => one.exportKind !== 'type').map((one) => `exports.${nameOf(one.exported)} = ${nameOf(one.local)};`));
        edits.remove(item.range[0], item.range[1]);
      }
    } else if (item.type === 'ExportAllDeclaration' && item.exportKind !== 'type') {
      if (item.exported) edits.replace(item.range[0], item.range[1], `exports.${nameOf(item.exported)} = require(${JSON.stringify(item.source.value)});`);
      else edits.replace(item.range[0], item.range[1], `Object.assign(exports, require(${JSON.stringify(item.source.value)}));`);
    } else if (item.type === 'ExportDefaultDeclaration') {
      edits.replace(item.range[0], item.declaration.range[0], 'exports.default = ');
      if (!tree.text.slice(item.declaration.range[1], item.range[1]).includes(';')) edits.insert(item.range[1], ';');
    }
  }
  if (late.length > 0) edits.insert(tree.text.length, `\n${late.join('\n')}\n`);
  return undefined;
}

const nameOf = (node: TSESTree.Identifier | TSESTree.StringLiteral): string => (node.type === 'Identifier' ? node.name : node.value);

/** What is named as a type only is not loaded: TypeScript leaves such names out. */
export const isLoaded = (tree: Tree, specifier: Node): boolean => !tree.isTypeScript || (tree.scopes.getDeclaredVariables(specifier)[0]?.references.some((reference) => reference.isValueReference) ?? true);

function required(tree: Tree, item: TSESTree.ImportDeclaration): string {
  const call = `require(${JSON.stringify(item.source.value)})`;
  const lines: string[] = [];
  const named: string[] = [];
  for (const one of item.specifiers) {
    if (!isLoaded(tree, one)) continue;
    if (one.type === 'ImportDefaultSpecifier') lines.push(`const ${one.local.name} = ${call}${isRelative(item.source.value) ? '.default' : ''};`);
    else if (one.type === 'ImportNamespaceSpecifier') lines.push(`const ${one.local.name} = ${call};`);
    else if (one.importKind !== 'type') named.push(nameOf(one.imported) === one.local.name ? one.local.name : `${nameOf(one.imported)}: ${one.local.name}`);
  }
  if (named.length > 0) lines.push(`const { ${named.join(', ')} } = ${call};`);
  return item.specifiers.length === 0 ? `${call};` : lines.join(' ');
}

// ------------------------------------------------------------- to modules

interface Exports {
  /** `exports.name = value` statements. */
  readonly named: readonly { readonly name: string; readonly node: TSESTree.ExpressionStatement; readonly value: Node }[];
  /** `module.exports = value`. */
  readonly whole?: { readonly node: TSESTree.ExpressionStatement; readonly value: Node; readonly names: readonly (readonly [string, string])[] | undefined };
}

function isPlainCommonJs(tree: Tree): boolean {
  return tree.nodes.every((node) => {
    if (node.type === 'Identifier' && (node.name === '__dirname' || node.name === '__filename')) return false;
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return true;
    return taken(node) !== undefined || around(node) !== undefined;
  }) && tree.nodes.some((node) => node.type === 'Identifier' && (node.name === 'require' || node.name === 'exports')) && !tree.nodes.some((node) => node.type === 'ReturnStatement' && !around(node));
}

/** All that a file exports, where it does so in statements of its own at the top. */
function exportsOf(tree: Tree): Exports | undefined {
  const named: Exports['named'][number][] = [];
  let whole: Exports['whole'];
  const used = new Set<Node>();
  for (const item of tree.program.body) {
    if (item.type !== 'ExpressionStatement' || item.expression.type !== 'AssignmentExpression' || item.expression.operator !== '=') continue;
    const { left, right } = item.expression;
    if (left.type !== 'MemberExpression' || left.computed || left.property.type !== 'Identifier' || right.type === 'AssignmentExpression') continue;
    const isExports = (node: Node): boolean => (node.type === 'Identifier' && node.name === 'exports') || (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'module' && node.property.type === 'Identifier' && node.property.name === 'exports');
    if (isExports(left)) {
      if (whole) return undefined;
      whole = { node: item, value: right, names: listed(right) };
      used.add(left.object);
    } else if (isExports(left.object)) {
      named.push({ name: left.property.name, node: item, value: right });
      used.add(left.object.type === 'MemberExpression' ? left.object.object : left.object);
    }
  }
  for (const node of tree.nodes) if (node.type === 'Identifier' && (node.name === 'exports' || node.name === 'module') && !used.has(node) && !(node.parent.type === 'MemberExpression' && node.parent.property === node)) return undefined;
  if ((whole && named.length > 0) || new Set(named.map((one) => one.name)).size !== named.length) return undefined;
  return { named, ...(whole ? { whole } : {}) };
}

/** `{ a, b: c }` of names. */
function listed(value: Node): readonly (readonly [string, string])[] | undefined {
  if (value.type !== 'ObjectExpression') return undefined;
  const names: [string, string][] = [];
  for (const property of value.properties) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier' || property.value.type !== 'Identifier') return undefined;
    names.push([property.key.name, property.value.name]);
  }
  return names;
}

function toModule(tree: Tree, edits: Parameters<Rewrite['apply']>[1], surroundings: Surroundings, parts: Exports): boolean | undefined {
  // Its importers would find something else under the same name.
  if (parts.whole && !parts.whole.names && !surroundings.isEntry) return false;
  const declared = new Set(tree.scopes.scopes.filter((scope) => scope.type === 'module' || scope.type === 'global').flatMap((scope) => scope.variables.map((one) => one.name)));
  for (const { name, node, value } of parts.named) {
    if (value.type === 'Identifier' && declared.has(value.name)) edits.replace(node.range[0], node.range[1], `export { ${value.name === name ? name : `${value.name} as ${name}`} };`);
    else if (declared.has(name) || name === 'default') {
      edits.replace(node.range[0], value.range[0], `const q9${name} = `);
      edits.insert(node.range[1], ` export { q9${name} as ${name} };`);
    } else edits.replace(node.range[0], value.range[0], `export const ${name} = `);
  }
  if (parts.whole) {
    const { node, value, names } = parts.whole;
    if (names) edits.replace(node.range[0], node.range[1], `export { ${names.map(([name, local]) => (name === local ? name : `${local} as ${name}`)).join(', ')} };`);
    else edits.replace(node.range[0], value.range[0], 'export default ');
  }
  for (const node of tree.nodes) {
    const target = node.type === 'CallExpression' ? taken(node) : undefined;
    if (!target) continue;
    const { declaration, declarator, specifier, member } = target;
    const from = `from ${JSON.stringify(specifier)};`;
    const other = isRelative(specifier) ? surroundings.resolve(specifier) : undefined;
    const made = other && !other.isModule && surroundings.all && isPlainCommonJs(other) ? exportsOf(other) : undefined;
    const isNamespace = isRelative(specifier) && (other?.isModule === true || (made !== undefined && !(made.whole && !made.whole.names)));
    if (!declarator) { edits.replace(declaration.range[0], declaration.range[1], `import ${JSON.stringify(specifier)};`); continue; }
    const { id } = declarator;
    if (id.type === 'Identifier') edits.replace(declaration.range[0], declaration.range[1], member !== undefined ? `import { ${member === id.name ? member : `${member} as ${id.name}`} } ${from}` : isNamespace ? `import * as ${id.name} ${from}` : `import ${id.name} ${from}`);
    else {
      const names = id.type === 'ObjectPattern' ? id.properties.map((one) => (one.type === 'Property' && one.key.type === 'Identifier' && one.value.type === 'Identifier' ? (one.key.name === one.value.name ? one.key.name : `${one.key.name} as ${one.value.name}`) : undefined)) : [undefined];
      if (names.every((name) => name !== undefined)) edits.replace(declaration.range[0], declaration.range[1], `import { ${names.join(', ')} } ${from}`);
      else { edits.insert(declaration.range[0], `import q9module${declaration.range[0]} ${from} `); edits.replace(node.range[0], node.range[1], `q9module${declaration.range[0]}`); }
    }
  }
  return undefined;
}

/** A `require` that stands alone in a statement at the top. */
function taken(node: TSESTree.CallExpression): { readonly declaration: Node; readonly declarator: TSESTree.VariableDeclarator | undefined; readonly specifier: string; readonly member: string | undefined } | undefined {
  const [argument] = node.arguments;
  if (node.callee.type !== 'Identifier' || node.callee.name !== 'require' || argument?.type !== 'Literal' || typeof argument.value !== 'string') return undefined;
  const { parent } = node;
  if (parent.type === 'ExpressionStatement' && parent.parent.type === 'Program') return { declaration: parent, declarator: undefined, specifier: argument.value, member: undefined };
  const isMember = parent.type === 'MemberExpression' && parent.object === node && !parent.computed && parent.property.type === 'Identifier';
  const declarator = isMember ? parent.parent : parent;
  if (declarator.type !== 'VariableDeclarator' || declarator.parent.declarations.length !== 1 || declarator.parent.parent.type !== 'Program' || (isMember && declarator.id.type !== 'Identifier')) return undefined;
  return { declaration: declarator.parent, declarator, specifier: argument.value, member: isMember && parent.property.type === 'Identifier' ? parent.property.name : undefined };
}

/** A module's code goes to a file beside it; its old file exports everything again. */
export const reexport: Rewrite = {
  id: 'reexport', title: 're-export through another file',
  apply: (tree, _edits, { isEntry }) => (!isEntry && stubOf(tree) !== undefined ? { text: tree.text, map: (offset) => offset } : false),
  move(tree) {
    const stub = stubOf(tree);
    return stub === undefined ? undefined : { name: movedName(tree.file), stub };
  },
};

/** Beside its old place in every list that is ordered by path: the first of several places stays the first. */
const movedName = (file: string): string => posix.basename(file).replace(/(?=\.(?:[cm]?[jt]sx?|d\.[cm]?ts)$)/, '-q9');

function stubOf(tree: Tree): string | undefined {
  const from = `./${movedName(tree.file).replace(/\.(?:[jt]sx?|d\.ts)$/, '')}`;
  if (!tree.isModule) return exportsOf(tree) && tree.nodes.some((node) => node.type === 'Identifier' && node.name === 'exports') ? `module.exports = require('${from}');\n` : undefined;
  const isDefault = tree.program.body.some((item) => item.type === 'ExportDefaultDeclaration' || (item.type === 'ExportNamedDeclaration' && item.specifiers.some((one) => nameOf(one.exported) === 'default')));
  const isEmpty = !tree.program.body.some((item) => /^Export/.test(item.type));
  return isEmpty || tree.nodes.some((node) => node.type === 'TSExportAssignment') ? undefined : `export * from '${from}';\n${isDefault ? `export { default } from '${from}';\n` : ''}`;
}

