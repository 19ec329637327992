import type { Workspace } from '../model/workspace.ts';
import type { ReadContext } from './reader.ts';
import { readJson } from './source-path-build.ts';
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
    const isManifest = file.endsWith('package.json');
    const name = isManifest ? readJson(workspace, file)?.['name'] : undefined;
    commands.push(...zipCommands(text, start, isManifest, typeof name === 'string' ? name : undefined));
    // A script is started in its own folder or at the root.
    if (start !== '' && file.endsWith('.sh')) commands.push(...zipCommands(text, '', false));
  }
  return commands;
}

/** Marks a value of a variable that is a path from the root, not from the folder where it is used. */
const fromRoot = '@root/';

/**
 * `zip -r NAME.zip PATHS…` and `bestzip NAME.zip PATHS…` with the `cd` before it on the same line, or in a script before that line.
 * Variables that the script gives a known text or a path of its own folder are put in; of an archive's path only the last part counts.
 */
export function zipCommands(text: string, start: string, perLine: boolean, packageName?: string): readonly ArchiveCommand[] {
  const found: ArchiveCommand[] = [];
  const copies: { readonly from: string; readonly to: string }[] = [];
  // npm sets it for the scripts of a manifest (npm documentation, "Scripts": package.json vars).
  const variables = new Map<string, string>([['PWD', fromRoot + start], ...(packageName === undefined ? [] : [['npm_package_name', packageName] as const])]);
  let folder: string | undefined = start;
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    if (line.length > 5_000) continue;
    if (assign(line, start, variables)) continue;
    // Quotes only join in a shell; in a manifest they end the command.
    const words = (perLine ? line : line.replace(/["']/g, '')).split(/[\s"'`]+|(&&|;|\||\(|\))/).filter((word) => word !== undefined && word !== '' && word !== ',');
    // A `cd` on a line of its own holds for the lines that follow in a script, not in a makefile or manifest.
    if (perLine || /^\t|^\s*-?\s*(?:run|name|script|- )/.test(line)) folder = start;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      if (word === 'cd' || word === 'pushd' || word === 'working-directory:') {
        const own = words[at + 1] === '$' && words[at + 3] === 'dirname';
        folder = own ? start : reached(folder, words[at + 1] ?? '.', variables);
      }
      else if (word === 'popd') folder = start;
      else if (word === 'cp' && folder !== undefined) copies.push(...copied(argumentsAt(words, at), folder));
      else if (/(?:^|\/)(?:best)?zip$/.test(word) && folder !== undefined) {
        const [archive, ...paths] = argumentsAt(words, at);
        const whole = archive === undefined ? '' : expand(archive.slice(archive.lastIndexOf('/') + 1), variables);
        const name = whole.slice(whole.lastIndexOf('/') + 1);
        if (name === '' || name.includes('$') || whole.startsWith(fromRoot)) continue;
        const first = paths.find((path) => path !== '.' && path !== '*' && !path.includes('node_modules') && !path.includes('$'));
        // What is packed keeps its path inside the archive: the folder is where the command runs.
        for (const path of [folder, first === undefined ? undefined : joinInRoot(folder, first.replace(/\/?[^/]*[*.][^/]*$/, ''))]) {
          if (path !== undefined) found.push({ archive: name.includes('.') ? name : `${name}.zip`, folder: path });
        }
      }
    }
  }
  // What was put into a packed folder before it was packed.
  return [...found, ...found.flatMap(({ archive, folder: packed }) => copies.flatMap(({ from, to }) => (to === packed && from !== packed ? [{ archive, folder: from }] : [])))];
}

/** Words of a command behind its name, options left out. */
function argumentsAt(words: readonly string[], at: number): readonly string[] {
  const args: string[] = [];
  for (let next = at + 1; next < words.length && !/^(?:&&|;|\||\(|\))$/.test(words[next] ?? ''); next++) {
    if (!(words[next] ?? '').startsWith('-')) args.push(words[next] ?? '');
  }
  return args;
}

/** `cp apps/api/dist/handler.js out/`, `cp -r apps/api/dist/* out`: the folders that things come from, and the one that they go to. */
function copied(args: readonly string[], folder: string): readonly { readonly from: string; readonly to: string }[] {
  const target = args.at(-1);
  const to = target === undefined || target.includes('$') ? undefined : joinInRoot(folder, target.replace(/\/\.?$/, ''));
  if (to === undefined) return [];
  return args.slice(0, -1).flatMap((path) => {
    const from = path.includes('$') ? undefined : joinInRoot(folder, path.replace(/\/[^/]*[*.][^/]*$|\/$/, ''));
    return from === undefined ? [] : [{ from, to }];
  });
}

/** Notes what a line of its own sets (`NAME=text`, `export NAME="$OTHER/text"`, `NAME=$(dirname "$0")`); false for any other line. */
function assign(line: string, start: string, variables: Map<string, string>): boolean {
  const [, name, written] = /^\s*(?:(?:export|local|readonly|declare)\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
  if (name === undefined || written === undefined) return false;
  const text = /^["']?(?:\$\(|`)/.test(written) ? ownFolder(written.trim(), start) : plain(written.trim());
  if (text === undefined || text.length > 500) variables.delete(name);
  else variables.set(name, expand(text, variables));
  return true;
}

/** What a command says that prints where the script lies or was started: `$PWD` in other words, with a path behind it; else `undefined`. */
function ownFolder(written: string, start: string): string | undefined {
  if (written.length > 300 || !/\bpwd\b|\bdirname\b/.test(written)) return undefined;
  const inside = /\bdirname\b[^)]*\)["']?((?:\/[\w.-]+)+)[^)]*\)/.exec(written)?.[1] ?? '';
  const behind = /^["']?((?:\/[\w.-]+)*)["']?$/.exec(written.slice(Math.max(written.lastIndexOf(')'), written.lastIndexOf('`')) + 1))?.[1];
  return behind === undefined ? undefined : fromRoot + start + inside + behind;
}

/** Text of a value without its quotes and a comment behind it; `undefined` when more stands there than one word. */
function plain(written: string): string | undefined {
  const quoted = /^"([^"`]*)"\s*(?:#.*)?$/.exec(written) ?? /^'([^'$]*)'\s*(?:#.*)?$/.exec(written) ?? /^([^\s"'`();&|]*)\s*(?:#.*)?$/.exec(written);
  return quoted?.[1];
}

/** A word with the variables that are known put in; the names of others stay. */
function expand(word: string, variables: ReadonlyMap<string, string>): string {
  if (!word.includes('$')) return word;
  return word.replace(/\$(?:\{(\w+)\}|(\w+))/g, (all: string, braced: string | undefined, bare: string | undefined) => variables.get(braced ?? bare ?? '') ?? all).slice(0, 1_000);
}

/** Folder that `cd WORD` leads to; `undefined` when that is not known or lies outside. */
function reached(folder: string | undefined, word: string, variables: ReadonlyMap<string, string>): string | undefined {
  const path = expand(word, variables);
  if (path.includes('$')) return undefined;
  if (path.startsWith(fromRoot)) return joinInRoot(path.slice(fromRoot.length).replace(/^\/+/, '') || '.');
  return folder === undefined ? undefined : joinInRoot(folder, path);
}
