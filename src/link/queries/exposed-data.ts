import { normalName } from '../../catalog/look-up.ts';
import type { Effect } from '../../catalog/effects.ts';
import type { Binding } from '../../model/function.ts';
import type { Body, Callee, FunctionView } from '../../model/project.ts';
import { handlerOf } from './handler-of.ts';
import type { LinkedFunction } from '../view.ts';
import { valueKey } from '../values.ts';
import { walk } from '../walk.ts';
import { isCacheFill } from './cache-fills.ts';
import { effects, type ReachedEffect } from './effects.ts';
import { mayLieElsewhere } from './elsewhere.ts';
import { storageUse } from './object-data.ts';
import { sqlReadOf } from './sql-statements.ts';

/** What a function does that whoever may call it should be asked for. */
export interface ExposedData {
  /** `reads`, `writes`, `deletes`, `sends to`, `starts`, … */
  readonly verb: string;
  /** What it is done to, for people: `the table (dynamodb PutItem)`. */
  readonly what: string;
}

const verbs: Readonly<Record<Effect['kind'], string>> = {
  invoke: 'invokes', publish: 'sends to', write: 'writes', read: 'reads', delete: 'deletes from', start: 'starts', request: 'asks', send: 'sends to', charge: 'charges', subscribe: 'subscribes to',
};

/** What a reader should hear of first: each of these is one digit in the order. */
const gravest: readonly Effect['kind'][] = ['charge', 'delete', 'write', 'start', 'invoke', 'publish', 'send', 'subscribe', 'request', 'read'];

/** Services that hold settings and secrets of the application itself, and ones that only compute or count. */
const ownMatters: ReadonlySet<string> = new Set([
  'ssm', 'secretsmanager', 'appconfig', 'cloudwatch', 'logs', 'http', 'rekognition', 'textract', 'transcribe', 'aws', 'gcp', 'apigateway-management',
]);
const changes: ReadonlySet<Effect['kind']> = new Set(['write', 'delete', 'publish', 'start', 'invoke', 'send', 'charge']);

/** Bindings of Azure Functions that hold data, by direction. */
const noData = /^(?:http|httpTrigger|signalR\w*|webPubSub\w*|assistant\w*|embeddings?\w*|textCompletion\w*|durableClient|orchestrationClient)$/i;

/** The gravest thing that a function does to data: changes before reads; `undefined` where it does nothing of the kind. */
export function exposedDataOf(view: FunctionView): ExposedData | undefined {
  const bindings = (view.fn.bindings ?? []).filter((binding) => !noData.test(binding.type));
  const all = effects(view).filter((item) => !item.effect.wraps && isData(item.effect) && !asksServer(item.effect) && isForCallers(view, item));
  // A copy of what is fetched anyway, and the look at it, are what the fetched data is.
  const copies = new Set(all.flatMap((item) => (isCacheFill(view, item) ? [copyKey(item.effect)] : [])));
  const reached = copies.size === 0 ? all : all.filter(({ effect }) => !((effect.kind === 'write' || effect.kind === 'read') && copies.has(copyKey(effect))));
  const every = reached.map(({ effect }) => effect);
  // What a package beside it does on the way, such as forgetting a key of its own, is not what the function is there for.
  const own = new Set(reached.flatMap(({ effect, place }) => (isOfPackage(view, place.file) ? [effect] : [])));
  const objects = objectsOf(view, every);
  const data = objects.known ? every.filter((effect) => effect.service !== 'durable-object') : every;
  const changing = data.filter((effect) => changes.has(effect.kind));
  const change = first(changing.filter((effect) => own.has(effect))) ?? first(changing);
  if (change) return said(change);
  if (objects.data?.verb === verbs.write) return objects.data;
  if (view.calls('invoke').some(({ callee }) => writesFile(callee))) return { verb: 'writes', what: 'a file' };
  const out = bindings.find((binding) => binding.direction !== 'in' || binding.changes === true);
  if (out) return bound(out, 'writes');
  const read = first(data.filter((effect) => !servesFiles(effect)));
  if (read) return said(read);
  if (objects.data) return objects.data;
  // What an input of a type that is not known brings may be a setting or who calls.
  const input = bindings.find((binding) => binding.direction === 'in' && binding.kind !== 'bucket' && binding.kind !== 'other');
  if (input) return bound(input, 'reads');
  // Inputs of a registration that is known by its code alone.
  return view.fn.platform === 'azure' && view.bodies('invoke').some((body) => usesInputs(view, body)) ? { verb: 'reads', what: 'an input binding' } : undefined;
}

/** Whether the handler of requests leads to an effect: what only a schedule or a queue runs beside it is done for nobody who calls. */
function isForCallers(view: FunctionView, item: ReachedEffect): boolean {
  const web = view.fn.handlers.filter((handler) => /(?:^|\.)(?:fetch|onRequest\w*)$/.test(handler.export)).map((handler) => handler.export);
  if (web.length === 0 || web.length === view.fn.handlers.length) return true;
  return [item, ...(item.others ?? [])].some((one) => { const from = handlerOf(view, one); return from === undefined || web.includes(from); });
}

