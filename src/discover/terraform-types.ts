import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import type { HclExpression } from './hcl-ast.ts';
import { evaluate } from './hcl-evaluate.ts';
import type { HclScope } from './hcl-evaluate.ts';
import { entryOf, isUnset } from './hcl-values.ts';

const MAX_DEPTH = 20;

/** A value with the defaults that its type gives to absent attributes: `object({ a = optional(number, 3) })` (Terraform language reference, "Type Constraints"). */
export function withOptional(value: Value, type: HclExpression | undefined, scope: HclScope, depth = 0): Value {
  if (type?.kind !== 'call' || depth > MAX_DEPTH) return value;
  const [inner] = type.args;
  switch (type.name) {
    case 'optional': return withOptional(value, inner, scope, depth + 1);
    case 'list': case 'set': return value.kind === 'array' ? { ...value, items: value.items.map((item) => withOptional(item, inner, scope, depth + 1)) } : value;
    case 'map': return value.kind === 'object' ? { ...value, entries: value.entries.map(([name, item]) => [name, withOptional(item, inner, scope, depth + 1)]) } : value;
    case 'object': break;
    default: return value;
  }
  if (value.kind !== 'object' || inner?.kind !== 'object') return value;
  const entries: [string, Value][] = [];
  const declared = new Set<string>();
  for (const { key, value: wanted } of inner.entries) {
    const name = key.kind === 'literal' ? String(key.value) : undefined;
    if (name === undefined) return value;
    declared.add(name);
    const given = entryOf(value, name);
    const fallback = wanted.kind === 'call' && wanted.name === 'optional' ? wanted.args[1] : undefined;
    if (given && !(isUnset(given) && fallback)) entries.push([name, withOptional(given, wanted, scope, depth + 1)]);
    else if (!value.open) entries.push([name, fallback ? withOptional(evaluate(fallback, scope), wanted, scope, depth + 1) : literal(null)]);
  }
  // Attributes that the type does not name are dropped by Terraform.
  return { ...value, entries };
}
