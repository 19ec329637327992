import type { Expr } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { exposureOf } from './exposure.ts';
import { answersForHandler, isChain } from './chains.ts';
import { conditionsOn } from './conditions.ts';
import { ancestorsOf } from './positions.ts';
import { secretIn } from './returned-secret.ts';

/** Inner data that a response gives to whoever asked. */
export interface GivenBack {
  readonly what: 'event' | 'context' | 'environment' | 'stack' | 'secret';
  /** Of a secret: the variable that it comes from. */
  readonly name?: string;
  readonly body: Body;
  readonly place: SourcePlace;
  readonly path: readonly FlowStep[];
}

export interface Answer {
  readonly body: LinkedBody;
  readonly value: Value;
  readonly expr: Expr;
  /** The call or statement that answers. */
  readonly at: Expr;
}

/** Responses of a function that is asked over HTTP which hold the whole event, context or environment, or the stack of an error. */
export function givenBack(of: FunctionView): readonly GivenBack[] {
  const view = of as LinkedFunction;
  if (!view.fn.triggers.some((trigger) => trigger.kind === 'http' || trigger.kind === 'url')) return [];
  const found = new Map<string, GivenBack>();
  for (const answer of answersOf(view)) {
    const what = leakOf(view, answer);
    const handedOn = answer.expr.kind === 'ref' || answer.expr.kind === 'await' || answer.expr.kind === 'member' || answer.expr.kind === 'call';
    // A wrapper that hands on what another function answers: that function is to change.
    const written = handedOn && (what ?? (stackIn(answer.value) ? 'stack' : undefined)) ? writtenElsewhere(view, answer, what ?? 'stack') : [];
    for (const one of written.length > 0 ? written : what ? [answer] : []) {
      const kind = what ?? 'stack';
      if (forDevelopers(view, one, kind)) continue;
      const { body, at } = one;
      const key = `${body.file}:${at.start}`;
      const name = kind === 'secret' ? secretOf(one) : undefined;
      if (!found.has(key)) found.set(key, { what: kind, ...(name === undefined ? {} : { name }), body, place: { file: body.file, start: at.start, end: at.end }, path: body.path });
    }
  }
  return [...found.values()];
}

function leakOf(view: LinkedFunction, answer: Answer): GivenBack['what'] | undefined {
  if (stackIn(answer.value) && aboutError(answer)) return 'stack';
  return secretOf(answer) !== undefined ? 'secret' : wholeIn(view, answer.value);
}

/** The variable of which an answer's body holds the secret. */
function secretOf({ value }: Answer): string | undefined {
  const content = contentOf(value);
  return content && content.kind !== 'env' ? secretIn(content) : undefined;
}

/** What of an answer the caller reads: its body, where it has one. */
const contentOf = (value: Value): Value | undefined => (value.kind === 'object' && value.entries.some(([key]) => /^(?:statusCode|status|headers)$/.test(key)) ? value.entries.findLast(([key]) => key === 'body' || key === 'jsonBody')?.[1] : value);

/** Answers written out by functions of the repository that hold the same, where the answer itself is only handed on. */
function writtenElsewhere(view: LinkedFunction, answer: Answer, what: GivenBack['what']): readonly Answer[] {
  return view.bodies('invoke').flatMap((body) => (view.evaluator.modules.index(body.file)?.returns[body.fn.id] ?? []).flatMap((given): Answer[] => {
    // What the answering function puts into a constant of its own is found where it answers.
    const expr = body === answer.body ? given : asWritten(body, given);
    if (expr.kind !== 'object' || (body === answer.body && expr === answer.expr) || !expr.properties.some(({ key }) => key === 'body' || key === 'jsonBody')) return [];
    const one: Answer = { body, expr, at: expr, value: view.value(expr, body) };
    return leakOf(view, one) === what ? [one] : [];
  }));
}

/** A constant that holds the answer is what it is set to: `const response = { statusCode, body }; return response;`. */
function asWritten(body: LinkedBody, given: Expr): Expr {
  if (given.kind !== 'ref' || body.facts.bindings[given.binding]?.kind !== 'const') return given;
  const set = body.fn.body.find((stmt) => stmt.kind === 'declare' && stmt.target.kind === 'ref' && stmt.target.binding === given.binding);
  return set?.kind === 'declare' && set.value ? set.value : given;
}

