import type { Expr, Stmt } from '../model/facts.ts';
import { child, endOf, flag, nodes, startOf, text, type Node } from './estree.ts';
import { lowerExpr } from './lower-expr.ts';
import { type Lowering } from './lower.ts';
import { typeRef } from './types.ts';

/** Imports, exports and type declarations: what only stands at the top of a module. */
export function lowerModuleItem(low: Lowering, node: Node, statement: (node: Node) => Stmt[]): Stmt[] {
  switch (node.type) {
    case 'ImportDeclaration': importDeclaration(low, node); return [];
    case 'TSImportEqualsDeclaration': return importEquals(low, node);
    case 'ExportNamedDeclaration': return exportNamed(low, node, statement);
    case 'ExportDefaultDeclaration': return exportDefault(low, node, statement);
    case 'ExportAllDeclaration': {
      const source = sourceOf(node);
      const as = child(node, 'exported');
      if (source !== undefined) {
        const typeOnly = text(node, 'exportKind') === 'type';
        low.imports.push({ form: 'reexport', source, typeOnly, names: [], fn: 0, start: startOf(node), end: endOf(node) });
        low.exports.push({ name: as ? nameOf(as) : '*', typeOnly, from: { source, imported: '*' }, start: startOf(node), end: endOf(node) });
      }
      return [];
    }
    case 'TSExportAssignment': {
      const expr = child(node, 'expression');
      if (expr) low.exports.push({ name: '=', typeOnly: false, value: lowerExpr(low, expr), start: startOf(node), end: endOf(node) });
      return [];
    }
    case 'TSInterfaceDeclaration': case 'TSTypeAliasDeclaration': typeDeclaration(low, node); return [];
    default: return [];
  }
}

