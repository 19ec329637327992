import { parse as parseJsonc } from 'jsonc-parser';
import type { Expr, ParamFact } from '../model/facts.ts';
import type { SourcePlace } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import type { Modules } from './modules.ts';
import { execute, hoist } from './program-stmt.ts';
import { bindParameters, evaluate, memberOf } from './program-expr.ts';
import { either, listOf, record, type Activation, type Env, type Made, type Sym, type SymClass, type SymClosure } from './program-values.ts';

const MAX_STEPS = 600_000;
const MAX_MADE = 20_000;
const MAX_CALLS = 60;
const MAX_REENTRY = 10;

/** What a program needs of the world. All optional: without it less is known. */
export interface ProgramOptions {
  /** Folder of the process (`process.cwd()`), relative to the root. */
  readonly cwd?: string;
  /** Values of environment variables. */
  readonly env?: ReadonlyMap<string, Sym>;
  /** Values of names that a tool puts into the global scope, and of their properties: `$dev`, `$app.stage`. */
  readonly globals?: ReadonlyMap<string, Sym>;
  /** Text of a file of the workspace: JSON modules, `fs.readFileSync`. */
  readonly read?: (file: string) => string | undefined;
  /** Names in a folder of the workspace: `fs.readdirSync`. */
  readonly list?: (folder: string) => readonly string[] | undefined;
  /**
   * Asked for each thing that is made, right after: a value to go on with instead, such as the result of a callback that a
   * package is known to call with known arguments (`machine.invoke`). `undefined`: the thing itself.
   */
  readonly onMade?: (made: Made, machine: Machine) => Sym | undefined;
  /** Run modules that are imported by name at once and in order, as programs whose imports register things need. */
  readonly eager?: boolean;
}

export interface ProgramGap { readonly place: SourcePlace; readonly message: string }

/** The state of one program that is being followed. */
export class Machine {
  readonly modules: Modules;
  readonly options: ProgramOptions;
  readonly made: Made[] = [];
  readonly gaps = new Map<string, ProgramGap>();
  /** How many undecided conditions we are under. */
  branch = 0;
  depth = 0;
  cut = false;
  readonly stack: { readonly place: SourcePlace; readonly key: string }[] = [];
  private steps = 0;
  private readonly envs = new Map<string, Env>();
  private readonly json = new Map<string, Sym>();
  private readonly classes = new WeakMap<Env, Map<number, SymClass>>();
  /** Values of expressions that a module exports as such, made once. */
  readonly exportValues = new Map<Expr, Sym>();

  constructor(modules: Modules, options: ProgramOptions) {
    this.modules = modules;
    this.options = options;
  }

  /** Counts work; false when the program has had its share. */
  step(): boolean {
    if (++this.steps <= MAX_STEPS) return true;
    this.cut = true;
    return false;
  }

  gap(place: SourcePlace, message: string): void {
    this.gaps.set(`${place.file}:${place.start}:${message}`, { place, message });
  }

  /** Runs a part that may or may not happen. */
  maybe<T>(work: () => T): T {
    this.branch++;
    try { return work(); } finally { this.branch--; }
  }

  make(spec: Omit<Made, 'kind' | 'index' | 'stack' | 'certain'>): Sym {
    if (this.made.length >= MAX_MADE) { this.cut = true; return unknown('too many things are made'); }
    const made: Made = { kind: 'made', index: this.made.length, stack: this.stack.map((item) => item.place), certain: this.branch === 0, ...spec };
    this.made.push(made);
    return this.options.onMade?.(made, this) ?? made;
  }

  // ------------------------------------------------------------- modules

