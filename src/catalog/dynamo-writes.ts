import { unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { property, textOf } from './look-up.ts';

/**
 * What a DynamoDB write says of the item: the attributes that it sets, its key, and which stream records it makes.
 *
 * Source (November 2026): DynamoDB developer guide, "Update expressions" (SET, REMOVE, ADD, DELETE clauses; names after
 * `#`, values after `:`), "Condition expressions" (attribute_exists, attribute_not_exists), "Change data capture for DynamoDB
 * Streams" (INSERT for a new item, MODIFY for one that is there).
 */
export interface ItemWrite {
  /** Attributes and values that the item has afterwards; open for an update, which leaves the others as they are. */
  readonly item?: Value;
  readonly key?: Value;
  readonly events: readonly string[];
}

/** Of the parameters of PutItem or UpdateItem, or the `Put` or `Update` of a transaction. Pure. */
export function itemWriteOf(params: Value | undefined): ItemWrite {
  const item = property(params, 'Item') ?? updatedItem(params);
  const key = property(params, 'Key');
  return { events: eventsOf(textOf(property(params, 'ConditionExpression'))), ...(item ? { item } : {}), ...(key ? { key } : {}) };
}

function eventsOf(condition: string | undefined): readonly string[] {
  // Only a condition that must hold as a whole narrows: no alternative, no negation of a group.
  if (condition === undefined || /\bOR\b|\bNOT\b\s*\(/i.test(condition)) return ['INSERT', 'MODIFY'];
  if (/\battribute_exists\s*\(/i.test(condition)) return /\bNOT\s+attribute_exists/i.test(condition) ? ['INSERT', 'MODIFY'] : ['MODIFY'];
  // `attribute_not_exists(other)` may hold of an item that is there: a put then modifies it, but that attribute was never set.
  return ['INSERT', 'MODIFY'];
}

/** `SET done = :d, #n = :n` with its names and values, as an item. */
function updatedItem(params: Value | undefined): Value | undefined {
  const values = property(params, 'ExpressionAttributeValues');
  const expression = textOf(property(params, 'UpdateExpression'));
  if (expression === undefined) return values ? { kind: 'object', entries: values.kind === 'object' ? values.entries : [], open: true } : undefined;
  const names = property(params, 'ExpressionAttributeNames');
  const entries: [string, Value][] = [];
  // Clause by clause: only SET gives an attribute a value that is written in the call.
  for (const clause of expression.split(/\b(?=(?:SET|REMOVE|ADD|DELETE)\s)/i)) {
    const kind = /^\s*(SET|REMOVE|ADD|DELETE)\s+/i.exec(clause);
    if (!kind) continue;
    for (const part of clause.slice(kind[0].length).split(',')) {
      const [, path, value] = /^\s*([#\w.-]{1,255})\s*(?:=|\s)\s*(:\w{1,255})\s*$/.exec(part) ?? /^\s*([#\w.-]{1,255})\s*=()/.exec(part) ?? [];
      if (path === undefined) continue;
      const name = path.startsWith('#') ? textOf(property(names, path)) : path;
      if (name === undefined) { entries.push(['*', unknown('computed by the update')]); continue; }
      const given = kind[1]?.toUpperCase() === 'SET' && value ? property(values, value) : undefined;
      entries.push([name, given ?? unknown('computed by the update')]);
    }
  }
  return { kind: 'object', entries, open: true };
}
