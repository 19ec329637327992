import { literalText, type Value } from '../model/value.ts';
import { isMissing, oneOf } from './values.ts';

const MAX_DEPTH = 8;

/**
 * What a configuration of convict holds (README of convict 6, "The Schema", November 2026): `convict({ queue: { env: 'QUEUE_URL', default: '' } })`
 * asked by `get('queue')` or as a whole by `getProperties()`; a value is that of its environment variable, or its default.
 *
 * @param path of `get`
 * @param variable the value of an environment variable
 * @returns `undefined` for anything else
 */
export function convictValue(receiver: Value, method: string, path: Value | undefined, variable: (name: string) => Value): Value | undefined {
  if (receiver.kind !== 'derived' || !/^convict:(?:default)?$/.test(receiver.what)) return undefined;
  const [schema] = receiver.from;
  if (schema?.kind !== 'object' || schema.open) return undefined;
  if (method === 'getProperties') return held(schema, variable, 0);
  const steps = method === 'get' ? literalText(path)?.split('.') : undefined;
  let current: Value | undefined = steps && schema;
  for (const step of steps ?? []) current = current?.kind === 'object' ? current.entries.findLast(([name]) => name === step)?.[1] : undefined;
  return current && held(current, variable, 0);
}

function held(schema: Value, variable: (name: string) => Value, depth: number): Value | undefined {
  if (schema.kind !== 'object' || depth > MAX_DEPTH) return undefined;
  const part = (wanted: string): Value | undefined => schema.entries.findLast(([name]) => name === wanted)?.[1];
  const start = part('default');
  if (start && start.kind === 'object' && start.entries.some(([name]) => name === 'default')) return group(schema, variable, depth);
  if (!start && !literalText(part('env'))) return group(schema, variable, depth);
  const name = literalText(part('env'));
  const set = name === undefined ? undefined : variable(name);
  if (!set || isMissing(set)) return start;
  // A variable that the deployment sets hides the default.
  return set.kind === 'env' && start ? oneOf([set, start]) : set;
}

function group(schema: Value & { kind: 'object' }, variable: (name: string) => Value, depth: number): Value {
  const entries = schema.entries.flatMap(([name, inner]): readonly (readonly [string, Value])[] => {
    const value = held(inner, variable, depth + 1);
    return value ? [[name, value]] : [];
  });
  return { kind: 'object', entries, open: schema.open || entries.length < schema.entries.length };
}
