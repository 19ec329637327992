/**
 * Path patterns of platforms' settings: `**`, `*`, `?` and one level of `{a,b}`. Patterns come from the scanned repository, so
 * nothing here is a regular expression: matching costs at most pattern length times path length.
 */
const MAX_ALTERNATIVES = 64;

/** A test for paths relative to the pattern's folder. */
export function pathGlob(pattern: string): (path: string) => boolean {
  const alternatives = braces(pattern.replace(/^(?:\.?\/)+/, '')).map((text) => text.split('/'));
  return (path) => alternatives.some((segments) => run(segments, path.split('/'), (part) => part === '**', (part, segment) => inSegment(part, segment)));
}

function inSegment(pattern: string, text: string): boolean {
  return run([...pattern], [...text], (part) => part === '*', (part, char) => part === '?' || part === char);
}

/** Matching with runs: after a mismatch only the last run can take one item more. */
function run(pattern: readonly string[], items: readonly string[], isRun: (part: string) => boolean, same: (part: string, item: string) => boolean): boolean {
  let at = 0;
  let item = 0;
  let last = -1;
  let resume = 0;
  while (item < items.length) {
    const part = pattern[at];
    if (part !== undefined && isRun(part)) {
      last = at++;
      resume = item;
    } else if (part !== undefined && same(part, items[item] ?? '')) {
      at++;
      item++;
    } else if (last >= 0) {
      at = last + 1;
      item = ++resume;
    } else return false;
  }
  while (at < pattern.length && isRun(pattern[at] ?? '')) at++;
  return at === pattern.length;
}

function braces(pattern: string): readonly string[] {
  let open: readonly string[] = [pattern];
  for (let round = 0; round < 4; round++) {
    const next = open.flatMap((text) => {
      const end = text.indexOf('}');
      const start = end < 0 ? -1 : text.lastIndexOf('{', end);
      return start < 0 ? [text] : text.slice(start + 1, end).split(',').map((option) => text.slice(0, start) + option + text.slice(end + 1));
    });
    if (next.length > MAX_ALTERNATIVES) return [pattern];
    if (next.length === open.length && next.every((text, index) => text === open[index])) break;
    open = next;
  }
  return open;
}
