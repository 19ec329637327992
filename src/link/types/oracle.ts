import { createRequire } from 'node:module';
import type { Project, ts as TypeScript } from 'ts-morph';
import type { Gap } from '../../model/function.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Modules } from '../modules.ts';
import { coreTypes } from './core-types.ts';

/** Files and characters that one question may draw in; a file whose imports lead to more gets no answers, which is a gap. */
export const MAX_FILES = 300;
const MAX_CHARACTERS = 3_000_000;
/** A file nested deeper is left out: the type checker recurses, and can take exponential time on hostile nesting. */
const MAX_NESTING = 64;
/** `async (` that may be open at once: the parser tries each as a call and as an arrow function. */
const MAX_ASYNC = 5;
/** Type instantiations after which a file is given up (ordinary ones need some dozen), and how many such files end all questions. */
const MAX_INSTANTIATIONS = 100_000;
const MAX_COSTLY = 3;
/** How many imports away a type may be declared. */
const MAX_HOPS = 3;
/** Programs kept for further questions about their file, and how many functions they outlive without one. */
const MAX_UNITS = 4;
const MAX_IDLE = 3;
const MAX_MEMBERS = 12;

/** A declared thing of the repository behind a type: offsets into its file. */
export type Declared =
  | { readonly kind: 'class'; readonly file: string; readonly start: number; readonly end: number }
  | { readonly kind: 'interface'; readonly file: string; readonly name: string };

/** `complete`: every member of the type is among what was found. */
export interface TypeAnswer {
  readonly declared: readonly Declared[];
  readonly complete: boolean;
}

export interface OracleStats {
  /** Source files handed to the type checker, counted each time. */
  files: number;
  questions: number;
  /** Milliseconds, loading the compiler included. */
  milliseconds: number;
}

interface Unit {
  readonly project: Project;
  /** Files given to it: the one asked about first. */
  readonly given: Set<string>;
  characters: number;
  full: boolean;
}

const nothing: TypeAnswer = { declared: [], complete: false };
const ROOT = '/repository/';
const sourceFile = /\.[mc]?[jt]sx?$/;

/**
 * Asks TypeScript's inference what declared thing stands behind an expression, where names and declared types do not say it.
 * It sees the file asked about and what that imports over a few steps, in memory, with module resolution of our own and
 * neither the standard library nor packages. Answers depend on those files only, so they are kept for all functions; programs
 * are let go when they have not been asked for a while. The compiler is loaded with the first question.
 */
export class TypeOracle {
  readonly stats: OracleStats = { files: 0, questions: 0, milliseconds: 0 };
  readonly gaps = new Map<string, Gap>();
  private readonly workspace: Workspace;
  private readonly modules: Modules;
  private readonly answers = new Map<string, TypeAnswer>();
  private readonly refused = new Set<string>();
  private readonly texts = new Map<string, boolean>();
  private readonly units = new Map<string, Unit>();
  private idle = 0;
  private costly = 0;

  constructor(workspace: Workspace, modules: Modules) {
    this.workspace = workspace;
    this.modules = modules;
  }

  /** What stands behind the expression at these offsets of a file. Never throws: what fails is a gap and no answer. */
  ask(file: string, start: number, end: number): TypeAnswer {
    const key = `${file}:${start}:${end}`;
    const known = this.answers.get(key);
    if (known) return known;
    if (this.refused.has(file) || this.costly >= MAX_COSTLY) return nothing;
    const began = performance.now();
    let answer = nothing;
    this.stats.questions++;
    this.idle = 0;
    try {
      answer = this.answer(file, start, end);
    } catch (error) {
      // Such as a call stack that is exhausted: the program may be half made.
      this.refuse(file, `types could not be worked out (${error instanceof Error ? error.message.slice(0, 120) : 'failure'})`);
    }
    this.stats.milliseconds += performance.now() - began;
    this.answers.set(key, answer);
    return answer;
  }

  /** A function is done: lets the program go when it was not needed lately. */
  release(): void {
    if (++this.idle > MAX_IDLE) this.units.clear();
  }

