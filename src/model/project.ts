import type { CallExpr, Expr, FunctionFact, ModuleFacts, NewExpr } from './facts.ts';
import type { FlowStep } from './finding.ts';
import type { BundleResult } from './finding.ts';
import type { Gap, Infrastructure, Resource, ServerlessFunction } from './function.ts';
import type { Location, SourcePlace } from './location.ts';
import type { Value } from './value.ts';

/** `init`: what module evaluation runs at a cold start. `invoke`: what the handler reaches. */
export type Phase = 'init' | 'invoke';

/** A function body that one deployed function runs, in one phase. */
export interface Body {
  readonly file: string;
  readonly facts: ModuleFacts;
  readonly fn: FunctionFact;
  readonly phase: Phase;
  /** Shortest path from the handler: handler → helper → … ; the last step is the call that enters this body. */
  readonly path: readonly FlowStep[];
  /** How sure it is that this body runs: `possible` when a step rests on a guess (unknown element of several). */
  readonly certain: boolean;
}

/** What is called: a package's or the platform's function, with the receiver where it is a method. */
export interface Callee {
  /** Import specifier of the package, `global` for the platform's own names, `unknown` when it could not be told. */
  readonly module: string;
  /**
   * Path inside the module: `['promises', 'writeFile']` of `node:fs`, `['console', 'log']` of `global`. A method of an
   * instance starts with the class: `['S3Client', '#send']`. Modules are given without the `node:` prefix.
   */
  readonly path: readonly string[];
  /** Value of the receiver of a method call. */
  readonly receiver?: Value;
}

/** A call or `new` that leaves the repository's own code, on a path of one deployed function. */
export interface ExternalCall {
  readonly body: Body;
  readonly expr: CallExpr | NewExpr;
  readonly callee: Callee;
  /** Value of the n-th argument along this path; `unknown` when there is none. */
  arg(index: number): Value;
  readonly argCount: number;
  readonly place: SourcePlace;
  /** handler → … → this call. */
  readonly path: readonly FlowStep[];
}

/** What rules of scope `function` see: one deployed function, its code across files, its infrastructure. */
export interface FunctionView {
  readonly fn: ServerlessFunction;
  readonly project: ProjectView;
  /** Bodies reached, init phase first, each in order of discovery; a body in both phases appears twice. */
  bodies(phase?: Phase): readonly Body[];
  /** Calls that leave the repository, on the given phase's bodies, in source order of bodies. */
  calls(phase?: Phase): readonly ExternalCall[];
  /** Symbolic value of an expression of a body, along that body's path. */
  value(expr: Expr, body: Body): Value;
  /**
   * Every distinct value of an expression over the call paths that lead to its body (call strings of length 3,
   * bounded); `value` is the first of them.
   */
  values(expr: Expr, body: Body): readonly { readonly value: Value; readonly path: readonly FlowStep[] }[];
  /** The distinct argument lists of a call over the call paths that lead to it, bounded; the shortest path first. */
  instances(call: ExternalCall): readonly { readonly args: readonly Value[]; readonly path: readonly FlowStep[] }[];
  location(place: SourcePlace): Location;
  /** Files that a cold start of the function evaluates, handlers first. */
  files(): readonly string[];
  /** Gives back what was worked out; a later question works it out again. */
  release(): void;
}

/** What rules of scope `project` see. */
export interface ProjectView {
  readonly functions: readonly FunctionView[];
  readonly infrastructure: Infrastructure;
  readonly bundles: readonly BundleResult[];
  readonly resources: ReadonlyMap<string, Resource>;
  readonly gaps: readonly Gap[];
  facts(file: string): ModuleFacts | undefined;
  location(place: SourcePlace): Location;
  /** False in the editor, where only the open file is known: names that leave the file are unknown there. */
  readonly whole: boolean;
  /** The day that dated facts are judged on, `YYYY-MM-DD`. */
  readonly date: string;
  /** Manifests, lock files and sizes of the repository; absent where no files can be asked for. Both hosts have it. */
  readonly packages?: PackageFacts;
}

/** What one `package.json` says, names only. */
export interface ManifestFacts {
  /** Path of the file, relative to the root. */
  readonly file: string;
  readonly name: string | undefined;
  /** Installed in production: dependencies, optional and peer dependencies. */
  readonly production: ReadonlySet<string>;
  readonly development: ReadonlySet<string>;
  /** Versions as they are written, of all of these. */
  readonly versions?: ReadonlyMap<string, string>;
  /** Commands of `scripts`. */
  readonly scripts: readonly string[];
  /** Its entry, as it is written. */
  readonly main?: string;
}

/** The machine that a native binary is made for, in the words of Node.js (`process.platform`, `process.arch`). */
export interface BinaryTarget {
  readonly platform: string;
  readonly arch: string;
  /** Made for another C library than the usual one. */
  readonly musl?: true;
}

/** What an installed package says of the machines that it runs on. */
export interface InstalledPackage {
  readonly name: string;
  /** Where it really lies, relative to the root. */
  readonly folder: string;
  /** Fields `os`, `cpu` and `libc` of its manifest; empty: any. */
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc: readonly string[];
  readonly dependencies: readonly string[];
  readonly optionalDependencies: readonly string[];
  /** Compiled when it is installed: it has a `binding.gyp`. */
  readonly compiles: boolean;
  /** Its `.node` files, each with what its header says it is made for. */
  readonly binaries: readonly BinaryTarget[];
}

/** What the repository says of packages. Folders and files are relative to the root; `''` is the root. */
export interface PackageFacts {
  /** The manifest of a folder; `undefined` when there is none that can be read. */
  manifest(folder: string): ManifestFacts | undefined;
  /** The manifests of the folders around a file, nearest first. */
  manifestsAbove(file: string): readonly ManifestFacts[];
  /**
   * What the lock file beside a manifest, or above it, says of a package: installed in production because something that the manifest needs
   * brings it, for something else only, not at all. `undefined`: there is no lock file that tells.
   */
  locked(folder: string, name: string): 'production' | 'development' | 'absent' | undefined;
  isDirectory(folder: string): boolean;
  /** Listed files of the repository, sorted. */
  readonly files: readonly string[];
  /** Bytes of a regular file; `undefined` when it is not there. */
  bytes(file: string): number | undefined;
  /** Bytes of a package as it is installed for a file, without its own dependencies; `undefined` when it is not installed. */
  installedBytes(name: string, file: string): number | undefined;
  /** A package as it is installed for a file; `undefined` when it is not installed. */
  installed?(name: string, file: string): InstalledPackage | undefined;
  /** Manifests whose packages were asked for and are not installed. */
  gaps?(): readonly Gap[];
}
