import type { Expr, ThisExpr } from '../../model/facts.ts';
import { alternatives, type ClassValue, type InstanceValue, type Value } from '../../model/value.ts';
import type { Phase } from '../../model/project.ts';
import type { Frame } from '../frame.ts';
import { isFrame } from '../frame.ts';
import { nativeCollection } from '../../catalog/state.ts';
import type { Definition } from '../module-index.ts';
import type { Node } from '../reach.ts';
import type { LinkedFunction } from '../view.ts';
import { externalPath } from '../values.ts';
import { mayHaveField } from './class-fields.ts';
import { isForDevelopersOnly } from './local-run.ts';
import { environment, exportedProperty, follow, globalOrigin, stateOrigin, type Origin, type Place } from './places.ts';
import { singletonClass } from './singletons.ts';

const THIS: ThisExpr = { kind: 'this', start: 0, end: 0 };
const MAX_DEPTH = 24;
const MAX_STEPS = 3_000;
const MAX_CALLERS = 8;

/** Gives back an element or part of what it is called on. */
const elementMethods: ReadonlySet<string> = new Set(['find', 'findLast', 'at', 'pop', 'shift', 'get', 'next']);
/** Gives a new list of the same elements. */
const copyMethods: ReadonlySet<string> = new Set(['slice', 'concat', 'filter', 'toSorted', 'toReversed', 'values', 'entries', 'flat']);
const sameMethods: ReadonlySet<string> = new Set(['sort', 'reverse', 'fill', 'set', 'add']);
export const itemMethods: ReadonlySet<string> = new Set(['map', 'forEach', 'filter', 'find', 'findLast', 'findIndex', 'some', 'every', 'flatMap']);
const isHandedOver = (value: Value): boolean => value.kind === 'event' || value.kind === 'context' || (value.kind === 'param' && value.path.length > 0);
/** `_.map(list, fn)`: the package is no list. */
const isHelpers = (origin: Origin): boolean => origin.place?.kind === 'package' && /^(?:lodash|underscore|ramda|rambda|async|bluebird)\b/.test(origin.place.label);
const assigners: ReadonlySet<string> = new Set(['Object.assign', 'assign', 'extend', 'defaults']);
const globalObjects: ReadonlySet<string> = new Set(['globalThis', 'global', 'window', 'self']);

/**
 * Answers where objects live, for one deployed function. Aliases are followed through parameters, returns, closures,
 * destructuring, shallow copies, imports and `this`. What is not understood has no origin: nothing is claimed of it.
 */
export class Storage {
  private readonly view: LinkedFunction;
  private readonly phases = new Map<string, Set<Phase>>();
  private readonly nodes = new Map<string, Node[]>();
  private readonly busy = new Set<string>();
  private depth = 0;
  private steps = 0;
  /** Construction sites in invocations whose object is kept by a place of the process. */
  readonly retained = new Set<string>();

  constructor(view: LinkedFunction) {
    this.view = view;
    for (const node of view.reach().nodes) {
      const key = `${node.frame.file}#${node.frame.fn}`;
      const known = this.phases.get(key) ?? new Set();
      this.phases.set(key, known.add(node.phase));
      const nodes = this.nodes.get(key);
      if (nodes) nodes.push(node); else this.nodes.set(key, [node]);
    }
  }

  /** Where the objects live that an expression can give. */
  origins(expr: Expr, frame: Frame): readonly Origin[] {
    return this.bounded(() => this.compute(expr, frame));
  }

  private bounded(work: () => readonly Origin[]): readonly Origin[] {
    if (this.depth === 0) this.steps = 0;
    if (this.depth >= MAX_DEPTH || ++this.steps > MAX_STEPS) return [];
    this.depth++;
    try { return work(); } finally { this.depth--; }
  }

  /** An object made in the invocation, with parts that are looked for when asked. */
  private made(member: (name: string) => readonly Origin[]): Origin {
    return { member: (name) => this.bounded(() => member(name)) };
  }

