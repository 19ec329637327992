import { valueChain } from '../catalog/effect-chain.ts';
import type { PublishedValue, Resource, ServerlessFunction } from '../model/function.ts';
import type { ProjectView } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { isOfStack, nameOf } from './physical-names.ts';
import { template, valueKey } from './values.ts';

/**
 * What a value names among the things that the infrastructure declares.
 *
 * `resource`, `function`: declared in the project (`id` is `unit#logicalId`). `name`: a definite name, ARN or address that no
 * unit declares; equal keys are the same thing. `event`: the event decides. `unknown`: with the reason that is counted.
 */
export type Resolution =
  | { readonly kind: 'resource'; readonly id: string; readonly resource?: Resource }
  | { readonly kind: 'function'; readonly id: string; readonly fn: ServerlessFunction }
  | { readonly kind: 'name'; readonly key: string; readonly name: Value }
  | { readonly kind: 'event'; readonly value: Value }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What is asked: kinds of declared things that the value may name, and the unit that it is written in. */
export interface Wanted {
  /** Kinds of resources, and `function`. Empty: any. */
  readonly kinds: ReadonlySet<string>;
  readonly unit: string;
}

const MAX_HOPS = 6;
/** Platforms whose environment belongs to the application, not to one function (their documentation on settings and environment variables, November 2026). */
const applicationSettings: ReadonlySet<string> = new Set(['azure', 'vercel', 'netlify', 'firebase', 'cloudflare']);

/**
 * The declared things of a project by their names. Names join across units only when exactly one unit declares them; logical
 * ids never join; what one unit publishes (exports, parameters, stack outputs) another one may read.
 */
export class ResourceIndex {
  private readonly resources: ReadonlyMap<string, Resource>;
  private readonly functions = new Map<string, ServerlessFunction>();
  private readonly byName = new Map<string, { readonly id: string; readonly unit: string; readonly kind: string }[]>();
  /** Names with the framework's own stage where nobody gives one. */
  private readonly byDefaultName = new Map<string, { readonly id: string; readonly unit: string; readonly kind: string }[]>();
  private readonly published = new Map<string, PublishedValue[]>();
  /** Queues of Cloudflare that a Worker consumes, by name. */
  private readonly queueConsumers = new Map<string, Set<string>>();
  private readonly sharesSettings = new Set<string>();

  constructor(resources: Iterable<Resource>, functions: Iterable<ServerlessFunction>, published: Iterable<PublishedValue>) {
    const all = [...resources];
    this.resources = new Map(all.map((resource) => [resource.id, resource]));
    for (const resource of all) {
      this.declare(resource.physicalName, resource);
      if (resource.kind !== 'parameter' || !resource.physicalName) continue;
      const value = resource.properties.kind === 'object' ? resource.properties.entries.findLast(([name]) => name === 'Value' || name === 'value')?.[1] : undefined;
      if (value) this.publish({ scope: 'parameter', name: resource.physicalName, value, unit: resource.unit, location: resource.location });
    }
    for (const fn of functions) {
      this.functions.set(fn.id, fn);
      if (applicationSettings.has(fn.platform)) this.sharesSettings.add(fn.unit);
      for (const { kind, resource } of fn.platform === 'cloudflare' ? fn.triggers : []) {
        const queue = kind === 'queue' && resource?.kind === 'resource' ? this.resources.get(`${resource.unit}#${resource.id}`) : undefined;
        if (queue?.physicalName?.kind !== 'literal') continue;
        const name = String(queue.physicalName.value);
        this.queueConsumers.set(name, (this.queueConsumers.get(name) ?? new Set<string>()).add(queue.id));
      }
      this.declare(fn.physicalName, { id: fn.id, unit: fn.unit, kind: 'function' });
    }
    for (const item of published) this.publish(item);
  }

  private declare(physicalName: Value | undefined, item: { readonly id: string; readonly unit: string; readonly kind: string }): void {
    const name = physicalName && nameOf(physicalName);
    if (!name) return;
    const key = valueKey(name);
    this.byName.set(key, [...(this.byName.get(key) ?? []), { id: item.id, unit: item.unit, kind: item.kind }]);
    const usual = inDefaultStage(name);
    if (!usual) return;
    const other = valueKey(usual);
    this.byDefaultName.set(other, [...(this.byDefaultName.get(other) ?? []), { id: item.id, unit: item.unit, kind: item.kind }]);
  }

