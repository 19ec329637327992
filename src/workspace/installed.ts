import { inside, sizeReader } from './sizes.ts';

/** Sizes of files and installed packages under a root; nothing outside it is opened. */
export interface PackageSizes {
  bytes(file: string): number | undefined;
  installedBytes(name: string, file: string): number | undefined;
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

  return {
    bytes: (file) => sizes.size(file),
    installedBytes(name, file) {
      if (inside(name) !== name) return undefined;
      for (let at = file; at !== '';) {
        const slash = at.lastIndexOf('/');
        at = slash < 0 ? '' : at.slice(0, slash);
        const real = sizes.real(at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`);
        if (real.kind === 'outside') return undefined;
        if (real.kind !== 'directory') continue;
        if (!known.has(real.path)) known.set(real.path, measure(real.path));
        return known.get(real.path);
      }
      return undefined;
    },
  };
}
