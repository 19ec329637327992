import { posix } from 'node:path';
import type { Workspace } from '../model/workspace.ts';

/** Extensions of files that people write, in the order in which they win over each other. */
export const typedExtensions: readonly string[] = ['.ts', '.tsx', '.mts', '.cts'];
export const scriptExtensions: readonly string[] = ['.js', '.mjs', '.cjs', '.jsx'];
export const sourceExtensions: readonly string[] = [...typedExtensions, ...scriptExtensions];

/** Folder names that hold output of a build, not what people write. */
const buildFolders: ReadonlySet<string> = new Set([
  'dist', 'build', 'out', '.build', '.webpack', '.esbuild', '.serverless', '.aws-sam', '.dist', 'built', 'compiled', '.output', '_build',
  '_optimize', '.vercel', 'cdk.out',
]);

/** Folder names that are output in some packages and sources in others: they count only when nothing lies there. */
const doubtfulFolders: ReadonlySet<string> = new Set(['lib', 'es', 'cjs', 'esm', 'output', 'bundle', 'bundles', 'artifacts', 'target', 'deploy', 'package']);

export function isBuildFolder(segment: string, doubtful = false): boolean {
  return buildFolders.has(segment) || (doubtful && doubtfulFolders.has(segment));
}

/**
 * Joins and normalises paths relative to the root; `undefined` when the result leaves the root or is absolute. The root
 * itself is ''.
 */
export function joinInRoot(...parts: readonly string[]): string | undefined {
  const given = parts.filter((part) => part !== '').map((part) => part.replaceAll('\\', '/'));
  if (given.some((part, index) => index > 0 && part.startsWith('/')) || given[0]?.startsWith('/') === true) return undefined;
  if (given.some((part) => part.includes('\0'))) return undefined;
  const joined = posix.normalize(given.length === 0 ? '.' : given.join('/'));
  if (joined === '..' || joined.startsWith('../')) return undefined;
  const trimmed = joined.endsWith('/') ? joined.slice(0, -1) : joined;
  return trimmed === '.' ? '' : trimmed;
}

/** Folder of a path; '' for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The path below `folder`, or `undefined` when it does not lie there. */
export function below(path: string, folder: string): string | undefined {
  if (folder === '') return path;
  if (path === folder) return '';
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

/** The folder itself and those above it, up to the root (''). */
export function upwards(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== ''; at = folderOf(at)) folders.push(folderOf(at));
  return folders;
}

/** Removes one known source extension; a declaration file (`.d.ts`) keeps its name. */
export function withoutExtension(file: string): string {
  if (/\.d\.[cm]?ts$/.test(file)) return file;
  const found = sourceExtensions.find((extension) => file.endsWith(extension));
  return found === undefined ? file : file.slice(0, -found.length);
}

/** The first existing file among `base` + extension; listed files only, unless `hidden` asks for ignored output too. */
export function firstFile(workspace: Workspace, base: string, extensions: readonly string[], hidden = false): string | undefined {
  for (const extension of extensions) {
    const file = base + extension;
    if (workspace.has(file) || (hidden && workspace.read(file) !== undefined)) return file;
  }
  return undefined;
}

/** A source file for a path without extension: the file itself or the index of a folder. */
export function sourceAt(workspace: Workspace, base: string): string | undefined {
  return firstFile(workspace, base, sourceExtensions) ?? firstFile(workspace, base === '' ? 'index' : `${base}/index`, sourceExtensions);
}
