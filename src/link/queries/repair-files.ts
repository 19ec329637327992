import type { CallExpr, Expr, Stmt } from '../../model/facts.ts';
import type { ExternalCall } from '../../model/project.ts';
import type { Edit, EditPart, Suggestion } from '../../model/suggestion.ts';
import { walk } from '../walk.ts';
import { ancestorsOf } from './positions.ts';

/** The repair of a file that is left behind: what follows the write goes into `try`, and `finally` removes the file. */
export function removeInFinally({ body, expr, callee }: ExternalCall): readonly Suggestion[] {
  const { fn, facts } = body;
  const module = callee.module.replace(/^node:/, '');
  const [path] = expr.args;
  if (expr.kind !== 'call' || !path || fn.id === 0 || fn.generator || !/^(?:fs|fs\/promises|fs-extra|graceful-fs)$/.test(module)) return [];
  const method = callee.path.at(-1) ?? '';
  const sync = method.endsWith('Sync');
  if (!/^(?:writeFile|appendFile|copyFile)(?:Sync)?$/.test(method) || (!sync && !fn.async)) return [];
  const statement = statementOf(fn.body, ancestorsOf(fn, expr));
  const last = fn.body.at(-1);
  const target = method.startsWith('copyFile') ? expr.args[1] : path;
  if (!statement || !last || !target || !isSteady(body.facts.functions, target, fn.body) || givesAway(fn.body, target)) return [];
  const promised = module === 'fs/promises' || callee.path[0] === 'promises' || module === 'fs-extra';
  if (!sync && !promised) return [];
  const remover = removerOf(facts.bindings.map((one) => one.name), facts, expr, sync, module);
  if (!remover) return [];
  const indent = { indentOf: statement.start };
  const removal: readonly EditPart[] = [sync ? '' : 'await ', ...remover.call, '(', { start: target.start, end: target.end }, ', { force: true });'];
  return [{ title: 'Remove the file in finally', edits: [
    ...remover.edits,
    { kind: 'before', at: statement.start, text: ['try {'] },
    { kind: 'after', at: last.end, text: ['} finally {\n', indent, '  ', ...removal, '\n', indent, '}'] },
  ] as readonly Edit[] as [Edit, ...Edit[]] }];
}

/** The statement of a function's own list that an item stands in, however deep in expressions; none inside a block, whose end is not the use's end. */
function statementOf(list: readonly Stmt[], ancestors: readonly { readonly kind: string }[]): Stmt | undefined {
  const [outer, ...inner] = ancestors;
  const statement = list.find((item) => item === outer);
  if (!statement || (statement.kind !== 'expr' && statement.kind !== 'declare')) return undefined;
  return inner.some((item) => item.kind === 'logical' || item.kind === 'conditional') ? undefined : statement;
}

/** The same in `finally`: a literal, a name that keeps its value, or text and paths put together from these. */
function isSteady(functions: readonly { readonly body: readonly Stmt[] }[], expr: Expr, own: readonly Stmt[]): boolean {
  const all = (list: readonly Expr[]): boolean => list.every((item) => isSteady(functions, item, own));
  switch (expr.kind) {
    case 'literal': return true;
    case 'ref': return isConstant(functions, expr.binding, own);
    case 'global': return expr.name === 'process' || expr.name === '__dirname';
    case 'member': return typeof expr.property === 'string' && isSteady(functions, expr.object, own);
    case 'template': return all(expr.parts);
    case 'call': return (expr.callee.kind === 'ref' || (expr.callee.kind === 'member' && /^(?:join|resolve|tmpdir)$/.test(String(expr.callee.property)))) && all(expr.args) && expr.args.length < 8 && isPathCall(expr);
    default: return false;
  }
}

/** `join(…)`, `path.join(…)`, `os.tmpdir()`: by its arguments, texts and names alone. */
const isPathCall = (expr: CallExpr): boolean => expr.callee.kind === 'member' || expr.args.length > 1 || expr.args.length === 0;

/** A constant of the module or one that the function made before. */
function isConstant(functions: readonly { readonly body: readonly Stmt[] }[], binding: number, own: readonly Stmt[]): boolean {
  let writes = 0;
  for (const fn of functions) walk(fn.body, (item) => { if (item.kind === 'assign' && item.target.kind === 'ref' && item.target.binding === binding) writes++; });
  const nested = own.some((item) => item.kind !== 'declare' && declares(item, binding));
  return writes === 0 && !nested;
}

function declares(statement: Stmt, binding: number): boolean {
  let found = false;
  walk([statement], (item) => { if (item.kind === 'declare' && item.target.kind === 'ref' && item.target.binding === binding) found = true; });
  return found;
}

/** The path leaves the function: somebody else still wants the file. */
function givesAway(body: readonly Stmt[], target: Expr): boolean {
  if (target.kind !== 'ref') return false;
  let found = false;
  walk(body, (item, ancestors) => {
    if (item.kind === 'ref' && item.binding === target.binding && ancestors.some((outer) => outer.kind === 'return') && !ancestors.some((outer) => outer.kind === 'call')) found = true;
  });
  return found;
}

/** What removes a file by the same package: a method of the same object, or a name that is imported beside. */
function removerOf(names: readonly string[], facts: ExternalCall['body']['facts'], call: CallExpr, sync: boolean, module: string): { readonly call: readonly EditPart[]; readonly edits: readonly Edit[] } | undefined {
  const { callee } = call;
  const name = sync ? 'rmSync' : 'rm';
  if (callee.kind === 'member') return { call: [{ start: callee.object.start, end: callee.object.end }, `.${module === 'fs-extra' ? (sync ? 'removeSync' : 'remove') : name}`], edits: [] };
  if (callee.kind !== 'ref' || module === 'fs-extra' || module === 'graceful-fs' || names.includes(name)) return undefined;
  const item = facts.imports.find((one) => one.form === 'static' && one.names.some((own) => own.binding === callee.binding));
  if (!item) return undefined;
  return { call: [name], edits: [{ kind: 'before', at: item.start, text: [`import { ${name} } from '${sync ? 'node:fs' : 'node:fs/promises'}';`] }] };
}
