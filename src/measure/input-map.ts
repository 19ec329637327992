import type { SizeReader } from '../workspace/sizes.ts';
import { inside } from '../workspace/sizes.ts';
import { isRecord, own } from './manifest.ts';
import { parent } from './tsconfig.ts';

const MAX_MAP = 16 * 1024 * 1024;
const MAX_SOURCES = 1_000;
/** Characters at the end of a file in which the comment is looked for. */
const TAIL = 600;

/**
 * A file with the source map that its last comment names put into it, as the bundler would load it from the disk: maps of
 * bundles lead through maps of what is bundled. Sources that a map only names are read too.
 */
export function withInputMap(file: string, bytes: Uint8Array, sizes: SizeReader): Uint8Array {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', Math.max(0, bytes.length - TAIL));
  const at = tail.lastIndexOf('sourceMappingURL=');
  const name = at < 0 ? undefined : /^[^\s'"]{1,300}/.exec(tail.slice(at + 'sourceMappingURL='.length))?.[0];
  if (name === undefined || name.includes(':')) return bytes;
  const path = inside(parent(file), name);
  const map = path === undefined ? undefined : sizes.bytes(path, MAX_MAP);
  if (path === undefined || map === undefined) return bytes;
  const whole = withSources(path, Buffer.from(map), sizes);
  return Buffer.concat([bytes, Buffer.from(`\n//# sourceMappingURL=data:application/json;base64,${whole.toString('base64')}\n`)]);
}

function withSources(path: string, map: Buffer, sizes: SizeReader): Buffer {
  let raw: unknown;
  try {
    raw = JSON.parse(map.toString('utf8'));
  } catch {
    return map;
  }
  const names = isRecord(raw) ? own(raw, 'sources') : undefined;
  if (!isRecord(raw) || !Array.isArray(names) || names.length > MAX_SOURCES) return map;
  const given = own(raw, 'sourcesContent');
  const contents: unknown[] = Array.isArray(given) ? given : [];
  if (names.every((_, index) => typeof contents[index] === 'string')) return map;
  const sourceRoot = own(raw, 'sourceRoot');
  const filled = names.map((name: unknown, index) => {
    if (typeof contents[index] === 'string' || typeof name !== 'string') return contents[index] ?? null;
    const source = inside(parent(path), typeof sourceRoot === 'string' ? sourceRoot : '', name);
    const bytes = source === undefined ? undefined : sizes.bytes(source, MAX_MAP);
    return bytes === undefined ? null : Buffer.from(bytes).toString('utf8');
  });
  return Buffer.from(JSON.stringify({ ...raw, sourcesContent: filled }));
}
