import { madeOf, optionsOf, slot, textOf, workspacePath, type Made, type Sym } from '../link/program-values.ts';
import type { Handler, Packaging } from '../model/function.ts';
import { argumentOptions, buildSettings, programOptions } from './bundler-settings.ts';
import type { CdkApp } from './cdk-app.ts';
import { fullName, lastStep } from './cdk-names.ts';
import { packaging, splitHandler } from './cloudformation-handler.ts';
import { absentSource, besideArchive, packageOfArchive, packedSource, sharedFolder } from './cloudformation-locate.ts';
import { bundledBelow } from './built-outputs.ts';
import { below, folderOf, joinInRoot, sourceExtensions, withoutExtension } from './source-path-names.ts';
import { samBuiltSource } from './sam-build.ts';

/** Where a function's code is. `gap`: why that could not be told. `other`: surely no JavaScript. */
export type CdkCode =
  | { readonly handlers: readonly Handler[]; readonly packaging: Packaging }
  | { readonly gap: string; readonly packaging: Packaging }
  | { readonly other: true };

const handlerAt = (file: string, name: string, kind = 'handler'): Handler => ({ file, export: name, kind });

/** Source of a function that the CDK bundles itself (`aws-lambda-nodejs`): `entry`, else `<file of the construct>.<id>.ts`. */
export function bundledCode(app: CdkApp, made: Made): CdkCode {
  const handler = app.text(made, 'handler');
  // A name alone is an export; with a dot it is a path, and the export what follows the dot.
  const exported = handler === undefined ? 'handler' : handler.includes('.') ? handler.slice(handler.indexOf('.', handler.lastIndexOf('/') + 1) + 1) : handler;
  const given = bundling(app, made);
  const code = app.prop(made, 'code');
  if (code && !app.prop(made, 'entry')) return packagedCode(app, made);
  const entry = app.prop(made, 'entry')?.value;
  if (entry === undefined || (entry.kind === 'literal' && entry.value === undefined)) {
    const file = defaultEntry(app, made);
    return file === undefined ? { gap: 'the default entry file was not found', packaging: given } : { handlers: [handlerAt(file, exported)], packaging: given };
  }
  const files = new Set<string>();
  for (const option of optionsOf(entry)) {
    const file = entryFile(app, option);
    if (file !== undefined) files.add(file);
  }
  if (files.size === 0) {
    const path = workspacePath(entry, app.entry.cwd);
    return { gap: path === undefined ? 'the entry file is not known' : `the entry file "${path.slice(0, 200)}" was not found`, packaging: given };
  }
  return { handlers: [...files].map((file) => handlerAt(file, exported)), packaging: given };
}

function entryFile(app: CdkApp, entry: Sym): string | undefined {
  const { workspace } = app.context;
  const stated = workspacePath(entry, app.entry.cwd);
  const text = textOf(entry);
  // Relative paths are relative to where `cdk` runs, which is not always the folder of `cdk.json`.
  const paths = [stated, text === undefined || text.startsWith('/') ? undefined : joinInRoot(text)];
  for (const path of paths) {
    if (path === undefined) continue;
    if (workspace.has(path)) return path;
    for (const extension of sourceExtensions) if (workspace.has(`${withoutExtension(path)}${extension}`)) return `${withoutExtension(path)}${extension}`;
    const source = app.context.sourceOf(app.entry.cwd, app.entry.cwd, relative(withoutExtension(path), app.entry.cwd));
    if ('file' in source) return source.file;
  }
  return undefined;
}

const relative = (path: string, folder: string): string => (folder !== '' && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path);

/** aws-lambda-nodejs README, "Lambda Function" (read 2026-11): the file of the construct, its id, a source extension. */
function defaultEntry(app: CdkApp, made: Made): string | undefined {
  const id = textOf(made.args[1]);
  if (id === undefined) return undefined;
  for (const file of [made.written.file, made.place.file]) {
    for (const extension of ['.ts', '.js', '.mjs', '.mts', '.cts', '.cjs']) {
      const path = `${withoutExtension(file)}.${id}${extension}`;
      if (app.context.workspace.has(path)) return path;
    }
  }
  return undefined;
}

