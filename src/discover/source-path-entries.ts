import type { Workspace } from '../model/workspace.ts';
import { folderOf, joinInRoot, upwards } from './source-path-names.ts';

const MAX_FILES = 200;
const MAX_TEXT = 100_000;

/** A bundler's configuration or a build program, by its name. */
const configuration = /(?:^|\/)(?:[\w-]*(?:webpack|esbuild|rollup|rolldown|rspack|tsup|tsdown)[\w.-]*|build[\w-]*)\.[cm]?[jt]s$/i;

/** `'create-order': './src/orders/create.ts'`, also with the path joined to the file's own folder. */
const pair = /(?:["'`]([^"'`\n]{1,200})["'`]|([A-Za-z_$][\w$]{0,100}))\s{0,20}:\s{0,60}(?:(?:path\s{0,5}\.\s{0,5})?(?:join|resolve)\(\s{0,60}__dirname\s{0,20},\s{0,60})?["'`]([^"'`\n]{1,300}\.[cm]?[jt]sx?)["'`]/g;

const indexes = new WeakMap<Workspace, ReadonlyMap<string, readonly string[]>>();

/**
 * Source files to which a bundler's configuration gives an output of that name: `entry` of webpack, `entryPoints` of esbuild,
 * `input` of rollup written as an object of names (webpack documentation, "Entry and context", object syntax; esbuild
 * documentation, "Entry points"). Read as text: what a configuration computes is not followed.
 */
export function namedEntries(workspace: Workspace, name: string): readonly string[] {
  let known = indexes.get(workspace);
  if (!known) {
    known = readEntries(workspace);
    indexes.set(workspace, known);
  }
  return known.get(name) ?? [];
}

function readEntries(workspace: Workspace): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  let files = 0;
  for (const file of workspace.files) {
    if (!configuration.test(file) || file.includes('node_modules/') || ++files > MAX_FILES) continue;
    const text = workspace.read(file);
    if (text === undefined || text.length > MAX_TEXT || !/entr(?:y|ies)|\binput\b/i.test(text)) continue;
    for (const match of text.matchAll(pair)) {
      const name = (match[1] ?? match[2] ?? '').replace(/\.[cm]?js$/, '');
      // Relative to where the bundler runs (webpack documentation, "Context"), the configuration's own folder or one above it.
      const source = upwards(folderOf(file)).map((folder) => joinInRoot(folder, match[3] ?? '')).find((path) => path !== undefined && workspace.has(path));
      if (name === '' || source === undefined) continue;
      found.set(name, (found.get(name) ?? new Set<string>()).add(source));
    }
  }
  return new Map([...found].map(([name, sources]) => [name, [...sources]]));
}
