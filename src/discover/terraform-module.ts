import { posix } from 'node:path';
import type { Location } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import type { HclAttribute, HclExpression, HclStep } from './hcl-ast.ts';
import { hclLocation } from './hcl.ts';
import { evaluate, iterations } from './hcl-evaluate.ts';
import type { HclBudget, HclScope, HclWorld } from './hcl-evaluate.ts';
import { array, isUnset, numberOf, object, textOf } from './hcl-values.ts';
import { dataAttribute } from './terraform-data.ts';
import type { Declared, TerraformDirectory } from './terraform-directory.ts';
import { identifying } from './terraform-names.ts';
import { TerraformNode } from './terraform-node.ts';
import type { Origins } from './terraform-node.ts';
import { withOptional } from './terraform-types.ts';

const MAX_INSTANCES = 200;

/** One resource or data source that Terraform would make. */
export interface ResourceInstance {
  readonly module: ModuleInstance;
  readonly mode: 'resource' | 'data';
  readonly type: string;
  /** Address in its root module: `module.a.aws_sqs_queue.q["x"]`. */
  readonly id: string;
  /** Label of the block, with the instance's key. */
  readonly label: string;
  readonly node: TerraformNode;
}

/** What all modules of a repository share. */
export interface TerraformRepository {
  readonly budget: HclBudget;
  readonly instances: Map<string, ResourceInstance>;
  /** Text of a file below the root. */
  text(file: string): string | undefined;
  templateOf(file: string): HclExpression | undefined;
  list(folder: string, pattern: string): readonly string[] | undefined;
  /** Configuration that a module's `source` names, and the folder it lies in; `undefined` when it is not in the repository. */
  directoryOf(parent: ModuleInstance, source: string, declared: Declared): { readonly directory: TerraformDirectory; readonly dir: string } | undefined;
  /** Output that another root module keeps in a state. */
  remoteOutput(config: Value, name: string): Value;
  /** Whether a module is called more than once. */
  isShared(directory: TerraformDirectory): boolean;
  gap(kind: string, location: Location, message: string): void;
}

/** What a module is called with. */
export interface ModuleCall {
  readonly parent: ModuleInstance;
  readonly node: TerraformNode;
}

interface Setting {
  readonly repository: TerraformRepository;
  readonly directory: TerraformDirectory;
  readonly dir: string;
  /** Deployment unit: a file of the root module. */
  readonly unit: string;
  /** Folder of the root module: where Terraform runs. */
  readonly rootDir: string;
  /** `path.module`. */
  readonly path: string;
  /** `module.a.`, or '' for the root. */
  readonly prefix: string;
  readonly call?: ModuleCall;
  /** Values of a root module's variables that are set outside it. */
  readonly given?: (name: string) => Value | undefined;
}

interface Expanded {
  readonly value: Value;
  readonly instances: readonly ResourceInstance[];
}

interface Called {
  readonly instances: readonly ModuleInstance[];
  /** Instances of `count` and `for_each` by their keys. */
  readonly byKey: ReadonlyMap<string, ModuleInstance>;
}

/** A module with its arguments: what its names mean. Everything is worked out on demand and once. */
export class ModuleInstance implements HclWorld {
  readonly setting: Setting;
  readonly repository: TerraformRepository;
  readonly unit: string;
  readonly scope: HclScope = { names: new Map(), world: this };
  readonly #known = new Map<string, Value>();
  readonly #resources = new Map<string, Expanded>();
  readonly #modules = new Map<string, Called>();

  constructor(setting: Setting) {
    this.setting = setting;
    this.repository = setting.repository;
    this.unit = setting.unit;
  }

  get budget(): HclBudget {
    return this.repository.budget;
  }

  /** Whether the module makes one thing, which its call then stands for: at most one function or further module. */
  get isSingle(): boolean {
    const { resources, modules } = this.setting.directory;
    return [...resources.keys()].filter((key) => key.startsWith('aws_lambda_function.')).length + modules.size <= 1;
  }

