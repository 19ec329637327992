import type { DocNode } from './document.ts';
import type { Handler, ServerlessFunction } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { codeOf } from './cloudformation-code.ts';
import type { FunctionProperties } from './cloudformation-properties.ts';
import type { Draft } from './cloudformation-wiring.ts';
import { isNothing } from './cloudformation-values.ts';
import type { ReadContext } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

/**
 * Functions with which the CDK does its own work at a deployment, by the logical ids that it gives them in every template that it makes
 * (aws-cdk-lib 2: bucket notifications, log retention, calls of the SDK, emptied buckets, restricted security groups; read 2026-11).
 */
const ofCdk = new RegExp(`^(?:${[
  'BucketNotificationsHandler050a0587b7544547bf325f094a3db834', 'LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a', 'AWS679f53fac002430cb0da5b7982bd2287',
  'CustomS3AutoDeleteObjectsCustomResourceProviderHandler', 'CustomVpcRestrictDefaultSGCustomResourceProviderHandler', 'CustomCrossRegionExport(?:Reader|Writer)CustomResourceProviderHandler',
].join('|')})[0-9A-F]{4,8}$`);

/**
 * One function of a template, `AWS::Lambda::Function` and `AWS::Serverless::Function` alike. `undefined` when its code is not
 * JavaScript or TypeScript.
 */
export function readFunction(properties: FunctionProperties, context: ReadContext): Draft | undefined {
  const { template, resource } = properties;
  if (ofCdk.test(resource.id)) return undefined;
  const runtime = located(properties, 'Runtime');
  if (runtime && !/^(?:nodejs|provided)/.test(runtime.value)) return undefined;
  const code = codeOf(properties, context);
  if (!code) return undefined;
  const found = code.handler;
  const handlers: Handler[] = 'file' in found ? [{ file: found.file, export: found.export, kind: code.inline ? 'inline' : 'handler' }] : [];
  if (code.inline && runtime === undefined) return undefined;
  if ('gap' in found) {
    // A custom runtime whose handler is no file of ours is most likely not JavaScript at all.
    if (runtime?.value.startsWith('provided') === true) return undefined;
    context.gap({ kind: 'handler', file: template.file, line: properties.location('Handler').line, message: `${resource.id}: ${found.gap}` });
    if (runtime === undefined || !code.listed) return undefined;
  }
  const environment = new Map<string, Value>();
  for (const [name, node] of properties.entries('Environment', 'Variables')) {
    const value = template.value(node);
    if (!isNothing(value)) environment.set(name, value);
  }
  const fn: Draft['fn'] = {
    id: `${template.unit}#${resource.id}`, name: resource.id, unit: template.unit, platform: 'aws', handlers,
    declaredAt: [resource.location], foundBy: 'infrastructure', environment, packaging: code.packaging,
    layers: properties.items('Layers').map((node) => layer(properties, template.value(node), context)),
    mounts: properties.items('FileSystemConfigs').map((node) => template.text(node.get('LocalMountPath'))).filter((path) => path !== undefined),
    ...optional('environmentAt', environment.size > 0 ? properties.location('Environment') : undefined),
    ...optional('layersAt', properties.items('Layers').length > 0 ? properties.location('Layers') : undefined),
    ...optional('physicalName', properties.value('FunctionName')),
    ...optional('timeoutSeconds', properties.number('Timeout')),
    ...optional('timeoutUnknown', properties.number('Timeout') === undefined && properties.value('Timeout') !== undefined ? true as const : undefined),
    ...optional('memoryMb', properties.number('MemorySize')),
    ...optional('memoryUnknown', properties.number('MemorySize') === undefined && properties.value('MemorySize') !== undefined ? true as const : undefined),
    ...optional('runtime', runtime),
    ...optional('architecture', template.text(properties.items('Architectures').at(-1))),
    ...optional('reservedConcurrency', properties.number('ReservedConcurrentExecutions')),
    ...optional('recursiveLoop', recursiveLoop(properties)),
    ...optional('ephemeralStorageMb', properties.below('EphemeralStorage', 'Size')),
    ...optional('tracing', tracing(properties)),
    ...(properties.node('DurableConfig') ? { generation: 'durable' } : {}),
    ...optional('ignore', ignored(resource.node.at('Metadata', 'faaslint', 'ignore'))),
  };
  return { template, id: resource.id, fn, triggers: [], destinations: deadLetter(properties), late: {} };
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  const entry: { [P in K]?: T } = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}

function located(properties: FunctionProperties, name: string): Located<string> | undefined {
  const value = properties.text(name);
  return value === undefined ? undefined : { value, location: properties.location(name) };
}

function recursiveLoop(properties: FunctionProperties): ServerlessFunction['recursiveLoop'] {
  const value = properties.text('RecursiveLoop');
  return value === 'Allow' || value === 'Terminate' ? { value, location: properties.location('RecursiveLoop') } : undefined;
}

/** SAM's own name for `TracingConfig.Mode` is `Tracing`. */
function tracing(properties: FunctionProperties): Located<boolean> | undefined {
  const name = properties.node('Tracing') ? 'Tracing' : 'TracingConfig';
  const node = properties.node(name);
  const mode = properties.template.text(name === 'Tracing' ? node : node?.get('Mode'));
  return mode === undefined ? undefined : { value: mode === 'Active', location: properties.location(name) };
}

/** `Metadata: { faaslint: { ignore: [{ rule, reason }] } }`: suppression where JSON has no comments. */
function ignored(list: DocNode | undefined): ServerlessFunction['ignore'] {
  const entries = (list?.items ?? []).flatMap((item) => {
    const rule = item.get('rule')?.text();
    const reason = item.get('reason')?.text();
    return rule === undefined ? [] : [{ rule, ...(reason === undefined ? {} : { reason }) }];
  });
  return entries.length === 0 ? undefined : entries;
}

function deadLetter(properties: FunctionProperties): Draft['destinations'] {
  // SAM and CloudFormation have different names for the same property.
  const name = ['DeadLetterQueue', 'DeadLetterConfig'].find((property) => properties.node(property));
  const target = name === undefined ? undefined : properties.node(name)?.get('TargetArn');
  return name === undefined || !target ? [] : [{ kind: 'deadLetter', target: properties.template.value(target), location: properties.location(name) }];
}

/** A layer of the repository is its folder, any other what the template says. */
function layer(properties: FunctionProperties, value: Value, context: ReadContext): Value {
  if (value.kind !== 'resource' || value.unit !== properties.template.unit) return value;
  const resource = properties.template.resources.get(value.id);
  if (!resource || !/::LayerVersion$/.test(resource.type)) return value;
  const path = properties.template.text(resource.properties?.get('ContentUri') ?? resource.properties?.get('Content'));
  const folder = path === undefined ? undefined : joinInRoot(folderOf(properties.template.file), path);
  return folder !== undefined && context.workspace.isDirectory(folder) ? literal(folder) : value;
}
