import type { Location } from '../model/location.ts';
import type { Workspace } from '../model/workspace.ts';
import { readJson } from './source-path-build.ts';
import { joinInRoot } from './source-path-names.ts';

/** What the readers of web platforms ask of a package's manifest. */
export interface Manifest {
  readonly file: string;
  /** Names of all kinds of dependencies. */
  readonly dependencies: ReadonlySet<string>;
  readonly scripts: ReadonlyMap<string, string>;
  /** `engines.node`. */
  readonly node?: string;
}

const manifests = new WeakMap<Workspace, Map<string, Manifest | undefined>>();

/** The manifest of a folder, parsed once a workspace; `undefined` when there is none. */
export function manifestOf(workspace: Workspace, folder: string): Manifest | undefined {
  const known = manifests.get(workspace) ?? new Map<string, Manifest | undefined>();
  manifests.set(workspace, known);
  if (!known.has(folder)) known.set(folder, readManifest(workspace, inFolder(folder, 'package.json')));
  return known.get(folder);
}

function readManifest(workspace: Workspace, file: string): Manifest | undefined {
  if (!workspace.has(file)) return undefined;
  const data = readJson(workspace, file);
  const entries = (key: string): [string, unknown][] => {
    const value = data?.[key];
    return typeof value === 'object' && value !== null ? Object.entries(value) : [];
  };
  const node = entries('engines').find(([name, value]) => name === 'node' && typeof value === 'string')?.[1];
  return {
    file,
    dependencies: new Set(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) => entries(key).map(([name]) => name))),
    scripts: new Map(entries('scripts').flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))),
    ...(typeof node === 'string' ? { node } : {}),
  };
}

/** `name` in `folder`; '' is the root. */
export function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Files below a folder in order of code units, found by halving. */
export function filesBelow(workspace: Workspace, folder: string): readonly string[] {
  const files = sortedFiles.get(workspace.files) ?? [...workspace.files].sort();
  sortedFiles.set(workspace.files, files);
  return folder === '' ? files : files.slice(firstAtLeast(files, `${folder}/`), firstAtLeast(files, `${folder}0`));
}

/** A workspace promises the order; a result must not hang on that. */
const sortedFiles = new WeakMap<readonly string[], readonly string[]>();

function firstAtLeast(files: readonly string[], wanted: string): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Kinds of files that the workspace reads and does not list. */
const unlisted = /(?:^|\/)(?:Dockerfile|Procfile|\.vercelignore|[^/]+\.md)$/;

/** As `firstIn`, also for files of kinds that are not listed. */
export function firstPresent(workspace: Workspace, folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => inFolder(folder, name)).find((file) => workspace.has(file) || (unlisted.test(file) && workspace.read(file) !== undefined));
}

/** The first of some names that a folder has, as a path. */
export function firstIn(workspace: Workspace, folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => inFolder(folder, name)).find((file) => workspace.has(file));
}

/** The first place in a text that a pattern matches, as a location of one line; the first line when it matches nowhere. */
export function placeIn(file: string, text: string, pattern: RegExp): Location {
  const found = pattern.exec(text);
  if (!found) return firstLine(file);
  const before = text.slice(0, found.index);
  const line = before.split('\n').length;
  const column = found.index - before.lastIndexOf('\n');
  return { file, line, column, endLine: line, endColumn: column + (found[0].split('\n')[0] ?? '').length };
}

export function firstLine(file: string): Location {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** A path that a configuration writes with or without a leading `/` or `./`, relative to a folder; `undefined` outside the root. */
export function configured(folder: string, path: string): string | undefined {
  return joinInRoot(folder, path.replace(/^\/+/, ''));
}

/** Files that lie among functions and are never deployed as one. */
export const notDeployed = /\.d\.[cm]?ts$|[._-](?:test|spec|stories|mock)\.[cm]?[jt]sx?$|(?:^|\/)(?:node_modules|__tests__|__mocks__|__fixtures__)\//;

export const script = /\.(?:[cm]?[jt]s|[jt]sx)$/;
