import type { CallExpr, Expr, ModuleFacts, NewExpr } from '../model/facts.ts';
import type { Platform } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import type { Item } from './walk.ts';

/** A test that must have this outcome for a call to run. */
export interface Guard {
  readonly test: Expr;
  readonly outcome: boolean;
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
    if (guard && maySay(guard.test, facts)) (found ??= []).push(guard);
  }
  return found ?? [];
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
  return sets !== undefined && guards.some(({ test, outcome }) => {
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