function sourceOf(node: Node): string | undefined {
  const source = child(node, 'source');
  const value = source ? (source as unknown as { value?: unknown }).value : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Name of an import or export specifier: an identifier or a string. */
function nameOf(node: Node): string {
  return text(node, 'name') ?? String((node as unknown as { value?: unknown }).value ?? '');
}

function importDeclaration(low: Lowering, node: Node): void {
  const source = sourceOf(node);
  if (source === undefined) return;
  const typeOnly = text(node, 'importKind') === 'type';
  const names = nodes(node, 'specifiers').flatMap((specifier) => {
    const local = child(specifier, 'local');
    const binding = local ? low.scope.resolve(text(local, 'name') ?? '') : undefined;
    if (binding === undefined) return [];
    const own = child(specifier, 'imported');
    const imported = specifier.type === 'ImportDefaultSpecifier' ? 'default' : specifier.type === 'ImportNamespaceSpecifier' ? '*' : own ? nameOf(own) : 'default';
    return [{ imported, binding, typeOnly: typeOnly || text(specifier, 'importKind') === 'type' }];
  });
  low.imports.push({ form: 'static', source, typeOnly: typeOnly || (names.length > 0 && names.every((name) => name.typeOnly)), names, fn: 0, start: startOf(node), end: endOf(node) });
}

function importEquals(low: Lowering, node: Node): Stmt[] {
  const id = child(node, 'id');
  const reference = child(node, 'moduleReference');
  const binding = id ? low.scope.resolve(text(id, 'name') ?? '') : undefined;
  const place = { start: startOf(node), end: endOf(node) };
  // `import Bot = sdk.Adapter.Bot`: another name for what the first name holds.
  if (id && binding !== undefined && reference && reference.type !== 'TSExternalModuleReference') return text(node, 'importKind') === 'type' ? [] : [{ kind: 'declare', form: 'const', target: { kind: 'ref', binding, start: startOf(id), end: endOf(id) }, value: entity(low, reference), ...place }];
  const expression = reference?.type === 'TSExternalModuleReference' ? child(reference, 'expression') : undefined;
  const source = expression ? (expression as unknown as { value?: unknown }).value : undefined;
  if (binding === undefined || typeof source !== 'string') return [];
  const typeOnly = text(node, 'importKind') === 'type';
  low.imports.push({ form: 'static', source, typeOnly, names: [{ imported: '=', binding, typeOnly }], fn: 0, ...place });
  if (flag(node, 'isExport')) low.exports.push({ name: text(id as Node, 'name') ?? '', typeOnly, binding, ...place });
  return [];
}

/** `a.b.c` of a name that is written as a type's is. */
function entity(low: Lowering, node: Node): Expr {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (node.type !== 'TSQualifiedName' || !left || !right) return lowerExpr(low, node);
  return { kind: 'member', object: entity(low, left), property: text(right, 'name') ?? '', optional: false, start: startOf(node), end: endOf(node) };
}

function exportNamed(low: Lowering, node: Node, statement: (node: Node) => Stmt[]): Stmt[] {
  const typeOnly = text(node, 'exportKind') === 'type';
  const declaration = child(node, 'declaration');
  if (declaration) {
    const lowered = statement(declaration);
    const names: Node[] = declaration.type === 'VariableDeclaration'
      ? nodes(declaration, 'declarations').flatMap((item) => low.binder.names(child(item, 'id')))
      : [child(declaration, 'id')].filter((item): item is Node => item !== undefined);
    const type = declaration.type === 'TSInterfaceDeclaration' || declaration.type === 'TSTypeAliasDeclaration';
    for (const id of names) {
      const name = text(id, 'name') ?? '';
      const binding = type ? undefined : low.scope.resolve(name);
      low.exports.push({ name, typeOnly: type || typeOnly, ...(binding !== undefined ? { binding } : {}), start: startOf(id), end: startOf(id) + name.length });
    }
    return lowered;
  }
  const source = sourceOf(node);
  if (source !== undefined) low.imports.push({ form: 'reexport', source, typeOnly, names: [], fn: 0, start: startOf(node), end: endOf(node) });
  for (const specifier of nodes(node, 'specifiers')) {
    const local = child(specifier, 'local');
    const exported = child(specifier, 'exported');
    if (!local || !exported) continue;
    const own = typeOnly || text(specifier, 'exportKind') === 'type';
    if (source !== undefined) low.exports.push({ name: nameOf(exported), typeOnly: own, from: { source, imported: nameOf(local) }, start: startOf(specifier), end: endOf(specifier) });
    else {
      const binding = low.scope.resolve(nameOf(local));
      low.exports.push({ name: nameOf(exported), typeOnly: own, ...(binding !== undefined ? { binding } : {}), start: startOf(specifier), end: endOf(specifier) });
    }
  }
  return [];
}

function exportDefault(low: Lowering, node: Node, statement: (node: Node) => Stmt[]): Stmt[] {
  const declaration = child(node, 'declaration');
  if (!declaration) return [];
  const id = child(declaration, 'id');
  if (declaration.type === 'TSInterfaceDeclaration') { typeDeclaration(low, declaration); return []; }
  if (id && (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration')) {
    const lowered = statement(declaration);
    const binding = low.scope.resolve(text(id, 'name') ?? '');
    low.exports.push({ name: 'default', typeOnly: false, ...(binding !== undefined ? { binding } : {}), start: startOf(node), end: endOf(node) });
    return lowered;
  }
  const value = declaration.type === 'FunctionDeclaration' ? { kind: 'function' as const, fn: low.lowerFunction(declaration, 'function', 'default'), start: startOf(declaration), end: endOf(declaration) }
    : declaration.type === 'ClassDeclaration' ? { kind: 'class' as const, cls: low.lowerClass(declaration, 'default'), start: startOf(declaration), end: endOf(declaration) }
    : lowerExpr(low, declaration, 'default');
  low.exports.push({ name: 'default', typeOnly: false, value, start: startOf(node), end: endOf(node) });
  // `export default wrap(handler)` runs at init: it stays in the module's body as a statement.
  return [{ kind: 'expr', expr: value, start: startOf(declaration), end: endOf(declaration) }];
}

function typeDeclaration(low: Lowering, node: Node): void {
  const id = child(node, 'id');
  if (!id) return;
  const body = child(node, 'body');
  const own = typeRef(child(node, 'typeAnnotation'));
  low.types.push({
    name: text(id, 'name') ?? '', form: node.type === 'TSInterfaceDeclaration' ? 'interface' : 'alias', start: startOf(node), end: endOf(node),
    extends: node.type === 'TSInterfaceDeclaration' ? nodes(node, 'extends').flatMap((item) => typeRef(item) ?? []) : own ? [own] : [],
    members: body ? nodes(body, 'body').flatMap((member) => { const key = child(member, 'key'); return key ? [text(key, 'name') ?? ''] : []; }) : [],
  });
}
