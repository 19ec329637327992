import type { BindingFact, ClassFact, Expr, FunctionFact, MemberFact, Stmt, Target } from '../model/facts.ts';

/** What of a module's facts is made of functions and classes. */
interface Parts {
  functions: FunctionFact[];
  classes: ClassFact[];
  bindings: BindingFact[];
}

/** A function that is used as a class, while its members are gathered. */
interface Draft {
  readonly binding: number;
  readonly constructorFn: number;
  readonly members: Map<string, MemberFact>;
  superClass?: Expr;
  used: boolean;
}

const namesOfInherits = /^inherits$/;

/**
 * Classes written as functions become classes, as they are in the language: `function A() {}` with `A.prototype.m = function …`,
 * `A.prototype = { … }`, `Object.assign(A.prototype, …)`, `util.inherits(A, B)` or `A.prototype = Object.create(B.prototype)` in
 * the same statement list, or with `this.m = function …` in its own. Functions without any of these stay functions.
 */
export function prototypeClasses(parts: Parts): void {
  for (const { id } of [...parts.functions]) {
    const fact = parts.functions[id];
    if (fact && fact.body.length > 1) inBody(parts, fact);
  }
}

function inBody(parts: Parts, home: FunctionFact): void {
  const drafts = new Map<number, Draft>();
  for (const statement of home.body) {
    if (statement.kind === 'function') drafts.set(statement.binding, draft(statement.binding, statement.fn));
    if (statement.kind === 'declare' && statement.target.kind === 'ref' && statement.value?.kind === 'function' && parts.functions[statement.value.fn]?.kind === 'function') drafts.set(statement.target.binding, draft(statement.target.binding, statement.value.fn));
  }
  if (drafts.size === 0) return;
  for (const one of drafts.values()) one.used ||= fillsItself(parts.functions[one.constructorFn]);
  for (const statement of home.body) if (statement.kind === 'expr') gather(parts, drafts, statement.expr);
  const found = new Map<number, number>();
  for (const one of drafts.values()) if (one.used) found.set(one.binding, make(parts, home, one));
  if (found.size === 0) return;
  const body = home.body.map((statement): Stmt => {
    if (statement.kind === 'function') {
      const cls = found.get(statement.binding);
      return cls === undefined ? statement : { kind: 'class', binding: statement.binding, cls, start: statement.start, end: statement.end };
    }
    if (statement.kind !== 'declare' || statement.target.kind !== 'ref' || statement.value?.kind !== 'function') return statement;
    const cls = found.get(statement.target.binding);
    return cls === undefined ? statement : { ...statement, value: { kind: 'class', cls, start: statement.value.start, end: statement.value.end } };
  });
  parts.functions[home.id] = { ...(parts.functions[home.id] ?? home), body };
}

/** `function Store() { this.load = function () { … } }`: what is called with `new` gives the object its methods itself. */
function fillsItself(fact: FunctionFact | undefined): boolean {
  return fact?.kind === 'function' && !fact.async && !fact.generator && fact.body.some((statement) => {
    const expr = statement.kind === 'expr' ? statement.expr : undefined;
    return expr?.kind === 'assign' && expr.op === '=' && expr.target.kind === 'member' && expr.target.object.kind === 'this' && expr.value.kind === 'function';
  });
}

const draft = (binding: number, constructorFn: number): Draft => ({ binding, constructorFn, members: new Map(), used: false });

/** The draft whose prototype an expression is. */
function prototypeOf(drafts: ReadonlyMap<number, Draft>, expr: Expr | Target): Draft | undefined {
  return expr.kind === 'member' && expr.property === 'prototype' && expr.object.kind === 'ref' ? drafts.get(expr.object.binding) : undefined;
}