  private compute(expr: Expr, frame: Frame): readonly Origin[] {
    const { evaluator } = this.view;
    switch (expr.kind) {
      case 'ref': return this.binding(frame.file, expr.binding, frame);
      case 'global': return globalObjects.has(expr.name) ? [{ holder: true, member: (name) => [globalOrigin(name)] }] : expr.name === 'process' ? [{ member: (name) => (name === 'env' ? [environment] : []) }] : [];
      case 'this': return this.ofValue(evaluator.value(THIS, frame));
      case 'member': {
        if (expr.object.kind === 'global' && expr.object.name === 'module' && expr.property === 'exports') return [];
        const name = typeof expr.property === 'string' ? expr.property : literalName(evaluator.value(expr.property, frame));
        return this.origins(expr.object, frame).flatMap((origin) => origin.member(name));
      }
      case 'await': return this.isAnswer(expr.of, frame) ? [] : this.origins(expr.of, frame);
      case 'logical': return [...this.origins(expr.left, frame), ...this.origins(expr.right, frame)];
      case 'conditional': return [...this.origins(expr.then, frame), ...this.origins(expr.else, frame)];
      case 'assign': return [...this.origins(expr.value, frame), ...(expr.op !== '=' && expr.target.kind !== 'pattern' ? this.origins(expr.target, frame) : [])];
      case 'sequence': { const last = expr.items[expr.items.length - 1]; return last ? this.origins(last, frame) : []; }
      case 'object': return [this.made((name) => {
          const found: Origin[] = [];
          for (const property of expr.properties.toReversed()) {
            if (property.key === undefined) found.push(...this.origins(property.value, frame).flatMap((origin) => origin.member(name)));
            else if (property.key === name) { found.push(...this.origins(property.value, frame)); return found; } 
            else if (name === '*') found.push(...this.origins(property.value, frame));
          }
          return found;
        })];
      case 'array': return [this.made(() => expr.items.flatMap((item) => (!item ? [] : item.kind === 'spread' ? this.origins(item.of, frame).flatMap((origin) => origin.member('*')) : this.origins(item, frame))))];
      case 'call': return this.call(expr, frame);
      case 'import': return this.required(expr.source, frame);
      case 'class': return this.ofValue(evaluator.value(expr, frame));
      default: return [];
    }
  }

  /** `await client.get(key)`: what a package asks somebody else for is made anew, and no part of the client. */
  private isAnswer(expr: Expr, frame: Frame): boolean {
    if (expr.kind !== 'call' || expr.callee.kind !== 'member' || !elementMethods.has(String(expr.callee.property))) return false;
    const callees = alternatives(this.view.evaluator.value(expr.callee, frame));
    if (callees.every((one) => one.kind === 'external' && one.module !== 'global')) return true;
    if (callees.some((one) => one.kind === 'function')) return false;
    // `await this.api.repos.get({ owner })`, whatever the client is made with: no collection holds anything under a key that is new.
    return expr.args[0]?.kind === 'object' || (expr.args.length > 0 && nativeCollection(this.view.evaluator.value(expr.callee.object, frame)) === 'foreign');
  }

