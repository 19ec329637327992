import type { LoopStmt, Stmt, SwitchCase, SwitchStmt } from '../model/facts.ts';
import { literal, unknown } from '../model/value.ts';
import { bindTarget, evaluate } from './program-expr.ts';
import type { Machine } from './program-machine.ts';
import { listOf, placeOf, same, truth, type Env, type Sym } from './program-values.ts';

const MAX_ROUNDS = 300;

/** How a list of statements ends. */
export interface End { readonly kind: 'normal' | 'return' | 'break' | 'continue' | 'throw'; readonly label?: string }

const normal: End = { kind: 'normal' };

/** Functions and classes are known before the statements that hold them run. */
export function hoist(machine: Machine, body: readonly Stmt[], env: Env): void {
  for (const item of body) {
    if (item.kind === 'function' && item.binding >= 0) machine.declare(item.binding, { kind: 'closure', file: env.file, fn: item.fn, env, fields: new Map() }, env);
    else if (item.kind === 'class' && item.binding >= 0) machine.declare(item.binding, machine.classAt(item.cls, env), env);
  }
}

/** Runs statements in order; conditions that can not be decided run both ways. */
export function execute(machine: Machine, body: readonly Stmt[], env: Env): End {
  for (const item of body) {
    if (!machine.step()) return { kind: 'throw' };
    const end = statement(machine, item, env);
    if (end.kind !== 'normal') return end;
  }
  return normal;
}

function block(machine: Machine, body: readonly Stmt[], env: Env): End {
  hoist(machine, body, env);
  return execute(machine, body, env);
}

function statement(machine: Machine, item: Stmt, env: Env): End {
  switch (item.kind) {
    case 'expr': {
      const value = evaluate(machine, item.expr, env);
      if (machine.exportValues.has(item.expr)) machine.exportValues.set(item.expr, value);
      return normal;
    }
    case 'declare': {
      const value = item.value ? evaluate(machine, item.value, env) : literal(undefined);
      if (item.value || item.form !== 'var') bindTarget(machine, item.target, value, env, true);
      return normal;
    }
    case 'if': return condition(machine, truth(evaluate(machine, item.test, env)), [item.then, item.else], env);
    case 'switch': return switched(machine, item, env);
    case 'loop': return loop(machine, item, env);
    case 'try': {
      const end = block(machine, item.block, env);
      const last = item.finalizer ? block(machine, item.finalizer, env) : normal;
      return last.kind !== 'normal' ? last : end.kind === 'throw' && item.handler ? machine.maybe(() => block(machine, item.handler ?? [], env)) : end;
    }
    case 'return': {
      const value = item.value ? evaluate(machine, item.value, env) : literal(undefined);
      env.activation.returns.push(value);
      return { kind: 'return' };
    }
    case 'throw':
      // A real run gets past this place: something is read here otherwise than it is.
      if (machine.branch === 0) machine.gap(placeOf(env.file, item), 'the program stops with an error here: what comes after it is not read');
      return { kind: 'throw' };
    case 'break': case 'continue': return { kind: item.kind, ...(item.label !== undefined ? { label: item.label } : {}) };
    case 'block': {
      const end = block(machine, item.body, env);
      return end.kind === 'break' && end.label !== undefined && end.label === item.label ? normal : end;
    }
    case 'function': case 'class': return normal;
  }
}

function condition(machine: Machine, test: boolean | undefined, [yes, no]: readonly [readonly Stmt[], readonly Stmt[]], env: Env): End {
  if (test !== undefined) return block(machine, test ? yes : no, env);
  const first = machine.maybe(() => block(machine, yes, env));
  const second = machine.maybe(() => block(machine, no, env));
  // Both ways leave: so does the statement. One way leaves: we follow the other.
  if (first.kind === 'normal' || second.kind === 'normal') return normal;
  return first.kind === 'throw' ? second : second.kind === 'throw' ? first : first.kind === second.kind && first.label === second.label ? first : normal;
}

