import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';

/**
 * A call seen as a chain of names from its root: `pubsub.topic('a').publishMessage({})` of `new PubSub()` is
 * `PubSub() · topic('a') · publishMessage({})`. Fluent clients say their target in an earlier link than the one that acts.
 */
export interface Chain {
  /** Import specifier of the package at the root; `global`, `event`, `context` for what the platform gives, `resource` for what it binds. */
  readonly module: string;
  readonly links: readonly Link[];
  /** The value at the root of a chain on the event, the context or a bound resource. */
  readonly root?: Value;
}

export interface Link {
  /** Without the `#` of methods; `()` where the value before is called itself. */
  readonly name: string;
  /** Absent for a property that is only read. */
  readonly args?: readonly Value[];
}

const MAX_LINKS = 32;
/** Steps of a value that stay on the same object for the question what is acted on. */
const transparent: ReadonlySet<string> = new Set(['element', 'new', 'property', 'awaited']);

/** The chain of a call; `undefined` when its root is neither a package nor something that the platform gives. Pure. */
export function chainOf(callee: Callee, args: readonly Value[]): Chain | undefined {
  if (callee.module !== 'unknown') {
    const made = callee.receiver ? valueChain(callee.receiver) : undefined;
    // A method of an object that a call gave: the object's own chain knows its arguments.
    if (made && made.module === callee.module && made.links.length > 0 && callee.path.at(-1)?.startsWith('#')) return { ...made, links: [...made.links, { name: bare(callee.path.at(-1)), args }] };
    return { module: plain(callee.module), links: named(callee.path, args) };
  }
  const method = callee.path.at(-1);
  if (!callee.receiver) return undefined;
  const found = valueChain(callee.receiver);
  return found && { ...found, links: [...found.links, { name: method === undefined ? '()' : bare(method), args }] };
}

/** The chain that made a value: what it was constructed, called and read from. Pure. */
export function valueChain(value: Value): Chain | undefined {
  const links: Link[] = [];
  let current: Value | undefined = value;
  for (let step = 0; step < MAX_LINKS && current; step++) {
    switch (current.kind) {
      case 'external': return { module: plain(current.module), links: [...named(current.path, undefined), ...links] };
      case 'instance': {
        if (current.of.kind !== 'external') return undefined;
        return { module: plain(current.of.module), links: [...named(current.of.path, current.args), ...links] };
      }
      case 'resource': return { module: 'resource', links, root: current };
      case 'event': case 'context': return { module: current.kind, links: [...current.path.map((name) => ({ name })), ...links], root: current };
      case 'oneOf': current = current.options.find((option) => option.kind !== 'literal' && option.kind !== 'unknown'); continue;
      case 'derived': break;
      default: return undefined;
    }
    const { what, from }: { readonly what: string; readonly from: readonly Value[] } = current;
    if (what.startsWith('.')) links.unshift({ name: what.slice(1) });
    else if (what.startsWith('#')) links.unshift({ name: what.slice(1), args: from.slice(1) });
    else if (what === 'call') links.unshift({ name: '()', args: from.slice(1) });
    else if (!transparent.has(what)) return packageCall(what, from, links);
    current = from[0];
  }
  return undefined;
}

/** `module:A.#b`: a call of a package, by the name that the evaluator gives its result. */
function packageCall(what: string, from: readonly Value[], after: readonly Link[]): Chain | undefined {
  const colon = what.lastIndexOf(':');
  if (colon < 1 || what.startsWith('repo:')) return undefined;
  const path = what.slice(colon + 1).split('.').filter((part) => part !== '');
  const [first] = from;
  const isMethod = path.at(-1)?.startsWith('#') === true && first?.kind === 'instance';
  if (!isMethod) return { module: plain(what.slice(0, colon)), links: [...named(path, from), ...after] };
  const made = valueChain(first);
  const own: Link = { name: bare(path.at(-1)), args: from.slice(1) };
  return made ? { ...made, links: [...made.links, own, ...after] } : undefined;
}

/** Names of a path, the last of them called with the arguments. A package that is called itself is `()`. */
function named(path: readonly string[], args: readonly Value[] | undefined): readonly Link[] {
  let skip = 0;
  while (path[skip] === 'default') skip++;
  const rest = path.slice(skip);
  if (rest.length === 0) return args ? [{ name: '()', args }] : [];
  return rest.map((part, index) => ({ name: bare(part), ...(args && index === rest.length - 1 ? { args } : {}) }));
}

const bare = (part: string | undefined): string => (part ?? '').replace('#', '');

/** Without `node:`, `npm:` and a version; a bundled build file of a package is the package. */
function plain(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier.slice(5);
  return specifier.startsWith('npm:') ? specifier.slice(4).replace(/^\//, '').replace(/(?<=.)@[^/]*/, '') : specifier;
}
