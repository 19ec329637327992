import type {
  ClassFact, ExportFact, Expr, FunctionFact, FunctionKind, ImportFact, MemberFact, ParamFact, Stmt, TypeFact,
} from '../model/facts.ts';
import { child, endOf, flag, list, nodes, startOf, text, unwrap, type Node } from './estree.ts';
import { lowerExpr } from './lower-expr.ts';
import { lowerBlock } from './lower-stmt.ts';
import { lowerTarget } from './lower-target.ts';
import { Binder, Scope } from './scope.ts';
import { typeRef } from './types.ts';

/** State of one walk over one file. */
export class Lowering {
  readonly binder = new Binder();
  readonly functions: FunctionFact[] = [];
  readonly classes: ClassFact[] = [];
  readonly imports: ImportFact[] = [];
  readonly exports: ExportFact[] = [];
  readonly types: TypeFact[] = [];
  readonly globals = new Set<string>();
  scope = new Scope(undefined, 0, false);
  fn = 0;

  /** Runs `body` in a new scope of the current function. */
  inScope<T>(inLoop: boolean, body: () => T): T {
    const outer = this.scope;
    this.scope = new Scope(outer, this.fn, inLoop || outer.inLoop);
    try { return body(); } finally { this.scope = outer; }
  }

  /** Reserves an id, so that nested functions come after the ones that hold them. */
  private reserve<T>(into: T[], placeholder: T): number {
    into.push(placeholder);
    return into.length - 1;
  }

  lowerFunction(node: Node, kind: FunctionKind, name: string, extra: { cls?: number; static?: boolean; decorators?: readonly Expr[] } = {}): number {
    const outerScope = this.scope;
    const outerFn = this.fn;
    const id = this.reserve(this.functions, undefined as unknown as FunctionFact);
    this.fn = id;
    this.scope = new Scope(outerScope, id, false);
    try {
      const own = child(node, 'id');
      const ownName = own ? text(own, 'name') : undefined;
      if (own && ownName && node.type === 'FunctionExpression') {
        this.binder.declare(this.scope, ownName, 'function', own);
        this.scope = new Scope(this.scope, id, false);
      }
      const params = nodes(node, 'params').filter((param) => !(param.type === 'Identifier' && text(param, 'name') === 'this'));
      for (const param of params) {
        for (const bound of this.binder.names(param)) this.binder.declare(this.scope, text(bound, 'name') ?? '', 'param', bound, typeRef(child(bound, 'typeAnnotation')));
      }
      const lowered = params.map((param) => this.lowerParam(param));
      const body = child(node, 'body');
      const statements: Stmt[] = [];
      if (body && body.type === 'BlockStatement') {
        const items = nodes(body, 'body');
        this.binder.hoistVars(this.scope, items, (item) => typeRef(child(item, 'typeAnnotation')));
        statements.push(...lowerBlock(this, items, false));
      } else if (body) {
        const value = lowerExpr(this, body);
        statements.push({ kind: 'return', value, start: value.start, end: value.end });
      }
      const returnType = typeRef(child(node, 'returnType'));
      this.functions[id] = {
        id, name: ownName ?? name, kind, async: flag(node, 'async'), generator: flag(node, 'generator'), params: lowered, body: statements,
        parent: outerFn, start: startOf(node), end: endOf(node), decorators: extra.decorators ?? [],
        ...(extra.cls !== undefined ? { cls: extra.cls } : {}), ...(extra.static ? { static: true } : {}), ...(returnType ? { returnType } : {}),
      };
    } finally {
      this.scope = outerScope;
      this.fn = outerFn;
    }
    return id;
  }

  private lowerParam(node: Node): ParamFact {
    const decorators = nodes(node, 'decorators').flatMap((item) => { const expr = child(item, 'expression'); return expr ? [lowerExpr(this, expr)] : []; });
    const property = node.type === 'TSParameterProperty';
    let inner = property ? (child(node, 'parameter') ?? node) : node;
    const rest = inner.type === 'RestElement';
    if (rest) inner = child(inner, 'argument') ?? inner;
    let fallback: Node | undefined;
    if (inner.type === 'AssignmentPattern') { fallback = child(inner, 'right'); inner = child(inner, 'left') ?? inner; }
    const type = typeRef(child(inner, 'typeAnnotation') ?? child(node, 'typeAnnotation'));
    const target = lowerTarget(this, inner);
    // A decorated parameter starts at the decorator in one parser and at the name in the other: anchor on the name.
    return {
      target, rest, property, decorators, start: startOf(inner), end: target.end,
      ...(fallback ? { default: lowerExpr(this, fallback) } : {}), ...(type ? { type } : {}),
    };
  }

