import type { Workspace } from '../model/workspace.ts';

/** The parts of a `package.json` that measuring needs; everything of the wrong type is left out. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  /** Entry fields in the file's own words: `main`, `module`, `browser` when it is a string. */
  readonly entries: ReadonlyMap<string, string>;
  readonly exports: unknown;
  readonly imports: unknown;
  /** `false`, or the patterns of files that have side effects; `undefined`: every file may have some. */
  readonly sideEffects: false | readonly string[] | undefined;
  /** Patterns of what `npm pack` takes; `undefined`: everything. */
  readonly files: readonly string[] | undefined;
  readonly isModule: boolean;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  readonly optionalDependencies: readonly string[];
  /** Peer dependencies that are not marked optional. */
  readonly peerDependencies: readonly string[];
}

/** `undefined`: the file does not exist. `broken`: it is there and is no object of JSON. */
export type ManifestRead = Manifest | 'broken' | undefined;

export type ManifestReader = (directory: string) => ManifestRead;

/** Reads `package.json` of directories through the workspace, each once. */
export function manifestReader(workspace: Pick<Workspace, 'read' | 'problem'>): ManifestReader {
  const known = new Map<string, ManifestRead>();
  return (directory) => {
    if (known.has(directory)) return known.get(directory);
    const file = directory === '' ? 'package.json' : `${directory}/package.json`;
    const text = workspace.read(file);
    const manifest = text === undefined ? (workspace.problem(file) === undefined ? undefined : 'broken') : parseManifest(text);
    known.set(directory, manifest);
    return manifest;
  };
}

function parseManifest(text: string): Manifest | 'broken' {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return 'broken';
  }
  if (!isRecord(raw)) return 'broken';
  const entries = new Map<string, string>();
  for (const field of ['main', 'module', 'browser']) {
    const value = own(raw, field);
    if (typeof value === 'string') entries.set(field, value);
  }
  const name = own(raw, 'name');
  const version = own(raw, 'version');
  const effects = own(raw, 'sideEffects');
  const files = own(raw, 'files');
  const optionalDependencies = keys(own(raw, 'optionalDependencies'));
  const optional = new Set(optionalDependencies);
  const peerMeta = own(raw, 'peerDependenciesMeta');
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof version === 'string' ? { version } : {}),
    entries,
    exports: own(raw, 'exports'),
    imports: own(raw, 'imports'),
    sideEffects: effects === false ? false : Array.isArray(effects) ? effects.filter((item) => typeof item === 'string') : undefined,
    files: Array.isArray(files) ? files.filter((item) => typeof item === 'string') : undefined,
    isModule: own(raw, 'type') === 'module',
    devDependencies: keys(own(raw, 'devDependencies')),
    dependencies: keys(own(raw, 'dependencies')).filter((item) => !optional.has(item)),
    optionalDependencies,
    peerDependencies: keys(own(raw, 'peerDependencies')).filter((item) => {
      const meta = isRecord(peerMeta) ? own(peerMeta, item) : undefined;
      return !(isRecord(meta) && own(meta, 'optional') === true);
    }),
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property of untrusted data; never one of the prototype. */
export function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Names of packages in a dependency map, sorted; names that could climb out of `node_modules` are left out. */
function keys(value: unknown): readonly string[] {
  return isRecord(value) ? Object.keys(value).filter(isPackageName).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : [];
}

/** `name` or `@scope/name`, with nothing that would leave the folder it stands in. */
export function isPackageName(name: string): boolean {
  const parts = name.split('/');
  if (parts.length > 2 || (parts.length === 2 && !name.startsWith('@'))) return false;
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\') && !part.includes('\0'));
}
