import type { DeclareStmt, Expr, FunctionFact, ModuleFacts, Stmt } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import { walk, type Item } from '../walk.ts';

/** The declaration of a variable moved from the module into the one function that knows it. */
export function moveIn(view: FunctionView, file: string, binding: number): readonly Suggestion[] {
  const facts = view.project.facts(file);
  if (!facts) return [];
  const name = facts.bindings[binding];
  const module = facts.functions[0];
  if (!name || name.fn !== 0 || !module || isExported(facts, binding)) return [];
  const declaration = module.body.find((item): item is DeclareStmt => item.kind === 'declare' && item.target.kind === 'ref' && item.target.binding === binding);
  if (!declaration || (declaration.form !== 'let' && declaration.form !== 'const' && declaration.form !== 'var') || !(declaration.value === undefined || isPlain(declaration.value))) return [];
  const users = new Set<number>();
  for (const fn of facts.functions) {
    const roots: Item[] = [...fn.params.flatMap((param) => (param.default ? [param.default] : [])), ...fn.body];
    walk(roots, (item) => { if (item.kind === 'ref' && item.binding === binding && item !== declaration.target) users.add(outermost(facts, fn.id)); });
  }
  for (const cls of facts.classes) walk([...cls.members.flatMap((member) => (member.value ? [member.value] : [])), ...(cls.superClass ? [cls.superClass] : [])], (item) => { if (item.kind === 'ref' && item.binding === binding) users.add(0); });
  const [only] = users;
  const fn = users.size === 1 && only !== undefined && only !== 0 ? facts.functions[only] : undefined;
  const first = fn && firstStatement(fn);
  // What runs at init makes one for all invocations again.
  if (!fn || !first || fn.generator || view.bodies('init').some((body) => body.file === file && body.fn.id === fn.id) || fn.params.some((param) => param.default && mentions([param.default], binding))) return [];
  return [{ title: `Move '${name.name}' into ${fn.name === '' ? 'the function' : `'${fn.name}'`}`, edits: [
    { kind: 'drop', start: declaration.start, end: declaration.end },
    { kind: 'before', at: first.start, text: [declaration.form === 'const' ? 'const ' : 'let ', { start: declaration.start, end: declaration.end }, ';'] },
  ] }];
}

/** The function of the module's own level that a function stands in; 0 for the module. */
function outermost(facts: ModuleFacts, fn: number): number {
  let id = fn;
  for (let fact = facts.functions[id]; fact && fact.parent > 0; fact = facts.functions[id]) id = fact.parent;
  return id;
}

/** The first statement of a function with braces; nothing for `() => value`. */
function firstStatement(fn: FunctionFact): Stmt | undefined {
  const [first] = fn.body;
  if (!first || (first.kind === 'return' && first.value?.start === first.start)) return undefined;
  return first;
}

const isExported = (facts: ModuleFacts, binding: number): boolean => facts.exports.some((item) => item.binding === binding || (item.value !== undefined && mentions([item.value], binding)));

function mentions(roots: readonly Item[], binding: number): boolean {
  let found = false;
  walk(roots, (item) => { if (item.kind === 'ref' && item.binding === binding) found = true; return !found; });
  return found;
}

/** A value that is the same wherever it is made: constants, empty collections. */
function isPlain(value: Expr): boolean {
  switch (value.kind) {
    case 'literal': return true;
    case 'unary': return isPlain(value.of);
    case 'global': return value.name === 'undefined' || value.name === 'Infinity' || value.name === 'NaN';
    case 'array': return value.items.every((item) => item === null || isPlain(item));
    case 'object': return value.properties.every((property) => typeof property.key === 'string' && isPlain(property.value));
    case 'new': return value.callee.kind === 'global' && /^(?:Map|Set|Array|Date|Object)$/.test(value.callee.name) && value.args.every((arg) => isPlain(arg));
    default: return false;
  }
}