  lowerClass(node: Node, name: string): number {
    const id = this.reserve(this.classes, undefined as unknown as ClassFact);
    const own = child(node, 'id');
    const ownName = own ? text(own, 'name') : undefined;
    const outer = this.scope;
    if (own && ownName && node.type === 'ClassExpression') {
      this.scope = new Scope(outer, this.fn, outer.inLoop);
      this.binder.declare(this.scope, ownName, 'class', own);
    }
    const decorators = (of: Node): Expr[] => nodes(of, 'decorators').flatMap((item) => { const expr = child(item, 'expression'); return expr ? [lowerExpr(this, expr)] : []; });
    const superClass = child(node, 'superClass');
    const loweredSuper = superClass ? lowerExpr(this, superClass) : undefined;
    const ownDecorators = decorators(node);
    const members: MemberFact[] = [];
    const body = child(node, 'body');
    for (const member of body ? nodes(body, 'body') : []) {
      const lowered = this.lowerMember(member, id, decorators(member));
      if (lowered) members.push(lowered);
    }
    this.scope = outer;
    this.classes[id] = {
      id, name: ownName ?? name, fn: this.fn, start: startOf(node), end: endOf(node), members, decorators: ownDecorators, ...(loweredSuper ? { superClass: loweredSuper } : {}),
      implements: nodes(node, 'implements').flatMap((item) => typeRef(item) ?? []),
    };
    return id;
  }

  private lowerMember(node: Node, cls: number, decorators: readonly Expr[]): MemberFact | undefined {
    const isStatic = flag(node, 'static');
    if (node.type === 'StaticBlock') {
      const fn = this.lowerFunction({ type: 'FunctionExpression', start: startOf(node), end: endOf(node), params: [], body: { type: 'BlockStatement', start: startOf(node), end: endOf(node), body: nodes(node, 'body') } } as unknown as Node, 'staticBlock', '', { cls, static: true });
      return { name: '<static>', kind: 'method', static: true, fn, decorators: [], start: startOf(node), end: endOf(node) };
    }
    const key = child(node, 'key');
    const name = key ? propertyName(key, flag(node, 'computed')) : undefined;
    if (name === undefined) return undefined;
    const type = typeRef(child(node, 'typeAnnotation'));
    if (node.type === 'PropertyDefinition' || node.type === 'AccessorProperty' || node.type === 'ClassProperty' || node.type === 'ClassPrivateProperty') {
      const value = child(node, 'value');
      return {
        name, kind: 'field', static: isStatic, decorators, start: startOf(key ?? node), end: endOf(node),
        ...(value ? { value: lowerExpr(this, value, name) } : {}), ...(type ? { type } : {}),
      };
    }
    if (node.type !== 'MethodDefinition') return undefined;
    const value = child(node, 'value');
    if (!value || !child(value, 'body')) return undefined; // overload or abstract
    const kind = text(node, 'kind');
    const memberKind = kind === 'constructor' ? 'constructor' : kind === 'get' ? 'get' : kind === 'set' ? 'set' : 'method';
    const fnKind: FunctionKind = memberKind === 'get' ? 'getter' : memberKind === 'set' ? 'setter' : memberKind;
    const fn = this.lowerFunction(value, fnKind, name, { cls, static: isStatic, decorators });
    return { name, kind: memberKind, static: isStatic, fn, decorators, start: startOf(key ?? node), end: endOf(node) };
  }
}

/** Static name of a property key; `undefined` when computed from something not literal. */
export function propertyName(key: Node, computed: boolean): string | undefined {
  const node = unwrap(key);
  if (!computed && node.type === 'Identifier') return text(node, 'name');
  if (node.type === 'PrivateIdentifier' || node.type === 'PrivateName') return `#${text(node, 'name') ?? ''}`;
  if (node.type === 'Literal') {
    const value = (node as unknown as { value: unknown }).value;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }
  if (node.type === 'TemplateLiteral' && list(node, 'expressions').length === 0) return templateText(nodes(node, 'quasis')[0]);
  return undefined;
}

/** Cooked text of a template element: the one form that all parsers agree on. */
export function templateText(element: Node | undefined): string {
  const value = element ? (element as unknown as { value?: { cooked?: string | null } }).value : undefined;
  return value?.cooked ?? '';
}