/** Bundling of `NodejsFunction` (aws-lambda-nodejs README, read 2026-11). */
function bundling(app: CdkApp, made: Made): Packaging {
  const options = app.prop(made, 'bundling')?.value;
  const list = (name: string): readonly string[] => { const value = slot(options, name)?.value; return value?.kind === 'list' ? value.items.flatMap((item) => textOf(item) ?? []) : []; };
  const flag = (name: string): boolean => { const value = slot(options, name)?.value; return value?.kind === 'literal' && value.value === true; };
  const format = slot(options, 'format')?.value;
  const target = textOf(slot(options, 'target')?.value);
  const esm = (format?.kind === 'external' && format.path[format.path.length - 1] === 'ESM') || textOf(format) === 'esm';
  const args = slot(options, 'esbuildArgs')?.value;
  const more = argumentOptions(new Map(args?.kind === 'record' ? [...args.entries].flatMap(([key, { value }]) => (value.kind === 'literal' ? [[key, typeof value.value === 'boolean' ? value.value : String(value.value)] as const] : [])) : []));
  const given = more.get('external');
  const own = slot(options, 'externalModules') !== undefined || flag('bundleAwsSDK');
  return packaging('bundled', 'esbuild', {
    external: [...list('externalModules'), ...list('nodeModules'), ...(Array.isArray(given) ? given : [])], minify: flag('minify') || more.get('minify') === true, format: esm ? 'esm' : 'cjs',
    sourceMap: flag('sourceMap') || (slot(options, 'sourceMapMode') !== undefined && slot(options, 'sourceMap') === undefined), by: 'cdk',
    build: buildSettings(new Map([...programOptions(options), ...more]), { folder: app.entry.cwd, install: list('nodeModules'), ...(own ? { ownExternals: true as const } : {}) }),
    ...(target === undefined ? {} : { target }),
  });
}

/** `exclude` of an asset: a pattern without a slash is meant in every folder, and names folders too (CDK asset options, ignore mode glob). */
function assetExcludes(code: Made): readonly string[] {
  const list = slot(code.args[1], 'exclude')?.value;
  const texts = list?.kind === 'list' ? list.items.flatMap((item) => textOf(item) ?? []) : [];
  return texts.flatMap((text) => {
    const negated = text.startsWith('!') ? '!' : '';
    const plain = text.slice(negated.length).replace(/\/+$/, '');
    const path = plain.includes('/') ? plain : `**/${plain}`;
    return path.endsWith('**') ? [negated + path] : [negated + path, `${negated}${path}/**`];
  });
}

/** Source of a function with `code` and `handler` (`aws-lambda`). */
export function packagedCode(app: CdkApp, made: Made): CdkCode {
  const handler = app.text(made, 'handler');
  const split = handler === undefined ? undefined : splitHandler(handler);
  const nothing = packaging('unknown', 'cdk');
  const codes = optionsOf(app.prop(made, 'code')?.value ?? { kind: 'unknown', reason: 'no code' });
  const results: CdkCode[] = codes.map((one) => {
    const code = madeOf(one);
    if (!code) return archive(app, made, undefined, split) ?? { gap: 'the code is not known', packaging: nothing };
    return codeOf(app, made, code, split);
  });
  const found = results.find((one) => 'handlers' in one) ?? results.find((one) => 'gap' in one) ?? results[0];
  return found ?? { gap: 'the code is not known', packaging: nothing };
}

function codeOf(app: CdkApp, made: Made, code: Made, split: { readonly path: string; readonly export: string } | undefined): CdkCode {
  const step = lastStep(code);
  const nothing = packaging('unknown', 'cdk');
  const [first] = code.args;
  if (/^(?:fromInline|inline|InlineCode)$/.test(step)) return inline(app, made, first, split);
  if (/^(?:fromImageAsset|fromAssetImage)$/.test(step)) return image(app, code.args[0], code.args[1]);
  // `new ContainerImageBuild(…, { directory, file }).toLambdaDockerImageCode()` builds at deployment (deploy-time-build, read 2026-11).
  const builder = step === 'toLambdaDockerImageCode' ? madeOf(code.receiver) : undefined;
  if (builder) return image(app, slot(builder.args[2], 'directory')?.value, builder.args[2]);
  if (/^(?:fromEcr\w*|fromEcrImage)$/.test(step)) return { gap: 'the image lies in a registry', packaging: packaging('image', 'docker') };
  if (/^(?:fromBucket|fromBucketV2|bucket|S3Code)$/.test(step)) return archive(app, made, archiveKey(code.args[1]), split) ?? { gap: 'the code lies in a bucket', packaging: nothing };
  if (!/^(?:fromAsset|asset|AssetCode|fromDockerBuild|fromCustomCommand|fromAssetBuild)$/.test(step) && !/Code/.test(code.path.join('.'))) return { gap: `code made by ${code.path.join('.')} is not known`, packaging: nothing };
  if (!split) return { gap: 'the handler is not known', packaging: nothing };
  const { workspace } = app.context;
  const given = optionsOf(first ?? { kind: 'unknown', reason: 'no path' });
  let gap = 'the folder of the code is not known';
  for (const option of given) {
    const text = textOf(option);
    const folders = [workspacePath(option, app.entry.cwd), text === undefined || text.startsWith('/') ? undefined : joinInRoot(text)].filter((path) => path !== undefined);
    for (const stated of new Set(folders)) {
      // The asset of a bundling may be a file: its folder is the package.
      const folder = workspace.has(stated) && !/\.zip$/i.test(stated) ? folderOf(stated) : stated;
      const source = app.context.sourceOf(app.entry.cwd, folder, split.path);
      // The code of a construct of another package of the repository lies there, not below the app.
      const home = below(folder, app.entry.cwd) === undefined ? sharedFolder(app.entry.cwd, folder) : app.entry.cwd;
      const beside = /\.zip$/i.test(folder) ? packageOfArchive(app.context, folder, split.path) ?? besideArchive(app.context, folderOf(folder), split.path) : undefined;
      const found = 'file' in source ? source : beside ?? samBuiltSource(app.context, folder) ?? (workspace.isDirectory(folder) ? undefined : absentSource(app.context, home, folder, split.path));
      if (found && 'file' in found) return { handlers: [handlerAt(found.file, split.export)], packaging: packaging('folder', 'cdk', { folder, exclude: assetExcludes(code) }) };
      if ('gap' in source) gap = source.gap;
    }
    // Of a path that is looked for at deployment (`join(outputFolder(), 'orders.zip')`) the archive's own name is known.
    const packed = folders.length === 0 ? archiveEnd(option) : undefined;
    const built = packed === undefined ? undefined : archive(app, made, packed, split);
    if (built && 'handlers' in built) return built;
  }
  return { gap, packaging: nothing };
}

