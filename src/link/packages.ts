import type { Gap } from '../model/function.ts';
import type { InstalledPackage, ManifestFacts, PackageFacts } from '../model/project.ts';
import type { Workspace } from '../model/workspace.ts';
import { broughtAlong, readLock, type Lock } from './lock-files.ts';
import { dirname, inside } from './folders.ts';
import { readJson } from './resolve.ts';

/** Sizes, from whoever may look at the disk. */
export type Sizes = Pick<PackageFacts, 'bytes' | 'installedBytes' | 'installed'>;

type Json = ReadonlyMap<string, unknown>;
const record = (value: unknown): Json => new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);

/** Manifests and lock files of a repository, each read once. */
export function packageFacts(workspace: Workspace, sizes?: Sizes): PackageFacts {
  const manifests = new Map<string, ManifestFacts | undefined>();
  const locks = new Map<string, Lock | undefined>();

  const manifest = (folder: string): ManifestFacts | undefined => {
    if (!manifests.has(folder)) manifests.set(folder, readManifest(workspace, folder));
    return manifests.get(folder);
  };
  const lock = (folder: string): Lock | undefined => {
    if (!locks.has(folder)) locks.set(folder, readLock(workspace, folder));
    return locks.get(folder);
  };
  const folders = new Map<string, boolean>();
  const isDirectory = (folder: string): boolean => {
    let is = folders.get(folder);
    if (is === undefined) {
      is = workspace.isDirectory(folder);
      folders.set(folder, is);
    }
    return is;
  };
  const gaps = new Map<string, Gap>();
  const facts: PackageFacts = {
    manifest,
    manifestsAbove(file) {
      const found: ManifestFacts[] = [];
      for (let folder = dirname(file); ; folder = dirname(folder)) {
        const one = manifest(folder);
        if (one) found.push(one);
        if (folder === '') return found;
      }
    },
    locked(folder, name) {
      const production = manifest(folder)?.production ?? new Set<string>();
      const own = lock(folder);
      if (own) {
        if (own.top.get(name) === false || broughtAlong(own, production).names.has(name)) return 'production';
        return own.needs.has(name) ? 'development' : 'absent';
      }
      // The lock file of a workspace lies above; what one that is of another package has at least shows what brings what.
      for (let at = folder; at !== '' && production.size > 0;) {
        at = dirname(at);
        const above = lock(at);
        if (!above) continue;
        const { names, whole } = broughtAlong(above, production);
        if (names.has(name)) return 'production';
        const isMember = above.members?.has(folder.slice(at === '' ? 0 : at.length + 1)) ?? true;
        if (whole && isMember) return above.needs.has(name) ? 'development' : 'absent';
      }
      return undefined;
    },
    isDirectory,
    files: workspace.files,
    bytes: (file) => sizes?.bytes(file) ?? workspace.read(file)?.length,
    installedBytes: (name, file) => sizes?.installedBytes(name, file),
    ...(sizes?.installed ? { installed: installedOr((name, file) => sizes.installed?.(name, file)) } : {}),
    gaps: () => [...gaps.values()],
  };
  return facts;

  /** What a manifest needs and nothing has installed is a gap of that manifest. */
  function installedOr(look: (name: string, file: string) => InstalledPackage | undefined): (name: string, file: string) => InstalledPackage | undefined {
    return (name, file) => {
      const found = look(name, file);
      if (found || file.includes('node_modules/')) return found;
      const asking = facts.manifestsAbove(file).find((one) => one.production.has(name))?.file;
      if (asking !== undefined && !gaps.has(asking)) gaps.set(asking, { kind: 'package', file: asking, message: `${name} is not installed: whether packages have native parts is not known. Install them (npm ci) to check.` });
      return undefined;
    };
  }
}

function readManifest(workspace: Workspace, folder: string): ManifestFacts | undefined {
  const file = inside(folder, 'package.json');
  if (workspace.read(file) === undefined) return undefined;
  const json = record(readJson(workspace, file));
  const names = (...keys: readonly string[]): ReadonlySet<string> => new Set(keys.flatMap((key) => [...record(json.get(key)).keys()]));
  const [name, main] = [json.get('name'), json.get('main')];
  const versions = ['peerDependencies', 'devDependencies', 'optionalDependencies', 'dependencies'].flatMap((key) => [...record(json.get(key))]).flatMap(([key, value]): readonly [string, string][] => (typeof value === 'string' ? [[key, value]] : []));
  return {
    file, name: typeof name === 'string' ? name : undefined,
    production: names('dependencies', 'optionalDependencies', 'peerDependencies'), development: names('devDependencies'), versions: new Map(versions),
    scripts: [...record(json.get('scripts')).values()].filter((one): one is string => typeof one === 'string'),
    ...(typeof main === 'string' ? { main } : {}),
  };
}
