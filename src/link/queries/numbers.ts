import type { CallExpr, Expr } from '../../model/facts.ts';
import type { Value } from '../../model/value.ts';
import type { Evaluator } from '../evaluate.ts';
import type { Frame } from '../frame.ts';
import { memberPath } from '../module-index.ts';
import { contains } from '../values.ts';

/** Numbers given to bindings while rounds of a loop are played through; keyed by `bindingKey`. */
export type Assignment = ReadonlyMap<string, number>;

export const bindingKey = (file: string, binding: number): string => `${file}#${binding}`;

/** What a number rests on besides the code at hand. */
export class Notes {
  /** Defaults that may be configured otherwise. */
  readonly assumptions = new Set<string>();
  /** Other files that the number, or a part of it, comes from. */
  readonly files = new Set<string>();

  list(): readonly string[] {
    return [...this.assumptions].sort();
  }
}

const NONE: Assignment = new Map();
const MAX_DEPTH = 24;

/**
 * The number that an expression has in an activation, folding arithmetic, `Math` and calls of the repository's functions;
 * `undefined` when it cannot be told. Where several are possible it is the smallest, chance counts as 0: sums made of such
 * numbers are lower bounds. `notes` collects what the number rests on (defaults of environment variables).
 */
export function numberAt(evaluator: Evaluator, expr: Expr, frame: Frame, assign: Assignment = NONE, notes: Notes = new Notes()): number | undefined {
  return compute({ evaluator, assign, notes }, expr, frame, 0);
}

/** Whether a test holds, when that can be told from numbers; `undefined` otherwise. */
export function testAt(evaluator: Evaluator, expr: Expr, frame: Frame, assign: Assignment): boolean | undefined {
  return truth({ evaluator, assign, notes: new Notes() }, expr, frame, 0);
}

interface Scope { readonly evaluator: Evaluator; readonly assign: Assignment; readonly notes: Notes }

function compute(scope: Scope, expr: Expr, frame: Frame, depth: number): number | undefined {
  if (depth > MAX_DEPTH) return undefined;
  noteFiles(scope, expr, frame);
  const inner = (one: Expr): number | undefined => compute(scope, one, frame, depth + 1);
  switch (expr.kind) {
    case 'literal': return typeof expr.value === 'number' ? expr.value : numberOf(scope.evaluator.value(expr, frame), scope.notes);
    case 'ref': return reference(scope, expr.binding, frame, depth) ?? numberOf(scope.evaluator.value(expr, frame), scope.notes);
    case 'await': case 'spread': return inner(expr.of);
    case 'unary': { const of = inner(expr.of); return of === undefined ? undefined : expr.op === '-' ? -of : expr.op === '+' ? of : undefined; }
    case 'binary': { const left = inner(expr.left); const right = inner(expr.right); return left === undefined || right === undefined ? undefined : arithmetic(expr.op, left, right); }
    case 'conditional': {
      const test = truth(scope, expr.test, frame, depth + 1);
      if (test !== undefined) return inner(test ? expr.then : expr.else);
      const both = [inner(expr.then), inner(expr.else)];
      return both.every((one) => one !== undefined) ? Math.min(...both) : undefined;
    }
    // `tries++` in a test: the value that is compared.
    case 'assign': return expr.target.kind === 'ref' && (expr.op === '++' || expr.op === '--' || expr.op === '+=' || expr.op === '-=') ? inner(expr.target) : expr.op === '=' ? inner(expr.value) : undefined;
    case 'logical': {
      if (expr.op === '&&') return undefined;
      const value = numberOf(scope.evaluator.value(expr, frame), scope.notes);
      return value ?? inner(expr.left) ?? (isUnset(scope.evaluator.value(expr.left, frame)) ? inner(expr.right) : undefined);
    }
    case 'call': return call(scope, expr, frame, depth);
    default: return numberOf(scope.evaluator.value(expr, frame), scope.notes);
  }
}

