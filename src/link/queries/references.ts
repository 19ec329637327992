import type { Expr, FunctionFact, ModuleFacts, RefExpr, TypeRef } from '../../model/facts.ts';
import { walk, type Item } from '../walk.ts';

/** A mention of a binding in code. */
export interface Reference {
  readonly ref: RefExpr;
  /** What it stands in; absent at the top of an expression. */
  readonly parent: Item | undefined;
  /** The function that it stands in. */
  readonly fn: number;
}

/** Every mention of some bindings in a module's code, their declarations apart, in order of functions. Types are erased: see `typeNames`. */
export function referencesTo(facts: ModuleFacts, bindings: ReadonlySet<number>): readonly Reference[] {
  const found: Reference[] = [];
  const visit = (roots: readonly Item[], fn: number): void => walk(roots, (item, ancestors) => {
    if (item.kind !== 'ref' || !bindings.has(item.binding)) return;
    const parent = ancestors.at(-1);
    const declares = parent?.kind === 'declare' && parent.target === item || parent?.kind === 'pattern' && ancestors.at(-2)?.kind === 'declare';
    if (!declares) found.push({ ref: item, parent, fn });
  });
  for (const fn of facts.functions) for (const roots of rootsOf(fn)) visit(roots, fn.id);
  for (const cls of facts.classes) {
    visit([...cls.decorators, ...(cls.superClass ? [cls.superClass] : [])], cls.fn);
    for (const member of cls.members) visit([...member.decorators, ...(member.value ? [member.value] : [])], cls.fn);
  }
  return found;
}

function rootsOf(fn: FunctionFact): readonly (readonly Item[])[] {
  const params = fn.params.flatMap((param): readonly Item[] => [...(param.target.kind === 'pattern' ? param.target.elements.flatMap((element): readonly Expr[] => (element.default ? [element.default] : [])) : []), ...(param.default ? [param.default] : []), ...param.decorators]);
  return [fn.body, params, fn.decorators];
}

/** First parts of the names of types that declarations of a module mention: `AWS` of `AWS.S3`. */
export function typeNames(facts: ModuleFacts): ReadonlySet<string> {
  const found = new Set<string>();
  const open: TypeRef[] = [];
  const add = (type: TypeRef | undefined): void => { if (type) open.push(type); };
  for (const binding of facts.bindings) add(binding.type);
  for (const fn of facts.functions) { add(fn.returnType); for (const param of fn.params) add(param.type); }
  for (const cls of facts.classes) { open.push(...cls.implements); for (const member of cls.members) add(member.type); }
  for (const type of facts.types) open.push(...type.extends);
  for (let type = open.pop(); type !== undefined; type = open.pop()) {
    found.add(type.name.split('.')[0] ?? '');
    open.push(...type.args);
  }
  return found;
}

/** Names that a module uses for anything: a new one of these would mean something else somewhere. */
export const takenNames = (facts: ModuleFacts): ReadonlySet<string> => new Set([...facts.bindings.map((binding) => binding.name), ...facts.globals]);
