import type { ClassFact, Expr } from '../model/facts.ts';
import { unknown, type ClassValue, type ExternalValue, type FunctionValue, type InstanceValue, type Value } from '../model/value.ts';
import { scopeOfObject } from './activations.ts';
import type { Evaluator } from './evaluate.ts';
import { isFrame, scopes, type Argument, type Frame, type Scope } from './frame.ts';
import { each, oneOf } from './values.ts';

/** Values of objects and classes of the repository: their members, what they inherit, how they are made. Part of the evaluator. */
export class ClassValues {
  private readonly evaluator: Evaluator;

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  private classFact(value: ClassValue): ClassFact | undefined {
    return this.evaluator.modules.facts(value.file)?.classes[value.cls];
  }

  /** The function that a class is written as; `undefined` for one that cannot be called without `new`. */
  asFunction(value: ClassValue, self?: Value): FunctionValue | undefined {
    const fact = this.classFact(value);
    const fn = fact?.written === 'function' ? fact.members.find((member) => member.kind === 'constructor')?.fn : undefined;
    return fn === undefined ? undefined : { kind: 'function', file: value.file, fn, ...(isFrame(value.frame) ? { frame: value.frame } : {}), ...(self ? { self } : {}) };
  }

  /** The class itself and the classes that it extends, as far as they are in the repository; then the external base. */
  heritage(value: ClassValue): { readonly classes: readonly ClassValue[]; readonly external?: ExternalValue } {
    const classes: ClassValue[] = [];
    for (let current: Value | undefined = value; current?.kind === 'class' && classes.length < 12;) {
      const cls: ClassValue = current;
      if (classes.some((known) => known.file === cls.file && known.cls === cls.cls)) break;
      classes.push(cls);
      const base: Expr | undefined = this.classFact(cls)?.superClass;
      current = base ? this.evaluator.value(base, isFrame(cls.frame) ? cls.frame : this.evaluator.open(cls.file, this.classFact(cls)?.fn ?? 0)) : undefined;
      if (current?.kind === 'external') return { classes, external: current };
    }
    return { classes };
  }

  instanceMember(instance: InstanceValue, name: string): Value {
    // Parts of an address are texts made from it (URL Standard, November 2026).
    if (instance.of.kind === 'external' && (instance.of.module === 'global' || instance.of.module === 'url') && instance.of.path.at(-1) === 'URL' && /^(?:href|origin|host|hostname|pathname|search)$/.test(name)) return { kind: 'derived', what: `.${name}`, from: [instance], io: false };
    if (instance.of.kind === 'external') return { kind: 'external', module: instance.of.module, path: [...instance.of.path, `#${name}`] };
    const key = `${instance.of.file}#${instance.of.cls}.${name}^${instance.site ? `${instance.site.file}:${instance.site.start}` : ''}`;
    const of = instance.of;
    return this.evaluator.guarded(key, 'defined through itself', () => {
      const { classes, external } = this.heritage(of);
      for (const cls of classes) {
        const found = this.ownMember(instance, cls, name);
        if (found) return found;
      }
      return external ? { kind: 'external', module: external.module, path: [...external.path, `#${name}`] } : unknown(`member ${name}`);
    }).value;
  }

