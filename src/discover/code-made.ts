import type { Handler } from '../model/function.ts';
import type { Location, SourcePlace } from '../model/location.ts';
import { unknown, type Value } from '../model/value.ts';
import type { Evaluator } from '../link/evaluate.ts';
import { locate } from '../link/locate.ts';
import { madeOf, toValue, type Made, type Slot, type Sym, type SymClosure } from '../link/program-values.ts';

/** What a followed program made, as the readers of registration calls look at it. */
export interface MadeView {
  location(place: SourcePlace): Location;
  value(sym: Sym | undefined): Value | undefined;
  /**
   * The handler that a registration is given. A function of a module's top level is itself; what wrappers and factories give is
   * the expression that stands in the registration, which the linker evaluates with all that it closes over; a registration
   * inside a helper has the function that gets there.
   */
  handler(sym: Sym | undefined, written: { readonly place: SourcePlace; readonly name: string; readonly made: Made }, kind: string): Handler;
}

/** A view over programs that the evaluator's modules belong to. */
export function madeView(evaluator: Evaluator): MadeView {
  const location = (place: SourcePlace): Location => locate(evaluator.modules.facts(place.file), place);
  const value = (sym: Sym | undefined): Value | undefined => (sym === undefined ? undefined : toValue(sym, (made, path) => parameterOf(made, path)));
  return {
    location, value,
    handler(sym, fallback, kind) {
      const closures = sym === undefined ? [] : closuresOf(sym, 0);
      const [closure] = closures;
      const plain = closure !== undefined && sym === closure && evaluator.modules.facts(closure.file)?.functions[closure.fn]?.parent === 0;
      if (closure === undefined || closures.length > 1 || (!plain && !inHelper(evaluator, fallback.made))) return { file: fallback.place.file, export: fallback.name, kind, at: { start: fallback.place.start, end: fallback.place.end } };
      const facts = evaluator.modules.facts(closure.file);
      const fact = facts?.functions[closure.fn];
      if (facts === undefined || fact === undefined) return { file: closure.file, export: fallback.name, kind };
      const exported = sym === closure && fact.parent === 0 ? exportedAs(evaluator, closure) : undefined;
      // What a module exports is found by its name; `inline` is for what stands in the declaration.
      return exported !== undefined ? { file: closure.file, export: exported, kind: kind === 'inline' ? 'handler' : kind } : { file: closure.file, export: fallback.name, kind, at: { start: fact.start, end: fact.end } };
    },
  };
}

/** Whether a call stands inside a function. One at the top of a module that a loader's function loads does not, whoever called the loader. */
function inHelper(evaluator: Evaluator, { stack, place }: Made): boolean {
  return stack.length > 0 && (evaluator.modules.facts(place.file)?.functions.some((fn, index) => index > 0 && fn.start <= place.start && place.end <= fn.end) ?? true);
}

/** The name under which a module exports a function of its top level. */
function exportedAs(evaluator: Evaluator, closure: SymClosure): string | undefined {
  for (const one of evaluator.modules.facts(closure.file)?.exports ?? []) {
    if (one.typeOnly || one.name === '*' || one.name === '=') continue;
    const value = evaluator.exportValue(closure.file, one.name);
    if (value.kind === 'function' && value.file === closure.file && value.fn === closure.fn) return one.name;
  }
  return undefined;
}

/** Functions of the repository that run when a value is called: itself, or what a package's wrapper was given. */
function closuresOf(sym: Sym, depth: number): SymClosure[] {
  if (depth > 4) return [];
  switch (sym.kind) {
    case 'closure': return [sym];
    case 'made': return sym.form === 'call' ? sym.args.flatMap((item) => closuresOf(item, depth + 1)) : [];
    case 'derived': return sym.from.flatMap((item) => closuresOf(item, depth + 1));
    case 'oneOf': return sym.options.flatMap((item) => closuresOf(item, depth + 1));
    default: return [];
  }
}

/** Parameters that are given at deployment, as what code sees of them: `defineString('X')`, `projectID.value()`. */
function parameterOf(made: Made, path: readonly string[]): Value | undefined {
  if (!/^firebase-functions(?:\/|$)/.test(made.module)) return undefined;
  const method = (made.path.at(-1) ?? '').replace(/^#/, '');
  if (method === 'value') { const receiver = madeOf(made.receiver); return receiver === undefined ? undefined : parameterOf(receiver, []); }
  const [first] = made.args;
  if (path.length === 0 && /^define(?:String|Int|Float|Boolean|List|Secret|JsonSecret)$/.test(method) && first?.kind === 'literal' && typeof first.value === 'string') return { kind: 'env', name: first.value };
  return undefined;
}

/** Options among the arguments of a call. */
export class Options {
  readonly #view: MadeView;
  readonly #sym: Sym | undefined;
  readonly #place: SourcePlace;

  constructor(view: MadeView, sym: Sym | undefined, place: SourcePlace) {
    this.#view = view;
    this.#sym = sym;
    this.#place = place;
  }

  get known(): boolean {
    return this.#sym?.kind === 'record';
  }

  /** The options may hold properties that are not known. */
  get open(): boolean {
    return this.#sym !== undefined && (this.#sym.kind !== 'record' || this.#sym.open);
  }

  sym(name: string): Sym | undefined {
    return this.#slot(name)?.value;
  }

  value(name: string): Value | undefined {
    const slot = this.#slot(name);
    if (slot === undefined) return undefined;
    return slot.certain ? this.#view.value(slot.value) : unknown(`${name} under a condition`);
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    return value?.kind === 'literal' && typeof value.value === 'number' && Number.isFinite(value.value) ? value.value : undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    return value?.kind === 'literal' && typeof value.value === 'boolean' ? value.value : undefined;
  }

  /** Where a property is written; the options where that is not known. */
  place(name: string): Location {
    return this.#view.location(this.#slot(name)?.place ?? this.#place);
  }

  #slot(name: string): Slot | undefined {
    const slot = this.#sym?.kind === 'record' ? this.#sym.entries.get(name) : undefined;
    return slot === undefined || (slot.value.kind === 'literal' && slot.value.value === undefined) ? undefined : slot;
  }
}
