import { parse } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { inside } from '../workspace/sizes.ts';
import type { Workspace } from '../model/workspace.ts';
import { isRecord, own } from './manifest.ts';

/** What a bundler takes from the nearest `tsconfig.json` or `jsconfig.json`, `extends` followed inside the root only. */
export interface CompilerSettings {
  /** Directory of the file that holds the nearest configuration. */
  readonly directory: string;
  /** Pattern and targets, each target relative to the root. A target above the root is left out. */
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly string[] }[];
  readonly baseUrl?: string;
  /** `compilerOptions` that change the emitted code, with values of the expected types only. */
  readonly emit: Readonly<Record<string, string | boolean>>;
}

const MAX_EXTENDS = 10;
const emitOptions = ['jsx', 'jsxFactory', 'jsxFragmentFactory', 'jsxImportSource', 'useDefineForClassFields', 'verbatimModuleSyntax', 'preserveValueImports', 'importsNotUsedAsValues'];

type Raw = Record<string, unknown>;

export interface CompilerReader {
  /** Settings that hold for files of a directory; `undefined` when no configuration lies above it. */
  of(directory: string): CompilerSettings | undefined;
  /** Settings of one configuration file. */
  file(path: string): CompilerSettings | undefined;
}

export function tsconfigReader(workspace: Pick<Workspace, 'read'>): CompilerReader {
  const byDirectory = new Map<string, CompilerSettings | undefined>();

  function settings(directory: string): CompilerSettings | undefined {
    const trail: string[] = [];
    let at = directory;
    let found: CompilerSettings | undefined;
    for (;;) {
      if (byDirectory.has(at)) {
        found = byDirectory.get(at);
        break;
      }
      trail.push(at);
      const file = ['tsconfig.json', 'jsconfig.json'].map((name) => join(at, name)).find((path) => workspace.read(path) !== undefined);
      if (file !== undefined) {
        found = load(file, at);
        break;
      }
      if (at === '') break;
      at = parent(at);
    }
    for (const item of trail) byDirectory.set(item, found);
    return found;
  }

  function load(file: string, directory: string): CompilerSettings {
    const emit: Record<string, string | boolean> = {};
    let baseUrl: string | undefined;
    let paths: CompilerSettings['paths'] | undefined;
    // Nearest first: what is set is not overridden by what it extends.
    const queue: string[] = [file];
    const seen = new Set<string>();
    while (queue.length > 0 && seen.size < MAX_EXTENDS) {
      const next = queue.shift();
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      const raw = readJsonc(next);
      if (raw === undefined) continue;
      const own_ = own(raw, 'compilerOptions');
      const options: Raw = isRecord(own_) ? own_ : {};
      const here = parent(next);
      const base = own(options, 'baseUrl');
      const baseHere = typeof base === 'string' ? inside(here, base) : undefined;
      if (baseUrl === undefined && baseHere !== undefined) baseUrl = baseHere;
      const rawPaths = own(options, 'paths');
      if (paths === undefined && isRecord(rawPaths)) paths = readPaths(rawPaths, baseHere ?? here);
      for (const name of emitOptions) {
        const value = own(options, name);
        if (!Object.hasOwn(emit, name) && (typeof value === 'string' || typeof value === 'boolean')) emit[name] = value;
      }
      const extended = own(raw, 'extends');
      const list = Array.isArray(extended) ? [...extended].reverse() : [extended];
      for (const item of list) if (typeof item === 'string') queue.push(...extendedFiles(item, here));
    }
    return { directory, paths: paths ?? [], ...(baseUrl === undefined ? {} : { baseUrl }), emit };
  }

  function extendedFiles(text: string, here: string): readonly string[] {
    if (text.startsWith('.')) {
      const path = inside(here, text);
      return path === undefined ? [] : [firstOf([path, `${path}.json`])];
    }
    if (text.startsWith('/')) return [];
    for (let at = here; ; at = parent(at)) {
      const path = inside(at, 'node_modules', text);
      if (path !== undefined) {
        const file = [path, `${path}.json`, `${path}/tsconfig.json`].find((candidate) => workspace.read(candidate) !== undefined);
        if (file !== undefined) return [file];
      }
      if (at === '') return [];
    }
  }

  const firstOf = (files: readonly string[]): string => files.find((file) => workspace.read(file) !== undefined) ?? files[0] ?? '';

  function readJsonc(file: string): Raw | undefined {
    const text = workspace.read(file);
    if (text === undefined) return undefined;
    try {
      const errors: ParseError[] = [];
      const raw: unknown = parse(text, errors, { allowTrailingComma: true });
      return isRecord(raw) ? raw : undefined;
    } catch {
      // Nesting deep enough to overflow the parser: nothing in it can be used.
      return undefined;
    }
  }

  return { of: settings, file: (path) => (workspace.read(path) === undefined ? undefined : load(path, parent(path))) };
}

function readPaths(raw: Raw, base: string): CompilerSettings['paths'] {
  return Object.entries(raw).map(([pattern, targets]) => ({
    pattern,
    targets: (Array.isArray(targets) ? targets : []).flatMap((target) => {
      const path = typeof target === 'string' ? inside(base, target) : undefined;
      return path === undefined ? [] : [path];
    }),
  }));
}

/** Candidates of a specifier under `paths`: exact patterns first, then the one with the longest head. */
export function pathCandidates(specifier: string, settings: CompilerSettings): readonly string[] {
  let best: { readonly head: number; readonly targets: readonly string[]; readonly middle: string } | undefined;
  for (const { pattern, targets } of settings.paths) {
    const star = pattern.indexOf('*');
    if (star < 0) {
      if (pattern === specifier) return targets;
      continue;
    }
    const tail = pattern.slice(star + 1);
    if (specifier.length < star + tail.length || !specifier.startsWith(pattern.slice(0, star)) || !specifier.endsWith(tail)) continue;
    if (best === undefined || star > best.head) best = { head: star, targets, middle: specifier.slice(star, specifier.length - tail.length) };
  }
  const { targets, middle } = best ?? { targets: [], middle: '' };
  return targets.flatMap((target) => {
    const path = inside(target.replace('*', () => middle));
    return path === undefined ? [] : [path];
  });
}

export const parent = (path: string): string => {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
};

export const join = (directory: string, name: string): string => (directory === '' ? name : `${directory}/${name}`);
