import type { BinaryTarget, InstalledPackage } from '../model/project.ts';
import type { SizeReader } from './sizes.ts';

/** Files and folders of one package that are looked at for native binaries; beyond them it counts as having what was found so far. */
const MAX_ENTRIES = 20_000;
const MAX_MANIFEST = 1024 * 1024;

/** What the package in a folder says of the machines that it runs on; `undefined` when it has no manifest that can be read. */
export function nativeParts(sizes: SizeReader, name: string, folder: string): InstalledPackage | undefined {
  const text = sizes.bytes(`${folder}/package.json`, MAX_MANIFEST);
  const manifest = text === undefined ? undefined : recordOf(text);
  if (manifest === undefined) return undefined;
  const optional = names(manifest.get('optionalDependencies'));
  return {
    name, folder,
    os: words(manifest.get('os')), cpu: words(manifest.get('cpu')), libc: words(manifest.get('libc')),
    // A manifest as it is published lists optional dependencies twice.
    dependencies: names(manifest.get('dependencies')).filter((item) => !optional.includes(item)), optionalDependencies: optional,
    compiles: sizes.size(`${folder}/binding.gyp`) !== undefined,
    binaries: binariesIn(sizes, folder),
  };
}

function binariesIn(sizes: SizeReader, folder: string): readonly BinaryTarget[] {
  const found = new Map<string, BinaryTarget>();
  const open = [folder];
  let count = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { name, kind } of sizes.list(at) ?? []) {
      if (++count > MAX_ENTRIES) return [...found.values()];
      if (kind === 'directory' && name !== 'node_modules') open.push(`${at}/${name}`);
      if (kind !== 'file' || !name.endsWith('.node')) continue;
      const path = `${at}/${name}`;
      for (const target of targetsOf(sizes.head(path, 4_096) ?? new Uint8Array())) {
        const one = target.platform === 'linux' && /(?:^|[^a-z])musl/.test(path.slice(folder.length)) ? { ...target, musl: true as const } : target;
        found.set(JSON.stringify(one), one);
      }
    }
  }
  return [...found.values()];
}

/** A machine as the header of a file tells it. */
interface HeaderTarget {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly arch: string;
}

const elfMachines: ReadonlyMap<number, string> = new Map([[0x03, 'ia32'], [0x28, 'arm'], [0x3e, 'x64'], [0xb7, 'arm64'], [0x15, 'ppc64'], [0x16, 's390x'], [0xf3, 'riscv64'], [0x102, 'loong64']]);
const machCpus: ReadonlyMap<number, string> = new Map([[0x07, 'ia32'], [0x0100_0007, 'x64'], [0x0100_000c, 'arm64']]);
const peMachines: ReadonlyMap<number, string> = new Map([[0x014c, 'ia32'], [0x8664, 'x64'], [0xaa64, 'arm64']]);

/**
 * What a shared library is made for, by its header. Sources: ELF-64 object file format (e_machine at 18), Mach-O `loader.h` and `fat.h`
 * (cputype), PE format of Microsoft (Machine after the signature at the offset in 0x3c). Empty where the bytes are none of these.
 */
export function targetsOf(bytes: Uint8Array): readonly HeaderTarget[] {
  if (bytes.length < 20) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const one = (platform: HeaderTarget['platform'], arch: string | undefined): readonly HeaderTarget[] => (arch === undefined ? [] : [{ platform, arch }]);
  const magic = view.getUint32(0);
  if (magic === 0x7f45_4c46) return one('linux', elfMachines.get(view.getUint16(18, bytes[5] !== 2)));
  if (magic === 0xcffa_edfe || magic === 0xcefa_edfe) return one('darwin', machCpus.get(view.getUint32(4, true)));
  if (magic === 0xcafe_babe) {
    const found: HeaderTarget[] = [];
    for (let index = 0; index < Math.min(view.getUint32(4), 8) && 12 + index * 20 <= bytes.length; index++) found.push(...one('darwin', machCpus.get(view.getUint32(8 + index * 20))));
    return found;
  }
  if (view.getUint16(0) === 0x4d5a && bytes.length >= 0x40) {
    const at = view.getUint32(0x3c, true);
    return at + 6 <= bytes.length && view.getUint32(at) === 0x5045_0000 ? one('win32', peMachines.get(view.getUint16(at + 4, true))) : [];
  }
  return [];
}

function recordOf(bytes: Uint8Array): ReadonlyMap<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? new Map(Object.entries(json)) : undefined;
  } catch {
    return undefined;
  }
}

const names = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []);
const words = (value: unknown): readonly string[] => (typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []);
