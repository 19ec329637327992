import type { Resource } from '../model/function.ts';
import { literal } from '../model/value.ts';
import { isUnset, textOf } from './hcl-values.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';
import { ApiIndex, wireApi } from './terraform-api.ts';
import { Archives } from './terraform-code.ts';
import { optional, present, readLambda } from './terraform-function.ts';
import type { ModuleInstance, ResourceInstance } from './terraform-module.ts';
import { isKnownType, kindOf, nameArgument } from './terraform-names.ts';
import { readOther } from './terraform-others.ts';
import { backendKey, Configurations, isConfiguration, showsUseOf } from './terraform-repository.ts';
import { TerraformWiring } from './terraform-wiring.ts';
import { RuleIndex, wirePermission, wireResource } from './terraform-wire.ts';

/**
 * Terraform and OpenTofu, native and JSON syntax. A deployment unit is a root module: a folder that no other folder calls.
 * Modules of the repository are made with their arguments, the common ones of the registry are known.
 */
export const terraformReader: Reader = {
  name: 'terraform',
  about: {
    format: 'Terraform, OpenTofu, Terragrunt', platform: 'AWS, Google, Azure, Cloudflare', files: '`*.tf`, `*.tf.json`, `*.tfvars`, `terragrunt.hcl`',
    reads: 'functions with archives and images, local modules with their arguments, `count` and `for_each` over literals, variables and locals, remote state, event source mappings, notifications, rules, API Gateway v1 and v2, function URLs, the common modules of `terraform-aws-modules`',
    not: 'other modules of the registry; values that only a run knows; archives that a build outside makes',
  },
  // Modules call each other.
  once: true,
  matches: isConfiguration,
  read(_file, context) {
    readAll(context);
  },
};

interface Unit {
  readonly root: ModuleInstance;
  readonly instances: readonly ResourceInstance[];
}

function readAll(context: ReadContext): void {
  const configurations = new Configurations(context);
  const units: Unit[] = [];
  const made = new Set<string>();
  const readUnit = (root: ModuleInstance): void => {
    guarded(context, root.unit, () => {
      const instances: ResourceInstance[] = [];
      for (const module of configurations.modulesOf(root)) {
        made.add(module.setting.dir);
        for (const file of module.setting.directory.files) context.used(file.file);
        instances.push(...module.resources());
        modulesOutside(module, context);
      }
      units.push({ root, instances });
    });
  };
  configurations.roots.forEach(readUnit);
  for (const root of configurations.switchedOff(made)) readUnit(root);
  const wiring = new TerraformWiring(configurations.instances);
  for (const unit of units) {
    const archives = new Archives(unit.instances);
    for (const instance of unit.instances) guarded(context, instance.node.file.file, () => declare(instance, archives, wiring, context));
  }
  const managed = units.flatMap((unit) => unit.instances.filter((instance) => instance.mode === 'resource'));
  const rules = new RuleIndex(managed);
  for (const unit of units) {
    const index = new ApiIndex(unit.instances, wiring);
    for (const instance of unit.instances) {
      if (instance.mode === 'resource') guarded(context, instance.node.file.file, () => void (wireApi(instance, wiring, index) || wireResource(instance, wiring, rules, context)));
    }
    guarded(context, unit.root.unit, () => publish(unit.root, context));
  }
  // Last: a permission only counts where nothing else explains it.
  for (const instance of managed) if (instance.type === 'aws_lambda_permission') guarded(context, instance.node.file.file, () => wirePermission(instance, wiring));
  for (const { fn, triggers, destinations, provisionedConcurrency, maximumRetryAttempts } of wiring.drafts.values()) {
    context.addFunction({ ...fn, triggers, destinations, ...(triggers.some((item) => item.source === 'CloudFront') ? { generation: 'edge' } : {}), ...optional('provisionedConcurrency', provisionedConcurrency), ...optional('maximumRetryAttempts', maximumRetryAttempts) });
  }
  if (configurations.budget.steps < 0) context.gap({ kind: 'evaluation', file: configurations.roots[0]?.unit ?? '', message: 'the configurations need too much evaluation: later values are not known' });
}

function guarded(context: ReadContext, file: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.problem({ file, reason: 'nested too deeply' });
  }
}

function declare(instance: ResourceInstance, archives: Archives, wiring: TerraformWiring, context: ReadContext): void {
  if (instance.mode !== 'resource') return;
  const draft = instance.type === 'aws_lambda_function' ? readLambda(instance, archives, context) : readOther(instance, archives, context);
  if (draft) wiring.add(draft);
  else if (instance.type !== 'aws_lambda_function') context.addResource(resourceOf(instance));
}

function resourceOf(instance: ResourceInstance): Resource {
  const { node, module, type } = instance;
  const argument = nameArgument(type);
  return {
    id: `${module.unit}#${instance.id}`, unit: module.unit, logicalId: instance.id, kind: kindOf(type), type, location: node.ownLocation,
    properties: isKnownType(type) ? node.properties() : { kind: 'object', entries: [], open: true },
    ...optional('physicalName', argument === undefined ? undefined : present(node.value(argument))),
  };
}

/** Calls of modules that are not in the repository and not known: what they deploy is not seen. */
function modulesOutside(module: ModuleInstance, context: ReadContext): void {
  if (module.setting.directory.files.length === 0) return;
  for (const [name, declared] of module.setting.directory.modules) {
    const node = module.node(declared);
    const source = textOf(node.value('source'));
    if (source !== undefined && module.repository.directoryOf(module, source, declared)) continue;
    const dir = source?.startsWith('.') === true ? joinInRoot(module.setting.dir, source) : undefined;
    if (dir !== undefined && showsUseOf(module.setting.rootDir, dir)) continue;
    const { location } = node;
    const about = source === undefined ? 'its source is not known' : source.startsWith('.') ? `${JSON.stringify(source.slice(0, 200))} holds no configuration` : `${JSON.stringify(source.slice(0, 200))} is not in the repository`;
    context.gap({ kind: 'module', file: location.file, line: location.line, message: `module ${name}: ${about}` });
  }
}

/** Outputs that other units read from this one's state, and parameters that it writes. */
function publish(root: ModuleInstance, context: ReadContext): void {
  const key = backendKey(root) ?? `${folderOf(root.unit)}/terraform.tfstate`;
  for (const [name, declared] of root.setting.directory.outputs) {
    const node = root.node(declared);
    const value = node.value('value');
    if (!isUnset(value)) context.addPublished({ scope: 'terraformOutput', name: literal(`${key}#${name}`), value, unit: root.unit, location: node.location });
  }
  for (const instance of root.resources()) {
    if (instance.type !== 'aws_ssm_parameter') continue;
    const [name, value] = [instance.node.value('name'), instance.node.value('value')];
    if (!isUnset(name) && !isUnset(value)) context.addPublished({ scope: 'parameter', name, value, unit: root.unit, location: instance.node.location });
  }
}