  /** The scope of a module; runs the module the first time. `undefined` when the file can not be read. */
  module(file: string): Env | undefined {
    const known = this.envs.get(file);
    if (known) return known;
    const facts = this.modules.facts(file);
    if (!facts) return undefined;
    const activation: Activation = { born: 0, returns: [], key: `${file}#0` };
    const env: Env = { file, vars: new Map(), born: 0, activation };
    this.envs.set(file, env);
    for (const item of facts.exports) if (item.value) this.exportValues.set(item.value, unknown('not made yet'));
    for (const item of facts.imports) {
      if (item.form === 'dynamic' || item.fn !== 0 || item.typeOnly || (item.form === 'require') || !(item.names.length === 0 || this.options.eager)) continue;
      if (item.form === 'reexport' && !this.options.eager) continue;
      const target = this.modules.resolve(file, item.source);
      if ('file' in target) this.module(target.file);
    }
    const body = facts.functions[0]?.body ?? [];
    // What a module does does not hang on the condition under which it was first asked for.
    const branch = this.branch;
    this.branch = 0;
    try {
      hoist(this, body, env);
      execute(this, body, env);
      // A module whose exports nothing took is loaded for what it does; what stands before the call has been done by now.
      if (this.options.eager) for (const item of facts.imports) {
        if (item.form !== 'require' || item.fn !== 0) continue;
        const target = this.modules.resolve(file, item.source);
        if ('file' in target && !target.file.endsWith('.json')) this.module(target.file);
      }
    } finally { this.branch = branch; }
    return env;
  }

  /** Value of an import of a module. */
  imported(file: string, source: string, name: string): Sym {
    const target = this.modules.resolve(file, source);
    if ('file' in target && target.file.endsWith('.json')) {
      const value = this.jsonFile(target.file);
      return name === '*' || name === '=' || name === 'default' || value.kind !== 'record' ? value : (value.entries.get(name)?.value ?? literal(undefined));
    }
    if ('missing' in target) return { kind: 'external', module: `missing:${source}`, path: name === '*' || name === '=' ? [] : [name] };
    const found = this.modules.lookup(file, source, name);
    switch (found.kind) {
      case 'external': return { kind: 'external', module: found.module, path: found.path };
      case 'namespace': return this.namespace(found.file);
      case 'missing': return { kind: 'external', module: `missing:${source}`, path: [name] };
      case 'local': return this.local(found.file, found.fact.name === '=' && name !== '=' && name !== 'default' ? name : undefined, found.fact);
    }
  }

  exported(file: string, name: string): Sym {
    const found = this.modules.exported(file, name, new Set());
    switch (found.kind) {
      case 'local': return this.local(found.file, found.fact.name === '=' && name !== '=' ? name : undefined, found.fact);
      case 'external': return { kind: 'external', module: found.module, path: found.path };
      case 'namespace': return this.namespace(found.file);
      case 'missing': return unknown(found.reason);
    }
  }

  private local(file: string, member: string | undefined, fact: { readonly value?: Expr; readonly binding?: number }): Sym {
    const env = this.module(file);
    if (!env) return unknown(`module ${file}`);
    let value: Sym;
    if (fact.binding !== undefined) value = this.read(fact.binding, env);
    else if (fact.value) {
      const known = this.exportValues.get(fact.value);
      value = known && !(known.kind === 'unknown' && known.reason === 'not made yet') ? known : evaluate(this, fact.value, env);
      this.exportValues.set(fact.value, value);
    } else value = unknown('export');
    return member === undefined ? value : memberOf(this, value, member);
  }

  /** A module as an object: what `module.exports` is set to, or its names. */
  namespace(file: string): Sym {
    if (file.endsWith('.json')) return this.jsonFile(file);
    const whole = this.modules.exported(file, '=', new Set());
    if (whole.kind === 'local' && whole.fact.name === '=') {
      const value = this.local(file, undefined, whole.fact);
      if (value.kind === 'record') {
        for (const item of this.modules.facts(file)?.exports ?? []) {
          if (item.name !== '=' && item.name !== '*' && item.value && !value.entries.has(item.name)) value.entries.set(item.name, { value: this.exported(file, item.name), certain: true });
        }
      }
      return value;
    }
    return { kind: 'namespace', file };
  }

  jsonFile(file: string): Sym {
    let value = this.json.get(file);
    if (!value) {
      const text = this.options.read?.(file);
      value = text === undefined || text.length > 500_000 ? unknown(`text of ${file}`) : fromJson(parseJsonc(text, [], { allowTrailingComma: true }), 0);
      this.json.set(file, value);
    }
    return value;
  }

