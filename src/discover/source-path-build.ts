import { parse as parseJsonc } from 'jsonc-parser';
import type { Workspace } from '../model/workspace.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

/** How a folder of output relates to the folder of sources that it was made from. Paths relative to the root. */
export interface BuildMapping {
  readonly outDir: string;
  /** Folders that may hold the sources, best first. */
  readonly sourceDirs: readonly string[];
  /** One bundle: exactly this output (without extension) comes from `entries[0]`. */
  readonly outFile?: string;
  /** Entry files named by the command; empty when every file below `sourceDirs` is compiled. */
  readonly entries: readonly string[];
}

const maximumExtends = 10;
const maximumScriptLength = 20_000;
const maximumEntries = 500;

interface CompilerFolders { readonly outDir?: string; readonly rootDir?: string; readonly files: readonly string[] }

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Parses JSON with comments and trailing commas; `undefined` when the file is absent or no object. */
export function readJson(workspace: Workspace, file: string): Readonly<Record<string, unknown>> | undefined {
  const source = workspace.read(file);
  if (source === undefined) return undefined;
  try {
    return record(parseJsonc(source, [], { allowTrailingComma: true }));
  } catch {
    // jsonc-parser recurses: a file of deep brackets exhausts the stack and then says nothing.
    return undefined;
  }
}

/**
 * `outDir` and `rootDir` of a tsconfig with what it extends. A chain longer than ten, a cycle, or a base outside the
 * repository ends it; what was found by then counts. (TypeScript handbook, tsconfig `extends`: paths are relative to
 * the file that states them; the extending file wins.)
 */
function compilerFolders(workspace: Workspace, file: string): CompilerFolders {
  const seen = new Set<string>();
  let outDir: string | undefined;
  let rootDir: string | undefined;
  const files: string[] = [];
  const pending = [file];
  while (pending.length > 0 && seen.size < maximumExtends) {
    const current = pending.shift();
    if (current === undefined || seen.has(current)) continue;
    seen.add(current);
    const config = readJson(workspace, current);
    if (config === undefined) continue;
    const folder = folderOf(current);
    const options = record(config['compilerOptions']);
    const out = text(options?.['outDir']);
    const root = text(options?.['rootDir']);
    if (outDir === undefined && out !== undefined) outDir = joinInRoot(folder, out.replaceAll('${configDir}', '.'));
    if (rootDir === undefined && root !== undefined) rootDir = joinInRoot(folder, root.replaceAll('${configDir}', '.'));
    if (current === file) {
      for (const key of ['include', 'files']) {
        const listed = config[key];
        if (Array.isArray(listed)) files.push(...listed.filter((one): one is string => typeof one === 'string').slice(0, 100));
      }
    }
    const bases = Array.isArray(config['extends']) ? [...(config['extends'] as unknown[])].reverse() : [config['extends']];
    for (const base of bases) {
      if (typeof base !== 'string' || !base.startsWith('.')) continue;
      const target = joinInRoot(folder, base);
      if (target !== undefined) pending.push(target.endsWith('.json') ? target : `${target}.json`);
    }
  }
  return { ...(outDir === undefined ? {} : { outDir }), ...(rootDir === undefined ? {} : { rootDir }), files };
}

/** Folders before the first wildcard of `include`; they are what the compiler takes the common folder of. */
function includedFolders(folder: string, include: readonly string[]): string[] {
  const folders: string[] = [];
  for (const pattern of include) {
    const star = pattern.indexOf('*');
    const head = star < 0 ? (/\.[cm]?[jt]sx?$/.test(pattern) ? folderOf(pattern) : pattern) : folderOf(pattern.slice(0, star));
    const path = joinInRoot(folder, head);
    if (path !== undefined && !folders.includes(path)) folders.push(path);
  }
  return folders;
}

