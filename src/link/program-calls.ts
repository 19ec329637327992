import type { CallExpr, Expr, NewExpr } from '../model/facts.ts';
import type { SourcePlace } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import { platformCall, platformNew } from './program-platform.ts';
import { baseMade, baseOf, instantiate, methodOf, superConstruct } from './program-classes.ts';
import { dataMethod } from './program-methods.ts';
import { evaluate, memberOf } from './program-expr.ts';
import type { Machine } from './program-machine.ts';
import { itemsOf } from './program-stmt.ts';
import { derived, either, isNullish, listOf, optionsOf, placeOf, type Env, type Made, type Sym, type SymClosure } from './program-values.ts';

export interface Arguments { readonly values: readonly Sym[]; readonly places: readonly SourcePlace[] }

function argumentsOf(machine: Machine, args: readonly Expr[], env: Env): Arguments {
  const values: Sym[] = [];
  const places: SourcePlace[] = [];
  for (const arg of args) {
    const place = placeOf(env.file, arg);
    if (arg.kind === 'spread') {
      for (const item of itemsOf(evaluate(machine, arg.of, env))?.items ?? [unknown('spread arguments')]) { values.push(item); places.push(place); }
    } else { values.push(evaluate(machine, arg, env)); places.push(place); }
  }
  return { values, places };
}

/** `new X(…)`. */
export function newExpr(machine: Machine, expr: NewExpr, env: Env): Sym {
  const callee = evaluate(machine, expr.callee, env);
  const args = argumentsOf(machine, expr.args, env);
  return perOption(machine, callee, (one) => constructOf(machine, one, args, placeOf(env.file, expr)));
}

export function constructOf(machine: Machine, callee: Sym, args: Arguments, place: SourcePlace): Sym {
  if (callee.kind === 'class') return instantiate(machine, callee, args.values, args.places, place);
  if (callee.kind === 'external') {
    const known = callee.module === 'global' ? platformNew(machine, callee.path, args.values) : undefined;
    return known ?? machine.make({ form: 'new', module: callee.module, path: callee.path, args: args.values, argPlaces: args.places, place, written: place });
  }
  // A class that a package hands out: `new provider.Resource(…)`.
  if (callee.kind === 'attribute' || callee.kind === 'made') {
    const of = callee.kind === 'made' ? callee : callee.of;
    const path = [...of.path, ...(callee.kind === 'attribute' ? callee.path.map((step) => `#${step}`) : [])];
    return machine.make({ form: 'new', module: of.module, path, receiver: callee, args: args.values, argPlaces: args.places, place, written: place });
  }
  if (callee.kind === 'unknown') machine.gap(place, `what is constructed here is not known (${callee.reason})`);
  return unknown('an object of a class not known');
}

/** `f(…)`, `x.m(…)`, `super(…)`. */
export function callExpr(machine: Machine, expr: CallExpr, env: Env): Sym {
  const { callee } = expr;
  const place = placeOf(env.file, expr);
  if (callee.kind === 'super') {
    const self = machine.self(env);
    const home = machine.home(env);
    const args = argumentsOf(machine, expr.args, env);
    if (self.kind === 'instance' && home) superConstruct(machine, self, home, args.values, args.places, place);
    return self;
  }
  if (callee.kind === 'member') {
    if (callee.object.kind === 'super') return superCall(machine, typeof callee.property === 'string' ? callee.property : '*', argumentsOf(machine, expr.args, env), env, place);
    const receiver = evaluate(machine, callee.object, env);
    if (isNullish(receiver)) return callee.optional ? literal(undefined) : unknown('call on nothing');
    const key = typeof callee.property === 'string' ? literal(callee.property) : evaluate(machine, callee.property, env);
    const args = argumentsOf(machine, expr.args, env);
    return perOption(machine, receiver, (one) => {
      if (isNullish(one)) return literal(undefined);
      if (key.kind !== 'literal') return callValue(machine, unknown('a computed method'), args, place, one);
      return callMethod(machine, one, String(key.value), args, place, env);
    });
  }
  const value = evaluate(machine, callee, env);
  if (isNullish(value) && expr.optional) return literal(undefined);
  const args = argumentsOf(machine, expr.args, env);
  return perOption(machine, value, (one) => callValue(machine, one, args, place, undefined));
}

/** Several possible callees: each is only a possibility. */
function perOption(machine: Machine, value: Sym, work: (one: Sym) => Sym): Sym {
  const options = optionsOf(value).filter((one) => !isNullish(one));
  const [first] = options;
  if (options.length === 1 && first) return work(first);
  return options.length === 0 ? unknown('call of nothing') : either(options.slice(0, 6).map((one) => machine.maybe(() => work(one))));
}

/** A function with another `this`, which one that was bound before does not take. The object that a method was taken from is no bond. */
function calledOn(closure: SymClosure, self: Sym | undefined): SymClosure {
  return closure.bound !== undefined || self === undefined ? closure : { ...closure, self };
}

