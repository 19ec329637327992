import { locate } from '../link/locate.ts';
import type { Workspace } from '../model/workspace.ts';
import { isAside } from './path-aside.ts';
import type { ReadContext, Reader } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { folderOf, upwards, withoutExtension } from './source-path-names.ts';

/** Packages that are there to write, to deploy or to call actions. */
const platformPackage = /^(?:openwhisk(?:-[\w-]{1,60})?|@openwhisk\/.+|@adobe\/aio-sdk|@adobe\/aio-app-builder.*|serverless-openwhisk)$/;

/** Whether a folder's manifest, or one above, depends on the platform; kept for the life of a workspace. */
const depends = new WeakMap<Workspace, Map<string, boolean>>();

/**
 * A package that is zipped into an action by a program: its main module exports `main` with one parameter, and a manifest at or
 * above it depends on OpenWhisk's client. Says no more than that the code is written as an action.
 */
export const openwhiskPackageReader: Reader = {
  name: 'openwhisk-package',
  about: {
    format: 'OpenWhisk packages', platform: 'OpenWhisk', files: "`package.json` with OpenWhisk's client",
    reads: 'a main module that exports `main`: *possibly* deployed',
    not: 'how it is deployed',
  },
  // A folder that begins with `_` is a template of others.
  matches: (file) => (file === 'package.json' || file.endsWith('/package.json')) && !isAside(file) && !/(?:^|\/)_[^/]*\/package\.json$/.test(file),
  sniff: (text) => text.includes('"main"'),
  read(file, context) {
    const folder = folderOf(file);
    const evaluator = context.evaluator?.();
    const main = readJson(context.workspace, file)?.['main'];
    if (evaluator === undefined || typeof main !== 'string' || !dependsOnWhisk(context, folder)) return;
    const source = context.sourceOf(folder, folder, withoutExtension(main.replace(/^(?:\.\/)+/, '')));
    if (!('file' in source) || !/\bmain\b/.test(context.workspace.read(source.file) ?? '')) return;
    if (upwards(folder).some((one) => ['manifest.yaml', 'manifest.yml', 'app.config.yaml', 'serverless.yml'].some((name) => declares(context, one === '' ? name : `${one}/${name}`)))) return;
    const facts = evaluator.modules.facts(source.file);
    const value = evaluator.exportValue(source.file, 'main');
    const fn = value.kind === 'function' ? evaluator.fact(value.file, value.fn) : undefined;
    // `exports.main = routes((action) => …)`: a package of the platform makes it.
    const made = value.kind === 'derived' && platformPackage.test(value.what.replace(/:.*$/, ''));
    if (facts === undefined || (fn === undefined ? !made : fn.params.length > 1)) return;
    const name = folder.slice(folder.lastIndexOf('/') + 1) || 'main';
    const home = value.kind === 'function' ? value.file : source.file;
    const at = fn ?? facts.exports.find((one) => one.name === 'main') ?? { start: 0, end: 0 };
    context.addFunction({
      id: `${file}#${name}`, name, unit: file, platform: 'openwhisk', handlers: [{ file: source.file, export: 'main', kind: 'handler' }], triggers: [],
      declaredAt: [locate(evaluator.modules.facts(home) ?? facts, { file: home, start: at.start, end: at.end })], foundBy: 'evidence', environment: new Map(), layers: [], mounts: [], destinations: [],
    });
  },
};

const declares = (context: ReadContext, file: string): boolean => context.workspace.has(file) && /\b(?:actions|runtimeManifest|openwhisk)\b/.test(context.workspace.read(file) ?? '');

function dependsOnWhisk(context: ReadContext, folder: string): boolean {
  let known = depends.get(context.workspace);
  if (known === undefined) {
    known = new Map();
    depends.set(context.workspace, known);
  }
  const found = known.get(folder);
  if (found !== undefined) return found;
  const manifest = readJson(context.workspace, folder === '' ? 'package.json' : `${folder}/package.json`);
  const own = ['dependencies', 'devDependencies'].some((key) => {
    const names = manifest?.[key];
    return typeof names === 'object' && names !== null && Object.keys(names).some((name) => platformPackage.test(name));
  });
  const answer = own || (folder !== '' && dependsOnWhisk(context, folderOf(folder)));
  known.set(folder, answer);
  return answer;
}
