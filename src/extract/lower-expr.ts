import type { Expr, PropertyFact, Target } from '../model/facts.ts';
import { anyChildren, child, endOf, flag, list, nodes, raw, startOf, text, unwrap, type Node } from './estree.ts';
import { propertyName, templateText, type Lowering } from './lower.ts';
import { noteCommonJsExport } from './commonjs.ts';
import { lowerTarget } from './lower-target.ts';

/**
 * Lowers an expression. Long spines (`a.b().c()`, `a + b + c`, `a ? b : c ? d : e`) are walked in a loop, so that depth on
 * the stack follows nesting and not length.
 */
export function lowerExpr(low: Lowering, input: Node, name = ''): Expr {
  const node = unwrap(input);
  switch (node.type) {
    case 'Identifier': return identifier(low, node);
    case 'Literal': case 'StringLiteral': case 'NumericLiteral': case 'BooleanLiteral': case 'NullLiteral': return literal(node);
    case 'TemplateLiteral': return template(low, node);
    case 'ThisExpression': return { kind: 'this', start: startOf(node), end: endOf(node) };
    case 'Super': return { kind: 'super', start: startOf(node), end: endOf(node) };
    case 'MemberExpression': case 'CallExpression': return spine(low, node);
    case 'NewExpression': return { kind: 'new', callee: part(low, node, 'callee'), args: args(low, node), start: startOf(node), end: endOf(node) };
    case 'TaggedTemplateExpression': {
      const quasi = child(node, 'quasi');
      return { kind: 'call', callee: part(low, node, 'tag'), args: quasi ? [template(low, quasi)] : [], optional: false, tagged: true, start: startOf(node), end: endOf(node) };
    }
    case 'ImportExpression': {
      const source = part(low, node, 'source');
      if (source.kind === 'literal' && typeof source.value === 'string') low.imports.push({ form: 'dynamic', source: source.value, typeOnly: false, names: [], fn: low.fn, start: startOf(node), end: endOf(node) });
      return { kind: 'import', form: 'dynamic', source, start: startOf(node), end: endOf(node) };
    }
    case 'FunctionExpression': return { kind: 'function', fn: low.lowerFunction(node, 'function', name), start: startOf(node), end: endOf(node) };
    case 'ArrowFunctionExpression': return { kind: 'function', fn: low.lowerFunction(node, 'arrow', name), start: startOf(node), end: endOf(node) };
    case 'ClassExpression': return { kind: 'class', cls: low.lowerClass(node, name), start: startOf(node), end: endOf(node) };
    case 'ObjectExpression': return { kind: 'object', properties: properties(low, node), start: startOf(node), end: endOf(node) };
    case 'ArrayExpression': return { kind: 'array', items: list(node, 'elements').map((item) => (item ? lowerExpr(low, item) : null)), start: startOf(node), end: endOf(node) };
    case 'SpreadElement': return { kind: 'spread', of: part(low, node, 'argument'), start: startOf(node), end: endOf(node) };
    case 'UnaryExpression': return unary(low, node);
    case 'BinaryExpression': case 'LogicalExpression': return binary(low, node);
    case 'ConditionalExpression': return conditional(low, node);
    case 'AssignmentExpression': return assign(low, node);
    case 'UpdateExpression': {
      const argument = child(node, 'argument');
      return { kind: 'assign', op: text(node, 'operator') ?? '++', target: argument ? lowerTarget(low, argument) : opaque(low, node), value: { kind: 'literal', value: 1, start: startOf(node), end: endOf(node) }, start: startOf(node), end: endOf(node) };
    }
    case 'AwaitExpression': return { kind: 'await', of: part(low, node, 'argument'), start: startOf(node), end: endOf(node) };
    case 'YieldExpression': { const of = child(node, 'argument'); return { kind: 'yield', delegate: flag(node, 'delegate'), ...(of ? { of: lowerExpr(low, of) } : {}), start: startOf(node), end: endOf(node) }; }
    case 'SequenceExpression': return { kind: 'sequence', items: nodes(node, 'expressions').map((item) => lowerExpr(low, item)), start: startOf(node), end: endOf(node) };
    default: return opaque(low, node);
  }
}

function part(low: Lowering, node: Node, key: string): Expr {
  const inner = child(node, key);
  return inner ? lowerExpr(low, inner) : { kind: 'opaque', what: `no ${key}`, parts: [], start: startOf(node), end: endOf(node) };
}

