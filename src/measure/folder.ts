import type { Packaging } from '../model/function.ts';
import type { SizeReader } from '../workspace/sizes.ts';
import { globMatcher } from './glob.ts';
import type { ManifestReader } from './manifest.ts';
import type { InstalledPackage, PackagedFile } from './packages.ts';
import { filesBelow, productionClosure } from './packages.ts';
import type { Contributor, Measured, NotMeasured, Part, Size } from './result.ts';
import { biggest, duplicatesOf, joinParts, notMeasured, packageOf, total } from './result.ts';
import { join, parent } from './tsconfig.ts';
import { npmFilter } from './npm-pack.ts';
import type { Deflated } from './zip.ts';
import { END_BYTES, zippedEntries } from './zip.ts';

export interface FolderContext {
  readonly sizes: SizeReader;
  readonly manifest: ManifestReader;
  /** True once the time for measuring is over; archives are then left out. */
  readonly late: () => boolean;
  readonly deflated: Deflated;
  /** Parts are worked out. */
  readonly detail?: boolean;
}

/** Bytes read for the estimate of one archive; a bigger package has no `zippedBytes`. */
const MAX_ZIPPED_INPUT = 150_000_000;
const MAX_FILE = 64 * 1024 * 1024;

/** Never part of a package: version control and the tools' own output (AWS SAM and Serverless Framework documentation, 2026). */
const neverPackaged = new Set(['.git', '.aws-sam', '.serverless', '.serverless_plugins', 'cdk.out', '.DS_Store', 'npm-debug.log']);

/** What of a folder is packed, and by whom: AWS SAM packs a Node.js folder as `npm pack` does. */
export type FolderPackaging = Pick<Packaging, 'include' | 'exclude'> & { readonly tool?: string };

/** Files of a package as they ship, by groups: own files, and installed packages. */
export interface Content {
  readonly files: readonly PackagedFile[];
  readonly packages: readonly InstalledPackage[];
}

type Problem = { readonly problem: string; readonly missing?: NotMeasured['missing'] };

/**
 * Size of a package that zips a folder: its files, and what its manifest needs in production as installed. Without a
 * manifest in the folder, an installed `node_modules` in it counts as it stands. `include` and `exclude` are patterns
 * relative to the folder (see `packagingFilter`).
 */
export async function measureFolder(folder: string, packaging: FolderPackaging, context: FolderContext): Promise<Size> {
  const content = folderContent(folder, packaging, context);
  if ('problem' in content) return notMeasured(content.problem, content.missing);
  return measureContent(content, folder, context, (item) => [join(folder, 'package.json'), ...item.chain]);
}

/** Size of files that ship as they are. `base`: the folder that the archive's names are relative to. */
export async function measureContent({ files, packages }: Content, base: string, context: FolderContext, chain: (item: InstalledPackage) => readonly string[]): Promise<Measured> {
  const bytes = sum(files) + total(packages.map((item) => item.bytes));
  const all = [...files, ...packages.flatMap((item) => item.files)];
  const zipped = bytes > MAX_ZIPPED_INPUT ? undefined : await archive(all, base, context);
  return {
    status: 'measured',
    bytes,
    ...(zipped === undefined ? {} : { zippedBytes: zipped.reduce((at, size) => at + size, END_BYTES) }),
    contributors: biggest([...own(files), ...packages.map((item): Contributor => ({ name: item.name, bytes: item.bytes, chain: chain(item) }))]),
    duplicates: duplicatesOf([...packages, ...ownPackages(files)]),
    ...(context.detail ? { parts: fileParts(all, zipped, new Map(packages.map((item) => [item.folder, chain(item)]))) } : {}),
  };
}

