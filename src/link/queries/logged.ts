import { isAddressName, isCredentialName, logSinkOf, type LogSink } from '../../catalog/loggers.ts';
import type { CallExpr, Expr, ModuleFacts, NewExpr } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Body, Callee, FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { Definition } from '../module-index.ts';
import { contains, externalPath, truthiness } from '../values.ts';
import type { Activation, LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { filesBehindArguments } from './clients.ts';
import { conditionsAlong } from './conditions.ts';
import { exposureOf, worse, type Exposure } from './exposure.ts';
import { handedToLog, isLoggingCode } from './handed-to-log.ts';
import { externalsAt } from './started.ts';
import { partlyWritten } from './written-parts.ts';

/** A call that writes data of the caller to a log. */
export interface Dump {
  readonly exposure: Exposure;
  readonly body: Body;
  /** The call as its author wrote it: where a helper does nothing but log, the call of the helper. */
  readonly place: SourcePlace;
  readonly path: readonly FlowStep[];
  readonly sink: LogSink;
  /** Written only when somebody asks for it: a test of a switch stands before it. */
  readonly optIn: boolean;
  /** Files beside that of the call which make what is written. */
  readonly files: readonly string[];
}

/** Every call on the invocation path that writes a whole event, request, environment or a credential to a log, one a place: the worst. */
export function dumpsOf(view: FunctionView): readonly Dump[] {
  const linked = view as LinkedFunction;
  const found = new Map<string, Dump>();
  const add = (dump: Dump): void => {
    const key = `${dump.place.file}:${dump.place.start}`;
    const known = found.get(key);
    if (!known || (known.sink.level === dump.sink.level ? worse(known.exposure, dump.exposure) !== known.exposure : dump.sink.level === 'debug')) found.set(key, dump);
  };
  for (const body of linked.bodies()) {
    if (body.phase === 'invoke' && isLoggingCode(body.file)) ofHooks(linked, body).forEach(add);
    for (const call of linked.evaluator.modules.index(body.file)?.calls[body.fn.id] ?? []) {
      ofCall(linked, body, call).forEach(add);
    }
  }
  return [...found.values()];
}

/** What shared logging code writes because its caller said so. */
function ofHooks(view: LinkedFunction, body: LinkedBody): readonly Dump[] {
  const frames = (): readonly Frame[] => view.activations(body.node).map((activation) => activation.frame);
  return handedToLog(view, body, frames).map(({ place, exposure, isDebug, frame }): Dump => ({
    exposure, body, place, path: view.activations(body.node).find((one) => one.frame === frame)?.path ?? body.path,
    sink: { level: isDebug ? 'debug' : 'info', from: 0, console: false }, optIn: false, files: [],
  }));
}

function ofCall(view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr): readonly Dump[] {
  if (call.kind === 'new' || call.args.length === 0) return [];
  const spelled = writtenCall(call, body.facts);
  if (!spelled) return [];
  const [external] = externalsAt(body.node, call);
  const receiver = external?.receiver ? { receiver: external.receiver } : {};
  const callee: Callee | undefined = external?.callee.kind === 'external' ? { module: external.callee.module, path: externalPath(external.callee), ...receiver } : external ? { module: 'unknown', path: [spelled.method], ...receiver } : undefined;
  const first = (): readonly Value[] => call.args.slice(0, 1).map((arg) => view.value(arg, body));
  const sink = logSinkOf(callee, spelled, first) ?? logSinkOf(callee, { ...spelled, owner: originOf(view, body.file, call) }, first);
  if (!sink) return [];
  const dumps: Dump[] = [];
  for (const activation of view.activations(body.node)) {
    const site = businessCall(view, activation, call, body);
    // A logger of the repository: its own call says it more precisely than what it hands down.
    const partly = site.call.kind === 'call' && (site.call === call || isLoggerCall(view, site)) ? partlyWritten(view, site.call, site.frame) : undefined;
    if (site.call !== call && isLoggerCall(view, site) && partly?.size === 0) continue;
    // Of what a logger takes parts of, those parts are looked at where it writes them.
    const written = (args: readonly Expr[]): readonly Expr[] => args.filter((arg) => partly?.has(arg) !== true);
    const exposure = exposureAt(view, written(call.args.slice(sink.from)), activation.frame, body, sink);
    const named = credentialNamed(view, written(site.args ?? call.args), site.frame) ?? (site.call === call ? undefined : credentialNamed(view, call.args, activation.frame));
    const worst = worse(exposure, named);
    if (worst?.what === 'Plaintext' && namesAddress(view, call.args, activation.frame)) continue;
    if (worst?.kind === 'credential' && isTakenOut(view, (name) => name === worst.what, site, activation.frame, call)) continue;
    if (!worst || (body.phase === 'init' && worst.kind !== 'environment' && worst.kind !== 'credential')) continue;
    const state = switchOf(view, activation, call);
    if (state === 'off') continue;
    const level = sink.level === 'debug' || asksForDebug(call) || (site.call !== call && (isDebugCall(site.call) || asksForDebug(site.call))) ? 'debug' : 'info';
    // Reported where it was handed over.
    const home = site.call === call || !isLoggingCode(site.place.file) ? undefined : view.bodies().find((one) => one.node.frame === site.frame);
    if (home && handedToLog(view, home, () => [site.frame]).length > 0) continue;
    const isCleaned = worst.kind !== 'credential' && worst.kind !== 'environment' && !worst.masked && isTakenOut(view, isCredentialName, site, activation.frame, call);
    dumps.push({
      exposure: isCleaned ? { ...worst, masked: true } : worst, body, place: site.place, path: activation.path, sink: { ...sink, level }, optIn: state === 'switch' || redacts(callee?.receiver),
      files: filesBehindArguments(view, activation, call.args),
    });
  }
  return dumps;
}

/** `console.log(`sent to ${queueUrl}`)`: what was decrypted is an address, says its name, and what else stands there is not called a credential. */
function namesAddress(view: LinkedFunction, args: readonly Expr[], frame: Frame): boolean {
  const facts = view.evaluator.modules.facts(frame.file);
  const names: string[] = [];
  walk(args, (item) => { if (item.kind === 'ref') names.push(facts?.bindings[item.binding]?.name ?? ''); });
  return names.some((name) => isAddressName(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))) && !names.some(isCredentialName);
}

