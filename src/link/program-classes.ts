import type { ClassFact } from '../model/facts.ts';
import type { SourcePlace } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import { evaluate } from './program-expr.ts';
import type { Machine } from './program-machine.ts';
import { execute, hoist } from './program-stmt.ts';
import type { Env, Made, Sym, SymClass, SymInstance } from './program-values.ts';

const MAX_HERITAGE = 16;

export const classFact = (machine: Machine, cls: SymClass): ClassFact | undefined => machine.modules.facts(cls.file)?.classes[cls.cls];

/** What a class extends, worked out once. */
export function baseOf(machine: Machine, cls: SymClass): Sym | undefined {
  if (cls.base === undefined) {
    cls.base = null;
    const expr = classFact(machine, cls)?.superClass;
    cls.base = expr ? evaluate(machine, expr, cls.env) : null;
  }
  return cls.base ?? undefined;
}

/** The class itself and those of the repository that it extends; then the external one. */
function heritageOf(machine: Machine, cls: SymClass): { readonly classes: readonly SymClass[]; readonly external?: Sym & { kind: 'external' } } {
  const classes: SymClass[] = [];
  let current: Sym | undefined = cls;
  while (current?.kind === 'class' && classes.length < MAX_HERITAGE && !classes.includes(current)) {
    classes.push(current);
    current = baseOf(machine, current);
  }
  return current?.kind === 'external' ? { classes, external: current } : { classes };
}

/** `new Class(…)` of a class of the repository. */
export function instantiate(machine: Machine, cls: SymClass, args: readonly Sym[], argPlaces: readonly SourcePlace[], place: SourcePlace): Sym {
  const instance: SymInstance = { kind: 'instance', cls, fields: new Map(), born: machine.branch, place };
  const key = `new ${cls.file}#${cls.cls}`;
  if (machine.stack.length >= 60 || machine.stack.filter((item) => item.key === key).length >= 6) {
    machine.gap(place, 'a construction inside itself is not followed to its end');
    return unknown('recursion');
  }
  machine.stack.push({ place, key });
  try {
    const instead = construct(machine, instance, cls, args, argPlaces, { file: cls.file, start: classFact(machine, cls)?.start ?? 0, end: classFact(machine, cls)?.start ?? 0 });
    return instead ?? instance;
  } finally { machine.stack.pop(); }
}

/** Runs the constructor of one class of the chain on an object. Gives what the constructor returns instead of the object. */
function construct(machine: Machine, instance: SymInstance, cls: SymClass, args: readonly Sym[], argPlaces: readonly SourcePlace[], written: SourcePlace): Sym | undefined {
  const fact = classFact(machine, cls);
  if (!fact || !machine.step()) return undefined;
  const ctor = fact.members.find((member) => member.kind === 'constructor')?.fn;
  if (!fact.superClass) fields(machine, instance, cls);
  if (ctor === undefined) {
    if (fact.superClass) superConstruct(machine, instance, cls, args, argPlaces, written);
    return undefined;
  }
  const fn = machine.modules.facts(cls.file)?.functions[ctor];
  if (!fn) return undefined;
  const env: Env = { file: cls.file, vars: new Map(), parent: cls.env, born: machine.branch, self: instance, home: cls, activation: { born: machine.branch, returns: [], key: `${cls.file}#${ctor}` } };
  machine.parameters(fn.params, args, env);
  // Parameter properties are fields from the start on; those of a class with a base are set after `super`, before anything reads them.
  for (const param of fn.params) {
    const name = param.property && param.target.kind === 'ref' ? machine.modules.facts(cls.file)?.bindings[param.target.binding]?.name : undefined;
    const value = param.target.kind === 'ref' ? env.vars.get(param.target.binding) : undefined;
    if (name !== undefined && value) instance.fields.set(name, { value, place: { file: cls.file, start: param.start, end: param.end }, certain: true });
  }
  hoist(machine, fn.body, env);
  execute(machine, fn.body, env);
  const [returned] = env.activation.returns;
  return returned && (returned.kind === 'class' || returned.kind === 'record' || returned.kind === 'closure') ? returned : undefined;
}

