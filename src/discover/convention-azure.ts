import type { Handler, ServerlessFunction, Trigger } from '../model/function.ts';
import { literal } from '../model/value.ts';
import { azureBinding, azureConcurrency, azureDestinations, azureTrigger, isTriggerType } from './azure-bindings.ts';
import type { BindingSource } from './azure-bindings.ts';
import { azureHost } from './azure-host.ts';
import { exportedNames } from './code-exports.ts';
import { codeManifest, isAside, mainSource } from './code-manifest.ts';
import { exportOf } from './convention-exports.ts';
import { exportedValues, Origins, parameterName } from './evidence-origins.ts';
import type { DocNode } from './document-node.ts';
import { plainValue } from './document-value.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, joinInRoot, withoutExtension } from './source-path-names.ts';
import { filesBelow, inFolder } from './web-project.ts';

/** Azure Functions, programming model v3: a `function.json` a function, below the folder of `host.json`. */
export const azureReader: Reader = {
  name: 'azure',
  about: {
    format: 'Azure Functions, model v3', platform: 'Azure', files: '`function.json`, `host.json`',
    reads: 'all bindings, `scriptFile`, `entryPoint`, routes and their level of authentication, limits of the host, settings that the repository holds',
    not: 'settings of the function app that are made in Bicep or by hand',
  },
  matches: (file) => (file === 'function.json' || file.endsWith('/function.json')) && !isAside(file),
  sniff: (text) => text.includes('bindings'),
  read(file, context) {
    const document = context.document(file, { format: 'jsonc' });
    const root = document?.roots[0];
    const broken = document?.errors.find((error) => error.kind !== 'duplicate');
    if (broken !== undefined) context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
    const listed = root?.get('bindings');
    if (root === undefined || listed?.kind !== 'list') return;
    const bindings = listed.items.flatMap((item) => bindingOf(item) ?? []);
    const trigger = bindings.find((binding) => isTriggerType(binding.type));
    // Without a trigger it is some other tool's file.
    if (trigger === undefined) return;
    const folder = folderOf(file);
    const host = azureHost(context, folderOf(folder));
    const unit = host.file ?? projectOf(context, folderOf(folder)) ?? file;
    const name = folder.slice(folder.lastIndexOf('/') + 1) || 'function';
    const script = root.get('scriptFile')?.text();
    // Other languages have their own script files.
    if (script !== undefined && !/\.[cm]?[jt]s$/.test(script)) return;
    if (host.ignores(file) || root.get('excluded')?.boolean() === true) return;
    const source = context.sourceOf(folder, folder, withoutExtension(script ?? 'index.js'));
    const handlers: Handler[] = [];
    if ('file' in source) handlers.push({ file: source.file, export: root.get('entryPoint')?.text() ?? entryPoint(context, source.file), kind: 'handler' });
    else if (script === undefined && host.customServer !== undefined) {
      const server = serverOf(context, host.folder, host.customServer);
      if ('file' in server) handlers.push({ file: server.file, export: 'default', kind: 'server' });
      else context.gap({ kind: 'handler', file: unit, line: 1, message: `${name}: ${server.gap}` });
    } else if (script === undefined) return;
    else context.gap({ kind: 'handler', file, line: root.keyLocation('scriptFile').line, message: `${name}: ${source.gap}` });
    context.used(file);
    if (host.file !== undefined) context.used(host.file);
    const retries = root.at('retry', 'maxRetryCount')?.number();
    const enabled = root.get('disabled')?.boolean() === true || host.only?.has(name) === false ? false : undefined;
    const extra = { ...(retries === undefined ? {} : { maximumRetryAttempts: retries }), ...(enabled === undefined ? {} : { enabled }) };
    const triggers = bindings.filter((binding) => isTriggerType(binding.type)).map((binding): Trigger => ({ ...azureTrigger(binding, name, host), ...extra }));
    const others = bindings.filter((binding) => !isTriggerType(binding.type)).map((binding) => azureBinding(binding, host));
    const concurrency = azureConcurrency(trigger.type, host);
    const fn: ServerlessFunction = {
      id: `${unit}#${name}`, name, unit, platform: 'azure', generation: handlers[0]?.kind === 'server' ? 'customHandler' : 'v3', handlers, triggers, declaredAt: [root.location], foundBy: 'infrastructure', physicalName: literal(name),
      environment: host.names, layers: [], mounts: [], destinations: azureDestinations(triggers),
      ...(others.length === 0 ? {} : { bindings: others }), ...(host.timeoutSeconds === undefined ? {} : { timeoutSeconds: host.timeoutSeconds }),
      ...(concurrency === undefined ? {} : { concurrencyPerInstance: concurrency }),
    };
    context.addFunction(fn);
  },
};

