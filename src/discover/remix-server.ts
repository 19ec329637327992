import type { Workspace } from '../model/workspace.ts';
import { joinInRoot, withoutExtension } from './source-path-names.ts';

/**
 * The server that Remix's compiler makes the build of, by `remix.config.js` (Remix 1 and 2, "remix.config.js", read 2026-11).
 *
 * @param target the built module, with its extension or without
 */
export function remixServer(workspace: Workspace, folder: string, target: string): string | undefined {
  const text = ['js', 'mjs', 'cjs'].map((extension) => workspace.read(joinInRoot(folder, `remix.config.${extension}`) ?? '')).find((one) => one !== undefined)?.slice(0, 20_000);
  const setting = (name: string): string | undefined => new RegExp(`^[ \\t]*${name}:[ \\t]*['"]([^'"\\n]{1,200})['"]`, 'm').exec(text ?? '')?.[1];
  const server = joinInRoot(folder, setting('server') ?? '');
  const built = joinInRoot(folder, setting('serverBuildPath') ?? 'build/index.js');
  if (server === undefined || server === folder || built === undefined || (built !== target && withoutExtension(built) !== target)) return undefined;
  return workspace.has(server) ? server : undefined;
}
