import type { Expr, FunctionFact, ModuleFacts, TypeRef } from '../model/facts.ts';
import type { Handler, Platform, RouteAuth, TriggerKind } from '../model/function.ts';
import { firebaseGeneration } from './firebase-call.ts';
import { exportedValues, Origins, parameterName } from './evidence-origins.ts';
import type { Exported } from './evidence-origins.ts';
import { globalWorkerTypes, registeredTrigger, typedPackages, wrapperPlatform } from './evidence-platforms.ts';
import type { TypedHandler } from './evidence-platforms.ts';
import { triggerOfReads, triggerOfType } from './evidence-triggers.ts';
import type { ShownTrigger } from './evidence-triggers.ts';

/** A function that a file's own code shows. */
export interface LocalEvidence {
  readonly platform: Platform;
  readonly handlers: readonly Handler[];
  /** What shows it: `typed`, `wrapped`, `registered`, `signature`. */
  readonly kind: 'typed' | 'wrapped' | 'registered' | 'signature';
  readonly name: string;
  readonly trigger: TriggerKind;
  /** What the trigger is called, where the code shows more than its kind. */
  readonly source?: string;
  /** Generation of the platform or its programming model, where the code tells. */
  readonly generation?: string;
  /** The handler is imported from another module; `handlers` is then empty. */
  readonly from?: { readonly source: string; readonly imported: string };
  /** Who may call a route, where the registration says it (Azure: `authLevel`), and the place of that. */
  readonly auth?: { readonly kind: RouteAuth['kind']; readonly start: number; readonly end: number };
  /** Place of what shows it. */
  readonly start: number;
  readonly end: number;
}

/** Given where a handler of the event alone counts. */
export interface EventAlone {
  /** The file itself imports the SDK of AWS. */
  readonly asksAws: boolean;
}

/**
 * Functions that one file shows by itself, without any infrastructure: types of a platform's package, a known wrapper, a
 * registration call; or an exported `handler` or `main` with `(event, context)`, when `dependsOnPlatform` (a manifest
 * above has a platform's package and no infrastructure names other handlers) or it reads what events of no other platform have, or with
 * `(event)` alone where the repository declares no functions of AWS (`alone`): one that is asynchronous, asks AWS, or reads what only
 * events of Lambda have.
 */
export function localEvidence(facts: ModuleFacts, dependsOnPlatform: boolean, alone?: EventAlone): readonly LocalEvidence[] {
  const origins = new Origins(facts);
  const found = new Map<string, LocalEvidence>();
  const add = (evidence: LocalEvidence | undefined): void => {
    if (evidence !== undefined && !found.has(evidence.name)) found.set(evidence.name, evidence);
  };
  const exported = exportedValues(facts);
  for (const one of registrations(origins, exported)) add(one);
  // A handler that is registered under its own name is one function, not two.
  const registered = new Set([...found.values()].flatMap((one) => one.handlers.map((handler) => handler.export)));
  // A command of a command line (yargs) exports its name and its `handler`.
  const isCommand = exported.some((one) => one.name === 'command') && exported.some((one) => /^(?:builder|describe|description|desc|aliases)$/.test(one.name));
  // One value under two names, `export default handler`, is one function: that of its own name.
  const named = new Set(exported.flatMap((one) => (one.name === 'default' || one.binding === undefined ? [] : [one.binding])));
  for (const one of exported) {
    if (registered.has(one.name) || (one.name === 'default' && one.binding !== undefined && named.has(one.binding))) continue;
    add(firebase(origins, one) ?? wrapped(origins, one) ?? typed(origins, one) ?? (!isCommand && (dependsOnPlatform || isSentByAws(origins, one)) ? signature(origins, one, dependsOnPlatform ? alone : undefined) : undefined));
  }
  for (const inner of handedOn(origins, exported, found)) found.delete(inner);
  return [...found.values()];
}

