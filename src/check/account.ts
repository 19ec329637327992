import type { FactsLoader } from '../extract/load.ts';
import type { FileAccount } from '../model/finding.ts';
import type { Infrastructure, Skipped } from '../model/function.ts';
import type { ProjectView } from '../model/project.ts';
import type { Workspace } from '../model/workspace.ts';

/**
 * Accounts for files: *discovered* are the files that a function's code or declaration needs, which are those that readers
 * took something from or could not read, and those that handlers reach. *Skipped* are the ones that could not be used,
 * *partial* the declaring files of which a part was not understood, *analysed* the rest.
 */
export function account(_workspace: Workspace, infrastructure: Infrastructure, loader: FactsLoader, project: ProjectView): { readonly files: FileAccount; readonly incomplete: readonly Skipped[] } {
  const problems = new Map<string, Skipped>();
  for (const problem of infrastructure.problems) problems.set(problem.file, problem);
  const needed = new Set([...infrastructure.files, ...problems.keys()]);
  for (const file of loader.loaded()) {
    needed.add(file);
    const problem = loader.problem(file);
    if (problem) problems.set(file, problem);
  }
  const partialFiles = new Set(infrastructure.gaps.map((gap) => gap.file));
  for (const gap of project.gaps) partialFiles.add(gap.file);
  const skipped = [...problems.values()].filter((problem) => !infrastructure.files.includes(problem.file)).sort((a, b) => (a.file < b.file ? -1 : 1));
  const out = new Set(skipped.map((item) => item.file));
  const partial = [...needed].filter((file) => !out.has(file) && (partialFiles.has(file) || problems.has(file))).length;
  const incomplete = [...problems.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  return { files: { discovered: needed.size, analysed: needed.size - partial - out.size, partial, skipped }, incomplete };
}