function args(low: Lowering, node: Node): Expr[] {
  return nodes(node, 'arguments').map((item) => lowerExpr(low, item));
}

function identifier(low: Lowering, node: Node): Expr {
  const name = text(node, 'name') ?? '';
  const binding = low.scope.resolve(name);
  if (binding !== undefined) return { kind: 'ref', binding, start: startOf(node), end: endOf(node) };
  if (name === 'undefined') return { kind: 'literal', value: undefined, start: startOf(node), end: endOf(node) };
  low.globals.add(name);
  return { kind: 'global', name, start: startOf(node), end: endOf(node) };
}

function literal(node: Node): Expr {
  const regex = raw(node, 'regex') as { pattern?: string; flags?: string } | undefined;
  if (regex) return { kind: 'regex', pattern: regex.pattern ?? '', flags: [...(regex.flags ?? '')].sort().join(''), start: startOf(node), end: endOf(node) };
  const value = raw(node, 'value');
  if (typeof value === 'bigint') return { kind: 'literal', value: Number(value), start: startOf(node), end: endOf(node) };
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
  return { kind: 'literal', value: plain ? (value as string) : undefined, start: startOf(node), end: endOf(node) };
}

function template(low: Lowering, node: Node): Expr {
  const parts: Expr[] = [];
  const holes = nodes(node, 'expressions');
  nodes(node, 'quasis').forEach((quasi, index) => {
    const value = templateText(quasi);
    // Ranges of template elements differ between parsers, so the whole template's place stands for its literal parts.
    if (value !== '') parts.push({ kind: 'literal', value, start: startOf(node), end: endOf(node) });
    const hole = holes[index];
    if (hole) parts.push(lowerExpr(low, hole));
  });
  return parts.every((item) => item.kind === 'literal') && holes.length === 0
    ? { kind: 'literal', value: parts.map((item) => (item.kind === 'literal' ? String(item.value) : '')).join(''), start: startOf(node), end: endOf(node) }
    : { kind: 'template', parts, start: startOf(node), end: endOf(node) };
}

/** `a.b().c[d](e)`: collects the links from the outside in, then builds from the inside out. */
function spine(low: Lowering, outer: Node): Expr {
  const links: Node[] = [];
  let node = unwrap(outer);
  while (node.type === 'MemberExpression' || node.type === 'CallExpression') {
    links.push(node);
    const inner = child(node, node.type === 'MemberExpression' ? 'object' : 'callee');
    if (!inner) break;
    node = unwrap(inner);
  }
  let expr: Expr = node.type === 'Import' ? opaque(low, node) : lowerExpr(low, node);
  for (const link of links.reverse()) {
    if (link.type === 'MemberExpression') expr = member(low, link, expr);
    else expr = call(low, link, expr);
  }
  return expr;
}

function member(low: Lowering, node: Node, object: Expr): Expr {
  const key = child(node, 'property');
  const property = key ? (propertyName(key, flag(node, 'computed')) ?? lowerExpr(low, key)) : '';
  return { kind: 'member', object, property, optional: flag(node, 'optional'), start: startOf(node), end: endOf(node) };
}

function call(low: Lowering, node: Node, callee: Expr): Expr {
  const lowered = args(low, node);
  const first = lowered[0];
  if (callee.kind === 'global' && callee.name === 'require' && first && lowered.length === 1) {
    if (first.kind === 'literal' && typeof first.value === 'string') low.imports.push({ form: 'require', source: first.value, typeOnly: false, names: [], fn: low.fn, start: startOf(node), end: endOf(node) });
    return { kind: 'import', form: 'require', source: first, start: startOf(node), end: endOf(node) };
  }
  const expr: Expr = { kind: 'call', callee, args: lowered, optional: flag(node, 'optional'), start: startOf(node), end: endOf(node) };
  noteCommonJsExport(low, expr);
  return expr;
}

function properties(low: Lowering, node: Node): PropertyFact[] {
  return nodes(node, 'properties').map((property): PropertyFact => {
    if (property.type === 'SpreadElement' || property.type === 'ExperimentalSpreadProperty') return { key: undefined, value: part(low, property, 'argument'), start: startOf(property), end: endOf(property) };
    const key = child(property, 'key');
    const name = key ? propertyName(key, flag(property, 'computed')) : undefined;
    const value = child(property, 'value') ?? property;
    const kind = text(property, 'kind');
    return {
      key: name ?? (key ? lowerExpr(low, key) : undefined),
      value: flag(property, 'method') ? { kind: 'function', fn: low.lowerFunction(value, 'method', name ?? ''), start: startOf(value), end: endOf(value) } : lowerExpr(low, value, name),
      ...(kind === 'get' || kind === 'set' ? { accessor: kind } : {}), start: startOf(property), end: endOf(property),
    };
  });
}

