import type { ModuleFacts } from '../model/facts.ts';
import type { Skipped } from '../model/function.ts';
import type { Workspace } from '../model/workspace.ts';
import { refusal } from './admission.ts';
import { parseInChild } from './child.ts';
import { parseModule } from './parse.ts';
import { specifiersOf, type Specifiers } from './specifiers.ts';

/** Facts of source files, parsed on demand and once. */
export interface FactsLoader {
  /** `undefined` when the file does not exist or cannot be used; the reason is then in `problem(file)`. */
  facts(file: string): ModuleFacts | undefined;
  problem(file: string): Skipped | undefined;
  /** The text of a file of the workspace, for questions that need no parse. */
  text(file: string): string | undefined;
  /** What a source file loads, told from its text alone; `undefined` when there is no such file. */
  specifiers(file: string): Specifiers | undefined;
  /** Files asked for so far that exist, in the order of asking. */
  loaded(): readonly string[];
}

const sourceFile = /\.[mc]?[jt]sx?$/;

export function createFactsLoader(workspace: Workspace): FactsLoader {
  const known = new Map<string, ModuleFacts | undefined>();
  const problems = new Map<string, Skipped>();
  const load = (file: string): ModuleFacts | undefined => {
    if (!sourceFile.test(file)) return undefined;
    const text = workspace.read(file);
    if (text === undefined) {
      const problem = workspace.problem(file);
      if (problem) problems.set(file, problem);
      return undefined;
    }
    const reason = refusal(text);
    const parsed = reason === undefined ? parseModule(file, text) : parseInChild(file, text, reason);
    if ('facts' in parsed) return parsed.facts;
    problems.set(file, { file, reason: parsed.line === undefined ? parsed.error : `${parsed.error} (line ${parsed.line})` });
    return undefined;
  };
  return {
    facts(file) {
      if (!known.has(file)) known.set(file, load(file));
      return known.get(file);
    },
    problem: (file) => problems.get(file),
    text: (file) => workspace.read(file),
    specifiers(file) {
      const text = sourceFile.test(file) ? workspace.read(file) : undefined;
      return text === undefined ? undefined : specifiersOf(text);
    },
    loaded: () => [...known.keys()].filter((file) => known.get(file) !== undefined || problems.has(file)),
  };
}
