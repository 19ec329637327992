/** Paths of the repository: relative to the root, with forward slashes; `''` is the root. Nothing here loads a parser: queries may use it. */

export const dirname = (path: string): string => { const slash = path.lastIndexOf('/'); return slash < 0 ? '' : path.slice(0, slash); };
export const inside = (dir: string, name: string): string => (dir === '' ? name : `${dir}/${name}`);

/** Joins and normalises; `undefined` when the path leaves the root. */
export function join(dir: string, path: string): string | undefined {
  const out = dir === '' ? [] : dir.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') { if (out.pop() === undefined) return undefined; } else out.push(part);
  }
  return out.join('/');
}
