import { readFileSync, statSync } from 'node:fs';
import { noConfig, findConfig, parseConfig, type Config } from '../check/config.ts';
import { parseBaseline, type Baseline } from '../check/baseline.ts';
import { UsageError } from '../check/usage-error.ts';
import type { Rule } from '../rule.ts';
import type { Workspace } from '../model/workspace.ts';

/** A configuration or baseline beyond this is a mistake. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Files that the user names on the command line: they may lie anywhere. */
function readNamed(file: string, what: string): string {
  try {
    if (statSync(file).size > MAX_BYTES) throw new UsageError(`${what} ${file} is larger than 64 MB.`);
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${what} ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}).`);
  }
}

/** The configuration to use: the given file, the nearest one in the repository, or none. */
export function readConfig(workspace: Workspace, scope: string, choice: string | false | undefined, rules: readonly Rule[]): Config {
  if (choice === false) return noConfig;
  if (choice !== undefined) return parseConfig(choice, readNamed(choice, 'The configuration'), rules);
  const file = findConfig(workspace, scope);
  return file === undefined ? noConfig : parseConfig(file, workspace.read(file) ?? '', rules);
}

export function readBaseline(file: string): Baseline {
  return parseBaseline(file, readNamed(file, 'The baseline'));
}

/** Text of a file that the command line names. @throws UsageError when it can not be read */
export const readText = readNamed;

/** The baseline that is about to be replaced; none when there is no file or it is no baseline. */
export function oldBaseline(file: string): Baseline | undefined {
  try {
    return readBaseline(file);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Whether a path of the command line is a folder. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
