import { property, textOf } from '../../catalog/look-up.ts';
import type { Value } from '../../model/value.ts';
import type { LinkedFunction } from '../view.ts';
import type { ReachedEffect } from './effects.ts';

/** Names of the attributes that tell one item of a declared table from another; `undefined` where the declaration does not say. */
export function keyNamesOf(view: LinkedFunction, item: ReachedEffect): ReadonlySet<string> | undefined {
  const [only] = item.targets;
  if (item.targets.length !== 1 || only?.names.kind !== 'resource') return undefined;
  const properties = (only.names.resource ?? view.project.resources.get(only.names.id))?.properties;
  if (!properties) return undefined;
  const schema = property(properties, 'KeySchema') ?? property(property(properties, 'Properties'), 'KeySchema');
  const listed = schema?.kind === 'array' && !schema.open ? schema.items.map((entry) => textOf(property(entry, 'AttributeName'))) : [];
  const written = ['hash_key', 'range_key', 'hashKey', 'rangeKey'].map((name) => textOf(property(properties, name)));
  const made = ['partitionKey', 'sortKey'].map((name) => { const key: Value | undefined = property(properties, name); return key?.kind === 'object' ? textOf(property(key, 'name')) : undefined; });
  const names = [...listed, ...written, ...made].filter((name) => name !== undefined);
  return names.length > 0 ? new Set(names) : undefined;
}
