import type { Callee } from '../model/project.ts';
import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { inMemoryFileSystems, libraryRemovals, libraryWrites, replacedFileSystems } from './file-libraries.ts';
import { everyWay, headOf, normalName, property, select, textOf, words, wordSet } from './look-up.ts';
import type { NormalName } from './look-up.ts';
import { commandLinesOf, commandRemovals, commandWrites, isCommandPackage, workingFolder } from './shell-commands.ts';

/**
 * Which calls write and remove files, and where the path stands.
 *
 * Sources (November 2026): Node.js 24 documentation, fs, fs/promises, os.tmpdir; fs-extra 11 README; graceful-fs, mz (same
 * names as fs); Deno and Bun file APIs; file-libraries.ts and shell-commands.ts for packages and child processes.
 */

export type FileWriteKind = 'write' | 'mkdir' | 'stream' | 'append' | 'database' | 'command' | 'upload-middleware' | 'extract';

/** A write to the file system. `path`: `undefined` when the call names none (it is then not known). */
export interface FileWrite {
  readonly path: Value | undefined;
  readonly kind: FileWriteKind;
  /** Name of the function, tool or class, for messages. */
  readonly detail: string;
}

export interface FileRemoval {
  readonly path: Value | undefined;
  /** A whole folder with its contents. */
  readonly recursive: boolean;
  readonly detail: string;
}

const nodeModules = wordSet('fs fs/promises fs-extra fs-extra/esm graceful-fs mz/fs original-fs fs-promise promise-fs');
const memory = new Set(inMemoryFileSystems);

/** Function of the fs family → kind and index of the path argument. `Sync` and bluebird's `Async` forms included. */
const nodeWrites: ReadonlyMap<string, readonly [FileWriteKind, number]> = new Map([
  ...functions('write', 0, 'writeFile truncate outputFile writeJson writeJSON outputJson outputJSON ensureFile createFile'),
  ...functions('write', 1, 'copyFile cp copy rename move link symlink ensureLink ensureSymlink createLink createSymlink'),
  ...functions('append', 0, 'appendFile'),
  ...functions('mkdir', 0, 'mkdir mkdtemp mkdtempDisposable mkdirs mkdirp ensureDir emptyDir emptydir'),
  ...functions('stream', 0, 'createWriteStream'),
]);
const denoWrites: ReadonlyMap<string, readonly [FileWriteKind, number]> = new Map([
  ...functions('write', 0, 'writeFile writeTextFile create truncate'), ...functions('write', 1, 'copyFile rename link symlink'), ...functions('mkdir', 0, 'mkdir'),
]);
const nodeRemovals = new Map([...words('unlink').map((name) => [name, false] as const), ...words('rmdir rm remove emptyDir emptydir').map((name) => [name, true] as const)]);
const handleWrites = wordSet('write writev writeFile appendFile truncate createWriteStream');

function functions(kind: FileWriteKind, index: number, names: string): readonly (readonly [string, readonly [FileWriteKind, number]])[] {
  return words(names).map((name) => [name, [kind, index]] as const);
}

const writesByName = libraryTable(libraryWrites.map(([packages, methods, kind, where]) => [packages, methods, { kind, where }]));
const removalsByName = libraryTable(libraryRemovals.map(([packages, methods, where, recursive]) => [packages, methods, { where, recursive }]));

function libraryTable<T>(rows: readonly (readonly [string, string, T])[]): ReadonlyMap<string, T> {
  const table = new Map<string, T>();
  for (const [packages, methods, data] of rows) for (const name of words(packages)) for (const method of words(methods)) table.set(`${name} ${method}`, data);
  return table;
}

/** Whether a call puts another file system in the place of Node's. Pure. */
export const replacesFiles = ({ module }: Callee): boolean => replacedFileSystems.includes(module);

/** The first write of a call; `undefined` when the catalog knows none. Pure. */
export function fileWriteOf(callee: Callee, args: readonly Value[]): FileWrite | undefined {
  return fileWritesOf(callee, args)[0];
}

