import type { SizeReader } from '../workspace/sizes.ts';
import { globMatcher } from './glob.ts';
import type { Manifest } from './manifest.ts';
import { join } from './tsconfig.ts';

/** Never packed (npm documentation, "package.json", `files`, npm 11, 2026). */
const never = ['.git', 'CVS', '.svn', '.hg', '.lock-wscript', '.wafpickle-*', '.*.swp', '.DS_Store', '._*', 'npm-debug.log', '.npmrc', 'node_modules', 'config.gypi', '*.orig', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lockb', 'bun.lock', '.npmignore', '.gitignore'];
const always = /^(?:package\.json|readme(?:\.[^/]*)?|licen[cs]e(?:\.[^/]*)?|copying(?:\.[^/]*)?)$/i;
const MAX_IGNORE_FILE = 200_000;

interface Rule {
  readonly keep: boolean;
  readonly test: (path: string) => boolean;
}

/**
 * Which files of a folder `npm pack` takes: those that `files` of the manifest names, else all that neither `.npmignore`
 * nor, without one, `.gitignore` excludes. AWS SAM unpacks that into the build (aws-lambda-builders, workflow nodejs_npm).
 * Ignore files of subfolders are not looked at.
 */
export function npmFilter(folder: string, sizes: SizeReader, manifest: Manifest): (path: string) => boolean {
  const out = rules(never);
  const main = manifest.entries.get('main')?.replace(/^\.\//, '');
  const wanted = manifest.files;
  const listed = wanted === undefined ? undefined : wanted.map((pattern): Rule => {
    const keep = !pattern.startsWith('!');
    return { keep, test: below((keep ? pattern : pattern.slice(1)).replace(/^\.?\/+/, '').replace(/\/+$/, '')) };
  });
  const ignored = listed === undefined ? rules(ignoreLines(folder, sizes)) : [];
  return (path) => {
    if (path === 'package.json' || path === main) return true;
    if (decide(out, path) === true) return false;
    if (always.test(path)) return true;
    if (listed !== undefined) return decide(listed, path) ?? false;
    return decide(ignored, path) !== true;
  };
}

/** What the last rule that matches says. */
function decide(list: readonly Rule[], path: string): boolean | undefined {
  for (let index = list.length - 1; index >= 0; index--) if (list[index]?.test(path)) return list[index]?.keep;
  return undefined;
}

function ignoreLines(folder: string, sizes: SizeReader): readonly string[] {
  for (const name of ['.npmignore', '.gitignore']) {
    const bytes = sizes.bytes(join(folder, name), MAX_IGNORE_FILE);
    if (bytes !== undefined) return Buffer.from(bytes).toString('utf8').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')).slice(0, 1_000);
  }
  return [];
}

/** Lines of an ignore file; `keep` of a match says that the path is ignored. */
function rules(lines: readonly string[]): readonly Rule[] {
  return lines.map((line) => {
    const negated = line.startsWith('!');
    const text = (negated ? line.slice(1) : line).replace(/\/+$/, '');
    const anchored = text.includes('/');
    return { keep: !negated, test: below(anchored ? text.replace(/^\/+/, '') : `**/${text}`) };
  });
}

/** The path itself or anything below it. */
function below(pattern: string): (path: string) => boolean {
  const itself = globMatcher(pattern);
  const inner = pattern.endsWith('**') ? itself : globMatcher(`${pattern}/**`);
  return (path) => itself(path) || inner(path);
}
