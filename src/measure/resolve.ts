import { isBuiltin, packageName } from '../catalog/runtime-modules.ts';
import type { SizeReader } from '../workspace/sizes.ts';
import { inside } from '../workspace/sizes.ts';
import { matchExports, matchImports } from './exports-map.ts';
import { globMatcher } from './glob.ts';
import type { Manifest, ManifestReader } from './manifest.ts';
import { isPackageName } from './manifest.ts';
import type { CompilerSettings } from './tsconfig.ts';
import { join, parent, pathCandidates } from './tsconfig.ts';

export type Resolution =
  | { readonly kind: 'file'; readonly path: string; readonly sideEffects: boolean }
  | { readonly kind: 'external' }
  /** Nothing under the root answers to the name. `package`: the package that is not installed. */
  | { readonly kind: 'missing'; readonly package?: string }
  | { readonly kind: 'outside' };

export interface ResolverOptions {
  readonly sizes: SizeReader;
  readonly manifest: ManifestReader;
  readonly tsconfig: (directory: string) => CompilerSettings | undefined;
  /** Beyond `default` and `import` or `require`. */
  readonly conditions: readonly string[];
  readonly mainFields: readonly string[];
  readonly isExternal: (specifier: string) => boolean;
}

const extensions = ['.tsx', '.ts', '.jsx', '.js', '.css', '.json'];
/** esbuild prefers built code to sources inside installed packages. */
const packageExtensions = ['.jsx', '.js', '.css', '.json', '.tsx', '.ts'];
const rewrites: ReadonlyMap<string, readonly string[]> = new Map([
  ['.js', ['.ts', '.tsx']], ['.jsx', ['.ts', '.tsx']], ['.mjs', ['.mts']], ['.cjs', ['.cts']],
]);

/**
 * Finds what an import stands for the way a bundler for Node.js does, with every directory and file looked at through
 * the confined reader: a bundler's own resolver would read manifests and folders up to the top of the file system.
 * `importer` is a real path relative to the root.
 */
