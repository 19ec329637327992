import type { ReadContext } from './reader.ts';
import { below, firstFile, folderOf, joinInRoot, sourceExtensions, upwards, withoutExtension } from './source-path-names.ts';
import { readJson } from './source-path-build.ts';

/** An app of the CDK: the program that `cdk` runs. */
export interface CdkEntry {
  /** File of the program. */
  readonly entry: string;
  /** Folder in which it runs: that of `cdk.json`. */
  readonly cwd: string;
  /** `cdk.json`, where there is one. */
  readonly config?: string;
  /** The app lies among the tests of a package of constructs, which has no other, or among its examples: it shows how its users make them. */
  readonly tries?: true;
}

const MAX_SCANNED = 4000;
/** An app is in no scope: `new WebApp(this, 'Web')` is a construct. */
const constructsApp = /\bnew\s+(?:[\w$]{1,40}\.){0,2}(?:App|[A-Z][\w$]{0,40}App)\s*\((?!\s{0,40}(?:this|scope|stack|construct|parent)\s{0,20}[,)])/;
const usesCdk = /["'](?:aws-cdk-lib|@aws-cdk\/core|monocdk)(?:\/[\w-]+)?["']/;
const program = /\.[cm]?[jt]s$/;
const aside = /(?:^|\/)(?:node_modules|cdk\.out|__tests__|tests?|__snapshots__|dist|integ|templates?)\/|[._-](?:test|spec|integ|d)\.[cm]?[jt]s$|(?:^|\/)integ\.[^/]+$/;

/** Every app of the workspace: those that a `cdk.json` names, and programs that construct an `App` of a package that uses the CDK. */
export function cdkEntries(context: ReadContext): readonly CdkEntry[] {
  const { workspace } = context;
  const found = new Map<string, CdkEntry>();
  const configured: string[] = [];
  const open: string[] = [];
  const libraries: string[] = [];
  const libraryNames = new Set<string>();
  for (const file of workspace.files) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if ((name !== 'cdk.json' && name !== 'package.json') || /(?:^|\/)(?:node_modules|cdk\.out)\//.test(file)) continue;
    const folder = folderOf(file);
    if (name === 'cdk.json') {
      const app = readJson(workspace, file)?.['app'];
      configured.push(folder);
      if (typeof app !== 'string') { open.push(folder); continue; }
      if (isOtherLanguage(app)) continue;
      const entry = commandEntry(app, folder, context);
      if (entry === undefined) open.push(folder);
      else if (!found.has(entry)) found.set(entry, { entry, cwd: folder, config: file });
      continue;
    }
    const manifest = readJson(workspace, file);
    if (manifest === undefined || !dependsOnCdk(manifest)) continue;
    for (const script of scripts(manifest)) {
      for (const match of script.matchAll(/--app[ =]\s{0,5}(?:\\?["']([^"']{1,300})\\?["']|(\S{1,300}))/g)) {
        for (const entry of commandEntries(match[1] ?? match[2] ?? '', folder, context)) if (!found.has(entry)) found.set(entry, { entry, cwd: folder });
      }
    }
    open.push(folder);
    if (dependsOnCdk(manifest, ['peerDependencies'])) {
      libraries.push(folder);
      if (typeof manifest['name'] === 'string') libraryNames.add(manifest['name']);
    }
  }
  // Without a command that names it, the app is the program that constructs an `App`; a folder with one of its own is left to that.
  const taken = new Set([...found.values()].map((item) => item.cwd));
  const pending = open.filter((folder) => !taken.has(folder));
  if (pending.length > 0) {
    let scanned = 0;
    for (const file of workspace.files) {
      if (!program.test(file) || aside.test(file) || found.has(file)) continue;
      const home = pending.filter((folder) => below(file, folder) !== undefined).sort((a, b) => b.length - a.length)[0];
      if (home === undefined || configured.some((folder) => folder.length > home.length && below(file, folder) !== undefined && taken.has(folder))) continue;
      const text = workspace.read(file);
      if (text === undefined || !text.includes('App') || !usesCdk.test(text) || !constructsApp.test(text)) continue;
      if (++scanned > MAX_SCANNED) break;
      found.set(file, { entry: file, cwd: home, ...(workspace.has(joinInRoot(home, 'cdk.json') ?? '') ? { config: joinInRoot(home, 'cdk.json') ?? '' } : {}) });
    }
  }
  for (const item of found.values()) if (showsLibrary(item, context, libraryNames)) found.set(item.entry, { ...item, tries: true });
  const apps = [...found.values()].filter((item) => item.tries !== true);
  for (const tried of triedApps(context, libraries.filter((folder) => !apps.some(({ entry }) => below(entry, folder) !== undefined)))) found.set(tried.entry, tried);
  return [...found.values()].sort((a, b) => (a.entry < b.entry ? -1 : a.entry > b.entry ? 1 : 0));
}

/** An app among the examples of a repository that depends on a package of constructs of the same repository: one of its users, as the apps of its tests are. */
function showsLibrary(item: CdkEntry, context: ReadContext, libraryNames: ReadonlySet<string>): boolean {
  if (libraryNames.size === 0 || !/(?:^|\/)(?:examples?|samples?|demos?)\//.test(item.entry)) return false;
  const home = upwards(folderOf(item.entry)).find((folder) => context.workspace.has(folder === '' ? 'package.json' : `${folder}/package.json`));
  const manifest = home === undefined ? undefined : readJson(context.workspace, home === '' ? 'package.json' : `${home}/package.json`);
  return ['dependencies', 'devDependencies'].some((key) => {
    const names = manifest?.[key];
    return typeof names === 'object' && names !== null && Object.keys(names).some((name) => libraryNames.has(name));
  });
}

const isOtherLanguage = (command: string): boolean => /\b(?:python3?|poetry|pipenv|uv|mvn|mvnw|gradle|gradlew|dotnet|go run|java)\b|\.py\b/.test(command);

const MAX_TRIED = 40;
/** Where packages of constructs keep the apps that try them: `test/integ.queue.ts`, `src/integ.default.ts`, `src/__tests__/devapp/main.ts`. */
const tries = /(?:^|\/)(?:integ\.[^/]{1,100}|[^/]{1,100}\.integ)\.[cm]?[jt]s$|(?:^|\/)(?:__tests__|tests?|integ)\/(?:[^/]{1,100}\/){0,3}(?:main|app)\.[cm]?[jt]s$/;

/** Apps among the tests of packages of constructs that have no other app; not the tests themselves. */
function triedApps(context: ReadContext, libraries: readonly string[]): CdkEntry[] {
  const { workspace } = context;
  const found: CdkEntry[] = [];
  if (libraries.length === 0) return found;
  for (const file of workspace.files) {
    if (!tries.test(file) || /(?:^|\/)(?:node_modules|cdk\.out|dist)\/|\.d\.[cm]?ts$|\.snapshot\//.test(file)) continue;
    const home = libraries.filter((folder) => below(file, folder) !== undefined).sort((a, b) => b.length - a.length)[0];
    const text = home === undefined ? undefined : workspace.read(file);
    if (home === undefined || text === undefined || !usesCdk.test(text) || !constructsApp.test(text)) continue;
    found.push({ entry: file, cwd: home, tries: true });
    if (found.length >= MAX_TRIED) break;
  }
  return found;
}

function dependsOnCdk(manifest: Readonly<Record<string, unknown>>, keys: readonly string[] = ['dependencies', 'devDependencies', 'peerDependencies']): boolean {
  return keys.some((key) => {
    const names = manifest[key];
    return typeof names === 'object' && names !== null && Object.keys(names).some((name) => name === 'aws-cdk-lib' || name === '@aws-cdk/core' || name === 'monocdk' || name === '@aws-cdk/aws-lambda');
  });
}

function scripts(manifest: Readonly<Record<string, unknown>>): readonly string[] {
  const list = manifest['scripts'];
  return typeof list === 'object' && list !== null ? Object.values(list).filter((item): item is string => typeof item === 'string' && item.includes('--app')) : [];
}

/** The programs that a command may run: one, or each of a folder where a variable chooses among them, `bin/${APP}.ts`. */
function commandEntries(command: string, folder: string, context: ReadContext): readonly string[] {
  const [, inner = '', name = '', extension = ''] = /(?:^|\s)([\w./-]{0,100}\/)(\$\{?\w{1,60}\}?)(\.[cm]?[jt]s)(?:\s|$)/.exec(command) ?? [];
  if (name === '') return [commandEntry(command, folder, context)].filter((entry) => entry !== undefined);
  const home = joinInRoot(folder, inner);
  return context.workspace.files.filter((file) => folderOf(file) === home && file.endsWith(extension) && !aside.test(file));
}

/** The program that a command runs: its last word that is a file of the workspace, as source. */
export function commandEntry(command: string, folder: string, context: ReadContext): string | undefined {
  const words = command.split(/&&|;|\|\|/).map((part) => part.trim()).filter((part) => part !== '').reverse();
  for (const part of words) {
    for (const word of part.split(/\s+/, 60).reverse()) {
      const path = word.replace(/^["']|["']$/g, '');
      if (path === '' || path.startsWith('-') || /^[A-Z_]+=/.test(path) || !/[/.]/.test(path)) continue;
      const stated = joinInRoot(folder, path);
      if (stated === undefined) continue;
      if (sourceExtensions.some((extension) => stated.endsWith(extension))) {
        if (context.workspace.has(stated) && !/(?:^|\/)(?:dist|build|out|lib\/cjs)\//.test(path)) return stated;
        const source = context.sourceOf(folder, folder, withoutExtension(path).replace(/^\.\//, ''));
        if ('file' in source) return source.file;
      } else {
        const file = firstFile(context.workspace, stated, sourceExtensions) ?? firstFile(context.workspace, `${stated}/index`, sourceExtensions);
        if (file !== undefined) return file;
      }
    }
  }
  return undefined;
}