/** What a function answers: what its handler returns, and what calls of a framework send. */
export function answersOf(view: LinkedFunction): readonly Answer[] {
  const all: Answer[] = [];
  for (const body of view.bodies('invoke')) {
    const index = view.evaluator.modules.index(body.file);
    // What a chain is given answers itself.
    if (answersForHandler(view, body.node)) for (const expr of index?.returns[body.fn.id] ?? []) if (!isGoneOn(view, body, expr)) all.push({ body, expr, at: expr, value: view.value(expr, body) });
    for (const call of index?.calls[body.fn.id] ?? []) {
      const sent = sentBy(view, body, call);
      if (sent) all.push({ body, expr: sent, at: call, value: view.value(sent, body) });
    }
    if (view.fn.platform === 'azure') for (const { expr, at } of assignedAnswers(view, body)) all.push({ body, expr, at, value: view.value(expr, body) });
  }
  return all;
}

/** What is set on Azure's context as the answer: `context.res = { body }`, `context.res.body = body` (Azure Functions, Node.js model v3). */
function assignedAnswers(view: LinkedFunction, body: LinkedBody): readonly { readonly expr: Expr; readonly at: Expr }[] {
  const found: { readonly expr: Expr; readonly at: Expr }[] = [];
  const isAnswer = (target: Expr): boolean => {
    if (target.kind !== 'member' || target.property !== 'res') return false;
    const holder = target.object.kind === 'member' && target.object.property === 'bindings' ? target.object.object : target.object;
    const value = view.value(holder, body);
    if (value.kind === 'context' && value.path.length === 0) return true;
    // A helper that a wrapper of a package hands it to.
    const binding = holder.kind === 'ref' ? body.facts.bindings[holder.binding] : undefined;
    const isTyped = value.kind === 'instance' && value.of.kind === 'external' && value.of.module === '@azure/functions';
    return isTyped || (binding?.kind === 'param' && /^(?:context|ctx)$/.test(binding.name) && (value.kind === 'param' || value.kind === 'unknown' || value.kind === 'derived'));
  };
  walk(body.fn.body, (item) => {
    if (item.kind !== 'assign' || item.op !== '=' || item.target.kind !== 'member') return;
    const { target } = item;
    if (isAnswer(target) || (/^(?:body|jsonBody)$/.test(String(target.property)) && isAnswer(target.object))) found.push({ expr: item.value, at: item });
  });
  return found;
}

/** `return work().then(next)`, with a `next` whose own answers are looked at. */
function isGoneOn(view: LinkedFunction, body: LinkedBody, expr: Expr): boolean {
  if (!isChain(expr) || expr.callee.property !== 'then') return false;
  return view.bodies('invoke').some((one) => one.node.via?.site === expr && one.node.via.from === body.node && answersForHandler(view, one.node));
}

/** What a call sends as the answer: `res.send(x)`, `callback(null, x)`, `new Response(x)`, `c.json(x)`. */
function sentBy(view: LinkedFunction, body: LinkedBody, call: Expr & { kind: 'call' | 'new' }): Expr | undefined {
  const { callee } = call;
  if (callee.kind === 'global' && callee.name === 'Response' && call.kind === 'new') return call.args[0];
  if (callee.kind === 'ref') {
    const binding = body.facts.bindings[callee.binding];
    // Platforms without a global one have it from a package.
    if (binding?.name === 'Response' && call.kind === 'new') return call.args[0];
    return binding?.kind === 'param' && /^(?:callback|cb)$/.test(binding.name) && call.args.length === 2 ? call.args[1] : undefined;
  }
  if (callee.kind !== 'member' || typeof callee.property !== 'string') return undefined;
  if (!/^(?:send|json|end|text|write|body|succeed)$/.test(callee.property)) return undefined;
  let root: Expr = callee.object;
  while (root.kind === 'call' || root.kind === 'member') root = root.kind === 'call' ? root.callee : root.object;
  const name = root.kind === 'ref' ? body.facts.bindings[root.binding]?.name : root.kind === 'global' ? root.name : undefined;
  return (name !== undefined && /^(?:res|resp|response|reply|Response|NextResponse|c|ctx)$/.test(name)) || isResponse(view, body, root) ? call.args[0] : undefined;
}

const withResponse: ReadonlySet<string> = new Set(['google', 'firebase', 'vercel']);

/** What these platforms hand to a handler beside the request, whatever it is called. */
function isResponse(view: LinkedFunction, body: LinkedBody, root: Expr): boolean {
  if (root.kind !== 'ref' || body.facts.bindings[root.binding]?.kind !== 'param' || !withResponse.has(view.fn.platform)) return false;
  const value = view.value(root, body);
  return value.kind === 'context' && value.path.length === 0;
}

