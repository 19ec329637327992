import type { LoopStmt, PropertyFact, Stmt, SwitchCase, TypeRef } from '../model/facts.ts';
import { child, endOf, flag, nodes, startOf, text, type Node } from './estree.ts';
import { lowerExpr } from './lower-expr.ts';
import { lowerModuleItem } from './lower-module.ts';
import { lowerTarget } from './lower-target.ts';
import { propertyName, type Lowering } from './lower.ts';
import { typeRef } from './types.ts';

const declaredType = (node: Node): TypeRef | undefined => typeRef(child(node, 'typeAnnotation'));

/** Lowers a list of statements that forms one block; `nested` opens a scope of its own. */
export function lowerBlock(low: Lowering, body: readonly Node[], nested = true, inLoop = false): Stmt[] {
  const run = (): Stmt[] => {
    low.binder.hoistLexical(low.scope, body, declaredType);
    return body.flatMap((item) => lowerStmt(low, item));
  };
  return nested ? low.inScope(inLoop, run) : run();
}

/** The statements under one key: a block's content, or the single statement. */
function under(low: Lowering, node: Node, key: string, inLoop = false): Stmt[] {
  const inner = child(node, key);
  if (!inner) return [];
  return inner.type === 'BlockStatement' ? lowerBlock(low, nodes(inner, 'body'), true, inLoop) : lowerBlock(low, [inner], true, inLoop);
}

function lowerStmt(low: Lowering, node: Node, label?: string): Stmt[] {
  switch (node.type) {
    case 'ExpressionStatement': { const expr = child(node, 'expression'); return expr ? [{ kind: 'expr', expr: lowerExpr(low, expr), start: startOf(node), end: endOf(node) }] : []; }
    case 'VariableDeclaration': return declarations(low, node);
    case 'ReturnStatement': { const value = child(node, 'argument'); return [{ kind: 'return', ...(value ? { value: lowerExpr(low, value) } : {}), start: startOf(node), end: endOf(node) }]; }
    case 'ThrowStatement': { const value = child(node, 'argument'); return value ? [{ kind: 'throw', value: lowerExpr(low, value), start: startOf(node), end: endOf(node) }] : []; }
    case 'BreakStatement': case 'ContinueStatement': {
      const name = child(node, 'label');
      return [{ kind: node.type === 'BreakStatement' ? 'break' : 'continue', ...(name ? { label: text(name, 'name') ?? '' } : {}), start: startOf(node), end: endOf(node) }];
    }
    case 'BlockStatement': return [{ kind: 'block', body: lowerBlock(low, nodes(node, 'body')), ...(label !== undefined ? { label } : {}), start: startOf(node), end: endOf(node) }];
    case 'LabeledStatement': {
      const body = child(node, 'body');
      const name = child(node, 'label');
      const own = name ? text(name, 'name') : undefined;
      if (!body) return [];
      const lowered = lowerStmt(low, body, own);
      const only = lowered[0];
      return lowered.length === 1 && only && (only.kind === 'loop' || only.kind === 'block') ? lowered : [{ kind: 'block', body: lowered, ...(own !== undefined ? { label: own } : {}), start: startOf(node), end: endOf(node) }];
    }
    case 'IfStatement': return [ifChain(low, node)];
    case 'SwitchStatement': return [low.inScope(false, (): Stmt => {
      const subject = child(node, 'discriminant');
      const cases = nodes(node, 'cases');
      const all = cases.flatMap((item) => nodes(item, 'consequent'));
      low.binder.hoistLexical(low.scope, all, declaredType);
      return {
        kind: 'switch', subject: subject ? lowerExpr(low, subject) : { kind: 'opaque', what: 'switch', parts: [], start: startOf(node), end: endOf(node) },
        cases: cases.map((item): SwitchCase => {
          const test = child(item, 'test');
          return { ...(test ? { test: lowerExpr(low, test) } : {}), body: nodes(item, 'consequent').flatMap((inner) => lowerStmt(low, inner)), start: startOf(item), end: endOf(item) };
        }), start: startOf(node), end: endOf(node),
      };
    })];
    case 'WhileStatement': case 'DoWhileStatement': case 'ForStatement': case 'ForOfStatement': case 'ForInStatement': return [low.inScope(true, () => loop(low, node, label))];
    case 'TryStatement': return [tryStmt(low, node)];
    case 'FunctionDeclaration': return functionDeclaration(low, node);
    case 'ClassDeclaration': {
      const id = child(node, 'id');
      const name = id ? (text(id, 'name') ?? '') : '';
      return [{ kind: 'class', binding: low.scope.resolve(name) ?? -1, cls: low.lowerClass(node, name), start: startOf(node), end: endOf(node) }];
    }
    case 'WithStatement': return under(low, node, 'body');
    case 'EmptyStatement': case 'DebuggerStatement': case 'TSDeclareFunction': return [];
    case 'TSEnumDeclaration': return enumDeclaration(low, node);
    case 'TSModuleDeclaration': return namespaceDeclaration(low, node);
    default: return lowerModuleItem(low, node, (inner) => lowerStmt(low, inner));
  }
}