  private call(expr: Expr & { kind: 'call' }, frame: Frame): readonly Origin[] {
    const { evaluator } = this.view;
    const callee = evaluator.value(expr.callee, frame);
    const found: Origin[] = [];
    for (const one of alternatives(callee)) {
      if (one.kind === 'function') {
        const inner = evaluator.enter(one, expr.args.map((arg) => ({ expr: arg, frame })), `${frame.file}:${expr.start}`, frame);
        const key = `${inner.file}#${inner.fn}`;
        if (this.busy.has(key)) continue;
        this.busy.add(key);
        try { for (const value of evaluator.modules.index(one.file)?.returns[one.fn] ?? []) found.push(...this.origins(value, inner)); } finally { this.busy.delete(key); }
        continue;
      }
      const path = one.kind === 'external' ? externalPath(one).join('.') : '';
      const args = expr.args;
      if (assigners.has(path) && args[0]) {
        // The first argument itself, with the others' properties copied one level deep.
        const [target, ...sources] = args;
        found.push(...this.origins(target, frame).map((origin): Origin => (origin.place ? origin : this.made((name) => [...sources.flatMap((source) => this.origins(source, frame).flatMap((item) => item.member(name))), ...origin.member(name)]))));
      } else if ((path === 'Object.freeze' || path === 'Object.seal' || path === 'Promise.resolve') && args[0]) found.push(...this.origins(args[0], frame));
      else if ((path === 'Object.values' || path === 'Array.from' || path === 'clone') && args[0]) {
        const of = args[0];
        found.push(this.made((name) => this.origins(of, frame).flatMap((origin) => origin.member(path === 'clone' ? name : '*'))));
      }
      if (expr.callee.kind !== 'member' || typeof expr.callee.property !== 'string') continue;
      const receiver = expr.callee.object;
      const method = expr.callee.property;
      if (one.kind === 'external' && !externalPath(one).some((part) => part.startsWith('#'))) continue;
      // `env.CACHE.get(key)`, `request.headers.get(name)`: what the platform hands over is asked, and keeps no objects of this process.
      if (method === 'get' && alternatives(evaluator.value(receiver, frame)).every(isHandedOver)) continue;
      if (elementMethods.has(method)) found.push(...this.origins(receiver, frame).flatMap((origin) => origin.member('*')));
      else if (sameMethods.has(method)) found.push(...this.origins(receiver, frame));
      else if (copyMethods.has(method)) found.push(this.made(() => this.origins(receiver, frame).flatMap((origin) => origin.member('*'))));
    }
    return found;
  }

  // ------------------------------------------------------------- variables

  /** The variable itself, when it outlives the invocation. */
  variable(file: string, id: number, frame: Frame): Place | undefined {
    const fact = this.view.evaluator.modules.facts(file)?.bindings[id];
    if (!fact) return undefined;
    if (fact.fn === 0) return { key: `b:${file}#${id}`, label: fact.name, kind: 'module', path: [], file, binding: id };
    const owner = ancestor(frame, fact.fn);
    const phase = owner ? this.phaseOf(owner) : undefined;
    return phase === 'init' ? { key: `b:${file}#${id}`, label: fact.name, kind: 'closure', path: [], file, binding: id } : undefined;
  }

  private binding(file: string, id: number, frame: Frame): readonly Origin[] {
    const { modules } = this.view.evaluator;
    const fact = modules.facts(file)?.bindings[id];
    if (!fact) return [];
    if (fact.kind === 'import' || modules.imported(file, id)) return this.imported(file, id);
    const key = `${id}@${file}@${fact.fn === 0 ? '' : frame.key}`;
    if (this.busy.has(key)) return [];
    this.busy.add(key);
    try {
      const definitions = (modules.index(file)?.definitions.get(id) ?? []).filter((item) => item.expr !== undefined && item.form !== 'update');
      const home = fact.fn === 0 ? this.view.evaluator.open(file, 0) : (ancestor(frame, fact.fn) ?? this.view.evaluator.open(file, fact.fn));
      const variable = this.variable(file, id, frame);
      const followed = fact.kind === 'param' ? this.param(file, id, home) : definitions.flatMap((item) => this.definition(item, home));
      const held = followed.filter((origin) => origin.place !== undefined);
      if (!variable) return followed;
      const value = this.view.evaluator.value({ kind: 'ref', binding: id, start: fact.start, end: fact.end }, home);
      const objects = alternatives(value).filter((one) => one.kind === 'class' || (one.kind === 'instance' && one.of.kind === 'class')).flatMap((one) => this.ofValue(one));
      if (objects.some((origin) => origin.place ?? origin.holder)) return objects;
      // A second name for something else that lives in the process is that thing.
      return held.length > 0 && held.length === followed.length ? held : [this.known(stateOrigin(variable), value)];
    } finally { this.busy.delete(key); }
  }

