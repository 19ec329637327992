import type { Platform } from '../model/function.ts';
import type { Located, Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { Template } from './cloudformation-template.ts';
import { isNothing, template as textOf } from './cloudformation-values.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext } from './reader.ts';
import { graphFunctions } from './serverless-appsync.ts';
import { NodeFactory } from './serverless-nodes.ts';
import { ServiceVariables } from './serverless-variables.ts';
import { constructFunctions } from './serverless-constructs.ts';
import { folderOf } from './source-path-names.ts';

/** Logical id part that the framework makes of a name (documentation, "AWS CloudFormation Resource Reference"). */
export function normalizedName(name: string): string {
  const text = name.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Providers by the name that a service gives; others are not read. */
const platforms: ReadonlyMap<string, Platform> = new Map<string, Platform>([
  ['aws', 'aws'], ['azure', 'azure'], ['google', 'google'], ['openwhisk', 'openwhisk'], ['cloudflare', 'cloudflare'],
]);

/** What the framework makes of a service's events, by the logical id that it gives it. */
const made: ReadonlySet<string> = new Set(['ApiGatewayRestApi', 'HttpApi', 'WebsocketsApi', 'ServerlessDeploymentBucket', 'IamRoleLambdaExecution']);

/** The template of a service: values come out with variables as symbols and functions by their keys. */
class ServiceTemplate extends Template {
  readonly #decode: (value: Value) => Value;

  constructor(file: string, root: DocNode, decode: (value: Value) => Value) {
    super(file, root, new Map(), () => undefined);
    this.#decode = decode;
  }

  override value(node: DocNode | undefined): Value {
    return this.#decode(super.value(node));
  }

  override substitute(text: string, variables: (name: string) => Value | undefined): Value {
    return this.#decode(super.substitute(text, variables));
  }

  override resource(name: string): { readonly id: string; readonly attribute?: string } | undefined {
    return super.resource(name) ?? (made.has(name) ? { id: name } : undefined);
  }
}

/** One function of a service: its key and its resolved settings. */
export interface ServiceFunction {
  readonly name: string;
  readonly node: DocNode;
  /** Place of the key that declares it. */
  readonly location: Location;
  /** The construct that makes it, and under which key. */
  readonly construct?: { readonly id: string; readonly node: DocNode; readonly key: string };
}

/** One state machine of the step functions plugin. */
export interface StateMachine {
  readonly logicalId: string;
  readonly node: DocNode;
  readonly location: Location;
}

/**
 * One service of the Serverless Framework with its variables resolved. Its own functions and the resources that it
 * declares form one CloudFormation template, so that references between them are read by the same code.
 */
export class Service {
  readonly file: string;
  readonly folder: string;
  readonly context: ReadContext;
  readonly provider: DocNode | undefined;
  readonly functions: readonly ServiceFunction[];
  readonly plugins: readonly string[];
  /** Settings of GraphQL APIs, of the plugin for them. */
  readonly graphs: readonly (DocNode | undefined)[];
  readonly stateMachines: readonly StateMachine[];
  /** The template of `resources`, with the framework's own functions in it. */
  readonly template: Template;
  readonly #nodes: NodeFactory;
  readonly #variables: ServiceVariables;
  readonly #logicalIds = new Map<string, string>();
  readonly #root: DocNode;

  constructor(file: string, root: DocNode, context: ReadContext, nodes: NodeFactory) {
    this.file = file;
    this.folder = folderOf(file);
    this.context = context;
    this.#nodes = nodes;
    this.#root = root;
    this.#variables = new ServiceVariables(file, root, context, nodes);
    this.provider = this.section('provider');
    const plugins = this.section('plugins');
    this.plugins = (plugins?.kind === 'map' ? plugins.get('modules') : plugins)?.items.map((item) => item.text() ?? '').filter((name) => name !== '') ?? [];
    this.graphs = this.plugins.includes('serverless-appsync-plugin') ? [this.section('appSync'), this.section('custom', 'appSync')] : [];
    this.functions = this.#functions();
    this.stateMachines = this.#machines();
    this.template = new ServiceTemplate(file, this.#templateRoot(), (value) => this.#nodes.decode(value, (inner) => this.#own(inner)));
  }

  /** A top-level section, or what lies below it, with all variables resolved. */
  section(...path: readonly string[]): DocNode | undefined {
    return this.#variables.resolve(this.#variables.at(...path));
  }

  get line(): number {
    return this.#root.line;
  }

  /** Name of the service; `service: { name }` in old versions. */
  get name(): Value {
    const node = this.section('service');
    return this.value(node?.kind === 'map' ? node.get('name') : node);
  }

  /** `undefined` for a provider that is not read. */
  get platform(): Platform | undefined {
    const name = this.text(this.provider?.kind === 'map' ? this.provider.get('name') : this.provider);
    return name === undefined ? 'aws' : platforms.get(name);
  }

  /** Name of the CloudFormation stack (documentation, "provider.stackName"). */
  get stackName(): Value {
    return this.valueOf(this.provider?.get('stackName')) ?? textOf([this.name, { kind: 'literal', value: '-' }, this.stage]);
  }

  /** Stage of a plain deployment: `--stage`, the provider's, else symbolic. */
  get stage(): Value {
    if (this.context.stage !== undefined) return { kind: 'literal', value: this.context.stage };
    const declared = this.provider?.get('stage');
    return declared === undefined ? { kind: 'env', name: 'sls:stage' } : this.value(declared);
  }

  value(node: DocNode | undefined): Value {
    return this.template.value(node);
  }

  /** Declared value, `undefined` where there is none. */
  valueOf(node: DocNode | undefined): Value | undefined {
    const value = node === undefined ? undefined : this.value(node);
    return value === undefined || isNothing(value) || (value.kind === 'literal' && value.value === null) ? undefined : value;
  }

  text(node: DocNode | undefined): string | undefined {
    const value = node === undefined ? undefined : this.value(node);
    return value?.kind === 'literal' && value.value !== null && value.value !== undefined ? String(value.value) : undefined;
  }

  number(node: DocNode | undefined): number | undefined {
    const text = this.text(node);
    return text !== undefined && /^\s*-?\d{1,15}(?:\.\d{1,15})?\s*$/.test(text) ? Number(text) : undefined;
  }

  boolean(node: DocNode | undefined): boolean | undefined {
    const text = this.text(node)?.toLowerCase();
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }

  texts(node: DocNode | undefined): string[] {
    const items = node === undefined ? [] : node.kind === 'list' ? node.items : [node];
    return items.map((item) => this.text(item)).filter((text): text is string => text !== undefined);
  }

  /** A setting of a function with the provider's behind it. */
  setting(fn: ServiceFunction, key: string): { readonly node: DocNode; readonly location: Location } | undefined {
    for (const level of [fn.node, this.provider]) {
      const node = level?.get(key);
      if (level !== undefined && node !== undefined && !(node.kind === 'scalar' && node.scalar === null)) return { node, location: level.keyLocation(key) };
    }
    return undefined;
  }

  located<T>(fn: ServiceFunction, key: string, read: (node: DocNode) => T | undefined): Located<T> | undefined {
    const found = this.setting(fn, key);
    const value = found === undefined ? undefined : read(found.node);
    return found === undefined || value === undefined ? undefined : { value, location: found.location };
  }

  gap(kind: string, message: string, at: Location): void {
    this.context.gap({ kind, file: at.file, line: at.line, message });
  }

  #functions(): ServiceFunction[] {
    const found = new Map<string, ServiceFunction>();
    const section = this.section('functions');
    // A list holds one map of functions an item, mostly one file each.
    for (const map of section?.kind === 'list' ? section.items : section === undefined ? [] : [section]) {
      if (map.kind !== 'map') {
        if (map.scalar !== null) this.gap('functions', 'the functions of this service are not known', map.location);
        continue;
      }
      for (const [name, node] of map.entries) {
        if (node.kind === 'map') found.set(name, { name, node, location: map.keyLocation(name) });
        else if (node.scalar !== null) this.gap('function', `function ${name.slice(0, 100)} is not known`, map.keyLocation(name));
      }
    }
    for (const fn of constructFunctions(this.section('constructs'))) if (!found.has(fn.name)) found.set(fn.name, fn);
    for (const fn of graphFunctions(this.graphs)) if (!found.has(fn.name)) found.set(fn.name, fn);
    return [...found.values()];
  }

  /** The plugin's logical id is `id`, else made of the machine's name, else of its key (serverless-step-functions readme). */
  #machines(): StateMachine[] {
    const section = this.section('stepFunctions', 'stateMachines');
    return [...(section?.entries ?? [])].map(([key, node]) => {
      const name = node.get('name')?.text()?.replace(/[^A-Za-z0-9]/g, '');
      const named = name === undefined || name === '' ? `${normalizedName(key)}StepFunctionsStateMachine` : normalizedName(name);
      return { logicalId: node.get('id')?.text() ?? named, node, location: section?.keyLocation(key) ?? node.location };
    });
  }

  #templateRoot(): DocNode {
    const section = this.section('resources');
    const parts = section?.kind === 'list' ? section.items : section === undefined ? [] : [section];
    const merged = new Map<string, DocNode>();
    const at = section?.location ?? this.#root.location;
    const places = new Map<string, Location>();
    const resources = new Map<string, DocNode>();
    for (const part of parts) {
      for (const [key, node] of part.entries) {
        if (key !== 'Resources') merged.set(key, this.#joined(merged.get(key), node));
        else for (const [id, resource] of node.entries) {
          resources.set(id, resource);
          places.set(id, node.keyLocation(id));
        }
      }
    }
    // The state machine plugin lets a definition name a function by its key, as if that were a logical id.
    const ids = this.functions.flatMap((fn) => [[`${normalizedName(fn.name)}LambdaFunction`, fn] as const, ...(resources.has(fn.name) ? [] : [[fn.name, fn] as const])]);
    for (const [id, fn] of ids) {
      this.#logicalIds.set(id, fn.name);
      // A service may extend the resource of its own function below `resources`.
      if (resources.has(id)) continue;
      resources.set(id, this.#nodes.map(new Map([['Type', this.#nodes.scalar('AWS::Lambda::Function', fn.location)]]), fn.location, () => fn.location));
      places.set(id, fn.location);
    }
    for (const machine of this.stateMachines) {
      if (resources.has(machine.logicalId)) continue;
      const definition = machine.node.get('definition');
      const properties = definition === undefined ? [] : [[definition.kind === 'map' ? 'Definition' : 'DefinitionString', definition] as const];
      const entries: [string, DocNode][] = [['Type', this.#nodes.scalar('AWS::StepFunctions::StateMachine', machine.location)], ['Properties', this.#nodes.map(new Map(properties), machine.location, () => machine.location)]];
      resources.set(machine.logicalId, this.#nodes.map(new Map(entries), machine.location, () => machine.location));
      places.set(machine.logicalId, machine.location);
    }
    merged.set('Resources', this.#nodes.map(resources, at, (id) => places.get(id) ?? at));
    return this.#nodes.map(merged, at, () => at);
  }

  /** Sections of several parts of `resources` are united. */
  #joined(first: DocNode | undefined, second: DocNode): DocNode {
    if (first?.kind !== 'map' || second.kind !== 'map') return second;
    return this.#nodes.map(new Map([...first.entries, ...second.entries]), first.location, (key) => (second.get(key) ? second : first).keyLocation(key));
  }

  /** Name of the function that a logical id of the framework stands for. */
  functionOf(logicalId: string): string | undefined {
    return this.#logicalIds.get(logicalId);
  }

  #own(value: Value): Value {
    if (value.kind !== 'resource' || value.unit !== this.file) return value;
    const name = this.#logicalIds.get(value.id);
    return name === undefined ? value : { ...value, id: name };
  }
}
