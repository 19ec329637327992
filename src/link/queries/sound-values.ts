import type { Value } from '../../model/value.ts';
import { contains, oneOf } from '../values.ts';

/** A property of nothing: whoever reads it fails, and nothing is sent. */
const isFailure = (value: Value): boolean => value.kind === 'unknown' && /^property \S+ of undefined$/.test(value.reason);

const MAX_DEPTH = 8;

/**
 * What is sent, without the ways on which working it out fails: of `const { name } = result.value`, where the result may be an error, the
 * name that it has otherwise.
 */
export function soundOf(value: Value, depth = 0): Value {
  if (depth > MAX_DEPTH || (depth === 0 && !contains(value, isFailure))) return value;
  const inner = (one: Value): Value => soundOf(one, depth + 1);
  switch (value.kind) {
    case 'oneOf': {
      const sound = value.options.filter((one) => !isFailure(one));
      return sound.length === 0 ? value : oneOf(sound.map(inner));
    }
    case 'object': return { ...value, entries: value.entries.map(([name, one]) => [name, inner(one)]) };
    case 'array': return { ...value, items: value.items.map(inner) };
    case 'template': return { kind: 'template', parts: value.parts.map(inner) };
    default: return value;
  }
}