/** A part for each package that has a file here, one for all others. */
function fileParts(files: readonly PackagedFile[], zipped: readonly number[] | undefined, chains: ReadonlyMap<string, readonly string[]>): readonly Part[] {
  return joinParts(files.map((file, index): Part => {
    const place = packageOf(file.path);
    const zippedBytes = zipped?.[index];
    // Packages of a workspace lie in folders of their own.
    const home = place.folder ?? [...chains.keys()].find((folder) => folder !== '' && file.path.startsWith(`${folder}/`));
    const chain = home === undefined ? undefined : chains.get(home);
    const one = { path: file.path, bytes: file.bytes, ...(zippedBytes === undefined ? {} : { zippedBytes }) };
    return home === undefined ? { kind: 'own', name: 'own files', bytes: file.bytes, commonJsBytes: 0, chain: [], files: [one] }
      : { kind: 'package', name: place.folder === undefined ? chain?.[chain.length - 1] ?? home : place.name, folder: home, bytes: file.bytes, commonJsBytes: 0, chain: chain ?? [home], files: [one] };
  }));
}

/** Files that ship beside a bundle: those of a folder that the patterns name. */
export function extraFiles(folder: string, packaging: Pick<Packaging, 'include' | 'exclude'>, { sizes }: FolderContext): readonly PackagedFile[] {
  if (!packaging.include.some((pattern) => !pattern.startsWith('!'))) return [];
  const keep = packagingFilter(packaging, false);
  const wantsPackages = packaging.include.some((pattern) => pattern.includes('node_modules') && !pattern.startsWith('!'));
  const listed = filesBelow(sizes, folder, (name) => neverPackaged.has(name) || (!wantsPackages && name === 'node_modules')) ?? [];
  return listed.filter((file) => keep(folder === '' ? file.path : file.path.slice(folder.length + 1)));
}

function folderContent(folder: string, packaging: FolderPackaging, { sizes, manifest }: FolderContext): Content | Problem {
  const real = sizes.real(folder);
  const shown = folder === '' ? 'the root folder' : folder;
  if (real.kind === 'outside') return { problem: `folder ${shown} lies outside the repository` };
  if (real.kind === 'file') return { problem: `${shown} is a file: its contents are not measured` };
  if (real.kind === 'missing') return { problem: /\.(?:zip|jar|tgz)$/i.test(folder) ? `archive ${shown} is not there: what makes it has not run, and how it does is not declared` : `folder ${shown} is not in the repository` };
  const relative = (path: string): string => (real.path === '' ? path : path.slice(real.path.length + 1));
  const ownManifest = manifest(real.path);
  if (ownManifest === 'broken') return { problem: `${join(folder, 'package.json')} cannot be read` };
  const closed = ownManifest !== undefined;
  const patterns = packagingFilter(packaging);
  const listed = filesBelow(sizes, real.path, (name) => neverPackaged.has(name) || (closed && name === 'node_modules'));
  if (listed === undefined) return { problem: `folder ${shown} holds more files than can be measured` };
  const npm = closed && packaging.tool === 'sam' ? npmFilter(real.path, sizes, ownManifest) : () => true;
  const files = listed.filter((file) => patterns(relative(file.path)) && npm(relative(file.path)));
  // What no pattern lets into the package need not be installed either.
  const names = (list: readonly string[]): readonly string[] => list.filter((name) => patterns(`node_modules/${name}/package.json`) || patterns(`node_modules/${name}/index.js`));
  if (ownManifest === undefined) return { files, packages: [] };
  const closure = productionClosure(sizes, manifest, real.path, names(ownManifest.dependencies), names(ownManifest.optionalDependencies));
  if ('problem' in closure) return closure;
  return { files, packages: filtered(closure.packages, patterns) };
}

/** Patterns see a package's files where the archive has them: under its last `node_modules`. */
function filtered(packages: readonly InstalledPackage[], keep: (path: string) => boolean): readonly InstalledPackage[] {
  return packages.flatMap((item) => {
    const files = item.files.filter((file) => keep(`node_modules/${item.name}${file.path.slice(item.folder.length)}`));
    return files.length === 0 ? [] : [{ ...item, files, bytes: sum(files) }];
  });
}

