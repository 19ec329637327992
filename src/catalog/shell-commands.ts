import type { Value } from '../model/value.ts';
import { literal, unknown } from '../model/value.ts';
import { elements, property, textOf, wordSet } from './look-up.ts';
import type { NormalName } from './look-up.ts';

/**
 * What child processes do to the disk, as far as their command line says it: redirections and tools that are known to
 * write. A program that is not listed here says nothing.
 *
 * Sources (November 2026): Node.js child_process documentation; POSIX shell grammar (redirection, lists); manual pages
 * of GNU coreutils, tar, unzip, git, curl, wget, ffmpeg, ImageMagick.
 */

/** What one command line does: path it writes or removes (`undefined`: not told by the line) and the tool. */
export interface CommandEffect {
  readonly path: Value | undefined;
  readonly tool: string;
}

/** A word of a command line: text and values stuck together, as a value. */
type Word = Value;

/**
 * How a writing tool names what it writes: its first, last or every operand, the current folder, or the word after an
 * option. `flags` are options without a word that write into the current folder; without any of them: `otherwise`.
 */
type Output =
  | { readonly by: 'first' | 'last' | 'operands' | 'cwd' }
  | { readonly by: 'option'; readonly names: readonly string[]; readonly flags?: readonly string[]; readonly otherwise?: 'cwd' };

const option = (...names: string[]): Output => ({ by: 'option', names });
const optionOr = (...names: string[]): Output => ({ by: 'option', names, otherwise: 'cwd' });

const tools: ReadonlyMap<string, Output> = new Map<string, Output>([
  ['cp', { by: 'last' }], ['mv', { by: 'last' }], ['ln', { by: 'last' }], ['install', { by: 'last' }], ['rsync', { by: 'last' }], ['scp', { by: 'last' }],
  ['mkdir', { by: 'operands' }], ['touch', { by: 'operands' }], ['tee', { by: 'operands' }], ['truncate', { by: 'operands' }],
  ['mktemp', { by: 'last' }], ['dd', option('of=')],
  ['ffmpeg', { by: 'last' }], ['convert', { by: 'last' }], ['magick', { by: 'last' }], ['mogrify', { by: 'operands' }], ['gs', option('-sOutputFile=')],
  ['pdftoppm', { by: 'last' }], ['pdftotext', { by: 'last' }], ['wkhtmltopdf', { by: 'last' }], ['soffice', optionOr('--outdir')], ['libreoffice', optionOr('--outdir')],
  ['wget', optionOr('-O', '-P', '--output-document', '--directory-prefix')], 
  ['curl', { by: 'option', names: ['-o', '--output', '--output-dir'], flags: ['-O', '--remote-name', '-LO', '-OL', '-sO', '-sLO'] }],
  ['zip', { by: 'first' }], ['unzip', optionOr('-d')], ['gunzip', { by: 'operands' }], ['gzip', { by: 'operands' }], ['7z', optionOr('-o')],
  ['npm', { by: 'cwd' }], ['yarn', { by: 'cwd' }], ['pnpm', { by: 'cwd' }],
]);
const npmWriting = wordSet('install i ci add update link pack');
const gitWriting = wordSet('clone checkout pull fetch init commit merge rebase reset stash am apply worktree');
const removing = wordSet('rm rmdir unlink shred');
const prefixes = wordSet('if then else elif do while until ! { sudo env nice nohup time exec command npx');
const shells = wordSet('sh bash zsh dash ash ksh');
/** Devices and descriptors: nothing reaches the disk. */
const noDisk = /^(?:\/dev\/(?!shm\/)|\/proc\/self\/fd\/|&|-$)/;

/** Packages that run commands. */
export const isCommandPackage = (module: string): boolean => module === 'child_process' || module === 'child-process-promise' || module === 'mz/child_process' || module === 'execa' || module === 'shelljs' || module === 'cross-spawn' || module === 'zx';

