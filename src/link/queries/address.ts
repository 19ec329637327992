import { alternatives, literal, type Value } from '../../model/value.ts';
import { oneOf, template } from '../values.ts';

/**
 * The address that a value is, as one text: objects of `URL` with what was set on them (`url.pathname = '/x'`), relative
 * addresses against their base, and what gives such an object as a text (`.href`, `.toString()`). Sources: URL Standard (WHATWG, November
 * 2026); `nextUrl` of Next.js ("NextRequest", November 2026).
 */
export function asAddress(value: Value): Value {
  return oneOf(alternatives(value).flatMap((one) => alternatives(addressOf(one, 0))));
}

/** The part of an address before its path, of an address that is not known: `.origin` of what it is. */
export const ORIGIN = '.origin';

function addressOf(value: Value, depth: number): Value {
  if (depth > 6) return value;
  switch (value.kind) {
    case 'instance': {
      const [path, base] = value.args;
      if (!isUrl(value) || !path) return value;
      // Each base that there may be: `new URL(site || process.env.URL)`.
      return oneOf((base ? alternatives(path) : known(path)).flatMap((head) => known(base).map((one) => against(addressOf(head, depth + 1), base ? one : undefined, depth))));
    }
    case 'object': {
      const [of] = value.entries[0]?.[0] === '...' ? [value.entries[0][1]] : [];
      if (!of || !isUrlLike(of)) return value;
      const set = (name: string): Value | undefined => value.entries.findLast(([key]) => key === name)?.[1];
      if (set('host') ?? set('hostname') ?? set('port')) return value;
      if (set('href')) return addressOf(set('href') as Value, depth + 1);
      const path = set('pathname');
      if (!path) return addressOf(of, depth + 1);
      return oneOf(alternatives(addressOf(of, depth + 1)).flatMap((one) => alternatives(path).map((to) => joined(originOf(one, depth + 1), to))));
    }
    case 'derived': {
      const [of] = value.from;
      if (of && isUrlLike(of) && /^(?:#(?:toString|toJSON|clone)|\.href|global:String)$/.test(value.what)) return addressOf(of, depth + 1);
      if (of && isUrlLike(of) && value.what === ORIGIN) return oneOf(alternatives(addressOf(of, depth + 1)).map((one) => originOf(one, depth + 1)));
      return value;
    }
    // `${url.origin}/api/x`, `${url}`
    case 'template': {
      const parts = value.parts.map((part) => addressOf(part, depth + 1));
      return parts.every((part, index) => part === value.parts[index]) ? value : template(parts);
    }
    default: return value;
  }
}

/** What an address may be, without the empty text that stands for none. */
function known(value: Value | undefined): readonly Value[] {
  const all = alternatives(value ?? literal(undefined));
  const some = all.filter((one) => !(one.kind === 'literal' && !one.value));
  return some.length > 0 ? some : all;
}

const isUrl = (value: Value): boolean => value.kind === 'instance' && value.of.kind === 'external' && value.of.path.at(-1) === 'URL';

/** An object of `URL`, changed or not, or the one that a framework hangs on the request. */
export function isUrlLike(value: Value | undefined): value is Value {
  if (!value) return false;
  if (value.kind === 'object') { const [first] = value.entries; return first?.[0] === '...' && isUrlLike(first[1]); }
  if (value.kind === 'oneOf') return value.options.every(isUrlLike);
  if (value.kind === 'derived') return value.what === '#clone' && isUrlLike(value.from[0]);
  return isUrl(value) || (value.kind === 'event' && value.path.at(-1) === 'nextUrl');
}

function against(path: Value, base: Value | undefined, depth: number): Value {
  if (!base) return path;
  const head = path.kind === 'literal' ? String(path.value) : path.kind === 'template' && path.parts[0]?.kind === 'literal' ? String(path.parts[0].value) : '';
  if (/^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(head)) return path;
  return joined(head.startsWith('/') ? originOf(addressOf(base, depth + 1), depth + 1) : addressOf(base, depth + 1), path);
}

function joined(base: Value, path: Value): Value {
  const head = path.kind === 'literal' ? String(path.value) : path.kind === 'template' && path.parts[0]?.kind === 'literal' ? String(path.parts[0].value) : '';
  return template([base, ...(head.startsWith('/') ? [] : [literal('/')]), path]);
}

/** An address without its path. */
function originOf(value: Value, depth: number): Value {
  const parts = value.kind === 'template' ? value.parts : [value];
  const kept: Value[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'literal') {
      // All of a request's own address is its origin and more.
      kept.push(index === 0 && part.kind === 'event' && /^(?:url|nextUrl)$/.test(part.path.at(-1) ?? '') ? { kind: 'derived', what: ORIGIN, from: [part], io: false } : part);
      continue;
    }
    const text = String(part.value);
    const scheme = index === 0 ? (/^(?:[a-z][a-z0-9+.-]*:)?\/\//i.exec(text)?.[0].length ?? 0) : text.startsWith('://') ? 3 : 0;
    const end = text.slice(scheme).search(/[/?#]/);
    kept.push(end < 0 ? part : literal(text.slice(0, scheme + end)));
    if (end >= 0) break;
  }
  return depth > 6 ? value : template(kept.filter((part) => !(part.kind === 'literal' && part.value === '')));
}