export function resolver(options: ResolverOptions): (specifier: string, importer: string, form: 'import' | 'require') => Resolution {
  const { sizes, manifest, tsconfig } = options;
  const conditionSets = {
    import: new Set([...options.conditions, 'import', 'default']),
    require: new Set([...options.conditions, 'require', 'default']),
  };
  const known = new Map<string, Resolution>();

  function resolve(specifier: string, importer: string, form: 'import' | 'require'): Resolution {
    const key = `${form}\0${parent(importer)}\0${specifier}`;
    let answer = known.get(key);
    if (answer === undefined) known.set(key, (answer = find(specifier, parent(importer), form)));
    return answer;
  }

  function find(specifier: string, directory: string, form: 'import' | 'require'): Resolution {
    if (isBuiltin(specifier) || options.isExternal(specifier) || /^(?:https?:)?\/\//.test(specifier)) return { kind: 'external' };
    if (specifier.startsWith('#')) return fromImports(specifier, directory, form);
    if (specifier.startsWith('/')) return { kind: 'outside' };
    if (specifier.startsWith('.')) {
      const path = inside(directory, specifier);
      if (path === undefined) return { kind: 'outside' };
      return fromPath(path, specifier.endsWith('/')) ?? { kind: 'missing' };
    }
    const settings = tsconfig(directory);
    if (settings !== undefined && !directory.split('/').includes('node_modules')) {
      for (const candidate of pathCandidates(specifier, settings)) {
        const found = fromPath(candidate, false);
        if (found !== undefined) return found;
      }
      if (settings.baseUrl !== undefined) {
        const path = inside(settings.baseUrl, specifier);
        const found = path === undefined ? undefined : fromPath(path, false);
        if (found !== undefined) return found;
      }
    }
    return fromPackages(specifier, directory, form);
  }

  function fromImports(specifier: string, directory: string, form: 'import' | 'require'): Resolution {
    const scope = enclosing(directory);
    if (scope === undefined) return { kind: 'missing' };
    const found = matchImports(scope.manifest.imports, specifier, conditionSets[form]);
    if (found === undefined || found.startsWith('#')) return { kind: 'missing' };
    if (!found.startsWith('.')) return find(found, scope.directory, form);
    const path = inside(scope.directory, found);
    return (path === undefined ? undefined : asFile(path, extensions)) ?? { kind: 'missing' };
  }

  function fromPackages(specifier: string, directory: string, form: 'import' | 'require'): Resolution {
    const name = packageName(specifier);
    if (name === undefined || !isPackageName(name)) return { kind: 'missing' };
    const scope = enclosing(directory);
    if (scope?.manifest.name === name && scope.manifest.exports !== undefined) return fromExports(scope.directory, scope.manifest, specifier.slice(name.length), form) ?? { kind: 'missing' };
    for (let at = directory; ; at = parent(at)) {
      if (at !== 'node_modules' && !at.endsWith('/node_modules')) {
        const real = sizes.real(join(at, `node_modules/${name}`));
        if (real.kind === 'outside') return real;
        if (real.kind === 'directory') {
          const found = inPackage(real.path, specifier.slice(name.length), form);
          if (found !== undefined) return found;
        } else if (real.kind === 'missing') {
          const file = asFile(join(at, `node_modules/${specifier}`), packageExtensions);
          if (file !== undefined) return file;
        }
      }
      if (at === '') return { kind: 'missing', package: name };
    }
  }

  function inPackage(directory: string, sub: string, form: 'import' | 'require'): Resolution | undefined {
    const own = manifest(directory);
    if (own !== undefined && own !== 'broken' && own.exports !== undefined && own.exports !== null) return fromExports(directory, own, sub, form) ?? { kind: 'missing' };
    const path = inside(directory, sub.slice(1));
    return path === undefined ? { kind: 'outside' } : fromPath(path, sub.endsWith('/'));
  }

  function fromExports(directory: string, own: Manifest, sub: string, form: 'import' | 'require'): Resolution | undefined {
    const found = matchExports(own.exports, sub === '' ? '.' : `.${sub}`, conditionSets[form]);
    const path = found?.startsWith('./') === true ? inside(directory, found) : undefined;
    if (path === undefined || (path !== directory && !path.startsWith(directory === '' ? '' : `${directory}/`))) return undefined;
    return asFile(path, []);
  }

  function fromPath(path: string, directoryOnly: boolean): Resolution | undefined {
    const preferred = path.split('/').includes('node_modules') ? packageExtensions : extensions;
    if (!directoryOnly) {
      const file = asFile(path, preferred);
      if (file !== undefined) return file;
    }
    const real = sizes.real(path);
    if (real.kind === 'outside') return real;
    if (real.kind !== 'directory') return undefined;
    const own = manifest(real.path);
    if (own !== undefined && own !== 'broken') {
      for (const field of options.mainFields) {
        const main = own.entries.get(field);
        const target = main === undefined ? undefined : inside(real.path, main);
        if (target === undefined) continue;
        const found = asFile(target, preferred) ?? asFile(join(target, 'index'), preferred);
        if (found !== undefined) return found;
      }
    }
    return asFile(join(real.path, 'index'), preferred);
  }

  function asFile(path: string, preferred: readonly string[]): Resolution | undefined {
    for (const candidate of candidates(path, preferred)) {
      const real = sizes.real(candidate);
      if (real.kind === 'outside') return real;
      if (real.kind === 'file') return { kind: 'file', path: real.path, sideEffects: hasSideEffects(real.path) };
    }
    return undefined;
  }

  function* candidates(path: string, preferred: readonly string[]): Iterable<string> {
    yield path;
    for (const extension of preferred) yield path + extension;
    const extension = /\.[cm]?jsx?$/.exec(path)?.[0];
    if (extension !== undefined) for (const other of rewrites.get(extension) ?? []) yield path.slice(0, -extension.length) + other;
  }

  function enclosing(directory: string): { readonly directory: string; readonly manifest: Manifest } | undefined {
    for (let at = directory; ; at = parent(at)) {
      const own = manifest(at);
      if (own !== undefined && own !== 'broken') return { directory: at, manifest: own };
      if (at === '' || at.endsWith('node_modules')) return undefined;
    }
  }

  function hasSideEffects(file: string): boolean {
    const scope = enclosing(parent(file));
    const effects = scope?.manifest.sideEffects;
    if (scope === undefined || effects === undefined) return true;
    if (effects === false) return false;
    const path = scope.directory === '' ? file : file.slice(scope.directory.length + 1);
    return effects.some((pattern) => globMatcher(pattern.includes('/') ? pattern : `**/${pattern}`)(path));
  }

  return resolve;
}
