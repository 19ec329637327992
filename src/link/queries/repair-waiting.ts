import type { CallExpr, Expr, ExprStmt, FunctionFact, LoopStmt } from '../../model/facts.ts';
import type { TextRange } from '../../model/location.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { Edit, Suggestion } from '../../model/suggestion.ts';
import { nativeCollection } from '../../catalog/state.ts';
import { walk } from '../walk.ts';
import { ancestorsOf } from './positions.ts';

/** Repairs of work that nobody waits for, of waiting without end, and of blocking calls that have a twin to wait for. */

const canAwait = (fn: FunctionFact): boolean => fn.async && !fn.generator && fn.kind !== 'module';

/** The statement that is nothing but this expression, or the chain of calls that starts with it. */
function statementOf(fn: FunctionFact, at: TextRange): ExprStmt | undefined {
  let found: ExprStmt | undefined;
  walk(fn.body, (item) => {
    if (item.kind === 'expr' && item.expr.start <= at.start && item.expr.end >= at.end && bare(item.expr).start === at.start) found = item;
  });
  return found;
}

const bare = (expr: Expr): Expr => (expr.kind === 'unary' && expr.op === 'void' ? expr.of : expr);

/** `await` in front of a call whose promise is dropped. */
export function awaitIt(body: Body, at: TextRange): readonly Suggestion[] {
  const statement = canAwait(body.fn) ? statementOf(body.fn, at) : undefined;
  if (!statement || statement.expr.kind === 'await' || !isCallOrNew(bare(statement.expr))) return [];
  return [{ title: 'Await it', edits: [{ kind: 'replace', start: statement.expr.start, end: bare(statement.expr).start, text: ['await '] }] }];
}

const isCallOrNew = (expr: Expr): boolean => expr.kind === 'call' || expr.kind === 'new';

/** `await Promise.all(list.map(…))` in place of `list.forEach(async …)`. */
export function awaitAll(view: FunctionView, body: Body, at: TextRange): readonly Suggestion[] {
  const statement = canAwait(body.fn) ? statementOf(body.fn, at) : undefined;
  const call = statement?.expr;
  if (call?.kind !== 'call' || call.callee.kind !== 'member' || call.callee.property !== 'forEach' || call.callee.optional) return [];
  const kind = nativeCollection(view.value(call.callee.object, body));
  if (kind === 'keyed' || kind === 'foreign') return [];
  const { callee } = call;
  return [{ title: 'Await all of them', edits: [
    { kind: 'insert', at: call.start, text: ['await Promise.all('] },
    { kind: 'replace', start: callee.end - 'forEach'.length, end: callee.end, text: ['map'] },
    { kind: 'insert', at: call.end, text: [')'] },
  ] }];
}

/** A share of the timeout leaves time to handle the error. */
const share = 0.8;
const unknownSeconds = 10;

/** A time after which a loop gives up. */
export function addDeadline(body: Body, loop: LoopStmt, timeoutSeconds: number | undefined): readonly Suggestion[] {
  const [first] = loop.body;
  // An unbraced body starts where the head ends.
  if (!first || first.start <= loop.headEnd) return [];
  const names = new Set(body.facts.bindings.map((binding) => binding.name));
  const name = ['deadline', 'giveUpAt', 'endsAt'].find((one) => !names.has(one));
  if (name === undefined) return [];
  const milliseconds = Math.max(1, Math.floor((timeoutSeconds ?? unknownSeconds / share) * share)) * 1000;
  return [{ title: `Give up after ${milliseconds / 1000} s`, edits: [
    { kind: 'before', at: loop.start, text: [`const ${name} = Date.now() + ${milliseconds};`] },
    { kind: 'before', at: first.start, text: [`if (Date.now() > ${name}) throw new Error('Gave up waiting');`] },
  ] }];
}

/** The twin that returns a promise, for packages whose calls without `Sync` do so when no callback is given. */
export function awaitTwin(body: Body, call: Expr): readonly Suggestion[] {
  if (!canAwait(body.fn) || call.kind !== 'call' || call.callee.kind !== 'member' || typeof call.callee.property !== 'string' || !call.callee.property.endsWith('Sync') || call.callee.optional) return [];
  const parent = ancestorsOf(body.fn, call).at(-1);
  const inner = parent?.kind === 'member' || ((parent?.kind === 'call' || parent?.kind === 'new') && parent.callee === call) || parent?.kind === 'binary';
  return [{ title: `Await '${call.callee.property.slice(0, -4)}'`, edits: [
    { kind: 'insert', at: call.start, text: [inner ? '(await ' : 'await '] },
    { kind: 'replace', start: call.callee.end - 4, end: call.callee.end, text: [] },
    ...(inner ? [{ kind: 'insert' as const, at: call.end, text: [')'] }] : []),
  ] }];
}

/** A time limit for the requests that a file makes with `fetch`: all of them, as they are one finding. */
export function limitFetches({ facts }: Body, call: Expr, timeoutSeconds: number): readonly Suggestion[] {
  const milliseconds = Math.max(1, Math.min(unknownSeconds, Math.floor(timeoutSeconds / 2))) * 1000;
  const edits: Edit[] = [];
  let own = false;
  for (const fn of facts.functions) {
    walk(fn.body, (item) => {
      if (item.kind !== 'call' || item.callee.kind !== 'global' || item.callee.name !== 'fetch') return;
      const edit = limitOf(item, `signal: AbortSignal.timeout(${milliseconds})`);
      if (edit) edits.push(edit);
      if (edit && item === call) own = true;
    });
  }
  const [first, ...rest] = edits;
  return own && first ? [{ title: `Give up after ${milliseconds / 1000} s`, edits: [first, ...rest] }] : [];
}

function limitOf(call: CallExpr, signal: string): Edit | undefined {
  const [url, options] = call.args;
  if (!url || url.kind === 'spread' || call.args.length > 2) return undefined;
  if (!options) return { kind: 'insert', at: url.end, text: [`, { ${signal} }`] };
  if (options.kind !== 'object' || options.properties.some((property) => property.key === 'signal' || typeof property.key !== 'string')) return undefined;
  return { kind: 'insert', at: options.start + 1, text: [options.properties.length > 0 ? ` ${signal},` : ` ${signal} `] };
}

/** `app.listen(…)` only where the file is run by itself. CommonJS alone can tell. */
export function listenOnlyAlone(body: Body, call: Expr): readonly Suggestion[] {
  const { facts } = body;
  const commonJs = !facts.imports.some((item) => item.form === 'static' || item.form === 'reexport') && facts.imports.some((item) => item.form === 'require');
  const statement = commonJs && body.fn.id === 0 ? body.fn.body.find((item) => item.kind === 'expr' && item.expr === call) : undefined;
  if (!statement) return [];
  return [{ title: 'Run it only when the file is run by itself', edits: [{ kind: 'insert', at: statement.start, text: ['if (require.main === module) '] }] }];
}
