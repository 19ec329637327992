import { targetsOf } from '../workspace/native.ts';
import type { SizeReader } from '../workspace/sizes.ts';

/** What a compiled file runs on. */
export interface Native {
  readonly system: 'linux' | 'darwin' | 'win32';
  readonly architecture: 'x64' | 'arm64' | 'other';
}

/** Headers of executables lie within it. */
const HEAD_BYTES = 4_096;

export const isNativeName = (path: string): boolean => /\.(?:node|so(?:\.[\d.]{1,20})?|dylib|dll|exe)$/i.test(path);

/** System and processor of a compiled file, from its first bytes. `undefined`: it is none. A file for several processors has no one of them. */
export function nativeOf(path: string, sizes: SizeReader): Native | undefined {
  const head = sizes.head(path, HEAD_BYTES);
  const [target, other] = head === undefined ? [] : targetsOf(head);
  if (target === undefined) return undefined;
  return { system: target.platform, architecture: other === undefined && (target.arch === 'x64' || target.arch === 'arm64') ? target.arch : 'other' };
}
