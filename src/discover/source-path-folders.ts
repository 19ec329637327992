import type { Workspace } from '../model/workspace.ts';
import { firstFile, folderOf, isBuildFolder, scriptExtensions, typedExtensions } from './source-path-names.ts';

/** Folders that may hold what an archive, image or function is named after. */
interface FolderIndex {
  /** Plain name → folders that are so named or hold a package of that name. */
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** Lower-cased name of a Dockerfile's folder → Dockerfiles. */
  readonly dockerfiles: readonly string[];
}

const indexes = new WeakMap<Workspace, FolderIndex>();

/** A name without the differences that builds and clouds make: case, separators. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The name itself, then without the words that say what it is (`orders-lambda`, `lambda_orders`) and without a version or stage variable. */
function nameVariants(name: string): readonly string[] {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const kind = /^(?:lambda|lambdas|function|func|fn|handler|image|repo|repository|ecr|zip|package|deployment|latest|service|url|urls|uri|arn)$/i;
  const variants = [words, words.filter((word) => !/^v?\d+$/.test(word))];
  let trimmed = words;
  while (trimmed.length > 1 && kind.test(trimmed.at(-1) ?? '')) trimmed = trimmed.slice(0, -1);
  variants.push(trimmed);
  while (trimmed.length > 1 && kind.test(trimmed[0] ?? '')) trimmed = trimmed.slice(1);
  variants.push(trimmed);
  return [...new Set(variants.map((list) => plainName(list.join(''))).filter((variant) => variant.length > 1))];
}

function indexOf(workspace: Workspace): FolderIndex {
  const known = indexes.get(workspace);
  if (known) return known;
  const byName = new Map<string, Set<string>>();
  const dockerfiles: string[] = [];
  const add = (name: string, folder: string): void => {
    const key = plainName(name);
    if (key.length < 2) return;
    const folders = byName.get(key);
    if (folders) folders.add(folder);
    else byName.set(key, new Set([folder]));
  };
  const seen = new Set<string>(['']);
  for (const file of workspace.files) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (/^Dockerfile(?:\.|$)|\.Dockerfile$/i.test(name)) dockerfiles.push(file);
    if (name === 'package.json') {
      const declared = /"name"\s{0,5}:\s{0,5}"([^"\n]{1,200})"/.exec(workspace.read(file) ?? '')?.[1];
      if (declared !== undefined) add(declared.replace(/^@[^/]*\//, ''), folderOf(file));
    }
    for (let folder = folderOf(file); !seen.has(folder); folder = folderOf(folder)) {
      seen.add(folder);
      const segments = folder.split('/');
      if (!segments.some((segment) => isBuildFolder(segment) || segment === 'node_modules')) add(segments.at(-1) ?? '', folder);
    }
  }
  const index: FolderIndex = { byName: new Map([...byName].map(([name, folders]) => [name, [...folders]])), dockerfiles };
  indexes.set(workspace, index);
  return index;
}

/** Folders named alike, best variant of the name first; folders of the first variant that names any. */
export function foldersNamed(workspace: Workspace, name: string): readonly string[] {
  const { byName } = indexOf(workspace);
  for (const variant of nameVariants(name)) {
    const folders = byName.get(variant);
    if (folders) return folders;
  }
  return [];
}

/** Dockerfiles directly in a folder. */
export function dockerfilesIn(workspace: Workspace, folder: string): readonly string[] {
  return indexOf(workspace).dockerfiles.filter((file) => folderOf(file) === folder);
}

/** A source file of a package at its top, below `src`, or where its manifest's `main` points. */
export function packageEntry(workspace: Workspace, folder: string): readonly string[] {
  const text = workspace.read(folder === '' ? 'package.json' : `${folder}/package.json`);
  const main = text === undefined ? undefined : /"main"\s{0,5}:\s{0,5}"([^"\n]{1,200})"/.exec(text)?.[1];
  return main === undefined ? [] : [main.replace(/^\.\//, '').replace(/\.[cm]?js$/, '')];
}

/** Whether a folder holds sources of ours directly or below `src`. */
export function holdsSource(workspace: Workspace, folder: string, handlerPath: string): string | undefined {
  for (const base of [handlerPath, `src/${handlerPath}`]) {
    const file = firstFile(workspace, folder === '' ? base : `${folder}/${base}`, [...typedExtensions, ...scriptExtensions]);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Whether a text exports a name in so many words: what must tell one of several files of that name from the others. */
export function namesExport(text: string, name: string): boolean {
  const first = name.split('.')[0] ?? '';
  if (!/^[A-Za-z_$][\w$]{0,100}$/.test(first)) return false;
  const word = first.replaceAll('$', '\\$');
  return [
    `\\bexport\\s+(?:const|let|var|class|(?:async\\s+)?function)\\s{1,20}\\*?\\s{0,20}${word}\\b`,
    `\\bexport\\s{0,20}\\{[^}]{0,1000}\\b${word}\\b`,
    `\\bexports\\s{0,5}\\.\\s{0,5}${word}\\s{0,5}=`,
    `\\bexports\\s{0,5}=\\s{0,5}\\{[^}]{0,1000}\\b${word}\\b`,
  ].some((pattern) => new RegExp(pattern).test(text));
}

/** Whether a text seems to export a name: what a guess from names alone must show. */
export function seemsToExport(text: string, name: string): boolean {
  const first = name.split('.')[0] ?? '';
  if (!/^[A-Za-z_$][\w$]{0,100}$/.test(first)) return false;
  const word = first.replaceAll('$', '\\$');
  return [
    `\\bexport\\s+(?:const|let|var|class|(?:async\\s+)?function)\\s{1,20}\\*?\\s{0,20}${word}\\b`,
    `\\bexport\\s{0,20}\\{[^}]{0,1000}\\b${word}\\b`,
    `\\bexport\\s+${word === 'default' ? 'default' : '\\*'}(?:\\s|$)`,
    `\\bexports\\s{0,5}(?:\\.\\s{0,5}${word}\\b|=|\\[)`,
  ].some((pattern) => new RegExp(pattern).test(text));
}
