import type { BindingFact, BindingKind, TypeRef } from '../model/facts.ts';
import { child, flag, list, nodes, startOf, text, unwrap, type Node } from './estree.ts';

/**
 * Name resolution. Our own instead of a scope manager's, because it is made in the same walk, equal in both hosts by
 * construction, and costs no second walk (docs/decisions.md has the comparison).
 */
export class Scope {
  readonly names = new Map<string, number>();
  readonly parent: Scope | undefined;
  readonly fn: number;
  readonly inLoop: boolean;
  constructor(parent: Scope | undefined, fn: number, inLoop: boolean) {
    this.parent = parent;
    this.fn = fn;
    this.inLoop = inLoop;
  }
  resolve(name: string): number | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.names.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

export class Binder {
  readonly bindings: BindingFact[] = [];

  declare(scope: Scope, name: string, kind: BindingKind, at: Node, type?: TypeRef): number {
    const known = scope.names.get(name);
    // `var a; var a`, a parameter declared again, an overloaded function: one binding. A type and a value of one name too.
    if (known !== undefined) return known;
    const binding: BindingFact = {
      name, kind, fn: scope.fn, inLoop: scope.inLoop, start: startOf(at), end: startOf(at) + name.length, ...(type ? { type } : {}),
    };
    this.bindings.push(binding);
    scope.names.set(name, this.bindings.length - 1);
    return this.bindings.length - 1;
  }

  /** Names of a pattern, in order: identifiers with their nodes. */
  names(pattern: Node | undefined): Node[] {
    const found: Node[] = [];
    const stack: Node[] = pattern ? [pattern] : [];
    for (let node = stack.pop(); node; node = stack.pop()) {
      switch (node.type) {
        case 'Identifier': found.push(node); break;
        case 'TSParameterProperty': push(stack, child(node, 'parameter')); break;
        case 'AssignmentPattern': push(stack, child(node, 'left')); break;
        case 'RestElement': push(stack, child(node, 'argument')); break;
        case 'ArrayPattern': for (const item of list(node, 'elements')) push(stack, item); break;
        case 'ObjectPattern':
          for (const property of nodes(node, 'properties')) push(stack, property.type === 'RestElement' ? child(property, 'argument') : child(property, 'value'));
          break;
        default: break;
      }
    }
    return found.sort((a, b) => startOf(a) - startOf(b));
  }

  /** Declarations that a block makes for itself: let, const, class, function, import, enum, namespace. */
  hoistLexical(scope: Scope, body: readonly Node[], typeOf: (node: Node) => TypeRef | undefined): void {
    for (const statement of body) {
      const node = statement.type.startsWith('Export') ? (child(statement, 'declaration') ?? statement) : statement;
      const id = child(node, 'id');
      switch (node.type) {
        case 'VariableDeclaration':
          if (text(node, 'kind') !== 'var') this.declareAll(scope, node, text(node, 'kind') === 'let' ? 'let' : 'const', typeOf);
          break;
        case 'FunctionDeclaration': case 'TSDeclareFunction':
          if (id) this.declare(scope, text(id, 'name') ?? '', 'function', id);
          break;
        case 'ClassDeclaration': if (id) this.declare(scope, text(id, 'name') ?? '', 'class', id); break;
        case 'TSEnumDeclaration': if (id) this.declare(scope, text(id, 'name') ?? '', 'enum', id); break;
        case 'TSModuleDeclaration': if (id?.type === 'Identifier' && !flag(node, 'declare')) this.declare(scope, text(id, 'name') ?? '', 'namespace', id); break;
        case 'TSImportEqualsDeclaration': if (id) this.declare(scope, text(id, 'name') ?? '', child(node, 'moduleReference')?.type === 'TSExternalModuleReference' ? 'import' : 'const', id); break;
        case 'ImportDeclaration':
          for (const specifier of nodes(node, 'specifiers')) {
            const local = child(specifier, 'local');
            if (local) this.declare(scope, text(local, 'name') ?? '', 'import', local);
          }
          break;
        default: break;
      }
    }
  }

  /** `var` declarations of a function body, wherever they stand in it. */
  hoistVars(scope: Scope, body: readonly Node[], typeOf: (node: Node) => TypeRef | undefined): void {
    const stack: Node[] = [...body].reverse();
    for (let node = stack.pop(); node; node = stack.pop()) {
      switch (node.type) {
        case 'VariableDeclaration': if (text(node, 'kind') === 'var') this.declareAll(scope, node, 'var', typeOf); break;
        case 'ExportNamedDeclaration': push(stack, child(node, 'declaration')); break;
        case 'BlockStatement': case 'StaticBlock': for (const item of nodes(node, 'body')) stack.push(item); break;
        case 'IfStatement': push(stack, child(node, 'consequent')); push(stack, child(node, 'alternate')); break;
        case 'ForStatement': push(stack, child(node, 'init')); push(stack, child(node, 'body')); break;
        case 'ForInStatement': case 'ForOfStatement': push(stack, child(node, 'left')); push(stack, child(node, 'body')); break;
        case 'WhileStatement': case 'DoWhileStatement': case 'LabeledStatement': case 'WithStatement': push(stack, child(node, 'body')); break;
        case 'TryStatement':
          push(stack, child(node, 'block')); push(stack, child(node, 'finalizer'));
          { const handler = child(node, 'handler'); if (handler) push(stack, child(handler, 'body')); }
          break;
        case 'SwitchStatement': for (const item of nodes(node, 'cases')) for (const inner of nodes(item, 'consequent')) stack.push(inner); break;
        default: break;
      }
    }
  }

  private declareAll(scope: Scope, declaration: Node, kind: BindingKind, typeOf: (node: Node) => TypeRef | undefined): void {
    for (const declarator of nodes(declaration, 'declarations')) {
      const id = child(declarator, 'id');
      for (const name of this.names(id)) this.declare(scope, text(name, 'name') ?? '', kind, name, name === id ? typeOf(name) : undefined);
    }
  }
}

function push(stack: Node[], node: Node | undefined): void {
  if (node) stack.push(node.type === 'ParenthesizedExpression' ? unwrap(node) : node);
}
