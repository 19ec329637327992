import { globalGuardToken, putsGuard } from '../../catalog/class-frameworks.ts';
import { keyedHash, namedLikeCheck, namedLikeMiddleware, verifiesCaller } from '../../catalog/verifications.ts';
import type { Expr } from '../../model/facts.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import { literalText, type Value } from '../../model/value.ts';
import { handlerRoots } from '../entry.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { credentials, looksUpCaller } from './session-check.ts';

/**
 * What a function does to find out who calls it. `proved`: it verifies a signature, a token or a session, compares what the caller
 * sent with a secret, or asks for the identity that the platform has verified. `named`: something is called that is named like
 * such a check, and what it does is not known to be one.
 */
export type Verification = 'proved' | 'named' | 'none';

/** Looks at everything that the function runs for a request, and at the middleware that it puts in front at init. */
export function verificationOf(view: FunctionView): Verification {
  for (const call of view.calls()) {
    if (verifiesCaller(call.callee) && !isOfAnother(view, call.body)) return 'proved';
    if (call.body.phase === 'invoke' && keyedHash(call.callee)) return 'proved';
  }
  if (looksUpCaller(view)) return 'proved';
  // The TeamsFx binding takes requests with a token of an allowed application only (Microsoft Teams Toolkit, "TeamsFx Function extension", 2024).
  let named = view.fn.bindings?.some((binding) => /^teamsfx$/i.test(binding.type)) ?? false;
  for (const body of view.bodies('invoke')) {
    if (asksForIdentity(view, body)) return 'proved';
    named ||= namedLikeCheck(body.fn.name) || asksForCredentials(view, body);
  }
  // `export const handler = withApiAuth(async () => …)`: what it gives has no name of its own.
  named ||= view.bodies('init').some(({ fn }) => /^(?:with|protect|require|ensure|guard)[A-Z]/.test(fn.name) && namedLikeCheck(fn.name));
  named ||= view.calls().some(({ callee }) => callee.module !== 'unknown' && callee.module !== 'global' && namedLikeCheck((callee.path.at(-1) ?? '').replace('#', '')));
  named ||= hasMiddleware(view as LinkedFunction) || hasGuard(view as LinkedFunction);
  return named ? 'named' : 'none';
}

/** `guarded = (handler) => wrap([ContextMiddleware(), ApiAuthMiddleware()], (...args) => handler(...args))`: made where the handler is made. */
function hasMiddleware(view: LinkedFunction): boolean {
  const { evaluator } = view;
  const around = new Set(view.fn.handlers.flatMap((handler) => handlerRoots(view.fn, handler, evaluator)).map(({ target }) => {
    const outer = evaluator.fact(target.file, target.fn)?.parent ?? 0;
    return outer > 0 ? `${target.file}#${outer}` : '';
  }));
  return view.calls().some(({ body, callee }) => around.has(`${body.file}#${body.fn.id}`) && namedLikeMiddleware(callee.path.at(-1) ?? ''));
}

/** Guards of a framework that calls methods of classes: which of them a guard stands before is not looked at. */
function hasGuard(view: LinkedFunction): boolean {
  return view.calls().some((call) => putsGuard(call.callee, call.arg(0))) || view.files().some((file) => view.project.facts(file)?.imports.some(({ names }) => names.some(({ imported, typeOnly }) => imported === globalGuardToken && !typeOnly)) === true);
}

/** What the module of another function sets up for itself when it is loaded beside this one: `export * from './slack.js'`. */
function isOfAnother(view: FunctionView, { phase, file }: Body): boolean {
  if (phase !== 'init' || view.fn.handlers.some((handler) => handler.file === file)) return false;
  const belongs = view.project.infrastructure.functions.some((other) => other.id !== view.fn.id && other.handlers.some((handler) => handler.file === file));
  return belongs && !view.bodies('invoke').some((body) => body.file === file);
}

const comparisons: ReadonlySet<string> = new Set(['===', '!==', '==', '!=']);

/** A test of what the platform says of the caller, or a comparison of what the caller sent with a secret. */
function asksForIdentity(view: FunctionView, body: Body): boolean {
  let found = false;
  walk(body.fn.body, (item, ancestors) => {
    if (found) return false;
    if (item.kind === 'binary' && comparisons.has(item.op) && (comparesWith(view, body, item.left, item.right) || comparesWith(view, body, item.right, item.left))) found = true;
    if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'includes' && item.args.length === 1 && isSecret(item.callee.object, body)) found = true;
    if (item.kind === 'member' && isTested(item, ancestors.at(-1)) && isIdentity(view.value(item, body))) found = true;
    if (item.kind === 'ref' && isTested(item, ancestors.at(-1)) && isIdentity(view.value(item, body))) found = true;
    return undefined;
  });
  return found;
}

