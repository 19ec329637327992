import { clientMadeBy, mayMakeClient, type ClientMade } from '../../catalog/clients.ts';
import type { Expr } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains, externalPath } from '../values.ts';
import type { Activation, LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { onlyComputes } from './client-use.ts';
import { isKeptAlong } from './kept.ts';
import { runsLocallyOnly } from './local-run.ts';
import { resolver } from './parameters.ts';
import { ancestorsOf } from './positions.ts';
import { Storage } from './storage.ts';
import { taintOf } from './taint.ts';

/** A client that an invocation makes, on a way that makes it anew each time. */
export interface ClientPerInvocation extends ClientMade {
  readonly place: SourcePlace;
  /** False where the call that leads here is one of several possible ones. */
  readonly certain: boolean;
  readonly path: readonly FlowStep[];
  /** Files of the repository that what it is given comes from. */
  readonly files: readonly string[];
  /** True where the function keeps what is made there: on every way to the place, a caller makes sure that it happens once. */
  readonly kept: boolean;
}

/**
 * Clients made on the invocation path whose settings do not depend on the caller: those that nothing keeps, and those that a caller keeps (`kept`). A client on Workers and other edge
 * runtimes is left out: a socket belongs to the request that opened it (Cloudflare Workers documentation, November 2026).
 */
export function clientsPerInvocation(of: FunctionView): readonly ClientPerInvocation[] {
  const view = of as LinkedFunction;
  if (view.fn.platform === 'cloudflare' || view.fn.generation === 'edge') return [];
  const found: ClientPerInvocation[] = [];
  const choices = new Map<Item, ClientPerInvocation>();
  let storage: Storage | undefined;
  for (const call of view.calls('invoke')) {
    // What a client is asked by calling it (`sql\`select 1\``, `knex('orders')`) makes none.
    if (call.callee.module === 'unknown' && call.callee.path.length === 0) continue;
    const made = mayMakeClient(call.callee) && clientMadeBy(call.callee, call.expr.args.map((_, index) => call.arg(index)), call.expr.kind === 'new');
    if (!made || runsLocallyOnly(view, call.body, call.expr) === 'local' || onlyComputes(view, call)) continue;
    storage ??= new Storage(view);
    let keeper: Activation | undefined;
    for (const activation of view.activations((call.body as LinkedBody).node)) {
      const args = call.expr.args.map((arg) => view.evaluator.value(arg, activation.frame));
      if (args.some((arg) => dependsOnCaller(view, arg)) || asksCaller(view, activation.frame, call.expr.args)) continue;
      if (isKeptAlong(view, storage, activation, call.expr)) {
        keeper ??= activation;
        continue;
      }
      keeper = undefined;
      const files = filesBehindArguments(view, activation, call.expr.args).filter((file) => file !== call.place.file);
      const one: ClientPerInvocation = { ...made, place: call.place, certain: call.body.certain, path: activation.path, files, kept: false };
      // `far ? new Client({ region }) : new Client()` is one client, made once: the first of both stands for it.
      const choice = ancestorsOf(call.body.fn, call.expr).at(-1);
      const other = choice?.kind === 'conditional' && choice.test !== call.expr ? choices.get(choice) : undefined;
      if (choice?.kind === 'conditional' && other === undefined) choices.set(choice, one);
      if (other === undefined || other.what !== made.what) found.push(one);
      else if (one.place.start < other.place.start) found[found.indexOf(other)] = one;
      break;
    }
    if (keeper) found.push({ ...made, place: call.place, certain: call.body.certain, path: keeper.path, files: [], kept: true });
  }
  found.push(...fieldsOfObjects(view));
  // An agent that is made for a client is part of it.
  return found.filter((one) => !found.some((outer) => outer !== one && !outer.kept && outer.place.file === one.place.file && outer.place.start < one.place.start && outer.place.end >= one.place.end));
}

/** Clients in fields that are initialised where they are declared, of objects that an invocation makes: `class Store { client = new S3Client({}) }`. */
function fieldsOfObjects(view: LinkedFunction): readonly ClientPerInvocation[] {
  const { evaluator } = view;
  const found = new Map<string, ClientPerInvocation>();
  let storage: Storage | undefined;
  for (const body of view.bodies('invoke')) {
    for (const site of evaluator.modules.index(body.file)?.calls[body.fn.id] ?? []) {
      if (site.kind !== 'new') continue;
      for (const cls of alternatives(evaluator.value(site.callee, body.node.frame))) {
        if (cls.kind !== 'class') continue;
        const fact = evaluator.modules.facts(cls.file)?.classes[cls.cls];
        const home = evaluator.open(cls.file, fact?.fn ?? 0);
        for (const member of fact?.members ?? []) {
          if (member.kind !== 'field' || member.static || member.value?.kind !== 'new') continue;
          const { value: made } = member;
          const callee = evaluator.value(made.callee, home);
          const args = made.args.map((arg) => evaluator.value(arg, home));
          const client = callee.kind === 'external' ? clientMadeBy({ module: callee.module, path: externalPath(callee) }, args, true) : undefined;
          const key = `${cls.file}:${made.start}`;
          if (!client || found.has(key) || args.some((arg) => dependsOnCaller(view, arg)) || runsLocallyOnly(view, body, site) === 'local') continue;
          storage ??= new Storage(view);
          const kept = storage;
          const activation = view.activations(body.node).find((one) => !isKeptAlong(view, kept, one, site));
          if (!activation) continue;
          const step = { ...view.location({ file: body.file, start: site.start, end: site.end }), message: `makes ${fact?.name ?? 'an object'}` };
          found.set(key, { ...client, place: { file: cls.file, start: made.start, end: made.end }, certain: body.certain, path: [...activation.path, step], kept: false, files: [...new Set([body.file, ...filesBehindNames(view, cls.file, made.args)])].filter((file) => file !== cls.file) });
        }
      }
    }
  }
  return [...found.values()];
}

/** Whether a setting comes from the event or the request, or cannot be told: then a client for everybody may be wrong. */
function dependsOnCaller(view: LinkedFunction, value: Value): boolean {
  if (taintOf(value, view.fn.platform, resolver(view)) !== undefined) return true;
  const settings = settingsNotKnown(view);
  return contains(value, (one) => one.kind === 'param' || takesAnyRole(one) || (one.kind === 'unknown' && !settings.has(one)));
}

/** `new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account.number}:role/reader` })`: who is asked for decides whose credentials they are. */
function takesAnyRole(value: Value): boolean {
  if (value.kind !== 'instance' || value.of.kind !== 'external' || !/^AssumeRole(?:WithWebIdentity|WithSAML)?Command$/.test(value.of.path.at(-1) ?? '')) return false;
  const [given] = value.args;
  const role = given?.kind === 'object' ? given.entries.find(([key]) => key === 'RoleArn')?.[1] : undefined;
  return role !== undefined && contains(role, (one) => one.kind === 'derived' && one.io);
}

/** Whether a function among the settings works with what the caller sent: `signer: { sign: async (request) => presign(request, event.query) }`. */
function asksCaller(view: LinkedFunction, frame: Frame, settings: readonly Expr[]): boolean {
  const facts = view.evaluator.modules.facts(frame.file);
  let asks = false;
  const inside = (roots: readonly Item[], depth: number): void => walk(roots, (item) => {
    if (item.kind === 'function' && 'fn' in item && depth < MAX_DEPTH) inside(facts?.functions[item.fn]?.body ?? [], depth + 1);
    if (depth === 0 || asks || item.kind !== 'ref' || frame.fn === 0 || facts?.bindings[item.binding]?.fn !== frame.fn) return;
    if (taintOf(view.evaluator.value(item, frame), view.fn.platform, resolver(view)) !== undefined) asks = true;
  });
  inside(settings, 0);
  return asks;
}

const settingsOf = new WeakMap<object, ReadonlySet<Value>>();

/** Parts of environment variables that the declaration does not tell: unknown, and the same for every caller. */
function settingsNotKnown(view: LinkedFunction): ReadonlySet<Value> {
  let known = settingsOf.get(view.fn);
  if (!known) {
    const found = new Set<Value>();
    for (const value of view.fn.environment.values()) contains(value, (one) => { if (one.kind === 'unknown') found.add(one); return false; });
    settingsOf.set(view.fn, (known = found));
  }
  return known;
}

const MAX_DEPTH = 5;

/** Files of the repository that some expressions of a body take their values from: their names, and what the callers on the way hand over. */
export function filesBehindArguments(view: LinkedFunction, { frame, callers }: Activation, exprs: readonly Expr[]): readonly string[] {
  const found = new Set(filesBehindNames(view, frame.file, exprs, frame));
  for (const { site, frame: caller } of callers) {
    for (const file of site.kind === 'call' || site.kind === 'new' ? filesBehindNames(view, caller.file, site.args, caller) : []) found.add(file);
  }
  return [...found].sort();
}

/** Files of the repository that the names in some expressions come from, through variables of the same file; with a frame, also those of the functions that are called. */
export function filesBehindNames(view: LinkedFunction, file: string, roots: readonly Expr[], frame?: Frame): readonly string[] {
  const { modules } = view.evaluator;
  const found = new Set<string>();
  const seen = new Set<number>();
  const follow = (exprs: readonly Expr[], depth: number): void => {
    walk(exprs, (item) => {
      if (item.kind === 'call' && frame) for (const one of alternatives(view.evaluator.value(item.callee, frame))) if (one.kind === 'function' && one.file !== file) found.add(one.file);
      if (item.kind !== 'ref' || seen.has(item.binding)) return;
      seen.add(item.binding);
      const source = modules.imported(file, item.binding)?.source;
      if (source !== undefined) add(source);
      for (const definition of modules.index(file)?.definitions.get(item.binding) ?? []) {
        if (definition.expr?.kind === 'import' && definition.expr.source.kind === 'literal') add(String(definition.expr.source.value));
        else if (definition.expr && depth < MAX_DEPTH) follow([definition.expr], depth + 1);
      }
    });
  };
  const add = (source: string): void => {
    const target = modules.resolve(file, source);
    if ('file' in target) found.add(target.file);
  };
  follow(roots, 0);
  return [...found].sort();
}
