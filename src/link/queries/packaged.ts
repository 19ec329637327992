import { externalsOf, externalTest } from '../../catalog/externals.ts';
import { bringsAlong, bringsPackage, hasMoved, isBuiltin, isOftenBrought, matchesPackage, packageName } from '../../catalog/runtime-modules.ts';
import type { Expr, ImportFact } from '../../model/facts.ts';
import type { Packaging } from '../../model/function.ts';
import type { FunctionView, ManifestFacts, PackageFacts } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { conditionsOn } from './conditions.ts';
import { installedBy, isOutput } from './package-builds.ts';
import { ancestorsOf } from './positions.ts';

/** An import of a package on a function's path, where it is evaluated. */
export interface PackageImport {
  readonly file: string;
  readonly fact: ImportFact;
  /** Specifier without `node:` and the like. */
  readonly specifier: string;
  readonly package: string;
  /** `init`: evaluated at every cold start. `always`: by every invocation. `rarely`: only on some ways through the code. */
  readonly when: 'init' | 'always' | 'rarely';
  /** Inside `try`, whose handler goes on without it. */
  readonly optional: boolean;
}

const cache = new WeakMap<object, readonly PackageImport[]>();

/** Imports of packages that a cold start or the invocation path evaluates; imports of types, and of names that are used as types only, are erased. */
export function packageImports(of: FunctionView): readonly PackageImport[] {
  const view = of as LinkedFunction;
  const graph = view.reach();
  const known = cache.get(graph);
  if (known) return known;
  const found: PackageImport[] = [];
  const bodies = new Map<string, LinkedBody>();
  for (const body of view.bodies()) if (!bodies.has(`${body.file}#${body.fn.id}`)) bodies.set(`${body.file}#${body.fn.id}`, body);
  for (const file of evaluatedFiles(view)) {
    for (const { fact, specifier, name } of loadedBy(view, file).packages) {
      const body = bodies.get(`${file}#${fact.fn}`);
      if (fact.fn !== 0 && !body) continue;
      const site = fact.form === 'require' || fact.form === 'dynamic' ? siteOf(view, file, fact) : undefined;
      const around = site && body ? ancestorsOf(body.fn, site) : [];
      const optional = around.some((item, index) => item.kind === 'try' && item.handler !== undefined && (item.block as readonly unknown[]).includes(around[index + 1] ?? site));
      const asked = site && body ? conditionsOn(body, site, (node) => view.evaluator.fact(node.frame.file, node.frame.fn)).length > 0 : false;
      const when = fact.fn === 0 && fact.form !== 'dynamic' && !asked ? 'init' : asked || optional ? 'rarely' : body?.phase === 'init' ? 'init' : 'always';
      found.push({ file, fact, specifier, package: name, when, optional });
    }
  }
  cache.set(graph, found);
  return found;
}

const evaluated = new WeakMap<object, readonly string[]>();

/** Files that a cold start or the invocation path really evaluates, handlers first: imports of types lead nowhere. */
export function evaluatedFiles(view: LinkedFunction): readonly string[] {
  // Code that stands in an infrastructure program is no module of its own.
  if (view.fn.packaging?.form === 'inline') return [];
  const graph = view.reach();
  let files = evaluated.get(graph);
  if (!files) {
    files = evaluatedFrom(view);
    evaluated.set(graph, files);
  }
  return files;
}

function evaluatedFrom(view: LinkedFunction): readonly string[] {
  const { modules } = view.evaluator;
  const order = [...new Set(view.fn.handlers.map((handler) => handler.file))].filter((file) => modules.facts(file));
  const seen = new Set(order);
  const add = (file: string): void => { if (!seen.has(file) && modules.facts(file)) { seen.add(file); order.push(file); } };
  const grow = (from: number): void => {
    for (let index = from; index < order.length; index++) for (const file of loadedBy(view, order[index] as string).files) add(file);
  };
  grow(0);
  const end = order.length;
  for (const body of view.bodies('invoke')) add(body.file);
  grow(end);
  return order;
}

/** What the imports of one module lead to, whoever evaluates it. */
interface Loaded {
  /** Files that its evaluation evaluates. */
  readonly files: readonly string[];
  /** Imports of packages that are there when it is compiled, in whichever function they stand. */
  readonly packages: readonly { readonly fact: ImportFact; readonly specifier: string; readonly name: string }[];
}

const loads = new WeakMap<object, Map<string, Loaded>>();