/** Whether a call can write or remove anything, by its name alone. Pure. */
export function touchesFiles(callee: Callee): boolean {
  const name = normalName(callee);
  if (memory.has(name.module)) return false;
  const key = libraryKey(name);
  return platformFunction(name) !== undefined || isHandle(name) || (name.module === 'global' && name.path[0] === 'Bun') || writesByName.has(key) || removalsByName.has(key) || isCommandPackage(name.module);
}

/** Libraries that write to a path take a stream in its place: where that ends is another call's matter. */
function isStream(path: Value | undefined): boolean {
  if (path?.kind !== 'instance' || path.of.kind !== 'external') return false;
  const { module, path: name } = path.of;
  return /^(?:node:)?stream$|^(?:readable-stream|through2?|bl|memory-?streams?|stream-buffers|memorystream)$/.test(module) && !/^promises$/.test(name[0] ?? '');
}

/** Every write of a call: one for most, several for a command line. Devices such as /dev/null are none. Pure. */
export function fileWritesOf(callee: Callee, args: readonly Value[]): readonly FileWrite[] {
  const name = normalName(callee);
  if (memory.has(name.module)) return [];
  const platform = platformWrite(name, callee.receiver, args);
  if (platform) return isDevice(platform.path) ? [] : [platform];
  const library = writesByName.get(libraryKey(name));
  if (library) {
    const path = placed(library.where, name, args);
    if (path === 'none' || isInMemoryDatabase(library.kind, path, args) || isDevice(path) || isStream(path)) return [];
    return [{ path, kind: library.kind, detail: shown(name) }];
  }
  return commandLinesOf(name, args).flatMap(commandWrites).map((write) => ({ path: write.path ?? workingFolder(args), kind: 'command', detail: write.tool }));
}

/** What a call removes from the file system, `undefined` when the catalog knows nothing. Pure. */
export function fileRemovalOf(callee: Callee, args: readonly Value[]): FileRemoval | undefined {
  const name = normalName(callee);
  if (memory.has(name.module)) return undefined;
  const plain = platformFunction(name);
  const recursive = plain === undefined ? undefined : nodeRemovals.get(plain);
  if (recursive !== undefined) return { path: args[0], recursive, detail: shown(name) };
  const library = removalsByName.get(libraryKey(name));
  if (library) {
    const path = placed(library.where, name, args);
    return path === 'none' ? undefined : { path, recursive: library.recursive, detail: shown(name) };
  }
  const [removal] = commandLinesOf(name, args).flatMap(commandRemovals);
  return removal ? { path: removal.path, recursive: removal.tool === 'rm', detail: removal.tool } : undefined;
}

/**
 * Value of a call that gives the temporary folder or a fresh path in it (`os.tmpdir()`, tmp, tempy; `mkdtemp` under its
 * prefix, wherever that is); `undefined` otherwise. Pure.
 */
export function temporaryPathOf(callee: Callee, args: readonly Value[]): Value | undefined {
  const name = normalName(callee);
  if ((name.module === 'os' && /^tmpdir$|^tmpDir$/.test(name.method)) || name.module === 'os-tmpdir') return literal('/tmp');
  if (name.module === 'global' && name.path[0] === 'Deno' && /^makeTemp(?:Dir|File)(?:Sync)?$/.test(name.method)) return freshPath();
  if (/^mkdtemp(?:Disposable)?$/.test(platformFunction(name) ?? '')) return { kind: 'template', parts: [...(args[0]?.kind === 'template' ? args[0].parts : [args[0] ?? unknown('no prefix')]), unknown('random suffix')] };
  const key = libraryKey(name);
  const isFresh = writesByName.get(key)?.where === 'tmp' || temporaryNames.has(key);
  return isFresh ? freshPath() : undefined;
}

const temporaryNames: ReadonlySet<string> = new Set([
  ...words('tmpName tmpNameSync').flatMap((method) => [`tmp ${method}`, `tmp-promise ${method}`]),
  ...words('temporaryFile temporaryFileTask file').map((method) => `tempy ${method}`), 'temp path', 'tempfile ()', 'temp-file ()',
]);

const freshPath = (): Value => ({ kind: 'template', parts: [literal('/tmp/'), unknown('random name')] });

