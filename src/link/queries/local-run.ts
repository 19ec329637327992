import type { Expr, ModuleFacts, Stmt } from '../../model/facts.ts';
import type { TextRange } from '../../model/location.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { conditionsOn } from './conditions.ts';

/**
 * Whether code runs on a developer's machine or from the command line only. `local`: a test on the way says so. `inverted`: the
 * test asks whether the file is run by hand, and the code stands where it is not. `unknown`: there is a test that is not understood.
 */
export type LocalRun = 'local' | 'inverted' | 'unknown' | 'no';

/** Names that say that somebody runs the code by hand. */
const localWords = /local|offline|\bdev(?:elopment)?\b|isDev|_DEV\b|DEV_|standalone|debug|emulator|cli\b/i;
/** Variables that the platform sets: where they are absent, the code runs elsewhere (vendor pages, November 2026). */
const platformVariables = /^(?:AWS_LAMBDA_FUNCTION_NAME|AWS_EXECUTION_ENV|LAMBDA_TASK_ROOT|AWS_LAMBDA_RUNTIME_API|LAMBDA_RUNTIME_DIR|_X_AMZN_TRACE_ID|AWS_LAMBDA_FUNCTION_VERSION|AWS_LAMBDA_FUNCTION_MEMORY_SIZE|AWS_LAMBDA_LOG_GROUP_NAME|AWS_LAMBDA_LOG_STREAM_NAME|AWS_LAMBDA_INITIALIZATION_TYPE|_HANDLER|VERCEL|VERCEL_ENV|NOW_REGION|NETLIFY|K_SERVICE|FUNCTION_TARGET|FUNCTION_NAME|GAE_ENV|WEBSITE_INSTANCE_ID|FUNCTIONS_WORKER_RUNTIME|__OW_ACTION_NAME|SERVERLESS|LAMBDA|IS_LAMBDA)$/;
/** Names of variables that the platform's console or a secret store sets. */
const secretWords = /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|DSN|URL|URI|CREDENTIALS)(?:_|$)|API_?KEY/i;

export function runsLocallyOnly(of: FunctionView, body: Body, site: Expr): LocalRun {
  return judgeAll(of as LinkedFunction, body, site);
}

/** Names that say a developer's machine, and nothing that may be switched on in production as well. */
const machineWords = /local(?!e|i[sz])|offline|standalone|emulator|\bisDev|\bdev(?:elopment)?\b/i;

/**
 * Whether a test on the way names a developer's machine (`if (process.env.IS_OFFLINE)`, `if (this.isLocal)`), in so many words: for findings
 * that a mere switch of the environment does not settle. `at`: range of an expression or statement of the body.
 */
export function isForDevelopersOnly(of: FunctionView, body: Body, at: TextRange): boolean {
  const view = of as LinkedFunction;
  const { frame } = (body as LinkedBody).node;
  const fn = view.evaluator.fact(frame.file, frame.fn);
  let site: Expr | Stmt | undefined;
  walk(fn?.body ?? [], (item) => {
    if (item.start === at.start && item.end === at.end && 'kind' in item) site ??= item as Expr | Stmt;
    return !(item.end <= at.start || item.start >= at.end);
  });
  return site !== undefined && judgeAll(view, body, site, (facts, test) => {
    let named = asksForPlatform(view, facts, test);
    walk([test], (item) => {
      const name = item.kind === 'ref' ? facts.bindings[item.binding]?.name : item.kind === 'member' ? item.property : item.kind === 'literal' ? item.value : undefined;
      if (typeof name === 'string' && machineWords.test(name)) named = true;
    });
    return named;
  }) === 'local';
}

/** Variables that the platform always sets and nobody else: AWS Lambda, Cloud Run and Google Cloud Functions, Azure Functions, OpenWhisk (vendor pages, November 2026). */
const certainVariables: ReadonlySet<string> = new Set([
  'AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_RUNTIME_API', 'AWS_EXECUTION_ENV', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR', '_HANDLER',
  'K_SERVICE', 'FUNCTION_TARGET', 'WEBSITE_INSTANCE_ID', 'FUNCTIONS_WORKER_RUNTIME', '__OW_ACTION_NAME',
]);

