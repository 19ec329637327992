import type { PartFile } from './result.ts';
import { order } from './result.ts';

/** A file, or a folder with all that is below it (its path ends with `/`) or with what is not listed by itself (with `/*`). */
export interface Entry {
  readonly path: string;
  readonly bytes: number;
}

interface Group extends Entry {
  readonly files: readonly PartFile[];
}

/**
 * At most so many entries that stand for all files: the biggest folders are taken apart for as long as there is room. `base`:
 * the folder that all of them lie in, `''` for the root.
 */
export function collapse(files: readonly PartFile[], base: string, most: number): readonly Entry[] {
  let groups: readonly Group[] = apart({ path: base === '' ? '' : `${base}/`, bytes: 0, files });
  for (;;) {
    const open = groups.filter((group) => group.path.endsWith('/')).sort(bySize);
    const next = open.map((group) => ({ group, parts: apart(group) })).find(({ parts }) => groups.length - 1 + parts.length <= most);
    if (next === undefined) break;
    groups = [...groups.filter((group) => group !== next.group), ...next.parts];
  }
  // A folder that holds most of it and has too much in it: its biggest entries, and the rest of them as one.
  const [first] = [...groups].filter((group) => group.path.endsWith('/')).sort(bySize);
  const room = most - groups.length;
  if (first !== undefined && room >= 4 && first.bytes * 3 > files.reduce((sum, file) => sum + file.bytes, 0)) {
    const parts = [...apart(first)].sort(bySize);
    const rest = parts.slice(room);
    groups = [...groups.filter((group) => group !== first), ...parts.slice(0, room), { path: `${first.path}*`, bytes: rest.reduce((sum, part) => sum + part.bytes, 0), files: [] }];
  }
  return groups.map(({ path, bytes }) => ({ path, bytes })).sort(bySize);
}

const bySize = (a: Entry, b: Entry): number => b.bytes - a.bytes || order(a.path, b.path);

/** What lies directly in a folder. */
function apart({ path: folder, files }: Group): readonly Group[] {
  const groups = new Map<string, PartFile[]>();
  for (const file of files) {
    const inner = file.path.startsWith(folder) ? file.path.slice(folder.length) : file.path;
    const slash = inner.indexOf('/');
    const key = slash < 0 ? file.path : file.path.slice(0, file.path.length - inner.length + slash + 1);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups].map(([path, list]) => ({ path, bytes: list.reduce((sum, file) => sum + file.bytes, 0), files: list }));
}
