import type { Workspace } from '../model/workspace.ts';
import { buildMappings, readJson } from './source-path-build.ts';
import type { BuildMapping } from './source-path-build.ts';
import { bundledFrom } from './built-outputs.ts';
import {
  below, firstFile, folderOf, isBuildFolder, joinInRoot, scriptExtensions, sourceAt, sourceExtensions, typedExtensions, upwards,
  withoutExtension,
} from './source-path-names.ts';

/** Where a declaration says that the handler's module lies. All folders relative to the root. */
export interface HandlerPath {
  /** Folder of the declaring file. */
  readonly unitDir: string;
  /** Folder that is deployed (`CodeUri`, the service's folder); the handler's path is relative to it. */
  readonly codeDir: string;
  /** Module of the handler, without extension and export: `src/orders/create`. */
  readonly handlerPath: string;
}

/** What is asked of a repository more than once, kept for the life of its workspace. */
interface RepositoryIndex {
  /** Folder → names of its `tsconfig*.json`. */
  readonly tsconfigs: ReadonlyMap<string, readonly string[]>;
  readonly manifests: ReadonlySet<string>;
  /** Folders with a `project.json`: an Nx project's output lies outside its own folder. */
  readonly projects: readonly string[];
  readonly mappings: Map<string, readonly BuildMapping[]>;
  /** Package name → folder; built on first need. */
  packages?: ReadonlyMap<string, string>;
}

const indexes = new WeakMap<Workspace, RepositoryIndex>();

function indexOf(workspace: Workspace): RepositoryIndex {
  const known = indexes.get(workspace);
  if (known !== undefined) return known;
  const tsconfigs = new Map<string, string[]>();
  const manifests = new Set<string>();
  const projects: string[] = [];
  for (const file of workspace.files) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (name === 'project.json') projects.push(folderOf(file));
    if (name === 'package.json' || name === 'project.json') manifests.add(folderOf(file));
    else if (name.startsWith('tsconfig') && name.endsWith('.json')) {
      const names = tsconfigs.get(folderOf(file)) ?? [];
      names.push(name);
      // The plain name first: it is what editors and bare `tsc` take.
      names.sort((a, b) => Number(b === 'tsconfig.json') - Number(a === 'tsconfig.json') || (a < b ? -1 : 1));
      tsconfigs.set(folderOf(file), names);
    }
  }
  const index: RepositoryIndex = { tsconfigs, manifests, projects, mappings: new Map() };
  indexes.set(workspace, index);
  return index;
}

function mappingsOf(workspace: Workspace, folder: string): readonly BuildMapping[] {
  const index = indexOf(workspace);
  let mappings = index.mappings.get(folder);
  if (mappings === undefined) {
    mappings = buildMappings(workspace, folder, index.tsconfigs.get(folder) ?? []);
    index.mappings.set(folder, mappings);
  }
  return mappings;
}

function packageFolder(workspace: Workspace, name: string): string | undefined {
  const index = indexOf(workspace);
  if (index.packages === undefined) {
    const packages = new Map<string, string>();
    for (const folder of index.manifests) {
      const manifest = readJson(workspace, folder === '' ? 'package.json' : `${folder}/package.json`);
      const declared = manifest?.['name'];
      if (typeof declared === 'string' && !packages.has(declared)) packages.set(declared, folder);
    }
    index.packages = packages;
  }
  return index.packages.get(name);
}

/** The one source that a source map beside built output names; `undefined` when there is none or a bundle has several. */
function fromSourceMap(workspace: Workspace, built: string): string | undefined {
  const map = readJson(workspace, `${built}.map`);
  const sources = map?.['sources'];
  if (!Array.isArray(sources)) return undefined;
  const sourceRoot = typeof map?.['sourceRoot'] === 'string' ? map['sourceRoot'] : '';
  const name = withoutExtension(built).split('/').at(-1);
  const found: string[] = [];
  for (const source of sources.slice(0, 5_000)) {
    if (typeof source !== 'string') continue;
    const scheme = source.indexOf('://');
    // webpack writes `webpack://name/./src/a.ts`: what follows the name is relative to the package.
    const path = scheme < 0 ? joinInRoot(folderOf(built), sourceRoot, source) : undefined;
    if (path !== undefined && !path.includes('node_modules/') && workspace.has(path)) found.push(path);
  }
  if (found.length === 1) return found[0];
  const same = found.filter((path) => withoutExtension(path).split('/').at(-1) === name);
  // Bundlers list the entry last; a name equal to the output's is the stronger sign.
  return same.length === 1 ? same[0] : found.at(-1);
}

