import { awsOperationsOf } from '../../catalog/effects.ts';
import { property, textOf } from '../../catalog/look-up.ts';
import type { Expr } from '../../model/facts.ts';
import type { Body, FunctionView } from '../../model/project.ts';
import { alternatives, type DerivedValue, type Value } from '../../model/value.ts';
import { censusOf } from '../census.ts';
import type { Frame } from '../frame.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { workIn } from './calls-in.ts';
import { givenFor, ownerOf, type Written } from './list-size.ts';
import { loopsOf, roundOf } from './loops.ts';

/** Something whose size is somebody else's, as a whole. */
export interface Whole {
  /** `object`: of a store. `file`: of the disk. `pages`: everything that a store has, page after page. */
  readonly kind: 'object' | 'file' | 'pages';
  /** For messages: `an object of S3`. */
  readonly what: string;
  /** It was read as structured data, which is small more often than not. */
  readonly parsed: boolean;
  /** A file that is named: its path as written. */
  readonly path?: string;
}

/** Methods and functions that give back all of what they are given. */
const keepsAll = /^(?:#(?:toString|transformToString|transformToByteArray|transformToWebStream|promise|buffer|arrayBuffer|text|json|trim|concat|then|read|readAll|digestStream)|\.(?:Body|body|data|buffer|_data|0)|\+=|element|new|awaited)$/;
const passesOn = /^(?:global:(?:JSON\.stringify|JSON\.parse|Buffer\.from|Buffer\.concat|btoa|atob|String|encodeURIComponent|Array\.from|Uint8Array|Blob)|buffer:Buffer\.(?:from|concat)|(?:@smithy|@aws-sdk)\/.*|get-stream.*|stream-to-.*|raw-body.*|node:stream\/consumers:.*|stream\/consumers:.*)$/;

/** Whether a value is all of an object or a file, as it is or in another writing; what lies under the names of `without` was taken out. */
export function wholeIn(value: Value, without: ReadonlySet<string> = new Set(), depth = 0): Whole | undefined {
  if (depth > 12) return undefined;
  const any = (list: readonly Value[]): Whole | undefined => {
    for (const one of list) {
      const found = wholeIn(one, without, depth + 1);
      if (found) return found;
    }
    return undefined;
  };
  switch (value.kind) {
    case 'oneOf': return any(value.options);
    case 'template': return any(value.parts);
    case 'object': return any(value.entries.flatMap(([key, item]) => (without.has(key) ? [] : [item])));
    case 'array': return any(value.items);
    case 'derived': {
      const source = sourceOf(value);
      if (source) return source;
      if (!keepsAll.test(value.what) && !passesOn.test(value.what)) return undefined;
      const inner = any(value.what.startsWith('#') || value.what.startsWith('.') ? value.from.slice(0, 1) : value.from);
      return inner && /JSON\.parse$|#json$/.test(value.what) ? { ...inner, parsed: true } : inner;
    }
    default: return undefined;
  }
}

/** `.Body` of what `GetObject` gives, `download()` of a file in a bucket, `readFile`. */
function sourceOf(value: DerivedValue): Whole | undefined {
  if (value.what === '.Body') {
    const read = getObject(value.from[0], 0);
    return read ? { kind: 'object', what: 'an object of S3', parsed: false } : undefined;
  }
  const colon = value.what.lastIndexOf(':');
  const module = colon > 0 ? value.what.slice(0, colon) : '';
  const method = value.what.slice(colon + 1).split('.').at(-1)?.replace('#', '') ?? '';
  if (/^(?:fs|fs\/promises|fs-extra|graceful-fs)$/.test(module) && /^(?:readFile|readFileSync|readJson|readJSON|readJsonSync|readJSONSync)$/.test(method)) {
    const path = textOf(value.from.find((one) => one.kind === 'literal' || one.kind === 'template'));
    return { kind: 'file', what: 'a file', parsed: /json/i.test(method), ...(path === undefined ? {} : { path }) };
  }
  if (method === 'download' && (module === '' || /^(?:@google-cloud\/storage|firebase-admin(?:\/storage)?)$/.test(module)) && value.from[0] && isBucketFile(value.from[0], 0)) return { kind: 'object', what: 'an object of Cloud Storage', parsed: false };
  if (method === 'downloadToBuffer') return { kind: 'object', what: 'a blob', parsed: false };
  return undefined;
}

/** Whether a value is the answer to a `GetObject` of the whole object. */
function getObject(value: Value | undefined, depth: number): boolean {
  if (value === undefined || depth > 4) return false;
  if (value.kind === 'oneOf') return value.options.some((one) => getObject(one, depth + 1));
  if (value.kind !== 'derived') return false;
  if (value.what === '#promise') return getObject(value.from[0], depth + 1);
  const colon = value.what.lastIndexOf(':');
  if (colon < 1) return false;
  const [receiver, ...args] = value.from;
  const operations = awsOperationsOf({ module: value.what.slice(0, colon), path: value.what.slice(colon + 1).split('.'), ...(receiver ? { receiver } : {}) }, args);
  return operations.some((one) => one.service === 's3' && one.operation === 'GetObject' && one.form === 'call' && (one.params === undefined || property(one.params, 'Range') === undefined));
}

function isBucketFile(value: Value, depth: number): boolean {
  if (depth > 4) return false;
  if (value.kind === 'instance') return value.of.kind === 'external' && /storage/.test(value.of.module);
  return value.kind === 'derived' && (/(?:^|[#.:])file$/.test(value.what) || (value.from[0] !== undefined && isBucketFile(value.from[0], depth + 1)));
}

/** Everything that a store has: a list that is filled page after page, and what is made of it. */
export function pagesIn(of: FunctionView, { expr, frame }: Written, depth = 0): boolean {
  const view = of as LinkedFunction;
  if (depth > 8) return false;
  const inner = (one: Expr): boolean => pagesIn(view, { expr: one, frame }, depth + 1);
  switch (expr.kind) {
    case 'await': case 'spread': return inner(expr.of);
    case 'object': return expr.properties.some((one) => inner(one.value));
    case 'array': return expr.items.some((one) => one !== null && inner(one));
    case 'template': return expr.parts.some(inner);
    case 'call': {
      const { callee } = expr;
      const value = view.evaluator.value(callee, frame);
      if (value.kind === 'external' && value.module === 'global' && /^(?:JSON\.stringify|Buffer\.from|String|Promise\.all)$/.test(value.path.join('.'))) return expr.args.some(inner);
      if (callee.kind === 'member' && /^(?:map|sort|reverse|toString|concat|flat)$/.test(String(callee.property))) return inner(callee.object);
      return alternatives(value).some((one) => {
        if (one.kind !== 'function') return false;
        const entered = view.evaluator.enter(one, expr.args.map((arg) => ({ expr: arg, frame })), `${frame.file}:${expr.start}`, frame);
        return (view.evaluator.modules.index(one.file)?.returns[one.fn] ?? []).some((result) => pagesIn(view, { expr: result, frame: entered }, depth + 1));
      });
    }
    case 'ref': {
      const facts = view.evaluator.modules.facts(frame.file);
      const fact = facts?.bindings[expr.binding];
      const owner = fact && ownerOf(frame, fact.fn);
      if (!fact || !owner) return false;
      if (fact.kind === 'param') {
        const argument = givenFor(view, expr.binding, frame);
        return argument !== undefined && pagesIn(view, argument, depth + 1);
      }
      if (isFilledByPages(view, expr.binding, owner)) return true;
      const [only, more] = view.evaluator.modules.index(frame.file)?.definitions.get(expr.binding) ?? [];
      return only?.expr !== undefined && !more && only.form === 'init' && only.path.length === 0 && pagesIn(view, { expr: only.expr, frame: owner }, depth + 1);
    }
    default: return false;
  }
}

function isFilledByPages(view: LinkedFunction, binding: number, frame: Frame): boolean {
  const fn = view.evaluator.fact(frame.file, frame.fn);
  if (!fn || loopsOf(fn).every((loop) => loop.form === 'of' || loop.form === 'in')) return false;
  const node = view.reach().nodes.find((one) => one.frame.file === frame.file && one.frame.fn === frame.fn);
  if (!node) return false;
  const isIt = (item: Item): boolean => item.kind === 'ref' && item.binding === binding;
  const isBound = (side: Expr): boolean => side.kind === 'member' && side.property === 'length' && isIt(side.object);
  if (censusOf(fn).binaries.some(({ left, right }) => isBound(left) || isBound(right))) return false;
  return loopsOf(fn).some((loop) => {
    if (loop.form === 'of' || loop.form === 'in' || (loop.test && isFalse(view, loop.test, frame))) return false;
    let fills = false;
    walk(loop.body, (item) => {
      if (item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'push' && isIt(item.callee.object)) fills = true;
      if (item.kind === 'assign' && isIt(item.target) && item.value.kind === 'call' && item.value.callee.kind === 'member' && item.value.callee.property === 'concat') fills = true;
      if (item.kind === 'assign' && isIt(item.target) && item.value.kind === 'array' && item.value.items.some((one) => one?.kind === 'spread' && isIt(one.of))) fills = true;
    });
    return fills && workIn(view, node, roundOf(loop)).asksPage;
  });
}

/** `lastKey && !onePage`, where what the function is given says that it does not hold: the loop ends after one round. */
function isFalse(view: LinkedFunction, test: Expr, frame: Frame): boolean {
  if (test.kind === 'logical') return test.op === '&&' && (isFalse(view, test.left, frame) || isFalse(view, test.right, frame));
  const [of, wanted] = test.kind === 'unary' && test.op === '!' ? [test.of, true] : [test, false];
  const value = view.evaluator.value(of, frame);
  return value.kind === 'literal' && typeof value.value === 'boolean' && value.value === wanted;
}

const sizes = /^(?:length|byteLength|size|Size|ContentLength|contentLength|bytes)$/;

/** Whether a function that the way leads through compares a size or cuts a part out: somebody takes care. */
export function mindsSize(bodies: readonly Body[]): boolean {
  let found = false;
  const isSize = (one: Item): boolean => (one.kind === 'member' && typeof one.property === 'string' && sizes.test(one.property)) || (one.kind === 'call' && one.callee.kind === 'member' && one.callee.property === 'byteLength');
  for (const body of bodies) {
    walk(body.fn.body, (item) => {
      if (item.kind === 'binary' && /^[<>]=?$/.test(item.op) && [item.left, item.right].some((side) => isSize(side) || isNamedSize(body, side))) found = true;
      if (item.kind === 'call' && item.callee.kind === 'member' && /^(?:slice|substring|substr|truncate)$/.test(String(item.callee.property))) found = true;
    });
  }
  return found;
}

/** `contentLength > limit` of a name of its own. */
function isNamedSize(body: Body, side: Item): boolean {
  return side.kind === 'ref' && /size|bytes|length/i.test(body.facts.bindings[side.binding]?.name ?? '');
}
