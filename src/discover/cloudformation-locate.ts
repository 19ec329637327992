import type { Workspace } from '../model/workspace.ts';
import type { ReadContext, SourcePath } from './reader.ts';
import { archivedBy } from './source-path-archives.ts';
import { readJson } from './source-path-build.ts';
import { namedEntries } from './source-path-entries.ts';
import { namesExport, seemsToExport } from './source-path-folders.ts';
import { below, folderOf, isBuildFolder, joinInRoot, sourceExtensions, upwards, withoutExtension } from './source-path-names.ts';

interface Names {
  /** Lower-cased folder → the folders so spelled. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
  /** File name without extension → source files. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<Workspace, Names>();

function namesOf(workspace: Workspace): Names {
  const known = indexes.get(workspace);
  if (known) return known;
  const folders = new Map<string, string[]>();
  const sources = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, value: string): void => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  const seen = new Set<string>();
  for (const file of workspace.files) {
    for (let folder = folderOf(file); folder !== '' && !seen.has(folder); folder = folderOf(folder)) {
      seen.add(folder);
      add(folders, folder.toLowerCase(), folder);
    }
    if (sourceExtensions.some((extension) => file.endsWith(extension)) && !file.endsWith('.d.ts')) add(sources, withoutExtension(file.slice(file.lastIndexOf('/') + 1)), file);
  }
  const names: Names = { folders, sources };
  indexes.set(workspace, names);
  return names;
}

/** A folder as it is spelled in the repository: templates written on systems that ignore case name it otherwise. */
export function spelledFolder(workspace: Workspace, folder: string): string {
  if (folder === '' || workspace.isDirectory(folder)) return folder;
  const spelled = namesOf(workspace).folders.get(folder.toLowerCase());
  return spelled?.length === 1 && spelled[0] !== undefined ? spelled[0] : folder;
}

/** What people call the entry of a folder that is named after its function. */
const entryNames: readonly string[] = ['index', 'handler', 'app', 'main', 'lambda'];

/** Names that say nothing of what a handler does. */
const generic = /^(?:index|main|app|handler|lambda|lambda_function|function|server)$/i;

/**
 * Source of a handler whose package is a folder or archive that is not there: the folder that the archive (or the folder of
 * output) is named after, then the entry of a bundler's configuration with that name, then the only file below the unit whose path
 * ends like the handler's; of several the only one that names the export. Generic names at other places prove nothing.
 */
export function absentSource(context: ReadContext, unitDir: string, code: string | undefined, handlerPath: string, exported?: string): SourcePath | undefined {
  const { workspace } = context;
  const names = namesOf(workspace);
  const bundle = code === undefined || !generic.test(handlerPath) ? undefined : bundledBeside(names, code, unitDir);
  if (bundle !== undefined) return { file: bundle };
  const stem = code === undefined ? undefined : packageName(code);
  if (stem !== undefined) {
    const within = [...names.folders.values()].flat().filter((folder) => folder.slice(folder.lastIndexOf('/') + 1) === stem && below(folder, unitDir) !== undefined);
    const found = new Set(within.map((folder) => direct(workspace, folder, handlerPath)).filter((file) => file !== undefined));
    const [only] = found;
    if (found.size === 1 && only !== undefined) return { file: only };
  }
  const base = handlerPath.slice(handlerPath.lastIndexOf('/') + 1);
  for (const name of generic.test(base) ? [stem === undefined ? handlerPath : `${stem}/${handlerPath}`, stem] : [handlerPath, base]) {
    const entries = name === undefined || generic.test(name) ? [] : namedEntries(workspace, name).filter((file) => below(file, unitDir) !== undefined);
    if (entries.length === 1 && entries[0] !== undefined) return { file: entries[0] };
  }
  if (generic.test(handlerPath)) return undefined;
  // A folder is the file that its index is, or its handler: `handlers` of `handlers/index.ts`, `orders` of `orders/handler.ts`.
  for (const [name, path] of [[base, handlerPath], ...entryNames.map((entry) => [entry, `${handlerPath}/${entry}`] as const)] as const) {
    const ending = (names.sources.get(name) ?? []).filter((file) => below(file, unitDir) !== undefined && `/${withoutExtension(file)}`.endsWith(`/${path}`)
      && !folderOf(file).split('/').some((segment) => isBuildFolder(segment) || segment === 'node_modules'));
    const [only] = ending;
    if (ending.length === 1 && only !== undefined) return { file: only };
    const [shown, another] = exported === undefined ? [] : ending.slice(0, 50).filter((file) => namesExport(workspace.read(file) ?? '', exported));
    if (shown !== undefined && another === undefined) return { file: shown };
    if (ending.length > 0) return undefined;
  }
  return undefined;
}

/**
 * Source of a bundle in a folder of its own that has the source's whole name, `hello.lambda/index.js` of `hello.lambda.ts` (projen,
 * "AWS Lambda functions", read 2026-11; some add `.bundle`): beside the folder, else the only one of that name.
 */
function bundledBeside(names: Names, code: string, unitDir: string): string | undefined {
  const name = code.slice(code.lastIndexOf('/') + 1).replace(/\.bundle$/, '');
  if (!/\.[\w-]{0,40}lambda[\w-]{0,40}$/.test(name)) return undefined;
  const sources = (names.sources.get(name) ?? []).filter((file) => below(file, unitDir) !== undefined);
  return sources.find((file) => folderOf(file) === folderOf(code)) ?? (sources.length === 1 ? sources[0] : undefined);
}

/** What a package is named after: the archive's name, or the folder of output that holds one function. */
function packageName(code: string): string | undefined {
  const archive = /([^/]+?)\.zip$/i.exec(code)?.[1];
  if (archive !== undefined) return archive.replace(/^[-_.]+/, '');
  const segments = code.split('/');
  const last = segments.at(-1) ?? '';
  return last !== '' && !isBuildFolder(last) && segments.some((segment) => isBuildFolder(segment)) ? last : undefined;
}

/** The folder that two paths share: where a function lies whose declaration and code stand apart. */
export function sharedFolder(one: string, other: string): string {
  return upwards(one).find((folder) => below(other, folder) !== undefined) ?? '';
}

/** An archive in the output folder of a package has that package's handler at its top. */
export function packageOfArchive(context: ReadContext, archive: string, handlerPath: string): SourcePath | undefined {
  let folder = folderOf(archive);
  if (!isBuildFolder(folder.slice(folder.lastIndexOf('/') + 1))) return undefined;
  while (folder !== '' && isBuildFolder(folder.slice(folder.lastIndexOf('/') + 1))) folder = folderOf(folder);
  if (!context.workspace.has(folder === '' ? 'package.json' : `${folder}/package.json`)) return undefined;
  const file = direct(context.workspace, folder, handlerPath);
  return file === undefined ? undefined : { file };
}

/** Source in a folder that a script or workflow of the repository packs under the archive's name. */
export function packedSource(context: ReadContext, unitDir: string, archive: string, handlerPath: string): SourcePath | undefined {
  for (const folder of archivedBy(context, archive)) {
    const source = context.sourceOf(unitDir, folder, handlerPath);
    if ('file' in source) return source;
  }
  return undefined;
}

/**
 * Handler in the only folder whose name begins or ends with the archive's (`receive.zip` of `functions/receive-vote`), else the one
 * with the longest name that is part of the archive's (`shop-cart-service.zip` of `services/cart`).
 */
export function likeArchive(context: ReadContext, unitDir: string, archive: string, handlerPath: string, exported: string): SourcePath | undefined {
  const stem = packageName(archive);
  if (stem === undefined || stem.length < 4 || generic.test(stem)) return undefined;
  const { workspace } = context;
  const found = new Set<string>();
  const inside = new Map<string, string[]>();
  for (const folder of [...namesOf(workspace).folders.values()].flat()) {
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    if (folder.split('/').some((segment) => isBuildFolder(segment))) continue;
    const longer = name.startsWith(`${stem}-`) || name.startsWith(`${stem}_`) || name.endsWith(`-${stem}`) || name.endsWith(`_${stem}`);
    const part = !longer && isPart(name, stem) && !hasOwnUnit(workspace, unitDir, folder);
    if (!longer && !part) continue;
    const file = direct(workspace, folder, handlerPath);
    if (file === undefined || !seemsToExport(workspace.read(file) ?? '', exported)) continue;
    if (longer) found.add(file);
    else inside.set(name, [...(inside.get(name) ?? []), file]);
  }
  if (found.size === 0) {
    const [longest] = [...inside].sort(([a], [b]) => b.length - a.length);
    for (const file of longest?.[1] ?? []) found.add(file);
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? { file: only } : undefined;
}

/** Whether a folder lies in another part of the repository than the template, one with a template of its own. */
function hasOwnUnit(workspace: Workspace, unitDir: string, folder: string): boolean {
  const shared = sharedFolder(unitDir, folder);
  if (shared === unitDir) return false;
  const part = folder.slice(shared === '' ? 0 : shared.length + 1).split('/')[0] ?? '';
  const start = `${shared === '' ? '' : `${shared}/`}${part}/`;
  return workspace.files.some((file) => file.startsWith(start) && /(?:^|\/)(?:template[^/]*\.(?:ya?ml|json)|serverless\.ya?ml|[^/]+\.template)$/.test(file));
}

/** Names of folders that say what a repository is made of, not what a function does. */
const structural = /^(?:services?|functions?|lambdas?|handlers?|api|app|src|lib|code|source|common|shared|resources?|backend|server|packages?|node|test)$/i;

/** Whether a folder's name is whole words of an archive's name, before, behind or between others. */
function isPart(name: string, stem: string): boolean {
  if (name.length < 4 || structural.test(name) || generic.test(name)) return false;
  const at = stem.indexOf(name);
  const isEdge = (character: string | undefined): boolean => character === undefined || character === '-' || character === '_';
  return at >= 0 && isEdge(stem[at - 1]) && isEdge(stem[at + name.length]);
}

/** Handler of the package whose manifest has the archive's name, as scripts name archives (`zip $(jq -r .name package.json).zip`). */
export function namedPackage(context: ReadContext, archive: string, handlerPath: string): SourcePath | undefined {
  const stem = packageName(archive);
  const names = stem === undefined ? undefined : manifestNames(context.workspace).get(stem);
  const [only] = names ?? [];
  const file = names?.length === 1 && only !== undefined ? direct(context.workspace, only, handlerPath) : undefined;
  return file === undefined ? undefined : { file };
}

const manifests = new WeakMap<Workspace, ReadonlyMap<string, readonly string[]>>();

/** Names of manifests, also without their scope, with the folders that have them. */
function manifestNames(workspace: Workspace): ReadonlyMap<string, readonly string[]> {
  const known = manifests.get(workspace);
  if (known) return known;
  const names = new Map<string, string[]>();
  for (const file of workspace.files) {
    if (!file.endsWith('package.json') || (file !== 'package.json' && !file.endsWith('/package.json')) || file.includes('node_modules/')) continue;
    const declared = readJson(workspace, file)?.['name'];
    if (typeof declared !== 'string') continue;
    for (const name of new Set([declared, declared.slice(declared.lastIndexOf('/') + 1)])) names.set(name, [...(names.get(name) ?? []), folderOf(file)]);
  }
  manifests.set(workspace, names);
  return names;
}

/** An archive built from the unit's own package has its handler at the top of it. */
export function besideArchive(context: ReadContext, unitDir: string, handlerPath: string): SourcePath | undefined {
  const file = direct(context.workspace, unitDir, handlerPath);
  return file === undefined ? undefined : { file };
}

function direct(workspace: Workspace, folder: string, handlerPath: string): string | undefined {
  for (const root of [folder, joinInRoot(folder, 'src')]) {
    const base = root === undefined ? undefined : joinInRoot(root, handlerPath);
    const extension = base === undefined ? undefined : sourceExtensions.find((candidate) => workspace.has(`${base}${candidate}`));
    if (base !== undefined && extension !== undefined) return `${base}${extension}`;
  }
  return undefined;
}
