import { posix } from 'node:path';
import type { Finding } from '../../src/model/finding.ts';
import { Edits, lineAt, offsetAt, type Edited } from './edits.ts';
import type { Changes, Repository } from './engine.ts';
import type { Rewrite, Surroundings } from './rewrites/kit.ts';
import { prefix } from './rewrites/names.ts';
import { parseTree, type Tree } from './tree.ts';

/** Findings that a rewrite made come, go or move. */
export interface Change {
  readonly rewrite: string;
  readonly project: string;
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
}

/** One file after a rewrite, and where its old places are. */
interface Rewritten {
  readonly file: string;
  readonly map: (offset: number) => number;
  readonly text: string;
}

export interface Rewriting {
  readonly changes: Changes;
  readonly files: ReadonlyMap<string, Rewritten>;
  /** Files that the rewrite left with text that does not parse: a fault of the rewrite. */
  readonly broken: readonly string[];
}

/** Applies a rewrite to files of a repository, in memory. */
export function rewriteFiles(repository: Repository, files: readonly string[], rewrite: Rewrite, entries: ReadonlySet<string>, all: boolean): Rewriting {
  const changes = new Map<string, string>();
  const done = new Map<string, Rewritten>();
  const broken: string[] = [];
  for (const file of files) {
    const text = repository.workspace.read(file);
    const tree = text === undefined ? undefined : treeOf(repository, file, text);
    if (!tree) continue;
    const surroundings: Surroundings = { isEntry: entries.has(file), isKnownByTypes: repository.infrastructure.functions.some((fn) => fn.foundBy === 'evidence' && fn.handlers.some((handler) => handler.file === file)), all, resolve: (specifier) => neighbour(repository, file, specifier) };
    const edits = new Edits(tree.text);
    const given = rewrite.apply(tree, edits, surroundings);
    if (given === false || (typeof given !== 'object' && edits.count === 0)) continue;
    const edited: Edited = typeof given === 'object' ? given : edits.apply();
    const moved = rewrite.move?.(tree, surroundings);
    const target = moved ? posix.join(posix.dirname(file), moved.name) : file;
    if (!parseTree(target, edited.text)) { broken.push(file); continue; }
    changes.set(target, edited.text);
    if (moved) changes.set(file, moved.stub);
    done.set(file, { file: target, map: edited.map, text: edited.text });
  }
  return { changes, files: done, broken };
}

const trees = new WeakMap<Repository, Map<string, Tree | undefined>>();

function treeOf(repository: Repository, file: string, text: string): Tree | undefined {
  let known = trees.get(repository);
  if (!known) { known = new Map(); trees.set(repository, known); }
  if (!known.has(file)) known.set(file, parseTree(file, text));
  return known.get(file);
}

function neighbour(repository: Repository, file: string, specifier: string): Tree | undefined {
  const base = posix.join(posix.dirname(file), specifier);
  for (const name of [base, ...['.js', '.ts', '.jsx', '.tsx', '/index.js', '/index.ts'].map((end) => base + end), base.replace(/\.js$/, '.ts')]) {
    if (!/\.[jt]sx?$/.test(name)) continue;
    const text = repository.workspace.read(name);
    if (text !== undefined) return treeOf(repository, name, text);
  }
  return undefined;
}

/** What two runs must agree on: rule, functions, severity, message and its data, place. */
export function compareFindings(repository: Repository, given: readonly Finding[], found: readonly Finding[], rewrite: Rewrite, { files }: Rewriting): { readonly lost: readonly string[]; readonly gained: readonly string[] } {
  const concerned = ({ rule }: Finding): boolean => rewrite.concerns?.includes(rule) !== true;
  const [before, after] = [given.filter(concerned), found.filter(concerned)];
  const old = before.map((finding) => shown(finding, placeAfter(repository, finding, files), dataAfter(repository, finding, files)));
  const now = after.map((finding) => shown(finding, `${finding.file}:${finding.line}`));
  return { lost: without(old, now), gained: without(now, old) };
}

const shown = (finding: Finding, place: string, data = JSON.stringify(finding.data)): string => {
  return `${finding.rule} ${finding.messageId} ${finding.severity} ${place} [${finding.functions.join()}] ${data.replaceAll(prefix, '')}`;
};

/** Data of a message with the places in it where they are after the rewrite: `src/a.ts:7`, `7 of src/a.ts`, and a `line` of the finding's own file. */
function dataAfter(repository: Repository, { file: own, data }: Finding, files: Rewriting['files']): string {
  const at = (file: string, line: string): readonly [string, string] => { const [name = '', number = ''] = placeAfter(repository, { file, line: Number(line) }, files).split(/:(?=\d+$)/); return [name, number]; };
  const line = data['line'];
  const given = typeof line === 'number' ? { ...data, line: Number(at(own, String(line))[1]) } : data;
  return JSON.stringify(given)
    .replace(/([\w./-]+\.[cm]?[jt]sx?):(\d+)/g, (_, file: string, number: string) => at(file, number).join(':'))
    .replace(/(\d+) of ([\w./-]+\.[cm]?[jt]sx?)/g, (_, number: string, file: string) => [...at(file, number)].reverse().join(' of '));
}

/** Where a place is after the rewrite; a line without a column is where its first word is. */
function placeAfter(repository: Repository, { file, line, column }: { readonly file: string; readonly line: number; readonly column?: number }, files: Rewriting['files']): string {
  const moved = files.get(file);
  const text = moved && repository.workspace.read(file);
  if (!moved || text === undefined) return `${file}:${line}`;
  const start = offsetAt(text, line, column ?? 1);
  const offset = column === undefined ? start + (/^\s*(?:\}\s*)?/.exec(text.slice(start))?.[0].length ?? 0) : start;
  return `${moved.file}:${lineAt(moved.text, moved.map(offset))}`;
}

function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((item) => { const at = left.indexOf(item); if (at < 0) return true; left.splice(at, 1); return false; });
}