/** A name that another module exports. */
function noteFiles(scope: Scope, expr: Expr, frame: Frame): void {
  const root = expr.kind === 'member' ? memberPath(expr).root : expr.kind === 'call' ? expr.callee : expr;
  if (root.kind === 'this') { const self = scope.evaluator.value(root, frame); if (self.kind === 'instance' && self.of.kind === 'class') scope.notes.files.add(self.of.file); return; }
  if (root.kind !== 'ref') return;
  const imported = scope.evaluator.modules.facts(frame.file)?.bindings[root.binding]?.kind === 'import' ? scope.evaluator.modules.imported(frame.file, root.binding) : undefined;
  const found = imported ? scope.evaluator.modules.lookup(frame.file, imported.source, imported.imported) : undefined;
  if (found && 'file' in found) scope.notes.files.add(found.file);
}

const isUnset = (value: Value): boolean => value.kind === 'env' || (value.kind === 'literal' && (value.value === undefined || value.value === null || value.value === ''));

/** A name: what the round gives it, the argument on this path, or its only definition. */
function reference(scope: Scope, binding: number, frame: Frame, depth: number): number | undefined {
  const given = scope.assign.get(bindingKey(frame.file, binding));
  if (given !== undefined) return given;
  const { evaluator } = scope;
  const facts = evaluator.modules.facts(frame.file);
  const fact = facts?.bindings[binding];
  if (!facts || !fact) return undefined;
  let home: Frame | undefined = frame;
  while (home && home.fn !== fact.fn) home = home.parent;
  if (!home) return undefined;
  const definitions = evaluator.modules.index(frame.file)?.definitions.get(binding) ?? [];
  if (fact.kind === 'param') {
    const index = facts.functions[fact.fn]?.params.findIndex((param) => param.target.kind === 'ref' && param.target.binding === binding) ?? -1;
    const argument = index < 0 || definitions.length > 0 ? undefined : home.args?.[index];
    return argument && 'expr' in argument && argument.expr.kind !== 'spread' ? compute(scope, argument.expr, argument.frame, depth + 1) : undefined;
  }
  const [only] = definitions;
  if (definitions.length !== 1 || !only?.expr || only.form !== 'init' || only.path.length > 0 || only.default || only.fn !== home.fn) return undefined;
  return compute(scope, only.expr, home, depth + 1);
}

function call(scope: Scope, expr: CallExpr, frame: Frame, depth: number): number | undefined {
  const { evaluator } = scope;
  const callee = evaluator.value(expr.callee, frame);
  const args = (): (number | undefined)[] => expr.args.map((arg) => compute(scope, arg, frame, depth + 1));
  if (callee.kind === 'external' && callee.module === 'global') {
    const [object, name] = callee.path;
    if (object === 'Math' && name === 'random') return 0;
    if (object === 'Math' && name !== undefined) {
      const values = args();
      return values.every((one) => one !== undefined) ? math(name, values) : undefined;
    }
    if (object === 'Number' || object === 'parseInt' || object === 'parseFloat') return args()[0];
  }
  if (callee.kind === 'function') {
    const returns = evaluator.modules.index(callee.file)?.returns[callee.fn] ?? [];
    const [only] = returns;
    const value = numberOf(evaluator.value(expr, frame), scope.notes);
    if (value !== undefined || !only || returns.length !== 1) return value;
    return compute(scope, only, evaluator.enter(callee, expr.args.map((arg) => ({ expr: arg, frame })), `${frame.file}:${expr.start}`, frame), depth + 1);
  }
  return numberOf(evaluator.value(expr, frame), scope.notes);
}

