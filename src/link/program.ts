import type { Location, SourcePlace } from '../model/location.ts';
import { locate } from './locate.ts';
import type { Modules } from './modules.ts';
import { Machine, type ProgramGap, type ProgramOptions } from './program-machine.ts';
import type { Made } from './program-values.ts';

/**
 * Infrastructure that is written as a program (CDK, SST, Pulumi, CDKTF, Amplify, registration calls): the program is followed
 * from its entry file, statement by statement, over symbolic values. Nothing is run and nothing is loaded from packages.
 *
 * What comes out is the list of everything that *packages* make for it, in order: `new X(…)`, calls of their functions and
 * methods, and properties written on such things, each with symbolic arguments on the way that led there. Code of the
 * repository (functions, classes, modules, workspace packages) is followed, so one `new Queue` inside a class that is
 * constructed three times is three things. How to read it:
 *
 * - `made.module` and `made.path` name what was called, by import: `import { aws_lambda as l } …; new l.Function()` is module
 *   'aws-cdk-lib', path ['aws_lambda', 'Function']. A method has the receiver's path and `#name`: ['Bucket', '#grantRead'];
 *   `receiver` is the value it was called on. `form: 'set'` is `x.name = value`; a computed export (`exports[name] = value`)
 *   is a `set` of module 'global', path ['exports', '#name'].
 * - An object of a class of the repository is an `instance`; when the class extends a package's class, the `super(…)` call is
 *   the made thing, `made.instance` and `instance.base` join the two, and `madeOf(value)` sees through both. `place` is then the
 *   `new` of the repository's class, `written` the `super` call.
 * - Values are `Sym` (see `program-values.ts`): literals, templates, records and lists (with a place per property: `slot`),
 *   `attribute` (a property of something made: `queue.queueArn`), `env`, `oneOf`, `derived`, `unknown`. `toValue` gives the
 *   model's `Value`; the reader says there what something made refers to.
 * - Identity is object identity: `madeOf(a) === madeOf(b)`, or `made.index`.
 * - Paths: `__dirname`, `import.meta.url`, `process.cwd()` and the `path` module are folded; `workspacePath(value, cwd)` gives the
 *   path in the workspace. `fs.readFileSync(x)` is `derived('file', [x])`; JSON modules and `JSON.parse` of files are their content.
 * - Conditions over literals are decided. Undecided ones are followed both ways: what is made there has `certain: false`, what is
 *   assigned there is `oneOf`. Loops and list methods run once an element; over something unknown once, uncertainly, with a gap.
 * - Functions handed to a package's call are followed once with unknown arguments (uncertainly), unless `onMade` answers: there a
 *   reader calls `machine.invoke(closure, args, place)` itself and returns what the call gives. Functions inside props are not
 *   followed; a reader does so with `program.machine.invoke`.
 * - Bounded: steps, depth, rounds, things made. `cut` says that a bound was hit; `gaps` say where something was not known.
 */
export interface Program {
  readonly entry: string;
  /** Everything made, in order. Grows when the reader invokes more. */
  readonly made: readonly Made[];
  readonly machine: Machine;
  /** True when a bound was hit: what lies beyond is not known. */
  readonly cut: boolean;
  gaps(): readonly ProgramGap[];
  location(place: SourcePlace): Location;
}

/** Follows a program from its entry; `undefined` when the entry can not be read. */
export function runProgram(modules: Modules, entry: string, options: ProgramOptions = {}): Program | undefined {
  const machine = new Machine(modules, options);
  let failed = false;
  try {
    if (!machine.module(entry)) return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    failed = true;
  }
  return {
    entry, made: machine.made, machine,
    get cut() { return failed || machine.cut; },
    gaps: () => [...machine.gaps.values()],
    location: (place) => locate(modules.facts(place.file), place),
  };
}

export type { ProgramOptions, ProgramGap, Machine };