function gather(parts: Parts, drafts: ReadonlyMap<number, Draft>, expr: Expr): void {
  if (expr.kind === 'call') { gatherCall(parts, drafts, expr.callee, expr.args); return; }
  if (expr.kind !== 'assign' || expr.op !== '=' || expr.target.kind !== 'member') return;
  const { target, value } = expr;
  const whole = prototypeOf(drafts, target);
  if (whole) {
    const base = baseOf(value);
    if (base) whole.superClass = base;
    whole.used ||= base !== undefined || value.kind === 'object';
    if (value.kind === 'object') object(parts, whole, value);
    return;
  }
  const { property } = target;
  if (typeof property !== 'string') return;
  const own = prototypeOf(drafts, target.object);
  if (own) {
    own.used = true;
    if (property !== 'constructor') put(parts, own, property, value, false, expr);
  } else if (target.object.kind === 'ref') {
    const of = drafts.get(target.object.binding);
    if (of) put(parts, of, property, value, true, expr);
  }
}

function gatherCall(parts: Parts, drafts: ReadonlyMap<number, Draft>, callee: Expr, args: readonly Expr[]): void {
  const [first, second] = args;
  if (!first || !second) return;
  const name = callee.kind === 'member' ? callee.property : callee.kind === 'ref' ? parts.bindings[callee.binding]?.name : callee.kind === 'global' ? callee.name : undefined;
  if (typeof name !== 'string') return;
  const inheriting = namesOfInherits.test(name) && first.kind === 'ref' ? drafts.get(first.binding) : undefined;
  if (inheriting) { inheriting.used = true; inheriting.superClass = second; return; }
  const extended = name === 'assign' || name === 'extend' ? prototypeOf(drafts, first) : undefined;
  if (!extended) return;
  extended.used = true;
  for (const arg of args.slice(1)) if (arg.kind === 'object') object(parts, extended, arg);
}

/** `Object.create(B.prototype)`, `new B()`: what the prototype is made from. */
function baseOf(value: Expr): Expr | undefined {
  if (value.kind === 'new') return value.callee;
  if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.property !== 'create') return undefined;
  const [from] = value.args;
  return from?.kind === 'member' && from.property === 'prototype' ? from.object : undefined;
}

function object(parts: Parts, of: Draft, value: Expr & { kind: 'object' }): void {
  for (const property of value.properties) if (typeof property.key === 'string' && property.key !== 'constructor') put(parts, of, property.key, property.value, false, property.value);
}

function put(parts: Parts, of: Draft, name: string, value: Expr, isStatic: boolean, at: { readonly start: number; readonly end: number }): void {
  const method = value.kind === 'function' && parts.functions[value.fn]?.kind !== 'arrow' ? value.fn : undefined;
  // What is hung on the class itself is found by what its module writes; only its kind is told here.
  of.members.set(`${isStatic ? 'static ' : ''}${name}`, {
    name, kind: method === undefined ? 'field' : 'method', static: isStatic, decorators: [], start: at.start, end: at.end,
    ...(method !== undefined ? { fn: method } : isStatic ? {} : { value }),
  });
}

function make(parts: Parts, home: FunctionFact, of: Draft): number {
  const cls = parts.classes.length;
  const ctor = parts.functions[of.constructorFn];
  const name = parts.bindings[of.binding]?.name ?? ctor?.name ?? '';
  const at = { start: ctor?.start ?? 0, end: ctor?.end ?? 0 };
  const members: MemberFact[] = [{ name: 'constructor', kind: 'constructor', static: false, fn: of.constructorFn, decorators: [], ...at }, ...of.members.values()];
  parts.classes.push({ id: cls, name, fn: home.id, members, decorators: [], implements: [], written: 'function', ...at, ...(of.superClass ? { superClass: of.superClass } : {}) });
  for (const member of members) {
    const fact = member.fn === undefined ? undefined : parts.functions[member.fn];
    if (fact) parts.functions[fact.id] = { ...fact, kind: member.kind === 'constructor' ? 'constructor' : 'method', cls, ...(member.static ? { static: true } : {}) };
  }
  const binding = parts.bindings[of.binding];
  if (binding?.kind === 'function') parts.bindings[of.binding] = { ...binding, kind: 'class' };
  return cls;
}
