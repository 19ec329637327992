import { mainSource } from './code-manifest.ts';
import { filesBelow } from './web-project.ts';
import type { ReadContext } from './reader.ts';
import { below, isBuildFolder, sourceExtensions, withoutExtension } from './source-path-names.ts';

const maximumAlternatives = 50;
const skipped = /\.d\.[cm]?ts$|(?:^|\/)node_modules\/|\.(?:test|spec)\.[cm]?[jt]sx?$/;

/** Source files that `main` names: a path, or patterns as the Azure Functions worker takes them (`dist/{index.js,functions/*.js}`). */
export function entriesOf(context: ReadContext, folder: string, main: string): readonly string[] {
  const files: string[] = [];
  for (const alternative of braces(main.slice(0, 1_000).replace(/^\.\//, ''))) {
    if (!/[*?]/.test(alternative)) {
      const found = mainSource(context, folder, alternative);
      if ('file' in found) files.push(found.file);
    } else files.push(...matching(context, folder, alternative));
  }
  return [...new Set(files)];
}

/** Alternatives of `{a,b}`, also nested side by side. */
function braces(pattern: string): string[] {
  let done: string[] = [pattern];
  for (let round = 0; round < 4; round++) {
    done = done.flatMap((one) => {
      const parts = /^([^{}]*)\{([^{}]*)\}(.*)$/.exec(one);
      return parts === null ? [one] : (parts[2] ?? '').split(',').map((middle) => `${parts[1] ?? ''}${middle}${parts[3] ?? ''}`);
    }).slice(0, maximumAlternatives);
  }
  return done;
}

/** Sources behind a pattern of built files: the same path without the build folder, as such or below `src`; else the files themselves. */
function matching(context: ReadContext, folder: string, pattern: string): readonly string[] {
  const plain = withoutExtension(pattern);
  const segments = plain.split('/');
  const head = segments.findIndex((segment) => !isBuildFolder(segment, true));
  const rest = segments.slice(Math.max(0, head)).join('/');
  const candidates = filesBelow(context.workspace, '').filter((file) => sourceExtensions.some((extension) => file.endsWith(extension)) && !skipped.test(file) && below(file, folder) !== undefined);
  for (const shape of new Set([rest, `src/${rest}`, plain, ...belowOwnPath(folder, rest)])) {
    const test = globTest(shape);
    if (test === undefined) return [];
    const found = candidates.filter((file) => test((withoutExtension(below(file, folder) ?? ''))));
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * `example/src/*` of the folder `example`: a compiler whose `rootDir` is a folder further up repeats the project's own path in its
 * output (TypeScript handbook, "tsconfig: rootDir", read 2026-11).
 */
function belowOwnPath(folder: string, pattern: string): readonly string[] {
  const own = folder.split('/');
  for (let from = 0; from < own.length && folder !== ''; from++) {
    const repeated = `${own.slice(from).join('/')}/`;
    if (pattern.startsWith(repeated)) return [pattern.slice(repeated.length)];
  }
  return [];
}

/** A test of paths against `*`, `?` and `**`, segment by segment. */
export function globTest(pattern: string): ((path: string) => boolean) | undefined {
  if (pattern.split('*').length > 12) return undefined;
  const segments = pattern.split('/').map((segment) => (segment === '**' ? undefined : new RegExp(`^${segment.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll(/\*+/g, '[^/]*').replaceAll('?', '[^/]')}$`)));
  return (path) => {
    const names = path.split('/');
    // Reachable positions in the pattern after each name.
    let at = new Set([0]);
    const closed = (positions: Set<number>): Set<number> => { for (const position of positions) if (position < segments.length && segments[position] === undefined) positions.add(position + 1); return positions; };
    at = closed(at);
    for (const name of names) {
      const next = new Set<number>();
      for (const position of at) {
        if (position >= segments.length) continue;
        const segment = segments[position];
        if (segment === undefined) next.add(position);
        else if (segment.test(name)) next.add(position + 1);
      }
      at = closed(next);
    }
    return at.has(segments.length);
  };
}