/** The last part of a path that is put together, when it is the name of an archive. */
function archiveEnd(path: Sym, depth = 0): string | undefined {
  const text = textOf(path);
  if (text !== undefined) return /\.zip$/i.test(text) ? text : undefined;
  const last = path.kind === 'template' ? path.parts.at(-1) : path.kind === 'derived' ? path.from.at(-1) : undefined;
  return last === undefined || depth > 5 ? undefined : archiveEnd(last, depth + 1);
}

function inline(app: CdkApp, made: Made, code: Sym | undefined, split: { readonly export: string } | undefined): CdkCode {
  const exported = split?.export ?? 'handler';
  if (code?.kind === 'derived' && code.what === 'file') {
    const file = entryFile(app, code.from[0] ?? code);
    return file === undefined ? { gap: 'the file of the inline code was not found', packaging: packaging('inline', 'cdk') } : { handlers: [handlerAt(file, exported)], packaging: packaging('inline', 'cdk') };
  }
  const text = textOf(code);
  return { handlers: [handlerAt(made.written.file, exported, 'inline')], packaging: packaging('inline', 'cdk', text === undefined ? {} : { inlineCode: text }) };
}

/** Code that another build puts into a bucket: the folder that the archive is named after. */
export function archive(app: CdkApp, made: Made, key: string | undefined, split: { readonly path: string; readonly export: string } | undefined): CdkCode | undefined {
  if (!split) return undefined;
  const names = [key, app.text(made, 'fileName'), app.text(made, 'app') === undefined ? undefined : `${app.text(made, 'app')}.zip`].filter((name) => name !== undefined);
  for (const name of names) {
    const stem = name.slice(name.lastIndexOf('/') + 1).replace(/\.zip$/i, '');
    // The package that the archive is named after, wherever it lies, when there is one.
    const homes = stem === '' ? [] : packagesNamed(app, stem);
    const [home] = homes;
    const built = homes.length === 1 && home !== undefined ? bundledBelow(app.context.workspace, home, split.path) : undefined;
    const inside = homes.length === 1 && home !== undefined ? [absentSource(app.context, home, `${stem}.zip`, split.path), app.context.sourceOf(home, home, split.path), ...(built === undefined ? [] : [{ file: built }])] : [];
    const packed = packedSource(app.context, app.entry.cwd, `${stem}.zip`, split.path);
    for (const source of [packed, ...inside, ...[...new Set([app.entry.cwd, ''])].map((unitDir) => absentSource(app.context, unitDir, `${stem}.zip`, split.path))]) {
      if (source && 'file' in source) return { handlers: [handlerAt(source.file, split.export)], packaging: packaging('unknown', 'cdk') };
    }
  }
  return undefined;
}

/** Key of an archive in a bucket; of a key with unknown parts the known end, which has the archive's name. */
function archiveKey(key: Sym | undefined): string | undefined {
  const last = key?.kind === 'template' ? textOf(key.parts.at(-1)) : textOf(key);
  return key?.kind === 'template' && (last === undefined || !/\.zip$/i.test(last)) ? undefined : last;
}

const packageFolders = new WeakMap<object, ReadonlyMap<string, readonly string[]>>();

