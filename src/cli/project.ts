import { relative, resolve, sep } from 'node:path';
import type { AnalyzeOptions } from '../analyze.ts';
import { UsageError } from '../check/usage-error.ts';
import type { ScanResult } from '../model/finding.ts';
import { noFunction } from '../report/context.ts';
import { escapeTerminal } from '../report/escape.ts';
import { isFolder } from '../workspace/inputs.ts';
import { writeTextFile } from '../workspace/write.ts';
import type { Io } from './io.ts';

/** Options of the commands that read a project, as the command line gives them. */
export interface ProjectFlags {
  readonly format: string;
  readonly outputFile?: string;
  readonly root?: string;
  /** A file; `false` for none; `true` when not given. */
  readonly config?: string | boolean;
  readonly stage?: string;
  readonly param?: readonly string[];
  readonly allowIncomplete?: boolean;
  readonly types?: boolean;
}

/** What the analyzer is asked, of the options that all commands share. */
export function projectOptions(paths: readonly string[], flags: ProjectFlags): AnalyzeOptions {
  const config = typeof flags.config === 'string' ? flags.config : flags.config === false ? false : undefined;
  return {
    ...(paths.length > 0 ? { paths } : {}), ...(flags.root === undefined ? {} : { root: flags.root }), ...(config === undefined ? {} : { config }),
    ...(flags.stage === undefined ? {} : { stage: flags.stage }), params: paramsOf(flags.param ?? []), types: flags.types === true,
  };
}

function paramsOf(items: readonly string[]): ReadonlyMap<string, string> {
  return new Map(items.map((item) => {
    const equals = item.indexOf('=');
    if (equals < 1) throw new UsageError(`--param "${item}" has no value. Give it as name=value.`);
    return [item.slice(0, equals), item.slice(equals + 1)];
  }));
}

/** The root relative to the working directory: the same in every copy of a repository. */
export function shownRoot(io: Io, root: string): string {
  return relative(io.cwd, root).split(sep).join('/') || '.';
}

/** Writes a report where the user wants it. */
export function emit(io: Io, flags: ProjectFlags, text: string): void {
  if (flags.outputFile === undefined) return io.stdout.write(text);
  try {
    writeTextFile(resolve(io.cwd, flags.outputFile), text);
  } catch (error) {
    throw new UsageError(`--output-file ${flags.outputFile} was not written (${(error as Error).message}). Give a file in a folder that exists.`);
  }
}

/** Files alone were asked for, as hooks do: that none of them is a handler or declares one says nothing of the project. */
export const areFiles = (io: Io, paths: readonly string[]): boolean => paths.length > 0 && paths.every((path) => !isFolder(resolve(io.cwd, path)));

/** On the standard error: what the report of a command says nothing of, so that nobody takes a blind run for a quiet one. */
export function tellMissing(io: Io, result: ScanResult, paths: readonly string[]): void {
  for (const { file, reason } of result.incomplete) io.stderr.write(`not read: ${escapeTerminal(file)}  ${escapeTerminal(reason)}\n`);
  if (result.functions.length === 0 && result.incomplete.length === 0 && !areFiles(io, paths)) io.stderr.write(`faaslint: ${noFunction}\n`);
}
