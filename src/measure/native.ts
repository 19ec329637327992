import type { SizeReader } from '../workspace/sizes.ts';

/** What a compiled file runs on. */
export interface Native {
  readonly system: 'linux' | 'darwin' | 'win32';
  readonly architecture: 'x64' | 'arm64' | 'other';
}

const MAX_FILE = 64 * 1024 * 1024;

export const isNativeName = (path: string): boolean => /\.(?:node|so(?:\.[\d.]{1,20})?|dylib|dll|exe)$/i.test(path);

/**
 * System and processor of a compiled file, from its first bytes: ELF (`e_machine`), Mach-O (`cputype`), PE (`Machine`).
 * `undefined`: none of them.
 */
export function nativeOf(path: string, sizes: SizeReader): Native | undefined {
  const bytes = sizes.bytes(path, MAX_FILE);
  if (bytes === undefined || bytes.length < 64) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) === 0x7f454c46) {
    const machine = view.getUint16(18, bytes[5] !== 2);
    return { system: 'linux', architecture: machine === 0x3e ? 'x64' : machine === 0xb7 ? 'arm64' : 'other' };
  }
  if (view.getUint32(0, true) === 0xfeedfacf) {
    const type = view.getUint32(4, true);
    return { system: 'darwin', architecture: type === 0x01000007 ? 'x64' : type === 0x0100000c ? 'arm64' : 'other' };
  }
  // A file for several processors: which is taken is decided where it runs.
  if (view.getUint32(0) === 0xcafebabe) return { system: 'darwin', architecture: 'other' };
  if (view.getUint16(0) === 0x4d5a) {
    const at = view.getUint32(60, true);
    if (at + 6 > bytes.length || view.getUint32(at) !== 0x50450000) return undefined;
    const machine = view.getUint16(at + 4, true);
    return { system: 'win32', architecture: machine === 0x8664 ? 'x64' : machine === 0xaa64 ? 'arm64' : 'other' };
  }
  return undefined;
}