/** `delete data.client_secret; log(data)`: the object that is written, or that is handed to what writes it, no longer has what is so named. */
function isTakenOut(view: LinkedFunction, isIt: (name: string) => boolean, site: BusinessCall, own: Frame, call: CallExpr): boolean {
  return [{ frame: site.frame, given: site.args ?? [], before: site.place.start }, { frame: own, given: call.args, before: call.start }].some(({ frame, given, before }) => {
    const facts = view.evaluator.modules.facts(frame.file);
    const written = new Set<number>();
    walk(given, (item) => { if (item.kind === 'ref') written.add(item.binding); });
    let gone = false;
    for (const fn of facts?.functions ?? []) {
      walk(fn.body, (item) => {
        if (item.kind !== 'unary' || item.op !== 'delete' || item.of.kind !== 'member' || item.start > before) return;
        if (typeof item.of.property === 'string' && isIt(item.of.property) && item.of.object.kind === 'ref' && written.has(item.of.object.binding)) gone = true;
      });
      if (gone) return true;
    }
    return false;
  });
}

/** What the arguments of a log call give away. A logger takes a context to correlate lines by; only a text of it, or the console, writes it out. */
function exposureAt(view: LinkedFunction, args: readonly Expr[], frame: Frame, body: Body, sink: LogSink): Exposure | undefined {
  let found: Exposure | undefined;
  // What a framework hands to `onError` is no request, named in a record (`{ error }`) or not.
  const isError = (arg: Expr): boolean => arg.kind === 'ref' && /^(?:e|ex|err|error|exception|reason)$/.test(body.facts.bindings[arg.binding]?.name ?? '')
    && !isWrittenHere(view, body, arg.binding) && view.evaluator.value(arg, frame).kind !== 'template';
  for (const arg of args.flatMap((one) => (one.kind === 'object' && one.properties.some((item) => isError(item.value)) ? one.properties.map((item) => item.value) : [one]))) {
    if (isError(arg)) continue;
    const exposure = exposureOf(view.evaluator.value(arg, frame), view.fn, view.project.whole);
    if (exposure?.kind === 'context' && !exposure.text && !sink.console) continue;
    found = worse(found, exposure);
  }
  return found;
}

