import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
/** Local header 30, central header 46, each followed by the name (ZIP application note 6.3.10, 2022-11). */
const ENTRY_BYTES = 76;
export const END_BYTES = 22;
/** Files deflated at a time: the threads that Node.js has for it by default. */
const AT_A_TIME = 4;

export interface ZipEntry {
  readonly name: string;
  /** Equal for equal contents: what was deflated once is not deflated again. */
  readonly hash?: string;
  readonly bytes: () => Uint8Array | undefined;
}

/** Deflated sizes by content, shared by everything that one run measures. */
export type Deflated = Map<string, Promise<number>>;

/** Bytes that an entry takes in an archive, headers included; `undefined`: not readable. */
export async function zippedEntry(entry: ZipEntry, known: Deflated): Promise<number | undefined> {
  const header = ENTRY_BYTES + 2 * Buffer.byteLength(entry.name);
  let packed = entry.hash === undefined ? undefined : known.get(entry.hash);
  if (packed === undefined) {
    const bytes = entry.bytes();
    if (bytes === undefined) return undefined;
    packed = bytes.length === 0 ? Promise.resolve(0) : deflate(bytes).then((result) => Math.min(result.length, bytes.length));
    if (entry.hash !== undefined) known.set(entry.hash, packed);
  }
  return header + await packed;
}

/** Sizes in the archive of all entries, in their order; `undefined` when `stop` says so or one is not readable. */
export async function zippedEntries(entries: readonly ZipEntry[], known: Deflated, stop: () => boolean): Promise<readonly number[] | undefined> {
  const sizes: number[] = new Array<number>(entries.length).fill(0);
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < entries.length && !failed; index = next++) {
      const entry = entries[index];
      const size = entry === undefined || stop() ? undefined : await zippedEntry(entry, known);
      if (size === undefined) failed = true;
      else sizes[index] = size;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, entries.length) }, worker));
  return failed ? undefined : sizes;
}

/** Bytes of the zip archive that would hold the entries, each deflated by itself. Within a few percent of real tools. */
export async function zippedSize(entries: readonly ZipEntry[], known: Deflated, stop: () => boolean): Promise<number | undefined> {
  const sizes = await zippedEntries(entries, known, stop);
  return sizes?.reduce((sum, size) => sum + size, END_BYTES);
}
