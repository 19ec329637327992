import type { ServerlessFunction, Trigger, TriggerKind } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import { literal, type Value } from '../model/value.ts';
import { template } from '../link/values.ts';
import { codeManifest, engineRuntime, isAside, mainSource } from './code-manifest.ts';
import { loadedFiles } from './code-program.ts';
import type { DocNode } from './document-node.ts';
import { megabytes } from './firebase-trigger.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

/**
 * Firebase extensions: `extension.yaml` declares the functions, and its triggers replace those that the code states
 * (Firebase documentation, "Reference: extension.yaml", read 2026-11).
 */
export const extensionReader: Reader = {
  name: 'firebase-extension',
  about: {
    format: 'Firebase extensions', platform: 'Firebase', files: '`extension.yaml`',
    reads: 'functions and their triggers, which override what the code says',
    not: 'values that are asked for when the extension is installed, beyond their defaults',
  },
  matches: (file) => /(?:^|\/)extension\.yaml$/.test(file) && !isAside(file),
  sniff: (text) => text.includes('firebaseextensions.'),
  read(file, context) {
    const document = context.document(file);
    const root = document?.roots[0];
    const broken = document?.errors.find((error) => error.kind !== 'duplicate');
    if (broken !== undefined) context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
    for (const resource of root?.get('resources')?.items ?? []) {
      const version = /^firebaseextensions\.v1(?:alpha|beta)\.(v2)?function$/i.exec(resource.get('type')?.text() ?? '');
      const name = resource.get('name')?.text();
      if (version === null || name === undefined) continue;
      const fn = declared(file, resource, name, version[1] !== undefined, context);
      if (fn !== undefined) context.addFunction(fn);
    }
  },
};

function declared(file: string, resource: DocNode, name: string, second: boolean, context: ReadContext): ServerlessFunction | undefined {
  const folder = folderOf(file);
  const properties = resource.get('properties');
  const sourceNode = properties?.get('sourceDirectory') ?? properties?.at('buildConfig', 'source');
  const runtimeNode = second ? properties?.at('buildConfig', 'runtime') : properties?.get('runtime');
  // Other languages have their own modules.
  if (runtimeNode?.text() !== undefined && !/^nodejs/.test(runtimeNode.text() ?? '')) return undefined;
  const dir = joinInRoot(folder, sourceNode?.text() ?? 'functions');
  const manifest = dir === undefined ? undefined : codeManifest(context, dir);
  const gap = (message: string): undefined => { context.gap({ kind: 'handler', file, line: resource.line, message: `${name}: ${message}` }); return undefined; };
  if (dir === undefined || manifest === undefined) return gap('no manifest in the source folder');
  const main = mainSource(context, dir, manifest.main);
  if (!('file' in main)) return gap(main.gap);
  const entryPoint = (second ? properties?.at('buildConfig', 'entryPoint') : properties?.get('entryPoint'))?.text() ?? name;
  const service = second ? properties?.get('serviceConfig') : properties;
  const timeout = located(service, second ? 'timeoutSeconds' : 'timeout', (node) => node.number() ?? seconds(node.text()));
  const memory = located(service, second ? 'availableMemory' : 'availableMemoryMb', (node) => (second ? megabytes(literal(node.text()?.replace(/^(\d+)(Mi|Gi|M|G)$/, '$1$2B'))) : undefined) ?? node.number());
  const kept = located(service, second ? 'minInstanceCount' : 'minInstances', (node) => node.number());
  const most = located(service, second ? 'maxInstanceCount' : 'maxInstances', (node) => node.number());
  const runtime: Located<string> | undefined = runtimeNode?.text() === undefined
    ? engineRuntime(manifest.engine)
    : { value: runtimeNode.text() ?? '', location: runtimeNode.location };
  const region = properties?.get('location')?.text();
  context.used(manifest.file);
  for (const one of loadedFiles(context, [main.file])) context.used(one);
  return {
    id: `${file}#${name}`, name, unit: file, platform: 'firebase', generation: second ? 'gen2' : 'gen1', declaredAt: [resource.location], foundBy: 'infrastructure',
    handlers: [{ ...exportPlace(context, main.file, entryPoint), kind: 'handler' }], triggers: triggersOf(properties, resource), environment: new Map(), layers: [], mounts: [], destinations: [],
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }), ...(memory === undefined ? {} : { memoryMb: memory }), ...(kept === undefined ? {} : { provisionedConcurrency: kept }),
    ...(most === undefined || second ? {} : { reservedConcurrency: most }), ...(runtime === undefined ? {} : { runtime }), ...(region === undefined ? {} : { region: parameters(region) }),
  };
}

/** The module that an export of the main module comes from. */
export function exportPlace(context: ReadContext, file: string, name: string): { readonly file: string; readonly export: string } {
  const found = name.includes('.') ? undefined : context.evaluator?.().modules.exported(file, name, new Set());
  return found?.kind === 'local' ? { file: found.file, export: name } : { file, export: name };
}

