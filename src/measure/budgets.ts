import type { BundleBudget } from '../model/finding.ts';
import type { ServerlessFunction } from '../model/function.ts';
import { globMatcher } from './glob.ts';

/** Budgets of the configuration: overall, and for functions by pattern. */
export interface Budgets extends BundleBudget {
  /** In the configuration's order; of the patterns that match a name, the first one counts. */
  readonly functions?: readonly (BundleBudget & { readonly pattern: string })[];
}

/** The budget of one function: its pattern's, and what that leaves open from the overall one. */
export function budgetFor(fn: Pick<ServerlessFunction, 'name' | 'id'>, budgets: Budgets | undefined): BundleBudget | undefined {
  if (budgets === undefined) return undefined;
  const own = budgets.functions?.find(({ pattern }) => { const matches = globMatcher(pattern); return matches(fn.name) || pattern === fn.id; });
  const warnBytes = own?.warnBytes ?? budgets.warnBytes;
  const errorBytes = own?.errorBytes ?? budgets.errorBytes;
  return warnBytes === undefined && errorBytes === undefined ? undefined : { ...(warnBytes === undefined ? {} : { warnBytes }), ...(errorBytes === undefined ? {} : { errorBytes }) };
}