function loadedBy(view: LinkedFunction, file: string): Loaded {
  const { modules } = view.evaluator;
  let known = loads.get(modules);
  if (!known) {
    known = new Map();
    loads.set(modules, known);
  }
  let loaded = known.get(file);
  if (!loaded) {
    const files: string[] = [];
    const packages: Loaded['packages'][number][] = [];
    for (const fact of modules.facts(file)?.imports ?? []) {
      if (isErased(view, file, fact)) continue;
      const target = modules.resolve(file, fact.source);
      if ('file' in target && fact.form !== 'dynamic' && fact.fn === 0) files.push(target.file);
      if (!('external' in target)) continue;
      const name = packageName(target.external.replace(/^npm:/, ''));
      if (name !== undefined && !isBuiltin(fact.source) && !isBuiltin(target.external)) packages.push({ fact, specifier: target.external, name });
    }
    loaded = { files, packages };
    known.set(file, loaded);
  }
  return loaded;
}

/** Whether nothing is left of an import when the file is compiled. */
export function isErased(view: LinkedFunction, file: string, fact: ImportFact): boolean {
  if (fact.typeOnly) return true;
  if (fact.form !== 'static' || fact.names.length === 0 || !/\.[mc]?tsx?$/.test(file)) return false;
  const used = usedBindings(view, file);
  return fact.names.every((name) => name.typeOnly || !used.has(name.binding));
}

/** The expression of a `require` or `import()` in the function that holds it. */
function siteOf(view: LinkedFunction, file: string, fact: ImportFact): Expr | undefined {
  const fn = view.evaluator.modules.facts(file)?.functions[fact.fn];
  let found: Expr | undefined;
  if (fn) walk(fn.body, (item) => { if (item.kind === 'import' && item.start >= fact.start && item.end <= fact.end) found = item; return !(item.end <= fact.start || item.start >= fact.end); });
  return found;
}

/** An import of a handler's file through which the function comes to load some files; the import of a package itself where the handler has it. */
export interface Entrance {
  readonly file: string;
  readonly fact: ImportFact;
  readonly evidence: readonly string[];
}

export function importsLeadingTo(of: FunctionView, targets: readonly string[]): readonly Entrance[] {
  if (targets.length === 0) return [];
  const view = of as LinkedFunction;
  const { modules } = view.evaluator;
  const found: Entrance[] = [];
  for (const file of new Set(view.fn.handlers.map((handler) => handler.file))) {
    // A handler that stands in an infrastructure program: that is where it was found, not what is deployed.
    if (targets.includes(file)) continue;
    for (const fact of modules.facts(file)?.imports ?? []) {
      if (fact.form === 'dynamic' || fact.fn !== 0 || isErased(view, file, fact)) continue;
      const target = modules.resolve(file, fact.source);
      const behind = 'file' in target ? modules.closure(target.file).filter((one) => targets.includes(one)) : [];
      if (behind.length > 0) found.push({ file, fact, evidence: behind });
    }
  }
  return found;
}

const usedByFacts = new WeakMap<object, ReadonlySet<number>>();

/** Bindings that a module uses as values. TypeScript erases the import of any other (TypeScript handbook, modules, November 2026). */
function usedBindings(view: LinkedFunction, file: string): ReadonlySet<number> {
  const facts = view.evaluator.modules.facts(file);
  if (!facts) return new Set();
  let used = usedByFacts.get(facts);
  if (!used) {
    const found = new Set<number>();
    const visit = (items: Parameters<typeof walk>[0]): void => walk(items, (item) => { if (item.kind === 'ref') found.add(item.binding); });
    for (const fn of facts.functions) {
      visit(fn.body);
      visit(fn.decorators);
      for (const param of fn.params) { visit([...(param.default ? [param.default] : []), ...param.decorators]); visit([param.target]); }
    }
    for (const cls of facts.classes) {
      visit([...cls.decorators, ...(cls.superClass ? [cls.superClass] : [])]);
      for (const member of cls.members) visit([...member.decorators, ...(member.value ? [member.value] : [])]);
    }
    for (const item of facts.exports) { if (item.binding !== undefined && !item.typeOnly) found.add(item.binding); if (item.value) visit([item.value]); }
    used = found;
    usedByFacts.set(facts, used);
  }
  return used;
}

/**
 * Whether a package comes with the function: `runtime`: the platform brings it and the package does not. `packaged`: it is in the package
 * or in a layer of the repository. `both`. `absent`: proved to be in neither. `unknown`: cannot be told.
 */
