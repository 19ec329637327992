import type { Location } from '../model/location.ts';
import type { Workspace } from '../model/workspace.ts';
import { isManifestName } from './openwhisk-manifest.ts';
import { actionBehind, openwhiskScriptReader } from './openwhisk-scripts.ts';
import { actionCommands } from './openwhisk-shell.ts';
import { isAside } from './path-aside.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, isBuildFolder, joinInRoot, upwards } from './source-path-names.ts';

const readme = /(?:^|\/)README\.md$/i;
/** What a reader is told to type: with or without a prompt, the tool under any of its names (IBM Cloud Functions documentation, "CLI", read 2026-11). */
const typed = /^\s{0,40}(?:[$>]\s{1,10})?((?:wsk|bx|ic|ibmcloud|bluemix|cd|pushd|popd)\s.*)$/;
const asks = /\b(?:wsk|bx|ic|ibmcloud|bluemix)\b[^\n]{0,80}\baction\s{1,10}(?:create|update)\b/;
const maximumLines = 5_000;

/** Whether something else of a repository deploys actions; kept for the life of a workspace. */
const otherwise = new WeakMap<Workspace, boolean>();

/**
 * Actions that only the instructions of a repository deploy: commands that its README tells people to type. Where a manifest or a script does it,
 * instructions are examples.
 */
export const openwhiskReadmeReader: Reader = {
  name: 'openwhisk-readme',
  about: {
    format: 'OpenWhisk instructions', platform: 'OpenWhisk', files: '`README.md`',
    reads: '`wsk action create` and `update` with a script of the repository, where nothing else there deploys actions',
    not: 'sequences, triggers and rules',
  },
  matches: (file) => readme.test(file) && !isAside(file),
  sniff: (text) => asks.test(text),
  read(file, context) {
    if (isDeployedOtherwise(context.workspace)) return;
    const named = new Set<string>();
    for (const command of actionCommands(commandsIn(context.workspace.read(file) ?? ''))) {
      if (named.has(command.name) || (command.kind !== undefined && !/^(?:nodejs|node)\b/.test(command.kind)) || !/\.[cm]?js$/.test(command.path)) continue;
      const source = scriptAt(context, file, command.path, command.folder);
      if (source === undefined || !/\bmain\b/.test(context.workspace.read(source) ?? '')) continue;
      named.add(command.name);
      const location: Location = { file, line: command.line, column: 1, endLine: command.line, endColumn: 1 };
      context.addFunction(actionBehind(file, command, source, location, location, 'convention'));
    }
    if (named.size > 0) context.used(file);
  },
};

/** The text with nothing left but its commands, each on its line; a command that goes on is followed. */
function commandsIn(text: string): string {
  let goesOn = false;
  return text.split('\n', maximumLines).map((line) => {
    const command = goesOn ? line : typed.exec(line)?.[1] ?? '';
    goesOn = command !== '' && /\\\s*$/.test(command);
    return command.trimEnd();
  }).join('\n');
}

/** The script that a command names: from where the commands before have led, from the README, else the one file of the repository whose path ends so. */
function scriptAt(context: ReadContext, file: string, path: string, folder: string | undefined): string | undefined {
  const home = folderOf(file);
  for (const from of folder === undefined ? [home] : [joinInRoot(home, folder), home]) {
    const target = from === undefined ? undefined : joinInRoot(from, path);
    if (target !== undefined && context.workspace.has(target)) return target;
  }
  const tail = path.replace(/^(?:\.{1,2}\/)+/, '');
  const [only, more] = context.workspace.files.filter((one) => one === tail || one.endsWith(`/${tail}`));
  return more === undefined && only !== undefined && !isAside(only) && !folderOf(only).split('/').some((segment) => isBuildFolder(segment)) && upwards(folderOf(only)).includes(home) ? only : undefined;
}

function isDeployedOtherwise(workspace: Workspace): boolean {
  let known = otherwise.get(workspace);
  if (known === undefined) {
    known = workspace.files.some((file) => {
      const manifest = isManifestName(file) || /(?:^|\/)(?:serverless|project)\.ya?ml$/.test(file);
      if (!manifest && !openwhiskScriptReader.matches(file)) return false;
      const text = workspace.read(file) ?? '';
      return manifest ? /\b(?:actions|runtimeManifest|openwhisk)\b/.test(text) : openwhiskScriptReader.sniff?.(text) === true || /"wsk"\s*:/.test(text);
    });
    otherwise.set(workspace, known);
  }
  return known;
}
