import type { BundleDetail, BundlePart } from '../model/bundle.ts';
import { title, way } from './bundle-text.ts';
import { bytesText, shareText } from './bytes.ts';
import type { Area } from './treemap.ts';

/** Packages that have a rectangle of their own; what is left is one. */
const MAX_PARTS = 40;

/** One package as a tree: packages and own code, then their files. */
export function areasOf({ result, parts }: BundleDetail): Area {
  const whole = result.bytes ?? 0;
  const shown = parts.slice(0, MAX_PARTS);
  const rest = parts.slice(MAX_PARTS);
  const children = shown.map((part) => partArea(part, whole));
  const left = rest.reduce((sum, part) => sum + part.bytes, 0);
  if (left > 0) children.push({ name: `${rest.length} more`, kind: 'rest', bytes: left, hint: `${rest.length} smaller parts, ${bytesText(left)}` });
  return { name: result.function, kind: 'function', bytes: whole, hint: result.function, children };
}

function partArea(part: BundlePart, whole: number): Area {
  const hint = [`${title(part)}: ${bytesText(part.bytes)}, ${shareText(part.bytes, whole)}`, way(part)].filter((line) => line !== '').join('\n');
  // One file says no more than the part itself.
  if (part.files.length < 2) return { name: title(part), kind: part.kind, bytes: part.bytes, hint };
  const children = part.files.map((file): Area => ({ name: shortName(file.path, part), kind: part.kind, bytes: file.bytes, hint: `${file.path}: ${bytesText(file.bytes)}` }));
  return { name: title(part), kind: part.kind, bytes: part.bytes, hint, children };
}

/** A file's path inside its package. */
function shortName(path: string, part: BundlePart): string {
  return part.folder !== undefined && path.startsWith(`${part.folder}/`) ? path.slice(part.folder.length + 1) : path;
}
