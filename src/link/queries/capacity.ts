import { answerChannel, batchCallOf, batchMethodOf, channelOf, longestSignedSeconds, numbersOf, shortestKvSeconds, type BatchCall, type Channel } from '../../catalog/capacities.ts';
import { awsOperationsOf, mayAct } from '../../catalog/effects.ts';
import { property } from '../../catalog/look-up.ts';
import type { Expr } from '../../model/facts.ts';
import type { Body, ExternalCall, FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { Activation, LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { argsOf } from './arguments.ts';
import { conditionsAlong } from './conditions.ts';
import { effects, type ReachedEffect } from './effects.ts';
import { argumentAt, listSize, type Written } from './list-size.ts';
import { numberAt } from './numbers.ts';
import { answersOf } from './returned.ts';
import type { Overrun } from './setting-limits.ts';
import { mindsSize, pagesIn, wholeIn, type Whole } from './whole-payload.ts';

const aws = /^(?:@aws-sdk\/|aws-sdk)/;

/** Calls with a list of entries that is longer, or may be longer, than the call takes. */
export function* overfullBatches(of: FunctionView): Iterable<Overrun> {
  const view = of as LinkedFunction;
  const seen = new Set<string>();
  for (const [call, batch] of batchCalls(view)) {
    for (const activation of view.activations((call.body as LinkedBody).node)) {
      const { frame, path } = activation;
      const list = listOf(view, call, frame, batch);
      const names = new Set<string>();
      const found = list && listSize(view, list, names);
      if (!found || (found.kind !== 'unbounded' && found.count <= batch.most) || isRefusedBefore(view, activation, call, names, batch.most)) continue;
      const key = `${call.place.file}:${call.place.start}`;
      if (seen.has(key)) break;
      seen.add(key);
      const data = { operation: batch.operation, most: batch.most };
      if (found.kind === 'unbounded') yield { message: 'unbounded', at: call.place, key, flow: path, data: { ...data, why: found.why } };
      else yield { message: found.kind === 'records' ? 'records' : 'batch', at: call.place, key, flow: path, data: { ...data, count: found.count } };
    }
  }
}

/** `if (users.length >= 25) throw …` on the way to a call, of a list under one of its names. */
function isRefusedBefore(view: LinkedFunction, activation: Activation, call: ExternalCall, names: ReadonlySet<string>, most: number): boolean {
  return conditionsAlong(view, activation, call.expr).some(({ test, outcome, frame }) => {
    if (test.kind !== 'binary' || outcome === 'case') return false;
    const isLength = (side: Expr): boolean => side.kind === 'member' && side.property === 'length' && side.object.kind === 'ref' && names.has(`${frame.file}#${side.object.binding}`);
    const [op, number] = isLength(test.left) ? [test.op, test.right] : isLength(test.right) ? [turned.get(test.op) ?? '', test.left] : ['', undefined];
    const limit = number && numberAt(view.evaluator, number, frame);
    if (limit === undefined) return false;
    // What holds of the length where the call is reached.
    const held = outcome ? op : opposite.get(op);
    return (held === '<' && limit - 1 <= most) || (held === '<=' && limit <= most) || (/^===?$/.test(held ?? '') && limit <= most);
  });
}

const turned: ReadonlyMap<string, string> = new Map([['<', '>'], ['<=', '>='], ['>', '<'], ['>=', '<='], ['===', '==='], ['==', '==']]);
const opposite: ReadonlyMap<string, string> = new Map([['<', '>='], ['<=', '>'], ['>', '<='], ['>=', '<'], ['!==', '==='], ['!=', '==']]);

function* batchCalls(view: LinkedFunction): Iterable<readonly [ExternalCall, BatchCall]> {
  const others = new Map(effects(view).flatMap((one) => { const batch = one.call && batchMethodOf(one.effect); return one.call && batch ? [[one.call, batch] as const] : []; }));
  for (const call of view.calls('invoke')) {
    const other = others.get(call);
    if (other) yield [call, other];
    if (!mayAct(call.callee) || !aws.test(call.callee.module)) continue;
    for (const { service, operation, form } of awsOperationsOf(call.callee, argsOf(call))) {
      const batch = form === 'call' ? batchCallOf(service, operation) : undefined;
      if (batch) yield [call, batch];
    }
  }
}

function listOf(view: LinkedFunction, call: ExternalCall, frame: Written['frame'], { list }: BatchCall): Written | undefined {
  const [first] = call.expr.args;
  if (list.length === 0) return first && { expr: first, frame };
  return argumentAt(view, { expr: call.expr, frame }, list);
}

/** Numbers that a call refuses. */
export function* wrongNumbers(view: FunctionView): Iterable<Overrun> {
  for (const call of view.calls('invoke')) {
    if (mayAct(call.callee) && aws.test(call.callee.module)) {
      const args = argsOf(call);
      for (const { service, operation, params, form } of awsOperationsOf(call.callee, args)) {
        for (const { parameter, least, most } of form === 'call' ? numbersOf(service, operation) : []) yield* outside(call, operation, parameter, property(params, parameter), least, most);
        if (service === 's3' && form === 'presigned') {
          yield* outside(call, 'a signed URL', 'expiresIn', args.map((arg) => property(arg, 'expiresIn')).find((one) => one?.kind === 'literal'), 1, longestSignedSeconds);
          yield* outside(call, 'a signed URL', 'Expires', property(params, 'Expires'), 1, longestSignedSeconds);
        }
      }
    }
  }
  for (const { effect, call } of effects(view)) {
    if (!call || effect.service !== 'kv' || effect.kind !== 'write') continue;
    yield* outside(call, 'a key of KV', 'expirationTtl', property(call.arg(2), 'expirationTtl'), shortestKvSeconds, Number.MAX_SAFE_INTEGER);
  }
}

function* outside(call: ExternalCall, operation: string, parameter: string, value: Value | undefined, least: number, most: number): Iterable<Overrun> {
  if (value?.kind !== 'literal' || typeof value.value !== 'number' || (value.value >= least && value.value <= most)) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  yield { message: 'number', at: call.place, key: `${call.place.file}:${call.place.start}:${parameter}`, flow: call.path, data: { parameter, value: value.value, operation, range } };
}

/** Messages and items that hold something as a whole whose size nothing bounds. */
export function* cappedMessages(of: FunctionView): Iterable<Overrun> {
  const view = of as LinkedFunction;
  const seen = new Set<string>();
  for (const one of effects(view)) {
    const channel = one.effect.payload && channelOf(one.effect);
    if (!channel || !one.effect.payload || !one.call) continue;
    const bodies = bodiesOf(view, one);
    const whole = wholeIn(one.effect.payload) && wholeIn(one.effect.payload, deletedKeys(bodies, one.call.expr));
    const frame = one.occurrence?.activation.frame;
    const report: Judgement | undefined = whole ? judged(view, whole, channel, bodies) : frame && one.call.expr.args.some((expr) => holdsPages(view, { expr, frame })) && !mindsSize(bodies) ? { message: 'pages', data: dataOf(channel) } : undefined;
    const key = `${one.place.file}:${one.place.start}`;
    if (!report || seen.has(key)) continue;
    seen.add(key);
    yield { ...report, at: one.place, key, flow: one.path };
  }
}

/** Names of properties that the code on the way takes out of an object before a call: `delete report.attachment`. */
function deletedKeys(bodies: readonly Body[], call: Expr): ReadonlySet<string> {
  const own = bodies.at(-1);
  const keys = new Set<string>();
  for (const body of bodies) {
    walk(body.fn.body, (item) => {
      if (item.kind !== 'unary' || item.op !== 'delete' || item.of.kind !== 'member' || typeof item.of.property !== 'string') return;
      if (body !== own || item.start < call.start) keys.add(item.of.property);
    });
  }
  return keys;
}

/** The parameters of a call that may hold a payload: of commands what they are made of. */
function holdsPages(view: LinkedFunction, { expr, frame }: Written): boolean {
  if (expr.kind === 'new') return expr.args.some((arg) => holdsPages(view, { expr: arg, frame }));
  return pagesIn(view, { expr, frame });
}

/** Answers that hold something as a whole whose size nothing bounds. */
export function* cappedAnswers(of: FunctionView): Iterable<Overrun> {
  const view = of as LinkedFunction;
  const { fn } = view;
  const channels = fn.triggers.flatMap((trigger) => answerChannel(fn, trigger) ?? []);
  const [channel] = [...channels].sort((a, b) => a.bytes.value - b.bytes.value);
  if (!channel || streams(view)) return;
  const seen = new Set<string>();
  for (const { body, value, expr, at } of answersOf(view)) {
    const content = value.kind === 'object' && value.entries.some(([key]) => /^(?:statusCode|status|headers)$/.test(key)) ? value.entries.findLast(([key]) => key === 'body' || key === 'jsonBody')?.[1] : value;
    const whole = content && wholeIn(content);
    const report: Judgement | undefined = whole ? (whole.kind !== 'file' && comparesWithLimit(view) ? undefined : judged(view, whole, channel, [body])) : pagesIn(view, { expr, frame: body.node.frame }) && !mindsSize([body]) ? { message: 'pages', data: dataOf(channel) } : undefined;
    const key = `${body.file}:${at.start}`;
    if (!report || seen.has(key)) continue;
    seen.add(key);
    yield { ...report, at: { file: body.file, start: at.start, end: at.end }, key, flow: body.path };
  }
}

/** `if (text.length > this.PAYLOAD_LIMIT) throw …`, wherever the answer is made: somebody takes care of its size. */
function comparesWithLimit(view: LinkedFunction): boolean {
  const nameOf = (body: Body, item: Item): string => (item.kind === 'member' ? String(item.property) : item.kind === 'ref' ? body.facts.bindings[item.binding]?.name ?? '' : '');
  return view.bodies('invoke').some((body) => {
    let found = false;
    walk(body.fn.body, (item) => {
      if (item.kind !== 'binary' || !/^[<>]=?$/.test(item.op)) return;
      const [left, right] = [nameOf(body, item.left), nameOf(body, item.right)];
      found ||= [[left, right], [right, left]].some(([size = '', limit = '']) => /^(?:length|byteLength|size)$/.test(size) && /(?:payload|response|body|size|byte|file|image)\w{0,30}(?:limit|max)|(?:limit|max)\w{0,30}(?:payload|response|body|size|byte|file|image)/i.test(limit));
    });
    return found;
  });
}

const streams = (view: FunctionView): boolean => view.calls('init').some(({ callee }) => callee.path.at(-1)?.replace('#', '') === 'streamifyResponse');

const dataOf = (channel: Channel): { readonly channel: string; readonly most: string } => ({ channel: channel.what, most: shown(channel.bytes.value) });

type Judgement = Pick<Overrun, 'message' | 'data' | 'severity' | 'evidence'>;

function judged(view: FunctionView, whole: Whole, channel: Channel, bodies: readonly Body[]): Judgement | undefined {
  const data = dataOf(channel);
  const file = whole.kind === 'file' ? fileOf(view, whole, bodies) : undefined;
  if (file) {
    // Written as Base64 or JSON it grows further: the sum is the least that it can be.
    return file.bytes > channel.bytes.value ? { message: 'tooBig', data: { ...data, what: file.name, bytes: file.bytes }, evidence: [file.name] } : undefined;
  }
  if (whole.kind === 'file' || mindsSize(bodies)) return undefined;
  // A configuration or a record in JSON is far below the megabytes of a response.
  return { message: 'whole', data: { ...data, what: capital(whole.what) }, ...(whole.parsed && channel.bytes.value > 1024 * 1024 ? { severity: 'info' as const } : {}) };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The file of the repository that a path of the code names. */
function fileOf(view: FunctionView, { path }: Whole, bodies: readonly Body[]): { readonly name: string; readonly bytes: number } | undefined {
  const { packages } = view.project;
  if (path === undefined || !packages || path.startsWith('/')) return undefined;
  const plain = path.replace(/^\.\//, '');
  const folders = [...new Set(bodies.flatMap(({ file }) => { const parts = file.split('/').slice(0, -1); return parts.map((_, index) => parts.slice(0, parts.length - index).join('/')).concat(''); }))];
  for (const folder of folders) {
    const name = folder === '' ? plain : `${folder}/${plain}`;
    const bytes = packages.bytes(name);
    if (bytes !== undefined) return { name, bytes };
  }
  return undefined;
}

/** Bytes as people read them. */
function shown(bytes: number): string {
  if (bytes % (1024 * 1024) === 0 || bytes === 4.5 * 1024 * 1024) return `${bytes / (1024 * 1024)} MB`;
  if (bytes % 1_000_000 === 0) return `${bytes / 1_000_000} MB`;
  return bytes % 1024 === 0 ? `${bytes / 1024} KB` : `${Math.round(bytes / 1000)} KB`;
}

/** The bodies on the way to an effect, the one that it stands in last. */
function bodiesOf(view: LinkedFunction, { body, occurrence }: ReachedEffect): readonly Body[] {
  const files = new Set((occurrence?.activation.callers ?? []).map((step) => `${step.frame.file}#${step.frame.fn}`));
  return [...view.bodies('invoke').filter((one) => files.has(`${one.file}#${one.fn.id}`)), body];
}