/**
 * Whether a path lies in the platform's temporary folder: `undefined` when its beginning is not known. Platforms of the
 * catalog give functions `/tmp`; `TMPDIR` is taken to name it.
 */
export function isTemporaryPath(path: Value): boolean | undefined {
  return temporary(path, 0);
}

/** A path that is worked out of itself in a loop (`dir = path.dirname(dir)`) is a value without an end. */
const MAX_STEPS = 12;

function temporary(path: Value, depth: number): boolean | undefined {
  if (depth > MAX_STEPS) return undefined;
  return everyWay(path, (way) => {
    const first = way.kind === 'template' ? way.parts.find((part) => textOf(part) !== '') : way;
    if (first?.kind === 'env') return ['TMPDIR', 'TEMP', 'TMP'].includes(first.name) ? true : undefined;
    if (first?.kind === 'external') return ['temp-dir', 'os-tmpdir'].includes(first.module) || (normalName(first).module === 'os' && first.path.at(-1) === 'tmpdir') ? true : undefined;
    if (first?.kind === 'template' && first !== way) return temporary(first, depth + 1);
    if (first?.kind === 'derived') {
      // What keeps the beginning of a path, such as `path.dirname(p)`, `p.replace(…)` and the `name` of tmp's result.
      const source = first.what.endsWith(':format') ? property(first.from[0], 'dir') : first.from[0];
      return source && keepsBeginning.test(first.what) ? temporary(source, depth + 1) || undefined : undefined;
    }
    const head = headOf(way);
    if (head.includes('/..')) return undefined;
    if (head === '/tmp' || head.startsWith('/tmp/')) return head === '/tmp' && way.kind === 'template' && !startsWithSlash(way.parts[1]) && textOf(way) === undefined ? undefined : true;
    return head === '' || '/tmp/'.startsWith(head) ? undefined : false;
  });
}

