import type { Packaging, RouteAuth, ServerlessFunction, Trigger, TriggerFilter, TriggerKind } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import type { DocNode } from './document-node.ts';
import { plainValue } from './document-value.ts';
import type { Manifest, Manifests, Part, WhiskPackage } from './openwhisk-manifest.ts';
import { actionSource } from './openwhisk-source.ts';
import type { ReadContext } from './reader.ts';
import { folderOf } from './source-path-names.ts';

const runtimes = /^(?:nodejs|node|blackbox-nodejs)\b/i;

/** What a deployment file beside the manifest adds to a package (wskdeploy documentation, "Deployment file"): parameters and annotations. */
function deploymentOf(context: ReadContext, unit: string, name: string): DocNode | undefined {
  for (const file of ['deployment.yaml', 'deployment.yml']) {
    const path = folderOf(unit) === '' ? file : `${folderOf(unit)}/${file}`;
    const root = context.workspace.has(path) ? context.document(path, { version: '1.2' })?.roots[0] : undefined;
    const found = root?.at('project', 'packages', name) ?? root?.at('packages', name);
    if (found === undefined) continue;
    context.used(path);
    return found;
  }
  return undefined;
}

/** Reads one package: its actions with what invokes them, its sequences, triggers and rules. */
export function readPackage(context: ReadContext, unit: string, manifests: Manifests, manifest: Manifest, pack: WhiskPackage): void {
  const qualified = (name: string): string => (pack.name === 'default' || name.includes('/') ? name.replace(/^\/[^/]+\//, '') : `${pack.name}/${name}`);
  const reference = (type: string, name: string): Value => ({ kind: 'resource', unit, id: `${type}:${qualified(name)}`, attribute: 'Name' });
  // Triggers belong to the namespace, whatever package a manifest lists them under (OpenWhisk wskdeploy, "Triggers", November 2026).
  const declare = (type: string, name: string, kind: 'other' | 'schedule' | 'stateMachine', part: Part): void => {
    context.addResource({ id: `${unit}#${type}:${qualified(name)}`, unit, logicalId: `${type}:${qualified(name)}`, kind, type: `OpenWhisk::${type}`, physicalName: literal(type === 'Trigger' ? name : qualified(name)), location: part.node.location, properties: plainValue(part.node) });
  };
  const invokers = new Invokers(manifests, pack, reference, deploymentOf(context, unit, pack.name));
  const triggers = manifests.child(pack.part, 'triggers');
  const described = new Map(manifests.entries(triggers));
  // `name:` alone declares a trigger without a feed.
  for (const [name, part] of triggers?.node.kind === 'map' ? [...triggers.node.entries].map(([key, node]) => [key, described.get(key) ?? { node, file: triggers.file }] as const) : []) declare('Trigger', name, triggerForm(part.node).kind === 'schedule' ? 'schedule' : 'other', part);
  for (const [name, part] of manifests.entries(manifests.child(pack.part, 'sequences'))) {
    declare('Sequence', name, 'stateMachine', part);
    for (const step of stepsOf(part.node)) context.addLink({ kind: 'task', from: reference('Sequence', name), to: reference('Action', step), filters: [], location: part.node.location });
  }
  const shared = [...(pack.part.node.get('inputs')?.entries.keys() ?? [])];
  for (const [name, part] of manifests.entries(manifests.child(pack.part, 'actions'))) {
    const fn = action(context, unit, manifest, qualified(name), part, invokers.of(name, part.node, qualified(name)), shared);
    if (fn === undefined) continue;
    declare('Action', name, 'other', part);
    context.addFunction(fn);
  }
}

function action(context: ReadContext, unit: string, manifest: Manifest, name: string, part: Part, triggers: readonly Trigger[], shared: readonly string[]): ServerlessFunction | undefined {
  const { node, file } = part;
  const runtime = node.get('runtime');
  const kind = runtime?.text();
  if ((kind !== undefined && !runtimes.test(kind)) || node.get('docker') !== undefined || node.get('native')?.boolean() === true) return undefined;
  const limits = node.get('limits');
  const timeout = limits?.get('timeout');
  const memory = limits?.get('memorySize');
  const concurrency = limits?.get('concurrency')?.number();
  const main = node.get('main')?.text() ?? 'main';
  const bound = [...new Set([...shared, ...(node.get('inputs')?.entries.keys() ?? [])])];
  const base = {
    id: `${unit}#${name}`, name, unit, platform: 'openwhisk' as const, triggers, declaredAt: [(node.get('function') ?? node).location], foundBy: 'infrastructure' as const, physicalName: literal(name), environment: new Map<string, Value>(), layers: [], mounts: [], destinations: [],
    ...(kind === undefined || runtime === undefined ? {} : { runtime: { value: kind, location: runtime.location } }),
    ...located('timeoutSeconds', timeout, 1_000), ...located('memoryMb', memory, 1), ...(concurrency === undefined ? {} : { concurrencyPerInstance: concurrency }),
    ...(bound.length === 0 ? {} : { boundParameters: bound }),
  };
  const code = node.get('code')?.text();
  const path = node.get('function')?.text() ?? node.get('location')?.text();
  if (path === undefined) {
    if (code === undefined) {
      context.gap({ kind: 'handler', file, line: node.line, message: `${name}: the action names no function` });
      return undefined;
    }
    return { ...base, handlers: [], packaging: packaging('inline', { inlineCode: code }) };
  }
  if (/^[a-z]+:\/\//i.test(path) || path.includes('$')) {
    context.gap({ kind: 'handler', file, line: node.line, message: `${name}: function ${path.slice(0, 200)} is not a path in the repository` });
    return undefined;
  }
  const source = actionSource(context, folderOf(file), path, manifest.actionsFolder, kind !== undefined);
  if (source === 'other') return undefined;
  if ('gap' in source) {
    context.gap({ kind: 'handler', file, line: node.get('function')?.line ?? node.line, message: `${name}: ${source.gap}` });
    return { ...base, handlers: [] };
  }
  const application = /(?:app|ext)\.config\.ya?ml$/.test(unit);
  return { ...base, handlers: [{ file: source.file, export: main, kind: 'handler' }], packaging: packaging(application ? 'bundled' : 'unknown', application ? { tool: 'webpack' } : {}) };
}

function packaging(form: Packaging['form'], parts: Partial<Packaging>): Packaging {
  return { form, tool: 'wskdeploy', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs', ...parts };
}

function located<K extends 'timeoutSeconds' | 'memoryMb'>(key: K, node: DocNode | undefined, divisor: number): { readonly [P in K]?: Located<number> } {
  const value = node?.number();
  return node === undefined || value === undefined ? {} : ({ [key]: { value: value / divisor, location: node.location } } as { readonly [P in K]?: Located<number> });
}

function stepsOf(node: DocNode): readonly string[] {
  const actions = node.get('actions');
  const list = actions?.kind === 'list' ? actions.items.map((item) => item.text() ?? '') : (actions?.text() ?? '').split(',');
  return list.map((step) => step.trim()).filter((step) => step !== '');
}

/** Kind and schedule of a trigger by its feed (openwhisk-package-alarms, -cloudant, -kafka; read 2026-11). */
function triggerForm(node: DocNode, inputs = node.get('inputs')): { readonly kind: TriggerKind; readonly source: string; readonly schedule?: Value } {
  const feed = node.get('feed')?.text() ?? node.get('source')?.text() ?? '';
  if (/\balarms?\b/.test(feed)) return { kind: 'schedule', source: feed, schedule: scheduleOf(inputs) };
  if (/cloudant|couchdb/i.test(feed)) return { kind: 'document', source: feed };
  if (/kafka|messag|event-?hub/i.test(feed)) return { kind: 'stream', source: feed };
  if (/cos|object-?storage|s3/i.test(feed)) return { kind: 'bucket', source: feed };
  return { kind: 'custom', source: feed === '' ? 'trigger' : feed };
}

function scheduleOf(inputs: DocNode | undefined): Value {
  const cron = inputs?.get('cron')?.text() ?? inputs?.at('cron', 'value')?.text();
  if (cron !== undefined) return cron.includes('$') ? unknown('a variable of the deployment') : literal(cron);
  const minutes = inputs?.get('minutes')?.number() ?? inputs?.at('minutes', 'value')?.number();
  if (minutes !== undefined) return literal(`rate(${minutes} minute${minutes === 1 ? '' : 's'})`);
  return inputs?.get('date') === undefined ? unknown('the feed has no schedule') : plainValue(inputs);
}

/** What invokes the actions of a package. */
class Invokers {
  readonly #manifests: Manifests;
  readonly #pack: WhiskPackage;
  readonly #reference: (type: string, name: string) => Value;
  readonly #deployment: DocNode | undefined;

  constructor(manifests: Manifests, pack: WhiskPackage, reference: (type: string, name: string) => Value, deployment: DocNode | undefined) {
    this.#deployment = deployment;
    this.#manifests = manifests;
    this.#pack = pack;
    this.#reference = reference;
  }

  #section(key: string): readonly (readonly [string, Part])[] {
    return this.#manifests.entries(this.#manifests.child(this.#pack.part, key));
  }

  of(name: string, node: DocNode, path: string): readonly Trigger[] {
    const found: Trigger[] = [...webTriggers(node, path, this.#deployment?.at('actions', name, 'annotations')), ...this.#rules(name), ...this.#apis(name)];
    for (const [sequence, part] of this.#section('sequences')) {
      const steps = stepsOf(part.node).map((step) => this.#local(step));
      if (!steps.includes(name)) continue;
      const first = steps[0] === name;
      if (first) found.push(...webTriggers(part.node, path.replace(/[^/]*$/, sequence)), ...this.#rules(sequence), ...this.#apis(sequence));
      found.push({ kind: 'invoke', source: 'sequence', filters: [], resource: this.#reference('Sequence', sequence), location: part.node.keyLocation('actions') });
    }
    // Without any of these it is called by name, with the credentials of the namespace.
    return found.length > 0 ? found : [{ kind: 'invoke', source: 'action', filters: [], location: node.location }];
  }

  #local(step: string): string {
    return step.startsWith(`${this.#pack.name}/`) ? step.slice(this.#pack.name.length + 1) : step.replace(/^\/_\/(?:[^/]+\/)?/, '');
  }

  #rules(name: string): readonly Trigger[] {
    const triggers = this.#section('triggers');
    return this.#section('rules').flatMap(([, { node }]): Trigger[] => {
      const trigger = node.get('trigger')?.text();
      if (trigger === undefined || this.#local(node.get('action')?.text() ?? '') !== name) return [];
      const declared = triggers.find(([one]) => one === trigger)?.[1].node;
      const { kind, source, schedule } = declared === undefined ? { kind: 'custom' as const, source: 'trigger', schedule: undefined } : triggerForm(declared, this.#deployment?.at('triggers', trigger, 'inputs'));
      return [{ kind, source, filters: [], resource: this.#reference('Trigger', trigger), location: node.location, ...(schedule === undefined ? {} : { schedule }) }];
    });
  }

  /** `apis: { name: { base: { path: { action: method } } } }`. */
  #apis(name: string): readonly Trigger[] {
    return this.#section('apis').flatMap(([, { node }]) => [...node.entries].flatMap(([base, paths]) => [...paths.entries].flatMap(([path, actions]) => [...actions.entries].flatMap(([target, form]): Trigger[] => {
      if (this.#local(target) !== name) return [];
      const method = (form.kind === 'map' ? form.get('method')?.text() : form.text()) ?? '*';
      const filter: TriggerFilter = { kind: 'route', method: method.toUpperCase(), path: `/${base}/${path}`.replaceAll(/\/{2,}/g, '/') };
      return [{ kind: 'http', source: 'api', filters: [filter], auth: { kind: 'none', location: actions.keyLocation(target) }, location: actions.keyLocation(target) }];
    }))));
  }
}

/** A web action's own address, with what stands before it (OpenWhisk documentation, "Web actions", App Builder, "Securing", read 2026-11). */
function webTriggers(node: DocNode, path: string, deployed?: DocNode): readonly Trigger[] {
  const annotations = deployed?.get('web-export') === undefined && deployed?.get('require-whisk-auth') === undefined ? node.get('annotations') : deployed;
  const own = node.get('web') ?? node.get('web-export');
  const web = own ?? annotations?.get('web-export');
  const text = web?.text()?.toLowerCase();
  if (web === undefined || text === undefined || !/^(?:true|yes|raw)$/.test(text)) return [];
  const location = own === undefined ? annotations?.keyLocation('web-export') ?? node.location : node.keyLocation(node.get('web') === undefined ? 'web-export' : 'web');
  return [{ kind: 'http', source: 'web', filters: [{ kind: 'route', method: '*', path: `/${path}` }], auth: authOf(annotations, node) ?? { kind: 'none', location }, location }];
}

function authOf(annotations: DocNode | undefined, node: DocNode): RouteAuth | undefined {
  const on = (key: string): boolean => {
    const value = annotations?.get(key)?.text()?.toLowerCase();
    return value !== undefined && value !== 'false' && value !== 'no' && value !== '';
  };
  if (on('require-adobe-auth')) return { kind: 'identity', location: annotations?.keyLocation('require-adobe-auth') ?? node.location };
  if (on('require-whisk-auth')) return { kind: 'key', location: annotations?.keyLocation('require-whisk-auth') ?? node.location };
  return undefined;
}
