import type { Handler, Trigger } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { literal } from '../model/value.ts';
import { packaging } from './cloudformation-handler.ts';
import { trigger } from './cloudformation-triggers.ts';
import { isUnset, textOf } from './hcl-values.ts';
import type { ReadContext } from './reader.ts';
import { packageEntry } from './source-path-folders.ts';
import { folderOf } from './source-path-names.ts';
import type { Archives } from './terraform-code.ts';
import { declaredAt, locatedNumber, locatedText, optional, present } from './terraform-function.ts';
import { reference } from './terraform-api.ts';
import type { ResourceInstance } from './terraform-module.ts';
import type { TerraformNode } from './terraform-node.ts';
import type { TerraformDraft } from './terraform-wiring.ts';

/** Functions of other clouds. `undefined` for any other resource, or code that is not JavaScript. */
export function readOther(instance: ResourceInstance, archives: Archives, context: ReadContext): TerraformDraft | undefined {
  switch (instance.type) {
    case 'google_cloudfunctions_function': return google(instance, instance.node, instance.node, 'gen1', archives, context);
    case 'google_cloudfunctions2_function': {
      const [build, service] = [instance.node.block('build_config'), instance.node.block('service_config')];
      return build && google(instance, build, service ?? build, 'gen2', archives, context);
    }
    case 'cloudflare_workers_script': case 'cloudflare_worker_script': return worker(instance, context);
    default: return undefined;
  }
}

function base(instance: ResourceInstance): Pick<TerraformDraft['fn'], 'id' | 'name' | 'unit' | 'declaredAt' | 'foundBy' | 'layers' | 'mounts'> {
  const { module } = instance;
  return { id: `${module.unit}#${instance.id}`, name: instance.id, unit: module.unit, declaredAt: declaredAt(instance), foundBy: 'infrastructure', layers: [], mounts: [] };
}

/** Kinds of Google's event types (Eventarc and legacy names, read 2026-11). */
function eventKind(type: string): Trigger['kind'] {
  if (/pubsub/.test(type)) return 'topic';
  if (/storage/.test(type)) return 'bucket';
  if (/firestore|database/.test(type)) return 'document';
  if (/auth/.test(type)) return 'auth';
  return /audit|log/.test(type) ? 'log' : 'unknown';
}

/** `build`: block with runtime and entry point; `service`: block with what it runs with. One and the same in the first generation. */
function google(instance: ResourceInstance, build: TerraformNode, service: TerraformNode, generation: 'gen1' | 'gen2', archives: Archives, context: ReadContext): TerraformDraft | undefined {
  const { node } = instance;
  const runtime = locatedText(build, 'runtime');
  if (runtime && !runtime.value.startsWith('nodejs')) return undefined;
  const folder = googleFolder(instance, build, archives, context);
  const entry = build.text('entry_point');
  const unitDir = folderOf(node.location.file);
  const handlers: Handler[] = [];
  if (folder !== undefined && entry !== undefined) {
    // The framework loads the package's `main`, else `index.js`, else `function.js` (functions-framework-nodejs, src/loader.ts).
    for (const path of [...packageEntry(context.workspace, folder), 'index', 'function']) {
      const source = context.sourceOf(unitDir, folder, path);
      if (!('file' in source)) continue;
      handlers.push({ file: source.file, export: entry, kind: 'handler' });
      break;
    }
  }
  if (handlers.length === 0) {
    const why = entry === undefined ? 'no entry point is known' : folder === undefined ? 'the folder of the code is not known' : 'no source found for the entry point';
    context.gap({ kind: 'handler', file: node.location.file, line: node.location.line, message: `${instance.id}: ${why}` });
    if (runtime === undefined) return undefined;
  }
  const variables = service.value('environment_variables');
  const memory = megabytes(service.value('available_memory_mb')) ?? megabytes(service.value('available_memory'));
  const concurrency = service.number('max_instance_request_concurrency');
  const fn: TerraformDraft['fn'] = {
    ...base(instance), platform: 'google', generation, handlers,
    environment: new Map(variables.kind === 'object' ? variables.entries : []),
    packaging: packaging('folder', 'terraform', folder === undefined ? {} : { folder }),
    ...optional('physicalName', present(node.value('name'))),
    ...optional('runtime', runtime),
    ...optional('timeoutSeconds', locatedNumber(service, generation === 'gen1' ? 'timeout' : 'timeout_seconds')),
    ...optional('memoryMb', memory === undefined ? undefined : { value: memory, location: service.locationOf(service.has('available_memory_mb') ? 'available_memory_mb' : 'available_memory') }),
    ...optional('memoryUnknown', memory === undefined && (service.has('available_memory_mb') || service.has('available_memory')) ? true as const : undefined),
    ...optional('region', present(node.value(generation === 'gen1' ? 'region' : 'location'))),
    ...optional('concurrencyPerInstance', concurrency),
  };
  const made: Trigger[] = [];
  for (const block of node.blocks('event_trigger')) {
    const type = block.text('event_type') ?? '';
    const filters = block.blocks('event_filters').map((filter) => (filter.text('attribute') === 'bucket' || filter.text('attribute') === 'document' ? filter.value('value') : literal(undefined))).filter((value) => !isUnset(value));
    const resource = [block.value('pubsub_topic'), block.value('resource'), ...filters].find((value) => !isUnset(value));
    made.push(trigger(eventKind(type), type === '' ? 'event' : type, block.location, { resource }));
  }
  if (made.length === 0 && (generation === 'gen2' || node.boolean('trigger_http') === true)) made.push(trigger('http', 'http', node.location, { resource: reference(instance) }));
  return { fn, instance, triggers: made, destinations: [] };
}