  private publish(item: PublishedValue): void {
    const key = `${item.scope}\0${valueKey(item.name)}`;
    const known = this.published.get(key) ?? [];
    if (!known.some((other) => other.unit === item.unit && valueKey(other.value) === valueKey(item.value))) this.published.set(key, [...known, item]);
  }

  /** What one value names; of a `oneOf` ask for each option. */
  resolve(value: Value, wanted: Wanted): Resolution {
    return this.at(value, wanted, 0);
  }

  private at(value: Value, wanted: Wanted, hops: number): Resolution {
    if (hops > MAX_HOPS) return { kind: 'unknown', reason: 'published values lead in a circle' };
    switch (value.kind) {
      case 'resource': return this.declared(`${value.unit}#${value.id}`, wanted, hops);
      case 'event': return { kind: 'event', value };
      case 'literal': case 'template': return this.named(value, wanted, hops);
      case 'env': return this.variable(value, wanted.unit);
      // What the platform says of this invocation: path parameters, the caller. Its own name is asked for before.
      case 'context': return { kind: 'event', value };
      case 'param': return { kind: 'unknown', reason: 'parameter of a helper without a known caller' };
      case 'derived': return this.derived(value, wanted, hops);
      case 'instance': {
        const [first] = value.args;
        // `new URL(address)`
        return first && value.of.kind === 'external' && /^(?:URL|Request)$/.test(value.of.path.at(-1) ?? '') ? this.at(first, wanted, hops + 1) : { kind: 'unknown', reason: 'an object' };
      }
      case 'unknown': return { kind: 'unknown', reason: value.reason };
      case 'oneOf': return { kind: 'unknown', reason: 'one of several' };
      case 'external': return this.linked(value, wanted, hops);
      default: return { kind: 'unknown', reason: `a ${value.kind}` };
    }
  }

  /**
   * A variable that has no value here. Parameters of a unit, and settings that all functions of an application share, name one
   * thing in that unit; a variable of the environment of one function alone names nothing.
   */
  private variable(value: Value & { kind: 'env' }, unit: string): Resolution {
    const shared = /[:.@]/.test(value.name) || (this.sharesSettings.has(unit) && !/^(?:NODE_ENV|PORT|TZ|PATH)$/.test(value.name));
    return shared ? { kind: 'name', key: `setting:${unit}:${value.name}`, name: value } : { kind: 'unknown', reason: 'environment variable not declared' };
  }

  /** `Resource.Name.attribute` of SST 3, `Queue.name.queueUrl` of SST 2 (`sst/node/queue`): what the application of the function declares under that name. */
  private linked(value: Value & { kind: 'external' }, wanted: Wanted, hops: number): Resolution {
    const [root, name] = value.path;
    if (name !== undefined && ((value.module === 'sst' && root === 'Resource') || /^sst\/node\/(?!config|auth)[\w-]+$/.test(value.module))) {
      const id = `${wanted.unit}#${name}`;
      const own = this.resources.get(id);
      // `new sst.Linkable('Name', { properties: { url } })` hands on what it is given.
      const given = own?.type === 'sst.Linkable' ? entryAt(entryAt(own.properties, 'properties'), value.path[2]) : undefined;
      if (given) return this.at(given, wanted, hops + 1);
      return this.resources.has(id) || this.functions.has(id) ? this.declared(id, wanted, hops) : { kind: 'name', key: `sst:${id}`, name: { kind: 'literal', value: name } };
    }
    return { kind: 'unknown', reason: value.module === 'global' ? 'a name that is not declared' : 'constant of a package' };
  }