  private definition(item: Definition, home: Frame): readonly Origin[] {
    if (!item.expr) return [];
    const frame = ancestor(home, item.fn) ?? this.view.evaluator.open(home.file, item.fn);
    const whole = this.origins(item.expr, frame);
    if (item.form === 'iterate') return whole.flatMap((origin) => (item.op === 'in' ? [] : follow(origin.member('*'), item.path)));
    return follow(whole, item.path);
  }

  private param(file: string, id: number, frame: Frame): readonly Origin[] {
    // Nothing is known of this activation: any that the handler reaches.
    if (!frame.args && frame.phase === undefined) {
      const reached = (this.nodes.get(`${file}#${frame.fn}`) ?? []).filter((node) => node.frame.args).slice(0, MAX_CALLERS);
      if (reached.length > 0) return reached.flatMap((node) => this.bounded(() => this.param(file, id, node.frame)));
    }
    for (const [index, param] of (this.view.evaluator.fact(file, frame.fn)?.params ?? []).entries()) {
      const path = param.target.kind === 'ref' ? (param.target.binding === id ? [] : undefined)
        : param.target.kind === 'pattern' ? param.target.elements.find((element) => element.target.kind === 'ref' && element.target.binding === id)?.path : undefined;
      if (!path) continue;
      if (param.rest) return [this.made(() => (frame.args ?? []).slice(index).flatMap((one) => ('expr' in one ? this.origins(one.expr, one.frame) : this.ofValue(one.value))))];
      const argument = frame.args?.[index];
      if (argument && 'expr' in argument) return follow(this.origins(argument.expr, argument.frame), path);
      if (argument) { const given = this.ofValue(argument.value); if (given.length > 0) return follow(given, path); }
      return index === 0 ? follow(this.items(file, frame), path) : [];
    }
    return [];
  }

  /** What an array method hands to the callback that is running. */
  private items(file: string, frame: Frame): readonly Origin[] {
    const fact = this.view.evaluator.fact(file, frame.fn);
    if (!fact || fact.parent < 0) return [];
    const outer = frame.parent ?? this.view.evaluator.open(file, fact.parent);
    for (const call of this.view.evaluator.modules.index(file)?.calls[fact.parent] ?? []) {
      // `list.reduce((all, item) => …, start)`: what goes round is what it starts with.
      if (call.callee.kind === 'member' && call.callee.property === 'reduce' && call.args[0]?.kind === 'function' && call.args[0].fn === frame.fn) return call.args[1] ? this.origins(call.args[1], outer) : [];
      if (call.callee.kind !== 'member' || typeof call.callee.property !== 'string' || !itemMethods.has(call.callee.property)) continue;
      if (call.args[0]?.kind === 'function' && call.args[0].fn === frame.fn) return this.origins(call.callee.object, outer).flatMap((origin) => (isHelpers(origin) ? [] : origin.member('*')));
    }
    return [];
  }

  private imported(file: string, id: number): readonly Origin[] {
    const { evaluator } = this.view;
    const name = evaluator.modules.imported(file, id);
    if (!name || name.typeOnly) return [];
    const found = evaluator.modules.lookup(file, name.source, name.imported);
    if (found.kind === 'external') return [stateOrigin({ key: `x:${found.module}:${found.path.join('.')}`, label: found.module, kind: 'package', path: [] })];
    if (found.kind === 'namespace') return [this.made((member) => this.exported(found.file, member))];
    if (found.kind !== 'local') return [];
    const home = evaluator.open(found.file, 0);
    const origins = found.fact.binding !== undefined ? this.binding(found.file, found.fact.binding, home) : found.fact.value ? this.exportedObject(found.file, found.fact.value, home, found.fact.name) : [];
    return found.fact.name === '=' && name.imported !== '=' && name.imported !== 'default' && name.imported !== '*' ? origins.flatMap((origin) => origin.member(name.imported)) : origins;
  }

