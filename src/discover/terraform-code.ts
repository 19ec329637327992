import type { Handler, Packaging } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { alternatives, literal, literalText } from '../model/value.ts';
import { absentSource, besideArchive } from './cloudformation-locate.ts';
import { packaging, splitHandler } from './cloudformation-handler.ts';
import { valueKey } from './cloudformation-values.ts';
import { isUnset } from './hcl-values.ts';
import type { ReadContext, SourcePath } from './reader.ts';
import { foldersNamed, holdsSource, namesExport, seemsToExport } from './source-path-folders.ts';
import { archivedBy, zipCommands } from './source-path-archives.ts';
import { folderOf, isBuildFolder } from './source-path-names.ts';
import { imageCode } from './terraform-image.ts';
import type { ResourceInstance } from './terraform-module.ts';

export interface TerraformCode {
  readonly handler: Handler | { readonly gap: string };
  readonly packaging: Packaging;
  /** Known to be JavaScript from the file alone. */
  readonly node: boolean;
}

/** Data sources and objects of one root module that say what an archive is made of. */
export class Archives {
  readonly #archives: readonly ResourceInstance[];
  readonly #objects: readonly ResourceInstance[];
  readonly #scripts: readonly ResourceInstance[];

  constructor(instances: readonly ResourceInstance[]) {
    this.#scripts = instances.filter((instance) => instance.type === 'null_resource' || instance.type === 'terraform_data');
    this.#archives = instances.filter((instance) => instance.type === 'archive_file');
    this.#objects = instances.filter((instance) => instance.type === 'aws_s3_object' || instance.type === 'aws_s3_bucket_object' || instance.type === 'google_storage_bucket_object');
  }