  private refuse(file: string, message: string): void {
    this.refused.add(file);
    this.units.delete(file);
    this.gaps.set(file, { kind: 'types', file, message });
  }

  private answer(file: string, start: number, end: number): TypeAnswer {
    const { Project, ts } = load();
    const unit = this.units.get(file) ?? this.begin(Project, ts, file);
    if (!unit) return nothing;
    const program = unit.project.getProgram().compilerObject;
    const source = program.getSourceFile(ROOT + file);
    const node = source ? nodeAt(ts, source, start, end) : undefined;
    if (!source || !node) return nothing;
    const checker = program.getTypeChecker();
    const declared = new Map<string, Declared>();
    const complete = collect(ts, checker, checker.getTypeAtLocation(node), declared, 0);
    const counted: { getInstantiationCount?(): number } = program;
    if ((counted.getInstantiationCount?.() ?? 0) > MAX_INSTANTIATIONS) {
      this.costly++;
      this.refuse(file, `types take too much work to be worked out${this.costly >= MAX_COSTLY ? '; no more are asked about' : ''}`);
    }
    return { declared: [...declared.values()], complete };
  }

  /** A program of the file and what it imports. */
  private begin(project: typeof Project, ts: typeof TypeScript, file: string): Unit | undefined {
    const resolve = (names: readonly string[], from: string): (TypeScript.ResolvedModule | undefined)[] => names.map((name) => {
      const target = from.startsWith(ROOT) ? this.modules.resolve(from.slice(ROOT.length), name) : undefined;
      if (!target || !('file' in target) || !unit.given.has(target.file)) return undefined;
      return { resolvedFileName: ROOT + target.file, isExternalLibraryImport: false };
    });
    const unit: Unit = {
      project: new project({
        useInMemoryFileSystem: true, skipLoadingLibFiles: true, skipAddingFilesFromTsConfig: true,
        compilerOptions: {
          noLib: true, types: [], allowJs: true, checkJs: false, strict: false, skipLibCheck: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext,
          moduleResolution: ts.ModuleResolutionKind.Bundler, moduleDetection: ts.ModuleDetectionKind.Force, jsx: ts.JsxEmit.Preserve, esModuleInterop: true, experimentalDecorators: true,
        },
        resolutionHost: () => ({ resolveModuleNames: resolve }),
      }),
      given: new Set(), characters: 0, full: false,
    };
    if (!this.give(unit, file)) { this.refuse(file, 'types are not asked about: the file is too large or too deeply nested'); return undefined; }
    for (let hops = 0, last = [file]; hops < MAX_HOPS && !unit.full; hops++) last = last.flatMap((from) => this.imports(ts, from).filter((target) => !unit.given.has(target) && this.give(unit, target)));
    if (unit.full) { this.refuse(file, `types are not asked about: its imports lead to more than ${MAX_FILES} files or ${MAX_CHARACTERS / 1e6} MB`); return undefined; }
    unit.project.createSourceFile('/core-types.d.ts', coreTypes);
    unit.project.addSourceFileAtPath(ROOT + file);
    const [oldest] = this.units.keys();
    if (oldest !== undefined && this.units.size >= MAX_UNITS) this.units.delete(oldest);
    this.units.set(file, unit);
    return unit;
  }

  /** Source files of the repository that a file imports, types included. */
  private imports(ts: typeof TypeScript, file: string): readonly string[] {
    return ts.preProcessFile(this.workspace.read(file) ?? '', true, true).importedFiles.flatMap(({ fileName }) => {
      const target = this.modules.resolve(file, fileName);
      return 'file' in target && sourceFile.test(target.file) ? [target.file] : [];
    });
  }

  /** Puts a file of the workspace where the program finds it. */
  private give(unit: Unit, file: string): boolean {
    const text = this.workspace.read(file);
    if (text === undefined || !this.admitted(file, text)) return false;
    if (unit.given.size >= MAX_FILES || unit.characters + text.length > MAX_CHARACTERS) { unit.full = true; return false; }
    unit.given.add(file);
    unit.characters += text.length;
    this.stats.files++;
    unit.project.getFileSystem().writeFileSync(ROOT + file, text);
    return true;
  }

