import type { Workspace } from '../../src/model/workspace.ts';

/** A workspace made of texts; `hidden` files can be read but are not listed, as ignored build output. */
export function memoryWorkspace(files: Readonly<Record<string, string>>, hidden: Readonly<Record<string, string>> = {}): Workspace & { readonly asked: string[] } {
  const listed = new Map(Object.entries(files));
  const all = new Map([...Object.entries(files), ...Object.entries(hidden)]);
  const asked: string[] = [];
  return {
    root: '/nowhere',
    files: [...listed.keys()].sort(),
    asked,
    has: (file) => listed.has(file),
    read: (file) => {
      asked.push(file);
      return all.get(file);
    },
    problem: () => undefined,
    isDirectory: (path) => [...all.keys()].some((file) => path === '' || file.startsWith(`${path}/`)),
  };
}
