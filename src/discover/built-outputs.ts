import type { Workspace } from '../model/workspace.ts';
import { below, folderOf, joinInRoot, sourceAt, upwards, withoutExtension } from './source-path-names.ts';

const maximumFiles = 200;
const maximumText = 100_000;

/** A bundler's configuration or a build program, by its name. */
const named = /(?:^|\/)(?:[\w-]*(?:webpack|esbuild|rollup|rolldown|rspack|tsup|tsdown)[\w.-]*|build[\w-]*|[\w-]+\.config)\.[cm]?[jt]s$/i;
/** Any program of a folder that build programs lie in. */
const beside = /(?:^|\/)(?:scripts?|tools|tasks|bin)\/(?:[\w-]+\/)?[\w.-]+\.[cm]?[jt]s$/i;

/** A path as a build program writes it: from where it runs, or from the folder of the program itself. */
interface WrittenPath { readonly own: boolean; readonly path: string; readonly end: number }

const plus = /([A-Za-z_$][\w$.]{0,40})\s{0,5}\+\s{0,5}/y;
const quoted = /["'`]([^"'`\n]{1,300})["'`]/y;
const joining = /(?:[A-Za-z_$][\w$]{0,40}\s{0,5}\.\s{0,5})?(?:join|resolve)\(/y;
const place = /(?:import\.meta\.dirname|process\.cwd\(\)|[A-Za-z_$][\w$]{0,40})/y;
const blank = /[\s,]{0,200}/y;
const ownFolder = /^(?:\$\{\s?(__dirname|dirname|import\.meta\.dirname|[A-Za-z_$][\w$]{0,40})\s?\})\/?/;
/** `const here = path.dirname(fileURLToPath(import.meta.url))`, `const here = __dirname`: a name for the folder of the program itself. */
const ownName = /\b(?:const|let|var)\s{1,5}([A-Za-z_$][\w$]{0,40})\s{0,5}=[\s(]{0,5}(?:(?:[\w$]{1,40}\.)?dirname\([\s(]{0,5}(?:__filename\b|import\.meta\.filename\b|(?:[\w$]{1,40}\.)?fileURLToPath\([\s(]{0,5}import\.meta\.url\b)|__dirname\b|import\.meta\.dirname\b)/g;
/** Parentheses around one name or text, which are no call. */
const redundant = /([=:,([{]\s{0,20})\(\s{0,5}([A-Za-z_$][\w$.]{0,60}|"[^"\n]{0,300}"|'[^'\n]{0,300}'|`[^`\n]{0,300}`)\s{0,5}\)/g;

/** What a sticky pattern matches at a place. */
function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

const constant = /\b(?:const|let|var)\s{1,5}([A-Za-z_$][\w$]{0,60})\s{0,5}=\s{0,5}["'`]([\w@./-]{1,200})["'`]/g;

/** A text with the names in it that the program gives a plain text: `` `${OUT}/a.js` ``. */
const filled = (written: string, text: string): string => {
  if (!written.includes('${')) return written;
  const known = new Map([...text.matchAll(constant)].map((match) => [match[1] ?? '', match[2] ?? '']));
  return written.replace(/\$\{\s?([A-Za-z_$][\w$]{0,60})\s?\}/g, (all, name: string) => known.get(name) ?? all);
};

/** `'./src/a.ts'`, `` `${__dirname}/a.ts` ``, `path.join(__dirname, '..', 'src', 'a.ts')`; nothing for what is computed otherwise. */
function pathAt(text: string, start: number, folders: ReadonlySet<string>): WrittenPath | undefined {
  // `__dirname + '/build'`
  const added = at(plus, text, start);
  const after = added !== null && folders.has(added[1] ?? '') ? at(quoted, text, start + added[0].length) : null;
  if (added !== null && after !== null) return { own: true, path: (after[1] ?? '').replace(/^\/+/, ''), end: start + added[0].length + after[0].length };
  const single = at(quoted, text, start);
  if (single !== null) {
    const written = filled(single[1] ?? '', text);
    const path = written.replace(ownFolder, (all, name: string) => (folders.has(name) ? '' : all));
    return path.includes('${') ? undefined : { own: path !== written, path, end: start + single[0].length };
  }
  const open = at(joining, text, start);
  if (open === null) return undefined;
  const segments: string[] = [];
  let own = false;
  let index = start + open[0].length;
  for (let part = 0; part < 12; part++) {
    index += at(blank, text, index)?.[0].length ?? 0;
    if (text[index] === ')') return segments.length === 0 ? undefined : { own, path: segments.join('/'), end: index + 1 };
    const string = at(quoted, text, index);
    const name = string === null && part === 0 ? at(place, text, index) : null;
    if (string === null && name === null) return undefined;
    // Another name than that of the program's folder or of where it runs is not followed.
    if (name !== null && !folders.has(name[0]) && name[0] !== 'process.cwd()') return undefined;
    if (name !== null) own = !name[0].startsWith('process');
    if (string?.[1] !== undefined) segments.push(string[1]);
    index += (string ?? name)?.[0].length ?? 0;
  }
  return undefined;
}

/** What a key of a build's settings says: a source, an output file, or (webpack) the output's name or folder. */
type Kind = 'source' | 'output' | 'name' | 'folder';

const keys = /\b(entryPoints|outfile|input|file|entry|filename|path)["']?\s{0,20}:[\s(]{0,60}(\[)?[\s(]{0,60}/g;
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['entryPoints', 'source'], ['outfile', 'output'], ['input', 'source'], ['file', 'output'], ['entry', 'source'], ['filename', 'name'], ['path', 'folder'],
]);

