import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
/** Local header 30, central header 46, each followed by the name (ZIP application note 6.3.10, 2022-11). */
const ENTRY_BYTES = 76;
const END_BYTES = 22;

/** Bytes of the zip archive that would hold the entries, each deflated by itself. Within a few percent of real tools. */
export async function zippedSize(entries: Iterable<{ readonly name: string; readonly bytes: () => Uint8Array | undefined }>, stop: () => boolean): Promise<number | undefined> {
  let total = END_BYTES;
  for (const entry of entries) {
    if (stop()) return undefined;
    const bytes = entry.bytes();
    if (bytes === undefined) return undefined;
    const packed = bytes.length === 0 ? 0 : (await deflate(bytes)).length;
    total += ENTRY_BYTES + 2 * Buffer.byteLength(entry.name) + Math.min(packed, bytes.length);
  }
  return total;
}
