import type { Resource, ResourceKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import type { WorkerConfig } from './cloudflare-config.ts';
import type { DocNode } from './document-node.ts';
import { plainValue } from './document-value.ts';
import type { ReadContext } from './reader.ts';

/** How one kind of binding is written. */
interface BindingForm {
  /** Key of the file, with the key below it where the list lies deeper. */
  readonly path: readonly string[];
  /** Property that holds the name in `env`. */
  readonly name: string;
  /** Properties that name what is bound, best first. */
  readonly target: readonly string[];
  readonly kind: ResourceKind;
  readonly type: string;
}

/** Wrangler documentation, "Configuration", "Bindings" (read 2026-11). */
const forms: readonly BindingForm[] = [
  { path: ['queues', 'producers'], name: 'binding', target: ['queue'], kind: 'queue', type: 'Queue' },
  { path: ['kv_namespaces'], name: 'binding', target: ['id'], kind: 'table', type: 'KVNamespace' },
  { path: ['kv-namespaces'], name: 'binding', target: ['id'], kind: 'table', type: 'KVNamespace' },
  { path: ['r2_buckets'], name: 'binding', target: ['bucket_name'], kind: 'bucket', type: 'R2Bucket' },
  { path: ['d1_databases'], name: 'binding', target: ['database_name', 'database_id'], kind: 'table', type: 'D1Database' },
  { path: ['durable_objects', 'bindings'], name: 'name', target: ['class_name'], kind: 'other', type: 'DurableObject' },
  { path: ['workflows'], name: 'binding', target: ['name'], kind: 'stateMachine', type: 'Workflow' },
  { path: ['services'], name: 'binding', target: ['service'], kind: 'other', type: 'Service' },
  { path: ['vectorize'], name: 'binding', target: ['index_name'], kind: 'other', type: 'VectorizeIndex' },
  { path: ['hyperdrive'], name: 'binding', target: ['id'], kind: 'other', type: 'Hyperdrive' },
  { path: ['analytics_engine_datasets'], name: 'binding', target: ['dataset'], kind: 'other', type: 'AnalyticsEngineDataset' },
  { path: ['dispatch_namespaces'], name: 'binding', target: ['namespace'], kind: 'other', type: 'DispatchNamespace' },
  { path: ['mtls_certificates'], name: 'binding', target: ['certificate_id'], kind: 'other', type: 'MtlsCertificate' },
  { path: ['send_email'], name: 'name', target: ['destination_address'], kind: 'other', type: 'SendEmail' },
  { path: ['pipelines'], name: 'binding', target: ['pipeline'], kind: 'stream', type: 'Pipeline' },
  { path: ['secrets_store_secrets'], name: 'binding', target: ['secret_name'], kind: 'parameter', type: 'Secret' },
  { path: ['vpc_services'], name: 'binding', target: ['service_id'], kind: 'other', type: 'VpcService' },
  { path: ['ratelimits'], name: 'name', target: ['namespace_id'], kind: 'other', type: 'RateLimit' },
  { path: ['unsafe', 'bindings'], name: 'name', target: ['namespace_id', 'type'], kind: 'other', type: 'UnsafeBinding' },
  { path: ['ai'], name: 'binding', target: [], kind: 'other', type: 'AI' },
  { path: ['browser'], name: 'binding', target: [], kind: 'other', type: 'Browser' },
  { path: ['images'], name: 'binding', target: [], kind: 'other', type: 'Images' },
  { path: ['assets'], name: 'binding', target: [], kind: 'other', type: 'Assets' },
  { path: ['version_metadata'], name: 'binding', target: [], kind: 'other', type: 'VersionMetadata' },
];

/** Declares a resource once a unit, and gives the reference to it. */
export function declare(context: ReadContext, unit: string, type: string, name: string, kind: ResourceKind, at: { readonly location: Location; readonly properties: Value; readonly physical?: boolean }): Value {
  const logicalId = `${type}:${name}`;
  context.addResource({
    id: `${unit}#${logicalId}`, unit, logicalId, kind, type: `Cloudflare::${type}`, location: at.location, properties: at.properties,
    ...(at.physical === false ? {} : { physicalName: literal(name) }),
  } satisfies Resource);
  return { kind: 'resource', unit, id: logicalId, attribute: 'binding' };
}

/** The queue of a name, declared where it is first seen. */
export function queueNamed(context: ReadContext, unit: string, name: string, node: DocNode): Value {
  return declare(context, unit, 'Queue', name, 'queue', { location: node.location, properties: plainValue(node) });
}

/** What `env` holds in an environment: variables as written, bindings as references to resources that are declared here. */
export function environmentOf(context: ReadContext, unit: string, config: WorkerConfig): ReadonlyMap<string, Value> {
  const names = new Map<string, Value>();
  for (const [name, node] of config.get('vars')?.entries ?? []) names.set(name, plainValue(node));
  for (const form of forms) {
    const [first = '', ...rest] = form.path;
    const node = config.get(first)?.at(...rest);
    for (const item of node === undefined ? [] : node.kind === 'list' ? node.items : [node]) {
      const name = item.get(form.name)?.text() ?? (form.path[0] === 'durable_objects' ? item.get('binding')?.text() : undefined);
      if (name === undefined) continue;
      names.set(name, bound(context, unit, form, item, name));
    }
  }
  return names;
}

function bound(context: ReadContext, unit: string, form: BindingForm, item: DocNode, name: string): Value {
  const written = form.target.map((key) => item.get(key)?.text()).find((text) => text !== undefined && text !== '');
  const script = item.get('script_name')?.text();
  const entrypoint = item.get('entrypoint')?.text();
  const target = written === undefined ? name : `${script === undefined ? '' : `${script}/`}${written}${entrypoint === undefined ? '' : `#${entrypoint}`}`;
  return declare(context, unit, form.type, target, form.kind, { location: item.location, properties: plainValue(item), physical: written !== undefined });
}
