import type { FactsLoader } from '../extract/load.ts';
import type { Infrastructure, Platform, ServerlessFunction } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { ModuleFacts } from '../model/facts.ts';
import type { Workspace } from '../model/workspace.ts';
import { builtTogether } from './built-outputs.ts';
import { localEvidence } from './evidence.ts';
import type { LocalEvidence } from './evidence.ts';
import { programTooLarge } from './reader.ts';
import { resolveHandlerFile } from './source-path.ts';
import { readJson } from './source-path-build.ts';
import { folderOf, isBuildFolder, joinInRoot, sourceAt, upwards, withoutExtension } from './source-path-names.ts';

const sourceFile = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const declarationFile = /\.d\.[cm]?ts$/;

/** Files that are about functions without being deployed: tests, stories, build and deployment programs. */
const aside = /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|_?emulators?|integration-tests?|tests?|e2e|cypress|mocks?|stubs|\.storybook|stories|scripts?|bin|tools|examples-docs|node_modules|coverage|public|vendor)\/|[._-](?:test|spec|stories|mock|bench|e2e|config|setup)\.[cm]?[jt]sx?$|(?:^|\/)(?:gatsby-\w+|gulpfile|Gruntfile|jest\.\w+|vite\.\w+|deploy)\.[cm]?[jt]s$/i;

/** Whether a file can hold function code that nothing else declares. */
export function isCandidate(file: string): boolean {
  return sourceFile.test(file) && !declarationFile.test(file) && !aside.test(file) && !folderOf(file).split('/').some((segment) => isBuildFolder(segment));
}

/** `lib/index.js` beside `src/index.ts`: what a compiler made of it, in a folder that in other packages holds sources. */
function isCompiled(workspace: Workspace, file: string): boolean {
  const [, home, rest] = /^(.{0,500}\/|)(?:lib|cjs|esm)\/(.{1,500})\.[cm]?js$/.exec(file) ?? [];
  return home !== undefined && rest !== undefined && ['ts', 'tsx', 'mts', 'cts'].some((extension) => workspace.has(`${home}src/${rest}.${extension}`));
}

/** Packages whose presence in a manifest says that functions are written here. */
const platformPackages: RegExp = /^(?:@types\/aws-lambda|aws-lambda|aws-sdk|@aws-sdk\/.+|alexa-sdk|ask-sdk(?:-core|-v1adapter)?|aws-kinesis-agg|@middy\/core|@aws-lambda-powertools\/.+|@azure\/functions|@google-cloud\/functions-framework|firebase-functions|@netlify\/functions|@cloudflare\/workers-types|@vercel\/node|serverless|serverless-http|aws-lambda-ric|aws-serverless-express|@vendia\/serverless-express|@codegenie\/serverless-express|@fastify\/aws-lambda|aws-lambda-fastify|lambda-api|middy|datadog-lambda-js|@sentry\/(?:aws-)?serverless|aws-xray-sdk(?:-core)?|cfn-response|node-lambda)$/;

/**
 * Every mark that `localEvidence` can rest on stands in the text as such: a package's name, a runtime's global type, or
 * the name of an exported handler. A file without any of them shows no function.
 */
const mark = /aws-lambda|@azure\/functions|durable-functions|functions-framework|firebase-functions|@netlify\/|@cloudflare\/workers-types|@vercel\/node|middy|@sentry\/|datadog-lambda-js|serverless-http|serverless-express|aws-lambda|hono\/|@as-integrations\/|@lumigo\/|epsagon|lambda-powertools|@baselime\/|ask-sdk|ExportedHandler|PagesFunction|ExecutionContext|ScheduledController|ScheduledEvent|MessageBatch|EventContext|\bhandler\b|\bmain\b|\\[ux]/;

/** Whether a manifest above a file depends on a platform's package. */
export function dependsOnPlatform(workspace: Workspace, file: string): boolean {
  for (const folder of upwards(folderOf(file))) {
    const manifest = readJson(workspace, folder === '' ? 'package.json' : `${folder}/package.json`);
    for (const key of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
      const names = manifest?.[key];
      if (typeof names === 'object' && names !== null && Object.keys(names).some((name) => platformPackages.test(name))) return true;
    }
  }
  return false;
}

/**
 * Functions that code shows and no infrastructure declares. A folder whose infrastructure names handlers is that
 * infrastructure's: what its files show of the same platform beyond them is not deployed from there, but for registrations in
 * files that the infrastructure's own entries do not load. Facts come from `loader`.
 */