  // ------------------------------------------------------------- names

  read(binding: number, env: Env): Sym {
    for (let current: Env | undefined = env; current; current = current.parent) {
      const value = current.vars.get(binding);
      if (value) return value;
    }
    const imported = this.modules.imported(env.file, binding);
    if (imported) {
      const value = imported.typeOnly ? unknown('a type') : this.imported(env.file, imported.source, imported.imported);
      const home = this.envs.get(env.file);
      if (home && value.kind !== 'unknown') home.vars.set(binding, value);
      return value;
    }
    return literal(undefined);
  }

  /** The scope in which a declared name lives. */
  declare(binding: number, value: Sym, env: Env): void {
    const kind = this.modules.facts(env.file)?.bindings[binding]?.kind;
    let home = env;
    if (kind === 'var') while (home.parent && home.parent.activation === home.activation) home = home.parent;
    home.vars.set(binding, value);
  }

  assign(binding: number, value: Sym, env: Env, combine: (old: Sym, value: Sym) => Sym): void {
    for (let current: Env | undefined = env; current; current = current.parent) {
      const old = current.vars.get(binding);
      if (old === undefined) continue;
      current.vars.set(binding, this.branch > current.born ? combine(old, value) : value);
      return;
    }
    env.vars.set(binding, value);
  }

  self(env: Env): Sym {
    for (let current: Env | undefined = env; current; current = current.parent) if (current.self) return current.self;
    return literal(undefined);
  }

  home(env: Env): SymClass | undefined {
    for (let current: Env | undefined = env; current; current = current.parent) { if (current.home) return current.home; if (current.self) return undefined; }
    return undefined;
  }

  classAt(cls: number, env: Env): SymClass {
    let known = this.classes.get(env);
    if (!known) { known = new Map(); this.classes.set(env, known); }
    let sym = known.get(cls);
    if (!sym) { sym = { kind: 'class', file: env.file, cls, env }; known.set(cls, sym); }
    return sym;
  }

  /** Calls a function of the repository with values. */
  invoke(closure: SymClosure, args: readonly Sym[], place: SourcePlace, self?: Sym): Sym {
    const fact = this.modules.facts(closure.file)?.functions[closure.fn];
    if (!fact || !this.step()) return unknown('function');
    const key = `${closure.file}#${closure.fn}`;
    if (this.stack.length >= MAX_CALLS || this.stack.filter((item) => item.key === key).length >= MAX_REENTRY) {
      this.gap(place, 'a recursion is not followed to its end');
      return unknown('recursion');
    }
    const activation: Activation = { born: this.branch, returns: [], key };
    const own = fact.kind === 'arrow' ? undefined : (closure.self ?? self ?? literal(undefined));
    const env: Env = { file: closure.file, vars: new Map(), parent: closure.env, born: this.branch, activation, ...(own ? { self: own } : {}), ...(closure.home ? { home: closure.home } : {}) };
    this.stack.push({ place, key });
    try {
      this.parameters(fact.params, [...(closure.bound ?? []), ...args], env);
      hoist(this, fact.body, env);
      const end = execute(this, fact.body, env);
      if (fact.generator) return listOf([], this.branch, true);
      const returns = activation.returns;
      return end.kind === 'return' ? either(returns) : returns.length === 0 ? literal(undefined) : either([...returns, literal(undefined)]);
    } finally { this.stack.pop(); }
  }

  parameters(params: readonly ParamFact[], args: readonly Sym[], env: Env): void {
    bindParameters(this, params, args, env);
  }
}

/** What a JSON text says. */
export function fromJson(value: unknown, depth: number): Sym {
  if (depth > 40) return unknown('nested too deeply');
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return literal(value);
  if (Array.isArray(value)) return listOf(value.map((item) => fromJson(item, depth + 1)));
  if (typeof value === 'object') return record(Object.entries(value).map(([key, item]): [string, Sym] => [key, fromJson(item, depth + 1)]));
  return unknown('no value');
}
