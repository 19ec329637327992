import type { StartParts } from '../model/bundle.ts';

/** Size of one package: what the two ways of measuring, by bundling and by walking, both give. */
export interface Measured {
  readonly status: 'measured';
  readonly bytes: number;
  readonly zippedBytes?: number;
  readonly contributors: readonly Contributor[];
  readonly duplicates: readonly Duplicate[];
  /** Everything that is in it, only where it was asked for; the bytes add up to `bytes`. */
  readonly parts?: readonly Part[];
  /** What a start loads of it, where entries are known and details were asked for. */
  readonly start?: StartParts;
}

export interface NotMeasured {
  readonly status: 'notMeasured';
  /** One plain line. */
  readonly reason: string;
  /** The package whose absence is the reason, and the folder of the file that needs it. */
  readonly missing?: { readonly package: string; readonly folder: string };
}

export type Size = Measured | NotMeasured;

export interface Contributor {
  /** Name of a package, or path of a file of the repository's own. */
  readonly name: string;
  readonly bytes: number;
  /** From the handler's file (or the manifest) to the package itself. */
  readonly chain: readonly string[];
}

export interface Duplicate {
  readonly name: string;
  readonly copies: number;
  readonly bytes: number;
  readonly savedBytes: number;
}

/** One package, the repository's own code, or what the bundler and its loaders add. */
export interface Part {
  readonly kind: 'own' | 'package' | 'bundler' | 'sourceMap' | 'asset';
  /** Name of the package; otherwise what it is, in words. */
  readonly name: string;
  /** Folder of the package, relative to the root: tells copies of one package apart. */
  readonly folder?: string;
  readonly bytes: number;
  /** Bytes of modules in CommonJS, which can not be taken apart. */
  readonly commonJsBytes: number;
  readonly chain: readonly string[];
  readonly files: readonly PartFile[];
}

export interface PartFile {
  /** Relative to the root. */
  readonly path: string;
  readonly bytes: number;
  /** Of a file that ships as it is: its size in the archive, headers included. */
  readonly zippedBytes?: number;
}

/** The same for a package and for one of its files: which package's folder a path lies in. */
export interface PackagePlace {
  /** Folder of the package, relative to the root; `undefined` for the repository's own files. */
  readonly folder: string | undefined;
  readonly name: string;
}

const MAX_CONTRIBUTORS = 10;
const MAX_REASON = 200;

export const notMeasured = (reason: string, missing?: NotMeasured['missing']): NotMeasured => ({ status: 'notMeasured', reason: oneLine(reason), ...(missing === undefined ? {} : { missing }) });

/** Control and direction characters of untrusted names become `?`, so that a name cannot start a line of its own. */
export function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
  return plain.length > MAX_REASON ? `${plain.slice(0, MAX_REASON - 1)}…` : plain;
}

/** `node_modules/a/node_modules/@s/b/lib/x.js` lies in `@s/b`. */
export function packageOf(file: string): PackagePlace {
  const mark = 'node_modules/';
  const at = file.startsWith(mark) && file.lastIndexOf(`/${mark}`) < 0 ? 0 : file.lastIndexOf(`/${mark}`) + 1;
  if (at === 0 && !file.startsWith(mark)) return { folder: undefined, name: file };
  const parts = file.slice(at + mark.length).split('/');
  const name = parts[0]?.startsWith('@') === true ? parts.slice(0, 2).join('/') : parts[0] ?? '';
  return { folder: file.slice(0, at + mark.length) + name, name };
}

/** Sorted by falling size, then by name; the ten biggest. */
export function biggest(contributors: Iterable<Contributor>): readonly Contributor[] {
  return [...contributors].filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes || order(a.name, b.name)).slice(0, MAX_CONTRIBUTORS);
}

/** Packages of one name in several folders. */
export function duplicatesOf(folders: Iterable<{ readonly name: string; readonly bytes: number }>): readonly Duplicate[] {
  const sizes = new Map<string, number[]>();
  for (const { name, bytes } of folders) {
    if (bytes === 0) continue;
    const list = sizes.get(name);
    if (list === undefined) sizes.set(name, [bytes]);
    else list.push(bytes);
  }
  const found: Duplicate[] = [];
  for (const [name, list] of sizes) {
    if (list.length < 2) continue;
    const bytes = total(list);
    found.push({ name, copies: list.length, bytes, savedBytes: bytes - list.reduce((most, item) => Math.max(most, item), 0) });
  }
  return found.sort((a, b) => b.savedBytes - a.savedBytes || order(a.name, b.name));
}

/** Parts of several packages that ship as one: those of one name and folder are added up. */
export function joinParts(parts: Iterable<Part>): readonly Part[] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const key = `${part.kind}\0${part.folder ?? part.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  const joined = [...groups.values()].flatMap(([first, ...more]): Part[] => {
    if (first === undefined) return [];
    const all = [first, ...more];
    return [{ ...first, bytes: total(all.map(({ bytes }) => bytes)), commonJsBytes: total(all.map(({ commonJsBytes }) => commonJsBytes)), files: joinFiles(all.flatMap(({ files }) => files)) }];
  });
  return joined.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes || order(a.folder ?? a.name, b.folder ?? b.name));
}

function joinFiles(files: readonly PartFile[]): readonly PartFile[] {
  const joined = new Map<string, PartFile>();
  for (const file of files) {
    const before = joined.get(file.path);
    joined.set(file.path, before === undefined ? file : { ...before, bytes: before.bytes + file.bytes });
  }
  return [...joined.values()].sort((a, b) => b.bytes - a.bytes || order(a.path, b.path));
}

export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const total = (numbers: Iterable<number>): number => { let sum = 0; for (const item of numbers) sum += item; return sum; };
