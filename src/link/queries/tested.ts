import type { FunctionView, ProjectView } from '../../model/project.ts';
import { alternatives } from '../../model/value.ts';
import type { LinkedFunction } from '../view.ts';

const byName = /[._-](?:test|tests|spec|e2e)\.[cm]?[jt]sx?$/;
const byFolder = /(?:^|\/)(?:__tests__|tests?|spec|specs|e2e|integration(?:-tests?)?)\/(?:[^/]+\/)*[^/]+\.[cm]?[jt]sx?$/;
const notTests = /(?:^|\/)(?:node_modules|__fixtures__|fixtures|__mocks__|mocks)\/|\.d\.[cm]?ts$/;
const runners = /^(?:vitest|@jest\/globals|mocha|node:test|test|ava|tape?|uvu|bun:test|@playwright\/test|jasmine|chai|supertest|cypress)$/;
const runnerNames = /\b(?:describe|it|test|suite|beforeEach|before)\s*[.(]/;

/** What the tests of a repository load. */
export interface Tested {
  /** How many files with tests there are. */
  readonly count: number;
  /** Files that some test loads, directly or on the way. */
  readonly reached: ReadonlySet<string>;
  /** Folders of packages with a test that loads something by a name that it works out. */
  readonly vague: readonly string[];
}

/**
 * Looks through the tests of a repository; `undefined` where its files cannot be asked for. What they load is read off their
 * text: there can be more tests than function code, and no more is asked of them.
 */
export function testedFiles(project: ProjectView): Tested | undefined {
  const [any] = project.functions as readonly LinkedFunction[];
  const files = project.packages?.files;
  if (!any || !files || !project.whole) return undefined;
  const { modules } = any.evaluator;
  const handlers = new Set(project.functions.flatMap((view) => view.fn.handlers.map((handler) => handler.file)));
  const loads = new Map<string, Loads>();
  const loadsOf = (file: string): Loads => {
    let known = loads.get(file);
    if (!known) {
      const { sources, vague } = modules.specifiers(file) ?? { sources: [], vague: false };
      const targets = sources.map((source) => modules.resolve(file, source));
      known = { sources, vague, files: targets.flatMap((target) => ('file' in target ? [target.file] : [])) };
      loads.set(file, known);
    }
    return known;
  };
  const reached = new Set<string>();
  const vague = new Set<string>();
  let count = 0;
  for (const file of files) {
    if (notTests.test(file) || handlers.has(file) || !(byName.test(file) || byFolder.test(file))) continue;
    if (!byName.test(file) && !loadsOf(file).sources.some((source) => runners.test(source)) && !runnerNames.test(modules.text(file) ?? '')) continue;
    count++;
    reached.add(file);
  }
  for (const file of reached) for (const next of loadsOf(file).files) reached.add(next);
  // What is shared by tests (`steps.invoke(name)`) loads for them.
  for (const file of reached) if ((byName.test(file) || byFolder.test(file)) && loadsOf(file).vague) vague.add(modules.packageOf(file) ?? '');
  return { count, reached, vague: [...vague].sort() };
}

interface Loads {
  readonly sources: readonly string[];
  readonly vague: boolean;
  readonly files: readonly string[];
}

/** Whether a test loads the file of one of a function's handlers, or the file that the handler itself is written in; `undefined` where that cannot be told. */
export function isTested(of: FunctionView, tested: Tested): boolean | undefined {
  const view = of as LinkedFunction;
  const { evaluator } = view;
  const files = view.fn.handlers.flatMap((handler) => {
    if (!evaluator.modules.facts(handler.file)) return [];
    const values = handler.at ? [] : alternatives(evaluator.exportValue(handler.file, handler.export));
    return [handler.file, ...values.flatMap((value) => (value.kind === 'function' || value.kind === 'class' ? [value.file] : []))];
  });
  if (files.length === 0) return undefined;
  if (files.some((file) => tested.reached.has(file))) return true;
  return tested.vague.some((folder) => folder === '' || files.some((file) => file.startsWith(`${folder}/`))) ? undefined : false;
}