interface Setting { readonly key: string; readonly kind: Kind; readonly written: WrittenPath }

/**
 * The settings of a build in their order. A list of several entries has no single output file: `undefined` stands in its place, as
 * it does for a name with a placeholder.
 */
function settingsOf(written: string): readonly (Setting | undefined)[] {
  const found: (Setting | undefined)[] = [];
  const text = written.replace(redundant, '$1$2');
  const folders = new Set(['__dirname', '_dirname', 'dirname', 'import.meta.dirname', ...[...text.matchAll(ownName)].map((match) => match[1] ?? '')]);
  for (const match of text.matchAll(keys)) {
    const [all, key = '', list] = match;
    const kind = kinds.get(key);
    const stated = pathAt(text, match.index + all.length, folders);
    if (kind === undefined || stated === undefined) continue;
    // webpack documentation, "Entry points": an entry without a name is called `main`.
    const written = kind === 'name' ? { ...stated, path: stated.path.replace('[name]', 'main') } : stated;
    const after = written.end + (at(blank, text, written.end)?.[0].length ?? 0);
    const several = list !== undefined && text[after] !== ']';
    if (kind === 'source' && !several && !/\.[cm]?[jt]sx?$/.test(written.path)) continue;
    if ((kind === 'output' || kind === 'name') && !/\.[cm]?js$/.test(written.path)) continue;
    found.push(several || /[[\]*]/.test(written.path) ? undefined : { key, kind, written });
  }
  return found;
}

const partners: ReadonlyMap<string, string> = new Map([['entryPoints', 'outfile'], ['outfile', 'entryPoints'], ['input', 'file'], ['file', 'input']]);

/** Pairs of a source and an output that stand in one program (each relative to its folder or to where it runs). */
function pairsOf(text: string): readonly { readonly source: WrittenPath; readonly output: WrittenPath }[] {
  const settings = settingsOf(text);
  const pairs: { source: WrittenPath; output: WrittenPath }[] = [];
  // One of each kind after the other belongs together (esbuild, rollup).
  let last: Setting | undefined;
  for (const setting of settings) {
    if (setting === undefined) { last = undefined; continue; }
    if (!partners.has(setting.key)) continue;
    if (last === undefined || partners.get(last.key) !== setting.key) { last = setting; continue; }
    pairs.push(setting.kind === 'output' ? { source: last.written, output: setting.written } : { source: setting.written, output: last.written });
    last = undefined;
  }
  const webpack = settings.filter((one) => one === undefined || !partners.has(one.key));
  const only = (kind: Kind): WrittenPath | undefined => {
    const all = webpack.flatMap((one) => (one?.kind === kind ? [one.written] : []));
    return all.length === 1 ? all[0] : undefined;
  };
  const stated = only('name');
  const name = stated ?? (/\bfilename\b/.test(text) ? undefined : { own: false, path: 'main.js', end: 0 });
  const [source, folder] = [only('source'), only('folder')];
  if (source !== undefined && name !== undefined && !webpack.includes(undefined)) {
    // webpack documentation, "Output": `path` is `dist` where none is given.
    const base = folder ?? { own: false, path: 'dist', end: 0 };
    pairs.push({ source, output: { ...base, path: `${base.path}/${name.path}` } });
  }
  return pairs;
}

