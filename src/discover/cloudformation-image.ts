import type { FunctionProperties } from './cloudformation-properties.ts';
import type { DocNode } from './document.ts';
import type { ReadContext } from './reader.ts';
import { splitHandler } from './cloudformation-handler.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

/**
 * Handler of a container image that is built from a Dockerfile of the repository: `ImageConfig.Command`, else the file's last
 * `CMD`, looked up in the build context and in the folders that the file copies. `undefined` when the image is not a Node one.
 */
export function imageHandler(
  properties: FunctionProperties, metadata: DocNode | undefined, context: ReadContext,
): { readonly file: string; readonly export: string } | { readonly gap: string } | undefined {
  const { template } = properties;
  const unitDir = folderOf(template.file);
  const folder = joinInRoot(unitDir, template.text(metadata?.get('DockerContext')) ?? '.');
  const name = template.text(metadata?.get('Dockerfile')) ?? 'Dockerfile';
  const file = folder === undefined ? undefined : joinInRoot(folder, name);
  const text = file === undefined ? undefined : context.workspace.read(file);
  if (folder === undefined || file === undefined || text === undefined) return metadata?.get('DockerContext') ? { gap: 'the Dockerfile was not found' } : undefined;
  context.used(file);
  const docker = readDockerfile(text);
  if (!/(?:^|[/:-])node(?:js)?(?:$|[:@/-])/i.test(docker.from)) return undefined;
  const command = template.text(properties.node('ImageConfig')?.get('Command')?.items[0]) ?? docker.command;
  const split = command === undefined ? undefined : splitHandler(command);
  if (!split) return { gap: 'the image names no handler' };
  const inside = split.path.replace(/^\/var\/task\//, '');
  for (const copied of ['', ...docker.copied]) {
    const base = joinInRoot(folder, copied);
    const source = base === undefined ? undefined : context.sourceOf(unitDir, base, inside);
    if (source && 'file' in source) return { file: source.file, export: split.export };
  }
  return { gap: `no source found for the image's handler "${(command ?? '').slice(0, 200)}"` };
}

/** Base image, command and copied folders of the last stage of a Dockerfile. */
export function readDockerfile(text: string): { readonly from: string; readonly command: string | undefined; readonly copied: readonly string[] } {
  let from = '';
  let command: string | undefined;
  const copied: string[] = [];
  for (const line of text.split(/\r?\n/, 5000)) {
    const space = line.trim().search(/\s/);
    if (space < 0) continue;
    const rest = line.trim().slice(space + 1).trim();
    const words = rest.split(/\s+/, 50).filter((word) => !word.startsWith('--'));
    const instruction = line.trim().slice(0, space).toUpperCase();
    if (instruction === 'FROM') from = words[0] ?? '';
    else if (instruction === 'CMD') command = /^\[\s*["']([^"']{1,300})["']/.exec(rest)?.[1];
    else if (instruction === 'COPY' && !rest.includes('--from')) copied.push(...words.slice(0, -1).map(copiedFolder));
  }
  return { from, command, copied: copied.slice(0, 50) };
}

/** The folder that a `COPY` source names: itself, or the one of a file or pattern. */
function copiedFolder(source: string): string {
  const last = source.slice(source.lastIndexOf('/') + 1);
  return /[*?.]/.test(last) ? folderOf(source) : source.replace(/\/$/, '');
}
