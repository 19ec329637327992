import { compilePattern, matchesPattern } from './wildcard.ts';
import type { PathPattern } from './wildcard.ts';

/**
 * The rules of one `.gitignore` file, as git reads them (gitignore(5), git 2.51 manual, read 2026-11-21): the last
 * matching line decides, `!` takes back, a slash before the end anchors, a slash at the end means folders only.
 */
export interface IgnoreRules {
  /** Depth of the folder that holds the file: number of leading path segments to leave out before matching. */
  readonly depth: number;
  readonly rules: readonly IgnoreRule[];
}

interface IgnoreRule {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** Matched against the name alone. */
  readonly nameOnly: boolean;
  readonly pattern: PathPattern;
}

export function parseGitIgnore(text: string, depth: number): IgnoreRules {
  const rules: IgnoreRule[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const rule = parseLine(raw);
    if (rule !== undefined) rules.push(rule);
  }
  return { depth, rules: rules.reverse() };
}

function parseLine(raw: string): IgnoreRule | undefined {
  let line = trimEnd(raw);
  if (line === '' || line.startsWith('#')) return undefined;
  const negated = line.startsWith('!');
  if (negated) line = line.slice(1);
  const foldersOnly = line.endsWith('/');
  if (foldersOnly) line = line.slice(0, -1);
  const nameOnly = !line.includes('/');
  if (line.startsWith('/')) line = line.slice(1);
  if (line === '') return undefined;
  const pattern = compilePattern(line);
  return pattern === undefined ? undefined : { negated, foldersOnly, nameOnly, pattern };
}

/** Trailing spaces go, unless a backslash keeps one. */
function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && line.charAt(end - 1) === ' ' && line.charAt(end - 2) !== '\\') end--;
  return line.slice(0, end);
}

/**
 * Whether git leaves out an entry whose parent folders it keeps.
 * @param path segments from the root
 * @param chain rules that apply, outermost folder first
 */
export function isIgnored(path: readonly string[], folder: boolean, chain: readonly IgnoreRules[]): boolean {
  const name = path.slice(-1);
  for (let index = chain.length - 1; index >= 0; index--) {
    const level = chain[index];
    if (level === undefined || level.rules.length === 0) continue;
    const below = path.slice(level.depth);
    for (const rule of level.rules) {
      if (rule.foldersOnly && !folder) continue;
      if (matchesPattern(rule.pattern, rule.nameOnly ? name : below)) return !rule.negated;
    }
  }
  return false;
}
