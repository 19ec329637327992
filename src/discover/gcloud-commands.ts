import type { Location } from '../model/location.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

/** One `gcloud functions deploy` or `gcloud run deploy` of a script. Words that hold variables which the script does not set keep them as `$NAME`. */
export interface Deployment {
  readonly product: 'functions' | 'run';
  readonly name: string;
  /** Values of flags by name without dashes; '' for a flag without one. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly location: Location;
  /** Folders that the command may have been run in, best first. */
  readonly folders: readonly string[];
  /** Images that the same file builds, with their folders. */
  readonly images: ReadonlyMap<string, string>;
}

const script = /\.(?:sh|bash|zsh)$|(?:^|\/)Makefile$/;
const manifest = /(?:^|\/)package\.json$/;
const pipeline = /(?:^|\/)cloud[-_]?build[\w.-]*\.(?:ya?ml|json)$|(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$|(?:^|\/)(?:\.gitlab-ci|bitbucket-pipelines|azure-pipelines|\.travis)\.ya?ml$|(?:^|\/)\.circleci\/config\.ya?ml$/;

/** Whether a file can hold deployment commands, by its path. */
export const holdsCommands = (file: string): boolean => (script.test(file) || manifest.test(file) || pipeline.test(file)) && !/(?:^|\/)(?:node_modules|docs?|__tests__|tests?)\//.test(file);

export const mentionsDeployment = (text: string): boolean => /gcloud/.test(text) && /\b(?:functions|run)\b[\s"',\]-]{1,40}deploy\b/.test(text);

/** All deployments of one file. */
export function deploymentsIn(context: ReadContext, file: string): readonly Deployment[] {
  const text = context.workspace.read(file);
  if (text === undefined || text.length > 500_000 || !mentionsDeployment(text)) return [];
  if (script.test(file)) {
    const images = new Map<string, string>();
    return shell(text, new Map()).flatMap((command) => {
      const folders = [...command.folders.flatMap((folder) => [joinInRoot(folderOf(file), folder), joinInRoot(folder)]), folderOf(file), ''];
      const built = imageOf(command.words);
      const folder = built === undefined ? undefined : folders.flatMap((one) => (one === undefined ? [] : joinInRoot(one, built.folder) ?? [])).find((one) => context.workspace.has(one === '' ? 'package.json' : `${one}/package.json`));
      if (built !== undefined && folder !== undefined) images.set(built.image, folder);
      return deployment(command, { file, line: command.line, column: 1, endLine: command.line, endColumn: 1 }, folders, new Map(images));
    });
  }
  const root = context.document(file, manifest.test(file) ? { format: 'jsonc' } : {})?.roots[0];
  if (root === undefined) return [];
  if (manifest.test(file)) return [...(root.get('scripts')?.entries ?? [])].flatMap(([, node]) => shell(node.text() ?? '', new Map()).flatMap((command) => deployment(command, node.location, [...command.folders.map((folder) => joinInRoot(folderOf(file), folder)), folderOf(file)], new Map())));
  return pipelineCommands(root, file);
}

interface Command { readonly words: readonly string[]; readonly line: number; readonly folders: readonly string[] }

/** Steps of a pipeline: lists of arguments (Cloud Build) and texts of shell code. */
function pipelineCommands(root: DocNode, file: string): Deployment[] {
  const found: Deployment[] = [];
  const images = new Map<string, string>();
  const substitutions = new Map([...(root.get('substitutions')?.entries ?? [])].flatMap(([name, node]) => { const text = node.text(); return text === undefined ? [] : [[name, text] as const]; }));
  const pending: { readonly node: DocNode; readonly folder: string | undefined; readonly depth: number }[] = [{ node: root, folder: undefined, depth: 0 }];
  for (let next = pending.pop(), steps = 0; next !== undefined && steps < 50_000; next = pending.pop(), steps++) {
    const { node, depth } = next;
    if (depth > 30) continue;
    const written = node.get('dir')?.text() ?? node.get('working-directory')?.text();
    const folder = written === undefined ? next.folder : expand(written, substitutions);
    const folders = (command: Command | undefined): (string | undefined)[] => [...(command?.folders.map((inner) => joinInRoot(folder ?? '', inner)) ?? []), folder === undefined ? undefined : joinInRoot(folder), ...(folder !== undefined && folder.includes('/') ? [joinInRoot(folder.slice(folder.indexOf('/') + 1))] : []), folderOf(file), ''];
    if (node.kind === 'list') {
      const words = node.items.map((item) => expand(item.text() ?? '', substitutions));
      const image = words.includes('build') ? words[words.findIndex((word) => word === '-t' || word === '--tag') + 1] : undefined;
      if (image !== undefined && words.some((word) => word === '-t' || word === '--tag')) images.set(image, joinInRoot(folder ?? '', words.at(-1) ?? '.') ?? folderOf(file));
      found.push(...deployment({ words: ['gcloud', ...words], line: node.line, folders: [] }, node.location, folders(undefined), images));
    } else if (node.kind === 'scalar') {
      const text = node.text();
      if (text !== undefined && text.includes('gcloud')) for (const command of shell(text, substitutions)) found.push(...deployment(command, node.location, folders(command), images));
    }
    for (const child of [...node.entries.values(), ...node.items].reverse()) pending.push({ node: child, folder, depth: depth + 1 });
  }
  return found;
}

/** The image that `gcloud builds submit` or `docker build` makes, and the folder that it is made from (gcloud and Docker references, read 2026-11). */
function imageOf(words: readonly string[]): { readonly image: string; readonly folder: string } | undefined {
  const start = words.findIndex((word, index) => (word === 'submit' && words[index - 1] === 'builds') || (word === 'build' && /^(?:docker|podman|buildx|image)$/.test(words[index - 1] ?? '')));
  if (start < 0) return undefined;
  let image: string | undefined;
  const plain: string[] = [];
  for (let index = start + 1; index < Math.min(words.length, start + 200); index++) {
    const word = words[index] ?? '';
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    if (flag === '-t' || flag === '--tag' || flag === '--pack') image ??= (equals < 0 ? words[++index] ?? '' : word.slice(equals + 1)).replace(/^image=/, '');
    else if (!word.startsWith('-')) plain.push(word);
    else if (equals < 0 && words[index + 1]?.startsWith('-') === false && !buildSwitches.has(flag)) index++;
  }
  return image === undefined || image === '' ? undefined : { image, folder: plain[0] ?? '.' };
}

const buildSwitches: ReadonlySet<string> = new Set(['--async', '--no-cache', '--no-source', '--suppress-logs', '--quiet', '-q', '--pull', '--push', '--load', '--rm', '--squash', '--compress']);

/** The deployment that a command's words are; none for other commands. */
function deployment(command: Command, location: Location, folders: readonly (string | undefined)[], images: ReadonlyMap<string, string>): Deployment[] {
  const start = command.words.indexOf('gcloud');
  const words = command.words.slice(start + 1).filter((word, index) => !(index < 3 && /^(?:alpha|beta)$/.test(word)));
  while (words[0]?.startsWith('-') === true) words.splice(0, words[0].includes('=') || words[1]?.startsWith('-') === true || words[1] === 'functions' || words[1] === 'run' ? 1 : 2);
  const [product, verb] = words;
  if (start < 0 || verb !== 'deploy' || (product !== 'functions' && product !== 'run')) return [];
  const flags = new Map<string, string[]>();
  let name = '';
  const rest = words.slice(2, 400);
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? '';
    if (!word.startsWith('-')) { name ||= word; continue; }
    const equals = word.indexOf('=');
    const flag = (equals < 0 ? word : word.slice(0, equals)).replace(/^-+/, '');
    const following = rest[index + 1];
    let value = equals < 0 ? '' : word.slice(equals + 1);
    if (equals < 0 && following !== undefined && !following.startsWith('-') && !switches.has(flag)) { value = following; index++; }
    flags.set(flag, [...(flags.get(flag) ?? []), value]);
  }
  return name === '' ? [] : [{ product, name, flags, location, folders: [...new Set(folders.flatMap((folder) => folder ?? []))], images }];
}

/** Flags that take no value. */
const switches: ReadonlySet<string> = new Set(['trigger-http', 'gen2', 'no-gen2', 'allow-unauthenticated', 'no-allow-unauthenticated', 'quiet', 'q', 'retry', 'no-retry', 'async', 'serve-all-traffic-latest-revision', 'clear-env-vars', 'cpu-boost', 'no-traffic', 'use-http2']);

/** Commands of shell code, one statement each; continuation lines joined, simple assignments and lists (`flags+=(--gen2)`, `"${flags[@]}"`) filled in. */
function shell(text: string, given: ReadonlyMap<string, string>): Command[] {
  const variables = new Map(given);
  const lists = new Map<string, readonly string[]>();
  const commands: Command[] = [];
  const folders: string[] = [];
  let line = 1;
  let words: string[] = [];
  let word = '';
  let open = false;
  let started = 1;
  const endWord = (): void => {
    if (open || word !== '') {
      if (words.length === 0) started = line;
      const list = lists.get(/^\$\{([A-Za-z_]\w{0,100})\[[@*]\]\}$/.exec(word)?.[1] ?? '');
      words.push(...(list ?? [expand(word, variables)]));
    }
    word = '';
    open = false;
  };
  const endCommand = (): void => {
    endWord();
    while (words[0] !== undefined && beforeCommand.test(words[0])) words.shift();
    const assignment = words.length === 1 ? /^([A-Za-z_]\w{0,100})=(.*)$/s.exec(words[0] ?? '') : null;
    const list = listStart.exec(words[0] ?? '');
    if (list !== null) lists.set(list[1] ?? '', listed(words, list[0].length, list[2] === '+' ? lists.get(list[1] ?? '') ?? [] : []));
    else if (assignment !== null) variables.set(assignment[1] ?? '', assignment[2] ?? '');
    else if (words[0] === 'cd' && words[1] !== undefined) folders.unshift(words[1]);
    else if (words.length > 0) commands.push({ words, line: started, folders: [...folders] });
    words = [];
  };
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? '';
    if (char === '\\') { const next = text[++index] ?? ''; if (next === '\n') { endWord(); line++; } else { word += next; open = true; } continue; }
    if (char === "'" || char === '"') {
      const end = quoteEnd(text, index, char);
      word += text.slice(index + 1, end);
      open = true;
      for (let at = index; at < end; at++) if (text[at] === '\n') line++;
      index = end;
      continue;
    }
    if (char === '#' && word === '' && !open) { const end = text.indexOf('\n', index); index = (end < 0 ? text.length : end) - 1; continue; }
    if (char === '\n' && inList([...words, word])) { endWord(); line++; continue; }
    if (char === '\n' || char === ';' || char === '|' || char === '&') { endCommand(); if (char === '\n') line++; continue; }
    if (char === ' ' || char === '\t' || char === '\r') { endWord(); continue; }
    word += char;
  }
  endCommand();
  return commands;
}

