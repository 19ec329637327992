import type { Gap, Infrastructure, PublishedValue, Resource, ResourceLink, ServerlessFunction, Skipped, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Workspace } from '../model/workspace.ts';
import { parseDocument } from './document.ts';
import type { DocumentOptions, PositionedDocument } from './document.ts';
import { joinRegistrations } from './google-join.ts';
import { joinFunctions } from './join.ts';
import { isFixture } from './path-aside.ts';
import { readers } from './readers.ts';
import { resolveHandlerFile } from './source-path.ts';
import type { DiscoverOptions, ReadContext, Reader, SourcePath } from './reader.ts';
import { synthesisedAmong } from './synthesised.ts';

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byLocation = (a: { readonly location: Location }, b: { readonly location: Location }): number =>
  byCodeUnit(a.location.file, b.location.file) || a.location.line - b.location.line || a.location.column - b.location.column;

/** Of two declarations under one id the one that stands first counts, in whatever order they were read. */
const isBefore = (a: Location | undefined, b: Location | undefined): boolean => a !== undefined && b !== undefined && byLocation({ location: a }, { location: b }) < 0;

/** Triggers in order of their places; those of one place in the order in which they were found. */
function ordered(triggers: readonly Trigger[]): readonly Trigger[] {
  const nowhere: Location = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 };
  return triggers.length < 2 ? triggers : [...triggers].sort((a, b) => byLocation({ location: a.location ?? nowhere }, { location: b.location ?? nowhere }));
}

/**
 * Reads all infrastructure of the workspace: functions, resources, gaps. Every reader sees every file whose name and
 * text pass its tests. The result is sorted by code unit and does not depend on the order of readers.
 */
export function discover(workspace: Workspace, options: DiscoverOptions): Infrastructure {
  return discoverWith(readers, workspace, options);
}

/** As `discover`, with given readers. */
export function discoverWith(list: readonly Reader[], workspace: Workspace, options: DiscoverOptions): Infrastructure {
  const collected = new Collector(workspace, options);
  const finished = new Set<Reader>();
  for (const file of workspace.files) {
    for (const reader of list) {
      if (finished.has(reader) || !reader.matches(file)) continue;
      try {
        if (reader.word !== undefined && workspace.mayHold?.(file, reader.word) === false) continue;
        const text = reader.sniff ? workspace.read(file) : undefined;
        if (reader.sniff && (text === undefined || !reader.sniff(text))) continue;
        if (reader.once === true) finished.add(reader);
        reader.read(file, collected);
      } catch (error) {
        collected.problem({ file, reason: `${reader.name}: ${error instanceof RangeError ? 'nested too deeply' : error instanceof Error ? error.message : 'failed'}` });
      }
    }
  }
  return collected.result();
}

class Collector implements ReadContext {
  readonly workspace: Workspace;
  readonly params: ReadonlyMap<string, string>;
  readonly stage?: string;
  readonly evaluateExport?: NonNullable<DiscoverOptions['evaluateExport']>;
  readonly program?: NonNullable<DiscoverOptions['program']>;
  readonly evaluator?: NonNullable<DiscoverOptions['evaluator']>;
  readonly #functions = new Map<string, ServerlessFunction>();
  readonly #resources = new Map<string, Resource>();
  readonly #links: ResourceLink[] = [];
  readonly #published: PublishedValue[] = [];
  readonly #gaps = new Map<string, Gap>();
  readonly #problems = new Map<string, Skipped>();
  readonly #files = new Set<string>();
  readonly #documents = new Map<string, PositionedDocument | undefined>();

  constructor(workspace: Workspace, options: DiscoverOptions) {
    this.workspace = workspace;
    this.params = options.params;
    if (options.stage !== undefined) this.stage = options.stage;
    if (options.evaluateExport) this.evaluateExport = options.evaluateExport;
    if (options.program) this.program = options.program;
    if (options.evaluator) this.evaluator = options.evaluator;
  }

  addFunction(fn: ServerlessFunction): void {
    if (isFixture(fn.unit) && fn.handlers.every((handler) => isFixture(handler.file))) return;
    const known = this.#functions.get(fn.id);
    if (!known || isBefore(fn.declaredAt[0], known.declaredAt[0])) this.#functions.set(fn.id, fn);
    this.used(fn.unit);
  }

  addResource(resource: Resource): void {
    const known = this.#resources.get(resource.id);
    if (!known || isBefore(resource.location, known.location)) this.#resources.set(resource.id, resource);
    this.used(resource.unit);
  }

  addLink(link: ResourceLink): void {
    this.#links.push(link);
  }

  addPublished(value: PublishedValue): void {
    this.#published.push(value);
  }

  gap(gap: Gap): void {
    if (isFixture(gap.file)) return;
    this.#gaps.set(`${gap.file}\n${String(gap.line ?? 0).padStart(9, '0')}\n${gap.kind}\n${gap.message}`, gap);
  }

  problem(skipped: Skipped): void {
    this.#problems.set(`${skipped.file}\n${skipped.reason}`, skipped);
  }

  used(file: string): void {
    this.#files.add(file);
  }

  document(file: string, options: DocumentOptions = {}): PositionedDocument | undefined {
    const key = `${options.version ?? '1.1'}${options.format ?? ''}\n${file}`;
    if (!this.#documents.has(key)) {
      const text = this.workspace.read(file);
      this.#documents.set(key, text === undefined ? undefined : parseDocument(file, text, options));
    }
    return this.#documents.get(key);
  }

  sourceOf(unitDir: string, codeDir: string, handlerPath: string): SourcePath {
    return resolveHandlerFile(this.workspace, { unitDir, codeDir, handlerPath });
  }

  result(): Infrastructure {
    const sorted = <T>(map: ReadonlyMap<string, T>): T[] => [...map].sort(([a], [b]) => byCodeUnit(a, b)).map(([, value]) => value);
    const outputs = synthesisedAmong(this.workspace, this.#files);
    return {
      functions: joinFunctions(joinRegistrations(sorted(this.#functions))).map((fn) => ({ ...fn, triggers: ordered(fn.triggers) })),
      resources: sorted(this.#resources),
      links: this.#links.sort(byLocation),
      published: this.#published.sort(byLocation),
      gaps: sorted(this.#gaps),
      files: [...this.#files].sort(byCodeUnit),
      ...(outputs.length > 0 ? { outputs } : {}),
      problems: sorted(this.#problems),
    };
  }
}
