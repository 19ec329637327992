import type { FactsLoader } from '../extract/load.ts';
import { AutoImports } from '../link/auto-imports.ts';
import { Evaluator } from '../link/evaluate.ts';
import { Modules } from '../link/modules.ts';
import { runProgram } from '../link/program.ts';
import { Resolver } from '../link/resolve.ts';
import type { Infrastructure } from '../model/function.ts';
import type { Workspace } from '../model/workspace.ts';
import { discover } from './discover.ts';
import { evidenceFunctions } from './evidence-functions.ts';
import type { DiscoverOptions } from './reader.ts';

export type Options = Omit<DiscoverOptions, 'evaluateExport' | 'evaluator' | 'program'>;

/** What infrastructure and conventions declare. Infrastructure written as a program goes through the same evaluator as code. */
export function discoverDeclared(workspace: Workspace, loader: FactsLoader, options: Options): Infrastructure {
  let made: Evaluator | undefined;
  let shared: Modules | undefined;
  let folders: ReadonlyMap<string, readonly string[]> | undefined;
  const modules = (): Modules => (shared ??= new Modules(loader, new Resolver(workspace), undefined, new AutoImports(workspace, (file) => loader.facts(file))));
  const evaluator = (): Evaluator => (made ??= new Evaluator(modules(), new Map(), () => []));
  return discover(workspace, {
    ...options, evaluator, evaluateExport: (file, name) => evaluator().exportValue(file, name),
    program: (entry, given) => runProgram(modules(), entry, { read: (file) => workspace.read(file), list: (folder) => (folders ??= foldersOf(workspace.files)).get(folder), ...given }),
  });
}

/** Names in each folder. */
function foldersOf(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    for (let path = file; ;) {
      const slash = path.lastIndexOf('/');
      const folder = slash < 0 ? '' : path.slice(0, slash);
      const names = folders.get(folder);
      const name = path.slice(slash + 1);
      if (names?.has(name)) break;
      if (names) names.add(name); else folders.set(folder, new Set([name]));
      if (slash < 0) break;
      path = folder;
    }
  }
  return new Map([...folders].map(([folder, names]) => [folder, [...names]]));
}

/** Infrastructure first, then conventions, then what code says of itself. */
export function discoverAll(workspace: Workspace, loader: FactsLoader, options: Options): Infrastructure {
  const declared = discoverDeclared(workspace, loader, options);
  const evidence = evidenceFunctions(workspace, declared, loader);
  return evidence.length === 0 ? declared : { ...declared, functions: [...declared.functions, ...evidence] };
}
