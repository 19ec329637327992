import type { BundleDetail, BundlePart } from '../model/bundle.ts';

/** What an earlier result says of one function's package. */
export interface EarlierBundle {
  readonly id: string;
  readonly function: string;
  readonly bytes?: number;
  readonly zippedBytes?: number;
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

export interface PartChange {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly bytes: number;
}

export interface BundleChange {
  readonly id: string;
  readonly function: string;
  readonly change: 'added' | 'removed' | 'changed' | 'same';
  /** Absent where either was not measured. */
  readonly bytes?: number;
  readonly zippedBytes?: number;
  /** Parts by what changed most. */
  readonly parts: readonly PartChange[];
}

/** The result of `faaslint bundle --format json` in a text; `undefined`: it is none. */
export function readEarlier(text: string): readonly EarlierBundle[] | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = isRecord(raw) && raw['schemaVersion'] === 1 ? raw['packages'] : undefined;
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((item: unknown): readonly EarlierBundle[] => {
    if (!isRecord(item) || typeof item['id'] !== 'string' || typeof item['function'] !== 'string') return [];
    const { bytes, zippedBytes, parts } = item;
    return [{
      id: item['id'], function: item['function'], ...(typeof bytes === 'number' ? { bytes } : {}), ...(typeof zippedBytes === 'number' ? { zippedBytes } : {}),
      parts: (Array.isArray(parts) ? parts : []).flatMap((part: unknown) => (isRecord(part) && typeof part['name'] === 'string' && typeof part['bytes'] === 'number' ? [{ name: part['name'], bytes: part['bytes'] }] : [])),
    }];
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What has changed, by how much. `whole`: all functions were measured now, so that one that is only in the earlier result is gone.
 */
export function compareBundles(now: readonly BundleDetail[], earlier: readonly EarlierBundle[], whole: boolean): readonly BundleChange[] {
  const before = new Map(earlier.map((item) => [item.id, item]));
  const changes = now.map((detail): BundleChange => {
    const { result } = detail;
    const id = result.id ?? result.function;
    const old = before.get(id);
    if (old === undefined) return { id, function: result.function, change: 'added', ...sizes(result.bytes, result.zippedBytes), parts: [] };
    const bytes = result.bytes === undefined || old.bytes === undefined ? undefined : result.bytes - old.bytes;
    const zipped = result.zippedBytes === undefined || old.zippedBytes === undefined ? undefined : result.zippedBytes - old.zippedBytes;
    const parts = bytes === undefined ? [] : partChanges(detail.parts, old.parts);
    return { id, function: result.function, change: bytes === 0 && parts.length === 0 ? 'same' : 'changed', ...sizes(bytes, zipped), parts };
  });
  const known = new Set(changes.map(({ id }) => id));
  const gone = whole ? earlier.filter(({ id }) => !known.has(id)).map((old): BundleChange => ({ id: old.id, function: old.function, change: 'removed', ...sizes(old.bytes === undefined ? undefined : -old.bytes, old.zippedBytes === undefined ? undefined : -old.zippedBytes), parts: [] })) : [];
  return [...changes, ...gone].sort((a, b) => Math.abs(b.bytes ?? 0) - Math.abs(a.bytes ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

const sizes = (bytes: number | undefined, zippedBytes: number | undefined): { readonly bytes?: number; readonly zippedBytes?: number } => ({ ...(bytes === undefined ? {} : { bytes }), ...(zippedBytes === undefined ? {} : { zippedBytes }) });

function partChanges(now: readonly BundlePart[], before: EarlierBundle['parts']): readonly PartChange[] {
  const sum = (parts: readonly { readonly name: string; readonly bytes: number }[]): Map<string, number> => {
    const byName = new Map<string, number>();
    for (const { name, bytes } of parts) byName.set(name, (byName.get(name) ?? 0) + bytes);
    return byName;
  };
  const [next, last] = [sum(now), sum(before)];
  const changes: PartChange[] = [];
  for (const name of new Set([...next.keys(), ...last.keys()])) {
    const [is, was] = [next.get(name), last.get(name)];
    const bytes = (is ?? 0) - (was ?? 0);
    if (bytes !== 0) changes.push({ name, change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed', bytes });
  }
  return changes.sort((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes) || (a.name < b.name ? -1 : 1));
}