/** Whether a test asks if such a variable is there, itself or through a constant of the file (`const onLambda = !!process.env.AWS_LAMBDA_FUNCTION_NAME`). */
function asksForPlatform(view: LinkedFunction, facts: ModuleFacts, test: Expr): boolean {
  if (test.kind === 'unary' && test.op === '!') return asksForPlatform(view, facts, test.of);
  const definitions = test.kind === 'ref' ? (view.evaluator.modules.index(facts.file)?.definitions.get(test.binding) ?? []) : [];
  const [only] = definitions;
  let [asks, compares] = [false, false];
  walk([definitions.length === 1 && only?.expr && only.path.length === 0 ? only.expr : test], (item) => {
    const name = item.kind === 'member' ? variableOf(item) : undefined;
    if (name !== undefined && certainVariables.has(name)) asks = true;
    if (item.kind === 'literal' && typeof item.value === 'string' && item.value !== '') compares = true;
  });
  return asks && !compares;
}

function judgeAll(view: LinkedFunction, body: Body, site: Expr | Stmt, counts: (facts: ModuleFacts, test: Expr) => boolean = () => true): LocalRun {
  let result: LocalRun = 'no';
  for (const condition of conditionsOn(body, site, (node) => view.evaluator.fact(node.frame.file, node.frame.fn))) {
    const facts = view.evaluator.modules.facts(condition.node.frame.file);
    if (!facts || !counts(facts, condition.test)) continue;
    const said = condition.outcome === 'case' ? 'unknown' : judge(view, facts, condition.test, condition.outcome, 0);
    if (said === 'local') return 'local';
    if (said === 'inverted' || (said === 'unknown' && result === 'no')) result = said;
  }
  return result;
}

function judge(view: LinkedFunction, facts: ModuleFacts, test: Expr, outcome: boolean, depth: number): LocalRun {
  if (depth > 12) return 'unknown';
  if (test.kind === 'unary' && test.op === '!') return judge(view, facts, test.of, !outcome, depth + 1);
  if (test.kind === 'logical') {
    const sides = [judge(view, facts, test.left, outcome, depth + 1), judge(view, facts, test.right, outcome, depth + 1)];
    const both = (test.op === '&&') === outcome;
    if (both ? sides.includes('local') : sides.every((side) => side === 'local')) return 'local';
    return sides.includes('inverted') ? 'inverted' : sides.includes('unknown') ? 'unknown' : 'no';
  }
  if (test.kind === 'ref') {
    const { modules } = view.evaluator;
    const imported = modules.imported(facts.file, test.binding);
    const found = imported ? modules.lookup(facts.file, imported.source, imported.imported) : undefined;
    const from = found?.kind === 'local' ? modules.facts(found.file) : undefined;
    // A constant of another module is what that module says.
    const constant = found?.kind !== 'local' ? undefined : found.fact.binding === undefined ? found.fact.value : { ...test, binding: found.fact.binding };
    if (from && constant) {
      const said = judge(view, from, constant, outcome, depth + 1);
      if (said !== 'unknown') return said;
    }
    const definitions = modules.index(facts.file)?.definitions.get(test.binding) ?? [];
    const [only] = definitions;
    if (definitions.length === 1 && only?.expr && only.path.length === 0 && only.expr.kind !== 'ref') {
      const said = judge(view, facts, only.expr, outcome, depth + 1);
      if (said !== 'unknown') return said;
    }
    const name = facts.bindings[test.binding]?.name ?? '';
    return localWords.test(name) && outcome ? 'local' : 'unknown';
  }
  const equal = test.kind === 'binary' ? (/^===?$/.test(test.op) ? outcome : /^!==?$/.test(test.op) ? !outcome : undefined) : undefined;
  if (asksForMain(test)) return (test.kind === 'binary' ? equal !== false : isParent(test) ? !outcome : outcome) ? 'local' : 'inverted';
  if (test.kind === 'binary' && equal !== undefined) {
    const [variable, other] = [test.left, test.right].some((side) => variableOf(side) !== undefined) ? (variableOf(test.left) !== undefined ? [variableOf(test.left), test.right] : [variableOf(test.right), test.left]) : [undefined, undefined];
    if (variable === undefined || other?.kind !== 'literal') return mentionsLocal(facts, test) && equal ? 'local' : 'unknown';
    return ofVariable(view, variable, other.value, equal);
  }
  const variable = variableOf(test);
  if (variable !== undefined) return ofVariable(view, variable, undefined, !outcome);
  if (test.kind === 'member' && typeof test.property === 'string' && localWords.test(test.property)) return outcome ? 'local' : 'no';
  if (test.kind === 'call' && mentionsLocal(facts, test.callee)) return outcome ? 'local' : 'no';
  return 'unknown';
}