  resolve(name: string, steps: readonly HclStep[]): { readonly value: Value; readonly used: number } | undefined {
    const first = steps[0]?.kind === 'attribute' ? steps[0].name : undefined;
    switch (name) {
      case 'var': return first === undefined ? undefined : { value: this.variable(first), used: 1 };
      case 'local': return first === undefined ? undefined : { value: this.local(first), used: 1 };
      case 'path': return { value: first === 'module' ? literal(this.setting.path) : first === 'cwd' ? { kind: 'env', name: 'path.cwd' } : literal('.'), used: 1 };
      case 'terraform': return { value: { kind: 'env', name: `terraform.${first ?? ''}` }, used: 1 };
      case 'each': case 'count': case 'self': return { value: unknown(`${name} is not known`), used: steps.length };
      case 'module': return first === undefined ? undefined : this.#moduleReference(first, steps);
      case 'data': {
        const second = steps[1]?.kind === 'attribute' ? steps[1].name : undefined;
        if (first === undefined || second === undefined) return undefined;
        if (first === 'terraform_remote_state' && steps[2]?.kind === 'attribute' && steps[3]?.kind === 'attribute') return { value: this.#remoteState(second, steps[3].name), used: 4 };
        return { value: this.whole(`data.${first}.${second}`), used: 2 };
      }
      default: return first === undefined ? undefined : { value: this.whole(`${name}.${first}`), used: 1 };
    }
  }

  attribute(whole: Value & { readonly kind: 'resource' }, name: string): Value {
    const instance = this.repository.instances.get(`${whole.unit}#${whole.id}`);
    if (!instance) return { ...whole, attribute: name };
    if (instance.mode === 'data') return this.#once(`${whole.unit}#${whole.id}.${name}`, () => dataAttribute(instance.type, instance.node, name, `${whole.id}@${whole.unit}`));
    const identity = identifying(instance.type, name);
    if (identity !== undefined) return { ...whole, attribute: identity };
    if (instance.node.has(name)) return this.#once(`${whole.unit}#${whole.id}.${name}`, () => instance.node.value(name));
    return { ...whole, attribute: name };
  }

  variable(name: string): Value {
    return this.#once(`var.${name}`, () => {
      const declared = this.setting.directory.variables.get(name);
      const { call } = this.setting;
      const type = declared?.block.body.attributes.get('type')?.value;
      const given = call ? (call.node.has(name) ? call.node.whole(name) : undefined) : this.setting.given?.(name);
      if (given && !(isUnset(given) && declared?.block.body.attributes.has('default') === true && !call)) return withOptional(given, type, this.scope);
      const fallback = declared?.block.body.attributes.get('default');
      if (fallback) return withOptional(evaluate(fallback.value, this.scope), type, this.scope);
      if (call) return literal(null);
      return declared ? { kind: 'env', name: `param:${name}` } : unknown(`no variable ${name}`);
    });
  }

  local(name: string): Value {
    const declared = this.setting.directory.locals.get(name);
    return declared ? this.#once(`local.${name}`, () => evaluate(declared.attribute.value, this.scope)) : unknown(`no local ${name}`);
  }

  output(name: string): Value {
    const value = this.setting.directory.outputs.get(name)?.block.body.attributes.get('value');
    if (value) return this.#once(`output.${name}`, () => evaluate(value.value, this.scope));
    // Outputs of a module that is only known to be a function.
    const fn = this.setting.directory.outputs.size === 0 && this.setting.directory.files.length === 0 ? this.#expand('aws_lambda_function.this')?.instances[0] : undefined;
    if (!fn || !/arn|name|id|uri/.test(name)) return unknown(`no output ${name}`);
    return { kind: 'resource', unit: this.unit, id: fn.id, attribute: /invoke|uri/.test(name) ? 'InvokeArn' : name.includes('arn') ? 'Arn' : 'Ref' };
  }

  /** All resources and data sources of this module, without its children. */
  resources(): readonly ResourceInstance[] {
    return [...this.setting.directory.resources.keys()].flatMap((key) => this.#expand(key)?.instances ?? []);
  }

  /** Modules that this one calls. */
  children(): readonly ModuleInstance[] {
    return [...this.setting.directory.modules.keys()].flatMap((name) => this.#module(name)?.instances ?? []);
  }

  /** A resource, or what its instances are together, before an attribute is picked. */
  whole(key: string): Value {
    return this.#expand(key)?.value ?? unknown(`no resource ${key}`);
  }

  node(declared: Declared, scope: HclScope = this.scope): TerraformNode {
    return new TerraformNode(declared.block, declared.file, scope, this.#origins);
  }

  read(path: Value): string | undefined {
    const file = this.pathOf(path);
    return file === undefined ? undefined : this.repository.text(file);
  }

  template(path: Value): HclExpression | undefined {
    const file = this.pathOf(path);
    return file === undefined ? undefined : this.repository.templateOf(file);
  }

  list(folder: Value, pattern: Value): readonly string[] | undefined {
    const [dir, text] = [this.pathOf(folder), textOf(pattern)];
    return dir === undefined || text === undefined ? undefined : this.repository.list(dir, text);
  }

  /** Path relative to the root of the repository; `undefined` outside it or when a part is not known. */
  pathOf(path: Value): string | undefined {
    const fromWorkingDirectory = path.kind === 'template' && path.parts[0]?.kind === 'env' && path.parts[0].name === 'path.cwd' && path.parts.length === 2;
    if (path.kind === 'env' && path.name === 'path.cwd') return this.setting.rootDir;
    const text = fromWorkingDirectory ? textOf(path.parts[1])?.replace(/^\/+/, '') : textOf(path);
    if (text === undefined || text.startsWith('/') || text.includes('\0')) return undefined;
    const joined = posix.normalize(posix.join(this.setting.rootDir === '' ? '.' : this.setting.rootDir, text));
    return joined === '..' || joined.startsWith('../') ? undefined : joined === '.' ? '' : joined.replace(/\/$/, '');
  }

  get #origins(): Origins {
    const { call, directory } = this.setting;
    const fallback = (variable: string): Location | undefined => {
      const declared = directory.variables.get(variable);
      const attribute = declared?.block.body.attributes.get('default');
      return declared && attribute ? hclLocation(declared.file, attribute) : undefined;
    };
    if (!call) return { argument: () => undefined, fallback };
    return {
      fallback,
      ...(directory.files.length === 0 || (this.isSingle && this.repository.isShared(directory)) ? { call: call.node.ownLocation } : {}),
      argument: (variable) => (call.node.has(variable) ? call.node.locationOf(variable) : undefined),
    };
  }

  #once(key: string, work: () => Value): Value {
    const known = this.#known.get(key);
    if (known) return known;
    this.#known.set(key, unknown('depends on itself'));
    const { steps } = this.budget;
    const value = work();
    // What ran out of work is not kept for long: the budget is used up for all.
    if (steps > 0 || value.kind !== 'unknown') this.#known.set(key, value);
    return value;
  }

  #remoteState(name: string, output: string): Value {
    const declared = this.setting.directory.resources.get(`data.terraform_remote_state.${name}`);
    if (!declared) return unknown(`no remote state ${name}`);
    return this.#once(`remote.${name}.${output}`, () => this.repository.remoteOutput(this.node(declared).value('config'), output));
  }

  #expand(key: string): Expanded | undefined {
    const known = this.#resources.get(key);
    const declared = this.setting.directory.resources.get(key);
    if (known || !declared) return known;
    // Stands while the number of instances is worked out, for what depends on itself.
    this.#resources.set(key, { value: unknown('depends on itself'), instances: [] });
    const mode = key.startsWith('data.') ? 'data' : 'resource';
    const [type = '', label = ''] = declared.block.labels;
    const made: ResourceInstance[] = [];
    const one = (suffix: string, scope: HclScope): Value => {
      const id = `${this.setting.prefix}${key}${suffix}`;
      const instance: ResourceInstance = { module: this, mode, type, id, label: `${label}${suffix}`, node: this.node(declared, scope) };
      made.push(instance);
      this.repository.instances.set(`${this.unit}#${id}`, instance);
      return { kind: 'resource', unit: this.unit, id, attribute: '' };
    };
    const value = this.#instances(declared, one);
    const expanded = { value, instances: made };
    this.#resources.set(key, expanded);
    return expanded;
  }

  #moduleReference(name: string, steps: readonly HclStep[]): { readonly value: Value; readonly used: number } {
    const found = this.#module(name);
    if (!found) return { value: unknown(`no module ${name}`), used: steps.length };
    const key = steps[1]?.kind === 'index' ? evaluate(steps[1].key, this.scope) : undefined;
    const [only] = found.instances;
    const picked = key ? found.byKey.get(textOf(key) ?? '') ?? (found.byKey.size === 0 ? only : undefined) : found.byKey.size === 0 ? only : undefined;
    const at = key ? 2 : 1;
    const step = steps[at];
    if (picked && step?.kind === 'attribute') return { value: picked.output(step.name), used: at + 1 };
    if (found.instances.length === 0) return { value: { kind: 'env', name: `module.${this.setting.prefix}${name}@${this.unit}` }, used: 1 };
    // Outputs are asked for only here: one that is not needed may depend on what is being worked out.
    const outputs = (child: ModuleInstance): Value => object([...child.setting.directory.outputs.keys()].map((output) => [output, child.output(output)]));
    const keyed = [...found.byKey].map(([instance, child]) => [instance, outputs(child)] as const);
    if (keyed.length === 0) return { value: only ? outputs(only) : object([], true), used: 1 };
    return { value: keyed.every(([instance]) => /^\d+$/.test(instance)) ? array(keyed.map(([, value]) => value)) : object(keyed), used: 1 };
  }

  #module(name: string): Called | undefined {
    const known = this.#modules.get(name);
    const declared = this.setting.directory.modules.get(name);
    if (known || !declared) return known;
    const made: ModuleInstance[] = [];
    const byKey = new Map<string, ModuleInstance>();
    const called: Called = { instances: made, byKey };
    this.#modules.set(name, called);
    const source = textOf(this.node(declared).value('source'));
    const target = source === undefined ? undefined : this.repository.directoryOf(this, source, declared);
    if (source === undefined || !target) return called;
    const path = source.startsWith('.') ? posix.normalize(posix.join(this.setting.path, source)).replace(/\/$/, '') : `.terraform/modules/${name}`;
    this.#instances(declared, (suffix, scope) => {
      const child = new ModuleInstance({
        repository: this.repository, directory: target.directory, dir: target.dir, unit: this.unit, rootDir: this.setting.rootDir, path,
        prefix: `${this.setting.prefix}module.${name}${suffix}.`, call: { parent: this, node: this.node(declared, scope) },
      });
      made.push(child);
      if (suffix !== '') byKey.set(suffix.replace(/^\["?|"?\]$/g, ''), child);
      return literal(undefined);
    });
    return called;
  }

  /** Makes one instance, or as many as `count` and `for_each` say. What these two do not tell is one instance. */
  #instances(declared: Declared, one: (suffix: string, scope: HclScope) => Value): Value {
    const { attributes } = declared.block.body;
    const [count, each] = [attributes.get('count'), attributes.get('for_each')];
    if (count) return this.#counted(declared, count, one);
    if (each) return this.#forEach(declared, each, one);
    return one('', this.scope);
  }

  #counted(declared: Declared, count: HclAttribute, one: (suffix: string, scope: HclScope) => Value): Value {
    const number = numberOf(evaluate(count.value, this.scope));
    const scoped = (index: Value): HclScope => ({ world: this, names: new Map([['count', object([['index', index]])]]) });
    if (number === undefined) return one('', scoped(literal(0)));
    if (number > MAX_INSTANCES) this.#tooMany(declared, number);
    return array(Array.from({ length: Math.max(0, Math.min(MAX_INSTANCES, Math.floor(number))) }, (_, index) => one(`[${index}]`, scoped(literal(index)))));
  }

  #forEach(declared: Declared, each: HclAttribute, one: (suffix: string, scope: HclScope) => Value): Value {
    const collection = evaluate(each.value, this.scope);
    const scoped = (key: Value, value: Value): HclScope => ({ world: this, names: new Map([['each', object([['key', key], ['value', value]])]]) });
    const rounds = iterations(collection)?.map(([key, value]): readonly [Value, Value] => [collection.kind === 'array' ? value : key, value]);
    if (!rounds || rounds.some(([key]) => textOf(key) === undefined)) {
      const items = rounds?.map(([, value]) => value) ?? [];
      const value: Value = items.length === 0 ? unknown('for_each is not known') : items.length === 1 && items[0] ? items[0] : { kind: 'oneOf', options: items };
      return one('', scoped(collection.kind === 'array' ? value : unknown('for_each is not known'), value));
    }
    if (rounds.length > MAX_INSTANCES) this.#tooMany(declared, rounds.length);
    const unique = new Map(rounds.slice(0, MAX_INSTANCES).map(([key, value]) => [textOf(key) ?? '', [key, value] as const]));
    return object([...unique].map(([key, [name, value]]) => [key, one(`["${key}"]`, scoped(name, value))]));
  }

  #tooMany(declared: Declared, number: number): void {
    this.repository.gap('loop', this.node(declared).location, `${declared.block.labels.join('.')}: ${number} instances, the first ${MAX_INSTANCES} are read`);
  }
}
