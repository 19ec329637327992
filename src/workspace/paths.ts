import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';

/** A path given by the user as one relative to the root, forward slashes; `undefined` when it does not exist or lies outside. */
export function relativeTo(root: string, path: string): string | undefined {
  let real: string;
  try {
    real = realpathSync(resolve(path));
  } catch {
    return undefined;
  }
  if (real === root) return '';
  return real.startsWith(root.endsWith(sep) ? root : root + sep) ? relative(root, real).split(sep).join('/') : undefined;
}
