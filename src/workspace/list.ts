import { readdirSync, realpathSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { globbySync } from 'globby';
import type { Skipped } from '../model/function.ts';
import { isIgnored, parseGitIgnore } from './git-ignore.ts';
import type { IgnoreRules } from './git-ignore.ts';
import { maxDocumentBytes, readTextFile } from './read.ts';

/** Folders that hold no source or declaration of the repository itself; never entered, whatever `.gitignore` says. */
const neverListed: ReadonlySet<string> = new Set([
  '.git', '.hg', '.svn', 'node_modules', 'bower_components', '.serverless', '.terraform', 'coverage', '.nyc_output', '.next', '.nuxt', '.turbo',
  '.nx', '.cache', '.parcel-cache', '.yarn', '.pnpm-store', '.venv', '__pycache__', '.idea', '.vscode', '.wrangler', '.vercel', '.netlify', '.firebase',
  '.open-next', '.svelte-kit', '.sst',
]);

/** File kinds that some part of the tool reads. */
const listed = /\.(?:[cm]?[jt]sx?|jsonc?|ya?ml|toml|tf|tfvars|tofu|hcl|template|arc|sh|bash|zsh|graphql|mk|env|[Dd]ockerfile)$|^Dockerfile(?:\.[\w-]{1,80})?$|^[Mm]akefile$|^\.firebaserc$|^(?:README|Readme|readme)\.md$/;

export interface Listing {
  /** Sorted by code unit. */
  readonly files: readonly string[];
  /** Symbolic links that lead to another place under the root, with that place. */
  readonly links: ReadonlyMap<string, string>;
  /** Folders that could not be opened, and names that could not be listed. */
  readonly problems: readonly Skipped[];
}

/**
 * Every file of a known kind under the root that git does not ignore, symbolic links not followed.
 *
 * globby walks, over a directory reader of ours that leaves out what is ignored or of no use. globby's own `gitignore`
 * option costs three times as much without any `.gitignore` and nine times with two hundred, and reads ignore files
 * above the root.
 * @param root absolute real path
 * @param excluded the configuration's `exclude`
 */
export function listFiles(root: string, excluded: (path: string) => boolean = () => false): Listing {
  const problems: Skipped[] = [];
  const links = new Map<string, string>();
  const chains = new Map<string, readonly IgnoreRules[]>([['', ownExcludes(root)]]);
  const prefix = root.endsWith('/') ? root.length : root.length + 1;

  const read = (directory: string): Dirent[] => {
    const folder = directory.replaceAll('\\', '/').slice(prefix).replace(/\/$/, '');
    let entries: Dirent[];
    try {
      entries = readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      problems.push({ file: folder === '' ? '.' : folder, reason: `folder not readable (${error instanceof Error && 'code' in error ? String(error.code) : 'failed'})` });
      return [];
    }
    const segments = folder === '' ? [] : folder.split('/');
    let chain = chains.get(folder) ?? [];
    if (entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) {
      const text = readTextFile(join(directory, '.gitignore'), root, maxDocumentBytes);
      if (typeof text === 'object' && 'text' in text) chain = [...chain, parseGitIgnore(text.text, segments.length)];
    }
    const kept: Dirent[] = [];
    for (const entry of entries) {
      const isFolder = entry.isDirectory();
      if (entry.isSymbolicLink() && !neverListed.has(entry.name)) {
        const target = targetOf(join(directory, entry.name), root);
        if (target !== undefined) links.set(folder === '' ? entry.name : `${folder}/${entry.name}`, target);
      }
      if (isFolder ? neverListed.has(entry.name) : !entry.isFile() || !listed.test(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if ((chain.length > 0 && isIgnored([...segments, entry.name], isFolder, chain)) || excluded(path)) continue;
      // The walker's patterns do not match a line break: such a name would be lost without a word.
      if (/[\n\r\u2028\u2029]/.test(entry.name)) { problems.push({ file: path, reason: 'a name with a line break can not be listed' }); continue; }
      if (isFolder) chains.set(path, chain);
      kept.push(entry);
    }
    return kept;
  };

  const files = globbySync('**', {
    cwd: root, dot: true, onlyFiles: true, followSymbolicLinks: false, expandDirectories: false, suppressErrors: true, unique: false,
    // fast-glob calls it with `withFileTypes` only.
    fs: { readdirSync: read as unknown as typeof readdirSync },
  });
  return { files: files.sort(byCodeUnit), links, problems: problems.sort((a, b) => byCodeUnit(a.file, b.file)) };
}

/** Where a symbolic link leads, when that is under the root. */
function targetOf(link: string, root: string): string | undefined {
  try {
    const real = realpathSync.native(link);
    const prefix = root.endsWith(sep) ? root : root + sep;
    return real.startsWith(prefix) ? real.slice(prefix.length).replaceAll(sep, '/') : undefined;
  } catch {
    return undefined;
  }
}

/** `.git/info/exclude` of the repository. */
function ownExcludes(root: string): readonly IgnoreRules[] {
  const text = readTextFile(join(root, '.git', 'info', 'exclude'), root, maxDocumentBytes);
  return typeof text === 'object' && 'text' in text ? [parseGitIgnore(text.text, 0)] : [];
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
