import * as parser from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/types';

export type Node = TSESTree.Node;
export type FunctionNode = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;
type ScopeManager = NonNullable<ReturnType<typeof parser.parseForESLint>['scopeManager']>;

/** One parsed source file. */
export interface Tree {
  readonly file: string;
  readonly text: string;
  readonly program: TSESTree.Program;
  readonly scopes: ScopeManager;
  /** All nodes, parents first, in order of the text. */
  readonly nodes: readonly Node[];
  readonly isTypeScript: boolean;
  /** `import` or `export` at the top, so that new imports are written in the same way. */
  readonly isModule: boolean;
}

/** `undefined` when the file does not parse. */
export function parseTree(file: string, text: string): Tree | undefined {
  try {
    const isTypeScript = /\.[mc]?tsx?$/.test(file);
    const { ast, scopeManager, visitorKeys } = parser.parseForESLint(text, { filePath: file, range: true, loc: false, comment: true, tokens: false, sourceType: 'module', ecmaFeatures: { jsx: !/\.[mc]?ts$/.test(file), globalReturn: true }, jsDocParsingMode: 'none' });
    if (!scopeManager) return undefined;
    const nodes: Node[] = [];
    const visit = (node: Node): void => {
      nodes.push(node);
      for (const key of visitorKeys[node.type] ?? []) {
        const child = (node as unknown as Record<string, unknown>)[key];
        for (const one of Array.isArray(child) ? child : [child]) {
          if (!isNode(one)) continue;
          (one as { parent?: Node }).parent = node;
          visit(one);
        }
      }
    };
    visit(ast);
    return { file, text, program: ast, scopes: scopeManager, nodes, isTypeScript, isModule: ast.body.some((item) => /^(?:Import|Export)/.test(item.type) || item.type === 'TSExportAssignment') };
  } catch {
    return undefined;
  }
}

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value && 'range' in value;

export const isFunction = (node: Node | null | undefined): node is FunctionNode => node?.type === 'FunctionDeclaration' || node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression';

export const source = (tree: Tree, node: Node): string => tree.text.slice(node.range[0], node.range[1]);

/** The nodes inside one, itself included. */
export const inside = (tree: Tree, node: Node): readonly Node[] => tree.nodes.filter((one) => one.range[0] >= node.range[0] && one.range[1] <= node.range[1]);

/** The nodes of a function's own body: nested functions with a `this` of their own left out where `throughArrows` is set, all nested functions otherwise. */
export function own(tree: Tree, fn: Node, throughArrows: boolean): readonly Node[] {
  return inside(tree, fn).filter((node) => {
    for (let up: Node | undefined = node.parent; up && node !== fn; up = up.parent) {
      if (up === fn) return true;
      if (isFunction(up) && !(throughArrows && up.type === 'ArrowFunctionExpression')) return false;
      if (throughArrows && (up.type === 'PropertyDefinition' || up.type === 'StaticBlock')) return false;
    }
    return node === fn;
  });
}

/** The nearest function around a node. */
export function around(node: Node): FunctionNode | undefined {
  for (let up: Node | undefined = node.parent; up; up = up.parent) if (isFunction(up)) return up;
  return undefined;
}