/** Output settings of every `tsconfig*.json` in one folder. */
function compilerMappings(workspace: Workspace, folder: string, names: readonly string[]): BuildMapping[] {
  const mappings: BuildMapping[] = [];
  for (const name of names) {
    const file = folder === '' ? name : `${folder}/${name}`;
    const { outDir, rootDir, files } = compilerFolders(workspace, file);
    if (outDir === undefined) continue;
    const src = joinInRoot(folder, 'src');
    const guesses = [...includedFolders(folder, files), folder, ...(src === undefined ? [] : [src])];
    mappings.push({ outDir, sourceDirs: rootDir === undefined ? [...new Set(guesses)] : [rootDir], entries: [] });
  }
  return mappings;
}

/** Splits a package script into its commands, quotes removed; linear, and no attempt at a shell's grammar. */
function commandsOf(script: string): string[][] {
  const commands: string[][] = [[]];
  for (const word of script.slice(0, maximumScriptLength).split(/\s+/)) {
    if (word === '&&' || word === '||' || word === ';' || word === '|' || word === '&') commands.push([]);
    else if (word !== '') commands.at(-1)?.push(word.replaceAll('"', '').replaceAll("'", ''));
  }
  return commands;
}

/** Value of `--name=value`, `--name value` or `-n value`. */
function flag(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      if (word === name) return words[index + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  }
  return undefined;
}

