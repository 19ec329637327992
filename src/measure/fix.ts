import type { SizeReader } from '../workspace/sizes.ts';
import type { ManifestReader } from './manifest.ts';
import { join, parent } from './tsconfig.ts';

const locks: readonly (readonly [file: string, command: (folder: string) => string])[] = [
  ['package-lock.json', (folder) => (folder === '' ? 'npm ci' : `npm ci --prefix ${folder}`)],
  ['npm-shrinkwrap.json', (folder) => (folder === '' ? 'npm ci' : `npm ci --prefix ${folder}`)],
  ['yarn.lock', (folder) => (folder === '' ? 'yarn install --frozen-lockfile' : `yarn --cwd ${folder} install --frozen-lockfile`)],
  ['pnpm-lock.yaml', (folder) => (folder === '' ? 'pnpm install --frozen-lockfile' : `pnpm --dir ${folder} install --frozen-lockfile`)],
  ['bun.lock', (folder) => (folder === '' ? 'bun install --frozen-lockfile' : `bun install --cwd ${folder} --frozen-lockfile`)],
  ['bun.lockb', (folder) => (folder === '' ? 'bun install --frozen-lockfile' : `bun install --cwd ${folder} --frozen-lockfile`)],
];

/**
 * The command, to be run at the root, that installs a missing package: of the nearest lock file, else of the nearest
 * manifest. A package that no manifest lists is to be added first.
 */
export function fixFor(missing: { readonly package: string; readonly folder: string }, sizes: SizeReader, manifest: ManifestReader): string {
  let nearest: string | undefined;
  let listed = false;
  for (let at = missing.folder; ; at = parent(at)) {
    const own = manifest(at);
    if (own !== undefined && own !== 'broken') {
      nearest ??= at;
      listed ||= [...own.dependencies, ...own.optionalDependencies, ...own.peerDependencies, ...own.devDependencies].includes(missing.package);
    }
    for (const [file, command] of locks) if (nearest !== undefined && listed && sizes.size(join(at, file)) !== undefined) return command(quoted(at));
    if (at === '') break;
  }
  const prefix = nearest === undefined || nearest === '' ? '' : ` --prefix ${quoted(nearest)}`;
  // A dependency of a dependency, or one that is listed: installing everything brings it.
  const transitive = missing.folder.split('/').includes('node_modules');
  return listed || transitive ? `npm install${prefix}` : `npm install${prefix} ${quoted(missing.package)}`;
}

/** A path as one word of a command. */
const quoted = (text: string): string => (/^[\w@./+-]*$/.test(text) && !text.startsWith('-') ? text : `'${text.replace(/[\p{Cc}\p{Cf}]/gu, '?').replace(/'/g, `'\\''`)}'`);
