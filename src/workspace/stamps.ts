import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Modification time of a file under the root in milliseconds; 0 when there is none. */
export function stampOf(root: string, file: string): number {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Whether there is such a folder: an editor also lints text that lies nowhere. */
export function folderExists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
