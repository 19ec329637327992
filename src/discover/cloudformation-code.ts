import { amplifyCode } from './amplify.ts';
import type { Packaging } from '../model/function.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Value } from '../model/value.ts';
import { buildSettings, documentOptions } from './bundler-settings.ts';
import { packaging, splitHandler } from './cloudformation-handler.ts';
import type { FunctionProperties } from './cloudformation-properties.ts';
import type { DocNode } from './document.ts';
import { imageHandler } from './cloudformation-image.ts';
import { absentSource, besideArchive, likeArchive, namedPackage, packageOfArchive, packedSource, sharedFolder, spelledFolder } from './cloudformation-locate.ts';
import type { ReadContext, SourcePath } from './reader.ts';
import { namesExport, seemsToExport } from './source-path-folders.ts';
import { readJson } from './source-path-build.ts';
import { folderOf, isBuildFolder, joinInRoot, sourceExtensions, upwards } from './source-path-names.ts';

/** Where a function's code is. */
export interface FunctionCode {
  readonly handler: { readonly file: string; readonly export: string } | { readonly gap: string };
  readonly packaging: Packaging;
  /** The code stands in the template itself. */
  readonly inline?: true;
  /** Known to be JavaScript without a runtime that says so. */
  readonly node: boolean;
  /** False for code that is nowhere in the repository: what such a template deploys was built from elsewhere. */
  readonly listed: boolean;
}

