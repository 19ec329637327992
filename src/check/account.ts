import type { FactsLoader } from '../extract/load.ts';
import type { FileAccount } from '../model/finding.ts';
import type { Gap, Infrastructure, Skipped } from '../model/function.ts';
import type { ProjectView } from '../model/project.ts';
import { functionsInScope, isInScope, type Scope } from './scope.ts';

/**
 * Accounts for files. *Discovered* are the files that the functions in scope need: those that declare them, those that their
 * handlers load, and those in scope that could not be used. *Skipped* could not be used, *partial* are those of which a part
 * was not understood, *analysed* the rest; so `discovered = analysed + partial + skipped`, exactly.
 */
export function account(infrastructure: Infrastructure, loader: FactsLoader, project: ProjectView, gaps: readonly Gap[], scope: Scope): { readonly files: FileAccount; readonly incomplete: readonly Skipped[] } {
  const functions = new Set(functionsInScope(infrastructure, scope));
  const needed = new Set(infrastructure.files.filter((file) => isInScope(scope, file)));
  for (const view of project.functions) {
    if (!functions.has(view.fn)) continue;
    for (const place of view.fn.declaredAt) needed.add(place.file);
    for (const file of view.files()) needed.add(file);
  }
  const problems = new Map<string, Skipped>();
  for (const problem of infrastructure.problems) if (isInScope(scope, problem.file) || needed.has(problem.file)) problems.set(problem.file, problem);
  for (const file of scope.whole ? loader.loaded() : [...needed, ...loader.loaded().filter((name) => isInScope(scope, name))]) {
    if (scope.whole) needed.add(file);
    const problem = loader.problem(file);
    if (problem) problems.set(file, problem);
  }
  for (const file of problems.keys()) needed.add(file);
  // A declaring file that broke half-way is still used as far as it was read.
  const read = new Set(infrastructure.files);
  const byFile = (a: Skipped, b: Skipped): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
  const skipped = [...problems.values()].filter((problem) => !read.has(problem.file)).sort(byFile);
  const out = new Set(skipped.map((item) => item.file));
  const vague = new Set(gaps.map((gap) => gap.file));
  const partial = [...needed].filter((file) => !out.has(file) && (vague.has(file) || problems.has(file))).length;
  return { files: { discovered: needed.size, analysed: needed.size - partial - out.size, partial, skipped }, incomplete: [...problems.values()].sort(byFile) };
}