/** `const error = `${reason}: ${JSON.stringify(message)}``: a text that is put together here, whatever its name. */
function isWrittenHere(view: LinkedFunction, body: Body, binding: number): boolean {
  const isText = (expr: Expr): boolean => expr.kind === 'template' || (expr.kind === 'conditional' && (isText(expr.then) || isText(expr.else)));
  const definitions = view.evaluator.modules.index(body.file)?.definitions.get(binding) ?? [];
  return definitions.some(({ form, expr, path }) => form === 'init' && path.length === 0 && expr !== undefined && isText(expr));
}

/** How a call is written: `this.logger.info` is `info` of `logger`. */
function writtenCall(call: CallExpr | NewExpr, facts: ModuleFacts): { readonly method: string; readonly owner: string | undefined } | undefined {
  const name = (expr: Expr): string | undefined => {
    switch (expr.kind) {
      case 'ref': return facts.bindings[expr.binding]?.name;
      case 'global': return expr.name;
      case 'member': return typeof expr.property === 'string' ? expr.property : undefined;
      // `getLogger().info`, `logger.child({}).info`.
      case 'call': return expr.callee.kind === 'member' && expr.callee.property === 'child' ? name(expr.callee.object) : name(expr.callee);
      default: return undefined;
    }
  };
  const { callee } = call;
  if (callee.kind === 'member' && typeof callee.property === 'string') {
    // `context.log.warn`: the owner is `log`.
    return { method: callee.property, owner: name(callee.object) };
  }
  const own = name(callee);
  return own === undefined ? undefined : { method: own, owner: undefined };
}

/** What a file that exports a logger calls it, or is called itself: `logger` of `import { logger as l }`, `log` of `require('./utils/log')`. */
function originOf({ evaluator }: LinkedFunction, file: string, { callee }: CallExpr): string | undefined {
  const imported = callee.kind === 'member' && callee.object.kind === 'ref' ? evaluator.modules.imported(file, callee.object.binding) ?? required(evaluator.modules.index(file)?.definitions.get(callee.object.binding)) : undefined;
  if (!imported) return callee.kind === 'member' && callee.object.kind === 'ref' ? takenFrom(evaluator.modules.index(file)?.definitions.get(callee.object.binding)) : undefined;
  if (/^\w+$/.test(imported.imported) && imported.imported !== 'default') return imported.imported;
  // A file of the repository, or the last part of a package's name: `@acme/logger`, `shop/logging`.
  if (!imported.source.includes('/')) return undefined;
  const name = imported.source.replace(/(?:\/index)?(?:\.[cm]?[jt]s)?$/, '').split('/').at(-1) ?? '';
  return name.replace(/[-_.](\w)/g, (_, head: string) => head.toUpperCase());
}

/** `const { log: l } = context`: the name of the property. */
function takenFrom(definitions: readonly Definition[] | undefined): string | undefined {
  const [only, more] = definitions ?? [];
  return more || only?.form !== 'init' ? undefined : only.path.at(-1);
}

/** `const l = require('./log')`, `const { logger: l } = require('./kit')`. */
function required(definitions: readonly Definition[] | undefined): { readonly source: string; readonly imported: string } | undefined {
  const [only, more] = definitions ?? [];
  if (more || only?.form !== 'init' || only.expr?.kind !== 'import' || only.expr.source.kind !== 'literal' || only.path.length > 1) return undefined;
  return { source: String(only.expr.source.value), imported: only.path[0] ?? '=' };
}

