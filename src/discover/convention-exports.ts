const maximumLength = 1_000_000;

/** The text without whole lines of comment, which often hold code that is switched off. Block comments count only where a line begins with them: `'/*'` is a route. */
function codeOf(text: string): string {
  const code = text.slice(0, maximumLength).replaceAll(/^[ \t]{0,200}\/\/.*$/gm, '');
  let kept = '';
  let at = 0;
  for (const match of code.matchAll(/^[ \t]{0,200}\/\*/gm)) {
    if (match.index < at) continue;
    const end = code.indexOf('*/', match.index + match[0].length);
    if (end < 0) break;
    kept += code.slice(at, match.index);
    at = end + 2;
  }
  return kept + code.slice(at);
}

/** Every name that a module's text exports as a value: declarations, lists, destructuring. `export *` gives none. */
export function exportNames(text: string): readonly string[] {
  const code = codeOf(text);
  const names = new Set<string>(listedNames(code));
  for (const match of code.matchAll(/\bexport\s{1,20}(?:const|let|var|(?:async\s{1,20})?function\*?)\s{1,20}([A-Za-z_$][\w$]{0,200})/g)) if (match[1] !== undefined) names.add(match[1]);
  for (const match of code.matchAll(/\bexports\.([A-Za-z_$][\w$]{0,200})\s{0,20}=(?!=)/g)) if (match[1] !== undefined) names.add(match[1]);
  if (/\bexport\s{1,20}default\b/.test(code)) names.add('default');
  return [...names];
}

/** `export { a, b as c }` and `export const { a, b: c } = …`. */
function listedNames(code: string): readonly string[] {
  const names: string[] = [];
  for (const item of items(code, /\bexport\s{0,20}\{/g)) {
    const words = item.trim().split(/\s+/);
    const name = words.at(-1);
    if (name !== undefined && /^[\w$]+$/.test(name) && words[0] !== 'type') names.push(name);
  }
  for (const item of items(code, /\bexport\s{1,20}(?:const|let|var)\s{0,20}\{/g)) {
    const name = /([\w$]+)\s*$/.exec((item.split('=')[0] ?? '').slice(0, 200))?.[1];
    if (name !== undefined && !item.includes('...')) names.push(name);
  }
  return names;
}

/** Items between commas of every list that an opening matches; lists above 2,000 characters hold none. Linear in the text. */
function items(code: string, opening: RegExp): readonly string[] {
  const found: string[] = [];
  let end = -1;
  for (const match of code.matchAll(opening)) {
    const start = match.index + match[0].length;
    if (end < start) end = code.indexOf('}', start);
    if (end < 0) break;
    if (end - start <= 2_000) found.push(...code.slice(start, end).split(','));
  }
  return found;
}

/**
 * The first of the wanted names that a module's text exports, told from the text alone: enough to choose between the
 * few names that a framework looks for. `undefined` when none is there.
 */
export function exportOf(text: string, wanted: readonly string[]): string | undefined {
  return exportsOf(text, wanted)[0];
}

/** All wanted names that a module's text exports, in the order wanted. */
export function exportsOf(text: string, wanted: readonly string[]): string[] {
  const code = codeOf(text);
  const listed = new Set(listedNames(code));
  // `module.exports = { a, b: c, async d() {} }`, as far as its first closing brace.
  const properties = new Set(items(code, /\bmodule\.exports\s{0,20}=\s{0,20}\{/g).flatMap((item) => item.slice(0, 500).match(/[A-Za-z_$][\w$]*/g) ?? []));
  return wanted.filter((name) => {
    // CommonJS: the module itself is what importers see as its default.
    if (name === 'default') return listed.has('default') || /\bexport\s{1,20}default\b/.test(code) || /\bmodule\.exports\s{0,20}=(?!=)(?!\s{0,20}\{)/.test(code) || /\bexports\.default\s{0,20}=(?!=)/.test(code) || /^\s{0,20}export\s{0,20}=(?!=)/m.test(code);
    const escaped = name.replaceAll(/[^A-Za-z0-9_]/g, '');
    return listed.has(name)
      || new RegExp(`\\bexport\\s{1,20}(?:const|let|var|async\\s{1,20}function|function\\*?)\\s{1,20}${escaped}\\b`).test(code)
      || new RegExp(`\\bexports\\.${escaped}\\s{0,20}=(?!=)`).test(code)
      || properties.has(escaped);
  });
}