const namedEntries = /\bentry["']?\s{0,20}:\s{0,20}\{((?:[^{}$]|\$(?:\{[^{}]{1,60}\})?){1,20000})\}/;
const namedEntry = /(?:^|[,\n])\s{0,200}["']?([\w./-]{1,200})["']?\s{0,5}:\s{0,20}(?=["'`A-Za-z_$])/g;

/** Entries under names of their own, each with an output that its name is put into (webpack documentation, "Entry points", "output.filename"). */
function namedPairs(text: string): readonly { readonly source: WrittenPath; readonly output: WrittenPath }[] {
  const entries = namedEntries.exec(text)?.[1];
  const filename = /\bfilename["']?\s{0,20}:\s{0,20}["'`]([\w./[\]-]{1,200})["'`]/.exec(text)?.[1] ?? '[name].js';
  if (entries === undefined || !filename.includes('[name]') || /\[(?!name\])/.test(filename)) return [];
  const folders = new Set(['__dirname', ...[...text.matchAll(ownName)].map((match) => match[1] ?? '')]);
  const stated = /\bpath["']?\s{0,20}:\s{0,20}/.exec(text);
  const base = stated === null ? { own: false, path: 'dist', end: 0 } : pathAt(text, stated.index + stated[0].length, folders);
  if (base === undefined) return [];
  return [...entries.matchAll(namedEntry)].slice(0, 500).flatMap((match) => {
    const source = pathAt(entries, match.index + match[0].length, folders);
    // A module may be named without its extension, a package may not be told from it.
    return source === undefined || !(source.own || /^\.|\.[cm]?[jt]sx?$/.test(source.path)) ? [] : [{ source, output: { ...base, path: `${base.path}/${filename.replaceAll('[name]', match[1] ?? '')}` } }];
  });
}

/** A configuration of webpack that leaves out where to begin: `./src/index.js`, and `dist/main.js` where it does not say that either (webpack documentation, "Concepts", read 2026-11). */
function unwritten(file: string, text: string): readonly { readonly source: WrittenPath; readonly output: WrittenPath }[] {
  if (!/(?:^|\/)webpack[\w.-]*\.[cm]?[jt]s$/.test(file) || /\b(?:entry|output|require|import|merge)\b/.test(text) || !/\b(?:module\.exports|export default)\b/.test(text)) return [];
  return [{ source: { own: true, path: 'src/index', end: 0 }, output: { own: true, path: 'dist/main.js', end: 0 } }];
}

const outputs = new WeakMap<Workspace, ReadonlyMap<string, string>>();

/**
 * The source from which a build program makes exactly this output (path without extension), where both stand in it as text: esbuild's
 * `entryPoints` and `outfile`, rollup's `input` and `output.file`, webpack's `entry`, also by names, `output.filename` and `output.path` (their
 * documentation, read 2026-11). Paths are relative to where the program runs, mostly a folder above it, or joined to its own folder.
 */
export function bundledFrom(workspace: Workspace, output: string): string | undefined {
  return outputsOf(workspace).get(output);
}

/** The one source from which build programs make an output of that name somewhere below a folder. */
export function bundledBelow(workspace: Workspace, folder: string, name: string): string | undefined {
  const found = new Set([...outputsOf(workspace)].flatMap(([output, source]) => (below(output, folder) !== undefined && output.slice(output.lastIndexOf('/') + 1) === name ? [source] : [])));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

function outputsOf(workspace: Workspace): ReadonlyMap<string, string> {
  const known = outputs.get(workspace) ?? readOutputs(workspace);
  outputs.set(workspace, known);
  return known;
}

function readOutputs(workspace: Workspace): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const read = { named: 0, beside: 0 };
  for (const file of workspace.files) {
    const kind = named.test(file) ? 'named' : beside.test(file) ? 'beside' : undefined;
    if (kind === undefined || file.includes('node_modules/') || ++read[kind] > maximumFiles) continue;
    const text = workspace.read(file);
    if (text === undefined || text.length > maximumText) continue;
    const own = unwritten(file, text);
    if (own.length === 0 && !/\boutfile\b|\boutput\b/.test(text)) continue;
    const folders = upwards(folderOf(file));
    const home = folders.find((folder) => workspace.has(joinInRoot(folder, 'package.json') ?? '')) ?? folderOf(file);
    for (const { source, output } of [...pairsOf(text), ...namedPairs(text), ...own]) {
      for (const folder of source.own ? [folderOf(file)] : folders) {
        const path = joinInRoot(folder, source.path);
        const from = path === undefined || workspace.has(path) ? path : sourceAt(workspace, path);
        if (from === undefined) continue;
        // A program runs in the folder that its other path was found from, a package's as a rule.
        const to = joinInRoot(output.own ? folderOf(file) : source.own ? home : folder, output.path);
        if (to !== undefined) found.set(withoutExtension(to), from);
        break;
      }
    }
  }
  return found;
}

const quotedSource = /["'`](?:\.\/)?([\w@./-]{1,200}\.[cm]?[jt]sx?)["'`]/g;

/**
 * Files that a build program of the repository names beside two or more of the given ones: entries of one list, each made into an output of its own. What
 * is built together is deployed together.
 */
export function builtTogether(workspace: Workspace, known: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  let read = 0;
  for (const file of known.size < 2 ? [] : workspace.files) {
    if (!named.test(file) || file.includes('node_modules/') || ++read > maximumFiles) continue;
    const text = workspace.read(file);
    if (text === undefined || text.length > maximumText || !/\b(?:entryPoints|entry|input)\b/.test(text)) continue;
    for (const folder of upwards(folderOf(file))) {
      const entries = [...text.matchAll(quotedSource)].slice(0, 1_000).flatMap((match) => { const path = joinInRoot(folder, match[1] ?? ''); return path !== undefined && workspace.has(path) ? [path] : []; });
      if (entries.filter((path) => known.has(path)).length < 2) continue;
      for (const path of entries) found.add(path);
      break;
    }
  }
  return found;
}