/** Exported functions that another handler of the file is made of, `handler = wrap(processor)`: that one is deployed, they are exported for tests. */
function handedOn(origins: Origins, exported: readonly Exported[], found: ReadonlyMap<string, LocalEvidence>): readonly string[] {
  const names = new Map(exported.flatMap((one) => (one.binding === undefined ? [] : [[one.binding, one.name] as const])));
  const inner: string[] = [];
  for (const one of exported) {
    if (found.get(one.name)?.kind !== 'wrapped' && found.get(one.name)?.kind !== 'typed') continue;
    let value = one.value.kind === 'ref' ? origins.valueOf(one.value.binding) : one.value;
    for (let depth = 0; depth < 10 && value?.kind === 'call'; depth++) {
      const given = value.args.flatMap((argument) => (argument.kind === 'ref' ? names.get(argument.binding) ?? [] : []));
      inner.push(...given.filter((name) => name !== one.name && found.get(name)?.platform === found.get(one.name)?.platform));
      value = value.args.find((argument) => argument.kind === 'call') ?? (value.callee.kind === 'member' ? value.callee.object : undefined);
    }
  }
  return inner;
}

function evidence(kind: LocalEvidence['kind'], platform: Platform, one: Exported, file: string, trigger: TriggerKind = 'unknown', handlerKind = 'handler'): LocalEvidence {
  return { platform, kind, name: one.name, trigger, handlers: [{ file, export: one.name, kind: handlerKind }], start: one.value.start, end: one.value.end };
}

// ---------------------------------------------------------------- registration calls

/** `app.http('name', { handler })`, `http('name', fn)`, `cloudEvent('name', fn)` at module level. */
function* registrations(origins: Origins, exported: readonly Exported[]): Iterable<LocalEvidence> {
  for (const statement of origins.facts.functions[0]?.body ?? []) {
    const expr = statement.kind === 'expr' ? statement.expr : statement.kind === 'declare' ? statement.value : undefined;
    const call = expr?.kind === 'await' ? expr.of : expr;
    if (call?.kind !== 'call') continue;
    const callee = origins.of(call.callee);
    if (callee === undefined) continue;
    const path = callee.path[0] === 'default' ? callee.path.slice(1) : callee.path;
    const method = path.at(-1) ?? '';
    const azure = (callee.source === '@azure/functions' && path.length === 2 && path[0] === 'app') || (callee.source === 'durable-functions' && path[0] === 'app' && path.length <= 3);
    const google = callee.source === '@google-cloud/functions-framework' && path.length === 1 && /^(?:http|cloudEvent|typed)$/.test(method);
    if (!azure && !google) continue;
    const name = call.args[0]?.kind === 'literal' && typeof call.args[0].value === 'string' ? call.args[0].value : undefined;
    const target = handlerArgument(origins, call.args[1]);
    if (name === undefined || target === undefined) continue;
    const auth = azure && registeredTrigger(method) === 'http' ? authLevel(origins, call.args[1]) : undefined;
    yield { ...registered(origins, exported, target, name, azure ? 'azure' : 'google', registeredTrigger(method), call), ...(azure ? { generation: 'v4' } : {}), ...(auth === undefined ? {} : { auth }) };
  }
}

const authLevels: ReadonlyMap<unknown, RouteAuth['kind']> = new Map<unknown, RouteAuth['kind']>([['anonymous', 'none'], ['function', 'key'], ['admin', 'identity']]);

function authLevel(origins: Origins, argument: Expr | undefined): LocalEvidence['auth'] {
  const value = argument?.kind === 'ref' ? origins.valueOf(argument.binding) ?? argument : argument;
  const written = value?.kind === 'object' ? value.properties.find((property) => property.key === 'authLevel') : undefined;
  const kind = written?.value.kind === 'literal' ? authLevels.get(written.value.value) : undefined;
  return written === undefined || kind === undefined ? undefined : { kind, start: written.start, end: written.end };
}

/** The handler among the settings of a registration: the argument itself, or its `handler`. */
function handlerArgument(origins: Origins, argument: Expr | undefined): Expr | undefined {
  const value = argument?.kind === 'ref' ? origins.valueOf(argument.binding) ?? argument : argument;
  if (value?.kind !== 'object') return argument;
  return value.properties.find((property) => property.key === 'handler')?.value;
}