  private ownMember(instance: InstanceValue, cls: ClassValue, name: string): Value | undefined {
    const fact = this.classFact(cls);
    if (!fact) return undefined;
    const home = isFrame(cls.frame) ? cls.frame : this.evaluator.open(cls.file, fact.fn);
    const members = fact.members.filter((member) => member.name === name && !member.static);
    const method = members.find((member) => member.kind === 'method');
    if (method?.fn !== undefined) return { kind: 'function', file: cls.file, fn: method.fn, self: instance, ...(fact.fn > 0 ? { frame: home } : {}) };
    const getter = members.find((member) => member.kind === 'get');
    if (getter?.fn !== undefined) return this.evaluator.result({ kind: 'function', file: cls.file, fn: getter.fn, self: instance }, [], `${cls.file}:get ${name}`, undefined);
    const values: Value[] = [];
    const field = members.find((member) => member.kind === 'field');
    if (field?.value) values.push(this.evaluator.value(field.value, this.evaluator.frame({ ...home, key: `${home.key}^${instance.site ? `${instance.site.file}:${instance.site.start}` : 'this'}`, self: instance, scope: Math.max(home.scope, scopeOfObject(instance)) as Scope })));
    const ctor = fact.members.find((member) => member.kind === 'constructor')?.fn;
    const open = (fn: number, site: string): Frame => {
      const frame = this.evaluator.open(cls.file, fn);
      return this.evaluator.frame({ ...frame, key: `${cls.file}#${fn}^${site}`, self: instance, scope: Math.max(frame.scope, scopeOfObject(instance)) as Scope });
    };
    const ctorFrame = ctor === undefined ? undefined : this.constructorFrame(instance, cls, ctor);
    const frameOf = (fn: number): Frame => (fn === ctor && ctorFrame ? ctorFrame : open(fn, instance.site ? `${instance.site.file}:${instance.site.start}` : 'this'));
    for (const definition of this.evaluator.modules.index(cls.file)?.fieldWrites.get(cls.cls)?.get(name) ?? []) {
      if (!definition.expr) continue;
      const frame = frameOf(definition.fn);
      values.push(definition.form === 'update' ? { kind: 'derived', what: definition.op, from: [this.evaluator.value(definition.expr, frame)], io: false } : this.evaluator.at(this.evaluator.value(definition.expr, frame), definition.path));
    }
    if (ctor !== undefined && ctorFrame) {
      for (const param of this.evaluator.fact(cls.file, ctor)?.params ?? []) {
        if (param.property && param.target.kind === 'ref' && this.evaluator.modules.facts(cls.file)?.bindings[param.target.binding]?.name === name) values.push(this.evaluator.value(param.target, ctorFrame));
      }
    }
    if (values.length === 0 && !field) return undefined;
    const parts = this.evaluator.modules.index(cls.file)?.fieldParts.get(cls.cls)?.get(name);
    const value = values.length === 0 ? unknown(`field ${name}`) : each(oneOf(values), (one) => this.evaluator.names.withWrites(parts, filled(one), frameOf));
    // An object that is known by its declared type only was injected: it lives as long as its owner.
    const owned = (one: Value | undefined): Value | undefined => (one?.kind === 'instance' && !one.site && instance.site ? { ...one, site: instance.site } : one);
    const vague = (one: Value): boolean => one.kind === 'unknown' || one.kind === 'param' || (one.kind === 'literal' && one.value === undefined);
    if (field?.type && (value.kind === 'oneOf' ? value.options.every(vague) : vague(value))) return owned(this.evaluator.types.instance(cls.file, field.type)) ?? value;
    return owned(value) ?? value;
  }

  private constructorFrame(instance: InstanceValue, cls: ClassValue, ctor: number): Frame {
    const own = instance.of;
    if (own.kind === 'class' && own.file === cls.file && own.cls === cls.cls) return isFrame(instance.frame) ? instance.frame : this.evaluator.frame({ ...this.evaluator.open(cls.file, ctor), key: `${cls.file}#${ctor}^this`, self: instance, scope: scopes.function });
    // A base class: its constructor gets what `super(…)` of the class below passes.
    const below = own.kind === 'class' ? this.heritage(own).classes : [];
    const index = below.findIndex((item) => item.file === cls.file && item.cls === cls.cls);
    const derived = below[index - 1];
    const derivedCtor = derived ? this.classFact(derived)?.members.find((member) => member.kind === 'constructor')?.fn : undefined;
    if (derived && derivedCtor === undefined && isFrame(instance.frame)) return instance.frame;
    if (!derived || derivedCtor === undefined) return this.evaluator.open(cls.file, ctor);
    const call = this.evaluator.modules.index(derived.file)?.calls[derivedCtor]?.find((item) => item.kind === 'call' && item.callee.kind === 'super');
    const frame = this.constructorFrame(instance, derived, derivedCtor);
    return this.evaluator.enter({ kind: 'function', file: cls.file, fn: ctor, self: instance }, call?.args.map((expr) => ({ expr, frame })), `${derived.file}:super`, frame);
  }

