import type { TSESTree } from '@typescript-eslint/types';
import type { Edits } from '../edits.ts';
import type { Node, Tree } from '../tree.ts';
import type { Rewrite } from './kit.ts';
import { isLoaded } from './modules.ts';

/** Constructs that make code, so that leaving them out would change what runs. */
const makesCode = new Set(['TSEnumDeclaration', 'TSModuleDeclaration', 'TSParameterProperty', 'Decorator', 'TSImportEqualsDeclaration', 'TSExportAssignment', 'TSNamespaceExportDeclaration']);
const whole = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSDeclareFunction', 'TSAbstractMethodDefinition', 'TSAbstractPropertyDefinition', 'TSIndexSignature', 'TSTypeAnnotation', 'TSTypeParameterDeclaration', 'TSTypeParameterInstantiation', 'TSEnumDeclaration']);

/** TypeScript without its types. */
export const stripTypes: Rewrite = {
  id: 'types', title: 'TypeScript to JavaScript',
  apply(tree, edits, { isKnownByTypes }) {
    if (!tree.isTypeScript || isKnownByTypes || tree.nodes.some((node) => makesCode.has(node.type))) return false;
    for (const node of tree.nodes) blank(tree, edits, node);
    return undefined;
  },
};

function blank(tree: Tree, edits: Edits, node: Node): void {
  const clear = (start: number, end: number): void => { edits.replace(start, end, tree.text.slice(start, end).replace(/[^\n\r]/g, ' ')); };
  if (node.parent?.type === 'ExportNamedDeclaration' && whole.has(node.type)) { clear(node.parent.range[0], node.parent.range[1]); return; }
  if (whole.has(node.type)) { clear(node.range[0], node.range[1]); return; }
  switch (node.type) {
    case 'TSAsExpression': case 'TSSatisfiesExpression': clear(afterParens(tree, node.expression, node.typeAnnotation.range[0]), node.range[1]); break;
    case 'TSNonNullExpression': clear(node.range[1] - 1, node.range[1]); break;
    case 'ImportDeclaration': imports(tree, clear, node); break;
    case 'ExportNamedDeclaration': case 'ExportAllDeclaration': if (node.exportKind === 'type') clear(node.range[0], node.range[1]); break;
    case 'VariableDeclaration': if (node.declare) clear(node.range[0], node.range[1]); break;
    case 'ClassDeclaration': case 'ClassExpression': {
      if (node.abstract) modifiers(tree, clear, node.range[0], node.id?.range[0] ?? node.body.range[0], /\babstract\b/g);
      const [first] = node.implements;
      if (first) { const from = tree.text.lastIndexOf('implements', first.range[0]); clear(from, node.body.range[0]); }
      break;
    }
    case 'PropertyDefinition': case 'MethodDefinition': {
      modifiers(tree, clear, node.range[0], node.key.range[0], /\b(?:public|private|protected|readonly|override|declare)\b/g);
      if (node.type === 'PropertyDefinition' && (node.optional || node.definite)) modifiers(tree, clear, node.key.range[1], node.typeAnnotation?.range[0] ?? node.range[1], /[?!]/g);
      break;
    }
    case 'Identifier': if (node.optional) { const at = tree.text.indexOf('?', node.range[0]); if (at >= 0 && at < node.range[1]) clear(at, at + 1); } break;
    default: break;
  }
}

/** Where the parentheses around an expression end. */
function afterParens(tree: Tree, node: Node, before: number): number {
  let end = node.range[1];
  for (let at = end; at < before; at++) if (tree.text[at] === ')') end = at + 1;
  return end;
}

function modifiers(tree: Tree, clear: (start: number, end: number) => void, from: number, to: number, pattern: RegExp): void {
  for (const match of tree.text.slice(from, to).matchAll(pattern)) clear(from + match.index, from + match.index + match[0].length);
}

/** What is imported as a type only is not loaded. */
function imports(tree: Tree, clear: (start: number, end: number) => void, node: TSESTree.ImportDeclaration): void {
  if (node.importKind === 'type') { clear(node.range[0], node.range[1]); return; }
  if (node.specifiers.length === 0) return;
  const needless = node.specifiers.filter((item) => (item.type === 'ImportSpecifier' && item.importKind === 'type') || !isLoaded(tree, item));
  if (needless.length === node.specifiers.length) { clear(node.range[0], node.range[1]); return; }
  const named = needless.filter((item) => item.type === 'ImportSpecifier');
  for (const item of named) {
    const comma = tree.text.indexOf(',', item.range[1]);
    const close = tree.text.indexOf('}', item.range[1]);
    clear(item.range[0], comma >= 0 && comma < close ? comma + 1 : item.range[1]);
  }
}