/** A variable of the environment that equals a text, or differs from it. `undefined`: is not set. */
function ofVariable(view: LinkedFunction, name: string, text: unknown, equal: boolean): LocalRun {
  const declared = view.fn.environment.get(name);
  if (text === undefined || text === '') {
    // Needs a variable that nobody sets, or the absence of one that the platform sets.
    if (equal) return platformVariables.test(name) ? 'local' : declared ? 'local' : localWords.test(name) ? 'no' : 'unknown';
    if (platformVariables.test(name) || declared) return 'no';
    // Secrets are often set outside of the declaration; where there is no declaration, anything is.
    const isDeclared = view.fn.foundBy === 'infrastructure' && !secretWords.test(name);
    return isDeclared || localWords.test(name) ? 'local' : 'unknown';
  }
  if (declared?.kind === 'literal') return (String(declared.value) === String(text)) === equal ? 'no' : 'local';
  const value = String(text);
  if (/^(?:prod|production|lambda|aws|vercel|netlify|cloud)$/i.test(value)) return equal ? 'no' : 'local';
  if (/^(?:test|testing|ci|jest|vitest)$/i.test(value)) return equal ? 'local' : 'no';
  const isLocal = localWords.test(value) || localWords.test(name);
  if (equal) return isLocal || view.fn.foundBy === 'infrastructure' ? 'local' : 'unknown';
  return isLocal ? 'no' : 'unknown';
}

/** `process.env.NAME`, `process.env['NAME']`, `import.meta.env.NAME`. */
function variableOf(expr: Expr): string | undefined {
  if (expr.kind !== 'member' || typeof expr.property !== 'string') return undefined;
  const { object } = expr;
  return object.kind === 'member' && object.property === 'env' ? expr.property : undefined;
}

/** `require.main === module`, `module.parent`, `import.meta.url === …process.argv[1]`, `import.meta.main`. */
function asksForMain(test: Expr): boolean {
  let found = false;
  walk([test], (item) => {
    if (item.kind === 'member' && item.property === 'main' && (item.object.kind !== 'ref')) found = true;
    if (item.kind === 'member' && item.property === 'parent' && item.object.kind === 'global' && item.object.name === 'module') found = true;
    if (item.kind === 'member' && item.property === 'argv' && item.object.kind === 'global' && item.object.name === 'process') found = true;
  });
  return found;
}

const isParent = (test: Expr): boolean => test.kind === 'member' && test.property === 'parent';

function mentionsLocal(facts: ModuleFacts, test: Expr): boolean {
  let found = false;
  walk([test], (item) => {
    if (item.kind === 'ref' && localWords.test(facts.bindings[item.binding]?.name ?? '')) found = true;
    if (item.kind === 'member' && typeof item.property === 'string' && localWords.test(item.property)) found = true;
    if (item.kind === 'literal' && typeof item.value === 'string' && /^(?:dev|development|local|offline)$/i.test(item.value)) found = true;
  });
  return found;
}
