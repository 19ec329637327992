import type { Gap } from '../model/function.ts';
import type { InstalledPackage, ManifestFacts, PackageFacts } from '../model/project.ts';
import type { Workspace } from '../model/workspace.ts';
import { dirname, inside, readJson } from './resolve.ts';

/** Sizes, from whoever may look at the disk. */
export type Sizes = Pick<PackageFacts, 'bytes' | 'installedBytes' | 'installed'>;

type Json = ReadonlyMap<string, unknown>;
const record = (value: unknown): Json => new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);

interface Lock {
  /** Top-level packages, and whether they are for development only. */
  readonly development: ReadonlyMap<string, boolean>;
}

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
      const own = lock(folder);
      if (!own) return undefined;
      const development = own.development.get(name);
      return development === undefined ? 'absent' : development ? 'development' : 'production';
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
  const name = json.get('name');
  const versions = ['peerDependencies', 'devDependencies', 'optionalDependencies', 'dependencies'].flatMap((key) => [...record(json.get(key))]).flatMap(([key, value]): readonly [string, string][] => (typeof value === 'string' ? [[key, value]] : []));
  return {
    file, name: typeof name === 'string' ? name : undefined,
    production: names('dependencies', 'optionalDependencies', 'peerDependencies'), development: names('devDependencies'), versions: new Map(versions),
    scripts: [...record(json.get('scripts')).values()].filter((one): one is string => typeof one === 'string'),
  };
}

/** npm's lock file from version 2 on names every installed folder; version 1 nests what is not at the top. Others are not read. */
function readLock(workspace: Workspace, folder: string): Lock | undefined {
  for (const name of ['package-lock.json', 'npm-shrinkwrap.json']) {
    const file = inside(folder, name);
    if (!workspace.has(file)) continue;
    const json = record(readJson(workspace, file));
    const development = new Map<string, boolean>();
    const top = 'node_modules/';
    for (const [path, entry] of record(json.get('packages'))) {
      const rest = path.startsWith(top) ? path.slice(top.length) : '';
      if (rest === '' || rest.includes(top)) continue;
      development.set(rest, record(entry).get('dev') === true);
    }
    if (development.size === 0) for (const [path, entry] of record(json.get('dependencies'))) development.set(path, record(entry).get('dev') === true);
    return development.size > 0 ? { development } : undefined;
  }
  return undefined;
}