/**
 * Whether a path, relative to the folder, is packaged. Where `include` holds exclusions of its own, it is in order and
 * the last match decides. Otherwise the order between the two lists is not known: of an inclusion and an exclusion
 * that both match, the one that spells out more of the path decides, as in `!**` with `src/**` and in `src/**` with
 * `!src/test/**`.
 * `otherwise`: what holds for a path that no pattern matches.
 */
export function packagingFilter({ include, exclude }: Pick<Packaging, 'include' | 'exclude'>, otherwise = true): (path: string) => boolean {
  if (include.length === 0 && exclude.length === 0) return () => otherwise;
  const step = (pattern: string, keep: boolean): Step => {
    const negated = pattern.startsWith('!');
    const text = negated ? pattern.slice(1) : pattern;
    return { keep: keep !== negated, test: globMatcher(text), weight: text.replace(/[*?/.]/g, '').length };
  };
  const steps = [...exclude.map((pattern) => step(pattern, false)), ...include.map((pattern) => step(pattern, true))].reverse();
  if (!include.some((pattern) => pattern.startsWith('!'))) steps.sort((a, b) => b.weight - a.weight);
  return (path) => steps.find(({ test }) => test(path))?.keep ?? otherwise;
}

interface Step {
  readonly keep: boolean;
  readonly test: (path: string) => boolean;
  /** Characters of the pattern that stand for themselves. */
  readonly weight: number;
}

function own(files: readonly PackagedFile[]): readonly Contributor[] {
  const byName = new Map<string, { bytes: number; folder: string | undefined; name: string }>();
  for (const file of files) {
    const place = packageOf(file.path);
    const key = place.folder ?? place.name;
    const entry = byName.get(key);
    if (entry === undefined) byName.set(key, { bytes: file.bytes, folder: place.folder, name: place.name });
    else entry.bytes += file.bytes;
  }
  return [...byName.values()].map(({ name, bytes, folder }) => ({ name, bytes, chain: folder === undefined ? [name] : [folder] }));
}

function ownPackages(files: readonly PackagedFile[]): readonly { readonly name: string; readonly bytes: number }[] {
  return own(files.filter((file) => packageOf(file.path).folder !== undefined));
}

const sum = (files: readonly PackagedFile[]): number => files.reduce((total, file) => total + file.bytes, 0);

/** Size of packages that a bundler's plugin installs beside the bundle, found from the importing file. */
export async function measureInstalled(names: readonly string[], importer: string, context: FolderContext): Promise<Size> {
  const closure = productionClosure(context.sizes, context.manifest, parent(importer), names, []);
  if ('problem' in closure) return notMeasured(closure.problem, closure.missing);
  return measureContent({ files: [], packages: closure.packages }, parent(importer), context, (item) => [importer, ...item.chain]);
}

/**
 * Size of a layer's folder. Lambda expects packages under `nodejs/`: a manifest there whose dependencies are not
 * installed makes the layer not measured, as one in the folder itself does.
 */
export async function measureLayer(folder: string, context: FolderContext): Promise<Size> {
  const inner = context.manifest(join(folder, 'nodejs'));
  if (inner !== undefined && inner !== 'broken') {
    const closure = productionClosure(context.sizes, context.manifest, join(folder, 'nodejs'), inner.dependencies, []);
    if ('problem' in closure) return notMeasured(closure.problem, closure.missing);
  }
  return measureFolder(folder, { include: [], exclude: [] }, context);
}

const archive = (files: readonly PackagedFile[], base: string, context: FolderContext): Promise<readonly number[] | undefined> =>
  zippedEntries(files.map((file) => ({ name: nameIn(base, file.path), hash: `file ${file.path}`, bytes: () => context.sizes.bytes(file.path, MAX_FILE) })), context.deflated, context.late);

/** Packages that lie above the folder are put below it. */
function nameIn(base: string, path: string): string {
  if (base === '') return path;
  if (path.startsWith(`${base}/`)) return path.slice(base.length + 1);
  const at = path.lastIndexOf('node_modules/');
  return at < 0 ? path : path.slice(at);
}
