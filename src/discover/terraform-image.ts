import type { Value } from '../model/value.ts';
import { literalText } from '../model/value.ts';
import { readDockerfile } from './cloudformation-image.ts';
import { packaging, splitHandler } from './cloudformation-handler.ts';
import type { ReadContext } from './reader.ts';
import { dockerfilesIn, foldersNamed, packageEntry, seemsToExport } from './source-path-folders.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';
import type { TerraformCode } from './terraform-code.ts';
import type { ResourceInstance } from './terraform-module.ts';

/**
 * Handler of a function that runs a container image: the Dockerfile in the folder that the image's repository or the function is
 * named after. `undefined` when that image is not a Node one.
 */
export function imageCode(instance: ResourceInstance, image: Value, names: readonly string[], context: ReadContext): TerraformCode | undefined {
  const form = packaging('image', 'docker');
  const { workspace } = context;
  const command = instance.node.blocks('image_config').map((block) => block.value('command')).find((value) => value.kind === 'array');
  const given = command?.kind === 'array' ? literalText(command.items[0]) : undefined;
  const unitDir = folderOf(instance.node.location.file);
  const built = buildContext(image, instance);
  const dockerfile = built === undefined ? undefined : dockerfilesIn(workspace, built)[0];
  if (dockerfile !== undefined) {
    const handler = fromDockerfile(dockerfile, given, unitDir, context);
    return handler && { handler, packaging: form, node: 'file' in handler };
  }
  for (const name of [...imageNames(image, instance), ...names]) {
    const folders = foldersNamed(workspace, name);
    const found = new Map<string, TerraformCode['handler'] | undefined>();
    for (const folder of folders.slice(0, 20)) {
      const docker = dockerfilesIn(workspace, folder)[0];
      const stated = docker === undefined ? undefined : fromDockerfile(docker, given, unitDir, context);
      // A Dockerfile that copies what an earlier stage built does not lead to the source; the package beside it may.
      const handler = docker === undefined || (stated && !('file' in stated)) ? fromManifest(folder, given, unitDir, context) ?? stated : stated;
      if (docker !== undefined || handler) found.set(handler && 'file' in handler ? handler.file : folder, handler);
    }
    const [only] = found.values();
    if (found.size === 1) return only === undefined ? undefined : { handler: only, packaging: form, node: 'file' in only };
    if (found.size > 1) break;
  }
  return { handler: { gap: 'the folder of the container image is not known' }, packaging: form, node: false };
}

/** Names in an image's URI: the repository, or what the variable or output that holds it is called. */
function imageNames(image: Value, instance: ResourceInstance): readonly string[] {
  const names: string[] = [];
  const parts = image.kind === 'template' ? image.parts : [image];
  for (const part of parts) {
    if (part.kind === 'literal' && typeof part.value === 'string') {
      const path = part.value.replace(/[:@][^/]*$/, '').replace(/^\/|\/$/g, '');
      if (path !== '' && !/^[\w.-]+\.amazonaws\.com$/.test(path)) names.push(path.slice(path.lastIndexOf('/') + 1));
    } else if (part.kind === 'env') {
      names.push(part.name.slice(part.name.lastIndexOf('.') + 1).replace(/^param:/, ''));
    } else if (part.kind === 'resource') {
      const repository = instance.module.repository.instances.get(`${part.unit}#${part.id}`);
      const name = repository && (literalText(repository.node.value('name')) ?? repository.label);
      if (name !== undefined) names.push(name.slice(name.lastIndexOf('/') + 1).replace(/\[.*$/, ''));
    }
  }
  return names.filter((name) => name.length > 1 && name !== 'latest');
}

/** Folder of an image that the configuration itself builds (`docker_image`, kreuzwerker/docker provider). */
function buildContext(image: Value, instance: ResourceInstance): string | undefined {
  for (const part of image.kind === 'template' ? image.parts : [image]) {
    const built = part.kind === 'resource' ? instance.module.repository.instances.get(`${part.unit}#${part.id}`) : undefined;
    const folder = built?.node.blocks('build').map((block) => built.module.pathOf(block.value('context')))[0];
    if (folder !== undefined) return folder;
  }
  return undefined;
}

function fromDockerfile(file: string, given: string | undefined, unitDir: string, context: ReadContext): TerraformCode['handler'] | undefined {
  const text = context.workspace.read(file);
  const docker = text === undefined ? undefined : readDockerfile(text);
  if (!docker || !/(?:^|[/:-])node(?:js)?(?:$|[:@/-])/i.test(docker.from)) return undefined;
  context.used(file);
  const command = given ?? docker.command;
  const split = command === undefined ? undefined : splitHandler(command);
  if (!split) return { gap: 'the image names no handler' };
  const folder = folderOf(file);
  const inside = split.path.replace(/^\/var\/task\//, '');
  for (const copied of ['', ...docker.copied]) {
    const base = joinInRoot(folder, copied);
    const source = base === undefined ? undefined : context.sourceOf(unitDir, base, inside);
    if (source && 'file' in source) return { file: source.file, export: split.export, kind: 'handler' };
  }
  return { gap: `no source found for the image's handler "${(command ?? '').slice(0, 200)}"` };
}

/** Without a Dockerfile, the package's own entry, when it exports what Lambda's base images call by convention. */
function fromManifest(folder: string, given: string | undefined, unitDir: string, context: ReadContext): TerraformCode['handler'] | undefined {
  const split = given === undefined ? undefined : splitHandler(given);
  for (const path of split ? [split.path] : packageEntry(context.workspace, folder)) {
    const source = context.sourceOf(unitDir, folder, path);
    if (!('file' in source)) continue;
    const exported = split?.export ?? 'handler';
    const text = context.workspace.read(source.file) ?? '';
    if (split || seemsToExport(text, exported)) return { file: source.file, export: exported, kind: 'handler' };
  }
  return undefined;
}
