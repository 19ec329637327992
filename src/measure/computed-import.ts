import { computedImports, type ComputedImport } from '../extract/computed-imports.ts';
import { inside, type SizeReader } from '../workspace/sizes.ts';
import { parent } from './tsconfig.ts';

/**
 * Imports of names that are worked out while the code runs (`require('./parts/' + name)`). The bundler takes every file that
 * such a name may mean, and looks for them itself, in whatever folder the process runs in when all it has of a module is text.
 * So it gets none to see: what it would follow becomes a call of a table of the same files, found through the confined reader
 * and asked for one by one; every other one becomes something that it cannot look into.
 *
 * Read in the source of esbuild 0.28, 2026-11 (resolving and printing of glob imports).
 */

/** Files that one name may mean, and entries that are looked at for it. */
const MAX_FILES = 2_000;
const MAX_ENTRIES = 20_000;

type Lang = 'jsx' | 'ts' | 'tsx';

export type Handed = { readonly text: string } | { readonly reason: string };

/** What is known of files already, for each reader: they are asked again by each run. */
const remembered = new WeakMap<SizeReader, Map<string, Handed | undefined>>();

/**
 * What the bundler gets instead of the file: `undefined` for the file as it is, or the reason why it cannot be followed.
 * `lenient`: a folder that is not there holds no files, as for tools that trace; for a bundler it is an error.
 */
export function withoutComputedNames(file: string, bytes: Uint8Array, lang: Lang, sizes: SizeReader, lenient: boolean): Handed | undefined {
  let known = remembered.get(sizes);
  if (known === undefined) remembered.set(sizes, (known = new Map()));
  const key = `${lang}${lenient ? ' lenient' : ''}\0${file}`;
  if (!known.has(key)) known.set(key, rewritten(bytes, lang, { file, sizes, lenient }));
  return known.get(key);
}

// Bytes beyond ASCII may be blanks too.
const BLANK = String.raw`[\s\x80-\uffff]*`;
const GAP = String.raw`[\s\x80-\uffff]{0,50}`;
// One text, one name or nothing at all: none of them becomes several files. Short, so that no text is gone through again and again.
const PLAIN = String.raw`${GAP}(?:\/\*[^*]{0,500}\*\/${GAP})?(?:'[^'\\\n]{0,500}'|"[^"\\\n]{0,500}"|[\w$.]{0,200})${GAP}`;
const COMMENT = String.raw`\/[*/]|<!--|-->`;
/** Every call that may load, whatever stands around the word, but for plain ones. */
const loads = new RegExp(
  String.raw`\brequire\b(?=${BLANK}(?:\(|\?\.|!(?!=)|as\b|satisfies\b|${COMMENT}`
  + String.raw`|(?:\)|['"\x60]${BLANK}\])[\s\x80-\uffff)]*(?:\(|\?\.|!|${COMMENT})))(?!${GAP}\(${PLAIN}\))`
  // Not a method of that name.
  + String.raw`|(?<![^.]\.|^\.)\bimport\b(?=${BLANK}(?:\(|\.${BLANK}(?:defer|source)\b|${COMMENT}))(?!${GAP}\(${PLAIN}[,)])`, 'g');
/** One of the words' letters, written as an escape. */
const escaped = /\\u(?:00|\{0*)(?:72|65|71|75|69|6d|70|6f|74)/i;

interface Importer {
  readonly file: string;
  readonly sizes: SizeReader;
  readonly lenient: boolean;
}

function rewritten(bytes: Uint8Array, lang: Lang, importer: Importer): Handed | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin = buffer.toString('latin1');
  loads.lastIndex = 0;
  if (!loads.test(latin) && !escaped.test(latin)) return undefined;
  const text = buffer.toString('utf8').replace(/^\ufeff/, '');
  const found = computedImports(importer.file, text, lang);
  return found === undefined ? unparsed(importer.file, text) : edited(text, found, importer);
}

