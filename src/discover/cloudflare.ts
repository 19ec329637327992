import type { BuildOption, Handler, Packaging, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import type { Workspace } from '../model/workspace.ts';
import { buildSettings } from './bundler-settings.ts';
import { declare, environmentOf } from './cloudflare-bindings.ts';
import { environments } from './cloudflare-config.ts';
import type { WorkerConfig } from './cloudflare-config.ts';
import { workerMain } from './cloudflare-main.ts';
import { exportedClass, exportedClasses, workerHandlers } from './cloudflare-module.ts';
import type { ExportedClass } from './cloudflare-module.ts';
import { readPagesProject } from './cloudflare-pages.ts';
import { deadLetters, workerTriggers } from './cloudflare-triggers.ts';
import type { DocNode } from './document-node.ts';
import { plainValue } from './document-value.ts';
import type { ReadContext, Reader } from './reader.ts';
import { isAside } from './path-aside.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

/** One worker of a Wrangler file, while it is read. */
interface Worker {
  readonly context: ReadContext;
  readonly unit: string;
  readonly name: string;
  readonly main: string;
  /** The environment that is read, and the others, which fill in what it does not have. */
  readonly configs: readonly WorkerConfig[];
  readonly environment: ReadonlyMap<string, Value>;
  readonly packaging: Packaging;
}

/** Cloudflare Workers and Pages projects with a Wrangler file (Wrangler documentation, "Configuration", read 2026-11). */
export const cloudflareReader: Reader = {
  name: 'cloudflare',
  about: {
    format: 'Cloudflare Workers', platform: 'Cloudflare', files: '`wrangler.toml`, `.json`, `.jsonc` with their environments',
    reads: 'fetch, scheduled, queue, email and tail handlers, the older listener syntax, Durable Objects, Workflows, service entry points, bindings, routes and crons',
    not: 'Workers in Python; settings that only the dashboard holds',
  },
  matches: (file) => /(?:^|\/)(?:[\w.-]{1,60}\.)?wrangler(?:[.-][\w.-]{1,60})?\.(?:toml|jsonc?)(?:\.(?:template|tmpl|example|sample|dist))?$/.test(file) && !isAside(file)
    && !/(?:^|\/)(?:[\w.-]{1,60}\.)?wrangler[.-](?:[\w-]{1,60}[.-])?(?:e2e|tests?|vitest|ci)\.\w+$/.test(file),
  sniff: (text) => /\bmain\b|\[build|compatibility_date|pages_build_output_dir|\btype\b|entry-point|kv_namespaces|durable_objects/.test(text),
  read(file, context) {
    const document = context.document(file, { format: formatOf(file) });
    for (const error of document?.errors ?? []) if (error.kind !== 'duplicate') context.problem({ file, reason: `line ${error.line}: ${error.message}` });
    const root = document?.roots[0];
    if (root?.kind !== 'map') return;
    const own = environments(root, context.stage);
    if (variantOf(file, own[0], context)) return;
    const configs = [...own, ...variants(file, own[0], context)];
    const [config] = configs;
    if (config === undefined) return;
    if (config.get('pages_build_output_dir') !== undefined) {
      context.used(file);
      readPagesProject(context, file, folderOf(file), configs);
      return;
    }
    if (!isWorkerFile(config)) return;
    context.used(file);
    readWorker(context, file, root, configs, config);
  },
};

/** A file that is filled in before it is used keeps its form: `wrangler.toml.template`. */
const formatOf = (file: string): 'toml' | 'jsonc' => (/\.toml(?:\.\w+)?$/.test(file) ? 'toml' : 'jsonc');

const plainNames: readonly string[] = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'];
const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
const inFolder = (file: string, name: string): string => (folderOf(file) === '' ? name : `${folderOf(file)}/${name}`);

function configOf(file: string, context: ReadContext): WorkerConfig | undefined {
  const root = context.document(file, { format: formatOf(file) })?.roots[0];
  return root?.kind === 'map' ? environments(root, context.stage)[0] : undefined;
}

/** Whether a file deploys the same module as a file before it: Wrangler's own order, or the plain name before `wrangler.staging.toml`. */
function variantOf(file: string, config: WorkerConfig | undefined, context: ReadContext): boolean {
  const main = config?.text('main');
  const place = plainNames.indexOf(nameOf(file));
  const before = (place < 0 ? plainNames : plainNames.slice(0, place)).map((name) => inFolder(file, name)).filter((name) => context.workspace.has(name));
  if (main === undefined || !before.some((name) => samePath(configOf(name, context)?.text('main'), main))) return false;
  context.used(file);
  return true;
}

const byFolder = new WeakMap<Workspace, ReadonlyMap<string, readonly string[]>>();

/** Wrangler files by folder, looked for once a workspace. */
function configFiles(workspace: Workspace): ReadonlyMap<string, readonly string[]> {
  let folders = byFolder.get(workspace);
  if (folders === undefined) {
    const found = new Map<string, string[]>();
    for (const file of workspace.files) if (cloudflareReader.matches(file)) found.set(folderOf(file), [...(found.get(folderOf(file)) ?? []), file]);
    folders = found;
    byFolder.set(workspace, folders);
  }
  return folders;
}

/** The other files of the folder that deploy the same module, but for those of tests: like further environments. */
function variants(file: string, config: WorkerConfig | undefined, context: ReadContext): readonly WorkerConfig[] {
  const main = config?.text('main');
  if (main === undefined || !plainNames.includes(nameOf(file))) return [];
  const files = (configFiles(context.workspace).get(folderOf(file)) ?? []).filter((name) => name !== file && !/\b(?:local|dev|example|sample)\b/i.test(nameOf(name)));
  return files.flatMap((name) => {
    const other = configOf(name, context);
    return other !== undefined && samePath(other.text('main'), main) ? [other] : [];
  });
}

const samePath = (a: string | undefined, b: string): boolean => a?.replace(/^\.\//, '') === b.replace(/^\.\//, '');

/** A schema, a type list or another tool's file has none of these. */
const isWorkerFile = (config: WorkerConfig): boolean => ['name', 'main', 'compatibility_date', 'type', 'site'].some((key) => config.get(key) !== undefined && config.get(key)?.kind !== 'list');

function readWorker(context: ReadContext, file: string, root: DocNode, configs: readonly WorkerConfig[], config: WorkerConfig): void {
  const folder = folderOf(file);
  const name = root.get('name')?.text() ?? (folder.slice(folder.lastIndexOf('/') + 1) || 'worker');
  const environment = new Map<string, Value>();
  for (const one of configs.map((each) => environmentOf(context, file, each)).reverse()) for (const [key, value] of one) environment.set(key, value);
  const deployed = config.deployedName();
  const self = declare(context, file, 'Worker', deployed ?? name, 'other', { location: config.locationOf('name'), properties: plainValue(root), physical: deployed !== undefined });
  for (const item of config.get('tail_consumers')?.items ?? []) {
    const service = item.get('service')?.text();
    if (service !== undefined) context.addLink({ kind: 'destination', from: self, to: literal(service), filters: [], location: item.location });
  }
  const main = workerMain(context, folder, config);
  if (main === undefined) return;
  if ('gap' in main) {
    context.gap({ kind: 'handler', file, line: main.location.line, message: `${name}: ${main.gap}` });
    return;
  }
  const worker: Worker = { context, unit: file, name, main: main.file, configs, environment, packaging: packagingOf(config, main.file, file) };
  const classes = readClasses(worker);
  addWorker(worker, main.location, classes, deployed);
}

/** The worker itself: its default export or listeners, and further entry points for service bindings. */
function addWorker(worker: Worker, location: Location, known: ReadonlySet<string>, deployed: string | undefined): void {
  const { context, main, name } = worker;
  const own = workerHandlers(context, main);
  const handlers: Handler[] = [...own];
  for (const exported of exportedClasses(context, main)) {
    if (known.has(exported)) continue;
    const found = exportedClass(context, main, exported);
    if (found !== undefined && !('gap' in found) && isRuntime(found, /^WorkerEntrypoint$/)) handlers.push({ file: found.file, export: found.name, kind: 'entrypoint' });
  }
  if (own.length === 0) {
    // A worker may hold nothing but classes that others bind.
    if (known.size === 0) context.gap({ kind: 'handler', file: worker.unit, line: location.line, message: `${name}: ${main} has neither a default export nor a listener` });
    if (known.size > 0 && handlers.length === 0) return;
  }
  const entryTriggers = handlers.filter((handler) => handler.kind === 'entrypoint' || handler.kind === 'rpc').map((handler): Trigger => ({ kind: 'invoke', source: 'entrypoint', filters: [], auth: { kind: 'private' }, handlerExport: handler.export, location }));
  add(worker, {
    name, handlers, triggers: [...workerTriggers(context, worker.unit, worker.configs, own, location), ...entryTriggers],
    declaredAt: [location], destinations: deadLetters(context, worker.unit, worker.configs),
    ...(deployed === undefined ? {} : { physicalName: literal(deployed) }),
  });
}

function add(worker: Worker, parts: Pick<ServerlessFunction, 'name' | 'handlers' | 'triggers' | 'declaredAt'> & Partial<ServerlessFunction>): void {
  worker.context.addFunction({
    id: `${worker.unit}#${parts.name}`, unit: worker.unit, platform: 'cloudflare', foundBy: 'infrastructure', environment: worker.environment, packaging: worker.packaging,
    layers: [], mounts: [], destinations: [], ...parts,
  });
}

const isRuntime = (found: ExportedClass, names: RegExp): boolean => found.base?.module === 'cloudflare:workers' && names.test(found.base.name);

/** Durable Objects and Workflows: classes of the main module, each a function of its own. Gives the names that are taken. */
function readClasses(worker: Worker): ReadonlySet<string> {
  const taken = new Set<string>();
  const own = worker.configs.map((config) => config.deployedName());
  const each = (form: 'durableObject' | 'workflow', item: DocNode, nameKey: string): void => {
    const name = item.get('class_name')?.text();
    const script = item.get('script_name')?.text();
    // The class of another worker is read where that worker is.
    if (name === undefined || (script !== undefined && !own.includes(script)) || taken.has(name)) return;
    taken.add(name);
    const logical = form === 'workflow' ? item.get('name')?.text() ?? name : `${script === undefined ? '' : `${script}/`}${name}`;
    const type = form === 'workflow' ? 'Workflow' : 'DurableObject';
    addClass(worker, form, name, item.get(nameKey)?.location ?? item.location, { kind: 'resource', unit: worker.unit, id: `${type}:${logical}`, attribute: 'binding' });
  };
  for (const config of worker.configs) {
    for (const item of config.get('durable_objects')?.get('bindings')?.items ?? []) each('durableObject', item, 'class_name');
    for (const item of config.get('workflows')?.items ?? []) each('workflow', item, 'class_name');
  }
  // A class that a migration makes exists without a binding of its own worker.
  const gone = new Set<string>();
  const made = new Map<string, Location>();
  for (const migration of worker.configs[0]?.get('migrations')?.items ?? []) {
    for (const key of ['new_classes', 'new_sqlite_classes']) for (const item of migration.get(key)?.items ?? []) made.set(item.text() ?? '', item.location);
    for (const item of migration.get('deleted_classes')?.items ?? []) gone.add(item.text() ?? '');
    for (const item of migration.get('renamed_classes')?.items ?? []) {
      gone.add(item.get('from')?.text() ?? '');
      made.set(item.get('to')?.text() ?? '', item.location);
    }
  }
  for (const [name, location] of made) {
    if (name === '' || gone.has(name) || taken.has(name)) continue;
    taken.add(name);
    addClass(worker, 'durableObject', name, location, declare(worker.context, worker.unit, 'DurableObject', name, 'other', { location, properties: literal(name) }));
  }
  return taken;
}

function addClass(worker: Worker, generation: 'durableObject' | 'workflow', name: string, location: Location, resource: Value): void {
  const found = exportedClass(worker.context, worker.main, name);
  if (found === undefined || 'gap' in found) {
    worker.context.gap({ kind: 'handler', file: worker.unit, line: location.line, message: `${name}: ${found === undefined ? 'its code was not read' : found.gap}` });
    return;
  }
  const handlers: readonly Handler[] = [{ file: found.file, export: found.name, kind: generation }];
  const triggers: Trigger[] = [{ kind: 'invoke', source: generation, resource, filters: [], auth: { kind: 'private' }, location }];
  if (found.methods.includes('alarm') && generation === 'durableObject') triggers.push({ kind: 'schedule', source: 'alarm', filters: [], location });
  add(worker, { name, handlers, triggers, declaredAt: [location], generation });
}

/** Keys of Wrangler's configuration that esbuild is given (Wrangler documentation, "Configuration", 2026). */
function wranglerOptions(config: WorkerConfig): ReadonlyMap<string, BuildOption | 'unknown'> {
  const options = new Map<string, BuildOption | 'unknown'>();
  for (const name of ['define', 'alias'] as const) {
    const entries = [...(config.get(name)?.entries ?? [])].flatMap(([key, node]) => { const text = node.text(); return text === undefined ? [] : [[key, text] as const]; });
    if (entries.length > 0) options.set(name, new Map(entries));
  }
  const tsconfig = config.get('tsconfig')?.text();
  if (tsconfig !== undefined) options.set('tsconfig', tsconfig);
  options.set('keepNames', config.get('keep_names')?.boolean() ?? true);
  return options;
}

/**
 * Wrangler bundles with esbuild to one ES module, unless it is told to upload files as they are. Where the file that it uploads is
 * output of the project's own build, that build has bundled it.
 */
function packagingOf(config: WorkerConfig, main: string, worker: string): Packaging {
  const written = joinInRoot(folderOf(worker), config.get('main')?.text() ?? '');
  const whole = config.get('no_bundle')?.boolean() === true && written === main;
  const rules = (config.get('rules')?.items ?? []).flatMap((rule) => (rule.get('globs')?.items ?? []).map((glob) => glob.text() ?? '')).filter((glob) => glob !== '');
  return {
    form: whole ? 'folder' : 'bundled', tool: whole ? 'wrangler' : 'esbuild', by: 'wrangler', build: buildSettings(wranglerOptions(config), { folder: folderOf(worker) }), ...(whole ? { folder: folderOf(main) } : {}), include: rules, exclude: [], external: ['cloudflare:*', 'node:*'],
    minify: config.get('minify')?.boolean() === true, sourceMap: config.get('upload_source_maps')?.boolean() === true, format: 'esm',
  };
}
