import type { HclExpression, HclFile } from './hcl-ast.ts';
import type { HclBudget } from './hcl-evaluate.ts';
import { globMatcher } from './hcl-glob.ts';
import { parseHclTemplate } from './hcl.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { entryOf, textOf } from './hcl-values.ts';
import type { ReadContext } from './reader.ts';
import { below, folderOf, joinInRoot } from './source-path-names.ts';
import { directoryOf, parseTerraform } from './terraform-directory.ts';
import type { Declared, TerraformDirectory } from './terraform-directory.ts';
import { ModuleInstance } from './terraform-module.ts';
import type { ResourceInstance, TerraformRepository } from './terraform-module.ts';
import { functionModule, looksLikeFunction, registryModule } from './terraform-registry.ts';
import { terragruntInputs } from './terraform-terragrunt.ts';
import { filesBelow } from './web-project.ts';

const MAX_DEPTH = 12;
const MAX_MODULES = 3_000;
const MAX_STEPS = 5_000_000;

/** All Terraform configurations of a repository. */
export class Configurations implements TerraformRepository {
  readonly budget: HclBudget = { steps: MAX_STEPS, depth: 0 };
  readonly instances = new Map<string, ResourceInstance>();
  readonly directories: ReadonlyMap<string, TerraformDirectory>;
  readonly roots: readonly ModuleInstance[];
  readonly #context: ReadContext;
  readonly #templates = new Map<string, HclExpression | undefined>();
  readonly #backends: ReadonlyMap<string, ModuleInstance | null>;
  readonly #shared = new Set<string>();
  /** Folders that a call with `count` names, with the folders of those calls. */
  readonly #counted = new Map<string, Set<string>>();
  #modules = 0;

  constructor(context: ReadContext) {
    this.#context = context;
    this.directories = load(context);
    this.roots = this.#rootModules();
    this.#backends = backends(this.roots);
  }

  /** A root module and all modules that it calls, parents first. */
  *modulesOf(root: ModuleInstance): Generator<ModuleInstance> {
    const pending = [root];
    for (let module = pending.shift(); module; module = pending.shift()) {
      yield module;
      if (++this.#modules > MAX_MODULES) {
        this.#context.gap({ kind: 'module', file: root.unit, message: `more than ${MAX_MODULES} modules: the rest is not read` });
        return;
      }
      pending.push(...module.children());
    }
  }

  /**
   * Modules that are there for who switches them on: their caller's `count` is none by its defaults. Each is read as it stands.
   * `made`: folders of which there are instances; what is given out here has to be added.
   */
  *switchedOff(made: ReadonlySet<string>): Generator<ModuleInstance> {
    for (const [dir, callers] of this.#counted) {
      const directory = this.directories.get(dir);
      if (directory && !made.has(dir) && [...callers].some((caller) => made.has(caller))) yield this.#root(dir, directory, () => undefined);
    }
  }

  text(file: string): string | undefined {
    return this.#context.workspace.read(file);
  }

  templateOf(file: string): HclExpression | undefined {
    if (!this.#templates.has(file)) {
      const text = this.text(file);
      const parsed = text === undefined ? undefined : parseHclTemplate(text);
      if (text !== undefined) this.#context.used(file);
      this.#templates.set(file, parsed);
    }
    return this.#templates.get(file);
  }

  list(folder: string, pattern: string): readonly string[] | undefined {
    const fits = globMatcher(pattern);
    return fits && this.#context.workspace.files.flatMap((file) => below(file, folder) ?? []).filter((path) => path !== '' && fits(path));
  }

