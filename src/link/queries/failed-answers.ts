import type { Expr, IfStmt, Stmt } from '../../model/facts.ts';
import { alternatives, type Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { workIn } from './calls-in.ts';
import { isChain } from './chains.ts';
import { ancestorsOf } from './positions.ts';

/** Clients whose answer says that a request was refused, where others throw (WHATWG fetch; node-fetch 3, undici 7 READMEs, November 2026). */
const answersRefusal = /(?:^|[:.])(?:fetch|fetchWithRetry)$|^(?:node-fetch|cross-fetch|isomorphic-fetch|undici):|@adobe\/fetch/;

/** What is done when a request was refused. */
export interface Refused {
  readonly request: Expr;
  /** The body that the request stands in: another one where its answer is handed to `then`. */
  readonly home: LinkedBody;
  /** The variable that holds its answer. */
  readonly answer: number;
  /** The method that is written in its options. */
  readonly method?: string;
  readonly branch: readonly Stmt[];
}

/**
 * `const answer = await fetch(url); if (!answer.ok) console.error(answer.status);`. `undefined` where the test is another one, the refusal
 * is somebody's to read, or work goes on behind it.
 *
 * @param goesOn also where work goes on behind it
 */
export function refusedAnswer(view: LinkedFunction, body: LinkedBody, stmt: IfStmt, goesOn = false): Refused | undefined {
  const refused = refusedWhen(stmt.test);
  if (refused?.answer.kind !== 'ref' || !isAnswer(view.value(refused.answer, body))) return undefined;
  const branch = refused.outcome ? stmt.then : stmt.else;
  const asked = requestOf(view, body, refused.answer.binding);
  const last = branch.at(-1);
  if (!asked || !last || (last.kind === 'return' && last.value)) return undefined;
  // What comes after it meets what is missing.
  return !goesOn && last.kind !== 'return' && workIn(view, body.node, behind(body, stmt)).remote ? undefined : { ...asked, answer: refused.answer.binding, branch, ...methodOf(view, asked.home, asked.request) };
}

function methodOf(view: LinkedFunction, body: LinkedBody, request: Expr): { readonly method?: string } {
  const options = request.kind === 'call' ? request.args.map((arg) => view.value(arg, body)).find((arg) => arg.kind === 'object') : undefined;
  const method = options?.kind === 'object' ? options.entries.findLast(([key]) => key === 'method')?.[1] : undefined;
  return method?.kind === 'literal' ? { method: String(method.value).toUpperCase() } : {};
}

/** The one call whose answer a name is given, by an assignment or as what `then` hands over. */
function requestOf(view: LinkedFunction, body: LinkedBody, binding: number): Pick<Refused, 'request' | 'home'> | undefined {
  const { via } = body.node;
  const first = body.fn.params[0]?.target;
  if (via?.how === 'callback' && isChain(via.site) && via.site.callee.property === 'then' && first?.kind === 'ref' && first.binding === binding) {
    const home = view.bodies('invoke').find((one) => one.node === via.from);
    return home && { request: via.site.callee.object, home };
  }
  const found: Expr[] = [];
  walk(body.fn.body, (item) => {
    const value = item.kind === 'declare' && item.target.kind === 'ref' && item.target.binding === binding ? item.value : item.kind === 'assign' && item.target.kind === 'ref' && item.target.binding === binding ? item.value : undefined;
    if (value) found.push(value.kind === 'await' ? value.of : value);
  });
  const [only] = found;
  return only && found.length === 1 ? { request: only, home: body } : undefined;
}

/** What is left to do after an item, on the way out of its function. */
export function behind(body: LinkedBody, item: Item): readonly Item[] {
  const around = [...ancestorsOf(body.fn, item), item];
  let list: readonly Item[] = body.fn.body;
  const rest: Item[] = [];
  for (const [index, one] of around.entries()) {
    const position = list.indexOf(one);
    if (position >= 0) rest.push(...list.slice(position + 1));
    const next = around[index + 1];
    list = one.kind === 'if' ? (next && (one.then as readonly Item[]).includes(next) ? one.then : one.else) : one.kind === 'try' ? one.block : one.kind === 'loop' || one.kind === 'block' ? one.body : [];
  }
  return rest;
}

/** A test of an answer, and with which outcome it means that the request was refused. */
function refusedWhen(test: Expr): { readonly answer: Expr; readonly outcome: boolean } | undefined {
  if (test.kind === 'unary' && test.op === '!') { const inner = refusedWhen(test.of); return inner && { ...inner, outcome: !inner.outcome }; }
  if (test.kind === 'member' && test.property === 'ok') return { answer: test.object, outcome: false };
  if (test.kind !== 'binary' || test.left.kind !== 'member' || !/^(?:status|statusCode)$/.test(String(test.left.property)) || test.right.kind !== 'literal') return undefined;
  const status = Number(test.right.value);
  const answer = test.left.object;
  if (/^!==?$/.test(test.op) && status >= 200 && status < 300) return { answer, outcome: true };
  if (/^===?$/.test(test.op) && status >= 200 && status < 300) return { answer, outcome: false };
  if (/^>=?$/.test(test.op) && status >= 299 && status <= 500) return { answer, outcome: true };
  return undefined;
}

const isAnswer = (value: Value): boolean => alternatives(value).some((one) => one.kind === 'derived' && (answersRefusal.test(one.what) || (one.what === 'await' && contains(one, (part) => part.kind === 'derived' && answersRefusal.test(part.what)))));