function isLoggerCall(view: LinkedFunction, { call, place }: BusinessCall): boolean {
  const facts = view.evaluator.modules.facts(place.file);
  const written = call.kind === 'call' && facts ? writtenCall(call, facts) : undefined;
  if (!written || call.kind !== 'call') return false;
  return [written.owner, originOf(view, place.file, call)].some((owner) => owner !== undefined && logSinkOf(undefined, { ...written, owner }, () => []) !== undefined);
}

const isDebugCall = (call: Expr): boolean => call.kind === 'call' && call.callee.kind === 'member' && /^(?:debug|trace|verbose|silly)$/.test(String(call.callee.property));

/** `logger.log(Level.DEBUG, …)`: the level is a member of an enumeration, whatever its value. */
const asksForDebug = (call: Expr): boolean => call.kind === 'call' && call.args[0]?.kind === 'member' && typeof call.args[0].property === 'string' && /^(?:DEBUG|Debug|TRACE|Trace|VERBOSE|Verbose|SILLY|FINE|FINER|FINEST)$/.test(call.args[0].property);

interface BusinessCall {
  readonly place: SourcePlace;
  readonly call: Expr;
  readonly args?: readonly Expr[];
  readonly frame: Frame;
}

/** Functions that do nothing but log, by their names and those of their classes and files; much else is emitted and written than lines. */
const logHelper = /^_{0,2}(?:(?:log|logs|logger|debug|info|warn|warning|error|trace|verbose|print|dump)(?:$|[A-Z_])|(?:emit|write|append)(?:$|_|Log|Line|Message|Output))|(?:Log|Logger|Logs)$/;
const logFile = /(?:^|\/)[\w.-]{0,40}(?:log|logs|logger|logging)(?:\/index)?\.[cm]?[jt]sx?$/i;

function businessCall(view: LinkedFunction, activation: Activation, call: CallExpr | NewExpr, body: Body): BusinessCall {
  let current: BusinessCall = { place: { file: body.file, start: call.start, end: call.end }, call, args: call.args, frame: activation.frame };
  for (const step of [...activation.callers].reverse()) {
    const { file, fn } = current.frame;
    const fact = view.evaluator.fact(file, fn);
    const facts = view.evaluator.modules.facts(file);
    const cls = fact?.cls === undefined ? undefined : facts?.classes[fact.cls]?.name;
    const helps = fact !== undefined && fn !== 0 && (logHelper.test(fact.name) || (cls !== undefined && /Log/.test(cls)) || logFile.test(file));
    if (!helps || step.how !== 'call') break;
    const args = step.site.kind === 'call' ? step.site.args : undefined;
    current = { place: { file: step.frame.file, start: step.site.start, end: step.site.end }, call: step.site, frame: step.frame, ...(args ? { args } : {}) };
  }
  return current;
}

const switches = /debug|verbose|trace|is_?(?:dev|local|offline|test)|^dev$|dev_?mode|log_?(?:level|events?|payload|enabled|full|request|all)|(?:enable|enabled|should|with|print|show)_?log|node_env|^stage$|environment|sample/i;
const optOut = /disable|skip|suppress|silent|quiet|without|^no_?log/i;

/** Whether a test of a switch stands on the way to a place: `switch`: somebody has to ask for it; `off`: nobody has. */
function switchOf(view: LinkedFunction, activation: Activation, site: Expr): 'always' | 'switch' | 'off' {
  for (const { test, outcome, frame } of conditionsAlong(view, activation, site)) {
    if (outcome === 'case') continue;
    const facts = view.evaluator.modules.facts(frame.file);
    let named = false;
    walk([test], (item) => {
      const name = item.kind === 'ref' ? facts?.bindings[item.binding]?.name : item.kind === 'global' ? item.name : item.kind === 'member' ? item.property : undefined;
      if (typeof name === 'string' && switches.test(name) && !optOut.test(name)) named = true;
    });
    if (!named) continue;
    const known = truthiness(view.evaluator.value(test, frame));
    if (known === undefined) return 'switch';
    if (known !== outcome) return 'off';
  }
  return 'always';
}

