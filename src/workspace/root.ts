import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'jsonc-parser';
import { UsageError } from '../check/usage-error.ts';
import { maxDocumentBytes, readTextFile } from './read.ts';

/** The path that was to be scanned does not exist or is neither file nor folder; the message is for people. */
export class PathError extends UsageError {}

/** Files whose presence makes a folder the root of a workspace of packages. */
const workspaceFiles = ['pnpm-workspace.yaml', 'lerna.json', 'rush.json', 'nx.json', 'turbo.json'];

/**
 * Absolute real path of the root: the nearest ancestor of the scan path that holds `.git`, else the nearest that holds a
 * workspace manifest, else the scan path itself (of a file, its folder).
 * @throws PathError when the path does not exist
 */
export function findRoot(scanPath: string): string {
  const start = realFolder(scanPath);
  const ancestors = [start];
  for (let folder = start; dirname(folder) !== folder; ) ancestors.push((folder = dirname(folder)));
  return ancestors.find((folder) => existsSync(join(folder, '.git'))) ?? ancestors.find(isWorkspaceRoot) ?? start;
}

/** Absolute real path of a folder, or of the folder that holds a file. */
export function realFolder(path: string): string {
  let real: string;
  try {
    real = realpathSync.native(path);
    return statSync(real).isDirectory() ? real : dirname(real);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new PathError(code === 'ENOENT' || code === 'ENOTDIR' ? `there is no file or folder "${path}"` : `"${path}" can not be opened${code === '' ? '' : ` (${code})`}`);
  }
}

function isWorkspaceRoot(folder: string): boolean {
  if (workspaceFiles.some((name) => existsSync(join(folder, name)))) return true;
  const manifest = readTextFile(join(folder, 'package.json'), folder, maxDocumentBytes);
  if (typeof manifest === 'string' || !('text' in manifest) || !manifest.text.includes('"workspaces"')) return false;
  const data: unknown = parse(manifest.text);
  return typeof data === 'object' && data !== null && 'workspaces' in data;
}