function math(name: string, values: readonly number[]): number | undefined {
  const [a = Number.NaN, b = Number.NaN] = values;
  switch (name) {
    case 'pow': return a ** b;
    case 'min': return Math.min(...values);
    case 'max': return Math.max(...values);
    case 'floor': return Math.floor(a);
    case 'ceil': return Math.ceil(a);
    case 'round': return Math.round(a);
    case 'abs': return Math.abs(a);
    case 'trunc': return Math.trunc(a);
    default: return undefined;
  }
}

function arithmetic(op: string, left: number, right: number): number | undefined {
  switch (op) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return left / right;
    case '%': return left % right;
    case '**': return left ** right;
    case '<<': return left << right;
    default: return undefined;
  }
}

/** A number in a value. An unset environment variable or a missing argument leaves the default, which `notes` says. */
export function numberOf(value: Value, notes: Notes = new Notes()): number | undefined {
  if (value.kind === 'literal') {
    if (typeof value.value === 'number') return Number.isNaN(value.value) ? undefined : value.value;
    return typeof value.value === 'string' && value.value.trim() !== '' && Number.isFinite(Number(value.value)) ? Number(value.value) : undefined;
  }
  if (value.kind === 'external' && value.module === 'global' && ['Infinity', 'Number.POSITIVE_INFINITY', 'Number.MAX_VALUE', 'Number.MAX_SAFE_INTEGER'].includes(value.path.join('.'))) return Infinity;
  if (value.kind !== 'oneOf') return undefined;
  const known = value.options.map((option) => numberOf(option)).filter((one) => one !== undefined);
  const others = value.options.filter((option) => numberOf(option) === undefined && !(option.kind === 'literal' && (option.value === undefined || Number.isNaN(option.value))));
  if (known.length === 0) return undefined;
  for (const other of others) {
    const name = environmentName(other);
    if (name !== undefined) notes.assumptions.add(`the environment variable ${name} is not set outside the code`);
    // A delay that grows (`delay *= 2`) starts with the known one; a parameter with a default may be left out.
    else if (!(other.kind === 'param' || (other.kind === 'derived' && /^(\+|-|\*|\*\*|\/|%|<<|\+=|-=|\*=|\/=|\*\*=|\+\+|--|global:Math\..*|Math\..*)$/.test(other.what)))) return undefined;
  }
  return Math.min(...known);
}

function environmentName(value: Value): string | undefined {
  let name: string | undefined;
  contains(value, (one) => { if (one.kind === 'env') name ??= one.name; return name !== undefined; });
  return name;
}

function truth(scope: Scope, expr: Expr, frame: Frame, depth: number): boolean | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const inner = (one: Expr): boolean | undefined => truth(scope, one, frame, depth + 1);
  if (expr.kind === 'unary' && expr.op === '!') { const of = inner(expr.of); return of === undefined ? undefined : !of; }
  if (expr.kind === 'logical' && expr.op !== '??') {
    const left = inner(expr.left);
    const right = inner(expr.right);
    if (expr.op === '&&') return left === false || right === false ? false : left === true && right === true ? true : undefined;
    return left === true || right === true ? true : left === false && right === false ? false : undefined;
  }
  if (expr.kind === 'binary' && /^([<>]=?|[!=]==?)$/.test(expr.op)) {
    const left = compute(scope, expr.left, frame, depth + 1);
    const right = compute(scope, expr.right, frame, depth + 1);
    if (left === undefined || right === undefined) return undefined;
    switch (expr.op) {
      case '<': return left < right;
      case '<=': return left <= right;
      case '>': return left > right;
      case '>=': return left >= right;
      default: return expr.op.startsWith('=') ? left === right : left !== right;
    }
  }
  if (expr.kind === 'literal') return Boolean(expr.value);
  const number = expr.kind === 'ref' || expr.kind === 'assign' ? compute(scope, expr, frame, depth + 1) : undefined;
  return number === undefined ? undefined : number !== 0;
}

/** Seconds as people write them: at most two digits after the point. */
export const showSeconds = (seconds: number): string => `${Math.round(seconds * 100) / 100} s`;
