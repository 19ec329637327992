import { awsOperationsOf } from '../../catalog/effects.ts';
import { property } from '../../catalog/look-up.ts';
import { limitsOf, memoryByDefault } from '../../catalog/limits.ts';
import { bodyMethods, collectsStream, objectMethods, rawMethods, sizeNames, surelySizeNames } from '../../catalog/whole-reads.ts';
import type { Expr, FunctionFact, ModuleFacts } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { ExternalCall, FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { ModuleIndex } from '../module-index.ts';
import { contains, valueKey } from '../values.ts';
import type { Activation, LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { argsOf } from './arguments.ts';
import { runsLocallyOnly } from './local-run.ts';

/** All of an object of a store, taken into memory whatever its size. */
export interface WholeRead {
  readonly place: SourcePlace;
  /** For messages: `an object of S3`. */
  readonly what: string;
  readonly path: readonly FlowStep[];
}

/** Megabytes that a function has, declared or by its platform's default; those of an isolate are fixed. */
export function memoryOf(fn: ServerlessFunction): number | undefined {
  return fn.memoryMb?.value ?? memoryByDefault(fn)?.value ?? (fn.platform === 'cloudflare' ? limitsOf(fn.platform).memoryMaxMb?.value : undefined);
}

/** Something that a store or a server gives, opened and not yet read: the answer, its body, or a handle that knows how to get it. */
interface Opened {
  readonly what: string;
  /** Which one: key, name or address. */
  readonly key: Value | undefined;
}

/** Reads of whole objects on the invocation path that nothing bounds. */
export function wholeReads(of: FunctionView): readonly WholeRead[] {
  const view = of as LinkedFunction;
  const found: WholeRead[] = [];
  const files = new Set<string>();
  for (const call of view.calls('invoke')) for (const path of filledFiles(view, call)) files.add(path);
  for (const call of view.calls('invoke')) {
    if (!mayTake(call)) continue;
    const node = (call.body as LinkedBody).node;
    for (const activation of view.activations(node)) {
      const opened = taken(view, call, activation, files);
      if (!opened || isNamedInCode(opened.key) || isBounded(view, activation, call) || runsLocallyOnly(view, call.body, call.expr) === 'local') continue;
      const { place } = call;
      if (!found.some((one) => one.place.file === place.file && one.place.start === place.start)) found.push({ place, what: opened.what, path: activation.path });
      break;
    }
  }
  return found;
}

const readers = new Set(['promise', 'download', 'downloadToBuffer', 'getBlobToText', ...bodyMethods, ...rawMethods, ...objectMethods]);

/** Whether the name of what is called can take something whole: told before the ways to a call are worked out. */
function mayTake({ expr, callee }: ExternalCall): boolean {
  if (expr.callee.kind === 'member' && typeof expr.callee.property === 'string' && readers.has(expr.callee.property)) return true;
  return callee.module === 'axios' || callee.module.startsWith('aws-sdk') || isConcat(callee) || isFileRead(callee) || collectsStream(callee);
}

const isConcat = ({ module, path }: ExternalCall['callee']): boolean => module === 'global' && path.join('.') === 'Buffer.concat';
const isFileRead = ({ module, path }: ExternalCall['callee']): boolean => /^(?:fs|fs\/promises|fs-extra)$/.test(module) && /^readFile(?:Sync)?$/.test(path.at(-1) ?? '');

/** What a call takes into memory as a whole, on one way to it. */
function taken(view: LinkedFunction, call: ExternalCall, { frame }: Activation, files: ReadonlySet<string>): Opened | undefined {
  const { expr, callee } = call;
  const arg = (index: number): Value | undefined => { const one = expr.args[index]; return one && view.evaluator.value(one, frame); };
  const receiver = expr.callee.kind === 'member' ? view.evaluator.value(expr.callee.object, frame) : undefined;
  const method = expr.callee.kind === 'member' && typeof expr.callee.property === 'string' ? expr.callee.property : '';
  const ways = receiver ? alternatives(receiver) : [];
  const first = <T>(test: (value: Value) => T | undefined): T | undefined => { for (const one of ways) { const answer = test(one); if (answer !== undefined) return answer; } return undefined; };
  if (bodyMethods.has(method)) return first(bodyOf);
  if (method === 'promise') return first((value) => (value.kind === 'derived' && value.what.startsWith('aws-sdk') ? objectOf(value) : undefined));
  if (callee.module.startsWith('aws-sdk') && callee.path.at(-1) === '#getObject' && expr.args.length > 1) return s3Object({ module: callee.module, path: callee.path, ...(callee.receiver ? { receiver: callee.receiver } : {}) }, argsOf(call));
  if (method === 'download' && !has(arg(0), 'destination', 'start', 'end')) return first((value) => cloudFile(value));
  if (method === 'downloadToBuffer') { const sized = arg(0)?.kind === 'literal' && expr.args.length > 1 || expr.args.length > 2; return sized ? undefined : first((value) => blob(value)); }
  if (method === 'getBlobToText' && callee.module === 'azure-storage') return { what: 'a blob', key: arg(1) };
  if (rawMethods.has(method)) { const answer = first(fetched); if (answer) return answer; }
  if (objectMethods.has(method)) {
    const answer = first((value) => r2Object(view, value) ?? responseOver(value));
    if (answer) return answer;
  }
  if (callee.module === 'axios' && (callee.path.at(-1) === 'get' || callee.path.length === 0 || callee.path[0] === 'default')) return downloaded(arg(0), arg(1));
  if (collectsStream(callee) && !has(arg(1), 'limit', 'maxBuffer')) return arg(0) && streamOf(arg(0));
  if (isConcat(callee)) return collectedIn(view, call, frame);
  if (isFileRead(callee)) {
    const path = arg(0);
    return path && files.has(valueKey(path)) ? { what: 'a file that was downloaded', key: undefined } : undefined;
  }
  return undefined;
}

const has = (value: Value | undefined, ...names: readonly string[]): boolean => value !== undefined && (value.kind === 'object' ? value.entries.some(([name]) => names.includes(name)) : value.kind !== 'literal' && value.kind !== 'function' && value.kind !== 'event' && names.includes('destination'));

/** `.Body` of an answer of S3, through what passes it on. */
function bodyOf(value: Value, depth = 0): Opened | undefined {
  if (value.kind !== 'derived' || depth > 6) return undefined;
  if (value.what === '.Body') return objectOf(value.from[0]);
  if (value.what === 'new' || value.what === 'awaited') { const [inner] = value.from; return inner && bodyOf(inner, depth + 1); }
  return undefined;
}

/** The answer to a `GetObject` without a range. */
function objectOf(value: Value | undefined, depth = 0): Opened | undefined {
  if (value === undefined || depth > 6) return undefined;
  if (value.kind === 'oneOf') { for (const one of value.options) { const found = objectOf(one, depth + 1); if (found) return found; } return undefined; }
  if (value.kind !== 'derived') return undefined;
  if (value.what === '#promise') return objectOf(value.from[0], depth + 1);
  const colon = value.what.lastIndexOf(':');
  if (colon < 1) return undefined;
  const [receiver, ...args] = value.from;
  return s3Object({ module: value.what.slice(0, colon), path: value.what.slice(colon + 1).split('.'), ...(receiver ? { receiver } : {}) }, args);
}

function s3Object(callee: Parameters<typeof awsOperationsOf>[0], args: readonly Value[]): Opened | undefined {
  const read = awsOperationsOf(callee, args).find((one) => one.service === 's3' && one.operation === 'GetObject' && one.form === 'call');
  if (!read || (read.params !== undefined && (property(read.params, 'Range') !== undefined || property(read.params, 'PartNumber') !== undefined))) return undefined;
  return { what: 'an object of S3', key: read.params && property(read.params, 'Key') };
}

/** `bucket.file(name)` of Cloud Storage, also through Firebase. */
function cloudFile(value: Value): Opened | undefined {
  if (value.kind !== 'derived' || !/(?:^#|[.#])file$/.test(value.what)) return undefined;
  return contains(value, (one) => (one.kind === 'external' && storagePackage.test(one.module)) || (one.kind === 'derived' && storagePackage.test(one.what.split(':')[0] ?? ''))) ? { what: 'an object of Cloud Storage', key: value.from[1] } : undefined;
}
const storagePackage = /^(?:@google-cloud\/storage|firebase-admin(?:\/storage)?)$/;

function blob(value: Value): Opened | undefined {
  if (value.kind !== 'derived' || !/get(?:Block|Append|Page)?BlobClient$/.test(value.what)) return undefined;
  return { what: 'a blob', key: value.from[1] };
}

const fetchers = /^(?:global:fetch|node-fetch:|undici:fetch|cross-fetch:|isomorphic-fetch:)/;
function fetched(value: Value): Opened | undefined {
  return value.kind === 'derived' && fetchers.test(value.what) ? { what: 'what another server sends', key: value.from.find((one) => one.kind !== 'external') } : undefined;
}

/** `axios.get(url, { responseType: 'arraybuffer' })` and `axios({ url, responseType })`. */
function downloaded(url: Value | undefined, options: Value | undefined): Opened | undefined {
  const config = options ?? url;
  const type = config?.kind === 'object' ? property(config, 'responseType') : undefined;
  if (!config || has(config, 'maxContentLength') || type?.kind !== 'literal' || !/^(?:arraybuffer|blob)$/.test(String(type.value))) return undefined;
  return { what: 'what another server sends', key: options ? url : property(config, 'url') };
}

/** `env.BUCKET.get(key)` of a Worker. */
function r2Object(view: LinkedFunction, value: Value): Opened | undefined {
  if (value.kind !== 'derived' || value.what !== '#get' || has(value.from[2], 'range')) return undefined;
  const [bucket, key] = value.from;
  if (bucket?.kind !== 'resource') return undefined;
  const declared = view.project.resources.get(`${bucket.unit}#${bucket.id}`);
  return declared?.kind === 'bucket' ? { what: 'an object of R2', key } : undefined;
}

/** `new Response(stream)`. */
function responseOver(value: Value): Opened | undefined {
  return value.kind === 'instance' && value.of.kind === 'external' && value.of.module === 'global' && value.of.path[0] === 'Response' && value.args[0] ? streamOf(value.args[0]) : undefined;
}

/** A stream of a whole object. */
function streamOf(value: Value | undefined): Opened | undefined {
  for (const one of value ? alternatives(value) : []) {
    const found = bodyOf(one) ?? stream(one);
    if (found) return found;
  }
  return undefined;
}

function stream(value: Value): Opened | undefined {
  if (value.kind !== 'derived') return undefined;
  const [from, first] = value.from;
  if (!from) return undefined;
  // In SDK v2 and Cloud Storage a stream is asked for by name.
  if (/createReadStream$/.test(value.what)) return has(first, 'start', 'end') ? undefined : objectOf(from) ?? cloudFile(from);
  if (/\.(?:readableStreamBody|body)$/.test(value.what)) return fetched(from) ?? (from.kind === 'derived' && from.what === '#download' && from.from[0] ? blob(from.from[0]) : undefined);
  return undefined;
}

/** `Buffer.concat(parts)` beside the loop or listener that fills the parts from a stream. */
function collectedIn(view: LinkedFunction, call: ExternalCall, frame: Activation['frame']): Opened | undefined {
  let found: Opened | undefined;
  // The end of the stream is often a callback of its own: look where the parts live as well.
  let fn = view.evaluator.fact(frame.file, frame.fn);
  for (let at: typeof frame | undefined = frame, depth = 0; at && fn && !found && depth < 3; depth++) {
    const here: typeof frame = at;
    walk(fn.body, (item) => {
      if (found) return false;
      if (item.kind === 'loop' && (item.form === 'of' || item.form === 'awaitOf') && item.iterable) found = streamOf(view.evaluator.value(item.iterable, here));
      if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'on' && item.args[0] && isText(view.evaluator.value(item.args[0], here), 'data')) found = streamOf(view.evaluator.value(item.callee.object, here));
      return undefined;
    });
    at = here.parent;
    fn = at && view.evaluator.fact(at.file, at.fn);
  }
  return found;
}

const isText = (value: Value, text: string): boolean => value.kind === 'literal' && value.value === text;

/** Paths of files that a call fills from a store or a server. */
function filledFiles(view: LinkedFunction, call: ExternalCall): readonly string[] {
  const method = call.expr.callee.kind === 'member' && typeof call.expr.callee.property === 'string' ? call.expr.callee.property : call.callee.path.at(-1) ?? '';
  const key = (value: Value | undefined): readonly string[] => (value && value.kind !== 'unknown' ? [valueKey(value)] : []);
  if (method === 'download') return key(property(call.arg(0), 'destination'));
  if (method === 'downloadToFile') return key(call.arg(0));
  if (method === 'pipe' || method === 'pipeline') return argsOf(call).flatMap((arg) => (arg.kind === 'derived' && /createWriteStream$/.test(arg.what) ? arg.from.filter((one) => one.kind !== 'external').slice(0, 1).flatMap(key) : []));
  return [];
}

/** Made of what stands in code and configuration alone: a file that the team itself put there. */
function isNamedInCode(key: Value | undefined): boolean {
  return key !== undefined && !contains(key, (one) => one.kind !== 'literal' && one.kind !== 'env' && one.kind !== 'template' && one.kind !== 'resource' && one.kind !== 'oneOf');
}

/** Whether a function on the way looks at how large it is, before or while it reads. */
function isBounded(view: LinkedFunction, activation: Activation, call: ExternalCall): boolean {
  for (const { frame } of [...activation.callers, { frame: activation.frame }]) {
    const fn = view.evaluator.fact(frame.file, frame.fn);
    const facts = view.evaluator.modules.facts(frame.file);
    if (!fn || !facts) continue;
    const index = view.evaluator.modules.index(frame.file);
    for (const inner of facts.functions) if (inner.start >= fn.start && inner.end <= fn.end && comparesSize({ facts, index }, inner)) return true;
  }
  return has(call.arg(0), 'maxContentLength');
}

/** A file, with what its names stand for. */
interface Names { readonly facts: ModuleFacts; readonly index: ModuleIndex | undefined }

const comparisons = new Set(['<', '<=', '>', '>=']);
const checked = new WeakMap<FunctionFact, boolean>();

function comparesSize(names: Names, fn: FunctionFact): boolean {
  let found = checked.get(fn);
  if (found === undefined) {
    found = false;
    walk(fn.body, (item) => {
      if (item.kind === 'binary' && comparisons.has(item.op) && (mentions(names, item.left, sizeNames) || mentions(names, item.right, sizeNames) || [item.left, item.right].some((side) => addsUp(names, side)))) found = true;
      // Handed to whoever decides.
      if (item.kind === 'call' && item.args.some((arg) => mentions(names, arg, surelySizeNames)) && !isLogger(item.callee)) found = true;
      return !found;
    });
    checked.set(fn, found);
  }
  return found;
}

const isLogger = (callee: Expr): boolean => callee.kind === 'member' && callee.object.kind === 'global' && callee.object.name === 'console';

/** Whether an expression reads a size: by what is read, else by the name of a variable. */
function mentions(names: Names, expr: Item, sizes: RegExp, depth = 0): boolean {
  let found = false;
  walk([expr], (item) => {
    if (item.kind === 'member' && typeof item.property === 'string' && sizes.test(item.property)) found = true;
    if (item.kind === 'ref' && (sizes.test(names.facts.bindings[item.binding]?.name ?? '') || isSizeByOrigin(names, item.binding, sizes, depth))) found = true;
    if (item.kind === 'literal' && item.value === 'content-length') found = true;
    return !found;
  });
  return found;
}

/** `const { ContentLength: length } = …`, `const length = Number(answer.headers.get('content-length'))`, `const header = 'content-length'`. */
function isSizeByOrigin(names: Names, binding: number, sizes: RegExp, depth: number): boolean {
  return depth < 3 && (names.index?.definitions.get(binding) ?? []).some(({ form, path, expr }) => {
    if (form !== 'init') return false;
    if (path.length > 0) return sizes.test(path.at(-1) ?? '');
    return expr !== undefined && isReadOff(expr) && mentions(names, expr, sizes, depth + 1);
  });
}

/** A value as it was read: converted to a number or given a default at most. */
function isReadOff(expr: Expr): boolean {
  switch (expr.kind) {
    case 'literal': case 'ref': case 'member': return true;
    case 'unary': return isReadOff(expr.of);
    case 'logical': return isReadOff(expr.left) && isReadOff(expr.right);
    case 'call': return (expr.callee.kind === 'global' && /^(?:Number|parseInt|parseFloat)$/.test(expr.callee.name) && expr.args.every(isReadOff)) || (expr.callee.kind === 'member' && expr.callee.property === 'get' && expr.args.length === 1);
    default: return false;
  }
}

/** `total += part.length`. */
function addsUp({ index }: Names, side: Expr): boolean {
  return side.kind === 'ref' && (index?.definitions.get(side.binding) ?? []).some(({ op, path, expr }) => op === '+=' && path.length === 0 && expr?.kind === 'member' && /^(?:length|byteLength|size)$/.test(String(expr.property)));
}
