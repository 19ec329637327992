import { parse as parseJsonc } from 'jsonc-parser';
import type { Expr } from '../model/facts.ts';
import type { Located } from '../model/location.ts';
import { literal, type Value } from '../model/value.ts';
import type { Program } from '../link/program.ts';
import type { Made, Sym } from '../link/program-values.ts';
import { madeView } from './code-made.ts';
import { codeManifest, engineRuntime, isAside, mainSource, majorOf, type CodeManifest } from './code-manifest.ts';
import { followEntries, loadedFiles, madeBehind } from './code-program.ts';
import type { DocNode } from './document-node.ts';
import { firebaseFunction, type FirebaseSource } from './firebase-function.ts';
import type { ReadContext, Reader } from './reader.ts';
import { firstFile, folderOf, isBuildFolder, joinInRoot, sourceExtensions, upwards } from './source-path-names.ts';

/** Firebase: `firebase.json` names source folders, whose main module exports what the package's calls made (v1 and v2). */
export const firebaseReader: Reader = {
  name: 'firebase',
  about: {
    format: 'Firebase', platform: 'Firebase', files: '`firebase.json` and the main module of each source folder',
    reads: 'v1 and v2 with all trigger kinds, `runWith`, `setGlobalOptions`, regions, groups of exports, codebases, runtimes, environment files, task queues',
    not: 'functions in Python; options that are computed from outside',
  },
  matches: (file) => (file === 'firebase.json' || file.endsWith('/firebase.json')) && !isAside(file),
  read(file, context) {
    const document = context.document(file, { format: 'jsonc' });
    const root = document?.roots[0];
    if (root?.kind !== 'map') return;
    const broken = document?.errors.find((error) => error.kind !== 'duplicate');
    if (broken !== undefined) context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
    const folder = folderOf(file);
    const written = root.get('functions');
    const codebases: readonly (DocNode | undefined)[] = written?.kind === 'list' ? written.items : [written];
    const names = new Set<string>();
    if (codebases.length > maximumCodebases) context.gap({ kind: 'source', file, line: written?.line ?? 1, message: `only the first ${maximumCodebases} of ${codebases.length} source folders are read` });
    for (const node of codebases.slice(0, maximumCodebases)) codebase(file, folder, node, names, context);
  },
};

/**
 * Firebase functions whose `firebase.json` is not in the repository: a package that depends on firebase-functions and whose main
 * module exports what its calls make.
 */
export const firebasePackageReader: Reader = {
  name: 'firebase-package',
  about: {
    format: 'Firebase packages', platform: 'Firebase', files: '`package.json` with `firebase-functions`',
    reads: 'packages whose `firebase.json` is in another repository, as the above',
    not: 'libraries that only other packages load',
  },
  matches: (file) => (file === 'package.json' || file.endsWith('/package.json')) && !isAside(file),
  sniff: (text) => text.includes('"firebase-functions"'),
  read(file, context) {
    const dir = folderOf(file);
    const manifest = codeManifest(context, dir);
    const extension = joinInRoot(dir, '../extension.yaml');
    if (manifest?.dependency('firebase-functions') === undefined || (extension !== undefined && context.workspace.has(extension))) return;
    for (const above of upwards(dir)) {
      const config = above === '' ? 'firebase.json' : `${above}/firebase.json`;
      if (context.workspace.has(config) && sourcesOf(config, context).includes(dir)) return;
    }
    const main = mainSource(context, dir, manifest.main);
    if ('file' in main && context.workspace.has(main.file)) functionsOf({ unit: file, dir, manifest, main: main.file, node: undefined, taken: new Set() }, context);
  },
};

/** Source folders that a `firebase.json` names. */
function sourcesOf(file: string, context: ReadContext): readonly (string | undefined)[] {
  const written = context.document(file, { format: 'jsonc' })?.roots[0]?.get('functions');
  return (written?.kind === 'list' ? written.items : [written]).map((node) => { const source = sourceOf(node); return source === undefined ? undefined : joinInRoot(folderOf(file), source.replace(/^\/+/, '')); });
}

const sourceOf = (node: DocNode | undefined): string | undefined => node?.get('source')?.text() ?? (node?.kind === 'scalar' ? node.text() : undefined) ?? (node?.get('remoteSource') === undefined ? 'functions' : undefined);