function switched(machine: Machine, item: SwitchStmt, env: Env): End {
  const subject = evaluate(machine, item.subject, env);
  const through = (from: number): End => {
    for (const entry of item.cases.slice(from)) {
      const end = block(machine, entry.body, env);
      if (end.kind === 'break' && end.label === undefined) return normal;
      if (end.kind !== 'normal') return end;
    }
    return normal;
  };
  const tests = item.cases.map((entry) => (entry.test ? evaluate(machine, entry.test, env) : undefined));
  const decided = subject.kind === 'literal' && tests.every((test) => test === undefined || test.kind === 'literal');
  if (decided) {
    const found = tests.findIndex((test) => test !== undefined && same(test, subject));
    const from = found >= 0 ? found : tests.findIndex((test) => test === undefined);
    return from < 0 ? normal : through(from);
  }
  const ends = item.cases.map((_entry: SwitchCase, index) => machine.maybe(() => through(index)));
  return item.cases.some((entry) => !entry.test) && ends.length > 0 && ends.every((end) => end.kind === 'return') ? { kind: 'return' } : normal;
}

function loop(machine: Machine, item: LoopStmt, env: Env): End {
  const scope = (): Env => ({ file: env.file, vars: new Map(), parent: env, born: machine.branch, activation: env.activation });
  /** True: the loop ends here. */
  const leaves = (end: End): End | boolean => {
    if (end.kind === 'normal') return false;
    if (end.label !== undefined && end.label !== item.label) return end;
    return end.kind === 'break' ? true : end.kind === 'continue' ? false : end;
  };
  const round = (round_: Env): End | boolean => leaves(block(machine, item.body, round_));

  if (item.iterable && item.target) {
    const target = item.target;
    const value = evaluate(machine, item.iterable, env);
    const list = item.form === 'in' ? keysOf(value) : itemsOf(value);
    const once = (sym: Sym): End | boolean => {
      const inner = scope();
      bindTarget(machine, target, sym, inner, true);
      return round(inner);
    };
    for (const [index, sym] of (list?.items ?? []).entries()) {
      if (index >= MAX_ROUNDS) { machine.gap(placeOf(env.file, item), `a loop is followed for ${MAX_ROUNDS} rounds only`); break; }
      const left = once(sym);
      if (left === true) return normal;
      if (left !== false) return left;
    }
    if (!list || list.open) {
      const before = machine.made.length;
      machine.maybe(() => once(unknown('an element of something not known')));
      // A loop that makes nothing loses nothing.
      if (machine.made.length > before) machine.gap(placeOf(env.file, item.iterable), 'what a loop runs over is not known');
    }
    return normal;
  }
  // Names of the head live in the loop; a fresh scope a round would lose the count.
  const head = scope();
  block(machine, item.init, head);
  for (let count = 0; ; count++) {
    const test = item.form === 'do' && count === 0 ? true : item.test ? truth(evaluate(machine, item.test, head)) : true;
    if (test === false) return normal;
    if (test === undefined) { machine.maybe(() => round({ ...scope(), parent: head })); return normal; }
    if (count >= MAX_ROUNDS) { machine.gap(placeOf(env.file, item), `a loop is followed for ${MAX_ROUNDS} rounds only`); return normal; }
    const left = round({ ...scope(), parent: head });
    if (left === true) return normal;
    if (left !== false) return left;
    if (item.update) evaluate(machine, item.update, head);
    if (!machine.step()) return normal;
  }
}

/** The items that iterating gives, in order; `undefined` when not known at all. */
export function itemsOf(value: Sym): { readonly items: readonly Sym[]; readonly open: boolean } | undefined {
  if (value.kind === 'list') return value;
  if (value.kind === 'record' && value.map) return { items: [...value.entries].map(([key, item]) => listOf([literal(key), item.value])), open: value.open };
  if (value.kind === 'literal') return typeof value.value === 'string' ? { items: [...value.value].slice(0, MAX_ROUNDS).map((one) => literal(one)), open: false } : { items: [], open: false };
  if (value.kind === 'oneOf') {
    const all = value.options.map(itemsOf);
    const items = all.flatMap((one) => one?.items ?? []);
    return items.length === 0 ? undefined : { items, open: all.some((one) => one === undefined || one.open) };
  }
  return undefined;
}

function keysOf(value: Sym): { readonly items: readonly Sym[]; readonly open: boolean } | undefined {
  if (value.kind === 'record') return { items: [...value.entries.keys()].map((key) => literal(key)), open: value.open };
  if (value.kind === 'list') return { items: value.items.map((_item, index) => literal(String(index))), open: value.open };
  return undefined;
}