function fields(machine: Machine, instance: SymInstance, cls: SymClass): void {
  const fact = classFact(machine, cls);
  const env: Env = { file: cls.file, vars: new Map(), parent: cls.env, born: machine.branch, self: instance, home: cls, activation: { born: machine.branch, returns: [], key: `${cls.file}#fields` } };
  for (const member of fact?.members ?? []) {
    if (member.kind !== 'field' || member.static) continue;
    if (member.value) instance.fields.set(member.name, { value: evaluate(machine, member.value, env), place: { file: cls.file, start: member.start, end: member.end }, certain: true });
  }
}

/** `super(…)` in the constructor of `cls`, or what stands for it. */
export function superConstruct(machine: Machine, instance: SymInstance, cls: SymClass, args: readonly Sym[], argPlaces: readonly SourcePlace[], written: SourcePlace): void {
  const base = baseOf(machine, cls);
  if (base?.kind === 'class') construct(machine, instance, base, args, argPlaces, written);
  else if (base?.kind === 'external') {
    const made = machine.make({ form: 'new', module: base.module, path: base.path, args, argPlaces, place: instance.place, written, instance });
    if (made.kind === 'made') instance.base = made;
  }
  fields(machine, instance, cls);
}

/** The object or class behind `super.x`. */
export function superValue(machine: Machine, env: Env): Sym {
  const home = machine.home(env);
  return (home ? baseOf(machine, home) : undefined) ?? unknown('super');
}

export interface Method { readonly closure: Sym & { kind: 'closure' }; readonly getter: boolean }

/** A method or accessor of a class of the repository, from `from` upwards. */
export function methodOf(machine: Machine, from: SymClass, name: string, isStatic: boolean, self: Sym): Method | undefined {
  for (const cls of heritageOf(machine, from).classes) {
    const member = classFact(machine, cls)?.members.find((item) => item.name === name && item.static === isStatic && (item.kind === 'method' || item.kind === 'get'));
    if (member?.fn !== undefined) return { closure: { kind: 'closure', file: cls.file, fn: member.fn, env: cls.env, self, home: cls, fields: new Map() }, getter: member.kind === 'get' };
  }
  return undefined;
}

export function instanceMember(machine: Machine, instance: SymInstance, name: string): Sym {
  const field = instance.fields.get(name);
  if (field) return field.value;
  const method = methodOf(machine, instance.cls, name, false, instance);
  if (method) return method.getter ? machine.invoke(method.closure, [], instance.place) : method.closure;
  if (instance.base) return { kind: 'attribute', of: instance.base, path: [name] };
  // Declared and not given yet, or of a base that is not known.
  const { classes, external } = heritageOf(machine, instance.cls);
  const last = classes[classes.length - 1];
  return external || (last && baseOf(machine, last)) ? unknown(`member ${name}`) : literal(undefined);
}

export function staticMember(machine: Machine, value: SymClass, name: string): Sym {
  for (const cls of heritageOf(machine, value).classes) {
    const written = cls.statics?.get(name);
    if (written) return written.value;
    const fact = classFact(machine, cls);
    const member = fact?.members.find((item) => item.static && item.name === name && item.kind === 'field');
    if (member) {
      const statics = (cls.statics ??= new Map());
      const env: Env = { file: cls.file, vars: new Map(), parent: cls.env, born: 0, self: cls, home: cls, activation: { born: machine.branch, returns: [], key: `${cls.file}#static` } };
      statics.set(name, { value: unknown('defined through itself'), certain: true });
      const made = member.value ? evaluate(machine, member.value, env) : literal(undefined);
      statics.set(name, { value: made, certain: true, place: { file: cls.file, start: member.start, end: member.end } });
      return made;
    }
  }
  const method = methodOf(machine, value, name, true, value);
  if (method) return method.getter ? machine.invoke(method.closure, [], { file: value.file, start: 0, end: 0 }) : method.closure;
  const { external } = heritageOf(machine, value);
  return external ? { kind: 'external', module: external.module, path: [...external.path, name] } : literal(undefined);
}

/** What something made gives to methods called on an object of the repository's class. */
export const baseMade = (sym: Sym): Made | undefined => (sym.kind === 'made' ? sym : sym.kind === 'instance' ? sym.base : undefined);
