/**
 * File name patterns as `.gitignore` writes them: `*` and `?` inside one path segment, `[…]`, `**` for any number of
 * segments, backslash to escape. Patterns come from the scanned repository, so nothing here is a regular expression:
 * matching costs at most pattern length times path length.
 */
export interface PathPattern {
  readonly segments: readonly (Segment | '**')[];
}

/** One character to match: itself, any, any run of characters, or one of a set. */
type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'run' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[]; readonly classes: readonly string[] };

interface Segment {
  /** Set when the segment holds no wildcard. */
  readonly literal?: string;
  readonly tokens: readonly Token[];
}

/** POSIX classes inside brackets, ASCII only. */
const posixClasses: ReadonlyMap<string, RegExp> = new Map([
  ['alpha', /^[A-Za-z]$/], ['digit', /^[0-9]$/], ['alnum', /^[A-Za-z0-9]$/], ['upper', /^[A-Z]$/], ['lower', /^[a-z]$/],
  ['space', /^\s$/], ['blank', /^[ \t]$/], ['punct', /^[!-/:-@[-`{-~]$/], ['xdigit', /^[0-9A-Fa-f]$/],
]);

/** Compiles a pattern without its leading or trailing slash. `undefined` for one that can match nothing (`[` never closed). */
export function compilePattern(pattern: string): PathPattern | undefined {
  const segments: (Segment | '**')[] = [];
  for (const part of pattern.split('/')) {
    if (part === '**') {
      if (segments.at(-1) !== '**') segments.push('**');
      continue;
    }
    const segment = compileSegment(part);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return { segments };
}

function compileSegment(text: string): Segment | undefined {
  const tokens: Token[] = [];
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '\\') {
      index++;
      if (index >= text.length) return undefined;
      tokens.push({ kind: 'char', char: text.charAt(index) });
    } else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '*') {
      if (tokens.at(-1)?.kind !== 'run') tokens.push({ kind: 'run' });
    } else if (char === '[') {
      const set = compileSet(text, index);
      if (set === undefined) return undefined;
      tokens.push(set.token);
      index = set.end;
    } else tokens.push({ kind: 'char', char });
  }
  const plain = tokens.every((token) => token.kind === 'char');
  return plain ? { tokens, literal: tokens.map((token) => (token.kind === 'char' ? token.char : '')).join('') } : { tokens };
}

function compileSet(text: string, start: number): { readonly token: Token; readonly end: number } | undefined {
  let index = start + 1;
  const negated = text.charAt(index) === '!' || text.charAt(index) === '^';
  if (negated) index++;
  const ranges: [string, string][] = [];
  const classes: string[] = [];
  for (let first = true; index < text.length; first = false) {
    let char = text.charAt(index);
    if (char === ']' && !first) return { token: { kind: 'set', negated, ranges, classes }, end: index };
    if (char === '[' && text.charAt(index + 1) === ':') {
      const close = text.indexOf(':]', index + 2);
      const name = close < 0 ? '' : text.slice(index + 2, close);
      if (posixClasses.has(name)) {
        classes.push(name);
        index = close + 2;
        continue;
      }
    }
    if (char === '\\') char = text.charAt(++index);
    let last = char;
    if (text.charAt(index + 1) === '-' && index + 2 < text.length && text.charAt(index + 2) !== ']') {
      index += 2;
      if (text.charAt(index) === '\\') index++;
      last = text.charAt(index);
    }
    ranges.push([char, last]);
    index++;
  }
  return undefined;
}

/** Whether the whole path (segments, no slashes) matches. */
export function matchesPattern(pattern: PathPattern, path: readonly string[]): boolean {
  const { segments } = pattern;
  // A closing `**` stands for what is inside a directory, never for the directory itself.
  const inner = segments.length > 1 && segments.at(-1) === '**';
  const wanted = inner ? segments.slice(0, -1) : segments;
  if (!inner) return matchRun(wanted, path, (segment) => segment === '**', (segment, name) => segment !== '**' && matchSegment(segment, name));
  for (let length = 0; length < path.length; length++) {
    if (matchRun(wanted, path.slice(0, length), (segment) => segment === '**', (segment, name) => segment !== '**' && matchSegment(segment, name))) return true;
  }
  return false;
}

function matchSegment(segment: Segment, name: string): boolean {
  if (segment.literal !== undefined) return segment.literal === name;
  return matchRun(segment.tokens, [...name], (token) => token.kind === 'run', matchToken);
}

function matchToken(token: Token, char: string): boolean {
  if (token.kind === 'char') return token.char === char;
  if (token.kind === 'any') return true;
  if (token.kind === 'run') return false;
  const inside = token.ranges.some(([from, to]) => char >= from && char <= to) || token.classes.some((name) => posixClasses.get(name)?.test(char) === true);
  return inside !== token.negated;
}

/** Matching with runs: after a mismatch only the last run can take one item more, so the cost is a product, not a power. */
function matchRun<P, I>(pattern: readonly P[], items: readonly I[], isRun: (part: P) => boolean, matches: (part: P, item: I) => boolean): boolean {
  let at = 0;
  let item = 0;
  let run = -1;
  let resume = 0;
  while (item < items.length) {
    const part = pattern[at];
    if (part !== undefined && isRun(part)) {
      run = at++;
      resume = item;
    } else if (part !== undefined && matches(part, items[item] as I)) {
      at++;
      item++;
    } else if (run >= 0) {
      at = run + 1;
      item = ++resume;
    } else return false;
  }
  while (at < pattern.length && isRun(pattern[at] as P)) at++;
  return at === pattern.length;
}

/** A test for paths of the workspace: a pattern with a slash is anchored at the root, one without matches any file or folder name on the way. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const trimmed = pattern.replace(/^\.?\//, '').replace(/\/$/, '/**');
  const compiled = compilePattern(trimmed);
  if (compiled === undefined) return () => false;
  const anchored = trimmed.includes('/') || pattern.startsWith('/');
  return (path) => {
    const segments = path.split('/');
    if (!anchored) return segments.some((segment) => matchesPattern(compiled, [segment]));
    // A folder's name stands for everything in it.
    for (let length = segments.length; length > 0; length--) if (matchesPattern(compiled, segments.slice(0, length))) return true;
    return false;
  };
}