  /** An exported literal is itself a place: `exports.list = []`; of a whole module each property is: `module.exports = { a: [] }`. */
  private exportedObject(file: string, value: Expr, home: Frame, name = '='): readonly Origin[] {
    const origins = this.origins(value, home);
    if (value.kind !== 'object' && value.kind !== 'array') return origins;
    const whole = name === '=' || name === 'default';
    const base: Place = { key: `${whole ? 'e' : 'n'}:${file}:${value.start}`, label: whole ? 'module.exports' : name, kind: 'module', path: [], file };
    const at = (path: readonly string[], inner: readonly Origin[]): Origin => ({
      place: path[0] === undefined ? base : { ...exportedProperty(base, path[0]), path },
      member: (name) => { const below = inner.flatMap((origin) => origin.member(name)); return below.some((origin) => origin.place) ? below : [at([...path, name], below)]; },
    });
    return [at([], origins)];
  }

  private required(source: Expr, frame: Frame): readonly Origin[] {
    const name = this.view.evaluator.value(source, frame);
    if (name.kind !== 'literal' || typeof name.value !== 'string') return [];
    const target = this.view.evaluator.modules.resolve(frame.file, name.value);
    if ('external' in target) return [stateOrigin({ key: `x:${target.external}:`, label: target.external, kind: 'package', path: [] })];
    if (!('file' in target)) return [];
    const whole = this.view.evaluator.modules.exported(target.file, '=', new Set());
    const value = whole.kind === 'local' ? whole.fact.value : undefined;
    if (whole.kind === 'local' && value?.kind === 'object') return this.exportedObject(whole.file, value, this.view.evaluator.open(whole.file, 0));
    // `module.exports = require('./settings')`
    if (whole.kind === 'local' && value?.kind === 'import') return this.origins(value, this.view.evaluator.open(whole.file, 0));
    return [this.made((member) => this.exported(target.file, member))];
  }

  private exported(file: string, name: string): readonly Origin[] {
    const found = this.view.evaluator.modules.exported(file, name, new Set());
    if (found.kind === 'namespace') return [this.made((member) => this.exported(found.file, member))];
    if (found.kind !== 'local') return [];
    const home = this.view.evaluator.open(found.file, 0);
    const origins = found.fact.binding !== undefined ? this.binding(found.file, found.fact.binding, home) : found.fact.value ? this.exportedObject(found.file, found.fact.value, home, found.fact.name) : [];
    return found.fact.name === '=' && name !== '=' && name !== 'default' ? origins.flatMap((origin) => origin.member(name)) : origins;
  }

  // ------------------------------------------------------------- objects of classes

  private ofValue(value: Value): readonly Origin[] {
    return alternatives(value).flatMap((one): readonly Origin[] => {
      if (one.kind === 'class') return [this.staticsOf(one)];
      if (one.kind !== 'instance' || one.of.kind !== 'class') return [];
      return [this.instance(one, one.of)];
    });
  }

  private staticsOf(cls: ClassValue): Origin {
    return { holder: true, member: (field) => [this.known(stateOrigin({ key: `s:${cls.file}#${cls.cls}.${field}`, ...this.declared(cls, field), kind: 'static', path: [] }), () => this.view.evaluator.member(cls, field))] };
  }

  /** A place whose objects are all of known classes: it has no parts that they cannot have (`'items' in given && given.items.push(x)`). */
  private known(origin: Origin, value: Value | (() => Value)): Origin {
    const isNone = (one: Value): boolean => one.kind === 'literal' && (one.value === null || one.value === undefined);
    return { ...origin, member: (field) => {
      const objects = alternatives(typeof value === 'function' ? value() : value).filter((one) => !isNone(one));
      const lacks = objects.length > 0 && objects.every((one) => one.kind === 'instance' && one.of.kind === 'class' && !mayHaveField(this.view, one.of, field));
      return lacks ? [] : origin.member(field);
    } };
  }