function registered(origins: Origins, exported: readonly Exported[], target: Expr, name: string, platform: Platform, trigger: TriggerKind, call: Expr): LocalEvidence {
  const base = { platform, kind: 'registered' as const, name, trigger, start: call.start, end: call.end };
  const file = origins.facts.file;
  // Azure passes other arguments to registered handlers (model v4) than to exported ones (v3).
  const handlerKind = platform === 'azure' ? 'v4' : trigger;
  if (target.kind === 'ref') {
    const own = exported.find((one) => one.binding === target.binding);
    if (own !== undefined) return { ...base, handlers: [{ file, export: own.name, kind: handlerKind }] };
  }
  const fn = origins.functionOf(target);
  if (fn === undefined) {
    // The result of an imported factory is not the factory.
    const origin = target.kind === 'ref' || target.kind === 'member' ? origins.of(target) : undefined;
    if (origin !== undefined && origin.source.startsWith('.')) return { ...base, handlers: [], from: { source: origin.source, imported: origin.path[0] ?? 'default' } };
  }
  const at = fn === undefined ? { start: target.start, end: target.end } : { start: fn.start, end: fn.end };
  return { ...base, handlers: [{ file, export: name, kind: handlerKind, at }] };
}

/** An export made by firebase-functions: `onRequest(fn)`, `functions.region('x').firestore.document('y').onWrite(fn)`. */
function firebase(origins: Origins, one: Exported): LocalEvidence | undefined {
  const value = one.value.kind === 'ref' ? origins.valueOf(one.value.binding) : one.value;
  if (value?.kind !== 'call') return undefined;
  const origin = origins.of(value.callee);
  const method = origin?.path.at(-1) ?? '';
  if (origin === undefined || !/^firebase-functions(?:\/|$)/.test(origin.source) || !/^(?:on|before)[A-Z]/.test(method)) return undefined;
  const target = [...value.args].reverse().find((argument) => argument.kind !== 'object' && argument.kind !== 'literal');
  if (target === undefined) return undefined;
  const generation = firebaseGeneration(origin.source, origin.path);
  return { ...registered(origins, [], target, one.name, 'firebase', registeredTrigger(method, origin.path), value), ...(generation === undefined ? {} : { generation }) };
}

// ---------------------------------------------------------------- exports

/** An export that is the result of a known wrapper, also through another wrapper or a method of its result. */
function wrapped(origins: Origins, one: Exported): LocalEvidence | undefined {
  let value = one.value.kind === 'ref' ? origins.valueOf(one.value.binding) : one.value;
  for (let depth = 0; depth < 10 && value !== undefined; depth++) {
    if (value.kind === 'await') value = value.of;
    if (value.kind === 'ref') value = origins.valueOf(value.binding);
    if (value?.kind !== 'call') return undefined;
    const origin = origins.of(value.callee);
    const platform = origin === undefined ? undefined : wrapperPlatform(origin.source, origin.path);
    if (platform !== undefined) return evidence('wrapped', platform, one, origins.facts.file);
    // A function of the file that makes the handler: `const newHandler = (params) => middy(…)`.
    const made = madeBy(origins, value.callee);
    if (made !== undefined) { value = made; continue; }
    // A wrapper of the repository's own around a known one.
    value = value.args.find((argument) => argument.kind === 'call');
  }
  return undefined;
}

/** What a function of the file gives back, when that is one thing: written there, or put into a variable first. */
function madeBy(origins: Origins, callee: Expr): Expr | undefined {
  const fn = origins.functionOf(callee);
  const [given, more] = fn?.body.filter((statement) => statement.kind === 'return') ?? [];
  if (more !== undefined || given?.kind !== 'return' || given.value === undefined) return undefined;
  const { value } = given;
  if (value.kind !== 'ref') return value;
  const [declared, another] = fn?.body.flatMap((statement) => (statement.kind === 'declare' && statement.target.kind === 'ref' && statement.target.binding === value.binding && statement.value ? [statement.value] : [])) ?? [];
  return another === undefined ? declared : undefined;
}

function typed(origins: Origins, one: Exported): LocalEvidence | undefined {
  const declared = one.binding === undefined ? undefined : origins.facts.bindings[one.binding]?.type;
  const direct = mention(origins, declared, 'handler');
  if (direct !== undefined) return sentBy(evidence('typed', direct.platform, one, origins.facts.file), triggerOfType(declared));
  const value = one.value.kind === 'ref' ? origins.valueOf(one.value.binding) : one.value;
  if (value?.kind === 'object' && one.name === 'default') return worker(origins, one, value);
  const fn = origins.functionOf(one.value);
  return fn === undefined ? undefined : typedFunction(origins, one, fn);
}

/**
 * A typed event alone is also what helpers take; with the platform's context, its answer, or a name that says so, it is
 * a handler.
 */