/**
 * Without `host.json`, which a build may put there, the functions of one folder are one app all the same: by its `package.json`, or the
 * first of several functions ("Azure Functions developer guide", folder structure, read 2026-11).
 */
function projectOf({ workspace }: ReadContext, folder: string): string | undefined {
  const manifest = inFolder(folder, 'package.json');
  if (workspace.has(manifest)) return manifest;
  const isFunction = (file: string): boolean => file.endsWith('/function.json') && folderOf(folderOf(file)) === folder && !isAside(file) && workspace.read(file)?.includes('bindings') === true;
  const functions = filesBelow(workspace, folder).filter(isFunction);
  return functions.length > 1 ? functions[0] : undefined;
}

/** The module that a custom handler starts: a script, or the main module of a package. */
function serverOf(context: ReadContext, folder: string, script: string): ReturnType<typeof mainSource> {
  const path = script.replace(/^\.\//, '').replace(/\/$/, '');
  if (/\.[cm]?js$/.test(path)) return mainSource(context, folder, path);
  const within = path === '' || path === '.' ? folder : joinInRoot(folder, path);
  return within === undefined ? { gap: `"${script.slice(0, 200)}" lies outside the repository` } : mainSource(context, within, codeManifest(context, within)?.main ?? 'index.js');
}

function bindingOf(node: DocNode): BindingSource | undefined {
  const type = node.get('type')?.text();
  if (type === undefined) return undefined;
  const direction = node.get('direction')?.text()?.toLowerCase();
  return {
    type, name: node.get('name')?.text() ?? '', direction: direction === 'out' || direction === 'inout' ? direction : 'in', location: node.location, model: 'v3',
    property: (name) => { const value = node.get(name); return value === undefined ? undefined : plainValue(value); },
    place: (name) => (node.get(name) === undefined ? node.location : node.keyLocation(name)),
  };
}

/**
 * Without `entryPoint` the host takes the exported function itself, the only export, else `run` or `index` (Azure
 * Functions Node.js worker 3.x, FunctionLoader; developer guide, read 2026-11).
 */
function entryPoint(context: ReadContext, file: string): string {
  const names = exportedNames(context, file) ?? [];
  const [only] = names;
  if (names.length === 1 && only !== undefined) return only;
  return ['run', 'index', 'default'].find((name) => names.includes(name)) ?? exportOf(context.workspace.read(file) ?? '', ['default', 'run', 'index']) ?? takingContext(context, file) ?? 'default';
}

/** The one exported function whose first parameter is the host's context: a source whose build leaves that export only, or hands it on. */
function takingContext(context: ReadContext, file: string): string | undefined {
  const facts = context.evaluator?.().modules.facts(file);
  if (facts === undefined) return undefined;
  const origins = new Origins(facts);
  const found = exportedValues(facts).filter((one) => {
    const [first] = origins.functionOf(one.value)?.params ?? [];
    return first !== undefined && !first.rest && (parameterName(facts, first.target) === 'context' || (first.type !== undefined && origins.ofType(first.type.name)?.source === '@azure/functions' && /^(?:Invocation)?Context$/.test(origins.ofType(first.type.name)?.path.at(-1) ?? '')));
  });
  return found.length === 1 ? found[0]?.name : undefined;
}
