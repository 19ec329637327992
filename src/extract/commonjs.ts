import type { Expr } from '../model/facts.ts';
import type { Lowering } from './lower.ts';

/** Records `module.exports = …`, `exports.x = …`, `Object.assign(exports, …)` and TypeScript's export helpers. */
export function noteCommonJsExport(low: Lowering, expr: Expr): void {
  if (low.fn !== 0) return;
  const place = { start: expr.start, end: expr.end };
  if (expr.kind === 'assign' && expr.op === '=' && expr.target.kind === 'member') {
    if (expr.value.kind === 'literal' && expr.value.value === undefined) return; // `exports.a = exports.b = void 0`
    const target = expr.target;
    if (isModuleExports(target)) {
      low.exports.push({ name: '=', typeOnly: false, value: expr.value, ...place });
    } else if (typeof target.property === 'string' && isExportsObject(target.object)) {
      low.exports.push({ name: target.property, typeOnly: false, value: expr.value, ...place });
    }
    return;
  }
  if (expr.kind !== 'call') return;
  const [first, second, third] = expr.args;
  const callee = expr.callee;
  if (callee.kind === 'member' && callee.object.kind === 'global' && callee.object.name === 'Object' && first && isExportsObject(first)) {
    if (callee.property === 'assign' && second) low.exports.push({ name: '*', typeOnly: false, value: second, ...place });
    if (callee.property === 'defineProperty' && second?.kind === 'literal' && typeof second.value === 'string' && second.value !== '__esModule' && third?.kind === 'object') {
      const value = third.properties.find((property) => property.key === 'value')?.value ?? getterResult(low, third.properties.find((property) => property.key === 'get')?.value);
      if (value) low.exports.push({ name: second.value, typeOnly: false, value, ...place });
    }
    return;
  }
  const name = callee.kind === 'ref' ? low.binder.bindings[callee.binding]?.name : callee.kind === 'member' && typeof callee.property === 'string' ? callee.property : callee.kind === 'global' ? callee.name : undefined;
  if ((name === '__exportStar' || name === '__export') && first?.kind === 'import' && first.source.kind === 'literal' && typeof first.source.value === 'string') {
    low.exports.push({ name: '*', typeOnly: false, from: { source: first.source.value, imported: '*' }, ...place });
  }
}

function isModuleExports(expr: Expr): boolean {
  return expr.kind === 'member' && expr.property === 'exports' && expr.object.kind === 'global' && expr.object.name === 'module';
}

function isExportsObject(expr: Expr): boolean {
  return isModuleExports(expr) || (expr.kind === 'global' && expr.name === 'exports') || (expr.kind === 'assign' && isModuleExports(expr.value));
}

function getterResult(low: Lowering, value: Expr | undefined): Expr | undefined {
  const body = value?.kind === 'function' ? low.functions[value.fn]?.body : undefined;
  const last = body?.[body.length - 1];
  return last?.kind === 'return' ? last.value : undefined;
}