  staticMember(value: ClassValue, name: string): Value {
    for (const cls of this.heritage(value).classes) {
      const fact = this.classFact(cls);
      const member = fact?.members.find((item) => item.static && item.name === name);
      if (!fact || !member) continue;
      if (member.kind === 'method' && member.fn !== undefined) return { kind: 'function', file: cls.file, fn: member.fn, self: value };
      if (member.kind === 'get' && member.fn !== undefined) return this.evaluator.result({ kind: 'function', file: cls.file, fn: member.fn, self: value }, [], `${cls.file}:get ${name}`, undefined);
      const home = isFrame(cls.frame) ? cls.frame : this.evaluator.open(cls.file, fact.fn);
      const written = (this.evaluator.modules.index(cls.file)?.fieldWrites.get(cls.cls)?.get(name) ?? []).flatMap((definition) => (definition.expr ? [this.evaluator.value(definition.expr, this.evaluator.open(cls.file, definition.fn))] : []));
      // `Service.instance = …`, written under the name of the class.
      for (const [id, writes] of this.evaluator.modules.index(cls.file)?.memberWrites ?? []) {
        if (!this.evaluator.modules.index(cls.file)?.definitions.get(id)?.some((item) => item.form === 'class' && item.id === cls.cls)) continue;
        for (const write of writes) if (write.path.length === 1 && write.path[0] === name) written.push(this.evaluator.value(write.expr, this.evaluator.open(cls.file, write.fn)));
      }
      const initial = member.value ? [this.evaluator.value(member.value, home)] : [];
      const value_ = oneOf([...initial, ...written]);
      return member.type && initial.length + written.length === 0 ? (this.evaluator.types.instance(cls.file, member.type) ?? unknown(`static ${name}`)) : value_;
    }
    return name === 'prototype' ? { kind: 'instance', of: value, args: [] } : unknown(`static ${name}`);
  }

  superMember(frame: Frame, name: string): Value {
    const self = this.evaluator.names.self(frame);
    const own = self.kind === 'instance' && self.of.kind === 'class' ? self.of : self.kind === 'class' ? self : undefined;
    if (!own) return unknown('super');
    const fact = this.evaluator.fact(frame.file, frame.fn);
    const { classes, external } = this.heritage(own);
    const from = classes.findIndex((cls) => cls.file === frame.file && cls.cls === fact?.cls);
    for (const cls of classes.slice(from + 1)) {
      const found = self.kind === 'instance' ? this.ownMember(self, cls, name) : this.staticMember(cls, name);
      if (found) return found;
    }
    return external ? { kind: 'external', module: external.module, path: [...external.path, `#${name}`] } : unknown('super');
  }

  /** An object of a class of the repository, with the activation of its constructor. */
  instance(cls: ClassValue, args: readonly Argument[], site: { file: string; start: number; end: number; fn: number }, caller: Frame): InstanceValue {
    const key = `${cls.file}#${cls.cls}@${site.file}:${site.start}<${caller.id}`;
    const { instances } = this.evaluator.poolOf(caller);
    const known = instances.get(key);
    if (known) return known;
    const instance: { -readonly [K in keyof InstanceValue]: InstanceValue[K] } = { kind: 'instance', of: cls, args: [], site };
    instances.set(key, instance);
    for (const item of this.heritage(cls).classes) {
      const ctor = this.classFact(item)?.members.find((member) => member.kind === 'constructor')?.fn;
      if (ctor === undefined) continue;
      instance.frame = this.evaluator.enter({ kind: 'function', file: item.file, fn: ctor, self: instance }, args, `${site.file}:${site.start}`, caller);
      break;
    }
    return instance;
  }
}

/** An empty object that a field keeps is there to be filled, by its class or by whoever gets hold of it: what it lacks is not known. */
function filled(value: Value, depth = 0): Value {
  if (value.kind !== 'object' || depth > 3) return value;
  if (value.entries.length === 0) return { ...value, open: true };
  return value.entries.some(([, item]) => item.kind === 'object') ? { ...value, entries: value.entries.map(([key, item]): readonly [string, Value] => [key, filled(item, depth + 1)]) } : value;
}
