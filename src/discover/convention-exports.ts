const maximumLength = 1_000_000;

/**
 * The first of the wanted names that a module's text exports, told from the text alone: enough to choose between the
 * few names that a framework looks for. `undefined` when none is there.
 */
export function exportOf(text: string, wanted: readonly string[]): string | undefined {
  return exportsOf(text, wanted)[0];
}

/** All wanted names that a module's text exports, in the order wanted. */
export function exportsOf(text: string, wanted: readonly string[]): string[] {
  const code = text.slice(0, maximumLength);
  const listed = new Set<string>();
  for (const match of code.matchAll(/\bexport\s{0,20}\{([^}]{0,2000})\}/g)) {
    for (const item of (match[1] ?? '').split(',')) {
      const words = item.trim().split(/\s+/);
      const name = words.at(-1);
      if (name !== undefined && words[0] !== 'type') listed.add(name);
    }
  }
  return wanted.filter((name) => {
    // CommonJS: the module itself is what importers see as its default.
    if (name === 'default') return listed.has('default') || /\bexport\s{1,20}default\b/.test(code) || /\bmodule\.exports\s{0,20}=(?!=)(?!\s{0,20}\{)/.test(code);
    const escaped = name.replaceAll(/[^A-Za-z0-9_]/g, '');
    return listed.has(name)
      || new RegExp(`\\bexport\\s{1,20}(?:const|let|var|async\\s{1,20}function|function\\*?)\\s{1,20}${escaped}\\b`).test(code)
      || new RegExp(`\\bexports\\.${escaped}\\s{0,20}=(?!=)`).test(code)
      || new RegExp(`\\bmodule\\.exports\\s{0,20}=\\s{0,20}\\{[^}]{0,2000}\\b${escaped}\\b`).test(code);
  });
}
