import type { CallExpr, Expr, ModuleFacts, NewExpr } from '../model/facts.ts';
import type { Platform } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { walk, type Item } from './walk.ts';

/** A test that must have this outcome for a call to run. */
export interface Guard {
  readonly test: Expr;
  readonly outcome: boolean;
  /** What an option of the command line makes of the test where nobody gives one, as on every platform. */
  readonly withoutOptions?: boolean;
}

/**
 * Variables that a platform sets for every function, by platform. AWS Lambda: "Defined runtime environment variables" (developer guide, read
 * November 2026); Vercel and Netlify run functions on it. `AWS_REGION` is left out: it is what code asks for, not what it asks where it runs.
 */
const lambda: ReadonlySet<string> = new Set([
  'AWS_LAMBDA_FUNCTION_NAME', 'AWS_EXECUTION_ENV', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR', 'AWS_LAMBDA_RUNTIME_API', 'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME',
]);

const variables: ReadonlyMap<Platform, ReadonlySet<string>> = new Map([['aws', lambda]]);

/** Tests around a call that may ask where the code runs: a variable of the environment, or a constant or import that may hold the answer. */
export function guardsAround(call: CallExpr | NewExpr, ancestors: readonly Item[], facts: ModuleFacts): readonly Guard[] {
  let found: Guard[] | undefined;
  for (const [index, item] of ancestors.entries()) {
    const inner = ancestors[index + 1] ?? call;
    let guard: Guard | undefined;
    if (item.kind === 'if' && inner !== item.test) guard = { test: item.test, outcome: item.then.some((one) => one === inner) };
    else if (item.kind === 'conditional' && inner !== item.test) guard = { test: item.test, outcome: inner === item.then };
    else if (item.kind === 'logical' && item.op !== '??' && inner === item.right) guard = { test: item.left, outcome: item.op === '&&' };
    if (!guard) continue;
    const withoutOptions = parsesOptions(facts) ? saysWithoutOptions(guard.test, facts) : undefined;
    if (withoutOptions !== undefined) (found ??= []).push({ ...guard, withoutOptions });
    else if (maySay(guard.test, facts)) (found ??= []).push(guard);
  }
  return found ?? [];
}

/** Packages that make an object of the options of a command line. */
const optionParsers = /^(?:minimist|mri|yargs|yargs-parser|yargs\/yargs|arg|getopts|command-line-args|commander|optimist|nopt|meow|cac|argparse)$/;

const parsesOptions = (facts: ModuleFacts): boolean => facts.imports.some((one) => optionParsers.test(one.source));

const options = new WeakMap<ModuleFacts, ReadonlySet<number>>();

/** Constants that hold what was given on the command line, or a part of it: `const { seed } = minimist(process.argv.slice(2))`. */
function optionsOf(facts: ModuleFacts): ReadonlySet<number> {
  let found = options.get(facts);
  if (!found) {
    const held = new Set<number>();
    for (const fn of facts.functions) {
      walk(fn.body, (item) => {
        if (item.kind !== 'declare' || item.form !== 'const' || item.value === undefined || !isOption(item.value, held)) return;
        const targets = item.target.kind === 'pattern' ? item.target.elements.map((element) => element.target) : [item.target];
        for (const target of targets) if (target.kind === 'ref') held.add(target.binding);
      });
    }
    options.set(facts, found = held);
  }
  return found;
}

/** A name that holds options, a field of it, or a call that is given `process.argv` itself. */
function isOption(expr: Expr, held: ReadonlySet<number>): boolean {
  if (expr.kind === 'ref') return held.has(expr.binding);
  if (expr.kind === 'member') return isOption(expr.object, held);
  if (expr.kind !== 'call') return false;
  let given = false;
  if (expr.args.some((arg) => arg.kind === 'object' && arg.properties.some(({ key }) => typeof key !== 'string' || /^defaults?$/.test(key)))) return false;
  walk(expr.args, (item) => { if (item.kind === 'member' && item.property === 'argv' && item.object.kind === 'global' && item.object.name === 'process') given = true; });
  return given;
}

function saysWithoutOptions(test: Expr, facts: ModuleFacts): boolean | undefined {
  if (test.kind === 'unary' && test.op === '!') { const inner = saysWithoutOptions(test.of, facts); return inner === undefined ? undefined : !inner; }
  // The object itself is always there; a field of it only where somebody gave it.
  if (test.kind === 'member') return isOption(test.object, optionsOf(facts)) ? false : undefined;
  return test.kind === 'ref' && optionsOf(facts).has(test.binding) && isField(test.binding, facts) ? false : undefined;
}

/** Whether a constant is a part of the options, and not the object that holds them all. */
function isField(binding: number, facts: ModuleFacts): boolean {
  let field = false;
  for (const fn of facts.functions) {
    walk(fn.body, (item) => {
      if (item.kind !== 'declare') return;
      if (item.target.kind === 'pattern') field ||= item.target.elements.some(({ target, path, default: other }) => target.kind === 'ref' && target.binding === binding && path[0] !== '...' && path[0] !== '_' && other === undefined);
      else if (item.target.kind === 'ref' && item.target.binding === binding) field ||= item.value?.kind === 'member' && item.value.property !== '_';
    });
  }
  return field;
}

/** `process.env.X`, `!isLocal` with a constant of the module or an import: a test that can be asked without the invocation. */
function maySay(test: Expr, facts: ModuleFacts): boolean {
  let inner = test;
  while (inner.kind === 'unary' && inner.op === '!') inner = inner.of;
  if (inner.kind === 'member') return typeof inner.property === 'string' && inner.object.kind === 'member' && inner.object.property === 'env';
  if (inner.kind !== 'ref') return false;
  const binding = facts.bindings[inner.binding];
  return binding?.fn === 0 && (binding.kind === 'const' || binding.kind === 'import');
}

/** Whether the platform decides that a call never runs on it: `if (!process.env.AWS_EXECUTION_ENV) startLocally()`. */
export function neverRuns(guards: readonly Guard[], platform: Platform, valueOf: (test: Expr) => Value): boolean {
  const sets = variables.get(platform);
  return guards.some(({ test, outcome, withoutOptions }) => {
    if (withoutOptions !== undefined) return withoutOptions !== outcome;
    if (sets === undefined) return false;
    const truth = truthOf(valueOf(test), sets);
    return truth !== undefined && truth !== outcome;
  });
}

function truthOf(value: Value, sets: ReadonlySet<string>): boolean | undefined {
  if (value.kind === 'env') return sets.has(value.name) ? true : undefined;
  const [inner] = value.kind === 'derived' && value.what === '!' ? value.from : [];
  const truth = inner && truthOf(inner, sets);
  return truth === undefined ? undefined : !truth;
}
