import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** What a path is once every link on the way is followed. `outside`: it leaves the root, and nothing there was opened. */
export type Real =
  | { readonly kind: 'file' | 'directory'; readonly path: string }
  | { readonly kind: 'outside' }
  | { readonly kind: 'missing' };

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
}

/**
 * Sizes, directory listings and raw bytes under the root, installed packages included: what measuring a deployment
 * package needs beyond `Workspace`. Paths are relative to the root with forward slashes; `''` is the root itself.
 * Nothing outside the root is opened, whatever a link points to. Answers are remembered for the life of the reader.
 */
export interface SizeReader {
  /** Entries of a directory, sorted by code unit; `undefined` when there is no such directory under the root. */
  list(directory: string): readonly DirectoryEntry[] | undefined;
  /** Bytes of a regular file; `undefined` when there is none under the root. */
  size(file: string): number | undefined;
  /** Where the path really lies, links followed. */
  real(path: string): Real;
  /** Contents of a regular file; `undefined` when missing, outside the root, unreadable or larger than `maxBytes`. */
  bytes(file: string, maxBytes: number): Uint8Array | undefined;
  /** The first bytes of a regular file, at most `count`; `undefined` when missing, outside the root or unreadable. */
  head(file: string, count: number): Uint8Array | undefined;
}

/**
 * Joins and normalises a path relative to the root. `undefined` when it climbs above the root, is absolute or holds a
 * NUL character.
 */
export function inside(...parts: readonly string[]): string | undefined {
  const segments: string[] = [];
  for (const part of parts) {
    if (part.includes('\0') || part.startsWith('/') || /^[A-Za-z]:[\\/]/.test(part)) return undefined;
    for (const segment of part.split('/')) {
      if (segment === '' || segment === '.') continue;
      if (segment !== '..') segments.push(segment);
      else if (segments.pop() === undefined) return undefined;
    }
  }
  return segments.join('/');
}

/** `root`: absolute real path. */
export function sizeReader(root: string): SizeReader {
  const lists = new Map<string, readonly DirectoryEntry[] | undefined>();
  const reals = new Map<string, Real>();
  const prefix = root.endsWith(sep) ? root : root + sep;

  function real(path: string): Real {
    const clean = inside(path);
    if (clean === undefined) return { kind: 'outside' };
    const known = reals.get(clean);
    if (known !== undefined) return known;
    const answer = look(clean);
    reals.set(clean, answer);
    return answer;
  }

  function look(clean: string): Real {
    let absolute: string;
    try {
      absolute = realpathSync.native(join(root, clean));
    } catch {
      return { kind: 'missing' };
    }
    if (absolute !== root && !absolute.startsWith(prefix)) return { kind: 'outside' };
    const path = absolute === root ? '' : absolute.slice(prefix.length).split(sep).join('/');
    try {
      const stats = statSync(absolute);
      return stats.isFile() ? { kind: 'file', path } : stats.isDirectory() ? { kind: 'directory', path } : { kind: 'missing' };
    } catch {
      return { kind: 'missing' };
    }
  }

  function list(directory: string): readonly DirectoryEntry[] | undefined {
    const at = real(directory);
    if (at.kind !== 'directory') return undefined;
    if (lists.has(at.path)) return lists.get(at.path);
    let entries: DirectoryEntry[] | undefined;
    try {
      entries = readdirSync(join(root, at.path), { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: entry.isSymbolicLink() ? 'link' : entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other',
      }));
      entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    } catch {
      entries = undefined;
    }
    lists.set(at.path, entries);
    return entries;
  }

  function size(file: string): number | undefined {
    const at = real(file);
    if (at.kind !== 'file') return undefined;
    try {
      return statSync(join(root, at.path)).size;
    } catch {
      return undefined;
    }
  }

  function bytes(file: string, maxBytes: number): Uint8Array | undefined {
    const at = real(file);
    if (at.kind !== 'file') return undefined;
    let handle: number | undefined;
    try {
      handle = openSync(join(root, at.path), 'r');
      const stats = fstatSync(handle);
      if (!stats.isFile() || stats.size > maxBytes) return undefined;
      const buffer = Buffer.allocUnsafe(stats.size);
      let filled = 0;
      while (filled < buffer.length) {
        const count = readSync(handle, buffer, filled, buffer.length - filled, filled);
        if (count === 0) break;
        filled += count;
      }
      return buffer.subarray(0, filled);
    } catch {
      return undefined;
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }

  function head(file: string, count: number): Uint8Array | undefined {
    const at = real(file);
    if (at.kind !== 'file') return undefined;
    let handle: number | undefined;
    try {
      handle = openSync(join(root, at.path), 'r');
      if (!fstatSync(handle).isFile()) return undefined;
      const buffer = Buffer.alloc(count);
      return buffer.subarray(0, readSync(handle, buffer, 0, count, 0));
    } catch {
      return undefined;
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }

  return { list, size, real, bytes, head };
}
