/** What a look at the text of a file tells about what it loads, without parsing it. */
export interface Specifiers {
  /** Sources of `import … from`, `export … from`, `import()` and `require()` with a literal, in the order of the text. */
  readonly sources: readonly string[];
  /** Whether something is loaded by a name that is worked out: `require(path.join(dir, name))`. */
  readonly vague: boolean;
}

const token = /\b(?:import|export)\b(\s+type\s+(?!from\b)[\w*{])?|\bfrom\s*(["'])([^"'\n]*)\2/g;
const call = /^\s*\(\s*(?:\/\*[^*]*\*\/\s*)?(?:(["'`])([^"'`\n$]*)\1\s*[,)])?/;
const sideEffect = /^\s*(["'])([^"'\n]*)\1/;
const required = /\brequire(?=\s*\()/g;

/**
 * Reads the specifiers of a file off its text, in linear time. Comments and strings are not told from code, so it may name
 * more than the file loads, never less; type-only imports are left out. For questions about many files that are asked
 * of no function's code: a parse costs some ten times as much.
 */
export function specifiersOf(text: string): Specifiers {
  const sources: string[] = [];
  let vague = false;
  let typeOnly = false;
  const called = (end: number): boolean => {
    const match = call.exec(text.slice(end, end + 400));
    if (!match) return false;
    if (match[2] !== undefined) sources.push(match[2]); else vague = true;
    return true;
  };
  for (const match of text.matchAll(token)) {
    const end = match.index + match[0].length;
    if (match[3] !== undefined) {
      if (!typeOnly) sources.push(match[3]);
      typeOnly = false;
      continue;
    }
    typeOnly = match[1] !== undefined;
    if (typeOnly || !match[0].startsWith('import') || called(end)) continue;
    const bare = sideEffect.exec(text.slice(end, end + 400));
    if (bare?.[2] !== undefined) sources.push(bare[2]);
  }
  for (const match of text.matchAll(required)) called(match.index + match[0].length);
  return { sources, vague };
}