  /** A reference: to a function, through an alias or version to a function, or to a resource. */
  private declared(id: string, wanted: Wanted, hops: number): Resolution {
    const fn = this.functions.get(id);
    if (fn) return { kind: 'function', id, fn };
    const resource = this.resources.get(id);
    if (resource && /^AWS::Lambda::(?:Alias|Version|Url)$|^aws_lambda_alias$/.test(resource.type) && resource.properties.kind === 'object') {
      const target = resource.properties.entries.findLast(([name]) => name === 'FunctionName' || name === 'TargetFunctionArn' || name === 'function_name')?.[1];
      const found = target && this.at(target, { ...wanted, kinds: new Set(['function']) }, hops + 1);
      if (found?.kind === 'function') return found;
    }
    // A binding to another worker names that worker, with its entry point behind a `#`.
    if (resource?.type === 'Cloudflare::Service' && resource.physicalName?.kind === 'literal') {
      const found = this.at({ kind: 'literal', value: String(resource.physicalName.value).split('#')[0] }, { ...wanted, kinds: new Set(['function']) }, hops + 1);
      if (found.kind === 'function') return found;
    }
    const shared = resource && this.queueOf(resource);
    if (shared) return { kind: 'resource', id: shared.id, resource: shared };
    return { kind: 'resource', id, ...(resource ? { resource } : {}) };
  }

  /**
   * Queues of Cloudflare are names in the account, and each has one consumer (Cloudflare Queues documentation, "How Queues
   * works", November 2026): where exactly one Worker of the project consumes a name, producers elsewhere send to that queue.
   */
  private queueOf(resource: Resource): Resource | undefined {
    const name = resource.type === 'Cloudflare::Queue' && resource.physicalName?.kind === 'literal' ? String(resource.physicalName.value) : undefined;
    const consumers = name === undefined ? undefined : this.queueConsumers.get(name);
    const [only] = consumers ?? [];
    return consumers?.size === 1 && only !== undefined ? this.resources.get(only) : undefined;
  }

  private named(value: Value, wanted: Wanted, hops: number): Resolution {
    // An address of a declared thing (`https://${Api}.execute-api…`) names that thing.
    if (wanted.kinds.has('url') || wanted.kinds.has('api')) {
      const part = value.kind === 'template' ? value.parts.find((item) => item.kind === 'resource') : undefined;
      if (part) return this.at(part, wanted, hops + 1);
      if (value.kind === 'template' && value.parts[0] && value.parts[0].kind !== 'literal') {
        const base = this.at(value.parts[0], wanted, hops + 1);
        if (base.kind !== 'name') return base;
        if (value.parts[0].kind === 'env') return { ...base, key: `url:${base.key}`, name: value };
      }
      const variable = hostVariable(value);
      if (variable) {
        const found = this.variable(variable, wanted.unit);
        return found.kind === 'name' ? { ...found, key: `url:${found.key}`, name: value } : found;
      }
      const host = addressKey(value);
      return host === undefined ? { kind: 'unknown', reason: reasonIn(value) } : { kind: 'name', key: `url:${host}`, name: value };
    }
    const name = nameOf(wanted.kinds.has('function') ? unqualified(value) : value);
    if (!name) return { kind: 'unknown', reason: value.kind === 'literal' ? 'empty name' : reasonIn(value) };
    if (name.kind === 'resource') return this.at(name, wanted, hops + 1);
    const key = valueKey(name);
    // `orders-dev-bill` in the code is `orders-${stage}-bill` of a declaration that gives no stage.
    const written = this.byName.get(key) ?? (name.kind === 'literal' ? this.byDefaultName.get(key) : undefined) ?? [];
    const found = written.filter((item) => wanted.kinds.size === 0 || wanted.kinds.has(item.kind));
    const own = found.find((item) => item.unit === wanted.unit);
    const units = new Set(found.map((item) => item.unit));
    const [only] = found;
    if (own) return this.declared(own.id, wanted, hops + 1);
    if (isOfStack(name)) return { kind: 'name', key: `name:${wanted.unit}:${key}`, name };
    if (only && units.size === 1) return this.declared(only.id, wanted, hops + 1);
    if (units.size > 1) return { kind: 'unknown', reason: 'declared by several units' };
    return { kind: 'name', key: `name:${key}`, name };
  }

