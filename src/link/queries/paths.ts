import { alternatives, type Value } from '../../model/value.ts';

/** Where in the file system of a function a path leads, as far as it is known. */
export type PathPlace = 'temporary' | 'mounted' | 'elsewhere' | 'unknown';

/** Places that are no file: standard streams and the null device. */
const devices = /^\/(dev|proc)\//;

/**
 * Judges a path. Of several possible values all must agree to be `elsewhere`; one that is known to be temporary makes the
 * whole temporary (`process.env.DIR || '/tmp'`).
 */
export function placeOfPath(path: Value | undefined, mounts: readonly string[], isTemporary: (value: Value) => boolean | undefined): PathPlace | 'device' {
  if (!path) return 'unknown';
  const places = alternatives(path).map((one) => single(one, mounts, isTemporary));
  if (places.every((place) => place === 'device')) return 'device';
  if (places.includes('temporary')) return places.includes('elsewhere') ? 'unknown' : 'temporary';
  if (places.includes('mounted')) return 'mounted';
  return places.every((place) => place === 'elsewhere') ? 'elsewhere' : 'unknown';
}

function single(value: Value, mounts: readonly string[], isTemporary: (value: Value) => boolean | undefined): PathPlace | 'device' {
  if (isTemporary(value)) return 'temporary';
  const head = headText(value);
  if (head === undefined) return value.kind === 'template' && value.parts[0] && value.parts[0].kind !== 'literal' ? single(value.parts[0], mounts, isTemporary) : 'unknown';
  if (devices.test(head)) return 'device';
  const under = (folder: string): boolean => head === folder || head.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
  if (mounts.some(under)) return 'mounted';
  if (under('/tmp') || under('/var/tmp')) return 'temporary';
  // `../../tmp/x` from the task root leads to the temporary folder as often as it misses it.
  if (/^(\.\.\/)+tmp\//.test(head)) return 'unknown';
  return head === '' ? 'unknown' : 'elsewhere';
}

/** The literal beginning of a path. */
export function headText(value: Value): string | undefined {
  if (value.kind === 'literal') return typeof value.value === 'string' ? value.value : undefined;
  const first = value.kind === 'template' ? value.parts[0] : undefined;
  return first?.kind === 'literal' ? String(first.value) : undefined;
}
