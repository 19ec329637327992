import type { Handler, Trigger, TriggerFilter, TriggerKind } from '../model/function.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { exportOf } from './convention-exports.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, withoutExtension } from './source-path-names.ts';

/** Triggers by their type in lower case, with the property that names the resource (Azure Functions reference, "Triggers and bindings", read 2026-11). */
const triggers: ReadonlyMap<string, readonly [TriggerKind, string]> = new Map<string, readonly [TriggerKind, string]>([
  ['httptrigger', ['http', '']], ['timertrigger', ['schedule', 'schedule']], ['queuetrigger', ['queue', 'queueName']], ['blobtrigger', ['bucket', 'path']],
  ['cosmosdbtrigger', ['document', 'containerName']], ['eventhubtrigger', ['stream', 'eventHubName']], ['eventgridtrigger', ['bus', '']],
  ['servicebustrigger', ['queue', 'queueName']], ['kafkatrigger', ['stream', 'topic']], ['rabbitmqtrigger', ['queue', 'queueName']], ['signalrtrigger', ['http', '']],
  ['orchestrationtrigger', ['invoke', '']], ['activitytrigger', ['invoke', '']], ['entitytrigger', ['invoke', '']],
]);

/** Azure Functions, programming model v3: a `function.json` a function, below the folder of `host.json`. */
export const azureReader: Reader = {
  name: 'azure',
  matches: (file) => file === 'function.json' || file.endsWith('/function.json'),
  sniff: (text) => text.includes('bindings'),
  read(file, context) {
    const document = context.document(file, { version: '1.2' });
    const root = document?.roots[0];
    const broken = document?.errors.find((error) => error.kind !== 'duplicate');
    if (broken !== undefined) context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
    const bindings = root?.get('bindings');
    if (root === undefined || bindings?.kind !== 'list') return;
    const found = bindings.items.map((binding) => triggerOf(binding)).filter((trigger) => trigger !== undefined);
    // Without a trigger it is some other tool's file.
    if (found.length === 0) return;
    const folder = folderOf(file);
    const app = folderOf(folder);
    const host = app === '' ? 'host.json' : `${app}/host.json`;
    const unit = context.workspace.has(host) ? host : file;
    const name = folder.slice(folder.lastIndexOf('/') + 1) || 'function';
    const script = root.get('scriptFile')?.text();
    // Other languages have their own script files.
    if (script !== undefined && !/\.[cm]?[jt]s$/.test(script)) return;
    const source = context.sourceOf(folder, folder, withoutExtension(script ?? 'index.js'));
    const handlers: Handler[] = [];
    if ('file' in source) handlers.push({ file: source.file, export: root.get('entryPoint')?.text() ?? azureExport(context, source.file), kind: 'handler' });
    else if (script === undefined) return;
    else context.gap({ kind: 'handler', file, line: root.keyLocation('scriptFile').line, message: `${name}: ${source.gap}` });
    context.used(file);
    context.addFunction({
      id: `${unit}#${name}`, name, unit, platform: 'azure', handlers, triggers: found, declaredAt: [root.location], foundBy: 'infrastructure',
      environment: new Map(), layers: [], mounts: [], destinations: [],
    });
  },
};

function triggerOf(binding: DocNode): Trigger | undefined {
  const type = binding.get('type')?.text();
  if (type === undefined || !/trigger$/i.test(type)) return undefined;
  const [kind, property] = triggers.get(type.toLowerCase()) ?? ['unknown' as const, ''];
  const topic = binding.get('topicName')?.text();
  const resource = property === '' ? undefined : setting(topic ?? binding.get(property)?.text());
  const methods = binding.get('methods')?.items.map((item) => item.text()?.toUpperCase() ?? '*') ?? ['*'];
  const route = binding.get('route')?.text();
  const filters: TriggerFilter[] = kind === 'http' ? methods.map((method) => ({ kind: 'route', method, path: route === undefined ? '*' : `/${route.replace(/^\//, '')}` })) : [];
  return { kind: kind === 'queue' && topic !== undefined ? 'topic' : kind, source: type, filters, location: binding.location, ...(resource === undefined ? {} : { resource }) };
}

/** `%NAME%` is an application setting. */
function setting(text: string | undefined): Value | undefined {
  const name = text === undefined ? undefined : /^%([^%]{1,200})%$/.exec(text)?.[1];
  return name !== undefined ? { kind: 'env', name } : text === undefined ? undefined : literal(text);
}

/** Without `entryPoint` the host takes the only export, else `run` or `index` (Azure Functions Node.js guide, model v3). */
function azureExport(context: ReadContext, file: string): string {
  return exportOf(context.workspace.read(file) ?? '', ['default', 'run', 'index']) ?? 'default';
}

