import type { Program } from '../link/program.ts';
import { optionsOf, slot, toValue, type Made, type Slot, type Sym } from '../link/program-values.ts';
import type { Location, SourcePlace } from '../model/location.ts';
import type { Resource, ResourceKind, Trigger } from '../model/function.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import { CodeNode, snakeCase, type Fields } from './code-node.ts';
import { programTooLarge, type ReadContext } from './reader.ts';
import { ApiIndex, wireApi } from './terraform-api.ts';
import { Archives } from './terraform-code.ts';
import { optional, present, readLambda } from './terraform-function.ts';
import { ModuleInstance, type ResourceInstance, type TerraformRepository } from './terraform-module.ts';
import { identifying, isKnownType, kindOf, nameArgument } from './terraform-names.ts';
import { readOther } from './terraform-others.ts';
import { RuleIndex, wirePermission, wireResource } from './terraform-wire.ts';
import { TerraformWiring, type TerraformDraft } from './terraform-wiring.ts';

/** What a followed program makes behind a value, also behind the result of an `apply`. */
export function thingOf(sym: Sym | undefined): Made | undefined {
  if (sym?.kind === 'attribute' && sym.path.length === 0) return sym.of;
  return sym?.kind === 'made' ? sym : sym?.kind === 'instance' ? sym.base : undefined;
}

/** How something that the program makes is declared: a resource of Terraform's type, or of the format's own. */
export interface Declared {
  readonly id: string;
  /** Terraform's type where there is one: `aws_sqs_queue`. */
  readonly type: string;
  readonly mode: 'resource' | 'data';
  readonly fields: Fields;
  /** For types that Terraform's tables do not know. */
  readonly kind?: ResourceKind;
  /** The instance is only there to be referred to: no wiring and no function of its own. */
  readonly only?: boolean;
}

/**
 * One program that makes infrastructure, with everything that it declares: identities, references and functions. Things that
 * providers of Terraform make are read and wired by the Terraform reader's own tables.
 */
export class CodeUnit {
  readonly program: Program;
  readonly context: ReadContext;
  /** The declaring file that names the deployment unit. */
  readonly unit: string;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** What things refer to that another format reads. */
  others?: (made: Made, path: readonly string[]) => Value | undefined;
  readonly wiring: TerraformWiring;
  readonly module: ModuleInstance;
  /** Declared things by what made them. */
  readonly things = new Map<Made, ResourceInstance>();
  /** What is made under a condition that is not known, by type and name: the other way makes the same thing. */
  readonly uncertain = new Map<string, ResourceInstance>();
  private readonly instances = new Map<string, ResourceInstance>();
  private readonly makers = new Map<string, Made>();
  private readonly declared = new Map<ResourceInstance, Declared>();

  constructor(program: Program, context: ReadContext, unit: string, cwd: string) {
    this.program = program;
    this.context = context;
    this.unit = unit;
    this.cwd = cwd;
    this.module = new ModuleInstance({
      repository: repositoryOf(context, this.instances), dir: cwd, unit, rootDir: cwd, path: '.', prefix: '',
      directory: { dir: cwd, files: [], variables: new Map(), locals: new Map(), resources: new Map(), modules: new Map(), outputs: new Map(), providers: [], settings: [] },
    });
    this.wiring = new TerraformWiring(this.instances);
  }

  get scope(): ModuleInstance['scope'] {
    return this.module.scope;
  }

  location(place: SourcePlace): Location {
    return this.program.location(place);
  }

  /** A symbolic value in the model's terms, with references to what the program declares. */
  value(sym: Sym | undefined): Value {
    return sym === undefined ? literal(undefined) : toValue(sym, (made, path) => this.refer(made, path));
  }

  text(sym: Sym | undefined): string | undefined {
    return sym?.kind === 'literal' && typeof sym.value === 'string' ? sym.value : undefined;
  }

  /** What a thing, or a property of it, refers to; `undefined` for things that are not declared. */
  refer(made: Made, path: readonly string[]): Value | undefined {
    const instance = this.things.get(made);
    if (!instance) return this.others?.(made, path);
    // `queue.nodes.queue.arn`, `queue.cdk.queue.queueArn`: what a component is made of goes by the component.
    const inner = path[0] === 'nodes' || path[0] === 'cdk' ? path.slice(2) : path;
    const name = inner.filter((step) => step !== 'value').at(-1);
    const own = { kind: 'resource', unit: this.unit, id: instance.id } as const;
    if (name === undefined) return { ...own, attribute: 'Ref' };
    // Constructs repeat what they are: `queue.queueUrl`, `bus.eventBusName`.
    const attribute = snakeCase(name).replace(/^(?:queue|topic|table|bucket|stream|event_bus|function)_(?=(?:url|arn|name)$)/, '');
    const identity = instance.mode === 'data' ? undefined : identifying(instance.type, attribute) ?? general.get(attribute);
    if (identity !== undefined) return { ...own, attribute: identity };
    return instance.node.has(attribute) ? instance.node.value(attribute) : { ...own, attribute: name };
  }

  /** A free id, from a name that may be taken. */
  free(id: string): string {
    const short = id.slice(0, 300);
    let found = short;
    for (let count = 2; this.instances.has(`${this.unit}#${found}`); count++) found = `${short}~${count}`;
    return found;
  }

  declare(made: Made, declared: Declared): ResourceInstance {
    const instance: ResourceInstance = {
      module: this.module, mode: declared.mode, type: declared.type, id: declared.id, label: declared.id, node: new CodeNode(this, declared.fields, made.place),
    };
    this.instances.set(`${this.unit}#${declared.id}`, instance);
    this.things.set(made, instance);
    this.declared.set(instance, declared);
    this.makers.set(declared.id, made);
    return instance;
  }