const beforeCommand = /^(?:export|local|declare|typeset|readonly|-a|then|do|else|if|!|time|exec|sudo)$/;
const listStart = /^([A-Za-z_]\w{0,100})(\+?)=\(/;
const maximumList = 400;

/** Whether words begin a list that is not closed yet: its lines end no command. */
function inList(words: readonly string[]): boolean {
  const start = words.findIndex((word) => !beforeCommand.test(word));
  return start >= 0 && listStart.test(words[start] ?? '') && words.length < maximumList && !words.some((word, index) => index >= start && word.endsWith(')'));
}

/** The words of a list, those that it has already before them. */
function listed(words: readonly string[], start: number, before: readonly string[]): readonly string[] {
  const own = [(words[0] ?? '').slice(start), ...words.slice(1)].map((word, index, all) => (index === all.length - 1 ? word.replace(/\)$/, '') : word));
  return [...before, ...own.filter((word) => word !== '')].slice(0, maximumList);
}

function quoteEnd(text: string, start: number, quote: string): number {
  for (let index = start + 1; index < text.length; index++) {
    if (quote === '"' && text[index] === '\\') index++;
    else if (text[index] === quote) return index;
  }
  return text.length;
}

/** Fills in variables that are known; the rest stay as written. */
function expand(word: string, variables: ReadonlyMap<string, string>): string {
  if (!word.includes('$') || word.length > 2_000) return word;
  const filled = word.replaceAll(/\$(?:\{([A-Za-z_]\w{0,100})(?::?-([^}]{0,200}))?\}|([A-Za-z_]\w{0,100}))/g, (whole: string, braced: string | undefined, fallback: string | undefined, plain: string | undefined) => variables.get(braced ?? plain ?? '') ?? fallback ?? whole);
  return filled.length > 4_000 ? word : filled;
}