/** A logger that was made with a list of what to cover: pino's `redact`, Powertools' and other loggers' filters. */
function redacts(receiver: Value | undefined): boolean {
  if (!receiver || (receiver.kind !== 'derived' && receiver.kind !== 'instance')) return false;
  const given = receiver.kind === 'derived' ? receiver.from : receiver.args;
  return given.some((item) => item.kind === 'object' && item.entries.some(([key]) => /^(?:redact|redactPaths|mask|maskFields|jsonReplacerFn|sensitiveFields)$/.test(key)));
}

/** A credential among the arguments, by the name that its author gave it. */
function credentialNamed(view: LinkedFunction, args: readonly Expr[], frame: Frame): Exposure | undefined {
  const facts = view.evaluator.modules.facts(frame.file);
  let found: string | undefined;
  let masked = false;
  walk(args, (item, ancestors) => {
    if (found !== undefined && !masked) return false;
    if (item.kind === 'call' && item.args.length === 0 && item.callee.kind === 'member' && item.callee.property === 'value') {
      // A parameter of Firebase: `defineSecret('API_KEY').value()` (Firebase documentation, "Configure your environment", November 2026).
      const given = view.evaluator.value(item, frame);
      if (given.kind === 'env' && isCredentialName(given.name)) [found, masked] = [given.name, false];
      return false;
    }
    if (item.kind === 'call' || item.kind === 'new') return item.kind === 'call' && isText(item, facts?.bindings);
    if (item.kind === 'unary' || item.kind === 'binary') return item.kind === 'binary' && item.op === '+';
    if (item.kind === 'conditional') {
      // What is asked for is not said; what either way gives is.
      const either = credentialNamed(view, [item.then, item.else], frame);
      if (either) [found, masked] = [either.what, either.masked];
      return false;
    }
    if (item.kind === 'logical') return item.op !== '&&';
    const parent = ancestors.at(-1);
    const name = item.kind === 'ref' ? facts?.bindings[item.binding]?.name : item.kind === 'member' && typeof item.property === 'string' ? item.property : undefined;
    if (name !== undefined && (item.kind === 'ref' || item.kind === 'member') && parent?.kind !== 'member') {
      const value = isCredentialName(name) && !isConstant(item, name) && !isDeviceToken(item, name, facts?.bindings) && !isTokenOfLock(view, item, name, frame) && !isNameOfSecret(item, facts) ? view.evaluator.value(item, frame) : undefined;
      if (value && isKept(value) && !isPosition(value) && !contains(value, isPublicKey) && !(isFromElsewhere(value) && !view.project.whole)) [found, masked] = [name, isCovered(value)];
      return item.kind !== 'member';
    }
    return undefined;
  });
  return found === undefined ? undefined : { kind: 'credential', what: found, masked, text: true };
}

/** `let token = input.continuationToken; …; token = page.continuationToken`: all that a variable is given is a position in a list. */
function isPosition(value: Value): boolean {
  const named = alternatives(value).flatMap((one): readonly (string | undefined)[] => {
    if (one.kind === 'literal' && (one.value === null || one.value === undefined)) return [];
    if (one.kind === 'event' || one.kind === 'context' || one.kind === 'param') return [one.path.at(-1)];
    return [one.kind === 'derived' && one.what.startsWith('.') ? one.what.slice(one.what.lastIndexOf('.') + 1) : undefined];
  });
  return named.length > 0 && named.every((name) => name !== undefined && /token$/i.test(name) && !isCredentialName(name));
}