/** One source folder: `functions` unless written (firebase-tools, Config, read 2026-08). */
function codebase(file: string, folder: string, node: DocNode | undefined, taken: Set<string>, context: ReadContext): void {
  const source = sourceOf(node);
  const dir = source === undefined ? undefined : joinInRoot(folder, source.replace(/^\/+/, ''));
  if (dir === undefined) {
    if (source !== undefined && node !== undefined) context.gap({ kind: 'source', file, line: node.line, message: 'the source folder lies outside the repository' });
    return;
  }
  // An extension's own declaration replaces what its code says; such a project is there to try the extension out.
  const extension = joinInRoot(dir, '../extension.yaml');
  if (extension !== undefined && context.workspace.has(extension)) return;
  const manifest = codeManifest(context, dir) ?? builtManifest(context, folder, dir);
  if (manifest === undefined) {
    // A folder with other files is of another language.
    if (node !== undefined && !context.workspace.isDirectory(dir)) context.gap({ kind: 'source', file, line: node.line, message: `the source folder ${dir.slice(0, 200)} is not in the repository` });
    return;
  }
  // A folder that nothing names is taken for functions only when it says so itself.
  if (node === undefined && manifest.dependency('firebase-functions') === undefined) return;
  const main = mainSource(context, dir, manifest.main);
  if (!('file' in main)) {
    // What an unknown build bundles into the main module: the folder's index, when it leads to functions.
    const index = indexOf(context, dir);
    if (index !== undefined) return functionsOf({ unit: file, dir, manifest, main: index, node, taken }, context);
    context.gap({ kind: 'handler', file, line: node?.line ?? 1, message: `main module of ${dir === '' ? 'the functions' : dir}: ${main.gap}` });
    return;
  }
  functionsOf({ unit: file, dir, manifest, main: main.file, node, taken }, context);
}

function indexOf(context: ReadContext, dir: string): string | undefined {
  for (const name of ['index', 'src/index', 'main', 'src/main']) {
    const file = firstFile(context.workspace, dir === '' ? name : `${dir}/${name}`, sourceExtensions);
    if (file !== undefined && loadedFiles(context, [file]).some((one) => context.workspace.read(one)?.includes('firebase-functions'))) return file;
  }
  return undefined;
}

interface Codebase {
  readonly unit: string;
  readonly dir: string;
  readonly manifest: CodeManifest;
  readonly main: string;
  readonly node: DocNode | undefined;
  /** Names that the unit has already. */
  readonly taken: Set<string>;
}

function functionsOf({ unit, dir, manifest, main, node, taken }: Codebase, context: ReadContext): void {
  const loaded = loadedFiles(context, [main]);
  if (node === undefined && !loaded.some((file) => context.workspace.read(file)?.includes('firebase-functions'))) return;
  const program = followEntries(context, [main], dir);
  if (program === undefined) return;
  const runtime = runtimeOf(node, manifest.engine);
  const globals = program.made.filter((made) => /^firebase-functions(?:\/|$)/.test(made.module) && made.path.at(-1) === 'setGlobalOptions');
  const prefix = node?.get('prefix')?.text();
  const before = taken.size;
  const of: FirebaseSource = { unit, environment: environmentOf(context, dir, unit), major: majorOf(manifest.dependency('firebase-functions')), globals, ...(runtime === undefined ? {} : { runtime }) };
  readExports(program, main, of, taken, prefix === undefined ? [] : [prefix], node?.get('codebase')?.text(), context);
  // A package that only uses the library is none of ours.
  if (node === undefined && taken.size === before) return;
  for (const file of [unit, manifest.file, ...loaded]) context.used(file);
}

/** The manifest above a source folder that a build makes; the build's own is not in the repository. */
function builtManifest(context: ReadContext, folder: string, dir: string): CodeManifest | undefined {
  if (!dir.split('/').some((segment) => isBuildFolder(segment))) return undefined;
  for (const name of ['index', 'main']) {
    const source = context.sourceOf(folder, dir, name);
    if (!('file' in source)) continue;
    const owner = upwards(folderOf(source.file)).map((above) => codeManifest(context, above)).find((manifest) => manifest?.dependency('firebase-functions') !== undefined);
    if (owner !== undefined) return { ...owner, main: `${name}.js`, mainWritten: true };
  }
  return undefined;
}

