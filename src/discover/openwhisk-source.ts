import type { ReadContext } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { firstFile, folderOf, joinInRoot, sourceExtensions, withoutExtension } from './source-path-names.ts';

/** Where an action's code is; `other`: it is not JavaScript. */
export type ActionSource = { readonly file: string } | { readonly gap: string } | 'other';

const script = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/**
 * The module behind the `function` of an action: a file, a folder with a manifest, or an archive of such a folder. `folder`:
 * where the path is relative to; `actionsFolder`: where an application keeps its actions.
 */
export function actionSource(context: ReadContext, folder: string, path: string, actionsFolder: string | undefined, known: boolean): ActionSource {
  const trimmed = path.replace(/\/+$/, '');
  const target = joinInRoot(folder, trimmed);
  if (target === undefined) return { gap: `function ${show(path)} lies outside the repository` };
  if (/\.(?:zip|tgz|tar\.gz)$/.test(trimmed)) return archive(context, folder, target, known);
  if (script.test(trimmed)) {
    const bases = [folder, ...(actionsFolder === undefined || actionsFolder === folder ? [] : [actionsFolder])];
    let gap: string | undefined;
    for (const base of bases) {
      const source = context.sourceOf(folder, base, withoutExtension(trimmed.replace(/^(?:\.\/)+/, '')));
      if ('file' in source) return source;
      gap ??= source.gap;
    }
    return sibling(context, target) ?? { gap: gap ?? 'no source found' };
  }
  if (context.workspace.isDirectory(target)) return packageMain(context, target) ?? (known ? { gap: `the folder ${show(path)} has no main module` } : 'other');
  if (/\.\w{1,10}$/.test(trimmed)) return 'other';
  // A folder that a build makes, of one of the same name among the sources.
  const source = context.sourceOf(folder, folder, `${trimmed.replace(/^(?:\.\/)+/, '')}/index`);
  return 'file' in source ? source : { gap: `no source found for the function ${show(path)}` };
}

/** The main module of a folder with a manifest, else its index. */
function packageMain(context: ReadContext, folder: string): ActionSource | undefined {
  const main = readJson(context.workspace, joinInRoot(folder, 'package.json') ?? '')?.['main'];
  if (typeof main === 'string') {
    const source = context.sourceOf(folder, folder, withoutExtension(main.replace(/^(?:\.\/)+/, '')));
    return source;
  }
  const index = firstFile(context.workspace, joinInRoot(folder, 'index') ?? 'index', sourceExtensions);
  return index === undefined ? undefined : { file: index };
}

/** An archive is made of the folder of its name, or of the one that it lies in when that is a package. */
function archive(context: ReadContext, folder: string, target: string, known: boolean): ActionSource {
  const bare = target.replace(/\.(?:zip|tgz|tar\.gz)$/, '');
  const name = bare.slice(bare.lastIndexOf('/') + 1);
  const candidates = new Set([bare, folderOf(target), ...['actions', 'src', 'functions'].map((one) => joinInRoot(folder, one, name) ?? bare)]);
  for (const candidate of candidates) {
    if (candidate !== bare && candidate === folder && readJson(context.workspace, joinInRoot(folder, 'package.json') ?? '') === undefined) continue;
    const found = context.workspace.isDirectory(candidate) || candidate === '' ? packageMain(context, candidate) : undefined;
    if (found !== undefined && found !== 'other' && 'file' in found) return found;
  }
  const single = firstFile(context.workspace, bare, sourceExtensions);
  if (single !== undefined) return { file: single };
  return known ? { gap: `what the archive ${show(target)} is made of is not known` } : 'other';
}

/** `actions/a.js` built from `actions-src/a.js` or `src/actions/a.js`. */
function sibling(context: ReadContext, target: string): ActionSource | undefined {
  const segments = withoutExtension(target).split('/');
  for (let at = 0; at < segments.length - 1; at++) {
    const [head, folder = '', rest] = [segments.slice(0, at), segments[at], segments.slice(at + 1)];
    for (const path of [[...head, `${folder}-src`, ...rest], [...head, 'src', folder, ...rest]]) {
      const file = firstFile(context.workspace, path.join('/'), sourceExtensions);
      if (file !== undefined) return { file };
    }
  }
  return undefined;
}

const show = (path: string): string => `"${path.length > 200 ? `${path.slice(0, 200)}…` : path}"`;
