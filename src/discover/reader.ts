import type { Gap, PublishedValue, Resource, ResourceLink, ServerlessFunction, Skipped } from '../model/function.ts';
import type { Program, ProgramOptions } from '../link/program.ts';
import type { Value } from '../model/value.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Evaluator } from '../link/evaluate.ts';
import type { DocumentOptions, PositionedDocument } from './document.ts';

/** What a gap of kind `program` says of a program whose end was not reached: functions may be missing. */
export const programTooLarge = 'the program is too large to be followed to its end';

/** What a reader reads, in words: a row of the table of supported platforms in the README, in Markdown. */
export interface ReaderAbout {
  /** The format as people call it. */
  readonly format: string;
  readonly platform: string;
  /** Files by which it is known. */
  readonly files: string;
  readonly reads: string;
  /** What a user may expect and does not get. */
  readonly not: string;
}

/** One format of declaring functions. Stateless: everything it learns goes to the context. */
export interface Reader {
  /** Short name of the format: `sam`, `serverless`. */
  readonly name: string;
  readonly about: ReaderAbout;
  /** Cheap test on the path alone. */
  matches(file: string): boolean;
  /** A word that `sniff` finds in every text that it passes: files without it are not even decoded. */
  readonly word?: string;
  /** Cheap test on the text, before anything is parsed. Without it every file that matches is read. */
  sniff?(text: string): boolean;
  /** The first file that passes both tests makes it read all that concern it: no other is tried. */
  readonly once?: boolean;
  /** Reads one file. Called once a file that passed both tests, in order of paths. May throw: that costs the file. */
  read(file: string, context: ReadContext): void;
}

/** Where a handler's source is, or why that could not be told. */
export type SourcePath = { readonly file: string } | { readonly gap: string };

export interface DiscoverOptions {
  /** `--stage`. */
  readonly stage?: string;
  /** `--param NAME=VALUE`. */
  readonly params: ReadonlyMap<string, string>;
  /** Value of an exported name of a JavaScript or TypeScript file (`serverless.ts`), from `link`'s evaluator. */
  readonly evaluateExport?: (file: string, name: string) => Value;
  /** `link`'s evaluator over the repository's code, for declarations that are written as code; made when first asked for. */
  readonly evaluator?: () => Evaluator;
  /** Follows a program that makes infrastructure (see `link/program.ts`); `undefined` when its entry can not be read. */
  readonly program?: (entry: string, options?: ProgramOptions) => Program | undefined;
}

/** All that a reader sees. */
export interface ReadContext {
  readonly workspace: Workspace;
  readonly stage?: string;
  readonly params: ReadonlyMap<string, string>;
  readonly evaluateExport?: (file: string, name: string) => Value;
  /** As in `DiscoverOptions`. */
  readonly evaluator?: () => Evaluator;
  /** As in `DiscoverOptions`. */
  readonly program?: (entry: string, options?: ProgramOptions) => Program | undefined;
  addFunction(fn: ServerlessFunction): void;
  addResource(resource: Resource): void;
  addLink(link: ResourceLink): void;
  addPublished(value: PublishedValue): void;
  /** Seen and not resolved. */
  gap(gap: Gap): void;
  /** A declaring file that could not be read or parsed: makes the run incomplete. */
  problem(skipped: Skipped): void;
  /** Names a file that something was taken from. */
  used(file: string): void;
  /** Parsed YAML or JSON file, parsed once a run and version; `undefined` when it cannot be read (see `workspace.problem`). */
  document(file: string, options?: DocumentOptions): PositionedDocument | undefined;
  /**
   * True source of a handler. `unitDir`: directory of the declaring file; `codeDir`: the folder that is deployed, relative to the
   * root; `handlerPath`: path of the module inside it, without extension.
   */
  sourceOf(unitDir: string, codeDir: string, handlerPath: string): SourcePath;
}