/** Folders with a manifest, by their own name. */
function packagesNamed(app: CdkApp, name: string): readonly string[] {
  const { workspace } = app.context;
  let known = packageFolders.get(workspace);
  if (!known) {
    const folders = new Map<string, string[]>();
    for (const file of workspace.files) {
      if (!file.endsWith('/package.json')) continue;
      const folder = folderOf(file);
      const own = folder.slice(folder.lastIndexOf('/') + 1);
      folders.set(own, [...(folders.get(own) ?? []), folder]);
    }
    known = folders;
    packageFolders.set(workspace, known);
  }
  return known.get(name) ?? [];
}

/** Handler of an image that is built from a Dockerfile of the repository. */
function image(app: CdkApp, directory: Sym | undefined, options: Sym | undefined): CdkCode {
  const { workspace } = app.context;
  const given = packaging('image', 'docker');
  const folder = directory === undefined ? undefined : workspacePath(directory, app.entry.cwd);
  const file = folder === undefined ? undefined : joinInRoot(folder, textOf(slot(options, 'file')?.value) ?? 'Dockerfile');
  const text = file === undefined ? undefined : workspace.read(file);
  if (folder === undefined || text === undefined) return { gap: 'the Dockerfile was not found', packaging: given };
  const stages = [...text.matchAll(/^[ \t]*FROM[ \t]+(?:--\S{1,100}[ \t]+)?(\S{1,300})(?:[ \t]+AS[ \t]+(\S{1,100}))?/gim)];
  const from = [...stages].reverse().reduce((image_, stage) => (image_ === '' || stage[2] === image_ ? stage[1] ?? '' : image_), '');
  if (!/(?:^|[/:-])node(?:js)?(?:$|[:@/-])/i.test(from)) return { other: true };
  const own = slot(options, 'cmd')?.value;
  const command = own?.kind === 'list' ? textOf(own.items[0]) : [...text.matchAll(/^[ \t]*CMD[ \t]*\[[ \t]*["']([^"'\n]{1,300})["']/gim)].at(-1)?.[1];
  const split = command === undefined ? undefined : splitHandler(command.replace(/^\/var\/task\//, ''));
  if (!split) return { gap: 'the image names no handler', packaging: given };
  const copied = [...text.matchAll(/^[ \t]*COPY[ \t]+(?!--from)([^\n]{1,300})/gim)].slice(0, 30).flatMap((match) => (match[1] ?? '').trim().split(/\s+/, 20).slice(0, -1));
  for (const inside of ['', ...copied.map((path) => (/[*?.]/.test(path.slice(path.lastIndexOf('/') + 1)) ? folderOf(path) : path.replace(/\/$/, '')))]) {
    const base = joinInRoot(folder, inside);
    const source = base === undefined ? undefined : app.context.sourceOf(app.entry.cwd, base, split.path);
    if (source && 'file' in source) return { handlers: [handlerAt(source.file, split.export)], packaging: given };
  }
  const bundled = esbuiltIn(text, split.path).map((path) => joinInRoot(folder, path)).find((path) => path !== undefined && workspace.has(path));
  if (bundled !== undefined) return { handlers: [handlerAt(bundled, split.export)], packaging: given };
  return { gap: `no source found for the image's handler "${(command ?? '').slice(0, 200)}"`, packaging: given };
}

/** Sources that a stage of a Dockerfile bundles into a file of that name: `RUN esbuild src/orders.ts --bundle --outfile=dist/orders.mjs`. */
function esbuiltIn(dockerfile: string, output: string): readonly string[] {
  const name = output.slice(output.lastIndexOf('/') + 1);
  return dockerfile.slice(0, 100_000).replace(/\\\r?\n/g, ' ').split('\n').flatMap((line) => {
    if (!/^[ \t]*RUN[ \t]/i.test(line) || !/\besbuild\b/.test(line)) return [];
    const words = line.slice(line.search(/\besbuild\b/)).split(/\s+/, 200);
    const sources = words.filter((word) => /^[\w@./-]{1,300}\.[cm]?[jt]sx?$/.test(word));
    const file = words.map((word) => /^--outfile=["']?([\w@./-]{1,300})\.[cm]?js["']?$/.exec(word)?.[1]).find((one) => one !== undefined);
    if (file !== undefined) return file.slice(file.lastIndexOf('/') + 1) === name && sources.length === 1 ? sources : [];
    return sources.filter((source) => withoutExtension(source.slice(source.lastIndexOf('/') + 1)) === name);
  });
}

/** Whether a construct is made by a class of the CDK that bundles with esbuild. */
export const bundlesItself = (made: Made): boolean => /^aws-lambda-nodejs\./.test(fullName(made));