  directoryOf(parent: ModuleInstance, source: string, declared: Declared): { readonly directory: TerraformDirectory; readonly dir: string } | undefined {
    if (!source.startsWith('.')) {
      const directory = registryModule(source) ?? (looksLikeFunction(declared.block.body.attributes) ? functionModule() : undefined);
      return directory && { directory, dir: parent.setting.dir };
    }
    const dir = joinInRoot(parent.setting.dir, source.replace(/(?<!:)\/\/+/g, '/'));
    const directory = dir === undefined ? undefined : this.directories.get(dir);
    if (dir === undefined || !directory || showsUseOf(parent.setting.rootDir, dir)) return undefined;
    let depth = 0;
    for (let at: ModuleInstance | undefined = parent; at; at = at.setting.call?.parent) {
      if (at.setting.dir === dir || ++depth > MAX_DEPTH) {
        this.#context.gap({ kind: 'module', file: parent.setting.directory.files[0]?.file ?? parent.unit, message: `modules call each other: ${dir === '' ? '.' : dir}` });
        return undefined;
      }
    }
    return { directory, dir };
  }

  remoteOutput(config: Value, name: string): Value {
    const key = stateKey(config);
    const root = key === undefined ? undefined : this.#backends.get(key);
    if (root) return root.output(name);
    return { kind: 'derived', what: 'terraformOutput', from: [{ kind: 'literal', value: `${key ?? ''}#${name}` }], io: false };
  }

  isShared(directory: TerraformDirectory): boolean {
    return this.#shared.has(directory.dir);
  }

  gap(kind: string, location: Location, message: string): void {
    this.#context.gap({ kind, file: location.file, line: location.line, message });
  }

  /** Folders that no other folder calls. When all of a group call each other, the first of them. */
  #rootModules(): readonly ModuleInstance[] {
    const called = new Map<string, Set<string>>();
    const seen = new Set<string>();
    for (const [dir, directory] of this.directories) {
      const targets = new Set<string>();
      for (const { block } of directory.modules.values()) {
        const source = block.body.attributes.get('source')?.value;
        const text = source?.kind === 'literal' && typeof source.value === 'string' ? source.value : undefined;
        const target = text?.startsWith('.') === true ? joinInRoot(dir, text.replace(/(?<!:)\/\/+/g, '/')) : undefined;
        if (target === undefined || target === dir || showsUseOf(dir, target)) continue;
        const count = block.body.attributes.get('count')?.value;
        if (count !== undefined && count.kind !== 'literal') this.#counted.set(target, (this.#counted.get(target) ?? new Set<string>()).add(dir));
        targets.add(target);
        if (seen.has(target) || block.body.attributes.has('for_each') || block.body.attributes.has('count')) this.#shared.add(target);
        seen.add(target);
      }
      called.set(dir, targets);
    }
    const used = new Set([...called.values()].flatMap((targets) => [...targets]));
    const roots = [...this.directories.keys()].filter((dir) => !used.has(dir));
    const reached = new Set<string>();
    const reach = (from: string): void => {
      const pending = [from];
      for (let dir = pending.pop(); dir !== undefined; dir = pending.pop()) {
        if (reached.has(dir)) continue;
        reached.add(dir);
        pending.push(...(called.get(dir) ?? []));
      }
    };
    roots.forEach(reach);
    for (const dir of this.directories.keys()) {
      if (reached.has(dir)) continue;
      roots.push(dir);
      reach(dir);
    }
    const made = new Map<string, ModuleInstance>();
    const inputs = terragruntInputs(this.#context, (dir) => made.get(dir));
    for (const dir of roots) {
      const directory = this.directories.get(dir);
      if (directory) made.set(dir, this.#root(dir, directory, inputs));
    }
    return [...made.values()];
  }

  #root(dir: string, directory: TerraformDirectory, inputs: (dir: string, name: string) => Value | undefined): ModuleInstance {
    const files = directory.files.map((file) => file.file);
    const unit = files.find((file) => /(?:^|\/)main\.tf(?:\.json)?$/.test(file)) ?? files[0] ?? dir;
    let variables: ReadonlyMap<string, Value> | undefined;
    const root: ModuleInstance = new ModuleInstance({
      repository: this, directory, dir, unit, rootDir: dir, path: '.', prefix: '',
      given: (name) => {
        variables ??= this.#variableFiles(dir, root);
        return this.#parameter(name) ?? variables.get(name) ?? inputs(dir, name);
      },
    });
    return root;
  }

