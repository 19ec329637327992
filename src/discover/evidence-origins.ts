import type { Expr, FunctionFact, ModuleFacts, PatternTarget, Stmt, Target } from '../model/facts.ts';

/** Where a name or call comes from: a package and the path inside it. */
export interface Origin {
  readonly source: string;
  readonly path: readonly string[];
}

const maximumDepth = 40;

/** Names of one module in terms of the packages that they come from; module level only, nothing is followed across files. */
export class Origins {
  readonly facts: ModuleFacts;
  readonly #bindings = new Map<number, Origin>();
  readonly #values = new Map<number, Expr>();
  readonly #functions = new Map<number, number>();
  /** Local name → origin, for names of types. */
  readonly #names = new Map<string, Origin>();

  constructor(facts: ModuleFacts) {
    this.facts = facts;
    for (const imported of facts.imports) {
      for (const name of imported.names) {
        const origin = { source: imported.source, path: name.imported === '*' ? [] : [name.imported] };
        this.#bindings.set(name.binding, origin);
        const local = facts.bindings[name.binding]?.name;
        if (local !== undefined) this.#names.set(local, origin);
      }
    }
    for (const statement of facts.functions[0]?.body ?? []) this.#declare(statement);
  }

  /** First value of a module-level variable. */
  valueOf(binding: number): Expr | undefined {
    return this.#values.get(binding);
  }

  /** Package and path behind an expression; calls on the way (`functions.region('x').https`) are seen through. */
  of(expr: Expr | undefined, depth = 0): Origin | undefined {
    if (expr === undefined || depth > maximumDepth) return undefined;
    switch (expr.kind) {
      case 'ref': {
        const known = this.#bindings.get(expr.binding);
        return known ?? this.of(this.#values.get(expr.binding), depth + 1);
      }
      case 'import': return expr.source.kind === 'literal' && typeof expr.source.value === 'string' ? { source: expr.source.value, path: [] } : undefined;
      case 'member': {
        const object = typeof expr.property === 'string' ? this.of(expr.object, depth + 1) : undefined;
        return object === undefined || typeof expr.property !== 'string' ? undefined : { source: object.source, path: [...object.path, expr.property] };
      }
      case 'call': return this.of(expr.callee, depth + 1);
      case 'await': return this.of(expr.of, depth + 1);
      default: return undefined;
    }
  }

  /** Package behind the name of a type: `Handler`, `lambda.Handler`. */
  ofType(name: string): Origin | undefined {
    const [first = '', ...rest] = name.split('.');
    const origin = this.#names.get(first);
    return origin === undefined ? undefined : { source: origin.source, path: [...origin.path, ...rest] };
  }

  /** Whether the module declares or imports a type of this name itself. */
  declares(name: string): boolean {
    return this.#names.has(name) || this.facts.types.some((type) => type.name === name) || this.facts.classes.some((cls) => cls.name === name);
  }

  /** The function that an expression is: written there, or declared at module level. */
  functionOf(expr: Expr | undefined, depth = 0): FunctionFact | undefined {
    if (expr === undefined || depth > maximumDepth) return undefined;
    if (expr.kind === 'function') return this.facts.functions[expr.fn];
    if (expr.kind !== 'ref') return undefined;
    const declared = this.#functions.get(expr.binding);
    return declared === undefined ? this.functionOf(this.#values.get(expr.binding), depth + 1) : this.facts.functions[declared];
  }

  #declare(statement: Stmt): void {
    if (statement.kind === 'function') this.#functions.set(statement.binding, statement.fn);
    if (statement.kind !== 'declare' || statement.value === undefined) return;
    if (statement.target.kind === 'ref') this.#values.set(statement.target.binding, statement.value);
    if (statement.target.kind === 'pattern') this.#destructure(statement.target, statement.value);
  }

  #destructure(target: PatternTarget, value: Expr): void {
    const origin = this.of(value);
    if (origin === undefined) return;
    for (const element of target.elements) {
      if (element.target.kind === 'ref' && !element.path.includes('*') && !element.path.includes('...')) {
        this.#bindings.set(element.target.binding, { source: origin.source, path: [...origin.path, ...element.path] });
      }
    }
  }
}

/** Name of a parameter; '' for a pattern. */
export function parameterName(facts: ModuleFacts, target: Target): string {
  return target.kind === 'ref' ? facts.bindings[target.binding]?.name ?? '' : '';
}

/** An exported value and the names it has outside. */
export interface Exported {
  /** `handler`, `default`; the property of `module.exports = { … }`; `module.exports = value` is `default`. */
  readonly name: string;
  readonly value: Expr;
  /** Binding of a named export, for its declared type. */
  readonly binding?: number;
}

/** Values that a module exports itself, CommonJS objects taken apart. */
export function exportedValues(facts: ModuleFacts): Exported[] {
  const values: Exported[] = [];
  for (const one of facts.exports) {
    if (one.typeOnly || one.from !== undefined) continue;
    if (one.binding !== undefined) values.push({ name: one.name, value: { kind: 'ref', binding: one.binding, start: one.start, end: one.end }, binding: one.binding });
    else if (one.value?.kind === 'object' && one.name === '=') {
      for (const property of one.value.properties) if (typeof property.key === 'string') values.push(exported(property.key, property.value));
    } else if (one.value !== undefined) values.push(exported(one.name === '=' ? 'default' : one.name, one.value));
  }
  return values;
}

function exported(name: string, value: Expr): Exported {
  return { name, value, ...(value.kind === 'ref' ? { binding: value.binding } : {}) };
}