function fromMapping(workspace: Workspace, base: string, mapping: BuildMapping): string | undefined {
  if (mapping.outFile !== undefined) {
    const entry = mapping.entries[0];
    return mapping.outFile === base && entry !== undefined && workspace.has(entry) ? entry : undefined;
  }
  const rest = below(base, mapping.outDir);
  if (rest === undefined || rest === '') return undefined;
  for (const folder of mapping.sourceDirs) {
    // Output in the folder of the sources itself maps to itself, which is no news.
    if (folder === mapping.outDir) continue;
    const path = joinInRoot(folder, rest);
    const file = path === undefined ? undefined : sourceAt(workspace, path);
    if (file !== undefined && below(file, mapping.outDir) === undefined && (mapping.entries.length === 0 || mapping.entries.includes(file))) return file;
  }
  return undefined;
}

/** Same relative path with the build folder taken out, as such or below `src`. Several hits of one folder: ambiguous. */
function fromSamePath(workspace: Workspace, base: string, roots: readonly string[], doubtful: boolean): string | 'ambiguous' | undefined {
  for (const root of roots) {
    const rest = below(base, root);
    if (rest === undefined || rest === '') continue;
    const segments = rest.split('/');
    const last = segments.length - 1;
    const paths = new Set<string>();
    const kept: string[][] = [segments];
    const build = segments.findIndex((segment, index) => index < last && isBuildFolder(segment, doubtful));
    if (build >= 0) {
      // `.aws-sam/build/Name/app`: consecutive build folders go together.
      let end = build;
      while (end < last && isBuildFolder(segments[end] ?? '', doubtful)) end++;
      kept.push([...segments.slice(0, build), ...segments.slice(end)]);
      // `src` beside the build folder, whoever its package is.
      const beside = build === 0 ? undefined : joinInRoot(root, ...segments.slice(0, build), 'src', ...segments.slice(end));
      if (beside !== undefined) paths.add(beside);
    }
    for (const names of kept) {
      for (let at = 0; at <= Math.min(names.length - 1, 4); at++) {
        // `src` at the root of the package, or below the folder of a package inside the output (`dist/apps/a/main`).
        const folder = joinInRoot(root, ...names.slice(0, at)) ?? '';
        if (at > 0 && !indexOf(workspace).manifests.has(folder)) continue;
        const path = joinInRoot(folder, 'src', ...names.slice(at));
        if (path !== undefined) paths.add(path);
      }
      const plain = joinInRoot(root, ...names);
      if (plain !== undefined) paths.add(plain);
    }
    const files = new Set<string>();
    for (const path of paths) {
      const file = sourceAt(workspace, path);
      if (file !== undefined && withoutExtension(file) !== base && !inBuildFolder(file, root)) files.add(file);
    }
    const [only] = files;
    if (files.size === 1 && only !== undefined) return only;
    if (files.size > 1) return 'ambiguous';
  }
  return undefined;
}

function inBuildFolder(path: string, root: string): boolean {
  return (below(folderOf(path), root) ?? '').split('/').some((segment) => isBuildFolder(segment));
}

/** Folders that a relative path may be meant from: packages around the built file and the declaring file, nearest first. */
function packageRoots(workspace: Workspace, base: string, unitDir: string): string[] {
  const { manifests } = indexOf(workspace);
  const roots: string[] = [];
  const add = (folder: string | undefined): void => {
    if (folder !== undefined && !roots.includes(folder)) roots.push(folder);
  };
  add(upwards(folderOf(base)).find((folder) => manifests.has(folder) && !folder.split('/').some((segment) => isBuildFolder(segment))));
  add(unitDir);
  add(upwards(unitDir).find((folder) => manifests.has(folder)));
  return roots;
}

