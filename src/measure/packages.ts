import type { SizeReader } from '../workspace/sizes.ts';
import type { ManifestReader } from './manifest.ts';
import { join, parent } from './tsconfig.ts';

/** One file of a deployment package. */
export interface PackagedFile {
  readonly path: string;
  readonly bytes: number;
}

export interface InstalledPackage {
  readonly name: string;
  /** Real folder, relative to the root. */
  readonly folder: string;
  readonly files: readonly PackagedFile[];
  readonly bytes: number;
  /** Names from the manifest's own dependency down to this package. */
  readonly chain: readonly string[];
}

const MAX_FILES = 300_000;
const MAX_DEPTH = 64;

/**
 * Every file below a folder, links not followed, folders that `skip` names left out; sorted by path.
 * `undefined`: no such folder under the root, or more files or levels than any deployable package has.
 */
export function filesBelow(sizes: SizeReader, folder: string, skip: (name: string, path: string) => boolean): readonly PackagedFile[] | undefined {
  if (sizes.list(folder) === undefined) return undefined;
  const files: PackagedFile[] = [];
  const open: { readonly path: string; readonly depth: number }[] = [{ path: folder, depth: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.depth > MAX_DEPTH) return undefined;
    const directories: { readonly path: string; readonly depth: number }[] = [];
    for (const { name, kind } of sizes.list(at.path) ?? []) {
      const path = join(at.path, name);
      if (kind === 'directory') {
        if (!skip(name, path)) directories.push({ path, depth: at.depth + 1 });
      } else if (kind === 'file' && !skip(name, path)) {
        files.push({ path, bytes: sizes.size(path) ?? 0 });
        if (files.length > MAX_FILES) return undefined;
      }
    }
    open.push(...directories.reverse());
  }
  return files;
}

export type Closure =
  | { readonly packages: readonly InstalledPackage[] }
  | { readonly problem: string; readonly missing?: { readonly package: string; readonly folder: string } };

/**
 * The installed packages that the named ones need in production, found the way Node.js finds them from `directory`:
 * dependencies, optional dependencies and peers that are there. A dependency that is not installed is a problem, never
 * zero bytes. Nested `node_modules` count through the packages that need them.
 */
export function productionClosure(sizes: SizeReader, manifest: ManifestReader, directory: string, names: readonly string[], optional: readonly string[]): Closure {
  const found = new Map<string, InstalledPackage>();
  const queue: { readonly name: string; readonly from: string; readonly required: boolean; readonly chain: readonly string[] }[] = [
    ...names.map((name) => ({ name, from: directory, required: true, chain: [name] })),
    ...optional.map((name) => ({ name, from: directory, required: false, chain: [name] })),
  ];
  for (let index = 0; index < queue.length; index++) {
    const item = queue[index];
    if (item === undefined) break;
    const place = locate(sizes, item.name, item.from);
    if (place === 'outside') return { problem: `package ${item.name} lies outside the repository` };
    if (place === undefined) {
      if (item.required) return { problem: `package ${item.name} is not installed${item.chain.length > 1 ? ` (needed by ${item.chain[item.chain.length - 2]})` : ''}`, missing: { package: item.chain[0] ?? item.name, folder: directory } };
      continue;
    }
    if (found.has(place)) continue;
    const own = manifest(place);
    if (own === 'broken') return { problem: `${place}/package.json cannot be read` };
    const files = filesBelow(sizes, place, (name) => name === 'node_modules' || name === '.git');
    if (files === undefined) return { problem: `package ${item.name} cannot be listed` };
    found.set(place, { name: item.name, folder: place, files, bytes: files.reduce((sum, file) => sum + file.bytes, 0), chain: item.chain });
    const next = (required: boolean) => (name: string) => ({ name, from: place, required, chain: [...item.chain, name] });
    if (own !== undefined) queue.push(...own.dependencies.map(next(true)), ...own.optionalDependencies.map(next(false)), ...own.peerDependencies.map(next(false)));
  }
  return { packages: [...found.values()] };
}

/** Real folder of an installed package as seen from a directory. */
export function locate(sizes: SizeReader, name: string, from: string): string | 'outside' | undefined {
  for (let at = from; ; at = parent(at)) {
    if (at !== 'node_modules' && !at.endsWith('/node_modules')) {
      const real = sizes.real(join(at, `node_modules/${name}`));
      if (real.kind === 'outside') return 'outside';
      if (real.kind === 'directory') return real.path;
    }
    if (at === '') return undefined;
  }
}
