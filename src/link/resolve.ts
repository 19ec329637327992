import { parse as parseJsonc } from 'jsonc-parser';
import { isBuiltin } from '../catalog/runtime-modules.ts';
import type { Workspace } from '../model/workspace.ts';
import { dirname, inside, join } from './folders.ts';

/** Where an import leads: a file of the repository, a package or platform module, or nowhere that is known. */
export type Resolution = { readonly file: string } | { readonly external: string } | { readonly missing: string };

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
/** TypeScript sources are imported under the name of their output. */
const outputOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['.js', ['.ts', '.tsx', '.jsx']], ['.jsx', ['.tsx']], ['.mjs', ['.mts']], ['.cjs', ['.cts']],
]);

/**
 * Imports of a file's text, address, or of a worker made of it (Vite, "Static Asset Handling" and "Web Workers"; webpack, "Asset Modules";
 * November 2026), and queries of plugins that begin as those do.
 */
const asText = /[?&](?:raw|url|inline|text|string|source|base64|binary|(?:shared)?worker)(?![A-Za-z0-9=])/;

interface TsPaths { readonly base: string; readonly baseUrl: boolean; readonly patterns: readonly { readonly head: string; readonly tail: string | undefined; readonly targets: readonly string[] }[] }
interface Manifest { readonly dir: string; readonly name: string | undefined; readonly entry: readonly string[]; readonly exports: ReadonlyMap<string, readonly string[]>; readonly imports: ReadonlyMap<string, readonly string[]>; readonly aliases: ReadonlyMap<string, string>; readonly declared: ReadonlySet<string> }

/** Packages that handlers are registered with: samples beside their source use them as everybody does, and what they do is known by name. */
const registering = /^(?:durable-functions|@azure\/functions|firebase-functions|@google-cloud\/functions-framework)(?:\/|$)/;

/**
 * Module resolution over the files of the workspace: no probing of the disk, so nothing outside the root can be reached.
 * Packages are never entered, except those of the repository itself (workspaces), which resolve through their manifest's
 * name to their sources.
 */
export class Resolver {
  private readonly workspace: Workspace;
  private readonly known = new Map<string, Resolution>();
  private readonly tsconfigs = new Map<string, TsPaths | undefined>();
  private packages: Map<string, Manifest> | undefined;
  private readonly manifests = new Map<string, Manifest | undefined>();
  /** Folders whose modules are on every function's module path (layers): `nodejs/node_modules`, `nodejs`. */
  private readonly roots: readonly { readonly prefix: string; readonly dir: string }[];

  constructor(workspace: Workspace, roots: readonly { readonly prefix: string; readonly dir: string }[] = []) {
    this.workspace = workspace;
    this.roots = roots;
  }

  resolve(from: string, source: string): Resolution {
    const key = `${dirname(from)}\0${source}`;
    let found = this.known.get(key);
    if (!found) {
      found = this.find(from, source);
      this.known.set(key, found);
    }
    return found;
  }

  /**
   * Modules that an import by a computed name may lead to: those of one folder whose names begin and end as the text does
   * (webpack documentation "Dependency management", esbuild "Glob-style imports", November 2026). Tests and declarations are none.
   *
   * @param head the text before the computed part, with at least a folder in it: `../functions/`
   */
  matching(from: string, head: string, tail: string): readonly string[] {
    const slash = head.lastIndexOf('/');
    const folder = head.startsWith('.') && slash >= 0 ? join(dirname(from), head.slice(0, slash)) : undefined;
    if (folder === undefined) return [];
    const [begin, prefix] = [head.slice(slash + 1), folder === '' ? '' : `${folder}/`];
    return this.workspace.files.filter((file) => {
      if (!file.startsWith(prefix) || file === from) return false;
      const rest = file.slice(prefix.length).replace(/\/index\.[cm]?[jt]s$/, '');
      const name = tail.includes('.') ? rest : rest.replace(/\.[cm]?[jt]sx?$/, '');
      return /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$|[./](?:test|spec)\./.test(file) && !rest.includes('/') && name.startsWith(begin) && name.endsWith(tail) && name.length > begin.length + tail.length;
    }).sort();
  }

