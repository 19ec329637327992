import { alternatives, type Value } from '../../model/value.ts';
import { contains, valueKey } from '../values.ts';

/** Where in the file system of a function a path leads, as far as it is known. */
export type PathPlace = 'temporary' | 'mounted' | 'elsewhere' | 'unknown';

/** Places that are no file: standard streams and the null device. */
const devices = /^\/(dev|proc)\//;

/**
 * Judges a path. Of several possible values all must agree to be `elsewhere`; one that is known to be temporary makes the
 * whole temporary (`process.env.DIR || '/tmp'`).
 */
export function placeOfPath(path: Value | undefined, mounts: readonly string[], isTemporary: (value: Value) => boolean | undefined): PathPlace | 'device' {
  return place(path, mounts, isTemporary, 0);
}

/** Folders above folders that are looked at: a walk up the tree (`while (!found) dir = dirname(dir)`) is a value without an end. */
const MAX_FOLDERS = 6;

function place(path: Value | undefined, mounts: readonly string[], isTemporary: (value: Value) => boolean | undefined, depth: number): PathPlace | 'device' {
  if (!path || depth > MAX_FOLDERS) return 'unknown';
  const places = alternatives(path).map((one) => single(one, mounts, isTemporary, depth));
  if (places.every((place) => place === 'device')) return 'device';
  if (places.includes('temporary')) return places.includes('elsewhere') ? 'unknown' : 'temporary';
  if (places.includes('mounted')) return 'mounted';
  return places.every((place) => place === 'elsewhere') ? 'elsewhere' : 'unknown';
}

function single(value: Value, mounts: readonly string[], isTemporary: (value: Value) => boolean | undefined, depth: number): PathPlace | 'device' {
  if (isTemporary(value)) return 'temporary';
  if (isPackaged(value)) return 'elsewhere';
  const head = headText(value);
  // The folder of a file on mounted storage is on it too.
  const inside = value.kind === 'derived' && /^path(?:\/posix)?:(?:posix\.)?dirname$/.test(value.what) ? value.from[0] : undefined;
  if (inside && mounts.length > 0 && place(inside, mounts, isTemporary, depth + 1) === 'mounted') return 'mounted';
  if (head === undefined) return value.kind === 'template' && value.parts[0] && value.parts[0].kind !== 'literal' ? single(value.parts[0], mounts, isTemporary, depth + 1) : 'unknown';
  if (devices.test(head)) return 'device';
  const under = (folder: string): boolean => head === folder || head.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
  if (mounts.some(under)) return 'mounted';
  if (under('/tmp') || under('/var/tmp')) return 'temporary';
  // `../../tmp/x` from the task root leads to the temporary folder as often as it misses it.
  if (/^(\.\.\/)+tmp\//.test(head)) return 'unknown';
  return head === '' ? 'unknown' : 'elsewhere';
}

/** Whether a path begins in the folder of the code: `__dirname`, the working directory, `import.meta`. */
function isPackaged(value: Value): boolean {
  switch (value.kind) {
    case 'template': {
      const [first, second] = value.parts;
      // Far enough up lies the temporary folder too.
      return first !== undefined && !(second?.kind === 'literal' && String(second.value).startsWith('/..')) && isPackaged(first);
    }
    case 'external': return (value.module === 'global' && /^__(?:dirname|filename)$/.test(value.path.join('.'))) || (value.module === 'import.meta');
    case 'env': return value.name === 'LAMBDA_TASK_ROOT';
    case 'derived': return /^global:process\.cwd$|^process:cwd$|import\.meta|MetaProperty/.test(value.what) || (/^(?:path(?:\/posix)?:(?:posix\.)?(?:dirname|normalize|resolve|join)|url:fileURLToPath|\.(?:url|dirname|filename|pathname|href)|#(?:toString|replace))$/.test(value.what) && value.from[0] !== undefined && isPackaged(value.from[0]));
    case 'instance': return value.of.kind === 'external' && value.of.path.at(-1) === 'URL' && value.args[0]?.kind === 'literal' && value.args[1] !== undefined && isPackaged(value.args[1]);
    default: return false;
  }
}

/** Whether removing one path removes what was written: the same file, or a folder around it. */
export function coversPath(removed: Value, recursive: boolean, written: Value): boolean {
  if (valueKey(removed) === valueKey(written)) return true;
  if (!recursive) return false;
  const folder = partsOf(removed);
  const file = partsOf(written);
  return folder.length > 0 && folder.every((part, index) => {
    const other = file[index];
    if (!other) return false;
    const isLast = index === folder.length - 1;
    if (valueKey(part) === valueKey(other)) return !isLast || beginsWithSlash(file[index + 1]);
    return isLast && part.kind === 'literal' && other.kind === 'literal' && String(other.value).startsWith(`${String(part.value).replace(/\/$/, '')}/`);
  });
}

const partsOf = (value: Value): readonly Value[] => (value.kind === 'template' ? value.parts : [value]);
const beginsWithSlash = (value: Value | undefined): boolean => value?.kind === 'literal' && String(value.value).startsWith('/');

/** The literal beginning of a path. */
function headText(value: Value): string | undefined {
  if (value.kind === 'literal') return typeof value.value === 'string' ? value.value : undefined;
  const first = value.kind === 'template' ? value.parts[0] : undefined;
  return first?.kind === 'literal' ? String(first.value) : undefined;
}

/** Whether a path rests on something that the open file does not tell. */
export const leavesFile = (value: Value): boolean => contains(value, (one) => one.kind === 'unknown' || one.kind === 'param');