function typedFunction(origins: Origins, one: Exported, fn: FunctionFact): LocalEvidence | undefined {
  const [first, second] = fn.params;
  const event = mention(origins, first?.type, 'event');
  // Azure alone gives the context first (programming model v3); elsewhere a first parameter of that type is a helper's.
  const leading = mention(origins, first?.type, 'context');
  const context = mention(origins, second?.type, 'context') ?? (leading?.platform === 'azure' ? leading : undefined);
  const platform = event?.platform ?? context?.platform;
  if (platform === undefined) return undefined;
  // `errorHandler(error, context)`: what a handler's failures are given to.
  if (event === undefined && first !== undefined && /^_?(?:e|err|error|exception)$/.test(parameterName(origins.facts, first.target))) return undefined;
  const secondName = second === undefined ? '' : parameterName(origins.facts, second.target);
  const both = (event !== undefined && mention(origins, second?.type, 'context') !== undefined) || (context !== undefined && second !== undefined);
  const answers = mention(origins, fn.returnType, 'result') !== undefined;
  const named = /^(?:default|main|run|index|[\w$]*[hH]andler|lambda\w*)$/.test(one.name);
  if (!both && !answers && !named && !/^_?(?:context|ctx)$/.test(secondName)) return undefined;
  // Middleware and helpers get more: `(event, context, next)`, `(request, response, options, …)`.
  if (fn.params.length > 3 || /^next$/.test(parameterName(origins.facts, fn.params[2]?.target ?? first?.target ?? { kind: 'global', name: '', start: 0, end: 0 }))) return undefined;
  // `send(event, context, response)`: what Lambda hands over third is a callback.
  const third = fn.params[2];
  if (platform === 'aws' && !named && third !== undefined && third.default === undefined && !/^_|^(?:callback|cb|done)$/.test(parameterName(origins.facts, third.target)) && !/Callback/.test(third.type?.name ?? '')) return undefined;
  // What is answered at once, and not by a promise or a callback, Lambda does not look at (developer guide, "Node.js handler", November 2026).
  if (platform === 'aws' && !named && answers && !fn.async && third === undefined && /Result(?:V2)?$/.test(fn.returnType?.name ?? '')) return undefined;
  // `answer(event, body)`: second comes the context, whatever its type is called.
  if (platform === 'aws' && !named && context === undefined && second !== undefined && second.default === undefined
    && !/^_|^(?:context|ctx)$/i.test(secondName) && !/Context/.test(second.type?.name ?? '')) return undefined;
  const v4 = platform === 'azure' && mention(origins, first?.type, 'context') === undefined;
  const found = evidence('typed', platform, one, origins.facts.file, 'unknown', v4 ? 'v4' : 'handler');
  return platform === 'aws' ? sentBy(found, triggerOfType(first?.type)) : found;
}

/** `export default { fetch(request, env, ctx: ExecutionContext) {} }`: one function with a handler a method. */
function worker(origins: Origins, one: Exported, value: Extract<Expr, { kind: 'object' }>): LocalEvidence | undefined {
  const methods = value.properties.filter((property) => typeof property.key === 'string' && /^(?:fetch|scheduled|queue|email|tail|trace)$/.test(property.key));
  const shown = methods.some((property) => origins.functionOf(property.value)?.params.some((param) => mention(origins, param.type, 'event') ?? mention(origins, param.type, 'context')));
  if (!shown) return undefined;
  const kinds: Readonly<Record<string, TriggerKind>> = { fetch: 'http', scheduled: 'schedule', queue: 'queue' };
  const handlers = methods.map((property) => ({ file: origins.facts.file, export: `default.${String(property.key)}`, kind: String(property.key) }));
  return { platform: 'cloudflare', kind: 'typed', name: one.name, trigger: kinds[String(methods[0]?.key)] ?? 'unknown', handlers, start: value.start, end: value.end };
}

/** Whether a declared type speaks of a platform's package in the given role; unions and arguments are searched. */
function mention(origins: Origins, type: TypeRef | undefined, role: 'handler' | 'event' | 'context' | 'result'): TypedHandler | undefined {
  const pending: TypeRef[] = type === undefined ? [] : [type];
  for (let steps = 0; steps < 50; steps++) {
    const current = pending.pop();
    if (current === undefined) return undefined;
    const origin = origins.ofType(current.name);
    const known = origin === undefined ? undefined : typedPackages.get(origin.source);
    const name = origin?.path.at(-1) ?? '';
    if (known?.[role].test(name) === true) return known;
    const workers = typedPackages.get('@cloudflare/workers-types');
    if (origin === undefined && globalWorkerTypes.test(current.name) && !origins.declares(current.name) && workers?.[role].test(current.name) === true) return workers;
    // A list of handlers is no handler.
    if (['|', '&', 'Promise', 'Readonly'].includes(current.name)) pending.push(...current.args);
  }
  return undefined;
}

