import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';

/** Largest source file that is read, in bytes. */
const maxSourceBytes = 1_000_000;
/** Largest infrastructure, JSON or other file that is read, in bytes. */
export const maxDocumentBytes = 5_000_000;

/** Text of a file (byte order mark removed), why there is none, or that the file does not exist. */
export type ReadOutcome = { readonly text: string } | { readonly reason: string } | 'missing';

const source = /\.[cm]?[jt]sx?$/;

export function sizeLimit(file: string): number {
  return source.test(file) ? maxSourceBytes : maxDocumentBytes;
}

/**
 * The one reader of text files: see `readBytes`.
 * @param path absolute
 * @param root absolute real path; `undefined` for files that the user named on the command line
 */
export function readTextFile(path: string, root: string | undefined, maxBytes: number): ReadOutcome {
  const bytes = readBytes(path, root, maxBytes);
  return Buffer.isBuffer(bytes) ? decode(bytes) : bytes;
}

/**
 * Contents of a file, in memory that the next call may use again. Links on the way are followed only as far as they stay under `root`; what is opened is
 * a regular file of at most `maxBytes`, and the very file that was looked at. Never blocks (a pipe is refused), never throws.
 */
export function readBytes(path: string, root: string | undefined, maxBytes: number): Buffer | Exclude<ReadOutcome, { readonly text: string }> {
  let handle: number | undefined;
  try {
    if (path.includes('\0')) return 'missing';
    const seen = lstatSync(path, { throwIfNoEntry: false });
    if (seen === undefined) return 'missing';
    if (!seen.isFile() && !seen.isSymbolicLink()) return { reason: seen.isDirectory() ? 'a directory' : 'not a regular file' };
    const real = realpathSync.native(path);
    if (root !== undefined && real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return { reason: 'outside the root' };
    const before = seen.isSymbolicLink() ? lstatSync(real) : seen;
    if (!before.isFile()) return { reason: before.isDirectory() ? 'a directory' : 'not a regular file' };
    if (before.size > maxBytes) return { reason: tooBig(maxBytes) };
    handle = openSync(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const opened = fstatSync(handle);
    if (!opened.isFile() || opened.ino !== before.ino || opened.dev !== before.dev) return { reason: 'changed while it was read' };
    const bytes = readAll(handle, opened.size, maxBytes);
    return bytes ?? { reason: tooBig(maxBytes) };
  } catch (error) {
    return failure(error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function tooBig(maxBytes: number): string {
  return `too big (more than ${maxBytes / 1_000_000} MB)`;
}

/** Most files fit; memory for each of thousands costs more than reading them. */
const maxScratchBytes = 1_000_000;
let scratch: Buffer | undefined;

/** Reads to the end or to one byte beyond the limit: a size of 0, as pseudo files have, says nothing; of a file that has one, a short read is the end. */
function readAll(handle: number, size: number, maxBytes: number): Buffer | undefined {
  const wanted = Math.min(size, maxBytes) + 1;
  if (scratch === undefined && wanted <= maxScratchBytes) scratch = Buffer.allocUnsafeSlow(maxScratchBytes);
  let buffer = scratch !== undefined && wanted <= maxScratchBytes ? scratch.subarray(0, wanted) : Buffer.allocUnsafeSlow(wanted);
  let length = 0;
  for (;;) {
    const count = readSync(handle, buffer, length, buffer.length - length, null);
    length += count;
    if (length > maxBytes) return undefined;
    if (count === 0 || (size > 0 && length === size)) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(Math.min(buffer.length, maxBytes + 1 - length) || 1)]);
  }
}

const utf16 = new TextDecoder('utf-16le', { fatal: true });

/** Whether a byte order mark says UTF-16. */
export const isWide = (bytes: Buffer): boolean => (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);

/** UTF-8, or UTF-16 where a byte order mark says so. */
export function decode(bytes: Buffer): ReadOutcome {
  try {
    const first = bytes[0];
    const second = bytes[1];
    if (isWide(bytes)) {
      if (bytes.length % 2 !== 0) return { reason: 'encoding: broken UTF-16' };
      const text = utf16.decode(first === 0xff ? bytes : Buffer.from(bytes).swap16());
      return text.includes('\0') ? { reason: 'binary' } : { text };
    }
    if (bytes.includes(0)) return { reason: 'binary' };
    if (!isUtf8(bytes)) return { reason: 'encoding: not UTF-8' };
    const marked = first === 0xef && second === 0xbb && bytes[2] === 0xbf;
    return { text: bytes.toString('utf8', marked ? 3 : 0) };
  } catch {
    return { reason: 'encoding: not UTF-8' };
  }
}

function failure(error: unknown): Exclude<ReadOutcome, { readonly text: string }> {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  if (code === 'ELOOP') return { reason: 'a loop of symbolic links' };
  if (code === 'EACCES' || code === 'EPERM') return { reason: 'not readable (permission denied)' };
  return { reason: `not readable (${code})` };
}