/** The public half of a key pair, by the call that gives it (AWS SDK 3, KMS; Node.js 24, crypto). */
const isPublicKey = (part: Value): boolean => (part.kind === 'instance' && part.of.kind === 'external' && part.of.path.at(-1) === 'GetPublicKeyCommand')
  || (part.kind === 'derived' && /(?:^|[#.:])(?:getPublicKey|createPublicKey|exportSPKI)$/.test(part.what));

/** `{ ...secret, password: '***' }`: what it is a credential for stands there as a constant. */
const isCovered = (value: Value): boolean => value.kind === 'object' && value.entries.some(([key, item], index) => item.kind === 'literal' && isCredentialName(key) && value.entries.slice(index + 1).every(([later]) => later !== '...' && later !== key));

/** `LogMessage.TOKEN_FAILED`: a constant of a class or list, unless it is read from the environment. */
const isConstant = (item: Expr, name: string): boolean => item.kind === 'member' && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){2,}$/.test(name) && item.object.kind === 'ref';

/** `message.token`, `messages[i].token`, `device.token`: where a push message goes (Firebase Cloud Messaging, `Message.token`). */
function isDeviceToken(item: Expr, name: string, bindings: readonly { readonly name: string }[] | undefined): boolean {
  if (name !== 'token' || item.kind !== 'member') return false;
  const owner = item.object.kind === 'member' && (typeof item.object.property !== 'string' || /^\d+$/.test(item.object.property)) ? item.object.object : item.object;
  return owner.kind === 'ref' && /^(?:messages?|devices?|pushMessages?|notifications?|subscriptions?|registrations?)$/.test(bindings?.[owner.binding]?.name ?? '');
}

const locks = /(?:^|[^bcfBCF])[Ll]ock(?!ed|out)|^lease|Lease|[Mm]utex|[Ss]emaphore/;

/** `getLock(lockId, token)`, `releasedLock.token`: who holds a lock; it opens nothing to anybody. */
function isTokenOfLock(view: LinkedFunction, item: Expr, name: string, frame: Frame): boolean {
  const bindings = view.evaluator.modules.facts(frame.file)?.bindings;
  if (name !== 'token') return false;
  if (item.kind === 'member') return item.object.kind === 'ref' && locks.test(bindings?.[item.object.binding]?.name ?? '');
  if (item.kind !== 'ref') return false;
  const owner = view.evaluator.fact(frame.file, bindings?.[item.binding]?.fn ?? frame.fn);
  return owner !== undefined && (locks.test(owner.name) || owner.params.some(({ target }) => target.kind === 'ref' && locks.test(bindings?.[target.binding]?.name ?? '')));
}

/** `entry.secret` of which the same file asks `{ SecretId: entry.secret }`: what the secret is called. */
function isNameOfSecret(item: Expr, facts: ModuleFacts | undefined): boolean {
  const isSame = (other: Expr): boolean => item.kind === 'ref' ? other.kind === 'ref' && other.binding === item.binding
    : item.kind === 'member' && other.kind === 'member' && other.property === item.property && item.object.kind === 'ref' && other.object.kind === 'ref' && other.object.binding === item.object.binding;
  return (facts?.functions ?? []).some((fn) => {
    let asked = false;
    walk(fn.body, (one) => { if (one.kind === 'object' && one.properties.some(({ key, value }) => key === 'SecretId' && isSame(value))) asked = true; });
    return asked;
  });
}

function isText(call: CallExpr, bindings: readonly { readonly name: string }[] | undefined): boolean {
  const { callee } = call;
  const name = callee.kind === 'member' ? callee.property : callee.kind === 'global' ? callee.name : callee.kind === 'ref' ? bindings?.[callee.binding]?.name : undefined;
  return typeof name === 'string' && /^(?:stringify|inspect|String|format|toString|trim)$/.test(name);
}

/** What a module beyond the editor's view gives: it may be a flag as well. */
const isFromElsewhere = (value: Value): boolean => contains(value, (part) => part.kind === 'unknown' && part.reason.startsWith('import of'));

/** Whether a value can be a credential: not a flag, a constant of the code, or the address of something. */
function isKept(value: Value): boolean {
  switch (value.kind) {
    case 'literal': case 'resource': case 'function': case 'class': case 'external': case 'array': return false;
    // An object of a class of the repository.
    case 'instance': return value.of.kind === 'external';
    case 'oneOf': return value.options.some(isKept);
    case 'derived': return value.what === 'one of many' ? value.from.some(isKept) : !/^(?:!|[=<>!]==?|>=|<=|typeof|Boolean)$/.test(value.what) && !/mask|redact|hash|digest|obfuscat|scrub|anonymi|encrypt|length|slice|substr|includes|verify/i.test(value.what);
    case 'object': return value.open;
    default: return true;
  }
}