  #parameter(name: string): Value | undefined {
    const text = this.#context.params.get(name);
    if (text === undefined) return undefined;
    return { kind: 'literal', value: text === 'true' ? true : text === 'false' ? false : text };
  }

  /** Values that Terraform loads by itself, later files over earlier ones (Terraform language reference, "Variable Definitions Files"). */
  #variableFiles(dir: string, root: ModuleInstance): ReadonlyMap<string, Value> {
    const values = new Map<string, Value>();
    const prefix = dir === '' ? '' : `${dir}/`;
    const automatic = filesBelow(this.#context.workspace, dir).filter((file) => /\.auto\.tfvars(?:\.json)?$/.test(file) && folderOf(file) === dir);
    for (const file of [`${prefix}terraform.tfvars`, `${prefix}terraform.tfvars.json`, ...automatic]) {
      const text = this.#context.workspace.has(file) ? this.#context.workspace.read(file) : undefined;
      if (text === undefined) continue;
      this.#context.used(file);
      const parsed = parseTerraform(file, text);
      report(this.#context, parsed);
      const node = root.node({ block: { type: '', labels: [], body: parsed.body, start: 0, end: 0 }, file: parsed });
      for (const name of parsed.body.attributes.keys()) values.set(name, node.whole(name));
    }
    return values;
  }
}

/** Whether a folder of examples or tests calls the module that it is an example of: that shows its use and deploys nothing. */
export function showsUseOf(dir: string, target: string): boolean {
  const match = /^(.*?)(?:^|\/)(?:examples?|tests?)(?:\/|$)/.exec(dir);
  return match !== null && below(target, match[0].replace(/\/$/, '')) === undefined;
}

/** Parses every configuration file of the workspace. */
function load(context: ReadContext): ReadonlyMap<string, TerraformDirectory> {
  const byDir = new Map<string, HclFile[]>();
  for (const file of filesBelow(context.workspace, '')) {
    if (!isConfiguration(file)) continue;
    const text = context.workspace.read(file);
    if (text === undefined) continue;
    const parsed = parseTerraform(file, text);
    report(context, parsed);
    const dir = folderOf(file);
    const files = byDir.get(dir);
    if (files) files.push(parsed);
    else byDir.set(dir, [parsed]);
  }
  return new Map([...byDir].map(([dir, files]) => [dir, directoryOf(dir, files)]));
}

/** A file that Terraform would read; what it keeps for itself does not count. */
export function isConfiguration(file: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(file) && !/(?:^|\/)(?:\.terraform|\.terragrunt-cache|node_modules|cdktf\.out)\//.test(file);
}

function report(context: ReadContext, parsed: HclFile): void {
  for (const problem of parsed.problems) context.problem({ file: parsed.file, reason: `line ${problem.line}: ${problem.message}` });
}

/** Where a state lies, as far as a configuration says it: the key of S3 and others, or the path of a local one. */
function stateKey(config: Value): string | undefined {
  if (config.kind !== 'object') return undefined;
  for (const name of ['key', 'prefix', 'path']) {
    const text = textOf(entryOf(config, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Root modules by the key of the state that they write; `null`: several have it. */
function backends(roots: readonly ModuleInstance[]): ReadonlyMap<string, ModuleInstance | null> {
  const found = new Map<string, ModuleInstance | null>();
  for (const root of roots) {
    const key = backendKey(root);
    if (key !== undefined) found.set(key, found.has(key) ? null : root);
  }
  return found;
}

/** Key of the state that a root module writes. */
export function backendKey(root: ModuleInstance): string | undefined {
  for (const declared of root.setting.directory.settings) {
    const backend = root.node(declared).block('backend');
    const key = backend && (backend.text('key') ?? backend.text('prefix') ?? backend.text('path'));
    if (key !== undefined) return key;
  }
  return undefined;
}