  private find(from: string, specifier: string): Resolution {
    const found = this.findFile(from, specifier);
    // Its text, or where it is: a file, but nothing of it runs where it is imported.
    return 'file' in found && asText.test(specifier) ? { file: found.file + specifier.slice(specifier.indexOf('?')) } : found;
  }

  private findFile(from: string, specifier: string): Resolution {
    const source = specifier.replace(/[?#].*$/, '') || specifier;
    if (source.startsWith('.')) {
      const path = join(dirname(from), source);
      const file = path === undefined ? undefined : this.file(path);
      return file === undefined ? { missing: specifier } : { file };
    }
    for (const root of this.roots) {
      if (source.startsWith(root.prefix)) {
        const path = join(root.dir, source.slice(root.prefix.length));
        const file = path === undefined ? undefined : this.file(path);
        if (file !== undefined) return { file };
      }
    }
    // Layers are found by paths of the compiler: `/opt/nodejs/*`.
    if (source.startsWith('/')) return this.viaTsconfig(from, source) ?? this.viaLayer(source) ?? { missing: specifier };
    if (source.startsWith('node:')) return { external: source.slice(5) };
    const mapped = this.viaTsconfig(from, source) ?? this.viaArchitect(from, source);
    if (mapped) return mapped;
    if (source.startsWith('#')) return this.viaImports(from, source) ?? { missing: specifier };
    return this.viaAliases(from, source) ?? (registering.test(source) ? undefined : this.viaWorkspace(source)) ?? this.viaSourceRoot(from, source) ?? { external: source };
  }

  /** A path without or with extension, or a folder, to the listed file that it names. */
  private file(path: string): string | undefined {
    const has = (file: string): boolean => this.workspace.has(file);
    const extension = /\.[a-z]+$/.exec(path)?.[0] ?? '';
    const first = [path, ...(outputOf.get(extension) ?? []).map((instead) => path.slice(0, -extension.length) + instead), ...extensions.map((end) => path + end)];
    const found = first.find(has) ?? this.linked(first);
    if (found !== undefined) return found;
    const manifest = has(inside(path, 'package.json')) ? this.manifest(path) : undefined;
    for (const entry of manifest?.entry ?? []) {
      const target = join(path, entry);
      const file = target === undefined || target === path ? undefined : this.file(target);
      if (file !== undefined) return file;
    }
    const indexes = extensions.map((end) => inside(path, `index${end}`));
    return indexes.find(has) ?? this.linked(indexes);
  }

  /** The file behind a symbolic link, which is the module that Node loads. */
  private linked(paths: readonly string[]): string | undefined {
    for (const path of this.workspace.linked ? paths : []) {
      const file = this.workspace.linked?.(path);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  private viaTsconfig(from: string, source: string): Resolution | undefined {
    const config = this.tsconfigAbove(dirname(from));
    if (!config) return undefined;
    const best = bestPattern(config, source);
    for (const target of [...(best?.paths ?? []), ...(config.baseUrl ? [source] : [])]) {
      const path = join(config.base, target);
      const file = path === undefined ? undefined : this.file(path);
      if (file !== undefined) return { file };
    }
    return undefined;
  }

  /**
   * Paths that the compiler is told to look a name up at, whether there is anything or not: those of the longest pattern that fits and
   * does not fit everything, in a `tsconfig.json` above.
   */
  mapped(from: string, source: string): readonly string[] {
    const config = this.tsconfigAbove(dirname(from));
    const best = config && bestPattern(config, source);
    return config === undefined || !best || best.length === 0 ? [] : best.paths.flatMap((target) => join(config.base, target) ?? []);
  }

  private tsconfigAbove(dir: string): TsPaths | undefined {
    if (this.tsconfigs.has(dir)) return this.tsconfigs.get(dir);
    let found: TsPaths | undefined;
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      if (!found && this.workspace.has(inside(dir, name))) found = this.readTsconfig(inside(dir, name), new Set());
    }
    // A nearer tsconfig without paths still ends the search in TypeScript; monorepos often keep paths at the top, and a path
    // that resolves to a file of the repository is no guess, so we look on.
    if (!found && dir !== '') found = this.tsconfigAbove(dirname(dir));
    this.tsconfigs.set(dir, found);
    return found;
  }

  private readTsconfig(file: string, seen: Set<string>): TsPaths | undefined {
    if (seen.has(file) || seen.size > 16) return undefined;
    seen.add(file);
    const json = record(readJson(this.workspace, file));
    const options = record(json.get('compilerOptions'));
    const paths = options.get('paths');
    const baseUrl = options.get('baseUrl');
    const dir = dirname(file);
    const base = typeof baseUrl === 'string' ? join(dir, baseUrl) : dir;
    if (base !== undefined && (paths || typeof baseUrl === 'string')) {
      const patterns = [...record(paths)].map(([pattern, targets]) => {
        const star = pattern.indexOf('*');
        return { head: star < 0 ? pattern : pattern.slice(0, star), tail: star < 0 ? undefined : pattern.slice(star + 1), targets: strings(targets) };
      });
      return { base, baseUrl: typeof baseUrl === 'string', patterns };
    }
    const parents = json.get('extends');
    for (const parent of typeof parents === 'string' ? [parents] : strings(parents).slice(0, 8).reverse()) {
      if (!parent.startsWith('.')) continue;
      const path = join(dir, parent);
      const target = path === undefined ? undefined : [path, `${path}.json`].find((candidate) => this.workspace.has(candidate));
      const inherited = target === undefined ? undefined : this.readTsconfig(target, seen);
      if (inherited) return inherited;
    }
    return undefined;
  }

  /** The folder of the nearest manifest above a file; '' where there is none. */
  packageOf(file: string): string {
    for (let dir = dirname(file); dir !== ''; dir = dirname(dir)) if (this.workspace.has(inside(dir, 'package.json'))) return dir;
    return '';
  }

  /** The name in the nearest manifest above a file. */
  packageName(file: string): string | undefined {
    return this.manifest(this.packageOf(file))?.name;
  }

  private manifest(dir: string): Manifest | undefined {
    if (!this.manifests.has(dir)) this.manifests.set(dir, readManifest(this.workspace, dir));
    return this.manifests.get(dir);
  }

  /** `/opt/orders-client`: a layer that is packed from the one package of the repository of that name. */
  private viaLayer(source: string): Resolution | undefined {
    const [, name = '', rest = ''] = /^\/opt\/(?:nodejs\/)?([\w.-]{2,100})((?:\/[\w.-]{1,100}){0,10})$/.exec(source) ?? [];
    if (name === '') return undefined;
    const own = this.viaWorkspace(name + rest);
    const [only, more] = [...(this.packages?.keys() ?? [])].filter((one) => one.endsWith(`/${name}`));
    return own ?? (only === undefined || more !== undefined ? undefined : this.viaWorkspace(only + rest));
  }

  private viaWorkspace(source: string): Resolution | undefined {
    if (!this.packages) {
      this.packages = new Map();
      for (const file of this.workspace.files) {
        if (!file.endsWith('package.json') || (file !== 'package.json' && !file.endsWith('/package.json'))) continue;
        const manifest = this.manifest(dirname(file));
        // Two packages of one name (templates, fixtures): neither is the workspace package for certain.
        if (manifest?.name !== undefined) this.packages.set(manifest.name, this.packages.has(manifest.name) ? { ...manifest, dir: '\0' } : manifest);
      }
    }
    // A package of the repository may be called like a module of Node.js, which comes first.
    if (isBuiltin(source)) return undefined;
    const parts = source.split('/');
    const name = source.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
    const manifest = this.packages.get(name);
    if (!manifest || manifest.dir === '\0') return undefined;
    const rest = source.slice(name.length + 1);
    const candidates = [
      ...matchExports(manifest.exports, rest === '' ? '.' : `./${rest}`),
      ...(rest === '' ? [...manifest.entry, 'src/index', 'index', 'lib/index'] : [rest, `src/${rest}`]),
    ];
    let declared = false;
    for (const candidate of candidates) {
      // An entry in build output stands for its source when the output is not in the repository.
      for (const path of [candidate, candidate.replace(/^(\.\/)?(dist|build|lib|out)(\/(src|esm|cjs))?\//, 'src/').replace(/\.d\.ts$/, '')]) {
        const target = join(manifest.dir, path);
        const file = target === undefined || target === manifest.dir ? undefined : this.file(target);
        if (file !== undefined && !file.endsWith('.d.ts') && (!file.endsWith('.json') || rest.endsWith('.json'))) return { file };
        declared ||= rest !== '' && target !== undefined && this.workspace.has(`${target}.d.ts`);
      }
    }
    // A file that is there as types alone is asked for types.
    if (declared) return { external: source };
    // A package of types for this name (TypeScript handbook, "Type declarations": `@types/name`, `@types/scope__name`): the import is one of types.
    if (this.packages.has(`@types/${name.replace(/^@/, '').replace('/', '__')}`)) return { external: source };
    return { missing: source };
  }

  /** `_moduleAliases` of the package around a file (README of module-alias 2.2, read 2026-11): names of folders are no packages, whatever lies there. */
  private viaAliases(from: string, source: string): Resolution | undefined {
    for (let dir = dirname(from); ; dir = dirname(dir)) {
      const manifest = this.workspace.has(inside(dir, 'package.json')) ? this.manifest(dir) : undefined;
      for (const [name, target] of manifest?.aliases ?? []) {
        if (source !== name && !source.startsWith(`${name}/`)) continue;
        // Aliases into build output stand for its source when the output is not in the repository.
        for (const folder of new Set([target, target.replace(/^(\.\/)?(?:dist|build|lib|out)(?=\/|$)/, 'src'), target.replace(/^(\.\/)?(?:dist|build|lib|out)(?:\/|$)/, '')])) {
          const path = join(dir, folder + source.slice(name.length));
          const file = path === undefined ? undefined : this.file(path);
          if (file !== undefined) return { file };
        }
        if (!target.includes('node_modules') && !manifest?.declared.has(target)) return { missing: source };
      }
      if (dir === '') return undefined;
    }
  }

  /** Code that Architect copies into every function: `@architect/shared/x` is `src/shared/x` (Architect documentation, "Shared code", read 2026-11). */
  private viaArchitect(from: string, source: string): Resolution | undefined {
    const [, folder, rest = ''] = /^@architect\/(shared|views)(?:\/(.+))?$/.exec(source) ?? [];
    if (folder === undefined) return undefined;
    for (let dir = dirname(from); ; dir = dirname(dir)) {
      const path = join(dir, `src/${folder}/${rest}`);
      const file = path === undefined ? undefined : this.file(path);
      if (file !== undefined) return { file };
      if (dir === '') return undefined;
    }
  }

  /**
   * A path from the root of a package or its `src`, as bundlers and runners are told to look modules up (webpack, `resolve.modules`;
   * Node.js, `NODE_PATH`; babel-plugin-module-resolver and -root-import, `@/x` and `~/x`; read 2026-11): of a name that no manifest
   * above declares, and only where the file is there. A name alone is a file beside the one that asks for it: `NODE_PATH` of Lambda has the
   * root of the package in it ("Search path for libraries", read 2026-11), where `cfn-response.js` and the like are copied to.
   */
  private viaSourceRoot(from: string, source: string): Resolution | undefined {
    const aliased = /^[@~]\/(?=.)/.test(source);
    const path = aliased ? source.slice(2) : source;
    if ((!aliased && source.startsWith('@')) || isBuiltin(source) || source === 'aws-sdk') return undefined;
    const isName = !source.includes('/');
    const name = isName ? source : path.slice(0, path.indexOf('/'));
    const folders: string[] = [];
    for (let dir = dirname(from); ; dir = dirname(dir)) {
      const manifest = this.workspace.has(inside(dir, 'package.json')) ? this.manifest(dir) : undefined;
      if (!aliased && manifest?.declared.has(name)) return undefined;
      if (manifest) folders.push(dir);
      if (dir === '') break;
    }
    if (isName) {
      const target = inside(dirname(from), `${name}.js`);
      return target !== from && this.workspace.has(target) ? { file: target } : undefined;
    }
    for (const folder of folders.slice(0, 1)) {
      for (const root of [inside(folder, 'src'), folder]) {
        const target = join(root, path);
        const file = target === undefined ? undefined : this.file(target);
        if (file !== undefined && file !== from) return { file };
      }
    }
    return undefined;
  }

  private viaImports(from: string, source: string): Resolution | undefined {
    for (let dir = dirname(from); ; dir = dirname(dir)) {
      if (this.workspace.has(inside(dir, 'package.json'))) {
        for (const target of matchExports(this.manifest(dir)?.imports ?? new Map<string, string[]>(), source)) {
          const path = join(dir, target);
          const file = path === undefined ? undefined : this.file(path);
          if (file !== undefined) return { file };
        }
        // Nuxt 4 documentation, "Aliases" (read 2026-11): `#shared/x` and `#server/x` are folders of the project.
        const path = /^#(?:shared|server)\/./.test(source) ? join(dir, source.slice(1)) : undefined;
        const file = path === undefined ? undefined : this.file(path);
        return file === undefined ? undefined : { file };
      }
      if (dir === '') return undefined;
    }
  }
}

/** Targets of the pattern of `paths` with the longest beginning that fits. */
function bestPattern(config: TsPaths, source: string): { readonly length: number; readonly paths: readonly string[] } | undefined {
  let best: { readonly length: number; readonly paths: readonly string[] } | undefined;
  for (const { head, tail, targets: to } of config.patterns) {
    if (tail === undefined ? source !== head : !(source.startsWith(head) && source.endsWith(tail) && source.length >= head.length + tail.length)) continue;
    if (best && best.length >= head.length) continue;
    const star = tail === undefined ? '' : source.slice(head.length, source.length - tail.length);
    best = { length: head.length, paths: to.map((target) => target.replace('*', () => star)) };
  }
  return best;
}

function readManifest(workspace: Workspace, dir: string): Manifest | undefined {
  const json = record(readJson(workspace, inside(dir, 'package.json')));
  const text = (key: string): string[] => { const value = json.get(key); return typeof value === 'string' ? [value] : []; };
  const name = json.get('name');
  const exportsField = json.get('exports');
  const exported = new Map<string, string[]>();
  if (typeof exportsField === 'string') exported.set('.', [exportsField]);
  else for (const [key, value] of record(exportsField)) {
    if (key.startsWith('.')) exported.set(key, targets(value));
    else exported.set('.', [...(exported.get('.') ?? []), ...targets(value)]);
  }
  return {
    dir, name: typeof name === 'string' ? name : undefined, exports: exported,
    imports: new Map([...record(json.get('imports'))].map(([key, value]) => [key, targets(value)])),
    aliases: new Map([...record(json.get('_moduleAliases'))].flatMap(([key, value]): (readonly [string, string])[] => (typeof value === 'string' ? [[key, value]] : [])).sort(([a], [b]) => b.length - a.length)),
    declared: new Set(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) => [...record(json.get(key)).keys()])),
    entry: [...text('source'), ...text('module'), ...text('main'), ...text('types')],
  };
}

/** Every path that a conditional export may give, sources first. */
function targets(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (depth > 5 || typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? value.map((item): [string, unknown] => ['', item]) : Object.entries(value);
  return entries.sort(([a], [b]) => Number(b === 'source') - Number(a === 'source')).flatMap(([, item]) => targets(item, depth + 1));
}

function matchExports(map: ReadonlyMap<string, readonly string[]>, key: string): readonly string[] {
  const exact = map.get(key);
  if (exact) return exact;
  for (const [pattern, list] of map) {
    const star = pattern.indexOf('*');
    if (star < 0 || !key.startsWith(pattern.slice(0, star)) || !key.endsWith(pattern.slice(star + 1))) continue;
    const middle = key.slice(star, key.length - (pattern.length - star - 1));
    return list.map((target) => target.replace('*', () => middle));
  }
  return [];
}

export function readJson(workspace: Workspace, file: string): unknown {
  const text = workspace.read(file);
  if (text === undefined) return undefined;
  try {
    return parseJsonc(text, [], { allowTrailingComma: true }) as unknown;
  } catch {
    return undefined; // nested deeper than the stack: as good as no configuration
  }
}

const record = (value: unknown): ReadonlyMap<string, unknown> => new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []);
