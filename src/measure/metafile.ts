import type { Metafile } from 'esbuild';
import type { Contributor, Part } from './result.ts';
import { biggest, duplicatesOf, order, packageOf, total } from './result.ts';

/** Namespace of the repository's files in the bundler's graph. */
export const REPO = 'r';
/** Namespace of the stand-ins for what could not be bundled; the path is an index into a list of reasons. */
export const GONE = 'gone';

export const repoKey = (file: string): string => `${REPO}:${file}`;
export const fileOf = (key: string): string => (key.startsWith(`${REPO}:`) ? key.slice(REPO.length + 1) : key);

/** The graph of a build: every input with what it imports, keys as the bundler writes them. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export function graphOf(metafile: Metafile): Graph {
  return new Map(Object.entries(metafile.inputs).map(([key, input]) => [key, input.imports.filter((item) => item.external !== true).map((item) => item.path)]));
}

/** For everything that the entries reach: the input that reaches it first, breadth first; an entry maps to itself. */
export function reach(graph: Graph, ...entries: readonly string[]): ReadonlyMap<string, string> {
  const from = new Map<string, string>(entries.map((entry) => [entry, entry]));
  const queue = [...entries];
  for (let index = 0; index < queue.length; index++) {
    const at = queue[index];
    if (at === undefined) break;
    for (const next of graph.get(at) ?? []) {
      if (from.has(next)) continue;
      from.set(next, at);
      queue.push(next);
    }
  }
  return from;
}

interface Group {
  readonly name: string;
  readonly folder: string | undefined;
  bytes: number;
  commonJsBytes: number;
  /** Its input that is reached first. */
  first: string;
  readonly files: { readonly path: string; readonly bytes: number }[];
}

export interface Contributions {
  readonly contributors: readonly Contributor[];
  readonly duplicates: ReturnType<typeof duplicatesOf>;
  readonly parts: readonly Part[];
}

/** What each package and own file adds to one output, with the shortest chain of imports that leads to it. */
export function contributionsOf(inputs: readonly (readonly [key: string, bytes: number])[], from: ReadonlyMap<string, string>, isCommonJs: (key: string) => boolean): Contributions {
  const rank = new Map([...from.keys()].map((key, index) => [key, index]));
  const groups = new Map<string, Group>();
  for (const [key, bytes] of inputs) {
    const path = fileOf(key);
    const place = packageOf(path);
    const id = place.folder ?? place.name;
    let group = groups.get(id);
    if (group === undefined) groups.set(id, (group = { name: place.name, folder: place.folder, bytes: 0, commonJsBytes: 0, first: key, files: [] }));
    group.bytes += bytes;
    if (isCommonJs(key)) group.commonJsBytes += bytes;
    group.files.push({ path, bytes });
    if ((rank.get(key) ?? Infinity) < (rank.get(group.first) ?? Infinity)) group.first = key;
  }
  return {
    contributors: biggest([...groups.values()].map(({ name, bytes, first }) => ({ name, bytes, chain: chainTo(first, from) }))),
    duplicates: duplicatesOf([...groups.values()].filter(({ folder }) => folder !== undefined)),
    get parts() { return partsOf(groups.values(), from); },
  };
}

/** A part for each package, and one for all own files. */
function partsOf(groups: Iterable<Group>, from: ReadonlyMap<string, string>): readonly Part[] {
  const parts: Part[] = [];
  const own: Group[] = [];
  for (const group of groups) {
    const { name, folder, bytes, commonJsBytes, first, files } = group;
    if (folder === undefined) own.push(group);
    else parts.push({ kind: 'package', name, folder, bytes, commonJsBytes, chain: chainTo(first, from), files: files.filter((file) => file.bytes > 0).sort((a, b) => b.bytes - a.bytes || order(a.path, b.path)) });
  }
  if (own.length > 0) parts.push({ kind: 'own', name: 'own code', bytes: total(own.map(({ bytes }) => bytes)), commonJsBytes: total(own.map((group) => group.commonJsBytes)), chain: [], files: own.flatMap(({ files }) => files).filter((file) => file.bytes > 0).sort((a, b) => b.bytes - a.bytes || order(a.path, b.path)) });
  return parts;
}

/** Own files by path, packages by name; steps inside one package are one. */
export function chainTo(key: string, from: ReadonlyMap<string, string>): readonly string[] {
  const names: string[] = [];
  const seen = new Set<string>();
  for (let at: string | undefined = key; at !== undefined && !seen.has(at);) {
    seen.add(at);
    const { name } = packageOf(fileOf(at));
    if (names[names.length - 1] !== name) names.push(name);
    const next: string | undefined = from.get(at);
    at = next === at ? undefined : next;
  }
  return names.reverse();
}