/** `.env` of a source folder (Firebase documentation, "Configure your environment", read 2026-11); values of one project only (`.env.NAME`) are not taken. */
function environmentOf(context: ReadContext, dir: string, unit: string): ReadonlyMap<string, Value> {
  const file = dir === '' ? '.env' : `${dir}/.env`;
  const environment = new Map<string, Value>();
  for (const line of (context.workspace.has(file) ? context.workspace.read(file) ?? '' : '').slice(0, 100_000).split('\n')) {
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(0, equals)).trim().replace(/^export\s+/, '');
    const value = line.slice(equals + 1).trim();
    const quote = value.charAt(0);
    if (equals < 0 || !/^[A-Za-z_]\w{0,200}$/.test(name)) continue;
    const end = quote === '"' || quote === "'" ? value.indexOf(quote, 1) : -1;
    environment.set(name, literal(end > 0 ? value.slice(1, end) : value.replace(/\s+#.*$/, '')));
  }
  if (environment.size > 0) context.used(file);
  const project = projectOf(context, unit);
  // The runtime sets it (Cloud Functions for Firebase, "Configure your environment", November 2026).
  if (project !== undefined && !environment.has('GCLOUD_PROJECT')) environment.set('GCLOUD_PROJECT', literal(project));
  return environment;
}

/** The one project that `.firebaserc` deploys to; `undefined` where there is none or a choice. */
function projectOf(context: ReadContext, unit: string): string | undefined {
  const folder = folderOf(unit);
  const file = folder === '' ? '.firebaserc' : `${folder}/.firebaserc`;
  const data: unknown = context.workspace.has(file) ? parseJsonc(context.workspace.read(file) ?? '') : undefined;
  const projects: unknown = typeof data === 'object' && data !== null && 'projects' in data ? data.projects : undefined;
  const ids = typeof projects === 'object' && projects !== null ? [...new Set(Object.values(projects).filter((id): id is string => typeof id === 'string' && id !== ''))] : [];
  const [only] = ids;
  if (ids.length !== 1 || only === undefined) return undefined;
  context.used(file);
  return only;
}

function runtimeOf(node: DocNode | undefined, engine: Located<string> | undefined): Located<string> | undefined {
  const written = node?.get('runtime')?.text();
  if (written !== undefined && node !== undefined) return { value: written, location: node.keyLocation('runtime') };
  return engineRuntime(engine);
}

const maximumCodebases = 100;
const maximumDepth = 8;
const maximumSteps = 50_000;
const maximumFunctions = 5_000;

/** An assignment to `exports` that loading the module surely does not come to, such as one for the emulator only, exports nothing. */
function isMade(program: Program, value: Expr): boolean {
  const sym = program.machine.exportValues.get(value);
  return program.cut || !(sym?.kind === 'unknown' && sym.reason === 'not made yet');
}

/** Every exported value that is a function of the platform, groups included: `exports.users = require('./users')` gives `users-onCreate`. */
function readExports(program: Program, entry: string, source: FirebaseSource, taken: Set<string>, prefix: readonly string[], codebase: string | undefined, context: ReadContext): void {
  const evaluator = context.evaluator?.();
  if (evaluator === undefined) return;
  const view = madeView(evaluator);
  const reached = new Set<Made>();
  const computed = new Map<string, Made[]>();
  for (const made of program.made) if (made.form === 'set' && made.module === 'global' && made.path[0] === 'exports') computed.set(made.place.file, [...(computed.get(made.place.file) ?? []), made]);
  // Nearest names first, so that a bound costs what lies deepest.
  const pending: { readonly sym: Sym; readonly names: readonly string[]; readonly seen: ReadonlySet<unknown> }[] = [];
  const later = (sym: Sym, names: readonly string[], seen: ReadonlySet<unknown>): void => { if (seen.size <= maximumDepth && pending.length <= maximumSteps) pending.push({ sym, names, seen }); };
  const module = (file: string, names: readonly string[], seen: ReadonlySet<unknown>): void => {
    if (seen.has(file)) return;
    const inner = new Set([...seen, file]);
    for (const one of evaluator.modules.facts(file)?.exports ?? []) {
      if (one.typeOnly || (one.value !== undefined && one.name !== 'default' && one.name !== '=' && !isMade(program, one.value))) continue;
      if (one.name === '*' && one.from !== undefined) {
        const target = evaluator.modules.resolve(file, one.from.source);
        if ('file' in target) module(target.file, names, inner);
      } else if (one.name === '=') later(program.machine.namespace(file), names, inner);
      else later(program.machine.exported(file, one.name), [...names, one.name], inner);
    }
    for (const made of computed.get(file) ?? []) {
      if (made.args[0] === undefined) continue;
      const name = (made.path.at(-1) ?? '').slice(1);
      if (name === '*') context.gap({ kind: 'export', file, line: view.location(made.place).line, message: 'an export has a name that is not known' });
      else later(made.args[0], [...names, name], inner);
    }
  };
  module(entry, prefix, new Set());
  let steps = 0;
  for (; steps < pending.length && steps < maximumSteps && taken.size < maximumFunctions; steps++) {
    const next = pending[steps];
    if (next === undefined) break;
    const { sym, names, seen } = next;
    const made = madeBehind(sym);
    if (made !== undefined) {
      const fn = reached.has(made) && names.at(-1) === 'default' ? undefined : firebaseFunction(made, names, source, view);
      if (fn === undefined) continue;
      reached.add(made);
      const name = taken.has(fn.name) && codebase !== undefined ? `${codebase}:${fn.name}` : fn.name;
      if (taken.has(name)) continue;
      taken.add(name);
      context.addFunction({ ...fn, id: `${source.unit}#${name}` });
    } else if (sym.kind === 'record') {
      if (!seen.has(sym)) for (const [name, slot] of sym.entries) later(slot.value, [...names, name], new Set([...seen, sym]));
    } else if (sym.kind === 'namespace') module(sym.file, names, seen);
    else if (sym.kind === 'oneOf') for (const option of sym.options) later(option, names, seen);
  }
  if (program.cut || steps < pending.length || pending.length > maximumSteps) context.gap({ kind: 'program', file: entry, message: 'the main module does more than is followed' });
}
