import { dirname } from 'node:path';
import { discoverDeclared } from '../discover/all.ts';
import { localFunctions } from '../discover/evidence-functions.ts';
import { extractFacts, type CommentNode } from '../extract/extract.ts';
import type { Node } from '../extract/estree.ts';
import { createFactsLoader } from '../extract/load.ts';
import { link } from '../link/link.ts';
import type { ModuleFacts } from '../model/facts.ts';
import type { Infrastructure, ServerlessFunction } from '../model/function.ts';
import type { ProjectView } from '../model/project.ts';
import type { Workspace } from '../model/workspace.ts';
import { relativeTo } from '../workspace/paths.ts';
import { folderExists, stampOf } from '../workspace/stamps.ts';
import { packageSizes } from '../workspace/installed.ts';
import { openWorkspace } from '../workspace/workspace.ts';
import { today } from '../workspace/inputs.ts';
import type { SourceCodeLike } from './types.ts';

interface Repository {
  readonly workspace: Workspace;
  readonly infrastructure: Infrastructure;
  readonly sizes: ReturnType<typeof packageSizes>;
  /** Modification times of what was read: an editor keeps the process for days. */
  readonly stamps: ReadonlyMap<string, number>;
  checkedAt: number;
}

/** How long an answer about the repository's infrastructure is taken as still true. */
const FRESH_MS = 2_000;
const repositories = new Map<string, Repository>();
const rootsByFolder = new Map<string, string>();

/** What the editor knows of the repository around a file: its infrastructure, read once and again when it changes. */
function repositoryOf(filename: string, cwd: string): Repository | undefined {
  const folder = dirname(filename);
  if (!folderExists(folder)) return undefined;
  let root = rootsByFolder.get(folder);
  const known = root === undefined ? undefined : repositories.get(root);
  const now = Date.now();
  if (known && now - known.checkedAt < FRESH_MS) return known;
  if (known && [...known.stamps].every(([file, stamp]) => stampOf(known.workspace.root, file) === stamp)) { known.checkedAt = now; return known; }
  // Where neither version control nor a workspace marks a root, ESLint's working folder is what a scan would be given.
  const nearest = openWorkspace(folder);
  const workspace = relativeTo(nearest.root, folder) === '' && relativeTo(cwd, folder) !== undefined ? openWorkspace(cwd) : nearest;
  root = workspace.root;
  rootsByFolder.set(folder, root);
  const same = repositories.get(root);
  if (same && now - same.checkedAt < FRESH_MS) return same;
  const infrastructure = discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });
  const repository = { workspace, infrastructure, sizes: packageSizes(workspace.root), stamps: new Map([...infrastructure.files, ...workspace.files.filter((file) => /(?:^|\/)package(?:-lock)?\.json$/.test(file))].map((file) => [file, stampOf(workspace.root, file)])), checkedAt: now };
  repositories.set(root, repository);
  return repository;
}

const cache = new WeakMap<SourceCodeLike, ProjectView | undefined>();

/**
 * The project as the editor sees it: the functions whose handler is in the open file, and of the code that file alone. Facts
 * come from the tree that ESLint has; all rules of a file share them.
 */
export function projectOf(sourceCode: SourceCodeLike, filename: string, cwd: string): ProjectView | undefined {
  if (cache.has(sourceCode)) return cache.get(sourceCode);
  const project = build(sourceCode, filename, cwd);
  cache.set(sourceCode, project);
  return project;
}

function build(sourceCode: SourceCodeLike, filename: string, cwd: string): ProjectView | undefined {
  const repository = repositoryOf(filename, cwd);
  const file = repository && relativeTo(repository.workspace.root, filename);
  if (!repository || file === undefined || file === '') return undefined;
  let facts: ModuleFacts | undefined;
  const own = (): ModuleFacts | undefined => {
    try {
      facts ??= extractFacts(file, sourceCode.text, sourceCode.ast as Node, sourceCode.getAllComments().flatMap((comment): CommentNode[] => (comment.range ? [{ type: comment.type, value: comment.value, range: comment.range }] : [])));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    return facts;
  };
  const { infrastructure } = repository;
  let functions: readonly ServerlessFunction[] = infrastructure.functions.flatMap((fn) => {
    const handlers = fn.handlers.filter((handler) => handler.file === file);
    return handlers.length > 0 ? [{ ...fn, handlers }] : [];
  });
  if (functions.length === 0) {
    const facts_ = own();
    functions = facts_ ? [...localFunctions(repository.workspace, infrastructure, facts_)] : [];
  }
  if (functions.length === 0 || !own()) return undefined;
  const loader = { facts: (name: string) => (name === file ? own() : undefined), problem: () => undefined, loaded: () => [file], text: () => undefined, specifiers: () => undefined };
  // What the other functions are called and listen to is known; their code is not.
  const open = new Map(functions.map((fn) => [fn.id, fn]));
  const all = [...infrastructure.functions.map((fn) => open.get(fn.id) ?? fn), ...functions.filter((fn) => !infrastructure.functions.some((other) => other.id === fn.id))];
  return link({ infrastructure: { ...infrastructure, functions: all }, analysed: functions, loader, manifests: repository.workspace, sizes: repository.sizes, date: today(), whole: false });
}