export interface Supply {
  readonly state: 'runtime' | 'packaged' | 'both' | 'absent' | 'unknown';
  /** How the package is made, for messages: `esbuild`, `package.json`, `layer`. */
  readonly by?: string;
  /** Files that show it. */
  readonly evidence: readonly string[];
  /** What a verdict takes for granted. */
  readonly assumption?: string;
  /** The assumption is one that as often as not does not hold. */
  readonly isOpen?: true;
  /** Why it is absent. */
  readonly why?: string;
}

/** Where a package that a file imports comes from, in one deployed function. */
export function supplyOf(view: FunctionView, one: { readonly file: string; readonly specifier: string; readonly package: string }): Supply {
  const { fn, project: { packages } } = view;
  const runtime = fn.runtime?.value;
  // A runtime that is not known may bring the SDK of either version.
  const mayBring = fn.platform === 'aws' && (runtime === undefined || !/^nodejs\d/.test(runtime)) && matchesPackage(one.package, ['aws-sdk', '@aws-sdk/*', '@smithy/*']);
  const brought = bringsPackage(fn.platform, runtime ?? defaultRuntimes.get(fn.packaging?.tool ?? ''), one.package);
  const packed = packages ? packedIn(view, one) : { state: 'unknown' as const, evidence: [] };
  if (!brought) return mayBring && packed.state === 'absent' ? { state: 'unknown', evidence: packed.evidence } : packed;
  if (packed.state === 'packaged') return { ...packed, state: 'both' };
  return { state: 'runtime', evidence: packed.evidence };
}

function packedIn(view: FunctionView, one: { readonly file: string; readonly specifier: string; readonly package: string }): Supply {
  const { fn, project: { packages } } = view;
  const packaging = fn.packaging;
  if (!packages) return { state: 'unknown', evidence: [] };
  if (!packaging) {
    // Firebase and Cloud Functions install what the manifest of the deployed folder lists for production (Google Cloud documentation, dependencies in Node.js).
    const manifest = fn.foundBy !== 'evidence' && (fn.platform === 'firebase' || fn.platform === 'google') ? packages.manifestsAbove(fn.handlers[0]?.file ?? one.file)[0] : undefined;
    return manifest ? inFolder(view, one, manifest.file.slice(0, -'/package.json'.length)) : { state: 'unknown', evidence: [] };
  }
  const layer = layerOf(view, one);
  if (layer) return layer;
  switch (packaging.form) {
    case 'bundled': {
      const { patterns, installed } = externalsOf(packaging, fn.runtime?.value);
      if (externalTest(patterns)(one.specifier) && !externalTest(installed)(one.specifier)) return leftOut(view, packaging, one.package);
      // A package of the repository that is left out comes with a layer or beside the bundle, with what it needs.
      const owner = packages.manifestsAbove(one.file).find((manifest) => manifest.name !== undefined);
      const handler = fn.handlers[0] && packages.manifestsAbove(fn.handlers[0].file).find((manifest) => manifest.name !== undefined);
      if (owner?.name !== undefined && owner.file !== handler?.file && externalTest(patterns)(owner.name) && !externalTest(installed)(owner.name)) return { state: 'unknown', evidence: [owner.file] };
      const at = packages.manifestsAbove(one.file).find((manifest) => manifest.production.has(one.package) || manifest.development.has(one.package));
      return { state: 'packaged', by: packaging.tool === 'unknown' ? 'a bundler' : packaging.tool, evidence: at ? [at.file] : [] };
    }
    case 'folder': {
      // Architect installs what a handler imports where its folder has no manifest, and copies shared code (arc.codes, "Detailed AWS setup", "Sharing code", November 2026).
      const installs = packaging.tool === 'architect' && (/^@architect\/(?:shared|views)$/.test(one.package) || !packages.manifest(packaging.folder ?? ''));
      // It leaves the SDK of AWS to the runtime (@architect/hydrate, `get-lambda-deps.js`, read 2026-11); a build of the project's own may bring it.
      if (installs && /^(?:aws-sdk$|@aws-sdk\/)/.test(one.package)) return { state: 'unknown', evidence: [] };
      return installs ? { state: 'packaged', by: 'Architect', evidence: [] } : inFolder(view, one, packaging.folder ?? '');
    }
    case 'unknown': {
      // The archive is made elsewhere; the build command of the manifest shows how.
      const manifest = packages.manifestsAbove(fn.handlers[0]?.file ?? one.file)[0];
      const build = manifest?.scripts.find((script) => /\besbuild\b[^&|;]*\s--bundle\b/.test(script));
      if (manifest && build && !externals(build)(one.specifier)) return { state: 'packaged', by: 'esbuild --bundle', evidence: [manifest.file] };
      return { state: 'unknown', evidence: [] };
    }
    default: return { state: 'unknown', evidence: [] };
  }
}

