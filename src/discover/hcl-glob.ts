const MAX_ALTERNATIVES = 20;

/**
 * Whether a path fits a pattern of `fileset`: `*` within a name, `**` over folders, `?`, `{a,b}` (Terraform language reference, "fileset").
 * In time bounded by the product of both lengths, whatever the pattern. `undefined`: the pattern is not understood.
 */
export function globMatcher(pattern: string): ((path: string) => boolean) | undefined {
  const alternatives = expanded(pattern);
  if (!alternatives) return undefined;
  const split = alternatives.map((alternative) => alternative.split('/'));
  return (path) => {
    const names = path.split('/');
    return split.some((segments) => fits(segments, names));
  };
}

/** One pattern for each way through the braces. */
function expanded(pattern: string): readonly string[] | undefined {
  if (pattern.length > 200 || /[[\]\\]/.test(pattern)) return undefined;
  let done: string[] = [pattern];
  for (;;) {
    const next: string[] = [];
    let changed = false;
    for (const item of done) {
      const match = /\{([^{}]*)\}/.exec(item);
      if (!match) next.push(item);
      else {
        changed = true;
        for (const option of (match[1] ?? '').split(',')) next.push(item.slice(0, match.index) + option + item.slice(match.index + match[0].length));
      }
    }
    if (next.length > MAX_ALTERNATIVES || next.some((item) => !changed && /[{}]/.test(item))) return undefined;
    if (!changed) return next;
    done = next;
  }
}

/** Segments against names, `**` standing for any number of them: a table, row by row. */
function fits(segments: readonly string[], names: readonly string[]): boolean {
  let row = names.map(() => false);
  let start = true;
  for (const segment of segments) {
    const next: boolean[] = [];
    for (let at = 0; at < names.length; at++) {
      const before = at === 0 ? start : row[at - 1] === true;
      next.push(segment === '**' ? before || row[at] === true || next[at - 1] === true : before && nameFits(segment, names[at] ?? ''));
    }
    start = start && segment === '**';
    row = next;
  }
  return row.at(-1) === true;
}

/** The usual walk with one place to come back to. */
function nameFits(pattern: string, name: string): boolean {
  let [p, n, star, mark] = [0, 0, -1, 0];
  while (n < name.length) {
    const char = pattern.charAt(p);
    if (char === '*') {
      star = p++;
      mark = n;
    } else if (p < pattern.length && (char === '?' || char === name.charAt(n))) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (pattern.charAt(p) === '*') p++;
  return p >= pattern.length;
}
