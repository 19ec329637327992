import type { Handler, ServerlessFunction, Trigger, TriggerKind } from '../model/function.ts';
import { textOf, type Sym } from '../link/program-values.ts';
import { valueKey } from '../link/values.ts';
import { exportedNames } from './code-exports.ts';
import { madeView } from './code-made.ts';
import { codeManifest, engineRuntime, isAside, mainSource, type CodeManifest } from './code-manifest.ts';
import { followEntries, loadedFiles } from './code-program.ts';
import { exportPlace } from './firebase-extension.ts';
import { deploymentsIn, holdsCommands, mentionsDeployment, type Deployment } from './gcloud-commands.ts';
import { deployedSettings, isPlain, wordValue } from './gcloud-function.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';
import { filesBelow } from './web-project.ts';

const framework = '@google-cloud/functions-framework';

/** Google Cloud Functions: what the main module of a package registers with the functions framework, and what its scripts start by name. */
export const googleReader: Reader = {
  name: 'google',
  about: {
    format: 'Google Cloud Functions and Cloud Run', platform: 'Google', files: '`package.json` with `@google-cloud/functions-framework`',
    reads: '`http` and `cloudEvent` registrations, the target of a start script',
    not: 'other languages; functions that only a project outside the repository deploys',
  },
  matches: (file) => (file === 'package.json' || file.endsWith('/package.json')) && !isAside(file),
  sniff: (text) => text.includes('functions-framework'),
  read(file, context) {
    const folder = folderOf(file);
    const manifest = codeManifest(context, folder);
    if (manifest === undefined) return;
    const found = registered(context, folder, manifest);
    for (const { fn, loaded } of found.values()) {
      context.addFunction(deployed(context).get(fn.id) ?? fn);
      for (const one of loaded) context.used(one);
    }
    // Where scripts deploy what the package exports, its start scripts are ways to try it out.
    if ([...deployed(context).keys()].some((id) => id.startsWith(`${file}#`) && !found.has(id.slice(file.length + 1)))) return;
    for (const [, script] of manifest.scripts) {
      const words = script.value.slice(0, 5_000).split(/[\s="']+/);
      if (!words.some((word) => /(?:^|\/)functions-framework$/.test(word))) continue;
      const after = (flag: string): string | undefined => { const at = words.indexOf(flag); return at < 0 ? undefined : words[at + 1]; };
      const target = after('--target');
      if (target === undefined || !isPlain(target) || found.has(target) || deployed(context).has(`${file}#${target}`)) continue;
      const dir = joinInRoot(folder, after('--source') ?? '.');
      const source = dir === undefined ? undefined : entryOf(context, dir, target);
      if (source === undefined) { context.gap({ kind: 'handler', file, line: script.location.line, message: `no module exports the target ${target.slice(0, 100)}` }); continue; }
      const type = after('--signature-type');
      const trigger: Trigger = { kind: type === undefined || type === 'http' ? 'http' : 'unknown', source: type ?? 'http', filters: [], location: script.location };
      context.addFunction({ ...bare(`${file}#${target}`, target, file, [{ ...source, kind: trigger.kind }]), foundBy: 'evidence', declaredAt: [script.location], triggers: [trigger] });
    }
  },
};

interface Registered { readonly fn: ServerlessFunction; readonly loaded: readonly string[] }

const followed = new WeakMap<ReadContext, Map<string, ReadonlyMap<string, Registered>>>();

/** Functions that a package's main module registers, by name; followed once. */
function registered(context: ReadContext, folder: string, manifest: CodeManifest): ReadonlyMap<string, Registered> {
  let folders = followed.get(context);
  if (folders === undefined) followed.set(context, folders = new Map());
  let found = folders.get(folder);
  if (found === undefined) folders.set(folder, found = registrations(context, folder, manifest));
  return found;
}

function registrations(context: ReadContext, folder: string, manifest: CodeManifest): ReadonlyMap<string, Registered> {
  const found = new Map<string, Registered>();
  const evaluator = context.evaluator?.();
  const main = manifest.dependency(framework) === undefined ? undefined : mainSource(context, folder, manifest.main);
  if (main === undefined || !('file' in main) || evaluator === undefined) return found;
  const loaded = loadedFiles(context, [main.file]);
  if (!loaded.some((file) => context.workspace.read(file)?.includes(framework))) return found;
  const program = followEntries(context, [main.file], folder);
  const view = madeView(evaluator);
  const runtime = engineRuntime(manifest.engine);
  for (const made of program?.made ?? []) {
    const method = made.path.at(-1) ?? '';
    if (made.module !== framework || made.form !== 'call' || !/^(?:http|cloudEvent|typed)$/.test(method) || made.path.filter((part) => part !== 'default').length !== 1) continue;
    const location = view.location(made.place);
    const name = textOf(made.args[0]);
    if (name === undefined) { context.gap({ kind: 'name', file: location.file, line: location.line, message: 'the name of a function that is registered here is not known' }); continue; }
    const kind = method === 'cloudEvent' ? eventKindOf(context, made.args[1]) : 'http';
    const handler = view.handler(made.args[1], { place: made.argPlaces[1] ?? made.place, name, made }, kind === 'http' ? 'http' : 'cloudEvent');
    const trigger: Trigger = { kind, source: method, filters: kind === 'http' ? [{ kind: 'route', method: '*', path: '*' }] : [], location };
    found.set(name, { loaded, fn: {
      ...bare(`${manifest.file}#${name}`, name, manifest.file, [handler]), declaredAt: [location], triggers: [trigger], foundBy: 'convention',
      ...(runtime === undefined ? {} : { runtime }),
    } });
  }
  return found;
}

/** Kinds by the type that the code declares for an event's data (`@google/events`): the registration itself does not tell. */
const dataTypes: ReadonlyMap<string, TriggerKind> = new Map<string, TriggerKind>([['MessagePublishedData', 'topic'], ['StorageObjectData', 'bucket'], ['DocumentEventData', 'document'], ['ReferenceEventData', 'document'], ['AuthEventData', 'auth'], ['LogEntryData', 'bus'], ['SchedulerJobData', 'schedule']]);

function eventKindOf(context: ReadContext, handler: Sym | undefined): TriggerKind {
  if (handler?.kind !== 'closure') return 'unknown';
  const type = context.evaluator?.().modules.facts(handler.file)?.functions[handler.fn]?.params[0]?.type;
  const data = type?.args[0]?.name.split('.').at(-1);
  return dataTypes.get(data ?? '') ?? 'unknown';
}

const bare = (id: string, name: string, unit: string, handlers: readonly Handler[]): Omit<ServerlessFunction, 'foundBy'> => ({ id, name, unit, platform: 'google', handlers, triggers: [], declaredAt: [], environment: new Map(), layers: [], mounts: [], destinations: [] });

/** The module in a source folder that an entry point is exported from; `undefined` when the folder does not export it. */
function entryOf(context: ReadContext, folder: string, entryPoint: string): { readonly file: string; readonly export: string } | undefined {
  const manifest = codeManifest(context, folder);
  const mains = manifest?.mainWritten === true ? [manifest.main] : ['index.js', 'function.js'];
  for (const main of mains) {
    const source = mainSource(context, folder, main);
    if (!('file' in source)) continue;
    const names = exportedNames(context, source.file);
    // Of a module that passes on what others export the names are not listed, but each can be asked for.
    if (names?.includes(entryPoint) === true) return exportPlace(context, source.file, entryPoint);
    if (names === undefined && context.evaluator?.().modules.exported(source.file, entryPoint, new Set()).kind === 'local') return exportPlace(context, source.file, entryPoint);
  }
  return undefined;
}

/** Deployment scripts: `gcloud functions deploy` and `gcloud run deploy` in shell scripts, package scripts and pipelines show what is deployed from where. */
export const gcloudReader: Reader = {
  name: 'gcloud',
  about: {
    format: '`gcloud` in scripts', platform: 'Google', files: 'shell scripts, package scripts, pipelines',
    reads: '`gcloud functions deploy`, `gcloud run deploy`: entry point, trigger, runtime, timeout, memory',
    not: 'commands that are put together from unknown words',
  },
  matches: holdsCommands,
  sniff: mentionsDeployment,
  read(file, context) {
    for (const fn of deployed(context).values()) if (fn.declaredAt.some((place) => place.file === file)) { context.used(file); context.addFunction(fn); }
  },
};

const known = new WeakMap<ReadContext, ReadonlyMap<string, ServerlessFunction>>();

/** Everything that scripts of the repository deploy, by id; one function however many scripts and regions deploy it. */
function deployed(context: ReadContext): ReadonlyMap<string, ServerlessFunction> {
  const made = known.get(context);
  if (made !== undefined) return made;
  const found = new Map<string, ServerlessFunction>();
  known.set(context, found);
  for (const file of filesBelow(context.workspace, '')) {
    if (!holdsCommands(file)) continue;
    for (const deployment of deploymentsIn(context, file)) {
      const runtime = deployment.flags.get('runtime')?.[0];
      const node = runtime !== undefined && /^nodejs/.test(runtime);
      if (runtime !== undefined && isPlain(runtime) && !node) continue;
      const fn = deployment.product === 'run' ? service(context, deployment) : cloudFunction(context, deployment);
      if (fn !== undefined) { const other = found.get(fn.id); found.set(fn.id, other === undefined ? fn : together(other, fn)); }
      else if (deployment.product === 'functions' && node) context.gap({ kind: 'handler', file, line: deployment.location.line, message: `gcloud functions deploy ${deployment.name.slice(0, 100)}: no source found` });
    }
  }
  return found;
}

/** The first deployment's settings hold; triggers of all. */
function together(a: ServerlessFunction, b: ServerlessFunction): ServerlessFunction {
  const key = (trigger: Trigger): string => `${trigger.kind}\n${trigger.resource === undefined ? '' : valueKey(trigger.resource)}`;
  const keys = new Set(a.triggers.map(key));
  const places = new Set(a.declaredAt.map((place) => `${place.file}:${place.line}:${place.column}`));
  return {
    ...a, triggers: [...a.triggers, ...b.triggers.filter((trigger) => !keys.has(key(trigger)))],
    declaredAt: [...a.declaredAt, ...b.declaredAt.filter((place) => !places.has(`${place.file}:${place.line}:${place.column}`))],
  };
}

function cloudFunction(context: ReadContext, deployment: Deployment): ServerlessFunction | undefined {
  const written = deployment.flags.get('entry-point')?.[0];
  const entryPoint = written !== undefined && isPlain(written) ? written : deployment.name;
  if (!isPlain(entryPoint)) return undefined;
  const given = deployment.flags.get('source')?.[0];
  const folders = deployment.folders.flatMap((folder) => (given === undefined || !isPlain(given) || /^(?:gs|https?):/.test(given) ? [folder] : joinInRoot(folder, given) ?? []));
  for (const folder of new Set(folders)) {
    const manifest = codeManifest(context, folder);
    const { fn } = manifest === undefined ? { fn: undefined } : registered(context, folder, manifest).get(entryPoint) ?? { fn: undefined };
    const source = fn === undefined ? entryOf(context, folder, entryPoint) : undefined;
    if (fn === undefined && source === undefined) continue;
    const settings = deployedSettings(deployment);
    const unit = manifest?.file ?? (folder === '' ? deployment.location.file : `${folder}/index.js`);
    const name = isPlain(deployment.name) ? deployment.name : entryPoint;
    const base = fn ?? { ...bare(`${unit}#${entryPoint}`, entryPoint, unit, source === undefined ? [] : [{ ...source, kind: settings.triggers[0]?.kind ?? 'handler' }]), foundBy: 'evidence' as const };
    return { ...base, ...settings, name: fn === undefined ? name : base.name, physicalName: wordValue(deployment.name), declaredAt: [...base.declaredAt, deployment.location], triggers: settings.triggers.length > 0 ? settings.triggers : base.triggers };
  }
  return undefined;
}

/** A Cloud Run service whose container starts a script of the package that its image is built from. */
function service(context: ReadContext, deployment: Deployment): ServerlessFunction | undefined {
  const image = deployment.flags.get('image')?.[0];
  const given = deployment.flags.get('source')?.[0];
  const built = image === undefined ? undefined : deployment.images.get(image);
  const folders = built !== undefined ? [built] : given !== undefined && isPlain(given) ? deployment.folders.flatMap((folder) => joinInRoot(folder, given) ?? []) : [];
  for (const folder of folders) {
    const manifest = codeManifest(context, folder);
    const start = manifest?.scripts.get('start');
    const script = start === undefined ? undefined : /(?:^|[\s;&])node\s+(?:-{1,2}[\w-]+(?:=\S{1,200})?\s+){0,5}(?:\.\/)?([\w@./-]{1,200})/.exec(start.value.slice(0, 2_000))?.[1];
    if (manifest === undefined || start === undefined || script === undefined) continue;
    const source = mainSource(context, folder, script);
    if (!('file' in source)) continue;
    const name = isPlain(deployment.name) ? deployment.name : folder.slice(folder.lastIndexOf('/') + 1);
    const settings = deployedSettings(deployment);
    return { ...bare(`${manifest.file}#run:${source.file}`, name, manifest.file, [{ file: source.file, export: 'default', kind: 'server' }]), ...settings, foundBy: 'evidence', physicalName: wordValue(deployment.name), declaredAt: [deployment.location, start.location] };
  }
  return undefined;
}

