import type { CallExpr, Expr, NewExpr } from '../../model/facts.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';

/** Methods that answer at once, with a body: of a context (Hono 4: "Context"), of a response (Express 5: "Response", `@vercel/node`), read November 2026. */
const answering: ReadonlySet<string> = new Set(['json', 'text', 'html', 'body', 'send', 'end', 'sendStatus']);

const isSuccess = (value: unknown): boolean => Number(value) >= 200 && Number(value) < 300;

/**
 * Whether an answer over HTTP says that all went well: a status of 2xx that is written, or, of a framework, none, which is 200, and nothing in
 * its body that speaks of an error. Answers of API Gateway and the like, of Hono, Express and the Fetch API; anything else is none.
 */
export function saysSuccess(view: LinkedFunction, body: LinkedBody, expr: Expr): boolean {
  const answer = expr.kind === 'await' ? expr.of : expr;
  const value = view.value(expr, body);
  const written = value.kind === 'object' ? value.entries.findLast(([key]) => key === 'statusCode' || key === 'status')?.[1] : undefined;
  if (written) return written.kind === 'literal' && isSuccess(written.value);
  if (answer.kind === 'new') return answer.callee.kind === 'global' && answer.callee.name === 'Response' && isWell(view, body, answer, 1);
  if (answer.kind !== 'call' || answer.callee.kind !== 'member' || typeof answer.callee.property !== 'string' || !answering.has(answer.callee.property)) return false;
  const { object, property } = answer.callee;
  if (object.kind === 'global') return /Response$/.test(object.name) && property === 'json' && isWell(view, body, answer, 1);
  // `res.status(201).json(…)`
  if (object.kind === 'call') {
    return setsSuccess(view, body, object) && !speaksOfError(answer);
  }
  if (object.kind === 'ref' && !isParam(body, object)) return /Response$/.test(body.facts.bindings[object.binding]?.name ?? '') && property === 'json' && isWell(view, body, answer, 1);
  if (!isParam(body, object)) return false;
  const [first] = answer.args;
  const given = first && view.value(first, body);
  if (property === 'sendStatus') return given?.kind === 'literal' && isSuccess(given.value);
  return isWell(view, body, answer, 1);
}

/** `res.status(200)`, on its own or in front of what answers. */
export function setsSuccess(view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr): boolean {
  if (call.callee.kind !== 'member' || call.callee.property !== 'status' || !isParam(body, call.callee.object)) return false;
  const [status] = call.args;
  const given = status && view.value(status, body);
  return given?.kind === 'literal' && isSuccess(given.value);
}

const isParam = (body: LinkedBody, expr: Expr): boolean => expr.kind === 'ref' && body.facts.bindings[expr.binding]?.kind === 'param' && /^(?:c|ctx|context|res|resp|response|reply)$/.test(body.facts.bindings[expr.binding]?.name ?? '');

/** The status is a further argument, or a field of one. */
function isWell(view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr, index: number): boolean {
  if (speaksOfError(call)) return false;
  const init = call.args[index];
  if (!init) return call.args.length > 0;
  const value = view.value(init, body);
  if (value.kind === 'literal') return isSuccess(value.value);
  if (value.kind !== 'object' || value.open) return false;
  const status = value.entries.findLast(([key]) => key === 'status')?.[1];
  return status === undefined || (status.kind === 'literal' && isSuccess(status.value));
}

/** `{ error: … }`, `{ success: false }`, a text that says so. */
export function speaksOfError(item: Item): boolean {
  let found = false;
  walk([item], (one) => {
    if (one.kind === 'object') found ||= one.properties.some(({ key, value }) => (typeof key === 'string' && /err|fail|reject|invalid|warning|problem/i.test(key)) || (value.kind === 'literal' && value.value === false));
    if (one.kind === 'literal' && typeof one.value === 'string' && /error|fail|wrong|invalid|unable|could not|cannot|not found/i.test(one.value)) found = true;
  });
  return found;
}

/** Answers in a piece of code: what it returns, and what it tells a response. */
export function answersIn(items: readonly Item[]): readonly Expr[] {
  const found: Expr[] = [];
  walk(items, (item) => {
    if (item.kind === 'return' && item.value) { found.push(item.value); return false; }
    if (item.kind === 'call' && item.callee.kind === 'member' && typeof item.callee.property === 'string' && answering.has(item.callee.property)) { found.push(item); return false; }
    return undefined;
  });
  return found;
}