/** Characters that are looked at after a word. */
const MAX_BETWEEN = 1_000;

/** A module that is not parsed: the words lose their meaning, letter for letter, so that sizes stay. */
function unparsed(file: string, text: string): Handed {
  const reason = { reason: `${file} imports by a computed name, and cannot be parsed` };
  if (escaped.test(text)) return reason;
  let isFollowed = false;
  const changed = text.replace(loads, (word, at: number) => {
    const after = text.slice(at + word.length, at + word.length + MAX_BETWEEN);
    // What is imported as a whole, with a comment after the word, is no call.
    const between = word === 'import' ? /^(?:\s|\/\*[^]*?\*\/|\/\/.*)*/.exec(after)?.[0] ?? '' : '';
    if (between.includes('/') && between.length < MAX_BETWEEN && !/^[(.]/.test(after.slice(between.length))) return word;
    if (between.includes('/') || /^\s*\(\s*['"`]\.{1,2}\//.test(after)) isFollowed = true;
    return `${word.slice(0, -1)}_`;
  });
  return isFollowed ? reason : { text: changed };
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function edited(text: string, found: readonly ComputedImport[], importer: Importer): Handed | undefined {
  if (found.length === 0) return undefined;
  const edits: Edit[] = [];
  const tables = new Map<string, { readonly name: string; readonly code: string }>();
  const hidden = unused('_0', text);
  for (const item of found) {
    const pattern = item.pieces === undefined ? undefined : patternOf(item.pieces);
    const options = item.options === undefined ? '' : text.slice(...item.options);
    const [start, end] = item.argument;
    if (pattern === undefined || /\b(?:require|import)\b|\\/.test(options)) {
      edits.push({ from: start, to: start, text: `${hidden}+(` }, { from: end, to: end, text: ')' });
      continue;
    }
    const key = `${item.form} ${pattern} ${options}`;
    let table = tables.get(key);
    if (table === undefined) {
      const files = filesFor(pattern, importer);
      if (typeof files === 'string') return { reason: files };
      table = tableOf(item.form, files, options, unused(nameFor(item.form, pattern), text, tables.size));
      tables.set(key, table);
    }
    if (item.call === undefined) edits.push({ from: start, to: start, text: `${table.name}(` }, { from: end, to: end, text: ')' });
    else edits.push({ from: item.call[0], to: start, text: `${table.name}(` }, { from: end, to: item.call[1], text: ')' });
  }
  // An outer expression comes first in the list: at one place its edit opens first, which a stable sort keeps.
  edits.sort((a, b) => a.from - b.from);
  let whole = '';
  let at = 0;
  for (const edit of edits) {
    whole += text.slice(at, edit.from) + edit.text;
    at = Math.max(at, edit.to);
  }
  return { text: `${whole}${text.slice(at)}\n;${[...tables.values()].map(({ code }) => code).join('')}` };
}

/** A name that stands nowhere in the text. */
function unused(wish: string, text: string, number = 0): string {
  let name = number === 0 ? wish : `${wish}${number}`;
  while (text.includes(name)) name += '_';
  return name;
}

const nameFor = (form: ComputedImport['form'], pattern: string): string => `glob${form === 'require' ? 'Require' : 'Import'}${(pattern.match(/\w+/g) ?? []).map((word) => `_${word}`).join('')}`;

/** The same code as the bundler's own, so that it weighs the same. */
function tableOf(form: ComputedImport['form'], files: readonly string[], options: string, name: string): { readonly name: string; readonly code: string } {
  const entries = files.map((path) => `${JSON.stringify(path)}: () => ${form}(${JSON.stringify(path)}${options === '' ? '' : `, ${options}`})`);
  const lookUp = "/* @__PURE__ */ ((map) => (path) => { var fn = map[path]; if (fn) return fn(); throw new Error('Module not found in bundle: ' + path); })";
  return { name, code: `var ${name} = ${lookUp}({${entries.join(',')}});` };
}

/**
 * The pattern that the bundler makes of parts: what is not known is one segment, or any number of folders and a segment where
 * a segment begins. `undefined` when it follows none: no relative path, or nothing unknown.
 */
function patternOf(pieces: readonly (string | undefined)[]): string | undefined {
  let pattern = '';
  let isOpen = false;
  for (const piece of pieces) {
    if (piece === '') continue;
    // A star that is written stays one: no name has it.
    if (piece !== undefined) pattern += piece;
    else if (!isOpen) pattern += pattern.endsWith('/') ? '**/*' : '*';
    isOpen = piece === undefined;
  }
  return /^\.\.?\//.test(pattern) && pattern.includes('*') ? pattern : undefined;
}

/** Files of a pattern as it would be written to import them from the module; a text is the reason why it is not followed. */
function filesFor(pattern: string, { file: importer, sizes, lenient }: Importer): readonly string[] | string {
  const known = pattern.slice(0, pattern.indexOf('*'));
  const prefix = known.slice(0, known.lastIndexOf('/') + 1);
  const folder = inside(parent(importer), prefix);
  if (folder === undefined) return `an import of ${importer} lies outside the repository: ${pattern}`;
  const real = sizes.real(folder);
  if (real.kind === 'outside') return `an import of ${importer} lies outside the repository: ${pattern}`;
  if (real.kind !== 'directory') return lenient ? [] : `nothing answers to an import of ${importer}: ${pattern}`;
  const matches = matcher(pattern.slice(prefix.length));
  const isDeep = pattern.includes('**/');
  const found: string[] = [];
  let seen = 0;
  for (const open = ['']; open.length > 0;) {
    const below = open.pop() ?? '';
    for (const entry of sizes.list(real.path === '' ? below.slice(0, -1) : `${real.path}/${below}`) ?? []) {
      const path = below + entry.name;
      if (++seen > MAX_ENTRIES) return `an import of ${importer} may be any of more than ${MAX_ENTRIES} files: ${pattern}`;
      // A link to a folder is not followed, a link to a file is.
      if (entry.kind === 'directory' && isDeep) open.push(`${path}/`);
      if ((entry.kind !== 'file' && entry.kind !== 'link') || !matches(path)) continue;
      const target = sizes.real(real.path === '' ? path : `${real.path}/${path}`);
      if (target.kind === 'outside') return `an import of ${importer} may be ${inside(folder, path) ?? path}, which lies outside the repository`;
      if (target.kind === 'file' && found.push(prefix + path) > MAX_FILES) return `an import of ${importer} may be any of more than ${MAX_FILES} files: ${pattern}`;
    }
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** Steps through the pattern at once for all ways to read it, so that no pattern costs more than its length times the path's. */
function matcher(pattern: string): (path: string) => boolean {
  const steps: string[] = [];
  for (let at = 0; at < pattern.length; at++) {
    if (pattern.startsWith('**/', at) && (at === 0 || pattern[at - 1] === '/')) { steps.push('**/'); at += 2; } else steps.push(pattern[at] ?? '');
  }
  const past = (at: number, into: Set<number>): void => {
    for (let step = at; ; step++) { into.add(step); if (steps[step] !== '*' && steps[step] !== '**/') return; }
  };
  return (path) => {
    let states = new Set<number>();
    past(0, states);
    for (let at = 0; at < path.length; at++) {
      const character = path[at] ?? '';
      const next = new Set<number>();
      for (const state of states) {
        const step = steps[state];
        if (step === character) past(state + 1, next);
        else if (step === '*' && character !== '/') past(state, next);
        // Whole segments: inside of one it waits, at its end it may go on.
        else if (step === '**/') { if (character === '/') past(state, next); else next.add(-state - 1); }
        else if (state < 0) { if (character === '/') past(-state - 1, next); else next.add(state); }
      }
      if (next.size === 0) return false;
      states = next;
    }
    return states.has(steps.length);
  };
}