function superCall(machine: Machine, name: string, args: Arguments, env: Env, place: SourcePlace): Sym {
  const self = machine.self(env);
  const home = machine.home(env);
  const base = home ? baseOf(machine, home) : undefined;
  if (base?.kind === 'class') {
    const method = methodOf(machine, base, name, self.kind === 'class', self);
    if (method) return machine.invoke(method.closure, args.values, place);
  }
  const made = baseMade(self);
  return made ? external(machine, made.module, [...made.path, `#${name}`], args, place, self) : unknown('super');
}

/** Calls a method of a value. */
function callMethod(machine: Machine, receiver: Sym, name: string, args: Arguments, place: SourcePlace, env: Env): Sym {
  switch (receiver.kind) {
    case 'closure':
      if (name === 'call') return machine.invoke(calledOn(receiver, args.values[0]), args.values.slice(1), place);
      if (name === 'apply') return machine.invoke(calledOn(receiver, args.values[0]), itemsOf(args.values[1] ?? listOf([]))?.items ?? [], place);
      if (name === 'bind') return { ...calledOn(receiver, args.values[0]), bound: [...(receiver.bound ?? []), ...args.values.slice(1)] };
      break;
    case 'external': return callValue(machine, memberOf(machine, receiver, name), args, place, receiver);
    case 'made': return external(machine, receiver.module, [...receiver.path, `#${name}`], args, place, receiver);
    case 'attribute': {
      if (name === 'toString' || name === 'valueOf') return receiver;
      return external(machine, receiver.of.module, [...receiver.of.path, ...receiver.path.map((step) => `#${step}`), `#${name}`], args, place, receiver);
    }
    case 'instance': {
      const value = receiver.fields.get(name)?.value;
      if (value) return perOption(machine, value, (one) => callValue(machine, one, args, place, receiver));
      const method = methodOf(machine, receiver.cls, name, false, receiver);
      if (method) return method.getter ? callValue(machine, machine.invoke(method.closure, [], place), args, place, receiver) : machine.invoke(method.closure, args.values, place);
      if (receiver.base) return external(machine, receiver.base.module, [...receiver.base.path, `#${name}`], args, place, receiver);
      break;
    }
    case 'class': return callValue(machine, memberOf(machine, receiver, name), args, place, receiver);
    default: break;
  }
  const data = dataMethod(machine, receiver, name, args.values, place);
  if (data) return data;
  const member = receiver.kind === 'record' || receiver.kind === 'namespace' || receiver.kind === 'closure' ? memberOf(machine, receiver, name) : undefined;
  if (member && member.kind !== 'unknown') return perOption(machine, member, (one) => callValue(machine, one, args, place, receiver));
  if (name === 'then') { const [first] = args.values; return first?.kind === 'closure' ? machine.invoke(first, [receiver], place) : receiver; }
  if (name === 'catch' || name === 'finally') return receiver;
  void env;
  callbacks(machine, args, place);
  return receiver.kind === 'unknown' ? receiver : derived(`#${name}`, [receiver, ...args.values]);
}

/** Calls a value. `self`: what it is a method of. */
function callValue(machine: Machine, callee: Sym, args: Arguments, place: SourcePlace, self: Sym | undefined): Sym {
  switch (callee.kind) {
    case 'closure': return machine.invoke(callee, args.values, place, self);
    case 'oneOf': return perOption(machine, callee, (one) => callValue(machine, one, args, place, self));
    case 'external': {
      const known = platformCall(machine, callee, args.values, place);
      return known ?? external(machine, callee.module, callee.path, args, place, undefined);
    }
    // The result of a call is called: `table(…)(…)`.
    case 'made': return external(machine, callee.module, [...callee.path, '#()'], args, place, callee);
    case 'attribute': return external(machine, callee.of.module, [...callee.of.path, ...callee.path.map((step) => `#${step}`)], args, place, callee);
    case 'literal': return literal(undefined);
    default:
      callbacks(machine, args, place);
      return callee.kind === 'unknown' ? callee : derived('call', [callee, ...args.values]);
  }
}

function external(machine: Machine, module: string, path: readonly string[], args: Arguments, place: SourcePlace, receiver: Sym | undefined): Sym {
  const result = machine.make({ form: 'call', module, path, args: args.values, argPlaces: args.places, place, written: place, ...(receiver ? { receiver } : {}) });
  // Somebody else decided what the call gives: it also saw to the callbacks. It may be something that was made before.
  if (result.kind !== 'made' || result.path !== path) return result;
  const name = path[path.length - 1] ?? '';
  const [first] = args.values;
  if (name === '#then' && first?.kind === 'closure') return machine.invoke(first, [receiver ?? unknown('a promise')], place);
  if (name === '#catch' || name === '#finally') return receiver ?? result;
  callbacks(machine, args, place);
  return result;
}

/** Functions handed to something not known may be called, with what is not known. */
function callbacks(machine: Machine, args: Arguments, place: SourcePlace): void {
  for (const value of args.values) if (value.kind === 'closure') maybeInvoke(machine, value, place);
}

function maybeInvoke(machine: Machine, closure: SymClosure, place: SourcePlace): void {
  const params = machine.modules.facts(closure.file)?.functions[closure.fn]?.params ?? [];
  machine.maybe(() => machine.invoke(closure, params.map(() => unknown('an argument of a callback')), place));
}

export type { Made };