/** A header or cookie that carries who calls is read, or the state cookie of a sign-in. */
function asksForCredentials(view: FunctionView, body: Body): boolean {
  let found = false;
  walk(body.fn.body, (item) => {
    if (found) return false;
    if (item.kind === 'literal' && typeof item.value === 'string' && item.value.length < 80 && credentials.test(item.value)) found = true;
    if (item.kind === 'member' && typeof item.property === 'string' && (credentials.test(item.property) ? item.object.kind === 'member' && /^(?:headers|cookies)$/.test(String(item.object.property)) : item.property === 'state' && item.object.kind === 'member' && item.object.property === 'cookies')) found = true;
    // `const { authorization } = event.headers`
    if (item.kind === 'declare' && item.target.kind === 'pattern' && item.value) {
      const within = item.value.kind === 'member' ? [String(item.value.property)] : [];
      found ||= item.target.elements.some(({ path }) => { const [object, name] = [...within, ...path].slice(-2); return name !== undefined && /^(?:headers|cookies)$/.test(object ?? '') && credentials.test(name); });
    }
    // `event.headers[SESSION_HEADER]`, also after `const { headers } = event`
    if (item.kind === 'member' && typeof item.property !== 'string' && isHeaders(body, item.object)) found ||= credentials.test(literalText(view.value(item.property, body)) ?? '');
    // `request.headers.get(SESSION_HEADER)`
    const [name] = item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'get' && isHeaders(body, item.callee.object) ? item.args : [];
    if (name && (name.kind === 'ref' || name.kind === 'member')) found ||= credentials.test(literalText(view.value(name, body)) ?? '');
    return undefined;
  });
  return found;
}

const isHeaders = (body: Body, expr: Expr): boolean => (expr.kind === 'member' ? expr.property === 'headers' : expr.kind === 'ref' && body.facts.bindings[expr.binding]?.name === 'headers');

function comparesWith(view: FunctionView, body: Body, secret: Expr, sent: Expr): boolean {
  if (!isSecret(secret, body)) return false;
  const [kept, given] = [view.value(secret, body), view.value(sent, body)];
  return isSent(given) && (!isSent(kept) || isFetched(kept, given));
}

/** What was read somewhere for the request, given back or handed to a callback: a token that a document keeps is not sent by who calls. */
function isFetched(kept: Value, given: Value): boolean {
  let value: Value | undefined = kept;
  for (let depth = 0; value?.kind === 'derived' && depth < 12; depth++) {
    if (value.io) return true;
    value = value.from[0];
  }
  return value?.kind === 'param' && contains(given, (part) => part.kind === 'event') && !contains(given, (part) => part.kind === 'param');
}

/** `process.env.API_SECRET`, `env.TOKEN`, `config.secret`, `API_TOKEN.value()`, a constant: named like something that is kept secret. */
function isSecret(expr: Expr, body: Body): boolean {
  switch (expr.kind) {
    case 'ref': { const fact = body.facts.bindings[expr.binding]; return fact !== undefined && fact.kind !== 'param' && secretName.test(fact.name); }
    case 'member': return typeof expr.property === 'string' && secretName.test(expr.property) && !(expr.object.kind === 'member' && expr.object.property === 'headers');
    case 'template': return expr.parts.some((part) => isSecret(part, body));
    case 'binary': return expr.op === '+' && (isSecret(expr.left, body) || isSecret(expr.right, body));
    case 'await': return isSecret(expr.of, body);
    case 'logical': return isSecret(expr.left, body);
    case 'call': {
      if (expr.callee.kind !== 'member' || (expr.callee.property !== 'get' && expr.callee.property !== 'value')) return false;
      const [name] = expr.args;
      // A parameter of Firebase: `defineSecret('API_TOKEN').value()`.
      return name === undefined ? expr.callee.property === 'value' && isSecret(expr.callee.object, body) : name.kind === 'literal' && secretName.test(String(name.value));
    }
    default: return false;
  }
}

const secretName = /(?:SECRET|TOKEN|API_?KEY|PASSWORD|PASSWD|PASSPHRASE|_KEY|AUTH|CREDENTIAL|SIGNING)|(?:[sS]ecret|[tT]oken|[aA]pi_?[kK]ey|[pP]assword|[sS]igningKey)$|(?:^|_)(?:admin|owner|edit|manage|access|invite|delete)_?(?:uuid|guid|key|code|hash|pin)$|^(?:admin|owner|edit|manage|access|invite|delete)(?:Uuid|UUID|Guid|Key|Code|Hash|Pin)$/;

/** Comes with the request: a header, a cookie, a parameter, the body. */
const isSent = (value: Value): boolean => contains(value, (part) => part.kind === 'event' || part.kind === 'param');

/** Names of helpers that say who calls, by the last word of the callee. */
const callersName = /(?:^|[#.:])get\w{0,40}(?:User|Staff|Employee|Principal|Identity|Claims?|Caller|Roles?|Subject|Account|Tenant|Auth\w{0,10})\w{0,40}$/;

/** The identity that the platform verified before the handler ran: `context.auth`, `event.auth`, `clientContext.user`, a session. */
function isIdentity(value: Value): boolean {
  return contains(value, (part) => {
    // A package's helper that takes it out of there: `getStaffNumberFromRequestContext(event.requestContext)`.
    if (part.kind === 'derived') return callersName.test(part.what) && part.from.some((one) => one.kind === 'event' && one.path.length === 1 && one.path[0] === 'requestContext');
    if (part.kind !== 'event' && part.kind !== 'context') return false;
    const [first, second] = part.path;
    return first === 'auth' || (first === 'clientContext' && second === 'user') || (first === 'requestContext' && (second === 'authorizer' || second === 'identity')) || first === 'user' || first === 'session';
  });
}

/** The expression decides something: `if (x)`, `!x`, `x && …`, `x ? … : …`. */
function isTested(item: Expr, parent: { readonly kind: string } | undefined): boolean {
  if (!parent) return false;
  if (parent.kind === 'if' || parent.kind === 'conditional') return (parent as { readonly test?: unknown }).test === item;
  if (parent.kind === 'unary') return (parent as { readonly op?: string }).op === '!';
  if (parent.kind === 'logical') return (parent as { readonly left?: unknown }).left === item;
  return parent.kind === 'binary' && comparisons.has((parent as { readonly op?: string }).op ?? '');
}
