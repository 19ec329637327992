import { locate } from '../link/locate.ts';
import type { Evaluator } from '../link/evaluate.ts';
import type { Expr, ModuleFacts } from '../model/facts.ts';
import type { Located, Location } from '../model/location.ts';
import { literalText } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { exportsOf } from './convention-exports.ts';
import type { ReadContext } from './reader.ts';

/** A value that a module exports as a setting for its platform (`export const config = { … }`), with its place. */
export class Setting {
  readonly value: Value;
  readonly location: Location;
  readonly #expr: Expr | undefined;
  readonly #source: { readonly facts: ModuleFacts; readonly evaluator: Evaluator } | undefined;

  constructor(value: Value, location: Location, expr?: Expr, source?: { readonly facts: ModuleFacts; readonly evaluator: Evaluator }) {
    this.value = value;
    this.location = location;
    this.#expr = expr;
    this.#source = source;
  }

  /** A property of an object that is written out; its location is that of the property. */
  get(name: string): Setting | undefined {
    const property = this.#expr?.kind === 'object' ? this.#expr.properties.findLast((one) => one.key === name) : undefined;
    if (property && this.#source) {
      const { facts, evaluator } = this.#source;
      return new Setting(evaluator.value(property.value, evaluator.open(facts.file, 0)), locate(facts, { file: facts.file, start: property.start, end: property.end }), property.value, this.#source);
    }
    const entry = this.value.kind === 'object' ? this.value.entries.findLast(([key]) => key === name) : undefined;
    return entry ? new Setting(entry[1], this.location) : undefined;
  }

  /** The items of a list, or the one value that stands for a list of one. */
  items(): readonly Setting[] {
    return this.value.kind === 'array' ? this.value.items.map((item) => new Setting(item, this.location)) : [this];
  }

  text(): string | undefined {
    return literalText(this.value);
  }

  texts(): string[] {
    return this.items().map((item) => item.text()).filter((text) => text !== undefined);
  }

  number(): Located<number> | undefined {
    return this.value.kind === 'literal' && typeof this.value.value === 'number' && Number.isFinite(this.value.value) ? { value: this.value.value, location: this.location } : undefined;
  }

  boolean(): boolean | undefined {
    return this.value.kind === 'literal' && typeof this.value.value === 'boolean' ? this.value.value : undefined;
  }
}

/**
 * The wanted names that a module exports, in the order wanted: by its text, and where that passes everything of another module on, by
 * what that one exports.
 */
export function exportedNames(context: ReadContext, file: string, wanted: readonly string[]): readonly string[] {
  const text = context.workspace.read(file) ?? '';
  const found = exportsOf(text, wanted);
  if (found.length > 0 || !/\bexport\s{0,20}\*|\bmodule\.exports\s{0,20}=\s{0,20}require\b/.test(text)) return found;
  const modules = context.evaluator?.().modules;
  return wanted.filter((name) => modules?.exported(file, name, new Set()).kind === 'local');
}

/** What a module exports under a name as a setting; `undefined` when it exports no such name or code can not be evaluated here. */
export function exportedSetting(context: ReadContext, file: string, name: string): Setting | undefined {
  const text = context.workspace.read(file);
  if (text === undefined || !text.includes(name)) return undefined;
  const evaluator = context.evaluator?.();
  const facts = evaluator?.modules.facts(file);
  const fact = facts?.exports.find((one) => one.name === name && !one.typeOnly);
  if (!evaluator || !facts || !fact) return undefined;
  context.used(file);
  const definition = fact.binding === undefined ? undefined : evaluator.modules.index(file)?.definitions.get(fact.binding)?.[0];
  const expr = fact.value ?? (definition?.path.length === 0 ? definition.expr : undefined);
  const place = definition ?? fact;
  return new Setting(evaluator.exportValue(file, name), locate(facts, { file: facts.file, start: place.start, end: place.end }), expr, { facts, evaluator });
}

/** The call of a function of a package that an export is the result of (`export const handler = schedule('@daily', …)`), if it is one. */
export function exportedCall(context: ReadContext, file: string, name: string, module: string, callee: string): readonly Setting[] | undefined {
  const evaluator = context.evaluator?.();
  const facts = evaluator?.modules.facts(file);
  const fact = facts?.exports.find((one) => one.name === name) ?? facts?.exports.find((one) => one.name === '=');
  if (!evaluator || !facts || !fact) return undefined;
  let expr: Expr | undefined = fact.value ?? refOf(fact.binding);
  for (let steps = 0; steps < 10 && expr; steps++) {
    if (expr.kind === 'ref') expr = evaluator.modules.index(file)?.definitions.get(expr.binding)?.find((one) => one.form === 'init' || one.form === 'assign')?.expr;
    else if (expr.kind === 'object') expr = expr.properties.find((property) => property.key === name)?.value;
    else break;
  }
  if (expr?.kind !== 'call') return undefined;
  const frame = evaluator.open(file, 0);
  const called = evaluator.value(expr.callee, frame);
  if (called.kind !== 'external' || called.module !== module || called.path.at(-1) !== callee) return undefined;
  return expr.args.map((arg) => new Setting(evaluator.value(arg, frame), locate(facts, { file: facts.file, start: arg.start, end: arg.end }), arg, { facts, evaluator }));
}

const refOf = (binding: number | undefined): Expr | undefined => (binding === undefined ? undefined : { kind: 'ref', binding, start: 0, end: 0 });