function located(node: DocNode | undefined, name: string, convert: (node: DocNode) => number | undefined): Located<number> | undefined {
  const written = node?.get(name);
  const value = written === undefined ? undefined : convert(written);
  return value === undefined || node === undefined ? undefined : { value, location: node.keyLocation(name) };
}

const seconds = (text: string | undefined): number | undefined => { const digits = /^(\d{1,6})s$/.exec(text ?? '')?.[1]; return digits === undefined ? undefined : Number(digits); };

/** Text with `${X}` and `${param:X}`: parameters are environment variables of the code. */
export function parameters(text: string): Value {
  const parts: Value[] = [];
  let at = 0;
  for (const match of text.slice(0, 2_000).matchAll(/\$\{(?:param:)?([A-Za-z_][A-Za-z0-9_]{0,100})\}/g)) {
    if (match.index > at) parts.push(literal(text.slice(at, match.index)));
    parts.push({ kind: 'env', name: match[1] ?? '' });
    at = match.index + match[0].length;
  }
  if (at < text.length || parts.length === 0) parts.push(literal(text.slice(at)));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : template(parts);
}

function triggersOf(properties: DocNode | undefined, resource: DocNode): Trigger[] {
  const name = resource.get('name')?.text();
  const at = (of: string) => ({ filters: [], location: properties?.keyLocation(of) ?? resource.location });
  if (properties?.get('httpsTrigger') !== undefined) return [{ ...at('httpsTrigger'), kind: 'http', source: 'httpsTrigger', filters: [{ kind: 'route', method: '*', path: '*' }], auth: { kind: 'none', location: properties.keyLocation('httpsTrigger') } }];
  const schedule = properties?.get('scheduleTrigger');
  if (schedule !== undefined) { const text = schedule.get('schedule')?.text() ?? schedule.text(); return [{ ...at('scheduleTrigger'), kind: 'schedule', source: 'scheduleTrigger', ...(text === undefined ? {} : { schedule: parameters(text) }) }]; }
  if (properties?.get('taskQueueTrigger') !== undefined) return [{ ...at('taskQueueTrigger'), kind: 'queue', source: 'taskQueueTrigger', ...(name === undefined ? {} : { resource: literal(name) }) }];
  const event = properties?.get('eventTrigger');
  const type = event?.get('eventType')?.text();
  if (event === undefined || type === undefined) return [];
  const resourceValue = eventResource(event);
  const retry = /RETRY_POLICY_RETRY$/.test(event.get('retryPolicy')?.text() ?? '') || event.at('failurePolicy', 'retry') !== undefined;
  const kind = eventKind(type);
  return [{ ...at('eventTrigger'), kind, source: type, ...(kind === 'bucket' ? { filters: [{ kind: 'object', events: [type], rules: [] }] } : {}), ...(resourceValue === undefined ? {} : { resource: resourceValue }), ...(retry ? { maximumRetryAttempts: -1 } : {}) }];
}

/** Kinds of events by their type, of both generations (Eventarc "Event types", Cloud Functions v1 "Events and triggers", read 2026-11). */
export function eventKind(type: string): TriggerKind {
  if (/firestore|datastore|firebase\.database|google\.firebase\.database/.test(type)) return 'document';
  if (/storage/.test(type)) return 'bucket';
  if (/pubsub/.test(type)) return 'topic';
  if (/firebase\.auth|identitytoolkit/.test(type)) return 'auth';
  if (/remoteconfig|testlab|testing|analytics|alerts|crashlytics/i.test(type)) return 'custom';
  return /^[a-z][\w-]*(?:\.[\w-]+)+$/i.test(type) ? 'bus' : 'unknown';
}

/** The path, bucket or topic at the end of a full resource name, or among the filters of the second generation. */
function eventResource(event: DocNode): Value | undefined {
  const filters = event.get('eventFilters')?.items ?? [];
  const filter = ['document', 'ref', 'bucket', 'topic'].map((name) => filters.find((item) => item.get('attribute')?.text() === name)?.get('value')?.text()).find((text) => text !== undefined);
  const written = filter ?? event.get('pubsubTopic')?.text() ?? event.get('resource')?.text() ?? event.get('channel')?.text();
  return written === undefined ? undefined : parameters(shortName(written));
}

/** `projects/p/databases/(default)/documents/a/{id}` → `a/{id}`; `projects/_/buckets/b` → `b`; `projects/p/topics/t` → `t`. */
export function shortName(name: string): string {
  return name.slice(0, 2_000).replace(/^\/?(?:\/\/[\w.]+\/)?projects\/[^/]+\/(?:databases\/[^/]+\/documents|instances\/[^/]+\/refs|buckets|topics)\//, '');
}