function functionDeclaration(low: Lowering, node: Node): Stmt[] {
  const id = child(node, 'id');
  const name = id ? (text(id, 'name') ?? '') : '';
  return [{ kind: 'function', binding: low.scope.resolve(name) ?? -1, fn: low.lowerFunction(node, 'function', name), start: startOf(node), end: endOf(node) }];
}

function declarations(low: Lowering, node: Node): Stmt[] {
  const kind = text(node, 'kind');
  const form = kind === 'let' || kind === 'var' || kind === 'using' || kind === 'await using' ? kind : 'const';
  return nodes(node, 'declarations').flatMap((declarator): Stmt[] => {
    const id = child(declarator, 'id');
    if (!id) return [];
    const init = child(declarator, 'init');
    const target = lowerTarget(low, id);
    const name = target.kind === 'ref' ? (low.binder.bindings[target.binding]?.name ?? '') : '';
    // A type annotation is part of the identifier's range in some parsers: the name alone is the target's place.
    return [{ kind: 'declare', form, target, ...(init ? { value: lowerExpr(low, init, name) } : {}), start: startOf(declarator), end: endOf(declarator) }];
  });
}

function ifChain(low: Lowering, outer: Node): Stmt {
  const links: { node: Node; then: Stmt[]; test: ReturnType<typeof lowerExpr> }[] = [];
  let node: Node | undefined = outer;
  while (node?.type === 'IfStatement') {
    const test = child(node, 'test');
    links.push({ node, test: test ? lowerExpr(low, test) : { kind: 'opaque', what: 'if', parts: [], start: startOf(node), end: endOf(node) }, then: under(low, node, 'consequent') });
    node = child(node, 'alternate');
  }
  let rest: Stmt[] = node ? (node.type === 'BlockStatement' ? lowerBlock(low, nodes(node, 'body')) : lowerBlock(low, [node])) : [];
  for (const link of links.reverse()) rest = [{ kind: 'if', test: link.test, then: link.then, else: rest, start: startOf(link.node), end: endOf(link.node) }];
  return rest[0] as Stmt;
}

function loop(low: Lowering, node: Node, label: string | undefined): LoopStmt {
  const test = child(node, 'test');
  const body = child(node, 'body');
  const base = { kind: 'loop' as const, ...(label !== undefined ? { label } : {}), start: startOf(node), end: endOf(node), headEnd: node.type === 'DoWhileStatement' ? startOf(node) + 2 : body ? startOf(body) : endOf(node) };
  if (node.type === 'WhileStatement' || node.type === 'DoWhileStatement') {
    return { ...base, form: node.type === 'WhileStatement' ? 'while' : 'do', init: [], ...(test ? { test: lowerExpr(low, test) } : {}), body: under(low, node, 'body', true) };
  }
  if (node.type === 'ForStatement') {
    const init = child(node, 'init');
    if (init?.type === 'VariableDeclaration') low.binder.hoistLexical(low.scope, [init], declaredType);
    const update = child(node, 'update');
    const lowered = init ? (init.type === 'VariableDeclaration' ? declarations(low, init) : [{ kind: 'expr' as const, expr: lowerExpr(low, init), start: startOf(init), end: endOf(init) }]) : [];
    return { ...base, form: 'for', init: lowered, ...(test ? { test: lowerExpr(low, test) } : {}), ...(update ? { update: lowerExpr(low, update) } : {}), body: under(low, node, 'body', true) };
  }
  const left = child(node, 'left');
  const right = child(node, 'right');
  const iterable = right ? lowerExpr(low, right) : undefined;
  if (left?.type === 'VariableDeclaration') low.binder.hoistLexical(low.scope, [left], declaredType);
  const pattern = left?.type === 'VariableDeclaration' ? child(nodes(left, 'declarations')[0] ?? left, 'id') : left;
  return {
    ...base, form: node.type === 'ForInStatement' ? 'in' : flag(node, 'await') ? 'awaitOf' : 'of', init: [],
    ...(pattern ? { target: lowerTarget(low, pattern) } : {}), ...(iterable ? { iterable } : {}), body: under(low, node, 'body', true),
  };
}

