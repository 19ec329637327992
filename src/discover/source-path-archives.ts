import type { Workspace } from '../model/workspace.ts';
import type { ReadContext } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

const MAX_FILES = 500;
const MAX_TEXT = 200_000;

/** One archive that a script makes: its name and the folder that goes into it. */
export interface ArchiveCommand {
  readonly archive: string;
  readonly folder: string;
}

const indexes = new WeakMap<Workspace, readonly ArchiveCommand[]>();

/** Folders that scripts and workflows of the repository pack into an archive of that file name, in order of paths. */
export function archivedBy(context: ReadContext, archive: string): readonly string[] {
  const { workspace } = context;
  let commands = indexes.get(workspace);
  if (!commands) {
    commands = readCommands(workspace);
    indexes.set(workspace, commands);
  }
  const name = archive.slice(archive.lastIndexOf('/') + 1);
  return [...new Set(commands.filter((command) => command.archive === name).map((command) => command.folder))];
}

/** Files that build: manifests, shell scripts, makefiles, workflows. */
function isScript(file: string): boolean {
  return /(?:^|\/)(?:package\.json|[Mm]akefile|[^/]+\.(?:sh|mk)|buildspec[^/]*\.ya?ml|\.gitlab-ci\.yml|\.circleci\/config\.yml|bitbucket-pipelines\.yml)$|(?:^|\/)\.github\/(?:workflows|actions)\/.+\.ya?ml$/.test(file);
}

function readCommands(workspace: Workspace): readonly ArchiveCommand[] {
  const commands: ArchiveCommand[] = [];
  let files = 0;
  for (const file of workspace.files) {
    if (!isScript(file) || ++files > MAX_FILES) continue;
    const text = workspace.read(file);
    if (text === undefined || text.length > MAX_TEXT || !text.includes('zip')) continue;
    // Workflows run at the root, makefiles and manifests in their own folder.
    const start = /(?:^|\/)\.(?:github|circleci)\//.test(file) ? '' : folderOf(file);
    commands.push(...zipCommands(text, start, file.endsWith('package.json')));
  }
  return commands;
}

/** `zip -r NAME.zip PATHS…` and `bestzip NAME.zip PATHS…` with the `cd` before it on the same line. */
export function zipCommands(text: string, start: string, perLine: boolean): readonly ArchiveCommand[] {
  const found: ArchiveCommand[] = [];
  let folder: string | undefined = start;
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    if (line.length > 5_000) continue;
    const words = line.split(/[\s"'`]+|(&&|;|\||\(|\))/).filter((word) => word !== undefined && word !== '');
    // A `cd` on a line of its own holds for the lines that follow in a script, not in a makefile or manifest.
    if (perLine || /^\t|^\s*-?\s*(?:run|name|script|- )/.test(line)) folder = start;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      if (word === 'cd' || word === 'pushd' || word === 'working-directory:') folder = folder === undefined ? undefined : joinInRoot(folder, words[at + 1] ?? '.');
      else if (word === 'popd') folder = start;
      else if (/(?:^|\/)(?:best)?zip$/.test(word) && folder !== undefined) {
        const args: string[] = [];
        for (let next = at + 1; next < words.length && !/^(?:&&|;|\||\(|\))$/.test(words[next] ?? ''); next++) if (!(words[next] ?? '').startsWith('-')) args.push(words[next] ?? '');
        const [archive, ...paths] = args;
        if (archive === undefined || archive.includes('$')) continue;
        const name = archive.slice(archive.lastIndexOf('/') + 1);
        const first = paths.find((path) => path !== '.' && path !== '*' && !path.includes('node_modules') && !path.includes('$'));
        // What is packed keeps its path inside the archive: the folder is where the command runs.
        for (const path of [folder, first === undefined ? undefined : joinInRoot(folder, first.replace(/\/?[^/]*[*.][^/]*$/, ''))]) {
          if (path !== undefined) found.push({ archive: name.includes('.') ? name : `${name}.zip`, folder: path });
        }
      }
    }
  }
  return found;
}
