import type { SizeReader } from '../workspace/sizes.ts';
import type { ManifestReader } from './manifest.ts';
import { join, parent } from './tsconfig.ts';

const npm = (folder: string): string => (folder === '' ? 'npm ci' : `npm ci --prefix ${folder}`);
const bun = (folder: string): string => (folder === '' ? 'bun install --frozen-lockfile' : `bun install --cwd ${folder} --frozen-lockfile`);

/** Lock files, what installs from them, and the texts of which one is in the file where it has the package. */
const locks: readonly (readonly [file: string, command: (folder: string) => string, names: (name: string) => readonly string[]])[] = [
  ['package-lock.json', npm, (name) => [`node_modules/${name}"`]],
  ['npm-shrinkwrap.json', npm, (name) => [`node_modules/${name}"`]],
  ['yarn.lock', (folder) => (folder === '' ? 'yarn install --frozen-lockfile' : `yarn --cwd ${folder} install --frozen-lockfile`), (name) => [`\n${name}@`, `"${name}@`]],
  ['pnpm-lock.yaml', (folder) => (folder === '' ? 'pnpm install --frozen-lockfile' : `pnpm --dir ${folder} install --frozen-lockfile`), (name) => [` ${name}@`, `'${name}@`, `/${name}/`, `/${name}@`]],
  ['bun.lock', bun, (name) => [`"${name}"`]],
  ['bun.lockb', bun, () => []],
];

/** A lock file beyond this is not looked into. */
const MAX_LOCK_BYTES = 32 * 1024 * 1024;

/**
 * The command, to be run at the root, that installs a missing package: of the nearest lock file, else of the nearest
 * manifest. A package that neither a manifest nor the lock file has is to be added first; one that only the lock file has is there for
 * another workspace, and is found from here once that is installed.
 */
export function fixFor(missing: { readonly package: string; readonly folder: string }, sizes: SizeReader, manifest: ManifestReader): string {
  let nearest: string | undefined;
  let listed = false;
  const locked = (file: string, names: readonly string[]): boolean => { const text = names.length === 0 ? '' : textOf(file, sizes); return names.some((name) => text.includes(name)); };
  for (let at = missing.folder; ; at = parent(at)) {
    const own = manifest(at);
    if (own !== undefined && own !== 'broken') {
      nearest ??= at;
      listed ||= [...own.dependencies, ...own.optionalDependencies, ...own.peerDependencies, ...own.devDependencies].includes(missing.package);
    }
    for (const [file, command, names] of locks) if (nearest !== undefined && sizes.size(join(at, file)) !== undefined && (listed || locked(join(at, file), names(missing.package)))) return command(quoted(at));
    if (at === '') break;
  }
  const prefix = nearest === undefined || nearest === '' ? '' : ` --prefix ${quoted(nearest)}`;
  // A dependency of a dependency, or one that is listed: installing everything brings it.
  const transitive = missing.folder.split('/').includes('node_modules');
  return listed || transitive ? `npm install${prefix}` : `npm install${prefix} ${quoted(missing.package)}`;
}

const texts = new WeakMap<SizeReader, Map<string, string>>();

/** A lock file's text, read once for all functions. */
function textOf(file: string, sizes: SizeReader): string {
  let known = texts.get(sizes);
  if (known === undefined) texts.set(sizes, (known = new Map()));
  let text = known.get(file);
  if (text === undefined) known.set(file, (text = new TextDecoder().decode(sizes.bytes(file, MAX_LOCK_BYTES))));
  return text;
}

/** A path as one word of a command. */
const quoted = (text: string): string => (/^[\w@./+-]*$/.test(text) && !text.startsWith('-') ? text : `'${text.replace(/[\p{Cc}\p{Cf}]/gu, '?').replace(/'/g, `'\\''`)}'`);