/**
 * What the Durable Objects of the same deployment do with data, for a Worker that hands requests to them: an object is a function of its own,
 * and one that keeps nothing gives nothing away.
 *
 * @returns `known` where every class that may be meant is in view
 */
function objectsOf(view: FunctionView, all: readonly Effect[]): { readonly known: boolean; readonly data?: ExposedData } {
  if (view.fn.platform !== 'cloudflare' || !(all.some((effect) => effect.service === 'durable-object') || view.calls('invoke').some(({ callee }) => routesToObjects(callee)))) return { known: false };
  const objects = view.project.functions.filter((other) => other.fn.unit === view.fn.unit && other.fn.generation === 'durableObject');
  if (objects.length === 0) return { known: false };
  const found = objects.map((other): { readonly isSeen: boolean; readonly data?: ExposedData } => {
    const isSeen = other.bodies().length > 0 && !mayLieElsewhere(other);
    const use = storageUse(other);
    const data = use ? { verb: use === 'writes' ? verbs.write : verbs.read, what: `the storage of a Durable Object (${other.fn.name})` } : exposedDataOf(other);
    other.release();
    return { isSeen, ...(data ? { data } : {}) };
  });
  const data = found.find((one) => one.data?.verb === verbs.write)?.data ?? found.find((one) => one.data)?.data;
  return { known: found.every((one) => one.isSeen), ...(data ? { data } : {}) };
}

/** Hands a request to the Durable Object that its path names: partyserver 0.1, agents 0.2 (November 2026). */
const routesToObjects = ({ module, path }: Callee): boolean => (module === 'partyserver' && path.at(-1) === 'routePartykitRequest') || (module === 'agents' && /^(?:routeAgentRequest|routeAgentEmail|getAgentByName)$/.test(path.at(-1) ?? ''));

const copyKey = ({ service, key }: Effect): string => (key ? `${service} ${valueKey(key)}` : '');

/** Whether a file belongs to the package of the handler. */
function isOfPackage(view: FunctionView, file: string): boolean {
  const { modules } = (view as LinkedFunction).evaluator;
  const home = view.fn.handlers[0]?.file;
  return home === undefined || modules.packageOf(home) === modules.packageOf(file);
}

/** The gravest kind, then the first by name: the order of the code says nothing of what counts most. */
function first(effects: readonly Effect[]): Effect | undefined {
  const key = (effect: Effect): string => `${gravest.indexOf(effect.kind)} ${effect.service} ${effect.detail}`;
  return effects.reduce<Effect | undefined>((best, effect) => (best === undefined || key(effect) < key(best) ? effect : best), undefined);
}

/** `context.extraInputs.get(rows)` of an input that holds data; one of a kind that is named (`input.generic({ type })`) may only compute. */
function usesInputs(view: FunctionView, body: Body): boolean {
  let found = false;
  walk(body.fn.body, (item, ancestors) => {
    if (item.kind !== 'member' || item.property !== 'extraInputs') return;
    const [outer, call] = [ancestors.at(-1), ancestors.at(-2)];
    const asked = outer?.kind === 'member' && outer.object === item && call?.kind === 'call' && call.callee === outer ? call.args[0] : undefined;
    const made = asked ? view.value(asked, body) : undefined;
    const type = made?.kind === 'derived' ? made.from.flatMap((part) => (part.kind === 'object' ? part.entries : [])).find(([name]) => name === 'type')?.[1] : undefined;
    found ||= !(type?.kind === 'literal' && noData.test(String(type.value)));
  });
  return found;
}

/** What a caller sends ends up on the disk. */
function writesFile(callee: Callee): boolean {
  const { module, method } = normalName(callee);
  return /^(?:fs|fs\/promises|fs-extra|graceful-fs)$/.test(module) && /^(?:createWriteStream|writeFile|writeFileSync|appendFile|appendFileSync|outputFile)$/.test(method);
}

function isData(effect: Effect): boolean {
  if (effect.kind === 'request' || effect.kind === 'subscribe') return false;
  // Metrics and images of a Worker are no data; what is linked to one is.
  if (effect.service === 'cloudflare') return effect.resourceKind !== 'other' && effect.resourceKind !== 'binding';
  if (effect.service === 'ssm' || effect.service === 'secretsmanager') return changes.has(effect.kind);
  return !ownMatters.has(effect.service);
}

const objectStores: ReadonlySet<string> = new Set(['s3', 'r2', 'gcs', 'azure-blob']);

/**
 * What a store of files is read for is what a web server is there for as often as not: pictures, downloads, pages. An address that is signed
 * to read a file says that the file is not for everybody.
 */
const servesFiles = ({ kind, service, deferred }: Effect): boolean => kind === 'read' && objectStores.has(service) && !deferred;

/** A statement that asks for no table gives nothing away. */
const asksServer = (effect: Effect): boolean => sqlReadOf(effect) === 'server';

const said = (effect: Effect): ExposedData => ({ verb: verbs[effect.kind], what: `${effect.service} (${effect.detail})` });
const bound = (binding: Binding, verb: string): ExposedData => ({ verb, what: `${binding.type} (binding)` });
