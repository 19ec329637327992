import type { Body, FunctionView } from '../../model/project.ts';
import { literalText, type Value } from '../../model/value.ts';
import { censusOf } from '../census.ts';
import { contains } from '../values.ts';
import { walk, type Item } from '../walk.ts';

/** Headers and cookies that carry who calls. What is done with them is not known to be a check. */
export const credentials = /^(?:authorization|x-(?:.{1,40}-)?(?:signature|token|api-key|session-id|hmac\S{0,20})|(?:.{1,40}-)?signature|session-?id|.{0,40}session-id|__session|api-key|apikey|csrf\S{0,10}|bearer|x-ms-client-principal(?:-id|-name)?)$/i;

/**
 * Whether a handler asks a store for what a header or cookie names (a session, a key of a client), tests what comes back, and refuses
 * with 401 or 403 on one side of that test.
 */
export function looksUpCaller(view: FunctionView): boolean {
  return view.bodies('invoke').some((body) => censusOf(body.fn).tests
    .some((item) => (refuses(view, body, item.then) || refuses(view, body, item.else)) && asksWithCredential(view, body, item.test)));
}

/** A test of an answer from outside the process for which a credential of the request was sent. */
function asksWithCredential(view: FunctionView, body: Body, test: Item): boolean {
  let found = false;
  walk([test], (item) => {
    if (found || item.kind === 'function') return false;
    if (item.kind === 'ref' || item.kind === 'call' || item.kind === 'await') found = view.values(item, body).some(({ value }) => contains(value, isAnswerToCredential));
    return undefined;
  });
  return found;
}

function isAnswerToCredential(value: Value): boolean {
  if (value.kind !== 'derived') return false;
  if (value.io) return contains(value, isCredential);
  // A table in memory that is asked for it is a store of sessions as well: who is not in it is refused.
  return /(?:^|[.:])#(?:get|has)$/.test(value.what) && value.from.slice(1).some((key) => contains(key, isCredential));
}

const holders = /^(?:headers|multiValueHeaders|cookies)$/;
const namesCaller = (name: string | undefined): boolean => name !== undefined && (credentials.test(name) || /^cookie$/i.test(name));

function isCredential(value: Value): boolean {
  if (value.kind === 'derived' && /(?:^|[.:])#get$/.test(value.what)) {
    // `request.headers.get('cookie')`
    const [holder, name] = value.from;
    return holder?.kind === 'event' && holders.test(holder.path.at(-1) ?? '') && namesCaller(literalText(name));
  }
  if (value.kind !== 'event') return false;
  const at = value.path.findIndex((step) => holders.test(step));
  return at >= 0 && namesCaller(value.path[at + 1]);
}

const isRefusal = (value: Value): boolean => value.kind === 'literal' && (value.value === 401 || value.value === 403);

/** An answer or an error with 401 or 403: as an argument (`answer(401, text)`), or as the status of a record. */
function refuses(view: FunctionView, body: Body, branch: readonly Item[]): boolean {
  let found = false;
  walk(branch, (item) => {
    if (found || item.kind === 'function') return false;
    if (item.kind === 'call' || item.kind === 'new') found = item.args.some((arg) => isRefusal(view.value(arg, body)) || hasRefusal(view.value(arg, body)));
    else if ((item.kind === 'return' || item.kind === 'throw') && item.value) found = hasRefusal(view.value(item.value, body));
    return undefined;
  });
  return found;
}

const hasRefusal = (value: Value): boolean => value.kind === 'object' && value.entries.some(([name, item]) => (name === 'statusCode' || name === 'status') && isRefusal(item));
