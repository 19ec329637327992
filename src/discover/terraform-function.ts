import type { ServerlessFunction } from '../model/function.ts';
import type { Located, Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { literalText } from '../model/value.ts';
import { isUnset } from './hcl-values.ts';
import type { ReadContext } from './reader.ts';
import { codeOf } from './terraform-code.ts';
import type { Archives } from './terraform-code.ts';
import type { ResourceInstance } from './terraform-module.ts';
import type { TerraformNode } from './terraform-node.ts';
import type { TerraformDraft } from './terraform-wiring.ts';

/** One `aws_lambda_function`. `undefined` when its code is not JavaScript or TypeScript. */
export function readLambda(instance: ResourceInstance, archives: Archives, context: ReadContext): TerraformDraft | undefined {
  const { node, module } = instance;
  const runtime = locatedText(node, 'runtime');
  if (runtime && !/^(?:nodejs|provided)/.test(runtime.value)) return undefined;
  const code = codeOf(instance, archives, context);
  if (!code) return undefined;
  const handlers = 'file' in code.handler ? [code.handler] : [];
  if ('gap' in code.handler) {
    // An image or custom runtime without a handler of ours is most likely not JavaScript at all.
    if (runtime?.value.startsWith('provided') === true) return undefined;
    context.gap({ kind: 'handler', file: node.location.file, line: node.location.line, message: `${instance.id}: ${code.handler.gap}` });
    if (runtime === undefined || node.has('outside')) return undefined;
  }
  const deadLetter = node.block('dead_letter_config');
  const target = deadLetter?.value('target_arn');
  const edge = node.boolean('lambda_at_edge') === true;
  const fn: TerraformDraft['fn'] = {
    id: `${module.unit}#${instance.id}`, name: instance.id, unit: module.unit, platform: 'aws', handlers, declaredAt: declaredAt(instance), foundBy: 'infrastructure',
    environment: environmentOf(node), packaging: code.packaging,
    layers: layersOf(node.value('layers'), instance, context),
    mounts: node.blocks('file_system_config').map((block) => block.text('local_mount_path')).filter((path) => path !== undefined),
    ...optional('environmentAt', node.block('environment')?.locationOf('variables')),
    ...optional('layersAt', node.has('layers') ? node.locationOf('layers') : undefined),
    ...optional('region', regionOf(instance)),
    ...optional('generation', edge ? 'edge' : undefined),
    ...optional('physicalName', present(node.value('function_name'))),
    ...optional('timeoutSeconds', locatedNumber(node, 'timeout')),
    ...optional('timeoutUnknown', node.number('timeout') === undefined && present(node.value('timeout')) !== undefined ? true as const : undefined),
    ...optional('memoryMb', locatedNumber(node, 'memory_size')),
    ...optional('memoryUnknown', node.number('memory_size') === undefined && present(node.value('memory_size')) !== undefined ? true as const : undefined),
    ...optional('runtime', runtime),
    ...optional('architecture', lastText(node.value('architectures'))),
    ...optional('reservedConcurrency', positive(locatedNumber(node, 'reserved_concurrent_executions'))),
    ...optional('ephemeralStorageMb', node.blocks('ephemeral_storage').map((block) => locatedNumber(block, 'size'))[0]),
    ...optional('tracing', node.blocks('tracing_config').map(tracing)[0]),
  };
  return {
    fn, instance, triggers: [],
    destinations: deadLetter && target && !isUnset(target) ? [{ kind: 'deadLetter', target, location: deadLetter.locationOf('target_arn') }] : [],
  };
}

/** Region of the provider that makes a resource: the one it names, else the default one. Modules that are handed providers: not known. */
export function regionOf(instance: ResourceInstance): Value | undefined {
  let root = instance.module;
  for (let call = root.setting.call; call; call = call.parent.setting.call) {
    if (call.node.has('providers')) return undefined;
    root = call.parent;
  }
  const named = instance.node.body.attributes.get('provider')?.value;
  const alias = named?.kind === 'steps' && named.steps[0]?.kind === 'attribute' ? named.steps[0].name : undefined;
  for (const declared of root.setting.directory.providers) {
    const provider = root.node(declared);
    if (declared.block.labels[0] === 'aws' && provider.text('alias') === alias) return present(provider.value('region'));
  }
  return undefined;
}

/** The place that tells a function from others first (the call of a module that makes only it, or its own block), then the calls that lead to it. */
export function declaredAt(instance: ResourceInstance): ServerlessFunction['declaredAt'] {
  const { node, module } = instance;
  const calls: Location[] = [];
  for (let call = module.setting.call; call; call = call.parent.setting.call) calls.push(call.node.ownLocation);
  const [nearest, ...outer] = calls;
  const own = [node.ownLocation];
  const places = nearest === undefined ? own : module.isSingle ? [nearest, ...own, ...outer] : [...own, ...calls];
  return places.filter((place, index) => places.findIndex((other) => other.file === place.file && other.line === place.line) === index);
}

/** A key only when there is a value for it. */
export function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  const entry: { [P in K]?: T } = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}

export function present(value: Value): Value | undefined {
  return isUnset(value) ? undefined : value;
}

export function locatedText(node: TerraformNode, name: string): Located<string> | undefined {
  const value = node.text(name);
  return value === undefined ? undefined : { value, location: node.sourceLocationOf(name) };
}

export function locatedNumber(node: TerraformNode, name: string): Located<number> | undefined {
  const value = node.number(name);
  return value === undefined ? undefined : { value, location: node.locationOf(name) };
}

/** `-1` takes a limit away (AWS provider documentation, `reserved_concurrent_executions`). */
function positive(value: Located<number> | undefined): Located<number> | undefined {
  return value && value.value >= 0 ? value : undefined;
}

function tracing(block: TerraformNode): Located<boolean> | undefined {
  const mode = block.text('mode');
  return mode === undefined ? undefined : { value: mode === 'Active', location: block.locationOf('mode') };
}

function lastText(value: Value): string | undefined {
  return value.kind === 'array' ? literalText(value.items.at(-1)) : undefined;
}

/** `environment { variables = { … } }`; a name whose value is null is not set. */
function environmentOf(node: TerraformNode): ReadonlyMap<string, Value> {
  const environment = new Map<string, Value>();
  for (const block of node.blocks('environment')) {
    for (const value of objects(block.value('variables'))) for (const [name, item] of value) if (!isUnset(item)) environment.set(name, asText(item));
  }
  return environment;
}

function objects(value: Value): readonly (readonly (readonly [string, Value])[])[] {
  if (value.kind === 'object') return [value.entries];
  if (value.kind === 'oneOf') return value.options.flatMap(objects);
  return value.kind === 'derived' ? value.from.flatMap(objects) : [];
}

/** Variables of the environment are texts. */
function asText(value: Value): Value {
  return value.kind === 'literal' && typeof value.value !== 'string' ? literal(String(value.value)) : value;
}

/** A layer of the repository is its folder, any other what the configuration says. */
function layersOf(value: Value, instance: ResourceInstance, context: ReadContext): readonly Value[] {
  const items = value.kind === 'array' ? value.items : [];
  return items.map((item) => {
    const layer = item.kind === 'resource' ? instance.module.repository.instances.get(`${item.unit}#${item.id}`) : undefined;
    const folder = layer?.type === 'aws_lambda_layer_version' ? layer.module.pathOf(layer.node.value('filename')) : undefined;
    return folder !== undefined && context.workspace.isDirectory(folder) ? literal(folder) : item;
  });
}