export function evidenceFunctions(workspace: Workspace, infrastructure: Infrastructure, loader: FactsLoader): ServerlessFunction[] {
  const owners = ownedFolders(infrastructure);
  const declared = new Set(infrastructure.functions.flatMap((fn) => fn.handlers.map((handler) => handler.file)));
  const depends = new Map<string, boolean>();
  const loaded = new Set(infrastructure.files);
  const found = new Map<string, ServerlessFunction>();
  const typed = new Set<string>();
  const isUndeclared = declaresNothing(infrastructure);
  const together = builtTogether(workspace, new Set(infrastructure.functions.flatMap((fn) => (fn.platform === 'aws' ? fn.handlers.map((handler) => handler.file) : []))));
  for (const file of workspace.files) {
    if (!isCandidate(file) || declared.has(file) || isCompiled(workspace, file)) continue;
    const folder = folderOf(file);
    const taken = new Set(upwards(folder).flatMap((above) => [...(owners.get(above) ?? [])]));
    const text = workspace.read(file);
    if (text === undefined || !mark.test(text)) continue;
    let above = depends.get(folder);
    if (above === undefined) {
      above = dependsOnPlatform(workspace, file);
      depends.set(folder, above);
    }
    const facts = loader.facts(file);
    if (facts === undefined) continue;
    // A file that asks a platform itself needs no manifest to say so.
    const own = asksPlatform(facts);
    // What is built as handlers are that the infrastructure names is deployed by another one.
    const isBuilt = together.has(file);
    for (const evidence of localEvidence(facts, above || own.any, isUndeclared || isBuilt ? { asksAws: own.aws || isBuilt } : undefined)) {
      if (taken.has(evidence.platform) && !(isBuilt && evidence.name === 'handler') && !isApart(evidence, facts, loaded)) continue;
      const fn = toFunction(workspace, facts, evidence);
      if (fn !== undefined && !found.has(fn.id)) { found.set(fn.id, fn); if (evidence.kind === 'typed') typed.add(fn.id); }
    }
  }
  for (const helper of helpersOf(workspace, loader, [...found.values()], typed, declared)) found.delete(helper);
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/**
 * Typed functions that a handler of another file imports: `if (event.rawPath === '/beacon') return beacon(event)`. That handler is deployed, they
 * are a part of it, also where it lies in another package of the repository (`@orders/app/lib/beacon`). What is called a handler itself is one all
 * the same.
 */
function helpersOf(workspace: Workspace, loader: FactsLoader, found: readonly ServerlessFunction[], typed: ReadonlySet<string>, declared: ReadonlySet<string>): readonly string[] {
  const helpers: string[] = [];
  if (typed.size === 0) return helpers;
  const used = new Set<string>();
  const names = new Set(found.filter((fn) => typed.has(fn.id)).map((fn) => fn.name));
  for (const file of new Set([...found.map((fn) => fn.unit), ...declared])) {
    for (const one of loader.facts(file)?.imports ?? []) {
      if (one.typeOnly || !one.names.some((name) => names.has(name.imported))) continue;
      const target = importedFile(workspace, file, one.source);
      if (target !== undefined && target !== file) for (const name of one.names) used.add(`${target}#${name.imported}`);
    }
  }
  for (const fn of found) if (typed.has(fn.id) && used.has(fn.id) && !/^(?:default|main|run|[\w$]*[hH]andler|lambda\w*)$/.test(fn.name)) helpers.push(fn.id);
  return helpers;
}

/** File of the repository that an import means: beside the importing one, or in another package of the repository. */
function importedFile(workspace: Workspace, file: string, source: string): string | undefined {
  if (!source.startsWith('.')) {
    if (!/^(?:@[^/]+\/)?[^/]+\/./.test(source)) return undefined;
    const found = resolveHandlerFile(workspace, { unitDir: folderOf(file), codeDir: '', handlerPath: `node_modules/${source}` });
    return 'file' in found ? found.file : undefined;
  }
  const path = joinInRoot(folderOf(file), source);
  return path === undefined ? undefined : workspace.has(path) ? path : sourceAt(workspace, withoutExtension(path)) ?? sourceAt(workspace, `${path}/index`);
}

/**
 * Whether no infrastructure of the repository says what AWS runs. Where it does for some functions, a handler beside them that shows
 * little is rather one that is not deployed (any more).
 */
function declaresNothing(infrastructure: Infrastructure): boolean {
  return !infrastructure.functions.some((fn) => fn.platform === 'aws' && fn.foundBy === 'infrastructure');
}

/** Whether a file imports a platform's package, and whether that is the SDK of AWS. */
function asksPlatform(facts: ModuleFacts): { readonly any: boolean; readonly aws: boolean } {
  const sources = facts.imports.flatMap((one) => (one.typeOnly ? [] : [one.source.replace(/^(aws-sdk)\/.*$/, '$1')]));
  return { any: sources.some((source) => platformPackages.test(source)), aws: sources.some((source) => /^(?:aws-sdk|@aws-sdk\/.+)$/.test(source)) };
}

/**
 * A registration in a file of its own: an entry that somebody else, or nobody, deploys. Firebase deploys what the main module exports: a file
 * that uses others of its project and that the main module does not load was left out on purpose; one that stands alone takes the main's place.
 */
function isApart(evidence: LocalEvidence, facts: ModuleFacts, loaded: ReadonlySet<string>): boolean {
  return evidence.kind === 'registered' && !loaded.has(facts.file) && (evidence.platform !== 'firebase' || facts.imports.every((one) => one.typeOnly || !one.source.startsWith('.')));
}

/**
 * Folders that are an infrastructure's own, with the platforms that it deploys to: of declaring files that name at least one
 * handler, and of the handlers themselves, whose neighbours it would have named as well.
 */
function ownedFolders(infrastructure: Infrastructure): ReadonlyMap<string, ReadonlySet<Platform>> {
  const folders = new Map<string, Set<Platform>>();
  // A program that was followed a part of the way only may well name the others.
  const cut = new Set(infrastructure.gaps.flatMap((gap) => (gap.kind === 'program' && gap.message === programTooLarge ? [gap.file] : [])));
  for (const fn of infrastructure.functions) {
    if (fn.handlers.length === 0) continue;
    const unit = cut.has(fn.unit) ? undefined : folderOf(fn.unit);
    // A handler at the root says nothing of every folder below it.
    const beside = fn.foundBy === 'infrastructure' ? fn.handlers.map((handler) => folderOf(handler.file)).filter((folder) => folder !== '') : [];
    for (const folder of new Set(unit === undefined ? beside : [unit, ...beside])) folders.set(folder, (folders.get(folder) ?? new Set<Platform>()).add(fn.platform));
  }
  return folders;
}

function toFunction(workspace: Workspace, facts: ModuleFacts, evidence: LocalEvidence): ServerlessFunction | undefined {
  const handlers = evidence.from === undefined ? evidence.handlers : imported(workspace, facts.file, evidence.from, evidence.platform === 'azure' ? 'v4' : 'handler');
  if (handlers.length === 0) return undefined;
  const name = evidence.name === 'default' ? withoutExtension(facts.file.slice(facts.file.lastIndexOf('/') + 1)) : evidence.name;
  const location = locate(facts, evidence.start, evidence.end);
  return {
    id: `${facts.file}#${evidence.name}`, name, unit: facts.file, platform: evidence.platform, handlers, declaredAt: [location], foundBy: 'evidence',
    ...(evidence.generation === undefined ? {} : { generation: evidence.generation }),
    triggers: evidence.trigger === 'unknown' ? [] : [{ kind: evidence.trigger, source: evidence.source ?? evidence.kind, filters: [], location, ...(evidence.auth === undefined ? {} : { auth: { kind: evidence.auth.kind, location: locate(facts, evidence.auth.start, evidence.auth.end) } }) }],
    environment: new Map(), layers: [], mounts: [], destinations: [],
  };
}

function imported(workspace: Workspace, file: string, from: { readonly source: string; readonly imported: string }, kind: string): ServerlessFunction['handlers'] {
  const path = joinInRoot(folderOf(file), from.source);
  const target = path === undefined ? undefined : workspace.has(path) ? path : sourceAt(workspace, withoutExtension(path));
  return target === undefined ? [] : [{ file: target, export: from.imported, kind }];
}

function locate(facts: ModuleFacts, start: number, end: number): Location {
  const place = (offset: number): { line: number; column: number } => {
    let low = 0;
    let high = facts.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((facts.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (facts.lineStarts[low] ?? 0) + 1 };
  };
  const from = place(start);
  const to = place(end);
  return { file: facts.file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}


/** As `evidenceFunctions`, for one file whose facts are at hand: the editor's view. */
export function localFunctions(workspace: Workspace, infrastructure: Infrastructure, facts: ModuleFacts): readonly ServerlessFunction[] {
  const { file } = facts;
  if (!isCandidate(file) || infrastructure.functions.some((fn) => fn.handlers.some((handler) => handler.file === file))) return [];
  const owners = ownedFolders(infrastructure);
  const loaded = new Set(infrastructure.files);
  const owned = upwards(folderOf(file)).some((folder) => owners.has(folder));
  const own = asksPlatform(facts);
  return localEvidence(facts, dependsOnPlatform(workspace, file), declaresNothing(infrastructure) ? { asksAws: own.aws } : undefined).flatMap((evidence) => (owned && !isApart(evidence, facts, loaded) ? [] : toFunction(workspace, facts, evidence) ?? []));
}