/** Tools that put nothing beside the bundle but what they are told to install. */
const alone: ReadonlySet<string> = new Set(['cdk', 'sam', 'serverless', 'serverless-esbuild']);
/** What a tool takes where no runtime is declared, at least (SST documentation, `runtime` of a function, from version 2 on, November 2026). */
const defaultRuntimes: ReadonlyMap<string, string> = new Map([['sst', 'nodejs18.x']]);

/** A package that the bundler is told to leave out. Only a layer or the runtime can bring it then. */
function leftOut(view: FunctionView, packaging: Packaging, name: string): Supply {
  const { fn } = view;
  const tool = packaging.by ?? packaging.tool;
  const proved = fn.platform === 'aws' && fn.runtime !== undefined && alone.has(tool) && fn.layers.length === 0 && (packaging.build?.unread ?? []).length === 0 && !packaging.external.some((pattern) => pattern === '*' || pattern.startsWith('.'));
  return proved ? { state: 'absent', evidence: [], why: `${toolNames.get(tool) ?? tool} is told to leave it out of the bundle`, ...(hasMoved(fn.runtime?.value, name) ? { assumption: `the runtime's SDK holds what its clients need, and these need ${name.replace('@aws-sdk/', '@smithy/')} instead` } : {}) } : { state: 'unknown', evidence: [] };
}

const toolNames: ReadonlyMap<string, string> = new Map([['cdk', 'NodejsFunction'], ['sam', 'AWS SAM'], ['serverless', 'the Serverless Framework']]);