/** The command lines that a call of child_process, execa, zx, shelljs or cross-spawn runs, as lists of words. */
export function commandLinesOf(name: NormalName, args: readonly Value[]): readonly (readonly Word[])[] {
  const { module, method, path } = name;
  const isChild = module === 'child_process' || module === 'child-process-promise' || module === 'mz/child_process';
  if ((isChild && (method === 'exec' || method === 'execSync')) || (module === 'execa' && method.startsWith('execaCommand')) || (module === 'shelljs' && method === 'exec')) {
    return shellWords(args[0]);
  }
  const isFile = (isChild && /^(?:spawn|execFile)(?:Sync)?$/.test(method)) || (module === 'execa' && (path.length === 0 || /^execa(?:Sync)?$/.test(method))) || (module === 'cross-spawn' && (path.length === 0 || method === 'sync' || method === 'spawn'));
  if (!isFile || !args[0]) return [];
  const operands = elements(args[1]);
  const file = textOf(args[0]);
  if (file !== undefined && shells.has(file.split('/').at(-1) ?? '') && operands.some((word) => /^-[a-z]*c$/.test(textOf(word) ?? ''))) {
    return shellWords(operands[operands.findIndex((word) => /^-[a-z]*c$/.test(textOf(word) ?? '')) + 1]);
  }
  const isShell = property(args[2], 'shell');
  if (isShell?.kind === 'literal' && isShell.value === true && file !== undefined && file.includes(' ')) return shellWords(args[0]);
  return [[args[0], ...operands]];
}

/** Splits a shell line into commands (`;`, `&&`, `||`, `|`, newline) and words; values inside stay values. */
function shellWords(line: Value | undefined): readonly (readonly Word[])[] {
  const parts: readonly Value[] = line?.kind === 'template' ? line.parts : line ? [line] : [];
  const commands: Word[][] = [[]];
  let current: Value[] = [];
  let quote = '';
  const endWord = (): void => {
    const [only] = current;
    if (only) commands.at(-1)?.push(current.length === 1 ? only : { kind: 'template', parts: current });
    current = [];
  };
  const add = (char: string): void => {
    const last = current.at(-1);
    if (last?.kind === 'literal') current[current.length - 1] = literal(String(last.value) + char);
    else current.push(literal(char));
  };
  for (const part of parts) {
    const text = textOf(part);
    if (text === undefined) {
      current.push(part);
      continue;
    }
    for (let i = 0; i < text.length; i++) {
      const char = text.charAt(i);
      if (quote !== '') {
        if (char === quote) quote = '';
        else add(char);
      } else if (char === '"' || char === "'") {
        quote = char;
        if (current.length === 0) current.push(literal(''));
      } else if (char === '\\' && i + 1 < text.length) add(text.charAt(++i));
      else if (char === ' ' || char === '\t') endWord();
      else if (char === '>' || char === '<') {
        // The number of a descriptor belongs to the redirection, not to the command.
        if (current.every((piece) => /^[12]?$/.test(textOf(piece) ?? 'x'))) current = [];
        endWord();
        while (text.charAt(i + 1) === char) i++;
        commands.at(-1)?.push(literal(char));
      } else if (char === '&' && current.length === 0 && textOf(commands.at(-1)?.at(-1)) === '>') add(char);
      else if (';|&\n'.includes(char)) {
        endWord();
        if (commands.at(-1)?.length) commands.push([]);
      } else add(char);
    }
  }
  endWord();
  return commands.filter((command) => command.length > 0);
}

/** What one command writes: its redirections and its tool's output. */
export function commandWrites(words: readonly Word[]): readonly CommandEffect[] {
  const effects: CommandEffect[] = [];
  const plain: Word[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word && textOf(word) === '<') i++;
    else if (word && textOf(word) === '>') {
      const target = words[++i];
      if (target && !isNoDisk(target)) effects.push({ path: target, tool: 'redirection' });
    } else if (word) plain.push(word);
  }
  const command = dropPrefixes(plain);
  const tool = toolName(command[0]);
  const operands = command.slice(1);
  const output = tool === undefined ? undefined : outputOf(tool, operands);
  if (tool !== undefined && output) for (const path of outputs(output, operands)) if (!path || !isNoDisk(path)) effects.push({ path, tool });
  return effects;
}

