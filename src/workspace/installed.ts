import type { InstalledPackage } from '../model/project.ts';
import { nativeParts } from './native.ts';
import { inside, sizeReader } from './sizes.ts';

/** Sizes of files and installed packages under a root; nothing outside it is opened. */
export interface PackageSizes {
  bytes(file: string): number | undefined;
  installedBytes(name: string, file: string): number | undefined;
  /** A package as Node.js finds it from a file (any package with a manifest of its own), and what it says of machines. */
  installed(name: string, file: string): InstalledPackage | undefined;
}

/** Files of one package beyond this are not counted: the size is then not known. */
const MAX_FILES = 20_000;

/** `root`: absolute real path. Answers are remembered. */
export function packageSizes(root: string): PackageSizes {
  const sizes = sizeReader(root);
  const known = new Map<string, number | undefined>();

  function measure(folder: string): number | undefined {
    let total = 0;
    let count = 0;
    const open = [folder];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const { name, kind } of sizes.list(at) ?? []) {
        if (kind === 'directory' && name !== 'node_modules') open.push(`${at}/${name}`);
        if (kind !== 'file') continue;
        if (++count > MAX_FILES) return undefined;
        total += sizes.size(`${at}/${name}`) ?? 0;
      }
    }
    return total;
  }

  const natives = new Map<string, InstalledPackage | undefined>();

  /** Where the folders above a file have a package; `undefined` where none has it, or where it leaves the root. */
  function folderOf(name: string, file: string): string | undefined {
    if (inside(name) !== name) return undefined;
    for (let at = file; at !== '';) {
      const slash = at.lastIndexOf('/');
      at = slash < 0 ? '' : at.slice(0, slash);
      const real = sizes.real(at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`);
      if (real.kind === 'outside') return undefined;
      if (real.kind === 'directory') return real.path;
    }
    return undefined;
  }

  return {
    bytes: (file) => sizes.size(file),
    installedBytes(name, file) {
      const folder = folderOf(name, file);
      if (folder === undefined) return undefined;
      if (!known.has(folder)) known.set(folder, measure(folder));
      return known.get(folder);
    },
    installed(name, file) {
      const folder = folderOf(name, file);
      if (folder === undefined) return undefined;
      if (!natives.has(folder)) natives.set(folder, nativeParts(sizes, name, folder));
      return natives.get(folder);
    },
  };
}
