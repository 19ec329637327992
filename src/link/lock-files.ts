import type { Workspace } from '../model/workspace.ts';
import { inside } from './folders.ts';

/**
 * What a lock file says of packages, by their names: several versions of one package count as one that needs what all of them need.
 * That says too much of what is there and never too little.
 */
export interface Lock {
  /** What each package that is locked needs at run time. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Packages at the top of `node_modules` and whether they are for development only, where the file says so (npm's does). */
  readonly top: ReadonlyMap<string, boolean>;
  /** Folders of the packages of a workspace, as they lie below the lock file; `undefined` where it does not list them. */
  readonly members: ReadonlySet<string> | undefined;
}

type Json = ReadonlyMap<string, unknown>;
const record = (value: unknown): Json => new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);

/** Longest lock file that is read, in UTF-16 units. */
const MAX_LENGTH = 24_000_000;
const MAX_DEPTH = 60;

/**
 * The lock file of a folder: `package-lock.json` and `npm-shrinkwrap.json` (npm 5 to 11), `yarn.lock` (Yarn 1 to 4), `pnpm-lock.yaml`
 * (format 5 to 9) or `bun.lock` (Bun 1.2). Formats as their documentation describes them, November 2026.
 *
 * @returns `undefined` where there is none that can be read
 */
export function readLock(workspace: Workspace, folder: string): Lock | undefined {
  for (const [name, read] of readers) {
    const file = inside(folder, name);
    if (!workspace.has(file)) continue;
    const text = workspace.read(file);
    const lock = text === undefined || text.length > MAX_LENGTH ? undefined : read(text);
    return lock && lock.needs.size > 0 ? lock : undefined;
  }
  return undefined;
}

/**
 * What a manifest brings along in production.
 *
 * @returns names of all packages; `whole` is false where the lock file lacks one that the manifest asks for
 */
export function broughtAlong(lock: Lock, production: ReadonlySet<string>): { readonly names: ReadonlySet<string>; readonly whole: boolean } {
  const names = new Set(production);
  let whole = true;
  for (const name of production) whole &&= lock.needs.has(name);
  // A set may grow while it is walked.
  for (const name of names) for (const next of lock.needs.get(name) ?? []) if (lock.needs.has(next)) names.add(next);
  return { names, whole };
}

const readers: readonly (readonly [string, (text: string) => Lock | undefined])[] = [
  ['package-lock.json', npm], ['npm-shrinkwrap.json', npm], ['yarn.lock', yarn], ['pnpm-lock.yaml', pnpm], ['bun.lock', bun],
];

/** A table that names grow in. */
class Needs {
  readonly map = new Map<string, Set<string>>();
  add(name: string, more: Iterable<string> = []): Set<string> {
    const known = this.map.get(name) ?? new Set<string>();
    for (const one of more) known.add(one);
    this.map.set(name, known);
    return known;
  }
}

const runtimeKeys = ['dependencies', 'optionalDependencies', 'peerDependencies'];
const neededBy = (entry: Json): readonly string[] => runtimeKeys.flatMap((key) => [...record(entry.get(key)).keys()]);

function parsed(text: string): Json | undefined {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** From version 2 on every installed folder is named; version 1 nests what is not at the top. */
function npm(text: string): Lock | undefined {
  const json = parsed(text);
  if (!json) return undefined;
  const [needs, top, members] = [new Needs(), new Map<string, boolean>(), new Set<string>()];
  const folder = 'node_modules/';
  for (const [path, value] of record(json.get('packages'))) {
    const entry = record(value);
    const at = path.lastIndexOf(folder);
    const name = at < 0 ? entry.get('name') : path.slice(at + folder.length);
    if (at < 0) members.add(path);
    if (typeof name === 'string' && path !== '') needs.add(name, neededBy(entry));
    if (at === 0) top.set(path.slice(folder.length), entry.get('dev') === true);
  }
  if (needs.map.size === 0) {
    for (const [name, value] of record(json.get('dependencies'))) top.set(name, record(value).get('dev') === true);
    let open = [record(json.get('dependencies'))];
    for (let depth = 0; depth < MAX_DEPTH && open.length > 0; depth++) {
      const next: Json[] = [];
      for (const level of open) for (const [name, value] of level) {
        needs.add(name, record(record(value).get('requires')).keys());
        next.push(record(record(value).get('dependencies')));
      }
      open = next.filter((level) => level.size > 0);
    }
  }
  return { needs: needs.map, top, members };
}

/** `name@^1, name@^2:` with what it needs indented below; `name` may have a scope. */
function yarn(text: string): Lock {
  const needs = new Needs();
  let into: Set<string> | undefined;
  let isOpen = false;
  for (const line of text.split('\n')) {
    if (/^["@\w]/.test(line)) {
      const name = /^"?(@?[^@\s",]{1,214})@/.exec(line)?.[1];
      into = name === undefined ? undefined : needs.add(name);
      isOpen = false;
    } else if (/^ {2}\S/.test(line)) isOpen = /^ {2}(?:dependencies|optionalDependencies|peerDependencies):/.test(line);
    else if (isOpen && into) {
      const name = /^ {4}"?(@?[^\s":]{1,214})"?:?\s/.exec(line)?.[1];
      if (name !== undefined) into.add(name);
    }
  }
  return { needs: needs.map, top: new Map(), members: undefined };
}

/** Sections `packages` and `snapshots`: `/name/1.0.0:`, `/name@1.0.0:` or `name@1.0.0(peer@2.0.0):`. */
function pnpm(text: string): Lock {
  const needs = new Needs();
  let isIn = false;
  let into: Set<string> | undefined;
  let isOpen = false;
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) isIn = /^(?:packages|snapshots):/.test(line);
    else if (!isIn) continue;
    else if (/^ {2}\S/.test(line)) {
      const name = /^ {2}'?\/?(@[^/@\s]{1,214}\/[^/@\s]{1,214}|[^/@\s']{1,214})[@/]/.exec(line)?.[1];
      into = name === undefined ? undefined : needs.add(name);
      isOpen = false;
    } else if (/^ {4}\S/.test(line)) isOpen = /^ {4}(?:dependencies|optionalDependencies):/.test(line);
    else if (isOpen && into) {
      const name = /^ {6}'?(@?[^\s':]{1,214})'?:/.exec(line)?.[1];
      if (name !== undefined) into.add(name);
    }
  }
  return { needs: needs.map, top: new Map(), members: undefined };
}

/** `"parent/name": ["name@1.0.0", "", { "dependencies": {…} }, "sha512-…"]`, one a line, with commas at the ends. */
function bun(text: string): Lock | undefined {
  const json = parsed(text.replace(/,(?=\s{0,80}[\]}])/g, ''));
  if (!json) return undefined;
  const needs = new Needs();
  for (const value of record(json.get('packages')).values()) {
    if (!Array.isArray(value)) continue;
    const [written] = value as readonly unknown[];
    const name = typeof written === 'string' ? /^(@?[^@\s]{1,214})@/.exec(written)?.[1] : undefined;
    if (name !== undefined) needs.add(name, (value as readonly unknown[]).flatMap((part) => neededBy(record(part))));
  }
  return { needs: needs.map, top: new Map(), members: undefined };
}
