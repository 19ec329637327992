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

/** Level of zlib's default, which tools use; and one that takes half the time and gives some 4 % more. */
const LEVEL = 6;
const QUICK_LEVEL = 4;
/** Archives of one run that are always deflated in full. */
const SAMPLES = 16;

async function deflated(entry: ZipEntry, known: Deflated, level: number): Promise<number | undefined> {
  const key = entry.hash === undefined ? undefined : `${level} ${entry.hash}`;
  let packed = key === undefined ? undefined : known.get(key);
  if (packed === undefined) {
    const bytes = entry.bytes();
    if (bytes === undefined) return undefined;
    packed = bytes.length === 0 ? Promise.resolve(0) : deflate(bytes, { level }).then((result) => Math.min(result.length, bytes.length));
    if (key !== undefined) known.set(key, packed);
  }
  return packed;
}

const headerBytes = (entry: ZipEntry): number => ENTRY_BYTES + 2 * Buffer.byteLength(entry.name);

/** Sizes in the archive of all entries, headers included, in their order; `undefined` when `stop` says so or one is not readable. */
export async function zippedEntries(entries: readonly ZipEntry[], known: Deflated, stop: () => boolean): Promise<readonly number[] | undefined> {
  const sizes = await inTurns(entries, async (entry) => {
    const size = stop() ? undefined : await deflated(entry, known, LEVEL);
    return size === undefined ? undefined : size + headerBytes(entry);
  });
  return sizes.every((size) => size !== undefined) ? sizes : undefined;
}

/**
 * Sizes of the zip archives that would hold each list of entries. Of many archives, bundles of one project as a rule, sixteen
 * spread over them are deflated in full and at a quick level; what the two differ by there is then counted off the
 * quick sizes of the others: half the time, and within a percent or two (`bench/bundles.mjs`).
 */
export async function archiveSizes(archives: readonly (readonly ZipEntry[])[], known: Deflated, stop: () => boolean): Promise<readonly (number | undefined)[]> {
  const step = archives.length <= SAMPLES * 2 ? 1 : Math.ceil(archives.length / SAMPLES);
  const isSample = (index: number): boolean => index % step === 0;
  const whole = async (archive: readonly ZipEntry[], level: number): Promise<number | undefined> => {
    let sum = 0;
    for (const entry of archive) {
      const size = stop() ? undefined : await deflated(entry, known, level);
      if (size === undefined) return undefined;
      sum += size;
    }
    return sum;
  };
  const sampled = await inTurns(archives, async (archive, index) => (isSample(index) ? whole(archive, LEVEL) : undefined));
  const quick = step === 1 ? [] : await inTurns(archives, (archive) => whole(archive, QUICK_LEVEL));
  let full = 0;
  let less = 0;
  for (const [index, size] of quick.entries()) {
    if (size === undefined || sampled[index] === undefined) continue;
    full += sampled[index] ?? 0;
    less += size;
  }
  return archives.map((archive, index) => {
    const size = sampled[index] ?? (quick[index] === undefined || less === 0 ? undefined : Math.round(quick[index] * (full / less)));
    return size === undefined ? undefined : END_BYTES + archive.reduce((sum, entry) => sum + headerBytes(entry), size);
  });
}

/** Answers for all items in their order, several worked on at a time. */
async function inTurns<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R | undefined>): Promise<readonly (R | undefined)[]> {
  const results = new Array<R | undefined>(items.length).fill(undefined);
  let next = 0;
  const turn = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, items.length) }, turn));
  return results;
}