  /** A field is known by the class that first declares or writes it. */
  private declared(cls: ClassValue, field: string): { readonly label: string; readonly file: string } {
    const { evaluator } = this.view;
    const has = (one: ClassValue): boolean => (evaluator.modules.facts(one.file)?.classes[one.cls]?.members.some((member) => member.kind === 'field' && member.name === field) ?? false)
      || evaluator.modules.index(one.file)?.fieldWrites.get(one.cls)?.has(field) === true;
    const home = evaluator.heritage(cls).classes.findLast(has) ?? cls;
    return { label: `${evaluator.modules.facts(home.file)?.classes[home.cls]?.name ?? ''}.${field}`, file: home.file };
  }

  private instance(one: InstanceValue, cls: ClassValue): Origin {
    const fact = this.view.evaluator.modules.facts(cls.file)?.classes[cls.cls];
    if (this.outlives(one, cls)) {
      const site = one.site ? `${one.site.file}:${one.site.start}` : '';
      return {
        place: { key: `i:${cls.file}#${cls.cls}@${site}`, label: fact?.name ?? '', kind: 'instance', path: [], file: cls.file, field: (field) => this.declared(cls, field) },
        member: (field) => {
          const inner = this.bounded(() => this.fieldOrigins(one, cls, field)).filter((origin) => origin.place);
          return inner.length > 0 ? inner : !mayHaveField(this.view, cls, field) ? [] : [stateOrigin({ key: `i:${cls.file}#${cls.cls}@${site}.${field}`, ...this.declared(cls, field), kind: 'instance', path: [] })];
        },
      };
    }
    return this.made((field) => this.fieldOrigins(one, cls, field));
  }

  /** What the fields of an object were given by its constructor. */
  private fieldOrigins(one: InstanceValue, cls: ClassValue, field: string): readonly Origin[] {
    const { evaluator } = this.view;
    const frame = isFrame(one.frame) ? one.frame : undefined;
    const key = `field ${cls.file}#${cls.cls}.${field}`;
    if (!frame || frame.file !== cls.file || this.busy.has(key)) return [];
    this.busy.add(key);
    try {
      const found: Origin[] = [];
      for (const item of evaluator.modules.index(cls.file)?.fieldWrites.get(cls.cls)?.get(field) ?? []) if (item.fn === frame.fn && item.form !== 'update') found.push(...this.definition(item, frame));
      for (const param of evaluator.fact(cls.file, frame.fn)?.params ?? []) {
        if (param.property && param.target.kind === 'ref' && evaluator.modules.facts(cls.file)?.bindings[param.target.binding]?.name === field) found.push(...this.param(cls.file, param.target.binding, frame));
      }
      return found;
    } finally { this.busy.delete(key); }
  }

  /** Whether an object made of a class of the repository outlives the invocation. */
  private outlives(one: InstanceValue, cls: ClassValue): boolean {
    const { site } = one;
    if (site && this.retained.has(`${site.file}:${site.start}`)) return true;
    if (site) {
      // `mode === 'dev' ? new InMemoryQueue() : new SqsQueue()`: what is deployed never makes it.
      if (this.view.bodies().some((body) => body.file === site.file && body.fn.id === site.fn && isForDevelopersOnly(this.view, body, site))) return false;
      if (site.fn === 0) return true;
      const phases = this.phases.get(`${site.file}#${site.fn}`);
      if (phases && !phases.has('invoke')) return true;
      if (this.view.evaluator.modules.index(site.file)?.calls[site.fn]?.some((call) => call.kind === 'new' && call.start === site.start)) return false;
    }
    return site !== undefined && singletonClass(this.view.evaluator, cls);
  }

  /** In which phase an activation was made. */
  phaseOf(frame: Frame): Phase | undefined {
    if (frame.phase) return frame.phase;
    const phases = this.phases.get(`${frame.file}#${frame.fn}`);
    return phases?.size === 1 ? [...phases][0] : undefined;
  }
}

function ancestor(frame: Frame, fn: number): Frame | undefined {
  for (let current: Frame | undefined = frame; current; current = current.parent) if (current.fn === fn) return current;
  return undefined;
}

const literalName = (value: Value): string => (value.kind === 'literal' ? String(value.value) : '*');