/** `export const handler = async (event, context) => …` and the like. */
function signature(origins: Origins, one: Exported, alone: EventAlone | undefined): LocalEvidence | undefined {
  if (one.name !== 'handler' && one.name !== 'main') return undefined;
  const fn = origins.functionOf(one.value);
  // What tests hand over stands behind what the platform does.
  if (fn === undefined || fn.params.length > 4 || fn.params.some((param) => param.rest)) return undefined;
  const [event, context, callback] = fn.params.map((param) => (param.target.kind === 'pattern' ? '{}' : parameterName(origins.facts, param.target).replace(/^_/, '')));
  if (event !== undefined && !/^(?:event|evt|[a-z][a-zA-Z]{0,30}Event|\{\})$/.test(event)) return undefined;
  if (context === undefined) {
    const shown = one.name === 'handler' && alone !== undefined && (alone.asksAws || readsLambdaEvent(fn) || (fn.async && event === 'event'));
    return shown ? sentBy(evidence('signature', 'aws', one, origins.facts.file), triggerOfReads(fn, origins.facts)) : undefined;
  }
  if (!/^(?:context|ctx)$/.test(context)) return undefined;
  if (callback !== undefined && !/^(?:callback|cb|done)$/.test(callback)) return undefined;
  return sentBy(evidence('signature', 'aws', one, origins.facts.file), triggerOfReads(fn, origins.facts));
}

const sentBy = (found: LocalEvidence, trigger: ShownTrigger | undefined): LocalEvidence => (trigger === undefined ? found : { ...found, trigger: trigger.kind, source: trigger.source });

/** Keys that events of Lambda have and hardly any other object (AWS Lambda developer guide, "Integrating other services", read 2026-11). */
const lambdaKeys = /^(?:Records|requestContext|pathParameters|queryStringParameters|multiValueQueryStringParameters|isBase64Encoded|rawPath|routeKey|body-json|detail-type|triggerSource|authorizationToken|methodArn|awslogs|ResourceProperties|currentIntent|invokingEvent)$/;

/** Those of them that functions of Netlify, which run on Lambda, are not given either. */
const senderKeys = /^(?:Records|requestContext|body-json|detail-type|triggerSource|authorizationToken|methodArn|awslogs|ResourceProperties|currentIntent|invokingEvent)$/;

/** An exported `handler` whose event says by itself that Lambda hands it over, whatever the manifests around it say. */
function isSentByAws(origins: Origins, one: Exported): boolean {
  const fn = one.name === 'handler' ? origins.functionOf(one.value) : undefined;
  return fn !== undefined && readsLambdaEvent(fn, senderKeys);
}

const maximumNodes = 5_000;

/** Whether a function reads a key of its first parameter that tells an event of Lambda. */
function readsLambdaEvent(fn: FunctionFact, keys: RegExp = lambdaKeys): boolean {
  const event = fn.params[0]?.target;
  if (event?.kind === 'pattern') return takesKey(event, keys);
  if (event?.kind !== 'ref') return false;
  const isEvent = (value: unknown): boolean => isNode(value) && value['kind'] === 'ref' && value['binding'] === event.binding;
  const pending: unknown[] = [fn.body];
  for (let steps = 0; steps < maximumNodes && pending.length > 0; steps++) {
    const node = pending.pop();
    if (!isNode(node)) continue;
    if (node['kind'] === 'member' && isEvent(node['object']) && typeof node['property'] === 'string' && keys.test(node['property'])) return true;
    if (isNode(node['target']) && node['target']['kind'] === 'pattern' && isEvent(node['value']) && takesKey(node['target'], keys)) return true;
    pending.push(...Object.values(node));
  }
  return false;
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function takesKey(pattern: { readonly elements?: unknown }, keys: RegExp): boolean {
  const { elements } = pattern;
  return Array.isArray(elements) && elements.some((one: unknown) => isNode(one) && Array.isArray(one['path']) && typeof one['path'][0] === 'string' && keys.test(one['path'][0]));
}