const keepsBeginning = /^(?:path(?:\/posix)?:(?:posix\.)?(?:join|resolve|normalize|dirname|format)|\.(?:name|path|fd)|#(?:toString|concat|trim|trimEnd|replace|replaceAll|normalize)|\+)$/;
const startsWithSlash = (value: Value | undefined): boolean => headOf(value).startsWith('/');

// ---------------------------------------------------------------- the platform's own functions

/** Name of a function of the fs family or of Deno without `Sync`/`Async`; `undefined` for anything else. */
function platformFunction({ module, path, method }: NormalName): string | undefined {
  const rest = nodeModules.has(module) ? (path[0] === 'promises' ? path.slice(1) : path) : module === 'global' && path[0] === 'Deno' ? path.slice(1) : [];
  return rest.length === 1 && !rest[0]?.startsWith('#') ? method.replace(/(?:Sync|Async)$/, '') : undefined;
}

const isHandle = ({ module, path }: NormalName): boolean => nodeModules.has(module) && path.at(-2) === 'FileHandle';

/** A FileHandle is an instance whose constructor arguments are those of `open(path, flags)`. */
const openedPath = (receiver: Value | undefined): Value | undefined => (receiver?.kind === 'instance' ? receiver.args[0] : undefined);

function platformWrite(name: NormalName, receiver: Value | undefined, args: readonly Value[]): FileWrite | undefined {
  if (isHandle(name)) {
    if (!handleWrites.has(name.method) || (receiver?.kind === 'instance' && writeFlags(receiver.args[1]) === false)) return undefined;
    return { path: openedPath(receiver), kind: name.method === 'appendFile' ? 'append' : name.method === 'createWriteStream' ? 'stream' : 'write', detail: `FileHandle.${name.method}` };
  }
  if (name.module === 'global' && name.path[0] === 'Bun') return name.path.length === 2 && name.method === 'write' ? { path: args[0], kind: 'write', detail: 'Bun.write' } : undefined;
  const plain = platformFunction(name);
  if (plain === undefined) return undefined;
  const isDeno = name.module === 'global';
  if (isDeno && /^makeTemp(?:Dir|File)$/.test(plain)) return { path: freshPath(), kind: plain === 'makeTempDir' ? 'mkdir' : 'write', detail: `Deno.${name.method}` };
  if (plain === 'open' && !isDeno) return writeFlags(args[1]) ? { path: args[0], kind: 'write', detail: shown(name) } : undefined;
  const row = (isDeno ? denoWrites : nodeWrites).get(plain);
  if (!row) return undefined;
  // A stream onto an open descriptor names no file (fs.createWriteStream, option `fd`).
  const descriptor = plain === 'createWriteStream' ? property(args[1], 'fd') : undefined;
  if (descriptor && !(descriptor.kind === 'literal' && typeof descriptor.value !== 'number')) return undefined;
  const path = plain.startsWith('mkdtemp') ? temporaryPathOf({ module: name.module, path: name.path }, args) : args[row[1]];
  return { path, kind: row[0], detail: shown(name) };
}

/** Whether flags of `open` allow writing; absent means `r`. `undefined` when they are not known. */
function writeFlags(flags: Value | undefined): boolean | undefined {
  if (!flags) return false;
  switch (flags.kind) {
    case 'literal':
      if (typeof flags.value === 'number') return (flags.value & (1 | 2 | 64 | 1024)) !== 0;
      return typeof flags.value === 'string' && /[wa+]/.test(flags.value);
    case 'external':
      return /^O_(?:WRONLY|RDWR|CREAT|APPEND|TRUNC)$/.test(flags.path.at(-1) ?? '') ? true : flags.path.at(-1) === 'O_RDONLY' ? false : undefined;
    case 'derived': {
      const parts = flags.from.map(writeFlags);
      return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
    }
    case 'oneOf':
      return everyWay(flags, writeFlags);
    default:
      return undefined;
  }
}

/** /dev/null, /dev/stdout, a descriptor (a number, `process.stdout.fd`): no file is named. */
function isDevice(path: Value | undefined): boolean {
  if (path?.kind === 'literal' && typeof path.value === 'number') return true;
  if (path?.kind === 'external' && path.path.at(-1) === 'fd') return true;
  const text = textOf(path);
  return text !== undefined && /^(?:\/dev\/(?!shm\/)|\/proc\/self\/fd\/)/.test(text);
}

// ---------------------------------------------------------------- packages

const libraryKey = ({ module, method }: NormalName): string => `${module} ${method === '' ? '()' : method}`;

/** The path of a library row; `none` when the call names no place on disk, or only an option that is not known. */
function placed(where: string, name: NormalName, args: readonly Value[]): Value | undefined | 'none' {
  if (where === 'tmp') return freshPath();
  for (const place of where.split('|')) {
    if (place === 'tmp') return freshPath();
    if (place === '?' || place === 'r') return undefined;
    const [index, ...rest] = place.split('.');
    const [found] = select(args[Number(index)], rest.join('.'));
    // Options: what is not known to be given is not a write. The first argument of `lowdb`, `pino` may be an object too.
    const isMissing = !found || found.kind === 'function' || (found.kind === 'literal' && typeof found.value !== 'string') || (rest.length === 0 && found.kind === 'object');
    const isAssumed = rest.length > 0 && (found?.kind === 'unknown' || (args[Number(index)]?.kind !== 'object' && args[Number(index)]?.kind !== 'oneOf'));
    if (!isMissing && !isAssumed && found) return found;
  }
  return 'none';
}

function isInMemoryDatabase(kind: FileWriteKind, path: Value | undefined, args: readonly Value[]): boolean {
  if (kind !== 'database') return false;
  const text = textOf(path);
  if (text !== undefined && (text === '' || text.includes(':memory:') || text.includes('mode=memory'))) return true;
  const options = args[1];
  const isReadOnly = ['readonly', 'readOnly'].some((key) => {
    const value = options?.kind === 'object' ? property(options, key) : undefined;
    return value?.kind === 'literal' && value.value === true;
  });
  return isReadOnly || (options?.kind === 'external' && options.path.at(-1) === 'OPEN_READONLY');
}

/** `fs.writeFile`, `tar.x`, `sharp.toFile`. */
const shown = ({ module, path, method }: NormalName): string => (module === 'global' ? path.join('.') : method === '' ? module : `${module.replace(/\/promises$/, '')}.${method}`);