  private admitted(file: string, text: string): boolean {
    let admitted = this.texts.get(file);
    if (admitted === undefined) {
      admitted = isShallow(text);
      this.texts.set(file, admitted);
    }
    return admitted;
  }
}

let compiler: { readonly Project: typeof Project; readonly ts: typeof TypeScript } | undefined;

function load(): { readonly Project: typeof Project; readonly ts: typeof TypeScript } {
  return (compiler ??= createRequire(import.meta.url)('ts-morph') as { Project: typeof Project; ts: typeof TypeScript });
}

/** Whether no more brackets are open at once than the bounds allow, those in strings and comments included. */
function isShallow(text: string): boolean {
  const open: boolean[] = [];
  let asyncs = 0;
  let afterAsync = false;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      // The word may be written with escapes.
      case 0x73: afterAsync ||= text.startsWith('sync', index); break;
      case 0x5c: afterAsync ||= text.charCodeAt(index + 1) === 0x75; break;
      case 0x28: case 0x5b: case 0x7b:
        open.push(afterAsync);
        if (afterAsync) asyncs++;
        afterAsync = false;
        if (open.length > MAX_NESTING || asyncs > MAX_ASYNC) return false;
        break;
      case 0x29: case 0x5d: case 0x7d: if (open.pop() === true) asyncs--; break;
    }
  }
  return true;
}

/** The expression that spans exactly these offsets. */
function nodeAt(ts: typeof TypeScript, source: TypeScript.SourceFile, start: number, end: number): TypeScript.Node | undefined {
  let node: TypeScript.Node | undefined = source;
  while (node) {
    const current: TypeScript.Node = node;
    if (current !== source && current.end === end && current.getStart(source) === start) return current;
    node = ts.forEachChild(current, (child) => (child.pos <= start && child.end >= end ? child : undefined));
  }
  return undefined;
}

/** Collects what is declared in the repository behind a type; false when a part of it is something else. */
function collect(ts: typeof TypeScript, checker: TypeScript.TypeChecker, type: TypeScript.Type, into: Map<string, Declared>, depth: number): boolean {
  if (depth > 5 || into.size > MAX_MEMBERS) return false;
  if (type.isUnion()) {
    let complete = true;
    for (const part of type.types.slice(0, MAX_MEMBERS)) if (!(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null))) complete = collect(ts, checker, part, into, depth + 1) && complete;
    return complete && type.types.length <= MAX_MEMBERS;
  }
  // Any part of an intersection says what the object is.
  if (type.isIntersection()) return type.types.slice(0, MAX_MEMBERS).map((part) => collect(ts, checker, part, into, depth + 1)).some(Boolean);
  if (type.flags & ts.TypeFlags.TypeParameter) {
    const bound = checker.getBaseConstraintOfType(type);
    return bound !== undefined && bound !== type && collect(ts, checker, bound, into, depth + 1);
  }
  if (!(type.flags & ts.TypeFlags.Object)) return false;
  const reference = type as TypeScript.TypeReference;
  const target: TypeScript.Type = (reference.objectFlags & ts.ObjectFlags.Reference) !== 0 ? reference.target : type;
  const symbol = target.isClassOrInterface() ? target.symbol : type.aliasSymbol;
  const declaration = symbol?.declarations?.[0];
  const path = declaration?.getSourceFile().fileName;
  if (!symbol || !declaration || !path?.startsWith(ROOT)) return false;
  const file = path.slice(ROOT.length);
  const key = `${file}:${declaration.pos}`;
  if (ts.isClassLike(declaration)) into.set(key, { kind: 'class', file, start: declaration.getStart(), end: declaration.end });
  else if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)) into.set(key, { kind: 'interface', file, name: symbol.name });
  else return false;
  return true;
}
