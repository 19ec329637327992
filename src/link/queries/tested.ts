import type { ModuleFacts } from '../../model/facts.ts';
import type { FunctionView, ProjectView } from '../../model/project.ts';
import { alternatives } from '../../model/value.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';

const byName = /[._-](?:test|tests|spec|e2e)\.[cm]?[jt]sx?$/;
const byFolder = /(?:^|\/)(?:__tests__|tests?|spec|specs|e2e|integration(?:-tests?)?)\/(?:[^/]+\/)*[^/]+\.[cm]?[jt]sx?$/;
const notTests = /(?:^|\/)(?:node_modules|__fixtures__|fixtures|__mocks__|mocks)\/|\.d\.[cm]?ts$/;
const runners = /^(?:vitest|@jest\/globals|mocha|node:test|test|ava|tape?|uvu|bun:test|@playwright\/test|jasmine|chai|supertest|cypress)$/;
const runnerNames = new Set(['describe', 'it', 'test', 'suite', 'beforeEach', 'before']);

/** What the tests of a repository load. */
export interface Tested {
  /** How many files with tests there are. */
  readonly count: number;
  /** Files that some test loads, directly or on the way. */
  readonly reached: ReadonlySet<string>;
  /** Folders of packages with a test that loads something by a name that it works out. */
  readonly vague: readonly string[];
}

/** Looks through the tests of a repository; `undefined` where its files cannot be asked for. */
export function testedFiles(project: ProjectView): Tested | undefined {
  const [any] = project.functions as readonly LinkedFunction[];
  const files = project.packages?.files;
  if (!any || !files || !project.whole) return undefined;
  const { modules } = any.evaluator;
  const handlers = new Set(project.functions.flatMap((view) => view.fn.handlers.map((handler) => handler.file)));
  const reached = new Set<string>();
  const vague = new Set<string>();
  let count = 0;
  const asked = new Map<string, boolean>();
  const isVague = (file: string): boolean => {
    const facts = modules.facts(file);
    const known = asked.get(file) ?? (facts !== undefined && loadsVaguely(facts));
    asked.set(file, known);
    return known;
  };
  for (const file of files) {
    if (notTests.test(file) || handlers.has(file) || !(byName.test(file) || byFolder.test(file))) continue;
    const facts = modules.facts(file);
    if (!facts || !(byName.test(file) || isTest(facts))) continue;
    count++;
    const loaded = modules.closure(file);
    for (const one of loaded) reached.add(one);
    for (const { form, source } of facts.imports) {
      // `await import('../src/handler')` in the body of a test.
      const target = form === 'dynamic' || form === 'require' ? modules.resolve(file, source) : undefined;
      if (target && 'file' in target) for (const one of modules.closure(target.file)) reached.add(one);
    }
    // What is shared by tests (`steps.invoke(name)`) loads for them.
    if (loaded.some((one) => (one === file || byFolder.test(one)) && isVague(one))) vague.add(modules.packageOf(file) ?? '');
  }
  return { count, reached, vague: [...vague].sort() };
}

const isTest = (facts: ModuleFacts): boolean => facts.imports.some((one) => runners.test(one.source)) || facts.globals.some((name) => runnerNames.has(name));

/** `require(path.join(dir, name))`: what it loads is not told. */
function loadsVaguely(facts: ModuleFacts): boolean {
  let found = false;
  for (const fn of facts.functions) {
    walk(fn.body, (item) => {
      if (item.kind === 'import' && item.source.kind !== 'literal') found = true;
      if (item.kind === 'call' && item.callee.kind === 'global' && item.callee.name === 'require' && item.args[0]?.kind !== 'literal') found = true;
      return !found;
    });
  }
  return found;
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