  /** The archive that writes a path; one of the same module before others. */
  archive(path: Value, from: ResourceInstance): ResourceInstance | undefined {
    return pick(this.#archives, from, (archive) => samePath(archive.node.value('output_path'), archive, path, from));
  }

  /** Folders that a `local-exec` packs into an archive of that name. */
  commands(from: ResourceInstance, archive: string): readonly string[] {
    const found: string[] = [];
    for (const script of this.#scripts) {
      for (const block of script.node.blocks('provisioner')) {
        const text = block.text('command');
        const start = script.module.pathOf(block.has('working_dir') ? block.value('working_dir') : literal('.'));
        if (text === undefined || start === undefined || script.module.unit !== from.module.unit) continue;
        found.push(...zipCommands(text, start, false).filter((command) => command.archive === archive).map((command) => command.folder));
      }
    }
    return found;
  }

  /** The object with a key (or name), or that a reference names. */
  object(key: Value, from: ResourceInstance): ResourceInstance | undefined {
    if (key.kind === 'resource') return this.#objects.find((object) => object.id === key.id && object.module.unit === key.unit);
    const wanted = valueKey(key);
    return pick(this.#objects, from, (object) => valueKey(object.node.value('key')) === wanted || valueKey(object.node.value('name')) === wanted);
  }
}

function pick(list: readonly ResourceInstance[], from: ResourceInstance, fits: (instance: ResourceInstance) => boolean): ResourceInstance | undefined {
  return list.find((instance) => instance.module === from.module && fits(instance)) ?? list.find((instance) => instance.module !== from.module && fits(instance));
}

function samePath(a: Value, of: ResourceInstance, b: Value, from: ResourceInstance): boolean {
  if (isUnset(a)) return false;
  const [first, second] = [of.module.pathOf(a), from.module.pathOf(b)];
  return first !== undefined && second !== undefined ? first === second : first === second && valueKey(a) === valueKey(b);
}

/** What an archive's path leads to: a folder, or single files. */
interface Packed {
  readonly folder: string;
  /** Files that are packed one by one, by their name in the archive without extension. */
  readonly files?: ReadonlyMap<string, string>;
  readonly archive?: string;
  /** Names of the folders above the archive in its key, nearest first. */
  readonly above?: readonly string[];
  /** The folder is what is packed, not only near it. */
  readonly sure: boolean;
  /** Files and folders that are left out (`excludes`). */
  readonly excludes?: readonly string[];
  /** Commands build something else from the folder, and that is packed. */
  readonly built?: true;
}

/** Where the code of an AWS function is. `undefined`: certainly no JavaScript of the repository. */
export function codeOf(instance: ResourceInstance, archives: Archives, context: ReadContext): TerraformCode | undefined {
  const { node } = instance;
  const none = (gap: string): TerraformCode => ({ handler: { gap }, packaging: packaging('unknown', 'terraform'), node: false });
  const image = node.value('image_uri');
  if (node.text('package_type') === 'Image' || !isUnset(image)) return imageCode(instance, image, namesOf(instance), context);
  const handlerValue = node.value('handler');
  const handler = literalText(handlerValue);
  if (handler === undefined) return none(isUnset(handlerValue) ? 'no handler is declared' : 'the handler is not known');
  const split = splitHandler(handler);
  if (!split) return none(`handler "${handler.slice(0, 200)}" names no export`);
  const found = packedOf(instance, archives, context);
  const source = locate(instance, found, split, context, archives);
  const folder = found?.sure && !found.built ? found.folder : undefined;
  return {
    handler: 'file' in source ? { file: source.file, export: split.export, kind: 'handler' } : source,
    packaging: packaging(folder === undefined ? 'unknown' : 'folder', 'terraform', folder === undefined ? {} : { folder, ...patterns(found) }),
    node: 'file' in source,
  };
}

/** What of the folder is packed: single files, or all but `excludes`, each of which may name a folder (archive provider 2.7). */
function patterns(found: Packed | undefined): { readonly include?: readonly string[]; readonly exclude?: readonly string[] } {
  if (found?.files !== undefined) {
    const below = found.folder === '' ? 0 : found.folder.length + 1;
    return [...found.files.values()].every((file) => folderOf(file) === found.folder) ? { include: ['!**', ...[...found.files.values()].map((file) => file.slice(below))] } : {};
  }
  return { exclude: (found?.excludes ?? []).flatMap((path) => [path, `${path.replace(/\/+$/, '')}/**`]) };
}

function packedOf(instance: ResourceInstance, archives: Archives, context: ReadContext): Packed | undefined {
  const { node } = instance;
  const sources = sourcePaths(node.value('source_path'), instance);
  if (sources) return sources;
  // A condition between two ways to deliver: the one that leads to files of the repository.
  for (const direct of alternatives(node.value('filename'))) {
    const found = isUnset(direct) ? undefined : packed(direct, instance, archives, context);
    if (found) return found;
  }
  const key = alternatives(node.value('s3_key')).find((value) => !isUnset(value));
  if (!key) return undefined;
  const object = archives.object(key, instance);
  const source = object?.node.value('source');
  if (object && source && !isUnset(source)) return packed(source, object, archives, context);
  const text = lastLiteral(key);
  return text === undefined ? undefined : { folder: '', archive: text, above: segmentsOf(key), sure: false };
}

/** Names between slashes in the known parts of a key, last first. */
function segmentsOf(key: Value): readonly string[] {
  const parts = key.kind === 'template' ? key.parts : [key];
  return parts.flatMap((part) => (literalText(part) ?? '\0').split('/')).filter((name) => /^[A-Za-z][\w-]{2,100}$/.test(name)).reverse();
}

function packed(path: Value, from: ResourceInstance, archives: Archives, context: ReadContext): Packed | undefined {
  const archive = archives.archive(path, from);
  if (archive) {
    const folder = archive.module.pathOf(archive.node.value('source_dir'));
    if (folder !== undefined && archive.node.has('source_dir')) return { folder, sure: true, excludes: literalTexts(archive.node.value('excludes')) };
    const file = archive.module.pathOf(archive.node.value('source_file'));
    if (file !== undefined && archive.node.has('source_file')) return { folder: folderOf(file), files: new Map([[stem(file), file]]), sure: true };
    const files = new Map<string, string>();
    for (const block of archive.node.blocks('source')) {
      const content = block.body.attributes.get('content')?.value;
      const argument = content?.kind === 'call' && (content.name === 'file' || content.name === 'templatefile') ? content.args[0] : undefined;
      const text = argument?.kind === 'literal' || argument?.kind === 'template' ? argument : undefined;
      const source = text && archive.module.pathOf(block.evaluate(text));
      if (source !== undefined) files.set(stem(block.text('filename') ?? source), source);
    }
    const [first] = files.values();
    if (first !== undefined) return { folder: folderOf(first), files, sure: true };
  }
  const file = from.module.pathOf(path);
  if (file === undefined) {
    const text = lastLiteral(path);
    return text === undefined ? undefined : { folder: '', archive: text, sure: false };
  }
  if (context.workspace.isDirectory(file)) return { folder: file, sure: true };
  return { folder: file, archive: file.slice(file.lastIndexOf('/') + 1), sure: false };
}

const literalTexts = (value: Value): readonly string[] => (value.kind === 'array' ? value.items.flatMap((item) => literalText(item) ?? []) : []);

/** `source_path` of terraform-aws-modules/lambda: a path, or a list of paths and of objects with one. */
function sourcePaths(value: Value, instance: ResourceInstance): Packed | undefined {
  if (isUnset(value)) return undefined;
  const first = value.kind === 'array' ? value.items[0] : value;
  const path = first?.kind === 'object' ? first.entries.find(([name]) => name === 'path')?.[1] : first;
  const dir = path && instance.module.pathOf(path);
  if (dir === undefined) return undefined;
  return /\.[cm]?[jt]sx?$/.test(dir) ? { folder: folderOf(dir), files: new Map([[stem(dir), dir]]), sure: true } : { folder: dir, sure: true, ...(isBuilt(first) ? { built: true as const } : {}) };
}

/**
 * `commands` beside a path that end with `:zip FOLDER`: what is packed is another folder than the path (terraform-aws-modules/lambda 8,
 * "Combine various options to create deployment package", read 2026-11).
 */
function isBuilt(source: Value | undefined): boolean {
  const commands = source?.kind === 'object' ? source.entries.find(([name]) => name === 'commands')?.[1] : undefined;
  const lines = commands?.kind === 'array' ? literalTexts(commands) : [literalText(commands ?? literal('')) ?? ''].flatMap((text) => text.split('\n'));
  return lines.some((line) => /^\s*:zip\s+(?!\.?\/?(?:\s|$))\S/.test(line));
}

function locate(instance: ResourceInstance, found: Packed | undefined, split: { readonly path: string; readonly export: string }, context: ReadContext, archives: Archives): SourcePath {
  const handlerPath = split.path;
  const { workspace } = context;
  const unitDir = folderOf(instance.node.location.file);
  const last = handlerPath.slice(handlerPath.lastIndexOf('/') + 1);
  const file = found?.files?.get(last);
  if (file !== undefined) {
    const source = context.sourceOf(unitDir, folderOf(file), stem(file));
    if ('file' in source) return source;
  }
  if (found?.archive !== undefined) {
    // What a script or workflow of the repository packs under the archive's name.
    for (const folder of [...archives.commands(instance, found.archive), ...archivedBy(context, found.archive)]) {
      const source = context.sourceOf(unitDir, folder, handlerPath);
      if ('file' in source) return source;
    }
  }
  let stated: SourcePath | undefined;
  if (found && (found.sure || found.folder !== '')) {
    stated = context.sourceOf(unitDir, found.folder, handlerPath);
    // A folder that is not there, only an archive of its name, must show the export.
    const shown = found.sure || !('file' in stated) || workspace.isDirectory(found.folder.replace(/\.zip$/, '')) || seemsToExport(workspace.read(stated.file) ?? '', split.export);
    if ('file' in stated && shown) return stated;
    if (found.sure && workspace.files.some((file) => file.startsWith(`${found.folder}/`))) return stated;
    if ('file' in stated) stated = undefined;
  }
  const gap: SourcePath = stated ?? { gap: `no source found for the handler "${handlerPath.slice(0, 200)}"` };
  if (found?.archive !== undefined) {
    const named = inFolderNamed(context, unitDir, found.archive.replace(/\.(?:zip|tar\.gz|tgz)$/i, ''), split);
    if (named) return named;
    for (const name of found.above ?? []) {
      const above = inFolderNamed(context, unitDir, name, split);
      if (above) return above;
    }
    if (found.folder !== '') {
      const near = context.sourceOf(unitDir, folderOf(found.folder), handlerPath);
      if ('file' in near) return near;
      const beside = besideArchive(context, unitDir, handlerPath) ?? besideArchive(context, instance.module.setting.rootDir, handlerPath);
      if (beside) return beside;
    }
  }
  if (found?.sure !== true) {
    for (const name of namesOf(instance)) {
      const named = inFolderNamed(context, unitDir, name, split);
      if (named) return named;
    }
  }
  const spoken = found?.sure === true ? undefined : inFileNamed(context, namesOf(instance), split) ?? inFolderOfWords(context, namesOf(instance), split);
  if (spoken) return spoken;
  const elsewhere = absentSource(context, unitDir, found?.archive, handlerPath, split.export) ?? absentSource(context, '', found?.archive, handlerPath, split.export);
  return elsewhere && 'file' in elsewhere && seemsToExport(workspace.read(elsewhere.file) ?? '', split.export) ? elsewhere : gap;
}

/** The handler in the one folder or package that is named so; a file that does not export it proves the guess wrong. */
function inFolderNamed(context: ReadContext, unitDir: string, name: string, split: { readonly path: string; readonly export: string }): SourcePath | undefined {
  const { workspace } = context;
  const files = new Set<string>();
  for (const folder of foldersNamed(workspace, name).slice(0, 20)) {
    const direct = holdsSource(workspace, folder, split.path);
    const source: SourcePath = direct === undefined ? context.sourceOf(unitDir, folder, split.path) : { file: direct };
    if ('file' in source && (direct !== undefined || source.file.startsWith(`${folder}/`)) && seemsToExport(workspace.read(source.file) ?? '', split.export)) files.add(source.file);
  }
  const [only] = files;
  return files.size === 1 && only !== undefined ? { file: only } : undefined;
}

/**
 * A file that has the whole name of the function where the handler is called `index` or the like: a build outside puts it into the package under that
 * name (`lambda/nightly-backup.js` of `nightly-backup`). Only one, and one that names the export.
 */
function inFileNamed(context: ReadContext, names: readonly string[], split: { readonly path: string; readonly export: string }): SourcePath | undefined {
  const { workspace } = context;
  if (!/^(?:index|main|app|handler|lambda|bundle)$/.test(split.path)) return undefined;
  const wanted = new Set(names.filter((name) => name.length >= 5 && !commonWords.test(name)));
  const found = workspace.files.filter((file) => wanted.has(stem(file)) && sourceEnding.test(file) && !isAsideOf(folderOf(file)) && namesExport(workspace.read(file) ?? '', split.export));
  const [only] = found;
  return found.length === 1 && only !== undefined ? { file: only } : undefined;
}

const isAsideOf = (folder: string): boolean => folder.split('/').some((segment) => isBuildFolder(segment) || /^(?:node_modules|tests?|__tests__)$/.test(segment));

/** Words in names that say nothing of what a function does. */
const commonWords = /^(?:lambda|lambdas|function|functions|handler|handlers|service|services|module|index|default|packages?|source|infra|scoped|terraform|stage|staging|prod|production)$/;

/**
 * The handler in a folder that has a telling word of the function's name: `identity-authorizer` and `apps/api-authorizer/src/index.ts`. Only the one
 * file of that name below such folders that names the export; where the archive is a stand-in, nothing else says where the code is.
 */
function inFolderOfWords(context: ReadContext, names: readonly string[], split: { readonly path: string; readonly export: string }): SourcePath | undefined {
  const { workspace } = context;
  const words = new Set(names.flatMap((name) => name.toLowerCase().split(/[^a-z]+/)).filter((word) => word.length >= 5 && !commonWords.test(word)));
  // What every handler is called tells none from another.
  if (words.size === 0 || split.export === 'handler') return undefined;
  const last = split.path.slice(split.path.lastIndexOf('/') + 1);
  const found: string[] = [];
  for (const file of workspace.files) {
    const folder = folderOf(file);
    if (stem(file) !== last || !sourceEnding.test(file) || isAsideOf(folder)) continue;
    if (!folder.toLowerCase().split(/[^a-z]+/).some((word) => words.has(word))) continue;
    if (namesExport(workspace.read(file) ?? '', split.export)) found.push(file);
    if (found.length > 1) return undefined;
  }
  const [only] = found;
  return only === undefined ? undefined : { file: only };
}

const sourceEnding = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Names that a function goes by: deployed name, label, the module that makes it. */
export function namesOf(instance: ResourceInstance): readonly string[] {
  const name = lastLiteral(instance.node.value('function_name')) ?? lastLiteral(instance.node.value('name'));
  const module = /module\.([\w-]+)[^.]*\.[^.]*\.[^.]*$/.exec(instance.id)?.[1];
  const label = /^(?:this|main|lambda|function|default|lambda_function)(?:\[|$)/.test(instance.label) ? undefined : instance.label.replace(/\[.*$/, '');
  return [name, label, module].filter((candidate) => candidate !== undefined && candidate !== '').filter((candidate) => candidate !== undefined);
}

/** The longest known part of a text, without what separates it from the unknown ones. */
function lastLiteral(value: Value): string | undefined {
  const parts = value.kind === 'template' ? value.parts : [value];
  const texts = parts.map((part) => literalText(part) ?? '').map((text) => text.slice(text.lastIndexOf('/') + 1).replace(/^[-_./]+|[-_./]+$/g, '')).filter((text) => text !== '');
  return texts.sort((a, b) => b.length - a.length)[0];
}

function stem(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