function unary(low: Lowering, node: Node): Expr {
  const op = text(node, 'operator') ?? '';
  const of = part(low, node, 'argument');
  if (of.kind === 'literal' && typeof of.value === 'number' && op === '-') return { kind: 'literal', value: -of.value, start: startOf(node), end: endOf(node) };
  if (op === 'void') return of.kind === 'literal' ? { kind: 'literal', value: undefined, start: startOf(node), end: endOf(node) } : { kind: 'unary', op, of, start: startOf(node), end: endOf(node) };
  return { kind: 'unary', op, of, start: startOf(node), end: endOf(node) };
}

function binary(low: Lowering, outer: Node): Expr {
  const links: Node[] = [];
  let node = outer;
  while (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') {
    links.push(node);
    const left = child(node, 'left');
    if (!left) break;
    node = unwrap(left);
  }
  // `#field in object` has a private name on the left.
  let expr: Expr = node.type === 'PrivateIdentifier' ? { kind: 'literal', value: `#${text(node, 'name') ?? ''}`, start: startOf(node), end: endOf(node) } : lowerExpr(low, node);
  for (const link of links.reverse()) {
    const op = text(link, 'operator') ?? '';
    const right = part(low, link, 'right');
    expr = link.type === 'LogicalExpression'
      ? { kind: 'logical', op: op === '||' || op === '??' ? op : '&&', left: expr, right, start: startOf(link), end: endOf(link) }
      : { kind: 'binary', op, left: expr, right, start: startOf(link), end: endOf(link) };
  }
  return expr;
}

function conditional(low: Lowering, outer: Node): Expr {
  const links: { node: Node; test: Expr; then: Expr }[] = [];
  let node = outer;
  while (node.type === 'ConditionalExpression') {
    links.push({ node, test: part(low, node, 'test'), then: part(low, node, 'consequent') });
    const next = child(node, 'alternate');
    if (!next) break;
    node = unwrap(next);
  }
  let expr = lowerExpr(low, node);
  for (const link of links.reverse()) expr = { kind: 'conditional', test: link.test, then: link.then, else: expr, start: startOf(link.node), end: endOf(link.node) };
  return expr;
}

function assign(low: Lowering, node: Node): Expr {
  const left = child(node, 'left');
  const target: Target = left ? lowerTarget(low, left) : opaque(low, node);
  const right = child(node, 'right');
  const hint = target.kind === 'member' && typeof target.property === 'string' ? target.property : target.kind === 'ref' ? (low.binder.bindings[target.binding]?.name ?? '') : '';
  const value = right ? lowerExpr(low, right, hint) : opaque(low, node);
  const expr: Expr = { kind: 'assign', op: text(node, 'operator') ?? '=', target, value, start: startOf(node), end: endOf(node) };
  noteCommonJsExport(low, expr);
  return expr;
}

function opaque(low: Lowering, node: Node): Expr & { kind: 'opaque' } {
  if (node.type.startsWith('JSX')) return { kind: 'opaque', what: 'jsx', parts: jsxParts(low, node), start: startOf(node), end: endOf(node) };
  return { kind: 'opaque', what: node.type, parts: [], start: startOf(node), end: endOf(node) };
}

/** Expressions inside JSX, and the component that an element names. */
function jsxParts(low: Lowering, node: Node): Expr[] {
  const parts: Expr[] = [];
  const stack: Node[] = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next.type === 'JSXClosingElement' || next.type === 'JSXText') continue;
    if (next.type === 'JSXIdentifier') {
      const binding = /^[A-Z]/.test(text(next, 'name') ?? '') ? low.scope.resolve(text(next, 'name') ?? '') : undefined;
      if (binding !== undefined) parts.push({ kind: 'ref', binding, start: startOf(next), end: endOf(next) });
    } else if (next.type.startsWith('JSX') || next.type === 'SpreadElement') stack.push(...[...anyChildren(next)].reverse());
    else parts.push(lowerExpr(low, next));
  }
  return parts;
}