/** The folder that is archived for a function: through the object in a bucket to the archive behind it. */
function googleFolder(instance: ResourceInstance, build: TerraformNode, archives: Archives, context: ReadContext): string | undefined {
  const stored = build.blocks('source').flatMap((block) => block.blocks('storage_source'))[0];
  const object = archives.object(stored?.value('object') ?? build.value('source_archive_object'), instance);
  const source = object?.node.value('source');
  const archive = object && source ? archives.archive(source, object) : undefined;
  if (archive) return archive.module.pathOf(archive.node.value('source_dir'));
  // Programs (Pulumi, CDKTF) hand over the folder itself.
  const direct = object && source ? object.module.pathOf(source) : undefined;
  return direct !== undefined && context.workspace.isDirectory(direct) ? direct : undefined;
}

/** `256`, `256M`, `256Mi`, `1G`, `1Gi` in megabytes. */
function megabytes(value: Value): number | undefined {
  const match = /^(\d{1,9})(?:([MG])i?)?B?$/.exec(textOf(value) ?? '');
  return match ? Number(match[1]) * (match[2] === 'G' ? 1024 : 1) : undefined;
}

/** A worker whose script is a file of the repository. */
function worker(instance: ResourceInstance, context: ReadContext): TerraformDraft | undefined {
  const { node, module } = instance;
  const attribute = (node.body.attributes.get('content') ?? node.body.attributes.get('content_file'))?.value;
  const argument = attribute?.kind === 'call' && (attribute.name === 'file' || attribute.name === 'templatefile') ? attribute.args[0] : node.has('content_file') ? attribute : undefined;
  const path = argument && module.pathOf(node.evaluate(argument));
  const { location } = node;
  if (path === undefined) {
    context.gap({ kind: 'handler', file: location.file, line: location.line, message: `${instance.id}: the script is no file of the repository` });
    return undefined;
  }
  const dot = path.lastIndexOf('.');
  const source = context.sourceOf(folderOf(location.file), folderOf(path), path.slice(path.lastIndexOf('/') + 1, dot < 0 ? undefined : dot));
  if (!('file' in source)) {
    context.gap({ kind: 'handler', file: location.file, line: location.line, message: `${instance.id}: ${source.gap}` });
    return undefined;
  }
  const environment = new Map<string, Value>();
  for (const block of [...node.blocks('plain_text_binding'), ...node.blocks('bindings')]) {
    const [name, value] = [block.text('name'), block.value('text')];
    if (name !== undefined && !isUnset(value)) environment.set(name, value);
  }
  return {
    fn: { ...base(instance), platform: 'cloudflare', handlers: [{ file: source.file, export: 'default', kind: 'fetch' }], environment, packaging: packaging('folder', 'terraform'), ...optional('physicalName', present(node.value(node.has('script_name') ? 'script_name' : 'name'))) },
    instance, triggers: [trigger('http', 'fetch', location)], destinations: [],
  };
}