function tryStmt(low: Lowering, node: Node): Stmt {
  const handler = child(node, 'handler');
  const finalizer = child(node, 'finalizer');
  const block = under(low, node, 'block');
  const caught = handler ? low.inScope(false, () => {
    const param = child(handler, 'param');
    for (const name of low.binder.names(param)) low.binder.declare(low.scope, text(name, 'name') ?? '', 'catch', name);
    const target = param ? lowerTarget(low, param) : undefined;
    return { handler: under(low, handler, 'body'), handlerStart: startOf(handler), ...(target ? { param: target } : {}) };
  }) : {};
  return { kind: 'try', block, ...caught, ...(finalizer ? { finalizer: under(low, node, 'finalizer') } : {}), start: startOf(node), end: endOf(node) };
}

/** `namespace Orders { export function load() {} }`: a block, and an object of what it exports. */
function namespaceDeclaration(low: Lowering, node: Node): Stmt[] {
  const body = child(node, 'body');
  const id = child(node, 'id');
  if (!body || body.type !== 'TSModuleBlock' || flag(node, 'declare')) return [];
  const place = { start: startOf(node), end: endOf(node) };
  const before = low.exports.length;
  const block: Stmt = { kind: 'block', body: lowerBlock(low, nodes(body, 'body')), ...place };
  // What a namespace exports is its own, not the module's.
  const properties = low.exports.splice(before).flatMap(({ name, binding, typeOnly, start, end }): PropertyFact[] => (binding === undefined || typeOnly ? [] : [{ key: name, value: { kind: 'ref', binding, start, end }, start, end }]));
  const binding = id?.type === 'Identifier' ? low.scope.resolve(text(id, 'name') ?? '') : undefined;
  // One that adds to a class or a function of its name makes no object of its own.
  if (!id || binding === undefined || low.binder.bindings[binding]?.kind !== 'namespace' || properties.length === 0) return [block];
  return [block, { kind: 'declare', form: 'const', target: { kind: 'ref', binding, start: startOf(id), end: endOf(id) }, value: { kind: 'object', properties, ...place }, ...place }];
}

function enumDeclaration(low: Lowering, node: Node): Stmt[] {
  const id = child(node, 'id');
  const binding = id ? low.scope.resolve(text(id, 'name') ?? '') : undefined;
  if (!id || binding === undefined || flag(node, 'declare')) return [];
  const body = child(node, 'body');
  const members = body ? nodes(body, 'members') : nodes(node, 'members');
  let next = 0;
  const properties = members.flatMap((member) => {
    const key = child(member, 'id');
    const name = key ? propertyName(key, false) : undefined;
    if (name === undefined) return [];
    const init = child(member, 'initializer');
    const value = init ? lowerExpr(low, init) : { kind: 'literal' as const, value: next, start: startOf(member), end: endOf(member) };
    next = value.kind === 'literal' && typeof value.value === 'number' ? value.value + 1 : next + 1;
    return [{ key: name, value, start: startOf(member), end: endOf(member) }];
  });
  return [{ kind: 'declare', form: 'const', target: { kind: 'ref', binding, start: startOf(id), end: endOf(id) }, value: { kind: 'object', properties, start: startOf(node), end: endOf(node) }, start: startOf(node), end: endOf(node) }];
}