/** Code of one function; `undefined` when it is certainly no JavaScript. */
export function codeOf(properties: FunctionProperties, context: ReadContext): FunctionCode | undefined {
  const { template, resource } = properties;
  const code = properties.node('CodeUri') ?? properties.node('Code');
  const inline = properties.node('InlineCode') ?? code?.get('ZipFile');
  const unknown = (gap: string, listed = true): FunctionCode => ({ handler: { gap }, packaging: packaging('unknown', 'cloudformation'), node: false, listed });
  const handler = properties.text('Handler');
  const split = handler === undefined ? undefined : splitHandler(handler);
  if (inline) return { handler: { file: inline.location.file, export: split?.export ?? 'handler' }, inline: true, packaging: packaging('inline', 'cloudformation', inlineText(properties, inline)), node: false, listed: true };
  const metadata = resource.node.get('Metadata');
  if (properties.text('PackageType') === 'Image' || properties.node('ImageUri') || code?.get('ImageUri')) {
    const found = imageHandler(properties, metadata, context);
    return found === undefined ? undefined : { handler: found, packaging: packaging('image', 'docker'), node: 'file' in found, listed: true };
  }
  if (handler === undefined) return unknown('handler is not known');
  if (!split) return unknown(`handler "${handler.slice(0, 200)}" names no export`);
  const unitDir = folderOf(template.file);
  const path = template.text(code);
  if (code && (path === undefined || /^[a-z0-9]+:\/\//i.test(path))) {
    const key = path ?? archiveKey(template.value(code.get('S3Key') ?? code.get('Key')));
    const packed = amplifyCode(template.file);
    const source = packed === undefined ? bucketSource(context, unitDir, key, split) : context.sourceOf(unitDir, packed, split.path);
    if (packed !== undefined && source && 'file' in source) return { handler: { file: source.file, export: split.export }, packaging: packaging('folder', 'amplify', { folder: packed }), node: true, listed: true };
    if (!source || !('file' in source)) return unknown('the code lies in a bucket', false);
    return { handler: { file: source.file, export: split.export }, packaging: packaging('unknown', 'cloudformation'), node: true, listed: true };
  }
  // `sam build` takes the template's folder when there is no CodeUri.
  const stated = joinInRoot(unitDir, path ?? '.');
  if (stated === undefined) return unknown('the code lies outside the repository', false);
  // A single file is zipped by itself: its folder is the package's.
  const folder = context.workspace.has(stated) && !/\.zip$/i.test(stated) ? folderOf(stated) : spelledFolder(context.workspace, stated);
  const options = metadata?.get('BuildProperties');
  const here = entryPoint(folder, split.path, options, context) ?? sourceIn(context, unitDir, folder, split);
  // A part of a template, without the transform that SAM needs, is built as what it is put into.
  const built = resource.type === 'AWS::Serverless::Function' && template.root.get('Transform') !== undefined;
  const based = 'file' in here || !built ? undefined : fromBase(context, unitDir, path, split, options);
  const source = based?.source ?? here;
  return {
    handler: 'file' in source ? { file: source.file, export: split.export } : source,
    packaging: folderPackage(properties, metadata, based?.folder ?? folder, context),
    node: 'file' in source, listed: true,
  };
}

/**
 * Source where `CodeUri` and `EntryPoints` are meant from a folder above the template, as `sam build --base-dir` takes them (AWS SAM CLI
 * reference, "sam build", read 2026-11): the nearest in which the entry point or the handler lies.
 */
function fromBase(context: ReadContext, unitDir: string, path: string | undefined, split: { readonly path: string; readonly export: string }, options: DocNode | undefined): { readonly source: { readonly file: string }; readonly folder: string } | undefined {
  const handlerPath = split.path;
  for (const base of upwards(unitDir).slice(1)) {
    const folder = joinInRoot(base, path ?? '.');
    if (folder === undefined) continue;
    const entry = entryPoint(folder, handlerPath, options, context);
    if (entry !== undefined) return { source: entry, folder };
    if (path === undefined || !context.workspace.isDirectory(isBuildFolder(folder.slice(folder.lastIndexOf('/') + 1)) ? folderOf(folder) : folder)) continue;
    const source = context.sourceOf(unitDir, folder, handlerPath);
    if ('file' in source) return { source, folder };
    // Output that is not there, in a folder that the build makes.
    const absent = context.workspace.isDirectory(folder) ? undefined : absentSource(context, base, folder, handlerPath, split.export);
    if (absent && 'file' in absent && seemsToExport(context.workspace.read(absent.file) ?? '', split.export)) return { source: absent, folder };
  }
  return undefined;
}

/** Code that stands in the template, with the names of `Fn::Sub` as they are written. */
function inlineText(properties: FunctionProperties, node: DocNode): Partial<Packaging> {
  const value = properties.template.value(node);
  const substituted = node.get('Fn::Sub');
  const text = value.kind === 'literal' && typeof value.value === 'string' ? value.value : substituted?.text() ?? substituted?.items[0]?.text();
  return text === undefined ? {} : { inlineCode: text };
}

/** Package of a function that `sam build` or a deployment zips; a makefile may put anything into it. */
function folderPackage(properties: FunctionProperties, metadata: DocNode | undefined, folder: string, context: ReadContext): Packaging {
  const method = metadata?.get('BuildMethod')?.text()?.toLowerCase();
  if (method === 'esbuild') return esbuild(metadata?.get('BuildProperties'), folder);
  if (method === 'makefile') return packaging('unknown', 'makefile', { folder });
  const bundler = method === undefined ? bundlerAbove(context.workspace, folder) : undefined;
  if (bundler !== undefined) return packaging('bundled', bundler, { folder, minify: true });
  return packaging('folder', properties.resource.type === 'AWS::Serverless::Function' ? 'sam' : 'cloudformation', { folder });
}

/** Bundlers by the packages that bring them, best first. */
const bundlers: readonly (readonly [string, string])[] = [
  ['aws-sam-webpack-plugin', 'webpack'], ['webpack', 'webpack'], ['esbuild', 'esbuild'], ['rollup', 'rollup'], ['tsup', 'esbuild'], ['@vercel/ncc', 'ncc'],
];

/**
 * The bundler that makes the package of a folder of sources: `sam build` installs what the folder's own package.json names and nothing
 * where there is none (SAM developer guide, "Building Node.js Lambda functions", read 2026-11), so that such a folder is packed by what the
 * manifest above it has for this.
 */
function bundlerAbove(workspace: Workspace, folder: string): string | undefined {
  const manifests = upwards(folder).map((above) => (above === '' ? 'package.json' : `${above}/package.json`)).filter((file) => workspace.has(file));
  const [nearest] = manifests;
  if (nearest === undefined || folderOf(nearest) === folder) return undefined;
  const manifest = readJson(workspace, nearest);
  const names = new Set(['dependencies', 'devDependencies'].flatMap((key) => Object.keys(Object(manifest?.[key]))));
  return bundlers.find(([name]) => names.has(name))?.[1];
}

/** Source in the deployed folder, or where it must come from when that folder or archive is made by a build. */
function sourceIn(context: ReadContext, unitDir: string, folder: string, split: { readonly path: string; readonly export: string }): SourcePath {
  const handlerPath = split.path;
  const source = context.sourceOf(unitDir, folder, handlerPath);
  if ('file' in source) return source;
  const archive = /\.zip$/i.test(folder);
  // A build of one's own (`BuildMethod: makefile`) takes its entry from anywhere below the folder: the one file that is named so and exports it.
  if (!archive && context.workspace.isDirectory(folder)) return builtBelow(context, folder, split) ?? source;
  return (archive ? packageOfArchive(context, folder, handlerPath) ?? besideArchive(context, unitDir, handlerPath) : undefined)
    ?? absentSource(context, sharedFolder(unitDir, folder), folder, handlerPath) ?? source;
}

function builtBelow(context: ReadContext, folder: string, split: { readonly path: string; readonly export: string }): SourcePath | undefined {
  const found = absentSource(context, folder, undefined, split.path, split.export);
  return found && 'file' in found && namesExport(context.workspace.read(found.file) ?? '', split.export) ? found : undefined;
}

/**
 * Source of code in a bucket: the folder that a script of the repository packs under the archive's name, what the archive is named
 * after, or, when it shows the export, the handler in the only folder of a name that begins or ends so, beside the template, or at the root.
 */
function bucketSource(context: ReadContext, unitDir: string, key: string | undefined, split: { readonly path: string; readonly export: string }): SourcePath | undefined {
  const archive = key !== undefined && /\.zip$/i.test(key) ? key : undefined;
  const packed = archive === undefined ? undefined : packedSource(context, unitDir, archive, split.path);
  const source = packed ?? absentSource(context, unitDir, key, split.path, split.export)
    ?? (archive === undefined ? undefined : absentSource(context, '', archive, split.path, split.export));
  if (source && 'file' in source) return source;
  const alike = archive === undefined ? undefined : namedPackage(context, archive, split.path) ?? likeArchive(context, unitDir, archive, split.path, split.export);
  if (alike && 'file' in alike) return alike;
  // An archive without a name of its own is the repository's package.
  const unnamed = archive !== undefined && /(?:^|\/)(?:artifacts?|lambda|function|code|package|deploy(?:ment)?|build|dist|bundle|index|app|handler|release|latest)\.zip$/i.test(archive);
  for (const folder of unnamed && unitDir !== '' ? [unitDir, ''] : [unitDir]) {
    const beside = besideArchive(context, folder, split.path);
    if (beside && 'file' in beside && seemsToExport(context.workspace.read(beside.file) ?? '', split.export)) return beside;
  }
  return source;
}

/** Key of an archive in a bucket; of a key with unknown parts the known end, which has the archive's name. */
function archiveKey(value: Value): string | undefined {
  const last = value.kind === 'template' ? value.parts.at(-1) : value;
  return last?.kind === 'literal' && typeof last.value === 'string' && /\.zip$/i.test(last.value) ? last.value : undefined;
}

/** With esbuild the handler's path names the output, the entry point is the source. */
function entryPoint(folder: string, handlerPath: string, options: DocNode | undefined, context: ReadContext): { readonly file: string } | undefined {
  const base = handlerPath.slice(handlerPath.lastIndexOf('/') + 1);
  for (const item of options?.get('EntryPoints')?.items ?? []) {
    const entry = item.text();
    const file = entry === undefined ? undefined : joinInRoot(folder, entry);
    if (file === undefined) continue;
    for (const candidate of [file, ...sourceExtensions.map((extension) => `${file}${extension}`)]) {
      const name = candidate.slice(candidate.lastIndexOf('/') + 1);
      if (context.workspace.has(candidate) && name.slice(0, name.lastIndexOf('.')) === base) return { file: candidate };
    }
  }
  return undefined;
}

/** esbuild settings of `sam build` (SAM developer guide, "Building Node.js Lambda functions with esbuild", read 2026-11): minified unless said otherwise. */
function esbuild(options: DocNode | undefined, folder: string): Packaging {
  const target = options?.get('Target')?.text();
  return packaging('bundled', 'esbuild', {
    folder,
    external: (options?.get('External')?.items ?? []).map((item) => item.text()).filter((name) => name !== undefined),
    minify: options?.get('Minify')?.boolean() ?? true,
    sourceMap: options?.get('Sourcemap')?.boolean() ?? false,
    format: options?.get('Format')?.text() === 'esm' ? 'esm' : 'cjs', by: 'sam',
    build: buildSettings(documentOptions(options, (name) => name.slice(0, 1).toLowerCase() + name.slice(1)), { folder }),
    ...(target === undefined ? {} : { target }),
  });
}
