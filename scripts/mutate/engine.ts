import { check } from '../../src/check/check.ts';
import { settings } from '../../src/check/settings.ts';
import { discoverAll } from '../../src/discover/all.ts';
import { createFactsLoader, type FactsLoader } from '../../src/extract/load.ts';
import { link, type LinkedProject } from '../../src/link/link.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Infrastructure, ServerlessFunction } from '../../src/model/function.ts';
import type { Workspace } from '../../src/model/workspace.ts';
import { packageSizes } from '../../src/workspace/installed.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { rules } from '../../rules/index.ts';

/** Texts that stand in front of a repository's own; nothing is written to disk. */
export type Changes = ReadonlyMap<string, string>;

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A workspace with other texts in some places. */
export function overlay(base: Workspace, changes: Changes): Workspace {
  const added = [...changes.keys()].filter((file) => !base.has(file));
  const files = added.length === 0 ? base.files : [...base.files, ...added].sort(byCodeUnit);
  return {
    root: base.root, files,
    has: (file) => changes.has(file) || base.has(file),
    read: (file) => changes.get(file) ?? base.read(file),
    problem: (file) => (changes.has(file) ? undefined : base.problem(file)),
    isDirectory: (path) => base.isDirectory(path) || added.some((file) => file.startsWith(`${path}/`)),
  };
}

function overlayLoader(base: FactsLoader, workspace: Workspace, changes: Changes): FactsLoader {
  const own = createFactsLoader(workspace);
  const of = (file: string): FactsLoader => (changes.has(file) ? own : base);
  return { ...own, facts: (file) => of(file).facts(file), problem: (file) => of(file).problem(file), loaded: () => [...base.loaded(), ...own.loaded()] };
}

export interface ScanInput {
  readonly changes: Changes;
  /** Functions to look at. Default: all. */
  readonly functions?: readonly string[];
  /** Rules to run. Default: all. */
  readonly rules?: readonly string[];
  /** What infrastructure declares under the changes; by default it is found anew. */
  readonly infrastructure?: Infrastructure;
}

/** A repository that is scanned again and again with small changes: what did not change is read and parsed once. */
export class Repository {
  readonly workspace: Workspace;
  readonly infrastructure: Infrastructure;
  private readonly loader: FactsLoader;
  private readonly date: string;

  constructor(root: string, date: string) {
    this.workspace = openWorkspace(root, { root });
    this.loader = createFactsLoader(this.workspace);
    this.date = date;
    this.infrastructure = discoverAll(this.workspace, this.loader, { params: new Map() });
  }

  discover(changes: Changes): Infrastructure {
    const workspace = overlay(this.workspace, changes);
    return discoverAll(workspace, overlayLoader(this.loader, workspace, changes), { params: new Map() });
  }

  link({ changes, functions, infrastructure }: Omit<ScanInput, 'rules'>): LinkedProject {
    const workspace = overlay(this.workspace, changes);
    // What is kept for a function or a project must not outlive one scan.
    const given = infrastructure ?? this.discover(changes);
    const found: Infrastructure = { ...given, functions: given.functions.map((fn) => ({ ...fn })) };
    const analysed = functions ? found.functions.filter((fn) => functions.includes(fn.id)) : found.functions;
    return link({ workspace, infrastructure: found, analysed, loader: overlayLoader(this.loader, workspace, changes), sizes: packageSizes(this.workspace.root), date: this.date, whole: true });
  }

  scan(input: ScanInput): readonly Finding[] {
    const workspace = overlay(this.workspace, input.changes);
    const result = check(this.link(input), settings(rules, 'all', new Map(), input.rules), (file) => workspace.read(file));
    const [failure] = result.failures;
    if (failure) throw new Error(`${failure.file}: ${failure.reason}`);
    return result.findings;
  }
}

/** Moves the places of handlers that are known by their range, after an edit of a file. */
export function moved(infrastructure: Infrastructure, file: string, map: (offset: number) => number): Infrastructure {
  const move = (fn: ServerlessFunction): ServerlessFunction => {
    if (!fn.handlers.some((handler) => handler.file === file && handler.at)) return fn;
    return { ...fn, handlers: fn.handlers.map((handler) => (handler.file === file && handler.at ? { ...handler, at: { start: map(handler.at.start), end: map(handler.at.end - 1) + 1 } } : handler)) };
  };
  return { ...infrastructure, functions: infrastructure.functions.map(move) };
}
