import { nearest } from '../check/nearest.ts';
import { UsageError } from '../check/usage-error.ts';
import type { Rule } from '../rule.ts';

/** @throws UsageError that names the nearest rule when there is none of that name */
export function findRule(rules: readonly Rule[], id: string): Rule {
  const found = rules.find((rule) => rule.id === id);
  if (found) return found;
  const near = nearest(id, rules.map((rule) => rule.id));
  throw new UsageError(`unknown rule "${id}".${near === undefined ? '' : ` Did you mean "${near}"?`} Run "faaslint rules" for the list.`);
}
