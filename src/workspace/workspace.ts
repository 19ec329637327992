import { realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Skipped } from '../model/function.ts';
import type { Workspace } from '../model/workspace.ts';
import { listFiles } from './list.ts';
import { decode, isWide, readBytes, sizeLimit } from './read.ts';
import type { ReadOutcome } from './read.ts';
import { findRoot, realFolder } from './root.ts';
import { inside } from './sizes.ts';
import { pathMatcher } from './wildcard.ts';

export interface WorkspaceOptions {
  /** Overrides the search for a root. */
  readonly root?: string;
  /** Patterns of files that are not listed (they can still be read when something refers to them). */
  readonly exclude?: readonly string[];
}

/** A workspace on disk. */
export interface HostWorkspace extends Workspace {
  /** Folders that could not be listed. */
  readonly unlisted: readonly Skipped[];
}

/** Kept texts, in UTF-16 units; beyond it the oldest are forgotten and read again when asked for. */
const maxKeptLength = 64_000_000;

/**
 * Opens the repository that holds `scanPath`, for reading only.
 * @throws PathError when the scan path or the given root does not exist
 */
export function openWorkspace(scanPath: string, options: WorkspaceOptions = {}): HostWorkspace {
  const root = options.root === undefined ? findRoot(scanPath) : realFolder(options.root);
  const excluded = (options.exclude ?? []).map(pathMatcher);
  const listing = listFiles(root, excluded.length === 0 ? undefined : (path) => excluded.some((test) => test(path)));
  const listed = new Set(listing.files);
  const texts = new Map<string, string>();
  const failures = new Map<string, string | undefined>();
  let kept = 0;

  /** `word`: without it in the file, its text is not made, and the answer is `absent`. */
  const outcome = (file: string, word?: string): ReadOutcome | 'absent' => {
    const text = texts.get(file);
    if (text !== undefined) return { text };
    if (failures.has(file)) {
      const reason = failures.get(file);
      return reason === undefined ? 'missing' : { reason };
    }
    const path = listed.has(file) ? file : inside(file);
    const bytes = path === undefined ? { reason: 'outside the root' } : readBytes(join(root, path), root, sizeLimit(path));
    if (word !== undefined && Buffer.isBuffer(bytes) && !isWide(bytes) && !bytes.includes(word, 0, 'latin1')) return 'absent';
    let result: ReadOutcome = Buffer.isBuffer(bytes) ? decode(bytes) : bytes;
    if (result === 'missing' && listed.has(file)) result = { reason: 'deleted during the scan' };
    if (result === 'missing') failures.set(file, undefined);
    else if ('reason' in result) failures.set(file, result.reason);
    else {
      texts.set(file, result.text);
      kept += result.text.length;
      if (kept > maxKeptLength) for (const [oldest, value] of texts) {
        if (kept <= maxKeptLength || oldest === file) break;
        texts.delete(oldest);
        kept -= value.length;
      }
    }
    return result;
  };

  return {
    root,
    files: listing.files,
    unlisted: listing.problems,
    has: (file) => listed.has(file),
    linked(path) {
      if (listing.links.size === 0) return undefined;
      for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
        const target = listing.links.get(path.slice(0, end));
        if (target !== undefined) return listed.has(target + path.slice(end)) ? target + path.slice(end) : undefined;
      }
      return undefined;
    },
    read(file) {
      const result = outcome(file);
      return typeof result === 'object' && 'text' in result ? result.text : undefined;
    },
    mayHold(file, word) {
      const result = outcome(file, word);
      return typeof result === 'object' && 'text' in result && result.text.includes(word);
    },
    problem(file) {
      const result = outcome(file);
      return typeof result === 'object' && 'reason' in result ? { file, reason: result.reason } : undefined;
    },
    isDirectory: (path) => isDirectory(root, path),
  };
}

function isDirectory(root: string, path: string): boolean {
  const clean = inside(path);
  if (clean === undefined) return false;
  try {
    const real = realpathSync.native(join(root, clean));
    return (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) && statSync(real).isDirectory();
  } catch {
    return false;
  }
}