  /** The thing that has an id. */
  named(id: string): { readonly made: Made; readonly instance: ResourceInstance } | undefined {
    const made = this.makers.get(id);
    const instance = made && this.things.get(made);
    return made && instance ? { made, instance } : undefined;
  }

  /** Takes things out again that another one stands for. */
  drop(gone: (made: Made) => boolean): void {
    for (const [made, instance] of this.things) {
      if (!gone(made)) continue;
      this.declared.delete(instance);
      this.wiring.drafts.delete(`${this.unit}#${instance.id}`);
    }
  }

  reference(instance: ResourceInstance, attribute = 'Ref'): Value {
    return { kind: 'resource', unit: this.unit, id: instance.id, attribute };
  }

  /** The function that a thing is. */
  draftOf(made: Made | undefined): TerraformDraft | undefined {
    const instance = made && this.things.get(made);
    return instance && this.wiring.drafts.get(`${this.unit}#${instance.id}`);
  }

  gap(kind: string, place: SourcePlace, message: string): void {
    const { file, line } = this.location(place);
    this.context.gap({ kind, file, line, message });
  }

  /** Functions among the declared resources of known providers. */
  readFunctions(): void {
    const all = [...this.declared.keys()];
    const archives = new Archives(all);
    for (const instance of all) {
      if (instance.mode !== 'resource' || this.declared.get(instance)?.only === true || this.wiring.drafts.has(`${this.unit}#${instance.id}`)) continue;
      const draft = instance.type === 'aws_lambda_function' ? readLambda(instance, archives, this.context) : readOther(instance, archives, this.context);
      if (draft) this.wiring.add(draft);
    }
  }

  /** Triggers, destinations and links that resources of known providers declare. */
  wire(): void {
    const managed = [...this.declared.keys()].filter((instance) => instance.mode === 'resource' && this.declared.get(instance)?.only !== true);
    const rules = new RuleIndex(managed);
    const index = new ApiIndex(managed, this.wiring);
    for (const instance of managed) void (wireApi(instance, this.wiring, index) || wireResource(instance, this.wiring, rules, this.context));
    for (const instance of managed) if (instance.type === 'aws_lambda_permission') wirePermission(instance, this.wiring);
  }

  /** Hands everything to the context. */
  emit(): void {
    for (const { fn, triggers, destinations, provisionedConcurrency, maximumRetryAttempts } of this.wiring.drafts.values()) {
      const edge = triggers.some((item) => item.source === 'CloudFront') ? { generation: 'edge' } : {};
      this.context.addFunction({ ...fn, triggers: distinct(triggers), destinations, ...edge, ...optional('provisionedConcurrency', provisionedConcurrency), ...optional('maximumRetryAttempts', maximumRetryAttempts) });
      for (const location of fn.declaredAt) this.context.used(location.file);
    }
    for (const [instance, declared] of this.declared) {
      if (instance.mode === 'resource' && instance.type !== 'aws_lambda_function' && !this.wiring.drafts.has(`${this.unit}#${instance.id}`)) this.context.addResource(this.resourceOf(instance, declared));
    }
    for (const gap of this.program.gaps()) this.gap('program', gap.place, gap.message);
    if (this.program.cut) this.context.gap({ kind: 'program', file: this.program.entry, line: 1, message: programTooLarge });
  }

  private resourceOf(instance: ResourceInstance, declared: Declared): Resource {
    const { node, type, id } = instance;
    const argument = declared.only === true ? undefined : nameArgument(type);
    return {
      id: `${this.unit}#${id}`, unit: this.unit, logicalId: id, kind: declared.kind ?? kindOf(type), type, location: node.ownLocation,
      properties: isKnownType(type) || type === 'sst.Linkable' ? node.properties() : { kind: 'object', entries: [], open: true },
      ...optional('physicalName', argument === undefined ? undefined : present(node.value(argument))),
    };
  }
}

/** Attributes that name things of every provider. */
const general: ReadonlyMap<string, string> = new Map([['arn', 'Arn'], ['id', 'Ref'], ['name', 'Name'], ['url', 'Url']]);

/** What is reached twice at one place with equal values counts once. */
function distinct(triggers: readonly Trigger[]): readonly Trigger[] {
  const seen = new Set<string>();
  return triggers.filter((item) => {
    const key = JSON.stringify([item.kind, item.source, item.location, item.resource, item.filters, item.schedule, item.handlerExport]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The part of a Terraform repository that programs need: files below the root and nothing else. */
function repositoryOf(context: ReadContext, instances: Map<string, ResourceInstance>): TerraformRepository {
  return {
    budget: { steps: 100_000, depth: 0 }, instances,
    text: (file) => context.workspace.read(file), templateOf: () => undefined, list: () => undefined, directoryOf: () => undefined,
    remoteOutput: () => unknown('a remote state'), isShared: () => false,
    gap: (kind, location, message) => context.gap({ kind, file: location.file, line: location.line, message }),
  };
}

/** A property of a record, of the first possibility that has it. */
export function property(sym: Sym | undefined, ...path: readonly string[]): Slot | undefined {
  let found: Slot | undefined;
  let at = sym;
  for (const name of path) {
    found = at === undefined ? undefined : optionsOf(at).map((option) => slot(option, name)).find((one) => one !== undefined);
    if (found === undefined || (found.value.kind === 'literal' && found.value.value === undefined)) return undefined;
    at = found.value;
  }
  return found;
}

/** Items of a list, of each possibility; a value that is no list is its only item. */
export function itemsIn(sym: Sym | undefined): readonly Sym[] {
  return sym === undefined ? [] : optionsOf(sym).flatMap((one) => (one.kind === 'list' ? one.items : one.kind === 'literal' && one.value === undefined ? [] : [one]));
}