/** What one command removes. */
export function commandRemovals(words: readonly Word[]): readonly CommandEffect[] {
  const command = dropPrefixes(words);
  const tool = toolName(command[0]);
  if (tool === undefined || !removing.has(tool)) return [];
  return operandsOf(command.slice(1)).map((path) => ({ path, tool }));
}

const isNoDisk = (path: Value): boolean => noDisk.test(textOf(path) ?? '');

function dropPrefixes(words: readonly Word[]): readonly Word[] {
  let start = 0;
  while (start < words.length) {
    const text = textOf(words[start]);
    if (text === undefined || !(prefixes.has(text) || /^[A-Z_][A-Z0-9_]*=/i.test(text))) break;
    start++;
  }
  return words.slice(start);
}

function toolName(word: Word | undefined): string | undefined {
  // Another path to the same tool on the machine of who writes the code.
  if (word?.kind === 'oneOf') return word.options.map((one) => toolName(one)).find((name) => name !== undefined);
  // `import ffmpeg from 'ffmpeg-static'`, `@ffmpeg-installer/ffmpeg`.path: packages that give the path of a tool.
  if (word?.kind === 'external') return /^(?:@[\w-]+-installer\/)?(\w+?)(?:-static)?$/.exec(word.module)?.[1];
  return textOf(word)?.split('/').at(-1);
}

function outputOf(tool: string, operands: readonly Word[]): Output | undefined {
  const first = operands.map((word) => textOf(word)).find((text) => text !== undefined && !text.startsWith('-'));
  switch (tool) {
    case 'git': {
      const verb = operands.findIndex((word) => gitWriting.has(textOf(word) ?? ''));
      if (verb < 0) return undefined;
      // `git clone URL [folder]`; everything else works in the current folder.
      return textOf(operands[verb]) === 'clone' && operandsOf(operands.slice(verb + 1)).length > 1 ? { by: 'last' } : { by: 'cwd' };
    }
    case 'tar': {
      const mode = textOf(operands[0]) ?? '';
      if (/^-?[a-z]*x|^--extract$/.test(mode) && !mode.startsWith('--c')) return optionOr('-C', '--directory');
      return /^-?[a-z]*c|^--create$/.test(mode) ? { by: 'option', names: ['-f', mode] } : undefined;
    }
    case 'npm': case 'yarn': case 'pnpm':
      return npmWriting.has(first ?? (tool === 'yarn' ? 'install' : '')) ? { by: 'cwd' } : undefined;
    case 'sed':
      return operands.some((word) => /^-i/.test(textOf(word) ?? '')) ? { by: 'last' } : undefined;
    default:
      return tools.get(tool);
  }
}

function operandsOf(words: readonly Word[]): readonly Word[] {
  return words.filter((word) => !(textOf(word)?.startsWith('-') ?? false) && textOf(word) !== '');
}

function outputs(output: Output, words: readonly Word[]): readonly (Value | undefined)[] {
  if (output.by === 'cwd') return [undefined];
  const operands = operandsOf(words);
  if (output.by === 'operands') return operands.length > 0 ? operands : [undefined];
  if (output.by === 'first') return [operands[0]];
  if (output.by !== 'option') {
    const last = words.at(-1);
    return [last && textOf(last) === '-' ? last : operands.at(-1)];
  }
  for (let i = 0; i < words.length; i++) {
    const text = textOf(words[i]);
    const word = words[i];
    if (text !== undefined && output.flags?.includes(text)) return [undefined];
    for (const name of output.names) {
      if (text === name) return [words[i + 1]];
      if (text !== undefined && name.endsWith('=') && text.startsWith(name)) return [literal(text.slice(name.length))];
      if (text !== undefined && name.startsWith('--') && text.startsWith(`${name}=`)) return [literal(text.slice(name.length + 1))];
      if (word?.kind === 'template' && textOf(word.parts[0]) === name && word.parts.length === 2) return [word.parts[1]];
    }
  }
  return output.otherwise === 'cwd' ? [undefined] : [];
}

/** The path of a command whose current folder is given in the options. */
export function workingFolder(args: readonly Value[]): Value {
  for (const arg of args.slice(1)) {
    const cwd = arg.kind === 'object' ? property(arg, 'cwd') : undefined;
    if (cwd) return cwd;
  }
  return unknown('current folder of the process');
}
