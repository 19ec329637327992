import type { Value } from '../../model/value.ts';
import type { FunctionView } from '../../model/project.ts';
import { valueKey } from '../values.ts';
import { effects, type ReachedEffect } from './effects.ts';

/** Stores in which people keep copies, and the calls that put one value under one key (redis 5, ioredis 5, Workers KV; November 2026). */
const stores: ReadonlySet<string> = new Set(['redis', 'kv']);
const putsOne = /^(?:set|setex|setEx|psetex|pSetEX|put)$/;

/**
 * Whether a write only keeps a copy of what the function has fetched, for the next caller: into a key-value store, under a key that the
 * function also reads, and a value in which nothing is what the caller sent. Nothing is changed that anybody relies on.
 */
export function isCacheFill(view: FunctionView, { effect, occurrence }: ReachedEffect): boolean {
  if (effect.kind !== 'write' || !stores.has(effect.service) || !putsOne.test(effect.detail) || !effect.key || !occurrence) return false;
  const value = occurrence.args[/ex$/i.test(effect.detail) ? 2 : 1];
  if (!value || !isFetched(value, occurrence.callee.module)) return false;
  const key = valueKey(effect.key);
  return effects(view).some((other) => other.effect.kind === 'read' && other.effect.service === effect.service && other.effect.key !== undefined && valueKey(other.effect.key) === key);
}

const MAX_VISITS = 200;

/** What was in the store before (`get`, by the package or by a binding): one more of it is a count, no copy. */
const isFromStore = (what: string, module: string): boolean => what.startsWith(`${module}:`) || /^#(?:get|mget|hget|getWithMetadata)$/.test(what);

/** Something in it is the answer of a call elsewhere, and all that is not is written in the code. What a call was asked is not what it answers. */
function isFetched(value: Value, module: string): boolean {
  const stack: Value[] = [value];
  let fetched = false;
  for (let visits = 0; stack.length > 0; visits++) {
    const item = stack.pop();
    if (!item || visits > MAX_VISITS) return false;
    switch (item.kind) {
      case 'literal': case 'env': case 'external': case 'function': break;
      case 'derived':
        if (item.io && isFromStore(item.what, module)) return false;
        // Clocks and generators of ids ask nobody.
        if (item.io && !/^(?:global:(?!fetch)|(?:node:)?crypto:|uuid:|nanoid:|ulid:)/.test(item.what)) fetched = true;
        else if (!item.io) stack.push(...item.from);
        break;
      case 'template': stack.push(...item.parts); break;
      case 'array': stack.push(...item.items); break;
      case 'object': for (const [, entry] of item.entries) stack.push(entry); break;
      case 'oneOf': stack.push(...item.options); break;
      default: return false;
    }
  }
  return fetched;
}