/** `--external:@aws-sdk/*`, `--packages=external`. */
function externals(command: string): (specifier: string) => boolean {
  if (/--packages=external\b/.test(command)) return () => true;
  return externalTest([...command.matchAll(/--external[:=]['"]?([^\s'"]{1,100})/g)].map((match) => match[1] ?? ''));
}

/** A zipped folder: what its manifest needs in production is installed into it. */
function inFolder(view: FunctionView, one: { readonly file: string; readonly specifier: string; readonly package: string }, folder: string): Supply {
  const { fn, project: { packages } } = view;
  if (!packages) return { state: 'unknown', evidence: [] };
  const manifest = packages.manifest(folder);
  const evidence = manifest ? [manifest.file] : [];
  if (manifest?.production.has(one.package)) return { state: 'packaged', by: 'package.json', evidence };
  if (packages.isDirectory(`${folder === '' ? '' : `${folder}/`}node_modules/${one.package}`)) return manifest ? { state: 'unknown', evidence } : { state: 'packaged', by: 'node_modules', evidence };
  // Code of a layer, or compiled into the folder from elsewhere: which manifest counts is not known.
  const inside = folder === '' || one.file.startsWith(`${folder}/`);
  if (!inside || fn.layers.some((value) => mayHold(view, value, one.package))) return { state: 'unknown', evidence };
  if (nestedManifest(packages.manifestsAbove(one.file), folder, one.package) || packages.isDirectory(`${folder === '' ? '' : `${folder}/`}node_modules`)) return { state: 'unknown', evidence };
  const told = installedBy(packages, folder, one.package);
  if (told) return { state: 'packaged', by: 'a script', evidence: [told] };
  if (isElsewhere(view, one, folder)) return { state: 'unknown', evidence };
  const output = fn.handlers[0] && isOutput(packages, fn.handlers[0].file, folder);
  if (output) return { state: 'unknown', evidence: [output] };
  if (!manifest) return { state: 'absent', evidence, why: 'the packaged folder has no package.json' };
  const locked = packages.locked(folder, one.package);
  if (locked === 'production') return { state: 'packaged', by: 'package-lock.json', evidence };
  if (manifest.production.size > 0 && broughtBy(manifest, one.package)) return { state: 'unknown', evidence };
  const development = manifest.development.has(one.package);
  const why = development ? 'its package.json has it in devDependencies only' : 'its package.json does not list it';
  if (locked !== undefined || manifest.production.size === 0) return { state: 'absent', evidence, why };
  // Hardly anything brings the SDK of version 2, and what does is known. What is listed nowhere was there when the code was tried: something brings it.
  const isOpen = one.package !== 'aws-sdk' && (!development || isOftenBrought(one.package));
  return { state: 'absent', evidence, why, assumption: 'no other dependency happens to bring it', ...(isOpen ? { isOpen } : {}) };
}

/**
 * The compiler is told to look for the package outside of the packaged folder, where something else is deployed or built, such as a layer: in a
 * folder of the repository, or among the packages that are installed for one.
 */
function isElsewhere(view: FunctionView, one: { readonly file: string; readonly specifier: string }, folder: string): boolean {
  const { modules } = (view as LinkedFunction).evaluator;
  return modules.mapped(one.file, one.specifier).some((path) => {
    const at = path.indexOf('node_modules/');
    if (at < 0) return folder !== '' && path !== folder && !path.startsWith(`${folder}/`) && !/\.d\.[cm]?ts$/.test(path);
    const owner = path.slice(0, Math.max(0, at - 1));
    return owner !== folder && !folder.startsWith(owner === '' ? '' : `${owner}/`);
  });
}

function nestedManifest(above: readonly ManifestFacts[], folder: string, name: string): boolean {
  return above.some((manifest) => manifest.file !== (folder === '' ? 'package.json' : `${folder}/package.json`) && (folder === '' || manifest.file.startsWith(`${folder}/`)) && manifest.production.has(name));
}

/** Layers of programs and libraries that are no packages of Node.js (their publishers' pages, November 2026). */
const otherThings = /(?:image-?magick|graphics-?magick|ffmpeg|ghostscript|libreoffice|chrom(?:e|ium)|poppler|pdftk|git-lambda|lambda-git|openssl|exiftool|tesseract|LambdaInsightsExtension|AWS-Parameters-and-Secrets|LambdaAdapterLayer|AWSOpenTelemetry|aws-otel|Datadog-Extension)/i;

/** The folder of a layer, where the repository has it. */
function layerFolder(view: FunctionView, value: Value): string | undefined {
  const { packages, resources } = view.project;
  const given = value.kind === 'resource' ? contentOf(resources.get(`${value.unit}#${value.id}`)?.properties, value.unit) : value.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
  const folder = given?.replace(/^\.\//, '').replace(/\/$/, '');
  return folder !== undefined && packages?.isDirectory(folder) ? folder : undefined;
}

function contentOf(properties: Value | undefined, unit: string): string | undefined {
  if (properties?.kind !== 'object') return undefined;
  const content = properties.entries.find(([name]) => name === 'ContentUri' || name === 'Content' || name === 'path')?.[1];
  if (content?.kind !== 'literal' || typeof content.value !== 'string') return undefined;
  const folder = unit.includes('/') ? `${unit.slice(0, unit.lastIndexOf('/'))}/` : '';
  return content.value.startsWith('..') ? undefined : `${folder}${content.value.replace(/^\.\//, '')}`;
}

/** Whether a layer of the function can hold a package that is not listed anywhere. */
export const mayComeFromLayer = (view: FunctionView): boolean => view.fn.layers.some((value) => mayHold(view, value));

/** Whether a layer can hold a package: one of the repository by what it lists, any other unless its name says that it holds programs. */
function mayHold(view: FunctionView, value: Value, name?: string): boolean {
  const folder = layerFolder(view, value);
  const { packages } = view.project;
  if (folder !== undefined && packages) return manifestsOfLayer(packages, folder).some((manifest) => broughtBy(manifest, name)) || manifestsOfLayer(packages, folder).length === 0 && packages.files.some((file) => file.startsWith(`${folder}/`) && file.includes('node_modules/'));
  const text = value.kind === 'literal' ? String(value.value) : value.kind === 'template' ? value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('') : value.kind === 'resource' ? value.id : undefined;
  return text === undefined || !otherThings.test(text);
}

/** Whether a package that a manifest needs in production is known to bring another one. */
const broughtBy = (manifest: ManifestFacts, name: string | undefined): boolean => name !== undefined && [...manifest.production].some((item) => bringsAlong(item, manifest.versions?.get(item), name));

/** What a layer brings lies under `nodejs` (AWS Lambda documentation, layers for Node.js); SAM builds one from a manifest in the folder itself. */
const manifestsOfLayer = (packages: PackageFacts, folder: string): readonly ManifestFacts[] => [`${folder}/nodejs`, folder].flatMap((place) => packages.manifest(place) ?? []);

/** A layer of the function that lists the package. */
function layerOf(view: FunctionView, one: { readonly file: string; readonly package: string }): Supply | undefined {
  const { packages } = view.project;
  for (const value of packages ? view.fn.layers : []) {
    const folder = layerFolder(view, value);
    const manifest = folder === undefined || !packages ? undefined : manifestsOfLayer(packages, folder).find((item) => item.production.has(one.package));
    if (manifest) return { state: 'packaged', by: 'a layer', evidence: [manifest.file] };
  }
  return undefined;
}
