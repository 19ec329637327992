import type { Value } from '../model/value.ts';
import { oneOf } from './cloudformation-values.ts';
import type { HclExpression, HclFile, HclStep } from './hcl-ast.ts';
import { parseHcl } from './hcl.ts';
import type { ReadContext } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';
import { directoryOf } from './terraform-directory.ts';
import { ModuleInstance } from './terraform-module.ts';

const MAX_FILES = 5;

/**
 * Values that Terragrunt hands to root modules: `inputs` of every `terragrunt.hcl` whose `terraform.source` is that folder. An output
 * of a dependency is that module's own (Terragrunt documentation, "dependency", read 2026-11). Several such files give one of several values.
 */
export function terragruntInputs(context: ReadContext, rootAt: (dir: string) => ModuleInstance | undefined): (dir: string, name: string) => Value | undefined {
  let index: ReadonlyMap<string, readonly ModuleInstance[]> | undefined;
  return (dir, name) => {
    index ??= byTarget(context, rootAt);
    const values = (index.get(dir) ?? []).slice(0, MAX_FILES).flatMap((file) => file.setting.given?.(name) ?? []);
    return values.length === 0 ? undefined : oneOf(values);
  };
}

/** Terragrunt files by the folder that they deploy. */
function byTarget(context: ReadContext, rootAt: (dir: string) => ModuleInstance | undefined): ReadonlyMap<string, readonly ModuleInstance[]> {
  const parsed = new Map<string, HclFile>();
  for (const file of context.workspace.files) {
    if (!/(?:^|\/)terragrunt\.hcl$/.test(file) || /(?:^|\/)\.terragrunt-cache\//.test(file)) continue;
    const text = context.workspace.read(file);
    if (text === undefined) continue;
    const found = parseHcl(file, text);
    for (const problem of found.problems) context.problem({ file, reason: `line ${problem.line}: ${problem.message}` });
    parsed.set(file, found);
  }
  const targets = new Map<string, ModuleInstance[]>();
  for (const [file, found] of parsed) {
    const dir = sourceDir(found);
    const root = dir === undefined ? undefined : rootAt(dir);
    if (dir === undefined || !root) continue;
    context.used(file);
    const module = inputsOf(found, root, (path) => {
      const other = joinInRoot(folderOf(file), path);
      const target = other === undefined ? undefined : parsed.get(other === '' ? 'terragrunt.hcl' : `${other}/terragrunt.hcl`);
      const targetDir = target && sourceDir(target);
      return targetDir === undefined ? undefined : rootAt(targetDir);
    });
    targets.set(dir, [...(targets.get(dir) ?? []), module]);
  }
  return targets;
}

/** The folder of the repository that `terraform { source = … }` names. */
function sourceDir(file: HclFile): string | undefined {
  const source = file.body.blocks.find((block) => block.type === 'terraform')?.body.attributes.get('source')?.value;
  const text = source && pathText(source);
  if (text === undefined) return undefined;
  const path = text.path.replace(/(?<!:)\/\/+/g, '/').replace(/\?.*$/, '');
  return text.fromRoot ? joinInRoot(path.replace(/^\/+/, '')) : path.startsWith('.') ? joinInRoot(folderOf(file.file), path) : undefined;
}

/** A path that is written out, below the file's folder or `get_repo_root()`. */
function pathText(value: HclExpression): { readonly path: string; readonly fromRoot: boolean } | undefined {
  if (value.kind === 'literal') return typeof value.value === 'string' ? { path: value.value, fromRoot: false } : undefined;
  if (value.kind !== 'template' || value.parts.length !== 2) return undefined;
  const [head, tail] = value.parts;
  const name = head?.kind === 'value' && head.value.kind === 'call' ? head.value.name : '';
  if (tail?.kind !== 'text' || (name !== 'get_repo_root' && name !== 'get_terragrunt_dir')) return undefined;
  return name === 'get_repo_root' ? { path: tail.text, fromRoot: true } : { path: `.${tail.text}`, fromRoot: false };
}

/** The file as a module of its own: its locals and dependencies are what its inputs may name. */
function inputsOf(file: HclFile, root: ModuleInstance, dependency: (path: string) => ModuleInstance | undefined): ModuleInstance {
  const directory = directoryOf(folderOf(file.file), [file]);
  const inputs = file.body.attributes.get('inputs')?.value;
  const entries = new Map((inputs?.kind === 'object' ? inputs.entries : []).map((entry) => [entry.key.kind === 'literal' ? String(entry.key.value) : '', entry.value]));
  const dependencies = new Map(file.body.blocks.filter((block) => block.type === 'dependency').map((block) => {
    const path = block.body.attributes.get('config_path')?.value;
    return [block.labels[0] ?? '', path?.kind === 'literal' && typeof path.value === 'string' ? dependency(path.value) : undefined];
  }));
  const module: ModuleInstance = new TerragruntModule({
    repository: root.repository, directory, dir: directory.dir, unit: root.unit, rootDir: directory.dir, path: '.', prefix: '',
    given: (name) => {
      const value = entries.get(name);
      return value && module.node({ block: { type: '', labels: [], body: { attributes: new Map([[name, { name, value, start: value.start, end: value.end }]]), blocks: [] }, start: 0, end: 0 }, file }).whole(name);
    },
  }, dependencies);
  return module;
}

class TerragruntModule extends ModuleInstance {
  readonly #dependencies: ReadonlyMap<string, ModuleInstance | undefined>;

  constructor(setting: ModuleInstance['setting'], dependencies: ReadonlyMap<string, ModuleInstance | undefined>) {
    super(setting);
    this.#dependencies = dependencies;
  }

  override resolve(name: string, steps: readonly HclStep[]): { readonly value: Value; readonly used: number } | undefined {
    if (name !== 'dependency') return super.resolve(name, steps);
    const [first, second, third] = steps.map((step) => (step.kind === 'attribute' ? step.name : ''));
    const target = first === undefined ? undefined : this.#dependencies.get(first);
    if (!target || second !== 'outputs' || third === undefined) return { value: { kind: 'env', name: `dependency.${first ?? ''}.${third ?? ''}` }, used: Math.min(3, steps.length) };
    return { value: target.output(third), used: 3 };
  }
}
