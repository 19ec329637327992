import { alternatives, literalText, type Value } from '../../model/value.ts';
import { valueKey } from '../values.ts';

/** Where events hold the two states of what changed (Cloud Firestore and Realtime Database triggers, DynamoDB StreamRecord; November 2026). */
const states: ReadonlyMap<string, Side> = new Map([['before', 'before'], ['OldImage', 'before'], ['after', 'after'], ['NewImage', 'after']]);

export type Side = 'before' | 'after';

/** What a value is worked out from, of the document or item that an event tells of. */
export interface Mirror {
  /** The state that it looks at; absent: neither. */
  readonly side?: Side;
  /** Fields of the document that decide it, by their paths (`owner.name`); `*` where they are not known, `*-a,b` for all but some. */
  readonly fields: readonly string[];
  /** Equal for two values that are the same function of the one state and of the other. */
  readonly key: string;
  /** It is the state itself: the snapshot, or all of its data. */
  readonly whole?: 'snapshot' | 'data';
  /** It says whether the document is there. */
  readonly exists?: true;
}

const MAX_DEPTH = 14;

/** How a value depends on the state before or after a change; `undefined`: on both, on what is asked for elsewhere, or that is not known. */
export function mirrorOf(value: Value, depth = 0): Mirror | undefined {
  if (depth > MAX_DEPTH) return undefined;
  switch (value.kind) {
    case 'literal': case 'env': case 'context': return { fields: [], key: valueKey(value) };
    case 'event': return ofEvent(value.path);
    case 'derived': return ofDerived(value, depth);
    case 'oneOf': {
      // `snapshot.exists ? snapshot.data() : null`, `image ?? {}`, `before ? before.name : undefined`
      const options = alternatives(value);
      const alone = aloneOf(options.filter((one) => !isNothing(one)), depth);
      return alone?.whole ? alone : (aloneOf(options.filter((one) => !isMissing(one)), depth) ?? together('one', options, depth, true));
    }
    case 'template': return together('text', value.parts, depth);
    case 'array': return value.open ? undefined : together('list', value.items, depth);
    case 'object': return value.open ? ofRest(value.entries, depth) : together(`object ${value.entries.map(([name]) => name).join()}`, value.entries.map(([, item]) => item), depth);
    default: return undefined;
  }
}

/** `const { updatedAt, ...rest } = before`: all fields but some. */
function ofRest([first, ...others]: readonly (readonly [string, Value])[], depth: number): Mirror | undefined {
  const of = first?.[0] === '...' ? mirrorOf(first[1], depth + 1) : undefined;
  return of?.whole === 'data' && others.length > 0 && others.every(([, item]) => isMissing(item)) ? without(of, others.map(([name]) => name)) : undefined;
}

/** All fields of a state but those of some names. */
const without = ({ whole: _, ...of }: Mirror, names: readonly string[]): Mirror => {
  const left = [...new Set(names)].sort().join();
  return { ...of, fields: [`*-${left}`], key: `${of.key}-${left}` };
};

/** Whether `fields` of a mirror may name a field of that path; of what all fields but some decide every other one. */
export function names(field: string, path: string): boolean {
  if (field === '*') return true;
  if (field.startsWith('*-')) return !field.slice(2).split(',').includes(path.split('.')[0] ?? '');
  return field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`);
}

/** What stands for a document that is not there. */
const isMissing = (value: Value): boolean => value.kind === 'literal' && (value.value === undefined || value.value === null);
const isNothing = (value: Value): boolean => isMissing(value) || (value.kind === 'literal' && value.value === false) || (value.kind === 'object' && !value.open && value.entries.length === 0);

function aloneOf(options: readonly Value[], depth: number): Mirror | undefined {
  const [only] = options;
  return only && options.length === 1 ? mirrorOf(only, depth + 1) : undefined;
}

function ofEvent(path: readonly string[]): Mirror {
  const at = path.findIndex((step) => states.has(step));
  const step = path[at] ?? '';
  const side = states.get(step);
  if (at < 0 || !side) return { fields: [], key: path.join('.') };
  const base: Mirror = { side, fields: [], key: '@', whole: step.endsWith('Image') ? 'data' : 'snapshot' };
  return path.slice(at + 1).reduce(part, base);
}

/** A property of what is known. */
function part(of: Mirror, name: string): Mirror {
  const { whole: _, ...rest } = of;
  const key = `${of.key}.${name}`;
  if (of.whole === 'snapshot') return name === 'exists' ? { ...rest, key, exists: true } : { ...rest, key };
  if (of.whole === 'data') return { ...rest, key, fields: [name] };
  const [only] = of.fields;
  return only !== undefined && of.fields.length === 1 && of.key === `@.${only}` ? { ...rest, key, fields: [`${only}.${name}`] } : { ...rest, key };
}

function ofDerived(value: Value & { kind: 'derived' }, depth: number): Mirror | undefined {
  const [first, second] = value.from;
  const of = first && mirrorOf(first, depth + 1);
  if (of?.whole) {
    // `omit(before, ['updatedAt'])`, `pick(before, 'name', 'mail')` (lodash 4, Ramda's order aside; November 2026).
    const chosen = /(?:^|[:.])(omit|pick)$/.exec(value.what)?.[1];
    const listed = chosen ? value.from.slice(1).flatMap((one) => (one.kind === 'array' && !one.open ? one.items : [one])).map(literalText) : [];
    if (listed.length > 0 && !listed.includes(undefined)) {
      const found = listed.flatMap((one) => one ?? []);
      const { whole: _, ...rest } = of;
      return chosen === 'omit' ? without(of, found) : { ...rest, fields: found, key: `${of.key}+${[...found].sort().join()}` };
    }
    if (/^\.[^.]/.test(value.what)) return part(of, value.what.slice(1));
    if (/^#(?:data|val|toJSON|toObject)$|unmarshall$/.test(value.what)) return { ...of, whole: 'data' };
    if (value.what === '#exists') return part(of, 'exists');
    const name = /^#(?:get|child)$/.test(value.what) ? second && literalText(second) : undefined;
    if (name !== undefined) return part({ ...of, whole: 'data' }, name);
    return value.what.startsWith('#') ? undefined : together(value.what, value.from, depth);
  }
  // `after.owner.name`: a field of a field.
  if (of?.side && /^\.[^.]/.test(value.what) && value.what !== '.length') return part(of, value.what.slice(1));
  // What is asked of somebody else may have another answer for each of the two; `after.owner.get()` asks another document.
  if ((value.io && !of?.side) || (value.what === '#get' && value.from.length === 1)) return undefined;
  return together(value.what, value.from, depth);
}

/** What several values make together, where they look at one state only. */
function together(what: string, values: readonly Value[], depth: number, anyOrder = false): Mirror | undefined {
  const parts: Mirror[] = [];
  for (const value of values) {
    const found = mirrorOf(value, depth + 1);
    if (!found) return undefined;
    parts.push(found);
  }
  const sides = new Set(parts.flatMap(({ side }) => side ?? []));
  if (sides.size > 1) return undefined;
  const [side] = sides;
  const keys = parts.map(({ key }) => key);
  return { ...(side ? { side } : {}), fields: [...new Set(parts.flatMap((one) => (one.whole ? ['*'] : one.fields)))], key: `${what}(${(anyOrder ? keys.sort() : keys).join()})` };
}
