import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../check/usage-error.ts';

/**
 * The one writer. The file is whole or as it was before: the text goes to a new file beside it, which then takes its
 * name. A symbolic link, a folder or a device of that name is refused.
 * @throws UsageError with a message for people
 */
export function writeTextFile(path: string, text: string): void {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  let handle: number | undefined;
  try {
    const seen = lstatSync(path, { throwIfNoEntry: false });
    if (seen !== undefined && !seen.isFile()) throw new Error(`it is ${seen.isDirectory() ? 'a folder' : 'not a regular file'}`);
    handle = openSync(beside, 'wx', seen === undefined ? 0o666 : seen.mode & 0o777);
    writeFileSync(handle, text);
    fsyncSync(handle);
    closeSync(handle);
    handle = undefined;
    renameSync(beside, path);
  } catch (error) {
    if (handle !== undefined) closeSync(handle);
    rmSync(beside, { force: true });
    throw new UsageError(`can not write "${path}": ${reasonOf(error)}`);
  }
}

/** In words; messages of Node.js name the file beside it as well. */
function reasonOf(error: unknown): string {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: 'failed' };
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such folder';
  return code === undefined ? message : code;
}
