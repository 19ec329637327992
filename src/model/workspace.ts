import type { Skipped } from './function.ts';

/**
 * The confined view of the repository that every layer reads through. Paths are relative to the root, with forward
 * slashes. Nothing outside the root is ever opened, whatever a symlink, `extends`, `CodeUri` or `${file()}` says.
 */
export interface Workspace {
  /** Absolute real path of the root. For messages and for our own children only; never printed in results. */
  readonly root: string;
  /** Every listed regular file (git-ignored and excluded folders left out), sorted by code unit. */
  readonly files: readonly string[];
  has(file: string): boolean;
  /** The listed file that a path with a symbolic link in it is, links out of the root aside. Workspaces that only have texts leave it out. */
  linked?(path: string): string | undefined;
  /**
   * Text of a regular file under the root, byte order mark removed, or `undefined` when it does not exist or cannot be
   * used (too big, binary, not UTF-8, not readable, outside the root). The reason is then in `problem(file)`.
   * Works for files that are not listed (git-ignored build output) too, as long as they lie under the root.
   */
  read(file: string): string | undefined;
  /**
   * Whether `read(file)` may give a text that holds the given ASCII word; `false` is certain, and far cheaper than the text where a
   * file is large. Workspaces that only have texts leave it out.
   */
  mayHold?(file: string, word: string): boolean;
  /** Why `read(file)` gave nothing: `undefined` when the file simply does not exist. */
  problem(file: string): Skipped | undefined;
  /** Whether a directory exists under the root (listed or not). */
  isDirectory(path: string): boolean;
}