/** The whole event in the answer's body: `{ body: JSON.stringify(event) }`, `{ message, input: event }`. */
function wholeIn(view: LinkedFunction, value: Value): 'event' | 'context' | 'environment' | undefined {
  // What is handed on as it came (an authorizer's event, a middleware's request) is no answer.
  if (value.kind === 'event' || value.kind === 'context') return undefined;
  const content = contentOf(value);
  if (!content || content.kind === 'event' || content.kind === 'context') return undefined;
  const exposure = exposureOf(content, view.fn, view.project.whole);
  return exposure && !exposure.masked && (exposure.kind === 'event' || exposure.kind === 'context' || exposure.kind === 'environment') && (exposure.text || content.kind === 'object' || content.kind === 'derived') ? exposure.kind : undefined;
}

const stackIn = (value: Value): boolean => contains(value, (one) => {
  if (one.kind === 'param') return one.path.at(-1) === 'stack' && one.path.length === 1;
  return one.kind === 'derived' && one.what === '.stack' && one.from.some((item) => (item.kind === 'derived' && item.what === 'caught error') || (item.kind === 'instance' && /Error$/.test(item.of.kind === 'external' ? (item.of.path.at(-1) ?? '') : '')));
});

/** Whether an answer is given where an error is at hand: in a `catch`, in the callback of one, or with its name in it. */
function aboutError({ body, at, expr }: Answer): boolean {
  // A helper that is given the error decides itself what of it the answer holds: its own answer is looked at.
  if (expr.kind === 'call' && !mentionsStack(expr.args)) return false;
  const around = [...ancestorsOf(body.fn, at), at];
  if (around.some((item, index) => item.kind === 'try' && (item.handler as readonly Item[] | undefined)?.includes(around[index + 1] as Item))) return true;
  let named = body.fn.params.some((param) => param.target.kind === 'ref' && errorName.test(body.facts.bindings[param.target.binding]?.name ?? ''));
  walk([expr], (item) => { if (item.kind === 'member' && item.property === 'stack') named = true; });
  return named;
}

const errorName = /^(?:e|ex|err|error|exception|reason|cause)$/;
const modes = /env|debug|stage|isdev|development|verbose|prod/i;

function mentionsStack(items: readonly Item[]): boolean {
  let found = false;
  walk(items, (item) => { if (item.kind === 'member' && item.property === 'stack') found = true; });
  return found;
}

/** An answer that is given in development only: a test of the mode stands before it, or in it. */
function forDevelopers(view: LinkedFunction, { body, at, expr }: Answer, what: GivenBack['what']): boolean {
  const namesMode = (test: Expr): boolean => {
    let found = false;
    walk([test], (item) => {
      const name = item.kind === 'ref' ? body.facts.bindings[item.binding]?.name : item.kind === 'member' ? item.property : undefined;
      if (typeof name === 'string' && modes.test(name)) found = true;
    });
    return found;
  };
  for (const { test, outcome, node } of conditionsOn(body, at, (one) => view.evaluator.fact(one.frame.file, one.frame.fn))) {
    if (outcome !== 'case' && node === body.node && namesMode(test) && asksDevelopment(test) === outcome) return true;
  }
  // `process.env.X || 'none'` is how a variable is read, whatever the mode.
  if (what === 'secret') return false;
  let found = false;
  walk([expr], (item) => { if ((item.kind === 'conditional' && namesMode(item.test)) || (item.kind === 'logical' && namesMode(item.left))) found = true; });
  // What the answer is put together from, under a test of its own.
  if (what === 'stack' && !mentionsStack([expr])) walk(body.fn.body, (item) => { if (item.kind === 'if' && mentionsStack(item.then) && namesMode(item.test)) found = true; });
  return found;
}

/** Whether a test of the mode holds in development: `env === 'dev'`, `env !== 'production'`, `debug`. */
function asksDevelopment(test: Expr): boolean {
  let answer = true;
  walk([test], (item) => {
    if (item.kind === 'literal' && /^(?:prod|production|live)$/i.test(String(item.value))) answer = !answer;
    if (item.kind === 'member' && typeof item.property === 'string' && /^is_?prod/i.test(item.property)) answer = !answer;
    if ((item.kind === 'binary' && (item.op === '!==' || item.op === '!=')) || (item.kind === 'unary' && item.op === '!')) answer = !answer;
  });
  return answer;
}