/** The folder that all entries share; wildcards end a path. */
function commonFolder(entries: readonly string[]): string {
  const split = entries.map((entry) => {
    const star = entry.search(/[*{[]/);
    const folder = star < 0 ? folderOf(entry) : folderOf(entry.slice(0, star));
    return folder === '' ? [] : folder.split('/');
  });
  const first = split[0] ?? [];
  let length = first.length;
  for (const other of split) {
    let same = 0;
    while (same < length && other[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, length).join('/');
}

/** As `scriptMapping`, an output for each entry where their names follow a pattern. */
function scriptMappings(folder: string, words: readonly string[]): readonly BuildMapping[] {
  const mapping = scriptMapping(folder, words);
  const pattern = flag(words, '--entry-names');
  if (!mapping || pattern === undefined || !words.some((word) => /(?:^|\/)esbuild$/.test(word)) || mapping.outFile !== undefined || mapping.entries.length === 0) return mapping ? [mapping] : [];
  // esbuild documentation, "Entry names": `[dir]` is the entry's folder below the base, `[name]` its name.
  const base = mapping.sourceDirs[0] ?? '';
  return mapping.entries.slice(0, maximumEntries).flatMap((entry) => {
    const inside = base === '' ? entry : entry.startsWith(`${base}/`) ? entry.slice(base.length + 1) : entry;
    const name = inside.slice(inside.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
    const output = joinInRoot(mapping.outDir, pattern.replaceAll('[dir]', folderOf(inside)).replaceAll('[name]', name).replace(/^\/+/, ''));
    return output === undefined ? [] : [{ outDir: mapping.outDir, outFile: output, sourceDirs: [], entries: [entry] }];
  });
}

/** Commands of a shell script that a package script runs; lines that a backslash joins are one. */
function shellCommands(workspace: Workspace, folder: string, words: readonly string[]): readonly (readonly string[])[] {
  const name = words.find((word, index) => word.endsWith('.sh') && (index === 0 || /^(?:ba|z|da)?sh$/.test(words[index - 1] ?? '')));
  const file = name === undefined ? undefined : joinInRoot(folder, name);
  const text = file === undefined ? undefined : workspace.read(file);
  if (text === undefined || text.length > maximumScriptLength) return [];
  return text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).filter((line) => !line.trimStart().startsWith('#')).flatMap(commandsOf);
}

/**
 * What a package script says of its output, for the three simple bundlers and the compiler: `esbuild a.ts --outdir=x`
 * or `--outfile=x/y.js` (esbuild documentation: output lies below the entries' lowest common folder unless `--outbase`),
 * `tsup a.ts` (output in `dist`), `ncc build a.ts -o x` (`x/index.js`), `tsc --outDir x`, `bun build a.ts --outfile=x/y.js` (Bun
 * documentation, "Bundler", read 2026-11).
 */
function scriptMapping(folder: string, words: readonly string[]): BuildMapping | undefined {
  const at = words.findIndex((word, index) => /(?:^|\/)(?:esbuild|tsup|ncc|tsc)$/.test(word) || (word === 'bun' && words[index + 1] === 'build'));
  const tool = words[at]?.split('/').at(-1);
  if (tool === undefined) return undefined;
  const rest = words.slice(at + 1);
  const inFolder = (path: string): string | undefined => joinInRoot(folder, path);
  const entries = rest
    .filter((word, index) => !word.startsWith('-') && /\.[cm]?[jt]sx?$/.test(word) && !/^-(?:o|d)$|^--(?:outfile|out-dir|config)$/.test(rest[index - 1] ?? ''))
    .map(inFolder)
    .filter((path): path is string => path !== undefined);
  if (tool === 'tsc') {
    const out = flag(rest, '--outDir', '--outdir');
    const outDir = out === undefined ? undefined : inFolder(out);
    const sourceDirs = [flag(rest, '--rootDir') ?? '.', 'src'].map(inFolder).filter((path): path is string => path !== undefined);
    return outDir === undefined ? undefined : { outDir, sourceDirs, entries: [] };
  }
  if (entries.length === 0) return undefined;
  const outFile = tool === 'esbuild' || tool === 'bun' ? flag(rest, '--outfile') : undefined;
  if (outFile !== undefined) {
    const output = inFolder(outFile);
    return output === undefined ? undefined : { outDir: folderOf(output), outFile: output.replace(/\.[cm]?js$/, ''), sourceDirs: [], entries };
  }
  const given = tool === 'esbuild' || tool === 'bun' ? flag(rest, '--outdir') : tool === 'tsup' ? (flag(rest, '--out-dir', '-d', '--outDir') ?? 'dist') : (flag(rest, '-o', '--out') ?? 'dist');
  const outDir = given === undefined ? undefined : inFolder(given);
  if (outDir === undefined) return undefined;
  if (tool === 'ncc') return { outDir, outFile: outDir === '' ? 'index' : `${outDir}/index`, sourceDirs: [], entries };
  const outbase = tool === 'esbuild' ? flag(rest, '--outbase') : undefined;
  const base = outbase === undefined ? commonFolder(entries) : inFolder(outbase);
  return base === undefined ? undefined : { outDir, sourceDirs: [base], entries: entries.some((entry) => /[*{[]/.test(entry)) ? [] : entries };
}

/** `project.json` of an Nx project: a target with `outputPath` and `main` (Nx documentation, project configuration). */
function nxMappings(workspace: Workspace, folder: string): BuildMapping[] {
  const config = readJson(workspace, folder === '' ? 'project.json' : `${folder}/project.json`);
  const targets = record(config?.['targets']);
  const mappings: BuildMapping[] = [];
  for (const target of Object.values(targets ?? {})) {
    const options = record(record(target)?.['options']);
    const outDir = joinInRoot(text(options?.['outputPath']) ?? '..');
    const main = joinInRoot(text(options?.['main']) ?? '..');
    if (outDir === undefined || main === undefined) continue;
    const name = text(options?.['outputFileName'])?.replace(/\.[cm]?js$/, '') ?? 'main';
    mappings.push({ outDir, outFile: outDir === '' ? name : `${outDir}/${name}`, sourceDirs: [], entries: [main] });
    mappings.push({ outDir, sourceDirs: [folderOf(main), folder], entries: [] });
  }
  return mappings;
}

/** Everything that one folder's own settings say of where its build puts what. */
export function buildMappings(workspace: Workspace, folder: string, tsconfigs: readonly string[]): readonly BuildMapping[] {
  const mappings: BuildMapping[] = [];
  const manifest = readJson(workspace, folder === '' ? 'package.json' : `${folder}/package.json`);
  for (const script of Object.values(record(manifest?.['scripts']) ?? {})) {
    if (typeof script !== 'string') continue;
    for (const words of commandsOf(script)) {
      mappings.push(...scriptMappings(folder, words));
      for (const inner of shellCommands(workspace, folder, words)) mappings.push(...scriptMappings(folder, inner));
    }
  }
  mappings.push(...nxMappings(workspace, folder), ...compilerMappings(workspace, folder, tsconfigs));
  return mappings;
}