  private derived(value: Value & { kind: 'derived' }, wanted: Wanted, hops: number): Resolution {
    const scope = scopes.get(value.what);
    const [name] = value.from;
    if (scope && name) return this.read(scope, name, wanted, hops);
    // `client.queuePath(project, location, queue)`: the last argument is the name.
    const path = /[#.](?:queue|topic|subscription|function|cloudFunction)Path$/i.test(value.what) ? value.from.at(-1) : undefined;
    if (path) return this.at(path, wanted, hops + 1);
    const looked = lookedUp(value);
    if (looked?.as === 'parameter' || looked?.as === 'secret') return this.read(looked.as, looked.name, wanted, hops);
    if (looked) return this.at(looked.name, wanted, hops + 1);
    if (isOfEvent(value)) return { kind: 'event', value };
    // `url.trim()`, `name.toLowerCase()` and other text work on one known thing.
    if (!value.io && /^#(?:trim|replace|toLowerCase|split|slice|substring)$|^element$|^environment$|^\.(?:href|origin)$/.test(value.what) && name && name.kind !== 'literal') {
      const inner = this.at(name, wanted, hops + 1);
      if (inner.kind !== 'name' && inner.kind !== 'unknown') return inner;
      return { kind: 'unknown', reason: inner.kind === 'unknown' ? inner.reason : 'computed from a name' };
    }
    return { kind: 'unknown', reason: reasonOf(value) };
  }

  /** A value that some unit publishes. Two units that publish different values under one name are no answer. */
  private read(scope: PublishedValue['scope'], name: Value, wanted: Wanted, hops: number): Resolution {
    if (name.kind === 'event') return { kind: 'event', value: name };
    const found = this.published.get(`${scope}\0${valueKey(name)}`) ?? [];
    const item = found.find((one) => one.unit === wanted.unit) ?? (found.length === 1 ? found[0] : undefined);
    if (item) return this.at(item.value, { ...wanted, unit: item.unit }, hops + 1);
    if (found.length > 1) return { kind: 'unknown', reason: 'published by several units' };
    // Nobody publishes it here: wherever it is read under that name, it is the same thing.
    const known = nameOf(name);
    return known ? { kind: 'name', key: `${scope}:${valueKey(known)}`, name: known } : { kind: 'unknown', reason: `${scope} whose name is not known` };
  }
}

/** A name in the stage `dev`, which the Serverless Framework deploys to when nobody says another one (guide, "Variables", `sls:stage`, November 2026). */
function inDefaultStage(name: Value): Value | undefined {
  if (name.kind !== 'template' || !name.parts.some((part) => part.kind === 'env' && part.name === 'sls:stage')) return undefined;
  return template(name.parts.map((part): Value => (part.kind === 'env' && part.name === 'sls:stage' ? { kind: 'literal', value: 'dev' } : part)));
}

/** `name:live`, `…:function:name:3`: a version or alias of a function is that function (Lambda API reference, FunctionName, November 2026). */
function unqualified(value: Value): Value {
  if (value.kind !== 'literal' || typeof value.value !== 'string') return value;
  const [, name] = /^((?:arn:[^:]*:lambda:[^:]*:[^:]*:function:)?[\w-]{1,140}):[\w$-]{1,128}$/.exec(value.value) ?? [];
  return name === undefined || name === 'arn' ? value : { kind: 'literal', value: name };
}

const scopes: ReadonlyMap<string, PublishedValue['scope']> = new Map([
  ['import', 'import'], ['stackOutput', 'stackOutput'], ['parameter', 'parameter'], ['secret', 'secret'], ['terraformOutput', 'terraformOutput'],
]);

/** A value that code asked a service for by name: a parameter, a secret, the address of a queue. */
function lookedUp(value: Value): { readonly as: 'parameter' | 'secret' | 'thing'; readonly name: Value } | undefined {
  const chain = valueChain(value);
  for (const link of chain?.links ?? []) {
    const [first] = link.args ?? [];
    if (!first) continue;
    const command = first.kind === 'instance' && first.of.kind === 'external' && link.name === 'send' ? first.of.path.at(-1)?.replace(/Command$/, '') : link.name.charAt(0).toUpperCase() + link.name.slice(1);
    const row = lookUps.get(command ?? '');
    if (!row) continue;
    const params = first.kind === 'instance' ? first.args[0] : first;
    const name = params?.kind === 'object' ? params.entries.findLast(([key]) => key === row[1])?.[1] : params;
    if (name && name.kind !== 'unknown') return { as: row[0], name };
  }
  return undefined;
}

/** Operations that give what a name stands for (API references of SSM, Secrets Manager, SQS, SNS; Powertools parameters; November 2026). */
const lookUps: ReadonlyMap<string, readonly ['parameter' | 'secret' | 'thing', string]> = new Map([
  ['GetParameter', ['parameter', 'Name']], ['GetSecretValue', ['secret', 'SecretId']], ['GetSecret', ['secret', 'SecretId']],
  ['GetQueueUrl', ['thing', 'QueueName']], ['CreateQueue', ['thing', 'QueueName']], ['CreateTopic', ['thing', 'Name']],
]);

/** The variable that holds the host: `https://${VERCEL_URL}/api`. */
function hostVariable(value: Value): (Value & { kind: 'env' }) | undefined {
  const [first, second] = value.kind === 'template' ? value.parts : [];
  return first?.kind === 'literal' && /^(?:https?:)?\/\/$/i.test(String(first.value)) && second?.kind === 'env' ? second : undefined;
}

/** Host and known path of an address; `undefined` when its host is not known. */
function addressKey(value: Value): string | undefined {
  const text = value.kind === 'literal' ? String(value.value) : value.kind === 'template' && value.parts[0]?.kind === 'literal' ? String(value.parts[0].value) : '';
  const host = /^\s*(?:https?:)?\/\/([^/?#]+)/i.exec(text)?.[1];
  if (host === undefined) return value.kind === 'literal' && /^[\w.-]+\.[a-z]{2,}(?:\/|$)/i.test(text) ? text.split('/')[0] : /^\/[\w-]/.test(text) ? text : undefined;
  // A head that ends inside the host names no host; behind a colon stands the port.
  return value.kind === 'template' && text.endsWith(host) && !/\.[a-z]{2,}$|:$/i.test(host) ? undefined : host;
}

/** Anything in it that the event gives. */
function isOfEvent(value: Value, depth = 0): boolean {
  if (depth > 8) return false;
  switch (value.kind) {
    case 'event': case 'context': return true;
    case 'derived': return value.from.some((item) => isOfEvent(item, depth + 1));
    case 'template': return value.parts.some((item) => isOfEvent(item, depth + 1));
    case 'oneOf': return value.options.some((item) => isOfEvent(item, depth + 1));
    // `new URL(event.ResponseURL)`
    case 'instance': return value.of.kind === 'external' && /^(?:URL|Request)$/.test(value.of.path.at(-1) ?? '') && value.args.some((item) => isOfEvent(item, depth + 1));
    default: return false;
  }
}

function reasonIn(value: Value): string {
  if (value.kind !== 'template') return reasonOf(value);
  const part = value.parts.find((item) => item.kind !== 'literal' && item.kind !== 'resource' && item.kind !== 'env') ?? value.parts.find((item) => item.kind === 'env');
  return part ? reasonOf(part) : 'text without a name';
}

/** Why a value names nothing, in the words that gaps are counted by. */
export function reasonOf(value: Value): string {
  if (isOfEvent(value)) return 'event data';
  switch (value.kind) {
    case 'env': return 'environment variable not declared';
    case 'param': return 'parameter of a helper without a known caller';
    case 'unknown': return value.reason;
    case 'derived': {
      let root: Value = value;
      for (let step = 0; step < 12 && root.kind === 'derived' && /^[.#]|^element$|^call$|^property$/.test(root.what) && root.from[0]; step++) root = root.from[0];
      return root.kind === 'derived' ? (root.io ? `result of ${root.what}` : `computed (${root.what})`) : reasonOf(root);
    }
    case 'external': return value.module === 'global' ? 'a global object' : `object of ${value.module}`;
    case 'literal': return 'empty name';
    default: return `a value that is no name (${value.kind})`;
  }
}

function entryAt(value: Value | undefined, name: string | undefined): Value | undefined {
  return value?.kind === 'object' && name !== undefined ? value.entries.findLast(([key]) => key === name)?.[1] : undefined;
}

const indexes = new WeakMap<object, ResourceIndex>();

/** The index of a project, made once. */
export function resourceIndex(project: ProjectView): ResourceIndex {
  let index = indexes.get(project);
  if (!index) {
    index = new ResourceIndex(project.resources.values(), project.infrastructure.functions, project.infrastructure.published ?? []);
    indexes.set(project, index);
  }
  return index;
}
