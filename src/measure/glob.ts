/**
 * Path patterns of packaging settings: `**`, `*`, `?`, `[abc]`, `{a,b}`. Matching walks segments and characters with
 * one remembered retry point each, so that no pattern costs more than pattern length times path length.
 */
const MAX_ALTERNATIVES = 256;

/** A test for paths with forward slashes, relative to the pattern's folder. A leading `./` and a trailing `/` are cut. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const alternatives = braces(pattern.replace(/^(?:\.\/)+/, '')).map((text) => {
    const segments = text.split('/');
    if (segments[segments.length - 1] === '') segments[segments.length - 1] = '**';
    return segments;
  });
  return (path) => {
    const segments = path.split('/');
    return alternatives.some((alternative) => matchSegments(alternative, segments));
  };
}

function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  let p = 0;
  let s = 0;
  let starP = -1;
  let starS = 0;
  while (s < path.length) {
    const part = pattern[p];
    if (part === '**') {
      starP = p++;
      starS = s;
    } else if (part !== undefined && matchText(part, path[s] ?? '')) {
      p++;
      s++;
    } else if (starP >= 0) {
      p = starP + 1;
      s = ++starS;
    } else {
      return false;
    }
  }
  while (pattern[p] === '**') p++;
  return p === pattern.length;
}

function matchText(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let starP = -1;
  let starT = 0;
  while (t < text.length) {
    const code = pattern[p];
    if (code === '*') {
      starP = p++;
      starT = t;
      continue;
    }
    const step = p < pattern.length ? matchOne(pattern, p, text[t] ?? '') : 0;
    if (step > 0) {
      p += step;
      t++;
    } else if (starP >= 0) {
      p = starP + 1;
      t = ++starT;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Length of the pattern's element at `at` when it matches the character, else 0. */
function matchOne(pattern: string, at: number, character: string): number {
  const code = pattern[at];
  if (code === '?') return 1;
  if (code === '\\' && at + 1 < pattern.length) return pattern[at + 1] === character ? 2 : 0;
  if (code === '[') {
    const end = pattern.indexOf(']', at + 2);
    if (end > 0) return inClass(pattern.slice(at + 1, end), character) ? end - at + 1 : 0;
  }
  return code === character ? 1 : 0;
}

function inClass(set: string, character: string): boolean {
  const negated = set.startsWith('!') || set.startsWith('^');
  const body = negated ? set.slice(1) : set;
  let found = false;
  for (let index = 0; index < body.length; index++) {
    const from = body[index] ?? '';
    const to = body[index + 1] === '-' ? body[index + 2] : undefined;
    if (to !== undefined) {
      if (from <= character && character <= to) found = true;
      index += 2;
    } else if (from === character) found = true;
  }
  return found !== negated;
}

/** `a{b,c}` gives `ab` and `ac`; beyond 256 alternatives the braces are taken literally. */
function braces(pattern: string): readonly string[] {
  let open: readonly string[] = [pattern];
  for (let round = 0; round < 16; round++) {
    const next: string[] = [];
    let changed = false;
    for (const text of open) {
      const end = text.indexOf('}');
      const start = end < 0 ? -1 : text.lastIndexOf('{', end);
      if (start < 0) {
        next.push(text);
        continue;
      }
      changed = true;
      for (const option of text.slice(start + 1, end).split(',')) next.push(text.slice(0, start) + option + text.slice(end + 1));
    }
    if (next.length > MAX_ALTERNATIVES) return [pattern];
    open = next;
    if (!changed) break;
  }
  return open;
}
