import type { Metafile } from 'esbuild';
import type { Contributor } from './result.ts';
import { biggest, duplicatesOf, packageOf } from './result.ts';

/** Namespace of the repository's files in the bundler's graph. */
export const REPO = 'r';
/** Namespace of the stand-ins for what could not be bundled; the path is an index into a list of reasons. */
export const GONE = 'gone';

export const repoKey = (file: string): string => `${REPO}:${file}`;

/** The graph of a build: every input with what it imports, keys as the bundler writes them. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export function graphOf(metafile: Metafile): Graph {
  return new Map(Object.entries(metafile.inputs).map(([key, input]) => [key, input.imports.filter((item) => item.external !== true).map((item) => item.path)]));
}

/** For everything that the entry reaches: the input that reaches it first, breadth first; the entry maps to itself. */
export function reach(graph: Graph, entry: string): ReadonlyMap<string, string> {
  const from = new Map<string, string>([[entry, entry]]);
  const queue = [entry];
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

/** What each package and own file adds to one output, with the shortest chain of imports that leads to it. */
export function contributionsOf(output: Metafile['outputs'][string], from: ReadonlyMap<string, string>, entry: string): { readonly contributors: readonly Contributor[]; readonly duplicates: ReturnType<typeof duplicatesOf> } {
  const rank = new Map([...from.keys()].map((key, index) => [key, index]));
  const groups = new Map<string, { readonly name: string; readonly packaged: boolean; bytes: number; first: string }>();
  for (const [key, { bytesInOutput }] of Object.entries(output.inputs)) {
    const place = packageOf(fileOf(key));
    const id = place.folder ?? place.name;
    const group = groups.get(id);
    if (group === undefined) {
      groups.set(id, { name: place.name, packaged: place.folder !== undefined, bytes: bytesInOutput, first: key });
      continue;
    }
    group.bytes += bytesInOutput;
    if ((rank.get(key) ?? Infinity) < (rank.get(group.first) ?? Infinity)) group.first = key;
  }
  return {
    contributors: biggest([...groups.values()].map(({ name, bytes, first }) => ({ name, bytes, chain: chainTo(first, from, entry) }))),
    duplicates: duplicatesOf([...groups.values()].filter(({ packaged }) => packaged)),
  };
}

/** Own files by path, packages by name; steps inside one package are one. */
function chainTo(key: string, from: ReadonlyMap<string, string>, entry: string): readonly string[] {
  const names: string[] = [];
  for (let at: string | undefined = key; at !== undefined; at = at === entry ? undefined : from.get(at)) {
    const { name } = packageOf(fileOf(at));
    if (names[names.length - 1] !== name) names.push(name);
  }
  return names.reverse();
}

const fileOf = (key: string): string => (key.startsWith(`${REPO}:`) ? key.slice(REPO.length + 1) : key);