/** `node_modules/name/rest` or `node_modules/@scope/name/rest` → the workspace package's own folder. */
function throughPackages(workspace: Workspace, base: string): string | undefined {
  const marker = 'node_modules/';
  const at = base.lastIndexOf(marker);
  if (at < 0 || (at > 0 && base[at - 1] !== '/')) return undefined;
  const segments = base.slice(at + marker.length).split('/');
  const length = segments[0]?.startsWith('@') === true ? 2 : 1;
  const folder = packageFolder(workspace, segments.slice(0, length).join('/'));
  return folder === undefined ? undefined : joinInRoot(folder, ...segments.slice(length));
}

/**
 * Finds the true source of a handler's module. In order: the file itself; a source map beside built output; the
 * package's own compiler or bundler settings; the same relative path under `src` or the package, if unique. Built output
 * without a source in the repository is itself function code.
 *
 * Never reads outside the root. What cannot be told is a gap with its reason.
 */
export function resolveHandlerFile(workspace: Workspace, input: HandlerPath): { readonly file: string } | { readonly gap: string } {
  const codeDir = input.codeDir.replace(/\.(?:zip|jar)$/, '');
  const handlerPath = input.handlerPath.replace(/^(?:\.\/)+/, '');
  const stated = joinInRoot(codeDir, handlerPath);
  if (stated === undefined || handlerPath === '') return { gap: `handler path ${show(input.handlerPath)} lies outside the repository` };
  const base = throughPackages(workspace, stated) ?? stated;
  if (`/${base}/`.includes('/node_modules/')) return { gap: `handler ${show(input.handlerPath)} belongs to a dependency` };

  const typed = firstFile(workspace, base, typedExtensions);
  if (typed !== undefined) return { file: typed };
  const direct = firstFile(workspace, base, scriptExtensions, true) ?? firstFile(workspace, `${base}/index`, sourceExtensions);
  const looksBuilt = direct === undefined || inBuildFolder(base, '') || !workspace.has(direct) || workspace.has(`${direct}.map`);

  if (direct !== undefined && looksBuilt) {
    const mapped = fromSourceMap(workspace, direct);
    if (mapped !== undefined) return { file: mapped };
  }
  for (const folder of new Set([...upwards(folderOf(base)), ...upwards(input.unitDir), ...indexOf(workspace).projects])) {
    for (const mapping of mappingsOf(workspace, folder)) {
      const file = fromMapping(workspace, base, mapping);
      if (file !== undefined) return { file };
    }
  }
  // An archive beside the built file holds that file.
  const packed = codeDir === input.codeDir ? undefined : joinInRoot(folderOf(codeDir), handlerPath);
  const written = bundledFrom(workspace, base) ?? (packed === undefined ? undefined : bundledFrom(workspace, packed));
  if (written !== undefined && looksBuilt) return { file: written };
  if (direct !== undefined && !looksBuilt) return { file: direct };
  const same = fromSamePath(workspace, base, packageRoots(workspace, base, input.unitDir), direct === undefined);
  if (same !== undefined && same !== 'ambiguous' && (direct === undefined || isLikelierThan(workspace, same, direct))) return { file: same };
  if (direct !== undefined) return { file: direct };
  if (same === 'ambiguous') return { gap: `several sources fit the handler path ${show(base)}` };
  return { gap: `no source found for the handler path ${show(base)}` };
}

/** Whether a file elsewhere is rather the source than the existing file that the declaration names. */
function isLikelierThan(workspace: Workspace, source: string, named: string): boolean {
  return !workspace.has(named) || typedExtensions.some((extension) => source.endsWith(extension)) || source.split('/').includes('src');
}

function show(path: string): string {
  return `"${path.length > 200 ? `${path.slice(0, 200)}…` : path}"`;
}
