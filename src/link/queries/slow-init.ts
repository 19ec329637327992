import { heavyOf, mayBeHeavy } from '../../catalog/heavy.ts';
import { httpRequestOf } from '../../catalog/http-clients.ts';
import { normalName } from '../../catalog/look-up.ts';
import { startsPromise } from '../../catalog/promises.ts';
import { endsByDefault, loadsModel, readsFile, staysInProcess } from '../../catalog/slow-init.ts';
import type { Expr } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { ExternalCall, FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { censusOf } from '../census.ts';
import type { External, Node } from '../reach.ts';
import { contains } from '../values.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { argsOf } from './arguments.ts';
import { calleeOf, edgesOf, targetOf } from './calls-in.ts';
import { filesBehindNames } from './clients.ts';
import { runsLocallyOnly } from './local-run.ts';
import { evaluatedFiles, isErased } from './packaged.ts';

export interface SlowInit {
  readonly kind: 'network' | 'blocks' | 'derives' | 'largeFile' | 'unknownFile' | 'json' | 'model';
  readonly place: SourcePlace;
  readonly data: Readonly<Record<string, string>>;
  readonly path: LinkedBody['path'];
  readonly files: readonly string[];
  readonly assumption?: string;
}

/** Files of more than this are large, in kilobytes of 1,000 bytes. */
export const largeFileKilobytes = 500;

/** What keeps a cold start waiting: `kilobytes` is the size from which a file counts as large. */
export function slowInits(of: FunctionView, kilobytes: number): readonly SlowInit[] {
  const view = of as LinkedFunction;
  return [...calls(view, kilobytes), ...awaits(view), ...largeImports(view, kilobytes)];
}

function calls(view: LinkedFunction, kilobytes: number): readonly SlowInit[] {
  const found: SlowInit[] = [];
  for (const call of view.calls('init')) {
    const heavy = mayBeHeavy(call.callee) ? heavyOf(call.callee, argsOf(call)) : undefined;
    const model = loadsModel(call.callee);
    const reads = readsFile(call.callee);
    if (!model && !reads && (!heavy || heavy.kind === 'compresses')) continue;
    if (runsLocallyOnly(view, call.body, call.expr) === 'local') continue;
    const base = { place: call.place, path: (call.body as LinkedBody).path, files: filesBehindNames(view, call.place.file, call.expr.args) };
    if (model !== undefined) found.push({ ...base, kind: 'model', data: { what: model } });
    else if (heavy && heavy.kind !== 'compresses') found.push({ ...base, kind: heavy.kind, data: { what: heavy.what } });
    else found.push(...fileRead(view, call, kilobytes, base));
  }
  return found;
}

/** Files whose kind says that they are small: settings, certificates, templates. */
const smallKinds = /\.(?:json|ya?ml|pem|crt|cer|key|pub|txt|html?|graphql|gql|sql|md|svg|hbs|handlebars|ejs|pug|mustache|xml|xsd|proto|env|ini|toml|css|tpl|tmpl|template|liquid|njk|vtl|vm|lua|sh|properties|version|flag)$/i;

function fileRead(view: LinkedFunction, call: ExternalCall, kilobytes: number, base: Pick<SlowInit, 'place' | 'path' | 'files'>): readonly SlowInit[] {
  const { packages } = view.project;
  const name = fileName(call.arg(0));
  if (name === undefined) return [{ ...base, kind: 'unknownFile', data: { what: 'a file whose name is not known' } }];
  const tail = name.replace(/^(?:\.{0,2}\/)+/, '');
  const matches = packages?.files.filter((file) => file === tail || file.endsWith(`/${tail}`)) ?? [];
  // Kinds of files that nothing else reads are not listed: tables, models, binaries.
  const sizes = matches.length > 0 ? matches.map((file) => packages?.bytes(file) ?? 0) : above(call.place.file).flatMap((folder) => packages?.bytes(`${folder}${tail}`) ?? []);
  if (sizes.length > 0) {
    const bytes = Math.max(...sizes);
    return bytes > kilobytes * 1_000 ? [{ ...base, kind: 'largeFile', data: { what: tail, size: `${Math.round(bytes / 1_000).toLocaleString('en-US')} kB` } }] : [];
  }
  return smallKinds.test(tail) ? [] : [{ ...base, kind: 'unknownFile', data: { what: `'${tail}', which is not in the repository` } }];
}

/** The folder of a file and those above it, each with its slash. */
function above(file: string): readonly string[] {
  const folders: string[] = [''];
  for (let at = file.indexOf('/'); at >= 0 && folders.length < 30; at = file.indexOf('/', at + 1)) folders.unshift(file.slice(0, at + 1));
  return folders;
}

/** The literal end of a path that is put together; `undefined` when its last part is not known. */
function fileName(value: Value): string | undefined {
  switch (value.kind) {
    case 'literal': return typeof value.value === 'string' && value.value !== '' ? value.value : undefined;
    case 'template': return value.parts.length > 0 ? lastName(value.parts) : undefined;
    case 'derived': return value.from.length > 0 ? lastName(value.from) : undefined;
    case 'instance': return value.of.kind === 'external' && value.of.path.at(-1) === 'URL' && value.args[0] ? fileName(value.args[0]) : undefined;
    case 'oneOf': { const names = value.options.map(fileName); return names.every((name) => name !== undefined) ? names[0] : undefined; }
    default: return undefined;
  }
}

function lastName(parts: readonly Value[]): string | undefined {
  const last = parts[parts.length - 1];
  return last ? fileName(last) : undefined;
}

/** Top-level awaits of calls that leave the process and that nothing limits in time. */
function awaits(view: LinkedFunction): readonly SlowInit[] {
  const found: SlowInit[] = [];
  for (const body of view.bodies('init')) {
    if (body.fn.id !== 0 || censusOf(body.fn).waits.length === 0) continue;
    walk(body.fn.body, (item) => {
      if (item.kind !== 'await') return undefined;
      if (runsLocallyOnly(view, body, item) === 'local' || leavesView(view, body, item.of)) return false;
      // That a model is loaded here is a finding of its own.
      if (body.node.externals.some((external) => external.expr.start >= item.start && external.expr.end <= item.end && loadsModel(calleeOf(external)) !== undefined)) return false;
      const asked = asks(view, body.node, item.of);
      if (asked) found.push({ kind: 'network', place: { file: body.file, start: item.start, end: item.end }, path: body.path, data: { what: asked.what }, files: [...new Set([...asked.files, ...filesBehindNames(view, body.file, [item.of])])].filter((file) => file !== body.file), ...(asked.known ? {} : { assumption: `'${asked.what}' asks over the network` }) });
      return false;
    });
  }
  return found;
}

/** In the editor: what is awaited comes from another file, and may do anything. */
function leavesView(view: LinkedFunction, body: LinkedBody, expr: Expr): boolean {
  if (view.project.whole) return false;
  let leaves = false;
  walk([expr], (item) => { if (item.kind === 'ref' && /^(?:\.|\/|#|~|@\/)/.test(view.evaluator.modules.imported(body.file, item.binding)?.source ?? '')) leaves = true; });
  return leaves;
}

interface Asked { readonly what: string; readonly known: boolean; readonly files: readonly string[] }
const MAX_DEPTH = 8;

/** A call to a service among what an expression runs, unless something limits how long it may take. */
function asks(view: LinkedFunction, start: Node, expr: Expr): Asked | undefined {
  const seen = new Set<Node>();
  let result: Asked | undefined;
  let limited = false;
  const visit = (node: Node, roots: readonly Item[], depth: number, files: readonly string[]): void => {
    walk(roots, (item) => {
      if (limited || (item.kind !== 'call' && item.kind !== 'new')) return undefined;
      for (const external of node.externals) {
        if (external.expr !== item) continue;
        const one = networkCall(view, node, external);
        if (one === 'limited') limited = true;
        else if (one && (!result || (one.known && !result.known))) result = { ...one, files };
      }
      for (const edge of edgesOf(view).get(node) ?? []) {
        if (edge.site !== item || depth >= MAX_DEPTH) continue;
        const target = targetOf(view, edge);
        const fn = target && view.evaluator.fact(target.frame.file, target.frame.fn);
        if (!target || !fn || seen.has(target)) continue;
        seen.add(target);
        visit(target, fn.body, depth + 1, [...files, target.frame.file]);
      }
      return undefined;
    });
  };
  visit(start, [expr], 0, []);
  return limited ? undefined : result;
}

function networkCall(view: LinkedFunction, node: Node, external: External): { readonly what: string; readonly known: boolean } | 'limited' | undefined {
  const { expr } = external;
  if (external.callee.kind !== 'external' && !(external.receiver && (external.receiver.kind === 'derived' || external.receiver.kind === 'instance'))) return undefined;
  const callee = calleeOf(external);
  const { module, path, method } = normalName(callee);
  if (module === 'unknown' || module.startsWith('repo:')) return undefined;
  const args = expr.args.map((arg) => view.evaluator.value(arg, node.frame));
  if (endsByDefault(callee)) return undefined;
  if (module === 'global') {
    if (/^(?:Promise\.race|AbortSignal\.timeout|setTimeout)$/.test(path.join('.'))) return 'limited';
    if (path[0] !== 'fetch') return undefined;
  }
  const request = httpRequestOf(callee, args);
  if (request) return request.timeout.kind === 'given' ? 'limited' : { what: request.client, known: true };
  if (staysInProcess(module) || expr.kind === 'new') return undefined;
  if ([...args, ...(callee.receiver ? [callee.receiver] : [])].some(limitsTime)) return 'limited';
  const shown = path.length > 1 ? path.map((part) => part.replace('#', '')).filter((part) => part !== 'promise').join('.') : method === '' ? module : method;
  const known = startsPromise(callee, args, false) !== undefined || (/^@aws-sdk\/|^aws-sdk/.test(module) && (method === 'send' || method === 'promise'));
  if (known) return { what: shown, known };
  // What a call of any other package does is not known: it may read settings, or build an object. Only its name can tell of more.
  return /^(?:@aws-sdk\/|aws-sdk|@azure\/|@google-cloud\/|firebase-admin)/.test(module) || !remoteNames.test(method) || madeNames.test(method) ? undefined : { what: shown, known: false };
}

const remoteNames = /(?:fetch|request|query|connect|download|secret|parameter|token|credential|login|subscribe|publish|remote|http)/i;
/** What gives a function or an object (`httpAzureFunction(handler)`, `requestHandler(app)`) asks nothing. */
const madeNames = /(?:function|handler|middleware|factory|builder|wrapper|decorator)$/i;
const timeNames = /^(?:requestTimeout|connectionTimeout|socketTimeout|timeout|timeoutMs|connectTimeoutMS|serverSelectionTimeoutMS|connectionTimeoutMillis|connectTimeout|abortSignal|signal|requestHandler|httpOptions|retryOptions|deadline)$/;
const limitsTime = (value: Value): boolean => contains(value, (one) => one.kind === 'object' && one.entries.some(([name]) => timeNames.test(name)));

/** JSON modules that are parsed whole at each cold start. */
function largeImports(view: LinkedFunction, kilobytes: number): readonly SlowInit[] {
  const { packages } = view.project;
  const found: SlowInit[] = [];
  for (const file of evaluatedFiles(view)) {
    for (const fact of view.evaluator.modules.facts(file)?.imports ?? []) {
      if (fact.fn !== 0 || fact.form === 'dynamic' || !/\.json$/.test(fact.source) || isErased(view, file, fact)) continue;
      const target = view.evaluator.modules.resolve(file, fact.source);
      const path = 'file' in target ? target.file : pathFrom(file, fact.source);
      const bytes = path === undefined ? undefined : packages?.bytes(path);
      if (bytes === undefined || bytes <= kilobytes * 1_000) continue;
      found.push({ kind: 'json', place: { file, start: fact.start, end: fact.end }, path: [], files: [], data: { what: fact.source, size: `${Math.round(bytes / 1_000).toLocaleString('en-US')} kB` } });
    }
  }
  return found;
}

/** A relative path from a file, where nothing resolves imports (the editor). */
function pathFrom(file: string, source: string): string | undefined {
  if (!source.startsWith('.')) return undefined;
  const parts = file.split('/').slice(0, -1);
  for (const part of source.split('/')) {
    if (part === '..') { if (parts.pop() === undefined) return undefined; } else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
